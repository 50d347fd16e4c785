package web

import "time"

// Issue is one thing that lowers the quality of a record.
type Issue struct {
	Code   string `json:"code" enum:"missing,invalid,stale,duplicate,audit"`
	Field  string `json:"field,omitempty" doc:"The field to mend"`
	Points int    `json:"points" doc:"What it costs"`
	Detail string `json:"detail" doc:"What to do, in the reader's language"`
}

// TargetMark says that an account is a target of a year.
type TargetMark struct {
	Year    int       `json:"year"`
	Segment string    `json:"segment" enum:"government_body,industrial,leader"`
	SetBy   string    `json:"set_by"`
	SetAt   time.Time `json:"set_at"`
}

// MergeMark is one account that was made part of this one.
type MergeMark struct {
	ID     string    `json:"id" doc:"Of the merge; undo it by this"`
	Name   string    `json:"name"`
	MadeBy string    `json:"made_by"`
	MadeAt time.Time `json:"made_at"`
}

// Contact is one person at a customer.
type Contact struct {
	ID      string `json:"id"`
	Layer   string `json:"layer" enum:"leader,contact,staff"`
	Name    string `json:"name"`
	Post    string `json:"post"`
	Phone   string `json:"phone"`
	Email   string `json:"email"`
	Note    string `json:"note"`
	Version int64  `json:"version"`
}

// ContactEdit is what a city writes.
type ContactEdit struct {
	Layer   string `json:"layer" enum:"leader,contact,staff"`
	Name    string `json:"name" maxLength:"60"`
	Post    string `json:"post,omitempty" maxLength:"60"`
	Phone   string `json:"phone,omitempty" maxLength:"30"`
	Email   string `json:"email,omitempty" maxLength:"120"`
	Note    string `json:"note,omitempty" maxLength:"500"`
	Version int64  `json:"version,omitempty"`
}

// AccountChoice names many accounts: by id, or all that a filter finds.
type AccountChoice struct {
	IDs   []string `json:"ids,omitempty" maxItems:"5000"`
	Query string   `json:"query,omitempty" maxLength:"1000" doc:"The list's own query string; with all set"`
	All   bool     `json:"all,omitempty" doc:"All that the query finds, not only the ids"`
}

// Assignment is many accounts handed over at once.
type Assignment struct {
	ID        string     `json:"id"`
	Via       string     `json:"via" enum:"list,territory"`
	OwnerName string     `json:"owner_name"`
	Accounts  int        `json:"accounts"`
	MadeBy    string     `json:"made_by"`
	MadeAt    time.Time  `json:"made_at"`
	UndoneAt  *time.Time `json:"undone_at,omitempty"`
	UndoneBy  string     `json:"undone_by,omitempty"`
	Kept      int        `json:"kept" doc:"Handed on since, so left alone by the undo"`
}

// Counted answers how many.
type Counted struct {
	Count int64 `json:"count"`
}

// Territory is a rule that says who gets which accounts.
type Territory struct {
	ID         string   `json:"id"`
	Position   int      `json:"position"`
	Name       string   `json:"name"`
	Districts  []string `json:"districts" nullable:"false"`
	Industries []string `json:"industries" nullable:"false"`
	Tiers      []string `json:"tiers" nullable:"false"`
	Kinds      []string `json:"kinds" nullable:"false"`
	Owners     []string `json:"owners" nullable:"false" doc:"Memberships, in turn"`
	Active     bool     `json:"active"`
	Accounts   int64    `json:"accounts" doc:"Accounts the rule decides"`
	Unowned    int64    `json:"unowned" doc:"Of these, without an owner"`
	Version    int64    `json:"version"`
}

// TerritoryEdit is what a city writes; an empty list fits everything.
type TerritoryEdit struct {
	Name       string   `json:"name" maxLength:"60"`
	Position   int      `json:"position" minimum:"0" maximum:"1000"`
	Districts  []string `json:"districts,omitempty" maxItems:"60"`
	Industries []string `json:"industries,omitempty" maxItems:"30"`
	Tiers      []string `json:"tiers,omitempty" maxItems:"10"`
	Kinds      []string `json:"kinds,omitempty" maxItems:"10"`
	Owners     []string `json:"owners" maxItems:"50"`
	Active     bool     `json:"active"`
	Version    int64    `json:"version,omitempty"`
}

// DuplicatePair is two accounts that may be one.
type DuplicatePair struct {
	ID        string      `json:"id"`
	Reason    string      `json:"reason" enum:"same_code,same_name,similar_name"`
	Score     int         `json:"score" doc:"How alike, in percent"`
	State     string      `json:"state" enum:"open,dismissed,merged"`
	FoundAt   time.Time   `json:"found_at"`
	DecidedBy string      `json:"decided_by,omitempty"`
	Note      string      `json:"note,omitempty"`
	One       AccountRow  `json:"one"`
	Other     AccountRow  `json:"other"`
	OneMore   AccountMore `json:"one_more"`
	OtherMore AccountMore `json:"other_more"`
	Actions   []string    `json:"actions" nullable:"false" doc:"merge, dismiss"`
}

