package web

import (
	"context"
	"sort"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// queued is how many decisions of one kind a queue shows.
const queued = 200

// reviews is the product manager's queue: what is due first comes first.
func reviews(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[ReviewRow], error) {
	out := List[ReviewRow]{Items: []ReviewRow{}}
	now := calendar.Now(ctx)
	var cases, listings []uuid.UUID
	if a.Can(certification.Approve) {
		found, _, err := s.Certifications.List(ctx, a, certification.Query{State: "in_review", Limit: queued})
		if err != nil {
			return out, err
		}
		for _, c := range found {
			k := c.Clock(now)
			what := "new_version"
			if c.First {
				what = "first_version"
			}
			cases = append(cases, c.ID)
			out.Items = append(out.Items, ReviewRow{
				Kind: "certification", ID: c.ID.String(), Title: c.SolutionName, Semver: c.Semver, PartnerName: c.PartnerName, Industry: c.Industry, What: what,
				Warnings: c.OpenFindings, Since: c.UpdatedAt, DueAt: k.PromisedAt, Overdue: k.Overdue,
			})
		}
	}
	pending, _, err := s.Listings.List(ctx, a, listing.Query{State: "pending_approval", Limit: queued})
	if err != nil {
		return out, err
	}
	for _, l := range pending {
		if len(listing.Actions(a, l)) == 0 || (a.Tenant.Kind == tenants.KindProvince && l.Scope != listing.ScopeProvince) {
			continue
		}
		what, since := "city_listing", l.UpdatedAt
		if l.Scope == listing.ScopeProvince {
			what = "province_listing"
		}
		if l.SubmittedAt != nil {
			since = *l.SubmittedAt
		}
		due := calendar.AddWorkingDays(since, 3)
		listings = append(listings, l.ID)
		out.Items = append(out.Items, ReviewRow{
			Kind: "listing", ID: l.ID.String(), Title: l.SolutionName, Semver: l.Semver, PartnerName: l.PartnerName, Industry: l.Industry, What: what, Scope: l.Scope,
			Since: since, DueAt: &due, Overdue: now.After(due),
		})
	}
	safe, err := s.safe(ctx, a, cases, listings)
	if err != nil {
		return out, err
	}
	open, err := s.Reviews.Open(ctx, a, append(cases, listings...))
	for i := range out.Items {
		r := &out.Items[i]
		r.Safe = safe[uuid.MustParse(r.ID)]
		for _, q := range open {
			switch {
			case q.ResourceID.String() != r.ID:
			case q.Kind == review.HandOver:
				r.Assignee, r.AssignedBy, r.Note = q.ToName, q.ByName, q.Body
				r.WithOther = !a.Is(*q.ToUser)
			default:
				r.Waiting++
			}
		}
	}
	sortReviews(out.Items)
	return out, err
}

// safe tells which records may be approved in bulk.
func (s *Server) safe(ctx context.Context, a tenants.Actor, cases, listings []uuid.UUID) (map[uuid.UUID]bool, error) {
	out, err := s.Certifications.Safe(ctx, a, cases)
	if err != nil {
		return nil, err
	}
	more, err := s.Listings.Safe(ctx, a, listings)
	for id := range more {
		out[id] = true
	}
	return out, err
}

// sortReviews puts overdue first, then what is due first.
func sortReviews(items []ReviewRow) {
	due := func(r ReviewRow) time.Time {
		if r.DueAt == nil {
			return r.Since.AddDate(1, 0, 0)
		}
		return *r.DueAt
	}
	sort.SliceStable(items, func(i, j int) bool {
		if items[i].Overdue != items[j].Overdue {
			return items[i].Overdue
		}
		return due(items[i]).Before(due(items[j]))
	})
}

// errNotSafe says that a record wants to be looked at by itself.
var errNotSafe = fault.New(fault.Conflict, "review-not-safe", "这一项需要单独查看后决定。", "This one has to be looked at by itself.")

// approveSafely approves many at once, each in its own transaction. What is no
// longer safe, or was decided meanwhile, stays and says why.
func approveSafely(s *Server, ctx context.Context, a tenants.Actor, in *bulkInput) (List[BulkResult], error) {
	out := List[BulkResult]{Items: []BulkResult{}}
	ids, err := idsOf(in.Body.IDs)
	if err != nil {
		return out, err
	}
	cases, err := s.Certifications.Safe(ctx, a, ids)
	if err != nil {
		return out, err
	}
	listings, err := s.Listings.Safe(ctx, a, ids)
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		err := error(errNotSafe)
		switch {
		case cases[id]:
			_, err = s.Certifications.Act(ctx, a, id, "approve", "")
		case listings[id]:
			_, err = s.Listings.Act(ctx, a, id, listing.Step{Action: "approve"})
		}
		r := BulkResult{ID: id.String(), Approved: err == nil}
		if err != nil {
			f, ok := fault.As(err)
			if !ok {
				return out, err
			}
			r.Why = f.Words.In(localeOf(ctx))
		}
		out.Items = append(out.Items, r)
	}
	return out, nil
}

