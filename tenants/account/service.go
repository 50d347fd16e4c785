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
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db, people} }

// visible is the row wall for the operator, shared by list, count, search,
// get and export; row security says the same a second time. Partners never
// come here: they read grants.
func visible(q *pg.Handle, a tenants.Actor) *pg.Handle {
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

// live narrows grants to those that hold now.
func live(q *pg.Handle, a tenants.Actor, now time.Time) *pg.Handle {
	return q.Where("account_grants.province_id = ? AND account_grants.partner_id = ? AND account_grants.ended_at IS NULL AND account_grants.starts_at <= ? AND (account_grants.ends_at IS NULL OR account_grants.ends_at > ?)",
		a.Tenant.ProvinceID, a.Tenant.ID, now, now)
}

// Query filters the list.
type Query struct {
	Text                                 string
	City, District, Kind, Tier, Industry string
	Owner                                string // membership id, me, none
	ByUpdated                            bool   // newest first instead of by name
	AfterName                            string
	AfterAt                              time.Time
	AfterID                              uuid.UUID // zero on the first page
	Limit                                int
}

// countLimit is where counting ends: what the planner takes for more is not
// counted, only estimated.
const countLimit = 10_000

// List returns one page of the accounts the actor may see and how many match;
// past countLimit the count is an estimate and says so.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Account, total int64, estimated bool, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, false, err
	}
	if q.Text != "" && !pg.Searchable(q.Text) {
		return nil, 0, false, ErrTooShort
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if a.Partner() {
			page, total, err = s.granted(ctx, tx, a, q)
			return err
		}
		d := visible(tx.Model(&Account{}), a)
		if d, err = s.filter(tx, d, a, q); err != nil {
			return err
		}
		// Asking the planner first spares the count where it would be given up.
		if total, err = estimate(tx, d.Session(pg.Fork)); err != nil {
			return err
		}
		if estimated = total > countLimit; !estimated {
			if err := tx.Raw("SELECT count(*) FROM (?) x", d.Session(pg.Fork).Select("1").Limit(2*countLimit)).Scan(&total).Error; err != nil {
				return err
			}
		}
		if q.ByUpdated {
			if q.AfterID != uuid.Nil {
				d = d.Where("(accounts.updated_at, accounts.id) < (?, ?)", q.AfterAt, q.AfterID)
			}
			d = d.Order("accounts.updated_at DESC, accounts.id DESC")
		} else {
			if q.AfterID != uuid.Nil {
				d = d.Where("(accounts.name, accounts.id) > (?, ?)", q.AfterName, q.AfterID)
			}
			d = d.Order("accounts.name, accounts.id")
		}
		return d.Limit(q.Limit).Find(&page).Error
	})
	if err == nil && !a.Can(ReadContact) && !a.Partner() {
		for i := range page {
			page[i].mask()
		}
	}
	return page, total, estimated, err
}

