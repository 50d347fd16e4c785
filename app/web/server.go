package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Server answers HTTP. It holds the services and nothing of its own but the
// streams of live events and figures that many ask for.
type Server struct {
	Services
	fiber *fiber.App
	hub   *hub
	kept  *keeper
}

// Options of a server.
type Options struct {
	StoreOrigin string // origin of the object store, for the content policy
	Secure      bool   // cookies only over TLS
	BaseURL     string // for links in invitations and certificates
	Demo        bool
	CursorKey   []byte   // signs page markers
	Proxies     []string // addresses of reverse proxies, whose X-Real-IP is believed
}

const (
	accessCookie  = "portal_access"
	refreshCookie = "portal_refresh"
	bodyLimit     = 8 << 20
)

// New builds the server from the route table.
func New(services Services) *Server {
	s := &Server{Services: services, hub: newHub(), kept: newKeeper()}
	s.fiber = fiber.New(fiber.Config{
		Immutable:             true, // without it request strings are overwritten by the next request
		DisableStartupMessage: true,
		BodyLimit:             bodyLimit,
		ReadTimeout:           30 * time.Second,
		IdleTimeout:           75 * time.Second, // without it kept-alive connections die with the read timeout
		ErrorHandler:          s.lastResort,

		EnableTrustedProxyCheck: true,
		TrustedProxies:          services.Options.Proxies,
		ProxyHeader:             proxyHeader(services.Options.Proxies),
	})
	s.fiber.Use(s.observe, s.headers, (&gate{work: make(chan struct{}, atWork)}).pass)
	s.fiber.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	s.fiber.Get("/readyz", s.ready)
	s.fiber.Get("/metrics", s.metrics)
	api := newAPI(s.fiber)
	api.UseMiddleware(s.identify, s.once)
	for _, r := range Routes() {
		op := r.operation()
		op.Middlewares = huma.Middlewares{s.guard(api, r.Permission)}
		r.register(s, api, op)
	}
	s.plain()
	go s.sweep()
	return s
}

// proxyHeader is what a proxy of ours writes the caller's address into; it
// sets the header and does not append to what the caller sent.
func proxyHeader(proxies []string) string {
	if len(proxies) == 0 {
		return ""
	}
	return "X-Real-IP"
}

func newAPI(app *fiber.App) huma.API {
	config := huma.DefaultConfig("Ecoport 伙伴生态门户", "1")
	config.CreateHooks = nil // the library's own hook adds a $schema to every body
	config.DocsPath = ""
	config.OpenAPIPath = ""
	config.SchemasPath = ""
	config.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	config.RejectUnknownQueryParameters = true
	return humafiber.New(app, config)
}

// OpenAPI renders the description of the API from the route table.
func OpenAPI() ([]byte, error) {
	api := newAPI(fiber.New())
	for _, r := range Routes() {
		r.register(nil, api, r.operation())
	}
	return api.OpenAPI().MarshalJSON()
}

// Listen serves until Shutdown.
func (s *Server) Listen(address string) error { return s.fiber.Listen(address) }

// Demo shows ready-made logins on the sign-in page.
func (s *Server) Demo(logins func() []DemoLogin) { s.Options.Demo, s.DemoLogins = true, logins }

// Fiber is for tests that call without a socket.
func (s *Server) Fiber() *fiber.App { return s.fiber }

// Shutdown ends streams, then waits for requests.
func (s *Server) Shutdown(timeout time.Duration) error {
	s.hub.close()
	return s.fiber.ShutdownWithTimeout(timeout)
}

type (
	actorKey  struct{}
	localeKey struct{}
)

func actorOf(ctx context.Context) tenants.Actor {
	a, _ := ctx.Value(actorKey{}).(tenants.Actor)
	return a
}

func localeOf(ctx context.Context) string {
	l, _ := ctx.Value(localeKey{}).(string)
	return l
}

// say picks the sentence in the reader's language.
func say(ctx context.Context, zh, en string) string {
	return fault.Words{Zh: zh, En: en}.In(localeOf(ctx))
}

// identify finds out who asks; it refuses nobody, guard does.
func (s *Server) identify(c huma.Context, next func(huma.Context)) {
	f := humafiber.Unwrap(c)
	ctx := c.Context()
	ctx = tenants.WithOrigin(ctx, requestID(f), f.IP())
	locale := "zh"
	if strings.HasPrefix(strings.ToLower(f.Get(fiber.HeaderAcceptLanguage)), "en") {
		locale = "en"
	}
	ctx = context.WithValue(ctx, localeKey{}, locale)
	if access := accessToken(f); access != "" {
		if actor, err := s.Tenants.Authenticate(ctx, access); err == nil {
			actor.Locale = locale
			ctx = context.WithValue(ctx, actorKey{}, actor)
		} else if _, known := fault.As(err); !known {
			s.refuse(c, ctx, err)
			return
		}
	}
	next(huma.WithContext(c, ctx))
}

func accessToken(f *fiber.Ctx) string {
	if bearer, ok := strings.CutPrefix(f.Get(fiber.HeaderAuthorization), "Bearer "); ok {
		return bearer
	}
	return f.Cookies(accessCookie)
}

