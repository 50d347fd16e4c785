package tenants

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/mail"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/token"
)

// Refusals about passwords.
var (
	ErrNoMail    = fault.New(fault.Conflict, "no-mail", "本平台没有配置邮件，无法用邮件重置密码。请联系本单位管理员，在「成员」页面为您生成重置链接。", "This portal sends no mail, so a password cannot be reset by mail. Ask the admin of your organisation for a reset link from the members page.")
	ErrReset     = fault.New(fault.Missing, "reset", "重置链接无效：可能已使用或已过期，请重新申请。您的密码没有改变。", "This reset link is not valid: used or expired. Your password is unchanged; ask for a new link.")
	ErrElsewhere = fault.New(fault.Conflict, "member-elsewhere", "该成员还属于其他单位，不能由一个单位重置其登录；请本人用邮件找回，或由省管理员处理。", "This person belongs to other organisations too, so one of them cannot reset the login. They can reset it by mail.")
)

// ErrOwnLogin says that an admin's own login is changed with its password.
var ErrOwnLogin = fault.New(fault.Conflict, "own-login", "您自己的密码和两步验证请在「偏好设置 → 登录与安全」中修改。", "Change your own password and second factor under Preferences, Sign-in and security.")

// How long links to a new password work: in a mailbox, and handed over by an admin.
const (
	ResetLife     = 30 * time.Minute
	ResetLinkLife = 24 * time.Hour
)

// Jobs that send mails. Their arguments name rows; the secret of a link is
// made when the mail is sent.
const (
	JobInvite = "tenants.mail_invitation"
	JobReset  = "tenants.mail_reset"
)

// InviteJob names an invitation to mail.
type InviteJob struct{ Province, ID uuid.UUID }

// ResetJob names a wish for a new password.
type ResetJob struct{ ID uuid.UUID }

// SendsMail tells whether mail is configured.
func (s *Service) SendsMail() bool { return s.options.Mail != nil }

// ChangePassword sets another password and signs the other devices out.
func (s *Service) ChangePassword(ctx context.Context, a Actor, current, password string) error {
	var c fault.Checker
	CheckPassword(&c, "password", password)
	if err := c.Err(); err != nil {
		return err
	}
	if err := s.prove(ctx, a, current); err != nil {
		if f, ok := fault.As(err); ok && len(f.Fields) == 1 {
			return wrongField("current", "wrong", "当前密码不正确。", "The current password is not right.")
		}
		return err
	}
	hash, err := s.HashPassword(password)
	if err != nil {
		return err
	}
	err = s.db.LoginTx(ctx, func(g *pg.Handle) error {
		if err := g.Exec(`UPDATE users SET password_hash = ? WHERE id = ?`, hash, a.User).Error; err != nil {
			return err
		}
		return g.Exec(`UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND id <> ? AND revoked_at IS NULL`, calendar.Now(ctx), a.User, a.Session).Error
	})
	if err != nil {
		return err
	}
	return s.note(ctx, a, "change_password")
}

// ForgotPassword has a link mailed, if the mailbox has a login. Whether it has
// shows neither in the answer nor in the work: one statement and one job.
func (s *Service) ForgotPassword(ctx context.Context, email, address string) error {
	if !s.SendsMail() {
		return ErrNoMail
	}
	now := calendar.Now(ctx)
	if _, err := s.limiter.take(now, guess{"forgot|" + address, perRequest}); err != nil {
		return err
	}
	_, hash := token.Secret()
	id := pg.NewID()
	return s.db.Outside(ctx, func(tx *pg.Tx) error {
		if err := tx.Exec(`DELETE FROM password_resets WHERE expires_at < ?`, now.Add(-24*time.Hour)).Error; err != nil {
			return err
		}
		// Three an hour: a mailbox cannot be flooded.
		err := tx.Exec(`INSERT INTO password_resets (id, user_id, token_hash, expires_at, created_at) VALUES (?,
			(SELECT u.id FROM users u WHERE u.email = ? AND (SELECT count(*) FROM password_resets r WHERE r.user_id = u.id AND r.created_at > ?) < 3), ?, ?, ?)`,
			id, NormalEmail(email), now.Add(-time.Hour), hash, now.Add(ResetLife), now).Error
		if err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobReset, ResetJob{id})
	})
}

