package tenants

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// JobReview opens the reviews of a new quarter and lapses what nobody
// confirmed in time.
const JobReview = "tenants.review"

// How a quarterly review runs: it opens by itself in the first days of the
// quarter and leaves three weeks.
const (
	ReviewOpens = 14 * 24 * time.Hour
	ReviewTime  = 21 * 24 * time.Hour
)

// Review asks a tenant's admins once a quarter to confirm or remove what
// people hold.
type Review struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	Quarter    string // 2026Q4
	State      string // open or closed
	OpenedAt   time.Time
	DueAt      time.Time
	ClosedAt   *time.Time
	Version    int64
}

// TableName of reviews.
func (Review) TableName() string { return "access_reviews" }

// RowVersion is the optimistic lock.
func (r *Review) RowVersion() *int64 { return &r.Version }

// ReviewItem is one membership or grant under review.
type ReviewItem struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	ReviewID   uuid.UUID
	Kind       string // membership or grant
	SubjectID  uuid.UUID
	Label      string
	Detail     string
	LastUsedAt *time.Time
	Holds      pg.Texts // roles of a membership, fields of a grant
	Decision   string   // open, confirmed, removed, lapsed; kept where the last admin stays
	DecidedBy  string
	DecidedAt  *time.Time
}

// TableName of review items.
func (ReviewItem) TableName() string { return "access_review_items" }

// Reviewable is a kind of right that is reviewed; packages above add theirs
// with AlsoReview.
type Reviewable struct {
	Kind  string
	Needs Permission // of who sees and decides such items
	// List is what the tenant holds now.
	List func(ctx context.Context, tx *pg.Tx, t Tenant) ([]ReviewItem, error)
	// End takes one away, in the transaction of the decision. An error that is
	// fault.ErrMissing means that it has ended already.
	End func(ctx context.Context, tx *pg.Tx, a Actor, subject uuid.UUID, reason string) error
}

// AlsoReview adds a kind of right to the quarterly review; wiring only.
func (s *Service) AlsoReview(r Reviewable) { s.reviews = append(s.reviews, r) }

// Refusals about reviews.
var (
	ErrReviewOpen   = fault.New(fault.Conflict, "review-exists", "本季度的权限复核已经开始。", "The review of this quarter has begun already.")
	ErrReviewClosed = fault.New(fault.Conflict, "review-closed", "这次复核已经结束。", "This review is closed.")
	ErrReviewWhole  = fault.New(fault.Denied, "wider-seat", "复核覆盖全市，请由管理全市的管理员发起。", "The review is of the whole city: an admin of all of it begins it.")
	ErrReviewOwn    = fault.New(fault.Denied, "review-own", "自己的权限请由另一位管理员复核。", "Another admin confirms your own rights.")
)

// Quarter names the quarter of t, e.g. 2026Q4, and when it began.
func Quarter(t time.Time) (name string, began time.Time) {
	d := t.In(calendar.Shanghai)
	q := (int(d.Month()) - 1) / 3
	return fmt.Sprintf("%dQ%d", d.Year(), q+1), time.Date(d.Year(), time.Month(q*3+1), 1, 0, 0, 0, 0, calendar.Shanghai)
}

// OpenReview begins the review of this quarter for the actor's tenant.
func (s *Service) OpenReview(ctx context.Context, a Actor) (Review, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Review{}, err
	}
	if len(a.Districts) > 0 {
		return Review{}, ErrReviewWhole
	}
	seen, err := s.lastSeen(ctx, a.Tenant)
	if err != nil {
		return Review{}, err
	}
	now := calendar.Now(ctx)
	quarter, _ := Quarter(now)
	r := Review{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, Quarter: quarter, State: "open", OpenedAt: now, DueAt: now.Add(ReviewTime), Version: 1}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		items, err := membershipItems(tx, a.Tenant, seen)
		if err != nil {
			return err
		}
		for _, kind := range s.reviews {
			more, err := kind.List(ctx, tx, a.Tenant)
			if err != nil {
				return err
			}
			items = append(items, more...)
		}
		for i := range items {
			items[i].ProvinceID, items[i].ID, items[i].TenantID, items[i].ReviewID, items[i].Decision = r.ProvinceID, pg.NewID(), r.TenantID, r.ID, "open"
		}
		Record(ctx, tx, a, r.entry(a, "open", "", ""))
		if len(items) == 0 {
			return nil
		}
		return tx.CreateInBatches(&items, 500).Error
	})
	if pg.Violated(err, "access_reviews_once") {
		return r, ErrReviewOpen
	}
	return r, err
}

func (r Review) entry(a Actor, action, from, to string) Entry {
	return Entry{Action: action, Resource: "access_review", ID: r.ID, Label: r.Quarter, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: to}
}

