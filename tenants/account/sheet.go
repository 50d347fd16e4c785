package account

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/sheet"
	"ecoport/tenants"
)

// Refusals of a whole sheet.
var (
	ErrSheet   = fault.New(fault.Invalid, "sheet", "文件无法读取：请使用模板，以 XLSX 或 CSV 格式保存。", "The file cannot be read: use the template and save as XLSX or CSV.")
	ErrColumns = fault.New(fault.Invalid, "sheet-columns", "缺少列：%s。请使用模板。", "Columns are missing: %s. Use the template.")
	ErrRows    = fault.New(fault.Invalid, "sheet-rows", "超过 %d 行，请分成几个文件。", "More than %d rows. Split the file.")
)

// BadRow is one cell an import cannot take.
type BadRow struct {
	Row    int
	Column string
	Cell   string
	Value  string
	Reason fault.Words
}

// imported is one row of a sheet that can be taken.
type imported struct {
	Edit
	number int
	year   int // the account is a target of this year
	group  string
}

// column of the sheet: its header in both languages and how it is read.
type column struct {
	zh, en   string
	field    string // as fault fields name it
	required bool
	set      func(*imported, string) error
}

var (
	errNumber = errors.New("number")
	errChoice = errors.New("choice")
	errLong   = errors.New("long")
)

func number(to func(*imported) *int) func(*imported, string) error {
	return func(e *imported, s string) error {
		if s == "" {
			return nil
		}
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil {
			return errNumber
		}
		*to(e) = n
		return nil
	}
}

func text(most int, to func(*imported) *string) func(*imported, string) error {
	return func(e *imported, s string) error {
		if len(s) > most && utf8.RuneCountInString(s) > most {
			return errLong
		}
		*to(e) = s
		return nil
	}
}

// choice reads the Chinese or English word, or the code itself.
func choice(to func(*imported) *string, words map[string]string, optional bool) func(*imported, string) error {
	return func(e *imported, s string) error {
		if s == "" && optional {
			return nil
		}
		if code, ok := words[strings.ToLower(s)]; ok {
			*to(e) = code
			return nil
		}
		return errChoice
	}
}

// named maps codes and their words in both languages to the code.
func named(terms ...Term) map[string]string {
	out := map[string]string{}
	for _, t := range terms {
		out[t.Code], out[t.Words.Zh], out[strings.ToLower(t.Words.En)] = t.Code, t.Code, t.Code
	}
	return out
}

var kindWords = map[string]string{
	"政府": "government", "政府机构": "government", "企业": "enterprise", "个体户": "individual", "集群": "cluster", "集群客户": "cluster",
	"government": "government", "enterprise": "enterprise", "individual": "individual", "cluster": "cluster",
}

var demandWords = named(
	Term{"connect", fault.Words{Zh: "网络连接", En: "Connectivity"}}, Term{"office", fault.Words{Zh: "办公协同", En: "Office"}}, Term{"marketing", fault.Words{Zh: "营销服务", En: "Marketing"}},
	Term{"operation", fault.Words{Zh: "生产运营", En: "Operation"}}, Term{"security", fault.Words{Zh: "安全监控", En: "Security"}}, Term{"cloud", fault.Words{Zh: "云与数据", En: "Cloud and data"}},
)

var segmentWords = named(
	Term{"government_body", fault.Words{Zh: "重要党政机关", En: "Important government body"}}, Term{"industrial", fault.Words{Zh: "规模以上工业企业", En: "Industrial firm above designated size"}},
	Term{"leader", fault.Words{Zh: "行业龙头", En: "Industry leader"}},
)

func tierWords() map[string]string {
	same := map[string]string{}
	for _, t := range Tiers {
		same[strings.ToLower(t)] = t
	}
	return same
}

func existing(e *imported, s string) error {
	switch strings.ToLower(s) {
	case "是", "y", "yes", "true", "1", "存量":
		e.Existing = true
	case "", "否", "n", "no", "false", "0", "潜在":
	default:
		return errChoice
	}
	return nil
}

// columns of the sheet, in the order of the template. districts maps names
// and codes of the districts the actor may write in.
func columns(districts map[string]string) []column {
	return []column{
		{"客户名称", "Name", "name", true, text(120, func(e *imported) *string { return &e.Name })},
		{"统一社会信用代码", "Credit code", "credit_code", true, text(40, func(e *imported) *string { return &e.CreditCode })},
		{"客户类型", "Kind", "kind", true, choice(func(e *imported) *string { return &e.Kind }, kindWords, false)},
		{"价值等级", "Tier", "tier", true, choice(func(e *imported) *string { return &e.Tier }, tierWords(), false)},
		{"行业", "Industry", "industry", true, choice(func(e *imported) *string { return &e.Industry }, named(Industries...), false)},
		{"区县", "District", "district_code", true, choice(func(e *imported) *string { return &e.DistrictCode }, districts, false)},
		{"存量客户", "Existing", "existing", false, existing},
		{"信息化水平", "Informatisation", "informatisation", false, number(func(e *imported) *int { return &e.Informatisation })},
		{"员工规模", "Staff", "staff_size", false, number(func(e *imported) *int { return &e.StaffSize })},
		{"员工数E", "Employees E", "employees", false, number(func(e *imported) *int { return &e.Employees })},
		{"终端数M", "Machines M", "machines", false, number(func(e *imported) *int { return &e.Machines })},
		{"客户数C", "Customers C", "customers", false, number(func(e *imported) *int { return &e.Customers })},
		{"供应商数P", "Suppliers P", "suppliers", false, number(func(e *imported) *int { return &e.Suppliers })},
		{"地址", "Address", "address", false, text(200, func(e *imported) *string { return &e.Address })},
		{"联系人", "Contact", "contact_name", false, text(60, func(e *imported) *string { return &e.ContactName })},
		{"联系电话", "Phone", "contact_phone", false, text(30, func(e *imported) *string { return &e.ContactPhone })},
		{"邮箱", "E-mail", "contact_email", false, text(120, func(e *imported) *string { return &e.ContactEmail })},
		{"需求细分", "Demand", "demand", false, choice(func(e *imported) *string { return &e.Demand }, demandWords, true)},
		{"目标年度", "Target year", "target_year", false, number(func(e *imported) *int { return &e.year })},
		{"目标分类", "Target segment", "target_segment", false, choice(func(e *imported) *string { return &e.group }, segmentWords, true)},
	}
}

