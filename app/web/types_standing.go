package web

import "time"

// TierFormula is one version of how points follow from facts.
type TierFormula struct {
	ID            string          `json:"id"`
	Number        int             `json:"number"`
	State         string          `json:"state" enum:"proposed,published,superseded,returned"`
	Document      FormulaDocument `json:"document"`
	Note          string          `json:"note"`
	Reason        string          `json:"reason"`
	MadeByName    string          `json:"made_by_name"`
	MadeAt        time.Time       `json:"made_at"`
	CheckedByName string          `json:"checked_by_name"`
	CheckedAt     *time.Time      `json:"checked_at,omitempty"`
	RipeAt        time.Time       `json:"ripe_at" doc:"A version on trial can be published from here on"`
	Open          int64           `json:"open" doc:"Objections that wait for an answer"`
	Upheld        int64           `json:"upheld" doc:"Objections upheld: the version can only be returned"`
	Actions       []string        `json:"actions" nullable:"false" doc:"publish, return"`
}

// TierObjection is what a firm has against a version on trial, with the answer.
type TierObjection struct {
	ID             string     `json:"id"`
	Formula        int        `json:"formula"`
	PartnerID      string     `json:"partner_id"`
	PartnerName    string     `json:"partner_name"`
	State          string     `json:"state" enum:"open,upheld,dismissed,withdrawn,lapsed"`
	Reason         string     `json:"reason"`
	Answer         string     `json:"answer"`
	MadeByName     string     `json:"made_by_name"`
	MadeAt         time.Time  `json:"made_at"`
	DueAt          time.Time  `json:"due_at"`
	AnsweredByName string     `json:"answered_by_name"`
	AnsweredAt     *time.Time `json:"answered_at,omitempty"`
	Actions        []string   `json:"actions" nullable:"false" doc:"uphold, dismiss, withdraw"`
}

// TierTrial is a version that runs silently, as one firm sees it.
type TierTrial struct {
	FormulaID string          `json:"formula_id"`
	Formula   int             `json:"formula"`
	Note      string          `json:"note"`
	MadeAt    time.Time       `json:"made_at"`
	RipeAt    time.Time       `json:"ripe_at" doc:"Until then the firm can object"`
	Then      TierEvaluation  `json:"then"`
	Now       *TierEvaluation `json:"now,omitempty" doc:"The same quarter by the version in force"`
	Objection *TierObjection  `json:"objection,omitempty" doc:"The firm's"`
	Actions   []string        `json:"actions" nullable:"false" doc:"object"`
}

// FormulaDocument is the text of a formula.
type FormulaDocument struct {
	Bands   map[string]int64         `json:"bands" doc:"By band (small, medium, large): the customers from which a firm is in it"`
	Metrics map[string]FormulaWeight `json:"metrics" doc:"By metric: certified, graduated, revenue (fen), conversion, on_time, acceptance, response, resolution, complaints; weights add up to 100"`
	Tiers   map[string]FormulaTier   `json:"tiers" doc:"By tier: certified, preferred, strategic"`
}

// FormulaWeight is how a metric counts.
type FormulaWeight struct {
	Weight int64            `json:"weight" minimum:"1" maximum:"100"`
	Full   map[string]int64 `json:"full" doc:"By band: the value from which it counts whole; of complaints the number at which it counts nothing"`
}

// FormulaTier is what a tier asks for.
type FormulaTier struct {
	Points int64            `json:"points" minimum:"1" maximum:"100"`
	Floors map[string]int64 `json:"floors" doc:"By metric: what must be reached whatever the points; of complaints at most"`
}

// TierLine is one metric of a firm.
type TierLine struct {
	Metric string           `json:"metric"`
	Unit   string           `json:"unit" enum:"count,fen,percent"`
	AtMost bool             `json:"at_most" doc:"Less is better"`
	Has    *int64           `json:"has,omitempty" doc:"Absent where there are no facts: then it takes no part"`
	Full   int64            `json:"full"`
	Weight int64            `json:"weight"`
	Points float64          `json:"points"`
	Floors map[string]int64 `json:"floors" doc:"By tier"`
}

// TierEvaluation is one firm's quarter, as it was.
type TierEvaluation struct {
	Quarter string     `json:"quarter"`
	Formula int        `json:"formula"`
	Shadow  bool       `json:"shadow" doc:"Of a formula that is on trial: it changes nothing"`
	Tier    string     `json:"tier" doc:"That it had"`
	Result  string     `json:"result" doc:"That the figures give"`
	Band    string     `json:"band" enum:"small,medium,large"`
	Points  int64      `json:"points"`
	Warned  bool       `json:"warned" doc:"Below its tier: one more quarter like it, and a move down is proposed"`
	Lines   []TierLine `json:"lines" nullable:"false"`
	At      time.Time  `json:"at"`
}

