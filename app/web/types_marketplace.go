package web

import "time"

// SolutionRow is a solution in the library.
type SolutionRow struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Summary       string    `json:"summary"`
	Industry      string    `json:"industry"`
	Category      string    `json:"category"`
	Family        string    `json:"family" doc:"Product family, the product a commission rule may name"`
	PartnerID     string    `json:"partner_id"`
	PartnerName   string    `json:"partner_name"`
	LatestSemver  string    `json:"latest_semver"`
	LatestState   string    `json:"latest_state" enum:"draft,submitted,in_test,in_review,changes_requested,certified,rejected,withdrawn,superseded,revoked,expired"`
	LatestVersion string    `json:"latest_version_id"`
	LiveListings  int       `json:"live_listings"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// SolutionEdit names a solution and its place in the library.
type SolutionEdit struct {
	Name     string `json:"name" minLength:"2" maxLength:"80"`
	Summary  string `json:"summary" maxLength:"200"`
	Industry string `json:"industry"`
	Category string `json:"category"`
	Family   string `json:"family"`
	Version  int64  `json:"version,omitempty"`
}

// Solution is a product of an SI with all its versions.
type Solution struct {
	SolutionRow
	Versions []VersionRow   `json:"versions" nullable:"false" doc:"Newest first"`
	Listings []ListingRow   `json:"listings" nullable:"false"`
	Prices   []PriceHistory `json:"prices" nullable:"false" doc:"List prices of each element in the versions that were certified"`
	Version  int64          `json:"version"`
	Actions  []string       `json:"actions" nullable:"false" doc:"edit, new_version"`
}

// PriceHistory is what an element cost, oldest version first.
type PriceHistory struct {
	Name    string       `json:"name"`
	Unit    string       `json:"unit"`
	Billing string       `json:"billing" enum:"one_off,monthly,per_use"`
	Points  []PricePoint `json:"points" nullable:"false"`
}

// PricePoint is the list price in a version; absent where the version has no
// such element.
type PricePoint struct {
	Semver   string `json:"semver"`
	PriceFen *int64 `json:"price_fen,omitempty"`
}

// VersionRow is one version in the history of a solution.
type VersionRow struct {
	ID              string     `json:"id"`
	Semver          string     `json:"semver"`
	State           string     `json:"state" enum:"draft,submitted,in_test,in_review,changes_requested,certified,rejected,withdrawn,superseded,revoked,expired"`
	Notes           string     `json:"notes"`
	Author          string     `json:"author"`
	Files           int        `json:"files"`
	CreatedAt       time.Time  `json:"created_at"`
	SubmittedAt     *time.Time `json:"submitted_at,omitempty"`
	CertificationID string     `json:"certification_id,omitempty"`
}

// Element is a function element with its list price.
type Element struct {
	ID       string      `json:"id,omitempty"`
	Name     string      `json:"name" minLength:"1" maxLength:"60"`
	Unit     string      `json:"unit" minLength:"1" maxLength:"20"`
	Billing  string      `json:"billing" enum:"one_off,monthly,per_use"`
	PriceFen int64       `json:"price_fen" minimum:"0" maximum:"100000000000"`
	Required bool        `json:"required" doc:"Always part of an order"`
	Min      int         `json:"min,omitempty" minimum:"0" doc:"Least units when it is chosen at all; 0 means 1"`
	Default  int         `json:"default,omitempty" minimum:"0" doc:"Units it is offered with; 0 means the least"`
	Max      int         `json:"max" minimum:"0" doc:"Most units in an order; 0 means no limit"`
	Steps    []PriceStep `json:"steps,omitempty" maxItems:"10" doc:"Price of each unit from a quantity on, rising"`
	Cities   []string    `json:"cities,omitempty" maxItems:"40" doc:"Codes of the cities where it is offered; none means all"`
}

// PriceStep is the price of each unit from a quantity on.
type PriceStep struct {
	From     int64 `json:"from" minimum:"2"`
	PriceFen int64 `json:"price_fen" minimum:"0"`
}

// MenuRules is what a menu says beyond its elements, which are known by name.
type MenuRules struct {
	Groups []MenuGroup `json:"groups" nullable:"false" maxItems:"50"`
	Rules  []MenuRule  `json:"rules" nullable:"false" maxItems:"200"`
}

// MenuFile is a menu in a file: XLSX as the export writes it, or JSON as
// elements and menu of a version are.
type MenuFile struct {
	Content []byte `json:"content" doc:"Base64" maxLength:"1400000"`
}

// MenuRead is what a file says, before anything is saved.
type MenuRead struct {
	Elements []Element   `json:"elements" nullable:"false"`
	Menu     MenuRules   `json:"menu"`
	Faults   []MenuFault `json:"faults" nullable:"false" doc:"Empty when it can be saved as it is"`
}

// MenuFault is a bad row, or what the menu as a whole would be refused for.
type MenuFault struct {
	Row     int    `json:"row,omitempty" doc:"Of the sheet, from 1"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// MenuGroup is a choice of so many of its elements.
type MenuGroup struct {
	Name     string   `json:"name" minLength:"1" maxLength:"60"`
	Min      int      `json:"min" minimum:"0"`
	Max      int      `json:"max" minimum:"0" doc:"0 means no limit"`
	Elements []string `json:"elements" nullable:"false" maxItems:"100"`
}

// MenuRule is one rule between elements.
type MenuRule struct {
	Kind    string   `json:"kind" enum:"requires,requires_any,excludes,at_most"`
	Element string   `json:"element" maxLength:"60"`
	Others  []string `json:"others" nullable:"false" maxItems:"100"`
	Units   int64    `json:"units,omitempty" minimum:"0" doc:"Of at_most: the element and the others together"`
}

// OfferElement is a function element as it is sold.
type OfferElement struct {
	Element
	ProvinceFen *int64 `json:"province_fen,omitempty" doc:"The province's price, where the city's own counts"`
}

// VersionFile is a file of a version with the role it plays.
type VersionFile struct {
	File File   `json:"file"`
	Kind string `json:"kind" enum:"package,manual,test_report,whitepaper,other"`
}

// Need is one line of the completeness list.
type Need struct {
	Code   string `json:"code" doc:"description, elements, package, manual, test_report, notes, price, files_stored, semver, partner_active"`
	Done   bool   `json:"done"`
	Anchor string `json:"anchor" doc:"Field to jump to"`
}

// Version is one immutable-once-submitted version.
type Version struct {
	VersionRow
	SolutionID   string        `json:"solution_id"`
	SolutionName string        `json:"solution_name"`
	PartnerID    string        `json:"partner_id"`
	PartnerName  string        `json:"partner_name"`
	Industry     string        `json:"industry"`
	Category     string        `json:"category"`
	Description  string        `json:"description"`
	Integration  string        `json:"integration" enum:"none,sso,api,deep" doc:"Integration level"`
	TrialURL     string        `json:"trial_url,omitempty" doc:"Where it can be tried; to the firm and the province only"`
	TrialNotes   string        `json:"trial_notes,omitempty"`
	TrialHours   int           `json:"trial_hours,omitempty" doc:"That one may try it at a time"`
	TrialAuto    bool          `json:"trial_automatic,omitempty" doc:"Whoever asks is let in at once"`
	Elements     []Element     `json:"elements" nullable:"false"`
	Menu         MenuRules     `json:"menu"`
	FileList     []VersionFile `json:"file_list" nullable:"false"`
	Needs        []Need        `json:"needs" nullable:"false" doc:"What submission asks for, done or missing"`
	Certificate  *Certificate  `json:"certificate,omitempty"`
	Version      int64         `json:"version"`
	Actions      []string      `json:"actions" nullable:"false" doc:"edit, submit, withdraw, revise, list_city, list_province"`
}

// Suggestion completes what somebody types into the marketplace's search.
type Suggestion struct {
	Kind string `json:"kind" enum:"offer,supplier"`
	Text string `json:"text"`
	ID   string `json:"id,omitempty" doc:"Of the offer"`
}

// VersionDifference is what changed from one version of a solution to another.
type VersionDifference struct {
	SolutionID   string          `json:"solution_id"`
	SolutionName string          `json:"solution_name"`
	From         *VersionRow     `json:"from,omitempty" doc:"Absent when nothing came before: then all is new"`
	To           VersionRow      `json:"to"`
	Fields       []FieldChange   `json:"fields" nullable:"false"`
	Elements     []ElementChange `json:"elements" nullable:"false"`
	Files        []FileChange    `json:"files" nullable:"false"`
	Same         int             `json:"same" doc:"Parts that did not change"`
	Versions     []VersionRow    `json:"versions" nullable:"false" doc:"All versions the reader may compare, newest first"`
}

// FieldChange is a text that reads differently.
type FieldChange struct {
	Field  string `json:"field" enum:"description,integration,menu"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ElementChange is a function element that was added, removed or changed.
type ElementChange struct {
	Change string   `json:"change" enum:"added,removed,changed"`
	Before *Element `json:"before,omitempty"`
	After  *Element `json:"after,omitempty"`
}

// FileChange is a file that was added, removed or replaced.
type FileChange struct {
	Change string       `json:"change" enum:"added,removed,changed"`
	Before *VersionFile `json:"before,omitempty"`
	After  *VersionFile `json:"after,omitempty"`
}

// VersionEdit is the content of a draft.
type VersionEdit struct {
	Semver      string     `json:"semver" maxLength:"30"`
	Description string     `json:"description" maxLength:"5000"`
	Notes       string     `json:"notes" maxLength:"2000"`
	Integration string     `json:"integration" enum:"none,sso,api,deep"`
	TrialURL    string     `json:"trial_url,omitempty" maxLength:"500" doc:"Where it can be tried, https"`
	TrialNotes  string     `json:"trial_notes,omitempty" maxLength:"1000"`
	TrialHours  int        `json:"trial_hours,omitempty" minimum:"0" maximum:"720" doc:"That one may try it at a time; 72 unless said"`
	Elements    []Element  `json:"elements" maxItems:"100"`
	Menu        *MenuRules `json:"menu,omitempty" doc:"Left out, the rules stay as they are"`
	Version     int64      `json:"version"`
}

// Clock is the two-sided clock of a certification. Days are working days of
// eight hours on the mainland's calendar, fractions included; operator +
// partner + stopped = the working time since submission.
type Clock struct {
	BudgetDays   float64    `json:"budget_days"`
	OperatorDays float64    `json:"operator_days"`
	PartnerDays  float64    `json:"partner_days"`
	StoppedDays  float64    `json:"stopped_days" doc:"Charged to neither side"`
	Holder       string     `json:"holder" enum:"operator,partner,stopped,none"`
	HolderSince  time.Time  `json:"holder_since"`
	HeldDays     float64    `json:"held_days" doc:"Working days since then"`
	Reason       string     `json:"reason,omitempty" doc:"Why: queue, testing, review, changes, stopped, or how it was decided"`
	Note         string     `json:"note,omitempty" doc:"Why, in words"`
	PromisedAt   *time.Time `json:"promised_at,omitempty" doc:"Decision promised if the partner holds it no longer"`
	Overdue      bool       `json:"overdue"`
}

// CertificationRow is a case in a queue.
type CertificationRow struct {
	ID           string      `json:"id"`
	Number       string      `json:"number"`
	SolutionID   string      `json:"solution_id"`
	VersionID    string      `json:"version_id"`
	SolutionName string      `json:"solution_name"`
	Semver       string      `json:"semver"`
	First        bool        `json:"first" doc:"First version of the solution"`
	PartnerName  string      `json:"partner_name"`
	Industry     string      `json:"industry"`
	PlanNumber   int         `json:"plan_number" doc:"Version of the test plan it began with"`
	Track        string      `json:"track" enum:"certified_type,managed"`
	State        string      `json:"state" enum:"intake,testing,in_review,changes_requested,certified,rejected,withdrawn"`
	Stage        string      `json:"stage" doc:"Stage that is open now"`
	TesterName   string      `json:"tester_name,omitempty"`
	OpenFindings int         `json:"open_findings"`
	Clock        Clock       `json:"clock"`
	Queue        *QueuePlace `json:"queue,omitempty" doc:"While it waits for a tester or a decision"`
	SubmittedAt  time.Time   `json:"submitted_at"`
	DecidedAt    *time.Time  `json:"decided_at,omitempty"`
}

// QueuePlace is where a case stands among all that wait in the province.
type QueuePlace struct {
	Place int `json:"place"`
	Ahead int `json:"ahead"`
	Of    int `json:"of"`
}

// Turn is a stretch of time in which one side had the case.
type Turn struct {
	Holder string    `json:"holder" enum:"operator,partner,stopped"`
	Reason string    `json:"reason" enum:"queue,testing,review,changes,question,stopped,converted"`
	Note   string    `json:"note,omitempty"`
	By     string    `json:"by,omitempty" doc:"Who handed it over"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Days   float64   `json:"days" doc:"Working days charged"`
}

