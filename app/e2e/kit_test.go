// Package e2e drives the whole portal over HTTP: journeys, walls, and what
// people do to walls. Every test has a database and a portal of its own.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app"
	"ecoport/app/config"
	"ecoport/app/demo"
	"ecoport/app/migrations"
	"ecoport/app/platform/pg/pgtest"
	"ecoport/app/web"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	flag.Parse()
	level := slog.LevelError
	if testing.Verbose() {
		level = slog.LevelWarn
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	os.Exit(m.Run())
}

// portal is a running portal over a database of its own.
type portal struct {
	*testing.T
	*app.App
	base   string
	config config.Config
	super  *pgx.Conn
	mu     sync.Mutex // the superuser's connection takes one statement at a time
}

func settings(owner string) (config.Config, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return config.Config{}, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	c := config.Config{
		Host: "127.0.0.1", Port: port, BaseURL: "http://127.0.0.1:" + port, OwnerURL: owner, PoolSize: 20,
		S3Endpoint: os.Getenv("TEST_S3_ENDPOINT"), S3AccessKey: os.Getenv("TEST_S3_ACCESS_KEY"), S3SecretKey: os.Getenv("TEST_S3_SECRET_KEY"), S3Region: os.Getenv("TEST_S3_REGION"), S3Bucket: "e2e",
		SecondFactor: "optional",
	}
	return c, l.Close()
}

// run starts the portal and returns how to stop it.
func run(ctx context.Context, owner string, change ...func(*config.Config)) (*app.App, config.Config, func() error, error) {
	c, err := settings(owner)
	if err != nil {
		return nil, c, nil, err
	}
	for _, f := range change {
		f(&c)
	}
	a, err := app.New(ctx, c)
	if err != nil {
		return nil, c, nil, err
	}
	return start(ctx, a, c)
}

