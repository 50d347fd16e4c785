package graduation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Quadrants of the product map, and classes of growth and share.
var (
	Quadrants = []string{"core", "potential", "reserve", "observe"}
	Classes   = []string{"star", "cow", "question", "dog"}
)

// Standing is what is measured of a family in a quarter. Nil is no facts.
type Standing struct {
	Market, Served                   int64 // customers of its industries; of them with an active service
	Started, Before                  int64 // services started in the quarter, and in the one before
	Certified                        int64 // solutions on sale or certified
	Answered, InTime                 int64 // tickets
	Won, Lost                        int64 // deals of the last year
	MonthlyFen                       int64 // of active services
	Unserved, Growth, Share          *int64
	Response, WinRate                *int64
	Attractiveness, Capability       int64
	AttractivenessMid, CapabilityMid int64 // medians of the quarter: the lines of the map
	GrowthMid, ShareMid              int64
}

// Spot is a family on the map.
type Spot struct {
	ProvinceID       uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	OrgPath          string
	Quarter          string
	Family           string
	Facts            pg.JSON[Standing]
	Quadrant         string
	Class            string
	OverrideQuadrant string
	OverrideClass    string
	OverrideReason   string
	OverrideByName   string
	OverrideAt       *time.Time
	ComputedAt       time.Time
	Version          int64
}

// TableName of spots.
func (Spot) TableName() string { return "product_maps" }

// RowVersion is the optimistic lock.
func (s *Spot) RowVersion() *int64 { return &s.Version }

// Quarter names the quarter of a moment, 2026Q3.
func Quarter(t time.Time) string {
	t = t.In(calendar.Shanghai)
	return fmt.Sprintf("%dQ%d", t.Year(), (int(t.Month())+2)/3)
}

func quarterOf(t time.Time) (from, to time.Time) {
	t = t.In(calendar.Shanghai)
	from = time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, calendar.Shanghai)
	return from, from.AddDate(0, 3, 0)
}

func percent(part, whole int64) *int64 {
	if whole == 0 {
		return nil
	}
	v := part * 100 / whole
	return &v
}

func clamp(v int64) int64 { return max(0, min(100, v)) }

// rate fills in what follows from the counts. The formulas stand on the screen
// in the same words.
func (s *Standing) rate(total int64) {
	s.Unserved = percent(s.Market-s.Served, s.Market)
	s.Growth = percent(s.Started-s.Before, s.Before)
	s.Share = percent(s.MonthlyFen, total)
	s.Response = percent(s.InTime, s.Answered)
	s.WinRate = percent(s.Won, s.Won+s.Lost)
	// Seven parts the market that is still there, three parts growth, which
	// stands at 50 when nothing changes.
	growth, unserved := int64(50), int64(0)
	if s.Growth != nil {
		growth = clamp(50 + *s.Growth/2)
	}
	if s.Unserved != nil {
		unserved = *s.Unserved
	}
	s.Attractiveness = (7*unserved + 3*growth) / 10
	// The mean of what has facts; each certified solution counts ten.
	parts := []int64{clamp(10 * s.Certified)}
	for _, p := range []*int64{s.Response, s.WinRate} {
		if p != nil {
			parts = append(parts, *p)
		}
	}
	var sum int64
	for _, p := range parts {
		sum += p
	}
	s.Capability = sum / int64(len(parts))
}

func median(values []int64) int64 {
	slices.Sort(values)
	if len(values) == 0 {
		return 0
	}
	return values[len(values)/2]
}

