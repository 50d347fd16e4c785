// Package account owns the operator's customers 集团客户: their records, who
// may see them and why, and how they come in from sheets. What a partner may
// see of one is a grant, a row of its own that ends by itself.
//
// Words: account (集团客户, not user), owner (the account manager), grant,
// potential and existing (潜在、存量).
package account

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read        tenants.Permission = "account:read"     // own and un-owned, or what is granted
	ReadAll     tenants.Permission = "account:read_all" // everything in the tenant's part of the tree
	ReadContact tenants.Permission = "account:read_contact"
	Write       tenants.Permission = "account:write"
	Import      tenants.Permission = "account:import"
	Explain     tenants.Permission = "account:explain"
	Reveal      tenants.Permission = "account:reveal" // masked contact details, one customer at a time, with a reason
	MayGrant    tenants.Permission = "account:grant"
	Assign      tenants.Permission = "account:assign" // many at once
	Target      tenants.Permission = "account:target"
	Suspects    tenants.Permission = "account:suspects" // suspected duplicates
	Merge       tenants.Permission = "account:merge"
	Territories tenants.Permission = "territory:write"
	Accuracy    tenants.Permission = "accuracy:read"
	Draw        tenants.Permission = "accuracy:draw"
	Check       tenants.Permission = "accuracy:check"
)

// Closed lists.
var (
	Kinds = []string{"government", "enterprise", "individual", "cluster"}
	Tiers = []string{"A1", "A2", "B1", "B2", "C"}
	// Demands is what a customer wants from us first 需求细分; empty is not known yet.
	Demands = []string{"connect", "office", "marketing", "operation", "security", "cloud"}
)

// Industries of customers and solutions: the six province-wide lines and the
// regional bases.
var Industries = []Term{
	{"rural", fault.Words{Zh: "农村农业", En: "Rural"}},
	{"education", fault.Words{Zh: "教育", En: "Education"}},
	{"sme", fault.Words{Zh: "中小企业", En: "SME"}},
	{"government", fault.Words{Zh: "政务", En: "Government"}},
	{"power", fault.Words{Zh: "电力能源", En: "Power"}},
	{"pharma", fault.Words{Zh: "医药卫生", En: "Pharma"}},
	{"tobacco", fault.Words{Zh: "烟草", En: "Tobacco"}},
	{"finance", fault.Words{Zh: "金融证券", En: "Finance"}},
	{"tax", fault.Words{Zh: "税务", En: "Tax"}},
	{"police", fault.Words{Zh: "公安", En: "Police"}},
	{"ocean", fault.Words{Zh: "海洋渔业", En: "Ocean"}},
	{"logistics", fault.Words{Zh: "交通物流", En: "Logistics"}},
	{"manufacturing", fault.Words{Zh: "工业制造", En: "Manufacturing"}},
	{"commerce", fault.Words{Zh: "商贸流通", En: "Commerce"}},
}

// Term is one entry of a closed list.
type Term struct {
	Code  string
	Words fault.Words
}

// KnownIndustry tells whether the code is in the list.
func KnownIndustry(code string) bool {
	return slices.ContainsFunc(Industries, func(t Term) bool { return t.Code == code })
}

// Account is one customer.
type Account struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	OrgPath         string
	Name            string
	CreditCode      string
	Kind            string
	Tier            string
	Industry        string
	CityCode        string
	DistrictCode    string
	OwnerID         *uuid.UUID // membership of the account manager
	OwnerName       string
	Existing        bool
	Informatisation int
	StaffSize       int
	Employees       int // E
	Machines        int // M
	Customers       int // C
	Suppliers       int // P
	Address         string
	ContactName     string
	ContactPhone    string
	ContactEmail    string
	Demand          string
	Quality         int // 0 to 100, see Quality
	QualityAt       *time.Time
	WrongFields     int        // found by the last audit and not corrected
	MergedInto      *uuid.UUID // a tombstone: the account it was merged into
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// RowVersion is the optimistic lock.
func (x *Account) RowVersion() *int64 { return &x.Version }

