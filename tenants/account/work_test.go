package account_test

import (
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
	"ecoport/tenants/tenantstest"
)

var everything = []tenants.Permission{
	account.Read, account.ReadAll, account.ReadContact, account.Write, account.Import, account.Explain, account.Assign, account.Target, account.Suspects, account.Merge,
	account.Territories, account.Accuracy, account.Draw, account.Check,
}

func code(t *testing.T, err error) string {
	t.Helper()
	f, ok := fault.As(err)
	require.True(t, ok, "%v", err)
	return f.Code
}

// TestMergeOnceAndBack: 50 merges of one pair make one; the tombstone leads to
// the keeper, codes and grants follow, and undoing puts everything back.
func TestMergeOnceAndBack(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	gz, sz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), everything...), tenantstest.May(w.GD.One(w.GD.Shenzhen, "city_admin"), everything...)
	agent := tenantstest.May(w.GD.One(w.GD.Agent, "agent"), account.Read)
	keeper, err := w.Accounts.Create(ctx, gz, edit(1, "天河甲贸易有限公司", "440106"))
	require.NoError(t, err)
	second := edit(2, "天河甲贸易股份有限公司", "440106")
	second.Tier, second.Address = "A1", "越秀路 9 号"
	loser, err := w.Accounts.Create(ctx, gz, second)
	require.NoError(t, err)
	_, err = w.Accounts.SaveContact(ctx, gz, loser.ID, uuid.Nil, account.Contact{Layer: "leader", Name: "王总", Phone: "13800000001"}, 0)
	require.NoError(t, err)
	until := time.Now().Add(time.Hour)
	require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error {
		return account.Give(ctx, tx, gz, account.GrantSpec{Account: loser.ID, Partner: w.GD.Agent.ID, Source: pg.NewID(), Via: "deal", Number: "D1", Fields: []string{"address", "contact_name"}, Until: &until})
	}))
	_, err = w.Accounts.Merge(ctx, sz, keeper.ID, loser.ID, nil)
	require.ErrorIs(t, err, fault.ErrMissing, "another city does not even see them")
	_, err = w.Accounts.Merge(ctx, gz, keeper.ID, keeper.ID, nil)
	require.Equal(t, "merge-itself", code(t, err))

	var won atomic.Int32
	var merged account.Merged
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			one, other := keeper.ID, loser.ID
			if i%2 == 1 {
				one, other = other, one
			}
			m, err := w.Accounts.Merge(ctx, gz, one, other, []string{"tier", "address"})
			if err == nil {
				won.Add(1)
				mu.Lock()
				merged = m
				mu.Unlock()
				return
			}
			if f, ok := fault.As(err); !ok || f.Code != "merged-already" {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, won.Load())

	page, err := w.Accounts.List(ctx, gz, account.Query{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Equal(t, merged.KeeperID, page[0].ID)
	for _, who := range []tenants.Actor{gz, agent} {
		d, err := w.Accounts.Get(ctx, who, merged.LoserID)
		require.NoError(t, err, who.Name)
		require.Equal(t, merged.KeeperID, d.ID, "the tombstone leads on")
		require.Equal(t, merged.LoserName, d.MergedFrom)
	}
	_, err = w.Accounts.Get(ctx, sz, merged.LoserID)
	require.ErrorIs(t, err, fault.ErrMissing)
	require.NoError(t, w.DB.Read(ctx, gz, func(tx *pg.Tx) error {
		for n := 1; n <= 2; n++ {
			x, err := account.ByCode(tx, "4401", tenantstest.CreditCode(n))
			require.NoError(t, err)
			require.Equal(t, merged.KeeperID, x.ID, "both codes lead to the keeper")
		}
		return nil
	}))
	people, err := w.Accounts.Contacts(ctx, gz, merged.KeeperID)
	require.NoError(t, err)
	require.Len(t, people, 1)
	family, err := w.Accounts.Family(ctx, gz, merged.KeeperID)
	require.NoError(t, err)
	require.ElementsMatch(t, []uuid.UUID{keeper.ID, loser.ID}, family)

	_, err = w.Accounts.Unmerge(ctx, sz, merged.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.Accounts.Unmerge(calendar.At(ctx, time.Now().AddDate(0, 0, 31)), gz, merged.ID)
	require.Equal(t, "too-old", code(t, err))
	_, err = w.Accounts.Unmerge(ctx, gz, merged.ID)
	require.NoError(t, err)
	for id, want := range map[uuid.UUID]account.Edit{keeper.ID: edit(1, "天河甲贸易有限公司", "440106"), loser.ID: second} {
		d, err := w.Accounts.Get(ctx, gz, id)
		require.NoError(t, err)
		require.Equal(t, []string{want.Name, want.Tier, want.Address}, []string{d.Name, d.Tier, d.Address})
		require.Empty(t, d.MergedFrom)
	}
	d, err := w.Accounts.Get(ctx, agent, loser.ID)
	require.NoError(t, err, "the grant is back where it was")
	require.Equal(t, loser.ID, d.ID)
	_, err = w.Accounts.Unmerge(ctx, gz, merged.ID)
	require.Equal(t, "undone-already", code(t, err))
}

// TestOwnersInBulk: a whole batch is assigned and undone; what was handed on
// since stays; rules assign what nobody owns, in turn, also when it is new.
func TestOwnersInBulk(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	gz, sz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), everything...), tenantstest.May(w.GD.One(w.GD.Shenzhen, "city_admin"), everything...)
	manager, other := w.GD.One(w.GD.Guangzhou, "account_manager").Membership, w.GD.One(w.GD.Guangzhou, "industry_manager").Membership
	var edits []account.Edit
	for n := range 10 {
		edits = append(edits, edit(100+n, "天河"+string(rune('甲'+n))+"公司", []string{"440106", "440103"}[n%2]))
	}
	require.NoError(t, w.Accounts.Load(ctx, gz, edits, nil))
	_, err := w.Accounts.Create(ctx, sz, edit(200, "福田甲公司", "440304"))
	require.NoError(t, err)
	foreign := w.GD.One(w.GD.Shenzhen, "account_manager").Membership
	_, err = w.Accounts.Assign(ctx, gz, account.Selection{Query: &account.Query{}}, &foreign)
	require.Equal(t, "owner", code(t, err))
	_, err = w.Accounts.Assign(ctx, tenantstest.May(gz, account.Read), account.Selection{Query: &account.Query{}}, &manager)
	require.Equal(t, "denied", code(t, err))

	batch, err := w.Accounts.Assign(ctx, gz, account.Selection{Query: &account.Query{District: "440106"}}, &manager)
	require.NoError(t, err)
	require.Equal(t, 5, batch.Accounts)
	_, err = w.Accounts.Assign(ctx, gz, account.Selection{Query: &account.Query{District: "440106"}}, &manager)
	require.Equal(t, "none-chosen", code(t, err))
	owned := func(id string) int64 {
		n, _, err := w.Accounts.Matching(ctx, gz, account.Query{Owner: id})
		require.NoError(t, err)
		return n
	}
	require.EqualValues(t, 5, owned(manager.String()))
	one, err := w.Accounts.List(ctx, gz, account.Query{District: "440106", Limit: 1})
	require.NoError(t, err)
	_, err = w.Accounts.Assign(ctx, gz, account.Selection{IDs: []uuid.UUID{one[0].ID}}, &other)
	require.NoError(t, err)
	_, err = w.Accounts.Unassign(ctx, sz, batch.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	tianhe, yuexiu := gz, gz
	tianhe.Districts, yuexiu.Districts = []string{"440106"}, []string{"440103"}
	_, err = w.Accounts.Unassign(ctx, yuexiu, batch.ID)
	require.Equal(t, "wider-seat", code(t, err), "not from a seat that sees none of it")
	back, err := w.Accounts.Unassign(ctx, gz, batch.ID)
	require.NoError(t, err)
	require.Equal(t, 1, back.Kept)
	require.EqualValues(t, 9, owned("none"))

	rule := account.Rule{Name: "越秀轮流", Position: 1, Districts: []string{"440103"}, Owners: []string{manager.String(), other.String()}, Active: true}
	_, err = w.Accounts.SaveTerritory(ctx, gz, uuid.Nil, rule, 0)
	require.NoError(t, err)
	rule.Districts = []string{"440304"}
	_, err = w.Accounts.SaveTerritory(ctx, gz, uuid.Nil, rule, 0)
	require.Equal(t, "invalid", code(t, err), "a city rules over its own districts only")
	fits, err := w.Accounts.PreviewTerritories(ctx, tianhe)
	require.NoError(t, err)
	require.Empty(t, fits, "the rule fits nothing in the other district")
	_, err = w.Accounts.ApplyTerritories(ctx, tianhe, true)
	require.Equal(t, "none-chosen", code(t, err))
	require.EqualValues(t, 9, owned("none"), "a seat of one district hands out nothing of another")
	applied, err := w.Accounts.ApplyTerritories(ctx, yuexiu, false)
	require.NoError(t, err)
	require.Equal(t, 5, applied.Accounts)
	m, o := owned(manager.String()), owned(other.String())-1
	require.LessOrEqual(t, max(m, o)-min(m, o), int64(1), "in turn: %d and %d", m, o)
	require.EqualValues(t, 4, owned("none"))
	made, err := w.Accounts.Create(ctx, gz, edit(300, "越秀新公司", "440103"))
	require.NoError(t, err)
	require.NotNil(t, made.OwnerID, "a new account nobody owns goes by the rules")
	// A rule gives nothing to who has left.
	require.NoError(t, w.DB.Login(ctx).Exec(`UPDATE memberships SET state = 'removed' WHERE id IN (?, ?)`, manager, other).Error)
	require.NoError(t, w.Accounts.Load(ctx, gz, []account.Edit{edit(310, "越秀新甲公司", "440103"), edit(311, "越秀新乙公司", "440103")}, nil))
	before := owned(manager.String()) + owned(other.String())
	_, err = w.Accounts.ApplyTerritories(ctx, gz, false)
	require.Equal(t, "none-chosen", code(t, err))
	require.Equal(t, before, owned(manager.String())+owned(other.String()))
}

// TestTargets: a city marks its own accounts for a year, takes marks away, and
// nobody marks what they do not see.
func TestTargets(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	gz, sz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), everything...), tenantstest.May(w.GD.One(w.GD.Shenzhen, "city_admin"), everything...)
	require.NoError(t, w.Accounts.Load(ctx, gz, []account.Edit{edit(501, "天河目标公司", "440106"), edit(502, "越秀目标公司", "440103"), edit(503, "天河其他公司", "440106")}, nil))
	theirs, err := w.Accounts.Create(ctx, sz, edit(504, "福田目标公司", "440304"))
	require.NoError(t, err)
	marked := func(a tenants.Actor, year int, segment string) int64 {
		n, _, err := w.Accounts.Matching(ctx, a, account.Query{TargetYear: year, Segment: segment})
		require.NoError(t, err)
		return n
	}
	all := account.Selection{Query: &account.Query{Text: "目标"}}
	n, err := w.Accounts.SetTargets(ctx, gz, all, 2026, "leader")
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	_, err = w.Accounts.SetTargets(ctx, gz, all, 2026, "leader")
	require.Equal(t, "none-chosen", code(t, err), "marking again changes nothing")
	require.Equal(t, []int64{2, 2, 0, 0}, []int64{marked(gz, 2026, ""), marked(gz, 2026, "leader"), marked(gz, 2026, "government"), marked(gz, 2025, "")})
	require.Zero(t, marked(sz, 2026, ""))
	_, err = w.Accounts.SetTargets(ctx, gz, account.Selection{IDs: []uuid.UUID{theirs.ID}}, 2026, "leader")
	require.Equal(t, "none-chosen", code(t, err))
	require.Zero(t, marked(sz, 2026, ""), "another city's account is not there to mark")
	_, err = w.Accounts.SetTargets(ctx, gz, all, 26, "leader")
	require.Equal(t, "invalid", code(t, err))
	_, err = w.Accounts.SetTargets(ctx, gz, all, 2026, "friends")
	require.Equal(t, "invalid", code(t, err))
	_, err = w.Accounts.SetTargets(ctx, tenantstest.May(gz, account.Read), all, 2026, "leader")
	require.Equal(t, "denied", code(t, err))
	tianhe := gz
	tianhe.Districts = []string{"440106"}
	_, err = w.Accounts.SetTargets(ctx, tianhe, all, 2026, "")
	require.NoError(t, err)
	require.EqualValues(t, 1, marked(gz, 2026, ""), "a seat of one district takes away only there")
}

