package tenants

import (
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
)

// Persons are who had a hand in a piece of work, as a uuid[] column: those who
// acted, and those for whom they did. Who made something is not who checks it,
// whichever of the two sat in the other's seat.
type Persons []uuid.UUID

// With adds the actor and whom they act for.
func (p Persons) With(a Actor) Persons {
	for _, id := range a.Persons() {
		if !slices.Contains(p, id) {
			p = append(p, id)
		}
	}
	return p
}

// Has tells whether the actor, or whom they act for, is among them.
func (p Persons) Has(a Actor) bool { return slices.ContainsFunc(p, a.Is) }

// Value writes the array literal.
func (p Persons) Value() (pg.Value, error) { return pg.UUIDs(p).Value() }

// GormDataType tells gorm the column type.
func (Persons) GormDataType() string { return "uuid[]" }

// Scan reads the array literal.
func (p *Persons) Scan(src any) error {
	var texts pg.Texts
	if err := texts.Scan(src); err != nil {
		return err
	}
	*p = Persons{}
	for _, s := range texts {
		id, err := uuid.Parse(s)
		if err != nil {
			return err
		}
		*p = append(*p, id)
	}
	return nil
}
