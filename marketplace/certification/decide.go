package certification

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/money"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// Act takes a step of the case: finish_tests, request_changes, approve, reject.
// An approval under conditions overlooks all that does not block.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, asked ...NewCondition) (Detail, error) {
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
		t, err := Machine.Take(c.State, action, reason)
		if err != nil {
			return err
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		if err := s.duties(ctx, a, &c, action); err != nil {
			return err
		}
		sol, v, err := solution.LockVersion(tx, a, c.VersionID)
		if err != nil {
			return err
		}
		if (c.Holder == Stopped) != (action == "restart") {
			if action == "restart" {
				return ErrRunning
			}
			return ErrStopped
		}
		switch action {
		case "stop", "restart":
			err = s.turnClock(ctx, tx, a, &c, action, reason)
		case "hand_back":
			err = s.handBack(ctx, tx, a, &c, reason)
		case "finish_tests":
			err = s.finish(ctx, tx, a, &c, &sol, &v)
		case "request_changes":
			err = s.giveBack(ctx, tx, a, &c, &sol, &v, action, reason)
		case "approve":
			if err = s.approvable(tx, c.ID, len(asked) > 0, calendar.Now(ctx)); err != nil {
				return err
			}
			if err = s.impose(ctx, tx, a, &c, asked); err != nil {
				return err
			}
			c.decidedBy(a)
			// Whether the price is fair is the approver's own judgement.
			if err = s.acceptPrice(ctx, tx, a, c.ID); err != nil {
				return err
			}
			err = s.certify(ctx, tx, a, &c, &sol, &v, action, len(asked) > 0)
		case "reject":
			c.decidedBy(a)
			if err = solution.Move(ctx, tx, a, &sol, &v, "reject", reason); err == nil {
				err = s.decide(ctx, tx, a, &c, action, reason)
			}
		}
		if err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// duties keeps author, tester and approver apart; the database says the same.
func (s *Service) duties(ctx context.Context, a tenants.Actor, c *Case, action string) error {
	if a.Is(c.AuthorID) || c.PartnerID == a.Tenant.ID {
		return ErrDuties
	}
	if err := standsAside(ctx); err != nil && action != "hand_back" {
		return err
	}
	switch action {
	case "finish_tests", "hand_back":
		if action == "finish_tests" && c.judged(a) {
			return ErrDuties
		}
		return mine(a, c)
	case "request_changes", "stop", "restart":
		// The tester while testing, an approver in review.
		if c.State == "testing" {
			return mine(a, c)
		}
		if !a.Can(Approve) {
			return fault.DeniedFor(string(Approve))
		}
	case "approve", "reject":
		if c.tested(a) {
			return ErrDuties
		}
	}
	return nil
}

// approvable says what stands in the way of an approval.
func (s *Service) approvable(tx *pg.Tx, id uuid.UUID, conditional bool, now time.Time) error {
	count, refusal := s.faults, ErrChecksFailed
	if conditional {
		count, refusal = blockers, ErrBlockers
	}
	n, err := count(tx, id, now)
	if err == nil && n > 0 {
		return refusal.Fill(n)
	}
	if err != nil || !conditional {
		return err
	}
	if n, err = unsafe(tx, id); err == nil && n > 0 {
		return ErrUnsafe.Fill(n)
	}
	return err
}

// unsafe counts mandatory security checks that failed: no condition waives
// them.
func unsafe(tx *pg.Tx, id uuid.UUID) (n int, err error) {
	err = tx.Raw(`SELECT count(*) FROM certification_checks WHERE province_id = ? AND certification_id = ? AND stage = 'security' AND mandatory AND result = 'fail'`, tx.Identity.Province, id).Scan(&n).Error
	return n, err
}

// faults counts what stands against approval: failed checks and findings that
// are not closed, minor ones apart.
func (s *Service) faults(tx *pg.Tx, id uuid.UUID, now time.Time) (int, error) {
	var n int
	err := tx.Raw(`SELECT (SELECT count(*) FROM certification_checks WHERE province_id = ? AND certification_id = ? AND ((result = 'fail' AND mandatory) OR (result = 'open' AND stage <> 'price_review')) AND NOT `+exempt+`)
		+ (SELECT count(*) FROM findings WHERE province_id = ? AND certification_id = ? AND state <> 'closed' AND severity <> 'minor')`,
		tx.Identity.Province, id, now, tx.Identity.Province, id).Scan(&n).Error
	return n, err
}

// handBack puts a case back into the queue, with a note for whoever takes it
// next; what was recorded stays.
func (s *Service) handBack(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, note string) error {
	c.TesterID, c.TesterName, c.UpdatedAt = nil, "", calendar.Now(ctx)
	if err := pass(tx, a, c, Operator, "queue", note, c.UpdatedAt); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry("hand_back", c.State, note))
	return pg.Save(tx, c)
}

