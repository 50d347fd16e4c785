package demo

import (
	"context"
	"maps"
	"time"

	"ecoport/marketplace/standing"
	"ecoport/tenants"
)

// tiers is the formula in force, the quarters it has judged, one on trial
// beside it, and what the firms may have open.
func (l *Loader) tiers(ctx context.Context) error {
	managers := l.staff["GD/channel_manager"]
	maker, checker := managers[0], managers[1]
	f, err := l.Standings.ProposeFormula(l.at(ctx, l.ago(260)), maker, standing.Default(), "首版评分公式，运行两个季度后再评估。")
	if err != nil {
		return err
	}
	if _, err := l.Standings.CheckFormula(l.at(ctx, l.ago(258)), checker, f.ID, "publish", ""); err != nil {
		return err
	}
	_, began := tenants.Quarter(l.now)
	lately := began
	if x := l.ago(4); x.After(began) {
		lately = x
	}
	for _, at := range []time.Time{began.AddDate(0, -3, 2), lately} {
		if err := l.Standings.Evaluate(l.at(ctx, at), l.province.ID); err != nil {
			return err
		}
	}
	next := standing.Default()
	next.Metrics = maps.Clone(next.Metrics)
	for code, weight := range map[string]int64{"revenue": 5, "response": 15, "resolution": 15} {
		w := next.Metrics[code]
		w.Weight = weight
		next.Metrics[code] = w
	}
	on, err := l.Standings.ProposeFormula(l.at(ctx, l.ago(2)), maker, next, "降低收入权重，提高响应与解决及时率的权重。")
	if err != nil {
		return err
	}
	if err := l.Standings.Evaluate(ctx, l.province.ID); err != nil {
		return err
	}
	if _, err := l.Standings.Object(l.at(ctx, l.ago(1)), l.sis[0].admin, on.ID, "上季度客户工单集中在两个老项目，响应类指标权重提高过多，建议分两个季度调整。"); err != nil {
		return err
	}
	return l.Standings.TendExposures(l.at(ctx, l.now), l.province.ID)
}
