package menu

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/fault"
)

func elements(names ...string) (out []Element) {
	for _, n := range names {
		name, must := strings.CutSuffix(n, "!")
		out = append(out, Element{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), Name: name, Unit: "个", Billing: "monthly", PriceFen: 100, Required: must})
	}
	return out
}

func check(r Rules, es []Element) []fault.Field {
	var c fault.Checker
	r.Check(&c, "menu", es)
	f, _ := fault.As(c.Err())
	if f == nil {
		return nil
	}
	return f.Fields
}

func TestContradictionsAreNamed(t *testing.T) {
	es := elements("平台!", "短信", "语音", "报表")
	none := check(Rules{Rules: []Rule{{Requires, "平台", []string{"短信"}, 0}, {Excludes, "短信", []string{"语音", "平台"}, 0}, {Requires, "报表", []string{"语音"}, 0}}}, es)
	require.Len(t, none, 1)
	require.Equal(t, "contradiction", none[0].Code)
	require.Contains(t, none[0].Words.Zh, "「平台」必选；「平台」需要「短信」；「短信」不能与「语音」、「平台」同选")
	require.NotContains(t, none[0].Words.Zh, "报表", "only what clashes is named")

	never := check(Rules{Groups: []Group{{"通道", 1, 1, []string{"短信", "语音"}}}, Rules: []Rule{{Requires, "平台", []string{"短信"}, 0}, {Requires, "报表", []string{"语音"}, 0}}}, es)
	require.Len(t, never, 2)
	for i, name := range []string{"语音", "报表"} {
		require.Equal(t, "unreachable", never[i].Code)
		require.Contains(t, never[i].Words.En, "“"+name+"” can never be chosen")
		require.Contains(t, never[i].Words.Zh, "「通道」选 1 到 1 项")
	}

	few := elements("甲", "乙")
	few[0].MinUnits, few[1].MinUnits = 3, 3
	require.Equal(t, "unreachable", check(Rules{Rules: []Rule{{AtMost, "甲", nil, 2}}}, few)[0].Code)
	require.Empty(t, check(Rules{Rules: []Rule{{AtMost, "甲", []string{"乙"}, 5}}}, few), "either, not both")
	few[0].Required, few[1].Required = true, true
	require.Equal(t, "contradiction", check(Rules{Rules: []Rule{{AtMost, "甲", []string{"乙"}, 5}}}, few)[0].Code)

	for field, r := range map[string]Rules{
		"menu.rules[0].element":   {Rules: []Rule{{Requires, "没有", []string{"短信"}, 0}}},
		"menu.rules[0].others":    {Rules: []Rule{{Requires, "短信", []string{"短信"}, 0}}},
		"menu.rules[0].kind":      {Rules: []Rule{{"maybe", "短信", []string{"语音"}, 0}}},
		"menu.rules[0].units":     {Rules: []Rule{{AtMost, "短信", nil, 0}}},
		"menu.groups[0].min":      {Groups: []Group{{"组", 3, 2, []string{"短信", "语音", "报表"}}}},
		"menu.groups[0].name":     {Groups: []Group{{" ", 1, 1, []string{"短信", "语音"}}}},
		"menu.groups[1].name":     {Groups: []Group{{"组", 0, 1, []string{"短信"}}, {"组", 0, 1, []string{"语音"}}}},
		"menu.groups[0].elements": {Groups: []Group{{"组", 0, 1, []string{"短信", "短信"}}}},
	} {
		found := check(r, es)
		require.NotEmpty(t, found, field)
		require.Equal(t, field, found[0].Name)
	}
}

// TestRulesAgreeWithEveryChoice: over random menus, what the solver says of a
// set of rules is what trying every choice says, and a composition breaks a rule
// exactly when the rules say so.
func TestRulesAgreeWithEveryChoice(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	contradictions, unreachable := 0, 0
	for range 400 {
		n := 2 + r.IntN(5)
		var es []Element
		for i := range n {
			e := elements(fmt.Sprintf("E%d", i))[0]
			e.Required, e.MinUnits = r.IntN(5) == 0, int64(r.IntN(3))
			es = append(es, e)
		}
		some := func(least int) (out []string) {
			for _, i := range r.Perm(n)[:min(n, least+r.IntN(2))] {
				out = append(out, es[i].Name)
			}
			return out
		}
		var rules Rules
		for range r.IntN(5) {
			x := Rule{Kind: []string{Requires, RequiresAny, Excludes, AtMost}[r.IntN(4)]}
			names := some(2)
			x.Element, x.Others = names[0], names[1:]
			if x.Kind == AtMost {
				x.Units = int64(1 + r.IntN(4))
			}
			rules.Rules = append(rules.Rules, x)
		}
		if r.IntN(2) == 0 {
			g := Group{Name: "G", Elements: some(2)}
			g.Max = 1 + r.IntN(len(g.Elements))
			g.Min = r.IntN(g.Max + 1)
			rules.Groups = append(rules.Groups, g)
		}
		reachable := make([]bool, n)
		any := false
		for bits := range 1 << n {
			var choices []Choice
			for i, e := range es {
				if bits>>i&1 == 1 {
					choices = append(choices, Choice{e.ID, e.least()})
				}
			}
			price, err := Compose(es, rules, nil, choices, 0, 12)
			require.NoError(t, err)
			if len(slices.DeleteFunc(price.Violations, func(v Violation) bool { return v.Code == "nothing_chosen" })) > 0 {
				continue
			}
			any = true
			for i := range es {
				reachable[i] = reachable[i] || bits>>i&1 == 1
			}
		}
		found := check(rules, es)
		if !any {
			contradictions++
			require.Len(t, found, 1, "%+v", rules)
			require.Equal(t, "contradiction", found[0].Code)
			continue
		}
		var never []string
		for i, ok := range reachable {
			if !ok {
				unreachable++
				never = append(never, es[i].Name)
			}
		}
		require.Len(t, found, len(never), "%+v %+v", rules, es)
		for i, name := range never {
			require.Contains(t, found[i].Words.Zh, "「"+name+"」永远选不上")
		}
	}
	require.Positive(t, contradictions)
	require.Positive(t, unreachable)
}

