package commission

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
)

// PlanDetail is a plan version with all that is shown beside it.
type PlanDetail struct {
	Plan
	Sentences []fault.Words
	Conflicts []Conflict
	History   []tenants.AuditEvent
	Actions   []string // edit, submit, publish, reject, new_version
}

func (p *Plan) entry(action, from, to, reason, root string) tenants.Entry {
	path := root
	if p.City != "" {
		path += p.City + "/"
	}
	return tenants.Entry{Action: action, Resource: "plan", ID: p.ID, Label: p.Plan, OrgPath: path, From: from, To: to, Reason: reason}
}

// mine tells whether the actor may work on plans of the scope: a city on its
// own, the province on all.
func mine(a tenants.Actor, city string) bool {
	return a.IsSystem() || a.Tenant.Kind == tenants.KindProvince || a.Tenant.Kind == tenants.KindCity && a.Tenant.Code == city
}

// Plans lists plan versions the actor may know: a city the province's and its own.
func (s *Service) Plans(ctx context.Context, a tenants.Actor) ([]Plan, error) {
	if err := a.Need(PlanRead); err != nil {
		return nil, err
	}
	var out []Plan
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		q := tx.Where("province_id = ?", a.Tenant.ProvinceID)
		if a.Tenant.Kind == tenants.KindCity {
			q = q.Where("city IN ('', ?)", a.Tenant.Code)
		}
		return q.Order("plan, number DESC").Limit(1000).Find(&out).Error
	})
	return out, err
}

// Plan returns one version.
func (s *Service) Plan(ctx context.Context, a tenants.Actor, id uuid.UUID) (PlanDetail, error) {
	if err := a.Need(PlanRead); err != nil {
		return PlanDetail{}, err
	}
	var d PlanDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		p, err := loadPlan(tx, a, id, "")
		if err == nil {
			d, err = planDetail(tx, a, p)
		}
		return err
	})
	return d, err
}

func loadPlan(tx *pg.Tx, a tenants.Actor, id uuid.UUID, lock string) (Plan, error) {
	var p Plan
	err := pg.One(tx.Raw(`SELECT * FROM commission_plans WHERE province_id = ? AND id = ?`+lock, a.Tenant.ProvinceID, id), &p)
	if err == nil && p.City != "" && !mine(a, p.City) {
		return Plan{}, fault.ErrMissing
	}
	return p, err
}

func planDetail(tx *pg.Tx, a tenants.Actor, p Plan) (PlanDetail, error) {
	d := PlanDetail{Plan: p, Conflicts: p.Document.V.Conflicts(), Actions: []string{}}
	for _, r := range p.Document.V.Rules {
		d.Sentences = append(d.Sentences, r.Sentence())
	}
	for _, action := range PlanMachine.Actions(p.State, func(need string) bool { return a.Can(tenants.Permission(need)) }) {
		if action == "publish" && p.Editors.Has(a) || !mine(a, p.City) {
			continue
		}
		d.Actions = append(d.Actions, action)
	}
	if a.Can(PlanMake) && p.State == "published" && mine(a, p.City) {
		d.Actions = append(d.Actions, "new_version")
	}
	var err error
	d.History, err = tenants.History(tx, p.ID)
	return d, err
}

// CreatePlan makes a draft: the first version of a new plan, or the next of
// one that exists.
func (s *Service) CreatePlan(ctx context.Context, a tenants.Actor, doc Document) (PlanDetail, error) {
	if err := a.Need(PlanMake); err != nil {
		return PlanDetail{}, err
	}
	var d PlanDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		p := Plan{
			ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), State: "draft", MakerID: a.User, MakerName: a.Name, Editors: tenants.Persons{}.With(a),
			Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		root, err := p.take(tx, a, doc)
		if err != nil {
			return err
		}
		// One plan code is one scope; the lock makes numbers follow each other.
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "plan "+a.Tenant.ProvinceID.String()+" "+p.Plan).Error; err != nil {
			return err
		}
		var others []Plan
		if err := tx.Where("province_id = ? AND plan = ?", p.ProvinceID, p.Plan).Find(&others).Error; err != nil {
			return err
		}
		p.Number = 1
		for _, o := range others {
			if o.City != p.City {
				return ErrCodeTaken.Fill(p.Plan)
			}
			p.Number = max(p.Number, o.Number+1)
		}
		p.Document.V.Version = p.Number
		if err := tx.Create(&p).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, p.entry("create", "", p.State, "", root))
		d, err = planDetail(tx, a, p)
		return err
	})
	return d, err
}

