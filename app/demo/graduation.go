package demo

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// ascents are how far products of cities have come.
var ascents = []string{"graduated", "evaluating", "piloting", "returned", "nominated"}

// rise is one of them.
type rise struct {
	end    string
	listed listing.Listing
	city   tenants.Tenant
	days   float64 // since its nomination
	rng    *rand.Rand
}

func (l *Loader) graduations(ctx context.Context) error {
	rng := l.rng
	l.rng = rand.New(rand.NewPCG(12, 40))
	defer func() { l.rng = rng }()
	// What one drafts, a second publishes.
	if err := l.person(l.at(ctx, l.ago(419)), l.province, "product2@gd.example", "product_manager"); err != nil {
		return err
	}
	managers := l.staff["GD/product_manager"]
	maker, checker := managers[0], managers[1]
	for i, c := range solution.Categories {
		t, err := l.Graduations.ProposeThreshold(l.at(ctx, l.ago(200)), maker, c.Code, graduation.Needs{"accounts": 1, "revenue": 500_000, "deals_won": 1, "response": 60, "complaints": 3, "certificate": 30}, "首版门槛，运行两个季度后再评估。")
		if err != nil {
			return err
		}
		if _, err := l.Graduations.CheckThreshold(l.at(ctx, l.ago(197)), checker, t.ID, "publish", ""); err != nil {
			return err
		}
		if i == 0 {
			if _, err := l.Graduations.ProposeThreshold(l.at(ctx, l.ago(1)), maker, c.Code, graduation.Needs{"accounts": 3, "revenue": 1_000_000, "deals_won": 2, "response": 80, "complaints": 2, "certificate": 60}, "按两个季度的实际数据提高客户数与响应要求。"); err != nil {
				return err
			}
		}
	}
	live, _, err := l.Listings.List(ctx, maker, listing.Query{State: "live", Limit: 1000})
	if err != nil {
		return err
	}
	province := map[uuid.UUID]bool{}
	for _, x := range live {
		province[x.SolutionID] = province[x.SolutionID] || x.Scope == listing.ScopeProvince
	}
	live = slices.DeleteFunc(live, func(x listing.Listing) bool { return province[x.SolutionID] || x.LiveAt == nil })
	slices.SortFunc(live, func(x, y listing.Listing) int { return x.LiveAt.Compare(*y.LiveAt) })
	for i, end := range ascents {
		if i >= len(live) {
			break
		}
		x := rise{end: end, listed: live[i], days: min(75, l.now.Sub(*live[i].LiveAt).Hours()/24-1), rng: rand.New(rand.NewPCG(uint64(i), 40))}
		if end == "nominated" {
			x.days = 2
		}
		for _, c := range l.cities {
			if c.Code == x.listed.Scope {
				x.city = c
			}
		}
		if x.days < 1 {
			continue
		}
		if err := l.ascend(ctx, x); err != nil {
			return err
		}
	}
	for _, days := range []float64{95, 0} {
		if err := l.Graduations.DrawMap(l.at(ctx, l.ago(days)), l.province.ID); err != nil {
			return err
		}
	}
	return nil
}

var pitches = []string{"本市已稳定运行两个季度，客户主动转介绍，周边地市多次来电咨询。", "开通三周内即可见效，客户经理反馈最好卖的一款，建议全省推广。", "与现网系统零改造接入，投诉少、续费率高，具备全省推广条件。"}