// Round is one time the version was handed in.
type Round struct {
	Number   int       `json:"number"`
	Semver   string    `json:"semver"`
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty"`
	Changes  []string  `json:"changes" nullable:"false" doc:"What differs from the round before, in the reader's language"`
	Reopened int       `json:"reopened" doc:"Checks to test in this round"`
	Kept     int       `json:"kept" doc:"Checks whose result still holds"`
}

// StageCheck is one thing to test.
type StageCheck struct {
	ID         string     `json:"id"`
	Code       string     `json:"code"`
	Zh         string     `json:"zh"`
	En         string     `json:"en"`
	Machine    bool       `json:"machine"`
	Mandatory  bool       `json:"mandatory" doc:"Failing, it stands in the way"`
	Comparison string     `json:"comparison,omitempty" enum:",<=,>=,=" doc:"With it, what is measured decides"`
	Limit      *float64   `json:"limit,omitempty"`
	Unit       string     `json:"unit,omitempty"`
	Overridden bool       `json:"overridden,omitempty" doc:"Decided against the threshold, for the reason in the note"`
	Runs       []Run      `json:"runs" nullable:"false"`
	Result     string     `json:"result" enum:"open,pass,fail,not_applicable"`
	Threshold  string     `json:"threshold,omitempty" doc:"e.g. <= 200 ms"`
	Measured   string     `json:"measured,omitempty"`
	Note       string     `json:"note,omitempty"`
	Evidence   []File     `json:"evidence" nullable:"false"`
	By         string     `json:"by,omitempty"`
	Exemption  *Exemption `json:"exemption,omitempty" doc:"In force now: the check stands in nobody's way"`
	Actions    []string   `json:"actions" nullable:"false" doc:"exempt, end_exemption"`
	Said       string     `json:"said,omitempty" doc:"By the portal, in the reader's language: why it failed, why it is tested again, or why its result still holds"`
}

// Exemption spares a check, or lets other evidence stand for it.
type Exemption struct {
	ID       string    `json:"id"`
	Reason   string    `json:"reason"`
	Evidence []File    `json:"evidence" nullable:"false" doc:"What stands for the test"`
	Until    time.Time `json:"until"`
	By       string    `json:"by"`
}

// Stage is one step of the plan with its share of the thirty days.
type Stage struct {
	Kind       string       `json:"kind" enum:"intake,functional,security,stability,documentation,interface,price_review"`
	State      string       `json:"state" enum:"waiting,open,passed,failed"`
	BudgetDays float64      `json:"budget_days"`
	SpentDays  float64      `json:"spent_days" doc:"Working days the operator has held the case in this stage"`
	FinishedAt *time.Time   `json:"finished_at,omitempty"`
	Checks     []StageCheck `json:"checks" nullable:"false"`
}

