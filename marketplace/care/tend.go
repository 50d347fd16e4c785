package care

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// JobTend closes what nobody objected to, and tells of what is late.
const JobTend = "ticket.tend"

// tendPage is how many tickets one transaction looks at.
const tendPage = 200

// Tend does so in one province, a page at a time in the order of their ids;
// several at once share the work.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, "工单时限")
	var after uuid.UUID
	for {
		var found []Ticket
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			now := moment(calendar.Now(ctx))
			lock := pg.ForUpdate
			lock.Options = "SKIP LOCKED"
			// Whoever was told of all thresholds is not looked at again.
			err := tx.Where("province_id = ? AND id > ? AND ((state = 'resolved' AND close_at <= ?) OR (due_at < ? AND cardinality(escalated) < ?))", province, after, now, now, len(thresholds)).
				Order("id").Limit(tendPage).Clauses(lock).Find(&found).Error
			if err != nil {
				return err
			}
			for i := range found {
				if err := s.tend(ctx, tx, a, &found[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(found) < tendPage {
			return err
		}
		after = found[len(found)-1].ID
	}
}

func (s *Service) tend(ctx context.Context, tx *pg.Tx, a tenants.Actor, t *Ticket) error {
	now := moment(calendar.Now(ctx))
	if t.State == "resolved" {
		x, err := Machine.Take(t.State, "close_unanswered", "")
		if err != nil {
			return err
		}
		t.move(x.To, now)
		tenants.Record(ctx, tx, a, t.entry("close_unanswered", "resolved", t.State, ""))
		return pg.Save(tx, t)
	}
	missed := t.ResolutionMissed
	fresh := t.escalate(now)
	if len(fresh) == 0 && missed == t.ResolutionMissed {
		return nil
	}
	for _, threshold := range fresh {
		tenants.Record(ctx, tx, a, t.entry(threshold, t.State, t.State, ""))
	}
	return pg.Save(tx, t)
}
