package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/tenants/tenantstest"
)

// bought is an accepted order of three elements from a firm with an engineer.
type bought struct {
	desk
	order, delivery string // paths
	names           []string
	total           float64
}

func (p *portal) bought(n int) bought {
	p.Helper()
	b := bought{desk: p.desk()}
	offer := one[string](p, `SELECT l.id::text FROM listings l JOIN services s ON s.solution_id = l.solution_id WHERE s.id = $1 AND l.state = 'live' AND starts_with(s.org_path, l.org_path) LIMIT 1`, b.service)
	account := b.manager.post("/api/accounts", map[string]any{
		"name": fmt.Sprintf("交付客户%d有限公司", n), "credit_code": tenantstest.CreditCode(910 + n), "kind": "enterprise", "tier": "C", "industry": "sme", "district_code": one[string](p, `SELECT code FROM districts WHERE city_code = $1 ORDER BY code LIMIT 1`, b.city), "existing": false, "informatisation": 0, "staff_size": 0,
		"employees": 0, "machines": 0, "customers": 0, "suppliers": 0, "address": "体育西路", "contact_name": "何建国", "contact_phone": "13800000000", "contact_email": "", "version": 0,
	}).is(http.StatusOK).text("id")
	detail := b.manager.get("/api/marketplace/" + offer).is(http.StatusOK)
	var lines []any
	for i, id := range detail.all("elements", "id") {
		if len(lines) < 3 {
			least, _ := detail.at(fmt.Sprintf("elements.%d.min", i)).(float64)
			lines = append(lines, map[string]any{"element_id": id, "quantity": max(1, int(least))})
		}
	}
	quote := b.manager.post("/api/quotes", map[string]any{"account_id": account, "listing_id": offer, "term_months": 12, "lines": lines, "discount_ppm": 70_000}).is(http.StatusOK)
	b.total = quote.number("total_fen")
	b.order = "/api/orders/" + b.manager.post("/api/quotes/"+quote.text("id")+"/order", nil).is(http.StatusOK).text("id")
	accepted := b.manager.post(b.order+"/accept", map[string]any{}).is(http.StatusOK)
	b.delivery, b.names = "/api/deliveries/"+accepted.text("delivery.id"), accepted.all("delivery.tasks", "element")
	return b
}

