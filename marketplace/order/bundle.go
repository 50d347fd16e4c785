package order

import (
	"context"
	"fmt"
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

// BundleMachine is the life of a bundle 套餐; quotes keep what they have.
var BundleMachine = state.Machine{Name: "bundle", Initial: "active", Table: []state.Transition{
	{Action: "end", From: []string{"active"}, To: "ended", Permission: string(Promote), Reason: true},
}}

// Refusals of bundles.
var (
	ErrBundleGone  = fault.New(fault.Conflict, "bundle-gone", "套餐「%s」中有内容已不在售或不符合规则，暂不能报价。", "Something in the bundle “%s” is off sale or breaks a rule; it cannot be quoted now.")
	ErrBundleQuote = fault.New(fault.Conflict, "bundle-quote", "套餐的报价不能单独修改；请从套餐重新报价。", "A quote of a bundle is not changed by itself; quote the bundle anew.")
)

// mostItems is how many elements a bundle has.
const mostItems = 30

// Item is so many units of an element in a bundle.
type Item struct {
	Listing      uuid.UUID `json:"listing"`
	SolutionName string    `json:"solution_name"`
	SupplierName string    `json:"supplier_name"`
	Element      string    `json:"element"`
	Quantity     int64     `json:"quantity"`
}

// Bundle is a set of elements of several solutions that is sold together.
type Bundle struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	OrgPath    string
	Name       string
	Summary    string
	PPM        int64           `gorm:"column:ppm"` // off the sum of all, in parts per million
	Items      pg.JSON[[]Item] // those of a listing stand together
	State      string
	Reason     string
	MadeBy     uuid.UUID
	MadeByName string
	MadeAt     time.Time
	Version    int64
}

// RowVersion is the optimistic lock.
func (b *Bundle) RowVersion() *int64 { return &b.Version }

func (b *Bundle) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "bundle", ID: b.ID, Label: b.Name, OrgPath: b.OrgPath, From: from, To: b.State, Reason: reason}
}

// Actions the actor may take.
func (b *Bundle) Actions(a tenants.Actor) []string {
	if b.OrgPath != a.Tenant.Path {
		return []string{}
	}
	return BundleMachine.Actions(b.State, func(need string) bool { return a.Can(tenants.Permission(need)) })
}

// BundlePart is what a bundle takes of one offer.
type BundlePart struct {
	Offer listing.Offer
	Price menu.Price
}

