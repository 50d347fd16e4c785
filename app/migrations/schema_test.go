package migrations

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/pg/pgtest"
)

// The server's roles: the one that logs in and those a transaction takes.
var serverRoles = []string{"portal", "portal_operator", "portal_partner", "portal_system", "portal_seat"}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// schema opens a fresh database as the owner.
func schema(t *testing.T) *pgx.Conn {
	t.Helper()
	return connect(t, pgtest.Database(t, "portal", Version(), Up))
}

func list[T any](t *testing.T, c *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	rows, err := c.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	require.NoError(t, err)
	return out
}

func words(t *testing.T, c *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := c.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return out
}

type table struct {
	Name, Comment   string
	Secured, Forced bool
}

func (x table) dist() string {
	_, after, _ := strings.Cut(x.Comment, "dist=")
	kind, _, _ := strings.Cut(after, " ")
	return kind
}

// tables of the product; goose keeps its own list of versions.
func tables(t *testing.T, c *pgx.Conn) []table {
	t.Helper()
	out := list[table](t, c, `SELECT relname, coalesce(obj_description(oid), ''), relrowsecurity, relforcerowsecurity FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'goose_db_version' ORDER BY 1`)
	require.Greater(t, len(out), 30)
	return out
}

func TestEveryTableIsAccountedFor(t *testing.T) {
	t.Parallel()
	for _, x := range tables(t, schema(t)) {
		require.Contains(t, []string{"tenant", "reference", "local"}, x.dist(), "%s: the comment must say dist=tenant, reference or local", x.Name)
		if strings.Contains(x.Comment, "rls-off:") {
			require.Regexp(t, `rls-off: \S.{10,}`, x.Comment, "%s: the reason is missing", x.Name)
			continue
		}
		require.True(t, x.Secured && x.Forced, "%s: row security is not forced, and no rls-off: reason stands in the comment", x.Name)
	}
}

