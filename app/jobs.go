package app

import (
	"context"
	"encoding/json"
	"time"

	"ecoport/app/platform/queue"
	"ecoport/app/web"
	"ecoport/marketplace/care"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/order"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/notice"
	"ecoport/tenants/partner"
	"ecoport/tenants/webhook"
)

// handlers is the one list of jobs: what each does and as whom. A job that a
// person asked for runs as that person; the others as a named system actor.
func (a *App) handlers() map[string]queue.Handler {
	s := a.Services
	return map[string]queue.Handler{
		tenants.JobReview:          func(ctx context.Context, _ json.RawMessage) error { return s.Tenants.RunReviews(ctx) },
		tenants.JobDomains:         func(ctx context.Context, _ json.RawMessage) error { return s.Tenants.CheckDomains(ctx) },
		jobNews:                    with(a.tell),
		notice.JobMail:             with(s.Notices.Mail),
		notice.JobDigest:           a.digest,
		webhook.JobDeliver:         with(s.Webhooks.Deliver),
		tenants.JobInvite:          with(s.Tenants.MailInvitation),
		tenants.JobReset:           with(s.Tenants.MailReset),
		account.JobImport:          func(ctx context.Context, args json.RawMessage) error { return s.Accounts.RunImport(ctx, s.Blob, args) },
		account.JobSuspect:         s.Accounts.SuspectJob,
		account.JobRescore:         s.Accounts.RescoreJob,
		tenants.JobExport:          func(ctx context.Context, args json.RawMessage) error { return a.Server.RunExport(ctx, args) },
		tenants.JobTidy:            func(ctx context.Context, args json.RawMessage) error { return a.Server.Tidy(ctx, args) },
		certification.JobCertified: with(s.Listings.OnCertified),
		order.JobActivated:         with(a.recordEvent(commission.Activation)),
		order.JobEnded:             with(a.recordEvent(commission.Ended)),
		deal.JobExpire:             a.expire,
		care.JobTend:               a.tendTickets,
		commission.JobCalculate:    s.Commissions.CalculateJob,
		commission.JobReprice:      s.Commissions.RepriceJob,
		commission.JobDeem:         s.Commissions.DeemJob,
		commission.JobMature:       s.Commissions.MatureJob,
		partner.JobSuspended:       with(s.Listings.OnPartnerSuspended),
		partner.JobResumed:         with(s.Listings.OnPartnerResumed),
		partner.JobDocuments:       a.tendDocuments,
	}
}

// with decodes the argument of a job.
func with[T any](do func(context.Context, T) error) queue.Handler {
	return func(ctx context.Context, args json.RawMessage) error {
		var t T
		if err := json.Unmarshal(args, &t); err != nil {
			return err
		}
		return do(ctx, t)
	}
}

// schedules are the jobs that come by themselves.
var schedules = []queue.Schedule{
	{Name: deal.JobExpire, Every: time.Minute},
	{Name: care.JobTend, Every: time.Minute},
	{Name: partner.JobDocuments, Every: time.Hour},
	{Name: tenants.JobReview, Every: 6 * time.Hour},
	{Name: commission.JobMature, Every: time.Hour},
	{Name: commission.JobDeem, Every: time.Hour},
	{Name: notice.JobDigest, Every: 30 * time.Minute},
	{Name: tenants.JobTidy, Every: time.Hour},
	{Name: tenants.JobDomains, Every: 24 * time.Hour},
	{Name: account.JobSuspect, Every: 24 * time.Hour},
	{Name: account.JobRescore, Every: 24 * time.Hour},
}

// recordEvent turns the start or end of a service into a commission event. The
// event's id follows from the service, so a job that runs twice counts once.
func (a *App) recordEvent(kind string) func(context.Context, order.Changed) error {
	return func(ctx context.Context, n order.Changed) error {
		facts, err := a.Services.Orders.FactsOf(ctx, n)
		if err != nil {
			return err
		}
		at := facts.Service.ActiveAt
		if kind == commission.Ended {
			at = *facts.Service.EndedAt
		}
		_, _, err = a.Services.Commissions.Record(ctx, tenants.System(n.Province, "酬金引擎"), []commission.Event{web.EventOf(facts, kind, at)})
		return err
	}
}

// digest mails what needs somebody, once a working day.
func (a *App) digest(ctx context.Context, _ json.RawMessage) error {
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if err := a.Services.Notices.Digest(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// expire ends protections in every province.
func (a *App) expire(ctx context.Context, _ json.RawMessage) error {
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if _, err := a.Services.Deals.Expire(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// tendDocuments looks at documents that run out in every province.
func (a *App) tendDocuments(ctx context.Context, _ json.RawMessage) error {
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if err := a.Services.Partners.TendDocuments(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// tendTickets looks after the times of tickets in every province.
func (a *App) tendTickets(ctx context.Context, _ json.RawMessage) error {
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if err := a.Services.Care.Tend(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}
