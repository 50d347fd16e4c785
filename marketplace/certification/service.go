package certification

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// JobCertified tells packages above that a version was certified; the
// argument is a Certified.
const JobCertified = "certification.certified"

// Certified names the version a job is about.
type Certified struct {
	Province uuid.UUID `json:"province"`
	Version  uuid.UUID `json:"version"`
}

// Refusals of this package.
var (
	ErrIncomplete   = fault.New(fault.Conflict, "version-incomplete", "还缺 %d 项，补齐后才能提交。", "%d things are still missing; complete them to submit.")
	ErrDuties       = fault.New(fault.Denied, "duties-apart", "方案作者、测试人员和审批人必须是三个不同的人。", "Author, tester and approver must be three different people.")
	ErrNotTester    = fault.New(fault.Denied, "not-your-case", "该认证单由 %s 测试，您不能代为记录。", "This case is tested by %s; you cannot record for them.")
	ErrUnclaimed    = fault.New(fault.Conflict, "unclaimed", "请先领取该认证单。", "Take the case first.")
	ErrChecksOpen   = fault.New(fault.Conflict, "checks-open", "还有 %d 项检查没有结果。", "%d checks have no result yet.")
	ErrChecksFailed = fault.New(fault.Conflict, "checks-not-passed", "有 %d 项检查未通过或问题未关闭，请要求修改。", "%d checks failed or findings are open: ask for changes.")
	ErrStopped      = fault.New(fault.Conflict, "clock-stopped", "时钟已停，请先恢复计时。", "The clock is stopped: let it go on first.")
	ErrRunning      = fault.New(fault.Conflict, "clock-running", "时钟正在走，没有需要恢复的停钟。", "The clock runs; there is no stop to end.")
	ErrContent      = fault.New(fault.Conflict, "content-changed", "版本内容与受测时不一致，不能认证，请要求重新提交。", "The version is not what was tested; ask for it to be handed in again.")
	ErrNamesake     = fault.New(fault.Conflict, "duplicate-name", "其他伙伴的同名方案已先通过认证，请要求改名。", "Another partner's solution of the same name was certified meanwhile: ask for another name.")
	ErrUnanswered   = fault.New(fault.Conflict, "findings-unanswered", "还有 %d 个问题没有答复，答复后才能重新提交。", "%d findings are not answered yet; answer them, then submit again.")
)

// Service is the use cases of this package.
type Service struct {
	db      *pg.DB
	reviews *review.Service
	prober  *http.Client // calls trial environments
}

// NewService wires the package.
func NewService(db *pg.DB, reviews *review.Service, outside outbound.Rules) *Service {
	return &Service{db, reviews, outside.Client()}
}

func (c *Case) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "certification", ID: c.ID, Label: c.SolutionName + " " + c.Semver, OrgPath: c.OrgPath, Partner: c.PartnerID, From: from, To: c.State, Reason: reason}
}

// Submit hands a draft in: it opens a case, or goes on with the one that asked
// for changes. Machine checks answer in the same moment.
func (s *Service) Submit(ctx context.Context, a tenants.Actor, version uuid.UUID) error {
	if err := a.Need(solution.Submit); err != nil {
		return err
	}
	twins, err := s.namesakes(ctx, a, version)
	if err != nil {
		return err
	}
	plan, err := s.planFor(ctx, a, version)
	if err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, v, err := solution.LockVersion(tx, a, version)
		if err != nil {
			return err
		}
		full, err := solution.Full(tx, version)
		if err != nil {
			return err
		}
		siblings, err := solution.Siblings(tx, sol.ID)
		if err != nil {
			return err
		}
		p, err := partner.Find(tx, sol.PartnerID)
		if err != nil {
			return err
		}
		missing := solution.Missing(solution.Needs(full, p.State == "active", siblings))
		if v.State == "draft" && missing > 0 {
			return ErrIncomplete.Fill(missing)
		}
		now := calendar.Now(ctx)
		v.SubmittedAt = &now
		if err := solution.Move(ctx, tx, a, &sol, &v, "submit", ""); err != nil {
			return err
		}
		look := intake{full: full, missing: missing, twins: twins, lapsed: p.LapsedAt != nil}
		if v.CertificationID != nil {
			return s.resume(ctx, tx, a, &sol, &v, look, p, siblings, plan)
		}
		return s.open(ctx, tx, a, &sol, &v, look, p, siblings, plan)
	})
}

