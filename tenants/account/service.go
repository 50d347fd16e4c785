package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Refusals of this package.
var (
	ErrCodeTaken  = fault.New(fault.Conflict, "account-exists", "本市已有使用该信用代码的客户。", "Your city already has a customer with this credit code.")
	ErrOwner      = fault.New(fault.Invalid, "owner", "客户经理须是本市成员。", "The owner must be a member of the city.")
	ErrTooShort   = fault.New(fault.Invalid, "search-too-short", "请至少输入两个字。", "Type at least two characters.")
	ErrOnlyCities = fault.New(fault.Denied, "cities-own-accounts", "客户档案由市公司维护。", "Customer records are kept by the cities.")
)

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service

	// Guards say which of several accounts something above this package still
	// needs: those are not deleted.
	Guards []func(tx *pg.Tx, ids []uuid.UUID) ([]uuid.UUID, error)
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db: db, people: people} }

// visible is the row wall for the operator, shared by list, count, search,
// get and export; row security says the same a second time. Partners never
// come here: they read grants.
func visible(q *pg.Handle, a tenants.Actor) *pg.Handle {
	return inSight(q.Where("accounts.merged_into IS NULL"), a)
}

// inSight is visible with what was merged into others.
func inSight(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("accounts.province_id = ?", id.Province)
	if a.IsSystem() {
		return q
	}
	q = q.Where("accounts.org_path >= ? AND accounts.org_path < ?", id.PathFrom, id.PathTo)
	if len(a.Districts) > 0 {
		q = q.Where("accounts.district_code IN ?", a.Districts)
	}
	if !a.Can(ReadAll) {
		q = q.Where("(accounts.owner_id = ? OR accounts.owner_id IS NULL)", a.Membership)
	}
	return q
}

// OfSeen narrows rows of other packages to those about accounts the actor
// sees, for people whose sight of accounts is narrower than their tenant: an
// account manager works with the deals and orders of the own customers.
func OfSeen(q *pg.Handle, a tenants.Actor, column string) *pg.Handle {
	if a.IsSystem() || a.Partner() || !a.Can(Read) || a.Can(ReadAll) {
		return q
	}
	of := func(tables, on string) *pg.Handle {
		return visible(q.Session(&pg.Session{NewDB: true}).Table(tables).Select("1"), a).Where(on)
	}
	// Asked of each row, by id: a page of rows looks up as many accounts, not all
	// of a city. What was merged into a customer is that customer's.
	return q.Where("(EXISTS (?) OR EXISTS (?))", of("accounts", "accounts.id = "+column),
		of("accounts, accounts AS t", "t.province_id = accounts.province_id AND t.merged_into = accounts.id AND t.id = "+column))
}

// Query filters the list.
type Query struct {
	Text                                 string
	City, District, Kind, Tier, Industry string
	Owner                                string // membership id, me, none
	Existing                             string // yes, no
	QualityBelow                         int    // only records that score less; 0 for all
	TargetYear                           int    // only targets of this year
	Segment                              string // of these, only this segment
	ByUpdated                            bool   // newest first instead of by name
	ByQuality                            bool   // worst first instead of by name
	AfterName                            string
	AfterAt                              time.Time
	AfterQuality                         int
	AfterID                              uuid.UUID // zero on the first page
	Limit                                int
	Only                                 []string // columns to fill, with those of the key; nil for all
}

// countLimit is where counting ends: what the planner takes for more is not
// counted, only estimated.
const countLimit = 10_000

// List returns one page of the accounts the actor may see.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Account, err error) {
	if err := q.allowed(a); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if a.Partner() {
			page, err = s.granted(ctx, tx, a, q)
			return err
		}
		d, err := s.filter(tx, visible(tx.Model(&Account{}), a), a, q)
		if err != nil {
			return err
		}
		if a.Tenant.Kind == tenants.KindCity && !a.IsSystem() {
			// Says nothing new, but leads to the index that has a city's names in
			// order. The planner takes it for a second condition, so it has no
			// part in the estimate.
			d = d.Where("accounts.city_code IN ?", []string{a.Tenant.Code}) // IN marks a wall, = a filter: see pg/filters_off.go
		}
		switch {
		case q.ByQuality:
			if q.AfterID != uuid.Nil {
				d = d.Where("(accounts.quality, accounts.id) > (?, ?)", q.AfterQuality, q.AfterID)
			}
			d = d.Order("accounts.quality, accounts.id")
		case q.ByUpdated:
			if q.AfterID != uuid.Nil {
				d = d.Where("(accounts.updated_at, accounts.id) < (?, ?)", q.AfterAt, q.AfterID)
			}
			d = d.Order("accounts.updated_at DESC, accounts.id DESC")
		default:
			if q.AfterID != uuid.Nil {
				d = d.Where("(accounts.name, accounts.id) > (?, ?)", q.AfterName, q.AfterID)
			}
			d = d.Order("accounts.name, accounts.id")
		}
		if q.Only != nil {
			d = d.Select(q.Only)
		}
		return d.Limit(q.Limit).Find(&page).Error
	})
	if err == nil && !a.Can(ReadContact) && !a.Partner() {
		for i := range page {
			page[i].mask()
		}
	}
	return page, err
}

