// Package graduation owns how a product that is proven in one city goes on sale
// in the whole province, and how it comes back: nomination, dossier, pilots,
// comments, the decision and what each city does about it; the published
// thresholds it is measured by; and the product map. It does not own what is on
// sale (listing), nor the business its figures are read from.
//
// Words: graduation (产品升级), dossier (升级档案: facts beside what is needed),
// threshold (升级门槛), pilot (试点), rollout task (推广任务), way back (退出省级:
// from the province to cities, or off sale), product map (产品地图).
package graduation

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read     tenants.Permission = "graduation:read"
	Nominate tenants.Permission = "graduation:nominate"
	Pilot    tenants.Permission = "graduation:pilot"
	Comment  tenants.Permission = "graduation:comment"
	Decide   tenants.Permission = "graduation:decide"
	Propose  tenants.Permission = "threshold:propose"
	Publish  tenants.Permission = "threshold:publish"
	Tasks    tenants.Permission = "rollout:read"
	Reply    tenants.Permission = "rollout:answer"
	MapRead  tenants.Permission = "map:read"
	MapShift tenants.Permission = "map:override"
)

// The two kinds.
const (
	Upgrade = "upgrade"
	WayBack = "way_back"
)

// Machine is the life of an upgrade.
var Machine = state.Machine{Name: "graduation", Initial: "nominated", Table: []state.Transition{
	{Action: "open_pilots", From: []string{"nominated"}, To: "piloting", Permission: string(Decide)},
	{Action: "start_evaluation", From: []string{"piloting"}, To: "evaluating", Permission: string(Decide)},
	{Action: "graduate", From: []string{"evaluating"}, To: "graduated", Permission: string(Decide)},
	{Action: "return", From: []string{"nominated", "piloting", "evaluating"}, To: "returned", Permission: string(Decide), Reason: true},
	{Action: "withdraw", From: []string{"nominated", "piloting"}, To: "withdrawn", Permission: string(Nominate), Reason: true},
}}

// BackMachine is the life of a way back.
var BackMachine = state.Machine{Name: "way_back", Initial: "consulting", Table: []state.Transition{
	{Action: "demote", From: []string{"consulting"}, To: "demoted", Permission: string(Decide), Reason: true},
	{Action: "archive", From: []string{"consulting"}, To: "archived", Permission: string(Decide), Reason: true},
	{Action: "keep", From: []string{"consulting"}, To: "kept", Permission: string(Decide), Reason: true},
}}

// TaskMachine is the life of one city's answer, to either kind.
var TaskMachine = state.Machine{Name: "rollout", Initial: "open", Table: []state.Transition{
	{Action: "adopt", From: []string{"open", "later", "declined"}, To: "adopted", Permission: string(Reply)},
	{Action: "later", From: []string{"open"}, To: "later", Permission: string(Reply), Reason: true},
	{Action: "decline", From: []string{"open", "later"}, To: "declined", Permission: string(Reply), Reason: true},
	{Action: "keep_city", From: []string{"open", "release"}, To: "keep", Permission: string(Reply)},
	{Action: "release", From: []string{"open", "keep"}, To: "release", Permission: string(Reply), Reason: true},
	{Action: "reopen", From: []string{"later"}, To: "open"}, // its day has come
	{Action: "close", From: []string{"open"}, To: "closed"}, // the way back was decided
}}

// Reasons why a city does not, or not now.
var Reasons = []string{"no_demand", "competing", "price", "capability", "integration", "quality", "calendar", "other"}

// Stances of a comment.
var Stances = []string{"support", "concern", "oppose"}

// Working days to comment, to decide and to answer a task.
const (
	CommentDays = 10
	AnswerDays  = 10
)

