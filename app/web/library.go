package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/sheet"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// solutions

func solutionRowOf(x solution.Solution) SolutionRow {
	return SolutionRow{
		ID: x.ID.String(), Name: x.Name, Summary: x.Summary, Industry: x.Industry, Category: x.Category, Family: x.Family, PartnerID: x.PartnerID.String(), PartnerName: x.PartnerName,
		LatestSemver: x.LatestSemver, LatestState: x.LatestState, LatestVersion: x.LatestVersionID.String(), LiveListings: x.LiveListings, UpdatedAt: x.UpdatedAt,
	}
}

func versionRowOf(v solution.Version) VersionRow {
	out := VersionRow{ID: v.ID.String(), Semver: v.Semver, State: v.State, Notes: v.Notes, Author: v.AuthorName, Files: len(v.Files), CreatedAt: v.CreatedAt, SubmittedAt: v.SubmittedAt}
	if v.CertificationID != nil {
		out.CertificationID = v.CertificationID.String()
	}
	return out
}

func elementOf(e solution.Element) Element {
	return soldOf(e.Sold())
}

func versionFileOf(f solution.File) VersionFile { return VersionFile{fileOf(f.File), f.Kind} }

func elementsOf(elements []solution.Element) []Element {
	out := []Element{}
	for _, e := range elements {
		out = append(out, elementOf(e))
	}
	return out
}

func versionFilesOf(files []solution.File) []VersionFile {
	out := []VersionFile{}
	for _, f := range files {
		out = append(out, versionFileOf(f))
	}
	return out
}

func (s *Server) solutionOf(ctx context.Context, a tenants.Actor, d solution.Detail, err error) (Solution, error) {
	if err != nil {
		return Solution{}, err
	}
	out := Solution{SolutionRow: solutionRowOf(d.Solution), Versions: []VersionRow{}, Listings: []ListingRow{}, Version: d.Solution.Version, Actions: listOf(d.Actions)}
	for _, v := range d.Versions {
		out.Versions = append(out.Versions, versionRowOf(v))
	}
	out.Prices = pricesOf(d.Versions)
	listings, err := s.Listings.OfSolution(ctx, a, d.ID)
	for _, l := range listings {
		out.Listings = append(out.Listings, listingRowOf(ctx, a, l))
	}
	return out, err
}

// pricesOf are the list prices in versions that were certified; the newest
// version comes first.
func pricesOf(versions []solution.Version) []PriceHistory {
	out := []PriceHistory{}
	at := map[string]int{}
	var sold []solution.Version
	for _, v := range slices.Backward(versions) {
		if !slices.Contains([]string{"certified", "superseded", "expired", "revoked"}, v.State) {
			continue
		}
		sold = append(sold, v)
		for _, e := range v.Elements {
			if _, known := at[e.Name]; !known {
				at[e.Name] = len(out)
				out = append(out, PriceHistory{Name: e.Name, Points: []PricePoint{}})
			}
			out[at[e.Name]].Unit, out[at[e.Name]].Billing = e.Unit, e.Billing
		}
	}
	for i := range out {
		for _, v := range sold {
			p := PricePoint{Semver: v.Semver}
			for _, e := range v.Elements {
				if e.Name == out[i].Name {
					p.PriceFen = &e.PriceFen
				}
			}
			out[i].Points = append(out[i].Points, p)
		}
	}
	return out
}

func (s *Server) versionOf(ctx context.Context, a tenants.Actor, d solution.VersionDetail, err error) (Version, error) {
	if err != nil {
		return Version{}, err
	}
	out := Version{
		VersionRow: versionRowOf(d.Version), SolutionID: d.SolutionID.String(), SolutionName: d.Solution.Name, PartnerID: d.PartnerID.String(), PartnerName: d.Solution.PartnerName,
		Industry: d.Solution.Industry, Category: d.Solution.Category, Description: d.Description, Integration: d.Integration, Elements: elementsOf(d.Elements), Menu: rulesOf(d.Menu.V), FileList: versionFilesOf(d.Files),
		Needs: []Need{}, Version: d.Version.Version, Actions: listOf(d.Actions),
	}
	if a.Partner() || a.Tenant.Kind == tenants.KindProvince {
		out.TrialURL, out.TrialNotes, out.TrialHours, out.TrialAuto = d.TrialURL, d.TrialNotes, d.TrialHours, d.Solution.TrialAutomatic
	}
	for _, n := range d.Needs {
		out.Needs = append(out.Needs, Need{n.Code, n.Done, n.Anchor})
	}
	if a.Can(listing.Write) && d.State == "certified" {
		out.Actions = append(out.Actions, map[tenants.Kind]string{tenants.KindCity: "list_city", tenants.KindProvince: "list_province"}[a.Tenant.Kind])
	}
	if d.State == "certified" || d.State == "superseded" {
		cert, err := s.Certifications.Of(ctx, a, d.ID)
		if err != nil {
			return out, err
		}
		out.Certificate = s.certificateOf(ctx, cert)
	}
	return out, nil
}

func versionDifference(s *Server, ctx context.Context, a tenants.Actor, in *differenceInput) (VersionDifference, error) {
	from := uuid.Nil
	if in.From != "" {
		from = uuid.MustParse(in.From)
	}
	d, err := s.Solutions.DifferenceOf(ctx, a, uuid.MustParse(in.ID), from)
	if err != nil {
		return VersionDifference{}, err
	}
	all, err := s.Solutions.Get(ctx, a, d.To.SolutionID)
	if err != nil {
		return VersionDifference{}, err
	}
	out := VersionDifference{
		SolutionID: all.ID.String(), SolutionName: all.Name, To: versionRowOf(d.To), Same: d.Same,
		Fields: []FieldChange{}, Elements: []ElementChange{}, Files: []FileChange{}, Versions: []VersionRow{},
	}
	if d.From.ID != uuid.Nil {
		row := versionRowOf(d.From)
		out.From = &row
	}
	for _, f := range d.Fields {
		out.Fields = append(out.Fields, FieldChange(f))
	}
	for _, e := range d.Elements {
		out.Elements = append(out.Elements, ElementChange{e.Change, either(e.Before, elementOf), either(e.After, elementOf)})
	}
	for _, f := range d.Files {
		out.Files = append(out.Files, FileChange{f.Change, either(f.Before, versionFileOf), either(f.After, versionFileOf)})
	}
	for _, v := range all.Versions {
		out.Versions = append(out.Versions, versionRowOf(v))
	}
	return out, nil
}

