package web

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/certification"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// members

func memberOf(a tenants.Actor, m tenants.Membership, handled bool) Member {
	out := Member{ID: m.ID.String(), UserID: m.UserID.String(), Name: m.Name, Email: m.Email, Roles: listOf(m.Roles), Districts: listOf(m.Districts), Version: m.Version, Actions: []string{}}
	if handled {
		out.Actions = []string{"edit", "remove", "delegate"}
		if m.UserID != a.User {
			out.Actions = append(out.Actions, "help_sign_in")
		}
	}
	return out
}

func members(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Member], error) {
	out := List[Member]{Items: []Member{}}
	found, err := s.Tenants.Members(ctx, a)
	if err != nil {
		return out, err
	}
	handled, err := s.Tenants.Handled(ctx, a, found)
	for _, m := range found {
		out.Items = append(out.Items, memberOf(a, m, handled[m.ID]))
	}
	return out, err
}

func changeMember(s *Server, ctx context.Context, a tenants.Actor, in *memberInput) (Member, error) {
	m, err := s.Tenants.ChangeMember(ctx, a, uuid.MustParse(in.ID), in.Body.Roles, in.Body.Districts, in.Body.Version)
	return memberOf(a, m, true), err
}

func removeMember(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.RemoveMember(ctx, a, uuid.MustParse(in.ID))
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
	if secret != "" {
		out.Link = s.Options.BaseURL + "/invite/" + secret
	}
	return out, err
}

func uninvite(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.Uninvite(ctx, a, uuid.MustParse(in.ID))
}

func invitationOffer(s *Server, ctx context.Context, _ tenants.Actor, in *tokenInput) (InvitationOffer, error) {
	i, t, known, err := s.Tenants.Offer(ctx, in.Token)
	return InvitationOffer{TenantName: t.Name, Email: i.Email, Roles: listOf(i.Roles), KnownUser: known}, err
}

// eventsOf is a record's history as the timelines show it.
func eventsOf(ctx context.Context, history []tenants.AuditEvent) []Event {
	out := []Event{}
	for _, e := range history {
		out = append(out, Event{At: e.At, ActorName: e.ActorName, Side: e.Side, Action: e.Action, From: e.FromState, To: e.ToState, Reason: reasonOf(ctx, e)})
	}
	return out
}

// reasonOf is why something happened: the portal's own reasons in the reader's
// language.
func reasonOf(ctx context.Context, e tenants.AuditEvent) string {
	return reasonIn(ctx, e.Reason)
}

// reasonIn reads a reason that may be the portal's, kept as a code; what a
// person wrote stays as they wrote it.
func reasonIn(ctx context.Context, reason string) string {
	if w := partner.Say(reason); w.Zh != reason {
		return w.In(localeOf(ctx))
	}
	return certification.Say(reason).In(localeOf(ctx))
}

// roles

func roleOf(a tenants.Actor, r tenants.Role) Role {
	out := Role{Code: r.Code, Permissions: listOf(r.Permissions), Holders: r.Holders, Actions: []string{}}
	if r.Own != nil {
		out.Name, out.Own, out.Version = r.Own.Name, true, r.Own.Version
		if a.Can(tenants.RoleWrite) && r.Own.Beyond(a) == "" && len(a.Districts) == 0 {
			out.Actions = []string{"edit", "remove"}
		}
	}
	return out
}

func roles(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Roles, error) {
	found, err := s.Tenants.Roles(ctx, a)
	out := Roles{Items: []Role{}, Ceiling: s.Tenants.Ceiling(a)}
	for _, r := range found {
		out.Items = append(out.Items, roleOf(a, r))
	}
	return out, err
}

func ownRoleOf(a tenants.Actor, r tenants.OwnRole) Role {
	return roleOf(a, tenants.Role{Code: r.ID.String(), Permissions: r.Permissions, Own: &r})
}

