// Package statetest checks a state machine the same way in every package: its
// diagram is a golden file, and it refuses whatever the diagram does not show.
package statetest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/state"
)

// Drawn compares the diagram with testdata/NAME.mmd; UPDATE_GOLDEN=1 redraws.
func Drawn(t *testing.T, m state.Machine) {
	t.Helper()
	file := filepath.Join("testdata", m.Name+".mmd")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(m.Diagram()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), m.Diagram())
}

// Refuses tries every pair of state and action: what the table has is taken,
// with a reason where one is due, and everything else is a wrong state.
func Refuses(t *testing.T, m state.Machine) {
	t.Helper()
	actions := []string{"", "no_such_action"}
	for _, row := range m.Table {
		if !slices.Contains(actions, row.Action) {
			actions = append(actions, row.Action)
		}
	}
	for _, from := range append(m.States(), "", "no_such_state") {
		for _, action := range actions {
			var legal []state.Transition
			for _, row := range m.Table {
				if row.Action == action && slices.Contains(row.From, from) {
					legal = append(legal, row)
				}
			}
			require.LessOrEqual(t, len(legal), 1, "%s: %s from %s leads to two places", m.Name, action, from)
			got, err := m.Take(from, action, "because")
			if len(legal) == 0 {
				require.ErrorIs(t, err, state.ErrIllegal, "%s: %s from %s", m.Name, action, from)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, legal[0].To, got.To)
			if legal[0].Reason {
				_, err := m.Take(from, action, " ")
				require.Error(t, err, "%s: %s without a reason", m.Name, action)
			}
		}
	}
	// Every state can be reached, or the table has a word too many.
	reached := []string{m.Initial}
	for i := 0; i < len(reached); i++ {
		for _, row := range m.Table {
			if slices.Contains(row.From, reached[i]) && !slices.Contains(reached, row.To) {
				reached = append(reached, row.To)
			}
		}
	}
	require.ElementsMatch(t, m.States(), reached, "%s: states nobody can reach", m.Name)
}