func orZero(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// place says which quadrant and class a family falls into, beside the medians.
func (s *Standing) place() (quadrant, class string) {
	attractive, capable := s.Attractiveness >= s.AttractivenessMid, s.Capability >= s.CapabilityMid
	quadrant = map[[2]bool]string{{true, true}: "core", {true, false}: "potential", {false, true}: "reserve", {false, false}: "observe"}[[2]bool{attractive, capable}]
	growing, large := orZero(s.Growth) >= s.GrowthMid, orZero(s.Share) >= s.ShareMid
	class = map[[2]bool]string{{true, true}: "star", {false, true}: "cow", {true, false}: "question", {false, false}: "dog"}[[2]bool{growing, large}]
	return quadrant, class
}

// JobMap draws the map of the running quarter anew.
const JobMap = "product.map"

// DrawMap computes the quarter of now in one province. What somebody overrode
// stays as they said.
func (s *Service) DrawMap(ctx context.Context, province uuid.UUID) error {
	by := tenants.System(province, "产品地图")
	return s.db.As(ctx, by, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		from, to := quarterOf(now)
		before, _ := quarterOf(from.Add(-time.Hour))
		var top tenants.Tenant
		if err := pg.One(tx.Where("province_id = ? AND kind = 'province'", province), &top); err != nil {
			return err
		}
		var rows []struct {
			Family string
			Standing
		}
		err := tx.Raw(`WITH s AS (
			SELECT v.*, x.family FROM services v JOIN solutions x ON x.province_id = v.province_id AND x.id = v.solution_id WHERE v.province_id = @province AND v.active_at < @to
		), trade AS (
			SELECT DISTINCT family, industry FROM solutions WHERE province_id = @province AND latest_state = 'certified'
		), crowd AS (
			SELECT industry, count(*) AS n FROM accounts WHERE province_id = @province GROUP BY industry
		), market AS (
			SELECT t.family, sum(c.n)::bigint AS n FROM trade t JOIN crowd c ON c.industry = t.industry GROUP BY t.family
		), served AS (
			SELECT s.family, count(DISTINCT s.account_id) FILTER (WHERE s.state = 'active') AS served, count(*) FILTER (WHERE s.active_at >= @from) AS started,
				count(*) FILTER (WHERE s.active_at >= @before AND s.active_at < @from) AS before, coalesce(sum(s.monthly_fen) FILTER (WHERE s.state = 'active'), 0)::bigint AS monthly_fen
			FROM s GROUP BY s.family
		), tended AS (
			SELECT s.family, count(*) FILTER (WHERE t.respond_us IS NOT NULL OR t.response_missed) AS answered, count(*) FILTER (WHERE t.respond_us IS NOT NULL AND NOT t.response_missed) AS in_time
			FROM tickets t JOIN s ON s.id = t.service_id WHERE t.province_id = @province AND t.opened_at >= @year AND t.state <> 'cancelled' GROUP BY s.family
		), sold AS (
			SELECT f AS family, count(*) FILTER (WHERE d.state = 'won') AS won, count(*) FILTER (WHERE d.state IN ('lost', 'expired')) AS lost
			FROM deals d, unnest(d.families) f WHERE d.province_id = @province AND d.registered_at >= @year GROUP BY f
		)
		SELECT x.family, count(*) FILTER (WHERE x.latest_state = 'certified') AS certified, coalesce(max(m.n), 0) AS market, coalesce(max(v.served), 0) AS served, coalesce(max(v.started), 0) AS started, coalesce(max(v.before), 0) AS before,
			coalesce(max(v.monthly_fen), 0) AS monthly_fen, coalesce(max(t.answered), 0) AS answered, coalesce(max(t.in_time), 0) AS in_time, coalesce(max(d.won), 0) AS won, coalesce(max(d.lost), 0) AS lost
		FROM solutions x LEFT JOIN market m ON m.family = x.family LEFT JOIN served v ON v.family = x.family LEFT JOIN tended t ON t.family = x.family LEFT JOIN sold d ON d.family = x.family
		WHERE x.province_id = @province GROUP BY x.family HAVING count(*) FILTER (WHERE x.latest_state = 'certified') > 0 OR max(v.served) > 0 ORDER BY x.family`,
			map[string]any{"province": province, "from": from, "to": to, "before": before, "year": now.Add(-sinceYear)}).Scan(&rows).Error
		if err != nil {
			return err
		}
		var total int64
		for _, r := range rows {
			total += r.MonthlyFen
		}
		var attractive, capable, growth, share []int64
		for i := range rows {
			r := &rows[i]
			r.rate(total)
			attractive, capable, growth, share = append(attractive, r.Attractiveness), append(capable, r.Capability), append(growth, orZero(r.Growth)), append(share, orZero(r.Share))
		}
		mids := [4]int64{median(attractive), median(capable), median(growth), median(share)}
		for _, r := range rows {
			st := r.Standing
			st.AttractivenessMid, st.CapabilityMid, st.GrowthMid, st.ShareMid = mids[0], mids[1], mids[2], mids[3]
			quadrant, class := st.place()
			err := tx.Exec(`INSERT INTO product_maps (province_id, id, org_path, quarter, family, facts, quadrant, class, computed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT ON CONSTRAINT product_maps_family_once DO UPDATE SET facts = excluded.facts, quadrant = excluded.quadrant, class = excluded.class, computed_at = excluded.computed_at, version = product_maps.version + 1
				WHERE (product_maps.facts, product_maps.quadrant, product_maps.class) IS DISTINCT FROM (excluded.facts, excluded.quadrant, excluded.class)`,
				province, pg.NewID(), top.Path, Quarter(now), r.Family, pg.JSON[Standing]{V: st}, quadrant, class, now).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Map returns a quarter, the running one when none is named, and which there are.
func (s *Service) Map(ctx context.Context, a tenants.Actor, quarter string) (named string, spots []Spot, quarters []string, err error) {
	if err := a.Need(MapRead); err != nil {
		return "", nil, nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := tenants.Rows(tx).Table("product_maps").Distinct("quarter").Order("quarter DESC").Limit(40).Pluck("quarter", &quarters).Error; err != nil {
			return err
		}
		named = quarter
		if named == "" && len(quarters) > 0 {
			named = quarters[0]
		}
		return tenants.Rows(tx).Where("quarter = ?", named).Order("family").Find(&spots).Error
	})
	return named, spots, quarters, err
}

// Shift is where somebody says a family stands; both empty takes it back.
type Shift struct{ Quadrant, Class, Reason string }

// Override says that a family stands elsewhere than computed.
func (s *Service) Override(ctx context.Context, a tenants.Actor, id uuid.UUID, x Shift) (Spot, error) {
	if err := a.Need(MapShift); err != nil {
		return Spot{}, err
	}
	x.Reason = strings.TrimSpace(x.Reason)
	var c fault.Checker
	c.OneOf("quadrant", x.Quadrant, append([]string{""}, Quadrants...)...)
	c.OneOf("class", x.Class, append([]string{""}, Classes...)...)
	c.Require("reason", x.Reason != "")
	if err := c.Err(); err != nil {
		return Spot{}, err
	}
	var spot Spot
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &spot); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		action := "override"
		spot.OverrideQuadrant, spot.OverrideClass, spot.OverrideReason, spot.OverrideByName, spot.OverrideAt = x.Quadrant, x.Class, x.Reason, a.Name, &now
		if x.Quadrant == "" && x.Class == "" {
			action, spot.OverrideReason = "recompute", ""
		}
		if err := pg.Save(tx, &spot); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: action, Resource: "product_map", ID: spot.ID, Label: spot.Quarter + " " + spot.Family, OrgPath: spot.OrgPath, Reason: x.Reason})
		return nil
	})
	return spot, err
}
