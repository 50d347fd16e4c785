package tenants_test

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
	"ecoport/tenants/policy"
	"ecoport/tenants/tenantstest"
)

func peopleRules() []policy.Rule {
	held := map[string]string{
		"city_admin": "member:read member:write role:write account:read", "account_manager": "account:read quote:write", "city_channel_manager": "deal:review account:read member:read",
		"partner_admin": "member:read member:write role:write", "solution_author": "solution:submit", "agent": "deal:register",
		"province_admin": "member:read member:write role:write audit:read", "channel_manager": "plan:make", "settlement_officer": "plan:check",
	}
	var out []policy.Rule
	for kind, roles := range tenantstest.Roles {
		for _, r := range roles {
			out = append(out, policy.Rule{Kind: string(kind), Role: r, Permissions: strings.Fields(held[r])})
		}
	}
	return out
}

func permissionOf(err error) string {
	f, _ := fault.As(err)
	if f == nil {
		return ""
	}
	return f.Permission
}

func TestA14NobodyGivesWhatTheyLack(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, peopleRules()...)
	ctx := t.Context()
	admin, manager := w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Guangzhou, "account_manager")
	_, err := w.People.NewRole(ctx, admin, tenants.RoleEdit{Name: "越界", Permissions: []string{"plan:check"}})
	f, _ := fault.As(err)
	require.Equal(t, "ceiling", f.Fields[0].Code, "above the ceiling of a city")
	_, err = w.People.NewRole(ctx, manager, tenants.RoleEdit{Name: "自封", Permissions: []string{"account:read"}})
	require.Equal(t, "role:write", permissionOf(err))
	helper, err := w.People.NewRole(ctx, admin, tenants.RoleEdit{Name: "人事", Permissions: []string{"member:read", "member:write", "role:write", "account:read"}})
	require.NoError(t, err)
	_, err = w.People.NewRole(ctx, admin, tenants.RoleEdit{Name: "人事", Permissions: []string{"member:read"}})
	require.ErrorIs(t, err, tenants.ErrRoleName)
	// The helper manages people without being the admin: only what she holds.
	seat := func(a tenants.Actor) tenants.Actor {
		fresh, err := w.People.ActorByMembership(ctx, a.Tenant.ProvinceID, a.Membership)
		require.NoError(t, err)
		return fresh
	}
	members, err := w.People.Members(ctx, admin)
	require.NoError(t, err)
	of := func(a tenants.Actor) tenants.Membership {
		return members[slices.IndexFunc(members, func(m tenants.Membership) bool { return m.ID == a.Membership })]
	}
	_, err = w.People.ChangeMember(ctx, admin, manager.Membership, []string{helper.ID.String()}, nil, of(manager).Version)
	require.NoError(t, err)
	hr := seat(manager)
	require.True(t, hr.Can(tenants.MemberWrite), "an own role counts at once")
	require.False(t, hr.Can("quote:write"))
	_, _, err = w.People.Invite(ctx, hr, "new@corp.example", []string{"city_channel_manager"}, nil)
	require.Equal(t, "deal:review", permissionOf(err))
	_, _, err = w.People.Invite(ctx, hr, "new@corp.example", []string{helper.ID.String()}, nil)
	require.NoError(t, err)
	_, _, err = w.People.Invite(ctx, hr, "new2@corp.example", []string{"city_admin"}, nil)
	require.ErrorIs(t, err, tenants.ErrGrantLacking, "an admin gives anything, so only admins make admins")
	// Nor by a new password for the admin, nor by lending a seat around.
	_, err = w.People.ResetLink(ctx, hr, admin.Membership)
	require.ErrorIs(t, err, tenants.ErrAdminsOnly)
	require.ErrorIs(t, w.People.DropFactor(ctx, hr, admin.Membership), tenants.ErrAdminsOnly)
	span := tenants.Absence{From: w.GD.One(w.GD.Guangzhou, "city_channel_manager").Membership, To: w.GD.One(w.GD.Guangzhou, "industry_manager").Membership, StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}
	_, err = w.People.Delegate(ctx, hr, span)
	require.ErrorIs(t, err, tenants.ErrHoldsMore)
	span.To = admin.Membership
	_, err = w.People.Delegate(ctx, admin, span)
	require.ErrorIs(t, err, tenants.ErrOwnSeat, "an admin does not take the seat of somebody away")
	_, err = w.People.NewRole(ctx, hr, tenants.RoleEdit{Name: "更多", Permissions: []string{"deal:review"}})
	require.Equal(t, "deal:review", permissionOf(err))
	// Nobody adds to their own seat, not even an admin, nor through a role they hold.
	_, err = w.People.ChangeMember(ctx, admin, admin.Membership, []string{"city_admin", "city_channel_manager"}, nil, of(admin).Version)
	require.ErrorIs(t, err, tenants.ErrOwnSeat)
	_, err = w.People.ChangeRole(ctx, hr, helper.ID, tenants.RoleEdit{Name: "人事", Permissions: []string{"member:read", "member:write", "role:write", "account:read", "quote:write"}}, helper.Version)
	require.Error(t, err)
	// Duties of two people do not fit into one role.
	gd := w.GD.One(w.GD.Tenant, "province_admin")
	_, err = w.People.NewRole(ctx, gd, tenants.RoleEdit{Name: "全能", Permissions: []string{"plan:make", "plan:check"}})
	require.NoError(t, err, "this world knows no duties apart")
	// Roles of one tenant mean nothing in another.
	sz := w.GD.One(w.GD.Shenzhen, "city_admin")
	_, _, err = w.People.Invite(ctx, sz, "x@corp.example", []string{helper.ID.String()}, nil)
	f, _ = fault.As(err)
	require.Equal(t, "unknown", f.Fields[0].Code)
	_, err = w.People.ChangeRole(ctx, sz, helper.ID, tenants.RoleEdit{Name: "我的", Permissions: []string{"account:read"}}, helper.Version)
	require.ErrorIs(t, err, fault.ErrMissing)
	require.ErrorIs(t, w.People.DropRole(ctx, sz, helper.ID), fault.ErrMissing)
	require.ErrorIs(t, w.People.DropRole(ctx, admin, helper.ID), tenants.ErrRoleHeld)
	// A role that loses a permission takes it from its holders at once.
	_, err = w.People.ChangeRole(ctx, admin, helper.ID, tenants.RoleEdit{Name: "人事", Permissions: []string{"member:read"}}, helper.Version)
	require.NoError(t, err)
	require.False(t, seat(manager).Can(tenants.MemberWrite))
	// The only person of a partner may, for nobody else could.
	boss, err := w.People.UserByEmail(ctx, "first9000001.hn@test.example")
	require.NoError(t, err)
	seats, err := w.People.Seats(ctx, boss.ID)
	require.NoError(t, err)
	require.NoError(t, w.DB.Login(ctx).Exec(`UPDATE memberships SET state = 'removed' WHERE tenant_id = ? AND user_id <> ?`, seats[0].TenantID, boss.ID).Error)
	alone, err := w.People.ActorOf(ctx, seats[0].Membership)
	require.NoError(t, err)
	_, err = w.People.ChangeMember(ctx, alone, alone.Membership, []string{"partner_admin", "solution_author"}, nil, seats[0].Version)
	require.NoError(t, err)
}