func start(ctx context.Context, a *app.App, c config.Config) (*app.App, config.Config, func() error, error) {
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(running) }()
	for deadline := time.Now().Add(20 * time.Second); ; {
		res, err := http.Get(c.BaseURL + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		select {
		case err := <-ended:
			stop()
			return nil, c, nil, fmt.Errorf("the portal ended at once: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			stop()
			return nil, c, nil, fmt.Errorf("the portal does not answer")
		}
	}
	return a, c, func() error { stop(); return <-ended }, nil
}

// loadDemo makes the template all demo tests copy: migrated, small demo
// province loaded, its jobs done.
func loadDemo(ctx context.Context, owner string) error {
	c, err := settings(owner)
	if err != nil {
		return err
	}
	if err := migrations.Up(ctx, owner); err != nil {
		return err
	}
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	if err := a.LoadDemo(ctx, demo.Small); err != nil {
		return err
	}
	_, _, stop, err := start(ctx, a, c)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for n := 1; n > 0; time.Sleep(50 * time.Millisecond) {
		if err := conn.QueryRow(ctx, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')`).Scan(&n); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return stop()
}

func open(t *testing.T, owner string, change ...func(*config.Config)) *portal {
	t.Helper()
	a, c, stop, err := run(context.Background(), owner, change...)
	require.NoError(t, err)
	p := &portal{T: t, App: a, base: c.BaseURL, config: c}
	p.super, err = pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.super.Close(context.Background())
		if err := stop(); err != nil {
			t.Errorf("the portal did not stop cleanly: %v", err)
		}
	})
	return p
}

// withDemo is a portal with the small demo province.
func withDemo(t *testing.T) *portal {
	t.Helper()
	p := open(t, pgtest.Database(t, "demo", migrations.Version(), loadDemo))
	p.Server.Demo(demo.Logins)
	return p
}

// withStaff is a portal with two small provinces and nothing done in them.
func withStaff(t *testing.T, change ...func(*config.Config)) (*portal, *tenantstest.Province, *tenantstest.Province) {
	t.Helper()
	p := open(t, pgtest.Database(t, "portal", migrations.Version(), migrations.Up), change...)
	return p, tenantstest.Fill(t, p.Services.DB, p.Services.Tenants, "GD"), tenantstest.Fill(t, p.Services.DB, p.Services.Tenants, "HN")
}

func (p *portal) exec(sql string, args ...any) int64 {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	tag, err := p.super.Exec(p.Context(), sql, args...)
	require.NoError(p, err)
	return tag.RowsAffected()
}

func one[T any](p *portal, sql string, args ...any) (out T) {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NoError(p, p.super.QueryRow(p.Context(), sql, args...).Scan(&out), sql)
	return out
}

func many[T any](p *portal, sql string, args ...any) []T {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	rows, err := p.super.Query(p.Context(), sql, args...)
	require.NoError(p, err, sql)
	out, err := pgx.CollectRows(rows, pgx.RowTo[T])
	require.NoError(p, err, sql)
	return out
}

// person is a browser: cookies and the header our own screens send.
type person struct {
	p      *portal
	name   string
	jar    *cookiejar.Jar
	client *http.Client
	header http.Header
}

func (p *portal) visitor(name string) *person {
	jar, err := cookiejar.New(nil)
	require.NoError(p, err)
	return &person{p: p, name: name, jar: jar, client: &http.Client{Jar: jar, Timeout: 40 * time.Second}, header: http.Header{"X-Portal": {"1"}}}
}

func (p *portal) signIn(email, password string) *person {
	p.Helper()
	who := p.visitor(email)
	who.post("/api/session", map[string]any{"email": email, "password": password}).is(http.StatusOK)
	return who
}

// staff signs in somebody of the small world.
func (p *portal) staff(_ *tenantstest.Province, t tenants.Tenant, role string) *person {
	p.Helper()
	return p.signIn(tenantstest.Email(t, role), tenantstest.Password)
}

// tour signs in a demo login.
func (p *portal) tour(email string) *person {
	p.Helper()
	return p.signIn(email, demo.Password)
}

func (u *person) cookie(name string) string {
	at, err := url.Parse(u.p.base + "/api/session")
	require.NoError(u.p, err)
	for _, c := range u.jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// answer of one request.
type answer struct {
	t      testing.TB
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// do sends a request; a string body goes as it is, anything else as JSON.
func (u *person) do(method, path string, body any, header ...string) answer {
	u.p.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(u.p, err)
		r = bytes.NewReader(raw)
	}
	q, err := http.NewRequest(method, u.p.base+path, r)
	require.NoError(u.p, err)
	if r != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if method != http.MethodGet {
		q.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for k, v := range u.header {
		q.Header[k] = v
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			q.Header.Del(header[i])
		}
	}
	res, err := u.client.Do(q)
	require.NoError(u.p, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(u.p, err)
	return answer{u.p, u.name + ": " + method + " " + path, res.StatusCode, res.Header, raw}
}

func (u *person) get(path string) answer { u.p.Helper(); return u.do(http.MethodGet, path, nil) }
func (u *person) post(path string, body any, header ...string) answer {
	u.p.Helper()
	return u.do(http.MethodPost, path, body, header...)
}

func (u *person) put(path string, body any) answer {
	u.p.Helper()
	return u.do(http.MethodPut, path, body)
}

// is insists on a status and, for a refusal, on problem+json with this code.
func (a answer) is(status int, code ...string) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, "%s: %s", a.what, a.Body)
	if status >= 400 && len(a.Body) > 0 {
		require.Equal(a.t, "application/problem+json", a.Header.Get("Content-Type"), a.what)
	}
	for _, c := range code {
		require.Equal(a.t, "/problems/"+c, a.text("type"), "%s: %s", a.what, a.Body)
	}
	return a
}

// at finds a value by its path: items.0.id.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any
	require.NoError(a.t, json.Unmarshal(a.Body, &v), "%s: %s", a.what, a.Body)
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			n, err := strconv.Atoi(step)
			require.NoError(a.t, err, "%s: %s", a.what, path)
			require.Less(a.t, n, len(x), "%s: %s in %s", a.what, path, a.Body)
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path string) string { a.t.Helper(); s, _ := a.at(path).(string); return s }
func (a answer) number(path string) float64 {
	a.t.Helper()
	n, ok := a.at(path).(float64)
	require.True(a.t, ok, "%s: %s is no number in %s", a.what, path, a.Body)
	return n
}

// all collects one field over a list.
func (a answer) all(list, field string) []string {
	a.t.Helper()
	items, _ := a.at(list).([]any)
	out := []string{}
	for _, i := range items {
		if m, ok := i.(map[string]any); ok {
			out = append(out, fmt.Sprint(m[field]))
		}
	}
	return out
}

// actions of the record, or of a part of it.
func (a answer) actions(part ...string) []string {
	a.t.Helper()
	out := []string{}
	list, _ := a.at(strings.Join(append(part, "actions"), ".")).([]any)
	for _, x := range list {
		out = append(out, fmt.Sprint(x))
	}
	return out
}

// same compares two answers but for the number of the request.
func same(t testing.TB, what string, a, b answer) {
	t.Helper()
	strip := func(x answer) string {
		var m map[string]any
		if json.Unmarshal(x.Body, &m) != nil {
			return string(x.Body)
		}
		delete(m, "request_id")
		raw, _ := json.Marshal(m)
		return string(raw)
	}
	require.Equal(t, b.Status, a.Status, "%s: %s\n%s", what, a.Body, b.Body)
	require.Equal(t, strip(b), strip(a), what)
	for _, h := range []http.Header{a.Header, b.Header} {
		h.Del("X-Request-Id")
		h.Del("Date")
		h.Del("Content-Length")
	}
	require.Equal(t, b.Header, a.Header, what)
}

