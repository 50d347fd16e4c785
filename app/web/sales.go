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
	"ecoport/app/platform/paper"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/money"
	"ecoport/marketplace/order"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// deals

func dealRowOf(d deal.Deal) DealRow {
	out := DealRow{
		ID: d.ID.String(), Number: d.Number, AccountName: d.AccountName, Products: listOf(d.Products), PartnerName: d.PartnerName, CityCode: d.CityCode, State: d.State, Stage: d.Stage,
		AmountFen: d.AmountFen, ProtectedUntil: d.ProtectedUntil, FullUntil: d.FullUntil, DueAt: d.DueAt, AgentName: d.AgentName, UpdatedAt: d.UpdatedAt,
	}
	// The account's page opens for the partner only while a grant lasts.
	if d.AccountID != nil {
		out.AccountID = d.AccountID.String()
	}
	return out
}

func (s *Server) dealOf(ctx context.Context, a tenants.Actor, d deal.Detail, err error) (Deal, error) {
	if err != nil {
		return Deal{}, err
	}
	out := Deal{
		DealRow: dealRowOf(d.Deal), CreditCode: d.CreditCode, DistrictCode: d.DistrictCode, ContactName: d.ContactName, ContactPhone: d.ContactPhone, Need: d.Need, Offers: []Offer{},
		Files: filesOf(d.FileList), Duplicates: []Duplicate{}, Extended: d.Extended, Reason: d.Reason, Quotes: []QuoteRow{}, Orders: []OrderRow{}, Events: eventsOf(ctx, d.History), Version: d.Deal.Version,
		Actions: listOf(d.Actions),
	}
	if d.CloseOn != nil {
		out.CloseOn = d.CloseOn.Format(time.DateOnly)
	}
	for _, o := range d.Offers.V {
		out.Offers = append(out.Offers, Offer{ID: o.Listing.String(), SolutionID: o.Solution.String(), Name: o.Name, Family: o.Family, PartnerName: o.Supplier, Certified: true})
	}
	for _, x := range d.Duplicates {
		w := Duplicate{Number: x.Number, Partner: x.PartnerName, Why: x.Why, State: x.State, At: x.At}
		if x.DealID != uuid.Nil {
			w.DealID = x.DealID.String()
		}
		out.Duplicates = append(out.Duplicates, w)
	}
	if a.Can(order.QuoteRead) {
		quotes, _, err := s.Orders.Quotes(ctx, a, order.Query{Deal: d.ID, Limit: 20})
		if err != nil {
			return out, err
		}
		for _, q := range quotes {
			out.Quotes = append(out.Quotes, quoteRowOf(ctx, q))
		}
	}
	if a.Can(order.Read) {
		orders, _, err := s.Orders.Orders(ctx, a, order.Query{Deal: d.ID, Limit: 20})
		if err != nil {
			return out, err
		}
		for _, o := range orders {
			out.Orders = append(out.Orders, orderRowOf(ctx, o))
		}
	}
	return out, nil
}

func checkDeal(s *Server, ctx context.Context, a tenants.Actor, in *dealCheckInput) (DealCheckAnswer, error) {
	x, err := s.Deals.Check(ctx, a, in.Body.CreditCode)
	return DealCheckAnswer{x.Answer, x.Until}, err
}

