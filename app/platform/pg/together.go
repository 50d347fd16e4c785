package pg

import (
	"context"
	"database/sql"
	"slices"

	"ecoport/app/platform/calendar"
)

// Together runs fn with a context in which what one identity reads, it reads
// in one transaction: a page that asks many things sees one moment and begins
// and ends once. A write, or a read under another identity, ends it first; the
// next read begins anew. It is for one goroutine.
func (db *DB) Together(ctx context.Context, fn func(ctx context.Context) error) error {
	s := &sight{db: db}
	defer s.end()
	return fn(context.WithValue(ctx, sightKey{}, s))
}

type sightKey struct{}

// sight is the read transaction of a request, while it has one.
type sight struct {
	db   *DB
	tx   *Tx
	conn *sql.Conn
	busy int // reads under way, one inside the other
}

func (s *sight) read(ctx context.Context, id Identity, fn func(tx *Tx) error) error {
	if s.tx != nil && !s.tx.Identity.same(id) {
		if s.busy > 0 {
			return s.db.run(ctx, id, nil, true, fn)
		}
		s.end()
	}
	if s.tx == nil {
		if err := id.known(); err != nil {
			return err
		}
		var err error
		if s.tx, s.conn, err = s.db.begin(ctx, beginRead+id.statement(calendar.Now(ctx)), id); err != nil {
			return err
		}
	}
	tx := s.tx
	s.busy++
	ended := false
	defer func() {
		s.busy--
		if !ended && s.busy == 0 {
			s.end() // what failed may have spoilt the transaction for others
		}
	}()
	if err := fn(tx); err != nil {
		return translate(err)
	}
	ended = true
	return nil
}

// LetGo ends what the request has open before it asks for another connection,
// or waits: two in one hand would wait for each other under load.
func LetGo(ctx context.Context) {
	if s, ok := ctx.Value(sightKey{}).(*sight); ok && s.busy == 0 {
		s.end()
	}
}

// end lets go of the transaction; nothing was written, so nothing is lost and
// nobody waits for it.
func (s *sight) end() {
	if s.tx == nil {
		return
	}
	tx, conn := s.tx, s.conn
	s.tx, s.conn = nil, nil
	go func() {
		tx.rollback()
		_ = conn.Close()
	}()
}

// same tells whether row security would be told the same.
func (id Identity) same(other Identity) bool {
	return id.Role == other.Role && id.Province == other.Province && id.Tenant == other.Tenant && id.User == other.User && id.PathFrom == other.PathFrom && id.PathTo == other.PathTo &&
		id.Seat == other.Seat && slices.Equal(id.Scopes, other.Scopes) && slices.Equal(id.Districts, other.Districts)
}
