package e2e

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"ecoport/app/config"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
)

// postOffice is a real SMTP server that keeps what it is given.
type postOffice struct {
	mu    sync.Mutex
	mails []string
}

type smtpSession struct{ *postOffice }

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return smtpSession{p}, nil }
func (smtpSession) Mail(string, *smtp.MailOptions) error          { return nil }
func (smtpSession) Rcpt(string, *smtp.RcptOptions) error          { return nil }
func (smtpSession) Reset()                                        {}
func (smtpSession) Logout() error                                 { return nil }
func (s smtpSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, strings.ReplaceAll(string(b), "=\r\n", ""))
	return err
}

func (p *postOffice) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.mails...)
}

func withMail(t *testing.T) (*postOffice, func(*config.Config)) {
	t.Helper()
	p := &postOffice{}
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p, func(c *config.Config) {
		c.SMTPURL, c.MailFrom = "smtp://"+l.Addr().String(), "Ecoport <no-reply@portal.example>"
	}
}

var linkIn = regexp.MustCompile(`/(invite|reset)/([A-Za-z0-9_-]{43})`)

// TestMailsCarryLinks: invitations and forgotten passwords go by mail, and the
// secret of a link stands in the mail only (A57), whoever exists (A26).
func TestMailsCarryLinks(t *testing.T) {
	t.Parallel()
	post, mailed := withMail(t)
	p, gd, _ := withStaff(t, mailed)
	admin := p.staff(gd, gd.SI, "partner_admin")
	made := admin.post("/api/invitations", map[string]any{"email": "new@si.example", "roles": []string{"agent"}}).is(http.StatusOK)
	require.Nil(t, made.at("link"))
	p.eventually("the invitation is mailed", func() bool { return len(post.all()) == 1 })
	found := linkIn.FindStringSubmatch(post.all()[0])
	require.Len(t, found, 3, "%s", post.all()[0])
	p.visitor("new").post("/api/invitations/accept", map[string]any{"token": found[2], "name": "新人", "password": chosen}).is(http.StatusOK)

	known := tenantstest.Email(gd.Tenant, "analyst")
	ask := func(email string) answer {
		return p.visitor("forgetful").post("/api/password/forgot", map[string]any{"email": email})
	}
	same(t, "A26", ask(known).is(http.StatusOK), ask("nobody@test.example"))
	require.Equal(t, true, p.visitor("x").get("/api/session/ways").at("reset_by_mail"))
	p.eventually("the link is mailed", func() bool { return len(post.all()) == 2 })
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM river_job WHERE args->>'name' = 'tenants.mail_reset'`), "the same work for both")
	reset := linkIn.FindStringSubmatch(post.all()[1])
	require.Len(t, reset, 3)
	for _, args := range many[string](p, `SELECT args::text FROM river_job`) {
		require.NotContains(t, args, "@")
		require.NotContains(t, args, found[2])
		require.NotContains(t, args, reset[2])
	}
	use := func() answer {
		return p.visitor("forgetful").post("/api/password/reset", map[string]any{"token": reset[2], "password": "a new long password"})
	}
	counts, _ := atOnce(50, func(int) answer { return use() })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusNotFound: 49}, counts)
	p.signIn(known, "a new long password")
	use().is(http.StatusNotFound, "reset")
	for range 12 {
		ask("flood@test.example")
	}
	ask("flood@test.example").is(http.StatusTooManyRequests, "too-many-tries")
}

// TestA26TimeTellsNothing: a wrong password takes as long as an unknown mailbox.
func TestA26TimeTellsNothing(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	known := tenantstest.Email(gd.Tenant, "analyst")
	// The hashes of the small world are cheap ones; this one is as in life.
	admin := p.staff(gd, gd.Tenant, "analyst")
	admin.put("/api/me/password", map[string]any{"current": tenantstest.Password, "password": "a really long password"}).is(http.StatusOK)
	took := func(email string) time.Duration {
		best := time.Hour
		for range 4 {
			started := time.Now()
			p.visitor("x").post("/api/session", map[string]any{"email": email, "password": "wrong"})
			best = min(best, time.Since(started))
		}
		return best
	}
	a, b := took(known), took("nobody@test.example")
	require.Less(t, max(a, b), 3*min(a, b)+5*time.Millisecond, "%v %v", a, b)
}

// TestSecondFactorOverHTTP: required for what moves money or gives access,
// asked at sign-in, and named when it is missing.
func TestSecondFactorOverHTTP(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t, func(c *config.Config) { c.SecondFactor = "required" })
	admin := p.staff(gd, gd.Tenant, "province_admin")
	invitation := map[string]any{"email": "x@gd.example", "roles": []string{"analyst"}}
	refused := admin.post("/api/invitations", invitation).is(http.StatusForbidden, "second-factor-required")
	require.Equal(t, "member:write", refused.text("permission"))
	me := admin.get("/api/me").is(http.StatusOK)
	require.Equal(t, map[string]any{"enrolled": false, "required": true, "satisfied": false}, me.at("second_factor"))
	require.NotContains(t, me.at("permissions"), "member:write")
	admin.get("/api/members").is(http.StatusOK)

	setup := admin.post("/api/me/factor", map[string]any{"password": tenantstest.Password}).is(http.StatusOK)
	require.True(t, strings.HasPrefix(setup.text("picture"), "data:image/png;base64,"))
	now := func(ahead time.Duration) string {
		c, err := totp.GenerateCode(setup.text("secret"), time.Now().Add(ahead))
		require.NoError(t, err)
		return c
	}
	codes := admin.post("/api/me/factor/confirm", map[string]any{"code": now(0)}).is(http.StatusOK)
	admin.post("/api/invitations", invitation).is(http.StatusOK)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM idempotency_keys WHERE encode(body, 'escape') LIKE '%' || $1 || '%'`, codes.text("codes.0")), "codes are kept nowhere")

	email := tenantstest.Email(gd.Tenant, "province_admin")
	in := func(code string) answer {
		return p.visitor("again").post("/api/session", map[string]any{"email": email, "password": tenantstest.Password, "code": code})
	}
	in("").is(http.StatusUnauthorized, "second-factor")
	require.Empty(t, in("").Header.Values("Set-Cookie"))
	in("123456").is(http.StatusUnauthorized, "second-factor-wrong")
	in(now(30 * time.Second)).is(http.StatusOK)
	in(codes.text("codes.0")).is(http.StatusOK)
	in(codes.text("codes.0")).is(http.StatusUnauthorized, "second-factor-wrong")

	sessions := admin.get("/api/sessions").is(http.StatusOK)
	require.Len(t, sessions.all("items", "id"), 3)
	require.Equal(t, "127.0.0.1", sessions.text("items.0.address"))
	admin.do(http.MethodDelete, "/api/sessions", nil).is(http.StatusOK)
	require.Len(t, admin.get("/api/sessions").all("items", "id"), 1)
}

