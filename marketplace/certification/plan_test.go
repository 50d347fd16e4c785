package certification

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/fault"
)

func TestFirstPlanIsValid(t *testing.T) {
	require.NoError(t, validate(first()))
	days := 0.0
	for _, s := range first() {
		days += s.BudgetDays
	}
	require.EqualValues(t, BudgetDays, days)
	require.Empty(t, differences(first(), first()))
}

func TestPlanFaults(t *testing.T) {
	half := 0.5
	for name, spoil := range map[string]func([]StageDef) []StageDef{
		"too long":            func(s []StageDef) []StageDef { s[1].BudgetDays = 9; return s },
		"no budget":           func(s []StageDef) []StageDef { s[1].BudgetDays = 0; return s },
		"out of order":        func(s []StageDef) []StageDef { s[1], s[2] = s[2], s[1]; return s },
		"twice":               func(s []StageDef) []StageDef { s[2].Kind = "functional"; return s },
		"no price review":     func(s []StageDef) []StageDef { return s[:6] },
		"code twice":          func(s []StageDef) []StageDef { s[1].Checks[1].Code = "install"; return s },
		"odd code":            func(s []StageDef) []StageDef { s[1].Checks[1].Code = "Ünlautere"; return s },
		"no words":            func(s []StageDef) []StageDef { s[1].Checks[0].En = " "; return s },
		"limit alone":         func(s []StageDef) []StageDef { s[1].Checks[1].Limit = &half; return s },
		"unknown machine":     func(s []StageDef) []StageDef { s[0].Checks[0].Code = "guess"; return s },
		"ours":                func(s []StageDef) []StageDef { s[1].Checks[0].Code = checkLicence; return s },
		"person in intake":    func(s []StageDef) []StageDef { s[0].Checks[0].Machine = false; return s },
		"empty stage":         func(s []StageDef) []StageDef { s[4].Checks = nil; return s },
		"unknown comparison":  func(s []StageDef) []StageDef { s[1].Checks[0].Comparison = "<"; return s },
		"machine in security": func(s []StageDef) []StageDef { s[2].Checks[0].Machine = true; return s },
	} {
		err := validate(spoil(first()))
		f, ok := fault.As(err)
		require.True(t, ok && f.Kind == fault.Invalid, name)
	}
}

func TestThresholdsDecide(t *testing.T) {
	limit := 99.9
	for _, x := range []struct {
		comparison, measured, want string
	}{{">=", "99.90 %", "pass"}, {">=", "99.89", "fail"}, {"<=", "99.9", "pass"}, {"<=", "100 ms", "fail"}, {"=", "99.9 %", "pass"}, {"=", "99", "fail"}} {
		k := Check{Comparison: x.comparison, LimitValue: &limit}
		require.Equal(t, x.want, k.judge(*valueOf(x.measured, "")), x)
	}
	require.Nil(t, valueOf("约 5", ""))
	require.Equal(t, -3.5, *valueOf(" -3.5 dB", ""))
}
