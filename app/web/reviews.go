package web

import (
	"sort"
	"time"
)

// sortReviews puts overdue first, then what is due first.
func sortReviews(items []ReviewRow) {
	due := func(r ReviewRow) time.Time {
		if r.DueAt == nil {
			return r.Since.AddDate(1, 0, 0)
		}
		return *r.DueAt
	}
	sort.SliceStable(items, func(i, j int) bool {
		if items[i].Overdue != items[j].Overdue {
			return items[i].Overdue
		}
		return due(items[i]).Before(due(items[j]))
	})
}
