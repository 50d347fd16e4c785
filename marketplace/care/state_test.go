package care

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/state"
	"ecoport/app/platform/state/statetest"
	"ecoport/tenants/partner"
)

func TestMachineLooksAsDrawn(t *testing.T) { statetest.Drawn(t, Machine) }

func TestA20IllegalStepsAreRefused(t *testing.T) { statetest.Refuses(t, Machine) }

// TestEveryStateHasAHolder: it is always somebody's turn, until it is over.
func TestEveryStateHasAHolder(t *testing.T) {
	require.Len(t, holders, len(Machine.States()))
	for _, s := range Machine.States() {
		require.NotEmpty(t, holders[s], s)
		leads := slices.ContainsFunc(Machine.Table, func(x state.Transition) bool {
			return slices.Contains(x.From, s)
		})
		require.Equal(t, holders[s] == Nobody, !leads, s)
	}
}

// TestPromisesAreWhole: each tier promises something for each severity, and a
// better tier never less.
func TestPromisesAreWhole(t *testing.T) {
	require.Len(t, Promises, len(partner.Tiers)*len(Severities))
	for i, tier := range partner.Tiers {
		for _, severity := range Severities {
			p := promised(tier, severity)
			require.Equal(t, tier+severity, p.Tier+p.Severity)
			require.Less(t, p.Respond, p.Within)
			if i > 0 {
				worse := promised(partner.Tiers[i-1], severity)
				require.LessOrEqual(t, p.Respond, worse.Respond)
				require.LessOrEqual(t, p.Within, worse.Within)
			}
		}
	}
}
