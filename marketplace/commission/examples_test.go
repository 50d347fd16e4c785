package commission

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
)

// The worked examples of design/commissions.md, by their numbers.

var (
	seller = uuid.MustParse("01900000-0000-7000-8000-000000000001")
	owner  = uuid.MustParse("01900000-0000-7000-8000-000000000002")
	theOne = uuid.MustParse("01900000-0000-7000-8000-0000000000aa")
)

func ptr[T any](v T) *T { return &v }

func at(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, calendar.Shanghai)
	if err != nil {
		panic(err)
	}
	return t.Add(10 * time.Hour).UTC()
}

func rate(ppm int64) Formula { return Formula{Kind: "rate", PPM: &ppm} }

func tiers(mode, per string, steps ...int64) Formula {
	f := Formula{Kind: "tiers", Mode: mode, Per: per}
	for i := 0; i < len(steps); i += 2 {
		f.Steps = append(f.Steps, Tier{From: steps[i], PPM: &steps[i+1]})
	}
	return f
}

func onActivation(f Formula) Rule {
	return Rule{ID: "r", Basis: Basis{Kind: Activation}, Formula: f}
}

func planOf(rules ...Rule) []Version {
	d := Document{Plan: "p", ValidFrom: "2026-01-01", Currency: "CNY", Rules: rules}
	var c fault.Checker
	d.Validate(&c)
	if err := c.Err(); err != nil {
		panic(fmt.Sprintf("%+v", err))
	}
	return []Version{{ID: theOne, Number: 1, Document: d}}
}

func activation(id string, day string, fen int64) Event {
	return Event{
		ExternalID: id, Kind: Activation, At: at(day), AmountFen: fen, ServiceID: uuid.NewSHA1(uuid.Nil, []byte(id)), Seller: seller, SolutionOwner: owner,
		Product: "qixintong", Category: "comms", CityCode: "4401", SellerTier: "preferred", SellerCapabilities: []string{"agent"}, AccountKind: "enterprise", NewAccount: true,
	}
}

func party(to string, e Event) (Party, bool) {
	switch to {
	case "seller":
		return Party{e.Seller, "S"}, e.Seller != uuid.Nil
	case "solution_owner":
		return Party{e.SolutionOwner, "O"}, e.SolutionOwner != uuid.Nil
	}
	return Party{}, false
}

func compute(t require.TestingT, versions []Version, events []Event, back ...Event) []Computed {
	lines, err := Compute(Input{Versions: versions, Events: events, Reversals: back, Party: party})
	require.NoError(t, err)
	return lines
}

func fens(lines []Computed) []int64 {
	var out []int64
	for _, l := range lines {
		out = append(out, l.LineFen)
	}
	return out
}

func month(amounts ...int64) []Event {
	var events []Event
	for i, a := range amounts {
		events = append(events, activation(fmt.Sprintf("e%02d", i), fmt.Sprintf("2026-01-%02d", i+1), a))
	}
	return events
}

func one(t *testing.T, r Rule, fen int64) int64 {
	lines := compute(t, planOf(r), month(fen))
	require.Len(t, lines, 1)
	return lines[0].LineFen
}

func TestExample01RateRoundsHalfAwayFromZero(t *testing.T) {
	require.EqualValues(t, 9_876, one(t, onActivation(rate(80_000)), 123_456))
	require.EqualValues(t, 7, one(t, onActivation(rate(50_000)), 130))
}

func TestExample02FloorDoesNotLiftZero(t *testing.T) {
	r := onActivation(rate(80_000))
	r.Floor = &Limit{Line: ptr[int64](1_000)}
	require.EqualValues(t, 1_000, one(t, r, 5_000))
	require.EqualValues(t, 0, one(t, r, 0))
	flat := onActivation(Formula{Kind: "flat", Fen: ptr[int64](300)})
	flat.Floor = r.Floor
	require.EqualValues(t, 300, one(t, flat, 0), "a flat amount is paid whatever the amount; the floor does not lift it")
}

func TestExample03LineCap(t *testing.T) {
	r := onActivation(rate(80_000))
	r.Cap = &Limit{Line: ptr[int64](5_000_000)}
	require.EqualValues(t, 5_000_000, one(t, r, 100_000_000))
}

