package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/money"
	"ecoport/tenants/tenantstest"
)

// account is a customer of Guangzhou that belongs to its manager.
func (p *portal) account(manager *person, n int) string {
	p.Helper()
	return manager.post("/api/accounts", map[string]any{
		"name": fmt.Sprintf("菜单客户%d有限公司", n), "credit_code": tenantstest.CreditCode(n), "kind": "enterprise", "tier": "C", "industry": "sme", "district_code": "440106", "existing": false, "informatisation": 0, "staff_size": 0,
		"employees": 0, "machines": 0, "customers": 0, "suppliers": 0, "address": "", "contact_name": "", "contact_phone": "", "contact_email": "", "version": 0,
	}).is(http.StatusOK).text("id")
}

// TestMenuRules: what the author says of elements is refused where nothing could
// be chosen, tested with the version, sold as it was certified, and answered
// element by element while a quote is composed, each answer with what mends it.
func TestMenuRules(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	_, version := j.drafted("菜单一号", "wuliutong", "logistics")
	path := "/api/versions/" + version
	element := func(name string, price, least, most int) any {
		return map[string]any{"name": name, "unit": "个", "billing": "monthly", "price_fen": price, "required": false, "min": least, "max": most}
	}
	rule := func(kind, of string, others ...string) map[string]any {
		return map[string]any{"kind": kind, "element": of, "others": others}
	}
	edit := func(groups, rules []any, extra ...any) (answer, map[string]any) {
		v := j.author.get(path).is(http.StatusOK)
		content := map[string]any{
			"semver": v.text("semver"), "description": v.text("description"), "notes": v.text("notes"), "integration": "api", "version": v.number("version"),
			"elements": append([]any{
				map[string]any{"name": "平台", "unit": "套", "billing": "one_off", "price_fen": 1_000_000, "required": true, "max": 1},
				element("短信", 100, 10, 1000), element("语音", 200, 0, 0), element("报表", 300, 0, 0),
			}, extra...),
			"menu": map[string]any{"groups": groups, "rules": rules},
		}
		return j.author.put(path, content), content
	}
	bad, _ := edit([]any{}, []any{rule("requires", "平台", "短信"), rule("excludes", "短信", "平台")})
	bad.is(http.StatusUnprocessableEntity)
	require.Contains(t, string(bad.Body), "「平台」需要「短信」；「短信」不能与「平台」同选")
	bad, _ = edit([]any{}, []any{rule("requires", "报表", "没有")})
	require.Contains(t, string(bad.is(http.StatusUnprocessableEntity).Body), "menu.rules[0].others")
	bad, _ = edit([]any{}, []any{}, map[string]any{"name": "客服", "unit": "月", "billing": "monthly", "price_fen": 1, "required": false, "min": 5, "max": 3})
	require.Contains(t, string(bad.is(http.StatusUnprocessableEntity).Body), "elements[4].min")
	good, _ := edit([]any{map[string]any{"name": "通道", "min": 1, "max": 1, "elements": []string{"短信", "语音"}}}, []any{rule("requires", "报表", "短信")})
	require.Equal(t, "通道", good.is(http.StatusOK).text("menu.groups.0.name"))

	// The same as a workbook and as JSON, out and in; a dry run saves nothing.
	book := j.author.get(path + "/menu.xlsx").is(http.StatusOK)
	back := j.author.post("/api/menus/read", map[string]any{"content": book.Body}).is(http.StatusOK)
	require.Empty(t, back.at("faults"), "%s", back.Body)
	require.Equal(t, good.at("menu"), back.at("menu"))
	require.Equal(t, good.all("elements", "name"), back.all("elements", "name"))
	require.Equal(t, good.all("elements", "price_fen"), back.all("elements", "price_fen"))
	clash := j.author.post("/api/menus/read", map[string]any{"content": []byte(`{"elements":[{"name":"甲","unit":"个","billing":"monthly","price_fen":1,"required":true,"max":0},{"name":"乙","unit":"个","billing":"monthly","price_fen":1,"required":true,"max":0}],"menu":{"groups":[],"rules":[{"kind":"excludes","element":"甲","others":["乙"]}]}}`)}).is(http.StatusOK)
	require.Contains(t, clash.text("faults.0.message"), "「甲」不能与「乙」同选")
	long := `{"elements":[` + strings.Repeat(`{"name":"甲","unit":"个","billing":"monthly","price_fen":1,"required":true,"max":0},`, 200)
	j.author.post("/api/menus/read", map[string]any{"content": []byte(long[:len(long)-1] + `]}`)}).is(http.StatusUnprocessableEntity, "menu-long")
	j.author.post("/api/menus/read", map[string]any{"content": []byte("什么")}).is(http.StatusUnprocessableEntity, "menu-file")
	j.tester.post("/api/menus/read", map[string]any{"content": book.Body}).is(http.StatusForbidden, "denied")
	require.Equal(t, good.number("version"), j.author.get(path).number("version"))

	id := j.author.post(path+"/submit", nil).is(http.StatusOK).text("certification_id")
	j.tester.post("/api/certifications/"+id+"/claim", nil).is(http.StatusOK)
	j.tested(id, "")
	j.tester.post("/api/certifications/"+id+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/certifications/"+id+"/approve", map[string]any{}).is(http.StatusOK)
	city := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	offer := city.post("/api/listings", map[string]any{"version_id": version, "scope": "4401"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+offer+"/submit", map[string]any{}).is(http.StatusOK)
	city.post("/api/listings/"+offer+"/approve", map[string]any{}).is(http.StatusOK)

	manager := j.staff(j.gd, j.gd.Guangzhou, "account_manager")
	sold := manager.get("/api/marketplace/" + offer).is(http.StatusOK)
	require.Equal(t, "requires", sold.text("menu.rules.0.kind"))
	ids := map[string]string{}
	for i, name := range sold.all("elements", "name") {
		ids[name] = sold.all("elements", "id")[i]
	}
	account := j.account(manager, 901)
	compose := func(chosen map[string]int) map[string]any {
		var lines []any
		for name, n := range chosen {
			lines = append(lines, map[string]any{"element_id": ids[name], "quantity": n})
		}
		return map[string]any{"account_id": account, "listing_id": offer, "term_months": 12, "lines": lines}
	}
	priced := manager.post("/api/quotes/price", compose(map[string]int{"平台": 1, "报表": 1})).is(http.StatusOK)
	require.ElementsMatch(t, []string{"group", "requires"}, priced.all("violations", "code"))
	at := map[string]string{"group": "0", "requires": "1"}
	if priced.text("violations.0.code") == "requires" {
		at = map[string]string{"group": "1", "requires": "0"}
	}
	require.Equal(t, "通道", priced.text("violations."+at["group"]+".group"))
	require.Equal(t, []any{ids["短信"], 10.0}, []any{priced.text("violations." + at["requires"] + ".fix.element_id"), priced.number("violations." + at["requires"] + ".fix.quantity")})
	refused := manager.post("/api/quotes", compose(map[string]int{"平台": 1, "短信": 10, "语音": 1})).is(http.StatusUnprocessableEntity)
	require.Contains(t, string(refused.Body), "现选 2 项")
	require.Contains(t, string(manager.post("/api/quotes", compose(map[string]int{"平台": 1, "短信": 9})).is(http.StatusUnprocessableEntity).Body), "至少 10")
	manager.post("/api/quotes", compose(map[string]int{"平台": 1, "短信": 10, "报表": 1})).is(http.StatusOK)

	// A later version that changes only the rules is tested for what rests on them.
	next := j.author.post("/api/solutions/"+j.author.get(path).text("solution_id")+"/versions", map[string]any{"semver": "1.1.0"}).is(http.StatusOK)
	require.Equal(t, "通道", next.text("menu.groups.0.name"), "a new version begins with the rules of the last")
	path = "/api/versions/" + next.text("id")
	edited, _ := edit([]any{}, []any{rule("requires", "报表", "短信")})
	edited.is(http.StatusOK)
	difference := j.author.get(path + "/difference").is(http.StatusOK)
	require.Equal(t, []string{"menu"}, difference.all("fields", "field"))
	require.True(t, strings.Contains(difference.text("fields.0.before"), "通道: 1..1"))
	require.Contains(t, string(j.author.get(path+"/outlook").is(http.StatusOK).Body), "组合规则")
}

// TestQuoteByLink: a customer reads, asks about and accepts a quote without a
// login, by a link that shows one form of it, ends and can be taken back.
func TestQuoteByLink(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	manager, other := p.tour("manager.4401@gd.example"), p.tour("manager.4403@gd.example")
	account := manager.get("/api/accounts?limit=1").text("items.0.id")
	offer := manager.get("/api/marketplace?scope=province&limit=1").text("items.0.id")
	var lines []any
	detail := manager.get("/api/marketplace/" + offer).is(http.StatusOK)
	for i, id := range detail.all("elements", "id") {
		if detail.all("elements", "required")[i] == "true" {
			lines = append(lines, map[string]any{"element_id": id, "quantity": 1})
		}
	}
	body := map[string]any{"account_id": account, "listing_id": offer, "term_months": 12, "lines": lines, "valid_days": 30}
	quote := manager.post("/api/quotes", body).is(http.StatusOK)
	path := "/api/quotes/" + quote.text("id")
	require.Contains(t, quote.actions(), "share")
	other.post(path+"/shares", map[string]any{}).is(http.StatusNotFound)
	p.tour("channel@gd.example").post(path+"/shares", map[string]any{}).is(http.StatusForbidden, "denied")
	made := manager.post(path+"/shares", map[string]any{"days": 7}).is(http.StatusOK)
	link := made.text("link")
	token := link[strings.LastIndex(link, "/")+1:]
	require.NotContains(t, string(manager.get(path).Body), token, "the link is said once")
	require.Zero(t, one[int64](p, `SELECT count(*) FROM quote_shares WHERE encode(secret_hash, 'escape') LIKE '%' || $1 || '%'`, token))

	customer := p.visitor("a customer")
	shared := "/api/shared-quotes/" + token
	seen := customer.get(shared).is(http.StatusOK)
	require.Equal(t, []any{quote.text("number"), quote.number("total_fen")}, []any{seen.text("number"), seen.number("form.price.total_fen")})
	require.NotContains(t, string(seen.Body), account, "nothing but the quote")
	for _, bad := range []string{token[:len(token)-1] + "x", "x", strings.Replace(token, ".", "", 1), "AAAAAAAAAAAAAAAAAAAAAA." + token} {
		customer.get("/api/shared-quotes/"+bad).is(http.StatusNotFound, "share-gone")
	}
	require.True(t, bytes.HasPrefix(customer.get(shared+"/quote.pdf").is(http.StatusOK).Body, []byte("%PDF-")))
	require.True(t, bytes.HasPrefix(manager.get(path+"/quote.pdf").is(http.StatusOK).Body, []byte("%PDF-")))
	other.get(path + "/quote.pdf").is(http.StatusNotFound)

	// Questions wait for an answer, three at most however many at once.
	customer.post(shared+"/ask", map[string]any{"name": " ", "text": "包含培训吗？"}).is(http.StatusUnprocessableEntity)
	counts, answers := atOnce(20, func(i int) answer {
		return customer.post(shared+"/ask", map[string]any{"name": "何先生", "text": fmt.Sprintf("包含培训吗？%d", i)})
	})
	require.Equal(t, map[int]int{http.StatusOK: 3, http.StatusTooManyRequests: 17}, counts, "%s", answers[0].Body)
	p.eventually("the seller is told", func() bool {
		return strings.Contains(string(manager.get("/api/notices?limit=50").Body), "客户对报价")
	})
	manager.post(path+"/shares/"+made.text("id")+"/answer", map[string]any{"text": "包含两次现场培训"}).is(http.StatusOK)
	require.Contains(t, string(customer.get(shared).Body), "包含两次现场培训")
	customer.post(shared+"/ask", map[string]any{"name": "何先生", "text": "好的"}).is(http.StatusOK)

	// A newer form cannot be accepted by the old link.
	body["version"], body["customer_note"] = manager.get(path).number("version"), "增加一次培训"
	changed := manager.put(path, body).is(http.StatusOK)
	require.Equal(t, []string{"2", "1"}, changed.all("revisions", "number"))
	require.Equal(t, true, customer.get(shared).at("newer"))
	customer.post(shared+"/accept", map[string]any{"name": "何先生"}).is(http.StatusConflict, "share-newer")
	fresh := manager.post(path+"/shares", map[string]any{}).is(http.StatusOK)
	shared = "/api/shared-quotes/" + fresh.text("link")[strings.LastIndex(fresh.text("link"), "/")+1:]
	require.Equal(t, "增加一次培训", customer.get(shared).text("form.customer_note"))
	counts, _ = atOnce(50, func(int) answer { return customer.post(shared+"/accept", map[string]any{"name": "何先生"}) })
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts, "a second yes changes nothing")
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'customer_accepts'`, quote.text("id")))
	require.Equal(t, "何先生", manager.get(path).text("accepted.by"))

	short := manager.post(path+"/shares", map[string]any{}).is(http.StatusOK)
	over := short.text("link")[strings.LastIndex(short.text("link"), "/")+1:]
	customer.get("/api/shared-quotes/" + over).is(http.StatusOK)
	p.exec(`UPDATE quote_shares SET expires_at = now() WHERE id = $1`, short.text("id"))
	// However good the link, it is not for machines.
	for range 60 {
		customer.get(shared)
	}
	require.NotEmpty(t, customer.get(shared).is(http.StatusTooManyRequests).Header.Get("Retry-After"))
	p.exec(`UPDATE quote_shares SET expires_at = now() WHERE id = $1`, fresh.text("id"))

	// Taken back, past its day, or too many.
	manager.do(http.MethodDelete, path+"/shares/"+made.text("id"), nil).is(http.StatusOK)
	customer.get("/api/shared-quotes/"+token).is(http.StatusNotFound, "share-gone")
	customer.get("/api/shared-quotes/"+over).is(http.StatusNotFound, "share-gone")
	counts, _ = atOnce(20, func(int) answer { return manager.post(path+"/shares", map[string]any{}) })
	require.Equal(t, map[int]int{http.StatusOK: 10, http.StatusConflict: 10}, counts)
	for range 100 {
		customer.get("/api/shared-quotes/x")
	}
	customer.get("/api/shared-quotes/x").is(http.StatusTooManyRequests)
	_, err := p.super.Exec(t.Context(), `SET ROLE portal_operator; UPDATE quote_revisions SET total_fen = 0`)
	require.ErrorContains(t, err, "permission denied")
	p.exec(`RESET ROLE`)
}

// TestDiscountChain: inside the seller's limit nobody is asked; past it the city
// is, and for more or for much the province after it; what was approved holds
// for lines that a later form leaves as they are.
func TestDiscountChain(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	manager, city, province, other := p.tour("manager.4401@gd.example"), p.tour("channel.4401@gd.example"), p.tour("channel@gd.example"), p.tour("channel.4403@gd.example")
	account := manager.get("/api/accounts?limit=1").text("items.0.id")
	offer := ""
	var ids []string
	for _, id := range manager.get("/api/marketplace?limit=50").all("items", "id") {
		d := manager.get("/api/marketplace/" + id)
		if len(d.all("menu.rules", "kind")) == 0 || len(d.all("elements", "id")) < 3 {
			continue
		}
		offer, ids = id, d.all("elements", "id")
		break
	}
	require.NotEmpty(t, offer)
	quantities := map[string]int{ids[0]: 1, ids[1]: 5}
	body := func(ppm int) map[string]any {
		lines := []any{}
		for id, n := range quantities {
			lines = append(lines, map[string]any{"element_id": id, "quantity": n})
		}
		return map[string]any{"account_id": account, "listing_id": offer, "term_months": 1, "lines": lines, "valid_days": 30, "discount_ppm": ppm}
	}
	chain := func(ppm int) []any {
		out, _ := manager.post("/api/quotes/price", body(ppm)).is(http.StatusOK).at("approvals").([]any)
		return out
	}
	require.Empty(t, chain(100_000))
	require.Equal(t, []any{"city"}, chain(200_000))
	require.Equal(t, []any{"city", "province"}, chain(350_000))
	require.Contains(t, string(manager.post("/api/quotes", body(350_001)).is(http.StatusUnprocessableEntity).Body), "35%")
	require.Empty(t, manager.post("/api/quotes", body(100_000)).is(http.StatusOK).text("approval"))

	quote := manager.post("/api/quotes", body(300_000)).is(http.StatusOK)
	path := "/api/quotes/" + quote.text("id")
	require.Equal(t, "pending", quote.text("approval"))
	require.Equal(t, []string{"pending", "waiting"}, quote.all("approvals", "state"))
	require.NotContains(t, quote.actions(), "order")
	manager.post(path+"/order", nil).is(http.StatusConflict, "quote-not-approved")
	manager.post(path+"/shares", map[string]any{}).is(http.StatusConflict, "quote-not-approved")
	manager.post(path+"/approve", map[string]any{}).is(http.StatusForbidden, "denied")
	other.post(path+"/approve", map[string]any{}).is(http.StatusNotFound)
	province.post(path+"/approve", map[string]any{}).is(http.StatusConflict, "quote-no-approval")
	require.Contains(t, city.get("/api/quotes?mine=true").is(http.StatusOK).all("items", "id"), quote.text("id"))
	require.Contains(t, string(city.get("/api/home").Body), `"quote_approval"`)
	require.NotContains(t, string(province.get("/api/home").Body), `"quote_approval"`)
	// What is left of it is said to who decides, and to nobody else.
	margin := city.get(path)
	require.InDelta(t, margin.number("margin.total_fen")-margin.number("margin.commission_fen"), margin.number("margin.net_fen"), 0)
	require.InDelta(t, quote.number("total_fen"), margin.number("margin.total_fen"), 0)
	require.Greater(t, margin.number("margin.list_fen"), margin.number("margin.total_fen"))
	require.Nil(t, manager.get(path).at("margin"))
	sits := p.sitsFor("manager.4401@gd.example", "channel.4401@gd.example")
	sits.get(path).is(http.StatusOK)
	counts, answers := atOnce(50, func(int) answer { return city.post(path+"/approve", map[string]any{}) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	require.Contains(t, province.get("/api/quotes?mine=true").is(http.StatusOK).all("items", "id"), quote.text("id"))
	province.post(path+"/return", map[string]any{}).is(http.StatusUnprocessableEntity)
	require.Equal(t, "approved", province.post(path+"/approve", map[string]any{}).is(http.StatusOK).text("approval"))
	p.eventually("the seller is told", func() bool {
		return strings.Contains(string(manager.get("/api/notices?limit=50").Body), "优惠审批有进展")
	})

	// The same lines again, fewer of them, or less off: nobody is asked anew. A new
	// line, or more of one, asks for that line only; a larger discount or another
	// customer for all.
	edit := func(ppm int) answer {
		x := body(ppm)
		x["version"] = manager.get(path).number("version")
		return manager.put(path, x).is(http.StatusOK)
	}
	quantities[ids[1]] = 4
	require.Equal(t, "approved", edit(300_000).text("approval"))
	require.Equal(t, "approved", edit(250_000).text("approval"))
	quantities[ids[1]] = 6
	more, _ := edit(300_000).at("approvals.0.lines").([]any)
	require.Len(t, more, 1, "more than was approved")
	quantities[ids[1]] = 4
	mine := account
	account = manager.get("/api/accounts?limit=2").text("items.1.id")
	moved, _ := edit(300_000).at("approvals.0.lines").([]any)
	require.Len(t, moved, 2, "what was approved was for another customer")
	account = mine
	require.Equal(t, "approved", edit(300_000).text("approval"))
	quantities[ids[2]] = 1
	added := edit(300_000)
	require.Equal(t, "pending", added.text("approval"))
	lines, _ := added.at("approvals.0.lines").([]any)
	require.Len(t, lines, 1, "only what is new")
	require.Equal(t, "returned", city.post(path+"/return", map[string]any{"reason": "短信单独谈"}).is(http.StatusOK).text("approval"))
	require.Equal(t, "短信单独谈", manager.get(path).text("approvals.0.reason"))
	manager.post(path+"/order", nil).is(http.StatusConflict, "quote-not-approved")
	delete(quantities, ids[2])
	require.Equal(t, "approved", edit(300_000).text("approval"))
	all, _ := edit(310_000).at("approvals.0.lines").([]any)
	require.Len(t, all, 2)
	require.Empty(t, edit(50_000).text("approval"))
	manager.post(path+"/order", nil).is(http.StatusOK)

	// Whoever made it in another's seat does not approve it in the own.
	quantities = map[string]int{ids[0]: 1, ids[1]: 3}
	own := sits.post("/api/quotes", body(150_000)).is(http.StatusOK).text("id")
	p.tour("channel.4401@gd.example").post("/api/quotes/"+own+"/approve", map[string]any{}).is(http.StatusConflict, "quote-approval-own")
	_, err := p.super.Exec(t.Context(), `UPDATE quote_approvals SET state = 'approved', decided_by = makers[1], deciders = makers WHERE quote_id = $1`, own)
	require.ErrorContains(t, err, "quote_approvals_decided")
}

// TestPromotions: what a company takes off for a while is in the price of its
// customers and nobody else's, says so line by line, and is never more than its
// budget, however many order at once; what is cancelled is free again.
func TestPromotions(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	manager, product, city, elsewhere := p.tour("manager.4401@gd.example"), p.tour("product@gd.example"), p.tour("product.4401@gd.example"), p.tour("manager.4403@gd.example")
	offer := product.get("/api/marketplace?scope=province&limit=1").text("items.0.id")
	detail := manager.get("/api/marketplace/" + offer).is(http.StatusOK)
	name, id := detail.text("elements.0.name"), detail.text("elements.0.id")
	today := calendar.Date(time.Now())
	body := func(who *person) map[string]any {
		return map[string]any{"account_id": who.get("/api/accounts?limit=1").text("items.0.id"), "listing_id": offer, "term_months": 1, "lines": []any{map[string]any{"element_id": id, "quantity": 1}}, "valid_days": 30}
	}
	list := manager.post("/api/quotes/price", body(manager)).is(http.StatusOK).number("total_fen")
	plan := func(ppm, budget int, stackable bool) map[string]any {
		return map[string]any{"name": "开门红", "listing_id": offer, "elements": []string{name}, "ppm": ppm, "stackable": stackable, "starts_on": today, "ends_on": today, "budget_fen": budget}
	}
	manager.post("/api/promotions", plan(100_000, 0, true)).is(http.StatusForbidden, "denied")
	bad := plan(100_000, 0, true)
	bad["ends_on"] = "2020-01-01"
	require.Contains(t, string(city.post("/api/promotions", bad).is(http.StatusUnprocessableEntity).Body), "ends_on")
	bad = plan(100_000, 0, true)
	bad["elements"] = []string{"没有"}
	city.post("/api/promotions", bad).is(http.StatusUnprocessableEntity)
	local := city.post("/api/promotions", plan(100_000, 0, true)).is(http.StatusOK)
	priced := manager.post("/api/quotes/price", body(manager)).is(http.StatusOK)
	off, err := money.Rate(int64(list), 100_000)
	require.NoError(t, err)
	require.EqualValues(t, int64(list)-off, priced.number("total_fen"))
	require.Equal(t, []any{"开门红", float64(off)}, []any{priced.text("lines.0.promotions.0.name"), priced.number("lines.0.promotions.0.fen")})
	require.Empty(t, elsewhere.post("/api/quotes/price", body(elsewhere)).is(http.StatusOK).all("promotions", "id"), "a city's promotion is for its customers")
	product.post("/api/promotions/"+local.text("id")+"/end", map[string]any{"reason": "x"}).is(http.StatusNotFound)
	city.post("/api/promotions/"+local.text("id")+"/end", map[string]any{}).is(http.StatusUnprocessableEntity)
	city.post("/api/promotions/"+local.text("id")+"/end", map[string]any{"reason": "改用省里的"}).is(http.StatusOK)
	require.EqualValues(t, list, manager.post("/api/quotes/price", body(manager)).number("total_fen"))

	// A budget for three orders, and twenty that want it at once.
	wide := product.post("/api/promotions", plan(100_000, int(off)*3, false)).is(http.StatusOK)
	require.NotEmpty(t, elsewhere.post("/api/quotes/price", body(elsewhere)).all("promotions", "id"))
	var quotes []string
	for range 20 {
		q := manager.post("/api/quotes", body(manager)).is(http.StatusOK)
		require.EqualValues(t, off, q.number("price.promotions.0.fen"))
		quotes = append(quotes, q.text("id"))
	}
	counts, answers := atOnce(20, func(i int) answer { return manager.post("/api/quotes/"+quotes[i]+"/order", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 3, http.StatusConflict: 17}, counts, "%s", answers[0].Body)
	refused, ordered := -1, ""
	for i, a := range answers {
		if a.Status == http.StatusConflict {
			refused = i
			a.is(http.StatusConflict, "promotion-over")
		} else {
			ordered = a.text("id")
		}
	}
	require.EqualValues(t, off*3, one[int64](p, `SELECT sum(fen)::bigint FROM promotion_uses WHERE promotion_id = $1`, wide.text("id")))
	require.Contains(t, product.get("/api/promotions").is(http.StatusOK).all("items", "orders"), "3")
	require.Empty(t, manager.post("/api/quotes/price", body(manager)).all("promotions", "id"), "used up")
	manager.post("/api/orders/"+ordered+"/cancel", map[string]any{"reason": "客户改期"}).is(http.StatusOK)
	manager.post("/api/quotes/"+quotes[refused]+"/order", nil).is(http.StatusOK)
	require.EqualValues(t, 20, one[int64](p, `SELECT count(*) FROM quotes WHERE id = ANY($1::uuid[])`, quotes), "nothing is lost")
	_, err = p.super.Exec(t.Context(), `SET ROLE portal_partner; SELECT * FROM promotions`)
	require.ErrorContains(t, err, "permission denied")
	p.exec(`RESET ROLE`)
}

// TestServiceSuspended: a service stops for a while with its reason, stays the
// customer's, and goes on or ends.
func TestServiceSuspended(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	path := "/api/orders/" + one[string](p, `SELECT order_id::text FROM services WHERE id = $1`, d.service)
	d.manager.post(path+"/resume_service", map[string]any{}).is(http.StatusConflict, "wrong-state")
	d.manager.post(path+"/suspend_service", map[string]any{}).is(http.StatusUnprocessableEntity)
	d.support.post(path+"/suspend_service", map[string]any{"reason": "x"}).is(http.StatusForbidden, "denied")
	p.tour("manager.4403@gd.example").post(path+"/suspend_service", map[string]any{"reason": "x"}).is(http.StatusNotFound)
	grants := func() int64 {
		return one[int64](p, `SELECT count(*) FROM account_grants WHERE source_id = $1 AND ended_at IS NULL`, d.service)
	}
	before := grants()
	require.Positive(t, before)
	counts, answers := atOnce(50, func(int) answer {
		return d.manager.post(path+"/suspend_service", map[string]any{"reason": "客户装修"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	stopped := d.manager.get(path).is(http.StatusOK)
	require.Equal(t, []string{"suspended", "suspended"}, []string{stopped.text("state"), stopped.text("service.state")})
	require.ElementsMatch(t, []string{"resume_service", "end_service"}, stopped.actions())
	require.Equal(t, before, grants(), "who sees the customer for it still does")
	require.Equal(t, "active", d.manager.post(path+"/resume_service", map[string]any{}).is(http.StatusOK).text("service.state"))
	d.manager.post(path+"/suspend_service", map[string]any{"reason": "欠费"}).is(http.StatusOK)
	ended := d.manager.post(path+"/end_service", map[string]any{"reason": "客户退订"}).is(http.StatusOK)
	require.Equal(t, "ended", ended.text("service.state"))
	require.Zero(t, grants())
}
