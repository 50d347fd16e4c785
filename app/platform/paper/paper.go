// Package paper makes PDF pages with Chinese text and a QR code. It is the only
// door for the PDF and barcode libraries.
package paper

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"image"
	"image/draw"
	"io"
	"math"
	"sync"
	"unicode"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"
)

// The characters of GB 2312 of Droid Sans Fallback, Apache License 2.0; made by
// frontend/scripts/subset-paper-font.mjs.
//
//go:embed sans.ttf
var sans []byte

// Latin of Inter, SIL Open Font License 1.1; made by the same script.
//
//go:embed latin.ttf
var latin []byte

// All other Chinese characters of the first, packed: names of firms and people
// hold them, other texts do not.
//
//go:embed rare.ttf.gz
var rarePacked []byte

var rare = sync.OnceValues(func() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(rarePacked))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
})

// Fact is a line of two columns.
type Fact struct{ Label, Value string }

// Table is rows under a head; it goes on over as many sheets as it needs. Room
// is the share of the width that each column has, and what is negative is set
// to the right. The last rows may be sums, set apart.
type Table struct {
	Head []string
	Room []float64
	Rows [][]string
	Sums int
}

// Page is one sheet of A4, or with a table as many as that takes.
type Page struct {
	Over, Title, Sub string
	Facts            []Fact
	Table            Table
	Notes            []string
	Link             string // also as a QR code
	LinkLabel        string
	Stamp            string // a word across the top, for what no longer holds
}

const (
	width, margin = 595.28, 64.0
	bottom        = 790.0
	labelWidth    = 150.0
)

// Write puts the page on w.
func Write(w io.Writer, p Page) error {
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(gopdf.PdfInfo{Title: p.Title, Creator: "Ecoport"})
	for name, data := range map[string][]byte{"sans": sans, "latin": latin} {
		if err := pdf.AddTTFFontData(name, data); err != nil {
			return err
		}
	}
	pdf.AddPage()
	pen := &pen{pdf: &pdf, y: 72}
	size, tone := 28.0, gilt
	if len(p.Table.Rows) > 0 { // a paper to work with, not to hang up
		size, tone = 20, ink
	} else {
		pdf.SetStrokeColor(124, 90, 13)
		pdf.SetLineWidth(1.2)
		pdf.RectFromUpperLeftWithStyle(32, 32, width-64, 778, "D")
	}
	pen.text(p.Over, 11, gray)
	pen.text(p.Title, size, tone)
	if p.Stamp != "" {
		pen.text(p.Stamp, 16, red)
	}
	pen.text(p.Sub, 12, ink)
	pen.y += 16
	for _, f := range p.Facts {
		pen.fact(f)
	}
	pen.y += 10
	pen.table(p.Table)
	for _, n := range p.Notes {
		pen.text(n, 9.5, gray)
	}
	if p.Link != "" {
		if err := pen.code(p.Link, p.LinkLabel); err != nil {
			return err
		}
	}
	if pen.err != nil {
		return pen.err
	}
	_, err := pdf.WriteTo(w)
	return err
}

type color [3]uint8

var (
	ink  = color{23, 25, 28}
	gray = color{102, 106, 114}
	gilt = color{124, 90, 13}
	red  = color{171, 42, 30}
)

// pen writes downward and keeps the first thing that went wrong.
type pen struct {
	pdf  *gopdf.GoPdf
	y    float64
	rare bool // whether the third font is loaded
	err  error
}

// run is a stretch of a line in one font.
type run struct{ font, text string }

// set finds the font that has a character, and what to write: itself, or its
// code where none has it. An empty box would look like a mistake of the
// reader's; a code can be looked up.
func (p *pen) set(r rune, size float64) (font, text string) {
	if unicode.IsControl(r) {
		r = ' '
	}
	order := []string{"sans", "latin", "rare"}
	if r < 0x2000 { // the Chinese font has no Latin letters of its own
		order = []string{"latin", "sans"}
	}
	for _, name := range order {
		if name == "rare" && !p.rare {
			data, err := rare()
			if err == nil {
				err = p.pdf.AddTTFFontData(name, data)
			}
			if err != nil {
				p.err = err
				return "", ""
			}
			p.rare = true
		}
		p.font(name, size)
		if p.err != nil {
			return "", ""
		}
		if has, err := p.pdf.IsCurrFontContainGlyph(r); err == nil && has {
			return name, string(r)
		}
	}
	p.font("latin", size)
	return "latin", fmt.Sprintf("[U+%04X]", r)
}

func (p *pen) font(name string, size float64) {
	if p.err == nil {
		p.err = p.pdf.SetFont(name, "", size)
	}
}

