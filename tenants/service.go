package tenants

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/mail"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/scan"
	"ecoport/app/platform/seal"
	"ecoport/app/platform/token"
	"ecoport/tenants/policy"
)

// How long things live. Access tokens are short because a session can only be
// ended at the next request that loads the actor; refresh rotates.
const (
	AccessLife     = 10 * time.Minute
	SessionLife    = 14 * 24 * time.Hour
	InvitationLife = 7 * 24 * time.Hour
	// Two tabs may refresh at once: within this time the token before the
	// last one is a latecomer, afterwards a replay.
	rotationGrace = 30 * time.Second
)

// Refusals of this package.
var (
	ErrSignIn       = fault.New(fault.Unauthenticated, "sign-in", "邮箱或密码不正确。", "E-mail or password is not right.")
	ErrSession      = fault.New(fault.Unauthenticated, "session-ended", "登录已过期，请重新登录。已填写的内容会保留。", "Your session has ended. Sign in again; what you typed is kept.")
	ErrTooMany      = fault.New(fault.TooMany, "too-many-tries", "尝试次数过多，请 %d 秒后再试。", "Too many tries. Try again in %d seconds.")
	ErrInvitation   = fault.New(fault.Missing, "invitation", "邀请无效：可能已使用、已撤回或已过期，请联系邀请人重新发送。", "This invitation is not valid: used, taken back or expired. Ask for a new one.")
	ErrEmailTaken   = fault.New(fault.Conflict, "email-taken", "该邮箱已有登录账号，请先登录。", "This e-mail already has a login. Sign in first.")
	ErrAlreadyIn    = fault.New(fault.Conflict, "already-member", "该成员已在本单位。", "This person is a member already.")
	ErrLastAdmin    = fault.New(fault.Conflict, "last-admin", "至少要保留一位管理员。", "The last admin must stay.")
	ErrTenantPaused = fault.New(fault.Denied, "tenant-suspended", "合作已暂停，这项功能暂时不能使用；请在「本企业」查看原因，或联系省公司渠道经理。", "Cooperation is suspended, so this cannot be used for now. See the reason on your firm's page, or contact the province's channel manager.")
)

// Service owns people, memberships, sessions and the audit trail.
type Service struct {
	db         *pg.DB
	policy     *policy.Policy
	signer     *token.Signer
	limiter    limiter
	hashing    *argon2id.Params
	reviews    []Reviewable
	scanner    *scan.Scanner // nil: files stay unscanned
	fileGuards map[string]FileGuard
	options    Options
}

// Options of the service.
type Options struct {
	Hashing      *argon2id.Params // nil for the usual strength
	Seal         *seal.Box        // keeps seeds of second factors and provider secrets
	SecondFactor bool             // sensitive permissions need one
	Sensitive    []Permission     // those that move money or give access
	// WhileSuspended is what the people of a suspended tenant may still do.
	WhileSuspended []Permission
	Mail           *mail.Sender   // nil: mails are not sent, links are shown instead
	Outbound       outbound.Rules // which addresses tenants may have us call
	BaseURL        string         // how people reach the portal, for links in mails
}

// NewService wires the package.
func NewService(db *pg.DB, p *policy.Policy, s *token.Signer, o Options) *Service {
	if o.Hashing == nil {
		o.Hashing = &argon2id.Params{Memory: 32 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	return &Service{db: db, policy: p, signer: s, hashing: o.Hashing, options: o, fileGuards: map[string]FileGuard{}}
}

// User is a person with one login.
type User struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	Email        string
	Name         string
	PasswordHash string
	Locale       string
	CreatedAt    time.Time
}

// Membership gives a person roles in one tenant.
type Membership struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	UserID     uuid.UUID
	Name       string
	Email      string
	Roles      pg.Texts
	Districts  pg.Texts
	State      string
	Version    int64
	CreatedAt  time.Time
}

// RowVersion is the optimistic lock.
func (m *Membership) RowVersion() *int64 { return &m.Version }

// Seat is a membership with its tenant, as the switcher shows it.
type Seat struct {
	Membership
	Tenant   Tenant     `gorm:"-"`
	OnBehalf string     `gorm:"-"` // the absent colleague who lent it, or empty
	Until    *time.Time `gorm:"-"` // when a lent seat goes back
}

