// Package bench measures the portal against a floor in the same run: the same
// question asked of the same database by the bare driver behind a bare HTTP
// handler. It prints one line a figure and the same as JSON.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"ecoport/app"
	"ecoport/app/config"
	"ecoport/app/demo"
)

// Figure is one line of the report. Times are milliseconds, memory megabytes.
type Figure struct {
	Name      string  `json:"name"`
	Ours      float64 `json:"ours"`
	Reference float64 `json:"reference"`
	Ratio     float64 `json:"ratio"`
	Budget    float64 `json:"budget"`   // most the ratio may be; with no reference, most ours may be
	Absolute  bool    `json:"absolute"` // the budget is about ours, the reference is context
	Unit      string  `json:"unit"`
	OK        bool    `json:"ok"`
}

// Options of a run.
type Options struct {
	Accounts int // of the province; 20 000 unless told
	Import   int // rows of the sheets that are imported
	Export   int // rows of the workbook that is exported
	Offers   int
	Events   int // of the month that is settled
	Requests int // of each figure
	Streams  int // event streams held open
	Rate     int // requests a second beside them
	For      time.Duration
	Only     string // steps to take, by name; all when empty
	JSON     string
}

type runner struct {
	Options
	config   config.Config
	app      *app.App // for what is measured without HTTP; it does not serve
	server   int      // process id of the portal
	base     string
	floor    string
	clients  map[string]*http.Client
	pool     *pgxpool.Pool
	province string
	figures  []Figure
	small    []float64 // pages of the first accounts, for growth
	out      io.Writer
}

