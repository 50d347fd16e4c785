package standing

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// actorName stands in the audit where the quarter's figures speak.
const actorName = "季度评估"

// JobEvaluate evaluates the quarter that is over, once.
const JobEvaluate = "tier.evaluate"

// firm is who is measured, with the figures.
type firm struct {
	ID        uuid.UUID
	OrgPath   string
	LegalName string
	Tier      string
	State     string
	Figures
}

// gather reads the figures of one firm, or of all that are in business. It
// reads the business of the whole province, so the transaction has the system's
// sight; what leaves are sums of the firm's own.
func gather(tx *pg.Tx, province, only uuid.UUID, from, to time.Time) ([]firm, error) {
	args := map[string]any{"province": province, "only": only, "from": from, "to": to, "year": to.AddDate(-1, 0, 0)}
	type row struct {
		ID                                                                     uuid.UUID
		OrgPath, LegalName, Tier, State                                        string
		Capabilities                                                           pg.Texts
		Customers, Certified, Graduated, Revenue, Won, Lost                    int64
		Done, OnTime, Accepted, Answered, Prompt, Resolved, Solved, Complaints int64
	}
	var rows []row
	err := tx.Raw(`SELECT p.id, p.org_path, p.legal_name, p.tier, p.state, p.capabilities, s.customers, s.revenue, d.won, d.lost, v.done, v.on_time, v.accepted, t.answered, t.prompt, t.resolved, t.solved, t.complaints,
		(SELECT count(DISTINCT x.solution_id) FROM certificates c JOIN solution_versions x ON x.province_id = c.province_id AND x.id = c.version_id
			WHERE c.province_id = @province AND c.partner_id = p.id AND c.issued_at < @to AND c.valid_until >= @to AND (c.revoked_at IS NULL OR c.revoked_at >= @to) AND (c.suspended_at IS NULL OR c.suspended_at >= @to)) AS certified,
		(SELECT count(*) FROM graduations g WHERE g.province_id = @province AND g.partner_id = p.id AND g.kind = 'upgrade' AND g.state = 'graduated' AND g.decided_at >= @year AND g.decided_at < @to) AS graduated
		FROM partners p
		CROSS JOIN LATERAL (SELECT count(DISTINCT s.account_id) FILTER (WHERE s.active_at < @to AND (s.ended_at IS NULL OR s.ended_at >= @to)) AS customers,
			coalesce(sum((CASE WHEN s.active_at >= @from AND s.active_at < @to THEN o.one_off_fen ELSE 0 END)
				+ s.monthly_fen * greatest(0, floor(extract(epoch FROM least(coalesce(s.ended_at, @to), @to) - greatest(s.active_at, @from)) / 2629800))::bigint), 0)::bigint AS revenue
			FROM orders o JOIN services s ON s.province_id = o.province_id AND s.order_id = o.id
			WHERE o.province_id = @province AND o.id IN (SELECT id FROM orders WHERE province_id = @province AND partner_id = p.id UNION SELECT id FROM orders WHERE province_id = @province AND supplier_id = p.id)) s
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'won') AS won, count(*) FILTER (WHERE state IN ('lost', 'expired')) AS lost
			FROM deals WHERE province_id = @province AND partner_id = p.id AND registered_at >= @year AND registered_at < @to) d
		CROSS JOIN LATERAL (SELECT count(*) AS done, count(*) FILTER (WHERE (done_at AT TIME ZONE 'Asia/Shanghai')::date <= due_on) AS on_time, count(*) FILTER (WHERE state = 'accepted') AS accepted
			FROM deliveries WHERE province_id = @province AND partner_id = p.id AND done_at >= @from AND done_at < @to AND state <> 'cancelled') v
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE respond_us IS NOT NULL OR response_missed) AS answered, count(*) FILTER (WHERE respond_us IS NOT NULL AND NOT response_missed) AS prompt,
			count(*) FILTER (WHERE resolved_at IS NOT NULL OR resolution_missed) AS resolved, count(*) FILTER (WHERE resolved_at IS NOT NULL AND NOT resolution_missed) AS solved, count(*) FILTER (WHERE category = 'complaint') AS complaints
			FROM tickets WHERE province_id = @province AND partner_id = p.id AND opened_at >= @from AND opened_at < @to AND state <> 'cancelled') t
		WHERE p.province_id = @province AND p.state IN ('active', 'suspended') AND p.created_at < @to AND (@only = '00000000-0000-0000-0000-000000000000' OR p.id = @only) ORDER BY p.id`, args).Scan(&rows).Error
	out := make([]firm, len(rows))
	for i, r := range rows {
		has := map[string]int64{"certified": r.Certified, "graduated": r.Graduated, "revenue": r.Revenue, "complaints": r.Complaints}
		for code, share := range map[string][2]int64{"conversion": {r.Won, r.Won + r.Lost}, "on_time": {r.OnTime, r.Done}, "acceptance": {r.Accepted, r.Done}, "response": {r.Prompt, r.Answered}, "resolution": {r.Solved, r.Resolved}} {
			if share[1] > 0 {
				has[code] = share[0] * 100 / share[1]
			}
		}
		out[i] = firm{r.ID, r.OrgPath, r.LegalName, r.Tier, r.State, Figures{r.Tier, r.Capabilities, r.Customers, has}}
	}
	return out, err
}