// Refusals of this package.
var (
	ErrNotCity      = fault.New(fault.Conflict, "graduation-not-city", "只有正在本市销售、尚未在全省销售的方案可以提名。", "Only what is on sale in the city, and not in the province, can be nominated.")
	ErrUnderWay     = fault.New(fault.Conflict, "graduation-under-way", "这个方案已在升级或退出流程中。", "This solution is in a graduation or a way back already.")
	ErrTooSoon      = fault.New(fault.Conflict, "graduation-too-soon", "上次退回时约定 %s 之后才能再次提名。", "It was returned; it can be nominated again after %s.")
	ErrNoThresholds = fault.New(fault.Conflict, "graduation-no-thresholds", "这个类别还没有发布升级门槛，请省产品经理先发布。", "No thresholds are published for this category; the province's product manager publishes them first.")
	ErrNoPilot      = fault.New(fault.Conflict, "graduation-no-pilot", "还没有城市参加试点，不能进入评估。", "No city pilots it yet, so there is nothing to evaluate.")
	ErrPiloted      = fault.New(fault.Conflict, "graduation-piloted", "本市已报名试点，或者就是提名城市。", "The city pilots it already, or nominated it.")
	ErrNotPiloting  = fault.New(fault.Conflict, "graduation-not-piloting", "现在不在试点报名阶段。", "Pilots are not open now.")
	ErrNoComments   = fault.New(fault.Conflict, "graduation-no-comments", "现在不在征求意见期内。", "Comments are not open now.")
	ErrCommentsOpen = fault.New(fault.Conflict, "graduation-comments-open", "征求意见期到 %s 结束，之后才能决定。", "Comments are open until %s; decide after that.")
	ErrOwn          = fault.New(fault.Conflict, "graduation-own", "提出的人不能自己决定，请另一位省产品经理办理。", "Who proposed it does not decide it; another product manager of the province does.")
	ErrUnmet        = fault.New(fault.Conflict, "graduation-unmet", "还有门槛未达到；仍要批准请写明理由。", "Some thresholds are not met; to approve all the same, say why.")
	ErrNotProvince  = fault.New(fault.Conflict, "graduation-not-province", "只有正在全省销售的方案可以退出省级。", "Only what is on sale in the province can come back.")
	ErrNobodyKeeps  = fault.New(fault.Conflict, "graduation-nobody-keeps", "没有城市要保留，只能归档或继续全省销售。", "No city keeps it: archive it, or keep it in the province.")
	ErrSuspended    = fault.New(fault.Conflict, "listing-suspended", "%s对这个方案的上架已暂停，报名或升级不会恢复它；请先在上架管理中处理。", "The listing in %s is suspended, and this does not lift it; settle that first.")
	ErrPending      = fault.New(fault.Conflict, "listing-pending", "本市这个方案的上架还没有审批；请先审批，再报名试点。", "The city's own listing of it is not approved yet; decide that first, then volunteer.")
	ErrTaskKind     = fault.New(fault.Conflict, "rollout-kind", "这项任务不是这样回答的。", "This task is not answered that way.")
	ErrProposed     = fault.New(fault.Conflict, "threshold-proposed", "这个类别已有一版待复核的门槛。", "A version for this category waits to be checked already.")
	ErrOwnThreshold = fault.New(fault.Conflict, "threshold-own", "自己拟定的门槛须由另一位省产品经理发布。", "Who drafts thresholds does not publish them.")
)

// Graduation is a product on its way up, or back.
type Graduation struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	Number          string
	Kind            string
	ListingID       uuid.UUID
	SolutionID      uuid.UUID
	VersionID       uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string // of who began it
	CityCode        string
	CityName        string
	SolutionName    string
	Semver          string
	PartnerName     string
	Industry        string
	Category        string
	Family          string
	ThresholdID     *uuid.UUID
	ThresholdNumber int
	Needs           pg.JSON[Needs]
	State           string
	Open            bool // to every city
	Pitch           string
	NominatedBy     uuid.UUID
	NominatedByName string
	Nominators      tenants.Persons // with whom they acted for
	NominatedAt     time.Time
	CommentsUntil   *time.Time
	CommentsTold    bool
	DecidedBy       *uuid.UUID
	DecidedByName   string
	Deciders        tenants.Persons
	DecidedAt       *time.Time
	Reason          string
	Improvements    pg.Texts
	AgainAfter      *time.Time
	ResultListingID *uuid.UUID
	Version         int64
	UpdatedAt       time.Time
}

// RowVersion is the optimistic lock.
func (g *Graduation) RowVersion() *int64 { return &g.Version }

func (g *Graduation) machine() state.Machine {
	if g.Kind == WayBack {
		return BackMachine
	}
	return Machine
}

// commenting tells whether comments are taken.
func (g *Graduation) commenting(now time.Time) bool {
	return (g.State == "evaluating" || g.State == "consulting") && g.CommentsUntil != nil && now.Before(*g.CommentsUntil)
}

func (g *Graduation) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "graduation", ID: g.ID, Label: g.SolutionName + " " + g.Semver, OrgPath: g.OrgPath, Partner: g.PartnerID, From: from, To: g.State, Reason: reason}
}

