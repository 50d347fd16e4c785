package commission

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
)

// Version is a published plan version.
type Version struct {
	ID     uuid.UUID
	Number int
	Order  int // order of publication, ascending
	Document
}

// field is one field of a match: whether it is given, whether it takes an
// event, and which value two matches have in common.
type field struct {
	name   string
	given  func(Match) bool
	takes  func(Match, Event) bool
	common func(a, b Match) (string, bool)
}

// fields of a match, in order of weight.
var fields = []field{
	listField("product", func(m Match) []string { return m.Product }, func(e Event) []string { return []string{e.Product} }),
	listField("category", func(m Match) []string { return m.Category }, func(e Event) []string { return []string{e.Category} }),
	listField("city", func(m Match) []string { return m.City }, func(e Event) []string { return []string{e.CityCode} }),
	listField("tier", func(m Match) []string { return m.Tier }, func(e Event) []string { return []string{e.SellerTier} }),
	listField("capability", func(m Match) []string { return m.Capability }, func(e Event) []string { return e.SellerCapabilities }),
	listField("account_kind", func(m Match) []string { return m.AccountKind }, func(e Event) []string { return []string{e.AccountKind} }),
	listField("account", func(m Match) []string {
		if m.Account == "" {
			return nil
		}
		return []string{m.Account}
	}, func(e Event) []string { return []string{e.account()} }),
}

func listField(name string, list func(Match) []string, of func(Event) []string) field {
	var f field
	f.name = name
	f.given = func(m Match) bool { return len(list(m)) > 0 }
	f.takes = func(m Match, e Event) bool {
		l := list(m)
		return len(l) == 0 || slices.ContainsFunc(of(e), func(v string) bool { return slices.Contains(l, v) })
	}
	f.common = func(a, b Match) (string, bool) {
		for _, v := range list(a) {
			if slices.Contains(list(b), v) {
				return v, true
			}
		}
		return "", len(list(a)) == 0 && len(list(b)) == 0
	}
	return f
}

// Given names the fields a match gives, in order of weight.
func (m Match) Given() []string {
	var out []string
	for _, f := range fields {
		if f.given(m) {
			out = append(out, f.name)
		}
	}
	return out
}

// specificity compares as the fields do from left to right.
func (m Match) specificity() int {
	n := 0
	for _, f := range fields {
		n <<= 1
		if f.given(m) {
			n |= 1
		}
	}
	return n
}

// misses names the fields in which a match does not take the event.
func (m Match) misses(e Event) []string {
	var out []string
	for _, f := range fields {
		if !f.takes(m, e) {
			out = append(out, f.name)
		}
	}
	return out
}

// Choice is the rule that applies to an event for one basis, and why.
type Choice struct {
	Version *Version
	Rule    *Rule
	Lost    []Other // rules that matched too
	Near    []Other // rules that one field kept away
}

// Other is a rule that did not apply.
type Other struct {
	Rule string `json:"rule"`
	Note string `json:"note,omitempty"`
	// Why: less_specific, listed_later, city_first, or missed_<field>
	Why string `json:"why"`
	// By: the field that decided
	By string `json:"by,omitempty"`
}

const mostOthers = 5

// Bases an event may earn by.
func basesOf(kind string) []string {
	if kind == Activation || kind == Recurring {
		return []string{kind, "per_unit:" + kind}
	}
	return nil
}

// InForce picks the version of a scope that is valid on a business date: of
// several, the one whose validity began last, then the one published last.
func InForce(versions []Version, scope, date string) *Version {
	var best *Version
	for i := range versions {
		v := &versions[i]
		if v.Scope() != scope || !v.In(date) {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(v.ValidFrom, best.ValidFrom), cmp.Compare(v.Order, best.Order)) > 0 {
			best = v
		}
	}
	return best
}

