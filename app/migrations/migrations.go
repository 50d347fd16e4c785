// Package migrations holds the schema: ordered SQL, embedded, applied under a
// session lock so that several replicas may start at once.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
)

//go:embed *.sql
var files embed.FS

// Up brings the database at the owner's address to the newest schema,
// including the tables of the job library.
func Up(ctx context.Context, ownerURL string) error {
	err := pg.Owner(ctx, ownerURL, func(db *sql.DB) error { return pg.Migrate(ctx, db, files) })
	if err == nil {
		err = queue.Migrate(ctx, ownerURL)
	}
	if err != nil {
		return fmt.Errorf("the schema could not be brought up to date: %w", err)
	}
	return nil
}

// Version is a fingerprint of all migrations, for template databases.
func Version() string { return pg.Fingerprint(files) }
