package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

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
		t.Helper()
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

// header of the template, as a row of a workbook.
func header() []any {
	var out []any
	for _, h := range account.ImportHeader() {
		out = append(out, h)
	}
	return out
}

// table is a sheet as text.
func table(sep string, rows ...[]any) string {
	var b strings.Builder
	for _, r := range rows {
		for i, v := range r {
			if i > 0 {
				b.WriteString(sep)
			}
			fmt.Fprint(&b, v)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// TestImportOfTextTables: CSV as spreadsheets in China save it, with all bad
// rows in a workbook to mend, and targets of a year by a column.
func TestImportOfTextTables(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	target := append(customer(2, "天河第二机械有限公司"), "安全监控", 2026, "规模以上工业企业")
	rows := [][]any{header(), customer(1, "天河第一贸易有限公司"), target, customer(3, "坏类型公司", func(r []any) { r[2] = "火星企业" })}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(table(";", rows...))
	require.NoError(t, err)
	for i, content := range []string{gb, "\xef\xbb\xbf" + table(",", rows...), table("\t", rows...)} {
		id := admin.post("/api/imports", map[string]any{"file_id": admin.upload("account_import", "客户.csv", "text/csv", []byte(content))}).is(http.StatusOK).text("id")
		var done answer
		p.eventually("the dry run", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") != "checking" })
		require.Equal(t, "checked", done.text("state"), "%s", done.Body)
		require.EqualValues(t, 1, done.number("bad_rows"))
		require.EqualValues(t, map[bool]int{true: 2}[i == 0], done.number("new_rows"), "%s", done.Body)
		if i > 0 {
			require.EqualValues(t, 2, done.number("unchanged_rows"), "%s", done.Body)
			continue
		}
		f, err := excelize.OpenReader(bytes.NewReader(admin.get("/api/imports/" + id + "/bad.xlsx").is(http.StatusOK).Body))
		require.NoError(t, err)
		back, err := f.GetRows(f.GetSheetName(0))
		require.NoError(t, err)
		require.Len(t, back, 2)
		require.Equal(t, "坏类型公司", back[1][0])
		require.Contains(t, back[1][len(account.ImportHeader())], "C4")
		p.staff(gd, gd.Shenzhen, "city_admin").get("/api/imports/" + id + "/bad.xlsx").is(http.StatusNotFound)
		admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusOK)
		p.eventually("the import", func() bool { return admin.get("/api/imports/"+id).text("state") == "applied" })
		require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM account_targets WHERE year = 2026 AND segment = 'industrial'`))
	}
}

// TestImportCanBeTakenBack: new rows go, changed rows are as they were, what
// somebody touched since stays; doing it again finds nothing to do.
func TestImportCanBeTakenBack(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	do := func(rows ...[]any) (string, answer) {
		t.Helper()
		id := admin.post("/api/imports", map[string]any{"file_id": admin.upload("account_import", "客户.xlsx", xlsx, workbook(t, append([][]any{header()}, rows...)...))}).is(http.StatusOK).text("id")
		var done answer
		p.eventually("the dry run", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") != "checking" })
		admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusOK)
		p.eventually("the import", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") == "applied" })
		return id, done
	}
	do(customer(1, "天河第一贸易有限公司"), customer(2, "天河第二贸易有限公司"))
	before := one[string](p, `SELECT name FROM accounts WHERE credit_code = $1`, tenantstest.CreditCode(1))
	id, done := do(customer(1, "天河改名贸易有限公司"), customer(2, "天河第二改名有限公司"), customer(3, "天河第三贸易有限公司"), customer(4, "天河第四贸易有限公司"))
	require.EqualValues(t, 2, done.number("added"), "%s", done.Body)
	require.EqualValues(t, 2, done.number("updated"), "%s", done.Body)
	// Somebody works on one of each meanwhile.
	for _, n := range []int{2, 4} {
		x := admin.get("/api/accounts?q=" + tenantstest.CreditCode(n)).text("items.0.id")
		b := sample(row("PUT", "/api/accounts/{id}")).(map[string]any)
		b["name"], b["credit_code"], b["industry"], b["district_code"], b["version"] = "有人改过的公司", tenantstest.CreditCode(n), "sme", "440106", admin.get("/api/accounts/"+x).number("version")
		admin.put("/api/accounts/"+x, b).is(http.StatusOK)
	}
	admin.post("/api/imports/"+id+"/undo", nil).is(http.StatusOK)
	p.eventually("taking back", func() bool { done = admin.get("/api/imports/" + id); return done.text("state") != "undoing" })
	require.Equal(t, "undone", done.text("state"), "%s", done.Body)
	require.EqualValues(t, []float64{1, 1, 2}, []float64{done.number("removed"), done.number("restored"), done.number("touched")}, "%s", done.Body)
	require.Equal(t, before, one[string](p, `SELECT name FROM accounts WHERE credit_code = $1`, tenantstest.CreditCode(1)))
	require.EqualValues(t, 2, one[int64](p, `SELECT count(*) FROM accounts WHERE name = '有人改过的公司'`))
	require.EqualValues(t, 3, one[int64](p, `SELECT count(*) FROM accounts`))
	require.EqualValues(t, 3, one[int64](p, `SELECT count(*) FROM account_words`))
	require.EqualValues(t, []string{"天河第一贸易有限公司"}, admin.get("/api/accounts?q=%E7%AC%AC%E4%B8%80").all("items", "name"))
	admin.post("/api/imports/"+id+"/undo", nil).is(http.StatusConflict, "wrong-state")
}

// TestImportStopsAndGoesOn: stopping while it writes keeps what is written;
// going on finishes the rest, and no row is written twice.
func TestImportStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	rows := [][]any{header()}
	const all = 80_000 // enough that a busy machine is still writing when it is told to stop
	for n := range all {
		rows = append(rows, customer(1000+n, fmt.Sprintf("天河第%d贸易有限公司", n)))
	}
	id := admin.post("/api/imports", map[string]any{"file_id": admin.upload("account_import", "客户.csv", "text/csv", []byte(table(",", rows...)))}).is(http.StatusOK).text("id")
	p.eventually("the dry run", func() bool { return admin.get("/api/imports/"+id).text("state") == "checked" })
	admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusOK)
	p.eventually("some rows", func() bool { return one[int64](p, `SELECT count(*) FROM accounts`) > 0 })
	admin.post("/api/imports/"+id+"/stop", nil).is(http.StatusOK)
	written := one[int64](p, `SELECT count(*) FROM accounts`)
	require.Less(t, written, int64(all))
	require.EqualValues(t, written, admin.get("/api/imports/"+id).number("added"))
	admin.post("/api/imports/"+id+"/apply", nil).is(http.StatusOK)
	p.eventually("the rest", func() bool { return admin.get("/api/imports/"+id).text("state") == "applied" })
	require.EqualValues(t, all, one[int64](p, `SELECT count(*) FROM accounts`))
	require.EqualValues(t, all, admin.get("/api/imports/"+id).number("added"))
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
	rows := admin.exported("accounts", "")
	require.Len(t, rows, 5)
	for _, cells := range rows {
		for _, v := range cells {
			if v != "" {
				require.NotContains(t, "=+-@", v[:1], v)
			}
		}
	}
	require.Empty(t, p.staff(gd, gd.Shenzhen, "city_admin").get("/api/accounts").all("items", "id"))
	rows = p.staff(gd, gd.Shenzhen, "city_admin").exported("accounts", "")
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
