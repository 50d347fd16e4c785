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
