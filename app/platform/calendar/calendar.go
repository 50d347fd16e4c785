// Package calendar knows what time it is, in UTC and in Asia/Shanghai, and
// which days the mainland works.
package calendar

import (
	"context"
	"time"
)

// Shanghai is the zone of business dates.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

type clockKey struct{}

// Now is the time of the request: the machine's, unless At set another.
func Now(ctx context.Context) time.Time {
	if t, ok := ctx.Value(clockKey{}).(time.Time); ok {
		return t
	}
	return time.Now().UTC()
}

// At makes everything below ctx happen at t: tests and the demo's past.
func At(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, t.UTC())
}

// Date is the business date of t.
func Date(t time.Time) string { return t.In(Shanghai).Format(time.DateOnly) }

// Month is the business month of t, as YYYY-MM.
func Month(t time.Time) string { return t.In(Shanghai).Format("2006-01") }

// AddMonths moves a date, YYYY-MM-DD, by calendar months; a day that does not
// exist falls back to the month's last.
func AddMonths(day string, n int) string {
	t, _ := time.Parse(time.DateOnly, day)
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly)
}

// Working tells whether the mainland works on the business date of t.
func Working(t time.Time) bool {
	if works, listed := exceptions[Date(t)]; listed {
		return works
	}
	day := t.In(Shanghai).Weekday()
	return day != time.Saturday && day != time.Sunday
}

// AddWorkingDays moves t forward by n working days, keeping the time of day.
func AddWorkingDays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if Working(t) {
			n--
		}
	}
	return t
}

// The hours in which the mainland's offices work, on working days; what is
// promised in hours is counted in these.
const (
	opens  = 9 * time.Hour
	closes = 17 * time.Hour
)

// hours are the working hours of the business date of t.
func hours(t time.Time) (from, to time.Time) {
	y, m, d := t.In(Shanghai).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, Shanghai)
	if !Working(day) {
		return day, day
	}
	return day.Add(opens), day.Add(closes)
}

// WorkingTime is how much working time lies between two moments. It adds up:
// from a to b and from b to c is from a to c.
func WorkingTime(from, to time.Time) time.Duration {
	var sum time.Duration
	for day := from; ; day = day.AddDate(0, 0, 1) {
		begin, end := hours(day)
		if !begin.Before(to) {
			return sum
		}
		begin, end = later(begin, from), earlier(end, to)
		if end.After(begin) {
			sum += end.Sub(begin)
		}
	}
}

// AddWorkingTime is the first moment by which d of working time has passed
// since t.
func AddWorkingTime(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	for day := t; ; day = day.AddDate(0, 0, 1) {
		begin, end := hours(day)
		begin = later(begin, t)
		if left := end.Sub(begin); left >= d {
			return begin.Add(d).UTC()
		} else if left > 0 {
			d -= left
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
