package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/certification"
)

// climb is a city's product with the people around it.
type climb struct {
	listing, solution, code, firm string
	city, pilot, aside            *person // product managers of the city, of a pilot, of a third city
	first, second                 *person // of the province
	author                        *person
}

// climb puts a certified solution that nobody nominated on sale in Guangzhou only.
func (p *portal) climb() climb {
	p.Helper()
	c := climb{code: "4401", first: p.tour("product@gd.example"), second: p.tour("product2@gd.example"), city: p.tour("product.4401@gd.example"), pilot: p.tour("product.4403@gd.example"), aside: p.tour("product.4406@gd.example")}
	c.solution = one[string](p, `SELECT s.id::text FROM solutions s JOIN certificates k ON k.version_id = s.latest_version_id JOIN memberships m ON m.tenant_id = s.partner_id AND m.email LIKE 'author@%'
		WHERE s.latest_state = 'certified' AND NOT EXISTS (SELECT 1 FROM graduations g WHERE g.solution_id = s.id) AND k.valid_until > now() + interval '60 days' ORDER BY s.id LIMIT 1`)
	c.firm = one[string](p, `SELECT partner_id::text FROM solutions WHERE id = $1`, c.solution)
	c.author = p.tour(one[string](p, `SELECT email FROM memberships WHERE tenant_id = $1 AND email LIKE 'author@%' LIMIT 1`, c.firm))
	p.exec(`DELETE FROM offer_words WHERE offer_id IN (SELECT id FROM offers WHERE solution_id = $1)`, c.solution)
	p.exec(`DELETE FROM offers WHERE solution_id = $1`, c.solution)
	p.exec(`UPDATE listings SET state = 'retired' WHERE solution_id = $1`, c.solution)
	c.listing = c.city.post("/api/listings", map[string]any{"version_id": one[string](p, `SELECT latest_version_id::text FROM solutions WHERE id = $1`, c.solution), "scope": c.code}).is(http.StatusOK).text("id")
	c.city.post("/api/listings/"+c.listing+"/submit", map[string]any{}).is(http.StatusOK)
	c.city.post("/api/listings/"+c.listing+"/approve", map[string]any{}).is(http.StatusOK)
	return c
}

func (c climb) nominate() string {
	return c.city.post("/api/graduations", map[string]any{"listing_id": c.listing, "pitch": "值得全省推广"}).is(http.StatusOK).text("id")
}

func trial() map[string]any {
	now := time.Now()
	return map[string]any{"starts_on": calendar.Date(now), "ends_on": calendar.Date(now.AddDate(0, 2, 0)), "target_accounts": 2, "target_fen": 100000}
}

// evaluated leads a nomination to the end of its comments.
func (p *portal) evaluated(c climb) string {
	p.Helper()
	id := c.nominate()
	c.first.post("/api/graduations/"+id+"/open_pilots", map[string]any{}).is(http.StatusOK)
	c.pilot.post("/api/graduations/"+id+"/pilots", trial()).is(http.StatusOK)
	c.first.post("/api/graduations/"+id+"/start_evaluation", map[string]any{"days": 5}).is(http.StatusOK)
	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, id)
	return id
}

