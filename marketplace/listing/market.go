package listing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

// ErrTooShort says that a search needs two characters.
var ErrTooShort = fault.New(fault.Invalid, "search-too-short", "请至少输入两个字。", "Type at least two characters.")

// MarketQuery filters the marketplace.
type MarketQuery struct {
	Text       string
	City       string // marketplace of one city: its own offers and the province's
	Industries []string
	Categories []string
	Scopes     []string // city, province
	Certified  bool
	Sort       string // accounts, newest, name
	After      *MarketKey
	Limit      int
}

// MarketKey is where a page ends.
type MarketKey struct {
	Accounts int
	At       time.Time
	Name     string
	ID       uuid.UUID
}

// maxHits bounds a search; who finds more narrows it.
const maxHits = 5000

// Facet counts offers with one value.
type Facet struct {
	Code  string
	Count int
}

// MarketCounts says how much there is, by facet.
type MarketCounts struct {
	Total      int64
	Industries []Facet
	Categories []Facet
	Scopes     []Facet
}

// ScopesOf are the paths the actor looks at: a city user the own city's, others
// those of the city asked for, or all.
func ScopesOf(a tenants.Actor, city string) []string {
	all := a.Tenant.Scopes()
	if a.Tenant.Kind == tenants.KindCity || city == "" {
		return all
	}
	return slices.DeleteFunc(all, func(p string) bool { return p != a.Tenant.Root() && p != a.Tenant.Root()+city+"/" })
}

// onSale is what matches the words and the certificate where the actor looks.
func (q MarketQuery) onSale(tx *pg.Tx, a tenants.Actor) (*pg.Handle, error) {
	scopes := ScopesOf(a, q.City)
	d := tx.Table("offers o").Where("o.province_id = ? AND o.org_path IN ?", a.Tenant.ProvinceID, scopes)
	if q.Certified {
		d = d.Where("o.certified")
	}
	if q.Text == "" {
		return d, nil
	}
	// The hits are fetched first: under row security the planner cannot guess how
	// few a search will have.
	var found []uuid.UUID
	hits := tx.Table("offer_words w").Select("w.offer_id").Where("w.province_id = ? AND w.org_path IN ? AND w.words @> ?::text[]", a.Tenant.ProvinceID, scopes, pg.Words(q.Text))
	if err := hits.Limit(maxHits).Scan(&found).Error; err != nil {
		return nil, err
	}
	d = d.Where("o.id IN ?", found)
	if len([]rune(q.Text)) > 2 && !strings.ContainsAny(q.Text, " ,，、") {
		d = d.Where("strpos(lower(o.name || ' ' || o.summary || ' ' || o.supplier_name), lower(?)) > 0", q.Text)
	}
	return d, nil
}

// chosen narrows to the facets that were picked, but one.
func (q MarketQuery) chosen(d *pg.Handle, but, province, city string) *pg.Handle {
	if len(q.Industries) > 0 && but != "industry" {
		d = d.Where("industry IN ?", q.Industries)
	}
	if len(q.Categories) > 0 && but != "category" {
		d = d.Where("category IN ?", q.Categories)
	}
	if len(q.Scopes) == 1 && but != "scope" {
		if q.Scopes[0] == ScopeProvince {
			return d.Where(province)
		}
		return d.Where(city)
	}
	return d
}

func (q MarketQuery) allowed(a tenants.Actor) error {
	if err := a.Need(Market); err != nil {
		return err
	}
	if q.Text != "" && !pg.Searchable(q.Text) {
		return ErrTooShort
	}
	return nil
}

// Counts of what is on sale where the actor looks, the same for all who look
// there. A solution listed in several of the scopes counts once.
func (s *Service) Counts(ctx context.Context, a tenants.Actor, q MarketQuery) (out MarketCounts, err error) {
	if err := q.allowed(a); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		sale, err := q.onSale(tx, a)
		if err != nil {
			return err
		}
		// One pass over what is on sale, then counts of its solutions: each facet
		// without its own choice.
		solutions := sale.Select("solution_id, min(industry) AS industry, min(category) AS category, bool_or(scope = 'province') AS wide, bool_or(scope <> 'province') AS narrow").Group("solution_id")
		of := func(facet, code, more string) *pg.Handle {
			d := tx.Session(&pg.Session{NewDB: true}).Table("s").Select("'" + facet + "' AS facet, " + code + " AS code, count(*) AS count").Where(more)
			return q.chosen(d, facet, "wide", "narrow").Group("code")
		}
		var rows []struct {
			Facet, Code string
			Count       int
		}
		err = tx.Raw("WITH s AS MATERIALIZED (?) ? UNION ALL ? UNION ALL ? UNION ALL ? UNION ALL ? ORDER BY 1, 3 DESC, 2", solutions,
			of("total", "''", "true"), of("industry", "industry", "true"), of("category", "category", "true"), of("scope", "'province'", "wide"), of("scope", "'city'", "narrow")).Scan(&rows).Error
		for _, r := range rows {
			f := Facet{r.Code, r.Count}
			switch r.Facet {
			case "total":
				out.Total = int64(r.Count)
			case "industry":
				out.Industries = append(out.Industries, f)
			case "category":
				out.Categories = append(out.Categories, f)
			default:
				out.Scopes = append(out.Scopes, f)
			}
		}
		return err
	})
	return out, err
}

