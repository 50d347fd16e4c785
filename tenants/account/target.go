package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Segments of target accounts 目标客户.
var Segments = []string{"government_body", "industrial", "leader"}

// TargetOf says that an account is a target of a year.
type TargetOf struct {
	AccountID uuid.UUID
	Year      int
	Segment   string
	SetBy     string
	SetAt     time.Time
}

// SetTargets marks the chosen accounts as targets of a year, or with an empty
// segment takes the mark away. It answers how many that changed.
func (s *Service) SetTargets(ctx context.Context, a tenants.Actor, sel Selection, year int, segment string) (int64, error) {
	if err := a.Need(Target); err != nil {
		return 0, err
	}
	var c fault.Checker
	if segment != "" {
		c.OneOf("segment", segment, Segments...)
	}
	if year < 2000 || year > 2100 {
		c.Add("year", "range", "应为四位年份。", "Must be a year of four digits.")
	}
	if err := c.Err(); err != nil {
		return 0, err
	}
	var n int64
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		d, err := s.chosen(tx, a, sel)
		if err != nil {
			return err
		}
		var res *pg.Handle
		if segment == "" {
			res = tx.Exec(`DELETE FROM account_targets WHERE province_id = ? AND year = ? AND account_id IN (?)`, a.Tenant.ProvinceID, year, d.Session(pg.Fork).Select("accounts.id"))
		} else {
			res = tx.Exec(`INSERT INTO account_targets (province_id, account_id, year, segment, org_path, city_code, district_code, set_by, set_at) ?
				ON CONFLICT (province_id, account_id, year) DO UPDATE SET segment = excluded.segment, set_by = excluded.set_by, set_at = excluded.set_at WHERE account_targets.segment <> excluded.segment`,
				d.Session(pg.Fork).Select("accounts.province_id, accounts.id, ?::int, ?::text, accounts.org_path, accounts.city_code, accounts.district_code, ?::text, ?::timestamptz", year, segment, a.Name, calendar.Now(ctx)))
		}
		if res.Error != nil {
			return res.Error
		}
		if n = res.RowsAffected; n == 0 {
			return ErrNone
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "set_targets", Resource: "account", ID: a.Tenant.ID, Label: a.Tenant.Name, OrgPath: a.Tenant.Path, To: segment})
		return nil
	})
	return n, err
}

// TargetsOf lists the years an account is a target of, newest first.
func targetsOf(tx *pg.Tx, id uuid.UUID) (out []TargetOf, err error) {
	err = tx.Raw(`SELECT * FROM account_targets WHERE province_id = ? AND account_id = ? ORDER BY year DESC`, tx.Identity.Province, id).Scan(&out).Error
	return out, err
}
