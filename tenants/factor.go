package tenants

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/base32"
	"image/png"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/seal"
	"ecoport/app/platform/token"
)

// Refusals about the second factor.
var (
	ErrSecondFactor   = fault.New(fault.Unauthenticated, "second-factor", "请输入验证器应用中的 6 位动态码，或一个恢复码。", "Enter the 6-digit code of your authenticator app, or a recovery code.")
	ErrCode           = fault.New(fault.Unauthenticated, "second-factor-wrong", "动态码不正确或已用过。请等待下一个动态码，或使用恢复码。", "This code is not right, or was used already. Wait for the next one, or use a recovery code.")
	ErrFactorRequired = fault.New(fault.Denied, "second-factor-required", "这项操作（%s）需要先开启两步验证：请到「偏好设置 → 登录与安全」开启，随后即可继续。", "This (%s) needs two-step sign-in: turn it on under Preferences, Sign-in and security, then go on.")
	ErrFactorAsked    = fault.New(fault.Denied, "second-factor-required", "这项操作（%s）需要先输入动态码：请到「偏好设置 → 登录与安全」验证本次登录，随后即可继续。", "This (%s) needs a code of your second factor first: confirm this session under Preferences, Sign-in and security, then go on.")
	ErrFactorThere    = fault.New(fault.Conflict, "second-factor-there", "两步验证已经开启。要更换手机，请先关闭再重新开启。", "Two-step sign-in is on already. To move it to another phone, turn it off first.")
	ErrFactorGone     = fault.New(fault.Conflict, "second-factor-off", "两步验证尚未开启，或设置已过期，请重新开始。", "Two-step sign-in is not on, or the setup was started anew. Begin again.")
)

const (
	codePeriod    = 30
	recoveryCodes = 10
)

// FactorStanding is how a session stands to the second factor.
type FactorStanding struct {
	Enrolled  bool // the person has one
	Required  bool // the roles hold permissions that need one
	Satisfied bool // this session may use them
}

// factor as stored.
type factor struct {
	UserID      uuid.UUID `gorm:"primaryKey"`
	Secret      []byte
	ConfirmedAt *time.Time
	LastStep    int64
	CreatedAt   time.Time
}

// Enrolment is what somebody needs to set their authenticator app up.
type Enrolment struct {
	Secret  string
	URI     string
	Picture []byte // PNG of the URI as a QR code
}

// withhold takes sensitive permissions away from a session without a second
// factor, where one is required or the person has one.
func (s *Service) withhold(a *Actor, enrolled, strong bool) {
	a.Factor = FactorStanding{Enrolled: enrolled, Satisfied: true}
	for _, p := range s.options.Sensitive {
		if !a.Granted[p] {
			continue
		}
		a.Factor.Required = a.Factor.Required || s.options.SecondFactor
		if strong || (!s.options.SecondFactor && !enrolled) {
			continue
		}
		if a.Withheld == nil {
			a.Withheld = map[Permission]bool{}
		}
		delete(a.Granted, p)
		a.Withheld[p] = true
		a.Factor.Satisfied = false
	}
}

// second checks the second factor of somebody whose password was right; strong
// tells whether there is one.
func (s *Service) second(ctx context.Context, user uuid.UUID, code string) (strong bool, err error) {
	var f factor
	if res := s.db.Login(ctx).Raw(`SELECT * FROM factors WHERE user_id = ? AND confirmed_at IS NOT NULL`, user).Scan(&f); res.Error != nil || res.RowsAffected == 0 {
		return false, res.Error
	}
	if code == "" {
		return false, ErrSecondFactor
	}
	return true, s.spendCode(ctx, f, code)
}

// spendCode accepts a code of the app or a recovery code, each once: of any
// number of racing uses one wins in the database.
func (s *Service) spendCode(ctx context.Context, f factor, code string) error {
	now := calendar.Now(ctx)
	try, err := s.limiter.take(now, guess{"factor|" + f.UserID.String(), perFactor})
	if err != nil {
		return err
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	var res *pg.Handle
	if len(code) == 6 {
		secret, err := s.options.Seal.Open(f.Secret, "factor "+f.UserID.String())
		if err != nil {
			return err
		}
		step, err := stepOf(string(secret), code, now)
		if err != nil || step <= f.LastStep {
			return ErrCode
		}
		res = s.db.Login(ctx).Exec(`UPDATE factors SET last_step = ? WHERE user_id = ? AND last_step < ?`, step, f.UserID, step)
	} else {
		res = s.db.Login(ctx).Exec(`UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL`, now, f.UserID, token.Hash(code))
	}
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrCode
	}
	try.passed()
	return res.Error
}

