package commission

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/tenants"
)

// A season is half a year of anything that may happen, in any order: sales on
// time and late, billing, refunds, ends, months closed, lines disputed and
// settled. After each month the whole ledger is checked.
func TestLedgerHoldsThroughAnySeason(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			season(t, rand.New(rand.NewPCG(seed, 7)))
		})
	}
}

func season(t *testing.T, r *rand.Rand) {
	w := newWorld(t)
	act := onActivation(tiers([]string{"whole", "marginal"}[r.IntN(2)], "month", steps...))
	act.HoldDays, act.Clawback = r.IntN(60), []Clawback{{2, 1_000_000}, {4, 500_000}}
	act.Cap = &Limit{Month: ptr[int64](600_000)}
	act.Split = []Part{{"seller", 650_000}, {"solution_owner", 250_000}, {"city", 100_000}}
	bill := Rule{ID: "b", Basis: Basis{Kind: Recurring, Months: []int{1, 6}}, Formula: rate(100_000), Clawback: []Clawback{{3, 333_333}}, Split: []Part{{"seller", 333_333}, {"solution_owner", 666_667}}}
	unit := Rule{ID: "u", Basis: Basis{Kind: "per_unit"}, Formula: Formula{Kind: "flat", Fen: ptr[int64](33)}, HoldDays: 10}
	w.publish(act, bill, unit)
	var sales []Event
	billed, refunded, ended := map[string]int{}, map[string]int64{}, map[string]bool{}
	month := "2026-01"
	for range 6 {
		for range 12 {
			day := r.IntN(28)
			w.now = at(fmt.Sprintf("%s-%02d", month, 1+day)).Add(time.Duration(r.IntN(60)) * time.Minute)
			when := w.now
			if r.IntN(4) == 0 { // it happened earlier and arrives now
				when = when.AddDate(0, 0, -r.IntN(50))
				if when.Before(at("2026-01-01")) {
					when = at("2026-01-01")
				}
			}
			who := w.a
			if r.IntN(3) == 0 {
				who = w.b
			}
			if len(sales) == 0 || r.IntN(2) == 0 {
				e := w.sale(who, "2026-01-01", r.Int64N(3_000_000))
				e.At = when
				sales = append(sales, e)
				w.record(e)
				continue
			}
			e := sales[r.IntN(len(sales))]
			if when.Before(e.At) {
				when = w.now
			}
			id := fmt.Sprint("x", w.events, "-", r.Uint64())
			switch r.IntN(3) {
			case 0:
				billed[e.ServiceNumber]++
				w.record(Event{ExternalID: id, Kind: Recurring, At: when, ServiceNumber: e.ServiceNumber, AmountFen: r.Int64N(500_000), Units: 3, Month: billed[e.ServiceNumber]})
			case 1:
				if left := e.AmountFen - refunded[e.ExternalID]; left > 0 {
					fen := 1 + r.Int64N(left)
					refunded[e.ExternalID] += fen
					w.record(Event{ExternalID: id, Kind: Refund, Of: e.ExternalID, At: when, ServiceNumber: e.ServiceNumber, AmountFen: -fen})
				}
			case 2:
				if !ended[e.ServiceNumber] && r.IntN(2) == 0 {
					ended[e.ServiceNumber] = true
					w.record(Event{ExternalID: id, Kind: Ended, At: when, ServiceNumber: e.ServiceNumber})
				}
			}
		}
		w.sound()
		w.on(nextMonth(month) + "-03")
		w.close(month)
		for _, st := range w.statements(month) {
			require.GreaterOrEqual(t, st.PayableFen, int64(0))
			who := map[string]int{w.a.Tenant.Name: 1, w.b.Tenant.Name: 2, w.owner.Tenant.Name: 3}[st.PartnerName]
			if who == 0 {
				continue // the city's own
			}
			actor := []tenants.Actor{w.a, w.b, w.owner}[who-1]
			d, err := w.s.Statement(w.ctx(), actor, st.ID)
			require.NoError(t, err)
			for _, l := range d.Items {
				if r.IntN(5) == 0 && l.DisputedIn == nil {
					_, err := w.s.Dispute(w.ctx(), actor, l.ID, "为什么")
					require.NoError(t, err)
					if r.IntN(2) == 0 {
						_, err = w.s.SettleDispute(w.ctx(), w.checker, l.ID, "已核对")
						require.NoError(t, err)
					}
				}
			}
			w.sound()
			if r.IntN(3) > 0 {
				_, err = w.s.Confirm(w.ctx(), actor, st.ID)
				require.NoError(t, err)
			}
		}
		w.on(nextMonth(month) + "-20")
		require.NoError(t, w.s.DeemJob(w.ctx(), nil))
		w.payouts(r, month)
		require.NoError(t, w.s.MatureJob(w.ctx(), nil))
		for _, l := range w.lines(w.maker) {
			if l.State == "disputed" && r.IntN(2) == 0 {
				_, err := w.s.SettleDispute(w.ctx(), w.checker, l.ID, "晚了")
				require.NoError(t, err)
			}
		}
		w.sound()
		month = nextMonth(month)
	}
}

// payouts pays what is ready, and the bank answers as banks do: late, twice,
// and with money that comes back.
func (w *testWorld) payouts(r *rand.Rand, month string) {
	w.Helper()
	for _, who := range []tenants.Actor{w.a, w.b, w.owner} {
		rows, _, err := w.s.Statements(w.ctx(), who, StatementQuery{Month: month, Limit: 1})
		require.NoError(w, err)
		if len(rows) > 0 && r.IntN(5) > 0 {
			w.ready(who, month)
		}
	}
	_, _, err := w.s.ApproveReady(w.ctx(), w.checker)
	require.NoError(w, err)
	for _, layout := range []string{"icbc", "internal"} {
		b, err := w.s.MakeBatch(w.ctx(), w.checker, layout)
		if code(err) == "nothing-to-pay" {
			continue
		}
		require.NoError(w, err)
		if r.IntN(4) == 0 {
			_, err = w.s.RejectBatch(w.ctx(), w.second, b.ID, "不对")
			require.NoError(w, err)
			continue
		}
		_, err = w.s.CheckBatch(w.ctx(), w.second, b.ID)
		require.NoError(w, err)
		b, err = w.s.SendBatch(w.ctx(), w.checker, b.ID)
		require.NoError(w, err)
		w.sound()
		for _, paid := range []bool{true, false} {
			for _, x := range w.answers(b, paid) {
				if r.IntN(3) > 0 && (paid || r.IntN(3) == 0) {
					w.answer(x)
					w.answer(x)
				}
			}
		}
	}
}