func TestExample04MonthCap(t *testing.T) {
	r := onActivation(rate(80_000))
	r.Cap = &Limit{Month: ptr[int64](20_000_000)}
	require.Equal(t, []int64{8_000_000, 8_000_000, 4_000_000}, fens(compute(t, planOf(r), month(100_000_000, 100_000_000, 100_000_000))))
	require.Equal(t, []int64{8_000_000, 8_000_000, 4_000_000, 0}, fens(compute(t, planOf(r), month(100_000_000, 100_000_000, 100_000_000, 5))))
}

var steps = []int64{0, 50_000, 1_000_000, 80_000, 5_000_000, 100_000}

func TestExample05TiersPerEvent(t *testing.T) {
	require.EqualValues(t, 490_000, one(t, onActivation(tiers("marginal", "event", steps...)), 6_200_000))
	require.EqualValues(t, 620_000, one(t, onActivation(tiers("whole", "event", steps...)), 6_200_000))
}

func TestExample06MarginalPerMonth(t *testing.T) {
	r := onActivation(tiers("marginal", "month", steps...))
	events := month(800_000, 400_000, 4_000_000)
	slices.Reverse(events)
	require.Equal(t, []int64{40_000, 26_000, 324_000}, fens(compute(t, planOf(r), events)))
	require.EqualValues(t, 390_000, one(t, r, 5_200_000))
}

func TestExample07WholePerMonth(t *testing.T) {
	r := onActivation(tiers("whole", "month", steps...))
	require.Equal(t, []int64{80_000, 40_000, 400_000}, fens(compute(t, planOf(r), month(800_000, 400_000, 4_000_000))))
}

func TestExample08PerUnit(t *testing.T) {
	e := activation("u", "2026-01-05", 1)
	e.Units = 1_200
	flat := Rule{ID: "u", Basis: Basis{Kind: "per_unit"}, Formula: Formula{Kind: "flat", Fen: ptr[int64](300)}}
	require.Equal(t, []int64{360_000}, fens(compute(t, planOf(flat), []Event{e})))
	tiered := flat
	tiered.Formula = Formula{Kind: "tiers", Mode: "marginal", Per: "event", Steps: []Tier{{From: 0, Fen: ptr[int64](300)}, {From: 1_000, Fen: ptr[int64](200)}}}
	require.Equal(t, []int64{340_000}, fens(compute(t, planOf(tiered), []Event{e})))
	both := compute(t, planOf(flat, onActivation(Formula{Kind: "flat", Fen: ptr[int64](1)})), []Event{e})
	require.Equal(t, []int64{1, 360_000}, fens(both), "once by amount and once by unit")
}

func TestExample09Split(t *testing.T) {
	r := onActivation(rate(80_000))
	r.Split = []Part{{"seller", 700_000}, {"solution_owner", 300_000}}
	l := compute(t, planOf(r), month(123_456))[0]
	require.EqualValues(t, 6_913, l.Shares[0].Fen)
	require.EqualValues(t, 2_963, l.Shares[1].Fen)
	own := month(123_456)
	own[0].SolutionOwner = uuid.Nil
	l = compute(t, planOf(r), own)[0]
	require.EqualValues(t, 9_876, l.LineFen)
	require.Len(t, l.Shares, 1, "the part of a missing party is not paid")
	require.EqualValues(t, 6_913, l.Shares[0].Fen)
	require.True(t, l.Explain.Split[1].Missing)
	require.EqualValues(t, 2_963, l.Explain.Split[1].Fen)
}

func TestExample10Clawback(t *testing.T) {
	r := onActivation(Formula{Kind: "flat", Fen: ptr[int64](9_877)})
	r.Clawback = []Clawback{{3, 1_000_000}, {6, 500_000}}
	a := activation("a", "2026-01-15", 100)
	for day, want := range map[string]int64{"2026-04-14": -9_877, "2026-04-15": -4_939, "2026-07-14": -4_939, "2026-07-15": 0} {
		end := Event{ExternalID: "x", Kind: Ended, At: at(day), ServiceID: a.ServiceID}
		lines := compute(t, planOf(r), []Event{a}, end)
		if want == 0 {
			require.Len(t, lines, 1, day)
			continue
		}
		require.Equal(t, want, lines[1].LineFen, day)
		require.Equal(t, LineClawback, lines[1].Kind)
		twice := end
		twice.ExternalID = "y"
		require.Len(t, compute(t, planOf(r), []Event{a}, end, twice), 2, "a service ends once")
	}
	require.Equal(t, "2026-02-28", calendar.AddMonths("2026-01-31", 1))
	require.Equal(t, "2028-02-29", calendar.AddMonths("2028-01-31", 1))
	require.Equal(t, "2027-01-31", calendar.AddMonths("2026-10-31", 3))
	require.Equal(t, "2026-04-30", calendar.AddMonths("2025-12-31", 4))
}

