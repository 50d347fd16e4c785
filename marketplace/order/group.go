package order

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/state"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
)

// GroupMachine is the life of a group purchase 团购; past its day it closes by
// itself.
var GroupMachine = state.Machine{Name: "group_purchase", Initial: "open", Table: []state.Transition{
	{Action: "close", From: []string{"open"}, To: "closed", Permission: string(Promote)},
	{Action: "cancel", From: []string{"open"}, To: "cancelled", Permission: string(Promote), Reason: true},
}}

// MemberMachine is the life of a quote in a group purchase. A step that was
// missed leaves the choice.
var MemberMachine = state.Machine{Name: "group_member", Initial: "joined", Table: []state.Transition{
	{Action: "leave_group", From: []string{"joined"}, To: "left", Permission: string(QuoteWrite)},
	{Action: "reach", From: []string{"joined"}, To: "reached"},
	{Action: "miss", From: []string{"joined"}, To: "choice"},
	{Action: "release", From: []string{"joined"}, To: "left"},
	{Action: "keep_group", From: []string{"choice"}, To: "kept", Permission: string(QuoteWrite)},
	{Action: "decline_group", From: []string{"choice"}, To: "declined", Permission: string(QuoteWrite)},
}}

// groupDays is how long a quote is good for after its group has closed.
const groupDays = 30

// Refusals of group purchases.
var (
	ErrGroupOver   = fault.New(fault.Conflict, "group-over", "团购已截止，不能再加入。", "The group purchase is closed; nobody joins any more.")
	ErrGroupOffer  = fault.New(fault.Conflict, "group-offer", "这份报价的方案或城市不在该团购范围内。", "The quote is for another offer or city than the group purchase.")
	ErrInGroup     = fault.New(fault.Conflict, "in-group", "报价正在团购「%s」中，截止后按达到的档位定价再下单；也可以先退出团购。", "The quote takes part in “%s”: it is priced when that closes. Leave it to order before.")
	ErrGroupMember = fault.New(fault.Conflict, "group-member", "该客户已在这次团购中，或这份报价已在另一次团购中。", "The customer takes part already, or the quote does in another group.")
	ErrNoGroup     = fault.New(fault.Conflict, "no-group", "这份报价不在团购中。", "The quote takes part in no group purchase.")
)

// GroupStep is so much off for all from so many units together.
type GroupStep struct {
	From int64 `json:"from"`
	PPM  int64 `json:"ppm"`
}

// Group is a group purchase.
type Group struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	OrgPath      string    // whose customers may take part
	Name         string
	ListingID    uuid.UUID
	SolutionName string
	Steps        pg.JSON[[]GroupStep] // rising
	ClosesOn     time.Time            // the last day to join
	State        string
	Units        int64 // together; while it is open, as they are now
	ReachedPPM   int64 `gorm:"column:reached_ppm"` // off for all, once it is closed
	Reason       string
	MadeBy       uuid.UUID
	MadeByName   string
	MadeAt       time.Time
	ClosedAt     *time.Time
	Version      int64

	Members, Cities int64 `gorm:"-"`
}

// TableName of group purchases.
func (Group) TableName() string { return "group_purchases" }

// RowVersion is the optimistic lock.
func (g *Group) RowVersion() *int64 { return &g.Version }

func (g *Group) entry(action, from, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "group_purchase", ID: g.ID, Label: g.Name, OrgPath: g.OrgPath, From: from, To: g.State, Reason: reason}
}

// reached is what so many units take off for all.
func (g *Group) reached(units int64) (ppm int64) {
	for _, s := range g.Steps.V {
		if units >= s.From {
			ppm = s.PPM
		}
	}
	return ppm
}

// Actions the actor may take.
func (g *Group) Actions(a tenants.Actor) []string {
	if g.OrgPath != a.Tenant.Path {
		return []string{}
	}
	return GroupMachine.Actions(g.State, func(need string) bool { return a.Can(tenants.Permission(need)) })
}

// Member is a quote that takes part.
type Member struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	GroupID     uuid.UUID `gorm:"primaryKey"`
	QuoteID     uuid.UUID `gorm:"primaryKey"`
	OrgPath     string
	CityCode    string
	PartnerID   uuid.UUID
	AccountID   uuid.UUID
	AccountName string
	Units       int64
	MinPPM      int64 `gorm:"column:min_ppm"` // less than this off leaves the choice
	State       string
	ByName      string
	At          time.Time
	Version     int64
}

// TableName of members.
func (Member) TableName() string { return "group_members" }

// RowVersion is the optimistic lock.
func (m *Member) RowVersion() *int64 { return &m.Version }

// GroupEdit is what somebody opens.
type GroupEdit struct {
	Name     string
	Listing  uuid.UUID
	Steps    []GroupStep
	ClosesOn string
}