// price is the price of so many of a bundle at a place, offer by offer; false
// where something in it cannot be sold there now.
func (b *Bundle) price(ctx context.Context, tx *pg.Tx, a tenants.Actor, at string, sets int64, term int) (parts []BundlePart, ok bool, err error) {
	var prices []menu.Price
	for i := 0; i < len(b.Items.V); {
		id := b.Items.V[i].Listing
		o, err := listing.OfferFor(tx, a, id, at)
		if f, is := fault.As(err); is && f.Kind == fault.Missing {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		running, err := promotionsOf(ctx, tx, id)
		if err != nil {
			return nil, false, err
		}
		var choices []menu.Choice
		for ; i < len(b.Items.V) && b.Items.V[i].Listing == id; i++ {
			k := slices.IndexFunc(o.Content.V.Elements, func(e menu.Element) bool { return e.Name == b.Items.V[i].Element })
			if k < 0 {
				return nil, false, nil
			}
			choices = append(choices, menu.Choice{Element: o.Content.V.Elements[k].ID, Quantity: b.Items.V[i].Quantity * sets})
		}
		p, err := menu.Compose(o.Content.V.Elements, o.Content.V.Rules, running.at(at), choices, 0, term)
		if err != nil {
			return nil, false, err
		}
		if len(p.Violations) > 0 {
			return nil, false, nil
		}
		parts, prices = append(parts, BundlePart{Offer: o}), append(prices, p)
	}
	prices, err = menu.Bundled(prices, menu.Applied{ID: b.ID, Name: b.Name, Kind: menu.KindBundle}, b.PPM)
	for i := range prices {
		parts[i].Price = prices[i]
	}
	return parts, err == nil, err
}

// BundleEdit is what somebody puts together.
type BundleEdit struct {
	Name, Summary string
	PPM           int64
	Items         []Item // listing, element and quantity
}

// NewBundle puts a bundle on sale for the customers of the actor's company.
func (s *Service) NewBundle(ctx context.Context, a tenants.Actor, x BundleEdit) (BundlePriced, error) {
	if err := a.Need(Promote); err != nil {
		return BundlePriced{}, err
	}
	now := calendar.Now(ctx)
	b := Bundle{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), OrgPath: a.Tenant.Path, Name: strings.TrimSpace(x.Name), Summary: strings.TrimSpace(x.Summary), PPM: x.PPM, State: BundleMachine.Initial,
		MadeBy: a.User, MadeByName: a.Name, MadeAt: now, Version: 1,
	}
	var c fault.Checker
	c.Require("name", b.Name != "")
	if x.PPM < 0 || x.PPM > 500_000 {
		c.Add("ppm", "range", "优惠应在 0 到 50% 之间。", "What is off lies between 0 and 50 %.")
	}
	c.Require("items", len(x.Items) > 0)
	if len(x.Items) > mostItems {
		c.Add("items", "too_many", "一个套餐最多 30 项。", "A bundle has at most 30 elements.")
	}
	if err := c.Err(); err != nil {
		return BundlePriced{}, err
	}
	out := BundlePriced{Bundle: b}
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var order []uuid.UUID // of the listings, as they come
		seen := map[string]bool{}
		for i, item := range x.Items {
			at := fmt.Sprintf("items[%d].", i)
			o, err := listing.OfferFor(tx, a, item.Listing, a.Tenant.Path)
			if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
				c.Add(at+"listing_id", "unknown", "该方案不在售。", "It is not on sale.")
				continue
			} else if err != nil {
				return err
			}
			if !slices.ContainsFunc(o.Content.V.Elements, func(e menu.Element) bool { return e.Name == item.Element }) {
				c.Add(at+"element", "unknown", "「"+o.Name+"」没有元素「"+item.Element+"」。", "“"+o.Name+"” has no “"+item.Element+"”.")
			}
			if key := item.Listing.String() + item.Element; seen[key] {
				c.Add(at+"element", "repeated", "「"+item.Element+"」重复了。", "“"+item.Element+"” stands twice.")
			} else {
				seen[key] = true
			}
			if item.Quantity < 1 || item.Quantity > 1_000_000 {
				c.Add(at+"quantity", "range", "数量应在 1 到 100 万之间。", "From 1 to one million units.")
			}
			if !slices.Contains(order, item.Listing) {
				order = append(order, item.Listing)
			}
			b.Items.V = append(b.Items.V, Item{item.Listing, o.Name, o.SupplierName, item.Element, item.Quantity})
		}
		if err := c.Err(); err != nil {
			return err
		}
		slices.SortStableFunc(b.Items.V, func(x, y Item) int { return slices.Index(order, x.Listing) - slices.Index(order, y.Listing) })
		parts, ok, err := b.price(ctx, tx, a, a.Tenant.Path, 1, termMonths)
		if err != nil {
			return err
		}
		if !ok {
			c.Add("items", "rules", "这样的组合不符合某个方案的菜单规则，请补上必选项或改数量。", "This breaks a rule of a solution's menu: add what is required or change the units.")
			return c.Err()
		}
		if err := tx.Create(&b).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, b.entry("make_bundle", "", ""))
		out = BundlePriced{b, parts}
		return nil
	})
	return out, err
}

// BundlePriced is a bundle with the price of one where the actor is; no parts
// where it cannot be sold now.
type BundlePriced struct {
	Bundle
	Parts []BundlePart
}

