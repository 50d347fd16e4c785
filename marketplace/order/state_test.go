package order

import (
	"testing"

	"ecoport/app/platform/state"
	"ecoport/app/platform/state/statetest"
)

func TestMachinesLookAsDrawn(t *testing.T) {
	for _, m := range []state.Machine{Machine, DeliveryMachine, ApprovalMachine, PromotionMachine} {
		statetest.Drawn(t, m)
	}
}

func TestA20IllegalStepsAreRefused(t *testing.T) {
	for _, m := range []state.Machine{Machine, DeliveryMachine, ApprovalMachine, PromotionMachine} {
		statetest.Refuses(t, m)
	}
}
