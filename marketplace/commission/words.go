package commission

import (
	"fmt"
	"strings"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/money"
	"ecoport/marketplace/solution"
	"ecoport/tenants/account"
)

var eventWords = map[string]fault.Words{
	Activation: {Zh: "业务开通", En: "activation"}, Recurring: {Zh: "计费月收入", En: "recurring revenue"},
	Refund: {Zh: "退款", En: "refund"}, Ended: {Zh: "服务终止", En: "end of service"},
}

var fieldWords = map[string]fault.Words{
	"product": {Zh: "产品", En: "product"}, "category": {Zh: "类别", En: "category"}, "city": {Zh: "地市", En: "city"},
	"tier": {Zh: "合作等级", En: "tier"}, "capability": {Zh: "合作类型", En: "capability"},
	"account_kind": {Zh: "客户类型", En: "account kind"}, "account": {Zh: "新老客户", En: "new or existing account"},
}

var values = map[string]map[string]fault.Words{
	"tier": {
		"registered": {Zh: "注册", En: "registered"}, "certified": {Zh: "认证", En: "certified"}, "preferred": {Zh: "优选", En: "preferred"}, "strategic": {Zh: "战略", En: "strategic"},
	},
	"capability": {
		"si": {Zh: "集成商 SI", En: "SI"}, "sales_si": {Zh: "销售型 SI", En: "sales SI"}, "sa": {Zh: "销售代理 SA", En: "SA"},
		"agent": {Zh: "渠道代理人", En: "agent"}, "alliance": {Zh: "联盟伙伴", En: "alliance"}, "test_lab": {Zh: "测试机构", En: "test lab"},
	},
	"account_kind": {
		"government": {Zh: "政府", En: "government"}, "enterprise": {Zh: "企业", En: "enterprise"}, "individual": {Zh: "个体", En: "individual"}, "cluster": {Zh: "聚类", En: "cluster"},
	},
	"account": {"new": {Zh: "新客户", En: "new"}, "existing": {Zh: "老客户", En: "existing"}},
}

func valueWords(field, v string) fault.Words {
	if w, ok := values[field][v]; ok {
		return w
	}
	for _, t := range map[string][]account.Term{"product": solution.Families, "category": solution.Categories}[field] {
		if t.Code == v {
			return t.Words
		}
	}
	return fault.Words{Zh: v, En: v}
}

func partyWords(to, name string) fault.Words {
	w := fault.Words{Zh: "合作伙伴 " + strings.TrimPrefix(to, "partner:"), En: "partner " + strings.TrimPrefix(to, "partner:")}
	switch to {
	case "seller":
		w = fault.Words{Zh: "销售方", En: "seller"}
	case "solution_owner":
		w = fault.Words{Zh: "方案提供方", En: "solution owner"}
	case "city":
		w = fault.Words{Zh: "市公司", En: "city company"}
	}
	if name != "" {
		w.Zh, w.En = w.Zh+"（"+name+"）", w.En+" ("+name+")"
	}
	return w
}

