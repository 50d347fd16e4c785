package order

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/marketplace/menu"
)

// simulated is an order of the simulation: what it costs, who supplies it, and
// where it stands.
type simulated struct {
	price    menu.Price
	supplier int
	state    string
	delivery string
	quote    int // that it is a part of
}

// TestHundredThousandOrders walks a seeded hundred thousand quotes, some of
// bundles, through the tables of states with partial hand-overs, returns and
// ends, and reconciles: parts are the quote, suppliers' shares are the revenue,
// lines are the total, to the fen, and no order stands where the table does not
// lead.
func TestHundredThousandOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 11))
	menus := make([][]menu.Element, 40)
	for i := range menus {
		for k := range 2 + r.IntN(8) {
			menus[i] = append(menus[i], menu.Element{ID: uuid.New(), Name: fmt.Sprint("e", k), Unit: "个", Billing: []string{"one_off", "monthly", "per_use"}[r.IntN(3)], PriceFen: r.Int64N(2_000_000)})
		}
	}
	promotion := menu.Promotion{ID: uuid.New(), Name: "p", PPM: 123_456, Stackable: true}
	group := menu.Promotion{ID: uuid.New(), Name: "g", PPM: 61_803, Group: true}
	compose := func() (menu.Price, int) {
		supplier := r.IntN(len(menus))
		var choices []menu.Choice
		for _, e := range menus[supplier] {
			if n := r.Int64N(4); n > 0 || len(choices) == 0 {
				choices = append(choices, menu.Choice{Element: e.ID, Quantity: max(n, 1)})
			}
		}
		var off []menu.Promotion
		if r.IntN(3) == 0 {
			off = append(off, promotion)
		}
		if r.IntN(5) == 0 {
			off = append(off, group)
		}
		p, err := menu.Compose(menus[supplier], menu.Rules{}, off, choices, r.Int64N(menu.MostPPM), 1+r.IntN(36))
		require.NoError(t, err)
		require.Empty(t, p.Violations)
		return p, supplier
	}
	const n = 100_000
	quoted := make([]int64, 0, n) // total of each quote
	lines := func(p menu.Price) (total int64) {
		for _, l := range p.Lines {
			switch l.Billing {
			case "one_off":
				total += l.AmountFen
			case "monthly":
				total += l.AmountFen * int64(p.TermMonths)
			}
		}
		return total
	}
	var orders []simulated
	bundle := menu.Applied{ID: uuid.New(), Name: "b", Kind: menu.KindBundle}
	for len(quoted) < n {
		var prices []menu.Price
		var suppliers []int
		for range 1 + max(0, r.IntN(12)-8) { // now and then a bundle of two to four
			p, s := compose()
			prices, suppliers = append(prices, p), append(suppliers, s)
		}
		if len(prices) > 1 {
			var err error
			before := int64(0)
			for _, p := range prices {
				before += lines(p)
			}
			prices, err = menu.Bundled(prices, bundle, r.Int64N(300_000))
			require.NoError(t, err)
			after := int64(0)
			for _, p := range prices {
				after += lines(p)
			}
			require.LessOrEqual(t, after, before)
		}
		for i, p := range prices {
			require.Equal(t, lines(p), p.TotalFen)
			quoted = append(quoted, p.TotalFen)
			orders = append(orders, simulated{p, suppliers[i], Machine.Initial, "", len(quoted) - 1})
		}
	}
	reached := map[string]int{}
	for i := 0; i < len(orders); i++ { // parts are walked too, from where they begin
		for range r.IntN(14) {
			o := &orders[i]
			var can []string
			for _, step := range Machine.Table {
				for _, from := range step.From {
					if from == o.state {
						can = append(can, step.Action)
					}
				}
			}
			if len(can) == 0 {
				break
			}
			action := can[r.IntN(len(can))]
			step, err := Machine.Take(o.state, action, "因为")
			require.NoError(t, err)
			follow := map[string]string{"provision": "start", "deliver": "finish", "record_acceptance": "accept", "return_delivery": "return", "cancel": "cancel"}[action]
			switch {
			case action == "accept":
				o.delivery = DeliveryMachine.Initial
			case action == "provision" && o.delivery != "waiting": // it was provisioned already
			case follow != "" && o.delivery != "":
				d, err := DeliveryMachine.Take(o.delivery, follow, "因为")
				require.NoError(t, err, "%s of an order %s while its delivery is %s", action, o.state, o.delivery)
				o.delivery = d.To
			}
			o.state = step.To
			if action == "record_acceptance" && len(o.price.Lines) > 1 && r.IntN(4) == 0 {
				cut := 1 + r.IntN(len(o.price.Lines)-1)
				at := map[uuid.UUID]int{}
				for k, l := range o.price.Lines {
					at[l.Element] = k
				}
				whole := o.price
				kept, err := whole.Part(func(l menu.Line) bool { return at[l.Element] < cut })
				require.NoError(t, err)
				rest, err := whole.Part(func(l menu.Line) bool { return at[l.Element] >= cut })
				require.NoError(t, err)
				require.Equal(t, []int64{whole.TotalFen, whole.OneOffFen, whole.MonthlyFen}, []int64{kept.TotalFen + rest.TotalFen, kept.OneOffFen + rest.OneOffFen, kept.MonthlyFen + rest.MonthlyFen})
				o.price = kept
				orders = append(orders, simulated{rest, o.supplier, "provisioning", "in_progress", o.quote})
			}
		}
		reached[orders[i].state]++
	}
	states := Machine.States()
	sum, byQuote, bySupplier := int64(0), make([]int64, len(quoted)), make([]int64, len(menus))
	for _, o := range orders {
		require.Contains(t, states, o.state)
		byQuote[o.quote] += o.price.TotalFen
		bySupplier[o.supplier] += o.price.TotalFen
		sum += lines(o.price)
		switch o.state {
		case "submitted":
			require.Empty(t, o.delivery)
		case "accepted":
			require.Equal(t, "waiting", o.delivery)
		case "provisioning":
			require.Equal(t, "in_progress", o.delivery)
		case "delivered":
			require.Equal(t, "done", o.delivery)
		case "active", "suspended", "ended":
			require.Equal(t, "accepted", o.delivery)
		case "cancelled":
			require.Contains(t, []string{"", "cancelled"}, o.delivery)
		}
	}
	require.Equal(t, quoted, byQuote, "the parts of each quote are the quote")
	revenue := int64(0)
	for _, fen := range quoted {
		revenue += fen
	}
	shares := int64(0)
	for _, fen := range bySupplier {
		shares += fen
	}
	require.Equal(t, []int64{revenue, revenue}, []int64{shares, sum}, "suppliers' shares and lines are the revenue")
	all := 0
	for _, k := range reached {
		all += k
	}
	require.Equal(t, len(orders), all)
	require.Greater(t, len(orders), n)
	for _, state := range states {
		require.Positive(t, reached[state], state)
	}
	t.Logf("%d quotes, %d orders, %d fen: %v", len(quoted), len(orders), revenue, reached)
}
