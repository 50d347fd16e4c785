package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/web"
	"ecoport/tenants/tenantstest"
)

// nasty are strings that break out of something somewhere.
var nasty = []string{
	"'", `"`, "';SELECT pg_sleep(5);--", "1 OR 1=1", "name; DROP TABLE accounts", "(SELECT set_config('app.tenant','x',true))", "%", "_%_%_%_%", `\`, "$1", "${jndi:ldap://x}", "{{7*7}}",
	"<script>alert(1)</script>", "\u202e\u0000", strings.Repeat("a", 80), "..%2f..%2f", "-1", "9223372036854775808", "null", "[]",
}

// TestA39Parameters: sort, filters and search are values, never syntax. No
// answer is a failure of ours, and none holds more rows than the plain one.
func TestA39Parameters(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u := p.tour("admin.4401@gd.example")
	all := int(u.get("/api/accounts?limit=1").number("total"))
	asked := 0
	for _, r := range web.Routes() {
		if r.Method != http.MethodGet || strings.Contains(r.Path, "{") || strings.HasSuffix(r.Path, ".xlsx") {
			continue
		}
		op, _ := described()["paths"].(map[string]any)[r.Path].(map[string]any)["get"].(map[string]any)
		list, _ := op["parameters"].([]any)
		for _, x := range list {
			name, _ := x.(map[string]any)["name"].(string)
			for _, v := range nasty {
				a := u.get(r.Path + "?" + name + "=" + url.QueryEscape(v))
				require.Less(t, a.Status, 500, "%s: %s", a.what, a.Body)
				if n, ok := a.at("total").(float64); ok && r.Path == "/api/accounts" {
					require.LessOrEqual(t, int(n), all, a.what)
				}
				asked++
			}
		}
		a := u.get(r.Path + "?province_id=" + uuid.NewString() + "&tenant_id=x")
		require.Less(t, a.Status, 500, a.what)
	}
	require.Greater(t, asked, 200)
	require.Equal(t, all, int(u.get("/api/accounts?limit=1").number("total")), "everything is still there")
}

// TestA10HeadersAndTwins: nothing in a request but the session says who asks,
// and a parameter given twice is not a way around the first.
func TestA10HeadersAndTwins(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u, other := p.tour("channel.4401@gd.example"), p.tour("channel.4403@gd.example")
	plain := u.get("/api/accounts?limit=5")
	tenant := other.get("/api/me").text("membership.tenant_id")
	for _, h := range []string{"X-Tenant-Id", "X-Tenant", "X-Province-Id", "X-User-Id", "X-Forwarded-User", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Forwarded-Host"} {
		got := u.do(http.MethodGet, "/api/accounts?limit=5", nil, h, tenant)
		require.JSONEq(t, string(plain.Body), string(got.Body), h)
	}
	require.Zero(t, u.get("/api/accounts?city=4403").number("total"))
	require.Zero(t, u.get("/api/accounts?city=4403&city=4403").number("total"))
	twice := u.get("/api/accounts?city=4401&city=4403&limit=100")
	for _, city := range twice.all("items", "city_code") {
		require.Equal(t, "4401", city)
	}
	u.get("/api/accounts?tenant_id=" + tenant).is(http.StatusUnprocessableEntity)
	deal := u.do(http.MethodPost, "/api/session/tenant", map[string]any{"membership_id": other.get("/api/me").text("membership.id")})
	deal.is(http.StatusNotFound)
}

// TestA09NothingIsCached: no answer about anybody may be kept by a cache, and
// none is decided by a validator somebody else got.
func TestA09NothingIsCached(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u := p.tour("agent@p03.example")
	for _, r := range web.Routes() {
		if r.Method != http.MethodGet || strings.Contains(r.Path, "{") {
			continue
		}
		a := u.do(http.MethodGet, r.Path, nil, "If-None-Match", "*", "If-Modified-Since", "Mon, 01 Jan 2035 00:00:00 GMT")
		require.NotEqual(t, http.StatusNotModified, a.Status, r.Path)
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"), r.Path)
		require.Empty(t, a.Header.Get("ETag"), r.Path)
	}
	// The page that carries who is signed in is kept by nobody either.
	page := u.do(http.MethodGet, "/deals", nil, "Accept", "text/html")
	require.Contains(t, page.Header.Get("Cache-Control"), "no-store")
}

// TestA40StoredScripts: what people type comes back as JSON text, and no page
// of ours holds it unescaped.
func TestA40StoredScripts(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	u := p.staff(gd, gd.Guangzhou, "city_admin")
	const script = `</script><script>alert("甲")</script>`
	p.exec(`UPDATE users SET name = $1 WHERE email = $2`, script, u.name)
	p.exec(`UPDATE memberships SET name = $1 WHERE email = $2`, script, u.name)
	a := u.get("/api/me").is(http.StatusOK)
	require.Equal(t, script, a.text("user.name"))
	require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	page := u.do(http.MethodGet, "/", nil, "Accept", "text/html").is(http.StatusOK)
	require.NotContains(t, string(page.Body), `<script>alert`, "the boot block is escaped")
	require.Contains(t, string(page.Body), `alert`, "and it is there")
}

// TestA41LineBreaks: none gets into a header, a log line or a mail address.
func TestA41LineBreaks(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	u := p.staff(gd, gd.Guangzhou, "city_admin")
	u.post("/api/invitations", map[string]any{"email": "a@b.example\r\nBcc: c@d.example", "roles": []string{"account_manager"}}).is(http.StatusUnprocessableEntity)
	id := u.upload("account_import", "a\r\nSet-Cookie: x=1.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", u.get("/api/accounts/template.xlsx").Body)
	link := u.get("/api/files/" + id + "/link").is(http.StatusOK).text("url")
	res, err := http.Get(link)
	require.NoError(t, err)
	res.Body.Close()
	require.Empty(t, res.Header.Get("Set-Cookie"))
	for _, path := range []string{"/%0d%0aSet-Cookie:%20x=1", "/api/certificates/%0d%0aX: y", "/signin?next=%0d%0aLocation:%20//evil.example"} {
		a := u.get(path)
		require.Empty(t, a.Header.Get("X"), path)
		require.NotContains(t, fmt.Sprint(a.Header), "x=1", path)
	}
}

// TestA42SlowPatterns: patterns are text, searches are bounded, and the
// database gives up on a statement before a person does.
func TestA42SlowPatterns(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u := p.tour("admin@gd.example")
	for _, path := range []string{"/api/accounts?q=", "/api/audit?q=", "/api/partners?q="} {
		for _, q := range []string{strings.Repeat("%_", 40), strings.Repeat("a?", 40), "(a+)+$", strings.Repeat("的", 80)} {
			began := time.Now()
			a := u.get(path + url.QueryEscape(q))
			require.Less(t, a.Status, 500, a.what)
			require.Less(t, time.Since(began), 5*time.Second, a.what)
		}
	}
	require.Equal(t, "60s", one[string](p, `SELECT coalesce((SELECT split_part(c, '=', 2) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c WHERE r.rolname = 'portal' AND c LIKE 'statement_timeout=%'), '')`),
		"the server's login has a statement timeout")
}

// TestA52HugeDeepAndNUL: shapes no screen of ours sends.
func TestA52HugeDeepAndNUL(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	u := p.staff(gd, gd.Guangzhou, "city_admin")
	invite := func(email string) string {
		return `{"email":"` + email + `","roles":["account_manager"]}`
	}
	for what, body := range map[string]string{
		"deep":      strings.Repeat("[", 200_000),
		"deep deal": `{"email":` + strings.Repeat(`{"a":`, 50_000) + `1` + strings.Repeat("}", 50_001),
		"NUL":       invite("a\\u0000@b.example"),
		"not UTF-8": invite("a\xff\xfe@b.example"),
		"long":      invite(strings.Repeat("a", 5000) + "@b.example"),
		"empty":     "",
		"not JSON":  "email=a@b.example",
		"trailing":  invite("a@b.example") + "{}",
	} {
		a := u.do(http.MethodPost, "/api/invitations", body)
		require.GreaterOrEqual(t, a.Status, 400, what)
		require.Less(t, a.Status, 500, "%s: %s", what, a.Body)
	}
	// The portal stops reading: the client sees the refusal, or the end of the connection.
	huge, err := http.NewRequest(http.MethodPost, p.base+"/api/invitations", strings.NewReader(strings.Repeat("x", 9<<20)))
	require.NoError(t, err)
	long, err := http.NewRequest(http.MethodGet, p.base+"/api/me", nil)
	require.NoError(t, err)
	long.Header.Set("X-Long", strings.Repeat("x", 64<<10))
	for q, refusal := range map[*http.Request][]int{
		huge: {http.StatusRequestEntityTooLarge},
		long: {http.StatusRequestHeaderFieldsTooLarge, http.StatusBadRequest},
	} {
		if res, err := http.DefaultClient.Do(q); err == nil {
			res.Body.Close()
			require.Contains(t, refusal, res.StatusCode)
		}
	}
	u.get("/api/me").is(http.StatusOK)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM invitations`))
}

