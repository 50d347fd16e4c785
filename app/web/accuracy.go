package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

func auditOf(x account.Audit) AccuracyAudit {
	return AccuracyAudit{
		ID: x.ID.String(), CityCode: x.CityCode, CityName: x.CityName, Year: x.Year, Quarter: x.Quarter, Seed: x.Seed, Size: x.Size, Population: x.Population, State: x.State,
		Right: x.RightFields, Checked: x.CheckedFields, DrawnBy: x.DrawnBy, DrawnAt: x.DrawnAt, ClosedBy: x.ClosedBy, ClosedAt: x.ClosedAt,
	}
}

// can lists the named actions the actor holds the permission for.
func can(a tenants.Actor, actions ...string) []string {
	out := []string{}
	for i := 0; i+1 < len(actions); i += 2 {
		if a.Can(tenants.Permission(actions[i+1])) {
			out = append(out, actions[i])
		}
	}
	return out
}

func accuracyYear(s *Server, ctx context.Context, a tenants.Actor, in *accuracyInput) (AccuracyYear, error) {
	year, quarter := account.Quarter(calendar.Now(ctx))
	out := AccuracyYear{Year: year, Quarter: quarter, Items: []CityAccuracy{}, Actions: can(a, "draw", string(account.Draw), "check", string(account.Check))}
	if in.Year != 0 {
		out.Year = in.Year
	}
	found, err := s.Accounts.Audits(ctx, a, out.Year)
	for i := 0; i < len(found); {
		city := CityAccuracy{CityCode: found[i].CityCode, CityName: found[i].CityName, Audits: []AccuracyAudit{}}
		from := i
		for ; i < len(found) && found[i].CityCode == city.CityCode; i++ {
			city.Audits = append(city.Audits, auditOf(found[i]))
		}
		if figure, ok := account.Weighted(found[from:i]); ok {
			city.Permille = &figure
		}
		out.Items = append(out.Items, city)
	}
	return out, err
}

func drawAudit(s *Server, ctx context.Context, a tenants.Actor, in *drawInput) (AccuracyAudit, error) {
	x, err := s.Accounts.Draw(ctx, a, in.Body.CityCode, in.Body.Size, in.Body.Seed)
	return auditOf(x), err
}

func (s *Server) auditDetail(ctx context.Context, a tenants.Actor, id uuid.UUID) (AccuracyDetail, error) {
	d, err := s.Accounts.AuditOf(ctx, a, id)
	if err != nil {
		return AccuracyDetail{}, err
	}
	out := AccuracyDetail{AccuracyAudit: auditOf(d.Audit), Waiting: d.Waiting, Fields: []FieldScore{}, Records: []AccuracyRecord{}, Actions: []string{}}
	if d.State == "open" {
		out.Actions = can(a, "check", string(account.Check), "close", string(account.Draw))
	}
	for _, f := range d.Fields {
		out.Fields = append(out.Fields, FieldScore(f))
	}
	for _, r := range d.Records {
		w := AccuracyRecord{
			ID: r.ID.String(), AccountID: r.AccountID.String(), AccountName: r.AccountName, Position: r.Position, State: r.State, Tries: r.Tries, TriedAt: r.TriedAt,
			CheckedBy: r.CheckedBy, CheckedAt: r.CheckedAt, Findings: []AccuracyFinding{},
		}
		for _, f := range r.Findings.V {
			w.Findings = append(w.Findings, AccuracyFinding(f))
		}
		out.Records = append(out.Records, w)
	}
	return out, nil
}

func oneAudit(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (AccuracyDetail, error) {
	return s.auditDetail(ctx, a, uuid.MustParse(in.ID))
}

func closeAudit(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (AccuracyAudit, error) {
	x, err := s.Accounts.CloseAudit(ctx, a, uuid.MustParse(in.ID))
	return auditOf(x), err
}

func checkRecord(s *Server, ctx context.Context, a tenants.Actor, in *checkRecordInput) (none, error) {
	said := make([]account.Finding, 0, len(in.Body.Findings))
	for _, f := range in.Body.Findings {
		said = append(said, account.Finding(f))
	}
	return none{}, s.Accounts.CheckRecord(ctx, a, uuid.MustParse(in.ID), said)
}

func unreachable(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Accounts.Unreachable(ctx, a, uuid.MustParse(in.ID))
}
