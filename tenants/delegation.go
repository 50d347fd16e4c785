package tenants

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// Delegation lends the seat of an absent person to a colleague of the same
// tenant for a time. Whoever sits in it acts under their own name, on behalf
// of the absent one, and both names stand in the audit.
type Delegation struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	TenantID       uuid.UUID
	FromMembership uuid.UUID
	FromUser       uuid.UUID
	FromName       string
	ToMembership   uuid.UUID
	ToUser         uuid.UUID
	ToName         string
	StartsAt       time.Time
	EndsAt         time.Time
	EndedAt        *time.Time // ended early
	Reason         string
	MadeBy         string
	CreatedAt      time.Time
}

// State at a time: planned, active or ended.
func (d Delegation) State(now time.Time) string {
	switch {
	case d.EndedAt != nil || !now.Before(d.EndsAt):
		return "ended"
	case now.Before(d.StartsAt):
		return "planned"
	}
	return "active"
}

// DelegationSpan is the longest a seat may be lent for.
const DelegationSpan = 90 * 24 * time.Hour

// neverLent are the permissions an absent person cannot lend: who holds them
// decides about people, and that is nobody's to pass on.
var neverLent = []Permission{MemberWrite, RoleWrite, "provider:write", "webhook:write"}

// Refusals about delegations.
var (
	ErrDelegateSelf = fault.New(fault.Invalid, "delegate-self", "不能把工作交给自己。", "Work cannot be handed to its own owner.")
	ErrDelegateWho  = fault.New(fault.Invalid, "delegate-unknown", "受托人须是本单位的在职成员。", "The delegate must be an active member of the same tenant.")
	ErrDelegateTime = fault.New(fault.Invalid, "delegate-time", "结束时间须晚于开始时间和现在，且不超过 90 天。", "The end must lie after the start and after now, at most 90 days later.")
	ErrDelegateTwo  = fault.New(fault.Conflict, "delegate-overlap", "这段时间的工作已交给%s，请先结束那次委托。", "The work of that time is with %s already. End that delegation first.")
	ErrOnBehalf     = fault.New(fault.Denied, "on-behalf", "代理他人期间不能再委托或修改本人设置，请先切换回自己的身份。", "Not while acting for somebody else: switch back to your own seat first.")
)

// lentSeat selects delegations that hold at a time (given twice).
const lentSeat = `SELECT d.province_id, d.from_membership, d.from_user, d.from_name, d.to_membership, d.to_name, d.ends_at FROM delegations d
	JOIN memberships x ON x.province_id = d.province_id AND x.id = d.to_membership AND x.state = 'active'
	WHERE d.starts_at <= ? AND d.ends_at > ? AND d.ended_at IS NULL`

// lentSeats are the seats colleagues have lent to these memberships now.
func (s *Service) lentSeats(ctx context.Context, members []Membership) ([]Seat, error) {
	own, provinces := make([]uuid.UUID, len(members)), make([]uuid.UUID, len(members))
	for i, m := range members {
		own[i], provinces[i] = m.ID, m.ProvinceID
	}
	var found []struct {
		Membership
		FromName string
		EndsAt   time.Time
	}
	now := calendar.Now(ctx)
	err := s.db.Login(ctx).Raw(`SELECT m.*, d.from_name, d.ends_at FROM (`+lentSeat+` AND d.province_id = ANY (?::uuid[]) AND d.to_membership = ANY (?::uuid[])) d
		JOIN memberships m ON m.province_id = d.province_id AND m.id = d.from_membership AND m.state = 'active' ORDER BY d.ends_at, m.id`, now, now, pg.UUIDs(provinces), pg.UUIDs(own)).Scan(&found).Error
	out := make([]Seat, len(found))
	for i, f := range found {
		out[i] = Seat{Membership: f.Membership, OnBehalf: f.FromName, Until: &found[i].EndsAt}
	}
	return out, err
}

// Absence asks for a delegation; From is the zero id for the actor's own seat.
type Absence struct {
	From, To         uuid.UUID // memberships
	StartsAt, EndsAt time.Time
	Reason           string
}

