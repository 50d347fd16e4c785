// Package tenantstest is a small world for tests: a province with two cities
// and two active partners, a second province with one, and a person for every
// role. Passwords are hashed fast.
package tenantstest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"ecoport/app/migrations"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/pg/pgtest"
	"ecoport/app/platform/seal"
	"ecoport/app/platform/token"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
	"ecoport/tenants/policy"
)

// Password of everybody.
const Password = "a long enough password"

var fast = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Roles of each kind of tenant, as the domain names them.
var Roles = map[tenants.Kind][]string{
	tenants.KindProvince: strings.Fields("province_admin product_manager channel_manager settlement_officer test_engineer analyst care_agent"),
	tenants.KindCity:     strings.Fields("city_admin city_product_manager city_channel_manager account_manager industry_manager"),
	tenants.KindPartner:  strings.Fields("partner_admin solution_author support_engineer agent partner_finance"),
}

// Province is one province with who works there.
type Province struct {
	tenants.Tenant
	Guangzhou, Shenzhen tenants.Tenant // the second province has no Shenzhen
	SI, Agent           tenants.Tenant // the second province has no agent
	staff               map[string]tenants.Actor
}

// One is the person with the role in the tenant.
func (p *Province) One(t tenants.Tenant, role string) tenants.Actor {
	a, ok := p.staff[Email(t, role)]
	if !ok {
		panic("tenantstest: nobody is " + role + " of " + t.Code)
	}
	return a
}

// Email is where the person with the role signs in.
func Email(t tenants.Tenant, role string) string {
	return strings.ToLower(role + "." + strings.NewReplacer("/", "", "-", "").Replace(t.Path) + t.Code + "@test.example")
}

// CreditCode makes a valid code.
func CreditCode(n int) string {
	body := fmt.Sprintf("91440106MA%07d", n)
	return body + tenants.CreditCodeCheck(body)
}

// May is the actor with exactly these permissions, for packages whose tests
// do not know the table of roles.
func May(a tenants.Actor, permissions ...tenants.Permission) tenants.Actor {
	a.Granted = map[tenants.Permission]bool{}
	for _, p := range permissions {
		a.Granted[p] = true
	}
	return a
}

// World is a fresh database with both provinces and the services of this tree.
type World struct {
	*testing.T
	URL      string // the owner's address
	DB       *pg.DB
	Signer   *token.Signer
	Policy   *policy.Policy
	Box      *seal.Box
	People   *tenants.Service
	Partners *partner.Service
	Accounts *account.Service
	GD, HN   *Province
}

// New makes a world. Without rules nobody holds a permission: see May.
func New(t *testing.T, rules ...policy.Rule) *World {
	t.Helper()
	w := &World{T: t, URL: pgtest.Database(t, "portal", migrations.Version(), migrations.Up)}
	login, err := pg.LoginURL(t.Context(), w.URL)
	require.NoError(t, err)
	w.DB, err = pg.Open(t.Context(), login, 10)
	require.NoError(t, err)
	t.Cleanup(w.DB.Close)
	if len(rules) == 0 {
		for kind, roles := range Roles {
			for _, r := range roles {
				rules = append(rules, policy.Rule{Kind: string(kind), Role: r})
			}
		}
	}
	p, err := policy.New(rules)
	require.NoError(t, err)
	w.Signer, err = token.NewSigner(make([]byte, 32))
	require.NoError(t, err)
	w.Box, err = seal.New(make([]byte, 32))
	require.NoError(t, err)
	w.Policy = p
	w.People = w.Service(tenants.Options{})
	w.People.AlsoReview(account.Reviewed())
	w.Partners, w.Accounts = partner.NewService(w.DB, w.People), account.NewService(w.DB, w.People)
	w.GD = Fill(t, w.DB, w.People, "GD")
	w.HN = Fill(t, w.DB, w.People, "HN")
	return w
}

