package standing

import (
	"fmt"
	"slices"
	"strconv"

	"ecoport/app/platform/fault"
	"ecoport/tenants/partner"
)

// Metric is one thing a firm is measured by.
type Metric struct {
	Code   string
	Unit   string   // count, fen, percent
	AtMost bool     // less is better
	Of     []string // capabilities it is asked of; none means all
}

// Who builds and delivers, and who sells.
var (
	builders = []string{"si", "sales_si", "alliance"}
	sellers  = []string{"sales_si", "sa", "agent"}
)

// Metrics in the order they are shown. Each has a source of facts.
var Metrics = []Metric{
	{"certified", "count", false, builders},
	{"graduated", "count", false, builders},
	{"revenue", "fen", false, nil},
	{"conversion", "percent", false, sellers},
	{"on_time", "percent", false, builders},
	{"acceptance", "percent", false, builders},
	{"response", "percent", false, builders},
	{"resolution", "percent", false, builders},
	{"complaints", "count", true, builders},
}

func (m Metric) of(capabilities []string) bool {
	return len(m.Of) == 0 || slices.ContainsFunc(m.Of, func(c string) bool { return slices.Contains(capabilities, c) })
}

// Bands of size, from small to large: by the customers a firm serves, so that a
// small one is not measured by what only a large one can do.
var Bands = []string{"small", "medium", "large"}

// Weighed is how a metric counts: full weight from Full of the band on, or at
// most, with less for less.
type Weighed struct {
	Weight int64            `json:"weight"`
	Full   map[string]int64 `json:"full"` // by band
}

// Wanted is what a tier asks for: points, and a floor for each metric named.
type Wanted struct {
	Points int64            `json:"points"`
	Floors map[string]int64 `json:"floors"`
}

// Document is the text of a formula.
type Document struct {
	Bands   map[string]int64   `json:"bands"` // customers from which a firm is in it
	Metrics map[string]Weighed `json:"metrics"`
	Tiers   map[string]Wanted  `json:"tiers"`
}

// Default is where a province begins.
func Default() Document {
	all := func(n int64) map[string]int64 { return map[string]int64{"small": n, "medium": n, "large": n} }
	return Document{
		Bands: map[string]int64{"small": 0, "medium": 5, "large": 20},
		Metrics: map[string]Weighed{
			"certified": {15, map[string]int64{"small": 2, "medium": 4, "large": 8}}, "graduated": {10, map[string]int64{"small": 1, "medium": 1, "large": 2}},
			"revenue": {15, map[string]int64{"small": 2_000_000, "medium": 10_000_000, "large": 50_000_000}}, "conversion": {10, all(60)}, "on_time": {15, all(95)},
			"acceptance": {10, all(95)}, "response": {10, all(95)}, "resolution": {10, all(90)}, "complaints": {5, map[string]int64{"small": 3, "medium": 5, "large": 10}},
		},
		Tiers: map[string]Wanted{
			"certified": {40, map[string]int64{"on_time": 60, "response": 50, "conversion": 30}},
			"preferred": {60, map[string]int64{"certified": 1, "revenue": 1_000_000, "conversion": 50, "on_time": 80, "response": 80, "acceptance": 80}},
			"strategic": {80, map[string]int64{"certified": 2, "graduated": 1, "revenue": 2_000_000, "conversion": 60, "on_time": 90, "response": 90, "acceptance": 90, "complaints": 5}},
		},
	}
}

