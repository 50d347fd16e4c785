package commission

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

func split() Rule {
	r := onActivation(rate(80_000))
	r.Split = []Part{{"seller", 700_000}, {"solution_owner", 300_000}}
	return r
}

func TestEventsAreCountedOnce(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	e := w.sale(w.a, "2026-01-10", 123_456)
	accepted, repeated, err := w.s.Record(w.ctx(), w.system, []Event{e})
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{accepted, repeated})
	again := e
	again.SellerTier = "strategic" // looked up again by a sender that tries again: not another event
	accepted, repeated, err = w.s.Record(w.ctx(), w.system, []Event{again, again})
	require.NoError(t, err)
	require.Equal(t, []int{0, 2}, []int{accepted, repeated})
	e.AmountFen++
	_, _, err = w.s.Record(w.ctx(), w.system, []Event{e})
	require.Equal(t, "event-differs", code(err))

	// Raced: one event, fifty senders.
	raced := w.sale(w.a, "2026-01-11", 1_000)
	var wg sync.WaitGroup
	var first atomic.Int64
	for range 50 {
		wg.Go(func() {
			n, _, err := w.s.Record(w.ctx(), w.system, []Event{raced})
			if err != nil {
				t.Error(err)
			}
			first.Add(int64(n))
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, first.Load())
	require.Len(t, w.lines(w.a), 2)
	require.EqualValues(t, 6_913+56, shareSum(w.lines(w.a)))
	require.EqualValues(t, 2_963+24, shareSum(w.lines(w.owner)), "the owner of the solution sees its own part")
	w.sound()
}

func TestEventsThatMakeNoSenseAreRefused(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	e := w.sale(w.a, "2026-01-10", 1_000)
	w.record(e)
	send := func(s Sent) string {
		_, _, err := w.s.SendEvents(w.ctx(), w.checker, []Sent{s}, false)
		return code(err)
	}
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Refund, ServiceNumber: "S001", Of: "nothing", At: w.now, AmountFen: -1}))
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Refund, ServiceNumber: "S001", Of: e.ExternalID, At: w.now, AmountFen: 1}), "A49 a positive refund")
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Recurring, ServiceNumber: "nothing", At: w.now, Month: 1}))
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 0}))
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 1, AmountFen: -1}))
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 1, AmountFen: maxFen + 1}))
	require.Equal(t, "invalid", send(Sent{ID: "x", Kind: Activation, ServiceNumber: "S001", At: w.now}))
	require.Equal(t, "refund-too-large", send(Sent{ID: "x", Kind: Refund, ServiceNumber: "S001", Of: e.ExternalID, At: w.now, AmountFen: -1_001}))
	require.Equal(t, "<nil>", send(Sent{ID: "m1", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 1, AmountFen: 5}))
	require.Equal(t, "<nil>", send(Sent{ID: "m1", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 1, AmountFen: 5}))
	require.Equal(t, "billing-month-known", send(Sent{ID: "m1b", Kind: Recurring, ServiceNumber: "S001", At: w.now, Month: 1, AmountFen: 6}))
	_, _, err := w.s.SendEvents(w.ctx(), w.a, []Sent{{}}, false)
	require.Equal(t, "denied", code(err))
	w.sound()
}

func TestA47SelfDealingEarnsNothingAndIsFlagged(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	e := w.sale(w.a, "2026-01-10", 100_000)
	_, err := w.super.Exec(w.ctx(), `INSERT INTO accounts (province_id, id, org_path, name, credit_code, kind, tier, industry, city_code, district_code)
		VALUES ($1, $2, 'GD/4401/440106/', 'own', 'CREDITP0001', 'enterprise', 'C', 'sme', '4401', '440106')`, w.province, e.AccountID)
	require.NoError(t, err)
	w.record(e)
	l := w.lines(w.a)
	require.Len(t, l, 1)
	require.Zero(t, l[0].ShareFen)
	r, err := w.s.Receipt(w.ctx(), w.a, l[0].ID)
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(r.Steps), "不计酬")
	w.sound()
}

