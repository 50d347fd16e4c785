package tenants_test

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
)

// federated is a world in which the GD province signs in by a real provider.
type federated struct {
	*secured
	dns   *tenantstest.DNS
	idp   *mockoidc.MockOIDC
	admin tenants.Actor
	way   tenants.Provider
}

func newFederated(t *testing.T) *federated {
	t.Helper()
	x := &federated{secured: enrolled(t), dns: tenantstest.NewDNS(t)}
	var err error
	x.idp, err = mockoidc.Run()
	require.NoError(t, err)
	t.Cleanup(func() { _ = x.idp.Shutdown() })
	x.people = x.Service(tenants.Options{
		SecondFactor: true, Sensitive: []tenants.Permission{"member:write"},
		Outbound: outbound.Rules{HTTP: true, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Resolver: outbound.Resolver(x.dns.Address)},
	})
	x.admin = x.actor
	x.way, err = x.people.AddProvider(t.Context(), x.admin, x.input())
	require.NoError(t, err)
	x.prove()
	return x
}

// prove publishes what the screen shows and has it looked up.
func (x *federated) prove() {
	d := x.domain()
	name, value := d.Record()
	x.dns.Publish(name, "v=spf1 -all", value)
	_, ok, _, err := x.people.CheckDomain(x.Context(), x.admin, d.ID)
	require.NoError(x, err)
	require.True(x, ok)
}

func (x *federated) domain() tenants.MailDomain {
	found, err := x.people.MailDomains(x.Context(), x.admin)
	require.NoError(x, err)
	require.Len(x, found, 1)
	return found[0]
}

func (x *federated) input() tenants.ProviderInput {
	return tenants.ProviderInput{Name: "统一认证", Issuer: x.idp.Issuer(), ClientID: x.idp.ClientID, Secret: x.idp.ClientSecret, Domains: []string{"Test.Example"}, Active: true}
}

// leave goes to the provider as a browser would and returns what it brings back.
func (x *federated) leave(ctx context.Context, who *mockoidc.MockUser) (sealed, state, code string) {
	address, sealed, err := x.people.Depart(ctx, x.way.ID, "/deals")
	require.NoError(x, err)
	x.idp.QueueUser(who)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(address)
	require.NoError(x, err)
	res.Body.Close()
	require.Equal(x, http.StatusFound, res.StatusCode)
	back, err := url.Parse(res.Header.Get("Location"))
	require.NoError(x, err)
	require.Equal(x, "/signin/return", back.Path)
	return sealed, back.Query().Get("state"), back.Query().Get("code")
}

func (x *federated) enter(ctx context.Context, who *mockoidc.MockUser) (tenants.Actor, tenants.Tokens, error) {
	if _, _, err := x.people.Depart(ctx, x.way.ID, "/"); err != nil {
		return tenants.Actor{}, tenants.Tokens{}, err
	}
	sealed, state, code := x.leave(ctx, who)
	a, tokens, back, err := x.people.Arrive(ctx, sealed, state, code, tenants.Device{})
	if err == nil {
		require.Equal(x, "/deals", back)
	}
	return a, tokens, err
}

func person(email, subject string) *mockoidc.MockUser {
	return &mockoidc.MockUser{Subject: subject, Email: email, EmailVerified: true}
}

