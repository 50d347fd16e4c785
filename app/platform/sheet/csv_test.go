package sheet

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func texts(t *testing.T, content string) (rows [][]string, numbers []int, err error) {
	t.Helper()
	err = ReadText(strings.NewReader(content), func(n int, cells []string) error {
		rows, numbers = append(rows, append([]string(nil), cells...)), append(numbers, n)
		return nil
	})
	return rows, numbers, err
}

// TestTextTablesAsPeopleSaveThem: the same table in every encoding and with
// every separator spreadsheets write.
func TestTextTablesAsPeopleSaveThem(t *testing.T) {
	t.Parallel()
	for _, sep := range []string{",", ";", "\t"} {
		plain := strings.ReplaceAll("客户名称|代码\r\n\"天河|甲\n公司\"|1\r\n\r\n乙公司|2\r\n", "|", sep)
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
		require.NoError(t, err)
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
		require.NoError(t, err)
		for name, content := range map[string]string{"utf-8": plain, "bom": "\xef\xbb\xbf" + plain, "gb18030": gb, "utf-16": wide} {
			rows, numbers, err := texts(t, content)
			require.NoError(t, err, name)
			require.Equal(t, [][]string{{"客户名称", "代码"}, {"天河" + sep + "甲\n公司", "1"}, {"乙公司", "2"}}, rows, "%s by %q", name, sep)
			require.Equal(t, []int{1, 2, 4}, numbers, "rows are counted as a spreadsheet does: %s", name)
		}
	}
}

// TestA30AnOpenQuoteIsNotRead: a record that never ends is refused early.
func TestA30AnOpenQuoteIsNotRead(t *testing.T) {
	t.Parallel()
	_, _, err := texts(t, "a,b\n\""+strings.Repeat("x", 1<<20))
	require.ErrorIs(t, err, ErrRecord)
	_, _, err = texts(t, strings.Repeat("甲", 1<<20))
	require.ErrorIs(t, err, ErrRecord)
}
