package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// records makes the accounts look worked on: people of three layers, targets
// of two years, rules of who gets whom, duplicates, saved views and audits.
func (l *Loader) records(ctx context.Context) error {
	for i, c := range l.cities {
		if err := l.city(ctx, i, c); err != nil {
			return err
		}
	}
	if err := l.twins(ctx); err != nil {
		return err
	}
	if err := l.views(ctx); err != nil {
		return err
	}
	return l.audits(ctx)
}

var posts = map[string][]string{"leader": {"总经理", "分管副总", "局长"}, "contact": {"信息中心主任", "办公室主任", "采购经理"}, "staff": {"网管", "前台", "财务"}}

func (l *Loader) city(ctx context.Context, i int, c tenants.Tenant) error {
	r := rand.New(rand.NewPCG(uint64(i), 8)) //nolint:gosec // invented data
	channel := l.one(c.Code, "city_channel_manager")
	found, err := l.Accounts.List(ctx, channel, account.Query{ByUpdated: true, Limit: 60})
	if err != nil || len(found) == 0 {
		return err
	}
	for n, x := range found[:min(len(found), 12)] {
		at := l.at(ctx, l.ago(20+float64(n)))
		for _, layer := range account.Layers {
			if r.IntN(4) == 0 {
				continue
			}
			person := account.Contact{Layer: layer, Name: personName(r), Post: pick(r, posts[layer]), Phone: phone(r), Email: fmt.Sprintf("p%d.%d@customer.example", i, n)}
			if _, err := l.Accounts.SaveContact(at, channel, x.ID, uuid.Nil, person, 0); err != nil {
				return err
			}
		}
	}
	year := l.now.Year()
	var sold []uuid.UUID
	for n, x := range found {
		if n%2 == 0 {
			sold = append(sold, x.ID)
		}
	}
	for _, t := range []struct {
		sel     account.Selection
		year    int
		segment string
	}{
		{account.Selection{Query: &account.Query{Tier: "A1"}}, year, "leader"},
		{account.Selection{Query: &account.Query{Kind: "government", Tier: "A2"}}, year, "government_body"},
		{account.Selection{IDs: sold}, year, "industrial"},
		{account.Selection{IDs: sold}, year - 1, "industrial"},
		{account.Selection{Query: &account.Query{Tier: "A1"}}, year - 1, "leader"},
	} {
		if _, err := l.Accounts.SetTargets(l.at(ctx, l.ago(30)), channel, t.sel, t.year, t.segment); err != nil {
			if f, ok := fault.As(err); !ok || f.Code != "none-chosen" {
				return err
			}
		}
	}
	if i > 3 {
		return nil
	}
	owners := []string{}
	for _, m := range l.staff[c.Code+"/account_manager"] {
		owners = append(owners, m.Membership.String())
	}
	district := l.places[c.Code][0]
	for n, rule := range []account.Rule{
		{Name: "A 级客户由资深客户经理负责", Tiers: []string{"A1", "A2"}, Owners: owners[:1], Active: true},
		{Name: district.Name + "轮流分配", Districts: []string{district.Code}, Owners: owners, Active: true},
		{Name: "教育行业", Industries: []string{"education"}, Owners: owners[1:], Active: i > 0},
	} {
		rule.Position = n + 1
		if _, err := l.Accounts.SaveTerritory(l.at(ctx, l.ago(60)), channel, uuid.Nil, rule, 0); err != nil {
			return err
		}
	}
	if i != 1 {
		return nil
	}
	_, err = l.Accounts.ApplyTerritories(l.at(ctx, l.ago(12)), channel, false)
	if f, ok := fault.As(err); ok && f.Code == "none-chosen" {
		return nil
	}
	return err
}

