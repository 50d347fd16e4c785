package web

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/money"
	"ecoport/marketplace/order"
	"ecoport/tenants"
)

func (s *Server) homeStatements(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, _, err := s.Commissions.Statements(ctx, a, commission.StatementQuery{State: "issued", Limit: shown})
	for _, st := range rows {
		t.add(HomeItem{
			Kind: "statement_confirm", Title: st.Month, Href: "/statements/" + st.ID.String(), DueAt: &st.ConfirmBy, Overdue: past(ctx, &st.ConfirmBy),
			Params: map[string]string{"number": st.Number, "amount_fen": fmt.Sprint(st.PayableFen), "lines": fmt.Sprint(st.Lines)},
		})
	}
	if err != nil {
		return err
	}
	// What is confirmed and not paid for want of an account or an invoice, and
	// what the bank returned.
	for _, state := range []string{"confirmed", "approved"} {
		rows, _, err := s.Commissions.Statements(ctx, a, commission.StatementQuery{State: state, Limit: shown})
		if err != nil {
			return err
		}
		for _, st := range rows {
			if st.PayableFen == 0 {
				continue
			}
			d, err := s.Commissions.Statement(ctx, a, st.ID)
			if err != nil {
				return err
			}
			params := map[string]string{"number": st.Number, "amount_fen": fmt.Sprint(st.PayableFen)}
			for _, n := range d.Needs {
				switch {
				case n.Done || state != "confirmed":
				case n.Code == "account":
					t.add(HomeItem{Kind: "payee_missing", Title: st.Month, Href: "/payee", Params: params})
				case n.Code == "invoices":
					t.add(HomeItem{Kind: "invoice_send", Title: st.Month, Href: "/statements/" + st.ID.String(), Params: params})
				}
			}
			if len(d.Payouts) > 0 && d.Payouts[0].State == "failed" {
				params["reason"] = d.Payouts[0].Reason
				t.add(HomeItem{Kind: "payout_failed", Title: st.Month, Href: "/payee", Params: params})
			}
		}
	}
	return nil
}

func (s *Server) homePayouts(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, _, w, err := s.Commissions.Batches(ctx, a, "", nil, shown)
	if err != nil {
		return err
	}
	if w.Statements+w.InternalStatements > 0 && a.Can(commission.PayoutMake) {
		t.add(HomeItem{Kind: "payout_make", Count: w.Statements + w.InternalStatements, Href: "/payouts", Params: map[string]string{"amount_fen": fmt.Sprint(w.Fen + w.InternalFen)}})
	}
	for _, b := range rows {
		params := map[string]string{"amount_fen": fmt.Sprint(b.TotalFen), "maker": b.MakerName, "payouts": fmt.Sprint(b.Payouts)}
		switch {
		case b.State == "made" && a.Can(commission.PayoutCheck) && !b.Makers.Has(a):
			t.add(HomeItem{Kind: "payout_check", Title: b.Number, Href: "/payouts/" + b.ID.String(), Params: params})
		case b.State == "checked" && a.Can(commission.PayoutMake):
			t.add(HomeItem{Kind: "payout_send", Title: b.Number, Href: "/payouts/" + b.ID.String(), Params: params})
		case b.State == "sent" && a.Can(commission.PayoutAnswer):
			t.add(HomeItem{Kind: "payout_reconcile", Title: b.Number, Href: "/payouts/" + b.ID.String(), Params: params})
		}
	}
	return nil
}

func (s *Server) homeFlags(ctx context.Context, a tenants.Actor, t *todo) error {
	for state, need := range map[string]tenants.Permission{"open": commission.FlagPropose, "proposed": commission.FlagDecide} {
		if !a.Can(need) {
			continue
		}
		rows, _, err := s.Commissions.Flags(ctx, a, state, nil, shown)
		if err != nil {
			return err
		}
		for _, f := range rows {
			if state == "open" || !f.Proposers.Has(a) {
				t.add(HomeItem{Kind: "flag_" + state, Title: f.PartnerName, Href: "/flags/" + f.ID.String(), Params: map[string]string{"number": f.Number, "events": fmt.Sprint(f.Count)}})
			}
		}
	}
	return nil
}

func (s *Server) homePlans(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, err := s.Commissions.Plans(ctx, a)
	for _, p := range rows {
		if p.State == "submitted" {
			t.add(HomeItem{Kind: "plan_check", Title: fmt.Sprintf("%s v%d", p.Plan, p.Number), Href: "/plans/" + p.ID.String(), Params: map[string]string{"maker": p.MakerName}})
		}
	}
	return err
}

func (s *Server) homePeriods(ctx context.Context, a tenants.Actor, t *todo) error {
	rows, err := s.Commissions.Periods(ctx, a)
	this := calendar.Month(calendar.Now(ctx))
	for _, p := range rows {
		switch {
		case p.Month >= this:
		case p.State == "open":
			t.add(HomeItem{Kind: "period_calculate", Title: p.Month, Href: "/periods", Params: map[string]string{"events": fmt.Sprint(p.Events)}})
		case p.State == "calculated":
			t.add(HomeItem{Kind: "statement_issue", Title: p.Month, Href: "/periods", Params: map[string]string{"amount_fen": fmt.Sprint(p.TotalFen)}})
		}
		if p.Disputed > 0 {
			t.add(HomeItem{Kind: "dispute_settle", Count: p.Disputed, Title: p.Month, Href: "/statements?month=" + p.Month})
		}
	}
	return err
}

