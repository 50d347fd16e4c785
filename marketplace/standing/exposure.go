package standing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// What is capped.
const (
	Listings = "listings" // live at once
	Deals    = "deals"    // registered, under review or protected
	Orders   = "orders"   // fen it sold that does not run yet
)

// Kinds in the order they are shown.
var Kinds = []string{Listings, Deals, Orders}

// Caps by level; the highest has none.
var Caps = []map[string]int64{
	{Listings: 10, Deals: 10, Orders: 200_000_000},
	{Listings: 20, Deals: 20, Orders: 500_000_000},
	{Listings: 40, Deals: 50, Orders: 2_000_000_000},
	{Listings: 100, Deals: 200, Orders: 10_000_000_000},
	nil,
}

// Steps are how many proofs, deliveries accepted and deals won, raise a firm to
// each level; the highest goes with the highest tier only.
var Steps = []int64{0, 3, 10, 30}

// ErrCap refuses what goes past a limit, saying how it grows.
var (
	ErrListings = fault.New(fault.Conflict, "exposure-listings", "这家伙伴目前最多同时在售 %d 个上架，已有 %d 个。%s", "This partner may have %d listings on sale at once at present and has %d. %s")
	ErrDeals    = fault.New(fault.Conflict, "exposure-deals", "贵司目前最多同时持有 %d 个商机，已有 %d 个。%s", "Your firm may hold %d open deals at once at present and holds %d. %s")
	ErrOrders   = fault.New(fault.Conflict, "exposure-orders", "贵司目前未开通订单的总额上限为 %s 元，已有 %s 元，本单会超出。%s", "Orders of your firm that do not run yet may come to ¥%s at present and come to ¥%s; this one goes past it. %s")
)

// Evidence is what a level follows from.
type Evidence struct {
	Accepted int64 // deliveries accepted
	Won      int64 // deals won
	Tier     string
	// Alerts of the last ninety days: complaints, late, lapsed, idle.
	Alerts []string
}

// alertDays is how long an alert counts.
const alertDays = 90

// Level is what evidence comes to: proofs raise it, a tier holds it up, and
// each alert takes one off.
func (e Evidence) Level() int {
	level := 0
	for i, from := range Steps {
		if e.Accepted+e.Won >= from {
			level = i
		}
	}
	level = max(level, rank(e.Tier))
	if e.Tier == partner.Tiers[len(partner.Tiers)-1] {
		level = len(Caps) - 1
	}
	return max(0, level-len(e.Alerts))
}

// Next is how many more proofs raise the level, or zero when proofs alone do not.
func (e Evidence) Next() int64 {
	for _, from := range Steps {
		if more := from - e.Accepted - e.Won; more > 0 && len(e.Alerts) == 0 {
			x := e
			x.Won += more
			if x.Level() > e.Level() {
				return more
			}
		}
	}
	return 0
}

// How says how the limit grows.
func (e Evidence) How() fault.Words {
	switch n := e.Next(); {
	case len(e.Alerts) > 0:
		return fault.Words{Zh: fmt.Sprintf("近 %d 天有 %d 项预警，消除后上限恢复。", alertDays, len(e.Alerts)), En: fmt.Sprintf("%d alerts of the last %d days hold it down; it grows back as they end.", len(e.Alerts), alertDays)}
	case n > 0:
		return fault.Words{Zh: fmt.Sprintf("再有 %d 个验收通过的交付或赢得的商机，上限就会提高。", n), En: fmt.Sprintf("It grows with %d more deliveries accepted or deals won.", n)}
	}
	return fault.Words{Zh: "合作等级提高后，上限随之提高。", En: "It grows with the tier."}
}

// Exposure is a firm's level with what it has open.
type Exposure struct {
	Level    int
	Evidence Evidence
	Cap      map[string]int64 // nil for none
	Open     map[string]int64
}

// stored is the row.
type stored struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	PartnerID  uuid.UUID `gorm:"primaryKey"`
	OrgPath    string
	Level      int
	Evidence   pg.JSON[Evidence]
	At         time.Time
}

func (stored) TableName() string { return "exposures" }

// standingOf is the stored level; a firm of which nothing is stored yet has
// proved nothing.
func standingOf(tx *pg.Tx, province, id uuid.UUID, tier string) (x stored, err error) {
	x = stored{ProvinceID: province, PartnerID: id, Evidence: pg.JSON[Evidence]{V: Evidence{Tier: tier, Alerts: []string{}}}}
	x.Level = x.Evidence.V.Level()
	err = tx.Where("province_id = ? AND partner_id = ?", province, id).Limit(1).Find(&x).Error
	return x, err
}

// used counts what a firm has open of a kind; each count is over rows that
// whoever runs into the limit may see.
func used(tx *pg.Tx, kind string, province, id uuid.UUID) (n int64, err error) {
	err = tx.Raw(map[string]string{
		Listings: `SELECT coalesce(sum(live_listings), 0)::bigint FROM solutions WHERE province_id = ? AND partner_id = ?`,
		Deals:    `SELECT count(*) FROM deals WHERE province_id = ? AND partner_id = ? AND state IN ('registered', 'under_review', 'protected')`,
		Orders:   `SELECT coalesce(sum(total_fen), 0)::bigint FROM orders WHERE province_id = ? AND partner_id = ? AND state IN ('submitted', 'accepted', 'provisioning', 'delivered')`,
	}[kind], province, id).Scan(&n).Error
	return n, err
}

