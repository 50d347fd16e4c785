package certification

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Permissions of plans.
const (
	PlanRead  tenants.Permission = "certification:plan_read"
	PlanMake  tenants.Permission = "certification:plan_make"
	PlanCheck tenants.Permission = "certification:plan_check"
)

// Refusals of plans.
var (
	ErrPlanMaker = fault.New(fault.Denied, "plan-maker", "测试方案由另一个人复核发布，写过草稿的人不能发布。", "Somebody else publishes a test plan; whoever wrote in the draft cannot.")
	ErrPublished = fault.New(fault.Conflict, "plan-published", "已发布的版本不能修改，请建立新版本。", "A published version cannot be changed; make a new one.")
	ErrDrafted   = fault.New(fault.Conflict, "plan-drafted", "该品类已有一个草稿，请先处理它。", "There is a draft for this category already.")
)

// PlanDetail is a plan with what it changes.
type PlanDetail struct {
	Plan
	InForce     *Plan // what it replaces, or what replaced it; nil for the one in force
	Differences []Difference
	Cases       int64
	History     []tenants.AuditEvent
	Actions     []string // edit, publish, new_version
}

// inForce is the newest published plan of a category.
func inForce(tx *pg.Tx, category string) (Plan, error) {
	var p Plan
	err := pg.One(tx.Where("province_id = ? AND category = ? AND state = 'published'", tx.Identity.Province, category).Order("number DESC"), &p)
	return p, err
}

// ensurePlans gives a province the first version for each category. The
// system writes them: whoever comes first is often a partner.
func (s *Service) ensurePlans(ctx context.Context, province uuid.UUID) error {
	now := calendar.Now(ctx)
	// The request's idempotency key is for what the person asked.
	return s.db.As(pg.WithKey(ctx, nil), tenants.System(province, "测试方案"), func(tx *pg.Tx) error {
		for _, c := range solution.Categories {
			err := tx.Exec(`INSERT INTO certification_plans (province_id, id, category, number, state, stages, maker_name, created_at, updated_at, published_at) VALUES (?, ?, ?, 1, 'published', ?, '初始方案', ?, ?, ?)
				ON CONFLICT (province_id, category, number) DO NOTHING`, province, pg.NewID(), c.Code, pg.JSON[[]StageDef]{V: first()}, now, now, now).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// planOf is the plan a case of the category begins with.
func (s *Service) planOf(ctx context.Context, province uuid.UUID, category string) (p Plan, err error) {
	find := func() error {
		return s.db.Read(ctx, tenants.System(province, "test plan"), func(tx *pg.Tx) (err error) {
			p, err = inForce(tx, category)
			return err
		})
	}
	if err = find(); isMissing(err) {
		if err = s.ensurePlans(ctx, province); err == nil {
			err = find()
		}
	}
	return p, err
}

func isMissing(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.Missing
}

// Plans lists all versions, by category, the newest first.
func (s *Service) Plans(ctx context.Context, a tenants.Actor) (out []Plan, err error) {
	if err := a.Need(PlanRead); err != nil {
		return nil, err
	}
	if _, err := s.planOf(ctx, a.Tenant.ProvinceID, solution.Categories[0].Code); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ?", a.Tenant.ProvinceID).Order("category, number DESC").Limit(1000).Find(&out).Error
	})
	return out, err
}

// Plan returns one version.
func (s *Service) Plan(ctx context.Context, a tenants.Actor, id uuid.UUID) (d PlanDetail, err error) {
	if err := a.Need(PlanRead); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		p, err := loadPlan(tx, id)
		if err == nil {
			d, err = planDetail(tx, a, p)
		}
		return err
	})
	return d, err
}

func loadPlan(tx *pg.Tx, id uuid.UUID) (Plan, error) {
	var p Plan
	err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id), &p)
	return p, err
}

