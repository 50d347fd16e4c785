// Package arch holds the import rule: arrows run downward, each vendor has one
// door. It reads import clauses only and imports nothing of ours.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "ecoport/"

// floors are the folders from the cellar to the roof. Folders of one line
// stand side by side and do not import each other. A new folder is a decision:
// it is added here or the test fails.
var floors = []string{
	"app/platform/fault app/platform/calendar app/platform/token app/platform/sheet app/platform/scan app/platform/devstack app/platform/seal app/platform/outbound app/platform/mail app/platform/openid app/platform/paper",
	"app/platform/state app/platform/blob",
	"app/platform/pg",
	"app/platform/pg/pgtest app/platform/queue",
	"app/migrations",
	"tenants/policy",
	"tenants",
	"tenants/partner tenants/notice tenants/webhook",
	"tenants/account",
	"tenants/tenantstest",
	"marketplace/money marketplace/review marketplace/standing",
	"marketplace/menu",
	"marketplace/solution",
	"marketplace/certification",
	"marketplace/listing",
	"marketplace/graduation marketplace/trial",
	"marketplace/deal",
	"marketplace/order",
	"marketplace/commission",
	"marketplace/care",
	"marketplace/contest",
	"marketplace/insight",
	"frontend",
	"app/web",
	"app/config app/demo",
	"app",
	"app/arch app/bench app/e2e",
	"cmd/portal",
	"deploy/store", // a module of its own
}

// kits are what tests may import from anywhere: the schema and helpers for
// tests. Product code may not import the latter at all.
var kits = []string{"app/migrations", "app/platform/pg/pgtest", "app/platform/state/statetest", "tenants/tenantstest"}

// doors names the folders that may import a vendor. The bench goes around them
// on purpose: what it measures against is the bare vendor.
var doors = map[string][]string{
	"github.com/gofiber/":             {"app/web", "app/bench"},
	"github.com/danielgtaylor/huma/":  {"app/web"},
	"github.com/valyala/fasthttp":     {"app/web"},
	"github.com/casbin/":              {"tenants/policy"},
	"github.com/minio/":               {"app/platform/blob"},
	"github.com/golang-jwt/":          {"app/platform/token"},
	"github.com/jackc/pgx":            {"app/platform/pg", "app/platform/queue", "app/platform/pg/pgtest", "app/bench"},
	"github.com/lib/pq":               {},
	"gorm.io/":                        {"app/platform/pg"},
	"github.com/pressly/goose":        {"app/platform/pg"},
	"github.com/crillab/gophersat/":   {"marketplace/menu"},
	"github.com/riverqueue/":          {"app/platform/queue"},
	"github.com/xuri/excelize":        {"app/platform/sheet"},
	"github.com/signintech/gopdf":     {"app/platform/paper"},
	"github.com/boombuler/barcode":    {"app/platform/paper"},
	"github.com/alexedwards/argon2id": {"tenants", "tenants/tenantstest"},
	"github.com/caarlos0/env":         {"app/config"},
	"github.com/prometheus/":          {"app/web"},
	"github.com/coreos/go-oidc/":      {"app/platform/openid"},
	"golang.org/x/oauth2":             {"app/platform/openid"},
	"github.com/wneessen/go-mail":     {"app/platform/mail"},
	"github.com/pquerna/otp":          {"tenants"},
	"github.com/standard-webhooks/":   {"tenants/webhook"},
	"github.com/mileusna/useragent":   {"app/web"},
	"github.com/versity/":             {"deploy/store"},
	"github.com/stretchr/testify":     {"app/platform/state/statetest", "tenants/tenantstest"},
	"database/sql":                    {"app/platform/pg", "app/migrations"},
	"net/http/httptest":               {},
	"pgregory.net/rapid":              {},
}

type source struct {
	file, folder string
	test         bool
	imports      []string
}

// sources parses the import clauses of every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	var out []source
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "node_modules" || n == "testdata" || (p != root && strings.HasPrefix(n, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		s := source{file: name, folder: path.Dir(name), test: strings.HasSuffix(name, "_test.go")}
		for _, i := range f.Imports {
			s.imports = append(s.imports, strings.Trim(i.Path.Value, `"`))
		}
		out = append(out, s)
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

// floorOf is the height of a folder; -1 when the list does not know it.
func floorOf(folder string) int {
	return slices.IndexFunc(floors, func(f string) bool { return slices.Contains(strings.Fields(f), folder) })
}

func TestEveryFolderHasAFloor(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if !seen[s.folder] && !slices.Contains(kits, s.folder) {
			seen[s.folder] = true
			if floorOf(s.folder) < 0 {
				t.Errorf("%s is not in the list of app/arch: say where it stands, or put its files elsewhere", s.folder)
			}
		}
	}
}

func TestArrowsRunDownward(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.imports {
			if i != strings.TrimSuffix(module, "/") && !strings.HasPrefix(i, module) {
				continue
			}
			to := strings.TrimPrefix(i, module)
			switch {
			case slices.Contains(kits, to):
				if !s.test && to != "app/migrations" && !slices.Contains(kits, s.folder) {
					t.Errorf("%s imports the test kit %s", s.file, to)
				}
			case to == s.folder: // an external test of the package itself
			case floorOf(to) < 0:
				t.Errorf("%s imports %s, which the list does not know", s.file, to)
			case !slices.Contains(kits, s.folder) && floorOf(to) >= floorOf(s.folder):
				t.Errorf("%s imports %s: arrows run downward", s.file, to)
			}
		}
	}
}

// TestAppBelowIsOnlyPlatform keeps business from the roof: tenants and
// marketplace know app/platform and nothing else of app.
func TestAppBelowIsOnlyPlatform(t *testing.T) {
	for _, s := range sources(t) {
		business := strings.HasPrefix(s.folder, "tenants") || strings.HasPrefix(s.folder, "marketplace")
		if s.test || !business || slices.Contains(kits, s.folder) {
			continue
		}
		for _, i := range s.imports {
			if strings.HasPrefix(i, module+"app") && !strings.HasPrefix(i, module+"app/platform/") {
				t.Errorf("%s imports %s", s.file, i)
			}
		}
	}
}

func TestOneDoorPerVendor(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue // tests may use the raw driver to look behind the door
		}
		for _, i := range s.imports {
			for vendor, allowed := range doors {
				if !strings.HasPrefix(i, vendor) || slices.Contains(allowed, s.folder) {
					continue
				}
				if vendor == "gorm.io/" && strings.HasSuffix(s.file, "store.go") {
					continue
				}
				t.Errorf("%s imports %s: its door is %s", s.file, i, strings.Join(allowed, ", "))
			}
		}
	}
}