// TestProviderOverHTTP: the mail domain leads to the tenant's own service and
// back into the portal.
func TestProviderOverHTTP(t *testing.T) {
	t.Parallel()
	idp, err := mockoidc.Run()
	require.NoError(t, err)
	t.Cleanup(func() { _ = idp.Shutdown() })
	dns := tenantstest.NewDNS(t)
	p, gd, _ := withStaff(t, func(c *config.Config) {
		c.OutboundHTTP, c.OutboundAllow, c.DNSServer = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, dns.Address
	})
	admin := p.staff(gd, gd.Tenant, "province_admin")
	body := map[string]any{"name": "统一认证", "issuer": idp.Issuer(), "client_id": idp.ClientID, "client_secret": idp.ClientSecret, "domains": []string{"test.example"}, "vouches": true, "active": true}
	made := admin.post("/api/providers", body).is(http.StatusOK)
	require.NotContains(t, string(made.Body), idp.ClientSecret)
	require.Equal(t, true, admin.post("/api/providers/"+made.text("id")+"/check", nil).is(http.StatusOK).at("ok"))
	p.staff(gd, gd.Tenant, "analyst").get("/api/providers").is(http.StatusForbidden, "denied")

	browser := p.visitor("browser")
	email := tenantstest.Email(gd.Tenant, "analyst")
	domain := admin.get("/api/providers").is(http.StatusOK)
	require.Equal(t, "pending", domain.text("domains.0.state"))
	look := "/api/mail_domains/" + domain.text("domains.0.id") + "/check"
	require.Equal(t, false, admin.post(look, nil).is(http.StatusOK).at("ok"))
	require.Empty(t, browser.post("/api/session/discover", map[string]any{"email": email}).is(http.StatusOK).all("items", "id"), "nobody is led by a domain that is not proven")
	dns.Publish(domain.text("domains.0.record"), domain.text("domains.0.value"))
	require.Equal(t, true, admin.post(look, nil).is(http.StatusOK).at("ok"))
	way := browser.post("/api/session/discover", map[string]any{"email": email}).is(http.StatusOK)
	same(t, "A26", way, browser.post("/api/session/discover", map[string]any{"email": "nobody@test.example"}))
	trip := browser.post("/api/session/provider", map[string]any{"provider_id": way.text("items.0.id"), "back": "//evil.example/"}).is(http.StatusOK)
	idp.QueueUser(&mockoidc.MockUser{Subject: "s", Email: email, EmailVerified: true})
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Get(trip.text("address"))
	require.NoError(t, err)
	res.Body.Close()
	back, err := url.Parse(res.Header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, p.base+"/signin/return", back.Scheme+"://"+back.Host+back.Path)
	came := map[string]any{"state": back.Query().Get("state"), "code": back.Query().Get("code")}
	// A27: somebody else's browser, led to this address, has no trip of its own.
	p.visitor("victim").post("/api/session/return", came).is(http.StatusUnauthorized, "provider-trip")
	require.Equal(t, "/", browser.post("/api/session/return", came).is(http.StatusOK).text("back"))
	me := browser.get("/api/me").is(http.StatusOK)
	require.Equal(t, email, me.text("user.email"))
	browser.post("/api/session/return", came).is(http.StatusUnauthorized, "provider-trip")
}

