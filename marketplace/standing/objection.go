package standing

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// ObjectionMachine is the life of what a firm has against a formula on trial.
var ObjectionMachine = state.Machine{Name: "tier_objection", Initial: "open", Table: []state.Transition{
	{Action: "uphold", From: []string{"open"}, To: "upheld", Permission: string(Decide), Reason: true},
	{Action: "dismiss", From: []string{"open"}, To: "dismissed", Permission: string(Decide), Reason: true},
	{Action: "withdraw", From: []string{"open"}, To: "withdrawn", Permission: string(partner.Write)},
	{Action: "lapse", From: []string{"open"}, To: "lapsed"}, // the formula was returned
}}

// objectDays is how many working days after its trial quarter a formula can
// still be objected to; the province answers within answerDays.
const (
	objectDays = 10
	answerDays = 10
)

// Refusals of objections.
var (
	ErrNotRipe        = fault.New(fault.Conflict, "tier-formula-not-ripe", "这版公式要静默试算满一个季度并留出异议期，%s 起才能发布。", "This version runs silently until its quarter is over and firms had time to object; it can be published from %s.")
	ErrObjections     = fault.New(fault.Conflict, "tier-formula-objections", "还有 %d 份异议没有答复，请先逐份答复。", "%d objections wait for an answer; answer each first.")
	ErrUpheld         = fault.New(fault.Conflict, "tier-formula-upheld", "有异议已成立，请退回这版公式并重新拟定。", "An objection was upheld; return this version and draft another.")
	ErrTrialOver      = fault.New(fault.Conflict, "tier-formula-trial-over", "这版公式已不在试算，或异议期已过。", "This version is not on trial any more, or the time to object is over.")
	ErrObjected       = fault.New(fault.Conflict, "tier-objected", "本企业已对这版公式提出过异议。", "Your firm has objected to this version already.")
	ErrAnswerOwnDraft = fault.New(fault.Conflict, "tier-objection-own", "对自己拟定公式的异议须由另一位省渠道经理答复。", "Objections to a formula are answered by somebody who did not draft it.")
)

// Objection is a firm's against one version, with the answer.
type Objection struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	FormulaID      uuid.UUID
	FormulaNumber  int
	PartnerID      uuid.UUID
	OrgPath        string
	PartnerName    string
	State          string
	Reason         string
	Answer         string
	MadeByName     string
	MadeAt         time.Time
	DueAt          time.Time
	AnsweredBy     *uuid.UUID
	AnsweredByName string
	AnsweredAt     *time.Time
	Version        int64
	Makers         tenants.Persons `gorm:"-"` // of the formula
}

// TableName of objections.
func (Objection) TableName() string { return "tier_objections" }

// RowVersion is the optimistic lock.
func (o *Objection) RowVersion() *int64 { return &o.Version }

// Actions the actor may take on an objection.
func (o *Objection) Actions(a tenants.Actor) []string {
	if a.Tenant.ID != o.PartnerID && o.Makers.Has(a) {
		return []string{}
	}
	return ObjectionMachine.Actions(o.State, func(p string) bool {
		return a.Can(tenants.Permission(p)) && (p != string(partner.Write) || a.Tenant.ID == o.PartnerID)
	})
}

func (o *Objection) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action + "_objection", Resource: "tier_objection", ID: o.ID, Label: o.PartnerName, OrgPath: o.OrgPath, Partner: o.PartnerID, From: from, To: o.State, Reason: reason}
}

// move takes an objection a step on; words are the answer, or nothing.
func (o *Objection) move(ctx context.Context, tx *pg.Tx, a tenants.Actor, action, words string) error {
	x, err := ObjectionMachine.Take(o.State, action, words)
	if err != nil {
		return err
	}
	from := o.State
	o.State = x.To
	if x.Permission == string(Decide) {
		now := calendar.Now(ctx)
		o.Answer, o.AnsweredBy, o.AnsweredByName, o.AnsweredAt = words, &a.User, a.Name, &now
	}
	if err := pg.Save(tx, o); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, o.entry(action, from, words))
	return nil
}

// ready tells why a version on trial cannot be published yet.
func (f *Formula) ready(now time.Time) error {
	switch {
	case now.Before(f.RipeAt):
		return ErrNotRipe.Fill(f.RipeAt.In(calendar.Shanghai).Format(time.DateOnly))
	case f.Upheld > 0:
		return ErrUpheld
	case f.Open > 0:
		return ErrObjections.Fill(f.Open)
	}
	return nil
}

// contested counts the objections to versions.
func contested(tx *pg.Tx, formulas []Formula) error {
	for i := range formulas {
		f := &formulas[i]
		if f.State != FormulaMachine.Initial {
			continue
		}
		err := tenants.Rows(tx).Table("tier_objections").Where("formula_id = ?", f.ID).
			Select("count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'upheld') AS upheld").Row().Scan(&f.Open, &f.Upheld)
		if err != nil {
			return err
		}
	}
	return nil
}

