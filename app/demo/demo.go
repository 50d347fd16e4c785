// Package demo fills an empty portal with a province at work: Guangdong with
// its real cities and districts, and a year of invented business. The
// generator is seeded and acts through the same services as people do, with
// the clock set to when they would have acted, so every invariant holds on
// what it leaves behind.
package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/app/web"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

//go:embed guangdong.json
var guangdong []byte

// Password of every demo login.
const Password = "ecoport-demo"

// Size of the demo province.
type Size struct {
	Partners, Solutions, Accounts, Deals int
}

// Full is what `make run` shows; Small is enough for journeys.
var (
	Full  = Size{Partners: 40, Solutions: 200, Accounts: 20_000, Deals: 420}
	Small = Size{Partners: 8, Solutions: 24, Accounts: 600, Deals: 24}
)

// Loader holds who is who while the province is built.
type Loader struct {
	web.Services
	size  Size
	rng   *rand.Rand
	now   time.Time
	say   func(string)
	jobs  Jobs
	hash  string
	mu    sync.Mutex
	staff map[string][]tenants.Actor // tenant code/role

	province tenants.Tenant
	cities   []tenants.Tenant
	places   map[string][]tenants.District // by city code
	sis      []firm
	agents   []firm
	shelves  map[uuid.UUID]int // listings by firm
}

// Jobs runs what the queue would do, at the time of the story.
type Jobs interface {
	Activated(ctx context.Context, province, order uuid.UUID) error
	Ended(ctx context.Context, province, order uuid.UUID) error
	Calculate(ctx context.Context, province uuid.UUID, month string) error
}

type firm struct {
	admin, author, support, agent, finance tenants.Actor
}

// Loaded tells whether there is a province already.
func Loaded(ctx context.Context, s web.Services) (bool, error) {
	p, err := s.Tenants.Provinces(ctx)
	return len(p) > 0, err
}

// Load builds the province. say is told what is going on.
func Load(ctx context.Context, s web.Services, jobs Jobs, size Size, say func(string)) error {
	l := &Loader{Services: s, size: size, rng: rand.New(rand.NewPCG(2026, 44)), now: time.Now().UTC(), say: say, jobs: jobs, staff: map[string][]tenants.Actor{}, places: map[string][]tenants.District{}, shelves: map[uuid.UUID]int{}}
	var err error
	if l.hash, err = s.Tenants.HashPassword(Password); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"province, cities and people", l.skeleton},
		{fmt.Sprintf("%d accounts", size.Accounts), l.accounts},
		{fmt.Sprintf("%d partners", size.Partners), l.partners},
		{fmt.Sprintf("%d solutions through certification and listing", size.Solutions), l.solutions},
		{"commission plan", l.plan},
		{fmt.Sprintf("%d deals, orders and services", size.Deals), l.deals},
		{"products on their way to the province", l.graduations},
		{"what cities sell otherwise", l.overlays},
		{"promotions", func(ctx context.Context) error { return l.promotions(ctx, size == Full) }},
		{"billing months and statements", l.months},
		{"commission that looks gamed", l.gamed},
		{"tickets", l.tickets},
		{"people, targets, territories and audits of accounts", l.records},
		{"roles, stand-ins, grants and reviews", l.people},
		{"tiers and limits", l.tiers},
	} {
		started := time.Now()
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo, %s: %w", step.name, err)
		}
		say(fmt.Sprintf("%-50s %5.1f s", step.name, time.Since(started).Seconds()))
	}
	return nil
}

// ago is a moment in the story.
func (l *Loader) ago(days float64) time.Time {
	return l.now.Add(-time.Duration(days * 24 * float64(time.Hour)))
}

func (l *Loader) at(ctx context.Context, t time.Time) context.Context { return calendar.At(ctx, t) }

// provinceRoles and cityRoles are the people of each tenant, with the mailbox
// they sign in with.
var provinceRoles = []struct{ role, mailbox string }{
	{"province_admin", "admin"},
	{"product_manager", "product"},
	{"channel_manager", "channel"},
	{"settlement_officer", "settlement"},
	{"settlement_officer", "settlement2"},
	{"test_engineer", "test"},
	{"test_engineer", "test2"},
	{"analyst", "analyst"},
	{"care_agent", "care"},
}