func TestSignInByProvider(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	analyst := x.GD.One(x.GD.Tenant, "analyst")
	ways, err := x.people.Ways(ctx, "Whoever@TEST.example")
	require.NoError(t, err)
	require.Len(t, ways, 1)
	require.Equal(t, x.GD.Name, ways[0].Tenant)
	same, err := x.people.Ways(ctx, analyst.Email)
	require.NoError(t, err)
	require.Equal(t, ways, same, "A26: whether the mailbox exists does not show")
	none, err := x.people.Ways(ctx, "a@elsewhere.example")
	require.NoError(t, err)
	require.Empty(t, none)

	a, tokens, err := x.enter(ctx, person(analyst.Email, "s1"))
	require.NoError(t, err)
	require.Equal(t, analyst.User, a.User)
	again, err := x.people.Authenticate(ctx, tokens.Access)
	require.NoError(t, err)
	require.Equal(t, x.GD.Tenant.ID, *again.Bound)

	// The subject decides from now on, whatever the address says.
	a, _, err = x.enter(ctx, person(tenantstest.Email(x.GD.Tenant, "province_admin"), "s1"))
	require.NoError(t, err)
	require.Equal(t, analyst.User, a.User, "a changed address takes nobody's login")
	_, _, err = x.enter(ctx, person(analyst.Email, "s2"))
	require.ErrorIs(t, err, tenants.ErrOtherSubject)
	unverified := person(tenantstest.Email(x.GD.Tenant, "care_agent"), "s3")
	unverified.EmailVerified = false
	_, _, err = x.enter(ctx, unverified)
	require.ErrorIs(t, err, tenants.ErrUnverified)

	// Removed from the tenant: the provider lets nobody in any more.
	require.NoError(t, x.people.RemoveMember(ctx, x.admin, analyst.Membership))
	_, _, err = x.enter(ctx, person(analyst.Email, "s1"))
	require.ErrorIs(t, err, tenants.ErrNoSeat)
	_, err = x.people.Authenticate(ctx, tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession)
}

