package order

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// Refusals of this package.
var (
	ErrDealState    = fault.New(fault.Conflict, "deal-not-protected", "商机不在保护期内，不能报价。", "The deal is not under protection; it cannot be quoted.")
	ErrQuoteOrdered = fault.New(fault.Conflict, "quote-ordered", "该报价已下单。", "This quote was ordered already.")
	ErrQuoteExpired = fault.New(fault.Conflict, "quote-expired", "报价已过有效期，请更新后再下单。", "The quote is past its date. Update it, then order.")
	ErrNoAccount    = fault.New(fault.Invalid, "no-account", "请选择商机或客户。", "Choose a deal or a customer.")
	ErrTooLate      = fault.New(fault.Conflict, "change-too-late", "订单 %s 已开始交付或已取消，不能再改单。", "Order %s is being delivered or cancelled; it cannot be changed any more.")
	ErrProspect     = fault.New(fault.Conflict, "quote-prospect", "潜在客户还不能下单：先报备商机或登记客户，再为报价选定客户。", "A prospect cannot order yet: register the deal or the customer, then choose it for the quote.")
	ErrOfferGone    = fault.New(fault.Conflict, "offer-gone", "该方案已不在售，或版本已更新，请重新组合。", "The offer is no longer on sale or has a newer version; compose again.")
)

const (
	validDays  = 30
	termMonths = 12
)

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db, people} }

// Draft is what a seller composes.
type Draft struct {
	Deal, Account uuid.UUID // one of them, or neither for a prospect
	Prospect      string    // name of a customer who is not registered
	City          string    // code of the prospect's city
	Listing       uuid.UUID
	Choices       []menu.Choice
	DiscountPPM   int64
	ValidDays     int
	TermMonths    int
	CustomerNote  string
	Replaces      uuid.UUID // the order that this changes; zero for none
}

func (d *Draft) defaults() {
	if d.ValidDays == 0 {
		d.ValidDays = validDays
	}
	if d.TermMonths == 0 {
		d.TermMonths = termMonths
	}
}

// Priced is a price with what it was made from.
type Priced struct {
	menu.Price
	Offer   listing.Offer
	Account account.Account
	Left    *int // orders more that who delivers takes now; nil without a limit
}

// Price composes without saving; violations come back as part of the price.
func (s *Service) Price(ctx context.Context, a tenants.Actor, d Draft) (Priced, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return Priced{}, err
	}
	d.defaults()
	var p Priced
	running, err := s.running(ctx, a, d.Listing)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		// Before it is known for whom, the seller's own city counts.
		at := a.Tenant.Path
		if d.Deal != uuid.Nil || d.Account != uuid.Nil || d.Prospect != "" {
			customer, _, err := s.customer(tx, a, d)
			if err != nil {
				return err
			}
			at = customer.OrgPath
		}
		if p.Offer, err = listing.OfferFor(tx, a, d.Listing, at); err != nil {
			return err
		}
		p.Price, err = menu.Compose(p.Offer.Content.V.Elements, p.Offer.Content.V.Rules, running.at(at), d.Choices, d.DiscountPPM, d.TermMonths)
		p.Account.OrgPath = at
		return err
	})
	if err != nil {
		return p, err
	}
	// How busy others are is seen by nobody but the firm; that it is full, by all.
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		o := Order{ListingID: p.Offer.ID, SupplierID: p.Offer.SupplierID, OrgPath: p.Account.OrgPath}
		if err := o.deliverer(tx); err != nil {
			return err
		}
		c, err := capacityOf(tx, o.DelivererID, false)
		p.Left = c.Left()
		return err
	})
	return p, err
}

