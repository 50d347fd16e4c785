package commission

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// move is an amount on its way into the ledger. On held money of a share it
// goes between expense and held; on anything else between expense and due.
type move struct {
	kind      string
	partner   uuid.UUID
	city      string
	month     string
	fen       int64 // signed: what the partner gains
	held      bool
	share     *uuid.UUID
	line      *uuid.UUID
	statement *uuid.UUID
	payout    *uuid.UUID
}

// move notes what a share gains or, below zero, loses.
func (w *world) move(kind string, s *Line, city string, fen int64) {
	if fen != 0 {
		id, line := s.ID, s.LineID
		w.moves = append(w.moves, move{kind, s.PartnerID, city, s.Month, fen, s.State == "held", &id, &line, nil, nil})
	}
}

// accounts of one partner.
func heldAccount(p uuid.UUID) string       { return "payable:" + p.String() + ":held" }
func dueAccount(p uuid.UUID) string        { return "payable:" + p.String() + ":due" }
func receivableAccount(p uuid.UUID) string { return "receivable:" + p.String() + ":clawback" }
func expenseAccount(city string) string    { return "expense:commission:" + city }

// book collects entries whose postings sum to zero.
type book struct {
	w        *world
	entries  []entryRow
	postings []postingRow
}

func (b *book) entry(m move, accounts ...any) {
	id := pg.NewID()
	b.entries = append(b.entries, entryRow{b.w.province, id, m.partner, b.w.root, m.kind, b.w.now, m.month, m.line, m.share, m.statement, m.payout})
	for i := 0; i < len(accounts); i += 2 {
		if fen := accounts[i+1].(int64); fen != 0 {
			b.postings = append(b.postings, postingRow{b.w.province, id, accounts[i].(string), m.partner, b.w.root, fen, "CNY"})
		}
	}
}

// keep writes the entries. All postings of an entry go in one statement: the
// database checks their balance statement by statement.
func (b *book) keep() error {
	if len(b.entries) == 0 {
		return nil
	}
	if err := b.w.tx.Table("ledger_entries").CreateInBatches(&b.entries, 500).Error; err != nil {
		return err
	}
	for from := 0; from < len(b.postings); {
		to := min(from+500, len(b.postings))
		for to < len(b.postings) && b.postings[to].EntryID == b.postings[to-1].EntryID {
			to++
		}
		part := b.postings[from:to]
		if err := b.w.tx.Table("ledger_postings").Create(&part).Error; err != nil {
			return err
		}
		from = to
	}
	return nil
}

// post writes all moves of the transaction. A loss that is not on held money
// takes from what is due and not committed to a statement, then from the
// partner: the receivable.
func (w *world) post() error {
	if len(w.moves) == 0 {
		return nil
	}
	var partners []uuid.UUID
	for _, m := range w.moves {
		partners = append(partners, m.partner)
	}
	balances, err := w.lockBalances(partners)
	if err != nil {
		return err
	}
	b := &book{w: w}
	for _, m := range w.moves {
		balance, p, expense := balances[m.partner], m.partner, expenseAccount(m.city)
		switch {
		case m.kind == "hold_over":
			balance.HeldFen -= m.fen
			balance.DueFen += m.fen
			b.entry(m, heldAccount(p), -m.fen, dueAccount(p), m.fen)
		case m.held:
			balance.HeldFen += m.fen
			b.entry(m, expense, -m.fen, heldAccount(p), m.fen)
		case m.fen > 0:
			balance.DueFen += m.fen
			b.entry(m, expense, -m.fen, dueAccount(p), m.fen)
		default:
			x := -m.fen
			d := min(x, max(0, balance.DueFen-balance.CommittedFen))
			balance.DueFen -= d
			balance.ReceivableFen += x - d
			b.entry(m, dueAccount(p), -d, receivableAccount(p), d-x, expense, x)
		}
	}
	w.moves = nil
	if err := b.keep(); err != nil {
		return err
	}
	return w.saveBalances(balances)
}

// net sets what is owed to a partner off against what the partner owes, and
// makes sure that what is committed to statements is there.
func (b *book) net(balance *balanceRow, statement uuid.UUID, month string) {
	free := balance.DueFen - balance.CommittedFen
	x := min(free, balance.ReceivableFen) // below zero: more is committed than due
	if x == 0 {
		return
	}
	balance.DueFen -= x
	balance.ReceivableFen -= x
	p := balance.PartnerID
	b.entry(move{kind: "netting", partner: p, month: month, statement: &statement}, dueAccount(p), -x, receivableAccount(p), x)
}

func (w *world) saveBalances(balances map[uuid.UUID]*balanceRow) error {
	for _, b := range balances {
		if err := w.tx.Exec(`UPDATE commission_balances SET held_fen = ?, due_fen = ?, receivable_fen = ?, committed_fen = ? WHERE province_id = ? AND partner_id = ?`,
			b.HeldFen, b.DueFen, b.ReceivableFen, b.CommittedFen, w.province, b.PartnerID).Error; err != nil {
			return err
		}
	}
	return nil
}

