package demo

import (
	"context"
	"time"

	"ecoport/tenants"
	"ecoport/tenants/account"
)

// people gives two cities what an admin looks after: a role of their own, a
// stand-in, grants to partners; the second one a quarterly review that waits.
func (l *Loader) people(ctx context.Context) error {
	// A rejection that is contested goes to somebody else.
	if err := l.person(l.at(ctx, l.ago(420)), l.province, "channel2@gd.example", "channel_manager"); err != nil {
		return err
	}
	for i, c := range l.cities[:2] {
		admin, channel := l.one(c.Code, "city_admin"), l.one(c.Code, "city_channel_manager")
		at := l.at(ctx, l.ago(12))
		if _, err := l.Tenants.NewRole(at, admin, tenants.RoleEdit{Name: "客户资料专员", Permissions: []string{"account:read", "account:read_all", "account:write", "account:import", "market:read"}}); err != nil {
			return err
		}
		managers := l.staff[c.Code+"/account_manager"]
		if len(managers) > 1 {
			away := tenants.Absence{To: managers[0].Membership, StartsAt: l.ago(1), EndsAt: l.now.Add(6 * 24 * time.Hour), Reason: "年休假"}
			if _, err := l.Tenants.Delegate(l.at(ctx, l.ago(1)), managers[1], away); err != nil {
				return err
			}
		}
		page, err := l.Accounts.List(at, channel, account.Query{Tier: "A1", Limit: 2})
		if err != nil {
			return err
		}
		for j, x := range page {
			e := account.Explicit{Partner: l.agents[j%len(l.agents)].admin.Tenant.ID, Fields: []string{"address", "contact_name"}, Reason: "联合走访重点客户，了解专线与移动办公需求", Until: l.now.Add(time.Duration(20+30*j) * 24 * time.Hour)}
			if _, err := l.Accounts.GiveExplicit(at, channel, x.ID, e); err != nil {
				return err
			}
		}
		if i == 0 {
			continue // the tour's city begins its review itself
		}
		if _, err := l.Tenants.OpenReview(l.at(ctx, l.ago(2)), admin); err != nil {
			return err
		}
	}
	return nil
}
