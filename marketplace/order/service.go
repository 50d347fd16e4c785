package order

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// Jobs that packages above listen for; the argument is a Changed.
const (
	JobAccepted  = "order.accepted"
	JobActivated = "order.activated"
	JobEnded     = "order.ended"
)

// Changed names the order a job is about.
type Changed struct {
	Province uuid.UUID `json:"province"`
	Order    uuid.UUID `json:"order"`
}

// Order orders what a quote offers, and with it the other quotes of its bundle:
// exactly one order a quote, whoever clicks how often.
func (s *Service) Order(ctx context.Context, a tenants.Actor, quote uuid.UUID) (Detail, error) {
	if err := a.Need(Submit); err != nil {
		return Detail{}, err
	}
	var d Detail
	// What may be ordered is looked up in the actor's own sight; the step itself
	// books promotions, which are not the seller's, and has the system's.
	var seen Quote
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(narrowQuotes(tx, a).Where("id = ?", quote), &seen); err != nil || seen.StateAt(calendar.Now(ctx)) != "draft" {
			return err
		}
		if _, err := listing.OfferFor(tx, a, seen.ListingID, seen.OrgPath); err != nil {
			return ErrOfferGone
		}
		return nil
	}); err != nil {
		return d, err
	}
	var id uuid.UUID
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		all, err := lockTogether(tx, a, seen)
		if err != nil {
			return err
		}
		if len(all) > 1 {
			if err := holdCapacities(tx, all); err != nil {
				return err
			}
		}
		for i := range all {
			made, err := s.order(ctx, tx, a, &all[i])
			if err != nil {
				return err
			}
			if all[i].ID == quote {
				id = made
			}
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// lockTogether holds a quote, or all of its bundle, in one order for everybody.
func lockTogether(tx *pg.Tx, a tenants.Actor, q Quote) (all []Quote, err error) {
	if q.BundleSet == nil {
		one, err := lockQuote(tx, a, q.ID)
		return []Quote{one}, err
	}
	err = narrowQuotes(tx, a).Where("bundle_set = ?", *q.BundleSet).Order("id").Clauses(pg.ForUpdate).Find(&all).Error
	return all, err
}

// order makes the order of a quote that is held.
func (s *Service) order(ctx context.Context, tx *pg.Tx, a tenants.Actor, q *Quote) (uuid.UUID, error) {
	now := calendar.Now(ctx)
	switch q.StateAt(now) {
	case "ordered":
		return uuid.Nil, ErrQuoteOrdered
	case "expired":
		return uuid.Nil, ErrQuoteExpired
	}
	if q.Approval == "pending" || q.Approval == "returned" {
		return uuid.Nil, ErrNotApproved
	}
	if q.AccountID == uuid.Nil {
		return uuid.Nil, ErrProspect
	}
	if m, g, err := q.member(tx); err != nil {
		return uuid.Nil, err
	} else if m != nil {
		return uuid.Nil, ErrInGroup.Fill(g.Name)
	}
	offer, err := listing.OfferFor(tx, a, q.ListingID, q.OrgPath)
	if err != nil {
		return uuid.Nil, ErrOfferGone
	}
	for _, l := range q.Price.V.Lines {
		known := false
		for _, e := range offer.Content.V.Elements {
			known = known || l.Of(e) && !e.Away
		}
		if !known {
			return uuid.Nil, ErrOfferGone
		}
	}
	if err := s.replace(ctx, tx, a, q); err != nil {
		return uuid.Nil, err
	}
	if q.DealID != nil {
		x, err := deal.Find(tx, a, *q.DealID)
		if err != nil {
			return uuid.Nil, err
		}
		if x.State != "protected" {
			return uuid.Nil, ErrDealState
		}
	}
	o := Order{
		ProvinceID: q.ProvinceID, ID: pg.NewID(), PartnerID: q.PartnerID, SellerName: q.SellerName, SupplierID: offer.SupplierID, SupplierName: offer.SupplierName,
		OrgPath: q.OrgPath, CityCode: q.CityCode, DealID: q.DealID, QuoteID: q.ID, AccountID: q.AccountID, AccountName: q.AccountName, AccountKind: "enterprise",
		ListingID: q.ListingID, SolutionID: offer.SolutionID, SolutionName: offer.Name, Family: offer.Family, Category: offer.Category, Price: q.Price, TotalFen: q.TotalFen,
		OneOffFen: q.Price.V.OneOffFen, MonthlyFen: q.Price.V.MonthlyFen, Units: q.Price.V.Units, TermMonths: q.TermMonths, State: "submitted", Files: pg.Texts{}, Missing: pg.Texts{}, Part: 1,
		SubmittedBy: a.User, SubmittedAt: now, Version: 1, UpdatedAt: now,
	}
	if a.Partner() {
		seller, err := partner.Find(tx, o.PartnerID)
		if err != nil {
			return uuid.Nil, err
		}
		if err := standing.Room(tx, seller, standing.Orders, o.TotalFen); err != nil {
			return uuid.Nil, err
		}
	}
	if err := o.assign(tx); err != nil {
		return uuid.Nil, err
	}
	if o.Number, err = tenants.Next(ctx, tx, "O"); err != nil {
		return uuid.Nil, err
	}
	if err := tx.Create(&o).Error; err != nil {
		return uuid.Nil, err
	}
	if err := o.book(ctx, tx); err != nil {
		return uuid.Nil, err
	}
	q.State, q.OrderID, q.UpdatedAt = "ordered", &o.ID, now
	if err := pg.Save(tx, q); err != nil {
		return uuid.Nil, err
	}
	tenants.Record(ctx, tx, a, o.entry("submit", "", ""))
	return o.ID, nil
}

// changeable tells whether the order can still be replaced by another: by the
// operator until its delivery begins, by a partner until it is accepted.
func (o *Order) changeable(a tenants.Actor) bool {
	return o.Part == 1 && (o.State == "submitted" || o.State == "accepted" && !a.Partner())
}

// replace cancels the order that a quote changes; what it held of promotions and
// of capacity is free for the new one.
func (s *Service) replace(ctx context.Context, tx *pg.Tx, a tenants.Actor, q *Quote) error {
	if q.ReplacesID == nil {
		return nil
	}
	old, err := lock(tx, a, *q.ReplacesID)
	if err != nil {
		return err
	}
	if !old.changeable(a) {
		return ErrTooLate.Fill(old.Number)
	}
	t, err := Machine.Take(old.State, "cancel", q.Number)
	if err != nil {
		return err
	}
	from := old.State
	old.State, old.UpdatedAt = t.To, calendar.Now(ctx)
	if err := s.cancel(ctx, tx, a, &old, q.Number); err != nil {
		return err
	}
	if err := pg.Save(tx, &old); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, old.entry("replace", from, q.Number))
	return nil
}

