package solution

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// Refusals of this package.
var (
	ErrUnderTest     = fault.New(fault.Conflict, "under-test", "有版本正在认证，名称和品类不能修改；版本退回后可以改，或等认证结束。", "A version is being certified: name and category stay. Change them when it is given back, or after the decision.")
	ErrNameTaken     = fault.New(fault.Conflict, "solution-name-taken", "贵司已有同名方案。", "Your firm has a solution of this name already.")
	ErrSemverTaken   = fault.New(fault.Conflict, "semver-taken", "该版本号已存在。", "This version number exists already.")
	ErrImmutable     = fault.New(fault.Conflict, "version-immutable", "该版本已提交，不能再修改；请新建版本。", "This version was submitted and cannot be changed. Make a new one.")
	ErrOpenDraft     = fault.New(fault.Conflict, "open-draft", "该方案已有未完成的版本 %s，请先完成它。", "Version %s of this solution is not finished yet; finish it first.")
	ErrOtherSolution = fault.New(fault.Invalid, "other-solution", "只能比较同一方案的版本。", "Only versions of one solution can be compared.")
	ErrNotSI         = fault.New(fault.Denied, "not-si", "只有系统集成商能上传方案，请在伙伴资料中申请该能力。", "Only system integrators author solutions. Apply for the capability in your profile.")
)

// Service is the use cases of this package.
type Service struct{ db *pg.DB }

// NewService wires the package.
func NewService(db *pg.DB) *Service { return &Service{db} }

// Edit names a solution and its place in the library.
type Edit struct{ Name, Summary, Industry, Category, Family string }

func (e *Edit) validate() error {
	var c fault.Checker
	e.Name = strings.TrimSpace(e.Name)
	c.Require("name", len([]rune(e.Name)) >= 2)
	if !account.KnownIndustry(e.Industry) {
		c.OneOf("industry", e.Industry)
	}
	if !Known(Categories, e.Category) {
		c.OneOf("category", e.Category)
	}
	if !Known(Families, e.Family) {
		c.OneOf("family", e.Family)
	}
	return c.Err()
}

// visible narrows to what the actor may see: a partner its own, the province
// everything, a city what is certified.
func visible(q *pg.Handle, a tenants.Actor) *pg.Handle {
	q = q.Where("province_id = ?", a.Tenant.ProvinceID)
	switch {
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	case a.Tenant.Kind == tenants.KindCity:
		q = q.Where("(latest_state IN ('certified', 'superseded') OR live_listings > 0)")
	}
	return q
}

// Query filters the library.
type Query struct {
	Text, State, Industry string
	AfterAt               time.Time
	AfterID               uuid.UUID
	Limit                 int
}

// List returns solutions, the last touched first.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Solution, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := visible(tx.Model(&Solution{}), a)
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(name LIKE ? OR partner_name LIKE ?)", like, like)
		}
		if q.State != "" {
			d = d.Where("latest_state = ?", q.State)
		}
		if q.Industry != "" {
			d = d.Where("industry = ?", q.Industry)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// Detail is a solution with its versions, newest first.
type Detail struct {
	Solution
	Versions []Version
	Actions  []string
}

// Get returns one solution.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	if err := pg.One(visible(tx.Model(&Solution{}), a).Where("id = ?", id), &d.Solution); err != nil {
		return d, err
	}
	q := tx.Where("province_id = ? AND solution_id = ?", a.Tenant.ProvinceID, id)
	if a.Tenant.Kind == tenants.KindCity {
		q = q.Where("state IN ('certified', 'superseded')")
	}
	if err := q.Order("created_at DESC").Find(&d.Versions).Error; err != nil {
		return d, err
	}
	for i := range d.Versions {
		if err := fill(tx, &d.Versions[i]); err != nil {
			return d, err
		}
	}
	d.Actions = []string{}
	if a.Can(Write) && a.Partner() {
		d.Actions = append(d.Actions, "edit", "new_version")
	}
	return d, nil
}

// fill loads elements and files of a version.
func fill(tx *pg.Tx, v *Version) error {
	if err := tx.Where("province_id = ? AND version_id = ?", v.ProvinceID, v.ID).Order("position").Find(&v.Elements).Error; err != nil {
		return err
	}
	if err := tx.Where("province_id = ? AND version_id = ?", v.ProvinceID, v.ID).Order("position, file_id").Find(&v.Files).Error; err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(v.Files))
	for i, f := range v.Files {
		ids[i] = f.FileID
	}
	files, err := tenants.Files(tx, ids)
	for i := range v.Files {
		if j := slices.IndexFunc(files, func(f tenants.File) bool { return f.ID == v.Files[i].FileID }); j >= 0 {
			v.Files[i].File = files[j]
		}
	}
	return err
}

