package account

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Audit is a sample of one city's accounts in one quarter, asked by phone.
type Audit struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	OrgPath       string
	CityCode      string
	CityName      string
	Year          int // assessment year: it starts in April
	Quarter       int
	Seed          string
	Size          int
	Population    int
	State         string // open, closed
	RightFields   int
	CheckedFields int
	DrawnBy       string
	DrawnAt       time.Time
	ClosedBy      string
	ClosedAt      *time.Time
	Version       int64
}

// TableName of audits.
func (Audit) TableName() string { return "accuracy_audits" }

// RowVersion is the optimistic lock.
func (x *Audit) RowVersion() *int64 { return &x.Version }

func (x *Audit) entry(action, to string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "accuracy", ID: x.ID, Label: x.CityName + " " + strconv.Itoa(x.Year) + "Q" + strconv.Itoa(x.Quarter), OrgPath: x.OrgPath, To: to}
}

// Sampled is one account of a sample.
type Sampled struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AuditID     uuid.UUID
	AccountID   uuid.UUID
	OrgPath     string
	Position    int
	AccountName string
	State       string // waiting, checked, unreachable
	Tries       int
	TriedAt     *time.Time
	Findings    pg.JSON[[]Finding]
	CheckedBy   string
	CheckedAt   *time.Time
	Version     int64
}

// TableName of samples.
func (Sampled) TableName() string { return "accuracy_records" }

// RowVersion is the optimistic lock.
func (x *Sampled) RowVersion() *int64 { return &x.Version }

// Finding is what the customer said about one field.
type Finding struct {
	Field      string
	Right      bool
	Was        string
	Correction string // empty when the right value is not known
}

// Checked are the fields a care agent asks about, in the order of the talk.
var Checked = []string{"name", "address", "contact_name", "contact_phone", "industry", "staff_size"}

const (
	maxTries  = 3
	maxSample = 500
)

// weights of the quarters in the year's figure, in percent.
var weights = [4]int{50, 25, 15, 10}

// Refusals about audits.
var (
	ErrDrawn  = fault.New(fault.Conflict, "drawn-already", "该市本季度已经抽过样。", "The sample of this city and quarter is drawn already.")
	ErrFrozen = fault.New(fault.Conflict, "audit-closed", "核查已关闭，结果不能再改。", "The audit is closed; its results are frozen.")
	ErrLeft   = fault.New(fault.Conflict, "audit-unfinished", "还有 %d 个客户没有核查完，不能关闭。", "%d accounts are still to be checked.")
	ErrSample = fault.New(fault.Conflict, "sample-empty", "该市没有可抽取的客户。", "The city has no accounts to draw from.")
)

// Quarter of the assessment year a day lies in; the year starts in April.
func Quarter(t time.Time) (year, quarter int) {
	t = t.In(calendar.Shanghai)
	if m := int(t.Month()); m >= 4 {
		return t.Year(), (m-4)/3 + 1
	}
	return t.Year() - 1, 4
}

// value of a checked field, as it is read out.
func (x *Account) value(field string) string {
	switch field {
	case "name":
		return x.Name
	case "address":
		return x.Address
	case "contact_name":
		return x.ContactName
	case "contact_phone":
		return x.ContactPhone
	case "industry":
		return x.Industry
	}
	return strconv.Itoa(x.StaffSize)
}

// correct puts what the customer said; it reports a value that cannot be.
func (x *Account) correct(c *fault.Checker, field, value string) {
	switch field {
	case "name":
		c.Require("findings", len([]rune(value)) >= 2)
		x.Name = value
	case "address":
		x.Address = value
	case "contact_name":
		x.ContactName = value
	case "contact_phone":
		x.ContactPhone = value
	case "industry":
		if !KnownIndustry(value) {
			c.OneOf("findings", value)
		}
		x.Industry = value
	case "staff_size":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > maxCount {
			c.Add("findings", "number", "人员规模应为整数。", "The staff size must be a whole number.")
		}
		x.StaffSize = n
	}
}

