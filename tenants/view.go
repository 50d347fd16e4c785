package tenants

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// View is a list as somebody likes to see it: filters and columns by name.
type View struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	UserID     uuid.UUID
	OwnerName  string
	List       string
	Name       string
	Query      string
	Columns    pg.Texts
	Shared     bool
	Version    int64
	UpdatedAt  time.Time
}

// TableName of views.
func (View) TableName() string { return "saved_views" }

// RowVersion is the optimistic lock.
func (v *View) RowVersion() *int64 { return &v.Version }

// Refusals about views.
var (
	ErrViewName = fault.New(fault.Conflict, "view-name", "您已有同名的视图。", "You have a view of this name already.")
	ErrViews    = fault.New(fault.Conflict, "too-many-views", "每个列表最多保存 30 个视图。", "At most 30 views of a list.")
)

const maxViews = 30

// Views of a list: the actor's own, and those shared in the tenant.
func (s *Service) Views(ctx context.Context, a Actor, list string) (out []View, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND list = ? AND (user_id = ? OR shared)", a.Tenant.ProvinceID, a.Tenant.ID, list, a.User).Order("name, id").Find(&out).Error
	})
	return out, err
}

// SaveView keeps a view of the actor; the zero id makes a new one.
func (s *Service) SaveView(ctx context.Context, a Actor, id uuid.UUID, v View) (View, error) {
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if id != uuid.Nil {
			var known View
			if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND user_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, a.User, id).Clauses(pg.ForUpdate), &known); err != nil {
				return err
			}
			v.List, v.ID, v.Version = known.List, known.ID, known.Version
		} else {
			var n int64
			if err := tx.Model(&View{}).Where("province_id = ? AND tenant_id = ? AND user_id = ? AND list = ?", a.Tenant.ProvinceID, a.Tenant.ID, a.User, v.List).Count(&n).Error; err != nil {
				return err
			}
			if n >= maxViews {
				return ErrViews
			}
			v.ID, v.Version = pg.NewID(), 1
		}
		var c fault.Checker
		v.Name = strings.TrimSpace(v.Name)
		c.Require("name", v.Name != "")
		if err := c.Err(); err != nil {
			return err
		}
		v.ProvinceID, v.TenantID, v.UserID, v.OwnerName, v.UpdatedAt = a.Tenant.ProvinceID, a.Tenant.ID, a.User, a.Name, calendar.Now(ctx)
		var err error
		if id == uuid.Nil {
			err = tx.Create(&v).Error
		} else {
			err = pg.Save(tx, &v)
		}
		if pg.Violated(err, "saved_views_name_once") {
			return ErrViewName
		}
		return err
	})
	return v, err
}

// DropView forgets a view of the actor.
func (s *Service) DropView(ctx context.Context, a Actor, id uuid.UUID) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`DELETE FROM saved_views WHERE province_id = ? AND tenant_id = ? AND user_id = ? AND id = ?`, a.Tenant.ProvinceID, a.Tenant.ID, a.User, id)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		return res.Error
	})
}