// mature moves shares whose holding is over from held to due.
func (w *world) mature(until string) error {
	for {
		var rows []*Line
		if err := w.tx.Raw(`SELECT * FROM commission_shares WHERE province_id = ? AND state = 'held' AND statement_id IS NULL AND due_on <= ? ORDER BY partner_id, id LIMIT 2000 FOR UPDATE`, w.province, until).Scan(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 0 {
			return w.post()
		}
		var ids []uuid.UUID
		for _, r := range rows {
			ids = append(ids, r.ID)
			if r.ShareFen != 0 {
				w.moves = append(w.moves, move{kind: "hold_over", partner: r.PartnerID, month: r.Month, fen: r.ShareFen, share: &r.ID, line: &r.LineID})
			}
		}
		if err := w.tx.Exec(`UPDATE commission_shares SET state = 'due', updated_at = ? WHERE province_id = ? AND id IN ?`, w.now, w.province, ids).Error; err != nil {
			return err
		}
	}
}

// Checked says how much CheckLedger looked at.
type Checked struct{ Entries, Lines, Statements, Cells int }

// CheckLedger verifies the whole ledger of a province: every entry balances,
// every partner's accounts equal its lines minus payouts, statements equal
// their lines, every line explains itself, and computing every month again
// gives identical lines. The error names the first breach of each kind.
func (s *Service) CheckLedger(ctx context.Context, province uuid.UUID) (Checked, error) {
	var n Checked
	err := s.db.As(ctx, tenants.System(province, "ledger check"), func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true) // alone: nothing moves while it looks
		if err != nil {
			return err
		}
		if err := w.checkTables(&n); err != nil {
			return err
		}
		var cells []struct {
			PartnerID uuid.UUID
			Month     string
		}
		if err := tx.Raw(`SELECT DISTINCT partner_id, month FROM commission_events WHERE province_id = ? AND kind IN ('activation', 'recurring') ORDER BY month, partner_id`, province).Scan(&cells).Error; err != nil {
			return err
		}
		for _, c := range cells {
			if err := w.checkCell(cell{c.PartnerID, c.Month}); err != nil {
				return err
			}
			n.Cells++
		}
		return nil
	})
	return n, err
}