func (s *Service) open(ctx context.Context, tx *pg.Tx, a tenants.Actor, sol *solution.Solution, v *solution.Version, look intake, p partner.Partner, siblings []solution.Version, plan Plan) error {
	now := moment(calendar.Now(ctx))
	first := firstOf(v, siblings)
	number, err := tenants.Next(ctx, tx, "T")
	if err != nil {
		return err
	}
	track, why := chooseTrack(sol.Category, v.Integration, p.Tier, first)
	c := Case{
		ProvinceID: v.ProvinceID, ID: pg.NewID(), Number: number, VersionID: v.ID, SolutionID: sol.ID, PartnerID: sol.PartnerID, OrgPath: sol.OrgPath, SolutionName: sol.Name,
		Semver: v.Semver, First: first, PartnerName: sol.PartnerName, Industry: sol.Industry, PlanID: &plan.ID, PlanNumber: plan.Number, Track: track, TrackReason: pg.JSON[fault.Words]{V: why}, State: "intake", Stage: "intake",
		AuthorID: v.AuthorID, AuthorName: v.AuthorName, Holder: Operator, HolderSince: now, HolderReason: "queue", HandedBy: a.Name, Escalated: pg.Texts{}, Testers: pg.Texts{}, Deciders: pg.Texts{}, SubmittedAt: now, Version: 1, UpdatedAt: now,
	}
	var stages []Stage
	for _, def := range stagesFor(plan.Stages.V, track, v.Integration) {
		stages = append(stages, c.stageOf(def, now))
	}
	if err := tx.Create(&c).Error; err != nil {
		return err
	}
	v.CertificationID = &c.ID
	if err := pg.Save(tx, v); err != nil {
		return err
	}
	held, err := baseOf(tx, siblings, now)
	if err != nil {
		return err
	}
	var changed []touch
	whole := false
	if held != nil {
		changed = held.changes(*sol, look.full)
		whole = held.carry(&c, stages, changed, now)
	}
	stages[0].complete(&c, look.full, now)
	// The machine's own checks: what it finds, it says at once.
	failed := look.check(&stages[0], now)
	for i := range stages {
		if i == 1 {
			stages[i].StartedAt = &now
			stages[i].State = "open"
		}
		if err := tx.Create(&stages[i]).Error; err != nil {
			return err
		}
		if err := tx.Create(&stages[i].Checks).Error; err != nil {
			return err
		}
	}
	if err := c.submitted(tx, a, *sol, look.full, changed, stages, now); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry("submit", "", ""))
	machine := tenants.System(c.ProvinceID, machine)
	if failed != "" {
		return s.giveBack(ctx, tx, machine, &c, sol, v, "return_intake", failed)
	}
	if err := solution.Move(ctx, tx, machine, sol, v, "test", ""); err != nil {
		return err
	}
	c.State = "testing"
	if err := advance(tx, &c, stages, now); err != nil {
		return err
	}
	c.plan(stages, nil, now)
	if err := askProbe(ctx, tx, &c, look.full); err != nil {
		return err
	}
	if whole && stages[0].State == "passed" {
		return s.passLight(ctx, tx, &c, sol, v, held)
	}
	tenants.Record(ctx, tx, machine, c.entry("open_tests", "intake", ""))
	return pg.Save(tx, &c)
}

// firstOf tells whether nothing of the solution was certified before.
func firstOf(v *solution.Version, siblings []solution.Version) bool {
	return !slices.ContainsFunc(siblings, func(x solution.Version) bool {
		return x.ID != v.ID && (x.State == "certified" || x.State == "superseded")
	})
}