func (l *Loader) ascend(ctx context.Context, x rise) error {
	r := x.rng
	at := func(days float64) context.Context { return l.at(ctx, l.ago(x.days*(1-days/75))) }
	if err := l.sell(ctx, x, x.city, min(x.days+60, l.now.Sub(*x.listed.LiveAt).Hours()/24-1)); err != nil {
		return err
	}
	g, err := l.Graduations.Nominate(at(0), l.one(x.city.Code, "city_product_manager"), x.listed.ID, pick(r, pitches))
	if err != nil || x.end == "nominated" {
		return err
	}
	pm, second := l.staff["GD/product_manager"][0], l.staff["GD/product_manager"][1]
	if _, err = l.Graduations.OpenPilots(at(3), pm, g.ID); err != nil {
		return err
	}
	var pilots []tenants.Tenant
	for i := 0; len(pilots) < 3; i++ {
		if c := l.cities[(r.IntN(3)+i*2)%len(l.cities)]; c.ID != x.city.ID && !slices.ContainsFunc(pilots, func(p tenants.Tenant) bool { return p.ID == c.ID }) {
			pilots = append(pilots, c)
		}
	}
	for i, c := range pilots {
		now := at(6 + float64(i))
		_, err := l.Graduations.Try(now, l.one(c.Code, "city_product_manager"), g.ID, graduation.Trying{
			StartsOn: calendar.Date(calendar.Now(now)), EndsOn: calendar.Date(calendar.Now(now).AddDate(0, 0, 90)), Accounts: int64(2 + i), Fen: int64(600_000 * (i + 1)),
			Note: pick(r, []string{"先在两个区县试点，客户经理专人跟进。", "与本市重点行业客户一起试用。", "由产品经理和伙伴联合驻场。"}),
		})
		if errors.Is(err, standing.ErrListings) { // the firm's shelf is full: no more cities try it
			break
		}
		if err != nil {
			return err
		}
		if err := l.sell(ctx, x, c, x.days*(1-(8+float64(i))/75)); err != nil {
			return err
		}
	}
	if x.end == "piloting" {
		return nil
	}
	if x.end == "returned" {
		_, err := l.Graduations.Return(at(40), pm, g.ID, graduation.Returned{
			Reason: "试点城市反馈安装周期过长，响应也不够及时，暂不具备全省推广条件。", Improvements: []string{"安装与升级时间压到 30 分钟以内", "按时响应率连续两个月达到 80%", "补充与现网计费系统的对接说明"},
			AgainAfter: calendar.Date(l.now.AddDate(0, 0, 45)),
		})
		return err
	}
	open := 45.0
	if x.end == "evaluating" {
		open = 72
	}
	if _, err := l.Graduations.StartEvaluation(at(open), pm, g.ID, graduation.CommentDays); err != nil {
		return err
	}
	said := []struct{ stance, text string }{
		{"support", "试点期间客户满意，建议推广；希望统一省内报价。"}, {"concern", "本市专线覆盖不足，推广前请先核实接入条件。"}, {"support", "与本市政务云对接顺利，愿意提供案例。"},
	}
	for i, c := range append([]tenants.Tenant{x.city}, pilots[:2]...) {
		if _, err := l.Graduations.Say(at(open+0.4*float64(i+1)), l.one(c.Code, "city_product_manager"), g.ID, said[i].stance, said[i].text); err != nil {
			return err
		}
	}
	if x.end == "evaluating" {
		return nil
	}
	if _, err := l.Graduations.Graduate(at(66), second, g.ID, "试点城市目标基本达成，未达项已约定整改计划，同意全省推广。"); err != nil {
		return err
	}
	answers := []struct {
		action string
		graduation.Response
	}{
		{"adopt", graduation.Response{}},
		{"adopt", graduation.Response{}},
		{"decline", graduation.Response{ReasonCode: "competing", Reason: "本市已有同类产品在用，客户暂无替换意愿。"}},
		{"later", graduation.Response{ReasonCode: "capability", Reason: "等支撑伙伴在本市设点后再推广。", LaterOn: calendar.Date(l.now.AddDate(0, 2, 0))}},
		{"adopt", graduation.Response{}},
		{"decline", graduation.Response{ReasonCode: "no_demand", Reason: "本市该行业客户少，投入产出不合算。"}},
		{"later", graduation.Response{ReasonCode: "calendar", Reason: "年底考核后启动。", LaterOn: calendar.Date(l.now.AddDate(0, 3, 0))}},
		{"decline", graduation.Response{ReasonCode: "price", Reason: "起步价高于本市客户预算。"}},
	}
	tasks, _, err := l.Graduations.TaskList(ctx, pm, graduation.TaskQuery{Graduation: g.ID, State: "open", Limit: 100})
	if err != nil {
		return err
	}
	slices.SortFunc(tasks, func(a, b graduation.Task) int { return int(a.DueAt.Sub(b.DueAt)) + len(a.CityName) - len(b.CityName) })
	for i, t := range tasks {
		if i%len(answers) == len(answers)-1 || t.CityCode == "4401" || i >= 14 {
			continue // some have not answered yet
		}
		y := answers[i%len(answers)]
		if _, err := l.Graduations.Answer(at(67+float64(i)/3), l.one(t.CityCode, "city_product_manager"), t.ID, y.action, y.Response); err != nil {
			return err
		}
	}
	return nil
}

// sell sells the product in a city to a few customers.
func (l *Loader) sell(ctx context.Context, x rise, city tenants.Tenant, since float64) error {
	page, err := l.Listings.Market(ctx, l.one(city.Code, "city_product_manager"), listing.MarketQuery{Sort: "name", Limit: 1000})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(page, func(o listing.Offer) bool { return o.SolutionID == x.listed.SolutionID })
	if i < 0 || len(l.agents) == 0 || since < 36 {
		return nil
	}
	customers, err := l.Accounts.List(ctx, l.one(city.Code, "city_channel_manager"), account.Query{ByUpdated: true, Limit: 200})
	if err != nil {
		return err
	}
	slices.Reverse(customers)
	for n := range min(1+x.rng.IntN(3), len(customers)) {
		err := l.lead(ctx, lead{agent: l.agents[(n+len(city.Code))%len(l.agents)], city: city, account: customers[x.rng.IntN(min(40, len(customers)))], offer: page[i], started: since - 1 - float64(n), end: "active", rng: rand.New(rand.NewPCG(uint64(n), x.rng.Uint64()))})
		var refused *fault.Error
		if err != nil && !errors.As(err, &refused) {
			return err // a customer somebody else has is left alone
		}
	}
	return nil
}
