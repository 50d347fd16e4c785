package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, Shanghai)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestWorkingTime(t *testing.T) {
	for _, x := range []struct {
		from, to string
		hours    float64
	}{
		{"2026-06-01 10:00", "2026-06-01 11:30", 1.5}, // a Monday
		{"2026-06-01 07:00", "2026-06-01 20:00", 8},
		{"2026-06-01 16:00", "2026-06-02 10:00", 2},
		{"2026-06-05 16:00", "2026-06-08 10:00", 2}, // over a weekend
		{"2026-09-30 16:30", "2026-10-08 09:30", 1}, // over the national holiday
		{"2026-10-10 09:00", "2026-10-10 17:00", 8}, // a Saturday that is worked
		{"2026-06-06 10:00", "2026-06-07 10:00", 0},
		{"2026-06-02 10:00", "2026-06-01 10:00", 0},
	} {
		require.Equal(t, time.Duration(x.hours*float64(time.Hour)), WorkingTime(at(x.from), at(x.to)), "%s to %s", x.from, x.to)
	}
	require.Equal(t, at("2026-06-08 10:00"), AddWorkingTime(at("2026-06-05 16:00"), 2*time.Hour))
	require.Equal(t, at("2026-06-05 17:00"), AddWorkingTime(at("2026-06-05 16:00"), time.Hour))
	require.Equal(t, at("2026-06-08 09:01"), AddWorkingTime(at("2026-06-06 12:00"), time.Minute))
}

// TestWorkingTimeAddsUp: what two sides are charged in turn is what passed, to
// the nanosecond, and adding it again leads there.
func TestWorkingTimeAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := at("2026-01-01 00:00").Add(time.Duration(rapid.Int64Range(0, int64(500*24*time.Hour)).Draw(t, "a")))
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(t, "b")))
		c := b.Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(t, "c")))
		if got := WorkingTime(a, b) + WorkingTime(b, c); got != WorkingTime(a, c) {
			t.Fatalf("%s and %s are not %s", WorkingTime(a, b), WorkingTime(b, c), WorkingTime(a, c))
		}
		d := time.Duration(rapid.Int64Range(1, int64(200*time.Hour)).Draw(t, "d"))
		end := AddWorkingTime(a, d)
		if got := WorkingTime(a, end); got != d {
			t.Fatalf("%s after %s is %s, %s of working time later", d, a, end, got)
		}
	})
}