func entry(sol Solution, v *Version, action, from, to, reason string) tenants.Entry {
	e := tenants.Entry{Action: action, Resource: "solution", ID: sol.ID, Label: sol.Name, OrgPath: sol.OrgPath, Partner: sol.PartnerID, From: from, To: to, Reason: reason}
	if v != nil {
		e.Resource, e.ID, e.Label = "version", v.ID, sol.Name+" "+v.Semver
	}
	return e
}

// Create opens a solution with its first draft, 1.0.0.
func (s *Service) Create(ctx context.Context, a tenants.Actor, e Edit) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	if err := e.validate(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := partner.Find(tx, a.Tenant.ID)
		if err != nil {
			return err
		}
		if !slices.Contains(p.Capabilities, "si") && !slices.Contains(p.Capabilities, "sales_si") {
			return ErrNotSI
		}
		now := calendar.Now(ctx)
		sol := Solution{ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, OrgPath: p.OrgPath, PartnerName: p.LegalName, Version: 1, CreatedAt: now, UpdatedAt: now}
		sol.put(e)
		v := newVersion(ctx, a, sol, "1.0.0")
		sol.latest(v)
		if err := tx.Create(&sol).Error; err != nil {
			if pg.Violated(err, "solutions_name_once") {
				return ErrNameTaken
			}
			return err
		}
		if err := tx.Create(&v).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, entry(sol, nil, "create", "", "draft", ""))
		d, err = s.detail(tx, a, sol.ID)
		return err
	})
	return d, err
}

func (s *Solution) put(e Edit) {
	s.Name, s.Summary, s.Industry, s.Category, s.Family = e.Name, strings.TrimSpace(e.Summary), e.Industry, e.Category, e.Family
}

func (s *Solution) latest(v Version) {
	s.LatestVersionID, s.LatestSemver, s.LatestState = v.ID, v.Semver, v.State
}

