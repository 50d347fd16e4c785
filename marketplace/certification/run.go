package certification

import (
	"context"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Run is one time something was tested. Runs are added, never changed.
type Run struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	CheckID         uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Outcome         string // pass, fail, not_applicable, open, transient
	Measured        string
	Value           *float64
	Threshold       string
	Overridden      bool
	Environment     string
	Note            string
	Evidence        pg.Texts
	ByID            uuid.UUID
	ByName          string
	At              time.Time
}

// TableName of runs.
func (Run) TableName() string { return "certification_runs" }

// Transient is the outcome of a run that failed for a reason of the moment:
// it stays on record and decides nothing.
const Transient = "transient"

// Result is what a test engineer records for a check.
type Result struct {
	Result, Measured, Environment, Note string
	Evidence                            []uuid.UUID
}

var leading = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?`)

// spellings of units in Chinese and full width.
var spellings = map[string]string{"％": "%", "毫秒": "ms", "秒": "s", "分钟": "min", "分": "min", "小时": "h"}

// valueOf reads what was measured: all of a number, and the unit of the
// threshold or none. 1,200 and 1.5 s where milliseconds are asked for are read
// as nothing rather than as something else.
func valueOf(measured, unit string) *float64 {
	measured = strings.TrimSpace(measured)
	number := leading.FindString(measured)
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(v, 0) {
		return nil
	}
	rest := strings.TrimSpace(measured[len(number):])
	if unit == "" {
		// Any words, but nothing that goes on with the number.
		if strings.ContainsAny(rest, "0123456789０１２３４５６７８９") || strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "万") || strings.HasPrefix(rest, "千") {
			return nil
		}
		return &v
	}
	if rest == "" {
		return &v
	}
	for spelt, means := range spellings {
		if strings.EqualFold(means, unit) && strings.HasPrefix(rest, spelt) {
			rest = unit + strings.TrimPrefix(rest, spelt)
			break
		}
	}
	if len(rest) < len(unit) || !strings.EqualFold(rest[:len(unit)], unit) {
		return nil
	}
	if next, _ := utf8.DecodeRuneInString(rest[len(unit):]); unicode.IsDigit(next) || (next < utf8.RuneSelf && unicode.IsLetter(next)) || next == '/' {
		return nil
	}
	return &v
}

// judge compares a value with the threshold of the check.
func (k *Check) judge(value float64) string {
	ok := false
	switch k.Comparison {
	case "<=":
		ok = value <= *k.LimitValue
	case ">=":
		ok = value >= *k.LimitValue
	case "=":
		ok = value == *k.LimitValue
	}
	if ok {
		return "pass"
	}
	return "fail"
}

// run makes a run of what was recorded. Where a threshold is set the value
// decides; to decide otherwise needs a reason.
func (k *Check) run(a tenants.Actor, r Result, now time.Time) (Run, error) {
	x := Run{
		ProvinceID: k.ProvinceID, ID: pg.NewID(), CertificationID: k.CertificationID, CheckID: k.ID, PartnerID: k.PartnerID, OrgPath: k.OrgPath, Outcome: r.Result, Measured: strings.TrimSpace(r.Measured),
		Threshold: k.Threshold, Environment: strings.TrimSpace(r.Environment), Note: strings.TrimSpace(r.Note), Evidence: pg.UUIDs(r.Evidence), ByID: a.User, ByName: a.Name, At: now,
	}
	var c fault.Checker
	if k.Comparison != "" && (r.Result == "pass" || r.Result == "fail") {
		if x.Value = valueOf(x.Measured, k.Unit); x.Value == nil {
			example := strings.TrimSpace("1200.5 " + k.Unit)
			c.Add("measured", "number", "请填写实测数值，不用千分位，单位与门槛相同，例如 "+example+"；系统会与门槛比较。", "Give the measured number without thousands separators, in the unit of the threshold, e.g. "+example+"; it is compared with the threshold.")
			return x, c.Err()
		}
		x.Overridden = k.judge(*x.Value) != r.Result
	}
	if x.Note == "" {
		if x.Overridden {
			c.Add("note", "required", "结论与门槛比较不一致，请写明理由。", "This differs from what the threshold says; give the reason.")
		}
		if r.Result == Transient {
			c.Add("note", "required", "请写明这次为什么没测成。", "Say why it could not be tested this time.")
		}
	}
	return x, c.Err()
}

// Record adds a run to a check; its result, the stages and the open stage of
// the case follow from it.
func (s *Service) Record(ctx context.Context, a tenants.Actor, id, check uuid.UUID, r Result) (Detail, error) {
	return s.testing(ctx, a, id, func(tx *pg.Tx, c *Case) error {
		if err := mine(a, c); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		all, err := stages(tx, c.ID, now)
		if err != nil {
			return err
		}
		found := false
		for i := range all {
			for j := range all[i].Checks {
				if k := &all[i].Checks[j]; k.ID == check {
					found = true
					if err := s.record(ctx, tx, a, c, k, r, now); err != nil {
						return err
					}
				}
			}
		}
		if !found {
			return fault.ErrMissing
		}
		return advance(tx, c, all, now)
	})
}

func (s *Service) record(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, k *Check, r Result, now time.Time) error {
	// The machine's checks and the product manager's are not the tester's.
	if k.Machine || RoleOf(k.Stage) != "test_engineer" {
		return ErrDuties
	}
	x, err := k.run(a, r, now)
	if err != nil {
		return err
	}
	for _, e := range r.Evidence {
		if _, err := tenants.OwnFile(tx, a, e, "evidence"); err != nil {
			return err
		}
		if err := tenants.ShareFile(tx, e, c.OrgPath, c.PartnerID); err != nil {
			return err
		}
	}
	if err := tx.Create(&x).Error; err != nil {
		return err
	}
	c.testedBy(a)
	tenants.Record(ctx, tx, a, c.entry("record_"+x.Outcome, c.State, Both(k.Words.V)))
	if x.Outcome == Transient {
		return nil
	}
	k.Result, k.Measured, k.Note, k.Overridden, k.Evidence, k.ByName, k.UpdatedAt = x.Outcome, x.Measured, x.Note, x.Overridden, x.Evidence, a.Name, now
	k.Said.V = fault.Words{}
	return saveCheck(tx, k)
}

func saveCheck(tx *pg.Tx, k *Check) error { return tx.Model(k).Select("*").UpdateColumns(k).Error }

// advance settles the stages and finds the one that is open now.
func advance(tx *pg.Tx, c *Case, all []Stage, now time.Time) error {
	c.Stage = ""
	for i := range all {
		st := &all[i]
		st.settle(now)
		if c.Stage == "" && st.State != "passed" && st.State != "failed" {
			c.Stage = st.Kind
			if st.StartedAt == nil {
				st.StartedAt = &now
				st.State = "open"
			}
		}
		if err := saveStage(tx, st); err != nil {
			return err
		}
	}
	if c.Stage == "" {
		c.Stage = all[len(all)-1].Kind
	}
	return nil
}

// SeesFile tells whether the actor reads a case in which the file is evidence:
// of a check or one of its runs, of a condition or of an exemption.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	for _, table := range []string{"certification_checks", "certification_runs", "certification_conditions", "certification_exemptions"} {
		var n int64
		if err := tenants.Rows(tx).Table(table).Where("? = ANY (evidence)", file.String()).Limit(1).Count(&n).Error; err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
