package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"ecoport/tenants/account"
	"ecoport/tenants/tenantstest"
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

func customer(n int, name string, change ...func([]any)) []any {
	row := []any{name, tenantstest.CreditCode(n), "企业", "B1", "中小企业", "440106", "是", 3, 120, 100, 80, 900, 12, "天河路 1 号", "陈晓琳", "13812345678", "a@b.example"}
	for _, c := range change {
		c(row)
	}
	return row
}

// wrongCode has a check character that does not match.
func wrongCode(n int) string {
	code := tenantstest.CreditCode(n)
	if code[17] == '0' {
		return code[:17] + "1"
	}
	return code[:17] + "0"
}

// TestImportIsADryRunFirst: bad rows are named with row, column, cell and
// reason; applying takes the good ones; the same sheet again changes nothing.
func TestImportIsADryRunFirst(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	var header []any
	for _, h := range account.ImportHeader() {
		header = append(header, h)
	}
	set := func(column int, v any) func([]any) { return func(r []any) { r[column] = v } }
	run := func(content []byte) (id string, done answer) {
		id = admin.post("/api/imports", map[string]any{"file_id": admin.upload("account_import", "客户.xlsx", xlsx, content)}).is(http.StatusOK).text("id")
		p.eventually("the dry run", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") != "checking" })
		return id, done
	}
	apply := func(id string) (done answer) {
		admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusOK)
		p.eventually("the import", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") != "applying" })
		return done.is(http.StatusOK)
	}
	broken := workbook(t, header,
		customer(1, "天河第一贸易有限公司"),
		customer(2, "坏码公司", set(1, wrongCode(2))),
		customer(3, "坏类型公司", set(2, "火星企业")),
		customer(4, "别市公司", set(5, "440304")),
		customer(5, "", set(8, "很多")),
		customer(1, "重复的公司"),
		customer(6, "越秀第二贸易有限公司", set(5, "440103")),
	)
	id, done := run(broken)
	require.Equal(t, "checked", done.text("state"), "%s", done.Body)
	require.EqualValues(t, 7, done.number("rows"))
	require.EqualValues(t, 2, done.number("new_rows"), "%s", done.Body)
	require.EqualValues(t, 5, done.number("bad_rows"))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM accounts`), "a dry run writes nothing")
	bad, _ := done.at("bad").([]any)
	cells := map[string]bool{}
	for _, x := range bad {
		b := x.(map[string]any)
		require.NotEmpty(t, b["reason"])
		require.NotEmpty(t, b["column"])
		cells[fmt.Sprint(b["cell"])] = true
		require.Contains(t, fmt.Sprint(b["cell"]), fmt.Sprint(b["row"]))
	}
	for _, cell := range []string{"B3", "C4", "F5", "A6", "I6", "B7"} {
		require.True(t, cells[cell], "%s is not among %v", cell, cells)
	}
	after := apply(id)
	require.Equal(t, "applied", after.text("state"))
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM accounts`))
	admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusConflict, "wrong-state")

	rows := func() string {
		return one[string](p, `SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM accounts a`)
	}
	before := rows()
	id, done = run(broken)
	require.EqualValues(t, 2, done.number("unchanged_rows"))
	require.Zero(t, done.number("new_rows")+done.number("changed_rows"))
	apply(id)
	require.Equal(t, before, rows(), "the same sheet again changes nothing")

	id, done = run(workbook(t, header, customer(1, "天河第一贸易有限公司", set(3, "A1")), customer(6, "越秀第二贸易有限公司", set(5, "440103"))))
	require.EqualValues(t, 1, done.number("changed_rows"))
	apply(id)
	require.Equal(t, []string{"A1"}, admin.get("/api/accounts?q="+tenantstest.CreditCode(1)).all("items", "tier"))

	// What is no sheet, or lacks its columns, fails with a reason.
	_, done = run(workbook(t, []any{"什么", "都不是"}, []any{1, 2}))
	require.Equal(t, "failed", done.text("state"))
	require.NotEmpty(t, done.text("reason"))
	// A30: an archive that is no workbook.
	_, done = run([]byte("PK\x03\x04 nothing of the kind"))
	require.Equal(t, "failed", done.text("state"))
	// Nobody else's city sees the import.
	p.staff(gd, gd.Shenzhen, "city_admin").get("/api/imports/" + id).is(http.StatusNotFound)
}

