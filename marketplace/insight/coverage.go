package insight

import (
	"context"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// Coverage 目标客户覆盖率 of one place: how many of its target accounts of a
// year have an active service, and of the year before.
type Coverage struct {
	Place                          string // city of a province, district of a city
	Targets, Covered               int64
	LastTargets, LastCovered       int64
	Government, Industrial, Leader int64 // targets by segment
}

// CoverageOf counts the targets of a year by place, as far as the actor sees.
// A customer that was merged counts with its keeper.
func (s *Service) CoverageOf(ctx context.Context, a tenants.Actor, year int, segment string) (out []Coverage, err error) {
	if err := a.Need(account.ReadAll); err != nil {
		return nil, err
	}
	place := "t.city_code"
	if a.Tenant.Kind == tenants.KindCity {
		place = "t.district_code"
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		id := a.Identity()
		// The few accounts with a running service are gathered once; the year
		// before is judged by what ran at its end.
		q := tx.Raw(`WITH running AS (SELECT coalesce(a.merged_into, a.id) AS id, min(s.active_at) AS since, bool_or(s.state = 'active') AS now, max(coalesce(s.ended_at, 'infinity')) AS until
				FROM services s JOIN accounts a ON a.province_id = s.province_id AND a.id = s.account_id WHERE s.province_id = ? AND s.org_path >= ? AND s.org_path < ? GROUP BY 1)
			SELECT `+place+` AS place, count(*) FILTER (WHERE t.year = ?) AS targets, count(*) FILTER (WHERE t.year = ? AND r.now) AS covered,
				count(*) FILTER (WHERE t.year = ?) AS last_targets, count(*) FILTER (WHERE t.year = ? AND r.since < make_timestamptz(?, 1, 1, 0, 0, 0, 'Asia/Shanghai') AND r.until >= make_timestamptz(?, 1, 1, 0, 0, 0, 'Asia/Shanghai')) AS last_covered,
				count(*) FILTER (WHERE t.year = ? AND t.segment = 'government_body') AS government, count(*) FILTER (WHERE t.year = ? AND t.segment = 'industrial') AS industrial, count(*) FILTER (WHERE t.year = ? AND t.segment = 'leader') AS leader
			FROM account_targets t JOIN accounts a ON a.province_id = t.province_id AND a.id = t.account_id AND a.merged_into IS NULL LEFT JOIN running r ON r.id = t.account_id
			WHERE t.province_id = ? AND t.org_path >= ? AND t.org_path < ? AND t.year IN (?, ?) AND (? = '' OR t.segment = ?) AND (cardinality(?::text[]) = 0 OR t.district_code = ANY (?::text[]))
			GROUP BY 1 ORDER BY 1`,
			id.Province, id.PathFrom, id.PathTo, year, year, year-1, year-1, year, year, year, year, year, id.Province, id.PathFrom, id.PathTo, year, year-1, segment, segment, pg.Texts(a.Districts), pg.Texts(a.Districts))
		return q.Scan(&out).Error
	})
	return out, err
}
