package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/sheet"
)

// TestUsage: use is counted once however often and by how many at once it is
// sent, all of a batch or none; the same day sent ten times changes nothing; a
// file is tried first and says which cells are wrong.
func TestUsage(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	b := p.bought(3)
	b.support.post(b.delivery+"/start", map[string]any{}).is(http.StatusOK)
	b.support.post(b.delivery+"/finish", map[string]any{}).is(http.StatusOK)
	active := b.manager.post(b.order+"/acceptance", map[string]any{"accepted_by": "何建国", "checklist": []string{"opened"}}).is(http.StatusOK)
	number := active.text("service.number")
	today := calendar.Date(time.Now())
	officer, admin := p.tour("settlement@gd.example"), p.tour("admin@gd.example")
	fact := func(i int) map[string]any {
		return map[string]any{"id": fmt.Sprintf("gw-%04d", i), "service_number": number, "element": b.names[i%2], "day": today, "quantity": i}
	}
	var day []any
	for i := range 500 {
		day = append(day, fact(i))
	}
	send := func(who *person, facts ...any) answer { return who.post("/api/usage", map[string]any{"facts": facts}) }
	send(b.manager, fact(1)).is(http.StatusForbidden, "denied")

	// One bad fact, and none is kept; every one of them is named.
	bad := func(change map[string]any) map[string]any {
		f := fact(1)
		for k, v := range change {
			f[k] = v
		}
		return f
	}
	refused := send(officer, fact(0), bad(map[string]any{"service_number": "S0"}), bad(map[string]any{"id": "x1", "element": "没有"}), bad(map[string]any{"id": "x2", "day": "2999-01-01"}), bad(map[string]any{"id": "x3", "day": "2020-01-01"})).is(http.StatusUnprocessableEntity)
	require.ElementsMatch(t, []string{"facts[1].service_number", "facts[2].element", "facts[3].day", "facts[4].day"}, refused.all("errors", "field"))
	send(officer, bad(map[string]any{"quantity": -1})).is(http.StatusUnprocessableEntity)
	rows := func() (n, sum int64) {
		return one[int64](p, `SELECT count(*) FROM usage_facts WHERE service_id = (SELECT id FROM services WHERE number = $1)`, number),
			one[int64](p, `SELECT coalesce(sum(quantity), 0)::bigint FROM usage_days WHERE service_id = (SELECT id FROM services WHERE number = $1)`, number)
	}
	n, _ := rows()
	require.Zero(t, n)

	// Fifty senders of the same day at once, in other orders, then ten times again.
	accepted := make([]float64, 50)
	counts, answers := atOnce(50, func(i int) answer {
		mine := append([]any{}, day...)
		rand.New(rand.NewPCG(uint64(i), 1)).Shuffle(len(mine), func(x, y int) { mine[x], mine[y] = mine[y], mine[x] })
		a := send([]*person{officer, admin}[i%2], mine...)
		if a.Status == http.StatusOK {
			accepted[i] = a.number("accepted")
		}
		return a
	})
	require.Equal(t, map[int]int{http.StatusOK: 50}, counts, "%s", answers[0].Body)
	total := 0.0
	for _, x := range accepted {
		total += x
	}
	require.EqualValues(t, 500, total, "each counts for one sender")
	for range 10 {
		require.EqualValues(t, 500, send(officer, day...).is(http.StatusOK).number("repeated"))
	}
	n, sum := rows()
	require.Equal(t, []int64{500, 500 * 499 / 2}, []int64{n, sum})
	differs := send(officer, fact(900), bad(map[string]any{"id": "gw-0001", "quantity": 7}), bad(map[string]any{"id": "gw-0002", "quantity": 7})).is(http.StatusConflict, "fact-differs")
	require.ElementsMatch(t, []string{"facts[1].id", "facts[2].id"}, differs.all("errors", "field"))
	send(officer, fact(901), bad(map[string]any{"id": "gw-0901", "quantity": 902})).is(http.StatusUnprocessableEntity)
	n, sum = rows()
	require.Equal(t, []int64{500, 500 * 499 / 2}, []int64{n, sum}, "nothing of a refused batch is kept")

	seen := b.manager.get(b.order + "/usage").is(http.StatusOK)
	require.ElementsMatch(t, b.names[:2], seen.all("items", "element"))
	require.InDelta(t, 500*499/2, seen.number("items.0.month")+seen.number("items.1.month"), 0)
	other := p.tour("manager." + map[bool]string{true: "4403", false: "4401"}[b.city == "4401"] + "@gd.example")
	other.get(b.order + "/usage").is(http.StatusNotFound)
	p.exec(`SET ROLE portal_system`)
	_, err := p.super.Exec(t.Context(), `DELETE FROM usage_facts`)
	require.ErrorContains(t, err, "permission denied")
	p.exec(`RESET ROLE`)

	// As a file: tried, with what is wrong by cell; then imported, and again.
	content := func(rows ...[]any) []byte {
		var w bytes.Buffer
		require.NoError(t, sheet.Write(&w, "x.xlsx", []string{"编号", "服务编号", "日期", "功能元素", "用量"}, func() ([]any, error) {
			if len(rows) == 0 {
				return nil, nil
			}
			row := rows[0]
			rows = rows[1:]
			return row, nil
		}))
		return w.Bytes()
	}
	try := func(body []byte, apply bool) answer {
		return officer.post("/api/usage/import", map[string]any{"content": body, "apply": apply}).is(http.StatusOK)
	}
	wrong := try(content([]any{"f-1", number, today, b.names[0], 5}, []any{"f-2", number, today, "没有", 5}, []any{"f-3", number, today, b.names[0], "x"}), true)
	require.Equal(t, []string{"E4"}, wrong.all("faults", "cell"))
	require.Equal(t, false, wrong.at("applied"))
	wrong = try(content([]any{"f-1", number, today, b.names[0], 5}, []any{"f-2", number, today, "没有", 5}), false)
	require.Equal(t, []string{"D3"}, wrong.all("faults", "cell"))
	good := content([]any{"f-1", number, strings.ReplaceAll(today, "-", "/"), b.names[0], 5}, []any{"gw-0001", number, today, b.names[1], 1})
	tried := try(good, false)
	require.Equal(t, []any{2.0, 1.0, 1.0, false}, []any{tried.at("rows"), tried.at("accepted"), tried.at("repeated"), tried.at("applied")})
	n, _ = rows()
	require.EqualValues(t, 500, n, "a dry run keeps nothing")
	require.Equal(t, []any{1.0, true}, []any{try(good, true).at("accepted"), try(good, true).at("applied")})
	csv := []byte("编号,服务编号,日期,功能元素,用量\nf-9," + number + "," + today + "," + b.names[0] + ",3\n")
	require.EqualValues(t, 1, try(csv, true).number("accepted"))
	n, _ = rows()
	require.EqualValues(t, 502, n)
	officer.post("/api/usage/import", map[string]any{"content": []byte("PK什么")}).is(http.StatusUnprocessableEntity, "feed-file")
	officer.get("/api/usage/template.xlsx").is(http.StatusOK)
}

