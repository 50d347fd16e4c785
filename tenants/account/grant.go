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

// Grant lets one partner see one account, for a reason that ends.
type Grant struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	AccountID       uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Via             string // deal, delivery, service, explicit
	SourceID        uuid.UUID
	SourceNumber    string
	Fields          pg.Texts
	Reason          string
	StartsAt        time.Time
	EndsAt          *time.Time
	EndedAt         *time.Time
	GivenBy         string
	EndReason       string
	Name            string
	CreditCode      string
	Kind            string
	Tier            string
	Industry        string
	CityCode        string
	DistrictCode    string
	Address         string
	ContactName     string
	ContactPhone    string
	ContactEmail    string
	StaffSize       int
	Informatisation int
	UpdatedAt       time.Time
}

// TableName of grants.
func (Grant) TableName() string { return "account_grants" }

// Fields a grant may give beyond name, code and place, which every grant gives.
var Fields = []string{"address", "contact_name", "contact_phone", "contact_email", "staff_size", "informatisation"}

// copy takes what the fields allow from the account.
func (g *Grant) copy(x Account) {
	g.Name, g.CreditCode, g.Kind, g.Tier, g.Industry = x.Name, x.CreditCode, x.Kind, x.Tier, x.Industry
	g.CityCode, g.DistrictCode, g.OrgPath = x.CityCode, x.DistrictCode, x.OrgPath
	give := func(field string, to *string, from string) {
		*to = ""
		if slices.Contains(g.Fields, field) {
			*to = from
		}
	}
	give("address", &g.Address, x.Address)
	give("contact_name", &g.ContactName, x.ContactName)
	give("contact_phone", &g.ContactPhone, x.ContactPhone)
	give("contact_email", &g.ContactEmail, x.ContactEmail)
	g.StaffSize, g.Informatisation = 0, 0
	if slices.Contains(g.Fields, "staff_size") {
		g.StaffSize = x.StaffSize
	}
	if slices.Contains(g.Fields, "informatisation") {
		g.Informatisation = x.Informatisation
	}
}

// account is what the partner sees.
func (g *Grant) account() Account {
	return Account{
		ProvinceID: g.ProvinceID, ID: g.AccountID, OrgPath: g.OrgPath, Name: g.Name, CreditCode: g.CreditCode, Kind: g.Kind, Tier: g.Tier, Industry: g.Industry,
		CityCode: g.CityCode, DistrictCode: g.DistrictCode, Address: g.Address, ContactName: g.ContactName, ContactPhone: g.ContactPhone, ContactEmail: g.ContactEmail,
		StaffSize: g.StaffSize, Informatisation: g.Informatisation, UpdatedAt: g.UpdatedAt,
	}
}

// withheld names the fields the grant does not give.
func (g *Grant) withheld() []string {
	out := []string{"owner", "employees", "machines", "customers", "suppliers"}
	for _, f := range Fields {
		if !slices.Contains(g.Fields, f) {
			out = append(out, f)
		}
	}
	return out
}

// live tells whether the grant holds at a time; the list's rule, in memory.
func (g *Grant) live(now time.Time) bool {
	return g.EndedAt == nil && !g.StartsAt.After(now) && (g.EndsAt == nil || g.EndsAt.After(now))
}

// live narrows grants to those that hold now.
func live(q *pg.Handle, a tenants.Actor, now time.Time) *pg.Handle {
	return q.Where("account_grants.province_id = ? AND account_grants.partner_id = ? AND account_grants.ended_at IS NULL AND account_grants.starts_at <= ? AND (account_grants.ends_at IS NULL OR account_grants.ends_at > ?)",
		a.Tenant.ProvinceID, a.Tenant.ID, now, now)
}

// granted narrows a partner's grants to what the list asks for.
func (q Query) granted(tx *pg.Tx, a tenants.Actor, now time.Time) *pg.Handle {
	d := live(tx.Model(&Grant{}), a, now)
	for column, value := range map[string]string{"city_code": q.City, "district_code": q.District, "kind": q.Kind, "tier": q.Tier, "industry": q.Industry} {
		if value != "" {
			d = d.Where(column+" = ?", value)
		}
	}
	if q.Text != "" {
		d = d.Where("(strpos(lower(name), lower(?)) > 0 OR credit_code = ?)", q.Text, tenants.NormalCreditCode(q.Text))
	}
	if q.AfterID != uuid.Nil {
		d = d.Where("(name, account_id) > (?, ?)", q.AfterName, q.AfterID)
	}
	return d
}

// listed is what a list shows of a grant: reading and scanning all of it would
// be a good part of the page.
const listed = "province_id, account_id, org_path, name, credit_code, kind, tier, industry, city_code, district_code, contact_name, contact_phone, updated_at, ends_at"

