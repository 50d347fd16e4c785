package certification

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// JobWithdrawn tells packages above that a certificate no longer holds; the
// argument is a Withdrawn.
const JobWithdrawn = "certification.withdrawn"

// Withdrawn names the version whose certificate was lost, and how.
type Withdrawn struct {
	Province uuid.UUID `json:"province"`
	Version  uuid.UUID `json:"version"`
	Number   string    `json:"number"` // of the certificate
	How      string    `json:"how"`    // revoked, expired, suspended
	At       time.Time `json:"at"`
	Reason   string    `json:"reason"`
}

// Code is what happened, as it is kept beside what it stopped; Say reads it.
// It names the certificate and the moment: each loss is told of once, and the
// next one again.
func (w Withdrawn) Code() string {
	at := ""
	if !w.At.IsZero() {
		at = w.At.UTC().Format("20060102T150405Z")
	}
	return certificatePrefix + strings.Join([]string{w.How, w.Number, at, w.Reason}, ":")
}

// Refusals around certificates.
var (
	ErrNoCertificate = fault.New(fault.Conflict, "no-certificate", "没有有效的证书可以撤销。", "There is no certificate in force to revoke.")
	ErrTyped         = fault.New(fault.Invalid, "typed-number", "请完整输入证书编号以确认撤销。", "Type the number of the certificate to confirm.")
	ErrConditionDone = fault.New(fault.Conflict, "condition-settled", "这项条件的状态已变化，请刷新后再操作。", "This condition has moved on; reload to see where it stands.")
	ErrOver          = fault.New(fault.Conflict, "certificate-over", "证书已撤销或到期，条件不再需要处理。", "The certificate was revoked or has expired; nothing is asked of it any more.")
	ErrUnsafe        = fault.New(fault.Conflict, "security-failed", "有 %d 项必过的安全检查未通过，不能附条件放行，请要求修改。", "%d mandatory security checks failed; no condition waives them: ask for changes.")
	ErrBlockers      = fault.New(fault.Conflict, "blockers-open", "还有 %d 个阻断问题，不能有条件通过。", "%d blockers are open; no conditional pass while they are.")
)

// Certificate proves that a version was certified.
type Certificate struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	Number          string
	CertificationID *uuid.UUID
	VersionID       uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	SolutionName    string
	Semver          string
	PartnerName     string
	ContentHash     string
	Conditional     bool // conditions are not met yet
	IssuedAt        time.Time
	ValidUntil      time.Time
	SuspendedAt     *time.Time
	ExpiredAt       *time.Time
	RevokedAt       *time.Time
	RevokedBy       *uuid.UUID
	Reason          string // why it was revoked or suspended
	Told            pg.Texts
	Version         int64
}

// RowVersion is the optimistic lock.
func (c *Certificate) RowVersion() *int64 { return &c.Version }

// ValidMonths of a certificate.
const ValidMonths = 12

// certificateSeries begins the numbers of a province: of two provinces no
// certificate has the same number.
func certificateSeries(code string) string { return "C" + code }

// letters of numbers: those that read alike are left out, and with 32 of them
// a random byte favours none.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// nextNumber draws a number: the province's code, the year, where it stands in
// it, and four characters that cannot be guessed from the number before.
func nextNumber(ctx context.Context, tx *pg.Tx, orgPath string) (string, error) {
	code, _, _ := strings.Cut(orgPath, "/")
	number, err := tenants.Next(ctx, tx, certificateSeries(code))
	if err != nil {
		return "", err
	}
	var end [4]byte
	if _, err := rand.Read(end[:]); err != nil {
		return "", err
	}
	for i := range end {
		end[i] = letters[int(end[i])%len(letters)]
	}
	return number + "-" + string(end[:]), nil
}

// State of the certificate at a moment.
func (c *Certificate) State(now time.Time) string {
	switch {
	case c.RevokedAt != nil:
		return "revoked"
	case now.After(c.ValidUntil):
		return "expired"
	case c.SuspendedAt != nil:
		return "suspended"
	}
	return "valid"
}

// Condition is what must still be done after a conditional pass.
type Condition struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Body            string
	DueAt           time.Time
	State           string // open, submitted, met
	Answer          string
	Evidence        pg.Texts
	Note            string // why an answer was not accepted
	ByID            uuid.UUID
	ByName          string
	ClosedBy        string
	Told            pg.Texts
	CreatedAt       time.Time
	UpdatedAt       time.Time
	Version         int64

	Files []tenants.File `gorm:"-"`
}

// TableName of conditions.
func (Condition) TableName() string { return "certification_conditions" }

