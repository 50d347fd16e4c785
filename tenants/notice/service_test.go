package notice_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/notice"
	"ecoport/tenants/policy"
	"ecoport/tenants/tenantstest"
)

var rules = []notice.Rule{
	{Resource: "deal", Action: "register", To: notice.City, Permission: "deal:review", Kind: notice.Needs, Due: 2, While: []string{"under_review"}, Words: fault.Words{Zh: "{tenant} 报备了 {label}", En: "{tenant} registered {label}"}, Link: "/deals/{id}"},
	{Resource: "deal", Action: "approve", To: notice.Doer, Did: "register", Permission: "deal:register", Kind: notice.Info, Words: fault.Words{Zh: "{label} 已受保护", En: "{label} is protected"}, Link: "/deals/{id}"},
	{Resource: "deal", Action: "approve", To: notice.Partner, Permission: "deal:read", Kind: notice.Info, Words: fault.Words{Zh: "x", En: "x"}},
	{Resource: "partner", Action: "apply", To: notice.Province, Permission: "partner:vet", Kind: notice.Needs, Words: fault.Words{Zh: "x", En: "x"}},
}

type world struct {
	*tenantstest.World
	s    *notice.Service
	deal tenants.Entry
}

func newWorld(t *testing.T) *world {
	t.Helper()
	var table []policy.Rule
	for kind, roles := range tenantstest.Roles {
		for _, r := range roles {
			rule := policy.Rule{Kind: string(kind), Role: r}
			switch r {
			case "city_channel_manager":
				rule.Permissions = []string{"deal:review"}
			case "agent":
				rule.Permissions = []string{"deal:register"}
			case "partner_admin":
				rule.Permissions = []string{"deal:read"}
			case "channel_manager":
				rule.Permissions = []string{"partner:vet"}
			}
			table = append(table, rule)
		}
	}
	w := &world{World: tenantstest.New(t, table...)}
	w.s = notice.NewService(w.DB, w.People, rules, nil, "https://portal.example")
	w.deal = tenants.Entry{Resource: "deal", ID: pg.NewID(), Label: "D1 某公司", OrgPath: w.GD.Guangzhou.Path + "440106/", Partner: w.GD.Agent.ID}
	return w
}

