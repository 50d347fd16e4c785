package order

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// SendProvisioning is the permission of systems that open services.
const SendProvisioning tenants.Permission = "provisioning:send"

// ErrAnswerDiffers names an answer that was given before with other content.
var ErrAnswerDiffers = fault.New(fault.Conflict, "answer-differs", "回执 %s 已经收到过，但内容不同。同一编号必须是同一内容。", "Answer %s is known already with other content. The same id must be the same answer.")

// What a provisioning system may say of an element.
const (
	Provisioning = "in_progress"
	Provisioned  = "done"
	ProvFailed   = "failed"
)

// provisioner is who the history names for what a system said.
const provisioner = "开通系统"

// Answer is what a provisioning system says of an element of an order.
type Answer struct {
	ID          string
	OrderNumber string
	Element     string
	Status      string
	At          time.Time // when it happened there, which decides what holds
	Message     string
}

// answerRow is an answer that was kept.
type answerRow struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         string    `gorm:"primaryKey"`
	OrderID    uuid.UUID
	Element    string
	Status     string
	At         time.Time
	Message    string
	ReceivedAt time.Time
}

// TableName of answers.
func (answerRow) TableName() string { return "provisioning_answers" }

// later tells whether r holds over o: it happened later; at the same moment a
// failure outranks the rest, and being done being at it.
func (r answerRow) later(o answerRow) bool {
	rank := map[string]int{Provisioning: 1, Provisioned: 2, ProvFailed: 3}
	if !r.At.Equal(o.At) {
		return r.At.After(o.At)
	}
	return rank[r.Status] > rank[o.Status]
}

