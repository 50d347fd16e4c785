// Package queue is the only door to the job library. Jobs are enqueued in the
// transaction that causes them and worked by any replica; each runs as a named
// system actor, decided by whoever registers the handler.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"ecoport/app/platform/pg"
)

// Job is what is asked for: a kind and its arguments. Arguments hold ids only,
// never names or secrets.
type Job struct {
	Name string          `json:"name"`
	Args json.RawMessage `json:"args"`
}

// Kind tells the library that all jobs are of one kind; Name tells them apart.
func (Job) Kind() string { return "portal" }

// Handler does one job. It must be safe to run again: a worker may die after
// its work and before the library hears of it.
type Handler func(ctx context.Context, args json.RawMessage) error

// Later says that a job is not done and shall come again after a time of its
// own choosing; it does not count as a failure.
type Later struct{ After time.Duration }

func (l Later) Error() string { return "again in " + l.After.String() }

// Schedule makes a job periodic.
type Schedule struct {
	Name  string
	Every time.Duration
}

// Enqueue adds a job to the transaction: it exists if and when that commits.
func Enqueue(ctx context.Context, tx *pg.Tx, name string, args any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	_, err = inserter.InsertTx(ctx, connTx{tx.Conn()}, Job{Name: name, Args: raw}, &river.InsertOpts{MaxAttempts: 8})
	return err
}

// inserter needs no pool: it only writes into transactions of others.
var inserter = func() *river.Client[pgx.Tx] {
	c, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	return c
}()

// Worker claims and does jobs until stopped.
type Worker struct{ client *river.Client[pgx.Tx] }

type dispatcher struct {
	river.WorkerDefaults[Job]
	handlers map[string]Handler
}

func (d dispatcher) Timeout(*river.Job[Job]) time.Duration { return 30 * time.Minute }

func (d dispatcher) Work(ctx context.Context, job *river.Job[Job]) (err error) {
	h, ok := d.handlers[job.Args.Name]
	if !ok {
		return river.JobCancel(fmt.Errorf("no handler for job %q", job.Args.Name))
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", job.Args.Name, p)
		}
		var later Later
		if errors.As(err, &later) {
			err = river.JobSnooze(later.After)
			return
		}
		if err != nil {
			slog.Error("job failed", "job", job.Args.Name, "attempt", job.Attempt, "error", err)
		}
	}()
	return h(ctx, job.Args.Args)
}

// NewWorker prepares a worker; pool must be a direct connection, the listener
// needs one of its own.
func NewWorker(pool *pgxpool.Pool, handlers map[string]Handler, schedules []Schedule, concurrency int) (*Worker, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, dispatcher{handlers: handlers})
	var periodic []*river.PeriodicJob
	for _, s := range schedules {
		if handlers[s.Name] == nil {
			return nil, fmt.Errorf("schedule %q has no handler", s.Name)
		}
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(s.Every), func() (river.JobArgs, *river.InsertOpts) {
			// What somebody waits for goes before what comes by itself.
			return Job{Name: s.Name, Args: json.RawMessage("{}")}, &river.InsertOpts{Priority: 3}
		}, &river.PeriodicJobOpts{ID: s.Name, RunOnStart: true}))
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Workers: workers, PeriodicJobs: periodic,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: concurrency}},
		FetchPollInterval: time.Second, FetchCooldown: 50 * time.Millisecond,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	return &Worker{client}, nil
}

// Start begins to claim jobs.
func (w *Worker) Start(ctx context.Context) error { return w.client.Start(ctx) }

// Stop waits for running jobs, then returns; when ctx ends first they are cut.
func (w *Worker) Stop(ctx context.Context) error {
	if err := w.client.Stop(ctx); err != nil {
		cut, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return w.client.StopAndCancel(cut)
	}
	return nil
}

// Migrate creates the library's tables as the owner and lets the server's
// roles use them. They hold no tenant rows and have no row security.
func Migrate(ctx context.Context, ownerURL string) error {
	pool, err := pgxpool.New(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(7074618)"); err != nil {
		return err
	}
	defer conn.Exec(ctx, "SELECT pg_advisory_unlock(7074618)") //nolint:errcheck // the session ends anyway
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `
		GRANT SELECT, INSERT, UPDATE ON river_job TO portal_operator, portal_partner, portal_system;
		GRANT USAGE ON SEQUENCE river_job_id_seq TO portal_operator, portal_partner, portal_system;
		DO $$ DECLARE t text; BEGIN
		  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'river%' LOOP
		    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO portal', t);
		    EXECUTE format('COMMENT ON TABLE %I IS ''dist=local rls-off: job library, holds ids only''', t);
		  END LOOP;
		END $$;
		GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal`)
	return err
}

// connTx lends a connection that is already inside a transaction to the
// library, which wants to see a transaction of the driver. Begin nests with
// savepoints; the outer commit and rollback are never the library's.
type connTx struct{ conn *pgx.Conn }

var errNotYours = errors.New("queue: the transaction belongs to the caller")

func (t connTx) Begin(ctx context.Context) (pgx.Tx, error) {
	if _, err := t.conn.Exec(ctx, "SAVEPOINT queue"); err != nil {
		return nil, err
	}
	return savepoint{t}, nil
}
func (connTx) Commit(context.Context) error   { return errNotYours }
func (connTx) Rollback(context.Context) error { return errNotYours }
func (t connTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error) {
	return t.conn.CopyFrom(ctx, table, columns, src)
}

func (t connTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}
func (connTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }
func (t connTx) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, sql)
}

func (t connTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return t.conn.Exec(ctx, sql, args...)
}

func (t connTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.conn.Query(ctx, sql, args...)
}

func (t connTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.conn.QueryRow(ctx, sql, args...)
}
func (t connTx) Conn() *pgx.Conn { return t.conn }

type savepoint struct{ connTx }

func (s savepoint) Commit(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "RELEASE SAVEPOINT queue")
	return err
}

func (s savepoint) Rollback(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "ROLLBACK TO SAVEPOINT queue")
	return err
}