func lock(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Order, error) {
	var o Order
	err := pg.One(narrow(tx.Model(&Order{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &o)
	return o, err
}

// Act takes a step of the operator: accept, cancel, return_delivery,
// suspend_service, resume_service, end_service.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Detail, error) {
	return s.step(ctx, a, id, action, reason, func(tx *pg.Tx, o *Order) error {
		switch action {
		case "accept":
			return s.accept(ctx, tx, a, o)
		case "cancel":
			return s.cancel(ctx, tx, a, o, reason)
		case "return_delivery":
			return o.takeBack(ctx, tx, a, reason)
		case "suspend_service", "resume_service":
			return o.runs(tx)
		case "end_service":
			return s.end(ctx, tx, a, o)
		}
		return fault.ErrMissing
	})
}

// step checks the table, runs the consequences and saves.
func (s *Service) step(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, also func(*pg.Tx, *Order) error) (Detail, error) {
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		o, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		t, err := Machine.Take(o.State, action, reason)
		if err != nil {
			return err
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		from := o.State
		o.State, o.UpdatedAt = t.To, calendar.Now(ctx)
		if err := also(tx, &o); err != nil {
			return err
		}
		if err := pg.Save(tx, &o); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, o.entry(action, from, reason))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) cancel(ctx context.Context, tx *pg.Tx, a tenants.Actor, o *Order, reason string) error {
	d, err := deliveryOf(tx, o)
	if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
		return nil
	}
	if err != nil {
		return err
	}
	from := d.State
	d.State, d.UpdatedAt = "cancelled", o.UpdatedAt
	d.forget()
	if err := pg.Save(tx, &d); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, d.entry("cancel", from, reason))
	return account.End(ctx, tx, "delivery", o.ID)
}

