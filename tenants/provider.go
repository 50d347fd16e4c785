package tenants

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/openid"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/token"
)

// Permissions over sign-in providers.
const (
	ProviderRead  Permission = "provider:read"
	ProviderWrite Permission = "provider:write"
)

// Refusals about signing in by a provider. Their codes stand in the address
// of the sign-in page, which says what to do.
var (
	ErrProviderGone  = fault.New(fault.Missing, "provider-gone", "这个登录方式已停用，请用密码登录，或联系本单位管理员。", "This way to sign in is off. Use your password, or ask the admin of your organisation.")
	ErrProviderDown  = fault.New(fault.Unavailable, "provider-down", "单位的登录服务没有应答，请稍后重试，或用密码登录。", "Your organisation's sign-in service does not answer. Try later, or use your password.")
	ErrTrip          = fault.New(fault.Unauthenticated, "provider-trip", "登录过程已过期或已使用过，请重新开始。", "This sign-in took too long or was used already. Start again.")
	ErrAnswer        = fault.New(fault.Unauthenticated, "provider-answer", "登录服务的应答没有通过校验，请重新登录；如仍出错，请联系本单位管理员检查登录服务设置。", "What the sign-in service answered could not be verified. Try again; if it persists, ask your admin to check its settings.")
	ErrUnverified    = fault.New(fault.Unauthenticated, "provider-unverified", "登录服务没有确认您的邮箱，请先在那里完成邮箱验证。", "The sign-in service has not verified your mailbox. Verify it there first.")
	ErrNoSeat        = fault.New(fault.Unauthenticated, "provider-no-seat", "您的邮箱不是该单位的成员，请让管理员邀请您。", "Your mailbox is not a member of this organisation. Ask its admin for an invitation.")
	ErrOtherSubject  = fault.New(fault.Unauthenticated, "provider-other", "这个邮箱在登录服务中对应的账号变了，为安全起见没有登录。请用密码登录并联系管理员。", "At the sign-in service this mailbox now belongs to another account, so you were not signed in. Use your password and tell your admin.")
	ErrBound         = fault.New(fault.Denied, "session-bound", "您是用一个单位的登录服务进入的，只能在该单位内使用。要切换到其他单位，请退出后用密码登录。", "You signed in by one organisation's service, which counts there only. To work for another, sign out and use your password.")
	ErrProviderTwice = fault.New(fault.Conflict, "provider-twice", "这个登录服务已经添加过。", "This sign-in service was added already.")
)

// Provider lets people of one tenant sign in by that tenant's own service.
type Provider struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	Name       string
	Issuer     string
	ClientID   string
	Secret     []byte
	Domains    pg.Texts
	Vouches    bool // its sign-in counts as a second factor
	State      string
	Version    int64
	CreatedAt  time.Time
}

// RowVersion is the optimistic lock.
func (p *Provider) RowVersion() *int64 { return &p.Version }

// ProviderInput is what an admin types. An empty secret keeps the one there is.
type ProviderInput struct {
	Name, Issuer, ClientID, Secret string
	Domains                        []string
	Vouches, Active                bool
	Version                        int64
}

// Mailboxes of these are anybody's, so no tenant speaks for them.
var publicMail = strings.Fields("qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn wo.cn sina.com sina.cn sohu.com aliyun.com gmail.com outlook.com hotmail.com live.com yahoo.com icloud.com")

