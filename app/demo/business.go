package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/order"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

type lead struct {
	agent   firm
	city    tenants.Tenant
	account account.Account
	offer   listing.Offer
	started float64
	end     string // how far it goes
	rng     *rand.Rand
}

func (l *Loader) deals(ctx context.Context) error {
	pm := l.one("GD", "product_manager")
	offers, err := l.Listings.Market(ctx, pm, listing.MarketQuery{Sort: "name", Limit: 1000})
	if err != nil {
		return err
	}
	customers := map[string][]account.Account{}
	for _, c := range l.cities {
		found, err := l.Accounts.List(ctx, l.one(c.Code, "city_channel_manager"), account.Query{ByUpdated: true, Limit: 60})
		if err != nil {
			return err
		}
		customers[c.Code] = found
	}
	ends := []string{"active", "active", "active", "active", "active", "active", "lost", "protected", "protected", "registered", "expired", "rejected", "active", "delivering", "submitted", "quoted", "active", "ended", "delivered", "under_review"}
	var leads []lead
	taken := map[uuid.UUID]bool{}
	for i := range l.size.Deals {
		r := rand.New(rand.NewPCG(uint64(i), 11))
		x := lead{agent: l.agents[i%len(l.agents)], city: l.cities[r.IntN(len(l.cities))], end: ends[i%len(ends)], rng: r}
		var here []listing.Offer
		for _, o := range offers {
			if o.Scope == listing.ScopeProvince || o.Scope == x.city.Code {
				here = append(here, o)
			}
		}
		if len(here) == 0 || len(customers[x.city.Code]) == 0 {
			continue
		}
		x.offer, x.account = pick(r, here), pick(r, customers[x.city.Code])
		if taken[x.account.ID] {
			continue
		}
		taken[x.account.ID] = true
		switch x.end {
		case "registered", "under_review":
			x.started = r.Float64() * 3
		case "protected", "quoted", "submitted":
			x.started = 8 + r.Float64()*30
		case "delivering", "delivered":
			x.started = 20 + r.Float64()*15
		case "expired":
			x.started = 110 + r.Float64()*150
		default:
			x.started = 35 + r.Float64()*290
		}
		// Nothing is sold before it was on sale.
		if latest := l.now.Sub(x.offer.LiveAt).Hours()/24 - 1; x.started > latest {
			x.started = latest
		}
		if x.started < 28 && (x.end == "active" || x.end == "ended" || x.end == "lost") {
			x.end = "protected"
		}
		if x.started < 92 && x.end == "expired" {
			x.end = "protected"
		}
		if x.started < 1 || (x.started < 17 && (x.end == "delivering" || x.end == "delivered")) || (x.started < 8 && x.end != "registered" && x.end != "under_review") {
			continue
		}
		leads = append(leads, x)
	}
	return inParallel(ctx, leads, l.lead)
}

func (l *Loader) lead(ctx context.Context, x lead) error {
	r, t := x.rng, l.ago(x.started)
	step := func(days float64) context.Context { return l.at(ctx, t.Add(time.Duration(days*24*float64(time.Hour)))) }
	agent, reviewer := x.agent.agent, l.one(x.city.Code, "city_channel_manager")
	d, err := l.Deals.Register(step(0), agent, deal.Registration{
		CreditCode: x.account.CreditCode, AccountName: x.account.Name, DistrictCode: x.account.DistrictCode, Listings: []uuid.UUID{x.offer.ID},
		AmountFen: x.offer.FromFen + r.Int64N(30_000_000)/10_000*10_000, CloseOn: t.AddDate(0, 0, 60).Format(time.DateOnly), ContactName: personName(r), ContactPhone: phone(r),
		Need: "客户希望" + pick(r, []string{"年内上线", "先试用一个部门", "替换旧系统", "与集团统一"}) + "，已拜访 " + fmt.Sprint(1+r.IntN(4)) + " 次。",
	})
	if errors.Is(err, standing.ErrDeals) { // the agent's hands are full
		return nil
	}
	if err != nil {
		return err
	}
	act := func(a tenants.Actor, days float64, action, reason string) error {
		_, err := l.Deals.Act(step(days), a, d.ID, action, reason)
		return err
	}
	switch x.end {
	case "registered":
		return nil
	case "under_review":
		return act(reviewer, 0.2, "start_review", "")
	case "rejected":
		return act(reviewer, 1, "reject", "该客户正由客户经理直接跟进，已签意向。")
	}
	if err := act(reviewer, 1, "approve", ""); err != nil {
		return err
	}
	stage := func(days float64, s string) error {
		_, err := l.Deals.SetStage(step(days), agent, d.ID, s)
		return err
	}
	if err := stage(2, pick(r, []string{"trust", "need"})); err != nil {
		return err
	}
	switch x.end {
	case "protected":
		return nil
	case "expired":
		return nil // the nightly job ends it
	case "lost":
		return act(agent, 20, "lose", pick(r, []string{"客户选择了竞争对手的价格", "客户预算取消", "客户决定自建"}))
	}
	if err := stage(4, "value"); err != nil {
		return err
	}
	var choices []menu.Choice
	for _, e := range x.offer.Content.V.Elements {
		if e.Required || r.IntN(2) == 0 {
			q := int64(1 + r.IntN(30))
			if e.MaxUnits > 0 || e.Billing == "one_off" {
				q = 1
			}
			choices = append(choices, menu.Choice{Element: e.ID, Quantity: q})
		}
	}
	choices = mended(x.offer, choices)
	q, err := l.Orders.SaveQuote(step(5), agent, uuid.Nil, order.Draft{Deal: d.ID, Listing: x.offer.ID, Choices: choices, DiscountPPM: int64(r.IntN(3)) * 20_000}, 0)
	if err != nil || x.end == "quoted" {
		return err
	}
	o, err := l.Orders.Order(step(6), agent, q.ID)
	if errors.Is(err, standing.ErrOrders) {
		return nil
	}
	if err != nil || x.end == "submitted" {
		return err
	}
	var manager tenants.Actor
	err = fault.ErrMissing
	for _, m := range l.staff[x.city.Code+"/account_manager"] { // whose customer it is sees the order
		if _, err = l.Orders.Act(step(6.5), m, o.ID, "accept", ""); !errors.Is(err, fault.ErrMissing) {
			manager = m
			break
		}
	}
	if err != nil {
		return err
	}
	si, ok := l.supplier(x.offer.SupplierID)
	if !ok {
		return nil
	}
	page, _, err := l.Orders.Deliveries(ctx, si.support, order.Query{Limit: 500})
	if err != nil {
		return err
	}
	var delivery uuid.UUID
	for _, p := range page {
		if p.OrderID == o.ID {
			delivery = p.ID
		}
	}
	if _, err = l.Orders.Work(step(8), si.support, delivery, "start", order.Done{}); err != nil || x.end == "delivering" {
		return err
	}
	if _, err = l.Orders.Work(step(16), si.support, delivery, "finish", order.Done{Note: "已开通并完成培训，资料已移交。"}); err != nil || x.end == "delivered" {
		return err
	}
	if _, err = l.Orders.RecordAcceptance(step(18), manager, o.ID, order.Accepted{By: personName(r), Checklist: []string{"业务开通", "功能可用", "完成培训"}}); err != nil {
		return err
	}
	if err := l.jobs.Activated(ctx, l.province.ID, o.ID); err != nil {
		return err
	}
	if x.end == "ended" && x.started > 80 {
		if _, err = l.Orders.Act(step(70), manager, o.ID, "end_service", "客户业务调整，申请停用。"); err == nil {
			err = l.jobs.Ended(ctx, l.province.ID, o.ID)
		}
	}
	return err
}

