package web

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/tenants"
)

func city(code string) tenants.Actor {
	province := uuid.UUID{1}
	return tenants.Actor{User: uuid.New(), Tenant: tenants.Tenant{ID: uuid.NewSHA1(province, []byte(code)), ProvinceID: province, Kind: tenants.KindCity, Code: code, Path: "GD/" + code + "/"}}
}

// TestKeptUntilSomebodyIsTold: a figure is counted once for all who see the
// same, anew after a change that they hear of, and never for another sight.
func TestKeptUntilSomebodyIsTold(t *testing.T) {
	t.Parallel()
	k := newKeeper()
	var asked atomic.Int64
	count := func(a tenants.Actor) int64 {
		n, err := keep(t.Context(), k, "n "+sightOf(a), heardBy(a), func() (int64, error) { return asked.Add(1), nil })
		require.NoError(t, err)
		return n
	}
	gz, colleague, sz := city("4401"), city("4401"), city("4403")
	require.EqualValues(t, 1, count(gz))
	require.EqualValues(t, 1, count(colleague), "a colleague sees the same")
	require.EqualValues(t, 2, count(sz), "another city does not")

	k.tell(tenants.Happening{Province: gz.Tenant.ProvinceID, OrgPath: "GD/4401/440106/", Topic: "deal"})
	require.EqualValues(t, 3, count(gz))
	require.EqualValues(t, 2, count(sz), "who hears nothing keeps it")
	k.tell(tenants.Happening{Province: gz.Tenant.ProvinceID, OrgPath: "GD/4401/", Topic: "notice", Member: uuid.New()})
	require.EqualValues(t, 3, count(gz), "a notice of one person is in no figure")

	manager := city("4401")
	manager.Granted = map[tenants.Permission]bool{"account:read": true}
	manager.Membership = uuid.New()
	require.NotEqual(t, sightOf(gz), sightOf(manager), "who sees the own customers only shares with nobody")
	narrowed := city("4401")
	narrowed.Districts = []string{"440106", "440103"}
	require.NotEqual(t, sightOf(gz), sightOf(narrowed))
}

// TestKeptFiguresAreOfAfterTheChange: what was being counted while a change was
// told is answered, but not kept; failures are not kept either.
func TestKeptFiguresAreOfAfterTheChange(t *testing.T) {
	t.Parallel()
	k := newKeeper()
	a := city("4401")
	never := func(tenants.Happening) bool { return false }
	n, err := keep(t.Context(), k, "x", never, func() (int, error) {
		k.tell(tenants.Happening{Province: a.Tenant.ProvinceID, OrgPath: "GD/4401/"})
		return 1, nil
	})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	broken := errors.New("broken")
	_, err = keep(t.Context(), k, "x", never, func() (int, error) { return 0, broken })
	require.ErrorIs(t, err, broken)
	n, err = keep(t.Context(), k, "x", never, func() (int, error) { return 2, nil })
	require.NoError(t, err)
	require.Equal(t, 2, n)
}

// TestACrowdAsksOnce: fifty at once count once.
func TestACrowdAsksOnce(t *testing.T) {
	t.Parallel()
	k := newKeeper()
	var asked atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, _ = keep(t.Context(), k, "x", func(tenants.Happening) bool { return false }, func() (int64, error) {
				time.Sleep(20 * time.Millisecond)
				return asked.Add(1), nil
			})
		})
	}
	all.Wait()
	require.EqualValues(t, 1, asked.Load())
}
