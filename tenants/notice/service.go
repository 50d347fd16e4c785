package notice

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
	"ecoport/tenants"
)

// Jobs of this package. JobMail sends one person what needs them and was not
// mailed yet; JobDigest starts that once a working day.
const (
	JobMail   = "notice.mail"
	JobDigest = "notice.digest"
)

// MailJob names whom to mail.
type MailJob struct{ Province, Membership uuid.UUID }

// Service owns notices.
type Service struct {
	db      *pg.DB
	people  *tenants.Service
	book    Book
	mail    *mail.Sender // nil: nothing is mailed
	baseURL string
	guards  map[string]Guard
	whom    map[string]Whom
}

// Whom names the people an act on a record was for: only the package that owns
// the record knows.
type Whom func(ctx context.Context, e tenants.AuditEvent) ([]uuid.UUID, error)

// Address has the function asked whom acts on the resource are for. It is for
// wiring.
func (s *Service) Address(resource string, w Whom) {
	if s.whom == nil {
		s.whom = map[string]Whom{}
	}
	s.whom[resource] = w
}

// Guard tells whether somebody may see the record an act was on: packages
// above, which know their rows, veto what the trail alone would allow.
type Guard func(ctx context.Context, a tenants.Actor, id uuid.UUID) error

// Ask has the guard asked for records of the resource. It is for wiring.
func (s *Service) Ask(resource string, g Guard) {
	if s.guards == nil {
		s.guards = map[string]Guard{}
	}
	s.guards[resource] = g
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service, rules []Rule, sender *mail.Sender, baseURL string) *Service {
	return &Service{db: db, people: people, book: NewBook(rules), mail: sender, baseURL: baseURL}
}

// Book of the rules, for the words.
func (s *Service) Book() Book { return s.book }

