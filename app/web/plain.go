package web

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/common/expfmt"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

var requests = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name: "portal_http_request_seconds", Help: "Time to answer, by route and status class.",
	Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
}, []string{"method", "route", "status"})

// observe names the request, bounds its time, logs and counts it.
func (s *Server) observe(f *fiber.Ctx) error {
	var b [8]byte
	_, _ = rand.Read(b[:])
	id := hex.EncodeToString(b[:])
	f.Locals("request_id", id)
	f.Set("X-Request-Id", id)
	started := time.Now()
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), fiberKey{}, id), 30*time.Second)
	defer cancel()
	f.SetUserContext(ctx)
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		return f.Next()
	}()
	if err != nil {
		_ = s.lastResort(f, err)
	}
	status := f.Response().StatusCode()
	route := f.Route().Path
	requests.WithLabelValues(f.Method(), route, fmt.Sprintf("%dxx", status/100)).Observe(time.Since(started).Seconds())
	if status >= 500 {
		slog.Error("answered", "request_id", id, "method", f.Method(), "route", route, "status", status, "ms", time.Since(started).Milliseconds())
	} else {
		slog.Debug("answered", "request_id", id, "method", f.Method(), "route", route, "status", status, "ms", time.Since(started).Milliseconds())
	}
	return nil
}

// How many requests work at a time, how many may wait for that, and how long.
const (
	atWork  = 8
	inQueue = 1024
	waiting = 5 * time.Second
)

// gate keeps a crowd from making everybody wait until nobody is served: who
// finds the queue full is told at once when to come back.
type gate struct {
	work   chan struct{}
	queued atomic.Int64
}

var errBusy = fault.New(fault.Unavailable, "busy", "现在访问的人太多，请稍后再试。您的内容没有丢失。", "Too many people are asking at this moment. Try again shortly; nothing of yours is lost.")

func (g *gate) pass(f *fiber.Ctx) error {
	if !strings.HasPrefix(f.Path(), "/api/") || f.Path() == "/api/events" {
		return f.Next()
	}
	select {
	case g.work <- struct{}{}:
	default:
		if !g.wait() {
			e := *errBusy
			e.RetryAfter = 1
			return refusePlain(f, context.WithValue(f.UserContext(), localeKey{}, localeFrom(f)), &e)
		}
	}
	defer func() { <-g.work }()
	return f.Next()
}

func (g *gate) wait() bool {
	if g.queued.Add(1) > inQueue {
		g.queued.Add(-1)
		return false
	}
	defer g.queued.Add(-1)
	late := time.NewTimer(waiting)
	defer late.Stop()
	select {
	case g.work <- struct{}{}:
		return true
	case <-late.C:
		return false
	}
}

// headers that every answer carries.
func (s *Server) headers(f *fiber.Ctx) error {
	f.Set("X-Content-Type-Options", "nosniff")
	f.Set("Referrer-Policy", "same-origin")
	f.Set("Cross-Origin-Opener-Policy", "same-origin")
	f.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' "+s.Options.StoreOrigin+
		"; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'")
	if strings.HasPrefix(f.Path(), "/api/") {
		f.Set("Cache-Control", "no-store")
	}
	// No text of ours holds these, and the database takes none.
	for _, part := range []string{f.Path(), string(f.Request().URI().QueryString())} {
		if plain, err := url.QueryUnescape(part); err != nil || strings.ContainsRune(plain, 0) || !utf8.ValidString(plain) {
			return refusePlain(f, context.WithValue(f.UserContext(), localeKey{}, localeFrom(f)), errAddress)
		}
	}
	return f.Next()
}

var errAddress = fault.New(fault.Invalid, "address", "请求地址中有无法识别的字符。", "The address holds characters that mean nothing here.")

func (s *Server) ready(f *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(f.UserContext(), 2*time.Second)
	defer cancel()
	if err := s.DB.Pool().Ping(ctx); err != nil {
		return f.Status(http.StatusServiceUnavailable).SendString("the database does not answer")
	}
	return f.SendString("ready")
}

func (s *Server) metrics(f *fiber.Ctx) error {
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, string(expfmt.NewFormat(expfmt.TypeTextPlain)))
	for _, m := range families {
		if _, err := expfmt.MetricFamilyToText(f.Response().BodyWriter(), m); err != nil {
			return err
		}
	}
	return nil
}

// plain registers what the API layer cannot do: streams, the docs page and
// the screens.
func (s *Server) plain() {
	s.fiber.Get("/api/events", s.events)
	s.fiber.Get("/api/openapi.json", func(f *fiber.Ctx) error {
		b, err := OpenAPI()
		if err != nil {
			return err
		}
		f.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return f.Send(b)
	})
	s.fiber.Get("/api/docs", s.docs)
	s.fiber.Get("/docs.css", docsCSS)
	s.fiber.All("/api/*", func(*fiber.Ctx) error { return fiber.ErrNotFound })
	s.screens()
}

// hub fans happenings out to open streams.
type hub struct {
	mu      sync.Mutex
	streams map[*stream]bool
	closed  bool
	stop    chan struct{}
}

