package care

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Speed is how fast a supplier answered and solved the tickets that were
// raised in one month. Hours are working hours; those to a solution are the
// supplier's own, without what it waited for others.
type Speed struct {
	Month                        string
	Tickets, Responded, Resolved int64
	RespondP50, RespondP90       *float64
	ResolveP50, ResolveP90       *float64
	RespondLate, ResolveLate     int64
	RespondShare, ResolveShare   *float64 // percent in time, of what is done or late already
}

// speedMonths is how far back the assessment reaches.
const speedMonths = 12

// Speed computes the months of one supplier that have tickets the actor may
// see, the newest first.
func (s *Service) Speed(ctx context.Context, a tenants.Actor, supplier uuid.UUID) ([]Speed, error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	out := []Speed{}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var known int64
		if err := tenants.Firms(tx).Table("partners").Where("id = ?", supplier).Count(&known).Error; err != nil {
			return err
		}
		if known == 0 || (a.Partner() && supplier != a.Tenant.ID) {
			return fault.ErrMissing
		}
		now := calendar.Now(ctx).In(calendar.Shanghai)
		from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, calendar.Shanghai).AddDate(0, 1-speedMonths, 0)
		return narrow(tx.Table("tickets"), a).Where("partner_id IN ? AND opened_at >= ? AND state <> 'cancelled'", []uuid.UUID{supplier}, from).
			Select(`to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, count(*) AS tickets, count(respond_us) AS responded, count(resolved_at) AS resolved,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY respond_us) / 3.6e9 AS respond_p50, percentile_cont(0.9) WITHIN GROUP (ORDER BY respond_us) / 3.6e9 AS respond_p90,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY partner_us) FILTER (WHERE resolved_at IS NOT NULL) / 3.6e9 AS resolve_p50,
				percentile_cont(0.9) WITHIN GROUP (ORDER BY partner_us) FILTER (WHERE resolved_at IS NOT NULL) / 3.6e9 AS resolve_p90,
				count(*) FILTER (WHERE response_missed) AS respond_late, count(*) FILTER (WHERE resolution_missed) AS resolve_late,
				100.0 * count(*) FILTER (WHERE respond_us IS NOT NULL AND NOT response_missed) / nullif(count(*) FILTER (WHERE respond_us IS NOT NULL OR response_missed), 0) AS respond_share,
				100.0 * count(*) FILTER (WHERE resolved_at IS NOT NULL AND NOT resolution_missed) / nullif(count(*) FILTER (WHERE resolved_at IS NOT NULL OR resolution_missed), 0) AS resolve_share`).
			Group("month").Order("month DESC").Scan(&out).Error
	})
	return out, err
}