// ResetLink makes a link to a new password for somebody of the actor's tenant
// and of no other, to be handed over by the admin.
func (s *Service) ResetLink(ctx context.Context, a Actor, member uuid.UUID) (string, error) {
	m, err := s.loginOf(ctx, a, member)
	if err != nil {
		return "", err
	}
	now := calendar.Now(ctx)
	secret, hash := token.Secret()
	err = s.db.Login(ctx).Exec(`INSERT INTO password_resets (id, user_id, token_hash, expires_at, created_at) VALUES (?, ?, ?, ?, ?)`, pg.NewID(), m.UserID, hash, now.Add(ResetLinkLife), now).Error
	if err != nil {
		return "", err
	}
	return secret, s.noteOf(ctx, a, "reset_password", m)
}

// DropFactor turns the second factor of somebody of the actor's tenant and of
// no other off: for a lost phone.
func (s *Service) DropFactor(ctx context.Context, a Actor, member uuid.UUID) error {
	m, err := s.loginOf(ctx, a, member)
	if err != nil {
		return err
	}
	if err := s.dropFactor(ctx, m.UserID); err != nil {
		return err
	}
	return s.noteOf(ctx, a, "remove_factor", m)
}

func (s *Service) loginOf(ctx context.Context, a Actor, member uuid.UUID) (m Membership, err error) {
	if err := a.Need(MemberWrite); err != nil {
		return m, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ? AND state = 'active'", a.Tenant.ProvinceID, a.Tenant.ID, member), &m); err != nil {
			return err
		}
		return s.mayHandle(tx, a, m) // a login opens all its roles
	})
	if err != nil {
		return m, err
	}
	if m.UserID == a.User {
		return m, ErrOwnLogin
	}
	var others int64
	err = s.db.Login(ctx).Raw(`SELECT count(*) FROM memberships WHERE user_id = ? AND state = 'active' AND tenant_id <> ?`, m.UserID, a.Tenant.ID).Scan(&others).Error
	if err == nil && others > 0 {
		return m, ErrElsewhere
	}
	return m, err
}

func (s *Service) noteOf(ctx context.Context, a Actor, action string, m Membership) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		Record(ctx, tx, a, Entry{Action: action, Resource: "member", ID: m.ID, Label: m.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a)})
		return nil
	})
}

// ResetPassword sets a password by the secret of a link, once, and ends every
// session. A second factor is still asked at the next sign-in.
func (s *Service) ResetPassword(ctx context.Context, secret, password string) error {
	var c fault.Checker
	CheckPassword(&c, "password", password)
	if err := c.Err(); err != nil {
		return err
	}
	now := calendar.Now(ctx)
	var n int64
	const open = `token_hash = ? AND user_id IS NOT NULL AND used_at IS NULL AND expires_at > ?`
	if err := s.db.Login(ctx).Raw(`SELECT count(*) FROM password_resets WHERE `+open, token.Hash(secret), now).Scan(&n).Error; err != nil || n == 0 {
		return orErr(err, ErrReset) // before the costly hash
	}
	hash, err := s.HashPassword(password)
	if err != nil {
		return err
	}
	var row struct{ UserID uuid.UUID }
	err = s.db.LoginTx(ctx, func(g *pg.Handle) error {
		res := g.Raw(`UPDATE password_resets SET used_at = ? WHERE `+open+` RETURNING user_id`, now, token.Hash(secret), now).Scan(&row)
		if res.Error != nil || res.RowsAffected == 0 {
			return orErr(res.Error, ErrReset)
		}
		if err := g.Exec(`UPDATE password_resets SET used_at = ? WHERE user_id = ? AND used_at IS NULL`, now, row.UserID).Error; err != nil {
			return err
		}
		if err := g.Exec(`UPDATE users SET password_hash = ? WHERE id = ?`, hash, row.UserID).Error; err != nil {
			return err
		}
		return g.Exec(`UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL`, now, row.UserID).Error
	})
	if err != nil {
		return err
	}
	seats, err := s.Seats(ctx, row.UserID)
	if err != nil || len(seats) == 0 {
		return err
	}
	a, err := s.ActorOf(ctx, seats[0].Membership)
	if err != nil {
		return err
	}
	return s.note(ctx, a, "change_password")
}

