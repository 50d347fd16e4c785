package solution

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/tenants"
)

// TestCompare: what was added, removed and changed is told apart, and what
// stayed is only counted; ids of rows are no difference.
func TestCompare(t *testing.T) {
	t.Parallel()
	file := func(kind, name, sum string) File {
		return File{FileID: uuid.New(), Kind: kind, File: tenants.File{Name: name, SHA256: sum}}
	}
	from := Version{
		Description: "一卡通", Integration: "api",
		Elements: []Element{{ID: uuid.New(), Name: "门禁", Unit: "套", PriceFen: 100}, {ID: uuid.New(), Name: "考勤", Unit: "套", PriceFen: 200}, {ID: uuid.New(), Name: "访客", Unit: "套", PriceFen: 300}},
		Files:    []File{file("manual", "手册.pdf", "a"), file("package", "安装包.zip", "b"), file("other", "旧.txt", "c")},
	}
	to := Version{
		Description: "一卡通与食堂", Integration: "api",
		Elements: []Element{{ID: uuid.New(), Name: "食堂", Unit: "套", PriceFen: 400}, {ID: uuid.New(), Name: "门禁", Unit: "套", PriceFen: 100}, {ID: uuid.New(), Name: "考勤", Unit: "套", PriceFen: 250}},
		Files:    []File{file("manual", "手册.pdf", "a"), file("package", "安装包.zip", "x"), file("whitepaper", "新.pdf", "d")},
	}
	d := Compare(from, to)
	require.Equal(t, []FieldChange{{"description", "一卡通", "一卡通与食堂"}}, d.Fields)
	elements := map[string]string{}
	for _, e := range d.Elements {
		part := e.After
		if part == nil {
			part = e.Before
		}
		elements[part.Name] = e.Change
	}
	require.Equal(t, map[string]string{"食堂": Added, "考勤": Changed, "访客": Removed}, elements)
	files := map[string]string{}
	for _, f := range d.Files {
		if f.After != nil {
			files[f.After.File.Name] = f.Change
		} else {
			files[f.Before.File.Name] = f.Change
		}
	}
	require.Equal(t, map[string]string{"安装包.zip": Changed, "新.pdf": Added, "旧.txt": Removed}, files)
	require.Equal(t, 4, d.Same, "integration, one element, one file")
	require.Empty(t, Compare(from, from).Elements)
	require.Len(t, Compare(Version{}, to).Files, 3, "a first version is all new")
}
