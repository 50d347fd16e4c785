package migrations

import (
	"context"
	"database/sql"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/pg"
	"ecoport/app/platform/pg/pgtest"
)

// TestStepsOfAnotherBranch: a database that has a later step already takes an
// earlier one that comes with a merge.
func TestStepsOfAnotherBranch(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t, "steps", "1", func(context.Context, string) error { return nil })
	step := func(table string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE " + table + " (n int);\n-- +goose Down\n")}
	}
	files := fstest.MapFS{"00001_a.sql": step("a"), "00003_c.sql": step("c")}
	up := func(db *sql.DB) error { return pg.Migrate(t.Context(), db, files) }
	require.NoError(t, pg.Owner(t.Context(), url, up))
	files["00002_b.sql"] = step("b")
	require.NoError(t, pg.Owner(t.Context(), url, up))
	require.NoError(t, pg.Owner(t.Context(), url, up))
	require.Equal(t, []string{"a", "b", "c"}, words(t, connect(t, url), `SELECT relname::text FROM pg_class WHERE relname IN ('a', 'b', 'c') ORDER BY 1`))
}