// either is the wire form of what may be absent.
func either[D, W any](x *D, wire func(D) W) *W {
	if x == nil {
		return nil
	}
	w := wire(*x)
	return &w
}

func solutions(s *Server, ctx context.Context, a tenants.Actor, in *solutionsInput) (Page[SolutionRow], error) {
	var key timeKey
	if err := s.openCursor(a, "solutions", in.Cursor, &key); err != nil {
		return Page[SolutionRow]{}, err
	}
	found, total, err := s.Solutions.List(ctx, a, solution.Query{Text: in.Q, State: in.State, Industry: in.Industry, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, "solutions", in.Limit, total, found, solutionRowOf, func(x solution.Solution) any { return timeKey{x.UpdatedAt, x.ID} }), err
}

// pageOf cuts the row too many off a page and makes it the cursor.
func pageOf[D, W any](s *Server, a tenants.Actor, list string, limit int, total int64, found []D, wire func(D) W, key func(D) any) Page[W] {
	out := Page[W]{Items: []W{}, Total: total}
	for i, x := range found {
		if i == limit && i > 0 {
			out.NextCursor = s.cursor(a, list, key(found[i-1]))
			break
		}
		out.Items = append(out.Items, wire(x))
	}
	return out
}

func newSolution(s *Server, ctx context.Context, a tenants.Actor, in *newSolutionInput) (Solution, error) {
	b := in.Body
	d, err := s.Solutions.Create(ctx, a, solution.Edit{Name: b.Name, Summary: b.Summary, Industry: b.Industry, Category: b.Category, Family: b.Family})
	return s.solutionOf(ctx, a, d, err)
}

func oneSolution(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Solution, error) {
	d, err := s.Solutions.Get(ctx, a, uuid.MustParse(in.ID))
	return s.solutionOf(ctx, a, d, err)
}

func editSolution(s *Server, ctx context.Context, a tenants.Actor, in *solutionInput) (Solution, error) {
	b := in.Body
	d, err := s.Solutions.Change(ctx, a, uuid.MustParse(in.ID), solution.Edit{Name: b.Name, Summary: b.Summary, Industry: b.Industry, Category: b.Category, Family: b.Family}, b.Version)
	return s.solutionOf(ctx, a, d, err)
}

func newVersion(s *Server, ctx context.Context, a tenants.Actor, in *newVersionInput) (Version, error) {
	d, err := s.Solutions.NewVersion(ctx, a, uuid.MustParse(in.ID), in.Body.Semver)
	return s.versionOf(ctx, a, d, err)
}

func oneVersion(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Version, error) {
	d, err := s.Solutions.GetVersion(ctx, a, uuid.MustParse(in.ID))
	return s.versionOf(ctx, a, d, err)
}

func editVersion(s *Server, ctx context.Context, a tenants.Actor, in *versionInput) (Version, error) {
	b := in.Body
	x := solution.Content{TrialURL: b.TrialURL, TrialNotes: b.TrialNotes, TrialHours: b.TrialHours, Semver: b.Semver, Description: b.Description, Notes: b.Notes, Integration: b.Integration, Menu: b.Menu.rules()}
	for _, e := range b.Elements {
		x.Elements = append(x.Elements, solutionElement(e))
	}
	d, err := s.Solutions.EditVersion(ctx, a, uuid.MustParse(in.ID), x, b.Version)
	return s.versionOf(ctx, a, d, err)
}

// errMenuFile refuses what is neither of the two forms.
var errMenuFile = fault.New(fault.Invalid, "menu-file", "文件读不出来：请用导出的 XLSX 或 JSON。", "The file cannot be read: use XLSX or JSON as exported.")

var errMenuLong = fault.New(fault.Invalid, "menu-long", "文件太长：最多 %d 个元素、%d 个选择组、%d 条规则。", "The file is too long: at most %d elements, %d groups and %d rules.")

func readMenu(_ *Server, ctx context.Context, _ tenants.Actor, in *menuFileInput) (MenuRead, error) {
	out := MenuRead{Elements: []Element{}, Faults: []MenuFault{}}
	var t menu.Table
	if content := in.Body.Content; bytes.HasPrefix(content, []byte("PK")) {
		if err := sheet.Read(bytes.NewReader(content), func(n int, cells []string) error {
			if n > 2*(menu.MostElements+menu.MostGroups+menu.MostRules) {
				return errMenuFile
			}
			t.Add(n, cells)
			return nil
		}); err != nil {
			return out, errMenuFile
		}
	} else {
		var x struct {
			Elements []Element  `json:"elements"`
			Menu     *MenuRules `json:"menu"`
		}
		if err := json.Unmarshal(content, &x); err != nil {
			return out, errMenuFile
		}
		for _, e := range x.Elements {
			t.Elements = append(t.Elements, solutionElement(e).Sold())
		}
		if x.Menu != nil {
			t.Rules = *x.Menu.rules()
		}
	}
	if len(t.Elements) > menu.MostElements || len(t.Rules.Groups) > menu.MostGroups || len(t.Rules.Rules) > menu.MostRules {
		return out, errMenuLong.Fill(menu.MostElements, menu.MostGroups, menu.MostRules)
	}
	var elements []solution.Element
	for _, e := range t.Elements {
		e.ID = uuid.Nil
		sold := soldOf(e)
		sold.ID = ""
		out.Elements, elements = append(out.Elements, sold), append(elements, solutionElement(sold))
	}
	out.Menu = rulesOf(t.Rules)
	for _, f := range t.Faults {
		out.Faults = append(out.Faults, MenuFault{Row: f.Row, Message: f.Words.In(localeOf(ctx))})
	}
	if f, ok := fault.As(solution.CheckMenu(elements, t.Rules)); ok && len(t.Faults) == 0 {
		for _, x := range f.Fields {
			out.Faults = append(out.Faults, MenuFault{Field: x.Name, Message: x.Words.In(localeOf(ctx))})
		}
	}
	return out, nil
}

func solutionElement(e Element) solution.Element {
	id, _ := uuid.Parse(e.ID)
	var steps []menu.Step
	for _, s := range e.Steps {
		steps = append(steps, menu.Step{From: s.From, PriceFen: s.PriceFen})
	}
	return solution.Element{Cities: e.Cities, Steps: pg.JSON[[]menu.Step]{V: steps}, ID: id, Name: e.Name, Unit: e.Unit, Billing: e.Billing, PriceFen: e.PriceFen, Required: e.Required, MinUnits: int64(e.Min), DefaultUnits: int64(e.Default), MaxUnits: int64(e.Max)}
}

func versionOutlook(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Outlook, error) {
	x, err := s.Certifications.OutlookOf(ctx, a, uuid.MustParse(in.ID))
	say := func(w fault.Words) string { return w.In(localeOf(ctx)) }
	return Outlook{Base: x.Base, Light: x.Light, Changes: itemsOf(x.Changes, say).Items, Tested: itemsOf(x.Tested, say).Items, Kept: x.Kept}, err
}

func addVersionFile(s *Server, ctx context.Context, a tenants.Actor, in *versionFileInput) (Version, error) {
	d, err := s.Solutions.AddFile(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Body.FileID), in.Body.Kind)
	return s.versionOf(ctx, a, d, err)
}

