package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ecoport/app/web"
	"ecoport/tenants"
	"ecoport/tenants/policy"
)

var update = flag.Bool("update", false, "write the golden files anew")

// builtIn are the roles of domain.md, section 1, in its order.
var builtIn = []struct {
	kind  tenants.Kind
	roles string
}{
	{tenants.KindProvince, "province_admin product_manager channel_manager settlement_officer test_engineer analyst care_agent"},
	{tenants.KindCity, "city_admin city_product_manager city_channel_manager account_manager industry_manager"},
	{tenants.KindPartner, "partner_admin solution_author support_engineer agent partner_finance"},
}

// constants finds every permission constant of the services by its type.
func constants(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, root := range []string{"../tenants", "../marketplace"} {
		require.NoError(t, filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				v, ok := n.(*ast.ValueSpec)
				if !ok || len(v.Values) != 1 {
					return true
				}
				name := ""
				switch x := v.Type.(type) {
				case *ast.Ident:
					name = x.Name
				case *ast.SelectorExpr:
					name = x.Sel.Name
				}
				if lit, ok := v.Values[0].(*ast.BasicLit); ok && name == "Permission" {
					s, err := strconv.Unquote(lit.Value)
					require.NoError(t, err)
					out = append(out, s)
				}
				return true
			})
			return nil
		}))
	}
	slices.Sort(out)
	require.Equal(t, slices.Compact(slices.Clone(out)), out, "a permission has one home")
	return out
}

func TestRolesAreThoseOfTheDomain(t *testing.T) {
	var want, got []string
	for _, b := range builtIn {
		for _, r := range strings.Fields(b.roles) {
			want = append(want, string(b.kind)+"/"+r)
		}
	}
	for _, r := range Roles {
		got = append(got, r.Kind+"/"+r.Role)
		sorted := slices.Sorted(slices.Values(r.Permissions))
		require.Equal(t, slices.Compact(slices.Clone(sorted)), sorted, "%s lists a permission twice", r.Role)
	}
	require.Equal(t, want, got)
	_, err := policy.New(Roles)
	require.NoError(t, err)
}

// TestRolesGolden is the matrix to read in a review: one line a permission, one
// column a role.
func TestRolesGolden(t *testing.T) {
	p, err := policy.New(Roles)
	require.NoError(t, err)
	var b strings.Builder
	b.WriteString("# permission x role; x may, . may not. Made by: go test ./app -run TestRolesGolden -update\n")
	for _, kind := range []tenants.Kind{tenants.KindProvince, tenants.KindCity, tenants.KindPartner} {
		fmt.Fprintf(&b, "\n[%s]\n", kind)
		roles := p.Roles(string(kind))
		for i, r := range roles {
			fmt.Fprintf(&b, "%-24s %s%s\n", "", strings.Repeat("| ", i), r)
		}
		for _, permission := range constants(t) {
			fmt.Fprintf(&b, "%-24s", permission)
			for _, r := range roles {
				mark := " ."
				if p.Granted(string(kind), []string{r})[permission] {
					mark = " x"
				}
				b.WriteString(mark)
			}
			b.WriteString("\n")
		}
	}
	const file = "testdata/roles.golden"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "who may do what has changed: read the difference, then -update")
}

func TestPermissionsAreUsedAndHeld(t *testing.T) {
	known := constants(t)
	held := map[string]bool{}
	for _, r := range Roles {
		for _, p := range r.Permissions {
			held[p] = true
			require.Contains(t, known, p, "%s holds a permission that no package knows", r.Role)
		}
	}
	for _, row := range web.Routes() {
		if row.Permission == web.Public || row.Permission == web.Signed {
			continue
		}
		require.Contains(t, known, string(row.Permission), "%s %s", row.Method, row.Path)
		require.True(t, held[string(row.Permission)], "%s %s: nobody holds %s", row.Method, row.Path, row.Permission)
	}
	for _, p := range known {
		require.True(t, held[p], "nobody holds %s", p)
	}
}

func TestDutiesApart(t *testing.T) {
	for _, pair := range DutiesApart {
		for _, r := range Roles {
			both := slices.Contains(r.Permissions, pair[0]) && slices.Contains(r.Permissions, pair[1])
			require.False(t, both, "%s holds both %s and %s", r.Role, pair[0], pair[1])
		}
	}
}