func newVersion(ctx context.Context, a tenants.Actor, sol Solution, semver string) Version {
	now := calendar.Now(ctx)
	return Version{
		ProvinceID: sol.ProvinceID, ID: pg.NewID(), SolutionID: sol.ID, PartnerID: sol.PartnerID, OrgPath: sol.OrgPath, Semver: semver, State: "draft", Integration: "none",
		AuthorID: a.User, AuthorName: a.Name, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
}

// Change edits name and place of a solution.
func (s *Service) Change(ctx context.Context, a tenants.Actor, id uuid.UUID, e Edit, version int64) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	if err := e.validate(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, err := Lock(tx, a, id)
		if err != nil {
			return err
		}
		if sol.Version != version {
			return fault.ErrStale
		}
		if e.Name != sol.Name || e.Category != sol.Category {
			var tested bool
			if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM solution_versions WHERE province_id = ? AND solution_id = ? AND state IN ('submitted', 'in_test', 'in_review'))`, sol.ProvinceID, sol.ID).Scan(&tested).Error; err != nil {
				return err
			}
			if tested {
				return ErrUnderTest
			}
		}
		sol.put(e)
		sol.UpdatedAt = calendar.Now(ctx)
		if err := pg.Save(tx, &sol); err != nil {
			if pg.Violated(err, "solutions_name_once") {
				return ErrNameTaken
			}
			return err
		}
		tenants.Record(ctx, tx, a, entry(sol, nil, "edit", "", "", ""))
		d, err = s.detail(tx, a, id)
		return err
	})
	return d, err
}

// Lock loads a solution the actor may see, for a change.
func Lock(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Solution, error) {
	var sol Solution
	err := pg.One(visible(tx.Model(&Solution{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &sol)
	return sol, err
}

var openStates = []string{"draft", "submitted", "in_test", "in_review", "changes_requested"}

// NewVersion opens a draft copied from the newest version.
func (s *Service) NewVersion(ctx context.Context, a tenants.Actor, id uuid.UUID, semver string) (VersionDetail, error) {
	if err := a.Need(Write); err != nil {
		return VersionDetail{}, err
	}
	var d VersionDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, err := Lock(tx, a, id)
		if err != nil {
			return err
		}
		var all []Version
		if err := tx.Where("province_id = ? AND solution_id = ?", sol.ProvinceID, sol.ID).Order("created_at DESC").Find(&all).Error; err != nil {
			return err
		}
		for _, v := range all {
			if slices.Contains(openStates, v.State) {
				return ErrOpenDraft.Fill(v.Semver)
			}
		}
		if semver == "" && len(all) > 0 {
			semver = bump(all[0].Semver)
		}
		if !SemverOK(semver) {
			var c fault.Checker
			c.Add("semver", "format", "版本号应为 1.2.3 的形式。", "A version number looks like 1.2.3.")
			return c.Err()
		}
		v := newVersion(ctx, a, sol, semver)
		if len(all) > 0 {
			last := all[0]
			if err := fill(tx, &last); err != nil {
				return err
			}
			v.Description, v.Integration = last.Description, last.Integration
			v.TrialURL, v.TrialNotes, v.TrialHours = last.TrialURL, last.TrialNotes, last.TrialHours
			v.Elements, v.Menu = last.Elements, last.Menu
			v.Files = last.Files
		}
		if err := tx.Create(&v).Error; err != nil {
			if pg.Violated(err, "solution_versions_semver_once") {
				return ErrSemverTaken
			}
			return err
		}
		if err := putElements(tx, v, v.Elements, true); err != nil {
			return err
		}
		for _, f := range v.Files {
			f.VersionID = v.ID
			if err := tx.Create(&f).Error; err != nil {
				return err
			}
		}
		sol.latest(v)
		sol.UpdatedAt = v.CreatedAt
		if err := pg.Save(tx, &sol); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, entry(sol, &v, "create", "", "draft", ""))
		d, err = s.version(ctx, tx, a, v.ID)
		return err
	})
	return d, err
}

// bump proposes the next minor version.
func bump(s string) string {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return "1.0.0"
	}
	n, _ := strconv.Atoi(parts[1])
	return parts[0] + "." + strconv.Itoa(n+1) + ".0"
}

// putElements replaces the elements of a version; known ids stay.
func putElements(tx *pg.Tx, v Version, elements []Element, fresh bool) error {
	if err := tx.Exec(`DELETE FROM function_elements WHERE province_id = ? AND version_id = ?`, v.ProvinceID, v.ID).Error; err != nil {
		return err
	}
	for i, e := range elements {
		e.ProvinceID, e.VersionID, e.PartnerID, e.OrgPath, e.Position = v.ProvinceID, v.ID, v.PartnerID, v.OrgPath, i
		if fresh || e.ID == uuid.Nil {
			e.ID = pg.NewID()
		}
		if err := tx.Create(&e).Error; err != nil {
			return err
		}
	}
	return nil
}

// VersionDetail is a version with what is shown beside it.
type VersionDetail struct {
	Version
	Solution Solution
	Needs    []Need
	Actions  []string
}

// GetVersion returns one version.
func (s *Service) GetVersion(ctx context.Context, a tenants.Actor, id uuid.UUID) (VersionDetail, error) {
	if err := a.Need(Read); err != nil {
		return VersionDetail{}, err
	}
	var d VersionDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.version(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) version(_ context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (VersionDetail, error) {
	var d VersionDetail
	if err := pg.One(tenants.Firms(tx).Where("id = ?", id), &d.Version); err != nil {
		return d, err
	}
	if a.Tenant.Kind == tenants.KindCity && d.State != "certified" && d.State != "superseded" {
		return VersionDetail{}, fault.ErrMissing
	}
	if err := pg.One(visible(tx.Model(&Solution{}), a).Where("id = ?", d.SolutionID), &d.Solution); err != nil {
		return d, err
	}
	if err := fill(tx, &d.Version); err != nil {
		return d, err
	}
	p, err := partner.Find(tx, d.PartnerID)
	if err != nil {
		return d, err
	}
	var siblings []Version
	if err := tx.Where("province_id = ? AND solution_id = ?", d.ProvinceID, d.SolutionID).Find(&siblings).Error; err != nil {
		return d, err
	}
	d.Needs = Needs(d.Version, p.State == "active", siblings)
	d.Actions = []string{}
	if a.Partner() {
		d.Actions = Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
		if d.State == "draft" && a.Can(Write) {
			d.Actions = append(d.Actions, "edit")
		}
	}
	return d, nil
}

// Content is what an author writes into a draft.
type Content struct {
	Semver, Description, Notes, Integration string
	Elements                                []Element
	Menu                                    *menu.Rules // nil leaves the rules as they are
	TrialURL, TrialNotes                    string
	TrialHours                              int
}

func (x *Content) validate() error {
	var c fault.Checker
	x.Semver = strings.TrimSpace(x.Semver)
	if !SemverOK(x.Semver) {
		c.Add("semver", "format", "版本号应为 1.2.3 的形式。", "A version number looks like 1.2.3.")
	}
	x.trial(&c)
	x.menu(&c)
	c.OneOf("integration", x.Integration, "none", "sso", "api", "deep")
	return c.Err()
}

// menu checks the elements, and the rules where they are given.
func (x *Content) menu(c *fault.Checker) {
	sold := make([]menu.Element, 0, len(x.Elements))
	for i, e := range x.Elements {
		at := "elements[" + strconv.Itoa(i) + "]"
		c.Require(at+".name", strings.TrimSpace(e.Name) != "")
		c.Require(at+".unit", strings.TrimSpace(e.Unit) != "")
		if e.PriceFen < 0 || e.PriceFen > 100_000_000_000 {
			c.Add(at+".price_fen", "range", "价格应在 0 到 10 亿元之间。", "The price must be between 0 and one billion yuan.")
		}
		for _, other := range x.Elements[:i] {
			if other.Name == e.Name {
				c.Add(at+".name", "repeated", "功能元素重名。", "Two elements have the same name.")
			}
		}
		least := max(1, e.MinUnits)
		if e.MinUnits < 0 || e.MaxUnits < 0 || e.MaxUnits > 0 && least > e.MaxUnits {
			c.Add(at+".min", "range", "至少数量不能大于最多数量。", "The least cannot be more than the most.")
		} else if e.DefaultUnits != 0 && (e.DefaultUnits < least || e.MaxUnits > 0 && e.DefaultUnits > e.MaxUnits) {
			c.Add(at+".default", "range", "默认数量应在至少与最多之间。", "What it is offered with lies between the least and the most.")
		}
		for _, city := range e.Cities {
			if len(city) != 4 || strings.Trim(city, "0123456789") != "" {
				c.Add(at+".cities", "unknown", "城市代码「"+city+"」不正确。", "“"+city+"” is no code of a city.")
			}
		}
		before := menu.Step{From: least, PriceFen: e.PriceFen}
		for _, s := range e.Steps.V {
			if s.From <= before.From || s.PriceFen < 0 || s.PriceFen >= before.PriceFen || e.MaxUnits > 0 && s.From > e.MaxUnits {
				c.Add(at+".steps", "order", "阶梯价应数量逐级增大、单价逐级降低，且不超过最多数量。", "Steps rise in quantity and fall in price, inside the most.")
				break
			}
			before = s
		}
		sold = append(sold, e.Sold())
	}
	if x.Menu != nil {
		x.Menu.Check(c, "menu", sold)
	}
}

// CheckMenu reports what an edit with these elements and rules would be refused
// for.
func CheckMenu(elements []Element, rules menu.Rules) error {
	x := Content{Elements: elements, Menu: &rules}
	var c fault.Checker
	c.Require("elements", len(elements) > 0)
	x.menu(&c)
	return c.Err()
}

// trialHours is how long one may try a solution at a time, unless the author
// says otherwise, and at most.
const (
	trialHours    = 72
	maxTrialHours = 720
)

// trial checks where the version can be tried. Whether the address answers, and
// whether it may be called at all, is found out at intake.
func (x *Content) trial(c *fault.Checker) {
	x.TrialURL, x.TrialNotes = strings.TrimSpace(x.TrialURL), strings.TrimSpace(x.TrialNotes)
	if x.TrialURL == "" {
		x.TrialNotes, x.TrialHours = "", 0
		return
	}
	u, err := url.Parse(x.TrialURL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || strings.ContainsAny(x.TrialURL, " \t\r\n") {
		c.Add("trial_url", "format", "试用地址须以 https:// 开头，且不含账号和 # 部分。", "The address begins with https:// and has no account and no # part.")
	}
	if x.TrialHours == 0 {
		x.TrialHours = trialHours
	}
	if x.TrialHours < 1 || x.TrialHours > maxTrialHours {
		c.Add("trial_hours", "range", "试用时长应为 1 到 720 小时。", "Between 1 and 720 hours.")
	}
}

// EditVersion writes a draft; what was submitted is immutable.
func (s *Service) EditVersion(ctx context.Context, a tenants.Actor, id uuid.UUID, x Content, version int64) (VersionDetail, error) {
	if err := a.Need(Write); err != nil {
		return VersionDetail{}, err
	}
	if err := x.validate(); err != nil {
		return VersionDetail{}, err
	}
	return s.editDraft(ctx, a, id, func(tx *pg.Tx, sol *Solution, v *Version) error {
		if v.Version != version {
			return fault.ErrStale
		}
		v.TrialURL, v.TrialNotes, v.TrialHours = x.TrialURL, x.TrialNotes, x.TrialHours
		v.Semver, v.Description, v.Notes, v.Integration = x.Semver, x.Description, x.Notes, x.Integration
		sol.LatestSemver = x.Semver
		if x.Menu != nil {
			v.Menu.V = *x.Menu
		} else {
			x.Menu = &v.Menu.V
			if err := x.validate(); err != nil {
				return err
			}
		}
		// Ids of elements may only be those of this version.
		if err := fill(tx, v); err != nil {
			return err
		}
		for i := range x.Elements {
			if !slices.ContainsFunc(v.Elements, func(e Element) bool { return e.ID == x.Elements[i].ID }) {
				x.Elements[i].ID = uuid.Nil
			}
		}
		return putElements(tx, *v, x.Elements, false)
	})
}

// editDraft runs one change on a locked draft of the actor's firm.
func (s *Service) editDraft(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(*pg.Tx, *Solution, *Version) error) (VersionDetail, error) {
	var d VersionDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		sol, v, err := LockVersion(tx, a, id)
		if err != nil {
			return err
		}
		if v.State != "draft" {
			return ErrImmutable
		}
		if err := step(tx, &sol, &v); err != nil {
			return err
		}
		v.UpdatedAt = calendar.Now(ctx)
		sol.UpdatedAt = v.UpdatedAt
		if err := pg.Save(tx, &v); err != nil {
			if pg.Violated(err, "solution_versions_semver_once") {
				return ErrSemverTaken
			}
			return err
		}
		if err := pg.Save(tx, &sol); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, entry(sol, &v, "edit", "", "", ""))
		d, err = s.version(ctx, tx, a, id)
		return err
	})
	return d, err
}

// LockVersion loads a version and its solution for a change.
func LockVersion(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Solution, Version, error) {
	var v Version
	if err := pg.One(tenants.Firms(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &v); err != nil {
		return Solution{}, v, err
	}
	sol, err := Lock(tx, a, v.SolutionID)
	return sol, v, err
}

// AddFile attaches an uploaded file to a draft.
func (s *Service) AddFile(ctx context.Context, a tenants.Actor, id, file uuid.UUID, kind string) (VersionDetail, error) {
	if err := a.Need(Write); err != nil {
		return VersionDetail{}, err
	}
	return s.editDraft(ctx, a, id, func(tx *pg.Tx, _ *Solution, v *Version) error {
		f, err := tenants.OwnFile(tx, a, file, "solution_file")
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO version_files (province_id, version_id, file_id, partner_id, org_path, kind, position)
			VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position) + 1, 0) FROM version_files WHERE province_id = ? AND version_id = ?))
			ON CONFLICT (province_id, version_id, file_id) DO UPDATE SET kind = excluded.kind`,
			v.ProvinceID, v.ID, f.ID, v.PartnerID, v.OrgPath, kind, v.ProvinceID, v.ID).Error
	})
}