func removeVersionFile(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (Version, error) {
	d, err := s.Solutions.RemoveFile(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return s.versionOf(ctx, a, d, err)
}

// versionStep runs a step of the certification and answers with the version.
func versionStep(step func(*Server, context.Context, tenants.Actor, uuid.UUID) error) call[ByID, Version] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Version, error) {
		id := uuid.MustParse(in.ID)
		if err := step(s, ctx, a, id); err != nil {
			return Version{}, err
		}
		d, err := s.Solutions.GetVersion(ctx, a, id)
		return s.versionOf(ctx, a, d, err)
	}
}

var submitVersion = versionStep(func(s *Server, ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	return s.Certifications.Submit(ctx, a, id)
})

var reviseVersion = versionStep(func(s *Server, ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	return s.Certifications.Revise(ctx, a, id)
})

func withdrawVersion(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Version, error) {
	id := uuid.MustParse(in.ID)
	if err := s.Certifications.Withdraw(ctx, a, id, in.Body.Reason); err != nil {
		return Version{}, err
	}
	d, err := s.Solutions.GetVersion(ctx, a, id)
	return s.versionOf(ctx, a, d, err)
}

// certification

func clockOf(ctx context.Context, c certification.Case, now time.Time) Clock {
	k := c.Clock(now)
	return Clock{
		BudgetDays: certification.BudgetDays, OperatorDays: certification.Days(k.Operator), PartnerDays: certification.Days(k.Partner), StoppedDays: certification.Days(k.Stopped),
		Holder: c.Holder, HolderSince: c.HolderSince, HeldDays: certification.Days(calendar.WorkingTime(c.HolderSince, now)), Reason: c.HolderReason, Note: certification.Say(c.HolderNote).In(localeOf(ctx)),
		PromisedAt: k.PromisedAt, Overdue: k.Overdue,
	}
}

func certificationRowOf(ctx context.Context, c certification.Case, places map[uuid.UUID]certification.Place) CertificationRow {
	var queue *QueuePlace
	if p, ok := places[c.ID]; ok {
		queue = &QueuePlace{Place: p.Ahead + 1, Ahead: p.Ahead, Of: p.Of}
	}
	return CertificationRow{
		Queue: queue,
		ID:    c.ID.String(), Number: c.Number, SolutionID: c.SolutionID.String(), VersionID: c.VersionID.String(), SolutionName: c.SolutionName, Semver: c.Semver, First: c.First,
		PartnerName: c.PartnerName, Industry: c.Industry, PlanNumber: c.PlanNumber, Track: c.Track, State: c.State, Stage: c.Stage, TesterName: c.TesterName, OpenFindings: c.OpenFindings,
		Clock: clockOf(ctx, c, calendar.Now(ctx)), SubmittedAt: c.SubmittedAt, DecidedAt: c.DecidedAt,
	}
}

func (s *Server) certificateOf(ctx context.Context, c *certification.Certificate) *Certificate {
	if c == nil {
		return nil
	}
	return &Certificate{
		Number: c.Number, SolutionName: c.SolutionName, Semver: c.Semver, PartnerName: c.PartnerName, IssuedAt: c.IssuedAt, ValidUntil: c.ValidUntil, ContentHash: c.ContentHash,
		Conditional: c.Conditional, State: c.State(calendar.Now(ctx)), VerifyURL: s.Options.BaseURL + "/certificate/" + c.Number,
	}
}

