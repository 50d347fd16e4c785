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

// ServiceIn finds a service the actor sees, with its order, inside a
// transaction of another package.
func ServiceIn(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (r Running, o Order, err error) {
	if err = pg.One(narrow(tx.Model(&Running{}), a).Where("id = ?", id), &r); err != nil {
		return r, o, err
	}
	err = pg.One(narrow(tx.Model(&Order{}), a).Where("id = ?", r.OrderID), &o)
	return r, o, err
}

// ServicesIn finds services that have not ended, by a word of the customer,
// the solution or the number, or of some accounts.
func ServicesIn(tx *pg.Tx, a tenants.Actor, text string, accounts []uuid.UUID, limit int) (page []Running, err error) {
	d := narrow(tx.Model(&Running{}), a).Where("state <> 'ended'")
	if accounts != nil {
		d = d.Where("account_id = ANY (?::uuid[])", pg.UUIDs(accounts))
	}
	if text != "" {
		like := "%" + pg.Like(text) + "%"
		d = d.Where("(account_name LIKE ? OR number LIKE ? OR solution_name LIKE ?)", like, like, like)
	}
	err = d.Order("active_at DESC, id DESC").Limit(limit).Find(&page).Error
	return page, err
}
