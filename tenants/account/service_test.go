package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/tenantstest"
)

func edit(n int, name, district string) account.Edit {
	return account.Edit{
		Name: name, CreditCode: tenantstest.CreditCode(n), Kind: "enterprise", Tier: "C", Industry: "sme", DistrictCode: district,
		Address: "天河路 1 号", ContactName: "陈晓琳", ContactPhone: "13812345678", ContactEmail: "chen@customer.example",
	}
}

// TestWhoSeesWhichAccount is the question this product must never get wrong:
// the same accounts asked for by everybody, in list, count, search and get.
func TestWhoSeesWhichAccount(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	all := []tenants.Permission{account.Read, account.ReadAll, account.ReadContact, account.Write, account.Explain}
	gz, sz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), all...), tenantstest.May(w.GD.One(w.GD.Shenzhen, "city_admin"), all...)
	hn := tenantstest.May(w.HN.One(w.HN.Guangzhou, "city_admin"), all...)
	manager := tenantstest.May(w.GD.One(w.GD.Guangzhou, "account_manager"), account.Read, account.ReadContact)
	colleague := w.GD.One(w.GD.Guangzhou, "industry_manager").Membership
	ids := map[string]uuid.UUID{}
	add := func(a tenants.Actor, key string, e account.Edit, owner *uuid.UUID) {
		e.OwnerID = owner
		d, err := w.Accounts.Create(ctx, a, e)
		require.NoError(t, err, key)
		ids[key] = d.ID
	}
	add(gz, "mine", edit(1, "天河甲公司", "440106"), &manager.Membership)
	add(gz, "colleague's", edit(2, "天河乙公司", "440106"), &colleague)
	add(gz, "nobody's", edit(3, "越秀丙公司", "440103"), nil)
	add(sz, "shenzhen", edit(4, "福田丁公司", "440304"), nil)
	add(hn, "elsewhere", edit(5, "天河戊公司", "440106"), nil)
	_, err := w.Accounts.Create(ctx, gz, edit(6, "福田己公司", "440304"))
	require.Error(t, err, "a city writes in its own districts only")

	narrowed := gz
	narrowed.Districts = []string{"440103"}
	province := tenantstest.May(w.GD.One(w.GD.Tenant, "analyst"), account.Read, account.ReadAll)
	agent := tenantstest.May(w.GD.One(w.GD.Agent, "agent"), account.Read)
	for who, x := range map[string]struct {
		a     tenants.Actor
		sees  []string
		masks bool
	}{
		"the city":          {gz, []string{"mine", "colleague's", "nobody's"}, false},
		"a district":        {narrowed, []string{"nobody's"}, false},
		"a manager":         {manager, []string{"mine", "nobody's"}, false},
		"the other city":    {sz, []string{"shenzhen"}, false},
		"the province":      {province, []string{"mine", "colleague's", "nobody's", "shenzhen"}, true},
		"the next province": {hn, []string{"elsewhere"}, false},
		"an agent":          {agent, nil, false},
	} {
		page, err := w.Accounts.List(ctx, x.a, account.Query{Limit: 50})
		require.NoError(t, err, who)
		total, _, err := w.Accounts.Matching(ctx, x.a, account.Query{})
		require.NoError(t, err, who)
		require.EqualValues(t, len(x.sees), total, who)
		seen := map[uuid.UUID]bool{}
		for _, r := range page {
			seen[r.ID] = true
			require.Equal(t, x.masks, r.ContactPhone != "13812345678", "%s reads contacts", who)
		}
		for key, id := range ids {
			may := false
			for _, s := range x.sees {
				may = may || s == key
			}
			require.Equal(t, may, seen[id], "%s lists %s", who, key)
			d, err := w.Accounts.Get(ctx, x.a, id)
			if may {
				require.NoError(t, err, "%s gets %s", who, key)
				require.NotEmpty(t, d.Access.Via, "%s is told why", who)
			} else {
				require.ErrorIs(t, err, fault.ErrMissing, "%s gets %s", who, key)
			}
		}
		found, err := w.Accounts.List(ctx, x.a, account.Query{Text: "公司", Limit: 50})
		require.NoError(t, err)
		n, _, err := w.Accounts.Matching(ctx, x.a, account.Query{Text: "公司"})
		require.NoError(t, err)
		require.Len(t, found, len(x.sees), "%s searches", who)
		require.EqualValues(t, len(x.sees), n)
	}
	_, err = w.Accounts.List(ctx, tenantstest.May(gz), account.Query{Limit: 1})
	f, _ := fault.As(err)
	require.Equal(t, string(account.Read), f.Permission)
}

// TestGrantsEnd: a partner sees an account through a live grant only, and only
// the fields of the grant.
func TestGrantsEnd(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	gz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), account.Read, account.ReadAll, account.Write, account.Explain)
	agent, rival := tenantstest.May(w.GD.One(w.GD.Agent, "agent"), account.Read), tenantstest.May(w.GD.One(w.GD.SI, "agent"), account.Read)
	made, err := w.Accounts.Create(ctx, gz, edit(1, "天河甲公司", "440106"))
	require.NoError(t, err)
	until, source := time.Now().Add(24*time.Hour), pg.NewID()
	require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error {
		return account.Give(ctx, tx, gz, account.GrantSpec{Account: made.ID, Partner: w.GD.Agent.ID, Source: source, Via: "deal", Number: "D1", Fields: []string{"contact_name"}, Until: &until})
	}))
	sees := func(ctx context.Context, a tenants.Actor) bool {
		_, err := w.Accounts.Get(ctx, a, made.ID)
		page, lerr := w.Accounts.List(ctx, a, account.Query{Limit: 10})
		require.NoError(t, lerr)
		require.Equal(t, err == nil, len(page) == 1, "list and get agree")
		if err != nil {
			require.ErrorIs(t, err, fault.ErrMissing)
		}
		return err == nil
	}
	require.True(t, sees(ctx, agent))
	require.False(t, sees(ctx, rival))
	d, err := w.Accounts.Get(ctx, agent, made.ID)
	require.NoError(t, err)
	require.Equal(t, "陈晓琳", d.ContactName)
	require.Empty(t, d.ContactPhone)
	require.Contains(t, d.Masked, "contact_phone")
	require.Equal(t, "deal", d.Access.Via)
	who, err := w.Accounts.WhoSees(ctx, gz, made.ID)
	require.NoError(t, err)
	named := false
	for _, r := range who {
		named = named || r.Tenant == w.GD.Agent.Name
	}
	require.False(t, named, "nobody of the firm may read accounts in this world")
	why, _, err := w.Accounts.ExplainPerson(ctx, gz, made.ID, agent.Email)
	require.NoError(t, err)
	require.Len(t, why, 1)
	require.False(t, why[0].Sees)
	require.Equal(t, "permission", why[0].Steps[len(why[0].Steps)-1].Code, "what is missing is named")
	require.False(t, sees(calendar.At(ctx, until.Add(time.Second)), agent), "time ends it")
	require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error { return account.End(ctx, tx, "deal", source) }))
	require.False(t, sees(ctx, agent), "its reason ends it")
}
