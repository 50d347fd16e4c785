package account

import (
	"context"
	"errors"
	"slices"
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

// live narrows grants to those that hold now.
func live(q *pg.Handle, a tenants.Actor, now time.Time) *pg.Handle {
	return q.Where("account_grants.province_id = ? AND account_grants.partner_id = ? AND account_grants.ended_at IS NULL AND account_grants.starts_at <= ? AND (account_grants.ends_at IS NULL OR account_grants.ends_at > ?)",
		a.Tenant.ProvinceID, a.Tenant.ID, now, now)
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
