package commission

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/tenants"
)

// owing is a world with one confirmed statement of a of 6 913 fen, and one of
// the owner of 2 963 fen.
func owing(t *testing.T) *testWorld {
	w := newWorld(t)
	r := split()
	r.Clawback = []Clawback{{6, 1_000_000}}
	w.publish(r)
	w.record(w.sale(w.a, "2026-01-10", 123_456))
	w.on("2026-02-03")
	w.close("2026-01")
	for _, who := range []tenants.Actor{w.a, w.owner} {
		_, err := w.s.Confirm(w.ctx(), who, w.statement(who, "2026-01").ID)
		require.NoError(t, err)
	}
	require.NoError(t, w.s.DeemJob(w.ctx(), nil))
	require.Equal(t, "confirmed", w.month("2026-01"))
	return w
}

func (w *testWorld) month(month string) string {
	w.Helper()
	rows, err := w.s.Periods(w.ctx(), w.checker)
	require.NoError(w, err)
	for _, p := range rows {
		if p.Month == month {
			return p.State
		}
	}
	return ""
}

func (w *testWorld) answers(b BatchDetail, paid bool) (out []Answered) {
	for _, p := range b.Items {
		x := Answered{Number: p.Number, Paid: paid, AmountFen: p.AmountFen, Reference: "BANK-" + p.Number}
		if !paid {
			x.Reason = "账号不存在"
		}
		out = append(out, x)
	}
	return out
}

func (w *testWorld) answer(answers ...Answered) (accepted, repeated int) {
	w.Helper()
	accepted, repeated, err := w.s.AnswerPayouts(w.ctx(), w.checker, answers, false)
	require.NoError(w, err)
	w.sound()
	return accepted, repeated
}

