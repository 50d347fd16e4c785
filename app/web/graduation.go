package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/graduation"
	"ecoport/tenants"
)

func graduationRowOf(g graduation.Graduation) GraduationRow {
	return GraduationRow{
		ID: g.ID.String(), Number: g.Number, Kind: g.Kind, SolutionID: g.SolutionID.String(), SolutionName: g.SolutionName, Semver: g.Semver, PartnerName: g.PartnerName, CityCode: g.CityCode, CityName: g.CityName,
		Industry: g.Industry, Category: g.Category, Family: g.Family, State: g.State, NominatedAt: g.NominatedAt, CommentsUntil: g.CommentsUntil, DecidedAt: g.DecidedAt, UpdatedAt: g.UpdatedAt,
	}
}

func (s *Server) graduationOf(ctx context.Context, a tenants.Actor, d graduation.Detail, err error) (Graduation, error) {
	if err != nil {
		return Graduation{}, err
	}
	out := Graduation{
		GraduationRow: graduationRowOf(d.Graduation), ListingID: d.ListingID.String(), VersionID: d.VersionID.String(), Pitch: d.Pitch, NominatedByName: d.NominatedByName, ThresholdNumber: d.ThresholdNumber,
		Facts: []GraduationFact{}, Frozen: d.Frozen, Pilots: []GraduationPilot{}, Comments: []GraduationComment{}, Tasks: []RolloutTask{}, Answers: []GraduationAnswer{},
		DecidedByName: d.DecidedByName, Reason: d.Reason, Improvements: listOf(d.Improvements), AgainAfter: d.AgainAfter, Events: eventsOf(ctx, d.History), Version: d.Version, Actions: listOf(d.Actions),
	}
	if d.ResultListingID != nil {
		out.ResultListingID = d.ResultListingID.String()
	}
	if d.Dossier != nil {
		out.FactsAt = &d.Dossier.At
		for _, f := range d.Dossier.Facts {
			out.Facts = append(out.Facts, GraduationFact(f))
		}
	}
	for _, p := range d.Pilots {
		out.Pilots = append(out.Pilots, GraduationPilot{
			CityCode: p.CityCode, CityName: p.CityName, State: p.State, StartsOn: p.StartsOn.Format(time.DateOnly), EndsOn: p.EndsOn.Format(time.DateOnly), TargetAccounts: p.TargetAccounts, TargetFen: p.TargetFen,
			Accounts: p.Accounts, Fen: p.Fen, Note: p.Note, Reason: p.Reason, ByName: p.ByName, At: p.At,
		})
	}
	for _, c := range d.Comments {
		out.Comments = append(out.Comments, GraduationComment{ID: c.ID.String(), TenantName: c.TenantName, AuthorName: c.AuthorName, Stance: c.Stance, Text: c.Body, At: c.At})
	}
	for _, t := range d.Tasks {
		out.Tasks = append(out.Tasks, rolloutOf(ctx, a, t))
	}
	for _, x := range d.Answers {
		out.Answers = append(out.Answers, GraduationAnswer(x))
	}
	return out, nil
}

func rolloutOf(ctx context.Context, a tenants.Actor, t graduation.Task) RolloutTask {
	out := RolloutTask{
		ID: t.ID.String(), GraduationID: t.GraduationID.String(), Kind: t.Kind, SolutionName: t.SolutionName, Semver: t.Semver, PartnerName: t.PartnerName, CityCode: t.CityCode, CityName: t.CityName, State: t.State,
		ReasonCode: t.ReasonCode, Reason: t.Reason, DueAt: t.DueAt, Overdue: t.Overdue(calendar.Now(ctx)), AnsweredByName: t.AnsweredByName, AnsweredAt: t.AnsweredAt, Actions: t.Actions(a),
	}
	if t.LaterOn != nil {
		out.LaterOn = t.LaterOn.Format(time.DateOnly)
	}
	return out
}

func graduationQuery(in *graduationsInput) (graduation.Query, error) {
	q := graduation.Query{Kind: in.Kind, States: in.State, Text: in.Q}
	var err error
	if in.Solution != "" {
		if q.Solution, err = uuid.Parse(in.Solution); err != nil {
			return q, errID
		}
	}
	return q, nil
}

