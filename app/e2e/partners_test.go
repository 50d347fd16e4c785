package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestExpiredDocumentTakesListingsOffSale: by itself, with the reason, and a
// valid document puts back what it took, and only that.
func TestExpiredDocumentTakesListingsOffSale(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	admin, channel := p.tour("admin@p01.example"), p.tour("channel@gd.example")
	firm := admin.get("/api/partner").is(http.StatusOK).text("id")
	live := many[string](p, `SELECT id::text FROM listings WHERE partner_id = $1 AND state = 'live' ORDER BY id`, firm)
	require.Greater(t, len(live), 1)
	// One of them its city had suspended before.
	byHand := live[0]
	p.exec(`UPDATE listings SET state = 'suspended', reason = 'x' WHERE id = $1`, byHand)
	p.exec(`DELETE FROM offers WHERE id = $1`, byHand)
	p.exec(`UPDATE partner_documents SET expires_on = current_date - 3 WHERE partner_id = $1 AND kind = 'business_licence'`, firm)
	tend := func() {
		require.NoError(t, p.Services.Partners.TendDocuments(t.Context(), uuid.MustParse(one[string](p, `SELECT province_id::text FROM partners WHERE id = $1`, firm))))
	}
	tend()
	tend()
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm) == 0
	}, 10*time.Second, 50*time.Millisecond)
	seen := admin.get("/api/listings/" + live[1]).is(http.StatusOK)
	require.Contains(t, seen.text("reason"), "证照已过期：主体资格")
	english := admin.do(http.MethodGet, "/api/listings/"+live[1], nil, "Accept-Language", "en").is(http.StatusOK)
	require.Contains(t, english.text("reason"), "expired: Legal identity")
	require.Contains(t, english.all("events", "reason"), english.text("reason"))
	require.NotContains(t, string(english.Body), "证照已过期")
	for _, path := range []string{"/api/audit?limit=100", "/api/listings?state=suspended", "/api/partner"} {
		a := admin.do(http.MethodGet, path, nil, "Accept-Language", "en").is(http.StatusOK)
		require.NotContains(t, string(a.Body), "证照已过期", path)
		require.Contains(t, string(a.Body), "expired", path)
	}
	require.Zero(t, one[int64](p, `SELECT count(*) FROM offers WHERE supplier_id = $1`, firm))
	own := admin.get("/api/partner").is(http.StatusOK)
	require.Equal(t, "active", own.text("state"))
	require.NotEmpty(t, own.text("lapsed_at"))
	require.NotEmpty(t, channel.get("/api/partners/"+firm).is(http.StatusOK).text("lapsed_at"))
	product := p.tour("product@gd.example")
	product.post("/api/listings/"+live[1]+"/resume", map[string]any{}).is(http.StatusConflict, "documents-expired")
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM notices WHERE tenant_id = $1 AND rule LIKE 'partner_document.expire.%' AND closed_at IS NULL`, firm) == 1
	}, 10*time.Second, 50*time.Millisecond)

	admin.post("/api/partners/"+firm+"/documents", map[string]any{
		"kind": "business_licence", "file_id": admin.upload("partner_document", "new.pdf", "application/pdf", pdf), "expires_on": time.Now().AddDate(3, 0, 0).Format(time.DateOnly),
	}).is(http.StatusOK)
	p.eventually("somebody is asked to look", func() bool {
		return strings.Contains(string(channel.get("/api/notices?kind=needs&unread=true").Body), "/partners/"+firm)
	})
	require.Contains(t, string(channel.get("/api/home").Body), "/partners/"+firm)
	require.Contains(t, channel.get("/api/partners?queue=true").all("items", "id"), firm)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm), "nobody has looked at it")
	document := one[string](p, `SELECT id::text FROM partner_documents WHERE partner_id = $1 AND review = 'waiting'`, firm)
	path := "/api/partners/" + firm + "/documents/" + document
	require.Equal(t, http.StatusForbidden, admin.post(path+"/accept", map[string]any{}).Status)
	p.tour("admin@p02.example").post(path+"/accept", map[string]any{}).is(http.StatusForbidden, "denied")
	channel.post(path+"/refuse", map[string]any{}).is(http.StatusUnprocessableEntity)
	channel.post(path+"/accept", map[string]any{}).is(http.StatusOK)
	channel.post(path+"/refuse", map[string]any{"reason": "看不清"}).is(http.StatusConflict, "document-read")
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm) == int64(len(live)-1)
	}, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, "suspended", one[string](p, `SELECT state FROM listings WHERE id = $1`, byHand), "a city's own decision stays")
	require.EqualValues(t, len(live)-1, one[int64](p, `SELECT count(*) FROM offers WHERE supplier_id = $1`, firm))
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM notices WHERE tenant_id = $1 AND rule LIKE 'partner_document.expire.%' AND closed_at IS NULL`, firm) == 0
	}, 10*time.Second, 50*time.Millisecond, "the reminder is settled")
	p.eventually("nobody is asked any more", func() bool {
		return !strings.Contains(string(channel.get("/api/notices?kind=needs&unread=true").Body), "/partners/"+firm)
	})
}

