package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
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
	other := uuid.NewString()
	counts, answers := atOnce(50, func(int) answer { return j.tester.post(path+"/claim", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts, "claiming what one has changes nothing: %s", answers[0].Body)
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM certification_turns WHERE certification_id = $1 AND reason = 'queue'`, id))
	j.exec(`UPDATE certifications SET tester_id = $2, tester_name = '别人' WHERE id = $1`, id, other)
	j.tester.post(path+"/claim", nil).is(http.StatusForbidden, "not-your-case")
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