// TestA28Fixation: a sign-in makes a session of its own, whatever the browser
// brought along.
func TestA28Fixation(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	thief := p.staff(gd, gd.SI, "agent")
	victim := p.visitor("victim")
	at, err := url.Parse(p.base + "/api/session")
	require.NoError(t, err)
	planted := thief.jar.Cookies(at)
	for _, c := range planted {
		if c.Path = "/"; c.Name == "portal_refresh" {
			c.Path = "/api/session"
		}
	}
	victim.jar.SetCookies(at, planted)
	require.Equal(t, tenantstest.Email(gd.SI, "agent"), victim.get("/api/me").text("user.email"), "the cookies were planted")
	victim.post("/api/session", map[string]any{"email": tenantstest.Email(gd.Tenant, "analyst"), "password": tenantstest.Password}).is(http.StatusOK)
	require.NotEqual(t, thief.cookie("portal_access"), victim.cookie("portal_access"))
	require.Equal(t, tenantstest.Email(gd.SI, "agent"), thief.get("/api/me").text("user.email"))
	require.Equal(t, tenantstest.Email(gd.Tenant, "analyst"), victim.get("/api/me").text("user.email"))
	// A17: names of roles and permissions are compared whole.
	admin := p.staff(gd, gd.SI, "partner_admin")
	for _, role := range []string{"province/province_admin", "r:partner_admin", "u:x", "partner_admin,agent", "*", "partner_*", "PARTNER_ADMIN", ""} {
		admin.post("/api/invitations", map[string]any{"email": "x@si.example", "roles": []string{role}}).is(http.StatusUnprocessableEntity)
	}
}

// TestA25AddressOfProxy: the header counts only from a proxy of ours.
func TestA25AddressOfProxy(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	u := p.visitor("spoofer")
	u.do(http.MethodPost, "/api/session", map[string]any{"email": tenantstest.Email(gd.Tenant, "analyst"), "password": tenantstest.Password}, "X-Real-IP", "1.2.3.4", "X-Forwarded-For", "1.2.3.4").is(http.StatusOK)
	require.Equal(t, "127.0.0.1", u.get("/api/sessions").text("items.0.address"))
	q, gd2, _ := withStaff(t, func(c *config.Config) { c.Proxies = []string{"127.0.0.1"} })
	v := q.visitor("behind a proxy")
	v.do(http.MethodPost, "/api/session", map[string]any{"email": tenantstest.Email(gd2.Tenant, "analyst"), "password": tenantstest.Password}, "X-Real-IP", "1.2.3.4").is(http.StatusOK)
	require.Equal(t, "1.2.3.4", v.get("/api/sessions").text("items.0.address"))
}

