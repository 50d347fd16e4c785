package commission

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/state"
)

func TestMachinesLookAsDrawn(t *testing.T) {
	for _, m := range []state.Machine{PlanMachine, PeriodMachine, StatementMachine, ShareMachine, BatchMachine, FlagMachine} {
		file := filepath.Join("testdata", m.Name+".mmd")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			require.NoError(t, os.WriteFile(file, []byte(m.Diagram()), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), m.Diagram())
	}
}
