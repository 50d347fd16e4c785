package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/certification"
	"ecoport/tenants/tenantstest"
)

// TestJourney walks the seven steps from an unknown firm to a paid agent, each
// by the person whose step it is, over HTTP.
func TestJourney(t *testing.T) {
	t.Parallel()
	p, gd, hn := withStaff(t)
	j := &journey{portal: p, gd: gd, hn: hn}
	j.channel, j.product, j.settlement, j.tester = p.staff(gd, gd.Tenant, "channel_manager"), p.staff(gd, gd.Tenant, "product_manager"), p.staff(gd, gd.Tenant, "settlement_officer"), p.staff(gd, gd.Tenant, "test_engineer")
	j.admission()
	j.plan()
	first := j.certified("粤海仓储通", "wuliutong", "logistics")
	second := j.certifiedPlainly("南湾短号集群网", "vnet", "sme")
	offer := j.listed(first, second)
	dealID, accountID := j.protected(offer)
	order := j.sold(dealID, offer)
	j.paid(order)
	j.visibilityEnds(offer, accountID)
	j.chained()
}

type journey struct {
	*portal
	gd, hn                               *tenantstest.Province
	channel, product, settlement, tester *person
	admin, author                        *person
	firm                                 string
}

const chosen = "correct horse battery"

// admission: an SI registers itself, hands in documents straight to the store,
// is vetted, and invites a colleague.
func (j *journey) admission() {
	j.admin = j.visitor("the new SI")
	code := tenantstest.CreditCode(1_234_567)
	form := map[string]any{
		"legal_name": "粤海智能科技有限公司", "credit_code": code, "capabilities": []string{"si"}, "contact_name": "陈晓琳", "contact_phone": "13912345678", "contact_email": "office@yuehai.example",
		"admin_name": "陈晓琳", "admin_email": "chen@yuehai.example", "admin_password": chosen,
	}
	bad := map[string]any{}
	for k, v := range form {
		bad[k] = v
	}
	bad["credit_code"] = code[:17] + map[bool]string{true: "0", false: "1"}[code[17] != '0']
	refused := j.visitor("a typist").post("/api/partners/register", bad).is(http.StatusUnprocessableEntity)
	require.Equal(j, "credit_code", refused.text("errors.0.field"))

	me := j.admin.post("/api/partners/register", form).is(http.StatusOK)
	j.firm = me.text("membership.tenant_id")
	j.visitor("a twin").post("/api/partners/register", map[string]any{
		"legal_name": "另一家", "credit_code": code, "capabilities": []string{"si"}, "contact_name": "x", "contact_phone": "13912345678", "contact_email": "a@b.example", "admin_name": "x", "admin_email": "twin@b.example", "admin_password": chosen,
	}).is(http.StatusConflict, "credit-code-taken")

	home := j.admin.get("/api/partner").is(http.StatusOK)
	require.Equal(j, "draft", home.text("state"))
	j.admin.post("/api/partners/"+j.firm+"/apply", map[string]any{}).is(http.StatusConflict, "checks-failed")
	soon := time.Now().AddDate(2, 0, 0).Format(time.DateOnly)
	for kind, expires := range map[string]string{"business_licence": soon, "cooperation_letter": "", "software_copyright": soon} {
		body := map[string]any{"kind": kind, "file_id": j.admin.upload("partner_document", kind+".pdf", "application/pdf", pdf)}
		if expires != "" {
			body["expires_on"] = expires
		}
		j.admin.post("/api/partners/"+j.firm+"/documents", body).is(http.StatusOK)
	}
	applied := j.admin.post("/api/partners/"+j.firm+"/apply", map[string]any{}).is(http.StatusOK)
	require.Equal(j, "applied", applied.text("state"))
	for _, state := range applied.all("checks", "state") {
		require.Equal(j, "passed", state)
	}
	require.Contains(j, j.channel.get("/api/partners?queue=true").is(http.StatusOK).all("items", "id"), j.firm)
	require.Contains(j, j.channel.get("/api/partners/"+j.firm).actions(), "start_review")
	j.channel.post("/api/partners/"+j.firm+"/start_review", map[string]any{}).is(http.StatusOK)
	j.admin.post("/api/partners/"+j.firm+"/approve", map[string]any{}).is(http.StatusForbidden, "denied")
	require.Equal(j, "active", j.channel.post("/api/partners/"+j.firm+"/approve", map[string]any{}).is(http.StatusOK).text("state"))

	invited := j.admin.post("/api/invitations", map[string]any{"email": "Author@Yuehai.example", "roles": []string{"solution_author"}}).is(http.StatusOK)
	secret := invited.text("link")[strings.LastIndex(invited.text("link"), "/")+1:]
	j.author = j.visitor("the author")
	offer := j.author.get("/api/invitations/token/" + secret).is(http.StatusOK)
	require.Equal(j, "author@yuehai.example", offer.text("email"))
	require.Equal(j, false, offer.at("known_user"))
	joined := j.author.post("/api/invitations/accept", map[string]any{"token": secret, "name": "李志强", "password": chosen}).is(http.StatusOK)
	require.Equal(j, j.firm, joined.text("membership.tenant_id"))
	j.visitor("a latecomer").post("/api/invitations/accept", map[string]any{"token": secret, "name": "x", "password": chosen}).is(http.StatusNotFound, "invitation")
}

