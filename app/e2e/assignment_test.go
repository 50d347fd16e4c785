package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCasesAreSharedOutByLoad: unclaimed cases go to whoever has the least in
// hand; who has to stand aside is left out with the reason; each is told.
func TestCasesAreSharedOutByLoad(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	second := j.secondTester()
	var ids []string
	for _, name := range []string{"分派一号", "分派二号", "分派三号"} {
		path, _ := j.submitted(name)
		ids = append(ids, path[strings.LastIndex(path, "/")+1:])
	}
	j.tester.post("/api/certifications/"+ids[0]+"/claim", nil).is(http.StatusOK)
	j.tester.get("/api/certification-assignments?case="+ids[1]).is(http.StatusForbidden, "denied")
	preview := j.product.get("/api/certification-assignments?case=" + strings.Join(ids, ",")).is(http.StatusOK)
	names, testers := preview.all("testers", "name"), preview.all("testers", "id")
	busy, free := slices.IndexFunc(names, func(n string) bool { return n != "周佳" }), slices.Index(names, "周佳")
	require.Equal(t, []float64{1, 0}, []float64{preview.number("testers." + string(rune('0'+busy)) + ".cases"), preview.number("testers." + string(rune('0'+free)) + ".cases")})
	require.Equal(t, ids, preview.all("cases", "id"))
	require.Contains(t, preview.text("cases.0.reason"), "已由", "somebody has it")
	require.Empty(t, preview.text("cases.0.tester_id"))
	require.Equal(t, []string{testers[free], testers[busy]}, []string{preview.text("cases.1.tester_id"), preview.text("cases.2.tester_id")}, "the second case evens it out")
	require.EqualValues(t, 0, one[int64](j.portal, `SELECT count(*) FROM certification_assignments`), "a preview gives nothing")

	// The free engineer gets a stake in the firm.
	j.exec(`INSERT INTO memberships (province_id, id, tenant_id, user_id, name, email, roles) SELECT c.province_id, gen_random_uuid(), c.partner_id, $2::uuid, '周佳', 'stake@test.example', '{solution_author}' FROM certifications c WHERE c.id = $1::uuid`, ids[1], testers[free])
	preview = j.product.get("/api/certification-assignments?case=" + ids[1]).is(http.StatusOK)
	require.Equal(t, testers[busy], preview.text("cases.0.tester_id"))
	require.Equal(t, []string{"周佳"}, preview.all("cases.0.left_out", "name"))
	require.Contains(t, preview.text("cases.0.left_out.0.reason"), "任职")
	give := func(who *person, id, tester string) answer {
		return who.post("/api/certification-assignments", map[string]any{"cases": []map[string]any{{"id": id, "tester_id": tester}}})
	}
	require.Equal(t, []string{"tester-stands-aside"}, give(j.product, ids[1], testers[free]).is(http.StatusOK).all("items", "code"))
	j.exec(`DELETE FROM memberships WHERE email = 'stake@test.example'`)

	give(j.author, ids[1], testers[free]).is(http.StatusForbidden, "denied")
	done := j.product.post("/api/certification-assignments", map[string]any{"cases": []map[string]any{{"id": ids[0], "tester_id": testers[free]}, {"id": ids[1], "tester_id": testers[free]}, {"id": ids[2], "tester_id": testers[busy]}}}).is(http.StatusOK)
	came := map[string]string{}
	codes := done.all("items", "code")
	for i, id := range done.all("items", "id") {
		came[id] = codes[i]
	}
	require.Equal(t, map[string]string{ids[0]: "case-taken", ids[1]: "<nil>", ids[2]: "<nil>"}, came, "what somebody has stays with them")
	require.EqualValues(t, 2, one[int64](j.portal, `SELECT count(*) FROM certification_assignments`))
	j.eventually("the engineer is told, and only that one", func() bool {
		return strings.Contains(string(second.get("/api/notices?limit=50").Body), "分派给您测试")
	})
	require.Equal(t, 1, strings.Count(string(second.get("/api/notices?limit=100").Body), "分派给您测试"))

	// Given by hand, for a reason where somebody has it; handed back as ever.
	path := "/api/certifications/" + ids[0]
	require.Contains(t, j.product.get(path).actions(), "assign")
	j.product.post(path+"/assign", map[string]any{"tester_id": testers[free]}).is(http.StatusConflict, "case-taken")
	j.product.post(path+"/assign", map[string]any{"tester_id": j.gd.One(j.gd.Tenant, "analyst").User.String(), "reason": "休假"}).is(http.StatusUnprocessableEntity, "not-a-tester")
	require.Equal(t, "周佳", j.product.post(path+"/assign", map[string]any{"tester_id": testers[free], "reason": "休假"}).is(http.StatusOK).text("tester_name"))
	j.tester.post(path+"/findings", map[string]any{"stage": "functional", "severity": "minor", "text": "问题"}).is(http.StatusForbidden, "not-your-case")
	require.Equal(t, "claim", second.post(path+"/hand_back", map[string]any{"reason": "做不完"}).is(http.StatusOK).text("next"))
	require.Equal(t, []string{"分派一号"}, j.product.get("/api/certifications?unclaimed=true").is(http.StatusOK).all("items", "solution_name"))
}

// TestAssigningFiftyTimes: fifty leads at once give one case once.
func TestAssigningFiftyTimes(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	j.secondTester()
	path, _ := j.submitted("抢派一号")
	id := path[strings.LastIndex(path, "/")+1:]
	testers := j.product.get("/api/certification-assignments?case="+id).is(http.StatusOK).all("testers", "id")
	require.Len(t, testers, 2)
	counts, answers := atOnce(50, func(i int) answer {
		return j.product.post("/api/certification-assignments", map[string]any{"cases": []map[string]any{{"id": id, "tester_id": testers[i%2]}}})
	})
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts)
	given := 0
	for _, a := range answers {
		if a.at("items.0.done") == true {
			given++
		} else {
			require.Equal(t, "case-taken", a.text("items.0.code"))
		}
	}
	require.Equal(t, 1, given)
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM certification_assignments`))
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM certification_turns WHERE certification_id = $1`, id))
}
