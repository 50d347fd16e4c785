package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/certification"
	"ecoport/tenants/tenantstest"
)

// checkAt finds a check of a case by its code: the path inside the answer.
func checkAt(a answer, code string) string {
	a.t.Helper()
	stages, _ := a.at("stages").([]any)
	for s := range stages {
		for k, c := range a.all(fmt.Sprintf("stages.%d.checks", s), "code") {
			if c == code {
				return fmt.Sprintf("stages.%d.checks.%d.", s, k)
			}
		}
	}
	require.Fail(a.t, "no such check", "%s in %s", code, a.Body)
	return ""
}

// results of the checks of a stage, by code.
func results(a answer, kind string) map[string]string {
	a.t.Helper()
	out := map[string]string{}
	stages, _ := a.at("stages").([]any)
	for s := range stages {
		if a.text(fmt.Sprintf("stages.%d.kind", s)) == kind {
			codes, found := a.all(fmt.Sprintf("stages.%d.checks", s), "code"), a.all(fmt.Sprintf("stages.%d.checks", s), "result")
			for i := range codes {
				out[codes[i]] = found[i]
			}
		}
	}
	return out
}

// open lists the kinds of stages with a check that has no result.
func openKinds(a answer) []string {
	out := []string{}
	for _, kind := range certification.Kinds {
		for _, r := range results(a, kind) {
			if r == "open" {
				out = append(out, kind)
				break
			}
		}
	}
	return out
}

// seatOf signs in somebody who sits in another's seat.
func (p *portal) seatOf(g *tenantstest.Province, owner, sitter string) *person {
	p.Helper()
	from, to := g.One(g.Tenant, owner), g.One(g.Tenant, sitter)
	p.staff(g, g.Tenant, owner).post("/api/delegations", map[string]any{"to_id": to.Membership.String(), "starts_at": time.Now().Add(-time.Minute).Format(time.RFC3339), "ends_at": time.Now().Add(time.Hour).Format(time.RFC3339)}).is(http.StatusOK)
	who := p.staff(g, g.Tenant, sitter)
	who.post("/api/session/tenant", map[string]any{"membership_id": from.Membership.String()}).is(http.StatusOK)
	return who
}

// secondTester is invited by the province's admin.
func (j *journey) secondTester() *person {
	j.Helper()
	link := j.staff(j.gd, j.gd.Tenant, "province_admin").post("/api/invitations", map[string]any{"email": "second.tester@gd.test.example", "roles": []string{"test_engineer"}}).is(http.StatusOK).text("link")
	who := j.visitor("the second tester")
	who.post("/api/invitations/accept", map[string]any{"token": link[strings.LastIndex(link, "/")+1:], "name": "周佳", "password": chosen}).is(http.StatusOK)
	return who
}

// again hands a changed draft in.
func (j *journey) again(version string, change func(content map[string]any)) answer {
	j.Helper()
	v := j.author.post("/api/versions/"+version+"/revise", nil).is(http.StatusOK)
	content := map[string]any{"version": v.number("version"), "elements": v.at("elements")}
	for _, field := range []string{"semver", "description", "notes", "integration"} {
		content[field] = v.text(field)
	}
	if change != nil {
		change(content)
		j.author.put("/api/versions/"+version, content).is(http.StatusOK)
	}
	return j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
}

// TestLapsedPapersStopIntake: a firm whose papers are out of date is told so
// by the machine at once, not by a tester after weeks.
func TestLapsedPapersStopIntake(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	firm := j.author.get("/api/partner").text("id")
	j.exec(`UPDATE partners SET lapsed_at = now(), lapsed = '{identity}' WHERE id = $1`, firm)
	_, version := j.drafted("执照一号", "wuliutong", "logistics")
	refused := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
	require.Equal(t, "changes_requested", refused.text("state"))
	path := "/api/certifications/" + refused.text("certification_id")
	seen := j.author.get(path)
	at := checkAt(seen, "licence_valid")
	require.Equal(t, "fail", seen.text(at+"result"))
	require.Contains(t, seen.text("clock.note"), "本企业")
	require.Contains(t, j.author.do(http.MethodGet, path, nil, "Accept-Language", "en").text("clock.note"), "Our firm")
	require.Equal(t, "changes_requested", j.again(version, nil).text("state"), "still out of date")
	j.exec(`UPDATE partners SET lapsed_at = NULL, lapsed = '{}' WHERE id = $1`, firm)
	require.Equal(t, "in_test", j.again(version, nil).text("state"))
	require.Equal(t, "pass", j.author.get(path).text(at+"result"))
}