// TestDelivery: the SI plans what it does by when and says what it handed over;
// what is not delivered with the rest goes on as an order of its own, and the
// two are what was ordered, to the fen; what the customer does not accept goes
// back.
func TestDelivery(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(1)
	require.GreaterOrEqual(t, len(b.names), 2)
	require.Contains(t, b.support.get("/api/deliveries?state=open&limit=100").is(http.StatusOK).all("items", "id"), strings.TrimPrefix(b.delivery, "/api/deliveries/"))
	due := b.support.get("/api/deliveries?state=open&limit=100").all("items", "due_on")
	require.IsIncreasing(t, append([]string{"0"}, compact(due)...), "what is due first first")

	d := b.support.get(b.delivery).is(http.StatusOK)
	tasks := func(from answer, also ...any) map[string]any {
		var out []any
		for i, id := range from.all("tasks", "id") {
			at := fmt.Sprintf("tasks.%d.", i)
			out = append(out, map[string]any{"id": id, "name": from.text(at + "name"), "element": from.text(at + "element"), "due_on": from.text(at + "due_on")})
		}
		return map[string]any{"tasks": append(out, also...), "version": from.number("version")}
	}
	train := map[string]any{"name": "现场培训", "due_on": d.text("due_on")}
	late := map[string]any{"name": "迟", "due_on": "2999-01-01"}
	require.Contains(t, string(b.support.put(b.delivery+"/plan", tasks(d, late)).is(http.StatusUnprocessableEntity).Body), fmt.Sprintf("tasks[%d].due_on", len(b.names)))
	require.Contains(t, string(b.support.put(b.delivery+"/plan", map[string]any{"tasks": []any{train}, "version": d.number("version")}).is(http.StatusUnprocessableEntity).Body), b.names[0])
	planned := b.support.put(b.delivery+"/plan", tasks(d, train)).is(http.StatusOK)
	require.Len(t, planned.all("tasks", "id"), len(b.names)+1)
	b.support.put(b.delivery+"/plan", tasks(d, train)).is(http.StatusConflict, "stale")
	b.manager.put(b.delivery+"/plan", tasks(planned)).is(http.StatusForbidden, "denied")
	other := p.tour("support@" + map[bool]string{true: "p02", false: "p01"}[b.support.name == "support@p01.example"] + ".example")
	other.put(b.delivery+"/plan", tasks(planned)).is(http.StatusNotFound)

	b.support.post(b.delivery+"/start", map[string]any{}).is(http.StatusOK)
	first, last := planned.text("tasks.0.id"), planned.all("tasks", "id")[len(b.names)]
	file := b.support.upload("delivery_file", "移交清单.pdf", "application/pdf", pdf)
	done := b.support.post(b.delivery+"/tasks/"+first+"/finish", map[string]any{"note": "账号已交何建国", "file_ids": []string{file}}).is(http.StatusOK)
	require.Equal(t, []string{"账号已交何建国", "移交清单.pdf"}, []string{done.text("tasks.0.note"), done.text("tasks.0.files.0.name")})
	b.manager.get("/api/files/" + file + "/link").is(http.StatusOK)
	other.get("/api/files/" + file + "/link").is(http.StatusNotFound)
	b.support.post(b.delivery+"/tasks/"+uuid.NewString()+"/finish", map[string]any{}).is(http.StatusNotFound)
	gone := tasks(done)
	gone["tasks"] = gone["tasks"].([]any)[1:]
	require.Contains(t, string(b.support.put(b.delivery+"/plan", gone).is(http.StatusUnprocessableEntity).Body), "不能删除")

	// In part: one element follows later, and says why.
	missing := planned.text("tasks.1.id")
	b.support.post(b.delivery+"/finish", map[string]any{"missing": []string{missing}}).is(http.StatusUnprocessableEntity)
	b.support.post(b.delivery+"/finish", map[string]any{"missing": planned.all("tasks", "id"), "reason": "都没有"}).is(http.StatusConflict, "nothing-delivered")
	counts, answers := atOnce(20, func(int) answer {
		return b.support.post(b.delivery+"/finish", map[string]any{"missing": []string{missing}, "reason": "设备未到"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts, "%s", answers[0].Body)
	handed := b.manager.get(b.order).is(http.StatusOK)
	require.Equal(t, []any{b.names[1]}, handed.at("missing"))
	require.NotEmpty(t, handed.text("delivery.tasks."+fmt.Sprint(len(b.names))+".done_at"), "training is marked done with the rest: %s", last)
	b.support.post(b.delivery+"/tasks/"+first+"/reopen", map[string]any{}).is(http.StatusConflict, "delivery-closed")

	// Not accepted: back with a reason, and handed over again.
	b.manager.post(b.order+"/return_delivery", map[string]any{}).is(http.StatusUnprocessableEntity)
	back := b.manager.post(b.order+"/return_delivery", map[string]any{"reason": "报表打不开"}).is(http.StatusOK)
	require.Equal(t, []string{"provisioning", "in_progress"}, []string{back.text("state"), back.text("delivery.state")})
	require.Empty(t, back.at("missing"))
	p.eventually("the SI is told", func() bool {
		return strings.Contains(string(b.support.get("/api/notices?kind=needs&unread=true").Body), "验收没有通过")
	})
	b.support.post(b.delivery+"/finish", map[string]any{"missing": []string{missing}, "reason": "设备未到"}).is(http.StatusOK)

	accept := map[string]any{"accepted_by": "何建国", "checklist": []string{"opened"}}
	counts, _ = atOnce(20, func(int) answer { return b.manager.post(b.order+"/acceptance", accept) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts)
	active := b.manager.get(b.order).is(http.StatusOK)
	require.Equal(t, "active", active.text("state"))
	require.Len(t, active.all("parts", "id"), 1)
	rest := "/api/orders/" + active.text("parts.0.id")
	later := b.manager.get(rest).is(http.StatusOK)
	require.Equal(t, []string{"provisioning", b.names[1], "in_progress"}, []string{later.text("state"), later.text("price.lines.0.name"), later.text("delivery.state")})
	require.InDelta(t, b.total, active.number("total_fen")+later.number("total_fen"), 0)
	require.Positive(t, later.number("total_fen"))
	require.NotContains(t, active.all("price.lines", "name"), b.names[1])
	sum := 0.0
	for i := range active.all("price.lines", "name") {
		at := fmt.Sprintf("price.lines.%d.", i)
		months := map[string]float64{"monthly": 12, "one_off": 1}[active.text(at+"billing")]
		sum += active.number(at+"amount_fen") * months
	}
	require.InDelta(t, active.number("total_fen"), sum, 0)
	b.support.post("/api/deliveries/"+later.text("delivery.id")+"/finish", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "active", b.manager.post(rest+"/acceptance", accept).is(http.StatusOK).text("state"))
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM services s JOIN orders o ON o.id = s.order_id WHERE o.quote_id = (SELECT quote_id FROM orders WHERE id = $1)`, strings.TrimPrefix(rest, "/api/orders/")))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM account_grants WHERE via = 'delivery' AND ended_at IS NULL AND source_id IN (SELECT id FROM orders WHERE quote_id = (SELECT quote_id FROM orders WHERE id = $1))`, strings.TrimPrefix(rest, "/api/orders/")))
}

func compact(days []string) (out []string) {
	for _, d := range days {
		if len(out) == 0 || out[len(out)-1] != d {
			out = append(out, d)
		}
	}
	return out
}

// TestTerms: what a step means in money is said before it; a term is renewed at
// the price it has, from its end; people are told 60, 30 and 7 days before, once
// each; the board shows what is due first.
func TestTerms(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(2)
	column := func(who *person, state string) []string {
		board := who.get("/api/orders/board").is(http.StatusOK)
		for i, s := range board.all("items", "state") {
			if s == state {
				return board.all(fmt.Sprintf("items.%d.items", i), "id")
			}
		}
		return nil
	}
	id := strings.TrimPrefix(b.order, "/api/orders/")
	require.Contains(t, column(b.manager, "accepted"), id)
	require.NotContains(t, column(p.tour("manager."+map[bool]string{true: "4403", false: "4401"}[b.city == "4401"]+"@gd.example"), "accepted"), id)
	before := b.manager.get(b.order + "/consequences").is(http.StatusOK)
	require.InDelta(t, b.total, before.number("dropped_fen"), 0)

	b.support.post(b.delivery+"/start", map[string]any{}).is(http.StatusOK)
	require.NotContains(t, column(b.manager, "accepted"), id)
	require.Contains(t, column(b.manager, "provisioning"), id)
	b.support.post(b.delivery+"/finish", map[string]any{}).is(http.StatusOK)
	active := b.manager.post(b.order+"/acceptance", map[string]any{"accepted_by": "何建国", "checklist": []string{"opened"}}).is(http.StatusOK)
	today := calendar.Date(time.Now())
	ends := func(months int) string {
		day, err := time.Parse(time.DateOnly, calendar.AddMonths(today, months))
		require.NoError(t, err)
		return day.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	require.Equal(t, ends(12), active.text("service.ends_on"))
	means := b.manager.get(b.order + "/consequences").is(http.StatusOK)
	monthly := active.number("service.monthly_fen")
	require.EqualValues(t, 12, means.number("months_left"))
	require.InDelta(t, 12*monthly, means.number("dropped_fen"), 0)
	require.InDelta(t, 12*monthly, means.number("renew_fen"), 0)
	require.NotNil(t, means.at("taken_back_fen"))
	b.support.get(b.order+"/consequences").is(http.StatusForbidden, "denied")

	b.manager.post(b.order+"/renew_service", map[string]any{"months": 61}).is(http.StatusUnprocessableEntity)
	b.support.post(b.order+"/renew_service", map[string]any{"months": 1}).is(http.StatusForbidden, "denied")
	renewed := b.manager.post(b.order+"/renew_service", map[string]any{"months": 12}).is(http.StatusOK)
	require.Equal(t, ends(24), renewed.text("service.ends_on"))
	require.Contains(t, b.manager.get(b.order).all("events", "action"), "renew_service")

	told := func(days int) int64 {
		return one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = $2`, id, fmt.Sprintf("term_%d", days))
	}
	province := p.gd()
	tend := func() { require.NoError(t, p.App.Services.Orders.Tend(t.Context(), province)) }
	tend()
	require.Zero(t, told(60))
	for _, step := range []struct{ left, sixty, thirty, seven int64 }{{50, 1, 0, 0}, {30, 1, 1, 0}, {8, 1, 1, 0}, {7, 1, 1, 1}, {0, 1, 1, 1}} {
		p.exec(`UPDATE services SET ends_on = $2::date + $3::int WHERE order_id = $1`, id, today, step.left)
		tend()
		tend()
		require.Equal(t, []int64{step.sixty, step.thirty, step.seven}, []int64{told(60), told(30), told(7)}, "%d days left", step.left)
	}
	// It ran on for a while; a renewal begins today then, and is told of anew.
	p.exec(`UPDATE services SET ends_on = $2::date - 20 WHERE order_id = $1`, id, today)
	require.Equal(t, ends(3), b.manager.post(b.order+"/renew_service", map[string]any{"months": 3}).is(http.StatusOK).text("service.ends_on"))
	p.exec(`UPDATE services SET ends_on = $2::date + 7 WHERE order_id = $1`, id, today)
	tend()
	require.EqualValues(t, 2, told(7))
	b.manager.post(b.order+"/end_service", map[string]any{"reason": "客户退订"}).is(http.StatusOK)
	b.manager.post(b.order+"/renew_service", map[string]any{"months": 3}).is(http.StatusConflict, "wrong-state")
}

// TestCapacity: a firm says how many orders it delivers at once; fifty orders at
// once for three places make three orders; who is full can be quoted; a place is
// free again with the hand-over.
func TestCapacity(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(20)
	now := b.support.get("/api/delivery-capacity").is(http.StatusOK)
	open := int(now.number("open"))
	require.Positive(t, open)
	require.Nil(t, now.at("most"))
	b.manager.put("/api/delivery-capacity", map[string]any{"most": 1}).is(http.StatusForbidden, "denied")
	b.support.put("/api/delivery-capacity", map[string]any{"most": -1}).is(http.StatusUnprocessableEntity)
	b.support.put("/api/delivery-capacity", map[string]any{"most": open + 3}).is(http.StatusOK)
	order := b.manager.get(b.order)
	quote := func() string {
		var lines []any
		for i, id := range order.all("price.lines", "element_id") {
			lines = append(lines, map[string]any{"element_id": id, "quantity": order.number(fmt.Sprintf("price.lines.%d.quantity", i))})
		}
		body := map[string]any{"account_id": order.text("account_id"), "listing_id": one[string](p, `SELECT listing_id::text FROM orders WHERE id = $1`, order.text("id")), "term_months": 12, "lines": lines}
		full, _ := b.manager.post("/api/quotes/price", body).is(http.StatusOK).at("full").(bool)
		return fmt.Sprint(full, " ", b.manager.post("/api/quotes", body).is(http.StatusOK).text("id"))
	}
	quotes := make([]string, 50)
	for i := range quotes {
		_, quotes[i], _ = strings.Cut(quote(), " ")
	}
	counts, answers := atOnce(50, func(i int) answer { return b.manager.post("/api/quotes/"+quotes[i]+"/order", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 3, http.StatusConflict: 47}, counts, "%s", answers[0].Body)
	for _, a := range answers {
		if a.Status == http.StatusConflict {
			a.is(http.StatusConflict, "no-capacity")
		}
	}
	full, id, _ := strings.Cut(quote(), " ")
	require.Equal(t, "true", full)
	b.manager.post("/api/quotes/"+id+"/order", nil).is(http.StatusConflict, "no-capacity")
	require.EqualValues(t, open+3, b.support.get("/api/delivery-capacity").number("open"))
	b.support.post(b.delivery+"/start", map[string]any{}).is(http.StatusOK)
	b.support.post(b.delivery+"/finish", map[string]any{}).is(http.StatusOK)
	b.manager.post("/api/quotes/"+id+"/order", nil).is(http.StatusOK)
	b.support.put("/api/delivery-capacity", map[string]any{}).is(http.StatusOK)
	_, id, _ = strings.Cut(quote(), " ")
	b.manager.post("/api/quotes/"+id+"/order", nil).is(http.StatusOK)
}

// TestAvailability: an element that is offered in some cities only is refused for
// customers of others, and not missed there where it is required.
func TestAvailability(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(30)
	order := b.manager.get(b.order)
	listing := one[string](p, `SELECT listing_id::text FROM orders WHERE id = $1`, order.text("id"))
	elsewhere := map[bool]string{true: "4403", false: "4401"}[b.city == "4401"]
	p.exec(`UPDATE offers SET content = jsonb_set(content, '{Elements,0,Cities}', to_jsonb(ARRAY[$2::text])) WHERE id = $1`, listing, elsewhere)
	ids := order.all("price.lines", "element_id")
	body := func(from int) map[string]any {
		var lines []any
		for i := from; i < len(ids); i++ {
			lines = append(lines, map[string]any{"element_id": ids[i], "quantity": order.number(fmt.Sprintf("price.lines.%d.quantity", i))})
		}
		return map[string]any{"account_id": order.text("account_id"), "listing_id": listing, "term_months": 12, "lines": lines}
	}
	priced := b.manager.post("/api/quotes/price", body(0)).is(http.StatusOK)
	require.Contains(t, priced.all("violations", "code"), "not_here")
	require.Contains(t, string(b.manager.post("/api/quotes", body(0)).is(http.StatusUnprocessableEntity).Body), "所在城市不提供")
	require.NotContains(t, b.manager.post("/api/quotes/price", body(1)).is(http.StatusOK).all("violations", "code"), "required_missing")
	require.Equal(t, []any{elsewhere}, b.manager.get("/api/marketplace/"+listing).at("elements.0.cities"))
}

// TestProspects: somebody who is not registered can be quoted and sent the quote,
// by their seller and seen by nobody beside; it is ordered once it is known who
// they are.
func TestProspects(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	manager, colleague, agent := p.tour("manager.4401@gd.example"), p.tour("manager2.4401@gd.example"), p.tour("agent@p03.example")
	offer := manager.get("/api/marketplace?scope=province&limit=1").text("items.0.id")
	var lines []any
	detail := manager.get("/api/marketplace/" + offer).is(http.StatusOK)
	for i, id := range detail.all("elements", "id") {
		if detail.all("elements", "required")[i] == "true" {
			lines = append(lines, map[string]any{"element_id": id, "quantity": 1})
		}
	}
	body := func(extra map[string]any) map[string]any {
		out := map[string]any{"listing_id": offer, "term_months": 12, "lines": lines}
		for k, v := range extra {
			out[k] = v
		}
		return out
	}
	manager.post("/api/quotes", body(nil)).is(http.StatusUnprocessableEntity)
	manager.post("/api/quotes", body(map[string]any{"prospect": "新客户", "city": "4403"})).is(http.StatusUnprocessableEntity)
	agent.post("/api/quotes", body(map[string]any{"prospect": "新客户"})).is(http.StatusUnprocessableEntity)
	agent.post("/api/quotes", body(map[string]any{"prospect": "新客户", "city": "9999"})).is(http.StatusUnprocessableEntity)
	manager.post("/api/quotes/price", body(map[string]any{"prospect": "新客户"})).is(http.StatusOK)

	quote := manager.post("/api/quotes", body(map[string]any{"prospect": "新客户有限公司"})).is(http.StatusOK)
	path := "/api/quotes/" + quote.text("id")
	require.Equal(t, []any{"新客户有限公司", "4401"}, []any{quote.at("account_name"), quote.at("city")})
	require.NotContains(t, quote.actions(), "order")
	require.Contains(t, quote.actions(), "share")
	manager.post(path+"/order", nil).is(http.StatusConflict, "quote-prospect")
	require.Contains(t, manager.get("/api/quotes?q=%E6%96%B0%E5%AE%A2%E6%88%B7").all("items", "id"), quote.text("id"))
	colleague.get(path).is(http.StatusNotFound)
	require.NotContains(t, colleague.get("/api/quotes?limit=100").all("items", "id"), quote.text("id"))
	agent.get(path).is(http.StatusNotFound)
	p.visitor("customer").get("/api/shared-quotes/" + strings.SplitN(manager.post(path+"/shares", map[string]any{}).is(http.StatusOK).text("link"), "/q/", 2)[1]).is(http.StatusOK)

	mine := agent.post("/api/quotes", body(map[string]any{"prospect": "另一家", "city": "4401"})).is(http.StatusOK).text("id")
	agent.get("/api/quotes/" + mine).is(http.StatusOK)
	manager.get("/api/quotes/" + mine).is(http.StatusNotFound)

	account := manager.get("/api/accounts?limit=1").text("items.0.id")
	chosen := manager.put(path, body(map[string]any{"account_id": account, "version": quote.number("version")})).is(http.StatusOK)
	require.Equal(t, account, chosen.text("account_id"))
	require.Contains(t, chosen.actions(), "order")
	manager.post(path+"/order", nil).is(http.StatusOK)
}

// TestGroupPurchase: customers of several cities pool their demand; nothing is
// ordered before it closes; what is reached together is off for all, before
// promotions; whom it misses may choose. It closes once, whoever does it.
func TestGroupPurchase(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	product, gz, sz := p.tour("product@gd.example"), p.tour("manager.4401@gd.example"), p.tour("manager.4403@gd.example")
	offer := ""
	for _, id := range gz.get("/api/marketplace?scope=province&limit=50").all("items", "id") {
		if d := gz.get("/api/marketplace/" + id); len(d.all("menu.rules", "kind")) == 0 && len(d.all("elements", "id")) >= 2 {
			offer = id
			break
		}
	}
	elements := gz.get("/api/marketplace/"+offer).all("elements", "id")
	quoted := func(who *person, nth, units int) string {
		account := who.get("/api/accounts?limit=20").all("items", "id")[nth]
		return "/api/quotes/" + who.post("/api/quotes", map[string]any{
			"account_id": account, "listing_id": offer, "term_months": 12, "discount_ppm": 20_000,
			"lines": []any{map[string]any{"element_id": elements[0], "quantity": 1}, map[string]any{"element_id": elements[1], "quantity": units}},
		}).is(http.StatusOK).text("id")
	}
	today := calendar.Date(time.Now())
	steps := []any{map[string]any{"from": 50, "ppm": 50_000}, map[string]any{"from": 200, "ppm": 100_000}}
	body := map[string]any{"name": "岁末团购", "listing_id": offer, "steps": steps, "closes_on": today}
	gz.post("/api/group-purchases", body).is(http.StatusForbidden, "denied")
	product.post("/api/group-purchases", map[string]any{"name": "x", "listing_id": offer, "steps": []any{steps[1], steps[0]}, "closes_on": "2020-01-01"}).is(http.StatusUnprocessableEntity)
	group := product.post("/api/group-purchases", body).is(http.StatusOK).text("id")
	listed := func(who *person) answer { return who.get("/api/group-purchases?listing_id=" + offer).is(http.StatusOK) }
	require.Contains(t, listed(sz).all("items", "id"), group)

	first, second, third := quoted(gz, 0, 30), quoted(sz, 0, 60), quoted(gz, 1, 10)
	join := func(who *person, quote string, least int) answer {
		return who.post(quote+"/join_group", map[string]any{"group_id": group, "min_ppm": least})
	}
	join(sz, first, 0).is(http.StatusNotFound)
	// A group of another city is not there, like any other id.
	theirs := p.tour("product.4403@gd.example").post("/api/group-purchases", map[string]any{"name": "深圳", "listing_id": offer, "steps": steps, "closes_on": today}).is(http.StatusOK).text("id")
	require.NotContains(t, gz.get("/api/group-purchases").all("items", "id"), theirs)
	gz.post(first+"/join_group", map[string]any{"group_id": theirs}).is(http.StatusNotFound)
	gz.post(first+"/join_group", map[string]any{"group_id": uuid.NewString()}).is(http.StatusNotFound)
	p.tour("product.4403@gd.example").post("/api/group-purchases/"+theirs+"/cancel", map[string]any{"reason": "x"}).is(http.StatusOK)
	counts, answers := atOnce(20, func(int) answer { return join(gz, first, 0) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts, "%s", answers[0].Body)
	join(gz, quoted(gz, 0, 5), 0).is(http.StatusConflict, "group-member")
	join(sz, second, 50_000).is(http.StatusOK)
	join(gz, third, 100_000).is(http.StatusOK)
	gz.post(first+"/order", nil).is(http.StatusConflict, "in-group")
	require.Equal(t, []any{100.0, 3.0, 2.0}, []any{listed(gz).at("items.0.units"), listed(gz).at("items.0.members"), listed(gz).at("items.0.cities")})
	require.NotContains(t, string(listed(gz).Body), sz.get(second).text("account_name"), "whose the others are is nobody's business")

	// One leaves and comes back; more units of one are more for all.
	require.Nil(t, gz.post(third+"/leave_group", map[string]any{}).is(http.StatusOK).at("group"))
	require.EqualValues(t, 90, listed(gz).number("items.0.units"))
	join(gz, third, 100_000).is(http.StatusOK)
	before := gz.get(first)
	edit := map[string]any{
		"account_id": before.text("account_id"), "listing_id": offer, "term_months": 12, "discount_ppm": 20_000, "version": before.number("version"),
		"lines": []any{map[string]any{"element_id": elements[0], "quantity": 1}, map[string]any{"element_id": elements[1], "quantity": 40}},
	}
	before = gz.put(first, edit).is(http.StatusOK)
	require.EqualValues(t, 110, listed(gz).number("items.0.units"))

	gz.post("/api/group-purchases/"+group+"/close", map[string]any{}).is(http.StatusForbidden, "denied")
	counts, answers = atOnce(20, func(int) answer { return product.post("/api/group-purchases/"+group+"/close", map[string]any{}) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts, "%s", answers[0].Body)
	after := gz.get(first).is(http.StatusOK)
	require.Less(t, after.number("total_fen"), before.number("total_fen"))
	require.Equal(t, "岁末团购", after.text("price.promotions.0.name"))
	off := 0.0
	for i := range after.all("price.lines", "name") {
		at := fmt.Sprintf("price.lines.%d.", i)
		list := after.number(at+"quantity") * after.number(at+"list_fen")
		require.InDelta(t, list*0.05, after.number(at+"promotions.0.fen"), 1)
		off += after.number(at + "promotions.0.fen")
	}
	require.Positive(t, off)
	require.InDelta(t, before.number("revision")+1, after.number("revision"), 0)
	require.Contains(t, after.actions(), "order")
	gz.post(first+"/order", nil).is(http.StatusOK)
	require.Contains(t, sz.get(second).actions(), "order")

	// Missed: not ordered until the choice is made; what is kept has the lower step.
	missed := gz.get(third).is(http.StatusOK)
	require.Equal(t, "choice", missed.text("group.state"))
	gz.post(third+"/order", nil).is(http.StatusConflict, "in-group")
	p.eventually("the seller is asked", func() bool {
		return strings.Contains(string(gz.get("/api/notices?kind=needs&unread=true").Body), "没有达到报价")
	})
	counts, _ = atOnce(20, func(i int) answer {
		return gz.post(third+[]string{"/keep_group", "/decline_group"}[i%2], map[string]any{})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts)
	join(gz, quoted(gz, 2, 5), 0).is(http.StatusConflict, "group-over")

	// Coming, going, changing and closing at once: nobody waits for each other for
	// ever, and whoever is in when it closes has the price or the choice.
	busy := product.post("/api/group-purchases", map[string]any{"name": "忙", "listing_id": offer, "steps": steps, "closes_on": today}).is(http.StatusOK).text("id")
	var crowd []string
	for i := range 8 {
		crowd = append(crowd, quoted(gz, 5+i, 20))
		gz.post(crowd[i]+"/join_group", map[string]any{"group_id": busy}).is(http.StatusOK)
	}
	seen := make([]answer, len(crowd))
	for i, path := range crowd {
		seen[i] = gz.get(path)
	}
	counts, answers = atOnce(24, func(i int) answer {
		k := i % len(crowd)
		switch {
		case i == 11:
			return product.post("/api/group-purchases/"+busy+"/close", map[string]any{})
		case i%2 == 0:
			return gz.post(crowd[k]+"/leave_group", map[string]any{})
		}
		return gz.put(crowd[k], map[string]any{
			"account_id": seen[k].text("account_id"), "listing_id": offer, "term_months": 12, "version": seen[k].number("version"),
			"lines": []any{map[string]any{"element_id": elements[0], "quantity": 1}, map[string]any{"element_id": elements[1], "quantity": 25}},
		})
	})
	for _, a := range answers {
		require.Contains(t, []int{http.StatusOK, http.StatusConflict}, a.Status, "%s", a.Body)
	}
	require.Positive(t, counts[http.StatusOK])
	require.Zero(t, one[int64](p, `SELECT count(*) FROM group_members WHERE group_id = $1 AND state = 'joined'`, busy))

	// Past its day it closes by itself, once; called off, nobody is bound.
	other := product.post("/api/group-purchases", map[string]any{"name": "二期", "listing_id": offer, "steps": steps, "closes_on": today}).is(http.StatusOK).text("id")
	fourth := quoted(gz, 3, 60)
	gz.post(fourth+"/join_group", map[string]any{"group_id": other}).is(http.StatusOK)
	p.exec(`UPDATE group_purchases SET closes_on = closes_on - 1 WHERE id = $1`, other)
	for range 2 {
		require.NoError(t, p.App.Services.Orders.Tend(t.Context(), p.gd()))
	}
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'close_group'`, other))
	require.Contains(t, gz.get(fourth).actions(), "order")
	gone := product.post("/api/group-purchases", map[string]any{"name": "三期", "listing_id": offer, "steps": steps, "closes_on": today}).is(http.StatusOK).text("id")
	fifth := quoted(gz, 4, 60)
	gz.post(fifth+"/join_group", map[string]any{"group_id": gone}).is(http.StatusOK)
	product.post("/api/group-purchases/"+gone+"/cancel", map[string]any{}).is(http.StatusUnprocessableEntity)
	product.post("/api/group-purchases/"+gone+"/cancel", map[string]any{"reason": "供货不足"}).is(http.StatusOK)
	require.Contains(t, gz.get(fifth).actions(), "order")
}

// TestBundle: elements of several firms are sold together for less; each firm's
// order stands by itself, the orders are made together and once, and they add up
// to the bundle's price to the fen; what is off sale in it is quoted no more.
func TestBundle(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	product, gz, sz := p.tour("product@gd.example"), p.tour("manager.4401@gd.example"), p.tour("manager.4403@gd.example")
	var items []any
	firms := map[string]bool{}
	for _, id := range gz.get("/api/marketplace?scope=province&limit=50").all("items", "id") {
		d := gz.get("/api/marketplace/" + id)
		if firms[d.text("partner_name")] || len(d.all("menu.rules", "kind")) > 0 || len(firms) == 3 {
			continue
		}
		firms[d.text("partner_name")] = true
		for i, name := range d.all("elements", "name") {
			if i < 2 || d.all("elements", "required")[i] == "true" {
				items = append(items, map[string]any{"listing_id": id, "element": name, "quantity": 1})
			}
		}
	}
	require.Len(t, firms, 3)
	body := map[string]any{"name": "三合一", "summary": "一起买", "ppm": 77_777, "items": items}
	gz.post("/api/bundles", body).is(http.StatusForbidden, "denied")
	wrong := map[string]any{"name": "x", "ppm": 1, "items": []any{map[string]any{"listing_id": items[0].(map[string]any)["listing_id"], "element": "没有", "quantity": 1}, items[0], items[0]}}
	bad := product.post("/api/bundles", wrong).is(http.StatusUnprocessableEntity)
	require.ElementsMatch(t, []string{"items[0].element", "items[2].element"}, bad.all("errors", "field"))
	bundle := product.post("/api/bundles", body).is(http.StatusOK)
	require.Equal(t, true, bundle.at("available"))
	var list, amount float64
	for i := range bundle.all("items", "element") {
		list += bundle.number(fmt.Sprintf("items.%d.list_fen", i))
		amount += bundle.number(fmt.Sprintf("items.%d.amount_fen", i))
	}
	require.InDelta(t, list*(1-0.077777), amount, 1, "rounded once over all")
	id := bundle.text("id")
	require.Contains(t, gz.get("/api/bundles").all("items", "id"), id)

	account := gz.get("/api/accounts?limit=1").text("items.0.id")
	gz.post("/api/bundles/"+id+"/quotes", map[string]any{"sets": 2}).is(http.StatusUnprocessableEntity)
	made := gz.post("/api/bundles/"+id+"/quotes", map[string]any{"account_id": account, "sets": 1, "term_months": 12}).is(http.StatusOK)
	quotes := made.all("items", "id")
	require.Len(t, quotes, 3)
	path := "/api/quotes/" + quotes[0]
	q := gz.get(path).is(http.StatusOK)
	require.Equal(t, "三合一", q.text("bundle.name"))
	require.InDelta(t, bundle.number("one_off_fen")+12*bundle.number("monthly_fen"), q.number("bundle.total_fen"), 0)
	require.NotContains(t, q.actions(), "edit")
	gz.put(path, map[string]any{"account_id": account, "listing_id": q.text("listing_id"), "lines": []any{}, "version": q.number("version")}).is(http.StatusConflict, "bundle-quote")
	sz.get(path).is(http.StatusNotFound)

	// Whichever is clicked, and however often: all are ordered, once.
	counts, answers := atOnce(30, func(i int) answer { return gz.post("/api/quotes/"+quotes[i%3]+"/order", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 29}, counts, "%s", answers[0].Body)
	total := 0.0
	suppliers := map[string]bool{}
	for _, id := range quotes {
		o := gz.get("/api/orders/" + gz.get("/api/quotes/"+id).text("order_id")).is(http.StatusOK)
		total += o.number("total_fen")
		suppliers[o.text("supplier_name")] = true
	}
	require.InDelta(t, q.number("bundle.total_fen"), total, 0, "the firms' orders are the revenue of the bundle")
	require.Len(t, suppliers, 3)

	product.post("/api/bundles/"+id+"/end", map[string]any{}).is(http.StatusUnprocessableEntity)
	product.post("/api/bundles/"+id+"/end", map[string]any{"reason": "换新"}).is(http.StatusOK)
	gz.post("/api/bundles/"+id+"/quotes", map[string]any{"account_id": account, "sets": 1}).is(http.StatusConflict, "bundle-gone")
	require.NotContains(t, gz.get("/api/bundles").all("items", "id"), id)
}

// TestChangedOrder: an order is changed before its delivery begins by another in
// its place, in one step; what it would mean is said first, and two changes at
// once make one order.
func TestChangedOrder(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(40)
	order := b.manager.get(b.order).is(http.StatusOK)
	require.Contains(t, order.actions(), "change")
	quote := func(n int) answer {
		var lines []any
		for i, id := range order.all("price.lines", "element_id") {
			if i < n {
				lines = append(lines, map[string]any{"element_id": id, "quantity": order.number(fmt.Sprintf("price.lines.%d.quantity", i))})
			}
		}
		return b.manager.post("/api/quotes", map[string]any{"account_id": order.text("account_id"), "listing_id": order.text("listing_id"), "term_months": 12, "lines": lines, "replaces_id": order.text("id")})
	}
	changes := []string{quote(2).is(http.StatusOK).text("id"), quote(1).is(http.StatusOK).text("id")}
	seen := b.manager.get("/api/quotes/" + changes[0])
	require.Equal(t, []any{order.text("number"), b.total}, []any{seen.at("replaces.number"), seen.at("replaces.total_fen")})
	require.Equal(t, "accepted", b.manager.get(b.order).text("state"), "nothing happens before the order")
	counts, answers := atOnce(20, func(i int) answer { return b.manager.post("/api/quotes/"+changes[i%2]+"/order", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 19}, counts, "%s", answers[0].Body)
	require.Equal(t, "cancelled", b.manager.get(b.order).text("state"))
	require.Equal(t, "cancelled", b.support.get(b.delivery).text("state"))
	require.Contains(t, b.manager.get(b.order).all("events", "action"), "replace")
	quote(1).is(http.StatusConflict, "change-too-late")

	later := p.bought(41)
	order = later.manager.get(later.order)
	b = later
	change := quote(1).is(http.StatusOK).text("id")
	later.support.post(later.delivery+"/start", map[string]any{}).is(http.StatusOK)
	require.NotContains(t, later.manager.get(later.order).actions(), "change")
	later.manager.post("/api/quotes/"+change+"/order", nil).is(http.StatusConflict, "change-too-late")
	require.Equal(t, "provisioning", later.manager.get(later.order).text("state"))
}

// TestFunnel: every deal of a year counts at each step it came to; each figure
// opens into its deals; nobody counts what is another's.
func TestFunnel(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	p.exec(`UPDATE deals SET registered_at = now() - interval '5 days'`)
	stages := []string{"analysis", "trust", "need", "value", "commitment", "collection"}
	for _, who := range []*person{p.tour("agent@p03.example"), p.tour("channel.4401@gd.example"), p.tour("channel@gd.example")} {
		f := who.get("/api/deals/funnel").is(http.StatusOK)
		var won, lost, open, openFen int
		reached := map[string]int{}
		next := "/api/deals?limit=100"
		for next != "" {
			page := who.get(next).is(http.StatusOK)
			for i, state := range page.all("items", "state") {
				if state == "rejected" || state == "withdrawn" {
					continue
				}
				stage := page.all("items", "stage")[i]
				switch state {
				case "won":
					won++
					stage = "collection"
				case "lost", "expired":
					lost++
				default:
					open++
					openFen += int(page.number(fmt.Sprintf("items.%d.amount_fen", i)))
				}
				for _, s := range stages {
					reached[s]++
					if s == stage {
						break
					}
				}
			}
			next = ""
			if c := page.cursor(); c != "" {
				next = "/api/deals?limit=100&cursor=" + c
			}
		}
		require.Equal(t, []float64{float64(won), float64(lost), float64(openFen)}, []float64{f.number("won"), f.number("lost"), f.number("open_fen")})
		sum := 0.0
		for i, s := range stages {
			require.EqualValues(t, reached[s], f.number(fmt.Sprintf("steps.%d.reached", i)), s)
			here := f.number(fmt.Sprintf("steps.%d.open", i))
			require.InDelta(t, here, who.get("/api/deals?limit=100&stage="+s).number("total"), 0)
			sum += here
		}
		require.EqualValues(t, open, sum)
		require.LessOrEqual(t, f.number("forecast_fen"), f.number("open_fen"))
	}
	p.tour("support@p01.example").get("/api/deals/funnel").is(http.StatusForbidden, "denied")
}

// TestA49Numbers: what is negative, nothing, too much, a fraction or no number
// is refused wherever money or units are written, and nothing is kept of it.
func TestA49Numbers(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(60)
	order := b.manager.get(b.order)
	product, officer, agent := p.tour("product@gd.example"), p.tour("settlement@gd.example"), p.tour("agent@p03.example")
	element, listing, account := order.text("price.lines.0.element_id"), order.text("listing_id"), order.text("account_id")
	active := b.order
	b.support.post(b.delivery+"/start", map[string]any{}).is(http.StatusOK)
	b.support.post(b.delivery+"/finish", map[string]any{}).is(http.StatusOK)
	number := b.manager.post(active+"/acceptance", map[string]any{"accepted_by": "何建国", "checklist": []string{"opened"}}).is(http.StatusOK).text("service.number")
	today := calendar.Date(time.Now())
	quote := func(change func(map[string]any)) map[string]any {
		x := map[string]any{"account_id": account, "listing_id": listing, "term_months": 12, "discount_ppm": 0, "lines": []any{map[string]any{"element_id": element, "quantity": 1}}}
		change(x)
		return x
	}
	count := func() int64 {
		return one[int64](p, `SELECT (SELECT count(*) FROM quotes) + (SELECT count(*) FROM promotions) + (SELECT count(*) FROM usage_facts) + (SELECT count(*) FROM group_purchases) + (SELECT count(*) FROM bundles) + (SELECT count(*) FROM deals) + (SELECT count(*) FROM commission_events WHERE external_id = 'n')`)
	}
	before := count()
	for _, n := range []any{-1, 1.5, 1e19, "1", nil, []int{1}, true} {
		for what, ask := range map[string]func() answer{
			"quantity": func() answer {
				return b.manager.post("/api/quotes", quote(func(x map[string]any) { x["lines"] = []any{map[string]any{"element_id": element, "quantity": n}} }))
			},
			"discount": func() answer {
				return b.manager.post("/api/quotes", quote(func(x map[string]any) { x["discount_ppm"] = n }))
			},
			"term": func() answer {
				return b.manager.post("/api/quotes", quote(func(x map[string]any) { x["term_months"] = n }))
			},
			"renewal": func() answer { return b.manager.post(active+"/renew_service", map[string]any{"months": n}) },
			"promotion": func() answer {
				return product.post("/api/promotions", map[string]any{"name": "x", "ppm": n, "stackable": true, "starts_on": today, "ends_on": today, "budget_fen": 0})
			},
			"budget": func() answer {
				return product.post("/api/promotions", map[string]any{"name": "x", "ppm": 1, "stackable": true, "starts_on": today, "ends_on": today, "budget_fen": n})
			},
			"step": func() answer {
				return product.post("/api/group-purchases", map[string]any{"name": "x", "listing_id": listing, "closes_on": today, "steps": []any{map[string]any{"from": n, "ppm": 1}}})
			},
			"bundle": func() answer {
				return product.post("/api/bundles", map[string]any{"name": "x", "ppm": 1, "items": []any{map[string]any{"listing_id": listing, "element": b.names[0], "quantity": n}}})
			},
			"usage": func() answer {
				return officer.post("/api/usage", map[string]any{"facts": []any{map[string]any{"id": "n", "service_number": number, "element": b.names[0], "day": today, "quantity": n}}})
			},
			"revenue": func() answer {
				return officer.post("/api/commission/events", map[string]any{"events": []any{map[string]any{"id": "n", "kind": "recurring", "service_number": number, "at": "2026-11-01T00:00:00Z", "month": 1, "amount_fen": n}}})
			},
			"deal": func() answer {
				return agent.post("/api/deals", map[string]any{"credit_code": tenantstest.CreditCode(970), "account_name": "x", "district_code": "440106", "listing_ids": []string{listing}, "amount_fen": n, "need": "x"})
			},
		} {
			if n == nil && (what == "discount" || what == "term") {
				continue // left out, which means none
			}
			a := ask()
			require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, a.Status, "%s %v: %s", what, n, a.Body)
		}
	}
	require.Equal(t, before, count())
	// Nothing of an element is not chosen; too much of it does not overflow.
	b.manager.post("/api/quotes", quote(func(x map[string]any) { x["lines"] = []any{map[string]any{"element_id": element, "quantity": 0}} })).is(http.StatusUnprocessableEntity)
	huge := b.manager.post("/api/quotes", quote(func(x map[string]any) {
		x["lines"] = []any{map[string]any{"element_id": element, "quantity": int64(9e17)}}
	}))
	require.Equal(t, http.StatusUnprocessableEntity, huge.Status, "%s", huge.Body)
}
