// Package standing owns how a firm's tier follows from what it does, and how
// much it may have open at once: the formula in its versions, the quarterly
// evaluation with the facts as they were, the moves from tier to tier and who
// decides them, and the limits that grow with evidence and shrink with alerts.
// It does not own the firm (tenants/partner) nor the business its figures are
// read from.
//
// Words: tier (合作等级), formula (评分公式), evaluation (季度评估), band (规模档),
// floor (底线), move (等级调整), shadow (试算), exposure (敞口), cap (上限).
package standing

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Permissions of this package.
const (
	Read    tenants.Permission = "tier:read"
	Propose tenants.Permission = "tier:propose"
	Decide  tenants.Permission = "tier:decide"
)

// FormulaMachine is the life of a version of the formula.
var FormulaMachine = state.Machine{Name: "tier_formula", Initial: "proposed", Table: []state.Transition{
	{Action: "publish", From: []string{"proposed"}, To: "published", Permission: string(Decide)},
	{Action: "return", From: []string{"proposed"}, To: "returned", Permission: string(Decide), Reason: true},
	{Action: "supersede", From: []string{"published"}, To: "superseded"}, // by the next
}}

// MoveMachine is the life of a move.
var MoveMachine = state.Machine{Name: "tier_move", Initial: "proposed", Table: []state.Transition{
	{Action: "accept", From: []string{"proposed"}, To: "accepted", Permission: string(Decide)},
	{Action: "decline", From: []string{"proposed"}, To: "declined", Permission: string(Decide), Reason: true},
	{Action: "lapse", From: []string{"proposed"}, To: "lapsed"}, // a newer quarter, or the tier changed otherwise
}}

// decideDays is how many working days a move waits for its decision.
const decideDays = 10

// Refusals of this package.
var (
	ErrFormulaOpen = fault.New(fault.Conflict, "tier-formula-open", "已有一版评分公式在试算，请先发布或退回。", "A version of the formula is on trial already; publish or return it first.")
	ErrOwnFormula  = fault.New(fault.Conflict, "tier-formula-own", "自己拟定的公式须由另一位省渠道经理发布。", "Who drafts a formula does not publish it.")
	ErrNoShadow    = fault.New(fault.Conflict, "tier-formula-no-shadow", "这版公式还没有试算到提出时所在的季度，稍后再发布。", "This version has not been tried on the quarter in which it was drafted yet; publish it after that.")
	ErrOwnMove     = fault.New(fault.Conflict, "tier-move-own", "自己提出的等级调整须由另一位省渠道经理决定。", "Who proposed a move does not decide it.")
	ErrMoveOpen    = fault.New(fault.Conflict, "tier-move-open", "这家伙伴已有等级调整待决定。", "A move of this firm waits to be decided already.")
	ErrSameTier    = fault.New(fault.Conflict, "tier-same", "伙伴已是这个等级。", "The firm has this tier already.")
	ErrNotActive   = fault.New(fault.Conflict, "tier-not-active", "只有正常合作的伙伴可以调整等级。", "Only an active firm moves from tier to tier.")
)

// Formula is one version as stored.
type Formula struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	Number        int
	State         string
	Document      pg.JSON[Document]
	Note          string
	Reason        string
	MadeBy        uuid.UUID
	MadeByName    string
	Makers        tenants.Persons
	MadeAt        time.Time
	CheckedBy     *uuid.UUID
	CheckedByName string
	Checkers      tenants.Persons
	CheckedAt     *time.Time
	Quarter       string    // in which it was drafted: it runs silently until that is over
	RipeAt        time.Time // when it can be published at the earliest, UTC
	Version       int64
	Open          int64 `gorm:"-"` // objections that wait for an answer
	Upheld        int64 `gorm:"-"`
}

// TableName of formulas.
func (Formula) TableName() string { return "tier_formulas" }

// RowVersion is the optimistic lock.
func (f *Formula) RowVersion() *int64 { return &f.Version }

// Actions the actor may take on a version now.
func (f *Formula) Actions(a tenants.Actor, now time.Time) []string {
	if f.Makers.Has(a) {
		return []string{}
	}
	out := FormulaMachine.Actions(f.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
	return slices.DeleteFunc(out, func(action string) bool { return action == "publish" && f.ready(now) != nil })
}

func (f *Formula) entry(a tenants.Actor, action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "tier_formula", ID: f.ID, Label: number(f.Number), OrgPath: a.Tenant.Root(), From: from, To: f.State, Reason: reason}
}

// Evaluation is one firm's quarter under one version of the formula.
type Evaluation struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PartnerID     uuid.UUID
	OrgPath       string
	PartnerName   string
	Quarter       string
	FormulaID     uuid.UUID
	FormulaNumber int
	Shadow        bool
	Tier          string // that it had
	Result        string // that the figures give
	Band          string
	Points        int64
	Facts         pg.JSON[[]Line]
	Warned        bool
	At            time.Time
}

// TableName of evaluations.
func (Evaluation) TableName() string { return "tier_evaluations" }

// below tells whether the figures do not carry the tier.
func (e *Evaluation) below() bool { return rank(e.Result) < rank(e.Tier) }

// Move is a step from tier to tier.
type Move struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	PartnerID     uuid.UUID
	OrgPath       string
	PartnerName   string
	Quarter       string
	EvaluationID  *uuid.UUID
	FromTier      string
	ToTier        string
	State         string
	Note          string
	Reason        string
	MadeByName    string
	Makers        tenants.Persons // nobody, when the quarter's figures proposed it
	MadeAt        time.Time
	DueAt         time.Time
	DecidedBy     *uuid.UUID
	DecidedByName string
	Deciders      tenants.Persons
	DecidedAt     *time.Time
	Version       int64
	UpdatedAt     time.Time
	Evidence      *Evaluation `gorm:"-"`
}

// TableName of moves.
func (Move) TableName() string { return "tier_moves" }

// RowVersion is the optimistic lock.
func (m *Move) RowVersion() *int64 { return &m.Version }

// Actions the actor may take on a move.
func (m *Move) Actions(a tenants.Actor) []string {
	if m.Makers.Has(a) {
		return []string{}
	}
	return MoveMachine.Actions(m.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
}

func (m *Move) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action + "_tier", Resource: "tier_move", ID: m.ID, Label: m.PartnerName, OrgPath: m.OrgPath, Partner: m.PartnerID, From: from, To: m.State, Reason: reason}
}

func rank(tier string) int { return slices.Index(partner.Tiers, tier) }

// toward is one step from a tier in the direction of another.
func toward(from, to string) string {
	switch i := rank(from); {
	case rank(to) > i:
		return partner.Tiers[i+1]
	case rank(to) < i:
		return partner.Tiers[i-1]
	}
	return from
}
