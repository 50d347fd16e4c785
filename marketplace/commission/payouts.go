package commission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// Batch is payouts that go to the bank together.
type Batch struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	OrgPath     string
	Number      string
	Layout      string // of the file, see Layouts
	State       string
	Payouts     int
	TotalFen    int64
	Makers      tenants.Persons
	MakerName   string
	Checkers    tenants.Persons
	CheckerName string
	Reason      string
	CreatedAt   time.Time
	CheckedAt   *time.Time
	SentAt      *time.Time
	Version     int64
}

// TableName of batches.
func (Batch) TableName() string { return "payout_batches" }

// RowVersion is the optimistic lock.
func (b *Batch) RowVersion() *int64 { return &b.Version }

// Payout is the money of one statement on its way to the partner's bank. The
// account is the one of the day it was made.
type Payout struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PartnerID       uuid.UUID
	OrgPath         string
	BatchID         uuid.UUID
	StatementID     uuid.UUID
	Number          string
	StatementNumber string
	Month           string
	PartnerName     string
	AmountFen       int64
	TaxFen          int64
	InvoiceNumbers  string
	Holder          string
	Bank            string
	Branch          string
	AccountNumber   string
	AccountChanged  bool // another account than that of the firm's last payout
	State           string
	Reference       string // of the bank
	Reason          string // why it failed
	SentAt          *time.Time
	AnsweredAt      *time.Time
	CreatedAt       time.Time
}

// TableName of payouts.
func (Payout) TableName() string { return "payouts" }

// Layouts of the files a batch can be written in. Internal is settlement
// between the province and its cities; external goes to another system that
// reads the batch by the API and answers by it.
var Layouts = []string{"standard", "icbc", "ccb", "external", "internal"}

// Refusals about payouts.
var (
	ErrOwnBatch  = fault.New(fault.Denied, "own-batch", "批次的制单人不能复核自己制作的批次。", "Whoever made a batch cannot check it.")
	ErrNoPayouts = fault.New(fault.Conflict, "nothing-to-pay", "没有已复核、待付款的对账单。", "No approved statement waits to be paid.")
)

// BatchDetail is a batch with its payouts.
type BatchDetail struct {
	Batch
	Items   []Payout
	Paid    int
	Failed  int
	History []tenants.AuditEvent
	Actions []string
}

// Waiting is what could go into a new batch.
type Waiting struct {
	Statements, InternalStatements int   // of partners, of cities
	Fen, InternalFen               int64 //
	Confirmed                      int   // statements that wait for what they need
}

// BatchKey is where a page of batches ends.
type BatchKey struct {
	Number string
	ID     uuid.UUID
}

// Batches lists the newest first.
func (s *Service) Batches(ctx context.Context, a tenants.Actor, state string, after *BatchKey, limit int) (rows []Batch, total int64, w Waiting, err error) {
	if err := a.Need(PayoutRead); err != nil {
		return nil, 0, w, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Batch{})
		if state != "" {
			d = d.Where("state = ?", state)
		}
		if after == nil {
			after = &BatchKey{}
		}
		if err := pg.Newest(d, "number", after.Number, after.ID, limit, &rows, &total); err != nil {
			return err
		}
		return tx.Raw(`SELECT count(*) FILTER (WHERE s.state = 'approved' AND t.kind = 'partner') AS statements, coalesce(sum(payable_fen) FILTER (WHERE s.state = 'approved' AND t.kind = 'partner'), 0)::bigint AS fen,
			count(*) FILTER (WHERE s.state = 'approved' AND t.kind <> 'partner') AS internal_statements, coalesce(sum(payable_fen) FILTER (WHERE s.state = 'approved' AND t.kind <> 'partner'), 0)::bigint AS internal_fen,
			count(*) FILTER (WHERE s.state = 'confirmed') AS confirmed
			FROM statements s JOIN tenants t ON t.province_id = s.province_id AND t.id = s.partner_id WHERE s.province_id = ? AND s.state IN ('approved', 'confirmed') AND s.payable_fen > 0
			AND NOT EXISTS (SELECT FROM payouts p WHERE p.province_id = s.province_id AND p.statement_id = s.id AND p.state IN ('made', 'sent', 'paid'))`, a.Tenant.ProvinceID).Scan(&w).Error
	})
	return rows, total, w, err
}