func TestPartnersSeeOnlyTheirOwn(t *testing.T) {
	w := newWorld(t)
	r := onActivation(rate(80_000))
	r.Split = []Part{{"seller", 600_000}, {"partner:P0002", 300_000}, {"city", 100_000}}
	w.publish(r)
	w.record(w.sale(w.a, "2026-01-10", 100_000))
	w.on("2026-02-03")
	w.close("2026-01")
	mine, theirs := w.lines(w.a), w.lines(w.b)
	require.Len(t, mine, 1)
	require.Len(t, theirs, 1)
	require.EqualValues(t, 4_800, mine[0].ShareFen)
	require.EqualValues(t, 2_400, theirs[0].ShareFen)
	require.Equal(t, "某客户", mine[0].AccountName)
	require.Empty(t, theirs[0].AccountName, "a party that only shares does not learn the customer")
	got, err := w.s.Receipt(w.ctx(), w.b, theirs[0].ID)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprint(got.Steps, got.WhyNot), "某客户")
	require.NotContains(t, fmt.Sprint(got.Steps, got.WhyNot), w.a.Tenant.Name)
	_, err = w.s.Receipt(w.ctx(), w.b, mine[0].ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	st := w.statement(w.a, "2026-01")
	_, err = w.s.Statement(w.ctx(), w.b, st.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.s.Confirm(w.ctx(), w.b, st.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.s.Dispute(w.ctx(), w.b, mine[0].ID, "mine")
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.s.Plans(w.ctx(), w.a)
	require.Equal(t, "denied", code(err))
	a, err := w.s.Summary(w.ctx(), w.a)
	require.NoError(t, err)
	require.EqualValues(t, 4_800, a.ToConfirmFen)
	require.Equal(t, st.Number, a.Next.Number)
	require.Len(t, a.Months, 12)
	none, err := w.s.Summary(w.ctx(), w.owner)
	require.NoError(t, err)
	require.Zero(t, none.ExpectedFen+none.ToConfirmFen)
	require.Len(t, w.lines(w.city), 3, "a city sees the lines of its accounts")
	require.Len(t, w.lines(w.maker), 3)
	w.sound()
}

func TestMonthIsCalculatedIssuedAndCarried(t *testing.T) {
	w := newWorld(t)
	r := onActivation(tiers("whole", "month", steps...))
	r.Clawback = []Clawback{{3, 1_000_000}}
	w.publish(r)
	one, two, three := w.sale(w.a, "2026-01-05", 800_000), w.sale(w.a, "2026-01-06", 400_000), w.sale(w.a, "2026-01-07", 4_000_000)
	w.record(one)
	require.EqualValues(t, 40_000, shareSum(w.lines(w.a)), "provisional")
	w.record(three, two)
	require.EqualValues(t, 520_000, shareSum(w.lines(w.a)))
	_, err := w.s.Calculate(w.ctx(), w.checker, "2026-01")
	require.Equal(t, "month-not-over", code(err))
	w.on("2026-02-02")
	w.calculate("2026-01")
	before := w.sound()
	w.calculate("2026-01")
	require.Equal(t, before, w.sound(), "computing again changes nothing")
	_, err = w.s.Issue(w.ctx(), w.checker, "2026-01")
	require.NoError(t, err)
	_, err = w.s.Issue(w.ctx(), w.checker, "2026-01")
	require.Equal(t, "wrong-state", code(err))
	st := w.statement(w.a, "2026-01")
	require.Equal(t, "ST202601-0001", st.Number)
	require.EqualValues(t, 520_000, st.PayableFen)
	require.Len(t, st.Items, 3)
	require.Equal(t, "2026-02-09", calendar.Date(st.ConfirmBy), "five working days")

	// A late event lowers nothing here but adds: S grows, the step stays; and
	// then all is taken back.
	late := w.sale(w.a, "2026-01-20", 100_000)
	w.record(late)
	require.EqualValues(t, 530_000, shareSum(w.lines(w.a)))
	w.record(Event{ExternalID: "end-3", Kind: Ended, At: at("2026-02-10"), ServiceNumber: three.ServiceNumber})
	held, due, receivable := w.balance(w.a)
	require.Equal(t, []int64{10_000, 520_000, 400_000}, []int64{held, due, receivable}, "what is in a statement is not taken again: the partner owes it")
	w.on("2026-03-02")
	w.close("2026-02")
	st = w.statement(w.a, "2026-02")
	require.Equal(t, []int64{-390_000, 0, 0, -390_000}, []int64{st.TotalFen, st.CarryInFen, st.PayableFen, st.CarryOutFen})
	require.Contains(t, st.WhyZh, "3,900.00")
	w.on("2026-04-02")
	w.record(w.sale(w.a, "2026-03-05", 1_000_000))
	w.close("2026-03")
	st = w.statement(w.a, "2026-03")
	require.Equal(t, []int64{80_000, -390_000, 0, -310_000}, []int64{st.TotalFen, st.CarryInFen, st.PayableFen, st.CarryOutFen})
	sum, err := w.s.Summary(w.ctx(), w.a)
	require.NoError(t, err)
	require.EqualValues(t, -310_000, sum.CarryFen)
	w.sound()
}

func TestLateEventIsAnAdjustmentInTheOpenMonth(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(tiers("whole", "month", steps...)))
	w.record(w.sale(w.a, "2026-01-05", 900_000), w.sale(w.a, "2026-01-06", 50_000))
	w.on("2026-02-02")
	w.close("2026-01")
	// 50 000 + 2 500 at 5 %; the late event lifts January to 8 %.
	w.record(w.sale(w.a, "2026-01-07", 100_000))
	byKind := map[string]int64{}
	for _, l := range w.lines(w.a) {
		byKind[l.Kind+l.Month] += l.ShareFen
	}
	require.Equal(t, map[string]int64{"accrual2026-01": 47_500, "accrual2026-02": 8_000, "adjustment2026-02": 28_500}, byKind)
	// A second one changes the same open adjustments.
	w.record(w.sale(w.a, "2026-01-08", 4_000_000))
	n := 0
	for _, l := range w.lines(w.a) {
		if l.Kind == LineAdjustment {
			n++
			r, err := w.s.Receipt(w.ctx(), w.a, l.ID)
			require.NoError(t, err)
			require.Contains(t, fmt.Sprint(r.Steps), "更正差额")
		}
	}
	require.Equal(t, 2, n)
	require.EqualValues(t, 505_000, shareSum(w.lines(w.a)), "lines plus adjustments are a fresh computation")
	w.sound()
	w.on("2026-03-02")
	w.close("2026-02")
	require.EqualValues(t, 505_000-47_500, w.statement(w.a, "2026-02").PayableFen)
	// A refund of a line, once settled, is a line of its own.
	w.record(Event{ExternalID: "ref", Kind: Refund, Of: "act-001", At: at("2026-03-01"), AmountFen: -900_000, ServiceNumber: "S001"})
	require.EqualValues(t, 415_000, shareSum(w.lines(w.a)))
	w.sound()
}

func TestHoldingAndNothingToSettle(t *testing.T) {
	w := newWorld(t)
	r := onActivation(rate(100_000))
	r.HoldDays = 30
	w.publish(r)
	w.record(w.sale(w.a, "2026-01-15", 10_000))
	w.on("2026-02-02")
	w.close("2026-01")
	st := w.statement(w.a, "2026-01")
	require.Zero(t, st.Lines)
	require.Equal(t, "1 笔酬金（10.00 元）仍在保留期，最早 2026-02-14 可结算。", st.WhyZh)
	held, due, _ := w.balance(w.a)
	require.Equal(t, []int64{1_000, 0}, []int64{held, due})
	w.on("2026-02-15")
	require.NoError(t, w.s.MatureJob(w.ctx(), json.RawMessage("{}")))
	held, due, _ = w.balance(w.a)
	require.Equal(t, []int64{0, 1_000}, []int64{held, due})
	w.on("2026-03-02")
	w.close("2026-02")
	require.EqualValues(t, 1_000, w.statement(w.a, "2026-02").PayableFen)
	w.sound()
}

func TestDisputedLineIsHeldBackTheRestIsPaid(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(rate(100_000)))
	w.record(w.sale(w.a, "2026-01-15", 10_000), w.sale(w.a, "2026-01-16", 20_000))
	w.on("2026-02-02")
	w.close("2026-01")
	st := w.statement(w.a, "2026-01")
	_, err := w.s.Dispute(w.ctx(), w.a, st.Items[0].ID, "")
	require.Equal(t, "invalid", code(err), "a dispute says why")
	l, err := w.s.Dispute(w.ctx(), w.a, st.Items[0].ID, "金额不对")
	require.NoError(t, err)
	require.Equal(t, "disputed", l.State)
	_, err = w.s.Dispute(w.ctx(), w.a, st.Items[0].ID, "again")
	require.Equal(t, "wrong-state", code(err))
	st = w.statement(w.a, "2026-01")
	require.Equal(t, []int64{3_000, 1_000, 2_000}, []int64{st.TotalFen, st.HeldFen, st.PayableFen})
	w.sound()
	_, err = w.s.SettleDispute(w.ctx(), w.a, l.ID, "ok")
	require.Equal(t, "denied", code(err))
	// Answered in time it goes back; afterwards into the next statement.
	_, err = w.s.SettleDispute(w.ctx(), w.checker, l.ID, "核对无误")
	require.NoError(t, err)
	require.EqualValues(t, 3_000, w.statement(w.a, "2026-01").PayableFen)
	_, err = w.s.Dispute(w.ctx(), w.a, st.Items[0].ID, "还是不对")
	require.NoError(t, err)
	_, err = w.s.Confirm(w.ctx(), w.a, st.ID)
	require.NoError(t, err)
	_, err = w.s.SettleDispute(w.ctx(), w.checker, l.ID, "核对无误")
	require.NoError(t, err)
	w.sound()
	w.on("2026-03-02")
	w.close("2026-02")
	st = w.statement(w.a, "2026-02")
	require.EqualValues(t, 1_000, st.PayableFen)
	w.sound()
}

