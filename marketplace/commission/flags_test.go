package commission

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/tenants"
)

func (w *testWorld) flags() []Flag {
	w.Helper()
	for range 2 { // raised once
		require.NoError(w, w.s.FlagJob(w.ctx(), nil))
	}
	rows, _, err := w.s.Flags(w.ctx(), w.checker, "", nil, 50)
	require.NoError(w, err)
	return rows
}

// A48: splitting, buying and cancelling, and rings are flagged from a count and
// a share on, held by line, and decided by a second person; upheld, what was
// earned is posted back, and computing again gives the same.
func TestA48FlagsAreHeldAndDecidedByTwo(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	account := w.sale(w.a, "2026-01-10", 100_000)
	parts := []Event{account}
	for _, day := range []string{"2026-01-11", "2026-01-12"} {
		e := w.sale(w.a, day, 100_000)
		e.AccountID = account.AccountID
		parts = append(parts, e)
	}
	w.record(parts[0], parts[1])
	w.on("2026-01-20")
	require.Empty(t, w.flags(), "two are not enough")
	w.record(parts[2], w.sale(w.a, "2026-01-15", 50_000))
	found := w.flags()
	require.Len(t, found, 1)
	require.Equal(t, []any{"splitting", 3, 4, "open"}, []any{found[0].Kind, found[0].Count, found[0].OfCount, found[0].State})
	d, err := w.s.Flag(w.ctx(), w.checker, found[0].ID)
	require.NoError(t, err)
	require.Len(t, d.Events, 3)
	require.EqualValues(t, 24_000, d.HeldFen)
	w.sound()

	// One more part joins what is open.
	more := w.sale(w.a, "2026-01-13", 100_000)
	more.AccountID = account.AccountID
	w.record(more)
	found = w.flags()
	require.Len(t, found, 1)
	require.Equal(t, 4, found[0].Count)

	// Held by line: the rest is settled.
	w.on("2026-02-03")
	w.close("2026-01")
	require.EqualValues(t, 2_800, w.statement(w.a, "2026-01").PayableFen, "70 % of 4 000")
	m, err := w.s.MonthOf(w.ctx(), w.a, uuid.Nil, "2026-01")
	require.NoError(t, err)
	require.Equal(t, "frozen", m.Standings[len(m.Standings)-1].Code)
	w.sound()

	// Two persons.
	for _, who := range []tenants.Actor{w.a, w.maker, w.city} {
		_, err = w.s.ActFlag(w.ctx(), who, d.ID, "propose_clear", "没事")
		require.Equal(t, "denied", code(err))
		_, err = w.s.Flag(w.ctx(), who, d.ID)
		require.Equal(t, "denied", code(err))
	}
	_, err = w.s.ActFlag(w.ctx(), w.checker, d.ID, "propose_uphold", "")
	require.Equal(t, "invalid", code(err))
	_, err = w.s.ActFlag(w.ctx(), w.checker, d.ID, "propose_uphold", "同一客户一周内拆成三单")
	require.NoError(t, err)
	_, err = w.s.ActFlag(w.ctx(), w.checker, d.ID, "uphold", "")
	require.Equal(t, "own-proposal", code(err))
	_, err = w.s.ActFlag(w.ctx(), w.second, d.ID, "clear", "")
	require.Equal(t, "stale", code(err), "only what was proposed")
	_, err = w.super.Exec(w.ctx(), `UPDATE commission_flags SET deciders = proposers`)
	require.ErrorContains(t, err, "commission_flags_second_person")
	d, err = w.s.ActFlag(w.ctx(), w.second, d.ID, "uphold", "")
	require.NoError(t, err)
	require.Equal(t, "upheld", d.State)
	require.Zero(t, d.HeldFen)
	w.sound()
	w.calculateAgain(t)
	w.on("2026-03-03")
	w.close("2026-02")
	st := w.statement(w.a, "2026-02")
	require.Zero(t, st.TotalFen, "what was held and what is taken back cancel out")
	r, err := w.s.Receipt(w.ctx(), w.a, w.lines(w.a)[len(w.lines(w.a))-1].ID)
	require.NoError(t, err)
	require.Equal(t, "found_against", r.History[0].Action)
	require.Contains(t, r.History[0].Reason, "拆成三单")

	// Bought and cancelled: cleared, it is settled.
	var bought []Event
	for range 6 {
		e := w.sale(w.b, "2026-03-05", 10_000)
		bought = append(bought, e)
		w.record(e)
	}
	w.on("2026-03-20")
	for i, e := range bought[:5] {
		w.record(Event{ExternalID: e.ServiceNumber + "-end", Kind: Ended, At: w.now, ServiceNumber: e.ServiceNumber})
		if i == 3 {
			require.Len(t, w.flags(), 1, "four of six are not enough")
		}
	}
	found = w.flags()
	require.Len(t, found, 2)
	require.Equal(t, "buy_and_cancel", found[0].Kind)
	_, err = w.s.ActFlag(w.ctx(), w.second, found[0].ID, "propose_clear", "客户搬迁，已核实")
	require.NoError(t, err)
	_, err = w.s.ActFlag(w.ctx(), w.checker, found[0].ID, "return", "请附证明")
	require.NoError(t, err)
	_, err = w.s.ActFlag(w.ctx(), w.checker, found[0].ID, "propose_clear", "客户搬迁，有证明")
	require.NoError(t, err)
	_, err = w.s.ActFlag(w.ctx(), w.second, found[0].ID, "clear", "")
	require.NoError(t, err)
	w.on("2026-04-03")
	w.close("2026-03")
	require.EqualValues(t, 6*560, w.statement(w.b, "2026-03").TotalFen)
	w.sound()
}

