package web

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// files

func fileOf(f tenants.File) File {
	return File{ID: f.ID.String(), Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, State: f.State, Scan: f.Scan, At: f.CreatedAt}
}

func filesOf(files []tenants.File) []File {
	out := []File{}
	for _, f := range files {
		out = append(out, fileOf(f))
	}
	return out
}

func announceFile(s *Server, ctx context.Context, a tenants.Actor, in *newFileInput) (Upload, error) {
	n := in.Body
	t, err := s.Tenants.AnnounceFile(ctx, a, s.Blob, tenants.NewFile{Purpose: n.Purpose, Name: n.Name, MediaType: n.MediaType, SHA256: n.SHA256, Size: n.Size})
	out := Upload{File: fileOf(t.File), URL: t.URL, Method: fiber.MethodPut, Headers: t.Headers, Arrived: t.Arrived}
	if t.Parts > 0 {
		out.Parts, out.PartSize = t.Parts, blob.PartSize
	}
	return out, err
}

func partLinks(s *Server, ctx context.Context, a tenants.Actor, in *partLinksInput) (List[PartLink], error) {
	out := List[PartLink]{Items: []PartLink{}}
	var parts []tenants.PartSum
	for _, p := range in.Body.Parts {
		parts = append(parts, tenants.PartSum{Number: p.Number, SHA256: p.SHA256})
	}
	links, err := s.Tenants.PartLinks(ctx, a, s.Blob, uuid.MustParse(in.ID), parts)
	for _, l := range links {
		out.Items = append(out.Items, PartLink{l.Number, l.URL, l.Headers})
	}
	return out, err
}

func cancelFile(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.CancelFile(ctx, a, s.Blob, uuid.MustParse(in.ID))
}

// fileContents lists what is in an archive.
func fileContents(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Archive, error) {
	found, err := s.Tenants.FileContents(ctx, a, s.Blob, uuid.MustParse(in.ID))
	out := Archive{Files: found.Files, Unpacked: found.Unpacked, Items: []ArchiveEntry{}}
	for _, e := range found.Entries {
		out.Items = append(out.Items, ArchiveEntry{e.Name, e.Size})
	}
	return out, err
}

