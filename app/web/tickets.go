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
	"ecoport/app/platform/fault"
	"ecoport/marketplace/care"
	"ecoport/tenants"
)

func ticketRowOf(ctx context.Context, t care.Ticket) TicketRow {
	out := TicketRow{
		ID: t.ID.String(), Number: t.Number, AccountName: t.AccountName, SolutionName: t.SolutionName, PartnerID: t.PartnerID.String(), PartnerName: t.PartnerName, CityCode: t.CityCode,
		Category: t.Category, Severity: t.Severity, Subject: t.Subject, State: t.State, Holder: t.Holder(), OpenedByName: t.OpenedByName, TakenByName: t.TakenByName,
		OpenedAt: t.OpenedAt, DueAt: t.DueAt, Overdue: t.Overdue(calendar.Now(ctx)),
	}
	if t.AccountID != nil {
		out.AccountID = t.AccountID.String()
	}
	return out
}

func (s *Server) ticketOf(ctx context.Context, d care.Detail, err error) (Ticket, error) {
	if err != nil {
		return Ticket{}, err
	}
	c := d.Clock(calendar.Now(ctx))
	out := Ticket{
		TicketRow: ticketRowOf(ctx, d.Ticket), Tier: d.Tier, ServiceNumber: d.ServiceNumber, Description: d.Description, Files: filesOf(d.FileList), Messages: []TicketMessage{},
		Events: eventsOf(ctx, d.History), Version: d.Version, Actions: listOf(d.Actions),
		Clock: TicketClock{
			OperatorHours: c.Operator.Hours(), PartnerHours: c.Partner.Hours(), CustomerHours: c.Customer.Hours(), ElapsedHours: c.Elapsed.Hours(), HeldSince: d.HeldSince,
			RespondHours: d.RespondHours, ResolveHours: d.ResolveHours, RespondBy: c.RespondBy, RespondedAt: d.RespondedAt, RespondLate: d.ResponseMissed,
			ResolveBy: c.ResolveBy, ResolvedAt: d.ResolvedAt, CloseAt: d.CloseAt,
		},
	}
	if d.ServiceID != nil {
		out.ServiceID = d.ServiceID.String()
	}
	if d.ListingID != nil {
		out.ListingID = d.ListingID.String()
	}
	for _, m := range d.Messages {
		out.Messages = append(out.Messages, TicketMessage{ID: m.ID.String(), AuthorName: m.AuthorName, Side: m.Side, Text: m.Body, Files: filesOf(m.FileList), At: m.At})
	}
	for _, n := range d.Notes {
		out.Messages = append(out.Messages, TicketMessage{ID: n.ID.String(), AuthorName: n.AuthorName, Side: care.Operator, Internal: true, Text: n.Body, Files: []File{}, At: n.At})
	}
	return out, nil
}

// ticketQuery reads the filters of the list, which the workbook takes too.
func (s *Server) ticketQuery(ctx context.Context, a tenants.Actor, in *ticketsInput) (care.Query, error) {
	q := care.Query{States: in.State, Severity: in.Severity, Overdue: in.Overdue, Mine: in.Mine, Text: in.Q, Month: in.Month, Missed: in.Missed, ByDue: in.Sort == "due"}
	var c fault.Checker
	if _, err := time.Parse("2006-01", in.Month); err != nil && in.Month != "" {
		c.Add("month", "month", "月份格式为 YYYY-MM。", "A month is written YYYY-MM.")
	}
	err := c.Err()
	if err != nil {
		return q, err
	}
	if q.Accounts, err = s.family(ctx, a, in.Account); err != nil {
		return q, err
	}
	if in.Supplier != "" {
		if q.Supplier, err = uuid.Parse(in.Supplier); err != nil {
			return q, errID
		}
	}
	return q, nil
}

func tickets(s *Server, ctx context.Context, a tenants.Actor, in *ticketsInput) (Page[TicketRow], error) {
	var key timeKey
	list := "tickets " + in.Sort
	if err := s.openCursor(a, list, in.Cursor, &key); err != nil {
		return Page[TicketRow]{}, err
	}
	q, err := s.ticketQuery(ctx, a, in)
	if err != nil {
		return Page[TicketRow]{}, err
	}
	q.AfterAt, q.AfterID, q.Limit = key.At, key.ID, in.Limit+1
	found, total, err := s.Care.List(ctx, a, q)
	return pageOf(s, a, list, in.Limit, total, found, func(t care.Ticket) TicketRow { return ticketRowOf(ctx, t) }, func(t care.Ticket) any { return timeKey{q.Key(t), t.ID} }), err
}