func refund(id, of, day string, fen int64) Event {
	return Event{ExternalID: id, Kind: Refund, Of: of, At: at(day), AmountFen: -fen}
}

func TestExample11Refund(t *testing.T) {
	r := onActivation(rate(80_000))
	r.Split = []Part{{"seller", 700_000}, {"solution_owner", 300_000}}
	e := activation("a", "2026-01-15", 123_456)
	lines := compute(t, planOf(r), []Event{e}, refund("r2", "a", "2026-02-03", 83_456), refund("r1", "a", "2026-02-02", 40_000))
	require.Equal(t, []int64{9_876, -3_200, -6_676}, fens(lines))
	// After a reversal each party holds the split of what is left.
	require.EqualValues(t, 6_913-4_673, -lines[1].Shares[0].Fen)
	require.EqualValues(t, 4_673, lines[0].Shares[0].Fen+lines[1].Shares[0].Fen)
	require.EqualValues(t, 0, lines[0].Shares[1].Fen+lines[1].Shares[1].Fen+lines[2].Shares[1].Fen)
	require.Equal(t, []int64{0}, fens(compute(t, planOf(r), []Event{activation("z", "2026-01-15", 0)}, refund("r", "z", "2026-02-02", 5))))
	// Never more than what clawback left.
	r.Clawback = []Clawback{{12, 900_000}}
	end := Event{ExternalID: "x", Kind: Ended, At: at("2026-02-01"), ServiceID: e.ServiceID}
	require.Equal(t, []int64{9_876, -8_888, -988}, fens(compute(t, planOf(r), []Event{e}, end, refund("r", "a", "2026-02-02", 60_000))))
}

func TestExample12StatementCarries(t *testing.T) {
	var carry int64
	for i, want := range []struct{ total, pays, carry int64 }{{5_000 - 8_000, 0, -3_000}, {2_000, 0, -1_000}, {4_000, 3_000, 0}} {
		pays, out := payable(want.total, 0, carry)
		require.Equal(t, want.pays, pays, "month %d", i)
		require.Equal(t, want.carry, out, "month %d", i)
		carry = out
	}
}

func TestRecurringMonthsAreAClosedRange(t *testing.T) {
	r := Rule{ID: "m", Basis: Basis{Kind: Recurring, Months: []int{2, 3}}, Formula: rate(100_000)}
	var events []Event
	for n := 1; n <= 4; n++ {
		e := activation(fmt.Sprint("m", n), "2026-05-20", 1_000)
		e.Kind, e.Month = Recurring, n
		events = append(events, e)
	}
	lines := compute(t, planOf(r), events)
	require.Len(t, lines, 2)
	require.Equal(t, "2026-05-01", lines[0].DueOn, "the business date of recurring revenue is the first of its month")
}

func TestSelfDealingEarnsNothing(t *testing.T) {
	r := onActivation(tiers("marginal", "month", steps...))
	events := month(800_000, 5_000_000, 400_000)
	events[1].SelfDealing = true
	require.Equal(t, []int64{40_000, 0, 26_000}, fens(compute(t, planOf(r), events)), "nor lifts it the month")
}

