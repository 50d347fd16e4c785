// Package notice tells people what needs them and what they should know. It
// owns notices and how each person wants to be mailed of them; which acts are
// news, for whom, and in which words is a table that it is given.
package notice

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/tenants"
)

// Audience says whose people hear of an act.
type Audience string

// The audiences. Doer is one person: who did the named act on the record.
// Addressee are the people the act was for.
const (
	Partner  Audience = "partner"  // the record's partner
	City     Audience = "city"     // the city the record lies in
	Province Audience = "province" // the province company
	Owner    Audience = "owner"    // the tenant the record is of, whatever its kind
	Company  Audience = "company"  // the operator's company the record lies in, province or city
	Doer     Audience = "doer"

	Addressee Audience = "addressee"
)

// The kinds of notice.
const (
	Needs = "needs" // the person must act
	Info  = "info"
)

// Rule is one row: an act, who hears of it, and in which words.
type Rule struct {
	Resource, Action string
	To               Audience
	Permission       tenants.Permission // what one must hold to be told
	Did              string             // for Doer: the act that makes the person
	Kind             string
	Due              int      // working days to act; 0 is none
	While            []string // states in which it still needs doing besides the one it began in
	Words            fault.Words
	Link             string // {id} is the record's
}

// Key names the rule in stored notices.
func (r Rule) Key() string {
	return r.Resource + "." + r.Action + "." + string(r.To) + "." + string(r.Permission) + r.Did
}

// Notice as stored.
type Notice struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	MembershipID uuid.UUID `gorm:"primaryKey"`
	Seq          int64     `gorm:"primaryKey;autoIncrement:false"`
	TenantID     uuid.UUID
	Rule         string
	Kind         string
	Resource     string
	ResourceID   uuid.UUID
	Label        string
	ActorName    string
	ActorTenant  string
	At           time.Time
	DueAt        *time.Time
	ReadAt       *time.Time
	ClosedAt     *time.Time
	MailedAt     *time.Time
}

// Book is the table of rules, by act and by key.
type Book struct {
	byAct map[string][]Rule
	byKey map[string]Rule
}

// NewBook indexes the rules. What needs somebody comes first, so that a person
// whom two rules mean is told the stronger.
func NewBook(rules []Rule) Book {
	b := Book{map[string][]Rule{}, map[string]Rule{}}
	for _, kind := range []string{Needs, Info} {
		for _, r := range rules {
			if r.Kind == kind {
				act := r.Resource + "." + r.Action
				b.byAct[act] = append(b.byAct[act], r)
				b.byKey[r.Key()] = r
			}
		}
	}
	return b
}

// Knows tells whether an act is news, or may settle what was.
func (b Book) Knows(e tenants.AuditEvent) bool {
	if len(b.byAct[e.Resource+"."+e.Action]) > 0 {
		return true
	}
	return e.ToState != "" && slices.ContainsFunc(b.needs(), func(r Rule) bool { return r.Resource == e.Resource })
}

func (b Book) needs() (out []Rule) {
	for _, r := range b.byKey {
		if r.Kind == Needs {
			out = append(out, r)
		}
	}
	return out
}

// settled tells whether a record in this state still needs what the rule asked
// for when it was in the other.
func (r Rule) settled(began, now string) bool {
	return now != "" && now != began && !slices.Contains(r.While, now)
}

// due is when somebody must have acted.
func (r Rule) due(at time.Time) *time.Time {
	if r.Due == 0 {
		return nil
	}
	t := calendar.AddWorkingDays(at, r.Due)
	return &t
}

// Say puts the notice into words.
func (b Book) Say(n Notice, locale string) string {
	r, ok := b.byKey[n.Rule]
	if !ok {
		return n.Label
	}
	return strings.NewReplacer("{label}", n.Label, "{actor}", n.ActorName, "{tenant}", n.ActorTenant).Replace(r.Words.In(locale))
}

// Link is where the notice leads.
func (b Book) Link(n Notice) string {
	return strings.ReplaceAll(b.byKey[n.Rule].Link, "{id}", n.ResourceID.String())
}