// customer finds who the quote is for: the account of a protected deal, for the
// operator an account it may see, or a prospect, who has a name and a city only.
func (s *Service) customer(tx *pg.Tx, a tenants.Actor, d Draft) (account.Account, *uuid.UUID, error) {
	if d.Deal == uuid.Nil && d.Account == uuid.Nil && d.Prospect != "" {
		city, err := prospectCity(tx, a, d.City)
		return account.Account{Name: d.Prospect, OrgPath: city.Path, CityCode: city.Code}, nil, err
	}
	if d.Deal == uuid.Nil {
		if a.Partner() || d.Account == uuid.Nil {
			return account.Account{}, nil, ErrNoAccount
		}
		x, err := account.Seen(tx, a, d.Account)
		return x, nil, err
	}
	x, err := deal.Find(tx, a, d.Deal)
	if err != nil {
		return account.Account{}, nil, err
	}
	if x.State != "protected" || x.AccountID == nil {
		return account.Account{}, nil, ErrDealState
	}
	return account.Account{ID: *x.AccountID, Name: x.AccountName, OrgPath: x.OrgPath, CityCode: x.CityCode}, &x.ID, nil
}

// prospectCity is the city that was named, of the actor's own company where that
// is a city.
func prospectCity(tx *pg.Tx, a tenants.Actor, code string) (tenants.Tenant, error) {
	if a.Tenant.Kind == tenants.KindCity {
		if code != "" && code != a.Tenant.Code {
			return a.Tenant, errCity()
		}
		return a.Tenant, nil
	}
	city, err := tenants.CityIn(tx, code)
	if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
		return city, errCity()
	}
	return city, err
}

func errCity() error {
	var c fault.Checker
	c.Add("city", "unknown", "请选择客户所在的城市。", "Choose the customer's city.")
	return c.Err()
}

func violated(p menu.Price) error {
	if len(p.Violations) == 0 {
		return nil
	}
	var c fault.Checker
	for _, v := range p.Violations {
		c.Add("lines", v.Code, v.Words.Zh, v.Words.En)
	}
	return c.Err()
}

