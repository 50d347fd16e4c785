// Package partner owns the firms that do business with the operator: their
// application with machine checks, documents with expiry, vetting, tier and
// state. It does not own their people (tenants) or what they build
// (marketplace).
//
// Words: partner, capability, tier (合作等级), vetting (入驻审核).
package partner

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read    tenants.Permission = "partner:read"     // all partners of the province
	ReadOwn tenants.Permission = "partner:read_own" // the own firm, or all with Read
	Write   tenants.Permission = "partner:write"
	Apply   tenants.Permission = "partner:apply"
	Vet     tenants.Permission = "partner:vet"
)

// Capabilities a partner may have; what it may do follows from them.
var Capabilities = []string{"si", "sales_si", "sa", "agent", "alliance", "test_lab"}

// Tiers from low to high.
var Tiers = []string{"registered", "certified", "preferred", "strategic"}

// Machine is the life of a partner.
var Machine = state.Machine{Name: "partner", Initial: "draft", Table: []state.Transition{
	{Action: "apply", From: []string{"draft", "rejected"}, To: "applied", Permission: string(Apply)},
	{Action: "start_review", From: []string{"applied"}, To: "under_review", Permission: string(Vet)},
	{Action: "request_info", From: []string{"applied", "under_review", "more_info"}, To: "more_info", Permission: string(Vet), Reason: true},
	{Action: "apply", From: []string{"more_info"}, To: "under_review", Permission: string(Apply)},
	{Action: "approve", From: []string{"applied", "under_review"}, To: "active", Permission: string(Vet)},
	{Action: "reject", From: []string{"applied", "under_review"}, To: "rejected", Permission: string(Vet), Reason: true},
	{Action: "contest", From: []string{"rejected"}, To: "contested", Permission: string(Apply), Reason: true},
	{Action: "overturn", From: []string{"contested"}, To: "active", Permission: string(Vet), Reason: true},
	{Action: "uphold", From: []string{"contested"}, To: "rejected", Permission: string(Vet), Reason: true},
	{Action: "suspend", From: []string{"active"}, To: "suspended", Permission: string(Vet), Reason: true},
	{Action: "resume", From: []string{"suspended"}, To: "active", Permission: string(Vet)},
	{Action: "terminate", From: []string{"active", "suspended"}, To: "terminated", Permission: string(Vet), Reason: true},
}}

// Partner is one firm; its id is its tenant's.
type Partner struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	PartnerID    uuid.UUID
	OrgPath      string
	Code         string
	LegalName    string
	CreditCode   string
	Capabilities pg.Texts
	Tier         string
	State        string
	ContactName  string
	ContactPhone string
	ContactEmail string
	Address      string
	Profile      string
	Reason       string
	AppliedAt    *time.Time
	DueAt        *time.Time
	DecidedBy    *uuid.UUID
	Deciders     tenants.Persons // with whom they acted for
	DecidedAt    *time.Time
	RejectCode   string
	LapsedAt     *time.Time // since when a required document is out of date
	Lapsed       pg.Texts   // the rules it was for
	ReapplyOn    *time.Time // first day on which a rejected firm may apply again
	Version      int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// RowVersion is the optimistic lock.
func (p *Partner) RowVersion() *int64 { return &p.Version }

// Editable tells whether the partner may change its application.
func (p *Partner) Editable() bool {
	return slices.Contains([]string{"draft", "more_info", "rejected"}, p.State)
}

// Profile is what the partner itself may edit.
type Profile struct {
	LegalName, CreditCode                                   string
	Capabilities                                            []string
	ContactName, ContactPhone, ContactEmail, Address, About string
}

// Validate reports all that is wrong.
func (p *Profile) Validate(c *fault.Checker) {
	p.CreditCode = tenants.NormalCreditCode(p.CreditCode)
	p.LegalName = strings.TrimSpace(p.LegalName)
	c.Require("legal_name", p.LegalName != "")
	if !tenants.CreditCodeOK(p.CreditCode) {
		c.Add("credit_code", "credit_code", "统一社会信用代码不正确：应为 18 位，且校验位要对得上。", "Not a valid unified social credit code: 18 characters, and the check character must match.")
	}
	for _, x := range p.Capabilities {
		c.OneOf("capabilities", x, Capabilities...)
	}
	c.Require("capabilities", len(p.Capabilities) > 0)
	c.Require("contact_name", strings.TrimSpace(p.ContactName) != "")
	if !PhoneOK(p.ContactPhone) {
		c.Add("contact_phone", "phone", "请填写 11 位手机号或带区号的座机。", "An 11-digit mobile number, or a land line with its area code.")
	}
	tenants.CheckEmail(c, "contact_email", p.ContactEmail)
}

// PhoneOK checks a mainland mobile number or a land line with area code.
func PhoneOK(s string) bool {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, s)
	if strings.Trim(digits, "0123456789") != "" {
		return false
	}
	return (len(digits) == 11 && digits[0] == '1') || (len(digits) >= 10 && len(digits) <= 12 && digits[0] == '0')
}

// Check is the answer of one machine check.
type Check struct {
	Code   string
	State  string // passed, failed, waiting
	Detail fault.Words
}

// Checks runs all machine checks at once: they answer the same second.
func Checks(p Partner, docs []Document, now time.Time) []Check {
	pass := func(code string, ok bool, zh, en string) Check {
		if ok {
			return Check{Code: code, State: "passed"}
		}
		return Check{code, "failed", fault.Words{Zh: zh, En: en}}
	}
	out := []Check{
		pass("credit_code", tenants.CreditCodeOK(p.CreditCode), "信用代码校验位不对。", "The check character of the credit code does not match."),
		// A second firm with the code cannot exist: the database refuses it.
		{Code: "duplicate", State: "passed"},
		pass("contact", PhoneOK(p.ContactPhone) && strings.Contains(p.ContactEmail, "@"), "联系方式不完整。", "The contact details are not complete."),
	}
	var missing, expired, absent fault.Words
	for _, i := range Checklist(p.Capabilities, docs, now) {
		switch {
		case i.Optional:
		case i.State == "missing":
			missing = join(missing, i.Expression())
		case i.State == "expired":
			expired = join(expired, i.Expression())
		case i.State == "incomplete":
			absent = join(absent, i.Expression())
		}
	}
	return append(out,
		pass("documents", missing.Zh == "", "还缺："+missing.Zh, "Still missing: "+missing.En),
		pass("expiry", expired.Zh == "", "已过期："+expired.Zh, "Expired: "+expired.En),
		pass("files", absent.Zh == "", "文件未上传完整："+absent.Zh, "Not fully uploaded: "+absent.En))
}

// Failed counts the checks that failed.
func Failed(checks []Check) int {
	n := 0
	for _, c := range checks {
		if c.State == "failed" {
			n++
		}
	}
	return n
}