func newTicket(s *Server, ctx context.Context, a tenants.Actor, in *newTicketInput) (Ticket, error) {
	b := in.Body
	r := care.Raised{Category: b.Category, Severity: b.Severity, Subject: b.Subject, Description: b.Description}
	for to, text := range map[*uuid.UUID]string{&r.Service: b.ServiceID, &r.Listing: b.ListingID} {
		if text == "" {
			continue
		}
		id, err := uuid.Parse(text)
		if err != nil {
			return Ticket{}, errID
		}
		*to = id
	}
	var err error
	if r.Files, err = idsOf(b.FileIDs); err != nil {
		return Ticket{}, err
	}
	d, err := s.Care.Raise(ctx, a, r)
	return s.ticketOf(ctx, d, err)
}

func oneTicket(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Ticket, error) {
	d, err := s.Care.Get(ctx, a, uuid.MustParse(in.ID))
	return s.ticketOf(ctx, d, err)
}

func actTicket(action string) call[actionInput, Ticket] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Ticket, error) {
		d, err := s.Care.Act(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return s.ticketOf(ctx, d, err)
	}
}

func sayTicket(s *Server, ctx context.Context, a tenants.Actor, in *messageInput) (Ticket, error) {
	files, err := idsOf(in.Body.FileIDs)
	if err != nil {
		return Ticket{}, err
	}
	d, err := s.Care.Say(ctx, a, uuid.MustParse(in.ID), in.Body.Text, files)
	return s.ticketOf(ctx, d, err)
}

func noteTicket(s *Server, ctx context.Context, a tenants.Actor, in *noteInput) (Ticket, error) {
	d, err := s.Care.Note(ctx, a, uuid.MustParse(in.ID), in.Body.Text)
	return s.ticketOf(ctx, d, err)
}

func ticketServices(s *Server, ctx context.Context, a tenants.Actor, in *ticketServicesInput) (List[Service], error) {
	out := List[Service]{Items: []Service{}}
	family, err := s.family(ctx, a, in.Account)
	if err != nil {
		return out, err
	}
	found, err := s.Care.Services(ctx, a, in.Q, family, 30)
	for _, r := range found {
		out.Items = append(out.Items, serviceOf(r))
	}
	return out, err
}

func ticketPromises(_ *Server, _ context.Context, _ tenants.Actor, _ *empty) (List[TicketPromise], error) {
	out := List[TicketPromise]{Items: []TicketPromise{}}
	for _, p := range care.Promises {
		out.Items = append(out.Items, TicketPromise{p.Tier, p.Severity, p.Respond, p.Within})
	}
	return out, nil
}

func partnerSpeed(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[Speed], error) {
	out := List[Speed]{Items: []Speed{}}
	found, err := s.Care.Speed(ctx, a, uuid.MustParse(in.ID))
	for _, x := range found {
		out.Items = append(out.Items, Speed(x))
	}
	return out, err
}

// exports

func exportTickets(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	in := &ticketsInput{
		Severity: f.Query("severity"), Overdue: f.QueryBool("overdue"), Mine: f.QueryBool("mine"), Q: f.Query("q"), Account: f.Query("account"), Supplier: f.Query("supplier"),
		Month: f.Query("month"), Missed: f.Query("missed"), Sort: f.Query("sort"),
	}
	if states := f.Query("state"); states != "" {
		in.State = strings.Split(states, ",")
	}
	q, err := s.ticketQuery(ctx, a, in)
	if err != nil {
		return book{}, err
	}
	q.Limit = exportPage
	b := book{name: say(ctx, "工单.xlsx", "tickets.xlsx"), header: []string{
		say(ctx, "单号", "Number"), say(ctx, "主题", "Subject"), say(ctx, "客户", "Account"), say(ctx, "方案", "Solution"), say(ctx, "支撑伙伴", "Supplier"), say(ctx, "地市", "City"),
		say(ctx, "类别", "Category"), say(ctx, "影响程度", "Severity"), say(ctx, "状态", "State"), say(ctx, "提出人", "Raised by"), say(ctx, "提出时间", "Raised at"), say(ctx, "处理人", "Taken by"),
		say(ctx, "首次响应", "First answer"), say(ctx, "解决时间", "Solved at"), say(ctx, "运营方工时（小时）", "Operator's hours"), say(ctx, "伙伴工时（小时）", "Partner's hours"),
		say(ctx, "客户工时（小时）", "Customer's hours"), say(ctx, "响应超时", "Answered late"), say(ctx, "解决超时", "Solved late"),
	}}
	moment := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(calendar.Shanghai).Format("2006-01-02 15:04")
	}
	late := map[bool]string{true: say(ctx, "是", "yes")}
	b.next = rowsOf(func(last *care.Ticket) ([]care.Ticket, error) {
		if last != nil {
			q.AfterAt, q.AfterID = q.Key(*last), last.ID
		}
		page, _, err := s.Care.List(ctx, a, q)
		return page, err
	}, func(t care.Ticket) []any {
		c := t.Clock(calendar.Now(ctx))
		return []any{
			t.Number, t.Subject, t.AccountName, t.SolutionName, t.PartnerName, t.CityCode, t.Category, t.Severity, t.State, t.OpenedByName, moment(&t.OpenedAt), t.TakenByName,
			moment(t.RespondedAt), moment(t.ResolvedAt), tenths(c.Operator), tenths(c.Partner), tenths(c.Customer), late[t.ResponseMissed], late[t.ResolutionMissed],
		}
	})
	return b, nil
}