// Finding is something wrong, answered point by point.
type Finding struct {
	ID       string    `json:"id"`
	Stage    string    `json:"stage"`
	Severity string    `json:"severity" enum:"blocker,major,minor"`
	Text     string    `json:"text"`
	Answer   string    `json:"answer,omitempty"`
	State    string    `json:"state" enum:"open,answered,closed"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Actions  []string  `json:"actions" nullable:"false" doc:"answer, close, reopen"`
}

// Certification is one case.
type Certification struct {
	CertificationRow
	TrackReason  string          `json:"track_reason" doc:"In the reader's language"`
	Recused      string          `json:"recused,omitempty" doc:"Why the reader has to stand aside: neither tests nor decides"`
	AuthorName   string          `json:"author_name"`
	ApproverName string          `json:"approver_name,omitempty"`
	Stages       []Stage         `json:"stages" nullable:"false"`
	Findings     []Finding       `json:"findings" nullable:"false"`
	Changes      []string        `json:"changes" nullable:"false" doc:"Release notes of this version, line by line"`
	Files        []VersionFile   `json:"files" nullable:"false"`
	Elements     []Element       `json:"elements" nullable:"false"`
	Description  string          `json:"description"`
	Conditions   []Condition     `json:"conditions" nullable:"false"`
	Rounds       []Round         `json:"rounds" nullable:"false" doc:"Every time it was handed in: only what changed is tested again"`
	Turns        []Turn          `json:"turns" nullable:"false" doc:"Who had the case, the present turn apart"`
	Events       []Event         `json:"events" nullable:"false"`
	Certificate  *Certificate    `json:"certificate,omitempty"`
	Next         string          `json:"next" enum:"claim,test,answer,resubmit,decide,restart,none" doc:"What happens next"`
	Advice       string          `json:"advice" enum:"approve,request_changes,none" doc:"Which decision the facts suggest"`
	Requests     []ReviewRequest `json:"requests" nullable:"false" doc:"What the approver asked of others"`
	Version      int64           `json:"version"`
	Actions      []string        `json:"actions" nullable:"false" doc:"claim, assign, record, find, finish_tests, request_changes, ask, hand_back, stop, restart, approve_conditionally, revoke, resubmit, withdraw, approve, reject"`
}

// Criterion is one thing that was tested, without what was measured.
type Criterion struct {
	Stage     string `json:"stage" enum:"intake,functional,security,stability,documentation,interface,price_review"`
	Name      string `json:"name"`
	Threshold string `json:"threshold" doc:"What had to be reached; empty for a yes or no"`
	Outcome   string `json:"outcome" enum:"open,pass,fail,not_applicable,exempt" doc:"fail and open only where they do not stand in the way"`
}

// Certificate proves that a version was certified.
type Certificate struct {
	Number       string    `json:"number"`
	SolutionName string    `json:"solution_name"`
	Semver       string    `json:"semver"`
	PartnerName  string    `json:"partner_name"`
	IssuedAt     time.Time `json:"issued_at"`
	ValidUntil   time.Time `json:"valid_until"`
	ContentHash  string    `json:"content_hash" doc:"SHA-256 over content and files of the certified version, hex"`
	Conditional  bool      `json:"conditional" doc:"Conditions are not met yet"`
	State        string    `json:"state" enum:"valid,expired,revoked,suspended"`
	VerifyURL    string    `json:"verify_url"`
}

// CheckResult is what a test engineer records.
type CheckResult struct {
	Result      string   `json:"result" enum:"open,pass,fail,not_applicable,transient" doc:"With a threshold, the measured number decides; another result needs a note. transient: could not be tested this time"`
	Environment string   `json:"environment,omitempty" maxLength:"200" doc:"Where it was tested"`
	Measured    string   `json:"measured,omitempty" maxLength:"100"`
	Note        string   `json:"note,omitempty" maxLength:"2000"`
	Evidence    []string `json:"evidence,omitempty" maxItems:"10" doc:"File ids"`
}

// NewFinding is something wrong that the partner must answer.
type NewFinding struct {
	Stage    string `json:"stage" enum:"intake,functional,security,stability,documentation,interface,price_review"`
	Severity string `json:"severity" enum:"blocker,major,minor"`
	Text     string `json:"text" minLength:"2" maxLength:"2000"`
}

// ReviewRow is one item of the product manager's approval queue.
type ReviewRow struct {
	Kind        string     `json:"kind" enum:"certification,listing"`
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Semver      string     `json:"semver"`
	PartnerName string     `json:"partner_name"`
	Industry    string     `json:"industry"`
	What        string     `json:"what" enum:"first_version,new_version,city_listing,province_listing"`
	Scope       string     `json:"scope,omitempty" doc:"City code, or province"`
	Warnings    int        `json:"warnings"`
	Since       time.Time  `json:"since"`
	DueAt       *time.Time `json:"due_at,omitempty"`
	Overdue     bool       `json:"overdue"`
	Safe        bool       `json:"safe" doc:"May be approved together with others"`
	Assignee    string     `json:"assignee,omitempty" doc:"To whom the decision was handed over"`
	AssignedBy  string     `json:"assigned_by,omitempty"`
	Note        string     `json:"note,omitempty" doc:"Of who handed it over"`
	WithOther   bool       `json:"with_other" doc:"Handed over to somebody else"`
	Waiting     int        `json:"waiting" doc:"Questions and opinions without an answer yet"`
}

// Reviewer is a colleague whom an approver may ask.
type Reviewer struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Roles     []string `json:"roles" nullable:"false"`
	MayDecide bool     `json:"may_decide"`
}

// ReviewRequest is what an approver asked of somebody before deciding.
type ReviewRequest struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" enum:"question,opinion,hand_over"`
	Text       string     `json:"text"`
	To         string     `json:"to"`
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
	DueAt      time.Time  `json:"due_at"`
	State      string     `json:"state" enum:"open,answered,taken_back,lapsed"`
	Answer     string     `json:"answer,omitempty"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Actions    []string   `json:"actions" nullable:"false" enum:"answer,take_back"`
}

// BulkResult is what became of one of many.
type BulkResult struct {
	ID       string `json:"id"`
	Approved bool   `json:"approved"`
	Why      string `json:"why,omitempty" doc:"Why not, in the reader's language"`
}

// ListingRow offers a certified version in a scope.
type ListingRow struct {
	ID           string     `json:"id"`
	SolutionID   string     `json:"solution_id"`
	VersionID    string     `json:"version_id"`
	SolutionName string     `json:"solution_name"`
	Semver       string     `json:"semver"`
	PartnerName  string     `json:"partner_name"`
	Industry     string     `json:"industry"`
	Scope        string     `json:"scope" doc:"City code, or province"`
	ScopeName    string     `json:"scope_name"`
	State        string     `json:"state" enum:"draft,pending_approval,scheduled,live,suspended,retired"`
	Reason       string     `json:"reason,omitempty"`
	LiveAt       *time.Time `json:"live_at,omitempty"`
	UpdatedAt    time.Time  `json:"updated_at"`
	Actions      []string   `json:"actions" nullable:"false" doc:"submit, approve, return, suspend, resume, retire"`
}

// Listing is the offer with the evidence for its approval.
type Listing struct {
	ListingRow
	Summary     string          `json:"summary"`
	Description string          `json:"description"`
	Elements    []Element       `json:"elements" nullable:"false"`
	Certificate *Certificate    `json:"certificate,omitempty"`
	Evidence    []Fact          `json:"evidence" nullable:"false" doc:"Facts the approver decides on"`
	Events      []Event         `json:"events" nullable:"false"`
	Requests    []ReviewRequest `json:"requests" nullable:"false" doc:"What the approver asked of others"`
	Version     int64           `json:"version"`

	PublishOn    string           `json:"publish_on,omitempty" format:"date" doc:"The day it goes on sale"`
	SupportUntil string           `json:"support_until,omitempty" format:"date" doc:"The last day running services are supported"`
	Successor    string           `json:"successor,omitempty" doc:"What comes instead"`
	SuccessorID  string           `json:"successor_id,omitempty"`
	FloorPPM     int64            `json:"floor_ppm" doc:"Between these parts per million of the list price cities may sell; 0 lets no price differ"`
	CeilingPPM   int64            `json:"ceiling_ppm"`
	Previews     []ListingPreview `json:"previews" nullable:"false" doc:"Cities that may look at it before it is on sale"`
}

// ListingPreview lets a city look before something is on sale.
type ListingPreview struct {
	City     string `json:"city"`
	CityName string `json:"city_name"`
	Until    string `json:"until" format:"date"`
	By       string `json:"by"`
}

// Fact is a named figure with a threshold, if there is one.
type Fact struct {
	Code  string `json:"code"`
	Value string `json:"value"`
	Need  string `json:"need,omitempty"`
	Met   *bool  `json:"met,omitempty"`
}

// NewListing offers a version. A city user lists in the own city only.
type NewListing struct {
	VersionID string `json:"version_id" format:"uuid"`
	Scope     string `json:"scope" doc:"City code, or province"`
}

// Offer is a live listing as the marketplace shows it.
type Offer struct {
	ID            string    `json:"id" doc:"Listing id"`
	SolutionID    string    `json:"solution_id"`
	Name          string    `json:"name"`
	Summary       string    `json:"summary"`
	Industry      string    `json:"industry"`
	Category      string    `json:"category"`
	Family        string    `json:"family"`
	PartnerName   string    `json:"partner_name"`
	PartnerTier   string    `json:"partner_tier"`
	Semver        string    `json:"semver"`
	Certified     bool      `json:"certified"`
	Scope         string    `json:"scope" doc:"City code, or province"`
	ScopeName     string    `json:"scope_name"`
	Cities        int       `json:"cities" doc:"Cities where it is on sale"`
	Accounts      int       `json:"accounts" doc:"Accounts with an active service"`
	FromFen       int64     `json:"from_fen" doc:"Lowest sum of the required elements"`
	CommissionPPM *int64    `json:"commission_ppm,omitempty" doc:"Best rate of the plan in force for the viewer's firm"`
	LiveAt        time.Time `json:"live_at"`
	New           bool      `json:"new" doc:"On sale for less than 30 days"`
	LocalTo       string    `json:"local_to,omitempty" doc:"The city on whose own terms it is shown"`
}

// FacetValue counts offers with one value.
type FacetValue struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

// Market is one page of the marketplace with its facets.
type Market struct {
	Page[Offer]
	Industries []FacetValue `json:"industries" nullable:"false"`
	Scopes     []FacetValue `json:"scopes" nullable:"false" doc:"city, province"`
	Categories []FacetValue `json:"categories" nullable:"false"`
}

// OfferDetail is the page of one offer.
type OfferDetail struct {
	Offer
	Description string         `json:"description"`
	Elements    []OfferElement `json:"elements" nullable:"false"`
	Menu        MenuRules      `json:"menu"`
	Files       []VersionFile  `json:"files" nullable:"false" doc:"Only what buyers may read"`
	Versions    []VersionRow   `json:"versions" nullable:"false"`
	Certificate *Certificate   `json:"certificate,omitempty"`
	CityCodes   []string       `json:"city_codes" nullable:"false"`
	Related     []Offer        `json:"related" nullable:"false"`
	Preview     bool           `json:"preview" doc:"Not on sale yet"`
	LocalFiles  []File         `json:"local_files" nullable:"false" doc:"The city's own"`
	DeliveredBy string         `json:"delivered_by,omitempty" doc:"Who delivers in the city instead of the firm"`
	Actions     []string       `json:"actions" nullable:"false" doc:"register_deal, quote"`
}

// DealCheck asks blindly whether a customer is free.
type DealCheck struct {
	CreditCode string `json:"credit_code" maxLength:"18"`
}

// DealCheckAnswer never says who.
type DealCheckAnswer struct {
	Answer string     `json:"answer" enum:"free,protected,ask"`
	Until  *time.Time `json:"until,omitempty"`
}

// NewDeal registers a deal.
type NewDeal struct {
	CreditCode   string   `json:"credit_code" maxLength:"18"`
	AccountName  string   `json:"account_name" minLength:"2" maxLength:"120"`
	DistrictCode string   `json:"district_code"`
	ListingIDs   []string `json:"listing_ids" minItems:"1" maxItems:"10"`
	AmountFen    int64    `json:"amount_fen" minimum:"0" maximum:"100000000000"`
	CloseOn      string   `json:"close_on,omitempty" format:"date" doc:"Expected"`
	ContactName  string   `json:"contact_name" maxLength:"60"`
	ContactPhone string   `json:"contact_phone" maxLength:"30"`
	Need         string   `json:"need" maxLength:"2000" doc:"What the customer wants, and what was done so far"`
	FileIDs      []string `json:"file_ids,omitempty" maxItems:"10"`
}

// DealRow is a deal in a list.
type DealRow struct {
	ID             string     `json:"id"`
	Number         string     `json:"number"`
	AccountID      string     `json:"account_id,omitempty"`
	AccountName    string     `json:"account_name"`
	Products       []string   `json:"products" nullable:"false"`
	PartnerName    string     `json:"partner_name"`
	CityCode       string     `json:"city_code"`
	State          string     `json:"state" enum:"registered,under_review,protected,won,lost,expired,rejected,withdrawn"`
	Stage          string     `json:"stage" enum:"analysis,trust,need,value,commitment,collection" doc:"The six steps"`
	AmountFen      int64      `json:"amount_fen"`
	ExpectedFen    *int64     `json:"expected_commission_fen,omitempty"`
	ProtectedUntil *time.Time `json:"protected_until,omitempty"`
	FullUntil      *time.Time `json:"full_until,omitempty" doc:"Protection that decayed for want of progress: what progress gives back"`
	DueAt          *time.Time `json:"due_at,omitempty" doc:"Review due"`
	AgentName      string     `json:"agent_name"`
	UpdatedAt      time.Time  `json:"updated_at"`
}

// Duplicate says why a deal may be one.
type Duplicate struct {
	DealID  string    `json:"deal_id,omitempty"`
	Number  string    `json:"number,omitempty"`
	Partner string    `json:"partner,omitempty"`
	Why     string    `json:"why" enum:"same_account,same_products,similar_name,direct_sale,active_service"`
	State   string    `json:"state,omitempty"`
	At      time.Time `json:"at"`
}

// Deal is one registration.
type Deal struct {
	DealRow
	CreditCode   string      `json:"credit_code"`
	DistrictCode string      `json:"district_code"`
	CloseOn      string      `json:"close_on,omitempty"`
	ContactName  string      `json:"contact_name"`
	ContactPhone string      `json:"contact_phone"`
	Need         string      `json:"need"`
	Offers       []Offer     `json:"offers" nullable:"false"`
	Files        []File      `json:"files" nullable:"false"`
	Duplicates   []Duplicate `json:"duplicates" nullable:"false" doc:"For the reviewer"`
	Extended     bool        `json:"extended"`
	Reason       string      `json:"reason,omitempty"`
	Quotes       []QuoteRow  `json:"quotes" nullable:"false"`
	Orders       []OrderRow  `json:"orders" nullable:"false"`
	Events       []Event     `json:"events" nullable:"false"`
	Version      int64       `json:"version"`
	Actions      []string    `json:"actions" nullable:"false" doc:"start_review, approve, reject, withdraw, extend, lose, set_stage, quote"`
}

// QuoteLine is one element chosen.
type QuoteLine struct {
	ElementID string `json:"element_id" format:"uuid"`
	Quantity  int64  `json:"quantity" minimum:"0" maximum:"1000000"`
}

// DealFunnel is the equation of selling over the deals of the last twelve months.
type DealFunnel struct {
	Since       string       `json:"since" format:"date"`
	Targets     *int64       `json:"targets,omitempty" doc:"Target customers of the year, for who sees all customers"`
	Steps       []FunnelStep `json:"steps" nullable:"false"`
	Won         int64        `json:"won"`
	WonFen      int64        `json:"won_fen"`
	Lost        int64        `json:"lost" doc:"Lost or expired"`
	OpenFen     int64        `json:"open_fen"`
	ForecastFen int64        `json:"forecast_fen" doc:"Of the open ones, weighed by how often deals were won from where they stand"`
}

// FunnelStep is one of the six steps.
type FunnelStep struct {
	Stage   string `json:"stage" enum:"analysis,trust,need,value,commitment,collection"`
	Reached int64  `json:"reached"`
	Open    int64  `json:"open"`
	OpenFen int64  `json:"open_fen"`
	WinPPM  int64  `json:"win_ppm"`
}

// NewQuote composes a quote under a deal, or for an account.
type NewQuote struct {
	DealID       string      `json:"deal_id,omitempty"`
	AccountID    string      `json:"account_id,omitempty"`
	Prospect     string      `json:"prospect,omitempty" maxLength:"80" doc:"Name of a customer who is not registered, instead of a deal or an account"`
	City         string      `json:"city,omitempty" maxLength:"8" doc:"Of the prospect; a city's own staff may leave it out"`
	ReplacesID   string      `json:"replaces_id,omitempty" maxLength:"40" doc:"An order of the same customer, not yet delivered, that is cancelled when this quote is ordered"`
	ListingID    string      `json:"listing_id" format:"uuid"`
	Lines        []QuoteLine `json:"lines" maxItems:"100"`
	DiscountPPM  int64       `json:"discount_ppm,omitempty" minimum:"0" maximum:"1000000" doc:"Manual discount in parts per million"`
	ValidDays    int         `json:"valid_days,omitempty" minimum:"1" maximum:"180"`
	TermMonths   int         `json:"term_months,omitempty" minimum:"1" maximum:"60"`
	CustomerNote string      `json:"customer_note,omitempty" maxLength:"1000"`
}

// NewBundleItem is so many units of an element.
type NewBundleItem struct {
	ListingID string `json:"listing_id" format:"uuid"`
	Element   string `json:"element" maxLength:"60"`
	Quantity  int64  `json:"quantity" minimum:"1"`
}

// Bundle is elements of several solutions that are sold together.
type Bundle struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Summary    string       `json:"summary,omitempty"`
	PPM        int64        `json:"ppm" doc:"Off the sum of all"`
	Province   bool         `json:"province" doc:"For customers of all cities"`
	Items      []BundleItem `json:"items" nullable:"false"`
	Available  bool         `json:"available" doc:"All of it can be sold where one is"`
	OneOffFen  int64        `json:"one_off_fen"`
	MonthlyFen int64        `json:"monthly_fen"`
	State      string       `json:"state" enum:"active,ended"`
	Reason     string       `json:"reason,omitempty"`
	MadeByName string       `json:"made_by_name"`
	Actions    []string     `json:"actions" nullable:"false" doc:"end"`
}

// BundleItem is an element in a bundle, with its part of the price.
type BundleItem struct {
	ListingID    string `json:"listing_id"`
	SolutionName string `json:"solution_name"`
	SupplierName string `json:"supplier_name"`
	Element      string `json:"element"`
	Quantity     int64  `json:"quantity"`
	Unit         string `json:"unit,omitempty"`
	Billing      string `json:"billing,omitempty" enum:"one_off,monthly,per_use"`
	ListFen      int64  `json:"list_fen" doc:"Of all its units"`
	AmountFen    int64  `json:"amount_fen" doc:"Of all its units, in the bundle"`
}

// Margin is what is left of a quote over its term, for who decides on its
// discount.
type Margin struct {
	ListFen       int64 `json:"list_fen" doc:"One-off and monthly over the term, before anything is off"`
	TotalFen      int64 `json:"total_fen"`
	CommissionFen int64 `json:"commission_fen" doc:"Of all parties over the term, by the plans in force"`
	NetFen        int64 `json:"net_fen"`
}

// Replaced is an order that another takes the place of.
type Replaced struct {
	OrderID  string `json:"order_id"`
	Number   string `json:"number"`
	TotalFen int64  `json:"total_fen"`
}

// QuoteBundle is the bundle a quote is of.
type QuoteBundle struct {
	Name     string     `json:"name"`
	Quotes   []QuoteRow `json:"quotes" nullable:"false" doc:"All that are ordered together"`
	TotalFen int64      `json:"total_fen"`
}

// GroupStep is so much off for all from so many units together.
type GroupStep struct {
	From int64 `json:"from" minimum:"1"`
	PPM  int64 `json:"ppm" minimum:"1" maximum:"500000"`
}

// GroupPurchase pools the demand of several customers for an offer.
type GroupPurchase struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	ListingID    string      `json:"listing_id"`
	SolutionName string      `json:"solution_name"`
	Province     bool        `json:"province" doc:"For customers of all cities"`
	Steps        []GroupStep `json:"steps" nullable:"false"`
	Units        int64       `json:"units" doc:"Together"`
	Members      int64       `json:"members"`
	Cities       int64       `json:"cities"`
	ClosesOn     string      `json:"closes_on" format:"date"`
	State        string      `json:"state" enum:"open,closed,cancelled"`
	ReachedPPM   int64       `json:"reached_ppm" doc:"Off for all, once it is closed"`
	Reason       string      `json:"reason,omitempty"`
	MadeByName   string      `json:"made_by_name"`
	Actions      []string    `json:"actions" nullable:"false" doc:"close, cancel"`
}

// QuoteGroup is the group purchase a quote takes part in.
type QuoteGroup struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	State      string `json:"state" enum:"joined,choice"`
	MinPPM     int64  `json:"min_ppm"`
	ReachedPPM int64  `json:"reached_ppm"`
	ClosesOn   string `json:"closes_on" format:"date"`
}

// PricedLine explains the price of one element.
type PricedLine struct {
	ElementID   string         `json:"element_id"`
	Name        string         `json:"name"`
	Unit        string         `json:"unit"`
	Billing     string         `json:"billing" enum:"one_off,monthly,per_use"`
	Quantity    int64          `json:"quantity"`
	ListFen     int64          `json:"list_fen" doc:"List price of one unit"`
	StepFen     int64          `json:"step_fen" doc:"Off for the quantity"`
	Promotions  []PromotionOff `json:"promotions" nullable:"false"`
	DiscountFen int64          `json:"discount_fen" doc:"Share of the manual discount, by largest remainder"`
	AmountFen   int64          `json:"amount_fen" doc:"Quantity x list - discount"`
	ProvinceFen *int64         `json:"province_fen,omitempty" doc:"The province's price of one unit, where the city's own is the list price"`
}

// Promotion is so much off for a while.
type Promotion struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Mine         bool      `json:"mine" doc:"Of the reader's company"`
	Province     bool      `json:"province" doc:"For the customers of all cities"`
	SolutionName string    `json:"solution_name" doc:"Empty for all solutions"`
	Elements     []string  `json:"elements" nullable:"false" doc:"Empty for all"`
	PPM          int64     `json:"ppm"`
	Stackable    bool      `json:"stackable"`
	StartsOn     string    `json:"starts_on" format:"date"`
	EndsOn       string    `json:"ends_on" format:"date" doc:"The last day"`
	BudgetFen    int64     `json:"budget_fen" doc:"0 without one"`
	UsedFen      int64     `json:"used_fen" doc:"By orders that were not cancelled"`
	Orders       int64     `json:"orders"`
	Phase        string    `json:"phase" enum:"planned,running,over,ended"`
	Reason       string    `json:"reason"`
	MadeByName   string    `json:"made_by_name"`
	MadeAt       time.Time `json:"made_at"`
	Actions      []string  `json:"actions" nullable:"false" doc:"end"`
}

// NewPromotion plans one.
type NewPromotion struct {
	Name      string   `json:"name" minLength:"1" maxLength:"60"`
	ListingID string   `json:"listing_id,omitempty" format:"uuid" doc:"Left out: all solutions"`
	Elements  []string `json:"elements,omitempty" maxItems:"100"`
	PPM       int64    `json:"ppm" minimum:"1" maximum:"500000"`
	Stackable bool     `json:"stackable"`
	StartsOn  string   `json:"starts_on" format:"date"`
	EndsOn    string   `json:"ends_on" format:"date"`
	BudgetFen int64    `json:"budget_fen" minimum:"0" maximum:"100000000000"`
}

// PromotionOff is what a promotion takes off.
type PromotionOff struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Fen  int64  `json:"fen"`
}

// Violation is a broken rule of the menu.
type Violation struct {
	ElementID string     `json:"element_id,omitempty"`
	Group     string     `json:"group,omitempty"`
	Code      string     `json:"code" enum:"required_missing,under_min,over_max,unknown_element,nothing_chosen,discount_over_limit,requires,requires_any,excludes,at_most,group"`
	Message   string     `json:"message" doc:"In the reader's language"`
	Fix       *QuoteLine `json:"fix,omitempty" doc:"What would mend it: so many units of an element, 0 to leave it out"`
}

// Price is the explained price of a composition.
type Price struct {
	Lines         []PricedLine   `json:"lines" nullable:"false"`
	OneOffFen     int64          `json:"one_off_fen"`
	MonthlyFen    int64          `json:"monthly_fen"`
	TermMonths    int            `json:"term_months"`
	TotalFen      int64          `json:"total_fen" doc:"One-off plus monthly over the term"`
	DiscountFen   int64          `json:"discount_fen"`
	StepFen       int64          `json:"step_fen"`
	Promotions    []PromotionOff `json:"promotions" nullable:"false" doc:"Over the term"`
	Violations    []Violation    `json:"violations" nullable:"false"`
	Approvals     []string       `json:"approvals" nullable:"false" doc:"Who will be asked about the discount, in order: city, province"`
	CommissionFen *int64         `json:"commission_fen,omitempty" doc:"What the plan in force would pay the viewer's firm at activation"`
	Full          bool           `json:"full,omitempty" doc:"Who delivers has its hands full: it can be quoted, not ordered"`
}

// QuoteRow is a quote in a list.
type QuoteRow struct {
	ID           string    `json:"id"`
	Number       string    `json:"number"`
	AccountName  string    `json:"account_name"`
	SolutionName string    `json:"solution_name"`
	TotalFen     int64     `json:"total_fen"`
	State        string    `json:"state" enum:"draft,ordered,expired"`
	ValidUntil   time.Time `json:"valid_until"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Quote is a priced composition.
type Quote struct {
	QuoteRow
	DealID       string          `json:"deal_id,omitempty"`
	AccountID    string          `json:"account_id,omitempty" doc:"Absent for a prospect"`
	City         string          `json:"city,omitempty" doc:"Of a prospect"`
	Bundle       *QuoteBundle    `json:"bundle,omitempty"`
	Margin       *Margin         `json:"margin,omitempty" doc:"For who decides on discounts"`
	Replaces     *Replaced       `json:"replaces,omitempty" doc:"The order that is cancelled when this one is made"`
	Group        *QuoteGroup     `json:"group,omitempty" doc:"It takes part, or has to choose: it is not ordered before"`
	ListingID    string          `json:"listing_id"`
	OrderID      string          `json:"order_id,omitempty"`
	Price        Price           `json:"price"`
	Menu         []OfferElement  `json:"menu" nullable:"false" doc:"All elements to choose from"`
	Rules        MenuRules       `json:"rules"`
	CustomerNote string          `json:"customer_note,omitempty"`
	DiscountPPM  int64           `json:"discount_ppm"`
	Revision     int             `json:"revision"`
	Approval     string          `json:"approval,omitempty" enum:"pending,approved,returned" doc:"Of a discount past the seller's limit"`
	Approvals    []QuoteApproval `json:"approvals" nullable:"false" doc:"Who is asked about the form it has now, in order"`
	Accepted     *Accepted       `json:"accepted,omitempty" doc:"What the customer accepted by link"`
	Revisions    []QuoteForm     `json:"revisions" nullable:"false" doc:"Every form it had, newest first"`
	Shares       []QuoteShare    `json:"shares" nullable:"false" doc:"Links for the customer, newest first"`
	Messages     []QuoteMessage  `json:"messages" nullable:"false" doc:"With the customer, oldest first"`
	Version      int64           `json:"version"`
	Actions      []string        `json:"actions" nullable:"false" doc:"edit, share, order"`
}

// QuoteApproval is one step of the chain.
type QuoteApproval struct {
	Level         string     `json:"level" enum:"city,province"`
	State         string     `json:"state" enum:"waiting,pending,approved,returned"`
	Lines         []string   `json:"lines" nullable:"false" doc:"Elements to be looked at: others were approved before"`
	DiscountPPM   int64      `json:"discount_ppm"`
	MadeAt        time.Time  `json:"made_at"`
	DueAt         time.Time  `json:"due_at"`
	DecidedByName string     `json:"decided_by_name"`
	Reason        string     `json:"reason"`
	DecidedAt     *time.Time `json:"decided_at,omitempty"`
}

// Accepted is the customer's yes to one form of a quote.
type Accepted struct {
	Revision int       `json:"revision"`
	By       string    `json:"by" doc:"The name the customer gave"`
	At       time.Time `json:"at"`
}

// QuoteForm is a form that a quote had.
type QuoteForm struct {
	Number       int       `json:"number"`
	SolutionName string    `json:"solution_name"`
	Price        Price     `json:"price"`
	CustomerNote string    `json:"customer_note,omitempty"`
	ValidUntil   time.Time `json:"valid_until"`
	ByName       string    `json:"by_name"`
	At           time.Time `json:"at"`
}

// QuoteShare is a link by which the customer reads a quote without a login.
type QuoteShare struct {
	ID        string     `json:"id"`
	Revision  int        `json:"revision"`
	Link      string     `json:"link,omitempty" doc:"Only in the answer that makes it"`
	ByName    string     `json:"by_name"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	Opens     int64      `json:"opens"`
	OpenedAt  *time.Time `json:"opened_at,omitempty"`
}

// QuoteMessage is a question of the customer, or an answer.
type QuoteMessage struct {
	ID       string    `json:"id"`
	ShareID  string    `json:"share_id"`
	Customer bool      `json:"customer"`
	Name     string    `json:"name"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
}

// SharedQuote is what the customer reads by link.
type SharedQuote struct {
	Number      string         `json:"number"`
	AccountName string         `json:"account_name"`
	SellerName  string         `json:"seller_name"`
	Form        QuoteForm      `json:"form"`
	Newer       bool           `json:"newer" doc:"The seller has changed the quote since"`
	Accepted    *Accepted      `json:"accepted,omitempty"`
	Ordered     bool           `json:"ordered"`
	ExpiresAt   time.Time      `json:"expires_at"`
	Messages    []QuoteMessage `json:"messages" nullable:"false"`
}

// OrderRow is an order in a list.
type OrderRow struct {
	ID           string    `json:"id"`
	Number       string    `json:"number"`
	AccountID    string    `json:"account_id,omitempty"`
	AccountName  string    `json:"account_name"`
	SolutionName string    `json:"solution_name"`
	SellerName   string    `json:"seller_name"`
	SupplierName string    `json:"supplier_name"`
	CityCode     string    `json:"city_code"`
	State        string    `json:"state" enum:"draft,submitted,accepted,provisioning,delivered,active,suspended,ended,cancelled"`
	TotalFen     int64     `json:"total_fen"`
	DueOn        string    `json:"due_on,omitempty" format:"date" doc:"Delivery due"`
	Overdue      bool      `json:"overdue"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Order is what the customer bought, from draft to service.
type Order struct {
	OrderRow
	ListingID  string     `json:"listing_id"`
	DealID     string     `json:"deal_id,omitempty"`
	QuoteID    string     `json:"quote_id,omitempty"`
	Price      Price      `json:"price"`
	Delivery   *Delivery  `json:"delivery,omitempty"`
	Missing    []string   `json:"missing" nullable:"false" doc:"Elements the SI hands over later; they become an order of their own when the rest is accepted"`
	Parts      []OrderRow `json:"parts" nullable:"false" doc:"Other orders under the same quote: what followed later"`
	Service    *Service   `json:"service,omitempty"`
	Acceptance string     `json:"acceptance,omitempty" doc:"What the account manager recorded at the customer's acceptance"`
	Files      []File     `json:"files" nullable:"false"`
	Events     []Event    `json:"events" nullable:"false"`
	Version    int64      `json:"version"`
	Actions    []string   `json:"actions" nullable:"false" doc:"submit, accept, cancel, record_acceptance, return_delivery, change, renew_service, suspend_service, resume_service, end_service"`
}

// Delivery is the SI's task.
type Delivery struct {
	ID           string     `json:"id"`
	OrderID      string     `json:"order_id"`
	OrderNumber  string     `json:"order_number"`
	AccountName  string     `json:"account_name"`
	SolutionName string     `json:"solution_name"`
	ContactName  string     `json:"contact_name,omitempty"`
	ContactPhone string     `json:"contact_phone,omitempty"`
	Address      string     `json:"address,omitempty"`
	Elements     []string   `json:"elements" nullable:"false"`
	Tasks        []Task     `json:"tasks" nullable:"false"`
	State        string     `json:"state" enum:"waiting,in_progress,done,accepted,cancelled"`
	DueOn        string     `json:"due_on" format:"date"`
	Overdue      bool       `json:"overdue"`
	Note         string     `json:"note,omitempty"`
	DoneAt       *time.Time `json:"done_at,omitempty"`
	Version      int64      `json:"version"`
	Actions      []string   `json:"actions" nullable:"false" doc:"start, finish, plan"`
}

// Task is one step of a delivery.
type Task struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Element string     `json:"element,omitempty" doc:"Of the menu, delivered when the task is done"`
	DueOn   string     `json:"due_on" format:"date"`
	Overdue bool       `json:"overdue"`
	DoneAt  *time.Time `json:"done_at,omitempty"`
	DoneBy  string     `json:"done_by,omitempty"`
	Note    string     `json:"note,omitempty" doc:"What was handed over"`
	Said    string     `json:"said,omitempty" doc:"By the provisioning system last: its status and message"`
	Files   []File     `json:"files" nullable:"false"`
}

// PlanTask is a task as the SI plans it.
type PlanTask struct {
	ID      string `json:"id,omitempty" doc:"Absent for a new one"`
	Name    string `json:"name" maxLength:"80"`
	Element string `json:"element,omitempty" maxLength:"80"`
	DueOn   string `json:"due_on" maxLength:"10" doc:"YYYY-MM-DD, not after the due date of the delivery"`
}

// Capacity is how many orders a firm delivers at once.
type Capacity struct {
	Most *int       `json:"most,omitempty" doc:"Absent without a limit"`
	Open int        `json:"open" doc:"Orders it has to deliver now"`
	By   string     `json:"by,omitempty"`
	At   *time.Time `json:"at,omitempty"`
}

// OrderColumn is a column of the board.
type OrderColumn struct {
	State string     `json:"state" enum:"submitted,accepted,provisioning,delivered"`
	Total int64      `json:"total"`
	Items []OrderRow `json:"items" nullable:"false" doc:"The first twenty, what is due first first"`
}

// Consequences are what steps of an order would mean in money.
type Consequences struct {
	DroppedFen   int64  `json:"dropped_fen" doc:"Of the total, that would not be due any more"`
	PromotionFen int64  `json:"promotion_fen" doc:"Back into the budgets of promotions"`
	TakenBackFen *int64 `json:"taken_back_fen,omitempty" doc:"Commission that would be taken back from all parties if the service ended now"`
	MonthsLeft   int    `json:"months_left" doc:"Whole months of the term after today"`
	EndsOn       string `json:"ends_on,omitempty" format:"date" doc:"Last day of the term"`
	RenewMonths  int    `json:"renew_months,omitempty" doc:"The term it was ordered for"`
	RenewFen     int64  `json:"renew_fen,omitempty" doc:"What that long costs"`
	RenewedTo    string `json:"renewed_to,omitempty" format:"date" doc:"Last day after a renewal for that long"`
}

// Service is what runs at the customer after acceptance.
type Service struct {
	ID           string     `json:"id"`
	Number       string     `json:"number"`
	OrderID      string     `json:"order_id"`
	AccountName  string     `json:"account_name"`
	SolutionName string     `json:"solution_name"`
	State        string     `json:"state" enum:"active,suspended,ended"`
	ActiveAt     time.Time  `json:"active_at"`
	EndedAt      *time.Time `json:"ended_at,omitempty"`
	MonthlyFen   int64      `json:"monthly_fen"`
	EndsOn       string     `json:"ends_on" format:"date" doc:"Last day of the term; it runs on after it, month by month"`
	SupportUntil string     `json:"support_until,omitempty" format:"date" doc:"The last day of support; it is not sold any more"`
	Successor    string     `json:"successor,omitempty" doc:"What comes instead"`
}

// Acceptance records the customer's acceptance.
type Acceptance struct {
	AcceptedBy string   `json:"accepted_by" minLength:"1" maxLength:"60" doc:"Who signed at the customer"`
	Checklist  []string `json:"checklist" minItems:"1" doc:"Points the customer confirmed: opened, works, trained, documents"`
	Note       string   `json:"note,omitempty" maxLength:"2000"`
	FileID     string   `json:"file_id,omitempty" doc:"Signed acceptance sheet"`
}

// CommissionSummary is the agent's money.
type CommissionSummary struct {
	ExpectedFen  int64             `json:"expected_fen" doc:"Accrued, not yet in a statement"`
	ToConfirmFen int64             `json:"to_confirm_fen" doc:"In issued statements that wait for confirmation"`
	ConfirmedFen int64             `json:"confirmed_fen" doc:"Confirmed and approved, not yet paid"`
	PaidFen      int64             `json:"paid_fen" doc:"Paid in the last twelve months"`
	CarryFen     int64             `json:"carry_fen" doc:"Balance below zero that is carried, as a negative number"`
	Next         *StatementRow     `json:"next,omitempty"`
	Months       []CommissionMonth `json:"months" nullable:"false" doc:"Last twelve, oldest first"`
}

// CommissionMonth is one bar.
type CommissionMonth struct {
	Month      string `json:"month" doc:"YYYY-MM"`
	SettledFen int64  `json:"settled_fen" doc:"In statements"`
	PendingFen int64  `json:"pending_fen" doc:"Lines not in a statement yet"`
}

// CommissionMove is one step from last month to this one.
type CommissionMove struct {
	Kind     string `json:"kind" enum:"activation,recurring,adjustment,refund,clawback"`
	WasFen   int64  `json:"was_fen"`
	NowFen   int64  `json:"now_fen"`
	WasLines int    `json:"was_lines"`
	NowLines int    `json:"now_lines"`
}

// StandingLine is an example of a group.
type StandingLine struct {
	LineID       string `json:"line_id,omitempty"`
	BusinessDate string `json:"business_date" format:"date"`
	AccountName  string `json:"account_name"`
	Product      string `json:"product"`
	AmountFen    int64  `json:"amount_fen"`
	ShareFen     int64  `json:"share_fen"`
}

// CommissionStanding says where a group of a month stands, or what keeps it out.
type CommissionStanding struct {
	Code   string         `json:"code" enum:"paid,confirmed,in_statement,due,held,disputed,frozen,capped,self_dealing,upheld,zero,no_rule"`
	Text   string         `json:"text"`
	Events int            `json:"events"`
	Fen    int64          `json:"fen"`
	Until  string         `json:"until,omitempty" format:"date" doc:"Of what is held: when the first falls due"`
	Some   []StandingLine `json:"some" nullable:"false" doc:"The first five"`
}

// CommissionMonthDetail explains a month of one firm.
type CommissionMonthDetail struct {
	Month     string               `json:"month"`
	Before    string               `json:"before"`
	WasFen    int64                `json:"was_fen"`
	NowFen    int64                `json:"now_fen"`
	Moves     []CommissionMove     `json:"moves" nullable:"false"`
	Standings []CommissionStanding `json:"standings" nullable:"false"`
}

// CommissionLine is one share of one line.
type CommissionLine struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind" enum:"accrual,adjustment,refund,clawback"`
	Month        string     `json:"month"`
	BusinessDate string     `json:"business_date" format:"date"`
	EventKind    string     `json:"event_kind" enum:"activation,recurring,refund,ended"`
	AccountName  string     `json:"account_name"`
	Product      string     `json:"product"`
	OrderNumber  string     `json:"order_number,omitempty"`
	BasisFen     int64      `json:"basis_fen"`
	Units        int64      `json:"units"`
	LineFen      int64      `json:"line_fen" doc:"The whole line before the split"`
	ShareFen     int64      `json:"share_fen" doc:"What the viewer's firm gets"`
	State        string     `json:"state" enum:"held,due,in_statement,confirmed,disputed,paid"`
	DueOn        string     `json:"due_on" format:"date"`
	StatementID  string     `json:"statement_id,omitempty"`
	Dispute      string     `json:"dispute,omitempty"`
	DisputeState string     `json:"dispute_state,omitempty" enum:"open,settled"`
	AnswerBy     *time.Time `json:"answer_by,omitempty" doc:"Until when the operator answers an open dispute"`
	Outcome      string     `json:"outcome,omitempty" doc:"The answer to a dispute"`
	At           time.Time  `json:"at"`
	DisputedAt   *time.Time `json:"disputed_at,omitempty"`
	Actions      []string   `json:"actions" nullable:"false" doc:"explain, dispute, say, settle_dispute"`
}

// ReceiptStep is one step of the arithmetic.
type ReceiptStep struct {
	Code   string `json:"code" doc:"event, plan, rule, formula, step, round, floor, line_cap, month_cap, split, hold, clawback, statement"`
	Text   string `json:"text" doc:"In the reader's language, with the numbers"`
	Result *int64 `json:"result_fen,omitempty"`
}

// DisputeMessage is something said about a disputed line.
type DisputeMessage struct {
	ID         string    `json:"id"`
	AuthorName string    `json:"author_name"`
	Side       string    `json:"side" enum:"operator,partner"`
	Text       string    `json:"text"`
	Files      []File    `json:"files" nullable:"false"`
	At         time.Time `json:"at"`
}

// Receipt explains a line from stored facts.
type Receipt struct {
	Line     CommissionLine   `json:"line"`
	Plan     string           `json:"plan"`
	PlanVer  int              `json:"plan_version"`
	RuleID   string           `json:"rule_id"`
	RuleNote string           `json:"rule_note"`
	Steps    []ReceiptStep    `json:"steps" nullable:"false"`
	WhyNot   []string         `json:"why_not_more" nullable:"false"`
	Talk     []DisputeMessage `json:"talk" nullable:"false" doc:"What was said about its dispute, newest first"`
}

// StatementRow is a statement in a list.
type StatementRow struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	PartnerID   string     `json:"partner_id"`
	PartnerName string     `json:"partner_name"`
	Month       string     `json:"month"`
	Lines       int        `json:"lines"`
	TotalFen    int64      `json:"total_fen" doc:"Sum of the lines"`
	CarryInFen  int64      `json:"carry_in_fen" doc:"Negative balance brought forward"`
	PayableFen  int64      `json:"payable_fen" doc:"What is paid: never below zero"`
	CarryOutFen int64      `json:"carry_out_fen"`
	HeldFen     int64      `json:"held_fen" doc:"Disputed lines, held back"`
	State       string     `json:"state" enum:"calculated,issued,confirmed,approved,paid,closed"`
	IssuedAt    *time.Time `json:"issued_at,omitempty"`
	ConfirmBy   *time.Time `json:"confirm_by,omitempty" doc:"Deemed confirmed after this"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
}

// StatementNeed is one thing a statement needs before it is paid.
type StatementNeed struct {
	Code string `json:"code" enum:"confirmed,account,invoices"`
	Done bool   `json:"done"`
	Text string `json:"text"`
}

// Invoice is the firm's bill for a statement.
type Invoice struct {
	Number    string `json:"number" maxLength:"20"`
	Kind      string `json:"kind" enum:"special,ordinary"`
	IssuedOn  string `json:"issued_on" format:"date"`
	AmountFen int64  `json:"amount_fen" doc:"With tax"`
	TaxFen    int64  `json:"tax_fen"`
	RatePPM   int64  `json:"rate_ppm"`
	FileID    string `json:"file_id,omitempty"`
}

// InvoiceRow is an invoice as it stands.
type InvoiceRow struct {
	Invoice
	File      *File     `json:"file,omitempty"`
	State     string    `json:"state" enum:"sent,accepted,returned,withdrawn"`
	Reason    string    `json:"reason,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// Payee is where a firm is paid.
type Payee struct {
	Holder        string     `json:"holder" doc:"The firm's legal name"`
	Bank          string     `json:"bank"`
	Branch        string     `json:"branch"`
	AccountNumber string     `json:"account_number"`
	Taxpayer      string     `json:"taxpayer" enum:"general,small"`
	ChangedName   string     `json:"changed_by,omitempty"`
	ChangedAt     *time.Time `json:"changed_at,omitempty"`
	Version       int64      `json:"version" doc:"0 when nothing is kept yet"`
}

// Payout is the money of one statement on its way to the bank.
type Payout struct {
	ID              string     `json:"id"`
	Number          string     `json:"number"`
	BatchID         string     `json:"batch_id,omitempty" doc:"For who may see batches"`
	StatementID     string     `json:"statement_id"`
	StatementNumber string     `json:"statement_number"`
	Month           string     `json:"month"`
	PartnerName     string     `json:"partner_name"`
	AmountFen       int64      `json:"amount_fen"`
	TaxFen          int64      `json:"tax_fen" doc:"Of the invoices"`
	InvoiceNumbers  string     `json:"invoice_numbers,omitempty"`
	Holder          string     `json:"holder"`
	Bank            string     `json:"bank"`
	Branch          string     `json:"branch"`
	AccountNumber   string     `json:"account_number"`
	AccountChanged  bool       `json:"account_changed" doc:"Another account than that of the firm's last payout"`
	State           string     `json:"state" enum:"made,sent,paid,failed,dropped"`
	Reference       string     `json:"reference,omitempty" doc:"Of the bank"`
	Reason          string     `json:"reason,omitempty" doc:"Why it failed"`
	SentAt          *time.Time `json:"sent_at,omitempty"`
	AnsweredAt      *time.Time `json:"answered_at,omitempty"`
}

// FlagRow is a suspicion that commission was gamed.
type FlagRow struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Kind        string    `json:"kind" enum:"splitting,buy_and_cancel,ring"`
	State       string    `json:"state" enum:"open,proposed,upheld,cleared"`
	PartnerName string    `json:"partner_name"`
	Count       int       `json:"count" doc:"Events it is about"`
	OfCount     int       `json:"of_count" doc:"Of how many of the seller in the same time"`
	RaisedAt    time.Time `json:"raised_at"`
}

