package certification

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Submission is one time a version was handed in: what it held then, what had
// changed, and how much was tested again for it. They are added, never changed.
type Submission struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Number          int
	Semver          string
	Content         pg.JSON[Snapshot]
	ContentHash     string
	Track           string
	Changes         pg.JSON[[]fault.Words]
	Reopened        int // checks that are tested again
	Kept            int // checks whose result still holds
	ByName          string
	At              time.Time
}

// TableName of submissions.
func (Submission) TableName() string { return "certification_submissions" }

// Snapshot is what of a version is tested.
type Snapshot struct {
	Category, Description, Integration string
	Elements                           []Piece
	Files                              []Sum
	Menu                               menu.Rules `json:",omitzero"`
}

// Piece is a function element as it was tested.
type Piece struct {
	Name, Unit, Billing string
	PriceFen            int64
	Required            bool
	MaxUnits            int64
	MinUnits            int64 `json:",omitempty"`
	DefaultUnits        int64 `json:",omitempty"`

	Steps  []menu.Step `json:",omitempty"`
	Cities []string    `json:",omitempty"`
}

// Sum is a file as it was tested.
type Sum struct{ Kind, Name, SHA256 string }

func snapshot(category string, v solution.Version) Snapshot {
	s := Snapshot{Category: category, Description: v.Description, Integration: v.Integration, Menu: v.Menu.V}
	for _, e := range v.Elements {
		s.Elements = append(s.Elements, Piece{e.Name, e.Unit, e.Billing, e.PriceFen, e.Required, e.MaxUnits, e.MinUnits, e.DefaultUnits, e.Steps.V, append([]string(nil), e.Cities...)})
	}
	for _, f := range v.Files {
		s.Files = append(s.Files, Sum{f.Kind, f.File.Name, f.File.SHA256})
	}
	return s
}

// version is the snapshot in the form that solution.Compare takes.
func (s Snapshot) version() solution.Version {
	v := solution.Version{Description: s.Description, Integration: s.Integration, Menu: pg.JSON[menu.Rules]{V: s.Menu}}
	for _, p := range s.Elements {
		v.Elements = append(v.Elements, solution.Element{Name: p.Name, Unit: p.Unit, Billing: p.Billing, PriceFen: p.PriceFen, Required: p.Required, MinUnits: p.MinUnits, DefaultUnits: p.DefaultUnits, MaxUnits: p.MaxUnits, Steps: pg.JSON[[]menu.Step]{V: p.Steps}, Cities: p.Cities})
	}
	for _, f := range s.Files {
		v.Files = append(v.Files, solution.File{Kind: f.Kind, File: tenants.File{Name: f.Name, SHA256: f.SHA256}})
	}
	return v
}

// sorted has parts in one order: to move one is no change.
func (s Snapshot) sorted() Snapshot {
	s.Menu = menu.Rules{} // compared by what it says
	s.Elements = slices.SortedFunc(slices.Values(s.Elements), func(a, b Piece) int { return cmp.Compare(a.Name, b.Name) })
	s.Files = slices.SortedFunc(slices.Values(s.Files), func(a, b Sum) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
	})
	return s
}

// touch is a part that changed, with the stages and single checks that rest on
// it.
type touch struct {
	what   fault.Words
	stages []string
	checks []string
	light  bool // of a certified solution: no test rests on it but that of the papers
}

func (t touch) reopens(k *Check) bool {
	return slices.Contains(t.stages, k.Stage) || slices.Contains(t.checks, k.Code)
}

var fieldTouches = map[string]touch{
	"description": {what: fault.Words{Zh: "方案说明", En: "the description"}, stages: []string{"documentation"}, light: true},
	"menu":        {what: fault.Words{Zh: "组合规则", En: "the rules of the menu"}, stages: []string{"functional", "price_review"}},
	"integration": {what: fault.Words{Zh: "集成方式", En: "the integration"}, stages: []string{"functional", "security", "stability", "interface"}},
}