// TestNoticesOverHTTP: an act of one becomes a notice of another, live, and is
// closed when it is done.
func TestNoticesOverHTTP(t *testing.T) {
	t.Parallel()
	post, mailed := withMail(t)
	p, gd, _ := withStaff(t, mailed)
	admin := p.staff(gd, gd.SI, "partner_admin")
	made := admin.post("/api/invitations", map[string]any{"email": "new@si.example", "roles": []string{"agent"}}).is(http.StatusOK)
	require.NotEmpty(t, made.text("id"))
	p.eventually("the invitation is mailed", func() bool { return len(post.all()) == 1 })
	secret := linkIn.FindStringSubmatch(post.all()[0])[2]
	p.visitor("new").post("/api/invitations/accept", map[string]any{"token": secret, "name": "新人", "password": chosen}).is(http.StatusOK)
	p.eventually("the admin is told", func() bool { return admin.get("/api/notices/count").number("info") == 1 })
	list := admin.get("/api/notices?kind=info").is(http.StatusOK)
	require.Equal(t, "新人 接受邀请加入了本单位", list.text("items.0.text"))
	require.Equal(t, "/members", list.text("items.0.href"))
	require.Equal(t, "新人 accepted the invitation and joined", admin.do(http.MethodGet, "/api/notices", nil, "Accept-Language", "en").text("items.0.text"))
	require.Empty(t, p.staff(gd, gd.Agent, "partner_admin").get("/api/notices").all("items", "text"))
	admin.post("/api/notices/read", map[string]any{"seqs": []float64{list.number("items.0.seq")}, "read": true}).is(http.StatusOK)
	require.Zero(t, admin.get("/api/notices/count").number("info"))

	// What needs somebody is mailed at once to who wants that.
	vet := p.staff(gd, gd.Tenant, "channel_manager")
	vet.put("/api/notices/preference", map[string]any{"mail": "now"})
	p.exec(`UPDATE partners SET state = 'applied' WHERE id = $1`, gd.SI.ID)
	require.NoError(t, p.Services.DB.As(t.Context(), gd.One(gd.SI, "partner_admin"), func(tx *pg.Tx) error {
		tenants.Record(t.Context(), tx, gd.One(gd.SI, "partner_admin"), tenants.Entry{Action: "apply", Resource: "partner", ID: gd.SI.ID, Label: gd.SI.Name, OrgPath: "GD/", Partner: gd.SI.ID, From: "draft", To: "applied"})
		return nil
	}))
	p.eventually("mailed", func() bool { return len(post.all()) == 2 })
	require.Contains(t, post.all()[1], "/partners/"+gd.SI.ID.String())
	require.EqualValues(t, 1, vet.get("/api/notices/count").number("needs"))
	vet.post("/api/partners/"+gd.SI.ID.String()+"/reject", map[string]any{"reason": "资料不全", "code": "other"}).is(http.StatusOK)
	p.eventually("closed", func() bool { return vet.get("/api/notices/count").number("needs") == 0 })
	require.Equal(t, true, vet.get("/api/notices").at("items.0.done"))
}

// TestWebhooksOverHTTP: an act reaches the address, signed, and what failed can
// be sent again.
func TestWebhooksOverHTTP(t *testing.T) {
	t.Parallel()
	received := make(chan *http.Request, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { received <- q }))
	t.Cleanup(receiver.Close)
	p, gd, _ := withStaff(t, func(c *config.Config) {
		c.OutboundHTTP, c.OutboundAllow = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	admin := p.staff(gd, gd.Tenant, "province_admin")
	made := admin.post("/api/webhooks", map[string]any{"address": receiver.URL, "topics": []string{"member"}, "active": true}).is(http.StatusOK)
	id := made.text("id")
	require.True(t, strings.HasPrefix(made.text("secret"), "whsec_"))
	require.Nil(t, admin.get("/api/webhooks/"+id).at("secret"))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM idempotency_keys WHERE encode(body, 'escape') LIKE '%whsec_%'`))
	admin.post("/api/invitations", map[string]any{"email": "x@gd.example", "roles": []string{"analyst"}}).is(http.StatusOK)
	select {
	case q := <-received:
		require.NotEmpty(t, q.Header.Get("webhook-signature"))
	case <-time.After(10 * time.Second):
		t.Fatal("nothing arrived")
	}
	p.eventually("delivered", func() bool { return admin.get("/api/webhooks/"+id+"/deliveries").text("items.0.state") == "delivered" })
	sent := admin.get("/api/webhooks/" + id + "/deliveries")
	require.NotContains(t, sent.text("items.0.body"), "@")
	admin.post("/api/webhooks/"+id+"/deliveries/"+sent.text("items.0.id")+"/replay", nil).is(http.StatusOK)
	q := <-received
	require.Equal(t, sent.text("items.0.id"), q.Header.Get("webhook-id"))
	admin.post("/api/webhooks/"+id+"/test", nil).is(http.StatusOK)
	<-received
	p.staff(gd, gd.Tenant, "analyst").get("/api/webhooks").is(http.StatusForbidden, "denied")
	for _, args := range many[string](p, `SELECT args::text FROM river_job`) {
		require.NotContains(t, args, "whsec_")
		require.NotContains(t, args, receiver.URL)
	}
}
