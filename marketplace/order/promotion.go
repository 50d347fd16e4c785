package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
)

// Promote is the permission to run promotions in one's company.
const Promote tenants.Permission = "promotion:write"

// PromotionMachine is the life of a promotion; days and budget end what it
// takes off, not the promotion.
var PromotionMachine = state.Machine{Name: "promotion", Initial: "active", Table: []state.Transition{
	{Action: "end", From: []string{"active"}, To: "ended", Permission: string(Promote), Reason: true},
}}

// ErrPromotionOver refuses an order whose price rests on a promotion that is
// over or used up.
var ErrPromotionOver = fault.New(fault.Conflict, "promotion-over", "优惠活动「%s」已结束或预算已用完，请更新报价后再下单；报价没有丢失。", "The promotion “%s” is over or used up; update the quote, which is not lost, then order.")

// Promotion is one as stored.
type Promotion struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	OrgPath      string    // whose customers it is for
	Name         string
	SolutionID   *uuid.UUID // nil for all
	SolutionName string
	Elements     pg.Texts // by name; none means all
	PPM          int64    `gorm:"column:ppm"`
	Stackable    bool
	StartsOn     time.Time
	EndsOn       time.Time // the last day
	BudgetFen    int64     // 0 without one
	State        string
	Reason       string
	MadeBy       uuid.UUID
	MadeByName   string
	MadeAt       time.Time
	EndedByName  string
	EndedAt      *time.Time
	Version      int64

	UsedFen int64 `gorm:"->"` // by orders that were not cancelled
	Orders  int64 `gorm:"->"`
}

// RowVersion is the optimistic lock.
func (p *Promotion) RowVersion() *int64 { return &p.Version }

// Phase is where it stands on a day: planned, running, over or ended.
func (p *Promotion) Phase(now time.Time) string {
	today := calendar.Date(now)
	switch {
	case p.State == "ended":
		return "ended"
	case today < p.StartsOn.Format(time.DateOnly):
		return "planned"
	case today > p.EndsOn.Format(time.DateOnly):
		return "over"
	}
	return "running"
}

// Actions the actor may take.
func (p *Promotion) Actions(a tenants.Actor) []string {
	if p.OrgPath != a.Tenant.Path {
		return []string{}
	}
	return PromotionMachine.Actions(p.State, func(need string) bool { return a.Can(tenants.Permission(need)) })
}

const usedSQL = `promotions.*, (SELECT coalesce(sum(u.fen), 0)::bigint FROM promotion_uses u JOIN orders o ON o.province_id = u.province_id AND o.id = u.order_id WHERE u.province_id = promotions.province_id AND u.promotion_id = promotions.id AND o.state <> 'cancelled') AS used_fen,
	(SELECT count(*) FROM promotion_uses u JOIN orders o ON o.province_id = u.province_id AND o.id = u.order_id WHERE u.province_id = promotions.province_id AND u.promotion_id = promotions.id AND o.state <> 'cancelled') AS orders`

// Promotions returns those of the actor's company and, for the province, of its
// cities, the newest first. What was used is a sum over orders that the actor
// need not see.
func (s *Service) Promotions(ctx context.Context, a tenants.Actor) (out []Promotion, err error) {
	if err := a.Need(Promote); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		d := tx.Model(&Promotion{}).Select(usedSQL).Where("province_id = ?", a.Tenant.ProvinceID)
		if a.Tenant.Kind == tenants.KindCity {
			d = d.Where("org_path IN (?, ?)", a.Tenant.Path, a.Tenant.Root())
		}
		return d.Order("made_at DESC, id").Limit(500).Find(&out).Error
	})
	return out, err
}

// PromotionEdit is what somebody plans.
type PromotionEdit struct {
	Name             string
	Listing          uuid.UUID // zero for all
	Elements         []string
	PPM              int64
	Stackable        bool
	StartsOn, EndsOn string
	BudgetFen        int64
}

// NewPromotion starts one for the customers of the actor's company.
func (s *Service) NewPromotion(ctx context.Context, a tenants.Actor, x PromotionEdit) (Promotion, error) {
	if err := a.Need(Promote); err != nil {
		return Promotion{}, err
	}
	now := calendar.Now(ctx)
	p := Promotion{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), OrgPath: a.Tenant.Path, Name: strings.TrimSpace(x.Name), Elements: pg.Texts(x.Elements), PPM: x.PPM, Stackable: x.Stackable, BudgetFen: x.BudgetFen, State: PromotionMachine.Initial,
		MadeBy: a.User, MadeByName: a.Name, MadeAt: now, Version: 1,
	}
	var c fault.Checker
	c.Require("name", p.Name != "")
	if p.PPM < 1 || p.PPM > 500_000 {
		c.Add("ppm", "range", "优惠比例应在 0 到 50% 之间。", "So much off lies between 0 and 50 %.")
	}
	if p.BudgetFen < 0 || p.BudgetFen > 100_000_000_000 {
		c.Add("budget_fen", "range", "预算应在 0 到 10 亿元之间，0 表示不设预算。", "A budget lies between 0, for none, and one billion yuan.")
	}
	var err error
	if p.StartsOn, err = time.Parse(time.DateOnly, x.StartsOn); err != nil {
		c.Add("starts_on", "format", "请填写开始日期。", "Please give the first day.")
	}
	if p.EndsOn, err = time.Parse(time.DateOnly, x.EndsOn); err != nil || x.EndsOn < x.StartsOn || x.EndsOn < calendar.Date(now) {
		c.Add("ends_on", "order", "结束日期不能早于开始日期和今天。", "The last day is not before the first, nor before today.")
	}
	if err := c.Err(); err != nil {
		return p, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if x.Listing != uuid.Nil {
			o, err := listing.OfferFor(tx, a, x.Listing, a.Tenant.Path)
			if err != nil {
				return err
			}
			p.SolutionID, p.SolutionName = &o.SolutionID, o.Name
			for _, name := range p.Elements {
				if !slices.ContainsFunc(o.Content.V.Elements, func(e menu.Element) bool { return e.Name == name }) {
					c.Add("elements", "unknown", "该方案没有元素「"+name+"」。", "The solution has no element “"+name+"”.")
				}
			}
		}
		if err := c.Err(); err != nil {
			return err
		}
		if err := tx.Omit("UsedFen", "Orders").Create(&p).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, p.entry("start_promotion", "", ""))
		return nil
	})
	return p, err
}

