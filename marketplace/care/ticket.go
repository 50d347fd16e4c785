// Package care owns what comes after the sale: tickets on running services and
// on offers, with a clock that says whose working time passes, and the
// response speed of suppliers that follows from it. It does not own the
// service (order) or the supplier (partner).
//
// Words: ticket (工单), severity (影响程度), promise (服务承诺: the hours within
// which somebody answers and solves), holder (whose turn it is), charge (the
// working time that passed while a side held the ticket).
package care

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read  tenants.Permission = "ticket:read"
	Open  tenants.Permission = "ticket:open"  // raise, answer, cancel
	Work  tenants.Permission = "ticket:work"  // the supplier's
	Close tenants.Permission = "ticket:close" // settle and confirm for the customer
)

// Categories and severities of tickets.
var (
	Categories = []string{"fault", "usage", "billing", "change", "complaint", "other"}
	Severities = []string{"critical", "major", "minor"}
)

// Machine is the life of a ticket. The state says who holds it.
var Machine = state.Machine{Name: "ticket", Initial: "open", Table: []state.Transition{
	{Action: "take", From: []string{"open", "waiting_partner"}, To: "in_progress", Permission: string(Work)},
	{Action: "ask_customer", From: []string{"in_progress"}, To: "waiting_customer", Permission: string(Work), Reason: true},
	{Action: "ask_operator", From: []string{"in_progress"}, To: "waiting_operator", Permission: string(Work), Reason: true},
	{Action: "answer", From: []string{"waiting_customer", "waiting_operator"}, To: "waiting_partner", Permission: string(Open), Reason: true},
	{Action: "resolve", From: []string{"in_progress"}, To: "resolved", Permission: string(Work), Reason: true},
	{Action: "settle", From: []string{"waiting_operator"}, To: "resolved", Permission: string(Close), Reason: true},
	{Action: "close", From: []string{"resolved"}, To: "closed", Permission: string(Close)},
	{Action: "reopen", From: []string{"resolved"}, To: "waiting_partner", Permission: string(Open), Reason: true},
	{Action: "close_unanswered", From: []string{"resolved"}, To: "closed"},
	{Action: "cancel", From: []string{"open", "in_progress", "waiting_customer", "waiting_partner", "waiting_operator"}, To: "cancelled", Permission: string(Open), Reason: true},
}}

// The sides that hold a ticket.
const (
	Operator = "operator"
	Supplier = "partner"
	Customer = "customer"
	Nobody   = "none"
)

// holders says whose turn it is in each state. What is resolved waits for the
// customer to say so.
var holders = map[string]string{
	"open": Supplier, "in_progress": Supplier, "waiting_partner": Supplier, "waiting_operator": Operator, "waiting_customer": Customer, "resolved": Customer, "closed": Nobody, "cancelled": Nobody,
}

// Promise is within how many working hours a ticket is answered and solved.
type Promise struct {
	Tier, Severity  string
	Respond, Within int
}

// Promises by the supplier's tier: who sells with a better badge answers sooner.
var Promises = []Promise{
	{"registered", "critical", 2, 16},
	{"registered", "major", 4, 40},
	{"registered", "minor", 8, 80},
	{"certified", "critical", 2, 16},
	{"certified", "major", 4, 40},
	{"certified", "minor", 8, 80},
	{"preferred", "critical", 1, 12},
	{"preferred", "major", 3, 32},
	{"preferred", "minor", 6, 64},
	{"strategic", "critical", 1, 8},
	{"strategic", "major", 2, 24},
	{"strategic", "minor", 4, 40},
}

func promised(tier, severity string) Promise {
	i := slices.IndexFunc(Promises, func(p Promise) bool { return p.Tier == tier && p.Severity == severity })
	return Promises[max(i, 0)]
}

// closeDays is how many working days the customer has to object.
const closeDays = 5

// Ticket asks a supplier for help.
type Ticket struct {
	ProvinceID       uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	Number           string
	PartnerID        uuid.UUID // the supplier
	PartnerName      string
	Tier             string // of the supplier when the ticket was raised
	OrgPath          string
	CityCode         string
	AccountID        *uuid.UUID
	AccountName      string
	ServiceID        *uuid.UUID // or
	ServiceNumber    string
	ListingID        *uuid.UUID
	SolutionName     string
	Category         string
	Severity         string
	Subject          string
	Description      string
	Files            pg.Texts
	State            string
	OpenedBy         uuid.UUID
	OpenedByName     string
	OpenedAt         time.Time
	TakenBy          *uuid.UUID
	TakenByName      string
	HeldSince        time.Time
	OperatorUS       int64 `gorm:"column:operator_us"` // working time charged so far
	PartnerUS        int64 `gorm:"column:partner_us"`
	CustomerUS       int64 `gorm:"column:customer_us"`
	RespondHours     int
	ResolveHours     int
	DueAt            *time.Time // what is owed next; nil while the customer holds it and when all is done
	RespondedAt      *time.Time
	RespondUS        *int64 `gorm:"column:respond_us"`
	ResolvedAt       *time.Time
	CloseAt          *time.Time
	EndedAt          *time.Time
	ResponseMissed   bool
	ResolutionMissed bool     // by the supplier's own time
	Escalated        pg.Texts // thresholds that were told of
	Version          int64
	UpdatedAt        time.Time
}

// RowVersion is the optimistic lock.
func (t *Ticket) RowVersion() *int64 { return &t.Version }

func (t *Ticket) entry(action, from, to, reason string) tenants.Entry {
	// The customer's name is not in the label: the supplier reads it longer than
	// the grant lasts.
	return tenants.Entry{Action: action, Resource: "ticket", ID: t.ID, Label: t.Number + " " + t.Subject, OrgPath: t.OrgPath, Partner: t.PartnerID, From: from, To: to, Reason: reason}
}

