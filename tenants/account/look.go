package account

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Look says that somebody opened a customer's record on a day, how often, and
// how often they uncovered its contact details.
type Look struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	AccountID    uuid.UUID `gorm:"primaryKey"`
	Day          time.Time `gorm:"primaryKey"`
	MembershipID uuid.UUID `gorm:"primaryKey"`
	UserID       uuid.UUID `gorm:"primaryKey"`
	OrgPath      string
	PartnerID    uuid.UUID
	Name         string
	TenantName   string
	Via          string
	FirstAt      time.Time
	LastAt       time.Time
	Times        int
	Revealed     int
}

// TableName of looks.
func (Look) TableName() string { return "account_looks" }

// revealLimit is how many customers one person may uncover on one day; more
// is fishing.
const revealLimit = 30

// Refusals about revealing.
var (
	ErrRevealMany = fault.New(fault.TooMany, "reveal-limit", "今天查看遮蔽联系方式的次数已达上限（%d 次），明天再试，或请管理员调整角色。", "You have uncovered contact details %d times today. Try again tomorrow, or ask an admin for the role.")
	ErrRevealBare = fault.New(fault.Conflict, "nothing-masked", "联系方式没有遮蔽，可直接查看。", "Nothing is masked here: you see the contact details already.")
)

// look notes that the actor opened the record.
func look(ctx context.Context, tx *pg.Tx, a tenants.Actor, x Account, via string, revealed int) error {
	now := calendar.Now(ctx)
	l := Look{
		ProvinceID: x.ProvinceID, AccountID: x.ID, MembershipID: a.Membership, UserID: a.User, OrgPath: x.OrgPath,
		Name: a.Name, TenantName: a.Tenant.Name, Via: via,
	}
	if a.Partner() {
		l.PartnerID = a.Tenant.ID
	}
	if a.OnBehalf != nil {
		l.Name += "（代" + a.OnBehalf.Name + "）"
	}
	return tx.Exec(`INSERT INTO account_looks (province_id, account_id, day, membership_id, user_id, org_path, partner_id, name, tenant_name, via, first_at, last_at, times, revealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
		ON CONFLICT (province_id, account_id, day, membership_id, user_id) DO UPDATE SET last_at = excluded.last_at, times = account_looks.times + 1, revealed = account_looks.revealed + excluded.revealed, via = excluded.via`,
		l.ProvinceID, l.AccountID, calendar.Date(now), l.MembershipID, l.UserID, l.OrgPath, l.PartnerID, l.Name, l.TenantName, l.Via, now, now, revealed).Error
}

// Looks are who opened the record, newest first.
func (s *Service) Looks(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Look, error) {
	if err := a.Need(Explain); err != nil {
		return nil, err
	}
	var out []Look
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &Account{}); err != nil {
			return err
		}
		return tx.Where("province_id = ? AND account_id = ?", a.Tenant.ProvinceID, id).Order("last_at DESC").Limit(200).Find(&out).Error
	})
	return out, err
}

// Uncovered is what a reveal shows.
type Uncovered struct {
	ContactName, ContactPhone, ContactEmail string
}

// RevealContact shows the contact details of one customer to somebody who
// sees them masked, for a reason that stands in the audit.
func (s *Service) RevealContact(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Uncovered, error) {
	if err := a.Need(Reveal); err != nil {
		return Uncovered{}, err
	}
	if a.Partner() {
		return Uncovered{}, fault.ErrMissing // a partner's grant says which fields there are
	}
	var x Account
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x); err != nil {
			return err
		}
		var c fault.Checker
		reason = strings.TrimSpace(reason)
		c.Require("reason", len([]rune(reason)) >= 4)
		if err := c.Err(); err != nil {
			return err
		}
		if a.Can(ReadContact) {
			return ErrRevealBare
		}
		// The person's own rows of the day stand in line, so that many requests
		// at once count one after another.
		var today int
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, a.User.String()).Error; err != nil {
			return err
		}
		if err := tx.Raw(`SELECT coalesce(sum(revealed), 0) FROM account_looks WHERE province_id = ? AND membership_id = ? AND day = ?`,
			a.Tenant.ProvinceID, a.Membership, calendar.Date(calendar.Now(ctx))).Scan(&today).Error; err != nil {
			return err
		}
		if today >= revealLimit {
			e := ErrRevealMany.Fill(revealLimit)
			e.RetryAfter = 3600
			return e
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "reveal", Resource: "account", ID: x.ID, Label: x.Name, OrgPath: x.OrgPath, Reason: reason})
		return look(ctx, tx, a, x, s.why(a, x).Via, 1)
	})
	return Uncovered{x.ContactName, x.ContactPhone, x.ContactEmail}, err
}
