package pg

import (
	"strings"
	"unicode"

	"github.com/google/uuid"
	"gorm.io/gorm"
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

// fewHits is how many search hits are handed on by id; more are joined.
const fewHits = 2000

// Found narrows a query to the rows a search side table found. A few hits are
// named by id, because the planner cannot guess how few a search will have;
// many are joined.
func Found(q *gorm.DB, column string, hits *gorm.DB) (*gorm.DB, error) {
	var ids []uuid.UUID
	if err := hits.Session(Fork).Limit(fewHits + 1).Scan(&ids).Error; err != nil {
		return nil, err
	}
	if len(ids) > fewHits {
		return q.Where(column+" IN (?)", hits), nil
	}
	if len(ids) == 0 {
		return q.Where("false"), nil
	}
	return q.Where(column+" IN ?", ids), nil
}