// TestQuestionsAndContestsStayBetweenTheTwo: other firms and other provinces
// neither read nor write them, and the reviewer who decided is refused.
func TestQuestionsAndContestsStayBetweenTheTwo(t *testing.T) {
	t.Parallel()
	p, gd, hn := withStaff(t)
	p.exec(`UPDATE partners SET state = 'more_info' WHERE id = $1`, gd.SI.ID)
	question := uuid.NewString()
	p.exec(`INSERT INTO partner_questions (province_id, id, partner_id, org_path, body, asked_by, asked_by_name, asked_at) VALUES ($1, $2, $3, 'GD/', 'CANARYQUESTION', $2, 'x', now())`, gd.ID, question, gd.SI.ID)
	p.exec(`INSERT INTO partner_contests (province_id, id, partner_id, org_path, reject_code, decision, decided_by, decided_at, body, contested_by, contested_by_name, contested_at)
		VALUES ($1, $2, $3, 'GD/', 'other', 'x', $2, now(), 'CANARYCONTEST', $2, 'x', now())`, gd.ID, question, gd.SI.ID)
	path := "/api/partners/" + gd.SI.ID.String() + "/questions/" + question + "/answer"
	own := p.staff(gd, gd.SI, "partner_admin")
	require.Equal(t, "CANARYQUESTION", own.get("/api/partner").is(http.StatusOK).text("questions.0.text"))
	require.Equal(t, "CANARYCONTEST", p.staff(gd, gd.Tenant, "channel_manager").get("/api/partners/"+gd.SI.ID.String()).is(http.StatusOK).text("contest.text"))
	for _, stranger := range []*person{p.staff(gd, gd.Agent, "partner_admin"), p.staff(hn, hn.SI, "partner_admin")} {
		stranger.post(path, map[string]any{"text": "x"}).is(http.StatusNotFound)
		stranger.post("/api/partners/"+stranger.get("/api/partner").text("id")+"/questions/"+question+"/answer", map[string]any{"text": "x"}).is(http.StatusNotFound)
		require.NotContains(t, string(stranger.get("/api/partner").Body), "CANARY")
	}
	p.staff(hn, hn.Tenant, "channel_manager").get("/api/partners/" + gd.SI.ID.String()).is(http.StatusNotFound)
	p.staff(gd, gd.Guangzhou, "city_channel_manager").post(path, map[string]any{"text": "x"}).is(http.StatusForbidden, "denied")
	own.post(path, map[string]any{"text": "见附件"}).is(http.StatusOK)
	own.post(path, map[string]any{"text": "改一改"}).is(http.StatusConflict, "question-answered")
}

// TestSuspensionOutlastsTheDocuments: what expired documents took off sale does
// not come back by itself once the firm was suspended too.
func TestSuspensionOutlastsTheDocuments(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	admin, channel := p.tour("admin@p01.example"), p.tour("channel@gd.example")
	firm := admin.get("/api/partner").is(http.StatusOK).text("id")
	count := func(sql string) int64 {
		return one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = `+sql, firm)
	}
	all := count(`'live'`)
	require.Positive(t, all)
	p.exec(`UPDATE partner_documents SET expires_on = current_date - 3 WHERE partner_id = $1 AND kind = 'business_licence'`, firm)
	require.NoError(t, p.Services.Partners.TendDocuments(t.Context(), uuid.MustParse(one[string](p, `SELECT province_id::text FROM partners WHERE id = $1`, firm))))
	p.eventually("they are halted", func() bool { return count(`'suspended' AND halted_by = 'documents'`) == all })
	channel.post("/api/partners/"+firm+"/suspend", map[string]any{"reason": "连续超期"}).is(http.StatusOK)
	p.eventually("the suspension counts", func() bool { return count(`'suspended' AND halted_by = 'partner'`) == all })
	english := channel.do(http.MethodGet, "/api/partners/"+firm, nil, "Accept-Language", "en")
	require.Equal(t, "连续超期", english.text("reason"), "what a person wrote stays as it is")
	p.exec(`UPDATE partner_documents SET expires_on = current_date + 300 WHERE partner_id = $1 AND kind = 'business_licence'`, firm)
	p.exec(`UPDATE partners SET lapsed_at = NULL, lapsed = '{}' WHERE id = $1`, firm)
	channel.post("/api/partners/"+firm+"/resume", map[string]any{}).is(http.StatusOK)
	p.eventually("the jobs are done", func() bool {
		return one[int64](p, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')`) == 0
	})
	require.Zero(t, count(`'live'`))
}

// TestFirmsAnswerNoContests: a firm contests, the operator answers.
func TestFirmsAnswerNoContests(t *testing.T) {
	t.Parallel()
	p, _, _ := withStaff(t)
	require.False(t, one[bool](p, `SELECT has_table_privilege('portal_partner', 'partner_contests', 'UPDATE') OR has_any_column_privilege('portal_partner', 'partner_contests', 'UPDATE')`))
	require.True(t, one[bool](p, `SELECT has_table_privilege('portal_partner', 'partner_contests', 'INSERT') AND has_table_privilege('portal_operator', 'partner_contests', 'UPDATE')`))
}