var cityRoles = []struct{ role, mailbox string }{
	{"city_admin", "admin"}, {"city_product_manager", "product"}, {"city_channel_manager", "channel"}, {"account_manager", "manager"}, {"account_manager", "manager2"}, {"industry_manager", "industry"},
}

func (l *Loader) skeleton(ctx context.Context) error {
	var source struct {
		Name   string
		Cities []struct {
			Code, Name string
			Districts  []struct{ Code, Name string }
		}
	}
	if err := json.Unmarshal(guangdong, &source); err != nil {
		return err
	}
	ctx = l.at(ctx, l.ago(420))
	id := pg.NewID()
	l.province = tenants.Tenant{ID: id, ProvinceID: id, Kind: tenants.KindProvince, Code: "GD", Name: strings.TrimSuffix(source.Name, "省") + "省公司", Short: "粤", Path: "GD/"}
	err := l.DB.As(ctx, tenants.System(id, "demo"), func(tx *pg.Tx) error {
		if err := tenants.AddTenant(tx, l.province); err != nil {
			return err
		}
		for _, c := range source.Cities {
			city := tenants.Tenant{ID: pg.NewID(), ProvinceID: id, Kind: tenants.KindCity, Code: c.Code, Name: strings.TrimSuffix(c.Name, "市") + "市公司", Short: string([]rune(c.Name)[:1]), Path: "GD/" + c.Code + "/"}
			if err := tenants.AddTenant(tx, city); err != nil {
				return err
			}
			l.cities = append(l.cities, city)
			for _, d := range c.Districts {
				if err := tx.Exec(`INSERT INTO districts (province_id, code, name, city_code) VALUES (?, ?, ?, ?)`, id, d.Code, d.Name, c.Code).Error; err != nil {
					return err
				}
				l.places[c.Code] = append(l.places[c.Code], tenants.District{Code: d.Code, Name: d.Name, CityCode: c.Code})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range provinceRoles {
		if err := l.person(ctx, l.province, r.mailbox+"@gd.example", r.role); err != nil {
			return err
		}
	}
	for _, c := range l.cities {
		for _, r := range cityRoles {
			if err := l.person(ctx, c, r.mailbox+"."+c.Code+"@gd.example", r.role); err != nil {
				return err
			}
		}
	}
	return nil
}

// person adds somebody with one login to a tenant.
func (l *Loader) person(ctx context.Context, t tenants.Tenant, email string, roles ...string) error {
	u, err := l.Tenants.AddHashedUser(ctx, email, personName(l.rng), l.hash, "zh")
	if err != nil {
		return err
	}
	m := tenants.Membership{ProvinceID: t.ProvinceID, ID: pg.NewID(), TenantID: t.ID, UserID: u.ID, Name: u.Name, Email: u.Email, Roles: roles, CreatedAt: calendar.Now(ctx)}
	if err := tenants.AddMembership(l.DB.Login(ctx), m); err != nil {
		return err
	}
	a, err := l.Tenants.ActorOf(ctx, m)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, role := range roles {
		key := t.Code + "/" + role
		l.staff[key] = append(l.staff[key], a)
	}
	return nil
}

func (l *Loader) one(tenant, role string) tenants.Actor { return l.staff[tenant+"/"+role][0] }

func (l *Loader) accounts(ctx context.Context) error {
	ctx = l.at(ctx, l.ago(400))
	tiers := []string{"A1", "A2", "A2", "B1", "B1", "B2", "B2", "C", "C", "C", "C", "C", "C", "C", "C", "C", "C", "C", "C", "C"}
	type load struct {
		actor  tenants.Actor
		edits  []account.Edit
		owners []tenants.Membership
	}
	var loads []load
	serial := 0
	for i, c := range l.cities {
		// Guangzhou, Shenzhen and the delta are larger than the rest.
		share := 0.03
		if c.Code == "4401" || c.Code == "4403" {
			share = 0.14
		} else if c.Code == "4406" || c.Code == "4419" {
			share = 0.09
		}
		n := int(float64(l.size.Accounts) * share)
		if i == len(l.cities)-1 {
			n = l.size.Accounts - serial
		}
		x := load{actor: l.one(c.Code, "city_admin")}
		for _, m := range l.staff[c.Code+"/account_manager"] {
			x.owners = append(x.owners, tenants.Membership{ID: m.Membership, Name: m.Name})
		}
		for range n {
			serial++
			d := pick(l.rng, l.places[c.Code])
			t := pick(l.rng, trades)
			place := strings.NewReplacer("市辖区", "", "街道", "", "区", "", "县", "", "市", "").Replace(d.Name)
			name := place + pick(l.rng, traits) + pick(l.rng, traits) + pick(l.rng, t.nouns) + t.suffix
			if t.kind == "government" {
				name = strings.TrimSuffix(c.Name, "公司") + d.Name + pick(l.rng, traits) + pick(l.rng, traits) + pick(l.rng, t.nouns)
			}
			staff := 5 + int(l.rng.ExpFloat64()*80)
			x.edits = append(x.edits, account.Edit{
				Name: name, CreditCode: creditCode(d.Code, serial), Kind: t.kind, Tier: pick(l.rng, tiers), Industry: t.industry, DistrictCode: d.Code, Existing: l.rng.IntN(5) == 0,
				Informatisation: l.rng.IntN(6), StaffSize: staff, Employees: staff, Machines: l.rng.IntN(staff + 1), Customers: l.rng.IntN(staff*20 + 1), Suppliers: l.rng.IntN(60),
				Address: d.Name + pick(l.rng, traits) + pick(l.rng, traits) + "路" + fmt.Sprint(1+l.rng.IntN(300)) + "号", ContactName: personName(l.rng), ContactPhone: phone(l.rng),
				ContactEmail: fmt.Sprintf("contact%d@customer.example", serial),
			})
		}
		loads = append(loads, x)
	}
	return inParallel(ctx, loads, func(ctx context.Context, x load) error { return l.Accounts.Load(ctx, x.actor, x.edits, x.owners) })
}

// inParallel keeps both cores busy; the order of the story is inside each item.
func inParallel[T any](ctx context.Context, items []T, do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, x := range items {
		g.Go(func() error { return do(ctx, x) })
	}
	return g.Wait()
}

func (l *Loader) partners(ctx context.Context) error {
	type plan struct {
		name, code   string
		district     tenants.District
		capabilities []string
		city         tenants.Tenant
		index        int
		state        string
		joined       float64
		people       [4]string
	}
	var plans []plan
	kinds := [][]string{{"si"}, {"si", "sales_si"}, {"agent"}, {"agent"}, {"si"}, {"sa", "agent"}, {"agent"}, {"si", "alliance"}}
	suffix := map[string][]string{"si": {"软件", "信息科技", "智能科技", "系统集成"}, "agent": {"通信服务", "渠道营销", "企业服务"}, "sa": {"信息咨询"}}
	for i := range l.size.Partners {
		k := kinds[i%len(kinds)]
		city := l.cities[(i*5)%len(l.cities)]
		p := plan{index: i, capabilities: k, city: city, district: l.places[city.Code][i%len(l.places[city.Code])], state: "active", joined: 330 + l.rng.Float64()*60}
		p.name = strings.TrimSuffix(city.Name, "市公司") + brands[i%len(brands)] + pick(l.rng, suffix[k[0]]) + "有限公司"
		p.code = creditCode(p.district.Code, 9_000_000+i)
		// The last few are on their way in, or have trouble.
		switch left := l.size.Partners - i; {
		case l.size.Partners < 20:
		case left <= 3:
			p.state, p.joined = "applied", float64(left)*0.8
		case left == 4:
			p.state, p.joined = "under_review", 2
		case left == 5:
			p.state, p.joined = "more_info", 6
		case left == 6:
			p.state, p.joined = "draft", 1
		case left == 7:
			p.state, p.joined = "rejected", 20
		case left == 8:
			p.state = "suspended"
		}
		plans = append(plans, p)
	}
	vetter := l.one("GD", "channel_manager")
	firms := make([]firm, len(plans))
	active := make([]bool, len(plans))
	for i := range plans {
		for j := range plans[i].people {
			plans[i].people[j] = personName(l.rng)
		}
	}
	err := inParallel(ctx, plans, func(ctx context.Context, p plan) error {
		t := l.ago(p.joined)
		ctx = l.at(ctx, t)
		prefix := fmt.Sprintf("p%02d", p.index+1)
		reg := partner.Registration{
			Profile: partner.Profile{
				LegalName: p.name, CreditCode: p.code, Capabilities: p.capabilities, ContactName: p.people[0], ContactPhone: fmt.Sprintf("1390000%04d", p.index),
				ContactEmail: "office@" + prefix + ".example", Address: p.district.Name + "科技园 1 号", About: "面向" + p.city.Name + "政企客户的" + map[bool]string{true: "方案研发与集成", false: "渠道销售与服务"}[p.capabilities[0] == "si"] + "。",
			},
			AdminName: p.people[0], AdminEmail: "admin@" + prefix + ".example",
		}
		m, err := l.Partners.Open(ctx, l.province, reg, l.hash)
		if err != nil {
			return err
		}
		admin, err := l.Tenants.ActorOf(ctx, m)
		if err != nil {
			return err
		}
		f := firm{admin: admin, author: admin, support: admin, agent: admin, finance: admin}
		for _, rule := range partner.Checklist(p.capabilities, nil, t) {
			if rule.Optional || p.state == "draft" && rule.Code != "identity" {
				continue
			}
			kind := partner.DocumentKinds[slices.IndexFunc(partner.DocumentKinds, func(k partner.DocumentKind) bool { return k.Code == rule.AnyOf[0][0] })]
			file, err := l.file(ctx, admin, "partner_document", kind.Words.Zh+".pdf")
			if err != nil {
				return err
			}
			expires := ""
			if kind.Expires {
				days := 700 + p.index*7
				if p.index%9 == 4 {
					days = 395 + p.index // runs out within weeks of today
				}
				expires = calendar.Date(t.AddDate(0, 0, days))
			}
			if _, err := l.Partners.AddDocument(ctx, admin, admin.Tenant.ID, kind.Code, file, expires); err != nil {
				return err
			}
		}
		act := func(a tenants.Actor, after float64, action, reason string) error {
			_, err := l.Partners.Act(l.at(ctx, t.Add(time.Duration(after*24)*time.Hour)), a, admin.Tenant.ID, partner.Step{Action: action, Reason: reason, Code: map[string]string{"reject": "out_of_scope"}[action]})
			return err
		}
		if p.state == "draft" {
			return nil
		}
		if err := act(admin, 0.1, "apply", ""); err != nil || p.state == "applied" {
			return err
		}
		if err := act(vetter, 1, "start_review", ""); err != nil {
			return err
		}
		switch p.state {
		case "under_review":
			return nil
		case "more_info":
			return act(vetter, 2, "request_info", "请补充近一年的服务案例和盖章的合作承诺书。")
		case "rejected":
			return act(vetter, 2, "reject", "营业范围不包含软件或信息服务，变更后可重新申请。")
		}
		if err := act(vetter, 2, "approve", ""); err != nil {
			return err
		}
		if p.state == "suspended" {
			return act(vetter, p.joined-12, "suspend", "连续两次交付超期且未回应整改通知。")
		}
		colleague := func(name, mailbox string, roles ...string) (tenants.Actor, error) {
			u, err := l.Tenants.AddHashedUser(ctx, mailbox+"@"+prefix+".example", name, l.hash, "zh")
			if err != nil {
				return tenants.Actor{}, err
			}
			m := tenants.Membership{ProvinceID: l.province.ID, ID: pg.NewID(), TenantID: admin.Tenant.ID, UserID: u.ID, Name: name, Email: u.Email, Roles: roles, CreatedAt: t}
			if err := tenants.AddMembership(l.DB.Login(ctx), m); err != nil {
				return tenants.Actor{}, err
			}
			return l.Tenants.ActorOf(ctx, m)
		}
		if p.capabilities[0] == "si" {
			if f.author, err = colleague(p.people[1], "author", "solution_author"); err != nil {
				return err
			}
			if f.support, err = colleague(p.people[2], "support", "support_engineer"); err != nil {
				return err
			}
		} else if f.agent, err = colleague(p.people[1], "agent", "agent"); err != nil {
			return err
		}
		if f.finance, err = colleague(p.people[3], "finance", "partner_finance"); err != nil {
			return err
		}
		firms[p.index], active[p.index] = f, true
		return nil
	})
	for i, p := range plans {
		switch {
		case !active[i]:
		case p.capabilities[0] == "si":
			l.sis = append(l.sis, firms[i])
		default:
			l.agents = append(l.agents, firms[i])
		}
	}
	return err
}
