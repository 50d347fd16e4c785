// Package menu composes what a customer buys from the function elements of an
// offer: it checks the rules and explains the price line by line. It is
// arithmetic only and stores nothing.
//
// Words: composition (菜单组合), violation (规则不满足), list price (目录价).
package menu

import (
	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
)

// How much manual discount takes whose word, in parts per million: up to the
// first the seller's own, up to the second the city's, up to the last the
// province's after it; more is refused. From BigFen on, in fen, the province is
// asked whenever the city is.
const (
	SellerPPM = 100_000
	CityPPM   = 200_000
	MostPPM   = 350_000
	BigFen    = 50_000_000
)

// The levels of approval, in the order they are asked.
const (
	LevelCity     = "city"
	LevelProvince = "province"
)

// Levels are who is asked about a discount, in order; nobody inside the seller's
// own limit.
func Levels(discountPPM, totalFen int64) []string {
	switch {
	case discountPPM <= SellerPPM:
		return nil
	case discountPPM <= CityPPM && totalFen < BigFen:
		return []string{LevelCity}
	}
	return []string{LevelCity, LevelProvince}
}

// Element is a function element as it is sold.
type Element struct {
	ID           uuid.UUID
	Name         string
	Unit         string
	Billing      string // one_off, monthly, per_use
	PriceFen     int64
	Required     bool
	MinUnits     int64 `json:",omitempty"` // when it is chosen at all
	DefaultUnits int64 `json:",omitempty"` // that it is offered with; 0 means the least
	MaxUnits     int64 // 0 means no limit

	ProvinceFen *int64 `json:",omitempty"` // the province's price, where a city's counts
}

// Choice is one element chosen.
type Choice struct {
	Element  uuid.UUID
	Quantity int64
}

// Line explains the price of one element; all amounts in fen.
type Line struct {
	Element     uuid.UUID
	Name        string
	Unit        string
	Billing     string // one_off, monthly, per_use
	Quantity    int64
	ListFen     int64 // of one unit
	DiscountFen int64
	AmountFen   int64 // quantity x list - discount; a month's for monthly

	ProvinceFen *int64 `json:",omitempty"` // the province's price of one unit, where the city's own is the list price
}

// Violation is a broken rule.
type Violation struct {
	Element uuid.UUID
	Group   string
	Code    string
	Words   fault.Words
	Fix     *Choice // what would mend it; of 0 units where something has to go
}

// Price is the explained price of a composition, in fen.
type Price struct {
	Lines       []Line
	OneOffFen   int64
	MonthlyFen  int64
	TermMonths  int
	TotalFen    int64 // one-off plus monthly over the term; use is billed as it comes
	DiscountFen int64
	Units       int64       // units of the composition, for commissions by unit
	Violations  []Violation `json:"-"`
}

// Compose prices a choice from the elements of an offer and says which rules it
// breaks; the discount is shared by largest remainder, so lines sum to the total
// to the fen.
func Compose(elements []Element, rules Rules, choices []Choice, discountPPM int64, term int) (Price, error) {
	p := Price{TermMonths: max(term, 1), Lines: []Line{}}
	quantity := map[uuid.UUID]int64{}
	for _, c := range choices {
		quantity[c.Element] += c.Quantity
	}
	for id := range quantity {
		known := false
		for _, e := range elements {
			known = known || e.ID == id
		}
		if !known {
			p.Violations = append(p.Violations, Violation{Element: id, Code: "unknown_element", Words: fault.Words{Zh: "该功能元素不属于这个方案的当前版本，请重新选择。", En: "This element is not part of the present version; choose again."}})
		}
	}
	var gross []int64
	for _, e := range elements {
		q := quantity[e.ID]
		switch {
		case q == 0 && e.Required:
			p.Violations = append(p.Violations, Violation{Element: e.ID, Code: "required_missing", Words: fault.Words{Zh: "「%s」为必选。", En: "“%s” is required."}.Fill(e.Name), Fix: &Choice{e.ID, e.least()}})
		case q > 0 && q < e.MinUnits:
			p.Violations = append(p.Violations, Violation{Element: e.ID, Code: "under_min", Words: fault.Words{Zh: "「%s」至少 %d%s。", En: "“%s”: at least %d %s."}.Fill(e.Name, e.MinUnits, e.Unit), Fix: &Choice{e.ID, e.MinUnits}})
		case e.MaxUnits > 0 && q > e.MaxUnits:
			p.Violations = append(p.Violations, Violation{Element: e.ID, Code: "over_max", Words: fault.Words{Zh: "「%s」最多 %d%s。", En: "“%s”: at most %d %s."}.Fill(e.Name, e.MaxUnits, e.Unit), Fix: &Choice{e.ID, e.MaxUnits}})
		}
		if q <= 0 {
			continue
		}
		amount, err := money.MulDiv(e.PriceFen, q, 1)
		if err != nil {
			return p, err
		}
		p.Lines = append(p.Lines, Line{Element: e.ID, Name: e.Name, Unit: e.Unit, Billing: e.Billing, Quantity: q, ListFen: e.PriceFen, AmountFen: amount, ProvinceFen: e.ProvinceFen})
		gross = append(gross, amount)
		p.Units = max(p.Units, q)
	}
	p.Violations = append(p.Violations, rules.broken(elements, func(e Element) int64 { return quantity[e.ID] })...)
	if len(p.Lines) == 0 {
		p.Violations = append(p.Violations, Violation{Code: "nothing_chosen", Words: fault.Words{Zh: "请至少选择一项。", En: "Choose at least one element."}})
		return p, nil
	}
	if discountPPM > MostPPM {
		p.Violations = append(p.Violations, Violation{Code: "discount_over_limit", Words: fault.Words{Zh: "折扣最多 35%。", En: "The discount is at most 35 %."}})
		discountPPM = 0
	}
	if err := p.discount(gross, discountPPM); err != nil {
		return p, err
	}
	for _, l := range p.Lines {
		switch l.Billing {
		case "one_off":
			p.OneOffFen += l.AmountFen
		case "monthly":
			p.MonthlyFen += l.AmountFen
		}
		p.DiscountFen += l.DiscountFen
	}
	months, err := money.MulDiv(p.MonthlyFen, int64(p.TermMonths), 1)
	p.TotalFen = p.OneOffFen + months
	return p, err
}

func (p *Price) discount(gross []int64, ppm int64) error {
	if ppm == 0 {
		return nil
	}
	var sum int64
	for _, g := range gross {
		sum += g
	}
	total, err := money.Rate(sum, ppm)
	if err != nil || total == 0 {
		return err
	}
	shares, err := money.Allocate(total, gross)
	if err != nil {
		return err
	}
	for i := range p.Lines {
		p.Lines[i].DiscountFen = shares[i]
		p.Lines[i].AmountFen -= shares[i]
	}
	return nil
}
