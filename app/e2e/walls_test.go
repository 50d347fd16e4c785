package e2e

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app"
	"ecoport/app/demo"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/app/web"
	"ecoport/tenants/tenantstest"
)

// seats signs in the tour's logins: one person a role.
func (p *portal) seats() []*viewer {
	p.Helper()
	// Whoever registers a firm holds more roles than one; here a role is alone.
	p.exec(`UPDATE memberships SET roles = '{partner_admin}' WHERE email = 'admin@p01.example'`)
	var out []*viewer
	for _, l := range demo.Logins() {
		out = append(out, p.viewer(p.tour(l.Email), l.Role))
	}
	return out
}

// viewer is a person with what the walls decide by.
type viewer struct {
	*person
	role, kind, path, tenant, membership, user, province string
	may                                                  map[string]bool
}

func (p *portal) viewer(u *person, role string) *viewer {
	p.Helper()
	me := u.get("/api/me").is(http.StatusOK)
	v := &viewer{person: u, role: role, kind: me.text("membership.tenant_kind"), tenant: me.text("membership.tenant_id"), membership: me.text("membership.id"), user: me.text("user.id"), may: map[string]bool{}}
	for _, x := range me.at("permissions").([]any) {
		v.may[x.(string)] = true
	}
	v.path = one[string](p, `SELECT path FROM tenants WHERE id = $1`, v.tenant)
	v.province = one[string](p, `SELECT province_id::text FROM tenants WHERE id = $1`, v.tenant)
	return v
}

// bare is the viewer by its token, without cookies: signing out by mistake
// does not end the test.
func (v *viewer) bare() *person {
	u := v.p.visitor(v.name)
	u.header.Set("Authorization", "Bearer "+v.cookie("portal_access"))
	return u
}

// TestA15EveryRouteForEveryRole asks every row of the route table as every
// role and as nobody, and keeps who was let in as a golden file.
func TestA15EveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	seats := p.seats()
	nobody := p.visitor("nobody")
	var roles []string
	for _, r := range app.Roles {
		roles = append(roles, r.Role)
	}
	for _, s := range seats {
		require.Contains(t, roles, s.role)
	}
	require.Len(t, seats, len(roles), "one login a role")
	var b strings.Builder
	b.WriteString("# route: permission: who is let in, by asking. Made by: go test ./app/e2e -run A15 -update\n")
	for _, r := range web.Routes() {
		key := r.Method + " " + r.Path
		ask := func(u *person) answer {
			a := u.do(r.Method, fill(r.Path), sample(r))
			require.Less(t, a.Status, 500, "%s: %s", a.what, a.Body)
			if a.Status >= 400 {
				require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), a.what)
			}
			return a
		}
		var in []string
		// Proof of identity that is asked in the request itself is refused as such.
		proof := r.Permission == web.Public && (r.Path == "/api/session" || r.Path == "/api/session/refresh" || r.Path == "/api/session/return")
		if a := ask(nobody); a.Status != http.StatusUnauthorized || proof {
			in = append(in, "anybody")
		}
		require.Equal(t, r.Permission == web.Public, len(in) == 1, "%s: nobody signed in", key)
		for _, v := range seats {
			a := ask(v.bare())
			if proof {
				continue
			}
			require.NotEqual(t, http.StatusUnauthorized, a.Status, "%s as %s: %s", key, v.role, a.Body)
			refused := a.Status == http.StatusForbidden && a.text("permission") != ""
			if refused {
				a.is(http.StatusForbidden, "denied")
				require.Equal(t, string(r.Permission), a.text("permission"), "%s as %s names what is missing", key, v.role)
			} else if r.Permission != web.Public {
				in = append(in, v.role)
			}
			if r.Permission != web.Public && r.Permission != web.Signed {
				require.Equal(t, !v.may[string(r.Permission)], refused, "%s as %s: %d %s", key, v.role, a.Status, a.Body)
			}
		}
		fmt.Fprintf(&b, "%-6s %-48s %-22s %s\n", r.Method, r.Path, r.Permission, strings.Join(in, " "))
	}
	const file = "testdata/routes.golden"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "who is let in has changed: read the difference, then -update")
	for _, path := range []string{"/api/events", "/api/statements/" + uuid.NewString() + "/export.xlsx"} {
		nobody.get(path).is(http.StatusUnauthorized)
	}
	nobody.get("/api/no/such/thing").is(http.StatusNotFound)
}

