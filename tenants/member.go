package tenants

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/token"
)

// Permissions of this package.
const (
	MemberRead  Permission = "member:read"
	MemberWrite Permission = "member:write"
)

// adminRole is the role of a kind that must never be without a holder.
func adminRole(k Kind) string { return string(k) + "_admin" }

// Members lists the people of the actor's tenant.
func (s *Service) Members(ctx context.Context, a Actor) ([]Membership, error) {
	if err := a.Need(MemberRead); err != nil {
		return nil, err
	}
	var out []Membership
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID).Order("name, id").Find(&out).Error
	})
	return out, err
}

// checkSeat judges roles and districts an admin wants to give: known ones of
// the tenant, nothing the admin could not give, no wider area than their own.
// before is what the person holds already.
func (s *Service) checkSeat(tx *pg.Tx, a Actor, before, roles, districts []string) error {
	var c fault.Checker
	gives, unknown, err := s.giving(tx, a, roles)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		c.Add("roles", "unknown", "本单位没有这个角色。", "This tenant has no such role.")
	}
	c.Require("roles", len(roles) > 0)
	all, err := districtsIn(tx)
	if err != nil {
		return err
	}
	for _, d := range districts {
		if a.Tenant.Kind != KindCity || !slices.ContainsFunc(all, func(x District) bool { return x.Code == d && x.CityCode == a.Tenant.Code }) {
			c.Add("districts", "unknown", "不是本市的区县。", "Not a district of this city.")
		}
	}
	if wider(a, districts) {
		c.Add("districts", "wider", "不能超出您自己负责的区县。", "Not beyond the districts you have yourself.")
	}
	if err := c.Err(); err != nil {
		return err
	}
	held, _, err := s.giving(tx, a, before)
	if err != nil {
		return err
	}
	maps.DeleteFunc(gives, func(p string, _ bool) bool { return held[p] })
	return mayGive(a, gives)
}

// ChangeMember sets roles and districts of a member of the actor's tenant.
func (s *Service) ChangeMember(ctx context.Context, a Actor, id uuid.UUID, roles, districts []string, version int64) (Membership, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Membership{}, err
	}
	var m Membership
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := s.loadMember(tx, a, id, &m); err != nil {
			return err
		}
		if m.Version != version {
			return fault.ErrStale
		}
		if err := s.mayHandle(tx, a, m); err != nil {
			return err
		}
		if err := s.checkSeat(tx, a, m.Roles, roles, districts); err != nil {
			return err
		}
		if err := s.checkOwnSeat(tx, a, m, roles, districts); err != nil {
			return err
		}
		from := strings.Join(m.Roles, ",")
		m.Roles, m.Districts = roles, districts
		if err := pg.Save(tx, &m); err != nil {
			return err
		}
		if err := s.adminStays(tx, a, uuid.Nil); err != nil {
			return err
		}
		Record(ctx, tx, a, Entry{Action: "change_roles", Resource: "member", ID: m.ID, Label: m.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: strings.Join(roles, ",")})
		return nil
	})
	return m, err
}

// checkOwnSeat keeps people from adding to their own rights, also through the
// seat of somebody they act for. The only person of a partner has nobody to
// ask, so there it is allowed, and stands in the audit.
func (s *Service) checkOwnSeat(tx *pg.Tx, a Actor, m Membership, roles, districts []string) error {
	if !a.Is(m.UserID) {
		return nil
	}
	gives, _, err := s.giving(tx, a, roles)
	if err != nil {
		return err
	}
	held, _, err := s.giving(tx, a, m.Roles)
	if err != nil {
		return err
	}
	maps.DeleteFunc(gives, func(p string, _ bool) bool { return held[p] || a.Can(Permission(p)) })
	fewer := len(m.Districts) == 0 || len(districts) > 0 && !slices.ContainsFunc(districts, func(d string) bool { return !slices.Contains(m.Districts, d) })
	if len(gives) == 0 && fewer {
		return nil
	}
	var others int64
	if err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND state = 'active' AND user_id <> ?", m.ProvinceID, m.TenantID, m.UserID).Count(&others).Error; err != nil {
		return err
	}
	if a.Tenant.Kind == KindPartner && others == 0 && a.OnBehalf == nil {
		return nil
	}
	return ErrOwnSeat
}

// RemoveMember ends a membership; the login stays for other tenants.
func (s *Service) RemoveMember(ctx context.Context, a Actor, id uuid.UUID) error {
	if err := a.Need(MemberWrite); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error { return s.removeIn(ctx, tx, a, id, "") })
}