// plan: made by one, published by another.
func (j *journey) plan() {
	doc := map[string]any{"plan": "gd-channel", "valid_from": calendar.Date(time.Now()), "currency": "CNY", "rules": []any{map[string]any{
		"id": "activation", "note": "开通酬金", "match": map[string]any{}, "basis": map[string]any{"kind": "activation"}, "formula": map[string]any{"kind": "rate", "ppm": 100_000},
		"split": []any{map[string]any{"to": "seller", "ppm": 700_000}, map[string]any{"to": "solution_owner", "ppm": 300_000}},
	}}}
	made := j.channel.post("/api/plans", doc).is(http.StatusOK)
	id := made.text("id")
	j.channel.post("/api/plans/"+id+"/submit", map[string]any{}).is(http.StatusOK)
	j.channel.post("/api/plans/"+id+"/publish", map[string]any{}).is(http.StatusForbidden, "denied")
	require.Equal(j, "published", j.settlement.post("/api/plans/"+id+"/publish", map[string]any{}).is(http.StatusOK).text("state"))
}

// drafted makes a solution with elements and files, ready to be submitted.
func (j *journey) drafted(name, family, industry string) (solution, version string) {
	made := j.author.post("/api/solutions", map[string]any{"name": name, "summary": "一次开通、统一账号，面向" + industry, "industry": industry, "category": "industry", "family": family}).is(http.StatusOK)
	solution, version = made.text("id"), made.text("versions.0.id")
	v := j.author.get("/api/versions/" + version).is(http.StatusOK)
	needs := func(a answer) (open int) {
		for _, done := range a.all("needs", "done") {
			if done != "true" {
				open++
			}
		}
		return open
	}
	require.Positive(j, needs(v), "an empty draft says what it needs")
	j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusConflict)
	v = j.author.put("/api/versions/"+version, map[string]any{
		"semver": "1.0.0", "description": "为客户提供统一的开通、分级管理与按月对账能力，现网系统零改造接入。", "notes": "首个版本", "integration": "api", "version": v.number("version"),
		"elements": []any{
			map[string]any{"name": "平台", "unit": "套", "billing": "one_off", "price_fen": 1_000_000, "required": true, "max": 1},
			map[string]any{"name": "账号", "unit": "个/月", "billing": "monthly", "price_fen": 1_500, "required": false, "max": 0},
		},
	}).is(http.StatusOK)
	for _, kind := range []string{"whitepaper", "manual", "test_report"} {
		v = j.author.post("/api/versions/"+version+"/files", map[string]any{"file_id": j.author.upload("solution_file", kind+".pdf", "application/pdf", pdf), "kind": kind}).is(http.StatusOK)
	}
	require.Zero(j, needs(v), "%s", v.Body)
	return solution, version
}

// tested records every open check of the case but those of the product manager.
func (j *journey) tested(id string, fail string) {
	c := j.tester.get("/api/certifications/" + id).is(http.StatusOK)
	stages, _ := c.at("stages").([]any)
	for s := range stages {
		if c.text(fmt.Sprintf("stages.%d.kind", s)) == "price_review" {
			continue
		}
		checks, _ := c.at(fmt.Sprintf("stages.%d.checks", s)).([]any)
		for k := range checks {
			at := fmt.Sprintf("stages.%d.checks.%d.", s, k)
			if c.at(at+"machine") == true || c.text(at+"result") != "open" {
				continue
			}
			result := "pass"
			if c.text(at+"code") == fail {
				result = "fail"
			}
			measured := "ok"
			if limit, ok := c.at(at + "limit").(float64); ok {
				if result == "fail" {
					limit += 280
				}
				measured = fmt.Sprint(limit, " ", c.text(at+"unit"))
			}
			j.tester.put("/api/certifications/"+id+"/checks/"+c.text(at+"id"), map[string]any{
				"result": result, "measured": measured,
				"evidence": []string{j.tester.upload("evidence", "log.txt", "text/plain", []byte("tested by hand\n"))},
			}).is(http.StatusOK)
		}
	}
}