func (s *Service) checkProvider(ctx context.Context, in *ProviderInput) error {
	var c fault.Checker
	in.Name, in.Issuer, in.ClientID = strings.TrimSpace(in.Name), strings.TrimSpace(in.Issuer), strings.TrimSpace(in.ClientID)
	c.Require("name", in.Name != "")
	c.Require("client_id", in.ClientID != "")
	for i, d := range in.Domains {
		d = strings.ToLower(strings.TrimSpace(d))
		in.Domains[i] = d
		u, err := url.Parse("https://" + d)
		switch {
		case err != nil || u.Host != d || u.Port() != "" || !strings.Contains(d, "."):
			c.Add("domains", "domain", "请填写邮箱 @ 后面的域名，如 firm.cn。", "Write what stands after the @ of your mailboxes, such as firm.cn.")
		case slices.Contains(publicMail, d):
			c.Add("domains", "public", "公共邮箱域名不能作为单位的登录域名。", "Domains of public mailboxes cannot be an organisation's own.")
		}
	}
	c.Require("domains", len(in.Domains) > 0)
	if err := s.options.Outbound.Check(ctx, in.Issuer); err != nil {
		if errors.Is(err, outbound.ErrForbidden) {
			c.Add("issuer", "address", "需要一个公网可访问的 https 地址。", "It must be a public https address.")
		} else {
			c.Add("issuer", "unknown_host", "找不到这个地址，请核对。", "This address is not found. Check it.")
		}
	}
	return c.Err()
}

// Providers of the actor's tenant.
func (s *Service) Providers(ctx context.Context, a Actor) ([]Provider, error) {
	if err := a.Need(ProviderRead); err != nil {
		return nil, err
	}
	var out []Provider
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Order("created_at, id").Find(&out).Error
	})
	return out, err
}

// AddProvider makes a way to sign in.
func (s *Service) AddProvider(ctx context.Context, a Actor, in ProviderInput) (Provider, error) {
	if err := a.Need(ProviderWrite); err != nil {
		return Provider{}, err
	}
	if in.Secret == "" {
		return Provider{}, wrongField("client_secret", "required", "必填。", "Required.")
	}
	if err := s.checkProvider(ctx, &in); err != nil {
		return Provider{}, err
	}
	p := Provider{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, Issuer: in.Issuer, Version: 1, CreatedAt: calendar.Now(ctx)}
	s.fillProvider(&p, in)
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		err := tx.Create(&p).Error
		if pg.Violated(err, "providers_issuer_once") {
			return ErrProviderTwice
		}
		if err != nil {
			return err
		}
		recordProvider(ctx, tx, a, p, "add", "")
		return claimDomains(ctx, tx, a, p.Domains)
	})
	return p, err
}

// ChangeProvider edits all but the issuer: whom its subjects are was learned
// from that issuer and no other.
func (s *Service) ChangeProvider(ctx context.Context, a Actor, id uuid.UUID, in ProviderInput) (Provider, error) {
	if err := a.Need(ProviderWrite); err != nil {
		return Provider{}, err
	}
	var p Provider
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error { return loadProvider(tx, a, id, &p) }); err != nil {
		return p, err
	}
	// The name is looked up outside the transaction; the issuer never changes.
	in.Issuer = p.Issuer
	if err := s.checkProvider(ctx, &in); err != nil {
		return p, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := loadProvider(tx, a, id, &p); err != nil {
			return err
		}
		if p.Version != in.Version {
			return fault.ErrStale
		}
		from := p.State
		s.fillProvider(&p, in)
		recordProvider(ctx, tx, a, p, "edit", from)
		if err := claimDomains(ctx, tx, a, p.Domains); err != nil {
			return err
		}
		return pg.Save(tx, &p)
	})
	return p, err
}

func (s *Service) fillProvider(p *Provider, in ProviderInput) {
	p.Name, p.ClientID, p.Domains, p.Vouches = in.Name, in.ClientID, in.Domains, in.Vouches
	p.State = "off"
	if in.Active {
		p.State = "active"
	}
	if in.Secret != "" {
		p.Secret = s.options.Seal.Seal([]byte(in.Secret), "provider "+p.ID.String())
	}
}

func recordProvider(ctx context.Context, tx *pg.Tx, a Actor, p Provider, action, from string) {
	Record(ctx, tx, a, Entry{Action: action, Resource: "provider", ID: p.ID, Label: p.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: p.State})
}