func TestConfirmRacedFiftyWaysHappensOnce(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(rate(100_000)))
	w.record(w.sale(w.a, "2026-01-15", 10_000), w.sale(w.b, "2026-01-15", 10_000))
	w.on("2026-02-02")
	w.close("2026-01")
	st := w.statement(w.a, "2026-01")
	var wg sync.WaitGroup
	var won atomic.Int64
	for range 50 {
		wg.Go(func() {
			_, err := w.s.Confirm(w.ctx(), w.a, st.ID)
			if err == nil {
				won.Add(1)
			} else if code(err) != "wrong-state" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
	require.NoError(t, w.s.DeemJob(w.ctx(), nil))
	require.Equal(t, "issued", w.statement(w.b, "2026-01").State)
	w.on("2026-02-20")
	require.NoError(t, w.s.DeemJob(w.ctx(), nil))
	b := w.statement(w.b, "2026-01")
	require.Equal(t, "confirmed", b.State)
	require.True(t, b.Deemed)
	periods, err := w.s.Periods(w.ctx(), w.checker)
	require.NoError(t, err)
	require.Equal(t, "2026-02", periods[0].Month)
	require.Equal(t, "confirmed", periods[1].State)
	require.Equal(t, 2, periods[1].Confirmed)
	w.sound()
}

func TestPublishIsTheSecondPersonsAndHappensOnce(t *testing.T) {
	w := newWorld(t)
	d, err := w.s.CreatePlan(w.ctx(), w.checker, Document{Plan: "p", ValidFrom: "2026-02-01", Currency: "CNY", Rules: []Rule{split()}})
	require.NoError(t, err)
	_, err = w.s.SubmitPlan(w.ctx(), w.checker, d.ID)
	require.NoError(t, err)
	_, err = w.s.PublishPlan(w.ctx(), w.checker, d.ID)
	require.Equal(t, "own-plan", code(err))
	_, err = w.s.RejectPlan(w.ctx(), w.checker, d.ID, "")
	require.Equal(t, "invalid", code(err))
	second := w.checker
	second.User = pg.NewID()
	var wg sync.WaitGroup
	var won atomic.Int64
	for range 50 {
		wg.Go(func() {
			_, err := w.s.PublishPlan(w.ctx(), second, d.ID)
			if err == nil {
				won.Add(1)
			} else if code(err) != "wrong-state" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load())
	_, err = w.s.EditPlan(w.ctx(), w.maker, d.ID, d.Document.V, 3)
	require.Equal(t, "wrong-state", code(err))
	err = w.db.As(w.ctx(), w.maker, func(tx *pg.Tx) error {
		return tx.Exec(`UPDATE commission_plans SET valid_to = '2030-01-01' WHERE province_id = ? AND id = ?`, w.province, d.ID).Error
	})
	require.True(t, pg.Violated(err, "commission_plans_immutable"), "%v", err)
	got, err := w.s.Plan(w.ctx(), w.maker, d.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"new_version"}, got.Actions)
	require.Len(t, got.Sentences, 1)
	require.GreaterOrEqual(t, len(got.History), 3)
}

func TestPlansOfCitiesVersionsAndConflicts(t *testing.T) {
	w := newWorld(t)
	doc := Document{Plan: "gz", City: ptr("4401"), ValidFrom: "2026-01-01", Currency: "CNY", Rules: []Rule{split()}}
	other := doc
	other.City = ptr("4403")
	_, err := w.s.CreatePlan(w.ctx(), w.city, other)
	require.Equal(t, "plan-scope", code(err))
	other.City = ptr("9999")
	_, err = w.s.CreatePlan(w.ctx(), w.maker, other)
	require.Equal(t, "invalid", code(err))
	d, err := w.s.CreatePlan(w.ctx(), w.city, doc)
	require.NoError(t, err)
	require.Equal(t, "GD", d.Document.V.Province)
	doc.Rules = []Rule{split(), split()}
	doc.Rules[1].ID = "s"
	d, err = w.s.EditPlan(w.ctx(), w.city, d.ID, doc, 1)
	require.NoError(t, err)
	require.Len(t, d.Conflicts, 1)
	_, err = w.s.EditPlan(w.ctx(), w.city, d.ID, doc, 1)
	require.ErrorIs(t, err, fault.ErrStale)
	_, err = w.s.SubmitPlan(w.ctx(), w.city, d.ID)
	require.Equal(t, "plan-conflict", code(err))
	require.Contains(t, faultOf(err).Words.Zh, "规则 r 与 s 会同时命中，例如：一笔业务开通")
	doc.Rules = doc.Rules[:1]
	_, err = w.s.EditPlan(w.ctx(), w.city, d.ID, doc, 2)
	require.NoError(t, err)
	_, err = w.s.SubmitPlan(w.ctx(), w.city, d.ID)
	require.NoError(t, err)
	_, err = w.s.PublishPlan(w.ctx(), w.checker, d.ID)
	require.NoError(t, err)
	next, err := w.s.CreatePlan(w.ctx(), w.city, doc)
	require.NoError(t, err)
	require.Equal(t, 2, next.Number)
	// Another plan of the same scope and time.
	doc.Plan = "gz-too"
	too, err := w.s.CreatePlan(w.ctx(), w.city, doc)
	require.NoError(t, err)
	_, err = w.s.SubmitPlan(w.ctx(), w.city, too.ID)
	require.NoError(t, err)
	_, err = w.s.PublishPlan(w.ctx(), w.checker, too.ID)
	require.Equal(t, "plan-overlap", code(err))
	doc.City, doc.Plan = nil, "gz"
	_, err = w.s.CreatePlan(w.ctx(), w.maker, doc)
	require.Equal(t, "plan-code", code(err))
}

func TestA46PlanCannotReachBackIntoACalculatedMonth(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(rate(100_000)))
	w.record(w.sale(w.a, "2026-01-15", 10_000), w.sale(w.a, "2026-02-03", 10_000))
	w.on("2026-02-05")
	w.calculate("2026-01")
	d, err := w.s.CreatePlan(w.ctx(), w.maker, Document{Plan: "gd-channel", ValidFrom: "2026-01-31", Currency: "CNY", Rules: []Rule{onActivation(rate(200_000))}})
	require.NoError(t, err)
	_, err = w.s.SubmitPlan(w.ctx(), w.maker, d.ID)
	require.NoError(t, err)
	_, err = w.s.PublishPlan(w.ctx(), w.checker, d.ID)
	require.Equal(t, "back-dated", code(err))
	w.publishFrom("2026-02-01", onActivation(rate(200_000)))
	require.EqualValues(t, 1_000+2_000, shareSum(w.lines(w.a)), "the open month is priced again, the calculated one is not")
	w.sound()
	offers, err := w.s.Preview(w.ctx(), w.a, []Prospect{{AmountFen: 500}, {AmountFen: 500, At: at("2026-01-20")}})
	require.NoError(t, err)
	require.EqualValues(t, 200_000, offers[0][0].PPM)
	require.EqualValues(t, 100, offers[0][0].Fen)
	require.EqualValues(t, 100_000, offers[1][0].PPM)
}

func TestA51LedgerCannotBeEditedAsTheServer(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(rate(100_000)))
	w.record(w.sale(w.a, "2026-01-15", 10_000))
	for _, who := range []pg.Identified{w.system, w.checker, w.a, engine{w.checker}} {
		for _, sql := range []string{
			`UPDATE ledger_postings SET amount_fen = amount_fen * 2`, `DELETE FROM ledger_postings`, `UPDATE ledger_entries SET kind = 'payout'`, `DELETE FROM ledger_entries`,
			`UPDATE commission_events SET amount_fen = 1`, `DELETE FROM commission_events`, `DELETE FROM commission_lines`, `DELETE FROM commission_shares`, `DELETE FROM statements`,
			`TRUNCATE ledger_postings CASCADE`,
		} {
			err := w.db.As(w.ctx(), who, func(tx *pg.Tx) error { return tx.Exec(sql).Error })
			require.ErrorContains(t, err, "permission denied", sql)
		}
	}
	for _, sql := range []string{`UPDATE commission_shares SET share_fen = 1`, `UPDATE statements SET total_fen = 1`, `UPDATE commission_balances SET due_fen = 1`, `UPDATE commission_lines SET line_fen = 1`} {
		err := w.db.As(w.ctx(), w.a, func(tx *pg.Tx) error { return tx.Exec(sql).Error })
		require.ErrorContains(t, err, "permission denied", sql)
	}
	err := w.db.As(w.ctx(), w.system, func(tx *pg.Tx) error {
		return tx.Exec(`INSERT INTO ledger_postings (province_id, entry_id, account, partner_id, org_path, amount_fen) SELECT province_id, id, 'cash', partner_id, org_path, 5 FROM ledger_entries LIMIT 1`).Error
	})
	require.True(t, pg.Violated(err, "ledger_postings_balanced"), "%v", err)
	w.sound()
	// As the owner of the tables it can be done, and the check says so.
	_, err = w.super.Exec(w.ctx(), `UPDATE commission_shares SET share_fen = share_fen + 1`)
	require.NoError(t, err)
	_, err = w.s.CheckLedger(w.ctx(), w.province)
	require.ErrorContains(t, err, "lines minus payouts")
}

func TestMonthsFollowEachOther(t *testing.T) {
	w := newWorld(t)
	w.publish(onActivation(rate(100_000)))
	w.record(w.sale(w.a, "2026-01-15", 10_000), w.sale(w.a, "2026-02-15", 10_000))
	w.on("2026-03-05")
	_, err := w.s.Calculate(w.ctx(), w.checker, "2026-02")
	require.Equal(t, "earlier-month-open", code(err))
	_, err = w.s.Calculate(w.ctx(), w.maker, "2026-01")
	require.Equal(t, "denied", code(err))
	_, err = w.s.Issue(w.ctx(), w.checker, "2026-01")
	require.Equal(t, "wrong-state", code(err))
	w.calculate("2026-01")
	w.calculate("2026-02")
	_, err = w.s.Issue(w.ctx(), w.checker, "2026-02")
	require.Equal(t, "earlier-month-not-issued", code(err))
	w.on("2026-03-05")
	p, err := w.s.Issue(w.ctx(), w.checker, "2026-01")
	require.NoError(t, err)
	require.Equal(t, "issued", p.State)
	require.Equal(t, 1, p.Statements)
	require.EqualValues(t, 1_000, p.PayableFen)
	_, err = w.s.Calculate(w.ctx(), w.checker, "bad")
	require.True(t, errors.Is(err, fault.ErrMissing))
}

// A batch as a billing system sends it: many services, one call.
func TestManyEventsAtOnce(t *testing.T) {
	w := newWorld(t)
	r := Rule{ID: "m", Basis: Basis{Kind: Recurring, Months: []int{1, 12}}, Formula: tiers("marginal", "month", steps...), Cap: &Limit{Month: ptr[int64](9_000_000)}}
	r.Split = []Part{{"seller", 900_000}, {"solution_owner", 100_000}}
	w.publish(split(), r)
	var sales []Event
	for i := range 300 {
		who := w.a
		if i%3 == 0 {
			who = w.b
		}
		sales = append(sales, w.sale(who, fmt.Sprintf("2026-01-%02d", 1+i%28), int64(1_000+i*37)))
	}
	w.record(sales...)
	var sent []Sent
	for _, e := range sales {
		sent = append(sent, Sent{ID: "bill-" + e.ServiceNumber, Kind: Recurring, ServiceNumber: e.ServiceNumber, At: at("2026-01-31"), AmountFen: 12_345, Month: 1})
	}
	started := time.Now()
	accepted, _, err := w.s.SendEvents(w.ctx(), w.checker, sent, false)
	require.NoError(t, err)
	require.Equal(t, 300, accepted)
	t.Logf("300 events in %v", time.Since(started).Round(time.Millisecond))
	w.on("2026-02-03")
	w.close("2026-01")
	n := w.sound()
	require.Equal(t, 600, n.Lines)
	require.Equal(t, 3, n.Statements)
	a := w.statement(w.a, "2026-01")
	require.Equal(t, a.TotalFen, shareSum(a.Items))
}

// TestWhatIf: a draft is run over past months beside what stands: the rules in
// force give what stands, others say who gains and who loses; nothing is
// recorded, and the plans of other scopes go on applying.
func TestWhatIf(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	refunded := w.sale(w.a, "2026-01-10", 200_000)
	w.record(refunded, w.sale(w.a, "2026-02-10", 100_000), w.sale(w.b, "2026-02-11", 300_000))
	w.on("2026-02-20")
	w.record(Event{ExternalID: "r", Kind: Refund, At: w.now, AmountFen: -50_000, Of: refunded.ExternalID, ServiceNumber: refunded.ServiceNumber})
	w.calculate("2026-01")
	planned := func(plan, city string, rules ...Rule) uuid.UUID {
		doc := Document{Plan: plan, ValidFrom: "2026-06-01", Currency: "CNY", Rules: rules}
		if city != "" {
			doc.City = &city
		}
		d, err := w.s.CreatePlan(w.ctx(), w.maker, doc)
		require.NoError(t, err)
		return d.ID
	}
	w.checker.Granted[PlanTry] = true
	try := func(plan uuid.UUID) WhatIf {
		t.Helper()
		x, err := w.s.Try(w.ctx(), w.checker, plan, "2026-01", "2026-02")
		require.NoError(t, err)
		sum := [2]int64{}
		for _, p := range x.Parties {
			sum[0] += p.Was
			sum[1] += p.Would
		}
		require.Equal(t, [2]int64{x.Was, x.Would}, sum)
		return x
	}
	stands := shareSum(w.lines(w.a)) + shareSum(w.lines(w.b)) + shareSum(w.lines(w.owner))
	same := try(planned("gd-channel", "", split()))
	require.Equal(t, []int64{stands, stands, 4}, []int64{same.Was, same.Would, same.Events})

	more := split()
	more.Formula = rate(160_000)
	more.Split = []Part{{"seller", 900_000}, {"solution_owner", 100_000}}
	x := try(planned("gd-channel", "", more))
	require.Equal(t, 2*x.Was, x.Would, "twice the rate, refunds as they came")
	require.Equal(t, "NP0002", x.Parties[0].Name, "whom it changes most comes first")
	for _, p := range x.Parties {
		require.Equal(t, p.ID != w.owner.Tenant.ID, p.Would > p.Was, "%s", p.Name)
	}
	require.Equal(t, stands, try(planned("sz", "4403", more)).Would, "of another city: nothing changes")
	require.Greater(t, try(planned("gz", "4401", more)).Would, stands)

	require.Equal(t, stands, shareSum(w.lines(w.a))+shareSum(w.lines(w.b))+shareSum(w.lines(w.owner)))
	w.sound()
	_, err := w.s.Try(w.ctx(), w.maker, planned("gd-channel", "", more), "2026-01", "2026-02")
	require.Equal(t, "denied", code(err))
	for _, months := range [][2]string{{"2026-02", "2026-01"}, {"2026-01", "2026-03"}, {"2024-12", "2026-01"}, {"", ""}} {
		_, err := w.s.Try(w.ctx(), w.checker, planned("gd-channel", "", more), months[0], months[1])
		require.Equal(t, "invalid", code(err), "%v", months)
	}
	_, err = w.s.Try(w.ctx(), w.checker, pg.NewID(), "2026-01", "2026-02")
	require.Equal(t, "not-found", code(err))
}