func deals(s *Server, ctx context.Context, a tenants.Actor, in *dealsInput) (Page[DealRow], error) {
	var key timeKey
	if err := s.openCursor(a, "deals", in.Cursor, &key); err != nil {
		return Page[DealRow]{}, err
	}
	family, err := s.family(ctx, a, in.Account)
	if err != nil {
		return Page[DealRow]{}, err
	}
	found, total, err := s.Deals.List(ctx, a, deal.Query{State: in.State, Stage: in.Stage, Text: in.Q, Accounts: family, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, "deals", in.Limit, total, found, dealRowOf, func(d deal.Deal) any { return timeKey{d.UpdatedAt, d.ID} }), err
}

func dealFunnel(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (DealFunnel, error) {
	f, err := s.Deals.FunnelOf(ctx, a)
	if err != nil {
		return DealFunnel{}, err
	}
	out := DealFunnel{Since: f.Since, Steps: []FunnelStep{}, Won: f.Won, WonFen: f.WonFen, Lost: f.Lost, OpenFen: f.OpenFen, ForecastFen: f.ForecastFen}
	for _, p := range f.Steps {
		out.Steps = append(out.Steps, FunnelStep(p))
	}
	if !a.Partner() && a.Can(account.ReadAll) {
		found, err := s.Insight.CoverageOf(ctx, a, calendar.Now(ctx).In(calendar.Shanghai).Year(), "")
		if err != nil {
			return out, err
		}
		var targets int64
		for _, c := range found {
			targets += c.Targets
		}
		out.Targets = &targets
	}
	return out, nil
}

// idsOf reads ids a body carries; one that is none is a wrong field.
func idsOf(texts []string) ([]uuid.UUID, error) {
	out := make([]uuid.UUID, 0, len(texts))
	for _, t := range texts {
		id, err := uuid.Parse(t)
		if err != nil {
			return nil, errID
		}
		out = append(out, id)
	}
	return out, nil
}

func newDeal(s *Server, ctx context.Context, a tenants.Actor, in *newDealInput) (Deal, error) {
	b := in.Body
	listings, err := idsOf(b.ListingIDs)
	if err != nil {
		return Deal{}, err
	}
	files, err := idsOf(b.FileIDs)
	if err != nil {
		return Deal{}, err
	}
	d, err := s.Deals.Register(ctx, a, deal.Registration{
		CreditCode: b.CreditCode, AccountName: b.AccountName, DistrictCode: b.DistrictCode, Listings: listings, AmountFen: b.AmountFen,
		CloseOn: b.CloseOn, ContactName: b.ContactName, ContactPhone: b.ContactPhone, Need: b.Need, Files: files,
	})
	return s.dealOf(ctx, a, d, err)
}

func oneDeal(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Deal, error) {
	d, err := s.Deals.Get(ctx, a, uuid.MustParse(in.ID))
	return s.dealOf(ctx, a, d, err)
}

func actDeal(action string) call[actionInput, Deal] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Deal, error) {
		d, err := s.Deals.Act(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return s.dealOf(ctx, a, d, err)
	}
}

func stageDeal(s *Server, ctx context.Context, a tenants.Actor, in *stageInput) (Deal, error) {
	d, err := s.Deals.SetStage(ctx, a, uuid.MustParse(in.ID), in.Body.Stage)
	return s.dealOf(ctx, a, d, err)
}

// quotes

func (s *Server) priceOf(ctx context.Context, p menu.Price) Price {
	out := Price{Lines: []PricedLine{}, OneOffFen: p.OneOffFen, MonthlyFen: p.MonthlyFen, TermMonths: p.TermMonths, TotalFen: p.TotalFen, DiscountFen: p.DiscountFen, StepFen: p.StepFen, Promotions: offOf(p.Promotions), Violations: []Violation{}, Approvals: []string{}}
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, PricedLine{ElementID: l.Element.String(), Name: l.Name, Unit: l.Unit, Billing: l.Billing, Quantity: l.Quantity, ListFen: l.ListFen, StepFen: l.StepFen, Promotions: offOf(l.Promotions), DiscountFen: l.DiscountFen, AmountFen: l.AmountFen, ProvinceFen: l.ProvinceFen})
	}
	for _, v := range p.Violations {
		w := Violation{Code: v.Code, Group: v.Group, Message: v.Words.In(localeOf(ctx))}
		if v.Element != uuid.Nil {
			w.ElementID = v.Element.String()
		}
		if v.Fix != nil {
			w.Fix = &QuoteLine{v.Fix.Element.String(), v.Fix.Quantity}
		}
		out.Violations = append(out.Violations, w)
	}
	return out
}

func offOf(all []menu.Applied) []PromotionOff {
	out := []PromotionOff{}
	for _, x := range all {
		out = append(out, PromotionOff{x.ID.String(), x.Name, x.Fen})
	}
	return out
}

func quoteRowOf(ctx context.Context, q order.Quote) QuoteRow {
	return QuoteRow{ID: q.ID.String(), Number: q.Number, AccountName: q.AccountName, SolutionName: q.SolutionName, TotalFen: q.TotalFen, State: q.StateAt(calendar.Now(ctx)), ValidUntil: q.ValidUntil, UpdatedAt: q.UpdatedAt}
}

func (s *Server) quoteOf(ctx context.Context, d order.QuoteDetail, err error) (Quote, error) {
	if err != nil {
		return Quote{}, err
	}
	out := Quote{
		QuoteRow: quoteRowOf(ctx, d.Quote), AccountID: d.AccountID.String(), ListingID: d.ListingID.String(), Price: s.priceOf(ctx, d.Price.V), Menu: offerElements(d.Menu), Rules: rulesOf(d.Rules), CustomerNote: d.CustomerNote,
		DiscountPPM: d.DiscountPPM, Revision: d.Revision, Accepted: acceptedOf(d.Quote), Revisions: []QuoteForm{}, Shares: []QuoteShare{}, Approval: d.Approval, Approvals: []QuoteApproval{}, Messages: messagesOf(d.Messages), Version: d.Quote.Version, Actions: listOf(d.Actions),
	}
	for _, x := range d.Approvals {
		out.Approvals = append(out.Approvals, QuoteApproval{x.Level, x.State, x.Names(), x.DiscountPPM, x.MadeAt, x.DueAt, x.DecidedByName, x.Reason, x.DecidedAt})
	}
	for _, r := range d.Revisions {
		out.Revisions = append(out.Revisions, s.formOf(ctx, r))
	}
	for _, x := range d.Shares {
		out.Shares = append(out.Shares, s.shareOf(x))
	}
	if d.ReplacesID != nil {
		out.Replaces = &Replaced{d.ReplacesID.String(), d.ReplacesNumber, d.ReplacesFen}
	}
	if len(d.Bundle) > 0 {
		out.Bundle = &QuoteBundle{Name: d.BundleName, Quotes: []QuoteRow{}}
		for _, q := range d.Bundle {
			out.Bundle.Quotes = append(out.Bundle.Quotes, quoteRowOf(ctx, q))
			out.Bundle.TotalFen += q.TotalFen
		}
	}
	if d.Member != nil && d.Group != nil {
		out.Group = &QuoteGroup{d.Group.ID.String(), d.Group.Name, d.Member.State, d.Member.MinPPM, d.Group.ReachedPPM, d.Group.ClosesOn.Format(time.DateOnly)}
	}
	if d.AccountID == uuid.Nil {
		out.AccountID, out.City = "", d.CityCode
	}
	if d.DealID != nil {
		out.DealID = d.DealID.String()
	}
	if d.OrderID != nil {
		out.OrderID = d.OrderID.String()
	}
	return out, nil
}

