package certification

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// JobProbe calls the trial environment that a case names; the argument is a
// Probed.
const JobProbe = "certification.probe"

// Probed names the submission whose trial environment is called.
type Probed struct {
	Province uuid.UUID `json:"province"`
	Case     uuid.UUID `json:"case"`
	Number   int       `json:"number"` // of the submission
}

// probePauses lie between the tries: what fails once is tried again.
var probePauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}

// complete adds what the machine looks at whatever the plan says and the stage
// has not yet: the papers of the firm, and the trial environment where the
// version names one. It returns what it added.
func (s *Stage) complete(c *Case, v solution.Version, now time.Time) (added []Check) {
	for _, def := range []CheckDef{licenceDef, trialDef} {
		if def.Code == checkTrial && v.TrialURL == "" || slices.ContainsFunc(s.Checks, func(k Check) bool { return k.Code == def.Code }) {
			continue
		}
		s.Checks = append(s.Checks, c.checkOf(s.Kind, len(s.Checks), def, now))
		added = append(added, s.Checks[len(s.Checks)-1])
	}
	return added
}

// probe leaves the check open until the job has called, or settles it where
// there is nothing to call any more.
func (k *Check) probe(v solution.Version, now time.Time) {
	k.Result, k.ByName, k.Note, k.Said.V, k.UpdatedAt = "open", machine, "", fault.Words{Zh: "正在访问试用环境。", En: "The trial environment is being called."}, now
	if v.TrialURL == "" {
		k.Result, k.Said.V = "not_applicable", fault.Words{Zh: "这一版没有试用环境。", En: "This version names no trial environment."}
	}
}

// askProbe has the trial environment called.
func askProbe(ctx context.Context, tx *pg.Tx, c *Case, v solution.Version) error {
	if v.TrialURL == "" {
		return nil
	}
	rounds, err := submissions(tx, c.ID)
	if err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, JobProbe, Probed{c.ProvinceID, c.ID, len(rounds)})
}

// call says why the address cannot be used; final when to try again is no use.
func (s *Service) call(ctx context.Context, address string) (why string, final bool) {
	ctx, cancel := context.WithTimeout(ctx, outbound.Timeout)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "address", true
	}
	res, err := s.prober.Do(q)
	if err != nil {
		// What lies inside is not for the firm to learn: no more than this is said.
		return "unreachable", errors.Is(err, outbound.ErrForbidden)
	}
	_ = res.Body.Close()
	switch {
	case res.StatusCode < 400, res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		return "", false
	}
	return fmt.Sprintf("HTTP %d", res.StatusCode), false
}

// Probe calls the trial environment of a submission and notes what it found. A
// failure of the moment is tried again; after the last try, or where the
// address leads somewhere it must not, the case goes back to the firm.
func (s *Service) Probe(ctx context.Context, n Probed) error {
	a := tenants.System(n.Province, machine)
	var address string
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		k, v, err := probing(tx, n)
		if k != nil {
			address = v.TrialURL
		}
		return err
	})
	if err != nil || address == "" {
		return err
	}
	why, final := s.call(ctx, address)
	var again time.Duration
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, n.Case)
		if err != nil {
			return err
		}
		k, v, err := probing(tx, n)
		if err != nil || k == nil {
			return err
		}
		now := calendar.Now(ctx)
		outcome := map[bool]string{true: "pass", false: Transient}[why == ""]
		var tries int64
		if err := tx.Raw(`SELECT count(*) FROM certification_runs r WHERE r.province_id = ? AND r.check_id = ? AND r.at >= (SELECT max(at) FROM certification_submissions WHERE province_id = ? AND certification_id = ?)`,
			c.ProvinceID, k.ID, c.ProvinceID, c.ID).Scan(&tries).Error; err != nil {
			return err
		}
		if why != "" && (final || int(tries) >= len(probePauses)) {
			outcome = "fail"
		}
		run := Run{ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, CheckID: k.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Outcome: outcome, Note: why, Evidence: pg.Texts{}, ByName: machine, At: now}
		if err := tx.Create(&run).Error; err != nil {
			return err
		}
		if outcome == Transient {
			again = probePauses[tries]
			return nil
		}
		k.Result, k.ByName, k.UpdatedAt, k.Said.V = outcome, machine, now, fault.Words{}
		if outcome == "fail" {
			k.Said.V = intakeWords[checkTrial]
		}
		if err := saveCheck(tx, k); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, c.entry("record_"+outcome, c.State, Both(k.Words.V)))
		return s.probed(ctx, tx, a, &c, v, outcome, now)
	})
	if err == nil && again > 0 {
		return queue.Later{After: again}
	}
	return err
}

// probed settles the stages after a call; a failure gives the case back.
func (s *Service) probed(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, v solution.Version, outcome string, now time.Time) error {
	all, err := stages(tx, c.ID, now)
	if err != nil {
		return err
	}
	if err := advance(tx, c, all, now); err != nil {
		return err
	}
	if outcome == "fail" && c.State == "testing" {
		sol, v, err := solution.LockVersion(tx, a, v.ID)
		if err != nil {
			return err
		}
		c.Stage = all[0].Kind
		return s.giveBack(ctx, tx, a, c, &sol, &v, "return_intake", intakePrefix+checkTrial)
	}
	c.UpdatedAt = now
	if err := replan(tx, c, now); err != nil {
		return err
	}
	return pg.Save(tx, c)
}

// probing is the check that waits for the call of a submission, with the
// version; nil when nothing waits any more.
func probing(tx *pg.Tx, n Probed) (*Check, solution.Version, error) {
	var c Case
	if err := pg.One(tx.Where("province_id = ? AND id = ?", n.Province, n.Case), &c); err != nil {
		return nil, solution.Version{}, err
	}
	rounds, err := submissions(tx, n.Case)
	if err != nil || len(rounds) != n.Number || c.DecidedAt != nil || c.State == "changes_requested" {
		return nil, solution.Version{}, err
	}
	v, err := solution.Full(tx, c.VersionID)
	if err != nil || v.TrialURL == "" {
		return nil, v, err
	}
	var k Check
	err = pg.One(tx.Where("province_id = ? AND certification_id = ? AND code = ? AND result = 'open'", n.Province, n.Case, checkTrial), &k)
	if isMissing(err) {
		return nil, v, nil
	}
	return &k, v, err
}
