package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
)

func day(n int) string { return calendar.Date(time.Now().AddDate(0, 0, n)) }

// TestScheduledPublication: approved for a day to come, shown before to whom the
// province chose and to nobody else, and put on sale once on its day.
func TestScheduledPublication(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	version := j.certifiedPlainly("定时上架", "wuliutong", "logistics")
	id := j.product.post("/api/listings", map[string]any{"version_id": version, "scope": "province"}).is(http.StatusOK).text("id")
	path, market := "/api/listings/"+id, "/api/marketplace/"+id
	j.product.post(path+"/submit", map[string]any{}).is(http.StatusOK)
	shenzhen, guangzhou := j.staff(j.gd, j.gd.Shenzhen, "account_manager"), j.staff(j.gd, j.gd.Guangzhou, "account_manager")
	abroad := j.staff(j.hn, j.hn.Guangzhou, "account_manager")
	for _, u := range []*person{shenzhen, guangzhou, abroad} {
		u.get(market).is(http.StatusNotFound)
	}
	require.Equal(t, true, j.author.get(market).is(http.StatusOK).at("preview"), "the firm sees its own page before")

	// Previews.
	j.product.post(path+"/previews", map[string]any{"cities": []string{"4403"}, "until": day(-1)}).is(http.StatusUnprocessableEntity)
	j.staff(j.gd, j.gd.Shenzhen, "city_product_manager").post(path+"/previews", map[string]any{"cities": []string{"4403"}, "until": day(7)}).is(http.StatusNotFound)
	shown := j.product.post(path+"/previews", map[string]any{"cities": []string{"4403"}, "until": day(7)}).is(http.StatusOK)
	require.Equal(t, []string{"4403"}, shown.all("previews", "city"))
	seen := shenzhen.get(market).is(http.StatusOK)
	require.Equal(t, []any{true, "定时上架"}, []any{seen.at("preview"), seen.text("name")})
	require.Empty(t, seen.actions(), "nothing is sold yet")
	guangzhou.get(market).is(http.StatusNotFound)
	abroad.get(market).is(http.StatusNotFound)
	require.Empty(t, shenzhen.get("/api/marketplace").all("items", "id"))
	require.NotContains(t, string(j.author.get(path).is(http.StatusOK).Body), "深圳", "whom it is shown first is the operator's")
	manager := j.staff(j.gd, j.gd.Shenzhen, "city_product_manager")
	j.eventually("the city is told", func() bool { return strings.Contains(string(manager.get("/api/notices").Body), "预览即将上市") })
	j.exec(`UPDATE certificates SET suspended_at = now(), reason = 'x' WHERE version_id = $1`, version)
	shenzhen.get(market).is(http.StatusNotFound) // what could not be sold today is not shown
	require.Equal(t, "suspended", j.author.get(market).is(http.StatusOK).text("certificate.state"))
	j.exec(`UPDATE certificates SET suspended_at = NULL, reason = '' WHERE version_id = $1`, version)
	shenzhen.get(market).is(http.StatusOK)
	j.product.post(path+"/previews", map[string]any{"cities": []string{}, "until": day(7)}).is(http.StatusOK)
	shenzhen.get(market).is(http.StatusNotFound)
	j.product.post(path+"/previews", map[string]any{"cities": []string{}, "until": day(7)}).is(http.StatusOK)
	require.Equal(t, []string{"show_before", "show_no_more"}, many[string](j.portal, `SELECT action FROM audit_events WHERE resource_id = $1 AND action LIKE 'show%' ORDER BY seq`, id))

	// The day.
	j.product.post(path+"/approve", map[string]any{"publish_on": day(800)}).is(http.StatusUnprocessableEntity)
	j.product.post(path+"/approve", map[string]any{"publish_on": "2026-13-40"}).is(http.StatusUnprocessableEntity)
	waits := j.product.post(path+"/approve", map[string]any{"publish_on": day(3)}).is(http.StatusOK)
	require.Equal(t, []string{"scheduled", day(3)}, []string{waits.text("state"), waits.text("publish_on")})
	require.Subset(t, waits.actions(), []string{"publish_now", "return"})
	tend := func() { require.NoError(t, j.Services.Listings.Tend(j.Context(), j.gd.Tenant.ID)) }
	tend()
	shenzhen.get(market).is(http.StatusNotFound)
	// A newer version that is certified meanwhile goes on sale instead of the old.
	newer := j.author.post("/api/solutions/"+waits.text("solution_id")+"/versions", map[string]any{"semver": "1.1.0"}).is(http.StatusOK)
	j.author.put("/api/versions/"+newer.text("id"), map[string]any{"semver": "1.1.0", "description": "为客户提供统一的开通、分级管理与按月对账能力，现网系统零改造接入。", "notes": "修正", "integration": "deep", "version": newer.number("version"), "elements": newer.at("elements")}).is(http.StatusOK)
	again := j.author.post("/api/versions/"+newer.text("id")+"/submit", nil).is(http.StatusOK).text("certification_id")
	j.tester.post("/api/certifications/"+again+"/claim", nil).is(http.StatusOK)
	j.tested(again, "")
	j.tester.post("/api/certifications/"+again+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/certifications/"+again+"/approve", map[string]any{}).is(http.StatusOK)
	j.eventually("the newer version waits for the day", func() bool { return j.product.get(path).text("semver") == "1.1.0" })
	j.exec(`UPDATE listings SET publish_on = current_date - 1 WHERE id = $1`, id)
	counts, _ := atOnce(20, func(int) answer { tend(); return j.product.get(path) })
	require.Equal(t, map[int]int{http.StatusOK: 20}, counts)
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'publish'`, id))
	require.Equal(t, false, shenzhen.get(market).is(http.StatusOK).at("preview"))
	j.product.post(path+"/previews", map[string]any{"cities": []string{"4403"}, "until": day(7)}).is(http.StatusConflict, "on-sale-already")

	// What may not be sold on its day goes back, with the reason.
	second := j.certifiedPlainly("定时落空", "vnet", "sme")
	id = j.product.post("/api/listings", map[string]any{"version_id": second, "scope": "province"}).is(http.StatusOK).text("id")
	path = "/api/listings/" + id
	j.product.post(path+"/submit", map[string]any{}).is(http.StatusOK)
	j.product.post(path+"/approve", map[string]any{"publish_on": day(2)}).is(http.StatusOK)
	j.exec(`UPDATE certificates SET revoked_at = now(), reason = 'x' WHERE version_id = $1`, second)
	j.exec(`UPDATE listings SET publish_on = current_date - 1 WHERE id = $1`, id)
	tend()
	back := j.product.get(path).is(http.StatusOK)
	require.Equal(t, "draft", back.text("state"))
	require.Contains(t, back.text("reason"), "证书")
}

// TestRetirementWithSupport: what is used is not taken off sale without a day
// until which it is supported; who runs it is told then and before the end,
// once each.
func TestRetirementWithSupport(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	j.plan()
	first, second := j.certifiedPlainly("停售仓储通", "wuliutong", "logistics"), j.certifiedPlainly("接替二号", "vnet", "sme")
	offer := j.listed(first, second)
	dealID, _ := j.protected(offer)
	sold := j.sold(dealID, offer)
	city := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	path := "/api/listings/" + offer
	city.post(path+"/retire", map[string]any{"reason": "换代"}).is(http.StatusConflict, "support-needed")
	city.post(path+"/retire", map[string]any{"reason": "换代", "support_until": day(-1)}).is(http.StatusUnprocessableEntity)
	city.post(path+"/retire", map[string]any{"reason": "换代", "support_until": day(90), "successor": one[string](j.portal, `SELECT solution_id::text FROM listings WHERE id = $1`, offer)}).is(http.StatusUnprocessableEntity, "successor")
	successor := one[string](j.portal, `SELECT solution_id::text FROM solution_versions WHERE id = $1`, second)
	gone := city.post(path+"/retire", map[string]any{"reason": "换代", "support_until": day(90), "successor": successor}).is(http.StatusOK)
	require.Equal(t, []string{"retired", day(90), "接替二号"}, []string{gone.text("state"), gone.text("support_until"), gone.text("successor")})
	owner := j.staff(j.gd, j.gd.Guangzhou, "account_manager")
	order := "/api/orders/" + sold.text("id")
	j.eventually("the service says until when", func() bool {
		a := owner.get(order).is(http.StatusOK)
		return a.text("service.support_until") == day(90) && a.text("service.successor") == "接替二号"
	})
	told := func(words string) int64 {
		return one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = $2`, sold.text("id"), "product_"+words)
	}
	require.EqualValues(t, 1, told("retired"))
	tend := func() { require.NoError(t, j.Services.Listings.Tend(j.Context(), j.gd.Tenant.ID)) }
	tend()
	for _, step := range []struct {
		left int
		says string
	}{{59, "support_60"}, {30, "support_30"}, {5, "support_7"}, {-1, "support_ended"}} {
		j.exec(`UPDATE listings SET support_until = $2::date WHERE id = $1`, offer, day(step.left))
		tend()
		tend()
		j.eventually(step.says, func() bool { return told(step.says) == 1 })
	}
	tend()
	require.EqualValues(t, 5, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action LIKE 'product_%'`, sold.text("id")))
	j.eventually("people are told", func() bool {
		return strings.Contains(string(owner.get("/api/notices?limit=50").Body), "支撑已到期")
	})

	// On sale again: there is no last day any more.
	again := city.post("/api/listings", map[string]any{"version_id": first, "scope": "4401"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+again+"/submit", map[string]any{}).is(http.StatusOK)
	city.post("/api/listings/"+again+"/approve", map[string]any{}).is(http.StatusOK)
	j.eventually("the day is gone", func() bool { return owner.get(order).at("service.support_until") == nil })
	// And off sale a second time: the first promise says nothing any more.
	city.post("/api/listings/"+again+"/retire", map[string]any{"reason": "再换", "support_until": day(200)}).is(http.StatusOK)
	j.eventually("the second day stands", func() bool { return owner.get(order).text("service.support_until") == day(200) })
	j.exec(`UPDATE listings SET support_until = $2::date, told = '{}' WHERE id = $1`, offer, day(20))
	tend()
	require.Zero(t, one[int64](j.portal, `SELECT count(*) FROM river_job WHERE kind = 'listing.retired' AND args::text LIKE '%' || $1 || '%' AND args::text LIKE '%support_30%' AND created_at > now() - interval '2 seconds' AND state <> 'completed'`, offer))
	require.Equal(t, day(200), owner.get(order).text("service.support_until"))

	// The province takes it off sale while one city sells it still: only there it
	// goes on.
	wide := j.product.post("/api/listings", map[string]any{"version_id": first, "scope": "province"}).is(http.StatusOK).text("id")
	j.product.post("/api/listings/"+wide+"/submit", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/listings/"+wide+"/approve", map[string]any{}).is(http.StatusOK)
	j.eventually("on sale everywhere", func() bool { return owner.get(order).at("service.support_until") == nil })
	shenzhen := j.staff(j.gd, j.gd.Shenzhen, "city_product_manager")
	other := shenzhen.post("/api/listings", map[string]any{"version_id": first, "scope": "4403"}).is(http.StatusOK).text("id")
	shenzhen.post("/api/listings/"+other+"/submit", map[string]any{}).is(http.StatusOK)
	shenzhen.post("/api/listings/"+other+"/approve", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/listings/"+wide+"/retire", map[string]any{"reason": "只留深圳", "support_until": day(120)}).is(http.StatusOK)
	j.eventually("customers elsewhere are told", func() bool { return owner.get(order).text("service.support_until") == day(120) })
}
