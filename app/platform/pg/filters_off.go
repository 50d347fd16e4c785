//go:build rowsecurityalone

package pg

import (
	"context"
	"database/sql"
	"regexp"

	"gorm.io/gorm"
)

// RowSecurityAlone tells tests that the application's own filters are off in
// this build. Every comparison that says whose row it is (province, path,
// district, account manager, life of a grant; for partners the firm, for
// everybody the tenant) is made true before a statement is sent. What is
// refused all the same is refused by row security.
const RowSecurityAlone = true

func statements(conn *sql.Conn, role Role) gorm.ConnPool { return unfiltered{conn, role} }

// unfiltered sends statements without the application's filters.
type unfiltered struct {
	*sql.Conn
	role Role
}

const column = `((?:\w+|"\w+")\.)?`

var (
	always = []struct {
		pattern *regexp.Regexp
		instead string
	}{
		{regexp.MustCompile(`(?i)(\bWHERE|\bAND) (\(?)` + column + `"?province_id"? = \$(\d+)`), `$1 $2$$$4::text IS NOT NULL`},
		{regexp.MustCompile(`(?i)(\bWHERE|\bAND) (\(?)` + column + `org_path >= \$(\d+) AND ` + column + `org_path < \$(\d+)`), `$1 $2$$$4::text IS NOT NULL AND $$$6::text IS NOT NULL`},
		{regexp.MustCompile(`(?i)\(` + column + `owner_id = \$(\d+) OR ` + column + `owner_id IS NULL\)`), `($$$2::text IS NOT NULL)`},
		{regexp.MustCompile(`(?i)(\bAND) account_grants\.ended_at IS NULL AND account_grants\.starts_at <= \$(\d+) AND \(account_grants\.ends_at IS NULL OR account_grants\.ends_at > \$(\d+)\)`), `$1 $$$2::text IS NOT NULL AND $$$3::text IS NOT NULL`},
	}
	firm   = regexp.MustCompile(`(?i)(\bWHERE|\bAND) (\(?)` + column + `"?(partner_id|tenant_id)"? = \$(\d+)`)
	places = regexp.MustCompile(`(?i)(\bWHERE|\bAND) (?:accounts\.(?:city|district)_code|split_part\(org_path, '/', 3\)) IN \(([^)]*)\)`)
	params = regexp.MustCompile(`\$\d+`)
)

func (u unfiltered) open(query string) string {
	if u.role == RoleSystem {
		return query // the system's sight is narrowed by nothing but its own conditions
	}
	for _, r := range always {
		query = r.pattern.ReplaceAllString(query, r.instead)
	}
	query = places.ReplaceAllStringFunc(query, func(s string) string {
		m := places.FindStringSubmatch(s)
		return m[1] + " coalesce(" + params.ReplaceAllString(m[2], "$0::text") + ") IS NOT NULL"
	})
	if u.role == RolePartner {
		query = firm.ReplaceAllString(query, `$1 $2$$$5::text IS NOT NULL`)
	}
	return query
}

func (u unfiltered) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return u.Conn.ExecContext(ctx, u.open(query), args...)
}

func (u unfiltered) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return u.Conn.QueryContext(ctx, u.open(query), args...)
}

func (u unfiltered) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return u.Conn.QueryRowContext(ctx, u.open(query), args...)
}