// take checks a document and puts it into the plan; it returns the province's path.
func (p *Plan) take(tx *pg.Tx, a tenants.Actor, doc Document) (root string, err error) {
	if doc.City != nil && *doc.City == "" {
		doc.City = nil
	}
	if doc.ValidTo != nil && *doc.ValidTo == "" {
		doc.ValidTo = nil
	}
	var c fault.Checker
	doc.Validate(&c)
	var cities []struct{ Kind, Code, Path string }
	if err := tx.Raw(`SELECT kind, code, path FROM tenants WHERE province_id = ? AND kind IN ('province', 'city')`, a.Tenant.ProvinceID).Scan(&cities).Error; err != nil {
		return "", err
	}
	known := doc.Scope() == ""
	for _, t := range cities {
		if t.Kind == "province" {
			root, doc.Province = t.Path, t.Code
		}
		known = known || t.Kind == "city" && t.Code == doc.Scope()
	}
	if !known {
		c.Add("city", "unknown", "没有这个地市。", "There is no such city.")
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	if !mine(a, doc.Scope()) {
		return "", ErrPlanScope
	}
	doc.Version = p.Number
	p.Plan, p.City, p.ValidFrom, p.ValidTo, p.Document.V = doc.Plan, doc.Scope(), doc.ValidFrom, doc.Until(), doc
	return root, nil
}

// EditPlan changes a draft, or a rejected version, which becomes a draft again.
// Code and scope stay.
func (s *Service) EditPlan(ctx context.Context, a tenants.Actor, id uuid.UUID, doc Document, version int64) (PlanDetail, error) {
	return s.planStep(ctx, a, id, "edit", "", func(tx *pg.Tx, p *Plan) error {
		if p.Version != version {
			return fault.ErrStale
		}
		code, city := p.Plan, p.City
		if _, err := p.take(tx, a, doc); err != nil {
			return err
		}
		var c fault.Checker
		if p.Plan != code {
			c.Add("document.plan", "fixed", "方案代码不能修改。", "The code of a plan stays.")
		}
		if p.City != city {
			c.Add("document.city", "fixed", "方案的适用范围不能修改。", "The scope of a plan stays.")
		}
		p.Editors = p.Editors.With(a)
		return c.Err()
	})
}

// SubmitPlan hands a draft to the checker.
func (s *Service) SubmitPlan(ctx context.Context, a tenants.Actor, id uuid.UUID) (PlanDetail, error) {
	return s.planStep(ctx, a, id, "submit", "", func(_ *pg.Tx, p *Plan) error { return noConflict(*p) })
}

// RejectPlan returns a version to its maker, with the reason.
func (s *Service) RejectPlan(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (PlanDetail, error) {
	return s.planStep(ctx, a, id, "reject", reason, func(*pg.Tx, *Plan) error { return nil })
}

// PublishPlan is the second person's yes. It refuses versions whose rules could
// tie, that begin in a month calculated already, or that overlap another plan
// of the same scope. Open months from its beginning on are computed again.
func (s *Service) PublishPlan(ctx context.Context, a tenants.Actor, id uuid.UUID) (PlanDetail, error) {
	return s.planStep(ctx, a, id, "publish", "", func(tx *pg.Tx, p *Plan) error {
		if p.Editors.Has(a) {
			return ErrOwnPlan
		}
		if err := noConflict(*p); err != nil {
			return err
		}
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		if !w.open(p.ValidFrom[:7]) {
			return ErrBackDated.Fill(p.ValidFrom, w.frontier)
		}
		order := 0
		for _, v := range w.versions {
			order = max(order, v.Order)
			apart := v.Until() != "" && v.Until() <= p.ValidFrom || p.ValidTo != "" && p.ValidTo <= v.ValidFrom
			if v.Scope() == p.City && v.Plan != p.Plan && !apart {
				return ErrPlanOverlap.Fill(v.Plan)
			}
		}
		now := calendar.Now(ctx)
		p.CheckerID, p.CheckerName, p.Checkers, p.PublishedAt, p.PublishedOrder = &a.User, a.Name, tenants.Persons{}.With(a), &now, order+1
		return queue.Enqueue(ctx, tx, JobReprice, monthJob{p.ProvinceID, p.ValidFrom[:7]})
	})
}

func noConflict(p Plan) error {
	found := p.Document.V.Conflicts()
	if len(found) == 0 {
		return nil
	}
	c := found[0]
	e := *ErrPlanConflict
	e.Words = fault.Words{
		Zh: fault.Words{Zh: e.Words.Zh}.Fill(c.First, c.Second, c.Example.Zh).Zh,
		En: fault.Words{En: e.Words.En}.Fill(c.First, c.Second, c.Example.En).En,
	}
	for _, c := range found {
		e.Fields = append(e.Fields, fault.Field{Name: "rules." + c.First, Code: "tie", Words: fault.Words{Zh: c.Second + "：" + c.Example.Zh, En: c.Second + ": " + c.Example.En}})
	}
	return &e
}

// planStep takes one step of the machine on the locked version.
func (s *Service) planStep(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, step func(*pg.Tx, *Plan) error) (PlanDetail, error) {
	var d PlanDetail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := loadPlan(tx, a, id, " FOR UPDATE")
		if err != nil {
			return err
		}
		t, err := PlanMachine.Take(p.State, action, reason)
		if err != nil {
			return err
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		if !mine(a, p.City) {
			return ErrPlanScope
		}
		from := p.State
		if err := step(tx, &p); err != nil {
			return err
		}
		p.State, p.Reason, p.UpdatedAt = t.To, strings.TrimSpace(reason), calendar.Now(ctx)
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		var root string
		if err := tx.Raw(`SELECT path FROM tenants WHERE province_id = ? AND kind = 'province' LIMIT 1`, p.ProvinceID).Scan(&root).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, p.entry(action, from, p.State, p.Reason, root))
		d, err = planDetail(tx, a, p)
		return err
	})
	return d, err
}

