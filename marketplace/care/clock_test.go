package care

import (
	"slices"
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

// act moves a ticket as the service does.
func act(t *Ticket, action string, now time.Time) {
	x, err := Machine.Take(t.State, action, "because")
	if err != nil {
		panic(err)
	}
	if x.Permission == string(Work) {
		t.respond(now)
	}
	t.move(x.To, now)
}

// TestClock tells one story: taken late, asked, answered, solved.
func TestClock(t *testing.T) {
	x := Ticket{Tier: "certified", Severity: "critical"} // 2 hours to answer, 16 to solve
	x.begin(at("2026-06-05 16:00"))                      // a Friday
	require.Equal(t, at("2026-06-08 10:00"), *x.DueAt)
	require.False(t, x.Overdue(at("2026-06-08 09:59")))
	require.True(t, x.Overdue(at("2026-06-08 10:01")))
	act(&x, "take", at("2026-06-08 11:00"))
	require.True(t, x.ResponseMissed)
	require.Equal(t, 3*time.Hour, time.Duration(*x.RespondUS)*time.Microsecond)
	require.Equal(t, at("2026-06-09 16:00"), *x.DueAt, "13 of 16 hours are left")
	act(&x, "ask_customer", at("2026-06-08 13:00"))
	require.Nil(t, x.DueAt, "the clock stands while the customer holds it")
	require.False(t, x.Overdue(at("2027-01-01 00:00")))
	act(&x, "answer", at("2026-06-10 13:00"))
	require.Equal(t, at("2026-06-11 16:00"), *x.DueAt, "11 hours are left")
	act(&x, "take", at("2026-06-10 14:00"))
	act(&x, "ask_operator", at("2026-06-10 15:00"))
	require.Equal(t, at("2026-06-11 16:00"), *x.DueAt, "it runs on while the operator holds it")
	act(&x, "settle", at("2026-06-11 17:00"))
	c := x.Clock(at("2026-06-12 10:00"))
	require.Equal(t, []time.Duration{10 * time.Hour, 7 * time.Hour, 17 * time.Hour}, []time.Duration{c.Operator, c.Partner, c.Customer})
	require.Equal(t, c.Elapsed, calendar.WorkingTime(x.OpenedAt, at("2026-06-12 10:00")))
	require.False(t, x.ResolutionMissed, "the supplier needed 7 of its 16 hours; the operator's are not its own")
	require.Equal(t, at("2026-06-18 17:00"), *x.CloseAt)
	resolved := *x.ResolvedAt
	act(&x, "close", at("2026-06-12 11:00"))
	require.Equal(t, resolved, *x.ResolvedAt)
	require.Equal(t, x.Clock(at("2026-06-12 11:00")), x.Clock(at("2027-06-12 11:00")), "an ended ticket stands still")
}

func TestEscalationTellsOnce(t *testing.T) {
	x := Ticket{Tier: "registered", Severity: "critical"}
	x.begin(at("2026-06-01 09:00"))
	require.Empty(t, x.escalate(at("2026-06-01 11:00")))
	require.Equal(t, []string{"late_response"}, x.escalate(at("2026-06-01 11:01")))
	require.Empty(t, x.escalate(at("2026-06-01 12:00")))
	require.True(t, x.ResponseMissed)
	require.Equal(t, []string{"late_resolution"}, x.escalate(at("2026-06-03 09:01")))
	require.True(t, x.ResolutionMissed)
	require.Equal(t, []string{"late_twice"}, x.escalate(at("2026-07-01 12:00")))
	require.Empty(t, x.escalate(at("2026-08-01 12:00")))
}

// TestChargesSumToElapsed: whatever is done, whenever, operator, partner and
// customer together are charged the working time that passed, to the
// microsecond.
func TestChargesSumToElapsed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := at("2026-01-05 10:00").Add(time.Duration(rapid.Int64Range(0, int64(300*24*time.Hour)).Draw(r, "start")))
		x := Ticket{Tier: rapid.SampledFrom([]string{"registered", "strategic"}).Draw(r, "tier"), Severity: rapid.SampledFrom(Severities).Draw(r, "severity")}
		x.begin(moment(now))
		for range rapid.IntRange(0, 12).Draw(r, "steps") {
			var actions []string
			for _, row := range Machine.Table {
				if slices.Contains(row.From, x.State) {
					actions = append(actions, row.Action)
				}
			}
			if len(actions) == 0 {
				break
			}
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(6*24*time.Hour)).Draw(r, "pause")))
			act(&x, rapid.SampledFrom(actions).Draw(r, "action"), moment(now))
		}
		now = moment(now.Add(time.Duration(rapid.Int64Range(0, int64(9*24*time.Hour)).Draw(r, "last"))))
		c, end := x.Clock(now), now
		if x.EndedAt != nil {
			end = *x.EndedAt
		}
		if got, want := c.Operator+c.Partner+c.Customer, calendar.WorkingTime(x.OpenedAt, end); got != want || c.Elapsed != want {
			r.Fatalf("charged %s of %s in %s", got, want, x.State)
		}
		if (x.DueAt == nil) != (x.Holder() == Customer || x.Holder() == Nobody) {
			r.Fatalf("%s is due %v", x.State, x.DueAt)
		}
	})
}