// tenths are hours with one decimal.
func tenths(d time.Duration) float64 { return d.Round(6 * time.Minute).Hours() }

func exportSpeed(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	id, err := uuid.Parse(f.Params("id"))
	if err != nil {
		return book{}, fault.ErrMissing
	}
	months, err := s.Care.Speed(ctx, a, id)
	if err != nil {
		return book{}, err
	}
	b := book{name: say(ctx, "响应速度.xlsx", "response-speed.xlsx"), header: []string{
		say(ctx, "月份", "Month"), say(ctx, "工单", "Tickets"), say(ctx, "已响应", "Answered"), say(ctx, "已解决", "Solved"),
		say(ctx, "首次响应中位（工作小时）", "First answer, median (working hours)"), say(ctx, "首次响应九成内", "First answer, p90"), say(ctx, "按时响应 %", "Answered in time %"),
		say(ctx, "解决中位（工作小时）", "Solution, median (working hours)"), say(ctx, "解决九成内", "Solution, p90"), say(ctx, "按时解决 %", "Solved in time %"),
	}}
	number := func(x *float64) any {
		if x == nil {
			return ""
		}
		return fmt.Sprintf("%.1f", *x)
	}
	b.next = func() ([]any, error) {
		if len(months) == 0 {
			return nil, nil
		}
		m := months[0]
		months = months[1:]
		return []any{m.Month, m.Tickets, m.Responded, m.Resolved, number(m.RespondP50), number(m.RespondP90), number(m.RespondShare), number(m.ResolveP50), number(m.ResolveP90), number(m.ResolveShare)}, nil
	}
	return b, nil
}

// home

// homeTicket is one kind of what waits on the home page.
type homeTicket struct {
	kind, href string
	q          care.Query
}

// homeWork is what waits for the supplier's engineers.
func (s *Server) homeWork(ctx context.Context, a tenants.Actor, t *todo) error {
	return s.homeTicketsOf(ctx, a, t, care.Query{States: []string{"open", "waiting_partner", "in_progress"}}, []homeTicket{
		{"ticket_take", "/tickets?state=open,waiting_partner&sort=due", care.Query{States: []string{"open", "waiting_partner"}}},
		{"ticket_resolve", "/tickets?state=in_progress&sort=due", care.Query{States: []string{"in_progress"}}},
	})
}

// homeTickets is what waits for the operator's people: to answer, to confirm,
// and what is late with a supplier.
func (s *Server) homeTickets(ctx context.Context, a tenants.Actor, t *todo) error {
	waiting := []string{"waiting_customer", "waiting_operator"}
	kinds := []homeTicket{{"ticket_answer", "/tickets?state=waiting_customer,waiting_operator&sort=due", care.Query{States: waiting}}}
	all := care.Query{States: waiting}
	if a.Can(care.Close) {
		late := []string{"open", "in_progress", "waiting_partner"}
		kinds = append(kinds, homeTicket{"ticket_confirm", "/tickets?state=resolved", care.Query{States: []string{"resolved"}}},
			homeTicket{"ticket_overdue", "/tickets?overdue=true&sort=due", care.Query{States: late, Overdue: true}})
		all = care.Query{States: append([]string{"resolved"}, waiting...), OrLate: late}
	}
	return s.homeTicketsOf(ctx, a, t, all, kinds)
}

// homeTicketsOf asks for all kinds at once, and for each by itself only when
// there are more than are shown.
func (s *Server) homeTicketsOf(ctx context.Context, a tenants.Actor, t *todo, all care.Query, kinds []homeTicket) error {
	all.ByDue, all.Limit = true, shown*len(kinds)+1
	found, total, err := s.Care.List(ctx, a, all)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		rows := slices.DeleteFunc(slices.Clone(found), func(x care.Ticket) bool { return !slices.Contains(k.q.States, x.State) })
		n := int64(len(rows))
		if total > int64(len(found)) {
			k.q.ByDue, k.q.Limit = true, shown
			if rows, n, err = s.Care.List(ctx, a, k.q); err != nil {
				return err
			}
		}
		rows = rows[:min(len(rows), shown)]
		for _, x := range rows {
			due := x.DueAt
			if x.State == "resolved" {
				due = x.CloseAt
			}
			t.add(HomeItem{Kind: k.kind, Title: x.Subject, Href: "/tickets/" + x.ID.String(), DueAt: due, Overdue: x.Overdue(calendar.Now(ctx)), Params: map[string]string{"number": x.Number, "partner": x.AccountName, "solution": x.SolutionName}})
		}
		t.more(k.kind, k.href, n, len(rows))
	}
	return nil
}