// Prospect is who would sell what: enough to find the rule in force.
type Prospect struct {
	Product, Category, CityCode string
	Capabilities                []string
	Tier, AccountKind           string
	NewAccount                  bool
	AmountFen, Units            int64 // of the sale; 0 when not known yet
	At                          time.Time
}

// Offer is what a rule in force promises for a prospect.
type Offer struct {
	Plan     string
	Number   int
	Rule     string
	Note     string
	Basis    string
	PPM      int64 // of the amount, the highest the rule can reach; 0 where it pays by unit or flat
	Fen      int64 // the line for the amount and units given
	Seller   int64 // the seller's part of it, ppm
	Months   int   // recurring: billing months paid; 0 means all
	Sentence fault.Words
}

// Preview finds what each prospect would earn by the plans in force, best
// first: for quotes and for the figure beside an offer.
func (s *Service) Preview(ctx context.Context, a tenants.Actor, prospects []Prospect) ([][]Offer, error) {
	out := make([][]Offer, len(prospects))
	err := s.db.Read(ctx, engine{a}, func(tx *pg.Tx) error {
		versions, err := published(tx)
		if err != nil {
			return err
		}
		for i, p := range prospects {
			if p.At.IsZero() {
				p.At = calendar.Now(ctx)
			}
			if out[i], err = offers(versions, p); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func offers(versions []Version, p Prospect) ([]Offer, error) {
	var out []Offer
	for _, kind := range []string{Activation, Recurring} {
		e := Event{
			Kind: kind, At: p.At, AmountFen: p.AmountFen, Units: p.Units, Product: p.Product, Category: p.Category, CityCode: p.CityCode,
			AccountKind: p.AccountKind, NewAccount: p.NewAccount, SellerCapabilities: p.Capabilities, SellerTier: p.Tier,
		}
		if kind == Recurring {
			e.Month = 1
		}
		for _, basis := range basesOf(kind) {
			c, ok := Choose(versions, e, basis)
			if !ok {
				continue
			}
			pick := chosen{e, basis, c}
			b := pick.quantity()
			exact, _ := c.Rule.exact(b, running{0, b})
			fen, err := exact.Round()
			if err != nil {
				return nil, err
			}
			o := Offer{Plan: c.Version.Plan, Number: c.Version.Number, Rule: c.Rule.ID, Note: c.Rule.Note, Basis: basis, Sentence: c.Rule.Sentence()}
			o.Fen, _ = c.Rule.limit(fen, b, 0)
			if c.Rule.Basis.Kind != "per_unit" {
				o.PPM = c.Rule.Formula.highest()
			}
			for _, part := range c.Rule.Parts() {
				if part.To == "seller" {
					o.Seller = part.PPM
				}
			}
			if m := c.Rule.Basis.Months; len(m) == 2 {
				o.Months = m[1] - m[0] + 1
			}
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b Offer) int {
		switch {
		case a.PPM != b.PPM:
			return int(min(1, max(-1, b.PPM-a.PPM)))
		}
		return int(min(1, max(-1, b.Fen-a.Fen)))
	})
	return out, nil
}

// highest rate a formula can reach, in ppm of an amount.
func (f Formula) highest() int64 {
	var top int64
	if f.PPM != nil {
		top = *f.PPM
	}
	for _, s := range f.Steps {
		if s.PPM != nil {
			top = max(top, *s.PPM)
		}
	}
	return top
}
