package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// decided by two: a case in review, and a second product manager.
func (j *journey) inReview(name string) (path string) {
	path, _ = j.submitted(name)
	id := path[strings.LastIndex(path, "/")+1:]
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(id, "")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	return path
}

// colleague invites somebody into the province company.
func (j *journey) colleague(name, email, role string) *person {
	u := j.visitor(email)
	secret := invite(j.staff(j.gd, j.gd.Tenant, "province_admin"), email, role)
	u.post("/api/invitations/accept", map[string]any{"token": secret, "name": name, "password": chosen}).is(http.StatusOK)
	return u
}

func (j *journey) reviewer(name string) string {
	all := j.product.get("/api/reviewers?kind=certification").is(http.StatusOK)
	for i, n := range all.all("items", "name") {
		if n == name {
			return all.all("items", "id")[i]
		}
	}
	j.Fatalf("%s may not be asked: %s", name, all.Body)
	return ""
}

// TestAskingBeforeDeciding: a question to the firm gives it the clock and the
// answer takes it back; what colleagues say to each other no firm reads; a
// decision that was handed over waits for one person.
func TestAskingBeforeDeciding(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	second := j.colleague("第二位经理", "second@gd.example", "product_manager")
	path := j.inReview("提问一号")
	id := path[strings.LastIndex(path, "/")+1:]
	require.Contains(t, j.product.get(path).actions(), "ask")
	require.NotContains(t, j.author.get(path).actions(), "ask")
	j.author.post(path+"/requests", map[string]any{"kind": "question", "text": "x"}).is(http.StatusForbidden, "denied")
	j.tester.post(path+"/requests", map[string]any{"kind": "question", "text": "x"}).is(http.StatusForbidden, "denied")
	j.product.post(path+"/requests", map[string]any{"kind": "question", "text": ""}).is(http.StatusUnprocessableEntity)
	abroad := j.staff(j.hn, j.hn.Tenant, "product_manager")
	abroad.post(path+"/requests", map[string]any{"kind": "question", "text": "x"}).is(http.StatusNotFound)

	// A question.
	asked := j.product.post(path+"/requests", map[string]any{"kind": "question", "text": "容灾方案在哪一页？"}).is(http.StatusOK)
	require.Equal(t, []string{"partner", "question", "answer"}, []string{asked.text("clock.holder"), asked.text("clock.reason"), asked.text("next")})
	question := asked.text("requests.0.id")
	require.Equal(t, []string{"take_back"}, asked.actions("requests.0"))
	j.eventually("the firm is told", func() bool {
		return strings.Contains(string(j.author.get("/api/notices?kind=needs").Body), "向贵司提问")
	})
	require.Contains(t, j.author.get("/api/home").all("items", "kind"), "review_question")
	require.EqualValues(t, 1, j.product.get("/api/reviews").number("items.0.waiting"))
	second.post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusForbidden, "review-not-asked")
	j.staff(j.gd, j.gd.SI, "support_engineer").post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusForbidden, "denied")
	j.staff(j.gd, j.gd.SI, "solution_author").post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusNotFound)
	abroad.post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusNotFound)
	counts, _ := atOnce(50, func(int) answer {
		return j.author.post(path+"/requests/"+question+"/answer", map[string]any{"text": "白皮书第 12 页。"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	back := j.product.get(path).is(http.StatusOK)
	require.Equal(t, []string{"operator", "review", "decide", "answered"}, []string{back.text("clock.holder"), back.text("clock.reason"), back.text("next"), back.text("requests.0.state")})
	require.Equal(t, []string{"queue", "testing", "review", "question"}, back.all("turns", "reason"))
	j.eventually("who asked is told", func() bool {
		return strings.Contains(string(j.product.get("/api/notices").Body), "已答复关于 提问一号")
	})
	j.eventually("nothing is needed of the firm any more", func() bool {
		return !strings.Contains(string(j.author.get("/api/notices?kind=needs&unread=true").Body), "向贵司提问") &&
			one[int64](j.portal, `SELECT count(*) FROM notices WHERE rule LIKE 'certification.ask_question%' AND closed_at IS NULL`) == 0
	})

	// An opinion, of the tester: the firm hears nothing of it.
	tester := j.reviewer("test_engineer GD")
	j.product.post(path+"/requests", map[string]any{"kind": "opinion", "text": "内部：压测余量够吗？", "to": tester}).is(http.StatusOK)
	j.product.post(path+"/requests", map[string]any{"kind": "opinion", "text": "x", "to": abroad.get("/api/me").text("user.id")}).is(http.StatusUnprocessableEntity, "review-colleague")
	j.eventually("the colleague is told", func() bool { return strings.Contains(string(j.tester.get("/api/notices").Body), "您对 提问一号") })
	require.Contains(t, j.tester.get("/api/home").all("items", "kind"), "review_opinion")
	mine := j.tester.get(path).is(http.StatusOK)
	j.tester.post(path+"/requests/"+mine.text("requests.1.id")+"/answer", map[string]any{"text": "内部：够，余量三成。"}).is(http.StatusOK)
	require.Contains(t, string(j.product.get(path).Body), "余量三成")
	for _, u := range []*person{j.author, j.admin} {
		require.NotContains(t, string(u.get(path).is(http.StatusOK).Body), "内部：")
		require.NotContains(t, string(u.get("/api/notices?limit=100").Body), "内部：")
		require.NotContains(t, string(u.get("/api/home").Body), "内部：")
	}
	require.NotContains(t, string(j.admin.get("/api/audit?limit=100").is(http.StatusOK).Body), "内部：")

	// A hand-over: the tester cannot decide, the second manager can.
	j.product.post(path+"/requests", map[string]any{"kind": "hand_over", "text": "我休假", "to": tester}).is(http.StatusUnprocessableEntity, "review-colleague")
	to := j.reviewer("第二位经理")
	counts, _ = atOnce(20, func(int) answer {
		return j.product.post(path+"/requests", map[string]any{"kind": "hand_over", "text": "我休假，请您决定", "to": to})
	})
	require.Equal(t, map[int]int{http.StatusOK: 20}, counts)
	require.EqualValues(t, 1, one[int64](j.portal, `SELECT count(*) FROM review_requests WHERE kind = 'hand_over' AND state = 'open'`), "a decision is with one person")
	row := j.product.get("/api/reviews").is(http.StatusOK)
	require.Equal(t, []any{"第二位经理", true}, []any{row.at("items.0.assignee"), row.at("items.0.with_other")})
	require.Equal(t, false, second.get("/api/reviews").at("items.0.with_other"))
	require.NotContains(t, j.product.get("/api/home").all("items", "kind"), "certification_decide")
	j.eventually("whom it was handed to is told", func() bool { return strings.Contains(string(second.get("/api/notices").Body), "转交给您审核") })
	j.product.post(path+"/requests", map[string]any{"kind": "question", "text": "最后一问"}).is(http.StatusOK)
	second.post(path+"/approve", map[string]any{}).is(http.StatusOK)
	j.eventually("what was open has lapsed", func() bool {
		return one[int64](j.portal, `SELECT count(*) FROM review_requests WHERE resource_id = $1 AND state = 'open'`, id) == 0
	})
	j.author.post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusConflict, "wrong-state")
	require.NotContains(t, j.author.get("/api/home").all("items", "kind"), "review_question")
	_, err := j.Services.Tenants.VerifyAudit(t.Context(), j.gd.Tenant.ID)
	require.NoError(t, err)
}

// TestAskingAboutAListing: the same for the approval of a listing, by the city
// whose it is and nobody else.
func TestAskingAboutAListing(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	version := j.certifiedPlainly("上架提问", "wuliutong", "logistics")
	city, other := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager"), j.staff(j.gd, j.gd.Shenzhen, "city_product_manager")
	id := city.post("/api/listings", map[string]any{"version_id": version, "scope": "4401"}).is(http.StatusOK).text("id")
	path := "/api/listings/" + id
	city.post(path+"/requests", map[string]any{"kind": "question", "text": "x"}).is(http.StatusConflict, "wrong-state")
	city.post(path+"/submit", map[string]any{}).is(http.StatusOK)
	other.post(path+"/requests", map[string]any{"kind": "question", "text": "x"}).is(http.StatusNotFound)
	asked := city.post(path+"/requests", map[string]any{"kind": "question", "text": "本地支撑团队有几人？"}).is(http.StatusOK)
	question := asked.text("requests.0.id")
	require.Contains(t, asked.actions(), "ask")
	require.Contains(t, j.author.get("/api/home").all("items", "kind"), "review_question")
	require.Equal(t, []string{"answer"}, j.author.get(path).is(http.StatusOK).actions("requests.0"))
	other.post(path+"/requests/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusNotFound)
	require.Equal(t, "answered", j.author.post(path+"/requests/"+question+"/answer", map[string]any{"text": "六人"}).is(http.StatusOK).text("requests.0.state"))
	again := city.post(path+"/requests", map[string]any{"kind": "question", "text": "节假日呢？"}).is(http.StatusOK).text("requests.1.id")
	city.post(path+"/requests/"+again+"/take_back", nil).is(http.StatusOK)
	j.author.post(path+"/requests/"+again+"/answer", map[string]any{"text": "x"}).is(http.StatusConflict, "review-request-over")
	city.post(path+"/approve", map[string]any{}).is(http.StatusOK)
}

// TestApprovingTogether: what is safe goes at once, each by itself; a first
// version, a dearer one and what is asked about stay, and say why.
func TestApprovingTogether(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	first := j.inReview("批量首版")
	rows := j.product.get("/api/reviews").is(http.StatusOK)
	require.Equal(t, false, rows.at("items.0.safe"), "a first version is looked at")
	version := j.certifiedPlainly("批量上架", "wuliutong", "logistics")
	listings := []string{}
	guangzhou := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	local := guangzhou.post("/api/listings", map[string]any{"version_id": version, "scope": "4401"}).is(http.StatusOK).text("id")
	guangzhou.post("/api/listings/"+local+"/submit", map[string]any{}).is(http.StatusOK)
	require.Equal(t, false, guangzhou.get("/api/reviews").at("items.0.safe"), "sold nowhere yet")
	stays := guangzhou.post("/api/reviews/approve", map[string]any{"ids": []string{local}}).is(http.StatusOK)
	require.Equal(t, []any{false, true}, []any{stays.at("items.0.approved"), stays.text("items.0.why") != ""})
	guangzhou.post("/api/listings/"+local+"/approve", map[string]any{}).is(http.StatusOK)
	wide := j.product.post("/api/listings", map[string]any{"version_id": version, "scope": "province"}).is(http.StatusOK).text("id")
	j.product.post("/api/listings/"+wide+"/submit", map[string]any{}).is(http.StatusOK)
	listings = append(listings, wide, first[strings.LastIndex(first, "/")+1:])
	guangzhou.post("/api/reviews/approve", map[string]any{"ids": listings}).is(http.StatusOK)
	require.Equal(t, "pending_approval", j.product.get("/api/listings/"+wide).text("state"), "a city approves nothing of the province")
	j.author.post("/api/reviews/approve", map[string]any{"ids": listings}).is(http.StatusForbidden, "denied")
	counts, answers := atOnce(50, func(int) answer { return j.product.post("/api/reviews/approve", map[string]any{"ids": listings}) })
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts)
	approved := 0
	for _, a := range answers {
		if a.at("items.0.approved") == true {
			approved++
		}
		require.Equal(t, false, a.at("items.1.approved"))
	}
	require.Equal(t, 1, approved)
	require.Equal(t, "live", j.product.get("/api/listings/"+wide).text("state"))
	require.Equal(t, "in_review", j.product.get(first).text("state"))
}

// TestListingsTellTheirCompany: who may approve hears of what waits, who drafted
// it of its return; a question stays somebody's turn whatever else is done to the
// record meanwhile.
func TestListingsTellTheirCompany(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	second := j.colleague("第二位经理", "second@gd.example", "product_manager")
	version := j.certifiedPlainly("通知到位", "wuliutong", "logistics")
	id := j.product.post("/api/listings", map[string]any{"version_id": version, "scope": "province"}).is(http.StatusOK).text("id")
	path := "/api/listings/" + id
	j.product.post(path+"/submit", map[string]any{}).is(http.StatusOK)
	j.eventually("the other approver hears of it", func() bool {
		return strings.Contains(string(second.get("/api/notices?kind=needs").Body), "通知到位")
	})
	second.post(path+"/requests", map[string]any{"kind": "question", "text": "容灾？"}).is(http.StatusOK)
	owed := func() int64 {
		return one[int64](j.portal, `SELECT count(*) FROM notices WHERE resource_id = $1 AND rule LIKE 'listing.ask_question%' AND closed_at IS NULL`, id)
	}
	j.eventually("the firm owes an answer", func() bool { return owed() > 0 })
	j.product.post(path+"/previews", map[string]any{"cities": []string{"4403"}, "until": day(7)}).is(http.StatusOK)
	j.eventually("the preview was told of", func() bool {
		return one[int64](j.portal, `SELECT count(*) FROM notices WHERE resource_id = $1 AND rule LIKE 'listing.show_before%'`, id) > 0
	})
	require.Positive(t, owed(), "another act answers no question")
	question := j.author.get(path).text("requests.0.id")
	j.author.post(path+"/requests/"+question+"/answer", map[string]any{"text": "双活"}).is(http.StatusOK)
	j.eventually("nothing is owed", func() bool { return owed() == 0 })
	second.post(path+"/return", map[string]any{"reason": "价格再议"}).is(http.StatusOK)
	j.eventually("who drafted it hears of the return", func() bool {
		return strings.Contains(string(j.product.get("/api/notices").Body), "被退回")
	})

	// A city's colleague is asked on the home page, too.
	city := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	mate := j.visitor("mate")
	secret := invite(j.staff(j.gd, j.gd.Guangzhou, "city_admin"), "mate@gd.example", "city_product_manager")
	mate.post("/api/invitations/accept", map[string]any{"token": secret, "name": "同事", "password": chosen}).is(http.StatusOK)
	local := city.post("/api/listings", map[string]any{"version_id": version, "scope": "4401"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+local+"/submit", map[string]any{}).is(http.StatusOK)
	city.post("/api/listings/"+local+"/requests", map[string]any{"kind": "opinion", "text": "好卖吗？", "to": mate.get("/api/me").text("user.id")}).is(http.StatusOK)
	require.Contains(t, mate.get("/api/home").all("items", "kind"), "review_opinion")

	// A seat of two districts decides nothing for the whole city.
	j.exec(`UPDATE memberships SET districts = '{440106,440103}' WHERE email = 'mate@gd.example'`)
	mate.get("/api/listings/" + local).is(http.StatusNotFound)
	mate.post("/api/listings/"+local+"/approve", map[string]any{}).is(http.StatusNotFound)
	require.Empty(t, mate.get("/api/reviews").all("items", "id"))
}