// TestNamesakesAreCheckedAgain: what the machine refuses it looks at again on
// every submission, and before a certificate is made.
func TestNamesakesAreCheckedAgain(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	first := j.author
	j.certifiedPlainly("同名一号", "wuliutong", "logistics")
	j.author = j.staff(j.gd, j.gd.SI, "solution_author")
	sol, version := j.drafted("同名一号", "wuliutong", "logistics")
	refused := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
	require.Equal(t, "changes_requested", refused.text("state"))
	path := "/api/certifications/" + refused.text("certification_id")
	started := j.author.get(path).at("stages.0.started_at")
	require.Equal(t, "changes_requested", j.again(version, nil).text("state"), "the name is still taken")
	seen := j.author.get(path)
	at := checkAt(seen, "not_duplicate")
	require.Equal(t, "fail", seen.text(at+"result"))
	require.Equal(t, started, seen.at("stages.0.started_at"))
	require.Contains(t, seen.text(at+"said"), "改名")
	require.NotContains(t, seen.text(at+"said"), "说明差异", "words offer only what works")
	english := j.author.do(http.MethodGet, path, nil, "Accept-Language", "en")
	require.Contains(t, english.text(at+"said"), "another partner")
	require.Equal(t, "Machine check", english.text(at+"by"))
	require.Contains(t, english.text("clock.note"), "another partner")
	require.Contains(t, english.all("turns", "by"), "Machine check")

	s := j.author.get("/api/solutions/" + sol)
	rename := func(name string) {
		s = j.author.put("/api/solutions/"+sol, map[string]any{"name": name, "summary": s.text("summary"), "industry": s.text("industry"), "category": s.text("category"), "family": s.text("family"), "version": s.number("version")}).is(http.StatusOK)
	}
	s = j.author.get("/api/solutions/" + sol)
	rename("另名一号")
	require.Equal(t, "in_test", j.again(version, nil).text("state"))
	now := j.author.get(path)
	require.Equal(t, []any{"另名一号", "pass", nil}, []any{now.text("solution_name"), now.text(at + "result"), now.at(at + "said")})

	// Somebody else gets the name certified meanwhile.
	_, late := j.drafted("同名二号", "wuliutong", "logistics")
	latePath := "/api/certifications/" + j.author.post("/api/versions/"+late+"/submit", nil).is(http.StatusOK).text("certification_id")
	second := j.author
	j.author = first
	j.certifiedPlainly("同名二号", "wuliutong", "logistics")
	j.author = second
	j.tester.post(latePath+"/claim", nil).is(http.StatusOK)
	j.tested(latePath[len("/api/certifications/"):], "")
	j.tester.post(latePath+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post(latePath+"/approve", map[string]any{}).is(http.StatusConflict, "duplicate-name")
	j.product.post(latePath+"/request_changes", map[string]any{"reason": "请改名"}).is(http.StatusOK)
}

// TestChangesReopenWhatTheyTouch: what was tested is tested again when the
// content of it changed, and only that.
func TestChangesReopenWhatTheyTouch(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, version := j.submitted("改动一号")
	id := path[len("/api/certifications/"):]
	sol := j.author.get("/api/solutions/" + j.author.get(path).text("solution_id"))
	place := map[string]any{"name": "改动一号", "summary": "换个说法", "industry": "logistics", "category": "hosting", "family": "wuliutong", "version": sol.number("version")}
	j.author.put("/api/solutions/"+sol.text("id"), place).is(http.StatusConflict, "under-test")
	place["category"] = sol.text("category")
	j.author.put("/api/solutions/"+sol.text("id"), place).is(http.StatusOK)
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	round := func(change func(map[string]any), before func()) answer {
		t.Helper()
		j.tested(id, "")
		j.tester.post(path+"/request_changes", map[string]any{"reason": "请修改"}).is(http.StatusOK)
		if before != nil {
			j.author.post("/api/versions/"+version+"/revise", nil).is(http.StatusOK)
			before()
			j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK)
		} else {
			j.again(version, change)
		}
		return j.tester.get(path).is(http.StatusOK)
	}
	same := round(nil, nil)
	require.Equal(t, []string{"price_review"}, openKinds(same), "nothing changed, nothing is opened")
	require.Contains(t, same.text(checkAt(same, "roles")+"said"), "沿用")

	words := round(func(c map[string]any) { c["description"] = c["description"].(string) + "另附应急流程。" }, nil)
	require.Equal(t, []string{"documentation", "price_review"}, openKinds(words))
	require.Contains(t, words.text(checkAt(words, "manual")+"said"), "方案说明")
	require.Contains(t, words.text(checkAt(words, "roles")+"said"), "沿用")
	english := j.tester.do(http.MethodGet, path, nil, "Accept-Language", "en")
	require.Contains(t, english.text(checkAt(english, "manual")+"said"), "description")
	require.Contains(t, english.all("events", "reason"), "Roles and accounts")
	require.Equal(t, "documentation", words.text("stage"))

	var build bytes.Buffer
	pack := zip.NewWriter(&build)
	_, err := pack.Create("another build")
	require.NoError(t, err)
	require.NoError(t, pack.Close())
	pkg := round(nil, func() {
		j.author.post("/api/versions/"+version+"/files", map[string]any{"file_id": j.author.upload("solution_file", "v1.zip", "application/zip", build.Bytes()), "kind": "package"}).is(http.StatusOK)
	})
	require.Equal(t, []string{"functional", "security", "stability", "price_review"}, openKinds(pkg))
	require.NotEmpty(t, pkg.at(checkAt(pkg, "latency_p95")+"runs"), "what was measured stays on record")
	require.Empty(t, pkg.text(checkAt(pkg, "latency_p95")+"measured"))

	prices := round(func(c map[string]any) { c["elements"].([]any)[0].(map[string]any)["price_fen"] = 2_000_000 }, nil)
	require.Equal(t, []string{"price_review"}, openKinds(prices), "what it costs is no matter of functions")
	named := round(func(c map[string]any) { c["elements"].([]any)[1].(map[string]any)["name"] = "席位" }, nil)
	require.Equal(t, []string{"functional", "price_review"}, openKinds(named))

	deep := round(func(c map[string]any) { c["integration"] = "deep" }, nil)
	require.Equal(t, []string{"functional", "security", "stability", "interface", "price_review"}, openKinds(deep))

	moved := round(nil, func() {
		place["category"], place["version"] = "communication", j.author.get("/api/solutions/"+sol.text("id")).number("version")
		j.author.put("/api/solutions/"+sol.text("id"), place).is(http.StatusOK)
	})
	require.Equal(t, certification.Kinds[1:], openKinds(moved), "another category is another plan")
	require.Equal(t, []string{"1", "2", "3", "4", "5", "6", "7", "8"}, moved.all("rounds", "number"))
	require.Contains(t, moved.text("rounds.7.changes.0"), "品类")

	// To go through all of it again for nothing is not asked; to swap what was
	// tested for something else behind the tester's back is refused.
	j.tested(id, "")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.exec(`UPDATE solution_versions SET description = description || '。' WHERE id = $1`, version)
	j.product.post(path+"/approve", map[string]any{}).is(http.StatusConflict, "content-changed")
	j.exec(`UPDATE solution_versions SET description = left(description, -1) WHERE id = $1`, version)
	done := j.product.post(path+"/approve", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "certified", done.text("state"))
	require.Equal(t, done.text("certificate.content_hash"), one[string](j.portal, `SELECT content_hash FROM certifications WHERE id = $1`, id))
	require.EqualValues(t, 8, one[int64](j.portal, `SELECT count(*) FROM certification_submissions WHERE certification_id = $1`, id))
}

