package tenants

import (
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
)

// Kind of a tenant. Adding one: a constant here, a migration for the check
// constraint, a row in app/roles.go, a label on the screens.
type Kind string

// The kinds.
const (
	KindProvince Kind = "province"
	KindCity     Kind = "city"
	KindPartner  Kind = "partner"
)

// Tenant is a province company, one of its city companies, or a partner.
type Tenant struct {
	ID         uuid.UUID `gorm:"primaryKey"`
	ProvinceID uuid.UUID
	Kind       Kind
	Code       string // division code of a city (4401), short code of a partner (P0001)
	Name       string
	Short      string // one or two characters for the mark
	Path       string // GD/ for the province, GD/4401/ for a city; partners have none of the tree: GD/-/
	State      string // active or suspended
	CityCodes  string // province only, filled when the actor is loaded: codes of all cities, comma separated
}

// Suspended tells whether the tenant's people are kept from everything but what
// ends the suspension, and the money they have earned.
func (t Tenant) Suspended() bool { return t.State == suspended }

const suspended = "suspended"

// Suspend stops a tenant or lets it go on, in the transaction of the decision;
// it needs the system's sight. Its people feel it on their next request.
func Suspend(tx *pg.Tx, tenant uuid.UUID, on bool) error {
	state := "active"
	if on {
		state = suspended
	}
	return tx.Exec(`UPDATE tenants SET state = ? WHERE province_id = ? AND id = ?`, state, tx.Identity.Province, tenant).Error
}

// Scopes are the marketplace scopes the tenant may look at: a city its own and
// the province's, everybody else all of them.
func (t Tenant) Scopes() []string {
	root := t.Path
	if i := strings.IndexByte(root, '/'); i >= 0 {
		root = root[:i+1]
	}
	if t.Kind == KindCity {
		return []string{root, t.Path}
	}
	scopes := []string{root}
	for _, code := range strings.Split(t.CityCodes, ",") {
		if code != "" {
			scopes = append(scopes, root+code+"/")
		}
	}
	return scopes
}

// Root is the path of the province the tenant belongs to.
func (t Tenant) Root() string {
	if i := strings.IndexByte(t.Path, '/'); i >= 0 {
		return t.Path[:i+1]
	}
	return t.Path
}

// pathRange is the half-open range of all paths below p: '0' follows '/'.
func pathRange(p string) (from, to string) {
	return p, strings.TrimSuffix(p, "/") + "0"
}