func TestPayout(t *testing.T) {
	w := owing(t)
	st := w.statement(w.a, "2026-01")
	_, err := w.s.Approve(w.ctx(), w.checker, st.ID)
	require.Equal(t, "statement-not-ready", code(err))
	require.Len(t, st.Needs, 3)
	require.Equal(t, []bool{true, false, false}, []bool{st.Needs[0].Done, st.Needs[1].Done, st.Needs[2].Done})

	// Where it goes: the firm itself, by digits.
	p, err := w.s.Payee(w.ctx(), w.a)
	require.NoError(t, err)
	require.Equal(t, "P0001", p.Holder)
	bad := p
	bad.Bank, bad.Branch, bad.AccountNumber = "工商银行", "天河支行", "36020001O9876"
	_, err = w.s.SavePayee(w.ctx(), w.a, bad)
	require.Equal(t, "invalid", code(err))
	bad.AccountNumber, bad.Holder = "3602 0001 0987 6543", "somebody else"
	p, err = w.s.SavePayee(w.ctx(), w.a, bad)
	require.NoError(t, err)
	require.Equal(t, []string{"3602000109876543", "P0001"}, []string{p.AccountNumber, p.Holder})
	_, err = w.s.SavePayee(w.ctx(), w.a, bad)
	require.Equal(t, "stale", code(err))

	// Its invoices.
	good := invoice(1, 6_913, "2026-02-03")
	for name, change := range map[string]func(*Invoice){
		"number": func(v *Invoice) { v.Number = "12" }, "date": func(v *Invoice) { v.IssuedOn = "2026-02-04" }, "tax": func(v *Invoice) { v.TaxFen += 100 },
		"rate": func(v *Invoice) { v.RatePPM = 50_000 }, "amount": func(v *Invoice) { v.AmountFen = -1 }, "kind": func(v *Invoice) { v.Kind = "x" },
	} {
		v := good
		change(&v)
		_, err := w.s.AddInvoice(w.ctx(), w.a, st.ID, v)
		require.Equal(t, "invalid", code(err), name)
	}
	_, err = w.s.AddInvoice(w.ctx(), w.b, st.ID, good)
	require.Equal(t, "not-found", code(err))
	_, err = w.s.AddInvoice(w.ctx(), w.a, st.ID, invoice(1, 7_000, "2026-02-03"))
	require.Equal(t, "invoice-too-much", code(err))
	_, err = w.s.AddInvoice(w.ctx(), w.a, st.ID, good)
	require.NoError(t, err)
	_, err = w.s.AddInvoice(w.ctx(), w.a, st.ID, good)
	require.Equal(t, "invoice-known", code(err))
	_, err = w.s.ReturnInvoice(w.ctx(), w.checker, st.ID, good.Number, "抬头不对")
	require.NoError(t, err)
	_, err = w.s.Approve(w.ctx(), w.checker, st.ID)
	require.Equal(t, "statement-not-ready", code(err))
	st, err = w.s.AddInvoice(w.ctx(), w.a, st.ID, good)
	require.NoError(t, err)
	require.True(t, st.Needs[2].Done)
	st, err = w.s.Approve(w.ctx(), w.checker, st.ID)
	require.NoError(t, err)
	require.Equal(t, "approved", st.State)
	_, err = w.s.WithdrawInvoice(w.ctx(), w.a, st.ID, good.Number)
	require.Equal(t, "not-invoicing", code(err))
	require.Equal(t, "confirmed", w.month("2026-01"), "the owner's statement waits")

	// Two persons.
	w.ready(w.owner, "2026-01")
	approved, waiting, err := w.s.ApproveReady(w.ctx(), w.checker)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{approved, waiting})
	require.Equal(t, "approved", w.month("2026-01"))
	_, err = w.s.MakeBatch(w.ctx(), w.checker, "internal")
	require.Equal(t, "nothing-to-pay", code(err), "no city is owed anything")
	b, err := w.s.MakeBatch(w.ctx(), w.checker, "icbc")
	require.NoError(t, err)
	require.EqualValues(t, 9_876, b.TotalFen)
	require.Equal(t, "3602000109876543", b.Items[0].AccountNumber)
	require.NotContains(t, b.Actions, "check")
	_, err = w.s.CheckBatch(w.ctx(), w.checker, b.ID)
	require.Equal(t, "own-batch", code(err))
	_, err = w.super.Exec(w.ctx(), `UPDATE payout_batches SET checkers = makers, state = 'checked'`)
	require.ErrorContains(t, err, "payout_batches_second_person", "nor at the database")
	_, err = w.s.SendBatch(w.ctx(), w.checker, b.ID)
	require.Equal(t, "wrong-state", code(err))
	b, err = w.s.RejectBatch(w.ctx(), w.second, b.ID, "账号要核对")
	require.NoError(t, err)
	require.Equal(t, "dropped", b.Items[0].State)
	b = w.sent("icbc")
	w.sound()
	_, due, _ := w.balance(w.a)
	require.Zero(t, due)

	// The bank answers: what it says wrong changes nothing.
	answers := w.answers(b, true)
	for name, change := range map[string]func(*Answered){
		"number": func(x *Answered) { x.Number = "PB" }, "amount": func(x *Answered) { x.AmountFen++ }, "reason": func(x *Answered) { x.Paid = false },
	} {
		x := answers[0]
		change(&x)
		_, _, err := w.s.AnswerPayouts(w.ctx(), w.checker, []Answered{answers[1], x}, false)
		require.Equal(t, "invalid", code(err), name)
	}
	accepted, _, err := w.s.AnswerPayouts(w.ctx(), w.checker, answers, true)
	require.NoError(t, err)
	require.Equal(t, 2, accepted)
	require.Equal(t, "approved", w.statement(w.a, "2026-01").State, "a dry run keeps nothing")
	accepted, repeated := w.answer(answers...)
	require.Equal(t, []int{2, 0}, []int{accepted, repeated})
	accepted, repeated = w.answer(answers...)
	require.Equal(t, []int{0, 2}, []int{accepted, repeated})
	require.Equal(t, "paid", w.statement(w.a, "2026-01").State)
	require.Equal(t, "paid", w.lines(w.a)[0].State)
	require.Equal(t, "paid", w.month("2026-01"))
	d, err := w.s.Batch(w.ctx(), w.second, b.ID)
	require.NoError(t, err)
	require.Equal(t, "reconciled", d.State)
	m, err := w.s.Summary(w.ctx(), w.a)
	require.NoError(t, err)
	require.EqualValues(t, 6_913, m.PaidFen)

	// Closed; and the bank returns it after all: the failure wins.
	_, err = w.s.ClosePeriod(w.ctx(), w.checker, "2026-01")
	require.NoError(t, err)
	require.Equal(t, "closed", w.statement(w.a, "2026-01").State)
	returned := answers[0]
	returned.Paid, returned.Reason = false, "账户已销户，款项退回"
	w.answer(returned)
	require.Equal(t, "approved", w.month("2026-01"))
	st = w.statement(w.a, "2026-01")
	require.Equal(t, []string{"approved", "failed", "账户已销户，款项退回"}, []string{st.State, st.Payouts[0].State, st.Payouts[0].Reason})
	_, due, _ = w.balance(w.a)
	require.EqualValues(t, 6_913, due)
	_, _, err = w.s.AnswerPayouts(w.ctx(), w.checker, answers[:1], false)
	require.Equal(t, "invalid", code(err), "it does not succeed afterwards")

	// Paid again, to another account; the checker is told.
	p.AccountNumber = "6222020200112233"
	_, err = w.s.SavePayee(w.ctx(), w.a, p)
	require.NoError(t, err)
	again := w.sent("standard")
	require.Len(t, again.Items, 1)
	require.False(t, again.Items[0].AccountChanged, "the failed one does not count")
	w.answer(w.answers(again, true)...)
	require.Equal(t, "paid", w.month("2026-01"))

	// Others see nothing of it.
	_, err = w.s.Statement(w.ctx(), w.b, st.ID)
	require.Equal(t, "not-found", code(err))
	for _, who := range []tenants.Actor{w.a, w.b, w.maker, w.city} {
		_, err = w.s.Batch(w.ctx(), who, b.ID)
		require.Equal(t, "denied", code(err))
		_, err = w.s.MakeBatch(w.ctx(), who, "icbc")
		require.Equal(t, "denied", code(err))
		_, _, err = w.s.AnswerPayouts(w.ctx(), who, answers, false)
		require.Equal(t, "denied", code(err))
	}
	p, err = w.s.Payee(w.ctx(), w.b)
	require.NoError(t, err)
	require.Empty(t, p.AccountNumber)
}