// TestProvisioning: what provisioning systems say may be repeated, late and in
// any order; what happened last there holds here, and a failure that came later
// outranks a success.
func TestProvisioning(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	admin := p.tour("admin@gd.example")
	base := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	r := rand.New(rand.NewPCG(5, 8))
	for round := range 4 {
		b := p.bought(10 + round)
		number := b.manager.get(b.order).text("number")
		all := []any{}
		say := func(element, status string, minutes int) {
			all = append(all, map[string]any{"id": fmt.Sprintf("%s-%d", number, len(all)), "order_number": number, "element": element, "status": status, "at": base.Add(time.Duration(minutes) * time.Minute), "message": status})
		}
		say(b.names[0], "in_progress", 0)
		say(b.names[0], "done", 5)
		say(b.names[1], "in_progress", 0)
		say(b.names[1], "done", 5)
		say(b.names[1], "failed", 9)
		say(b.names[2], "failed", 1)
		say(b.names[2], "in_progress", 2)
		say(b.names[2], "done", 3)
		sent := append(append([]any{}, all...), all...)
		r.Shuffle(len(sent), func(x, y int) { sent[x], sent[y] = sent[y], sent[x] })
		if round == 0 {
			admin.post("/api/provisioning-answers", map[string]any{"answers": sent}).is(http.StatusOK)
		} else {
			counts, answers := atOnce(len(sent), func(i int) answer {
				return admin.post("/api/provisioning-answers", map[string]any{"answers": sent[i : i+1]})
			})
			require.Equal(t, map[int]int{http.StatusOK: len(sent)}, counts, "%s", answers[0].Body)
		}
		d := b.support.get(b.delivery).is(http.StatusOK)
		require.Equal(t, "in_progress", d.text("state"))
		require.Equal(t, []string{"done done", "failed failed", "done done"}, d.all("tasks", "said"))
		require.NotNil(t, d.at("tasks.0.done_at"))
		require.Nil(t, d.at("tasks.1.done_at"))
		require.NotNil(t, d.at("tasks.2.done_at"))
		require.EqualValues(t, 8, one[int64](p, `SELECT count(*) FROM provisioning_answers WHERE order_id = $1`, strings.TrimPrefix(b.order, "/api/orders/")))
		if round == 1 {
			// What follows later is answered under the number that was ordered, also
			// again and late.
			b.support.post(b.delivery+"/finish", map[string]any{"missing": []string{d.text("tasks.1.id")}, "reason": "开通失败"}).is(http.StatusOK)
			active := b.manager.post(b.order+"/acceptance", map[string]any{"accepted_by": "何建国", "checklist": []string{"opened"}}).is(http.StatusOK)
			require.EqualValues(t, len(all), admin.post("/api/provisioning-answers", map[string]any{"answers": all}).is(http.StatusOK).number("repeated"))
			late := map[string]any{"id": number + "-late", "order_number": number, "element": b.names[1], "status": "in_progress", "at": base.Add(7 * time.Minute)}
			done := map[string]any{"id": number + "-end", "order_number": number, "element": b.names[1], "status": "done", "at": base.Add(20 * time.Minute)}
			admin.post("/api/provisioning-answers", map[string]any{"answers": []any{done, late}}).is(http.StatusOK)
			part := b.manager.get("/api/orders/" + active.text("parts.0.id")).is(http.StatusOK)
			require.NotNil(t, part.at("delivery.tasks.0.done_at"), "%s", part.Body)
		}
		if round > 0 {
			continue
		}
		p.eventually("the SI is told", func() bool {
			return strings.Contains(string(b.support.get("/api/notices?kind=needs&unread=true").Body), "开通失败")
		})
		other := map[string]any{}
		for k, v := range all[0].(map[string]any) {
			other[k] = v
		}
		other["status"] = "failed"
		admin.post("/api/provisioning-answers", map[string]any{"answers": []any{other}}).is(http.StatusConflict, "answer-differs")
		other["order_number"], other["id"] = "O0", "new"
		admin.post("/api/provisioning-answers", map[string]any{"answers": []any{other}}).is(http.StatusUnprocessableEntity)
		b.manager.post("/api/provisioning-answers", map[string]any{"answers": all}).is(http.StatusForbidden, "denied")
	}
}