// resources of the API: the table behind an id, and whose its rows are.
var resources = []struct {
	prefix, table string
	foreign       func(v *viewer) string // beyond rows of other provinces; "" when the viewer may see all of its own
}{
	{"/api/members", "memberships", ofTenant},
	{"/api/invitations", "invitations", ofTenant},
	{"/api/providers", "providers", ofTenant},
	{"/api/mail_domains", "mail_domains", ofTenant},
	{"/api/webhooks", "webhooks", ofTenant},
	{"/api/sessions", "sessions", func(v *viewer) string { return "user_id <> '" + v.user + "'" }},
	{"/api/roles", "own_roles", ofTenant},
	{"/api/delegations", "delegations", ofTenant},
	{"/api/access-review", "access_reviews", ofTenant},
	{"/api/files", "files", byPath},
	{"/api/partners", "partners", byFirm},
	{"/api/accounts", "accounts", func(v *viewer) string {
		switch {
		case v.kind == "partner":
			return "NOT EXISTS (SELECT 1 FROM account_grants g WHERE g.account_id = t.id AND g.partner_id = '" + v.tenant + "' AND g.ended_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > now()))"
		case v.kind == "city" && !v.may["account:read_all"]:
			return byPath(v) + " OR owner_id <> '" + v.membership + "'"
		}
		return byPath(v)
	}},
	{"/api/imports", "imports", ofTenant},
	{"/api/assignments", "assignments", ofTenant},
	{"/api/territories", "territories", ofTenant},
	{"/api/duplicates", "account_duplicates", below},
	{"/api/merges", "account_merges", below},
	{"/api/accuracy", "accuracy_audits", below},
	{"/api/accuracy-records", "accuracy_records", below},
	{"/api/views", "saved_views", func(v *viewer) string { return "user_id <> '" + v.user + "'" }},
	{"/api/exports", "exports", func(v *viewer) string { return "user_id <> '" + v.user + "'" }},
	{"/api/solutions", "solutions", byFirm},
	{"/api/versions", "solution_versions", byFirm},
	{"/api/certifications", "certifications", byPath},
	{"/api/certification-plans", "certification_plans", func(*viewer) string { return "" }},
	{"/api/listings", "listings", byPath},
	{"/api/tier-formulas", "tier_formulas", func(*viewer) string { return "" }},
	{"/api/tier-objections", "tier_objections", byFirm},
	{"/api/tier-moves", "tier_moves", byFirm},
	{"/api/trials", "trials", byPath},
	{"/api/overlays", "overlays", byPath},
	{"/api/graduations", "graduations", func(v *viewer) string {
		if v.kind == "city" {
			return "NOT open AND NOT org_path LIKE '" + v.path + "%'"
		}
		return byFirm(v)
	}},
	{"/api/rollouts", "rollout_tasks", below},
	{"/api/thresholds", "graduation_thresholds", func(*viewer) string { return "" }},
	{"/api/product-map", "product_maps", func(*viewer) string { return "" }},
	{"/api/marketplace", "offers", func(v *viewer) string {
		if v.kind == "city" {
			return "org_path NOT IN ('GD/', '" + v.path + "')"
		}
		return ""
	}},
	{"/api/deals", "deals", ofAccounts},
	{"/api/promotions", "promotions", func(v *viewer) string { return "org_path <> '" + v.path + "'" }},
	{"/api/bundles", "bundles", func(v *viewer) string {
		if v.kind == "city" {
			return "org_path NOT IN ('GD/', '" + v.path + "')"
		}
		return ""
	}},
	{"/api/group-purchases", "group_purchases", func(v *viewer) string { return "org_path <> '" + v.path + "'" }},
	{"/api/quotes", "quotes", ofAccounts},
	{"/api/orders", "orders", ofAccounts},
	{"/api/deliveries", "deliveries", byPath},
	{"/api/tickets", "tickets", ofAccounts},
	{"/api/commission/lines", "commission_shares", byPath},
	{"/api/statements", "statements", byPath},
	{"/api/payout-batches", "payout_batches", below},
	{"/api/flags", "commission_flags", below},
	{"/api/plans", "commission_plans", func(*viewer) string { return "" }},
}

