package listing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Refusals of this package.
var (
	ErrNotCertified = fault.New(fault.Conflict, "not-certified", "只有已认证且证书有效的版本才能上架。", "Only a certified version with a valid certificate can be listed.")
	ErrListedTwice  = fault.New(fault.Conflict, "listed-already", "该方案在这个范围已有上架记录。", "The solution is listed in this scope already.")
	ErrScope        = fault.New(fault.Denied, "scope", "城市只能在本市上架；全省上架由省产品经理办理。", "A city lists in the city only; province scope is the province's.")
	ErrDocuments    = fault.New(fault.Conflict, "documents-expired", "伙伴的必备证照已过期，更新之前不能上架。", "A required document of the partner has expired; nothing of it can be listed before it is renewed.")
	ErrSuspended    = fault.New(fault.Conflict, "listing-suspended", "这里的上架已暂停，先处理暂停的原因。", "The listing here is suspended; settle why first.")
	ErrPartner      = fault.New(fault.Conflict, "partner-not-active", "伙伴当前不是正常合作状态，不能上架。", "The partner is not active at present; nothing of it can be listed.")
)

// Service is the use cases of this package.
type Service struct {
	db      *pg.DB
	people  *tenants.Service
	reviews *review.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service, reviews *review.Service) *Service {
	return &Service{db, people, reviews}
}

// scopeOf checks that the actor may list in the scope and names its path.
func (s *Service) scopeOf(ctx context.Context, a tenants.Actor, scope string) (path, name string, err error) {
	if scope == ScopeProvince {
		if a.Tenant.Kind != tenants.KindProvince {
			return "", "", ErrScope
		}
		return a.Tenant.Root(), "全省", nil
	}
	cities, err := s.people.Tenants(ctx, a.Tenant.ProvinceID, tenants.KindCity)
	if err != nil {
		return "", "", err
	}
	for _, c := range cities {
		if c.Code == scope && (a.Tenant.Kind == tenants.KindProvince || a.Tenant.ID == c.ID) {
			return c.Path, c.Name, nil
		}
	}
	return "", "", ErrScope
}

// Create offers a certified version in a scope, as a draft.
func (s *Service) Create(ctx context.Context, a tenants.Actor, version uuid.UUID, scope string) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	path, name, err := s.scopeOf(ctx, a, scope)
	if err != nil {
		return Detail{}, err
	}
	var d Detail
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		v, err := solution.Full(tx, version)
		if err != nil {
			return err
		}
		if err := sellable(ctx, tx, v); err != nil {
			return err
		}
		sol, err := solution.Lock(tx, a, v.SolutionID)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		l := Listing{
			ProvinceID: v.ProvinceID, ID: pg.NewID(), SolutionID: sol.ID, VersionID: v.ID, PartnerID: sol.PartnerID, OrgPath: path, SolutionName: sol.Name, Semver: v.Semver,
			PartnerName: sol.PartnerName, Industry: sol.Industry, Scope: scope, ScopeName: name, State: "draft", Told: pg.Texts{}, CreatedBy: a.User, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		if err := tx.Create(&l).Error; err != nil {
			if pg.Violated(err, "listings_once") {
				return ErrListedTwice
			}
			return err
		}
		tenants.Record(ctx, tx, a, l.entry("create", "", ""))
		d, err = s.detail(ctx, tx, a, l.ID)
		return err
	})
	return d, err
}

// sellable refuses a version that may not be on sale now.
func sellable(ctx context.Context, tx *pg.Tx, v solution.Version) error {
	cert, err := certification.CertificateOf(tx, v.ID)
	if errors.Is(err, fault.ErrMissing) || (err == nil && (v.State != "certified" || cert.State(calendar.Now(ctx)) != "valid")) {
		return ErrNotCertified
	}
	if err != nil {
		return err
	}
	p, err := partner.Find(tx, v.PartnerID)
	if err == nil && p.State != "active" {
		return ErrPartner
	}
	if err == nil && !p.MayList() {
		return ErrDocuments
	}
	return err
}

// Step is one step of the state machine with what belongs to it.
type Step struct {
	Action, Reason string
	PublishOn      *time.Time // of an approval for a day to come
	SupportUntil   *time.Time // of a retirement
	Successor      *uuid.UUID // of a retirement: the solution that comes instead
}

