package migrations

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/pg/pgtest"
)

// TestRepairOfCertifications: what earlier steps passed over under forced row
// security is made good by an owner who is no superuser, once.
func TestRepairOfCertifications(t *testing.T) {
	t.Parallel()
	role := "owner_" + strings.ToLower(rand.Text())
	t.Cleanup(func() {
		c, err := pgx.Connect(context.Background(), pgtest.ServerURL(t))
		require.NoError(t, err)
		defer c.Close(context.Background())
		_, err = c.Exec(context.Background(), "DROP ROLE IF EXISTS "+role)
		require.NoError(t, err)
	})
	c := schema(t)
	run := func(sql string, args ...any) {
		t.Helper()
		_, err := c.Exec(t.Context(), sql, args...)
		require.NoError(t, err)
	}
	here, untouched, moved, certified := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	for _, key := range words(t, c, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f' AND conrelid IN ('certifications'::regclass, 'certificates'::regclass)`) {
		run(key) // what they point to is of no matter here
	}
	for _, x := range []struct {
		id    uuid.UUID
		state string
	}{{untouched, "testing"}, {moved, "in_review"}, {certified, "certified"}} {
		run(`INSERT INTO certifications (province_id, id, number, version_id, solution_id, partner_id, org_path, solution_name, semver, first, partner_name, industry, track, track_reason, state, stage, author_id, author_name, holder, holder_since, operator_ms, partner_ms, submitted_at)
			VALUES ($1, $2, $2::uuid::text, $2, gen_random_uuid(), gen_random_uuid(), 'GD/', 'x', '1.0.0', true, 'x', 'x', 'managed', '{}', $3, 'functional', gen_random_uuid(), 'x', CASE $3 WHEN 'certified' THEN 'none' ELSE 'operator' END, now() - interval '1 day', 2100, 420, now() - interval '21 days')`, here, x.id, x.state)
	}
	run(`UPDATE certifications SET operator_ms = operator_ms + 100, holder_reason = 'review' WHERE id = $1`, moved)
	run(`INSERT INTO certification_turns (province_id, id, certification_id, partner_id, org_path, holder, reason, from_at, to_at, ms) VALUES ($1, gen_random_uuid(), $2, gen_random_uuid(), 'GD/', 'operator', '', now() - interval '2 days', now() - interval '1 day', 100)`, here, moved)
	run(`INSERT INTO certification_checks (province_id, id, certification_id, stage, partner_id, org_path, position, code, machine) VALUES ($1, gen_random_uuid(), $2, 'stability', gen_random_uuid(), 'GD/', 0, 'latency_p95', false)`, here, untouched)
	run(`INSERT INTO certificates (province_id, id, number, version_id, partner_id, org_path, solution_name, semver, partner_name, content_hash, issued_at, valid_until) VALUES ($1, gen_random_uuid(), 'C1', $2, gen_random_uuid(), 'GD/', 'x', '1.0.0', 'x', 'x', now(), now())`, here, certified)
	run("CREATE ROLE " + role)
	for _, name := range []string{"certifications", "certification_turns", "certification_checks", "certificates"} {
		run("ALTER TABLE " + name + " OWNER TO " + role)
	}
	run("GRANT USAGE, CREATE ON SCHEMA public TO " + role)
	step, err := files.ReadFile("00093_certification_repair.sql")
	require.NoError(t, err)
	up, _, _ := strings.Cut(string(step), "-- +goose Down")
	type row struct {
		Operator, Partner, Turned int64
		Reason                    string
	}
	for range 2 {
		run("SET ROLE " + role)
		run(up)
		run("RESET ROLE")
		require.Equal(t, []row{{500, 100, 600, "queue"}, {600, 100, 700, "review"}, {500, 100, 600, "certified"}}, list[row](t, c, `SELECT operator_ms, partner_ms, (SELECT sum(ms)::bigint FROM certification_turns t WHERE t.certification_id = c.id),
			holder_reason FROM certifications c ORDER BY position(state IN 'testing in_review certified')`))
		require.Equal(t, []string{"P95 时延"}, words(t, c, `SELECT words->>'Zh' FROM certification_checks`))
		require.Equal(t, []string{certified.String()}, words(t, c, `SELECT certification_id::text FROM certificates`))
		require.Equal(t, []string{"certificates", "certification_checks", "certification_turns", "certifications"}, words(t, c, `SELECT relname::text FROM pg_class WHERE relforcerowsecurity AND relname IN ('certifications', 'certification_turns', 'certification_checks', 'certificates') ORDER BY 1`))
	}
}