func TestA14NobodyTakesWhatTheyLack(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, peopleRules()...)
	ctx := t.Context()
	admin, reviewer, plain := w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Guangzhou, "city_channel_manager"), w.GD.One(w.GD.Guangzhou, "industry_manager")
	fresh := func(a tenants.Actor) tenants.Actor {
		a, err := w.People.ActorByMembership(ctx, a.Tenant.ProvinceID, a.Membership)
		require.NoError(t, err)
		return a
	}
	version := func(a tenants.Actor) (v int64) {
		require.NoError(t, w.DB.Login(ctx).Raw(`SELECT version FROM memberships WHERE id = ?`, a.Membership).Scan(&v).Error)
		return v
	}
	change := func(by, who tenants.Actor, districts []string, roles ...string) error {
		_, err := w.People.ChangeMember(ctx, by, who.Membership, roles, districts, version(who))
		return err
	}
	helpers, err := w.People.NewRole(ctx, admin, tenants.RoleEdit{Name: "人事", Permissions: []string{"member:read", "member:write", "role:write"}})
	require.NoError(t, err)
	hr := w.GD.One(w.GD.Guangzhou, "account_manager")
	require.NoError(t, change(admin, hr, nil, helpers.ID.String()))
	hr = fresh(hr)
	// A second admin, so that no rule about the last one helps.
	second := w.GD.One(w.GD.Guangzhou, "city_product_manager")
	require.NoError(t, change(admin, second, nil, "city_admin"))

	for who, want := range map[*tenants.Actor]error{&second: tenants.ErrAdminsOnly, &reviewer: tenants.ErrHoldsMore} {
		require.ErrorIs(t, change(hr, *who, nil, helpers.ID.String()), want)
		require.ErrorIs(t, change(hr, *who, nil, append([]string{helpers.ID.String()}, fresh(*who).Roles...)...), want, "nor by adding what one holds")
		require.ErrorIs(t, w.People.RemoveMember(ctx, hr, who.Membership), want)
		_, err := w.People.ResetLink(ctx, hr, who.Membership)
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, w.People.DropFactor(ctx, hr, who.Membership), want)
	}
	require.Equal(t, "account:read", permissionOf(w.People.RemoveMember(ctx, hr, reviewer.Membership)), "it is named")
	// The list says so before anybody tries.
	members, err := w.People.Members(ctx, hr)
	require.NoError(t, err)
	handled, err := w.People.Handled(ctx, hr, members)
	require.NoError(t, err)
	require.False(t, handled[second.Membership] || handled[reviewer.Membership])
	require.True(t, handled[plain.Membership] && handled[hr.Membership])
	all, err := w.People.Handled(ctx, admin, members)
	require.NoError(t, err)
	for _, m := range members {
		require.True(t, all[m.ID], "an admin handles everybody")
	}

	// The quarterly review is no way around.
	r, err := w.People.OpenReview(ctx, admin)
	require.NoError(t, err)
	_, items, err := w.People.ReviewOf(ctx, hr)
	require.NoError(t, err)
	item := func(a tenants.Actor) []uuid.UUID {
		return []uuid.UUID{items[slices.IndexFunc(items, func(i tenants.ReviewItem) bool { return i.SubjectID == a.Membership })].ID}
	}
	_, err = w.People.DecideReview(ctx, hr, r.ID, item(second), false)
	require.ErrorIs(t, err, tenants.ErrAdminsOnly)
	_, err = w.People.DecideReview(ctx, hr, r.ID, item(reviewer), false)
	require.ErrorIs(t, err, tenants.ErrHoldsMore)
	_, err = w.People.DecideReview(ctx, hr, r.ID, item(second), true)
	require.ErrorIs(t, err, tenants.ErrAdminsOnly, "nor does who could not give rights prolong them")

	// Nor ending what a seat was lent for, taking back an invitation, or
	// emptying a role.
	now := time.Now()
	d, err := w.People.Delegate(ctx, reviewer, tenants.Absence{To: plain.Membership, StartsAt: now.Add(-time.Minute), EndsAt: now.Add(time.Hour)})
	require.NoError(t, err)
	_, err = w.People.EndDelegation(ctx, hr, d.ID)
	require.ErrorIs(t, err, tenants.ErrHoldsMore)
	inv, _, err := w.People.Invite(ctx, admin, "chief@corp.example", []string{"city_admin"}, nil)
	require.NoError(t, err)
	require.ErrorIs(t, w.People.Uninvite(ctx, hr, inv.ID), tenants.ErrAdminsOnly)
	quoters, err := w.People.NewRole(ctx, admin, tenants.RoleEdit{Name: "报价", Permissions: []string{"member:read", "quote:write"}})
	require.NoError(t, err)
	_, err = w.People.ChangeRole(ctx, hr, quoters.ID, tenants.RoleEdit{Name: "报价", Permissions: []string{"member:read"}}, quoters.Version)
	require.ErrorIs(t, err, tenants.ErrRoleMore)
	require.ErrorIs(t, w.People.DropRole(ctx, hr, quoters.ID), tenants.ErrRoleMore)

	// Whoever holds no more is changed and removed as before; an admin ends all
	// of it; and one's own seat is one's own to leave.
	require.NoError(t, change(hr, plain, nil, helpers.ID.String()))
	require.NoError(t, w.People.RemoveMember(ctx, hr, plain.Membership))
	_, err = w.People.DecideReview(ctx, admin, r.ID, item(reviewer), false)
	require.NoError(t, err)
	require.NoError(t, w.People.Uninvite(ctx, admin, inv.ID))
	require.ErrorIs(t, w.People.Uninvite(ctx, admin, inv.ID), fault.ErrMissing)
	require.NoError(t, w.People.DropRole(ctx, admin, quoters.ID))
	require.NoError(t, w.People.RemoveMember(ctx, fresh(second), second.Membership), "one of two admins leaves")
	require.NoError(t, w.People.RemoveMember(ctx, hr, hr.Membership))

	// An admin of one district leaves whoever works beyond it alone.
	sz, wide := w.GD.One(w.GD.Shenzhen, "city_admin"), w.GD.One(w.GD.Shenzhen, "account_manager")
	sz.Districts = []string{"440305"}
	require.ErrorIs(t, w.People.RemoveMember(ctx, sz, wide.Membership), tenants.ErrWiderSeat)
	asked, _, err := w.People.Invite(ctx, w.GD.One(w.GD.Shenzhen, "city_admin"), "wide@corp.example", []string{"account_manager"}, nil)
	require.NoError(t, err)
	require.ErrorIs(t, w.People.Uninvite(ctx, sz, asked.ID), tenants.ErrWiderSeat)
	everywhere, err := w.People.NewRole(ctx, w.GD.One(w.GD.Shenzhen, "city_admin"), tenants.RoleEdit{Name: "看单", Permissions: []string{"member:read"}})
	require.NoError(t, err)
	_, err = w.People.ChangeRole(ctx, sz, everywhere.ID, tenants.RoleEdit{Name: "看单", Permissions: []string{"member:read"}}, everywhere.Version)
	require.ErrorIs(t, err, tenants.ErrRoleWide)
	require.ErrorIs(t, w.People.DropRole(ctx, sz, everywhere.ID), tenants.ErrRoleWide)
	_, err = w.People.OpenReview(ctx, sz)
	require.ErrorIs(t, err, tenants.ErrReviewWhole, "a review by one district would stand for the whole city's")
	sz.Districts = nil
	require.NoError(t, w.People.RemoveMember(ctx, sz, wide.Membership))
}