func (s *Server) certificationOf(ctx context.Context, a tenants.Actor, d certification.Detail) (Certification, error) {
	locale := localeOf(ctx)
	places, err := s.Certifications.Places(ctx, a, d.Case)
	if err != nil {
		return Certification{}, err
	}
	out := Certification{
		CertificationRow: certificationRowOf(ctx, d.Case, places), Turns: []Turn{}, Rounds: []Round{}, Conditions: []Condition{}, TrackReason: d.TrackReason.V.In(locale), Recused: d.Recused.In(locale), AuthorName: d.AuthorName, ApproverName: d.ApproverName, Stages: []Stage{},
		Findings: []Finding{}, Changes: []string{}, Files: versionFilesOf(d.Content.Files), Elements: elementsOf(d.Content.Elements), Description: d.Content.Description,
		Events: eventsOf(ctx, d.History), Certificate: s.certificateOf(ctx, d.Certificate), Next: d.Next, Advice: d.Advice, Version: d.Case.Version, Actions: listOf(d.Actions), Requests: requestsOf(a, d.Requests),
	}
	for _, line := range strings.Split(d.Content.Notes, "\n") {
		if line = strings.TrimSpace(strings.TrimLeft(line, "-*· ")); line != "" {
			out.Changes = append(out.Changes, line)
		}
	}
	for i := range d.Stages {
		st := &d.Stages[i]
		w := Stage{Kind: st.Kind, State: st.State, BudgetDays: st.BudgetDays, SpentDays: certification.Days(st.Spent), FinishedAt: st.FinishedAt, Checks: []StageCheck{}}
		for _, c := range st.Checks {
			k := StageCheck{
				ID: c.ID.String(), Code: c.Code, Zh: c.Words.V.Zh, En: c.Words.V.En, Machine: c.Machine, Mandatory: c.Mandatory, Result: c.Result, Threshold: c.ThresholdIn(locale), Comparison: c.Comparison,
				Limit: c.LimitValue, Unit: c.Unit, Measured: c.Measured, Overridden: c.Overridden, Note: c.Note, Evidence: filesOf(c.Files), By: certification.By(c.ByName, locale), Said: c.Said.V.In(locale), Runs: []Run{},
			}
			k.Actions = certification.CheckActions(a, d, c)
			if x := c.Exemption; x != nil {
				k.Exemption = &Exemption{ID: x.ID.String(), Reason: x.Reason, Evidence: filesOf(x.Files), Until: x.ExpiresAt, By: x.ByName}
			}
			for _, r := range c.Runs {
				k.Runs = append(k.Runs, Run{r.At, certification.By(r.ByName, locale), r.Outcome, r.Measured, r.Overridden, r.Environment, r.Note})
			}
			w.Checks = append(w.Checks, k)
		}
		out.Stages = append(out.Stages, w)
	}
	for _, r := range d.Rounds {
		round := Round{Number: r.Number, Semver: r.Semver, At: r.At, By: r.ByName, Changes: []string{}, Reopened: r.Reopened, Kept: r.Kept}
		for _, w := range r.Changes.V {
			round.Changes = append(round.Changes, w.In(locale))
		}
		out.Rounds = append(out.Rounds, round)
	}
	for _, t := range d.Turns {
		out.Turns = append(out.Turns, Turn{Holder: t.Holder, Reason: t.Reason, Note: certification.Say(t.Note).In(locale), By: certification.By(t.ByName, locale), From: t.FromAt, To: t.ToAt, Days: float64(t.MS) / float64(certification.WorkingDay.Milliseconds())})
	}
	for _, x := range d.Conditions {
		out.Conditions = append(out.Conditions, Condition{
			ID: x.ID.String(), Text: x.Body, DueAt: x.DueAt, Overdue: x.State != "met" && calendar.Now(ctx).After(x.DueAt), State: x.State, Answer: x.Answer, Evidence: filesOf(x.Files), Note: x.Note,
			By: x.ByName, ClosedBy: x.ClosedBy, Actions: certification.ConditionActions(a, d, x, calendar.Now(ctx)),
		})
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, Finding{
			ID: f.ID.String(), Stage: f.Stage, Severity: f.Severity, Text: f.Body, Answer: f.Answer, State: f.State, By: f.ByName, At: f.CreatedAt,
			Actions: certification.FindingActions(a, d, f),
		})
	}
	return out, nil
}

func certifications(s *Server, ctx context.Context, a tenants.Actor, in *certificationsInput) (Page[CertificationRow], error) {
	var key timeKey
	if err := s.openCursor(a, "certifications", in.Cursor, &key); err != nil {
		return Page[CertificationRow]{}, err
	}
	found, total, err := s.Certifications.List(ctx, a, certification.Query{State: in.State, Mine: in.Mine, Overdue: in.Overdue, Free: in.Free, Machine: in.Machine, Text: in.Q, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	if err != nil {
		return Page[CertificationRow]{}, err
	}
	places, err := s.Certifications.Places(ctx, a, found...)
	return pageOf(s, a, "certifications", in.Limit, total, found, func(c certification.Case) CertificationRow { return certificationRowOf(ctx, c, places) },
		func(c certification.Case) any { return timeKey{c.SubmittedAt, c.ID} }), err
}

// onCase answers with the case after a step.
func onCase[I any](step func(*Server, context.Context, tenants.Actor, *I) (certification.Detail, error)) call[I, Certification] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *I) (Certification, error) {
		d, err := step(s, ctx, a, in)
		if err != nil {
			return Certification{}, err
		}
		return s.certificationOf(ctx, a, d)
	}
}