// TestA53SlowClients: somebody who sends a byte at a time is cut off, and
// nobody else waits meanwhile.
func TestA53SlowClients(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	at, err := url.Parse(p.base)
	require.NoError(t, err)
	for range 50 {
		c, err := net.Dial("tcp", at.Host)
		require.NoError(t, err)
		t.Cleanup(func() { c.Close() })
		_, err = io.WriteString(c, "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		require.NoError(t, err)
	}
	p.staff(gd, gd.Guangzhou, "city_admin").get("/api/me").is(http.StatusOK)
}

// TestA54Dumping: a page holds a hundred rows at most, and a cursor walks one
// list of one person.
func TestA54Dumping(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u := p.tour("admin.4401@gd.example")
	for _, limit := range []string{"0", "-1", "101", "100000", "1e9", "x"} {
		u.get("/api/accounts?limit=" + limit).is(http.StatusUnprocessableEntity)
	}
	require.LessOrEqual(t, len(u.get("/api/accounts?limit=100").all("items", "id")), 100)
}

// TestA55NoisyNeighbour: while one tenant hammers, another is served.
func TestA55NoisyNeighbour(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	noisy, quiet := p.tour("admin.4403@gd.example"), p.tour("admin.4401@gd.example")
	ctx, stop := context.WithCancel(t.Context())
	crowd := &http.Client{Transport: &http.Transport{}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				q, _ := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/api/accounts?limit=100&q="+url.QueryEscape("公司"), nil)
				q.Header.Set("Cookie", "portal_access="+noisy.cookie("portal_access"))
				if res, err := crowd.Do(q); err == nil {
					_, _ = io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
			}
		})
	}
	for range 5 {
		quiet.get("/api/accounts?limit=20").is(http.StatusOK) // within the client's patience
	}
	stop()
	wg.Wait()
	crowd.CloseIdleConnections()
}

