package menu

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/marketplace/money"
)

func promotion(name string, ppm int64, stackable bool, of ...string) Promotion {
	return Promotion{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), Name: name, PPM: ppm, Stackable: stackable, Elements: of}
}

func TestPriceInOrder(t *testing.T) {
	es := elements("平台", "短信")
	es[0].Billing, es[0].PriceFen = "one_off", 1_000_000
	es[1].PriceFen, es[1].Steps = 100, []Step{{100, 80}, {1000, 50}}
	choices := []Choice{{es[0].ID, 1}, {es[1].ID, 100}}
	// 100 x 0.80; then 10 % and 20 % off what is left of the messages; then 5 %.
	p, err := Compose(es, Rules{}, []Promotion{promotion("一", 100_000, true, "短信"), promotion("二", 200_000, true, "短信")}, choices, 50_000, 12)
	require.NoError(t, err)
	sms := p.Lines[1]
	require.Equal(t, []int64{2_000, 800, 1_440}, []int64{sms.StepFen, sms.Promotions[0].Fen, sms.Promotions[1].Fen})
	require.EqualValues(t, 10_000-2_000-800-1_440-288, sms.AmountFen)
	require.EqualValues(t, []int64{800 * 12, 1_440 * 12}, []int64{p.Promotions[0].Fen, p.Promotions[1].Fen}, "a budget bears the whole term")
	// One that does not stack is taken alone where it is better.
	p, err = Compose(es, Rules{}, []Promotion{promotion("一", 100_000, true), promotion("独", 300_000, false)}, choices, 0, 12)
	require.NoError(t, err)
	require.Len(t, p.Promotions, 1)
	require.Equal(t, "独", p.Promotions[0].Name)
	p, err = Compose(es, Rules{}, []Promotion{promotion("一", 300_000, true), promotion("独", 300_000, false)}, choices, 0, 12)
	require.NoError(t, err)
	require.Equal(t, "一", p.Promotions[0].Name, "as good: those that stack stay")
	// By use, it is off the price of a use and costs a budget nothing beforehand.
	es[1].Billing = "per_use"
	p, err = Compose(es, Rules{}, []Promotion{promotion("次", 100_000, false, "短信")}, choices, 0, 12)
	require.NoError(t, err)
	require.EqualValues(t, []int64{800, 0}, []int64{p.Lines[1].Promotions[0].Fen, p.Promotions[0].Fen})
	es[1].Billing = "monthly"
	// What a budget does not bear is left out.
	left := int64(100)
	poor := promotion("穷", 300_000, true)
	poor.LeftFen = &left
	p, err = Compose(es, Rules{}, []Promotion{poor}, choices, 0, 12)
	require.NoError(t, err)
	require.Empty(t, p.Promotions)
	// A city's price below the step counts.
	es[1].PriceFen = 40
	p, err = Compose(es, Rules{}, nil, choices, 0, 12)
	require.NoError(t, err)
	require.Zero(t, p.StepFen)
}