// Object is a firm's word against a formula by which it was tried; the version
// is not published before it is answered. The formula is the province's, so the
// step has the system's sight.
func (s *Service) Object(ctx context.Context, a tenants.Actor, formula uuid.UUID, reason string) (Objection, error) {
	if err := a.Need(partner.Write); err != nil {
		return Objection{}, err
	}
	reason = strings.TrimSpace(reason)
	var o Objection
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var f Formula
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, formula).Clauses(pg.ForUpdate), &f); err != nil {
			return err
		}
		var e Evaluation
		if err := pg.One(tx.Where("province_id = ? AND formula_id = ? AND partner_id = ?", f.ProvinceID, f.ID, a.Tenant.ID).Limit(1), &e); err != nil {
			return err
		}
		var c fault.Checker
		c.Require("reason", reason != "")
		if err := c.Err(); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		if f.State != FormulaMachine.Initial || !now.Before(f.RipeAt) {
			return ErrTrialOver
		}
		o = Objection{
			ProvinceID: f.ProvinceID, ID: pg.NewID(), FormulaID: f.ID, FormulaNumber: f.Number, PartnerID: e.PartnerID, OrgPath: e.OrgPath, PartnerName: e.PartnerName, State: ObjectionMachine.Initial, Reason: reason,
			MadeByName: a.Name, MadeAt: now, DueAt: calendar.AddWorkingDays(now, answerDays), Version: 1, Makers: f.Makers,
		}
		if err := tx.Create(&o).Error; err != nil {
			if pg.Violated(err, "tier_objections_once") {
				return ErrObjected
			}
			return err
		}
		tenants.Record(ctx, tx, a, o.entry("make", "", reason))
		return nil
	})
	return o, err
}

// Objections returns those to a version, unanswered first.
func (s *Service) Objections(ctx context.Context, a tenants.Actor, formula uuid.UUID) (out []Objection, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var f Formula
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, formula), &f); err != nil {
			return err
		}
		err := tenants.Rows(tx).Where("formula_id = ?", formula).Order("state = 'open' DESC, made_at DESC, id").Limit(1000).Find(&out).Error
		for i := range out {
			out[i].Makers = f.Makers
		}
		return err
	})
	return out, err
}

// AnswerObjection upholds or dismisses one, with the answer the firm reads, or
// withdraws the own one. It locks the formula first, as publishing does.
func (s *Service) AnswerObjection(ctx context.Context, a tenants.Actor, id uuid.UUID, action, answer string) (Objection, error) {
	var o Objection
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error { return pg.One(tenants.Rows(tx).Where("id = ?", id), &o) }); err != nil {
		return o, err
	}
	if action == "withdraw" {
		if err := a.Need(partner.Write); err != nil {
			return o, err
		}
	} else {
		if err := a.Need(Decide); err != nil {
			return o, err
		}
		if err := s.partners.Foreign(ctx, a, o.PartnerID); err != nil {
			return o, err
		}
	}
	var fresh Objection
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var f Formula
		if err := pg.One(tx.Where("province_id = ? AND id = ?", o.ProvinceID, o.FormulaID).Clauses(pg.ForUpdate), &f); err != nil {
			return err
		}
		if err := pg.One(tx.Where("province_id = ? AND id = ?", o.ProvinceID, id).Clauses(pg.ForUpdate), &fresh); err != nil {
			return err
		}
		fresh.Makers = f.Makers
		if action != "withdraw" && f.Makers.Has(a) {
			return ErrAnswerOwnDraft
		}
		return fresh.move(ctx, tx, a, action, strings.TrimSpace(answer))
	})
	return fresh, err
}

// settle ends what is still open against a version that was returned.
func settle(ctx context.Context, tx *pg.Tx, a tenants.Actor, formula uuid.UUID) error {
	var open []Objection
	if err := tenants.Rows(tx).Where("formula_id = ? AND state = 'open'", formula).Clauses(pg.ForUpdate).Find(&open).Error; err != nil {
		return err
	}
	for i := range open {
		if err := open[i].move(ctx, tx, a, "lapse", ""); err != nil {
			return err
		}
	}
	return nil
}

// OnTrial is a version that runs silently, as one firm sees it.
type OnTrial struct {
	Formula
	Then      Evaluation  // by the version
	Now       *Evaluation // by the one in force, of the same quarter
	Objection *Objection
	Actions   []string // object
}

// onTrial reads it for a firm that was tried by it; the transaction has the
// system's sight.
func onTrial(ctx context.Context, tx *pg.Tx, a tenants.Actor, p partner.Partner) (*OnTrial, error) {
	x := OnTrial{Actions: []string{}}
	err := pg.One(tx.Where("province_id = ? AND state = 'proposed'", p.ProvinceID), &x.Formula)
	if err == nil {
		err = pg.One(tx.Where("province_id = ? AND formula_id = ? AND partner_id = ?", p.ProvinceID, x.ID, p.ID).Order("quarter DESC").Limit(1), &x.Then)
	}
	if errors.Is(err, fault.ErrMissing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var now []Evaluation
	if err := tx.Where("province_id = ? AND partner_id = ? AND quarter = ? AND NOT shadow", p.ProvinceID, p.ID, x.Then.Quarter).Order("at DESC").Limit(1).Find(&now).Error; err != nil {
		return nil, err
	}
	if len(now) > 0 {
		x.Now = &now[0]
	}
	var said []Objection
	if err := tx.Where("province_id = ? AND formula_id = ? AND partner_id = ?", p.ProvinceID, x.ID, p.ID).Order("made_at DESC").Limit(1).Find(&said).Error; err != nil {
		return nil, err
	}
	if len(said) > 0 {
		x.Objection, said[0].Makers = &said[0], x.Makers
	}
	if a.Tenant.ID == p.ID && a.Can(partner.Write) && calendar.Now(ctx).Before(x.RipeAt) && (x.Objection == nil || x.Objection.State == "withdrawn") {
		x.Actions = append(x.Actions, "object")
	}
	return &x, nil
}
