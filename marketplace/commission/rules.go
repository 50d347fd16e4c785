package commission

import (
	"fmt"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
)

// A formula is here and nowhere else: its check, its arithmetic, its steps in
// the receipt. b is the basis quantity: fen for amounts, units per unit.

func (f Formula) validate(c *fault.Checker, at string, unit bool) {
	c.OneOf(at+"kind", f.Kind, "flat", "rate", "tiers")
	rate := maxRate
	if unit {
		rate = maxFen // ppm of a fen per unit: 0.5 fen is 500 000
	}
	if f.Kind == "flat" {
		checkRange(c, at+"fen", f.Fen, 0, maxFen)
	} else {
		absent(c, at+"fen", f.Fen != nil)
	}
	if f.Kind == "rate" {
		checkRange(c, at+"ppm", f.PPM, 0, rate)
	} else {
		absent(c, at+"ppm", f.PPM != nil)
	}
	if f.Kind != "tiers" {
		absent(c, at+"steps", len(f.Steps) > 0)
		absent(c, at+"mode", f.Mode != "")
		absent(c, at+"per", f.Per != "")
		return
	}
	c.OneOf(at+"mode", f.Mode, "marginal", "whole")
	c.OneOf(at+"per", f.Per, "event", "month")
	c.Require(at+"steps", len(f.Steps) > 0)
	if len(f.Steps) > maxSteps {
		c.Add(at+"steps", "too_many", "最多 50 档。", "At most 50 steps.")
	}
	for i, s := range f.Steps {
		field := fmt.Sprintf("%ssteps[%d].", at, i)
		switch {
		case i == 0 && s.From != 0:
			c.Add(field+"from", "first", "第一档必须从 0 开始。", "The first step must begin at 0.")
		case i > 0 && s.From <= f.Steps[i-1].From:
			c.Add(field+"from", "order", "各档起点必须从小到大。", "Steps must ascend.")
		case s.From > maxFen:
			c.Add(field+"from", "range", "太大了。", "Too large.")
		}
		switch {
		case s.PPM != nil && s.Fen != nil:
			c.Add(field+"fen", "both", "比例和金额只能填一个。", "Give a rate or fen, not both.")
		case s.PPM != nil:
			checkRange(c, field+"ppm", s.PPM, 0, rate)
		case s.Fen != nil && !unit:
			c.Add(field+"fen", "unexpected", "按金额计酬的阶梯只能填比例。", "Tiers over an amount take a rate.")
		case s.Fen != nil:
			checkRange(c, field+"fen", s.Fen, 0, maxFen)
		default:
			c.Require(field+"ppm", false)
		}
	}
}

// step is the index of the tier a quantity reaches.
func (f Formula) step(q int64) int {
	at := 0
	for i, s := range f.Steps {
		if q >= s.From {
			at = i
		}
	}
	return at
}

func (s Tier) add(x *money.Exact, q int64) {
	if s.Fen != nil {
		x.AddEach(q, *s.Fen)
	} else {
		x.AddRate(q, *s.PPM)
	}
}

// words of a tier: fen per unit as N2, else ppm as N2; the code tells.
func (s Tier) say(part, of int64) Step {
	if s.Fen != nil {
		return Step{Code: "step", Form: "part_fen", N: []int64{part, *s.Fen, of}}
	}
	return Step{Code: "step", Form: "part_ppm", N: []int64{part, *s.PPM, of}}
}

// running is what the month knows before and after an event, for one rule.
type running struct {
	before int64 // running sum of b before the event
	final  int64 // sum of b over the whole month
}

// exact computes the line before rounding, with its steps.
func (r Rule) exact(b int64, m running) (*money.Exact, []Step) {
	var x money.Exact
	var steps []Step
	f := r.Formula
	unit := r.Basis.Kind == "per_unit"
	switch f.Kind {
	case "flat":
		// A flat amount is paid whatever the amount of the event.
		if unit {
			x.AddEach(b, *f.Fen)
			steps = append(steps, Step{Code: "formula", Form: "flat_unit", N: []int64{b, *f.Fen}})
		} else {
			x.AddEach(1, *f.Fen)
			steps = append(steps, Step{Code: "formula", Form: "flat", N: []int64{*f.Fen}})
		}
	case "rate":
		x.AddRate(b, *f.PPM)
		form := "rate"
		if unit {
			form = "rate_unit"
		}
		steps = append(steps, Step{Code: "formula", Form: form, N: []int64{b, *f.PPM}})
	case "tiers":
		from, q := int64(0), b
		if f.Per == "month" {
			from, q = m.before, m.final
		}
		steps = append(steps, Step{Code: "formula", Form: f.Mode + "_" + f.Per + suffix(unit), N: []int64{b, from, q}})
		if f.Mode == "whole" {
			s := f.Steps[f.step(q)]
			s.add(&x, b)
			steps = append(steps, s.say(b, s.From))
			break
		}
		for i, s := range f.Steps {
			low, high := max(s.From, from), from+b
			if i+1 < len(f.Steps) {
				high = min(high, f.Steps[i+1].From)
			}
			if part := high - low; part > 0 {
				s.add(&x, part)
				steps = append(steps, s.say(part, s.From))
			}
		}
	}
	for i := range steps {
		if unit {
			steps[i].Unit = true
		}
	}
	return &x, steps
}

func suffix(unit bool) string {
	if unit {
		return "_unit"
	}
	return ""
}

// limit applies floor, line cap and month cap, in this order. paid is the sum
// of the seller's positive lines under the rule in the month so far.
func (r Rule) limit(line, b, paid int64) (int64, []Step) {
	var steps []Step
	if r.Floor != nil && b != 0 && line < *r.Floor.Line {
		steps = append(steps, Step{Code: "floor", N: []int64{line, *r.Floor.Line}, Fen: r.Floor.Line})
		line = *r.Floor.Line
	}
	if r.Cap == nil {
		return line, steps
	}
	if r.Cap.Line != nil && line > *r.Cap.Line {
		steps = append(steps, Step{Code: "line_cap", N: []int64{line, *r.Cap.Line}, Fen: r.Cap.Line})
		line = *r.Cap.Line
	}
	if r.Cap.Month != nil && line > 0 {
		if room := max(0, *r.Cap.Month-paid); line > room {
			steps = append(steps, Step{Code: "month_cap", N: []int64{line, *r.Cap.Month, paid}, Fen: &room})
			line = room
		}
	}
	return line, steps
}

// more says what would have paid more, from the same numbers.
func (r Rule) more(b int64, m running, steps []Step) []Step {
	var out []Step
	f := r.Formula
	if f.Kind == "tiers" {
		q := b
		if f.Per == "month" {
			q = m.final
			if f.Mode == "marginal" {
				q = m.before + b
			}
		}
		if i := f.step(q) + 1; i < len(f.Steps) {
			s := f.Steps[i].say(f.Steps[i].From-q, f.Steps[i].From)
			s.Code, s.Form, s.Unit = "next_step", s.Form+suffix(r.Basis.Kind == "per_unit"), r.Basis.Kind == "per_unit"
			out = append(out, s)
		}
	}
	for _, s := range steps {
		if s.Code == "line_cap" || s.Code == "month_cap" {
			s.Fen = nil
			out = append(out, s)
		}
	}
	return out
}
