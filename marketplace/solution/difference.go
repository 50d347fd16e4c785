package solution

import (
	"context"
	"reflect"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// How a part of a version stands to the version before.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// FieldChange is a text that reads differently.
type FieldChange struct{ Field, Before, After string }

// ElementChange is a function element that was added, removed or changed;
// elements are the same when their names are.
type ElementChange struct {
	Change        string
	Before, After *Element
}

// FileChange is a file that was added, removed or replaced by one of the same
// kind and name.
type FileChange struct {
	Change        string
	Before, After *File
}

// Difference is what changed from one version to another of a solution.
type Difference struct {
	From, To Version
	Fields   []FieldChange
	Elements []ElementChange
	Files    []FileChange
	Same     int // parts that did not change
}

// Compare finds what changed. Release notes and the number are not compared:
// they differ by their nature.
func Compare(from, to Version) Difference {
	d := Difference{From: from, To: to}
	for _, f := range []FieldChange{
		{"description", from.Description, to.Description},
		{"integration", from.Integration, to.Integration},
		{"menu", from.Menu.V.Text(), to.Menu.V.Text()},
	} {
		if f.Before == f.After {
			d.Same++
			continue
		}
		d.Fields = append(d.Fields, f)
	}
	pairs(from.Elements, to.Elements, func(a, b Element) bool { return a.Name == b.Name }, func(a, b *Element) {
		switch change := changeOf(a, b); {
		case change == Changed && reflect.DeepEqual(a.offer(), b.offer()):
			d.Same++
		default:
			d.Elements = append(d.Elements, ElementChange{change, a, b})
		}
	})
	pairs(from.Files, to.Files, func(a, b File) bool { return a.Kind == b.Kind && a.File.Name == b.File.Name }, func(a, b *File) {
		switch change := changeOf(a, b); {
		case change == Changed && a.File.SHA256 == b.File.SHA256:
			d.Same++
		default:
			d.Files = append(d.Files, FileChange{change, a, b})
		}
	})
	return d
}

// offer is what of an element a customer buys.
func (e Element) offer() Element {
	return Element{Name: e.Name, Unit: e.Unit, Billing: e.Billing, PriceFen: e.PriceFen, Required: e.Required, MinUnits: e.MinUnits, DefaultUnits: e.DefaultUnits, MaxUnits: e.MaxUnits, Steps: e.Steps, Cities: append(pg.Texts(nil), e.Cities...)}
}

func changeOf[T any](before, after *T) string {
	switch {
	case before == nil:
		return Added
	case after == nil:
		return Removed
	}
	return Changed
}

// pairs walks what is in either list, in the order of the newer one, and what
// is only in the older one last. Each part has one partner at most.
func pairs[T any](before, after []T, same func(a, b T) bool, each func(before, after *T)) {
	paired := make([]bool, len(before))
	for i := range after {
		var old *T
		for j := range before {
			if !paired[j] && same(before[j], after[i]) {
				old, paired[j] = &before[j], true
				break
			}
		}
		each(old, &after[i])
	}
	for i := range before {
		if !paired[i] {
			each(&before[i], nil)
		}
	}
}

// DifferenceOf compares a version with another of the same solution that the
// actor may see; with the zero id, with the one certified last before it, or
// else the one made before it. A first version differs from nothing: all of it
// is new, and From is the zero version.
func (s *Service) DifferenceOf(ctx context.Context, a tenants.Actor, id, from uuid.UUID) (d Difference, err error) {
	if err := a.Need(Read); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		to, err := s.version(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if from == uuid.Nil {
			if from, err = s.before(ctx, tx, a, to.Version); err != nil {
				return err
			}
		}
		var base Version
		if from != uuid.Nil {
			other, err := s.version(ctx, tx, a, from)
			if err != nil {
				return err
			}
			if other.SolutionID != to.SolutionID {
				return ErrOtherSolution
			}
			base = other.Version
		}
		d = Compare(base, to.Version)
		return nil
	})
	return d, err
}

// before is the version that v is naturally compared with.
func (s *Service) before(_ context.Context, tx *pg.Tx, a tenants.Actor, v Version) (uuid.UUID, error) {
	detail, err := s.detail(tx, a, v.SolutionID) // newest first, and only what the actor may see
	if err != nil {
		return uuid.Nil, err
	}
	var last uuid.UUID
	for _, x := range detail.Versions {
		if x.ID == v.ID || !x.CreatedAt.Before(v.CreatedAt) {
			continue
		}
		if x.State == "certified" || x.State == "superseded" {
			return x.ID, nil
		}
		if last == uuid.Nil {
			last = x.ID
		}
	}
	return last, nil
}
