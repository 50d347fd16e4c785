package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

type proposeInput struct {
	Case []string `query:"case" minItems:"1" maxItems:"50" required:"true" doc:"Cases to share out"`
}

type assignCasesInput struct {
	Body struct {
		Cases []struct {
			ID       string `json:"id" format:"uuid"`
			TesterID string `json:"tester_id" format:"uuid"`
		} `json:"cases" minItems:"1" maxItems:"50" nullable:"false"`
	}
}

type assignCaseInput struct {
	ByID
	Body struct {
		TesterID string `json:"tester_id" format:"uuid"`
		Reason   string `json:"reason,omitempty" maxLength:"500" doc:"Required where somebody has the case already"`
	}
}

func proposeAssignments(s *Server, ctx context.Context, a tenants.Actor, in *proposeInput) (AssignmentProposal, error) {
	locale := localeOf(ctx)
	out := AssignmentProposal{Testers: []Tester{}, Cases: []ProposedCase{}}
	var ids []uuid.UUID
	for _, text := range in.Case {
		id, err := uuid.Parse(text)
		if err != nil {
			return out, errID
		}
		ids = append(ids, id)
	}
	p, err := s.Certifications.Propose(ctx, a, ids)
	if err != nil {
		return out, err
	}
	for _, t := range p.Testers {
		out.Testers = append(out.Testers, Tester{t.User.String(), t.Name, t.Cases, t.Days})
	}
	for _, c := range p.Cases {
		x := ProposedCase{CertificationRow: certificationRowOf(ctx, c.Case, nil), Days: c.Days, Reason: c.Why.In(locale), LeftOut: []LeftOut{}}
		if c.Tester != uuid.Nil {
			x.TesterID = c.Tester.String()
		}
		for _, l := range c.LeftOut {
			x.LeftOut = append(x.LeftOut, LeftOut{l.User.String(), l.Name, l.Why.In(locale)})
		}
		out.Cases = append(out.Cases, x)
	}
	return out, nil
}

func assignCases(s *Server, ctx context.Context, a tenants.Actor, in *assignCasesInput) (List[Assigned], error) {
	var all []certification.To
	for _, c := range in.Body.Cases {
		all = append(all, certification.To{Case: uuid.MustParse(c.ID), Tester: uuid.MustParse(c.TesterID)})
	}
	given, err := s.Certifications.AssignAll(ctx, a, all)
	return itemsOf(given, func(g certification.Given) Assigned {
		out := Assigned{ID: g.Case.String(), Number: g.Number, Done: g.Refusal == nil, TesterName: g.Tester}
		if g.Refusal != nil {
			out.Code, out.Reason = g.Refusal.Code, g.Refusal.Words.In(localeOf(ctx))
		}
		return out
	}), err
}

var assignCase = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *assignCaseInput) (certification.Detail, error) {
	return s.Certifications.AssignOne(ctx, a, certification.To{Case: uuid.MustParse(in.ID), Tester: uuid.MustParse(in.Body.TesterID), Reason: in.Body.Reason})
})