// TierMove is a step from tier to tier.
type TierMove struct {
	ID            string          `json:"id"`
	PartnerID     string          `json:"partner_id"`
	PartnerName   string          `json:"partner_name"`
	Quarter       string          `json:"quarter"`
	From          string          `json:"from"`
	To            string          `json:"to"`
	State         string          `json:"state" enum:"proposed,accepted,declined,lapsed"`
	Machine       bool            `json:"machine" doc:"Proposed by the quarter's figures, not by a person"`
	Note          string          `json:"note"`
	Reason        string          `json:"reason"`
	MadeByName    string          `json:"made_by_name"`
	MadeAt        time.Time       `json:"made_at"`
	DueAt         time.Time       `json:"due_at"`
	DecidedByName string          `json:"decided_by_name"`
	DecidedAt     *time.Time      `json:"decided_at,omitempty"`
	Evidence      *TierEvaluation `json:"evidence,omitempty"`
	Actions       []string        `json:"actions" nullable:"false" doc:"accept, decline"`
}

// TierComparison is a firm under the formula in force and under another.
type TierComparison struct {
	PartnerID   string `json:"partner_id"`
	PartnerName string `json:"partner_name"`
	Quarter     string `json:"quarter"`
	Tier        string `json:"tier"`
	NowPoints   *int64 `json:"now_points,omitempty"`
	NowResult   string `json:"now_result,omitempty"`
	ThenPoints  int64  `json:"then_points"`
	ThenResult  string `json:"then_result"`
}

// ExposureCap is one limit with what is open of it.
type ExposureCap struct {
	Kind string `json:"kind" enum:"listings,deals,orders"`
	Unit string `json:"unit" enum:"count,fen"`
	Cap  *int64 `json:"cap,omitempty" doc:"Absent where there is none"`
	Open int64  `json:"open"`
}

// Exposure is how much a firm may have open at once, and why.
type Exposure struct {
	Level    int           `json:"level"`
	Levels   int           `json:"levels" doc:"The highest"`
	Caps     []ExposureCap `json:"caps" nullable:"false"`
	Accepted int64         `json:"accepted" doc:"Deliveries accepted"`
	Won      int64         `json:"won" doc:"Deals won"`
	Alerts   []string      `json:"alerts" nullable:"false" doc:"complaints, late, lapsed, idle"`
	How      string        `json:"how" doc:"How it grows, in the reader's language"`
}

// Standing is how a firm stands.
type Standing struct {
	Tier        string           `json:"tier" enum:"registered,certified,preferred,strategic"`
	Quarter     string           `json:"quarter" doc:"The one that runs"`
	Formula     int              `json:"formula" doc:"In force; 0 when none is published"`
	Band        string           `json:"band"`
	Points      int64            `json:"points" doc:"So far this quarter"`
	Lines       []TierLine       `json:"lines" nullable:"false"`
	Next        string           `json:"next,omitempty" doc:"The tier above"`
	NextPoints  int64            `json:"next_points,omitempty"`
	Missing     []string         `json:"missing" nullable:"false" doc:"Metrics below the floor of the tier above"`
	Evaluations []TierEvaluation `json:"evaluations" nullable:"false"`
	Moves       []TierMove       `json:"moves" nullable:"false"`
	Trial       *TierTrial       `json:"trial,omitempty" doc:"A version that runs silently"`
	Exposure    Exposure         `json:"exposure"`
	Actions     []string         `json:"actions" nullable:"false" doc:"propose_move"`
}

// TierCriteria is what the tiers ask for, by the formula in force.
type TierCriteria struct {
	Formula int        `json:"formula"`
	Since   time.Time  `json:"since"`
	Tiers   []TierStep `json:"tiers" nullable:"false" doc:"From low to high"`
}

// TierStep is what one tier asks for.
type TierStep struct {
	Tier   string      `json:"tier"`
	Points int64       `json:"points" doc:"Of 100, by the quarter's figures"`
	Floors []TierFloor `json:"floors" nullable:"false"`
}

// TierFloor must be reached whatever the points.
type TierFloor struct {
	Metric string `json:"metric"`
	Unit   string `json:"unit" enum:"count,fen,percent"`
	AtMost bool   `json:"at_most" doc:"Less is better"`
	Value  int64  `json:"value"`
}

type formulaInput struct {
	Body struct {
		Document FormulaDocument `json:"document"`
		Note     string          `json:"note,omitempty" maxLength:"2000"`
	}
}

type movesInput struct {
	Paging
	State string `query:"state" enum:"proposed,accepted,declined,lapsed"`
}

type moveInput struct {
	Body struct {
		PartnerID string `json:"partner_id" format:"uuid"`
		To        string `json:"to" enum:"registered,certified,preferred,strategic"`
		Note      string `json:"note" minLength:"1" maxLength:"2000" doc:"Why"`
	}
}
