package scan

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// What an archive may hold.
const (
	maxEntries  = 20_000
	maxUnpacked = 10 << 30 // bytes
	maxRatio    = 200      // unpacked to packed, where it is much
	muchBytes   = 100 << 20
	shown       = 500
)

// Entry of an archive.
type Entry struct {
	Name string
	Size int64 // bytes, unpacked
}

// Contents of an archive: how much there is, and the first entries by name.
type Contents struct {
	Files    int
	Unpacked int64 // bytes
	Entries  []Entry
}

// Why an archive is refused; the word of a Refusal.
const (
	TooMany   = "too_many"  // entries
	TooLarge  = "too_large" // unpacked
	Outside   = "outside"   // an entry leaves the folder it is unpacked to
	Encrypted = "encrypted" // nobody can look inside
	Broken    = "broken"
)

// Refusal names what is wrong with an archive, and the entry.
type Refusal struct{ Why, Entry string }

// Error of error.
func (r *Refusal) Error() string { return "scan: archive: " + r.Why + " " + r.Entry }

// Archive reads the directory of a zip file, and nothing that is packed in it.
// What it claims is checked: that it unpacks to a bearable size, in its own
// folder, and can be looked into. It returns a *Refusal otherwise.
func Archive(r io.ReaderAt, size int64) (Contents, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, io.ErrUnexpectedEOF) {
			return Contents{}, &Refusal{Why: Broken}
		}
		return Contents{}, err
	}
	if len(z.File) > maxEntries {
		return Contents{}, &Refusal{Why: TooMany}
	}
	var out Contents
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		clean := path.Clean("/" + name)
		switch {
		case strings.HasPrefix(name, "/"), strings.ContainsAny(name, "\x00:"), slices.Contains(strings.Split(name, "/"), ".."), !f.Mode().IsRegular() && !f.Mode().IsDir():
			return Contents{}, &Refusal{Outside, f.Name}
		case f.Flags&1 != 0:
			return Contents{}, &Refusal{Encrypted, f.Name}
		case f.Mode().IsDir():
			continue
		}
		out.Files++
		if f.UncompressedSize64 > maxUnpacked {
			return Contents{}, &Refusal{TooLarge, f.Name}
		}
		out.Unpacked += int64(f.UncompressedSize64)
		if out.Unpacked > maxUnpacked || out.Unpacked > muchBytes && out.Unpacked > maxRatio*size {
			return Contents{}, &Refusal{TooLarge, f.Name}
		}
		if len(out.Entries) < shown {
			out.Entries = append(out.Entries, Entry{clean[1:], int64(f.UncompressedSize64)})
		}
	}
	slices.SortFunc(out.Entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
