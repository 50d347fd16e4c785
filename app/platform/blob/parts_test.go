package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUploadInParts(t *testing.T) {
	s, ctx := open(t), t.Context()
	content := make([]byte, 2*PartSize+12345)
	_, err := rand.Read(content)
	require.NoError(t, err)
	size := int64(len(content))
	require.Equal(t, 3, PartsOf(size))
	require.Equal(t, 1, PartsOf(PartSize))
	part := func(n int) []byte { return content[(n-1)*PartSize : int64((n-1)*PartSize)+SizeOf(size, n)] }
	upload, err := s.StartParts(ctx, "t/parts", "application/zip")
	require.NoError(t, err)
	put := func(n int, body []byte, change func(map[string]string)) (int, string) {
		url, headers, err := s.PresignPart(ctx, "t/parts", upload, n, int64(len(part(n))), sum(part(n)), time.Minute)
		require.NoError(t, err)
		if change != nil {
			change(headers)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, url, bytes.NewReader(body))
		require.NoError(t, err)
		for k, v := range headers {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil { // a store may hang up before it has read what it refuses
			return http.StatusBadRequest, err.Error()
		}
		defer res.Body.Close()
		said, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(said)
	}
	for _, n := range []int{3, 1} {
		code, said := put(n, part(n), nil)
		require.Equal(t, http.StatusOK, code, said)
	}
	// Another content than the one that was signed is refused.
	other := bytes.Clone(part(2))
	other[7] ^= 1
	code, _ := put(2, other, nil)
	require.GreaterOrEqual(t, code, 400)
	code, _ = put(2, other, func(h map[string]string) { h["X-Amz-Checksum-Sha256"] = sum(other) })
	require.GreaterOrEqual(t, code, 400)
	there, err := s.Parts(ctx, "t/parts", upload)
	require.NoError(t, err)
	require.Len(t, there, 2)
	require.Equal(t, []int{1, 3}, []int{there[0].Number, there[1].Number})
	_, err = s.Stat(ctx, "t/parts")
	require.ErrorIs(t, err, ErrNotFound, "not there before it is whole")
	code, said := put(2, part(2), nil)
	require.Equal(t, http.StatusOK, code, said)
	there, err = s.Parts(ctx, "t/parts", upload)
	require.NoError(t, err)
	require.NoError(t, s.FinishParts(ctx, "t/parts", upload, there))
	opened := func() (io.ReadCloser, error) { r, _, err := s.Get(ctx, "t/parts"); return r, err }
	r, err := opened()
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.Equal(t, sum(content), sum(got))
	by, err := Digest(there, nil)
	require.NoError(t, err)
	read, err := Digest([]Part{{Number: 1}}, opened)
	require.NoError(t, err)
	require.Equal(t, by, read, "what the parts say is what is there")
	_, err = s.Parts(ctx, "t/parts", upload)
	require.ErrorIs(t, err, ErrNotFound)
	require.NoError(t, s.AbortParts(ctx, "t/parts", upload), "nothing left to forget")

	again, err := s.StartParts(ctx, "t/other", "application/zip")
	require.NoError(t, err)
	require.NoError(t, s.AbortParts(ctx, "t/other", again))
	_, err = s.Parts(ctx, "t/other", again)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestReadAt(t *testing.T) {
	s, ctx := open(t), context.Background()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	noise := make([]byte, 5<<20)
	_, _ = rand.Read(noise)
	for _, name := range []string{"a.bin", "docs/readme.txt"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(noise)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	size := int64(file.Len())
	require.NoError(t, s.Put(ctx, "t/zip", bytes.NewReader(file.Bytes()), size, "application/zip"))
	list, err := zip.NewReader(s.ReadAt(ctx, "t/zip", size, 2*blockSize), size)
	require.NoError(t, err)
	require.Len(t, list.File, 2)
	_, err = io.ReadAll(io.NewSectionReader(s.ReadAt(ctx, "t/zip", size, 2*blockSize), 0, size))
	require.ErrorIs(t, err, ErrTooMuch)
	whole, err := io.ReadAll(io.NewSectionReader(s.ReadAt(ctx, "t/zip", size, size+blockSize), 0, size))
	require.NoError(t, err)
	require.Equal(t, file.Bytes(), whole)
}
