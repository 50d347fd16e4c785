package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

func formulaOf(ctx context.Context, a tenants.Actor, f standing.Formula) TierFormula {
	doc := FormulaDocument{Bands: f.Document.V.Bands, Metrics: map[string]FormulaWeight{}, Tiers: map[string]FormulaTier{}}
	for code, w := range f.Document.V.Metrics {
		doc.Metrics[code] = FormulaWeight{w.Weight, w.Full}
	}
	for code, w := range f.Document.V.Tiers {
		floors := w.Floors
		if floors == nil {
			floors = map[string]int64{}
		}
		doc.Tiers[code] = FormulaTier{w.Points, floors}
	}
	return TierFormula{
		ID: f.ID.String(), Number: f.Number, State: f.State, Document: doc, Note: f.Note, Reason: f.Reason, MadeByName: f.MadeByName, MadeAt: f.MadeAt, CheckedByName: f.CheckedByName, CheckedAt: f.CheckedAt,
		RipeAt: f.RipeAt, Open: f.Open, Upheld: f.Upheld, Actions: f.Actions(a, calendar.Now(ctx)),
	}
}

func objectionOf(a tenants.Actor, o standing.Objection) TierObjection {
	return TierObjection{
		ID: o.ID.String(), Formula: o.FormulaNumber, PartnerID: o.PartnerID.String(), PartnerName: o.PartnerName, State: o.State, Reason: o.Reason, Answer: o.Answer, MadeByName: o.MadeByName, MadeAt: o.MadeAt, DueAt: o.DueAt,
		AnsweredByName: o.AnsweredByName, AnsweredAt: o.AnsweredAt, Actions: o.Actions(a),
	}
}

func onTrialOf(a tenants.Actor, x standing.OnTrial) *TierTrial {
	out := TierTrial{FormulaID: x.ID.String(), Formula: x.Number, Note: x.Note, MadeAt: x.MadeAt, RipeAt: x.RipeAt, Then: evaluationOf(x.Then), Actions: x.Actions}
	if x.Now != nil {
		now := evaluationOf(*x.Now)
		out.Now = &now
	}
	if x.Objection != nil {
		said := objectionOf(a, *x.Objection)
		out.Objection = &said
	}
	return &out
}

func linesOf(lines []standing.Line) []TierLine {
	out := []TierLine{}
	for _, l := range lines {
		out = append(out, TierLine{l.Metric, l.Unit, l.AtMost, l.Has, l.Full, l.Weight, float64(l.Points) / 100, l.Floors})
	}
	return out
}

func evaluationOf(e standing.Evaluation) TierEvaluation {
	return TierEvaluation{e.Quarter, e.FormulaNumber, e.Shadow, e.Tier, e.Result, e.Band, e.Points, e.Warned, linesOf(e.Facts.V), e.At}
}

func moveOf(ctx context.Context, a tenants.Actor, m standing.Move) TierMove {
	out := TierMove{
		ID: m.ID.String(), PartnerID: m.PartnerID.String(), PartnerName: m.PartnerName, Quarter: m.Quarter, From: m.FromTier, To: m.ToTier, State: m.State, Machine: len(m.Makers) == 0, Note: m.Note, Reason: m.Reason,
		MadeByName: m.MadeByName, MadeAt: m.MadeAt, DueAt: m.DueAt, DecidedByName: m.DecidedByName, DecidedAt: m.DecidedAt, Actions: m.Actions(a),
	}
	if out.Machine {
		out.MadeByName = say(ctx, "季度评估", "Quarterly evaluation")
	}
	if m.Evidence != nil {
		e := evaluationOf(*m.Evidence)
		out.Evidence = &e
	}
	return out
}

