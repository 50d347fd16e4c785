package partner_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/partner"
	"ecoport/tenants/tenantstest"
)

// TestAnyOneGroupButAllOfIt: a rule is met by one of its groups, and by a group
// only when all of it is there.
func TestAnyOneGroupButAllOfIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	year := now.AddDate(1, 0, 0)
	have := func(state string, kinds ...string) (docs []partner.Document) {
		for _, k := range kinds {
			docs = append(docs, partner.Document{Kind: k, ExpiresOn: &year, File: tenants.File{State: state}})
		}
		return docs
	}
	for i, x := range []struct {
		docs  []partner.Document
		state string
	}{
		{nil, "missing"},
		{have("stored", "software_copyright"), "valid"},
		{have("stored", "software_licence"), "missing"},
		{have("stored", "owner_copyright"), "missing"},
		{have("stored", "software_licence", "owner_copyright"), "valid"},
		{append(have("stored", "software_licence"), have("pending", "owner_copyright")...), "incomplete"},
		{append(have("pending", "software_copyright"), have("stored", "software_copyright")...), "valid"},
	} {
		for _, item := range partner.Checklist([]string{"si"}, x.docs, now) {
			if item.Code == "software_rights" {
				require.Equal(t, x.state, item.State, "case %d", i)
				require.Equal(t, item.State == "valid", item.Detail.Zh == "")
				require.Equal(t, item.State == "valid", item.Detail.En == "")
			}
			require.NotEqual(t, "test_competence", item.Code, "only laboratories")
		}
	}
	// The printed day is the last good one; 60 days ahead it is running out.
	for days, state := range map[int]string{-1: "expired", 0: "expiring", 60: "expiring", 61: "valid"} {
		on, err := time.Parse(time.DateOnly, calendar.Date(now.AddDate(0, 0, days)))
		require.NoError(t, err)
		items := partner.Checklist([]string{"agent"}, []partner.Document{{Kind: "business_licence", ExpiresOn: &on, File: tenants.File{State: "stored"}}}, now)
		require.Equal(t, state, items[0].State, "%d days", days)
	}
	for _, r := range partner.DocumentRules {
		for _, group := range r.AnyOf {
			for _, kind := range group {
				require.True(t, func() bool {
					for _, k := range partner.DocumentKinds {
						if k.Code == kind {
							return k.Good.Zh != "" && k.Good.En != "" && k.Bad.Zh != "" && k.Bad.En != ""
						}
					}
					return false
				}(), "%s has no samples", kind)
			}
		}
	}
}

// review is a firm that has applied, with two reviewers.
type review struct {
	*tenantstest.World
	firm, one, two tenants.Actor
}