func acceptedOf(q order.Quote) *Accepted {
	if q.AcceptedRevision == nil || q.AcceptedAt == nil {
		return nil
	}
	return &Accepted{*q.AcceptedRevision, q.AcceptedBy, *q.AcceptedAt}
}

func messagesOf(all []order.Message) []QuoteMessage {
	out := []QuoteMessage{}
	for _, m := range all {
		out = append(out, QuoteMessage{m.ID.String(), m.ShareID.String(), m.Customer, m.Name, m.Text, m.At})
	}
	return out
}

func (s *Server) formOf(ctx context.Context, r order.Revision) QuoteForm {
	return QuoteForm{r.Number, r.SolutionName, s.priceOf(ctx, r.Price.V), r.CustomerNote, r.ValidUntil, r.ByName, r.At}
}

func (s *Server) shareOf(x order.Share) QuoteShare {
	out := QuoteShare{ID: x.ID.String(), Revision: x.Revision, ByName: x.ByName, CreatedAt: x.CreatedAt, ExpiresAt: x.ExpiresAt, RevokedAt: x.RevokedAt, Opens: x.Opens, OpenedAt: x.OpenedAt}
	if x.Secret != "" {
		out.Link = s.Options.BaseURL + "/q/" + x.Secret
	}
	return out
}

func promotionOf(ctx context.Context, a tenants.Actor, p order.Promotion) Promotion {
	return Promotion{
		ID: p.ID.String(), Name: p.Name, Mine: p.OrgPath == a.Tenant.Path, Province: p.OrgPath == a.Tenant.Root(), SolutionName: p.SolutionName, Elements: listOf(p.Elements), PPM: p.PPM, Stackable: p.Stackable,
		StartsOn: p.StartsOn.Format(time.DateOnly), EndsOn: p.EndsOn.Format(time.DateOnly), BudgetFen: p.BudgetFen, UsedFen: p.UsedFen, Orders: p.Orders, Phase: p.Phase(calendar.Now(ctx)), Reason: p.Reason, MadeByName: p.MadeByName, MadeAt: p.MadeAt, Actions: p.Actions(a),
	}
}

func promotions(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Promotion], error) {
	out := List[Promotion]{Items: []Promotion{}}
	found, err := s.Orders.Promotions(ctx, a)
	for _, p := range found {
		out.Items = append(out.Items, promotionOf(ctx, a, p))
	}
	return out, err
}

func newPromotion(s *Server, ctx context.Context, a tenants.Actor, in *promotionInput) (Promotion, error) {
	b := in.Body
	x := order.PromotionEdit{Name: b.Name, Elements: b.Elements, PPM: b.PPM, Stackable: b.Stackable, StartsOn: b.StartsOn, EndsOn: b.EndsOn, BudgetFen: b.BudgetFen}
	if b.ListingID != "" {
		x.Listing = uuid.MustParse(b.ListingID)
	}
	p, err := s.Orders.NewPromotion(ctx, a, x)
	if err != nil {
		return Promotion{}, err
	}
	return promotionOf(ctx, a, p), nil
}

func endPromotion(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Promotion, error) {
	p, err := s.Orders.EndPromotion(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	if err != nil {
		return Promotion{}, err
	}
	return promotionOf(ctx, a, p), nil
}

func bundleOf(a tenants.Actor, b order.BundlePriced) Bundle {
	out := Bundle{
		ID: b.ID.String(), Name: b.Name, Summary: b.Summary, PPM: b.PPM, Province: b.OrgPath == a.Tenant.Root(), Items: []BundleItem{}, Available: len(b.Parts) > 0, State: b.State, Reason: b.Reason,
		MadeByName: b.MadeByName, Actions: b.Actions(a),
	}
	for _, p := range b.Parts {
		out.OneOffFen += p.Price.OneOffFen
		out.MonthlyFen += p.Price.MonthlyFen
	}
	for _, item := range b.Items.V {
		w := BundleItem{ListingID: item.Listing.String(), SolutionName: item.SolutionName, SupplierName: item.SupplierName, Element: item.Element, Quantity: item.Quantity}
		for _, p := range b.Parts {
			for _, l := range p.Price.Lines {
				if p.Offer.ID == item.Listing && l.Name == item.Element {
					w.Unit, w.Billing, w.ListFen, w.AmountFen = l.Unit, l.Billing, l.Quantity*l.ListFen, l.AmountFen
				}
			}
		}
		out.Items = append(out.Items, w)
	}
	return out
}

func bundles(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Bundle], error) {
	out := List[Bundle]{Items: []Bundle{}}
	found, err := s.Orders.Bundles(ctx, a)
	for _, b := range found {
		out.Items = append(out.Items, bundleOf(a, b))
	}
	return out, err
}

