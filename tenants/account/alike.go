package account

import (
	"math"
	"sort"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// How alike names must be, in percent, and how much work one district may be.
const (
	alikeEnough = 85
	commonPair  = 400 // a pair of characters in more names than this tells nothing
	mostPairs   = 1000
)

// ends of company names say what a firm is in law, not which one it is.
var legalEnds = []string{"股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "公司", "集团", "合伙企业", "个体工商户", "经营部"}

// bare is a name without its legal form, spaces and signs.
func bare(name string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	for changed := true; changed; {
		changed = false
		for _, end := range legalEnds {
			if rest, ok := strings.CutSuffix(s, end); ok && len([]rune(rest)) >= 2 {
				s, changed = rest, true
			}
		}
	}
	return s
}

// pairsOf are the neighbouring characters of a bare name, each once.
func pairsOf(s string) []uint64 {
	r := []rune(s)
	seen, out := map[uint64]bool{}, make([]uint64, 0, len(r))
	for i := 0; i+1 < len(r); i++ {
		p := uint64(uint32(r[i]))<<32 | uint64(uint32(r[i+1])) //nolint:gosec // runes are not negative
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

type name struct {
	ID    uuid.UUID
	Name  string
	bare  string
	pairs []uint64
}

type alike struct {
	one, other uuid.UUID
	score      int
}

// likeness is the share of common pairs (Dice), in percent.
func likeness(a, b []uint64) int {
	if len(a)+len(b) == 0 {
		return 0
	}
	in := make(map[uint64]bool, len(a))
	for _, p := range a {
		in[p] = true
	}
	n := 0
	for _, p := range b {
		if in[p] {
			n++
		}
	}
	return 200 * n / (len(a) + len(b))
}

// alikes finds the names of one district that may be the same firm. Two names
// that are alike enough share at least one of their rarest pairs, so only
// those are looked up.
func alikes(names []name, only uuid.UUID) []alike {
	often := map[uint64]int{}
	for i := range names {
		names[i].bare = bare(names[i].Name)
		names[i].pairs = pairsOf(names[i].bare)
		for _, p := range names[i].pairs {
			often[p]++
		}
	}
	const t = alikeEnough / 100.0
	index := map[uint64][]int{}
	var out []alike
	same := map[string][]int{}
	for i := range names {
		x := &names[i]
		for _, j := range same[x.bare] {
			if only == uuid.Nil || x.ID == only || names[j].ID == only {
				out = append(out, alike{names[j].ID, x.ID, 100})
			}
		}
		same[x.bare] = append(same[x.bare], i)
		sort.Slice(x.pairs, func(a, b int) bool {
			if often[x.pairs[a]] != often[x.pairs[b]] {
				return often[x.pairs[a]] < often[x.pairs[b]]
			}
			return x.pairs[a] < x.pairs[b]
		})
		need := int(math.Ceil(t / (2 - t) * float64(len(x.pairs))))
		met := map[int]bool{}
		for _, p := range x.pairs[:max(0, len(x.pairs)-need+1)] {
			if often[p] > commonPair {
				break
			}
			for _, j := range index[p] {
				if met[j] || names[j].bare == x.bare || (only != uuid.Nil && x.ID != only && names[j].ID != only) {
					continue
				}
				met[j] = true
				if score := likeness(names[j].pairs, x.pairs); score >= alikeEnough {
					out = append(out, alike{names[j].ID, x.ID, score})
				}
			}
			index[p] = append(index[p], i)
		}
		if len(out) >= mostPairs {
			break
		}
	}
	return out
}
