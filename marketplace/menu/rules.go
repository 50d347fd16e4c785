package menu

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/crillab/gophersat/solver"

	"ecoport/app/platform/fault"
)

// Kinds of rules between elements.
const (
	Requires    = "requires"     // the element needs each of the others
	RequiresAny = "requires_any" // the element needs one of the others
	Excludes    = "excludes"     // the element goes with none of the others
	AtMost      = "at_most"      // the element and the others together, in units
)

// Rule is one rule 业务嵌套规则 between elements, which are known by their names.
type Rule struct {
	Kind    string   `json:"kind"`
	Element string   `json:"element"`
	Others  []string `json:"others"`
	Units   int64    `json:"units,omitempty"` // of at_most
}

// Group is a choice of so many of its elements: "2 of 7".
type Group struct {
	Name     string   `json:"name"`
	Min      int      `json:"min"`
	Max      int      `json:"max"` // 0 means no limit
	Elements []string `json:"elements"`
}

// Rules is what a menu says beyond its elements.
type Rules struct {
	Groups []Group `json:"groups,omitempty"`
	Rules  []Rule  `json:"rules,omitempty"`
}

// Text is the rules in one form for all readers, a line each, sorted: what is
// compared and fingerprinted. Empty without rules.
func (r Rules) Text() string {
	var lines []string
	for _, g := range r.Groups {
		lines = append(lines, fmt.Sprintf("%s: %d..%s (%s)", g.Name, g.Min, upTo(g.Max), strings.Join(slices.Sorted(slices.Values(g.Elements)), ", ")))
	}
	for _, x := range r.Rules {
		lines = append(lines, x.String())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func upTo(n int) string {
	if n == 0 {
		return "∞"
	}
	return strconv.Itoa(n)
}

// String is the rule in signs.
func (x Rule) String() string {
	others := slices.Sorted(slices.Values(x.Others))
	switch x.Kind {
	case Requires:
		return x.Element + " → " + strings.Join(others, " + ")
	case RequiresAny:
		return x.Element + " → " + strings.Join(others, " | ")
	case Excludes:
		return x.Element + " ✕ " + strings.Join(others, " ✕ ")
	}
	return strings.Join(append([]string{x.Element}, others...), " + ") + " ≤ " + strconv.FormatInt(x.Units, 10)
}

// Says is the rule in a sentence.
func (x Rule) Says() fault.Words {
	zh, en := quoted(x.Others, "、"), quoted(x.Others, ", ")
	switch x.Kind {
	case Requires:
		return fault.Words{Zh: fmt.Sprintf("「%s」需要%s", x.Element, zh), En: fmt.Sprintf("“%s” requires %s", x.Element, en)}
	case RequiresAny:
		return fault.Words{Zh: fmt.Sprintf("「%s」需要%s之一", x.Element, zh), En: fmt.Sprintf("“%s” requires one of %s", x.Element, en)}
	case Excludes:
		return fault.Words{Zh: fmt.Sprintf("「%s」不能与%s同选", x.Element, zh), En: fmt.Sprintf("“%s” excludes %s", x.Element, en)}
	}
	return fault.Words{Zh: fmt.Sprintf("「%s」%s合计最多 %d", x.Element, zh, x.Units), En: fmt.Sprintf("“%s” %s together at most %d", x.Element, en, x.Units)}
}

func quoted(names []string, sep string) string {
	out := make([]string, len(names))
	for i, n := range names {
		if out[i] = "「" + n + "」"; sep != "、" {
			out[i] = "“" + n + "”"
		}
	}
	return strings.Join(out, sep)
}

// Says is the group in a sentence.
func (g Group) Says() fault.Words {
	if g.Max == 0 {
		return fault.Words{Zh: fmt.Sprintf("「%s」至少选 %d 项", g.Name, g.Min), En: fmt.Sprintf("“%s”: choose at least %d", g.Name, g.Min)}
	}
	return fault.Words{Zh: fmt.Sprintf("「%s」选 %d 到 %d 项", g.Name, g.Min, g.Max), En: fmt.Sprintf("“%s”: choose %d to %d", g.Name, g.Min, g.Max)}
}

// Limits of a menu; where it comes from a file nothing else holds it to them.
// What takes part in rules is fewer: finding a choice among many that clash
// takes time that doubles with a few more, and the solver cannot be stopped.
const (
	MostElements = 100
	MostGroups   = 50
	MostRules    = 200
	mostRuled    = 48
)

// least is how many units an element has when it is chosen at all.
func (e Element) least() int64 { return max(1, e.MinUnits) }

// Check reports what is wrong with the rules of a menu under the given field:
// names that do not exist, numbers that cannot be, rules that leave nothing to
// choose, and elements that can never be chosen, each with the rules that clash.
func (r Rules) Check(c *fault.Checker, field string, elements []Element) {
	before := c.Err()
	ruled := map[string]bool{}
	for _, g := range r.Groups {
		for _, n := range g.Elements {
			ruled[n] = true
		}
	}
	for _, x := range r.Rules {
		ruled[x.Element] = true
		for _, n := range x.Others {
			ruled[n] = true
		}
	}
	if len(ruled) > mostRuled || len(r.Groups) > MostGroups || len(r.Rules) > MostRules || len(elements) > MostElements {
		c.Add(field, "too_many", fmt.Sprintf("最多 %d 个元素、%d 个选择组、%d 条规则，其中参与规则的元素最多 %d 个。", MostElements, MostGroups, MostRules, mostRuled),
			fmt.Sprintf("At most %d elements, %d groups and %d rules, with %d elements in them.", MostElements, MostGroups, MostRules, mostRuled))
		return
	}
	for i, g := range r.Groups {
		at := field + ".groups[" + strconv.Itoa(i) + "]"
		c.Require(at+".name", strings.TrimSpace(g.Name) != "")
		if slices.ContainsFunc(r.Groups[:i], func(o Group) bool { return o.Name == g.Name }) {
			c.Add(at+".name", "repeated", "组名重复。", "Two groups have the same name.")
		}
		named(c, at+".elements", g.Elements, elements)
		if g.Min < 0 || g.Max < 0 || g.Max > 0 && g.Min > g.Max || g.Min > len(g.Elements) || g.Min == 0 && g.Max == 0 {
			c.Add(at+".min", "range", fmt.Sprintf("至少与最多应在 0 到 %d 之间，且至少不大于最多。", len(g.Elements)), fmt.Sprintf("From and to lie between 0 and %d, in order.", len(g.Elements)))
		}
	}
	for i, x := range r.Rules {
		at := field + ".rules[" + strconv.Itoa(i) + "]"
		c.OneOf(at+".kind", x.Kind, Requires, RequiresAny, Excludes, AtMost)
		named(c, at+".element", []string{x.Element}, elements)
		if len(x.Others) > 0 || x.Kind != AtMost {
			named(c, at+".others", x.Others, elements)
		}
		if slices.Contains(x.Others, x.Element) {
			c.Add(at+".others", "itself", "规则不能指向元素自己。", "An element has no rule with itself.")
		}
		if x.Kind == AtMost && x.Units < 1 {
			c.Add(at+".units", "range", "合计上限至少为 1。", "Together at least 1.")
		}
	}
	if before != nil || c.Err() != nil {
		return
	}
	all := r.constraints(elements)
	model, ok := solve(all, len(elements))
	if !ok {
		says := clash(all, nil, len(elements))
		c.Add(field, "contradiction", "这些规则互相矛盾，客户无论怎么选都不满足："+says.Zh+"。", "These rules contradict each other, so nothing can be chosen: "+says.En+".")
		return
	}
	reached := make([]bool, len(elements))
	mark := func(model []bool) {
		for i := range reached {
			reached[i] = reached[i] || i < len(model) && model[i]
		}
	}
	mark(model)
	for i, e := range elements {
		if reached[i] {
			continue
		}
		chosen := constraint{PBConstr: solver.PropClause(i + 1)}
		if model, ok := solve(append(slices.Clone(all), chosen), len(elements)); ok {
			mark(model)
			continue
		}
		says := clash(all, &chosen, len(elements))
		c.Add(field, "unreachable", fmt.Sprintf("「%s」永远选不上：%s。", e.Name, says.Zh), fmt.Sprintf("“%s” can never be chosen: %s.", e.Name, says.En))
	}
}

func named(c *fault.Checker, field string, names []string, elements []Element) {
	c.Require(field, len(names) > 0)
	for i, n := range names {
		if !slices.ContainsFunc(elements, func(e Element) bool { return e.Name == n }) {
			c.Add(field, "unknown", fmt.Sprintf("没有名为「%s」的功能元素。", n), fmt.Sprintf("There is no element “%s”.", n))
		}
		if slices.Contains(names[:i], n) {
			c.Add(field, "repeated", fmt.Sprintf("「%s」重复。", n), fmt.Sprintf("“%s” is named twice.", n))
		}
	}
}

// constraint is a rule in the form the solver takes, over one variable an
// element, with what it says.
type constraint struct {
	solver.PBConstr
	says fault.Words
}

func (r Rules) constraints(elements []Element) (out []constraint) {
	at := map[string]int{}
	for i, e := range elements {
		at[e.Name] = i + 1
		if e.Required {
			out = append(out, constraint{solver.PropClause(i + 1), fault.Words{Zh: fmt.Sprintf("「%s」必选", e.Name), En: fmt.Sprintf("“%s” is required", e.Name)}})
		}
	}
	lits := func(names []string) (out []int) {
		for _, n := range names {
			out = append(out, at[n])
		}
		return out
	}
	for _, g := range r.Groups {
		if g.Min > 0 {
			out = append(out, constraint{solver.AtLeast(lits(g.Elements), g.Min), g.Says()})
		}
		if g.Max > 0 && g.Max < len(g.Elements) {
			out = append(out, constraint{solver.AtMost(lits(g.Elements), g.Max), g.Says()})
		}
	}
	for _, x := range r.Rules {
		a, others := at[x.Element], lits(x.Others)
		switch x.Kind {
		case Requires:
			for _, b := range others {
				out = append(out, constraint{solver.PropClause(-a, b), x.Says()})
			}
		case RequiresAny:
			out = append(out, constraint{solver.PropClause(append([]int{-a}, others...)...), x.Says()})
		case Excludes:
			for _, b := range others {
				out = append(out, constraint{solver.PropClause(-a, -b), x.Says()})
			}
		case AtMost:
			all := append([]int{a}, others...)
			weights := make([]int, len(all))
			for i, v := range all {
				weights[i] = int(elements[v-1].least())
			}
			out = append(out, constraint{solver.LtEq(all, weights, int(x.Units)), x.Says()})
		}
	}
	return out
}

// solve finds a choice that keeps to all, or tells that there is none.
func solve(all []constraint, n int) (model []bool, ok bool) {
	posed := make([]solver.PBConstr, 0, len(all)+1)
	for _, x := range all {
		if x.WeightSum() < x.AtLeast {
			return nil, false
		}
		if x.AtLeast > 0 { // the solver reorders what it is given
			posed = append(posed, solver.PBConstr{Lits: slices.Clone(x.Lits), Weights: slices.Clone(x.Weights), AtLeast: x.AtLeast})
		}
	}
	if len(posed) == 0 {
		model = make([]bool, n)
		for i := range model {
			model[i] = true
		}
		return model, true
	}
	s := solver.New(solver.ParsePBConstrs(posed))
	if s.Solve() != solver.Sat {
		return nil, false
	}
	return s.Model(), true
}

// clash is a smallest set of the rules that cannot hold together, with what is
// wished when there is a wish.
func clash(all []constraint, wish *constraint, n int) fault.Words {
	kept := slices.Clone(all)
	for i := 0; i < len(kept); {
		without := slices.Delete(slices.Clone(kept), i, i+1)
		posed := without
		if wish != nil {
			posed = append(slices.Clone(without), *wish)
		}
		if _, ok := solve(posed, n); ok {
			i++
		} else {
			kept = without
		}
	}
	var zh, en []string
	for _, x := range kept {
		if !slices.Contains(zh, x.says.Zh) {
			zh, en = append(zh, x.says.Zh), append(en, x.says.En)
		}
	}
	return fault.Words{Zh: strings.Join(zh, "；"), En: strings.Join(en, "; ")}
}

// broken lists the rules that a choice does not keep to, by element.
func (r Rules) broken(elements []Element, quantity func(Element) int64) (out []Violation) {
	find := func(name string) Element {
		return elements[slices.IndexFunc(elements, func(e Element) bool { return e.Name == name })]
	}
	has := func(name string) bool { return quantity(find(name)) > 0 }
	for _, g := range r.Groups {
		n := 0
		for _, name := range g.Elements {
			if has(name) {
				n++
			}
		}
		if n < g.Min || g.Max > 0 && n > g.Max {
			says := g.Says()
			out = append(out, Violation{Code: "group", Group: g.Name, Words: fault.Words{Zh: fmt.Sprintf("%s，现选 %d 项。", says.Zh, n), En: fmt.Sprintf("%s; %d chosen.", says.En, n)}})
		}
	}
	for _, x := range r.Rules {
		if x.Kind == AtMost {
			units := quantity(find(x.Element))
			for _, o := range x.Others {
				units += quantity(find(o))
			}
			if units > x.Units {
				says := x.Says()
				out = append(out, Violation{Element: find(x.Element).ID, Code: x.Kind, Words: fault.Words{Zh: fmt.Sprintf("%s，现为 %d。", says.Zh, units), En: fmt.Sprintf("%s; %d now.", says.En, units)}})
			}
			continue
		}
		if !has(x.Element) {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(x.Others), has)
		switch {
		case x.Kind == Requires && len(missing) > 0:
			for _, o := range missing {
				out = append(out, x.violation(find(x.Element), find(o), find(o).least(), fault.Words{Zh: "「%s」还需要「%s」。", En: "“%s” also needs “%s”."}))
			}
		case x.Kind == RequiresAny && len(missing) == len(x.Others):
			says := x.Says()
			out = append(out, Violation{Element: find(x.Element).ID, Code: x.Kind, Words: fault.Words{Zh: says.Zh + "。", En: says.En + "."}, Fix: &Choice{find(missing[0]).ID, find(missing[0]).least()}})
		case x.Kind == Excludes:
			for _, o := range x.Others {
				if has(o) {
					out = append(out, x.violation(find(x.Element), find(o), 0, fault.Words{Zh: "「%s」不能与「%s」同选。", En: "“%s” does not go with “%s”."}))
				}
			}
		}
	}
	return out
}

func (x Rule) violation(e, other Element, units int64, words fault.Words) Violation {
	return Violation{Element: e.ID, Code: x.Kind, Words: words.Fill(e.Name, other.Name), Fix: &Choice{other.ID, units}}
}
