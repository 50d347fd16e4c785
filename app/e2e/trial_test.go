package e2e

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/config"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/certification"
)

// TestTrialEnvironmentIsCalledAtIntake: an address that fails for the moment is
// tried again and does not send the case back; one that leads inside does.
func TestTrialEnvironmentIsCalledAtIntake(t *testing.T) {
	t.Parallel()
	var up atomic.Bool
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	p, gd, hn := withStaff(t, func(c *config.Config) {
		c.OutboundHTTP, c.OutboundAllow = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	j := &journey{portal: p, gd: gd, hn: hn, product: p.staff(gd, gd.Tenant, "product_manager"), tester: p.staff(gd, gd.Tenant, "test_engineer"), channel: p.staff(gd, gd.Tenant, "channel_manager")}
	j.admission()
	submitted := func(name, address string) string {
		_, version := j.drafted(name, "wuliutong", "logistics")
		v := j.author.get("/api/versions/" + version)
		edit := map[string]any{"version": v.number("version"), "elements": v.at("elements"), "trial_url": "http://plain.example", "trial_hours": 48}
		for _, field := range []string{"semver", "description", "notes", "integration"} {
			edit[field] = v.text(field)
		}
		j.author.put("/api/versions/"+version, edit).is(http.StatusUnprocessableEntity)
		edit["trial_url"] = "https://name:secret@trial.example"
		j.author.put("/api/versions/"+version, edit).is(http.StatusUnprocessableEntity)
		edit["trial_url"] = "https://trial.example/start"
		saved := j.author.put("/api/versions/"+version, edit).is(http.StatusOK)
		require.Equal(t, []any{"https://trial.example/start", 48.0}, []any{saved.text("trial_url"), saved.number("trial_hours")})
		j.exec(`UPDATE solution_versions SET trial_url = $2 WHERE id = $1::uuid`, version, address)
		return j.author.post("/api/versions/"+version+"/submit", nil).is(http.StatusOK).text("certification_id")
	}
	id := submitted("试用一号", "http://"+listener.Addr().String())
	path := "/api/certifications/" + id
	runs := func() int64 {
		return one[int64](j.portal, `SELECT count(*) FROM certification_runs WHERE certification_id = $1 AND outcome = 'transient'`, id)
	}
	j.eventually("it was called once", func() bool { return runs() == 1 })
	seen := j.author.get(path).is(http.StatusOK)
	require.Equal(t, []any{"testing", "open"}, []any{seen.text("state"), seen.text(checkAt(seen, "trial_reachable") + "result")}, "a failure of the moment decides nothing")
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	j.tested(id, "")
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusConflict, "checks-open")
	probed := certification.Probed{Province: gd.ID, Case: uuid.MustParse(id), Number: 1}
	var later queue.Later
	require.ErrorAs(t, j.Services.Certifications.Probe(t.Context(), probed), &later)
	up.Store(true)
	require.NoError(t, j.Services.Certifications.Probe(t.Context(), probed))
	require.NoError(t, j.Services.Certifications.Probe(t.Context(), probed), "a job may come twice")
	seen = j.author.get(path)
	require.Equal(t, "pass", seen.text(checkAt(seen, "trial_reachable")+"result"))
	j.tester.post(path+"/finish_tests", map[string]any{}).is(http.StatusOK)
	require.EqualValues(t, 2, runs())

	// It stays away: after the last try the case goes back.
	up.Store(false)
	id = submitted("试用二号", "http://"+listener.Addr().String())
	j.eventually("it was called once", func() bool { return runs() == 1 })
	probed.Case = uuid.MustParse(id)
	for range 2 {
		require.True(t, errors.As(j.Services.Certifications.Probe(t.Context(), probed), &later))
	}
	require.NoError(t, j.Services.Certifications.Probe(t.Context(), probed))
	seen = j.author.get("/api/certifications/" + id)
	require.Equal(t, "changes_requested", seen.text("state"))
	require.Contains(t, seen.text("clock.note"), "试用环境")

	// It leads inside: refused at once, and nothing more is said.
	id = submitted("试用三号", "http://169.254.169.254/latest/meta-data/")
	j.eventually("it went back", func() bool { return j.author.get("/api/certifications/"+id).text("state") == "changes_requested" })
	require.Zero(t, runs())
	require.Equal(t, "unreachable", one[string](j.portal, `SELECT note FROM certification_runs WHERE certification_id = $1`, id))
}

// TestTrials: asked with a reason, let in by the firm or its rule, used through
// a counted link, ended by itself; the address is on no other page.
func TestTrials(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	version := j.certifiedPlainly("试用商城", "wuliutong", "logistics")
	solution := j.author.get("/api/versions/" + version).text("solution_id")
	city := j.staff(j.gd, j.gd.Guangzhou, "city_product_manager")
	offer := city.post("/api/listings", map[string]any{"version_id": version, "scope": "4401"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+offer+"/submit", map[string]any{}).is(http.StatusOK)
	city.post("/api/listings/"+offer+"/approve", map[string]any{}).is(http.StatusOK)
	page := "/api/marketplace/" + offer + "/trial"
	require.Zero(t, city.get(page).is(http.StatusOK).number("hours"))
	city.post(page, map[string]any{"reason": "客户演示"}).is(http.StatusConflict, "no-trial")
	j.exec(`UPDATE solution_versions SET trial_url = 'https://secret-trial.example/in', trial_notes = '选演示租户', trial_hours = 24 WHERE id = $1::uuid`, version)

	seller, shenzhen, other := j.staff(j.gd, j.gd.Guangzhou, "account_manager"), j.staff(j.gd, j.gd.Shenzhen, "account_manager"), j.agent()
	require.Equal(t, 24.0, seller.get(page).is(http.StatusOK).number("hours"))
	seller.post(page, map[string]any{}).is(http.StatusUnprocessableEntity)
	shenzhen.post(page, map[string]any{"reason": "看看"}).is(http.StatusNotFound)
	other.post(page, map[string]any{"reason": "看看"}).is(http.StatusForbidden)
	asked := seller.post(page, map[string]any{"reason": "客户演示"}).is(http.StatusOK)
	id := asked.text("id")
	require.Equal(t, "asked", asked.text("state"))
	seller.post(page, map[string]any{"reason": "再来"}).is(http.StatusConflict, "trial-asked")
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusConflict, "trial-over")
	j.eventually("the firm is told", func() bool {
		return strings.Contains(string(j.author.get("/api/notices?limit=50").Body), "申请试用")
	})

	j.staff(j.hn, j.hn.SI, "solution_author").post("/api/trials/"+id+"/grant", map[string]any{}).is(http.StatusNotFound)
	j.staff(j.gd, j.gd.SI, "solution_author").post("/api/trials/"+id+"/grant", map[string]any{}).is(http.StatusNotFound)
	city.post("/api/trials/"+id+"/grant", map[string]any{}).is(http.StatusForbidden, "denied")
	granted := j.author.post("/api/trials/"+id+"/grant", map[string]any{}).is(http.StatusOK)
	code := granted.text("code")
	require.Len(t, code, 10)
	j.author.post("/api/trials/"+id+"/refuse", map[string]any{"reason": "晚了"}).is(http.StatusConflict, "trial-decided")
	require.NotContains(t, string(seller.get(page).Body), code, "the page leads to the link, which counts")
	for _, u := range []*person{city, shenzhen, other, j.product, j.author} {
		require.NotEqual(t, http.StatusOK, u.post("/api/trials/"+id+"/open", nil).Status, u.name)
	}
	opened := seller.post("/api/trials/"+id+"/open", nil).is(http.StatusOK)
	require.Equal(t, []string{"https://secret-trial.example/in", code, "选演示租户"}, []string{opened.text("address"), opened.text("code"), opened.text("notes")})
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusOK)
	for _, path := range []string{"/api/marketplace/" + offer, page, "/api/marketplace", "/api/listings/" + offer, "/api/versions/" + version, "/api/trials"} {
		for _, u := range []*person{city, seller, shenzhen, other} {
			require.NotContains(t, string(u.get(path).Body), "secret-trial", "%s at %s", u.name, path)
		}
	}
	require.Equal(t, 2.0, j.author.get("/api/trials").is(http.StatusOK).number("items.0.opens"))
	require.Equal(t, 2.0, j.product.get("/api/trials").is(http.StatusOK).number("items.0.opens"))
	require.Empty(t, j.staff(j.gd, j.gd.Shenzhen, "city_product_manager").get("/api/trials").is(http.StatusOK).all("items", "id"))
	require.Empty(t, j.staff(j.gd, j.gd.SI, "solution_author").get("/api/trials").is(http.StatusOK).all("items", "id"))
	facts := city.get("/api/listings/" + offer).is(http.StatusOK)
	values := map[string]string{}
	for i, c := range facts.all("evidence", "code") {
		values[c] = facts.all("evidence", "value")[i]
	}
	require.Equal(t, []string{"2", "1"}, []string{values["trial_opens"], values["trial_people"]})
	require.EqualValues(t, 2, one[int64](j.portal, `SELECT count(*) FROM audit_events WHERE resource = 'trial' AND action = 'open'`))

	// It ends: by the firm, by itself, with the offer.
	j.author.post("/api/trials/"+id+"/withdraw", map[string]any{}).is(http.StatusUnprocessableEntity)
	j.author.post("/api/trials/"+id+"/withdraw", map[string]any{"reason": "环境维护"}).is(http.StatusOK)
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusConflict, "trial-over")
	city.put("/api/solutions/"+solution+"/trial_rule", map[string]any{"automatic": true}).is(http.StatusForbidden, "denied")
	j.author.put("/api/solutions/"+solution+"/trial_rule", map[string]any{"automatic": true}).is(http.StatusOK)
	again := seller.post(page, map[string]any{"reason": "第二次演示"}).is(http.StatusOK)
	require.Equal(t, "granted", again.text("state"))
	seller.post(page, map[string]any{"reason": "再来"}).is(http.StatusConflict, "trial-open")
	id = again.text("id")
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusOK)
	j.exec(`UPDATE trials SET ends_at = now() - interval '1 second' WHERE id = $1::uuid`, id)
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusConflict, "trial-over")
	require.Equal(t, "ended", seller.get(page).text("mine.state"))
	id = seller.post(page, map[string]any{"reason": "第三次演示"}).is(http.StatusOK).text("id")
	city.post("/api/listings/"+offer+"/suspend", map[string]any{"reason": "整改"}).is(http.StatusOK)
	seller.post("/api/trials/"+id+"/open", nil).is(http.StatusConflict, "trial-over")
	seller.get(page).is(http.StatusNotFound)
}
