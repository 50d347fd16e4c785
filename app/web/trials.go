package web

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/trial"
	"ecoport/tenants"
)

// Trial is that one person tries one solution.
type Trial struct {
	ID         string     `json:"id"`
	SolutionID string     `json:"solution_id"`
	Label      string     `json:"label" doc:"The solution and its version"`
	UserName   string     `json:"user_name"`
	TenantName string     `json:"tenant_name"`
	Reason     string     `json:"reason"`
	State      string     `json:"state" enum:"asked,granted,refused,withdrawn,ended"`
	Note       string     `json:"note,omitempty" doc:"Why it was refused or withdrawn"`
	Code       string     `json:"code,omitempty" doc:"To the firm: what its environment knows the person by"`
	AskedAt    time.Time  `json:"asked_at"`
	EndsAt     *time.Time `json:"ends_at,omitempty"`
	Opens      int64      `json:"opens"`
	LastAt     *time.Time `json:"last_at,omitempty"`
	Actions    []string   `json:"actions" nullable:"false" doc:"grant, refuse, withdraw, open"`
}

// OfferedTrial is what the page of an offer says about trying it.
type OfferedTrial struct {
	Hours     int    `json:"hours" doc:"That one may try it at a time; 0 is not at all"`
	Automatic bool   `json:"automatic" doc:"Whoever asks is let in at once"`
	Mine      *Trial `json:"mine,omitempty"`
}

// OpenedTrial is what the counted link hands out.
type OpenedTrial struct {
	Address string    `json:"address"`
	Code    string    `json:"code"`
	Notes   string    `json:"notes,omitempty"`
	EndsAt  time.Time `json:"ends_at"`
}

// TrialRule is the firm's.
type TrialRule struct {
	Automatic bool `json:"automatic" doc:"Whoever asks is let in at once"`
}

type trialRuleInput struct {
	ByID
	Body TrialRule
}

func trialOf(ctx context.Context, a tenants.Actor) func(trial.Trial) Trial {
	return func(t trial.Trial) Trial {
		now := calendar.Now(ctx)
		out := Trial{
			ID: t.ID.String(), SolutionID: t.SolutionID.String(), Label: t.Label, UserName: t.UserName, TenantName: t.TenantName, Reason: t.Reason, State: t.At(now), Note: t.Note,
			AskedAt: t.AskedAt, EndsAt: t.EndsAt, Opens: t.Opens, LastAt: t.LastAt, Actions: t.Actions(a, now),
		}
		if a.Partner() && out.State == "granted" {
			out.Code = t.Code
		}
		return out
	}
}

func offeredTrial(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (OfferedTrial, error) {
	o, err := s.Trials.Of(ctx, a, uuid.MustParse(in.ID))
	out := OfferedTrial{Hours: o.Hours, Automatic: o.Automatic}
	if o.Mine != nil {
		mine := trialOf(ctx, a)(*o.Mine)
		out.Mine = &mine
	}
	return out, err
}

func askTrial(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Trial, error) {
	t, err := s.Trials.Ask(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	if err != nil {
		return Trial{}, err
	}
	return trialOf(ctx, a)(t), nil
}

func decideTrial(action string) call[actionInput, Trial] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Trial, error) {
		t, err := s.Trials.Decide(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		if err != nil {
			return Trial{}, err
		}
		return trialOf(ctx, a)(t), nil
	}
}

func openTrial(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (OpenedTrial, error) {
	o, err := s.Trials.Open(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return OpenedTrial{}, err
	}
	return OpenedTrial{Address: o.Address, Code: o.Code, Notes: o.Notes, EndsAt: *o.EndsAt}, nil
}

func setTrialRule(s *Server, ctx context.Context, a tenants.Actor, in *trialRuleInput) (TrialRule, error) {
	return in.Body, s.Trials.SetRule(ctx, a, uuid.MustParse(in.ID), in.Body.Automatic)
}

func trials(s *Server, ctx context.Context, a tenants.Actor, in *Paging) (Page[Trial], error) {
	var key timeKey
	if err := s.openCursor(a, "trials", in.Cursor, &key); err != nil {
		return Page[Trial]{}, err
	}
	found, total, err := s.Trials.List(ctx, a, key.At, key.ID, in.Limit+1)
	return pageOf(s, a, "trials", in.Limit, total, found, trialOf(ctx, a), func(t trial.Trial) any { return timeKey{t.AskedAt, t.ID} }), err
}