// Service is the people of the world under other options.
func (w *World) Service(o tenants.Options) *tenants.Service {
	o.Hashing, o.Seal = fast, w.Box
	if o.BaseURL == "" {
		o.BaseURL = "https://portal.example"
	}
	return tenants.NewService(w.DB, w.Policy, w.Signer, o)
}

// Fill adds a province to a database: GD whole, any other with one city and
// one partner.
func Fill(t testing.TB, db *pg.DB, people *tenants.Service, code string) *Province {
	t.Helper()
	ctx := context.Background()
	id := pg.NewID()
	p := &Province{staff: map[string]tenants.Actor{}}
	p.Tenant = tenants.Tenant{ID: id, ProvinceID: id, Kind: tenants.KindProvince, Code: code, Name: code + "省公司", Short: "省", Path: code + "/", State: "active"}
	city := func(n int, name string) tenants.Tenant {
		c := fmt.Sprintf("44%02d", n)
		return tenants.Tenant{ID: pg.NewID(), ProvinceID: id, Kind: tenants.KindCity, Code: c, Name: name, Short: name[:3], Path: code + "/" + c + "/", State: "active"}
	}
	p.Guangzhou = city(1, "广州市公司")
	cities := []tenants.Tenant{p.Guangzhou}
	if code == "GD" {
		p.Shenzhen = city(3, "深圳市公司")
		cities = append(cities, p.Shenzhen)
	}
	districts := map[string][]string{"4401": {"440106", "440103"}, "4403": {"440304", "440305"}}
	require.NoError(t, db.As(ctx, tenants.System(id, "test"), func(tx *pg.Tx) error {
		if err := tenants.AddTenant(tx, p.Tenant); err != nil {
			return err
		}
		for _, c := range cities {
			if err := tenants.AddTenant(tx, c); err != nil {
				return err
			}
			for _, d := range districts[c.Code] {
				if err := tx.Exec(`INSERT INTO districts (province_id, code, name, city_code) VALUES (?, ?, ?, ?)`, id, d, "区"+d, c.Code).Error; err != nil {
					return err
				}
			}
		}
		return nil
	}))
	hash, err := argon2id.CreateHash(Password, fast)
	require.NoError(t, err)
	seat := func(x tenants.Tenant, role string) {
		u, err := people.AddHashedUser(ctx, Email(x, role), role+" "+x.Code, hash, "zh")
		require.NoError(t, err)
		m := tenants.Membership{ProvinceID: id, ID: pg.NewID(), TenantID: x.ID, UserID: u.ID, Name: u.Name, Email: u.Email, Roles: pg.Texts{role}}
		require.NoError(t, tenants.AddMembership(db.Login(ctx), m))
		a, err := people.ActorOf(ctx, m)
		require.NoError(t, err)
		p.staff[u.Email] = a
	}
	for _, x := range append([]tenants.Tenant{p.Tenant}, cities...) {
		for _, role := range Roles[x.Kind] {
			seat(x, role)
		}
	}
	firm := func(n int, name string, capabilities ...string) tenants.Tenant {
		m, err := partner.NewService(db, people).Open(ctx, p.Tenant, partner.Registration{
			Profile:   partner.Profile{LegalName: name, CreditCode: CreditCode(n), Capabilities: capabilities, ContactName: "王", ContactPhone: "13800000000", ContactEmail: "a@b.example"},
			AdminName: "first", AdminEmail: fmt.Sprintf("first%d.%s@test.example", n, strings.ToLower(code)),
		}, hash)
		require.NoError(t, err)
		require.NoError(t, db.As(ctx, tenants.System(id, "test"), func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE partners SET state = 'active', tier = 'certified' WHERE province_id = ? AND id = ?`, id, m.TenantID).Error
		}))
		a, err := people.ActorOf(ctx, m)
		require.NoError(t, err)
		for _, role := range Roles[tenants.KindPartner] {
			seat(a.Tenant, role)
		}
		return a.Tenant
	}
	p.SI = firm(9_000_001, code+"软件有限公司", "si")
	if code == "GD" {
		p.Agent = firm(9_000_002, code+"渠道有限公司", "agent")
	}
	return p
}