// Market returns one page of what is on sale where the actor looks. A solution
// listed in several of the scopes is shown once.
func (s *Service) Market(ctx context.Context, a tenants.Actor, q MarketQuery) (offers []Offer, err error) {
	if err := q.allowed(a); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		sale, err := q.onSale(tx, a)
		if err != nil {
			return err
		}
		// One offer a solution: the one of the widest scope. The page asks this of
		// the rows it reads only, so it costs the same however much is on sale.
		page := q.chosen(sale, "", "o.scope = 'province'", "o.scope <> 'province'").Where(`NOT EXISTS (SELECT 1 FROM offers w WHERE w.province_id = o.province_id AND w.solution_id = o.solution_id
			AND w.org_path IN ? AND (length(w.org_path), w.id) < (length(o.org_path), o.id))`, ScopesOf(a, q.City))
		switch q.Sort {
		case "newest":
			if q.After != nil {
				page = page.Where("(o.live_at, o.id) < (?, ?)", q.After.At, q.After.ID)
			}
			page = page.Order("o.live_at DESC, o.id DESC")
		case "name":
			if q.After != nil {
				page = page.Where("(o.name, o.id) > (?, ?)", q.After.Name, q.After.ID)
			}
			page = page.Order("o.name, o.id")
		default:
			if q.After != nil {
				page = page.Where("(o.accounts, o.id) < (?, ?)", q.After.Accounts, q.After.ID)
			}
			page = page.Order("o.accounts DESC, o.id DESC")
		}
		if err := page.Select("o.*").Limit(q.Limit).Scan(&offers).Error; err != nil {
			return err
		}
		return localise(tx, a.Tenant.ProvinceID, looksAt(a, q.City), offers)
	})
	return offers, err
}

// looksAt is the path of the city on whose terms the actor reads offers: the
// own, or the one asked for; "" for the province's terms.
func looksAt(a tenants.Actor, city string) string {
	switch {
	case a.Tenant.Kind == tenants.KindCity:
		return a.Tenant.Path
	case city != "":
		return a.Tenant.Root() + city + "/"
	}
	return ""
}

// OfferPage is one offer with where else it is sold and what is like it.
type OfferPage struct {
	Offer
	Scopes  []string // city codes, or province
	Related []Offer
	Preview *certification.Certificate // as it is, of what is not on sale yet
}

// OfferOf returns one offer; out of the actor's scopes it does not exist.
func (s *Service) OfferOf(ctx context.Context, a tenants.Actor, id uuid.UUID) (OfferPage, error) {
	var out OfferPage
	if err := a.Need(Market); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		o, err := OfferFor(tx, a, id, looksAt(a, ""))
		if err != nil {
			return err
		}
		out.Offer = o
		here := tx.Table("offers").Where("province_id = ? AND org_path IN ?", a.Tenant.ProvinceID, a.Tenant.Scopes())
		if err := here.Session(pg.Fork).Where("solution_id = ?", o.SolutionID).Order("scope").Pluck("scope", &out.Scopes).Error; err != nil {
			return err
		}
		err = here.Session(pg.Fork).Select("DISTINCT ON (solution_id) *").Where("industry = ? AND solution_id <> ?", o.Industry, o.SolutionID).Order("solution_id, length(org_path)").Limit(3).Scan(&out.Related).Error
		if err != nil {
			return err
		}
		return localise(tx, a.Tenant.ProvinceID, looksAt(a, ""), out.Related)
	})
	if errors.Is(err, fault.ErrMissing) {
		var cert certification.Certificate
		out.Offer, cert, err = s.preview(ctx, a, id)
		out.Preview = &cert
	}
	return out, err
}

// OfferIn finds an offer in the actor's scopes inside a transaction.
func OfferIn(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Offer, error) {
	var o Offer
	q := tx.Where("province_id = ? AND id = ?", a.Tenant.ProvinceID, id)
	if !a.IsSystem() {
		q = q.Where("org_path IN ?", a.Tenant.Scopes())
	}
	err := pg.One(q, &o)
	return o, err
}

// OfferFile finds a file that the page of an offer lets buyers read.
func (s *Service) OfferFile(ctx context.Context, a tenants.Actor, offer, file uuid.UUID) (tenants.File, error) {
	o, err := s.OfferOf(ctx, a, offer)
	if err != nil {
		return tenants.File{}, err
	}
	if !slices.ContainsFunc(o.Content.V.Files, func(f OfferFile) bool { return f.ID == file }) {
		return tenants.File{}, fault.ErrMissing
	}
	return s.people.File(ctx, tenants.System(a.Tenant.ProvinceID, "offer page"), file)
}

// Served tells the marketplace that one more or fewer account uses a solution.
func Served(tx *pg.Tx, solution uuid.UUID, step int) error {
	return tx.Exec(`UPDATE offers SET accounts = greatest(0, accounts + ?) WHERE province_id = ? AND solution_id = ?`, step, tx.Identity.Province, solution).Error
}

// CityCounts tells in how many cities of the actor's scopes each solution is
// on sale; a province listing counts for all of them.
func (s *Service) CityCounts(ctx context.Context, a tenants.Actor, offers []Offer) (map[uuid.UUID]int, error) {
	out := map[uuid.UUID]int{}
	if len(offers) == 0 {
		return out, nil
	}
	ids := make([]uuid.UUID, 0, len(offers))
	for _, o := range offers {
		ids = append(ids, o.SolutionID)
	}
	var rows []struct {
		SolutionID uuid.UUID
		Cities     int
		Everywhere bool
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT solution_id, count(*) AS cities, bool_or(scope = 'province') AS everywhere FROM offers
			WHERE province_id = ? AND org_path IN ? AND solution_id IN ? GROUP BY solution_id`, a.Tenant.ProvinceID, a.Tenant.Scopes(), ids).Scan(&rows).Error
	})
	for _, r := range rows {
		out[r.SolutionID] = r.Cities
		if r.Everywhere {
			out[r.SolutionID] = strings.Count(a.Tenant.CityCodes, ",") + 1
		}
	}
	return out, err
}
