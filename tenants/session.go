package tenants

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/token"
)

// Session is one signed-in device.
type Session struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	UserID       uuid.UUID
	ProvinceID   uuid.UUID
	MembershipID uuid.UUID
	RefreshHash  []byte
	PreviousHash []byte
	RotatedAt    time.Time
	Agent        string
	Address      string
	Strong       bool       // a second factor stands behind it
	BoundTenant  *uuid.UUID // the tenant whose provider opened it: it reaches no other
	StartedAt    time.Time
	SeenAt       time.Time
	ExpiresAt    time.Time
	RevokedAt    *time.Time
}

// Device is what somebody signs in from.
type Device struct{ Agent, Address string }

// Tokens are handed to the browser; Refresh is empty when it stays as it is.
type Tokens struct {
	Access         string
	AccessExpires  time.Time
	Refresh        string
	RefreshExpires time.Time
}

// nobody is hashed against when the address is unknown, so that the answer
// takes as long as for a wrong password.
var nobody = sync.OnceValue(func() string {
	h, _ := argon2id.CreateHash("nobody", &argon2id.Params{Memory: 32 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	return h
})

// Proof is what somebody shows to sign in. Code is of the second factor, or a
// recovery code; without it somebody who has one is asked for it.
type Proof struct{ Email, Password, Code string }

// SignIn checks who somebody is and opens a session in the first membership.
func (s *Service) SignIn(ctx context.Context, p Proof, from Device) (Actor, Tokens, error) {
	now := calendar.Now(ctx)
	try, err := s.limiter.take(now, guess{"sign-in|" + NormalEmail(p.Email) + "|" + from.Address, perPerson}, guess{"sign-in|" + from.Address, perAddress})
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	u, err := s.UserByEmail(ctx, p.Email)
	hash := u.PasswordHash
	if errors.Is(err, fault.ErrMissing) {
		hash = nobody()
	} else if err != nil {
		return Actor{}, Tokens{}, err
	}
	match, err := matches(p.Password, hash)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	if !match || u.ID == uuid.Nil {
		return Actor{}, Tokens{}, ErrSignIn
	}
	strong, err := s.second(ctx, u.ID, p.Code)
	if errors.Is(err, ErrSecondFactor) {
		try.undo() // the password was right, nothing was guessed
	}
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	try.passed()
	seats, err := s.Seats(ctx, u.ID)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	if len(seats) == 0 {
		return Actor{}, Tokens{}, ErrSignIn
	}
	return s.open(ctx, Session{UserID: u.ID, Strong: strong}, seats[0].Membership, from)
}

func (s *Service) open(ctx context.Context, session Session, m Membership, from Device) (Actor, Tokens, error) {
	now := calendar.Now(ctx)
	secret, hash := token.Secret()
	session.ID, session.ProvinceID, session.MembershipID = pg.NewID(), m.ProvinceID, m.ID
	session.RefreshHash, session.RotatedAt, session.Agent, session.Address = hash, now, short(from.Agent, 200), short(from.Address, 60)
	session.StartedAt, session.SeenAt, session.ExpiresAt = now, now, now.Add(SessionLife)
	if err := s.db.Login(ctx).Create(&session).Error; err != nil {
		return Actor{}, Tokens{}, err
	}
	return s.issue(ctx, session, secret)
}

func (s *Service) issue(ctx context.Context, session Session, secret string) (Actor, Tokens, error) {
	now := calendar.Now(ctx)
	t := Tokens{AccessExpires: now.Add(AccessLife), Refresh: secret, RefreshExpires: session.ExpiresAt}
	var err error
	t.Access, err = s.signer.Issue(session.UserID.String(), session.ID.String(), session.MembershipID.String(), now, t.AccessExpires)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	actor, err := s.actor(ctx, session.ID, session.MembershipID)
	return actor, t, err
}

// Refresh rotates the refresh token. A token that was rotated away earlier is
// a replay: the session ends for everybody who holds it.
func (s *Service) Refresh(ctx context.Context, secret, address string) (Actor, Tokens, error) {
	now := calendar.Now(ctx)
	hash := token.Hash(secret)
	fresh, freshHash := token.Secret()
	var session Session
	replay := false
	err := s.db.LoginTx(ctx, func(tx *pg.Handle) error {
		if err := pg.One(tx.Raw(`SELECT * FROM sessions WHERE refresh_hash = ? OR previous_hash = ? FOR UPDATE`, hash, hash), &session); err != nil {
			return ErrSession
		}
		if session.RevokedAt != nil || now.After(session.ExpiresAt) {
			return ErrSession
		}
		if string(session.RefreshHash) != string(hash) {
			if now.Sub(session.RotatedAt) <= rotationGrace {
				fresh = ""
				return nil
			}
			replay = true
			return tx.Exec(`UPDATE sessions SET revoked_at = ? WHERE id = ?`, now, session.ID).Error
		}
		session.ExpiresAt = now.Add(SessionLife)
		return tx.Exec(`UPDATE sessions SET previous_hash = refresh_hash, refresh_hash = ?, rotated_at = ?, seen_at = ?, expires_at = ?, address = ? WHERE id = ?`,
			freshHash, now, now, session.ExpiresAt, short(address, 60), session.ID).Error
	})
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	if replay {
		return Actor{}, Tokens{}, ErrSession
	}
	return s.issue(ctx, session, fresh)
}

// Authenticate turns an access token into the actor of this request. Roles
// are read now, so a removed one is gone on the next request.
func (s *Service) Authenticate(ctx context.Context, access string) (Actor, error) {
	claims, err := s.signer.Verify(access, calendar.Now(ctx))
	if err != nil {
		return Actor{}, ErrSession
	}
	session, err1 := uuid.Parse(claims.Session)
	membership, err2 := uuid.Parse(claims.Membership)
	if err1 != nil || err2 != nil {
		return Actor{}, ErrSession
	}
	return s.actor(ctx, session, membership)
}

// actor loads everything a request needs to know of who asks, in one query.
func (s *Service) actor(ctx context.Context, session, membership uuid.UUID) (Actor, error) {
	var row struct {
		UserID     uuid.UUID
		Name       string
		Email      string
		Locale     string
		Roles      pg.Texts
		OwnRoles   pg.Texts
		Districts  pg.Texts
		TenantID   uuid.UUID
		ProvinceID uuid.UUID
		Kind       Kind
		Code       string
		TenantName string
		Short      string
		Path       string
		State      string
		CityCodes  string
		AbsentUser *uuid.UUID
		AbsentName string
		Strong     bool
		Enrolled   bool
		Bound      *uuid.UUID
	}
	now := calendar.Now(ctx)
	// A seat is the person's own, or lent to them now by a colleague who still
	// holds it.
	res := s.db.Login(ctx).Raw(`SELECT u.id AS user_id, coalesce(d.to_name, m.name) AS name, u.email, u.locale, m.roles, `+ownPermissions+` AS own_roles, m.districts,
		t.id AS tenant_id, t.province_id, t.kind, t.code, t.name AS tenant_name,
		t.short, t.path, t.state, coalesce((SELECT string_agg(c.code, ',' ORDER BY c.code) FROM tenants c WHERE c.province_id = t.province_id AND c.kind = 'city'), '') AS city_codes,
		d.from_user AS absent_user, coalesce(d.from_name, '') AS absent_name,
		s.strong, s.bound_tenant AS bound, EXISTS (SELECT 1 FROM factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL) AS enrolled
		FROM sessions s JOIN memberships m ON m.id = ? JOIN users u ON u.id = s.user_id
		JOIN tenants t ON t.province_id = m.province_id AND t.id = m.tenant_id
		LEFT JOIN LATERAL (`+lentSeat+` AND d.from_membership = m.id AND d.province_id = m.province_id AND d.to_user = s.user_id AND m.user_id <> s.user_id LIMIT 1) d ON true
		WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND m.state = 'active' AND (m.user_id = s.user_id OR d.from_user IS NOT NULL)
		AND (s.bound_tenant IS NULL OR s.bound_tenant = m.tenant_id)`,
		membership, now, now, session, now).Scan(&row)
	if res.Error != nil {
		return Actor{}, res.Error
	}
	if res.RowsAffected == 0 {
		return Actor{}, ErrSession
	}
	a := Actor{
		User: row.UserID, Name: row.Name, Email: row.Email, Session: session, Membership: membership, Roles: row.Roles, Locale: row.Locale, Districts: row.Districts,
		Tenant: Tenant{ID: row.TenantID, ProvinceID: row.ProvinceID, Kind: row.Kind, Code: row.Code, Name: row.TenantName, Short: row.Short, Path: row.Path, State: row.State, CityCodes: row.CityCodes},
	}
	a.Granted = s.granted(a.Tenant, row.Roles, row.OwnRoles)
	if row.AbsentUser != nil {
		a.OnBehalf = &Person{*row.AbsentUser, row.AbsentName}
		for _, p := range neverLent {
			delete(a.Granted, p)
		}
	}
	a.Bound = row.Bound
	s.withhold(&a, row.Enrolled, row.Strong)
	return a, nil
}

// granted is what the built-in roles give, and what the tenant's own roles
// give as far as its kind may hold it; of a suspended tenant only what is left
// to it.
func (s *Service) granted(t Tenant, roles, own []string) map[Permission]bool {
	granted := map[Permission]bool{}
	give := func(p string) {
		if !t.Suspended() || slices.Contains(s.options.WhileSuspended, Permission(p)) {
			granted[Permission(p)] = true
		}
	}
	for p := range s.policy.Granted(string(t.Kind), roles) {
		give(p)
	}
	ceiling := s.policy.Ceiling(string(t.Kind))
	for _, p := range own {
		if ceiling[p] {
			give(p)
		}
	}
	return granted
}

// ActorOf builds the actor of a membership without a session: for jobs that
// act for a person and for the demo.
func (s *Service) ActorOf(ctx context.Context, m Membership) (Actor, error) {
	t, err := s.tenant(ctx, m.ProvinceID, m.TenantID)
	if err != nil {
		return Actor{}, err
	}
	var own struct{ OwnRoles pg.Texts }
	if err := s.db.Login(ctx).Raw(`SELECT `+ownPermissions+` AS own_roles FROM memberships m WHERE m.province_id = ? AND m.id = ?`, m.ProvinceID, m.ID).Scan(&own).Error; err != nil {
		return Actor{}, err
	}
	return Actor{
		User: m.UserID, Name: m.Name, Email: m.Email, Membership: m.ID, Roles: m.Roles, Districts: m.Districts, Locale: "zh",
		Tenant: t, Granted: s.granted(t, m.Roles, own.OwnRoles),
	}, nil
}

// SwitchTenant moves the session to another seat of the same person: one of
// their own or one lent to them.
func (s *Service) SwitchTenant(ctx context.Context, a Actor, membership uuid.UUID) (Actor, Tokens, error) {
	seats, err := s.Seats(ctx, a.User)
	if err != nil {
		return Actor{}, Tokens{}, err
	}
	for _, seat := range seats {
		if seat.ID != membership {
			continue
		}
		if a.Bound != nil && *a.Bound != seat.TenantID {
			return Actor{}, Tokens{}, ErrBound
		}
		var session Session
		if err := s.db.Login(ctx).Exec(`UPDATE sessions SET province_id = ?, membership_id = ? WHERE id = ?`, seat.ProvinceID, seat.ID, a.Session).Error; err != nil {
			return Actor{}, Tokens{}, err
		}
		if err := pg.One(s.db.Login(ctx).Where("id = ?", a.Session), &session); err != nil {
			return Actor{}, Tokens{}, err
		}
		return s.issue(ctx, session, "")
	}
	return Actor{}, Tokens{}, fault.ErrMissing
}

// Sessions lists the devices of the actor, newest first.
func (s *Service) Sessions(ctx context.Context, a Actor) ([]Session, error) {
	var out []Session
	err := s.db.Login(ctx).Where("user_id = ? AND revoked_at IS NULL AND expires_at > ?"+a.bounds(), a.User, calendar.Now(ctx)).Order("seen_at DESC").Limit(50).Find(&out).Error
	return out, err
}

// EndSession signs one of the actor's own devices out.
func (s *Service) EndSession(ctx context.Context, a Actor, id uuid.UUID) error {
	res := s.db.Login(ctx).Exec(`UPDATE sessions SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL`+a.bounds(), calendar.Now(ctx), id, a.User)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.ErrMissing
	}
	return res.Error
}

// EndOtherSessions signs the actor out everywhere else.
func (s *Service) EndOtherSessions(ctx context.Context, a Actor) error {
	return s.db.Login(ctx).Exec(`UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND id <> ? AND revoked_at IS NULL`+a.bounds(), calendar.Now(ctx), a.User, a.Session).Error
}

// bounds keeps a session that a tenant's provider opened among its like: that
// tenant vouches for nothing that the person does elsewhere.
func (a Actor) bounds() string {
	if a.Bound == nil {
		return ""
	}
	return " AND bound_tenant = '" + a.Bound.String() + "'"
}

// SignOut ends the session a refresh token belongs to; an unknown one is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	return s.db.Login(ctx).Exec(`UPDATE sessions SET revoked_at = ? WHERE refresh_hash = ?`, calendar.Now(ctx), token.Hash(secret)).Error
}

