package deal

import (
	"context"

	"ecoport/app/platform/pg"
	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

// OnWithdrawn tells whoever pursues or protects a deal that the certificate of
// what it is about no longer holds.
func (s *Service) OnWithdrawn(ctx context.Context, n certification.Withdrawn) error {
	a := tenants.System(n.Province, "证书失效")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var found []Deal
		err := tx.Raw(`SELECT d.* FROM deals d WHERE d.province_id = ? AND d.state IN ('registered', 'under_review', 'protected')
			AND EXISTS (SELECT 1 FROM listings l WHERE l.province_id = d.province_id AND l.version_id = ? AND d.offers @> jsonb_build_array(jsonb_build_object('Listing', l.id)))
			AND NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.province_id = d.province_id AND e.resource_id = d.id AND e.action = 'product_withdrawn' AND e.reason = ?)
			ORDER BY d.id`, n.Province, n.Version, n.Code()).Scan(&found).Error
		for i := range found {
			tenants.Record(ctx, tx, a, found[i].entry("product_withdrawn", found[i].State, n.Code()))
		}
		return err
	})
}
