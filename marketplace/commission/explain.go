package commission

import (
	"fmt"
	"strings"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
)

// Explain is the arithmetic of one line, stored with it. Receipts are
// rendered from this and never computed again.
type Explain struct {
	Event   *Happened `json:"event"`
	Back    *Happened `json:"back,omitempty"` // the refund or end that took back
	Plan    string    `json:"plan"`
	Number  int       `json:"number"`
	City    string    `json:"city,omitempty"`
	Rule    string    `json:"rule"`
	Note    string    `json:"note,omitempty"`
	Basis   string    `json:"basis"`
	Given   []string  `json:"given,omitempty"` // fields the rule names: why it won
	Lost    []Other   `json:"lost,omitempty"`
	Near    []Other   `json:"near,omitempty"`
	Steps   []Step    `json:"steps"`
	More    []Step    `json:"more,omitempty"`
	LineFen int64     `json:"line_fen"`
	Left    *int64    `json:"left_fen,omitempty"` // of the line, after this took back

	HoldDays int      `json:"hold_days"`
	DueOn    string   `json:"due_on"`
	Clawback []Window `json:"clawback,omitempty"`
	Split    []Slice  `json:"split"`
}

// Happened is the event as the receipt shows it.
type Happened struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Date    string `json:"date"`
	Fen     int64  `json:"amount_fen"`
	Units   int64  `json:"units"`
	Month   int    `json:"month,omitempty"`
	Order   string `json:"order,omitempty"`
	Service string `json:"service,omitempty"`
	Account string `json:"account,omitempty"`
	Product string `json:"product,omitempty"`
}

// Window is a clawback window: an end before the date takes ppm back.
type Window struct {
	Before string `json:"before"`
	PPM    int64  `json:"ppm"`
}

// Slice is a part of the split as stored.
type Slice struct {
	To      string `json:"to"`
	PPM     int64  `json:"ppm"`
	Name    string `json:"name,omitempty"`
	Fen     int64  `json:"fen"`
	Missing bool   `json:"missing,omitempty"`
}

// Step is one step of arithmetic: which one, and its numbers.
type Step struct {
	Code string  `json:"code"`
	Form string  `json:"form,omitempty"`
	N    []int64 `json:"n,omitempty"`
	T    string  `json:"t,omitempty"`
	Fen  *int64  `json:"fen,omitempty"` // result in fen
	Unit bool    `json:"unit,omitempty"`
}

func explainEvent(e Event) *Happened {
	return &Happened{e.ExternalID, e.Kind, e.BusinessDate(), e.AmountFen, e.Units, e.Month, e.OrderNumber, e.ServiceNumber, e.AccountName, e.Product}
}

func explainRule(p chosen) Explain {
	return Explain{
		Event: explainEvent(p.event), Plan: p.Version.Plan, Number: p.Version.Number, City: p.Version.Scope(), Rule: p.Rule.ID, Note: p.Rule.Note,
		Basis: p.basis, Given: p.Rule.Match.Given(), Lost: p.Lost, Near: p.Near,
	}
}

func (x *Explain) split(parts []Part, shares []Share, line int64) {
	ppm := make([]int64, len(parts))
	for i, p := range parts {
		ppm[i] = p.PPM
	}
	whole, _ := money.Split(line, ppm) // shares were split by the same rule before
	for i, p := range parts {
		s := Slice{To: p.To, PPM: p.PPM, Missing: true}
		if len(whole) > i {
			s.Fen = whole[i]
		}
		for _, have := range shares {
			if have.To == p.To {
				s.Name, s.Fen, s.Missing = have.Party.Name, have.Fen, false
			}
		}
		x.Split = append(x.Split, s)
	}
}

// hideOthers takes the names of other parties out.
func (x Explain) hideOthers(to string) Explain {
	split := make([]Slice, len(x.Split))
	for i, s := range x.Split {
		if s.To != to {
			s.Name = ""
		}
		split[i] = s
	}
	x.Split = split
	return x
}

// hideAccount takes the customer out, for parties that may not know it.
func (x Explain) hideAccount() Explain {
	hide := func(h *Happened) *Happened {
		if h == nil {
			return nil
		}
		c := *h
		c.Account, c.Order, c.Service = "", "", ""
		return &c
	}
	x.Event, x.Back = hide(x.Event), hide(x.Back)
	return x
}

// Said is a step in words.
type Said struct {
	Code  string
	Words fault.Words
	Fen   *int64
}

