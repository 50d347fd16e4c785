package order

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// JobTend tells of services whose term is about to end, and closes group
// purchases.
const JobTend = "order.tend"

// renewMost is how many months a service is renewed for at once.
const renewMost = 60

// reminders are the days before the end of a term when people are told.
var reminders = []int{7, 30, 60}

// termEnd is the last day of a term of months that begins on a day.
func termEnd(begins string, months int) time.Time {
	t, _ := time.Parse(time.DateOnly, calendar.AddMonths(begins, months))
	return t.AddDate(0, 0, -1)
}

// Renew gives the service of an order so many months more, at the price it has:
// from the end of its term, or from today where it ran on after that.
func (s *Service) Renew(ctx context.Context, a tenants.Actor, id uuid.UUID, months int) (Detail, error) {
	var c fault.Checker
	if months < 1 || months > renewMost {
		c.Add("months", "range", fmt.Sprintf("请填写 1 到 %d 个月。", renewMost), fmt.Sprintf("Give 1 to %d months.", renewMost))
	}
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	return s.step(ctx, a, id, "renew_service", "", func(tx *pg.Tx, o *Order) error {
		r, err := serviceOf(tx, o)
		if err != nil {
			return err
		}
		r.EndsOn, r.Reminded = r.renewed(o.UpdatedAt, months), 0
		return pg.Save(tx, &r)
	})
}

// renewed is the last day of the term after a renewal.
func (r *Running) renewed(now time.Time, months int) time.Time {
	begins := max(calendar.Date(r.EndsOn.AddDate(0, 0, 1)), calendar.Date(now))
	return termEnd(begins, months)
}

// serviceOf locks the service of an order.
func serviceOf(tx *pg.Tx, o *Order) (Running, error) {
	var r Running
	err := pg.One(tx.Where("province_id = ? AND order_id = ?", o.ProvinceID, o.ID).Clauses(pg.ForUpdate), &r)
	return r, err
}

// Tend closes group purchases past their day, and tells of terms that end in 60,
// 30 and 7 days, each once.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	if err := s.tendGroups(ctx, province); err != nil {
		return err
	}
	a := tenants.System(province, "合约到期")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		today := calendar.Date(calendar.Now(ctx))
		for _, days := range reminders {
			var found []Order
			// One statement takes them, so that of several at once each tells of its own.
			if err := tx.Raw(`WITH told AS (UPDATE services SET reminded = ?, version = version + 1 WHERE province_id = ? AND state <> 'ended' AND ends_on BETWEEN ?::date AND ?::date + ?::int AND (reminded = 0 OR reminded > ?) RETURNING order_id)
				SELECT o.* FROM orders o JOIN told ON told.order_id = o.id WHERE o.province_id = ? ORDER BY o.id`, days, province, today, today, days, days, province).Scan(&found).Error; err != nil {
				return err
			}
			for i := range found {
				tenants.Record(ctx, tx, a, found[i].entry(fmt.Sprintf("term_%d", days), found[i].State, ""))
			}
		}
		return nil
	})
}

// Consequences are what steps would mean in money, before anybody takes them;
// fen.
type Consequences struct {
	DroppedFen   int64 // of the order's total, that would not be due any more
	PromotionFen int64 // that would go back into the budgets of promotions
	MonthsLeft   int   // of the term, begun ones not counted
	EndsOn       string
	RenewMonths  int // the term that the order had
	RenewFen     int64
	RenewedTo    string
}

// Consequences says what it would mean to cancel the order or end its service
// today, and to renew it for as long as it was ordered for.
func (s *Service) Consequences(ctx context.Context, a tenants.Actor, id uuid.UUID) (x Consequences, o Detail, err error) {
	if err := a.Need(Read); err != nil {
		return x, o, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if o, err = s.detail(ctx, tx, a, id); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		switch o.State {
		case "submitted", "accepted":
			x.DroppedFen = o.TotalFen
			for _, p := range o.Price.V.Promotions {
				x.PromotionFen += p.Fen
			}
		case "active", "suspended":
			if o.Service == nil {
				return nil
			}
			today, last := calendar.Date(now), calendar.Date(o.Service.EndsOn)
			for m := 1; calendar.AddMonths(today, m) <= calendar.Date(o.Service.EndsOn.AddDate(0, 0, 1)); m++ {
				x.MonthsLeft = m
			}
			x.DroppedFen, x.EndsOn = int64(x.MonthsLeft)*o.MonthlyFen, last
			x.RenewMonths, x.RenewFen, x.RenewedTo = o.TermMonths, int64(o.TermMonths)*o.MonthlyFen, calendar.Date(o.Service.renewed(now, o.TermMonths))
		}
		return nil
	})
	return x, o, err
}

// boardDepth is how many orders a column of the board shows.
const boardDepth = 20

// Column is the orders in one state, what is due first first.
type Column struct {
	State  string
	Total  int64
	Orders []Order
}

// Board returns the orders that somebody has to do something about, by state.
func (s *Service) Board(ctx context.Context, a tenants.Actor, q Query) ([]Column, error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	var out []Column
	for _, state := range []string{"submitted", "accepted", "provisioning", "delivered"} {
		out = append(out, Column{State: state})
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		for i := range out {
			q.State = out[i].State
			d := q.apply(narrow(tx.Model(&Order{}), a))
			if err := d.Session(pg.Fork).Order("due_on, submitted_at, id").Limit(boardDepth).Find(&out[i].Orders).Error; err != nil {
				return err
			}
			out[i].Total = int64(len(out[i].Orders))
			if out[i].Total == boardDepth {
				if err := d.Session(pg.Fork).Count(&out[i].Total).Error; err != nil {
					return err
				}
			}
		}
		return nil
	})
	return out, err
}
