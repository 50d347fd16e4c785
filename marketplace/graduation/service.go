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
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Service is the use cases of this package.
type Service struct {
	db       *pg.DB
	people   *tenants.Service
	listings *listing.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service, listings *listing.Service) *Service {
	return &Service{db, people, listings}
}

// narrow repeats row security in the query: the own part of the tree, and what
// is open to every city.
func narrow(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("province_id = ?", id.Province)
	switch {
	case a.IsSystem():
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	default:
		q = q.Where("(org_path >= ? AND org_path < ? OR open)", id.PathFrom, id.PathTo)
	}
	return q
}

// ErrWholeCity says that a seat of some districts does not speak for the city.
var ErrWholeCity = fault.New(fault.Denied, "wider-seat", "这件事代表全市，请由负责全市的产品经理办理。", "This is for the whole city: ask a product manager of all of it.")

// wholeCity asks for a permission in a seat that is not narrowed to districts.
func wholeCity(a tenants.Actor, p tenants.Permission) error {
	if err := a.Need(p); err != nil {
		return err
	}
	if len(a.Districts) > 0 {
		return ErrWholeCity
	}
	return nil
}

// Nominate puts a city's live listing forward.
func (s *Service) Nominate(ctx context.Context, a tenants.Actor, listed uuid.UUID, pitch string) (Detail, error) {
	if err := a.Need(Nominate); err != nil {
		return Detail{}, err
	}
	pitch = strings.TrimSpace(pitch)
	var c fault.Checker
	c.Require("pitch", pitch != "")
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	g := Graduation{Kind: Upgrade, State: Machine.Initial, Pitch: pitch, CityCode: a.Tenant.Code, CityName: a.Tenant.Name, OrgPath: a.Tenant.Path}
	// What other cities and the province did with the solution counts too.
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		l, err := listing.Of(tx, a, listed)
		if err != nil {
			return err
		}
		if l.State != "live" || l.Scope == listing.ScopeProvince || l.OrgPath != a.Tenant.Path {
			return ErrNotCity
		}
		if err := g.about(ctx, tx, a, l); err != nil {
			return err
		}
		var last Graduation
		err = pg.One(tx.Where("province_id = ? AND solution_id = ? AND state = 'returned'", g.ProvinceID, g.SolutionID).Order("decided_at DESC").Limit(1), &last)
		if err != nil && !errors.Is(err, fault.ErrMissing) {
			return err
		}
		if err == nil && last.AgainAfter != nil && calendar.Now(ctx).Before(*last.AgainAfter) {
			return ErrTooSoon.Fill(calendar.Date(*last.AgainAfter))
		}
		var t Threshold
		err = pg.One(tx.Where("province_id = ? AND category = ? AND state = 'published'", g.ProvinceID, g.Category), &t)
		if errors.Is(err, fault.ErrMissing) {
			return ErrNoThresholds
		}
		if err != nil {
			return err
		}
		g.ThresholdID, g.ThresholdNumber, g.Needs = &t.ID, t.Number, t.Needs
		return s.begin(ctx, tx, a, &g, "nominate")
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, g.ID)
}

// about fills in what the nomination is of.
func (g *Graduation) about(ctx context.Context, tx *pg.Tx, a tenants.Actor, l listing.Listing) error {
	sol, err := solution.Lock(tx, a, l.SolutionID)
	if err != nil {
		return err
	}
	now := calendar.Now(ctx)
	g.ProvinceID, g.ID, g.ListingID, g.SolutionID, g.VersionID, g.PartnerID = l.ProvinceID, pg.NewID(), l.ID, sol.ID, l.VersionID, sol.PartnerID
	g.SolutionName, g.Semver, g.PartnerName, g.Industry, g.Category, g.Family = sol.Name, l.Semver, sol.PartnerName, sol.Industry, sol.Category, sol.Family
	g.NominatedBy, g.NominatedByName, g.Nominators, g.NominatedAt, g.UpdatedAt, g.Version = a.User, a.Name, tenants.Persons{}.With(a), now, now, 1
	g.Improvements, g.Needs.V = pg.Texts{}, Needs{}
	return nil
}

// begin stores what starts, once per solution at a time.
func (s *Service) begin(ctx context.Context, tx *pg.Tx, a tenants.Actor, g *Graduation, action string) error {
	var err error
	if g.Number, err = tenants.Next(ctx, tx, "G"); err != nil {
		return err
	}
	if err := tx.Create(g).Error; err != nil {
		if pg.Violated(err, "graduations_under_way_once") {
			return ErrUnderWay
		}
		return err
	}
	var listed int64
	err = tx.Table("listings").Where("province_id = ? AND solution_id = ? AND scope = ? AND state <> 'retired'", g.ProvinceID, g.SolutionID, listing.ScopeProvince).Count(&listed).Error
	if err == nil && listed > 0 && g.Kind == Upgrade {
		return ErrNotCity
	}
	tenants.Record(ctx, tx, a, g.entry(action, "", g.Pitch))
	return err
}

