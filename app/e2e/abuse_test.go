package e2e

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/token"
	"ecoport/tenants/tenantstest"
)

// atOnce runs n requests together and counts their statuses.
func atOnce(n int, ask func(i int) answer) (counts map[int]int, answers []answer) {
	answers = make([]answer, n)
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() { <-gate; answers[i] = ask(i) })
	}
	close(gate)
	wg.Wait()
	counts = map[int]int{}
	for _, a := range answers {
		counts[a.Status]++
	}
	return counts, answers
}

func dealOf(n int, offer string) map[string]any {
	return map[string]any{"credit_code": tenantstest.CreditCode(n), "account_name": fmt.Sprintf("某某公司%d", n), "district_code": "440106", "listing_ids": []string{offer}, "amount_fen": 100_000, "contact_name": "x", "contact_phone": "13800000000", "need": ""}
}

// TestA43SameRequestFiftyTimes: one idempotency key, one effect, one answer.
func TestA43SameRequestFiftyTimes(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	agent := p.tour("agent@p03.example")
	offer := agent.get("/api/marketplace?scope=province&limit=1").text("items.0.id")
	before := one[int64](p, `SELECT count(*) FROM deals`)
	counts, answers := atOnce(50, func(int) answer { return agent.post("/api/deals", dealOf(501, offer), "Idempotency-Key", "once") })
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts, "%s", answers[0].Body)
	for _, a := range answers {
		require.JSONEq(t, string(answers[0].Body), string(a.Body))
	}
	require.EqualValues(t, before+1, one[int64](p, `SELECT count(*) FROM deals`))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE action = 'register' AND resource = 'deal' AND resource_id = $1`, answers[0].text("id")))

	again := agent.post("/api/deals", dealOf(501, offer), "Idempotency-Key", "once").is(http.StatusOK)
	require.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
	agent.post("/api/deals", dealOf(502, offer), "Idempotency-Key", "once").is(http.StatusUnprocessableEntity, "idempotency-key-reused")
	// A key belongs to a person: somebody else's does nothing to it.
	p.tour("agent@p04.example").post("/api/deals", dealOf(503, offer), "Idempotency-Key", "once").is(http.StatusOK)
	// A refused request does not spend the key.
	bad := dealOf(504, offer)
	bad["amount_fen"] = 0
	agent.post("/api/deals", bad, "Idempotency-Key", "twice").is(http.StatusUnprocessableEntity)
	agent.post("/api/deals", dealOf(504, offer), "Idempotency-Key", "twice").is(http.StatusOK)
}

// TestA44DoubleApproval: of fifty approvals one takes place.
func TestA44DoubleApproval(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	agent, city, channel := p.tour("agent@p03.example"), p.tour("channel.4401@gd.example"), p.tour("channel@gd.example")
	offer := agent.get("/api/marketplace?scope=province&limit=1").text("items.0.id")
	deal := agent.post("/api/deals", dealOf(601, offer)).is(http.StatusOK).text("id")
	firm := one[string](p, `UPDATE partners SET state = 'applied' WHERE id = (SELECT tenant_id FROM memberships WHERE email = 'admin@p08.example') RETURNING id::text`)
	listing := one[string](p, `SELECT id::text FROM listings WHERE state = 'pending_approval' AND scope = 'province' UNION ALL SELECT id::text FROM listings WHERE state = 'pending_approval' LIMIT 1`)
	product := p.tour("product@gd.example")
	for _, x := range []struct {
		who      *person
		path, id string
		effect   string
	}{
		{city, "/api/deals/" + deal + "/approve", deal, `SELECT count(*) FROM account_grants WHERE source_id = $1`},
		{channel, "/api/partners/" + firm + "/approve", firm, ""},
		{product, "/api/listings/" + listing + "/approve", listing, `SELECT count(*) FROM offers WHERE id = $1`},
	} {
		before := one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'approve'`, x.id)
		counts, answers := atOnce(50, func(int) answer { return x.who.post(x.path, map[string]any{}) })
		require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s: %s", x.path, answers[0].Body)
		require.EqualValues(t, before+1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'approve'`, x.id))
		if x.effect != "" {
			require.EqualValues(t, 1, one[int64](p, x.effect, x.id))
		}
	}
	// A quote becomes one order, whoever clicks how often.
	detail := agent.get("/api/marketplace/" + offer)
	lines := []any{map[string]any{"element_id": detail.text("elements.0.id"), "quantity": 1}}
	quote := agent.post("/api/quotes", map[string]any{"deal_id": deal, "listing_id": offer, "lines": lines}).is(http.StatusOK).text("id")
	counts, _ := atOnce(50, func(int) answer { return agent.post("/api/quotes/"+quote+"/order", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM orders WHERE quote_id = $1`, quote))
	_, err := p.Services.Tenants.VerifyAudit(t.Context(), uuid.MustParse(one[string](p, `SELECT id::text FROM tenants WHERE code = 'GD'`)))
	require.NoError(t, err, "the chain holds under a crowd")
}

