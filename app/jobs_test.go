package app

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/tenants"
)

// TestOneProvinceDoesNotStopTheOthers: a job that fails in one is done in the
// others all the same, and still fails.
func TestOneProvinceDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	first, second := uuid.New(), uuid.New()
	broken := errors.New("broken")
	var done []uuid.UUID
	err := inTurn(t.Context(), []tenants.Tenant{{ID: first}, {ID: second}}, func(_ context.Context, p uuid.UUID) error {
		done = append(done, p)
		if p == first {
			return broken
		}
		return nil
	})
	require.ErrorIs(t, err, broken)
	require.Equal(t, []uuid.UUID{first, second}, done)
}