func (s *Service) removeIn(ctx context.Context, tx *pg.Tx, a Actor, id uuid.UUID, reason string) error {
	var m Membership
	if err := s.loadMember(tx, a, id, &m); err != nil {
		return err
	}
	if err := s.mayHandle(tx, a, m); err != nil {
		return err
	}
	// Asked before and not after: the quarterly review goes on where the last
	// admin stays.
	if slices.Contains(m.Roles, adminRole(a.Tenant.Kind)) {
		if err := s.adminStays(tx, a, m.ID); err != nil {
			return err
		}
	}
	m.State = "removed"
	Record(ctx, tx, a, Entry{Action: "remove", Resource: "member", ID: m.ID, Label: m.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: "active", To: "removed", Reason: reason})
	return pg.Save(tx, &m)
}

func (s *Service) loadMember(tx *pg.Tx, a Actor, id uuid.UUID, m *Membership) error {
	// The whole tenant is locked, so that two admins cannot remove each other.
	if err := tx.Exec(`SELECT 1 FROM memberships WHERE province_id = ? AND tenant_id = ? FOR UPDATE`, a.Tenant.ProvinceID, a.Tenant.ID).Error; err != nil {
		return err
	}
	return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID, id), m)
}

// adminStays refuses when nobody but the one who leaves is an admin.
func (s *Service) adminStays(tx *pg.Tx, a Actor, leaves uuid.UUID) error {
	var n int64
	err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND state = 'active' AND ? = ANY (roles) AND id <> ?", a.Tenant.ProvinceID, a.Tenant.ID, adminRole(a.Tenant.Kind), leaves).Count(&n).Error
	if err == nil && n == 0 {
		return ErrLastAdmin
	}
	return err
}

func partnerOf(a Actor) uuid.UUID {
	if a.Tenant.Kind == KindPartner {
		return a.Tenant.ID
	}
	return uuid.Nil
}

// Invitation asks a mailbox to join a tenant; single use, expiring.
type Invitation struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	Email      string
	Roles      pg.Texts
	Districts  pg.Texts
	TokenHash  []byte
	InvitedBy  string
	ExpiresAt  time.Time
	AcceptedAt *time.Time
	CreatedAt  time.Time
}

// Invite makes an invitation and returns the secret of its link, once; where
// mail is configured the link goes to the mailbox only and the secret is empty.
func (s *Service) Invite(ctx context.Context, a Actor, email string, roles, districts []string) (Invitation, string, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Invitation{}, "", err
	}
	var c fault.Checker
	CheckEmail(&c, "email", email)
	if err := c.Err(); err != nil {
		return Invitation{}, "", err
	}
	secret, hash := token.Secret()
	now := calendar.Now(ctx)
	inv := Invitation{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, Email: NormalEmail(email), Roles: roles, Districts: districts,
		TokenHash: hash, InvitedBy: a.Name, ExpiresAt: now.Add(InvitationLife), CreatedAt: now,
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := s.checkSeat(tx, a, nil, roles, districts); err != nil {
			return err
		}
		var n int64
		if err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND email = ? AND state = 'active'", inv.ProvinceID, inv.TenantID, inv.Email).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return ErrAlreadyIn
		}
		Record(ctx, tx, a, Entry{Action: "invite", Resource: "member", ID: inv.ID, Label: inv.Email, OrgPath: a.Tenant.Path, Partner: partnerOf(a), To: strings.Join(roles, ",")})
		if err := tx.Create(&inv).Error; err != nil || s.options.Mail == nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobInvite, InviteJob{inv.ProvinceID, inv.ID})
	})
	if s.options.Mail != nil {
		secret = "" // the mail carries one of its own
	}
	return inv, secret, err
}

// Invitations that wait for an answer.
func (s *Service) Invitations(ctx context.Context, a Actor) ([]Invitation, error) {
	if err := a.Need(MemberRead); err != nil {
		return nil, err
	}
	var out []Invitation
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND accepted_at IS NULL AND expires_at > ?", a.Tenant.ProvinceID, a.Tenant.ID, calendar.Now(ctx)).Order("created_at DESC").Find(&out).Error
	})
	return out, err
}

// Uninvite takes an open invitation back.
func (s *Service) Uninvite(ctx context.Context, a Actor, id uuid.UUID) error {
	if err := a.Need(MemberWrite); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		var inv Invitation
		open := tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND accepted_at IS NULL AND expires_at > ?", a.Tenant.ProvinceID, a.Tenant.ID, id, now)
		if err := pg.One(open.Clauses(pg.ForUpdate), &inv); err != nil {
			return err
		}
		if wider(a, inv.Districts) {
			return ErrWiderSeat.Fill(inv.Email)
		}
		if err := s.mayTake(tx, a, inv.Roles, inv.Email); err != nil {
			return err
		}
		Record(ctx, tx, a, Entry{Action: "uninvite", Resource: "member", ID: id, Label: inv.Email, OrgPath: a.Tenant.Path, Partner: partnerOf(a)})
		return tx.Model(&inv).UpdateColumn("expires_at", now).Error
	})
}

