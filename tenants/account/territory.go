package account

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

// Territory is one rule of a city: accounts that fit go to its owners in
// turn. The first rule that fits decides; an empty list fits everything.
type Territory struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	OrgPath    string
	Position   int
	Name       string
	Districts  pg.Texts
	Industries pg.Texts
	Tiers      pg.Texts
	Kinds      pg.Texts
	Owners     pg.Texts // memberships
	Turn       int64
	Active     bool
	Version    int64
	UpdatedAt  time.Time
}

// RowVersion is the optimistic lock.
func (x *Territory) RowVersion() *int64 { return &x.Version }

func (x *Territory) entry(action string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "territory", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath}
}

// Rule is what a city writes.
type Rule struct {
	Name                                string
	Position                            int
	Districts, Industries, Tiers, Kinds []string
	Owners                              []string
	Active                              bool
}

func (r *Rule) validate(districts []tenants.District) error {
	var c fault.Checker
	r.Name = strings.TrimSpace(r.Name)
	c.Require("name", r.Name != "")
	c.Require("owners", len(r.Owners) > 0)
	for _, d := range r.Districts {
		if !slices.ContainsFunc(districts, func(x tenants.District) bool { return x.Code == d }) {
			c.Add("districts", "district", "不是您可维护的区县。", "Not a district you maintain.")
		}
	}
	for field, x := range map[string]struct{ got, known []string }{"tiers": {r.Tiers, Tiers}, "kinds": {r.Kinds, Kinds}} {
		for _, v := range x.got {
			c.OneOf(field, v, x.known...)
		}
	}
	for _, v := range r.Industries {
		if !KnownIndustry(v) {
			c.OneOf("industries", v)
		}
	}
	for _, o := range r.Owners {
		if _, err := uuid.Parse(o); err != nil {
			c.OneOf("owners", o)
		}
	}
	return c.Err()
}

// Territories of the city, in their order.
func (s *Service) Territories(ctx context.Context, a tenants.Actor) (out []Territory, err error) {
	if err := a.Need(Territories); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error { out, err = territories(tx, a.Tenant); return err })
	return out, err
}

func territories(tx *pg.Tx, city tenants.Tenant) (out []Territory, err error) {
	err = tx.Where("province_id = ? AND tenant_id = ?", city.ProvinceID, city.ID).Order("position, id").Find(&out).Error
	return out, err
}

// SaveTerritory writes a rule; the zero id makes a new one.
func (s *Service) SaveTerritory(ctx context.Context, a tenants.Actor, id uuid.UUID, r Rule, version int64) (Territory, error) {
	var x Territory
	if err := a.Need(Territories); err != nil {
		return x, err
	}
	districts, err := s.writable(ctx, a)
	if err != nil {
		return x, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		action := "create"
		if id != uuid.Nil {
			action = "edit"
			if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &x); err != nil {
				return err
			}
			if x.Version != version {
				return fault.ErrStale
			}
		} else {
			x = Territory{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, OrgPath: a.Tenant.Path, Version: 1}
		}
		if err := r.validate(districts); err != nil {
			return err
		}
		var held int64
		if err := tx.Raw(`SELECT count(*) FROM memberships WHERE province_id = ? AND tenant_id = ? AND state = 'active' AND id = ANY (?::uuid[])`, x.ProvinceID, x.TenantID, pg.Texts(r.Owners)).Scan(&held).Error; err != nil {
			return err
		}
		if int(held) != len(r.Owners) {
			return ErrOwner
		}
		x.Name, x.Position, x.Districts, x.Industries, x.Tiers, x.Kinds, x.Owners, x.Active = r.Name, r.Position, r.Districts, r.Industries, r.Tiers, r.Kinds, r.Owners, r.Active
		x.UpdatedAt = calendar.Now(ctx)
		tenants.Record(ctx, tx, a, x.entry(action))
		if id == uuid.Nil {
			return tx.Create(&x).Error
		}
		return pg.Save(tx, &x)
	})
	return x, err
}

// DropTerritory removes a rule; what it has assigned stays.
func (s *Service) DropTerritory(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	if err := a.Need(Territories); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var x Territory
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, x.entry("remove"))
		return tx.Exec(`DELETE FROM territories WHERE province_id = ? AND id = ?`, x.ProvinceID, x.ID).Error
	})
}

