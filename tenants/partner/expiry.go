package partner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
)

// JobDocuments reminds of documents that run out, and takes listing rights
// from firms whose documents have.
const JobDocuments = "partner.documents"

// reminders are how many days ahead a firm is reminded, the nearest first; -1
// is when the document has run out.
var reminders = []int{-1, 7, 30, 60}

// MayList tells whether the firm may have something on sale.
func (p *Partner) MayList() bool { return p.State == "active" && p.LapsedAt == nil }

// Replaced tells whether another document of the kind is good for longer.
func (d Document) Replaced(docs []Document) bool {
	return slices.ContainsFunc(docs, func(x Document) bool {
		return x.ID != d.ID && x.Kind == d.Kind && x.Review != "refused" && x.File.State == "stored" && (x.ExpiresOn == nil || d.ExpiresOn != nil && x.ExpiresOn.After(*d.ExpiresOn))
	})
}

func (d Document) entry(action, from, to string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "partner_document", ID: d.ID, Label: kindOf(d.Kind).Words.Zh, OrgPath: d.OrgPath, Partner: d.PartnerID, From: from, To: to}
}

// step of a document in the reminders: what it was last told, as a state.
func reminderState(days *int) string {
	switch {
	case days == nil:
		return "valid"
	case *days < 0:
		return "expired"
	}
	return fmt.Sprintf("expires_%d", *days)
}

// TendDocuments looks at every firm of the province with a document that runs
// out. It may run any number of times: each reminder is given once.
func (s *Service) TendDocuments(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, "证照到期检查")
	until := calendar.Date(calendar.Now(ctx).AddDate(0, 0, slices.Max(reminders)))
	var firms []uuid.UUID
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT DISTINCT d.partner_id FROM partner_documents d JOIN partners p ON p.province_id = d.province_id AND p.id = d.partner_id
			WHERE d.province_id = ? AND d.expires_on <= ?::date AND p.state IN ('active', 'suspended') AND (d.reminded IS NULL OR d.reminded > 0)
			ORDER BY d.partner_id`, province, until).Scan(&firms).Error
	})
	if err != nil {
		return err
	}
	for _, id := range firms {
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			p, err := lock(tx, id)
			if err != nil {
				return err
			}
			docs, err := documents(tx, id)
			if err != nil {
				return err
			}
			now := calendar.Now(ctx)
			for _, d := range docs {
				if err := remind(ctx, tx, a, d, docs, now); err != nil {
					return err
				}
			}
			changed, err := s.lapse(ctx, tx, a, &p, docs)
			if err != nil || !changed {
				return err
			}
			p.UpdatedAt = now
			return pg.Save(tx, &p)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// remind tells the firm of the nearest day it has reached and was not told of.
func remind(ctx context.Context, tx *pg.Tx, a tenants.Actor, d Document, docs []Document, now time.Time) error {
	if d.ExpiresOn == nil || d.Review == "refused" || d.Replaced(docs) {
		return nil
	}
	left := d.DaysLeft(now)
	i := slices.IndexFunc(reminders, func(days int) bool { return left <= days })
	if i < 0 || d.Reminded != nil && *d.Reminded <= reminders[i] {
		return nil
	}
	if err := tx.Exec(`UPDATE partner_documents SET reminded = ? WHERE province_id = ? AND id = ?`, reminders[i], d.ProvinceID, d.ID).Error; err != nil {
		return err
	}
	action := "expire"
	if reminders[i] > 0 {
		action = fmt.Sprintf("remind_%d", reminders[i])
	}
	tenants.Record(ctx, tx, a, d.entry(action, reminderState(d.Reminded), reminderState(&reminders[i])))
	return nil
}

// lapse takes the right to list when what is required has run out, and gives
// it back when all of it is valid again. It tells whether the firm changed.
func (s *Service) lapse(ctx context.Context, tx *pg.Tx, a tenants.Actor, p *Partner, docs []Document) (bool, error) {
	if p.State != "active" && p.State != "suspended" {
		return false, nil
	}
	now := calendar.Now(ctx)
	lapsed := pg.Texts{}
	for _, i := range Checklist(p.Capabilities, docs, now) {
		if i.State == "expired" && !i.Optional {
			lapsed = append(lapsed, i.Code)
		}
	}
	had := p.LapsedAt != nil
	switch {
	case len(lapsed) > 0 && !had:
		p.LapsedAt, p.Lapsed = &now, lapsed
		tenants.Record(ctx, tx, a, p.entry("lapse", p.State, p.State, p.LapsedReason()))
		return true, queue.Enqueue(ctx, tx, JobSuspended, Changed{p.ProvinceID, p.ID})
	case len(lapsed) == 0 && had:
		p.LapsedAt, p.Lapsed = nil, lapsed
		tenants.Record(ctx, tx, a, p.entry("restore", p.State, p.State, ""))
		return true, queue.Enqueue(ctx, tx, JobResumed, Changed{p.ProvinceID, p.ID})
	case had && !slices.Equal(lapsed, p.Lapsed):
		p.Lapsed = lapsed
		return true, nil
	}
	return false, nil
}

// renewed settles the reminders of what the new document replaces, and gives
// listing rights back when nothing else is missing and the document counts.
func (s *Service) renewed(ctx context.Context, tx *pg.Tx, a tenants.Actor, p *Partner, kind string) error {
	docs, err := documents(tx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Kind == kind && d.Reminded != nil && d.Replaced(docs) {
			tenants.Record(ctx, tx, a, d.entry("renew", reminderState(d.Reminded), "renewed"))
		}
	}
	_, err = s.lapse(ctx, tx, a, p, docs)
	return err
}
