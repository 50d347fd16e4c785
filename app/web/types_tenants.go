package web

import "time"

// Membership gives a person roles in one tenant.
type Membership struct {
	ID          string            `json:"id"`
	TenantID    string            `json:"tenant_id"`
	TenantKind  string            `json:"tenant_kind" enum:"province,city,partner"`
	TenantCode  string            `json:"tenant_code"`
	TenantName  string            `json:"tenant_name"`
	TenantShort string            `json:"tenant_short" doc:"One or two characters for the mark"`
	Roles       []string          `json:"roles" nullable:"false"`
	RoleNames   map[string]string `json:"role_names,omitempty" doc:"Names of the tenant's own roles by id"`
	OnBehalf    string            `json:"on_behalf,omitempty" doc:"A seat lent by this absent colleague"`
	Until       *time.Time        `json:"until,omitempty" doc:"When a lent seat goes back"`
	Districts   []string          `json:"districts" nullable:"false" doc:"District codes the membership is narrowed to; empty means the whole tenant"`
}

// Person is who is signed in.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Me is the session as the screens need it.
type Me struct {
	User        Person       `json:"user"`
	Membership  Membership   `json:"membership"`
	Memberships []Membership `json:"memberships" nullable:"false"`
	Permissions []string     `json:"permissions" nullable:"false"`
	Locale      string       `json:"locale" enum:"zh,en"`
	Demo        bool         `json:"demo"`

	SecondFactor SecondFactor `json:"second_factor"`
}

// DemoLogin is one ready-made login of the demo province.
type DemoLogin struct {
	Email      string `json:"email"`
	Password   string `json:"password"`
	Name       string `json:"name"`
	Role       string `json:"role"`
	TenantName string `json:"tenant_name"`
	TenantKind string `json:"tenant_kind" enum:"province,city,partner"`
}

// Session is one signed-in device.
type Session struct {
	ID        string    `json:"id"`
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"`
	Agent     string    `json:"agent" doc:"Browser and system"`
	Phone     bool      `json:"phone"`
	Address   string    `json:"address" doc:"Where it was last seen"`
	Strong    bool      `json:"strong" doc:"A second factor stands behind it"`
	Provider  bool      `json:"provider" doc:"Opened by the sign-in service of a tenant"`
	Current   bool      `json:"current"`
}

// Member is a person in the tenant.
type Member struct {
	ID        string   `json:"id" doc:"Membership id"`
	UserID    string   `json:"user_id"`
	Name      string   `json:"name"`
	Email     string   `json:"email"`
	Roles     []string `json:"roles" nullable:"false"`
	Districts []string `json:"districts" nullable:"false"`
	Version   int64    `json:"version"`
	Actions   []string `json:"actions" nullable:"false" doc:"edit, remove, delegate"`
}

// Invitation asks a mailbox to join.
type Invitation struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	Roles     []string  `json:"roles" nullable:"false"`
	InvitedBy string    `json:"invited_by"`
	ExpiresAt time.Time `json:"expires_at"`
	Link      string    `json:"link,omitempty" doc:"Shown once, to the person who invites; absent when it was mailed"`
}

// InvitationOffer is what the invited person sees before accepting.
type InvitationOffer struct {
	TenantName string   `json:"tenant_name"`
	Email      string   `json:"email"`
	Roles      []string `json:"roles" nullable:"false"`
	KnownUser  bool     `json:"known_user" doc:"The mailbox already has a login: its password is asked, not chosen"`
}