func newRole(s *Server, ctx context.Context, a tenants.Actor, in *newRoleInput) (Role, error) {
	r, err := s.Tenants.NewRole(ctx, a, tenants.RoleEdit{Name: in.Body.Name, Permissions: in.Body.Permissions})
	return ownRoleOf(a, r), err
}

func changeRole(s *Server, ctx context.Context, a tenants.Actor, in *roleInput) (Role, error) {
	r, err := s.Tenants.ChangeRole(ctx, a, uuid.MustParse(in.ID), tenants.RoleEdit{Name: in.Body.Name, Permissions: in.Body.Permissions}, in.Body.Version)
	return ownRoleOf(a, r), err
}

func dropRole(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.DropRole(ctx, a, uuid.MustParse(in.ID))
}

// delegations

func colleagues(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Colleague], error) {
	found, err := s.Tenants.Colleagues(ctx, a)
	out := List[Colleague]{Items: []Colleague{}}
	for _, m := range found {
		out.Items = append(out.Items, Colleague{ID: m.ID.String(), Name: m.Name, Roles: listOf(m.Roles), Self: m.ID == a.Membership})
	}
	return out, err
}

func delegationOf(ctx context.Context, a tenants.Actor, d tenants.Delegation) Delegation {
	out := Delegation{
		ID: d.ID.String(), FromID: d.FromMembership.String(), FromName: d.FromName, ToID: d.ToMembership.String(), ToName: d.ToName, StartsAt: d.StartsAt, EndsAt: d.EndsAt, EndedAt: d.EndedAt,
		Reason: d.Reason, MadeBy: d.MadeBy, State: d.State(calendar.Now(ctx)), Actions: []string{},
	}
	if out.State != "ended" && a.MayEnd(d) {
		out.Actions = []string{"end"}
	}
	return out
}

func delegations(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Delegation], error) {
	found, err := s.Tenants.Delegations(ctx, a)
	out := List[Delegation]{Items: []Delegation{}}
	for _, d := range found {
		out.Items = append(out.Items, delegationOf(ctx, a, d))
	}
	return out, err
}

func delegate(s *Server, ctx context.Context, a tenants.Actor, in *delegationInput) (Delegation, error) {
	from, _ := uuid.Parse(in.Body.FromID) // empty means the own seat
	d, err := s.Tenants.Delegate(ctx, a, tenants.Absence{From: from, To: uuid.MustParse(in.Body.ToID), StartsAt: in.Body.StartsAt, EndsAt: in.Body.EndsAt, Reason: in.Body.Reason})
	return delegationOf(ctx, a, d), err
}

func endDelegation(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Delegation, error) {
	d, err := s.Tenants.EndDelegation(ctx, a, uuid.MustParse(in.ID))
	return delegationOf(ctx, a, d), err
}

// the quarterly review

func (s *Server) reviewOf(ctx context.Context, a tenants.Actor) (AccessReview, error) {
	r, items, err := s.Tenants.ReviewOf(ctx, a)
	if err != nil {
		return AccessReview{}, err
	}
	out := AccessReview{ID: r.ID.String(), Quarter: r.Quarter, State: r.State, OpenedAt: r.OpenedAt, DueAt: r.DueAt, ClosedAt: r.ClosedAt, Items: []AccessReviewItem{}}
	for _, i := range items {
		out.Items = append(out.Items, AccessReviewItem{
			ID: i.ID.String(), Kind: i.Kind, SubjectID: i.SubjectID.String(), Label: i.Label, Detail: i.Detail, LastUsedAt: i.LastUsedAt, Holds: listOf(i.Holds),
			Decision: i.Decision, DecidedBy: i.DecidedBy, DecidedAt: i.DecidedAt, Own: i.SubjectID == a.Membership,
		})
	}
	return out, nil
}

