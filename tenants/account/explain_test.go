package account_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/policy"
	"ecoport/tenants/tenantstest"
)

// rules are the roles of this test: what the product gives about accounts.
func rules() []policy.Rule {
	rule := func(kind, role, permissions string) policy.Rule {
		return policy.Rule{Kind: kind, Role: role, Permissions: strings.Fields(permissions)}
	}
	out := []policy.Rule{
		rule("province", "province_admin", "member:read member:write account:read account:read_all account:explain"),
		rule("province", "analyst", "account:read account:read_all"),
		rule("province", "care_agent", "account:read account:read_all account:read_contact"),
		rule("province", "channel_manager", "account:read account:read_all account:reveal account:explain"),
		rule("city", "city_admin", "member:read member:write account:read account:read_all account:write account:explain account:reveal account:grant"),
		rule("city", "city_channel_manager", "account:read account:read_all account:read_contact account:write account:explain account:grant"),
		rule("city", "account_manager", "account:read account:read_contact account:write account:explain"),
		rule("partner", "partner_admin", "member:read member:write account:read"),
		rule("partner", "agent", "account:read"),
		rule("partner", "solution_author", "solution:read"),
	}
	for kind, roles := range tenantstest.Roles {
		for _, r := range roles {
			if !slices.ContainsFunc(out, func(x policy.Rule) bool { return x.Role == r }) {
				out = append(out, rule(string(kind), r, ""))
			}
		}
	}
	return out
}

