package pg

import (
	"strings"
	"unicode"
)

// Words cuts texts into the pairs of neighbouring characters a search index
// holds: two Chinese characters find exactly what contains them.
func Words(texts ...string) Texts {
	seen := map[string]bool{}
	out := Texts{}
	for _, text := range texts {
		for _, part := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
			runes := []rune(part)
			if len(runes) == 1 {
				continue
			}
			for i := 0; i+1 < len(runes); i++ {
				w := string(runes[i : i+2])
				if !seen[w] {
					seen[w] = true
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// Searchable tells whether a query has at least one pair to look for.
func Searchable(q string) bool { return len(Words(q)) > 0 }
