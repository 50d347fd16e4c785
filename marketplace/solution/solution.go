// Package solution owns the library 方案库: solutions of partners, their
// immutable versions, the function elements with list prices and the files of
// a version. It does not judge them (certification) or sell them (listing).
//
// Words: solution (方案), version (版本), function element (功能元素), family
// (产品系列, what a commission rule calls product).
package solution

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// Permissions of this package.
const (
	Read   tenants.Permission = "solution:read"
	Write  tenants.Permission = "solution:write"
	Submit tenants.Permission = "solution:submit"
)

// Machine is the life of a version. Steps without a permission are taken by
// the certification of the version.
var Machine = state.Machine{Name: "version", Initial: "draft", Table: []state.Transition{
	{Action: "submit", From: []string{"draft"}, To: "submitted", Permission: string(Submit)},
	{Action: "test", From: []string{"submitted"}, To: "in_test"},
	{Action: "review", From: []string{"in_test"}, To: "in_review"},
	{Action: "change", From: []string{"submitted", "in_test", "in_review"}, To: "changes_requested"},
	{Action: "revise", From: []string{"changes_requested"}, To: "draft", Permission: string(Write)},
	{Action: "certify", From: []string{"in_test", "in_review"}, To: "certified"},
	{Action: "reject", From: []string{"submitted", "in_test", "in_review"}, To: "rejected"},
	{Action: "withdraw", From: []string{"submitted", "in_test", "in_review", "changes_requested"}, To: "withdrawn", Permission: string(Submit)},
	{Action: "supersede", From: []string{"certified"}, To: "superseded"},
	{Action: "revoke", From: []string{"certified", "superseded"}, To: "revoked"},
	{Action: "expire", From: []string{"certified", "superseded"}, To: "expired"},
}}

// Categories of solutions; the certification plan follows from them.
var Categories = []account.Term{
	{Code: "communication", Words: fault.Words{Zh: "融合通信", En: "Communication"}},
	{Code: "messaging", Words: fault.Words{Zh: "消息通知", En: "Messaging"}},
	{Code: "connectivity", Words: fault.Words{Zh: "专线接入", En: "Connectivity"}},
	{Code: "office", Words: fault.Words{Zh: "移动办公", En: "Mobile office"}},
	{Code: "terminal", Words: fault.Words{Zh: "行业终端", En: "Industry terminals"}},
	{Code: "location", Words: fault.Words{Zh: "定位调度", En: "Location"}},
	{Code: "industry", Words: fault.Words{Zh: "行业应用", En: "Industry application"}},
	{Code: "hosting", Words: fault.Words{Zh: "托管与平台", En: "Hosting and platforms"}},
}

// Families of products by name.
var Families = []account.Term{
	{Code: "vnet", Words: fault.Words{Zh: "短号集群网", En: "Short-number network"}},
	{Code: "ringback", Words: fault.Words{Zh: "集团彩铃", En: "Corporate ring-back"}},
	{Code: "qixintong", Words: fault.Words{Zh: "企信通", En: "Enterprise messaging"}},
	{Code: "switchboard", Words: fault.Words{Zh: "移动总机", En: "Mobile switchboard"}},
	{Code: "mail", Words: fault.Words{Zh: "企业邮箱", En: "Enterprise mail"}},
	{Code: "mas", Words: fault.Words{Zh: "MAS", En: "MAS"}},
	{Code: "adc", Words: fault.Words{Zh: "ADC", En: "ADC"}},
	{Code: "caixintong", Words: fault.Words{Zh: "财信通", En: "Caixintong"}},
	{Code: "leased_line", Words: fault.Words{Zh: "专线", En: "Leased line"}},
	{Code: "call_centre", Words: fault.Words{Zh: "呼叫中心", En: "Call centre"}},
	{Code: "hosting", Words: fault.Words{Zh: "主机托管", En: "Hosting"}},
	{Code: "xiaoxuntong", Words: fault.Words{Zh: "校讯通", En: "School link"}},
	{Code: "jingwutong", Words: fault.Words{Zh: "警务通", En: "Police link"}},
	{Code: "yinxintong", Words: fault.Words{Zh: "银信通", En: "Bank link"}},
	{Code: "yiyaotong", Words: fault.Words{Zh: "医药通", En: "Pharma link"}},
	{Code: "nongxuntong", Words: fault.Words{Zh: "农讯通", En: "Rural link"}},
	{Code: "wuliutong", Words: fault.Words{Zh: "物流通", En: "Logistics link"}},
	{Code: "zhengwutong", Words: fault.Words{Zh: "政务通", En: "Government link"}},
	{Code: "chengguantong", Words: fault.Words{Zh: "城管通", En: "City management link"}},
	{Code: "shangxintong", Words: fault.Words{Zh: "商信通", En: "Commerce link"}},
	{Code: "weixuntong", Words: fault.Words{Zh: "位讯通", En: "Location link"}},
	{Code: "mobile_crm", Words: fault.Words{Zh: "移动CRM", En: "Mobile CRM"}},
	{Code: "mobile_oa", Words: fault.Words{Zh: "移动OA", En: "Mobile OA"}},
	{Code: "terminal", Words: fault.Words{Zh: "行业终端", En: "Industry terminal"}},
}

