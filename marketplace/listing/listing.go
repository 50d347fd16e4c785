// Package listing owns what is on sale and where: a listing offers a certified
// version in one city or in the whole province; the offers of live listings
// are the marketplace, with search and facets.
//
// Words: listing (上架), scope (范围: a city or the province), offer (在售).
package listing

import (
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read    tenants.Permission = "listing:read"
	Write   tenants.Permission = "listing:write"
	Approve tenants.Permission = "listing:approve"
	Market  tenants.Permission = "market:read"
)

// Machine is the life of a listing.
var Machine = state.Machine{Name: "listing", Initial: "draft", Table: []state.Transition{
	{Action: "submit", From: []string{"draft"}, To: "pending_approval", Permission: string(Write)},
	{Action: "approve", From: []string{"pending_approval"}, To: "live", Permission: string(Approve)},
	{Action: "schedule", From: []string{"pending_approval"}, To: "scheduled", Permission: string(Approve)},
	{Action: "publish", From: []string{"scheduled"}, To: "live"},                  // the day has come
	{Action: "hold_back", From: []string{"scheduled"}, To: "draft", Reason: true}, // it has, but not for this
	{Action: "publish_now", From: []string{"scheduled"}, To: "live", Permission: string(Approve)},
	{Action: "return", From: []string{"pending_approval", "scheduled"}, To: "draft", Permission: string(Approve), Reason: true},
	{Action: "suspend", From: []string{"live"}, To: "suspended", Permission: string(Approve), Reason: true},
	{Action: "halt", From: []string{"live"}, To: "suspended"},    // certificate, partner or dial tests
	{Action: "restore", From: []string{"suspended"}, To: "live"}, // the partner again may list
	{Action: "resume", From: []string{"suspended"}, To: "live", Permission: string(Approve)},
	{Action: "retire", From: []string{"draft", "scheduled", "live", "suspended"}, To: "retired", Permission: string(Approve), Reason: true},
	{Action: "promote", From: []string{"draft", "pending_approval", "scheduled"}, To: "live"},                                         // a graduation, or a way back
	{Action: "supersede", From: []string{"draft", "pending_approval", "scheduled", "live", "suspended"}, To: "retired", Reason: true}, // the same
}}

// ScopeProvince is the scope of the whole province; any other is a city code.
const ScopeProvince = "province"

// Listing offers a version in a scope.
type Listing struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	SolutionID   uuid.UUID
	VersionID    uuid.UUID
	PartnerID    uuid.UUID
	OrgPath      string // of the scope
	SolutionName string
	Semver       string
	PartnerName  string
	Industry     string
	Scope        string
	ScopeName    string
	State        string
	Reason       string
	HaltedBy     string // what took it off sale by itself: partner, documents
	CreatedBy    uuid.UUID
	SubmittedAt  *time.Time
	LiveAt       *time.Time
	PublishOn    *time.Time // the day it goes on sale, once approved
	SupportUntil *time.Time // the last day of support, once retired
	SuccessorID  *uuid.UUID // the solution that comes instead
	Told         pg.Texts   // reminders of the end of support that were given
	FloorPPM     int64      // between these cities may sell; see Band
	CeilingPPM   int64
	Version      int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// RowVersion is the optimistic lock.
func (l *Listing) RowVersion() *int64 { return &l.Version }

func (l *Listing) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "listing", ID: l.ID, Label: l.SolutionName + " · " + l.ScopeName, OrgPath: l.OrgPath, Partner: l.PartnerID, From: from, To: l.State, Reason: reason}
}

// Offer is a live listing with all a buyer may know.
type Offer struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"` // the listing's
	OrgPath      string
	Scope        string
	ScopeName    string
	SolutionID   uuid.UUID
	VersionID    uuid.UUID
	SupplierID   uuid.UUID
	SupplierName string
	SupplierTier string
	Name         string
	Summary      string
	Industry     string
	Category     string
	Family       string
	Semver       string
	Certified    bool
	FromFen      int64
	Accounts     int // with an active service
	LiveAt       time.Time
	FloorPPM     int64 // see Band
	CeilingPPM   int64
	Content      pg.JSON[Content]

	// On the terms of a city: its name, and who delivers there instead.
	LocalTo       string     `gorm:"-"`
	DelivererID   *uuid.UUID `gorm:"-"`
	DelivererName string     `gorm:"-"`
}

// Content is the part of an offer that is shown on its page only.
type Content struct {
	Description string
	Elements    []menu.Element
	Rules       menu.Rules
	Files       []OfferFile
	Certificate string // number
	ValidUntil  time.Time
	ContentHash string
	Versions    []VersionNote
}

// fromFen is the least a customer pays, in fen.
func fromFen(elements []menu.Element) int64 {
	all := make([]solution.Element, 0, len(elements))
	for _, e := range elements {
		all = append(all, solution.Element{PriceFen: e.PriceFen, Required: e.Required, MinUnits: e.MinUnits})
	}
	return solution.FromFen(all)
}

// OfferFile is a file buyers may read.
type OfferFile struct {
	ID        uuid.UUID
	Name      string
	MediaType string
	Size      int64
	Kind      string
}

// VersionNote is one line of the version history.
type VersionNote struct {
	ID        uuid.UUID
	Semver    string
	State     string
	Notes     string
	Author    string
	Files     int
	CreatedAt time.Time
}

// readable kinds of files; packages and test reports are the operator's business.
func readable(kind string) bool { return kind == "manual" || kind == "whitepaper" }

func contentOf(v solution.Version, siblings []solution.Version, certificate string, validUntil time.Time, hash string) Content {
	c := Content{Description: v.Description, Certificate: certificate, ValidUntil: validUntil, ContentHash: hash, Elements: []menu.Element{}, Rules: v.Menu.V, Files: []OfferFile{}, Versions: []VersionNote{}}
	for _, e := range v.Elements {
		c.Elements = append(c.Elements, e.Sold())
	}
	for _, f := range v.Files {
		if readable(f.Kind) {
			c.Files = append(c.Files, OfferFile{f.FileID, f.File.Name, f.File.MediaType, f.File.Size, f.Kind})
		}
	}
	for _, s := range siblings {
		if s.State == "certified" || s.State == "superseded" {
			c.Versions = append(c.Versions, VersionNote{s.ID, s.Semver, s.State, s.Notes, s.AuthorName, len(s.Files), s.CreatedAt})
		}
	}
	return c
}