func (l *Loader) supplier(id uuid.UUID) (firm, bool) {
	for _, f := range l.sis {
		if f.admin.Tenant.ID == id {
			return f, true
		}
	}
	return firm{}, false
}

// mended takes what the menu offers to mend a choice that breaks its rules.
func mended(o listing.Offer, choices []menu.Choice) []menu.Choice {
	for range 10 {
		price, err := menu.Compose(o.Content.V.Elements, o.Content.V.Rules, nil, choices, 0, 12)
		at := slices.IndexFunc(price.Violations, func(v menu.Violation) bool { return v.Fix != nil })
		if err != nil || at < 0 {
			break
		}
		fix := *price.Violations[at].Fix
		choices = append(slices.DeleteFunc(choices, func(c menu.Choice) bool { return c.Element == fix.Element }), fix)
	}
	return choices
}

// promotions are some to come, and one that runs where the province is shown
// whole: what small demos are asked for has plain prices.
func (l *Loader) promotions(ctx context.Context, running bool) error {
	ctx = l.at(ctx, l.now)
	days := func(n int) string { return calendar.Date(l.now.AddDate(0, 0, n)) }
	wide := order.PromotionEdit{Name: "年末集团通信节", PPM: 50_000, Stackable: true, StartsOn: days(20), EndsOn: days(60), BudgetFen: 300_000_000}
	if running {
		wide.StartsOn = days(0)
	}
	if _, err := l.Orders.NewPromotion(ctx, l.staff["GD/product_manager"][0], wide); err != nil {
		return err
	}
	pm := l.staff["GD/product_manager"][0]
	offers, err := l.Listings.Market(ctx, pm, listing.MarketQuery{Scopes: []string{listing.ScopeProvince}, Sort: "name", Limit: 1})
	if err != nil || len(offers) == 0 {
		return errors.Join(err, errors.New("demo: nothing is on sale in the province"))
	}
	if _, err := l.Orders.NewGroup(ctx, pm, order.GroupEdit{Name: "岁末全省团购", Listing: offers[0].ID, Steps: []order.GroupStep{{From: 100, PPM: 50_000}, {From: 500, PPM: 100_000}}, ClosesOn: days(30)}); err != nil {
		return err
	}
	for _, who := range []string{"GD/product_manager", "4401/city_product_manager", "4403/city_product_manager"} {
		if err := l.bundle(ctx, l.staff[who][0]); err != nil {
			return err
		}
	}
	_, err = l.Orders.NewPromotion(ctx, l.staff["4401/city_product_manager"][0], order.PromotionEdit{Name: "广州中小企业开门红", PPM: 100_000, StartsOn: days(30), EndsOn: days(50), BudgetFen: 50_000_000})
	return err
}

// bundle puts what two solutions must have together, for less.
func (l *Loader) bundle(ctx context.Context, pm tenants.Actor) error {
	offers, err := l.Listings.Market(ctx, pm, listing.MarketQuery{Scopes: []string{listing.ScopeProvince}, Sort: "name", Limit: 12})
	if err != nil {
		return err
	}
	x := order.BundleEdit{Name: pm.Tenant.Name + "数字化入门套餐", Summary: "两个常用方案一起买，更省", PPM: 80_000}
	var suppliers []uuid.UUID
	for _, o := range offers {
		if len(suppliers) == 2 || slices.Contains(suppliers, o.SupplierID) {
			continue
		}
		suppliers = append(suppliers, o.SupplierID)
		for _, c := range mended(o, nil) {
			for _, e := range o.Content.V.Elements {
				if e.ID == c.Element {
					x.Items = append(x.Items, order.Item{Listing: o.ID, Element: e.Name, Quantity: c.Quantity})
				}
			}
		}
	}
	_, err = l.Orders.NewBundle(ctx, pm, x)
	return err
}