func applied(t *testing.T) review {
	t.Helper()
	w := tenantstest.New(t)
	owner, err := pgx.Connect(t.Context(), w.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	// The world's firms are active and have no papers.
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'draft', capabilities = '{agent}' WHERE id = $1`, w.GD.SI.ID)
	require.NoError(t, err)
	vet := func(role string) tenants.Actor {
		return tenantstest.May(w.GD.One(w.GD.Tenant, role), partner.Read, partner.ReadOwn, partner.Vet)
	}
	r := review{w, tenantstest.May(w.GD.One(w.GD.SI, "partner_admin"), partner.ReadOwn, partner.Write, partner.Apply), vet("channel_manager"), vet("product_manager")}
	for _, kind := range []string{"business_licence", "cooperation_letter"} {
		r.document(t, owner, kind, "2028-12-31")
	}
	return r
}

// document puts one in, with its file stored.
func (r review) document(t *testing.T, owner *pgx.Conn, kind, until string) {
	t.Helper()
	file := pg.NewID()
	_, err := owner.Exec(t.Context(), `INSERT INTO files (province_id, id, tenant_id, partner_id, org_path, purpose, name, media_type, size, sha256, key, state, uploaded_by)
		VALUES ($1, $2, $3, $3, $4, 'partner_document', 'a.pdf', 'application/pdf', 1, '', $5, 'stored', $6)`, r.GD.ID, file, r.GD.SI.ID, r.GD.SI.Path, file.String(), r.firm.User)
	require.NoError(t, err)
	_, err = owner.Exec(t.Context(), `INSERT INTO partner_documents (province_id, id, partner_id, org_path, kind, file_id, expires_on) VALUES ($1, $2, $3, 'GD/', $4, $5, $6)`,
		r.GD.ID, pg.NewID(), r.GD.SI.ID, kind, file, until)
	require.NoError(t, err)
}

func (r review) act(at time.Time, a tenants.Actor, s partner.Step) (partner.Detail, error) {
	return r.Partners.Act(calendar.At(r.Context(), at), a, r.GD.SI.ID, s)
}

// TestQuestionsAreAnsweredOneByOne: an application does not come back before
// each question has its answer, and an answer stays as it was given.
func TestQuestionsAreAnsweredOneByOne(t *testing.T) {
	t.Parallel()
	r := applied(t)
	monday := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) // nine o'clock
	hour := func(n int) time.Time { return monday.Add(time.Duration(n) * time.Hour) }
	_, err := r.act(monday, r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	_, err = r.act(hour(1), r.one, partner.Step{Action: "request_info", Reason: "有哪些案例？"})
	require.NoError(t, err)
	d, err := r.act(hour(1), r.two, partner.Step{Action: "request_info", Reason: "谁负责售后？"})
	require.NoError(t, err)
	require.Len(t, d.Questions, 2)
	_, err = r.act(hour(2), r.firm, partner.Step{Action: "apply"})
	require.ErrorContains(t, err, "questions-open")
	at := calendar.At(t.Context(), hour(2))
	_, err = r.Partners.Answer(at, r.one, r.GD.SI.ID, d.Questions[0].ID, "x")
	f, _ := fault.As(err)
	require.Equal(t, string(partner.Apply), f.Permission)
	stranger := tenantstest.May(r.GD.One(r.GD.Agent, "partner_admin"), partner.ReadOwn, partner.Apply)
	for _, firm := range []tenants.Tenant{r.GD.SI, r.GD.Agent} {
		_, err = r.Partners.Answer(at, stranger, firm.ID, d.Questions[0].ID, "x")
		require.ErrorIs(t, err, fault.ErrMissing)
	}
	for _, q := range d.Questions {
		_, err = r.Partners.Answer(at, r.firm, r.GD.SI.ID, q.ID, "见附件")
		require.NoError(t, err)
		_, err = r.Partners.Answer(at, r.firm, r.GD.SI.ID, q.ID, "另一个答复")
		require.ErrorIs(t, err, partner.ErrAnswered)
	}
	d, err = r.act(hour(2), r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	require.Equal(t, "under_review", d.State)
	require.Equal(t, "operator", d.Clock.Holder)
	require.Equal(t, time.Hour, d.Clock.Operator)
	require.Equal(t, time.Hour, d.Clock.Partner)
}

// TestRejectionSaysUntilWhen: with a reason of the list, and no way back before
// the day it names.
func TestRejectionSaysUntilWhen(t *testing.T) {
	t.Parallel()
	r := applied(t)
	monday := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	_, err := r.act(monday, r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	for what, s := range map[string]partner.Step{
		"no code": {Action: "reject", Reason: "x"}, "a code of no list": {Action: "reject", Reason: "x", Code: "mood"}, "no words": {Action: "reject", Code: "other"},
		"yesterday": {Action: "reject", Reason: "x", Code: "other", ReapplyOn: "2026-03-01"}, "in ten years": {Action: "reject", Reason: "x", Code: "other", ReapplyOn: "2036-03-01"},
	} {
		_, err := r.act(monday, r.one, s)
		f, _ := fault.As(err)
		require.Equal(t, fault.Invalid, f.Kind, what)
	}
	d, err := r.act(monday, r.one, partner.Step{Action: "reject", Reason: "经营范围不符", Code: "out_of_scope"})
	require.NoError(t, err)
	require.Equal(t, "2026-05-31", d.ReapplyOn.Format(time.DateOnly), "90 days")
	_, err = r.act(monday.AddDate(0, 0, 89), r.firm, partner.Step{Action: "apply"})
	require.ErrorContains(t, err, "reapply-later")
	d, err = r.Partners.Get(calendar.At(t.Context(), monday.AddDate(0, 0, 89)), r.firm, r.GD.SI.ID)
	require.NoError(t, err)
	require.NotContains(t, d.Actions, "apply")
	d, err = r.act(monday.AddDate(0, 0, 90), r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	require.Equal(t, "applied", d.State)
	require.Nil(t, d.ReapplyOn)
}

// TestAnotherReviewerAnswersAContest: in the service and in the database, once
// for a decision, within fifteen working days.
func TestAnotherReviewerAnswersAContest(t *testing.T) {
	t.Parallel()
	r := applied(t)
	monday := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	_, err := r.act(monday, r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	_, err = r.act(monday, r.one, partner.Step{Action: "reject", Reason: "能力不足", Code: "not_capable"})
	require.NoError(t, err)
	_, err = r.act(monday.AddDate(0, 0, 22), r.firm, partner.Step{Action: "contest", Reason: "我们有三个案例"})
	require.ErrorIs(t, err, partner.ErrContestLate)
	d, err := r.act(monday.AddDate(0, 0, 21), r.firm, partner.Step{Action: "contest", Reason: "我们有三个案例"})
	require.NoError(t, err)
	require.Equal(t, "contested", d.State)

	for _, action := range []string{"overturn", "uphold"} {
		_, err = r.act(monday.AddDate(0, 0, 21), r.one, partner.Step{Action: action, Reason: "x"})
		require.ErrorIs(t, err, partner.ErrSameReviewer)
	}
	seen, err := r.Partners.Get(t.Context(), r.one, r.GD.SI.ID)
	require.NoError(t, err)
	require.NotContains(t, seen.Actions, "overturn")
	standIn := r.two
	standIn.OnBehalf = &tenants.Person{User: r.one.User, Name: r.one.Name}
	_, err = r.act(monday.AddDate(0, 0, 21), standIn, partner.Step{Action: "overturn", Reason: "x"})
	require.ErrorIs(t, err, partner.ErrSameReviewer, "nor who stands in for the first")
	err = r.DB.As(t.Context(), tenants.System(r.GD.ID, "test"), func(tx *pg.Tx) error {
		return tx.Exec(`UPDATE partner_contests SET outcome = 'upheld', reviewer = decided_by, closed_at = now()`).Error
	})
	require.True(t, pg.Violated(err, "partner_contests_other_reviewer"), "%v", err)

	d, err = r.act(monday.AddDate(0, 0, 21), r.two, partner.Step{Action: "uphold", Reason: "案例不是本企业的"})
	require.NoError(t, err)
	require.Equal(t, "rejected", d.State)
	require.Equal(t, "upheld", d.Contest.Outcome)
	require.Equal(t, r.two.Name, d.Contest.ReviewerName)
	require.NotContains(t, d.Actions, "contest")
	_, err = r.act(monday.AddDate(0, 0, 21), r.firm, partner.Step{Action: "contest", Reason: "再看一次"})
	require.ErrorIs(t, err, partner.ErrContested)
}

// TestARejectionByAStandInIsOfBoth: whose seat it was made in does not answer
// the contest either.
func TestARejectionByAStandInIsOfBoth(t *testing.T) {
	t.Parallel()
	r := applied(t)
	now := time.Now()
	_, err := r.act(now, r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	sits := r.two
	sits.OnBehalf = &tenants.Person{User: r.one.User, Name: r.one.Name}
	_, err = r.act(now, sits, partner.Step{Action: "reject", Reason: "能力不足", Code: "not_capable"})
	require.NoError(t, err)
	_, err = r.act(now, r.firm, partner.Step{Action: "contest", Reason: "我们有三个案例"})
	require.NoError(t, err)
	for _, a := range []tenants.Actor{r.one, r.two, sits} {
		_, err = r.act(now, a, partner.Step{Action: "overturn", Reason: "x"})
		require.ErrorIs(t, err, partner.ErrSameReviewer)
		d, err := r.Partners.Get(t.Context(), a, r.GD.SI.ID)
		require.NoError(t, err)
		require.NotContains(t, d.Actions, "uphold")
	}
	err = r.DB.As(t.Context(), tenants.System(r.GD.ID, "test"), func(tx *pg.Tx) error {
		return tx.Exec(`UPDATE partner_contests SET outcome = 'upheld', reviewer = gen_random_uuid(), reviewers = deciders[2:2], closed_at = now()`).Error
	})
	require.True(t, pg.Violated(err, "partner_contests_other_reviewer"), "%v", err)
	third := tenantstest.May(r.GD.One(r.GD.Tenant, "analyst"), partner.Read, partner.ReadOwn, partner.Vet)
	_, err = r.act(now, third, partner.Step{Action: "overturn", Reason: "案例属实"})
	require.NoError(t, err)
}

// TestOneDecisionOfFifty: of fifty who decide at once, half to admit and half
// to reject, one does; the same holds of a contest.
func TestOneDecisionOfFifty(t *testing.T) {
	t.Parallel()
	r := applied(t)
	race := func(a tenants.Actor, steps ...partner.Step) {
		t.Helper()
		errs := make([]error, 50)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = r.Partners.Act(t.Context(), a, r.GD.SI.ID, steps[i%len(steps)]) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				f, ok := fault.As(err)
				require.True(t, ok, "%v", err)
				require.Equal(t, fault.Conflict, f.Kind)
			}
		}
		require.Equal(t, 1, won)
	}
	_, err := r.act(time.Now(), r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	reject := partner.Step{Action: "reject", Reason: "能力不足", Code: "not_capable"}
	race(r.one, partner.Step{Action: "approve"}, reject)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'under_review' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	_, err = r.act(time.Now(), r.one, reject)
	require.NoError(t, err)
	race(r.firm, partner.Step{Action: "contest", Reason: "我们有案例"})
	race(r.two, partner.Step{Action: "overturn", Reason: "案例属实"}, partner.Step{Action: "uphold", Reason: "维持"})
	var n int
	require.NoError(t, owner.QueryRow(t.Context(), fmt.Sprintf(`SELECT count(*) FROM audit_events WHERE resource_id = '%s' AND action IN ('overturn', 'uphold')`, r.GD.SI.ID)).Scan(&n))
	require.Equal(t, 1, n)
}

// TestNobodyVetsTheirOwnFirm: who works there, or acts for somebody who does,
// decides nothing about it.
func TestNobodyVetsTheirOwnFirm(t *testing.T) {
	t.Parallel()
	r := applied(t)
	owner, err := pgx.Connect(t.Context(), r.URL)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	now := time.Now()
	_, err = r.act(now, r.firm, partner.Step{Action: "apply"})
	require.NoError(t, err)
	moonlight := func(state string) {
		_, err := owner.Exec(t.Context(), `INSERT INTO memberships (province_id, id, tenant_id, user_id, name, email, roles, state) VALUES ($1, $2, $3, $4, $5, $6, '{agent}', $7)
			ON CONFLICT (province_id, tenant_id, user_id) DO UPDATE SET state = $7`, r.GD.ID, pg.NewID(), r.GD.SI.ID, r.one.User, r.one.Name, r.one.Email, state)
		require.NoError(t, err)
	}
	moonlight("active")
	sits := r.two
	sits.OnBehalf = &tenants.Person{User: r.one.User, Name: r.one.Name}
	for state, actions := range map[string][]string{"under_review": {"approve", "reject"}, "contested": {"overturn", "uphold"}, "active": {"suspend", "terminate"}, "suspended": {"resume", "terminate"}} {
		_, err = owner.Exec(t.Context(), `UPDATE partners SET state = $2 WHERE id = $1`, r.GD.SI.ID, state)
		require.NoError(t, err)
		for _, a := range []tenants.Actor{r.one, sits} {
			for _, action := range actions {
				_, err = r.act(now, a, partner.Step{Action: action, Reason: "x", Code: "other"})
				require.ErrorIs(t, err, partner.ErrOwnFirm, action)
				d, err := r.Partners.Get(t.Context(), a, r.GD.SI.ID)
				require.NoError(t, err)
				require.NotContains(t, d.Actions, action)
			}
		}
		d, err := r.Partners.Get(t.Context(), r.two, r.GD.SI.ID)
		require.NoError(t, err)
		require.Subset(t, d.Actions, actions)
	}
	_, err = owner.Exec(t.Context(), `UPDATE partners SET state = 'under_review' WHERE id = $1`, r.GD.SI.ID)
	require.NoError(t, err)
	moonlight("removed")
	_, err = r.act(now, r.one, partner.Step{Action: "approve"})
	require.NoError(t, err)
}