func TestMostSpecificRuleWins(t *testing.T) {
	rule := func(id string, m Match, ppm int64) Rule {
		return Rule{ID: id, Match: m, Basis: Basis{Kind: Activation}, Formula: rate(ppm)}
	}
	any := rule("any", Match{}, 10_000)
	many := rule("many", Match{Category: []string{"comms"}, City: []string{"4401"}, Tier: []string{"preferred"}, Capability: []string{"agent"}, AccountKind: []string{"enterprise"}, Account: "new"}, 20_000)
	product := rule("product", Match{Product: []string{"qixintong"}}, 30_000)
	other := rule("other", Match{Product: []string{"qixintong"}, Tier: []string{"strategic"}}, 90_000)
	versions := planOf(any, many, product, other)
	l := compute(t, versions, month(1_000))[0]
	require.Equal(t, "product", l.Rule, "a rule naming a product beats any that does not")
	require.Equal(t, []Other{{"many", "", "less_specific", "product"}, {"any", "", "less_specific", "product"}}, l.Explain.Lost)
	require.Equal(t, []Other{{"other", "", "missed", "tier"}}, l.Explain.Near)

	city := "4401"
	versions = append(versions, Version{ID: uuid.New(), Number: 1, Document: Document{Plan: "gz", City: &city, ValidFrom: "2026-01-01", Rules: []Rule{rule("own", Match{}, 5_000)}}})
	require.Equal(t, "own", compute(t, versions, month(1_000))[0].Rule, "the city's own plan goes first")
	elsewhere := month(1_000)
	elsewhere[0].CityCode = "4403"
	require.Equal(t, "product", compute(t, versions, elsewhere)[0].Rule)
}

func TestVersionInForceIsOfTheBusinessDate(t *testing.T) {
	v := planOf(onActivation(rate(10_000)))
	later := v[0]
	later.ID, later.Number, later.Order, later.ValidFrom, later.ValidTo = uuid.New(), 2, 1, "2026-03-01", ptr("2026-04-01")
	v = append(v, later)
	for day, want := range map[string]int{"2026-02-28": 1, "2026-03-01": 2, "2026-03-31": 2, "2026-04-01": 1} {
		require.Equal(t, want, InForce(v, "", day).Number, day)
	}
	require.Nil(t, InForce(v, "", "2025-12-31"))
}

func TestConflicts(t *testing.T) {
	rule := func(id string, m Match, b Basis) Rule { return Rule{ID: id, Match: m, Basis: b, Formula: rate(1)} }
	act := Basis{Kind: Activation}
	a := rule("a", Match{Product: []string{"x", "y"}, Tier: []string{"preferred"}}, act)
	for name, c := range map[string]struct {
		other Rule
		tie   bool
	}{
		"values in common":      {rule("b", Match{Product: []string{"y"}, Tier: []string{"preferred", "strategic"}}, act), true},
		"no product in common":  {rule("b", Match{Product: []string{"z"}, Tier: []string{"preferred"}}, act), false},
		"other fields":          {rule("b", Match{Product: []string{"x"}, City: []string{"4401"}}, act), false},
		"other basis":           {rule("b", a.Match, Basis{Kind: "per_unit"}), false},
		"more specific":         {rule("b", Match{Product: []string{"x"}, Tier: []string{"preferred"}, Account: "new"}, act), false},
		"unit on another event": {rule("b", a.Match, Basis{Kind: "per_unit", On: Recurring}), false},
	} {
		got := Document{Rules: []Rule{a, c.other}}.Conflicts()
		require.Equal(t, c.tie, len(got) == 1, name)
		if c.tie {
			require.Equal(t, "a", got[0].First)
			require.Equal(t, "b", got[0].Second)
			require.Equal(t, "一笔业务开通：产品为y，合作等级为优选", got[0].Example.Zh)
			require.Equal(t, "One event of activation: product y, tier preferred", got[0].Example.En)
		}
	}
	early, late := rule("a", Match{}, Basis{Kind: Recurring, Months: []int{1, 6}}), rule("b", Match{}, Basis{Kind: Recurring, Months: []int{7, 12}})
	require.Empty(t, Document{Rules: []Rule{early, late}}.Conflicts(), "no months in common")
	late.Basis.Months = []int{6, 12}
	require.Contains(t, Document{Rules: []Rule{early, late}}.Conflicts()[0].Example.Zh, "第 6 个计费月")
}