// TestTrackFollowsTheChange: what grows in need of a product manager gets one,
// with the stages that belong to it; nothing leads back.
func TestTrackFollowsTheChange(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	sol, _ := j.drafted("升格一号", "wuliutong", "logistics")
	version := j.author.get("/api/solutions/" + sol).text("versions.0.id")
	id := j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	j.tester.post("/api/certifications/"+id+"/claim", nil).is(http.StatusOK)
	j.tested(id, "")
	j.tester.post("/api/certifications/"+id+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post("/api/certifications/"+id+"/approve", map[string]any{}).is(http.StatusOK)
	j.exec(`UPDATE partners SET tier = 'preferred' WHERE id = $1`, j.firm)

	next := j.author.post("/api/solutions/"+sol+"/versions", map[string]any{"semver": "1.1.0"}).is(http.StatusOK)
	version = next.text("id")
	j.author.put("/api/versions/"+version, map[string]any{"semver": "1.1.0", "description": next.text("description"), "notes": "小改", "integration": "none", "elements": next.at("elements"), "version": next.number("version")}).is(http.StatusOK)
	path := "/api/certifications/" + j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	claimed := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	require.Equal(t, "certified_type", claimed.text("track"))
	require.Equal(t, []string{"intake", "functional", "security", "documentation"}, claimed.all("stages", "kind"))
	j.tested(path[len("/api/certifications/"):], "")
	back := func() {
		j.tester.post(path+"/request_changes", map[string]any{"reason": "请改为深度集成"}).is(http.StatusOK)
	}
	back()
	j.again(version, func(c map[string]any) { c["integration"] = "deep" })
	grown := j.tester.get(path).is(http.StatusOK)
	require.Equal(t, "managed", grown.text("track"))
	require.Equal(t, certification.Kinds, grown.all("stages", "kind"))
	require.Equal(t, []string{"functional", "security", "stability", "interface", "price_review"}, openKinds(grown))
	back()
	j.again(version, func(c map[string]any) { c["integration"] = "none" })
	require.Equal(t, "managed", j.tester.get(path).text("track"), "nothing leads back")
	j.tested(path[len("/api/certifications/"):], "")
	require.Equal(t, "in_review", j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK).text("state"))
}

// TestNumbersOfTwoProvinces: a number leads to one certificate, whichever
// province made it, and cannot be guessed from another.
func TestNumbersOfTwoProvinces(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	number := func(version string) string {
		return one[string](j.portal, `SELECT number FROM certificates WHERE version_id = $1`, version)
	}
	gd := number(j.certifiedPlainly("两省一号", "wuliutong", "logistics"))
	other := &journey{portal: j.portal, gd: j.hn, hn: j.gd}
	other.author, other.tester, other.product = j.staff(j.hn, j.hn.SI, "solution_author"), j.staff(j.hn, j.hn.Tenant, "test_engineer"), j.staff(j.hn, j.hn.Tenant, "product_manager")
	hn := number(other.certifiedPlainly("湘江一号", "wuliutong", "logistics"))
	require.Regexp(t, `^CGD\d{10}-[2-9A-HJ-NP-Z]{4}$`, gd)
	require.Regexp(t, `^CHN\d{10}-[2-9A-HJ-NP-Z]{4}$`, hn)
	anybody := j.visitor("anybody")
	ask := func(number string) answer { return anybody.get("/api/certificates/" + number) }
	require.Equal(t, "两省一号", ask(gd).is(http.StatusOK).text("solution_name"))
	require.Equal(t, "湘江一号", ask(hn).is(http.StatusOK).text("solution_name"))
	require.Equal(t, "两省一号", ask(strings.ToLower(gd)).is(http.StatusOK).text("solution_name"), "as it is typed")
	ask(gd[:len(gd)-5]).is(http.StatusNotFound)
	ask("CHN" + gd[3:]).is(http.StatusNotFound)
	// Numbers from before, which both provinces gave out.
	j.exec(`UPDATE certificates SET number = 'C2026000001' WHERE number = $1`, gd)
	require.Equal(t, "两省一号", ask("C2026000001").is(http.StatusOK).text("solution_name"))
	j.exec(`UPDATE certificates SET number = 'C2026000001' WHERE number = $1`, hn)
	ask("C2026000001").is(http.StatusNotFound)
	anybody.get("/api/certificates/C2026000001/certificate.pdf").is(http.StatusNotFound)
}