// Batch returns one with its payouts.
func (s *Service) Batch(ctx context.Context, a tenants.Actor, id uuid.UUID) (BatchDetail, error) {
	if err := a.Need(PayoutRead); err != nil {
		return BatchDetail{}, err
	}
	var d BatchDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = batchDetail(tx, a, id)
		return err
	})
	return d, err
}

func batchDetail(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (BatchDetail, error) {
	d := BatchDetail{Actions: []string{}}
	if err := pg.One(tenants.Rows(tx).Where("id = ?", id), &d.Batch); err != nil {
		return d, err
	}
	if err := tenants.Rows(tx).Where("batch_id = ?", id).Order("number").Find(&d.Items).Error; err != nil {
		return d, err
	}
	for _, p := range d.Items {
		switch p.State {
		case "paid":
			d.Paid++
		case "failed":
			d.Failed++
		}
	}
	for _, action := range BatchMachine.Actions(d.State, func(need string) bool { return a.Can(tenants.Permission(need)) }) {
		if !d.Makers.Has(a) || action != "check" && action != "reject" {
			d.Actions = append(d.Actions, action)
		}
	}
	if d.SentAt != nil {
		d.Actions = append(d.Actions, "file")
	}
	var err error
	d.History, err = tenants.History(tx, id)
	return d, err
}

func (b *Batch) entry(action, from, to, reason string) tenants.Entry {
	return tenants.Entry{Action: action + "_batch", Resource: "payout_batch", ID: b.ID, Label: b.Number, OrgPath: b.OrgPath, From: from, To: to, Reason: reason}
}

// MakeBatch collects every approved statement that no batch pays yet: those of
// the cities for the internal layout, those of partners for any other.
func (s *Service) MakeBatch(ctx context.Context, a tenants.Actor, layout string) (BatchDetail, error) {
	var d BatchDetail
	if err := a.Need(PayoutMake); err != nil {
		return d, err
	}
	var c fault.Checker
	c.OneOf("layout", layout, Layouts...)
	if err := c.Err(); err != nil {
		return d, err
	}
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		var rows []Payout
		if err := tx.Raw(`SELECT s.id AS statement_id, s.number AS statement_number, s.partner_id, s.org_path, s.month, s.partner_name, s.payable_fen AS amount_fen,
				coalesce((SELECT sum(tax_fen) FROM invoices v WHERE v.province_id = s.province_id AND v.statement_id = s.id AND v.state = 'accepted'), 0)::bigint AS tax_fen,
				coalesce((SELECT string_agg(v.number, ' ' ORDER BY v.number) FROM invoices v WHERE v.province_id = s.province_id AND v.statement_id = s.id AND v.state = 'accepted'), '') AS invoice_numbers,
				coalesce(y.holder, s.partner_name) AS holder, coalesce(y.bank, '') AS bank, coalesce(y.branch, '') AS branch, coalesce(y.account_number, '') AS account_number,
				coalesce((SELECT p.account_number <> y.account_number FROM payouts p WHERE p.province_id = s.province_id AND p.partner_id = s.partner_id AND p.state IN ('sent', 'paid') ORDER BY p.created_at DESC LIMIT 1), false) AS account_changed
			FROM statements s JOIN tenants t ON t.province_id = s.province_id AND t.id = s.partner_id LEFT JOIN payees y ON y.province_id = s.province_id AND y.partner_id = s.partner_id
			WHERE s.province_id = @p AND s.state = 'approved' AND s.payable_fen > 0 AND (t.kind <> 'partner') = @internal
				AND NOT EXISTS (SELECT FROM payouts p WHERE p.province_id = s.province_id AND p.statement_id = s.id AND p.state IN ('made', 'sent', 'paid')) ORDER BY s.number FOR UPDATE OF s`,
			map[string]any{"p": w.province, "internal": layout == "internal"}).Scan(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 0 {
			return ErrNoPayouts
		}
		month := calendar.Month(w.now)
		var earlier int
		if err := tx.Raw(`SELECT count(*) FROM payout_batches WHERE province_id = ? AND number LIKE ?`, w.province, "PB"+month[:4]+month[5:]+"-%").Scan(&earlier).Error; err != nil {
			return err
		}
		b := Batch{
			ProvinceID: w.province, ID: pg.NewID(), OrgPath: w.root, Number: fmt.Sprintf("PB%s%s-%03d", month[:4], month[5:], earlier+1), Layout: layout, State: BatchMachine.Initial,
			Payouts: len(rows), Makers: tenants.Persons{}.With(a), MakerName: a.Name, Checkers: tenants.Persons{}, CreatedAt: w.now, Version: 1,
		}
		for i := range rows {
			p := &rows[i]
			p.ProvinceID, p.ID, p.BatchID, p.State, p.CreatedAt = w.province, pg.NewID(), b.ID, "made", w.now
			p.Number = fmt.Sprintf("%s-%04d", b.Number, i+1)
			if b.TotalFen, err = money.Add(b.TotalFen, p.AmountFen); err != nil {
				return err
			}
		}
		if err := tx.Create(&b).Error; err != nil {
			return err
		}
		if err := tx.CreateInBatches(&rows, 500).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, b.entry("make", "", b.State, ""))
		d, err = batchDetail(tx, a, b.ID)
		return err
	})
	return d, err
}

