package app

import (
	"context"
	"encoding/json"

	"ecoport/app/platform/queue"
	"ecoport/marketplace/certification"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// handlers is the one list of jobs: what each does and as whom. A job that a
// person asked for runs as that person; the others as a named system actor.
func (a *App) handlers() map[string]queue.Handler {
	s := a.Services
	return map[string]queue.Handler{
		account.JobImport:          func(ctx context.Context, args json.RawMessage) error { return s.Accounts.RunImport(ctx, s.Blob, args) },
		certification.JobCertified: with(s.Listings.OnCertified),
		partner.JobSuspended:       with(s.Listings.OnPartnerSuspended),
		partner.JobResumed:         with(func(context.Context, partner.Changed) error { return nil }), // cities put their listings back themselves
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
var schedules = []queue.Schedule{}
