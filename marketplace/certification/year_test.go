package certification

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
	"ecoport/tenants/partner"
	"ecoport/tenants/policy"
	"ecoport/tenants/tenantstest"
)

// size of a simulated year. YEAR=full in the environment asks for the whole
// province, which takes many minutes.
type size struct {
	seed               uint64
	firms, versions    int
	testers, approvers int
}

var (
	smallYear = size{seed: 1, firms: 2, versions: 5, testers: 2, approvers: 2}
	usualYear = size{seed: 2027, firms: 10, versions: 56, testers: 5, approvers: 4}
	fullYear  = size{seed: 2025, firms: 200, versions: 2000, testers: 24, approvers: 8}
)

// year is a province in which a year passes.
type year struct {
	*tenantstest.World
	size
	r         *rand.Rand
	now, end  time.Time
	tended    time.Time
	s         *Service
	reviews   *review.Service
	solutions *solution.Service
	authors   []tenants.Actor // two of each firm, side by side
	files     map[uuid.UUID]map[string]uuid.UUID
	testers   []tenants.Actor
	approvers []tenants.Actor
	strangers []tenants.Actor // who have no business with the cases of the province
	works     []*work
	started   int
	legal     int
	refused   map[string]int
}

// work is one solution on its way through the year.
type work struct {
	author  tenants.Actor
	id      uuid.UUID // of the solution
	version solution.VersionDetail
	cases   []uuid.UUID
	seen    Detail // the last case, as it was last seen
	trouble bool   // the name is taken
	slow    bool   // nobody hurries
}