func (s *Service) filter(tx *pg.Tx, d *pg.Handle, a tenants.Actor, q Query) (*pg.Handle, error) {
	for column, value := range map[string]string{"city_code": q.City, "district_code": q.District, "kind": q.Kind, "tier": q.Tier, "industry": q.Industry} {
		if value != "" {
			d = d.Where("accounts."+column+" = ?", value)
		}
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

// granted is the partner's list: accounts under a live grant.
func (s *Service) granted(ctx context.Context, tx *pg.Tx, a tenants.Actor, q Query) ([]Account, int64, error) {
	d := live(tx.Model(&Grant{}), a, calendar.Now(ctx))
	for column, value := range map[string]string{"city_code": q.City, "district_code": q.District, "kind": q.Kind, "tier": q.Tier, "industry": q.Industry} {
		if value != "" {
			d = d.Where(column+" = ?", value)
		}
	}
	if q.Text != "" {
		d = d.Where("(strpos(lower(name), lower(?)) > 0 OR credit_code = ?)", q.Text, tenants.NormalCreditCode(q.Text))
	}
	var total int64
	if err := d.Session(pg.Fork).Distinct("account_id").Count(&total).Error; err != nil {
		return nil, 0, err
	}
	if q.AfterID != uuid.Nil {
		d = d.Where("(name, account_id) > (?, ?)", q.AfterName, q.AfterID)
	}
	var grants []Grant
	if err := d.Select("DISTINCT ON (name, account_id) *").Order("name, account_id, ends_at DESC NULLS FIRST").Limit(q.Limit).Find(&grants).Error; err != nil {
		return nil, 0, err
	}
	page := make([]Account, 0, len(grants))
	for _, g := range grants {
		page = append(page, g.account())
	}
	return page, total, nil
}

// Reason says in words why somebody sees an account.
type Reason struct {
	Who    string
	Via    string
	Words  fault.Words
	Link   string
	Until  *time.Time
	Fields []string
}

// Detail is one account as the actor may see it.
type Detail struct {
	Account
	Masked  []string
	Access  Reason
	History []tenants.AuditEvent
	Actions []string
}

// Get returns one account; what the actor may not see does not exist.
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
	if !a.Can(ReadContact) {
		d.Masked = d.mask()
	}
	d.Access = s.why(a, d.Account)
	var err error
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	for action, p := range map[string]tenants.Permission{"edit": Write, "explain": Explain} {
		if a.Can(p) {
			d.Actions = append(d.Actions, action)
		}
	}
	slices.Sort(d.Actions)
	return d, nil
}

// why says by which membership the operator's person sees an account.
func (s *Service) why(a tenants.Actor, x Account) Reason {
	r := Reason{Who: a.Name}
	switch {
	case a.Tenant.Kind == tenants.KindProvince:
		r.Via, r.Words = "province", fault.Words{Zh: "您在省公司的角色可以查看全省客户。", En: "Your role in the province company sees all accounts of the province."}
	case x.OwnerID != nil && *x.OwnerID == a.Membership:
		r.Via, r.Words = "owner", fault.Words{Zh: "您是该客户的客户经理。", En: "You are the account manager of this customer."}
	case !a.Can(ReadAll):
		r.Via, r.Words = "unowned", fault.Words{Zh: "该客户尚无客户经理，且在您的区域内。", En: "This customer has no account manager yet and lies in your area."}
	case len(a.Districts) > 0:
		r.Via, r.Words = "district", fault.Words{Zh: "该客户在您负责的区县内。", En: "This customer lies in a district of yours."}
	default:
		r.Via, r.Words = "city", fault.Words{Zh: "您在%s的角色可以查看本市客户。", En: "Your role in %s sees the accounts of the city."}.Fill(a.Tenant.Name)
	}
	return r
}

var viaWords = map[string]fault.Words{
	"deal":     {Zh: "商机报备 %s 处于保护期内。", En: "Deal %s is inside its protection."},
	"delivery": {Zh: "订单 %s 正在交付。", En: "Order %s is being delivered."},
	"service":  {Zh: "业务 %s 正在使用。", En: "Service %s is active."},
	"explicit": {Zh: "市公司授权（%s）。", En: "Granted by the city (%s)."},
}

func grantReason(g Grant, who string) Reason {
	r := Reason{Who: who, Via: g.Via, Words: viaWords[g.Via].Fill(g.SourceNumber), Until: g.EndsAt, Fields: g.Fields}
	if g.Via == "deal" {
		r.Link = "/deals/" + g.SourceID.String()
	}
	return r
}

// WhoSees lists everybody who can see the account now, and why.
func (s *Service) WhoSees(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Reason, error) {
	if err := a.Need(Explain); err != nil {
		return nil, err
	}
	var out []Reason
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var x Account
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x); err != nil {
			return err
		}
		var place struct{ Province, City, District string }
		if err := tx.Raw(`SELECT (SELECT name FROM tenants WHERE province_id = ? AND kind = 'province') AS province, (SELECT name FROM tenants WHERE province_id = ? AND kind = 'city' AND code = ?) AS city,
			(SELECT name FROM districts WHERE province_id = ? AND code = ?) AS district`, x.ProvinceID, x.ProvinceID, x.CityCode, x.ProvinceID, x.DistrictCode).Scan(&place).Error; err != nil {
			return err
		}
		out = append(out,
			Reason{Who: place.Province, Via: "province", Words: fault.Words{Zh: "省公司有客户查看权限的角色；联系方式对没有查看权限的人遮蔽。", En: "Roles of the province company that may read accounts; contact details are masked for those without the permission."}},
			Reason{Who: place.City, Via: "city", Words: fault.Words{Zh: "本市可查看全部客户的角色。", En: "Roles of the city that see all its accounts."}})
		if x.OwnerID != nil {
			out = append(out, Reason{Who: x.OwnerName, Via: "owner", Words: fault.Words{Zh: "客户经理。", En: "The account manager."}})
		} else {
			out = append(out, Reason{Who: place.District, Via: "unowned", Words: fault.Words{Zh: "尚无客户经理：本区县的客户经理都可查看。", En: "No account manager yet: account managers of the district see it."}})
		}
		now := calendar.Now(ctx)
		var grants []struct {
			Grant
			PartnerName string
		}
		err := tx.Raw(`SELECT g.*, t.name AS partner_name FROM account_grants g JOIN tenants t ON t.province_id = g.province_id AND t.id = g.partner_id
			WHERE g.province_id = ? AND g.account_id = ? AND g.ended_at IS NULL AND g.starts_at <= ? AND (g.ends_at IS NULL OR g.ends_at > ?) ORDER BY g.starts_at`,
			x.ProvinceID, id, now, now).Scan(&grants).Error
		for _, g := range grants {
			out = append(out, grantReason(g.Grant, g.PartnerName))
		}
		return err
	})
	return out, err
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
	return s.write(ctx, a, uuid.Nil, e, 0)
}