// RowVersion is the optimistic lock.
func (c *Condition) RowVersion() *int64 { return &c.Version }

// NewCondition is what an approver asks for.
type NewCondition struct {
	Body string
	Due  time.Time // the business date by whose end it is due
}

// Bounds of conditions: how far ahead, and how many working days a certificate
// outlives an overdue one.
const (
	conditionDays  = 180
	conditionGrace = 5
)

func (s *Service) impose(ctx context.Context, tx *pg.Tx, a tenants.Actor, c *Case, asked []NewCondition) error {
	now := calendar.Now(ctx)
	var check fault.Checker
	for _, x := range asked {
		body := strings.TrimSpace(x.Body)
		check.Require("conditions", body != "")
		y, m, d := x.Due.Date()
		due := time.Date(y, m, d, 23, 59, 59, 0, calendar.Shanghai).UTC()
		if due.Before(now) || due.After(now.AddDate(0, 0, conditionDays)) {
			check.Add("conditions", "due", "期限须在今天之后、180 天之内。", "The due date must lie within the next 180 days.")
		}
		if check.Err() != nil {
			continue
		}
		row := Condition{ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Body: body, DueAt: due, State: "open", Evidence: pg.Texts{}, ByID: a.User, ByName: a.Name, Told: pg.Texts{}, CreatedAt: now, UpdatedAt: now, Version: 1}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, c.entry("impose_condition", c.State, body))
	}
	return check.Err()
}

// blockers counts what not even a conditional pass allows: blocking findings,
// and checks without a result.
func blockers(tx *pg.Tx, id uuid.UUID, now time.Time) (n int, err error) {
	err = tx.Raw(`SELECT (SELECT count(*) FROM certification_checks WHERE province_id = ? AND certification_id = ? AND result = 'open' AND stage <> 'price_review' AND NOT `+exempt+`)
		+ (SELECT count(*) FROM findings WHERE province_id = ? AND certification_id = ? AND state <> 'closed' AND severity = 'blocker')`, tx.Identity.Province, id, now, tx.Identity.Province, id).Scan(&n).Error
	return n, err
}

