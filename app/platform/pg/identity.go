package pg

import (
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Role is the database role a transaction takes; row security has one policy
// per table and role.
type Role string

// The roles. The login role itself has policies on the sign-in tables only.
const (
	RoleOperator Role = "portal_operator"
	RoleSeat     Role = "portal_seat" // an operator who sees less than the tenant's part of the tree
	RolePartner  Role = "portal_partner"
	RoleSystem   Role = "portal_system"
)

// Identity is what row security is told at the start of a transaction.
type Identity struct {
	Role     Role
	Province uuid.UUID
	Tenant   uuid.UUID
	User     uuid.UUID
	PathFrom string   // operator: visible part of the tree, inclusive
	PathTo   string   // exclusive
	Scopes   []string // marketplace scopes

	// For RoleSeat: whose accounts, and which districts; empty means all.
	Seat      uuid.UUID
	Districts []string
}

func (id Identity) known() error {
	if id.Role == "" || id.Province == uuid.Nil {
		return errors.New("pg: a transaction needs an identity")
	}
	return nil
}

// statement is the one batch that opens a transaction. SET LOCAL as statement,
// never set_config: its execution is revoked so that an injected expression
// cannot switch identity. Values are UUIDs and paths of our own; paths are
// checked all the same. What an operator asks is planned for its own values:
// what one tenant's path holds is no measure for another's. A partner asks by
// its own id, for which one plan is as good as another, and planning would be
// most of the work; the login role's questions keep their plan too.
func (id Identity) statement(now time.Time) string {
	var b strings.Builder
	b.WriteString("SET LOCAL ROLE " + string(id.Role))
	if id.Role != RolePartner {
		b.WriteString("; SET LOCAL plan_cache_mode = force_custom_plan")
	}
	set := func(name, value string) {
		b.WriteString("; SET LOCAL app." + name + " = '" + clean(value) + "'")
	}
	set("province", id.Province.String())
	set("tenant", id.Tenant.String())
	set("actor", id.User.String())
	set("path_from", id.PathFrom)
	set("path_to", id.PathTo)
	set("scopes", strings.Join(id.Scopes, ","))
	if id.Role == RolePartner {
		b.WriteString("; SET LOCAL app.now = '" + now.UTC().Format("2006-01-02 15:04:05.999999") + "+00'")
	}
	if id.Role == RoleSeat {
		seat := ""
		if id.Seat != uuid.Nil {
			seat = id.Seat.String()
		}
		set("seat", seat)
		set("districts", strings.Join(id.Districts, ","))
	}
	return b.String()
}

// clean keeps the characters paths are made of.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '/', r == ',', r == '-', r == '_':
			return r
		}
		return -1
	}, s)
}