// room refuses what would go past the partner's limit of listings on sale.
func room(tx *pg.Tx, l Listing) error {
	p, err := partner.Find(tx, l.PartnerID)
	if err != nil {
		return err
	}
	return standing.Room(tx, p, standing.Listings, 1)
}

// Act takes one step of the state machine.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, step Step) (Detail, error) {
	action, reason := step.Action, step.Reason
	today := calendar.Date(calendar.Now(ctx))
	if action == "approve" && step.PublishOn != nil && step.PublishOn.Format(time.DateOnly) > today {
		action = "schedule"
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var l Listing
		if err := pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &l); err != nil {
			return err
		}
		t, err := Machine.Take(l.State, action, reason)
		if err != nil {
			return err
		}
		if t.Permission == "" {
			return fault.ErrMissing
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		// A city decides for its own scope, the province for its own and
		// over every city.
		if a.Tenant.Kind == tenants.KindCity && l.OrgPath != a.Tenant.Path {
			return fault.ErrMissing
		}
		switch action {
		case "schedule":
			if err := onDay("publish_on", *step.PublishOn, today, 0, 1); err != nil {
				return err
			}
			l.PublishOn = step.PublishOn
		case "retire":
			if err := s.retiring(tx, &l, step, today); err != nil {
				return err
			}
		}
		if err := s.move(ctx, tx, a, &l, action, reason); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// move takes the step, keeps the marketplace true and says so in the audit.
func (s *Service) move(ctx context.Context, tx *pg.Tx, a tenants.Actor, l *Listing, action, reason string) error {
	t, err := Machine.Take(l.State, action, reason)
	if err != nil {
		return err
	}
	now := calendar.Now(ctx)
	from := l.State
	if t.To == "live" {
		v, err := solution.Full(tx, l.VersionID)
		if err != nil {
			return err
		}
		if err := sellable(ctx, tx, v); err != nil {
			return err
		}
		// What comes back by itself was on sale, and what graduates has proved
		// itself.
		if action != "restore" && !(action == "promote" && a.IsSystem()) {
			if err := room(tx, *l); err != nil {
				return err
			}
		}
		l.PublishOn = nil
		if l.LiveAt == nil {
			l.LiveAt = &now
		}
		if err := s.publish(tx, *l, v); err != nil {
			return err
		}
	} else if from == "live" {
		if err := withdraw(tx, *l); err != nil {
			return err
		}
	}
	if t.To != "suspended" {
		l.HaltedBy = ""
	}
	if t.To == "draft" {
		l.PublishOn = nil
	}
	if action == "submit" {
		l.SubmittedAt = &now
	}
	l.State, l.Reason, l.UpdatedAt = t.To, reason, now
	if err := pg.Save(tx, l); err != nil {
		return err
	}
	if (from == "live") != (t.To == "live") {
		step := 1
		if from == "live" {
			step = -1
		}
		if err := tx.Exec(`UPDATE solutions SET live_listings = live_listings + ? WHERE province_id = ? AND id = ?`, step, l.ProvinceID, l.SolutionID).Error; err != nil {
			return err
		}
	}
	tenants.Record(ctx, tx, a, l.entry(action, from, reason))
	switch t.To {
	case "retired":
		if err := dropAll(ctx, tx, a, *l); err != nil {
			return err
		}
	case "live":
		if err := s.follow(ctx, tx, a, *l); err != nil {
			return err
		}
	}
	if t.To == "live" {
		var ended bool
		if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM listings WHERE province_id = ? AND solution_id = ? AND support_until IS NOT NULL)`, l.ProvinceID, l.SolutionID).Scan(&ended).Error; err != nil {
			return err
		}
		if ended {
			if err := queue.Enqueue(ctx, tx, JobRetired, Retired{l.ProvinceID, l.ID, l.SolutionID, "relisted"}); err != nil {
				return err
			}
		}
	}
	if t.To == "retired" && l.SupportUntil != nil {
		if err := queue.Enqueue(ctx, tx, JobRetired, Retired{l.ProvinceID, l.ID, l.SolutionID, "retired"}); err != nil {
			return err
		}
	}
	if from == "pending_approval" {
		return queue.Enqueue(ctx, tx, review.JobLapse, review.Lapsed{Province: l.ProvinceID, Record: l.ID, At: now})
	}
	return nil
}

// offerOf is what a listing offers, or would once it is on sale.
func offerOf(tx *pg.Tx, l Listing, v solution.Version) (Offer, error) {
	var sol solution.Solution
	if err := pg.One(tx.Where("province_id = ? AND id = ?", l.ProvinceID, l.SolutionID), &sol); err != nil {
		return Offer{}, err
	}
	p, err := partner.Find(tx, l.PartnerID)
	if err != nil {
		return Offer{}, err
	}
	cert, err := certification.CertificateOf(tx, v.ID)
	if err != nil {
		return Offer{}, err
	}
	siblings, err := solution.Siblings(tx, sol.ID)
	if err != nil {
		return Offer{}, err
	}
	o := Offer{
		ProvinceID: l.ProvinceID, ID: l.ID, OrgPath: l.OrgPath, Scope: l.Scope, ScopeName: l.ScopeName, SolutionID: sol.ID, VersionID: v.ID, SupplierID: p.ID, SupplierName: p.LegalName,
		SupplierTier: p.Tier, Name: sol.Name, Summary: sol.Summary, Industry: sol.Industry, Category: sol.Category, Family: sol.Family, Semver: v.Semver, Certified: true,
		FromFen: solution.FromFen(v.Elements), FloorPPM: l.FloorPPM, CeilingPPM: l.CeilingPPM,
		Content: pg.JSON[Content]{V: contentOf(v, siblings, cert.Number, cert.ValidUntil, cert.ContentHash)},
	}
	if l.LiveAt != nil {
		o.LiveAt = *l.LiveAt
	}
	// Accounts already served keep counting when a listing comes back.
	err = tx.Raw(`SELECT coalesce(max(accounts), 0) FROM offers WHERE province_id = ? AND solution_id = ?`, l.ProvinceID, sol.ID).Scan(&o.Accounts).Error
	return o, err
}

// publish writes the offer of a listing that goes live.
func (s *Service) publish(tx *pg.Tx, l Listing, v solution.Version) error {
	o, err := offerOf(tx, l, v)
	if err != nil {
		return err
	}
	if err := withdraw(tx, l); err != nil {
		return err
	}
	if err := tx.Create(&o).Error; err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO offer_words (province_id, offer_id, org_path, words) VALUES (?, ?, ?, ?)`, o.ProvinceID, o.ID, o.OrgPath, pg.Words(o.Name, o.Summary, o.SupplierName)).Error
}