// FlagEvent is one event of the evidence.
type FlagEvent struct {
	ID            string `json:"id" doc:"As its sender numbered it"`
	BusinessDate  string `json:"business_date" format:"date"`
	EndedOn       string `json:"ended_on,omitempty" format:"date"`
	AccountName   string `json:"account_name"`
	Product       string `json:"product"`
	OrderNumber   string `json:"order_number,omitempty"`
	AmountFen     int64  `json:"amount_fen"`
	CommissionFen int64  `json:"commission_fen"`
}

// Flag is one with its evidence.
type Flag struct {
	FlagRow
	What         string      `json:"what" doc:"What this kind looks for"`
	MinCount     int         `json:"min_count" doc:"From how many events it is raised"`
	MinPPM       int64       `json:"min_ppm" doc:"And from what share of the seller's"`
	HeldFen      int64       `json:"held_fen"`
	Proposal     string      `json:"proposal,omitempty" enum:"uphold,clear"`
	Reason       string      `json:"reason,omitempty"`
	ProposerName string      `json:"proposed_by,omitempty"`
	DeciderName  string      `json:"decided_by,omitempty"`
	Evidence     []FlagEvent `json:"evidence" nullable:"false"`
	Events       []Event     `json:"events" nullable:"false"`
	Actions      []string    `json:"actions" nullable:"false"`
}

