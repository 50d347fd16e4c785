package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func ticketOf(about, id string) map[string]any {
	return map[string]any{about: id, "category": "fault", "severity": "major", "subject": "短信发不出去", "description": "今早开始全部失败"}
}

// desk is a running service with the people around it.
type desk struct {
	service, account          string
	manager, support, another *person
	firm, city                string
}

// desk finds a service of the demo whose supplier has an engineer, gives the
// customer to an account manager and signs everybody in.
func (p *portal) desk() desk {
	p.Helper()
	var d desk
	d.service = one[string](p, `SELECT s.id::text FROM services s JOIN orders o ON o.id = s.order_id JOIN memberships m ON m.tenant_id = o.supplier_id AND m.email LIKE 'support@%' WHERE s.state = 'active' ORDER BY s.number LIMIT 1`)
	d.account = one[string](p, `SELECT account_id::text FROM services WHERE id = $1`, d.service)
	d.firm = one[string](p, `SELECT o.supplier_id::text FROM services s JOIN orders o ON o.id = s.order_id WHERE s.id = $1`, d.service)
	d.city = one[string](p, `SELECT city_code FROM accounts WHERE id = $1`, d.account)
	p.exec(`UPDATE accounts SET owner_id = (SELECT id FROM memberships WHERE email = $2) WHERE id = $1`, d.account, "manager."+d.city+"@gd.example")
	d.manager, d.another = p.tour("manager."+d.city+"@gd.example"), p.tour("manager2."+d.city+"@gd.example")
	d.support = p.tour(one[string](p, `SELECT email FROM memberships WHERE tenant_id = $1 AND email LIKE 'support@%'`, d.firm))
	return d
}

func (d desk) raise() string {
	return d.manager.post("/api/tickets", ticketOf("service_id", d.service)).is(http.StatusOK).text("id")
}

// TestTicketFromQuestionToConfirmation goes the whole way, looks at the clock
// and at who is told.
func TestTicketFromQuestionToConfirmation(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	file := d.manager.upload("ticket_file", "日志.txt", "text/plain", []byte("error 500\n"))
	ask := ticketOf("service_id", d.service)
	ask["file_ids"] = []string{file}
	raised := d.manager.post("/api/tickets", ask).is(http.StatusOK)
	id, path := raised.text("id"), "/api/tickets/"+raised.text("id")
	require.Regexp(t, `^K`, raised.text("number"))
	require.Equal(t, "partner", raised.text("holder"))
	require.ElementsMatch(t, []string{"cancel", "message", "note"}, raised.actions())
	d.manager.post("/api/tickets", map[string]any{"category": "fault", "severity": "major", "subject": "x", "description": "y"}).is(http.StatusUnprocessableEntity, "ticket-about")

	// The supplier sees it, with the customer's name and nothing else of it.
	seen := d.support.get(path).is(http.StatusOK)
	require.Equal(t, []string{"take", "reply"}, seen.actions())
	require.NotEmpty(t, seen.text("account_name"))
	d.support.get("/api/files/" + file + "/link").is(http.StatusOK)
	d.support.post(path+"/answer", map[string]any{"reason": "x"}).is(http.StatusForbidden, "denied")
	d.manager.post(path+"/take", map[string]any{}).is(http.StatusForbidden, "denied")
	d.another.get(path).is(http.StatusNotFound)
	p.tour("support@" + map[bool]string{true: "p02", false: "p01"}[d.support.name == "support@p01.example"] + ".example").get(path).is(http.StatusNotFound)
	p.eventually("the engineer is told", func() bool {
		return strings.Contains(string(d.support.get("/api/notices?kind=needs&unread=true").Body), "短信发不出去")
	})

	d.support.post(path+"/take", map[string]any{}).is(http.StatusOK)
	d.support.post(path+"/resolve", map[string]any{}).is(http.StatusUnprocessableEntity)
	reply := d.support.post(path+"/replies", map[string]any{"text": "正在排查"}).is(http.StatusOK)
	require.Equal(t, []string{"partner"}, reply.all("messages", "side"))
	waiting := d.support.post(path+"/ask_customer", map[string]any{"reason": "请提供流水号"}).is(http.StatusOK)
	require.Equal(t, "customer", waiting.text("holder"))
	require.Nil(t, waiting.at("due_at"), "the clock stands")
	p.eventually("the manager is asked", func() bool {
		return strings.Contains(string(d.manager.get("/api/notices?kind=needs&unread=true").Body), "需要客户补充信息")
	})
	require.Contains(t, string(d.manager.get("/api/home").Body), `"ticket_answer"`)
	d.manager.post(path+"/answer", map[string]any{"reason": "流水号 1001"}).is(http.StatusOK)
	d.support.post(path+"/take", map[string]any{}).is(http.StatusOK)
	d.support.post(path+"/ask_operator", map[string]any{"reason": "请调整专线"}).is(http.StatusOK)
	d.manager.post(path+"/settle", map[string]any{"reason": "专线已调整"}).is(http.StatusOK)
	d.manager.post(path+"/reopen", map[string]any{"reason": "还是不行"}).is(http.StatusOK)
	d.support.post(path+"/take", map[string]any{}).is(http.StatusOK)
	require.Contains(t, d.support.post(path+"/resolve", map[string]any{"reason": "已换网关"}).is(http.StatusOK).actions(), "reply")
	done := d.manager.post(path+"/close", map[string]any{}).is(http.StatusOK)
	require.Equal(t, "closed", done.text("state"))
	require.Empty(t, done.actions())
	require.InDelta(t, done.number("clock.elapsed_hours"), done.number("clock.operator_hours")+done.number("clock.partner_hours")+done.number("clock.customer_hours"), 1e-9)
	d.manager.post(path+"/messages", map[string]any{"text": "谢谢"}).is(http.StatusConflict, "ticket-ended")
	d.manager.post(path+"/reopen", map[string]any{"reason": "x"}).is(http.StatusConflict, "wrong-state")

	// Lists, the customer's page and the workbook show it by the same filters.
	for _, q := range []string{"?account=" + d.account + "&state=closed", "?mine=true&q=短信发不出去", "?supplier=" + d.firm + "&severity=major&state=open,closed"} {
		require.Contains(t, d.manager.get("/api/tickets"+q).is(http.StatusOK).all("items", "id"), id, q)
	}
	require.NotContains(t, d.manager.get("/api/tickets?overdue=true").is(http.StatusOK).all("items", "id"), id)
	for _, month := range []string{"2026-13", "2026-1", "now"} {
		d.manager.get("/api/tickets?month=" + month).is(http.StatusUnprocessableEntity)
		require.Equal(t, http.StatusUnprocessableEntity, d.manager.get("/api/tickets/export.xlsx?month="+month).Status)
	}
	require.Equal(t, http.StatusOK, d.manager.get("/api/tickets/export.xlsx?account="+d.account).Status)
	p.tour("industry."+d.city+"@gd.example").post(path+"/close", map[string]any{}).is(http.StatusForbidden, "denied")
}