// TestAccuracyAudit: the seed decides the sample, answers make the score,
// corrections go into the account, and a closed audit is frozen.
func TestAccuracyAudit(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	spring := time.Date(2026, 5, 4, 2, 0, 0, 0, time.UTC)
	ctx := calendar.At(t.Context(), spring)
	gz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), everything...)
	hn := tenantstest.May(w.HN.One(w.HN.Tenant, "analyst"), everything...)
	draws := tenantstest.May(w.GD.One(w.GD.Tenant, "analyst"), account.Read, account.ReadAll, account.Draw, account.Accuracy)
	calls := tenantstest.May(w.GD.One(w.GD.Tenant, "care_agent"), account.Read, account.ReadAll, account.ReadContact, account.Accuracy, account.Check)
	var edits []account.Edit
	for n := range 9 {
		edits = append(edits, edit(400+n, "天河第"+string(rune('甲'+n))+"公司", "440106"))
	}
	require.NoError(t, w.Accounts.Load(ctx, gz, edits, nil))
	x, err := w.Accounts.Draw(ctx, draws, "4401", 4, "seed")
	require.NoError(t, err)
	require.Equal(t, []int{2026, 1, 4, 9}, []int{x.Year, x.Quarter, x.Size, x.Population})
	_, err = w.Accounts.Draw(ctx, draws, "4401", 4, "other")
	require.Equal(t, "drawn-already", code(t, err))
	later, err := w.Accounts.Draw(calendar.At(ctx, spring.AddDate(0, 3, 0)), draws, "4401", 4, "seed")
	require.NoError(t, err)
	sample := func(id uuid.UUID) (out []uuid.UUID, d account.AuditDetail) {
		d, err := w.Accounts.AuditOf(ctx, calls, id)
		require.NoError(t, err)
		for _, r := range d.Records {
			out = append(out, r.AccountID)
		}
		return out, d
	}
	first, d := sample(x.ID)
	again, _ := sample(later.ID)
	require.Equal(t, first, again, "the same seed draws the same sample")
	_, err = w.Accounts.AuditOf(ctx, hn, x.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	require.ErrorIs(t, w.Accounts.CheckRecord(ctx, hn, d.Records[0].ID, []account.Finding{{Field: "name", Right: true}}), fault.ErrMissing)

	said := []account.Finding{{Field: "name", Right: true}, {Field: "address", Right: true}, {Field: "contact_phone", Correction: "13900000002"}, {Field: "staff_size"}}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if w.Accounts.CheckRecord(ctx, calls, d.Records[0].ID, append([]account.Finding{}, said...)) == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, won.Load(), "one answer a record")
	got, err := w.Accounts.Get(ctx, gz, d.Records[0].AccountID)
	require.NoError(t, err)
	require.Equal(t, "13900000002", got.ContactPhone)
	require.Equal(t, 1, got.WrongFields)
	for _, r := range d.Records[1:] {
		for n := range 3 {
			require.NoError(t, w.Accounts.Unreachable(ctx, calls, r.ID), n)
		}
		require.Equal(t, "decided-already", code(t, w.Accounts.Unreachable(ctx, calls, r.ID)))
	}
	_, err = w.Accounts.CloseAudit(ctx, calls, x.ID)
	require.Equal(t, "denied", code(t, err))
	closed, err := w.Accounts.CloseAudit(ctx, draws, x.ID)
	require.NoError(t, err)
	require.Equal(t, []int{2, 4}, []int{closed.RightFields, closed.CheckedFields})
	_, err = w.Accounts.CloseAudit(ctx, draws, x.ID)
	require.Equal(t, "audit-closed", code(t, err))
	figure, ok := account.Weighted([]account.Audit{closed, {Quarter: 2, RightFields: 1, CheckedFields: 1}})
	require.True(t, ok)
	require.Equal(t, (50*500+25*1000)/75, figure)
}

