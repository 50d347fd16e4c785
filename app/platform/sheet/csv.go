package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrRecord says that one record of a text table is too long to be one.
var ErrRecord = errors.New("sheet: a record is too long")

// maxRecord bounds one record; an open quotation mark would otherwise make one
// of the whole file.
const maxRecord = 256 << 10

// ReadText is Read for a table of plain text: UTF-8 with or without a byte
// order mark, UTF-16 with one, or GB18030 as spreadsheets in China save it;
// cells are separated by commas, semicolons or tabs.
func ReadText(r io.Reader, row func(number int, cells []string) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	head, _ := b.Peek(64 << 10)
	var decoded io.Reader = b
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = b.Discard(3)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		decoded = transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	case !validPrefix(head):
		decoded = transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder())
	}
	text := bufio.NewReaderSize(&guard{r: decoded}, 64<<10)
	first, _ := text.Peek(8 << 10)
	c := csv.NewReader(text)
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = separator(string(first)), -1, true, true
	// A spreadsheet numbers records, not lines: line breaks inside cells do not count.
	inside := 0
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, ErrRecord) {
			return ErrRecord
		}
		if err != nil {
			return fmt.Errorf("sheet: not a table of text: %w", err)
		}
		line, _ := c.FieldPos(0)
		number := line - inside
		for _, cell := range cells {
			inside += strings.Count(cell, "\n")
		}
		if number > MaxRows {
			return ErrRows
		}
		if err := row(number, cells); err != nil {
			return err
		}
	}
}

// validPrefix tells UTF-8, allowing for a character cut at the end.
func validPrefix(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0 && i < len(b); i++ {
		if utf8.Valid(b[:len(b)-i]) {
			return true
		}
	}
	return len(b) == 0
}

// separator is what stands most often in the first line.
func separator(head string) rune {
	line, _, _ := strings.Cut(head, "\n")
	best, most := ',', strings.Count(line, ",")
	for _, c := range ";\t" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// guard ends the reading when a record gets too long.
type guard struct {
	r      io.Reader
	quoted bool
	before byte
	length int
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	for _, c := range p[:n] {
		g.length++
		switch {
		case c == '"' && (g.quoted || g.before == 0 || strings.IndexByte(",;\t\n\"", g.before) >= 0):
			g.quoted = !g.quoted // one inside an unquoted cell is an inch
		case c == '\n' && !g.quoted:
			g.length = 0
		}
		g.before = c
		if g.length > maxRecord {
			return 0, ErrRecord
		}
	}
	return n, err
}
