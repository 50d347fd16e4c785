package account

import (
	"testing"

	"ecoport/app/platform/state"
	"ecoport/app/platform/state/statetest"
)

func TestMachinesLookAsDrawn(t *testing.T) {
	for _, m := range []state.Machine{ImportMachine} {
		statetest.Drawn(t, m)
	}
}

func TestA20IllegalStepsAreRefused(t *testing.T) {
	for _, m := range []state.Machine{ImportMachine} {
		statetest.Refuses(t, m)
	}
}

// TestAShorterSheetWipesNothing: what a sheet says nothing about stays.
func TestAShorterSheetWipesNothing(t *testing.T) {
	x := Account{StaffSize: 80, Existing: true, Address: "a", ContactPhone: "13912345678"}
	e := Edit{ContactPhone: "139****5678"}
	e.keep(x, map[string]bool{"staff_size": true, "existing": true, "contact_phone": true})
	if e.StaffSize != 80 || !e.Existing || e.ContactPhone != x.ContactPhone || e.Address != "" {
		t.Fatalf("%+v", e)
	}
}