func invite(u *person, email string, roles ...string) string {
	u.p.Helper()
	link := u.post("/api/invitations", map[string]any{"email": email, "roles": roles}).is(http.StatusOK).text("link")
	return link[strings.LastIndex(link, "/")+1:]
}

// TestA16InvitationsWorkOnce: raced fifty ways, reused, expired, taken back,
// for another mailbox.
func TestA16InvitationsWorkOnce(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.SI, "partner_admin")
	accept := func(secret, password string) answer {
		return p.visitor("invited").post("/api/invitations/accept", map[string]any{"token": secret, "name": "新人", "password": password})
	}
	raced := invite(admin, "raced@si.example", "solution_author")
	counts, answers := atOnce(50, func(int) answer { return accept(raced, chosen) })
	require.Equal(t, 1, counts[http.StatusOK], "%v", counts)
	for _, a := range answers {
		require.Contains(t, []int{http.StatusOK, http.StatusNotFound, http.StatusUnauthorized, http.StatusConflict, http.StatusTooManyRequests}, a.Status, "%s", a.Body)
	}
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM memberships WHERE email = 'raced@si.example'`))
	accept(raced, chosen).is(http.StatusNotFound, "invitation")

	expired := invite(admin, "late@si.example", "agent")
	require.Zero(t, one[int64](p, `SELECT count(*) FROM idempotency_keys WHERE encode(body, 'escape') LIKE '%/invite/%'`), "links are kept nowhere")
	p.exec(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE email = 'late@si.example'`)
	accept(expired, chosen).is(http.StatusNotFound, "invitation")
	taken := invite(admin, "taken@si.example", "agent")
	list := admin.get("/api/invitations").is(http.StatusOK)
	require.Equal(t, []string{"taken@si.example"}, list.all("items", "email"))
	require.NotContains(t, string(list.Body), taken, "the secret is shown once")
	admin.do(http.MethodDelete, "/api/invitations/"+list.text("items.0.id"), nil)
	accept(taken, chosen).is(http.StatusNotFound, "invitation")
	// A mailbox that has a login proves itself with its own password.
	known := invite(admin, tenantstest.Email(gd.Agent, "agent"), "agent")
	accept(known, chosen).is(http.StatusUnauthorized, "sign-in")
	both := accept(known, tenantstest.Password).is(http.StatusOK)
	require.Len(t, both.all("memberships", "id"), 2)
	// A14: roles of another kind of tenant cannot be given, nor by who may not.
	admin.post("/api/invitations", map[string]any{"email": "x@si.example", "roles": []string{"province_admin"}}).is(http.StatusUnprocessableEntity)
	p.staff(gd, gd.SI, "solution_author").post("/api/invitations", map[string]any{"email": "x@si.example", "roles": []string{"agent"}}).is(http.StatusForbidden, "denied")
}

