package standing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/state/statetest"
)

func TestMachinesLookAsDrawn(t *testing.T) {
	statetest.Drawn(t, FormulaMachine)
	statetest.Drawn(t, MoveMachine)
	statetest.Drawn(t, ObjectionMachine)
	statetest.Refuses(t, FormulaMachine)
	statetest.Refuses(t, MoveMachine)
	statetest.Refuses(t, ObjectionMachine)
}

// TestScores: points by band, what has no facts takes no part, and a floor
// holds a tier back whatever the points.
func TestScores(t *testing.T) {
	d := Default()
	require.NoError(t, d.Validate())
	full := func() map[string]int64 {
		return map[string]int64{"certified": 9, "graduated": 3, "revenue": 90_000_000, "conversion": 80, "on_time": 100, "acceptance": 100, "response": 100, "resolution": 100, "complaints": 0}
	}
	for _, x := range []struct {
		what      string
		held      string
		customers int64
		change    map[string]int64
		without   []string
		band      string
		points    int64
		result    string
	}{
		{"all", "registered", 30, nil, nil, "large", 100, "strategic"},
		{"a small firm with a small firm's figures", "registered", 2, map[string]int64{"certified": 2, "graduated": 1, "revenue": 2_000_000}, nil, "small", 100, "strategic"},
		{"the same of a large one", "registered", 30, map[string]int64{"certified": 2, "graduated": 1, "revenue": 2_000_000}, nil, "large", 69, "preferred"},
		{"a floor of points in plenty", "registered", 2, map[string]int64{"response": 79}, nil, "small", 98, "certified"},
		{"more complaints than the best may have", "registered", 30, map[string]int64{"complaints": 6}, nil, "large", 97, "preferred"},
		{"complaints past counting", "registered", 30, map[string]int64{"complaints": 60}, nil, "large", 95, "preferred"},
		{"no tickets yet", "registered", 2, nil, []string{"response", "resolution"}, "small", 100, "registered"},
		{"no tickets in the quarter", "preferred", 2, nil, []string{"response", "resolution"}, "small", 100, "preferred"},
		{"nothing at all", "registered", 0, map[string]int64{"certified": 0, "graduated": 0, "revenue": 0}, []string{"conversion", "on_time", "acceptance", "response", "resolution"}, "small", 11, "registered"},
	} {
		f := Figures{Held: x.held, Capabilities: []string{"sales_si"}, Customers: x.customers, Has: full()}
		for code, v := range x.change {
			f.Has[code] = v
		}
		for _, code := range x.without {
			delete(f.Has, code)
		}
		s := d.Score(f)
		require.Equal(t, []any{x.band, x.points, x.result}, []any{s.Band, s.Points, s.Result}, x.what)
	}
	// Who only sells is not asked what only who builds can do.
	agent := d.Score(Figures{Held: "registered", Capabilities: []string{"agent"}, Customers: 30, Has: full()})
	require.Equal(t, []any{int64(100), "strategic", 2}, []any{agent.Points, agent.Result, len(agent.Lines)})
	require.Equal(t, "certified", toward("registered", "strategic"))
	require.Equal(t, "preferred", toward("strategic", "registered"))
	require.Equal(t, "strategic", toward("strategic", "strategic"))
}

// TestFormulasThatAreNone are refused with the field that is wrong.
func TestFormulasThatAreNone(t *testing.T) {
	for what, spoil := range map[string]func(*Document){
		"weights": func(d *Document) { d.Metrics["revenue"] = Weighed{14, d.Metrics["revenue"].Full} },
		"unknown": func(d *Document) {
			d.Metrics["charm"] = Weighed{1, map[string]int64{"small": 1, "medium": 1, "large": 1}}
		},
		"no full":      func(d *Document) { d.Metrics["revenue"] = Weighed{15, map[string]int64{"small": 1}} },
		"bands":        func(d *Document) { d.Bands["large"] = 5 },
		"falling":      func(d *Document) { d.Tiers["preferred"] = Wanted{39, nil} },
		"floor":        func(d *Document) { d.Tiers["certified"] = Wanted{40, map[string]int64{"satisfaction": 5}} },
		"missing tier": func(d *Document) { delete(d.Tiers, "strategic") },
		"extra tier":   func(d *Document) { d.Tiers["golden"] = Wanted{99, nil} },
	} {
		d := Default()
		spoil(&d)
		require.ErrorContains(t, d.Validate(), "invalid", what)
	}
}

// TestLevels grow with proofs, are held up by the tier and shrink with alerts.
func TestLevels(t *testing.T) {
	for _, x := range []struct {
		e     Evidence
		level int
		next  int64
	}{
		{Evidence{Tier: "registered"}, 0, 3},
		{Evidence{Accepted: 2, Tier: "registered"}, 0, 1},
		{Evidence{Accepted: 2, Won: 1, Tier: "registered"}, 1, 7},
		{Evidence{Won: 10, Tier: "registered"}, 2, 20},
		{Evidence{Won: 30, Tier: "registered"}, 3, 0},
		{Evidence{Tier: "certified"}, 1, 10},
		{Evidence{Tier: "preferred"}, 2, 30},
		{Evidence{Tier: "strategic"}, 4, 0},
		{Evidence{Won: 10, Tier: "registered", Alerts: []string{"late"}}, 1, 0},
		{Evidence{Won: 10, Tier: "certified", Alerts: []string{"late", "idle", "lapsed"}}, 0, 0},
	} {
		require.Equal(t, x.level, x.e.Level(), "%+v", x.e)
		require.Equal(t, x.next, x.e.Next(), "%+v", x.e)
		require.NotEmpty(t, x.e.How().En)
	}
	for i := range Caps[:len(Caps)-2] {
		for _, kind := range Kinds {
			require.Less(t, Caps[i][kind], Caps[i+1][kind])
		}
	}
}
