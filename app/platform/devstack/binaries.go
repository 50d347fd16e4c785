package devstack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const oldestPostgres = 15

type binaries struct {
	dir   string // holds postgres and initdb
	major int
}

// findBinaries looks in $PG_BIN, the npm package, and Debian's folders, in that order. A cluster that
// exists wants the major version that made it; want is 0 for a new one.
func findBinaries(nodeModules string, want int) (binaries, error) {
	var dirs []string
	if own := os.Getenv("PG_BIN"); own != "" {
		dirs = []string{own} // said by a person: no second guess
	} else {
		if nodeModules != "" {
			pkg := filepath.Join(nodeModules, "@embedded-postgres", "linux-x64")
			if err := linkLibraries(pkg); err == nil {
				dirs = append(dirs, filepath.Join(pkg, "native", "bin"))
			}
		}
		debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
		slices.SortFunc(debian, func(a, b string) int { return debianMajor(b) - debianMajor(a) })
		dirs = append(dirs, debian...)
	}

	var seen []string
	for _, dir := range dirs {
		major, err := majorOf(dir)
		if err != nil || major < oldestPostgres {
			continue
		}
		if want == 0 || major == want {
			return binaries{dir, major}, nil
		}
		seen = append(seen, strconv.Itoa(major))
	}
	switch {
	case len(seen) > 0:
		return binaries{}, fmt.Errorf("the data was made by PostgreSQL %d, but only %s is here: "+
			"set PG_BIN to the folder with PostgreSQL %d, or `make reset` for a clean start", want, strings.Join(seen, ", "), want)
	case os.Getenv("PG_BIN") != "":
		return binaries{}, fmt.Errorf("PG_BIN names %s, which holds no PostgreSQL %d or newer: correct it or unset it", os.Getenv("PG_BIN"), oldestPostgres)
	default:
		return binaries{}, fmt.Errorf("no PostgreSQL %d or newer was found: `make run` installs one, "+
			"or set PG_BIN to the folder with postgres and initdb, or DATABASE_URL to a running server", oldestPostgres)
	}
}

func debianMajor(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

// majorOf runs the program: a folder with files that do not run here is no candidate.
func majorOf(dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, err
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	_, version, _ := strings.Cut(string(out), "(PostgreSQL) ") // postgres (PostgreSQL) 15.18 (Debian ...)
	digits := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return 0, fmt.Errorf("unreadable version %q", out)
	}
	return strconv.Atoi(version[:digits])
}

// linkLibraries does the npm package's own install step, which makes the symbolic links a package cannot
// carry: npm skips it when install scripts are off.
func linkLibraries(pkg string) error {
	b, err := os.ReadFile(filepath.Join(pkg, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("link %q leaves the package", l.Target)
		}
		rel, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(rel, filepath.Join(pkg, l.Target)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