// granted is the partner's list: accounts under a live grant.
func (s *Service) granted(ctx context.Context, tx *pg.Tx, a tenants.Actor, q Query) ([]Account, error) {
	// Of several grants for one account the one that lasts longest.
	var grants []Grant
	d := q.granted(tx, a, calendar.Now(ctx)).Select("DISTINCT ON (name, account_id) " + listed).Order("name, account_id, ends_at DESC NULLS FIRST")
	if err := d.Limit(q.Limit).Find(&grants).Error; err != nil {
		return nil, err
	}
	page := make([]Account, 0, len(grants))
	for _, g := range grants {
		page = append(page, g.account())
	}
	return page, nil
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
		Fields: spec.Fields, Reason: spec.Reason, GivenBy: a.Name, StartsAt: now, EndsAt: spec.Until, UpdatedAt: now,
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

// GrantSpan is the longest an explicit grant may last.
const GrantSpan = 180 * 24 * time.Hour

// Refusals about explicit grants.
var (
	ErrGrantPartner = fault.New(fault.Invalid, "grant-partner", "没有这个合作伙伴，或其合作已暂停。", "No such partner, or its cooperation is suspended.")
	ErrGrantOwn     = fault.New(fault.Conflict, "grant-own-reason", "这项授权来自%s，随其结束而结束，不能单独收回。", "This grant comes from %s and ends with it.")
)

// Explicit asks for a grant by the owning city.
type Explicit struct {
	Partner uuid.UUID
	Fields  []string
	Reason  string
	Until   time.Time
}

func (e *Explicit) check(a tenants.Actor, now time.Time) error {
	var c fault.Checker
	e.Reason = strings.TrimSpace(e.Reason)
	c.Require("reason", len([]rune(e.Reason)) >= 4)
	if !e.Until.After(now) || e.Until.Sub(now) > GrantSpan {
		c.Add("until", "range", "须晚于今天，且不超过 180 天。", "After today and at most 180 days away.")
	}
	for _, f := range e.Fields {
		c.OneOf("fields", f, Fields...)
		if strings.HasPrefix(f, "contact_") && !a.Can(ReadContact) {
			c.Add("fields", "lacking", "您自己看不到联系方式，不能授予他人。", "You do not see contact details yourself and cannot give them.")
			break
		}
	}
	return c.Err()
}

// GiveExplicit lets a partner see a customer of the actor's city, for a
// reason, with named fields and until a day.
func (s *Service) GiveExplicit(ctx context.Context, a tenants.Actor, id uuid.UUID, e Explicit) (Grant, error) {
	if err := a.Need(MayGrant); err != nil {
		return Grant{}, err
	}
	if a.Tenant.Kind != tenants.KindCity {
		return Grant{}, ErrOnlyCities
	}
	var g Grant
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &Account{}); err != nil {
			return err
		}
		if err := e.check(a, calendar.Now(ctx)); err != nil {
			return err
		}
		var partner tenants.Tenant
		err := pg.One(tx.Table("tenants").Select("id, province_id, kind, code, name").Where("province_id = ? AND kind = 'partner' AND state = 'active' AND id = ?", a.Tenant.ProvinceID, e.Partner), &partner)
		if errors.Is(err, fault.ErrMissing) {
			return ErrGrantPartner
		}
		if err != nil {
			return err
		}
		source := pg.NewID()
		if err := Give(ctx, tx, a, GrantSpec{Account: id, Partner: partner.ID, Source: source, Via: "explicit", Number: partner.Name, Reason: e.Reason, Fields: e.Fields, Until: &e.Until}); err != nil {
			return err
		}
		return pg.One(tx.Where("province_id = ? AND source_id = ?", a.Tenant.ProvinceID, source), &g)
	})
	return g, err
}

// EndExplicit takes a grant of the city back before its day.
func (s *Service) EndExplicit(ctx context.Context, a tenants.Actor, id, grant uuid.UUID, reason string) error {
	if err := a.Need(MayGrant); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var x Account
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x); err != nil {
			return err
		}
		return endGrant(ctx, tx, a, x, grant, reason)
	})
}

func endGrant(ctx context.Context, tx *pg.Tx, a tenants.Actor, x Account, grant uuid.UUID, reason string) error {
	var g Grant
	if err := pg.One(tx.Where("province_id = ? AND account_id = ? AND id = ? AND ended_at IS NULL", x.ProvinceID, x.ID, grant).Clauses(pg.ForUpdate), &g); err != nil {
		return err
	}
	if g.Via != "explicit" {
		return ErrGrantOwn.Fill(g.SourceNumber)
	}
	tenants.Record(ctx, tx, a, tenants.Entry{Action: "end_grant", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath, From: "explicit " + g.SourceNumber, Reason: reason})
	now := calendar.Now(ctx)
	return tx.Exec(`UPDATE account_grants SET ended_at = ?, end_reason = ?, updated_at = ? WHERE province_id = ? AND id = ?`, now, reason, now, g.ProvinceID, g.ID).Error
}

