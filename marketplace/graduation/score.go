package graduation

import (
	"slices"
	"time"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// Metric is one line of a dossier. What has no source of facts yet says so,
// and takes no threshold.
type Metric struct {
	Code   string
	Unit   string // count, fen, percent, days
	AtMost bool   // less is better
	Silent bool   // nothing is measured yet
}

// Metrics of a dossier, in the order they are shown.
var Metrics = []Metric{
	{Code: "accounts", Unit: "count"},
	{Code: "growth", Unit: "percent"},
	{Code: "revenue", Unit: "fen"},
	{Code: "deals_won", Unit: "count"},
	{Code: "cities", Unit: "count"},
	{Code: "response", Unit: "percent"},
	{Code: "complaints", Unit: "count", AtMost: true},
	{Code: "certificate", Unit: "days"},
	{Code: "availability", Unit: "percent", Silent: true},
	{Code: "satisfaction", Unit: "percent", Silent: true},
}

// Needs are thresholds by metric.
type Needs map[string]int64

// Validate reports all faults.
func (n Needs) Validate() error {
	var c fault.Checker
	if len(n) == 0 {
		c.Add("needs", "required", "至少设一项门槛。", "Set one threshold at least.")
	}
	for code, need := range n {
		i := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Code == code && !m.Silent })
		if i < 0 {
			c.Add("needs."+code, "unknown", "这项还没有事实来源，不能设门槛。", "Nothing measures this yet; it takes no threshold.")
		} else if need < 0 {
			c.Add("needs."+code, "minimum", "不能为负。", "Not below zero.")
		}
	}
	return c.Err()
}

// Fact is a metric as it is, beside what is needed; Has is nil where there are
// no facts.
type Fact struct {
	Metric string
	Unit   string
	AtMost bool
	Has    *int64
	Need   *int64
	Met    *bool
}

// Score puts facts beside needs.
func Score(has map[string]int64, needs Needs) []Fact {
	out := []Fact{}
	for _, m := range Metrics {
		f := Fact{Metric: m.Code, Unit: m.Unit, AtMost: m.AtMost}
		if v, ok := has[m.Code]; ok {
			f.Has = &v
		}
		if v, ok := needs[m.Code]; ok {
			met := f.Has != nil && (*f.Has >= v || m.AtMost) && (!m.AtMost || *f.Has <= v)
			f.Need, f.Met = &v, &met
		}
		out = append(out, f)
	}
	return out
}

// Unmet counts the thresholds that are not reached.
func Unmet(facts []Fact) (n int) {
	for _, f := range facts {
		if f.Met != nil && !*f.Met {
			n++
		}
	}
	return n
}

// Dossier is what is known of a product: figures, never whose.
type Dossier struct {
	At     time.Time
	Facts  []Fact
	Pilots []Progress
}

// Progress is what a pilot has reached.
type Progress struct {
	CityCode                  string
	Accounts, Fen             int64
	TargetAccounts, TargetFen int64
	StartsOn, EndsOn          time.Time
	Running                   bool
}

const sinceYear, sinceQuarter = 365 * 24 * time.Hour, 90 * 24 * time.Hour

// earned is the revenue of services from one moment to another: the months they
// ran, and what was paid once when they started between the two.
const earned = `(CASE WHEN s.active_at >= @since AND s.active_at < @until THEN o.one_off_fen ELSE 0 END
	+ s.monthly_fen * greatest(0, floor(extract(epoch FROM least(coalesce(s.ended_at, @until), @until) - greatest(s.active_at, @since)) / 2629800))::bigint)`