// TestA13StrictJSON: unknown and duplicate keys, other media types, second
// documents and depth are refused, and change nothing.
func TestA13StrictJSON(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	good := `{"name":"某某公司","credit_code":"` + tenantstest.CreditCode(5) + `","kind":"enterprise","tier":"C","industry":"sme","district_code":"440106","existing":false,"informatisation":0,"staff_size":0,"employees":0,"machines":0,"customers":0,"suppliers":0,"address":"","contact_name":"","contact_phone":"","contact_email":"","version":0`
	for what, x := range map[string]struct {
		body, media string
		status      []int
	}{
		"unknown key":        {good + `,"province_id":"` + uuid.NewString() + `"}`, "", []int{422}},
		"mass assignment":    {good + `,"org_path":"GD/4403/"}`, "", []int{422}},
		"duplicate key":      {good + `,"name":"另一个"}`, "", []int{400}},
		"key in other case":  {good + `,"Name":"另一个"}`, "", []int{422}},
		"second document":    {good + `}{}`, "", []int{400}},
		"not JSON":           {`name=x`, "", []int{400}},
		"form":               {`name=x&credit_code=y`, "application/x-www-form-urlencoded", []int{415}},
		"multipart":          {"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", []int{415}},
		"xml":                {`<x/>`, "application/xml", []int{415}},
		"null":               {`null`, "", []int{400, 422}},
		"array":              {`[` + good + `}]`, "", []int{422}},
		"wrong type":         {strings.Replace(good, `"staff_size":0`, `"staff_size":"0"`, 1) + `}`, "", []int{422}},
		"fraction":           {strings.Replace(good, `"staff_size":0`, `"staff_size":0.5`, 1) + `}`, "", []int{422}},
		"NUL":                {strings.Replace(good, `"address":""`, `"address":"a\u0000b"`, 1) + `}`, "", []int{400}},
		"deep":               {good + `,"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "", []int{400}},
		"invalid UTF-8 text": {strings.Replace(good, `"address":""`, "\"address\":\"\xff\"", 1) + `}`, "", []int{400, 422, 200}},
	} {
		media := x.media
		if media == "" {
			media = "application/json"
		}
		a := admin.do(http.MethodPost, "/api/accounts", x.body, "Content-Type", media)
		require.Contains(t, x.status, a.Status, "%s: %s", what, a.Body)
		if a.Status >= 400 {
			a.is(a.Status)
			require.NotContains(t, string(a.Body), "另一个", "%s: refusals do not echo", what)
		}
	}
	require.LessOrEqual(t, one[int64](p, `SELECT count(*) FROM accounts`), int64(1))
	p.exec(`TRUNCATE accounts CASCADE`)
	admin.do(http.MethodPost, "/api/accounts", good+`}`).is(http.StatusOK)
	// A10: tenant headers and doubled parameters move nobody.
	other := p.staff(gd, gd.Shenzhen, "city_admin")
	for _, h := range []string{"X-Tenant", "X-Tenant-Id", "X-Province-Id", "X-User", "X-Forwarded-User"} {
		a := other.do(http.MethodGet, "/api/accounts", nil, h, gd.Guangzhou.ID.String())
		require.Empty(t, a.is(http.StatusOK).all("items", "id"), h)
	}
	other.get("/api/accounts?province_id=" + gd.ID.String()).is(http.StatusUnprocessableEntity)
	require.Empty(t, other.get("/api/accounts?city=4403&city=4401").all("items", "id"))
}

// forgery knows the server's key, and what it signed for one person.
type forgery struct {
	*testing.T
	portal *portal
	key    ed25519.PrivateKey
	good   string
	claims token.Claims
}

func (f forgery) sign(m jwt.SigningMethod, k any, change func(*token.Claims), header ...string) string {
	c := f.claims
	if change != nil {
		change(&c)
	}
	x := jwt.NewWithClaims(m, c)
	for i := 0; i+1 < len(header); i += 2 {
		x.Header[header[i]] = header[i+1]
	}
	s, err := x.SignedString(k)
	require.NoError(f, err)
	return s
}

// with is a token that the server's own key signed over other claims.
func (f forgery) with(change func(*token.Claims)) string {
	return f.sign(jwt.SigningMethodEdDSA, f.key, change)
}

func (f forgery) bearer(raw string) answer {
	return f.portal.visitor("forger").do(http.MethodGet, "/api/me", nil, "Authorization", "Bearer "+raw)
}

func (f forgery) refused(all map[string]string) {
	f.bearer(f.good).is(http.StatusOK)
	f.bearer(f.with(nil)).is(http.StatusOK)
	for what, raw := range all {
		a := f.bearer(raw)
		require.Equal(f, http.StatusUnauthorized, a.Status, "%s: %s", what, a.Body)
		require.Equal(f, "/problems/session-ended", a.text("type"), what)
	}
}

func forge(t *testing.T, p *portal, who *person) forgery {
	seed, err := p.config.Secret("session")
	require.NoError(t, err)
	f := forgery{T: t, portal: p, key: ed25519.NewKeyFromSeed(seed), good: who.cookie("portal_access")}
	_, _, err = jwt.NewParser().ParseUnverified(f.good, &f.claims)
	require.NoError(t, err)
	return f
}

// TestA21ForgedTokens: no algorithm, another algorithm, another key, tricks in
// the header.
func TestA21ForgedTokens(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	f := forge(t, p, p.staff(gd, gd.Tenant, "province_admin"))
	_, stranger, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	public, _ := f.key.Public().(ed25519.PublicKey)
	parts := strings.Split(f.good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	f.refused(map[string]string{
		"alg none":           none + "." + parts[1] + ".",
		"alg None, signed":   base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"None"}`)) + "." + parts[1] + "." + parts[2],
		"library's none":     f.sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"HMAC by public key": f.sign(jwt.SigningMethodHS256, []byte(public), nil),
		"HMAC by nothing":    f.sign(jwt.SigningMethodHS256, []byte{}, nil),
		"stranger's key":     f.sign(jwt.SigningMethodEdDSA, stranger, nil),
		"stranger's, by jku": f.sign(jwt.SigningMethodEdDSA, stranger, nil, "jku", p.base+"/keys", "kid", "../../dev/null"),
		"cut signature":      parts[0] + "." + parts[1] + "." + parts[2][:20],
		"other claims":       parts[0] + "." + flip(parts[1], 12) + "." + parts[2],
		"nothing":            "",
	})
}