// ImportHeader is the first row of the template.
func ImportHeader() []string {
	var out []string
	for _, c := range columns(nil) {
		out = append(out, c.zh)
	}
	return out
}

// reader judges the rows of one sheet by themselves.
type reader struct {
	all       []column
	at        []int // column index of each known column, -1 when absent
	districts []tenants.District
	seen      map[string]int32 // row of each credit code
	header    []string
}

func newReader(districts []tenants.District) *reader {
	names := map[string]string{}
	for _, d := range districts {
		names[strings.ToLower(d.Name)], names[d.Code] = d.Code, d.Code
	}
	return &reader{all: columns(names), districts: districts, seen: map[string]int32{}}
}

// locate finds the columns by the header.
func (r *reader) locate(header []string) error {
	r.at, r.header = make([]int, len(r.all)), slices.Clone(header)
	var missing []string
	for i, c := range r.all {
		r.at[i] = slices.IndexFunc(header, func(h string) bool {
			h = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(h), "*"))
			return h == c.zh || strings.EqualFold(h, c.en)
		})
		if r.at[i] < 0 && c.required {
			missing = append(missing, c.zh)
		}
	}
	if len(missing) > 0 {
		return ErrColumns.Fill(strings.Join(missing, "、"))
	}
	return nil
}

// present names the fields the sheet says something about: columns it has,
// but never contact details when the person sees them masked, so that neither
// a shorter sheet nor an export brought back wipes what is there.
func (r *reader) present(a tenants.Actor) []string {
	out := []string{}
	for i, c := range r.all {
		masked := !a.Can(ReadContact) && strings.HasPrefix(c.field, "contact_")
		if r.at[i] >= 0 && !masked {
			out = append(out, c.field)
		}
	}
	return out
}

// clean drops what a database or a screen would choke on.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, func(c rune) bool { return c < ' ' || c == utf8.RuneError }) < 0 {
		return s
	}
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t' || c == '\r':
			return ' '
		case c < ' ' || c == utf8.RuneError:
			return -1
		}
		return c
	}, s))
}

func (r *reader) value(cells []string, i int) string {
	if r.at[i] < 0 || r.at[i] >= len(cells) {
		return ""
	}
	return clean(cells[r.at[i]])
}

// row reads one row; without bad cells it can be taken.
func (r *reader) row(n int, cells []string) (imported, []BadRow) {
	e := imported{number: n}
	var bad []BadRow
	refuse := func(i int, w fault.Words) {
		for _, b := range bad {
			if b.Column == r.all[i].zh {
				return // one reason a cell
			}
		}
		bad = append(bad, BadRow{n, r.all[i].zh, sheet.Cell(max(r.at[i], 0), n), r.value(cells, i), w})
	}
	for i, c := range r.all {
		v := r.value(cells, i)
		if v == "" && c.required {
			refuse(i, fault.Words{Zh: "必填。", En: "Required."})
			continue
		}
		switch err := c.set(&e, v); {
		case errors.Is(err, errNumber):
			refuse(i, fault.Words{Zh: "应为整数。", En: "Must be a whole number."})
		case errors.Is(err, errChoice):
			refuse(i, fault.Words{Zh: "不是可选的值。", En: "Not one of the choices."})
		case errors.Is(err, errLong):
			refuse(i, fault.Words{Zh: "内容过长。", En: "Too long."})
		}
	}
	var c fault.Checker
	e.Validate(&c, r.districts)
	if e.year != 0 && (e.year < 2000 || e.year > 2100) {
		c.Add("target_year", "range", "应为四位年份。", "Must be a year of four digits.")
	}
	if (e.year == 0) != (e.group == "") {
		c.Add(map[bool]string{true: "target_year", false: "target_segment"}[e.year == 0], "pair", "目标年度和目标分类要一起填写。", "Give the target year and the segment together.")
	}
	if f, ok := fault.As(c.Err()); ok {
		for _, field := range f.Fields {
			if i := slices.IndexFunc(r.all, func(c column) bool { return c.field == field.Name }); i >= 0 {
				refuse(i, field.Words)
			}
		}
	}
	if first, twice := r.seen[e.CreditCode]; twice && len(bad) == 0 {
		refuse(1, fault.Words{Zh: "与第 %d 行重复。", En: "The same as row %d."}.Fill(first))
	}
	if len(bad) == 0 {
		r.seen[strings.Clone(e.CreditCode)] = int32(n) //nolint:gosec // at most sheet.MaxRows
	}
	return e, bad
}
