package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/tenants/notice"
)

// TestNoticesAreSound: permissions exist, words stand in both languages, and
// no row says the same thing twice.
func TestNoticesAreSound(t *testing.T) {
	known := constants(t)
	seen := map[string]bool{}
	for _, r := range Notices {
		key := r.Key()
		require.False(t, seen[key], "%s stands twice", key)
		seen[key] = true
		require.Contains(t, known, string(r.Permission), key)
		require.NotEmpty(t, r.Action, key)
		require.NotEmpty(t, r.Words.Zh, key)
		require.NotEmpty(t, r.Words.En, key)
		require.True(t, strings.HasPrefix(r.Link, "/"), key)
		require.Equal(t, r.Kind == notice.Needs, r.Due > 0, "%s: what needs somebody has a date", key)
		require.Equal(t, r.To == notice.Doer, r.Did != "", key)
	}
	for _, p := range Sensitive {
		require.Contains(t, known, string(p))
	}
}