// batchStep takes one step of the machine on the locked batch.
func (s *Service) batchStep(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, step func(*world, *Batch) error) (BatchDetail, error) {
	var d BatchDetail
	for _, t := range BatchMachine.Table {
		if t.Action == action {
			if err := a.Need(tenants.Permission(t.Permission)); err != nil {
				return d, err
			}
		}
	}
	if _, err := s.Batch(ctx, a, id); err != nil { // visible to the one who asks
		return d, err
	}
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		var b Batch
		if err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &b); err != nil {
			return err
		}
		t, err := BatchMachine.Take(b.State, action, reason)
		if err != nil {
			return err
		}
		from := b.State
		b.State, b.Reason = t.To, strings.TrimSpace(reason)
		if err := step(w, &b); err != nil {
			return err
		}
		if err := pg.Save(tx, &b); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, b.entry(action, from, b.State, b.Reason))
		d, err = batchDetail(tx, a, id)
		return err
	})
	return d, err
}

// CheckBatch is the second person's yes.
func (s *Service) CheckBatch(ctx context.Context, a tenants.Actor, id uuid.UUID) (BatchDetail, error) {
	return s.batchStep(ctx, a, id, "check", "", func(w *world, b *Batch) error {
		if b.Makers.Has(a) {
			return ErrOwnBatch
		}
		b.Checkers, b.CheckerName, b.CheckedAt = tenants.Persons{}.With(a), a.Name, &w.now
		return nil
	})
}

