package order

import (
	"context"

	"ecoport/app/platform/pg"
	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

// OnWithdrawn tells everybody around a running service that the certificate of
// what runs there no longer holds. A certificate that merely ran out while a
// newer version is certified concerns nobody.
func (s *Service) OnWithdrawn(ctx context.Context, n certification.Withdrawn) error {
	a := tenants.System(n.Province, "证书失效")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var found []Order
		err := tx.Raw(`SELECT o.* FROM orders o JOIN solution_versions v ON v.province_id = o.province_id AND v.solution_id = o.solution_id
			WHERE o.province_id = ? AND v.id = ? AND EXISTS (SELECT 1 FROM services s WHERE s.province_id = o.province_id AND s.order_id = o.id AND s.state <> 'ended')
			AND NOT (? = 'expired' AND EXISTS (SELECT 1 FROM solution_versions x WHERE x.province_id = v.province_id AND x.solution_id = v.solution_id AND x.state = 'certified'))
			AND NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.province_id = o.province_id AND e.resource_id = o.id AND e.action = 'product_withdrawn' AND e.reason = ?)
			ORDER BY o.id`, n.Province, n.Version, n.How, n.Code()).Scan(&found).Error
		for i := range found {
			tenants.Record(ctx, tx, a, found[i].entry("product_withdrawn", found[i].State, n.Code()))
		}
		return err
	})
}