// TestExplainAgreesWithTheWall asks the wall and the explanation the same
// question for every person of a province and every account: one may never
// say yes where the other says no.
func TestExplainAgreesWithTheWall(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, rules()...)
	ctx := t.Context()
	gz, sz := w.GD.One(w.GD.Guangzhou, "city_channel_manager"), w.GD.One(w.GD.Shenzhen, "city_channel_manager")
	manager := w.GD.One(w.GD.Guangzhou, "account_manager")
	narrow := w.GD.One(w.GD.Guangzhou, "city_admin")
	require.NoError(t, w.DB.Login(ctx).Exec(`UPDATE memberships SET districts = '{440103}' WHERE id = ?`, narrow.Membership).Error)
	narrow.Districts = []string{"440103"}
	// The absent analyst's seat is lent to a colleague without sight.
	analyst, tester := w.GD.One(w.GD.Tenant, "analyst"), w.GD.One(w.GD.Tenant, "test_engineer")
	_, err := w.People.Delegate(ctx, analyst, tenants.Absence{To: tester.Membership, StartsAt: time.Now().Add(-time.Minute), EndsAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	ids := map[uuid.UUID]string{}
	add := func(a tenants.Actor, e account.Edit, owner *uuid.UUID) uuid.UUID {
		e.OwnerID = owner
		d, err := w.Accounts.Create(ctx, a, e)
		require.NoError(t, err)
		ids[d.ID] = e.Name
		return d.ID
	}
	owned := add(gz, edit(1, "天河甲公司", "440106"), &manager.Membership)
	add(gz, edit(2, "越秀乙公司", "440103"), nil)
	add(sz, edit(3, "福田丙公司", "440304"), nil)
	until := time.Now().Add(24 * time.Hour)
	_, err = w.Accounts.GiveExplicit(ctx, gz, owned, account.Explicit{Partner: w.GD.Agent.ID, Fields: []string{"contact_phone"}, Reason: "联合拜访客户", Until: until})
	require.NoError(t, err)

	province := w.GD.One(w.GD.Tenant, "province_admin")
	var people []tenants.Actor
	for _, x := range []tenants.Tenant{w.GD.Tenant, w.GD.Guangzhou, w.GD.Shenzhen, w.GD.SI, w.GD.Agent} {
		for _, role := range tenantstest.Roles[x.Kind] {
			people = append(people, w.GD.One(x, role))
		}
	}
	people[slices.IndexFunc(people, func(a tenants.Actor) bool { return a.User == narrow.User })].Districts = narrow.Districts
	sat := 0
	for id, name := range ids {
		listed, err := w.Accounts.WhoSees(ctx, province, id)
		require.NoError(t, err)
		for _, a := range people {
			_, err := w.Accounts.Get(ctx, a, id)
			sees := err == nil
			paths, missing, err := w.Accounts.ExplainPerson(ctx, province, id, a.Email)
			require.NoError(t, err)
			require.NotEmpty(t, paths)
			require.Empty(t, missing)
			require.Equal(t, sees, paths[0].Sees, "%s and %s: %+v", a.Email, name, paths[0].Steps)
			last := paths[0].Steps[len(paths[0].Steps)-1]
			require.Equal(t, sees, last.Holds, "the last step says why (not)")
			if a.Partner() && !sees && a.Can(account.Read) {
				codes := []string{}
				for _, step := range paths[0].Steps {
					if !step.Holds {
						codes = append(codes, step.Code)
					}
				}
				require.Equal(t, []string{"deal", "delivery", "service", "explicit"}, codes, "each way that is missing")
			}
			on := slices.ContainsFunc(listed, func(p account.Path) bool { return p.Email == a.Email && p.OnBehalf == "" })
			require.Equal(t, sees, on, "%s in the list of %s", a.Email, name)
			if a.User == tester.User {
				require.Len(t, paths, 2, "the own seat and the lent one")
				require.True(t, paths[1].Sees)
				require.Equal(t, analyst.Name, paths[1].OnBehalf)
				require.True(t, slices.ContainsFunc(listed, func(p account.Path) bool { return p.Email == a.Email && p.OnBehalf == analyst.Name }))
				sat++
			}
		}
	}
	require.Equal(t, 3, sat)
	// A city is not told of the people of another, nor that they exist.
	for _, email := range []string{w.GD.One(w.GD.Shenzhen, "account_manager").Email, w.HN.One(w.HN.Guangzhou, "city_admin").Email, "nobody@nowhere.example"} {
		paths, missing, err := w.Accounts.ExplainPerson(ctx, gz, owned, email)
		require.NoError(t, err)
		require.Empty(t, paths, email)
		require.Len(t, missing, 4)
		for _, locale := range []string{"zh", "en"} {
			require.Contains(t, missing[3].Words.In(locale), gz.Name, "who could let somebody see it")
			require.NotContains(t, missing[3].Words.In(locale), sz.Name)
			require.NotContains(t, missing[3].Words.In(locale), manager.Name, "who may not grant is not named")
		}
	}
	// A permission that is named can be said in words.
	paths, _, err := w.Accounts.ExplainPerson(ctx, gz, owned, manager.Email)
	require.NoError(t, err)
	require.Equal(t, account.Read, paths[0].Steps[1].Permission)
	_, _, err = w.Accounts.ExplainPerson(ctx, sz, owned, gz.Email)
	require.ErrorIs(t, err, fault.ErrMissing, "nor of accounts it does not see")
}

func TestExplicitGrants(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, rules()...)
	ctx := t.Context()
	gz, admin, sz := w.GD.One(w.GD.Guangzhou, "city_channel_manager"), w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Shenzhen, "city_channel_manager")
	agent, rival := w.GD.One(w.GD.Agent, "agent"), w.GD.One(w.GD.SI, "agent")
	d, err := w.Accounts.Create(ctx, gz, edit(1, "天河甲公司", "440106"))
	require.NoError(t, err)
	ask := account.Explicit{Partner: w.GD.Agent.ID, Fields: []string{"address", "contact_phone"}, Reason: "联合拜访客户", Until: time.Now().Add(48 * time.Hour)}
	_, err = w.Accounts.GiveExplicit(ctx, sz, d.ID, ask)
	require.ErrorIs(t, err, fault.ErrMissing, "a city grants its own accounts only")
	_, err = w.Accounts.GiveExplicit(ctx, agent, d.ID, ask)
	f, _ := fault.As(err)
	require.Equal(t, "account:grant", f.Permission)
	_, err = w.Accounts.GiveExplicit(ctx, admin, d.ID, ask)
	f, _ = fault.As(err)
	require.Equal(t, "lacking", f.Fields[0].Code, "A14: nobody grants fields they do not see")
	for name, bad := range map[string]account.Explicit{
		"a stranger":   {Partner: w.HN.SI.ID, Reason: "联合拜访客户", Until: ask.Until},
		"no reason":    {Partner: ask.Partner, Reason: " ", Until: ask.Until},
		"no end":       {Partner: ask.Partner, Reason: "联合拜访客户"},
		"half a year+": {Partner: ask.Partner, Reason: "联合拜访客户", Until: time.Now().Add(200 * 24 * time.Hour)},
		"any field":    {Partner: ask.Partner, Reason: "联合拜访客户", Until: ask.Until, Fields: []string{"owner"}},
	} {
		_, err = w.Accounts.GiveExplicit(ctx, gz, d.ID, bad)
		f, known := fault.As(err)
		require.True(t, known && f.Kind == fault.Invalid, "%s: %v", name, err)
	}
	g, err := w.Accounts.GiveExplicit(ctx, gz, d.ID, ask)
	require.NoError(t, err)
	got, err := w.Accounts.Get(ctx, agent, d.ID)
	require.NoError(t, err)
	require.Equal(t, "13812345678", got.ContactPhone)
	require.Empty(t, got.ContactName)
	_, err = w.Accounts.Get(ctx, rival, d.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.Accounts.Get(calendar.At(ctx, ask.Until.Add(time.Second)), agent, d.ID)
	require.ErrorIs(t, err, fault.ErrMissing, "its day ends it")
	require.ErrorIs(t, w.Accounts.EndExplicit(ctx, sz, d.ID, g.ID, "不再需要"), fault.ErrMissing)

	// The quarterly review ends what nobody confirms.
	_, err = w.People.OpenReview(ctx, admin)
	require.NoError(t, err)
	_, items, err := w.People.ReviewOf(ctx, admin)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(items, func(i tenants.ReviewItem) bool { return i.Kind == "grant" && i.SubjectID == g.ID }))

	var ended atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			switch err := w.Accounts.EndExplicit(ctx, gz, d.ID, g.ID, "客户不再需要"); {
			case err == nil:
				ended.Add(1)
			case !errors.Is(err, fault.ErrMissing):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, ended.Load(), "50 at once end it once")
	_, err = w.Accounts.Get(ctx, agent, d.ID)
	require.ErrorIs(t, err, fault.ErrMissing, "at once, not at the end of its day")
	grants, names, err := w.Accounts.Grants(ctx, gz, d.ID)
	require.NoError(t, err)
	require.Len(t, grants, 1)
	require.Equal(t, w.GD.Agent.Name, names[0])
	require.Equal(t, "客户不再需要", grants[0].EndReason)
	source := pg.NewID()
	require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error {
		return account.Give(ctx, tx, gz, account.GrantSpec{Account: d.ID, Partner: w.GD.Agent.ID, Source: source, Via: "deal", Number: "D1", Until: &ask.Until})
	}))
	grants, _, err = w.Accounts.Grants(ctx, gz, d.ID)
	require.NoError(t, err)
	require.ErrorIs(t, w.Accounts.EndExplicit(ctx, gz, d.ID, grants[0].ID, "试试"), account.ErrGrantOwn, "a deal's grant ends with the deal")
}

