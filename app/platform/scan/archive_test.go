package scan

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

func packed(t *testing.T, fill func(z *zip.Writer)) (*bytes.Reader, int64) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	fill(z)
	require.NoError(t, z.Close())
	return bytes.NewReader(b.Bytes()), int64(b.Len())
}

func add(t *testing.T, z *zip.Writer, h zip.FileHeader, content []byte) {
	t.Helper()
	w, err := z.CreateHeader(&h)
	require.NoError(t, err)
	_, err = w.Write(content)
	require.NoError(t, err)
}

func TestArchive(t *testing.T) {
	r, size := packed(t, func(z *zip.Writer) {
		add(t, z, zip.FileHeader{Name: "b/说明.txt"}, []byte("hello"))
		add(t, z, zip.FileHeader{Name: "b/"}, nil)
		add(t, z, zip.FileHeader{Name: "a.txt"}, []byte("x"))
	})
	got, err := Archive(r, size)
	require.NoError(t, err)
	require.Equal(t, Contents{2, 6, []Entry{{"a.txt", 1}, {"b/说明.txt", 5}}}, got)
	link := zip.FileHeader{Name: "passwd"}
	link.SetMode(fs.ModeSymlink | 0o777)
	zeros := make([]byte, 1<<20)
	for why, fill := range map[string]func(z *zip.Writer){
		Outside + " up":      func(z *zip.Writer) { add(t, z, zip.FileHeader{Name: "a/../../etc/passwd"}, nil) },
		Outside + " windows": func(z *zip.Writer) { add(t, z, zip.FileHeader{Name: `..\..\boot.ini`}, nil) },
		Outside + " drive":   func(z *zip.Writer) { add(t, z, zip.FileHeader{Name: `C:\boot.ini`}, nil) },
		Outside + " root":    func(z *zip.Writer) { add(t, z, zip.FileHeader{Name: "/etc/passwd"}, nil) },
		Outside + " link":    func(z *zip.Writer) { add(t, z, link, []byte("/etc/passwd")) },
		Encrypted + " entry": func(z *zip.Writer) { add(t, z, zip.FileHeader{Name: "secret", Flags: 1}, []byte("?")) },
		TooLarge + " bomb": func(z *zip.Writer) {
			w, _ := z.Create("zeros")
			for range 300 {
				_, _ = w.Write(zeros)
			}
		},
		TooMany + " entries": func(z *zip.Writer) {
			for i := range maxEntries + 1 {
				add(t, z, zip.FileHeader{Name: fmt.Sprint(i)}, nil)
			}
		},
		TooLarge + " by claim": func(z *zip.Writer) {
			h := zip.FileHeader{Name: "claims", UncompressedSize64: maxUnpacked + 1, CompressedSize64: 1}
			w, err := z.CreateRaw(&h)
			require.NoError(t, err)
			_, _ = w.Write([]byte{0})
		},
	} {
		r, size := packed(t, fill)
		_, err := Archive(r, size)
		var refused *Refusal
		require.ErrorAs(t, err, &refused, why)
		require.Contains(t, why, refused.Why)
	}
	_, err = Archive(bytes.NewReader([]byte("PK\x03\x04 and then nothing of it")), 28)
	require.Equal(t, &Refusal{Why: Broken}, err)
}