// TestCityProductBecomesProvince goes the whole way: nomination, pilots,
// comments, decision with frozen facts, and what each city does about it.
func TestCityProductBecomesProvince(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	c.city.post("/api/graduations", map[string]any{"listing_id": c.listing, "pitch": " "}).is(http.StatusUnprocessableEntity)
	c.pilot.post("/api/graduations", map[string]any{"listing_id": c.listing, "pitch": "x"}).is(http.StatusNotFound)
	id := c.nominate()
	path := "/api/graduations/" + id
	c.city.post("/api/graduations", map[string]any{"listing_id": c.listing, "pitch": "x"}).is(http.StatusConflict, "graduation-under-way")
	seen := c.city.get(path).is(http.StatusOK)
	require.Equal(t, []string{"withdraw"}, seen.actions())
	require.Contains(t, seen.all("facts", "metric"), "satisfaction")
	require.Contains(t, string(seen.Body), `{"metric":"satisfaction","unit":"percent","at_most":false}`, "what nobody measures has no figure")
	c.pilot.get(path).is(http.StatusNotFound) // not open yet
	p.eventually("the province is told", func() bool {
		return strings.Contains(string(c.first.get("/api/notices?kind=needs&unread=true").Body), id)
	})
	require.Contains(t, string(c.first.get("/api/home").Body), `"graduation_open"`)
	c.first.post(path+"/graduate", map[string]any{}).is(http.StatusConflict, "wrong-state")
	c.city.post(path+"/open_pilots", map[string]any{}).is(http.StatusForbidden, "denied")
	require.Equal(t, []string{"open_pilots", "return"}, c.first.get(path).actions())
	c.first.post(path+"/open_pilots", map[string]any{}).is(http.StatusOK)

	require.Equal(t, []string{"volunteer"}, c.pilot.get(path).is(http.StatusOK).actions())
	// A seat of some districts does not speak for the city.
	seat := c.pilot.get("/api/me").text("membership.id")
	p.exec(`UPDATE memberships SET districts = (SELECT array_agg(code) FROM (SELECT d.code FROM districts d JOIN memberships m ON m.id = $1::uuid JOIN tenants t ON t.id = m.tenant_id AND t.code = d.city_code LIMIT 2) x) WHERE id = $1`, seat)
	c.pilot.post(path+"/pilots", map[string]any{"starts_on": day(0), "ends_on": day(60), "target_accounts": 1, "target_fen": 0}).is(http.StatusForbidden, "wider-seat")
	c.pilot.post(path+"/comments", map[string]any{"stance": "support", "text": "x"}).is(http.StatusForbidden, "wider-seat")
	p.exec(`UPDATE memberships SET districts = '{}' WHERE id = $1`, seat)
	require.Contains(t, string(c.pilot.get("/api/home").Body), `"graduation_pilot"`)
	p.eventually("cities are invited", func() bool { return strings.Contains(string(c.aside.get("/api/notices").Body), id) })
	c.first.post(path+"/start_evaluation", map[string]any{"days": 5}).is(http.StatusConflict, "graduation-no-pilot")
	c.city.post(path+"/pilots", trial()).is(http.StatusConflict, "graduation-piloted")
	bad := trial()
	bad["ends_on"] = bad["starts_on"]
	c.pilot.post(path+"/pilots", bad).is(http.StatusUnprocessableEntity)
	require.Equal(t, []string{"leave_pilot"}, c.pilot.post(path+"/pilots", trial()).is(http.StatusOK).actions())
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM listings WHERE solution_id = $1 AND scope = '4403' AND state = 'live'`, c.solution), "who pilots sells")
	c.pilot.post(path+"/pilots", trial()).is(http.StatusConflict, "graduation-piloted")
	c.aside.post(path+"/comments", map[string]any{"stance": "support", "text": "x"}).is(http.StatusConflict, "graduation-no-comments")
	c.first.post(path+"/start_evaluation", map[string]any{"days": 5}).is(http.StatusOK)
	c.aside.post(path+"/pilots", trial()).is(http.StatusConflict, "graduation-not-piloting")
	require.Equal(t, []string{"concern"}, c.aside.post(path+"/comments", map[string]any{"stance": "concern", "text": "专线不足"}).is(http.StatusOK).all("comments", "stance"))
	c.second.post(path+"/graduate", map[string]any{"reason": "x"}).is(http.StatusConflict, "graduation-comments-open")
	require.NotContains(t, c.second.get(path).actions(), "graduate")

	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, id)
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM graduations WHERE id = $1`, id))
	require.NoError(t, p.Services.Graduations.Tend(p.Context(), province))
	require.NoError(t, p.Services.Graduations.Tend(p.Context(), province))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'comments_end'`, id))
	require.Contains(t, string(c.second.get("/api/home").Body), `"graduation_decide"`)
	c.second.post(path+"/graduate", map[string]any{}).is(http.StatusConflict, "graduation-unmet")
	done := c.second.post(path+"/graduate", map[string]any{"reason": "试点达标"}).is(http.StatusOK)
	require.Equal(t, "graduated", done.text("state"))
	require.Equal(t, true, done.at("frozen"))
	require.Len(t, done.all("tasks", "id"), 21)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM listings WHERE solution_id = $1 AND state = 'live'`, c.solution))
	require.Equal(t, "province", one[string](p, `SELECT scope FROM listings WHERE solution_id = $1 AND state = 'live'`, c.solution))
	require.Contains(t, c.aside.get("/api/marketplace?limit=100").all("items", "solution_id"), c.solution)
	require.Equal(t, "产品升级", one[string](p, `SELECT actor_name FROM audit_events WHERE action = 'promote' AND resource_id = $1`, done.text("result_listing_id")))

	// The facts stay as they were, whatever happens to the business.
	before := string(c.second.get(path).Body)
	p.exec(`UPDATE services SET state = 'ended', ended_at = now() WHERE solution_id = $1`, c.solution)
	require.Equal(t, before, string(c.second.get(path).Body))

	// Each city answers its own task; the reasons are a figure for all.
	tasks := c.aside.get("/api/rollouts?graduation=" + id).is(http.StatusOK)
	require.Len(t, tasks.all("items", "id"), 1)
	task := "/api/rollouts/" + tasks.text("items.0.id")
	require.Contains(t, string(c.aside.get("/api/home").Body), `"rollout_answer"`)
	p.eventually("the city is asked", func() bool {
		return strings.Contains(string(c.aside.get("/api/notices?kind=needs&unread=true").Body), "采用、暂缓或不采用")
	})
	c.pilot.post(task+"/adopt", map[string]any{}).is(http.StatusNotFound)
	c.aside.post(task+"/keep_city", map[string]any{}).is(http.StatusConflict)
	c.aside.post(task+"/decline", map[string]any{}).is(http.StatusUnprocessableEntity)
	c.aside.post(task+"/decline", map[string]any{"reason": "x", "reason_code": "whim"}).is(http.StatusUnprocessableEntity)
	c.aside.post(task+"/later", map[string]any{"reason": "x", "reason_code": "calendar", "later_on": "2001-01-01"}).is(http.StatusUnprocessableEntity)
	later := c.aside.post(task+"/later", map[string]any{"reason": "年底后", "reason_code": "calendar", "later_on": calendar.Date(time.Now().AddDate(0, 3, 0))}).is(http.StatusOK)
	require.Equal(t, []string{"adopt", "decline"}, later.actions())
	c.aside.post(task+"/decline", map[string]any{"reason": "没有需求", "reason_code": "no_demand"}).is(http.StatusOK)
	require.Contains(t, string(c.pilot.get(path).Body), `{"state":"declined","reason_code":"no_demand","cities":1}`)
	require.NotContains(t, string(c.pilot.get(path).Body), "没有需求", "words are the city's and the province's")
	require.Contains(t, string(c.second.get(path).Body), "没有需求")

	// The partner reads how it stands, and no figure of any city.
	theirs := c.author.get(path).is(http.StatusOK)
	require.Equal(t, "graduated", theirs.text("state"))
	for _, key := range []string{"facts", "pilots", "comments", "tasks", "answers"} {
		require.Empty(t, theirs.at(key), key)
	}
	require.NotContains(t, string(theirs.Body), "专线不足")
	for _, x := range []string{"/api/graduations/export.xlsx", "/api/rollouts/export.xlsx?graduation=" + id, "/api/product-map/export.xlsx"} {
		require.Equal(t, http.StatusOK, c.first.get(x).Status, x)
	}
}