// Validate reports all faults.
func (d Document) Validate() error {
	var c fault.Checker
	var sum, before int64
	for i, b := range Bands {
		from, ok := d.Bands[b]
		if !ok || i == 0 && from != 0 || i > 0 && from <= before {
			c.Add("document.bands."+b, "order", "规模档从 0 开始，逐档增大。", "Bands begin at 0 and rise.")
		}
		before = from
	}
	for code, w := range d.Metrics {
		field := "document.metrics." + code
		if !slices.ContainsFunc(Metrics, func(m Metric) bool { return m.Code == code }) {
			c.OneOf(field, code)
			continue
		}
		if w.Weight < 1 || w.Weight > 100 {
			c.Add(field, "weight", "权重为 1 到 100。", "A weight is from 1 to 100.")
		}
		sum += w.Weight
		for _, b := range Bands {
			if w.Full[b] < 1 {
				c.Add(field, "full", "每个规模档都要有满分值，至少为 1。", "Each band has its full value, 1 at least.")
				break
			}
		}
		if len(w.Full) > len(Bands) {
			c.OneOf(field, "band")
		}
	}
	if len(d.Metrics) == 0 || sum != 100 {
		c.Add("document.metrics", "sum", fmt.Sprintf("各项权重之和应为 100，现为 %d。", sum), fmt.Sprintf("Weights add up to 100; they make %d.", sum))
	}
	before = 0
	for _, tier := range partner.Tiers[1:] {
		w, ok := d.Tiers[tier]
		if !ok || w.Points <= before || w.Points > 100 {
			c.Add("document.tiers."+tier, "points", "各等级的分数线逐级升高，最高 100。", "The points of the tiers rise, to 100 at most.")
		}
		before = w.Points
		for code, floor := range w.Floors {
			if _, measured := d.Metrics[code]; !measured || floor < 0 {
				c.Add("document.tiers."+tier, "floor", "底线只能设在参与评分的指标上，且不为负。", "A floor is of a metric that counts, and not below zero.")
			}
		}
	}
	if len(d.Tiers) > len(partner.Tiers)-1 {
		c.OneOf("document.tiers", "tier")
	}
	return c.Err()
}

// Line is one metric of an evaluation: what is there beside what is wanted. Has
// is nil where the quarter holds no fact of it, which is neither good nor bad.
type Line struct {
	Metric string
	Unit   string
	AtMost bool
	Has    *int64
	Full   int64
	Weight int64
	Points int64 // hundredths
	Floors map[string]int64
}

// meets tells whether the line keeps to the floor of a tier, for a firm that
// has one: where there are no facts, a floor takes nothing away and proves
// nothing for more.
func (l Line) meets(tier, held string) bool {
	floor, asked := l.Floors[tier]
	if !asked || l.Has == nil {
		return !asked || rank(tier) <= rank(held)
	}
	return l.AtMost && *l.Has <= floor || !l.AtMost && *l.Has >= floor
}

// Figures of a firm: what it is, the customers it serves, and its metrics.
type Figures struct {
	Held         string // its tier
	Capabilities []string
	Customers    int64
	Has          map[string]int64
}

// Score is what a formula makes of figures.
type Score struct {
	Band   string
	Points int64
	Result string
	Lines  []Line
}

// Score measures figures. What has no facts takes no part, and the rest counts
// for the whole.
func (d Document) Score(f Figures) Score {
	out := Score{Band: Bands[0], Result: partner.Tiers[0], Lines: []Line{}}
	for _, b := range Bands {
		if f.Customers >= d.Bands[b] {
			out.Band = b
		}
	}
	var got, weights int64
	for _, m := range Metrics {
		w, counts := d.Metrics[m.Code]
		if !counts || !m.of(f.Capabilities) {
			continue
		}
		l := Line{Metric: m.Code, Unit: m.Unit, AtMost: m.AtMost, Full: w.Full[out.Band], Weight: w.Weight, Floors: map[string]int64{}}
		for tier, want := range d.Tiers {
			if floor, asked := want.Floors[m.Code]; asked {
				l.Floors[tier] = floor
			}
		}
		if v, ok := f.Has[m.Code]; ok {
			part := max(0, min(v, l.Full))
			if m.AtMost {
				part = l.Full - part
			}
			l.Has, l.Points = &v, 100*w.Weight*part/l.Full
			got, weights = got+l.Points, weights+w.Weight
		}
		out.Lines = append(out.Lines, l)
	}
	if weights > 0 {
		out.Points = got / weights
	}
	for _, tier := range partner.Tiers[1:] {
		if out.Points < d.Tiers[tier].Points || slices.ContainsFunc(out.Lines, func(l Line) bool { return !l.meets(tier, f.Held) }) {
			break
		}
		out.Result = tier
	}
	return out
}

func number(n int) string { return "V" + strconv.Itoa(n) }
