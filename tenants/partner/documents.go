package partner

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Document is one licence or proof.
type Document struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	PartnerID  uuid.UUID
	OrgPath    string
	Kind       string
	FileID     uuid.UUID
	ExpiresOn  *time.Time
	Reminded   *int // days ahead of which the firm was last reminded
	// Of a paper handed in once the firm was admitted: provisional or waiting
	// until it is accepted or refused. None is a paper of the application.
	Review         string
	ReviewedBy     *uuid.UUID
	ReviewedByName string
	ReviewedAt     *time.Time
	ReviewReason   string
	CreatedAt      time.Time
	File           tenants.File `gorm:"-"`
}

// Unread tells whether somebody still has to look at it.
func (d Document) Unread() bool { return d.Review == "provisional" || d.Review == "waiting" }

// Counts tells whether it proves anything now.
func (d Document) Counts() bool { return d.Review != "waiting" && d.Review != "refused" }

// ReviewDue is when it should have been looked at.
func (d Document) ReviewDue() time.Time { return calendar.AddWorkingDays(d.CreatedAt, reviewDays) }

// handedIn is how a new paper of the kind begins: it counts at once when the
// firm is not admitted yet, because vetting reads it, and provisionally while
// the paper it renews is still good and none was refused since.
func handedIn(p Partner, kind string, docs []Document, now time.Time) string {
	if p.State != "active" && p.State != "suspended" {
		return "none"
	}
	good, refused := false, false
	for _, d := range docs {
		if d.Kind != kind {
			continue
		}
		good = good || d.Counts() && d.File.State == "stored" && (d.ExpiresOn == nil || d.DaysLeft(now) >= 0)
		switch d.Review { // in the order they came
		case "refused":
			refused = true
		case "accepted":
			refused = false
		}
	}
	if good && !refused {
		return "provisional"
	}
	return "waiting"
}

// TableName of documents.
func (Document) TableName() string { return "partner_documents" }

// DaysLeft counts the days until the one printed on the document, which is the
// last that it is good for; below zero it has expired.
func (d Document) DaysLeft(now time.Time) int { return daysUntil(*d.ExpiresOn, now) }

func daysUntil(day, now time.Time) int {
	today, _ := time.Parse(time.DateOnly, calendar.Date(now))
	return int(day.UTC().Truncate(24*time.Hour).Sub(today) / (24 * time.Hour))
}

// DocumentKind is one sort of paper, with what a good one shows and what is
// sent back.
type DocumentKind struct {
	Code      string
	Words     fault.Words
	Expires   bool
	MinDays   int // how long it must still be valid when it is handed in
	Good, Bad fault.Words
}