// stepOf finds the time step a code belongs to: now's, or one to either side
// for clocks that are a little off.
func stepOf(secret, code string, now time.Time) (int64, error) {
	at := now.Unix() / codePeriod
	for _, step := range []int64{at, at - 1, at + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*codePeriod, 0), totp.ValidateOpts{Period: codePeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, nil
		}
	}
	return 0, ErrCode
}

// prove asks the person for their password once more, before what a stranger
// at an open screen must not do.
func (s *Service) prove(ctx context.Context, a Actor, password string) error {
	try, err := s.limiter.take(calendar.Now(ctx), guess{"prove|" + a.User.String(), perPerson})
	if err != nil {
		return err
	}
	var u User
	if err := pg.One(s.db.Login(ctx).Where("id = ?", a.User), &u); err != nil {
		return err
	}
	match, err := matches(password, u.PasswordHash)
	if err != nil {
		return err
	}
	if !match {
		return wrongField("password", "wrong", "密码不正确。", "The password is not right.")
	}
	try.passed()
	return nil
}

func wrongField(name, code, zh, en string) error {
	var c fault.Checker
	c.Add(name, code, zh, en)
	return c.Err()
}

// note writes what somebody did to their own login into the trail of the
// tenant they are in.
func (s *Service) note(ctx context.Context, a Actor, action string) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		Record(ctx, tx, a, Entry{Action: action, Resource: "member", ID: a.Membership, Label: a.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a)})
		return nil
	})
}

// Enrol begins a second factor; it counts once ConfirmFactor has seen a code.
func (s *Service) Enrol(ctx context.Context, a Actor, password string) (Enrolment, error) {
	if err := s.prove(ctx, a, password); err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Ecoport", AccountName: a.Email, Period: codePeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1, SecretSize: 20})
	if err != nil {
		return Enrolment{}, err
	}
	picture, err := key.Image(220, 220)
	if err != nil {
		return Enrolment{}, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return Enrolment{}, err
	}
	sealed := s.options.Seal.Seal([]byte(key.Secret()), "factor "+a.User.String())
	res := s.db.Login(ctx).Exec(`INSERT INTO factors (user_id, secret, created_at) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at WHERE factors.confirmed_at IS NULL`, a.User, sealed, calendar.Now(ctx))
	if res.Error == nil && res.RowsAffected == 0 {
		return Enrolment{}, ErrFactorThere
	}
	return Enrolment{key.Secret(), key.URL(), b.Bytes()}, res.Error
}

// ConfirmFactor turns the second factor on and returns the recovery codes, the
// only time they can be read.
func (s *Service) ConfirmFactor(ctx context.Context, a Actor, code string) ([]string, error) {
	var f factor
	now := calendar.Now(ctx)
	if res := s.db.Login(ctx).Raw(`SELECT * FROM factors WHERE user_id = ? AND confirmed_at IS NULL AND created_at > ?`, a.User, now.Add(-time.Hour)).Scan(&f); res.Error != nil || res.RowsAffected == 0 {
		return nil, orErr(res.Error, ErrFactorGone)
	}
	if err := s.spendCode(ctx, f, code); err != nil {
		return nil, codeField(err)
	}
	codes, hashes := newCodes()
	err := s.db.LoginTx(ctx, func(g *pg.Handle) error {
		// The secret is named, so that a setup started meanwhile is not confirmed by this code.
		res := g.Exec(`UPDATE factors SET confirmed_at = ? WHERE user_id = ? AND confirmed_at IS NULL AND secret = ?`, now, a.User, f.Secret)
		if res.Error != nil || res.RowsAffected == 0 {
			return orErr(res.Error, ErrFactorGone)
		}
		if err := g.Exec(`UPDATE sessions SET strong = true WHERE id = ?`, a.Session).Error; err != nil {
			return err
		}
		return storeCodes(g, a.User, hashes)
	})
	if err != nil {
		return nil, err
	}
	return codes, s.note(ctx, a, "enrol_factor")
}