// NewGroup opens a group purchase of an offer for the customers of the actor's
// company: of all cities where that is the province.
func (s *Service) NewGroup(ctx context.Context, a tenants.Actor, x GroupEdit) (Group, error) {
	if err := a.Need(Promote); err != nil {
		return Group{}, err
	}
	now := calendar.Now(ctx)
	g := Group{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), OrgPath: a.Tenant.Path, Name: strings.TrimSpace(x.Name), ListingID: x.Listing, Steps: pg.JSON[[]GroupStep]{V: x.Steps}, State: GroupMachine.Initial,
		MadeBy: a.User, MadeByName: a.Name, MadeAt: now, Version: 1,
	}
	var c fault.Checker
	c.Require("name", g.Name != "")
	c.Require("steps", len(x.Steps) > 0)
	before := GroupStep{}
	for _, step := range x.Steps {
		if step.From <= before.From || step.PPM <= before.PPM || step.PPM > 500_000 || step.From > 1e9 {
			c.Add("steps", "order", "各档数量和优惠应逐级增大，优惠最多 50%。", "Steps rise in units and in what is off, 50 % at most.")
			break
		}
		before = step
	}
	var err error
	if g.ClosesOn, err = time.Parse(time.DateOnly, x.ClosesOn); err != nil || x.ClosesOn < calendar.Date(now) || g.ClosesOn.After(now.AddDate(1, 0, 0)) {
		c.Add("closes_on", "range", "截止日应在今天到一年之内。", "The last day lies between today and a year on.")
	}
	if err := c.Err(); err != nil {
		return g, err
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		o, err := listing.OfferFor(tx, a, x.Listing, a.Tenant.Path)
		if err != nil {
			return err
		}
		g.SolutionName = o.Name
		if err := tx.Create(&g).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, g.entry("open_group", "", ""))
		return nil
	})
	return g, err
}

// Groups returns the group purchases that customers of the actor may take part
// in, open ones first; how many units there are together is a sum over quotes
// that the actor need not see. With a listing, only of it.
func (s *Service) Groups(ctx context.Context, a tenants.Actor, offer uuid.UUID) (out []Group, err error) {
	if err := a.Need(listing.Market); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		q := tx.Where("province_id = ?", a.Tenant.ProvinceID)
		if a.Tenant.Kind != tenants.KindProvince {
			q = q.Where("org_path IN ?", a.Tenant.Scopes())
		}
		if offer != uuid.Nil {
			q = q.Where("listing_id = ? AND state = 'open'", offer)
		}
		if err := q.Order("(state = 'open') DESC, made_at DESC, id").Limit(200).Find(&out).Error; err != nil {
			return err
		}
		all := make([]*Group, len(out))
		for i := range out {
			all[i] = &out[i]
		}
		return count(tx, all...)
	})
	return out, err
}

// count says how many take part in groups, and while they are open how many
// units.
func count(tx *pg.Tx, groups ...*Group) error {
	byID := map[uuid.UUID]*Group{}
	var ids []uuid.UUID
	for _, g := range groups {
		byID[g.ID] = g
		ids = append(ids, g.ID)
	}
	var found []struct {
		GroupID                uuid.UUID
		Members, Cities, Units int64
	}
	err := tx.Raw(`SELECT group_id, count(*) AS members, count(DISTINCT city_code) AS cities, sum(units)::bigint AS units FROM group_members WHERE province_id = ? AND group_id = ANY (?::uuid[]) AND state <> 'left' GROUP BY group_id`, tx.Identity.Province, pg.UUIDs(ids)).Scan(&found).Error
	for _, n := range found {
		g := byID[n.GroupID]
		g.Members, g.Cities = n.Members, n.Cities
		if g.State == "open" {
			g.Units = n.Units
		}
	}
	return err
}