// TestA22TokensOfAnotherUse: signed by the server's own key, and still not a
// right to enter: no expiry, expired, another audience or issuer, a refresh
// token, a session that is none. And A24: from the future.
func TestA22TokensOfAnotherUse(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	who := p.staff(gd, gd.Tenant, "province_admin")
	f := forge(t, p, who)
	past := jwt.NewNumericDate(time.Now().Add(-time.Minute))
	f.refused(map[string]string{
		"expired":               f.with(func(c *token.Claims) { c.ExpiresAt = past }),
		"no expiry":             f.with(func(c *token.Claims) { c.ExpiresAt = nil }),
		"other audience":        f.with(func(c *token.Claims) { c.Audience = jwt.ClaimStrings{"other"} }),
		"no audience":           f.with(func(c *token.Claims) { c.Audience = nil }),
		"other issuer":          f.with(func(c *token.Claims) { c.Issuer = "other" }),
		"no session":            f.with(func(c *token.Claims) { c.Session = "" }),
		"invented session":      f.with(func(c *token.Claims) { c.Session = uuid.NewString() }),
		"somebody's membership": f.with(func(c *token.Claims) { c.Membership = gd.One(gd.Tenant, "product_manager").Membership.String() }),
		"refresh as access":     who.cookie("portal_refresh"),
		"from the future":       f.with(func(c *token.Claims) { c.IssuedAt = jwt.NewNumericDate(time.Now().Add(time.Hour)) }),
	})
}

// TestA23RefreshReplay: a refresh token that was rotated away ends the family.
func TestA23RefreshReplay(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	who := p.staff(gd, gd.Tenant, "analyst")
	stolen := who.cookie("portal_refresh")
	who.post("/api/session/refresh", nil).is(http.StatusOK)
	fresh := who.cookie("portal_refresh")
	require.NotEqual(t, stolen, fresh)
	thief := p.visitor("thief")
	use := func(u *person, refresh string) answer {
		return u.do(http.MethodPost, "/api/session/refresh", nil, "Cookie", "portal_refresh="+refresh)
	}
	// Two tabs may be a little apart; later it is a replay.
	p.exec(`UPDATE sessions SET rotated_at = now() - interval '1 minute' WHERE user_id = $1`, gd.One(gd.Tenant, "analyst").User)
	use(thief, stolen).is(http.StatusUnauthorized, "session-ended")
	use(p.visitor("victim"), fresh).is(http.StatusUnauthorized, "session-ended")
	who.get("/api/me").is(http.StatusUnauthorized, "session-ended")
	// A28: signing out ends the session, not only the cookie.
	out := p.staff(gd, gd.Tenant, "analyst")
	access := out.cookie("portal_access")
	out.do(http.MethodDelete, "/api/session", nil)
	require.Empty(t, out.cookie("portal_access"))
	p.visitor("later").do(http.MethodGet, "/api/me", nil, "Authorization", "Bearer "+access).is(http.StatusUnauthorized)
}