// Delegate lends a seat: a person their own, an admin anybody's of the tenant.
func (s *Service) Delegate(ctx context.Context, a Actor, w Absence) (Delegation, error) {
	if a.OnBehalf != nil {
		return Delegation{}, ErrOnBehalf
	}
	if w.From == uuid.Nil {
		w.From = a.Membership
	}
	if w.From != a.Membership {
		if err := a.Need(MemberWrite); err != nil {
			return Delegation{}, err
		}
	}
	now := calendar.Now(ctx)
	if !w.EndsAt.After(w.StartsAt) || !w.EndsAt.After(now) || w.EndsAt.Sub(w.StartsAt) > DelegationSpan {
		return Delegation{}, ErrDelegateTime
	}
	if w.From == w.To {
		return Delegation{}, ErrDelegateSelf
	}
	var d Delegation
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var from, to Membership
		seat := func(id uuid.UUID, m *Membership) error {
			return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), m)
		}
		if err := seat(w.From, &from); err != nil {
			return err
		}
		if err := seat(w.To, &to); err != nil {
			return ErrDelegateWho
		}
		if from.UserID == to.UserID {
			return ErrDelegateSelf
		}
		if from.ID != a.Membership {
			// Lending somebody else's seat gives what it holds: not to oneself,
			// and not more than one could give.
			if a.Is(to.UserID) {
				return ErrOwnSeat
			}
			if err := s.mayHandle(tx, a, from); err != nil {
				return err
			}
		}
		var twin Delegation
		err := pg.One(tx.Where("province_id = ? AND from_membership = ? AND ended_at IS NULL AND starts_at < ? AND ends_at > ?", from.ProvinceID, from.ID, w.EndsAt, w.StartsAt), &twin)
		if err == nil {
			return ErrDelegateTwo.Fill(twin.ToName)
		}
		d = Delegation{
			ProvinceID: from.ProvinceID, ID: pg.NewID(), TenantID: from.TenantID, FromMembership: from.ID, FromUser: from.UserID, FromName: from.Name,
			ToMembership: to.ID, ToUser: to.UserID, ToName: to.Name, StartsAt: w.StartsAt, EndsAt: w.EndsAt, Reason: w.Reason, MadeBy: a.Name, CreatedAt: now,
		}
		if err := tx.Create(&d).Error; err != nil {
			return err
		}
		Record(ctx, tx, a, d.entry(a, "create", w.Reason))
		return nil
	})
	return d, err
}

func (d Delegation) entry(a Actor, action, reason string) Entry {
	return Entry{Action: action, Resource: "delegation", ID: d.ID, Label: d.FromName + " → " + d.ToName, OrgPath: a.Tenant.Path, Partner: partnerOf(a), Reason: reason, To: calendar.Date(d.EndsAt)}
}

// Delegations of the actor's tenant, newest first: an admin's all, everybody
// else's own.
func (s *Service) Delegations(ctx context.Context, a Actor) ([]Delegation, error) {
	var out []Delegation
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		q := tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID)
		if !a.Can(MemberWrite) {
			q = q.Where("(from_membership = ? OR to_membership = ?)", a.Membership, a.Membership)
		}
		return q.Order("starts_at DESC, id DESC").Limit(100).Find(&out).Error
	})
	return out, err
}

// MayEnd tells whether the actor may end the delegation early.
func (a Actor) MayEnd(d Delegation) bool {
	return a.OnBehalf == nil && (a.Membership == d.FromMembership || a.Membership == d.ToMembership || a.Can(MemberWrite))
}

// EndDelegation gives the seat back early: its owner, who sits in it, or an
// admin may.
func (s *Service) EndDelegation(ctx context.Context, a Actor, id uuid.UUID) (Delegation, error) {
	var d Delegation
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND ended_at IS NULL", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &d); err != nil {
			return err
		}
		if a.OnBehalf != nil {
			return ErrOnBehalf
		}
		if !a.MayEnd(d) {
			return fault.ErrMissing
		}
		if a.Membership != d.FromMembership && a.Membership != d.ToMembership {
			var from Membership
			if err := pg.One(tx.Where("province_id = ? AND id = ?", d.ProvinceID, d.FromMembership), &from); err != nil {
				return err
			}
			if err := s.mayHandle(tx, a, from); err != nil {
				return err
			}
		}
		now := calendar.Now(ctx)
		d.EndedAt = &now
		Record(ctx, tx, a, d.entry(a, "end", ""))
		return tx.Model(&d).UpdateColumn("ended_at", now).Error
	})
	return d, err
}

// Colleagues are the active members of the actor's tenant, by name: whom work
// can be handed to.
func (s *Service) Colleagues(ctx context.Context, a Actor) ([]Membership, error) {
	var out []Membership
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID).Order("name, id").Find(&out).Error
	})
	return out, err
}

// StandIns are the mailboxes of who sits in a seat now besides its owner.
func (s *Service) StandIns(ctx context.Context, province, membership uuid.UUID) ([]string, error) {
	var out []string
	now := calendar.Now(ctx)
	err := s.db.Login(ctx).Raw(`SELECT x.email FROM (`+lentSeat+` AND d.province_id = ? AND d.from_membership = ?) l JOIN memberships x ON x.province_id = ? AND x.id = l.to_membership`,
		now, now, province, membership, province).Scan(&out).Error
	return out, err
}
