package commission

import (
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/money"
)

// Kinds of lines.
const (
	LineAccrual    = "accrual"
	LineAdjustment = "adjustment"
	LineRefund     = "refund"
	LineClawback   = "clawback"
)

// Party is who a share goes to.
type Party struct {
	ID   uuid.UUID
	Name string
}

// Input is everything one cell is computed from: the events of one seller in
// one commission month, and what later took back from them.
type Input struct {
	Versions  []Version
	Events    []Event // activation and recurring, any order
	Reversals []Event // refunds of these events and ends of their services, any order
	// Party finds who a part of a split goes to; false when there is nobody.
	Party func(to string, e Event) (Party, bool)
}

// Computed is one line as it should be.
type Computed struct {
	Event   Event  // what caused the line
	Of      Event  // the accrual's event: Event itself for an accrual
	Basis   string // key of the basis
	Kind    string
	Version uuid.UUID
	Rule    string
	LineFen int64
	Shares  []Share // in the order of the split; a missing party has no row
	DueOn   string
	Explain Explain
}

// Share is one party's part of a line.
type Share struct {
	To    string // as in the split
	PPM   int64
	Party Party
	Fen   int64
}

type groupKey struct {
	version uuid.UUID
	rule    string
}

type chosen struct {
	event Event
	basis string
	Choice
}

func (c chosen) key() groupKey { return groupKey{c.Version.ID, c.Rule.ID} }

// quantity is b: fen, or units for per_unit.
func (c chosen) quantity() int64 {
	if c.Rule.Basis.Kind == "per_unit" {
		return c.event.Units
	}
	return c.event.AmountFen
}

// Compute turns the events of a cell into its lines: a pure function, so a
// month computed twice is the same twice.
func Compute(in Input) ([]Computed, error) {
	var picks []chosen
	final := map[groupKey]int64{}
	for _, e := range inOrder(in.Events) {
		for _, basis := range basesOf(e.Kind) {
			c, ok := Choose(in.Versions, e, basis)
			if !ok {
				continue
			}
			p := chosen{e, basis, c}
			picks = append(picks, p)
			if !e.earnsNothing() {
				sum, err := money.Add(final[p.key()], p.quantity())
				if err != nil {
					return nil, err
				}
				final[p.key()] = sum
			}
		}
	}
	var lines []Computed
	before, paid := map[groupKey]int64{}, map[groupKey]int64{}
	for _, p := range picks {
		k := p.key()
		line, err := accrue(in, p, running{before[k], final[k]}, paid[k])
		if err != nil {
			return nil, err
		}
		if !p.event.earnsNothing() {
			before[k] += p.quantity()
			paid[k] += max(0, line.LineFen)
		}
		lines = append(lines, line)
		back, err := reverse(in, p, line)
		if err != nil {
			return nil, err
		}
		lines = append(lines, back...)
	}
	return lines, nil
}

func accrue(in Input, p chosen, m running, paid int64) (Computed, error) {
	r, e, b := p.Rule, p.event, p.quantity()
	line := Computed{
		Event: e, Of: e, Basis: p.basis, Kind: LineAccrual, Version: p.Version.ID, Rule: r.ID,
		DueOn: addDays(e.BusinessDate(), r.HoldDays), Explain: explainRule(p),
	}
	x := &line.Explain
	if e.earnsNothing() {
		code := "self_dealing"
		if !e.SelfDealing {
			code = "upheld"
		}
		x.Steps = append(x.Steps, Step{Code: code, Fen: new(int64)})
	} else {
		exact, steps := r.exact(b, m)
		x.Steps = append(x.Steps, steps...)
		fen, err := exact.Round()
		if err != nil {
			return line, err
		}
		x.Steps = append(x.Steps, Step{Code: "round", T: exact.String(), Fen: &fen})
		var limits []Step
		line.LineFen, limits = r.limit(fen, b, paid)
		x.Steps = append(x.Steps, limits...)
		x.More = r.more(b, m, limits)
	}
	x.LineFen, x.HoldDays, x.DueOn = line.LineFen, r.HoldDays, line.DueOn
	for _, s := range r.Clawback {
		x.Clawback = append(x.Clawback, Window{calendar.AddMonths(e.BusinessDate(), s.WithinMonths), s.PPM})
	}
	var err error
	line.Shares, err = shares(in, p, line.LineFen)
	x.split(r.Parts(), line.Shares, line.LineFen)
	return line, err
}

// shares splits what is left of a line; a party that does not exist is left
// out and its part is not paid.
func shares(in Input, p chosen, fen int64) ([]Share, error) {
	parts := p.Rule.Parts()
	ppm := make([]int64, len(parts))
	for i, part := range parts {
		ppm[i] = part.PPM
	}
	amounts, err := money.Split(fen, ppm)
	if err != nil {
		return nil, err
	}
	var out []Share
	for i, part := range parts {
		if party, ok := in.Party(part.To, p.event); ok {
			out = append(out, Share{part.To, part.PPM, party, amounts[i]})
		}
	}
	return out, nil
}

// reverse computes refunds and the clawback of one line, in order of time.
func reverse(in Input, p chosen, line Computed) ([]Computed, error) {
	var lines []Computed
	left, refunded, reversed, ended := line.LineFen, int64(0), int64(0), false
	held := line.Shares
	for _, e := range inOrder(in.Reversals) {
		var take int64
		var step Step
		kind := LineRefund
		switch {
		case e.Kind == Refund && e.Of == p.event.ExternalID:
			refunded = min(refunded-e.AmountFen, p.event.AmountFen)
			if p.event.AmountFen == 0 {
				continue
			}
			so, err := money.MulDiv(line.LineFen, refunded, p.event.AmountFen)
			if err != nil {
				return nil, err
			}
			take = min(so-reversed, left)
			step = Step{Code: "refund", N: []int64{line.LineFen, refunded, p.event.AmountFen, so, reversed, left}}
			reversed = so
		case e.Kind == Ended && e.ServiceID == p.event.ServiceID && !ended && p.event.BusinessDate() <= e.BusinessDate():
			ended, kind = true, LineClawback
			i := slices.IndexFunc(p.Rule.Clawback, func(s Clawback) bool {
				return e.BusinessDate() < calendar.AddMonths(p.event.BusinessDate(), s.WithinMonths)
			})
			if i < 0 {
				continue
			}
			s := p.Rule.Clawback[i]
			var err error
			if take, err = money.Rate(left, s.PPM); err != nil {
				return nil, err
			}
			step = Step{Code: "taken_back", N: []int64{left, s.PPM, int64(s.WithinMonths)}, T: calendar.AddMonths(p.event.BusinessDate(), s.WithinMonths)}
		default:
			continue
		}
		if take == 0 {
			continue
		}
		left -= take
		now, err := shares(in, p, left)
		if err != nil {
			return nil, err
		}
		back := Computed{
			Event: e, Of: p.event, Basis: p.basis, Kind: kind, Version: line.Version, Rule: line.Rule, LineFen: -take,
			DueOn: e.BusinessDate(), Explain: explainRule(p),
		}
		for i, s := range now {
			s.Fen -= held[i].Fen
			back.Shares = append(back.Shares, s)
		}
		held = now
		x := &back.Explain
		step.Fen = &back.LineFen
		rest := left // the loop goes on with its own
		x.LineFen, x.DueOn, x.Left, x.Back, x.Steps = -take, back.DueOn, &rest, explainEvent(e), []Step{step}
		x.split(p.Rule.Parts(), back.Shares, -take)
		lines = append(lines, back)
	}
	return lines, nil
}