// TestA25Guessing slows down; TestA26: the answer does not say who exists.
func TestA25GuessingSlowsDown(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	try := func(email string) answer {
		return p.visitor("guesser").post("/api/session", map[string]any{"email": email, "password": "wrong password"})
	}
	known := tenantstest.Email(gd.Tenant, "analyst")
	same(t, "A26", try(known).is(http.StatusUnauthorized, "sign-in"), try("nobody@test.example"))
	slowed := false
	for range 8 {
		if a := try(known); a.Status == http.StatusTooManyRequests {
			require.NotEmpty(t, a.Header.Get("Retry-After"))
			slowed = true
			break
		}
	}
	require.True(t, slowed)
	p.staff(gd, gd.Tenant, "province_admin") // others are not slowed
}

// TestA27Forgery: a cookie alone changes nothing, whatever page sends it.
func TestA27Forgery(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	who := p.staff(gd, gd.Tenant, "province_admin")
	who.do(http.MethodPut, "/api/me/locale", map[string]any{"locale": "en"}, "X-Portal", "").is(http.StatusForbidden, "forgery")
	who.do(http.MethodPost, "/api/session", map[string]any{"email": "a@b.c", "password": "x"}, "X-Portal", "").is(http.StatusForbidden, "forgery")
	who.do(http.MethodDelete, "/api/session", nil, "X-Portal", "").is(http.StatusForbidden, "forgery")
	require.Equal(t, "zh", one[string](p, `SELECT locale FROM users WHERE id = $1`, gd.One(gd.Tenant, "province_admin").User))
	who.put("/api/me/locale", map[string]any{"locale": "en"})
	require.Equal(t, "en", one[string](p, `SELECT locale FROM users WHERE id = $1`, gd.One(gd.Tenant, "province_admin").User))
	in := p.visitor("new").post("/api/session", map[string]any{"email": tenantstest.Email(gd.Tenant, "analyst"), "password": tenantstest.Password}).is(http.StatusOK)
	cookies := in.Header.Values("Set-Cookie")
	require.Len(t, cookies, 2)
	for _, c := range cookies {
		require.Contains(t, c, "HttpOnly")
		require.Contains(t, c, "SameSite=Strict")
	}
	require.Empty(t, in.Header.Get("Access-Control-Allow-Origin"))
}

// TestA18RemovedRole: gone on the next request; the open stream closes within
// five seconds.
func TestA18RemovedRole(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin, officer := p.staff(gd, gd.Guangzhou, "city_admin"), p.staff(gd, gd.Guangzhou, "city_channel_manager")
	seat := gd.One(gd.Guangzhou, "city_channel_manager").Membership.String()
	officer.get("/api/deals").is(http.StatusOK)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stream := func(u *person) (*http.Response, *bufio.Scanner) {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/api/events", nil)
		require.NoError(t, err)
		res, err := u.client.Do(q)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
		t.Cleanup(func() { res.Body.Close() })
		return res, bufio.NewScanner(res.Body)
	}
	_, mine := stream(officer)
	_, theirs := stream(p.staff(gd, gd.Shenzhen, "city_channel_manager"))
	require.True(t, mine.Scan() && theirs.Scan())

	// A08: what happens in one city is heard there and not in another.
	heard := make(chan string, 100)
	go func() {
		for theirs.Scan() {
			if s, ok := strings.CutPrefix(theirs.Text(), "data: "); ok {
				heard <- s
			}
		}
	}()
	changed := admin.put("/api/members/"+seat, map[string]any{"roles": []string{"industry_manager"}, "version": 1}).is(http.StatusOK)
	gone := time.Now()
	require.Equal(t, []any{"industry_manager"}, changed.at("roles"))
	officer.get("/api/members").is(http.StatusForbidden, "denied")
	officer.get("/api/deals").is(http.StatusOK)
	told := false
	for mine.Scan() {
		if s, ok := strings.CutPrefix(mine.Text(), "data: "); ok {
			var h struct{ Topic, ID string }
			require.NoError(t, json.Unmarshal([]byte(s), &h))
			told = told || (h.Topic == "member" && h.ID == seat)
		}
	}
	require.Less(t, time.Since(gone), 5*time.Second+500*time.Millisecond, "the stream of a removed role closes")
	require.True(t, told, "the own city hears of it")
	require.Empty(t, heard, "another city hears nothing")

	admin.do(http.MethodDelete, "/api/members/"+seat, nil)
	officer.get("/api/me").is(http.StatusUnauthorized, "session-ended")
	admin.do(http.MethodDelete, "/api/members/"+gd.One(gd.Guangzhou, "city_admin").Membership.String(), nil).is(http.StatusConflict, "last-admin")
}

