package order

import (
	"context"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/token"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
)

// Refusals of what is shared.
var (
	ErrShareGone    = fault.New(fault.Missing, "share-gone", "这个链接已失效，请联系给您报价的销售人员。", "This link is not valid any more; please ask whoever sent it.")
	ErrShareOld     = fault.New(fault.Conflict, "share-newer", "报价已有更新，请联系销售人员获取新的链接。", "There is a newer form of this quote; please ask for a new link.")
	ErrShareBusy    = fault.New(fault.TooMany, "share-busy", "您的提问还没有答复，请等销售人员答复后再提问。", "Your questions wait for an answer; please ask again after it.")
	ErrShareLimit   = fault.New(fault.Conflict, "share-limit", "这份报价的有效链接已达 10 个，请先撤回不用的链接。", "This quote has 10 links in force; revoke one first.")
	ErrNotToBeShare = fault.New(fault.Conflict, "quote-not-open", "只有有效期内、尚未下单的报价可以分享。", "Only a quote that is in date and not ordered can be shared.")
)

const (
	sharesOpen  = 10  // links in force, a quote
	asksOpen    = 3   // questions without an answer, a link
	shareTokens = 100 // what a link may have as text, at most
)

// customerName stands in the audit for whoever has the link.
const customerName = "客户（分享链接）"

// Revision is a form that a quote had.
type Revision struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	QuoteID      uuid.UUID `gorm:"primaryKey"`
	Number       int       `gorm:"primaryKey;autoIncrement:false"`
	OrgPath      string
	PartnerID    uuid.UUID
	SolutionName string
	Price        pg.JSON[menu.Price]
	TotalFen     int64
	DiscountPPM  int64 `gorm:"column:discount_ppm"`
	TermMonths   int
	CustomerNote string
	ValidUntil   time.Time
	ByName       string
	At           time.Time
}

// TableName of revisions.
func (Revision) TableName() string { return "quote_revisions" }

// Share is a link for the customer.
type Share struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	QuoteID    uuid.UUID
	Revision   int
	OrgPath    string
	PartnerID  uuid.UUID
	SecretHash []byte
	ByName     string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  *time.Time
	Opens      int64
	OpenedAt   *time.Time
	Version    int64
	Secret     string `gorm:"-"` // only when it is made
}

// TableName of shares.
func (Share) TableName() string { return "quote_shares" }

// RowVersion is the optimistic lock.
func (s *Share) RowVersion() *int64 { return &s.Version }

func (s *Share) live(now time.Time) bool { return s.RevokedAt == nil && now.Before(s.ExpiresAt) }

// Message is a question of the customer, or an answer.
type Message struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	QuoteID    uuid.UUID
	ShareID    uuid.UUID
	OrgPath    string
	PartnerID  uuid.UUID
	Customer   bool
	Name       string
	Text       string
	At         time.Time
}

// TableName of messages.
func (Message) TableName() string { return "quote_messages" }

func (q *Quote) entry(action, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "quote", ID: q.ID, Label: q.Number + " " + q.AccountName, OrgPath: q.OrgPath, Partner: q.PartnerID, Reason: reason}
}

// keep writes the form that the quote has now.
func (q *Quote) keep(tx *pg.Tx, a tenants.Actor) error {
	return tx.Create(&Revision{
		ProvinceID: q.ProvinceID, QuoteID: q.ID, Number: q.Revision, OrgPath: q.OrgPath, PartnerID: q.PartnerID, SolutionName: q.SolutionName, Price: q.Price, TotalFen: q.TotalFen, DiscountPPM: q.DiscountPPM,
		TermMonths: q.TermMonths, CustomerNote: q.CustomerNote, ValidUntil: q.ValidUntil, ByName: a.Name, At: q.UpdatedAt,
	}).Error
}

