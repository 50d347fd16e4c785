package commission

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// Document is a plan version in its exchange form. The form is JSON by nature:
// people import and export it, so the names of its fields stand here.
type Document struct {
	Plan      string  `json:"plan"`
	Version   int     `json:"version,omitempty"`
	Province  string  `json:"province,omitempty"`
	City      *string `json:"city"`
	ValidFrom string  `json:"valid_from"` // inclusive business date
	ValidTo   *string `json:"valid_to"`   // exclusive business date
	Currency  string  `json:"currency"`
	Rules     []Rule  `json:"rules"`
}

// Rule says what an event of a kind earns.
type Rule struct {
	ID       string     `json:"id"`
	Note     string     `json:"note,omitempty"`
	Match    Match      `json:"match"`
	Basis    Basis      `json:"basis"`
	Formula  Formula    `json:"formula"`
	Floor    *Limit     `json:"floor,omitempty"`
	Cap      *Limit     `json:"cap,omitempty"`
	HoldDays int        `json:"hold_days,omitempty"`
	Clawback []Clawback `json:"clawback,omitempty"`
	Split    []Part     `json:"split,omitempty"` // missing: all to the seller
}

// Match names what a rule is for; an empty field means any.
type Match struct {
	Product     []string `json:"product,omitempty"`
	Category    []string `json:"category,omitempty"`
	City        []string `json:"city,omitempty"`
	Capability  []string `json:"capability,omitempty"`
	Tier        []string `json:"tier,omitempty"`
	AccountKind []string `json:"account_kind,omitempty"`
	Account     string   `json:"account,omitempty"` // new, existing or any
}

// Basis says which quantity is measured, and on which events.
type Basis struct {
	Kind   string `json:"kind"`             // activation, recurring or per_unit
	On     string `json:"on,omitempty"`     // per_unit: activation (default) or recurring
	Months []int  `json:"months,omitempty"` // recurring: first and last billing month, closed
}

// Formula says how the quantity becomes money.
type Formula struct {
	Kind  string `json:"kind"` // flat, rate or tiers
	Fen   *int64 `json:"fen,omitempty"`
	PPM   *int64 `json:"ppm,omitempty"`
	Mode  string `json:"mode,omitempty"` // marginal or whole
	Per   string `json:"per,omitempty"`  // event or month
	Steps []Tier `json:"steps,omitempty"`
}

// Tier is one step: from a quantity on, a rate, or fen per unit.
type Tier struct {
	From int64  `json:"from"`
	PPM  *int64 `json:"ppm,omitempty"`
	Fen  *int64 `json:"fen,omitempty"`
}

// Limit bounds a line or a month, in fen.
type Limit struct {
	Line  *int64 `json:"line_fen,omitempty"`
	Month *int64 `json:"month_fen,omitempty"`
}

// Clawback takes ppm of what is left of a line back when the service ends
// within so many calendar months of the line's business date.
type Clawback struct {
	WithinMonths int   `json:"within_months"`
	PPM          int64 `json:"ppm"`
}

// Part is one party's part of a line.
type Part struct {
	To  string `json:"to"` // seller, solution_owner, city or partner:<code>
	PPM int64  `json:"ppm"`
}

// Scope is the city code of a city's plan, empty for the province's.
func (d Document) Scope() string {
	if d.City == nil {
		return ""
	}
	return *d.City
}

// Until is the exclusive end, empty when open.
func (d Document) Until() string {
	if d.ValidTo == nil {
		return ""
	}
	return *d.ValidTo
}

// In tells whether the business date lies in the validity.
func (d Document) In(date string) bool {
	return d.ValidFrom <= date && (d.Until() == "" || date < d.Until())
}

// Event is the kind of event the basis looks at.
func (b Basis) Event() string {
	if b.Kind == "per_unit" {
		if b.On == "" {
			return Activation
		}
		return b.On
	}
	return b.Kind
}