func newBundle(s *Server, ctx context.Context, a tenants.Actor, in *newBundleInput) (Bundle, error) {
	x := order.BundleEdit{Name: in.Body.Name, Summary: in.Body.Summary, PPM: in.Body.PPM}
	for _, item := range in.Body.Items {
		x.Items = append(x.Items, order.Item{Listing: uuid.MustParse(item.ListingID), Element: item.Element, Quantity: item.Quantity})
	}
	b, err := s.Orders.NewBundle(ctx, a, x)
	return bundleOf(a, b), err
}

func endBundle(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Bundle, error) {
	b, err := s.Orders.EndBundle(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
	return bundleOf(a, b), err
}

func quoteBundle(s *Server, ctx context.Context, a tenants.Actor, in *quoteBundleInput) (List[QuoteRow], error) {
	out := List[QuoteRow]{Items: []QuoteRow{}}
	d := order.Draft{ValidDays: in.Body.ValidDays, TermMonths: in.Body.TermMonths, CustomerNote: in.Body.CustomerNote}
	for to, text := range map[*uuid.UUID]string{&d.Deal: in.Body.DealID, &d.Account: in.Body.AccountID} {
		if text == "" {
			continue
		}
		id, err := uuid.Parse(text)
		if err != nil {
			return out, errID
		}
		*to = id
	}
	made, err := s.Orders.QuoteBundle(ctx, a, uuid.MustParse(in.ID), in.Body.Sets, d)
	for _, q := range made {
		out.Items = append(out.Items, quoteRowOf(ctx, q))
	}
	return out, err
}

func groupOf(a tenants.Actor, g order.Group) GroupPurchase {
	out := GroupPurchase{
		ID: g.ID.String(), Name: g.Name, ListingID: g.ListingID.String(), SolutionName: g.SolutionName, Province: g.OrgPath == a.Tenant.Root(), Steps: []GroupStep{}, Units: g.Units, Members: g.Members, Cities: g.Cities,
		ClosesOn: g.ClosesOn.Format(time.DateOnly), State: g.State, ReachedPPM: g.ReachedPPM, Reason: g.Reason, MadeByName: g.MadeByName, Actions: g.Actions(a),
	}
	for _, s := range g.Steps.V {
		out.Steps = append(out.Steps, GroupStep(s))
	}
	return out
}

func groupPurchases(s *Server, ctx context.Context, a tenants.Actor, in *groupsInput) (List[GroupPurchase], error) {
	out := List[GroupPurchase]{Items: []GroupPurchase{}}
	var offer uuid.UUID
	if in.Listing != "" {
		var err error
		if offer, err = uuid.Parse(in.Listing); err != nil {
			return out, errID
		}
	}
	found, err := s.Orders.Groups(ctx, a, offer)
	for _, g := range found {
		out.Items = append(out.Items, groupOf(a, g))
	}
	return out, err
}

func newGroup(s *Server, ctx context.Context, a tenants.Actor, in *newGroupInput) (GroupPurchase, error) {
	x := order.GroupEdit{Name: in.Body.Name, Listing: uuid.MustParse(in.Body.ListingID), ClosesOn: in.Body.ClosesOn}
	for _, step := range in.Body.Steps {
		x.Steps = append(x.Steps, order.GroupStep(step))
	}
	g, err := s.Orders.NewGroup(ctx, a, x)
	return groupOf(a, g), err
}

func actOnGroup(action string) call[actionInput, GroupPurchase] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (GroupPurchase, error) {
		g, err := s.Orders.ActOnGroup(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return groupOf(a, g), err
	}
}

func joinGroup(s *Server, ctx context.Context, a tenants.Actor, in *joinGroupInput) (Quote, error) {
	q, err := s.Orders.JoinGroup(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Body.GroupID), in.Body.MinPPM)
	return s.quoteOf(ctx, q, err)
}

func actGroup(action string) call[actionInput, Quote] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Quote, error) {
		q, err := s.Orders.ActGroup(ctx, a, uuid.MustParse(in.ID), action)
		return s.quoteOf(ctx, q, err)
	}
}

func decideDiscount(action string) call[actionInput, Quote] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Quote, error) {
		q, err := s.Orders.DecideDiscount(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return s.quoteOf(ctx, q, err)
	}
}

// homeDiscounts is what waits for the actor's level.
func (s *Server) homeDiscounts(ctx context.Context, a tenants.Actor, t *todo) error {
	found, total, err := s.Orders.Quotes(ctx, a, order.Query{Mine: true, Limit: shown})
	for _, q := range found {
		t.add(HomeItem{Kind: "quote_approval", Title: q.AccountName, Href: "/quotes/" + q.ID.String(), Params: map[string]string{"number": q.Number, "amount_fen": fmt.Sprint(q.TotalFen)}})
	}
	t.more("quote_approval", "/quotes?mine=true", total, len(found))
	return err
}