func lock(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (g Graduation, err error) {
	return g, pg.One(narrow(tx.Model(&Graduation{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &g)
}

// step takes one row of the machine, for whoever may; others' rows that are only
// open to the actor take no step by them.
func (g *Graduation) step(ctx context.Context, a tenants.Actor, action, reason string) (from string, err error) {
	t, err := g.machine().Take(g.State, action, strings.TrimSpace(reason))
	if err != nil {
		return "", err
	}
	if err := a.Need(tenants.Permission(t.Permission)); err != nil {
		return "", err
	}
	if a.Tenant.Kind == tenants.KindCity && g.OrgPath != a.Tenant.Path {
		return "", fault.ErrMissing
	}
	from, g.State, g.UpdatedAt = g.State, t.To, calendar.Now(ctx)
	return from, nil
}

// OpenPilots shows the nomination to every city and asks for volunteers.
func (s *Service) OpenPilots(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	return s.advance(ctx, a, id, "open_pilots", "", "invite", func(_ *pg.Tx, g *Graduation) error {
		g.Open = true
		return nil
	})
}

// StartEvaluation closes the list of pilots and asks every city for comments.
func (s *Service) StartEvaluation(ctx context.Context, a tenants.Actor, id uuid.UUID, days int) (Detail, error) {
	return s.advance(ctx, a, id, "start_evaluation", "", "ask_comment", func(tx *pg.Tx, g *Graduation) error {
		var running int64
		if err := tx.Table("graduation_pilots").Where("province_id = ? AND graduation_id = ? AND state = 'running'", g.ProvinceID, g.ID).Count(&running).Error; err != nil {
			return err
		}
		if running == 0 {
			return ErrNoPilot
		}
		until := calendar.AddWorkingDays(calendar.Now(ctx), days)
		g.CommentsUntil = &until
		return nil
	})
}

// Withdraw takes a nomination back.
func (s *Service) Withdraw(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	return s.advance(ctx, a, id, "withdraw", reason, "", func(_ *pg.Tx, g *Graduation) error {
		g.Open, g.Reason = false, reason
		return nil
	})
}

// advance takes a step that concerns the nomination alone; told is the act that
// each city hears of.
func (s *Service) advance(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason, told string, do func(*pg.Tx, *Graduation) error) (Detail, error) {
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		g, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		from, err := g.step(ctx, a, action, reason)
		if err != nil {
			return err
		}
		if err := do(tx, &g); err != nil {
			return err
		}
		if err := pg.Save(tx, &g); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, g.entry(action, from, reason))
		if told == "" {
			return nil
		}
		return s.tellCities(ctx, tx, a, g, told)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, id)
}

// tellCities records an act once for each city, so that each hears of it.
func (s *Service) tellCities(ctx context.Context, tx *pg.Tx, a tenants.Actor, g Graduation, action string) error {
	cities, err := citiesIn(tx)
	for _, c := range cities {
		if c.Path == g.OrgPath {
			continue
		}
		e := g.entry(action, g.State, "")
		e.OrgPath, e.Partner = c.Path, uuid.Nil
		tenants.Record(ctx, tx, a, e)
	}
	return err
}

func citiesIn(tx *pg.Tx) (out []tenants.Tenant, err error) {
	err = tx.Where("province_id = ? AND kind = 'city' AND state = 'active'", tx.Identity.Province).Order("code").Find(&out).Error
	return out, err
}

// follow takes over the version that the listing offers by now: a newer one may
// have been certified on the way, and only that can go on sale.
func (g *Graduation) follow(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	from := g.Semver
	if err := g.current(tx); err != nil || from == g.Semver {
		return err
	}
	e := g.entry("update_version", from, "")
	e.To = g.Semver
	tenants.Record(ctx, tx, a, e)
	return nil
}

func (g *Graduation) current(tx *pg.Tx) error {
	return tx.Raw(`SELECT version_id, semver FROM listings WHERE province_id = ? AND id = ?`, g.ProvinceID, g.ListingID).Row().Scan(&g.VersionID, &g.Semver)
}

// offer puts what is piloted on sale in the actor's city: that needs who may
// approve it, and neither lifts a suspension nor approves what somebody drafted.
func (s *Service) offer(ctx context.Context, tx *pg.Tx, a tenants.Actor, g *Graduation) error {
	state, err := offered(tx, *g, a.Tenant.Code)
	if err != nil || state == "live" {
		return err
	}
	if err := a.Need(listing.Approve); err != nil {
		return err
	}
	switch state {
	case "suspended":
		return ErrSuspended.Fill(a.Tenant.Name)
	case "draft", "pending_approval", "scheduled":
		return ErrPending
	}
	_, err = s.listings.Promote(ctx, tx, a, g.VersionID, listing.Place{Scope: a.Tenant.Code, Name: a.Tenant.Name, Path: a.Tenant.Path})
	return err
}

// offered is the state of the solution's listing in a city, if there is one.
func offered(tx *pg.Tx, g Graduation, city string) (state string, err error) {
	err = tx.Raw(`SELECT state FROM listings WHERE province_id = ? AND solution_id = ? AND scope = ? AND state <> 'retired' LIMIT 1`, g.ProvinceID, g.SolutionID, city).Scan(&state).Error
	return state, err
}

// Try adds the actor's city to the pilots.
func (s *Service) Try(ctx context.Context, a tenants.Actor, id uuid.UUID, x Trying) (Detail, error) {
	if err := wholeCity(a, Pilot); err != nil {
		return Detail{}, err
	}
	from, to, err := x.dates(calendar.Now(ctx))
	if err != nil {
		return Detail{}, err
	}
	// The row is another city's, open to this one; it is held while it is added to.
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		g, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		if g.State != "piloting" {
			return ErrNotPiloting
		}
		if g.OrgPath == a.Tenant.Path {
			return ErrPiloted
		}
		if err := g.follow(ctx, tx, a); err != nil {
			return err
		}
		p := Trial{
			ProvinceID: g.ProvinceID, ID: pg.NewID(), GraduationID: g.ID, OrgPath: a.Tenant.Path, CityCode: a.Tenant.Code, CityName: a.Tenant.Name, State: "running", StartsOn: from, EndsOn: to,
			TargetAccounts: x.Accounts, TargetFen: x.Fen, Note: x.Note, ByID: a.User, ByName: a.Name, At: calendar.Now(ctx), Version: 1,
		}
		if err := tx.Create(&p).Error; err != nil {
			if pg.Violated(err, "graduation_pilots_city_once") {
				return ErrPiloted
			}
			return err
		}
		// Who pilots sells: the version goes on sale in the city.
		if err := s.offer(ctx, tx, a, &g); err != nil {
			return err
		}
		if err := pg.Save(tx, &g); err != nil {
			return err
		}
		e := g.entry("volunteer", "", p.CityName)
		e.To, e.Partner = "", uuid.Nil
		tenants.Record(ctx, tx, a, e)
		return nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, id)
}

// Leave takes the actor's city out of the pilots, with the reason.
func (s *Service) Leave(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Detail, error) {
	if err := wholeCity(a, Pilot); err != nil {
		return Detail{}, err
	}
	// The row is another city's, open to this one; it is held while it is added to.
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		g, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		var c fault.Checker
		c.Require("reason", strings.TrimSpace(reason) != "")
		if err := c.Err(); err != nil {
			return err
		}
		if g.State != "piloting" {
			return ErrNotPiloting
		}
		var p Trial
		if err := pg.One(tx.Where("province_id = ? AND graduation_id = ? AND city_code = ? AND state = 'running'", g.ProvinceID, id, a.Tenant.Code).Clauses(pg.ForUpdate), &p); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		p.State, p.Reason, p.LeftAt = "left", reason, &now
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		e := g.entry("leave_pilot", "", reason)
		e.To, e.Partner = "", uuid.Nil
		tenants.Record(ctx, tx, a, e)
		return nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, id)
}

