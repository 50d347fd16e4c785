package tenants

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/token"
)

// Permissions of this package.
const (
	MemberRead  Permission = "member:read"
	MemberWrite Permission = "member:write"
	AuditRead   Permission = "audit:read"
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

// Role is a role with what it may do.
type Role struct {
	Code        string
	Permissions []string
}

// Roles a member of the actor's tenant may hold.
func (s *Service) Roles(a Actor) []Role {
	var out []Role
	for _, code := range s.policy.Roles(string(a.Tenant.Kind)) {
		r := Role{Code: code}
		for p := range s.policy.Granted(string(a.Tenant.Kind), []string{code}) {
			r.Permissions = append(r.Permissions, p)
		}
		slices.Sort(r.Permissions)
		out = append(out, r)
	}
	return out
}

func (s *Service) checkSeat(ctx context.Context, c *fault.Checker, a Actor, roles, districts []string) error {
	known := s.policy.Roles(string(a.Tenant.Kind))
	for _, r := range roles {
		if !slices.Contains(known, r) {
			c.Add("roles", "unknown", "本单位没有这个角色。", "This tenant has no such role.")
		}
	}
	if len(roles) == 0 {
		c.Require("roles", false)
	}
	if len(districts) == 0 {
		return nil
	}
	all, err := s.Districts(ctx, a.Tenant.ProvinceID)
	if err != nil {
		return err
	}
	for _, d := range districts {
		if a.Tenant.Kind != KindCity || !slices.ContainsFunc(all, func(x District) bool { return x.Code == d && x.CityCode == a.Tenant.Code }) {
			c.Add("districts", "unknown", "不是本市的区县。", "Not a district of this city.")
		}
	}
	return nil
}

// ChangeMember sets roles and districts of a member of the actor's tenant.
func (s *Service) ChangeMember(ctx context.Context, a Actor, id uuid.UUID, roles, districts []string, version int64) (Membership, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Membership{}, err
	}
	var c fault.Checker
	if err := s.checkSeat(ctx, &c, a, roles, districts); err != nil {
		return Membership{}, err
	}
	if err := c.Err(); err != nil {
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
		from := strings.Join(m.Roles, ",")
		m.Roles, m.Districts = roles, districts
		if err := pg.Save(tx, &m); err != nil {
			return err
		}
		if err := s.adminStays(tx, a); err != nil {
			return err
		}
		Record(ctx, tx, a, Entry{Action: "change_roles", Resource: "member", ID: m.ID, Label: m.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: strings.Join(roles, ",")})
		return nil
	})
	return m, err
}

// RemoveMember ends a membership; the login stays for other tenants.
func (s *Service) RemoveMember(ctx context.Context, a Actor, id uuid.UUID) error {
	if err := a.Need(MemberWrite); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var m Membership
		if err := s.loadMember(tx, a, id, &m); err != nil {
			return err
		}
		m.State = "removed"
		if err := pg.Save(tx, &m); err != nil {
			return err
		}
		if err := s.adminStays(tx, a); err != nil {
			return err
		}
		Record(ctx, tx, a, Entry{Action: "remove", Resource: "member", ID: m.ID, Label: m.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: "active", To: "removed"})
		return nil
	})
}

func (s *Service) loadMember(tx *pg.Tx, a Actor, id uuid.UUID, m *Membership) error {
	// The whole tenant is locked, so that two admins cannot remove each other.
	if err := tx.Exec(`SELECT 1 FROM memberships WHERE province_id = ? AND tenant_id = ? FOR UPDATE`, a.Tenant.ProvinceID, a.Tenant.ID).Error; err != nil {
		return err
	}
	return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID, id), m)
}

func (s *Service) adminStays(tx *pg.Tx, a Actor) error {
	var n int64
	err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND state = 'active' AND ? = ANY (roles)", a.Tenant.ProvinceID, a.Tenant.ID, adminRole(a.Tenant.Kind)).Count(&n).Error
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

// Invite makes an invitation and returns the secret of its link, once.
func (s *Service) Invite(ctx context.Context, a Actor, email string, roles, districts []string) (Invitation, string, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Invitation{}, "", err
	}
	var c fault.Checker
	CheckEmail(&c, "email", email)
	if err := s.checkSeat(ctx, &c, a, roles, districts); err != nil {
		return Invitation{}, "", err
	}
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
		var n int64
		if err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND email = ? AND state = 'active'", inv.ProvinceID, inv.TenantID, inv.Email).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return ErrAlreadyIn
		}
		Record(ctx, tx, a, Entry{Action: "invite", Resource: "member", ID: inv.ID, Label: inv.Email, OrgPath: a.Tenant.Path, Partner: partnerOf(a), To: strings.Join(roles, ",")})
		return tx.Create(&inv).Error
	})
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
		res := tx.Exec(`UPDATE invitations SET expires_at = ? WHERE province_id = ? AND tenant_id = ? AND id = ? AND accepted_at IS NULL AND expires_at > ?`, now, a.Tenant.ProvinceID, a.Tenant.ID, id, now)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		Record(ctx, tx, a, Entry{Action: "uninvite", Resource: "member", ID: id, OrgPath: a.Tenant.Path, Partner: partnerOf(a)})
		return res.Error
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
func (s *Service) Accept(ctx context.Context, secret, name, password, agent string) (Actor, Tokens, error) {
	inv, t, known, err := s.Offer(ctx, secret)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	var u User
	if known {
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
	return s.open(ctx, u.ID, m, agent)
}

// AuditQuery filters the audit trail.
type AuditQuery struct {
	Resource   string
	ResourceID string
	Text       string
	Before     int64 // seq, exclusive; 0 means from the newest
	Limit      int
}

// Audit reads the trail of what the actor's tenant may know, newest first.
func (s *Service) Audit(ctx context.Context, a Actor, q AuditQuery) ([]AuditEvent, error) {
	if err := a.Need(AuditRead); err != nil {
		return nil, err
	}
	var out []AuditEvent
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := a.InDistricts(tx.Table("audit_events").Where("province_id = ?", a.Tenant.ProvinceID))
		if q.Before > 0 {
			d = d.Where("seq < ?", q.Before)
		}
		if q.Resource != "" {
			d = d.Where("resource = ?", q.Resource)
		}
		if id, err := uuid.Parse(q.ResourceID); err == nil {
			d = d.Where("resource_id = ?", id)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(label LIKE ? OR actor_name LIKE ?)", like, like)
		}
		return d.Order("seq DESC").Limit(q.Limit).Scan(&out).Error
	})
	return out, err
}

// OpenFor signs somebody in who has just proved who they are.
func (s *Service) OpenFor(ctx context.Context, m Membership, agent string) (Actor, Tokens, error) {
	return s.open(ctx, m.UserID, m, agent)
}

// Recent is what happened lately in what the actor may know, newest first.
func (s *Service) Recent(ctx context.Context, a Actor, limit int) ([]AuditEvent, error) {
	var out []AuditEvent
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tx.Table("audit_events").Where("province_id = ? AND resource IN ('partner', 'certification', 'listing', 'deal', 'order', 'delivery', 'statement', 'plan', 'period')", a.Tenant.ProvinceID)
		d = a.InDistricts(d)
		if a.Partner() {
			d = d.Where("partner_id = ?", a.Tenant.ID)
		}
		return d.Order("seq DESC").Limit(limit).Scan(&out).Error
	})
	return out, err
}
