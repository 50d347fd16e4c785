// Package pgtest gives each test a database of its own, copied from a template that is prepared once.
//
// Owns: the template, the copies, their end. Does not own: what is in them (the caller prepares), the
// server (`make test` or `portal dev --test` starts it).
package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// One lock for all templates: preparing may also make roles, which belong to the whole server, and two
// packages making the same role at once would collide.
const prepareLock = 0x65636f706f7274 // "ecoport"

var ready sync.Map // template name -> true, once seen by this process

// Database returns the superuser URL of a fresh database. The first caller on the server with this name
// and version runs prepare in a template, everyone else copies it; version is a hash of whatever prepare
// depends on, migrations above all. The database is dropped when the test ends.
func Database(t testing.TB, name, version string, prepare func(ctx context.Context, superURL string) error) string {
	t.Helper()
	server := ServerURL(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()

	template := templateName(name, version)
	if _, ok := ready.Load(template); !ok {
		if err := ensureTemplate(ctx, server, template, prepare); err != nil {
			t.Fatalf("pgtest: the template database %s cannot be prepared: %v", template, err)
		}
		ready.Store(template, true)
	}
	db := "test_" + strings.ToLower(rand.Text())
	// Copying files is faster than logging pages here: tests run without fsync, so its checkpoint is cheap.
	if err := exec(ctx, server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", db, template)); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := exec(ctx, server, "DROP DATABASE IF EXISTS "+db+" WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: the test's database is left behind: %v", err)
		}
	})
	url := inDatabase(server, db)
	if RowSecurityOff() {
		if err := exec(ctx, url, disableRowSecurity); err != nil {
			t.Fatalf("pgtest: row security cannot be switched off: %v", err)
		}
	}
	return url
}

// RowSecurityOff tells whether this run asks what the application's filters
// are worth alone: TEST_ROW_SECURITY=off.
func RowSecurityOff() bool { return os.Getenv("TEST_ROW_SECURITY") == "off" }

const disableRowSecurity = `DO $$ DECLARE tab regclass; BEGIN
	FOR tab IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity LOOP
		EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', tab);
		EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', tab);
	END LOOP; END $$`

// ServerURL is the test server's superuser URL, database "postgres". A missing server fails the test: a
// skipped test would look like a passed one.
func ServerURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_DATABASE_URL")
	if server == "" {
		t.Fatal("TEST_DATABASE_URL is not set: run `make test`, or `bin/portal dev --test -- go test ./...`, which start a database and set it")
	}
	return server
}

func ensureTemplate(ctx context.Context, server, template string, prepare func(context.Context, string) error) (err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("the test database server does not answer: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }() // lets go of the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(prepareLock)); err != nil {
		return err
	}
	var done bool // the mark is set last, so a template whose preparation was killed has none
	err = conn.QueryRow(ctx, "SELECT datistemplate FROM pg_database WHERE datname = $1", template).Scan(&done)
	switch {
	case err == nil && done:
		return nil
	case err == nil:
		if _, err := conn.Exec(ctx, "DROP DATABASE "+template+" WITH (FORCE)"); err != nil {
			return err
		}
	case !errors.Is(err, pgx.ErrNoRows):
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	if err := prepare(ctx, inDatabase(server, template)); err != nil {
		return err
	}
	// Nobody may connect from now on: one connection would make every copy fail.
	_, err = conn.Exec(ctx, "ALTER DATABASE "+template+" WITH ALLOW_CONNECTIONS false")
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", template); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+template+" WITH IS_TEMPLATE true")
	return err
}

func exec(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("the test database server does not answer: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}

func templateName(name, version string) string {
	sum := sha256.Sum256([]byte(name + "\x00" + version))
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
	return "tpl_" + readable[:min(len(readable), 24)] + "_" + hex.EncodeToString(sum[:8])
}

func inDatabase(server, db string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // the next connection says what is wrong with it
	}
	u.Path = "/" + db
	return u.String()
}