// ended is the last quarter that is over.
func ended(now time.Time) (name string, from, to time.Time) {
	_, to = tenants.Quarter(now)
	name, from = tenants.Quarter(to.Add(-time.Hour))
	return name, from, to
}

// Evaluate does the quarter that is over in one province: what the formula in
// force says moves tiers, what one on trial says only stands beside it. It may
// run any number of times and at once: each firm is evaluated once by each.
func (s *Service) Evaluate(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, actorName)
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "tiers "+province.String()).Error; err != nil {
			return err
		}
		var formulas []Formula
		if err := tx.Where("province_id = ? AND state IN ('published', 'proposed')", province).Order("number").Find(&formulas).Error; err != nil || len(formulas) == 0 {
			return err
		}
		now := calendar.Now(ctx)
		quarter, from, to := ended(now)
		firms, err := gather(tx, province, uuid.Nil, from, to)
		if err != nil {
			return err
		}
		for _, f := range formulas {
			var done []uuid.UUID
			if err := tx.Raw(`SELECT partner_id FROM tier_evaluations WHERE province_id = ? AND quarter = ? AND formula_id = ?`, province, quarter, f.ID).Scan(&done).Error; err != nil {
				return err
			}
			known := map[uuid.UUID]bool{}
			for _, id := range done {
				known[id] = true
			}
			for _, x := range firms {
				if known[x.ID] {
					continue
				}
				if err := s.evaluate(ctx, tx, a, f, x, quarter, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (s *Service) evaluate(ctx context.Context, tx *pg.Tx, a tenants.Actor, f Formula, x firm, quarter string, now time.Time) error {
	score := f.Document.V.Score(x.Figures)
	e := Evaluation{
		ProvinceID: f.ProvinceID, ID: pg.NewID(), PartnerID: x.ID, OrgPath: x.OrgPath, PartnerName: x.LegalName, Quarter: quarter, FormulaID: f.ID, FormulaNumber: f.Number, Shadow: f.State != "published",
		Tier: x.Tier, Result: score.Result, Band: score.Band, Points: score.Points, Facts: pg.JSON[[]Line]{V: score.Lines}, At: now,
	}
	if e.Shadow {
		return foretell(ctx, tx, a, &e)
	}
	var before Evaluation
	err := pg.One(tx.Where("province_id = ? AND partner_id = ? AND quarter < ? AND NOT shadow", e.ProvinceID, e.PartnerID, quarter).Order("quarter DESC, at DESC").Limit(1), &before)
	if err != nil && !errors.Is(err, fault.ErrMissing) {
		return err
	}
	// A move down is told of a quarter ahead: the quarter right before was below
	// the same tier already.
	_, began := tenants.Quarter(now)
	_, began = tenants.Quarter(began.Add(-time.Hour))
	last, _ := tenants.Quarter(began.Add(-time.Hour))
	again := err == nil && before.Quarter == last && before.Tier == e.Tier && before.below()
	e.Warned = e.below() && !again
	if err := tx.Create(&e).Error; err != nil {
		return err
	}
	if e.Warned {
		w := tenants.Entry{Action: "warn_tier", Resource: "tier_evaluation", ID: e.ID, Label: e.PartnerName, OrgPath: e.OrgPath, Partner: e.PartnerID, To: "warned"}
		tenants.Record(ctx, tx, a, w)
		return nil
	}
	if e.Result == e.Tier || x.State != "active" {
		return nil
	}
	var open []Move
	if err := tx.Where("province_id = ? AND partner_id = ? AND state = 'proposed'", e.ProvinceID, e.PartnerID).Clauses(pg.ForUpdate).Find(&open).Error; err != nil {
		return err
	}
	for i := range open {
		if len(open[i].Makers) > 0 {
			return nil // a person's proposal waits for its decision
		}
		if err := lapse(ctx, tx, a, &open[i]); err != nil {
			return err
		}
	}
	m := Move{
		ProvinceID: e.ProvinceID, ID: pg.NewID(), PartnerID: e.PartnerID, OrgPath: e.OrgPath, PartnerName: e.PartnerName, Quarter: quarter, EvaluationID: &e.ID, FromTier: e.Tier, ToTier: toward(e.Tier, e.Result),
		State: MoveMachine.Initial, MadeByName: a.Name, Makers: tenants.Persons{}, Deciders: tenants.Persons{}, MadeAt: now, DueAt: calendar.AddWorkingDays(now, decideDays), Version: 1, UpdatedAt: now,
	}
	if err := tx.Create(&m).Error; err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, m.entry("propose", "", ""))
	return nil
}

// foretell keeps what a version on trial makes of a quarter and tells the firm
// where it would come out elsewhere than by the one in force.
func foretell(ctx context.Context, tx *pg.Tx, a tenants.Actor, e *Evaluation) error {
	if err := tx.Create(e).Error; err != nil {
		return err
	}
	said := e.Tier
	var now []Evaluation
	if err := tx.Where("province_id = ? AND partner_id = ? AND quarter = ? AND NOT shadow", e.ProvinceID, e.PartnerID, e.Quarter).Order("at DESC").Limit(1).Find(&now).Error; err != nil {
		return err
	}
	if len(now) > 0 {
		said = now[0].Result
	}
	if said != e.Result {
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "foretell_tier", Resource: "tier_evaluation", ID: e.ID, Label: e.PartnerName, OrgPath: e.OrgPath, Partner: e.PartnerID, From: said, To: e.Result})
	}
	return nil
}

