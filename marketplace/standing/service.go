package standing

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Service is the use cases of this package.
type Service struct {
	db       *pg.DB
	partners *partner.Service
}

// NewService wires the package.
func NewService(db *pg.DB, partners *partner.Service) *Service { return &Service{db, partners} }

// JobTry evaluates the ended quarter with a formula on trial; its argument
// names the province.
const JobTry = "tier.try"

// Trial names the province in which a formula is to be tried.
type Trial struct {
	Province uuid.UUID `json:"province"`
}

// Try does so.
func (s *Service) Try(ctx context.Context, t Trial) error { return s.Evaluate(ctx, t.Province) }

// Formulas returns the versions, the newest first.
func (s *Service) Formulas(ctx context.Context, a tenants.Actor) (out []Formula, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Where("province_id = ?", a.Tenant.ProvinceID).Order("number DESC").Limit(50).Find(&out).Error; err != nil {
			return err
		}
		return contested(tx, out)
	})
	return out, err
}

// Criteria returns the formula in force for whoever reads a tier somewhere: what
// a tier asks for is no secret. It is missing where none is published.
func (s *Service) Criteria(ctx context.Context, a tenants.Actor) (f Formula, err error) {
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		return pg.One(tx.Where("province_id = ? AND state = 'published'", a.Tenant.ProvinceID), &f)
	})
	return f, err
}

// ProposeFormula drafts the next version: it is tried on the quarter that is
// over at once and on the one that runs when that ends, changes nothing, and can
// be published when firms had time to object. The first has nothing to run
// beside.
func (s *Service) ProposeFormula(ctx context.Context, a tenants.Actor, doc Document, note string) (Formula, error) {
	if err := a.Need(Propose); err != nil {
		return Formula{}, err
	}
	if err := doc.Validate(); err != nil {
		return Formula{}, err
	}
	f := Formula{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), State: FormulaMachine.Initial, Document: pg.JSON[Document]{V: doc}, Note: strings.TrimSpace(note), MadeBy: a.User, MadeByName: a.Name,
		Makers: tenants.Persons{}.With(a), Checkers: tenants.Persons{}, MadeAt: calendar.Now(ctx), Version: 1,
	}
	var began time.Time
	f.Quarter, began = tenants.Quarter(f.MadeAt)
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var inForce int64
		if err := tx.Model(&Formula{}).Where("province_id = ? AND state = 'published'", f.ProvinceID).Count(&inForce).Error; err != nil {
			return err
		}
		if f.RipeAt = f.MadeAt; inForce > 0 {
			f.RipeAt = calendar.AddWorkingDays(began.AddDate(0, 3, 0), objectDays)
		}
		if err := tx.Raw(`SELECT coalesce(max(number), 0) + 1 FROM tier_formulas WHERE province_id = ?`, f.ProvinceID).Scan(&f.Number).Error; err != nil {
			return err
		}
		if err := tx.Create(&f).Error; err != nil {
			if pg.Violated(err, "tier_formulas_proposed_once") || pg.Violated(err, "tier_formulas_number_once") {
				return ErrFormulaOpen
			}
			return err
		}
		tenants.Record(ctx, tx, a, f.entry(a, "propose_formula", "", f.Note))
		return queue.Enqueue(ctx, tx, JobTry, Trial{f.ProvinceID})
	})
	return f, err
}

// CheckFormula publishes a version in place of the one in force, or returns it.
func (s *Service) CheckFormula(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Formula, error) {
	var f Formula
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id).Clauses(pg.ForUpdate), &f); err != nil {
			return err
		}
		x, err := FormulaMachine.Take(f.State, action, reason)
		if err != nil {
			return err
		}
		if err := a.Need(tenants.Permission(x.Permission)); err != nil {
			return err
		}
		if f.Makers.Has(a) {
			return ErrOwnFormula
		}
		switch action {
		case "publish":
			err = s.replace(ctx, tx, a, f)
		case "return":
			err = settle(ctx, tx, a, f.ID)
		}
		if err != nil {
			return err
		}
		from, now := f.State, calendar.Now(ctx)
		f.State, f.Reason, f.CheckedBy, f.CheckedByName, f.Checkers, f.CheckedAt = x.To, strings.TrimSpace(reason), &a.User, a.Name, tenants.Persons{}.With(a), &now
		if err := pg.Save(tx, &f); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, f.entry(a, action, from, f.Reason))
		return nil
	})
	return f, err
}