// gather computes the dossier. It reads the business of a whole city or the
// province, so the transaction has the system's sight; what leaves are sums.
func gather(tx *pg.Tx, g Graduation, pilots []Trial, now time.Time) (Dossier, error) {
	d := Dossier{At: now, Pilots: []Progress{}}
	args := map[string]any{"province": g.ProvinceID, "solution": g.SolutionID, "path": g.OrgPath, "below": g.OrgPath[:len(g.OrgPath)-1] + "0", "until": now, "since": now.Add(-sinceYear), "quarter": now.Add(-sinceQuarter), "before": now.Add(-2 * sinceQuarter)}
	var row struct {
		Accounts, Fresh, Earlier, Revenue, DealsWon, Cities, Responded, InTime, Complaints int64
		ValidUntil                                                                         *time.Time
	}
	const here = `s.province_id = @province AND s.solution_id = @solution AND s.org_path >= @path AND s.org_path < @below`
	args["version"] = g.VersionID
	err := tx.Raw(`SELECT
		(SELECT count(DISTINCT s.account_id) FROM services s WHERE `+here+` AND s.state = 'active') AS accounts,
		(SELECT count(*) FROM services s WHERE `+here+` AND s.active_at >= @quarter) AS fresh,
		(SELECT count(*) FROM services s WHERE `+here+` AND s.active_at >= @before AND s.active_at < @quarter) AS earlier,
		(SELECT coalesce(sum(`+earned+`), 0)::bigint FROM services s JOIN orders o ON o.province_id = s.province_id AND o.id = s.order_id WHERE `+here+`) AS revenue,
		(SELECT count(DISTINCT d.id) FROM orders s JOIN deals d ON d.province_id = s.province_id AND d.id = s.deal_id WHERE `+here+` AND d.state = 'won') AS deals_won,
		(SELECT count(DISTINCT split_part(s.org_path, '/', 2)) FROM services s WHERE s.province_id = @province AND s.solution_id = @solution AND s.state = 'active') AS cities,
		count(*) FILTER (WHERE t.respond_us IS NOT NULL OR t.response_missed) AS responded,
		count(*) FILTER (WHERE t.respond_us IS NOT NULL AND NOT t.response_missed) AS in_time,
		count(*) FILTER (WHERE t.category = 'complaint') AS complaints,
		(SELECT c.valid_until FROM certificates c WHERE c.province_id = @province AND c.version_id = @version AND c.revoked_at IS NULL AND c.suspended_at IS NULL) AS valid_until
		FROM tickets t JOIN services s ON s.province_id = t.province_id AND s.id = t.service_id WHERE `+here+` AND t.opened_at >= @since AND t.state <> 'cancelled'`, args).Scan(&row).Error
	if err != nil {
		return d, err
	}
	has := map[string]int64{"accounts": row.Accounts, "revenue": row.Revenue, "deals_won": row.DealsWon, "cities": row.Cities, "complaints": row.Complaints, "certificate": 0}
	if row.Earlier > 0 {
		has["growth"] = (row.Fresh - row.Earlier) * 100 / row.Earlier
	}
	if row.Responded > 0 {
		has["response"] = row.InTime * 100 / row.Responded
	}
	if row.ValidUntil != nil && row.ValidUntil.After(now) {
		has["certificate"] = int64(row.ValidUntil.Sub(now).Hours() / 24)
	}
	d.Facts = Score(has, g.Needs.V)
	for _, p := range pilots {
		x := Progress{CityCode: p.CityCode, TargetAccounts: p.TargetAccounts, TargetFen: p.TargetFen, StartsOn: p.StartsOn, EndsOn: p.EndsOn, Running: p.State == "running" && now.Before(midnight(p.EndsOn.AddDate(0, 0, 1)))}
		args["path"], args["below"] = p.OrgPath, p.OrgPath[:len(p.OrgPath)-1]+"0"
		args["since"], args["until"] = p.window(now)
		var reached struct{ Accounts, Fen int64 }
		err := tx.Raw(`SELECT count(DISTINCT s.account_id) FILTER (WHERE s.active_at >= @since AND s.active_at < @until) AS accounts, coalesce(sum(`+earned+`), 0)::bigint AS fen
			FROM services s JOIN orders o ON o.province_id = s.province_id AND o.id = s.order_id WHERE `+here, args).Scan(&reached).Error
		if err != nil {
			return d, err
		}
		x.Accounts, x.Fen = reached.Accounts, reached.Fen
		d.Pilots = append(d.Pilots, x)
	}
	return d, nil
}
