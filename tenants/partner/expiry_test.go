package partner_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
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

	// A valid document gives the right back, once somebody has looked at it.
	file := pg.NewID()
	_, err = owner.Exec(t.Context(), `INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
		VALUES ($1, $2, $3, $3, $4, 'partner_document', 'a.pdf', 'application/pdf', 1, '', 'new', 'stored', $5)`, r.GD.ID, file, r.GD.SI.ID, r.GD.SI.Path, r.firm.User)
	require.NoError(t, err)
	after := calendar.At(t.Context(), end.AddDate(0, 0, 3))
	_, err = r.Partners.AddDocument(after, r.firm, r.GD.SI.ID, "business_licence", file, "2027-07-10")
	require.ErrorContains(t, err, "invalid", "thirty days at least")
	d, err = r.Partners.AddDocument(after, r.firm, r.GD.SI.ID, "business_licence", file, "2029-07-10")
	require.NoError(t, err)
	require.False(t, d.MayList(), "it came too late to count unread")
	require.Zero(t, jobs(partner.JobResumed))
	require.Equal(t, 2, count("renew"), "of the firm, and the reminders of the old document")
	require.NoError(t, r.read(after, "a.pdf", true))
	d, err = r.Partners.Get(after, r.firm, r.GD.SI.ID)
	require.NoError(t, err)
	require.True(t, d.MayList())
	require.Equal(t, 1, count("restore"))
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

// TestARenewalIsAnotherPaper: neither a file that is on a document already nor
// the same content again, and no date that nobody would print; and the province
// hears of it.
func TestARenewalIsAnotherPaper(t *testing.T) {
	t.Parallel()
	r := applied(t)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'active' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	file := func(sha string) (id uuid.UUID) {
		id = pg.NewID()
		_, err := owner.Exec(t.Context(), `INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
			VALUES ($1, $2, $3, $3, $4, 'partner_document', 'a.pdf', 'application/pdf', 1, $5, $6, 'stored', $7)`, r.GD.ID, id, r.GD.SI.ID, r.GD.SI.Path, sha, id.String(), r.firm.User)
		require.NoError(t, err)
		return id
	}
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	add := func(kind string, file uuid.UUID, until string) error {
		_, err := r.Partners.AddDocument(calendar.At(t.Context(), now), r.firm, r.GD.SI.ID, kind, file, until)
		return err
	}
	first := file("abc")
	require.ErrorContains(t, add("business_licence", first, "2036-03-05"), "invalid", "ten years at most")
	require.NoError(t, add("business_licence", first, "2036-03-01"))
	require.ErrorIs(t, add("business_licence", first, "2035-03-01"), partner.ErrSameFile)
	require.ErrorIs(t, add("security_certificate", first, "2035-03-01"), partner.ErrSameFile)
	require.ErrorIs(t, add("business_licence", file("abc"), "2035-03-01"), partner.ErrSameFile)
	require.NoError(t, add("business_licence", file("def"), "2035-03-01"))
	errs := make([]error, 20)
	var wg sync.WaitGroup
	again := file("ghi")
	for i := range errs {
		wg.Go(func() { errs[i] = add("business_licence", again, "2035-03-01") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	require.Equal(t, 1, won)
	var n int
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT count(*) FROM audit_events WHERE resource = 'partner' AND resource_id = $1 AND action = 'renew'`, r.GD.SI.ID).Scan(&n))
	require.Equal(t, 3, n)
}

// read says whether the unread document with the file's name is good.
func (r review) read(ctx context.Context, name string, good bool) error {
	d, err := r.Partners.Get(ctx, r.one, r.GD.SI.ID)
	if err != nil {
		return err
	}
	for _, x := range d.Documents {
		if x.File.Name == name && x.Unread() {
			_, err = r.Partners.ReviewDocument(ctx, r.one, r.GD.SI.ID, x.ID, good, "看不清")
			return err
		}
	}
	return fault.ErrMissing
}

// TestARenewalIsRead: in time it counts until somebody refuses it; after that,
// and late, nothing counts unread; and nobody but the operator reads it.
func TestARenewalIsRead(t *testing.T) {
	t.Parallel()
	r := applied(t)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'active' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	_, err = owner.Exec(t.Context(), `UPDATE partner_documents SET expires_on = '2026-04-01' WHERE kind = 'business_licence'`)
	require.NoError(t, err)
	march, april := calendar.At(t.Context(), time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)), calendar.At(t.Context(), time.Date(2026, 4, 2, 4, 0, 0, 0, time.UTC))
	renew := func(ctx context.Context, name string) string {
		id := pg.NewID()
		_, err := owner.Exec(t.Context(), `INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
			VALUES ($1, $2, $3, $3, $4, 'partner_document', $5, 'application/pdf', 1, $5, $6, 'stored', $7)`, r.GD.ID, id, r.GD.SI.ID, r.GD.SI.Path, name, id.String(), r.firm.User)
		require.NoError(t, err)
		d, err := r.Partners.AddDocument(ctx, r.firm, r.GD.SI.ID, "business_licence", id, "2030-01-01")
		require.NoError(t, err)
		i := slices.IndexFunc(d.Documents, func(x partner.Document) bool { return x.FileID == id })
		return d.Documents[i].Review
	}
	mayList := func(ctx context.Context) bool {
		require.NoError(t, r.Partners.TendDocuments(ctx, r.GD.ID))
		d, err := r.Partners.Get(ctx, r.firm, r.GD.SI.ID)
		require.NoError(t, err)
		return d.MayList()
	}
	queued := func() (n int) {
		rows, _, err := r.Partners.List(march, r.one, partner.Query{Queue: true, Limit: 10})
		require.NoError(t, err)
		for _, p := range rows {
			if p.ID == r.GD.SI.ID {
				n = p.Unread
			}
		}
		return n
	}
	require.Zero(t, queued())
	require.Equal(t, "provisional", renew(march, "first"))
	require.Equal(t, 1, queued())
	require.True(t, mayList(april), "in time, and nobody has looked yet")
	_, err = r.Partners.ReviewDocument(march, r.firm, r.GD.SI.ID, pg.NewID(), true, "")
	require.ErrorContains(t, err, "denied")
	require.NoError(t, r.read(april, "first", false))
	require.Zero(t, queued())
	require.False(t, mayList(april), "what was refused proves nothing")
	require.Equal(t, "waiting", renew(april, "second"))
	require.False(t, mayList(april))
	require.NoError(t, r.read(april, "second", true))
	require.True(t, mayList(april))
	require.ErrorIs(t, r.read(april, "second", true), fault.ErrMissing)
	require.Equal(t, "provisional", renew(april, "third"))
	err = r.DB.As(t.Context(), r.firm, func(tx *pg.Tx) error {
		return tx.Exec(`UPDATE partner_documents SET review = 'accepted', reviewed_by = gen_random_uuid(), reviewed_at = now()`).Error
	})
	require.ErrorContains(t, err, "permission denied")
}