type stream struct {
	actor  tenants.Actor
	narrow bool   // sees fewer customers than its company, so hears no numbers
	mark   string // what the seat held when it was last looked at
	out    chan []byte
}

func newHub() *hub { return &hub{streams: map[*stream]bool{}, stop: make(chan struct{})} }

func (h *hub) add(st *stream) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.streams[st] = true
	return true
}

func (h *hub) remove(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
}

// end closes a stream from this side.
func (h *hub) end(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.streams[st] {
		delete(h.streams, st)
		close(st.out)
	}
}

func (h *hub) all() []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.streams))
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		close(h.stop)
	}
	h.closed = true
	for st := range h.streams {
		close(st.out)
		delete(h.streams, st)
	}
}

// Tell passes a happening to the streams that may know of it: the same rule
// as the rows', by path for the operator and by owner for partners.
func (s *Server) Tell(h tenants.Happening) {
	s.kept.tell(h)
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	var messages [2][]byte // with the number, and without
	for st := range s.hub.streams {
		if !st.actor.Hears(h) {
			continue
		}
		said, what := 0, map[string]any{"topic": h.Topic, "id": h.ID}
		if st.narrow && h.Member == uuid.Nil {
			said, what = 1, map[string]any{"topic": h.Topic}
		}
		if messages[said] == nil {
			body, _ := json.Marshal(what)
			messages[said] = []byte("data: " + string(body) + "\n\n")
		}
		select {
		case st.out <- messages[said]:
		default: // a slow reader catches up with its next full load
		}
	}
}

// Missed says that happenings may have gone unheard.
func (s *Server) Missed() { s.kept.forget() }

// sweepEvery and sweepSize: how often every stream's seat is looked at again,
// and how many in one query. A removed role closes its streams within 5 s.
const (
	sweepEvery = 2 * time.Second
	sweepSize  = 2000
)

// sweep closes the streams of sessions and seats that ended or changed.
func (s *Server) sweep() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.hub.stop:
			return
		case <-tick.C:
		}
		streams := map[tenants.Sitting][]*stream{} // windows of one sign-in are looked at together
		for _, st := range s.hub.all() {
			sitting := tenants.Sitting{Session: st.actor.Session, Membership: st.actor.Membership}
			streams[sitting] = append(streams[sitting], st)
		}
		for part := range slices.Chunk(slices.Collect(maps.Keys(streams)), sweepSize) {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			marks, err := s.Tenants.Marks(ctx, part)
			cancel()
			if err != nil {
				slog.Warn("open streams could not be looked at", "error", err)
				continue
			}
			for _, sitting := range part {
				mark, alive := marks[sitting]
				for _, st := range streams[sitting] {
					if !alive || st.mark != mark {
						s.hub.end(st)
					}
				}
			}
		}
	}
}

// heartbeat keeps proxies from closing a quiet stream.
var heartbeat = []byte(": still here\n\n")

// refusePlain is the refusal of a route outside the API layer; it is answered
// in full, so there is no error left for the framework.
func refusePlain(f *fiber.Ctx, ctx context.Context, err error) error {
	writeProblem(f, problemOf(ctx, err, requestID(f)))
	return nil
}

// events streams happenings to whoever is signed in; see sweep for its end.
func (s *Server) events(f *fiber.Ctx) error {
	ctx := context.WithValue(f.UserContext(), localeKey{}, localeFrom(f))
	actor, err := s.Tenants.Authenticate(ctx, accessToken(f))
	if err != nil {
		return refusePlain(f, ctx, err)
	}
	if actor.Tenant.Suspended() {
		return refusePlain(f, ctx, tenants.ErrTenantPaused)
	}
	// Taken before the rights are read again, so a change in between is seen.
	sitting := tenants.Sitting{Session: actor.Session, Membership: actor.Membership}
	marks, err := s.Tenants.Marks(ctx, []tenants.Sitting{sitting})
	if err == nil {
		actor, err = s.Tenants.Authenticate(ctx, accessToken(f))
	}
	if err != nil {
		return refusePlain(f, ctx, err)
	}
	// Who hears what is decided by place and seat; the permissions of thousands
	// of open streams would be most of their memory.
	narrow := account.Narrow(actor)
	actor.Granted, actor.Withheld = nil, nil
	st := &stream{actor: actor, narrow: narrow, mark: marks[sitting], out: make(chan []byte, 16)}
	if !s.hub.add(st) {
		return fiber.ErrServiceUnavailable
	}
	f.Set(fiber.HeaderContentType, "text/event-stream")
	f.Set(fiber.HeaderCacheControl, "no-store")
	f.Set("X-Accel-Buffering", "no")
	f.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.hub.remove(st)
		write := func(b []byte) bool {
			if _, err := w.Write(b); err != nil {
				return false
			}
			return w.Flush() == nil
		}
		if !write([]byte("retry: 3000\n\n")) {
			return
		}
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			select {
			case m, open := <-st.out:
				if !open || !write(m) {
					return
				}
			case <-tick.C:
				if !write(heartbeat) {
					return
				}
			}
		}
	})
	return nil
}