var fileTouches = map[string]touch{
	"package":     {what: fault.Words{Zh: "安装包 %s", En: "the package %s"}, stages: []string{"functional", "security", "stability"}},
	"manual":      {what: fault.Words{Zh: "手册 %s", En: "the manual %s"}, stages: []string{"documentation"}, checks: []string{"functions"}},
	"test_report": {what: fault.Words{Zh: "测试报告 %s", En: "the test report %s"}, stages: []string{"security", "stability"}},
	"whitepaper":  {what: fault.Words{Zh: "白皮书 %s", En: "the white paper %s"}, stages: []string{"documentation"}, light: true},
	"other":       {what: fault.Words{Zh: "附件 %s", En: "the attachment %s"}, stages: []string{"documentation"}, light: true},
}

// touches lists what changed since it was tested.
func touches(was, is Snapshot) []touch {
	d := solution.Compare(was.version(), is.version())
	var out []touch
	if was.Category != is.Category {
		out = append(out, touch{what: fault.Words{Zh: "方案品类", En: "the category"}, stages: Kinds})
	}
	for _, f := range d.Fields {
		out = append(out, fieldTouches[f.Field])
	}
	for _, e := range d.Elements {
		if e.Before != nil && e.After != nil {
			priced := *e.Before
			priced.PriceFen, priced.Steps = e.After.PriceFen, e.After.Steps
			if reflect.DeepEqual(priced, *e.After) {
				out = append(out, touch{what: fault.Words{Zh: "价格 %s", En: "the price of %s"}.Fill(e.After.Name), stages: []string{"price_review"}})
				continue
			}
		}
		out = append(out, touch{what: fault.Words{Zh: "功能元素 %s", En: "the element %s"}.Fill(cmp.Or(e.After, e.Before).Name), stages: []string{"functional", "price_review"}})
	}
	for _, f := range d.Files {
		file := cmp.Or(f.After, f.Before)
		t, ok := fileTouches[file.Kind]
		if !ok {
			t = touch{what: fault.Words{Zh: "文件 %s", En: "the file %s"}, stages: Kinds}
		}
		t.what = t.what.Fill(file.File.Name)
		out = append(out, t)
	}
	if len(out) == 0 && !reflect.DeepEqual(was.sorted(), is.sorted()) {
		out = append(out, touch{what: fault.Words{Zh: "提交内容", En: "the content"}, stages: Kinds})
	}
	return out
}

// Why a check is open again, or is not.
var (
	saidFailed  = fault.Words{Zh: "上一轮未通过，需重测。", En: "It failed the last time: tested again."}
	saidTouched = fault.Words{Zh: "需重测，有改动：%s。", En: "Tested again, for these changed: %s."}
	saidKept    = fault.Words{Zh: "沿用以前的结果：所依据的内容没有改动。", En: "The earlier result holds: nothing it rests on has changed."}
	saidNew     = fault.Words{Zh: "新增：改动以后，按规则需要这一项。", En: "New: after the change the rules ask for it."}
	saidUnknown = touch{what: fault.Words{Zh: "提交内容（没有上一轮的存底）", En: "the content (nothing is kept of the round before)"}, stages: Kinds}
	trackGrew   = fault.Words{Zh: "重新提交的内容改变了认证方式：%s", En: "What was handed in again changed the track: %s"}
)

// reopen opens a check again when it failed, or when what it rests on changed,
// and says so; else its result holds.
func (k *Check) reopen(changed []touch, now time.Time) {
	var what []fault.Words
	for _, t := range changed {
		if t.reopens(k) {
			what = append(what, t.what)
		}
	}
	switch {
	case k.Result == "open":
		return
	case len(what) > 0:
		k.Said.V = saidTouched
		k.Said.V.Zh, k.Said.V.En = fault.Words{Zh: saidTouched.Zh}.Fill(joined(what, "zh")).Zh, fault.Words{En: saidTouched.En}.Fill(joined(what, "en")).En
	case k.Result == "fail":
		k.Said.V = saidFailed
	default:
		k.Said.V = saidKept
		return
	}
	k.Result, k.Measured, k.Note, k.Overridden, k.Evidence, k.ByName, k.UpdatedAt = "open", "", "", false, pg.Texts{}, "", now
}

func joined(words []fault.Words, locale string) string {
	var out []string
	for _, w := range words {
		out = append(out, w.In(locale))
	}
	return strings.Join(out, map[string]string{"zh": "、", "en": ", "}[locale])
}

