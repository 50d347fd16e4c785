package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"ecoport/app/platform/token"
	"ecoport/tenants"
)

// crowdSessions is how many people are signed in; each has several windows
// open.
const crowdSessions = 1000

// crowdLife is how long their sign-in holds: longer than the measuring.
const crowdLife = time.Hour

// crowdPages are what people look at while their streams are open.
var crowdPages = []string{"/api/me", "/api/accounts", "/api/marketplace", "/api/home"}

// crowd holds open event streams of many people and asks for pages at a steady
// rate, whether or not earlier ones are answered.
func (r *runner) crowd(ctx context.Context) error {
	if r.Streams == 0 {
		return nil
	}
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil {
		files.Cur = files.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &files)
	}
	if err := r.idle(ctx); err != nil {
		return err
	}
	tokens, err := r.crowdTokens(ctx)
	if err != nil {
		return err
	}
	var told, lost atomic.Int64
	streams := make([]net.Conn, r.Streams)
	defer func() {
		for _, c := range streams {
			if c != nil {
				_ = c.Close()
			}
		}
	}()
	var closing atomic.Bool
	started := time.Now()
	open, _ := errgroup.WithContext(ctx)
	open.SetLimit(32)
	for i := range streams {
		open.Go(func() error {
			c, first, err := r.openStream(ctx, tokens[i%len(tokens)])
			if err != nil {
				return err
			}
			streams[i] = c
			go func() {
				for {
					line, err := first.ReadSlice('\n')
					if err != nil {
						if !closing.Load() {
							lost.Add(1)
						}
						return
					}
					if strings.HasPrefix(string(line), "data:") {
						told.Add(1)
					}
				}
			}()
			return nil
		})
	}
	if err := open.Wait(); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "  %d streams opened in %.1f s\n", r.Streams, time.Since(started).Seconds())

	// The first seconds, in which connections open and plans are made, do not count.
	r.steady(ctx, tokens, 5*time.Second)
	peak := watch(r.server)
	took, failed := r.steady(ctx, tokens, r.For)
	top := peak()
	closing.Store(true)
	slices.Sort(took)
	at := func(share float64) float64 {
		if len(took) == 0 {
			return 0
		}
		return took[min(int(float64(len(took))*share), len(took)-1)]
	}
	asked := len(took) + failed
	name := fmt.Sprintf("%d streams, %d requests/s", r.Streams, r.Rate)
	fmt.Fprintf(r.out, "  %d asked, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, %d failed, %d streams lost, %d events heard\n", asked, at(0.5), at(0.95), at(0.99), failed, lost.Load(), told.Load())
	r.add(Figure{Name: name, Ours: at(0.95), Budget: 200, Unit: "ms p95"})
	r.add(Figure{Name: name + ", errors", Ours: 100 * float64(int64(failed)+lost.Load()) / float64(max(asked, 1)), Budget: 0.1, Unit: "% of requests, with streams lost"})
	r.add(Figure{Name: name + ", memory", Ours: top, Budget: 1024, Unit: "MB resident at most"})
	return nil
}

// crowdTokens signs people of every kind in, as the portal itself would; all
// may read all that is asked for.
func (r *runner) crowdTokens(ctx context.Context) ([]string, error) {
	seed, err := r.config.Secret("session")
	if err != nil {
		return nil, err
	}
	signer, err := token.NewSigner(seed)
	if err != nil {
		return nil, err
	}
	rows, err := r.pool.Query(ctx, `INSERT INTO sessions (id, user_id, province_id, membership_id, refresh_hash, expires_at)
		SELECT gen_random_uuid(), m.user_id, m.province_id, m.id, sha256(gen_random_uuid()::text::bytea), now() + $2 FROM memberships m, generate_series(1, 100) n
		WHERE m.email = ANY ($3) AND m.state = 'active' AND m.email NOT LIKE 'product@%' ORDER BY n LIMIT $1 RETURNING id, user_id, membership_id`, crowdSessions, crowdLife, people)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	now := time.Now()
	for rows.Next() {
		var session, user, membership uuid.UUID
		if err := rows.Scan(&session, &user, &membership); err != nil {
			return nil, err
		}
		t, err := signer.Issue(user.String(), session.String(), membership.String(), now, now.Add(max(tenants.AccessLife, crowdLife)))
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// openStream asks for events and returns once the answer has begun.
func (r *runner) openStream(ctx context.Context, access string) (net.Conn, *bufio.Reader, error) {
	host := strings.TrimPrefix(r.base, "http://")
	c, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (net.Conn, *bufio.Reader, error) { _ = c.Close(); return nil, nil, err }
	if _, err := fmt.Fprintf(c, "GET /api/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", host, access); err != nil {
		return fail(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	b := bufio.NewReaderSize(c, 1024)
	status, err := b.ReadString('\n')
	if err != nil {
		return fail(err)
	}
	if !strings.Contains(status, " 200 ") {
		return fail(fmt.Errorf("bench: a stream was answered %q", strings.TrimSpace(status)))
	}
	for line := ""; !strings.HasPrefix(line, "retry:"); {
		if line, err = b.ReadString('\n'); err != nil {
			return fail(err)
		}
	}
	return c, b, c.SetReadDeadline(time.Time{})
}

// steady asks at the rate for a while and returns the times of what was
// answered, from when each was due, and how many were not.
func (r *runner) steady(ctx context.Context, tokens []string, long time.Duration) (took []float64, failed int) {
	const wait = 10 * time.Second
	client := &http.Client{Timeout: wait, Transport: &http.Transport{MaxIdleConns: 2000, MaxIdleConnsPerHost: 2000, MaxConnsPerHost: 2000, IdleConnTimeout: time.Minute}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all sync.WaitGroup
	gap := time.Second / time.Duration(r.Rate)
	began := time.Now()
	for i := range int(long/gap) + 1 {
		due := began.Add(time.Duration(i) * gap)
		time.Sleep(time.Until(due))
		all.Go(func() {
			err := func() error {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+crowdPages[i%len(crowdPages)], nil)
				if err != nil {
					return err
				}
				req.Header.Set("Authorization", "Bearer "+tokens[rand.IntN(len(tokens))])
				res, err := client.Do(req)
				if err != nil {
					return err
				}
				defer res.Body.Close()
				if _, err := io.Copy(io.Discard, res.Body); err != nil {
					return err
				}
				if res.StatusCode != http.StatusOK {
					return fmt.Errorf("bench: answered %d", res.StatusCode)
				}
				return nil
			}()
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
				return
			}
			took = append(took, float64(time.Since(due).Microseconds())/1000)
		})
	}
	all.Wait()
	return took, failed
}
