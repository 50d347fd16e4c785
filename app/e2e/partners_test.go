package e2e

import (
	"net/http"
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
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM listings WHERE partner_id = $1 AND state = 'live'`, firm) == int64(len(live)-1)
	}, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, "suspended", one[string](p, `SELECT state FROM listings WHERE id = $1`, byHand), "a city's own decision stays")
	require.EqualValues(t, len(live)-1, one[int64](p, `SELECT count(*) FROM offers WHERE supplier_id = $1`, firm))
	require.Eventually(t, func() bool {
		return one[int64](p, `SELECT count(*) FROM notices WHERE tenant_id = $1 AND rule LIKE 'partner_document.expire.%' AND closed_at IS NULL`, firm) == 0
	}, 10*time.Second, 50*time.Millisecond, "the reminder is settled")
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