// TestA56ErrorsSayNothingInside: no table, path, driver or version in any refusal.
func TestA56ErrorsSayNothingInside(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	u := p.staff(gd, gd.Guangzhou, "city_admin")
	p.exec(`ALTER TABLE accounts RENAME COLUMN name TO name_gone`)
	broken := u.get("/api/accounts")
	require.Equal(t, http.StatusInternalServerError, broken.Status)
	require.NotEmpty(t, broken.text("request_id"))
	p.exec(`ALTER TABLE accounts RENAME COLUMN name_gone TO name`)
	for _, a := range []answer{broken, u.get("/api/nothing"), u.do(http.MethodPost, "/api/invitations", "{"), u.get("/api/accounts/not-an-id"), u.do("TRACE", "/api/me", nil), u.get("/api/accounts?cursor=x")} {
		for _, inside := range []string{"SQLSTATE", "pq:", "pgx", "gorm", "goroutine", ".go:", "relation", "name_gone", "/home", "/root", "fasthttp", "panic", "SELECT"} {
			require.NotContains(t, string(a.Body), inside, a.what)
		}
		require.Empty(t, a.Header.Get("Server"), a.what)
		require.Empty(t, a.Header.Get("X-Powered-By"), a.what)
	}
}

// TestA57NoSecretsInLogsOrJobs: passwords, tokens and contact data appear in
// no log line and no job argument.
func TestA57NoSecretsInLogsOrJobs(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(old)
	p := withDemo(t)
	agent := p.tour("agent@p03.example")
	const phone, password = "13900007777", "not-this-password-8841"
	p.visitor("x").post("/api/session", map[string]any{"email": "agent@p03.example", "password": password}).is(http.StatusUnauthorized)
	deal := dealOf(701, agent.get("/api/marketplace?scope=province&limit=1").text("items.0.id"))
	deal["contact_phone"], deal["contact_name"] = phone, "独一无二的联系人"
	agent.post("/api/deals", deal).is(http.StatusOK)
	agent.get("/api/accounts/" + uuid.NewString() + "?x=" + phone)
	agent.post("/api/files", map[string]any{"purpose": "nothing", "name": phone}).is(http.StatusUnprocessableEntity)
	jobs := strings.Join(many[string](p, `SELECT args::text FROM river_job`), "\n")
	for _, secret := range []string{phone, password, "独一无二的联系人", agent.cookie("portal_access"), agent.cookie("portal_refresh"), "ecoport-demo"} {
		require.NotEmpty(t, secret)
		require.NotContains(t, log.String(), secret)
		require.NotContains(t, jobs, secret)
	}
	for _, raw := range many[string](p, `SELECT coalesce(args->>'args', '{}') FROM river_job`) {
		require.NotContains(t, raw, "@", "job arguments hold ids")
	}
}