// planFor is the plan a version of the actor's would be certified by: the one
// its case began with, as long as it stays in the category.
func (s *Service) planFor(ctx context.Context, a tenants.Actor, version uuid.UUID) (Plan, error) {
	var found struct {
		Category string
		PlanID   *uuid.UUID
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var v solution.Version
		if err := pg.One(tenants.Firms(tx).Where("id = ?", version), &v); err != nil {
			return err
		}
		return tx.Raw(`SELECT s.category, c.plan_id FROM solutions s LEFT JOIN certifications c ON c.province_id = s.province_id AND c.id = ? WHERE s.province_id = ? AND s.id = ?`, v.CertificationID, v.ProvinceID, v.SolutionID).Scan(&found).Error
	})
	if err != nil {
		return Plan{}, err
	}
	if found.PlanID != nil {
		var p Plan
		err := s.db.Read(ctx, tenants.System(a.Tenant.ProvinceID, "test plan"), func(tx *pg.Tx) (err error) {
			p, err = loadPlan(tx, *found.PlanID)
			return err
		})
		if err != nil || p.Category == found.Category {
			return p, err
		}
	}
	return s.planOf(ctx, a.Tenant.ProvinceID, found.Category)
}

// namesakes counts certified solutions of other firms that have the name of
// the version's. It is asked of the whole province, which the author cannot
// see: only the number comes back.
func (s *Service) namesakes(ctx context.Context, a tenants.Actor, version uuid.UUID) (n int64, err error) {
	err = s.db.Read(ctx, tenants.System(a.Tenant.ProvinceID, "intake"), func(tx *pg.Tx) error {
		var sol solution.Solution
		err := tx.Raw(`SELECT s.* FROM solutions s JOIN solution_versions v ON v.province_id = s.province_id AND v.solution_id = s.id WHERE v.province_id = ? AND v.id = ? AND v.partner_id = ?`,
			a.Tenant.ProvinceID, version, a.Tenant.ID).Scan(&sol).Error
		if err == nil {
			n, err = twins(tx, sol.PartnerID, sol.Name)
		}
		return err
	})
	return n, err
}

// twins counts solutions of a name that firms other than one have certified.
func twins(tx *pg.Tx, partner uuid.UUID, name string) (n int64, err error) {
	err = tx.Raw(`SELECT count(*) FROM solutions x WHERE x.province_id = ? AND x.name = ? AND x.partner_id <> ?
		AND EXISTS (SELECT 1 FROM solution_versions v WHERE v.province_id = x.province_id AND v.solution_id = x.id AND v.state IN ('certified', 'superseded'))`,
		tx.Identity.Province, name, partner).Scan(&n).Error
	return n, err
}

// intake is what the machine looks at when a version is handed in, each time.
type intake struct {
	full    solution.Version
	missing int
	twins   int64
	lapsed  bool // a paper that the firm must hold is out of date
}

// check fills the machine's stage; it returns what of it stands in the way, as
// a reason.
func (x intake) check(st *Stage, now time.Time) (reason string) {
	if st.StartedAt == nil {
		st.StartedAt = &now
	}
	wrong := map[string]bool{
		"complete": x.missing > 0, "not_duplicate": x.twins > 0, "prices_sane": len(x.full.Elements) == 0, checkLicence: x.lapsed,
		"files_sound": slices.ContainsFunc(x.full.Files, func(f solution.File) bool { return f.File.State != "stored" || f.File.Scan == "infected" }),
	}
	var stops []string
	for i := range st.Checks {
		c := &st.Checks[i]
		if c.Code == checkTrial { // found out by a job, for it takes its time
			c.probe(x.full, now)
			continue
		}
		c.Result, c.ByName, c.Note, c.UpdatedAt, c.Said.V = "pass", machine, "", now, fault.Words{}
		switch {
		case wrong[c.Code]:
			c.Result, c.Said.V = "fail", intakeWords[c.Code]
			if c.Mandatory {
				stops = append(stops, c.Code)
			}
		case c.Code == "prices_sane" && solution.FromFen(x.full.Elements) == 0:
			c.Said.V = fault.Words{Zh: "起价为 0。", En: "The starting price is 0."}
		}
	}
	st.settle(now)
	if len(stops) == 0 {
		return ""
	}
	return intakePrefix + strings.Join(stops, ",")
}

// giveBack returns the ball to the partner.
func (s *Service) giveBack(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, sol *solution.Solution, v *solution.Version, action, reason string) error {
	t, err := Machine.Take(c.State, action, reason)
	if err != nil {
		return err
	}
	from, now := c.State, calendar.Now(ctx)
	c.State, c.UpdatedAt = t.To, now
	if err := pass(tx, a, c, Supplier, "changes", reason, now); err != nil {
		return err
	}
	if err := solution.Move(ctx, tx, a, sol, v, "change", reason); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry(action, from, reason))
	if err := queue.Enqueue(ctx, tx, review.JobLapse, review.Lapsed{Province: c.ProvinceID, Record: c.ID, At: now}); err != nil {
		return err
	}
	return pg.Save(tx, c)
}