// TestFixesMend: whatever a violation offers to mend it, taken, mends that one.
func TestFixesMend(t *testing.T) {
	es := elements("平台!", "短信", "语音", "报表")
	es[1].MinUnits, es[1].MaxUnits = 10, 100
	rules := Rules{Rules: []Rule{{Requires, "报表", []string{"短信"}, 0}, {Excludes, "短信", []string{"语音"}, 0}, {RequiresAny, "语音", []string{"报表", "短信"}, 0}}}
	for _, chosen := range []map[string]int64{{}, {"报表": 1}, {"短信": 1}, {"短信": 1000}, {"语音": 1}, {"短信": 10, "语音": 1}, {"平台": 1, "报表": 1}} {
		var choices []Choice
		for name, q := range chosen {
			choices = append(choices, Choice{elements(name)[0].ID, q})
		}
		price, err := Compose(es, rules, nil, choices, 0, 12)
		require.NoError(t, err)
		for _, v := range price.Violations {
			if v.Fix == nil {
				continue
			}
			next := slices.DeleteFunc(slices.Clone(choices), func(c Choice) bool { return c.Element == v.Fix.Element })
			after, err := Compose(es, rules, nil, append(next, *v.Fix), 0, 12)
			require.NoError(t, err)
			require.False(t, slices.ContainsFunc(after.Violations, func(o Violation) bool { return o.Words == v.Words }), "%v: %s", chosen, v.Words.Zh)
		}
	}
}

// TestSheetRoundTrip: what is written in either language is read back the same;
// what cannot be read is named by its row.
func TestSheetRoundTrip(t *testing.T) {
	es := elements("平台!", "短信，国际", "语音", "报表")
	es[1].MinUnits, es[1].DefaultUnits, es[1].MaxUnits, es[1].PriceFen = 10, 20, 1000, 12_345
	es[1].Steps = []Step{{100, 10_000}, {500, 9_950}}
	rules := Rules{Groups: []Group{{"通道", 0, 1, []string{"短信，国际", "语音"}}}, Rules: []Rule{{Requires, "报表", []string{"短信，国际"}, 0}, {RequiresAny, "语音", []string{"报表", "平台"}, 0}, {AtMost, "短信，国际", []string{"语音"}, 50}}}
	for _, locale := range []string{"zh", "en"} {
		var table Table
		text := func(row []any) (out []string) {
			for _, c := range row {
				out = append(out, fmt.Sprint(c))
			}
			return out
		}
		table.Add(1, Header(locale))
		for i, row := range Sheet(es, rules, locale) {
			table.Add(i+2, text(row))
		}
		require.Empty(t, table.Faults)
		require.Equal(t, rules, table.Rules)
		for i := range es {
			want := es[i]
			want.ID = uuid.Nil
			require.Equal(t, want, table.Elements[i])
		}
	}
	var table Table
	table.Add(1, Header("zh"))
	table.Add(2, []string{"元素", "甲", "个", "按天", "1.234", "", "-1"})
	table.Add(3, []string{"什么"})
	table.Add(4, []string{"", " "})
	table.Add(5, []string{"element", "乙", "个", "monthly", "¥1,200.50", "yes"})
	rows := []int{}
	for _, f := range table.Faults {
		rows = append(rows, f.Row)
	}
	require.Equal(t, []int{2, 2, 2, 3}, rows)
	require.EqualValues(t, 120_050, table.Elements[1].PriceFen)
	require.True(t, table.Elements[1].Required)
}

// TestHardRules: holes for pigeons are as hard as rules get; as many as may take
// part are still found out, and more are refused before anybody tries.
func TestHardRules(t *testing.T) {
	pigeons := func(n int) (es []Element, r Rules) {
		holes := make([]Group, n)
		for i := range n + 1 {
			one := Group{Name: fmt.Sprint("鸽", i), Min: 1}
			for j := range n {
				name := fmt.Sprintf("鸽%d窝%d", i, j)
				es = append(es, elements(name)[0])
				one.Elements = append(one.Elements, name)
				holes[j].Elements = append(holes[j].Elements, name)
			}
			r.Groups = append(r.Groups, one)
		}
		for j, hole := range holes {
			hole.Name, hole.Max = fmt.Sprint("窝", j), 1
			r.Groups = append(r.Groups, hole)
		}
		return es, r
	}
	es, r := pigeons(6)
	require.Equal(t, "contradiction", check(r, es)[0].Code)
	es, r = pigeons(9)
	require.Equal(t, "too_many", check(r, es)[0].Code)
}