// TestA59PathTricks: the permission goes with the route, however its path is spelt.
func TestA59PathTricks(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	agent := p.staff(gd, gd.Agent, "agent")
	for _, path := range []string{"/api/members", "/api//members", "/api/./members", "/api/me/../members", "/api/%6dembers", "/api/members/", "/API/members", "/api/Members", "/api/members%00", "/api/members;x=1", "/api/me/%2e%2e/members", "//api/members"} {
		a := agent.get(path)
		if page := strings.Contains(string(a.Body), "<!doctype html>"); !page { // the screens answer any other path
			require.NotEqual(t, http.StatusOK, a.Status, "%s: %s", path, a.Body)
		}
		require.NotContains(t, string(a.Body), "partner_admin.", path)
	}
	for _, method := range []string{"HEAD", "OPTIONS", "PATCH", "CONNECT", "PROPFIND"} {
		a := agent.do(method, "/api/members", nil)
		require.NotContains(t, string(a.Body), "partner_admin.", method)
		require.GreaterOrEqual(t, a.Status, 400, method)
	}
}

// TestA08Streams: an event stream says that something happened to records the
// listener sees, never to others'.
func TestA08Streams(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	who := map[string]func() string{}
	for _, email := range []string{"agent@p03.example", "agent@p04.example", "channel.4401@gd.example", "channel.4403@gd.example", "channel@gd.example", "manager.4401@gd.example"} {
		who[email] = p.listen(p.tour(email))
	}
	p.visitor("nobody").get("/api/events").is(http.StatusUnauthorized)
	agent := p.tour("agent@p03.example")
	id := agent.post("/api/deals", dealOf(801, agent.get("/api/marketplace?scope=province&limit=1").text("items.0.id"))).is(http.StatusOK).text("id")
	mine := ""
	p.eventually("the own stream hears it", func() bool {
		mine += who["agent@p03.example"]()
		return strings.Contains(mine, id)
	})
	time.Sleep(300 * time.Millisecond)
	require.NotContains(t, mine, "某某公司", "ids only")
	// An account manager hears that something of the city changed, not whose it is.
	narrow := who["manager.4401@gd.example"]()
	require.Contains(t, narrow, `{"topic":"deal"}`)
	require.NotContains(t, narrow, id)
	for email, hears := range map[string]bool{"agent@p04.example": false, "channel.4401@gd.example": true, "channel.4403@gd.example": false, "channel@gd.example": true} {
		require.Equal(t, hears, strings.Contains(who[email](), id), email)
	}
}

// TestA17NamesArePlain: no role or permission can be read as syntax, a
// wildcard or another kind's, and an own role is no way to a built-in one.
func TestA17NamesArePlain(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	for _, role := range []string{"*", "u:x", "r:city_admin", "province/province_admin", "province_admin", "city/city_admin", "../city_admin", "city_admin,province_admin", "CITY_ADMIN", "city_admin ", ""} {
		admin.post("/api/invitations", map[string]any{"email": "a@b.example", "roles": []string{role}}).is(http.StatusUnprocessableEntity)
	}
	for _, permission := range []string{"*", "*:*", "account:*", "plan:check", "account:read ", "ACCOUNT:READ", "p, city/city_admin, plan:check"} {
		admin.post("/api/roles", map[string]any{"name": "x", "permissions": []string{permission}}).is(http.StatusUnprocessableEntity)
	}
	role := admin.post("/api/roles", map[string]any{"name": "city_admin", "permissions": []string{"account:read"}}).is(http.StatusOK)
	member := invite(admin, "own@corp.example", role.text("code"))
	u := p.visitor("own")
	u.post("/api/invitations/accept", map[string]any{"token": member, "name": "甲", "password": tenantstest.Password}).is(http.StatusOK)
	var permissions []string
	raw, err := json.Marshal(u.get("/api/me").at("permissions"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &permissions))
	require.Equal(t, []string{"account:read"}, permissions, "the name of a role gives nothing")
}

// TestA60JobsRunAsWhoAsked: an import of somebody removed meanwhile does
// nothing, and a job of one city never writes into another.
func TestA60JobsRunAsWhoAsked(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	gz := gd.One(gd.Guangzhou, "city_admin")
	u := p.staff(gd, gd.Guangzhou, "city_admin")
	sheet := u.upload("account_import", "客户.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", u.get("/api/accounts/template.xlsx").Body)
	p.exec(`UPDATE memberships SET state = 'removed' WHERE id = $1`, gz.Membership)
	_, err := p.Services.Tenants.ActorByMembership(t.Context(), gd.ID, gz.Membership)
	require.Error(t, err, "nobody acts for who has left")
	p.exec(`UPDATE memberships SET state = 'active' WHERE id = $1`, gz.Membership)
	run := u.post("/api/imports", map[string]any{"file_id": sheet}).is(http.StatusOK).text("id")
	args := one[string](p, `SELECT args::text FROM river_job WHERE args::text LIKE '%' || $1 || '%' LIMIT 1`, run)
	require.Contains(t, args, gz.Membership.String(), "the job names the seat it acts for")
	require.NotContains(t, args, gz.Name)
}
