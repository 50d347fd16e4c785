package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"ecoport/app/platform/blob"
	"ecoport/tenants"
)

// exported asks for a workbook, waits for it and reads its rows.
func (u *person) exported(list, query string) [][]string {
	u.p.Helper()
	id := u.post("/api/exports", map[string]any{"list": list, "query": query}).is(http.StatusOK).text("id")
	var done answer
	u.p.eventually("the workbook", func() bool {
		done = u.get("/api/exports/" + id)
		return done.text("state") != "queued" && done.text("state") != "running"
	})
	require.Equal(u.p, "done", done.text("state"), "%s", done.Body)
	res, err := http.Get(u.get("/api/exports/" + id + "/link").is(http.StatusOK).text("url"))
	require.NoError(u.p, err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	require.NoError(u.p, err)
	f, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(u.p, err)
	rows, err := f.GetRows(f.GetSheetName(0))
	require.NoError(u.p, err)
	for r := range rows {
		for c := range rows[r] {
			name, _ := excelize.CoordinatesToCellName(c+1, r+1)
			formula, err := f.GetCellFormula(f.GetSheetName(0), name)
			require.NoError(u.p, err)
			require.Empty(u.p, formula, name)
		}
	}
	return rows
}

// TestA05ExportsArePersonal: status, file and cancel of a workbook are its
// owner's alone; A54: only so many at once; and it is in the audit trail with
// filter and number of rows.
func TestA05ExportsArePersonal(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	admin, colleague, agent := p.tour("admin.4401@gd.example"), p.tour("channel.4401@gd.example"), p.tour("agent@p03.example")
	total := admin.get("/api/accounts?tier=C").number("total")
	rows := admin.exported("accounts", "tier=C")
	require.EqualValues(t, total+1, len(rows))
	require.Contains(t, rows[1][9], "*", "masked as on the screen")
	id := admin.get("/api/exports").text("items.0.id")
	for _, other := range []*person{colleague, agent} {
		for _, path := range []string{"/api/exports/%s", "/api/exports/%s/link"} {
			same(t, path, other.get(fmt.Sprintf(path, id)).is(http.StatusNotFound), other.get(fmt.Sprintf(path, uuid.NewString())))
		}
		other.post("/api/exports/"+id+"/cancel", nil).is(http.StatusNotFound)
		require.Empty(t, other.get("/api/exports").all("items", "id"))
	}
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE action = 'export' AND reason = 'tier=C' AND to_state = 'rows='||$1`, fmt.Sprint(total)))
	// A partner's workbook holds what its grants give, and no more.
	require.EqualValues(t, agent.get("/api/accounts").number("total")+1, len(agent.exported("accounts", "")))
	agent.post("/api/exports", map[string]any{"list": "nothing", "query": ""}).is(http.StatusUnprocessableEntity)
	// Who sees less than when it was made does not fetch it any more.
	colleague.exported("accounts", "tier=C")
	wide := colleague.get("/api/exports").text("items.0.id")
	lost := agent.get("/api/exports").text("items.0.id")
	p.exec(`UPDATE memberships SET roles = '{industry_manager}', districts = '{440106,440103}' WHERE email = 'channel.4401@gd.example'`)
	colleague.get("/api/exports/"+wide+"/link").is(http.StatusConflict, "export-other-sight")
	agent.get("/api/exports/" + lost + "/link").is(http.StatusOK)
	p.exec(`UPDATE account_grants SET ended_at = now() WHERE id = (SELECT g.id FROM account_grants g JOIN memberships m ON m.tenant_id = g.partner_id WHERE m.email = 'agent@p03.example' AND g.ended_at IS NULL LIMIT 1)`)
	agent.get("/api/exports/"+lost+"/link").is(http.StatusConflict, "export-other-sight")
	// Nor does an account manager whose customer is another's now.
	keeper := p.tour("manager.4401@gd.example")
	require.Greater(t, len(keeper.exported("accounts", "owner=me")), 1)
	mine := keeper.get("/api/exports").text("items.0.id")
	keeper.get("/api/exports/" + mine + "/link").is(http.StatusOK)
	handed := keeper.get("/api/accounts?owner=me").text("items.0.id")
	p.exec(`UPDATE accounts SET owner_id = (SELECT id FROM memberships WHERE email = 'industry.4401@gd.example') WHERE id = $1`, handed)
	keeper.get("/api/exports/"+mine+"/link").is(http.StatusConflict, "export-other-sight")
	// The day is over: the link is gone, and the file; however many there are.
	p.exec(`INSERT INTO exports (province_id, id, tenant_id, membership_id, user_id, list, query, locale, file_name, state, key, created_at, expires_at)
		SELECT province_id, gen_random_uuid(), tenant_id, membership_id, user_id, list, query, locale, file_name, state, 'exports/none', created_at, expires_at FROM exports, generate_series(1, 600) WHERE id = $1`, wide)
	key := one[string](p, `SELECT key FROM exports WHERE id = $1`, id)
	p.exec(`UPDATE exports SET expires_at = now() - interval '1 second'`)
	admin.get("/api/exports/"+id+"/link").is(http.StatusConflict, "export-not-ready")
	require.NoError(t, p.Server.Tidy(t.Context(), nil))
	require.Equal(t, "expired", admin.get("/api/exports/"+id).text("state"))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM exports WHERE state = 'done'`))
	_, err := p.Services.Blob.Stat(t.Context(), key)
	require.ErrorIs(t, err, blob.ErrNotFound)
}

