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
	// The day is over: the link is gone, and the file.
	p.exec(`UPDATE exports SET expires_at = now() - interval '1 second'`)
	admin.get("/api/exports/"+id+"/link").is(http.StatusConflict, "export-not-ready")
	require.NoError(t, p.Server.Tidy(t.Context(), nil))
	require.Equal(t, "expired", admin.get("/api/exports/"+id).text("state"))
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
