// Package money is exact arithmetic on fen and ppm. Everything is an integer:
// fen is a hundredth of a yuan, ppm parts per million. A value is rounded once,
// half away from zero; parts of a whole are given by largest remainder, so they
// sum to it. Nothing overflows silently.
//
// Owns: rounding, allocation, overflow. Does not own: what is computed with
// them (commission, menu).
package money

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"ecoport/app/platform/fault"
)

// Whole is 100 % in parts per million.
const Whole int64 = 1_000_000

// Refusals of this package.
var (
	ErrOverflow = fault.New(fault.Invalid, "amount-too-large", "金额超出系统可以计算的范围。", "The amount is larger than the system can compute.")
	ErrWeights  = fault.New(fault.Invalid, "weights", "分配比例不正确。", "The weights of the split are not right.")
)

// Exact is a sum of products, in millionths of a fen, before rounding. The
// zero value is nothing.
type Exact struct{ micro big.Int }

// AddRate adds quantity (fen or units) times ppm / 1 000 000.
func (x *Exact) AddRate(quantity, ppm int64) {
	var p big.Int
	x.micro.Add(&x.micro, p.Mul(big.NewInt(quantity), big.NewInt(ppm)))
}

// AddEach adds quantity times a whole number of fen.
func (x *Exact) AddEach(quantity, fen int64) {
	var p big.Int
	p.Mul(big.NewInt(quantity), big.NewInt(fen))
	x.micro.Add(&x.micro, p.Mul(&p, big.NewInt(Whole)))
}

// Round gives whole fen, half away from zero.
func (x *Exact) Round() (int64, error) { return round(&x.micro, big.NewInt(Whole)) }

// String shows fen with up to six decimals, without trailing zeros.
func (x *Exact) String() string {
	var abs, whole, part big.Int
	whole.QuoRem(abs.Abs(&x.micro), big.NewInt(Whole), &part)
	s := whole.String()
	if decimals := strings.TrimRight(fmt.Sprintf("%06d", part.Int64()), "0"); decimals != "" {
		s += "." + decimals
	}
	if x.micro.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// MulDiv is a times b / c, rounded half away from zero. c must not be 0.
func MulDiv(a, b, c int64) (int64, error) {
	var p big.Int
	return round(p.Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(c))
}

// Rate is quantity times ppm / 1 000 000, rounded half away from zero.
func Rate(quantity, ppm int64) (int64, error) { return MulDiv(quantity, ppm, Whole) }

// Add is a + b, or ErrOverflow.
func Add(a, b int64) (int64, error) {
	sum := a + b
	if (sum > a) != (b > 0) && b != 0 {
		return 0, ErrOverflow
	}
	return sum, nil
}

func round(n, d *big.Int) (int64, error) {
	if d.Sign() == 0 {
		return 0, ErrWeights
	}
	negative := n.Sign()*d.Sign() < 0
	var num, den, q, r big.Int
	num.Abs(n)
	den.Abs(d)
	q.QuoRem(&num, &den, &r)
	if r.Lsh(&r, 1).Cmp(&den) >= 0 {
		q.Add(&q, big.NewInt(1))
	}
	if negative {
		q.Neg(&q)
	}
	if !q.IsInt64() {
		return 0, ErrOverflow
	}
	return q.Int64(), nil
}

// Allocate divides total by weights: each part is rounded toward zero, the
// left-over fen go one each to the largest fractional parts, ties in the order
// given. The parts sum to total exactly.
func Allocate(total int64, weights []int64) ([]int64, error) {
	var sum big.Int
	for _, w := range weights {
		if w < 0 {
			return nil, ErrWeights
		}
		sum.Add(&sum, big.NewInt(w))
	}
	if sum.Sign() == 0 {
		return nil, ErrWeights
	}
	parts := make([]int64, len(weights))
	rest := make([]big.Int, len(weights))
	order := make([]int, len(weights))
	var abs, left big.Int
	abs.Abs(big.NewInt(total))
	left.Set(&abs)
	for i, w := range weights {
		var p, q big.Int
		q.QuoRem(p.Mul(&abs, big.NewInt(w)), &sum, &rest[i])
		left.Sub(&left, &q)
		parts[i], order[i] = q.Int64(), i
		if total < 0 {
			parts[i] = new(big.Int).Neg(&q).Int64()
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return rest[j].Cmp(&rest[i]) })
	one := int64(1)
	if total < 0 {
		one = -1
	}
	for _, i := range order[:left.Int64()] {
		parts[i] += one
	}
	return parts, nil
}

// Split is Allocate by ppm that must sum to 1 000 000.
func Split(total int64, ppm []int64) ([]int64, error) {
	var sum int64
	for _, p := range ppm {
		if p < 0 || p > Whole {
			return nil, ErrWeights
		}
		sum += p
	}
	if sum != Whole {
		return nil, ErrWeights
	}
	return Allocate(total, ppm)
}

// Yuan writes fen as yuan for people, e.g. -1234567 as -12,345.67.
func Yuan(fen int64) string {
	sign, abs := "", uint64(fen)
	if fen < 0 {
		sign, abs = "-", -abs
	}
	digits := fmt.Sprint(abs / 100)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, digits, abs%100)
}

// Percent writes ppm for people, e.g. 80000 as 8%.
func Percent(ppm int64) string {
	s := fmt.Sprintf("%d.%04d", ppm/10_000, ppm%10_000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// ParseYuan reads an amount as people write it, with two decimals at most, as
// fen; separators of thousands and the sign of the currency may stand in it. It
// refuses what is negative or a billion yuan and more.
func ParseYuan(text string) (int64, error) {
	text = strings.NewReplacer(",", "", "，", "", "¥", "", "￥", "", " ", "").Replace(text)
	yuan, fen, dotted := strings.Cut(text, ".")
	fen = strings.TrimRight(fen, "0")
	if yuan == "" && !dotted || len(yuan) > 9 || len(fen) > 2 || strings.Trim(yuan+fen, "0123456789") != "" {
		return 0, fmt.Errorf("money: %q is no amount", text)
	}
	n, err := strconv.ParseInt("0"+yuan+(fen + "00")[:2], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("money: %q is no amount", text)
	}
	return n, nil
}
