package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/commission"
	"ecoport/tenants"
)

// lines and statements

func commissionLineOf(ctx context.Context, a tenants.Actor, l commission.Line) CommissionLine {
	out := CommissionLine{
		ID: l.ID.String(), Kind: l.Kind, Month: l.Month, BusinessDate: l.BusinessDate, EventKind: l.EventKind, AccountName: l.AccountName, Product: l.Product, OrderNumber: l.OrderNumber,
		BasisFen: l.BasisFen, Units: l.Units, LineFen: l.LineFen, ShareFen: l.ShareFen, State: l.State, DueOn: l.DueOn, Dispute: l.Dispute, At: l.At, DisputedAt: l.DisputedAt, Actions: l.Actions(a, calendar.Now(ctx)),
		DisputeState: l.DisputeState, AnswerBy: l.AnswerBy, Outcome: l.Outcome,
	}
	if l.StatementID != nil {
		out.StatementID = l.StatementID.String()
	}
	return out
}

func statementRowOf(st commission.Statement) StatementRow {
	return StatementRow{
		ID: st.ID.String(), Number: st.Number, PartnerID: st.PartnerID.String(), PartnerName: st.PartnerName, Month: st.Month, Lines: st.Lines, TotalFen: st.TotalFen, CarryInFen: st.CarryInFen,
		PayableFen: st.PayableFen, CarryOutFen: st.CarryOutFen, HeldFen: st.HeldFen, State: st.State, IssuedAt: &st.IssuedAt, ConfirmBy: &st.ConfirmBy, ConfirmedAt: st.ConfirmedAt,
	}
}

func statementOf(ctx context.Context, a tenants.Actor, d commission.StatementDetail) Statement {
	out := Statement{
		StatementRow: statementRowOf(d.Statement), Items: []CommissionLine{}, Events: eventsOf(ctx, d.History), Why: say(ctx, d.WhyZh, d.WhyEn), Version: d.Version, Actions: listOf(d.Actions),
		Needs: []StatementNeed{}, Invoices: []InvoiceRow{}, Payouts: payoutsOf(a, d.Payouts),
	}
	for _, n := range d.Needs {
		out.Needs = append(out.Needs, StatementNeed{n.Code, n.Done, n.In(localeOf(ctx))})
	}
	for _, v := range d.Invoices {
		out.Invoices = append(out.Invoices, invoiceOf(v))
	}
	for _, l := range d.Items {
		out.Items = append(out.Items, commissionLineOf(ctx, a, l))
	}
	return out
}