// Fan tells everybody concerned of one act, and closes what it settled. It may
// run again: a person and an act make one notice.
func (s *Service) Fan(ctx context.Context, e tenants.AuditEvent) error {
	told := map[uuid.UUID]Notice{}
	rules := s.book.byAct[e.Resource+"."+e.Action]
	for _, r := range rules {
		people, err := s.audience(ctx, r, e)
		if err != nil {
			return err
		}
		for _, a := range people {
			if _, twice := told[a.Membership]; twice || a.User == e.UserID {
				continue
			}
			told[a.Membership] = Notice{
				ProvinceID: e.ProvinceID, MembershipID: a.Membership, Seq: e.Seq, TenantID: a.Tenant.ID, Rule: r.Key(), Kind: r.Kind, Resource: e.Resource,
				ResourceID: e.ResourceID, Label: e.Label, ActorName: e.ActorName, ActorTenant: e.TenantName, At: e.At, DueAt: r.due(e.At),
			}
		}
	}
	return s.db.As(ctx, tenants.System(e.ProvinceID, "通知"), func(tx *pg.Tx) error {
		// What happened to the record since: jobs may run out of order.
		var now struct{ ToState string }
		if err := tx.Raw(`SELECT to_state FROM audit_events WHERE province_id = ? AND resource_id = ? AND seq > ? AND to_state <> '' ORDER BY seq DESC LIMIT 1`, e.ProvinceID, e.ResourceID, e.Seq).Scan(&now).Error; err != nil {
			return err
		}
		if err := s.settle(ctx, tx, e); err != nil {
			return err
		}
		for _, n := range told {
			if n.Kind == Needs && s.book.byKey[n.Rule].settled(e.ToState, now.ToState) {
				n.ClosedAt = &e.At
			}
			res := tx.Exec(`INSERT INTO notices (province_id, membership_id, seq, tenant_id, rule, kind, resource, resource_id, label, actor_name, actor_tenant, at, due_at, closed_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, n.ProvinceID, n.MembershipID, n.Seq, n.TenantID, n.Rule, n.Kind, n.Resource, n.ResourceID,
				n.Label, n.ActorName, n.ActorTenant, n.At, n.DueAt, n.ClosedAt)
			if res.Error != nil {
				return res.Error
			}
			if res.RowsAffected == 0 {
				continue
			}
			if err := s.announce(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// announce wakes the person's screens, and their mail if they want it at once.
func (s *Service) announce(ctx context.Context, tx *pg.Tx, n Notice) error {
	if err := tenants.Announce(tx, tenants.Happening{Province: n.ProvinceID, Topic: "notice", ID: n.ResourceID, Member: n.MembershipID}); err != nil {
		return err
	}
	if s.mail == nil || n.Kind != Needs || n.ClosedAt != nil {
		return nil
	}
	var p struct{ Mail string }
	if err := tx.Raw(`SELECT mail FROM notice_preferences WHERE province_id = ? AND membership_id = ?`, n.ProvinceID, n.MembershipID).Scan(&p).Error; err != nil || p.Mail != "now" {
		return err
	}
	return queue.Enqueue(ctx, tx, JobMail, MailJob{n.ProvinceID, n.MembershipID})
}

// settle closes what an act has done away with.
func (s *Service) settle(ctx context.Context, tx *pg.Tx, e tenants.AuditEvent) error {
	if e.ToState == "" {
		return nil
	}
	var open []struct {
		MembershipID uuid.UUID
		Seq          int64
		Rule         string
		Began        string
	}
	err := tx.Raw(`SELECT n.membership_id, n.seq, n.rule, a.to_state AS began FROM notices n JOIN audit_events a ON a.province_id = n.province_id AND a.seq = n.seq
		WHERE n.province_id = ? AND n.resource_id = ? AND n.kind = 'needs' AND n.closed_at IS NULL AND n.seq < ?`, e.ProvinceID, e.ResourceID, e.Seq).Scan(&open).Error
	if err != nil {
		return err
	}
	for _, n := range open {
		if !s.book.byKey[n.Rule].settled(n.Began, e.ToState) {
			continue
		}
		if err := tx.Exec(`UPDATE notices SET closed_at = ? WHERE province_id = ? AND membership_id = ? AND seq = ?`, calendar.Now(ctx), e.ProvinceID, n.MembershipID, n.Seq).Error; err != nil {
			return err
		}
		if err := tenants.Announce(tx, tenants.Happening{Province: e.ProvinceID, Topic: "notice", ID: e.ResourceID, Member: n.MembershipID}); err != nil {
			return err
		}
	}
	return nil
}

// audience finds the people a rule means: active, with the permission, and
// allowed to know of the record.
func (s *Service) audience(ctx context.Context, r Rule, e tenants.AuditEvent) ([]tenants.Actor, error) {
	var where string
	var args []any
	parts := strings.Split(e.OrgPath, "/")
	switch {
	case r.To == Partner, r.To == Owner && e.PartnerID != uuid.Nil:
		where, args = "m.tenant_id = ?", []any{e.PartnerID}
	case r.To == City:
		if len(parts) < 3 {
			return nil, nil
		}
		where, args = "t.path = ? AND t.kind = 'city'", []any{parts[0] + "/" + parts[1] + "/"}
	case r.To == Province:
		where, args = "m.tenant_id = ?", []any{e.ProvinceID}
	case r.To == Owner, r.To == Company:
		where, args = "t.path = ? AND t.kind <> 'partner'", []any{e.OrgPath}
	case r.To == Doer:
		where, args = "m.user_id IN (SELECT a.user_id FROM audit_events a WHERE a.province_id = m.province_id AND a.resource_id = ? AND a.action = ? AND a.tenant_id = m.tenant_id)", []any{e.ResourceID, r.Did}
	case r.To == Addressee && s.whom[e.Resource] != nil:
		users, err := s.whom[e.Resource](ctx, e)
		if err != nil {
			return nil, err
		}
		where, args = "m.tenant_id = ? AND m.user_id = ANY (?::uuid[])", []any{e.TenantID, pg.UUIDs(users)}
	default:
		return nil, nil
	}
	var members []tenants.Membership
	err := s.db.Read(ctx, tenants.System(e.ProvinceID, "通知"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT m.* FROM memberships m JOIN tenants t ON t.province_id = m.province_id AND t.id = m.tenant_id
			WHERE m.province_id = ? AND m.state = 'active' AND `+where, append([]any{e.ProvinceID}, args...)...).Scan(&members).Error
	})
	if err != nil {
		return nil, err
	}
	h := tenants.Happening{Province: e.ProvinceID, OrgPath: e.OrgPath, Partner: e.PartnerID}
	var out []tenants.Actor
	for _, m := range members {
		a, err := s.people.ActorOf(ctx, m)
		if err != nil {
			return nil, err
		}
		if !a.Can(r.Permission) || !a.Hears(h) {
			continue
		}
		if ask := s.guards[e.Resource]; ask != nil {
			if err := ask(ctx, a, e.ResourceID); err != nil {
				if _, refused := fault.As(err); refused {
					continue
				}
				return nil, err
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// kept is how long notices stay that were read or are settled.
const kept = 180 * 24 * time.Hour

// Tidy forgets old notices that were read or are settled.
func (s *Service) Tidy(ctx context.Context, province uuid.UUID) error {
	return s.db.Prune(ctx, tenants.System(province, "清理"), "notices", `province_id = ? AND at < ? AND (read_at IS NOT NULL OR closed_at IS NOT NULL)`, province, calendar.Now(ctx).Add(-kept))
}

// Filter of a list. Before is a seq, exclusive; 0 begins at the newest.
type Filter struct {
	Kind   string
	Unread bool
	Before int64
	Limit  int
}

func mine(tx *pg.Tx, a tenants.Actor) *pg.Handle {
	return tx.Table("notices").Where("province_id = ? AND membership_id = ?", a.Tenant.ProvinceID, a.Membership)
}

// List the actor's notices, newest first.
func (s *Service) List(ctx context.Context, a tenants.Actor, f Filter) (out []Notice, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		q := mine(tx, a)
		if f.Kind != "" {
			q = q.Where("kind = ?", f.Kind)
		}
		if f.Unread {
			q = q.Where("read_at IS NULL AND closed_at IS NULL")
		}
		if f.Before > 0 {
			q = q.Where("seq < ?", f.Before)
		}
		return q.Order("seq DESC").Limit(f.Limit).Scan(&out).Error
	})
	return out, err
}

// Count is how many the actor has not read: what needs them, and the rest.
func (s *Service) Count(ctx context.Context, a tenants.Actor) (needs, info int64, err error) {
	var n struct{ Needs, Info int64 }
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return mine(tx, a).Where("read_at IS NULL AND closed_at IS NULL").Select("count(*) FILTER (WHERE kind = 'needs') AS needs, count(*) FILTER (WHERE kind = 'info') AS info").Scan(&n).Error
	})
	return n.Needs, n.Info, err
}

// Read marks some as read, or as unread again.
func (s *Service) Read(ctx context.Context, a tenants.Actor, seqs []int64, read bool) error {
	return s.mark(ctx, a, read, func(q *pg.Handle) *pg.Handle { return q.Where("seq IN ?", seqs) })
}

// ReadAll marks everything of a kind, or everything, as read, up to the newest
// that the person has seen.
func (s *Service) ReadAll(ctx context.Context, a tenants.Actor, kind string, upTo int64) error {
	return s.mark(ctx, a, true, func(q *pg.Handle) *pg.Handle {
		if kind != "" {
			q = q.Where("kind = ?", kind)
		}
		return q.Where("seq <= ?", upTo)
	})
}

func (s *Service) mark(ctx context.Context, a tenants.Actor, read bool, which func(*pg.Handle) *pg.Handle) error {
	var at *time.Time
	if read {
		now := calendar.Now(ctx)
		at = &now
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := which(mine(tx, a)).Where("(read_at IS NULL) = ?", read).UpdateColumn("read_at", at).Error; err != nil {
			return err
		}
		// The person's other screens.
		return tenants.Announce(tx, tenants.Happening{Province: a.Tenant.ProvinceID, Topic: "notice", ID: a.Membership, Member: a.Membership})
	})
}

