package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func read(t *testing.T, content []byte) (out map[int][]string, err error) {
	t.Helper()
	out = map[int][]string{}
	err = Read(bytes.NewReader(content), func(n int, cells []string) error {
		out[n] = append([]string(nil), cells...)
		return nil
	})
	return out, err
}

// TestReadsWhatTheLibraryWrites: shared and inline texts, numbers, truth,
// formulas, gaps and everything that must be escaped.
func TestReadsWhatTheLibraryWrites(t *testing.T) {
	t.Parallel()
	hard := "a<b>&\"c\" 'd' \n 天河 ]]> 😀"
	f := excelize.NewFile()
	defer f.Close()
	require.NoError(t, f.SetSheetName("Sheet1", "客户"))
	require.NoError(t, f.SetSheetRow("客户", "A1", &[]any{"名称", hard, "名称"}))
	require.NoError(t, f.SetSheetRow("客户", "B3", &[]any{13_812_345_678, 1.5, true, "=1+1"}))
	require.NoError(t, f.SetCellFormula("客户", "G3", "1+1"))
	require.NoError(t, f.SetCellRichText("客户", "A5", []excelize.RichTextRun{{Text: "天河"}, {Text: "公司", Font: &excelize.Font{Bold: true}}}))
	_, err := f.NewSheet("第二张")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	got, err := read(t, b.Bytes())
	require.NoError(t, err)
	require.Equal(t, []string{"名称", hard, "名称"}, got[1])
	require.Equal(t, []string{"", "13812345678", "1.5", "TRUE", "=1+1", "", ""}, append(got[3], make([]string, 7-len(got[3]))...))
	require.Equal(t, []string{"天河公司"}, got[5])

	b.Reset()
	done := false
	require.NoError(t, Write(&b, "S", []string{"名称", "值"}, func() ([]any, error) {
		if done {
			return nil, nil
		}
		done = true
		return []any{hard, 12}, nil
	}))
	got, err = read(t, b.Bytes())
	require.NoError(t, err)
	require.Equal(t, map[int][]string{1: {"名称", "值"}, 2: {hard, "12"}}, got)
}

func archive(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// TestA30HostileWorkbooks: bombs and nonsense are refused or harmless, never
// expensive and never a panic.
func TestA30HostileWorkbooks(t *testing.T) {
	t.Parallel()
	page := func(body string) map[string]string {
		return map[string]string{"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><x:worksheet xmlns:x="y">` + body}
	}
	got, err := read(t, archive(t, page(`<!-- a > b --><x:sheetData><x:row><x:c t="inlineStr" a="1>2"><x:is><x:t><![CDATA[a<b]]>&#x5929;</x:t><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c><x:c/></x:row></x:sheetData>`)))
	require.NoError(t, err)
	require.Equal(t, map[int][]string{1: {"a<b天", ""}}, got)
	for name, content := range map[string][]byte{
		"nothing":            {},
		"no archive":         []byte("PK\x03\x04 nothing of the kind"),
		"no sheet":           archive(t, map[string]string{"a": "b"}),
		"cut":                archive(t, page(`<x:sheetData><x:row>`)),
		"a document type":    archive(t, page(`<!DOCTYPE a [<!ENTITY b "c">]><x:sheetData></x:sheetData>`)),
		"an endless tag":     archive(t, page("<x:sheetData "+strings.Repeat("a", 1<<20))),
		"an endless text":    archive(t, page(`<x:sheetData><x:row><x:c><x:v>`+strings.Repeat("1", 2<<20)+`</x:v></x:c></x:row></x:sheetData>`)),
		"a row far below":    archive(t, page(`<x:sheetData><x:row r="900000"></x:row></x:sheetData>`)),
		"a bomb":             archive(t, map[string]string{"xl/sharedStrings.xml": `<sst>` + strings.Repeat(" ", maxShared)}),
		"half a declaration": archive(t, page(`<?`)),
	} {
		_, err := read(t, content)
		require.ErrorContains(t, err, "sheet:", name)
	}
	// A cell far to the right is left out, not made room for.
	got, err = read(t, archive(t, page(`<x:sheetData><x:row><x:c r="XFD1"><x:v>1</x:v></x:c><x:c r="A1" t="s"><x:v>-7</x:v></x:c></x:row></x:sheetData>`)))
	require.NoError(t, err)
	require.Equal(t, map[int][]string{1: {""}}, got)
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	n := 0
	err := Write(&file, "S", make([]string, 17), func() ([]any, error) {
		if n++; n > 20_000 {
			return nil, nil
		}
		row := make([]any, 17)
		for i := range row {
			row[i] = fmt.Sprintf("天河宏达盛兴%d有限公司", n+i)
		}
		return row, nil
	})
	require.NoError(b, err)
	for b.Loop() {
		if err := Read(bytes.NewReader(file.Bytes()), func(int, []string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
