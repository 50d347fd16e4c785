package graduation

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/state"
	"ecoport/app/platform/state/statetest"
)

var machines = []state.Machine{Machine, BackMachine, TaskMachine, ThresholdMachine}

func TestMachinesLookAsDrawn(t *testing.T) {
	for _, m := range machines {
		statetest.Drawn(t, m)
	}
}

func TestA20IllegalStepsAreRefused(t *testing.T) {
	for _, m := range machines {
		statetest.Refuses(t, m)
	}
}

// TestScoreSaysWhatIsNotKnown: no facts are never zero and never enough, and
// where less is better more does not pass.
func TestScoreSaysWhatIsNotKnown(t *testing.T) {
	facts := Score(map[string]int64{"accounts": 5, "complaints": 3, "revenue": 0}, Needs{"accounts": 5, "complaints": 2, "growth": 10})
	of := func(code string) Fact {
		return facts[slices.IndexFunc(facts, func(f Fact) bool { return f.Metric == code })]
	}
	require.True(t, *of("accounts").Met)
	require.False(t, *of("complaints").Met)
	require.Nil(t, of("growth").Has)
	require.False(t, *of("growth").Met)
	require.Zero(t, *of("revenue").Has)
	require.Nil(t, of("revenue").Met)
	require.Nil(t, of("satisfaction").Has)
	require.Equal(t, 2, Unmet(facts))
	require.Error(t, Needs{"satisfaction": 80}.Validate())
	require.Error(t, Needs{}.Validate())
	require.NoError(t, Needs{"accounts": 1}.Validate())
}

// TestMapFollowsItsWords: the formulas as the screen says them.
func TestMapFollowsItsWords(t *testing.T) {
	s := Standing{Market: 200, Served: 50, Started: 12, Before: 10, Certified: 3, Answered: 10, InTime: 9, Won: 6, Lost: 4, MonthlyFen: 300}
	s.rate(1000)
	require.EqualValues(t, 75, *s.Unserved)
	require.EqualValues(t, 20, *s.Growth)
	require.EqualValues(t, 30, *s.Share)
	require.EqualValues(t, (7*75+3*60)/10, s.Attractiveness)
	require.EqualValues(t, (30+90+60)/3, s.Capability)
	none := Standing{Market: 10}
	none.rate(0)
	require.Nil(t, none.Growth)
	require.Nil(t, none.Share)
	require.Nil(t, none.Response)
	s.AttractivenessMid, s.CapabilityMid, s.GrowthMid, s.ShareMid = 60, 70, 30, 10
	quadrant, class := s.place()
	require.Equal(t, "potential", quadrant)
	require.Equal(t, "cow", class)
	require.Equal(t, "2026Q4", Quarter(time.Date(2026, 9, 30, 17, 0, 0, 0, time.UTC)), "quarters turn at midnight in Shanghai")
}
