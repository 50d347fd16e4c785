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
	"ecoport/tenants"
)

// Refusals around exemptions.
var (
	ErrNotExempt     = fault.New(fault.Conflict, "not-exemptible", "机器检查、价格评审和必过的安全检查不能豁免。", "The machine's checks, the price review and mandatory security checks cannot be exempted.")
	ErrExempted      = fault.New(fault.Conflict, "exempted", "这项检查已有生效的豁免。", "This check is exempted already.")
	ErrExemptionOver = fault.New(fault.Conflict, "exemption-over", "这项豁免已经结束。", "This exemption has ended already.")
)

// exemptionDays is how far ahead an exemption may reach.
const exemptionDays = 365

// Exemption spares the versions of a solution one check, or lets other
// evidence stand for it, for a reason and until a date. Whoever tests sees it.
type Exemption struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	SolutionID      uuid.UUID
	CertificationID uuid.UUID // the case in which it was given
	PartnerID       uuid.UUID
	OrgPath         string
	CheckCode       string
	CheckWords      pg.JSON[fault.Words]
	Reason          string
	Evidence        pg.Texts // file ids: what stands for the test
	ExpiresAt       time.Time
	ByID            uuid.UUID
	ByName          string
	CreatedAt       time.Time
	EndedAt         *time.Time
	EndedBy         string
	EndReason       string
	Told            pg.Texts
	Version         int64

	Files []tenants.File `gorm:"-"`
}

// TableName of exemptions.
func (Exemption) TableName() string { return "certification_exemptions" }

// RowVersion is the optimistic lock.
func (x *Exemption) RowVersion() *int64 { return &x.Version }

// exempt is the condition, beside a row of certification_checks, that an
// exemption of its solution is in force at a time.
const exempt = `EXISTS (SELECT 1 FROM certification_exemptions x JOIN certifications xc ON xc.province_id = x.province_id AND xc.solution_id = x.solution_id
	WHERE x.province_id = certification_checks.province_id AND xc.id = certification_checks.certification_id AND x.check_code = certification_checks.code AND x.ended_at IS NULL AND x.expires_at > ?)`

