package commission

import (
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Plan is one version of a plan as stored.
type Plan struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Plan           string    // code, the same over its versions
	Number         int
	City           string // city code, empty for the province's
	State          string
	ValidFrom      string
	ValidTo        string // exclusive, empty when open
	Document       pg.JSON[Document]
	MakerID        uuid.UUID
	MakerName      string
	Editors        tenants.Persons // who wrote in it: none of them may check it
	CheckerID      *uuid.UUID
	Checkers       tenants.Persons
	CheckerName    string
	PublishedAt    *time.Time
	PublishedOrder int
	Reason         string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName of plans.
func (Plan) TableName() string { return "commission_plans" }

// RowVersion is the optimistic lock.
func (p *Plan) RowVersion() *int64 { return &p.Version }

type eventRow struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PartnerID     uuid.UUID // the seller
	OrgPath       string
	ExternalID    string
	Kind          string
	At            time.Time
	BusinessDate  string
	Month         string
	AmountFen     int64
	Units         int64
	N             int
	OfID          *uuid.UUID
	ServiceID     uuid.UUID
	ServiceNumber string
	Facts         pg.JSON[Event]
	Hash          string
	CreatedAt     time.Time
}

func (eventRow) TableName() string { return "commission_events" }

// event is the fact as computed with.
func (r eventRow) event() Event {
	e := r.Facts.V
	e.At = e.At.UTC()
	return e
}

type lineRow struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	PartnerID    uuid.UUID // the seller
	OrgPath      string
	EventID      uuid.UUID
	OfID         uuid.UUID
	Basis        string
	Kind         string
	Corrects     *uuid.UUID
	PlanID       uuid.UUID
	RuleID       string
	CellMonth    string
	Month        string
	BusinessDate string
	DueOn        string
	LineFen      int64
	Explain      pg.JSON[Explain]
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

func (lineRow) TableName() string { return "commission_lines" }

// Line is one party's share of a line, with what the party may know of it.
type Line struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PartnerID       uuid.UUID // the party
	OrgPath         string
	LineID          uuid.UUID
	SellerID        uuid.UUID
	CellMonth       string
	Month           string // posted in
	Party           string
	PartyName       string
	PPM             int64 `gorm:"column:ppm"`
	ShareFen        int64
	LineFen         int64
	State           string
	DueOn           string
	StatementID     *uuid.UUID
	DisputedIn      *uuid.UUID // the statement it was held back from
	Dispute         string
	DisputedAt      *time.Time
	Frozen          bool       // a flag on its event is open: it is not settled
	DisputeState    string     // open or settled, else empty
	AnswerBy        *time.Time // of an open dispute
	DisputeLate     bool
	Outcome         string
	DisputableUntil *time.Time // of a line whose statement was deemed confirmed
	Kind            string
	EventKind       string
	At              time.Time
	BusinessDate    string
	AccountName     string
	Product         string
	OrderNumber     string
	BasisFen        int64
	Units           int64
	Explain         pg.JSON[Explain]
	UpdatedAt       time.Time
}

// TableName of shares.
func (Line) TableName() string { return "commission_shares" }

// Statement is a month's account of one partner.
type Statement struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	PartnerID   uuid.UUID
	OrgPath     string
	Number      string
	PartnerName string
	Month       string
	Lines       int
	TotalFen    int64
	HeldFen     int64 // disputed, held back
	CarryInFen  int64 // never above zero
	PayableFen  int64 // never below zero
	CarryOutFen int64
	WhyZh       string // when empty: why there is nothing to settle
	WhyEn       string
	State       string
	IssuedAt    time.Time
	ConfirmBy   time.Time
	ConfirmedAt *time.Time
	Deemed      bool
	PaidAt      *time.Time
	Version     int64
}

// TableName of statements.
func (Statement) TableName() string { return "statements" }

// Period is a commission month of the province.
type Period struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	Month        string    `gorm:"primaryKey"`
	State        string
	JobID        *uuid.UUID
	JobState     string // waiting, running, done, failed or empty
	JobProgress  int    // percent
	JobReason    string
	JobAt        *time.Time
	CalculatedAt *time.Time
	IssuedAt     *time.Time
	Version      int64
}

// TableName of periods.
func (Period) TableName() string { return "commission_periods" }

type balanceRow struct {
	ProvinceID    uuid.UUID
	PartnerID     uuid.UUID
	OrgPath       string
	HeldFen       int64
	DueFen        int64
	ReceivableFen int64
	CommittedFen  int64
}

type entryRow struct {
	ProvinceID  uuid.UUID
	ID          uuid.UUID
	PartnerID   uuid.UUID
	OrgPath     string
	Kind        string
	At          time.Time
	Month       string
	LineID      *uuid.UUID
	ShareID     *uuid.UUID
	StatementID *uuid.UUID
	PayoutID    *uuid.UUID
}

type postingRow struct {
	ProvinceID uuid.UUID
	EntryID    uuid.UUID
	Account    string
	PartnerID  uuid.UUID
	OrgPath    string
	AmountFen  int64
	Currency   string
}