// Holder is whose turn it is.
func (t *Ticket) Holder() string { return holders[t.State] }

// Overdue tells whether what is owed next is late.
func (t *Ticket) Overdue(now time.Time) bool { return t.DueAt != nil && now.After(*t.DueAt) }

// Clock is the ticket's clock at a moment; the three charges sum to Elapsed.
type Clock struct {
	Operator, Partner, Customer, Elapsed time.Duration
	RespondBy                            time.Time
	ResolveBy                            *time.Time // nil while it stands still
}

// Clock reads the clock; an ended ticket stands still.
func (t *Ticket) Clock(now time.Time) Clock {
	c := Clock{
		Operator: time.Duration(t.OperatorUS) * time.Microsecond, Partner: time.Duration(t.PartnerUS) * time.Microsecond, Customer: time.Duration(t.CustomerUS) * time.Microsecond,
		RespondBy: calendar.AddWorkingTime(t.OpenedAt, hours(t.RespondHours)),
	}
	running := calendar.WorkingTime(t.HeldSince, now)
	switch t.Holder() {
	case Operator:
		c.Operator += running
	case Supplier:
		c.Partner += running
	case Customer:
		c.Customer += running
	}
	c.Elapsed = c.Operator + c.Partner + c.Customer
	if h := t.Holder(); h == Operator || h == Supplier {
		charged := time.Duration(t.OperatorUS+t.PartnerUS) * time.Microsecond
		at := calendar.AddWorkingTime(t.HeldSince, hours(t.ResolveHours)-charged)
		c.ResolveBy = &at
	}
	return c
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// moment cuts a time to what Postgres keeps, so that charges lose nothing.
func moment(t time.Time) time.Time { return t.Truncate(time.Microsecond) }

// begin starts the clock of a new ticket.
func (t *Ticket) begin(now time.Time) {
	p := promised(t.Tier, t.Severity)
	t.RespondHours, t.ResolveHours = p.Respond, p.Within
	t.State, t.OpenedAt, t.HeldSince, t.UpdatedAt = Machine.Initial, now, now, now
	t.owe(now)
}

// respond notes the supplier's first answer, which is also the operator's when
// it settles a ticket itself.
func (t *Ticket) respond(now time.Time) {
	if t.RespondedAt != nil {
		return
	}
	took := calendar.WorkingTime(t.OpenedAt, now)
	us := took.Microseconds()
	t.RespondedAt, t.RespondUS, t.ResponseMissed = &now, &us, took > hours(t.RespondHours)
	t.owe(now)
}

// move charges the time that passed to who held the ticket, and hands it on.
func (t *Ticket) move(to string, now time.Time) {
	c := t.Clock(now)
	t.OperatorUS, t.PartnerUS, t.CustomerUS = c.Operator.Microseconds(), c.Partner.Microseconds(), c.Customer.Microseconds()
	t.State, t.HeldSince, t.UpdatedAt = to, now, now
	switch {
	case to == "resolved":
		end := calendar.AddWorkingDays(now, closeDays)
		t.ResolvedAt, t.CloseAt = &now, &end
		t.ResolutionMissed = c.Partner > hours(t.ResolveHours)
	case t.Holder() == Nobody:
		t.CloseAt, t.EndedAt = nil, &now
	default:
		t.ResolvedAt, t.CloseAt = nil, nil
	}
	t.owe(now)
}

// owe sets what is due next: the first answer, then the solution.
func (t *Ticket) owe(now time.Time) {
	c := t.Clock(now)
	t.DueAt = c.ResolveBy
	if t.DueAt != nil && t.RespondedAt == nil && c.RespondBy.Before(*t.DueAt) {
		t.DueAt = &c.RespondBy
	}
}

// thresholds are the moments at which somebody above hears of a late ticket.
var thresholds = []struct {
	name   string
	passed func(t *Ticket, c Clock, now time.Time) bool
}{
	{"late_response", func(t *Ticket, c Clock, now time.Time) bool { return t.RespondedAt == nil && now.After(c.RespondBy) }},
	{"late_resolution", func(t *Ticket, c Clock, _ time.Time) bool { return c.Operator+c.Partner > hours(t.ResolveHours) }},
	{"late_twice", func(t *Ticket, c Clock, _ time.Time) bool { return c.Operator+c.Partner > 2*hours(t.ResolveHours) }},
}

// escalate notes the thresholds that have been passed and returns those that
// are new.
func (t *Ticket) escalate(now time.Time) []string {
	if h := t.Holder(); h != Operator && h != Supplier {
		return nil
	}
	c := t.Clock(now)
	var fresh []string
	for _, x := range thresholds {
		if x.passed(t, c, now) && !slices.Contains(t.Escalated, x.name) {
			fresh = append(fresh, x.name)
		}
	}
	t.Escalated = append(t.Escalated, fresh...)
	t.ResponseMissed = t.ResponseMissed || slices.Contains(fresh, "late_response")
	t.ResolutionMissed = c.Partner > hours(t.ResolveHours)
	return fresh
}

// Message is what one side says to the other.
type Message struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TicketID   uuid.UUID
	PartnerID  uuid.UUID
	OrgPath    string
	AuthorID   uuid.UUID
	AuthorName string
	Side       string
	Body       string
	Files      pg.Texts
	At         time.Time
	FileList   []tenants.File `gorm:"-"`
}

// TableName of messages.
func (Message) TableName() string { return "ticket_messages" }

// Note is what the operator's people say among themselves.
type Note struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TicketID   uuid.UUID
	OrgPath    string
	AuthorID   uuid.UUID
	AuthorName string
	Body       string
	At         time.Time
}

// TableName of notes.
func (Note) TableName() string { return "ticket_notes" }