// TestWhoTestedDoesNotDecide: not after handing back, not from another's seat,
// and not when somebody worked in theirs; the database says the same.
func TestWhoTestedDoesNotDecide(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	second := j.secondTester()
	finish := func(path string, record *person) {
		t.Helper()
		c := record.post(path+"/claim", nil).is(http.StatusOK)
		record.put(path+"/checks/"+c.text(checkAt(c, "roles")+"id"), map[string]any{"result": "pass"}).is(http.StatusOK)
		record.post(path+"/hand_back", map[string]any{"reason": "换人"}).is(http.StatusOK)
		second.post(path+"/claim", nil).is(http.StatusOK)
		tester := j.tester
		j.tester = second
		j.tested(path[len("/api/certifications/"):], "")
		j.tester = tester
		second.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	}
	// A tester who sits in the product manager's seat.
	one1, _ := j.submitted("分工一号")
	finish(one1, j.tester)
	sits := j.seatOf(j.gd, "product_manager", "test_engineer")
	seen := sits.get(one1).is(http.StatusOK)
	require.NotContains(t, seen.actions(), "approve")
	sits.post(one1+"/approve", map[string]any{}).is(http.StatusForbidden, "duties-apart")
	sits.post(one1+"/reject", map[string]any{"reason": "x"}).is(http.StatusForbidden, "duties-apart")
	tester := j.gd.One(j.gd.Tenant, "test_engineer").User
	if _, err := j.super.Exec(t.Context(), `UPDATE certifications SET deciders = ARRAY[$2::text] WHERE id = $1`, one1[len("/api/certifications/"):], tester.String()); true {
		require.ErrorContains(t, err, "certifications_tested_by_others")
	}
	// A product manager who sat in the tester's seat.
	two, _ := j.submitted("分工二号")
	finish(two, j.seatOf(j.gd, "test_engineer", "product_manager"))
	product := j.staff(j.gd, j.gd.Tenant, "product_manager")
	product.post(two+"/approve", map[string]any{}).is(http.StatusForbidden, "duties-apart")
	product.post(one1+"/approve", map[string]any{}).is(http.StatusOK)
}

// secondProduct is another product manager of the province.
func (j *journey) secondProduct() *person {
	j.Helper()
	link := j.staff(j.gd, j.gd.Tenant, "province_admin").post("/api/invitations", map[string]any{"email": "second.product@gd.test.example", "roles": []string{"product_manager"}}).is(http.StatusOK).text("link")
	who := j.visitor("the second product manager")
	who.post("/api/invitations/accept", map[string]any{"token": link[strings.LastIndex(link, "/")+1:], "name": "吴敏", "password": chosen}).is(http.StatusOK)
	return who
}

// TestDecidingFiftyTimes: whatever is decided of a case, by however many at
// once, is decided once: one answer is good, one act stands in the trail, one
// certificate comes of it.
func TestDecidingFiftyTimes(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	other := j.secondProduct()
	once := func(path string, ask func(i int) answer, actions ...string) (won int) {
		t.Helper()
		counts, answers := atOnce(50, ask)
		require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%v: %s", actions, answers[0].Body)
		require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = ANY($2)`, path[len("/api/certifications/"):], actions), "%v", actions)
		return slices.IndexFunc(answers, func(a answer) bool { return a.Status == http.StatusOK })
	}
	act := func(path, action string, body map[string]any, who ...*person) func(int) answer {
		return func(i int) answer { return who[i%len(who)].post(path+"/"+action, body) }
	}
	_, version := j.drafted("抢批一号", "wuliutong", "logistics")
	counts, _ := atOnce(50, func(int) answer { return j.author.post("/api/versions/"+version+"/submit", nil) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	path := "/api/certifications/" + one[string](j.portal, `SELECT id::text FROM certifications WHERE version_id = $1`, version)
	id := path[len("/api/certifications/"):]
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	once(path, act(path, "stop", map[string]any{"reason": "封网"}, j.tester), "stop")
	once(path, act(path, "restart", map[string]any{}, j.tester), "restart")
	once(path, act(path, "hand_back", map[string]any{"reason": "换人"}, j.tester), "hand_back")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	once(path, act(path, "request_changes", map[string]any{"reason": "请修改"}, j.tester), "request_changes")
	j.again(version, nil)
	j.tested(id, "latency_p95")
	once(path, act(path, "finish_tests", map[string]any{}, j.tester), "finish_tests")
	asked := map[string]any{"conditions": []any{map[string]any{"text": "把 P95 降到 200 ms", "due_on": inDays(30)}}}
	once(path, act(path, "approve", asked, j.product, other), "approve")
	require.EqualValues(t, []int64{1, 1, 1}, []int64{
		one[int64](j.portal, `SELECT count(*) FROM certificates WHERE version_id = $1`, version), one[int64](j.portal, `SELECT count(*) FROM certification_conditions WHERE certification_id = $1`, id),
		one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'certify'`, version),
	})
	require.Zero(t, one[int64](j.portal, `SELECT count(*) FROM (SELECT from_at, lag(to_at) OVER (ORDER BY from_at, to_at) AS before FROM certification_turns WHERE certification_id = $1) x WHERE before <> from_at`, id), "no gap between turns")

	// One says yes while another says no: one of them is right.
	path, version = j.submitted("抢批二号")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(path[len("/api/certifications/"):], "")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	won := once(path, func(i int) answer {
		if i%2 == 0 {
			return j.product.post(path+"/approve", map[string]any{})
		}
		return other.post(path+"/reject", map[string]any{"reason": "与现网重复"})
	}, "approve", "reject")
	require.Equal(t, []string{"certified", "rejected"}[won%2], j.product.get(path).text("state"))
	require.EqualValues(t, 1-won%2, one[int64](j.portal, `SELECT count(*) FROM certificates WHERE version_id = $1`, version))
}

