// Package menu composes what a customer buys from the function elements of an
// offer: it checks the rules and explains the price line by line. It is
// arithmetic only and stores nothing.
//
// Words: composition (菜单组合), violation (规则不满足), list price (目录价).
package menu

import (
	"slices"

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

	Steps []Step `json:",omitempty"` // of quantity, rising

	Cities []string `json:",omitempty"` // codes of those where it is offered; none means all
	Away   bool     `json:"-"`          // it is not offered where the customer is
}

// Step is the price of each unit from a quantity on.
type Step struct {
	From     int64 `json:"from"`
	PriceFen int64 `json:"price_fen"`
}

// priced is the price of one unit of so many: of the list, or of the last step
// that is reached where that is less.
func (e Element) priced(quantity int64) int64 {
	fen := e.PriceFen
	for _, s := range e.Steps {
		if quantity >= s.From {
			fen = min(fen, s.PriceFen)
		}
	}
	return fen
}

// Promotion is so much off for a while, in parts per million of what it is of.
type Promotion struct {
	ID        uuid.UUID
	Name      string
	PPM       int64
	Elements  []string // it is of; none means all
	Stackable bool     // with others; one that is not stands alone
	LeftFen   *int64   // of its budget; nil without one
	Group     bool     // it is what a group purchase has reached: taken first, whatever else is
}

func (p Promotion) kind() string {
	if p.Group {
		return KindGroup
	}
	return ""
}

// Applied is what a promotion takes off, in fen.
type Applied struct {
	ID   uuid.UUID
	Name string
	Fen  int64
	Kind string `json:",omitempty"` // what it is, where that is no promotion and has no budget
}

// What else than a promotion takes something off.
const (
	KindGroup  = "group"  // what a group purchase has reached
	KindBundle = "bundle" // sold together
)

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
	StepFen     int64 `json:",omitempty"` // off for the quantity
	DiscountFen int64 // off by the seller's word
	AmountFen   int64 // quantity x list, less what is off; a month's for monthly

	Promotions []Applied `json:",omitempty"`

	ProvinceFen *int64 `json:",omitempty"` // the province's price of one unit, where the city's own is the list price
}

// Of tells whether the line still is what the element costs.
func (l Line) Of(e Element) bool {
	return l.Element == e.ID && l.ListFen == e.PriceFen && l.StepFen == l.Quantity*(e.PriceFen-e.priced(l.Quantity))
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
	StepFen     int64       `json:",omitempty"`
	Promotions  []Applied   `json:",omitempty"` // over the term, as their budgets bear it
	Units       int64       // units of the composition, for commissions by unit
	Violations  []Violation `json:"-"`
}

