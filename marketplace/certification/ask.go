package certification

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// subject is the case as something to ask about.
func (c *Case) subject() review.Subject {
	on := review.Subject{Resource: "certification", ID: c.ID, Label: c.SolutionName + " " + c.Semver, OrgPath: c.OrgPath, Partner: c.PartnerID, PartnerName: c.PartnerName, Answer: solution.Submit, Apart: []uuid.UUID{c.AuthorID}}
	if c.TesterID != nil {
		on.Apart = append(on.Apart, *c.TesterID)
	}
	for _, id := range c.Testers {
		if tester, err := uuid.Parse(id); err == nil {
			on.Apart = append(on.Apart, tester)
		}
	}
	return on
}

// Ask puts a question to the firm, asks a colleague's opinion or hands the
// decision over. While the firm owes an answer, the clock counts its time.
func (s *Service) Ask(ctx context.Context, a tenants.Actor, id uuid.UUID, n review.New) (Detail, error) {
	if err := a.Need(Approve); err != nil {
		return Detail{}, err
	}
	whom, err := s.reviews.Whom(ctx, a, n, Read, Approve)
	if err != nil {
		return Detail{}, err
	}
	if ctx, err = s.apart(ctx, a, id); err != nil {
		return Detail{}, err
	}
	return s.asking(ctx, a, id, func(tx *pg.Tx, c *Case) (string, string, error) {
		if err := s.duties(ctx, a, c, "approve"); err != nil {
			return "", "", err
		}
		return "ask_" + n.Kind, n.Body, s.reviews.Ask(ctx, tx, a, c.subject(), n, whom)
	})
}

// AnswerRequest is the word of the firm or the colleague who was asked.
func (s *Service) AnswerRequest(ctx context.Context, a tenants.Actor, id, request uuid.UUID, text string) (Detail, error) {
	return s.asking(ctx, a, id, func(tx *pg.Tx, c *Case) (string, string, error) {
		r, err := s.reviews.Answer(ctx, tx, a, c.subject(), request, text)
		return "answer_" + r.Kind, text, err
	})
}

// TakeBack ends a request that is no longer needed, or a hand-over.
func (s *Service) TakeBack(ctx context.Context, a tenants.Actor, id, request uuid.UUID) (Detail, error) {
	return s.asking(ctx, a, id, func(tx *pg.Tx, c *Case) (string, string, error) {
		r, err := s.reviews.TakeBack(ctx, tx, a, c.subject(), request)
		return "take_back_" + r.Kind, "", err
	})
}

// asking takes one step of asking on a case in review, and gives the ball to
// the side that owes the next word.
func (s *Service) asking(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(*pg.Tx, *Case) (action, words string, err error)) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		c, err := lock(tx, id)
		if err != nil {
			return err
		}
		if c.State != "in_review" {
			return state_(c, "approve")
		}
		if c.Holder == Stopped {
			return ErrStopped
		}
		action, words, err := step(tx, &c)
		if err != nil {
			return err
		}
		all, err := review.Of(tx, "certification", c.ID)
		if err != nil {
			return err
		}
		open := 0
		for _, r := range all {
			if r.State == "open" {
				open++
			}
		}
		to, why, err := owes(tx, &c)
		if err != nil {
			return err
		}
		c.UpdatedAt = calendar.Now(ctx)
		if c.Holder != to {
			if err := pass(tx, a, &c, to, why, words, c.UpdatedAt); err != nil {
				return err
			}
		}
		e := review.Entry(c.entry(action, c.State, words), open)
		tenants.Record(ctx, tx, a, e)
		if err := pg.Save(tx, &c); err != nil {
			return err
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// Safe tells which cases may be approved in bulk: a newer version of a
// certified solution that passed everything, left no finding open, has no
// request waiting and does not cost more than the version before.
func (s *Service) Safe(ctx context.Context, a tenants.Actor, cases []uuid.UUID) (map[uuid.UUID]bool, error) {
	out := map[uuid.UUID]bool{}
	if len(cases) == 0 || !a.Can(Approve) {
		return out, nil
	}
	var ids []uuid.UUID
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tenants.Rows(tx).Model(&Case{}).Where(`id IN ? AND state = 'in_review' AND NOT first AND open_findings = 0 AND holder = 'operator' AND author_id NOT IN ? AND (tester_id IS NULL OR tester_id NOT IN ?) AND NOT testers && ?::text[]
			AND NOT EXISTS (SELECT 1 FROM certification_checks k WHERE k.province_id = certifications.province_id AND k.certification_id = certifications.id AND (k.result = 'fail' OR k.result = 'open' AND k.stage <> 'price_review'))
			AND NOT EXISTS (SELECT 1 FROM review_requests r WHERE r.province_id = certifications.province_id AND r.resource_id = certifications.id AND r.state = 'open')
			AND (SELECT sum(e.price_fen) FROM function_elements e WHERE e.province_id = certifications.province_id AND e.version_id = certifications.version_id AND e.required) BETWEEN 1 AND
				(SELECT coalesce(sum(e.price_fen) FILTER (WHERE e.required), 0) FROM solution_versions v LEFT JOIN function_elements e ON e.province_id = v.province_id AND e.version_id = v.id
					WHERE v.province_id = certifications.province_id AND v.solution_id = certifications.solution_id AND v.state = 'certified')`,
			cases, a.Persons(), a.Persons(), pg.UUIDs(a.Persons())).Pluck("id", &ids).Error
	})
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
