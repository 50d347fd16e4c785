package certification

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestValueOf: what was measured is read whole or not at all.
func TestValueOf(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		measured, unit string
		value          float64
	}{
		{"120 ms", "ms", 120},
		{" 120ms", "ms", 120},
		{"120", "ms", 120},
		{"120 MS（峰值）", "ms", 120},
		{"120 毫秒", "ms", 120},
		{"1.2e2 ms", "ms", 120},
		{"-3", "", -3},
		{"99.95％", "%", 99.95},
		{"500 用户", "", 500},
		{"0", "", 0},
		{"18 分钟", "min", 18},
		{"18 min, 含重启", "min", 18},
	} {
		v := valueOf(x.measured, x.unit)
		require.NotNil(t, v, x.measured)
		require.InDelta(t, x.value, *v, 0, x.measured)
	}
	for _, x := range [][2]string{
		{"1,200 ms", "ms"}, {"1，200 ms", "ms"}, {"1 200 ms", "ms"}, {"1.5 s", "ms"}, {"1,200", ""}, {"1 200", ""}, {"0.5 min/台", "min"}, {"1.2.3", ""}, {"2 万", ""}, {"1e999", ""}, {"ok", "ms"}, {"", ""}, {"3 msec", "ms"},
	} {
		require.Nil(t, valueOf(x[0], x[1]), x[0])
	}
}