// RejectBatch is the second person's no; its statements wait for another batch.
func (s *Service) RejectBatch(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (BatchDetail, error) {
	return s.batchStep(ctx, a, id, "reject", reason, func(w *world, b *Batch) error {
		if b.Makers.Has(a) {
			return ErrOwnBatch
		}
		b.Checkers, b.CheckerName, b.CheckedAt = tenants.Persons{}.With(a), a.Name, &w.now
		return b.drop(w)
	})
}

// CancelBatch takes back what was not sent.
func (s *Service) CancelBatch(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (BatchDetail, error) {
	return s.batchStep(ctx, a, id, "cancel", reason, func(w *world, b *Batch) error { return b.drop(w) })
}

func (b *Batch) drop(w *world) error {
	return w.tx.Exec(`UPDATE payouts SET state = 'dropped' WHERE province_id = ? AND batch_id = ?`, b.ProvinceID, b.ID).Error
}

// SendBatch makes the payouts: the money leaves what is due, and the file can
// be taken to the bank.
func (s *Service) SendBatch(ctx context.Context, a tenants.Actor, id uuid.UUID) (BatchDetail, error) {
	return s.batchStep(ctx, a, id, "send", "", func(w *world, b *Batch) error {
		b.SentAt = &w.now
		var rows []*Payout
		if err := w.tx.Raw(`SELECT * FROM payouts WHERE province_id = ? AND batch_id = ? AND state = 'made' ORDER BY number FOR UPDATE`, w.province, b.ID).Scan(&rows).Error; err != nil {
			return err
		}
		if err := w.pay(rows, "payout", -1, dueOf, clearing); err != nil {
			return err
		}
		return w.tx.Exec(`UPDATE payouts SET state = 'sent', sent_at = ? WHERE province_id = ? AND batch_id = ? AND state = 'made'`, w.now, w.province, b.ID).Error
	})
}

func dueOf(p *Payout) string     { return dueAccount(p.PartnerID) }
func clearing(*Payout) string    { return "clearing:payout" }
func cashAccount(*Payout) string { return "cash" }

// pay moves the amounts of payouts between accounts; direction is what that
// does to what is due and committed: -1 takes from it, 1 gives back, 0 leaves.
func (w *world) pay(rows []*Payout, kind string, direction int64, from, to func(*Payout) string) error {
	var partners []uuid.UUID
	for _, p := range rows {
		partners = append(partners, p.PartnerID)
	}
	balances, err := w.lockBalances(partners)
	if err != nil {
		return err
	}
	b := &book{w: w}
	for _, p := range rows {
		balance := balances[p.PartnerID]
		balance.DueFen += direction * p.AmountFen
		balance.CommittedFen += direction * p.AmountFen
		b.entry(move{kind: kind, partner: p.PartnerID, month: p.Month, statement: &p.StatementID, payout: &p.ID}, from(p), -p.AmountFen, to(p), p.AmountFen)
	}
	if err := b.keep(); err != nil {
		return err
	}
	return w.saveBalances(balances)
}

// Answered is what the bank says of one payout.
type Answered struct {
	Number    string // of the payout
	Paid      bool
	AmountFen int64  // 0 when the bank does not repeat it
	Reference string // of the bank
	Reason    string // why it failed
	At        time.Time
}

// AnswerPayouts takes the bank's answers, all or none; with dry nothing is
// kept. A repeated answer is counted as such. A failure outranks a success,
// whichever came first: money that came back is due again.
func (s *Service) AnswerPayouts(ctx context.Context, a tenants.Actor, answers []Answered, dry bool) (accepted, repeated int, err error) {
	if err := a.Need(PayoutAnswer); err != nil {
		return 0, 0, err
	}
	err = s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		accepted, repeated, err = w.answer(ctx, a, answers)
		if err == nil && dry {
			err = errDry
		}
		return err
	})
	if dry && errors.Is(err, errDry) {
		err = nil
	}
	return accepted, repeated, err
}