// TestReturnedComesBackLater: with what to improve, which its partner reads, and
// not before its date.
func TestReturnedComesBackLater(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	path := "/api/graduations/" + id
	c.first.post(path+"/return", map[string]any{"reason": "x", "improvements": []string{" "}, "again_after": calendar.Date(time.Now().AddDate(1, 0, 0))}).is(http.StatusUnprocessableEntity)
	c.first.post(path+"/return", map[string]any{"reason": "还不稳定", "improvements": []string{"安装时间压到三十分钟内"}, "again_after": calendar.Date(time.Now().AddDate(0, 1, 0))}).is(http.StatusOK)
	c.pilot.get(path).is(http.StatusNotFound) // no longer open to others
	require.Contains(t, string(c.city.get(path).is(http.StatusOK).Body), "安装时间压到三十分钟内")
	require.Contains(t, string(c.author.get(path).is(http.StatusOK).Body), "安装时间压到三十分钟内")
	p.tour("author@" + map[bool]string{true: "p02", false: "p01"}[c.author.name == "author@p01.example"] + ".example").get(path).is(http.StatusNotFound)
	again := map[string]any{"listing_id": c.listing, "pitch": "已整改"}
	c.city.post("/api/graduations", again).is(http.StatusConflict, "graduation-too-soon")
	p.exec(`UPDATE graduations SET again_after = now() - interval '1 day' WHERE id = $1`, id)
	second := c.city.post("/api/graduations", again).is(http.StatusOK).text("id")
	c.city.post("/api/graduations/"+second+"/withdraw", map[string]any{}).is(http.StatusUnprocessableEntity)
	c.city.post("/api/graduations/"+second+"/withdraw", map[string]any{"reason": "先不报了"}).is(http.StatusOK)
}