// replace takes the version in force out of it. The first needs no trial:
// there is nothing to compare it with.
func (s *Service) replace(ctx context.Context, tx *pg.Tx, a tenants.Actor, f Formula) error {
	var old []Formula
	if err := tx.Where("province_id = ? AND state = 'published'", f.ProvinceID).Clauses(pg.ForUpdate).Find(&old).Error; err != nil || len(old) == 0 {
		return err
	}
	one := []Formula{f}
	if err := contested(tx, one); err != nil {
		return err
	}
	if err := one[0].ready(calendar.Now(ctx)); err != nil {
		return err
	}
	var tried, firms int64
	if err := tenants.Rows(tx).Table("tier_evaluations").Where("formula_id = ? AND quarter >= ?", f.ID, f.Quarter).Count(&tried).Error; err != nil {
		return err
	}
	if err := tenants.Rows(tx).Table("partners").Where("state = 'active'").Count(&firms).Error; err != nil {
		return err
	}
	if tried == 0 && firms > 0 {
		return ErrNoShadow
	}
	x, err := FormulaMachine.Take(old[0].State, "supersede", "")
	if err != nil {
		return err
	}
	from := old[0].State
	old[0].State = x.To
	if err := pg.Save(tx, &old[0]); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, old[0].entry(a, "supersede", from, ""))
	return nil
}

// Compared is a firm under the formula in force and under another.
type Compared struct {
	Partner uuid.UUID
	Name    string
	Quarter string
	Tier    string // that it has
	Now     *Evaluation
	Then    Evaluation
}

// Comparison puts what a version would have said of a quarter beside what was
// said; where it differs comes first.
func (s *Service) Comparison(ctx context.Context, a tenants.Actor, id uuid.UUID) (out []Compared, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var f Formula
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id), &f); err != nil {
			return err
		}
		var then, now []Evaluation
		if err := tenants.Rows(tx).Where("formula_id = ? AND quarter = (SELECT max(quarter) FROM tier_evaluations WHERE province_id = ? AND formula_id = ?)", id, f.ProvinceID, id).Order("points DESC, id").Limit(1000).Find(&then).Error; err != nil || len(then) == 0 {
			return err
		}
		if err := tenants.Rows(tx).Where("quarter = ? AND NOT shadow AND formula_id <> ?", then[0].Quarter, id).Limit(1000).Find(&now).Error; err != nil {
			return err
		}
		by := map[uuid.UUID]*Evaluation{}
		for i := range now {
			by[now[i].PartnerID] = &now[i]
		}
		var same []Compared
		for _, e := range then {
			x := Compared{Partner: e.PartnerID, Name: e.PartnerName, Quarter: e.Quarter, Tier: e.Tier, Now: by[e.PartnerID], Then: e}
			if x.Now != nil && x.Now.Result == e.Result {
				same = append(same, x)
			} else {
				out = append(out, x)
			}
		}
		out = append(out, same...)
		return nil
	})
	return out, err
}

// MoveQuery filters moves.
type MoveQuery struct {
	State   string
	AfterAt time.Time
	AfterID uuid.UUID
	Limit   int
}

// Moves returns moves with their evidence, the last touched first.
func (s *Service) Moves(ctx context.Context, a tenants.Actor, q MoveQuery) (page []Move, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Move{})
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if err := pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total); err != nil {
			return err
		}
		return evidence(tx, page)
	})
	return page, total, err
}