// Known tells whether a code is in a closed list.
func Known(list []account.Term, code string) bool {
	return slices.ContainsFunc(list, func(t account.Term) bool { return t.Code == code })
}

// Solution is a product of an SI.
type Solution struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PartnerID       uuid.UUID
	OrgPath         string
	PartnerName     string
	Name            string
	Summary         string
	Industry        string
	Category        string
	Family          string
	LatestVersionID uuid.UUID
	LatestSemver    string
	LatestState     string
	LiveListings    int
	TrialAutomatic  bool // whoever asks to try it is let in at once
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// RowVersion is the optimistic lock.
func (s *Solution) RowVersion() *int64 { return &s.Version }

// Version of a solution; immutable once submitted.
type Version struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	SolutionID      uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Semver          string
	State           string
	Description     string
	Notes           string
	Integration     string // none, sso, api, deep
	TrialURL        string `gorm:"column:trial_url"` // where it can be tried; empty for nowhere
	TrialNotes      string
	TrialHours      int // that one may try it at a time
	Menu            pg.JSON[menu.Rules]
	AuthorID        uuid.UUID
	AuthorName      string
	CertificationID *uuid.UUID
	SubmittedAt     *time.Time
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time

	Elements []Element `gorm:"-"`
	Files    []File    `gorm:"-"`
}

// TableName of versions.
func (Version) TableName() string { return "solution_versions" }

// RowVersion is the optimistic lock.
func (v *Version) RowVersion() *int64 { return &v.Version }

// Element is a function element with its list price in fen.
type Element struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	VersionID  uuid.UUID
	PartnerID  uuid.UUID
	OrgPath    string
	Position   int
	Name       string
	Unit       string
	Billing    string // one_off, monthly, per_use
	PriceFen   int64
	Required   bool
	MinUnits   int64 // when it is chosen at all; 0 means 1
	MaxUnits   int64 // 0 means no limit

	DefaultUnits int64 // that it is offered with; 0 means the least
	Steps        pg.JSON[[]menu.Step]
	Cities       pg.Texts // codes of those where it is offered; none means all
}

// Sold is the element as a customer sees it.
func (e Element) Sold() menu.Element {
	return menu.Element{ID: e.ID, Name: e.Name, Unit: e.Unit, Billing: e.Billing, PriceFen: e.PriceFen, Required: e.Required, MinUnits: e.MinUnits, DefaultUnits: e.DefaultUnits, MaxUnits: e.MaxUnits, Steps: e.Steps.V, Cities: e.Cities}
}

// TableName of elements.
func (Element) TableName() string { return "function_elements" }

// File of a version with the role it plays.
type File struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	VersionID  uuid.UUID `gorm:"primaryKey"`
	FileID     uuid.UUID `gorm:"primaryKey"`
	PartnerID  uuid.UUID
	OrgPath    string
	Kind       string // package, manual, test_report, whitepaper, other
	Position   int

	File tenants.File `gorm:"-"`
}