// Accepted is what the account manager records at the customer's acceptance.
type Accepted struct {
	By        string
	Checklist []string
	Note      string
	File      uuid.UUID // zero when the sheet is on paper
}

// RecordAcceptance starts the service: the customer has accepted.
func (s *Service) RecordAcceptance(ctx context.Context, a tenants.Actor, id uuid.UUID, x Accepted) (Detail, error) {
	var c fault.Checker
	c.Require("accepted_by", strings.TrimSpace(x.By) != "")
	c.Require("checklist", len(x.Checklist) > 0)
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	return s.step(ctx, a, id, "record_acceptance", "", func(tx *pg.Tx, o *Order) error {
		if x.File != uuid.Nil {
			f, err := tenants.OwnFile(tx, a, x.File, "acceptance")
			if err != nil {
				return err
			}
			if err := tenants.ShareFile(tx, f.ID, o.OrgPath, o.PartnerID); err != nil {
				return err
			}
			o.Files = append(o.Files, f.ID.String())
		}
		o.Acceptance = strings.TrimSpace(x.By + "：" + strings.Join(x.Checklist, "、") + "。" + x.Note)
		return s.activate(ctx, tx, a, o)
	})
}

func (s *Service) activate(ctx context.Context, tx *pg.Tx, a tenants.Actor, o *Order) error {
	now := o.UpdatedAt
	d, err := deliveryOf(tx, o)
	if err != nil {
		return err
	}
	if len(o.Missing) > 0 {
		if err := s.part(ctx, tx, a, o, &d); err != nil {
			return err
		}
	}
	number, err := tenants.Next(ctx, tx, "S")
	if err != nil {
		return err
	}
	r := Running{
		ProvinceID: o.ProvinceID, ID: pg.NewID(), Number: number, OrderID: o.ID, PartnerID: o.PartnerID, OrgPath: o.OrgPath, AccountID: o.AccountID, AccountName: o.AccountName,
		SolutionID: o.SolutionID, SolutionName: o.SolutionName, State: "active", ActiveAt: now, EndsOn: termEnd(calendar.Date(now), o.TermMonths), MonthlyFen: o.MonthlyFen, Version: 1,
	}
	if err := tx.Create(&r).Error; err != nil {
		return err
	}
	from := d.State
	d.State, d.UpdatedAt = "accepted", now
	if err := pg.Save(tx, &d); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, d.entry("accept", from, ""))
	if err := account.End(ctx, tx, "delivery", o.ID); err != nil {
		return err
	}
	// Seller and supplier see the customer as long as the service runs.
	for _, p := range []uuid.UUID{o.SupplierID, o.PartnerID} {
		if p == uuid.Nil {
			continue
		}
		if err := account.Give(ctx, tx, a, account.GrantSpec{Account: o.AccountID, Partner: p, Source: r.ID, Via: "service", Number: number, Fields: []string{"address", "contact_name", "contact_phone"}}); err != nil {
			return err
		}
	}
	if err := listing.Served(tx, o.SolutionID, 1); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE accounts SET existing = true WHERE province_id = ? AND id = ? AND NOT existing`, o.ProvinceID, o.AccountID).Error; err != nil {
		return err
	}
	if o.DealID != nil {
		if err := deal.Win(ctx, tx, a, *o.DealID); err != nil {
			return err
		}
	}
	return queue.Enqueue(ctx, tx, JobActivated, Changed{o.ProvinceID, o.ID})
}

// runs gives the service the state that its order has: what is suspended stays
// the customer's, with whoever sees it, until it is resumed or ended.
func (o *Order) runs(tx *pg.Tx) error {
	r, err := serviceOf(tx, o)
	if err != nil {
		return err
	}
	r.State = o.State
	return pg.Save(tx, &r)
}

func (s *Service) end(ctx context.Context, tx *pg.Tx, _ tenants.Actor, o *Order) error {
	r, err := serviceOf(tx, o)
	if err != nil {
		return err
	}
	now := o.UpdatedAt
	r.State, r.EndedAt = "ended", &now
	if err := pg.Save(tx, &r); err != nil {
		return err
	}
	if err := account.End(ctx, tx, "service", r.ID); err != nil {
		return err
	}
	d, err := deliveryOf(tx, o)
	if err != nil {
		return err
	}
	d.forget()
	if err := pg.Save(tx, &d); err != nil {
		return err
	}
	if err := listing.Served(tx, o.SolutionID, -1); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, JobEnded, Changed{o.ProvinceID, o.ID})
}

// Orders returns orders, the last touched first.
func (s *Service) Orders(ctx context.Context, a tenants.Actor, q Query) (page []Order, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := q.apply(narrow(tx.Model(&Order{}), a))
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// Detail is an order with what is shown beside it.
type Detail struct {
	Order
	Delivery *DeliveryDetail
	Service  *Running
	Parts    []Order // the others under the same quote, in order
	FileList []tenants.File
	History  []tenants.AuditEvent
	Actions  []string
}

// Get returns one order.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(_ context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	err := pg.One(narrow(tx.Model(&Order{}), a).Where("id = ?", id), &d.Order)
	if err != nil {
		return d, err
	}
	// The seller does not see the SI's row: it is absent then, not an error.
	var deliveries []Delivery
	if err = narrow(tx.Model(&Delivery{}), a).Where("order_id = ?", id).Find(&deliveries).Error; err != nil {
		return d, err
	}
	if len(deliveries) == 1 {
		x, err := deliveryDetail(tx, a, deliveries[0])
		if err != nil {
			return d, err
		}
		d.Delivery = &x
	}
	if err = narrow(tx.Model(&Order{}), a).Where("quote_id = ? AND id <> ?", d.QuoteID, id).Order("part").Find(&d.Parts).Error; err != nil {
		return d, err
	}
	var running []Running
	if err = narrow(tx.Model(&Running{}), a).Where("order_id = ?", id).Find(&running).Error; err != nil {
		return d, err
	}
	if len(running) == 1 {
		d.Service = &running[0]
	}
	var ids []uuid.UUID
	for _, f := range d.Files {
		if id, err := uuid.Parse(f); err == nil {
			ids = append(ids, id)
		}
	}
	if d.FileList, err = tenants.Files(tx, ids); err != nil {
		return d, err
	}
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	d.Actions = Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
	if d.changeable(a) && a.Can(QuoteWrite) && a.Can(Submit) {
		d.Actions = append(d.Actions, "change")
	}
	return d, nil
}

// Facts is what a commission is computed from, as it was when the service
// started or ended.
type Facts struct {
	Order   Order
	Service Running
	Seller  *partner.Partner // nil for direct sale
}

// FactsOf loads the facts of an order for the engine above.
func (s *Service) FactsOf(ctx context.Context, n Changed) (Facts, error) {
	var f Facts
	err := s.db.Read(ctx, tenants.System(n.Province, "commission facts"), func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", n.Province, n.Order), &f.Order); err != nil {
			return err
		}
		if err := pg.One(tx.Where("province_id = ? AND order_id = ?", n.Province, n.Order), &f.Service); err != nil {
			return err
		}
		if f.Order.PartnerID == uuid.Nil {
			return nil
		}
		p, err := partner.Find(tx, f.Order.PartnerID)
		f.Seller = &p
		return err
	})
	return f, err
}

// SeesFile tells whether a file hangs on an order that the actor reads.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := narrow(tx.Model(&Order{}), a).Where("? = ANY (files)", file.String()).Limit(1).Count(&n).Error
	return n > 0, err
}