// codeField says of a form's code what a sign-in would say of the person.
func codeField(err error) error {
	if f, ok := fault.As(err); ok && f.Is(ErrCode) {
		return wrongField("code", "wrong", ErrCode.Words.Zh, ErrCode.Words.En)
	}
	return err
}

func orErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// newCodes makes recovery codes of 80 bits, so that the hash alone is enough.
func newCodes() (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		c := base32.StdEncoding.EncodeToString(seal.Random(10))
		hashes = append(hashes, token.Hash(c))
		codes = append(codes, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
	}
	return codes, hashes
}

func storeCodes(g *pg.Handle, user uuid.UUID, hashes [][]byte) error {
	if err := g.Exec(`DELETE FROM recovery_codes WHERE user_id = ?`, user).Error; err != nil {
		return err
	}
	for _, h := range hashes {
		if err := g.Exec(`INSERT INTO recovery_codes (user_id, hash) VALUES (?, ?)`, user, h).Error; err != nil {
			return err
		}
	}
	return nil
}

// own checks password and code of somebody who has a second factor.
func (s *Service) own(ctx context.Context, a Actor, password, code string) error {
	if err := s.prove(ctx, a, password); err != nil {
		return err
	}
	strong, err := s.second(ctx, a.User, code)
	if err == nil && !strong {
		return ErrFactorGone
	}
	return codeField(err)
}

// RenewCodes replaces all recovery codes.
func (s *Service) RenewCodes(ctx context.Context, a Actor, password, code string) ([]string, error) {
	if err := s.own(ctx, a, password, code); err != nil {
		return nil, err
	}
	codes, hashes := newCodes()
	if err := s.db.LoginTx(ctx, func(g *pg.Handle) error { return storeCodes(g, a.User, hashes) }); err != nil {
		return nil, err
	}
	return codes, s.note(ctx, a, "renew_codes")
}

// RemoveFactor turns the second factor off. What it unlocked is withheld again.
func (s *Service) RemoveFactor(ctx context.Context, a Actor, password, code string) error {
	if err := s.own(ctx, a, password, code); err != nil {
		return err
	}
	if err := s.dropFactor(ctx, a.User); err != nil {
		return err
	}
	return s.note(ctx, a, "remove_factor")
}

func (s *Service) dropFactor(ctx context.Context, user uuid.UUID) error {
	return s.db.LoginTx(ctx, func(g *pg.Handle) error {
		for _, q := range []string{`DELETE FROM factors WHERE user_id = ?`, `DELETE FROM recovery_codes WHERE user_id = ?`, `UPDATE sessions SET strong = false WHERE user_id = ?`} {
			if err := g.Exec(q, user).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// Raise puts the second factor behind a session that was opened without: by a
// provider, or before the person had one.
func (s *Service) Raise(ctx context.Context, a Actor, code string) error {
	strong, err := s.second(ctx, a.User, code)
	if err != nil {
		return codeField(err)
	}
	if !strong {
		return ErrFactorGone
	}
	return s.db.Login(ctx).Exec(`UPDATE sessions SET strong = true WHERE id = ? AND user_id = ?`, a.Session, a.User).Error
}

// Security is what the person's page about signing in shows.
type Security struct {
	FactorStanding
	EnrolledAt *time.Time
	CodesLeft  int
}

// SecurityOf the actor's login.
func (s *Service) SecurityOf(ctx context.Context, a Actor) (Security, error) {
	out := Security{FactorStanding: a.Factor}
	var row struct {
		ConfirmedAt *time.Time
		CodesLeft   int
	}
	err := s.db.Login(ctx).Raw(`SELECT confirmed_at, (SELECT count(*) FROM recovery_codes r WHERE r.user_id = f.user_id AND used_at IS NULL) AS codes_left
		FROM factors f WHERE user_id = ? AND confirmed_at IS NOT NULL`, a.User).Scan(&row).Error
	out.EnrolledAt, out.CodesLeft = row.ConfirmedAt, row.CodesLeft
	return out, err
}