func evidence(tx *pg.Tx, moves []Move) error {
	var ids []uuid.UUID
	for _, m := range moves {
		if m.EvaluationID != nil {
			ids = append(ids, *m.EvaluationID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var found []Evaluation
	err := tenants.Rows(tx).Where("id = ANY (?::uuid[])", pg.UUIDs(ids)).Find(&found).Error
	for i := range moves {
		for j := range found {
			if moves[i].EvaluationID != nil && found[j].ID == *moves[i].EvaluationID {
				moves[i].Evidence = &found[j]
			}
		}
	}
	return err
}

// ProposeMove is a person's proposal, with why; the newest evaluation goes with
// it.
func (s *Service) ProposeMove(ctx context.Context, a tenants.Actor, id uuid.UUID, to, note string) (Move, error) {
	if err := a.Need(Propose); err != nil {
		return Move{}, err
	}
	note = strings.TrimSpace(note)
	var c fault.Checker
	c.OneOf("to", to, partner.Tiers...)
	c.Require("note", note != "")
	if err := c.Err(); err != nil {
		return Move{}, err
	}
	if err := s.partners.Foreign(ctx, a, id); err != nil {
		return Move{}, err
	}
	var m Move
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var p partner.Partner
		if err := pg.One(tenants.Firms(tx).Where("id = ?", id), &p); err != nil {
			return err
		}
		if p.State != "active" {
			return ErrNotActive
		}
		if p.Tier == to {
			return ErrSameTier
		}
		now := calendar.Now(ctx)
		m = Move{
			ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, OrgPath: p.OrgPath, PartnerName: p.LegalName, FromTier: p.Tier, ToTier: to, State: MoveMachine.Initial, Note: note,
			MadeByName: a.Name, Makers: tenants.Persons{}.With(a), Deciders: tenants.Persons{}, MadeAt: now, DueAt: calendar.AddWorkingDays(now, decideDays), Version: 1, UpdatedAt: now,
		}
		m.Quarter, _ = tenants.Quarter(now)
		var last []Evaluation
		if err := tenants.Rows(tx).Where("partner_id = ? AND NOT shadow", id).Order("quarter DESC").Limit(1).Find(&last).Error; err != nil {
			return err
		}
		if len(last) > 0 {
			m.EvaluationID, m.Evidence = &last[0].ID, &last[0]
		}
		if err := tx.Create(&m).Error; err != nil {
			if pg.Violated(err, "tier_moves_open_once") {
				return ErrMoveOpen
			}
			return err
		}
		tenants.Record(ctx, tx, a, m.entry("propose", "", note))
		return nil
	})
	return m, err
}

// DecideMove accepts a move, which then is the firm's tier, or declines it.
// Offers of the firm lie in the cities, so the step has the system's sight.
func (s *Service) DecideMove(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Move, error) {
	if err := a.Need(Decide); err != nil {
		return Move{}, err
	}
	var m Move
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error { return pg.One(tenants.Rows(tx).Where("id = ?", id), &m) }); err != nil {
		return m, err
	}
	if err := s.partners.Foreign(ctx, a, m.PartnerID); err != nil {
		return m, err
	}
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id).Clauses(pg.ForUpdate), &m); err != nil {
			return err
		}
		x, err := MoveMachine.Take(m.State, action, strings.TrimSpace(reason))
		if err != nil {
			return err
		}
		if x.Permission == "" {
			return fault.ErrMissing
		}
		if m.Makers.Has(a) {
			return ErrOwnMove
		}
		from, now := m.State, calendar.Now(ctx)
		m.State, m.Reason, m.DecidedBy, m.DecidedByName, m.Deciders, m.DecidedAt, m.UpdatedAt = x.To, strings.TrimSpace(reason), &a.User, a.Name, tenants.Persons{}.With(a), &now, now
		if err := pg.Save(tx, &m); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, m.entry(action, from, m.Reason))
		if x.To == "accepted" {
			if err := s.partners.SetTier(ctx, tx, a, m.PartnerID, m.FromTier, m.ToTier); err != nil {
				return err
			}
			if err := tx.Exec(`UPDATE offers SET supplier_tier = ? WHERE province_id = ? AND supplier_id = ?`, m.ToTier, m.ProvinceID, m.PartnerID).Error; err != nil {
				return err
			}
		}
		return evidence(tx, []Move{m})
	})
	return m, err
}