// TestConditionsEndWithTheCertificate: of a certificate that is over nothing is
// asked any more.
func TestConditionsEndWithTheCertificate(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, condition, done := j.conditional("条件二号")
	at := path + "/conditions/" + condition
	j.author.post(at+"/fulfil", map[string]any{"text": "已优化"}).is(http.StatusOK)
	j.exec(`UPDATE certificates SET suspended_at = now(), reason = '逾期' WHERE number = $1`, done.text("certificate.number"))
	j.product.post(path+"/revoke", map[string]any{"reason": "后门账号", "number": done.text("certificate.number")}).is(http.StatusOK)
	require.Empty(t, j.product.get(path).at("conditions.0.actions"))
	j.product.post(at+"/accept", map[string]any{}).is(http.StatusConflict, "certificate-over")
	j.product.post(at+"/return", map[string]any{"reason": "x"}).is(http.StatusConflict, "certificate-over")
	j.exec(`UPDATE certification_conditions SET state = 'open', due_at = now() - interval '30 days' WHERE id = $1`, condition)
	require.Empty(t, j.author.get(path).at("conditions.0.actions"))
	j.author.post(at+"/fulfil", map[string]any{"text": "x"}).is(http.StatusConflict, "certificate-over")
	require.NoError(t, j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID))
	require.Zero(t, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE action IN ('condition_due', 'condition_overdue', 'suspend_certificate')`))
}

// TestFindingsAreTheTesters: who may not record may not close or reopen.
func TestFindingsAreTheTesters(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	second := j.secondTester()
	path, _ := j.submitted("问题一号")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	finding := j.tester.post(path+"/findings", map[string]any{"stage": "functional", "severity": "major", "text": "登录失败"}).is(http.StatusOK).text("findings.0.id")
	at := path + "/findings/" + finding
	second.post(at+"/close", nil).is(http.StatusForbidden, "not-your-case")
	require.Empty(t, second.get(path).at("findings.0.actions"))
	j.tester.post(path+"/stop", map[string]any{"reason": "封网"}).is(http.StatusOK)
	j.tester.post(at+"/close", nil).is(http.StatusConflict, "clock-stopped")
	j.tester.post(path+"/restart", map[string]any{}).is(http.StatusOK)
	require.EqualValues(t, 0, j.tester.post(at+"/close", nil).is(http.StatusOK).number("open_findings"))
	second.post(at+"/reopen", nil).is(http.StatusForbidden, "not-your-case")
	require.EqualValues(t, 1, j.tester.post(at+"/reopen", nil).is(http.StatusOK).number("open_findings"))
	j.tester.post(at+"/close", nil).is(http.StatusOK)
	j.tested(path[len("/api/certifications/"):], "")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.tester.post(at+"/reopen", nil).is(http.StatusConflict, "wrong-state")
}

// TestSecurityIsNotWaived: conditions overlook much, but no failed security
// check that the plan makes mandatory.
func TestSecurityIsNotWaived(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("安全一号")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(path[len("/api/certifications/"):], "vulnerabilities")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	asked := map[string]any{"conditions": []any{map[string]any{"text": "修复高危漏洞", "due_on": inDays(30)}}}
	j.product.post(path+"/approve", asked).is(http.StatusConflict, "security-failed")
	j.exec(`UPDATE certification_checks SET mandatory = false WHERE certification_id = $1 AND code = 'vulnerabilities'`, path[len("/api/certifications/"):])
	j.product.post(path+"/approve", asked).is(http.StatusOK)
}

// TestNumbersAreReadWhole: what a threshold is compared with is all of the
// number, or nothing.
func TestNumbersAreReadWhole(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("数值一号")
	c := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	check := path + "/checks/" + c.text(checkAt(c, "latency_p95")+"id")
	for _, measured := range []string{"1,200 ms", "1e4", "1，200 ms", "1 200 ms", "1.5 s"} {
		j.tester.put(check, map[string]any{"result": "pass", "measured": measured}).is(http.StatusUnprocessableEntity)
	}
	j.tester.put(check, map[string]any{"result": "pass", "measured": "1.2e2 ms"}).is(http.StatusOK)
	require.EqualValues(t, 120, one[float64](j.portal, `SELECT value FROM certification_runs WHERE certification_id = $1`, path[len("/api/certifications/"):]))
}

// TestSecondEndIsToldToo: losing a certificate is told once for each certificate.
func TestSecondEndIsToldToo(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	version := one[string](p, `SELECT v.id::text FROM solution_versions v JOIN orders o ON o.solution_id = v.solution_id JOIN services s ON s.order_id = o.id AND s.state = 'active' WHERE v.state = 'certified' ORDER BY 1 LIMIT 1`)
	order := one[string](p, `SELECT o.id::text FROM solution_versions v JOIN orders o ON o.solution_id = v.solution_id JOIN services s ON s.order_id = o.id AND s.state = 'active' WHERE v.id = $1 ORDER BY 1 LIMIT 1`, version)
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM orders WHERE id = $1`, order))
	deal := one[string](p, `SELECT id::text FROM deals WHERE state IN ('registered', 'under_review', 'protected') AND jsonb_array_length(offers) > 0 LIMIT 1`)
	dealt := one[string](p, `SELECT l.version_id::text FROM listings l JOIN deals d ON d.offers @> jsonb_build_array(jsonb_build_object('Listing', l.id)) WHERE d.id = $1 LIMIT 1`, deal)
	p.exec(`UPDATE solution_versions SET state = 'expired' WHERE solution_id = (SELECT solution_id FROM solution_versions WHERE id = $1)`, version)
	for _, number := range []string{"CGD2026000001-AAAA", "CGD2026000002-BBBB"} {
		for range 2 {
			require.NoError(t, p.Services.Orders.OnWithdrawn(t.Context(), certification.Withdrawn{Province: province, Version: uuid.MustParse(version), Number: number, How: "expired"}))
			require.NoError(t, p.Services.Deals.OnWithdrawn(t.Context(), certification.Withdrawn{Province: province, Version: uuid.MustParse(dealt), Number: number, How: "expired"}))
		}
	}
	told := func(id string) int64 {
		return one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'product_withdrawn'`, id)
	}
	require.EqualValues(t, []int64{2, 2}, []int64{told(order), told(deal)})
	// What ends by itself carries its number.
	number := one[string](p, `SELECT number FROM certificates WHERE version_id = $1`, dealt)
	until := one[time.Time](p, `SELECT valid_until FROM certificates WHERE version_id = $1`, dealt)
	p.exec(`UPDATE solution_versions SET state = 'certified' WHERE id = $1`, dealt)
	require.NoError(t, p.Services.Certifications.Tend(calendar.At(t.Context(), until.AddDate(0, 0, 1)), province))
	p.eventually("the deal is told with the number", func() bool {
		return one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'product_withdrawn' AND reason LIKE '%' || $2 || '%'`, deal, number) == 1
	})
}