// TestNotesNeverReachAPartner: not in the ticket, its history, lists, searches,
// notices, the audit, the workbook or what live screens hear.
func TestNotesNeverReachAPartner(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	path := "/api/tickets/" + d.raise()
	const secret = "客户准备换供应商"
	// Inside working hours the clock runs on from one look to the next.
	look := func() string {
		return regexp.MustCompile(`_hours":[0-9.e-]+`).ReplaceAllString(string(d.support.get(path).Body), `_hours":0`)
	}
	before := look()
	noted := d.manager.post(path+"/notes", map[string]any{"text": secret}).is(http.StatusOK)
	require.Contains(t, string(noted.Body), secret)
	p.eventually("the news is out", func() bool {
		return one[int64](p, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')`) == 0
	})
	require.Equal(t, before, look(), "nothing tells that there is a note")
	admin := p.tour(one[string](p, `SELECT email FROM memberships WHERE tenant_id = $1 AND 'partner_admin' = ANY(roles)`, d.firm))
	for _, u := range []*person{d.support, admin} {
		for _, x := range []string{path, "/api/tickets", "/api/tickets?q=" + secret, "/api/notices", "/api/home", "/api/audit?limit=100"} {
			a := u.get(x)
			require.NotContains(t, strings.ReplaceAll(string(a.Body), "?q="+secret, ""), secret, a.what)
			require.NotContains(t, string(a.Body), `"action":"note"`, a.what)
		}
	}
	d.support.post(path+"/notes", map[string]any{"text": "x"}).is(http.StatusForbidden, "denied")
	require.Contains(t, string(p.tour("channel."+d.city+"@gd.example").get(path).Body), secret)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM pg_policies WHERE tablename = 'ticket_notes' AND roles && '{portal_partner}'`))
	require.False(t, one[bool](p, `SELECT has_table_privilege('portal_partner', 'ticket_notes', 'SELECT')`))
}

// TestSupplierForgetsTheCustomer: when the service ends, so does the grant, and
// with it the name in tickets.
func TestSupplierForgetsTheCustomer(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	path := "/api/tickets/" + d.raise()
	name := d.support.get(path).is(http.StatusOK).text("account_name")
	require.NotEmpty(t, name)
	found := d.support.get("/api/tickets?q="+name).all("items", "id")
	require.Contains(t, found, strings.TrimPrefix(path, "/api/tickets/"))
	order := one[string](p, `SELECT order_id::text FROM services WHERE id = $1`, d.service)
	d.manager.post("/api/orders/"+order+"/end_service", map[string]any{"reason": "停用"}).is(http.StatusOK)
	after := d.support.get(path).is(http.StatusOK)
	require.Empty(t, after.text("account_name"))
	require.Empty(t, after.text("account_id"))
	require.NotContains(t, string(after.Body), name)
	still := many[string](p, `SELECT id::text FROM tickets WHERE service_id = $1`, d.service)
	require.Subset(t, found, still)
	for _, id := range d.support.get("/api/tickets?q="+name).is(http.StatusOK).all("items", "id") {
		require.NotContains(t, still, id)
	}
	require.Equal(t, name, d.manager.get(path).text("account_name"), "the operator still knows")
	d.manager.post("/api/tickets", ticketOf("service_id", d.service)).is(http.StatusConflict, "service-ended")
}

// TestTakingAndSolvingFiftyTimes: one engineer takes a ticket, and it is solved
// once.
func TestTakingAndSolvingFiftyTimes(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	id := d.raise()
	for _, action := range []string{"take", "resolve"} {
		counts, answers := atOnce(50, func(int) answer {
			return d.support.post("/api/tickets/"+id+"/"+action, map[string]any{"reason": "已处理"})
		})
		require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts, "%s: %s", action, answers[0].Body)
		require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = $2`, id, action))
	}
}