func membershipItems(tx *pg.Tx, t Tenant, seen map[uuid.UUID]time.Time) ([]ReviewItem, error) {
	var members []Membership
	if err := tx.Where("province_id = ? AND tenant_id = ? AND state = 'active'", t.ProvinceID, t.ID).Order("name, id").Find(&members).Error; err != nil {
		return nil, err
	}
	items := make([]ReviewItem, 0, len(members))
	for _, m := range members {
		item := ReviewItem{Kind: "membership", SubjectID: m.ID, Label: m.Name, Detail: m.Email, Holds: m.Roles}
		if at, ok := seen[m.ID]; ok {
			item.LastUsedAt = &at
		}
		items = append(items, item)
	}
	return items, nil
}

// lastSeen tells when each membership of a tenant was last in use. Sessions
// belong to no tenant, so this is read outside its transactions.
func (s *Service) lastSeen(ctx context.Context, t Tenant) (map[uuid.UUID]time.Time, error) {
	var rows []struct {
		MembershipID uuid.UUID
		At           time.Time
	}
	err := s.db.Login(ctx).Raw(`SELECT membership_id, max(seen_at) AS at FROM sessions WHERE membership_id IN (SELECT id FROM memberships WHERE province_id = ? AND tenant_id = ?)
		GROUP BY membership_id`, t.ProvinceID, t.ID).Scan(&rows).Error
	out := make(map[uuid.UUID]time.Time, len(rows))
	for _, r := range rows {
		out[r.MembershipID] = r.At
	}
	return out, err
}

// ReviewOf is the newest review of the actor's tenant with its items;
// fault.ErrMissing when there never was one.
func (s *Service) ReviewOf(ctx context.Context, a Actor) (Review, []ReviewItem, error) {
	if err := a.Need(MemberRead); err != nil {
		return Review{}, nil, err
	}
	var r Review
	var items []ReviewItem
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Order("opened_at DESC"), &r); err != nil {
			return err
		}
		return s.reviewed(tx, a).Where("province_id = ? AND review_id = ?", r.ProvinceID, r.ID).Order("kind DESC, label, id").Find(&items).Error
	})
	return r, items, err
}

// DecideReview confirms or removes items of the open review; with the last
// one it closes.
func (s *Service) DecideReview(ctx context.Context, a Actor, id uuid.UUID, items []uuid.UUID, confirm bool) (Review, error) {
	if err := a.Need(MemberWrite); err != nil {
		return Review{}, err
	}
	var r Review
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := s.lockReview(tx, a.Tenant, id, &r); err != nil {
			return err
		}
		var chosen []ReviewItem
		if err := s.reviewed(tx, a).Where("province_id = ? AND review_id = ? AND decision = 'open' AND id IN ?", r.ProvinceID, r.ID, items).Order("id").Find(&chosen).Error; err != nil {
			return err
		}
		if len(chosen) != len(items) {
			return fault.ErrMissing
		}
		for _, item := range chosen {
			if err := s.decide(ctx, tx, a, item, confirm); err != nil {
				return err
			}
		}
		return s.closeReview(ctx, tx, a, &r)
	})
	return r, err
}

// reviewed are the items that are the actor's to see and decide: an item that
// is no membership names a customer, and is for who may give such rights in the
// whole of the tenant.
func (s *Service) reviewed(tx *pg.Tx, a Actor) *pg.Handle {
	kinds := []string{"membership"}
	for _, r := range s.reviews {
		if a.Can(r.Needs) && len(a.Districts) == 0 {
			kinds = append(kinds, r.Kind)
		}
	}
	return tx.Where("kind IN ?", kinds)
}

func (s *Service) lockReview(tx *pg.Tx, t Tenant, id uuid.UUID, r *Review) error {
	if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", t.ProvinceID, t.ID, id).Clauses(pg.ForUpdate), r); err != nil {
		return err
	}
	if r.State != "open" {
		return ErrReviewClosed
	}
	return nil
}

func (s *Service) decide(ctx context.Context, tx *pg.Tx, a Actor, item ReviewItem, confirm bool) error {
	if item.Kind == "membership" && !a.IsSystem() {
		var m Membership
		err := pg.One(tx.Where("province_id = ? AND id = ?", item.ProvinceID, item.SubjectID), &m)
		switch {
		case err != nil || !confirm:
		case a.Is(m.UserID):
			if err := s.soleAdmin(tx, a, m); err != nil {
				return err
			}
		default: // who could not give these rights does not prolong them
			if err := s.mayHandle(tx, a, m); err != nil {
				return err
			}
		}
	}
	decision := "confirmed"
	if !confirm {
		reason := "权限复核"
		decision = "removed"
		if a.IsSystem() {
			decision, reason = "lapsed", "权限复核逾期未确认"
		}
		err := s.endReviewed(ctx, tx, a, item, reason)
		switch {
		case errors.Is(err, ErrLastAdmin) && a.IsSystem():
			decision = "kept"
		case err != nil && !errors.Is(err, fault.ErrMissing):
			return err
		}
	}
	now := calendar.Now(ctx)
	if confirm {
		Record(ctx, tx, a, Entry{Action: "confirm", Resource: "access_review", ID: item.ReviewID, Label: item.Label, OrgPath: a.Tenant.Path, Partner: partnerOf(a), To: strings.Join(item.Holds, ",")})
	}
	return tx.Exec(`UPDATE access_review_items SET decision = ?, decided_by = ?, decided_at = ? WHERE province_id = ? AND id = ?`, decision, a.Name, now, item.ProvinceID, item.ID).Error
}