// TestA38FormulasAreDisarmed: what a spreadsheet would run as a formula comes
// out as text, in every export.
func TestA38FormulasAreDisarmed(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	b := sample(row("POST", "/api/accounts")).(map[string]any)
	for i, evil := range []string{`=HYPERLINK("http://evil.example","x")`, `+1+cmd|' /C calc'!A0`, `-2+3`, `@SUM(1)`} {
		b["name"], b["credit_code"], b["industry"], b["district_code"], b["address"] = evil+"公司", tenantstest.CreditCode(50+i), "sme", "440106", evil
		admin.post("/api/accounts", b).is(http.StatusOK)
	}
	const path = "/api/accounts/export.xlsx"
	a := admin.get(path).is(http.StatusOK)
	require.Equal(t, xlsx, a.Header.Get("Content-Type"))
	f, err := excelize.OpenReader(bytes.NewReader(a.Body))
	require.NoError(t, err)
	rows, err := f.GetRows(f.GetSheetName(0))
	require.NoError(t, err)
	require.Len(t, rows, 5)
	for r, cells := range rows {
		for c, v := range cells {
			name, _ := excelize.CoordinatesToCellName(c+1, r+1)
			formula, err := f.GetCellFormula(f.GetSheetName(0), name)
			require.NoError(t, err)
			require.Empty(t, formula, name)
			if v != "" {
				require.NotContains(t, "=+-@", v[:1], "%s: %s", name, v)
			}
		}
	}
	require.Empty(t, p.staff(gd, gd.Shenzhen, "city_admin").get("/api/accounts").all("items", "id"))
	other, err := excelize.OpenReader(bytes.NewReader(p.staff(gd, gd.Shenzhen, "city_admin").get(path).is(http.StatusOK).Body))
	require.NoError(t, err)
	rows, err = other.GetRows(other.GetSheetName(0))
	require.NoError(t, err)
	require.Len(t, rows, 1, "an export obeys the row wall")
}

// TestDistrictsNarrow: a membership narrowed to districts sees those and
// nothing else of its city, one district or several.
func TestDistrictsNarrow(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	seat := one[string](p, `SELECT id::text FROM memberships WHERE email = 'channel.4401@gd.example'`)
	p.exec("SET session_replication_role = replica")
	for _, table := range []string{"deals", "quotes", "orders"} {
		p.exec(`UPDATE ` + table + ` SET org_path = 'GD/4401/' || (ARRAY['440103', '440104', '440105'])[1 + abs(hashtext(id::text)) % 3] || '/', city_code = '4401'`)
	}
	p.exec(`UPDATE deals SET district_code = split_part(org_path, '/', 3)`)
	p.exec("SET session_replication_role = origin")
	for _, districts := range []string{"{440103}", "{440103,440104}"} {
		p.exec(`UPDATE memberships SET districts = $1 WHERE id = $2`, districts, seat)
		u := p.tour("channel.4401@gd.example")
		for _, x := range []struct{ path, table, column string }{{"/api/accounts", "accounts", "district_code"}, {"/api/deals", "deals", "split_part(org_path, '/', 3)"}, {"/api/orders", "orders", "split_part(org_path, '/', 3)"}} {
			want := one[int64](p, `SELECT count(*) FROM `+x.table+` WHERE org_path LIKE 'GD/4401/%' AND `+x.column+` = ANY ($1::text[])`, districts)
			require.EqualValues(t, want, u.get(x.path).is(http.StatusOK).number("total"), "%s for %s", x.path, districts)
			outside := one[string](p, `SELECT id::text FROM `+x.table+` WHERE org_path LIKE 'GD/4401/%' AND NOT `+x.column+` = ANY ($1::text[]) LIMIT 1`, districts)
			u.get(x.path + "/" + outside).is(http.StatusNotFound)
		}
	}
}