// TestPricesAddUp: over random menus, quantities, promotions and discounts,
// nothing is lost: a line is its list less what is off, lines make the totals,
// each discount is the sum of its shares, more of it is never dearer, and
// nothing is below zero.
func TestPricesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 5_000 {
		var es []Element
		var choices []Choice
		var names []string
		for i := range 1 + r.IntN(6) {
			e := elements(string(rune('a' + i)))[0]
			e.PriceFen, e.Billing = r.Int64N(1_000_000), []string{"one_off", "monthly", "per_use"}[r.IntN(3)]
			if price := e.PriceFen; r.IntN(2) == 0 && price > 2 {
				e.Steps = []Step{{2 + r.Int64N(5), price - 1 - r.Int64N(price-1)}}
			}
			es, names = append(es, e), append(names, e.Name)
			choices = append(choices, Choice{e.ID, r.Int64N(12)})
		}
		var promotions []Promotion
		for i := range r.IntN(4) {
			x := promotion(string(rune('p'+i)), 1+r.Int64N(500_000), r.IntN(2) == 0)
			if r.IntN(2) == 0 {
				x.Elements = names[:1+r.IntN(len(names))]
			}
			if r.IntN(3) == 0 {
				left := r.Int64N(2_000_000)
				x.LeftFen = &left
			}
			promotions = append(promotions, x)
		}
		discount, term := r.Int64N(MostPPM+1), 1+r.IntN(36)
		p, err := Compose(es, Rules{}, promotions, choices, discount, term)
		require.NoError(t, err)
		dear, err := Compose(es, Rules{}, nil, choices, 0, term)
		require.NoError(t, err)
		var oneOff, monthly, manual, base int64
		taken := map[uuid.UUID]int64{}
		for _, l := range p.Lines {
			off := l.StepFen + l.DiscountFen
			for _, x := range l.Promotions {
				off += x.Fen
				switch l.Billing {
				case "one_off":
					taken[x.ID] += x.Fen
				case "monthly":
					taken[x.ID] += x.Fen * int64(term)
				}
			}
			require.Equal(t, l.Quantity*l.ListFen-off, l.AmountFen)
			require.GreaterOrEqual(t, l.AmountFen, int64(0))
			require.GreaterOrEqual(t, l.StepFen, int64(0))
			switch l.Billing {
			case "one_off":
				oneOff += l.AmountFen
			case "monthly":
				monthly += l.AmountFen
			}
			manual += l.DiscountFen
			base += l.AmountFen + l.DiscountFen
		}
		require.Equal(t, []int64{oneOff, monthly, oneOff + monthly*int64(term), manual}, []int64{p.OneOffFen, p.MonthlyFen, p.TotalFen, p.DiscountFen})
		want, err := money.Rate(base, discount)
		require.NoError(t, err)
		require.Equal(t, want, manual, "rounded once, shared to the fen")
		for _, x := range p.Promotions {
			require.Equal(t, taken[x.ID], x.Fen)
			for _, m := range promotions {
				if m.ID == x.ID && m.LeftFen != nil {
					require.LessOrEqual(t, x.Fen, *m.LeftFen)
				}
				require.True(t, m.ID != x.ID || m.Stackable || len(p.Promotions) == 1, "one that does not stack stands alone")
			}
		}
		// A price and what is split off it add up.
		cut := r.IntN(len(p.Lines) + 1)
		inFirst := func(l Line) bool {
			return slices.IndexFunc(p.Lines, func(x Line) bool { return x.Element == l.Element }) < cut
		}
		first, err := p.Part(inFirst)
		require.NoError(t, err)
		second, err := p.Part(func(l Line) bool { return !inFirst(l) })
		require.NoError(t, err)
		require.Equal(t, []int64{p.OneOffFen, p.MonthlyFen, p.TotalFen, p.DiscountFen, p.StepFen},
			[]int64{first.OneOffFen + second.OneOffFen, first.MonthlyFen + second.MonthlyFen, first.TotalFen + second.TotalFen, first.DiscountFen + second.DiscountFen, first.StepFen + second.StepFen})
		for _, x := range p.Promotions {
			sum := int64(0)
			for _, y := range append(slices.Clone(first.Promotions), second.Promotions...) {
				if y.ID == x.ID {
					sum += y.Fen
				}
			}
			require.Equal(t, x.Fen, sum)
		}
		// Sold together with another price: rounded once, nothing is lost between them.
		bundle := Applied{ID: uuid.New(), Name: "套餐", Kind: KindBundle}
		together, err := Bundled([]Price{p, dear}, bundle, discount)
		require.NoError(t, err)
		sum, taken2, less := int64(0), int64(0), int64(0)
		for i, was := range []Price{p, dear} {
			for k, l := range was.Lines {
				sum += l.AmountFen
				taken2 += l.AmountFen - together[i].Lines[k].AmountFen
				require.GreaterOrEqual(t, together[i].Lines[k].AmountFen, int64(0))
			}
			less += was.TotalFen - together[i].TotalFen
		}
		off, err := money.Rate(sum, discount)
		require.NoError(t, err)
		require.Equal(t, off, taken2)
		require.GreaterOrEqual(t, less, int64(0))
		for _, x := range together {
			var one, month int64
			for _, l := range x.Lines {
				switch l.Billing {
				case "one_off":
					one += l.AmountFen
				case "monthly":
					month += l.AmountFen
				}
			}
			require.Equal(t, []int64{one, month, one + month*int64(term)}, []int64{x.OneOffFen, x.MonthlyFen, x.TotalFen})
		}
		dearer, err := Compose(es, Rules{}, promotions, choices, discount/2, term)
		require.NoError(t, err)
		require.LessOrEqual(t, p.TotalFen, dearer.TotalFen)
		again, err := Compose(es, Rules{}, promotions, choices, discount, term)
		require.NoError(t, err)
		require.Equal(t, p, again)
	}
}