// soleAdmin lets people confirm themselves only where nobody else could.
func (s *Service) soleAdmin(tx *pg.Tx, a Actor, m Membership) error {
	var others int64
	err := tx.Model(&Membership{}).Where("province_id = ? AND tenant_id = ? AND state = 'active' AND user_id <> ? AND ? = ANY (roles)", m.ProvinceID, m.TenantID, m.UserID, adminRole(a.Tenant.Kind)).Count(&others).Error
	if err == nil && others > 0 {
		return ErrReviewOwn
	}
	return err
}

func (s *Service) endReviewed(ctx context.Context, tx *pg.Tx, a Actor, item ReviewItem, reason string) error {
	if item.Kind == "membership" {
		return s.removeIn(ctx, tx, a, item.SubjectID, reason)
	}
	at := slices.IndexFunc(s.reviews, func(r Reviewable) bool { return r.Kind == item.Kind })
	if at < 0 {
		return fmt.Errorf("nobody reviews %q", item.Kind)
	}
	return s.reviews[at].End(ctx, tx, a, item.SubjectID, reason)
}

func (s *Service) closeReview(ctx context.Context, tx *pg.Tx, a Actor, r *Review) error {
	var open int64
	if err := tx.Model(&ReviewItem{}).Where("province_id = ? AND review_id = ? AND decision = 'open'", r.ProvinceID, r.ID).Count(&open).Error; err != nil || open > 0 {
		return err
	}
	now := calendar.Now(ctx)
	r.State, r.ClosedAt = "closed", &now
	Record(ctx, tx, a, r.entry(a, "close", "", ""))
	return pg.Save(tx, r)
}

// RunReviews opens what is due and lapses what is late, in every tenant.
func (s *Service) RunReviews(ctx context.Context) error {
	provinces, err := s.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		for _, kind := range []Kind{KindProvince, KindCity, KindPartner} {
			all, err := s.Tenants(ctx, p.ID, kind)
			if err != nil {
				return err
			}
			for _, t := range all {
				if err := s.runReview(ctx, t); err != nil {
					return fmt.Errorf("review of %s: %w", t.Code, err)
				}
			}
		}
	}
	return nil
}

func (s *Service) runReview(ctx context.Context, t Tenant) error {
	machine := System(t.ProvinceID, "权限复核")
	machine.Tenant = t
	now := calendar.Now(ctx)
	var late []uuid.UUID
	var known int64
	quarter, began := Quarter(now)
	err := s.db.Read(ctx, machine, func(tx *pg.Tx) error {
		if err := tx.Model(&Review{}).Where("province_id = ? AND tenant_id = ? AND quarter = ?", t.ProvinceID, t.ID, quarter).Count(&known).Error; err != nil {
			return err
		}
		return tx.Model(&Review{}).Where("province_id = ? AND tenant_id = ? AND state = 'open' AND due_at <= ?", t.ProvinceID, t.ID, now).Pluck("id", &late).Error
	})
	if err != nil {
		return err
	}
	for _, id := range late {
		if err := s.lapse(ctx, machine, id); err != nil && !errors.Is(err, ErrReviewClosed) {
			return err
		}
	}
	if known == 0 && now.Sub(began) <= ReviewOpens {
		if _, err := s.OpenReview(ctx, machine); err != nil && !errors.Is(err, ErrReviewOpen) {
			return err
		}
	}
	return nil
}

func (s *Service) lapse(ctx context.Context, machine Actor, id uuid.UUID) error {
	return s.db.As(ctx, machine, func(tx *pg.Tx) error {
		var r Review
		if err := s.lockReview(tx, machine.Tenant, id, &r); err != nil {
			return err
		}
		var open []ReviewItem
		if err := tx.Where("province_id = ? AND review_id = ? AND decision = 'open'", r.ProvinceID, r.ID).Order("id").Find(&open).Error; err != nil {
			return err
		}
		for _, item := range open {
			if err := s.decide(ctx, tx, machine, item, false); err != nil {
				return err
			}
		}
		return s.closeReview(ctx, tx, machine, &r)
	})
}
