// Package deal owns the registration of business by partners 商机报备: the
// blind check, the review by the city, protection with its end, and what the
// agent reports of progress. Registration state belongs to the city, sales
// stage to the agent.
//
// Words: deal (商机), registration (报备), protection (保护期), stage (six steps
// of a sale).
package deal

import (
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read     tenants.Permission = "deal:read"
	Register tenants.Permission = "deal:register"
	Review   tenants.Permission = "deal:review"
)

// How long things last.
const (
	ProtectionDays = 90
	ExtensionDays  = 30
	IdleDays       = 30 // without progress, protection decays
	DecayedDays    = 14 // what is left of it then
	reviewDays     = 3  // working days
)

// Machine is the life of a registration.
var Machine = state.Machine{Name: "deal", Initial: "registered", Table: []state.Transition{
	{Action: "start_review", From: []string{"registered"}, To: "under_review", Permission: string(Review)},
	{Action: "approve", From: []string{"registered", "under_review"}, To: "protected", Permission: string(Review)},
	{Action: "reject", From: []string{"registered", "under_review"}, To: "rejected", Permission: string(Review), Reason: true},
	{Action: "withdraw", From: []string{"registered", "under_review"}, To: "withdrawn", Permission: string(Register)},
	{Action: "extend", From: []string{"protected"}, To: "protected", Permission: string(Register), Reason: true},
	{Action: "lose", From: []string{"protected"}, To: "lost", Permission: string(Register), Reason: true},
	{Action: "win", From: []string{"protected", "expired"}, To: "won"},
	{Action: "expire", From: []string{"protected"}, To: "expired"},
}}

// Stages are the six steps of a sale.
var Stages = []string{"analysis", "trust", "need", "value", "commitment", "collection"}

// Deal is one registration.
type Deal struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Number         string
	PartnerID      uuid.UUID
	PartnerName    string
	OrgPath        string
	CityCode       string
	DistrictCode   string
	AccountID      *uuid.UUID
	AccountName    string
	CreditCode     string
	Offers         pg.JSON[[]Offered]
	Products       pg.Texts // names, for lists
	Families       pg.Texts
	State          string
	Stage          string
	AmountFen      int64
	CloseOn        *time.Time
	ContactName    string
	ContactPhone   string
	Need           string
	Files          pg.Texts // ids
	AgentID        uuid.UUID
	AgentName      string
	Extended       bool
	Reason         string
	RegisteredAt   time.Time
	DueAt          *time.Time
	ProtectedUntil *time.Time
	ProgressedAt   *time.Time
	FullUntil      *time.Time // of a protection that decayed: what progress gives back
	Reminded       int        // days ahead of the last reminder, 0 for none
	ReviewerID     *uuid.UUID
	Version        int64
	UpdatedAt      time.Time
}

// RowVersion is the optimistic lock.
func (d *Deal) RowVersion() *int64 { return &d.Version }

// Offered is one offer the deal is about.
type Offered struct {
	Listing  uuid.UUID
	Solution uuid.UUID
	Name     string
	Family   string
	Supplier string
}

func (d *Deal) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "deal", ID: d.ID, Label: d.Number + " " + d.AccountName, OrgPath: d.OrgPath, Partner: d.PartnerID, From: from, To: d.State, Reason: reason}
}

// Answer of the blind check; it never says who.
type Answer struct {
	Answer string // free, protected, ask
	Until  *time.Time
}

// Duplicate says why a deal may be one. It is for the reviewer.
type Duplicate struct {
	DealID      uuid.UUID
	Number      string
	PartnerName string
	Why         string // same_account, same_products, active_service
	State       string
	At          time.Time
}
