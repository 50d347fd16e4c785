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
	"ecoport/marketplace/menu"
	"ecoport/tenants"
)

// Approve is the permission to decide on discounts past the seller's limit, at
// the level of one's company.
const Approve tenants.Permission = "quote:approve"

// ApprovalMachine is the life of one step of the chain.
var ApprovalMachine = state.Machine{Name: "quote_approval", Initial: "waiting", Table: []state.Transition{
	{Action: "ask", From: []string{"waiting"}, To: "pending"}, // when its turn has come
	{Action: "approve", From: []string{"pending"}, To: "approved", Permission: string(Approve)},
	{Action: "return", From: []string{"pending"}, To: "returned", Permission: string(Approve), Reason: true},
}}

// approveDays is how many working days a level has.
const approveDays = 2

// Refusals of approvals.
var (
	ErrNotApproved = fault.New(fault.Conflict, "quote-not-approved", "这份报价的优惠还没有审批通过。", "The discount of this quote is not approved yet.")
	ErrOwnDiscount = fault.New(fault.Conflict, "quote-approval-own", "自己做的报价须由他人审批。", "Who makes a quote does not approve its discount.")
	ErrNoApproval  = fault.New(fault.Conflict, "quote-no-approval", "这份报价没有待您这一级审批的优惠。", "No discount of this quote waits for your level.")
)

// Approval is one step of the chain of one form of a quote.
type Approval struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	QuoteID       uuid.UUID
	Revision      int
	Level         string // city, province
	OrgPath       string
	PartnerID     uuid.UUID
	State         string
	Lines         pg.JSON[[]ApprovedLine] // those to be looked at: others were approved before
	DiscountPPM   int64                   `gorm:"column:discount_ppm"`
	TotalFen      int64
	Makers        tenants.Persons
	MadeAt        time.Time
	DueAt         time.Time
	DecidedBy     *uuid.UUID
	DecidedByName string
	Deciders      tenants.Persons
	Reason        string
	DecidedAt     *time.Time
	Version       int64
}

// TableName of approvals.
func (Approval) TableName() string { return "quote_approvals" }

// RowVersion is the optimistic lock.
func (x *Approval) RowVersion() *int64 { return &x.Version }

// levelOf is the level of the chain that an actor decides on.
func levelOf(a tenants.Actor) string {
	switch {
	case !a.Can(Approve):
		return ""
	case a.Tenant.Kind == tenants.KindCity:
		return menu.LevelCity
	case a.Tenant.Kind == tenants.KindProvince:
		return menu.LevelProvince
	}
	return ""
}

// ApprovedLine is what an approval is about: so many of an element of an offer
// at its list price, for a customer.
type ApprovedLine struct {
	Name     string
	ListFen  int64
	Quantity int64
	Listing  uuid.UUID
	Account  uuid.UUID
	Prospect string `json:",omitempty"` // the name, of one who is not registered
}

// covers tells whether the word on one line holds for another: the same, or
// fewer of it.
func (x ApprovedLine) covers(o ApprovedLine) bool {
	fewer := o.Quantity <= x.Quantity
	x.Quantity, o.Quantity = 0, 0
	return fewer && x == o
}

// Names are the elements that are to be looked at.
func (x *Approval) Names() []string {
	out := []string{}
	for _, l := range x.Lines.V {
		out = append(out, l.Name)
	}
	return out
}