func conditions(tx *pg.Tx, id uuid.UUID) ([]Condition, error) {
	var out []Condition
	if err := tx.Where("province_id = ? AND certification_id = ?", tx.Identity.Province, id).Order("due_at, id").Find(&out).Error; err != nil {
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

// over tells whether a certificate has ended for good.
func (c *Certificate) over(now time.Time) bool {
	st := c.State(now)
	return st == "revoked" || st == "expired"
}

// ConditionActions are what the actor may do with a condition now.
func ConditionActions(a tenants.Actor, d Detail, c Condition, now time.Time) []string {
	out := []string{}
	switch {
	case d.Certificate == nil || d.Certificate.over(now):
	case c.State == "open" && a.Partner() && a.Can(solution.Submit):
		out = append(out, "fulfil")
	case c.State == "submitted" && a.Can(Approve) && !d.tested(a) && d.Recused.Zh == "":
		out = append(out, "accept", "return")
	}
	return out
}

// Fulfil is the partner's evidence that a condition is met.
func (s *Service) Fulfil(ctx context.Context, a tenants.Actor, id, condition uuid.UUID, text string, evidence []uuid.UUID) (Detail, error) {
	return s.onCondition(ctx, a, id, condition, solution.Submit, "open", "fulfil", text, func(tx *pg.Tx, c *Case, x *Condition, _ *Certificate) error {
		for _, e := range evidence {
			if _, err := tenants.OwnFile(tx, a, e, "evidence"); err != nil {
				return err
			}
			if err := tenants.ShareFile(tx, e, c.OrgPath, c.PartnerID); err != nil {
				return err
			}
		}
		x.State, x.Answer, x.Note, x.Evidence = "submitted", text, "", pg.UUIDs(evidence)
		return nil
	})
}

// Accept closes a condition; with the last one the certificate is whole, and a
// suspension ends.
func (s *Service) Accept(ctx context.Context, a tenants.Actor, id, condition uuid.UUID) (Detail, error) {
	return s.onCondition(ctx, a, id, condition, Approve, "submitted", "accept_condition", "", func(tx *pg.Tx, c *Case, x *Condition, cert *Certificate) error {
		x.State, x.ClosedBy = "met", a.Name
		var left int64
		if err := tx.Raw(`SELECT count(*) FROM certification_conditions WHERE province_id = ? AND certification_id = ? AND state <> 'met' AND id <> ?`, c.ProvinceID, c.ID, x.ID).Scan(&left).Error; err != nil || left > 0 {
			return err
		}
		cert.Conditional = false
		if cert.SuspendedAt != nil {
			cert.SuspendedAt, cert.Reason = nil, ""
			tenants.Record(ctx, tx, a, c.entry("reinstate", c.State, ""))
		}
		return pg.Save(tx, cert)
	})
}

// Return sends an answer back.
func (s *Service) Return(ctx context.Context, a tenants.Actor, id, condition uuid.UUID, reason string) (Detail, error) {
	if strings.TrimSpace(reason) == "" {
		var c fault.Checker
		c.Require("reason", false)
		return Detail{}, c.Err()
	}
	return s.onCondition(ctx, a, id, condition, Approve, "submitted", "return_condition", reason, func(tx *pg.Tx, _ *Case, x *Condition, _ *Certificate) error {
		x.State, x.Note = "open", reason
		return nil
	})
}

func (s *Service) onCondition(ctx context.Context, a tenants.Actor, id, condition uuid.UUID, need tenants.Permission, from, action, reason string, step func(*pg.Tx, *Case, *Condition, *Certificate) error) (Detail, error) {
	if err := a.Need(need); err != nil {
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
		if err := standsAside(ctx); err != nil {
			return err
		}
		var x Condition
		if err := pg.One(tx.Where("province_id = ? AND certification_id = ? AND id = ?", c.ProvinceID, c.ID, condition), &x); err != nil {
			return err
		}
		if need == Approve && (a.Is(c.AuthorID) || c.PartnerID == a.Tenant.ID || c.tested(a)) {
			return ErrDuties
		}
		cert, err := lockCertificate(tx, c.VersionID)
		if err != nil {
			return err
		}
		if cert.over(calendar.Now(ctx)) {
			return ErrOver
		}
		if x.State != from {
			return ErrConditionDone
		}
		x.UpdatedAt = calendar.Now(ctx)
		if err := step(tx, &c, &x, &cert); err != nil {
			return err
		}
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, c.entry(action, c.State, reason))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func lockCertificate(tx *pg.Tx, version uuid.UUID) (Certificate, error) {
	var c Certificate
	err := pg.One(tx.Where("province_id = ? AND version_id = ?", tx.Identity.Province, version).Clauses(pg.ForUpdate), &c)
	return c, err
}

// Revoke takes a certificate back for good. The number is typed to confirm.
func (s *Service) Revoke(ctx context.Context, a tenants.Actor, id uuid.UUID, reason, number string) (Detail, error) {
	if err := a.Need(Approve); err != nil {
		return Detail{}, err
	}
	var check fault.Checker
	check.Require("reason", strings.TrimSpace(reason) != "")
	if err := check.Err(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, id)
		if err != nil {
			return err
		}
		cert, err := lockCertificate(tx, c.VersionID)
		if isMissing(err) {
			return ErrNoCertificate
		}
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		if st := cert.State(now); st != "valid" && st != "suspended" {
			return ErrNoCertificate
		}
		if !strings.EqualFold(strings.TrimSpace(number), cert.Number) {
			return ErrTyped
		}
		sol, v, err := solution.LockVersion(tx, a, c.VersionID)
		if err != nil {
			return err
		}
		if err := solution.Move(ctx, tx, a, &sol, &v, "revoke", reason); err != nil {
			return err
		}
		cert.RevokedAt, cert.RevokedBy, cert.Reason = &now, &a.User, reason
		if err := pg.Save(tx, &cert); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, c.entry("revoke", c.State, reason))
		if err := queue.Enqueue(ctx, tx, JobWithdrawn, Withdrawn{c.ProvinceID, c.VersionID, cert.Number, "revoked", now, reason}); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// ahead is how many days before its end a certificate's holder is reminded.
var ahead = []int{60, 30, 7}

// tendCertificates reminds of ends, ends what is over, and suspends what a
// long overdue condition spoils. Only rows of which there is news are taken:
// what was told already never stands in the way of the rest.
func (s *Service) tendCertificates(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, "证书期限")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		skip := pg.ForUpdate
		skip.Options = "SKIP LOCKED"
		due, args := "0", []any{province, now.AddDate(0, 0, ahead[0]), now}
		for _, days := range ahead {
			due += " + (valid_until <= ?)::int"
			args = append(args, now.AddDate(0, 0, days))
		}
		var ending []Certificate
		if err := tx.Where("province_id = ? AND certification_id IS NOT NULL AND expired_at IS NULL AND revoked_at IS NULL AND valid_until <= ? AND (valid_until < ? OR cardinality(told) < "+due+")", args...).
			Order("valid_until, id").Limit(tended).Clauses(skip).Find(&ending).Error; err != nil {
			return err
		}
		for i := range ending {
			if err := s.tendCertificate(ctx, tx, a, &ending[i], now); err != nil {
				return err
			}
		}
		var conditions []Condition
		if err := tx.Where(`province_id = ? AND state <> 'met' AND due_at < ? AND cardinality(told) < 1 + (due_at < ?)::int + (state = 'open' AND due_at < ?)::int
			AND EXISTS (SELECT 1 FROM certificates x WHERE x.province_id = certification_conditions.province_id AND x.certification_id = certification_conditions.certification_id AND x.revoked_at IS NULL AND x.expired_at IS NULL AND x.valid_until > ?)`,
			province, now.AddDate(0, 0, 7), now, graceBegan(now), now).Order("due_at, id").Limit(tended).Clauses(skip).Find(&conditions).Error; err != nil {
			return err
		}
		for i := range conditions {
			if err := s.tendCondition(ctx, tx, a, &conditions[i], now); err != nil {
				return err
			}
		}
		return s.tendExemptions(ctx, tx, a, province, now)
	})
}

