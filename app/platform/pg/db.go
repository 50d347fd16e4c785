// Package pg is the only door to Postgres: it opens the pool, begins every
// transaction under an identity that row security enforces, and translates
// violations by the name of the constraint. Callers get a *Tx, which is a gorm
// handle that lives exactly as long as the function it is passed to.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
)

// DB is a pool whose login role owns nothing.
type DB struct {
	pool *pgxpool.Pool
	gorm *gorm.DB
	kept map[any]any
	sent *counter
}

// counter counts statements as they are sent.
type counter struct{ n atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if !strings.HasPrefix(q.SQL, "BEGIN") && q.SQL != "COMMIT" && q.SQL != "ROLLBACK" {
		c.n.Add(1)
	}
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Statements is how many statements were sent since the pool was opened,
// beside those that begin and end transactions.
func (db *DB) Statements() int64 { return db.sent.n.Load() }

// Open connects as the server's login role. size is the most connections;
// 0 takes the driver's default.
func Open(ctx context.Context, url string, size int32) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database address is not valid: %w", err)
	}
	if size > 0 {
		config.MaxConns = size
	}
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.ConnConfig.RuntimeParams["application_name"] = "portal"
	sent := &counter{}
	config.ConnConfig.Tracer = sent
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("the database does not answer: %w", err)
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		Logger:                 logger.New(slogWriter{}, logger.Config{SlowThreshold: time.Second, LogLevel: logger.Warn, IgnoreRecordNotFoundError: true, ParameterizedQueries: true}),
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &DB{pool: pool, gorm: g, sent: sent}, nil
}

type slogWriter struct{}

func (slogWriter) Printf(format string, args ...any) { slog.Warn(fmt.Sprintf(format, args...)) }

// Close waits for running statements and closes the pool.
func (db *DB) Close() { db.pool.Close() }

// Pool is for the parts that need a connection of their own: the job
// library, the event listener, bulk loading in benchmarks.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Login runs statements as the login role, outside any tenant: it reaches the
// sign-in tables only.
func (db *DB) Login(ctx context.Context) *gorm.DB {
	LetGo(ctx)
	return db.gorm.WithContext(ctx)
}

// Handle is the query builder, named here so that packages above need not
// import the ORM.
type Handle = gorm.DB

// LoginTx is Login in one transaction.
func (db *DB) LoginTx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return translate(db.gorm.WithContext(ctx).Transaction(fn))
}

// Identified is somebody row security can be told about.
type Identified interface{ Identity() Identity }

// Tx is one transaction under one identity.
type Tx struct {
	*gorm.DB
	Identity Identity
	conn     *pgx.Conn
	kept     map[any]any
	before   []func() error
	after    []func()
	values   map[any]any
}

// BeforeCommit runs last in the transaction, in the order given; an error
// rolls everything back.
func (tx *Tx) BeforeCommit(fn func() error) { tx.before = append(tx.before, fn) }

// AfterCommit runs once the transaction is known to be committed.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Value finds what was kept for the length of the transaction, or for all.
func (tx *Tx) Value(key any) any {
	if v, ok := tx.values[key]; ok {
		return v
	}
	return tx.kept[key]
}

// Keep makes Value answer in every transaction; it is for wiring, before the
// first of them.
func (db *DB) Keep(key, value any) {
	if db.kept == nil {
		db.kept = map[any]any{}
	}
	db.kept[key] = value
}

// SetValue stores what Value returns.
func (tx *Tx) SetValue(key, value any) {
	if tx.values == nil {
		tx.values = map[any]any{}
	}
	tx.values[key] = value
}

// As runs fn in one transaction under the identity of who, and commits; an
// error or a panic rolls back. A request that carries an idempotency key
// spends it here, in the same transaction: see WithKey.
func (db *DB) As(ctx context.Context, who Identified, fn func(tx *Tx) error) error {
	LetGo(ctx)
	return db.run(ctx, who.Identity(), takeKey(ctx), false, fn)
}