// TestA60AJobOfOneNeverRunsAsAnother: a workbook is made as who asked, as they
// are when it is made; a removed member gets nothing.
func TestA60AJobOfOneNeverRunsAsAnother(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := gd.One(gd.Guangzhou, "city_admin")
	agent := gd.One(gd.Agent, "agent")
	x, err := p.Services.Tenants.StartExport(t.Context(), admin, "accounts", "", "a.xlsx")
	require.NoError(t, err)
	p.eventually("the workbook", func() bool { return one[string](p, `SELECT state FROM exports WHERE id = $1`, x.ID.String()) == "done" })
	// The same export under another membership: nothing to do.
	p.exec(`UPDATE exports SET state = 'queued'`)
	for _, job := range []tenants.ExportJob{{Province: gd.ID, Export: x.ID, Membership: agent.Membership}, {Province: gd.ID, Export: x.ID, Membership: gd.One(gd.Guangzhou, "city_channel_manager").Membership}} {
		_, _, ok, err := p.Services.Tenants.BeginExport(t.Context(), job)
		require.Error(t, err)
		require.False(t, ok)
	}
	p.exec(`UPDATE memberships SET state = 'removed' WHERE id = $1`, admin.Membership.String())
	_, _, ok, err := p.Services.Tenants.BeginExport(t.Context(), tenants.ExportJob{Province: gd.ID, Export: x.ID, Membership: admin.Membership})
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, "failed", one[string](p, `SELECT state FROM exports WHERE id = $1`, x.ID.String()))
}

// TestOldThingsAreForgotten: what nobody looks at any more goes, batch by batch,
// and nothing else.
func TestOldThingsAreForgotten(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Tenant, "province_admin")
	seat := admin.get("/api/me").text("membership.id")
	const old, older, recent = "interval '40 days'", "interval '200 days'", "interval '10 days'"
	p.exec("SET session_replication_role = replica")
	for n, age := range map[int]string{1: recent, 2: old, 3: older} {
		for state, read := range map[string]string{"unread": "NULL", "read": "now()"} {
			p.exec(`INSERT INTO notices (province_id, membership_id, seq, tenant_id, rule, kind, resource, resource_id, label, actor_name, actor_tenant, at, read_at)
				VALUES ($1, $2, 9000 + $3, $1, 'x', 'info', $4, $1, 'x', 'x', 'x', now() - `+age+`, `+read+`)`, gd.ID, seat, n+10*len(state), state)
		}
		for _, state := range []string{"waiting", "delivered", "failed"} {
			p.exec(`INSERT INTO webhook_deliveries (province_id, id, tenant_id, webhook_id, topic, body, state, created_at) VALUES ($1, gen_random_uuid(), $1, $1, $2, 'x', $2, now() - `+age+`)`, gd.ID, state)
		}
		p.exec(`INSERT INTO sessions (id, user_id, province_id, membership_id, refresh_hash, rotated_at, agent, started_at, seen_at, expires_at)
			SELECT gen_random_uuid(), user_id, province_id, $1, gen_random_uuid()::text::bytea, now(), 'old', now() - `+age+`, now() - `+age+`, now() - `+age+` FROM sessions WHERE membership_id = $1 LIMIT 1`, seat)
		p.exec(`INSERT INTO sessions (id, user_id, province_id, membership_id, refresh_hash, rotated_at, agent, started_at, seen_at, expires_at)
			SELECT gen_random_uuid(), user_id, province_id, $2, gen_random_uuid()::text::bytea, now(), 'last', now() - interval '300 days', now() - interval '300 days', now() - interval '300 days' FROM sessions WHERE membership_id = $1 LIMIT 1`, seat, uuid.New())
	}
	p.exec(`INSERT INTO idempotency_keys (province_id, tenant_id, user_id, key, request_hash, created_at) SELECT $1, $1, $1, 'k' || n, 'x', now() - interval '8 days' FROM generate_series(1, 10001) n`, gd.ID)
	p.exec("SET session_replication_role = origin")
	require.NoError(t, p.Server.Tidy(t.Context(), nil))
	require.Equal(t, []string{"read", "read", "unread", "unread", "unread"}, many[string](p, `SELECT resource FROM notices WHERE rule = 'x' ORDER BY resource`))
	require.Equal(t, []string{"delivered", "failed", "failed", "waiting", "waiting", "waiting"}, many[string](p, `SELECT state FROM webhook_deliveries WHERE body = 'x' ORDER BY state`))
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM sessions WHERE agent = 'old'`))
	require.EqualValues(t, 3, one[int64](p, `SELECT count(*) FROM sessions WHERE agent = 'last'`), "a seat keeps the last: when it was used")
	require.Zero(t, one[int64](p, `SELECT count(*) FROM idempotency_keys WHERE key LIKE 'k%' AND request_hash = 'x'`))
	admin.get("/api/me").is(http.StatusOK)
}
