package account

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Selection names many accounts: some by id, or all that a query finds.
type Selection struct {
	IDs   []uuid.UUID
	Query *Query
}

// maxChosen bounds what one act may change.
const maxChosen = 60_000

// Refusals of acts on many.
var (
	ErrTooMany = fault.New(fault.Invalid, "too-many", "一次最多处理 %d 个客户，请先缩小筛选范围。", "At most %d accounts at once. Narrow the filter first.")
	ErrNone    = fault.New(fault.Invalid, "none-chosen", "没有符合条件的客户，或者都已经是这样了。", "No account matches, or all are so already.")
)

// chosen narrows what the actor may see to the selection.
func (s *Service) chosen(tx *pg.Tx, a tenants.Actor, sel Selection) (*pg.Handle, error) {
	d := visible(tx.Model(&Account{}), a)
	if sel.Query == nil {
		return d.Where("accounts.id = ANY (?::uuid[])", pg.UUIDs(sel.IDs)), nil
	}
	return s.filter(tx, d, a, *sel.Query)
}

// Count says how many accounts of a selection the actor may see.
func (s *Service) Count(ctx context.Context, a tenants.Actor, sel Selection) (n int64, err error) {
	if err := a.Need(Read); err != nil {
		return 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if a.Partner() {
			return Query{}.granted(tx, a, calendar.Now(ctx)).Distinct("account_id").Count(&n).Error
		}
		d, err := s.chosen(tx, a, sel)
		if err != nil {
			return err
		}
		return d.Count(&n).Error
	})
	return n, err
}