// Fifty at once: one batch, one sending, one answer.
func TestPayoutsRaced(t *testing.T) {
	w := owing(t)
	w.ready(w.a, "2026-01")
	w.ready(w.owner, "2026-01")
	_, _, err := w.s.ApproveReady(w.ctx(), w.checker)
	require.NoError(t, err)
	raced := func(step func() error) (done int64) {
		var wg sync.WaitGroup
		var n atomic.Int64
		for range 50 {
			wg.Go(func() {
				if step() == nil {
					n.Add(1)
				}
			})
		}
		wg.Wait()
		w.sound()
		return n.Load()
	}
	var id uuid.UUID
	require.EqualValues(t, 1, raced(func() error {
		b, err := w.s.MakeBatch(w.ctx(), w.checker, "icbc")
		if err == nil {
			id = b.ID
		}
		return err
	}))
	require.EqualValues(t, 1, raced(func() error { _, err := w.s.CheckBatch(w.ctx(), w.second, id); return err }))
	require.EqualValues(t, 1, raced(func() error { _, err := w.s.SendBatch(w.ctx(), w.checker, id); return err }))
	b, err := w.s.Batch(w.ctx(), w.checker, id)
	require.NoError(t, err)
	var accepted atomic.Int64
	require.EqualValues(t, 50, raced(func() error {
		n, _, err := w.s.AnswerPayouts(w.ctx(), w.checker, w.answers(b, true), false)
		accepted.Add(int64(n))
		return err
	}))
	require.EqualValues(t, 2, accepted.Load())
	// Success and failure of the same payout at once end as failed.
	raced(func() error {
		_, _, err := w.s.AnswerPayouts(w.ctx(), w.checker, w.answers(b, false), false)
		return err
	})
	require.Equal(t, "failed", w.statement(w.a, "2026-01").Payouts[0].State)
	_, due, _ := w.balance(w.a)
	require.EqualValues(t, 6_913, due)
}