func (p *pen) width(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	return p.pdf.MeasureTextWidth(text)
}

// lines breaks a text where the room ends.
func (p *pen) lines(text string, size, room float64) (out [][]run) {
	var line []run
	used := 0.0
	for _, r := range text {
		var font, text string
		if r != '\n' {
			if font, text = p.set(r, size); p.err != nil {
				return nil
			}
		}
		wide, err := p.width(text)
		if err != nil {
			p.err = err
			return nil
		}
		if r == '\n' || used+wide > room {
			out, line, used = append(out, line), nil, 0
			if r == '\n' {
				continue
			}
		}
		if n := len(line); n > 0 && line[n-1].font == font {
			line[n-1].text += text
		} else {
			line = append(line, run{font, text})
		}
		used += wide
	}
	if line != nil {
		out = append(out, line)
	}
	return out
}

func (p *pen) put(lines [][]run, x, size float64, c color) {
	for i, line := range lines {
		p.pdf.SetXY(x, p.y+float64(i)*size*1.5)
		for _, r := range line {
			p.font(r.font, size)
			if p.err != nil {
				return
			}
			p.pdf.SetTextColor(c[0], c[1], c[2])
			p.err = p.pdf.Cell(nil, r.text)
		}
	}
}

func (p *pen) text(text string, size float64, c color) {
	lines := p.lines(text, size, width-2*margin)
	p.need(float64(len(lines)) * size * 1.5)
	p.put(lines, margin, size, c)
	p.y += float64(len(lines))*size*1.5 + 4
}

// need begins a new sheet where the rest of this one is not enough.
func (p *pen) need(height float64) (fresh bool) {
	if p.y+height <= bottom {
		return false
	}
	p.pdf.AddPage()
	p.y = 56
	return true
}

func (p *pen) table(t Table) {
	if len(t.Rows) == 0 {
		return
	}
	const size, gap = 9.5, 6.0
	row := func(cells []string, c color) {
		all, tall := make([][][]run, len(cells)), 1
		for i, text := range cells {
			all[i] = p.lines(text, size, math.Abs(t.Room[i])*(width-2*margin)-gap)
			tall = max(tall, len(all[i]))
		}
		x, top := margin, p.y
		for i := range cells {
			room := math.Abs(t.Room[i]) * (width - 2*margin)
			for n, line := range all[i] {
				at, long := x, 0.0
				for _, r := range line {
					p.font(r.font, size)
					w, err := p.width(r.text)
					if err != nil {
						p.err = err
						return
					}
					long += w
				}
				if t.Room[i] < 0 {
					at = x + room - gap - long
				}
				p.y = top + float64(n)*size*1.5
				p.put([][]run{line}, at, size, c)
			}
			x += room
		}
		p.y = top + float64(tall)*size*1.5 + 5
		p.pdf.SetStrokeColor(225, 227, 231)
		p.pdf.SetLineWidth(0.6)
		p.pdf.Line(margin, p.y-2, width-margin, p.y-2)
		p.y += 3
	}
	p.need(60)
	row(t.Head, gray)
	for i, cells := range t.Rows {
		if p.need(40) {
			row(t.Head, gray)
		}
		c := ink
		if i >= len(t.Rows)-t.Sums {
			c = gilt
		}
		row(cells, c)
	}
	p.y += 8
}

func (p *pen) fact(f Fact) {
	label, value := p.lines(f.Label, 10, labelWidth-12), p.lines(f.Value, 11.5, width-2*margin-labelWidth)
	p.put(label, margin, 10, gray)
	p.put(value, margin+labelWidth, 11.5, ink)
	p.y += max(float64(len(label))*15, float64(len(value))*17.25) + 8
}

func (p *pen) code(link, label string) error {
	code, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	if code, err = barcode.Scale(code, 400, 400); err != nil {
		return err
	}
	const side = 110.0
	if p.need(side + 20); p.y < 600 {
		p.y = max(p.y+20, 640)
	}
	// The PDF library takes eight bits a pixel.
	flat := image.NewGray(code.Bounds())
	draw.Draw(flat, flat.Bounds(), code, image.Point{}, draw.Src)
	if err := p.pdf.ImageFrom(flat, margin, p.y, &gopdf.Rect{W: side, H: side}); err != nil {
		return err
	}
	at := p.y
	p.y = at + 34
	p.put(p.lines(label, 11, 300), margin+side+20, 11, ink)
	p.y += 20
	p.put(p.lines(link, 9, width-2*margin-side-20), margin+side+20, 9, gray)
	return p.err
}

// Bytes is Write into memory.
func Bytes(p Page) ([]byte, error) {
	var out bytes.Buffer
	err := Write(&out, p)
	return out.Bytes(), err
}