func commissionSummary(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (CommissionSummary, error) {
	m, err := s.Commissions.Summary(ctx, a)
	out := CommissionSummary{ExpectedFen: m.ExpectedFen, ToConfirmFen: m.ToConfirmFen, ConfirmedFen: m.ConfirmedFen, PaidFen: m.PaidFen, CarryFen: m.CarryFen, Months: []CommissionMonth{}}
	if m.Next != nil {
		row := statementRowOf(*m.Next)
		out.Next = &row
	}
	for _, x := range m.Months {
		out.Months = append(out.Months, CommissionMonth{x.Month, x.SettledFen, x.PendingFen})
	}
	return out, err
}

func commissionLines(s *Server, ctx context.Context, a tenants.Actor, in *linesInput) (Page[CommissionLine], error) {
	q := commission.LineQuery{Kind: in.Kind, Month: in.Month, State: in.State, Text: in.Q, Limit: in.Limit + 1}
	if in.Cursor != "" {
		q.After = &commission.LineKey{}
		if err := s.openCursor(a, "commission_lines", in.Cursor, q.After); err != nil {
			return Page[CommissionLine]{}, err
		}
	}
	found, total, err := s.Commissions.Lines(ctx, a, q)
	return pageOf(s, a, "commission_lines", in.Limit, total, found, func(l commission.Line) CommissionLine { return commissionLineOf(ctx, a, l) },
		func(l commission.Line) any { return commission.LineKey{At: l.At, ID: l.ID} }), err
}

func commissionMonth(s *Server, ctx context.Context, a tenants.Actor, in *monthOfInput) (CommissionMonthDetail, error) {
	firm, _ := uuid.Parse(in.Partner) // checked by its format; none is the actor's own
	m, err := s.Commissions.MonthOf(ctx, a, firm, in.Month)
	out := CommissionMonthDetail{Month: m.Month, Before: m.Before, WasFen: m.WasFen, NowFen: m.NowFen, Moves: []CommissionMove{}, Standings: []CommissionStanding{}}
	for _, x := range m.Moves {
		out.Moves = append(out.Moves, CommissionMove(x))
	}
	for _, g := range m.Standings {
		w := CommissionStanding{Code: g.Code, Text: g.In(localeOf(ctx)), Events: g.Events, Fen: g.Fen, Until: g.Until, Some: []StandingLine{}}
		for _, l := range g.Some {
			one := StandingLine{BusinessDate: l.BusinessDate, AccountName: l.AccountName, Product: l.Product, AmountFen: l.AmountFen, ShareFen: l.ShareFen}
			if l.LineID != nil {
				one.LineID = l.LineID.String()
			}
			w.Some = append(w.Some, one)
		}
		out.Standings = append(out.Standings, w)
	}
	return out, err
}

func commissionReceipt(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Receipt, error) {
	r, err := s.Commissions.Receipt(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Receipt{}, err
	}
	x := r.Explain.V
	out := Receipt{Line: commissionLineOf(ctx, a, r.Line), Plan: x.Plan, PlanVer: x.Number, RuleID: x.Rule, RuleNote: x.Note, Steps: []ReceiptStep{}, WhyNot: []string{}, Talk: []DisputeMessage{}}
	for _, m := range r.Talk {
		out.Talk = append(out.Talk, DisputeMessage{m.ID.String(), m.AuthorName, m.Side, m.Body, filesOf(m.FileList), m.At})
	}
	for _, step := range r.Steps {
		out.Steps = append(out.Steps, ReceiptStep{step.Code, step.Words.In(localeOf(ctx)), step.Fen})
	}
	for _, w := range r.WhyNot {
		out.WhyNot = append(out.WhyNot, w.In(localeOf(ctx)))
	}
	return out, nil
}

func disputeLine(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (CommissionLine, error) {
	l, err := s.Commissions.Dispute(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return commissionLineOf(ctx, a, l), err
}

func sayDispute(s *Server, ctx context.Context, a tenants.Actor, in *messageInput) (Receipt, error) {
	files, err := idsOf(in.Body.FileIDs)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.Commissions.SayDispute(ctx, a, uuid.MustParse(in.ID), in.Body.Text, files); err != nil {
		return Receipt{}, err
	}
	return commissionReceipt(s, ctx, a, &in.ByID)
}

func settleDispute(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (CommissionLine, error) {
	l, err := s.Commissions.SettleDispute(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return commissionLineOf(ctx, a, l), err
}

func sendEvents(s *Server, ctx context.Context, a tenants.Actor, in *eventsInput) (CommissionEventsResult, error) {
	sent := make([]commission.Sent, 0, len(in.Body.Events))
	for _, e := range in.Body.Events {
		sent = append(sent, commission.Sent{ID: e.ID, Kind: e.Kind, ServiceNumber: e.ServiceNo, Of: e.Of, At: e.At, AmountFen: e.AmountFen, Units: e.Units, Month: e.Month})
	}
	accepted, repeated, err := s.Commissions.SendEvents(ctx, a, sent, false)
	return CommissionEventsResult{accepted, repeated}, err
}

func statements(s *Server, ctx context.Context, a tenants.Actor, in *statementsInput) (Page[StatementRow], error) {
	q := commission.StatementQuery{Month: in.Month, State: in.State, Limit: in.Limit + 1}
	if in.Cursor != "" {
		q.After = &commission.StatementKey{}
		if err := s.openCursor(a, "statements", in.Cursor, q.After); err != nil {
			return Page[StatementRow]{}, err
		}
	}
	found, total, err := s.Commissions.Statements(ctx, a, q)
	return pageOf(s, a, "statements", in.Limit, total, found, statementRowOf, func(st commission.Statement) any { return commission.StatementKey{Month: st.Month, ID: st.ID} }), err
}

func oneStatement(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Statement, error) {
	d, err := s.Commissions.Statement(ctx, a, uuid.MustParse(in.ID))
	return statementOf(ctx, a, d), err
}

func confirmStatement(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Statement, error) {
	d, err := s.Commissions.Confirm(ctx, a, uuid.MustParse(in.ID))
	return statementOf(ctx, a, d), err
}

// periods

func periodOf(p commission.PeriodDetail) Period {
	out := Period{
		Month: p.Month, State: p.State, Events: p.Events, Lines: p.Lines, Statements: p.Statements, Confirmed: p.Confirmed, Disputed: p.Disputed, TotalFen: p.TotalFen, PayableFen: p.PayableFen,
		CalculatedAt: p.CalculatedAt, IssuedAt: p.IssuedAt, Actions: listOf(p.Actions),
	}
	if p.JobID != nil {
		out.Job = &Job{p.JobID.String(), p.JobState, p.JobProgress, p.JobReason}
	}
	return out
}

func periods(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Period], error) {
	found, err := s.Commissions.Periods(ctx, a)
	out := List[Period]{Items: []Period{}}
	for _, p := range found {
		out.Items = append(out.Items, periodOf(p))
	}
	return out, err
}

func calculateMonth(s *Server, ctx context.Context, a tenants.Actor, in *monthInput) (Period, error) {
	p, err := s.Commissions.Calculate(ctx, a, in.Month)
	return periodOf(p), err
}

func closeMonth(s *Server, ctx context.Context, a tenants.Actor, in *monthInput) (Period, error) {
	p, err := s.Commissions.ClosePeriod(ctx, a, in.Month)
	return periodOf(p), err
}

func issueMonth(s *Server, ctx context.Context, a tenants.Actor, in *monthInput) (Period, error) {
	p, err := s.Commissions.Issue(ctx, a, in.Month)
	return periodOf(p), err
}

// plans

// The exchange form is the same JSON on both sides.
func documentOf(d PlanDocument) (out commission.Document, err error) {
	raw, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	return out, err
}

func wireDocument(d commission.Document) (out PlanDocument, err error) {
	raw, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	return out, err
}

func planRowOf(p commission.Plan) PlanRow {
	return PlanRow{
		ID: p.ID.String(), Plan: p.Plan, Number: p.Number, City: p.City, State: p.State, ValidFrom: p.ValidFrom, ValidTo: p.ValidTo, Rules: len(p.Document.V.Rules),
		Maker: p.MakerName, Checker: p.CheckerName, PublishedAt: p.PublishedAt, UpdatedAt: p.UpdatedAt,
	}
}

func planOf(ctx context.Context, d commission.PlanDetail, err error) (Plan, error) {
	if err != nil {
		return Plan{}, err
	}
	out := Plan{PlanRow: planRowOf(d.Plan), Sentences: []string{}, Conflicts: []PlanConflict{}, Events: eventsOf(ctx, d.History), Reason: d.Reason, Version: d.Version, Actions: listOf(d.Actions)}
	for _, w := range d.Sentences {
		out.Sentences = append(out.Sentences, w.In(localeOf(ctx)))
	}
	for _, c := range d.Conflicts {
		out.Conflicts = append(out.Conflicts, PlanConflict{c.First, c.Second, c.Example.In(localeOf(ctx))})
	}
	out.Document, err = wireDocument(d.Document.V)
	return out, err
}

func plans(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[PlanRow], error) {
	found, err := s.Commissions.Plans(ctx, a)
	out := List[PlanRow]{Items: []PlanRow{}}
	for _, p := range found {
		out.Items = append(out.Items, planRowOf(p))
	}
	return out, err
}

func newPlan(s *Server, ctx context.Context, a tenants.Actor, in *planInput) (Plan, error) {
	doc, err := documentOf(in.Body)
	if err != nil {
		return Plan{}, err
	}
	d, err := s.Commissions.CreatePlan(ctx, a, doc)
	return planOf(ctx, d, err)
}

func onePlan(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Plan, error) {
	d, err := s.Commissions.Plan(ctx, a, uuid.MustParse(in.ID))
	return planOf(ctx, d, err)
}

func editPlan(s *Server, ctx context.Context, a tenants.Actor, in *planEditInput) (Plan, error) {
	doc, err := documentOf(in.Body.Document)
	if err != nil {
		return Plan{}, err
	}
	d, err := s.Commissions.EditPlan(ctx, a, uuid.MustParse(in.ID), doc, in.Body.Version)
	if f, ok := fault.As(err); ok && len(f.Fields) > 0 {
		// In this body the document stands one level deeper.
		g := *f
		g.Fields = slices.Clone(f.Fields)
		for i := range g.Fields {
			if !strings.HasPrefix(g.Fields[i].Name, "document.") {
				g.Fields[i].Name = "document." + g.Fields[i].Name
			}
		}
		err = &g
	}
	return planOf(ctx, d, err)
}

func planWhatIf(s *Server, ctx context.Context, a tenants.Actor, in *whatIfInput) (WhatIf, error) {
	x, err := s.Commissions.Try(ctx, a, uuid.MustParse(in.ID), in.From, in.To)
	out := WhatIf{x.From, x.To, x.Events, x.Was, x.Would, []WhatIfParty{}}
	for _, p := range x.Parties {
		out.Parties = append(out.Parties, WhatIfParty{p.ID.String(), p.Name, p.Was, p.Would})
	}
	return out, err
}

func submitPlan(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Plan, error) {
	d, err := s.Commissions.SubmitPlan(ctx, a, uuid.MustParse(in.ID))
	return planOf(ctx, d, err)
}

func publishPlan(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Plan, error) {
	d, err := s.Commissions.PublishPlan(ctx, a, uuid.MustParse(in.ID))
	return planOf(ctx, d, err)
}

func rejectPlan(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Plan, error) {
	d, err := s.Commissions.RejectPlan(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return planOf(ctx, d, err)
}