var (
	oneCertification = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (certification.Detail, error) {
		return s.Certifications.Get(ctx, a, uuid.MustParse(in.ID))
	})
	claimCertification = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (certification.Detail, error) {
		return s.Certifications.Claim(ctx, a, uuid.MustParse(in.ID))
	})
	recordCheck = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *checkInput) (certification.Detail, error) {
		r := certification.Result{Result: in.Body.Result, Measured: in.Body.Measured, Environment: in.Body.Environment, Note: in.Body.Note}
		for _, e := range in.Body.Evidence {
			id, err := uuid.Parse(e)
			if err != nil {
				return certification.Detail{}, errID
			}
			r.Evidence = append(r.Evidence, id)
		}
		return s.Certifications.Record(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), r)
	})
	exemptCheck = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *exemptInput) (certification.Detail, error) {
		until, err := time.Parse(time.DateOnly, in.Body.Until)
		if err != nil {
			return certification.Detail{}, err // the schema let dates only through
		}
		evidence, err := idsOf(in.Body.Evidence)
		if err != nil {
			return certification.Detail{}, err
		}
		return s.Certifications.Exempt(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Reason, until, evidence)
	})
	endExemption = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *subActionInput) (certification.Detail, error) {
		return s.Certifications.EndExemption(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Reason)
	})
	addFinding = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *findingInput) (certification.Detail, error) {
		return s.Certifications.Find(ctx, a, uuid.MustParse(in.ID), in.Body.Stage, in.Body.Severity, in.Body.Text)
	})
	answerFinding = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *answerInput) (certification.Detail, error) {
		return s.Certifications.Answer(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text)
	})
	closeFinding = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (certification.Detail, error) {
		return s.Certifications.CloseFinding(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	})
	reopenFinding = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (certification.Detail, error) {
		return s.Certifications.ReopenFinding(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	})
)

func approveCase(s *Server, ctx context.Context, a tenants.Actor, in *approveInput) (Certification, error) {
	var asked []certification.NewCondition
	for _, c := range in.Body.Conditions {
		due, err := time.Parse(time.DateOnly, c.DueOn)
		if err != nil {
			return Certification{}, err // the schema let dates only through
		}
		asked = append(asked, certification.NewCondition{Body: c.Text, Due: due})
	}
	d, err := s.Certifications.Act(ctx, a, uuid.MustParse(in.ID), "approve", in.Body.Reason, asked...)
	if err != nil {
		return Certification{}, err
	}
	return s.certificationOf(ctx, a, d)
}

var (
	revokeCase = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *revokeInput) (certification.Detail, error) {
		return s.Certifications.Revoke(ctx, a, uuid.MustParse(in.ID), in.Body.Reason, in.Body.Number)
	})
	fulfilCondition = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *fulfilInput) (certification.Detail, error) {
		evidence, err := idsOf(in.Body.Evidence)
		if err != nil {
			return certification.Detail{}, err
		}
		return s.Certifications.Fulfil(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text, evidence)
	})
	acceptCondition = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *subActionInput) (certification.Detail, error) {
		return s.Certifications.Accept(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	})
	returnCondition = onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *subActionInput) (certification.Detail, error) {
		return s.Certifications.Return(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Reason)
	})
)

func actCase(action string) call[actionInput, Certification] {
	return onCase(func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (certification.Detail, error) {
		return s.Certifications.Act(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
	})
}

func verifyCertificate(s *Server, ctx context.Context, _ tenants.Actor, in *numberInput) (Certificate, error) {
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return Certificate{}, err
	}
	c, err := s.Certifications.Verify(ctx, provinces, in.Number)
	if err != nil {
		return Certificate{}, err
	}
	return *s.certificateOf(ctx, &c), nil
}

func certificateCriteria(s *Server, ctx context.Context, _ tenants.Actor, in *numberInput) (List[Criterion], error) {
	out := List[Criterion]{Items: []Criterion{}}
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return out, err
	}
	found, err := s.Certifications.Criteria(ctx, provinces, in.Number)
	for _, st := range found {
		for _, k := range st.Checks {
			c := Criterion{Stage: st.Kind, Name: k.Words.V.In(localeOf(ctx)), Threshold: k.ThresholdIn(localeOf(ctx)), Outcome: k.Result}
			if k.Result != "pass" && k.Exemption != nil {
				c.Outcome = "exempt"
			}
			if st.Kind == "price_review" { // compares with what others ask
				c.Threshold = ""
			}
			out.Items = append(out.Items, c)
		}
	}
	return out, err
}

// listings

func listingRowOf(ctx context.Context, a tenants.Actor, l listing.Listing) ListingRow {
	return ListingRow{
		ID: l.ID.String(), SolutionID: l.SolutionID.String(), VersionID: l.VersionID.String(), SolutionName: l.SolutionName, Semver: l.Semver, PartnerName: l.PartnerName,
		Industry: l.Industry, Scope: l.Scope, ScopeName: l.ScopeName, State: l.State, Reason: reasonIn(ctx, l.Reason), LiveAt: l.LiveAt, UpdatedAt: l.UpdatedAt, Actions: listing.Actions(a, l),
	}
}