// eventually waits for what a job does; as long as a busy machine may take.
func (p *portal) eventually(what string, ok func() bool) {
	p.Helper()
	for deadline := time.Now().Add(90 * time.Second); !ok(); time.Sleep(30 * time.Millisecond) {
		require.True(p, time.Now().Before(deadline), "waited in vain: %s", what)
	}
}

var pdf = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// upload puts a file the way a browser does: announced to the portal, sent
// straight to the store, completed at the portal.
func (u *person) upload(purpose, name, mediaType string, content []byte) string {
	u.p.Helper()
	sum := sha256.Sum256(content)
	a := u.post("/api/files", map[string]any{"purpose": purpose, "name": name, "media_type": mediaType, "size": len(content), "sha256": base64.StdEncoding.EncodeToString(sum[:])}).is(http.StatusOK)
	q, err := http.NewRequest(http.MethodPut, a.text("url"), bytes.NewReader(content))
	require.NoError(u.p, err)
	headers, _ := a.at("headers").(map[string]any)
	for k, v := range headers {
		q.Header.Set(k, fmt.Sprint(v))
	}
	q.ContentLength = int64(len(content))
	res, err := http.DefaultClient.Do(q)
	require.NoError(u.p, err)
	defer res.Body.Close()
	said, _ := io.ReadAll(res.Body)
	require.Equal(u.p, http.StatusOK, res.StatusCode, "the store: %s", said)
	id := a.text("file.id")
	done := u.post("/api/files/"+id+"/complete", nil).is(http.StatusOK)
	require.Equal(u.p, "stored", done.text("state"))
	return id
}

// fill puts values for the parameters of a route's path.
func fill(path string, ids ...string) string {
	values := map[string]string{"id": uuid.NewString(), "sub": uuid.NewString(), "token": "nothing", "number": "C0", "month": "2001-01"}
	for i, name := range []string{"id", "sub"} {
		if i < len(ids) {
			values[name] = ids[i]
		}
	}
	for name, v := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", v)
	}
	return path
}

var described = sync.OnceValue(func() map[string]any {
	raw, err := web.OpenAPI()
	if err != nil {
		panic(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		panic(err)
	}
	return doc
})

// sample makes the smallest body the description of a route allows; nil when
// it takes none.
func sample(r web.Row) any {
	op, _ := described()["paths"].(map[string]any)[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
	body, ok := op["requestBody"].(map[string]any)
	if !ok {
		return nil
	}
	return example(body["content"].(map[string]any)["application/json"].(map[string]any)["schema"].(map[string]any))
}

func example(s map[string]any) any {
	if ref, ok := s["$ref"].(string); ok {
		name := ref[strings.LastIndex(ref, "/")+1:]
		return example(described()["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any))
	}
	if choices, ok := s["enum"].([]any); ok {
		return choices[0]
	}
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].([]any); ok {
		kind, _ = kinds[0].(string)
	}
	least := func(key string) int { n, _ := s[key].(float64); return int(n) }
	switch kind {
	case "object":
		out := map[string]any{}
		properties, _ := s["properties"].(map[string]any)
		required, _ := s["required"].([]any)
		for _, name := range required {
			out[name.(string)] = example(properties[name.(string)].(map[string]any))
		}
		return out
	case "array":
		out := []any{}
		for range least("minItems") {
			out = append(out, example(s["items"].(map[string]any)))
		}
		return out
	case "integer", "number":
		return least("minimum")
	case "boolean":
		return false
	}
	switch s["format"] {
	case "uuid":
		return uuid.NewString()
	case "date":
		return "2026-01-01"
	case "date-time":
		return "2026-01-01T00:00:00Z"
	}
	return strings.Repeat("甲", max(least("minLength"), 1))
}

// listen opens the person's event stream, and returns what it has said since
// it was asked last.
func (p *portal) listen(u *person) (heard func() string) {
	p.Helper()
	q, err := http.NewRequestWithContext(p.Context(), http.MethodGet, p.base+"/api/events", nil)
	require.NoError(p, err)
	q.Header.Set("Cookie", "portal_access="+u.cookie("portal_access"))
	res, err := http.DefaultClient.Do(q)
	require.NoError(p, err)
	p.Cleanup(func() { res.Body.Close() })
	lines := make(chan string, 1000)
	go func() {
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return func() string {
		var out []string
		for {
			select {
			case l := <-lines:
				out = append(out, l)
			default:
				return strings.Join(out, "\n")
			}
		}
	}
}