// accessReview lists the newest review, or none where there never was one.
func accessReview(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[AccessReview], error) {
	r, err := s.reviewOf(ctx, a)
	if errors.Is(err, fault.ErrMissing) {
		return List[AccessReview]{Items: []AccessReview{}}, nil
	}
	return List[AccessReview]{Items: []AccessReview{r}}, err
}

func openAccessReview(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (AccessReview, error) {
	if _, err := s.Tenants.OpenReview(ctx, a); err != nil {
		return AccessReview{}, err
	}
	return s.reviewOf(ctx, a)
}

func decideAccessReview(s *Server, ctx context.Context, a tenants.Actor, in *reviewDecisionInput) (AccessReview, error) {
	items := make([]uuid.UUID, len(in.Body.Items))
	for i, id := range in.Body.Items {
		items[i] = uuid.MustParse(id)
	}
	if _, err := s.Tenants.DecideReview(ctx, a, uuid.MustParse(in.ID), items, in.Body.Confirm); err != nil {
		return AccessReview{}, err
	}
	return s.reviewOf(ctx, a)
}

// audit

func auditQuery(in *auditInput) tenants.AuditQuery {
	return tenants.AuditQuery{Resource: in.Resource, ResourceID: in.ResourceID, Action: in.Action, Person: in.Person, Text: in.Q, From: in.From, To: in.To, Limit: in.Limit + 1}
}

func auditEntryOf(ctx context.Context, e tenants.AuditEvent) AuditEntry {
	return AuditEntry{
		Seq: e.Seq, At: e.At, ActorName: e.ActorName, OnBehalf: e.OnBehalf, TenantName: e.TenantName, Address: e.Address, Action: e.Resource + "." + e.Action, Resource: e.Resource,
		ResourceID: e.ResourceID.String(), Label: e.Label, From: e.FromState, To: e.ToState, Reason: reasonOf(ctx, e),
	}
}

func audit(s *Server, ctx context.Context, a tenants.Actor, in *auditInput) (Page[AuditEntry], error) {
	q := auditQuery(in)
	if err := s.openCursor(a, "audit", in.Cursor, &q.Before); err != nil {
		return Page[AuditEntry]{}, err
	}
	found, err := s.Tenants.Audit(ctx, a, q)
	out := Page[AuditEntry]{Items: []AuditEntry{}}
	for i, e := range found {
		if i == in.Limit {
			out.NextCursor = s.cursor(a, "audit", found[i-1].Seq)
			break
		}
		out.Items = append(out.Items, auditEntryOf(ctx, e))
	}
	return out, err
}

func exportAudit(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	q := auditQuery(&auditInput{Resource: f.Query("resource"), ResourceID: f.Query("resource_id"), Action: f.Query("action"), Person: f.Query("person"), Q: f.Query("q"), From: f.Query("from"), To: f.Query("to")})
	q.Limit = exportPage
	b := book{name: say(ctx, "审计记录.xlsx", "audit.xlsx"), header: []string{
		say(ctx, "序号", "No."), say(ctx, "时间", "Time"), say(ctx, "操作人", "Person"), say(ctx, "代", "On behalf of"), say(ctx, "单位", "Tenant"), say(ctx, "来源地址", "From address"),
		say(ctx, "操作", "Act"), say(ctx, "对象", "Record"), say(ctx, "由", "From"), say(ctx, "到", "To"), say(ctx, "原因", "Reason"),
	}}
	b.next = rowsOf(func(last *tenants.AuditEvent) ([]tenants.AuditEvent, error) {
		if last != nil {
			q.Before = last.Seq
		}
		return s.Tenants.Audit(ctx, a, q)
	}, func(e tenants.AuditEvent) []any {
		return []any{e.Seq, e.At.In(calendar.Shanghai).Format(time.DateTime), e.ActorName, e.OnBehalf, e.TenantName, e.Address, e.Resource + "." + e.Action, e.Label, e.FromState, e.ToState, reasonOf(ctx, e)}
	})
	return b, nil
}