// Say adds a comment while comments are open.
func (s *Service) Say(ctx context.Context, a tenants.Actor, id uuid.UUID, stance, body string) (Detail, error) {
	if err := wholeCity(a, Comment); err != nil {
		return Detail{}, err
	}
	body = strings.TrimSpace(body)
	var c fault.Checker
	c.OneOf("stance", stance, Stances...)
	c.Require("text", body != "")
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	// The row is another city's, open to this one; it is held while it is added to.
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		g, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		if !g.commenting(calendar.Now(ctx)) {
			return ErrNoComments
		}
		r := Remark{ProvinceID: g.ProvinceID, ID: pg.NewID(), GraduationID: g.ID, OrgPath: a.Tenant.Path, TenantName: a.Tenant.Name, AuthorID: a.User, AuthorName: a.Name, Stance: stance, Body: body, At: calendar.Now(ctx)}
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		e := g.entry("comment", "", "")
		e.To, e.Partner = "", uuid.Nil
		tenants.Record(ctx, tx, a, e)
		return nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, a, id)
}

// Detail is a graduation with its dossier and what was said and done.
type Detail struct {
	Graduation
	Dossier  *Dossier // nil for partners
	Frozen   bool
	Pilots   []Trial
	Comments []Remark
	Tasks    []Task // that the actor may see
	Answers  []Answer
	History  []tenants.AuditEvent
	Actions  []string
}

