package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
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
	require.NotEmpty(t, c.aside.get("/api/marketplace?limit=100").all("items", "solution_id"))
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
	c.first.post(path+"/return", map[string]any{"reason": "x", "improvements": []string{" "}, "again_after": "2030-01-01"}).is(http.StatusUnprocessableEntity)
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
		return c.first.post("/api/graduations/"+id+"/return", map[string]any{"reason": "不行", "improvements": []string{"x"}, "again_after": "2030-01-01"})
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
