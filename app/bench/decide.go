package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/policy"
)

// decisions measures what it costs to say yes or no: the roles of a seat
// looked up and one permission asked for.
func (r *runner) decisions(context.Context) error {
	rules, err := policy.New(app.Roles, app.DutiesApart...)
	if err != nil {
		return err
	}
	all := map[string]bool{}
	for _, rule := range app.Roles {
		for _, p := range rule.Permissions {
			all[p] = true
		}
	}
	names := make([]string, 0, len(all))
	for p := range all {
		names = append(names, p)
	}
	slices.Sort(names)
	granted := map[tenants.Permission]bool{}
	for p := range rules.Granted("city", []string{"city_channel_manager", "account_manager"}) {
		granted[tenants.Permission(p)] = true
	}
	a := tenants.Actor{Granted: granted}
	const times = 1_000_000
	took := func(ask func(p string)) float64 {
		started := time.Now()
		for i := range times {
			ask(names[i%len(names)])
		}
		return float64(time.Since(started).Nanoseconds()) / times / 1000
	}
	before := r.app.Services.DB.Statements()
	yes := 0
	count := func(ok bool) {
		if ok {
			yes++
		}
	}
	reference := took(func(p string) { count(all[p]) })
	r.add(Figure{Name: "permission decision", Ours: took(func(p string) { count(a.Can(tenants.Permission(p))) }), Reference: reference, Budget: 5, Absolute: true, Unit: "us vs a map lookup"})
	r.add(Figure{Name: "permission decision, refusals in words", Ours: took(func(p string) { count(a.Need(tenants.Permission(p)) == nil) }), Reference: reference, Budget: 5, Absolute: true, Unit: "us vs a map lookup"})
	r.add(Figure{Name: "permission decision, roles looked up", Ours: took(func(p string) { count(rules.Granted("city", []string{"city_channel_manager", "account_manager"})[p]) }), Reference: reference, Budget: 5, Absolute: true, Unit: "us vs a map lookup"})
	r.add(Figure{Name: "queries of all decisions", Ours: float64(r.app.Services.DB.Statements() - before), Budget: 0, Unit: "queries"})
	return nil
}

// explanations measures why somebody sees one account, asked over HTTP, and
// counts the queries of the use case.
func (r *runner) explanations(ctx context.Context) error {
	const who, whom = "admin.4401@gd.example", "manager.4401@gd.example"
	var id, membership uuid.UUID
	if err := r.pool.QueryRow(ctx, `SELECT g.account_id FROM account_grants g WHERE g.city_code = '4401' AND g.ended_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`).Scan(&id); err != nil {
		return err
	}
	if err := r.pool.QueryRow(ctx, `SELECT id FROM memberships WHERE email = $1`, who).Scan(&membership); err != nil {
		return err
	}
	a, err := r.app.Services.Tenants.ActorByMembership(ctx, uuid.MustParse(r.province), membership)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		name, path string
		ask        func() ([]account.Path, error)
	}{
		{"who sees one account", fmt.Sprintf("/api/accounts/%s/access", id), func() ([]account.Path, error) { return r.app.Services.Accounts.WhoSees(ctx, a, id) }},
		{"explain one person's sight of one account", fmt.Sprintf("/api/accounts/%s/explain?email=%s", id, whom), func() ([]account.Path, error) {
			paths, _, err := r.app.Services.Accounts.ExplainPerson(ctx, a, id, whom)
			return paths, err
		}},
	} {
		before := r.app.Services.DB.Statements()
		found, err := x.ask()
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("bench: nobody sees account %s", id)
		}
		r.add(Figure{Name: x.name + ", queries", Ours: float64(r.app.Services.DB.Statements() - before), Budget: 5, Unit: "queries, beside begin and commit"})
		ours, err := r.timed(ctx, r.clients[who], r.base+x.path)
		if err != nil {
			return err
		}
		reference, err := r.timed(ctx, plainClient, r.floor+"/accounts/one?id="+id.String())
		if err != nil {
			return err
		}
		r.add(Figure{Name: x.name, Ours: median(ours), Reference: median(reference), Budget: 20, Absolute: true, Unit: "ms p50 vs one indexed query"})
	}
	return nil
}

// dossier measures the page of a graduation whose figures are computed while
// one waits, beside one indexed query.
func (r *runner) dossier(ctx context.Context) error {
	var id, account uuid.UUID
	if err := r.pool.QueryRow(ctx, `SELECT g.id, (SELECT s.account_id FROM services s WHERE s.province_id = g.province_id LIMIT 1) FROM graduations g WHERE g.state IN ('piloting', 'evaluating') ORDER BY g.state DESC LIMIT 1`).Scan(&id, &account); err != nil {
		return err
	}
	ours, err := r.timed(ctx, r.clients["product@gd.example"], r.base+"/api/graduations/"+id.String())
	if err != nil {
		return err
	}
	reference, err := r.timed(ctx, plainClient, r.floor+"/accounts/one?id="+account.String())
	if err != nil {
		return err
	}
	r.add(Figure{Name: "dossier page", Ours: median(ours), Reference: median(reference), Budget: 50, Absolute: true, Unit: "ms p50 vs one indexed query"})
	return nil
}
