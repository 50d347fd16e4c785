package commission

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
)

// Kinds of events.
const (
	Activation = "activation" // a service becomes active
	Recurring  = "recurring"  // a billing month of a service is imported
	Refund     = "refund"     // money returned for an earlier event
	Ended      = "ended"      // a service ends
)

// Event is a fact that commission is computed from, with everything rules may
// ask about it as it was at the time.
type Event struct {
	ExternalID string // given by the sender; the same id again is the same event
	Kind       string
	At         time.Time // business time
	AmountFen  int64     // activation: one-off fees; recurring: revenue of the month; refund: negative
	Units      int64     // units ordered or active
	Month      int       // recurring: billing month n of the service, from 1
	Of         string    // refund: id of the event it refunds

	ServiceID, OrderID, AccountID uuid.UUID
	ServiceNumber, OrderNumber    string
	AccountName, AccountKind      string
	Product                       string // product family
	Category, CityCode, OrgPath   string
	NewAccount                    bool // no earlier service of any product when the order was submitted

	Seller             uuid.UUID // zero: the operator's own sale
	SellerName         string
	SellerCapabilities []string
	SellerTier         string
	SolutionOwner      uuid.UUID // zero: the operator's own product
	SolutionOwnerName  string

	// SelfDealing: the account is the seller's own firm or its staff. Such an
	// event earns nothing and is flagged.
	SelfDealing bool
	// Upheld: a flag on the event was upheld; it earns nothing either. It is no
	// part of the fact, and not kept with it.
	Upheld bool `json:"-"`
}

func (e Event) earnsNothing() bool { return e.SelfDealing || e.Upheld }

// BusinessDate decides the plan version in force, holding and clawback: the
// day, for recurring revenue the first day of its month.
func (e Event) BusinessDate() string {
	if e.Kind == Recurring {
		return calendar.Month(e.At) + "-01"
	}
	return calendar.Date(e.At)
}

// CommissionMonth is the calendar month of the business time in Shanghai.
func (e Event) CommissionMonth() string { return calendar.Month(e.At) }

func (e Event) account() string {
	if e.NewAccount {
		return "new"
	}
	return "existing"
}

// before is the order of events in a month: business time, then id bytewise.
func (e Event) before(o Event) int {
	if c := e.At.Compare(o.At); c != 0 {
		return c
	}
	return strings.Compare(e.ExternalID, o.ExternalID)
}

func inOrder(events []Event) []Event {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, Event.before)
	return sorted
}

// hash is over what the sender says happened; facts that were looked up, such
// as a tier, may differ when a sender tries again.
func (e Event) hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %d %d %d %q %s %s %s %q %q %q %q %s %s", e.Kind, e.At.UnixMicro(), e.AmountFen, e.Units, e.Month, e.Of,
		e.ServiceID, e.OrderID, e.AccountID, e.ServiceNumber, e.Product, e.Category, e.CityCode, e.Seller, e.SolutionOwner)
	return hex.EncodeToString(h.Sum(nil))
}

// validate reports every fault of one event; at is the path before its fields.
func (e Event) validate(c *fault.Checker, at string) {
	c.Require(at+"id", e.ExternalID != "")
	if len(e.ExternalID) > 100 {
		c.Add(at+"id", "too_long", "太长了。", "Too long.")
	}
	c.OneOf(at+"kind", e.Kind, Activation, Recurring, Refund, Ended)
	if y := e.At.Year(); y < 2000 || y > 2200 {
		c.Add(at+"at", "date", "业务时间不正确。", "Not a sensible business time.")
	}
	amount, zero := e.AmountFen, int64(0)
	switch e.Kind {
	case Refund:
		c.Require(at+"of", e.Of != "")
		checkRange(c, at+"amount_fen", &amount, -maxFen, -1)
	case Ended:
		checkRange(c, at+"amount_fen", &amount, zero, zero)
	default:
		checkRange(c, at+"amount_fen", &amount, zero, maxFen)
	}
	checkRange(c, at+"units", &e.Units, 0, maxUnits)
	n := int64(e.Month)
	if e.Kind == Recurring {
		checkRange(c, at+"month", &n, 1, int64(maxMonths))
	}
	if e.ServiceID == uuid.Nil && e.ServiceNumber == "" {
		c.Require(at+"service_number", false)
	}
}

// adopt copies the facts of a service from the event that opened it.
func (e *Event) adopt(o Event) {
	e.ServiceID, e.OrderID, e.AccountID = o.ServiceID, o.OrderID, o.AccountID
	e.ServiceNumber, e.OrderNumber, e.AccountName, e.AccountKind = o.ServiceNumber, o.OrderNumber, o.AccountName, o.AccountKind
	e.Product, e.Category, e.CityCode, e.OrgPath, e.NewAccount = o.Product, o.Category, o.CityCode, o.OrgPath, o.NewAccount
	e.Seller, e.SellerName, e.SellerCapabilities, e.SellerTier = o.Seller, o.SellerName, o.SellerCapabilities, o.SellerTier
	e.SolutionOwner, e.SolutionOwnerName, e.SelfDealing = o.SolutionOwner, o.SolutionOwnerName, o.SelfDealing
}
