package tenants_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
)

func TestSignInOpensTheFirstSeat(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	email := tenantstest.Email(w.GD.SI, "agent")
	a, tokens, err := w.People.SignIn(ctx, tenants.Proof{Email: "  " + email + " ", Password: tenantstest.Password}, tenants.Device{Agent: "browser", Address: "address"})
	require.NoError(t, err)
	require.Equal(t, w.GD.SI.ID, a.Tenant.ID)
	require.Equal(t, []string{"agent"}, a.Roles)
	again, err := w.People.Authenticate(ctx, tokens.Access)
	require.NoError(t, err)
	require.Equal(t, a.User, again.User)
	_, err = w.People.Authenticate(calendar.At(ctx, time.Now().Add(tenants.AccessLife+time.Minute)), tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession, "an access token is short")
	require.NoError(t, w.People.SignOut(ctx, tokens.Refresh))
	_, err = w.People.Authenticate(ctx, tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession, "the session ended, not only the cookie")
	_, _, err = w.People.Refresh(ctx, tokens.Refresh, "")
	require.ErrorIs(t, err, tenants.ErrSession)
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	_, first, err := w.People.SignIn(t.Context(), tenants.Proof{Email: tenantstest.Email(w.GD.Tenant, "analyst"), Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	_, second, err := w.People.Refresh(t.Context(), first.Refresh, "")
	require.NoError(t, err)
	require.NotEqual(t, first.Refresh, second.Refresh)
	_, twin, err := w.People.Refresh(t.Context(), first.Refresh, "")
	require.NoError(t, err, "two tabs at once")
	require.Empty(t, twin.Refresh, "the latecomer gets no second family")
	late := calendar.At(t.Context(), time.Now().Add(time.Minute))
	_, _, err = w.People.Refresh(late, first.Refresh, "")
	require.ErrorIs(t, err, tenants.ErrSession)
	_, _, err = w.People.Refresh(late, second.Refresh, "")
	require.ErrorIs(t, err, tenants.ErrSession, "A23: a replay ends the family")
}

func TestSwitchTenantOnlyToOwnSeats(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	email := tenantstest.Email(w.GD.SI, "agent")
	u, err := w.People.UserByEmail(t.Context(), email)
	require.NoError(t, err)
	second := tenants.Membership{ProvinceID: w.HN.ID, ID: pg.NewID(), TenantID: w.HN.SI.ID, UserID: u.ID, Name: u.Name, Email: u.Email, Roles: pg.Texts{"agent"}, CreatedAt: time.Now().Add(time.Hour)}
	require.NoError(t, tenants.AddMembership(w.DB.Login(t.Context()), second))
	a, _, err := w.People.SignIn(t.Context(), tenants.Proof{Email: email, Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	require.Equal(t, w.GD.ID, a.Tenant.ProvinceID)
	b, _, err := w.People.SwitchTenant(t.Context(), a, second.ID)
	require.NoError(t, err)
	require.Equal(t, w.HN.ID, b.Tenant.ProvinceID)
	_, _, err = w.People.SwitchTenant(t.Context(), b, w.GD.One(w.GD.Tenant, "analyst").Membership)
	require.ErrorIs(t, err, fault.ErrMissing)
}

// TestHears: an event reaches whom its row may reach, and nobody else.
func TestHears(t *testing.T) {
	t.Parallel()
	gd, hn := pg.NewID(), pg.NewID()
	mine, other := pg.NewID(), pg.NewID()
	actor := func(kind tenants.Kind, id [16]byte, province [16]byte, path string, districts ...string) tenants.Actor {
		return tenants.Actor{Tenant: tenants.Tenant{ID: id, ProvinceID: province, Kind: kind, Path: path}, Districts: districts}
	}
	h := tenants.Happening{Province: gd, OrgPath: "GD/4401/440106/", Partner: mine}
	for what, x := range map[string]struct {
		a     tenants.Actor
		hears bool
	}{
		"the province":       {actor(tenants.KindProvince, gd, gd, "GD/"), true},
		"another province":   {actor(tenants.KindProvince, hn, hn, "GD/"), false},
		"the city":           {actor(tenants.KindCity, other, gd, "GD/4401/"), true},
		"another city":       {actor(tenants.KindCity, other, gd, "GD/4403/"), false},
		"a longer code":      {actor(tenants.KindCity, other, gd, "GD/44010/"), false},
		"the district":       {actor(tenants.KindCity, other, gd, "GD/4401/", "440106"), true},
		"two districts":      {actor(tenants.KindCity, other, gd, "GD/4401/", "440103", "440106"), true},
		"two others":         {actor(tenants.KindCity, other, gd, "GD/4401/", "440103", "440104"), false},
		"another district":   {actor(tenants.KindCity, other, gd, "GD/4401/", "440103"), false},
		"the firm":           {actor(tenants.KindPartner, mine, gd, "GD/-/"), true},
		"another firm":       {actor(tenants.KindPartner, other, gd, "GD/-/"), false},
		"the firm elsewhere": {actor(tenants.KindPartner, mine, hn, "HN/-/"), false},
	} {
		require.Equal(t, x.hears, x.a.Hears(h), what)
	}
}

func TestCreditCode(t *testing.T) {
	t.Parallel()
	for code, ok := range map[string]bool{
		"91350100M000100Y43": true, // the example of GB 32100-2015
		"91350100M000100Y44": false,
		"91350100M000100Y4":  false,
		"91350100M000100I43": false, // I is not in the alphabet
		"":                   false,
	} {
		require.Equal(t, ok, tenants.CreditCodeOK(code), code)
	}
}

// TestLastAdminStays: two admins cannot remove each other at once.
func TestLastAdminStays(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	may := func(a tenants.Actor) tenants.Actor {
		return tenantstest.May(a, tenants.MemberRead, tenants.MemberWrite)
	}
	first, second := may(w.GD.One(w.GD.Guangzhou, "city_admin")), may(w.GD.One(w.GD.Guangzhou, "industry_manager"))
	_, err := w.People.ChangeMember(t.Context(), first, second.Membership, []string{"city_admin"}, nil, 1)
	require.NoError(t, err)
	second.Roles = []string{"city_admin"}
	errs := make(chan error, 2)
	go func() { errs <- w.People.RemoveMember(t.Context(), first, second.Membership) }()
	go func() { errs <- w.People.RemoveMember(t.Context(), second, first.Membership) }()
	a, b := <-errs, <-errs
	require.True(t, (a == nil) != (b == nil), "one stays: %v, %v", a, b)
	_, err = w.People.ChangeMember(t.Context(), first, w.GD.One(w.GD.Shenzhen, "city_admin").Membership, []string{"city_admin"}, nil, 1)
	require.ErrorIs(t, err, fault.ErrMissing, "the people of another tenant do not exist")
}

// TestTogether: what one identity reads for one page it reads in one
// transaction; another identity, a write or a failure ends it, and nobody is
// left with the sight of somebody else.
func TestTogether(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	gz, sz := w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Shenzhen, "city_admin")
	type moment struct{ At, Path, Role string }
	look := func(tx *pg.Tx) (m moment, err error) {
		err = tx.Raw(`SELECT now()::text AS at, current_setting('app.path_from') AS path, current_user::text AS role`).Scan(&m).Error
		return m, err
	}
	require.NoError(t, w.DB.Together(t.Context(), func(ctx context.Context) error {
		read := func(a tenants.Actor) (m moment) {
			require.NoError(t, w.DB.Read(ctx, a, func(tx *pg.Tx) (err error) { m, err = look(tx); return err }))
			require.Equal(t, a.Tenant.Path, m.Path)
			return m
		}
		first := read(gz)
		require.Equal(t, first, read(gz), "one moment")
		require.NotEqual(t, first.At, read(sz).At)
		require.NoError(t, w.DB.Read(ctx, gz, func(tx *pg.Tx) error {
			outer, err := look(tx)
			require.NoError(t, err)
			require.Equal(t, sz.Tenant.Path, read(sz).Path, "a read inside another's has its own")
			again, err := look(tx)
			require.Equal(t, outer, again, "and leaves the outer one alone")
			return err
		}))
		before := read(gz)
		require.Error(t, w.DB.Read(ctx, gz, func(tx *pg.Tx) error { return tx.Exec(`SELECT 1/0`).Error }))
		require.NotEqual(t, before.At, read(gz).At, "a failure spoils nothing for the next")
		before = read(gz)
		require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error {
			m, err := look(tx)
			require.NotEqual(t, before.At, m.At)
			return err
		}))
		require.NotEqual(t, before.At, read(gz).At, "after a write the page reads anew")
		require.Error(t, w.DB.Read(ctx, gz, func(tx *pg.Tx) error { return tx.Exec(`UPDATE memberships SET name = name`).Error }), "reads cannot write")
		return nil
	}))
	require.Eventually(t, func() bool { return w.DB.Pool().Stat().AcquiredConns() == 0 }, 5*time.Second, time.Millisecond, "the connection goes back")
}