func loadProvider(tx *pg.Tx, a Actor, id uuid.UUID, p *Provider) error {
	return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id), p)
}

// CheckProvider asks the provider to describe itself and says how it went.
func (s *Service) CheckProvider(ctx context.Context, a Actor, id uuid.UUID) (ok bool, detail string, err error) {
	if err := a.Need(ProviderWrite); err != nil {
		return false, "", err
	}
	var p Provider
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error { return loadProvider(tx, a, id, &p) }); err != nil {
		return false, "", err
	}
	door, err := s.door(p)
	if err != nil {
		return false, "", err
	}
	if err := door.Check(ctx); err != nil {
		return false, short(err.Error(), 300), nil
	}
	return true, "", nil
}

// Callback is the page providers send people back to.
func (s *Service) Callback() string { return s.options.BaseURL + "/signin/return" }

func (s *Service) door(p Provider) (openid.Provider, error) {
	secret, err := s.options.Seal.Open(p.Secret, "provider "+p.ID.String())
	return openid.Provider{Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: string(secret), Redirect: s.Callback(), Client: s.options.Outbound.Client()}, err
}

// Way is a provider as the sign-in page offers it.
type Way struct {
	ID     uuid.UUID
	Name   string
	Tenant string
}

// Ways to sign in for a mailbox, by its proven domain alone: the answer is the
// same whether the mailbox has a login or not.
func (s *Service) Ways(ctx context.Context, email string) ([]Way, error) {
	email = NormalEmail(email)
	out := []Way{}
	err := s.db.Login(ctx).Raw(`SELECT p.id, p.name, t.name AS tenant FROM providers p JOIN tenants t ON t.province_id = p.province_id AND t.id = p.tenant_id
		JOIN mail_domains d ON d.province_id = p.province_id AND d.tenant_id = p.tenant_id AND d.domain = ? AND d.`+leads+`
		WHERE p.domains @> ARRAY[d.domain] AND p.state = 'active' ORDER BY p.created_at LIMIT 10`, email[strings.LastIndexByte(email, '@')+1:]).Scan(&out).Error
	return out, err
}

// trip is what the browser keeps, sealed, while somebody is at the provider.
type trip struct {
	Provider uuid.UUID
	Trip     openid.Trip
	Back     string
	Expires  time.Time
}

// TripLife is how long signing in at a provider may take.
const TripLife = 10 * time.Minute

// Depart sends somebody to a provider: where to, and what to bring back.
func (s *Service) Depart(ctx context.Context, provider uuid.UUID, back string) (address, sealed string, err error) {
	p, err := s.activeProvider(ctx, provider)
	if err != nil {
		return "", "", err
	}
	door, err := s.door(p)
	if err != nil {
		return "", "", err
	}
	address, t, err := door.Go(ctx)
	if err != nil {
		return "", "", ErrProviderDown
	}
	raw, err := json.Marshal(trip{p.ID, t, localPath(back), calendar.Now(ctx).Add(TripLife)})
	return address, base64.RawURLEncoding.EncodeToString(s.options.Seal.Seal(raw, "trip")), err
}

// localPath keeps a way back only when it leads into the portal.
func localPath(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		return "/"
	}
	return back
}

// activeProvider loads one with those of its domains that are proven.
func (s *Service) activeProvider(ctx context.Context, id uuid.UUID) (p Provider, err error) {
	if err := pg.One(s.db.Login(ctx).Where("id = ? AND state = 'active'", id), &p); err != nil {
		return p, ErrProviderGone
	}
	domains, err := s.proven(ctx, p)
	if err == nil && len(domains) == 0 {
		return p, ErrProviderGone
	}
	p.Domains = domains
	return p, err
}