// act records something and returns it as the trail has it.
func (w *world) act(a tenants.Actor, e tenants.Entry, action, from, to string) tenants.AuditEvent {
	w.Helper()
	e.Action, e.From, e.To = action, from, to
	ctx := w.Context()
	var seq struct{ Seq int64 }
	require.NoError(w, w.DB.As(ctx, a, func(tx *pg.Tx) error { tenants.Record(ctx, tx, a, e); return nil }))
	require.NoError(w, w.DB.Read(ctx, tenants.System(a.Tenant.ProvinceID, "test"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT max(seq) AS seq FROM audit_events WHERE province_id = ?`, a.Tenant.ProvinceID).Scan(&seq).Error
	}))
	events, err := w.People.Trail(ctx, a.Tenant.ProvinceID, []int64{seq.Seq})
	require.NoError(w, err)
	return events[0]
}

func (w *world) list(a tenants.Actor, f notice.Filter) []notice.Notice {
	w.Helper()
	if f.Limit == 0 {
		f.Limit = 50
	}
	out, err := w.s.List(w.Context(), a, f)
	require.NoError(w, err)
	return out
}

func TestNoticesReachWhoIsMeant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	agent, reviewer := w.GD.One(w.GD.Agent, "agent"), w.GD.One(w.GD.Guangzhou, "city_channel_manager")
	registered := w.act(agent, w.deal, "register", "", "registered")

	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := w.s.Fan(ctx, registered); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := w.list(reviewer, notice.Filter{})
	require.Len(t, got, 1, "told once, however often the job runs")
	n := got[0]
	require.Equal(t, notice.Needs, n.Kind)
	require.Equal(t, w.GD.Agent.Name+" 报备了 D1 某公司", w.s.Book().Say(n, "zh"))
	require.Equal(t, "/deals/"+w.deal.ID.String(), w.s.Book().Link(n))
	require.Equal(t, calendar.Date(calendar.AddWorkingDays(registered.At, 2)), calendar.Date(*n.DueAt))
	for _, other := range []tenants.Actor{
		agent, w.GD.One(w.GD.Shenzhen, "city_channel_manager"), w.GD.One(w.GD.Guangzhou, "account_manager"), w.GD.One(w.GD.SI, "agent"),
		w.GD.One(w.GD.Tenant, "channel_manager"), w.HN.One(w.HN.Guangzhou, "city_channel_manager"),
	} {
		require.Empty(t, w.list(other, notice.Filter{}), other.Email)
	}

	// Taking it up leaves it open; deciding closes it and tells the registrar once, by the stronger rule.
	require.NoError(t, w.s.Fan(ctx, w.act(reviewer, w.deal, "start_review", "registered", "under_review")))
	require.Nil(t, w.list(reviewer, notice.Filter{})[0].ClosedAt)
	approved := w.act(reviewer, w.deal, "approve", "under_review", "protected")
	require.NoError(t, w.s.Fan(ctx, approved))
	require.NotNil(t, w.list(reviewer, notice.Filter{})[0].ClosedAt)
	require.Empty(t, w.list(reviewer, notice.Filter{Unread: true}))
	told := w.list(agent, notice.Filter{Kind: notice.Info})
	require.Len(t, told, 1)
	require.Len(t, w.list(w.GD.One(w.GD.Agent, "partner_admin"), notice.Filter{}), 1)

	needs, info, err := w.s.Count(ctx, agent)
	require.NoError(t, err)
	require.Equal(t, []int64{0, 1}, []int64{needs, info})
	require.NoError(t, w.s.Read(ctx, reviewer, []int64{told[0].Seq}, true))
	_, info, err = w.s.Count(ctx, agent)
	require.NoError(t, err)
	require.EqualValues(t, 1, info, "nobody reads for another")
	require.NoError(t, w.s.Read(ctx, agent, []int64{told[0].Seq}, true))
	require.Empty(t, w.list(agent, notice.Filter{Unread: true}))
	require.NoError(t, w.s.Read(ctx, agent, []int64{told[0].Seq}, false))
	require.NoError(t, w.s.ReadAll(ctx, agent, "", told[0].Seq))
	require.Empty(t, w.list(agent, notice.Filter{Unread: true}))
}

func TestJobsOutOfOrderLeaveNothingOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	agent, reviewer := w.GD.One(w.GD.Agent, "agent"), w.GD.One(w.GD.Guangzhou, "city_channel_manager")
	registered := w.act(agent, w.deal, "register", "", "registered")
	approved := w.act(reviewer, w.deal, "approve", "registered", "protected")
	require.NoError(t, w.s.Fan(ctx, approved))
	require.NoError(t, w.s.Fan(ctx, registered))
	needs, _, err := w.s.Count(ctx, reviewer)
	require.NoError(t, err)
	require.Zero(t, needs, "what is done is not asked for")
}

func TestDistrictsAndRemovedPeopleHearNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	reviewer := w.GD.One(w.GD.Guangzhou, "city_channel_manager")
	require.NoError(t, w.DB.Login(ctx).Exec(`UPDATE memberships SET districts = '{440103}' WHERE id = ?`, reviewer.Membership).Error)
	require.NoError(t, w.s.Fan(ctx, w.act(w.GD.One(w.GD.Agent, "agent"), w.deal, "register", "", "registered")))
	require.Empty(t, w.list(reviewer, notice.Filter{}))
	require.NoError(t, w.DB.Login(ctx).Exec(`UPDATE memberships SET districts = '{}', state = 'removed' WHERE id = ?`, reviewer.Membership).Error)
	other := w.deal
	other.ID = uuid.New()
	require.NoError(t, w.s.Fan(ctx, w.act(w.GD.One(w.GD.Agent, "agent"), other, "register", "", "registered")))
	require.Empty(t, w.list(reviewer, notice.Filter{}))
}

func TestPreference(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	agent := w.GD.One(w.GD.Agent, "agent")
	choice, possible, err := w.s.Preference(ctx, agent)
	require.NoError(t, err)
	require.Equal(t, "daily", choice)
	require.False(t, possible)
	require.Error(t, w.s.SetPreference(ctx, agent, "hourly"))
	require.NoError(t, w.s.SetPreference(ctx, agent, "now"))
	choice, _, err = w.s.Preference(ctx, agent)
	require.NoError(t, err)
	require.Equal(t, "now", choice)
	require.NoError(t, w.s.Digest(ctx, w.GD.ID))
}

// TestGuardsVeto: who may not see the record hears nothing of it.
func TestGuardsVeto(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	asked := 0
	w.s.Ask("deal", func(context.Context, tenants.Actor, uuid.UUID) error { asked++; return fault.ErrMissing })
	require.NoError(t, w.s.Fan(ctx, w.act(w.GD.One(w.GD.Agent, "agent"), w.deal, "register", "", "registered")))
	require.Equal(t, 1, asked)
	require.Empty(t, w.list(w.GD.One(w.GD.Guangzhou, "city_channel_manager"), notice.Filter{}))
}