// Draw takes the sample of a city for the present quarter. The seed decides
// it: the same seed over the same accounts draws the same sample.
func (s *Service) Draw(ctx context.Context, a tenants.Actor, city string, size int, seed string) (Audit, error) {
	var x Audit
	if err := a.Need(Draw); err != nil {
		return x, err
	}
	var c fault.Checker
	if size < 1 || size > maxSample {
		c.Add("size", "range", "样本量应为 1 到 500。", "The sample is 1 to 500 accounts.")
	}
	if err := c.Err(); err != nil {
		return x, err
	}
	if seed == "" {
		var b [8]byte
		_, _ = rand.Read(b[:])
		seed = hex.EncodeToString(b[:])
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		t, err := tenants.CityIn(tx, city)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		year, quarter := Quarter(now)
		x = Audit{
			ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), OrgPath: t.Path, CityCode: t.Code, CityName: t.Name, Year: year, Quarter: quarter, Seed: seed,
			State: "open", DrawnBy: a.Name, DrawnAt: now, Version: 1,
		}
		const of = ` FROM accounts WHERE province_id = ? AND city_code = ? AND merged_into IS NULL`
		if err := tx.Raw(`SELECT count(*)`+of, x.ProvinceID, x.CityCode).Scan(&x.Population).Error; err != nil {
			return err
		}
		var drawn []Account
		if err := tx.Raw(`SELECT id, name, org_path`+of+` ORDER BY md5(? || id::text), id LIMIT ?`, x.ProvinceID, x.CityCode, seed, size).Scan(&drawn).Error; err != nil {
			return err
		}
		if x.Size = len(drawn); x.Size == 0 {
			return ErrSample
		}
		err = tx.Create(&x).Error
		if pg.Violated(err, "accuracy_audits_once") {
			return ErrDrawn
		}
		if err != nil {
			return err
		}
		rows := make([]Sampled, len(drawn))
		for i, d := range drawn {
			rows[i] = Sampled{ProvinceID: x.ProvinceID, ID: pg.NewID(), AuditID: x.ID, AccountID: d.ID, OrgPath: d.OrgPath, Position: i + 1, AccountName: d.Name, State: "waiting", Findings: pg.JSON[[]Finding]{V: []Finding{}}, Version: 1}
		}
		tenants.Record(ctx, tx, a, x.entry("draw", strconv.Itoa(x.Size)))
		return tx.Create(&rows).Error
	})
	return x, err
}

// openRecord locks a record of an open audit, and the audit.
func openRecord(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (r Sampled, x Audit, err error) {
	path := a.Identity()
	if err = pg.One(tx.Where("province_id = ? AND id = ? AND org_path >= ? AND org_path < ?", path.Province, id, path.PathFrom, path.PathTo).Clauses(pg.ForUpdate), &r); err != nil {
		return r, x, err
	}
	if err = pg.One(tx.Where("province_id = ? AND id = ?", r.ProvinceID, r.AuditID).Clauses(pg.ForUpdate), &x); err != nil {
		return r, x, err
	}
	if x.State != "open" {
		return r, x, ErrFrozen
	}
	if r.State != "waiting" {
		return r, x, ErrDecided
	}
	return r, x, nil
}

// CheckRecord writes down what a customer said: each field is right, or wrong
// with the right value if it is known. Corrections go into the account at
// once; the audit trail names who asked and who drew the sample.
func (s *Service) CheckRecord(ctx context.Context, a tenants.Actor, id uuid.UUID, said []Finding) error {
	if err := a.Need(Check); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		r, x, err := openRecord(tx, a, id)
		if err != nil {
			return err
		}
		var acc Account
		if err := pg.One(tx.Where("province_id = ? AND id = ?", r.ProvinceID, r.AccountID).Clauses(pg.ForUpdate), &acc); err != nil {
			return err
		}
		var c fault.Checker
		c.Require("findings", len(said) > 0)
		right, wrong, changed, seen := 0, 0, "", []string{}
		for i := range said {
			f := &said[i]
			if !slices.Contains(Checked, f.Field) || slices.Contains(seen, f.Field) {
				c.OneOf("findings", f.Field)
				continue
			}
			seen = append(seen, f.Field)
			f.Was = acc.value(f.Field)
			switch {
			case f.Right:
				right++
				f.Correction = ""
			case f.Correction == "":
				wrong++
			default:
				acc.correct(&c, f.Field, f.Correction)
				changed += f.Field + " "
			}
		}
		if err := c.Err(); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		acc.WrongFields, acc.UpdatedAt = wrong, now // looked at, so it is fresh
		if err := save(tx, &acc, false); err != nil {
			return err
		}
		r.State, r.Findings, r.CheckedBy, r.CheckedAt = "checked", pg.JSON[[]Finding]{V: said}, a.Name, &now
		if err := pg.Save(tx, &r); err != nil {
			return err
		}
		x.RightFields += right
		x.CheckedFields += len(said)
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		if changed != "" {
			tenants.Record(ctx, tx, a, tenants.Entry{Action: "correct", Resource: "account", ID: acc.ID, Label: acc.Name, OrgPath: acc.OrgPath, To: changed, Reason: "资料核查：" + a.Name + "（抽样 " + x.DrawnBy + "）"})
		}
		tenants.Record(ctx, tx, a, x.entry("check_record", strconv.Itoa(r.Position)))
		return nil
	})
}