// Arrive signs in who came back from a provider. The session reaches only the
// tenant whose provider it is.
func (s *Service) Arrive(ctx context.Context, sealed, state, code string, from Device) (a Actor, tokens Tokens, back string, err error) {
	now := calendar.Now(ctx)
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return a, tokens, "", ErrTrip
	}
	if raw, err = s.options.Seal.Open(raw, "trip"); err != nil {
		return a, tokens, "", ErrTrip
	}
	var t trip
	if err := json.Unmarshal(raw, &t); err != nil || now.After(t.Expires) || state == "" || t.Trip.State != state {
		return a, tokens, "", ErrTrip
	}
	// Each trip ends once, whoever kept its cookie.
	if err := s.db.Login(ctx).Exec(`DELETE FROM spent_states WHERE expires_at < ?`, now).Error; err != nil {
		return a, tokens, "", err
	}
	res := s.db.Login(ctx).Exec(`INSERT INTO spent_states (expires_at, hash) VALUES (?, ?) ON CONFLICT DO NOTHING`, t.Expires.Add(time.Minute), token.Hash(state))
	if res.Error != nil || res.RowsAffected == 0 {
		return a, tokens, "", orErr(res.Error, ErrTrip)
	}
	p, err := s.activeProvider(ctx, t.Provider)
	if err != nil {
		return a, tokens, "", err
	}
	door, err := s.door(p)
	if err != nil {
		return a, tokens, "", err
	}
	who, err := door.Return(ctx, t.Trip, code)
	switch {
	case errors.Is(err, openid.ErrAnswer):
		return a, tokens, "", ErrAnswer
	case err != nil:
		return a, tokens, "", ErrProviderDown
	}
	m, err := s.seatOf(ctx, p, who)
	if err != nil {
		return a, tokens, "", err
	}
	a, tokens, err = s.open(ctx, Session{UserID: m.UserID, Strong: p.Vouches, BoundTenant: &p.TenantID}, m, from)
	return a, tokens, t.Back, err
}

// seatOf finds whom the provider means: by subject, or the first time by the
// mailbox, which must be verified and of the provider's own domains.
func (s *Service) seatOf(ctx context.Context, p Provider, who openid.Person) (m Membership, err error) {
	seat := func(where string, args ...any) error {
		return pg.One(s.db.Login(ctx).Where("province_id = ? AND tenant_id = ? AND state = 'active'", p.ProvinceID, p.TenantID).Where(where, args...), &m)
	}
	var known struct{ UserID uuid.UUID }
	res := s.db.Login(ctx).Raw(`SELECT user_id FROM identities WHERE provider_id = ? AND subject = ?`, p.ID, who.Subject).Scan(&known)
	if res.Error != nil {
		return m, res.Error
	}
	if res.RowsAffected > 0 {
		if err := seat("user_id = ?", known.UserID); err != nil {
			return m, orMissing(err, ErrNoSeat)
		}
		return m, nil
	}
	email := NormalEmail(who.Email)
	if !who.Verified || email == "" {
		return m, ErrUnverified
	}
	if !slices.Contains(p.Domains, email[strings.LastIndexByte(email, '@')+1:]) {
		return m, ErrNoSeat
	}
	if err := seat("email = ?", email); err != nil {
		return m, orMissing(err, ErrNoSeat)
	}
	res = s.db.Login(ctx).Exec(`INSERT INTO identities (provider_id, subject, user_id, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, p.ID, who.Subject, m.UserID, calendar.Now(ctx))
	if res.Error == nil && res.RowsAffected == 0 {
		// Bound to another subject, or just now by a racing first sign-in.
		var same int64
		err := s.db.Login(ctx).Raw(`SELECT count(*) FROM identities WHERE provider_id = ? AND subject = ? AND user_id = ?`, p.ID, who.Subject, m.UserID).Scan(&same).Error
		if err == nil && same == 0 {
			return m, ErrOtherSubject
		}
		return m, err
	}
	return m, res.Error
}

func orMissing(err, otherwise error) error {
	if errors.Is(err, fault.ErrMissing) {
		return otherwise
	}
	return err
}