func TestDelegation(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, peopleRules()...)
	ctx := t.Context()
	admin, manager, reviewer := w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Guangzhou, "account_manager"), w.GD.One(w.GD.Guangzhou, "city_channel_manager")
	now := time.Now()
	week := tenants.Absence{To: manager.Membership, StartsAt: now.Add(-time.Minute), EndsAt: now.Add(7 * 24 * time.Hour), Reason: "年假"}
	_, err := w.People.Delegate(ctx, manager, tenants.Absence{From: reviewer.Membership, To: manager.Membership, StartsAt: week.StartsAt, EndsAt: week.EndsAt})
	require.Equal(t, "member:write", permissionOf(err), "nobody takes another's seat")
	for _, bad := range []tenants.Absence{
		{To: reviewer.Membership, StartsAt: now, EndsAt: now.Add(time.Hour)},
		{To: w.GD.One(w.GD.Shenzhen, "city_admin").Membership, StartsAt: now, EndsAt: now.Add(time.Hour)},
		{To: manager.Membership, StartsAt: now, EndsAt: now.Add(-time.Hour)},
		{To: manager.Membership, StartsAt: now, EndsAt: now.Add(100 * 24 * time.Hour)},
	} {
		_, err := w.People.Delegate(ctx, reviewer, bad)
		f, known := fault.As(err)
		require.True(t, known && f.Kind == fault.Invalid, "%v", err)
	}
	var made atomic.Int32
	var d tenants.Delegation
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			x, err := w.People.Delegate(ctx, reviewer, week)
			switch {
			case err == nil:
				made.Add(1)
				mu.Lock()
				d = x
				mu.Unlock()
			case !errors.Is(err, tenants.ErrDelegateTwo):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, made.Load(), "50 at once lend it once")

	_, tokens, err := w.People.SignIn(ctx, tenants.Proof{Email: manager.Email, Password: tenantstest.Password}, tenants.Device{})
	require.NoError(t, err)
	own, err := w.People.Authenticate(ctx, tokens.Access)
	require.NoError(t, err)
	require.False(t, own.Can("deal:review"))
	seats, err := w.People.Seats(ctx, manager.User)
	require.NoError(t, err)
	require.Len(t, seats, 2)
	require.Equal(t, reviewer.Name, seats[1].OnBehalf)
	sits, tokens, err := w.People.SwitchTenant(ctx, own, reviewer.Membership)
	require.NoError(t, err)
	require.True(t, sits.Can("deal:review"))
	require.Equal(t, manager.User, sits.User)
	require.Equal(t, manager.Name, sits.Name)
	require.Equal(t, reviewer.User, sits.OnBehalf.User)
	require.True(t, sits.Is(reviewer.User) && sits.Is(manager.User))
	_, err = w.People.Delegate(ctx, sits, tenants.Absence{To: admin.Membership, StartsAt: now, EndsAt: now.Add(time.Hour)})
	require.ErrorIs(t, err, tenants.ErrOnBehalf, "no chains")
	require.NoError(t, w.DB.As(ctx, sits, func(tx *pg.Tx) error {
		tenants.Record(tenants.WithOrigin(ctx, "r1", "10.0.0.9"), tx, sits, tenants.Entry{Action: "test", Resource: "deal", ID: d.ID, OrgPath: sits.Tenant.Path})
		return nil
	}))
	var e tenants.AuditEvent
	require.NoError(t, w.DB.Read(ctx, admin, func(tx *pg.Tx) error {
		return pg.One(tx.Table("audit_events").Where("province_id = ? AND action = 'test'", w.GD.ID), &e)
	}))
	require.Equal(t, []string{manager.Name, reviewer.Name, "10.0.0.9"}, []string{e.ActorName, e.OnBehalf, e.Address}, "both names and the place are kept")
	_, err = w.People.VerifyAudit(ctx, w.GD.ID)
	require.NoError(t, err)
	// An admin's seat does not lend the right to decide about people.
	_, err = w.People.Delegate(ctx, admin, tenants.Absence{To: manager.Membership, StartsAt: now.Add(-time.Minute), EndsAt: now.Add(time.Hour)})
	require.NoError(t, err)
	as, _, err := w.People.SwitchTenant(ctx, own, admin.Membership)
	require.NoError(t, err)
	require.False(t, as.Can(tenants.MemberWrite))
	require.True(t, as.Can("account:read"))
	// It ends with its time, with a word, and with the seat it came from.
	_, err = w.People.Authenticate(calendar.At(ctx, week.EndsAt), tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession)
	_, err = w.People.EndDelegation(ctx, w.GD.One(w.GD.Guangzhou, "industry_manager"), d.ID)
	require.ErrorIs(t, err, fault.ErrMissing, "not by a bystander")
	_, err = w.People.EndDelegation(ctx, w.GD.One(w.GD.Shenzhen, "city_admin"), d.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.People.EndDelegation(ctx, reviewer, d.ID)
	require.NoError(t, err)
	_, err = w.People.Authenticate(ctx, tokens.Access)
	require.ErrorIs(t, err, tenants.ErrSession, "the next request is refused")
	require.NoError(t, w.People.RemoveMember(ctx, admin, manager.Membership))
	seats, err = w.People.Seats(ctx, manager.User)
	require.NoError(t, err)
	require.Empty(t, seats, "who left sits nowhere")
}

