package graduation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// assign gives every city a task.
func (s *Service) assign(ctx context.Context, tx *pg.Tx, by tenants.Actor, g Graduation) error {
	cities, err := citiesIn(tx)
	if err != nil {
		return err
	}
	for _, c := range cities {
		t := Task{
			ProvinceID: g.ProvinceID, ID: pg.NewID(), GraduationID: g.ID, Kind: g.Kind, SolutionID: g.SolutionID, SolutionName: g.SolutionName, Semver: g.Semver, PartnerName: g.PartnerName,
			OrgPath: c.Path, CityCode: c.Code, CityName: c.Name, State: TaskMachine.Initial, DueAt: due(ctx), Version: 1, UpdatedAt: calendar.Now(ctx),
		}
		if g.Kind == WayBack {
			t.DueAt = *g.CommentsUntil
		}
		// Who proved it has adopted it.
		if g.Kind == Upgrade && c.Path == g.OrgPath {
			now := calendar.Now(ctx)
			t.State, t.AnsweredAt, t.AnsweredByName = "adopted", &now, by.Name
		}
		if err := tx.Create(&t).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, by, t.entry(map[string]string{Upgrade: "roll_out", WayBack: "consult"}[g.Kind], "", ""))
	}
	return nil
}

// closeTasks ends what nobody answered.
func (s *Service) closeTasks(ctx context.Context, tx *pg.Tx, by tenants.Actor, g Graduation) error {
	var open []Task
	if err := tx.Where("province_id = ? AND graduation_id = ? AND state = 'open'", g.ProvinceID, g.ID).Order("id").Clauses(pg.ForUpdate).Find(&open).Error; err != nil {
		return err
	}
	for i := range open {
		x, err := TaskMachine.Take(open[i].State, "close", "")
		if err != nil {
			return err
		}
		open[i].State, open[i].UpdatedAt = x.To, calendar.Now(ctx)
		if err := pg.Save(tx, &open[i]); err != nil {
			return err
		}
		tenants.Record(ctx, tx, by, open[i].entry("close", "open", ""))
	}
	return nil
}

// Response is what a city answers.
type Response struct{ ReasonCode, Reason, LaterOn string }

// Answer takes a step of a task.
func (s *Service) Answer(ctx context.Context, a tenants.Actor, id uuid.UUID, action string, r Response) (Task, error) {
	if err := wholeCity(a, Reply); err != nil {
		return Task{}, err
	}
	var t Task
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &t); err != nil {
			return err
		}
		x, err := TaskMachine.Take(t.State, action, r.Reason)
		if err != nil {
			return err
		}
		if !t.fits(action) || x.Permission == "" {
			return ErrTaskKind
		}
		if t.Kind == WayBack {
			var under int64
			if err := narrow(tx.Table("graduations"), a).Where("id = ? AND state = 'consulting'", t.GraduationID).Count(&under).Error; err != nil {
				return err
			}
			if under == 0 {
				return ErrTaskKind
			}
		}
		now := calendar.Now(ctx)
		t.LaterOn, t.ReasonCode, t.Reason = nil, "", ""
		if x.Reason {
			var c fault.Checker
			c.OneOf("reason_code", r.ReasonCode, Reasons...)
			if action == "later" {
				on := ahead(&c, "later_on", r.LaterOn, now)
				t.LaterOn = &on
			}
			if err := c.Err(); err != nil {
				return err
			}
			t.ReasonCode, t.Reason = r.ReasonCode, strings.TrimSpace(r.Reason)
		}
		from := t.State
		t.State, t.AnsweredByName, t.AnsweredAt, t.UpdatedAt = x.To, a.Name, &now, now
		if err := pg.Save(tx, &t); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, t.entry(action, from, t.Reason))
		return nil
	})
	return t, err
}

// Actions are the answers the actor can give.
func (t *Task) Actions(a tenants.Actor) []string {
	if a.Tenant.Kind != tenants.KindCity {
		return []string{}
	}
	return slices.DeleteFunc(TaskMachine.Actions(t.State, func(p string) bool { return a.Can(tenants.Permission(p)) }), func(action string) bool { return !t.fits(action) })
}

// TaskQuery filters tasks.
type TaskQuery struct {
	State, Kind, ReasonCode, City, Text string
	Graduation                          uuid.UUID
	AfterAt                             time.Time
	AfterID                             uuid.UUID
	Limit                               int
}

// TaskList returns tasks of the actor's part of the tree, the last touched first.
func (s *Service) TaskList(ctx context.Context, a tenants.Actor, q TaskQuery) (page []Task, total int64, err error) {
	if err := a.Need(Tasks); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Task{})
		for column, value := range map[string]string{"state": q.State, "kind": q.Kind, "reason_code": q.ReasonCode, "city_code": q.City} {
			if value != "" {
				d = d.Where(column+" = ?", value)
			}
		}
		if q.Graduation != uuid.Nil {
			d = d.Where("graduation_id = ?", q.Graduation)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(solution_name LIKE ? OR partner_name LIKE ? OR city_name LIKE ?)", like, like, like)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}