// PayoutBatchRow is payouts that go to the bank together.
type PayoutBatchRow struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	Layout      string     `json:"layout" enum:"standard,icbc,ccb,external,internal"`
	State       string     `json:"state" enum:"made,checked,sent,reconciled,rejected,cancelled"`
	Payouts     int        `json:"payouts"`
	TotalFen    int64      `json:"total_fen"`
	MakerName   string     `json:"made_by"`
	CheckerName string     `json:"checked_by,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	SentAt      *time.Time `json:"sent_at,omitempty"`
}

// PayoutBatch is a batch with its payouts.
type PayoutBatch struct {
	PayoutBatchRow
	Items   []Payout `json:"items" nullable:"false"`
	Paid    int      `json:"paid"`
	Failed  int      `json:"failed"`
	Events  []Event  `json:"events" nullable:"false"`
	Actions []string `json:"actions" nullable:"false" doc:"check, reject, cancel, send, file"`
}

// PayoutDesk is a page of batches, and what could go into a new one.
type PayoutDesk struct {
	Page[PayoutBatchRow]
	Ready         int   `json:"ready" doc:"Approved statements of partners that no batch pays"`
	ReadyFen      int64 `json:"ready_fen"`
	ReadyInternal int   `json:"ready_internal" doc:"Those of cities"`
	InternalFen   int64 `json:"internal_fen"`
	Confirmed     int   `json:"confirmed" doc:"Confirmed statements that are not approved"`
}

// PayoutAnswer is what the bank says of one payout.
type PayoutAnswer struct {
	Number    string    `json:"number" maxLength:"40" doc:"Of the payout"`
	Result    string    `json:"result" enum:"paid,failed"`
	AmountFen int64     `json:"amount_fen,omitempty" minimum:"0" doc:"Compared with what was sent"`
	Reference string    `json:"reference,omitempty" maxLength:"100" doc:"Of the bank"`
	Reason    string    `json:"reason,omitempty" maxLength:"500" doc:"Why it failed"`
	At        time.Time `json:"at,omitempty"`
}

// Approved says what became of approving all that is ready.
type Approved struct {
	Approved int `json:"approved"`
	Waiting  int `json:"waiting" doc:"Confirmed statements that still need something"`
}

// Statement is a month's account of one partner.
type Statement struct {
	StatementRow
	Needs    []StatementNeed  `json:"needs" nullable:"false"`
	Invoices []InvoiceRow     `json:"invoices" nullable:"false"`
	Payouts  []Payout         `json:"payouts" nullable:"false" doc:"Newest first"`
	Items    []CommissionLine `json:"items" nullable:"false"`
	Events   []Event          `json:"events" nullable:"false"`
	Why      string           `json:"why,omitempty" doc:"When empty: why there is nothing to settle"`
	Version  int64            `json:"version"`
	Actions  []string         `json:"actions" nullable:"false" doc:"confirm, invoice, approve, export"`
}

// Period is a commission month of the province.
type Period struct {
	Month        string     `json:"month"`
	State        string     `json:"state" enum:"open,calculated,issued,confirmed,approved,paid,closed"`
	Events       int        `json:"events"`
	Lines        int        `json:"lines"`
	Statements   int        `json:"statements"`
	Confirmed    int        `json:"confirmed_statements"`
	Disputed     int        `json:"disputed_lines"`
	TotalFen     int64      `json:"total_fen"`
	PayableFen   int64      `json:"payable_fen"`
	CalculatedAt *time.Time `json:"calculated_at,omitempty"`
	IssuedAt     *time.Time `json:"issued_at,omitempty"`
	Job          *Job       `json:"job,omitempty"`
	Actions      []string   `json:"actions" nullable:"false" doc:"calculate, issue, close"`
}

// Job is long work with progress.
type Job struct {
	ID       string `json:"id"`
	State    string `json:"state" enum:"waiting,running,done,failed"`
	Progress int    `json:"progress" doc:"Percent"`
	Reason   string `json:"reason,omitempty"`
}

// PlanRow is one version of a commission plan.
type PlanRow struct {
	ID          string     `json:"id"`
	Plan        string     `json:"plan" doc:"Code of the plan, the same over its versions"`
	Number      int        `json:"number" doc:"Version number"`
	City        string     `json:"city,omitempty" doc:"City code of a city plan"`
	State       string     `json:"state" enum:"draft,submitted,published,rejected"`
	ValidFrom   string     `json:"valid_from" format:"date"`
	ValidTo     string     `json:"valid_to,omitempty" format:"date"`
	Rules       int        `json:"rules"`
	Maker       string     `json:"maker"`
	Checker     string     `json:"checker,omitempty"`
	PublishedAt *time.Time `json:"published_at,omitempty"`
	UpdatedAt   time.Time  `json:"updated_at"`
}

// PlanConflict names two rules that could tie.
type PlanConflict struct {
	First   string `json:"first"`
	Second  string `json:"second"`
	Example string `json:"example" doc:"An event that hits both, in words"`
}

// Plan is a plan version with its rules as the exchange file has them.
type Plan struct {
	PlanRow
	Document  PlanDocument   `json:"document"`
	Sentences []string       `json:"sentences" nullable:"false" doc:"Each rule in words, in the reader's language"`
	Conflicts []PlanConflict `json:"conflicts" nullable:"false"`
	Events    []Event        `json:"events" nullable:"false"`
	Reason    string         `json:"reason,omitempty"`
	Version   int64          `json:"version"`
	Actions   []string       `json:"actions" nullable:"false" doc:"edit, submit, publish, reject, new_version"`
}

// PlanDocument is the exchange form of a plan version.
type PlanDocument struct {
	Plan      string     `json:"plan" minLength:"1" maxLength:"60"`
	Version   int        `json:"version,omitempty"`
	Province  string     `json:"province,omitempty"`
	City      *string    `json:"city,omitempty"`
	ValidFrom string     `json:"valid_from" format:"date"`
	ValidTo   *string    `json:"valid_to,omitempty"`
	Currency  string     `json:"currency" enum:"CNY"`
	Rules     []PlanRule `json:"rules" minItems:"1" maxItems:"500"`
}

// PlanRule is one rule of a plan.
type PlanRule struct {
	ID       string         `json:"id" minLength:"1" maxLength:"80"`
	Note     string         `json:"note,omitempty" maxLength:"200"`
	Match    PlanMatch      `json:"match"`
	Basis    PlanBasis      `json:"basis"`
	Formula  PlanFormula    `json:"formula"`
	Floor    *PlanLimit     `json:"floor,omitempty"`
	Cap      *PlanLimit     `json:"cap,omitempty"`
	HoldDays int            `json:"hold_days,omitempty" minimum:"0" maximum:"730"`
	Clawback []PlanClawback `json:"clawback,omitempty" maxItems:"12"`
	Split    []PlanShare    `json:"split,omitempty" maxItems:"10" doc:"Missing means all to the seller"`
}

// PlanMatch says which events a rule takes; an empty list means any.
type PlanMatch struct {
	Product     []string `json:"product,omitempty"`
	Category    []string `json:"category,omitempty"`
	City        []string `json:"city,omitempty"`
	Capability  []string `json:"capability,omitempty"`
	Tier        []string `json:"tier,omitempty"`
	AccountKind []string `json:"account_kind,omitempty"`
	Account     string   `json:"account,omitempty" enum:"new,existing,"`
}

// PlanBasis says what is measured.
type PlanBasis struct {
	Kind   string `json:"kind" enum:"activation,recurring,per_unit"`
	On     string `json:"on,omitempty" enum:"activation,recurring," doc:"For per_unit"`
	Months []int  `json:"months,omitempty" doc:"First and last billing month, closed range"`
}

// PlanFormula says how the basis becomes money.
type PlanFormula struct {
	Kind  string     `json:"kind" enum:"flat,rate,tiers"`
	Fen   *int64     `json:"fen,omitempty"`
	PPM   *int64     `json:"ppm,omitempty"`
	Mode  string     `json:"mode,omitempty" enum:"marginal,whole,"`
	Per   string     `json:"per,omitempty" enum:"event,month,"`
	Steps []PlanStep `json:"steps,omitempty"`
}

// PlanStep is one tier.
type PlanStep struct {
	From int64  `json:"from"`
	PPM  *int64 `json:"ppm,omitempty"`
	Fen  *int64 `json:"fen,omitempty"`
}

// PlanLimit bounds a line or a month.
type PlanLimit struct {
	LineFen  *int64 `json:"line_fen,omitempty"`
	MonthFen *int64 `json:"month_fen,omitempty"`
}

// PlanClawback is one step of a schedule.
type PlanClawback struct {
	WithinMonths int   `json:"within_months"`
	PPM          int64 `json:"ppm"`
}

// PlanShare is one party's part.
type PlanShare struct {
	To  string `json:"to" doc:"seller, solution_owner, city, or partner:<code>"`
	PPM int64  `json:"ppm"`
}

// WhatIf is what a plan version would have paid, beside what stands.
type WhatIf struct {
	From     string        `json:"from"`
	To       string        `json:"to"`
	Events   int64         `json:"events"`
	WasFen   int64         `json:"was_fen"`
	WouldFen int64         `json:"would_fen"`
	Parties  []WhatIfParty `json:"parties" nullable:"false" doc:"By how much it would change for them, the most first"`
}

// WhatIfParty is who would get more or less.
type WhatIfParty struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	WasFen   int64  `json:"was_fen"`
	WouldFen int64  `json:"would_fen"`
}

// CommissionEvent is a fact that may earn commission, sent from outside.
type CommissionEvent struct {
	ID        string    `json:"id" minLength:"1" maxLength:"100" doc:"Given by the sender; the same id again is the same event"`
	Kind      string    `json:"kind" enum:"recurring,refund,ended"`
	ServiceNo string    `json:"service_number"`
	At        time.Time `json:"at" doc:"Business time"`
	AmountFen int64     `json:"amount_fen"`
	Units     int64     `json:"units,omitempty" minimum:"0"`
	Of        string    `json:"of,omitempty" doc:"For a refund: id of the event it refunds"`
	Month     int       `json:"month,omitempty" doc:"For recurring: billing month of the service, from 1"`
}

// UsageFact is so much use of an element of a service on a day.
type UsageFact struct {
	ID        string `json:"id" minLength:"1" maxLength:"100" doc:"Given by the sender; the same id again is the same fact"`
	ServiceNo string `json:"service_number" maxLength:"40"`
	Element   string `json:"element" maxLength:"80"`
	Day       string `json:"day" maxLength:"10" doc:"YYYY-MM-DD, Shanghai"`
	Quantity  int64  `json:"quantity" minimum:"0" doc:"In the unit of the element"`
}

// ProvisioningAnswer is what a provisioning system says of an element of an
// order.
type ProvisioningAnswer struct {
	ID      string    `json:"id" minLength:"1" maxLength:"100" doc:"Given by the sender; the same id again is the same answer"`
	OrderNo string    `json:"order_number" maxLength:"40"`
	Element string    `json:"element" maxLength:"80"`
	Status  string    `json:"status" enum:"in_progress,done,failed"`
	At      time.Time `json:"at" doc:"When it happened there; the latest holds, in whatever order they arrive"`
	Message string    `json:"message,omitempty" maxLength:"500"`
}

// FeedResult says what became of a batch.
type FeedResult struct {
	Accepted int `json:"accepted"`
	Repeated int `json:"repeated" doc:"Known already with the same content"`
}

// FeedFile is a file of usage or billing months.
type FeedFile struct {
	Content []byte `json:"content" doc:"Base64 of an XLSX or CSV, 20 000 rows at most" maxLength:"5600000"`
	Apply   bool   `json:"apply,omitempty" doc:"Import it; otherwise it is only tried"`
}

// FeedRead is what a file holds.
type FeedRead struct {
	Rows     int         `json:"rows"`
	Accepted int         `json:"accepted" doc:"Rows that are new"`
	Repeated int         `json:"repeated" doc:"Rows known already with the same content"`
	BadRows  int         `json:"bad_rows"`
	Faults   []FeedFault `json:"faults" nullable:"false" doc:"The first 200; with any, nothing is imported"`
	TotalFen *int64      `json:"total_fen,omitempty" doc:"Sum of the amounts"`
	Applied  bool        `json:"applied"`
}

// FeedFault is what is wrong with a row.
type FeedFault struct {
	Row     int    `json:"row"`
	Cell    string `json:"cell,omitempty"`
	Message string `json:"message"`
}

// ServiceUsage is what an element of a service used.
type ServiceUsage struct {
	Element string     `json:"element"`
	Unit    string     `json:"unit"`
	Billing string     `json:"billing" enum:"one_off,monthly,per_use"`
	Month   int64      `json:"month" doc:"This month"`
	FeeFen  int64      `json:"fee_fen,omitempty" doc:"Of this month, where it is billed by use"`
	Days    []UsageDay `json:"days" nullable:"false" doc:"Of the last 31, those with use"`
}

// UsageDay is the use of a day.
type UsageDay struct {
	Day      string `json:"day" format:"date"`
	Quantity int64  `json:"quantity"`
}

// CommissionEventsResult says what became of a batch.
type CommissionEventsResult struct {
	Accepted int `json:"accepted"`
	Repeated int `json:"repeated" doc:"Known already with the same content"`
}

// TicketRow is a ticket in a list.
type TicketRow struct {
	ID           string     `json:"id"`
	Number       string     `json:"number"`
	AccountID    string     `json:"account_id,omitempty"`
	AccountName  string     `json:"account_name" doc:"Empty for a supplier whose grant has ended, and on offers"`
	SolutionName string     `json:"solution_name"`
	PartnerID    string     `json:"partner_id"`
	PartnerName  string     `json:"partner_name" doc:"The supplier"`
	CityCode     string     `json:"city_code"`
	Category     string     `json:"category" enum:"fault,usage,billing,change,complaint,other"`
	Severity     string     `json:"severity" enum:"critical,major,minor"`
	Subject      string     `json:"subject"`
	State        string     `json:"state" enum:"open,in_progress,waiting_customer,waiting_partner,waiting_operator,resolved,closed,cancelled"`
	Holder       string     `json:"holder" enum:"operator,partner,customer,none" doc:"Whose turn it is"`
	OpenedByName string     `json:"opened_by_name"`
	TakenByName  string     `json:"taken_by_name"`
	OpenedAt     time.Time  `json:"opened_at"`
	DueAt        *time.Time `json:"due_at,omitempty" doc:"What is owed next; absent while the clock stands"`
	Overdue      bool       `json:"overdue"`
}

// TicketClock is the clock of a ticket, in working hours.
type TicketClock struct {
	OperatorHours float64    `json:"operator_hours"`
	PartnerHours  float64    `json:"partner_hours"`
	CustomerHours float64    `json:"customer_hours"`
	ElapsedHours  float64    `json:"elapsed_hours" doc:"The sum of the three"`
	HeldSince     time.Time  `json:"held_since"`
	RespondHours  int        `json:"respond_hours" doc:"Promised"`
	ResolveHours  int        `json:"resolve_hours" doc:"Promised"`
	RespondBy     time.Time  `json:"respond_by"`
	RespondedAt   *time.Time `json:"responded_at,omitempty"`
	RespondLate   bool       `json:"respond_late"`
	ResolveBy     *time.Time `json:"resolve_by,omitempty" doc:"Absent while the clock stands"`
	ResolvedAt    *time.Time `json:"resolved_at,omitempty"`
	CloseAt       *time.Time `json:"close_at,omitempty" doc:"When it closes by itself"`
}

// TicketMessage is one message of the thread, or a note of the operator's.
type TicketMessage struct {
	ID         string    `json:"id"`
	AuthorName string    `json:"author_name"`
	Side       string    `json:"side" enum:"operator,partner"`
	Internal   bool      `json:"internal" doc:"Only the operator's people see it"`
	Text       string    `json:"text"`
	Files      []File    `json:"files" nullable:"false"`
	At         time.Time `json:"at"`
}

// Ticket is one ticket whole.
type Ticket struct {
	TicketRow
	Tier          string          `json:"tier" doc:"Of the supplier; the promise follows from it"`
	ServiceID     string          `json:"service_id,omitempty"`
	ServiceNumber string          `json:"service_number,omitempty"`
	ListingID     string          `json:"listing_id,omitempty"`
	Description   string          `json:"description"`
	Files         []File          `json:"files" nullable:"false"`
	Clock         TicketClock     `json:"clock"`
	Messages      []TicketMessage `json:"messages" nullable:"false"`
	Events        []Event         `json:"events" nullable:"false"`
	Version       int64           `json:"version"`
	Actions       []string        `json:"actions" nullable:"false" doc:"take, ask_customer, ask_operator, answer, resolve, settle, close, reopen, cancel, reply, message, note"`
}

// NewTicket is what somebody asks for.
type NewTicket struct {
	ServiceID   string   `json:"service_id,omitempty" maxLength:"40" doc:"Either a service"`
	ListingID   string   `json:"listing_id,omitempty" maxLength:"40" doc:"or an offer"`
	Category    string   `json:"category" enum:"fault,usage,billing,change,complaint,other"`
	Severity    string   `json:"severity" enum:"critical,major,minor"`
	Subject     string   `json:"subject" minLength:"1" maxLength:"120"`
	Description string   `json:"description" minLength:"1" maxLength:"4000"`
	FileIDs     []string `json:"file_ids,omitempty" maxItems:"10"`
}

// TicketPromise is within how many working hours tickets are answered and solved.
type TicketPromise struct {
	Tier         string `json:"tier" enum:"registered,certified,preferred,strategic"`
	Severity     string `json:"severity" enum:"critical,major,minor"`
	RespondHours int    `json:"respond_hours"`
	ResolveHours int    `json:"resolve_hours"`
}

// Speed is how fast a supplier answered and solved what was raised in a month,
// in working hours.
type Speed struct {
	Month        string   `json:"month" doc:"YYYY-MM"`
	Tickets      int64    `json:"tickets"`
	Responded    int64    `json:"responded"`
	Resolved     int64    `json:"resolved"`
	RespondP50   *float64 `json:"respond_p50,omitempty" doc:"Median hours to the first answer"`
	RespondP90   *float64 `json:"respond_p90,omitempty"`
	ResolveP50   *float64 `json:"resolve_p50,omitempty" doc:"Median of the supplier's own hours to the solution"`
	ResolveP90   *float64 `json:"resolve_p90,omitempty"`
	RespondLate  int64    `json:"respond_late"`
	ResolveLate  int64    `json:"resolve_late"`
	RespondShare *float64 `json:"respond_share,omitempty" doc:"Percent answered in time"`
	ResolveShare *float64 `json:"resolve_share,omitempty" doc:"Percent solved in time"`
}

// GraduationRow is a product on its way to the province, or back, in a list.
type GraduationRow struct {
	ID            string     `json:"id"`
	Number        string     `json:"number"`
	Kind          string     `json:"kind" enum:"upgrade,way_back"`
	SolutionID    string     `json:"solution_id"`
	SolutionName  string     `json:"solution_name"`
	Semver        string     `json:"semver"`
	PartnerName   string     `json:"partner_name"`
	CityCode      string     `json:"city_code" doc:"Who nominated; empty for the province"`
	CityName      string     `json:"city_name"`
	Industry      string     `json:"industry"`
	Category      string     `json:"category"`
	Family        string     `json:"family"`
	State         string     `json:"state" enum:"nominated,piloting,evaluating,graduated,returned,withdrawn,consulting,demoted,archived,kept"`
	NominatedAt   time.Time  `json:"nominated_at"`
	CommentsUntil *time.Time `json:"comments_until,omitempty"`
	DecidedAt     *time.Time `json:"decided_at,omitempty"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// GraduationFact is a figure beside what is needed.