func (s *Server) listingOf(ctx context.Context, a tenants.Actor, d listing.Detail, err error) (Listing, error) {
	if err != nil {
		return Listing{}, err
	}
	yes, no := true, false
	met := func(ok bool) *bool {
		if ok {
			return &yes
		}
		return &no
	}
	out := Listing{
		ListingRow: listingRowOf(ctx, a, d.Listing), Summary: d.Solution.Summary, Description: d.Content.Description, Elements: elementsOf(d.Content.Elements),
		Certificate: s.certificateOf(ctx, d.Certificate), Evidence: []Fact{}, Events: eventsOf(ctx, d.History), Version: d.Listing.Version, Requests: requestsOf(a, d.Requests),
		FloorPPM: d.FloorPPM, CeilingPPM: d.CeilingPPM, PublishOn: dateOf(d.PublishOn), SupportUntil: dateOf(d.SupportUntil), Successor: d.Successor, Previews: []ListingPreview{},
	}
	if d.SuccessorID != nil {
		out.SuccessorID = d.SuccessorID.String()
	}
	for _, p := range d.Previews {
		if p.Until.Format(time.DateOnly) >= calendar.Date(calendar.Now(ctx)) {
			out.Previews = append(out.Previews, ListingPreview{City: cityOf(p.OrgPath), CityName: p.CityName, Until: p.Until.Format(time.DateOnly), By: p.ByName})
		}
	}
	if slices.Contains([]string{"draft", "pending_approval", "scheduled"}, d.State) {
		out.Actions = append(out.Actions, "open_preview")
		if a.Can(listing.Write) {
			out.Actions = append(out.Actions, "show_before")
		}
	}
	if d.State == "pending_approval" && slices.Contains(out.Actions, "approve") {
		out.Actions = append(out.Actions, "ask")
	}
	switch {
	case d.State == "live" && d.Scope != listing.ScopeProvince && a.Tenant.Kind == tenants.KindCity && a.Can(graduation.Nominate):
		out.Actions = append(out.Actions, "nominate")
	case (d.State == "live" || d.State == "suspended") && d.Scope == listing.ScopeProvince && a.Can(graduation.Decide):
		out.Actions = append(out.Actions, "go_back")
	}
	if d.State == "live" && d.Scope == listing.ScopeProvince && a.Tenant.Kind == tenants.KindProvince && a.Can(listing.Approve) {
		out.Actions = append(out.Actions, "set_band")
	}
	valid := d.Certificate != nil && d.Certificate.State(calendar.Now(ctx)) == "valid"
	out.Evidence = append(out.Evidence, Fact{Code: "certificate_valid", Value: fmt.Sprint(valid), Met: met(valid)})
	if d.Certificate != nil {
		out.Evidence = append(out.Evidence, Fact{Code: "certificate_until", Value: d.Certificate.ValidUntil.Format(time.DateOnly)})
	}
	out.Evidence = append(out.Evidence,
		Fact{Code: "elements", Value: fmt.Sprint(len(d.Content.Elements)), Need: "1", Met: met(len(d.Content.Elements) > 0)},
		Fact{Code: "from_fen", Value: fmt.Sprint(solution.FromFen(d.Content.Elements))},
		Fact{Code: "live_elsewhere", Value: fmt.Sprint(d.Elsewhere)},
		Fact{Code: "accounts", Value: fmt.Sprint(d.Accounts)})
	use, err := s.Trials.UseOf(ctx, a, d.SolutionID)
	if err != nil {
		return out, err
	}
	out.Evidence = append(out.Evidence, Fact{Code: "trial_opens", Value: fmt.Sprint(use.Opens)}, Fact{Code: "trial_people", Value: fmt.Sprint(use.People)})
	if use.LastAt != nil {
		out.Evidence = append(out.Evidence, Fact{Code: "trial_last", Value: calendar.Date(*use.LastAt)})
	}
	return out, nil
}

func listings(s *Server, ctx context.Context, a tenants.Actor, in *listingsInput) (Page[ListingRow], error) {
	var key timeKey
	if err := s.openCursor(a, "listings", in.Cursor, &key); err != nil {
		return Page[ListingRow]{}, err
	}
	found, total, err := s.Listings.List(ctx, a, listing.Query{State: in.State, Text: in.Q, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, "listings", in.Limit, total, found, func(l listing.Listing) ListingRow { return listingRowOf(ctx, a, l) },
		func(l listing.Listing) any { return timeKey{l.UpdatedAt, l.ID} }), err
}

func newListing(s *Server, ctx context.Context, a tenants.Actor, in *newListingInput) (Listing, error) {
	d, err := s.Listings.Create(ctx, a, uuid.MustParse(in.Body.VersionID), in.Body.Scope)
	return s.listingOf(ctx, a, d, err)
}

func oneListing(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Listing, error) {
	d, err := s.Listings.Get(ctx, a, uuid.MustParse(in.ID))
	return s.listingOf(ctx, a, d, err)
}

func actListing(action string) call[actionInput, Listing] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Listing, error) {
		d, err := s.Listings.Act(ctx, a, uuid.MustParse(in.ID), listing.Step{Action: action, Reason: in.Body.Reason})
		return s.listingOf(ctx, a, d, err)
	}
}

func approveListing(s *Server, ctx context.Context, a tenants.Actor, in *approveListingInput) (Listing, error) {
	on, err := dayOf(in.Body.PublishOn)
	if err != nil {
		return Listing{}, err
	}
	d, err := s.Listings.Act(ctx, a, uuid.MustParse(in.ID), listing.Step{Action: "approve", Reason: in.Body.Reason, PublishOn: on})
	return s.listingOf(ctx, a, d, err)
}

func retireListing(s *Server, ctx context.Context, a tenants.Actor, in *retireListingInput) (Listing, error) {
	until, err := dayOf(in.Body.SupportUntil)
	if err != nil {
		return Listing{}, err
	}
	step := listing.Step{Action: "retire", Reason: in.Body.Reason, SupportUntil: until}
	if in.Body.Successor != "" {
		id, err := uuid.Parse(in.Body.Successor)
		if err != nil {
			return Listing{}, errID
		}
		step.Successor = &id
	}
	d, err := s.Listings.Act(ctx, a, uuid.MustParse(in.ID), step)
	return s.listingOf(ctx, a, d, err)
}

// showBefore shows a listing to cities before it is on sale.
func showBefore(s *Server, ctx context.Context, a tenants.Actor, in *showBeforeInput) (Listing, error) {
	until, err := dayOf(in.Body.Until)
	if err != nil {
		return Listing{}, err
	}
	d, err := s.Listings.ShowBefore(ctx, a, uuid.MustParse(in.ID), in.Body.Cities, *until)
	return s.listingOf(ctx, a, d, err)
}

// dayOf reads a day the schema let through; nothing is no day.
func dayOf(day string) (*time.Time, error) {
	if day == "" {
		return nil, nil //nolint:nilnil // no day is a fine answer
	}
	t, err := time.Parse(time.DateOnly, day)
	return &t, err
}

