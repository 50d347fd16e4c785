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
	actor, tokens, err := s.Tenants.SignIn(ctx, in.Body.Email, in.Body.Password, f.Get(fiber.HeaderUserAgent), f.IP())
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func refresh(s *Server, ctx context.Context, f *fiber.Ctx, _ *empty) (none, error) {
	_, tokens, err := s.Tenants.Refresh(ctx, f.Cookies(refreshCookie))
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
	actor, tokens, err := s.Tenants.Accept(ctx, in.Body.Token, in.Body.Name, in.Body.Password, f.Get(fiber.HeaderUserAgent))
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
	me := Me{User: Person{ID: a.User.String(), Name: a.Name, Email: a.Email}, Memberships: []Membership{}, Permissions: []string{}, Locale: a.Locale, Demo: s.Options.Demo}
	for _, seat := range seats {
		m := membershipOf(seat)
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
		TenantName: seat.Tenant.Name, TenantShort: seat.Tenant.Short, Roles: listOf(seat.Roles), Districts: listOf(seat.Districts),
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
		out.Items = append(out.Items, Session{ID: x.ID.String(), StartedAt: x.StartedAt, SeenAt: x.SeenAt, Agent: x.Agent, Current: x.ID == a.Session})
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

// members

func memberOf(a tenants.Actor, m tenants.Membership) Member {
	out := Member{ID: m.ID.String(), UserID: m.UserID.String(), Name: m.Name, Email: m.Email, Roles: listOf(m.Roles), Districts: listOf(m.Districts), Version: m.Version, Actions: []string{}}
	if a.Can(tenants.MemberWrite) {
		out.Actions = []string{"edit", "remove"}
	}
	return out
}

func members(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Member], error) {
	found, err := s.Tenants.Members(ctx, a)
	out := List[Member]{Items: []Member{}}
	for _, m := range found {
		out.Items = append(out.Items, memberOf(a, m))
	}
	return out, err
}

func changeMember(s *Server, ctx context.Context, a tenants.Actor, in *memberInput) (Member, error) {
	m, err := s.Tenants.ChangeMember(ctx, a, uuid.MustParse(in.ID), in.Body.Roles, in.Body.Districts, in.Body.Version)
	return memberOf(a, m), err
}

func removeMember(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.RemoveMember(ctx, a, uuid.MustParse(in.ID))
}

func roles(s *Server, _ context.Context, a tenants.Actor, _ *empty) (List[Role], error) {
	out := List[Role]{Items: []Role{}}
	for _, r := range s.Tenants.Roles(a) {
		out.Items = append(out.Items, Role{r.Code, r.Permissions})
	}
	return out, nil
}

func invitationOf(i tenants.Invitation) Invitation {
	return Invitation{ID: i.ID.String(), Email: i.Email, Roles: listOf(i.Roles), InvitedBy: i.InvitedBy, ExpiresAt: i.ExpiresAt}
}

func invitations(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Invitation], error) {
	found, err := s.Tenants.Invitations(ctx, a)
	out := List[Invitation]{Items: []Invitation{}}
	for _, i := range found {
		out.Items = append(out.Items, invitationOf(i))
	}
	return out, err
}

func invite(s *Server, ctx context.Context, a tenants.Actor, in *inviteInput) (Invitation, error) {
	i, secret, err := s.Tenants.Invite(ctx, a, in.Body.Email, in.Body.Roles, in.Body.Districts)
	out := invitationOf(i)
	out.Link = s.Options.BaseURL + "/invite/" + secret
	return out, err
}

func uninvite(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.Uninvite(ctx, a, uuid.MustParse(in.ID))
}

func invitationOffer(s *Server, ctx context.Context, _ tenants.Actor, in *tokenInput) (InvitationOffer, error) {
	i, t, known, err := s.Tenants.Offer(ctx, in.Token)
	return InvitationOffer{TenantName: t.Name, Email: i.Email, Roles: listOf(i.Roles), KnownUser: known}, err
}

func audit(s *Server, ctx context.Context, a tenants.Actor, in *auditInput) (Page[AuditEntry], error) {
	var before int64
	if err := s.openCursor(a, "audit", in.Cursor, &before); err != nil {
		return Page[AuditEntry]{}, err
	}
	found, err := s.Tenants.Audit(ctx, a, tenants.AuditQuery{Resource: in.Resource, ResourceID: in.ResourceID, Text: in.Q, Before: before, Limit: in.Limit + 1})
	out := Page[AuditEntry]{Items: []AuditEntry{}}
	for i, e := range found {
		if i == in.Limit {
			out.NextCursor = s.cursor(a, "audit", found[i-1].Seq)
			break
		}
		out.Items = append(out.Items, AuditEntry{
			Seq: e.Seq, At: e.At, ActorName: e.ActorName, TenantName: e.TenantName, Action: e.Resource + "." + e.Action, Resource: e.Resource,
			ResourceID: e.ResourceID.String(), Label: e.Label, From: e.FromState, To: e.ToState, Reason: e.Reason,
		})
	}
	return out, err
}

// eventsOf is a record's history as the timelines show it.
func eventsOf(history []tenants.AuditEvent) []Event {
	out := []Event{}
	for _, e := range history {
		out = append(out, Event{At: e.At, ActorName: e.ActorName, Side: e.Side, Action: e.Action, From: e.FromState, To: e.ToState, Reason: e.Reason})
	}
	return out
}