func graduations(s *Server, ctx context.Context, a tenants.Actor, in *graduationsInput) (Page[GraduationRow], error) {
	var key timeKey
	if err := s.openCursor(a, "graduations", in.Cursor, &key); err != nil {
		return Page[GraduationRow]{}, err
	}
	q, err := graduationQuery(in)
	if err != nil {
		return Page[GraduationRow]{}, err
	}
	q.AfterAt, q.AfterID, q.Limit = key.At, key.ID, in.Limit+1
	found, total, err := s.Graduations.List(ctx, a, q)
	return pageOf(s, a, "graduations", in.Limit, total, found, graduationRowOf, func(g graduation.Graduation) any { return timeKey{g.UpdatedAt, g.ID} }), err
}

func nominate(s *Server, ctx context.Context, a tenants.Actor, in *nominateInput) (Graduation, error) {
	d, err := s.Graduations.Nominate(ctx, a, uuid.MustParse(in.Body.ListingID), in.Body.Pitch)
	return s.graduationOf(ctx, a, d, err)
}

func goBack(s *Server, ctx context.Context, a tenants.Actor, in *goBackInput) (Graduation, error) {
	d, err := s.Graduations.GoBack(ctx, a, uuid.MustParse(in.Body.ListingID), in.Body.Pitch, in.Body.Days)
	return s.graduationOf(ctx, a, d, err)
}

func oneGraduation(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Graduation, error) {
	d, err := s.Graduations.Get(ctx, a, uuid.MustParse(in.ID))
	return s.graduationOf(ctx, a, d, err)
}

func openPilots(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Graduation, error) {
	d, err := s.Graduations.OpenPilots(ctx, a, uuid.MustParse(in.ID))
	return s.graduationOf(ctx, a, d, err)
}

func volunteer(s *Server, ctx context.Context, a tenants.Actor, in *volunteerInput) (Graduation, error) {
	b := in.Body
	d, err := s.Graduations.Try(ctx, a, uuid.MustParse(in.ID), graduation.Trying{StartsOn: b.StartsOn, EndsOn: b.EndsOn, Accounts: b.TargetAccounts, Fen: b.TargetFen, Note: b.Note})
	return s.graduationOf(ctx, a, d, err)
}

func leavePilot(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Graduation, error) {
	d, err := s.Graduations.Leave(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return s.graduationOf(ctx, a, d, err)
}

func startEvaluation(s *Server, ctx context.Context, a tenants.Actor, in *evaluateInput) (Graduation, error) {
	d, err := s.Graduations.StartEvaluation(ctx, a, uuid.MustParse(in.ID), in.Body.Days)
	return s.graduationOf(ctx, a, d, err)
}

func commentGraduation(s *Server, ctx context.Context, a tenants.Actor, in *commentInput) (Graduation, error) {
	d, err := s.Graduations.Say(ctx, a, uuid.MustParse(in.ID), in.Body.Stance, in.Body.Text)
	return s.graduationOf(ctx, a, d, err)
}

func decideGraduation(do func(*graduation.Service, context.Context, tenants.Actor, uuid.UUID, string) (graduation.Detail, error)) call[actionInput, Graduation] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Graduation, error) {
		d, err := do(s.Graduations, ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
		return s.graduationOf(ctx, a, d, err)
	}
}

func returnGraduation(s *Server, ctx context.Context, a tenants.Actor, in *returnInput) (Graduation, error) {
	d, err := s.Graduations.Return(ctx, a, uuid.MustParse(in.ID), graduation.Returned{Reason: in.Body.Reason, Improvements: in.Body.Improvements, AgainAfter: in.Body.AgainAfter})
	return s.graduationOf(ctx, a, d, err)
}

// tasks of cities

func rolloutQuery(in *rolloutsInput) (graduation.TaskQuery, error) {
	q := graduation.TaskQuery{State: in.State, Kind: in.Kind, ReasonCode: in.Reason, City: in.City, Text: in.Q}
	var err error
	if in.Graduation != "" {
		if q.Graduation, err = uuid.Parse(in.Graduation); err != nil {
			return q, errID
		}
	}
	return q, nil
}