func TestQuarterlyReview(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, peopleRules()...)
	ctx := t.Context()
	admin, manager, reviewer := w.GD.One(w.GD.Guangzhou, "city_admin"), w.GD.One(w.GD.Guangzhou, "account_manager"), w.GD.One(w.GD.Guangzhou, "city_channel_manager")
	_, err := w.People.OpenReview(ctx, manager)
	require.Equal(t, "member:write", permissionOf(err))
	var opened atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			switch _, err := w.People.OpenReview(ctx, admin); {
			case err == nil:
				opened.Add(1)
			case !errors.Is(err, tenants.ErrReviewOpen):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, opened.Load())
	r, items, err := w.People.ReviewOf(ctx, admin)
	require.NoError(t, err)
	require.Len(t, items, len(tenantstest.Roles[tenants.KindCity]))
	item := func(a tenants.Actor) uuid.UUID {
		return items[slices.IndexFunc(items, func(i tenants.ReviewItem) bool { return i.SubjectID == a.Membership })].ID
	}
	_, err = w.People.DecideReview(ctx, w.GD.One(w.GD.Shenzhen, "city_admin"), r.ID, []uuid.UUID{item(manager)}, true)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.People.DecideReview(ctx, admin, r.ID, []uuid.UUID{item(manager)}, true)
	require.NoError(t, err)
	_, err = w.People.DecideReview(ctx, admin, r.ID, []uuid.UUID{item(reviewer)}, false)
	require.NoError(t, err)
	_, err = w.People.ActorByMembership(ctx, w.GD.ID, reviewer.Membership)
	require.ErrorIs(t, err, fault.ErrMissing, "removed at once")
	_, err = w.People.DecideReview(ctx, admin, r.ID, []uuid.UUID{item(admin)}, false)
	require.ErrorIs(t, err, tenants.ErrLastAdmin)

	late := calendar.At(ctx, r.DueAt.Add(time.Minute))
	require.NoError(t, w.People.RunReviews(late))
	require.NoError(t, w.People.RunReviews(late), "a second run finds nothing to do")
	members, err := w.People.Members(ctx, admin)
	require.NoError(t, err)
	left := []uuid.UUID{}
	for _, m := range members {
		left = append(left, m.ID)
	}
	require.ElementsMatch(t, []uuid.UUID{admin.Membership, manager.Membership}, left, "the confirmed stay, and the last admin")
	r, items, err = w.People.ReviewOf(ctx, admin)
	require.NoError(t, err)
	require.Equal(t, "closed", r.State)
	for _, i := range items {
		want := map[uuid.UUID]string{manager.Membership: "confirmed", reviewer.Membership: "removed", admin.Membership: "kept"}[i.SubjectID]
		if want == "" {
			want = "lapsed"
		}
		require.Equal(t, want, i.Decision, i.Label)
	}
	// A new quarter opens by itself, in every tenant.
	_, began := tenants.Quarter(r.DueAt.AddDate(0, 3, 0))
	require.NoError(t, w.People.RunReviews(calendar.At(ctx, began.Add(time.Hour))))
	_, items, err = w.People.ReviewOf(ctx, w.HN.One(w.HN.Tenant, "province_admin"))
	require.NoError(t, err)
	require.Len(t, items, len(tenantstest.Roles[tenants.KindProvince]))
}