func partnerStanding(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Standing, error) {
	c, err := s.Standings.Card(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Standing{}, err
	}
	e := c.Exposure
	out := Standing{
		Tier: c.Partner.Tier, Quarter: c.Quarter, Band: c.Now.Band, Points: c.Now.Points, Lines: linesOf(c.Now.Lines), Next: c.Next, NextPoints: c.Needs.Points, Missing: c.Missing,
		Evaluations: []TierEvaluation{}, Moves: []TierMove{}, Actions: []string{},
		Exposure: Exposure{Level: e.Level, Levels: len(standing.Caps) - 1, Caps: []ExposureCap{}, Accepted: e.Evidence.Accepted, Won: e.Evidence.Won, Alerts: listOf(e.Evidence.Alerts), How: e.Evidence.How().In(localeOf(ctx))},
	}
	if c.Formula != nil {
		out.Formula = c.Formula.Number
	}
	if c.Trial != nil {
		out.Trial = onTrialOf(a, *c.Trial)
	}
	for _, x := range c.Evaluations {
		out.Evaluations = append(out.Evaluations, evaluationOf(x))
	}
	open := false
	for _, m := range c.Moves {
		open = open || m.State == standing.MoveMachine.Initial
		out.Moves = append(out.Moves, moveOf(ctx, a, m))
	}
	for _, kind := range standing.Kinds {
		x := ExposureCap{Kind: kind, Unit: "count", Open: e.Open[kind]}
		if kind == standing.Orders {
			x.Unit = "fen"
		}
		if limit, capped := e.Cap[kind]; capped {
			x.Cap = &limit
		}
		out.Exposure.Caps = append(out.Exposure.Caps, x)
	}
	if a.Can(standing.Propose) && c.Partner.State == "active" && !open {
		out.Actions = append(out.Actions, "propose_move")
	}
	return out, nil
}

func tierFormulas(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[TierFormula], error) {
	out := List[TierFormula]{Items: []TierFormula{}}
	found, err := s.Standings.Formulas(ctx, a)
	for _, f := range found {
		out.Items = append(out.Items, formulaOf(ctx, a, f))
	}
	return out, err
}