// SetLocale remembers the language of the person.
func (s *Service) SetLocale(ctx context.Context, a Actor, locale string) error {
	return s.db.Login(ctx).Exec(`UPDATE users SET locale = ? WHERE id = ?`, locale, a.User).Error
}

func short(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}

// ActorByMembership builds the actor a job acts for; a removed membership can
// do nothing any more.
func (s *Service) ActorByMembership(ctx context.Context, province, membership uuid.UUID) (Actor, error) {
	var m Membership
	if err := pg.One(s.db.Login(ctx).Where("province_id = ? AND id = ? AND state = 'active'", province, membership), &m); err != nil {
		return Actor{}, err
	}
	return s.ActorOf(ctx, m)
}

// Sitting is a session in one of its seats.
type Sitting struct{ Session, Membership uuid.UUID }

// Marks says for each sitting that still holds what it holds, as a word to
// compare: another word means other rights, none that it is over.
func (s *Service) Marks(ctx context.Context, sittings []Sitting) (map[Sitting]string, error) {
	sessions, seats := make([]uuid.UUID, len(sittings)), make([]uuid.UUID, len(sittings))
	for i, x := range sittings {
		sessions[i], seats[i] = x.Session, x.Membership
	}
	var rows []struct {
		Sitting
		Mark string
	}
	now := calendar.Now(ctx)
	err := s.db.Login(ctx).Raw(`SELECT DISTINCT q.session, q.membership, md5(m.roles::text || m.districts::text || t.state || (`+ownPermissions+`)::text) AS mark
		FROM unnest(?::uuid[], ?::uuid[]) q(session, membership) JOIN sessions s ON s.id = q.session JOIN memberships m ON m.id = q.membership
		JOIN tenants t ON t.province_id = m.province_id AND t.id = m.tenant_id
		WHERE s.revoked_at IS NULL AND s.expires_at > ? AND m.state = 'active' AND (m.user_id = s.user_id OR EXISTS (`+lentSeat+` AND d.from_membership = m.id AND d.province_id = m.province_id AND d.to_user = s.user_id))`,
		pg.UUIDs(sessions), pg.UUIDs(seats), now, now, now).Scan(&rows).Error
	out := make(map[Sitting]string, len(rows))
	for _, r := range rows {
		out[r.Sitting] = r.Mark
	}
	return out, err
}