// EndPromotion stops one before its day; orders keep what they took.
func (s *Service) EndPromotion(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Promotion, error) {
	if err := a.Need(Promote); err != nil {
		return Promotion{}, err
	}
	var p Promotion
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND org_path = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.Path, id).Clauses(pg.ForUpdate), &p); err != nil {
			return err
		}
		t, err := PromotionMachine.Take(p.State, "end", reason)
		if err != nil {
			return err
		}
		from, now := p.State, calendar.Now(ctx)
		p.State, p.Reason, p.EndedByName, p.EndedAt = t.To, strings.TrimSpace(reason), a.Name, &now
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, p.entry("end_promotion", from, p.Reason))
		return nil
	})
	return p, err
}

func (p *Promotion) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "promotion", ID: p.ID, Label: p.Name, OrgPath: p.OrgPath, From: from, To: p.State, Reason: reason}
}

// running are the promotions on a solution today, for whatever customers.
type running []Promotion

// running reads them. Sellers do not see promotions as such, only what they take
// off, so it has the system's sight.
func (s *Service) running(ctx context.Context, a tenants.Actor, offer uuid.UUID) (out running, err error) {
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		out, err = promotionsOf(ctx, tx, offer)
		return err
	})
	return out, err
}

// promotionsOf is running inside a transaction of the system's sight.
func promotionsOf(ctx context.Context, tx *pg.Tx, offer uuid.UUID) (out running, err error) {
	today, province := calendar.Date(calendar.Now(ctx)), tx.Identity.Province
	err = tx.Model(&Promotion{}).Select(usedSQL).
		Where("province_id = ? AND state = 'active' AND starts_on <= ? AND ends_on >= ? AND (solution_id IS NULL OR solution_id = (SELECT solution_id FROM offers WHERE province_id = ? AND id = ?))", province, today, today, province, offer).
		Order("made_at, id").Find(&out).Error
	return out, err
}

// at are those that a customer at a place gets, with what their budgets have
// left.
func (r running) at(orgPath string) (out []menu.Promotion) {
	for _, p := range r {
		if !strings.HasPrefix(orgPath, p.OrgPath) {
			continue
		}
		x := menu.Promotion{ID: p.ID, Name: p.Name, PPM: p.PPM, Elements: p.Elements, Stackable: p.Stackable}
		if p.BudgetFen > 0 {
			left := max(0, p.BudgetFen-p.UsedFen)
			x.LeftFen = &left
		}
		out = append(out, x)
	}
	return out
}

// book takes what an order uses of promotions out of their budgets. It holds
// each promotion until the transaction ends, in one order for all, so two orders
// at once are counted one after the other. The transaction has the system's
// sight.
func (o *Order) book(ctx context.Context, tx *pg.Tx) error {
	now := calendar.Now(ctx)
	applied := slices.SortedFunc(slices.Values(o.Price.V.Promotions), func(x, y menu.Applied) int { return strings.Compare(x.ID.String(), y.ID.String()) })
	for _, x := range applied {
		if x.Kind != "" { // has no budget
			continue
		}
		var p Promotion
		if err := pg.One(tx.Where("province_id = ? AND id = ?", o.ProvinceID, x.ID).Clauses(pg.ForUpdate), &p); err != nil {
			return err
		}
		var used int64
		if err := tx.Raw(`SELECT coalesce(sum(u.fen), 0)::bigint FROM promotion_uses u JOIN orders o ON o.province_id = u.province_id AND o.id = u.order_id WHERE u.province_id = ? AND u.promotion_id = ? AND o.state <> 'cancelled'`, o.ProvinceID, x.ID).Scan(&used).Error; err != nil {
			return err
		}
		if p.Phase(now) != "running" || p.BudgetFen > 0 && used+x.Fen > p.BudgetFen {
			return ErrPromotionOver.Fill(p.Name)
		}
		if x.Fen == 0 { // of what is billed by use only
			continue
		}
		if err := tx.Exec(`INSERT INTO promotion_uses (province_id, promotion_id, order_id, fen, at) VALUES (?, ?, ?, ?, ?)`, o.ProvinceID, x.ID, o.ID, x.Fen, now).Error; err != nil {
			return err
		}
	}
	return nil
}