// DocumentKinds that the portal takes.
var DocumentKinds = []DocumentKind{
	{
		"business_licence",
		fault.Words{Zh: "营业执照", En: "Business licence"},
		true, 30,
		fault.Words{Zh: "正本或副本彩色扫描件，四角完整，信用代码、名称和二维码清晰可读；经营范围含软件或信息服务。", En: "Colour scan of the original with all four corners; code, name and QR code readable; the scope covers software or information services."},
		fault.Words{Zh: "手机斜拍反光、裁掉边角、加盖“仅供某单位使用”水印遮住代码，或名称与登记不一致。", En: "A slanted photo with glare, corners cut off, a watermark over the code, or a name that differs from the registration."},
	},
	{
		"cooperation_letter",
		fault.Words{Zh: "合作承诺书", En: "Letter of commitment"},
		false, 0,
		fault.Words{Zh: "使用省公司模板，法定代表人签字并加盖公章，写明日期。", En: "On the province's template, signed by the legal representative, with company seal and date."},
		fault.Words{Zh: "只有电子签名图片、加盖部门章或合同章、日期空白。", En: "Only a picture of a signature, the seal of a department, or no date."},
	},
	{
		"software_copyright",
		fault.Words{Zh: "软件著作权证书", En: "Software copyright certificate"},
		true, 0,
		fault.Words{Zh: "著作权人与申请企业一致，登记号可在版权中心查到。", En: "The owner is the applicant, and the registration number can be looked up."},
		fault.Words{Zh: "只有受理通知书，或著作权人是个人、关联公司而没有授权。", En: "Only a filing receipt, or the owner is a person or an affiliate without a licence."},
	},
	{
		"software_licence",
		fault.Words{Zh: "软件授权书", En: "Software licence letter"},
		true, 180,
		fault.Words{Zh: "原厂盖章，写明产品、区域、可转授权，剩余有效期不少于 180 天。", En: "Sealed by the owner, naming product, region and the right to sublicense, valid for 180 more days at least."},
		fault.Words{Zh: "代理商层层转授而缺少中间一级，或没有写明区域和期限。", En: "A chain of agents with a link missing, or no region and term."},
	},
	{
		"owner_copyright",
		fault.Words{Zh: "授权方软件著作权证书", En: "Copyright certificate of the licensor"},
		false, 0,
		fault.Words{Zh: "著作权人与授权书的盖章单位一致，软件名称与授权书一致。", En: "The owner is who sealed the licence, and the software has the same name."},
		fault.Words{Zh: "软件名称或版本与授权书对不上。", En: "Name or version differ from the licence."},
	},
	{
		"lab_accreditation",
		fault.Words{Zh: "实验室认可证书（CNAS）", En: "Laboratory accreditation (CNAS)"},
		true, 90,
		fault.Words{Zh: "附认可范围附页，范围含软件测试。", En: "With the annex of its scope, which covers software testing."},
		fault.Words{Zh: "缺附页，或范围只含硬件。", En: "Without the annex, or hardware only."},
	},
	{
		"test_qualification",
		fault.Words{Zh: "检验检测资质证书（CMA）", En: "Inspection qualification (CMA)"},
		true, 90,
		fault.Words{Zh: "证书编号可查，能力附表齐全。", En: "The number can be looked up and the table of abilities is complete."},
		fault.Words{Zh: "只有证书首页。", En: "Only the first page."},
	},
	{
		"security_certificate",
		fault.Words{Zh: "信息安全资质", En: "Information security certificate"},
		true, 0,
		fault.Words{Zh: "等级保护备案或 ISO 27001 证书，单位名称一致。", En: "Classified protection filing or ISO 27001, in the applicant's name."},
		fault.Words{Zh: "咨询合同、整改报告不能代替证书。", En: "A consulting contract or a remediation report is no certificate."},
	},
	{
		"other",
		fault.Words{Zh: "其他材料", En: "Other"},
		false, 0,
		fault.Words{Zh: "案例、奖项等能说明能力的材料，合并成一个 PDF。", En: "Cases or awards that show what you can do, in one PDF."},
		fault.Words{Zh: "宣传册、压缩包。", En: "Brochures and archives."},
	},
}

// DocumentRule asks for one group of papers, whole, out of several.
type DocumentRule struct {
	Code         string
	Words        fault.Words
	Optional     bool
	Capabilities []string // only for these; none means all
	AnyOf        [][]string
}

// DocumentRules of the province.
var DocumentRules = []DocumentRule{
	{"identity", fault.Words{Zh: "主体资格", En: "Legal identity"}, false, nil, [][]string{{"business_licence"}}},
	{"commitment", fault.Words{Zh: "合作承诺", En: "Commitment"}, false, nil, [][]string{{"cooperation_letter"}}},
	{"software_rights", fault.Words{Zh: "软件权利", En: "Rights to the software"}, false, []string{"si", "sales_si"}, [][]string{{"software_copyright"}, {"software_licence", "owner_copyright"}}},
	{"test_competence", fault.Words{Zh: "检测能力", En: "Competence to test"}, false, []string{"test_lab"}, [][]string{{"lab_accreditation"}, {"test_qualification"}}},
	{"security", fault.Words{Zh: "信息安全", En: "Information security"}, true, nil, [][]string{{"security_certificate"}}},
	{"other", fault.Words{Zh: "补充说明", En: "Anything else"}, true, nil, [][]string{{"other"}}},
}

// NeededBy tells whether the rule applies to a partner with the capabilities.
func (r DocumentRule) NeededBy(capabilities []string) bool {
	return len(r.Capabilities) == 0 || slices.ContainsFunc(r.Capabilities, func(c string) bool { return slices.Contains(capabilities, c) })
}