// turnClock stops the clock for a reason that lies with neither side, or lets
// it go on.
func (s *Service) turnClock(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, action, reason string) error {
	to, why := Stopped, "stopped"
	if action == "restart" {
		var err error
		if to, why, err = owes(tx, c); err != nil {
			return err
		}
	}
	c.UpdatedAt = calendar.Now(ctx)
	if err := pass(tx, a, c, to, why, reason, c.UpdatedAt); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry(action, c.State, reason))
	return pg.Save(tx, c)
}

// owes tells which side has the next word on a case that is tested or decided,
// and why: the firm while it is asked something.
func owes(tx *pg.Tx, c *Case) (to, why string, err error) {
	if c.State == "testing" {
		return Operator, "testing", nil
	}
	all, err := review.Of(tx, "certification", c.ID)
	if slices.ContainsFunc(all, func(r review.Request) bool { return r.State == "open" && r.Kind == review.Question }) {
		return Supplier, "question", err
	}
	return Operator, "review", err
}

func (s *Service) finish(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, sol *solution.Solution, v *solution.Version) error {
	all, err := stages(tx, c.ID, calendar.Now(ctx))
	if err != nil {
		return err
	}
	open := 0
	for _, st := range all {
		for _, k := range st.Checks {
			// The price is the product manager's question, not the tester's.
			if k.Result == "open" && k.Exemption == nil && st.Kind != "price_review" {
				open++
			}
		}
	}
	if open > 0 {
		return ErrChecksOpen.Fill(open)
	}
	if c.Track == "certified_type" {
		n, err := s.faults(tx, c.ID, calendar.Now(ctx))
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrChecksFailed.Fill(n)
		}
		c.testedBy(a)
		return s.certify(ctx, tx, a, c, sol, v, "certify_type", false)
	}
	now := calendar.Now(ctx)
	for i := range all {
		st := &all[i]
		if st.Kind != "price_review" {
			continue
		}
		// The figure beside its kind is the evidence; the answer is the approver's.
		if err := s.priceReview(tx, st, *sol, c.VersionID, now); err != nil {
			return err
		}
		if err := saveStage(tx, st); err != nil {
			return err
		}
		c.Stage = st.Kind
	}
	c.testedBy(a)
	from := c.State
	c.State, c.UpdatedAt = "in_review", now
	if err := pass(tx, a, c, Operator, "review", "", now); err != nil {
		return err
	}
	if err := solution.Move(ctx, tx, a, sol, v, "review", ""); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry("finish_tests", from, ""))
	return pg.Save(tx, c)
}

