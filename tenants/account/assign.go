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

// Assignment is many accounts handed over at once; it can be undone as one.
type Assignment struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	OrgPath    string
	Via        string // list, territory
	OwnerName  string
	Accounts   int
	MadeBy     string
	MadeByID   uuid.UUID
	MadeAt     time.Time
	UndoneAt   *time.Time
	UndoneBy   string
	Kept       int // changed again since, so left alone by the undo
	Version    int64
}

// RowVersion is the optimistic lock.
func (x *Assignment) RowVersion() *int64 { return &x.Version }

func (x *Assignment) entry(action string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "assignment", ID: x.ID, Label: x.OwnerName, OrgPath: x.OrgPath, To: x.Via}
}

// ErrUndone says that a batch was undone before.
var ErrUndone = fault.New(fault.Conflict, "undone-already", "这一批已经撤销过。", "This was undone already.")

// Assign hands the chosen accounts to an owner of the city, nil for nobody.
func (s *Service) Assign(ctx context.Context, a tenants.Actor, sel Selection, owner *uuid.UUID) (Assignment, error) {
	var x Assignment
	if err := a.Need(Assign); err != nil {
		return x, err
	}
	if a.Tenant.Kind != tenants.KindCity {
		return x, ErrOnlyCities
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		to := Account{ProvinceID: a.Tenant.ProvinceID}
		if err := setOwner(tx, a, &to, owner); err != nil {
			return err
		}
		d, err := s.chosen(tx, a, sel)
		if err != nil {
			return err
		}
		x = newAssignment(ctx, a, "list", to.OwnerName)
		return x.make(ctx, tx, a, d.Where("accounts.owner_id IS DISTINCT FROM ?", owner).Select("accounts.id, ?::uuid AS to_id", owner))
	})
	return x, err
}

func newAssignment(ctx context.Context, a tenants.Actor, via, owner string) Assignment {
	return Assignment{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, OrgPath: a.Tenant.Path, Via: via, OwnerName: owner, MadeBy: a.Name, MadeByID: a.User, MadeAt: calendar.Now(ctx), Version: 1}
}

// make hands over what hits finds: rows of an account and its new owner.
func (x *Assignment) make(ctx context.Context, tx *pg.Tx, a tenants.Actor, hits *pg.Handle) error {
	if err := tx.Create(x).Error; err != nil {
		return err
	}
	res := tx.Exec(`INSERT INTO assignment_rows (province_id, assignment_id, account_id, tenant_id, from_id, from_name, to_id)
		SELECT a.province_id, ?, a.id, ?, a.owner_id, a.owner_name, h.to_id FROM (?) h JOIN accounts a ON a.province_id = ? AND a.id = h.id
		WHERE h.to_id IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.province_id = a.province_id AND m.id = h.to_id AND m.state = 'active') LIMIT ?`, x.ID, x.TenantID, hits, x.ProvinceID, maxChosen+1)
	switch {
	case res.Error != nil:
		return res.Error
	case res.RowsAffected == 0:
		return ErrNone
	case res.RowsAffected > maxChosen:
		return ErrTooMany.Fill(maxChosen)
	}
	x.Accounts = int(res.RowsAffected)
	if err := tx.Exec(`UPDATE accounts a SET owner_id = r.to_id, owner_name = coalesce(m.name, ''), version = a.version + 1, updated_at = ?
		FROM assignment_rows r LEFT JOIN memberships m ON m.province_id = r.province_id AND m.id = r.to_id
		WHERE r.province_id = ? AND r.assignment_id = ? AND a.province_id = r.province_id AND a.id = r.account_id`, x.MadeAt, x.ProvinceID, x.ID).Error; err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, x.entry("assign"))
	return tx.Exec(`UPDATE assignments SET accounts = ? WHERE province_id = ? AND id = ?`, x.Accounts, x.ProvinceID, x.ID).Error
}

// Assignments of the tenant, newest first.
func (s *Service) Assignments(ctx context.Context, a tenants.Actor) ([]Assignment, error) {
	if err := a.Need(Assign); err != nil {
		return nil, err
	}
	var out []Assignment
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Order("made_at DESC, id DESC").Limit(30).Find(&out).Error
	})
	return out, err
}

// Unassign gives a whole batch back to whom it came from; accounts somebody
// has handed on since stay where they are.
func (s *Service) Unassign(ctx context.Context, a tenants.Actor, id uuid.UUID) (Assignment, error) {
	var x Assignment
	if err := a.Need(Assign); err != nil {
		return x, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.UndoneAt != nil {
			return ErrUndone
		}
		if len(a.Districts) > 0 {
			var seen int64
			mine := inSight(tx.Model(&Account{}), a).Where("accounts.id IN (?)", tx.Table("assignment_rows r").Select("r.account_id").Where("r.province_id = ? AND r.assignment_id = ?", x.ProvinceID, id))
			if err := mine.Count(&seen).Error; err != nil {
				return err
			}
			if int(seen) < x.Accounts {
				return tenants.ErrWiderSeat.Fill(x.OwnerName)
			}
		}
		now := calendar.Now(ctx)
		res := tx.Exec(`UPDATE accounts a SET owner_id = r.from_id, owner_name = r.from_name, version = a.version + 1, updated_at = ? FROM assignment_rows r
			WHERE r.province_id = ? AND r.assignment_id = ? AND a.province_id = r.province_id AND a.id = r.account_id AND a.owner_id IS NOT DISTINCT FROM r.to_id`, now, x.ProvinceID, id)
		if res.Error != nil {
			return res.Error
		}
		x.UndoneAt, x.UndoneBy, x.Kept = &now, a.Name, x.Accounts-int(res.RowsAffected)
		tenants.Record(ctx, tx, a, x.entry("unassign"))
		return pg.Save(tx, &x)
	})
	return x, err
}