type GraduationFact struct {
	Metric string `json:"metric" enum:"accounts,growth,revenue,deals_won,cities,response,complaints,certificate,availability,satisfaction"`
	Unit   string `json:"unit" enum:"count,fen,percent,days"`
	AtMost bool   `json:"at_most" doc:"Less is better"`
	Has    *int64 `json:"has,omitempty" doc:"Absent where there are no facts yet"`
	Need   *int64 `json:"need,omitempty"`
	Met    *bool  `json:"met,omitempty"`
}

// GraduationPilot is one city's pilot with what it has reached.
type GraduationPilot struct {
	CityCode       string    `json:"city_code"`
	CityName       string    `json:"city_name"`
	State          string    `json:"state" enum:"running,left"`
	StartsOn       string    `json:"starts_on" format:"date"`
	EndsOn         string    `json:"ends_on" format:"date"`
	TargetAccounts int64     `json:"target_accounts"`
	TargetFen      int64     `json:"target_fen"`
	Accounts       int64     `json:"accounts" doc:"New customers since it started"`
	Fen            int64     `json:"fen" doc:"Revenue since it started"`
	Note           string    `json:"note"`
	Reason         string    `json:"reason" doc:"Why the city left"`
	ByName         string    `json:"by_name"`
	At             time.Time `json:"at"`
}

