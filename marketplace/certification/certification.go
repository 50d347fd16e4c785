// Package certification owns the month from submission to certificate: the
// case with its stages, checks and findings, whose days are spent, and the
// certificate at its end. Author, tester and approver are three people.
//
// Words: case (认证单), stage (环节), check (检查项), finding (问题), track
// (认证方式), holder (轮到谁: who has the ball), turn (one stretch of time in
// which a side had it), stop (停钟: neither side has it).
package certification

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read    tenants.Permission = "certification:read"
	Test    tenants.Permission = "certification:test"
	Change  tenants.Permission = "certification:change"
	Approve tenants.Permission = "certification:approve"
)

// Machine is the life of a case.
var Machine = state.Machine{Name: "certification", Initial: "intake", Table: []state.Transition{
	{Action: "open_tests", From: []string{"intake"}, To: "testing"},
	{Action: "finish_tests", From: []string{"testing"}, To: "in_review", Permission: string(Test)},
	{Action: "certify_type", From: []string{"testing"}, To: "certified"},
	{Action: "certify_light", From: []string{"testing"}, To: "certified"}, // a change that touches nothing tested
	{Action: "request_changes", From: []string{"testing", "in_review"}, To: "changes_requested", Permission: string(Change), Reason: true},
	{Action: "return_intake", From: []string{"intake", "testing"}, To: "changes_requested"},
	{Action: "resubmit", From: []string{"changes_requested"}, To: "testing", Permission: string(solution.Submit)},
	{Action: "approve", From: []string{"in_review"}, To: "certified", Permission: string(Approve)},
	{Action: "reject", From: []string{"in_review"}, To: "rejected", Permission: string(Approve), Reason: true},
	{Action: "stop", From: []string{"testing"}, To: "testing", Permission: string(Change), Reason: true},
	{Action: "stop", From: []string{"in_review"}, To: "in_review", Permission: string(Change), Reason: true},
	{Action: "restart", From: []string{"testing"}, To: "testing", Permission: string(Change)},
	{Action: "restart", From: []string{"in_review"}, To: "in_review", Permission: string(Change)},
	{Action: "hand_back", From: []string{"testing"}, To: "testing", Permission: string(Test), Reason: true},
	{Action: "withdraw", From: []string{"intake", "testing", "in_review", "changes_requested"}, To: "withdrawn", Permission: string(solution.Submit)},
}}

// Case is one certification.
type Case struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Number       string
	VersionID    uuid.UUID
	SolutionID   uuid.UUID
	PartnerID    uuid.UUID
	OrgPath      string
	SolutionName string
	Semver       string
	First        bool
	PartnerName  string
	Industry     string
	PlanID       *uuid.UUID // nil for cases older than plans
	PlanNumber   int
	Track        string
	TrackReason  pg.JSON[fault.Words]
	State        string
	Stage        string // the stage that is open
	AuthorID     uuid.UUID
	AuthorName   string
	TesterID     *uuid.UUID
	TesterName   string
	Testers      pg.Texts // ids of all persons behind what was tested
	ApproverID   *uuid.UUID
	ApproverName string
	Deciders     pg.Texts // ids of the persons behind the decision, or a part of it
	OpenFindings int
	ContentHash  string // of what is under test
	Holder       string // who has the ball
	HolderSince  time.Time
	HolderReason string // why, by code
	HolderNote   string // in the words of who handed it over
	HandedBy     string
	OperatorMS   int64 // milliseconds of working time charged so far
	PartnerMS    int64
	StoppedMS    int64
	DueAt        *time.Time // end of the thirty days; nil while the operator does not hold it
	EscalateAt   *time.Time // when the next overrun is told of
	Escalated    pg.Texts   // overruns that were told of
	SubmittedAt  time.Time
	DecidedAt    *time.Time
	Version      int64
	UpdatedAt    time.Time

	validUntil *time.Time // of the certificate, where a former one is carried on
}

// TableName of cases.
func (Case) TableName() string { return "certifications" }