var errForgery = fault.New(fault.Denied, "forgery", "请求来源无法确认，请刷新页面后重试。", "The origin of this request cannot be confirmed. Reload the page and try again.")

// guard holds the verb wall: the permission of the route, decided for the
// actor of this request.
func (s *Server) guard(_ huma.API, p tenants.Permission) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		ctx := c.Context()
		f := humafiber.Unwrap(c)
		// A cookie travels by itself, a header of ours does not: with SameSite
		// the second fence against forged requests.
		if c.Method() != http.MethodGet && f.Get(fiber.HeaderAuthorization) == "" && f.Get("X-Portal") == "" {
			s.refuse(c, ctx, errForgery)
			return
		}
		a := actorOf(ctx)
		switch {
		case p == Public:
		case a.User == uuid.Nil:
			s.refuse(c, ctx, tenants.ErrSession)
			return
		case p == Signed:
		default:
			if err := a.Need(p); err != nil {
				s.refuse(c, ctx, err)
				return
			}
		}
		if c.Method() != http.MethodGet && p != Public && !keyless[c.Operation().Path] && !s.unkept(c.Operation().Path) && f.Get("Idempotency-Key") == "" {
			s.refuse(c, ctx, errKeyMissing)
			return
		}
		next(c)
	}
}

var errKeyMissing = fault.New(fault.Invalid, "idempotency-key-missing", "缺少 Idempotency-Key 请求头。", "The Idempotency-Key header is missing.")

// keyless operations change neither money nor state, or move a session.
var keyless = map[string]bool{"/api/session/tenant": true, "/api/sessions/{id}": true, "/api/me/locale": true, "/api/deals/check": true, "/api/quotes/price": true, "/api/sessions": true, "/api/notices/read": true, "/api/notices/read_all": true, "/api/providers/{id}/check": true, "/api/mail_domains/{id}/check": true}

// unkept tells of operations that answer with secrets that are shown once, or
// take codes that work once: their answers are not kept for repeats. An
// invitation answers with its link where that is not mailed.
func (s *Server) unkept(path string) bool {
	return secretive[path] || path == "/api/invitations" && !s.Tenants.SendsMail()
}

var secretive = map[string]bool{
	"/api/session/factor": true, "/api/me/factor": true, "/api/me/factor/confirm": true, "/api/me/factor/codes": true, "/api/me/factor/remove": true,
	"/api/me/password": true, "/api/members/{id}/reset_link": true, "/api/webhooks": true, "/api/webhooks/{id}/rotate": true,
}

// once answers a repeated request with what the first was told. The key is
// spent in the transaction that makes the change; see pg.Key.
func (s *Server) once(c huma.Context, next func(huma.Context)) {
	ctx := c.Context()
	f := humafiber.Unwrap(c)
	value, a := f.Get("Idempotency-Key"), actorOf(ctx)
	if c.Method() == http.MethodGet || value == "" || a.User == uuid.Nil || s.unkept(c.Operation().Path) {
		next(c)
		return
	}
	if len(value) > 100 {
		s.refuse(c, ctx, fault.New(fault.Invalid, "idempotency-key", "Idempotency-Key 过长。", "Idempotency-Key is too long."))
		return
	}
	sum := sha256.Sum256(append([]byte(c.Method()+" "+f.Path()+"\n"), f.Body()...))
	key := &pg.Key{Value: value, Hash: hex.EncodeToString(sum[:])}
	if s.replay(c, ctx, a, key) {
		return
	}
	next(huma.WithContext(c, pg.WithKey(ctx, key)))
	status := f.Response().StatusCode()
	if status == http.StatusConflict && !key.Spent() && s.replay(c, ctx, a, key) {
		return
	}
	if key.Spent() && status < 300 {
		body := append([]byte(nil), f.Response().Body()...)
		if err := s.DB.KeepAnswer(context.WithoutCancel(ctx), a, value, status, body); err != nil {
			slog.Warn("an answer could not be kept for repeats", "error", err)
		}
	}
}

var errKeyReused = fault.New(fault.Invalid, "idempotency-key-reused", "同一个 Idempotency-Key 用在了不同的内容上。", "This Idempotency-Key was used for other content.")

// replay answers from memory; false when the key is new.
func (s *Server) replay(c huma.Context, ctx context.Context, a tenants.Actor, key *pg.Key) bool {
	for try := 0; ; try++ {
		known, err := s.DB.AnswerOf(ctx, a, key.Value)
		switch {
		case errors.Is(err, fault.ErrMissing):
			return false
		case err != nil:
			s.refuse(c, ctx, err)
		case known.RequestHash != key.Hash:
			s.refuse(c, ctx, errKeyReused)
		case known.Status == 0 && try < 20:
			// The twin has committed and is about to write its answer.
			time.Sleep(50 * time.Millisecond)
			continue
		case known.Status == 0:
			s.refuse(c, ctx, pg.ErrRepeated)
		default:
			f := humafiber.Unwrap(c)
			f.Response().ResetBody()
			f.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
			f.Set("Idempotent-Replayed", "true")
			f.Status(known.Status)
			f.Response().SetBodyRaw(known.Body)
		}
		return true
	}
}

func requestID(f *fiber.Ctx) string {
	id, _ := f.Locals("request_id").(string)
	return id
}
