package web

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/care"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/insight"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/order"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// shown is how many things of one kind stand on the home page; the rest is
// folded into one line with their number.
const shown = 5

// todo collects what needs the person now.
type todo struct {
	items []HomeItem
}

func (t *todo) add(i HomeItem) {
	if i.Params == nil {
		i.Params = map[string]string{}
	}
	t.items = append(t.items, i)
}

// more folds what does not fit.
func (t *todo) more(kind, href string, total int64, listed int) {
	if rest := int(total) - listed; rest > 0 && listed >= shown {
		t.add(HomeItem{Kind: kind, Count: rest, Href: href})
	}
}

// home asks every part the person works in what waits for them.
func home(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Home, error) {
	t := &todo{items: []HomeItem{}}
	for _, part := range []struct {
		needs tenants.Permission
		ask   func(*Server, context.Context, tenants.Actor, *todo) error
	}{
		{partner.Apply, (*Server).homeOwnFirm},
		{partner.Vet, (*Server).homeVetting},
		{standing.Decide, (*Server).homeTiers},
		{solution.Submit, (*Server).homeAuthor},
		{"", (*Server).homeAsked},
		{certification.Test, (*Server).homeTester},
		{certification.Approve, (*Server).homeLate},
		{"listing:approve", (*Server).homeReviews},
		{"listing:approve", (*Server).homeDrifts},
		{graduation.Decide, (*Server).homeGraduations},
		{graduation.Pilot, (*Server).homePilots},
		{graduation.Reply, (*Server).homeRollouts},
		{deal.Review, (*Server).homeDealReview},
		{order.Approve, (*Server).homeDiscounts},
		{deal.Register, (*Server).homeAgent},
		{order.Accept, (*Server).homeOrders},
		{order.Deliver, (*Server).homeDeliveries},
		{care.Work, (*Server).homeWork},
		{care.Open, (*Server).homeTickets},
		{account.Import, (*Server).homeImports},
		{"statement:confirm", (*Server).homeStatements},
		{"plan:check", (*Server).homePlans},
		{"period:calculate", (*Server).homePeriods},
		{commission.PayoutRead, (*Server).homePayouts},
		{commission.FlagRead, (*Server).homeFlags},
	} {
		if part.needs != "" && !a.Can(part.needs) {
			continue
		}
		if err := part.ask(s, ctx, a, t); err != nil {
			return Home{}, err
		}
	}
	sort.SliceStable(t.items, func(i, j int) bool {
		x, y := t.items[i], t.items[j]
		switch {
		case x.Overdue != y.Overdue:
			return x.Overdue
		case (x.DueAt == nil) != (y.DueAt == nil):
			return x.DueAt != nil
		case x.DueAt != nil && y.DueAt != nil:
			return x.DueAt.Before(*y.DueAt)
		}
		return false
	})
	out := Home{Items: t.items, Numbers: []HomeNumber{}, Months: insight.Months(calendar.Now(ctx)), Recent: []Notice{}}
	var err error
	if out.Numbers, err = s.numbers(ctx, a); err != nil {
		return out, err
	}
	hidden := unread(a)
	recent, err := keep(ctx, s.kept, fmt.Sprint("recent ", hidden, a.Persons(), sightOf(a)), heardBy(a), func() ([]tenants.AuditEvent, error) {
		return s.Tenants.Recent(ctx, a, 8, hidden...)
	})
	for _, e := range recent {
		out.Recent = append(out.Recent, Notice{At: e.At, Action: e.Resource + "." + e.Action, Label: e.Label, Actor: e.ActorName, Href: hrefOf(e), To: e.ToState})
	}
	return out, err
}

