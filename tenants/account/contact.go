package account

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
	"ecoport/tenants/partner"
)

// Layers of people to satisfy inside a customer: leaders, those between and
// in touch, and ordinary staff.
var Layers = []string{"leader", "contact", "staff"}

// Contact is one person at a customer.
type Contact struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	OrgPath    string
	Layer      string
	Name       string
	Post       string
	Phone      string
	Email      string
	Note       string
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName of contacts.
func (Contact) TableName() string { return "account_contacts" }

// RowVersion is the optimistic lock.
func (c *Contact) RowVersion() *int64 { return &c.Version }

func (c *Contact) mask() {
	c.Name, c.Phone, c.Email, c.Note = maskMiddle(c.Name, 1, 0), maskMiddle(c.Phone, 3, 4), maskMiddle(c.Email, 1, 4), ""
}

const maxContacts = 50

// ErrContacts says that an account has enough people.
var ErrContacts = fault.New(fault.Conflict, "too-many-contacts", "一个客户最多登记 50 位联系人。", "At most 50 contacts of an account.")

// Contacts of an account the actor may see: masked for who may not read them,
// and for a partner only what its grant gives.
func (s *Service) Contacts(ctx context.Context, a tenants.Actor, id uuid.UUID) (out []Contact, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	var d Detail
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if d, err = s.detail(ctx, tx, a, id); err != nil || a.Partner() {
			return err
		}
		out, err = contactsOf(tx, d.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.Partner() {
		if slices.Contains(d.Masked, "contact_name") {
			return []Contact{}, nil
		}
		// Elevated: the grant was just found to hold; the people behind it are
		// rows of the operator, and each field is given only as the grant says.
		err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error { out, err = contactsOf(tx, d.ID); return err })
		for i := range out {
			out[i].Note = ""
			if slices.Contains(d.Masked, "contact_phone") {
				out[i].Phone = ""
			}
			if slices.Contains(d.Masked, "contact_email") {
				out[i].Email = ""
			}
		}
		return out, err
	}
	if !a.Can(ReadContact) {
		for i := range out {
			out[i].mask()
		}
	}
	return out, nil
}

func contactsOf(tx *pg.Tx, account uuid.UUID) (out []Contact, err error) {
	err = tx.Where("province_id = ? AND account_id = ?", tx.Identity.Province, account).
		Order("array_position(ARRAY['leader','contact','staff'], layer), created_at, id").Find(&out).Error
	return out, err
}

// SaveContact writes one person of an account; the zero id adds one.
func (s *Service) SaveContact(ctx context.Context, a tenants.Actor, account, id uuid.UUID, in Contact, version int64) ([]Contact, error) {
	if err := a.Need(Write); err != nil {
		return nil, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		x, err := Seen(tx, a, account)
		if err != nil {
			return err
		}
		var c Contact
		now := calendar.Now(ctx)
		if id == uuid.Nil {
			var n int64
			if err := tx.Model(&Contact{}).Where("province_id = ? AND account_id = ?", x.ProvinceID, x.ID).Count(&n).Error; err != nil {
				return err
			}
			if n >= maxContacts {
				return ErrContacts
			}
			c = Contact{ProvinceID: x.ProvinceID, ID: pg.NewID(), AccountID: x.ID, OrgPath: x.OrgPath, Version: 1, CreatedAt: now}
		} else {
			if err := pg.One(tx.Where("province_id = ? AND account_id = ? AND id = ?", x.ProvinceID, x.ID, id).Clauses(pg.ForUpdate), &c); err != nil {
				return err
			}
			if c.Version != version {
				return fault.ErrStale
			}
		}
		if id != uuid.Nil && !a.Can(ReadContact) {
			// Who sees a mask sends it back: it must not overwrite what it hides.
			in.Name, in.Phone, in.Email, in.Note = c.Name, c.Phone, c.Email, c.Note
		}
		var f fault.Checker
		in.Name, in.Email = strings.TrimSpace(in.Name), tenants.NormalEmail(in.Email)
		f.Require("name", in.Name != "")
		f.OneOf("layer", in.Layer, Layers...)
		if in.Phone != "" && !partner.PhoneOK(in.Phone) {
			f.Add("phone", "phone", "请填写 11 位手机号或带区号的座机。", "An 11-digit mobile number, or a land line with its area code.")
		}
		if in.Email != "" {
			tenants.CheckEmail(&f, "email", in.Email)
		}
		if err := f.Err(); err != nil {
			return err
		}
		c.Layer, c.Name, c.Post, c.Phone, c.Email, c.Note, c.UpdatedAt = in.Layer, in.Name, in.Post, in.Phone, in.Email, in.Note, now
		if id == uuid.Nil {
			err = tx.Create(&c).Error
		} else {
			err = pg.Save(tx, &c)
		}
		if err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "edit_contact", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath, To: c.Layer})
		return rescore(tx, []uuid.UUID{x.ID}, now)
	})
	if err != nil {
		return nil, err
	}
	return s.Contacts(ctx, a, account)
}

// DropContact removes a person from an account.
func (s *Service) DropContact(ctx context.Context, a tenants.Actor, account, id uuid.UUID) ([]Contact, error) {
	if err := a.Need(Write); err != nil {
		return nil, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		x, err := Seen(tx, a, account)
		if err != nil {
			return err
		}
		res := tx.Exec(`DELETE FROM account_contacts WHERE province_id = ? AND account_id = ? AND id = ?`, x.ProvinceID, x.ID, id)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "remove_contact", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath})
		return rescore(tx, []uuid.UUID{x.ID}, calendar.Now(ctx))
	})
	if err != nil {
		return nil, err
	}
	return s.Contacts(ctx, a, account)
}