// Choose finds the rule for the event and basis: the city's own plan first,
// the province's only if the city's has no candidate; in a plan the most
// specific candidate. ok is false when no rule applies.
func Choose(versions []Version, e Event, basis string) (Choice, bool) {
	var c Choice
	scopes := []string{""}
	if e.CityCode != "" {
		scopes = []string{e.CityCode, ""}
	}
	for _, scope := range scopes {
		v := InForce(versions, scope, e.BusinessDate())
		if v == nil {
			continue
		}
		var candidates []*Rule
		for i := range v.Rules {
			r := &v.Rules[i]
			if r.Basis.Key() != basis || !r.Basis.covers(e.Month) {
				continue
			}
			switch missed := r.Match.misses(e); {
			case len(missed) == 0:
				candidates = append(candidates, r)
			case len(missed) == 1 && c.Rule == nil && len(c.Near) < mostOthers:
				c.Near = append(c.Near, Other{Rule: r.ID, Note: r.Note, Why: "missed", By: missed[0]})
			}
		}
		if c.Rule != nil {
			for _, r := range candidates {
				if len(c.Lost) < mostOthers {
					c.Lost = append(c.Lost, Other{Rule: r.ID, Note: r.Note, Why: "city_first"})
				}
			}
			break
		}
		slices.SortStableFunc(candidates, func(a, b *Rule) int { return b.Match.specificity() - a.Match.specificity() })
		for i, r := range candidates {
			if i == 0 {
				c.Version, c.Rule = v, r
			} else if len(c.Lost) < mostOthers {
				c.Lost = append(c.Lost, lost(c.Rule, r))
			}
		}
	}
	return c, c.Rule != nil
}

func lost(winner, r *Rule) Other {
	o := Other{Rule: r.ID, Note: r.Note, Why: "listed_later"}
	for _, f := range fields {
		if f.given(winner.Match) && !f.given(r.Match) {
			o.Why, o.By = "less_specific", f.name
			break
		}
		if f.given(r.Match) && !f.given(winner.Match) {
			break
		}
	}
	return o
}

// Conflict is a pair of rules that could tie, with an event that hits both.
type Conflict struct {
	First, Second string
	Example       fault.Words
}

// Conflicts finds pairs of rules of the same basis that give the same fields
// with values in common in each of them.
func (d Document) Conflicts() []Conflict {
	var out []Conflict
	for i := range d.Rules {
		for j := i + 1; j < len(d.Rules); j++ {
			if e, tie := tie(&d.Rules[i], &d.Rules[j]); tie {
				out = append(out, Conflict{d.Rules[i].ID, d.Rules[j].ID, e})
			}
		}
	}
	return out
}

func tie(a, b *Rule) (fault.Words, bool) {
	if a.Basis.Key() != b.Basis.Key() || a.Match.specificity() != b.Match.specificity() {
		return fault.Words{}, false
	}
	example := map[string]string{}
	for _, f := range fields {
		v, common := f.common(a.Match, b.Match)
		if !common {
			return fault.Words{}, false
		}
		if v != "" {
			example[f.name] = v
		}
	}
	month := 0
	if a.Basis.Event() == Recurring {
		low, high := 1, maxMonths
		for _, m := range [][]int{a.Basis.Months, b.Basis.Months} {
			if len(m) == 2 {
				low, high = max(low, m[0]), min(high, m[1])
			}
		}
		if low > high {
			return fault.Words{}, false
		}
		month = low
	}
	return exampleWords(a.Basis.Event(), month, example), true
}

func exampleWords(event string, month int, values map[string]string) fault.Words {
	zh, en := []string{}, []string{}
	for _, f := range fields {
		if v, ok := values[f.name]; ok {
			w := valueWords(f.name, v)
			zh, en = append(zh, fieldWords[f.name].Zh+"为"+w.Zh), append(en, fieldWords[f.name].En+" "+w.En)
		}
	}
	if month > 0 {
		zh, en = append(zh, fmt.Sprintf("第 %d 个计费月", month)), append(en, fmt.Sprintf("billing month %d", month))
	}
	if len(zh) == 0 {
		zh, en = []string{"任意客户与产品"}, []string{"any account and product"}
	}
	w := eventWords[event]
	return fault.Words{Zh: "一笔" + w.Zh + "：" + strings.Join(zh, "，"), En: "One event of " + w.En + ": " + strings.Join(en, ", ")}
}
