package certification

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// base is what a change of a certified solution rests on: the case of the
// version in force, as it was certified.
type base struct {
	of      Case
	cert    Certificate
	content Snapshot
	trial   string // address of its trial environment
	checks  map[string]Check
}

// changes lists what a version changes of the base; another trial environment is
// looked at by the machine and then by a tester.
func (b *base) changes(sol solution.Solution, full solution.Version) []touch {
	out := touches(b.content, snapshot(sol.Category, full))
	if full.TrialURL != b.trial {
		out = append(out, touch{what: fault.Words{Zh: "试用环境", En: "the trial environment"}, stages: []string{"functional"}})
	}
	return out
}

// baseOf finds the case behind the version of a solution that is in force; nil
// where nothing is, or where conditions are still to be met: then everything is
// tested.
func baseOf(tx *pg.Tx, siblings []solution.Version, now time.Time) (*base, error) {
	i := slices.IndexFunc(siblings, func(v solution.Version) bool { return v.State == "certified" })
	if i < 0 {
		return nil, nil //nolint:nilnil // nothing is a fine answer
	}
	cert, err := CertificateOf(tx, siblings[i].ID)
	if errors.Is(err, fault.ErrMissing) {
		return nil, nil //nolint:nilnil // as above
	}
	if err != nil || cert.State(now) != "valid" || cert.Conditional || cert.CertificationID == nil {
		return nil, err
	}
	b := base{cert: cert, trial: siblings[i].TrialURL, checks: map[string]Check{}}
	if err := pg.One(tx.Where("province_id = ? AND id = ?", cert.ProvinceID, *cert.CertificationID), &b.of); err != nil {
		return nil, err
	}
	rounds, err := submissions(tx, b.of.ID)
	if err != nil || len(rounds) == 0 {
		return nil, err
	}
	last := rounds[len(rounds)-1]
	if last.ContentHash != cert.ContentHash {
		return nil, nil //nolint:nilnil // not what was certified
	}
	b.content = last.Content.V
	all, err := stages(tx, b.of.ID, now)
	for _, st := range all {
		for _, k := range st.Checks {
			b.checks[k.Stage+" "+k.Code] = k
		}
	}
	return &b, err
}

var (
	saidCarried = fault.Words{Zh: "沿用 %s（%s）的结果：所依据的内容没有改动。", En: "The result of %s (%s) holds: nothing it rests on has changed."}
	saidLight   = fault.Words{Zh: "沿用 %s（%s）的结果：改动不影响测试内容，由机器通过。", En: "The result of %s (%s) holds: the change touches nothing that is tested; passed by machine."}
)

// carry takes over what still holds of an earlier case, check by check, and says
// so; it tells whether everything does, so that nobody has anything to test. A
// result is taken over as it was measured and against the same threshold, never
// one that somebody decided otherwise, or a check that was spared.
func (b *base) carry(c *Case, all []Stage, changed []touch, now time.Time) (whole bool) {
	light := !slices.ContainsFunc(changed, func(t touch) bool { return !t.light })
	whole, taken := light, false
	for i := range all {
		for j := range all[i].Checks {
			k := &all[i].Checks[j]
			if k.Machine {
				continue
			}
			was, ok := b.checks[k.Stage+" "+k.Code]
			same := ok && was.Result == "pass" && !was.Overridden && was.Exemption == nil && was.Comparison == k.Comparison && was.Unit == k.Unit && sameLimit(was.LimitValue, k.LimitValue)
			if !same {
				whole = false
				continue
			}
			k.Result, k.Measured, k.Note, k.Evidence, k.ByName, k.Threshold, k.UpdatedAt = was.Result, was.Measured, was.Note, was.Evidence, was.ByName, was.Threshold, now
			if light {
				k.Said.V = saidLight.Fill(b.of.Number, b.of.Semver)
				taken = true
				continue
			}
			k.reopen(changed, now)
			if k.Result == "open" {
				whole = false
				continue
			}
			k.Said.V = saidCarried.Fill(b.of.Number, b.of.Semver)
			taken = true
		}
	}
	if taken { // who tested it before decides on it no more than who tests the rest
		c.Testers = append(c.Testers, b.of.Testers...)
	}
	return whole
}

func sameLimit(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// passLight certifies a change by machine: the case is recorded with each result
// and where it comes from, and the certificate ends when the former would.
func (s *Service) passLight(ctx context.Context, tx *pg.Tx, c *Case, sol *solution.Solution, v *solution.Version, b *base) error {
	c.validUntil = &b.cert.ValidUntil
	return s.certify(ctx, tx, tenants.System(c.ProvinceID, machine), c, sol, v, "certify_light", false)
}

// Outlook says what handing a draft in would lead to.
type Outlook struct {
	Base    string        // number of the case whose results hold; "" when all is tested
	Light   bool          // it would pass by machine
	Changes []fault.Words // since that case
	Tested  []fault.Words // checks that would be tested, unless it passes by machine
	Kept    int           // checks whose result would hold
}

// OutlookOf tells the author of a draft what would be tested again, before it is
// handed in.
func (s *Service) OutlookOf(ctx context.Context, a tenants.Actor, version uuid.UUID) (out Outlook, err error) {
	if err := a.Need(solution.Write); err != nil {
		return out, err
	}
	plan, err := s.planFor(ctx, a, version)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		full, err := solution.Full(tx, version)
		if err != nil {
			return err
		}
		var sol solution.Solution
		if err := pg.One(tenants.Firms(tx).Where("id = ?", full.SolutionID), &sol); err != nil {
			return err
		}
		siblings, err := solution.Siblings(tx, sol.ID)
		if err != nil {
			return err
		}
		now := moment(calendar.Now(ctx))
		b, err := baseOf(tx, siblings, now)
		if err != nil || b == nil || full.CertificationID != nil {
			return err
		}
		p, err := partner.Find(tx, sol.PartnerID)
		if err != nil {
			return err
		}
		track, _ := chooseTrack(sol.Category, full.Integration, p.Tier, false)
		c := Case{ProvinceID: sol.ProvinceID, Testers: pg.Texts{}}
		var all []Stage
		for _, def := range stagesFor(plan.Stages.V, track, full.Integration) {
			all = append(all, c.stageOf(def, now))
		}
		changed := b.changes(sol, full)
		out.Base, out.Light, out.Changes = b.of.Number, b.carry(&c, all, changed, now), []fault.Words{}
		for _, t := range changed {
			out.Changes = append(out.Changes, t.what)
		}
		for _, st := range all {
			for _, k := range st.Checks {
				switch {
				case k.Machine:
				case k.Result == "open":
					out.Tested = append(out.Tested, k.Words.V)
				default:
					out.Kept++
				}
			}
		}
		return nil
	})
	return out, err
}