func planDetail(tx *pg.Tx, a tenants.Actor, p Plan) (PlanDetail, error) {
	d := PlanDetail{Plan: p, Differences: []Difference{}, Actions: []string{}}
	var before Plan
	err := pg.One(tx.Where("province_id = ? AND category = ? AND state = 'published' AND number < ?", p.ProvinceID, p.Category, p.Number).Order("number DESC"), &before)
	if err == nil {
		d.InForce, d.Differences = &before, differences(before.Stages.V, p.Stages.V)
	} else if !isMissing(err) {
		return d, err
	}
	if err := tx.Raw(`SELECT count(*) FROM certifications WHERE province_id = ? AND plan_id = ?`, p.ProvinceID, p.ID).Scan(&d.Cases).Error; err != nil {
		return d, err
	}
	var drafts int64
	if err := tx.Raw(`SELECT count(*) FROM certification_plans WHERE province_id = ? AND category = ? AND state = 'draft'`, p.ProvinceID, p.Category).Scan(&drafts).Error; err != nil {
		return d, err
	}
	switch {
	case p.State == "draft" && a.Can(PlanMake):
		d.Actions = append(d.Actions, "edit")
	case p.State == "published" && a.Can(PlanMake) && drafts == 0:
		d.Actions = append(d.Actions, "new_version")
	}
	if p.State == "draft" && a.Can(PlanCheck) && !p.Editors.Has(a) {
		d.Actions = append(d.Actions, "publish")
	}
	d.History, err = tenants.History(tx, p.ID)
	return d, err
}

// DraftPlan begins the next version of a category as a copy of a published one.
func (s *Service) DraftPlan(ctx context.Context, a tenants.Actor, from uuid.UUID) (d PlanDetail, err error) {
	if err := a.Need(PlanMake); err != nil {
		return d, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		old, err := loadPlan(tx, from)
		if err != nil {
			return err
		}
		if old.State != "published" {
			return ErrDrafted
		}
		newest, err := inForce(tx, old.Category)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		p := Plan{ProvinceID: old.ProvinceID, ID: pg.NewID(), Category: old.Category, Number: newest.Number + 1, State: "draft", Stages: old.Stages, MakerName: a.Name, Editors: tenants.Persons{}.With(a), Version: 1, CreatedAt: now, UpdatedAt: now}
		if err := tx.Create(&p).Error; err != nil {
			if pg.Violated(err, "certification_plans_one_draft") || pg.Violated(err, "certification_plans_number_once") {
				return ErrDrafted
			}
			return err
		}
		tenants.Record(ctx, tx, a, p.entry(a, "create", ""))
		d, err = planDetail(tx, a, p)
		return err
	})
	return d, err
}

// draft runs one step on a draft, as somebody saw it.
func (s *Service) draft(ctx context.Context, a tenants.Actor, id uuid.UUID, version int64, need tenants.Permission, step func(*pg.Tx, *Plan) error) (d PlanDetail, err error) {
	if err := a.Need(need); err != nil {
		return d, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := loadPlan(tx, id)
		if err != nil {
			return err
		}
		if p.State != "draft" {
			return ErrPublished
		}
		if p.Version != version {
			return fault.ErrStale
		}
		p.UpdatedAt = calendar.Now(ctx)
		if err := step(tx, &p); err != nil {
			return err
		}
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		d, err = planDetail(tx, a, p)
		return err
	})
	return d, err
}

// EditPlan writes a draft.
func (s *Service) EditPlan(ctx context.Context, a tenants.Actor, id uuid.UUID, stages []StageDef, note string, version int64) (PlanDetail, error) {
	return s.draft(ctx, a, id, version, PlanMake, func(tx *pg.Tx, p *Plan) error {
		if err := validate(stages); err != nil {
			return err
		}
		p.Stages, p.Note, p.MakerName = pg.JSON[[]StageDef]{V: stages}, strings.TrimSpace(note), a.Name
		p.Editors = p.Editors.With(a)
		tenants.Record(ctx, tx, a, p.entry(a, "edit", p.State))
		return nil
	})
}

// PublishPlan puts a draft in force for the cases that begin from now on, as a
// second person.
func (s *Service) PublishPlan(ctx context.Context, a tenants.Actor, id uuid.UUID, version int64) (PlanDetail, error) {
	return s.draft(ctx, a, id, version, PlanCheck, func(tx *pg.Tx, p *Plan) error {
		if p.Editors.Has(a) {
			return ErrPlanMaker
		}
		if err := validate(p.Stages.V); err != nil {
			return err
		}
		from := p.State
		p.State, p.CheckerID, p.CheckerName, p.Checkers, p.PublishedAt = "published", &a.User, a.Name, tenants.Persons{}.With(a), &p.UpdatedAt
		tenants.Record(ctx, tx, a, p.entry(a, "publish", from))
		return nil
	})
}
