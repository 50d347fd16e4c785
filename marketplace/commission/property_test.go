package commission

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
)

func drawFormula(t *rapid.T, unit bool) Formula {
	switch rapid.IntRange(0, 2).Draw(t, "formula") {
	case 0:
		return Formula{Kind: "flat", Fen: ptr(rapid.Int64Range(0, 1e6).Draw(t, "fen"))}
	case 1:
		return rate(rapid.Int64Range(0, 1e6).Draw(t, "ppm"))
	}
	f := Formula{Kind: "tiers", Mode: rapid.SampledFrom([]string{"marginal", "whole"}).Draw(t, "mode"), Per: rapid.SampledFrom([]string{"event", "month"}).Draw(t, "per")}
	from := int64(0)
	for range rapid.IntRange(1, 5).Draw(t, "steps") {
		v := rapid.Int64Range(0, 300_000).Draw(t, "value")
		s := Tier{From: from, PPM: &v}
		if unit && rapid.Bool().Draw(t, "in fen") {
			s = Tier{From: from, Fen: &v}
		}
		f.Steps = append(f.Steps, s)
		from += rapid.Int64Range(1, 3_000_000).Draw(t, "gap")
	}
	return f
}

func drawRule(t *rapid.T) Rule {
	r := Rule{ID: "r", Basis: Basis{Kind: rapid.SampledFrom([]string{Activation, "per_unit"}).Draw(t, "basis")}}
	r.Formula = drawFormula(t, r.Basis.Kind == "per_unit")
	if rapid.Bool().Draw(t, "floored") {
		r.Floor = &Limit{Line: ptr(rapid.Int64Range(0, 1000).Draw(t, "floor"))}
	}
	if rapid.Bool().Draw(t, "capped") {
		r.Cap = &Limit{Line: ptr(rapid.Int64Range(1000, 1e6).Draw(t, "line cap")), Month: ptr(rapid.Int64Range(0, 3e6).Draw(t, "month cap"))}
	}
	if rapid.Bool().Draw(t, "clawed") {
		r.Clawback = []Clawback{{2, rapid.Int64Range(1, 1e6).Draw(t, "first")}, {6, rapid.Int64Range(1, 1e6).Draw(t, "second")}}
	}
	if rapid.Bool().Draw(t, "split") {
		a := rapid.Int64Range(1, money.Whole-1).Draw(t, "part")
		r.Split = []Part{{"seller", a}, {"solution_owner", money.Whole - a}}
	}
	return r
}

func drawMonth(t *rapid.T) []Event {
	var events []Event
	for i := range rapid.IntRange(1, 8).Draw(t, "events") {
		e := activation(fmt.Sprintf("e%d", i), "2026-01-01", rapid.Int64Range(0, 20_000_000).Draw(t, "amount"))
		e.At = e.At.Add(time.Duration(rapid.IntRange(0, 29*24).Draw(t, "hour")) * time.Hour)
		e.Units = rapid.Int64Range(0, 5_000).Draw(t, "units")
		events = append(events, e)
	}
	return events
}

func drawBack(t *rapid.T, events []Event) []Event {
	var back []Event
	for i, e := range events {
		left := e.AmountFen
		for j := range rapid.IntRange(0, 3).Draw(t, "refunds") {
			if left == 0 {
				break
			}
			fen := rapid.Int64Range(1, left).Draw(t, "refund")
			left -= fen
			r := refund(fmt.Sprintf("r%d-%d", i, j), e.ExternalID, "2026-02-01", fen)
			r.At = r.At.Add(time.Duration(rapid.IntRange(0, 150*24).Draw(t, "refunded at")) * time.Hour)
			back = append(back, r)
		}
		if rapid.Bool().Draw(t, "ends") {
			back = append(back, Event{ExternalID: fmt.Sprint("x", i), Kind: Ended, ServiceID: e.ServiceID, At: at("2026-02-01").Add(time.Duration(rapid.IntRange(0, 150*24).Draw(t, "ended at")) * time.Hour)})
		}
	}
	return back
}

func TestPropertiesOfAnyMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		events := drawMonth(t)
		back := drawBack(t, events)
		versions := planOf(r)
		lines := compute(t, versions, events, back...)
		var month int64
		left := map[string]int64{}
		held := map[string]map[string]int64{}
		for _, l := range lines {
			var sum int64
			for _, s := range l.Shares {
				sum += s.Fen
				if held[s.To] == nil {
					held[s.To] = map[string]int64{}
				}
				held[s.To][l.Of.ExternalID] += s.Fen
				require.GreaterOrEqual(t, held[s.To][l.Of.ExternalID], int64(0), "nobody ends below zero on a line")
			}
			require.Equal(t, l.LineFen, sum, "splits sum to the line")
			left[l.Of.ExternalID] += l.LineFen
			require.GreaterOrEqual(t, left[l.Of.ExternalID], int64(0), "never more taken back than was paid")
			require.Equal(t, l.LineFen, l.Explain.LineFen)
			require.NotEmpty(t, l.Explain.Steps)
			require.Equal(t, l.LineFen, *l.Explain.Steps[len(l.Explain.Steps)-1].Fen, "the last step is the line")
			for _, s := range l.Explain.Words() {
				require.NotContains(t, s.Words.Zh+s.Words.En, "%!")
			}
			if l.Kind != LineAccrual {
				require.Negative(t, l.LineFen)
				continue
			}
			month += l.LineFen
			if r.Cap != nil {
				require.LessOrEqual(t, l.LineFen, *r.Cap.Line)
			}
		}
		if r.Cap != nil {
			require.LessOrEqual(t, month, *r.Cap.Month, "the month stays under its cap")
		}
		for i, e := range events {
			var refunded int64
			ends := false
			for _, b := range back {
				if b.Of == e.ExternalID {
					refunded -= b.AmountFen
				}
				ends = ends || b.ServiceID == e.ServiceID
			}
			if !ends && e.AmountFen > 0 && refunded == e.AmountFen {
				require.Zero(t, left[e.ExternalID], "all refunded, nothing left (%d)", i)
			}
		}
		// The order of arrival does not matter, and twice is the same.
		rand.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		rand.Shuffle(len(back), func(i, j int) { back[i], back[j] = back[j], back[i] })
		a, err := json.Marshal(lines)
		require.NoError(t, err)
		b, err := json.Marshal(compute(t, versions, events, back...))
		require.NoError(t, err)
		require.JSONEq(t, string(a), string(b))
	})
}

// Original and refund together are what the remainder earns, within a fen for
// each rounding.
func TestRefundLeavesWhatTheRemainderEarns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := planOf(onActivation(rate(rapid.Int64Range(0, 1e6).Draw(t, "ppm"))))
		amount := rapid.Int64Range(1, 1e10).Draw(t, "amount")
		part := rapid.Int64Range(1, amount).Draw(t, "refund")
		e := activation("e", "2026-01-01", amount)
		var got int64
		for _, f := range fens(compute(t, versions, []Event{e}, refund("r", "e", "2026-02-01", part))) {
			got += f
		}
		want := compute(t, versions, []Event{activation("e", "2026-01-01", amount-part)})[0].LineFen
		require.InDelta(t, want, got, 1)
	})
}

// The lines of a marginal month are the marginal of its sum, within half a fen
// for each line.
func TestMarginalMonthIsTheMarginalOfTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFormula(t, false)
		f.Kind, f.Mode, f.Per, f.Fen, f.PPM = "tiers", "marginal", "month", nil, nil
		if len(f.Steps) == 0 {
			f.Steps = []Tier{{0, ptr[int64](50_000), nil}, {1_000_000, ptr[int64](80_000), nil}}
		}
		events := drawMonth(t)
		var sum, lines int64
		for _, e := range events {
			sum += e.AmountFen
		}
		for _, fen := range fens(compute(t, planOf(onActivation(f)), events)) {
			lines += fen
		}
		require.InDelta(t, compute(t, planOf(onActivation(f)), []Event{activation("s", "2026-01-01", sum)})[0].LineFen, lines, float64(len(events)+1)/2)
	})
}

func TestAnyValidRuleSpeaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		var c fault.Checker
		Document{Plan: "p", ValidFrom: "2026-01-01", Currency: "CNY", Rules: []Rule{r}}.Validate(&c)
		require.NoError(t, c.Err())
		w := r.Sentence()
		require.NotContains(t, w.Zh+w.En, "%!")
		require.NotEmpty(t, w.En)
	})
}

func FuzzDocument(f *testing.F) {
	f.Add(`{"plan":"p","valid_from":"2026-01-01","currency":"CNY","rules":[{"id":"a","basis":{"kind":"activation"},"formula":{"kind":"rate","ppm":1}}]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		var d Document
		if json.Unmarshal([]byte(raw), &d) != nil {
			return
		}
		var c fault.Checker
		d.Validate(&c)
		if c.Err() != nil {
			return
		}
		_, err := Compute(Input{Versions: []Version{{Document: d}}, Events: month(1_000, 2_000), Party: party})
		if err != nil {
			require.ErrorIs(t, err, money.ErrOverflow)
		}
	})
}
