package web

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/mileusna/useragent"

	"ecoport/tenants"
)

const tripCookie = "portal_trip"

// deviceOf is what the request comes from.
func deviceOf(f *fiber.Ctx) tenants.Device {
	return tenants.Device{Agent: f.Get(fiber.HeaderUserAgent), Address: f.IP()}
}

// agentWords says what a browser calls itself in words people use.
func agentWords(agent string) (words string, phone bool) {
	u := useragent.Parse(agent)
	parts := []string{}
	for _, p := range []string{u.Name, u.OS} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return agent, false
	}
	return strings.Join(parts, " · "), u.Mobile || u.Tablet
}

func standingOf(f tenants.FactorStanding) SecondFactor {
	return SecondFactor{f.Enrolled, f.Required, f.Satisfied}
}

func ways(s *Server, _ context.Context, _ tenants.Actor, _ *empty) (Ways, error) {
	return Ways{ResetByMail: s.Tenants.SendsMail()}, nil
}

func discover(s *Server, ctx context.Context, _ tenants.Actor, in *discoverInput) (List[SignInWay], error) {
	found, err := s.Tenants.Ways(ctx, in.Body.Email)
	out := List[SignInWay]{Items: []SignInWay{}}
	for _, w := range found {
		out.Items = append(out.Items, SignInWay{w.ID.String(), w.Name, w.Tenant})
	}
	return out, err
}

func (s *Server) setTrip(f *fiber.Ctx, value string, expires time.Time) {
	f.Cookie(&fiber.Cookie{Name: tripCookie, Value: value, Path: "/api/session", Expires: expires, HTTPOnly: true, Secure: s.Options.Secure, SameSite: fiber.CookieSameSiteStrictMode})
}

// depart and arrive are called by our own pages, before and after the browser
// is at the provider: so the cookie between them never needs to be sent from
// another site.
func depart(s *Server, ctx context.Context, f *fiber.Ctx, in *departInput) (Departure, error) {
	address, sealed, err := s.Tenants.Depart(ctx, uuid.MustParse(in.Body.ProviderID), in.Body.Back)
	if err != nil {
		return Departure{}, err
	}
	s.setTrip(f, sealed, time.Now().Add(tenants.TripLife))
	return Departure{address}, nil
}

func arrive(s *Server, ctx context.Context, f *fiber.Ctx, in *arriveInput) (Arrival, error) {
	s.setTrip(f, "", time.Unix(1, 0))
	_, tokens, back, err := s.Tenants.Arrive(ctx, f.Cookies(tripCookie), in.Body.State, in.Body.Code, deviceOf(f))
	if err != nil {
		return Arrival{}, err
	}
	s.setCookies(f, tokens)
	return Arrival{back}, nil
}

func security(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Security, error) {
	x, err := s.Tenants.SecurityOf(ctx, a)
	return Security{standingOf(x.FactorStanding), x.EnrolledAt, x.CodesLeft}, err
}

func enrol(s *Server, ctx context.Context, a tenants.Actor, in *proveInput) (FactorSetup, error) {
	e, err := s.Tenants.Enrol(ctx, a, in.Body.Password)
	return FactorSetup{e.Secret, e.URI, "data:image/png;base64," + base64.StdEncoding.EncodeToString(e.Picture)}, err
}

func confirmFactor(s *Server, ctx context.Context, a tenants.Actor, in *codeInput) (RecoveryCodes, error) {
	codes, err := s.Tenants.ConfirmFactor(ctx, a, in.Body.Code)
	return RecoveryCodes{listOf(codes)}, err
}

func renewCodes(s *Server, ctx context.Context, a tenants.Actor, in *proveTwiceInput) (RecoveryCodes, error) {
	codes, err := s.Tenants.RenewCodes(ctx, a, in.Body.Password, in.Body.Code)
	return RecoveryCodes{listOf(codes)}, err
}

func removeFactor(s *Server, ctx context.Context, a tenants.Actor, in *proveTwiceInput) (none, error) {
	return none{}, s.Tenants.RemoveFactor(ctx, a, in.Body.Password, in.Body.Code)
}