func shareQuote(s *Server, ctx context.Context, a tenants.Actor, in *shareInput) (QuoteShare, error) {
	x, err := s.Orders.ShareQuote(ctx, a, uuid.MustParse(in.ID), in.Body.Days)
	if err != nil {
		return QuoteShare{}, err
	}
	return s.shareOf(x), nil
}

func revokeShare(s *Server, ctx context.Context, a tenants.Actor, in *shareIDInput) (none, error) {
	return none{}, s.Orders.RevokeShare(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
}

func answerShare(s *Server, ctx context.Context, a tenants.Actor, in *shareAnswerInput) (Quote, error) {
	if err := s.Orders.AnswerMessage(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), in.Body.Text); err != nil {
		return Quote{}, err
	}
	q, err := s.Orders.GetQuote(ctx, a, uuid.MustParse(in.ID))
	return s.quoteOf(ctx, q, err)
}

func (s *Server) sharedOf(ctx context.Context, x order.Shared, err error) (SharedQuote, error) {
	if err != nil {
		return SharedQuote{}, err
	}
	return SharedQuote{
		Number: x.Quote.Number, AccountName: x.Quote.AccountName, SellerName: x.Quote.SellerName, Form: s.formOf(ctx, x.Revision), Newer: x.Newer, Accepted: acceptedOf(x.Quote), Ordered: x.Quote.State == "ordered",
		ExpiresAt: x.Share.ExpiresAt, Messages: messagesOf(x.Messages),
	}, nil
}

func sharedQuote(s *Server, ctx context.Context, f *fiber.Ctx, in *sharedInput) (SharedQuote, error) {
	x, err := s.Orders.OpenShare(ctx, in.Token, f.IP())
	return s.sharedOf(ctx, x, err)
}

func askShared(s *Server, ctx context.Context, f *fiber.Ctx, in *sharedSayInput) (SharedQuote, error) {
	x, err := s.Orders.AskShare(ctx, in.Token, f.IP(), in.Body.Name, in.Body.Text)
	return s.sharedOf(ctx, x, err)
}

func acceptShared(s *Server, ctx context.Context, f *fiber.Ctx, in *sharedSayInput) (SharedQuote, error) {
	x, err := s.Orders.AcceptShare(ctx, in.Token, f.IP(), in.Body.Name)
	return s.sharedOf(ctx, x, err)
}

