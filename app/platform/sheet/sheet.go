// Package sheet reads and writes XLSX, streaming: a file is never held whole.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
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
