// Package order owns the way from a quote to a running service: quotes from
// the menu, orders, the SI's deliveries, the customer's acceptance 业务验收
// and the service it starts.
//
// Promotions, group purchases, bundles, approvals of discounts and links for the
// customer belong to the quote and live here too; so do the capacity of who
// delivers, the term of a service, and what systems outside say of its use and
// its provisioning.
//
// Words: group purchase (团购), bundle (套餐), usage (用量), capacity (交付能力), term (合约期),
// promotion (优惠活动), approval (优惠审批), share (报价链接), quote (报价), order (订单), delivery (交付), acceptance (业务验收),
// service (业务, a subscription).
package order

import (
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	QuoteRead    tenants.Permission = "quote:read"
	QuoteWrite   tenants.Permission = "quote:write"
	Read         tenants.Permission = "order:read"
	Submit       tenants.Permission = "order:submit"
	Accept       tenants.Permission = "order:accept"
	Cancel       tenants.Permission = "order:cancel"
	Acceptance   tenants.Permission = "order:acceptance"
	DeliveryRead tenants.Permission = "delivery:read"
	Deliver      tenants.Permission = "delivery:work"
)

// Machine is the life of an order. Steps without a permission follow from the
// delivery.
var Machine = state.Machine{Name: "order", Initial: "submitted", Table: []state.Transition{
	{Action: "accept", From: []string{"submitted"}, To: "accepted", Permission: string(Accept)},
	{Action: "provision", From: []string{"accepted"}, To: "provisioning"},
	{Action: "deliver", From: []string{"provisioning"}, To: "delivered"},
	{Action: "record_acceptance", From: []string{"delivered"}, To: "active", Permission: string(Acceptance)},
	{Action: "return_delivery", From: []string{"delivered"}, To: "provisioning", Permission: string(Acceptance), Reason: true},
	{Action: "suspend_service", From: []string{"active"}, To: "suspended", Permission: string(Accept), Reason: true},
	{Action: "resume_service", From: []string{"suspended"}, To: "active", Permission: string(Accept)},
	{Action: "renew_service", From: []string{"active"}, To: "active", Permission: string(Accept)},
	{Action: "end_service", From: []string{"active", "suspended"}, To: "ended", Permission: string(Accept), Reason: true},
	{Action: "cancel", From: []string{"submitted", "accepted"}, To: "cancelled", Permission: string(Cancel), Reason: true},
}}

// DeliveryMachine is the life of a delivery.
var DeliveryMachine = state.Machine{Name: "delivery", Initial: "waiting", Table: []state.Transition{
	{Action: "start", From: []string{"waiting"}, To: "in_progress", Permission: string(Deliver)},
	{Action: "finish", From: []string{"in_progress"}, To: "done", Permission: string(Deliver)},
	{Action: "accept", From: []string{"done"}, To: "accepted"},
	{Action: "return", From: []string{"done"}, To: "in_progress"},
	{Action: "cancel", From: []string{"waiting", "in_progress"}, To: "cancelled"},
}}

// Quote is a priced composition for an account.
type Quote struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	Number        string
	PartnerID     uuid.UUID // the seller; zero for direct sale
	SellerName    string
	OrgPath       string
	CityCode      string
	DealID        *uuid.UUID
	AccountID     uuid.UUID
	AccountName   string
	ListingID     uuid.UUID
	SolutionName  string
	Price         pg.JSON[menu.Price]
	TotalFen      int64
	DiscountPPM   int64 `gorm:"column:discount_ppm"`
	TermMonths    int
	CustomerNote  string
	State         string // draft, ordered, expired
	OrderID       *uuid.UUID
	CreatedBy     uuid.UUID
	CreatedByName string
	ValidUntil    time.Time
	Revision      int    // the form it has now
	Approval      string // of the discount: none needed, pending, approved, returned
	Version       int64
	UpdatedAt     time.Time

	ReplacesID     *uuid.UUID // the order that is cancelled when this one is made
	ReplacesNumber string
	ReplacesFen    int64 // its total

	BundleID   *uuid.UUID // the bundle it is of
	BundleName string
	BundleSet  *uuid.UUID // the quotes that are ordered together

	GroupID   *uuid.UUID // the group purchase whose price it has
	GroupName string
	GroupPPM  int64 `gorm:"column:group_ppm"`

	AcceptedRevision *int // the form that the customer accepted by link
	AcceptedBy       string
	AcceptedAt       *time.Time
}

