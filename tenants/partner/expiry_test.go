package partner_test

import (
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/tenants/partner"
)

// TestRemindersComeOnceEach: 60, 30 and 7 days ahead and at the end, however
// often and however many at once the job runs; then listing rights stop, and a
// valid document gives them back.
func TestRemindersComeOnceEach(t *testing.T) {
	t.Parallel()
	r := applied(t)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'active' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	end := time.Date(2027, 6, 30, 0, 0, 0, 0, calendar.Shanghai)
	_, err = owner.Exec(t.Context(), `UPDATE partner_documents SET expires_on = '2027-06-30' WHERE kind = 'business_licence'`)
	require.NoError(t, err)
	count := func(action string) (n int) {
		require.NoError(t, owner.QueryRow(t.Context(), `SELECT count(*) FROM audit_events WHERE partner_id = $1 AND action = $2`, r.GD.SI.ID, action).Scan(&n))
		return n
	}
	jobs := func(kind string) (n int) {
		require.NoError(t, owner.QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = $1 OR args::text LIKE '%' || $1 || '%'`, kind).Scan(&n))
		return n
	}
	told := []string{}
	for _, x := range []struct {
		left int
		tell string
	}{{90, ""}, {61, ""}, {60, "remind_60"}, {59, ""}, {31, ""}, {30, "remind_30"}, {8, ""}, {7, "remind_7"}, {1, ""}, {0, ""}, {-1, "expire"}, {-2, ""}} {
		at := calendar.At(t.Context(), end.AddDate(0, 0, -x.left).Add(9*time.Hour))
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := r.Partners.TendDocuments(at, r.GD.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if x.tell != "" {
			told = append(told, x.tell)
		}
		for _, action := range []string{"remind_60", "remind_30", "remind_7", "expire"} {
			want := 0
			for _, y := range told {
				if y == action {
					want = 1
				}
			}
			require.Equal(t, want, count(action), "%s at %d days", action, x.left)
		}
		d, err := r.Partners.Get(at, r.one, r.GD.SI.ID)
		require.NoError(t, err)
		require.Equal(t, x.left >= 0, d.MayList(), "at %d days", x.left)
	}
	require.Equal(t, 1, count("lapse"))
	require.Equal(t, 1, jobs(partner.JobSuspended))
	d, err := r.Partners.Get(t.Context(), r.firm, r.GD.SI.ID)
	require.NoError(t, err)
	require.Equal(t, "active", d.State, "only listing stops")
	require.Equal(t, pg.Texts{"identity"}, d.Lapsed)

	// A valid document gives the right back, at once and once.
	file := pg.NewID()
	_, err = owner.Exec(t.Context(), `INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
		VALUES ($1, $2, $3, $3, $4, 'partner_document', 'a.pdf', 'application/pdf', 1, '', 'new', 'stored', $5)`, r.GD.ID, file, r.GD.SI.ID, r.GD.SI.Path, r.firm.User)
	require.NoError(t, err)
	after := calendar.At(t.Context(), end.AddDate(0, 0, 3))
	_, err = r.Partners.AddDocument(after, r.firm, r.GD.SI.ID, "business_licence", file, "2027-07-10")
	require.ErrorContains(t, err, "invalid", "thirty days at least")
	d, err = r.Partners.AddDocument(after, r.firm, r.GD.SI.ID, "business_licence", file, "2029-07-10")
	require.NoError(t, err)
	require.True(t, d.MayList())
	require.Equal(t, 1, count("restore"))
	require.Equal(t, 1, count("renew"))
	require.Equal(t, 1, jobs(partner.JobResumed))
	require.NoError(t, r.Partners.TendDocuments(after, r.GD.ID))
	require.Equal(t, 1, count("lapse"))
	require.Zero(t, func() (n int) {
		require.NoError(t, owner.QueryRow(t.Context(), `SELECT count(*) FROM audit_events WHERE province_id = $1 AND action LIKE 'remind%'`, r.HN.ID).Scan(&n))
		return n
	}(), "nobody of another province")
}

// TestAReminderComesLateButOnce: a firm whose document has few days left when
// the job first looks hears of the nearest day only.
func TestAReminderComesLateButOnce(t *testing.T) {
	t.Parallel()
	r := applied(t)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'active' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	r.document(t, owner, "business_licence", "2027-01-20") // the other, of 2028, is good for longer
	_, err = owner.Exec(t.Context(), `DELETE FROM partner_documents WHERE kind = 'cooperation_letter'`)
	require.NoError(t, err)
	r.document(t, owner, "cooperation_letter", "2027-01-20")
	for range 3 {
		require.NoError(t, r.Partners.TendDocuments(calendar.At(t.Context(), time.Date(2027, 1, 1, 2, 0, 0, 0, time.UTC)), r.GD.ID))
	}
	var told []string
	rows, err := owner.Query(t.Context(), `SELECT action || ' ' || label FROM audit_events WHERE partner_id = $1 AND resource = 'partner_document'`, r.GD.SI.ID)
	require.NoError(t, err)
	told, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{"remind_30 合作承诺书"}, told)
}