// TestBillingMonthsByFile: a dry run says every bad cell and the sum, keeps
// nothing, and the same file twice counts once.
func TestBillingMonthsByFile(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	officer := p.tour("settlement@gd.example")
	number := one[string](p, `SELECT s.number FROM services s JOIN commission_events e ON e.service_id = s.id AND e.kind = 'activation' WHERE s.state = 'active' ORDER BY s.number DESC LIMIT 1`)
	month := calendar.Month(time.Now())
	file := func(rows ...string) []byte {
		return []byte("编号,服务编号,账期,第几个计费月,收入（元）,在用数量\n" + strings.Join(rows, "\n") + "\n")
	}
	try := func(content []byte, apply bool) answer {
		return officer.post("/api/billing-months/import", map[string]any{"content": content, "apply": apply}).is(http.StatusOK)
	}
	row := func(id, number, month, n, yuan string) string {
		return fmt.Sprintf("%s,%s,%s,%s,%s,1", id, number, month, n, yuan)
	}
	bad := try(file(row("a", number, "2026年", "90", "1.00"), row("b", number, month, "91", "1.234")), true)
	require.Equal(t, []string{"C2", "E3"}, bad.all("faults", "cell"))
	bad = try(file(row("a", "S0", month, "90", "1.00"), row("b", number, month, "0", "1.00")), true)
	require.Equal(t, []string{"B2", "D3"}, bad.all("faults", "cell"))
	events := func() int64 {
		return one[int64](p, `SELECT count(*) FROM commission_events WHERE external_id LIKE 'file-%'`)
	}
	good := file(row("file-1", number, month, "90", "1,200.50"))
	good = bytes.ReplaceAll(good, []byte("1,200.50"), []byte(`"1,200.50"`))
	tried := try(good, false)
	require.Equal(t, []any{1.0, 0.0, 120050.0, false}, []any{tried.at("accepted"), tried.at("repeated"), tried.at("total_fen"), tried.at("applied")})
	require.Zero(t, events())
	require.EqualValues(t, 1, try(good, true).number("accepted"))
	require.EqualValues(t, 1, try(good, true).number("repeated"))
	require.EqualValues(t, 1, events())
	bad = try(file(row("file-1", number, month, "90", "7.00")), true)
	require.Equal(t, []string{"A2"}, bad.all("faults", "cell"))
	p.tour("channel@gd.example").post("/api/billing-months/import", map[string]any{"content": good}).is(http.StatusForbidden, "denied")
}