// TestRemindersOfMany: a certificate is reminded of although five hundred others
// end before it and were told already.
func TestRemindersOfMany(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	version := j.certifiedPlainly("很多一号", "wuliutong", "logistics")
	until := one[time.Time](j.portal, `SELECT valid_until FROM certificates WHERE version_id = $1`, version)
	j.exec(`INSERT INTO solution_versions SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'semver', '8.0.' || n, 'state', 'superseded'))).* FROM solution_versions v, generate_series(1, 500) n WHERE v.id = $1`, version)
	j.exec(`INSERT INTO certificates SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'number', 'X' || v.semver, 'version_id', v.id, 'valid_until', c.valid_until - interval '10 days', 'told', ARRAY[to_char((c.valid_until - interval '70 days') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')]))).* FROM certificates c, solution_versions v WHERE c.version_id = $1 AND v.semver LIKE '8.0.%'`, version)
	require.NoError(t, j.Services.Certifications.Tend(calendar.At(t.Context(), until.AddDate(0, 0, -59)), j.gd.Tenant.ID))
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE action = 'certificate_ending'`))
}

// TestSuspendedCertificateIsNoFact: what is suspended counts for nothing in a
// dossier.
func TestSuspendedCertificateIsNoFact(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	id := one[string](p, `SELECT g.id::text FROM graduations g JOIN certificates c ON c.version_id = g.version_id AND c.valid_until > now() AND c.revoked_at IS NULL WHERE g.state IN ('nominated', 'piloting') LIMIT 1`)
	days := func() (n float64) {
		d := p.tour("product@gd.example").get("/api/graduations/" + id).is(http.StatusOK)
		facts, _ := d.at("facts").([]any)
		for i := range facts {
			if d.text(fmt.Sprintf("facts.%d.metric", i)) == "certificate" {
				return d.number(fmt.Sprintf("facts.%d.has", i))
			}
		}
		require.Fail(t, "no such fact", "%s", d.Body)
		return 0
	}
	p.exec(`UPDATE certificates SET suspended_at = now(), reason = '逾期' WHERE version_id = (SELECT version_id FROM graduations WHERE id = $1)`, id)
	require.Zero(t, days())
}

// TestRecusal: whoever works or worked for the firm, or works for one that is
// related to it or competes with it, neither tests nor decides, and reads why.
func TestRecusal(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	path, _ := j.submitted("回避一号")
	seat := func(role, tenant, state string) {
		t.Helper()
		j.exec(`INSERT INTO memberships (province_id, id, tenant_id, user_id, name, email, roles, state) SELECT province_id, gen_random_uuid(), $2, user_id, name, email, '{support_engineer}', $3 FROM memberships WHERE user_id = $1 LIMIT 1
			ON CONFLICT (province_id, tenant_id, user_id) DO UPDATE SET state = excluded.state`, j.gd.One(j.gd.Tenant, role).User, tenant, state)
	}
	leave := func(role, tenant string) {
		t.Helper()
		j.exec(`DELETE FROM memberships WHERE user_id = $1 AND tenant_id = $2`, j.gd.One(j.gd.Tenant, role).User, tenant)
	}
	refused := func(zh, en string) {
		t.Helper()
		seen := j.tester.get(path).is(http.StatusOK)
		require.Contains(t, seen.text("recused"), zh)
		require.NotContains(t, seen.actions(), "claim")
		require.Contains(t, j.tester.do(http.MethodGet, path, nil, "Accept-Language", "en").text("recused"), en)
		j.tester.post(path+"/claim", nil).is(http.StatusForbidden, "recused")
	}
	seat("test_engineer", j.firm, "active")
	refused("任职", "worked for 粤海智能科技有限公司")
	seat("test_engineer", j.firm, "removed")
	refused("任职", "worked for 粤海智能科技有限公司")
	leave("test_engineer", j.firm)

	other := j.gd.SI.ID.String()
	seat("test_engineer", other, "active")
	require.Nil(t, j.tester.get(path).at("recused"), "it sells nothing of the kind")
	first := j.author
	j.author = j.staff(j.gd, j.gd.SI, "solution_author")
	_, rival := j.drafted("回避对手", "wuliutong", "logistics")
	require.Nil(t, j.tester.get(path).at("recused"), "a draft is no product yet")
	j.author.post("/api/versions/"+rival+"/submit", nil).is(http.StatusOK)
	j.author = first
	refused("竞争", "competes")
	j.exec(`UPDATE partners SET contact_phone = (SELECT contact_phone FROM partners WHERE id = $2) WHERE id = $1`, other, j.firm)
	refused("关联", "same contact")
	seat("test_engineer", other, "removed")
	require.Nil(t, j.tester.get(path).at("recused"), "who left a competitor is free")

	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(path[len("/api/certifications/"):], "")
	seat("test_engineer", j.firm, "active")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusForbidden, "recused")
	j.tester.post(path+"/hand_back", map[string]any{"reason": "须回避"}).is(http.StatusOK)
	leave("test_engineer", j.firm)
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	seat("product_manager", j.firm, "removed")
	require.NotContains(t, j.product.get(path).actions(), "approve")
	for action, body := range map[string]map[string]any{"approve": {}, "reject": {"reason": "x"}, "request_changes": {"reason": "x"}} {
		j.product.post(path+"/"+action, body).is(http.StatusForbidden, "recused")
	}
	leave("product_manager", j.firm)
	j.product.post(path+"/approve", map[string]any{}).is(http.StatusOK)
}

// TestExemptions: a check is spared for a reason and until a date, for the
// solution and not for one case only; who tests reads it, and it ends by itself.
func TestExemptions(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	sol, version := j.drafted("豁免一号", "wuliutong", "logistics")
	path := "/api/certifications/" + j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	c := j.tester.post(path+"/claim", nil).is(http.StatusOK)
	of := func(code string) string { return path + "/checks/" + c.text(checkAt(c, code)+"id") + "/exempt" }
	body := func(until string) map[string]any {
		return map[string]any{"reason": "同一平台已由省实验室测过", "until": until, "evidence": []string{j.product.upload("evidence", "lab.txt", "text/plain", []byte("lab report\n"))}}
	}
	require.Equal(t, []any{"exempt"}, j.product.get(path).at(checkAt(c, "latency_p95")+"actions"), "the product manager may")
	require.Empty(t, j.tester.get(path).at(checkAt(c, "latency_p95")+"actions"))
	j.tester.post(of("latency_p95"), body(inDays(30))).is(http.StatusForbidden, "denied")
	for _, code := range []string{"vulnerabilities", "not_duplicate", "price_fair"} {
		j.product.post(of(code), body(inDays(30))).is(http.StatusConflict, "not-exemptible")
	}
	j.product.post(of("latency_p95"), body(inDays(-1))).is(http.StatusUnprocessableEntity)
	j.product.post(of("latency_p95"), body(inDays(400))).is(http.StatusUnprocessableEntity)
	counts, answers := atOnce(50, func(int) answer {
		return j.product.post(of("latency_p95"), map[string]any{"reason": "x", "until": inDays(30)})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	id := j.tester.get(path).text(checkAt(c, "latency_p95") + "exemption.id")
	end := path + "/exemptions/" + id + "/end"
	j.product.post(end, map[string]any{}).is(http.StatusUnprocessableEntity)
	j.product.post(end, map[string]any{"reason": "重新说明"}).is(http.StatusOK)
	j.product.post(end, map[string]any{"reason": "x"}).is(http.StatusConflict, "exemption-over")
	j.product.post(of("latency_p95"), body(inDays(20))).is(http.StatusOK)
	for _, who := range []*person{j.tester, j.author} {
		seen := who.get(path).is(http.StatusOK)
		require.Equal(t, []string{"同一平台已由省实验室测过", "lab.txt"}, []string{seen.text(checkAt(c, "latency_p95") + "exemption.reason"), seen.text(checkAt(c, "latency_p95") + "exemption.evidence.0.name")})
	}
	hn := j.staff(j.hn, j.hn.Tenant, "product_manager")
	same(t, "an exemption of another province", hn.post(end, map[string]any{"reason": "x"}), hn.post("/api/certifications/"+uuid.NewString()+"/exemptions/"+uuid.NewString()+"/end", map[string]any{"reason": "x"}))

	// Everything else is tested; the exempted one is left open, and is no fault.
	for _, code := range []string{"functions", "roles", "install", "vulnerabilities", "transport", "log_privacy", "concurrency", "availability", "manual", "support", "login", "provisioning"} {
		at := checkAt(c, code)
		measured := "ok"
		if limit, ok := c.at(at + "limit").(float64); ok {
			measured = fmt.Sprint(limit)
		}
		j.tester.put(path+"/checks/"+c.text(at+"id"), map[string]any{"result": "pass", "measured": measured}).is(http.StatusOK)
	}
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	j.product.post(path+"/approve", map[string]any{}).is(http.StatusOK)
	j.product.post(of("latency_p95"), body(inDays(30))).is(http.StatusConflict, "wrong-state")

	// The next version is spared it too, until the day comes.
	next := j.author.post("/api/solutions/"+sol+"/versions", map[string]any{"semver": "1.1.0"}).is(http.StatusOK)
	version = next.text("id")
	j.author.put("/api/versions/"+version, map[string]any{"semver": "1.1.0", "description": next.text("description"), "notes": "小改", "integration": "deep", "elements": next.at("elements"), "version": next.number("version")}).is(http.StatusOK)
	path = "/api/certifications/" + j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	c = j.tester.get(path)
	require.NotEmpty(t, c.text(checkAt(c, "latency_p95")+"exemption.id"))
	require.NoError(t, j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID))
	j.exec(`UPDATE certification_exemptions SET created_at = created_at - interval '60 days', expires_at = now() - interval '1 day'`)
	require.Nil(t, j.tester.get(path).at(checkAt(c, "latency_p95")+"exemption"))
	for range 2 {
		require.NoError(t, j.Services.Certifications.Tend(j.Context(), j.gd.Tenant.ID))
	}
	require.Equal(t, []string{"exemption_ending", "exemption_ended"}, many[string](j.portal, `SELECT action FROM audit_events WHERE action LIKE 'exemption_%' ORDER BY seq`))
}

// TestChangeOfACertifiedSolution: one change at a time; what it touches is tested
// again and nothing else, and what touches nothing tested passes by machine, on
// the record, until the day the former certificate would have ended.
func TestChangeOfACertifiedSolution(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	first := j.certified("改动一号", "wuliutong", "logistics")
	v := j.author.get("/api/versions/" + first).is(http.StatusOK)
	sol := v.text("solution_id")
	begin := func(semver string) answer {
		return j.author.post("/api/solutions/"+sol+"/versions", map[string]any{"semver": semver})
	}
	edit := func(version string, change func(map[string]any)) {
		v := j.author.get("/api/versions/" + version)
		content := map[string]any{"version": v.number("version"), "elements": v.at("elements")}
		for _, field := range []string{"semver", "description", "integration"} {
			content[field] = v.text(field)
		}
		content["notes"] = "改动"
		change(content)
		j.author.put("/api/versions/"+version, content).is(http.StatusOK)
	}
	number := func(version string) string {
		return one[string](j.portal, `SELECT number FROM certificates WHERE version_id = $1`, version)
	}
	counts, answers := atOnce(50, func(i int) answer { return begin(fmt.Sprintf("1.0.%d", i+1)) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	light := ""
	for _, a := range answers {
		if a.Status == http.StatusOK {
			light = a.text("id")
		} else {
			a.is(http.StatusConflict, "open-draft")
		}
	}
	edit(light, func(c map[string]any) {
		c["description"], c["notes"] = c["description"].(string)+" 说明写得更清楚。", "文字修订"
	})
	p02 := j.staff(j.hn, j.hn.SI, "solution_author")
	p02.get("/api/versions/" + light + "/outlook").is(http.StatusNotFound)
	j.tester.get("/api/versions/"+light+"/outlook").is(http.StatusForbidden, "denied")
	outlook := j.author.get("/api/versions/" + light + "/outlook").is(http.StatusOK)
	require.Equal(t, true, outlook.at("light"))
	require.Equal(t, []any{"方案说明"}, outlook.at("changes"))
	require.Empty(t, outlook.at("tested"))
	passed := j.author.post("/api/versions/"+light+"/submit", nil).is(http.StatusOK)
	require.Equal(t, "certified", passed.text("state"))
	require.Equal(t, "superseded", j.author.get("/api/versions/"+first).text("state"))
	c := j.product.get("/api/certifications/" + passed.text("certification_id")).is(http.StatusOK)
	require.Equal(t, "certified", c.text("state"))
	require.Empty(t, openKinds(c))
	require.Contains(t, string(c.Body), "由机器通过")
	require.Equal(t, []string{c.text("id")}, j.product.get("/api/certifications?by_machine=true").is(http.StatusOK).all("items", "id"))
	stands := j.visitor("anybody").get("/api/certificates/" + c.text("certificate.number") + "/criteria").is(http.StatusOK)
	require.Contains(t, stands.all("items", "outcome"), "pass")
	require.NotContains(t, string(stands.Body), "measured")
	require.Empty(t, c.text("approver_name"))
	require.Equal(t, one[time.Time](j.portal, `SELECT valid_until FROM certificates WHERE version_id = $1`, first), one[time.Time](j.portal, `SELECT valid_until FROM certificates WHERE version_id = $1`, light))
	require.Equal(t, "valid", j.visitor("a customer").get("/api/certificates/"+number(light)).text("state"))
	j.eventually("the product manager hears of it", func() bool {
		return strings.Contains(string(j.product.get("/api/notices").Body), "改动由机器通过")
	})

	// A price: its review and no test.
	priced := begin("1.1.0").is(http.StatusOK).text("id")
	edit(priced, func(c map[string]any) {
		element := c["elements"].([]any)[0].(map[string]any)
		element["price_fen"] = element["price_fen"].(float64) + 100
	})
	outlook = j.author.get("/api/versions/" + priced + "/outlook").is(http.StatusOK)
	require.Equal(t, false, outlook.at("light"))
	require.Len(t, outlook.at("tested"), 1)
	require.Positive(t, outlook.number("kept"))
	id := j.author.post("/api/versions/"+priced+"/submit", nil).is(http.StatusOK).text("certification_id")
	c = j.product.get("/api/certifications/" + id)
	require.Equal(t, []string{"price_review"}, openKinds(c))
	require.Contains(t, string(c.Body), "沿用 "+j.product.get("/api/certifications/"+passed.text("certification_id")).text("number"))
	j.tester.post("/api/certifications/"+id+"/claim", nil).is(http.StatusOK)
	j.tester.post("/api/certifications/"+id+"/finish_tests", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "certified", j.product.post("/api/certifications/"+id+"/approve", map[string]any{}).is(http.StatusOK).text("state"))

	// Under a certificate that is suspended nothing is taken over.
	j.exec(`UPDATE certificates SET suspended_at = now(), reason = 'x' WHERE version_id = $1`, priced)
	last := begin("1.1.1").is(http.StatusOK).text("id")
	edit(last, func(map[string]any) {})
	outlook = j.author.get("/api/versions/" + last + "/outlook").is(http.StatusOK)
	require.Equal(t, []any{false, nil}, []any{outlook.at("light"), outlook.at("base")})
	submitted := j.author.post("/api/versions/"+last+"/submit", nil).is(http.StatusOK)
	require.Equal(t, "in_test", submitted.text("state"))
	require.Greater(t, len(openKinds(j.product.get("/api/certifications/"+submitted.text("certification_id")))), 3)
}