// readings says which permission shows the records of a resource.
var readings = []struct {
	resource string
	any      []tenants.Permission
}{
	{"partner", []tenants.Permission{partner.Read, partner.ReadOwn}},
	{"certification", []tenants.Permission{certification.Read}},
	{"listing", []tenants.Permission{listing.Read}},
	{"overlay", []tenants.Permission{listing.Read}},
	{"graduation", []tenants.Permission{graduation.Read}},
	{"rollout", []tenants.Permission{graduation.Read}},
	{"tier_move", []tenants.Permission{standing.Read, partner.ReadOwn}},
	{"tier_evaluation", []tenants.Permission{standing.Read, partner.ReadOwn}},
	{"tier_formula", []tenants.Permission{standing.Read}},
	{"tier_objection", []tenants.Permission{standing.Read, partner.ReadOwn}},
	{"exposure", []tenants.Permission{partner.Read, partner.ReadOwn}},
	{"deal", []tenants.Permission{deal.Read}},
	{"order", []tenants.Permission{order.Read}},
	{"delivery", []tenants.Permission{order.DeliveryRead, order.Read}},
	{"ticket", []tenants.Permission{care.Read}},
	{"statement", []tenants.Permission{commission.StatementRead}},
	{"payout_batch", []tenants.Permission{commission.PayoutRead}},
	{"commission_flag", []tenants.Permission{commission.FlagRead}},
	{"payee", []tenants.Permission{commission.StatementRead}},
	{"plan", []tenants.Permission{commission.PlanRead}},
	{"period", []tenants.Permission{commission.PeriodRead}},
}

// unread are the resources whose acts the actor is not shown, unless they are
// the actor's own: what they may not read, and for a seat that sees only its
// own customers what may be about others'.
func unread(a tenants.Actor) (out []string) {
	narrow := a.Operator() && a.Can(account.Read) && !a.Can(account.ReadAll)
	for _, r := range readings {
		ofCustomers := slices.Contains([]string{"deal", "order", "delivery", "ticket"}, r.resource)
		if narrow && ofCustomers || !slices.ContainsFunc(r.any, a.Can) {
			out = append(out, r.resource)
		}
	}
	return out
}

// hrefOf is the page of the record an act was on.
func hrefOf(e tenants.AuditEvent) string { return PageOf(e.Resource, e.ResourceID) }

// PageOf is the page of a record, or nothing.
func PageOf(resource string, id uuid.UUID) string {
	switch resource {
	case "partner", "certification", "listing", "graduation", "deal", "quote", "order", "ticket", "statement", "plan":
		return "/" + resource + "s/" + id.String()
	case "certification_plan":
		return "/certification-plans/" + id.String()
	case "delivery":
		return "/deliveries/" + id.String()
	case "commission_flag":
		return "/flags/" + id.String()
	case "payout_batch":
		return "/payouts/" + id.String()
	case "payee":
		return "/payee"
	case "period":
		return "/periods"
	case "rollout":
		return "/rollouts"
	case "threshold":
		return "/thresholds"
	case "tier_move", "tier_formula", "tier_objection":
		return "/tiers"
	case "product_map":
		return "/product-map"
	}
	return ""
}

func (s *Server) homeOwnFirm(ctx context.Context, a tenants.Actor, t *todo) error {
	d, err := s.Partners.Get(ctx, a, a.Tenant.ID)
	if err != nil {
		return err
	}
	switch d.State {
	case "draft", "rejected":
		t.add(HomeItem{Kind: "partner_complete", Title: d.LegalName, Href: "/partner", Params: map[string]string{"missing": fmt.Sprint(partner.Failed(d.Checks)), "state": d.State}})
	case "more_info":
		t.add(HomeItem{Kind: "partner_info", Title: d.LegalName, Href: "/partner", Params: map[string]string{"reason": d.Reason}})
	case "suspended", "terminated":
		t.add(HomeItem{Kind: "partner_" + d.State, Title: d.LegalName, Href: "/partner", Params: map[string]string{"reason": d.Reason}})
	}
	now := calendar.Now(ctx)
	for _, doc := range d.Documents {
		if doc.ExpiresOn != nil && doc.DaysLeft(now) <= 60 && !doc.Replaced(d.Documents) {
			t.add(HomeItem{Kind: "document_expiring", Title: doc.File.Name, Href: "/partner", DueAt: doc.ExpiresOn, Overdue: doc.DaysLeft(now) < 0, Params: map[string]string{"kind": doc.Kind}})
		}
	}
	return nil
}