// Answer counts the cities that answered alike.
type Answer struct {
	State, ReasonCode string
	Cities            int64
}

// Get returns one.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	d := Detail{Pilots: []Trial{}, Comments: []Remark{}, Tasks: []Task{}, Answers: []Answer{}}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(narrow(tx.Model(&Graduation{}), a).Where("id = ?", id), &d.Graduation); err != nil {
			return err
		}
		history, err := tenants.History(tx, id)
		if err != nil {
			return err
		}
		for _, e := range history {
			// Each city was told by an entry of its own.
			if e.Action != "invite" && e.Action != "ask_comment" {
				d.History = append(d.History, e)
			}
		}
		if a.Partner() {
			return nil
		}
		if err := tx.Where("province_id = ? AND graduation_id = ?", d.ProvinceID, id).Order("at").Find(&d.Pilots).Error; err != nil {
			return err
		}
		if err := tx.Where("province_id = ? AND graduation_id = ?", d.ProvinceID, id).Order("at, id").Limit(500).Find(&d.Comments).Error; err != nil {
			return err
		}
		if err := tenants.Rows(tx).Where("graduation_id = ?", id).Order("city_code").Find(&d.Tasks).Error; err != nil {
			return err
		}
		var kept struct{ Facts pg.JSON[Dossier] }
		err = pg.One(narrow(tx.Table("graduation_facts"), a).Where("graduation_id = ?", id), &kept)
		if err == nil {
			d.Dossier, d.Frozen = &kept.Facts.V, true
		} else if !errors.Is(err, fault.ErrMissing) {
			return err
		}
		return nil
	})
	if err != nil || a.Partner() {
		d.Actions = []string{}
		return d, err
	}
	// The row is the actor's to see; its figures are sums over business of
	// cities whose customers are not.
	var mine string // how the solution is listed in the reader's city
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) (err error) {
		if !d.Frozen {
			if err := d.current(tx); err != nil {
				return err
			}
			if a.Tenant.Kind == tenants.KindCity {
				if mine, err = offered(tx, d.Graduation, a.Tenant.Code); err != nil {
					return err
				}
			}
			x, err := gather(tx, d.Graduation, d.Pilots, calendar.Now(ctx))
			if err != nil {
				return err
			}
			d.Dossier = &x
		}
		return tx.Raw(`SELECT state, reason_code, count(*) AS cities FROM rollout_tasks WHERE province_id = ? AND graduation_id = ? GROUP BY state, reason_code ORDER BY state, cities DESC`, d.ProvinceID, id).Scan(&d.Answers).Error
	})
	for i := range d.Pilots {
		for _, p := range d.Dossier.Pilots {
			if p.CityCode == d.Pilots[i].CityCode {
				d.Pilots[i].Accounts, d.Pilots[i].Fen = p.Accounts, p.Fen
			}
		}
	}
	d.Actions = s.actions(a, d, mine, calendar.Now(ctx))
	return d, err
}

// actions are what the actor can do now; listed is the state of the listing in
// the actor's city, if there is one.
func (s *Service) actions(a tenants.Actor, d Detail, listed string, now time.Time) []string {
	own := a.Tenant.Kind != tenants.KindCity || d.OrgPath == a.Tenant.Path
	out := []string{}
	if own {
		for _, action := range d.machine().Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) }) {
			closing := d.Kind == WayBack || action == "graduate"
			if (closing && d.commenting(now)) || ((closing || action == "return") && d.Nominators.Has(a)) {
				continue
			}
			out = append(out, action)
		}
	}
	if a.Tenant.Kind == tenants.KindCity && d.State == "piloting" && a.Can(Pilot) && d.OrgPath != a.Tenant.Path {
		mine := ""
		for _, p := range d.Pilots {
			if p.CityCode == a.Tenant.Code {
				mine = p.State
			}
		}
		switch mine {
		case "":
			if listed == "live" || listed == "" && a.Can(listing.Approve) {
				out = append(out, "volunteer")
			}
		case "running":
			out = append(out, "leave_pilot")
		}
	}
	if a.Can(Comment) && d.commenting(now) {
		out = append(out, "comment")
	}
	return out
}

// Query filters the list.
type Query struct {
	Kind, Text string
	States     []string
	Solution   uuid.UUID
	AfterAt    time.Time
	AfterID    uuid.UUID
	Limit      int
}

// List returns graduations, the last touched first.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Graduation, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Graduation{}), a)
		if q.Kind != "" {
			d = d.Where("kind = ?", q.Kind)
		}
		if len(q.States) > 0 {
			d = d.Where("state IN ?", q.States)
		}
		if q.Solution != uuid.Nil {
			d = d.Where("solution_id = ?", q.Solution)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(number LIKE ? OR solution_name LIKE ? OR partner_name LIKE ? OR city_name LIKE ?)", like, like, like, like)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}