// TestDecidingAndAnsweringFiftyTimes: decided once, answered once.
func TestDecidingAndAnsweringFiftyTimes(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	counts, answers := atOnce(50, func(i int) answer {
		if i%2 == 0 {
			return c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"})
		}
		return c.first.post("/api/graduations/"+id+"/return", map[string]any{"reason": "不行", "improvements": []string{"x"}, "again_after": calendar.Date(time.Now().AddDate(1, 0, 0))})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM graduation_facts WHERE graduation_id = $1`, id))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action IN ('graduate', 'return')`, id))
	if one[string](p, `SELECT state FROM graduations WHERE id = $1`, id) == "returned" {
		p.exec(`UPDATE graduations SET again_after = NULL WHERE id = $1`, id)
		id = p.evaluated(c)
		c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK)
	}
	task := c.aside.get("/api/rollouts?graduation=" + id).text("items.0.id")
	counts, _ = atOnce(50, func(int) answer {
		return c.aside.post("/api/rollouts/"+task+"/adopt", map[string]any{})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'adopt'`, task))

	// A city is among the pilots once.
	other := p.climb()
	up := other.nominate()
	other.first.post("/api/graduations/"+up+"/open_pilots", map[string]any{}).is(http.StatusOK)
	counts, _ = atOnce(50, func(int) answer { return other.pilot.post("/api/graduations/"+up+"/pilots", trial()) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
}

// TestWayBackMirrorsIt: cities keep or release, and the product goes back to
// those that keep it; who proposed it does not decide it.
func TestWayBackMirrorsIt(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	up := c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK)
	listing := up.text("result_listing_id")
	c.city.post("/api/way-backs", map[string]any{"listing_id": listing, "pitch": "x", "days": 5}).is(http.StatusForbidden, "denied")
	back := c.first.post("/api/way-backs", map[string]any{"listing_id": listing, "pitch": "多数城市没有需求", "days": 5}).is(http.StatusOK)
	path := "/api/graduations/" + back.text("id")
	require.Len(t, back.all("tasks", "id"), 21)
	answerAs := func(u *person, action string, body map[string]any) answer {
		task := u.get("/api/rollouts?graduation=" + back.text("id")).text("items.0.id")
		return u.post("/api/rollouts/"+task+"/"+action, body)
	}
	answerAs(c.city, "adopt", map[string]any{}).is(http.StatusConflict)
	answerAs(c.city, "keep_city", map[string]any{}).is(http.StatusOK)
	answerAs(c.aside, "release", map[string]any{"reason": "没有客户", "reason_code": "no_demand"}).is(http.StatusOK)
	c.second.post(path+"/demote", map[string]any{"reason": "按城市意愿"}).is(http.StatusConflict, "graduation-comments-open")
	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, back.text("id"))
	c.first.post(path+"/demote", map[string]any{"reason": "按城市意愿"}).is(http.StatusConflict, "graduation-own")
	done := c.second.post(path+"/demote", map[string]any{"reason": "按城市意愿"}).is(http.StatusOK)
	require.Equal(t, "demoted", done.text("state"))
	require.Equal(t, true, done.at("frozen"))
	require.Equal(t, []string{"4401"}, many[string](p, `SELECT scope FROM listings WHERE solution_id = $1 AND state = 'live'`, c.solution))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM rollout_tasks WHERE graduation_id = $1 AND state = 'open'`, back.text("id")))
	answerAs(c.pilot, "keep_city", map[string]any{}).is(http.StatusConflict)
	// It may rise again.
	c.listing = one[string](p, `SELECT id::text FROM listings WHERE solution_id = $1 AND state = 'live'`, c.solution)
	c.nominate()
}