func (s *Server) homeVetting(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, total, err := s.Partners.List(ctx, a, partner.Query{Queue: true, Limit: shown})
	for _, p := range rows {
		if p.Unread > 0 {
			t.add(HomeItem{Kind: "partner_renewal", Title: p.LegalName, Href: "/partners/" + p.ID.String(), DueAt: p.UnreadDue, Overdue: past(ctx, p.UnreadDue), Params: map[string]string{"documents": fmt.Sprint(p.Unread), "number": p.Code}})
			continue
		}
		t.add(HomeItem{Kind: "partner_review", Title: p.LegalName, Href: "/partners/" + p.ID.String(), DueAt: p.DueAt, Overdue: past(ctx, p.DueAt), Params: map[string]string{"failed": fmt.Sprint(p.Failed), "number": p.Code}})
	}
	t.more("partner_review", "/partners?queue=true", total, len(rows))
	return err
}

func past(ctx context.Context, at *time.Time) bool { return at != nil && calendar.Now(ctx).After(*at) }

func (s *Server) homeAuthor(ctx context.Context, a tenants.Actor, t *todo) error {
	cases, total, err := s.Certifications.List(ctx, a, certification.Query{State: "changes_requested", Limit: shown})
	if err != nil {
		return err
	}
	for _, c := range cases {
		t.add(HomeItem{
			Kind: "changes_requested", Title: c.SolutionName + " " + c.Semver, Href: "/certifications/" + c.ID.String(),
			Params: map[string]string{"findings": fmt.Sprint(c.OpenFindings), "days": fmt.Sprintf("%.0f", math.Floor(certification.Days(c.Clock(calendar.Now(ctx)).Partner))), "number": c.Number},
		})
	}
	t.more("changes_requested", "/certifications?state=changes_requested", total, len(cases))
	drafts, total, err := s.Solutions.List(ctx, a, solution.Query{State: "draft", Limit: shown})
	for _, d := range drafts {
		t.add(HomeItem{Kind: "version_draft", Title: d.Name + " " + d.LatestSemver, Href: "/versions/" + d.LatestVersionID.String()})
	}
	t.more("version_draft", "/solutions?state=draft", total, len(drafts))
	return err
}

func (s *Server) homeTester(ctx context.Context, a tenants.Actor, t *todo) error {
	cases, total, err := s.Certifications.List(ctx, a, certification.Query{Mine: true, Limit: shown})
	now := calendar.Now(ctx)
	for _, c := range cases {
		kind := "certification_test"
		if c.TesterID == nil {
			kind = "certification_claim"
		}
		k := c.Clock(now)
		t.add(HomeItem{Kind: kind, Title: c.SolutionName + " " + c.Semver, Href: "/certifications/" + c.ID.String(), DueAt: k.PromisedAt, Overdue: k.Overdue, Params: map[string]string{"partner": c.PartnerName, "number": c.Number}})
	}
	t.more("certification_test", "/certifications?mine=true", total, len(cases))
	return err
}

// homeLate is what has run over its thirty days before it came to a decision.
func (s *Server) homeLate(ctx context.Context, a tenants.Actor, t *todo) error {
	cases, total, err := s.Certifications.List(ctx, a, certification.Query{State: "testing", Overdue: true, Limit: shown})
	for _, c := range cases {
		t.add(HomeItem{Kind: "certification_overdue", Title: c.SolutionName + " " + c.Semver, Href: "/certifications/" + c.ID.String(), DueAt: c.DueAt, Overdue: true, Params: map[string]string{"partner": c.PartnerName, "number": c.Number}})
	}
	t.more("certification_overdue", "/certifications?state=overdue", total, len(cases))
	return err
}

func (s *Server) homeReviews(ctx context.Context, a tenants.Actor, t *todo) error {
	queue, err := reviews(s, ctx, a, nil)
	if err != nil {
		return err
	}
	queue.Items = slices.DeleteFunc(queue.Items, func(r ReviewRow) bool { return r.WithOther })
	for i, r := range queue.Items {
		if i == shown {
			t.more("certification_decide", "/reviews", int64(len(queue.Items)), shown)
			break
		}
		kind := "certification_decide"
		if r.Kind == "listing" {
			kind = "listing_approve"
		}
		t.add(HomeItem{Kind: kind, Title: r.Title + " " + r.Semver, Href: "/reviews?item=" + r.ID, DueAt: r.DueAt, Overdue: r.Overdue, Params: map[string]string{"partner": r.PartnerName, "what": r.What}})
	}
	return nil
}