// Change edits a customer; version is the one that was read.
func (s *Service) Change(ctx context.Context, a tenants.Actor, id uuid.UUID, e Edit, version int64) (Detail, error) {
	return s.write(ctx, a, id, e, version)
}

func (s *Service) write(ctx context.Context, a tenants.Actor, id uuid.UUID, e Edit, version int64) (Detail, error) {
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
		if err := setOwner(tx, &x, e.OwnerID); err != nil {
			return err
		}
		if err := save(tx, &x, action == "create"); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: action, Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath})
		d, err = s.detail(ctx, tx, a, x.ID)
		return err
	})
	return d, err
}

func setOwner(tx *pg.Tx, x *Account, owner *uuid.UUID) error {
	x.OwnerID, x.OwnerName = owner, ""
	if owner == nil {
		return nil
	}
	var m tenants.Membership
	err := pg.One(tx.Where("province_id = ? AND id = ? AND state = 'active'", x.ProvinceID, *owner), &m)
	if errors.Is(err, fault.ErrMissing) {
		return ErrOwner
	}
	x.OwnerName = m.Name
	return err
}

// save writes the row, its search words and the copies partners see.
func save(tx *pg.Tx, x *Account, fresh bool) error {
	var err error
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
	var grants []Grant
	if err := tx.Where("province_id = ? AND account_id = ? AND ended_at IS NULL", x.ProvinceID, x.ID).Find(&grants).Error; err != nil {
		return err
	}
	for i := range grants {
		grants[i].copy(*x)
		grants[i].UpdatedAt = x.UpdatedAt
		if err := tx.Model(&grants[i]).Select("*").UpdateColumns(&grants[i]).Error; err != nil {
			return err
		}
	}
	return nil
}

// GrantSpec asks for a grant; see Give.
type GrantSpec struct {
	Account, Partner, Source uuid.UUID
	Via, Number, Reason      string
	Fields                   []string
	Until                    *time.Time
}

// Give lets a partner see an account, in the transaction of the act that is
// its reason. Giving again for the same reason renews it.
func Give(ctx context.Context, tx *pg.Tx, a tenants.Actor, spec GrantSpec) error {
	var x Account
	if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, spec.Account), &x); err != nil {
		return err
	}
	now := calendar.Now(ctx)
	g := Grant{
		ProvinceID: x.ProvinceID, ID: pg.NewID(), AccountID: x.ID, PartnerID: spec.Partner, Via: spec.Via, SourceID: spec.Source, SourceNumber: spec.Number,
		Fields: spec.Fields, Reason: spec.Reason, StartsAt: now, EndsAt: spec.Until, UpdatedAt: now,
	}
	g.copy(x)
	var known Grant
	err := pg.One(tx.Where("province_id = ? AND partner_id = ? AND account_id = ? AND via = ? AND source_id = ?", x.ProvinceID, spec.Partner, x.ID, spec.Via, spec.Source), &known)
	switch {
	case err == nil:
		g.ID, g.StartsAt = known.ID, known.StartsAt
		err = tx.Model(&g).Select("*").UpdateColumns(&g).Error
	case errors.Is(err, fault.ErrMissing):
		err = tx.Create(&g).Error
	}
	if err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, tenants.Entry{Action: "grant", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath, To: spec.Via + " " + spec.Number, Reason: spec.Reason})
	return nil
}

// End ends the grants a source gave, in the transaction that ends the source.
func End(ctx context.Context, tx *pg.Tx, via string, source uuid.UUID) error {
	return tx.Exec(`UPDATE account_grants SET ended_at = ?, updated_at = ? WHERE province_id = ? AND via = ? AND source_id = ? AND ended_at IS NULL`,
		calendar.Now(ctx), calendar.Now(ctx), tx.Identity.Province, via, source).Error
}

// ByCode finds an account of a city by its credit code, inside a transaction.
func ByCode(tx *pg.Tx, city, code string) (Account, error) {
	var x Account
	err := pg.One(tx.Where("province_id = ? AND city_code = ? AND credit_code = ?", tx.Identity.Province, city, code), &x)
	return x, err
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
