package menu

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
)

// Table is a menu as a sheet: a row an element, a group or a rule. The columns
// are kind, name, unit, billing, price in yuan, required, min, default, max,
// elements, steps and the codes of cities; of a rule the name is its element, the elements are the others, and
// max is the units of at_most.
type Table struct {
	Elements []Element
	Rules    Rules
	Faults   []RowFault
	seen     bool // the header
}

// RowFault is a row that could not be read, and why.
type RowFault struct {
	Row   int
	Words fault.Words
}

// Columns is how many a row has.
const Columns = 12

// Words of the table, in both languages: either is read.
var (
	kindWords    = map[string]fault.Words{"element": {Zh: "元素", En: "element"}, "group": {Zh: "选择组", En: "group"}, Requires: {Zh: "需要", En: "requires"}, RequiresAny: {Zh: "需要其一", En: "requires one of"}, Excludes: {Zh: "互斥", En: "excludes"}, AtMost: {Zh: "合计上限", En: "at most"}}
	billingWords = map[string]fault.Words{"one_off": {Zh: "一次性", En: "one-off"}, "monthly": {Zh: "按月", En: "monthly"}, "per_use": {Zh: "按次", En: "per use"}}
	requiredWord = fault.Words{Zh: "必选", En: "required"}
	header       = []fault.Words{{Zh: "类型", En: "Kind"}, {Zh: "名称", En: "Name"}, {Zh: "单位", En: "Unit"}, {Zh: "计费", En: "Billing"}, {Zh: "目录价（元）", En: "List price (yuan)"}, {Zh: "必选", En: "Required"}, {Zh: "至少", En: "Least"}, {Zh: "默认", En: "Default"}, {Zh: "最多", En: "Most"}, {Zh: "元素", En: "Elements"}, {Zh: "阶梯价（数量:单价）", En: "Steps (quantity:price)"}, {Zh: "可用城市（代码）", En: "Cities (codes)"}}
)

// Header is the first row.
func Header(locale string) (out []string) {
	for _, w := range header {
		out = append(out, w.In(locale))
	}
	return out
}

// separators are what people put between names; where a name has one itself,
// each name has a line.
const separators = "、，,;；"

func joined(names []string) string {
	if slices.ContainsFunc(names, func(n string) bool { return strings.ContainsAny(n, separators) }) {
		return strings.Join(names, "\n") + "\n"
	}
	return strings.Join(names, "、")
}

func split(text string) (names []string) {
	by := separators
	if strings.Contains(text, "\n") {
		by = "\n"
	}
	for _, n := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(by, r) }) {
		if n = strings.TrimSpace(n); n != "" {
			names = append(names, n)
		}
	}
	return names
}

// Sheet is the rows of a menu under the header.
func Sheet(elements []Element, rules Rules, locale string) (out [][]any) {
	number := func(n int64) any {
		if n == 0 {
			return ""
		}
		return n
	}
	for _, e := range elements {
		must := ""
		if e.Required {
			must = requiredWord.In(locale)
		}
		out = append(out, []any{kindWords["element"].In(locale), e.Name, e.Unit, billingWords[e.Billing].In(locale), float64(e.PriceFen) / 100, must, number(e.MinUnits), number(e.DefaultUnits), number(e.MaxUnits), "", stepText(e.Steps), joined(e.Cities)})
	}
	for _, g := range rules.Groups {
		out = append(out, []any{kindWords["group"].In(locale), g.Name, "", "", "", "", int64(g.Min), "", number(int64(g.Max)), joined(g.Elements), "", ""})
	}
	for _, x := range rules.Rules {
		out = append(out, []any{kindWords[x.Kind].In(locale), x.Element, "", "", "", "", "", "", number(x.Units), joined(x.Others), "", ""})
	}
	return out
}

// Add reads one row; the first is the header and is left out.
func (t *Table) Add(row int, cells []string) {
	cell := func(i int) string {
		if i >= len(cells) {
			return ""
		}
		return strings.TrimSpace(strings.TrimPrefix(cells[i], "'"))
	}
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return
	}
	if !t.seen && (cell(0) == header[0].Zh || strings.EqualFold(cell(0), header[0].En)) {
		t.seen = true
		return
	}
	bad := func(zh, en string, args ...any) {
		t.Faults = append(t.Faults, RowFault{row, fault.Words{Zh: zh, En: en}.Fill(args...)})
	}
	kind, ok := meant(kindWords, cell(0))
	if !ok {
		bad("类型「%s」不认识。", "The kind “%s” is not known.", cell(0))
		return
	}
	number := func(i int) int64 {
		if cell(i) == "" {
			return 0
		}
		n, err := strconv.ParseInt(strings.ReplaceAll(cell(i), ",", ""), 10, 64)
		if err != nil || n < 0 {
			bad("「"+header[i].Zh+"」应为不小于 0 的整数，现为「%s」。", "“"+header[i].En+"” is a whole number from 0 on, not “%s”.", cell(i))
		}
		return n
	}
	var names []string
	if len(cells) > 9 {
		names = split(strings.TrimPrefix(cells[9], "'"))
	}
	switch kind {
	case "element":
		billing, ok := meant(billingWords, cell(3))
		if !ok {
			bad("计费方式「%s」不认识。", "The billing “%s” is not known.", cell(3))
		}
		fen, err := money.ParseYuan(cell(4))
		if err != nil {
			bad("价格「%s」应为金额，最多两位小数。", "The price “%s” is an amount with two decimals at most.", cell(4))
		}
		must := cell(5) != "" && cell(5) != "0" && !slices.Contains([]string{"否", "no", "false"}, strings.ToLower(cell(5)))
		steps, err := stepsOf(cell(10))
		if err != nil {
			bad("阶梯价「%s」应形如 100:0.80; 1000:0.50。", "Steps “%s” look like 100:0.80; 1000:0.50.", cell(10))
		}
		t.Elements = append(t.Elements, Element{Cities: split(cell(11)), Steps: steps, Name: cell(1), Unit: cell(2), Billing: billing, PriceFen: fen, Required: must, MinUnits: number(6), DefaultUnits: number(7), MaxUnits: number(8)})
	case "group":
		t.Rules.Groups = append(t.Rules.Groups, Group{Name: cell(1), Min: int(number(6)), Max: int(number(8)), Elements: names})
	default:
		t.Rules.Rules = append(t.Rules.Rules, Rule{Kind: kind, Element: cell(1), Others: names, Units: number(8)})
	}
}

func stepText(steps []Step) string {
	var out []string
	for _, s := range steps {
		out = append(out, fmt.Sprintf("%d:%d.%02d", s.From, s.PriceFen/100, s.PriceFen%100))
	}
	return strings.Join(out, "; ")
}

func stepsOf(text string) (out []Step, err error) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";；\n", r) }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		from, price, ok := strings.Cut(strings.ReplaceAll(part, "：", ":"), ":")
		if !ok {
			return nil, fmt.Errorf("menu: %q is no step", part)
		}
		s := Step{}
		if s.From, err = strconv.ParseInt(strings.TrimSpace(from), 10, 64); err != nil {
			return nil, err
		}
		if s.PriceFen, err = money.ParseYuan(strings.TrimSpace(price)); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func meant(words map[string]fault.Words, said string) (string, bool) {
	for code, w := range words {
		if said == w.Zh || strings.EqualFold(said, w.En) || strings.EqualFold(said, code) {
			return code, true
		}
	}
	return "", false
}
