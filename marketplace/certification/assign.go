package certification

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Assign is to give cases to test engineers.
const Assign tenants.Permission = "certification:assign"

// Refusals around assignments.
var (
	ErrTaken     = fault.New(fault.Conflict, "case-taken", "该认证单已由 %s 测试。", "%s tests this case already.")
	ErrNoTester  = fault.New(fault.Invalid, "not-a-tester", "请选择本单位有测试权限的在职同事。", "Choose an active colleague who may test.")
	ErrCandidate = fault.New(fault.Conflict, "tester-stands-aside", "%s 须回避，不能测试该认证单。", "%s has to stand aside from this case.")
)

// Assignment is that a case was given to somebody, and how many days of work
// they had in hand then. It is added, never changed.
type Assignment struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	OrgPath         string
	TesterID        uuid.UUID
	TesterName      string
	FromID          *uuid.UUID // who had it before
	FromName        string
	LoadDays        float64
	Reason          string
	ByID            uuid.UUID
	ByName          string
	At              time.Time
}

// TableName of assignments.
func (Assignment) TableName() string { return "certification_assignments" }

// Tester is a test engineer with what is in hand: the cases, and the working
// days that are left of the budgets of their stages.
type Tester struct {
	User  uuid.UUID
	Name  string
	Cases int
	Days  float64
}

// LeftOut is a test engineer who cannot have a case, and why.
type LeftOut struct {
	User uuid.UUID
	Name string
	Why  fault.Words
}

// Proposed is a case with the test engineer it would go to.
type Proposed struct {
	Case
	Days    float64     // left of the budgets of its stages
	Tester  uuid.UUID   // nobody: uuid.Nil
	Why     fault.Words // why nobody
	LeftOut []LeftOut
}

// Proposal shares cases out by what everybody has in hand; Testers have what
// they have now.
type Proposal struct {
	Testers []Tester
	Cases   []Proposed
}

// leftDays is the condition-free sum, beside a row of certifications c, of the
// budgets of the stages that are still to be tested.
const leftDays = `(SELECT coalesce(sum(st.budget_days), 0) FROM certification_stages st WHERE st.province_id = c.province_id AND st.certification_id = c.id AND st.state IN ('waiting', 'open') AND st.kind NOT IN ('intake', 'price_review'))`

// Propose shares unclaimed cases out: the most urgent first, each to whoever
// has the least in hand and need not stand aside.
func (s *Service) Propose(ctx context.Context, a tenants.Actor, ids []uuid.UUID) (Proposal, error) {
	if err := a.Need(Assign); err != nil {
		return Proposal{}, err
	}
	testers, err := s.staff(ctx, a)
	if err != nil {
		return Proposal{}, err
	}
	aside, err := s.aside(ctx, a.Tenant.ProvinceID, ids, usersOf(testers))
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{Testers: testers}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var found []Case
		if err := tenants.Rows(tx).Where("id IN ?", ids).Order("submitted_at, id").Find(&found).Error; err != nil {
			return err
		}
		days, err := daysLeft(tx, ids)
		for _, c := range found {
			p.Cases = append(p.Cases, Proposed{Case: c, Days: days[c.ID]})
		}
		return err
	})
	if err != nil {
		return p, err
	}
	slices.SortStableFunc(p.Cases, func(x, y Proposed) int {
		return cmp.Compare(due(x.Case), due(y.Case))
	})
	inHand := map[uuid.UUID]float64{}
	for _, t := range testers {
		inHand[t.User] = t.Days
	}
	for i := range p.Cases {
		p.Cases[i].share(testers, aside[p.Cases[i].ID], inHand)
	}
	return p, nil
}

func due(c Case) int64 {
	if c.DueAt == nil {
		return 1 << 62
	}
	return c.DueAt.UnixMilli()
}