// Expression says what the rule asks for: A, or B with C.
func (r DocumentRule) Expression() (w fault.Words) {
	for i, group := range r.AnyOf {
		if i > 0 {
			w.Zh, w.En = w.Zh+" 或 ", w.En+" or "
		}
		for j, kind := range group {
			if j > 0 {
				w.Zh, w.En = w.Zh+"＋", w.En+" with "
			}
			words := kindOf(kind).Words
			w.Zh, w.En = w.Zh+words.Zh, w.En+words.En
		}
	}
	return w
}

func kindOf(code string) DocumentKind {
	for _, k := range DocumentKinds {
		if k.Code == code {
			return k
		}
	}
	return DocumentKind{Code: code, Words: fault.Words{Zh: code, En: code}}
}

// states of a paper and of a rule, from good to bad.
var paperStates = []string{"valid", "expiring", "incomplete", "expired", "missing"}

// expiringDays is how long ahead a document counts as running out.
const expiringDays = 60

// Paper is one kind of document of a rule and how it stands.
type Paper struct {
	Kind  string
	State string
}

// Item is one line of the list that both sides work through.
type Item struct {
	DocumentRule
	State  string // of the best group: valid, expiring, incomplete, expired, missing
	Detail fault.Words
	Groups [][]Paper
}

// Checklist holds what the capabilities ask for against what is there. Of
// several documents of a kind the best counts, so a renewal replaces the old.
func Checklist(capabilities []string, docs []Document, now time.Time) []Item {
	var out []Item
	for _, r := range DocumentRules {
		if !r.NeededBy(capabilities) {
			continue
		}
		i := Item{DocumentRule: r}
		best := len(paperStates) - 1
		for _, group := range r.AnyOf {
			worst := 0
			var papers []Paper
			for _, kind := range group {
				s := paperState(kind, docs, now)
				worst = max(worst, s)
				papers = append(papers, Paper{kind, paperStates[s]})
			}
			best = min(best, worst)
			i.Groups = append(i.Groups, papers)
		}
		i.State = paperStates[best]
		want := r.Expression()
		switch i.State {
		case "expiring":
			i.Detail = fault.Words{Zh: "60 天内到期，请提前更新。", En: "Expires within 60 days; renew it in time."}
		case "incomplete":
			i.Detail = fault.Words{Zh: "文件没有传完或没有通过扫描，请重新上传。", En: "The file did not arrive whole or did not pass the scan; upload it again."}
		case "expired":
			i.Detail = fault.Words{Zh: "已过期，请上传有效期内的版本：" + want.Zh + "。", En: "Expired; upload a valid one: " + want.En + "."}
		case "missing":
			i.Detail = fault.Words{Zh: "请上传：" + want.Zh + "。", En: "Upload: " + want.En + "."}
		}
		out = append(out, i)
	}
	return out
}

func paperState(kind string, docs []Document, now time.Time) int {
	best := "missing"
	for _, d := range docs {
		if d.Kind != kind || !d.Counts() {
			continue
		}
		s := "valid"
		switch {
		case d.File.State != "stored":
			s = "incomplete"
		case d.ExpiresOn != nil && d.DaysLeft(now) < 0:
			s = "expired"
		case d.ExpiresOn != nil && d.DaysLeft(now) <= expiringDays:
			s = "expiring"
		}
		if slices.Index(paperStates, s) < slices.Index(paperStates, best) {
			best = s
		}
	}
	return slices.Index(paperStates, best)
}

func join(a, b fault.Words) fault.Words {
	if a.Zh == "" {
		return b
	}
	return fault.Words{Zh: a.Zh + "、" + b.Zh, En: a.En + ", " + b.En}
}

// SeesFile tells whether the actor reads a firm one of whose documents is in the
// file.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) && !a.Can(ReadOwn) {
		return false, nil
	}
	var n int64
	err := tenants.Rows(tx).Model(&Document{}).Where("file_id = ?", file).Limit(1).Count(&n).Error
	return n > 0, err
}