func tierCriteria(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (TierCriteria, error) {
	f, err := s.Standings.Criteria(ctx, a)
	if err != nil {
		return TierCriteria{}, err
	}
	out := TierCriteria{Formula: f.Number, Since: f.MadeAt, Tiers: []TierStep{}}
	if f.CheckedAt != nil {
		out.Since = *f.CheckedAt
	}
	for _, tier := range partner.Tiers[1:] {
		step := TierStep{Tier: tier, Points: f.Document.V.Tiers[tier].Points, Floors: []TierFloor{}}
		for _, m := range standing.Metrics {
			if floor, asked := f.Document.V.Tiers[tier].Floors[m.Code]; asked {
				step.Floors = append(step.Floors, TierFloor{m.Code, m.Unit, m.AtMost, floor})
			}
		}
		out.Tiers = append(out.Tiers, step)
	}
	return out, nil
}

func proposeFormula(s *Server, ctx context.Context, a tenants.Actor, in *formulaInput) (TierFormula, error) {
	doc := standing.Document{Bands: in.Body.Document.Bands, Metrics: map[string]standing.Weighed{}, Tiers: map[string]standing.Wanted{}}
	for code, w := range in.Body.Document.Metrics {
		doc.Metrics[code] = standing.Weighed{Weight: w.Weight, Full: w.Full}
	}
	for code, w := range in.Body.Document.Tiers {
		doc.Tiers[code] = standing.Wanted{Points: w.Points, Floors: w.Floors}
	}
	f, err := s.Standings.ProposeFormula(ctx, a, doc, in.Body.Note)
	if err != nil {
		return TierFormula{}, err
	}
	return formulaOf(ctx, a, f), nil
}

func checkFormula(action string) call[actionInput, TierFormula] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (TierFormula, error) {
		f, err := s.Standings.CheckFormula(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		if err != nil {
			return TierFormula{}, err
		}
		return formulaOf(ctx, a, f), nil
	}
}

func compareFormula(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[TierComparison], error) {
	out := List[TierComparison]{Items: []TierComparison{}}
	found, err := s.Standings.Comparison(ctx, a, uuid.MustParse(in.ID))
	for _, c := range found {
		x := TierComparison{PartnerID: c.Partner.String(), PartnerName: c.Name, Quarter: c.Quarter, Tier: c.Tier, ThenPoints: c.Then.Points, ThenResult: c.Then.Result}
		if c.Now != nil {
			x.NowPoints, x.NowResult = &c.Now.Points, c.Now.Result
		}
		out.Items = append(out.Items, x)
	}
	return out, err
}

func objectToFormula(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (TierObjection, error) {
	o, err := s.Standings.Object(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	if err != nil {
		return TierObjection{}, err
	}
	return objectionOf(a, o), nil
}

func tierObjections(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[TierObjection], error) {
	out := List[TierObjection]{Items: []TierObjection{}}
	found, err := s.Standings.Objections(ctx, a, uuid.MustParse(in.ID))
	for _, o := range found {
		out.Items = append(out.Items, objectionOf(a, o))
	}
	return out, err
}

func answerObjection(action string) call[actionInput, TierObjection] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (TierObjection, error) {
		o, err := s.Standings.AnswerObjection(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		if err != nil {
			return TierObjection{}, err
		}
		return objectionOf(a, o), nil
	}
}

func tierMoves(s *Server, ctx context.Context, a tenants.Actor, in *movesInput) (Page[TierMove], error) {
	var key timeKey
	list := "tier-moves " + in.State
	if err := s.openCursor(a, list, in.Cursor, &key); err != nil {
		return Page[TierMove]{}, err
	}
	found, total, err := s.Standings.Moves(ctx, a, standing.MoveQuery{State: in.State, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, list, in.Limit, total, found, func(m standing.Move) TierMove { return moveOf(ctx, a, m) }, func(m standing.Move) any { return timeKey{m.UpdatedAt, m.ID} }), err
}

func proposeMove(s *Server, ctx context.Context, a tenants.Actor, in *moveInput) (TierMove, error) {
	m, err := s.Standings.ProposeMove(ctx, a, uuid.MustParse(in.Body.PartnerID), in.Body.To, in.Body.Note)
	if err != nil {
		return TierMove{}, err
	}
	return moveOf(ctx, a, m), nil
}

func decideMove(action string) call[actionInput, TierMove] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (TierMove, error) {
		m, err := s.Standings.DecideMove(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		if err != nil {
			return TierMove{}, err
		}
		return moveOf(ctx, a, m), nil
	}
}

// homeTiers is what waits for a second person: moves, formulas, and objections
// to them.
func (s *Server) homeTiers(ctx context.Context, a tenants.Actor, t *todo) error {
	if !a.Can(standing.Read) {
		return nil
	}
	moves, _, err := s.Standings.Moves(ctx, a, standing.MoveQuery{State: standing.MoveMachine.Initial, Limit: 100})
	if err != nil {
		return err
	}
	n := 0
	for _, m := range moves {
		if !slices.Contains(m.Actions(a), "accept") {
			continue
		}
		if n++; n <= shown {
			due := m.DueAt
			t.add(HomeItem{Kind: "tier_move", Title: m.PartnerName, Href: "/tiers", DueAt: &due, Overdue: calendar.Now(ctx).After(due), Params: map[string]string{"number": m.Quarter}})
		}
	}
	t.more("tier_move", "/tiers", int64(n), min(n, shown))
	formulas, err := s.Standings.Formulas(ctx, a)
	for _, f := range formulas {
		if slices.Contains(f.Actions(a, calendar.Now(ctx)), "publish") {
			t.add(HomeItem{Kind: "tier_formula", Title: fmt.Sprintf("V%d", f.Number), Href: "/tiers"})
		}
		if f.Open == 0 || f.Makers.Has(a) || !a.Can(standing.Decide) {
			continue
		}
		found, err := s.Standings.Objections(ctx, a, f.ID)
		if err != nil {
			return err
		}
		for _, o := range found[:min(int(f.Open), shown)] {
			due := o.DueAt
			t.add(HomeItem{Kind: "tier_objection", Title: o.PartnerName, Href: "/tiers", DueAt: &due, Overdue: calendar.Now(ctx).After(due), Params: map[string]string{"number": fmt.Sprintf("V%d", f.Number)}})
		}
		t.more("tier_objection", "/tiers", f.Open, min(int(f.Open), shown))
	}
	return err
}