func TestValidateReportsEveryFault(t *testing.T) {
	d := Document{Plan: "Ü", ValidFrom: "2026-13-01", ValidTo: ptr("x"), Currency: "USD", Rules: []Rule{
		{
			ID: "a", Match: Match{Tier: []string{"gold"}, Product: []string{""}, Account: "old"}, Basis: Basis{Kind: Activation, On: Activation, Months: []int{3, 1}},
			Formula: Formula{Kind: "tiers", Fen: ptr[int64](1), Steps: []Tier{{From: 5, PPM: ptr[int64](-1)}, {From: 5}, {From: 7, Fen: ptr[int64](1)}}},
			Floor:   &Limit{Line: ptr[int64](9)}, Cap: &Limit{Line: ptr[int64](5)}, HoldDays: -1, Clawback: []Clawback{{3, 1}, {3, 2_000_000}}, Split: []Part{{"seller", 5}, {"seller", 5}, {"partner:", 1}},
		},
		{ID: "a", Basis: Basis{Kind: "none"}, Formula: Formula{Kind: "rate", Fen: ptr[int64](1)}, Cap: &Limit{}},
	}}
	var c fault.Checker
	d.Validate(&c)
	got := map[string]string{}
	for _, f := range faultOf(c.Err()).Fields {
		got[f.Name] = f.Code
	}
	require.Equal(t, map[string]string{
		"plan": "format", "valid_from": "date", "valid_to": "date", "currency": "unknown",
		"rules[0].match.tier[0]": "unknown", "rules[0].match.product[0]": "required", "rules[0].match.account": "unknown",
		"rules[0].basis.on": "unexpected", "rules[0].basis.months": "range", "rules[0].formula.fen": "unexpected", "rules[0].formula.mode": "unknown", "rules[0].formula.per": "unknown",
		"rules[0].formula.steps[0].from": "first", "rules[0].formula.steps[0].ppm": "range", "rules[0].formula.steps[1].from": "order", "rules[0].formula.steps[1].ppm": "required",
		"rules[0].formula.steps[2].fen": "unexpected", "rules[0].floor.line_fen": "order", "rules[0].hold_days": "range",
		"rules[0].clawback[1].within_months": "order", "rules[0].clawback[1].ppm": "range", "rules[0].split[1].to": "repeated", "rules[0].split[2].to": "required", "rules[0].split": "sum",
		"rules[1].id": "repeated", "rules[1].basis.kind": "unknown", "rules[1].formula.fen": "unexpected", "rules[1].formula.ppm": "required", "rules[1].cap": "required",
	}, got)
}

func TestReceiptNamesEveryNumber(t *testing.T) {
	r := onActivation(tiers("marginal", "month", steps...))
	r.Note, r.HoldDays, r.Clawback, r.Cap = "企信通", 30, []Clawback{{3, 1_000_000}}, &Limit{Month: ptr[int64](60_000)}
	r.Split = []Part{{"seller", 700_000}, {"city", 300_000}}
	l := compute(t, planOf(r), month(800_000, 400_000))[1]
	var zh, en []string
	for _, s := range l.Explain.Words() {
		zh, en = append(zh, s.Words.Zh), append(en, s.Words.En)
		require.NotContains(t, s.Words.Zh+s.Words.En, "%!")
	}
	require.Contains(t, zh, "超额累进阶梯，按当月累计：本笔之前 8,000.00 元，本笔 4,000.00 元")
	require.Contains(t, zh, "2,000.00 元 × 8%（10,000.00 元起的一档）")
	require.Contains(t, zh, "260.00 元：本规则每月封顶 600.00 元，本月此前已计 400.00 元")
	require.Contains(t, zh, "保留 30 天，2026-02-01 起可结算")
	require.Contains(t, zh, "服务在 2026-04-02 之前终止，追回剩余部分的 100%")
	require.Contains(t, zh, "市公司 应得 30% = 60.00 元：没有这一方，不支付")
	require.Contains(t, en, "26000 fen in all, rounded half away from zero = 260.00 yuan")
	var why []string
	for _, w := range l.Explain.WhyNot() {
		why = append(why, w.Zh)
	}
	require.Contains(t, why, "再多 38,000.00 元就到下一档（10%）")
	require.Equal(t, "企信通：所有业务，业务开通时按当月累计超额累进阶梯 0.00+ → 5%, 10,000.00+ → 8%, 50,000.00+ → 10%；每月封顶 600.00 元；保留 30 天；3 个月内终止追回 100%；分成 销售方 70%、市公司 30%", r.Sentence().Zh)
}

func faultOf(err error) *fault.Error {
	f, ok := fault.As(err)
	if !ok {
		panic(err)
	}
	return f
}
