package commission

import (
	"testing"

	"ecoport/app/platform/state"
	"ecoport/app/platform/state/statetest"
)

func TestA20IllegalStepsAreRefused(t *testing.T) {
	for _, m := range []state.Machine{PlanMachine, PeriodMachine, StatementMachine, ShareMachine, BatchMachine, FlagMachine} {
		statetest.Refuses(t, m)
	}
}