// TestLateTicketsAreToldOfOnce: however often and at once the job runs; and
// what nobody objected to closes by itself.
func TestLateTicketsAreToldOfOnce(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	late, solved := d.raise(), d.raise()
	d.support.post("/api/tickets/"+solved+"/take", map[string]any{}).is(http.StatusOK)
	d.support.post("/api/tickets/"+solved+"/resolve", map[string]any{"reason": "好了"}).is(http.StatusOK)
	p.exec(`UPDATE tickets SET opened_at = opened_at - interval '60 days', held_since = held_since - interval '60 days', due_at = due_at - interval '60 days' WHERE id = $1`, late)
	p.exec(`UPDATE tickets SET close_at = now() - interval '1 second' WHERE id = $1`, solved)
	require.Contains(t, d.manager.get("/api/tickets?overdue=true").all("items", "id"), late)
	province := uuid.MustParse(one[string](p, `SELECT province_id::text FROM tickets WHERE id = $1`, late))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := p.Services.Care.Tend(p.Context(), province); err != nil {
				p.Errorf("tend: %v", err)
			}
		})
	}
	wg.Wait()
	require.NoError(t, p.Services.Care.Tend(p.Context(), province))
	for _, threshold := range []string{"late_response", "late_resolution", "late_twice"} {
		require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = $2`, late, threshold), threshold)
	}
	require.Equal(t, "closed", d.manager.get("/api/tickets/"+solved).text("state"))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND action = 'close_unanswered'`, solved))
	admin := one[string](p, `SELECT email FROM memberships WHERE tenant_id = $1 AND 'partner_admin' = ANY(roles)`, d.firm)
	for _, email := range []string{admin, "channel." + d.city + "@gd.example", "care@gd.example"} {
		u := p.tour(email)
		p.eventually(email+" is told", func() bool {
			return strings.Count(string(u.get("/api/notices?kind=info&limit=100").Body), "/tickets/"+late) == 3
		})
	}
}

// TestSpeedOpensIntoItsRows: the figures of a supplier's month are those of the
// tickets the link leads to, for whoever looks.
func TestSpeedOpensIntoItsRows(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	for _, u := range []*person{d.support, p.tour("channel@gd.example"), d.manager} {
		months := u.get("/api/partners/" + d.firm + "/speed").is(http.StatusOK)
		items, _ := months.at("items").([]any)
		require.NotEmpty(t, items, u.name)
		for _, x := range items {
			m := x.(map[string]any)
			list := u.get("/api/tickets?limit=100&supplier=" + d.firm + "&month=" + m["month"].(string)).is(http.StatusOK)
			require.EqualValues(t, m["tickets"], list.number("total"), "%s %v", u.name, m["month"])
			for missed, key := range map[string]string{"response": "respond_late", "resolution": "resolve_late"} {
				rows := u.get("/api/tickets?limit=100&supplier=" + d.firm + "&month=" + m["month"].(string) + "&missed=" + missed)
				require.EqualValues(t, m[key], rows.number("total"), "%s %v", u.name, m["month"])
			}
		}
		require.Equal(t, http.StatusOK, u.get("/api/partners/"+d.firm+"/speed.xlsx").Status)
	}
	// The median is one of plain arithmetic.
	median := one[float64](p, `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY respond_us) / 3.6e9 FROM tickets WHERE partner_id = $1 AND state <> 'cancelled' AND to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') =
		(SELECT to_char(max(opened_at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') FROM tickets WHERE partner_id = $1 AND respond_us IS NOT NULL)`, d.firm)
	require.Contains(t, d.support.get("/api/partners/"+d.firm+"/speed").all("items", "respond_p50"), fmt.Sprint(median))
	// One firm does not look at another's.
	other := map[bool]string{true: "p02", false: "p01"}[strings.HasSuffix(d.support.name, "@p01.example")]
	p.tour("support@" + other + ".example").get("/api/partners/" + d.firm + "/speed").is(http.StatusNotFound)
	p.tour("agent@p03.example").get("/api/partners/"+d.firm+"/speed").is(http.StatusForbidden, "denied")
}