func rollouts(s *Server, ctx context.Context, a tenants.Actor, in *rolloutsInput) (Page[RolloutTask], error) {
	var key timeKey
	if err := s.openCursor(a, "rollouts", in.Cursor, &key); err != nil {
		return Page[RolloutTask]{}, err
	}
	q, err := rolloutQuery(in)
	if err != nil {
		return Page[RolloutTask]{}, err
	}
	q.AfterAt, q.AfterID, q.Limit = key.At, key.ID, in.Limit+1
	found, total, err := s.Graduations.TaskList(ctx, a, q)
	return pageOf(s, a, "rollouts", in.Limit, total, found, func(t graduation.Task) RolloutTask { return rolloutOf(ctx, a, t) }, func(t graduation.Task) any { return timeKey{t.UpdatedAt, t.ID} }), err
}

func answerRollout(action string) call[rolloutAnswerInput, RolloutTask] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *rolloutAnswerInput) (RolloutTask, error) {
		t, err := s.Graduations.Answer(ctx, a, uuid.MustParse(in.ID), action, graduation.Response{ReasonCode: in.Body.ReasonCode, Reason: in.Body.Reason, LaterOn: in.Body.LaterOn})
		if err != nil {
			return RolloutTask{}, err
		}
		return rolloutOf(ctx, a, t), nil
	}
}

// thresholds

func thresholdOf(a tenants.Actor, t graduation.Threshold) Threshold {
	return Threshold{
		ID: t.ID.String(), Category: t.Category, Number: t.Number, State: t.State, Needs: t.Needs.V, Note: t.Note, Reason: t.Reason, MadeByName: t.MadeByName, MadeAt: t.MadeAt,
		CheckedByName: t.CheckedByName, CheckedAt: t.CheckedAt, Actions: t.Actions(a),
	}
}

func thresholds(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Threshold], error) {
	out := List[Threshold]{Items: []Threshold{}}
	found, err := s.Graduations.Thresholds(ctx, a)
	for _, t := range found {
		out.Items = append(out.Items, thresholdOf(a, t))
	}
	return out, err
}

func proposeThreshold(s *Server, ctx context.Context, a tenants.Actor, in *thresholdInput) (Threshold, error) {
	t, err := s.Graduations.ProposeThreshold(ctx, a, in.Body.Category, in.Body.Needs, in.Body.Note)
	if err != nil {
		return Threshold{}, err
	}
	return thresholdOf(a, t), nil
}

func checkThreshold(action string) call[actionInput, Threshold] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Threshold, error) {
		t, err := s.Graduations.CheckThreshold(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		if err != nil {
			return Threshold{}, err
		}
		return thresholdOf(a, t), nil
	}
}

// the product map

func spotOf(x graduation.Spot) ProductSpot {
	f := x.Facts.V
	return ProductSpot{
		ID: x.ID.String(), Family: x.Family, Market: f.Market, Served: f.Served, Unserved: f.Unserved, Growth: f.Growth, Share: f.Share, MonthlyFen: f.MonthlyFen, Certified: f.Certified, Response: f.Response, WinRate: f.WinRate,
		Attractiveness: f.Attractiveness, Capability: f.Capability, Quadrant: x.Quadrant, Class: x.Class, OverrideQuadrant: x.OverrideQuadrant, OverrideClass: x.OverrideClass, OverrideReason: x.OverrideReason,
		OverrideByName: x.OverrideByName, OverrideAt: x.OverrideAt,
	}
}

func productMap(s *Server, ctx context.Context, a tenants.Actor, in *mapInput) (ProductMap, error) {
	quarter, spots, quarters, err := s.Graduations.Map(ctx, a, in.Quarter)
	out := ProductMap{Quarter: quarter, Quarters: listOf(quarters), Items: []ProductSpot{}, CanOverride: a.Can(graduation.MapShift)}
	for _, x := range spots {
		f := x.Facts.V
		out.ComputedAt, out.AttractivenessMid, out.CapabilityMid, out.GrowthMid, out.ShareMid = &x.ComputedAt, f.AttractivenessMid, f.CapabilityMid, f.GrowthMid, f.ShareMid
		out.Items = append(out.Items, spotOf(x))
	}
	return out, err
}

func overrideMap(s *Server, ctx context.Context, a tenants.Actor, in *overrideInput) (ProductSpot, error) {
	x, err := s.Graduations.Override(ctx, a, uuid.MustParse(in.ID), graduation.Shift{Quadrant: in.Body.Quadrant, Class: in.Body.Class, Reason: in.Body.Reason})
	if err != nil {
		return ProductSpot{}, err
	}
	return spotOf(x), nil
}

