package money

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRounding(t *testing.T) {
	for _, c := range []struct{ a, b, c, want int64 }{
		{123_456, 80_000, Whole, 9_876},
		{130, 50_000, Whole, 7},
		{-130, 50_000, Whole, -7},
		{9_877, 500_000, Whole, 4_939},
		{1, 1, 2, 1},
		{-1, 1, 2, -1},
		{1, -1, 2, -1},
		{-1, -1, 2, 1},
		{0, 5, 7, 0},
		{math.MaxInt64, Whole, Whole, math.MaxInt64},
		{math.MinInt64, 1, 1, math.MinInt64},
	} {
		got, err := MulDiv(c.a, c.b, c.c)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%d * %d / %d", c.a, c.b, c.c)
	}
	_, err := MulDiv(math.MaxInt64, 2, 1)
	require.ErrorIs(t, err, ErrOverflow)
	_, err = MulDiv(1, 1, 0)
	require.Error(t, err)
	_, err = Add(math.MaxInt64, 1)
	require.ErrorIs(t, err, ErrOverflow)
	_, err = Add(math.MinInt64, -1)
	require.ErrorIs(t, err, ErrOverflow)
}

func TestSplit(t *testing.T) {
	got, err := Split(9_876, []int64{700_000, 300_000})
	require.NoError(t, err)
	require.Equal(t, []int64{6_913, 2_963}, got)
	got, err = Split(100, []int64{333_333, 333_333, 333_334})
	require.NoError(t, err)
	require.Equal(t, []int64{33, 33, 34}, got)
	_, err = Split(100, []int64{1, 2})
	require.ErrorIs(t, err, ErrWeights)
	_, err = Allocate(100, []int64{0, 0})
	require.ErrorIs(t, err, ErrWeights)
	got, err = Allocate(math.MinInt64, []int64{1})
	require.NoError(t, err)
	require.Equal(t, []int64{math.MinInt64}, got)
}

func TestWords(t *testing.T) {
	require.Equal(t, "-12,345.67", Yuan(-1_234_567))
	require.Equal(t, "0.05", Yuan(5))
	require.Equal(t, "-92,233,720,368,547,758.08", Yuan(math.MinInt64))
	require.Equal(t, "8%", Percent(80_000))
	require.Equal(t, "12.5%", Percent(125_000))
	var x Exact
	x.AddRate(123_456, 80_000)
	require.Equal(t, "9876.48", x.String())
}

func TestAllocationsSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64().Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64), 1, 12).Draw(t, "weights")
		parts, err := Allocate(total, weights)
		if err != nil {
			require.ErrorIs(t, err, ErrWeights)
			return
		}
		var sum int64
		for i, p := range parts {
			sum += p
			require.False(t, p != 0 && (p < 0) != (total < 0), "a part has the sign of the whole")
			require.False(t, p != 0 && weights[i] == 0, "nothing for no weight")
		}
		require.Equal(t, total, sum)
		if total == math.MinInt64 {
			return
		}
		mirror, err := Allocate(-total, weights)
		require.NoError(t, err)
		for i := range parts {
			require.Equal(t, parts[i], -mirror[i])
		}
	})
}

func TestMulDivIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(-1e12, 1e12).Draw(t, "a")
		ppm := rapid.Int64Range(0, 1e6).Draw(t, "ppm")
		got, err := Rate(a, ppm)
		require.NoError(t, err)
		off := a*ppm - got*Whole
		require.LessOrEqual(t, max(off, -off), Whole/2)
		back, err := Rate(-a, ppm)
		require.NoError(t, err)
		require.Equal(t, -got, back)
	})
}

func TestParseYuan(t *testing.T) {
	for text, fen := range map[string]int64{"0": 0, "12": 1200, "0.8": 80, "¥1,234.50": 123450, ".5": 50, "3.": 300, "999999999.99": 99999999999, "1.2300": 123} {
		got, err := ParseYuan(text)
		require.NoError(t, err, text)
		require.Equal(t, fen, got, text)
	}
	for _, text := range []string{"", "-1", "1.234", "1e3", "NaN", "1000000000", "一", "1.2.3", "0x1"} {
		_, err := ParseYuan(text)
		require.Error(t, err, text)
	}
}