func newYear(t *testing.T, z size) *year {
	rule := func(kind tenants.Kind, role string, permissions ...tenants.Permission) policy.Rule {
		r := policy.Rule{Kind: string(kind), Role: role}
		for _, p := range permissions {
			r.Permissions = append(r.Permissions, string(p))
		}
		return r
	}
	y := &year{
		World: tenantstest.New(t, rule(tenants.KindProvince, "test_engineer", Read, Test, Change, solution.Read), rule(tenants.KindProvince, "product_manager", Read, Approve, Change, Assign, solution.Read),
			rule(tenants.KindCity, "city_product_manager", solution.Read), rule(tenants.KindPartner, "solution_author", Read, solution.Read, solution.Write, solution.Submit)),
		size: z, r: rand.New(rand.NewPCG(z.seed, 12)), now: time.Date(2025, 1, 6, 1, 0, 0, 123_456_789, time.UTC), files: map[uuid.UUID]map[string]uuid.UUID{}, refused: map[string]int{},
	}
	y.end = y.now.AddDate(1, 3, 0) // certificates of the first months end within it
	y.reviews = review.NewService(y.DB, y.People)
	y.s, y.solutions = NewService(y.DB, y.reviews, outbound.Rules{}), solution.NewService(y.DB)
	people := 0
	seat := func(at tenants.Tenant, role string, user uuid.UUID) tenants.Actor {
		people++
		name := fmt.Sprintf("%s %d", role, people)
		if user == uuid.Nil {
			u, err := y.People.AddHashedUser(y.Context(), fmt.Sprintf("%s.%d@year.example", role, people), name, "x", "zh")
			require.NoError(t, err)
			user = u.ID
		}
		m := tenants.Membership{ProvinceID: at.ProvinceID, ID: pg.NewID(), TenantID: at.ID, UserID: user, Name: name, Email: fmt.Sprintf("seat.%d@year.example", people), Roles: pg.Texts{role}}
		require.NoError(t, tenants.AddMembership(y.DB.Login(y.Context()), m))
		a, err := y.People.ActorOf(y.Context(), m)
		require.NoError(t, err)
		return a
	}
	for range z.testers {
		y.testers = append(y.testers, seat(y.GD.Tenant, "test_engineer", uuid.Nil))
	}
	for range z.approvers {
		y.approvers = append(y.approvers, seat(y.GD.Tenant, "product_manager", uuid.Nil))
	}
	for i := range z.firms {
		m, err := partner.NewService(y.DB, y.People).Open(y.ctx(), y.GD.Tenant, partner.Registration{
			Profile:   partner.Profile{LegalName: fmt.Sprintf("第%d软件公司", i), CreditCode: tenantstest.CreditCode(8_000_000 + i), Capabilities: []string{"si"}, ContactName: "王", ContactPhone: fmt.Sprintf("1390000%04d", i), ContactEmail: fmt.Sprintf("c%d@year.example", i)},
			AdminName: "first", AdminEmail: fmt.Sprintf("first%d@year.example", i),
		}, "x")
		require.NoError(t, err)
		require.NoError(t, y.DB.As(y.Context(), tenants.System(y.GD.ID, "test"), func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE partners SET state = 'active', tier = ? WHERE province_id = ? AND id = ?`, []string{"certified", "registered", "preferred"}[i%3], y.GD.ID, m.TenantID).Error
		}))
		first, err := y.People.ActorOf(y.Context(), m)
		require.NoError(t, err)
		y.authors = append(y.authors, seat(first.Tenant, "solution_author", uuid.Nil), seat(first.Tenant, "solution_author", uuid.Nil))
		y.stored(first.Tenant)
	}
	// Somebody at the operator works for a firm too, and stands aside there.
	seat(y.authors[0].Tenant, "solution_author", y.testers[0].User)
	y.strangers = []tenants.Actor{y.HN.One(y.HN.Tenant, "test_engineer"), y.HN.One(y.HN.Tenant, "product_manager"), y.HN.One(y.HN.SI, "solution_author"), y.GD.One(y.GD.Guangzhou, "city_product_manager"), y.GD.One(y.GD.Agent, "agent"), y.GD.One(y.GD.Tenant, "analyst")}
	return y
}

// stored gives a firm the files that a version needs.
func (y *year) stored(firm tenants.Tenant) {
	y.files[firm.ID] = map[string]uuid.UUID{}
	require.NoError(y, y.DB.As(y.Context(), tenants.System(y.GD.ID, "test"), func(tx *pg.Tx) error {
		for _, kind := range []string{"whitepaper", "manual", "test_report", "package"} {
			id := pg.NewID()
			y.files[firm.ID][kind] = id
			if err := tx.Exec(`INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, scan, uploaded_by) VALUES (?, ?, ?, ?, ?, 'solution_file', ?, 'application/pdf', 9, ?, ?, 'stored', 'clean', ?)`,
				y.GD.ID, id, firm.ID, firm.ID, "GD/", kind+".pdf", id.String(), id.String(), uuid.Nil).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

func (y *year) ctx() context.Context {
	at := y.now
	if y.r.IntN(40) == 0 { // the clocks of two machines
		at = at.Add(-time.Duration(y.r.IntN(3_000)) * time.Millisecond)
	}
	return calendar.At(y.Context(), at)
}

func (y *year) one(of []tenants.Actor) tenants.Actor { return of[y.r.IntN(len(of))] }

// in may put somebody of the house into the seat.
func (y *year) in(seat tenants.Actor) tenants.Actor {
	if seat.OnBehalf != nil {
		return seat
	}
	if y.r.IntN(5) > 0 {
		return seat
	}
	sitter := y.one(append(slices.Clone(y.testers), y.approvers...))
	if sitter.User == seat.User {
		return seat
	}
	seat.OnBehalf = &tenants.Person{User: seat.User, Name: seat.Name}
	seat.User, seat.Name = sitter.User, sitter.Name
	return seat
}

// settle counts an answer: yes, or a refusal. Anything else is a fault of ours.
func (y *year) settle(what string, err error) bool {
	y.Helper()
	if err == nil {
		y.legal++
		return true
	}
	e, ok := fault.As(err)
	require.True(y, ok, "%s at %s: %v", what, y.now, err)
	y.refused[e.Code]++
	return false
}

// pass lets the year go by.
func (y *year) pass() {
	steps := y.versions * 34
	for step := 0; step < steps; step++ {
		y.now = y.now.Add(time.Duration(y.r.ExpFloat64() * float64(y.end.Sub(y.now)) / float64(steps-step)))
		if y.now.After(y.end) {
			y.now = y.end
		}
		if y.now.Sub(y.tended) > 24*time.Hour {
			y.tended = y.now
			require.NoError(y, y.s.Tend(calendar.At(y.Context(), y.now), y.GD.ID))
		}
		if len(y.works) < y.firms || y.started < min(y.versions, y.versions*(step+1)*10/(steps*7)+1) {
			y.begin()
			continue
		}
		w := y.works[y.r.IntN(len(y.works))]
		for range 6 { // what is under way more often than what is done
			if w.seen.DecidedAt != nil || w.slow && y.r.IntN(10) > 0 {
				w = y.works[y.r.IntN(len(y.works))]
			}
		}
		if y.r.IntN(5) == 0 {
			y.wild(w)
		} else {
			y.sensible(w)
		}
	}
	y.now = y.end
	require.NoError(y, y.s.Tend(calendar.At(y.Context(), y.now), y.GD.ID))
}

var names = []string{"物流看板", "政务短信", "校园总机", "医药追溯", "商圈会员"}

// begin opens a solution, or the next version of one that is decided.
func (y *year) begin() {
	for _, w := range y.works {
		if w.version.State != "draft" && w.seen.DecidedAt != nil && len(y.works) >= y.firms && y.r.IntN(3) > 0 {
			v, err := y.solutions.NewVersion(y.ctx(), w.author, w.id, "")
			if y.settle("new version", err) {
				y.started++
				w.version, w.seen = v, Detail{}
				y.fill(w)
			}
			return
		}
	}
	author := y.authors[(2*len(y.works))%len(y.authors)]
	name := fmt.Sprintf("%s%d", names[y.r.IntN(len(names))], len(y.works))
	if y.r.IntN(6) == 0 {
		name = names[y.r.IntN(len(names))]
	}
	d, err := y.solutions.Create(y.ctx(), author, solution.Edit{Name: name, Summary: "s", Industry: "logistics", Category: []string{"industry", "messaging", "hosting"}[y.r.IntN(3)], Family: solution.Families[y.r.IntN(len(solution.Families))].Code})
	if !y.settle("create", err) {
		return
	}
	y.started++
	w := &work{author: author, id: d.ID, slow: len(y.works)%4 == 3}
	w.version, err = y.solutions.GetVersion(y.ctx(), author, d.Versions[0].ID)
	require.NoError(y, err)
	y.works = append(y.works, w)
	y.fill(w)
}

// fill writes a draft and hands it in, sometimes too early.
func (y *year) fill(w *work) {
	if y.r.IntN(5) == 0 {
		y.submit(w)
	}
	y.edit(w)
	for _, kind := range []string{"whitepaper", "manual", "test_report"} {
		if !slices.ContainsFunc(w.version.Files, func(f solution.File) bool { return f.Kind == kind }) {
			v, err := y.solutions.AddFile(y.ctx(), w.author, w.version.ID, y.files[w.author.Tenant.ID][kind], kind)
			require.NoError(y, err)
			w.version = v
		}
	}
	y.submit(w)
}

func (y *year) edit(w *work) {
	x := solution.Content{
		Semver: w.version.Semver, Integration: []string{"none", "api", "deep"}[y.r.IntN(3)], Notes: "n", Description: strings.Repeat("面向物流客户的方案说明。", 2+y.r.IntN(3)),
		Elements: []solution.Element{{Name: "平台", Unit: "套", Billing: "one_off", PriceFen: int64(1+y.r.IntN(9)) * 10_000, Required: true, MaxUnits: 1}},
	}
	v, err := y.solutions.EditVersion(y.ctx(), w.author, w.version.ID, x, w.version.Version.Version)
	if y.settle("edit", err) {
		w.version = v
	}
}

// submit hands in, and looks.
func (y *year) submit(w *work) {
	y.settle("submit", y.s.Submit(y.ctx(), w.author, w.version.ID))
	y.look(w)
}

func (y *year) look(w *work) {
	v, err := y.solutions.GetVersion(y.ctx(), w.author, w.version.ID)
	require.NoError(y, err)
	w.version = v
	if v.CertificationID == nil {
		return
	}
	if !slices.Contains(w.cases, *v.CertificationID) {
		w.cases = append(w.cases, *v.CertificationID)
	}
	w.seen, err = y.s.Get(y.ctx(), w.author, *v.CertificationID)
	require.NoError(y, err)
	y.balanced(w.seen)
	if y.s.lapses(w.seen.Case) {
		require.NoError(y, y.reviews.Lapse(y.ctx(), review.Lapsed{Province: y.GD.ID, Record: w.seen.ID, At: calendar.Now(y.ctx())}))
	}
}

// balanced: whoever owes the next word has the ball.
func (y *year) balanced(c Detail) {
	y.Helper()
	asked := c.State == "in_review" && slices.ContainsFunc(c.Requests, func(r review.Request) bool { return r.Kind == review.Question && r.State == "open" })
	switch {
	case c.DecidedAt != nil:
		require.Equal(y, Nobody, c.Holder, c.Number)
	case c.Holder != Stopped:
		require.Equal(y, c.State == "changes_requested" || asked, c.Holder == Supplier, "%s in %s at %s: held by %s, a question is open: %t", c.Number, c.State, y.now, c.Holder, asked)
	}
}

// lapses tells whether nothing may be asked about a case now: the job that the
// worker would do.
func (s *Service) lapses(c Case) bool { return c.State != "in_review" }

func (y *year) who(id *uuid.UUID) (tenants.Actor, bool) {
	for _, a := range append(slices.Clone(y.testers), y.approvers...) {
		if id != nil && a.User == *id {
			return a, true
		}
	}
	return tenants.Actor{}, false
}

// tester of the case, in a seat of test engineers.
func (y *year) tester(w *work) tenants.Actor {
	a, ok := y.who(w.seen.TesterID)
	if !ok {
		return y.in(y.in(y.one(y.testers)))
	}
	if a.Can(Test) {
		return a
	}
	seat := y.one(y.testers) // a product manager who sat in one took it
	seat.OnBehalf = &tenants.Person{User: seat.User, Name: seat.Name}
	seat.User, seat.Name = a.User, a.Name
	return seat
}

// sensible does what somebody would do next.
func (y *year) sensible(w *work) {
	c, chance := &w.seen, func(percent int) bool { return y.r.IntN(100) < percent }
	act := func(a tenants.Actor, action, reason string, asked ...NewCondition) bool {
		_, err := y.s.Act(y.ctx(), a, c.ID, action, reason, asked...)
		return y.settle(action, err)
	}
	defer y.look(w)
	switch {
	case w.version.State == "draft":
		y.answer(w)
		if w.trouble {
			s, err := y.solutions.Get(y.ctx(), w.author, w.id)
			require.NoError(y, err)
			_, err = y.solutions.Change(y.ctx(), w.author, w.id, solution.Edit{Name: s.Name + strconv.Itoa(y.r.IntN(1000)), Summary: s.Summary, Industry: s.Industry, Category: s.Category, Family: s.Family}, s.Version)
			w.trouble = !y.settle("rename", err)
		}
		if chance(50) {
			y.edit(w)
		}
		if w.version.CertificationID == nil && chance(20) {
			y.fill(w)
			return
		}
		y.submit(w)
	case c.State != "" && c.DecidedAt == nil && chance(1):
		y.settle("withdraw", y.s.Withdraw(y.ctx(), w.author, w.version.ID, "不做了"))
	case c.State == "changes_requested":
		w.trouble = strings.Contains(c.HolderNote, "not_duplicate")
		y.answer(w)
		y.settle("revise", y.s.Revise(y.ctx(), w.author, w.version.ID))
	case c.State == "testing":
		y.test(w, act, chance)
	case c.State == "in_review":
		y.review(w, act, chance)
	case c.Certificate != nil:
		y.after(w, chance)
	}
}

// assign has a lead share out what nobody tests.
func (y *year) assign(w *work) {
	lead := y.one(y.approvers)
	var ids []uuid.UUID
	for _, x := range y.works {
		if x == w || (x.seen.State == "testing" && x.seen.TesterID == nil) {
			ids = append(ids, x.seen.ID)
		}
	}
	p, err := y.s.Propose(y.ctx(), lead, ids)
	require.NoError(y, err)
	var all []To
	for _, x := range p.Cases {
		if x.Tester != uuid.Nil {
			all = append(all, To{Case: x.ID, Tester: x.Tester})
		}
	}
	given, err := y.s.AssignAll(y.ctx(), lead, all)
	y.settle("assign", err)
	for _, g := range given {
		require.Nil(y, g.Refusal, "what is proposed can be given: %v", g)
	}
	for _, x := range y.works {
		if slices.Contains(ids, x.seen.ID) {
			y.look(x)
		}
	}
}

func (y *year) answer(w *work) {
	for _, f := range w.seen.Findings {
		if f.State == "open" && y.r.IntN(10) > 0 {
			_, err := y.s.Answer(y.ctx(), w.author, w.seen.ID, f.ID, "已改")
			y.settle("answer", err)
		}
	}
}

func (y *year) test(w *work, act func(tenants.Actor, string, string, ...NewCondition) bool, chance func(int) bool) {
	c, a := &w.seen, y.tester(w)
	switch {
	case c.Holder == Stopped:
		if chance(40) {
			act(a, "restart", "")
		}
		return
	case c.TesterID == nil && chance(30):
		y.assign(w)
		return
	case c.TesterID != nil && chance(2):
		_, err := y.s.AssignOne(y.ctx(), y.one(y.approvers), To{Case: c.ID, Tester: y.one(y.testers).User, Reason: "长期休假"})
		y.settle("assign anew", err)
		return
	case c.TesterID == nil:
		_, err := y.s.Claim(y.ctx(), a, c.ID)
		y.settle("claim", err)
		return
	case chance(3):
		act(a, "stop", "等测评机构")
		return
	case chance(3):
		act(a, "hand_back", "休假")
		return
	case chance(3):
		_, err := y.s.Find(y.ctx(), a, c.ID, "functional", []string{"minor", "major", "blocker"}[y.r.IntN(3)], "问题")
		y.settle("find", err)
		return
	}
	for _, f := range c.Findings {
		if f.State == "answered" {
			judge := y.s.CloseFinding
			if chance(10) {
				judge = y.s.ReopenFinding
			}
			_, err := judge(y.ctx(), a, c.ID, f.ID)
			y.settle("judge", err)
		}
	}
	for range 6 { // checks in one sitting
		k, ok := y.openCheck(c)
		if !ok {
			break
		}
		if chance(7) {
			d, err := y.s.Exempt(y.ctx(), y.in(y.one(y.approvers)), c.ID, k.ID, "已有同等证明", y.now.AddDate(0, 0, 10+y.r.IntN(200)), nil)
			if y.settle("exempt", err) {
				for _, st := range d.Stages {
					for _, x := range st.Checks {
						require.True(y, x.ID != k.ID || x.Exemption != nil, "%s at %s: %s is exempted", c.Number, y.now, x.Code)
					}
				}
			}
			return
		}
		r := Result{Result: []string{"pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "fail", Transient, "not_applicable"}[y.r.IntN(20)], Note: "记录"}
		if k.LimitValue != nil {
			r.Measured = strconv.FormatFloat(*k.LimitValue, 'f', -1, 64)
		}
		d, err := y.s.Record(y.ctx(), a, c.ID, k.ID, r)
		if !y.settle("record", err) {
			return
		}
		w.seen = d
		y.now = y.now.Add(time.Duration(y.r.IntN(3600_000)) * time.Millisecond)
	}
	if _, open := y.openCheck(c); open {
		return
	}
	failed := slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.State != "closed" }) ||
		slices.ContainsFunc(c.Stages, func(st Stage) bool {
			return slices.ContainsFunc(st.Checks, func(k Check) bool { return k.Result == "fail" })
		})
	if failed && chance(80) {
		act(a, "request_changes", "请修改")
		return
	}
	act(a, "finish_tests", "")
}

// openCheck is the first that the tester owes a result.
func (y *year) openCheck(c *Detail) (Check, bool) {
	for _, st := range c.Stages {
		for _, k := range st.Checks {
			if k.Result == "open" && !k.Machine && st.Kind != "price_review" && k.Exemption == nil {
				return k, true
			}
		}
	}
	return Check{}, false
}

func (y *year) review(w *work, act func(tenants.Actor, string, string, ...NewCondition) bool, chance func(int) bool) {
	c, a := &w.seen, y.in(y.one(y.approvers))
	if c.Holder == Stopped {
		if chance(40) {
			act(a, "restart", "")
		}
		return
	}
	// The author does not see what colleagues ask each other.
	whole, err := y.s.Get(y.ctx(), a, c.ID)
	require.NoError(y, err)
	for _, q := range whole.Requests {
		if q.State == "open" && chance(55) {
			by := w.author
			if q.Kind != review.Question {
				by, _ = y.who(q.ToUser)
			}
			_, err := y.s.AnswerRequest(y.ctx(), by, c.ID, q.ID, "答复")
			if q.Kind == review.HandOver || chance(10) {
				_, err = y.s.TakeBack(y.ctx(), by, c.ID, q.ID)
			}
			y.settle("answer "+q.Kind, err)
			return
		}
		if q.State == "open" && chance(25) { // meanwhile neither side can go on
			act(a, "stop", "等外部结论")
			return
		}
	}
	switch {
	case chance(35):
		n := review.New{Kind: []string{review.Question, review.Opinion, review.HandOver}[y.r.IntN(3)], Body: "请说明"}
		if n.Kind != review.Question {
			n.To = y.one(y.approvers).User
		}
		_, err := y.s.Ask(y.ctx(), a, c.ID, n)
		y.settle("ask", err)
	case chance(9):
		act(a, "stop", "等外部结论")
	case chance(8):
		act(a, "reject", "不引入")
	case chance(10):
		act(a, "request_changes", "请补充")
	case chance(20):
		act(a, "approve", "", NewCondition{Body: "补日志", Due: y.now.AddDate(0, 0, 5+y.r.IntN(60))})
	default:
		if !act(a, "approve", "") && chance(60) {
			act(y.one(y.approvers), "request_changes", "检查未通过")
		}
	}
}

func (y *year) after(w *work, chance func(int) bool) {
	c, a := &w.seen, y.in(y.one(y.approvers))
	for _, x := range c.Conditions {
		switch {
		case x.State == "open" && chance(50):
			_, err := y.s.Fulfil(y.ctx(), w.author, c.ID, x.ID, "已补", nil)
			y.settle("fulfil", err)
		case x.State == "submitted" && chance(50):
			_, err := y.s.Accept(y.ctx(), a, c.ID, x.ID)
			y.settle("accept", err)
		case x.State == "submitted":
			_, err := y.s.Return(y.ctx(), a, c.ID, x.ID, "不足")
			y.settle("return", err)
		}
	}
	if chance(1) {
		_, err := y.s.Revoke(y.ctx(), a, c.ID, "查实造假", c.Certificate.Number)
		y.settle("revoke", err)
	}
}

// wild lets anybody try anything on any case.
func (y *year) wild(w *work) {
	defer y.look(w)
	if len(w.cases) == 0 {
		return
	}
	house := append(slices.Clone(y.testers), y.approvers...)
	a := y.one([]tenants.Actor{w.author, y.in(y.one(house)), y.in(y.one(house)), y.in(y.one(house)), y.one(y.authors), y.one(y.strangers)})
	id := w.cases[y.r.IntN(len(w.cases))]
	ctx := y.ctx()
	var err error
	try := y.r.IntN(16)
	switch try {
	case 0:
		err = y.s.Submit(ctx, a, w.version.ID)
	case 1:
		err = y.s.Revise(ctx, a, w.version.ID)
	case 2:
		_, err = y.s.Claim(ctx, a, id)
	case 3:
		_, err = y.s.Find(ctx, a, id, "security", "major", "问题")
	case 4, 5:
		if n := len(w.seen.Stages); n > 0 {
			checks := w.seen.Stages[y.r.IntN(n)].Checks
			k := checks[y.r.IntN(len(checks))]
			_, err = y.s.Record(ctx, a, id, k.ID, Result{Result: "pass", Measured: "1", Note: "越权"})
			if try == 5 {
				_, err = y.s.Exempt(ctx, a, id, k.ID, "r", y.now.AddDate(0, 0, 9), nil)
			}
		}
	case 6:
		if n := len(w.seen.Conditions); n > 0 {
			_, err = y.s.Accept(ctx, a, id, w.seen.Conditions[y.r.IntN(n)].ID)
		}
	case 7:
		number := "C"
		if w.seen.Certificate != nil && y.r.IntN(10) == 0 {
			number = w.seen.Certificate.Number
		}
		_, err = y.s.Revoke(ctx, a, id, "r", number)
	case 8:
		_, err = y.s.Ask(ctx, a, id, review.New{Kind: review.Question, Body: "?"})
	case 9:
		if n := len(w.seen.Requests); n > 0 {
			_, err = y.s.TakeBack(ctx, a, id, w.seen.Requests[y.r.IntN(n)].ID)
		}
	default:
		actions := []string{"open_tests", "finish_tests", "certify_type", "request_changes", "resubmit", "approve", "reject", "stop", "restart", "hand_back", "withdraw", "approve"}
		reason := []string{"", "理由"}[y.r.IntN(2)]
		_, err = y.s.Act(ctx, a, id, actions[y.r.IntN(len(actions))], reason)
	}
	y.settle("wild "+strconv.Itoa(try), err)
}

// outcome is what became of a case, for comparing two runs.
func (y *year) outcome() (out []string) {
	for _, c := range y.all() {
		out = append(out, fmt.Sprintf("%s %s %s %d %d %d", c.Number, c.State, c.Holder, c.OperatorMS, c.PartnerMS, c.StoppedMS))
	}
	return out
}

func read[T any](y *year, sql string, args ...any) (out []T) {
	y.Helper()
	require.NoError(y, y.DB.Read(y.Context(), tenants.System(y.GD.ID, "test"), func(tx *pg.Tx) error { return tx.Raw(sql, args...).Scan(&out).Error }))
	return out
}

func (y *year) all() []Case {
	return read[Case](y, `SELECT * FROM certifications WHERE province_id = ? ORDER BY number`, y.GD.ID)
}

// TestAYear lets a year pass, seeded, with all that people do and some that
// they may not, and then asks what must hold whatever they did.
func TestAYear(t *testing.T) {
	z := usualYear
	if os.Getenv("YEAR") == "full" {
		z = fullYear
	}
	y := newYear(t, z)
	began := time.Now()
	y.pass()
	states := map[string]int{}
	for _, c := range y.all() {
		states[c.State]++
	}
	t.Logf("%d steps taken, refused %v, cases %v, in %s", y.legal, y.refused, states, time.Since(began))
	acts := read[string](y, `SELECT DISTINCT action FROM audit_events WHERE province_id = ? AND resource = 'certification'`, y.GD.ID)
	for _, act := range strings.Fields("submit return_intake open_tests claim hand_back record_fail record_transient find answer close_finding stop restart exempt request_changes resubmit finish_tests certify_type ask_question answer_question " +
		"ask_opinion assign impose_condition fulfil accept_condition approve reject withdraw late_stage late_case certificate_ending expire revoke condition_overdue suspend_certificate") {
		require.Contains(t, acts, act, "a year in which this never happens proves little")
	}
	t.Run("no case is lost", y.noCaseIsLost)
	t.Run("no clock leaks", y.noClockLeaks)
	t.Run("nobody decides on their own", y.apart)
	t.Run("a certificate for each certified version", y.certificates)
	t.Run("overruns are told of once", y.overruns)
	t.Run("the trail verifies", func(t *testing.T) {
		rows, err := y.People.VerifyAudit(y.Context(), y.GD.ID)
		require.NoError(t, err)
		require.Greater(t, rows, int64(y.legal/2))
	})
}

// TestAYearIsTheSameTwice: a seed tells one story.
func TestAYearIsTheSameTwice(t *testing.T) {
	var stories [2][]string
	for i := range stories {
		y := newYear(t, smallYear)
		y.pass()
		stories[i] = y.outcome()
	}
	require.NotEmpty(t, stories[0])
	require.Equal(t, stories[0], stories[1])
}

// noCaseIsLost: each case has ended, or somebody holds it and somebody can take
// the step that comes next.
func (y *year) noCaseIsLost(t *testing.T) {
	for _, w := range y.works {
		for _, id := range w.cases {
			c, err := y.s.Get(calendar.At(t.Context(), y.end), w.author, id)
			require.NoError(t, err)
			if c.DecidedAt != nil {
				require.Equal(t, Nobody, c.Holder, c.Number)
				require.Contains(t, []string{"certified", "rejected", "withdrawn"}, c.State)
				require.Nil(t, c.EscalateAt, c.Number)
				open := read[string](y, `SELECT kind FROM review_requests WHERE province_id = ? AND resource_id = ? AND state = 'open'`, y.GD.ID, id)
				require.Empty(t, open, c.Number)
				continue
			}
			require.Contains(t, []string{Operator, Supplier, Stopped}, c.Holder)
			require.NotEqual(t, "none", c.Next, "%s in %s", c.Number, c.State)
			y.balanced(c)
			able := []string{}
			for _, a := range append(append(slices.Clone(y.testers), y.approvers...), w.author) {
				d, err := y.s.Get(calendar.At(t.Context(), y.end), a, id)
				require.NoError(t, err)
				for _, action := range d.Actions {
					if action != "withdraw" {
						able = append(able, action)
					}
				}
			}
			// Sitters who took a case test it in a seat that is not theirs.
			if by, ok := y.who(c.TesterID); c.State == "testing" && ok && !by.Can(Test) {
				continue
			}
			if c.Holder != Supplier {
				require.NotEmpty(t, able, "%s in %s, %s, waits for %s", c.Number, c.State, c.Holder, c.Next)
			}
		}
	}
}

// noClockLeaks: what the sides are charged is the working time that passed.
func (y *year) noClockLeaks(t *testing.T) {
	for _, c := range y.all() {
		end := y.end
		if c.DecidedAt != nil {
			end = moment(*c.DecidedAt)
			if c.HolderSince.After(end) {
				end = c.HolderSince
			}
		}
		k := c.Clock(end)
		require.Equal(t, calendar.WorkingTime(c.SubmittedAt, moment(end)).Milliseconds(), (k.Operator + k.Partner + k.Stopped).Milliseconds(), "%s in %s", c.Number, c.State)
		turns := read[Turn](y, `SELECT * FROM certification_turns WHERE province_id = ? AND certification_id = ? ORDER BY from_at, to_at, id`, y.GD.ID, c.ID)
		at, sums := c.SubmittedAt, map[string]int64{}
		for _, x := range turns {
			require.True(t, at.Equal(x.FromAt), "%s: a gap between turns", c.Number)
			at = x.ToAt
			sums[x.Holder] += x.MS
		}
		require.True(t, at.Equal(c.HolderSince), c.Number)
		require.Equal(t, []int64{c.OperatorMS, c.PartnerMS, c.StoppedMS}, []int64{sums[Operator], sums[Supplier], sums[Stopped]}, c.Number)
	}
}

// apart: author, testers and deciders are different persons, by the rows and by
// the trail.
func (y *year) apart(t *testing.T) {
	users := func(id uuid.UUID, actions ...string) (out []string) {
		for _, e := range read[tenants.AuditEvent](y, `SELECT * FROM audit_events WHERE province_id = ? AND resource_id = ? AND side <> 'system' AND action IN ?`, y.GD.ID, id, actions) {
			out = append(out, e.UserID.String())
			for _, a := range append(slices.Clone(y.testers), y.approvers...) {
				if e.OnBehalf == a.Name {
					out = append(out, a.User.String())
				}
			}
		}
		return out
	}
	decided := 0
	for _, c := range y.all() {
		tested := append(users(c.ID, "record_pass", "record_fail", "record_not_applicable", "record_open", "find", "close_finding", "reopen_finding", "finish_tests", "certify_type"), c.Testers...)
		deciders := append(users(c.ID, "approve", "reject"), c.Deciders...)
		judges := append(slices.Clone(deciders), users(c.ID, "exempt", "accept_condition")...)
		decided += len(deciders)
		for _, id := range judges {
			require.NotContains(t, tested, id, "%s was tested and judged by one person", c.Number)
		}
		require.NotContains(t, tested, c.AuthorID.String(), c.Number)
		require.NotContains(t, judges, c.AuthorID.String(), c.Number)
		for _, id := range append(tested, judges...) {
			if id == y.testers[0].User.String() {
				require.NotEqual(t, y.authors[0].Tenant.ID, c.PartnerID, "%s: who works for the firm stands aside", c.Number)
			}
		}
	}
	require.Positive(t, decided)
}

// certificates: one for each version that was certified, none for others.
func (y *year) certificates(t *testing.T) {
	wrong := read[string](y, `SELECT v.state FROM solution_versions v LEFT JOIN certificates x ON x.province_id = v.province_id AND x.version_id = v.id
		WHERE v.province_id = ? GROUP BY v.id, v.state HAVING count(x.id) <> CASE WHEN v.state IN ('certified', 'superseded', 'revoked', 'expired') THEN 1 ELSE 0 END`, y.GD.ID)
	require.Empty(t, wrong)
	require.Empty(t, read[string](y, `SELECT c.number FROM certifications c LEFT JOIN certificates x ON x.province_id = c.province_id AND x.certification_id = c.id WHERE c.province_id = ? GROUP BY c.id, c.number, c.state HAVING count(x.id) <> (c.state = 'certified')::int`, y.GD.ID))
	require.Empty(t, read[string](y, `SELECT s.name FROM solutions s JOIN solution_versions v ON v.province_id = s.province_id AND v.solution_id = s.id WHERE s.province_id = ? AND v.state = 'certified' GROUP BY s.id, s.name HAVING count(*) > 1`, y.GD.ID))
	require.Empty(t, read[string](y, `SELECT number FROM certificates WHERE province_id = ? AND valid_until < ? AND revoked_at IS NULL AND expired_at IS NULL`, y.GD.ID, y.end))
}

// overruns: told once, and only when there was one.
func (y *year) overruns(t *testing.T) {
	twice := read[string](y, `SELECT label || action || reason FROM audit_events WHERE province_id = ? AND action IN ('late_case', 'late_stage') GROUP BY resource_id, label, action, reason HAVING count(*) > 1`, y.GD.ID)
	require.Empty(t, twice)
	told := read[uuid.UUID](y, `SELECT resource_id FROM audit_events WHERE province_id = ? AND action = 'late_case'`, y.GD.ID)
	for _, c := range y.all() {
		spent := c.Clock(y.end).Operator
		if spent > ofDays(BudgetDays+2) { // longer than between two looks
			require.Contains(t, told, c.ID, "%s took %.1f days", c.Number, Days(spent))
		}
		if spent <= ofDays(BudgetDays) {
			require.NotContains(t, told, c.ID, "%s took %.1f days", c.Number, Days(spent))
		}
	}
}

// TestWhoSparedACheckDoesNotTest: to spare a check is part of the decision, so
// whoever did it does not test the case in another's seat.
func TestWhoSparedACheckDoesNotTest(t *testing.T) {
	y := newYear(t, smallYear)
	y.begin()
	w := y.works[0]
	for w.seen.State != "testing" {
		y.sensible(w)
	}
	k, _ := y.openCheck(&w.seen)
	lead := y.approvers[0]
	_, err := y.s.Exempt(y.ctx(), lead, w.seen.ID, k.ID, "已有同等证明", y.now.AddDate(0, 1, 0), nil)
	require.NoError(t, err)
	seat := y.testers[1]
	seat.OnBehalf = &tenants.Person{User: seat.User, Name: seat.Name}
	seat.User, seat.Name = lead.User, lead.Name
	_, err = y.s.Claim(y.ctx(), seat, w.seen.ID)
	require.ErrorIs(t, err, ErrDuties)
	d, err := y.s.Get(y.ctx(), seat, w.seen.ID)
	require.NoError(t, err)
	require.NotContains(t, d.Actions, "claim")
	_, err = y.s.Claim(y.ctx(), y.testers[1], w.seen.ID)
	require.NoError(t, err)
}