// byState asks for the things of several states at once, and for each state by
// itself only when there are more than are shown.
func byState[T any](states []string, ask func(states []string, limit int) ([]T, int64, error), stateOf func(T) string, each func(state string, rows []T, total int64)) error {
	all, total, err := ask(states, shown*len(states))
	if err != nil {
		return err
	}
	for _, state := range states {
		rows := slices.DeleteFunc(slices.Clone(all), func(x T) bool { return stateOf(x) != state })
		n := int64(len(rows))
		if total > int64(len(all)) {
			if rows, n, err = ask([]string{state}, shown); err != nil {
				return err
			}
		}
		each(state, rows[:min(len(rows), shown)], n)
	}
	return nil
}

func (s *Server) homeDealReview(ctx context.Context, a tenants.Actor, t *todo) error {
	return byState([]string{"registered", "under_review"}, func(states []string, limit int) ([]deal.Deal, int64, error) {
		return s.Deals.List(ctx, a, deal.Query{States: states, Limit: limit})
	}, func(d deal.Deal) string { return d.State }, func(state string, rows []deal.Deal, total int64) {
		for _, d := range rows {
			t.add(HomeItem{
				Kind: "deal_review", Title: d.AccountName, Href: "/deals/" + d.ID.String(), DueAt: d.DueAt, Overdue: past(ctx, d.DueAt),
				Params: map[string]string{"partner": d.PartnerName, "number": d.Number, "amount_fen": fmt.Sprint(d.AmountFen)},
			})
		}
		t.more("deal_review", "/deals?state="+state, total, len(rows))
	})
}

func (s *Server) homeAgent(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, _, err := s.Deals.List(ctx, a, deal.Query{State: "protected", Limit: 100})
	if err != nil {
		return err
	}
	soon := calendar.Now(ctx).AddDate(0, 0, 14)
	n := 0
	for _, d := range rows {
		if d.ProtectedUntil != nil && d.ProtectedUntil.Before(soon) {
			t.add(HomeItem{Kind: "deal_expiring", Title: d.AccountName, Href: "/deals/" + d.ID.String(), DueAt: d.ProtectedUntil, Params: map[string]string{"number": d.Number, "amount_fen": fmt.Sprint(d.AmountFen)}})
			n++
		} else if n < shown && (d.Stage == "analysis" || d.Stage == "trust" || d.Stage == "need") {
			t.add(HomeItem{Kind: "deal_quote", Title: d.AccountName, Href: "/deals/" + d.ID.String(), DueAt: d.ProtectedUntil, Params: map[string]string{"number": d.Number, "amount_fen": fmt.Sprint(d.AmountFen)}})
			n++
		}
	}
	return nil
}

func (s *Server) homeOrders(ctx context.Context, a tenants.Actor, t *todo) error {
	kinds := map[string]string{"submitted": "order_accept", "delivered": "order_acceptance"}
	return byState([]string{"submitted", "delivered"}, func(states []string, limit int) ([]order.Order, int64, error) {
		return s.Orders.Orders(ctx, a, order.Query{States: states, Limit: limit})
	}, func(o order.Order) string { return o.State }, func(state string, rows []order.Order, total int64) {
		for _, o := range rows {
			t.add(HomeItem{Kind: kinds[state], Title: o.AccountName, Href: "/orders/" + o.ID.String(), Params: map[string]string{"number": o.Number, "amount_fen": fmt.Sprint(o.TotalFen), "partner": o.SupplierName}})
		}
		t.more(kinds[state], "/orders?state="+state, total, len(rows))
	})
}