// Fitting is how many accounts a rule decides, and how many of them have no owner.
type Fitting struct {
	Territory uuid.UUID
	Accounts  int64
	Unowned   int64
}

// decided is the SQL of which rule decides for which account of a city: the
// first active one that fits; its owner follows from the account's turn.
const decided = `SELECT DISTINCT ON (a.id) a.id, a.owner_id, t.id AS rule, t.owners, t.turn, t.position FROM accounts a JOIN territories t ON t.province_id = a.province_id AND t.active
	AND (cardinality(t.districts) = 0 OR a.district_code = ANY (t.districts)) AND (cardinality(t.industries) = 0 OR a.industry = ANY (t.industries))
	AND (cardinality(t.tiers) = 0 OR a.tier = ANY (t.tiers)) AND (cardinality(t.kinds) = 0 OR a.kind = ANY (t.kinds))
	WHERE a.province_id = ? AND t.tenant_id = ? AND a.city_code = ? AND a.merged_into IS NULL`

// decidedFor is decided for the accounts the actor works with: a seat narrowed
// to districts decides for those of its districts.
func decidedFor(a tenants.Actor, more string, args ...any) (string, []any) {
	all := []any{a.Tenant.ProvinceID, a.Tenant.ID, a.Tenant.Code}
	sql := decided
	if len(a.Districts) > 0 {
		sql, all = sql+` AND a.district_code IN ?`, append(all, a.Districts)
	}
	return sql + more + ` ORDER BY a.id, t.position, t.id`, append(all, args...)
}

// inTurn spreads what a rule decides over its owners.
const inTurn = `SELECT id, (owners[1 + (turn + row_number() OVER (PARTITION BY rule ORDER BY id) - 1) % cardinality(owners)])::uuid AS to_id, rule FROM (?) d`

// PreviewTerritories counts what the rules would decide.
func (s *Service) PreviewTerritories(ctx context.Context, a tenants.Actor) (out []Fitting, err error) {
	if err := a.Need(Territories); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		sql, args := decidedFor(a, "")
		return tx.Raw(`SELECT rule AS territory, count(*) AS accounts, count(*) FILTER (WHERE owner_id IS NULL) AS unowned FROM (`+sql+`) d GROUP BY 1`, args...).Scan(&out).Error
	})
	return out, err
}

// ApplyTerritories hands accounts out by the rules: the un-owned ones, or all.
func (s *Service) ApplyTerritories(ctx context.Context, a tenants.Actor, all bool) (Assignment, error) {
	var x Assignment
	if err := a.Need(Territories); err != nil {
		return x, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		which := ""
		if !all {
			which = ` AND a.owner_id IS NULL`
		}
		sql, args := decidedFor(a, which)
		x = newAssignment(ctx, a, "territory", "")
		hits := tx.Raw(inTurn, tx.Raw(sql, args...))
		return x.make(ctx, tx, a, tx.Raw(`SELECT h.id, h.to_id FROM (?) h JOIN accounts o ON o.province_id = ? AND o.id = h.id WHERE o.owner_id IS DISTINCT FROM h.to_id`, hits, a.Tenant.ProvinceID))
	})
	return x, err
}

// own gives new accounts of a city that nobody owns to whom the rules say, in
// the transaction that makes them, and moves the turn on.
func own(tx *pg.Tx, city tenants.Tenant, ids []uuid.UUID) error {
	rules, err := territories(tx, city)
	if err != nil || len(ids) == 0 || !slices.ContainsFunc(rules, func(t Territory) bool { return t.Active }) {
		return err
	}
	which := decided + ` AND a.owner_id IS NULL AND a.id = ANY (?::uuid[])`
	hits := tx.Raw(inTurn, tx.Raw(which+` ORDER BY a.id, t.position, t.id`, city.ProvinceID, city.ID, city.Code, pg.UUIDs(ids)))
	return tx.Exec(`WITH h AS MATERIALIZED (?), moved AS (UPDATE territories t SET turn = t.turn + n.n FROM (SELECT rule, count(*) AS n FROM h GROUP BY 1) n WHERE t.province_id = ? AND t.id = n.rule)
		UPDATE accounts a SET owner_id = h.to_id, owner_name = m.name FROM h JOIN memberships m ON m.province_id = ? AND m.id = h.to_id AND m.state = 'active' WHERE a.province_id = ? AND a.id = h.id`,
		hits, city.ProvinceID, city.ProvinceID, city.ProvinceID).Error
}
