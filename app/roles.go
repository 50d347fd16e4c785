package app

import (
	"ecoport/tenants"
	"ecoport/tenants/policy"
)

// Sensitive permissions move money or give access: where a second factor is
// required they wait for it.
var Sensitive = []tenants.Permission{
	"member:write", "role:write", "account:grant", "account:reveal", "provider:write", "webhook:write", "partner:vet", "tier:decide", "plan:make", "plan:check", "period:calculate", "statement:issue", "commission:send", "payee:write", "payout:make", "payout:check", "payout:answer", "flag:decide",
}

// WhileSuspended is what is left to the people of a suspended firm: to see why
// and mend it, and the money they have earned.
var WhileSuspended = []tenants.Permission{
	"partner:read_own", "partner:write", "partner:apply", "member:read", "audit:read", "statement:read", "statement:confirm", "commission:read", "payee:write",
}

// Roles is the one page that says who may do what. Rows are a decision of
// row security and the services; verbs are decided here and nowhere else.
var Roles = []policy.Rule{
	role(tenants.KindProvince, "province_admin", "member:read", "member:write", "provider:read", "provider:write", "webhook:read", "webhook:write", "role:write", "account:explain", "audit:read", "partner:read", "partner:read_own", "solution:read", "certification:read", "market:read", "listing:read", "account:read", "account:read_all", "period:read", "plan:read", "account:suspects", "accuracy:read", "accuracy:draw", "usage:send", "provisioning:send"),
	role(tenants.KindProvince, "product_manager", "solution:read", "certification:read", "certification:approve", "certification:change", "listing:read", "listing:write", "listing:approve", "market:read", "partner:read", "partner:read_own", "graduation:read", "graduation:decide", "threshold:propose", "threshold:publish", "rollout:read", "map:read", "map:override", "certification:plan_read", "certification:plan_make", "certification:assign", "promotion:write"),
	role(tenants.KindProvince, "channel_manager", "partner:read", "partner:read_own", "partner:vet", "tier:read", "tier:propose", "tier:decide", "plan:read", "plan:make", "plan:try", "market:read", "deal:read", "account:read", "account:read_all", "account:reveal", "account:explain", "solution:read", "period:read", "statement:read", "commission:read", "ticket:read", "graduation:read", "map:read", "quote:read", "quote:approve", "flag:read", "flag:propose"),
	role(tenants.KindProvince, "settlement_officer", "plan:read", "plan:check", "plan:try", "period:read", "period:calculate", "statement:read", "statement:issue", "commission:read", "commission:send", "usage:send", "order:read", "market:read", "payout:read", "payout:make", "payout:check", "payout:answer", "flag:read", "flag:propose", "flag:decide"),
	role(tenants.KindProvince, "test_engineer", "certification:read", "certification:test", "certification:change", "solution:read", "market:read", "certification:plan_read", "certification:plan_check"),
	role(tenants.KindProvince, "analyst", "account:read", "account:read_all", "market:read", "solution:read", "listing:read", "deal:read", "order:read", "period:read", "statement:read", "partner:read", "partner:read_own", "tier:read", "account:suspects", "accuracy:read", "accuracy:draw", "ticket:read", "graduation:read", "rollout:read", "map:read"),
	role(tenants.KindProvince, "care_agent", "account:read", "account:read_all", "account:read_contact", "order:read", "market:read", "accuracy:read", "accuracy:check", "ticket:read", "ticket:open", "ticket:close"),

	role(tenants.KindCity, "city_admin", "member:read", "member:write", "provider:read", "provider:write", "webhook:read", "webhook:write", "role:write", "audit:read", "account:read", "account:read_all", "account:write", "account:import", "account:explain", "account:reveal", "account:grant", "partner:read", "market:read", "deal:read", "order:read", "account:assign", "account:target", "account:suspects", "account:merge", "territory:write", "accuracy:read", "ticket:read", "graduation:read", "rollout:read"),
	role(tenants.KindCity, "city_product_manager", "listing:read", "listing:write", "listing:approve", "solution:read", "market:read", "account:read", "account:read_all", "account:reveal", "graduation:read", "graduation:nominate", "graduation:pilot", "graduation:comment", "rollout:read", "rollout:answer", "promotion:write"),
	role(tenants.KindCity, "city_channel_manager", "deal:read", "deal:review", "account:read", "account:read_all", "account:read_contact", "account:write", "account:import", "account:explain", "account:grant", "market:read", "order:read", "member:read", "partner:read", "partner:read_own", "account:assign", "account:target", "account:suspects", "account:merge", "territory:write", "accuracy:read", "ticket:read", "ticket:open", "ticket:close", "quote:read", "quote:approve"),
	role(tenants.KindCity, "account_manager", "account:read", "account:read_contact", "account:write", "account:explain", "market:read", "quote:read", "quote:write", "order:read", "order:submit", "order:accept", "order:acceptance", "order:cancel", "deal:read", "member:read", "ticket:read", "ticket:open", "ticket:close"),
	role(tenants.KindCity, "industry_manager", "account:read", "account:read_all", "account:read_contact", "solution:read", "market:read", "deal:read", "ticket:read", "ticket:open"),

	role(tenants.KindPartner, "partner_admin", "member:read", "member:write", "provider:read", "provider:write", "webhook:read", "webhook:write", "role:write", "audit:read", "partner:read_own", "partner:write", "partner:apply", "market:read", "solution:read", "certification:read", "listing:read", "deal:read", "order:read", "delivery:read", "statement:read", "commission:read", "payee:write", "account:read", "quote:read", "ticket:read", "graduation:read"),
	role(tenants.KindPartner, "solution_author", "solution:read", "solution:write", "solution:submit", "certification:read", "listing:read", "market:read", "partner:read_own", "graduation:read"),
	role(tenants.KindPartner, "support_engineer", "delivery:read", "delivery:work", "account:read", "market:read", "solution:read", "ticket:read", "ticket:work"),
	role(tenants.KindPartner, "agent", "market:read", "deal:read", "deal:register", "quote:read", "quote:write", "order:read", "order:submit", "account:read", "commission:read", "statement:read", "statement:confirm", "partner:read_own"),
	role(tenants.KindPartner, "partner_finance", "statement:read", "statement:confirm", "payee:write", "commission:read", "market:read", "partner:read_own"),
}

// DutiesApart are duties of two people: what one makes, another checks. The
// domain and the database refuse it for one person; no role may even join them.
var DutiesApart = [][2]string{
	{"plan:make", "plan:check"},
	{"certification:test", "certification:approve"},
	{"certification:plan_make", "certification:plan_check"},
	{"solution:submit", "certification:test"},
	{"solution:submit", "certification:approve"},
	{"solution:submit", "certification:change"},
	{"solution:submit", "graduation:decide"},
	{"graduation:nominate", "graduation:decide"},
	{"partner:apply", "partner:vet"},
	{"deal:register", "deal:review"},
	{"statement:confirm", "statement:issue"},
	{"order:submit", "delivery:work"},
	{"quote:write", "quote:approve"},
}

func role(kind tenants.Kind, name string, permissions ...string) policy.Rule {
	return policy.Rule{Kind: string(kind), Role: name, Permissions: permissions}
}
