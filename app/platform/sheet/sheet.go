// Package sheet reads and writes XLSX, streaming: a file is never held whole.
package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxRows a sheet may have; more is refused before it costs memory.
const MaxRows = 500_000

// ErrRows says that a sheet has too many rows.
var ErrRows = errors.New("sheet: too many rows")

// Write streams a workbook: the header, then rows until next says there are
// no more. Texts that a spreadsheet would run as a formula are disarmed.
func Write(w io.Writer, name string, header []string, next func() ([]any, error)) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, max(len(header), 1), 18); err != nil {
		return err
	}
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := s.SetRow("A1", cells); err != nil {
		return err
	}
	for n := 2; ; n++ {
		row, err := next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		for i, v := range row {
			if t, ok := v.(string); ok {
				row[i] = disarm(t)
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", n), row); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// WriteText is Write for a table of plain text with commas: GB18030 as the
// programs of banks in China read it, or UTF-8 with a byte order mark.
func WriteText(w io.Writer, gb bool, header []string, next func() ([]any, error)) error {
	encoder := unicode.UTF8BOM.NewEncoder()
	if gb {
		encoder = simplifiedchinese.GB18030.NewEncoder()
	}
	text := transform.NewWriter(w, encoder)
	out := csv.NewWriter(text)
	out.UseCRLF = true
	if err := out.Write(header); err != nil {
		return err
	}
	for {
		row, err := next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		cells := make([]string, len(row))
		for i, v := range row {
			if t, ok := v.(string); ok {
				cells[i] = disarm(t)
			} else {
				cells[i] = fmt.Sprint(v)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), text.Close())
}

func disarm(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Cell names a cell as the sheet does: column from 0, row from 1.
func Cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return ""
	}
	return name
}
