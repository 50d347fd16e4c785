package seal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSealedOpensOnlyForItsOwner(t *testing.T) {
	t.Parallel()
	box, err := New(Random(32))
	require.NoError(t, err)
	sealed := box.Seal([]byte("secret"), "user 1")
	require.NotContains(t, string(sealed), "secret")
	require.NotEqual(t, sealed, box.Seal([]byte("secret"), "user 1"))
	plain, err := box.Open(sealed, "user 1")
	require.NoError(t, err)
	require.Equal(t, "secret", string(plain))
	_, err = box.Open(sealed, "user 2")
	require.Error(t, err, "moved to another row")
	other, err := New(Random(32))
	require.NoError(t, err)
	_, err = other.Open(sealed, "user 1")
	require.Error(t, err)
	sealed[len(sealed)-1] ^= 1
	_, err = box.Open(sealed, "user 1")
	require.Error(t, err)
	_, err = box.Open(nil, "user 1")
	require.Error(t, err)
	_, err = New([]byte("short"))
	require.Error(t, err)
}