// checkOf makes a check of a case out of its definition.
func (c *Case) checkOf(stage string, position int, k CheckDef, now time.Time) Check {
	return Check{
		ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, Stage: stage, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Position: position,
		Code: k.Code, Words: pg.JSON[fault.Words]{V: fault.Words{Zh: k.Zh, En: k.En}}, Machine: k.Machine, Threshold: k.Threshold(), Comparison: k.Comparison, LimitValue: k.Limit, Unit: k.Unit,
		Mandatory: k.Mandatory, Result: "open", Evidence: pg.Texts{}, UpdatedAt: now,
	}
}

// stageOf makes a stage of a case out of its definition.
func (c *Case) stageOf(def StageDef, now time.Time) Stage {
	st := Stage{ProvinceID: c.ProvinceID, CertificationID: c.ID, Kind: def.Kind, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Position: slices.Index(Kinds, def.Kind), State: "waiting", BudgetDays: def.BudgetDays}
	for j, k := range def.Checks {
		st.Checks = append(st.Checks, c.checkOf(def.Kind, j, k, now))
	}
	return st
}

// grow chooses the track anew and adds the stages that what was handed in needs
// now. What a product manager had to decide they decide: nothing leads back,
// and no stage is dropped.
func (c *Case) grow(tx *pg.Tx, all []Stage, plan Plan, sol solution.Solution, v solution.Version, p partner.Partner, first bool, now time.Time) ([]Stage, error) {
	if track, why := chooseTrack(sol.Category, v.Integration, p.Tier, first || c.First); track == "managed" && c.Track != "managed" {
		c.Track, c.TrackReason.V = track, fault.Words{Zh: fault.Words{Zh: trackGrew.Zh}.Fill(why.Zh).Zh, En: fault.Words{En: trackGrew.En}.Fill(why.En).En}
	}
	c.PlanID, c.PlanNumber = &plan.ID, plan.Number
	for _, def := range stagesFor(plan.Stages.V, c.Track, v.Integration) {
		i := slices.IndexFunc(all, func(st Stage) bool { return st.Kind == def.Kind })
		if i < 0 {
			st := c.stageOf(def, now)
			for j := range st.Checks {
				st.Checks[j].Said.V = saidNew
			}
			if err := tx.Create(&st).Error; err != nil {
				return nil, err
			}
			if err := tx.Create(&st.Checks).Error; err != nil {
				return nil, err
			}
			all = append(all, st)
			continue
		}
		// Another category may ask for more in a stage that is there.
		for _, k := range def.Checks {
			if slices.ContainsFunc(all, func(st Stage) bool {
				return slices.ContainsFunc(st.Checks, func(x Check) bool { return x.Code == k.Code })
			}) {
				continue
			}
			x := c.checkOf(def.Kind, len(all[i].Checks), k, now)
			x.Said.V = saidNew
			if err := tx.Create(&x).Error; err != nil {
				return nil, err
			}
			all[i].Checks = append(all[i].Checks, x)
		}
	}
	for i := range all {
		all[i].Position = slices.Index(Kinds, all[i].Kind)
	}
	slices.SortStableFunc(all, func(a, b Stage) int { return cmp.Compare(a.Position, b.Position) })
	return all, nil
}

// submitted keeps what was handed in this time.
func (c *Case) submitted(tx *pg.Tx, a tenants.Actor, sol solution.Solution, full solution.Version, changed []touch, all []Stage, now time.Time) error {
	x := Submission{
		ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Semver: full.Semver, Content: pg.JSON[Snapshot]{V: snapshot(sol.Category, full)},
		ContentHash: full.ContentHash(), Track: c.Track, Changes: pg.JSON[[]fault.Words]{V: []fault.Words{}}, ByName: a.Name, At: now,
	}
	for _, t := range changed {
		x.Changes.V = append(x.Changes.V, t.what)
	}
	for _, st := range all {
		for _, k := range st.Checks {
			switch {
			case k.Machine:
			case k.Result == "open":
				x.Reopened++
			default:
				x.Kept++
			}
		}
	}
	if err := tx.Raw(`SELECT count(*) + 1 FROM certification_submissions WHERE province_id = ? AND certification_id = ?`, c.ProvinceID, c.ID).Scan(&x.Number).Error; err != nil {
		return err
	}
	c.ContentHash = x.ContentHash
	return tx.Create(&x).Error
}

// submissions of a case, the first one first.
func submissions(tx *pg.Tx, id uuid.UUID) ([]Submission, error) {
	var out []Submission
	err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("number").Find(&out).Error
	return out, err
}