func say(code, zh, en string, fen *int64, args ...any) Said {
	return Said{code, fault.Words{Zh: zh, En: en}.Fill(args...), fen}
}

// Words renders the receipt from what is stored.
func (x Explain) Words() []Said {
	var out []Said
	e := x.Event
	w := eventWords[e.Kind]
	what := fault.Words{
		Zh: fmt.Sprintf("%s，业务日期 %s，金额 %s 元", w.Zh, e.Date, money.Yuan(e.Fen)),
		En: fmt.Sprintf("%s, business date %s, amount %s yuan", w.En, e.Date, money.Yuan(e.Fen)),
	}
	add := func(zh, en string) { what.Zh += zh; what.En += en }
	if e.Units != 0 {
		add(fmt.Sprintf("，数量 %d", e.Units), fmt.Sprintf(", %d units", e.Units))
	}
	if e.Month != 0 {
		add(fmt.Sprintf("，第 %d 个计费月", e.Month), fmt.Sprintf(", billing month %d", e.Month))
	}
	for _, f := range []struct{ zh, en, v string }{{"客户", "account", e.Account}, {"产品", "product", e.Product}, {"订单", "order", e.Order}, {"服务", "service", e.Service}, {"事件编号", "event", e.ID}} {
		if f.v != "" {
			v := valueWords(f.en, f.v)
			add("，"+f.zh+" "+v.Zh, ", "+f.en+" "+v.En)
		}
	}
	out = append(out, Said{"event", what, nil})
	scope := fault.Words{Zh: "省方案", En: "province plan"}
	if x.City != "" {
		scope = fault.Words{Zh: "市方案 " + x.City, En: "plan of city " + x.City}
	}
	out = append(out, Said{"plan", fault.Words{
		Zh: fmt.Sprintf("适用%s %s 第 %d 版（业务日期当天有效）", scope.Zh, x.Plan, x.Number),
		En: fmt.Sprintf("%s %s, version %d, in force on the business date", scope.En, x.Plan, x.Number),
	}, nil})
	out = append(out, x.won())
	if x.Back != nil {
		b := eventWords[x.Back.Kind]
		out = append(out, say("event", "%[1]s：%[3]s（%[4]s）", "%[2]s: %[3]s (%[4]s)", nil, b.Zh, b.En, x.Back.Date, x.Back.ID))
	}
	for _, s := range x.Steps {
		out = append(out, s.words())
	}
	for _, s := range x.Split {
		fen := s.Fen
		p := partyWords(s.To, s.Name)
		if s.Missing {
			out = append(out, say("split", "%[1]s 应得 %[3]s = %[4]s 元：没有这一方，不支付", "%[2]s would get %[3]s = %[4]s yuan: there is no such party, it is not paid", nil, p.Zh, p.En, money.Percent(s.PPM), money.Yuan(fen)))
			continue
		}
		out = append(out, say("split", "%[1]s 分得 %[3]s = %[4]s 元（向零取整，余分按最大余数分配）", "%[2]s gets %[3]s = %[4]s yuan (toward zero, left-over fen by largest remainder)", &fen, p.Zh, p.En, money.Percent(s.PPM), money.Yuan(fen)))
	}
	if x.Left != nil {
		out = append(out, say("clawback", "此后这笔酬金还剩 %s 元", "%s yuan of the line are left after this", nil, money.Yuan(*x.Left)))
		return out
	}
	out = append(out, say("hold", "保留 %d 天，%s 起可结算", "Held for %d days, due on %s", nil, x.HoldDays, x.DueOn))
	for _, c := range x.Clawback {
		out = append(out, say("clawback", "服务在 %[1]s 之前终止，追回剩余部分的 %[2]s", "If the service ends before %[1]s, %[2]s of what is left is taken back", nil, c.Before, money.Percent(c.PPM)))
	}
	return out
}

// won says why the rule applied.
func (x Explain) won() Said {
	zh, en := "没有限定条件，适用于所有业务", "it names no condition and takes every event"
	if len(x.Given) > 0 {
		zh, en = "限定了", "it names "
		for i, g := range x.Given {
			if i > 0 {
				zh, en = zh+"、", en+", "
			}
			zh, en = zh+fieldWords[g].Zh, en+fieldWords[g].En
		}
	}
	name := x.Rule
	if x.Note != "" {
		name += "「" + x.Note + "」"
	}
	if len(x.Lost) == 0 {
		return say("rule", "适用规则 %[1]s：%[2]s，是唯一符合的规则", "Rule %[1]s applies: %[3]s; the only one that matches", nil, name, zh, en)
	}
	return say("rule", "适用规则 %[1]s：%[2]s，优先于另外 %[4]d 条符合的规则", "Rule %[1]s applies: %[3]s; it goes before %[4]d others that match", nil, name, zh, en, len(x.Lost))
}

