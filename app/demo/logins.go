package demo

import "ecoport/app/web"

// Logins are the ready-made logins, one a role, in the order of the tour.
func Logins() []web.DemoLogin {
	province, guangzhou := "广东省公司", "广州市公司"
	out := []web.DemoLogin{
		{Email: "author@p01.example", Role: "solution_author", TenantName: "SI", TenantKind: "partner"},
		{Email: "agent@p03.example", Role: "agent", TenantName: "渠道代理", TenantKind: "partner"},
		{Email: "product@gd.example", Role: "product_manager", TenantName: province, TenantKind: "province"},
		{Email: "channel@gd.example", Role: "channel_manager", TenantName: province, TenantKind: "province"},
		{Email: "test@gd.example", Role: "test_engineer", TenantName: province, TenantKind: "province"},
		{Email: "settlement@gd.example", Role: "settlement_officer", TenantName: province, TenantKind: "province"},
		{Email: "analyst@gd.example", Role: "analyst", TenantName: province, TenantKind: "province"},
		{Email: "care@gd.example", Role: "care_agent", TenantName: province, TenantKind: "province"},
		{Email: "admin@gd.example", Role: "province_admin", TenantName: province, TenantKind: "province"},
		{Email: "product.4401@gd.example", Role: "city_product_manager", TenantName: guangzhou, TenantKind: "city"},
		{Email: "channel.4401@gd.example", Role: "city_channel_manager", TenantName: guangzhou, TenantKind: "city"},
		{Email: "manager.4401@gd.example", Role: "account_manager", TenantName: guangzhou, TenantKind: "city"},
		{Email: "industry.4401@gd.example", Role: "industry_manager", TenantName: guangzhou, TenantKind: "city"},
		{Email: "admin.4401@gd.example", Role: "city_admin", TenantName: guangzhou, TenantKind: "city"},
		{Email: "admin@p01.example", Role: "partner_admin", TenantName: "SI", TenantKind: "partner"},
		{Email: "support@p01.example", Role: "support_engineer", TenantName: "SI", TenantKind: "partner"},
		{Email: "finance@p03.example", Role: "partner_finance", TenantName: "渠道代理", TenantKind: "partner"},
	}
	for i := range out {
		out[i].Password = Password
		out[i].Name = out[i].Email
	}
	return out
}