// TestFilesGoWithTheirRecord: a file hangs on what its readers may read; who
// hands it in a second time elsewhere does not take it from the first.
func TestFilesGoWithTheirRecord(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	file := d.manager.upload("ticket_file", "截图.pdf", "application/pdf", pdf)
	with := func(b map[string]any) map[string]any { b["file_ids"] = []string{file}; return b }
	raised := d.manager.post("/api/tickets", with(ticketOf("service_id", d.service))).is(http.StatusOK).text("id")
	link := "/api/files/" + file + "/link"
	d.support.get(link).is(http.StatusOK)
	other := one[string](p, `SELECT id::text FROM offers WHERE supplier_id <> $1 AND org_path IN ('GD/', 'GD/' || $2 || '/') ORDER BY id LIMIT 1`, d.firm, d.city)
	d.manager.post("/api/tickets", with(ticketOf("listing_id", other))).is(http.StatusConflict, "file-shared")
	d.support.get(link).is(http.StatusOK)
	require.Equal(t, []string{raised}, many[string](p, `SELECT id::text FROM tickets WHERE $1 = ANY (files)`, file))

	// An account manager of the same city who does not see the customer.
	stranger := "manager2." + d.city + "@gd.example"
	p.exec(`UPDATE accounts SET owner_id = (SELECT id FROM memberships WHERE email = $1) WHERE id = (SELECT account_id FROM services WHERE id = $2)`, d.manager.name, d.service)
	if one[int64](p, `SELECT count(*) FROM memberships WHERE email = $1`, stranger) == 0 {
		p.exec(`UPDATE accounts SET owner_id = gen_random_uuid() WHERE id = (SELECT account_id FROM services WHERE id = $1)`, d.service)
		p.exec(`UPDATE files SET uploaded_by = gen_random_uuid() WHERE id = $1`, file)
		stranger = d.manager.name
	}
	u := p.tour(stranger)
	u.get("/api/tickets/" + raised).is(http.StatusNotFound)
	u.get(link).is(http.StatusNotFound)
}

// TestSuppliersForgetContacts: what a supplier was told of a customer to do the
// work goes with the service, or with the order.
func TestSuppliersForgetContacts(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	order := one[string](p, `SELECT order_id::text FROM services WHERE id = $1`, d.service)
	delivery := one[string](p, `SELECT id::text FROM deliveries WHERE order_id = $1`, order)
	path := "/api/deliveries/" + delivery
	phone := d.support.get(path).is(http.StatusOK).text("contact_phone")
	require.NotEmpty(t, phone)
	d.manager.post("/api/orders/"+order+"/end_service", map[string]any{"reason": "停用"}).is(http.StatusOK)
	after := d.support.get(path).is(http.StatusOK)
	require.NotContains(t, string(after.Body), phone)
	require.Empty(t, after.text("address"))
	require.Empty(t, after.text("contact_name"))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM deliveries WHERE id = $1 AND contact_phone <> ''`, delivery), "it is not there to leak")
}

// TestLateTicketsArePaged: more than one transaction looks at are all tended.
func TestLateTicketsArePaged(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	d := p.desk()
	id := d.raise()
	p.exec(`INSERT INTO tickets SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', 'LATE' || i, 'state', 'resolved', 'close_at', now() - interval '1 day', 'resolved_at', now() - interval '9 days', 'due_at', NULL))).*
		FROM tickets t, generate_series(1, 450) i WHERE t.id = $1`, id)
	require.NoError(t, p.Services.Care.Tend(t.Context(), uuid.MustParse(one[string](p, `SELECT province_id::text FROM tickets WHERE id = $1`, id))))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM tickets WHERE state = 'resolved' AND close_at < now()`))
}