// JoinGroup lets a quote take part; nothing is ordered by it. Less off than the
// least leaves the customer the choice when it closes.
func (s *Service) JoinGroup(ctx context.Context, a tenants.Actor, quote, group uuid.UUID, least int64) (QuoteDetail, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return QuoteDetail{}, err
	}
	return s.inGroup(ctx, a, quote, group, func(tx *pg.Tx, q *Quote) error {
		now := calendar.Now(ctx)
		if q.StateAt(now) != "draft" {
			return ErrQuoteExpired
		}
		var g Group
		if err := pg.One(tx.Where("province_id = ? AND id = ?", q.ProvinceID, group), &g); err != nil {
			return err
		}
		if !strings.HasPrefix(q.OrgPath, g.OrgPath) || g.ListingID != q.ListingID {
			return ErrGroupOffer
		}
		if g.State != "open" || calendar.Date(now) > g.ClosesOn.Format(time.DateOnly) {
			return ErrGroupOver
		}
		res := tx.Exec(`INSERT INTO group_members AS m (province_id, group_id, quote_id, org_path, city_code, partner_id, account_id, account_name, units, min_ppm, state, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'joined', ?, ?)
			ON CONFLICT (province_id, group_id, quote_id) DO UPDATE SET state = 'joined', units = excluded.units, min_ppm = excluded.min_ppm, by_name = excluded.by_name, at = excluded.at, version = m.version + 1 WHERE m.state = 'left'`,
			q.ProvinceID, g.ID, q.ID, q.OrgPath, q.CityCode, q.PartnerID, q.AccountID, q.AccountName, q.Price.V.Units, max(0, min(least, 500_000)), a.Name, now)
		if pg.Violated(res.Error, "group_members_one_at_a_time") || pg.Violated(res.Error, "group_members_account_once") || res.Error == nil && res.RowsAffected == 0 {
			return ErrGroupMember
		}
		if res.Error != nil {
			return res.Error
		}
		tenants.Record(ctx, tx, a, q.entry("join_group", g.Name))
		return nil
	})
}

// ActGroup leaves a group purchase, or answers to a step that was missed: keep
// what was reached, or decline.
func (s *Service) ActGroup(ctx context.Context, a tenants.Actor, quote uuid.UUID, action string) (QuoteDetail, error) {
	if err := a.Need(QuoteWrite); err != nil {
		return QuoteDetail{}, err
	}
	return s.inGroup(ctx, a, quote, uuid.Nil, func(tx *pg.Tx, q *Quote) error {
		m, g, err := q.member(tx)
		if err != nil {
			return err
		}
		if m == nil {
			return ErrNoGroup
		}
		t, err := MemberMachine.Take(m.State, action, "")
		if err != nil {
			return err
		}
		if m.State = t.To; m.State == "kept" {
			if err := s.regroup(ctx, tx, a, q, g); err != nil {
				return err
			}
		}
		if err := pg.Save(tx, m); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, q.entry(action, g.Name))
		return nil
	})
}

// inGroup changes what a quote of the actor's has to do with a group: the one
// named, or that it takes part in. The quote is looked up in the actor's own
// sight; the step has the system's. It holds the group before the quote, as
// closing does: shared, so that many come and go at once and nobody while it
// closes.
func (s *Service) inGroup(ctx context.Context, a tenants.Actor, quote, group uuid.UUID, change func(*pg.Tx, *Quote) error) (QuoteDetail, error) {
	var out QuoteDetail
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var q Quote
		if err := pg.One(narrowQuotes(tx, a).Where("id = ?", quote), &q); err != nil || group != uuid.Nil {
			return err
		}
		m, _, err := q.member(tx)
		if m != nil {
			group = m.GroupID
		}
		return err
	}); err != nil {
		return out, err
	}
	if err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if group != uuid.Nil {
			if err := pg.One(tx.Where("province_id = ? AND id = ? AND org_path IN ?", a.Tenant.ProvinceID, group, a.Tenant.Scopes()).Clauses(pg.ForShare), &Group{}); err != nil {
				return err
			}
		}
		q, err := lockQuote(tx, a, quote)
		if err != nil {
			return err
		}
		if q.State == "ordered" {
			return ErrQuoteOrdered
		}
		return change(tx, &q)
	}); err != nil {
		return out, err
	}
	return s.GetQuote(ctx, a, quote)
}

// member is the group purchase that the quote takes part in, or has to choose
// about; nil for none.
func (q *Quote) member(tx *pg.Tx) (*Member, *Group, error) {
	var found []Member
	if err := tx.Where("province_id = ? AND quote_id = ? AND state IN ('joined', 'choice')", q.ProvinceID, q.ID).Find(&found).Error; err != nil || len(found) == 0 {
		return nil, nil, err
	}
	var g Group
	err := pg.One(tx.Where("province_id = ? AND id = ?", q.ProvinceID, found[0].GroupID), &g)
	return &found[0], &g, err
}