// cityOf is the code of the city in a path.
func cityOf(path string) string { return strings.Split(path, "/")[1] }

// marketplace

func offerOf(ctx context.Context, o listing.Offer) Offer {
	return Offer{
		ID: o.ID.String(), SolutionID: o.SolutionID.String(), Name: o.Name, Summary: o.Summary, Industry: o.Industry, Category: o.Category, Family: o.Family, PartnerName: o.SupplierName,
		PartnerTier: o.SupplierTier, Semver: o.Semver, Certified: o.Certified, Scope: o.Scope, ScopeName: o.ScopeName, Accounts: o.Accounts, FromFen: o.FromFen, LiveAt: o.LiveAt,
		New: calendar.Now(ctx).Sub(o.LiveAt) < 30*24*time.Hour, LocalTo: o.LocalTo,
	}
}

// beside is what stands beside offers: in how many cities each is sold, and
// what the reader would earn.
type beside struct {
	cities map[uuid.UUID]int
	rates  map[uuid.UUID]int64
}

func (s *Server) besideOffers(ctx context.Context, a tenants.Actor, found []listing.Offer) (b beside, err error) {
	if b.cities, err = s.Listings.CityCounts(ctx, a, found); err == nil {
		b.rates, err = s.commissionRates(ctx, a, found)
	}
	return b, err
}

func (b beside) offers(ctx context.Context, found []listing.Offer) []Offer {
	out := []Offer{}
	for _, o := range found {
		w := offerOf(ctx, o)
		w.Cities = b.cities[o.SolutionID]
		if ppm, ok := b.rates[o.ID]; ok {
			w.CommissionPPM = &ppm
		}
		out = append(out, w)
	}
	return out
}

func marketplace(s *Server, ctx context.Context, a tenants.Actor, in *marketInput) (Market, error) {
	q := listing.MarketQuery{Text: in.Q, City: in.City, Industries: in.Industry, Categories: in.Category, Scopes: in.Scope, Certified: in.Certified, Sort: in.Sort, Limit: in.Limit + 1}
	list := "market/" + in.Sort
	if in.Cursor != "" {
		q.After = &listing.MarketKey{}
		if err := s.openCursor(a, list, in.Cursor, q.After); err != nil {
			return Market{}, err
		}
	}
	page, b, err := s.marketPage(ctx, a, q)
	if err != nil {
		return Market{}, err
	}
	counts, err := s.marketCounts(ctx, a, q)
	if err != nil {
		return Market{}, err
	}
	out := Market{Industries: facetsOf(counts.Industries), Categories: facetsOf(counts.Categories), Scopes: facetsOf(counts.Scopes)}
	out.Total = counts.Total
	if len(page) > in.Limit {
		last := page[in.Limit-1]
		out.NextCursor = s.cursor(a, list, listing.MarketKey{Accounts: last.Accounts, At: last.LiveAt, Name: last.Name, ID: last.ID})
		page = page[:in.Limit]
	}
	out.Items = b.offers(ctx, page)
	return out, nil
}

// What is on sale is the same for all who look at the same scopes, so the
// first page and the counts are kept for them; what people type is not.

func (s *Server) marketPage(ctx context.Context, a tenants.Actor, q listing.MarketQuery) ([]listing.Offer, beside, error) {
	first := fmt.Sprintf("%s %q %d", marketKey(a, q), q.Sort, q.Limit)
	ask := func() ([]listing.Offer, error) { return s.Listings.Market(ctx, a, q) }
	if q.Text != "" || q.After != nil {
		page, err := ask()
		if err != nil {
			return nil, beside{}, err
		}
		b, err := s.besideOffers(ctx, a, page)
		return page, b, err
	}
	page, err := keep(ctx, s.kept, "market page "+first, marketChanged(a, "listing", "overlay", "order", "partner"), ask)
	if err != nil {
		return nil, beside{}, err
	}
	// What is earned follows from the reader's firm.
	key := fmt.Sprintf("market beside %s %s %t", first, a.Tenant.ID, a.Can(commission.Read))
	b, err := keep(ctx, s.kept, key, marketChanged(a, "listing", "overlay", "order", "plan", "partner"), func() (beside, error) { return s.besideOffers(ctx, a, page) })
	return page, b, err
}

func (s *Server) marketCounts(ctx context.Context, a tenants.Actor, q listing.MarketQuery) (listing.MarketCounts, error) {
	ask := func() (listing.MarketCounts, error) { return s.Listings.Counts(ctx, a, q) }
	if q.Text != "" {
		return ask()
	}
	return keep(ctx, s.kept, "market counts "+marketKey(a, q), marketChanged(a, "listing"), ask)
}

func marketKey(a tenants.Actor, q listing.MarketQuery) string {
	return fmt.Sprintf("%s %q %q %q %q %t", a.Tenant.ProvinceID, listing.ScopesOf(a, q.City), q.Industries, q.Categories, q.Scopes, q.Certified)
}

func marketChanged(a tenants.Actor, topics ...string) func(tenants.Happening) bool {
	return func(h tenants.Happening) bool {
		return h.Province == a.Tenant.ProvinceID && slices.Contains(topics, h.Topic)
	}
}

func facetsOf(found []listing.Facet) []FacetValue {
	out := []FacetValue{}
	for _, f := range found {
		out = append(out, FacetValue{f.Code, f.Count})
	}
	return out
}

func favour(s *Server, ctx context.Context, a tenants.Actor, in *favourInput) (none, error) {
	return none{}, s.Listings.Favour(ctx, a, uuid.MustParse(in.ID), in.Body.Favourite)
}

func favourites(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Offer], error) {
	return s.shelf(ctx, a, s.Listings.Favourites)
}