// lockQuote finds a quote that the actor may see and holds it.
func lockQuote(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (q Quote, err error) {
	err = pg.One(narrowQuotes(tx, a).Where("id = ?", id).Clauses(pg.ForUpdate), &q)
	return q, err
}

// ShareQuote makes a link to the quote as it is now, good until the quote's date
// at most. The secret is in the answer and nowhere else.
func (s *Service) ShareQuote(ctx context.Context, a tenants.Actor, id uuid.UUID, days int) (Share, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return Share{}, err
	}
	var out Share
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		q, err := lockQuote(tx, a, id)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		if q.StateAt(now) != "draft" {
			return ErrNotToBeShare
		}
		if q.Approval == "pending" || q.Approval == "returned" {
			return ErrNotApproved
		}
		var open int64
		if err := tx.Model(&Share{}).Where("province_id = ? AND quote_id = ? AND revoked_at IS NULL AND expires_at > ?", q.ProvinceID, q.ID, now).Count(&open).Error; err != nil {
			return err
		}
		if open >= sharesOpen {
			return ErrShareLimit
		}
		secret, hash := token.Secret()
		out = Share{
			ProvinceID: q.ProvinceID, ID: pg.NewID(), QuoteID: q.ID, Revision: q.Revision, OrgPath: q.OrgPath, PartnerID: q.PartnerID, SecretHash: hash, ByName: a.Name, CreatedAt: now, ExpiresAt: q.ValidUntil, Version: 1,
			Secret: base64.RawURLEncoding.EncodeToString(q.ProvinceID[:]) + "." + secret,
		}
		if days > 0 && now.AddDate(0, 0, days).Before(out.ExpiresAt) {
			out.ExpiresAt = now.AddDate(0, 0, days)
		}
		if err := tx.Create(&out).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry("share_quote", ""))
		return nil
	})
	return out, err
}

// RevokeShare ends a link at once.
func (s *Service) RevokeShare(ctx context.Context, a tenants.Actor, quote, id uuid.UUID) error {
	if err := a.Need(QuoteWrite); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		q, err := lockQuote(tx, a, quote)
		if err != nil {
			return err
		}
		var x Share
		if err := pg.One(tx.Where("province_id = ? AND quote_id = ? AND id = ?", q.ProvinceID, q.ID, id), &x); err != nil {
			return err
		}
		if x.RevokedAt != nil {
			return nil
		}
		now := calendar.Now(ctx)
		x.RevokedAt = &now
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry("revoke_share", ""))
		return nil
	})
}

// AnswerMessage answers the customer, who reads it by the same link.
func (s *Service) AnswerMessage(ctx context.Context, a tenants.Actor, quote, share uuid.UUID, text string) error {
	if err := a.Need(QuoteWrite); err != nil {
		return err
	}
	if err := said(a.Name, text); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		q, err := lockQuote(tx, a, quote)
		if err != nil {
			return err
		}
		var x Share
		if err := pg.One(tx.Where("province_id = ? AND quote_id = ? AND id = ?", q.ProvinceID, q.ID, share), &x); err != nil {
			return err
		}
		if err := x.say(ctx, tx, false, a.Name, text); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry("answer_customer", ""))
		return nil
	})
}

