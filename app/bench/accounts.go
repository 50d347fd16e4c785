package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/sheet"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// firstAccounts is how many accounts the demo makes at most; the rest are
// copies, so that growth can be seen.
const firstAccounts = 40_000

// views are the account pages of every kind of role.
var views = []struct{ name, email, floor string }{
	{"province", "analyst@gd.example", "/accounts/province"},
	{"city", "channel.4401@gd.example", "/accounts/city"},
	{"industry manager", "industry.4401@gd.example", "/accounts/city"},
	{"account manager", "manager.4401@gd.example", "/accounts/manager"},
	{"partner", "agent@p03.example", "/accounts/partner"},
}

func (r *runner) accounts(ctx context.Context) error {
	n := min(r.Accounts, firstAccounts)
	for _, v := range views {
		if err := r.against(ctx, fmt.Sprintf("account page of %d, %s", n, v.name), v.email, "/api/accounts", v.floor, 2); err != nil {
			return err
		}
		r.small = append(r.small, r.figures[len(r.figures)-1].Ours)
	}
	return nil
}

// grow copies the accounts up to the size asked for and looks at the same
// pages again.
func (r *runner) grow(ctx context.Context) error {
	if r.Accounts <= firstAccounts {
		return nil
	}
	times := r.Accounts/firstAccounts - 1
	for _, sql := range []string{
		fmt.Sprintf(`INSERT INTO accounts SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'name', a.name || n, 'credit_code', left(a.credit_code, 12) || lpad(to_hex(n), 2, '0') || right(a.credit_code, 4)))).*
			FROM accounts a, generate_series(1, %d) n ON CONFLICT DO NOTHING`, times),
		`INSERT INTO account_words SELECT a.province_id, a.id, a.org_path, o.words FROM accounts a JOIN (SELECT DISTINCT ON (s.name) s.name, w.words FROM accounts s JOIN account_words w ON w.account_id = s.id) o ON o.name = rtrim(a.name, '0123456789')
			ON CONFLICT DO NOTHING`,
		`VACUUM ANALYZE accounts`, `ANALYZE account_words`,
	} {
		if _, err := r.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var n int
	if err := r.pool.QueryRow(ctx, `SELECT count(*) FROM accounts`).Scan(&n); err != nil {
		return err
	}
	for i, v := range views {
		if err := r.against(ctx, fmt.Sprintf("account page of %d, %s", n, v.name), v.email, "/api/accounts", v.floor, 2); err != nil {
			return err
		}
		now := r.figures[len(r.figures)-1].Ours
		r.add(Figure{Name: fmt.Sprintf("growth %d to %d, %s", firstAccounts, n, v.name), Ours: now, Reference: r.small[i], Ratio: now / r.small[i], Budget: 1.2, Unit: "ms p50"})
	}
	return nil
}

// row of a customer of a city; n makes it another one.
func customer(n int, district string) []any {
	body := fmt.Sprintf("91%sMA%07d", district[:6], n)
	return []any{
		fmt.Sprintf("量测宏达%d贸易有限公司", n), body + tenants.CreditCodeCheck(body), "企业", "B1", "中小企业", district, "否", "3", "120", "100", "80", "900", "12",
		fmt.Sprintf("天河路 %d 号", n), "陈晓琳", fmt.Sprint(13_800_000_000 + n), fmt.Sprintf("a%d@b.example", n),
	}
}

// imports measures a dry run and its writing against a COPY of the same rows
// into a table with the same indexes.
func (r *runner) imports(ctx context.Context) error {
	if r.Import == 0 {
		return nil
	}
	var district string
	if err := r.pool.QueryRow(ctx, `SELECT min(code) FROM districts WHERE city_code = '4420'`).Scan(&district); err != nil {
		return err
	}
	header := account.ImportHeader()[:17]
	for k, kind := range []string{"xlsx", "csv"} {
		serial := 1_000_000 * (k + 1)
		at := 0
		next := func() ([]any, error) {
			if at++; at > r.Import {
				return nil, nil
			}
			return customer(serial+at, district), nil
		}
		var content bytes.Buffer
		mediaType := "text/csv"
		if kind == "xlsx" {
			mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			if err := sheet.Write(&content, "Sheet", header, next); err != nil {
				return err
			}
		} else {
			content.WriteString(strings.Join(header, ",") + "\n")
			for row, _ := next(); row != nil; row, _ = next() {
				for i, v := range row {
					if i > 0 {
						content.WriteByte(',')
					}
					fmt.Fprint(&content, v)
				}
				content.WriteByte('\n')
			}
		}
		file, err := r.upload(ctx, "admin.4420@gd.example", "account_import", "bench."+kind, mediaType, content.Bytes())
		if err != nil {
			return err
		}
		content = bytes.Buffer{}
		if err := r.idle(ctx); err != nil {
			return err
		}
		peak := watch(r.server)
		started := time.Now()
		id, err := r.imported(ctx, file)
		ours := time.Since(started)
		if err != nil {
			return err
		}
		top := peak()
		reference, err := r.copied(ctx, id)
		if err != nil {
			return err
		}
		r.add(Figure{Name: fmt.Sprintf("import %d %s", r.Import, kind), Ours: ours.Seconds() * 1000, Reference: reference.Seconds() * 1000, Ratio: ours.Seconds() / reference.Seconds(), Budget: 6, Unit: "ms, dry run + commit vs COPY"})
		r.add(Figure{Name: fmt.Sprintf("memory while importing %d %s", r.Import, kind), Ours: top, Budget: 300, Unit: "MB resident at most"})
	}
	return nil
}

// imported runs an import from the uploaded file to its end.
func (r *runner) imported(ctx context.Context, file string) (string, error) {
	const who = "admin.4420@gd.example"
	var run struct{ ID, State string }
	if err := r.call(ctx, who, http.MethodPost, "/api/imports", map[string]any{"file_id": file}, &run); err != nil {
		return "", err
	}
	wait := func(busy string) error {
		for {
			if err := r.call(ctx, who, http.MethodGet, "/api/imports/"+run.ID, nil, &run); err != nil {
				return err
			}
			if run.State != busy {
				return nil
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	if err := wait("checking"); err != nil {
		return "", err
	}
	if err := r.call(ctx, who, http.MethodPost, "/api/imports/"+run.ID+"/apply", nil, &run); err != nil {
		return "", err
	}
	if err := wait("applying"); err != nil {
		return "", err
	}
	var n int
	var bad string
	if err := r.pool.QueryRow(ctx, `SELECT added, left(bad::text, 400) FROM imports WHERE id = $1`, run.ID).Scan(&n, &bad); err != nil {
		return "", err
	}
	if run.State != "applied" || n != r.Import {
		return "", fmt.Errorf("bench: the import ended %s with %d of %d rows: %s", run.State, n, r.Import, bad)
	}
	return run.ID, nil
}

// copied copies the rows an import wrote into a table like the accounts'.
func (r *runner) copied(ctx context.Context, id string) (time.Duration, error) {
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	for _, sql := range []string{`DROP TABLE IF EXISTS bench_accounts`, `CREATE TABLE bench_accounts (LIKE accounts INCLUDING ALL)`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	var text bytes.Buffer
	if _, err := conn.Conn().PgConn().CopyTo(ctx, &text, `COPY (SELECT a.* FROM accounts a JOIN import_rows r ON r.account_id = a.id WHERE r.import_id = '`+uuid.MustParse(id).String()+`') TO STDOUT`); err != nil {
		return 0, err
	}
	started := time.Now()
	_, err = conn.Conn().PgConn().CopyFrom(ctx, &text, `COPY bench_accounts FROM STDIN`)
	took := time.Since(started)
	if err == nil {
		_, err = conn.Exec(ctx, `DROP TABLE bench_accounts`)
	}
	return took, err
}

// exports measures a workbook made by a job against the streamed writer alone,
// given the same rows.
func (r *runner) exports(ctx context.Context) error {
	const who = "analyst@gd.example"
	if r.Export == 0 {
		return nil
	}
	// The whole province, or the city that has about so many accounts.
	var query, city string
	var n int
	if err := r.pool.QueryRow(ctx, `SELECT count(*) FROM accounts WHERE merged_into IS NULL`).Scan(&n); err != nil {
		return err
	}
	if n > r.Export {
		if err := r.pool.QueryRow(ctx, `SELECT city_code, count(*) FROM accounts WHERE merged_into IS NULL GROUP BY 1 ORDER BY abs(count(*) - $1) LIMIT 1`, r.Export).Scan(&city, &n); err != nil {
			return err
		}
		query = "city=" + city
	}
	if err := r.idle(ctx); err != nil {
		return err
	}
	peak := watch(r.server)
	started := time.Now()
	var x struct {
		ID, State string
		Rows      int
	}
	if err := r.call(ctx, who, http.MethodPost, "/api/exports", map[string]any{"list": "accounts", "query": query}, &x); err != nil {
		return err
	}
	for x.State == "queued" || x.State == "running" {
		time.Sleep(50 * time.Millisecond)
		if err := r.call(ctx, who, http.MethodGet, "/api/exports/"+x.ID, nil, &x); err != nil {
			return err
		}
	}
	ours, top := time.Since(started), peak()
	if x.State != "done" || x.Rows != n {
		return fmt.Errorf("bench: the export ended %s with %d of %d rows", x.State, x.Rows, n)
	}
	rows, err := r.pool.Query(ctx, `SELECT name, credit_code, kind, tier, industry, city_code, district_code, owner_name, contact_name, contact_phone, quality, updated_at::date::text FROM accounts WHERE merged_into IS NULL AND ($1 = '' OR city_code = $1)`, city)
	if err != nil {
		return err
	}
	all := make([][]any, 0, n)
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	at := 0
	started = time.Now()
	err = sheet.Write(io.Discard, "Sheet", make([]string, 12), func() ([]any, error) {
		if at++; at > len(all) {
			return nil, nil
		}
		return all[at-1], nil
	})
	reference := time.Since(started)
	r.add(Figure{Name: fmt.Sprintf("export %d rows", n), Ours: ours.Seconds() * 1000, Reference: reference.Seconds() * 1000, Ratio: ours.Seconds() / reference.Seconds(), Budget: 2, Unit: "ms vs streamed writer alone"})
	r.add(Figure{Name: "memory while exporting", Ours: top, Budget: 200, Unit: "MB resident at most"})
	return err
}

// call asks the portal as somebody.
func (r *runner) call(ctx context.Context, email, method, path string, body, out any) error {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, content)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Portal", "1")
	if method != http.MethodGet {
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	res, err := r.clients[email].Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("bench: %s %s answered %d: %s", method, path, res.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// idle waits for jobs that what came before has left behind.
func (r *runner) idle(ctx context.Context) error {
	for n := 1; n > 0; time.Sleep(100 * time.Millisecond) {
		if err := r.pool.QueryRow(ctx, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')`).Scan(&n); err != nil {
			return err
		}
	}
	return nil
}

// watch follows the memory of a process until it is called again, and says the
// most it took.
func watch(process int) func() float64 {
	stop, most := make(chan struct{}), make(chan float64)
	go func() {
		top := resident(process)
		for {
			select {
			case <-stop:
				most <- top
				return
			case <-time.After(20 * time.Millisecond):
				top = max(top, resident(process))
			}
		}
	}()
	return func() float64 { close(stop); return <-most }
}

// resident memory of a process, in megabytes.
func resident(process int) float64 {
	var pages, size int64
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", process))
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		return 0
	}
	return float64(pages*int64(os.Getpagesize())) / (1 << 20)
}
