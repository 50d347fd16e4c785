package commission

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

func yuan(fen int64) string { return money.Yuan(fen) }

func (st *Statement) entry(action, from, to, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "statement", ID: st.ID, Label: st.Number, OrgPath: st.OrgPath, Partner: st.PartnerID, From: from, To: to, Reason: reason}
}

// StatementDetail is a statement with its lines.
type StatementDetail struct {
	Statement
	Items    []Line // disputed lines that were released to a later statement too
	Needs    []Need // what is missing before it is paid
	Invoices []Invoice
	Payouts  []Payout // newest first
	History  []tenants.AuditEvent
	Actions  []string // confirm, invoice, approve, export
}

// StatementQuery filters the list of statements.
type StatementQuery struct {
	Month, State string
	After        *StatementKey
	Limit        int
}

// StatementKey is where a page ends.
type StatementKey struct {
	Month string
	ID    uuid.UUID
}

// Statements lists what the actor may see, newest month first.
func (s *Service) Statements(ctx context.Context, a tenants.Actor, q StatementQuery) ([]Statement, int64, error) {
	if err := a.Need(StatementRead); err != nil {
		return nil, 0, err
	}
	var rows []Statement
	var total int64
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Statement{})
		if q.Month != "" {
			d = d.Where("month = ?", q.Month)
		}
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		var after StatementKey
		if q.After != nil {
			after = *q.After
		}
		return pg.Newest(d, "month", after.Month, after.ID, q.Limit, &rows, &total)
	})
	return rows, total, err
}

// Statement returns one with its lines.
func (s *Service) Statement(ctx context.Context, a tenants.Actor, id uuid.UUID) (StatementDetail, error) {
	if err := a.Need(StatementRead); err != nil {
		return StatementDetail{}, err
	}
	var d StatementDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = statementDetail(tx, a, id)
		return err
	})
	return d, err
}

func statementDetail(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (StatementDetail, error) {
	d := StatementDetail{Actions: []string{"export"}}
	if err := pg.One(tenants.Rows(tx).Where("id = ?", id), &d.Statement); err != nil {
		return d, err
	}
	if err := tx.Where("province_id = ? AND (statement_id = ? OR disputed_in = ?)", a.Tenant.ProvinceID, id, id).Order("at, id").Limit(20_000).Find(&d.Items).Error; err != nil {
		return d, err
	}
	for _, action := range StatementMachine.Actions(d.State, func(need string) bool { return a.Can(tenants.Permission(need)) }) {
		if (action == "confirm") == a.Partner() {
			d.Actions = append(d.Actions, action)
		}
	}
	if a.Partner() && a.Can(StatementConfirm) && d.State == "confirmed" && d.PayableFen > 0 {
		d.Actions = append(d.Actions, "invoice")
	}
	var err error
	if d.Needs, err = d.needs(tx); err != nil {
		return d, err
	}
	if err := tenants.Rows(tx).Where("statement_id = ?", id).Order("created_at, id").Find(&d.Invoices).Error; err != nil {
		return d, err
	}
	for i := range d.Invoices {
		if v := &d.Invoices[i]; v.FileID != nil {
			files, err := tenants.Files(tx, []uuid.UUID{*v.FileID})
			if err != nil {
				return d, err
			}
			if len(files) > 0 {
				v.File = &files[0]
			}
		}
	}
	if err := tenants.Rows(tx).Where("statement_id = ?", id).Order("number DESC").Find(&d.Payouts).Error; err != nil {
		return d, err
	}
	d.History, err = tenants.History(tx, id)
	return d, err
}

func lockStatement(tx *pg.Tx, id uuid.UUID) (Statement, error) {
	var st Statement
	err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &st)
	return st, err
}

// Confirm is the partner's yes to its statement.
func (s *Service) Confirm(ctx context.Context, a tenants.Actor, id uuid.UUID) (StatementDetail, error) {
	if err := a.Need(StatementConfirm); err != nil {
		return StatementDetail{}, err
	}
	if !a.Partner() {
		return StatementDetail{}, fault.DeniedFor(string(StatementConfirm))
	}
	var d StatementDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := confirm(ctx, tx, a, id, "confirm"); err != nil {
			return err
		}
		if err := queue.Enqueue(ctx, tx, JobDeem, Province{a.Tenant.ProvinceID}); err != nil {
			return err
		}
		var err error
		d, err = statementDetail(tx, a, id)
		return err
	})
	return d, err
}