// exemptions in force at a time for the solution of a case.
func exemptions(tx *pg.Tx, id uuid.UUID, now time.Time) ([]Exemption, error) {
	var out []Exemption
	if err := tx.Where(`province_id = ? AND solution_id = (SELECT solution_id FROM certifications WHERE province_id = ? AND id = ?) AND ended_at IS NULL AND expires_at > ?`, tx.Identity.Province, tx.Identity.Province, id, now).Order("created_at, id").Find(&out).Error; err != nil {
		return nil, err
	}
	for i := range out {
		var ids []uuid.UUID
		for _, e := range out[i].Evidence {
			if id, err := uuid.Parse(e); err == nil {
				ids = append(ids, id)
			}
		}
		var err error
		if out[i].Files, err = tenants.Files(tx, ids); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// exemptible tells whether a check may be spared at all.
func (k *Check) exemptible() bool {
	return !k.Machine && k.Stage != "price_review" && (k.Stage != "security" || !k.Mandatory)
}

// CheckActions are what the actor may do about a check beside recording it.
func CheckActions(a tenants.Actor, d Detail, k Check) []string {
	out := []string{}
	if !a.Can(Approve) || d.Recused.Zh != "" || d.tested(a) || a.Is(d.AuthorID) || d.PartnerID == a.Tenant.ID || d.DecidedAt != nil {
		return out
	}
	switch {
	case k.Exemption != nil:
		out = append(out, "end_exemption")
	case k.exemptible() && (k.Result == "open" || k.Result == "fail"): // what passed needs none
		out = append(out, "exempt")
	}
	return out
}

// Exempt spares the solution of a case a check until a date.
func (s *Service) Exempt(ctx context.Context, a tenants.Actor, id, check uuid.UUID, reason string, until time.Time, evidence []uuid.UUID) (Detail, error) {
	return s.exempting(ctx, a, id, func(ctx context.Context, tx *pg.Tx, c *Case, all []Stage) error {
		now := calendar.Now(ctx)
		var k *Check
		for i := range all {
			for j := range all[i].Checks {
				if all[i].Checks[j].ID == check {
					k = &all[i].Checks[j]
				}
			}
		}
		switch {
		case k == nil:
			return fault.ErrMissing
		case !k.exemptible():
			return ErrNotExempt
		case k.Exemption != nil:
			return ErrExempted
		}
		var wrong fault.Checker
		wrong.Require("reason", strings.TrimSpace(reason) != "")
		y, m, d := until.Date()
		expires := time.Date(y, m, d, 23, 59, 59, 0, calendar.Shanghai).UTC()
		if expires.Before(now) || expires.After(now.AddDate(0, 0, exemptionDays)) {
			wrong.Add("until", "due", "到期日须在今天之后、365 天之内。", "It must end within the next 365 days.")
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		for _, e := range evidence {
			if _, err := tenants.OwnFile(tx, a, e, "evidence"); err != nil {
				return err
			}
			if err := tenants.ShareFile(tx, e, c.OrgPath, c.PartnerID); err != nil {
				return err
			}
		}
		// One that ran out and was not put away yet makes room.
		if err := tx.Exec(`UPDATE certification_exemptions SET ended_at = expires_at, version = version + 1 WHERE province_id = ? AND solution_id = ? AND check_code = ? AND ended_at IS NULL AND expires_at <= ?`, c.ProvinceID, c.SolutionID, k.Code, now).Error; err != nil {
			return err
		}
		x := Exemption{
			ProvinceID: c.ProvinceID, ID: pg.NewID(), SolutionID: c.SolutionID, CertificationID: c.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, CheckCode: k.Code, CheckWords: k.Words, Reason: strings.TrimSpace(reason),
			Evidence: pg.UUIDs(evidence), ExpiresAt: expires, ByID: a.User, ByName: a.Name, CreatedAt: now, Told: pg.Texts{}, Version: 1,
		}
		if err := tx.Create(&x).Error; err != nil {
			if pg.Violated(err, "certification_exemptions_one") {
				return ErrExempted
			}
			return err
		}
		c.judgedBy(a)
		tenants.Record(ctx, tx, a, c.entry("exempt", c.State, Both(fault.Words{Zh: k.Words.V.Zh + "：" + x.Reason, En: k.Words.V.En + ": " + x.Reason})))
		return nil
	})
}

// EndExemption takes an exemption back before its date.
func (s *Service) EndExemption(ctx context.Context, a tenants.Actor, id, exemption uuid.UUID, reason string) (Detail, error) {
	return s.exempting(ctx, a, id, func(ctx context.Context, tx *pg.Tx, c *Case, _ []Stage) error {
		var x Exemption
		if err := pg.One(tx.Where("province_id = ? AND solution_id = ? AND id = ?", c.ProvinceID, c.SolutionID, exemption).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.EndedAt != nil {
			return ErrExemptionOver
		}
		var wrong fault.Checker
		wrong.Require("reason", strings.TrimSpace(reason) != "")
		if err := wrong.Err(); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		x.EndedAt, x.EndedBy, x.EndReason = &now, a.Name, strings.TrimSpace(reason)
		tenants.Record(ctx, tx, a, c.entry("end_exemption", c.State, Both(fault.Words{Zh: x.CheckWords.V.Zh + "：" + x.EndReason, En: x.CheckWords.V.En + ": " + x.EndReason})))
		return pg.Save(tx, &x)
	})
}

// exempting runs one step on the exemptions of an open case, and settles its
// stages by what is exempted now.
func (s *Service) exempting(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(context.Context, *pg.Tx, *Case, []Stage) error) (Detail, error) {
	var d Detail
	if err := a.Need(Approve); err != nil {
		return d, err
	}
	ctx, err := s.apart(ctx, a, id)
	if err != nil {
		return d, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, id)
		if err != nil {
			return err
		}
		if c.DecidedAt != nil {
			return state_(c, "approve")
		}
		if err := s.duties(ctx, a, &c, "approve"); err != nil {
			return err
		}
		all, err := stages(tx, c.ID, calendar.Now(ctx))
		if err != nil {
			return err
		}
		if err := step(ctx, tx, &c, all); err != nil {
			return err
		}
		if all, err = stages(tx, c.ID, calendar.Now(ctx)); err != nil {
			return err
		}
		c.UpdatedAt = calendar.Now(ctx)
		if c.State == "testing" {
			if err := advance(tx, &c, all, c.UpdatedAt); err != nil {
				return err
			}
		} else {
			for i := range all {
				all[i].settle(c.UpdatedAt)
				if err := saveStage(tx, &all[i]); err != nil {
					return err
				}
			}
		}
		if err := pg.Save(tx, &c); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// tendExemptions says when an exemption ends soon, and ends it.
func (s *Service) tendExemptions(ctx context.Context, tx *pg.Tx, a tenants.Actor, province uuid.UUID, now time.Time) error {
	skip := pg.ForUpdate
	skip.Options = "SKIP LOCKED"
	var due []Exemption
	if err := tx.Where("province_id = ? AND ended_at IS NULL AND expires_at < ? AND (expires_at < ? OR cardinality(told) = 0)", province, now.AddDate(0, 0, 30), now).Order("expires_at, id").Limit(tended).Clauses(skip).Find(&due).Error; err != nil {
		return err
	}
	for i := range due {
		x := &due[i]
		var c Case
		if err := pg.One(tx.Where("province_id = ? AND id = ?", x.ProvinceID, x.CertificationID), &c); err != nil {
			return err
		}
		action := "exemption_ending"
		if now.After(x.ExpiresAt) {
			action, x.EndedAt = "exemption_ended", &now
		}
		if !slices.Contains(x.Told, action) {
			x.Told = append(x.Told, action)
		}
		tenants.Record(ctx, tx, a, c.entry(action, c.State, Both(x.CheckWords.V)))
		if err := pg.Save(tx, x); err != nil {
			return err
		}
	}
	return nil
}