// A45: cut between the payout and its commit, nothing of it stays, and the
// next try pays once.
func TestA45CutWhilePaying(t *testing.T) {
	w := owing(t)
	w.ready(w.a, "2026-01")
	_, _, err := w.s.ApproveReady(w.ctx(), w.checker)
	require.NoError(t, err)
	b, err := w.s.MakeBatch(w.ctx(), w.checker, "ccb")
	require.NoError(t, err)
	_, err = w.s.CheckBatch(w.ctx(), w.second, b.ID)
	require.NoError(t, err)
	cut := func(table string) {
		_, err := w.super.Exec(w.ctx(), `CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
			CREATE CONSTRAINT TRIGGER cut AFTER INSERT OR UPDATE ON `+table+` DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()`)
		require.NoError(t, err)
	}
	mend := func(table string) {
		_, err := w.super.Exec(w.ctx(), `DROP TRIGGER cut ON `+table)
		require.NoError(t, err)
	}
	cut("payout_batches") // at the commit
	_, err = w.s.SendBatch(w.ctx(), w.checker, b.ID)
	require.Error(t, err)
	mend("payout_batches")
	w.sound()
	d, err := w.s.Batch(w.ctx(), w.checker, b.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"checked", "made"}, []string{d.State, d.Items[0].State})
	b, err = w.s.SendBatch(w.ctx(), w.checker, b.ID)
	require.NoError(t, err)
	cut("statements")
	_, _, err = w.s.AnswerPayouts(w.ctx(), w.checker, w.answers(b, true), false)
	require.Error(t, err)
	mend("statements")
	w.sound()
	require.Equal(t, "approved", w.statement(w.a, "2026-01").State)
	accepted, _ := w.answer(w.answers(b, true)...)
	require.Equal(t, 1, accepted)
}

// A50: a refund after the payout is owed, not taken from what is paid, and
// netted against what comes next.
func TestA50RefundAfterPayout(t *testing.T) {
	w := owing(t)
	w.ready(w.a, "2026-01")
	w.answer(w.answers(w.sent("icbc"), true)...)
	e := w.lines(w.a)[0]
	w.record(Event{ExternalID: "back", Kind: Refund, Of: "act-001", At: w.now, ServiceNumber: "S001", AmountFen: -40_000})
	_, due, receivable := w.balance(w.a)
	require.Zero(t, due)
	require.EqualValues(t, 2_240, receivable, "70 % of 3 200")
	require.Equal(t, "paid", e.State)
	w.record(w.sale(w.a, "2026-02-10", 10_000))
	w.on("2026-03-03")
	w.close("2026-02")
	st := w.statement(w.a, "2026-02")
	require.Equal(t, []int64{0, 560 - 2_240}, []int64{st.PayableFen, st.CarryOutFen})
	_, err := w.s.Confirm(w.ctx(), w.a, st.ID)
	require.NoError(t, err)
	require.NoError(t, w.s.DeemJob(w.ctx(), nil))
	require.Equal(t, "paid", w.statement(w.a, "2026-02").State, "nothing to pay needs no payout")
	w.sound()
}

// TestDisputeTalk: both sides write until it is settled, the clock is five
// working days, and a statement that was deemed confirmed can be disputed for
// 90 days without holding its money.
func TestDisputeTalk(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	w.record(w.sale(w.a, "2026-01-10", 123_456))
	w.on("2026-02-03")
	w.close("2026-01")
	l := w.lines(w.a)[0]
	require.Contains(t, l.Actions(w.a, w.now), "dispute")
	require.Equal(t, "not-confirming", code(w.s.SayDispute(w.ctx(), w.a, l.ID, "?", nil)))
	l, err := w.s.Dispute(w.ctx(), w.a, l.ID, "金额不对")
	require.NoError(t, err)
	require.Equal(t, "2026-02-10", calendar.Date(*l.AnswerBy))
	require.NoError(t, w.s.SayDispute(w.ctx(), w.checker, l.ID, "请发验收单", nil))
	require.NoError(t, w.s.SayDispute(w.ctx(), w.a, l.ID, "已附上", nil))
	require.Equal(t, "not-found", code(w.s.SayDispute(w.ctx(), w.b, l.ID, "?", nil)))
	require.Equal(t, "denied", code(w.s.SayDispute(w.ctx(), w.maker, l.ID, "?", nil)))
	require.Equal(t, "invalid", code(w.s.SayDispute(w.ctx(), w.a, l.ID, " ", nil)))
	w.on("2026-02-12")
	for range 2 {
		require.NoError(t, w.s.DeemJob(w.ctx(), nil))
	}
	r, err := w.s.Receipt(w.ctx(), w.a, l.ID)
	require.NoError(t, err)
	require.Len(t, r.Talk, 3)
	late := 0
	for _, e := range r.History {
		if e.Action == "dispute_late" {
			late++
		}
	}
	require.Equal(t, 1, late, "told once")
	_, err = w.s.SettleDispute(w.ctx(), w.checker, l.ID, "按验收单更正")
	require.NoError(t, err)
	require.Equal(t, "not-confirming", code(w.s.SayDispute(w.ctx(), w.a, l.ID, "谢谢", nil)))
	w.sound()

	// The owner let it pass: 90 days, and no longer; once.
	mine := w.lines(w.owner)[0]
	require.Equal(t, "confirmed", mine.State)
	w.on("2026-05-10")
	require.Contains(t, mine.Actions(w.owner, w.now), "dispute")
	_, err = w.s.Dispute(w.ctx(), w.owner, mine.ID, " ")
	require.Equal(t, "invalid", code(err))
	mine, err = w.s.Dispute(w.ctx(), w.owner, mine.ID, "分成比例不对")
	require.NoError(t, err)
	require.Equal(t, []string{"confirmed", "open"}, []string{mine.State, mine.DisputeState})
	require.Zero(t, w.statement(w.owner, "2026-01").HeldFen)
	w.sound()
	mine, err = w.s.SettleDispute(w.ctx(), w.checker, mine.ID, "比例按方案第 1 版")
	require.NoError(t, err)
	require.Equal(t, []string{"confirmed", "settled"}, []string{mine.State, mine.DisputeState})
	_, err = w.s.Dispute(w.ctx(), w.owner, mine.ID, "再次")
	require.Error(t, err)
	_, err = w.super.Exec(w.ctx(), `UPDATE commission_shares SET dispute_state = ''`)
	require.NoError(t, err)
	w.on("2026-05-20")
	_, err = w.s.Dispute(w.ctx(), w.owner, mine.ID, "太晚")
	require.Error(t, err)
	w.sound()
}