// chain is who has to be asked about the quote as it is now. What a level
// approved before, at this discount or a larger one, it is not asked again.
func (q *Quote) chain(ctx context.Context, tx *pg.Tx, a tenants.Actor) (out []Approval, err error) {
	levels := menu.Levels(q.DiscountPPM, q.TotalFen)
	if q.Approval = ""; len(levels) == 0 {
		return nil, nil
	}
	var before []Approval
	if err := tx.Where("province_id = ? AND quote_id = ? AND state = 'approved' AND discount_ppm >= ?", q.ProvinceID, q.ID, q.DiscountPPM).Find(&before).Error; err != nil {
		return nil, err
	}
	now := calendar.Now(ctx)
	for _, level := range levels {
		x := Approval{
			ProvinceID: q.ProvinceID, ID: pg.NewID(), QuoteID: q.ID, Revision: q.Revision, Level: level, OrgPath: q.OrgPath, PartnerID: q.PartnerID, State: ApprovalMachine.Initial, DiscountPPM: q.DiscountPPM, TotalFen: q.TotalFen,
			Makers: tenants.Persons{}.With(a), MadeAt: now, DueAt: calendar.AddWorkingDays(now, approveDays), Deciders: tenants.Persons{}, Version: 1,
		}
		for _, l := range q.Price.V.Lines {
			line := ApprovedLine{l.Name, l.ListFen, l.Quantity, q.ListingID, q.AccountID, ""}
			if q.AccountID == uuid.Nil {
				line.Prospect = q.AccountName
			}
			known := slices.ContainsFunc(before, func(o Approval) bool {
				return o.Level == level && slices.ContainsFunc(o.Lines.V, func(was ApprovedLine) bool { return was.covers(line) })
			})
			if l.DiscountFen > 0 && !known {
				x.Lines.V = append(x.Lines.V, line)
			}
		}
		if len(x.Lines.V) > 0 {
			out = append(out, x)
		}
	}
	if q.Approval = "approved"; len(out) > 0 {
		q.Approval = "pending"
		t, err := ApprovalMachine.Take(out[0].State, "ask", "")
		if err != nil {
			return nil, err
		}
		out[0].State = t.To
	}
	return out, nil
}

// ask tells the level whose turn it is.
func (q *Quote) ask(ctx context.Context, tx *pg.Tx, a tenants.Actor, level string) {
	e := q.entry("ask_discount_"+level, "")
	e.To = "pending"
	tenants.Record(ctx, tx, a, e)
}

// DecideDiscount approves or returns the discount of a quote at the level of the
// actor's company; the next level is asked after it.
func (s *Service) DecideDiscount(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (QuoteDetail, error) {
	if err := a.Need(Approve); err != nil {
		return QuoteDetail{}, err
	}
	var out QuoteDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		q, err := lockQuote(tx, a, id)
		if err != nil {
			return err
		}
		var steps []Approval
		if err := tx.Where("province_id = ? AND quote_id = ? AND revision = ?", q.ProvinceID, q.ID, q.Revision).Order("level").Clauses(pg.ForUpdate).Find(&steps).Error; err != nil {
			return err
		}
		at := slices.IndexFunc(steps, func(x Approval) bool { return x.Level == levelOf(a) && x.State == "pending" })
		if at < 0 || q.State != "draft" {
			return ErrNoApproval
		}
		x := &steps[at]
		if x.Makers.Has(a) {
			return ErrOwnDiscount
		}
		t, err := ApprovalMachine.Take(x.State, action, reason)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		x.State, x.DecidedBy, x.DecidedByName, x.Deciders, x.Reason, x.DecidedAt = t.To, &a.User, a.Name, tenants.Persons{}.With(a), strings.TrimSpace(reason), &now
		if err := pg.Save(tx, x); err != nil {
			return err
		}
		next := slices.IndexFunc(steps, func(o Approval) bool { return o.State == ApprovalMachine.Initial })
		switch {
		case t.To == "returned":
			q.Approval = "returned"
		case next < 0:
			q.Approval = "approved"
		default:
			n := &steps[next]
			if t, err = ApprovalMachine.Take(n.State, "ask", ""); err != nil {
				return err
			}
			n.State, n.DueAt = t.To, calendar.AddWorkingDays(now, approveDays)
			if err := pg.Save(tx, n); err != nil {
				return err
			}
		}
		q.UpdatedAt = now
		if err := pg.Save(tx, &q); err != nil {
			return err
		}
		e := q.entry(map[string]string{"approve": "approve_discount", "return": "return_discount"}[action], x.Reason)
		e.From, e.To = "pending", q.Approval
		tenants.Record(ctx, tx, a, e)
		if q.Approval == "pending" {
			q.ask(ctx, tx, a, steps[next].Level)
		}
		out, err = s.quote(ctx, tx, a, q.ID)
		return err
	})
	return out, err
}