// tended is how many rows of a kind one run takes; the next goes on.
const tended = 500

// graceBegan is when a condition must have been due for its grace to be over.
func graceBegan(now time.Time) time.Time {
	at := now.AddDate(0, 0, -conditionGrace)
	for calendar.AddWorkingDays(at, conditionGrace).After(now) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

func (s *Service) tendCertificate(ctx context.Context, tx *pg.Tx, a tenants.Actor, cert *Certificate, now time.Time) error {
	var c Case
	if err := pg.One(tx.Where("province_id = ? AND id = ?", cert.ProvinceID, *cert.CertificationID), &c); err != nil {
		return err
	}
	if !now.After(cert.ValidUntil) {
		news := false
		for _, days := range ahead {
			key := calendar.Date(cert.ValidUntil.AddDate(0, 0, -days))
			if !now.Before(cert.ValidUntil.AddDate(0, 0, -days)) && !slices.Contains(cert.Told, key) {
				cert.Told, news = append(cert.Told, key), true
			}
		}
		if !news {
			return nil
		}
		tenants.Record(ctx, tx, a, c.entry("certificate_ending", c.State, calendar.Date(cert.ValidUntil)))
		return pg.Save(tx, cert)
	}
	sol, v, err := solution.LockVersion(tx, a, cert.VersionID)
	if err != nil {
		return err
	}
	if v.State == "certified" || v.State == "superseded" {
		if err := solution.Move(ctx, tx, a, &sol, &v, "expire", ""); err != nil {
			return err
		}
	}
	cert.ExpiredAt = &now
	if err := pg.Save(tx, cert); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, c.entry("expire", c.State, ""))
	return queue.Enqueue(ctx, tx, JobWithdrawn, Withdrawn{c.ProvinceID, c.VersionID, cert.Number, "expired", now, ""})
}

// tendCondition says that a condition is due soon, that it is overdue, and
// after a grace suspends the certificate.
func (s *Service) tendCondition(ctx context.Context, tx *pg.Tx, a tenants.Actor, x *Condition, now time.Time) error {
	var c Case
	if err := pg.One(tx.Where("province_id = ? AND id = ?", x.ProvinceID, x.CertificationID), &c); err != nil {
		return err
	}
	first := func(key string) bool {
		if slices.Contains(x.Told, key) {
			return false
		}
		x.Told = append(x.Told, key)
		return true
	}
	if first("condition_due") {
		tenants.Record(ctx, tx, a, c.entry("condition_due", c.State, x.Body))
	}
	if now.After(x.DueAt) && first("condition_overdue") {
		tenants.Record(ctx, tx, a, c.entry("condition_overdue", c.State, x.Body))
	}
	// What lies with the operator does not cost the partner its certificate.
	if x.State == "open" && now.After(calendar.AddWorkingDays(x.DueAt, conditionGrace)) && first("missed") {
		cert, err := lockCertificate(tx, c.VersionID)
		if err != nil {
			return err
		}
		if cert.State(now) == "valid" {
			cert.SuspendedAt, cert.Reason = &now, x.Body
			if err := pg.Save(tx, &cert); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, c.entry("suspend_certificate", c.State, x.Body))
			if err := queue.Enqueue(ctx, tx, JobWithdrawn, Withdrawn{c.ProvinceID, c.VersionID, cert.Number, "suspended", now, x.Body}); err != nil {
				return err
			}
		}
	}
	return pg.Save(tx, x)
}
