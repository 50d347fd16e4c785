package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokens reads the little of XML that workbooks are made of: tags, attributes
// and text. It expands no entities but the five and numbered characters, so
// there is nothing to blow up, and refuses document types.
type tokens struct {
	r      *bufio.Reader
	tag    []byte // of the last token, without the brackets
	name   []byte
	closed bool // the last tag closed itself: its end comes next
	opened bool // the bracket of the next tag is read already
	buffer []byte
}

type token int

const (
	start token = iota
	end
)

// maxTag and maxText bound what is held at once.
const (
	maxTag  = 64 << 10
	maxText = 1 << 20
)

func (t *tokens) is(name string) bool { return string(t.name) == name }

// next moves to the next tag.
func (t *tokens) next() (token, error) {
	if t.closed {
		t.closed = false
		return end, nil
	}
	for {
		if !t.opened {
			if err := t.skipTo('<'); err != nil {
				return 0, err
			}
		}
		t.opened = false
		if err := t.readTag(); err != nil {
			return 0, err
		}
		switch {
		case len(t.tag) == 0:
			return 0, errWorkbook
		case t.tag[0] == '?':
			continue
		case t.tag[0] == '!':
			if err := t.skipMarked(); err != nil {
				return 0, err
			}
			continue
		case t.tag[0] == '/':
			t.name = local(t.tag[1:])
			return end, nil
		}
		t.closed = t.tag[len(t.tag)-1] == '/'
		t.name = local(t.tag)
		return start, nil
	}
}

// local is the name of a tag without its prefix.
func local(tag []byte) []byte {
	if i := bytes.IndexAny(tag, " \t\r\n/"); i >= 0 {
		tag = tag[:i]
	}
	return tag[bytes.IndexByte(tag, ':')+1:]
}

func (t *tokens) skipTo(c byte) error {
	for {
		_, err := t.r.ReadSlice(c)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// readTag reads up to the closing bracket; one inside quotation marks is text.
func (t *tokens) readTag() error {
	t.buffer = t.buffer[:0]
	for {
		part, err := t.r.ReadSlice('>')
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull) {
				return errWorkbook
			}
			return err
		}
		if len(t.buffer)+len(part) > maxTag {
			return errWorkbook
		}
		if len(t.buffer) == 0 && !quoted(part) {
			// The usual case needs no copy: the bytes stay until the next read.
			t.tag = append(t.tag[:0], part[:len(part)-1]...)
			return nil
		}
		t.buffer = append(t.buffer, part...)
		if !quoted(t.buffer) {
			t.tag = append(t.tag[:0], t.buffer[:len(t.buffer)-1]...)
			return nil
		}
	}
}

func quoted(b []byte) bool {
	return len(b) > 0 && b[0] != '!' && (bytes.Count(b, []byte{'"'})%2 == 1)
}

// skipMarked passes over comments; everything else that begins with an
// exclamation mark outside of text has no business in a workbook.
func (t *tokens) skipMarked() error {
	if !bytes.HasPrefix(t.tag, []byte("!--")) {
		return errWorkbook
	}
	for !bytes.HasSuffix(t.tag, []byte("--")) || len(t.tag) < 5 {
		if err := t.readTag(); err != nil {
			return err
		}
	}
	return nil
}

// attr is the value of an attribute of the last tag.
func (t *tokens) attr(name string) string {
	rest := t.tag[min(len(t.tag), len(t.name)):]
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return ""
		}
		key := bytes.TrimSpace(rest[:i])
		if j := bytes.LastIndexAny(key, " \t\r\n"); j >= 0 {
			key = key[j+1:]
		}
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || (rest[0] != '"' && rest[0] != '\'') {
			return ""
		}
		j := bytes.IndexByte(rest[1:], rest[0])
		if j < 0 {
			return ""
		}
		if string(key) == name {
			return string(unescape(rest[1 : j+1]))
		}
		rest = rest[j+2:]
	}
}

// text is what stands between the last tag and the next one.
func (t *tokens) text() ([]byte, error) {
	if t.closed {
		return nil, nil
	}
	t.buffer = t.buffer[:0]
	for {
		part, err := t.r.ReadSlice('<')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, errWorkbook
		}
		if err == nil {
			part = part[:len(part)-1]
		}
		if len(t.buffer)+len(part) > maxText {
			return nil, errWorkbook
		}
		t.buffer = append(t.buffer, unescape(part)...)
		if err != nil {
			continue
		}
		if head, _ := t.r.Peek(8); !bytes.Equal(head, []byte("![CDATA[")) {
			t.opened = true
			return t.buffer, nil
		}
		if err := t.raw(); err != nil {
			return nil, err
		}
	}
}

// raw takes a stretch of unescaped text, up to ]]>.
func (t *tokens) raw() error {
	if _, err := t.r.Discard(8); err != nil {
		return errWorkbook
	}
	from := len(t.buffer)
	for {
		part, err := t.r.ReadSlice('>')
		if err != nil || len(t.buffer)+len(part) > maxText {
			return errWorkbook
		}
		t.buffer = append(t.buffer, part...)
		if bytes.HasSuffix(t.buffer[from:], []byte("]]>")) {
			t.buffer = t.buffer[:len(t.buffer)-3]
			return nil
		}
	}
}

var named = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape replaces what is written with an ampersand, and the spreadsheet's
// own _x000D_.
func unescape(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 && !bytes.Contains(b, []byte("_x")) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '&':
			if j := bytes.IndexByte(b[i:min(len(b), i+12)], ';'); j > 0 {
				name := string(b[i+1 : i+j])
				if s, ok := named[name]; ok {
					out, i = append(out, s...), i+j
					continue
				}
				if digits, ok := strings.CutPrefix(name, "#"); ok {
					base := 10
					if hex, ok := strings.CutPrefix(digits, "x"); ok {
						digits, base = hex, 16
					}
					if n, err := strconv.ParseUint(digits, base, 21); err == nil {
						out, i = utf8.AppendRune(out, rune(n)), i+j //nolint:gosec // 21 bits
						continue
					}
				}
			}
		case b[i] == '_' && i+7 <= len(b) && b[i+1] == 'x' && b[i+6] == '_':
			if n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16); err == nil {
				out, i = utf8.AppendRune(out, rune(n)), i+6 //nolint:gosec // 16 bits
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
