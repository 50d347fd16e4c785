// Package trial owns that people of the operator try what a firm sells: they
// ask with a reason, the firm lets them in or its rule does, and each use goes
// through a link that counts it and ends by itself.
//
// Words: trial (试用), code (访问码: what the environment knows a person by).
package trial

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Refusals of this package.
var (
	ErrNowhere  = fault.New(fault.Conflict, "no-trial", "这个方案没有提供试用环境。", "This solution offers no trial environment.")
	ErrOperator = fault.New(fault.Denied, "trial-operator", "试用面向省、市公司的人员。", "Trials are for people of the province and its cities.")
	ErrAsked    = fault.New(fault.Conflict, "trial-asked", "您的申请正在等待伙伴处理。", "Your request waits for the partner.")
	ErrOpen     = fault.New(fault.Conflict, "trial-open", "您的试用还在有效期内。", "Your trial has not ended yet.")
	ErrOver     = fault.New(fault.Conflict, "trial-over", "试用已结束，需要时请重新申请。", "The trial has ended; ask again if you need it.")
	ErrDecided  = fault.New(fault.Conflict, "trial-decided", "这项申请的状态已变化，请刷新。", "This request has moved on; reload to see where it stands.")
)

// Trial is that one person tries one solution.
type Trial struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	SolutionID uuid.UUID
	VersionID  uuid.UUID
	PartnerID  uuid.UUID
	OrgPath    string // of who tries
	Label      string
	UserID     uuid.UUID
	UserName   string
	TenantID   uuid.UUID
	TenantName string
	Reason     string
	State      string // asked, granted, refused, withdrawn
	Note       string // why it was refused or withdrawn
	Code       string
	AskedAt    time.Time
	DecidedAt  *time.Time
	DecidedBy  string // nobody: the firm's rule
	EndsAt     *time.Time
	Opens      int64
	FirstAt    *time.Time
	LastAt     *time.Time
	Version    int64
}

// RowVersion is the optimistic lock.
func (t *Trial) RowVersion() *int64 { return &t.Version }

// At is the state at a moment: a grant ends by itself.
func (t *Trial) At(now time.Time) string {
	if t.State == "granted" && !now.Before(*t.EndsAt) {
		return "ended"
	}
	return t.State
}

// Actions are what the actor may do with a trial now.
func (t *Trial) Actions(a tenants.Actor, now time.Time) []string {
	out := []string{}
	firm := a.Partner() && a.Can(solution.Write)
	switch t.At(now) {
	case "asked":
		if firm {
			out = append(out, "grant", "refuse")
		}
	case "granted":
		if firm {
			out = append(out, "withdraw")
		}
		if t.UserID == a.User && !a.Partner() {
			out = append(out, "open")
		}
	}
	return out
}

func (t *Trial) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "trial", ID: t.ID, Label: t.Label, OrgPath: t.OrgPath, Partner: t.PartnerID, From: from, To: t.State, Reason: reason}
}

// Use is how much a solution is tried.
type Use struct {
	Opens  int64
	People int64
	LastAt *time.Time
}

// Offered is what the page of an offer says about trying it: never where.
type Offered struct {
	Hours     int
	Automatic bool
	Mine      *Trial // the actor's last
}

// Opened is what the link hands out.
type Opened struct {
	Trial
	Address, Notes string
}

// Service is the use cases of this package.
type Service struct {
	db       *pg.DB
	listings *listing.Service
}

// NewService wires the package.
func NewService(db *pg.DB, listings *listing.Service) *Service { return &Service{db, listings} }

// tried is the version behind an offer, with the rule of its firm. A city sees
// no versions: it is read as the system, for an offer the actor may see.
func (s *Service) tried(ctx context.Context, province, version uuid.UUID) (v solution.Version, sol solution.Solution, err error) {
	err = s.db.Read(ctx, tenants.System(province, "试用"), func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", province, version), &v); err != nil {
			return err
		}
		return pg.One(tx.Where("province_id = ? AND id = ?", province, v.SolutionID), &sol)
	})
	return v, sol, err
}