// TestThresholdsHaveTwoPeople: made by one, published by another, one in force
// at a time; what was nominated before keeps its version.
func TestThresholdsHaveTwoPeople(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := c.nominate()
	category, number := c.city.get("/api/graduations/"+id).text("category"), c.city.get("/api/graduations/"+id).number("threshold_number")
	p.exec(`DELETE FROM graduation_thresholds WHERE state = 'proposed'`)
	ask := map[string]any{"category": category, "needs": map[string]any{"accounts": 5, "complaints": 1}}
	c.first.post("/api/thresholds", map[string]any{"category": category, "needs": map[string]any{"satisfaction": 90}}).is(http.StatusUnprocessableEntity)
	c.city.post("/api/thresholds", ask).is(http.StatusForbidden, "denied")
	made := c.first.post("/api/thresholds", ask).is(http.StatusOK)
	require.Empty(t, made.actions())
	c.second.post("/api/thresholds", ask).is(http.StatusConflict, "threshold-proposed")
	c.first.post("/api/thresholds/"+made.text("id")+"/publish", map[string]any{}).is(http.StatusConflict, "threshold-own")
	require.Equal(t, "published", c.second.post("/api/thresholds/"+made.text("id")+"/publish", map[string]any{}).is(http.StatusOK).text("state"))
	c.second.post("/api/thresholds/"+made.text("id")+"/return", map[string]any{"reason": "x"}).is(http.StatusConflict, "wrong-state")
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM graduation_thresholds WHERE category = $1 AND state = 'published' AND province_id = (SELECT province_id FROM graduations WHERE id = $2)`, category, id))
	require.Equal(t, number, c.city.get("/api/graduations/"+id).number("threshold_number"))
	require.Empty(t, c.author.get("/api/thresholds").is(http.StatusOK).at("items"))
}

// TestProductMapIsOverriddenWithAReason: computed once a quarter and family,
// kept over the next computation, taken back by saying nothing else.
func TestProductMapIsOverriddenWithAReason(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	u := p.tour("product@gd.example")
	m := u.get("/api/product-map").is(http.StatusOK)
	require.NotEmpty(t, m.all("items", "id"))
	spot := m.text("items.0.id")
	u.post("/api/product-map/"+spot+"/override", map[string]any{"quadrant": "core", "class": "", "reason": " "}).is(http.StatusUnprocessableEntity)
	u.post("/api/product-map/"+spot+"/override", map[string]any{"quadrant": "core", "class": "", "reason": "省里重点"}).is(http.StatusOK)
	p.tour("analyst@gd.example").post("/api/product-map/"+spot+"/override", map[string]any{"quadrant": "core", "class": "", "reason": "x"}).is(http.StatusForbidden, "denied")
	p.tour("product.4401@gd.example").get("/api/product-map").is(http.StatusForbidden, "denied")
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM product_maps WHERE id = $1`, spot))
	require.NoError(t, p.Services.Graduations.DrawMap(p.Context(), province))
	after := u.get("/api/product-map").is(http.StatusOK)
	require.Equal(t, "core", after.text("items.0.override_quadrant"))
	require.Equal(t, m.all("items", "id"), after.all("items", "id"))
	u.post("/api/product-map/"+spot+"/override", map[string]any{"quadrant": "", "class": "", "reason": "按计算"}).is(http.StatusOK)
	require.Empty(t, u.get("/api/product-map").text("items.0.override_reason"))
}

// TestFiguresNeverNameCustomers: what is open to all cities holds sums, and no
// customer of any.
func TestFiguresNeverNameCustomers(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	names := many[string](p, `SELECT DISTINCT account_name FROM services WHERE account_name <> '' LIMIT 2000`)
	require.NotEmpty(t, names)
	u := p.tour("product.4420@gd.example")
	sold := false
	for _, id := range u.get("/api/graduations?limit=100").is(http.StatusOK).all("items", "id") {
		one := u.get("/api/graduations/" + id).is(http.StatusOK)
		body := string(one.Body)
		for _, n := range one.all("pilots", "accounts") {
			sold = sold || n != "0"
		}
		for _, n := range names {
			require.NotContains(t, body, n)
		}
	}
	require.True(t, sold, "the demo's pilots have sold something")
}

// sitsFor signs somebody in on the seat that an absent colleague lends.
func (p *portal) sitsFor(absent, email string) *person {
	p.Helper()
	seat := func(of string) string { return one[string](p, `SELECT id::text FROM memberships WHERE email = $1`, of) }
	p.tour(absent).post("/api/delegations", map[string]any{"to_id": seat(email), "starts_at": time.Now().Add(-time.Minute).Format(time.RFC3339), "ends_at": time.Now().Add(time.Hour).Format(time.RFC3339)}).is(http.StatusOK)
	u := p.tour(email)
	u.post("/api/session/tenant", map[string]any{"membership_id": seat(absent)}).is(http.StatusOK)
	return u
}