// resume goes on with the case after changes: what had failed is tested again
// and what rests on something that changed; the rest stays as it was found.
func (s *Service) resume(ctx context.Context, tx *pg.Tx, a tenants.Actor, sol *solution.Solution, v *solution.Version, look intake, p partner.Partner, siblings []solution.Version, plan Plan) error {
	c, err := lock(tx, *v.CertificationID)
	if err != nil {
		return err
	}
	t, err := Machine.Take(c.State, "resubmit", "")
	if err != nil {
		return err
	}
	findings, err := findings(tx, c.ID)
	if err != nil {
		return err
	}
	open := 0
	for _, f := range findings {
		if f.State == "open" {
			open++
		}
	}
	if open > 0 {
		return ErrUnanswered.Fill(open)
	}
	now := calendar.Now(ctx)
	all, err := stages(tx, c.ID, now)
	if err != nil {
		return err
	}
	rounds, err := submissions(tx, c.ID)
	if err != nil {
		return err
	}
	changed := []touch{saidUnknown}
	if n := len(rounds); n > 0 {
		changed = touches(rounds[n-1].Content.V, snapshot(sol.Category, look.full))
	}
	for i := range all {
		for j := range all[i].Checks {
			if k := &all[i].Checks[j]; !k.Machine {
				k.reopen(changed, now)
			}
		}
	}
	if all, err = c.grow(tx, all, plan, *sol, *v, p, firstOf(v, siblings), now); err != nil {
		return err
	}
	if fresh := all[0].complete(&c, look.full, now); len(fresh) > 0 {
		if err := tx.Create(&fresh).Error; err != nil {
			return err
		}
	}
	failed := look.check(&all[0], now)
	for i := range all {
		for j := range all[i].Checks {
			if err := saveCheck(tx, &all[i].Checks[j]); err != nil {
				return err
			}
		}
	}
	if err := advance(tx, &c, all, now); err != nil {
		return err
	}
	if failed != "" {
		c.Stage = all[0].Kind
	}
	if err := c.submitted(tx, a, *sol, look.full, changed, all, now); err != nil {
		return err
	}
	from := c.State
	c.State, c.UpdatedAt, c.Semver, c.SolutionName, c.PartnerName, c.Industry = t.To, now, v.Semver, sol.Name, sol.PartnerName, sol.Industry
	why := "queue"
	if c.TesterID != nil {
		why = "testing"
	}
	if err := pass(tx, a, &c, Operator, why, "", now); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry("resubmit", from, ""))
	machine := tenants.System(c.ProvinceID, machine)
	if failed != "" {
		return s.giveBack(ctx, tx, machine, &c, sol, v, "return_intake", failed)
	}
	if err := askProbe(ctx, tx, &c, look.full); err != nil {
		return err
	}
	if err := solution.Move(ctx, tx, machine, sol, v, "test", ""); err != nil {
		return err
	}
	return pg.Save(tx, &c)
}

// Revise takes a version back to draft to make the changes asked for.
func (s *Service) Revise(ctx context.Context, a tenants.Actor, version uuid.UUID) error {
	if err := a.Need(solution.Write); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, v, err := solution.LockVersion(tx, a, version)
		if err != nil {
			return err
		}
		return solution.Move(ctx, tx, a, &sol, &v, "revise", "")
	})
}

// Withdraw takes a version out of certification for good.
func (s *Service) Withdraw(ctx context.Context, a tenants.Actor, version uuid.UUID, reason string) error {
	if err := a.Need(solution.Submit); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, v, err := solution.LockVersion(tx, a, version)
		if err != nil {
			return err
		}
		if err := solution.Move(ctx, tx, a, &sol, &v, "withdraw", reason); err != nil {
			return err
		}
		if v.CertificationID == nil {
			return nil
		}
		c, err := lock(tx, *v.CertificationID)
		if err != nil {
			return err
		}
		return s.decide(ctx, tx, a, &c, "withdraw", reason)
	})
}

