package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
)

// after is a few days into the quarter that is so many after the running one.
func after(t *testing.T, quarters int) context.Context {
	t.Helper()
	_, began := tenants.Quarter(time.Now())
	return calendar.At(t.Context(), began.AddDate(0, 3*quarters, 3))
}

func document(t *testing.T, change func(*standing.Document)) map[string]any {
	t.Helper()
	d := standing.Default()
	change(&d)
	text, err := json.Marshal(d)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(text, &out))
	return map[string]any{"document": out, "note": "试一试"}
}

// TestTierRisesOnEvidence: the quarter's figures propose, a second person
// decides, the facts stay as they were.
func TestTierRisesOnEvidence(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	channel, second, firm := p.tour("channel@gd.example"), p.tour("channel2@gd.example"), p.tour("admin@p01.example")
	id := firm.get("/api/partner").text("id")
	card := firm.get("/api/partners/" + id + "/standing").is(http.StatusOK)
	require.Equal(t, "registered", card.text("tier"))
	require.Equal(t, "certified", card.text("next"))
	require.NotEmpty(t, card.all("lines", "metric"))
	require.NotEmpty(t, card.all("evaluations", "quarter"))
	asked := p.tour("agent@p03.example").get("/api/tier-criteria").is(http.StatusOK)
	require.Equal(t, []string{"certified", "preferred", "strategic"}, asked.all("tiers", "tier"))
	require.Contains(t, string(asked.Body), `"metric":"on_time","unit":"percent","at_most":false,"value":60`)
	p.tour("admin@p02.example").get("/api/partners/" + id + "/standing").is(http.StatusNotFound)
	firm.get("/api/tier-moves").is(http.StatusForbidden, "denied")

	// A person's proposal.
	p.exec(`UPDATE tier_moves SET state = 'lapsed' WHERE partner_id = $1 AND state = 'proposed'`, id)
	channel.post("/api/tier-moves", map[string]any{"partner_id": id, "to": "registered", "note": "x"}).is(http.StatusConflict, "tier-same")
	move := channel.post("/api/tier-moves", map[string]any{"partner_id": id, "to": "certified", "note": "三个行业案例，响应及时"}).is(http.StatusOK)
	channel.post("/api/tier-moves", map[string]any{"partner_id": id, "to": "certified", "note": "x"}).is(http.StatusConflict, "tier-move-open")
	path := "/api/tier-moves/" + move.text("id")
	require.Empty(t, move.actions())
	channel.post(path+"/accept", map[string]any{}).is(http.StatusConflict, "tier-move-own")
	_, err := p.super.Exec(t.Context(), `UPDATE tier_moves SET state = 'accepted', decided_by = makers[1], deciders = makers WHERE id = $1`, move.text("id"))
	require.ErrorContains(t, err, "tier_moves_duties_apart")
	require.Contains(t, string(second.get("/api/home").Body), `"tier_move"`)
	second.post(path+"/decline", map[string]any{}).is(http.StatusUnprocessableEntity)
	// Who works for the firm too decides nothing about it.
	moonlights := func(state string) {
		p.exec(`INSERT INTO memberships (province_id, id, tenant_id, user_id, name, email, roles, state) SELECT province_id, gen_random_uuid(), $1, user_id, name, email, '{agent}', $2 FROM memberships WHERE email = 'channel2@gd.example' AND tenant_id = province_id
			ON CONFLICT (province_id, tenant_id, user_id) DO UPDATE SET state = $2`, id, state)
	}
	moonlights("active")
	second.post(path+"/accept", map[string]any{}).is(http.StatusForbidden, "own-firm")
	moonlights("removed")
	counts, _ := atOnce(50, func(int) answer { return second.post(path+"/accept", map[string]any{}) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	require.Equal(t, "certified", firm.get("/api/partner").text("tier"))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM offers WHERE supplier_id = $1 AND supplier_tier <> 'certified'`, id))
	facts := one[string](p, `SELECT md5(string_agg(facts::text || points, '|' ORDER BY id)) FROM tier_evaluations`)
	p.exec(`UPDATE tickets SET response_missed = true WHERE partner_id = $1`, id)
	require.NoError(t, p.Services.Standings.Evaluate(t.Context(), p.gd()))
	require.Equal(t, facts, one[string](p, `SELECT md5(string_agg(facts::text || points, '|' ORDER BY id)) FROM tier_evaluations`))
}

func (p *portal) gd() uuid.UUID {
	return uuid.MustParse(one[string](p, `SELECT id::text FROM tenants WHERE kind = 'province' LIMIT 1`))
}

// TestMoveDownIsToldOfAQuarterAhead: one quarter below the tier warns, two in a
// row propose one step down, once, however often the job runs.
func TestMoveDownIsToldOfAQuarterAhead(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	firm := p.tour("admin@p01.example")
	id := firm.get("/api/partner").text("id")
	p.exec(`UPDATE tier_moves SET state = 'lapsed' WHERE state = 'proposed'`)
	p.exec(`UPDATE partners SET tier = 'strategic' WHERE id = $1`, id)
	p.exec(`UPDATE certificates SET revoked_at = now(), reason = 'x' WHERE partner_id = $1`, id)
	evaluate := func(quarters int) {
		ctx := after(t, quarters)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := p.Services.Standings.Evaluate(ctx, p.gd()); err != nil {
					p.Errorf("evaluate: %v", err)
				}
			})
		}
		wg.Wait()
	}
	moves := func() int64 {
		return one[int64](p, `SELECT count(*) FROM tier_moves WHERE partner_id = $1 AND state = 'proposed'`, id)
	}
	evaluate(1)
	require.Zero(t, moves())
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM tier_evaluations WHERE partner_id = $1 AND warned AND result <> 'strategic'`, id))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE partner_id = $1 AND resource = 'tier_evaluation' AND action = 'warn_tier'`, id))
	evaluate(2)
	require.EqualValues(t, 1, moves())
	require.Equal(t, "preferred", one[string](p, `SELECT to_tier FROM tier_moves WHERE partner_id = $1 AND state = 'proposed' AND cardinality(makers) = 0 AND evaluation_id IS NOT NULL`, id))
	require.Equal(t, "strategic", firm.get("/api/partner").text("tier"), "nothing moves by itself")
	// The next quarter's figures replace what nobody decided.
	evaluate(3)
	require.EqualValues(t, 1, moves())
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM tier_moves WHERE partner_id = $1 AND state = 'lapsed' AND to_tier = 'preferred'`, id))
	// Either manager decides what the figures proposed.
	move := one[string](p, `SELECT id::text FROM tier_moves WHERE partner_id = $1 AND state = 'proposed'`, id)
	p.tour("channel@gd.example").post("/api/tier-moves/"+move+"/accept", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "preferred", firm.get("/api/partner").text("tier"))
}