// TestA11ProviderOfAnotherTenant vouches for nobody but its own tenant's people.
func TestA11ProviderOfAnotherTenant(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	for _, outsider := range []tenants.Actor{x.GD.One(x.GD.Guangzhou, "city_admin"), x.GD.One(x.GD.SI, "agent"), x.HN.One(x.HN.Tenant, "province_admin")} {
		_, _, err := x.enter(ctx, person(outsider.Email, "o"+outsider.User.String()))
		require.ErrorIs(t, err, tenants.ErrNoSeat)
	}
	_, _, err := x.enter(ctx, person("somebody@elsewhere.example", "e"))
	require.ErrorIs(t, err, tenants.ErrNoSeat)

	// Somebody in two tenants reaches, by the provider of one, only that one.
	both := x.GD.One(x.GD.Tenant, "product_manager")
	second := tenants.Membership{ProvinceID: x.HN.ID, ID: both.User, TenantID: x.HN.ID, UserID: both.User, Name: "x", Email: both.Email, Roles: []string{"province_admin"}}
	require.NoError(t, tenants.AddMembership(x.DB.Login(ctx), second))
	a, tokens, err := x.enter(ctx, person(both.Email, "both"))
	require.NoError(t, err)
	_, _, err = x.people.SwitchTenant(ctx, a, second.ID)
	require.ErrorIs(t, err, tenants.ErrBound)
	require.NoError(t, x.DB.Login(ctx).Exec(`UPDATE sessions SET membership_id = ? WHERE user_id = ?`, second.ID, both.User).Error)
	_, _, err = x.people.Refresh(ctx, tokens.Refresh, "")
	require.ErrorIs(t, err, tenants.ErrSession, "nor by an edited session")
	// And does not touch devices signed in by password.
	_, _, err = x.people.SignIn(ctx, tenants.Proof{Email: both.Email, Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	mine, err := x.people.Sessions(ctx, a)
	require.NoError(t, err)
	require.Len(t, mine, 1)

	// Rows of another tenant do not exist for its admin.
	other := tenantstest.May(x.HN.One(x.HN.Tenant, "province_admin"), tenants.ProviderRead, tenants.ProviderWrite)
	list, err := x.people.Providers(ctx, other)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = x.people.ChangeProvider(ctx, other, x.way.ID, x.input())
	require.Error(t, err)
	_, _, err = x.people.CheckProvider(ctx, other, x.way.ID)
	require.Error(t, err)
}

// TestA28ReturnsWorkOnce: state, nonce, cookie and code belong together, once
// and for ten minutes.
func TestA28ReturnsWorkOnce(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	analyst := person(tenantstest.Email(x.GD.Tenant, "analyst"), "s1")
	arrive := func(ctx context.Context, sealed, state, code string) error {
		_, _, _, err := x.people.Arrive(ctx, sealed, state, code, tenants.Device{})
		return err
	}
	sealed, state, code := x.leave(ctx, analyst)
	_, otherState, otherCode := x.leave(ctx, analyst)
	require.ErrorIs(t, arrive(ctx, sealed, otherState, code), tenants.ErrTrip)
	require.ErrorIs(t, arrive(ctx, "", state, code), tenants.ErrTrip, "a link sent to a victim has no cookie")
	require.ErrorIs(t, arrive(ctx, sealed+"x", state, code), tenants.ErrTrip)
	require.ErrorIs(t, arrive(calendar.At(ctx, time.Now().Add(11*time.Minute)), sealed, state, code), tenants.ErrTrip)
	require.ErrorIs(t, arrive(ctx, sealed, state, otherCode), tenants.ErrAnswer, "another trip's code has another nonce and verifier")
	require.ErrorIs(t, arrive(ctx, sealed, state, code), tenants.ErrTrip, "the trip is over")

	sealed, state, code = x.leave(ctx, analyst)
	won, errs := crowd(func() error { return arrive(ctx, sealed, state, code) })
	require.Equal(t, 1, won, "%v", errs)
}

func TestProviderVouchesForTheSecondFactor(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	admin := person(x.email, "admin")
	a, tokens, err := x.enter(ctx, admin)
	require.NoError(t, err)
	require.False(t, a.Can("member:write"))
	require.ErrorIs(t, a.Need("member:write"), tenants.ErrFactorAsked)
	require.Error(t, x.people.Raise(ctx, a, "000000"))
	later := later(ctx, 1)
	require.NoError(t, x.people.Raise(later, a, code(t, later, x.secret)))
	a, err = x.people.Authenticate(ctx, tokens.Access)
	require.NoError(t, err)
	require.True(t, a.Can("member:write"))

	in := x.input()
	in.Vouches, in.Secret, in.Version = true, "", x.way.Version
	x.way, err = x.people.ChangeProvider(ctx, x.admin, x.way.ID, in)
	require.NoError(t, err)
	a, _, err = x.enter(ctx, admin)
	require.NoError(t, err, "an empty secret keeps the one there is")
	require.True(t, a.Can("member:write"))
	in.Active, in.Version = false, x.way.Version
	_, err = x.people.ChangeProvider(ctx, x.admin, x.way.ID, in)
	require.NoError(t, err)
	_, _, err = x.people.Depart(ctx, x.way.ID, "/")
	require.ErrorIs(t, err, tenants.ErrProviderGone)
}

func TestProviderIsChecked(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	ok, _, err := x.people.CheckProvider(ctx, x.admin, x.way.ID)
	require.NoError(t, err)
	require.True(t, ok)
	_, err = x.people.AddProvider(ctx, x.admin, x.input())
	require.ErrorIs(t, err, tenants.ErrProviderTwice)
	require.NoError(t, x.idp.Shutdown())
	ok, detail, err := x.people.CheckProvider(ctx, x.admin, x.way.ID)
	require.NoError(t, err)
	require.False(t, ok)
	require.NotEmpty(t, detail)
	_, _, err = x.people.Depart(ctx, x.way.ID, "/")
	require.ErrorIs(t, err, tenants.ErrProviderDown)
	bad := x.input()
	bad.Domains = []string{"qq.com"}
	_, err = x.people.AddProvider(ctx, x.admin, bad)
	require.Error(t, err)
	strict := x.Service(tenants.Options{}) // A37: no inner address where nothing allows it
	_, err = strict.AddProvider(ctx, x.admin, x.input())
	require.Error(t, err)
	_, _, err = strict.Depart(ctx, x.way.ID, "/")
	require.ErrorIs(t, err, tenants.ErrProviderDown)
}

// TestA11DomainsAreProven: typing somebody's domain leads nobody anywhere; who
// runs its zone proves it, and goes on proving it.
func TestA11DomainsAreProven(t *testing.T) {
	t.Parallel()
	x := newFederated(t)
	ctx := t.Context()
	analyst := x.GD.One(x.GD.Tenant, "analyst")
	offered := func() bool {
		ways, err := x.people.Ways(ctx, analyst.Email)
		require.NoError(t, err)
		return len(ways) > 0
	}
	check := func(d tenants.MailDomain) (bool, []string) {
		_, ok, seen, err := x.people.CheckDomain(ctx, x.admin, d.ID)
		require.NoError(t, err)
		return ok, seen
	}
	// Another tenant claims the same domain: it has a token of its own.
	rival := tenantstest.May(x.HN.One(x.HN.Tenant, "province_admin"), tenants.ProviderRead, tenants.ProviderWrite)
	theirs, err := x.people.AddProvider(ctx, rival, x.input())
	require.NoError(t, err)
	claimed, err := x.people.MailDomains(ctx, rival)
	require.NoError(t, err)
	require.NotEqual(t, x.domain().Token, claimed[0].Token)
	_, ok, seen, err := x.people.CheckDomain(ctx, rival, claimed[0].ID)
	require.NoError(t, err)
	require.False(t, ok, "the record of one proves it for nobody else")
	require.Len(t, seen, 2, "what stands there is shown")
	ways, err := x.people.Ways(ctx, analyst.Email)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{x.way.ID}, []uuid.UUID{ways[0].ID}, "and it leads to nobody's service but that one's")
	_, _, err = x.people.Depart(ctx, theirs.ID, "/")
	require.ErrorIs(t, err, tenants.ErrProviderGone, "not even by its id")
	_, _, _, err = x.people.CheckDomain(ctx, rival, x.domain().ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, _, _, err = x.people.CheckDomain(ctx, tenantstest.May(x.admin, tenants.ProviderRead), x.domain().ID)
	require.Equal(t, "provider:write", permissionOf(err))

	// A domain added later proves nothing for its mailboxes by the first.
	in := x.input()
	in.Domains, in.Version = []string{"test.example", "corp.example"}, x.way.Version
	x.way, err = x.people.ChangeProvider(ctx, x.admin, x.way.ID, in)
	require.NoError(t, err)
	require.NoError(t, x.DB.Login(ctx).Exec(`UPDATE memberships SET email = 'care@corp.example' WHERE id = ?`, x.GD.One(x.GD.Tenant, "care_agent").Membership).Error)
	_, _, err = x.enter(ctx, person("care@corp.example", "care"))
	require.ErrorIs(t, err, tenants.ErrNoSeat)
	in.Domains, in.Version = []string{"test.example"}, x.way.Version
	x.way, err = x.people.ChangeProvider(ctx, x.admin, x.way.ID, in)
	require.NoError(t, err)

	// The record goes: three days of grace, each counted once, whoever looks.
	name, value := x.domain().Record()
	x.dns.Publish(name)
	day := func(n int) context.Context { return calendar.At(ctx, time.Now().Add(time.Duration(n)*24*time.Hour)) }
	for n, want := range []string{"failing", "failing", "unproven"} {
		require.True(t, offered(), "day %d", n)
		ok, _ := check(x.domain())
		require.False(t, ok)
		require.NoError(t, x.people.CheckDomains(day(n)))
		require.NoError(t, x.people.CheckDomains(day(n)))
		require.Equal(t, want, x.domain().State)
	}
	require.False(t, offered())
	_, _, err = x.enter(ctx, person(analyst.Email, "s1"))
	require.ErrorIs(t, err, tenants.ErrProviderGone)
	x.dns.Publish(name, value)
	require.NoError(t, x.people.CheckDomains(day(4)))
	require.False(t, offered(), "what was lost is proven by a person")
	ok, _ = check(x.domain())
	require.True(t, ok)
	require.True(t, offered())
	// Name servers that fail say nothing about a record.
	x.dns.Fail(true)
	for n := 4; n < 9; n++ {
		require.NoError(t, x.people.CheckDomains(day(n)))
	}
	_, _, _, err = x.people.CheckDomain(ctx, x.admin, x.domain().ID)
	require.ErrorIs(t, err, tenants.ErrDomainSilent)
	require.Equal(t, "proven", x.domain().State)
	require.Equal(t, 0, x.domain().Failures)
	x.dns.Fail(false)
	// One day without, and back: counting begins anew.
	x.dns.Publish(name)
	require.NoError(t, x.people.CheckDomains(day(5)))
	x.dns.Publish(name, value)
	require.NoError(t, x.people.CheckDomains(day(6)))
	require.Equal(t, 0, x.domain().Failures)
	require.Equal(t, "proven", x.domain().State)
	var acts []string
	require.NoError(t, x.DB.Read(ctx, x.admin, func(tx *pg.Tx) error {
		return tx.Table("audit_events").Where("province_id = ? AND resource = 'mail_domain'", x.GD.ID).Order("seq").Pluck("action", &acts).Error
	}))
	require.Equal(t, []string{"prove", "miss", "unprove", "prove", "miss", "prove"}, acts)
}