func (w *world) answer(ctx context.Context, a tenants.Actor, answers []Answered) (accepted, repeated int, err error) {
	var numbers []string
	for _, x := range answers {
		numbers = append(numbers, x.Number)
	}
	known := map[string]*Payout{}
	for part := range slices.Chunk(numbers, 1000) {
		var rows []*Payout
		if err := w.tx.Raw(`SELECT * FROM payouts WHERE province_id = ? AND number IN ? ORDER BY number FOR UPDATE`, w.province, part).Scan(&rows).Error; err != nil {
			return 0, 0, err
		}
		for _, p := range rows {
			known[p.Number] = p
		}
	}
	var c fault.Checker
	failed := map[string]bool{} // in this very list
	for i, x := range answers {
		at := fmt.Sprintf("answers[%d].", i)
		p := known[x.Number]
		switch {
		case p == nil:
			c.Add(at+"number", "unknown", "没有这笔付款。", "There is no such payout.")
		case p.State == "made" || p.State == "dropped":
			c.Add(at+"number", "not_sent", "这笔付款没有送出过。", "This payout was never sent.")
		case x.AmountFen != 0 && x.AmountFen != p.AmountFen:
			c.Add(at+"amount_fen", "differs", "金额与送出的不符，应为 "+money.Yuan(p.AmountFen)+" 元。", "The amount is not what was sent: "+money.Yuan(p.AmountFen)+" yuan.")
		case !x.Paid && strings.TrimSpace(x.Reason) == "":
			c.Add(at+"reason", "required", "失败须说明原因。", "A failure says why.")
		case x.Paid && p.State == "failed":
			c.Add(at+"paid", "failed_before", "这笔付款已记为失败，款项已退回待付，不能再记为成功；请与银行核实。", "This payout has failed, and the amount is due again; it cannot succeed any more. Ask the bank.")
		}
		failed[x.Number] = failed[x.Number] || !x.Paid
	}
	if err := c.Err(); err != nil {
		return 0, 0, err
	}
	var paid, bounced, returned []*Payout
	batches := map[uuid.UUID]bool{}
	for _, x := range answers {
		p := known[x.Number]
		switch {
		case x.Paid && (p.State == "paid" || failed[x.Number]) || !x.Paid && p.State == "failed":
			repeated++
			continue
		case x.Paid:
			paid = append(paid, p)
			p.State = "paid"
		case p.State == "paid":
			returned = append(returned, p)
			p.State = "failed"
		default:
			bounced = append(bounced, p)
			p.State = "failed"
		}
		accepted++
		batches[p.BatchID] = true
		when := x.At
		if when.IsZero() {
			when = w.now
		}
		p.AnsweredAt, p.Reference, p.Reason = &when, x.Reference, strings.TrimSpace(x.Reason)
		if err := w.tx.Exec(`UPDATE payouts SET state = ?, answered_at = ?, reference = ?, reason = ? WHERE province_id = ? AND id = ?`, p.State, when, p.Reference, p.Reason, w.province, p.ID).Error; err != nil {
			return 0, 0, err
		}
		action, to := "pay", "paid"
		if !x.Paid {
			action, to = "bounce", "approved"
		}
		if err := w.settled(ctx, a, p, action, to); err != nil {
			return 0, 0, err
		}
	}
	for _, x := range []struct {
		rows      []*Payout
		kind      string
		direction int64
		from, to  func(*Payout) string
	}{{paid, "payout_confirmed", 0, clearing, cashAccount}, {bounced, "payout_bounced", 1, clearing, dueOf}, {returned, "payout_bounced", 1, cashAccount, dueOf}} {
		if len(x.rows) > 0 {
			if err := w.pay(x.rows, x.kind, x.direction, x.from, x.to); err != nil {
				return 0, 0, err
			}
		}
	}
	for id := range batches {
		if err := w.reconciled(ctx, a, id); err != nil {
			return 0, 0, err
		}
	}
	return accepted, repeated, progress(ctx, w.tx, a)
}

// settled moves the statement of a payout, and its lines, with the answer.
func (w *world) settled(ctx context.Context, a tenants.Actor, p *Payout, action, to string) error {
	st, err := lockStatement(w.tx, p.StatementID)
	if err != nil {
		return err
	}
	if _, err := StatementMachine.Take(st.State, action, p.Reason); err != nil {
		return err
	}
	paidAt, line, was := p.AnsweredAt, "paid", "confirmed"
	if to != "paid" {
		paidAt, line, was = nil, "confirmed", "paid"
	}
	tenants.Record(ctx, w.tx, a, st.entry(action, st.State, to, p.Reason))
	if err := w.tx.Exec(`UPDATE statements SET state = ?, paid_at = ?, version = version + 1 WHERE province_id = ? AND id = ?`, to, paidAt, w.province, st.ID).Error; err != nil {
		return err
	}
	return w.tx.Exec(`UPDATE commission_shares SET state = ?, updated_at = ? WHERE province_id = ? AND statement_id = ? AND state = ?`, line, w.now, w.province, st.ID, was).Error
}