func exposureOf(tx *pg.Tx, p partner.Partner) (Exposure, error) {
	x, err := standingOf(tx, p.ProvinceID, p.ID, p.Tier)
	e := Exposure{Level: x.Level, Evidence: x.Evidence.V, Cap: Caps[x.Level], Open: map[string]int64{}}
	for _, kind := range Kinds {
		if err == nil {
			e.Open[kind], err = used(tx, kind, p.ProvinceID, p.ID)
		}
	}
	return e, err
}

// Room refuses what would go past the firm's limit. It holds the firm's other
// openings of the kind until the transaction ends, so two at once are counted
// one after the other.
func Room(tx *pg.Tx, p partner.Partner, kind string, more int64) error {
	x, err := standingOf(tx, p.ProvinceID, p.ID, p.Tier)
	if err != nil || Caps[x.Level] == nil {
		return err
	}
	if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "exposure "+kind+" "+p.ID.String()).Error; err != nil {
		return err
	}
	open, err := used(tx, kind, p.ProvinceID, p.ID)
	limit, how := Caps[x.Level][kind], x.Evidence.V.How()
	if err != nil || open+more <= limit {
		return err
	}
	e := *map[string]*fault.Error{Listings: ErrListings, Deals: ErrDeals, Orders: ErrOrders}[kind]
	if kind == Orders {
		e.Words = fault.Words{Zh: fmt.Sprintf(e.Words.Zh, yuan(limit), yuan(open), how.Zh), En: fmt.Sprintf(e.Words.En, yuan(limit), yuan(open), how.En)}
	} else {
		e.Words = fault.Words{Zh: fmt.Sprintf(e.Words.Zh, limit, open, how.Zh), En: fmt.Sprintf(e.Words.En, limit, open, how.En)}
	}
	return &e
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// JobExposure looks at every firm's evidence.
const JobExposure = "exposure.tend"

// TendExposures takes over what each firm has proved and what went wrong, and
// tells of levels that changed. It may run any number of times.
func (s *Service) TendExposures(ctx context.Context, province uuid.UUID) error {
	a := tenants.System(province, "上限评估")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "exposures "+province.String()).Error; err != nil {
			return err
		}
		now := calendar.Now(ctx)
		var rows []struct {
			ID                                               uuid.UUID
			OrgPath, LegalName, Tier                         string
			Lapsed, Fished                                   bool
			Accepted, Won, Complaints, Answered, Late, Idled int64
			Level                                            *int
			Kept                                             []byte
		}
		err := tx.Raw(`SELECT p.id, p.org_path, p.legal_name, p.tier, p.lapsed_at IS NOT NULL AS lapsed, x.level, x.evidence AS kept,
			(SELECT count(*) FROM deliveries WHERE province_id = @province AND partner_id = p.id AND state = 'accepted') AS accepted,
			EXISTS (SELECT 1 FROM deal_checks WHERE province_id = @province AND partner_id = p.id AND noticed AND checked_at >= @since) AS fished,
			d.won, d.idled, t.complaints, t.answered, t.late
			FROM partners p LEFT JOIN exposures x ON x.province_id = p.province_id AND x.partner_id = p.id
			CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'won') AS won, count(*) FILTER (WHERE state = 'expired' AND updated_at >= @since) AS idled FROM deals WHERE province_id = @province AND partner_id = p.id) d
			CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE category = 'complaint') AS complaints, count(*) FILTER (WHERE resolved_at IS NOT NULL OR resolution_missed) AS answered, count(*) FILTER (WHERE resolution_missed) AS late
				FROM tickets WHERE province_id = @province AND partner_id = p.id AND opened_at >= @since AND state <> 'cancelled') t
			WHERE p.province_id = @province AND p.state IN ('active', 'suspended') ORDER BY p.id`, map[string]any{"province": province, "since": now.AddDate(0, 0, -alertDays)}).Scan(&rows).Error
		if err != nil {
			return err
		}
		for _, r := range rows {
			e := Evidence{Accepted: r.Accepted, Won: r.Won, Tier: r.Tier, Alerts: []string{}}
			for _, alert := range []struct {
				code string
				on   bool
			}{{"complaints", r.Complaints >= 3}, {"late", r.Answered >= 5 && r.Late*100 > r.Answered*40}, {"lapsed", r.Lapsed}, {"idle", r.Idled >= 5}, {"fishing", r.Fished}} {
				if alert.on {
					e.Alerts = append(e.Alerts, alert.code)
				}
			}
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			before := Evidence{Tier: r.Tier}.Level()
			if r.Level != nil {
				before = *r.Level
				var kept Evidence
				if json.Unmarshal(r.Kept, &kept) == nil {
					if old, _ := json.Marshal(kept); string(old) == string(text) && before == e.Level() {
						continue
					}
				}
			}
			err = tx.Exec(`INSERT INTO exposures (province_id, partner_id, org_path, level, evidence, at) VALUES (?, ?, ?, ?, ?::jsonb, ?)
				ON CONFLICT ON CONSTRAINT exposures_pkey DO UPDATE SET level = excluded.level, evidence = excluded.evidence, at = excluded.at`, province, r.ID, r.OrgPath, e.Level(), string(text), now).Error
			if err != nil {
				return err
			}
			action := map[bool]string{true: "grow", false: "shrink"}[e.Level() > before]
			if e.Level() != before {
				tenants.Record(ctx, tx, a, tenants.Entry{Action: action, Resource: "exposure", ID: r.ID, Label: r.LegalName, OrgPath: r.OrgPath, Partner: r.ID, Reason: fmt.Sprintf("%d → %d", before, e.Level())})
			}
		}
		return nil
	})
}