// Offer is what an invitation offers, to whoever holds its link.
func (s *Service) Offer(ctx context.Context, secret string) (inv Invitation, t Tenant, knownUser bool, err error) {
	err = pg.One(s.db.Login(ctx).Where("token_hash = ? AND accepted_at IS NULL AND expires_at > ?", token.Hash(secret), calendar.Now(ctx)), &inv)
	if err != nil {
		return inv, t, false, ErrInvitation
	}
	if t, err = s.tenant(ctx, inv.ProvinceID, inv.TenantID); err != nil {
		return inv, t, false, err
	}
	_, err = s.UserByEmail(ctx, inv.Email)
	if errors.Is(err, fault.ErrMissing) {
		return inv, t, false, nil
	}
	return inv, t, true, err
}

// Accept joins the tenant. A mailbox with a login proves itself with its
// password; a new one chooses name and password. Of any number of racing
// accepts one wins.
func (s *Service) Accept(ctx context.Context, secret, name, password, code string, from Device) (Actor, Tokens, error) {
	inv, t, known, err := s.Offer(ctx, secret)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	var u User
	strong := false
	if known {
		try, err := s.limiter.take(calendar.Now(ctx), guess{"accept|" + inv.Email + "|" + from.Address, perPerson})
		if err != nil {
			return Actor{}, Tokens{}, err
		}
		if u, err = s.UserByEmail(ctx, inv.Email); err != nil {
			return Actor{}, Tokens{}, err
		}
		match, err := matches(password, u.PasswordHash)
		if err != nil {
			return Actor{}, Tokens{}, err
		}
		if !match {
			return Actor{}, Tokens{}, ErrSignIn
		}
		if strong, err = s.second(ctx, u.ID, code); err != nil {
			return Actor{}, Tokens{}, err
		}
		try.passed()
	} else {
		var c fault.Checker
		c.Require("name", strings.TrimSpace(name) != "")
		CheckPassword(&c, "password", password)
		if err := c.Err(); err != nil {
			return Actor{}, Tokens{}, err
		}
		hash, err := s.HashPassword(password)
		if err != nil {
			return Actor{}, Tokens{}, err
		}
		u = User{ID: pg.NewID(), Email: inv.Email, Name: strings.TrimSpace(name), PasswordHash: hash, Locale: "zh", CreatedAt: calendar.Now(ctx)}
	}
	m := Membership{ProvinceID: inv.ProvinceID, ID: pg.NewID(), TenantID: inv.TenantID, UserID: u.ID, Name: u.Name, Email: u.Email, Roles: inv.Roles, Districts: inv.Districts, CreatedAt: calendar.Now(ctx)}
	err = s.db.LoginTx(ctx, func(g *pg.Handle) error {
		res := g.Exec(`UPDATE invitations SET accepted_at = ? WHERE province_id = ? AND id = ? AND accepted_at IS NULL`, calendar.Now(ctx), inv.ProvinceID, inv.ID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return ErrInvitation
		}
		if !known {
			if err := g.Create(&u).Error; err != nil {
				return err
			}
		}
		// Somebody removed earlier may come back.
		back := g.Exec(`UPDATE memberships SET state = 'active', roles = ?, districts = ?, version = version + 1 WHERE province_id = ? AND tenant_id = ? AND user_id = ? AND state = 'removed'`,
			inv.Roles, inv.Districts, m.ProvinceID, m.TenantID, m.UserID)
		if back.Error != nil {
			return back.Error
		}
		if back.RowsAffected > 0 {
			return g.Raw(`SELECT * FROM memberships WHERE province_id = ? AND tenant_id = ? AND user_id = ?`, m.ProvinceID, m.TenantID, m.UserID).Scan(&m).Error
		}
		return AddMembership(g, m)
	})
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	actor, err := s.ActorOf(ctx, m)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	err = s.db.As(ctx, actor, func(tx *pg.Tx) error {
		Record(ctx, tx, actor, Entry{Action: "join", Resource: "member", ID: m.ID, Label: m.Name, OrgPath: t.Path, Partner: partnerOf(actor), To: strings.Join(m.Roles, ",")})
		return nil
	})
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	return s.open(ctx, Session{UserID: u.ID, Strong: strong}, m, from)
}

// OpenFor signs somebody in who has just proved who they are.
func (s *Service) OpenFor(ctx context.Context, m Membership, from Device) (Actor, Tokens, error) {
	return s.open(ctx, Session{UserID: m.UserID}, m, from)
}