// pass gives the ball to a side, and sees to the times that follow from it.
func pass(tx *pg.Tx, a tenants.Actor, c *Case, to, reason, note string, now time.Time) error {
	turn := c.hand(to, reason, note, a.Name, now)
	if err := tx.Create(&turn).Error; err != nil {
		return err
	}
	return replan(tx, c, now)
}

// replan looks at the times of a case anew.
func replan(tx *pg.Tx, c *Case, now time.Time) error {
	all, err := stages(tx, c.ID, now)
	if err != nil {
		return err
	}
	turns, err := turnsOf(tx, c.ID)
	if err != nil {
		return err
	}
	c.plan(all, turns, now)
	return nil
}

func turnsOf(tx *pg.Tx, id uuid.UUID) ([]Turn, error) {
	var out []Turn
	err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("from_at, to_at, id").Find(&out).Error
	return out, err
}

// decide ends a case and stops its clock.
func (s *Service) decide(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, action, reason string) error {
	t, err := Machine.Take(c.State, action, reason)
	if err != nil {
		return err
	}
	from, now := c.State, calendar.Now(ctx)
	c.State, c.DecidedAt, c.UpdatedAt = t.To, &now, now
	if err := pass(tx, a, c, Nobody, action, reason, now); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry(action, from, reason))
	if err := queue.Enqueue(ctx, tx, review.JobLapse, review.Lapsed{Province: c.ProvinceID, Record: c.ID, At: now}); err != nil {
		return err
	}
	return pg.Save(tx, c)
}

func lock(tx *pg.Tx, id uuid.UUID) (Case, error) {
	var c Case
	err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &c)
	return c, err
}

func saveStage(tx *pg.Tx, st *Stage) error {
	return tx.Exec(`UPDATE certification_stages SET position = ?, state = ?, started_at = ?, finished_at = ? WHERE province_id = ? AND certification_id = ? AND kind = ?`,
		st.Position, st.State, st.StartedAt, st.FinishedAt, st.ProvinceID, st.CertificationID, st.Kind).Error
}

func stages(tx *pg.Tx, id uuid.UUID, now time.Time) ([]Stage, error) {
	var out []Stage
	if err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("position").Find(&out).Error; err != nil {
		return nil, err
	}
	var checks []Check
	if err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("position").Find(&checks).Error; err != nil {
		return nil, err
	}
	var runs []Run
	if err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("at, id").Find(&runs).Error; err != nil {
		return nil, err
	}
	spared, err := exemptions(tx, id, now)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		for i := range spared {
			if spared[i].CheckCode == c.Code && c.exemptible() {
				c.Exemption = &spared[i]
			}
		}
		for _, r := range runs {
			if r.CheckID == c.ID {
				c.Runs = append(c.Runs, r)
			}
		}
		var ids []uuid.UUID
		for _, e := range c.Evidence {
			if id, err := uuid.Parse(e); err == nil {
				ids = append(ids, id)
			}
		}
		var err error
		if c.Files, err = tenants.Files(tx, ids); err != nil {
			return nil, err
		}
		for i := range out {
			if out[i].Kind == c.Stage {
				out[i].Checks = append(out[i].Checks, c)
			}
		}
	}
	return out, nil
}

func findings(tx *pg.Tx, id uuid.UUID) ([]Finding, error) {
	var out []Finding
	err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("created_at, id").Find(&out).Error
	return out, err
}

// Claim takes a case to test.
func (s *Service) Claim(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	return s.testing(ctx, a, id, func(tx *pg.Tx, c *Case) error {
		if c.TesterID != nil && !a.Is(*c.TesterID) {
			return ErrNotTester.Fill(c.TesterName)
		}
		if c.TesterID == nil {
			if err := pass(tx, a, c, Operator, "testing", "", calendar.Now(ctx)); err != nil {
				return err
			}
		}
		c.TesterID, c.TesterName = &a.User, a.Name
		tenants.Record(ctx, tx, a, c.entry("claim", c.State, ""))
		return nil
	})
}