func quotePDF(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (string, []byte, error) {
	id, err := uuid.Parse(f.Params("id"))
	if err != nil {
		return "", nil, fault.ErrMissing
	}
	d, err := s.Orders.GetQuote(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	body, err := paper.Bytes(quotePage(ctx, d.Quote, d.Revisions[0]))
	return d.Number + ".pdf", body, err
}

func sharedPDF(s *Server, ctx context.Context, f *fiber.Ctx) (string, []byte, error) {
	x, err := s.Orders.OpenShare(ctx, f.Params("token"), f.IP())
	if err != nil {
		return "", nil, err
	}
	body, err := paper.Bytes(quotePage(ctx, x.Quote, x.Revision))
	return x.Quote.Number + ".pdf", body, err
}

// quotePage is a form of a quote in the reader's language.
func quotePage(ctx context.Context, q order.Quote, r order.Revision) paper.Page {
	billing := func(code string) string {
		return map[string]string{"one_off": say(ctx, "一次性", "one-off"), "monthly": say(ctx, "按月", "monthly"), "per_use": say(ctx, "按次", "per use")}[code]
	}
	stamp := ""
	if q.Revision == r.Number && (q.Approval == "pending" || q.Approval == "returned") {
		stamp = say(ctx, "优惠未审批", "Discount not approved")
	}
	p := paper.Page{
		Stamp: stamp, Over: say(ctx, "报价单", "Quotation"), Title: q.AccountName, Sub: r.SolutionName,
		Facts: []paper.Fact{
			{Label: say(ctx, "编号", "Number"), Value: fmt.Sprintf("%s · %d", q.Number, r.Number)},
			{Label: say(ctx, "报价方", "Offered by"), Value: q.SellerName + " · " + r.ByName},
			{Label: say(ctx, "日期", "Date"), Value: calendar.Date(r.At)},
			{Label: say(ctx, "有效期至", "Valid until"), Value: calendar.Date(r.ValidUntil)},
		},
		Table: paper.Table{
			Head: []string{say(ctx, "功能元素", "Element"), say(ctx, "计费", "Billing"), say(ctx, "数量", "Quantity"), say(ctx, "单价（元）", "Unit price (yuan)"), say(ctx, "优惠（元）", "Discount (yuan)"), say(ctx, "金额（元）", "Amount (yuan)")},
			Room: []float64{0.34, 0.1, -0.12, -0.15, -0.13, -0.16},
		},
	}
	for _, l := range r.Price.V.Lines {
		off := "-"
		if less := l.Quantity*l.ListFen - l.AmountFen; less != 0 {
			off = money.Yuan(-less)
		}
		p.Table.Rows = append(p.Table.Rows, []string{l.Name, billing(l.Billing), fmt.Sprintf("%d %s", l.Quantity, l.Unit), money.Yuan(l.ListFen), off, money.Yuan(l.AmountFen)})
	}
	sum := func(label string, fen int64) {
		p.Table.Rows, p.Table.Sums = append(p.Table.Rows, []string{label, "", "", "", "", money.Yuan(fen)}), p.Table.Sums+1
	}
	if r.Price.V.OneOffFen != 0 {
		sum(say(ctx, "一次性合计", "One-off"), r.Price.V.OneOffFen)
	}
	if r.Price.V.MonthlyFen != 0 {
		sum(say(ctx, "每月合计", "Each month"), r.Price.V.MonthlyFen)
	}
	sum(fmt.Sprintf(say(ctx, "总计（%d 个月）", "Total (%d months)"), r.TermMonths), r.TotalFen)
	if r.CustomerNote != "" {
		p.Notes = append(p.Notes, r.CustomerNote)
	}
	p.Notes = append(p.Notes, say(ctx, "按次计费的部分按实际用量另计。本报价在有效期内有效，以最终订单为准。", "What is billed per use comes on top as it is used. This quotation holds until its date; the order is what counts."))
	return p
}

func draftOf(b NewQuote) (order.Draft, error) {
	d := order.Draft{DiscountPPM: b.DiscountPPM, ValidDays: b.ValidDays, TermMonths: b.TermMonths, CustomerNote: b.CustomerNote, Prospect: strings.TrimSpace(b.Prospect), City: b.City, Listing: uuid.MustParse(b.ListingID)}
	for to, text := range map[*uuid.UUID]string{&d.Deal: b.DealID, &d.Account: b.AccountID, &d.Replaces: b.ReplacesID} {
		if text == "" {
			continue
		}
		id, err := uuid.Parse(text)
		if err != nil {
			return d, errID
		}
		*to = id
	}
	for _, l := range b.Lines {
		d.Choices = append(d.Choices, menu.Choice{Element: uuid.MustParse(l.ElementID), Quantity: l.Quantity})
	}
	return d, nil
}

func priceQuote(s *Server, ctx context.Context, a tenants.Actor, in *newQuoteInput) (Price, error) {
	d, err := draftOf(in.Body)
	if err != nil {
		return Price{}, err
	}
	p, err := s.Orders.Price(ctx, a, d)
	if err != nil {
		return Price{}, err
	}
	out := s.priceOf(ctx, p.Price)
	out.Approvals = listOf(menu.Levels(in.Body.DiscountPPM, p.TotalFen))
	out.Full = p.Left != nil && *p.Left == 0
	out.CommissionFen, err = s.commissionFor(ctx, a, p)
	return out, err
}

func newQuote(s *Server, ctx context.Context, a tenants.Actor, in *newQuoteInput) (Quote, error) {
	d, err := draftOf(in.Body)
	if err != nil {
		return Quote{}, err
	}
	q, err := s.Orders.SaveQuote(ctx, a, uuid.Nil, d, 0)
	return s.quoteOf(ctx, q, err)
}

func editQuote(s *Server, ctx context.Context, a tenants.Actor, in *quoteInput) (Quote, error) {
	d, err := draftOf(in.Body.NewQuote)
	if err != nil {
		return Quote{}, err
	}
	q, err := s.Orders.SaveQuote(ctx, a, uuid.MustParse(in.ID), d, in.Body.Version)
	return s.quoteOf(ctx, q, err)
}

func oneQuote(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Quote, error) {
	q, err := s.Orders.GetQuote(ctx, a, uuid.MustParse(in.ID))
	out, err := s.quoteOf(ctx, q, err)
	if err == nil && a.Can(order.Approve) {
		out.Margin, err = s.marginOf(ctx, a, q)
	}
	return out, err
}

func quotes(s *Server, ctx context.Context, a tenants.Actor, in *quotesInput) (Page[QuoteRow], error) {
	var key timeKey
	list := fmt.Sprint("quotes ", in.Mine)
	if err := s.openCursor(a, list, in.Cursor, &key); err != nil {
		return Page[QuoteRow]{}, err
	}
	found, total, err := s.Orders.Quotes(ctx, a, order.Query{Text: in.Q, Mine: in.Mine, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, list, in.Limit, total, found, func(q order.Quote) QuoteRow { return quoteRowOf(ctx, q) }, func(q order.Quote) any { return timeKey{q.UpdatedAt, q.ID} }), err
}

// orders

func orderRowOf(ctx context.Context, o order.Order) OrderRow {
	out := OrderRow{
		ID: o.ID.String(), Number: o.Number, AccountID: o.AccountID.String(), AccountName: o.AccountName, SolutionName: o.SolutionName, SellerName: o.SellerName, SupplierName: o.SupplierName,
		CityCode: o.CityCode, State: o.State, TotalFen: o.TotalFen, Overdue: o.Overdue(calendar.Now(ctx)), UpdatedAt: o.UpdatedAt,
	}
	if o.DueOn != nil {
		out.DueOn = o.DueOn.Format(time.DateOnly)
	}
	return out
}

func deliveryOf(ctx context.Context, d order.DeliveryDetail) Delivery {
	out := Delivery{
		ID: d.ID.String(), OrderID: d.OrderID.String(), OrderNumber: d.OrderNumber, AccountName: d.AccountName, SolutionName: d.SolutionName, ContactName: d.ContactName, ContactPhone: d.ContactPhone,
		Address: d.Address, Elements: listOf(d.Elements), Tasks: []Task{}, State: d.State, DueOn: d.DueOn.Format(time.DateOnly), Overdue: d.Overdue(calendar.Now(ctx)), Note: d.Note, DoneAt: d.DoneAt, Version: d.Version, Actions: listOf(d.Actions),
	}
	open := d.State == "waiting" || d.State == "in_progress"
	for _, t := range d.Plan.V {
		w := Task{ID: t.ID.String(), Name: t.Name, Element: t.Element, DueOn: t.DueOn, Overdue: open && t.DoneAt == nil && t.DueOn < calendar.Date(calendar.Now(ctx)), DoneAt: t.DoneAt, DoneBy: t.DoneBy, Note: t.Note, Said: t.Said, Files: []File{}}
		for _, f := range d.FileList {
			if slices.Contains(t.Files, f.ID) {
				w.Files = append(w.Files, filesOf([]tenants.File{f})...)
			}
		}
		out.Tasks = append(out.Tasks, w)
	}
	return out
}

func (s *Server) orderOf(ctx context.Context, d order.Detail, err error) (Order, error) {
	if err != nil {
		return Order{}, err
	}
	out := Order{
		OrderRow: orderRowOf(ctx, d.Order), ListingID: d.ListingID.String(), QuoteID: d.QuoteID.String(), Price: s.priceOf(ctx, d.Price.V), Acceptance: d.Acceptance, Files: filesOf(d.FileList), Events: eventsOf(ctx, d.History),
		Missing: listOf(d.Missing), Parts: []OrderRow{}, Version: d.Order.Version, Actions: listOf(d.Actions),
	}
	for _, o := range d.Parts {
		out.Parts = append(out.Parts, orderRowOf(ctx, o))
	}
	if d.DealID != nil {
		out.DealID = d.DealID.String()
	}
	if d.Delivery != nil {
		w := deliveryOf(ctx, *d.Delivery)
		out.Delivery = &w
	}
	if r := d.Service; r != nil {
		w := serviceOf(*r)
		out.Service = &w
	}
	return out, nil
}

func orderQuote(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Order, error) {
	d, err := s.Orders.Order(ctx, a, uuid.MustParse(in.ID))
	return s.orderOf(ctx, d, err)
}

func orders(s *Server, ctx context.Context, a tenants.Actor, in *ordersInput) (Page[OrderRow], error) {
	var key timeKey
	if err := s.openCursor(a, "orders", in.Cursor, &key); err != nil {
		return Page[OrderRow]{}, err
	}
	family, err := s.family(ctx, a, in.Account)
	if err != nil {
		return Page[OrderRow]{}, err
	}
	found, total, err := s.Orders.Orders(ctx, a, order.Query{State: in.State, Text: in.Q, Accounts: family, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, "orders", in.Limit, total, found, func(o order.Order) OrderRow { return orderRowOf(ctx, o) }, func(o order.Order) any { return timeKey{o.UpdatedAt, o.ID} }), err
}

func oneOrder(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Order, error) {
	d, err := s.Orders.Get(ctx, a, uuid.MustParse(in.ID))
	return s.orderOf(ctx, d, err)
}

func actOrder(action string) call[actionInput, Order] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Order, error) {
		d, err := s.Orders.Act(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return s.orderOf(ctx, d, err)
	}
}

func orderBoard(s *Server, ctx context.Context, a tenants.Actor, in *boardInput) (List[OrderColumn], error) {
	out := List[OrderColumn]{Items: []OrderColumn{}}
	found, err := s.Orders.Board(ctx, a, order.Query{Text: in.Q})
	for _, c := range found {
		w := OrderColumn{c.State, c.Total, []OrderRow{}}
		for _, o := range c.Orders {
			w.Items = append(w.Items, orderRowOf(ctx, o))
		}
		out.Items = append(out.Items, w)
	}
	return out, err
}

func orderConsequences(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Consequences, error) {
	x, o, err := s.Orders.Consequences(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Consequences{}, err
	}
	out := Consequences{DroppedFen: x.DroppedFen, PromotionFen: x.PromotionFen, MonthsLeft: x.MonthsLeft, EndsOn: x.EndsOn, RenewMonths: x.RenewMonths, RenewFen: x.RenewFen, RenewedTo: x.RenewedTo}
	// Whoever may end the service decides about the money too.
	if o.Service != nil && slices.Contains(o.Actions, "end_service") {
		fen, err := s.Commissions.TakenBack(ctx, a, o.Service.ID)
		if err != nil {
			return out, err
		}
		out.TakenBackFen = &fen
	}
	return out, nil
}

func renewService(s *Server, ctx context.Context, a tenants.Actor, in *renewInput) (Order, error) {
	d, err := s.Orders.Renew(ctx, a, uuid.MustParse(in.ID), in.Body.Months)
	return s.orderOf(ctx, d, err)
}

func recordAcceptance(s *Server, ctx context.Context, a tenants.Actor, in *acceptanceInput) (Order, error) {
	x := order.Accepted{By: in.Body.AcceptedBy, Checklist: in.Body.Checklist, Note: in.Body.Note}
	if in.Body.FileID != "" {
		id, err := uuid.Parse(in.Body.FileID)
		if err != nil {
			return Order{}, errID
		}
		x.File = id
	}
	d, err := s.Orders.RecordAcceptance(ctx, a, uuid.MustParse(in.ID), x)
	return s.orderOf(ctx, d, err)
}

// deliveries

func deliveries(s *Server, ctx context.Context, a tenants.Actor, in *deliveriesInput) (Page[Delivery], error) {
	var key timeKey
	if err := s.openCursor(a, "deliveries", in.Cursor, &key); err != nil {
		return Page[Delivery]{}, err
	}
	q := order.Query{State: in.State, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1}
	if in.State == "open" {
		q.State, q.States = "", []string{"waiting", "in_progress"}
	}
	found, total, err := s.Orders.Deliveries(ctx, a, q)
	return pageOf(s, a, "deliveries", in.Limit, total, found, func(d order.DeliveryDetail) Delivery { return deliveryOf(ctx, d) },
		func(d order.DeliveryDetail) any { return timeKey{d.DueOn, d.ID} }), err
}

func oneDelivery(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Delivery, error) {
	d, err := s.Orders.GetDelivery(ctx, a, uuid.MustParse(in.ID))
	return deliveryOf(ctx, d), err
}

func workDelivery(action string) call[workInput, Delivery] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *workInput) (Delivery, error) {
		missing, err := idsOf(in.Body.Missing)
		if err != nil {
			return Delivery{}, err
		}
		d, err := s.Orders.Work(ctx, a, uuid.MustParse(in.ID), action, order.Done{Note: in.Body.Reason, Missing: missing})
		return deliveryOf(ctx, d), err
	}
}

func capacityOf(c order.Capacity) Capacity {
	out := Capacity{Most: c.Most, Open: c.Open, By: c.SetByName}
	if !c.SetAt.IsZero() {
		out.At = &c.SetAt
	}
	return out
}

func deliveryCapacity(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Capacity, error) {
	c, err := s.Orders.Capacity(ctx, a)
	return capacityOf(c), err
}

func setCapacity(s *Server, ctx context.Context, a tenants.Actor, in *capacityInput) (Capacity, error) {
	c, err := s.Orders.SetCapacity(ctx, a, in.Body.Most)
	return capacityOf(c), err
}

func planDelivery(s *Server, ctx context.Context, a tenants.Actor, in *planDeliveryInput) (Delivery, error) {
	var edits []order.PlanEdit
	for _, t := range in.Body.Tasks {
		x := order.PlanEdit{Name: t.Name, Element: t.Element, DueOn: t.DueOn}
		if t.ID != "" {
			id, err := uuid.Parse(t.ID)
			if err != nil {
				return Delivery{}, errID
			}
			x.ID = id
		}
		edits = append(edits, x)
	}
	d, err := s.Orders.PlanDelivery(ctx, a, uuid.MustParse(in.ID), edits, in.Body.Version)
	return deliveryOf(ctx, d), err
}

func finishTask(s *Server, ctx context.Context, a tenants.Actor, in *taskInput) (Delivery, error) {
	files, err := idsOf(in.Body.FileIDs)
	if err != nil {
		return Delivery{}, err
	}
	d, err := s.Orders.FinishTask(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), order.Done{Note: in.Body.Note, Files: files})
	return deliveryOf(ctx, d), err
}