func (s *Server) commissionNumbers(ctx context.Context, a tenants.Actor) ([]HomeNumber, error) {
	m, err := s.Commissions.Summary(ctx, a)
	if err != nil {
		return nil, err
	}
	spark, settled := make([]int64, 12), make([]int64, 12)
	for i, x := range m.Months {
		if at := 12 - len(m.Months) + i; at >= 0 {
			spark[at], settled[at] = x.SettledFen+x.PendingFen, x.SettledFen
		}
	}
	return []HomeNumber{
		{Key: "expected_commission", Unit: "fen", Value: float64(m.ExpectedFen), Previous: float64(spark[10]), Spark: spark, Href: "/commission"},
		{Key: "confirmed_commission", Unit: "fen", Value: float64(m.ConfirmedFen + m.ToConfirmFen), Previous: float64(settled[10]), Spark: settled, Href: "/statements"},
	}, nil
}

// prospects are sales of offers by the actor's firm, as plans see them; none
// for who earns no commission.
func (s *Server) prospects(ctx context.Context, a tenants.Actor, found ...listing.Offer) ([]commission.Prospect, error) {
	if !a.Partner() || !a.Can("commission:read") || len(found) == 0 {
		return nil, nil
	}
	firm, err := s.Partners.Standing(ctx, a)
	if err != nil {
		return nil, err
	}
	out := make([]commission.Prospect, len(found))
	for i, o := range found {
		city := o.Scope
		if city == listing.ScopeProvince {
			city = ""
		}
		out[i] = commission.Prospect{Product: o.Family, Category: o.Category, CityCode: city, Capabilities: firm.Capabilities, Tier: firm.Tier}
	}
	return out, nil
}

// commissionRates is the best rate of the plans in force beside each offer;
// only a partner that sells sees one.
func (s *Server) commissionRates(ctx context.Context, a tenants.Actor, found []listing.Offer) (map[uuid.UUID]int64, error) {
	out := map[uuid.UUID]int64{}
	asked, err := s.prospects(ctx, a, found...)
	if err != nil || len(asked) == 0 {
		return out, err
	}
	promised, err := s.Commissions.Preview(ctx, a, asked)
	for i, offers := range promised {
		for _, x := range offers {
			if ppm, err := money.Rate(x.PPM, x.Seller); err == nil && ppm > out[found[i].ID] {
				out[found[i].ID] = ppm
			}
		}
	}
	return out, err
}

// commissionFor is what the plans in force would pay the seller's firm when
// the priced composition is activated; nil for who earns none.
func (s *Server) commissionFor(ctx context.Context, a tenants.Actor, p order.Priced) (*int64, error) {
	asked, err := s.prospects(ctx, a, p.Offer)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	x := asked[0]
	x.AmountFen, x.Units = p.OneOffFen, p.Units
	promised, err := s.Commissions.Preview(ctx, a, []commission.Prospect{x})
	if err != nil {
		return nil, err
	}
	var sum int64
	for _, o := range promised[0] {
		if o.Basis == "recurring" {
			continue
		}
		part, err := money.Rate(o.Fen, o.Seller)
		if err != nil {
			return nil, err
		}
		sum += part
	}
	return &sum, nil
}

// marginOf is what is left of a quote over its term when discounts and the
// commission of all parties are taken off.
func (s *Server) marginOf(ctx context.Context, a tenants.Actor, q order.QuoteDetail) (*Margin, error) {
	p := q.Price.V
	m := Margin{TotalFen: p.TotalFen}
	for _, l := range p.Lines {
		switch l.Billing {
		case "one_off":
			m.ListFen += l.Quantity * l.ListFen
		case "monthly":
			m.ListFen += l.Quantity * l.ListFen * int64(p.TermMonths)
		}
	}
	if q.Seller != nil {
		once := commission.Prospect{Product: q.Family, Category: q.Category, CityCode: q.CityCode, Capabilities: q.Seller.Capabilities, Tier: q.Seller.Tier, AmountFen: p.OneOffFen, Units: p.Units}
		monthly := once
		monthly.AmountFen = p.MonthlyFen
		promised, err := s.Commissions.Preview(ctx, a, []commission.Prospect{once, monthly})
		if err != nil {
			return nil, err
		}
		for i, offers := range promised {
			for _, o := range offers {
				times := int64(1)
				if o.Basis == "recurring" {
					times = int64(p.TermMonths)
					if o.Months > 0 {
						times = min(times, int64(o.Months))
					}
				}
				if (o.Basis == "recurring") == (i == 1) {
					m.CommissionFen += times * o.Fen
				}
			}
		}
	}
	m.NetFen = m.TotalFen - m.CommissionFen
	return &m, nil
}

// EventOf is the fact a commission is computed from: a service of an
// order that started or ended.
func EventOf(f order.Facts, kind string, at time.Time) commission.Event {
	o := f.Order
	e := commission.Event{
		ExternalID: kind + ":" + f.Service.Number, Kind: kind, At: at, ServiceID: f.Service.ID, OrderID: o.ID, AccountID: o.AccountID, ServiceNumber: f.Service.Number, OrderNumber: o.Number,
		AccountName: o.AccountName, AccountKind: o.AccountKind, Product: o.Family, Category: o.Category, CityCode: o.CityCode, OrgPath: o.OrgPath, NewAccount: o.NewAccount,
		SolutionOwner: o.SupplierID, SolutionOwnerName: o.SupplierName,
	}
	if kind == commission.Activation {
		e.AmountFen, e.Units = o.OneOffFen, o.Units
	}
	if f.Seller != nil {
		e.Seller, e.SellerName, e.SellerCapabilities, e.SellerTier = f.Seller.ID, f.Seller.LegalName, f.Seller.Capabilities, f.Seller.Tier
	}
	return e
}