// Matching says how many accounts the list has; past countLimit it is an
// estimate and says so.
func (s *Service) Matching(ctx context.Context, a tenants.Actor, q Query) (total int64, estimated bool, err error) {
	if err := q.allowed(a); err != nil {
		return 0, false, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if a.Partner() {
			return q.granted(tx, a, calendar.Now(ctx)).Distinct("account_id").Count(&total).Error
		}
		d, err := s.filter(tx, visible(tx.Model(&Account{}), a), a, q)
		if err != nil {
			return err
		}
		if a.Identity().Role == pg.RoleSeat {
			// The planner knows nothing of whose customers they are: its guess would
			// be of the whole city.
			err := tx.Raw("SELECT count(*) FROM (?) x", d.Session(pg.Fork).Select("1").Limit(2*countLimit)).Scan(&total).Error
			estimated = total == 2*countLimit
			return err
		}
		// Asking the planner first spares the count where it would be given up.
		if total, err = estimate(tx, d.Session(pg.Fork)); err != nil {
			return err
		}
		if estimated = total > countLimit; estimated {
			return nil
		}
		return tx.Raw("SELECT count(*) FROM (?) x", d.Session(pg.Fork).Select("1").Limit(2*countLimit)).Scan(&total).Error
	})
	return total, estimated, err
}

func (q Query) allowed(a tenants.Actor) error {
	if err := a.Need(Read); err != nil {
		return err
	}
	if q.Text != "" && !pg.Searchable(q.Text) {
		return ErrTooShort
	}
	return nil
}

func (s *Service) filter(tx *pg.Tx, d *pg.Handle, a tenants.Actor, q Query) (*pg.Handle, error) {
	for column, value := range map[string]string{"city_code": q.City, "district_code": q.District, "kind": q.Kind, "tier": q.Tier, "industry": q.Industry} {
		if value != "" {
			d = d.Where("accounts."+column+" = ?", value)
		}
	}
	if q.Existing != "" {
		d = d.Where("accounts.existing = ?", q.Existing == "yes")
	}
	if q.QualityBelow > 0 {
		d = d.Where("accounts.quality < ?", q.QualityBelow)
	}
	if q.TargetYear > 0 {
		t := tx.Table("account_targets t").Select("t.account_id").Where("t.province_id = ? AND t.year = ?", a.Tenant.ProvinceID, q.TargetYear)
		if q.Segment != "" {
			t = t.Where("t.segment = ?", q.Segment)
		}
		d = d.Where("accounts.id IN (?)", t)
	}
	switch q.Owner {
	case "":
	case "me":
		d = d.Where("accounts.owner_id = ?", a.Membership)
	case "none":
		d = d.Where("accounts.owner_id IS NULL")
	default:
		d = d.Where("accounts.owner_id::text = ?", q.Owner)
	}
	if q.Text == "" {
		return d, nil
	}
	if code := tenants.NormalCreditCode(q.Text); len(code) == 18 && tenants.CreditCodeOK(code) {
		return d.Where("accounts.credit_code = ?", code), nil
	}
	// The side table has no row security, so its query carries province and
	// path itself; see the migration.
	id := a.Identity()
	d, err := pg.Found(d, "accounts.id", tx.Table("account_words w").Select("w.account_id").Where("w.province_id = ? AND w.org_path >= ? AND w.org_path < ? AND w.words @> ?::text[]",
		id.Province, id.PathFrom, id.PathTo, pg.Words(q.Text)))
	if err != nil {
		return nil, err
	}
	if len([]rune(q.Text)) > 2 {
		d = d.Where("strpos(lower(accounts.name), lower(?)) > 0", q.Text)
	}
	return d, nil
}