func TestAuditIsSearched(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t, peopleRules()...)
	ctx := tenants.WithOrigin(t.Context(), "r", "203.0.113.7")
	admin := w.GD.One(w.GD.Tenant, "province_admin")
	_, _, err := w.People.Invite(ctx, admin, "one@corp.example", []string{"analyst"}, nil)
	require.NoError(t, err)
	_, _, err = w.People.Invite(ctx, w.GD.One(w.GD.Guangzhou, "city_admin"), "two@corp.example", []string{"account_manager"}, nil)
	require.NoError(t, err)
	find := func(q tenants.AuditQuery) int {
		q.Limit = 100
		found, err := w.People.Audit(ctx, admin, q)
		require.NoError(t, err)
		return len(found)
	}
	today := calendar.Date(time.Now())
	require.Equal(t, 2, find(tenants.AuditQuery{Action: "invite", From: today, To: today}))
	require.Equal(t, 1, find(tenants.AuditQuery{Action: "invite", Person: admin.Name}))
	require.Equal(t, 1, find(tenants.AuditQuery{Text: "two@corp"}))
	require.Zero(t, find(tenants.AuditQuery{To: "2020-01-01"}))
	require.Zero(t, find(tenants.AuditQuery{Text: "%"}), "what is typed is text, not a pattern")
	other, err := w.People.Audit(ctx, w.HN.One(w.HN.Tenant, "province_admin"), tenants.AuditQuery{Action: "invite", Limit: 10})
	require.NoError(t, err)
	require.Empty(t, other)
}
