package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/demo"
	"ecoport/app/platform/pg"
	"ecoport/app/web"
	"ecoport/tenants/tenantstest"
)

// TestA06Canary: every record of one firm, and every record of one city, bears
// a string found nowhere else; no answer to other firms, other cities or
// another province may hold it.
func TestA06Canary(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	hn := p.elsewhere()
	p.exec(`UPDATE graduations SET open = false WHERE province_id = $1`, hn.ID) // copies of GD rows are nobody's there
	const firm, city = "CANARYFIRM", "CANARYCITY"
	tables := map[string]string{
		"deals": "account_name need contact_name reason", "quotes": "account_name customer_note", "orders": "account_name acceptance", "deliveries": "account_name contact_name address note",
		"services": "account_name", "tickets": "account_name subject description", "ticket_messages": "body author_name", "ticket_notes": "body author_name", "accounts": "name address contact_name contact_email", "account_grants": "name address contact_name", "statements": "why_zh", "commission_flags": "partner_name reason", "dispute_messages": "author_name body", "payouts": "partner_name holder bank reason", "payees": "holder bank branch changed_name", "invoices": "reason", "payout_batches": "maker_name reason", "commission_shares": "account_name dispute",
		"files": "name", "solution_versions": "description notes", "certifications": "author_name tester_name", "findings": "body answer", "certification_checks": "note measured", "certification_turns": "note by_name", "certification_runs": "note measured environment", "certification_conditions": "body answer note by_name",
		"listings": "reason", "partners": "contact_name contact_email profile reason address", "memberships": "name email", "invitations": "email", "audit_events": "label actor_name reason", "imports": "file_name",
		"account_contacts": "name post note", "territories": "name", "assignments": "owner_name made_by", "account_merges": "keeper_name loser_name made_by", "accuracy_audits": "city_name drawn_by", "accuracy_records": "account_name checked_by", "saved_views": "name query owner_name", "account_duplicates": "note",
		"graduations": "pitch reason", "rollout_tasks": "reason", "review_requests": "label body answer by_name", "certification_exemptions": "reason", "certification_assignments": "tester_name reason", "partner_questions": "body answer", "partner_contests": "body answer",
		"trials": "label reason user_name", "tier_moves": "reason", "tier_objections": "reason", "promotions": "name reason", "quote_approvals": "reason decided_by_name", "quote_revisions": "solution_name customer_note by_name", "quote_messages": "name text", "quote_shares": "by_name", "notices": "label actor_name", "exports": "file_name", "delegations": "from_name to_name", "deal_checks": "credit_code", "overlays": "note by_name deliverer_name", "local_offers": "city_name deliverer_name",
	}
	p.exec("SET session_replication_role = replica")
	for table, columns := range tables {
		has := many[string](p, `SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, table)
		for _, rule := range [][2]string{
			{firm, map[bool]string{true: "partner_id", false: "tenant_id"}[slices.Contains(has, "partner_id")] + " IN (SELECT tenant_id FROM memberships WHERE split_part(email, 'CANARY', 1) IN ('admin@p01.example', 'admin@p03.example'))"},
			{city, map[bool]string{true: "org_path LIKE 'GD/4401/%'", false: "tenant_id = (SELECT id FROM tenants WHERE code = '4401' AND path = 'GD/4401/')"}[slices.Contains(has, "org_path")]},
		} {
			owned := slices.Contains(has, "partner_id") || slices.Contains(has, "tenant_id")
			for _, c := range strings.Fields(columns) {
				if rule[0] == firm && !owned {
					continue
				}
				if (table == "account_grants" || table == "graduations") && rule[0] == city {
					continue // a firm of another city may hold it rightly; what is open to all cities is theirs to read
				}
				require.Contains(t, has, c, table)
				p.exec(`UPDATE ` + table + ` SET ` + c + ` = ` + c + ` || '` + rule[0] + `' WHERE ` + rule[1])
			}
		}
	}
	p.exec(`UPDATE account_words SET words = words || $1 WHERE org_path LIKE 'GD/4401/%'`, []string(pg.Words(city)))
	p.exec("SET session_replication_role = origin")
	require.Positive(t, one[int64](p, `SELECT count(*) FROM deals WHERE account_name LIKE '%`+firm+`%'`))
	require.Positive(t, one[int64](p, `SELECT count(*) FROM accounts WHERE name LIKE '%`+city+`%'`))

	// Who may not see either, or not the one.
	watched := map[*viewer][]string{}
	for _, x := range []string{"admin", "author", "support", "finance"} {
		watched[p.viewer(p.tour(x+"@p02.example"), x)] = []string{firm}
	}
	for _, x := range []string{"admin", "agent", "finance"} {
		watched[p.viewer(p.tour(x+"@p04.example"), x)] = []string{firm}
	}
	for _, x := range []string{"admin", "product", "channel", "manager", "industry"} {
		watched[p.viewer(p.tour(x+".4403@gd.example"), x)] = []string{city}
	}
	for _, x := range []struct{ code, role string }{{"", "province_admin"}, {"", "channel_manager"}, {"", "settlement_officer"}, {"city", "city_admin"}, {"si", "partner_admin"}, {"si", "agent"}} {
		who := hn.Tenant
		switch x.code {
		case "city":
			who = hn.Guangzhou
		case "si":
			who = hn.SI
		}
		watched[p.viewer(p.staff(hn, who, x.role), x.role)] = []string{firm, city}
	}
	// The strings are there for whom they belong to: the test can see.
	require.Contains(t, string(p.tour("admin@p03.example").get("/api/deals").Body), firm)
	require.Contains(t, string(p.tour("admin.4401@gd.example").get("/api/accounts?q="+city).Body), city)
	require.Contains(t, p.tour("channel.4401@gd.example").get("/api/deals/export.xlsx").unpacked(), city, "in a workbook, too")

	hears := map[*viewer]func() string{}
	for v := range watched {
		hears[v] = p.listen(v.person)
	}
	answers := 0
	for v, strings_ := range watched {
		look := func(path string) answer {
			a := v.get(path)
			require.Less(t, a.Status, 500, "%s: %s", a.what, a.Body)
			for _, s := range strings_ {
				// A search may be said back; what it found may not.
				require.NotContains(t, a.unpacked(), s, a.what)
				require.NotContains(t, fmt.Sprint(a.Header), s, "%s: headers", a.what)
				if marker, err := base64.RawURLEncoding.DecodeString(a.cursor()); err == nil {
					require.NotContains(t, string(marker), s, "%s: page marker", a.what)
				}
			}
			answers++
			return a
		}
		for _, r := range web.Routes() {
			if r.Method != http.MethodGet || strings.Contains(r.Path, "{") || (r.Permission != web.Public && r.Permission != web.Signed && !v.may[string(r.Permission)]) {
				continue
			}
			list := look(r.Path)
			if takes(r, "limit") {
				list = look(r.Path + "?limit=100")
			}
			if takes(r, "q") {
				for _, s := range strings_ {
					if found := look(r.Path + "?q=" + url.QueryEscape(s)); found.Status == http.StatusOK {
						rows := found.all("items", "id")
						if r.Path == "/api/orders/board" { // columns of rows
							rows = nil
							for i := range found.all("items", "state") {
								rows = append(rows, found.all(fmt.Sprintf("items.%d.items", i), "id")...)
							}
						}
						require.Empty(t, rows, found.what)
						if n, ok := found.at("total").(float64); ok {
							require.Zero(t, n, found.what)
						}
					}
				}
			}
			if one := r.Path + "/{id}"; list.Status == http.StatusOK && slices.ContainsFunc(web.Routes(), func(x web.Row) bool {
				return x.Method == http.MethodGet && x.Path == one && v.may[string(x.Permission)]
			}) {
				for i, id := range list.all("items", "id") {
					if i == 6 {
						break
					}
					look(r.Path + "/" + id)
					for _, x := range web.Routes() { // what hangs on the record
						rest, of := strings.CutPrefix(x.Path, r.Path+"/{id}/")
						if of && x.Method == http.MethodGet && !strings.Contains(rest, "{") && (x.Permission == web.Signed || v.may[string(x.Permission)]) {
							look(r.Path + "/" + id + "/" + rest)
						}
					}
				}
			}
		}
	}
	require.Greater(t, answers, 400)

	// Event streams: what the firm and the city do now is heard by neither name nor number.
	agent, admin := p.tour("agent@p03.example"), p.tour("admin.4401@gd.example")
	own := []func() string{p.listen(agent), p.listen(admin)}
	body := dealOf(811, agent.get("/api/marketplace?scope=province&limit=1").text("items.0.id"))
	body["account_name"] = firm
	ids := map[string]string{firm: agent.post("/api/deals", body).is(http.StatusOK).text("id")}
	ids[city] = admin.post("/api/accounts", map[string]any{
		"name": city + "有限公司", "credit_code": tenantstest.CreditCode(812), "kind": "enterprise", "tier": "C", "industry": "sme", "district_code": "440106", "existing": false, "informatisation": 0, "staff_size": 0,
		"employees": 0, "machines": 0, "customers": 0, "suppliers": 0, "address": "", "contact_name": "", "contact_phone": "", "contact_email": "", "version": 0,
	}).is(http.StatusOK).text("id")
	mine := ""
	p.eventually("the owners hear it", func() bool {
		mine += own[0]() + own[1]()
		return strings.Contains(mine, ids[firm]) && strings.Contains(mine, ids[city])
	})
	time.Sleep(300 * time.Millisecond)
	for v, strings_ := range watched {
		said := hears[v]()
		for _, s := range strings_ {
			require.NotContains(t, said, s, v.name)
			require.NotContains(t, said, ids[s], "%s hears of what is not theirs", v.name)
		}
	}
}

// cursor is the page marker of a list, or nothing.
func (a answer) cursor() string {
	var page struct {
		NextCursor string `json:"next_cursor"`
	}
	_ = json.Unmarshal(a.Body, &page)
	return page.NextCursor
}

// unpacked is what an answer holds, of a workbook what is in it.
func (a answer) unpacked() string {
	z, err := zip.NewReader(bytes.NewReader(a.Body), int64(len(a.Body)))
	if err != nil {
		return string(a.Body)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(a.t, err)
		_, err = io.Copy(&all, r)
		require.NoError(a.t, err)
		all.WriteByte('\n')
	}
	return all.String()
}

// takes tells whether a route has a query parameter.
func takes(r web.Row, name string) bool {
	op := described()["paths"].(map[string]any)[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
	list, _ := op["parameters"].([]any)
	return slices.ContainsFunc(list, func(x any) bool { m := x.(map[string]any); return m["in"] == "query" && m["name"] == name })
}

// TestA07CursorOfAnother: a page marker works for the person, tenant and list
// it was made for, unedited.
func TestA07CursorOfAnother(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	admin, other := p.tour("admin.4401@gd.example"), p.tour("channel.4401@gd.example")
	first := admin.get("/api/accounts?limit=2").is(http.StatusOK)
	cursor := first.text("next_cursor")
	require.NotEmpty(t, cursor)
	second := admin.get("/api/accounts?limit=2&cursor=" + cursor).is(http.StatusOK)
	require.Empty(t, intersect(first.all("items", "id"), second.all("items", "id")))
	for what, a := range map[string]answer{
		"of another person": other.get("/api/accounts?limit=2&cursor=" + cursor),
		"of another order":  admin.get("/api/accounts?limit=2&sort=-updated&cursor=" + cursor),
		"of another list":   admin.get("/api/deals?limit=2&cursor=" + cursor),
		"edited":            admin.get("/api/accounts?limit=2&cursor=" + flip(cursor, len(cursor)-4)),
		"resigned":          admin.get("/api/accounts?limit=2&cursor=" + flip(cursor, 3)),
		"cut":               admin.get("/api/accounts?limit=2&cursor=" + cursor[:20]),
		"invented":          admin.get("/api/accounts?limit=2&cursor=bm90aGluZw"),
	} {
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%s: %s", what, a.Body)
		require.Equal(t, "/problems/cursor", a.text("type"), what)
	}
	// Every list can be walked to its end, each row once.
	for _, path := range []string{"/api/accounts", "/api/accounts?sort=-updated", "/api/deals", "/api/orders", "/api/tickets", "/api/tickets?sort=due", "/api/graduations", "/api/rollouts", "/api/marketplace", "/api/marketplace?sort=name", "/api/marketplace?sort=newest", "/api/audit"} {
		join := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		seen, next := map[string]bool{}, ""
		key := "id"
		if path == "/api/audit" {
			key = "seq"
		}
		for pages := 0; ; pages++ {
			require.Less(t, pages, 200, path)
			a := admin.get(path + join + "limit=7" + next).is(http.StatusOK)
			for _, id := range a.all("items", key) {
				require.False(t, seen[id], "%s shows %s twice", path, id)
				seen[id] = true
			}
			if a.text("next_cursor") == "" {
				if n, ok := a.at("total").(float64); ok && path != "/api/audit" {
					require.EqualValues(t, n, len(seen), path)
				}
				break
			}
			next = "&cursor=" + a.text("next_cursor")
		}
		require.True(t, len(seen) > 0 || slices.Contains([]string{"/api/orders", "/api/deals", "/api/tickets", "/api/tickets?sort=due"}, path), path)
	}
}

func intersect(a, b []string) (out []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// flip changes one character.
func flip(s string, at int) string {
	c := byte('A')
	if s[at] == c {
		c = 'B'
	}
	return s[:at] + string(c) + s[at+1:]
}

// TestDemoProvinceIsSound: what the demo leaves behind keeps every invariant.
func TestDemoProvinceIsSound(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	provinces, err := p.Services.Tenants.Provinces(t.Context())
	require.NoError(t, err)
	require.Len(t, provinces, 1)
	rows, err := p.Services.Tenants.VerifyAudit(t.Context(), provinces[0].ID)
	require.NoError(t, err)
	require.Greater(t, rows, int64(200))
	ledger, err := p.Services.Commissions.CheckLedger(t.Context(), provinces[0].ID)
	require.NoError(t, err)
	require.Positive(t, ledger.Cells)
	require.Positive(t, one[int64](p, `SELECT count(*) FROM statements`))
	for _, l := range demo.Logins() {
		home := p.tour(l.Email).get("/api/home").is(http.StatusOK)
		require.NotNil(t, home.at("items"), l.Email)
	}
	require.Zero(t, one[int64](p, `SELECT count(*) FROM river_job WHERE state IN ('discarded', 'cancelled', 'retryable')`), "no job of the demo failed")
}