func recentOffers(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Offer], error) {
	return s.shelf(ctx, a, s.Listings.Recent)
}

func (s *Server) shelf(ctx context.Context, a tenants.Actor, ask func(context.Context, tenants.Actor) ([]listing.Offer, error)) (List[Offer], error) {
	found, err := ask(ctx, a)
	if err != nil {
		return List[Offer]{}, err
	}
	b, err := s.besideOffers(ctx, a, found)
	return List[Offer]{Items: b.offers(ctx, found)}, err
}

func suggestions(s *Server, ctx context.Context, a tenants.Actor, in *suggestInput) (List[Suggestion], error) {
	found, err := s.Listings.Suggest(ctx, a, strings.TrimSpace(in.Q))
	out := List[Suggestion]{Items: []Suggestion{}}
	for _, x := range found {
		w := Suggestion{Kind: x.Kind, Text: x.Text}
		if x.ID != uuid.Nil {
			w.ID = x.ID.String()
		}
		out.Items = append(out.Items, w)
	}
	return out, err
}

func oneOffer(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (OfferDetail, error) {
	o, err := s.Listings.OfferOf(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return OfferDetail{}, err
	}
	found := append([]listing.Offer{o.Offer}, o.Related...)
	b, err := s.besideOffers(ctx, a, found)
	if err != nil {
		return OfferDetail{}, err
	}
	all := b.offers(ctx, found)
	if o.Preview == nil {
		if err := s.Listings.Saw(ctx, a, o.SolutionID); err != nil {
			return OfferDetail{}, err
		}
	}
	c := o.Content.V
	out := OfferDetail{Offer: all[0], Related: all[1:], Description: c.Description, Elements: offerElements(c.Elements), Menu: rulesOf(c.Rules), Files: []VersionFile{}, LocalFiles: []File{}, Versions: []VersionRow{}, CityCodes: listOf(o.Scopes), Preview: o.Preview != nil, DeliveredBy: o.DelivererName, Actions: []string{}}
	for _, f := range c.Files {
		if f.Kind == listing.LocalFile {
			out.LocalFiles = append(out.LocalFiles, File{ID: f.ID.String(), Name: f.Name, MediaType: f.MediaType, Size: f.Size, State: "stored", Scan: "unscanned", At: o.LiveAt})
			continue
		}
		out.Files = append(out.Files, VersionFile{File{ID: f.ID.String(), Name: f.Name, MediaType: f.MediaType, Size: f.Size, State: "stored", Scan: "unscanned", At: o.LiveAt}, f.Kind})
	}
	for _, v := range c.Versions {
		out.Versions = append(out.Versions, VersionRow{ID: v.ID.String(), Semver: v.Semver, State: v.State, Notes: v.Notes, Author: v.Author, Files: v.Files, CreatedAt: v.CreatedAt})
	}
	out.Certificate = s.certificateOf(ctx, &certification.Certificate{
		Number: c.Certificate, SolutionName: o.Name, Semver: o.Semver, PartnerName: o.SupplierName, ContentHash: c.ContentHash,
		IssuedAt: c.ValidUntil.AddDate(0, -certification.ValidMonths, 0), ValidUntil: c.ValidUntil,
	})
	if o.Preview != nil {
		out.Certificate = s.certificateOf(ctx, o.Preview)
		return out, nil
	}
	if o.Scope == listing.ScopeProvince && a.Tenant.Kind == tenants.KindCity && len(a.Districts) == 0 && a.Can(listing.Write) {
		out.Actions = append(out.Actions, "adjust")
	}
	for action, p := range map[string]tenants.Permission{"register_deal": "deal:register", "quote": "quote:write"} {
		if a.Can(p) {
			out.Actions = append(out.Actions, action)
		}
	}
	return out, nil
}

func soldOf(e menu.Element) Element {
	return Element{
		ID: e.ID.String(), Name: e.Name, Unit: e.Unit, Billing: e.Billing, PriceFen: e.PriceFen, Required: e.Required, Min: int(e.MinUnits), Default: int(e.DefaultUnits), Max: int(e.MaxUnits), Steps: priceSteps(e.Steps), Cities: e.Cities,
	}
}

func priceSteps(steps []menu.Step) (out []PriceStep) {
	for _, s := range steps {
		out = append(out, PriceStep{s.From, s.PriceFen})
	}
	return out
}

func rulesOf(r menu.Rules) MenuRules {
	out := MenuRules{Groups: []MenuGroup{}, Rules: []MenuRule{}}
	for _, g := range r.Groups {
		out.Groups = append(out.Groups, MenuGroup{g.Name, g.Min, g.Max, g.Elements})
	}
	for _, x := range r.Rules {
		out.Rules = append(out.Rules, MenuRule{x.Kind, x.Element, x.Others, x.Units})
	}
	return out
}

func (m *MenuRules) rules() *menu.Rules {
	if m == nil {
		return nil
	}
	out := menu.Rules{}
	for _, g := range m.Groups {
		out.Groups = append(out.Groups, menu.Group{Name: g.Name, Min: g.Min, Max: g.Max, Elements: g.Elements})
	}
	for _, x := range m.Rules {
		out.Rules = append(out.Rules, menu.Rule{Kind: x.Kind, Element: x.Element, Others: x.Others, Units: x.Units})
	}
	return &out
}

func offerElements(elements []menu.Element) []OfferElement {
	out := []OfferElement{}
	for _, e := range elements {
		out = append(out, OfferElement{soldOf(e), e.ProvinceFen})
	}
	return out
}

func offerFile(s *Server, ctx context.Context, a tenants.Actor, in *offerFileInput) (Link, error) {
	f, err := s.Listings.OfferFile(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	if err != nil {
		return Link{}, err
	}
	return s.linkTo(ctx, f, in.Inline)
}