func (s *Server) homeDeliveries(ctx context.Context, a tenants.Actor, t *todo) error {
	kinds := map[string]string{"waiting": "delivery_start", "in_progress": "delivery_finish"}
	return byState([]string{"waiting", "in_progress"}, func(states []string, limit int) ([]order.DeliveryDetail, int64, error) {
		return s.Orders.Deliveries(ctx, a, order.Query{States: states, Limit: limit})
	}, func(d order.DeliveryDetail) string { return d.State }, func(state string, rows []order.DeliveryDetail, total int64) {
		for _, d := range rows {
			due := d.DueOn
			t.add(HomeItem{Kind: kinds[state], Title: d.AccountName, Href: "/deliveries/" + d.ID.String(), DueAt: &due, Overdue: d.Overdue(calendar.Now(ctx)), Params: map[string]string{"number": d.OrderNumber, "solution": d.SolutionName}})
		}
		t.more(kinds[state], "/deliveries?state="+state, total, len(rows))
	})
}

func (s *Server) homeImports(ctx context.Context, a tenants.Actor, t *todo) error {
	runs, err := s.Accounts.Imports(ctx, a)
	for _, r := range runs {
		if r.State == "checked" {
			t.add(HomeItem{Kind: "import_ready", Title: r.FileName, Href: "/imports", Params: map[string]string{"bad": fmt.Sprint(r.BadRows), "rows": fmt.Sprint(r.Rows)}})
		}
	}
	return err
}

// ratio of won among decided, in percent.
func ratio(won, lost int64) float64 {
	if won+lost == 0 {
		return 0
	}
	return math.Round(float64(won)*1000/float64(won+lost)) / 10
}

func counted(key, href string, series []int64) HomeNumber {
	return HomeNumber{Key: key, Unit: "count", Value: float64(series[11]), Previous: float64(series[10]), Spark: series, Href: href}
}

// monthly counts over the last twelve months, for all who see the same.
func (s *Server) monthly(ctx context.Context, a tenants.Actor, metrics ...insight.Metric) ([][]int64, error) {
	return keep(ctx, s.kept, fmt.Sprint("monthly ", calendar.Month(calendar.Now(ctx)), metrics, sightOf(a)), heardBy(a), func() ([][]int64, error) {
		return s.Insight.Monthly(ctx, a, metrics...)
	})
}

// numbers are the few figures a role watches, with the month before beside.
func (s *Server) numbers(ctx context.Context, a tenants.Actor) ([]HomeNumber, error) {
	out := []HomeNumber{}
	if a.Can("commission:read") && a.Partner() {
		money, err := s.commissionNumbers(ctx, a)
		if err != nil {
			return out, err
		}
		out = append(out, money...)
	}
	add := func(p tenants.Permission, key, href string, m insight.Metric) error {
		if !a.Can(p) || len(out) >= 4 {
			return nil
		}
		series, err := s.monthly(ctx, a, m)
		if err == nil {
			out = append(out, counted(key, href, series[0]))
		}
		return err
	}
	if a.Can(deal.Read) {
		series, err := s.monthly(ctx, a, insight.DealsRegistered, insight.DealsWon, insight.DealsLost)
		if err != nil {
			return out, err
		}
		rates := make([]int64, 12)
		for i := range rates {
			rates[i] = int64(ratio(series[1][i], series[2][i]))
		}
		out = append(out, counted("deals_registered", "/deals", series[0]),
			HomeNumber{Key: "win_rate", Unit: "percent", Value: ratio(series[1][11], series[2][11]), Previous: ratio(series[1][10], series[2][10]), Spark: rates, Href: "/deals?state=won"})
	}
	for _, x := range []struct {
		p    tenants.Permission
		key  string
		href string
		m    insight.Metric
	}{
		{certification.Read, "certified", "/certifications?state=certified", insight.Certified},
		{certification.Read, "submitted", "/certifications", insight.Submitted},
		{"listing:read", "listings_live", "/listings?state=live", insight.ListingsLive},
		{partner.Vet, "partners_applied", "/partners", insight.PartnersApplied},
		{order.Read, "orders_submitted", "/orders", insight.OrdersSubmitted},
		{order.Read, "services_started", "/orders?state=active", insight.ServicesStarted},
		{order.DeliveryRead, "deliveries_done", "/deliveries", insight.DeliveriesDone},
	} {
		if err := add(x.p, x.key, x.href, x.m); err != nil {
			return out, err
		}
	}
	return out, nil
}