func lapse(ctx context.Context, tx *pg.Tx, a tenants.Actor, m *Move) error {
	x, err := MoveMachine.Take(m.State, "lapse", "")
	if err != nil {
		return err
	}
	from := m.State
	m.State, m.UpdatedAt = x.To, calendar.Now(ctx)
	if err := pg.Save(tx, m); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, m.entry("lapse", from, ""))
	return nil
}

// Card is how a firm stands, for itself and for who looks after it.
type Card struct {
	Partner     partner.Partner
	Quarter     string // the one that runs
	Formula     *Formula
	Now         Score    // of the quarter that runs, so far
	Next        string   // the tier above, or nothing
	Needs       Wanted   // of the tier above
	Missing     []string // metrics below its floor
	Evaluations []Evaluation
	Moves       []Move
	Trial       *OnTrial // a version that runs silently
	Exposure    Exposure
}

// cardQuarters is how many quarters a card looks back.
const cardQuarters = 8

// Card returns one firm's: the own, or any for who may read all.
func (s *Service) Card(ctx context.Context, a tenants.Actor, id uuid.UUID) (Card, error) {
	if err := a.Need(partner.ReadOwn); err != nil {
		return Card{}, err
	}
	if !a.Can(partner.Read) && id != a.Tenant.ID {
		return Card{}, fault.ErrMissing
	}
	c := Card{Missing: []string{}, Evaluations: []Evaluation{}, Moves: []Move{}}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tenants.Firms(tx).Where("id = ?", id), &c.Partner); err != nil {
			return err
		}
		if err := tenants.Rows(tx).Where("partner_id = ?", id).Order("quarter DESC, shadow, at DESC").Limit(2 * cardQuarters).Find(&c.Evaluations).Error; err != nil {
			return err
		}
		return tenants.Rows(tx).Where("partner_id = ?", id).Order("made_at DESC").Limit(cardQuarters).Find(&c.Moves).Error
	})
	if err != nil {
		return c, err
	}
	// The firm is the actor's to see; its figures are sums over orders and
	// customers some of which are not.
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		var from time.Time
		c.Quarter, from = tenants.Quarter(now)
		if c.Exposure, err = exposureOf(tx, c.Partner); err != nil {
			return err
		}
		var f Formula
		err := pg.One(tx.Where("province_id = ? AND state = 'published'", c.Partner.ProvinceID), &f)
		if errors.Is(err, fault.ErrMissing) {
			return nil
		}
		if err != nil {
			return err
		}
		c.Formula = &f
		if c.Trial, err = onTrial(ctx, tx, a, c.Partner); err != nil {
			return err
		}
		firms, err := gather(tx, c.Partner.ProvinceID, id, from, now)
		if err != nil || len(firms) == 0 {
			return err
		}
		c.Now = f.Document.V.Score(firms[0].Figures)
		if i := rank(c.Partner.Tier); i+1 < len(partner.Tiers) {
			c.Next = partner.Tiers[i+1]
			c.Needs = f.Document.V.Tiers[c.Next]
			for _, l := range c.Now.Lines {
				if !l.meets(c.Next, c.Partner.Tier) {
					c.Missing = append(c.Missing, l.Metric)
				}
			}
		}
		return nil
	})
	return c, err
}