// workbooks

func dateOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return calendar.Date(*t)
}

func exportGraduations(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	in := &graduationsInput{Kind: f.Query("kind"), Solution: f.Query("solution"), Q: f.Query("q")}
	if states := f.Query("state"); states != "" {
		in.State = strings.Split(states, ",")
	}
	q, err := graduationQuery(in)
	if err != nil {
		return book{}, err
	}
	q.Limit = exportPage
	return book{name: say(ctx, "产品升级.xlsx", "graduations.xlsx"), header: []string{
		say(ctx, "编号", "Number"), say(ctx, "方案", "Solution"), say(ctx, "版本", "Version"), say(ctx, "伙伴", "Partner"), say(ctx, "提出方", "Nominated by"), say(ctx, "类别", "Category"), say(ctx, "产品系列", "Family"),
		say(ctx, "方向", "Direction"), say(ctx, "状态", "State"), say(ctx, "提名日期", "Nominated on"), say(ctx, "意见截止", "Comments until"), say(ctx, "决定日期", "Decided on"), say(ctx, "决定人", "Decided by"), say(ctx, "理由", "Reason"),
	}, next: rowsOf(func(last *graduation.Graduation) ([]graduation.Graduation, error) {
		if last != nil {
			q.AfterAt, q.AfterID = last.UpdatedAt, last.ID
		}
		page, _, err := s.Graduations.List(ctx, a, q)
		return page, err
	}, func(g graduation.Graduation) []any {
		return []any{g.Number, g.SolutionName, g.Semver, g.PartnerName, g.CityName, g.Category, g.Family, g.Kind, g.State, calendar.Date(g.NominatedAt), dateOf(g.CommentsUntil), dateOf(g.DecidedAt), g.DecidedByName, g.Reason}
	})}, nil
}

func exportRollouts(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	q, err := rolloutQuery(&rolloutsInput{State: f.Query("state"), Kind: f.Query("kind"), Reason: f.Query("reason"), City: f.Query("city"), Graduation: f.Query("graduation"), Q: f.Query("q")})
	if err != nil {
		return book{}, err
	}
	q.Limit = exportPage
	return book{name: say(ctx, "推广任务.xlsx", "rollout-tasks.xlsx"), header: []string{
		say(ctx, "方案", "Solution"), say(ctx, "版本", "Version"), say(ctx, "伙伴", "Partner"), say(ctx, "地市", "City"), say(ctx, "方向", "Direction"), say(ctx, "答复", "Answer"), say(ctx, "暂缓到", "Later on"),
		say(ctx, "原因类别", "Reason code"), say(ctx, "原因", "Reason"), say(ctx, "时限", "Due"), say(ctx, "答复人", "Answered by"), say(ctx, "答复日期", "Answered on"),
	}, next: rowsOf(func(last *graduation.Task) ([]graduation.Task, error) {
		if last != nil {
			q.AfterAt, q.AfterID = last.UpdatedAt, last.ID
		}
		page, _, err := s.Graduations.TaskList(ctx, a, q)
		return page, err
	}, func(t graduation.Task) []any {
		later := ""
		if t.LaterOn != nil {
			later = t.LaterOn.Format(time.DateOnly)
		}
		return []any{t.SolutionName, t.Semver, t.PartnerName, t.CityName, t.Kind, t.State, later, t.ReasonCode, t.Reason, calendar.Date(t.DueAt), t.AnsweredByName, dateOf(t.AnsweredAt)}
	})}, nil
}

