package pg

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"ecoport/app/platform/fault"
)

// Texts is a text[] column.
type Texts []string

// Value writes the array literal.
func (t Texts) Value() (driver.Value, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, s := range t {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		for _, r := range s {
			if r == '"' || r == '\\' {
				b.WriteByte('\\')
			}
			if r != 0 {
				b.WriteRune(r)
			}
		}
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String(), nil
}

// GormDataType tells gorm the column type.
func (Texts) GormDataType() string { return "text[]" }

// Scan reads the array literal.
func (t *Texts) Scan(src any) error {
	var s string
	switch v := src.(type) {
	case nil:
		*t = Texts{}
		return nil
	case string:
		s = v
	case []byte:
		s = string(v)
	default:
		return fmt.Errorf("pg: cannot read %T as text[]", src)
	}
	out := Texts{}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}")
	var cur strings.Builder
	quoted, any := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			cur.WriteByte(s[i])
		case c == '"':
			quoted, any = !quoted, true
		case c == ',' && !quoted:
			out = append(out, cur.String())
			cur.Reset()
			any = false
		default:
			cur.WriteByte(c)
			any = true
		}
	}
	if any || cur.Len() > 0 || len(out) > 0 {
		out = append(out, cur.String())
	}
	*t = out
	return nil
}

// Value is what a column type of another package hands to the driver.
type Value = driver.Value

// UUIDs writes ids as one array parameter; cast it with ::uuid[].
func UUIDs(ids []uuid.UUID) Texts {
	out := make(Texts, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// JSON is a jsonb column holding a T.
type JSON[T any] struct{ V T }

// Value writes the document.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads the document.
func (j *JSON[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	case []byte:
		return json.Unmarshal(v, &j.V)
	}
	return fmt.Errorf("pg: cannot read %T as jsonb", src)
}

// GormDataType tells gorm the column type.
func (JSON[T]) GormDataType() string { return "jsonb" }

// Versioned is a row with optimistic locking.
type Versioned interface {
	RowVersion() *int64
}

// Save writes all columns of a loaded row, if nobody else did since; it
// returns fault.ErrStale otherwise.
func Save(tx *Tx, row Versioned) error {
	v := row.RowVersion()
	old := *v
	*v = old + 1
	// UpdateColumns leaves updated_at as the caller set it.
	res := tx.Model(row).Select("*").Omit("created_at").Where("version = ?", old).UpdateColumns(row)
	if res.Error != nil {
		*v = old
		return res.Error
	}
	if res.RowsAffected == 0 {
		*v = old
		return fault.ErrStale
	}
	return nil
}

// One loads exactly one row into dest; fault.ErrMissing when there is none.
func One(q *gorm.DB, dest any) error {
	return translate(q.Take(dest).Error)
}

// Like escapes a user's text for use inside a LIKE pattern.
func Like(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Session starts a fresh statement on the same connection.
type Session = gorm.Session

// Fork lets one query builder be used twice: for the count and for the page.
var Fork = &gorm.Session{}

// DryRun builds a statement without sending it.
var DryRun = &gorm.Session{DryRun: true}

// ForUpdate locks the rows that are read; ForShare keeps them from changing.
var (
	ForUpdate = clause.Locking{Strength: "UPDATE"}
	ForShare  = clause.Locking{Strength: "SHARE"}
)

// Newest finds a page of what matches, by column and id descending, after the
// row that the page before ended with (the zero id for the first page), and how
// many match in all; what fits on the first page is not counted again. The
// column is named by the program, never by a request.
func Newest[T any](all *Handle, column string, at any, id uuid.UUID, limit int, page *[]T, total *int64) error {
	return paged(all, column, "<", " DESC", at, id, limit, page, total)
}

// Soonest is Newest the other way round.
func Soonest[T any](all *Handle, column string, at any, id uuid.UUID, limit int, page *[]T, total *int64) error {
	return paged(all, column, ">", "", at, id, limit, page, total)
}

func paged[T any](all *Handle, column, after, way string, at any, id uuid.UUID, limit int, page *[]T, total *int64) error {
	d := all.Session(Fork)
	if id != uuid.Nil {
		d = d.Where("("+column+", id) "+after+" (?, ?)", at, id)
	}
	if err := d.Order(column + way + ", id" + way).Limit(limit).Find(page).Error; err != nil {
		return err
	}
	if id == uuid.Nil && len(*page) < limit {
		*total = int64(len(*page))
		return nil
	}
	return all.Session(Fork).Count(total).Error
}
