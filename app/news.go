package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
	"ecoport/tenants/notice"
	"ecoport/tenants/webhook"
)

// jobNews carries what was recorded in one transaction to notices and
// webhooks. Its arguments are numbers of audit entries.
const jobNews = "news"

type news struct {
	Province uuid.UUID
	Seqs     []int64
}

// stale is how old an act may be and still be news: the demo tells the past.
const stale = 7 * 24 * time.Hour

// heed enqueues one job for a transaction in which something was recorded that
// a notice or a webhook may tell of.
func heed(book notice.Book) tenants.Heeder {
	return func(ctx context.Context, tx *pg.Tx, events []tenants.AuditEvent) error {
		var seqs []int64
		for _, e := range events {
			if time.Since(e.At) < stale && (book.Knows(e) || slices.Contains(webhook.Topics, e.Resource)) {
				seqs = append(seqs, e.Seq)
			}
		}
		if len(seqs) == 0 {
			return nil
		}
		return queue.Enqueue(ctx, tx, jobNews, news{tx.Identity.Province, seqs})
	}
}

// tell does the job: each act in turn, so that what opens and what closes keep
// their order.
func (a *App) tell(ctx context.Context, n news) error {
	events, err := a.Services.Tenants.Trail(ctx, n.Province, n.Seqs)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := a.Services.Notices.Fan(ctx, e); err != nil {
			return err
		}
		if err := a.Services.Webhooks.Fan(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func cut(act string) (resource, action string) {
	resource, action, _ = strings.Cut(act, ".")
	return resource, action
}

func permissionOf(s string) tenants.Permission { return tenants.Permission(s) }