// Bundles returns what is sold together to customers of the actor, those on sale
// first.
func (s *Service) Bundles(ctx context.Context, a tenants.Actor) (out []BundlePriced, err error) {
	if err := a.Need(listing.Market); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		q := tx.Where("province_id = ?", a.Tenant.ProvinceID)
		if a.Tenant.Kind != tenants.KindProvince {
			q = q.Where("org_path IN ?", a.Tenant.Scopes())
		}
		if !a.Can(Promote) {
			q = q.Where("state = 'active'")
		}
		var found []Bundle
		if err := q.Order("(state = 'active') DESC, made_at DESC, id").Limit(100).Find(&found).Error; err != nil {
			return err
		}
		for _, b := range found {
			x := BundlePriced{Bundle: b}
			if b.State == "active" {
				if x.Parts, _, err = b.price(ctx, tx, a, a.Tenant.Path, 1, termMonths); err != nil {
					return err
				}
			}
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

// EndBundle takes a bundle off sale.
func (s *Service) EndBundle(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (b BundlePriced, err error) {
	if err := a.Need(Promote); err != nil {
		return b, err
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND org_path = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.Path, id).Clauses(pg.ForUpdate), &b.Bundle); err != nil {
			return err
		}
		t, err := BundleMachine.Take(b.State, "end", reason)
		if err != nil {
			return err
		}
		from := b.State
		b.State, b.Reason = t.To, strings.TrimSpace(reason)
		if err := pg.Save(tx, &b.Bundle); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, b.entry("end_bundle", from, b.Reason))
		return nil
	})
	return b, err
}

// QuoteBundle quotes so many of a bundle: one quote for each solution in it, that
// are ordered together and add up to the bundle's price, to the fen.
func (s *Service) QuoteBundle(ctx context.Context, a tenants.Actor, id uuid.UUID, sets int64, d Draft) ([]Quote, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return nil, err
	}
	d.defaults()
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return pg.One(tx.Where("province_id = ? AND id = ? AND org_path IN ?", a.Tenant.ProvinceID, id, a.Tenant.Scopes()), &Bundle{})
	}); err != nil {
		return nil, err
	}
	var c fault.Checker
	if sets < 1 || sets > 10_000 {
		c.Add("sets", "range", "份数应在 1 到 10 000 之间。", "From 1 to 10 000 of it.")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	var out []Quote
	// Who the customer is, is looked up in the actor's own sight.
	var seller Quote
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		customer, deal, err := s.customer(tx, a, d)
		seller = Quote{OrgPath: customer.OrgPath, CityCode: customer.CityCode, DealID: deal, AccountID: customer.ID, AccountName: customer.Name}
		if err == nil && customer.ID == uuid.Nil {
			err = ErrNoAccount
		}
		return err
	}); err != nil {
		return nil, err
	}
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var b Bundle
		if err := pg.One(tx.Where("province_id = ? AND id = ? AND org_path IN ?", a.Tenant.ProvinceID, id, a.Tenant.Scopes()).Clauses(pg.ForShare), &b); err != nil {
			return err
		}
		if b.State != "active" || !strings.HasPrefix(seller.OrgPath, b.OrgPath) {
			return ErrBundleGone.Fill(b.Name)
		}
		parts, ok, err := b.price(ctx, tx, a, seller.OrgPath, sets, d.TermMonths)
		if err != nil {
			return err
		}
		if !ok {
			return ErrBundleGone.Fill(b.Name)
		}
		now, set := calendar.Now(ctx), pg.NewID()
		for _, p := range parts {
			q := seller
			q.ProvinceID, q.ID, q.State, q.CreatedBy, q.CreatedByName, q.Revision, q.Version = a.Tenant.ProvinceID, pg.NewID(), "draft", a.User, a.Name, 1, 1
			if a.Partner() {
				q.PartnerID = a.Tenant.ID
			}
			q.SellerName, q.ListingID, q.SolutionName, q.Price, q.TotalFen = a.Tenant.Name, p.Offer.ID, p.Offer.Name, pg.JSON[menu.Price]{V: p.Price}, p.Price.TotalFen
			q.TermMonths, q.CustomerNote, q.ValidUntil, q.UpdatedAt = d.TermMonths, d.CustomerNote, now.AddDate(0, 0, d.ValidDays), now
			q.BundleID, q.BundleName, q.BundleSet = &b.ID, b.Name, &set
			if q.Number, err = tenants.Next(ctx, tx, "Q"); err != nil {
				return err
			}
			if err := tx.Create(&q).Error; err != nil {
				return err
			}
			if err := q.keep(tx, a); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, q.entry("create", b.Name))
			out = append(out, q)
		}
		return nil
	})
	return out, err
}