// RemoveFile takes a file out of a draft; the stored object stays for other versions.
func (s *Service) RemoveFile(ctx context.Context, a tenants.Actor, id, file uuid.UUID) (VersionDetail, error) {
	if err := a.Need(Write); err != nil {
		return VersionDetail{}, err
	}
	return s.editDraft(ctx, a, id, func(tx *pg.Tx, _ *Solution, v *Version) error {
		res := tx.Exec(`DELETE FROM version_files WHERE province_id = ? AND version_id = ? AND file_id = ?`, v.ProvinceID, v.ID, file)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		return res.Error
	})
}

// Move takes a version one step, in the transaction of whoever decides.
func Move(ctx context.Context, tx *pg.Tx, a tenants.Actor, sol *Solution, v *Version, action, reason string) error {
	t, err := Machine.Take(v.State, action, "-")
	if err != nil {
		return err
	}
	from := v.State
	v.State, v.UpdatedAt = t.To, calendar.Now(ctx)
	if err := pg.Save(tx, v); err != nil {
		return err
	}
	if sol.LatestVersionID == v.ID {
		sol.LatestState = v.State
	}
	sol.UpdatedAt = v.UpdatedAt
	if err := pg.Save(tx, sol); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, entry(*sol, v, action, from, v.State, reason))
	return nil
}

// Full loads a version with elements and files inside a transaction.
func Full(tx *pg.Tx, id uuid.UUID) (Version, error) {
	var v Version
	if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id), &v); err != nil {
		return v, err
	}
	return v, fill(tx, &v)
}

// Siblings are all versions of a solution.
func Siblings(tx *pg.Tx, solution uuid.UUID) ([]Version, error) {
	var all []Version
	err := tx.Where("province_id = ? AND solution_id = ?", tx.Identity.Province, solution).Order("created_at DESC").Find(&all).Error
	return all, err
}