// TestA34PresignedUploads take this content only, and nothing else.
func TestA34PresignedUploads(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.SI, "partner_admin")
	announce := func(name, media string, size int) answer {
		return admin.post("/api/files", map[string]any{"purpose": "partner_document", "name": name, "media_type": media, "size": size, "sha256": base64.StdEncoding.EncodeToString(make([]byte, 32))})
	}
	announce("a.exe", "application/x-msdownload", 10).is(http.StatusUnprocessableEntity)
	announce("a.pdf", "application/pdf", 21<<20).is(http.StatusUnprocessableEntity)
	a := announce("../../etc/passwd\x00.pdf", "application/pdf", len(pdf))
	if a.Status == http.StatusOK {
		require.NotContains(t, a.text("file.name"), "/", "A32")
	}
	a = announce("..\\..\\evil.pdf", "application/pdf", len(pdf)).is(http.StatusOK)
	require.Equal(t, "evil.pdf", a.text("file.name"))
	for what, q := range map[string]func() (*http.Request, error){
		"other content": func() (*http.Request, error) {
			return http.NewRequest(http.MethodPut, a.text("url"), strings.NewReader(string(pdf)))
		},
		"other method": func() (*http.Request, error) { return http.NewRequest(http.MethodDelete, a.text("url"), nil) },
		"reading":      func() (*http.Request, error) { return http.NewRequest(http.MethodGet, a.text("url"), nil) },
	} {
		r, err := q()
		require.NoError(t, err)
		headers, _ := a.at("headers").(map[string]any)
		for k, v := range headers {
			r.Header.Set(k, fmt.Sprint(v))
		}
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		res.Body.Close()
		require.GreaterOrEqual(t, res.StatusCode, 400, what)
	}
	admin.post("/api/files/"+a.text("file.id")+"/complete", nil).is(http.StatusConflict, "file-not-arrived")
	admin.get("/api/files/"+a.text("file.id")+"/link").is(http.StatusConflict, "file-not-arrived")
}