// WhyNot says what kept the line from being more.
func (x Explain) WhyNot() []fault.Words {
	var out []fault.Words
	for _, s := range x.More {
		out = append(out, s.words().Words)
	}
	for _, o := range append(append([]Other{}, x.Near...), x.Lost...) {
		name := o.Rule
		if o.Note != "" {
			name += "「" + o.Note + "」"
		}
		f := fieldWords[o.By]
		switch o.Why {
		case "missed":
			out = append(out, fault.Words{Zh: fmt.Sprintf("规则 %s 未适用：%s不符合", name, f.Zh), En: fmt.Sprintf("Rule %s did not apply: the %s does not match", name, f.En)})
		case "less_specific":
			out = append(out, fault.Words{Zh: fmt.Sprintf("规则 %s 也符合，但没有限定%s，不如适用的规则具体", name, f.Zh), En: fmt.Sprintf("Rule %s matches too, but does not name the %s and is less specific", name, f.En)})
		case "city_first":
			out = append(out, fault.Words{Zh: fmt.Sprintf("省方案规则 %s 也符合，但市方案优先", name), En: fmt.Sprintf("Rule %s of the province matches too, but the city's plan goes first", name)})
		default:
			out = append(out, fault.Words{Zh: fmt.Sprintf("规则 %s 也符合，但在方案中排在后面", name), En: fmt.Sprintf("Rule %s matches too, but stands later in the plan", name)})
		}
	}
	for _, s := range x.Split {
		if s.Missing {
			p := partyWords(s.To, "")
			out = append(out, fault.Words{Zh: p.Zh + "不存在，这一部分不支付", En: "There is no " + p.En + "; that part is not paid"})
		}
	}
	return out
}

func quantity(n int64, unit bool) fault.Words {
	if unit {
		return fault.Words{Zh: fmt.Sprintf("%d 个", n), En: fmt.Sprintf("%d units", n)}
	}
	return fault.Words{Zh: money.Yuan(n) + " 元", En: money.Yuan(n) + " yuan"}
}