func ofTenant(v *viewer) string { return "tenant_id <> '" + v.tenant + "'" }

func byFirm(v *viewer) string {
	if v.kind == "partner" {
		return "partner_id <> '" + v.tenant + "'"
	}
	return ""
}

// below is byPath for what partners never see.
func below(v *viewer) string {
	if v.kind == "partner" {
		return ""
	}
	return byPath(v)
}

func byPath(v *viewer) string {
	if v.kind == "city" {
		return "NOT org_path LIKE '" + v.path + "%'"
	}
	return byFirm(v)
}

// ofAccounts is byPath for rows about customers: an account manager works with
// those of the own and the un-owned ones. Row security knows no owners of
// other tables' rows, so alone it is asked less.
func ofAccounts(v *viewer) string {
	if v.kind == "city" && v.may["account:read"] && !v.may["account:read_all"] && !pg.RowSecurityAlone {
		return "org_path LIKE '" + v.path + "%' AND account_id IN (SELECT id FROM accounts WHERE owner_id <> '" + v.membership + "')"
	}
	return byPath(v)
}

// TestEveryIDIsAskedFor: a route that takes an id belongs to a resource above,
// or is named here with the test that asks it.
func TestEveryIDIsAskedFor(t *testing.T) {
	for _, r := range web.Routes() {
		if !strings.Contains(r.Path, "{id}") {
			continue
		}
		require.True(t, slices.ContainsFunc(resources, func(x struct {
			prefix, table string
			foreign       func(v *viewer) string
		},
		) bool {
			return strings.HasPrefix(r.Path, x.prefix+"/{id}")
		}), "%s %s: no resource says whose its ids are", r.Method, r.Path)
	}
}

// elsewhere copies rows of every resource into another province, and adds what
// the demo has none of.
func (p *portal) elsewhere() *tenantstest.Province {
	p.Helper()
	// No solution of the demo names a trial environment.
	p.exec(`INSERT INTO trials (province_id, id, solution_id, version_id, partner_id, org_path, label, user_id, user_name, tenant_id, tenant_name, reason, state, asked_at)
		SELECT v.province_id, gen_random_uuid(), v.solution_id, v.id, v.partner_id, t.path, 'x', gen_random_uuid(), 'x', t.id, t.name, 'x', 'asked', now()
		FROM (SELECT DISTINCT ON (partner_id) * FROM solution_versions ORDER BY partner_id, id) v, tenants t WHERE t.province_id = v.province_id AND t.kind = 'city'`)
	hn := tenantstest.Fill(p, p.Services.DB, p.Services.Tenants, "HN")
	gd := one[string](p, `SELECT id::text FROM tenants WHERE code = 'GD'`)
	p.exec("SET session_replication_role = replica")
	for _, tenant := range []string{"4401", "4403", "P04"} {
		at := map[bool]string{true: `id = (SELECT tenant_id FROM memberships WHERE email = 'admin@p04.example')`, false: `code = '` + tenant + `'`}[tenant == "P04"]
		p.exec(`INSERT INTO own_roles (province_id, id, tenant_id, name, permissions) SELECT province_id, gen_random_uuid(), id, 'x', '{market:read}' FROM tenants WHERE province_id = $1 AND `+at, gd)
		p.exec(`INSERT INTO access_reviews (province_id, id, tenant_id, quarter, opened_at, due_at) SELECT province_id, gen_random_uuid(), id, '2020Q1', now(), now() + interval '30 days' FROM tenants WHERE province_id = $1 AND `+at, gd)
		p.exec(`INSERT INTO delegations (province_id, id, tenant_id, from_membership, from_user, from_name, to_membership, to_user, to_name, starts_at, ends_at, made_by)
			SELECT province_id, gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(), 'x', gen_random_uuid(), gen_random_uuid(), 'y', now(), now() + interval '1 day', 'x' FROM tenants WHERE province_id = $1 AND `+at, gd)
		where := `code = '` + tenant + `'`
		if tenant == "P04" {
			where = `id = (SELECT tenant_id FROM memberships WHERE email = 'admin@p04.example')`
		}
		p.exec(`INSERT INTO imports (province_id, id, tenant_id, org_path, partner_id, file_id, file_name, started_by, started_by_id) SELECT province_id, gen_random_uuid(), id, path, gen_random_uuid(), gen_random_uuid(), 'a.xlsx', 'x', gen_random_uuid() FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO exports (province_id, id, tenant_id, membership_id, user_id, list, query, locale, file_name, state, created_at, expires_at, key) SELECT province_id, gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(), 'accounts', '', 'zh', 'a.xlsx', 'done', now(), now() + interval '1 day', 'x/y' FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO assignments (province_id, id, tenant_id, org_path, via, owner_name, accounts, made_by, made_by_id, made_at) SELECT province_id, gen_random_uuid(), id, path, 'list', 'x', 1, 'x', gen_random_uuid(), now() FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO invitations (province_id, id, tenant_id, email, roles, token_hash, invited_by, expires_at) SELECT province_id, gen_random_uuid(), id, 'x@y.example', '{agent}', gen_random_uuid()::text::bytea, 'x', now() + interval '1 day' FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO webhooks (province_id, id, tenant_id, address, topics, secret, created_by) SELECT province_id, gen_random_uuid(), id, 'https://x.example', '{deal}', 'x', 'x' FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO providers (province_id, id, tenant_id, name, issuer, client_id, secret, domains) SELECT province_id, gen_random_uuid(), id, 'x', 'https://x.example', 'x', 'x', '{y.example}' FROM tenants WHERE province_id = $1 AND `+where, gd)
		p.exec(`INSERT INTO mail_domains (province_id, id, tenant_id, domain, token, state) SELECT province_id, gen_random_uuid(), id, 'y.example', 'x', 'unproven' FROM tenants WHERE province_id = $1 AND `+where, gd)
	}
	for _, r := range resources {
		if r.table == "sessions" || r.table == "memberships" {
			continue // a copied seat would be somebody's first; the other province has its own
		}
		n := p.exec(`INSERT INTO `+r.table+` SELECT (jsonb_populate_record(NULL::`+r.table+`, x.doc || jsonb_build_object('province_id', $1::text, 'id', x.n) || CASE WHEN '`+r.table+`' = 'partners' THEN jsonb_build_object('partner_id', x.n) ELSE '{}' END)).*
			FROM (SELECT to_jsonb(y) AS doc, gen_random_uuid()::text AS n FROM `+r.table+` y WHERE province_id = $2 ORDER BY id LIMIT 2) x`, hn.ID.String(), gd)
		require.Positive(p, n, "the demo has no %s", r.table)
	}
	p.exec("SET session_replication_role = origin")
	return hn
}