// regroup gives a quote the price that the group has reached.
func (s *Service) regroup(ctx context.Context, tx *pg.Tx, a tenants.Actor, q *Quote, g *Group) error {
	now := calendar.Now(ctx)
	q.GroupID, q.GroupName, q.GroupPPM = &g.ID, g.Name, g.ReachedPPM
	if until := now.AddDate(0, 0, groupDays); q.ValidUntil.Before(until) {
		q.ValidUntil = until
	}
	q.UpdatedAt = now
	o, err := listing.OfferFor(tx, tenants.System(q.ProvinceID, groupActor), q.ListingID, q.OrgPath)
	if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
		return pg.Save(tx, q) // off sale meanwhile: the seller is told when ordering
	}
	if err != nil {
		return err
	}
	running, err := promotionsOf(ctx, tx, q.ListingID)
	if err != nil {
		return err
	}
	var choices []menu.Choice
	for _, l := range q.Price.V.Lines {
		choices = append(choices, menu.Choice{Element: l.Element, Quantity: l.Quantity})
	}
	price, err := menu.Compose(o.Content.V.Elements, o.Content.V.Rules, append(q.grouped(), running.at(q.OrgPath)...), choices, q.DiscountPPM, q.TermMonths)
	if err != nil {
		return err
	}
	if len(price.Violations) > 0 {
		return pg.Save(tx, q)
	}
	q.Price, q.TotalFen, q.Revision = pg.JSON[menu.Price]{V: price}, price.TotalFen, q.Revision+1
	asked, err := q.chain(ctx, tx, a)
	if err != nil {
		return err
	}
	if err := pg.Save(tx, q); err != nil {
		return err
	}
	if len(asked) > 0 {
		if err := tx.Create(&asked).Error; err != nil {
			return err
		}
		q.ask(ctx, tx, a, asked[0].Level)
	}
	return q.keep(tx, a)
}

// grouped is what the group takes off the quote, before promotions.
func (q *Quote) grouped() []menu.Promotion {
	if q.GroupID == nil || q.GroupPPM == 0 {
		return nil
	}
	return []menu.Promotion{{ID: *q.GroupID, Name: q.GroupName, PPM: q.GroupPPM, Group: true}}
}

// groupActor is who the history names for what closes by itself.
const groupActor = "团购截止"

// ActOnGroup closes a group purchase before its day, or calls it off.
func (s *Service) ActOnGroup(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (g Group, err error) {
	if err := a.Need(Promote); err != nil {
		return g, err
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND org_path = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.Path, id).Clauses(pg.ForUpdate), &g); err != nil {
			return err
		}
		return s.conclude(ctx, tx, a, &g, action, reason)
	})
	return g, err
}

// conclude closes a group that is held, or calls it off: every quote in it gets
// the price that was reached, or its seller the choice.
func (s *Service) conclude(ctx context.Context, tx *pg.Tx, a tenants.Actor, g *Group, action, reason string) error {
	t, err := GroupMachine.Take(g.State, action, reason)
	if err != nil {
		return err
	}
	if err := count(tx, g); err != nil {
		return err
	}
	now, from := calendar.Now(ctx), g.State
	g.State, g.ClosedAt, g.Reason = t.To, &now, strings.TrimSpace(reason)
	if action == "close" {
		g.ReachedPPM = g.reached(g.Units)
	}
	if err := pg.Save(tx, g); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, g.entry(action+"_group", from, g.Reason))
	var members []Member
	if err := tx.Where("province_id = ? AND group_id = ? AND state = 'joined'", g.ProvinceID, g.ID).Order("quote_id").Find(&members).Error; err != nil {
		return err
	}
	for i := range members {
		var q Quote
		if err := pg.One(tx.Where("province_id = ? AND id = ?", g.ProvinceID, members[i].QuoteID).Clauses(pg.ForUpdate), &q); err != nil {
			return err
		}
		m := new(Member) // as it is now that the quote is held
		if err := pg.One(tx.Where("province_id = ? AND group_id = ? AND quote_id = ?", g.ProvinceID, g.ID, q.ID), m); err != nil {
			return err
		}
		step := "miss"
		switch {
		case action == "cancel":
			step = "release"
		case g.ReachedPPM > 0 && g.ReachedPPM >= m.MinPPM:
			step = "reach"
		}
		t, err := MemberMachine.Take(m.State, step, "")
		if err != nil {
			return err
		}
		m.State = t.To
		if step == "reach" {
			if err := s.regroup(ctx, tx, tenants.System(g.ProvinceID, groupActor), &q, g); err != nil {
				return err
			}
		}
		if err := pg.Save(tx, m); err != nil {
			return err
		}
		tenants.Record(ctx, tx, tenants.System(g.ProvinceID, groupActor), q.entry(map[string]string{"miss": "group_missed", "release": "group_cancelled", "reach": "group_reached"}[step], g.Name))
	}
	return nil
}

// tendGroups closes what is past its day; several at once share the work.
func (s *Service) tendGroups(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, groupActor)
	for {
		done := false
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			var found []Group
			lock := pg.ForUpdate
			lock.Options = "SKIP LOCKED"
			if err := tx.Where("province_id = ? AND state = 'open' AND closes_on < ?", province, calendar.Date(calendar.Now(ctx))).Order("closes_on, id").Clauses(lock).Limit(1).Find(&found).Error; err != nil || len(found) == 0 {
				done = true
				return err
			}
			return s.conclude(ctx, tx, a, &found[0], "close", "")
		})
		if err != nil || done {
			return err
		}
	}
}