// MailInvitation sends an open invitation with a link of its own.
func (s *Service) MailInvitation(ctx context.Context, job InviteJob) error {
	var inv Invitation
	secret, hash := token.Secret()
	now := calendar.Now(ctx)
	res := s.db.Login(ctx).Raw(`UPDATE invitations SET token_hash = ? WHERE province_id = ? AND id = ? AND accepted_at IS NULL AND expires_at > ? RETURNING *`, hash, job.Province, job.ID, now).Scan(&inv)
	if res.Error != nil || res.RowsAffected == 0 || !s.SendsMail() {
		return res.Error // taken back meanwhile
	}
	t, err := s.tenant(ctx, inv.ProvinceID, inv.TenantID)
	if err != nil {
		return err
	}
	link, until := s.options.BaseURL+"/invite/"+secret, calendar.Date(inv.ExpiresAt)
	return s.options.Mail.Send(ctx, mail.Message{
		To: inv.Email, Subject: oneLine(t.Name) + " 邀请您加入 Ecoport 伙伴生态门户 / invites you to Ecoport",
		Text: inv.InvitedBy + "（" + t.Name + "）邀请您加入 Ecoport 伙伴生态门户。请在 " + until + " 前打开下面的链接接受邀请，链接只能使用一次：\n\n" + link +
			"\n\n如果您不认识对方，请忽略这封邮件。\n\n" + inv.InvitedBy + " (" + t.Name + ") invites you to the Ecoport partner portal. Open the link above before " + until +
			"; it works once. If you do not know them, ignore this mail.\n",
	})
}

// MailReset sends the link to a new password, if the mailbox has a login.
func (s *Service) MailReset(ctx context.Context, job ResetJob) error {
	secret, hash := token.Secret()
	now := calendar.Now(ctx)
	var row struct{ Email, Locale string }
	res := s.db.Login(ctx).Raw(`UPDATE password_resets r SET token_hash = ?, expires_at = ? FROM users u WHERE r.id = ? AND u.id = r.user_id AND r.used_at IS NULL AND r.expires_at > ? RETURNING u.email, u.locale`,
		hash, now.Add(ResetLife), job.ID, now).Scan(&row)
	if res.Error != nil || res.RowsAffected == 0 || !s.SendsMail() {
		return res.Error
	}
	link := s.options.BaseURL + "/reset/" + secret
	words := fault.Words{
		Zh: "有人（希望是您）申请重置 Ecoport 的登录密码。请在 30 分钟内打开下面的链接设置新密码，链接只能使用一次：\n\n" + link + "\n\n如果不是您申请的，请忽略这封邮件，您的密码没有改变。\n",
		En: "Somebody, hopefully you, asked for a new Ecoport password. Open this link within 30 minutes; it works once:\n\n" + link + "\n\nIf it was not you, ignore this mail. Your password is unchanged.\n",
	}
	return s.options.Mail.Send(ctx, mail.Message{To: row.Email, Subject: fault.Words{Zh: "重置 Ecoport 登录密码", En: "Reset your Ecoport password"}.In(row.Locale), Text: words.In(row.Locale)})
}

// oneLine makes a name fit for a subject.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
