package graduation

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// ThresholdMachine is the life of a version of thresholds.
var ThresholdMachine = state.Machine{Name: "threshold", Initial: "proposed", Table: []state.Transition{
	{Action: "publish", From: []string{"proposed"}, To: "published", Permission: string(Publish)},
	{Action: "return", From: []string{"proposed"}, To: "returned", Permission: string(Publish), Reason: true},
	{Action: "supersede", From: []string{"published"}, To: "superseded"}, // by the next version
}}

// Threshold is what a category must show.
type Threshold struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	Category      string
	Number        int
	State         string
	Needs         pg.JSON[Needs]
	Note          string
	Reason        string
	MadeBy        uuid.UUID
	MadeByName    string
	Makers        tenants.Persons // with whom they acted for
	MadeAt        time.Time
	CheckedBy     *uuid.UUID
	CheckedByName string
	Checkers      tenants.Persons
	CheckedAt     *time.Time
	Version       int64
}

// TableName of thresholds.
func (Threshold) TableName() string { return "graduation_thresholds" }

// RowVersion is the optimistic lock.
func (t *Threshold) RowVersion() *int64 { return &t.Version }

func (t *Threshold) entry(a tenants.Actor, action, from, reason string) tenants.Entry {
	label := t.Category
	for _, c := range solution.Categories {
		if c.Code == t.Category {
			label = c.Words.Zh
		}
	}
	return tenants.Entry{Action: action, Resource: "threshold", ID: t.ID, Label: label, OrgPath: a.Tenant.Root(), From: from, To: t.State, Reason: reason}
}

// Actions the actor may take on a version.
func (t *Threshold) Actions(a tenants.Actor) []string {
	if t.Makers.Has(a) {
		return []string{}
	}
	return ThresholdMachine.Actions(t.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
}

// Thresholds lists all versions, the newest of each category first.
func (s *Service) Thresholds(ctx context.Context, a tenants.Actor) (out []Threshold, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	if a.Partner() {
		return []Threshold{}, nil
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ?", a.Tenant.ProvinceID).Order("category, number DESC").Limit(1000).Find(&out).Error
	})
	return out, err
}

// ProposeThreshold drafts the next version of a category.
func (s *Service) ProposeThreshold(ctx context.Context, a tenants.Actor, category string, needs Needs, note string) (Threshold, error) {
	if err := a.Need(Propose); err != nil {
		return Threshold{}, err
	}
	var c fault.Checker
	known := make([]string, 0, len(solution.Categories))
	for _, x := range solution.Categories {
		known = append(known, x.Code)
	}
	c.OneOf("category", category, known...)
	if err := c.Err(); err != nil {
		return Threshold{}, err
	}
	if err := needs.Validate(); err != nil {
		return Threshold{}, err
	}
	t := Threshold{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), Category: category, State: ThresholdMachine.Initial, Needs: pg.JSON[Needs]{V: needs}, Note: strings.TrimSpace(note), MadeBy: a.User, MadeByName: a.Name, Makers: tenants.Persons{}.With(a), MadeAt: calendar.Now(ctx), Version: 1}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Raw(`SELECT coalesce(max(number), 0) + 1 FROM graduation_thresholds WHERE province_id = ? AND category = ?`, t.ProvinceID, category).Scan(&t.Number).Error; err != nil {
			return err
		}
		if err := tx.Create(&t).Error; err != nil {
			if pg.Violated(err, "graduation_thresholds_proposed_once") || pg.Violated(err, "graduation_thresholds_number_once") {
				return ErrProposed
			}
			return err
		}
		tenants.Record(ctx, tx, a, t.entry(a, "propose", "", note))
		return nil
	})
	return t, err
}

// CheckThreshold publishes or returns a version, as the second person.
func (s *Service) CheckThreshold(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Threshold, error) {
	if err := a.Need(Publish); err != nil {
		return Threshold{}, err
	}
	var t Threshold
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id).Clauses(pg.ForUpdate), &t); err != nil {
			return err
		}
		x, err := ThresholdMachine.Take(t.State, action, reason)
		if err != nil {
			return err
		}
		if t.Makers.Has(a) {
			return ErrOwnThreshold
		}
		now := calendar.Now(ctx)
		if x.To == "published" {
			var old Threshold
			if err := tx.Where("province_id = ? AND category = ? AND state = 'published'", t.ProvinceID, t.Category).Limit(1).Clauses(pg.ForUpdate).Find(&old).Error; err != nil {
				return err
			}
			if old.ID != uuid.Nil {
				old.State = "superseded"
				if err := pg.Save(tx, &old); err != nil {
					return err
				}
				tenants.Record(ctx, tx, a, old.entry(a, "supersede", "published", ""))
			}
		}
		from := t.State
		t.State, t.Reason, t.CheckedBy, t.CheckedByName, t.Checkers, t.CheckedAt = x.To, strings.TrimSpace(reason), &a.User, a.Name, tenants.Persons{}.With(a), &now
		if err := pg.Save(tx, &t); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, t.entry(a, action, from, reason))
		return nil
	})
	return t, err
}