// Event is one step in the life of a record, shown as a timeline.
type Event struct {
	At        time.Time `json:"at"`
	ActorName string    `json:"actor_name"`
	Side      string    `json:"side" enum:"operator,partner,system"`
	Action    string    `json:"action"`
	From      string    `json:"from,omitempty"`
	To        string    `json:"to,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// City of the province with its districts.
type City struct {
	Code      string     `json:"code" doc:"Administrative division code, e.g. 4401"`
	Name      string     `json:"name"`
	Districts []District `json:"districts" nullable:"false"`
}

// District of a city.
type District struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Term is one entry of a closed list with its words in both languages.
type Term struct {
	Code string `json:"code"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

// DocumentKind is one sort of paper that partners hand in.
type DocumentKind struct {
	Code    string `json:"code"`
	Zh      string `json:"zh"`
	En      string `json:"en"`
	Expires bool   `json:"expires" doc:"An expiry date must be given"`
	MinDays int    `json:"min_days" doc:"How long it must still be valid when it is handed in"`
	Good    Sample `json:"good" doc:"What a good one shows"`
	Bad     Sample `json:"bad" doc:"What is sent back"`
}

// Sample says in both languages what a document looks like.
type Sample struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// RejectReason is why an application may be rejected.
type RejectReason struct {
	Term
	Days int `json:"days" doc:"After how many days the firm may apply again unless the reviewer says otherwise"`
}

// Reference feeds every select box.
type Reference struct {
	Province      Term           `json:"province"`
	Cities        []City         `json:"cities" nullable:"false"`
	Industries    []Term         `json:"industries" nullable:"false"`
	Categories    []Term         `json:"categories" nullable:"false"`
	Families      []Term         `json:"families" nullable:"false" doc:"Product families"`
	DocumentKinds []DocumentKind `json:"document_kinds" nullable:"false"`
	RejectReasons []RejectReason `json:"reject_reasons" nullable:"false"`
	FileRules     []FileRule     `json:"file_rules" nullable:"false"`
}

// FileRule says what files one purpose takes.
type FileRule struct {
	Purpose    string   `json:"purpose"`
	MediaTypes []string `json:"media_types" nullable:"false"`
	MaxBytes   int64    `json:"max_bytes"`
}

// File is a stored object; its bytes live in the object store.
type File struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	MediaType string    `json:"media_type"`
	Size      int64     `json:"size" doc:"Bytes"`
	SHA256    string    `json:"sha256" doc:"Base64"`
	State     string    `json:"state" enum:"pending,stored,quarantined"`
	Scan      string    `json:"scan" enum:"unscanned,clean,infected"`
	At        time.Time `json:"at"`
}

// Upload tells the browser where to put the bytes, straight to the store.
type Upload struct {
	File    File              `json:"file"`
	URL     string            `json:"url"`
	Method  string            `json:"method" enum:"PUT"`
	Headers map[string]string `json:"headers" doc:"Send exactly these; the store refuses other content"`

	PartSize int64 `json:"part_size,omitempty" doc:"Bytes of each part but the last; without it the file is sent in one piece"`
	Parts    int   `json:"parts,omitempty"`
	Arrived  []int `json:"arrived" nullable:"false" doc:"Numbers of parts that arrived before"`
}

// PartSum names a part by its digest.
type PartSum struct {
	Number int    `json:"number" minimum:"1" maximum:"10000"`
	SHA256 string `json:"sha256" minLength:"44" maxLength:"44" doc:"SHA-256 of the part, in base64"`
}