func TestRevealIsRecordedAndLimited(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, rules()...)
	ctx := t.Context()
	gz, province := w.GD.One(w.GD.Guangzhou, "city_channel_manager"), w.GD.One(w.GD.Tenant, "channel_manager")
	d, err := w.Accounts.Create(ctx, gz, edit(1, "天河甲公司", "440106"))
	require.NoError(t, err)
	seen, err := w.Accounts.Get(ctx, province, d.ID)
	require.NoError(t, err)
	require.Equal(t, "138****5678", seen.ContactPhone)
	require.Contains(t, seen.Actions, "reveal")
	_, err = w.Accounts.RevealContact(ctx, province, d.ID, " ")
	require.Error(t, err, "without a reason nothing is shown")
	_, err = w.Accounts.RevealContact(ctx, w.GD.One(w.GD.Tenant, "analyst"), d.ID, "核实客户信息")
	f, _ := fault.As(err)
	require.Equal(t, "account:reveal", f.Permission)
	_, err = w.Accounts.RevealContact(ctx, w.GD.One(w.GD.Shenzhen, "city_admin"), d.ID, "核实客户信息")
	require.ErrorIs(t, err, fault.ErrMissing)
	var shown, refused atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			u, err := w.Accounts.RevealContact(ctx, province, d.ID, "核实客户信息")
			f, known := fault.As(err)
			switch {
			case err == nil && u.ContactPhone == "13812345678":
				shown.Add(1)
			case known && f.Kind == fault.TooMany:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 30, shown.Load(), "the day's limit holds under 50 at once")
	require.EqualValues(t, 20, refused.Load())
	looks, err := w.Accounts.Looks(ctx, gz, d.ID)
	require.NoError(t, err)
	require.Equal(t, province.Name, looks[0].Name)
	require.Equal(t, 30, looks[0].Revealed)
	require.Equal(t, 31, looks[0].Times)
	_, err = w.Accounts.Looks(ctx, w.GD.One(w.GD.Shenzhen, "city_channel_manager"), d.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	var reveals int
	require.NoError(t, w.DB.Read(ctx, gz, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT count(*) FROM audit_events WHERE province_id = ? AND action = 'reveal' AND reason = '核实客户信息'`, w.GD.ID).Scan(&reveals).Error
	}))
	require.Equal(t, 30, reveals)
}