// Unreachable notes a call nobody answered; after the third the record is closed.
func (s *Service) Unreachable(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	if err := a.Need(Check); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		r, x, err := openRecord(tx, a, id)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		if r.Tries, r.TriedAt = r.Tries+1, &now; r.Tries == maxTries {
			r.State, r.CheckedBy, r.CheckedAt = "unreachable", a.Name, &now
		}
		tenants.Record(ctx, tx, a, x.entry("unreachable", strconv.Itoa(r.Position)))
		return pg.Save(tx, &r)
	})
}

// CloseAudit freezes the result.
func (s *Service) CloseAudit(ctx context.Context, a tenants.Actor, id uuid.UUID) (Audit, error) {
	var x Audit
	if err := a.Need(Draw); err != nil {
		return x, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.State != "open" {
			return ErrFrozen
		}
		var left int64
		if err := tx.Model(&Sampled{}).Where("province_id = ? AND audit_id = ? AND state = 'waiting'", x.ProvinceID, x.ID).Count(&left).Error; err != nil {
			return err
		}
		if left > 0 {
			return ErrLeft.Fill(left)
		}
		now := calendar.Now(ctx)
		x.State, x.ClosedBy, x.ClosedAt = "closed", a.Name, &now
		tenants.Record(ctx, tx, a, x.entry("close", x.State))
		return pg.Save(tx, &x)
	})
	return x, err
}

// Audits of a year, of the cities the actor sees.
func (s *Service) Audits(ctx context.Context, a tenants.Actor, year int) (out []Audit, err error) {
	if err := a.Need(Accuracy); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		path := a.Identity()
		return tx.Where("province_id = ? AND year = ? AND org_path >= ? AND org_path < ?", path.Province, year, path.PathFrom, path.PathTo).Order("city_code, quarter").Find(&out).Error
	})
	return out, err
}

// Weighted is the year's figure of a city out of its audits, in parts per
// thousand: quarters not audited yet do not count. ok is false without any.
func Weighted(audits []Audit) (permille int, ok bool) {
	sum, weight := 0, 0
	for _, x := range audits {
		if x.CheckedFields > 0 {
			w := weights[x.Quarter-1]
			sum, weight = sum+w*1000*x.RightFields/x.CheckedFields, weight+w
		}
	}
	if weight == 0 {
		return 0, false
	}
	return sum / weight, true
}

// AuditDetail is one audit with its sample and what was wrong, by field.
type AuditDetail struct {
	Audit
	Records []Sampled
	Fields  []FieldScore
	Waiting int
}

// FieldScore counts the answers about one field.
type FieldScore struct {
	Field        string
	Right, Wrong int
}

// AuditOf returns one audit.
func (s *Service) AuditOf(ctx context.Context, a tenants.Actor, id uuid.UUID) (d AuditDetail, err error) {
	if err := a.Need(Accuracy); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		path := a.Identity()
		if err := pg.One(tx.Where("province_id = ? AND id = ? AND org_path >= ? AND org_path < ?", path.Province, id, path.PathFrom, path.PathTo), &d.Audit); err != nil {
			return err
		}
		return tx.Where("province_id = ? AND audit_id = ?", d.ProvinceID, d.ID).Order("position").Find(&d.Records).Error
	})
	for _, f := range Checked {
		score := FieldScore{Field: f}
		for i := range d.Records {
			for _, x := range d.Records[i].Findings.V {
				switch {
				case x.Field != f:
				case x.Right:
					score.Right++
				default:
					score.Wrong++
				}
			}
		}
		d.Fields = append(d.Fields, score)
	}
	for i := range d.Records {
		if d.Records[i].State == "waiting" {
			d.Waiting++
		}
		if !a.Can(ReadContact) {
			for j := range d.Records[i].Findings.V {
				if f := &d.Records[i].Findings.V[j]; f.Field == "contact_name" || f.Field == "contact_phone" {
					f.Was, f.Correction = maskMiddle(f.Was, 1, 0), maskMiddle(f.Correction, 1, 0)
				}
			}
		}
	}
	return d, err
}
