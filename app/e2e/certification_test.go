package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/certification"
)

// bench is a small world with a certified-to-be solution and those who certify.
func newBench(t *testing.T) *journey {
	t.Helper()
	p, gd, hn := withStaff(t)
	j := &journey{portal: p, gd: gd, hn: hn}
	j.channel, j.product, j.settlement, j.tester = p.staff(gd, gd.Tenant, "channel_manager"), p.staff(gd, gd.Tenant, "product_manager"), p.staff(gd, gd.Tenant, "settlement_officer"), p.staff(gd, gd.Tenant, "test_engineer")
	j.admission()
	return j
}

// submitted is the path of a fresh case.
func (j *journey) submitted(name string) (path, version string) {
	j.Helper()
	_, version = j.drafted(name, "wuliutong", "logistics")
	return "/api/certifications/" + j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id"), version
}

// TestStoppedClock: a stop has a reason both sides read, nothing is tested
// meanwhile, and the time is charged to nobody.
func TestStoppedClock(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("时钟一号")
	j.tester.post(path+"/stop", map[string]any{"reason": "封网"}).is(http.StatusConflict, "unclaimed")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tester.post(path+"/stop", map[string]any{}).is(http.StatusUnprocessableEntity)
	j.tester.post(path+"/restart", map[string]any{}).is(http.StatusConflict, "clock-running")
	j.author.post(path+"/stop", map[string]any{"reason": "封网"}).is(http.StatusForbidden, "denied")
	stopped := j.tester.post(path+"/stop", map[string]any{"reason": "现网封网"}).is(http.StatusOK)
	require.Equal(t, "stopped", stopped.text("clock.holder"))
	require.Equal(t, "restart", stopped.text("next"))
	require.Equal(t, []string{"restart"}, stopped.actions())
	seen := j.author.get(path).is(http.StatusOK)
	require.Equal(t, "现网封网", seen.text("clock.note"))
	check := seen.text("stages.1.checks.0.id")
	j.tester.put(path+"/checks/"+check, map[string]any{"result": "pass"}).is(http.StatusConflict, "clock-stopped")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusConflict, "clock-stopped")
	j.tester.post(path+"/stop", map[string]any{"reason": "再停"}).is(http.StatusConflict, "clock-stopped")
	again := j.tester.post(path+"/restart", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "operator", again.text("clock.holder"))
	require.Equal(t, []string{"queue", "testing", "stopped"}, again.all("turns", "reason"))
	j.eventually("the author is told", func() bool {
		return strings.Contains(string(j.author.get("/api/notices?limit=50").Body), "时钟已停")
	})
}

// TestQueuePlaces: who waits sees how many are ahead, and nothing else of them.
func TestQueuePlaces(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	first, _ := j.submitted("排队一号")
	second, _ := j.submitted("排队二号")
	place := j.author.get(second).is(http.StatusOK)
	require.Equal(t, []float64{2, 1, 2}, []float64{place.number("queue.place"), place.number("queue.ahead"), place.number("queue.of")})
	require.NotEmpty(t, place.text("clock.promised_at"))
	j.tester.post(first+"/claim", nil).is(http.StatusOK)
	require.Nil(t, j.author.get(first).at("queue"), "whoever is tested waits no longer")
	require.EqualValues(t, 0, j.author.get(second).number("queue.ahead"))
	require.Contains(t, string(j.author.get("/api/certifications").is(http.StatusOK).Body), `"queue":{"place":1`)
}

// TestOverrunsAreToldOfOnce: however often and at once the job runs, and to
// all who can do something about it.
func TestOverrunsAreToldOfOnce(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("超期一号")
	id := path[strings.LastIndex(path, "/")+1:]
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.exec(`UPDATE certifications SET submitted_at = submitted_at - interval '70 days', holder_since = holder_since - interval '70 days', due_at = due_at - interval '70 days', escalate_at = escalate_at - interval '70 days' WHERE id = $1`, id)
	j.exec(`UPDATE certification_stages SET started_at = started_at - interval '70 days' WHERE certification_id = $1`, id)
	require.Contains(t, j.product.get("/api/certifications?overdue=true").all("items", "id"), id)
	require.Contains(t, j.product.get("/api/home").all("items", "kind"), "certification_overdue")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID); err != nil {
				j.Errorf("tend: %v", err)
			}
		})
	}
	wg.Wait()
	require.NoError(t, j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID))
	for _, action := range []string{"late_case", "late_stage"} {
		require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = $2`, id, action), action)
	}
	for _, u := range []*person{j.product, j.tester, j.author} {
		j.eventually(u.name+" is told", func() bool {
			body := string(u.get("/api/notices?limit=100").Body)
			return strings.Contains(body, "承诺") && strings.Contains(body, path[len("/api"):])
		})
	}
}

// TestClaimingFiftyTimes: two engineers press at once, fifty times; one has it.
func TestClaimingFiftyTimes(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("抢单一号")
	id := path[strings.LastIndex(path, "/")+1:]
	testers := []*person{j.tester, j.secondTester()}
	counts, answers := atOnce(50, func(i int) answer { return testers[i%2].post(path+"/claim", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 25, http.StatusForbidden: 25}, counts, "the winner keeps it: %s", answers[0].Body)
	winner := slices.IndexFunc(answers, func(a answer) bool { return a.Status == http.StatusOK })
	for i, a := range answers {
		require.Equal(t, i%2 == winner%2, a.Status == http.StatusOK, "%d: %s", i, a.Body)
	}
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM certification_turns WHERE certification_id = $1 AND reason = 'queue'`, id))
	testers[1-winner%2].post(path+"/claim", nil).is(http.StatusForbidden, "not-your-case")
}