// Compose prices a choice from the elements of an offer and says which rules it
// breaks; the discount is shared by largest remainder, so lines sum to the total
// to the fen.
//
// The order is: list price, the step that the quantity reaches, what a group
// purchase has reached, promotions, the
// seller's discount; each is taken off what the one before leaves. Promotions
// that stack are taken one after the other; one that does not is taken alone
// where that is better for the customer. One whose budget does not bear it is
// left out.
func Compose(elements []Element, rules Rules, promotions []Promotion, choices []Choice, discountPPM int64, term int) (Price, error) {
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
	for _, e := range elements {
		q := quantity[e.ID]
		switch {
		case q > 0 && e.Away:
			p.Violations = append(p.Violations, Violation{Element: e.ID, Code: "not_here", Words: fault.Words{Zh: "「%s」在客户所在城市不提供。", En: "“%s” is not offered in the customer's city."}.Fill(e.Name), Fix: &Choice{e.ID, 0}})
		case q == 0 && e.Required && e.Away:
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
		list, err := money.MulDiv(e.PriceFen, q, 1)
		if err != nil {
			return p, err
		}
		amount, err := money.MulDiv(e.priced(q), q, 1)
		if err != nil {
			return p, err
		}
		p.Lines = append(p.Lines, Line{Element: e.ID, Name: e.Name, Unit: e.Unit, Billing: e.Billing, Quantity: q, ListFen: e.PriceFen, StepFen: list - amount, AmountFen: amount, ProvinceFen: e.ProvinceFen})
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
	if err := p.promote(promotions); err != nil {
		return p, err
	}
	shares, err := shared(p.Lines, discountPPM, nil)
	if err != nil {
		return p, err
	}
	for i := range shares {
		p.Lines[i].DiscountFen = shares[i]
		p.Lines[i].AmountFen -= shares[i]
	}
	err = p.sum()
	return p, err
}

// sum adds the lines up.
func (p *Price) sum() error {
	for _, l := range p.Lines {
		switch l.Billing {
		case "one_off":
			p.OneOffFen += l.AmountFen
		case "monthly":
			p.MonthlyFen += l.AmountFen
		}
		p.DiscountFen += l.DiscountFen
		p.StepFen += l.StepFen
	}
	months, err := money.MulDiv(p.MonthlyFen, int64(p.TermMonths), 1)
	p.TotalFen = p.OneOffFen + months
	return err
}

// Bundled takes so much off several prices together: off the sum of all their
// lines, rounded once, and shared among all by largest remainder. So the parts
// add up to what the bundle costs, and each says its own.
func Bundled(prices []Price, as Applied, ppm int64) ([]Price, error) {
	var lines []Line
	for _, p := range prices {
		lines = append(lines, p.Lines...)
	}
	shares, err := shared(lines, ppm, nil)
	if err != nil || shares == nil {
		return prices, err
	}
	out := make([]Price, len(prices))
	for i, p := range prices {
		mine := shares[:len(p.Lines)]
		shares = shares[len(p.Lines):]
		b := Price{TermMonths: p.TermMonths, Units: p.Units, Lines: slices.Clone(p.Lines)}
		taken, err := p.borne(p.Lines, mine)
		if err != nil {
			return nil, err
		}
		for k, fen := range mine {
			if fen > 0 {
				b.Lines[k].AmountFen -= fen
				b.Lines[k].Promotions = append(slices.Clone(b.Lines[k].Promotions), Applied{as.ID, as.Name, fen, as.Kind})
			}
		}
		b.Promotions = append(slices.Clone(p.Promotions), Applied{as.ID, as.Name, taken, as.Kind})
		if err := b.sum(); err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

// Part is the price of some of the lines, each as it stands: a price and what
// is split off it add up, to the fen.
func (p Price) Part(in func(Line) bool) (Price, error) {
	part := Price{TermMonths: p.TermMonths, Lines: []Line{}}
	for _, l := range p.Lines {
		if !in(l) {
			continue
		}
		part.Lines = append(part.Lines, l)
		part.Units = max(part.Units, l.Quantity)
	}
	for _, x := range p.Promotions {
		var shares []int64
		for _, l := range part.Lines {
			fen := int64(0)
			for _, y := range l.Promotions {
				if y.ID == x.ID {
					fen = y.Fen
				}
			}
			shares = append(shares, fen)
		}
		taken, err := p.borne(part.Lines, shares)
		if err != nil {
			return part, err
		}
		if slices.ContainsFunc(shares, func(fen int64) bool { return fen > 0 }) {
			part.Promotions = append(part.Promotions, Applied{x.ID, x.Name, taken, x.Kind})
		}
	}
	err := part.sum()
	return part, err
}

// shared is so much off lines, shared among those it is of by largest remainder;
// nil when it is of none.
func shared(lines []Line, ppm int64, of []string) ([]int64, error) {
	weights, sum := make([]int64, len(lines)), int64(0)
	for i, l := range lines {
		if len(of) == 0 || slices.Contains(of, l.Name) {
			weights[i] = l.AmountFen
			sum += l.AmountFen
		}
	}
	total, err := money.Rate(sum, ppm)
	if err != nil || total == 0 {
		return nil, err
	}
	return money.Allocate(total, weights)
}

// promote takes promotions off: what a group has reached, then all that stack,
// or one that does not.
func (p *Price) promote(all []Promotion) error {
	var together, group []Promotion
	tries := [][]Promotion{nil}
	for _, x := range all {
		if x.Group {
			group = append(group, x)
		} else if x.Stackable {
			together = append(together, x)
		} else {
			tries = append(tries, []Promotion{x})
		}
	}
	tries[0] = together
	before, best := p.Lines, int64(0)
	for _, try := range tries {
		lines := slices.Clone(before)
		var applied []Applied
		var off int64
		for _, x := range append(slices.Clone(group), try...) {
			shares, err := shared(lines, x.PPM, x.Elements)
			if err != nil {
				return err
			}
			taken, err := p.borne(lines, shares)
			if err != nil {
				return err
			}
			if shares == nil || x.LeftFen != nil && taken > *x.LeftFen {
				continue
			}
			off += taken
			for i, fen := range shares {
				if fen > 0 {
					if lines[i].Billing == "per_use" {
						off += fen
					}
					lines[i].AmountFen -= fen
					lines[i].Promotions = append(slices.Clone(lines[i].Promotions), Applied{x.ID, x.Name, fen, x.kind()})
				}
			}
			applied = append(applied, Applied{x.ID, x.Name, taken, x.kind()})
		}
		if off > best {
			best, p.Lines, p.Promotions = off, lines, applied
		}
	}
	return nil
}

// borne is what comes off over the term, as a budget bears it; what is billed by
// use comes as it comes and costs a budget nothing beforehand.
func (p *Price) borne(lines []Line, shares []int64) (sum int64, err error) {
	for i, fen := range shares {
		switch lines[i].Billing {
		case "monthly":
			if fen, err = money.MulDiv(fen, int64(p.TermMonths), 1); err != nil {
				return 0, err
			}
		case "per_use":
			fen = 0
		}
		if sum, err = money.Add(sum, fen); err != nil {
			return 0, err
		}
	}
	return sum, nil
}