// RowVersion is the optimistic lock.
func (q *Quote) RowVersion() *int64 { return &q.Version }

// StateAt shows an open quote as expired once its time is over.
func (q *Quote) StateAt(now time.Time) string {
	if q.State == "draft" && now.After(q.ValidUntil) {
		return "expired"
	}
	return q.State
}

// Order is what the customer bought.
type Order struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Number       string
	PartnerID    uuid.UUID // the seller; zero for direct sale
	SellerName   string
	SupplierID   uuid.UUID
	SupplierName string
	DelivererID  uuid.UUID // who delivers it: the supplier, or who the city named instead
	OrgPath      string
	CityCode     string
	DealID       *uuid.UUID
	QuoteID      uuid.UUID
	AccountID    uuid.UUID
	AccountName  string
	AccountKind  string
	NewAccount   bool // no earlier service of any product at the account
	ListingID    uuid.UUID
	SolutionID   uuid.UUID
	SolutionName string
	Family       string
	Category     string
	Price        pg.JSON[menu.Price]
	TotalFen     int64
	OneOffFen    int64
	MonthlyFen   int64
	Units        int64
	TermMonths   int
	State        string
	DueOn        *time.Time
	Acceptance   string
	Files        pg.Texts
	Part         int      // of what its quote offered, from 1
	Missing      pg.Texts // elements that the SI has not delivered with the rest
	SubmittedBy  uuid.UUID
	SubmittedAt  time.Time
	Version      int64
	UpdatedAt    time.Time
}

// RowVersion is the optimistic lock.
func (o *Order) RowVersion() *int64 { return &o.Version }

func (o *Order) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "order", ID: o.ID, Label: o.Number + " " + o.AccountName, OrgPath: o.OrgPath, Partner: o.PartnerID, From: from, To: o.State, Reason: reason}
}

// Overdue tells whether the delivery is late.
func (o *Order) Overdue(now time.Time) bool {
	return o.DueOn != nil && (o.State == "accepted" || o.State == "provisioning") && now.After(o.DueOn.AddDate(0, 0, 1))
}

// Delivery is the SI's task.
type Delivery struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	OrderID      uuid.UUID
	OrderNumber  string
	PartnerID    uuid.UUID // the SI
	OrgPath      string
	AccountID    uuid.UUID
	AccountName  string
	SolutionName string
	ContactName  string
	ContactPhone string
	Address      string
	Elements     pg.Texts
	Plan         pg.JSON[[]Task]
	State        string
	DueOn        time.Time
	Note         string
	DoneAt       *time.Time
	Version      int64
	UpdatedAt    time.Time
}

// forget drops what the supplier was told of the customer to do the work: it
// goes with the reason it was told for.
func (d *Delivery) forget() { d.ContactName, d.ContactPhone, d.Address = "", "", "" }

// RowVersion is the optimistic lock.
func (d *Delivery) RowVersion() *int64 { return &d.Version }

func (d *Delivery) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "delivery", ID: d.ID, Label: d.OrderNumber + " " + d.AccountName, OrgPath: d.OrgPath, Partner: d.PartnerID, From: from, To: d.State, Reason: reason}
}

// Overdue tells whether the delivery is late.
func (d *Delivery) Overdue(now time.Time) bool {
	return (d.State == "waiting" || d.State == "in_progress") && now.After(d.DueOn.AddDate(0, 0, 1))
}

// Running is a service: what runs at the customer after acceptance.
type Running struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Number       string
	OrderID      uuid.UUID
	PartnerID    uuid.UUID
	OrgPath      string
	AccountID    uuid.UUID
	AccountName  string
	SolutionID   uuid.UUID
	SolutionName string
	State        string // active, suspended, ended
	ActiveAt     time.Time
	EndedAt      *time.Time
	MonthlyFen   int64
	EndsOn       time.Time  // the last day of its term; it runs on after it, month by month
	Reminded     int        // days before that day that people were told of, the last time
	SupportUntil *time.Time // the last day of support of what is not sold any more
	Successor    string     // what comes instead
	Version      int64
}

// TableName of services.
func (Running) TableName() string { return "services" }

// RowVersion is the optimistic lock.
func (r *Running) RowVersion() *int64 { return &r.Version }