// Of says what the actor may try of an offer, and where their request stands.
func (s *Service) Of(ctx context.Context, a tenants.Actor, offer uuid.UUID) (out Offered, err error) {
	o, err := s.listings.OfferOf(ctx, a, offer)
	if err != nil || a.Partner() || o.Preview != nil {
		return out, err
	}
	v, sol, err := s.tried(ctx, a.Tenant.ProvinceID, o.VersionID)
	if err != nil {
		return out, err
	}
	out.Hours, out.Automatic = v.TrialHours, sol.TrialAutomatic
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var t Trial
		err := pg.One(tenants.Rows(tx).Where("solution_id = ? AND user_id = ?", o.SolutionID, a.User).Order("asked_at DESC"), &t)
		if err == nil {
			out.Mine = &t
		} else if errors.Is(err, fault.ErrMissing) {
			err = nil
		}
		return err
	})
	return out, err
}

// Ask is somebody's request to try an offer; the firm's rule may grant it.
func (s *Service) Ask(ctx context.Context, a tenants.Actor, offer uuid.UUID, reason string) (t Trial, err error) {
	o, err := s.listings.OfferOf(ctx, a, offer)
	if err != nil {
		return t, err
	}
	if a.Partner() {
		return t, ErrOperator
	}
	if o.Preview != nil { // not on sale yet
		return t, ErrNowhere
	}
	var c fault.Checker
	c.Require("reason", strings.TrimSpace(reason) != "")
	if err := c.Err(); err != nil {
		return t, err
	}
	v, sol, err := s.tried(ctx, a.Tenant.ProvinceID, o.VersionID)
	if err != nil {
		return t, err
	}
	if v.TrialURL == "" || v.State != "certified" {
		return t, ErrNowhere
	}
	now := calendar.Now(ctx)
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		var open int64
		if err := tx.Raw(`SELECT count(*) FROM trials WHERE province_id = ? AND solution_id = ? AND user_id = ? AND state = 'granted' AND ends_at > ?`, a.Tenant.ProvinceID, sol.ID, a.User, now).Scan(&open).Error; err != nil {
			return err
		}
		if open > 0 {
			return ErrOpen
		}
		t = Trial{
			ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), SolutionID: sol.ID, VersionID: v.ID, PartnerID: sol.PartnerID, OrgPath: a.Tenant.Path, Label: sol.Name + " " + v.Semver,
			UserID: a.User, UserName: a.Name, TenantID: a.Tenant.ID, TenantName: a.Tenant.Name, Reason: strings.TrimSpace(reason), State: "asked", AskedAt: now, Version: 1,
		}
		if sol.TrialAutomatic {
			t.grant(v.TrialHours, "", now)
		}
		if err := tx.Create(&t).Error; err != nil {
			if pg.Violated(err, "trials_asked_once") {
				return ErrAsked
			}
			return err
		}
		action := map[bool]string{true: "let_in", false: "ask"}[sol.TrialAutomatic]
		tenants.Record(ctx, tx, a, t.entry(action, "", t.Reason))
		return nil
	})
	return t, err
}

// letters of codes: those that read alike are left out.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

func (t *Trial) grant(hours int, by string, now time.Time) {
	var code [10]byte
	_, _ = rand.Read(code[:]) // never fails
	for i := range code {
		code[i] = letters[int(code[i])%len(letters)]
	}
	end := now.Add(time.Duration(hours) * time.Hour)
	t.State, t.Code, t.DecidedAt, t.DecidedBy, t.EndsAt = "granted", string(code[:]), &now, by, &end
}