// GraduationComment is what a city says before the decision.
type GraduationComment struct {
	ID         string    `json:"id"`
	TenantName string    `json:"tenant_name"`
	AuthorName string    `json:"author_name"`
	Stance     string    `json:"stance" enum:"support,concern,oppose"`
	Text       string    `json:"text"`
	At         time.Time `json:"at"`
}

// GraduationAnswer counts the cities that answered alike.
type GraduationAnswer struct {
	State      string `json:"state" enum:"open,adopted,later,declined,keep,release,closed"`
	ReasonCode string `json:"reason_code"`
	Cities     int64  `json:"cities"`
}

// Graduation is one, whole. A partner gets neither figures nor what cities say.
type Graduation struct {
	GraduationRow
	ListingID       string              `json:"listing_id"`
	VersionID       string              `json:"version_id"`
	ResultListingID string              `json:"result_listing_id,omitempty"`
	Pitch           string              `json:"pitch"`
	NominatedByName string              `json:"nominated_by_name"`
	ThresholdNumber int                 `json:"threshold_number" doc:"Version of the thresholds it is measured by"`
	Facts           []GraduationFact    `json:"facts" nullable:"false"`
	FactsAt         *time.Time          `json:"facts_at,omitempty"`
	Frozen          bool                `json:"frozen" doc:"The figures are those the decision was taken on"`
	Pilots          []GraduationPilot   `json:"pilots" nullable:"false"`
	Comments        []GraduationComment `json:"comments" nullable:"false"`
	Tasks           []RolloutTask       `json:"tasks" nullable:"false" doc:"Answers of cities, as far as the viewer's part of the tree goes"`
	Answers         []GraduationAnswer  `json:"answers" nullable:"false" doc:"Of all cities"`
	DecidedByName   string              `json:"decided_by_name"`
	Reason          string              `json:"reason"`
	Improvements    []string            `json:"improvements" nullable:"false"`
	AgainAfter      *time.Time          `json:"again_after,omitempty"`
	Events          []Event             `json:"events" nullable:"false"`
	Version         int64               `json:"version"`
	Actions         []string            `json:"actions" nullable:"false" doc:"open_pilots, start_evaluation, graduate, return, withdraw, demote, archive, keep, volunteer, leave_pilot, comment"`
}

