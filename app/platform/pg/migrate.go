package pg

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"sort"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // database/sql driver for goose
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Owner opens a plain handle at the owner's address, for schema work.
func Owner(ctx context.Context, ownerURL string, fn func(db *sql.DB) error) error {
	db, err := sql.Open("pgx", ownerURL)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	return fn(db)
}

// Migrate applies the files that are not applied yet, in order, also where a
// later one is already: branches number theirs apart. It holds a session lock:
// without it one of several replicas that start together fails.
func Migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Fingerprint hashes all files of a tree.
func Fingerprint(files fs.FS) string {
	h := sha256.New()
	var names []string
	_ = fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	sort.Strings(names)
	for _, n := range names {
		b, _ := fs.ReadFile(files, n)
		fmt.Fprintf(h, "%s %d ", n, len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// alterLogin changes the login role. Roles belong to the whole server while the
// lock is the database's, so portals of two databases may meet on the row.
func alterLogin(ctx context.Context, conn *pgx.Conn, change string) error {
	for try := 0; ; try++ {
		_, err := conn.Exec(ctx, "ALTER ROLE portal "+change)
		var pe *pgconn.PgError
		if err == nil || try == 20 || !errors.As(err, &pe) || pe.Message != "tuple concurrently updated" {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// LoginURL gives the login role a password that follows from the owner's
// address and returns the address the server uses. Every replica derives the
// same one, so several may start at once.
func LoginURL(ctx context.Context, ownerURL string) (string, error) {
	u, err := url.Parse(ownerURL)
	if err != nil {
		return "", fmt.Errorf("the database address is not valid: %w", err)
	}
	owner, _ := u.User.Password()
	mac := hmac.New(sha256.New, []byte(owner))
	mac.Write([]byte("portal login"))
	password := hex.EncodeToString(mac.Sum(nil))
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return "", fmt.Errorf("the database does not answer: %w", err)
	}
	defer conn.Close(ctx)
	// Concurrent replicas may collide on the catalogue row; the value is the
	// same, so whoever comes second has nothing left to do.
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(7074617)"); err != nil {
		return "", err
	}
	for _, change := range []string{"LOGIN PASSWORD '" + password + "'", "RESET plan_cache_mode", "SET statement_timeout = '60s'", "SET idle_in_transaction_session_timeout = '120s'"} {
		if err := alterLogin(ctx, conn, change); err != nil {
			return "", err
		}
	}
	u.User = url.UserPassword("portal", password)
	return u.String(), nil
}