// reviewers are whom an approver may ask.
func reviewers(s *Server, ctx context.Context, a tenants.Actor, in *reviewersInput) (List[Reviewer], error) {
	out := List[Reviewer]{Items: []Reviewer{}}
	read, decide := listing.Read, listing.Approve
	if in.Kind == "certification" {
		read, decide = certification.Read, certification.Approve
	}
	if err := a.Need(decide); err != nil {
		return out, err
	}
	found, err := s.Reviews.Colleagues(ctx, a, read, decide)
	for _, c := range found {
		out.Items = append(out.Items, Reviewer{ID: c.User.String(), Name: c.Name, Roles: c.Roles, MayDecide: c.MayDecide})
	}
	return out, err
}

func requestsOf(a tenants.Actor, all []review.Request) []ReviewRequest {
	out := []ReviewRequest{}
	for _, r := range all {
		out = append(out, ReviewRequest{
			ID: r.ID.String(), Kind: r.Kind, Text: r.Body, To: r.ToName, By: r.ByName, At: r.AskedAt, DueAt: r.DueAt, State: r.State, Answer: r.Answer, AnsweredBy: r.AnsweredBy, EndedAt: r.EndedAt,
			Actions: r.Actions(a, solution.Submit),
		})
	}
	return out
}

func newRequest(in *requestInput) (review.New, error) {
	n := review.New{Kind: in.Body.Kind, Body: in.Body.Text}
	if in.Body.Kind == review.Question {
		return n, nil
	}
	to, err := uuid.Parse(in.Body.To)
	if err != nil {
		return n, review.ErrColleague
	}
	n.To = to
	return n, nil
}

var (
	askCase = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *requestInput) (certification.Detail, error) {
		n, err := newRequest(in)
		if err != nil {
			return certification.Detail{}, err
		}
		return s.Certifications.Ask(ctx, a, uuid.MustParse(in.ID), n)
	})
	answerCase = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *answerInput) (certification.Detail, error) {
		return s.Certifications.AnswerRequest(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text)
	})
	takeBackCase = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (certification.Detail, error) {
		return s.Certifications.TakeBack(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	})
)

func askListing(s *Server, ctx context.Context, a tenants.Actor, in *requestInput) (Listing, error) {
	n, err := newRequest(in)
	if err != nil {
		return Listing{}, err
	}
	d, err := s.Listings.Ask(ctx, a, uuid.MustParse(in.ID), n)
	return s.listingOf(ctx, a, d, err)
}

func answerListing(s *Server, ctx context.Context, a tenants.Actor, in *answerInput) (Listing, error) {
	d, err := s.Listings.AnswerRequest(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text)
	return s.listingOf(ctx, a, d, err)
}

func takeBackListing(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (Listing, error) {
	d, err := s.Listings.TakeBack(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return s.listingOf(ctx, a, d, err)
}

// homeAsked is what the firm or the person was asked and has not answered.
func (s *Server) homeAsked(ctx context.Context, a tenants.Actor, t *todo) error {
	if !a.Can(certification.Read) && !a.Can(listing.Read) {
		return nil
	}
	kind := "review_question"
	if !a.Partner() {
		kind = "review_opinion"
	}
	open, err := s.Reviews.Mine(ctx, a, shown)
	for _, r := range open {
		t.add(HomeItem{Kind: kind, Title: r.Label, Href: PageOf(r.Resource, r.ResourceID), DueAt: &r.DueAt, Overdue: past(ctx, &r.DueAt), Params: map[string]string{"text": r.Body, "by": r.ByName}})
	}
	return err
}