// TestA19OwnWork: nobody checks what they made, not with a second role, not
// from the seat of somebody else, and not after somebody worked in theirs.
func TestA19OwnWork(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	maker, checker := gd.One(gd.Tenant, "channel_manager"), gd.One(gd.Tenant, "settlement_officer")
	draft := func(u *person, month string) string {
		doc := map[string]any{"plan": "base-" + month, "valid_from": month + "-01", "currency": "CNY", "rules": []any{map[string]any{"id": "a", "match": map[string]any{}, "basis": map[string]any{"kind": "activation"}, "formula": map[string]any{"kind": "rate", "ppm": 10_000}}}}
		id := u.post("/api/plans", doc).is(http.StatusOK).text("id")
		u.post("/api/plans/"+id+"/submit", map[string]any{}).is(http.StatusOK)
		return id
	}
	// A second role of the same person.
	p.exec(`UPDATE memberships SET roles = '{channel_manager,settlement_officer}' WHERE id = $1`, maker.Membership)
	both := p.staff(gd, gd.Tenant, "channel_manager")
	own := draft(both, "2031-01")
	both.post("/api/plans/"+own+"/publish", map[string]any{}).is(http.StatusForbidden, "own-plan")
	p.exec(`UPDATE memberships SET roles = '{channel_manager}' WHERE id = $1`, maker.Membership)
	// The maker in the checker's seat, while that one is away.
	officer := p.staff(gd, gd.Tenant, "settlement_officer")
	lend := func(u *person, to string) {
		u.post("/api/delegations", map[string]any{"to_id": to, "starts_at": time.Now().Add(-time.Minute).Format(time.RFC3339), "ends_at": time.Now().Add(time.Hour).Format(time.RFC3339)}).is(http.StatusOK)
	}
	lend(officer, maker.Membership.String())
	stand := p.staff(gd, gd.Tenant, "channel_manager")
	stand.post("/api/session/tenant", map[string]any{"membership_id": checker.Membership.String()}).is(http.StatusOK)
	require.Equal(t, checker.Name, stand.get("/api/me").text("membership.on_behalf"))
	stand.post("/api/plans/"+own+"/publish", map[string]any{}).is(http.StatusForbidden, "own-plan")
	// The checker in the maker's seat makes a draft, and then checks it from the own one.
	lend(p.staff(gd, gd.Tenant, "channel_manager"), checker.Membership.String())
	sits := p.staff(gd, gd.Tenant, "settlement_officer")
	sits.post("/api/session/tenant", map[string]any{"membership_id": maker.Membership.String()}).is(http.StatusOK)
	second := draft(sits, "2031-02")
	p.staff(gd, gd.Tenant, "settlement_officer").post("/api/plans/"+second+"/publish", map[string]any{}).is(http.StatusForbidden, "own-plan")
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'submit' AND actor_name = $2 AND on_behalf = $3`, second, checker.Name, maker.Name))
	// What one made, the other publishes.
	p.staff(gd, gd.Tenant, "settlement_officer").post("/api/plans/"+own+"/publish", map[string]any{}).is(http.StatusOK)
}

// TestA18SuspendedPartner: the people of a suspended firm are refused on their
// next request and their streams close; they still see why, and their money.
// Resumed, they work again; terminated, they do not, and nothing stays on sale.
func TestA18SuspendedPartner(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	channel, admin, support := p.tour("channel@gd.example"), p.tour("admin@p01.example"), p.tour("support@p01.example")
	firm := one[string](p, `SELECT tenant_id::text FROM memberships WHERE email = 'admin@p01.example'`)
	deliveries := "/api/deliveries"
	support.get(deliveries).is(http.StatusOK)
	support.get("/api/accounts").is(http.StatusOK)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/api/events", nil)
	require.NoError(t, err)
	open, err := support.client.Do(q)
	require.NoError(t, err)
	defer open.Body.Close()
	require.Equal(t, http.StatusOK, open.StatusCode)
	require.Positive(t, one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm))
	p.exec(`INSERT INTO webhooks (province_id, id, tenant_id, address, topics, secret, created_by) SELECT province_id, gen_random_uuid(), id, 'https://x.example', '{listing}', 'x', 'x' FROM tenants WHERE id = $1`, firm)

	counts, _ := atOnce(20, func(int) answer {
		return channel.post("/api/partners/"+firm+"/suspend", map[string]any{"reason": "连续超期"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts)
	began := time.Now()
	for _, path := range []string{deliveries, "/api/accounts", "/api/marketplace", "/api/tickets"} {
		support.get(path).is(http.StatusForbidden, "tenant-suspended")
	}
	support.get("/api/events").is(http.StatusForbidden, "tenant-suspended")
	_, err = io.Copy(io.Discard, open.Body)
	require.NoError(t, err, "the stream ends")
	require.Less(t, time.Since(began), 5*time.Second)
	require.Contains(t, admin.get("/api/home").is(http.StatusOK).all("items", "kind"), "partner_suspended")
	require.Equal(t, "suspended", admin.get("/api/partners/"+firm).is(http.StatusOK).text("state"))
	admin.get("/api/statements").is(http.StatusOK)
	admin.post("/api/invitations", map[string]any{"email": "new@p01.example", "roles": []string{"agent"}}).is(http.StatusForbidden)
	city := p.tour("admin.4401@gd.example")
	account := city.get("/api/accounts?limit=1").text("items.0.id")
	city.post("/api/accounts/"+account+"/grants", map[string]any{"partner_id": firm, "reason": "联合拜访", "fields": []string{}, "until": time.Now().AddDate(0, 0, 20).Format(time.DateOnly)}).is(http.StatusUnprocessableEntity, "grant-partner")
	p.eventually("everything is off sale", func() bool {
		return one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm) == 0
	})
	require.Zero(t, one[int64](p, `SELECT count(*) FROM webhook_deliveries WHERE tenant_id = $1`, firm), "its systems are not told any more")

	channel.post("/api/partners/"+firm+"/resume", map[string]any{}).is(http.StatusOK)
	support.get(deliveries).is(http.StatusOK)
	channel.post("/api/partners/"+firm+"/terminate", map[string]any{"reason": "合作结束"}).is(http.StatusOK)
	support.get(deliveries).is(http.StatusForbidden, "tenant-suspended")
	require.Contains(t, admin.get("/api/home").is(http.StatusOK).all("items", "kind"), "partner_terminated")
	// Nobody else's firm stopped with it.
	p.tour("support@p02.example").get(deliveries).is(http.StatusOK)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM tenants WHERE state <> 'active'`))
}