func exportMap(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	quarter, spots, _, err := s.Graduations.Map(ctx, a, f.Query("quarter"))
	if err != nil {
		return book{}, err
	}
	cell := func(p *int64) any {
		if p == nil {
			return ""
		}
		return *p
	}
	return book{name: say(ctx, "产品地图", "product-map") + quarter + ".xlsx", header: []string{
		say(ctx, "季度", "Quarter"), say(ctx, "产品系列", "Family"), say(ctx, "市场客户", "Market"), say(ctx, "已服务", "Served"), say(ctx, "未服务 %", "Unserved %"), say(ctx, "增长 %", "Growth %"), say(ctx, "份额 %", "Share %"),
		say(ctx, "认证方案", "Certified"), say(ctx, "按时响应 %", "Answered in time %"), say(ctx, "赢单率 %", "Win rate %"), say(ctx, "市场吸引力", "Attractiveness"), say(ctx, "能力", "Capability"),
		say(ctx, "象限", "Quadrant"), say(ctx, "增长份额类", "Class"), say(ctx, "人工象限", "Quadrant, by hand"), say(ctx, "人工类", "Class, by hand"), say(ctx, "理由", "Reason"), say(ctx, "调整人", "By"), say(ctx, "调整日期", "On"),
	}, next: func() ([]any, error) {
		if len(spots) == 0 {
			return nil, nil
		}
		x := spots[0]
		spots = spots[1:]
		v := x.Facts.V
		return []any{
			x.Quarter, x.Family, v.Market, v.Served, cell(v.Unserved), cell(v.Growth), cell(v.Share), v.Certified, cell(v.Response), cell(v.WinRate), v.Attractiveness, v.Capability,
			x.Quadrant, x.Class, x.OverrideQuadrant, x.OverrideClass, x.OverrideReason, x.OverrideByName, dateOf(x.OverrideAt),
		}, nil
	}}, nil
}

// home

// homeGraduations is what waits for the province: nominations, and what can be
// decided now.
func (s *Server) homeGraduations(ctx context.Context, a tenants.Actor, t *todo) error {
	now := calendar.Now(ctx)
	rows, _, err := s.Graduations.List(ctx, a, graduation.Query{States: []string{"nominated", "evaluating", "consulting"}, Limit: 100})
	if err != nil {
		return err
	}
	n := 0
	for _, g := range rows {
		kind, due := "graduation_open", calendar.AddWorkingDays(g.NominatedAt, 5)
		if g.State != "nominated" {
			if now.Before(*g.CommentsUntil) || g.Nominators.Has(a) {
				continue
			}
			kind, due = "graduation_decide", calendar.AddWorkingDays(*g.CommentsUntil, 5)
		}
		if n++; n > shown {
			continue
		}
		t.add(HomeItem{Kind: kind, Title: g.SolutionName + " " + g.Semver, Href: "/graduations/" + g.ID.String(), DueAt: &due, Overdue: now.After(due), Params: map[string]string{"number": g.Number, "partner": g.PartnerName, "city": g.CityName}})
	}
	t.more("graduation_decide", "/graduations?state=nominated,evaluating,consulting", int64(n), min(n, shown))
	versions, err := s.Graduations.Thresholds(ctx, a)
	for _, v := range versions {
		if slices.Contains(v.Actions(a), "publish") {
			t.add(HomeItem{Kind: "threshold_check", Title: v.Category, Href: "/thresholds", Params: map[string]string{"number": fmt.Sprint(v.Number)}})
		}
	}
	return err
}

// homePilots is what a city may take part in.
func (s *Server) homePilots(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, _, err := s.Graduations.List(ctx, a, graduation.Query{States: []string{"piloting", "evaluating", "consulting"}, Limit: 50})
	n := 0
	for _, g := range rows {
		kind := "graduation_comment"
		if g.State == "piloting" {
			kind = "graduation_pilot"
		}
		if (g.State == "piloting" && g.OrgPath == a.Tenant.Path) || (g.CommentsUntil != nil && calendar.Now(ctx).After(*g.CommentsUntil)) {
			continue
		}
		if n++; n <= shown {
			t.add(HomeItem{Kind: kind, Title: g.SolutionName + " " + g.Semver, Href: "/graduations/" + g.ID.String(), DueAt: g.CommentsUntil, Params: map[string]string{"number": g.Number, "city": g.CityName}})
		}
	}
	t.more("graduation_comment", "/graduations?state=piloting,evaluating,consulting", int64(n), min(n, shown))
	return err
}

// homeRollouts is what a city must answer.
func (s *Server) homeRollouts(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, total, err := s.Graduations.TaskList(ctx, a, graduation.TaskQuery{State: "open", Limit: shown})
	for _, x := range rows {
		due := x.DueAt
		t.add(HomeItem{Kind: "rollout_answer", Title: x.SolutionName + " " + x.Semver, Href: "/rollouts?state=open", DueAt: &due, Overdue: x.Overdue(calendar.Now(ctx)), Params: map[string]string{"partner": x.PartnerName}})
	}
	t.more("rollout_answer", "/rollouts?state=open", total, len(rows))
	return err
}