// confirm moves the statement and all its undisputed lines.
func confirm(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID, action string) error {
	st, err := lockStatement(tx, id)
	if err != nil {
		return err
	}
	t, err := StatementMachine.Take(st.State, action, "")
	if err != nil {
		return err
	}
	now := calendar.Now(ctx)
	if err := tx.Exec(`UPDATE statements SET state = ?, confirmed_at = ?, version = version + 1 WHERE province_id = ? AND id = ?`, t.To, now, st.ProvinceID, id).Error; err != nil {
		return err
	}
	if action == "deem" {
		if err := tx.Exec(`UPDATE statements SET deemed = true WHERE province_id = ? AND id = ?`, st.ProvinceID, id).Error; err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE commission_shares SET disputable_until = ? WHERE province_id = ? AND statement_id = ?`, now.Add(disputableFor), st.ProvinceID, id).Error; err != nil {
			return err
		}
	}
	tenants.Record(ctx, tx, a, st.entry(action, st.State, t.To, ""))
	return tx.Exec(`UPDATE commission_shares SET state = 'confirmed', updated_at = ? WHERE province_id = ? AND statement_id = ? AND state = 'in_statement'`, now, st.ProvinceID, id).Error
}

// again computes what a statement pays after held changed, and saves it. The
// balance commits what is paid.
func (st *Statement) again(tx *pg.Tx, held int64) error {
	before := st.PayableFen
	st.HeldFen = held
	st.PayableFen, st.CarryOutFen = payable(st.TotalFen, st.HeldFen, st.CarryInFen)
	if err := tx.Exec(`UPDATE statements SET held_fen = ?, payable_fen = ?, carry_out_fen = ?, version = version + 1 WHERE province_id = ? AND id = ?`,
		st.HeldFen, st.PayableFen, st.CarryOutFen, st.ProvinceID, st.ID).Error; err != nil {
		return err
	}
	return tx.Exec(`UPDATE commission_balances SET committed_fen = committed_fen + ? WHERE province_id = ? AND partner_id = ?`, st.PayableFen-before, st.ProvinceID, st.PartnerID).Error
}

func (st *Statement) last(tx *pg.Tx) (bool, error) {
	var later bool
	err := tx.Raw(`SELECT EXISTS (SELECT FROM statements WHERE province_id = ? AND partner_id = ? AND month > ?)`, st.ProvinceID, st.PartnerID, st.Month).Scan(&later).Error
	return !later, err
}

func getLine(tx *pg.Tx, id uuid.UUID) (Line, error) {
	var l Line
	err := pg.One(tenants.Rows(tx).Where("id = ?", id), &l)
	return l, err
}

func lockLine(tx *pg.Tx, id uuid.UUID) (Line, error) {
	var l Line
	err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &l)
	return l, err
}

func (l *Line) entry(action, from, to, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "commission_line", ID: l.ID, Label: l.Product + " " + l.BusinessDate, OrgPath: l.OrgPath, Partner: l.PartnerID, From: from, To: to, Reason: reason}
}

// Province is the argument of periodic jobs; none means all provinces.
type Province struct {
	ID uuid.UUID `json:"province"`
}

func (s *Service) provinces(ctx context.Context, args json.RawMessage) ([]uuid.UUID, error) {
	var p Province
	if len(args) > 0 {
		if err := json.Unmarshal(args, &p); err != nil {
			return nil, err
		}
	}
	if p.ID != uuid.Nil {
		return []uuid.UUID{p.ID}, nil
	}
	all, err := s.people.Provinces(ctx)
	var out []uuid.UUID
	for _, t := range all {
		out = append(out, t.ID)
	}
	return out, err
}

// DeemJob confirms statements whose time to confirm is over, and moves months
// on whose statements are all confirmed.
func (s *Service) DeemJob(ctx context.Context, args json.RawMessage) error {
	provinces, err := s.provinces(ctx, args)
	if err != nil {
		return err
	}
	var failed error
	for _, province := range provinces {
		failed = errors.Join(failed, s.deem(ctx, tenants.System(province, "deemed confirmation")))
	}
	return failed
}

func (s *Service) deem(ctx context.Context, system tenants.Actor) error {
	province := system.Tenant.ProvinceID
	var late []uuid.UUID
	if err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT id FROM statements WHERE province_id = ? AND state = 'issued' AND confirm_by < ? ORDER BY confirm_by, id`, province, calendar.Now(ctx)).Scan(&late).Error
	}); err != nil {
		return err
	}
	for _, id := range late {
		err := s.db.As(ctx, system, func(tx *pg.Tx) error { return confirm(ctx, tx, system, id, "deem") })
		if f, refused := fault.As(err); refused && f.Kind == fault.Conflict {
			continue // the partner was faster
		}
		if err != nil {
			return err
		}
	}
	return s.db.As(ctx, system, func(tx *pg.Tx) error {
		if err := lockProvince(tx, true); err != nil {
			return err
		}
		if err := lateDisputes(ctx, tx, system); err != nil {
			return err
		}
		return progress(ctx, tx, system)
	})
}

// MatureJob moves lines whose holding is over from held to due, every day.
func (s *Service) MatureJob(ctx context.Context, args json.RawMessage) error {
	provinces, err := s.provinces(ctx, args)
	if err != nil {
		return err
	}
	var failed error
	for _, province := range provinces {
		failed = errors.Join(failed, s.db.As(ctx, tenants.System(province, "commission engine"), func(tx *pg.Tx) error {
			w, err := loadWorld(ctx, tx, true)
			if err != nil {
				return err
			}
			return w.mature(calendar.Date(w.now))
		}))
	}
	return failed
}
