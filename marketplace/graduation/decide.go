package graduation

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

// actorName stands in the audit where a decision writes in many tenants.
const actorName = "产品升级"

// decide takes the last step: the figures are frozen with it. It puts products
// on sale and gives tasks in other tenants, so it has the system's sight; the
// permission was the person's, and the audit of the decision names the person.
func (s *Service) decide(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, do func(tx *pg.Tx, by tenants.Actor, g *Graduation, d Dossier) error) (Detail, error) {
	if err := a.Need(Decide); err != nil {
		return Detail{}, err
	}
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		g, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		from, err := g.step(ctx, a, action, reason)
		if err != nil {
			return err
		}
		if g.Nominators.Has(a) {
			return ErrOwn
		}
		if err := g.follow(ctx, tx, a); err != nil {
			return err
		}
		// What cities answer meanwhile is waited for, and what they answer after
		// it finds the decision.
		if err := tx.Raw(`SELECT id FROM rollout_tasks WHERE province_id = ? AND graduation_id = ? ORDER BY id FOR UPDATE`, g.ProvinceID, g.ID).Scan(&[]uuid.UUID{}).Error; err != nil {
			return err
		}
		if until := g.CommentsUntil; action != "return" && until != nil && now.Before(*until) {
			return ErrCommentsOpen.Fill(calendar.Date(*until))
		}
		var pilots []Trial
		if err := tx.Where("province_id = ? AND graduation_id = ?", g.ProvinceID, g.ID).Order("at").Find(&pilots).Error; err != nil {
			return err
		}
		d, err := gather(tx, g, pilots, now)
		if err != nil {
			return err
		}
		g.DecidedBy, g.DecidedByName, g.Deciders, g.DecidedAt, g.Reason = &a.User, a.Name, tenants.Persons{}.With(a), &now, strings.TrimSpace(reason)
		if err := do(tx, tenants.System(g.ProvinceID, actorName), &g, d); err != nil {
			return err
		}
		frozen := map[string]any{"province_id": g.ProvinceID, "graduation_id": g.ID, "org_path": g.OrgPath, "open": g.Open, "facts": pg.JSON[Dossier]{V: d}, "at": now}
		if err := tx.Table("graduation_facts").Create(frozen).Error; err != nil {
			return err
		}
		if err := pg.Save(tx, &g); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, g.entry(action, from, reason))
		return nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, id)
}

// Graduate puts the product on sale in the whole province in place of the
// cities' listings, and asks every city what it does about it.
func (s *Service) Graduate(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	return s.decide(ctx, a, id, "graduate", reason, func(tx *pg.Tx, by tenants.Actor, g *Graduation, d Dossier) error {
		if Unmet(d.Facts) > 0 && g.Reason == "" {
			return ErrUnmet
		}
		g.Open = true
		if err := s.listings.Supersede(ctx, tx, by, g.SolutionID, true, "已升级为全省产品（"+g.Number+"）"); err != nil {
			return err
		}
		l, err := s.listings.Promote(ctx, tx, by, g.VersionID, listing.Place{Scope: listing.ScopeProvince, Name: "全省", Path: a.Tenant.Root()})
		if errors.Is(err, listing.ErrSuspended) {
			return ErrSuspended.Fill(l.ScopeName)
		}
		if err != nil {
			return err
		}
		g.ResultListingID = &l.ID
		return s.assign(ctx, tx, by, *g)
	})
}

// Returned says what must become better, and when it may come again.
type Returned struct {
	Reason       string
	Improvements []string
	AgainAfter   string
}

// Return sends the nomination back.
func (s *Service) Return(ctx context.Context, a tenants.Actor, id uuid.UUID, r Returned) (Detail, error) {
	var c fault.Checker
	improve := pg.Texts{}
	for _, x := range r.Improvements {
		if x = strings.TrimSpace(x); x != "" {
			improve = append(improve, x)
		}
	}
	c.Require("improvements", len(improve) > 0)
	after := ahead(&c, "again_after", r.AgainAfter, calendar.Now(ctx))
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	return s.decide(ctx, a, id, "return", r.Reason, func(_ *pg.Tx, _ tenants.Actor, g *Graduation, _ Dossier) error {
		g.Open, g.Improvements, g.AgainAfter = false, improve, &after
		return nil
	})
}

// GoBack begins the way back of a product of the province: every city is asked
// whether it keeps it.
func (s *Service) GoBack(ctx context.Context, a tenants.Actor, listed uuid.UUID, why string, days int) (Detail, error) {
	if err := a.Need(Decide); err != nil {
		return Detail{}, err
	}
	why = strings.TrimSpace(why)
	var c fault.Checker
	c.Require("pitch", why != "")
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	until := calendar.AddWorkingDays(calendar.Now(ctx), days)
	g := Graduation{Kind: WayBack, State: BackMachine.Initial, Pitch: why, Open: true, CommentsUntil: &until, CityName: a.Tenant.Name, OrgPath: a.Tenant.Root()}
	// Tasks lie in the cities.
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		l, err := listing.Of(tx, a, listed)
		if err != nil {
			return err
		}
		if l.Scope != listing.ScopeProvince || l.State == "retired" || l.State == "draft" || l.State == "pending_approval" {
			return ErrNotProvince
		}
		if err := g.about(ctx, tx, a, l); err != nil {
			return err
		}
		var t Threshold
		if err := tx.Where("province_id = ? AND category = ? AND state = 'published'", g.ProvinceID, g.Category).Limit(1).Find(&t).Error; err != nil {
			return err
		}
		if t.ID != uuid.Nil {
			g.ThresholdID, g.ThresholdNumber, g.Needs = &t.ID, t.Number, t.Needs
		}
		if err := s.begin(ctx, tx, a, &g, "go_back"); err != nil {
			return err
		}
		return s.assign(ctx, tx, tenants.System(g.ProvinceID, actorName), g)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, g.ID)
}