// withdraw takes an offer out of the marketplace.
func withdraw(tx *pg.Tx, l Listing) error {
	if err := tx.Exec(`DELETE FROM offers WHERE province_id = ? AND id = ?`, l.ProvinceID, l.ID).Error; err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM offer_words WHERE province_id = ? AND offer_id = ?`, l.ProvinceID, l.ID).Error
}

// Place is where something is offered.
type Place struct{ Scope, Name, Path string }

// Promote puts a version on sale in a place for a graduation, by the system
// actor it is given, in its transaction. What is suspended there stays so.
func (s *Service) Promote(ctx context.Context, tx *pg.Tx, by tenants.Actor, version uuid.UUID, at Place) (Listing, error) {
	v, err := solution.Full(tx, version)
	if err != nil {
		return Listing{}, err
	}
	var l Listing
	err = pg.One(tx.Where("province_id = ? AND solution_id = ? AND scope = ? AND state <> 'retired'", v.ProvinceID, v.SolutionID, at.Scope).Clauses(pg.ForUpdate), &l)
	if err == nil && l.State == "live" {
		return l, nil
	}
	if err == nil && l.State == "suspended" {
		return l, ErrSuspended
	}
	if errors.Is(err, fault.ErrMissing) {
		var sol solution.Solution
		if err := pg.One(tx.Where("province_id = ? AND id = ?", v.ProvinceID, v.SolutionID), &sol); err != nil {
			return l, err
		}
		now := calendar.Now(ctx)
		l = Listing{
			ProvinceID: v.ProvinceID, ID: pg.NewID(), SolutionID: sol.ID, PartnerID: sol.PartnerID, OrgPath: at.Path, SolutionName: sol.Name, PartnerName: sol.PartnerName, Industry: sol.Industry,
			Scope: at.Scope, ScopeName: at.Name, State: Machine.Initial, Told: pg.Texts{}, CreatedBy: by.User, Version: 1, CreatedAt: now, UpdatedAt: now, VersionID: v.ID, Semver: v.Semver,
		}
		err = tx.Create(&l).Error
	}
	if err != nil {
		return l, err
	}
	l.VersionID, l.Semver = v.ID, v.Semver
	return l, s.move(ctx, tx, by, &l, "promote", "")
}

// Supersede takes the listings of a solution off sale, those of cities or the
// province's, because it is now offered otherwise.
func (s *Service) Supersede(ctx context.Context, tx *pg.Tx, by tenants.Actor, sol uuid.UUID, cities bool, why string) error {
	var found []Listing
	err := tx.Where("province_id = ? AND solution_id = ? AND state <> 'retired' AND (scope <> ?) = ?", by.Tenant.ProvinceID, sol, ScopeProvince, cities).Order("id").Clauses(pg.ForUpdate).Find(&found).Error
	if err != nil {
		return err
	}
	for i := range found {
		if err := s.move(ctx, tx, by, &found[i], "supersede", why); err != nil {
			return err
		}
	}
	return nil
}

// Of finds a listing the actor may see, inside a transaction.
func Of(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (l Listing, err error) {
	return l, pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id), &l)
}

// OnCertified puts a newer version into the listings of its solution, on sale or
// on the way there: the older one can be sold anew nowhere.
func (s *Service) OnCertified(ctx context.Context, n certification.Certified) error {
	a := tenants.System(n.Province, "认证通过")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		v, err := solution.Full(tx, n.Version)
		if err != nil {
			return err
		}
		if v.State != "certified" {
			return nil // a newer one came in between
		}
		var live []Listing
		if err := tx.Where("province_id = ? AND solution_id = ? AND state <> 'retired' AND version_id <> ?", n.Province, v.SolutionID, v.ID).Order("id").Clauses(pg.ForUpdate).Find(&live).Error; err != nil {
			return err
		}
		for i := range live {
			l := &live[i]
			from := l.Semver
			l.VersionID, l.Semver, l.UpdatedAt = v.ID, v.Semver, calendar.Now(ctx)
			if l.State == "live" {
				if err := s.publish(tx, *l, v); err != nil {
					return err
				}
			}
			if err := pg.Save(tx, l); err != nil {
				return err
			}
			e := l.entry("update_version", from, "")
			e.To = l.Semver
			tenants.Record(ctx, tx, a, e)
			if l.State == "live" {
				if err := s.follow(ctx, tx, a, *l); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// OnWithdrawn takes a version off sale whose certificate no longer holds.
func (s *Service) OnWithdrawn(ctx context.Context, n certification.Withdrawn) error {
	return s.db.As(ctx, tenants.System(n.Province, "证书失效"), func(tx *pg.Tx) error {
		cert, err := certification.CertificateOf(tx, n.Version)
		if err != nil || cert.State(calendar.Now(ctx)) == "valid" {
			return err // reinstated in between
		}
		var live []Listing
		if err := tx.Where("province_id = ? AND version_id = ? AND state = 'live'", n.Province, n.Version).Clauses(pg.ForUpdate).Find(&live).Error; err != nil {
			return err
		}
		for i := range live {
			if err := s.move(ctx, tx, tenants.System(n.Province, "证书失效"), &live[i], "halt", n.Code()); err != nil {
				return err
			}
		}
		return nil
	})
}

// OnPartnerSuspended takes everything of a partner off sale, with the reason.
func (s *Service) OnPartnerSuspended(ctx context.Context, n partner.Changed) error {
	a := tenants.System(n.Province, "伙伴暂停")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := partner.Find(tx, n.Partner)
		if err != nil || p.MayList() {
			return err
		}
		by, reason := "partner", partner.SuspendedReason(p.Reason)
		if p.State == "active" {
			by, reason = "documents", p.LapsedReason()
		}
		var live []Listing
		if err := tx.Where("province_id = ? AND partner_id = ? AND state = 'live'", n.Province, n.Partner).Clauses(pg.ForUpdate).Find(&live).Error; err != nil {
			return err
		}
		for i := range live {
			live[i].HaltedBy = by
			if err := s.move(ctx, tx, a, &live[i], "halt", reason); err != nil {
				return err
			}
		}
		if by == "documents" {
			return nil
		}
		// What expired documents had taken off sale does not come back by itself
		// once the firm was suspended too.
		return tx.Exec(`UPDATE listings SET halted_by = ?, reason = ?, version = version + 1, updated_at = ? WHERE province_id = ? AND partner_id = ? AND state = 'suspended' AND halted_by = 'documents'`,
			by, reason, calendar.Now(ctx), n.Province, n.Partner).Error
	})
}

// OnPartnerResumed puts back what expired documents had taken off sale; after a
// suspension cities decide themselves.
func (s *Service) OnPartnerResumed(ctx context.Context, n partner.Changed) error {
	a := tenants.System(n.Province, "证照更新")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := partner.Find(tx, n.Partner)
		if err != nil || !p.MayList() {
			return err
		}
		var halted []Listing
		if err := tx.Where("province_id = ? AND partner_id = ? AND state = 'suspended' AND halted_by = 'documents'", n.Province, n.Partner).Clauses(pg.ForUpdate).Find(&halted).Error; err != nil {
			return err
		}
		for i := range halted {
			// A certificate may have ended meanwhile.
			if err := s.move(ctx, tx, a, &halted[i], "restore", ""); err != nil && !errors.Is(err, ErrNotCertified) {
				return err
			}
		}
		return nil
	})
}

// Query filters the list of listings.
type Query struct {
	State, Text string
	AfterAt     time.Time
	AfterID     uuid.UUID
	Limit       int
}

// List returns listings, the last touched first.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Listing, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Listing{}), a)
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(solution_name LIKE ? OR partner_name LIKE ?)", like, like)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// narrow repeats row security in the query.
func narrow(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("province_id = ?", id.Province)
	switch {
	case a.IsSystem():
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	default:
		q = q.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo)
		if len(id.Districts) > 1 { // a listing is of the whole city
			q = q.Where("split_part(org_path, '/', 3) IN ?", id.Districts)
		}
	}
	return q
}

// OfSolution lists the listings of a solution the actor may see.
func (s *Service) OfSolution(ctx context.Context, a tenants.Actor, id uuid.UUID) (out []Listing, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return narrow(tx.Model(&Listing{}), a).Where("solution_id = ?", id).Order("created_at").Find(&out).Error
	})
	return out, err
}

// Actions the actor may take on a listing now.
func Actions(a tenants.Actor, l Listing) []string {
	if a.Tenant.Kind == tenants.KindCity && l.OrgPath != a.Tenant.Path {
		return []string{}
	}
	all := Machine.Actions(l.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
	return slices.DeleteFunc(all, func(action string) bool { return action == "schedule" }) // an approval with a day
}

// Detail is a listing with the evidence for its approval.
type Detail struct {
	Listing
	Solution    solution.Solution
	Content     solution.Version
	Certificate *certification.Certificate
	Requests    []review.Request
	Previews    []Preview
	Successor   string // name of the solution that comes instead
	Elsewhere   int    // live listings of the solution in other scopes
	Accounts    int
	History     []tenants.AuditEvent
}

// Get returns one listing.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(_ context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	err := pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id), &d.Listing)
	if err != nil {
		return d, err
	}
	if err = pg.One(tx.Where("province_id = ? AND id = ?", d.ProvinceID, d.SolutionID), &d.Solution); err != nil {
		return d, err
	}
	if d.Content, err = solution.Full(tx, d.VersionID); err != nil {
		return d, err
	}
	if cert, err := certification.CertificateOf(tx, d.VersionID); err == nil {
		d.Certificate = &cert
	}
	d.Elsewhere = d.Solution.LiveListings
	if d.State == "live" {
		d.Elsewhere--
	}
	if err = tx.Raw(`SELECT coalesce(max(accounts), 0) FROM offers WHERE province_id = ? AND solution_id = ?`, d.ProvinceID, d.SolutionID).Scan(&d.Accounts).Error; err != nil {
		return d, err
	}
	if d.Requests, err = review.Of(tx, "listing", id); err != nil {
		return d, err
	}
	if d.Previews, err = previews(tx, id); err != nil {
		return d, err
	}
	if d.SuccessorID != nil {
		if err = tx.Raw(`SELECT name FROM solutions WHERE province_id = ? AND id = ?`, d.ProvinceID, *d.SuccessorID).Scan(&d.Successor).Error; err != nil {
			return d, err
		}
	}
	d.History, err = tenants.History(tx, id)
	return d, err
}