// Preference is how the actor wants to be mailed; possible is false where the
// portal sends no mail.
func (s *Service) Preference(ctx context.Context, a tenants.Actor) (choice string, possible bool, err error) {
	var p struct{ Mail string }
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT mail FROM notice_preferences WHERE province_id = ? AND membership_id = ?`, a.Tenant.ProvinceID, a.Membership).Scan(&p).Error
	})
	if p.Mail == "" {
		p.Mail = "daily"
	}
	return p.Mail, s.mail != nil, err
}

// SetPreference chooses: now, daily or none.
func (s *Service) SetPreference(ctx context.Context, a tenants.Actor, choice string) error {
	var c fault.Checker
	c.OneOf("mail", choice, "now", "daily", "none")
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		return tx.Exec(`INSERT INTO notice_preferences (province_id, membership_id, tenant_id, mail) VALUES (?, ?, ?, ?)
			ON CONFLICT (province_id, membership_id) DO UPDATE SET mail = excluded.mail`, a.Tenant.ProvinceID, a.Membership, a.Tenant.ID, choice).Error
	})
}

// Mail sends one person what needs them and was not mailed yet.
func (s *Service) Mail(ctx context.Context, job MailJob) error {
	if s.mail == nil {
		return nil
	}
	a, err := s.people.ActorByMembership(ctx, job.Province, job.Membership)
	if err != nil {
		return nil //nolint:nilerr // removed meanwhile
	}
	locale, err := s.people.LocaleOf(ctx, a.User)
	if err != nil {
		return err
	}
	// Who stands in for an absent person is told too: nothing waits.
	readers, err := s.people.StandIns(ctx, job.Province, job.Membership)
	if err != nil {
		return err
	}
	readers = append(readers, a.Email)
	return s.db.As(ctx, tenants.System(job.Province, "通知"), func(tx *pg.Tx) error {
		var open []Notice
		err := tx.Raw(`SELECT * FROM notices WHERE province_id = ? AND membership_id = ? AND kind = 'needs' AND closed_at IS NULL AND read_at IS NULL AND mailed_at IS NULL
			ORDER BY seq LIMIT 50 FOR UPDATE SKIP LOCKED`, job.Province, job.Membership).Scan(&open).Error
		if err != nil || len(open) == 0 {
			return err
		}
		var b strings.Builder
		seqs := make([]int64, 0, len(open))
		for _, n := range open {
			seqs = append(seqs, n.Seq)
			b.WriteString("- " + s.book.Say(n, locale))
			if n.DueAt != nil {
				b.WriteString(fault.Words{Zh: "（请在 " + calendar.Date(*n.DueAt) + " 前处理）", En: " (by " + calendar.Date(*n.DueAt) + ")"}.In(locale))
			}
			b.WriteString("\n  " + s.baseURL + s.book.Link(n) + "\n\n")
		}
		b.WriteString(fault.Words{Zh: "要改变提醒方式，请打开：", En: "To change how you are told, open: "}.In(locale) + s.baseURL + "/preferences\n")
		subject := fault.Words{Zh: "有 %d 件事需要您处理", En: "%d things need you"}.Fill(len(open)).In(locale)
		if err := tx.Exec(`UPDATE notices SET mailed_at = ? WHERE province_id = ? AND membership_id = ? AND seq IN ?`, calendar.Now(ctx), job.Province, job.Membership, seqs).Error; err != nil {
			return err
		}
		for _, to := range readers {
			if err := s.mail.Send(ctx, mail.Message{To: to, Subject: "Ecoport: " + subject + " (" + a.Name + ")", Text: b.String()}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Digest starts the daily mails of a province at nine on working days.
func (s *Service) Digest(ctx context.Context, province uuid.UUID) error {
	now := calendar.Now(ctx)
	if s.mail == nil || now.In(calendar.Shanghai).Hour() != 9 || !calendar.Working(now) {
		return nil
	}
	return s.db.As(ctx, tenants.System(province, "通知"), func(tx *pg.Tx) error {
		var who []struct{ MembershipID uuid.UUID }
		err := tx.Raw(`SELECT DISTINCT n.membership_id FROM notices n LEFT JOIN notice_preferences p ON p.province_id = n.province_id AND p.membership_id = n.membership_id
			WHERE n.province_id = ? AND n.kind = 'needs' AND n.closed_at IS NULL AND n.read_at IS NULL AND n.mailed_at IS NULL AND coalesce(p.mail, 'daily') = 'daily'`, province).Scan(&who).Error
		if err != nil {
			return err
		}
		for _, w := range who {
			if err := queue.Enqueue(ctx, tx, JobMail, MailJob{province, w.MembershipID}); err != nil {
				return err
			}
		}
		return nil
	})
}