// settle runs the jobs that come by themselves, so that they find nothing later.
func (p *portal) settle() {
	p.Helper()
	for _, g := range many[string](p, `SELECT id::text FROM tenants WHERE kind = 'province'`) {
		_, err := p.Services.Deals.Expire(p.Context(), uuid.MustParse(g))
		require.NoError(p, err)
		require.NoError(p, p.Services.Care.Tend(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Orders.Tend(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Partners.TendDocuments(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Certifications.Tend(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Graduations.DrawMap(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Graduations.Tend(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Standings.Evaluate(p.Context(), uuid.MustParse(g)))
		require.NoError(p, p.Services.Standings.TendExposures(p.Context(), uuid.MustParse(g)))
	}
	require.NoError(p, p.Services.Accounts.RescoreJob(p.Context(), []byte("{}")))
	require.NoError(p, p.Services.Accounts.SuspectJob(p.Context(), []byte("{}")))
	p.eventually("the portal's own jobs are done", func() bool {
		return one[int64](p, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')`) == 0
	})
	require.NoError(p, p.Services.Commissions.MatureJob(p.Context(), []byte("{}")))
	require.NoError(p, p.Services.Commissions.DeemJob(p.Context(), []byte("{}")))
}

// body is a sample that passes the rules of content, so that the row decides.
func body(v *viewer, r web.Row) any {
	switch r.Method + " " + r.Path {
	case "PUT /api/accounts/{id}":
		b := sample(r).(map[string]any)
		b["name"], b["credit_code"], b["industry"], b["district_code"] = "某某公司", tenantstest.CreditCode(5), "sme", "440106"
		return b
	case "POST /api/accounts/{id}/contacts", "PUT /api/accounts/{id}/contacts/{sub}":
		return map[string]any{"layer": "leader", "name": "某某"}
	case "PUT /api/partners/{id}":
		return map[string]any{"legal_name": "某某公司", "credit_code": tenantstest.CreditCode(6), "capabilities": []string{"si"}, "contact_name": "x", "contact_phone": "13800000000", "contact_email": "a@b.example", "version": 1}
	case "POST /api/partners/{id}/documents":
		return map[string]any{"kind": "other", "file_id": uuid.NewString()}
	case "PUT /api/solutions/{id}":
		return map[string]any{"name": "某方案", "summary": "x", "industry": "sme", "category": "office", "family": "mail", "version": 1}
	case "PUT /api/versions/{id}":
		return map[string]any{"semver": "9.9.9", "description": "x", "notes": "x", "integration": "none", "elements": []any{}, "version": 1}
	case "POST /api/certifications/{id}/conditions/{sub}/return", "POST /api/partners/{id}/documents/{sub}/refuse":
		return map[string]any{"reason": "x"}
	case "POST /api/graduations/{id}/pilots":
		return trial()
	case "POST /api/graduations/{id}/return":
		return map[string]any{"reason": "x", "improvements": []string{"x"}, "again_after": calendar.Date(time.Now().AddDate(1, 0, 0))}
	case "POST /api/solutions/{id}/versions":
		return map[string]any{"semver": "9.9.9"}
	case "PUT /api/members/{id}":
		return map[string]any{"roles": []string{v.role}, "version": 1}
	case "PUT /api/plans/{id}":
		return map[string]any{"version": 1, "document": map[string]any{"plan": "x", "valid_from": "2030-01-01", "currency": "CNY", "rules": []any{map[string]any{"id": "a", "match": map[string]any{}, "basis": map[string]any{"kind": "activation"}, "formula": map[string]any{"kind": "rate", "ppm": 1}}}}}
	}
	return sample(r)
}

// TestA01A02A11ForeignIDsDoNotExist: to every role, a row of another firm, another
// city or another province answers exactly as an id nobody ever made, for
// reading (A01), writing (A02) and across provinces (A11); and nothing moved.
func TestA01A02A11ForeignIDsDoNotExist(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	p.elsewhere()
	// In the viewers' city some business is with customers of somebody else.
	for _, table := range []string{"deals", "quotes", "orders", "tickets"} {
		moved := p.exec(`UPDATE ` + table + ` SET org_path = 'GD/4401/440106/' WHERE id IN (SELECT x.id FROM ` + table + ` x JOIN accounts a ON a.province_id = x.province_id AND a.id = x.account_id WHERE a.org_path LIKE 'GD/%' ORDER BY x.id LIMIT 2)`)
		require.EqualValues(t, 2, moved, table)
		p.exec(`UPDATE accounts SET owner_id = gen_random_uuid() WHERE id IN (SELECT account_id FROM ` + table + ` WHERE org_path = 'GD/4401/440106/')`)
	}
	seats := p.seats()
	untouched := func() (out []string) {
		for _, r := range resources {
			if r.table != "sessions" {
				out = append(out, r.table+" "+one[string](p, `SELECT coalesce(md5(string_agg(t::text, '' ORDER BY id)), '') FROM `+r.table+` t`))
			}
		}
		return out
	}
	// What the clock would do to the copies is done first.
	p.settle()
	before := untouched()
	asked := map[string]int{}
	for _, v := range seats {
		u := v.bare()
		for _, res := range resources {
			var ids []string
			if res.table == "sessions" {
				ids = many[string](p, `SELECT id::text FROM sessions t WHERE user_id <> $1 ORDER BY id LIMIT 2`, v.user)
			} else {
				ids = many[string](p, `SELECT id::text FROM `+res.table+` t WHERE province_id <> $1 ORDER BY id LIMIT 1`, v.province)
				require.NotEmpty(t, ids, res.table)
				if where := res.foreign(v); where != "" {
					ids = append(ids, many[string](p, `SELECT id::text FROM `+res.table+` t WHERE province_id = $1 AND (`+where+`) ORDER BY id DESC LIMIT 2`, v.province)...)
				}
			}
			for _, r := range web.Routes() {
				rest, ok := strings.CutPrefix(r.Path, res.prefix+"/{id}")
				if !ok || (rest != "" && rest[0] != '/') || (r.Permission != web.Signed && !v.may[string(r.Permission)]) {
					continue
				}
				what := v.role + " " + r.Method + " " + r.Path
				for _, id := range ids {
					got := u.do(r.Method, fill(r.Path, id), body(v, r))
					none := u.do(r.Method, fill(r.Path), body(v, r))
					same(t, what, got, none)
					require.Equal(t, http.StatusNotFound, got.Status, "%s: %s", what, got.Body)
					asked[res.prefix]++
				}
			}
			if res.table == "statements" && v.may["statement:read"] {
				for _, id := range ids {
					same(t, v.role+" export", u.get("/api/statements/"+id+"/export.xlsx").is(http.StatusNotFound), u.get("/api/statements/"+uuid.NewString()+"/export.xlsx"))
				}
			}
		}
	}
	for _, res := range resources {
		require.Positive(t, asked[res.prefix], "%s was never asked", res.prefix)
	}
	require.Equal(t, before, untouched(), "a refused request has changed something")
}

// TestA03NestedIDsMustFit: a child of another parent is not found below an own one.
func TestA03NestedIDsMustFit(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	author := p.viewer(p.tour("author@p01.example"), "solution_author")
	draft := one[string](p, `SELECT id::text FROM solution_versions WHERE partner_id = $1 ORDER BY (state = 'draft') DESC, id LIMIT 1`, author.tenant)
	other := one[string](p, `SELECT file_id::text FROM version_files WHERE partner_id <> $1 LIMIT 1`, author.tenant)
	p.exec(`UPDATE solution_versions SET state = 'draft' WHERE id = $1`, draft)
	same(t, "file", author.do(http.MethodDelete, "/api/versions/"+draft+"/files/"+other, nil), author.do(http.MethodDelete, "/api/versions/"+draft+"/files/"+uuid.NewString(), nil))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM version_files WHERE file_id = $1`, other))

	agent := p.tour("agent@p03.example")
	offer := agent.get("/api/marketplace?limit=1").text("items.0.id")
	inside := one[string](p, `SELECT file_id::text FROM version_files WHERE kind = 'test_report' LIMIT 1`)
	same(t, "a file buyers may not read", agent.get("/api/marketplace/"+offer+"/files/"+inside+"/link").is(http.StatusNotFound), agent.get("/api/marketplace/"+offer+"/files/"+uuid.NewString()+"/link"))

	tester := p.tour("test@gd.example")
	cases := many[string](p, `SELECT id::text FROM certifications WHERE state = 'testing' AND tester_id = (SELECT user_id FROM memberships WHERE email = 'test@gd.example') LIMIT 1`)
	if len(cases) == 0 {
		cases = many[string](p, `UPDATE certifications SET tester_id = (SELECT user_id FROM memberships WHERE email = 'test@gd.example') WHERE id = (SELECT id FROM certifications WHERE state = 'testing' LIMIT 1) RETURNING id::text`)
	}
	check := one[string](p, `SELECT id::text FROM certification_checks WHERE certification_id <> $1 AND NOT machine LIMIT 1`, cases[0])
	same(t, "a check of another case", tester.put("/api/certifications/"+cases[0]+"/checks/"+check, map[string]any{"result": "pass"}).is(http.StatusNotFound),
		tester.put("/api/certifications/"+cases[0]+"/checks/"+uuid.NewString(), map[string]any{"result": "pass"}))
}

// TestA04ForeignIDsInABody answer as random ones do.
func TestA04ForeignIDsInABody(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	p.elsewhere()
	agent := p.viewer(p.tour("agent@p03.example"), "agent")
	author := p.viewer(p.tour("author@p01.example"), "solution_author")
	admin := p.viewer(p.tour("admin@p01.example"), "partner_admin")
	city := p.viewer(p.tour("admin.4401@gd.example"), "city_admin")
	manager := p.viewer(p.tour("manager.4401@gd.example"), "account_manager")
	product := p.viewer(p.tour("product.4401@gd.example"), "city_product_manager")
	id := func(sql string, args ...any) string { p.Helper(); return one[string](p, sql, args...) }
	otherFile := func(purpose string, v *viewer) string {
		f := uuid.NewString()
		p.exec(`INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
			SELECT province_id, $1, id, id, 'GD/4403/', $2, 'x', 'application/pdf', 1, 'x', 'x', 'stored', gen_random_uuid() FROM tenants WHERE id = (SELECT tenant_id FROM memberships WHERE email = 'admin@p04.example')`, f, purpose)
		return f
	}
	here := agent.get("/api/marketplace?limit=1&scope=province").text("items.0.id")
	element := agent.get("/api/marketplace/" + here).text("elements.0.id")
	deal := func(listing, file string) map[string]any {
		b := map[string]any{"credit_code": tenantstest.CreditCode(31), "account_name": "某某公司", "district_code": "440106", "listing_ids": []string{listing}, "amount_fen": 100, "contact_name": "x", "contact_phone": "13800000000", "need": ""}
		if file != "" {
			b["file_ids"] = []string{file}
		}
		return b
	}
	quote := func(extra ...string) map[string]any {
		b := map[string]any{"listing_id": here, "lines": []any{map[string]any{"element_id": element, "quantity": 1}}}
		for i := 0; i+1 < len(extra); i += 2 {
			b[extra[i]] = extra[i+1]
		}
		return b
	}
	draft := id(`SELECT id::text FROM solution_versions WHERE partner_id = $1 LIMIT 1`, author.tenant)
	p.exec(`UPDATE solution_versions SET state = 'draft' WHERE id = $1`, draft)
	p.exec(`UPDATE partners SET state = 'more_info' WHERE id = $1`, admin.tenant)
	foreignOffer := id(`SELECT id::text FROM offers WHERE province_id <> $1 LIMIT 1`, agent.province)
	foreignDeal := id(`SELECT id::text FROM deals WHERE province_id = $1 AND partner_id <> $2 AND state = 'protected' LIMIT 1`, agent.province, agent.tenant)
	foreignAccount := id(`SELECT id::text FROM accounts WHERE province_id = $1 AND city_code = '4403' LIMIT 1`, agent.province)
	for _, x := range []struct {
		what, method, path string
		who                *viewer
		foreign            string
		body               func(id string) any
	}{
		{"listing of a deal", "POST", "/api/deals", agent, foreignOffer, func(id string) any { return deal(id, "") }},
		{"file of a deal", "POST", "/api/deals", agent, otherFile("deal_evidence", agent), func(id string) any { return deal(here, id) }},
		{"listing of a quote", "POST", "/api/quotes", manager, foreignOffer, func(id string) any { b := quote("account_id", foreignAccount); b["listing_id"] = id; return b }},
		{"deal of a quote", "POST", "/api/quotes", agent, foreignDeal, func(id string) any { return quote("deal_id", id) }},
		{"account of a quote", "POST", "/api/quotes", manager, foreignAccount, func(id string) any { return quote("account_id", id) }},
		{"price of a foreign listing", "POST", "/api/quotes/price", agent, foreignOffer, func(id string) any { b := quote(); b["listing_id"] = id; return b }},
		{"file of a version", "POST", "/api/versions/" + draft + "/files", author, otherFile("solution_file", author), func(id string) any { return map[string]any{"file_id": id, "kind": "manual"} }},
		{"document of a partner", "POST", "/api/partners/" + admin.tenant + "/documents", admin, otherFile("partner_document", admin), func(id string) any { return map[string]any{"kind": "other", "file_id": id} }},
		{"sheet of an import", "POST", "/api/imports", city, otherFile("account_import", city), func(id string) any { return map[string]any{"file_id": id} }},
		{"version of a listing", "POST", "/api/listings", product, id(`SELECT id::text FROM solution_versions WHERE province_id <> $1 LIMIT 1`, product.province), func(id string) any { return map[string]any{"version_id": id, "scope": "4401"} }},
		{"listing of a nomination", "POST", "/api/graduations", product, id(`SELECT id::text FROM listings WHERE province_id = $1 AND org_path = 'GD/4403/' LIMIT 1`, product.province), func(id string) any { return map[string]any{"listing_id": id, "pitch": "x"} }},
		{"service of a ticket", "POST", "/api/tickets", manager, id(`SELECT s.id::text FROM services s WHERE s.province_id = $1 AND s.org_path NOT LIKE 'GD/4401/%' LIMIT 1`, manager.province), func(id string) any { return ticketOf("service_id", id) }},
		{"offer of a ticket", "POST", "/api/tickets", manager, foreignOffer, func(id string) any { return ticketOf("listing_id", id) }},
		{"file of a ticket", "POST", "/api/tickets", manager, otherFile("ticket_file", manager), func(id string) any {
			b := ticketOf("listing_id", here)
			b["file_ids"] = []string{id}
			return b
		}},
		{"membership of another", "POST", "/api/session/tenant", agent, city.membership, func(id string) any { return map[string]any{"membership_id": id} }},
		{"owner of an account", "POST", "/api/accounts", city, id(`SELECT id::text FROM memberships WHERE email = 'manager.4403@gd.example'`), func(id string) any {
			b := sample(row("POST", "/api/accounts")).(map[string]any)
			b["name"], b["credit_code"], b["industry"], b["district_code"], b["owner_id"] = "某某公司", tenantstest.CreditCode(32), "sme", "440106", id
			return b
		}},
	} {
		got, none := x.who.do(x.method, x.path, x.body(x.foreign)), x.who.do(x.method, x.path, x.body(uuid.NewString()))
		same(t, x.what, got, none)
		require.Contains(t, []int{http.StatusNotFound, http.StatusUnprocessableEntity}, got.Status, "%s: %s", x.what, got.Body)
	}
}

func row(method, path string) web.Row {
	rows := web.Routes()
	return rows[slices.IndexFunc(rows, func(r web.Row) bool { return r.Method == method && r.Path == path })]
}

// TestHomeShowsActsOnWhatOneReads: the last acts on the home page name no
// record, and so no customer, that the person may not read; nor does the review
// name customers to who gives no grants.
func TestHomeShowsActsOnWhatOneReads(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	acts := func(email string) string {
		return strings.Join(p.tour(email).get("/api/home").is(http.StatusOK).all("recent", "action"), " ")
	}
	require.Contains(t, acts("channel.4401@gd.example"), "ticket.", "the test can see")
	for _, email := range []string{"test@gd.example", "product@gd.example", "author@p01.example"} {
		seen := acts(email)
		for _, resource := range []string{"deal.", "order.", "delivery.", "ticket.", "statement.", "plan."} {
			require.NotContains(t, seen, resource, email)
		}
	}
	admin, manager := p.tour("admin.4401@gd.example"), p.tour("manager.4401@gd.example")
	p.exec(`INSERT INTO access_reviews (province_id, id, tenant_id, quarter, opened_at, due_at) SELECT province_id, gen_random_uuid(), id, '2090Q1', now() + interval '1 hour', now() + interval '30 days' FROM tenants WHERE path = 'GD/4401/' AND kind = 'city'`)
	p.exec(`INSERT INTO access_review_items (province_id, id, review_id, tenant_id, kind, subject_id, label, detail, holds, decision)
		SELECT r.province_id, gen_random_uuid(), r.id, r.tenant_id, k, gen_random_uuid(), k || ' 某客户', '', '{}', 'open' FROM access_reviews r, unnest(ARRAY['membership', 'grant']) k WHERE r.quarter = '2090Q1'`)
	require.ElementsMatch(t, []string{"membership", "grant"}, admin.get("/api/access-review").is(http.StatusOK).all("items.0.items", "kind"))
	require.Equal(t, []string{"membership"}, manager.get("/api/access-review").is(http.StatusOK).all("items.0.items", "kind"))
}

// TestCoverageCountsTheMarked: the figures of a year are those of its marks, by
// city for the province and by district for a city, and a city's only its own.
func TestCoverageCountsTheMarked(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	year := one[int](p, `SELECT year FROM account_targets GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`)
	sum := func(a answer) (n float64) {
		items, _ := a.at("items").([]any)
		for _, x := range items {
			n += x.(map[string]any)["targets"].(float64)
		}
		return n
	}
	path := fmt.Sprintf("/api/coverage?year=%d", year)
	require.EqualValues(t, one[int64](p, `SELECT count(*) FROM account_targets t JOIN accounts a ON a.id = t.account_id WHERE t.year = $1 AND a.merged_into IS NULL`, year), sum(p.tour("analyst@gd.example").get(path).is(http.StatusOK)))
	city := p.tour("admin.4401@gd.example").get(path).is(http.StatusOK)
	require.EqualValues(t, one[int64](p, `SELECT count(*) FROM account_targets t JOIN accounts a ON a.id = t.account_id WHERE t.year = $1 AND a.merged_into IS NULL AND t.city_code = '4401'`, year), sum(city))
	for _, place := range city.all("items", "place") {
		require.Equal(t, "4401", place[:4])
	}
}