// TableName of version files.
func (File) TableName() string { return "version_files" }

var semverForm = regexp.MustCompile(`^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`)

// SemverOK checks major.minor.patch.
func SemverOK(s string) bool { return semverForm.MatchString(s) }

// Newer compares two valid versions.
func Newer(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m != n {
			return m > n
		}
	}
	return false
}

// Need is one line of the completeness list.
type Need struct {
	Code   string
	Done   bool
	Anchor string
}

// Needs says what submission asks for, all of it, done or missing.
func Needs(v Version, partnerActive bool, siblings []Version) []Need {
	has := func(kind string) bool {
		return slices.ContainsFunc(v.Files, func(f File) bool { return f.Kind == kind })
	}
	stored := !slices.ContainsFunc(v.Files, func(f File) bool { return f.File.State != "stored" })
	highest := true
	for _, s := range siblings {
		if s.ID != v.ID && (s.State == "certified" || s.State == "superseded") && !Newer(v.Semver, s.Semver) {
			highest = false
		}
	}
	priced := slices.ContainsFunc(v.Elements, func(e Element) bool { return e.PriceFen > 0 })
	return []Need{
		{"semver", SemverOK(v.Semver) && highest, "semver"},
		{"description", utf8.RuneCountInString(strings.TrimSpace(v.Description)) >= 20, "description"},
		{"notes", strings.TrimSpace(v.Notes) != "", "notes"},
		{"elements", len(v.Elements) > 0, "elements"},
		{"price", priced, "elements"},
		{"package", has("package") || has("whitepaper"), "files"},
		{"manual", has("manual"), "files"},
		{"test_report", has("test_report"), "files"},
		{"files_stored", stored, "files"},
		{"partner_active", partnerActive, "partner"},
	}
}

// Missing counts what is not done.
func Missing(needs []Need) int {
	n := 0
	for _, x := range needs {
		if !x.Done {
			n++
		}
	}
	return n
}

// ContentHash is what a certificate is about: content, prices and the
// checksums of all files, in hex.
func (v *Version) ContentHash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q\n", v.SolutionID, v.Semver, v.Description, v.Integration)
	if v.TrialURL != "" {
		fmt.Fprintf(h, "trial %q\n", v.TrialURL)
	}
	for _, e := range v.Elements {
		fmt.Fprintf(h, "%q %q %q %d %t %d\n", e.Name, e.Unit, e.Billing, e.PriceFen, e.Required, e.MaxUnits)
		if e.MinUnits > 0 || e.DefaultUnits > 0 {
			fmt.Fprintf(h, "units %d %d\n", e.MinUnits, e.DefaultUnits)
		}
	}
	for _, e := range v.Elements {
		if len(e.Steps.V) > 0 {
			fmt.Fprintf(h, "steps %q %v\n", e.Name, e.Steps.V)
		}
		if len(e.Cities) > 0 {
			fmt.Fprintf(h, "cities %q %v\n", e.Name, e.Cities)
		}
	}
	if rules := v.Menu.V.Text(); rules != "" {
		fmt.Fprintf(h, "menu %q\n", rules)
	}
	for _, f := range v.Files {
		fmt.Fprintf(h, "%q %q\n", f.Kind, f.File.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// FromFen is the lowest sum a customer pays: the required elements, or the
// cheapest one when none is.
func FromFen(elements []Element) int64 {
	var sum, lowest int64
	for i, e := range elements {
		if e.Required {
			sum += e.PriceFen * max(1, e.MinUnits)
		}
		if i == 0 || e.PriceFen < lowest {
			lowest = e.PriceFen
		}
	}
	if sum == 0 {
		return lowest
	}
	return sum
}

// SeesFile tells whether the actor reads a version that has the file.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := tenants.Firms(tx).Table("version_files").Where("file_id = ?", file).Limit(1).Count(&n).Error
	return n > 0, err
}