// Decide is the firm's word on a request, or that it ends a trial early.
func (s *Service) Decide(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (t Trial, err error) {
	if err := a.Need(solution.Write); err != nil {
		return t, err
	}
	now := calendar.Now(ctx)
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &t); err != nil {
			return err
		}
		from := t.At(now)
		if want := map[string]string{"grant": "asked", "refuse": "asked", "withdraw": "granted"}[action]; from != want {
			return ErrDecided
		}
		var c fault.Checker
		c.Require("reason", action == "grant" || strings.TrimSpace(reason) != "")
		if err := c.Err(); err != nil {
			return err
		}
		if action == "grant" {
			v, err := solution.Full(tx, t.VersionID)
			if err != nil {
				return err
			}
			t.grant(v.TrialHours, a.Name, now)
		} else {
			t.State, t.Note, t.DecidedAt, t.DecidedBy = map[string]string{"refuse": "refused", "withdraw": "withdrawn"}[action], strings.TrimSpace(reason), &now, a.Name
		}
		tenants.Record(ctx, tx, a, t.entry(action, from, t.Note))
		return pg.Save(tx, &t)
	})
	return t, err
}

// Open hands out the address and the code to whoever was let in, and counts it.
// What left the market, or lost its certificate, is not tried any more.
func (s *Service) Open(ctx context.Context, a tenants.Actor, id uuid.UUID) (out Opened, err error) {
	if err := a.Need(listing.Market); err != nil {
		return out, err
	}
	if a.Partner() {
		return out, fault.ErrMissing
	}
	now := calendar.Now(ctx)
	var found Trial
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return pg.One(tenants.Rows(tx).Where("id = ? AND user_id = ?", id, a.User), &found)
	}); err != nil {
		return out, err
	}
	v, _, err := s.tried(ctx, a.Tenant.ProvinceID, found.VersionID)
	if err != nil {
		return out, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		t := &out.Trial
		if err := pg.One(tenants.Rows(tx).Where("id = ? AND user_id = ?", id, a.User).Clauses(pg.ForUpdate), t); err != nil {
			return err
		}
		var sold bool
		if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM offers WHERE province_id = ? AND solution_id = ? AND org_path IN ?)`, t.ProvinceID, t.SolutionID, a.Tenant.Scopes()).Scan(&sold).Error; err != nil {
			return err
		}
		if t.At(now) != "granted" || !sold || (v.State != "certified" && v.State != "superseded") {
			return ErrOver
		}
		t.Opens++
		t.LastAt = &now
		if t.FirstAt == nil {
			t.FirstAt = &now
		}
		tenants.Record(ctx, tx, a, t.entry("open", "", ""))
		out.Address, out.Notes = v.TrialURL, v.TrialNotes
		return pg.Save(tx, t)
	})
	return out, err
}

// SetRule says whether whoever asks is let in at once.
func (s *Service) SetRule(ctx context.Context, a tenants.Actor, id uuid.UUID, automatic bool) error {
	if err := a.Need(solution.Write); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, err := solution.Lock(tx, a, id)
		if err != nil {
			return err
		}
		sol.TrialAutomatic = automatic
		tenants.Record(ctx, tx, a, tenants.Entry{Action: map[bool]string{true: "trial_automatic", false: "trial_by_hand"}[automatic], Resource: "solution", ID: sol.ID, Label: sol.Name, OrgPath: sol.OrgPath, Partner: sol.PartnerID})
		return pg.Save(tx, &sol)
	})
}

// List returns who tries what, the last asked first: to the firm its own, to
// the operator what its people try.
func (s *Service) List(ctx context.Context, a tenants.Actor, afterAt time.Time, afterID uuid.UUID, limit int) (page []Trial, total int64, err error) {
	if err := a.Need(solution.Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return pg.Newest(tenants.Rows(tx).Model(&Trial{}), "asked_at", afterAt, afterID, limit, &page, &total)
	})
	return page, total, err
}

// UseOf counts how much a solution is tried: in the whole province, of which
// only the numbers come back.
func (s *Service) UseOf(ctx context.Context, a tenants.Actor, sol uuid.UUID) (u Use, err error) {
	err = s.db.Read(ctx, tenants.System(a.Tenant.ProvinceID, "试用"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT coalesce(sum(opens), 0) AS opens, count(DISTINCT user_id) FILTER (WHERE opens > 0) AS people, max(last_at) AS last_at FROM trials WHERE province_id = ? AND solution_id = ?`, a.Tenant.ProvinceID, sol).Scan(&u).Error
	})
	return u, err
}