// share proposes who has the least in hand.
func (x *Proposed) share(testers []Tester, aside stakes, inHand map[uuid.UUID]float64) {
	switch {
	case x.State != "testing":
		x.Why = fault.Words{Zh: "不在测试环节。", En: "It is not under test."}
	case x.TesterID != nil:
		x.Why = ErrTaken.Fill(x.TesterName).Words
	}
	for _, t := range testers {
		if why := x.apart(t.User, aside); why.Zh != "" {
			x.LeftOut = append(x.LeftOut, LeftOut{t.User, t.Name, why})
			continue
		}
		if x.Why.Zh == "" && (x.Tester == uuid.Nil || inHand[t.User] < inHand[x.Tester]) {
			x.Tester = t.User
		}
	}
	if x.Tester != uuid.Nil {
		inHand[x.Tester] += x.Days
	} else if x.Why.Zh == "" {
		x.Why = fault.Words{Zh: "没有不须回避的测试工程师。", En: "No test engineer is left who need not stand aside."}
	}
}

// apart is why somebody cannot test the case; empty if they can.
func (c *Case) apart(user uuid.UUID, aside stakes) fault.Words {
	switch {
	case user == c.AuthorID:
		return ErrDuties.Words
	case slices.Contains(c.Deciders, user.String()):
		return ErrDuties.Words
	}
	if x, ok := aside[user]; ok {
		return recusalsOf[x.kind].Fill(x.firm)
	}
	return fault.Words{}
}

// Given is what came of one case: who has it now, or why not.
type Given struct {
	Case    uuid.UUID
	Number  string
	Tester  string
	Refusal *fault.Error
}

// To gives a case to somebody.
type To struct {
	Case, Tester uuid.UUID
	Reason       string // needed where somebody has the case already
}

// AssignAll gives several cases at once. A case that somebody took meanwhile
// is left where it is, and said so; the others are given.
func (s *Service) AssignAll(ctx context.Context, a tenants.Actor, all []To) ([]Given, error) {
	var out []Given
	err := s.assigning(ctx, a, all, func(tx *pg.Tx, give func(To) (Case, error)) error {
		// In one order, so that two who do this at once wait for each other.
		all = slices.SortedFunc(slices.Values(all), func(x, y To) int { return strings.Compare(x.Case.String(), y.Case.String()) })
		for _, x := range all {
			x.Reason = "" // nobody's case is taken in bulk
			c, err := give(x)
			g := Given{Case: x.Case, Number: c.Number, Tester: c.TesterName}
			if err != nil {
				refusal, ok := fault.As(err)
				if !ok {
					return err
				}
				g.Refusal = refusal
			}
			out = append(out, g)
		}
		return nil
	})
	return out, err
}

// AssignOne gives one case by hand; a case that somebody has, for a reason.
func (s *Service) AssignOne(ctx context.Context, a tenants.Actor, x To) (Detail, error) {
	var d Detail
	err := s.assigning(ctx, a, []To{x}, func(tx *pg.Tx, give func(To) (Case, error)) error {
		if _, err := give(x); err != nil {
			return err
		}
		var err error
		d, err = s.detail(ctx, tx, a, x.Case)
		return err
	})
	return d, err
}

// assigning looks up who may have the cases, and gives them in one
// transaction.
func (s *Service) assigning(ctx context.Context, a tenants.Actor, all []To, step func(*pg.Tx, func(To) (Case, error)) error) error {
	if err := a.Need(Assign); err != nil {
		return err
	}
	testers, err := s.staff(ctx, a)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, x := range all {
		ids = append(ids, x.Case)
	}
	aside, err := s.aside(ctx, a.Tenant.ProvinceID, ids, usersOf(testers))
	if err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		return step(tx, func(x To) (Case, error) {
			return s.give(ctx, tx, a, x, testers, aside[x.Case])
		})
	})
}

