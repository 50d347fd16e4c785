package order

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// SendUsage is the permission of metering systems.
const SendUsage tenants.Permission = "usage:send"

// ErrFactDiffers names the first of the facts that differ; all are its fields.
var ErrFactDiffers = fault.New(fault.Conflict, "fact-differs", "用量 %s 已经收到过，但内容不同。同一编号必须是同一内容。", "Usage %s is known already with other content. The same id must be the same fact.")

// Fact is so much use of an element of a service on a day, as a metering system
// says it. The same id again is the same fact.
type Fact struct {
	ID            string
	ServiceNumber string
	Element       string
	Day           string // YYYY-MM-DD, Shanghai
	Quantity      int64  // in the unit of the element
}

// metered is a service that usage is of.
type metered struct {
	ID       uuid.UUID
	Number   string
	ActiveAt time.Time
	EndedAt  *time.Time
	Elements pg.Texts
}

const mostQuantity = int64(1e12)

// RecordUsage counts facts, each once, whoever sends it how often at the same
// time; all of them or none. With dry nothing is kept. It reports every bad fact
// as facts[i].
func (s *Service) RecordUsage(ctx context.Context, a tenants.Actor, facts []Fact, dry bool) (accepted, repeated int, err error) {
	if err := a.Need(SendUsage); err != nil {
		return 0, 0, err
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if accepted, err = recordUsage(ctx, tx, facts); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	if dry && errors.Is(err, errDry) {
		err = nil
	}
	return accepted, len(facts) - accepted, err
}

// errDry takes back what was only tried.
var errDry = errors.New("a dry run")

func recordUsage(ctx context.Context, tx *pg.Tx, facts []Fact) (accepted int, err error) {
	var c fault.Checker
	var ids, numbers, elements, days, quantities pg.Texts
	seen := map[string]int{}
	asked := map[string]bool{}
	var wanted pg.Texts
	for i, f := range facts {
		at := fmt.Sprintf("facts[%d].", i)
		c.Require(at+"id", f.ID != "" && len(f.ID) <= 100)
		if f.Quantity < 0 || f.Quantity > mostQuantity {
			c.Add(at+"quantity", "range", "用量应在 0 到一万亿之间。", "A quantity lies between 0 and 10^12.")
		}
		if k, again := seen[f.ID]; again {
			if facts[k] != f {
				c.Add(at+"id", "differs", "同一文件里有另一条相同编号但内容不同的用量。", "Another fact here has the same id and other content.")
			}
			continue
		}
		seen[f.ID] = i
		ids, numbers, elements, days, quantities = append(ids, f.ID), append(numbers, f.ServiceNumber), append(elements, f.Element), append(days, f.Day), append(quantities, strconv.FormatInt(f.Quantity, 10))
		if !asked[f.ServiceNumber] {
			asked[f.ServiceNumber] = true
			wanted = append(wanted, f.ServiceNumber)
		}
	}
	var found []metered
	if err := tx.Raw(`SELECT s.id, s.number, s.active_at, s.ended_at, ARRAY(SELECT l ->> 'Name' FROM jsonb_array_elements(o.price -> 'Lines') l) AS elements
		FROM services s JOIN orders o ON o.province_id = s.province_id AND o.id = s.order_id WHERE s.province_id = ? AND s.number = ANY (?)`, tx.Identity.Province, wanted).Scan(&found).Error; err != nil {
		return 0, err
	}
	services := map[string]*metered{}
	for i := range found {
		services[found[i].Number] = &found[i]
	}
	today := calendar.Date(calendar.Now(ctx))
	for i, f := range facts {
		services[f.ServiceNumber].check(&c, fmt.Sprintf("facts[%d].", i), f, today)
	}
	if err := c.Err(); err != nil {
		return 0, err
	}
	// Everybody inserts in the same order, so that two senders of the same facts
	// wait for each other and never both.
	var kept int64
	err = tx.Raw(`WITH sent AS (SELECT t.id, t.element, t.day::date AS day, t.quantity::bigint AS quantity, s.id AS service_id, s.org_path, s.partner_id, s.account_id
			FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS t (id, number, element, day, quantity) JOIN services s ON s.province_id = ? AND s.number = t.number),
		put AS (INSERT INTO usage_facts (province_id, id, service_id, element, day, quantity) SELECT ?, id, service_id, element, day, quantity FROM sent ORDER BY id COLLATE "C"
			ON CONFLICT DO NOTHING RETURNING service_id, element, day, quantity),
		summed AS (INSERT INTO usage_days AS d (province_id, service_id, element, day, quantity, facts, org_path, partner_id, account_id)
			SELECT ?, p.service_id, p.element, p.day, sum(p.quantity), count(*), s.org_path, s.partner_id, s.account_id FROM put p JOIN services s ON s.province_id = ? AND s.id = p.service_id
			GROUP BY p.service_id, p.element, p.day, s.org_path, s.partner_id, s.account_id ORDER BY p.service_id, p.element, p.day
			ON CONFLICT (province_id, service_id, element, day) DO UPDATE SET quantity = d.quantity + excluded.quantity, facts = d.facts + excluded.facts)
		SELECT count(*) FROM put`, ids, numbers, elements, days, quantities, tx.Identity.Province, tx.Identity.Province, tx.Identity.Province, tx.Identity.Province).Scan(&kept).Error
	if err != nil || int(kept) == len(ids) {
		return int(kept), err
	}
	// Some were known: as they are now, or this is another fact.
	var differ pg.Texts
	if err := tx.Raw(`SELECT t.id FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS t (id, number, element, day, quantity)
		JOIN services s ON s.province_id = ? AND s.number = t.number JOIN usage_facts f ON f.province_id = ? AND f.id = t.id
		WHERE (f.service_id, f.element, f.day, f.quantity) <> (s.id, t.element, t.day::date, t.quantity::bigint) ORDER BY t.id LIMIT 100`,
		ids, numbers, elements, days, quantities, tx.Identity.Province, tx.Identity.Province).Scan(&differ).Error; err != nil {
		return 0, err
	}
	if len(differ) == 0 {
		return int(kept), nil
	}
	for _, id := range differ {
		c.Add(fmt.Sprintf("facts[%d].id", seen[id]), "differs", "已收到过相同编号但内容不同的用量。", "The id is known already with other content.")
	}
	return 0, c.Of(ErrFactDiffers.Fill(differ[0]))
}

func (m *metered) check(c *fault.Checker, at string, f Fact, today string) {
	if m == nil {
		c.Add(at+"service_number", "unknown", "没有编号为「"+f.ServiceNumber+"」的服务。", "There is no service “"+f.ServiceNumber+"”.")
		return
	}
	known := false
	for _, e := range m.Elements {
		known = known || e == f.Element
	}
	if !known {
		c.Add(at+"element", "unknown", "服务 "+m.Number+" 没有元素「"+f.Element+"」，只有："+strings.Join(m.Elements, "、")+"。", "Service "+m.Number+" has no “"+f.Element+"”, only: "+strings.Join(m.Elements, ", ")+".")
	}
	switch _, err := time.Parse(time.DateOnly, f.Day); {
	case err != nil:
		c.Add(at+"day", "format", "日期应为 YYYY-MM-DD。", "A day is YYYY-MM-DD.")
	case f.Day > today:
		c.Add(at+"day", "future", "日期在今天之后。", "The day is after today.")
	case f.Day < calendar.Date(m.ActiveAt):
		c.Add(at+"day", "before", "服务 "+m.Number+" 那天还没有开通（"+calendar.Date(m.ActiveAt)+" 开通）。", "Service "+m.Number+" was not active yet; it is since "+calendar.Date(m.ActiveAt)+".")
	case m.EndedAt != nil && f.Day > calendar.Date(*m.EndedAt):
		c.Add(at+"day", "after", "服务 "+m.Number+" 那天已经结束（"+calendar.Date(*m.EndedAt)+" 结束）。", "Service "+m.Number+" had ended on "+calendar.Date(*m.EndedAt)+".")
	}
}

// Use is what an element of a service used.
type Use struct {
	Element string
	Unit    string
	Billing string
	Days    []DayUse // those with use, oldest first
	Month   int64    // this month, Shanghai
	FeeFen  int64    // of this month, where it is billed by use; before promotions
}

// DayUse is one day of it.
type DayUse struct {
	Day      time.Time
	Quantity int64
}

// usageDays is how far back use is shown.
const usageDays = 31

// Usage is what the service of an order used in the last 31 days, element by
// element.
func (s *Service) Usage(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Use, error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	out := []Use{}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d, err := s.detail(ctx, tx, a, id)
		if err != nil || d.Service == nil {
			return err
		}
		now := calendar.Now(ctx)
		var rows []struct {
			Element  string
			Day      time.Time
			Quantity int64
		}
		if err := narrow(tx.Table("usage_days"), a).Where("service_id = ? AND day > ?::date - ?::int", d.Service.ID, calendar.Date(now), usageDays).Order("element, day").Find(&rows).Error; err != nil {
			return err
		}
		for _, l := range d.Price.V.Lines {
			u := Use{Element: l.Name, Unit: l.Unit, Billing: l.Billing}
			for _, r := range rows {
				if r.Element != l.Name {
					continue
				}
				u.Days = append(u.Days, DayUse{r.Day, r.Quantity})
				if r.Day.Format("2006-01") == calendar.Month(now) {
					u.Month += r.Quantity
				}
			}
			if l.Billing == "per_use" && l.Quantity > 0 {
				if u.FeeFen, err = money.MulDiv(u.Month, l.AmountFen, l.Quantity); err != nil {
					return err
				}
			}
			if len(u.Days) > 0 {
				out = append(out, u)
			}
		}
		return nil
	})
	return out, err
}