// Key tells bases apart: at most one rule of each applies to an event.
func (b Basis) Key() string {
	if b.Kind == "per_unit" {
		return "per_unit:" + b.Event()
	}
	return b.Kind
}

func (b Basis) covers(n int) bool { return len(b.Months) != 2 || b.Months[0] <= n && n <= b.Months[1] }

// Parts is the split with its default.
func (r Rule) Parts() []Part {
	if len(r.Split) == 0 {
		return []Part{{"seller", money.Whole}}
	}
	return r.Split
}

const (
	maxFen    int64 = 1_000_000_000_000 // ten billion yuan in one event or limit
	maxUnits  int64 = 1_000_000_000
	maxRate   int64 = 10 * money.Whole // 1000 %
	maxRules        = 500
	maxSteps        = 50
	maxMonths       = 600
)

// Validate reports every fault of the document with the path of its field.
func (d Document) Validate(c *fault.Checker) {
	switch {
	case d.Plan == "":
		c.Require("plan", false)
	case len(d.Plan) > 60 || strings.Trim(d.Plan, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "":
		c.Add("plan", "format", "方案代码只用小写字母、数字、- 和 _，最多 60 个字符。", "A plan code has lower-case letters, digits, - and _ only, at most 60.")
	}
	from := checkDate(c, "valid_from", d.ValidFrom)
	if d.ValidTo != nil && checkDate(c, "valid_to", *d.ValidTo) && from && *d.ValidTo <= d.ValidFrom {
		c.Add("valid_to", "order", "失效日期必须晚于生效日期。", "The end must be later than the beginning.")
	}
	if d.Currency != "CNY" {
		c.OneOf("currency", d.Currency, "CNY")
	}
	if d.City != nil && *d.City == "" {
		c.Require("city", false)
	}
	if len(d.Rules) == 0 {
		c.Require("rules", false)
	}
	if len(d.Rules) > maxRules {
		c.Add("rules", "too_many", "规则最多 500 条。", "At most 500 rules.")
		return
	}
	seen := map[string]bool{}
	for i, r := range d.Rules {
		at := fmt.Sprintf("rules[%d].", i)
		c.Require(at+"id", r.ID != "")
		if len(r.ID) > 80 {
			c.Add(at+"id", "too_long", "太长了。", "Too long.")
		}
		if seen[r.ID] && r.ID != "" {
			c.Add(at+"id", "repeated", "同一方案中规则编号不能重复。", "A rule id may stand only once in a plan.")
		}
		seen[r.ID] = true
		r.validate(c, at, d.Scope())
	}
}

func checkDate(c *fault.Checker, field, date string) bool {
	if t, err := time.Parse(time.DateOnly, date); err != nil || t.Year() < 2000 || t.Year() > 2200 {
		c.Add(field, "date", "日期格式不正确，应为 YYYY-MM-DD。", "Not a date in the form YYYY-MM-DD.")
		return false
	}
	return true
}

func checkRange(c *fault.Checker, field string, v *int64, low, high int64) {
	switch {
	case v == nil:
		c.Require(field, false)
	case *v < low || *v > high:
		c.Add(field, "range", fmt.Sprintf("应在 %d 到 %d 之间。", low, high), fmt.Sprintf("Must be between %d and %d.", low, high))
	}
}

func absent(c *fault.Checker, field string, present bool) {
	if present {
		c.Add(field, "unexpected", "这种算法没有这个字段。", "This does not belong here.")
	}
}

func (r Rule) validate(c *fault.Checker, at, scope string) {
	r.Match.validate(c, at+"match.", scope)
	unit := r.Basis.Kind == "per_unit"
	c.OneOf(at+"basis.kind", r.Basis.Kind, Activation, Recurring, "per_unit")
	if r.Basis.On != "" {
		absent(c, at+"basis.on", !unit)
		c.OneOf(at+"basis.on", r.Basis.On, Activation, Recurring)
	}
	if m := r.Basis.Months; len(m) > 0 {
		absent(c, at+"basis.months", r.Basis.Event() != Recurring)
		if len(m) != 2 || m[0] < 1 || m[1] < m[0] || m[1] > maxMonths {
			c.Add(at+"basis.months", "range", "应为 [起, 止] 两个计费月序号，从 1 开始。", "Must be [first, last] billing months, from 1.")
		}
	}
	r.Formula.validate(c, at+"formula.", unit)
	var floor, line int64
	if r.Floor != nil {
		checkRange(c, at+"floor.line_fen", r.Floor.Line, 0, maxFen)
		absent(c, at+"floor.month_fen", r.Floor.Month != nil)
		if r.Floor.Line != nil {
			floor = *r.Floor.Line
		}
	}
	if r.Cap != nil {
		if r.Cap.Line == nil && r.Cap.Month == nil {
			c.Require(at+"cap", false)
		}
		if r.Cap.Line != nil {
			checkRange(c, at+"cap.line_fen", r.Cap.Line, 0, maxFen)
			line = *r.Cap.Line
			if floor > line {
				c.Add(at+"floor.line_fen", "order", "保底不能高于单笔封顶。", "The floor must not be above the cap of a line.")
			}
		}
		if r.Cap.Month != nil {
			checkRange(c, at+"cap.month_fen", r.Cap.Month, 0, maxFen)
		}
	}
	if r.HoldDays < 0 || r.HoldDays > 730 {
		c.Add(at+"hold_days", "range", "应在 0 到 730 之间。", "Must be between 0 and 730.")
	}
	last := 0
	for i, s := range r.Clawback {
		field := fmt.Sprintf("%sclawback[%d].", at, i)
		if s.WithinMonths <= last || s.WithinMonths > maxMonths {
			c.Add(field+"within_months", "order", "月数必须从小到大。", "Months must ascend.")
		}
		last = s.WithinMonths
		checkRange(c, field+"ppm", &s.PPM, 1, money.Whole)
	}
	var sum int64
	for i, p := range r.Split {
		field := fmt.Sprintf("%ssplit[%d].", at, i)
		if code, named := strings.CutPrefix(p.To, "partner:"); named {
			c.Require(field+"to", code != "")
		} else {
			c.OneOf(field+"to", p.To, "seller", "solution_owner", "city")
		}
		if slices.ContainsFunc(r.Split[:i], func(o Part) bool { return o.To == p.To }) {
			c.Add(field+"to", "repeated", "同一方只能出现一次。", "A party may stand only once.")
		}
		checkRange(c, field+"ppm", &p.PPM, 1, money.Whole)
		sum += p.PPM
	}
	if len(r.Split) > 0 && sum != money.Whole {
		c.Add(at+"split", "sum", "分成比例之和必须为 1000000（100%）。", "The parts must sum to 1000000 (100 %).")
	}
}

func (m Match) validate(c *fault.Checker, at, scope string) {
	for _, list := range []struct {
		name    string
		values  []string
		allowed []string
	}{
		{"product", m.Product, nil},
		{"category", m.Category, nil},
		{"city", m.City, nil},
		{"capability", m.Capability, partner.Capabilities},
		{"tier", m.Tier, partner.Tiers},
		{"account_kind", m.AccountKind, account.Kinds},
	} {
		for i, v := range list.values {
			field := fmt.Sprintf("%s%s[%d]", at, list.name, i)
			c.Require(field, v != "")
			if len(list.allowed) > 0 && v != "" {
				c.OneOf(field, v, list.allowed...)
			}
			if slices.Contains(list.values[:i], v) {
				c.Add(field, "repeated", "重复了。", "Repeated.")
			}
			if list.name == "city" && scope != "" && v != scope {
				c.Add(field, "never", "市级方案只对本市有效，这条永远不会命中。", "A city's plan is for that city only; this never matches.")
			}
		}
	}
	if m.Account != "" {
		c.OneOf(at+"account", m.Account, "new", "existing")
	}
}

func date(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

func addDays(day string, n int) string { return date(day).AddDate(0, 0, n).Format(time.DateOnly) }