// testing runs one step of the test engineer on a case under test.
func (s *Service) testing(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(*pg.Tx, *Case) error) (Detail, error) {
	if err := a.Need(Test); err != nil {
		return Detail{}, err
	}
	var d Detail
	ctx, err := s.apart(ctx, a, id)
	if err != nil {
		return d, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, id)
		if err != nil {
			return err
		}
		if c.State != "testing" {
			return state_(c, "test")
		}
		if a.Is(c.AuthorID) || c.PartnerID == a.Tenant.ID || c.judged(a) {
			return ErrDuties
		}
		if err := standsAside(ctx); err != nil {
			return err
		}
		if c.Holder == Stopped {
			return ErrStopped
		}
		if err := step(tx, &c); err != nil {
			return err
		}
		c.UpdatedAt = calendar.Now(ctx)
		if err := replan(tx, &c, c.UpdatedAt); err != nil {
			return err
		}
		if err := pg.Save(tx, &c); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func mine(a tenants.Actor, c *Case) error {
	switch {
	case c.TesterID == nil:
		return ErrUnclaimed
	case !a.Is(*c.TesterID):
		return ErrNotTester.Fill(c.TesterName)
	}
	return nil
}

// Find records something wrong.
func (s *Service) Find(ctx context.Context, a tenants.Actor, id uuid.UUID, stage, severity, body string) (Detail, error) {
	return s.testing(ctx, a, id, func(tx *pg.Tx, c *Case) error {
		if err := mine(a, c); err != nil {
			return err
		}
		f := Finding{
			ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Stage: stage, Severity: severity, Body: body, State: "open",
			ByName: a.Name, CreatedAt: calendar.Now(ctx), Version: 1,
		}
		c.OpenFindings++
		c.testedBy(a)
		tenants.Record(ctx, tx, a, c.entry("find", c.State, body))
		return tx.Create(&f).Error
	})
}

// Answer is the partner's word on a finding.
func (s *Service) Answer(ctx context.Context, a tenants.Actor, id, finding uuid.UUID, text string) (Detail, error) {
	if err := a.Need(solution.Submit); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, id)
		if err != nil {
			return err
		}
		if c.DecidedAt != nil {
			return state_(c, "answer")
		}
		err = s.onFinding(ctx, tx, a, &c, finding, "answer", text, func(f *Finding) error {
			if f.State == "closed" {
				return fault.ErrStale
			}
			f.Answer, f.State = text, "answered"
			return nil
		})
		if err != nil {
			return err
		}
		c.UpdatedAt = calendar.Now(ctx)
		if err := pg.Save(tx, &c); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// CloseFinding accepts the answer; ReopenFinding does not. Both are the
// tester's whose case it is, while it is tested.
func (s *Service) CloseFinding(ctx context.Context, a tenants.Actor, id, finding uuid.UUID) (Detail, error) {
	return s.judgeFinding(ctx, a, id, finding, "close_finding", "closed")
}

// ReopenFinding asks again.
func (s *Service) ReopenFinding(ctx context.Context, a tenants.Actor, id, finding uuid.UUID) (Detail, error) {
	return s.judgeFinding(ctx, a, id, finding, "reopen_finding", "open")
}

func (s *Service) judgeFinding(ctx context.Context, a tenants.Actor, id, finding uuid.UUID, action, to string) (Detail, error) {
	return s.testing(ctx, a, id, func(tx *pg.Tx, c *Case) error {
		if err := mine(a, c); err != nil {
			return err
		}
		c.testedBy(a)
		return s.onFinding(ctx, tx, a, c, finding, action, "", func(f *Finding) error { f.State = to; return nil })
	})
}

// onFinding takes a step on a finding of a locked case, which the caller saves.
func (s *Service) onFinding(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, finding uuid.UUID, action, reason string, step func(*Finding) error) error {
	var f Finding
	if err := pg.One(tx.Where("province_id = ? AND certification_id = ? AND id = ?", c.ProvinceID, c.ID, finding), &f); err != nil {
		return err
	}
	if err := step(&f); err != nil {
		return err
	}
	if err := pg.Save(tx, &f); err != nil {
		return err
	}
	all, err := findings(tx, c.ID)
	if err != nil {
		return err
	}
	c.OpenFindings = 0
	for _, x := range all {
		if x.State != "closed" {
			c.OpenFindings++
		}
	}
	tenants.Record(ctx, tx, a, c.entry(action, c.State, reason))
	return nil
}

func state_(c Case, action string) error {
	_, err := Machine.Take(c.State, action, "-")
	return err
}