// TestFormulaRunsSilentlyFirst: a new version stands beside the one in force,
// changes nothing, and is published by another.
func TestFormulaRunsSilentlyFirst(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	channel, second := p.tour("channel@gd.example"), p.tour("channel2@gd.example")
	open := one[string](p, `SELECT id::text FROM tier_formulas WHERE state = 'proposed'`)
	none := map[string]int64{}
	lenient := document(t, func(d *standing.Document) {
		d.Tiers = map[string]standing.Wanted{"certified": {Points: 1, Floors: none}, "preferred": {Points: 2, Floors: none}, "strategic": {Points: 3, Floors: none}}
	})
	channel.post("/api/tier-formulas", lenient).is(http.StatusConflict, "tier-formula-open")
	require.NotEmpty(t, channel.get("/api/tier-formulas/"+open+"/comparison").is(http.StatusOK).all("items", "then_result"))
	second.post("/api/tier-formulas/"+open+"/return", map[string]any{"reason": "再看一个季度"}).is(http.StatusOK)
	channel.post("/api/tier-formulas", document(t, func(d *standing.Document) { d.Bands["large"] = 1 })).is(http.StatusUnprocessableEntity)
	made := channel.post("/api/tier-formulas", lenient).is(http.StatusOK).text("id")
	moves := one[int64](p, `SELECT count(*) FROM tier_moves`)
	p.eventually("it is tried", func() bool {
		return one[int64](p, `SELECT count(*) FROM tier_evaluations WHERE formula_id = $1 AND shadow AND result = 'strategic'`, made) > 0
	})
	require.Equal(t, moves, one[int64](p, `SELECT count(*) FROM tier_moves`), "it changes nothing")
	require.Zero(t, one[int64](p, `SELECT count(*) FROM partners WHERE tier = 'strategic'`))
	compared := channel.get("/api/tier-formulas/" + made + "/comparison").is(http.StatusOK)
	require.Contains(t, compared.all("items", "then_result"), "strategic")
	require.NotEqual(t, compared.all("items", "now_result"), compared.all("items", "then_result"))
	channel.post("/api/tier-formulas/"+made+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-own")
	sits := p.sitsFor("channel@gd.example", "channel2@gd.example")
	sits.post("/api/tier-formulas/"+made+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-own")
	// It runs until its quarter is over and firms had time to object.
	second.post("/api/tier-formulas/"+made+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-not-ripe")
	require.NotContains(t, string(second.get("/api/home").Body), `"tier_formula"`)
	ripe := one[time.Time](p, `SELECT ripe_at FROM tier_formulas WHERE id = $1`, made)
	_, began := tenants.Quarter(time.Now())
	require.Equal(t, calendar.AddWorkingDays(began.AddDate(0, 3, 0), 10).UTC(), ripe.UTC())
	p.exec(`UPDATE tier_formulas SET ripe_at = now() WHERE id = $1`, made)
	second.post("/api/tier-formulas/"+made+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-no-shadow")
	require.NoError(t, p.Services.Standings.Evaluate(after(t, 1), p.gd()))
	shadow := one[int64](p, `SELECT count(*) FROM tier_evaluations WHERE formula_id = $1`, made)
	require.NoError(t, p.Services.Standings.Evaluate(after(t, 1), p.gd()))
	require.Equal(t, shadow, one[int64](p, `SELECT count(*) FROM tier_evaluations WHERE formula_id = $1`, made))
	moves = one[int64](p, `SELECT count(*) FROM tier_moves`)
	require.Contains(t, string(second.get("/api/home").Body), `"tier_formula"`)
	second.post("/api/tier-formulas/"+made+"/publish", map[string]any{}).is(http.StatusOK)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM tier_formulas WHERE state = 'published'`))
	// What it saw silently moves nobody afterwards; the next quarter does.
	require.NoError(t, p.Services.Standings.Evaluate(after(t, 1), p.gd()))
	require.Equal(t, moves, one[int64](p, `SELECT count(*) FROM tier_moves`))
	require.NoError(t, p.Services.Standings.Evaluate(after(t, 2), p.gd()))
	require.Less(t, moves, one[int64](p, `SELECT count(*) FROM tier_moves`))
}

// TestObjectionToAFormula: a firm sees what a version on trial would make of it
// and says what it has against that, once; nothing is published before it is
// answered by somebody who did not draft it, and what is upheld stops it.
func TestObjectionToAFormula(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	channel, second, firm, other := p.tour("channel@gd.example"), p.tour("channel2@gd.example"), p.tour("admin@p02.example"), p.tour("admin@p03.example")
	formula := one[string](p, `SELECT id::text FROM tier_formulas WHERE state = 'proposed'`)
	id := firm.get("/api/partner").text("id")
	card := func() answer { return firm.get("/api/partners/" + id + "/standing").is(http.StatusOK) }
	require.Equal(t, []any{"object"}, card().at("trial.actions"))
	require.Equal(t, formula, card().text("trial.formula_id"))
	require.NotEmpty(t, card().all("trial.then.lines", "metric"))
	require.NotEmpty(t, card().text("trial.now.result"))
	require.Empty(t, channel.get("/api/partners/"+id+"/standing").at("trial.actions"))

	path := "/api/tier-formulas/" + formula
	p.tour("author@p02.example").post(path+"/object", map[string]any{"reason": "x"}).is(http.StatusForbidden, "denied")
	channel.post(path+"/object", map[string]any{"reason": "x"}).is(http.StatusForbidden, "denied")
	firm.post(path+"/object", map[string]any{"reason": " "}).is(http.StatusUnprocessableEntity)
	counts, answers := atOnce(50, func(int) answer {
		return firm.post(path+"/object", map[string]any{"reason": "权重过高，请分步调整"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	said := card()
	require.Equal(t, "open", said.text("trial.objection.state"))
	require.Empty(t, said.at("trial.actions"))
	mine := "/api/tier-objections/" + said.text("trial.objection.id")
	other.post(mine+"/withdraw", map[string]any{}).is(http.StatusNotFound)
	firm.post(mine+"/withdraw", map[string]any{}).is(http.StatusOK)
	require.Equal(t, []any{"object"}, card().at("trial.actions"), "who withdrew may object again")
	mine = "/api/tier-objections/" + firm.post(path+"/object", map[string]any{"reason": "权重过高，请分步调整"}).is(http.StatusOK).text("id")
	p.eventually("who decides is told", func() bool {
		return strings.Contains(string(second.get("/api/notices?limit=50").Body), "提出异议")
	})
	other.get(path+"/objections").is(http.StatusForbidden, "denied")
	require.NotContains(t, string(other.get("/api/partners/"+other.get("/api/partner").text("id")+"/standing").Body), "分步调整")

	// Nothing is published before each is answered, by somebody else.
	require.NoError(t, p.Services.Standings.Evaluate(after(t, 1), p.gd()))
	p.exec(`UPDATE tier_formulas SET ripe_at = now() WHERE id = $1`, formula)
	firm.post(path+"/object", map[string]any{"reason": "x"}).is(http.StatusConflict, "tier-formula-trial-over")
	second.post(path+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-objections")
	require.Contains(t, string(second.get("/api/home").Body), `"tier_objection"`)
	require.NotContains(t, string(channel.get("/api/home").Body), `"tier_objection"`)
	channel.post(mine+"/dismiss", map[string]any{"reason": "x"}).is(http.StatusConflict, "tier-objection-own")
	p.sitsFor("channel@gd.example", "channel2@gd.example").post(mine+"/dismiss", map[string]any{"reason": "x"}).is(http.StatusConflict, "tier-objection-own")
	second.post(mine+"/dismiss", map[string]any{}).is(http.StatusUnprocessableEntity)
	for _, o := range second.get(path+"/objections").is(http.StatusOK).all("items", "id") {
		if o := "/api/tier-objections/" + o; o != mine && one[string](p, `SELECT state FROM tier_objections WHERE id = $1`, o[len("/api/tier-objections/"):]) == "open" {
			second.post(o+"/dismiss", map[string]any{"reason": "两个季度平均后影响不大"}).is(http.StatusOK)
		}
	}
	counts, answers = atOnce(50, func(i int) answer {
		return second.post(mine+[]string{"/dismiss", "/uphold"}[i%2], map[string]any{"reason": "按两季度平均"})
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s", answers[0].Body)
	require.Equal(t, "按两季度平均", card().text("trial.objection.answer"))
	firm.post(mine+"/withdraw", map[string]any{}).is(http.StatusConflict, "wrong-state")
	_, err := p.super.Exec(t.Context(), `SET ROLE portal_partner; UPDATE tier_objections SET state = 'withdrawn'`)
	require.ErrorContains(t, err, "permission denied")
	p.exec(`RESET ROLE`)

	// What is upheld stops the version; a return ends what is open.
	p.exec(`UPDATE tier_objections SET state = 'upheld' WHERE id = $1`, mine[len("/api/tier-objections/"):])
	second.post(path+"/publish", map[string]any{}).is(http.StatusConflict, "tier-formula-upheld")
	p.exec(`UPDATE tier_formulas SET ripe_at = now() + interval '1 day' WHERE id = $1`, formula)
	late := other.post(path+"/object", map[string]any{"reason": "同上"}).is(http.StatusOK).text("id")
	second.post(path+"/return", map[string]any{"reason": "异议成立"}).is(http.StatusOK)
	require.Equal(t, "lapsed", one[string](p, `SELECT state FROM tier_objections WHERE id = $1`, late))
	require.Nil(t, card().at("trial"))
}

// TestLimitsHoldAndGrow: where a listing goes live and where a deal is
// registered, also for fifty at once; with the evidence they grow.
func TestLimitsHoldAndGrow(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	channel, product := p.tour("channel@gd.example"), p.tour("product@gd.example")
	listed := one[string](p, `SELECT id::text FROM listings l WHERE state = 'live' AND scope = 'province' AND (SELECT count(*) FROM deliveries d WHERE d.partner_id = l.partner_id AND d.state IN ('done', 'accepted')) >= 3 LIMIT 1`)
	supplier := one[string](p, `SELECT partner_id::text FROM listings WHERE id = $1`, listed)
	product.post("/api/listings/"+listed+"/suspend", map[string]any{"reason": "核查"}).is(http.StatusOK)
	// The portal's own job comes to the same level whenever it runs.
	proofs := func(id string, n int) {
		p.exec(`UPDATE deals SET state = 'lost' WHERE partner_id = $1 AND state IN ('won', 'expired')`, id)
		p.exec(`UPDATE tickets SET category = 'fault', resolution_missed = false WHERE partner_id = $1`, id)
		p.exec(`UPDATE deliveries SET state = 'done' WHERE partner_id = $1 AND state = 'accepted'`, id)
		p.exec(`UPDATE deliveries SET state = 'accepted' WHERE id IN (SELECT id FROM deliveries WHERE partner_id = $1 AND state = 'done' ORDER BY id LIMIT $2)`, id, n)
		require.NoError(t, p.Services.Standings.TendExposures(t.Context(), p.gd()))
	}
	proofs(supplier, 0)
	p.exec(`UPDATE solutions SET live_listings = 10 WHERE id = (SELECT solution_id FROM listings WHERE id = $1)`, listed)
	refused := product.do(http.MethodPost, "/api/listings/"+listed+"/resume", map[string]any{}, "Accept-Language", "en").is(http.StatusConflict, "exposure-listings")
	require.Contains(t, string(refused.Body), "may have 10 listings")
	require.Contains(t, string(refused.Body), "grows with 3 more")
	require.Equal(t, "suspended", one[string](p, `SELECT state FROM listings WHERE id = $1`, listed))
	proofs(supplier, 3)
	product.post("/api/listings/"+listed+"/resume", map[string]any{}).is(http.StatusOK)

	agent := p.tour("agent@p03.example")
	firm := agent.get("/api/partner").is(http.StatusOK).text("id")
	proofs(firm, 0)
	offer := one[string](p, `SELECT id::text FROM offers WHERE scope = 'province' LIMIT 1`)
	card := channel.get("/api/partners/" + firm + "/standing").is(http.StatusOK)
	require.Equal(t, card.text("exposure.level"), agent.get("/api/partners/"+firm+"/standing").is(http.StatusOK).text("exposure.level"))
	p.tour("admin@p02.example").get("/api/partners/" + firm + "/standing").is(http.StatusNotFound)
	open := one[int64](p, `SELECT count(*) FROM deals WHERE partner_id = $1 AND state IN ('registered', 'under_review', 'protected')`, firm)
	counts, answers := atOnce(50, func(i int) answer { return agent.post("/api/deals", dealOf(600+i, offer)) })
	require.Equal(t, map[int]int{http.StatusOK: int(10 - open), http.StatusConflict: 40 + int(open)}, counts, "%s", answers[0].Body)
	require.Contains(t, string(agent.post("/api/deals", dealOf(699, offer)).is(http.StatusConflict, "exposure-deals").Body), "10")
	// What was won proves something.
	p.exec(`UPDATE deals SET state = 'won' WHERE partner_id = $1 AND id IN (SELECT id FROM deals WHERE partner_id = $1 AND state = 'registered' LIMIT 4)`, firm)
	require.NoError(t, p.Services.Standings.TendExposures(t.Context(), p.gd()))
	require.Positive(t, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource = 'exposure' AND action = 'grow' AND partner_id = $1`, firm))
	agent.post("/api/deals", dealOf(699, offer)).is(http.StatusOK)
	// Alerts take it back.
	p.exec(`UPDATE partners SET lapsed_at = now(), lapsed = '{identity}' WHERE id = $1`, firm)
	before := one[int64](p, `SELECT level::bigint FROM exposures WHERE partner_id = $1`, firm)
	require.NoError(t, p.Services.Standings.TendExposures(t.Context(), p.gd()))
	require.Equal(t, before-1, one[int64](p, `SELECT level::bigint FROM exposures WHERE partner_id = $1`, firm))
	english := agent.do(http.MethodGet, "/api/partners/"+firm+"/standing", nil, "Accept-Language", "en").is(http.StatusOK)
	require.Contains(t, english.text("exposure.how"), "hold it down")
	_, err := p.super.Exec(t.Context(), `SET ROLE portal_partner; UPDATE exposures SET level = 4`)
	require.ErrorContains(t, err, "permission denied")
	p.exec(`RESET ROLE`)
}

// TestFishingIsNoticed: blind questions are limited for a person and for a firm,
// by whichever copy of the portal they come; who asks of very many customers is
// told so, as is the province, and loses room.
func TestFishingIsNoticed(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	agent, firm, channel, other, city := p.tour("agent@p03.example"), p.tour("admin@p03.example"), p.tour("channel@gd.example"), p.tour("author@p01.example"), p.tour("channel.4401@gd.example")
	ask := func(u *person, n int) answer {
		return u.post("/api/deals/check", map[string]any{"credit_code": tenantstest.CreditCode(700_000 + n)})
	}
	counts, _ := atOnce(50, func(i int) answer { return ask(agent, i) })
	require.Equal(t, map[int]int{http.StatusOK: 20, http.StatusTooManyRequests: 30}, counts)
	require.NotEmpty(t, ask(agent, 0).is(http.StatusTooManyRequests, "too-many-checks").Header.Get("Retry-After"))
	id := firm.get("/api/partner").text("id")
	require.NoError(t, p.Services.Standings.TendExposures(t.Context(), p.gd()))
	exposure := func() string { return string(firm.get("/api/partners/" + id + "/standing").is(http.StatusOK).Body) }
	require.NotContains(t, exposure(), `"fishing"`)
	// One short of the day's limit of the firm; a colleague asks the last one.
	p.exec(`UPDATE deal_checks SET checked_at = checked_at - interval '2 minutes'`)
	p.exec(`INSERT INTO deal_checks (province_id, id, partner_id, org_path, user_id, credit_code, answer, checked_at)
		SELECT province_id, gen_random_uuid(), partner_id, org_path, user_id, 'CODE' || n, 'free', checked_at FROM (SELECT * FROM deal_checks LIMIT 1) x, generate_series(1, 179) n`)
	known := one[string](p, `SELECT credit_code FROM deal_checks WHERE credit_code NOT LIKE 'CODE%' LIMIT 1`)
	counts, _ = atOnce(10, func(i int) answer { return ask(agent, 100+i) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusTooManyRequests: 9}, counts)
	ask(agent, 200).is(http.StatusTooManyRequests, "fishing")
	agent.post("/api/deals/check", map[string]any{"credit_code": known}).is(http.StatusOK)
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource = 'deal_check' AND action = 'fish' AND partner_id = $1`, id))
	p.eventually("both are told", func() bool {
		return strings.Contains(string(channel.get("/api/notices").Body), "大量查询客户") && strings.Contains(string(firm.get("/api/notices").Body), "客户查询已达上限")
	})
	require.NotContains(t, string(city.get("/api/notices").Body), "大量查询客户")
	require.NoError(t, p.Services.Standings.TendExposures(t.Context(), p.gd()))
	require.Contains(t, exposure(), `"fishing"`)
	// Nobody else's questions are touched, and the day after there is room again.
	ask(other, 200).is(http.StatusForbidden, "denied")
	p.exec(`UPDATE deal_checks SET checked_at = checked_at - interval '1 day'`)
	ask(agent, 201).is(http.StatusOK)
	// Slowly, over a month, without registering: noticed, too, and once.
	p.exec(`UPDATE deal_checks SET checked_at = checked_at - interval '35 days'`)
	p.exec(`INSERT INTO deal_checks (province_id, id, partner_id, org_path, user_id, credit_code, answer, checked_at)
		SELECT province_id, gen_random_uuid(), partner_id, org_path, user_id, 'SLOW' || n, 'free', now() - interval '2 days' FROM (SELECT * FROM deal_checks LIMIT 1) x, generate_series(1, 299) n`)
	ask(agent, 202).is(http.StatusOK)
	ask(agent, 203).is(http.StatusOK)
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource = 'deal_check' AND action = 'fish' AND partner_id = $1`, id))
	p.exec(`UPDATE deal_checks SET checked_at = now() - interval '100 days'`)
	require.NoError(t, p.Services.Deals.Tidy(t.Context(), p.gd()))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM deal_checks`))
}