// certified: submission, a finding answered in a second round, decision by the
// product manager, a certificate anybody can verify.
func (j *journey) certified(name, family, industry string) (version string) {
	_, version = j.drafted(name, family, industry)
	submitted := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
	require.Equal(j, "in_test", submitted.text("state"), "intake is the machine's and immediate")
	id := submitted.text("certification_id")
	j.author.put("/api/versions/"+version, map[string]any{"semver": "1.0.0", "description": "x", "notes": "", "integration": "none", "elements": []any{}, "version": submitted.number("version")}).is(http.StatusConflict)

	path := "/api/certifications/" + id
	j.tester.put(path+"/checks/"+uuid.NewString(), map[string]any{"result": "pass"}).is(http.StatusConflict)
	require.Equal(j, "managed", j.tester.post(path+"/claim", nil).is(http.StatusOK).text("track"))
	j.tested(id, "latency_p95")
	found := j.tester.post(path+"/findings", map[string]any{"stage": "stability", "severity": "major", "text": "P95 时延 480 ms，超过 200 ms。"}).is(http.StatusOK)
	finding := found.text("findings.0.id")
	j.tester.post(path+"/request_changes", map[string]any{}).is(http.StatusUnprocessableEntity)
	back := j.tester.post(path+"/request_changes", map[string]any{"reason": "请优化后重新提交。"}).is(http.StatusOK)
	require.Equal(j, "partner", back.text("clock.holder"))
	require.Equal(j, "answer", back.text("next"))

	j.author.post("/api/versions/"+version+"/revise", nil).is(http.StatusOK)
	j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusConflict)
	j.author.post(path+"/findings/"+finding+"/answer", map[string]any{"text": "已加缓存，P95 为 120 ms。"}).is(http.StatusOK)
	again := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
	require.Equal(j, id, again.text("certification_id"), "the same case goes on")
	require.Equal(j, "operator", j.author.get(path).text("clock.holder"))

	j.tested(id, "")
	j.tester.post(path+"/findings/"+finding+"/close", nil).is(http.StatusOK)
	j.tester.post(path+"/approve", map[string]any{}).is(http.StatusForbidden, "denied")
	require.Equal(j, "in_review", j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK).text("state"))
	require.Contains(j, j.product.get("/api/reviews").is(http.StatusOK).all("items", "id"), id)
	done := j.product.post(path+"/approve", map[string]any{}).is(http.StatusOK)
	require.Equal(j, "certified", done.text("state"))

	// Operator and partner days make up the time from submission to decision.
	at := func(key string) time.Time {
		x, err := time.Parse(time.RFC3339Nano, done.text(key))
		require.NoError(j, err)
		return x
	}
	elapsed := certification.Days(calendar.WorkingTime(at("submitted_at"), at("decided_at")))
	require.InDelta(j, elapsed, done.number("clock.operator_days")+done.number("clock.partner_days"), 0.01/86400, "operator + partner = elapsed")
	require.Contains(j, done.all("turns", "holder"), "partner")
	require.Equal(j, "none", done.text("clock.holder"))

	number := done.text("certificate.number")
	public := j.visitor("a customer").get("/api/certificates/" + number).is(http.StatusOK)
	require.Equal(j, "valid", public.text("state"))
	require.Equal(j, name, public.text("solution_name"))
	require.Len(j, public.text("content_hash"), 64)
	return version
}