// TestWorkOfAStandInIsOfBoth: what somebody made in a lent seat is checked
// neither by them nor by whose seat it was, in the service and in the database.
func TestWorkOfAStandInIsOfBoth(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	listing := c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK).text("result_listing_id")
	p.exec(`DELETE FROM graduation_thresholds WHERE state = 'proposed'`)
	sits := p.sitsFor("product@gd.example", "product2@gd.example")
	made := sits.post("/api/thresholds", map[string]any{"category": one[string](p, `SELECT category FROM graduations WHERE id = $1`, id), "needs": map[string]any{"accounts": 5}}).is(http.StatusOK).text("id")
	back := sits.post("/api/way-backs", map[string]any{"listing_id": listing, "pitch": "多数城市没有需求", "days": 5}).is(http.StatusOK).text("id")
	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, back)
	for _, u := range []*person{c.first, c.second, sits} {
		u.post("/api/thresholds/"+made+"/publish", map[string]any{}).is(http.StatusConflict, "threshold-own")
		u.post("/api/graduations/"+back+"/keep", map[string]any{"reason": "x"}).is(http.StatusConflict, "graduation-own")
		require.Empty(t, u.get("/api/graduations/"+back).actions())
		home := u.get("/api/home").is(http.StatusOK)
		require.NotContains(t, home.all("items", "href"), "/graduations/"+back)
		require.NotContains(t, home.all("items", "kind"), "threshold_check")
	}
	for table, constraint := range map[string]string{
		`graduation_thresholds SET checked_by = gen_random_uuid(), checkers = makers[1:1] || gen_random_uuid() WHERE id = '` + made + `'`: "graduation_thresholds_duties_apart",
		`graduations SET decided_by = gen_random_uuid(), deciders = nominators[2:2] || gen_random_uuid() WHERE id = '` + back + `'`:       "graduations_duties_apart",
	} {
		_, err := p.super.Exec(t.Context(), "UPDATE "+table)
		require.ErrorContains(t, err, constraint)
	}
}

// newer certifies a newer version of the climb's solution and puts it into what
// is on sale.
func (p *portal) newer(c climb) string {
	p.Helper()
	old, id := one[string](p, `SELECT version_id::text FROM listings WHERE id = $1`, c.listing), uuid.NewString()
	p.exec(`UPDATE solution_versions SET state = 'superseded' WHERE id = $1`, old)
	p.exec(`INSERT INTO solution_versions SELECT (jsonb_populate_record(v, jsonb_build_object('id', $2::text, 'semver', '9.0.0', 'state', 'certified'))).* FROM solution_versions v WHERE id = $1`, old, id)
	p.exec(`INSERT INTO certificates SELECT (jsonb_populate_record(k, jsonb_build_object('id', $2::text, 'version_id', $2::text, 'number', 'C-' || $2::text, 'semver', '9.0.0', 'valid_until', now() + interval '300 days 12 hours'))).* FROM certificates k WHERE version_id = $1`, old, id)
	require.NoError(p, p.Services.Listings.OnCertified(p.Context(), certification.Certified{Province: uuid.MustParse(one[string](p, `SELECT province_id::text FROM listings WHERE id = $1`, c.listing)), Version: uuid.MustParse(id)}))
	return id
}

// TestNewerVersionGoesOnGraduating: what is certified on the way is what is
// tried, measured and decided.
func TestNewerVersionGoesOnGraduating(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := c.nominate()
	path := "/api/graduations/" + id
	c.first.post(path+"/open_pilots", map[string]any{}).is(http.StatusOK)
	newer := p.newer(c)
	c.pilot.post(path+"/pilots", trial()).is(http.StatusOK)
	require.Equal(t, newer, one[string](p, `SELECT version_id::text FROM listings WHERE solution_id = $1 AND scope = '4403' AND state = 'live'`, c.solution))
	require.Equal(t, "9.0.0", c.first.get(path).text("semver"))
	require.Equal(t, "9.0.0", one[string](p, `SELECT to_state FROM audit_events WHERE resource_id = $1 AND action = 'update_version'`, id))
	c.first.post(path+"/start_evaluation", map[string]any{"days": 5}).is(http.StatusOK)
	// Again, after the last pilot.
	p.exec(`UPDATE solution_versions SET semver = '8.9.9' WHERE id = $1`, newer)
	last := p.newer(c)
	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, id)
	done := c.second.post(path+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK)
	require.Equal(t, last, done.text("version_id"))
	require.Equal(t, last, one[string](p, `SELECT version_id::text FROM listings WHERE id = $1`, done.text("result_listing_id")))
	require.Equal(t, "300", one[string](p, `SELECT f->>'Has' FROM graduation_facts, jsonb_array_elements(facts->'Facts') f WHERE graduation_id = $1 AND f->>'Metric' = 'certificate'`, id))
}