// priceReview puts the starting price beside the median of its family.
func (s *Service) priceReview(tx *pg.Tx, st *Stage, sol solution.Solution, version uuid.UUID, now time.Time) error {
	v, err := solution.Full(tx, version)
	if err != nil {
		return err
	}
	var prices []int64
	err = tx.Raw(`SELECT sum(e.price_fen) FROM function_elements e JOIN solution_versions v ON v.province_id = e.province_id AND v.id = e.version_id
		JOIN solutions s ON s.province_id = v.province_id AND s.id = v.solution_id
		WHERE e.province_id = ? AND s.family = ? AND v.state = 'certified' AND e.required AND v.id <> ? GROUP BY v.id ORDER BY 1`, sol.ProvinceID, sol.Family, version).Scan(&prices).Error
	if err != nil {
		return err
	}
	for i := range st.Checks {
		k := &st.Checks[i]
		if k.Result != "open" {
			continue
		}
		k.UpdatedAt = now
		k.Measured = money.Yuan(solution.FromFen(v.Elements))
		if len(prices) > 0 {
			k.Threshold = medianPrefix + money.Yuan(prices[len(prices)/2])
		}
		if err := saveCheck(tx, k); err != nil {
			return err
		}
	}
	st.StartedAt, st.State = &now, "open"
	return nil
}

// acceptPrice records the approver's answer to the price review.
func (s *Service) acceptPrice(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) error {
	all, err := stages(tx, id, calendar.Now(ctx))
	if err != nil {
		return err
	}
	now := calendar.Now(ctx)
	for i := range all {
		st := &all[i]
		if st.Kind != "price_review" {
			continue
		}
		for j := range st.Checks {
			k := &st.Checks[j]
			k.Result, k.ByName, k.UpdatedAt = "pass", a.Name, now
			if err := saveCheck(tx, k); err != nil {
				return err
			}
		}
		st.settle(now)
		if err := saveStage(tx, st); err != nil {
			return err
		}
	}
	return nil
}

// certify ends the case well: certificate, older versions superseded, and
// news for the listings.
func (s *Service) certify(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, sol *solution.Solution, v *solution.Version, action string, conditional bool) error {
	now := calendar.Now(ctx)
	full, err := solution.Full(tx, v.ID)
	if err != nil {
		return err
	}
	if c.ContentHash != "" && c.ContentHash != full.ContentHash() {
		return ErrContent
	}
	// The counter lets one case of the province through at a time: of two
	// namesakes the second sees the first.
	number, err := nextNumber(ctx, tx, c.OrgPath)
	if err != nil {
		return err
	}
	if err := unique(tx, c); err != nil {
		return err
	}
	siblings, err := solution.Siblings(tx, sol.ID)
	if err != nil {
		return err
	}
	for i := range siblings {
		if siblings[i].ID != v.ID && siblings[i].State == "certified" {
			if err := solution.Move(ctx, tx, a, sol, &siblings[i], "supersede", ""); err != nil {
				return err
			}
		}
	}
	if err := solution.Move(ctx, tx, a, sol, v, "certify", ""); err != nil {
		return err
	}
	if err := s.decide(ctx, tx, a, c, action, ""); err != nil {
		return err
	}
	cert := Certificate{
		ProvinceID: c.ProvinceID, ID: pg.NewID(), Number: number, CertificationID: &c.ID, Conditional: conditional, Told: pg.Texts{}, Version: 1, VersionID: v.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, SolutionName: c.SolutionName, Semver: v.Semver,
		PartnerName: c.PartnerName, ContentHash: full.ContentHash(), IssuedAt: now, ValidUntil: now.AddDate(0, ValidMonths, 0),
	}
	if c.validUntil != nil {
		cert.ValidUntil = *c.validUntil
	}
	if err := tx.Create(&cert).Error; err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, JobCertified, Certified{c.ProvinceID, v.ID})
}