// reconciled ends a batch whose payouts are all answered.
func (w *world) reconciled(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	var b Batch
	if err := pg.One(w.tx.Raw(`UPDATE payout_batches b SET state = 'reconciled', version = version + 1 WHERE province_id = ? AND id = ? AND state = 'sent'
		AND NOT EXISTS (SELECT FROM payouts p WHERE p.province_id = b.province_id AND p.batch_id = b.id AND p.state = 'sent') RETURNING *`, w.province, id), &b); err != nil {
		if f, ok := fault.As(err); ok && f.Is(fault.ErrMissing) {
			return nil
		}
		return err
	}
	tenants.Record(ctx, w.tx, a, b.entry("reconcile", "sent", b.State, ""))
	return nil
}

// months go through these one after the other, as far as their last statement.
var monthSteps = []struct{ from, to, action string }{{"issued", "confirmed", "all_confirmed"}, {"confirmed", "approved", "approve"}, {"approved", "paid", "pay"}}

// progress moves months on as far as all their statements are, or back when a
// payout came back. A confirmed statement that pays nothing needs no payout.
func progress(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	w, err := viewWorld(ctx, tx, nil)
	if err != nil {
		return err
	}
	var nothing []Statement
	if err := tx.Raw(`UPDATE statements SET state = 'paid', paid_at = ?, version = version + 1 WHERE province_id = ? AND state = 'confirmed' AND payable_fen = 0 RETURNING *`, w.now, w.province).Scan(&nothing).Error; err != nil {
		return err
	}
	for _, st := range nothing {
		tenants.Record(ctx, tx, a, st.entry("nothing_to_pay", "confirmed", "paid", ""))
		if err := tx.Exec(`UPDATE commission_shares SET state = 'paid', updated_at = ? WHERE province_id = ? AND statement_id = ? AND state = 'confirmed'`, w.now, w.province, st.ID).Error; err != nil {
			return err
		}
	}
	var months []struct{ Month, State, Least string }
	if err := tx.Raw(`SELECT p.month, p.state, coalesce((ARRAY['issued', 'confirmed', 'approved', 'paid'])[min(CASE s.state WHEN 'issued' THEN 1 WHEN 'confirmed' THEN 2 WHEN 'approved' THEN 3 ELSE 4 END)], 'paid') AS least
		FROM commission_periods p LEFT JOIN statements s ON s.province_id = p.province_id AND s.month = p.month WHERE p.province_id = ? AND p.state IN ('issued', 'confirmed', 'approved', 'paid', 'closed')
		GROUP BY p.month, p.state ORDER BY p.month`, w.province).Scan(&months).Error; err != nil {
		return err
	}
	for _, m := range months {
		was := m.State
		for _, step := range monthSteps {
			if m.State == step.from && m.State != m.Least {
				tenants.Record(ctx, tx, a, w.periodEntry(step.action, m.Month, step.from, step.to))
				m.State = step.to
			}
		}
		if (m.State == "paid" || m.State == "closed") && m.Least != "paid" {
			tenants.Record(ctx, tx, a, w.periodEntry("bounce", m.Month, m.State, m.Least))
			m.State = m.Least
		}
		if m.State != was {
			if err := tx.Exec(`UPDATE commission_periods SET state = ?, version = version + 1 WHERE province_id = ? AND month = ?`, m.State, w.province, m.Month).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// ClosePeriod ends a month whose statements are all paid. What a bank returns
// later opens it again.
func (s *Service) ClosePeriod(ctx context.Context, a tenants.Actor, month string) (PeriodDetail, error) {
	var d PeriodDetail
	if err := a.Need(PeriodCalculate); err != nil {
		return d, err
	}
	if err := checkMonth(month); err != nil {
		return d, err
	}
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		if err := progress(ctx, tx, a); err != nil {
			return err
		}
		p, err := lockPeriod(tx, month)
		if err != nil {
			return err
		}
		t, err := PeriodMachine.Take(p.State, "close", "")
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE statements SET state = 'closed', version = version + 1 WHERE province_id = ? AND month = ? AND state = 'paid'`, w.province, month).Error; err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE commission_periods SET state = ?, version = version + 1 WHERE province_id = ? AND month = ?`, t.To, w.province, month).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, w.periodEntry("close", month, p.State, t.To))
		d, err = period(ctx, tx, a, month)
		return err
	})
	return d, err
}