// AccountMore is what else is compared when two accounts are merged.
type AccountMore struct {
	Address         string `json:"address"`
	ContactName     string `json:"contact_name"`
	ContactPhone    string `json:"contact_phone"`
	ContactEmail    string `json:"contact_email"`
	Demand          string `json:"demand"`
	StaffSize       int    `json:"staff_size"`
	Informatisation int    `json:"informatisation"`
	Employees       int    `json:"employees"`
	Machines        int    `json:"machines"`
	Customers       int    `json:"customers"`
	Suppliers       int    `json:"suppliers"`
}

// CoverageRow is the coverage of the targets of one place.
type CoverageRow struct {
	Place       string `json:"place" doc:"City code for the province, district code for a city"`
	Targets     int64  `json:"targets"`
	Covered     int64  `json:"covered"`
	LastTargets int64  `json:"last_targets"`
	LastCovered int64  `json:"last_covered"`
	Government  int64  `json:"government"`
	Industrial  int64  `json:"industrial"`
	Leader      int64  `json:"leader"`
}

// View is a list as somebody likes to see it.
type View struct {
	ID        string   `json:"id"`
	List      string   `json:"list"`
	Name      string   `json:"name"`
	Query     string   `json:"query"`
	Columns   []string `json:"columns" nullable:"false" doc:"Columns hidden"`
	Shared    bool     `json:"shared"`
	Mine      bool     `json:"mine"`
	OwnerName string   `json:"owner_name"`
}

// ViewEdit is what somebody keeps.
type ViewEdit struct {
	List    string   `json:"list" minLength:"1" maxLength:"40"`
	Name    string   `json:"name" minLength:"1" maxLength:"40"`
	Query   string   `json:"query" maxLength:"2000"`
	Columns []string `json:"columns,omitempty" maxItems:"40"`
	Shared  bool     `json:"shared"`
}

// Export is a workbook on its way.
type Export struct {
	ID         string     `json:"id"`
	List       string     `json:"list"`
	FileName   string     `json:"file_name"`
	State      string     `json:"state" enum:"queued,running,done,cancelled,failed,expired"`
	Rows       int        `json:"rows"`
	Total      int        `json:"total" doc:"Rows expected"`
	Size       int64      `json:"size" doc:"Bytes"`
	Reason     string     `json:"reason,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	Actions    []string   `json:"actions" nullable:"false" doc:"cancel, download"`
}

// AccuracyAudit is one quarter's sample of one city.
type AccuracyAudit struct {
	ID         string     `json:"id"`
	CityCode   string     `json:"city_code"`
	CityName   string     `json:"city_name"`
	Year       int        `json:"year" doc:"Assessment year; it starts in April"`
	Quarter    int        `json:"quarter"`
	Seed       string     `json:"seed"`
	Size       int        `json:"size"`
	Population int        `json:"population"`
	State      string     `json:"state" enum:"open,closed"`
	Right      int        `json:"right"`
	Checked    int        `json:"checked" doc:"Fields asked about"`
	DrawnBy    string     `json:"drawn_by"`
	DrawnAt    time.Time  `json:"drawn_at"`
	ClosedBy   string     `json:"closed_by,omitempty"`
	ClosedAt   *time.Time `json:"closed_at,omitempty"`
}

// CityAccuracy is a city's quarters and the weighted figure of the year.
type CityAccuracy struct {
	CityCode string          `json:"city_code"`
	CityName string          `json:"city_name"`
	Permille *int            `json:"permille,omitempty" doc:"Weighted 50/25/15/10, in parts per thousand; absent before the first answer"`
	Audits   []AccuracyAudit `json:"audits" nullable:"false"`
}

// AccuracyYear is an assessment year over the cities.
type AccuracyYear struct {
	Year    int            `json:"year"`
	Quarter int            `json:"quarter" doc:"The present one"`
	Items   []CityAccuracy `json:"items" nullable:"false"`
	Actions []string       `json:"actions" nullable:"false" doc:"draw, check"`
}

// AccuracyDetail is one audit with its sample.
type AccuracyDetail struct {
	AccuracyAudit
	Waiting int              `json:"waiting"`
	Fields  []FieldScore     `json:"fields" nullable:"false"`
	Records []AccuracyRecord `json:"records" nullable:"false"`
	Actions []string         `json:"actions" nullable:"false" doc:"check, close"`
}

// FieldScore counts the answers about one field.
type FieldScore struct {
	Field string `json:"field"`
	Right int    `json:"right"`
	Wrong int    `json:"wrong"`
}

// AccuracyRecord is one account of a sample.
type AccuracyRecord struct {
	ID          string            `json:"id"`
	AccountID   string            `json:"account_id"`
	AccountName string            `json:"account_name"`
	Position    int               `json:"position"`
	State       string            `json:"state" enum:"waiting,checked,unreachable"`
	Tries       int               `json:"tries"`
	TriedAt     *time.Time        `json:"tried_at,omitempty"`
	CheckedBy   string            `json:"checked_by,omitempty"`
	CheckedAt   *time.Time        `json:"checked_at,omitempty"`
	Findings    []AccuracyFinding `json:"findings" nullable:"false"`
}

// AccuracyFinding is what the customer said about one field.
type AccuracyFinding struct {
	Field      string `json:"field" enum:"name,address,contact_name,contact_phone,industry,staff_size"`
	Right      bool   `json:"right"`
	Was        string `json:"was,omitempty"`
	Correction string `json:"correction,omitempty" maxLength:"200" doc:"The right value, if it is known"`
}