// NormalEmail is the form e-mail addresses are stored and compared in.
func NormalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// CheckEmail and CheckPassword report into a checker.
func CheckEmail(c *fault.Checker, field, email string) {
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at == len(email)-1 || strings.ContainsAny(email, " \r\n\t<>,;") || !strings.Contains(email[at:], ".") {
		c.Add(field, "email", "不是有效的邮箱地址。", "Not a valid e-mail address.")
	}
}

// CheckPassword wants length, not ornaments (NIST SP 800-63B).
func CheckPassword(c *fault.Checker, field, password string) {
	if len([]rune(password)) < 10 {
		c.Add(field, "too_short", "密码至少 10 个字符。", "At least 10 characters.")
	}
}

// hashing at most this many passwords at once bounds the memory a burst of
// sign-ins can take: each hash needs 32 MB.
var hashing = make(chan struct{}, 4)

// HashPassword hashes with argon2id.
func (s *Service) HashPassword(password string) (string, error) {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2id.CreateHash(password, s.hashing)
}

// matches compares a password with its hash.
func matches(password, hash string) (bool, error) {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// AddTenant and the functions below it are building blocks for registration
// and for the demo; they run in the caller's transaction.
func AddTenant(tx *pg.Tx, t Tenant) error {
	return tx.Exec(`INSERT INTO tenants (id, province_id, kind, code, name, short, path, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'active')`,
		t.ID, t.ProvinceID, t.Kind, t.Code, t.Name, t.Short, t.Path).Error
}

// AddMembership seats a person.
func AddMembership(g *pg.Handle, m Membership) error {
	m.State, m.Version = "active", 1
	err := g.Create(&m).Error
	if pg.Violated(err, "memberships_once") {
		return ErrAlreadyIn
	}
	return err
}

// AddUser makes a login; the address must be free.
func (s *Service) AddUser(ctx context.Context, email, name, password, locale string) (User, error) {
	hash, err := s.HashPassword(password)
	if err != nil {
		return User{}, err
	}
	return s.AddHashedUser(ctx, email, name, hash, locale)
}

// AddHashedUser is AddUser for a password that is hashed already.
func (s *Service) AddHashedUser(ctx context.Context, email, name, hash, locale string) (User, error) {
	return AddUserIn(ctx, s.db.Login(ctx), email, name, hash, locale)
}

// AddUserIn makes a login in the transaction of a registration, so that a
// refused one leaves no login behind.
func AddUserIn(ctx context.Context, g *pg.Handle, email, name, hash, locale string) (User, error) {
	if locale != "en" {
		locale = "zh"
	}
	u := User{ID: pg.NewID(), Email: NormalEmail(email), Name: strings.TrimSpace(name), PasswordHash: hash, Locale: locale, CreatedAt: calendar.Now(ctx)}
	err := g.Create(&u).Error
	if pg.Violated(err, "users_email_once") {
		return User{}, ErrEmailTaken
	}
	return u, err
}

// UserByEmail finds a login; fault.ErrMissing when there is none.
func (s *Service) UserByEmail(ctx context.Context, email string) (User, error) {
	var u User
	err := pg.One(s.db.Login(ctx).Where("email = ?", NormalEmail(email)), &u)
	return u, err
}

// Seats lists the memberships of a person over all tenants, then the seats
// colleagues have lent them for now.
func (s *Service) Seats(ctx context.Context, user uuid.UUID) ([]Seat, error) {
	var members []Membership
	if err := s.db.Login(ctx).Where("user_id = ? AND state = 'active'", user).Order("created_at, id").Find(&members).Error; err != nil {
		return nil, err
	}
	lent, err := s.lentSeats(ctx, members)
	if err != nil {
		return nil, err
	}
	ids, provinces := make([]uuid.UUID, len(members)), make([]uuid.UUID, len(members))
	for i, m := range members {
		ids[i], provinces[i] = m.TenantID, m.ProvinceID
	}
	var known []Tenant
	if err := s.db.Login(ctx).Raw(tenantRow+`t.province_id = ANY (?::uuid[]) AND t.id = ANY (?::uuid[])`, pg.UUIDs(provinces), pg.UUIDs(ids)).Scan(&known).Error; err != nil {
		return nil, err
	}
	seats := make([]Seat, 0, len(members)+len(lent))
	for _, m := range members {
		seats = append(seats, Seat{Membership: m})
	}
	seats = append(seats, lent...)
	for i := range seats {
		at := slices.IndexFunc(known, func(t Tenant) bool { return t.ID == seats[i].TenantID })
		if at < 0 {
			return nil, fault.ErrMissing
		}
		seats[i].Tenant = known[at]
	}
	return seats, nil
}

const tenantRow = `SELECT t.id, t.province_id, t.kind, t.code, t.name, t.short, t.path, t.state,
	(SELECT string_agg(c.code, ',' ORDER BY c.code) FROM tenants c WHERE c.province_id = t.province_id AND c.kind = 'city') AS city_codes
	FROM tenants t WHERE `

func (s *Service) tenant(ctx context.Context, province, id uuid.UUID) (Tenant, error) {
	var t Tenant
	err := pg.One(s.db.Login(ctx).Raw(tenantRow+`t.province_id = ? AND t.id = ?`, province, id), &t)
	return t, err
}

// Tenant finds one tenant.
func (s *Service) Tenant(ctx context.Context, province, id uuid.UUID) (Tenant, error) {
	return s.tenant(ctx, province, id)
}

// Tenants lists tenants of a kind in a province, by code.
func (s *Service) Tenants(ctx context.Context, province uuid.UUID, kind Kind) ([]Tenant, error) {
	var ts []Tenant
	err := s.db.Login(ctx).Raw(`SELECT id, province_id, kind, code, name, short, path, state FROM tenants WHERE province_id = ? AND kind = ? ORDER BY code`, province, kind).Scan(&ts).Error
	return ts, err
}

// CityIn finds a city of the transaction's province.
func CityIn(tx *pg.Tx, code string) (Tenant, error) {
	var t Tenant
	err := pg.One(tx.Raw(`SELECT id, province_id, kind, code, name, short, path, state FROM tenants WHERE province_id = ? AND kind = 'city' AND code = ?`, tx.Identity.Province, code), &t)
	return t, err
}

// Provinces lists the provinces this installation serves.
func (s *Service) Provinces(ctx context.Context) ([]Tenant, error) {
	var ts []Tenant
	err := s.db.Login(ctx).Raw(`SELECT id, province_id, kind, code, name, short, path, state FROM tenants WHERE kind = 'province' ORDER BY code`).Scan(&ts).Error
	return ts, err
}

// District of a city.
type District struct {
	Code     string
	Name     string
	CityCode string
}

// districtsIn lists the districts of the transaction's province.
func districtsIn(tx *pg.Tx) ([]District, error) {
	var ds []District
	err := tx.Raw(`SELECT code, name, city_code FROM districts WHERE province_id = ? ORDER BY code`, tx.Identity.Province).Scan(&ds).Error
	return ds, err
}

// Districts of a province, by code.
func (s *Service) Districts(ctx context.Context, province uuid.UUID) ([]District, error) {
	var ds []District
	err := s.db.Login(ctx).Raw(`SELECT code, name, city_code FROM districts WHERE province_id = ? ORDER BY code`, province).Scan(&ds).Error
	return ds, err
}

// Next draws the next number of a yearly series, e.g. D2026000123.
func Next(ctx context.Context, tx *pg.Tx, prefix string) (string, error) {
	year := calendar.Now(ctx).In(calendar.Shanghai).Format("2006")
	var n int64
	err := tx.Raw(`INSERT INTO counters (province_id, name, value) VALUES (?, ?, 1)
		ON CONFLICT (province_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value`, tx.Identity.Province, prefix+year).Scan(&n).Error
	return fmt.Sprintf("%s%s%06d", prefix, year, n), err
}

// Holder is a membership with what its roles give, for explaining who sees
// what. A lent seat is a Holder of its own, with OnBehalf and Until.
type Holder struct {
	Seat
	Granted map[Permission]bool
}

// HolderQuery chooses memberships of a province: those of the province
// company, of one city, of some partners; Everywhere means any tenant.
type HolderQuery struct {
	Email      string // only this person
	Removed    bool   // also former members
	Everywhere bool
	Province   bool
	City       string
	Partners   []uuid.UUID
}

// Holders lists memberships with their permissions, by tenant and name, in a
// transaction that may see them.
func (s *Service) Holders(ctx context.Context, tx *pg.Tx, q HolderQuery) ([]Holder, error) {
	type row struct {
		Membership
		OwnRoles   pg.Texts
		Kind       Kind
		Code       string
		TenantName string
		Path       string
		Standing   string
	}
	sql := `SELECT m.*, ` + ownPermissions + ` AS own_roles, t.kind, t.code, t.name AS tenant_name, t.path, t.state AS standing FROM memberships m
		JOIN tenants t ON t.province_id = m.province_id AND t.id = m.tenant_id WHERE m.province_id = ? AND (m.state = 'active' OR ?)`
	args := []any{tx.Identity.Province, q.Removed}
	if !q.Everywhere {
		sql += ` AND ((t.kind = 'province' AND ?) OR (t.kind = 'city' AND t.code = ?) OR t.id = ANY (?::uuid[]))`
		args = append(args, q.Province, q.City, pg.UUIDs(q.Partners))
	}
	lent := `SELECT l.from_membership, l.to_membership, l.to_name, l.from_name, l.ends_at, x.email FROM (` + lentSeat + ` AND d.province_id = ?) l JOIN memberships x ON x.province_id = ? AND x.id = l.to_membership`
	now := calendar.Now(ctx)
	var loans []struct {
		FromMembership, ToMembership uuid.UUID
		ToName, FromName, Email      string
		EndsAt                       time.Time
	}
	if err := tx.Raw(lent, now, now, tx.Identity.Province, tx.Identity.Province).Scan(&loans).Error; err != nil {
		return nil, err
	}
	if q.Email != "" {
		from := []uuid.UUID{}
		for _, l := range loans {
			if l.Email == q.Email {
				from = append(from, l.FromMembership)
			}
		}
		sql += ` AND (m.email = ? OR m.id = ANY (?::uuid[]))`
		args = append(args, q.Email, pg.UUIDs(from))
	}
	var rows []row
	if err := tx.Raw(sql+` ORDER BY t.kind = 'partner', t.kind = 'city', t.name, m.name, m.id`, args...).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Holder, 0, len(rows))
	for _, r := range rows {
		h := Holder{Seat: Seat{Membership: r.Membership, Tenant: Tenant{ID: r.TenantID, ProvinceID: r.ProvinceID, Kind: r.Kind, Code: r.Code, Name: r.TenantName, Path: r.Path, State: r.Standing}}}
		h.Granted = s.granted(h.Tenant, r.Roles, r.OwnRoles)
		if q.Email == "" || r.Email == q.Email {
			out = append(out, h)
		}
		for _, l := range loans {
			if l.FromMembership != r.ID || r.State != "active" || q.Email != "" && l.Email != q.Email {
				continue
			}
			sits := h
			sits.Name, sits.Email, sits.OnBehalf, sits.Until = l.ToName, l.Email, l.FromName, &l.EndsAt
			out = append(out, sits)
		}
	}
	if q.Email != "" { // the person's own seats before the lent ones
		slices.SortStableFunc(out, func(a, b Holder) int { return strings.Compare(a.OnBehalf, b.OnBehalf) })
	}
	return out, nil
}

// LocaleOf is the language a person reads.
func (s *Service) LocaleOf(ctx context.Context, user uuid.UUID) (string, error) {
	var u User
	err := pg.One(s.db.Login(ctx).Where("id = ?", user), &u)
	return u.Locale, err
}

// Trail reads entries of the audit trail of a province by their numbers.
func (s *Service) Trail(ctx context.Context, province uuid.UUID, seqs []int64) (out []AuditEvent, err error) {
	err = s.db.Read(ctx, System(province, "audit"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT * FROM audit_events WHERE province_id = ? AND seq IN ? ORDER BY seq`, province, seqs).Scan(&out).Error
	})
	return out, err
}
