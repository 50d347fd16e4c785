package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/queue"
	"ecoport/app/web"
	"ecoport/marketplace/care"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/order"
	"ecoport/marketplace/review"
	"ecoport/marketplace/standing"
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
		notice.JobDigest:           a.inProvinces(s.Notices.Digest), // once a working day
		webhook.JobDeliver:         with(s.Webhooks.Deliver),
		tenants.JobInvite:          with(s.Tenants.MailInvitation),
		tenants.JobReset:           with(s.Tenants.MailReset),
		account.JobImport:          func(ctx context.Context, args json.RawMessage) error { return s.Accounts.RunImport(ctx, s.Blob, args) },
		account.JobSuspect:         s.Accounts.SuspectJob,
		account.JobRescore:         s.Accounts.RescoreJob,
		tenants.JobExport:          func(ctx context.Context, args json.RawMessage) error { return a.Server.RunExport(ctx, args) },
		tenants.JobTidy:            func(ctx context.Context, args json.RawMessage) error { return a.Server.Tidy(ctx, args) },
		certification.JobProbe:     with(s.Certifications.Probe),
		certification.JobCertified: with(s.Listings.OnCertified),
		certification.JobWithdrawn: with(a.withdraw),
		listing.JobTend:            a.inProvinces(s.Listings.Tend),
		listing.JobRetired:         with(s.Orders.OnRetired),
		review.JobLapse:            with(s.Reviews.Lapse),
		order.JobAccepted:          with(s.Orders.Heed),
		order.JobActivated:         with(a.recordEvent(commission.Activation)),
		order.JobEnded:             with(a.recordEvent(commission.Ended)),
		order.JobTend:              a.inProvinces(s.Orders.Tend),
		deal.JobExpire: a.inProvinces(func(ctx context.Context, province uuid.UUID) error {
			_, err := s.Deals.Expire(ctx, province)
			return err
		}),
		care.JobTend:            a.inProvinces(s.Care.Tend),
		certification.JobTend:   a.inProvinces(s.Certifications.Tend),
		graduation.JobTend:      a.inProvinces(s.Graduations.Tend),
		graduation.JobMap:       a.inProvinces(s.Graduations.DrawMap),
		commission.JobCalculate: s.Commissions.CalculateJob,
		commission.JobReprice:   s.Commissions.RepriceJob,
		commission.JobDeem:      s.Commissions.DeemJob,
		commission.JobMature:    s.Commissions.MatureJob,
		commission.JobFlag:      s.Commissions.FlagJob,
		standing.JobEvaluate:    a.inProvinces(s.Standings.Evaluate),
		standing.JobTry:         with(s.Standings.Try),
		standing.JobExposure:    a.inProvinces(s.Standings.TendExposures),
		partner.JobSuspended:    with(s.Listings.OnPartnerSuspended),
		partner.JobResumed:      with(s.Listings.OnPartnerResumed),
		partner.JobDocuments:    a.inProvinces(s.Partners.TendDocuments),
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
	{Name: order.JobTend, Every: 10 * time.Minute},
	{Name: care.JobTend, Every: time.Minute},
	{Name: listing.JobTend, Every: 5 * time.Minute},
	{Name: graduation.JobTend, Every: 10 * time.Minute},
	{Name: graduation.JobMap, Every: 24 * time.Hour},
	{Name: certification.JobTend, Every: time.Minute},
	{Name: partner.JobDocuments, Every: time.Hour},
	{Name: standing.JobEvaluate, Every: 6 * time.Hour}, // each quarter once
	{Name: standing.JobExposure, Every: 10 * time.Minute},
	{Name: tenants.JobReview, Every: 6 * time.Hour},
	{Name: commission.JobMature, Every: time.Hour},
	{Name: commission.JobDeem, Every: time.Hour},
	{Name: commission.JobFlag, Every: 6 * time.Hour},
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

// withdraw takes off sale what lost its certificate and tells those who bought
// it, or are about to. Each part may be done again without doubling anything.
func (a *App) withdraw(ctx context.Context, n certification.Withdrawn) error {
	if err := a.Services.Listings.OnWithdrawn(ctx, n); err != nil {
		return err
	}
	if err := a.Services.Deals.OnWithdrawn(ctx, n); err != nil {
		return err
	}
	return a.Services.Orders.OnWithdrawn(ctx, n)
}

// inProvinces does a job in every province.
func (a *App) inProvinces(do func(context.Context, uuid.UUID) error) queue.Handler {
	return func(ctx context.Context, _ json.RawMessage) error {
		provinces, err := a.Services.Tenants.Provinces(ctx)
		if err != nil {
			return err
		}
		return inTurn(ctx, provinces, do)
	}
}

// inTurn goes on with the next province where one fails, and fails then.
func inTurn(ctx context.Context, provinces []tenants.Tenant, do func(context.Context, uuid.UUID) error) error {
	var failed error
	for _, p := range provinces {
		if err := do(ctx, p.ID); err != nil {
			failed = errors.Join(failed, fmt.Errorf("province %s: %w", p.Code, err))
		}
	}
	return failed
}