// unique refuses a name that another firm got certified while the case was
// tested, where the plan asks for it.
func unique(tx *pg.Tx, c *Case) error {
	var asked bool
	if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM certification_checks WHERE province_id = ? AND certification_id = ? AND code = 'not_duplicate' AND mandatory)`, c.ProvinceID, c.ID).Scan(&asked).Error; err != nil || !asked {
		return err
	}
	n, err := twins(tx, c.PartnerID, c.SolutionName)
	if err == nil && n > 0 {
		return ErrNamesake
	}
	return err
}

// CertificateOf finds the certificate of a version inside a transaction;
// fault.ErrMissing when there is none.
func CertificateOf(tx *pg.Tx, version uuid.UUID) (Certificate, error) {
	var c Certificate
	err := pg.One(tx.Where("province_id = ? AND version_id = ?", tx.Identity.Province, version), &c)
	return c, err
}

// Verify answers anybody who has the number: the page behind the certificate.
// Numbers from before they named their province may have been given out twice;
// such a number proves nothing.
func (s *Service) Verify(ctx context.Context, provinces []tenants.Tenant, number string) (Certificate, error) {
	number = strings.ToUpper(strings.TrimSpace(number))
	var found []Certificate
	for _, p := range provinces {
		if strings.Contains(number, "-") && !strings.HasPrefix(number, certificateSeries(p.Code)) {
			continue
		}
		var c Certificate
		err := s.db.Read(ctx, tenants.System(p.ID, "certificate verification"), func(tx *pg.Tx) error {
			return pg.One(tx.Where("province_id = ? AND number = ?", p.ID, number), &c)
		})
		if err == nil {
			found = append(found, c)
		} else if !isMissing(err) {
			return Certificate{}, err
		}
	}
	if len(found) != 1 {
		return Certificate{}, fault.ErrMissing
	}
	return found[0], nil
}

// Criteria returns what a certificate stands for: the stages and checks of its
// case as they were when it was issued. Anybody may read it; callers show the
// thresholds and whether each was met, not what was measured.
func (s *Service) Criteria(ctx context.Context, provinces []tenants.Tenant, number string) (out []Stage, err error) {
	c, err := s.Verify(ctx, provinces, number)
	if err != nil || c.CertificationID == nil {
		return nil, err
	}
	err = s.db.Read(ctx, tenants.System(c.ProvinceID, "certificate verification"), func(tx *pg.Tx) (err error) {
		out, err = stages(tx, *c.CertificationID, c.IssuedAt)
		return err
	})
	return out, err
}

// Query filters the queue of cases.
type Query struct {
	State   string
	Mine    bool // what waits for the actor
	Free    bool // under test, and nobody has it
	Overdue bool
	Machine bool // passed by machine
	Text    string
	AfterAt time.Time
	AfterID uuid.UUID
	Limit   int
}

// List returns cases, the longest waiting first while they are open.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Case, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Case{})
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Mine {
			switch {
			case a.Partner():
				d = d.Where("state = 'changes_requested'")
			case a.Can(Test):
				d = d.Where("state = 'testing' AND (tester_id IS NULL OR tester_id IN ?)", a.Persons())
			default:
				d = d.Where("state = 'in_review'")
			}
		}
		if q.Free {
			d = d.Where("state = 'testing' AND tester_id IS NULL")
		}
		if q.Machine {
			d = d.Where("holder_reason = 'certify_light'")
		}
		if q.Overdue {
			d = d.Where("due_at < ?", calendar.Now(ctx))
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(solution_name LIKE ? OR partner_name LIKE ? OR number LIKE ?)", like, like, like)
		}
		return pg.Newest(d, "submitted_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// Detail is a case with all that is shown beside it.
type Detail struct {
	Case
	Stages      []Stage
	Turns       []Turn
	Rounds      []Submission
	Findings    []Finding
	Content     solution.Version
	History     []tenants.AuditEvent
	Conditions  []Condition
	Certificate *Certificate
	Requests    []review.Request
	Next        string
	Advice      string
	Recused     fault.Words // why the actor has to stand aside; empty if not
	Actions     []string
}

// Get returns one case.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	ctx, err := s.apart(ctx, a, id)
	if err != nil {
		return d, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	err := pg.One(tenants.Rows(tx).Where("id = ?", id), &d.Case)
	if err != nil {
		return d, err
	}
	if d.Stages, err = stages(tx, id, calendar.Now(ctx)); err != nil {
		return d, err
	}
	if d.Turns, err = turnsOf(tx, id); err != nil {
		return d, err
	}
	if d.Rounds, err = submissions(tx, id); err != nil {
		return d, err
	}
	charge(&d.Case, d.Stages, d.Turns, calendar.Now(ctx))
	if d.Findings, err = findings(tx, id); err != nil {
		return d, err
	}
	if d.Content, err = solution.Full(tx, d.VersionID); err != nil {
		return d, err
	}
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	if d.Conditions, err = conditions(tx, id); err != nil {
		return d, err
	}
	if cert, err := CertificateOf(tx, d.VersionID); err == nil {
		d.Certificate = &cert
	}
	if d.Requests, err = review.Of(tx, "certification", id); err != nil {
		return d, err
	}
	n, err := s.faults(tx, id, calendar.Now(ctx))
	if err != nil {
		return d, err
	}
	d.Advice = "none"
	if d.State == "in_review" {
		d.Advice = "approve"
		if n > 0 {
			d.Advice = "request_changes"
		}
	}
	d.Next = map[string]string{"intake": "test", "testing": "test", "in_review": "decide", "changes_requested": "answer"}[d.State]
	switch {
	case d.Next == "":
		d.Next = "none"
	case d.Holder == Stopped:
		d.Next = "restart"
	case d.State == "in_review" && d.Holder == Supplier:
		d.Next = "answer"
	case d.State == "testing" && d.TesterID == nil:
		d.Next = "claim"
	case d.State == "changes_requested" && d.OpenFindings == 0:
		d.Next = "resubmit"
	}
	d.Recused = recused(ctx)
	d.Actions = s.actions(ctx, a, &d, calendar.Now(ctx))
	return d, nil
}

// actions are what the actor may do with the case now.
func (s *Service) actions(ctx context.Context, a tenants.Actor, d *Detail, now time.Time) []string {
	out := []string{}
	for _, action := range Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) }) {
		if (action == "restart") != (d.Holder == Stopped) && action != "withdraw" {
			continue
		}
		if action == "resubmit" || action == "withdraw" || s.duties(ctx, a, &d.Case, action) == nil {
			out = append(out, action)
		}
	}
	if d.Certificate != nil && a.Can(Approve) {
		if st := d.Certificate.State(now); st == "valid" || st == "suspended" {
			out = append(out, "revoke")
		}
	}
	insecure := slices.ContainsFunc(d.Stages, func(st Stage) bool {
		return st.Kind == "security" && slices.ContainsFunc(st.Checks, func(k Check) bool { return k.Mandatory && k.Result == "fail" })
	})
	if d.State == "in_review" && slices.Contains(out, "approve") && !insecure {
		out = append(out, "approve_conditionally")
		if d.Holder != Stopped {
			out = append(out, "ask")
		}
	}
	if d.State == "testing" && a.Can(Assign) {
		out = append(out, "assign")
	}
	if d.State == "testing" && a.Can(Test) && d.Holder != Stopped && d.Recused.Zh == "" && !d.judged(a) {
		switch {
		case d.TesterID == nil:
			out = append(out, "claim")
		case a.Is(*d.TesterID):
			out = append(out, "record", "find")
		}
	}
	return out
}

// FindingActions are what the actor may do with a finding now.
func FindingActions(a tenants.Actor, c Detail, f Finding) []string {
	out := []string{}
	if c.DecidedAt != nil {
		return out
	}
	if a.Partner() && a.Can(solution.Submit) && f.State != "closed" {
		out = append(out, "answer")
	}
	if c.State == "testing" && c.Holder != Stopped && a.Can(Test) && c.Recused.Zh == "" && mine(a, &c.Case) == nil {
		if f.State != "closed" {
			out = append(out, "close")
		}
		if f.State != "open" {
			out = append(out, "reopen")
		}
	}
	return out
}

// Of returns the certificate of a version; nil when there is none.
func (s *Service) Of(ctx context.Context, a tenants.Actor, version uuid.UUID) (*Certificate, error) {
	var c Certificate
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		c, err = CertificateOf(tx, version)
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
		return nil, nil //nolint:nilnil // no certificate is a fine answer
	}
	return &c, err
}