func (s *Service) give(ctx context.Context, tx *pg.Tx, a tenants.Actor, x To, testers []Tester, aside stakes) (Case, error) {
	c, err := lock(tx, x.Case)
	if err != nil {
		return c, err
	}
	i := slices.IndexFunc(testers, func(t Tester) bool { return t.User == x.Tester })
	if i < 0 {
		return c, ErrNoTester
	}
	t, reason := testers[i], strings.TrimSpace(x.Reason)
	switch {
	case c.State != "testing":
		return c, state_(c, "finish_tests")
	case c.TesterID != nil && (*c.TesterID == t.User || reason == ""):
		return c, ErrTaken.Fill(c.TesterName)
	case c.apart(t.User, aside).Zh != "":
		return c, ErrCandidate.Fill(t.Name)
	}
	now := calendar.Now(ctx)
	record := Assignment{
		ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, OrgPath: c.OrgPath, TesterID: t.User, TesterName: t.Name, FromID: c.TesterID, FromName: c.TesterName,
		LoadDays: t.Days, Reason: reason, ByID: a.User, ByName: a.Name, At: now,
	}
	if err := tx.Create(&record).Error; err != nil {
		return c, err
	}
	c.TesterID, c.TesterName, c.UpdatedAt = &t.User, t.Name, now
	if c.Holder != Stopped {
		if err := pass(tx, a, &c, Operator, "testing", reason, now); err != nil {
			return c, err
		}
	}
	tenants.Record(ctx, tx, a, c.entry("assign", c.State, t.Name+withReason(reason)))
	return c, pg.Save(tx, &c)
}

func withReason(reason string) string {
	if reason == "" {
		return ""
	}
	return "：" + reason
}

func usersOf(testers []Tester) (out []uuid.UUID) {
	for _, t := range testers {
		out = append(out, t.User)
	}
	return out
}

// staff are the colleagues of the actor who may test, with what they have in
// hand.
func (s *Service) staff(ctx context.Context, a tenants.Actor) ([]Tester, error) {
	all, err := s.reviews.Colleagues(ctx, a, Read, Test)
	if err != nil {
		return nil, err
	}
	var out []Tester
	for _, c := range all {
		if c.MayDecide && !slices.ContainsFunc(out, func(t Tester) bool { return t.User == c.User }) {
			out = append(out, Tester{User: c.User, Name: c.Name})
		}
	}
	var rows []struct {
		TesterID uuid.UUID
		Cases    int
		Days     float64
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT c.tester_id, count(*) AS cases, sum(`+leftDays+`) AS days FROM certifications c WHERE c.province_id = ? AND c.state IN ('testing', 'changes_requested') AND c.tester_id = ANY (?::uuid[]) GROUP BY 1`,
			a.Tenant.ProvinceID, pg.UUIDs(usersOf(out))).Scan(&rows).Error
	})
	for i := range out {
		for _, r := range rows {
			if r.TesterID == out[i].User {
				out[i].Cases, out[i].Days = r.Cases, r.Days
			}
		}
	}
	return out, err
}

func daysLeft(tx *pg.Tx, ids []uuid.UUID) (map[uuid.UUID]float64, error) {
	var rows []struct {
		ID   uuid.UUID
		Days float64
	}
	err := tx.Raw(`SELECT c.id, `+leftDays+` AS days FROM certifications c WHERE c.province_id = ? AND c.id = ANY (?::uuid[])`, tx.Identity.Province, pg.UUIDs(ids)).Scan(&rows).Error
	out := map[uuid.UUID]float64{}
	for _, r := range rows {
		out[r.ID] = r.Days
	}
	return out, err
}

// Addressees are the people an act on a case was for: whom it was given to, or
// whom something was asked of.
func (s *Service) Addressees(ctx context.Context, e tenants.AuditEvent) (out []uuid.UUID, err error) {
	if e.Action != "assign" {
		return s.reviews.Addressees(ctx, e)
	}
	err = s.db.Read(ctx, tenants.System(e.ProvinceID, "通知"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT tester_id FROM certification_assignments WHERE province_id = ? AND certification_id = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1`, e.ProvinceID, e.ResourceID, e.At.Add(time.Second)).Scan(&out).Error
	})
	return out, err
}
