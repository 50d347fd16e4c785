package tenants

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// Permission is resource:action, e.g. solution:submit.
type Permission string

// Actor is who acts in a request or job: a person in one membership, or a
// named system actor. It is decided once per request and never cached longer.
type Actor struct {
	User       uuid.UUID
	Name       string
	Email      string
	Session    uuid.UUID
	Membership uuid.UUID
	Roles      []string
	Locale     string // zh or en

	Tenant    Tenant
	Districts []string // division codes the membership is narrowed to

	// OnBehalf is the absent colleague whose seat the actor sits in; nil when
	// the seat is the actor's own. User and Name stay those of who acts.
	OnBehalf *Person

	// Granted is the set of permissions of the roles, decided by policy.
	Granted map[Permission]bool
	// Withheld are permissions of the roles that wait for a second factor.
	Withheld map[Permission]bool
	Factor   FactorStanding
	Bound    *uuid.UUID // the tenant whose provider opened the session; nil for a password
	system   bool
}

// Person is somebody by login and name.
type Person struct {
	User uuid.UUID
	Name string
}

// Persons are the actor and whom they act for: work of either is theirs.
func (a Actor) Persons() []uuid.UUID {
	if a.OnBehalf == nil {
		return []uuid.UUID{a.User}
	}
	return []uuid.UUID{a.User, a.OnBehalf.User}
}

// Is tells whether the actor is the person or acts for them: what somebody
// made is checked by neither.
func (a Actor) Is(user uuid.UUID) bool { return slices.Contains(a.Persons(), user) }

// System is the actor of a job in one province: its name stands in the audit.
func System(province uuid.UUID, name string) Actor {
	return Actor{Name: name, Locale: "zh", Tenant: Tenant{ID: province, ProvinceID: province, Kind: KindProvince}, system: true}
}

// IsSystem tells a job from a person.
func (a Actor) IsSystem() bool { return a.system }

// Can tells whether the actor holds the permission.
func (a Actor) Can(p Permission) bool { return a.system || a.Granted[p] }

// Need refuses an actor who lacks the permission, naming it.
func (a Actor) Need(p Permission) error {
	if a.Can(p) {
		return nil
	}
	if a.Tenant.Suspended() {
		e := *ErrTenantPaused
		e.Permission = string(p)
		return &e
	}
	if a.Withheld[p] {
		e := ErrFactorRequired.Fill(string(p))
		if a.Factor.Enrolled {
			e = ErrFactorAsked.Fill(string(p))
		}
		e.Permission = string(p)
		return e
	}
	return fault.DeniedFor(string(p))
}

// Operator tells the province and its cities from partners.
func (a Actor) Operator() bool { return a.Tenant.Kind != KindPartner }

// Partner tells whether the actor acts for a partner.
func (a Actor) Partner() bool { return a.Tenant.Kind == KindPartner && !a.system }

// Side is how the two-sided clock and the timelines name the actor.
func (a Actor) Side() string {
	switch {
	case a.system:
		return "system"
	case a.Partner():
		return "partner"
	}
	return "operator"
}

// Identity is what row security is told in each transaction.
func (a Actor) Identity() pg.Identity {
	id := pg.Identity{Province: a.Tenant.ProvinceID, Tenant: a.Tenant.ID, User: a.User, Scopes: a.Tenant.Scopes()}
	switch {
	case a.system:
		id.Role = pg.RoleSystem
	case a.Partner():
		id.Role = pg.RolePartner
	default:
		id.Role = pg.RoleOperator
		id.PathFrom, id.PathTo = pathRange(a.path())
		if len(a.Districts) > 0 || a.ownAccounts() {
			id.Role, id.Districts = pg.RoleSeat, a.Districts
		}
		if a.ownAccounts() {
			id.Seat = a.Membership
		}
	}
	return id
}

// ownAccounts tells whether the seat sees the own and the un-owned customers
// only; the account package decides the same by the same permissions.
func (a Actor) ownAccounts() bool { return a.Can("account:read") && !a.Can("account:read_all") }

// path is the part of the organisation the actor works in: the district when
// the membership is narrowed to just one, else the tenant.
func (a Actor) path() string {
	if len(a.Districts) == 1 {
		return a.Tenant.Path + a.Districts[0] + "/"
	}
	return a.Tenant.Path
}

// Rows begins a query over a table with org_path and partner_id, narrowed to
// what the transaction's identity may see: the application's own wall, which
// row security repeats. The operator sees its part of the tree, a partner what
// is its own.
func Rows(tx *pg.Tx) *pg.Handle {
	id := tx.Identity
	q := tx.Where("province_id = ?", id.Province)
	switch id.Role {
	case pg.RoleSystem:
	case pg.RolePartner:
		q = q.Where("partner_id = ?", id.Tenant)
	default:
		q = q.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo)
		if len(id.Districts) > 1 {
			q = q.Where("split_part(org_path, '/', 3) IN ?", id.Districts)
		}
	}
	return q
}

// Firms is Rows for tables that every operator of the province may read.
func Firms(tx *pg.Tx) *pg.Handle {
	q := tx.Where("province_id = ?", tx.Identity.Province)
	if tx.Identity.Role == pg.RolePartner {
		q = q.Where("partner_id = ?", tx.Identity.Tenant)
	}
	return q
}

// InDistricts narrows rows by their org_path to the districts of the actor.
// One district is in the range row security is told; several are not a range,
// so queries over what lies below a city repeat them.
func (a Actor) InDistricts(q *pg.Handle) *pg.Handle {
	if len(a.Districts) < 2 {
		return q
	}
	return q.Where("split_part(org_path, '/', 3) IN ?", a.Districts)
}

// Hears tells whether the actor may know of a happening: row security's rule,
// in memory.
func (a Actor) Hears(h Happening) bool {
	if h.Province != a.Tenant.ProvinceID {
		return false
	}
	if h.Member != uuid.Nil {
		return h.Member == a.Membership
	}
	if a.Partner() {
		return h.Partner == a.Tenant.ID
	}
	if len(a.Districts) > 1 && !slices.ContainsFunc(a.Districts, func(d string) bool { return strings.HasPrefix(h.OrgPath, a.Tenant.Path+d+"/") }) {
		return false
	}
	from, to := pathRange(a.path())
	return h.OrgPath >= from && h.OrgPath < to
}

// Elevated is the actor with the system's sight of rows: the permission was
// checked for the person, the audit names the person, but the step also writes
// rows of others (an SI's delivery moves the seller's order). Every use says
// why at its place.
type Elevated struct{ Actor }

// Identity is the person's, under the system's row policies.
func (e Elevated) Identity() pg.Identity {
	id := e.Actor.Identity()
	id.Role = pg.RoleSystem
	return id
}