// Grants about an account, live ones first, for who may explain it.
func (s *Service) Grants(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Grant, []string, error) {
	if err := a.Need(Explain); err != nil {
		return nil, nil, err
	}
	var out []Grant
	var names []string
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &Account{}); err != nil {
			return err
		}
		var rows []struct {
			Grant
			PartnerName string
		}
		err := tx.Raw(`SELECT g.*, t.name AS partner_name FROM account_grants g JOIN tenants t ON t.province_id = g.province_id AND t.id = g.partner_id
			WHERE g.province_id = ? AND g.account_id = ? ORDER BY (g.ended_at IS NULL) DESC, g.starts_at DESC, g.id LIMIT 200`, a.Tenant.ProvinceID, id).Scan(&rows).Error
		for _, r := range rows {
			out, names = append(out, r.Grant), append(names, r.PartnerName)
		}
		return err
	})
	return out, names, err
}

// State of a grant at a time, for screens: active, planned or ended.
func (g *Grant) State(now time.Time) string {
	switch {
	case g.live(now):
		return "active"
	case g.EndedAt == nil && g.StartsAt.After(now):
		return "planned"
	}
	return "ended"
}

// Reviewed puts the explicit grants of a city into its quarterly review.
func Reviewed() tenants.Reviewable {
	return tenants.Reviewable{
		Kind: "grant", Needs: MayGrant,
		List: func(ctx context.Context, tx *pg.Tx, t tenants.Tenant) ([]tenants.ReviewItem, error) {
			if t.Kind != tenants.KindCity {
				return nil, nil
			}
			var grants []Grant
			now := calendar.Now(ctx)
			err := tx.Where("province_id = ? AND city_code = ? AND via = 'explicit' AND ended_at IS NULL AND ends_at > ?", t.ProvinceID, t.Code, now).Order("starts_at, id").Find(&grants).Error
			items := make([]tenants.ReviewItem, 0, len(grants))
			for _, g := range grants {
				items = append(items, tenants.ReviewItem{Kind: "grant", SubjectID: g.ID, Label: g.SourceNumber + " · " + g.Name, Detail: g.Reason, Holds: g.Fields})
			}
			return items, err
		},
		End: func(ctx context.Context, tx *pg.Tx, a tenants.Actor, subject uuid.UUID, reason string) error {
			if err := a.Need(MayGrant); err != nil {
				return err // who could not give it does not take it away
			}
			var g Grant
			if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, subject), &g); err != nil {
				return err
			}
			x, err := Find(tx, g.AccountID)
			if err != nil {
				return err
			}
			return endGrant(ctx, tx, a, x, subject, reason)
		},
	}
}

// GivenBy finds the grants that still let the actor's firm see a customer, by
// what gave them: a service's id, a deal's.
func GivenBy(ctx context.Context, tx *pg.Tx, a tenants.Actor, sources []uuid.UUID) (map[uuid.UUID]Grant, error) {
	var found []Grant
	out := map[uuid.UUID]Grant{}
	if len(sources) == 0 {
		return out, nil
	}
	err := live(tx.Model(&Grant{}), a, calendar.Now(ctx)).Where("source_id IN ?", sources).Find(&found).Error
	for _, g := range found {
		out[g.SourceID] = g
	}
	return out, err
}

// Named narrows to what gave the actor's firm the sight of customers whose name
// is like the pattern.
func Named(ctx context.Context, tx *pg.Tx, a tenants.Actor, like string) *pg.Handle {
	return live(tx.Table("account_grants").Select("account_grants.source_id"), a, calendar.Now(ctx)).Where("account_grants.name LIKE ?", like)
}

// Narrow tells that a seat of the operator sees fewer customers than its company.
func Narrow(a tenants.Actor) bool {
	return !a.Partner() && (!a.Can(ReadAll) || len(a.Districts) > 0)
}

// LostSight tells whether the actor has lost sight of a customer since a
// moment: a narrow seat of one of those it held then, a firm of any. An ended
// grant is no row to the firm, so there the system looks.
func (s *Service) LostSight(ctx context.Context, a tenants.Actor, since time.Time, held []uuid.UUID) (lost bool, err error) {
	now := calendar.Now(ctx)
	switch {
	case a.Partner():
		err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
			return tx.Raw(`SELECT EXISTS (SELECT 1 FROM account_grants WHERE province_id = ? AND partner_id = ? AND (ended_at > ? OR ends_at > ? AND ends_at <= ?))`, a.Tenant.ProvinceID, a.Tenant.ID, since, since, now).Scan(&lost).Error
		})
	case len(held) > 0:
		err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
			var seen int64
			err := visible(tx.Model(&Account{}), a).Where("accounts.id = ANY (?::uuid[])", pg.UUIDs(held)).Count(&seen).Error
			lost = seen < int64(len(held))
			return err
		})
	}
	return lost, err
}
