package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

func testPlanRowOf(p certification.Plan) TestPlanRow {
	out := TestPlanRow{ID: p.ID.String(), Category: p.Category, Number: p.Number, State: p.State, Note: p.Note, Maker: p.MakerName, Checker: p.CheckerName, UpdatedAt: p.UpdatedAt, PublishedAt: p.PublishedAt}
	for _, s := range p.Stages.V {
		out.Checks += len(s.Checks)
		out.BudgetDays += s.BudgetDays
	}
	return out
}

// testPlanOf answers in the language of a request.
func testPlanOf(ctx context.Context) func(certification.PlanDetail, error) (TestPlan, error) {
	return func(d certification.PlanDetail, err error) (TestPlan, error) {
		if err != nil {
			return TestPlan{}, err
		}
		out := TestPlan{TestPlanRow: testPlanRowOf(d.Plan), Stages: []PlanStage{}, Differences: []PlanDifference{}, Cases: d.Cases, Events: eventsOf(ctx, d.History), Version: d.Version, Actions: listOf(d.Actions)}
		for _, s := range d.Stages.V {
			w := PlanStage{Kind: s.Kind, BudgetDays: s.BudgetDays, Managed: s.Managed, Integrated: s.Integrated, Role: certification.RoleOf(s.Kind), Checks: []PlanCheck{}}
			for _, c := range s.Checks {
				w.Checks = append(w.Checks, PlanCheck{Code: c.Code, Zh: c.Zh, En: c.En, Machine: c.Machine, Comparison: c.Comparison, Limit: c.Limit, Unit: c.Unit, Mandatory: c.Mandatory})
			}
			out.Stages = append(out.Stages, w)
		}
		if d.InForce != nil {
			out.Before = d.InForce.Number
		}
		for _, x := range d.Differences {
			out.Differences = append(out.Differences, PlanDifference{x.Stage, x.Zh, x.En, x.What, x.Before, x.After})
		}
		return out, nil
	}
}

func testPlans(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[TestPlanRow], error) {
	found, err := s.Certifications.Plans(ctx, a)
	out := List[TestPlanRow]{Items: []TestPlanRow{}}
	for _, p := range found {
		out.Items = append(out.Items, testPlanRowOf(p))
	}
	return out, err
}

func oneTestPlan(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (TestPlan, error) {
	return testPlanOf(ctx)(s.Certifications.Plan(ctx, a, uuid.MustParse(in.ID)))
}

func draftTestPlan(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (TestPlan, error) {
	return testPlanOf(ctx)(s.Certifications.DraftPlan(ctx, a, uuid.MustParse(in.ID)))
}

func editTestPlan(s *Server, ctx context.Context, a tenants.Actor, in *testPlanInput) (TestPlan, error) {
	var stages []certification.StageDef
	for _, st := range in.Body.Stages {
		x := certification.StageDef{Kind: st.Kind, BudgetDays: st.BudgetDays, Managed: st.Managed, Integrated: st.Integrated}
		for _, c := range st.Checks {
			x.Checks = append(x.Checks, certification.CheckDef{Code: c.Code, Zh: c.Zh, En: c.En, Machine: c.Machine, Comparison: c.Comparison, Limit: c.Limit, Unit: c.Unit, Mandatory: c.Mandatory})
		}
		stages = append(stages, x)
	}
	return testPlanOf(ctx)(s.Certifications.EditPlan(ctx, a, uuid.MustParse(in.ID), stages, in.Body.Note, in.Body.Version))
}

func publishTestPlan(s *Server, ctx context.Context, a tenants.Actor, in *versionedInput) (TestPlan, error) {
	return testPlanOf(ctx)(s.Certifications.PublishPlan(ctx, a, uuid.MustParse(in.ID), in.Body.Version))
}
