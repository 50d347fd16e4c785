package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/tenants"
	"ecoport/tenants/notice"
	"ecoport/tenants/webhook"
)

func notices(s *Server, ctx context.Context, a tenants.Actor, in *noticesInput) (Page[NoticeItem], error) {
	var before int64
	if err := s.openCursor(a, "notices", in.Cursor, &before); err != nil {
		return Page[NoticeItem]{}, err
	}
	found, err := s.Notices.List(ctx, a, notice.Filter{Kind: in.Kind, Unread: in.Unread, Before: before, Limit: in.Limit + 1})
	out := Page[NoticeItem]{Items: []NoticeItem{}}
	book := s.Notices.Book()
	for i, n := range found {
		if i == in.Limit {
			out.NextCursor = s.cursor(a, "notices", found[i-1].Seq)
			break
		}
		out.Items = append(out.Items, NoticeItem{
			Seq: n.Seq, Kind: n.Kind, Text: book.Say(n, localeOf(ctx)), Href: book.Link(n), ActorName: n.ActorName, At: n.At, DueAt: n.DueAt, Read: n.ReadAt != nil, Done: n.ClosedAt != nil,
		})
	}
	return out, err
}

func noticeCount(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (NoticeCount, error) {
	needs, info, err := s.Notices.Count(ctx, a)
	return NoticeCount{needs, info}, err
}

func readNotices(s *Server, ctx context.Context, a tenants.Actor, in *readInput) (none, error) {
	return none{}, s.Notices.Read(ctx, a, in.Body.Seqs, in.Body.Read)
}

func readAllNotices(s *Server, ctx context.Context, a tenants.Actor, in *readAllInput) (none, error) {
	return none{}, s.Notices.ReadAll(ctx, a, in.Body.Kind, in.Body.UpTo)
}

func noticePreference(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (NoticePreference, error) {
	choice, possible, err := s.Notices.Preference(ctx, a)
	return NoticePreference{choice, possible}, err
}

func setNoticePreference(s *Server, ctx context.Context, a tenants.Actor, in *noticePreferenceInput) (none, error) {
	return none{}, s.Notices.SetPreference(ctx, a, in.Body.Mail)
}

func webhookOf(a tenants.Actor, h webhook.Hook) Webhook {
	out := Webhook{
		ID: h.ID.String(), Address: h.Address, Topics: listOf(h.Topics), State: h.State, Failures: h.Failures, OldUntil: h.OldUntil, CreatedBy: h.CreatedBy,
		CreatedAt: h.CreatedAt, Version: h.Version, Actions: []string{},
	}
	if a.Can(webhook.Write) {
		out.Actions = []string{"edit", "rotate", "delete"}
		if h.State != webhook.Disabled {
			out.Actions = append(out.Actions, "test", "replay")
		}
	}
	return out
}

func (b webhookBody) input() webhook.Input {
	return webhook.Input{Address: b.Address, Topics: b.Topics, Active: b.Active, Version: b.Version}
}

func webhooks(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Webhooks, error) {
	found, err := s.Webhooks.List(ctx, a)
	out := Webhooks{Items: []Webhook{}, Topics: webhook.Topics, Actions: []string{}}
	for _, h := range found {
		out.Items = append(out.Items, webhookOf(a, h))
	}
	if a.Can(webhook.Write) {
		out.Actions = []string{"add"}
	}
	return out, err
}

func oneWebhook(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Webhook, error) {
	h, err := s.Webhooks.Get(ctx, a, uuid.MustParse(in.ID))
	return webhookOf(a, h), err
}

func newWebhook(s *Server, ctx context.Context, a tenants.Actor, in *newWebhookInput) (Webhook, error) {
	h, secret, err := s.Webhooks.Add(ctx, a, in.Body.input())
	out := webhookOf(a, h)
	out.Secret = secret
	return out, err
}

func editWebhook(s *Server, ctx context.Context, a tenants.Actor, in *webhookInput) (Webhook, error) {
	h, err := s.Webhooks.Edit(ctx, a, uuid.MustParse(in.ID), in.Body.input())
	return webhookOf(a, h), err
}

func rotateWebhook(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Webhook, error) {
	h, secret, err := s.Webhooks.Rotate(ctx, a, uuid.MustParse(in.ID))
	out := webhookOf(a, h)
	out.Secret = secret
	return out, err
}

func deleteWebhook(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Webhooks.Delete(ctx, a, uuid.MustParse(in.ID))
}

func webhookDeliveryOf(d webhook.Delivery) WebhookDelivery {
	return WebhookDelivery{
		ID: d.ID.String(), Topic: d.Topic, Body: d.Body, State: d.State, Attempts: d.Attempts, Status: d.Status, DurationMs: d.DurationMs,
		Excerpt: d.Excerpt, CreatedAt: d.CreatedAt, TriedAt: d.TriedAt,
	}
}

func webhookDeliveries(s *Server, ctx context.Context, a tenants.Actor, in *deliveriesOfInput) (Page[WebhookDelivery], error) {
	var before uuid.UUID
	if err := s.openCursor(a, "webhook "+in.ID, in.Cursor, &before); err != nil {
		return Page[WebhookDelivery]{}, err
	}
	found, err := s.Webhooks.Deliveries(ctx, a, uuid.MustParse(in.ID), in.State, before, in.Limit+1)
	out := Page[WebhookDelivery]{Items: []WebhookDelivery{}}
	for i, d := range found {
		if i == in.Limit {
			out.NextCursor = s.cursor(a, "webhook "+in.ID, found[i-1].ID)
			break
		}
		out.Items = append(out.Items, webhookDeliveryOf(d))
	}
	return out, err
}

func tryWebhook(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (WebhookDelivery, error) {
	d, err := s.Webhooks.Try(ctx, a, uuid.MustParse(in.ID))
	return webhookDeliveryOf(d), err
}

func replayFailed(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Replayed, error) {
	n, err := s.Webhooks.Replay(ctx, a, uuid.MustParse(in.ID), uuid.Nil)
	return Replayed{n}, err
}

func replayOne(s *Server, ctx context.Context, a tenants.Actor, in *deliveryOfInput) (Replayed, error) {
	n, err := s.Webhooks.Replay(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return Replayed{n}, err
}