// TestMonthExplained: the steps from month to month sum to what the lines do,
// and every event of a month stands somewhere, also one that earned nothing.
func TestMonthExplained(t *testing.T) {
	w := newWorld(t)
	r := split()
	r.Match.Product = []string{"qixintong"}
	r.HoldDays = 40
	r.Cap = &Limit{Month: ptr[int64](9_000)}
	w.publish(r)
	sale := func(who tenants.Actor, day string, fen int64, product string) {
		e := w.sale(who, day, fen)
		e.Product = product
		w.record(e)
	}
	sale(w.a, "2026-01-10", 100_000, "qixintong")
	sale(w.a, "2026-01-11", 50_000, "qixintong")
	sale(w.a, "2026-01-12", 50_000, "qixintong") // above the cap
	sale(w.a, "2026-01-13", 50_000, "mas")       // no rule
	sale(w.a, "2026-01-14", 0, "qixintong")
	w.on("2026-02-10")
	sale(w.a, "2026-02-10", 20_000, "qixintong")
	w.record(Event{ExternalID: "back", Kind: Refund, Of: "act-001", At: w.now, ServiceNumber: "S001", AmountFen: -50_000})
	m, err := w.s.MonthOf(w.ctx(), w.a, uuid.Nil, "2026-01")
	require.NoError(t, err)
	codes := map[string]int{}
	for _, g := range m.Standings {
		codes[g.Code] = g.Events
	}
	require.Equal(t, map[string]int{"held": 2, "capped": 1, "no_rule": 1, "zero": 1}, codes)
	require.EqualValues(t, 6_300, m.NowFen, "70 % of 9 000")
	require.Equal(t, "2026-02-19", m.Standings[0].Until)
	m, err = w.s.MonthOf(w.ctx(), w.a, uuid.Nil, "2026-02")
	require.NoError(t, err)
	var sum int64
	for _, x := range m.Moves {
		sum += x.NowFen - x.WasFen
	}
	require.Equal(t, m.NowFen-m.WasFen, sum)
	require.EqualValues(t, 1_120-2_800, m.NowFen, "a sale, and half of the first taken back")
	rows, _, err := w.s.Lines(w.ctx(), w.a, LineQuery{Month: "2026-02", Kind: "refund", Limit: 10})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	other, err := w.s.MonthOf(w.ctx(), w.b, w.a.Tenant.ID, "2026-01")
	require.NoError(t, err)
	require.Empty(t, other.Standings, "another firm's month is not answered")
	seen, err := w.s.MonthOf(w.ctx(), w.checker, w.a.Tenant.ID, "2026-01")
	require.NoError(t, err)
	require.Len(t, seen.Standings, 4)
	_, err = w.s.MonthOf(w.ctx(), w.a, uuid.Nil, "2026-13")
	require.Equal(t, "not-found", code(err))
}