func reopenTask(s *Server, ctx context.Context, a tenants.Actor, in *taskInput) (Delivery, error) {
	d, err := s.Orders.ReopenTask(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return deliveryOf(ctx, d), err
}

// services

func serviceOf(r order.Running) Service {
	return Service{ID: r.ID.String(), Number: r.Number, OrderID: r.OrderID.String(), AccountName: r.AccountName, SolutionName: r.SolutionName, State: r.State, ActiveAt: r.ActiveAt, EndedAt: r.EndedAt, MonthlyFen: r.MonthlyFen, EndsOn: r.EndsOn.Format(time.DateOnly), SupportUntil: dateOf(r.SupportUntil), Successor: r.Successor}
}

func services(s *Server, ctx context.Context, a tenants.Actor, in *servicesInput) (Page[Service], error) {
	var key timeKey
	if err := s.openCursor(a, "services", in.Cursor, &key); err != nil {
		return Page[Service]{}, err
	}
	family, err := s.family(ctx, a, in.Account)
	if err != nil {
		return Page[Service]{}, err
	}
	found, total, err := s.Orders.Services(ctx, a, order.Query{State: in.State, Accounts: family, AfterAt: key.At, AfterID: key.ID, Limit: in.Limit + 1})
	return pageOf(s, a, "services", in.Limit, total, found, serviceOf, func(r order.Running) any { return timeKey{r.ActiveAt, r.ID} }), err
}

// family is an account with what was merged into it; nil when none is asked for.
func (s *Server) family(ctx context.Context, a tenants.Actor, id string) ([]uuid.UUID, error) {
	if id == "" {
		return nil, nil
	}
	account, err := uuid.Parse(id)
	if err != nil {
		return nil, errID
	}
	return s.Accounts.Family(ctx, a, account)
}
