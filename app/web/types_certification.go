package web

import "time"

// Run is one time something was tested.
type Run struct {
	At          time.Time `json:"at"`
	By          string    `json:"by"`
	Outcome     string    `json:"outcome" enum:"pass,fail,not_applicable,open,transient"`
	Measured    string    `json:"measured,omitempty"`
	Overridden  bool      `json:"overridden,omitempty"`
	Environment string    `json:"environment,omitempty"`
	Note        string    `json:"note,omitempty"`
}

// TestPlanRow is a version of what is tested in a category.
type TestPlanRow struct {
	ID          string     `json:"id"`
	Category    string     `json:"category"`
	Number      int        `json:"number"`
	State       string     `json:"state" enum:"draft,published"`
	Note        string     `json:"note,omitempty"`
	Checks      int        `json:"checks"`
	BudgetDays  float64    `json:"budget_days"`
	Maker       string     `json:"maker"`
	Checker     string     `json:"checker,omitempty"`
	UpdatedAt   time.Time  `json:"updated_at"`
	PublishedAt *time.Time `json:"published_at,omitempty"`
}

// PlanCheck is one thing to test.
type PlanCheck struct {
	Code       string   `json:"code" maxLength:"40"`
	Zh         string   `json:"zh" maxLength:"60"`
	En         string   `json:"en" maxLength:"80"`
	Machine    bool     `json:"machine" doc:"The portal carries it out"`
	Comparison string   `json:"comparison,omitempty" enum:",<=,>=,="`
	Limit      *float64 `json:"limit,omitempty"`
	Unit       string   `json:"unit,omitempty" maxLength:"20"`
	Mandatory  bool     `json:"mandatory"`
}

// PlanStage is one step with its share of the thirty days.
type PlanStage struct {
	Kind       string      `json:"kind" enum:"intake,functional,security,stability,documentation,interface,price_review"`
	BudgetDays float64     `json:"budget_days" minimum:"0" maximum:"30"`
	Managed    bool        `json:"managed" doc:"Only where a product manager decides"`
	Integrated bool        `json:"integrated" doc:"Only for what integrates"`
	Role       string      `json:"role,omitempty" enum:",machine,test_engineer,product_manager" doc:"Who is responsible; follows from the kind"`
	Checks     []PlanCheck `json:"checks" nullable:"false" maxItems:"50"`
}

// PlanDifference is one thing in which a version differs from the one before.
type PlanDifference struct {
	Stage  string `json:"stage"`
	Zh     string `json:"zh,omitempty" doc:"The check; empty for the stage itself"`
	En     string `json:"en,omitempty"`
	What   string `json:"what" enum:"added,removed,changed"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// TestPlan is one version with what it changes.
type TestPlan struct {
	TestPlanRow
	Stages      []PlanStage      `json:"stages" nullable:"false"`
	Before      int              `json:"before,omitempty" doc:"Number of the version it is compared with"`
	Differences []PlanDifference `json:"differences" nullable:"false"`
	Cases       int64            `json:"cases" doc:"Cases that began with it"`
	Events      []Event          `json:"events" nullable:"false"`
	Version     int64            `json:"version"`
	Actions     []string         `json:"actions" nullable:"false" doc:"edit, publish, new_version"`
}

// NewCondition is what must still be done after a conditional pass.
type NewCondition struct {
	Text  string `json:"text" minLength:"1" maxLength:"500"`
	DueOn string `json:"due_on" format:"date"`
}

// Condition is one with where it stands.
type Condition struct {
	ID       string    `json:"id"`
	Text     string    `json:"text"`
	DueAt    time.Time `json:"due_at"`
	Overdue  bool      `json:"overdue"`
	State    string    `json:"state" enum:"open,submitted,met"`
	Answer   string    `json:"answer,omitempty"`
	Evidence []File    `json:"evidence" nullable:"false"`
	Note     string    `json:"note,omitempty" doc:"Why the answer was not accepted"`
	By       string    `json:"by"`
	ClosedBy string    `json:"closed_by,omitempty"`
	Actions  []string  `json:"actions" nullable:"false" doc:"fulfil, accept, return"`
}

// Tester is a test engineer with what is in hand.
type Tester struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Cases int     `json:"cases"`
	Days  float64 `json:"days" doc:"Working days left of the budgets of their stages"`
}

// LeftOut is a test engineer who cannot have a case.
type LeftOut struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// ProposedCase is a case with the test engineer it would go to.
type ProposedCase struct {
	CertificationRow
	Days     float64   `json:"days"`
	TesterID string    `json:"tester_id,omitempty" doc:"Absent when nobody can have it"`
	Reason   string    `json:"reason,omitempty" doc:"Why nobody"`
	LeftOut  []LeftOut `json:"left_out" nullable:"false"`
}

// AssignmentProposal shares cases out by what everybody has in hand.
type AssignmentProposal struct {
	Testers []Tester       `json:"testers" nullable:"false"`
	Cases   []ProposedCase `json:"cases" nullable:"false"`
}

// Assigned is what came of one case.
type Assigned struct {
	ID         string `json:"id"`
	Number     string `json:"number,omitempty"`
	Done       bool   `json:"done"`
	TesterName string `json:"tester_name,omitempty" doc:"Who has it now"`
	Code       string `json:"code,omitempty"`
	Reason     string `json:"reason,omitempty" doc:"Why it was not given"`
}

// Outlook says what handing a draft in would lead to.
type Outlook struct {
	Base    string   `json:"base,omitempty" doc:"Number of the case whose results hold; none when everything is tested"`
	Light   bool     `json:"light" doc:"It would pass by machine"`
	Changes []string `json:"changes" nullable:"false" doc:"Since that case"`
	Tested  []string `json:"tested" nullable:"false" doc:"Checks that would be tested again"`
	Kept    int      `json:"kept" doc:"Checks whose result would hold"`
}