// estimate asks the planner.
func estimate(tx *pg.Tx, d *pg.Handle) (int64, error) {
	var plan string
	stmt := d.Select("1").Session(pg.DryRun).Find(&[]Account{}).Statement
	if err := tx.Raw("EXPLAIN (FORMAT JSON) " + tx.Dialector.Explain(stmt.SQL.String(), stmt.Vars...)).Scan(&plan).Error; err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(plan, `"Plan Rows": `)
	if !ok {
		return 0, nil
	}
	n := int64(0)
	for _, r := range rest {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int64(r-'0')
	}
	return n, nil
}

// Detail is one account as the actor may see it.
type Detail struct {
	Account
	Masked  []string
	Access  Reason
	History []tenants.AuditEvent
	Actions []string

	Issues     []Issue // what lowers the quality
	Targets    []TargetOf
	Merges     []Merged // what was merged into it
	MergedFrom string   // the name it was asked by: MergedInto leads on
}

// Get returns one account; what the actor may not see does not exist.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) (err error) {
		if d, err = s.detail(ctx, tx, a, id); err != nil {
			return err
		}
		return look(ctx, tx, a, d.Account, d.Access.Via, 0)
	})
	if errors.Is(err, fault.ErrMissing) {
		return s.tombstone(ctx, a, id)
	}
	return d, err
}

func (s *Service) detail(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	if a.Partner() {
		var g Grant
		q := live(tx.Model(&Grant{}), a, calendar.Now(ctx)).Where("account_id = ?", id).Order("ends_at DESC NULLS FIRST")
		if err := pg.One(q, &g); err != nil {
			return d, err
		}
		return Detail{Account: g.account(), Masked: g.withheld(), Access: grantReason(g, a.Tenant.Name), History: nil, Actions: []string{}}, nil
	}
	if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &d.Account); err != nil {
		return d, err
	}
	d.Masked, d.Actions = []string{}, []string{}
	var err error
	d.Access = s.why(a, d.Account)
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	known, err := facts(tx, []uuid.UUID{id})
	if err != nil {
		return d, err
	}
	_, d.Issues = Quality(d.Account, known[id], calendar.Now(ctx)) // of what is there, masked or not
	if !a.Can(ReadContact) {
		d.Masked = d.mask()
	}
	if d.Targets, err = targetsOf(tx, id); err != nil {
		return d, err
	}
	if d.Merges, err = mergesOf(tx, id); err != nil {
		return d, err
	}
	for action, p := range map[string]tenants.Permission{"edit": Write, "explain": Explain, "grant": MayGrant, "merge": Merge, "target": Target, "assign": Assign} {
		if a.Can(p) {
			d.Actions = append(d.Actions, action)
		}
	}
	if len(d.Masked) > 0 && a.Can(Reveal) {
		d.Actions = append(d.Actions, "reveal")
	}
	slices.Sort(d.Actions)
	return d, nil
}

// writable lists the districts the actor may write accounts in.
func (s *Service) writable(ctx context.Context, a tenants.Actor) ([]tenants.District, error) {
	if a.Tenant.Kind != tenants.KindCity {
		return nil, ErrOnlyCities
	}
	all, err := s.people.Districts(ctx, a.Tenant.ProvinceID)
	return slices.DeleteFunc(all, func(d tenants.District) bool {
		return d.CityCode != a.Tenant.Code || (len(a.Districts) > 0 && !slices.Contains(a.Districts, d.Code))
	}), err
}

// Create records a customer of the actor's city.
func (s *Service) Create(ctx context.Context, a tenants.Actor, e Edit) (Detail, error) {
	return s.save(ctx, a, uuid.Nil, e, 0)
}

// Change edits a customer; version is the one that was read.
func (s *Service) Change(ctx context.Context, a tenants.Actor, id uuid.UUID, e Edit, version int64) (Detail, error) {
	return s.save(ctx, a, id, e, version)
}