// Read is As for work that changes nothing; it spends no idempotency key and
// the database refuses writes. Inside Together it joins the transaction that
// the same identity has open.
func (db *DB) Read(ctx context.Context, who Identified, fn func(tx *Tx) error) error {
	id := who.Identity()
	if s, ok := ctx.Value(sightKey{}).(*sight); ok {
		return s.read(ctx, id, fn)
	}
	return db.run(ctx, id, nil, true, fn)
}

// Outside runs fn in one transaction of the login role: it reaches the sign-in
// tables only, and may enqueue jobs.
func (db *DB) Outside(ctx context.Context, fn func(tx *Tx) error) error {
	return db.transact(ctx, "BEGIN", Identity{}, nil, fn)
}

const beginRead = "BEGIN READ ONLY; "

func (db *DB) run(ctx context.Context, id Identity, key *Key, readOnly bool, fn func(tx *Tx) error) error {
	if err := id.known(); err != nil {
		return err
	}
	begin := "BEGIN; "
	if readOnly {
		begin = beginRead
	}
	// One round trip: begin and identity travel together.
	return db.transact(ctx, begin+id.statement(calendar.Now(ctx)), id, key, fn)
}

// begin opens a transaction; the connection goes back with the handle.
func (db *DB) begin(ctx context.Context, begin string, id Identity) (*Tx, *sql.Conn, error) {
	sqlDB, err := db.gorm.DB()
	if err != nil {
		return nil, nil, err
	}
	conn, err := sqlDB.Conn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("no database connection: %w", err)
	}
	t := &Tx{Identity: id, kept: db.kept, DB: db.gorm.Session(&gorm.Session{Context: ctx, NewDB: true})}
	t.Statement.ConnPool = statements(conn, id.Role)
	err = conn.Raw(func(dc any) error { t.conn = dc.(*stdlib.Conn).Conn(); return nil })
	if err == nil {
		if _, err = t.conn.Exec(ctx, begin); err != nil {
			t.rollback()
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return t, conn, nil
}

func (db *DB) transact(ctx context.Context, begin string, id Identity, key *Key, fn func(tx *Tx) error) (err error) {
	t, conn, err := db.begin(ctx, begin, id)
	if err != nil {
		return err
	}
	defer conn.Close()
	committed := false
	defer func() {
		if !committed {
			t.rollback()
			if key != nil {
				key.release()
			}
		}
	}()
	if key != nil {
		if err := key.spend(t); err != nil {
			return err
		}
	}
	if err := fn(t); err != nil {
		return translate(err)
	}
	for i := 0; i < len(t.before); i++ {
		if err := t.before[i](); err != nil {
			return translate(err)
		}
	}
	tag, err := t.conn.Exec(ctx, "COMMIT")
	if err != nil {
		return fmt.Errorf("the outcome of the commit is unknown: %w", err)
	}
	if tag.String() != "COMMIT" {
		return errors.New("pg: the transaction had failed and was rolled back")
	}
	committed = true
	for _, f := range t.after {
		f()
	}
	return nil
}

// rollback must work after the request's context has ended.
func (tx *Tx) rollback() {
	if tx.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := tx.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = tx.conn.Close(ctx)
	}
}

// Conn is the live driver connection of the transaction, for COPY and for the
// job library. It must not outlive the transaction.
func (tx *Tx) Conn() *pgx.Conn { return tx.conn }

// Bulk runs one statement over whole columns at a time: its arguments are
// slices, which the driver sends in binary, and the statement unnests them.
// COPY would be refused on tables with row security. It returns the number of
// rows.
func (tx *Tx) Bulk(sql string, args ...any) (int64, error) {
	tag, err := tx.conn.Exec(tx.Statement.Context, sql, args...)
	return tag.RowsAffected(), err
}

// NewID makes a UUIDv7: ordered by time, made by the application.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Violated tells whether err broke the named constraint.
func Violated(err error, constraint string) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.ConstraintName == constraint
}

// translate turns what the driver says into faults where it means one.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fault.ErrMissing
	}
	return err
}