func (w *testWorld) calculateAgain(t *testing.T) {
	t.Helper()
	n := len(w.lines(w.a))
	require.NoError(t, w.s.recompute(w.ctx(), tenants.System(w.province, "test"), cell{w.a.Tenant.ID, "2026-01"}))
	require.Len(t, w.lines(w.a), n)
	w.sound()
}

// Two partners that sell to each other.
func TestA48Ring(t *testing.T) {
	w := newWorld(t)
	w.publish(split())
	sell := func(who, to tenants.Actor, day string) Event {
		e := w.sale(who, day, 10_000)
		_, err := w.super.Exec(w.ctx(), `INSERT INTO accounts (province_id, id, org_path, name, credit_code, kind, tier, industry, city_code, district_code)
			VALUES ($1, $2, 'GD/4401/440106/', 'firm', $3, 'enterprise', 'C', 'sme', '4401', '440106') ON CONFLICT DO NOTHING`, w.province, e.AccountID, "CREDIT"+to.Tenant.Code)
		require.NoError(t, err)
		require.NoError(t, w.super.QueryRow(w.ctx(), `SELECT id FROM accounts WHERE credit_code = $1`, "CREDIT"+to.Tenant.Code).Scan(&e.AccountID))
		w.record(e)
		return e
	}
	w.on("2026-02-01")
	sell(w.a, w.b, "2026-01-05")
	sell(w.a, w.b, "2026-01-20")
	require.Empty(t, w.flags(), "selling to another partner is business")
	sell(w.b, w.a, "2026-01-08")
	found := w.flags()
	require.Len(t, found, 1, "one direction has too few")
	require.Equal(t, []any{"ring", w.a.Tenant.ID}, []any{found[0].Kind, found[0].PartnerID})
	sell(w.b, w.a, "2026-01-25")
	require.Len(t, w.flags(), 2)
	w.sound()

	// Cleared once is not cleared for ever.
	_, err := w.s.ActFlag(w.ctx(), w.checker, found[0].ID, "propose_clear", "互为客户，价格正常")
	require.NoError(t, err)
	_, err = w.s.ActFlag(w.ctx(), w.second, found[0].ID, "clear", "")
	require.NoError(t, err)
	require.Len(t, w.flags(), 2)
	sell(w.a, w.b, "2026-01-26")
	require.Len(t, w.flags(), 2, "one more is below the threshold")
	sell(w.a, w.b, "2026-01-27")
	require.Len(t, w.flags(), 3)
}
