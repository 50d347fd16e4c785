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

// Tend does so in one province; several at once share the work.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, "工单时限")
	for {
		n := 0
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			now := moment(calendar.Now(ctx))
			var found []Ticket
			lock := pg.ForUpdate
			lock.Options = "SKIP LOCKED"
			// Whoever was told of all thresholds is not looked at again.
			err := tx.Where("province_id = ? AND ((state = 'resolved' AND close_at <= ?) OR (due_at < ? AND cardinality(escalated) < ?))", province, now, now, len(thresholds)).
				Order("id").Clauses(lock).Find(&found).Error
			if err != nil {
				return err
			}
			for i := range found {
				changed, err := s.tend(ctx, tx, a, &found[i])
				if err != nil {
					return err
				}
				if changed {
					n++
				}
				if n == 200 {
					return nil // the rest in the next transaction
				}
			}
			n = 0
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (s *Service) tend(ctx context.Context, tx *pg.Tx, a tenants.Actor, t *Ticket) (changed bool, err error) {
	now := moment(calendar.Now(ctx))
	if t.State == "resolved" {
		x, err := Machine.Take(t.State, "close_unanswered", "")
		if err != nil {
			return false, err
		}
		t.move(x.To, now)
		tenants.Record(ctx, tx, a, t.entry("close_unanswered", "resolved", t.State, ""))
		return true, pg.Save(tx, t)
	}
	missed := t.ResolutionMissed
	fresh := t.escalate(now)
	if len(fresh) == 0 && missed == t.ResolutionMissed {
		return false, nil
	}
	for _, threshold := range fresh {
		tenants.Record(ctx, tx, a, t.entry(threshold, t.State, t.State, ""))
	}
	return true, pg.Save(tx, t)
}