// testedBy notes who is behind a test: whoever did it, and whose seat it was.
func (c *Case) testedBy(a tenants.Actor) {
	for _, id := range a.Persons() {
		if !slices.Contains(c.Testers, id.String()) {
			c.Testers = append(c.Testers, id.String())
		}
	}
}

// tested tells whether the actor is, or acts for, somebody behind the tests.
func (c *Case) tested(a tenants.Actor) bool {
	return (c.TesterID != nil && a.Is(*c.TesterID)) || slices.ContainsFunc(a.Persons(), func(id uuid.UUID) bool { return slices.Contains(c.Testers, id.String()) })
}

// judgedBy notes who is behind a part of the decision: they do not test.
func (c *Case) judgedBy(a tenants.Actor) {
	for _, id := range a.Persons() {
		if !slices.Contains(c.Deciders, id.String()) {
			c.Deciders = append(c.Deciders, id.String())
		}
	}
}

// judged tells whether the actor is, or acts for, somebody behind the decision.
func (c *Case) judged(a tenants.Actor) bool {
	return slices.ContainsFunc(a.Persons(), func(id uuid.UUID) bool { return slices.Contains(c.Deciders, id.String()) })
}

// decidedBy notes who is behind the decision.
func (c *Case) decidedBy(a tenants.Actor) {
	c.ApproverID, c.ApproverName = &a.User, a.Name
	c.judgedBy(a)
}

// RowVersion is the optimistic lock.
func (c *Case) RowVersion() *int64 { return &c.Version }

// Stage is one step of a case.
type Stage struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID `gorm:"primaryKey"`
	Kind            string    `gorm:"primaryKey"`
	PartnerID       uuid.UUID
	OrgPath         string
	Position        int
	State           string // waiting, open, passed, failed
	BudgetDays      float64
	StartedAt       *time.Time
	FinishedAt      *time.Time

	Checks []Check       `gorm:"-"`
	Spent  time.Duration `gorm:"-"` // working time the operator has held the case in this stage
}

// TableName of stages.
func (Stage) TableName() string { return "certification_stages" }

// settle works the state of the stage out of its checks.
func (s *Stage) settle(now time.Time) {
	open, failed := 0, 0
	for _, c := range s.Checks {
		if c.Exemption != nil && c.Result != "pass" {
			continue
		}
		switch c.Result {
		case "open":
			open++
		case "fail":
			failed++
		}
	}
	if s.StartedAt == nil && open < len(s.Checks) {
		s.StartedAt = &now
	}
	switch {
	case open > 0:
		s.FinishedAt = nil
		s.State = "waiting"
		if s.StartedAt != nil {
			s.State = "open"
		}
	case failed > 0:
		s.State, s.FinishedAt = "failed", &now
	default:
		s.State = "passed"
		if s.FinishedAt == nil {
			s.FinishedAt = &now
		}
	}
}

// Check is one thing to test.
type Check struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	Stage           string
	PartnerID       uuid.UUID
	OrgPath         string
	Position        int
	Code            string
	Words           pg.JSON[fault.Words]
	Machine         bool
	Threshold       string // in words
	Comparison      string
	LimitValue      *float64
	Unit            string
	Mandatory       bool
	Overridden      bool   // the tester decided against what was measured
	Result          string // open, pass, fail, not_applicable
	Measured        string
	Note            string
	Evidence        pg.Texts // file ids
	ByName          string
	Said            pg.JSON[fault.Words] // by the portal: why it failed
	UpdatedAt       time.Time

	Files     []tenants.File `gorm:"-"`
	Runs      []Run          `gorm:"-"`
	Exemption *Exemption     `gorm:"-"` // in force now
}

// TableName of checks.
func (Check) TableName() string { return "certification_checks" }

// Finding is something wrong that the partner must answer.
type Finding struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Stage           string
	Severity        string // blocker, major, minor
	Body            string
	Answer          string
	State           string // open, answered, closed
	ByName          string
	CreatedAt       time.Time
	Version         int64
}

// RowVersion is the optimistic lock.
func (f *Finding) RowVersion() *int64 { return &f.Version }