// NewPilot is what a city offers to do.
type NewPilot struct {
	StartsOn       string `json:"starts_on" format:"date"`
	EndsOn         string `json:"ends_on" format:"date"`
	TargetAccounts int64  `json:"target_accounts" minimum:"1" maximum:"1000000"`
	TargetFen      int64  `json:"target_fen" minimum:"0"`
	Note           string `json:"note,omitempty" maxLength:"2000"`
}

// RolloutTask is what one city does about a product of the province.
type RolloutTask struct {
	ID             string     `json:"id"`
	GraduationID   string     `json:"graduation_id"`
	Kind           string     `json:"kind" enum:"upgrade,way_back"`
	SolutionName   string     `json:"solution_name"`
	Semver         string     `json:"semver"`
	PartnerName    string     `json:"partner_name"`
	CityCode       string     `json:"city_code"`
	CityName       string     `json:"city_name"`
	State          string     `json:"state" enum:"open,adopted,later,declined,keep,release,closed"`
	LaterOn        string     `json:"later_on,omitempty" format:"date"`
	ReasonCode     string     `json:"reason_code"`
	Reason         string     `json:"reason"`
	DueAt          time.Time  `json:"due_at"`
	Overdue        bool       `json:"overdue"`
	AnsweredByName string     `json:"answered_by_name"`
	AnsweredAt     *time.Time `json:"answered_at,omitempty"`
	Actions        []string   `json:"actions" nullable:"false" doc:"adopt, later, decline, keep_city, release"`
}

// Threshold is a version of what a category must show.
type Threshold struct {
	ID            string           `json:"id"`
	Category      string           `json:"category"`
	Number        int              `json:"number"`
	State         string           `json:"state" enum:"proposed,published,superseded,returned"`
	Needs         map[string]int64 `json:"needs" nullable:"false"`
	Note          string           `json:"note"`
	Reason        string           `json:"reason"`
	MadeByName    string           `json:"made_by_name"`
	MadeAt        time.Time        `json:"made_at"`
	CheckedByName string           `json:"checked_by_name"`
	CheckedAt     *time.Time       `json:"checked_at,omitempty"`
	Actions       []string         `json:"actions" nullable:"false" doc:"publish, return"`
}

// ProductSpot is where a product family stands in a quarter.
type ProductSpot struct {
	ID               string     `json:"id"`
	Family           string     `json:"family"`
	Market           int64      `json:"market" doc:"Customers in its industries"`
	Served           int64      `json:"served" doc:"Of them with an active service"`
	Unserved         *int64     `json:"unserved,omitempty" doc:"Percent"`
	Growth           *int64     `json:"growth,omitempty" doc:"Percent; absent without services in the quarter before"`
	Share            *int64     `json:"share,omitempty" doc:"Percent of the monthly revenue of all families"`
	MonthlyFen       int64      `json:"monthly_fen"`
	Certified        int64      `json:"certified"`
	Response         *int64     `json:"response,omitempty" doc:"Percent of tickets answered in time"`
	WinRate          *int64     `json:"win_rate,omitempty"`
	Attractiveness   int64      `json:"attractiveness"`
	Capability       int64      `json:"capability"`
	Quadrant         string     `json:"quadrant" enum:"core,potential,reserve,observe" doc:"As computed"`
	Class            string     `json:"class" enum:"star,cow,question,dog" doc:"As computed"`
	OverrideQuadrant string     `json:"override_quadrant"`
	OverrideClass    string     `json:"override_class"`
	OverrideReason   string     `json:"override_reason"`
	OverrideByName   string     `json:"override_by_name"`
	OverrideAt       *time.Time `json:"override_at,omitempty"`
}

// ProductMap is one quarter.
type ProductMap struct {
	Quarter           string        `json:"quarter"`
	Quarters          []string      `json:"quarters" nullable:"false"`
	ComputedAt        *time.Time    `json:"computed_at,omitempty"`
	AttractivenessMid int64         `json:"attractiveness_mid" doc:"Medians; the lines of the map"`
	CapabilityMid     int64         `json:"capability_mid"`
	GrowthMid         int64         `json:"growth_mid"`
	ShareMid          int64         `json:"share_mid"`
	Items             []ProductSpot `json:"items" nullable:"false"`
	CanOverride       bool          `json:"can_override"`
}