func (w *world) checkTables(n *Checked) error {
	for _, c := range []struct{ what, sql string }{
		{"entry does not balance", `SELECT entry_id::text FROM ledger_postings WHERE province_id = @p GROUP BY entry_id HAVING sum(amount_fen) <> 0`},
		{"entry has no postings", `SELECT id::text FROM ledger_entries e WHERE province_id = @p AND NOT EXISTS (SELECT FROM ledger_postings p WHERE p.province_id = e.province_id AND p.entry_id = e.id)`},
		{"partner's held + due - receivable is not its lines minus payouts", `WITH posted AS (
				SELECT partner_id, sum(amount_fen) FILTER (WHERE account LIKE 'payable:%' OR account LIKE 'receivable:%') AS fen,
				coalesce(sum(amount_fen) FILTER (WHERE account IN ('clearing:payout', 'cash')), 0) AS paid FROM ledger_postings WHERE province_id = @p GROUP BY partner_id),
			owed AS (SELECT partner_id, sum(share_fen) AS fen FROM commission_shares WHERE province_id = @p GROUP BY partner_id)
			SELECT coalesce(o.partner_id, p.partner_id)::text FROM owed o FULL JOIN posted p USING (partner_id) WHERE coalesce(o.fen, 0) - coalesce(p.paid, 0) <> coalesce(p.fen, 0)`},
		{"balance is not the sum of its postings", `SELECT b.partner_id::text FROM commission_balances b LEFT JOIN (
				SELECT partner_id, sum(amount_fen) FILTER (WHERE account LIKE 'payable:%:held') AS held, sum(amount_fen) FILTER (WHERE account LIKE 'payable:%:due') AS due,
				-sum(amount_fen) FILTER (WHERE account LIKE 'receivable:%') AS receivable FROM ledger_postings WHERE province_id = @p GROUP BY partner_id) p USING (partner_id)
			WHERE b.province_id = @p AND (b.held_fen <> coalesce(p.held, 0) OR b.due_fen <> coalesce(p.due, 0) OR b.receivable_fen <> coalesce(p.receivable, 0))`},
		{"committed amount is not what unpaid statements pay", `SELECT b.partner_id::text FROM commission_balances b WHERE b.province_id = @p AND b.committed_fen <>
			(SELECT coalesce(sum(payable_fen), 0) FROM statements s WHERE s.province_id = @p AND s.partner_id = b.partner_id AND s.state IN ('issued', 'confirmed', 'approved'))
			- (SELECT coalesce(sum(amount_fen), 0) FROM payouts o WHERE o.province_id = @p AND o.partner_id = b.partner_id AND o.state = 'sent')`},
		{"payout is not what its statement pays", `SELECT o.number FROM payouts o JOIN statements s ON s.province_id = o.province_id AND s.id = o.statement_id
			WHERE o.province_id = @p AND o.state IN ('made', 'sent', 'paid') AND (o.amount_fen <> s.payable_fen OR (o.state = 'paid') <> (s.state IN ('paid', 'closed')))`},
		{"paid statement was not paid", `SELECT s.number FROM statements s WHERE s.province_id = @p AND s.state IN ('paid', 'closed') AND s.payable_fen > 0
			AND NOT EXISTS (SELECT FROM payouts o WHERE o.province_id = @p AND o.statement_id = s.id AND o.state = 'paid')`},
		{"payout is not in the ledger as it stands", `SELECT o.number FROM payouts o LEFT JOIN (SELECT e.payout_id, sum(p.amount_fen) FILTER (WHERE p.account = 'clearing:payout') AS clearing, sum(p.amount_fen) FILTER (WHERE p.account = 'cash') AS cash
				FROM ledger_entries e JOIN ledger_postings p ON p.province_id = e.province_id AND p.entry_id = e.id WHERE e.province_id = @p AND e.payout_id IS NOT NULL GROUP BY e.payout_id) l ON l.payout_id = o.id
			WHERE o.province_id = @p AND (coalesce(l.clearing, 0), coalesce(l.cash, 0)) <> (CASE o.state WHEN 'sent' THEN o.amount_fen ELSE 0 END, CASE o.state WHEN 'paid' THEN o.amount_fen ELSE 0 END)`},
		{"batch does not equal its payouts", `SELECT b.number FROM payout_batches b WHERE b.province_id = @p AND (b.payouts, b.total_fen) <> (SELECT count(*), coalesce(sum(amount_fen), 0) FROM payouts o WHERE o.province_id = @p AND o.batch_id = b.id)`},
		{"statement does not equal its lines", `SELECT s.number FROM statements s WHERE s.province_id = @p AND (s.total_fen, s.held_fen, s.lines) <>
			(SELECT coalesce(sum(share_fen), 0)::bigint, coalesce(sum(greatest(share_fen, 0)) FILTER (WHERE l.statement_id IS DISTINCT FROM s.id OR l.state = 'disputed'), 0)::bigint, count(*)::int
			FROM commission_shares l WHERE l.province_id = @p AND l.partner_id = s.partner_id AND (l.statement_id = s.id OR l.disputed_in = s.id))`},
		{"statement does not carry what the one before left", `SELECT number FROM (SELECT number, carry_in_fen, lag(carry_out_fen, 1, 0) OVER (PARTITION BY partner_id ORDER BY month) AS before
			FROM statements WHERE province_id = @p) s WHERE carry_in_fen <> before`},
		{"share knows its line differently", `SELECT s.id::text FROM commission_shares s JOIN commission_lines l ON l.province_id = s.province_id AND l.id = s.line_id
			WHERE s.province_id = @p AND (s.line_fen, s.month, s.cell_month, s.kind) IS DISTINCT FROM (l.line_fen, l.month, l.cell_month, l.kind)`},
		{"line does not explain itself", `SELECT id::text FROM commission_lines WHERE province_id = @p AND ((explain->>'line_fen')::bigint <> line_fen OR jsonb_array_length(explain->'steps') = 0
			OR (explain->'steps'->-1->>'fen')::bigint IS DISTINCT FROM line_fen)`},
	} {
		var broken []string
		q := w.tx.Raw(c.sql, map[string]any{"p": w.province})
		if err := q.Scan(&broken).Error; err != nil {
			return fmt.Errorf("check %q: %w", c.what, err)
		}
		if len(broken) > 0 {
			return fmt.Errorf("ledger: %d times: %s (%s)", len(broken), c.what, broken[0])
		}
	}
	return w.tx.Raw(`SELECT (SELECT count(*) FROM ledger_entries WHERE province_id = @p) AS entries, (SELECT count(*) FROM commission_lines WHERE province_id = @p) AS lines,
		(SELECT count(*) FROM statements WHERE province_id = @p) AS statements`, map[string]any{"p": w.province}).Scan(n).Error
}

// checkCell computes a cell again and compares sums per line and party.
func (w *world) checkCell(c cell) error {
	targets, err := w.fresh(c)
	if err != nil {
		return err
	}
	rows, shares, err := w.posted(c)
	if err != nil {
		return err
	}
	type figure struct {
		key   lineKey
		party string
	}
	left := map[figure]int64{}
	for _, r := range rows {
		k := lineKey{r.EventID, r.OfID, r.Basis}
		left[figure{k, ""}] += r.LineFen
		for _, s := range shares[r.ID] {
			left[figure{k, s.Party}] += s.ShareFen
		}
	}
	for _, t := range targets {
		left[figure{t.key, ""}] -= t.LineFen
		for _, s := range t.Shares {
			left[figure{t.key, s.To}] -= s.Fen
		}
	}
	for f, fen := range left {
		if fen != 0 {
			return fmt.Errorf("ledger: computing %s again gives %d fen less than is posted for event %s, basis %s, party %q", c.month, fen, f.key.event, f.key.basis, f.party)
		}
	}
	return nil
}