// Trial is one city's pilot.
type Trial struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	GraduationID   uuid.UUID
	OrgPath        string
	CityCode       string
	CityName       string
	State          string
	StartsOn       time.Time
	EndsOn         time.Time
	TargetAccounts int64
	TargetFen      int64
	Note           string
	Reason         string
	ByID           uuid.UUID
	ByName         string
	At             time.Time
	LeftAt         *time.Time
	Version        int64
	Accounts, Fen  int64 `gorm:"-"` // reached while it ran
}

// TableName of pilots.
func (Trial) TableName() string { return "graduation_pilots" }

// RowVersion is the optimistic lock.
func (t *Trial) RowVersion() *int64 { return &t.Version }

// window is when what is sold counts: from its first day to its last, or until
// the city left.
func (t *Trial) window(now time.Time) (from, until time.Time) {
	from, until = midnight(t.StartsOn), midnight(t.EndsOn.AddDate(0, 0, 1))
	if t.LeftAt != nil && t.LeftAt.Before(until) {
		until = *t.LeftAt
	}
	if now.Before(until) {
		until = now
	}
	return from, until
}

func midnight(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, calendar.Shanghai)
}

// Remark is what a city says before the decision.
type Remark struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	GraduationID uuid.UUID
	OrgPath      string
	TenantName   string
	AuthorID     uuid.UUID
	AuthorName   string
	Stance       string
	Body         string
	At           time.Time
}

// TableName of comments.
func (Remark) TableName() string { return "graduation_comments" }

// Task is what one city does about it.
type Task struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	GraduationID   uuid.UUID
	Kind           string
	SolutionID     uuid.UUID
	SolutionName   string
	Semver         string
	PartnerName    string
	OrgPath        string
	CityCode       string
	CityName       string
	State          string
	LaterOn        *time.Time
	ReasonCode     string
	Reason         string
	DueAt          time.Time
	Late           bool
	AnsweredByName string
	AnsweredAt     *time.Time
	Version        int64
	UpdatedAt      time.Time
}

// TableName of tasks.
func (Task) TableName() string { return "rollout_tasks" }

// RowVersion is the optimistic lock.
func (t *Task) RowVersion() *int64 { return &t.Version }

// Overdue tells whether the answer is late.
func (t *Task) Overdue(now time.Time) bool { return t.State == "open" && now.After(t.DueAt) }

// fits tells whether the action answers a task of this kind.
func (t *Task) fits(action string) bool {
	return (t.Kind == WayBack) == (action == "keep_city" || action == "release" || action == "close")
}

func (t *Task) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "rollout", ID: t.ID, Label: t.SolutionName + " · " + t.CityName, OrgPath: t.OrgPath, From: from, To: t.State, Reason: reason}
}

// day reads a business date of a request.
func day(c *fault.Checker, field, text string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, calendar.Shanghai)
	if err != nil {
		c.Add(field, "date", "请填写日期。", "Give a date.")
	}
	return t
}

// ahead reads a business date that lies after today, by two years at most.
func ahead(c *fault.Checker, field, text string, now time.Time) time.Time {
	t := day(c, field, text)
	if today := midnight(now.In(calendar.Shanghai)); !t.IsZero() && (!t.After(today) || t.After(today.AddDate(2, 0, 0))) {
		c.Add(field, "range", "请选择明天起两年内的日期。", "A day from tomorrow to two years ahead.")
	}
	return t
}

// Trying is what a city offers to do as a pilot.
type Trying struct {
	StartsOn, EndsOn, Note string
	Accounts, Fen          int64
}

func (t *Trying) dates(now time.Time) (from, to time.Time, err error) {
	var c fault.Checker
	from, to = day(&c, "starts_on", t.StartsOn), day(&c, "ends_on", t.EndsOn)
	if today := midnight(now.In(calendar.Shanghai)); !from.IsZero() && (from.Before(today) || from.After(today.AddDate(1, 0, 0))) {
		c.Add("starts_on", "range", "开始日期在今天起一年之内。", "It starts within a year from today.")
	}
	switch {
	case !to.After(from):
		c.Add("ends_on", "order", "结束日期要在开始之后。", "It ends after it starts.")
	case !from.IsZero() && to.After(from.AddDate(1, 0, 0)):
		c.Add("ends_on", "range", "试点最长一年。", "A pilot runs a year at most.")
	}
	if t.Accounts < 1 {
		c.Add("target_accounts", "minimum", "至少一个客户。", "At least one customer.")
	}
	if t.Fen < 0 {
		c.Add("target_fen", "minimum", "不能为负。", "Not below zero.")
	}
	t.Note = strings.TrimSpace(t.Note)
	return from, to, c.Err()
}