// TestTurnsAddUp: over the demo province, what cases are charged is what their
// turns say.
func TestTurnsAddUp(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	off := many[string](p, `SELECT c.number || ' ' || c.holder FROM certifications c LEFT JOIN LATERAL (SELECT coalesce(sum(ms) FILTER (WHERE holder = 'operator'), 0) o, coalesce(sum(ms) FILTER (WHERE holder = 'partner'), 0) p,
		coalesce(sum(ms) FILTER (WHERE holder = 'stopped'), 0) s FROM certification_turns t WHERE t.certification_id = c.id) t ON true WHERE (c.operator_ms, c.partner_ms, c.stopped_ms) <> (t.o, t.p, t.s)`)
	require.Empty(t, off)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM (SELECT from_at, lag(to_at) OVER (PARTITION BY certification_id ORDER BY from_at, to_at) AS before FROM certification_turns) x WHERE before <> from_at`), "no gap between turns")
	require.Positive(t, one[int64](p, `SELECT count(*) FROM certifications WHERE holder = 'stopped'`), "the demo shows a stop")
}

// TestPlanVersions: a second person publishes, what is published stays as it
// is, and a case keeps the version it began with.
func TestPlanVersions(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	old, _ := j.submitted("方案甲")
	list := j.product.get("/api/certification-plans").is(http.StatusOK)
	require.Len(t, list.all("items", "id"), 8, "one for each category")
	category := one[string](j.portal, `SELECT category FROM certification_plans p JOIN certifications c ON c.plan_id = p.id WHERE c.id = $1`, old[len("/api/certifications/"):])
	first := one[string](j.portal, `SELECT id::text FROM certification_plans WHERE category = $1 AND province_id = $2`, category, j.gd.Tenant.ID)
	j.author.get("/api/certification-plans").is(http.StatusForbidden, "denied")
	j.tester.post("/api/certification-plans/"+first+"/new_version", nil).is(http.StatusForbidden, "denied")
	hn := j.staff(j.hn, j.hn.Tenant, "product_manager")
	same(t, "a plan of another province", hn.get("/api/certification-plans/"+first), hn.get("/api/certification-plans/"+uuid.NewString()))

	draft := j.product.post("/api/certification-plans/"+first+"/new_version", nil).is(http.StatusOK)
	path := "/api/certification-plans/" + draft.text("id")
	j.product.post("/api/certification-plans/"+first+"/new_version", nil).is(http.StatusConflict, "plan-drafted")
	stages, _ := draft.at("stages").([]any)
	functional := stages[1].(map[string]any)
	functional["checks"] = append(functional["checks"].([]any), map[string]any{"code": "offline_mode", "zh": "断网可用", "en": "Works offline", "machine": false, "comparison": ">=", "limit": 30, "unit": "min", "mandatory": true})
	edit := func(version float64) map[string]any {
		return map[string]any{"stages": stages, "note": "物流终端要能断网工作", "version": version}
	}
	functional["budget_days"] = 20
	j.product.put(path, edit(1)).is(http.StatusUnprocessableEntity)
	functional["budget_days"] = 7.5
	edited := j.product.put(path, edit(1)).is(http.StatusOK)
	require.Equal(t, []string{"changed", "added"}, edited.all("differences", "what"))
	require.NotContains(t, edited.actions(), "publish")
	j.product.post(path+"/publish", map[string]any{"version": edited.number("version")}).is(http.StatusForbidden, "denied")
	j.tester.post(path+"/publish", map[string]any{"version": 1}).is(http.StatusConflict, "stale")
	_, err := j.super.Exec(t.Context(), `UPDATE certification_plans SET state = 'published', checker_id = editors[1]::uuid WHERE id = $1`, draft.text("id"))
	require.ErrorContains(t, err, "certification_plans_duties_apart")
	counts, answers := atOnce(50, func(int) answer {
		return j.tester.post(path+"/publish", map[string]any{"version": edited.number("version")})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	j.product.put(path, edit(3)).is(http.StatusConflict, "plan-published")

	later, _ := j.submitted("方案乙")
	require.Contains(t, string(j.author.get(later).Body), "offline_mode")
	require.EqualValues(t, 2, j.author.get(later).number("plan_number"))
	require.NotContains(t, string(j.author.get(old).Body), "offline_mode", "a case keeps the version it began with")
}

// TestMeasuredRuns: the threshold decides, a person may decide otherwise with
// a reason, and what failed for the moment stays on record.
func TestMeasuredRuns(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("实测一号")
	c := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	check, at := "", ""
	for s := range c.at("stages").([]any) {
		for k, code := range c.all("stages."+string(rune('0'+s))+".checks", "code") {
			if code == "install" {
				at = "stages." + string(rune('0'+s)) + ".checks." + string(rune('0'+k)) + "."
				check = path + "/checks/" + c.text(at+"id")
			}
		}
	}
	run := func(result, measured, note string) answer {
		return j.tester.put(check, map[string]any{"result": result, "measured": measured, "note": note, "environment": "测试平台 2 号机"})
	}
	run("pass", "很快", "").is(http.StatusUnprocessableEntity)
	run("pass", "31 min", "").is(http.StatusUnprocessableEntity)
	run("transient", "", "").is(http.StatusUnprocessableEntity)
	require.Equal(t, "open", run("transient", "", "测试平台断电").is(http.StatusOK).text(at+"result"))
	require.Equal(t, "fail", run("fail", "31 min", "").is(http.StatusOK).text(at+"result"))
	over := run("pass", "31 min", "含一次人工确认，扣除后 28 分钟").is(http.StatusOK)
	require.Equal(t, []any{"pass", true}, []any{over.at(at + "result"), over.at(at + "overridden")})
	last := run("pass", "18 min", "").is(http.StatusOK)
	require.Nil(t, last.at(at+"overridden"))
	require.Equal(t, []string{"transient", "fail", "pass", "pass"}, last.all(at+"runs", "outcome"))
	require.Equal(t, "测试平台 2 号机", j.author.get(path).text(at+"runs.0.environment"), "both sides read the runs")
	// The price is not the tester's to judge.
	for s := range c.at("stages").([]any) {
		if c.text("stages."+string(rune('0'+s))+".kind") == "price_review" {
			j.tester.put(path+"/checks/"+c.text("stages."+string(rune('0'+s))+".checks.0.id"), map[string]any{"result": "pass"}).is(http.StatusForbidden, "duties-apart")
		}
	}
}

// tomorrow is a date in the future, for conditions.
func inDays(n int) string { return calendar.Date(time.Now().AddDate(0, 0, n)) }

// conditional is a certified case with one condition on it.
func (j *journey) conditional(name string) (path, condition string, done answer) {
	path, _ = j.submitted(name)
	id := path[len("/api/certifications/"):]
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(id, "latency_p95")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post(path+"/approve", map[string]any{}).is(http.StatusConflict, "checks-not-passed")
	j.product.post(path+"/approve", map[string]any{"conditions": []any{map[string]any{"text": "把 P95 降到 200 ms", "due_on": inDays(-2)}}}).is(http.StatusUnprocessableEntity)
	j.tester.post(path+"/approve", map[string]any{"conditions": []any{map[string]any{"text": "x", "due_on": inDays(30)}}}).is(http.StatusForbidden, "denied")
	done = j.product.post(path+"/approve", map[string]any{"conditions": []any{map[string]any{"text": "把 P95 降到 200 ms", "due_on": inDays(30)}}}).is(http.StatusOK)
	require.Equal(j, []any{"certified", true, "valid"}, []any{done.text("state"), done.at("certificate.conditional"), done.text("certificate.state")})
	return path, done.text("conditions.0.id"), done
}

// TestConditionalPass: a condition is met with evidence, or the certificate is
// suspended after a warning, and what is on sale with it.
func TestConditionalPass(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, condition, done := j.conditional("条件一号")
	at := path + "/conditions/" + condition
	number := done.text("certificate.number")
	require.Equal(t, true, j.visitor("anybody").get("/api/certificates/"+number).at("conditional"))
	paper := j.visitor("anybody").get("/api/certificates/" + number + "/certificate.pdf").is(http.StatusOK)
	require.Equal(t, []string{"application/pdf", "%PDF"}, []string{paper.Header.Get("Content-Type"), string(paper.Body[:4])})
	j.visitor("anybody").get("/api/certificates/C-0/certificate.pdf").is(http.StatusNotFound)
	listing := j.product.post("/api/listings", map[string]any{"version_id": done.text("version_id"), "scope": "province"}).is(http.StatusOK).text("id")
	j.product.post("/api/listings/"+listing+"/submit", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/listings/"+listing+"/approve", map[string]any{}).is(http.StatusOK)

	tend := func() { require.NoError(t, j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID)) }
	j.exec(`UPDATE certification_conditions SET due_at = now() - interval '1 day' WHERE id = $1`, condition)
	tend()
	tend()
	require.Equal(t, "valid", j.author.get(path).text("certificate.state"), "a day late is a warning")
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE action = 'condition_overdue'`))
	j.exec(`UPDATE certification_conditions SET due_at = now() - interval '30 days' WHERE id = $1`, condition)
	tend()
	tend()
	require.Equal(t, "suspended", j.visitor("anybody").get("/api/certificates/"+number).text("state"))
	j.eventually("the listing is suspended", func() bool { return j.product.get("/api/listings/"+listing).text("state") == "suspended" })
	require.Contains(t, j.product.get("/api/listings/"+listing).text("reason"), "暂停")
	j.product.post("/api/listings/"+listing+"/resume", map[string]any{}).is(http.StatusConflict, "not-certified")

	j.product.post(at+"/accept", map[string]any{}).is(http.StatusConflict, "condition-settled")
	j.product.post(at+"/fulfil", map[string]any{"text": "x"}).is(http.StatusForbidden, "denied")
	proof := j.author.upload("evidence", "p95.txt", "text/plain", []byte("P95 = 120 ms\n"))
	j.author.post(at+"/fulfil", map[string]any{"text": "已优化", "evidence": []string{proof}}).is(http.StatusOK)
	j.product.post(at+"/return", map[string]any{}).is(http.StatusUnprocessableEntity)
	j.product.post(at+"/return", map[string]any{"reason": "请附压测报告"}).is(http.StatusOK)
	require.Equal(t, "请附压测报告", j.author.get(path).text("conditions.0.note"))
	j.author.post(at+"/fulfil", map[string]any{"text": "已附报告", "evidence": []string{proof}}).is(http.StatusOK)
	require.Equal(t, "p95.txt", j.product.get(path).text("conditions.0.evidence.0.name"), "the operator reads the evidence")
	counts, answers := atOnce(50, func(int) answer { return j.product.post(at+"/accept", map[string]any{}) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	public := j.visitor("anybody").get("/api/certificates/" + number)
	require.Equal(t, []any{false, "valid"}, []any{public.at("conditional"), public.text("state")})
	j.product.post("/api/listings/"+listing+"/resume", map[string]any{}).is(http.StatusOK)
	hn := j.staff(j.hn, j.hn.Tenant, "product_manager")
	same(t, "a condition of another province", hn.post(at+"/accept", map[string]any{}), hn.post("/api/certifications/"+uuid.NewString()+"/conditions/"+uuid.NewString()+"/accept", map[string]any{}))
}

// TestRevocation: once, with the number typed; what is on sale stops, and those
// who bought or are about to hear of it.
func TestRevocation(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	pm := p.tour("product@gd.example")
	id := one[string](p, `SELECT x.certification_id::text FROM certificates x JOIN listings l ON l.version_id = x.version_id AND l.state = 'live' JOIN orders o ON o.solution_id = l.solution_id JOIN services s ON s.order_id = o.id AND s.state = 'active'
		WHERE o.partner_id <> o.supplier_id AND o.partner_id IN (SELECT tenant_id FROM memberships WHERE 'agent' = ANY(roles)) ORDER BY 1 LIMIT 1`)
	path := "/api/certifications/" + id
	number := one[string](p, `SELECT number FROM certificates WHERE certification_id = $1`, id)
	version := one[string](p, `SELECT version_id::text FROM certificates WHERE certification_id = $1`, id)
	p.tour("test@gd.example").post(path+"/revoke", map[string]any{"reason": "x", "number": number}).is(http.StatusForbidden, "denied")
	pm.post(path+"/revoke", map[string]any{"reason": "现网发现后门账号", "number": "C-0"}).is(http.StatusUnprocessableEntity, "typed-number")
	counts, answers := atOnce(50, func(int) answer {
		return pm.post(path+"/revoke", map[string]any{"reason": "现网发现后门账号", "number": number})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	require.Equal(t, "revoked", p.visitor("anybody").get("/api/certificates/"+number).text("state"))
	require.Equal(t, "revoked", one[string](p, `SELECT state FROM solution_versions WHERE id = $1`, version))
	p.eventually("everything of it is off sale", func() bool {
		return one[int64](p, `SELECT count(*) FROM listings WHERE version_id = $1 AND state = 'live'`, version) == 0
	})
	require.Zero(t, one[int64](p, `SELECT count(*) FROM offers WHERE version_id = $1`, version))
	order := one[string](p, `SELECT o.id::text FROM orders o JOIN services s ON s.order_id = o.id AND s.state = 'active' JOIN solution_versions v ON v.solution_id = o.solution_id WHERE v.id = $1 AND o.partner_id <> o.supplier_id LIMIT 1`, version)
	for what, where := range map[string]string{
		"the account manager": `m.tenant_id IN (SELECT t.id FROM tenants t JOIN orders o ON o.org_path LIKE t.path || '%' AND t.kind = 'city' WHERE o.id = $1) AND 'city_channel_manager' = ANY(m.roles)`,
		"the seller":          `m.tenant_id = (SELECT partner_id FROM orders WHERE id = $1) AND 'agent' = ANY(m.roles)`,
	} {
		p.eventually(what+" is told", func() bool {
			return one[int64](p, `SELECT count(*) FROM notices n JOIN memberships m ON m.id = n.membership_id WHERE n.resource_id = $1 AND n.rule LIKE 'order.product_withdrawn%' AND `+where, order) > 0
		})
	}
	require.NoError(t, p.App.Services.Orders.OnWithdrawn(t.Context(), certification.Withdrawn{Province: uuid.MustParse(one[string](p, `SELECT province_id::text FROM certificates WHERE certification_id = $1`, id)), Version: uuid.MustParse(version), Number: number, How: "revoked", At: one[time.Time](p, `SELECT revoked_at FROM certificates WHERE certification_id = $1`, id), Reason: "现网发现后门账号"}))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'product_withdrawn'`, order), "a job that runs twice tells once")
}

// TestCertificatesEnd: reminders 60, 30 and 7 days ahead, once each, then it
// is over, and so is what it holds up.
func TestCertificatesEnd(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	version := one[string](p, `SELECT x.version_id::text FROM certificates x JOIN listings l ON l.version_id = x.version_id AND l.state = 'live' ORDER BY 1 LIMIT 1`)
	id := one[string](p, `SELECT certification_id::text FROM certificates WHERE version_id = $1`, version)
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM certificates WHERE version_id = $1`, version))
	until := one[time.Time](p, `SELECT valid_until FROM certificates WHERE version_id = $1`, version)
	told := func(days int) int64 {
		for range 2 {
			require.NoError(t, p.Services.Certifications.Tend(calendar.At(t.Context(), until.AddDate(0, 0, -days)), province))
		}
		return one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'certificate_ending'`, id)
	}
	require.EqualValues(t, []int64{0, 1, 1, 2, 3}, []int64{told(61), told(59), told(31), told(29), told(6)})
	require.EqualValues(t, "certified", one[string](p, `SELECT state FROM solution_versions WHERE id = $1`, version))
	told(-1)
	require.EqualValues(t, "expired", one[string](p, `SELECT state FROM solution_versions WHERE id = $1`, version))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'expire'`, id))
}

// TestHandOver: a case goes back into the queue with a note, and somebody else
// goes on from what was recorded.
func TestHandOver(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("交接一号")
	j.tester.post(path+"/hand_back", map[string]any{"reason": "x"}).is(http.StatusConflict, "unclaimed")
	c := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	check := c.text("stages.1.checks.1.id")
	j.tester.put(path+"/checks/"+check, map[string]any{"result": "pass"}).is(http.StatusOK)
	j.tester.post(path+"/hand_back", map[string]any{}).is(http.StatusUnprocessableEntity)
	back := j.tester.post(path+"/hand_back", map[string]any{"reason": "安全测试未开始，环境已备好"}).is(http.StatusOK)
	require.Equal(t, []any{"claim", "安全测试未开始，环境已备好", nil}, []any{back.text("next"), back.text("clock.note"), back.at("tester_name")})
	require.EqualValues(t, 1, back.number("queue.place"))
	j.tester.put(path+"/checks/"+check, map[string]any{"result": "fail"}).is(http.StatusConflict, "unclaimed")
	again := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	require.Equal(t, "pass", again.text("stages.1.checks.1.result"))
	require.Equal(t, []string{"queue", "testing", "queue"}, again.all("turns", "reason"))
}