// TestPilotsCountInTheirTimeOnly: none begins in the past or runs over a year,
// and what was sold before, after or once the city had left is not of it.
func TestPilotsCountInTheirTimeOnly(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := c.nominate()
	path := "/api/graduations/" + id
	c.first.post(path+"/open_pilots", map[string]any{}).is(http.StatusOK)
	day := func(years, days int) string { return calendar.Date(time.Now().AddDate(years, 0, days)) }
	for what, x := range map[string][2]string{"backdated": {day(0, -1), day(0, 60)}, "endless": {day(0, 0), day(1, 2)}, "far off": {day(2, 0), day(2, 30)}} {
		bad := trial()
		bad["starts_on"], bad["ends_on"] = x[0], x[1]
		c.pilot.post(path+"/pilots", bad).is(http.StatusUnprocessableEntity)
		require.Zero(t, one[int64](p, `SELECT count(*) FROM graduation_pilots WHERE graduation_id = $1`, id), what)
	}
	c.pilot.post(path+"/pilots", trial()).is(http.StatusOK)
	// A service of the solution in the pilot's city, for as long as a year.
	p.exec(`UPDATE services SET number = 'S-PILOT', solution_id = $1, org_path = 'GD/4403/', state = 'active', monthly_fen = 100, active_at = now() - interval '20 days', ended_at = NULL WHERE id = (SELECT id FROM services ORDER BY id LIMIT 1)`, c.solution)
	p.exec(`UPDATE orders SET one_off_fen = 0 WHERE id = (SELECT order_id FROM services WHERE number = 'S-PILOT')`)
	reached := func(starts, ends, left string) (accounts, fen float64) {
		p.exec(`UPDATE graduation_pilots SET starts_on = current_date + $2::int, ends_on = current_date + $3::int, left_at = now() + $4::interval, state = CASE WHEN $4 IS NULL THEN 'running' ELSE 'left' END WHERE graduation_id = $1`, id, starts, ends, map[bool]any{true: nil, false: left}[left == ""])
		x := c.first.get(path).is(http.StatusOK)
		return x.number("pilots.0.accounts"), x.number("pilots.0.fen")
	}
	for what, x := range map[string]struct {
		starts, ends, left string
		accounts           float64
	}{
		"running": {"-30", "30", "", 1}, "over before it was sold": {"-60", "-25", "", 0}, "left before it was sold": {"-60", "60", "-25 days", 0}, "left after": {"-60", "60", "-10 days", 1}, "sold before": {"-10", "60", "", 0},
	} {
		accounts, _ := reached(x.starts, x.ends, x.left)
		require.Equal(t, x.accounts, accounts, what)
	}
	p.exec(`UPDATE services SET active_at = now() - interval '100 days' WHERE number = 'S-PILOT'`)
	_, all := reached("-110", "30", "")
	_, some := reached("-110", "-60", "")
	require.Equal(t, []float64{300, 100}, []float64{all, some}, "months inside only")
	p.exec(`UPDATE graduation_pilots SET state = 'running', left_at = NULL WHERE graduation_id = $1`, id)
	c.pilot.post(path+"/leave_pilot", map[string]any{"reason": "人手不足"}).is(http.StatusOK)
	require.Equal(t, "left", one[string](p, `SELECT state FROM graduation_pilots WHERE graduation_id = $1 AND left_at > now() - interval '1 minute'`, id))
}

