package order

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// AccountsInUse says which of several accounts a deal, quote, order or service
// is about: those are not deleted.
func AccountsInUse(tx *pg.Tx, ids []uuid.UUID) ([]uuid.UUID, error) {
	var used []uuid.UUID
	if len(ids) == 0 {
		return used, nil
	}
	all := pg.UUIDs(ids)
	err := tx.Raw(`SELECT account_id FROM deals WHERE province_id = ? AND account_id = ANY (?::uuid[]) UNION SELECT account_id FROM quotes WHERE province_id = ? AND account_id = ANY (?::uuid[])
		UNION SELECT account_id FROM orders WHERE province_id = ? AND account_id = ANY (?::uuid[]) UNION SELECT account_id FROM services WHERE province_id = ? AND account_id = ANY (?::uuid[])`,
		tx.Identity.Province, all, tx.Identity.Province, all, tx.Identity.Province, all, tx.Identity.Province, all).Scan(&used).Error
	return used, err
}

// Services of some accounts, as far as the actor may see them, the newest
// first.
func (s *Service) Services(ctx context.Context, a tenants.Actor, q Query) (page []Running, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Running{}), a)
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Accounts != nil {
			d = d.Where("account_id = ANY (?::uuid[])", pg.UUIDs(q.Accounts))
		}
		return pg.Newest(d, "active_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}