func completeFile(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (File, error) {
	f, err := s.Tenants.CompleteFile(ctx, a, s.Blob, uuid.MustParse(in.ID))
	return fileOf(f), err
}

func fileLink(s *Server, ctx context.Context, a tenants.Actor, in *fileLinkInput) (Link, error) {
	f, err := s.Tenants.File(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Link{}, err
	}
	return s.linkTo(ctx, f, in.Inline)
}

// linkTo is a link to the bytes. In place it shows only what its content was
// checked to be, under an extension that says the same.
func (s *Server) linkTo(ctx context.Context, f tenants.File, inline bool) (Link, error) {
	if f.State != "stored" {
		return Link{}, tenants.ErrFileMissing
	}
	url, err := s.Blob.PresignGet(ctx, f.Key, f.Name, inline && f.Shown(), 5*time.Minute)
	return Link{URL: url}, err
}

// partners

func registerPartner(s *Server, ctx context.Context, f *fiber.Ctx, in *registerInput) (Me, error) {
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return Me{}, err
	}
	if len(provinces) == 0 {
		return Me{}, fault.New(fault.Unavailable, "no-province", "平台尚未开通，请稍后再来。", "The portal is not open yet. Come back later.")
	}
	r := partner.Registration{Profile: profileOf(in.Body.PartnerProfile), AdminName: in.Body.AdminName, AdminEmail: in.Body.AdminEmail, AdminPassword: in.Body.AdminPassword}
	actor, tokens, err := s.Partners.Register(ctx, provinces[0], r, deviceOf(f))
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func profileOf(p PartnerProfile) partner.Profile {
	return partner.Profile{
		LegalName: p.LegalName, CreditCode: p.CreditCode, Capabilities: p.Capabilities, ContactName: p.ContactName, ContactPhone: p.ContactPhone,
		ContactEmail: p.ContactEmail, Address: p.Address, About: p.Profile,
	}
}

func partnerRowOf(p partner.Partner, failed int) PartnerRow {
	return PartnerRow{
		ID: p.ID.String(), Code: p.Code, LegalName: p.LegalName, CreditCode: p.CreditCode, Capabilities: listOf(p.Capabilities), Tier: p.Tier, State: p.State,
		AppliedAt: p.AppliedAt, DueAt: p.DueAt, ChecksFailed: failed,
	}
}

func (s *Server) partnerOf(ctx context.Context, d partner.Detail) Partner {
	out := Partner{
		PartnerRow: partnerRowOf(d.Partner, partner.Failed(d.Checks)), ContactName: d.ContactName, ContactPhone: d.ContactPhone, ContactEmail: d.ContactEmail,
		Address: d.Address, Profile: d.Profile, Documents: []PartnerDocument{}, Checklist: []DocumentNeed{}, Checks: []Check{}, Questions: []Question{}, Events: eventsOf(ctx, d.History), Reason: d.Reason, Version: d.Version, Actions: listOf(d.Actions),
		LapsedAt: d.LapsedAt, RejectCode: d.RejectCode, ContestUntil: d.ContestUntil(), Clock: ReviewClock{OperatorHours: d.Clock.Operator.Hours(), PartnerHours: d.Clock.Partner.Hours(), Holder: d.Clock.Holder},
	}
	for _, doc := range d.Documents {
		x := PartnerDocument{
			ID: doc.ID.String(), Kind: doc.Kind, File: fileOf(doc.File), Review: doc.Review, ReviewedBy: doc.ReviewedByName, ReviewedAt: doc.ReviewedAt, ReviewReason: doc.ReviewReason, Actions: []string{},
		}
		if doc.Unread() && slices.Contains(d.Actions, "review_documents") {
			x.Actions = []string{"accept", "refuse"}
		}
		if doc.ExpiresOn != nil {
			on, left := doc.ExpiresOn.Format(time.DateOnly), doc.DaysLeft(calendar.Now(ctx))
			x.ExpiresOn, x.DaysLeft = &on, &left
		}
		out.Documents = append(out.Documents, x)
	}
	for _, c := range d.Checks {
		out.Checks = append(out.Checks, Check{c.Code, c.State, c.Detail.In(localeOf(ctx))})
	}
	for _, i := range d.Checklist {
		x := DocumentNeed{Code: i.Code, Name: i.Words.In(localeOf(ctx)), Optional: i.Optional, State: i.State, Detail: i.Detail.In(localeOf(ctx)), Options: []DocumentOption{}}
		for _, group := range i.Groups {
			var papers []DocumentState
			for _, p := range group {
				papers = append(papers, DocumentState{p.Kind, p.State})
			}
			x.Options = append(x.Options, DocumentOption{papers})
		}
		out.Checklist = append(out.Checklist, x)
	}
	for _, q := range d.Questions {
		out.Questions = append(out.Questions, Question{q.ID.String(), q.Body, q.AskedByName, q.AskedAt, q.Answer, q.AnsweredByName, q.AnsweredAt})
	}
	if c := d.Contest; c != nil {
		out.Contest = &Contest{c.Body, c.ContestedByName, c.ContestedAt, c.Outcome, c.ReviewerName, c.Answer, c.ClosedAt}
	}
	if d.ReapplyOn != nil {
		on := d.ReapplyOn.Format(time.DateOnly)
		out.ReapplyOn = &on
	}
	return out
}

func rejectPartner(s *Server, ctx context.Context, a tenants.Actor, in *rejectInput) (Partner, error) {
	d, err := s.Partners.Act(ctx, a, uuid.MustParse(in.ID), partner.Step{Action: "reject", Reason: in.Body.Reason, Code: in.Body.Code, ReapplyOn: in.Body.ReapplyOn})
	return s.partnerOf(ctx, d), err
}

func answerQuestion(s *Server, ctx context.Context, a tenants.Actor, in *questionAnswerInput) (Partner, error) {
	d, err := s.Partners.Answer(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text)
	return s.partnerOf(ctx, d), err
}

type timeKey struct {
	At time.Time
	ID uuid.UUID
}

func partners(s *Server, ctx context.Context, a tenants.Actor, in *partnersInput) (Page[PartnerRow], error) {
	q := partner.Query{State: in.State, Queue: in.Queue, Text: in.Q, Limit: in.Limit + 1}
	if in.Cursor != "" {
		q.After = &partner.Key{}
		if err := s.openCursor(a, "partners", in.Cursor, q.After); err != nil {
			return Page[PartnerRow]{}, err
		}
	}
	found, total, err := s.Partners.List(ctx, a, q)
	out := Page[PartnerRow]{Items: []PartnerRow{}, Total: total}
	for i, p := range found {
		if i == in.Limit {
			last := found[i-1]
			out.NextCursor = s.cursor(a, "partners", partner.Key{At: last.UpdatedAt, ID: last.ID})
			break
		}
		row := partnerRowOf(p.Partner, p.Failed)
		row.Renewals = p.Unread
		if row.DueAt == nil {
			row.DueAt = p.UnreadDue
		}
		out.Items = append(out.Items, row)
	}
	return out, err
}

func ownPartner(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Partner, error) {
	d, err := s.Partners.Get(ctx, a, a.Tenant.ID)
	return s.partnerOf(ctx, d), err
}

func onePartner(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Partner, error) {
	d, err := s.Partners.Get(ctx, a, uuid.MustParse(in.ID))
	return s.partnerOf(ctx, d), err
}

func editPartner(s *Server, ctx context.Context, a tenants.Actor, in *partnerInput) (Partner, error) {
	d, err := s.Partners.Edit(ctx, a, uuid.MustParse(in.ID), profileOf(in.Body.PartnerProfile), in.Body.Version)
	return s.partnerOf(ctx, d), err
}

func addDocument(s *Server, ctx context.Context, a tenants.Actor, in *documentInput) (Partner, error) {
	d, err := s.Partners.AddDocument(ctx, a, uuid.MustParse(in.ID), in.Body.Kind, uuid.MustParse(in.Body.FileID), in.Body.ExpiresOn)
	return s.partnerOf(ctx, d), err
}

func reviewDocument(accept bool) call[subActionInput, Partner] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *subActionInput) (Partner, error) {
		d, err := s.Partners.ReviewDocument(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), accept, in.Body.Reason)
		return s.partnerOf(ctx, d), err
	}
}

func removeDocument(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (Partner, error) {
	d, err := s.Partners.RemoveDocument(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return s.partnerOf(ctx, d), err
}

// actPartner is the handler of one action of the state machine.
func actPartner(action string) call[actionInput, Partner] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Partner, error) {
		d, err := s.Partners.Act(ctx, a, uuid.MustParse(in.ID), partner.Step{Action: action, Reason: in.Body.Reason})
		return s.partnerOf(ctx, d), err
	}
}