// SaveQuote saves a new quote, or with id changes one that is not ordered.
func (s *Service) SaveQuote(ctx context.Context, a tenants.Actor, id uuid.UUID, d Draft, version int64) (QuoteDetail, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return QuoteDetail{}, err
	}
	d.defaults()
	var out QuoteDetail
	running, err := s.running(ctx, a, d.Listing)
	if err != nil {
		return out, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		q := Quote{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), State: "draft", CreatedBy: a.User, CreatedByName: a.Name, Revision: 1, Version: 1}
		if id != uuid.Nil {
			var err error
			if q, err = lockQuote(tx, a, id); err != nil {
				return err
			}
			if q.State == "ordered" {
				return ErrQuoteOrdered
			}
			if q.BundleSet != nil {
				return ErrBundleQuote
			}
			if q.Version != version {
				return fault.ErrStale
			}
		}
		customer, dealID, err := s.customer(tx, a, d)
		if err != nil {
			return err
		}
		o, err := listing.OfferFor(tx, a, d.Listing, customer.OrgPath)
		if err != nil {
			return err
		}
		if id != uuid.Nil && (q.AccountID != customer.ID || q.ListingID != o.ID) {
			q.GroupID, q.GroupName, q.GroupPPM = nil, "", 0 // it was reached for another customer or offer
		}
		price, err := menu.Compose(o.Content.V.Elements, o.Content.V.Rules, append(q.grouped(), running.at(customer.OrgPath)...), d.Choices, d.DiscountPPM, d.TermMonths)
		if err != nil {
			return err
		}
		if err := violated(price); err != nil {
			return err
		}
		if a.Partner() {
			q.PartnerID = a.Tenant.ID
		}
		q.SellerName, q.OrgPath, q.CityCode, q.DealID, q.AccountID, q.AccountName = a.Tenant.Name, customer.OrgPath, customer.CityCode, dealID, customer.ID, customer.Name
		q.ListingID, q.SolutionName, q.Price, q.TotalFen = o.ID, o.Name, pg.JSON[menu.Price]{V: price}, price.TotalFen
		q.DiscountPPM, q.TermMonths, q.CustomerNote = d.DiscountPPM, d.TermMonths, d.CustomerNote
		q.ValidUntil, q.UpdatedAt = now.AddDate(0, 0, d.ValidDays), now
		if d.Replaces != uuid.Nil && id == uuid.Nil {
			old, err := lock(tx, a, d.Replaces)
			if err != nil {
				return err
			}
			if !old.changeable(a) || old.AccountID != q.AccountID {
				return ErrTooLate.Fill(old.Number)
			}
			q.ReplacesID, q.ReplacesNumber, q.ReplacesFen = &old.ID, old.Number, old.TotalFen
		}
		action := "edit"
		if id == uuid.Nil {
			action = "create"
			if q.Number, err = tenants.Next(ctx, tx, "Q"); err != nil {
				return err
			}
		} else {
			q.Revision++
		}
		asked, err := q.chain(ctx, tx, a)
		if err != nil {
			return err
		}
		if id == uuid.Nil {
			err = tx.Create(&q).Error
		} else {
			err = pg.Save(tx, &q)
		}
		if err == nil {
			err = q.keep(tx, a)
		}
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE group_members SET units = ?, account_id = ?, account_name = ?, version = version + 1 WHERE province_id = ? AND quote_id = ? AND state = 'joined'`, price.Units, q.AccountID, q.AccountName, q.ProvinceID, q.ID).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry(action, ""))
		if len(asked) > 0 {
			if err := tx.Create(&asked).Error; err != nil {
				return err
			}
			q.ask(ctx, tx, a, asked[0].Level)
		}
		out, err = s.quote(ctx, tx, a, q.ID)
		return err
	})
	return out, err
}

// narrow repeats row security in the query.
func narrow(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("province_id = ?", id.Province)
	switch {
	case a.IsSystem():
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	default:
		q = account.OfSeen(a.InDistricts(q.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo)), a, "account_id")
	}
	return q
}

// narrowQuotes is narrow for quotes: those for prospects are their maker's where
// somebody sees own customers only.
func narrowQuotes(tx *pg.Tx, a tenants.Actor) *pg.Handle {
	q := tx.Model(&Quote{})
	if a.IsSystem() || a.Partner() || !a.Can(account.Read) || a.Can(account.ReadAll) {
		return narrow(q, a)
	}
	id := a.Identity()
	seen := account.OfSeen(tx.Session(&pg.Session{NewDB: true}), a, "account_id").Or("account_id = ? AND created_by IN ?", uuid.Nil, a.Persons())
	return a.InDistricts(q.Where("province_id = ? AND org_path >= ? AND org_path < ?", id.Province, id.PathFrom, id.PathTo)).Where(seen)
}

// QuoteDetail is a quote with its menu.
type QuoteDetail struct {
	Quote
	Menu  []menu.Element
	Rules menu.Rules

	Revisions []Revision // newest first
	Shares    []Share    // those that were made, newest first
	Messages  []Message  // with the customer, oldest first
	Approvals []Approval // of the form it has now, in the order they are asked
	Family    string     // of the offer, where it is on sale
	Category  string
	Seller    *partner.Partner // for who decides on discounts; nil for direct sale
	Bundle    []Quote          // all that are ordered with it, itself among them
	Member    *Member          // of a group purchase that it takes part in, or has to choose about
	Group     *Group           // that one
	Actions   []string
}

// GetQuote returns one quote.
func (s *Service) GetQuote(ctx context.Context, a tenants.Actor, id uuid.UUID) (QuoteDetail, error) {
	if err := a.Need(QuoteRead); err != nil {
		return QuoteDetail{}, err
	}
	var d QuoteDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.quote(ctx, tx, a, id)
		return err
	})
	if err != nil || d.PartnerID == uuid.Nil || !a.Can(Approve) {
		return d, err
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		seller, err := partner.Find(tx, d.PartnerID)
		d.Seller = &seller
		return err
	})
	return d, err
}

func (s *Service) quote(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (QuoteDetail, error) {
	var d QuoteDetail
	if err := pg.One(narrowQuotes(tx, a).Where("id = ?", id), &d.Quote); err != nil {
		return d, err
	}
	d.Menu, d.Actions = []menu.Element{}, []string{}
	for _, list := range []struct {
		into  any
		order string
	}{{&d.Revisions, "number DESC"}, {&d.Shares, "created_at DESC"}, {&d.Messages, "at, id"}} {
		if err := tx.Where("province_id = ? AND quote_id = ?", d.ProvinceID, d.ID).Order(list.order).Limit(200).Find(list.into).Error; err != nil {
			return d, err
		}
	}
	if o, err := listing.OfferFor(tx, a, d.ListingID, d.OrgPath); err == nil {
		d.Menu, d.Rules, d.Family, d.Category = o.Content.V.Elements, o.Content.V.Rules, o.Family, o.Category
	}
	if err := tx.Where("province_id = ? AND quote_id = ? AND revision = ?", d.ProvinceID, d.ID, d.Revision).Order("level").Find(&d.Approvals).Error; err != nil {
		return d, err
	}
	if d.BundleSet != nil {
		if err := narrowQuotes(tx, a).Where("bundle_set = ?", *d.BundleSet).Order("number").Find(&d.Bundle).Error; err != nil {
			return d, err
		}
	}
	settled := d.Approval == "" || d.Approval == "approved"
	if m, g, err := d.member(tx); err != nil {
		return d, err
	} else if m != nil {
		d.Member, d.Group = m, g
		settled = false
		if a.Can(QuoteWrite) {
			d.Actions = append(d.Actions, MemberMachine.Actions(m.State, func(p string) bool { return a.Can(tenants.Permission(p)) })...)
		}
	} else if d.State == "draft" && d.GroupID == nil && d.BundleSet == nil && a.Can(QuoteWrite) && d.StateAt(calendar.Now(ctx)) == "draft" {
		d.Actions = append(d.Actions, "join_group")
	}
	if d.State == "draft" {
		for _, x := range d.Approvals {
			if x.Level == levelOf(a) && !x.Makers.Has(a) {
				d.Actions = append(d.Actions, ApprovalMachine.Actions(x.State, func(p string) bool { return a.Can(tenants.Permission(p)) })...)
			}
		}
		if a.Can(QuoteWrite) && d.BundleSet == nil {
			d.Actions = append(d.Actions, "edit")
		}
		if a.Can(QuoteWrite) && settled && d.StateAt(calendar.Now(ctx)) == "draft" {
			d.Actions = append(d.Actions, "share")
		}
		if a.Can(Submit) && settled && d.AccountID != uuid.Nil && d.StateAt(calendar.Now(ctx)) == "draft" {
			d.Actions = append(d.Actions, "order")
		}
	}
	return d, nil
}

// Query filters lists of this package.
type Query struct {
	State, Text string
	States      []string // any of these; nil for all
	Mine        bool     // quotes whose discount waits for the actor's level
	Deal        uuid.UUID
	Accounts    []uuid.UUID // an account and what was merged into it; nil for all
	AfterAt     time.Time
	AfterID     uuid.UUID
	Limit       int
}

func (q Query) apply(d *pg.Handle) *pg.Handle {
	if q.State != "" {
		d = d.Where("state = ?", q.State)
	}
	if q.States != nil {
		d = d.Where("state IN ?", q.States)
	}
	if q.Deal != uuid.Nil {
		d = d.Where("deal_id = ?", q.Deal)
	}
	if q.Accounts != nil {
		d = d.Where("account_id = ANY (?::uuid[])", pg.UUIDs(q.Accounts))
	}
	if q.Text != "" {
		like := "%" + pg.Like(q.Text) + "%"
		d = d.Where("(account_name LIKE ? OR number LIKE ? OR solution_name LIKE ?)", like, like, like)
	}
	return d
}

// Quotes returns quotes, the last touched first.
func (s *Service) Quotes(ctx context.Context, a tenants.Actor, q Query) (page []Quote, total int64, err error) {
	if err := a.Need(QuoteRead); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := q.apply(narrowQuotes(tx, a))
		if q.Mine {
			d = d.Where("state = 'draft' AND approval = 'pending' AND EXISTS (SELECT 1 FROM quote_approvals x WHERE x.province_id = quotes.province_id AND x.quote_id = quotes.id AND x.revision = quotes.revision AND x.state = 'pending' AND x.level = ?)", levelOf(a))
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}