// Demote offers the product in the cities that keep it, and no more in the
// province.
func (s *Service) Demote(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	return s.decide(ctx, a, id, "demote", reason, func(tx *pg.Tx, by tenants.Actor, g *Graduation, _ Dossier) error {
		var keep []Task
		if err := tx.Where("province_id = ? AND graduation_id = ? AND state = 'keep'", g.ProvinceID, g.ID).Order("city_code").Find(&keep).Error; err != nil {
			return err
		}
		if len(keep) == 0 {
			return ErrNobodyKeeps
		}
		if err := s.listings.Supersede(ctx, tx, by, g.SolutionID, false, "退出全省销售，改由保留的城市销售（"+g.Number+"）"); err != nil {
			return err
		}
		cities, err := citiesIn(tx)
		if err != nil {
			return err
		}
		for _, k := range keep {
			for _, c := range cities {
				if c.Code != k.CityCode {
					continue
				}
				// What the city itself suspended stays so until the city resumes it.
				if _, err := s.listings.Promote(ctx, tx, by, g.VersionID, listing.Place{Scope: c.Code, Name: c.Name, Path: c.Path}); err != nil && !errors.Is(err, listing.ErrSuspended) {
					return err
				}
			}
		}
		return s.closeTasks(ctx, tx, by, *g)
	})
}

// Archive takes the product off sale everywhere.
func (s *Service) Archive(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	return s.decide(ctx, a, id, "archive", reason, func(tx *pg.Tx, by tenants.Actor, g *Graduation, _ Dossier) error {
		for _, cities := range []bool{true, false} {
			if err := s.listings.Supersede(ctx, tx, by, g.SolutionID, cities, "已归档（"+g.Number+"）"); err != nil {
				return err
			}
		}
		return s.closeTasks(ctx, tx, by, *g)
	})
}

// KeepProvince ends the way back: it stays in the province.
func (s *Service) KeepProvince(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	return s.decide(ctx, a, id, "keep", reason, func(tx *pg.Tx, by tenants.Actor, g *Graduation, _ Dossier) error {
		return s.closeTasks(ctx, tx, by, *g)
	})
}

// JobTend looks after dates.
const JobTend = "graduation.tend"

// Tend tells the province when comments have ended, and cities of tasks that
// are late, and asks them again of what they put off; once each, however many
// run at once.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	by := tenants.System(province, actorName)
	return s.db.As(ctx, by, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		lock := pg.ForUpdate
		lock.Options = "SKIP LOCKED"
		var ended []Graduation
		if err := tx.Where("province_id = ? AND state IN ('evaluating', 'consulting') AND NOT comments_told AND comments_until <= ?", province, now).Order("id").Limit(200).Clauses(lock).Find(&ended).Error; err != nil {
			return err
		}
		for i := range ended {
			g := &ended[i]
			g.CommentsTold = true
			if err := pg.Save(tx, g); err != nil {
				return err
			}
			e := g.entry("comments_end", g.State, "")
			e.OrgPath, e.Partner = root(g.OrgPath), uuid.Nil
			tenants.Record(ctx, tx, by, e)
		}
		var late []Task
		if err := tx.Where("province_id = ? AND state = 'open' AND NOT late AND due_at < ?", province, now).Order("id").Limit(200).Clauses(lock).Find(&late).Error; err != nil {
			return err
		}
		for i := range late {
			t := &late[i]
			t.Late = true
			if err := pg.Save(tx, t); err != nil {
				return err
			}
			tenants.Record(ctx, tx, by, t.entry("late", t.State, ""))
		}
		var put []Task
		if err := tx.Where("province_id = ? AND state = 'later' AND later_on <= ?::date", province, calendar.Date(now)).Order("id").Limit(200).Clauses(lock).Find(&put).Error; err != nil {
			return err
		}
		for i := range put {
			t := &put[i]
			x, err := TaskMachine.Take(t.State, "reopen", "")
			if err != nil {
				return err
			}
			from := t.State
			t.State, t.LaterOn, t.Late, t.DueAt, t.UpdatedAt = x.To, nil, false, due(ctx), now
			if err := pg.Save(tx, t); err != nil {
				return err
			}
			tenants.Record(ctx, tx, by, t.entry("reopen", from, ""))
		}
		return nil
	})
}

func root(path string) string { return path[:strings.IndexByte(path, '/')+1] }

// due is when a city must have answered.
func due(ctx context.Context) time.Time {
	return calendar.AddWorkingDays(calendar.Now(ctx), AnswerDays)
}