// mask hides contact details from who may not read them, leaving enough to
// recognise: 138****5678.
func (x *Account) mask() []string {
	x.ContactPhone = maskMiddle(x.ContactPhone, 3, 4)
	x.ContactEmail = maskMiddle(x.ContactEmail, 1, 4)
	x.ContactName = maskMiddle(x.ContactName, 1, 0)
	return []string{"contact_name", "contact_phone", "contact_email"}
}

func maskMiddle(s string, head, tail int) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	if len(r) <= head+tail {
		head, tail = min(1, len(r)), 0
	}
	return string(r[:head]) + strings.Repeat("*", max(len(r)-head-tail, 1)) + string(r[len(r)-tail:])
}

// Edit is what a city writes.
type Edit struct {
	Name, CreditCode, Kind, Tier, Industry, DistrictCode string
	OwnerID                                              *uuid.UUID
	Existing                                             bool
	Informatisation, StaffSize                           int
	Employees, Machines, Customers, Suppliers            int
	Address, ContactName, ContactPhone, ContactEmail     string
	Demand                                               string
}

// Validate reports all that is wrong; districts are those the actor may write in.
func (e *Edit) Validate(c *fault.Checker, districts []tenants.District) {
	e.CreditCode, e.Name = tenants.NormalCreditCode(e.CreditCode), strings.TrimSpace(e.Name)
	c.Require("name", len([]rune(e.Name)) >= 2)
	if !tenants.CreditCodeOK(e.CreditCode) {
		c.Add("credit_code", "credit_code", "统一社会信用代码不正确：应为 18 位，且校验位要对得上。", "Not a valid unified social credit code: 18 characters, and the check character must match.")
	}
	c.OneOf("kind", e.Kind, Kinds...)
	c.OneOf("tier", e.Tier, Tiers...)
	if !KnownIndustry(e.Industry) {
		c.OneOf("industry", e.Industry)
	}
	if !slices.ContainsFunc(districts, func(d tenants.District) bool { return d.Code == e.DistrictCode }) {
		c.Add("district_code", "district", "不是您可维护的区县。", "Not a district you maintain.")
	}
	if e.Informatisation < 0 || e.Informatisation > 5 {
		c.Add("informatisation", "range", "信息化水平应为 0 到 5。", "The informatisation level is 0 to 5.")
	}
	if e.Demand != "" {
		c.OneOf("demand", e.Demand, Demands...)
	}
	for _, x := range []struct {
		field string
		n     int
	}{{"staff_size", e.StaffSize}, {"employees", e.Employees}, {"machines", e.Machines}, {"customers", e.Customers}, {"suppliers", e.Suppliers}} {
		if x.n < 0 {
			c.Add(x.field, "range", "不能是负数。", "Cannot be negative.")
		}
		if x.n > maxCount {
			c.Add(x.field, "range", "数值过大。", "The number is too large.")
		}
	}
}

// maxCount bounds what people count.
const maxCount = 1_000_000_000

// put writes the edit into the account.
func (x *Account) put(e Edit, city tenants.Tenant) {
	x.Name, x.CreditCode, x.Kind, x.Tier, x.Industry = e.Name, e.CreditCode, e.Kind, e.Tier, e.Industry
	x.DistrictCode, x.CityCode = e.DistrictCode, city.Code
	x.OrgPath = city.Path + e.DistrictCode + "/"
	x.Existing, x.Informatisation, x.StaffSize = e.Existing, e.Informatisation, e.StaffSize
	x.Employees, x.Machines, x.Customers, x.Suppliers = e.Employees, e.Machines, e.Customers, e.Suppliers
	x.Address, x.ContactName, x.ContactPhone, x.ContactEmail = e.Address, e.ContactName, e.ContactPhone, tenants.NormalEmail(e.ContactEmail)
	x.Demand = e.Demand
}