// Sentence says a rule in words, for makers and checkers of plans.
func (r Rule) Sentence() fault.Words {
	var zh, en []string
	for _, f := range []struct {
		name   string
		values []string
	}{
		{"product", r.Match.Product},
		{"category", r.Match.Category},
		{"city", r.Match.City},
		{"tier", r.Match.Tier},
		{"capability", r.Match.Capability},
		{"account_kind", r.Match.AccountKind},
	} {
		var z, e []string
		for _, v := range f.values {
			w := valueWords(f.name, v)
			z, e = append(z, w.Zh), append(e, w.En)
		}
		if len(z) > 0 {
			zh, en = append(zh, fieldWords[f.name].Zh+"为"+strings.Join(z, "或")), append(en, fieldWords[f.name].En+" "+strings.Join(e, " or "))
		}
	}
	if r.Match.Account != "" {
		w := valueWords("account", r.Match.Account)
		zh, en = append(zh, w.Zh), append(en, w.En+" accounts")
	}
	if len(zh) == 0 {
		zh, en = []string{"所有业务"}, []string{"everything"}
	}
	head := r.ID
	if r.Note != "" {
		head = r.Note
	}
	b := eventWords[r.Basis.Event()]
	if len(r.Basis.Months) == 2 {
		b = fault.Words{Zh: fmt.Sprintf("第 %d 至 %d 个计费月", r.Basis.Months[0], r.Basis.Months[1]), En: fmt.Sprintf("billing months %d to %d", r.Basis.Months[0], r.Basis.Months[1])}
	}
	f := r.Formula.sentence(r.Basis.Kind == "per_unit")
	z := fmt.Sprintf("%s：%s，%s时%s", head, strings.Join(zh, "，"), b.Zh, f.Zh)
	e := fmt.Sprintf("%s: for %s, on %s, %s", head, strings.Join(en, ", "), b.En, f.En)
	add := func(zh, en string, args ...any) {
		w := fault.Words{Zh: zh, En: en}.Fill(args...)
		z, e = z+"；"+w.Zh, e+"; "+w.En
	}
	if r.Floor != nil && r.Floor.Line != nil {
		add("每笔保底 %s 元", "at least %s yuan a line", money.Yuan(*r.Floor.Line))
	}
	if r.Cap != nil && r.Cap.Line != nil {
		add("每笔封顶 %s 元", "at most %s yuan a line", money.Yuan(*r.Cap.Line))
	}
	if r.Cap != nil && r.Cap.Month != nil {
		add("每月封顶 %s 元", "at most %s yuan a month", money.Yuan(*r.Cap.Month))
	}
	if r.HoldDays > 0 {
		add("保留 %d 天", "held %d days", r.HoldDays)
	}
	for _, c := range r.Clawback {
		add("%d 个月内终止追回 %s", "%[2]s taken back on an end within %[1]d months", c.WithinMonths, money.Percent(c.PPM))
	}
	if len(r.Split) > 0 {
		var zs, es []string
		for _, p := range r.Split {
			w := partyWords(p.To, "")
			zs, es = append(zs, w.Zh+" "+money.Percent(p.PPM)), append(es, w.En+" "+money.Percent(p.PPM))
		}
		add("%[1]s", "%[2]s", "分成 "+strings.Join(zs, "、"), "split "+strings.Join(es, ", "))
	}
	return fault.Words{Zh: z, En: e}
}

func (f Formula) sentence(unit bool) fault.Words {
	value := func(v *int64) int64 {
		if v == nil {
			return 0
		}
		return *v
	}
	rate := func(ppm *int64, fen *int64) string {
		switch {
		case fen != nil:
			return money.Yuan(*fen) + " 元/个"
		case unit:
			return yuanPPM(value(ppm)) + " 元/个"
		}
		return money.Percent(value(ppm))
	}
	switch f.Kind {
	case "flat":
		if unit {
			return fault.Words{Zh: "每个 " + money.Yuan(value(f.Fen)) + " 元", En: money.Yuan(value(f.Fen)) + " yuan a unit"}
		}
		return fault.Words{Zh: "每笔 " + money.Yuan(value(f.Fen)) + " 元", En: money.Yuan(value(f.Fen)) + " yuan an event"}
	case "rate":
		if unit {
			return fault.Words{Zh: "每个 " + yuanPPM(value(f.PPM)) + " 元", En: yuanPPM(value(f.PPM)) + " yuan a unit"}
		}
		return fault.Words{Zh: "按金额的 " + rate(f.PPM, nil), En: rate(f.PPM, nil) + " of the amount"}
	}
	var steps []string
	for _, s := range f.Steps {
		from := money.Yuan(s.From)
		if unit {
			from = fmt.Sprint(s.From)
		}
		steps = append(steps, from+"+ → "+rate(s.PPM, s.Fen))
	}
	per := fault.Words{Zh: "单笔", En: "event"}
	if f.Per == "month" {
		per = fault.Words{Zh: "当月累计", En: "month"}
	}
	mode := fault.Words{Zh: "超额累进", En: "marginal"}
	if f.Mode == "whole" {
		mode = fault.Words{Zh: "全额", En: "whole-amount"}
	}
	list := strings.Join(steps, ", ")
	return fault.Words{Zh: "按" + per.Zh + mode.Zh + "阶梯 " + list, En: "by " + mode.En + " tiers per " + per.En + " " + strings.ReplaceAll(list, "元/个", "yuan a unit")}
}