// Run loads a province of the size asked for into an empty database and
// measures. The address in c must be the owner's: the floor needs no walls.
func Run(ctx context.Context, c config.Config, o Options, out io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.Port = fmt.Sprint(listener.Addr().(*net.TCPAddr).Port)
	if err := listener.Close(); err != nil {
		return err
	}
	c.BaseURL = "http://127.0.0.1:" + c.Port
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	r := &runner{Options: o, config: c, app: a, base: c.BaseURL, clients: map[string]*http.Client{}, out: out}
	if r.pool, err = pgxpool.New(ctx, c.OwnerURL); err != nil {
		return err
	}
	defer r.pool.Close()
	if err := r.load(ctx); err != nil {
		return err
	}
	stop, err := r.serve(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for _, email := range people {
		if err := r.signIn(ctx, email); err != nil {
			return err
		}
	}
	closeFloor, err := r.serveFloor(ctx)
	if err != nil {
		return err
	}
	defer closeFloor()
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"decisions", r.decisions},
		{"explanations", r.explanations},
		{"dossier", r.dossier},
		{"sales", r.sales},
		{"settlement", r.settlement},
		{"usage", r.usage},
		{"catalogue", r.catalogue},
		{"search", r.search},
		{"accounts", r.accounts},
		{"grow", r.grow},
		{"exports", r.exports},
		{"imports", r.imports},
		{"uploads", r.uploads},
		{"crowd", r.crowd},
	} {
		if r.Only != "" && !slices.Contains(strings.Split(r.Only, ","), step.name) {
			continue
		}
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	if r.JSON == "" {
		return nil
	}
	b, err := json.MarshalIndent(r.figures, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(r.JSON, append(b, '\n'), 0o600)
}

// people whose pages are measured.
var people = []string{"product@gd.example", "product.4401@gd.example", "channel.4401@gd.example", "manager.4401@gd.example", "analyst@gd.example", "agent@p03.example", "industry.4401@gd.example", "admin.4401@gd.example", "admin.4420@gd.example", "settlement@gd.example"}

// load makes the province and fills the marketplace up with copies of what the
// demo put on sale; a database that an earlier run left is taken as it is.
func (r *runner) load(ctx context.Context) error {
	var known bool
	if err := r.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM tenants)`).Scan(&known); err != nil {
		return err
	}
	size := demo.Full
	size.Accounts = min(r.Accounts, firstAccounts)
	if !known {
		if err := r.app.LoadDemo(ctx, size); err != nil {
			return err
		}
	}
	if err := r.pool.QueryRow(ctx, `SELECT id::text FROM tenants WHERE kind = 'province'`).Scan(&r.province); err != nil || known {
		return err
	}
	for _, sql := range []string{
		`ALTER TABLE offers DROP CONSTRAINT offers_listing`,
		fmt.Sprintf(`INSERT INTO offers SELECT province_id, gen_random_uuid(), org_path, scope, scope_name, gen_random_uuid(), version_id, supplier_id, supplier_name, supplier_tier,
			name || '·' || n, summary, industry, category, family, semver, certified, from_fen + n, (n * 7) %% 900, live_at - n * interval '1 minute', content
			FROM (SELECT o.*, row_number() OVER () AS k, count(*) OVER () AS c FROM offers o) o, generate_series(1, %d) n WHERE n %% c = k - 1`, r.Offers),
		`INSERT INTO offer_words SELECT o.province_id, o.id, o.org_path, w.words FROM offers o JOIN offers s ON s.name = split_part(o.name, '·', 1) || '·' || split_part(o.name, '·', 2)
			JOIN offer_words w ON w.offer_id = s.id ON CONFLICT DO NOTHING`,
		`ANALYZE`,
	} {
		if _, err := r.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) signIn(ctx context.Context, email string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, demo.Password)
	for try := 0; ; try++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/api/session", strings.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Portal", "1")
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return fmt.Errorf("bench: sign-in of %s answered %d", email, res.StatusCode)
			}
			r.clients[email] = client
			return nil
		}
		if try == 50 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// timed asks n times and returns sorted milliseconds.
func (r *runner) timed(ctx context.Context, client *http.Client, address string) ([]float64, error) {
	out := make([]float64, 0, r.Requests)
	for i := range r.Requests + 5 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		started := time.Now()
		res, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("bench: %s answered %d", address, res.StatusCode)
		}
		if i >= 5 { // the first ones warm both sides up
			out = append(out, float64(time.Since(started).Microseconds())/1000)
		}
	}
	slices.Sort(out)
	return out, nil
}

// plainClient asks the floor.
var plainClient = http.DefaultClient

func median(ms []float64) float64 { return ms[len(ms)/2] }

// against compares one of our pages with its floor, in one run.
func (r *runner) against(ctx context.Context, name, email, path, floor string, budget float64) error {
	ours, err := r.timed(ctx, r.clients[email], r.base+path)
	if err != nil {
		return err
	}
	reference, err := r.timed(ctx, plainClient, r.floor+floor)
	if err != nil {
		return err
	}
	r.add(Figure{Name: name, Ours: median(ours), Reference: median(reference), Ratio: median(ours) / median(reference), Budget: budget, Unit: "ms p50"})
	return nil
}

func (r *runner) add(f Figure) {
	if f.Reference > 0 && f.Ratio == 0 {
		f.Ratio = f.Ours / f.Reference
	}
	if f.Reference > 0 && !f.Absolute {
		f.OK = f.Ratio <= f.Budget
	} else {
		f.OK = f.Ours <= f.Budget
	}
	word := "ok"
	if !f.OK {
		word = "over"
	}
	fmt.Fprintf(r.out, "%-46s %9.2f %9.2f %7.2f %8.2f  %-5s %s\n", f.Name, f.Ours, f.Reference, f.Ratio, f.Budget, word, f.Unit)
	r.figures = append(r.figures, f)
}

// The floor's questions: what a careful programmer would ask by hand, with the
// filter written out and no walls.
const (
	floorScopes  = `province_id = $1 AND org_path = ANY ($2)`
	floorPage    = `SELECT * FROM offers o WHERE o.` + floorScopes + ` AND NOT EXISTS (SELECT 1 FROM offers w WHERE w.province_id = o.province_id AND w.solution_id = o.solution_id AND w.org_path = ANY ($2) AND (length(w.org_path), w.id) < (length(o.org_path), o.id))`
	floorAccount = `SELECT * FROM accounts WHERE province_id = $1 AND org_path >= $2 AND org_path < $3 AND merged_into IS NULL`
)

func (r *runner) serveFloor(ctx context.Context) (func(), error) {
	f := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	answer := func(c *fiber.Ctx, queries ...query) error {
		out := make([]any, len(queries))
		batch := &pgx.Batch{}
		for _, q := range queries {
			batch.Queue(q.sql, q.args...)
		}
		results := r.pool.SendBatch(ctx, batch)
		defer results.Close()
		for i := range queries {
			rows, err := results.Query()
			if err != nil {
				return err
			}
			if out[i], err = pgx.CollectRows(rows, pgx.RowToMap); err != nil {
				return err
			}
		}
		return c.JSON(out)
	}
	scopes := []string{"GD/", "GD/4401/"}
	market := func(where string, args ...any) func(*fiber.Ctx) error {
		return func(c *fiber.Ctx) error {
			all := append([]any{r.province, scopes}, args...)
			facet := func(column string) query {
				return query{`SELECT ` + column + `, count(DISTINCT solution_id) FROM offers o WHERE ` + floorScopes + where + ` GROUP BY 1 ORDER BY 2 DESC`, all}
			}
			return answer(c, query{`SELECT count(DISTINCT solution_id) FROM offers o WHERE ` + floorScopes + where, all}, facet("industry"), facet("category"), facet("scope = 'province'"),
				query{floorPage + where + ` ORDER BY accounts DESC, id DESC LIMIT 21`, all})
		}
	}
	f.Get("/market", market(` AND industry = $3`, "education"))
	f.Get("/search", market(` AND o.id IN (SELECT offer_id FROM offer_words WHERE `+floorScopes+` AND words @> $3)`, []string{"校讯"}))
	accounts := func(from, to, more string) func(*fiber.Ctx) error {
		return func(c *fiber.Ctx) error {
			args := []any{r.province, from, to}
			return answer(c, query{`SELECT count(*) FROM (` + strings.Replace(floorAccount, "*", "1", 1) + more + ` LIMIT 10001) x`, args}, query{floorAccount + more + ` ORDER BY name, id LIMIT 21`, args})
		}
	}
	f.Get("/accounts/province", accounts("GD/", "GD0", ""))
	f.Get("/accounts/city", accounts("GD/4401/", "GD/44010", ""))
	f.Get("/accounts/one", func(c *fiber.Ctx) error {
		return answer(c, query{`SELECT * FROM accounts WHERE province_id = $1 AND id = $2`, []any{r.province, c.Query("id")}})
	})
	f.Get("/accounts/partner", func(c *fiber.Ctx) error {
		const mine = ` FROM account_grants WHERE province_id = $1 AND partner_id = (SELECT tenant_id FROM memberships WHERE email = 'agent@p03.example') AND ended_at IS NULL AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())`
		return answer(c, query{`SELECT count(DISTINCT account_id)` + mine, []any{r.province}}, query{`SELECT DISTINCT ON (name, account_id) *` + mine + ` ORDER BY name, account_id, ends_at DESC NULLS FIRST LIMIT 21`, []any{r.province}})
	})
	f.Get("/accounts/manager", func(c *fiber.Ctx) error {
		return accounts("GD/4401/", "GD/44010", " AND (owner_id = (SELECT id FROM memberships WHERE email = 'manager.4401@gd.example') OR owner_id IS NULL)")(c)
	})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.floor = "http://" + listener.Addr().String()
	go f.Listener(listener) //nolint:errcheck // ends with Shutdown
	return func() { _ = f.Shutdown() }, nil
}

type query struct {
	sql  string
	args []any
}

func (r *runner) catalogue(ctx context.Context) error {
	return r.against(ctx, fmt.Sprintf("catalogue page, 20 of %d offers", r.Offers), "product.4401@gd.example", "/api/marketplace?industry=education", "/market", 1.5)
}

func (r *runner) search(ctx context.Context) error {
	return r.against(ctx, "search, two Chinese characters", "product.4401@gd.example", "/api/marketplace?q=%E6%A0%A1%E8%AE%AF", "/search", 1.5)
}

// serve starts the portal in a process of its own and looks at it from outside.
func (r *runner) serve(ctx context.Context) (stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := r.config
	cmd := exec.CommandContext(ctx, self, "serve")
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "PORT="+c.Port, "BASE_URL=", "DATABASE_URL="+c.OwnerURL, "S3_ENDPOINT="+c.S3Endpoint, "S3_ACCESS_KEY="+c.S3AccessKey, "S3_SECRET_KEY="+c.S3SecretKey, "S3_REGION="+c.S3Region)
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/readyz", nil)
		if err != nil {
			stop()
			return nil, err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Since(started) > 20*time.Second {
			stop()
			return nil, fmt.Errorf("bench: the portal did not start: %w", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.server = cmd.Process.Pid
	r.add(Figure{Name: "cold start, database up", Ours: float64(time.Since(started).Milliseconds()), Budget: 1000, Unit: "ms"})
	time.Sleep(2 * time.Second)
	r.add(Figure{Name: "idle memory", Ours: resident(r.server), Budget: 120, Unit: "MB resident"})
	return stop, nil
}
