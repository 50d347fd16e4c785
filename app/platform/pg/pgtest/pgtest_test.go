package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func prepare(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE TABLE seed AS SELECT 42 AS answer")
	return err
}

func query[T any](t *testing.T, url, sql string, args ...any) (v T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&v))
	return v
}

func TestEachTestHasItsOwnCopy(t *testing.T) {
	version, prepared := rand.Text(), atomic.Int32{}
	counted := func(ctx context.Context, url string) error {
		prepared.Add(1)
		return prepare(ctx, url)
	}
	var one string
	t.Run("a test", func(t *testing.T) {
		one = Database(t, "own copy", version, counted)
		require.Equal(t, 42, query[int](t, one, "WITH x AS (DELETE FROM seed RETURNING answer) SELECT answer FROM x"))
	})
	two := Database(t, "own copy", version, counted)
	require.Equal(t, 42, query[int](t, two, "SELECT answer FROM seed"))
	require.EqualValues(t, 1, prepared.Load())

	_, err := pgx.Connect(t.Context(), one)
	require.ErrorContains(t, err, "does not exist", "the first test's database is gone")
}

func TestManyAtOnceShareOnePreparation(t *testing.T) {
	version, prepared := rand.Text(), atomic.Int32{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			template := templateName("many", version)
			// As parallel test programs would: without this process's memory of what is ready.
			if err := ensureTemplate(t.Context(), ServerURL(t), template, func(ctx context.Context, url string) error {
				prepared.Add(1)
				return prepare(ctx, url)
			}); err != nil {
				t.Error(err)
			}
			Database(t, "many", version, prepare)
		})
	}
	all.Wait()
	require.EqualValues(t, 1, prepared.Load())
}

func TestAFailedPreparationIsDoneAgain(t *testing.T) {
	server, template := ServerURL(t), templateName("failed", rand.Text())
	err := ensureTemplate(t.Context(), server, template, func(ctx context.Context, url string) error {
		return errors.Join(prepare(ctx, url), errors.New("broken migration"))
	})
	require.ErrorContains(t, err, "broken migration")
	require.NoError(t, ensureTemplate(t.Context(), server, template, prepare))
}

func TestAnotherVersionIsAnotherTemplate(t *testing.T) {
	require.NotEqual(t, templateName("app", "1"), templateName("app", "2"))
	require.NotEqual(t, templateName("a", "1"), templateName("b", "1"))
	require.LessOrEqual(t, len(templateName("名字很长 with spaces; drop", "x")), 63)
}

func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		Database(b, "bench", "1", prepare)
	}
}