// TestVolunteeringApprovesNothing: it lifts no suspension, and what goes on
// sale by it needs who may approve that.
func TestVolunteeringApprovesNothing(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := c.nominate()
	path := "/api/graduations/" + id
	c.first.post(path+"/open_pilots", map[string]any{}).is(http.StatusOK)
	own := c.pilot.post("/api/listings", map[string]any{"version_id": one[string](p, `SELECT version_id::text FROM listings WHERE id = $1`, c.listing), "scope": "4403"}).is(http.StatusOK).text("id")
	c.pilot.post("/api/listings/"+own+"/submit", map[string]any{}).is(http.StatusOK)
	// Who pilots, without who approves.
	p.exec(`INSERT INTO own_roles (province_id, id, tenant_id, name, permissions) SELECT province_id, gen_random_uuid(), id, '试点专员', '{graduation:read,graduation:pilot}' FROM tenants WHERE path = 'GD/4403/'`)
	p.exec(`UPDATE memberships m SET roles = ARRAY[r.id::text] FROM own_roles r WHERE r.name = '试点专员' AND m.email = 'product.4403@gd.example'`)
	refused := c.pilot.post(path+"/pilots", trial()).is(http.StatusForbidden, "denied")
	require.Contains(t, string(refused.Body), "listing:approve")
	require.Equal(t, "pending_approval", one[string](p, `SELECT state FROM listings WHERE id = $1`, own))
	p.exec(`UPDATE memberships SET roles = '{city_product_manager}' WHERE email = 'product.4403@gd.example'`)
	c.pilot.post("/api/listings/"+own+"/approve", map[string]any{}).is(http.StatusOK)
	c.pilot.post("/api/listings/"+own+"/suspend", map[string]any{"reason": "投诉多"}).is(http.StatusOK)
	c.pilot.post(path+"/pilots", trial()).is(http.StatusConflict, "listing-suspended")
	require.Equal(t, "suspended", one[string](p, `SELECT state FROM listings WHERE id = $1`, own))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM graduation_pilots WHERE graduation_id = $1`, id))
	c.pilot.post("/api/listings/"+own+"/resume", map[string]any{}).is(http.StatusOK)
	c.pilot.post(path+"/pilots", trial()).is(http.StatusOK)
}

// TestDecisionWaitsForAnswersUnderWay: a city that changes its mind while the
// way back is decided is heard.
func TestDecisionWaitsForAnswersUnderWay(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	listing := c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK).text("result_listing_id")
	back := c.first.post("/api/way-backs", map[string]any{"listing_id": listing, "pitch": "多数城市没有需求", "days": 5}).is(http.StatusOK).text("id")
	task := c.city.get("/api/rollouts?graduation=" + back).text("items.0.id")
	c.city.post("/api/rollouts/"+task+"/keep_city", map[string]any{}).is(http.StatusOK)
	p.exec(`UPDATE graduations SET comments_until = now() - interval '1 minute' WHERE id = $1`, back)
	tx, err := p.super.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `UPDATE rollout_tasks SET state = 'release', reason_code = 'no_demand' WHERE id = $1`, task)
	require.NoError(t, err)
	decided := make(chan answer, 1)
	go func() {
		decided <- c.second.post("/api/graduations/"+back+"/demote", map[string]any{"reason": "按城市意愿"})
	}()
	select {
	case a := <-decided:
		t.Fatalf("decided without waiting: %s", a.Body)
	case <-time.After(time.Second):
	}
	require.NoError(t, tx.Commit(t.Context()))
	got := <-decided
	got.is(http.StatusConflict, "graduation-nobody-keeps")
}

// TestLaterComesDue: nothing is put off for more than two years, and what was
// put off is asked again on its day, once.
func TestLaterComesDue(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	c := p.climb()
	id := p.evaluated(c)
	far := calendar.Date(time.Now().AddDate(2, 0, 2))
	c.first.post("/api/graduations/"+id+"/return", map[string]any{"reason": "x", "improvements": []string{"x"}, "again_after": far}).is(http.StatusUnprocessableEntity)
	c.first.post("/api/graduations/"+id+"/return", map[string]any{"reason": "x", "improvements": []string{"x"}, "again_after": "2001-01-01"}).is(http.StatusUnprocessableEntity)
	c.second.post("/api/graduations/"+id+"/graduate", map[string]any{"reason": "同意"}).is(http.StatusOK)
	task := c.aside.get("/api/rollouts?graduation=" + id).text("items.0.id")
	later := map[string]any{"reason": "年底后", "reason_code": "calendar", "later_on": far}
	c.aside.post("/api/rollouts/"+task+"/later", later).is(http.StatusUnprocessableEntity)
	later["later_on"] = calendar.Date(time.Now().AddDate(0, 3, 0))
	c.aside.post("/api/rollouts/"+task+"/later", later).is(http.StatusOK)
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM rollout_tasks WHERE id = $1`, task))
	tend := func() {
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := p.Services.Graduations.Tend(p.Context(), province); err != nil {
					p.Errorf("tend: %v", err)
				}
			})
		}
		wg.Wait()
	}
	tend()
	require.Equal(t, "later", one[string](p, `SELECT state FROM rollout_tasks WHERE id = $1`, task))
	p.exec(`UPDATE rollout_tasks SET later_on = (now() AT TIME ZONE 'Asia/Shanghai')::date, late = true WHERE id = $1`, task)
	tend()
	require.Equal(t, "open", one[string](p, `SELECT state FROM rollout_tasks WHERE id = $1 AND NOT late AND due_at > now() AND later_on IS NULL`, task))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'reopen'`, task))
	p.eventually("the city is asked again", func() bool {
		return strings.Contains(string(c.aside.get("/api/notices?kind=needs&unread=true").Body), "rollout.reopen") || strings.Contains(string(c.aside.get("/api/notices?kind=needs&unread=true").Body), "暂缓到期")
	})
	c.aside.post("/api/rollouts/"+task+"/adopt", map[string]any{}).is(http.StatusOK)
}