// words of one step.
func (s Step) words() Said {
	n := func(i int) int64 { return s.N[i] }
	q := func(i int) fault.Words { return quantity(s.N[i], s.Unit) }
	switch s.Code + "/" + s.Form {
	case "formula/flat":
		return say("formula", "每笔固定 %s 元", "A flat %s yuan per event", nil, money.Yuan(n(0)))
	case "formula/flat_unit":
		return say("formula", "%d 个 × %s 元", "%d units × %s yuan", nil, n(0), money.Yuan(n(1)))
	case "formula/rate", "formula/rate_unit":
		if s.Form == "rate_unit" {
			return say("formula", "%d 个 × %s 元", "%d units × %s yuan", nil, n(0), yuanPPM(n(1)))
		}
		return say("formula", "%s 元 × %s", "%s yuan × %s", nil, money.Yuan(n(0)), money.Percent(n(1)))
	case "formula/marginal_event", "formula/marginal_event_unit":
		return say("formula", "超额累进阶梯，按本笔 %[1]s 分段计算", "Marginal tiers over this event's %[2]s", nil, q(0).Zh, q(0).En)
	case "formula/marginal_month", "formula/marginal_month_unit":
		return say("formula", "超额累进阶梯，按当月累计：本笔之前 %[1]s，本笔 %[2]s", "Marginal tiers over the month: %[3]s before, %[4]s now", nil, q(1).Zh, q(0).Zh, q(1).En, q(0).En)
	case "formula/whole_event", "formula/whole_event_unit":
		return say("formula", "全额阶梯，按本笔 %[1]s 所达档位计算", "Whole-amount tiers by this event's %[2]s", nil, q(0).Zh, q(0).En)
	case "formula/whole_month", "formula/whole_month_unit":
		return say("formula", "全额阶梯，按当月合计 %[1]s 所达档位计算本笔 %[2]s（月度核算前为暂计）", "Whole-amount tiers by the month's total of %[3]s, for this event's %[4]s (provisional until the month is calculated)", nil, q(2).Zh, q(0).Zh, q(2).En, q(0).En)
	case "step/part_ppm":
		if s.Unit {
			return say("step", "%d 个 × %s 元（%d 起的一档）", "%d units × %s yuan (step from %d)", nil, n(0), yuanPPM(n(1)), n(2))
		}
		return say("step", "%s 元 × %s（%s 元起的一档）", "%s yuan × %s (step from %s yuan)", nil, money.Yuan(n(0)), money.Percent(n(1)), money.Yuan(n(2)))
	case "step/part_fen":
		return say("step", "%d 个 × %s 元（%d 起的一档）", "%d units × %s yuan (step from %d)", nil, n(0), money.Yuan(n(1)), n(2))
	case "next_step/part_ppm":
		return say("next_step", "再多 %s 元就到下一档（%s）", "%s yuan more would reach the next step (%s)", nil, money.Yuan(n(0)), money.Percent(n(1)))
	case "next_step/part_ppm_unit":
		return say("next_step", "再多 %d 个就到下一档（每个 %s 元）", "%d units more would reach the next step (%s yuan each)", nil, n(0), yuanPPM(n(1)))
	case "next_step/part_fen_unit":
		return say("next_step", "再多 %d 个就到下一档（每个 %s 元）", "%d units more would reach the next step (%s yuan each)", nil, n(0), money.Yuan(n(1)))
	case "round/":
		return say("round", "合计 %s 分，四舍五入到分 = %s 元", "%s fen in all, rounded half away from zero = %s yuan", s.Fen, s.T, money.Yuan(*s.Fen))
	case "floor/":
		return say("floor", "%s 元低于单笔保底，按 %s 元计", "%s yuan is below the floor; %s yuan is paid", s.Fen, money.Yuan(n(0)), money.Yuan(n(1)))
	case "line_cap/":
		return say("line_cap", "%s 元超过单笔封顶，按 %s 元计", "%s yuan is above the cap of a line; %s yuan is paid", s.Fen, money.Yuan(n(0)), money.Yuan(n(1)))
	case "month_cap/":
		return say("month_cap", "%s 元：本规则每月封顶 %s 元，本月此前已计 %s 元", "%s yuan: the rule pays at most %s yuan a month, %s yuan were paid before", s.Fen, money.Yuan(n(0)), money.Yuan(n(1)), money.Yuan(n(2)))
	case "refund/":
		return say("formula", "原酬金 %s 元 × 累计退款 %s 元 / 原金额 %s 元 = 累计应冲回 %s 元，此前已冲回 %s 元，最多冲回剩余的 %s 元", "Line of %s yuan × refunded so far %s / amount %s = %s yuan to reverse so far, %s reversed before, at most the %s left", s.Fen,
			money.Yuan(n(0)), money.Yuan(n(1)), money.Yuan(n(2)), money.Yuan(n(3)), money.Yuan(n(4)), money.Yuan(n(5)))
	case "taken_back/":
		return say("clawback", "服务在 %[4]s 之前终止（%[3]d 个月内）：剩余 %[1]s 元 × %[2]s 追回", "The service ended before %[4]s (within %[3]d months): %[2]s of the %[1]s yuan left is taken back", s.Fen, money.Yuan(n(0)), money.Percent(n(1)), n(2), s.T)
	case "self_dealing/":
		return say("formula", "客户是销售方本单位或其员工，不计酬", "The account is the seller's own firm or staff: nothing is earned", s.Fen)
	case "upheld/":
		return say("formula", "核查认定为违规业务，不计酬", "It was found to break the rules: nothing is earned", s.Fen)
	case "dropped/":
		return say("formula", "没有规则再适用于这一事件，更正为 0", "No rule applies to this event any more; corrected to 0", s.Fen)
	case "adjusted/":
		return say("formula", "重新计算为 %s 元，已记 %s 元，更正差额", "Computed again as %s yuan, posted so far %s yuan; the difference is posted", s.Fen, money.Yuan(n(0)), money.Yuan(n(1)))
	}
	return Said{Code: s.Code, Words: fault.Words{Zh: s.T, En: s.T}, Fen: s.Fen}
}

// yuanPPM writes a rate per unit, ppm of a fen, as yuan.
func yuanPPM(ppm int64) string {
	s := fmt.Sprintf("%d.%08d", ppm/100_000_000, ppm%100_000_000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
