package tenants_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/policy"
	"ecoport/tenants/tenantstest"
)

// crowd runs fifty calls at once and counts those that succeed.
func crowd(do func() error) (won int, errs []error) {
	var n atomic.Int32
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for range 50 {
		wg.Go(func() {
			<-gate
			if err := do(); err == nil {
				n.Add(1)
			} else {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	close(gate)
	wg.Wait()
	return int(n.Load()), errs
}

// later moves the clock to a time step whose code was not used yet.
func later(ctx context.Context, steps int) context.Context {
	return calendar.At(ctx, time.Now().Add(time.Duration(steps)*30*time.Second))
}

func code(t *testing.T, ctx context.Context, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, calendar.Now(ctx))
	require.NoError(t, err)
	return c
}

type secured struct {
	*tenantstest.World
	people *tenants.Service
	email  string
	secret string
	codes  []string
	actor  tenants.Actor
}

func (x *secured) signIn(ctx context.Context, code string) (tenants.Actor, tenants.Tokens, error) {
	return x.people.SignIn(ctx, tenants.Proof{Email: x.email, Password: tenantstest.Password, Code: code}, tenants.Device{Agent: "browser", Address: uuid.NewString()})
}

// enrolled is a province admin with a second factor, where one is required.
func enrolled(t *testing.T) *secured {
	t.Helper()
	rules := []policy.Rule{}
	for kind, roles := range tenantstest.Roles {
		for _, r := range roles {
			rule := policy.Rule{Kind: string(kind), Role: r}
			if r == string(kind)+"_admin" {
				rule.Permissions = []string{"member:read", "member:write", "provider:read", "provider:write"}
			}
			rules = append(rules, rule)
		}
	}
	w := tenantstest.New(t, rules...)
	x := &secured{World: w, email: tenantstest.Email(w.GD.Tenant, "province_admin"), people: w.Service(tenants.Options{SecondFactor: true, Sensitive: []tenants.Permission{"member:write"}})}
	ctx := t.Context()
	a, tokens, err := x.signIn(ctx, "")
	require.NoError(t, err)
	require.Equal(t, tenants.FactorStanding{Required: true}, a.Factor)
	require.True(t, a.Can("member:read"))
	require.False(t, a.Can("member:write"))
	f, _ := fault.As(a.Need("member:write"))
	require.ErrorIs(t, f, tenants.ErrFactorRequired)
	require.Equal(t, "member:write", f.Permission)

	_, err = x.people.Enrol(ctx, a, "not the password")
	require.Error(t, err)
	setup, err := x.people.Enrol(ctx, a, tenantstest.Password)
	require.NoError(t, err)
	require.Contains(t, setup.URI, "otpauth://totp/Ecoport:")
	require.Equal(t, "\x89PNG", string(setup.Picture[:4]))
	x.secret = setup.Secret
	_, err = x.people.ConfirmFactor(ctx, a, "000000")
	require.Error(t, err)
	x.codes, err = x.people.ConfirmFactor(ctx, a, code(t, ctx, x.secret))
	require.NoError(t, err)
	require.Len(t, x.codes, 10)
	x.actor, err = x.people.Authenticate(ctx, tokens.Access)
	require.NoError(t, err)
	require.True(t, x.actor.Can("member:write"), "the session that confirmed goes on")
	require.Equal(t, tenants.FactorStanding{Enrolled: true, Required: true, Satisfied: true}, x.actor.Factor)
	return x
}

func TestSecondFactorIsAskedAndSpent(t *testing.T) {
	t.Parallel()
	x := enrolled(t)
	ctx := later(t.Context(), 1)
	_, _, err := x.signIn(ctx, "")
	require.ErrorIs(t, err, tenants.ErrSecondFactor)
	_, _, err = x.people.SignIn(ctx, tenants.Proof{Email: x.email, Password: "wrong", Code: code(t, ctx, x.secret)}, tenants.Device{})
	require.ErrorIs(t, err, tenants.ErrSignIn, "a code does not stand for a password")
	_, _, err = x.signIn(t.Context(), code(t, t.Context(), x.secret))
	require.ErrorIs(t, err, tenants.ErrCode, "the code that confirmed is spent")

	c := code(t, ctx, x.secret)
	won, errs := crowd(func() error { _, _, err := x.signIn(ctx, c); return err })
	require.Equal(t, 1, won, "one code, one sign-in")
	for _, err := range errs {
		require.True(t, errors.Is(err, tenants.ErrCode) || errors.Is(err, tenants.ErrTooMany), "%v", err)
	}
	_, err = x.people.Enrol(ctx, x.actor, tenantstest.Password)
	require.ErrorIs(t, err, tenants.ErrFactorThere, "a set-up factor is not replaced by a new one")
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	t.Parallel()
	x := enrolled(t)
	ctx := t.Context()
	won, _ := crowd(func() error { _, _, err := x.signIn(ctx, x.codes[0]); return err })
	require.Equal(t, 1, won)
	ctx = calendar.At(ctx, time.Now().Add(2*time.Hour)) // the limiter forgets
	a, _, err := x.signIn(ctx, " "+x.codes[1]+" ")
	require.NoError(t, err)
	require.True(t, a.Can("member:write"))
	s, err := x.people.SecurityOf(ctx, a)
	require.NoError(t, err)
	require.Equal(t, 8, s.CodesLeft)

	_, err = x.people.RenewCodes(ctx, a, "wrong", x.codes[2])
	require.Error(t, err)
	fresh, err := x.people.RenewCodes(ctx, a, tenantstest.Password, x.codes[2])
	require.NoError(t, err)
	_, _, err = x.signIn(ctx, x.codes[3])
	require.ErrorIs(t, err, tenants.ErrCode, "old codes are gone")
	require.Error(t, x.people.RemoveFactor(ctx, a, tenantstest.Password, x.codes[4]))
	require.NoError(t, x.people.RemoveFactor(ctx, a, tenantstest.Password, fresh[0]))
	b, _, err := x.signIn(ctx, "")
	require.NoError(t, err)
	require.False(t, b.Can("member:write"), "off means withheld again")
	var stored string
	require.NoError(t, x.DB.Login(ctx).Raw(`SELECT coalesce(string_agg(encode(secret, 'escape'), ''), '') FROM factors`).Scan(&stored).Error)
	require.NotContains(t, stored, x.secret, "sealed at rest")
}

func TestWrongCodesCountAsGuesses(t *testing.T) {
	t.Parallel()
	x := enrolled(t)
	from := tenants.Device{Address: "10.0.0.1"}
	try := func(code string) error {
		_, _, err := x.people.SignIn(t.Context(), tenants.Proof{Email: x.email, Password: tenantstest.Password, Code: code}, from)
		return err
	}
	slowed := false
	for i := range 12 {
		require.ErrorIs(t, orElse(try(""), tenants.ErrTooMany, tenants.ErrSecondFactor), tenants.ErrSecondFactor)
		if errors.Is(try(fmt.Sprintf("%06d", i)), tenants.ErrTooMany) {
			slowed = true
			break
		}
	}
	require.True(t, slowed, "knowing the password gives no free guesses")
}

// orElse reads err as want when it is allowed.
func orElse(err, allowed, want error) error {
	if errors.Is(err, allowed) {
		return want
	}
	return err
}

// TestA25StuffingFromOneAddress is slowed for all mailboxes, and only there.
func TestA25StuffingFromOneAddress(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	slowed := 0
	for i := range 80 {
		_, _, err := w.People.SignIn(t.Context(), tenants.Proof{Email: fmt.Sprintf("a%d@b.example", i), Password: "guess"}, tenants.Device{Address: "203.0.113.9"})
		if errors.Is(err, tenants.ErrTooMany) {
			slowed++
		}
	}
	require.Positive(t, slowed)
	right := tenants.Proof{Email: tenantstest.Email(w.GD.Tenant, "analyst"), Password: tenantstest.Password}
	_, _, err := w.People.SignIn(t.Context(), right, tenants.Device{Address: "203.0.113.9"})
	require.ErrorIs(t, err, tenants.ErrTooMany)
	_, _, err = w.People.SignIn(t.Context(), right, tenants.Device{Address: "198.51.100.7"})
	require.NoError(t, err, "the right person from elsewhere is let in")
	// A burst gains nothing: guesses count when they are made.
	_, errs := crowd(func() error {
		_, _, err := w.People.SignIn(t.Context(), tenants.Proof{Email: right.Email, Password: "guess"}, tenants.Device{Address: "192.0.2.1"})
		return err
	})
	heard := 0
	for _, err := range errs {
		if errors.Is(err, tenants.ErrSignIn) {
			heard++
		}
	}
	require.LessOrEqual(t, heard, 6)
}

// TestA23RefreshRace: one token fifty times at once is two tabs, not a theft.
func TestA23RefreshRace(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	_, first, err := w.People.SignIn(t.Context(), tenants.Proof{Email: tenantstest.Email(w.GD.Tenant, "analyst"), Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	var mu sync.Mutex
	var rotated []string
	won, errs := crowd(func() error {
		_, tokens, err := w.People.Refresh(t.Context(), first.Refresh, "")
		if tokens.Refresh != "" {
			mu.Lock()
			rotated = append(rotated, tokens.Refresh)
			mu.Unlock()
		}
		return err
	})
	require.Equal(t, 50, won, "%v", errs)
	require.Len(t, rotated, 1, "exactly one rotation")
	_, _, err = w.People.Refresh(t.Context(), rotated[0], "")
	require.NoError(t, err, "the session lives on")
}

// TestA24ClockSkew: a machine's clock may be off by seconds, not by minutes.
func TestA24ClockSkew(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	_, tokens, err := w.People.SignIn(t.Context(), tenants.Proof{Email: tenantstest.Email(w.GD.Tenant, "analyst"), Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	at := func(d time.Duration) error {
		_, err := w.People.Authenticate(calendar.At(t.Context(), time.Now().Add(d)), tokens.Access)
		return err
	}
	require.NoError(t, at(tenants.AccessLife+5*time.Second))
	require.ErrorIs(t, at(tenants.AccessLife+31*time.Second), tenants.ErrSession)
	require.NoError(t, at(-5*time.Second))
	require.ErrorIs(t, at(-31*time.Second), tenants.ErrSession, "not yet issued")
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	p := tenants.Proof{Email: tenantstest.Email(w.GD.Tenant, "analyst"), Password: tenantstest.Password}
	here, mine, err := w.People.SignIn(ctx, p, tenants.Device{})
	require.NoError(t, err)
	_, other, err := w.People.SignIn(ctx, p, tenants.Device{})
	require.NoError(t, err)
	require.Error(t, w.People.ChangePassword(ctx, here, "wrong", "another long password"))
	require.Error(t, w.People.ChangePassword(ctx, here, p.Password, "short"))
	require.NoError(t, w.People.ChangePassword(ctx, here, p.Password, "another long password"))
	_, err = w.People.Authenticate(ctx, mine.Access)
	require.NoError(t, err)
	_, err = w.People.Authenticate(ctx, other.Access)
	require.ErrorIs(t, err, tenants.ErrSession)
	_, _, err = w.People.SignIn(ctx, p, tenants.Device{})
	require.ErrorIs(t, err, tenants.ErrSignIn)

	p.Password = "another long password"
	_, third, err := w.People.SignIn(ctx, p, tenants.Device{})
	require.NoError(t, err)
	require.NoError(t, w.People.EndOtherSessions(ctx, here))
	_, err = w.People.Authenticate(ctx, third.Access)
	require.ErrorIs(t, err, tenants.ErrSession)
}

func TestResetLinksWorkOnce(t *testing.T) {
	t.Parallel()
	x := enrolled(t)
	ctx := t.Context()
	admin := x.actor
	member := x.GD.One(x.GD.Tenant, "analyst")
	stranger := x.HN.One(x.HN.Tenant, "analyst")
	_, err := x.people.ResetLink(ctx, admin, stranger.Membership)
	require.ErrorIs(t, err, fault.ErrMissing, "another province's person does not exist")
	_, err = x.people.ResetLink(ctx, admin, admin.Membership)
	require.ErrorIs(t, err, tenants.ErrOwnLogin)
	_, err = x.people.ResetLink(ctx, member, member.Membership)
	require.Error(t, err)

	p := tenants.Proof{Email: member.Email, Password: tenantstest.Password}
	_, tokens, err := x.people.SignIn(ctx, p, tenants.Device{})
	require.NoError(t, err)
	secret, err := x.people.ResetLink(ctx, admin, member.Membership)
	require.NoError(t, err)
	require.ErrorIs(t, x.people.ResetPassword(ctx, "invented", "another long password"), tenants.ErrReset)
	require.ErrorIs(t, x.people.ResetPassword(calendar.At(ctx, time.Now().Add(25*time.Hour)), secret, "another long password"), tenants.ErrReset)
	won, errs := crowd(func() error { return x.people.ResetPassword(ctx, secret, "another long password") })
	require.Equal(t, 1, won)
	for _, err := range errs {
		require.ErrorIs(t, err, tenants.ErrReset)
	}
	_, err = x.people.Authenticate(ctx, tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession, "every session ends")
	p.Password = "another long password"
	_, _, err = x.people.SignIn(ctx, p, tenants.Device{})
	require.NoError(t, err)
	require.ErrorIs(t, x.people.ForgotPassword(ctx, p.Email, ""), tenants.ErrNoMail)

	// One organisation does not reset the login of somebody who also belongs to another.
	require.NoError(t, tenants.AddMembership(x.DB.Login(ctx), tenants.Membership{ProvinceID: x.GD.ID, ID: uuid.New(), TenantID: x.GD.Guangzhou.ID, UserID: member.User, Name: "x", Email: member.Email, Roles: []string{"city_admin"}}))
	_, err = x.people.ResetLink(ctx, admin, member.Membership)
	require.ErrorIs(t, err, tenants.ErrElsewhere)
	require.ErrorIs(t, x.people.DropFactor(ctx, admin, member.Membership), tenants.ErrElsewhere)
}