func TestNothingElseGoesAroundRowSecurity(t *testing.T) {
	t.Parallel()
	c := schema(t)
	require.Empty(t, words(t, c, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'`), "materialised views have no row security")
	require.Empty(t, words(t, c, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
		AND NOT coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'`), "views must be security_invoker")
	require.Empty(t, words(t, c, `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef`), "no function runs as its owner")
	require.Empty(t, words(t, c, `SELECT tablename || '.' || policyname FROM pg_policies WHERE schemaname = 'public' AND roles && '{public}'`), "every policy names its roles")
}

func TestServerRolesAreSmall(t *testing.T) {
	t.Parallel()
	c := schema(t)
	for _, role := range serverRoles {
		var super, bypass, createRole, createDB, inherit bool
		require.NoError(t, c.QueryRow(t.Context(), `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles WHERE rolname = $1`, role).
			Scan(&super, &bypass, &createRole, &createDB, &inherit))
		require.False(t, super || bypass || createRole || createDB, role)
		require.Equal(t, role == "portal_seat", inherit, "%s: only the seat has what the operator has, less what it takes away", role)
		require.Empty(t, words(t, c, `SELECT relname FROM pg_class WHERE relowner = $1::regrole UNION ALL SELECT proname FROM pg_proc WHERE proowner = $1::regrole
			UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole UNION ALL SELECT datname FROM pg_database WHERE datdba = $1::regrole`, role), "%s owns something", role)
		var creates bool
		require.NoError(t, c.QueryRow(t.Context(), `SELECT has_schema_privilege($1, 'public', 'CREATE')`, role).Scan(&creates))
		require.False(t, creates, "%s may create tables", role)
		var truncates int
		require.NoError(t, c.QueryRow(t.Context(), `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^river'
			AND (has_table_privilege($1, oid, 'TRUNCATE') OR has_table_privilege($1, oid, 'TRIGGER') OR has_table_privilege($1, oid, 'REFERENCES'))`, role).Scan(&truncates))
		require.Zero(t, truncates, "%s may truncate", role)
	}
	// One cannot become another but the login role each of them.
	require.ElementsMatch(t, []string{"portal>portal_operator", "portal>portal_partner", "portal>portal_system", "portal>portal_seat", "portal_seat>portal_operator"},
		words(t, c, `SELECT m.rolname || '>' || r.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid WHERE m.rolname LIKE 'portal%'`))
}

// TestSchemaIsDistributable: province_id leads every key of tenant tables and
// stands in every reference between them, so that they can be placed by it.
func TestSchemaIsDistributable(t *testing.T) {
	t.Parallel()
	c := schema(t)
	dist := map[string]string{}
	for _, x := range tables(t, c) {
		dist[x.Name] = x.dist()
	}
	type index struct {
		Table, Name, First, Method string
		Unique                     bool
	}
	for _, x := range list[index](t, c, `SELECT t.relname, i.relname, coalesce(a.attname, ''), m.amname, x.indisunique FROM pg_index x
		JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
		LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE t.relnamespace = 'public'::regnamespace`) {
		// A gin index has no order and cannot be unique.
		if dist[x.Table] == "tenant" && (x.Method == "btree" || x.Unique) {
			require.Equal(t, "province_id", x.First, "index %s of %s", x.Name, x.Table)
		}
	}
	type reference struct {
		Table, Name, To string
		Columns, Target []string
	}
	for _, x := range list[reference](t, c, `SELECT t.relname, k.conname, r.relname,
		(SELECT array_agg(a.attname::text ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY u(att, n) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.att),
		(SELECT array_agg(a.attname::text ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY u(att, n) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.att)
		FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace`) {
		if dist[x.Table] == "tenant" {
			at := slices.Index(x.Columns, "province_id")
			require.GreaterOrEqual(t, at, 0, "%s of %s", x.Name, x.Table)
			require.Equal(t, "province_id", x.Target[at], "%s of %s crosses provinces", x.Name, x.Table)
		}
	}
	for name, kind := range dist {
		if kind != "tenant" {
			continue
		}
		var primary int
		require.NoError(t, c.QueryRow(t.Context(), `SELECT count(*) FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'`, name).Scan(&primary))
		require.Equal(t, 1, primary, "%s has no primary key", name)
	}
	require.Empty(t, words(t, c, `SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint WHERE contype = 'x' AND connamespace = 'public'::regnamespace`), "exclusion constraints cannot be distributed")
	require.Empty(t, words(t, c, `SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'river%' AND c.table_name <> 'goose_db_version'
		AND (c.is_identity = 'YES' OR c.column_default LIKE 'nextval%')`), "no sequences in keys")
	require.Empty(t, words(t, c, `SELECT tgrelid::regclass::text || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'river%'
		AND coalesce(obj_description(oid, 'pg_trigger'), '') NOT LIKE '%dist-ok%'`), "a trigger says in its comment why it is dist-ok")
}

func TestMoneyIsNeverFloat(t *testing.T) {
	t.Parallel()
	c := schema(t)
	type column struct{ Table, Name, Type string }
	for _, x := range list[column](t, c, `SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'river%' AND table_name <> 'goose_db_version'`) {
		if regexp.MustCompile(`(_fen|_ppm|^fen|^ppm)$`).MatchString(x.Name) {
			require.Equal(t, "bigint", x.Type, "%s.%s", x.Table, x.Name)
		}
		require.NotContains(t, []string{"money", "real"}, x.Type, "%s.%s", x.Table, x.Name)
		require.NotEqual(t, "timestamp without time zone", x.Type, "%s.%s: times are timestamptz", x.Table, x.Name)
	}
}

func TestConstraintsAreNamedAfterTheirRule(t *testing.T) {
	t.Parallel()
	c := schema(t)
	// What Postgres names by itself: table_column_check, table_column_fkey.
	require.Empty(t, words(t, c, `SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'river%' AND contype IN ('c', 'f', 'u')
		AND conname ~ '_(check|fkey|key)[0-9]*$'`))
}

// TestA12NoIdentityNoRows: every tenant table holds a row, put in by the owner,
// and none of the roles sees it without an identity, or with another's.
func TestA12NoIdentityNoRows(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t, "portal", Version(), Up)
	owner := connect(t, url)
	login, err := pg.LoginURL(t.Context(), url)
	require.NoError(t, err)
	server := connect(t, login)
	here, tenant := uuid.NewString(), uuid.NewString()
	var secured []table
	for _, x := range tables(t, owner) {
		if x.Secured {
			secured = append(secured, x)
			fill(t, owner, x.Name, here, tenant)
		}
	}
	count := func(role, name string, set ...string) (n int, allowed bool) {
		t.Helper()
		tx, err := server.Begin(t.Context())
		require.NoError(t, err)
		defer tx.Rollback(context.Background())
		if role != "portal" {
			_, err = tx.Exec(t.Context(), "SET LOCAL ROLE "+role)
			require.NoError(t, err)
		}
		for i := 0; i+1 < len(set); i += 2 {
			_, err = tx.Exec(t.Context(), "SET LOCAL app."+set[i]+" = '"+set[i+1]+"'")
			require.NoError(t, err)
		}
		err = tx.QueryRow(t.Context(), "SELECT count(*) FROM "+name).Scan(&n)
		if err != nil {
			require.Contains(t, err.Error(), "permission denied", "%s of %s", role, name)
			return 0, false
		}
		return n, true
	}
	other := []string{"province", uuid.NewString(), "tenant", tenant, "path_from", "GD/", "path_to", "GD0", "scopes", "GD/"}
	neighbour := []string{"province", here, "tenant", uuid.NewString(), "path_from", "HN/", "path_to", "HN0", "scopes", "HN/"}
	// Names of tenants and districts are known to all of a province; the rest
	// of what a whole province may read is the operator's.
	shared := []string{"tenants", "districts", "audit_heads", "counters"}
	seen := 0
	for _, x := range secured {
		for _, role := range serverRoles[1:] {
			n, allowed := count(role, x.Name)
			require.Zero(t, n, "%s sees %s without an identity", role, x.Name)
			if n, _ = count(role, x.Name, other...); n != 0 {
				t.Errorf("%s of another province sees %s", role, x.Name)
			}
			if role == "portal_partner" && !slices.Contains(shared, x.Name) {
				if n, _ = count(role, x.Name, neighbour...); n != 0 {
					t.Errorf("another partner sees %s", x.Name)
				}
			}
			if allowed && role == "portal_system" {
				if n, _ = count(role, x.Name, "province", here); n == 1 {
					seen++
				}
			}
		}
		if x.dist() == "tenant" {
			n, allowed := count("portal", x.Name)
			require.False(t, allowed && n > 0, "the login role reads %s", x.Name)
		}
	}
	require.Greater(t, seen, 25, "the rows are there for those who may see them")
}

// fill puts one row into a table, as the owner and with checks off: what
// matters is who it belongs to.
func fill(t *testing.T, c *pgx.Conn, name, province, tenant string) {
	t.Helper()
	type column struct{ Name, Type string }
	var names, values []string
	for _, x := range list[column](t, c, `SELECT column_name::text, udt_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`, name) {
		v := map[string]string{"uuid": "gen_random_uuid()", "text": "'x'", "timestamptz": "now()", "date": "now()", "bool": "false", "jsonb": "'{}'", "bytea": "''", "_text": "'{x}'", "_uuid": "'{}'"}[x.Type]
		switch {
		case x.Name == "province_id":
			v = "'" + province + "'"
		case strings.HasSuffix(x.Name, "tenant_id"), x.Name == "partner_id", x.Name == "supplier_id", name == "partners" && x.Name == "id":
			v = "'" + tenant + "'"
		case x.Name == "org_path", x.Name == "path":
			v = "'GD/'"
		case v == "":
			v = "1"
		}
		names, values = append(names, x.Name), append(values, v)
	}
	tx, err := c.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica")
	require.NoError(t, err)
	for _, k := range words(t, c, `SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`, name) {
		_, err = tx.Exec(t.Context(), "ALTER TABLE "+name+" DROP CONSTRAINT "+k)
		require.NoError(t, err)
	}
	_, err = tx.Exec(t.Context(), "INSERT INTO "+name+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(values, ", ")+")")
	require.NoError(t, err, name)
	require.NoError(t, tx.Commit(t.Context()))
}

// TestIdentityCannotBeSwitchedByAnExpression: set_config would let an injected
// ORDER BY become somebody else.
func TestIdentityCannotBeSwitchedByAnExpression(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t, "portal", Version(), Up)
	login, err := pg.LoginURL(t.Context(), url)
	require.NoError(t, err)
	server := connect(t, login)
	for _, role := range serverRoles {
		tx, err := server.Begin(t.Context())
		require.NoError(t, err)
		if role != "portal" {
			_, err = tx.Exec(t.Context(), "SET LOCAL ROLE "+role)
			require.NoError(t, err)
		}
		_, err = tx.Exec(t.Context(), `SELECT set_config('app.tenant', gen_random_uuid()::text, true)`)
		require.ErrorContains(t, err, "permission denied", role)
		require.NoError(t, tx.Rollback(t.Context()))
	}
}

// TestA51HistoryCannotBeEdited: no role of the server changes or deletes what
// is only ever added to, even under the right identity.
func TestA51HistoryCannotBeEdited(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t, "portal", Version(), Up)
	owner := connect(t, url)
	login, err := pg.LoginURL(t.Context(), url)
	require.NoError(t, err)
	server := connect(t, login)
	here, tenant := uuid.NewString(), uuid.NewString()
	appendOnly := []string{"audit_events", "ledger_entries", "ledger_postings", "commission_events", "ticket_messages", "ticket_notes", "graduation_facts", "graduation_comments", "certification_turns", "certification_runs", "certification_submissions"}
	for _, name := range appendOnly {
		fill(t, owner, name, here, tenant)
		for _, role := range serverRoles {
			for _, sql := range []string{"UPDATE " + name + " SET province_id = province_id", "DELETE FROM " + name, "TRUNCATE " + name} {
				tx, err := server.Begin(t.Context())
				require.NoError(t, err)
				if role != "portal" {
					_, err = tx.Exec(t.Context(), "SET LOCAL ROLE "+role+"; SET LOCAL app.province = '"+here+"'; SET LOCAL app.tenant = '"+tenant+"'; SET LOCAL app.path_from = 'GD/'; SET LOCAL app.path_to = 'GD0'")
					require.NoError(t, err)
				}
				_, err = tx.Exec(t.Context(), sql)
				require.ErrorContains(t, err, "permission denied", "%s: %s", role, sql)
				require.NoError(t, tx.Rollback(t.Context()))
			}
		}
	}
	for _, name := range []string{"commission_lines", "commission_shares", "statements", "commission_plans", "commission_balances"} {
		for _, role := range serverRoles {
			var may bool
			require.NoError(t, owner.QueryRow(t.Context(), `SELECT has_table_privilege($1, $2, 'DELETE')`, role, name).Scan(&may))
			require.False(t, may, "%s may delete %s", role, name)
		}
	}
}