// certifiedPlainly is the short way, for a second solution.
func (j *journey) certifiedPlainly(name, family, industry string) (version string) {
	_, version = j.drafted(name, family, industry)
	id := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	j.tester.post("/api/certifications/"+id+"/claim", nil).is(http.StatusOK)
	j.tested(id, "")
	j.tester.post("/api/certifications/"+id+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/certifications/"+id+"/approve", map[string]any{}).is(http.StatusOK)
	return version
}

// listed: the city offers the first in Guangzhou, the province the second
// everywhere; who looks from where finds what is on sale there.
func (j *journey) listed(first, second string) (offer string) {
	city := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	city.post("/api/listings", map[string]any{"version_id": first, "scope": "4403"}).is(http.StatusForbidden)
	city.post("/api/listings", map[string]any{"version_id": first, "scope": "province"}).is(http.StatusForbidden)
	offer = city.post("/api/listings", map[string]any{"version_id": first, "scope": "4401"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+offer+"/approve", map[string]any{}).is(http.StatusConflict, "wrong-state")
	city.post("/api/listings/"+offer+"/submit", map[string]any{}).is(http.StatusOK)
	require.Equal(j, "live", city.post("/api/listings/"+offer+"/approve", map[string]any{}).is(http.StatusOK).text("state"))

	guangzhou, shenzhen := j.staff(j.gd, j.gd.Guangzhou, "account_manager"), j.staff(j.gd, j.gd.Shenzhen, "account_manager")
	for _, q := range []string{"q=" + url.QueryEscape("仓储"), "industry=logistics", "certified=true", "scope=city"} {
		require.Equal(j, []string{offer}, guangzhou.get("/api/marketplace?"+q).is(http.StatusOK).all("items", "id"), q)
		none := shenzhen.get("/api/marketplace?" + q).is(http.StatusOK)
		require.Empty(j, none.all("items", "id"), q)
		require.Zero(j, none.number("total"))
		require.Empty(j, none.all("industries", "code"), "facets count what one may see")
	}
	shenzhen.get("/api/marketplace/" + offer).is(http.StatusNotFound)
	require.Empty(j, guangzhou.get("/api/marketplace?q="+url.QueryEscape("银行")).all("items", "id"))

	wide := j.product.post("/api/listings", map[string]any{"version_id": second, "scope": "province"}).is(http.StatusOK).text("id")
	j.product.post("/api/listings/"+wide+"/submit", map[string]any{}).is(http.StatusOK)
	require.Contains(j, j.product.get("/api/reviews").is(http.StatusOK).all("items", "id"), wide)
	require.NotContains(j, city.get("/api/reviews").is(http.StatusOK).all("items", "id"), wide)
	city.post("/api/listings/"+wide+"/approve", map[string]any{}).is(http.StatusNotFound)
	j.product.post("/api/listings/"+wide+"/approve", map[string]any{}).is(http.StatusOK)
	require.Equal(j, []string{wide}, shenzhen.get("/api/marketplace").is(http.StatusOK).all("items", "id"))
	require.Len(j, guangzhou.get("/api/marketplace").is(http.StatusOK).all("items", "id"), 2)
	return offer
}

func (j *journey) agent() *person { return j.staff(j.gd, j.gd.Agent, "agent") }

func (j *journey) register(who *person, n int, offer string) answer {
	return who.post("/api/deals", map[string]any{
		"credit_code": tenantstest.CreditCode(n), "account_name": fmt.Sprintf("天河第%d物流有限公司", n), "district_code": "440106", "listing_ids": []string{offer}, "amount_fen": 5_000_000,
		"contact_name": "何建国", "contact_phone": "13600001111", "need": "仓库扫码",
	})
}

// protected: a blind check, a registration, the city's approval; the agent sees
// the customer, nobody else's agent does.
func (j *journey) protected(offer string) (dealID, accountID string) {
	agent, rival := j.agent(), j.staff(j.gd, j.gd.SI, "agent")
	reviewer := j.staff(j.gd, j.gd.Guangzhou, "city_channel_manager")
	code := tenantstest.CreditCode(77)
	require.Equal(j, "free", agent.post("/api/deals/check", map[string]any{"credit_code": code}).is(http.StatusOK).text("answer"))
	d := j.register(agent, 77, offer).is(http.StatusOK)
	dealID = d.text("id")
	require.Equal(j, "registered", d.text("state"))
	blind := rival.post("/api/deals/check", map[string]any{"credit_code": code}).is(http.StatusOK)
	require.Equal(j, "ask", blind.text("answer"))
	require.NotContains(j, string(blind.Body), j.gd.Agent.Name, "the check never says who")
	rival.get("/api/deals/" + dealID).is(http.StatusNotFound)
	j.staff(j.gd, j.gd.Shenzhen, "city_channel_manager").post("/api/deals/"+dealID+"/approve", map[string]any{}).is(http.StatusNotFound)
	agent.post("/api/deals/"+dealID+"/approve", map[string]any{}).is(http.StatusForbidden, "denied")

	approved := reviewer.post("/api/deals/"+dealID+"/approve", map[string]any{}).is(http.StatusOK)
	require.Equal(j, "protected", approved.text("state"))
	accountID = approved.text("account_id")
	require.Equal(j, "protected", rival.post("/api/deals/check", map[string]any{"credit_code": code}).is(http.StatusOK).text("answer"))
	seen := agent.get("/api/accounts/" + accountID).is(http.StatusOK)
	require.Equal(j, "deal", seen.text("access.via"))
	require.Equal(j, "何建国", seen.text("contact_name"))
	require.Empty(j, seen.text("contact_email"), "not among the fields of the grant")
	require.NotEmpty(j, seen.text("access_until"))
	for _, other := range []*person{rival, j.staff(j.hn, j.hn.SI, "agent"), j.staff(j.gd, j.gd.Shenzhen, "account_manager")} {
		hidden := other.get("/api/accounts/" + accountID).is(http.StatusNotFound)
		same(j, other.name, hidden, other.get("/api/accounts/"+uuid.NewString()))
		require.NotContains(j, other.get("/api/accounts").is(http.StatusOK).all("items", "id"), accountID)
	}
	why := reviewer.get("/api/accounts/" + accountID + "/access").is(http.StatusOK)
	require.Contains(j, why.all("items", "via"), "deal", "explain names the deal: %s", why.Body)
	return dealID, accountID
}

// sold: quote, order, delivery by the SI, acceptance by the customer.
func (j *journey) sold(dealID, offer string) (order answer) {
	agent := j.agent()
	manager := j.staff(j.gd, j.gd.Guangzhou, "account_manager")
	menu := agent.get("/api/marketplace/" + offer).is(http.StatusOK)
	platform, seats := menu.text("elements.0.id"), menu.text("elements.1.id")
	composition := func(lines ...any) map[string]any {
		return map[string]any{"deal_id": dealID, "listing_id": offer, "lines": lines, "term_months": 12}
	}
	line := func(id string, n int) any { return map[string]any{"element_id": id, "quantity": n} }
	priced := agent.post("/api/quotes/price", composition(line(seats, 10))).is(http.StatusOK)
	require.Equal(j, []string{"required_missing"}, priced.all("violations", "code"))
	agent.post("/api/quotes", composition(line(seats, 10))).is(http.StatusUnprocessableEntity)
	quote := agent.post("/api/quotes", composition(line(platform, 1), line(seats, 10))).is(http.StatusOK)
	require.EqualValues(j, 1_000_000+12*10*1_500, quote.number("total_fen"))

	order = agent.post("/api/quotes/"+quote.text("id")+"/order", nil).is(http.StatusOK)
	agent.post("/api/quotes/"+quote.text("id")+"/order", nil).is(http.StatusConflict)
	path := "/api/orders/" + order.text("id")
	agent.post(path+"/accept", map[string]any{}).is(http.StatusForbidden, "denied")
	accepted := manager.post(path+"/accept", map[string]any{}).is(http.StatusOK)
	delivery := accepted.text("delivery.id")
	require.NotEmpty(j, delivery, "%s", accepted.Body)
	require.Contains(j, j.admin.get("/api/deliveries").is(http.StatusOK).all("items", "id"), delivery)
	j.staff(j.gd, j.gd.SI, "support_engineer").get("/api/deliveries/" + delivery).is(http.StatusNotFound)
	manager.post(path+"/acceptance", map[string]any{"accepted_by": "何建国", "checklist": []string{"业务开通"}}).is(http.StatusConflict, "wrong-state")
	j.admin.post("/api/deliveries/"+delivery+"/start", map[string]any{}).is(http.StatusOK)
	j.admin.post("/api/deliveries/"+delivery+"/finish", map[string]any{"reason": "已开通并培训"}).is(http.StatusOK)
	require.Equal(j, "delivered", agent.get(path).text("state"))
	order = manager.post(path+"/acceptance", map[string]any{
		"accepted_by": "何建国", "checklist": []string{"业务开通", "功能可用"},
		"file_id": manager.upload("acceptance", "验收单.pdf", "application/pdf", pdf),
	}).is(http.StatusOK)
	require.Equal(j, "active", order.text("state"))
	require.Equal(j, "active", order.text("service.state"))
	require.Equal(j, "won", agent.get("/api/deals/"+dealID).text("state"))
	return order
}

// paid: the line stands the same minute with its receipt; the month is
// calculated and issued, the statement downloaded and confirmed.
func (j *journey) paid(order answer) {
	agent := j.agent()
	began := time.Now()
	var lines answer
	j.eventually("the commission line", func() bool {
		lines = agent.get("/api/commission/lines").is(http.StatusOK)
		return len(lines.all("items", "id")) == 1
	})
	require.Less(j, time.Since(began), time.Minute)
	basis := lines.number("items.0.basis_fen")
	require.EqualValues(j, basis*0.1, lines.number("items.0.line_fen"))
	require.EqualValues(j, basis*0.07, lines.number("items.0.share_fen"), "seven tenths are the seller's")
	receipt := agent.get("/api/commission/lines/" + lines.text("items.0.id")).is(http.StatusOK)
	require.Equal(j, "activation", receipt.text("rule_id"))
	for _, step := range []string{"event", "rule", "split"} {
		require.Contains(j, receipt.all("steps", "code"), step)
	}
	j.staff(j.gd, j.gd.SI, "agent").get("/api/commission/lines/" + lines.text("items.0.id")).is(http.StatusNotFound)

	month := calendar.Month(time.Now())
	j.settlement.post("/api/periods/"+month+"/calculate", nil).is(http.StatusConflict)
	// The clock does not cross HTTP: the month ends for the services only.
	over := calendar.At(j.Context(), time.Now().AddDate(0, 0, 40))
	officer := j.gd.One(j.gd.Tenant, "settlement_officer")
	_, err := j.Services.Commissions.Calculate(over, officer, month)
	require.NoError(j, err)
	j.eventually("the calculation", func() bool {
		return one[string](j.portal, `SELECT state FROM commission_periods WHERE province_id = $1 AND month = $2`, j.gd.ID, month) == "calculated"
	})
	_, err = j.Services.Commissions.Issue(over, officer, month)
	require.NoError(j, err)
	statements := agent.get("/api/statements").is(http.StatusOK)
	id := statements.text("items.0.id")
	require.EqualValues(j, lines.number("items.0.share_fen"), statements.number("items.0.payable_fen"))

	file := agent.get("/api/statements/" + id + "/export.xlsx").is(http.StatusOK)
	require.Equal(j, "attachment", strings.SplitN(file.Header.Get("Content-Disposition"), ";", 2)[0])
	book, err := excelize.OpenReader(bytes.NewReader(file.Body))
	require.NoError(j, err)
	rows, err := book.GetRows(book.GetSheetName(0))
	require.NoError(j, err)
	require.Contains(j, strings.Join(rows[1], "|"), "天河第77物流有限公司")
	j.staff(j.gd, j.gd.SI, "partner_finance").get("/api/statements/" + id + "/export.xlsx").is(http.StatusNotFound)
	j.visitor("nobody").get("/api/statements/" + id + "/export.xlsx").is(http.StatusUnauthorized)

	finance := j.staff(j.gd, j.gd.Agent, "partner_finance")
	require.Equal(j, "confirmed", finance.post("/api/statements/"+id+"/confirm", map[string]any{}).is(http.StatusOK).text("state"))
	finance.post("/api/statements/"+id+"/confirm", map[string]any{}).is(http.StatusConflict, "wrong-state")
	checked, err := j.Services.Commissions.CheckLedger(j.Context(), j.gd.ID)
	require.NoError(j, err)
	require.Positive(j, checked.Cells)
}

// visibilityEnds: when a protection is lost or over, so is the sight of the
// customer. Of the first deal the order goes on, and the SI sees the account by
// its service.
func (j *journey) visibilityEnds(offer, sold string) {
	agent := j.agent()
	reviewer := j.staff(j.gd, j.gd.Guangzhou, "city_channel_manager")
	win := func(n int) (string, string) {
		id := j.register(agent, n, offer).is(http.StatusOK).text("id")
		return id, reviewer.post("/api/deals/"+id+"/approve", map[string]any{}).is(http.StatusOK).text("account_id")
	}
	lost, first := win(78)
	agent.get("/api/accounts/" + first).is(http.StatusOK)
	agent.post("/api/deals/"+lost+"/lose", map[string]any{"reason": "客户自建"}).is(http.StatusOK)
	agent.get("/api/accounts/" + first).is(http.StatusNotFound)

	// Nobody moves it for a month: protection decays, and what the partner sees
	// with it; progress gives it back; reminders come 7, 3 and 1 days before.
	idle, third := win(80)
	at := func(days int) context.Context { return calendar.At(j.Context(), time.Now().AddDate(0, 0, days)) }
	tend := func(days int) {
		_, err := j.Services.Deals.Expire(at(days), j.gd.ID)
		require.NoError(j, err)
	}
	full := agent.get("/api/deals/" + idle).text("protected_until")
	tend(29)
	require.Empty(j, agent.get("/api/deals/"+idle).text("full_until"))
	tend(31)
	decayed := agent.get("/api/deals/" + idle)
	require.Equal(j, full, decayed.text("full_until"))
	require.Equal(j, time.Now().AddDate(0, 0, 45).Format(time.DateOnly), decayed.text("protected_until")[:10])
	require.Equal(j, 1, one[int](j.portal, `SELECT count(*) FROM account_grants WHERE via = 'deal' AND account_id = $1 AND ends_at < now() + interval '46 days'`, third))
	back := agent.post("/api/deals/"+idle+"/stage", map[string]any{"stage": "trust"}).is(http.StatusOK)
	require.Equal(j, full, back.text("protected_until"))
	require.Empty(j, back.text("full_until"))
	j.exec(`UPDATE deals SET progressed_at = now() + interval '80 days' WHERE id = $1`, idle)
	for _, days := range []int{84, 84, 86, 88, 89} {
		tend(days)
	}
	said := agent.get("/api/deals/"+idle).all("events", "action")
	require.Equal(j, 3, len(slices.DeleteFunc(said, func(x string) bool { return !strings.HasPrefix(x, "remind_") })), said)
	agent.post("/api/deals/"+idle+"/lose", map[string]any{"reason": "客户自建"}).is(http.StatusOK)

	over, second := win(79)
	agent.get("/api/accounts/" + second).is(http.StatusOK)
	n, err := j.Services.Deals.Expire(calendar.At(j.Context(), time.Now().AddDate(0, 0, 91)), j.gd.ID)
	require.NoError(j, err)
	require.Equal(j, 1, n)
	require.Equal(j, "expired", agent.get("/api/deals/"+over).text("state"))
	same(j, "an ended grant", agent.get("/api/accounts/"+second), agent.get("/api/accounts/"+uuid.NewString()))
	j.admin.get("/api/accounts/" + sold).is(http.StatusOK)
}

// chained: the trail of all this verifies, and a forged entry is found by its
// number, whatever comes after it.
func (j *journey) chained() {
	var said strings.Builder
	require.NoError(j, j.Check(j.Context(), "audit", &said))
	require.Equal(j, 2, strings.Count(said.String(), " entries holds"), said.String())
	lost, last := one[int64](j.portal, `SELECT seq FROM audit_events WHERE province_id = $1 AND resource = 'deal' AND action = 'lose' ORDER BY seq LIMIT 1`, j.gd.ID), one[int64](j.portal, `SELECT max(seq) FROM audit_events WHERE province_id = $1`, j.gd.ID)
	for forged, at := range map[string]string{
		fmt.Sprintf(`UPDATE audit_events SET reason = 'as agreed' WHERE province_id = $1 AND seq = %d`, lost): fmt.Sprintf("breaks at entry %d (deal lose by ", lost),
		`UPDATE audit_events SET actor_name = 'somebody else' WHERE province_id = $1 AND seq IN (3, 7)`:       "breaks at entry 3 (",
		`DELETE FROM audit_events WHERE province_id = $1 AND seq = 5`:                                         "breaks at entry 5: it is missing, the next is 6",
		fmt.Sprintf(`DELETE FROM audit_events WHERE province_id = $1 AND seq = %d`, last):                     fmt.Sprintf("ends at entry %d, but its head says", last-1),
	} {
		j.exec("CREATE TABLE kept AS TABLE audit_events")
		require.Positive(j, j.exec(forged, j.gd.ID), forged)
		require.ErrorContains(j, j.Check(j.Context(), "audit", io.Discard), at, forged)
		j.exec("DELETE FROM audit_events")
		j.exec("INSERT INTO audit_events TABLE kept")
		j.exec("DROP TABLE kept")
	}
	require.NoError(j, j.Check(j.Context(), "audit", io.Discard))
}

// TestDifferenceOfVersions: what changed is seen by the author's firm and the
// operator who may see both versions, and by nobody else.
func TestDifferenceOfVersions(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	author := p.tour("author@p01.example")
	mine := author.get("/api/solutions?state=certified&limit=2").is(http.StatusOK).all("items", "id")
	require.Len(t, mine, 2)
	made := author.post("/api/solutions/"+mine[0]+"/versions", map[string]any{"semver": "9.0.0"}).is(http.StatusOK)
	id := made.text("id")
	same := author.get("/api/versions/" + id + "/difference").is(http.StatusOK)
	require.NotEmpty(t, same.text("from.id"), "without being told it compares with the certified version")
	require.Empty(t, same.at("fields"))
	require.Empty(t, same.at("elements"))
	require.Empty(t, same.at("files"), "a copy differs in nothing")
	elements := made.at("elements").([]any)
	first := elements[0].(map[string]any)
	before := first["price_fen"].(float64)
	first["price_fen"] = before + 100
	author.put("/api/versions/"+id, map[string]any{
		"semver": "9.0.0", "description": made.text("description") + "新增一段。", "notes": "新", "integration": made.text("integration"), "elements": elements, "version": made.at("version"),
	}).is(http.StatusOK)
	for _, who := range []*person{author, p.tour("product@gd.example")} {
		d := who.get("/api/versions/" + id + "/difference").is(http.StatusOK)
		require.Equal(t, "description", d.text("fields.0.field"))
		require.Equal(t, "changed", d.text("elements.0.change"))
		require.EqualValues(t, before+100, d.at("elements.0.after.price_fen"))
	}
	p.tour("author@p02.example").get("/api/versions/" + id + "/difference").is(http.StatusNotFound)
	p.tour("product.4401@gd.example").get("/api/versions/" + id + "/difference").is(http.StatusNotFound)
	other := author.get("/api/solutions/" + mine[1]).is(http.StatusOK).text("versions.0.id")
	author.get("/api/versions/" + id + "/difference?from=" + other).is(http.StatusUnprocessableEntity)
	foreign := one[string](p, `SELECT v.id::text FROM solution_versions v JOIN tenants t ON t.id = v.partner_id WHERE t.id NOT IN (SELECT tenant_id FROM memberships WHERE email = 'author@p01.example') LIMIT 1`)
	author.get("/api/versions/" + id + "/difference?from=" + foreign).is(http.StatusNotFound)
}

// TestShelf: favourites and what was seen are one person's, follow the
// solution from listing to listing, and show only what is on sale in the
// person's scopes; suggestions likewise.
func TestShelf(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	agent, colleague, gz := p.tour("agent@p03.example"), p.tour("admin@p03.example"), p.tour("product.4401@gd.example")
	foreign := one[string](p, `SELECT id::text FROM offers WHERE org_path NOT IN ('GD/', 'GD/4401/') ORDER BY id LIMIT 1`)
	offers := agent.get("/api/marketplace?limit=3").is(http.StatusOK).all("items", "id")
	var all sync.WaitGroup
	for range 20 { // pressing twice is once
		all.Go(func() {
			agent.do(http.MethodPost, "/api/marketplace/"+offers[0]+"/favourite", map[string]any{"favourite": true})
		})
	}
	all.Wait()
	agent.post("/api/marketplace/"+foreign+"/favourite", map[string]any{"favourite": true}).is(http.StatusOK)
	require.Equal(t, []string{foreign, offers[0]}, agent.get("/api/favourites").is(http.StatusOK).all("items", "id"), "the last one first")
	require.Empty(t, colleague.get("/api/favourites").is(http.StatusOK).all("items", "id"))
	gz.post("/api/marketplace/"+foreign+"/favourite", map[string]any{"favourite": true}).is(http.StatusNotFound)
	agent.post("/api/marketplace/"+offers[0]+"/favourite", map[string]any{"favourite": false}).is(http.StatusOK)
	require.Equal(t, []string{foreign}, agent.get("/api/favourites").all("items", "id"))

	agent.get("/api/marketplace/" + offers[1]).is(http.StatusOK)
	agent.get("/api/marketplace/" + offers[2]).is(http.StatusOK)
	agent.get("/api/marketplace/" + offers[1]).is(http.StatusOK)
	require.Equal(t, []string{offers[1], offers[2]}, agent.get("/api/recent-offers").is(http.StatusOK).all("items", "id"))
	require.Empty(t, colleague.get("/api/recent-offers").is(http.StatusOK).all("items", "id"))

	only := one[string](p, `SELECT o.name FROM offers o WHERE o.org_path NOT IN ('GD/', 'GD/4401/') AND NOT EXISTS (SELECT 1 FROM offers x WHERE x.name = o.name AND x.org_path IN ('GD/', 'GD/4401/')) ORDER BY o.id LIMIT 1`)
	ask := "/api/market-suggestions?q=" + url.QueryEscape(only)
	require.Contains(t, agent.get(ask).is(http.StatusOK).all("items", "text"), only)
	require.NotContains(t, gz.get(ask).is(http.StatusOK).all("items", "text"), only)
	agent.get("/api/market-suggestions?q=x").is(http.StatusUnprocessableEntity)
}
