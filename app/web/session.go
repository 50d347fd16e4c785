package web

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/tenants"
)

// withCookies is route for operations that open, move or end a session: they
// need the raw request, for the cookies.
func withCookies[I, O any](method, path string, p tenants.Permission, summary string, handle func(*Server, context.Context, *fiber.Ctx, *I) (O, error)) Row {
	r := Row{Method: method, Path: path, Permission: p, Summary: summary}
	r.register = func(s *Server, api huma.API, op huma.Operation) {
		op.Middlewares = append(op.Middlewares, func(c huma.Context, next func(huma.Context)) {
			next(huma.WithValue(c, rawKey{}, humafiber.Unwrap(c)))
		})
		huma.Register(api, op, func(ctx context.Context, in *I) (*reply[O], error) {
			f, _ := ctx.Value(rawKey{}).(*fiber.Ctx)
			out, err := handle(s, ctx, f, in)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return &reply[O]{Body: out}, nil
		})
	}
	return r
}

type rawKey struct{}

func (s *Server) setCookies(f *fiber.Ctx, t tenants.Tokens) {
	cookie := func(name, value, path string, expires time.Time) {
		f.Cookie(&fiber.Cookie{Name: name, Value: value, Path: path, Expires: expires, HTTPOnly: true, Secure: s.Options.Secure, SameSite: fiber.CookieSameSiteStrictMode})
	}
	cookie(accessCookie, t.Access, "/", t.AccessExpires)
	if t.Refresh != "" {
		cookie(refreshCookie, t.Refresh, "/api/session", t.RefreshExpires)
	}
}

func (s *Server) clearCookies(f *fiber.Ctx) {
	past := time.Unix(1, 0)
	for name, path := range map[string]string{accessCookie: "/", refreshCookie: "/api/session"} {
		f.Cookie(&fiber.Cookie{Name: name, Path: path, Expires: past, HTTPOnly: true, Secure: s.Options.Secure, SameSite: fiber.CookieSameSiteStrictMode})
	}
}

func signIn(s *Server, ctx context.Context, f *fiber.Ctx, in *signInInput) (Me, error) {
	actor, tokens, err := s.Tenants.SignIn(ctx, tenants.Proof{Email: in.Body.Email, Password: in.Body.Password, Code: in.Body.Code}, deviceOf(f))
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func refresh(s *Server, ctx context.Context, f *fiber.Ctx, _ *empty) (none, error) {
	_, tokens, err := s.Tenants.Refresh(ctx, f.Cookies(refreshCookie), f.IP())
	if err != nil {
		s.clearCookies(f)
		return none{}, err
	}
	s.setCookies(f, tokens)
	return none{}, nil
}

func signOut(s *Server, ctx context.Context, f *fiber.Ctx, _ *empty) (none, error) {
	s.clearCookies(f)
	return none{}, s.Tenants.SignOut(ctx, f.Cookies(refreshCookie))
}

func switchTenant(s *Server, ctx context.Context, f *fiber.Ctx, in *switchInput) (Me, error) {
	actor, tokens, err := s.Tenants.SwitchTenant(ctx, actorOf(ctx), uuid.MustParse(in.Body.MembershipID))
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func acceptInvitation(s *Server, ctx context.Context, f *fiber.Ctx, in *acceptInput) (Me, error) {
	actor, tokens, err := s.Tenants.Accept(ctx, in.Body.Token, in.Body.Name, in.Body.Password, in.Body.Code, deviceOf(f))
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func (s *Server) me(ctx context.Context, a tenants.Actor) (Me, error) {
	seats, err := s.Tenants.Seats(ctx, a.User)
	if err != nil {
		return Me{}, err
	}
	me := Me{User: Person{ID: a.User.String(), Name: a.Name, Email: a.Email}, Memberships: []Membership{}, Permissions: []string{}, Locale: a.Locale, Demo: s.Options.Demo, SecondFactor: standingOf(a.Factor)}
	for _, seat := range seats {
		if a.Bound != nil && *a.Bound != seat.TenantID {
			continue
		}
		m := membershipOf(seat)
		if seat.ID == a.Membership {
			if m.RoleNames, err = s.Tenants.RoleNames(ctx, seat.Tenant); err != nil {
				return Me{}, err
			}
		}
		me.Memberships = append(me.Memberships, m)
		if seat.ID == a.Membership {
			me.Membership = m
		}
	}
	for p, ok := range a.Granted {
		if ok {
			me.Permissions = append(me.Permissions, string(p))
		}
	}
	slices.Sort(me.Permissions)
	return me, nil
}

func membershipOf(seat tenants.Seat) Membership {
	return Membership{
		ID: seat.ID.String(), TenantID: seat.TenantID.String(), TenantKind: string(seat.Tenant.Kind), TenantCode: seat.Tenant.Code,
		TenantName: seat.Tenant.Name, TenantShort: seat.Tenant.Short, Roles: listOf(seat.Roles), Districts: listOf(seat.Districts), OnBehalf: seat.OnBehalf, Until: seat.Until,
	}
}

// listOf makes an empty list of none: null is no list to a browser.
func listOf[S ~[]E, E any](s S) []E {
	if s == nil {
		return []E{}
	}
	return s
}

func whoAmI(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Me, error) {
	return s.me(ctx, a)
}

func setLocale(s *Server, ctx context.Context, a tenants.Actor, in *localeInput) (none, error) {
	return none{}, s.Tenants.SetLocale(ctx, a, in.Body.Locale)
}

func sessions(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Session], error) {
	found, err := s.Tenants.Sessions(ctx, a)
	out := List[Session]{Items: []Session{}}
	for _, x := range found {
		agent, phone := agentWords(x.Agent)
		out.Items = append(out.Items, Session{
			ID: x.ID.String(), StartedAt: x.StartedAt, SeenAt: x.SeenAt, Agent: agent, Phone: phone, Address: x.Address, Strong: x.Strong, Provider: x.BoundTenant != nil, Current: x.ID == a.Session,
		})
	}
	return out, err
}

func endSession(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.EndSession(ctx, a, uuid.MustParse(in.ID))
}

func demoLogins(s *Server, ctx context.Context, _ tenants.Actor, _ *empty) (List[DemoLogin], error) {
	out := List[DemoLogin]{Items: []DemoLogin{}}
	if !s.Options.Demo || s.DemoLogins == nil {
		return out, nil
	}
	for _, x := range s.DemoLogins() {
		u, err := s.Tenants.UserByEmail(ctx, x.Email)
		if err != nil {
			continue // somebody was removed since
		}
		seats, err := s.Tenants.Seats(ctx, u.ID)
		if err != nil {
			return out, err
		}
		if len(seats) > 0 {
			x.Name, x.TenantName = u.Name, seats[0].Tenant.Name
			out.Items = append(out.Items, x)
		}
	}
	return out, nil
}
