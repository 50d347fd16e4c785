package certification

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ecoport/app/platform/calendar"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, calendar.Shanghai)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// TestChargesSumToElapsed: whoever hands the case to whom, whenever, the turns
// make up the charges, and operator, partner and stops together the working
// time that passed, to the millisecond.
func TestChargesSumToElapsed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := at("2026-01-05 10:00").Add(time.Duration(rapid.Int64Range(0, int64(300*24*time.Hour)).Draw(r, "start")))
		begun := moment(now)
		c := Case{Holder: Operator, HolderSince: begun}
		var turns []Turn
		for range rapid.IntRange(0, 15).Draw(r, "turns") {
			now = now.Add(time.Duration(rapid.Int64Range(-int64(time.Second), int64(9*24*time.Hour)).Draw(r, "pause")))
			turns = append(turns, c.hand(rapid.SampledFrom([]string{Operator, Supplier, Stopped}).Draw(r, "to"), "", "", "", now))
		}
		if now.Before(c.HolderSince) {
			now = c.HolderSince
		}
		last := moment(now.Add(time.Duration(rapid.Int64Range(int64(time.Second), int64(9*24*time.Hour)).Draw(r, "last"))))
		k := c.Clock(last)
		if got, want := k.Operator+k.Partner+k.Stopped, calendar.WorkingTime(begun, last); got != want {
			r.Fatalf("charged %s of %s", got, want)
		}
		sums, from := map[string]int64{}, begun
		for _, x := range turns {
			if !x.FromAt.Equal(from) {
				r.Fatalf("a turn begins at %s, the one before ended at %s", x.FromAt, from)
			}
			sums[x.Holder] += x.MS
			from = x.ToAt
		}
		if sums[Operator] != c.OperatorMS || sums[Supplier] != c.PartnerMS || sums[Stopped] != c.StoppedMS {
			r.Fatalf("turns say %v, the case %d %d %d", sums, c.OperatorMS, c.PartnerMS, c.StoppedMS)
		}
	})
}

// TestPromise: thirty working days, and what the partner or a stop takes moves
// the end.
func TestPromise(t *testing.T) {
	c := Case{State: "testing", Holder: Operator, HolderSince: at("2026-06-01 09:00")}
	require.Equal(t, at("2026-07-13 17:00"), *c.Clock(at("2026-06-02 09:00")).PromisedAt, "the dragon-boat holiday on 19 June does not count")
	require.False(t, c.Clock(at("2026-07-13 17:00")).Overdue)
	require.True(t, c.Clock(at("2026-07-14 09:01")).Overdue)
	c.hand(Supplier, "changes", "", "", at("2026-06-02 17:00"))
	require.Equal(t, 2*WorkingDay, c.Clock(at("2026-06-05 12:00")).Operator)
	c.hand(Operator, "testing", "", "", at("2026-06-04 17:00"))
	require.Equal(t, at("2026-07-15 17:00"), *c.Clock(at("2026-06-05 09:00")).PromisedAt)
	c.hand(Stopped, "stopped", "封网", "", at("2026-06-05 09:00"))
	require.False(t, c.Clock(at("2027-06-05 09:00")).Overdue, "a stopped clock never runs over")
	require.Nil(t, Case{Holder: Nobody}.clocked().PromisedAt)
}

func (c Case) clocked() Clock { return c.Clock(time.Now()) }

// TestOverruns are told of once each, and only while the operator has it.
func TestOverruns(t *testing.T) {
	start := at("2026-06-01 09:00")
	c := Case{State: "testing", Holder: Operator, HolderSince: start}
	all := []Stage{{Kind: "functional", State: "open", StartedAt: &start, BudgetDays: 8}, {Kind: "security", State: "waiting", BudgetDays: 6}}
	late := func(now time.Time) (out []string) {
		charge(&c, all, nil, now)
		for _, o := range c.overruns(all, now) {
			if !o.at.After(now) {
				out = append(out, o.key)
			}
		}
		return out
	}
	c.plan(all, nil, start)
	// What is used up in the evening is over in the morning.
	require.Equal(t, at("2026-06-11 09:00").Add(time.Millisecond), *c.EscalateAt)
	require.Empty(t, late(at("2026-06-10 16:59")))
	require.Empty(t, late(at("2026-06-10 23:00")))
	require.Equal(t, []string{"stage functional"}, late(at("2026-06-11 09:01")))
	c.Escalated = append(c.Escalated, "stage functional")
	require.Empty(t, late(at("2026-06-20 12:00")))
	require.Equal(t, []string{"case"}, late(at("2026-08-20 12:00")))
	turn := c.hand(Supplier, "changes", "", "", at("2026-08-20 12:00"))
	c.plan(all, []Turn{turn}, at("2026-09-20 12:00"))
	require.Nil(t, c.EscalateAt)
	require.Nil(t, c.DueAt)
}
