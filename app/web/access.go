package web

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// Who sees a customer, why, and who looked.

func pathOf(ctx context.Context, p account.Path) AccessPath {
	out := AccessPath{
		Who: p.Who, Email: p.Email, Tenant: p.Tenant, Roles: listOf(p.Roles), OnBehalf: p.OnBehalf, Via: p.Via, Sees: p.Sees, Contact: p.Contact,
		Fields: listOf(p.Fields), Until: p.Until, Link: p.Link,
	}
	out.Steps = stepsOf(ctx, p.Steps)
	return out
}

func stepsOf(ctx context.Context, steps []account.Step) []AccessStep {
	out := []AccessStep{}
	for _, step := range steps {
		out = append(out, AccessStep{Code: step.Code, Holds: step.Holds, Detail: step.Words.In(localeOf(ctx)), Permission: string(step.Permission), Link: step.Link, Until: step.Until})
	}
	return out
}

func pathsOf(ctx context.Context, found []account.Path) List[AccessPath] {
	out := List[AccessPath]{Items: []AccessPath{}}
	for _, p := range found {
		out.Items = append(out.Items, pathOf(ctx, p))
	}
	return out
}

func accountAccess(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[AccessPath], error) {
	found, err := s.Accounts.WhoSees(ctx, a, uuid.MustParse(in.ID))
	return pathsOf(ctx, found), err
}

func explainAccess(s *Server, ctx context.Context, a tenants.Actor, in *explainInput) (Explanation, error) {
	found, missing, err := s.Accounts.ExplainPerson(ctx, a, uuid.MustParse(in.ID), in.Email)
	return Explanation{pathsOf(ctx, found).Items, stepsOf(ctx, missing)}, err
}

func accountLooks(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[Look], error) {
	found, err := s.Accounts.Looks(ctx, a, uuid.MustParse(in.ID))
	out := List[Look]{Items: []Look{}}
	for _, l := range found {
		out.Items = append(out.Items, Look{Name: l.Name, Tenant: l.TenantName, Via: l.Via, FirstAt: l.FirstAt, LastAt: l.LastAt, Times: l.Times, Revealed: l.Revealed})
	}
	return out, err
}

func revealContact(s *Server, ctx context.Context, a tenants.Actor, in *revealInput) (Uncovered, error) {
	u, err := s.Accounts.RevealContact(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return Uncovered{u.ContactName, u.ContactPhone, u.ContactEmail}, err
}

func grantOf(ctx context.Context, a tenants.Actor, g account.Grant, partner string) Grant {
	out := Grant{
		ID: g.ID.String(), PartnerID: g.PartnerID.String(), PartnerName: partner, Via: g.Via, Number: g.SourceNumber, Fields: listOf(g.Fields), Reason: g.Reason, GivenBy: g.GivenBy,
		StartsAt: g.StartsAt, EndsAt: g.EndsAt, EndedAt: g.EndedAt, EndReason: g.EndReason, State: g.State(calendar.Now(ctx)), Actions: []string{},
	}
	if g.Via == "explicit" {
		out.Number = ""
		if out.State == "active" && a.Can(account.MayGrant) {
			out.Actions = []string{"end"}
		}
	}
	return out
}

func accountGrants(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[Grant], error) {
	found, names, err := s.Accounts.Grants(ctx, a, uuid.MustParse(in.ID))
	out := List[Grant]{Items: []Grant{}}
	for i, g := range found {
		out.Items = append(out.Items, grantOf(ctx, a, g, names[i]))
	}
	return out, err
}

func giveGrant(s *Server, ctx context.Context, a tenants.Actor, in *grantInput) (Grant, error) {
	until, err := time.ParseInLocation(time.DateOnly, in.Body.Until, calendar.Shanghai)
	if err != nil {
		until = time.Time{} // refused below, naming the field
	} else {
		until = until.AddDate(0, 0, 1)
	}
	g, err := s.Accounts.GiveExplicit(ctx, a, uuid.MustParse(in.ID), account.Explicit{Partner: uuid.MustParse(in.Body.PartnerID), Fields: in.Body.Fields, Reason: in.Body.Reason, Until: until})
	return grantOf(ctx, a, g, g.SourceNumber), err
}

func endGrant(s *Server, ctx context.Context, a tenants.Actor, in *endGrantInput) (none, error) {
	return none{}, s.Accounts.EndExplicit(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Reason)
}
