package listing

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// How much of the marketplace one person keeps.
const (
	maxFavourites = 200
	recentOffers  = 20
)

// ErrFavourites says that the shelf is full.
var ErrFavourites = fault.New(fault.Conflict, "too-many-favourites", "最多收藏 200 个方案，请先取消一些。", "At most 200 favourites. Take some off first.")

// mine narrows marks to those of the actor.
func mine(tx *pg.Tx, a tenants.Actor) *pg.Handle {
	return tx.Table("offer_marks m").Where("m.province_id = ? AND m.tenant_id = ? AND m.user_id = ?", a.Tenant.ProvinceID, a.Tenant.ID, a.User)
}

// Favour puts the solution of an offer on the actor's shelf or takes it off.
func (s *Service) Favour(ctx context.Context, a tenants.Actor, offer uuid.UUID, favourite bool) error {
	if err := a.Need(Market); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		o, err := OfferIn(tx, a, offer)
		if err != nil {
			return err
		}
		if !favourite {
			return mine(tx, a).Where("m.solution_id = ?", o.SolutionID).Updates(map[string]any{"favourite_at": nil}).Error
		}
		var n int64
		if err := mine(tx, a).Where("m.favourite_at IS NOT NULL AND m.solution_id <> ?", o.SolutionID).Count(&n).Error; err != nil {
			return err
		}
		if n >= maxFavourites {
			return ErrFavourites
		}
		return tx.Exec(`INSERT INTO offer_marks (province_id, tenant_id, user_id, solution_id, favourite_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (province_id, tenant_id, user_id, solution_id) DO UPDATE SET favourite_at = coalesce(offer_marks.favourite_at, excluded.favourite_at)`,
			a.Tenant.ProvinceID, a.Tenant.ID, a.User, o.SolutionID, calendar.Now(ctx)).Error
	})
}

// Saw remembers that the actor looked at a solution.
func (s *Service) Saw(ctx context.Context, a tenants.Actor, solution uuid.UUID) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		return tx.Exec(`INSERT INTO offer_marks (province_id, tenant_id, user_id, solution_id, seen_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (province_id, tenant_id, user_id, solution_id) DO UPDATE SET seen_at = excluded.seen_at`, a.Tenant.ProvinceID, a.Tenant.ID, a.User, solution, calendar.Now(ctx)).Error
	})
}

// Favourites are what of the actor's shelf is on sale where they look, the
// last one marked first; what is sold nowhere any more stays on the shelf.
func (s *Service) Favourites(ctx context.Context, a tenants.Actor) ([]Offer, error) {
	return s.marked(ctx, a, "favourite_at", maxFavourites)
}

// Recent are the offers the actor looked at last.
func (s *Service) Recent(ctx context.Context, a tenants.Actor) ([]Offer, error) {
	return s.marked(ctx, a, "seen_at", recentOffers)
}

func (s *Service) marked(ctx context.Context, a tenants.Actor, by string, most int) (out []Offer, err error) {
	if err := a.Need(Market); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		// Of several offers of one solution the one of the widest scope, as in the list.
		err := mine(tx, a).Select("o.*").Joins(`JOIN LATERAL (SELECT * FROM offers o WHERE o.province_id = m.province_id AND o.solution_id = m.solution_id AND o.org_path IN ?
			ORDER BY length(o.org_path), o.id LIMIT 1) o ON true`, a.Tenant.Scopes()).Where("m." + by + " IS NOT NULL").Order("m." + by + " DESC").Limit(most).Scan(&out).Error
		if err != nil {
			return err
		}
		return localise(tx, a.Tenant.ProvinceID, looksAt(a, ""), out)
	})
	return out, err
}

// Suggestion completes what somebody types.
type Suggestion struct {
	Kind string // offer, supplier
	Text string
	ID   uuid.UUID // of the offer
}

// Suggest finds names of offers and of suppliers that hold what was typed, in
// the actor's scopes.
func (s *Service) Suggest(ctx context.Context, a tenants.Actor, text string) (out []Suggestion, err error) {
	q := MarketQuery{Text: text}
	if err := q.allowed(a); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		sale, err := q.onSale(tx, a)
		if err != nil {
			return err
		}
		holds := func(column string) *pg.Handle {
			return sale.Session(pg.Fork).Where("strpos(lower(o."+column+"), lower(?)) > 0", text)
		}
		if err := holds("name").Select("'offer' AS kind, o.name AS text, (array_agg(o.id ORDER BY length(o.org_path), o.id))[1] AS id").
			Group("o.solution_id, o.name").Order("max(o.accounts) DESC, o.name").Limit(6).Scan(&out).Error; err != nil {
			return err
		}
		var firms []Suggestion
		err = holds("supplier_name").Select("'supplier' AS kind, o.supplier_name AS text").Group("o.supplier_name").Order("count(*) DESC, o.supplier_name").Limit(3).Scan(&firms).Error
		out = append(out, firms...)
		return err
	})
	return out, err
}
