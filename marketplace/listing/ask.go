package listing

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

func (l *Listing) subject() review.Subject {
	return review.Subject{Resource: "listing", ID: l.ID, Label: l.SolutionName + " · " + l.ScopeName, OrgPath: l.OrgPath, Partner: l.PartnerID, PartnerName: l.PartnerName, Answer: solution.Submit}
}

// Ask puts a question to the firm, asks a colleague's opinion or hands the
// approval over.
func (s *Service) Ask(ctx context.Context, a tenants.Actor, id uuid.UUID, n review.New) (Detail, error) {
	if err := a.Need(Approve); err != nil {
		return Detail{}, err
	}
	whom, err := s.reviews.Whom(ctx, a, n, Read, Approve)
	if err != nil {
		return Detail{}, err
	}
	return s.asking(ctx, a, id, func(tx *pg.Tx, l *Listing) (string, string, error) {
		if a.Tenant.Kind == tenants.KindCity && l.OrgPath != a.Tenant.Path {
			return "", "", fault.ErrMissing
		}
		return "ask_" + n.Kind, n.Body, s.reviews.Ask(ctx, tx, a, l.subject(), n, whom)
	})
}

// AnswerRequest is the word of the firm or the colleague who was asked.
func (s *Service) AnswerRequest(ctx context.Context, a tenants.Actor, id, request uuid.UUID, text string) (Detail, error) {
	return s.asking(ctx, a, id, func(tx *pg.Tx, l *Listing) (string, string, error) {
		r, err := s.reviews.Answer(ctx, tx, a, l.subject(), request, text)
		return "answer_" + r.Kind, text, err
	})
}

// TakeBack ends a request that is no longer needed, or a hand-over.
func (s *Service) TakeBack(ctx context.Context, a tenants.Actor, id, request uuid.UUID) (Detail, error) {
	return s.asking(ctx, a, id, func(tx *pg.Tx, l *Listing) (string, string, error) {
		r, err := s.reviews.TakeBack(ctx, tx, a, l.subject(), request)
		return "take_back_" + r.Kind, "", err
	})
}

func (s *Service) asking(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(*pg.Tx, *Listing) (action, words string, err error)) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var l Listing
		if err := pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &l); err != nil {
			return err
		}
		if l.State != "pending_approval" {
			_, err := Machine.Take(l.State, "return", "-")
			return err
		}
		action, words, err := step(tx, &l)
		if err != nil {
			return err
		}
		if d, err = s.detail(ctx, tx, a, id); err != nil {
			return err
		}
		open := 0
		for _, r := range d.Requests {
			if r.State == "open" {
				open++
			}
		}
		tenants.Record(ctx, tx, a, review.Entry(l.entry(action, l.State, words), open))
		return nil
	})
	return d, err
}

// longValid is how long a certificate must still hold to approve in bulk.
const longValid = 60

// Safe tells which listings may be approved in bulk: what is on sale somewhere
// already or was here before, with a certificate that holds for two months and
// no request waiting.
func (s *Service) Safe(ctx context.Context, a tenants.Actor, listings []uuid.UUID) (map[uuid.UUID]bool, error) {
	out := map[uuid.UUID]bool{}
	if len(listings) == 0 || !a.Can(Approve) {
		return out, nil
	}
	var ids []uuid.UUID
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return narrow(tx.Model(&Listing{}), a).Where(`id IN ? AND state = 'pending_approval'
			AND (live_at IS NOT NULL OR EXISTS (SELECT 1 FROM solutions s WHERE s.province_id = listings.province_id AND s.id = listings.solution_id AND s.live_listings > 0))
			AND EXISTS (SELECT 1 FROM certificates c WHERE c.province_id = listings.province_id AND c.version_id = listings.version_id AND c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.valid_until > ?)
			AND NOT EXISTS (SELECT 1 FROM review_requests r WHERE r.province_id = listings.province_id AND r.resource_id = listings.id AND r.state = 'open')`,
			listings, calendar.Now(ctx).AddDate(0, 0, longValid)).Pluck("id", &ids).Error
	})
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