// Answered takes answers, each once, in whatever order they arrive and however
// late; what holds of an element is the latest word by its own time. An element
// that is provisioned is a task done; one that failed is open again and the SI
// is told. The hand-over stays the SI's.
func (s *Service) Answered(ctx context.Context, a tenants.Actor, answers []Answer) (accepted, repeated int, err error) {
	if err := a.Need(SendProvisioning); err != nil {
		return 0, 0, err
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var c fault.Checker
		var numbers pg.Texts
		for _, x := range answers {
			numbers = append(numbers, x.OrderNumber)
		}
		var found []Order
		// Locked in one order for all senders, with the parts that go on by
		// themselves: who provisions knows the number that was ordered.
		if err := tx.Where("province_id = ? AND quote_id IN (SELECT quote_id FROM orders WHERE province_id = ? AND number = ANY (?))", a.Tenant.ProvinceID, a.Tenant.ProvinceID, numbers).
			Order("id").Clauses(pg.ForUpdate).Find(&found).Error; err != nil {
			return err
		}
		quotes, ordered := map[uuid.UUID]uuid.UUID{}, map[string]uuid.UUID{} // by order, by number
		for _, o := range found {
			quotes[o.ID], ordered[o.Number] = o.QuoteID, o.QuoteID
		}
		orders := make([]Order, len(answers)) // that each is about
		now := calendar.Now(ctx)
		for i, x := range answers {
			at := fmt.Sprintf("answers[%d].", i)
			c.Require(at+"id", x.ID != "" && len(x.ID) <= 100)
			c.OneOf(at+"status", x.Status, Provisioning, Provisioned, ProvFailed)
			if x.At.After(now.Add(5*time.Minute)) || x.At.Year() < 2000 {
				c.Add(at+"at", "date", "时间不正确。", "Not a sensible time.")
			}
			quote, ok := ordered[x.OrderNumber]
			if !ok {
				c.Add(at+"order_number", "unknown", "没有订单「"+x.OrderNumber+"」。", "There is no order “"+x.OrderNumber+"”.")
				continue
			}
			k := slices.IndexFunc(found, func(o Order) bool {
				return o.QuoteID == quote && slices.ContainsFunc(o.Price.V.Lines, lineOf(x.Element))
			})
			if k >= 0 {
				orders[i] = found[k]
			} else {
				c.Add(at+"element", "unknown", "订单没有元素「"+x.Element+"」。", "The order has no “"+x.Element+"”.")
			}
		}
		if err := c.Err(); err != nil {
			return err
		}
		touched := map[uuid.UUID]Order{}
		for i, x := range answers {
			o := orders[i]
			row := answerRow{a.Tenant.ProvinceID, x.ID, o.ID, x.Element, x.Status, x.At.UTC().Truncate(time.Microsecond), x.Message, now}
			res := tx.Exec(`INSERT INTO provisioning_answers (province_id, id, order_id, element, status, at, message, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				row.ProvinceID, row.ID, row.OrderID, row.Element, row.Status, row.At, row.Message, row.ReceivedAt)
			if res.Error != nil {
				return res.Error
			}
			if res.RowsAffected == 1 {
				accepted++
				touched[o.ID] = o
				continue
			}
			var known answerRow
			if err := pg.One(tx.Where("province_id = ? AND id = ?", row.ProvinceID, row.ID), &known); err != nil {
				return err
			}
			if quotes[known.OrderID] != o.QuoteID || known.Element != row.Element || known.Status != row.Status || !known.At.Equal(row.At) || known.Message != row.Message {
				return ErrAnswerDiffers.Fill(x.ID)
			}
			repeated++
		}
		for _, o := range found {
			if _, ok := touched[o.ID]; !ok {
				continue
			}
			if err := o.heed(ctx, tx, tenants.System(o.ProvinceID, provisioner)); err != nil {
				return err
			}
		}
		return nil
	})
	return accepted, repeated, err
}

// Heed does so for an order that was accepted after its answers came.
func (s *Service) Heed(ctx context.Context, n Changed) error {
	a := tenants.System(n.Province, provisioner)
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var o Order
		if err := pg.One(tx.Where("province_id = ? AND id = ?", n.Province, n.Order).Clauses(pg.ForUpdate), &o); err != nil {
			return err
		}
		return o.heed(ctx, tx, a)
	})
}

// words are what holds of each element of an order and its parts.
func words(tx *pg.Tx, o *Order) (map[string]answerRow, error) {
	var all []answerRow
	err := tx.Where("province_id = ? AND order_id IN (SELECT id FROM orders WHERE province_id = ? AND quote_id = ?)", o.ProvinceID, o.ProvinceID, o.QuoteID).Find(&all).Error
	holds := map[string]answerRow{}
	for _, r := range all {
		if known, ok := holds[r.Element]; !ok || r.later(known) {
			holds[r.Element] = r
		}
	}
	return holds, err
}

// heed brings the delivery of an order to what its provisioning systems said; an
// order that is not accepted yet heeds them when it is. The transaction has the
// system's sight.
func (o *Order) heed(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	holds, err := words(tx, o)
	if err != nil || len(holds) == 0 {
		return err
	}
	d, err := deliveryOf(tx, o)
	if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
		return nil
	}
	if err != nil || d.State == "accepted" || d.State == "cancelled" {
		return err
	}
	now, changed := calendar.Now(ctx), false
	var failed string
	for i := range d.Plan.V {
		t := &d.Plan.V[i]
		r, said := holds[t.Element]
		if !said || t.Element == "" {
			continue
		}
		switch {
		case r.Status == Provisioned && t.DoneAt == nil:
			at := r.At
			t.DoneAt, t.DoneBy, changed = &at, provisioner, true
		case r.Status != Provisioned && t.DoneAt != nil && t.DoneBy == provisioner && d.State != "done":
			t.DoneAt, t.DoneBy, changed = nil, "", true
		}
		if said := r.Status + " " + r.Message; t.Said != said {
			t.Said, changed = said, true
			if r.Status == ProvFailed {
				failed = t.Element + "：" + r.Message
			}
		}
	}
	if d.State == "waiting" {
		t, err := DeliveryMachine.Take(d.State, "start", "")
		if err != nil {
			return err
		}
		d.State, changed = t.To, true
		tenants.Record(ctx, tx, a, d.entry("start", "waiting", ""))
		ot, err := Machine.Take(o.State, "provision", "")
		if err != nil {
			return err
		}
		was := o.State
		o.State, o.UpdatedAt = ot.To, now
		if err := pg.Save(tx, o); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, o.entry("provision", was, ""))
	}
	if failed != "" {
		tenants.Record(ctx, tx, a, d.entry("provisioning_failed", d.State, failed))
	}
	if !changed {
		return nil
	}
	d.UpdatedAt = now
	return pg.Save(tx, &d)
}