func said(name, text string) error {
	var c fault.Checker
	if n := utf8.RuneCountInString(strings.TrimSpace(name)); n < 1 || n > 60 {
		c.Add("name", "length", "请填写您的姓名，最多 60 字。", "Please give your name, 60 characters at most.")
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < 1 || n > 1000 {
		c.Add("text", "length", "请填写内容，最多 1000 字。", "Please write something, 1000 characters at most.")
	}
	return c.Err()
}

func (s *Share) say(ctx context.Context, tx *pg.Tx, customer bool, name, text string) error {
	return tx.Create(&Message{
		ProvinceID: s.ProvinceID, ID: pg.NewID(), QuoteID: s.QuoteID, ShareID: s.ID, OrgPath: s.OrgPath, PartnerID: s.PartnerID, Customer: customer, Name: strings.TrimSpace(name), Text: strings.TrimSpace(text), At: calendar.Now(ctx),
	}).Error
}

// Shared is what the customer sees: the form that was shared, whether it still
// stands, and the conversation of the link.
type Shared struct {
	Share    Share
	Revision Revision
	Quote    Quote // its number, names and whether it was accepted or ordered
	Newer    bool
	Messages []Message
}

// byLink finds what a link leads to and holds the quote. Whoever tries links out
// is slowed down by the address they come from.
func (s *Service) byLink(ctx context.Context, secret, address string, use func(tx *pg.Tx, a tenants.Actor, q *Quote, x *Share) error) error {
	return s.people.Guess(ctx, address, string(token.Hash(secret)), func() error {
		province, rest, ok := strings.Cut(secret, ".")
		raw, err := base64.RawURLEncoding.DecodeString(province)
		if !ok || err != nil || len(raw) != 16 || uuid.UUID(raw) == uuid.Nil || len(secret) > shareTokens {
			return ErrShareGone
		}
		a := tenants.System(uuid.UUID(raw), customerName)
		return s.db.As(ctx, a, func(tx *pg.Tx) error {
			var found, x Share
			err := pg.One(tx.Where("province_id = ? AND secret_hash = ?", a.Tenant.ProvinceID, token.Hash(rest)), &found)
			if f, missing := fault.As(err); missing && f.Kind == fault.Missing {
				return ErrShareGone
			}
			if err != nil {
				return err
			}
			q, err := lockQuote(tx, a, found.QuoteID)
			if err != nil {
				return err
			}
			// Again under the lock: a revocation that ran meanwhile counts.
			if err := pg.One(tx.Where("province_id = ? AND id = ?", found.ProvinceID, found.ID), &x); err != nil {
				return err
			}
			if !x.live(calendar.Now(ctx)) {
				return ErrShareGone
			}
			return use(tx, a, &q, &x)
		})
	})
}

func shared(tx *pg.Tx, q *Quote, x *Share) (out Shared, err error) {
	out = Shared{Share: *x, Quote: *q, Newer: q.Revision > x.Revision, Messages: []Message{}}
	if err := pg.One(tx.Where("province_id = ? AND quote_id = ? AND number = ?", q.ProvinceID, q.ID, x.Revision), &out.Revision); err != nil {
		return out, err
	}
	err = tx.Where("province_id = ? AND share_id = ?", x.ProvinceID, x.ID).Order("at, id").Limit(200).Find(&out.Messages).Error
	return out, err
}

// OpenShare is the customer's page.
func (s *Service) OpenShare(ctx context.Context, secret, address string) (out Shared, err error) {
	err = s.byLink(ctx, secret, address, func(tx *pg.Tx, _ tenants.Actor, q *Quote, x *Share) error {
		now := calendar.Now(ctx)
		x.Opens, x.OpenedAt = x.Opens+1, &now
		if err := pg.Save(tx, x); err != nil {
			return err
		}
		out, err = shared(tx, q, x)
		return err
	})
	return out, err
}

// AskShare is the customer's question.
func (s *Service) AskShare(ctx context.Context, secret, address, name, text string) (out Shared, err error) {
	if err := said(name, text); err != nil {
		return out, err
	}
	err = s.byLink(ctx, secret, address, func(tx *pg.Tx, a tenants.Actor, q *Quote, x *Share) error {
		var waiting int64
		if err := tx.Model(&Message{}).Where(`province_id = ? AND share_id = ? AND customer AND at > coalesce((SELECT max(at) FROM quote_messages m WHERE m.province_id = ? AND m.share_id = ? AND NOT m.customer), '-infinity')`, x.ProvinceID, x.ID, x.ProvinceID, x.ID).Count(&waiting).Error; err != nil {
			return err
		}
		if waiting >= asksOpen {
			return ErrShareBusy
		}
		if err := x.say(ctx, tx, true, name, text); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry("customer_asks", ""))
		out, err = shared(tx, q, x)
		return err
	})
	return out, err
}

// AcceptShare is the customer's yes to the form that was shared; it orders
// nothing, which the seller does. A second yes changes nothing.
func (s *Service) AcceptShare(ctx context.Context, secret, address, name string) (out Shared, err error) {
	if err := said(name, "-"); err != nil {
		return out, err
	}
	err = s.byLink(ctx, secret, address, func(tx *pg.Tx, a tenants.Actor, q *Quote, x *Share) error {
		now := calendar.Now(ctx)
		if q.Revision != x.Revision {
			return ErrShareOld
		}
		if q.AcceptedRevision == nil || *q.AcceptedRevision != q.Revision {
			if q.StateAt(now) != "draft" {
				return ErrShareGone
			}
			q.AcceptedRevision, q.AcceptedBy, q.AcceptedAt = &x.Revision, strings.TrimSpace(name), &now
			if err := pg.Save(tx, q); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, q.entry("customer_accepts", q.AcceptedBy))
		}
		out, err = shared(tx, q, x)
		return err
	})
	return out, err
}