func raise(s *Server, ctx context.Context, a tenants.Actor, in *codeInput) (none, error) {
	return none{}, s.Tenants.Raise(ctx, a, in.Body.Code)
}

func changePassword(s *Server, ctx context.Context, a tenants.Actor, in *passwordInput) (none, error) {
	return none{}, s.Tenants.ChangePassword(ctx, a, in.Body.Current, in.Body.Password)
}

func forgotPassword(s *Server, ctx context.Context, f *fiber.Ctx, in *discoverInput) (none, error) {
	return none{}, s.Tenants.ForgotPassword(ctx, in.Body.Email, f.IP())
}

func resetPassword(s *Server, ctx context.Context, _ tenants.Actor, in *resetInput) (none, error) {
	return none{}, s.Tenants.ResetPassword(ctx, in.Body.Token, in.Body.Password)
}

func resetLink(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Link, error) {
	secret, err := s.Tenants.ResetLink(ctx, a, uuid.MustParse(in.ID))
	return Link{URL: s.Options.BaseURL + "/reset/" + secret}, err
}

func dropFactor(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.DropFactor(ctx, a, uuid.MustParse(in.ID))
}

func endOtherSessions(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (none, error) {
	return none{}, s.Tenants.EndOtherSessions(ctx, a)
}

func providerOf(a tenants.Actor, p tenants.Provider) Provider {
	out := Provider{
		ID: p.ID.String(), Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, Domains: listOf(p.Domains), Vouches: p.Vouches, Active: p.State == "active",
		Version: p.Version, Actions: []string{},
	}
	if a.Can(tenants.ProviderWrite) {
		out.Actions = []string{"edit", "check"}
	}
	return out
}

func (b providerBody) input() tenants.ProviderInput {
	return tenants.ProviderInput{Name: b.Name, Issuer: b.Issuer, ClientID: b.ClientID, Secret: b.ClientSecret, Domains: b.Domains, Vouches: b.Vouches, Active: b.Active, Version: b.Version}
}

func providers(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Providers, error) {
	found, err := s.Tenants.Providers(ctx, a)
	out := Providers{Items: []Provider{}, Domains: []MailDomain{}, Callback: s.Tenants.Callback(), Actions: []string{}}
	for _, p := range found {
		out.Items = append(out.Items, providerOf(a, p))
	}
	if a.Can(tenants.ProviderWrite) {
		out.Actions = []string{"add"}
	}
	if err != nil {
		return out, err
	}
	domains, err := s.Tenants.MailDomains(ctx, a)
	for _, d := range domains {
		out.Domains = append(out.Domains, mailDomainOf(a, d))
	}
	return out, err
}

func mailDomainOf(a tenants.Actor, d tenants.MailDomain) MailDomain {
	out := MailDomain{ID: d.ID.String(), Domain: d.Domain, State: d.State, CheckedAt: d.CheckedAt, Actions: []string{}}
	out.Record, out.Value = d.Record()
	if d.State == "failing" {
		out.DaysLeft = tenants.DomainGrace - d.Failures
	}
	if a.Can(tenants.ProviderWrite) {
		out.Actions = []string{"check"}
	}
	return out
}

func checkDomain(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (MailDomainCheck, error) {
	d, ok, seen, err := s.Tenants.CheckDomain(ctx, a, uuid.MustParse(in.ID))
	return MailDomainCheck{ok, listOf(seen), mailDomainOf(a, d)}, err
}

func newProvider(s *Server, ctx context.Context, a tenants.Actor, in *newProviderInput) (Provider, error) {
	p, err := s.Tenants.AddProvider(ctx, a, in.Body.input())
	return providerOf(a, p), err
}

func editProvider(s *Server, ctx context.Context, a tenants.Actor, in *providerInput) (Provider, error) {
	p, err := s.Tenants.ChangeProvider(ctx, a, uuid.MustParse(in.ID), in.Body.input())
	return providerOf(a, p), err
}

func checkProvider(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (ProviderCheck, error) {
	ok, detail, err := s.Tenants.CheckProvider(ctx, a, uuid.MustParse(in.ID))
	return ProviderCheck{ok, detail}, err
}