func (s *Service) save(ctx context.Context, a tenants.Actor, id uuid.UUID, e Edit, version int64) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	districts, err := s.writable(ctx, a)
	if err != nil {
		return Detail{}, err
	}
	var c fault.Checker
	e.Validate(&c, districts)
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		x := Account{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), Version: 1, CreatedAt: now}
		action := "create"
		if id != uuid.Nil {
			action = "edit"
			x = Account{} // a filled one would be searched for
			if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id).Clauses(pg.ForUpdate), &x); err != nil {
				return err
			}
			if x.Version != version {
				return fault.ErrStale
			}
		}
		if id != uuid.Nil && !a.Can(ReadContact) {
			// Who sees contact details masked sends the mask back: it must not
			// overwrite what it hides.
			e.ContactName, e.ContactPhone, e.ContactEmail = x.ContactName, x.ContactPhone, x.ContactEmail
		}
		x.put(e, a.Tenant)
		x.UpdatedAt = now
		if err := setOwner(tx, a, &x, e.OwnerID); err != nil {
			return err
		}
		if err := save(tx, &x, action == "create"); err != nil {
			return err
		}
		if action == "create" && x.OwnerID == nil {
			if err := own(tx, a.Tenant, []uuid.UUID{x.ID}); err != nil {
				return err
			}
		}
		if err := enqueueSuspect(ctx, tx, "", x.ID); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: action, Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath})
		d, err = s.detail(ctx, tx, a, x.ID)
		return err
	})
	return d, err
}

func setOwner(tx *pg.Tx, a tenants.Actor, x *Account, owner *uuid.UUID) error {
	x.OwnerID, x.OwnerName = owner, ""
	if owner == nil {
		return nil
	}
	var m tenants.Membership
	err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND state = 'active'", x.ProvinceID, a.Tenant.ID, *owner), &m)
	if errors.Is(err, fault.ErrMissing) {
		return ErrOwner
	}
	x.OwnerName = m.Name
	return err
}

// save writes the row, its search words and the copies partners see.
func save(tx *pg.Tx, x *Account, fresh bool) error {
	known, err := facts(tx, []uuid.UUID{x.ID})
	if err != nil {
		return err
	}
	x.Quality, _ = Quality(*x, known[x.ID], x.UpdatedAt)
	x.QualityAt = &x.UpdatedAt
	if fresh {
		err = tx.Create(x).Error
	} else {
		err = pg.Save(tx, x)
	}
	if pg.Violated(err, "accounts_credit_code_once") {
		return ErrCodeTaken
	}
	if err != nil {
		return err
	}
	if err := tx.Exec(`INSERT INTO account_words (province_id, account_id, org_path, words) VALUES (?, ?, ?, ?)
		ON CONFLICT (province_id, account_id) DO UPDATE SET org_path = excluded.org_path, words = excluded.words`, x.ProvinceID, x.ID, x.OrgPath, pg.Words(x.Name)).Error; err != nil || fresh {
		return err
	}
	return refreshGrants(tx, []uuid.UUID{x.ID}, x.UpdatedAt)
}

// ByCode finds an account of a city by its credit code, inside a transaction;
// the code of one that was merged leads to the keeper.
func ByCode(tx *pg.Tx, city, code string) (Account, error) {
	var x Account
	if err := pg.One(tx.Where("province_id = ? AND city_code = ? AND credit_code = ?", tx.Identity.Province, city, code), &x); err != nil {
		return x, err
	}
	return keeperOf(tx, x)
}

// Find returns an account inside a transaction of another package.
func Find(tx *pg.Tx, id uuid.UUID) (Account, error) {
	var x Account
	err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id), &x)
	return x, err
}

// Add records a customer in the transaction of another package: a deal for a
// new customer brings its account along.
func Add(ctx context.Context, tx *pg.Tx, a tenants.Actor, city tenants.Tenant, e Edit) (Account, error) {
	now := calendar.Now(ctx)
	x := Account{ProvinceID: tx.Identity.Province, ID: pg.NewID(), Version: 1, CreatedAt: now, UpdatedAt: now}
	x.put(e, city)
	if err := save(tx, &x, true); err != nil {
		return x, err
	}
	if err := own(tx, city, []uuid.UUID{x.ID}); err != nil {
		return x, err
	}
	if err := enqueueSuspect(ctx, tx, "", x.ID); err != nil {
		return x, err
	}
	tenants.Record(ctx, tx, a, tenants.Entry{Action: "create", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath})
	return x, nil
}

// Seen finds an account of the operator the actor may see, inside a
// transaction of another package.
func Seen(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Account, error) {
	var x Account
	err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x)
	return x, err
}
