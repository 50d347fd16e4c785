package certification

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// BudgetDays is what the operator may take from submission to decision, in
// working days.
const BudgetDays = 30

// CheckDef is one thing to test. With a comparison, what is measured decides.
type CheckDef struct {
	Code       string   `json:"code"`
	Zh         string   `json:"zh"`
	En         string   `json:"en"`
	Machine    bool     `json:"machine,omitempty"`
	Comparison string   `json:"comparison,omitempty"` // <=, >=, =
	Limit      *float64 `json:"limit,omitempty"`
	Unit       string   `json:"unit,omitempty"`
	Mandatory  bool     `json:"mandatory"` // what fails and is not mandatory does not stand in the way
}

// Threshold in words: ≤ 200 ms.
func (d CheckDef) Threshold() string {
	if d.Limit == nil {
		return ""
	}
	sign := map[string]string{"<=": "≤", ">=": "≥", "=": "="}[d.Comparison]
	return strings.TrimSpace(sign + " " + strconv.FormatFloat(*d.Limit, 'f', -1, 64) + " " + d.Unit)
}

// StageDef is one step of a plan with its share of the thirty days.
type StageDef struct {
	Kind       string     `json:"kind"`
	BudgetDays float64    `json:"budget_days"`
	Managed    bool       `json:"managed,omitempty"`    // only where a product manager decides
	Integrated bool       `json:"integrated,omitempty"` // only for what integrates
	Checks     []CheckDef `json:"checks"`
}

// Kinds of stages, in the order they are walked, with who is responsible.
var Kinds = []string{"intake", "functional", "security", "stability", "documentation", "interface", "price_review"}

// RoleOf says who is responsible for a kind of stage.
func RoleOf(kind string) string {
	switch kind {
	case "intake":
		return "machine"
	case "price_review":
		return "product_manager"
	}
	return "test_engineer"
}

// machineChecks are those the portal itself can carry out.
var machineChecks = []string{"complete", "files_sound", "not_duplicate", "prices_sane"}

// Checks of the machine that no plan names: they are part of each.
const (
	checkLicence = "licence_valid"
	checkTrial   = "trial_reachable" // of a version that names a trial environment
)

var (
	licenceDef = CheckDef{Code: checkLicence, Zh: "执照与资质在有效期内", En: "Licence and certificates in date", Machine: true, Mandatory: true}
	trialDef   = CheckDef{Code: checkTrial, Zh: "试用环境可访问", En: "Trial environment reachable", Machine: true, Mandatory: true}
)

// Plan is what is tested in a category, in one version.
type Plan struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	Category    string
	Number      int
	State       string // draft, published
	Stages      pg.JSON[[]StageDef]
	Note        string
	MakerName   string
	Editors     tenants.Persons // who wrote in the draft
	CheckerID   *uuid.UUID
	Checkers    tenants.Persons
	CheckerName string
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
	PublishedAt *time.Time
}

// TableName of plans.
func (Plan) TableName() string { return "certification_plans" }

// RowVersion is the optimistic lock.
func (p *Plan) RowVersion() *int64 { return &p.Version }

func (p *Plan) entry(a tenants.Actor, action, from string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "certification_plan", ID: p.ID, Label: p.Category + " v" + strconv.Itoa(p.Number), OrgPath: a.Tenant.Root(), From: from, To: p.State, Reason: p.Note}
}

//go:embed first_plan.json
var firstPlan []byte

func first() (stages []StageDef) {
	if err := json.Unmarshal(firstPlan, &stages); err != nil {
		panic(err) // the file is part of the program
	}
	return stages
}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