// twins records a few customers twice, as it happens, and one in two cities.
func (l *Loader) twins(ctx context.Context) error {
	one, two := l.cities[0], l.cities[1]
	channel := l.one(one.Code, "city_channel_manager")
	found, err := l.Accounts.List(ctx, channel, account.Query{Kind: "enterprise", Limit: 6})
	if err != nil || len(found) < 3 {
		return err
	}
	again := func(a tenants.Actor, x account.Account, code, district, name string) error {
		_, err := l.Accounts.Create(l.at(ctx, l.ago(9)), a, account.Edit{
			Name: name, CreditCode: code, Kind: x.Kind, Tier: x.Tier, Industry: x.Industry, DistrictCode: district, Address: x.Address + "二楼", ContactName: x.ContactName, ContactPhone: phone(l.rng), StaffSize: x.StaffSize + 7,
		})
		return err
	}
	for i, x := range found[:3] {
		name := strings.Replace(x.Name, "有限公司", "股份有限公司", 1)
		if name == x.Name {
			name = x.Name + "分公司"
		}
		if err := again(channel, x, creditCode(x.DistrictCode, 8_000_000+i), x.DistrictCode, name); err != nil {
			return err
		}
	}
	if err := again(l.one(two.Code, "city_channel_manager"), found[0], found[0].CreditCode, l.places[two.Code][0].Code, found[0].Name); err != nil {
		return err
	}
	args, err := json.Marshal(account.SuspectJob{Province: l.province.ID})
	if err != nil {
		return err
	}
	if err := l.Accounts.SuspectJob(l.at(ctx, l.ago(8)), args); err != nil {
		return err
	}
	pairs, _, err := l.Accounts.Suspects(ctx, channel, account.SuspectQuery{State: "open", Limit: 100})
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.OneID == found[2].ID || p.OtherID == found[2].ID {
			loser := p.OneID
			if loser == found[2].ID {
				loser = p.OtherID
			}
			_, err := l.Accounts.Merge(l.at(ctx, l.ago(6)), channel, found[2].ID, loser, []string{"staff_size"})
			return err
		}
	}
	return nil
}

func (l *Loader) views(ctx context.Context) error {
	for _, c := range l.cities[:2] {
		for _, v := range []struct {
			role string
			view tenants.View
		}{
			{"city_channel_manager", tenants.View{Name: "待分配的 A 级客户", Query: "tier=A1&owner=none", Shared: true}},
			{"city_channel_manager", tenants.View{Name: "资料待完善", Query: "quality=70&sort=quality", Columns: []string{"kind"}}},
			{"account_manager", tenants.View{Name: "我的客户", Query: "owner=me"}},
		} {
			v.view.List = "accounts"
			if v.view.Columns == nil {
				v.view.Columns = []string{}
			}
			if _, err := l.Tenants.SaveView(l.at(ctx, l.ago(15)), l.one(c.Code, v.role), uuid.Nil, v.view); err != nil {
				return err
			}
		}
	}
	return nil
}

// audits are one closed quarter of four cities and one that is being asked.
func (l *Loader) audits(ctx context.Context) error {
	draws, calls := l.one("GD", "analyst"), l.one("GD", "care_agent")
	_, quarter := account.Quarter(l.now)
	var past time.Time
	for days := 1.0; ; days++ { // the last day of the quarter before
		past = l.ago(days)
		if _, q := account.Quarter(past); q != quarter {
			break
		}
	}
	for i, c := range l.cities[:min(4, len(l.cities))] {
		for _, part := range []struct {
			at    time.Time
			share float64
		}{{past.AddDate(0, 0, -5), 1}, {l.now.Add(-time.Minute), 0.4}} {
			at := l.at(ctx, part.at)
			x, err := l.Accounts.Draw(at, draws, c.Code, 12, fmt.Sprintf("demo-%d", i))
			if err != nil {
				return err
			}
			d, err := l.Accounts.AuditOf(at, calls, x.ID)
			if err != nil {
				return err
			}
			r := rand.New(rand.NewPCG(uint64(i), 4)) //nolint:gosec // invented data
			for _, s := range d.Records[:int(part.share*float64(len(d.Records)))] {
				if err := l.call(at, calls, r, s.ID); err != nil {
					return err
				}
			}
			if part.share == 1 {
				if _, err := l.Accounts.CloseAudit(at, draws, x.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// call is one talk with a customer, or three tries.
func (l *Loader) call(ctx context.Context, agent tenants.Actor, r *rand.Rand, record uuid.UUID) error {
	if r.IntN(9) == 0 {
		for range 3 {
			if err := l.Accounts.Unreachable(ctx, agent, record); err != nil {
				return err
			}
		}
		return nil
	}
	var said []account.Finding
	for _, field := range account.Checked {
		f := account.Finding{Field: field, Right: r.IntN(8) > 0}
		if !f.Right && field == "contact_phone" {
			f.Correction = phone(r)
		}
		said = append(said, f)
	}
	return l.Accounts.CheckRecord(ctx, agent, record, said)
}