// PartLink is where a part goes, for five minutes.
type PartLink struct {
	Number  int               `json:"number"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

// Archive is what a packed file holds.
type Archive struct {
	Files    int            `json:"files"`
	Unpacked int64          `json:"unpacked" doc:"Bytes"`
	Items    []ArchiveEntry `json:"items" nullable:"false" doc:"The first 500 by name"`
}

// ArchiveEntry is one file in it.
type ArchiveEntry struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// NewFile announces an upload.
type NewFile struct {
	Purpose   string `json:"purpose" enum:"partner_document,solution_file,evidence,deal_evidence,offer_file,acceptance,delivery_file,invoice,dispute_file,ticket_file,account_import"`
	Name      string `json:"name" minLength:"1" maxLength:"200"`
	MediaType string `json:"media_type" maxLength:"120"`
	Size      int64  `json:"size" minimum:"1"`
	SHA256    string `json:"sha256" minLength:"44" maxLength:"44" doc:"SHA-256 of the content in base64; over 64 MiB the SHA-256 of the digests of its parts of 16 MiB, one after another"`
}

// Check is the answer of one machine check.
type Check struct {
	Code   string `json:"code" doc:"credit_code, duplicate, documents, expiry, files, contact"`
	State  string `json:"state" enum:"passed,failed,waiting"`
	Detail string `json:"detail,omitempty" doc:"In the reader's language"`
}

// PartnerRow is a partner in a list.
type PartnerRow struct {
	ID           string     `json:"id"`
	Code         string     `json:"code"`
	LegalName    string     `json:"legal_name"`
	CreditCode   string     `json:"credit_code"`
	Capabilities []string   `json:"capabilities" nullable:"false"`
	Tier         string     `json:"tier" enum:"registered,certified,preferred,strategic"`
	State        string     `json:"state" enum:"draft,applied,under_review,more_info,rejected,contested,active,suspended,terminated"`
	AppliedAt    *time.Time `json:"applied_at,omitempty"`
	DueAt        *time.Time `json:"due_at,omitempty" doc:"Review due, working days after application"`
	ChecksFailed int        `json:"checks_failed"`
	Renewals     int        `json:"renewals,omitempty" doc:"Documents handed in since it was admitted that nobody has looked at"`
}

// PartnerDocument is one licence or proof.
type PartnerDocument struct {
	ID        string  `json:"id"`
	Kind      string  `json:"kind"`
	File      File    `json:"file"`
	ExpiresOn *string `json:"expires_on,omitempty" format:"date"`
	DaysLeft  *int    `json:"days_left,omitempty"`

	Review       string     `json:"review" enum:"none,provisional,waiting,accepted,refused" doc:"Of a document handed in once the firm was admitted: provisional counts until somebody has looked, waiting does not"`
	ReviewedBy   string     `json:"reviewed_by,omitempty"`
	ReviewedAt   *time.Time `json:"reviewed_at,omitempty"`
	ReviewReason string     `json:"review_reason,omitempty" doc:"Why it was refused"`
	Actions      []string   `json:"actions" nullable:"false" doc:"accept, refuse"`
}

// DocumentNeed is one line of the list of documents that both sides work
// through.
type DocumentNeed struct {
	Code     string           `json:"code"`
	Name     string           `json:"name" doc:"In the reader's language"`
	Optional bool             `json:"optional"`
	State    string           `json:"state" enum:"valid,expiring,incomplete,expired,missing"`
	Detail   string           `json:"detail,omitempty" doc:"What to do, in the reader's language"`
	Options  []DocumentOption `json:"options" nullable:"false" doc:"Any one of these groups, and all of its documents"`
}

// DocumentOption is one group of documents: all of them.
type DocumentOption struct {
	Papers []DocumentState `json:"papers" nullable:"false"`
}

// DocumentState is how one kind of document stands.
type DocumentState struct {
	Kind  string `json:"kind"`
	State string `json:"state" enum:"valid,expiring,incomplete,expired,missing"`
}

// Question is what the reviewer asked, and the answer.
type Question struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	AskedBy    string     `json:"asked_by"`
	AskedAt    time.Time  `json:"asked_at"`
	Answer     string     `json:"answer,omitempty"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

// Contest of a rejection, which somebody else answers than who decided.
type Contest struct {
	Text        string     `json:"text"`
	ContestedBy string     `json:"contested_by"`
	ContestedAt time.Time  `json:"contested_at"`
	Outcome     string     `json:"outcome,omitempty" enum:"upheld,overturned"`
	Reviewer    string     `json:"reviewer,omitempty"`
	Answer      string     `json:"answer,omitempty"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
}

// ReviewClock says whose working time an application took.
type ReviewClock struct {
	OperatorHours float64 `json:"operator_hours"`
	PartnerHours  float64 `json:"partner_hours"`
	Holder        string  `json:"holder" enum:"operator,partner,none"`
}

// Partner is the whole application and profile.
type Partner struct {
	PartnerRow
	ContactName  string            `json:"contact_name"`
	ContactPhone string            `json:"contact_phone"`
	ContactEmail string            `json:"contact_email"`
	Address      string            `json:"address"`
	Profile      string            `json:"profile"`
	Documents    []PartnerDocument `json:"documents" nullable:"false"`
	Checks       []Check           `json:"checks" nullable:"false"`
	Events       []Event           `json:"events" nullable:"false"`
	Reason       string            `json:"reason,omitempty" doc:"What more is wanted, or why rejected or suspended"`
	Version      int64             `json:"version"`
	Actions      []string          `json:"actions" nullable:"false" doc:"edit, upload, review_documents, answer, apply, contest, overturn, uphold, start_review, request_info, approve, reject, suspend, resume, terminate"`
	Checklist    []DocumentNeed    `json:"checklist" nullable:"false"`
	Questions    []Question        `json:"questions" nullable:"false"`
	Contest      *Contest          `json:"contest,omitempty"`
	Clock        ReviewClock       `json:"clock"`
	RejectCode   string            `json:"reject_code,omitempty"`
	ReapplyOn    *string           `json:"reapply_on,omitempty" format:"date"`
	LapsedAt     *time.Time        `json:"lapsed_at,omitempty" doc:"Since when it may not list: a required document has expired"`
	ContestUntil *time.Time        `json:"contest_until,omitempty"`
}

// PartnerProfile is what the partner itself may edit.
type PartnerProfile struct {
	LegalName    string   `json:"legal_name" minLength:"2" maxLength:"120"`
	CreditCode   string   `json:"credit_code" maxLength:"18"`
	Capabilities []string `json:"capabilities" minItems:"1" uniqueItems:"true" doc:"si, sales_si, sa, agent, alliance, test_lab"`
	ContactName  string   `json:"contact_name" minLength:"1" maxLength:"60"`
	ContactPhone string   `json:"contact_phone" maxLength:"30"`
	ContactEmail string   `json:"contact_email" maxLength:"120"`
	Address      string   `json:"address,omitempty" maxLength:"200"`
	Profile      string   `json:"profile,omitempty" maxLength:"2000"`
}

// PartnerRegistration opens a partner tenant with its first admin.
type PartnerRegistration struct {
	PartnerProfile
	AdminName     string `json:"admin_name" minLength:"1" maxLength:"60"`
	AdminEmail    string `json:"admin_email" maxLength:"120"`
	AdminPassword string `json:"admin_password" maxLength:"200"`
}

// AccountRow is a customer account in a list. What the viewer may not see is
// absent, and named in masked.
type AccountRow struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	CreditCode   string    `json:"credit_code"`
	Kind         string    `json:"kind" enum:"government,enterprise,individual,cluster"`
	Tier         string    `json:"tier" enum:"A1,A2,B1,B2,C"`
	Industry     string    `json:"industry"`
	CityCode     string    `json:"city_code"`
	DistrictCode string    `json:"district_code"`
	OwnerID      string    `json:"owner_id,omitempty"`
	OwnerName    string    `json:"owner_name,omitempty"`
	Existing     bool      `json:"existing" doc:"An existing customer, not a potential one"`
	Quality      int       `json:"quality" doc:"0 to 100; what lowers it stands in the record"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Access says why somebody sees an account.
type Access struct {
	Who    string     `json:"who" doc:"Person or tenant"`
	Via    string     `json:"via" enum:"province,city,district,owner,unowned,deal,delivery,service,explicit"`
	Detail string     `json:"detail" doc:"In the reader's language"`
	Link   string     `json:"link,omitempty" doc:"Page of the deal, order or service that grants it"`
	Until  *time.Time `json:"until,omitempty"`
	Fields []string   `json:"fields,omitempty"`
}

// Account is one customer.
type Account struct {
	AccountRow
	Informatisation int          `json:"informatisation" minimum:"0" maximum:"5"`
	StaffSize       int          `json:"staff_size"`
	Employees       int          `json:"employees" doc:"E of EMCP"`
	Machines        int          `json:"machines" doc:"M"`
	Customers       int          `json:"customers" doc:"C"`
	Suppliers       int          `json:"suppliers" doc:"P"`
	Address         string       `json:"address"`
	ContactName     string       `json:"contact_name"`
	ContactPhone    string       `json:"contact_phone"`
	ContactEmail    string       `json:"contact_email"`
	Demand          string       `json:"demand" doc:"What the customer wants first; empty is not known"`
	Issues          []Issue      `json:"issues" nullable:"false"`
	Targets         []TargetMark `json:"targets" nullable:"false"`
	Merges          []MergeMark  `json:"merges" nullable:"false" doc:"Accounts that were made part of this one"`
	MergedInto      string       `json:"merged_into,omitempty" doc:"Set when this is asked by the id of an account that was merged: the one that stands for it"`
	MergedFrom      string       `json:"merged_from,omitempty" doc:"Name of that account"`
	Masked          []string     `json:"masked" nullable:"false" doc:"Fields shown masked or withheld"`
	Access          Access       `json:"access" doc:"Why you see it"`
	AccessUntil     *time.Time   `json:"access_until,omitempty"`
	Events          []Event      `json:"events" nullable:"false"`
	Version         int64        `json:"version"`
	Actions         []string     `json:"actions" nullable:"false" doc:"edit, explain, grant, reveal, merge, target, assign, quote"`
}

// AccountEdit is what a city edits.
type AccountEdit struct {
	Name            string `json:"name" minLength:"2" maxLength:"120"`
	CreditCode      string `json:"credit_code" maxLength:"18"`
	Kind            string `json:"kind" enum:"government,enterprise,individual,cluster"`
	Tier            string `json:"tier" enum:"A1,A2,B1,B2,C"`
	Industry        string `json:"industry"`
	DistrictCode    string `json:"district_code"`
	OwnerID         string `json:"owner_id,omitempty"`
	Existing        bool   `json:"existing"`
	Informatisation int    `json:"informatisation" minimum:"0" maximum:"5"`
	StaffSize       int    `json:"staff_size" minimum:"0"`
	Employees       int    `json:"employees" minimum:"0"`
	Machines        int    `json:"machines" minimum:"0"`
	Customers       int    `json:"customers" minimum:"0"`
	Suppliers       int    `json:"suppliers" minimum:"0"`
	Address         string `json:"address" maxLength:"200"`
	ContactName     string `json:"contact_name" maxLength:"60"`
	ContactPhone    string `json:"contact_phone" maxLength:"30"`
	ContactEmail    string `json:"contact_email" maxLength:"120"`
	Demand          string `json:"demand,omitempty" enum:"connect,office,marketing,operation,security,cloud,"`
	Version         int64  `json:"version"`
}

// BadRow is one cell an import cannot take.
type BadRow struct {
	Row    int    `json:"row" doc:"Row number as the sheet shows it"`
	Column string `json:"column" doc:"Header of the cell"`
	Cell   string `json:"cell" doc:"Address, e.g. C17"`
	Value  string `json:"value"`
	Reason string `json:"reason" doc:"In the reader's language"`
}

// Import is one uploaded sheet: a dry run first, then applied.
type Import struct {
	ID         string     `json:"id"`
	FileName   string     `json:"file_name"`
	State      string     `json:"state" enum:"checking,checked,applying,applied,stopped,cancelled,failed,undoing,undone"`
	Progress   int        `json:"progress" doc:"Percent"`
	Rows       int        `json:"rows"`
	New        int        `json:"new_rows"`
	Changed    int        `json:"changed_rows"`
	Unchanged  int        `json:"unchanged_rows"`
	Bad        int        `json:"bad_rows"`
	Added      int        `json:"added" doc:"Accounts written so far"`
	Updated    int        `json:"updated" doc:"Accounts changed so far"`
	Refused    int        `json:"refused" doc:"Rows found to be somebody else's only when writing"`
	Removed    int        `json:"removed" doc:"New accounts taken back"`
	Restored   int        `json:"restored" doc:"Changed accounts put back as they were"`
	Touched    int        `json:"touched" doc:"Accounts changed since, which taking back left alone"`
	BadRows    []BadRow   `json:"bad" nullable:"false" doc:"The first 500"`
	StartedBy  string     `json:"started_by"`
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Actions    []string   `json:"actions" nullable:"false" doc:"apply, stop, undo, cancel"`
}

// HomeItem is one thing that needs the person now.
type HomeItem struct {
	Kind    string            `json:"kind" doc:"Which sentence to show, e.g. partner_review, certification_test, statement_confirm"`
	Count   int               `json:"count,omitempty" doc:"More than one of the same kind, folded"`
	Title   string            `json:"title" doc:"Name of the record"`
	Params  map[string]string `json:"params" doc:"Facts for the second line: amount_fen, number, partner, city, days"`
	Href    string            `json:"href"`
	DueAt   *time.Time        `json:"due_at,omitempty"`
	Overdue bool              `json:"overdue,omitempty"`
}

// HomeNumber is one figure with its context.
type HomeNumber struct {
	Key      string  `json:"key" doc:"expected_commission, confirmed_commission, open_deals, win_rate, ..."`
	Unit     string  `json:"unit" enum:"fen,count,percent,days"`
	Value    float64 `json:"value"`
	Previous float64 `json:"previous" doc:"The period before"`
	Spark    []int64 `json:"spark" nullable:"false" doc:"Last twelve months, oldest first"`
	Href     string  `json:"href"`
}

// Home is what needs the person now.
type Home struct {
	Items   []HomeItem   `json:"items" nullable:"false"`
	Numbers []HomeNumber `json:"numbers" nullable:"false"`
	Months  []string     `json:"months" nullable:"false" doc:"Labels of the sparks, YYYY-MM"`
	Recent  []Notice     `json:"recent" nullable:"false"`
}

// Notice is one recent happening the viewer may know of.
type Notice struct {
	At     time.Time `json:"at"`
	Action string    `json:"action"`
	Label  string    `json:"label"`
	Actor  string    `json:"actor"`
	Href   string    `json:"href,omitempty"`
	To     string    `json:"to,omitempty"`
}
