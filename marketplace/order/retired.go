package order

import (
	"context"

	"ecoport/app/platform/pg"
	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

// OnRetired writes on running services of a solution until when they are
// supported and what comes instead, and tells the people around them, once for
// each thing there is to say.
func (s *Service) OnRetired(ctx context.Context, n listing.Retired) error {
	a := tenants.System(n.Province, "停售支撑")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var l listing.Listing
		if err := pg.One(tx.Where("province_id = ? AND id = ?", n.Province, n.Listing), &l); err != nil {
			return err
		}
		// What is on sale there after all needs no last day.
		const sold = ` AND NOT EXISTS (SELECT 1 FROM listings x WHERE x.province_id = s.province_id AND x.solution_id = s.solution_id AND x.state = 'live' AND starts_with(s.org_path, x.org_path))`
		const running = `s.province_id = ? AND s.solution_id = ? AND s.state <> 'ended' AND starts_with(s.org_path, ?)`
		if n.Says == "relisted" {
			return tx.Exec(`UPDATE services s SET support_until = NULL, successor = '', version = version + 1 WHERE `+running+` AND support_until IS NOT NULL`, n.Province, n.Solution, l.OrgPath).Error
		}
		var successor string
		if l.SuccessorID != nil {
			if err := tx.Raw(`SELECT name FROM solutions WHERE province_id = ? AND id = ?`, n.Province, *l.SuccessorID).Scan(&successor).Error; err != nil {
				return err
			}
		}
		if err := tx.Exec(`UPDATE services s SET support_until = ?, successor = ?, version = version + 1 WHERE `+running+sold+` AND (support_until, successor) IS DISTINCT FROM (?::date, ?)`,
			l.SupportUntil, successor, n.Province, n.Solution, l.OrgPath, l.SupportUntil, successor).Error; err != nil {
			return err
		}
		action := "product_" + n.Says
		var found []Order
		err := tx.Raw(`SELECT o.* FROM orders o JOIN services s ON s.province_id = o.province_id AND s.order_id = o.id WHERE `+running+sold+`
			AND NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.province_id = o.province_id AND e.resource_id = o.id AND e.action = ? AND e.at >= ?) ORDER BY o.id`,
			n.Province, n.Solution, l.OrgPath, action, l.UpdatedAt.AddDate(0, 0, -1)).Scan(&found).Error
		for i := range found {
			tenants.Record(ctx, tx, a, found[i].entry(action, found[i].State, l.SupportUntil.Format("2006-01-02")))
		}
		return err
	})
}