// TestContactsOfThreeLayers: masked for who may not read them, and for a
// partner only what its grant says.
func TestContactsOfThreeLayers(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	ctx := t.Context()
	gz := tenantstest.May(w.GD.One(w.GD.Guangzhou, "city_admin"), everything...)
	analyst := tenantstest.May(w.GD.One(w.GD.Tenant, "analyst"), account.Read, account.ReadAll)
	agent, rival := tenantstest.May(w.GD.One(w.GD.Agent, "agent"), account.Read), tenantstest.May(w.GD.One(w.GD.SI, "agent"), account.Read)
	made, err := w.Accounts.Create(ctx, gz, edit(1, "天河甲公司", "440106"))
	require.NoError(t, err)
	_, err = w.Accounts.SaveContact(ctx, gz, made.ID, uuid.Nil, account.Contact{Layer: "chief", Name: "x", Phone: "12"}, 0)
	require.Equal(t, "invalid", code(t, err))
	people, err := w.Accounts.SaveContact(ctx, gz, made.ID, uuid.Nil, account.Contact{Layer: "leader", Name: "王总经理", Phone: "13812345678"}, 0)
	require.NoError(t, err)
	masked, err := w.Accounts.Contacts(ctx, analyst, made.ID)
	require.NoError(t, err)
	require.Equal(t, "138****5678", masked[0].Phone)
	_, err = w.Accounts.Contacts(ctx, agent, made.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	until := time.Now().Add(time.Hour)
	require.NoError(t, w.DB.As(ctx, gz, func(tx *pg.Tx) error {
		return account.Give(ctx, tx, gz, account.GrantSpec{Account: made.ID, Partner: w.GD.Agent.ID, Source: pg.NewID(), Via: "deal", Number: "D1", Fields: []string{"contact_name"}, Until: &until})
	}))
	granted, err := w.Accounts.Contacts(ctx, agent, made.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"王总经理", ""}, []string{granted[0].Name, granted[0].Phone})
	_, err = w.Accounts.Contacts(ctx, rival, made.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.Accounts.DropContact(ctx, gz, made.ID, people[0].ID)
	require.NoError(t, err)
}