// validate reports all faults of a plan.
func validate(stages []StageDef) error {
	var c fault.Checker
	var days float64
	kinds, codes := map[string]bool{}, map[string]bool{}
	last := -1
	for i, st := range stages {
		at := fmt.Sprintf("stages.%d", i)
		place := slices.Index(Kinds, st.Kind)
		if place < 0 || kinds[st.Kind] || place < last {
			c.Add(at+".kind", "kind", "环节须各出现一次，并按顺序排列。", "Each stage may stand once, in their order.")
		}
		last = place
		kinds[st.Kind] = true
		days += st.BudgetDays
		if st.BudgetDays <= 0 {
			c.Add(at+".budget_days", "budget", "预算须大于 0。", "The budget must be more than 0.")
		}
		if len(st.Checks) == 0 {
			c.Add(at+".checks", "required", "至少要有一项检查。", "At least one check is needed.")
		}
		for j, k := range st.Checks {
			at := fmt.Sprintf("%s.checks.%d", at, j)
			if !codeShape.MatchString(k.Code) || codes[k.Code] {
				c.Add(at+".code", "code", "代码须为小写字母、数字或下划线，且不重复。", "Codes are lower-case letters, digits and underscores, each once.")
			}
			if k.Code == checkLicence || k.Code == checkTrial {
				c.Add(at+".code", "reserved", "这项检查由机器自动加入，不必写进计划。", "The machine adds this check by itself; leave it out of the plan.")
			}
			codes[k.Code] = true
			c.Require(at+".zh", strings.TrimSpace(k.Zh) != "")
			c.Require(at+".en", strings.TrimSpace(k.En) != "")
			c.OneOf(at+".comparison", k.Comparison, "", "<=", ">=", "=")
			if (k.Comparison == "") != (k.Limit == nil) {
				c.Add(at+".limit", "limit", "比较方式和门槛值须一起填写。", "A comparison and its limit go together.")
			}
			if k.Machine != (st.Kind == "intake") || (k.Machine && !slices.Contains(machineChecks, k.Code)) {
				c.Add(at+".machine", "machine", "受理环节只能放机器能做的检查，机器检查也只在受理环节。", "Intake holds the checks the portal can carry out, and only intake does.")
			}
		}
	}
	if !kinds["intake"] || !kinds["functional"] || !kinds["price_review"] {
		c.Add("stages", "required", "受理、功能测试和价格评审不可缺少。", "Intake, functional tests and the price review cannot be left out.")
	}
	if days > BudgetDays {
		c.Add("stages", "budget", fmt.Sprintf("各环节预算合计不能超过 %d 个工作日。", BudgetDays), fmt.Sprintf("The budgets may not add up to more than %d working days.", BudgetDays))
	}
	return c.Err()
}

// stagesFor leaves out stages of the other track, and those for what
// integrates.
func stagesFor(all []StageDef, track, integration string) []StageDef {
	return slices.DeleteFunc(slices.Clone(all), func(s StageDef) bool {
		return (s.Managed && track != "managed") || (s.Integrated && integration == "none")
	})
}

// Difference is one thing in which a plan differs from the one before it.
type Difference struct {
	Stage         string
	Zh, En        string // of the check; empty for the stage itself
	What          string // added, removed, changed
	Before, After string
}

// differences of a plan to the one it replaces.
func differences(before, after []StageDef) []Difference {
	out := []Difference{}
	type row struct {
		stage, zh, en, text string
	}
	flat := func(stages []StageDef) (keys []string, rows map[string]row) {
		rows = map[string]row{}
		for _, s := range stages {
			when := ""
			if s.Managed {
				when += " managed"
			}
			if s.Integrated {
				when += " integrated"
			}
			keys = append(keys, s.Kind)
			rows[s.Kind] = row{s.Kind, "", "", strconv.FormatFloat(s.BudgetDays, 'f', -1, 64) + when}
			for _, k := range s.Checks {
				key := s.Kind + "/" + k.Code
				text := k.Zh + " " + k.Threshold()
				if !k.Mandatory {
					text += " (可选 optional)"
				}
				keys = append(keys, key)
				rows[key] = row{s.Kind, k.Zh, k.En, strings.TrimSpace(text)}
			}
		}
		return keys, rows
	}
	oldKeys, old := flat(before)
	newKeys, now := flat(after)
	for _, key := range newKeys {
		x := now[key]
		if y, ok := old[key]; !ok {
			out = append(out, Difference{x.stage, x.zh, x.en, "added", "", x.text})
		} else if y.text != x.text {
			out = append(out, Difference{x.stage, x.zh, x.en, "changed", y.text, x.text})
		}
	}
	for _, key := range oldKeys {
		if _, ok := now[key]; !ok {
			x := old[key]
			out = append(out, Difference{x.stage, x.zh, x.en, "removed", x.text, ""})
		}
	}
	return out
}
