// Package insight turns what the other packages store into figures over time.
// It reads only; which rows count is decided by the same walls as everywhere,
// so a figure never says more than its reader may see.
package insight

import (
	"context"
	"slices"
	"time"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// Service is the use cases of this package.
type Service struct{ db *pg.DB }

// NewService wires the package.
func NewService(db *pg.DB) *Service { return &Service{db} }

// Metric is one countable thing with the time it counts at.
type Metric struct {
	table, at, where string
}

// The metrics.
var (
	DealsRegistered = Metric{"deals", "registered_at", "true"}
	DealsWon        = Metric{"deals", "updated_at", "state = 'won'"}
	DealsLost       = Metric{"deals", "updated_at", "state IN ('lost', 'expired')"}
	OrdersSubmitted = Metric{"orders", "submitted_at", "true"}
	ServicesStarted = Metric{"services", "active_at", "true"}
	Certified       = Metric{"certifications", "decided_at", "state = 'certified'"}
	Submitted       = Metric{"certifications", "submitted_at", "true"}
	ListingsLive    = Metric{"listings", "live_at", "state = 'live'"}
	PartnersApplied = Metric{"partners", "applied_at", "true"}
	DeliveriesDone  = Metric{"deliveries", "done_at", "done_at IS NOT NULL"}
)

// ofAccounts tells whether the rows are about customers, and so are counted
// only for who may see those.
func (m Metric) ofAccounts() bool {
	return slices.Contains([]string{"deals", "orders", "services", "deliveries"}, m.table)
}

// Months are the last twelve business months, oldest first, as YYYY-MM.
func Months(now time.Time) []string {
	t := now.In(calendar.Shanghai)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, calendar.Shanghai)
	out := make([]string, 12)
	for i := range out {
		out[i] = first.AddDate(0, i-11, 0).Format("2006-01")
	}
	return out
}

// Monthly counts a metric over the last twelve months, for each of several.
func (s *Service) Monthly(ctx context.Context, a tenants.Actor, metrics ...Metric) ([][]int64, error) {
	months := Months(calendar.Now(ctx))
	out := make([][]int64, len(metrics))
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		for i, m := range metrics {
			var rows []struct {
				Month string
				N     int64
			}
			// Table and columns come from the list above, never from a request.
			d := tx.Table(m.table).Select("to_char("+m.at+" AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, count(*) AS n").
				Where("province_id = ? AND "+m.at+" >= ? AND "+m.where, a.Tenant.ProvinceID, calendar.Now(ctx).AddDate(-1, 0, 0))
			switch {
			case a.Partner():
				d = d.Where("partner_id = ?", a.Tenant.ID)
			default:
				id := a.Identity()
				d = a.InDistricts(d.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo))
				if m.ofAccounts() {
					d = account.OfSeen(d, a, "account_id")
				}
			}
			if err := d.Group("month").Scan(&rows).Error; err != nil {
				return err
			}
			out[i] = make([]int64, len(months))
			for _, r := range rows {
				for j, month := range months {
					if month == r.Month {
						out[i][j] = r.N
					}
				}
			}
		}
		return nil
	})
	return out, err
}
