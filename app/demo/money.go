package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

func fen(n int64) *int64 { return &n }

// plan is made by the channel manager and checked by the settlement officer,
// before the first sale.
func (l *Loader) plan(ctx context.Context) error {
	half := []commission.Part{{To: "seller", PPM: 700_000}, {To: "solution_owner", PPM: 300_000}}
	doc := commission.Document{Plan: "gd-channel", Province: "GD", ValidFrom: calendar.Date(l.ago(400)), Currency: "CNY", Rules: []commission.Rule{
		{
			ID: "activation", Note: "开通酬金", Basis: commission.Basis{Kind: "activation"}, Formula: commission.Formula{Kind: "rate", PPM: fen(80_000)},
			Floor: &commission.Limit{Line: fen(1_000)}, Cap: &commission.Limit{Line: fen(5_000_000), Month: fen(20_000_000)}, HoldDays: 30,
			Clawback: []commission.Clawback{{WithinMonths: 3, PPM: 1_000_000}, {WithinMonths: 6, PPM: 500_000}},
		},
		{
			ID: "qixintong-activation", Note: "企信通开通阶梯酬金", Match: commission.Match{Product: []string{"qixintong", "mas"}}, Basis: commission.Basis{Kind: "activation"},
			Formula:  commission.Formula{Kind: "tiers", Mode: "marginal", Per: "month", Steps: []commission.Tier{{From: 0, PPM: fen(50_000)}, {From: 1_000_000, PPM: fen(80_000)}, {From: 5_000_000, PPM: fen(100_000)}}},
			HoldDays: 30, Split: half,
		},
		{
			ID: "industry-activation", Note: "行业应用开通酬金", Match: commission.Match{Category: []string{"industry"}}, Basis: commission.Basis{Kind: "activation"}, Formula: commission.Formula{Kind: "rate", PPM: fen(100_000)},
			HoldDays: 30, Split: half, Clawback: []commission.Clawback{{WithinMonths: 3, PPM: 1_000_000}},
		},
		{ID: "recurring", Note: "月度续费酬金", Basis: commission.Basis{Kind: "recurring", Months: []int{1, 12}}, Formula: commission.Formula{Kind: "rate", PPM: fen(30_000)}},
		{ID: "terminal-units", Note: "终端按台酬金", Match: commission.Match{Category: []string{"terminal"}}, Basis: commission.Basis{Kind: "per_unit", On: "activation"}, Formula: commission.Formula{Kind: "flat", Fen: fen(2_000)}},
	}}
	maker, checker := l.one("GD", "channel_manager"), l.one("GD", "settlement_officer")
	at := l.at(ctx, l.ago(398))
	p, err := l.Commissions.CreatePlan(at, maker, doc)
	if err != nil {
		return err
	}
	if _, err = l.Commissions.SubmitPlan(at, maker, p.ID); err != nil {
		return err
	}
	if _, err = l.Commissions.PublishPlan(l.at(ctx, l.ago(397)), checker, p.ID); err != nil {
		return err
	}
	// The next year's version waits for its check.
	doc.ValidFrom = calendar.Date(l.now.AddDate(0, 1, 0))
	doc.Rules[0].Formula.PPM = fen(90_000)
	at = l.at(ctx, l.ago(2))
	if p, err = l.Commissions.CreatePlan(at, maker, doc); err != nil {
		return err
	}
	_, err = l.Commissions.SubmitPlan(at, maker, p.ID)
	return err
}

// months bills every service each month and settles all months that are over,
// as the settlement officer would have; the statements of the last one have
// just been issued.
func (l *Loader) months(ctx context.Context) error {
	officer := l.one("GD", "settlement_officer")
	var services []struct {
		Number     string
		ActiveAt   time.Time
		EndedAt    *time.Time
		MonthlyFen int64
	}
	err := l.DB.Read(ctx, tenants.System(l.province.ID, "demo"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT number, active_at, ended_at, monthly_fen FROM services WHERE province_id = ? AND monthly_fen > 0 ORDER BY active_at, number`, l.province.ID).Scan(&services).Error
	})
	if err != nil {
		return err
	}
	first := l.now.In(calendar.Shanghai)
	first = time.Date(first.Year(), first.Month(), 1, 12, 0, 0, 0, calendar.Shanghai)
	for back := 12; back >= 1; back-- {
		month := first.AddDate(0, -back, 0)
		name := calendar.Month(month)
		var sent []commission.Sent
		for _, s := range services {
			n := (month.Year()-s.ActiveAt.In(calendar.Shanghai).Year())*12 + int(month.Month()) - int(s.ActiveAt.In(calendar.Shanghai).Month()) + 1
			if n < 1 || s.ActiveAt.After(month.AddDate(0, 1, -2)) || (s.EndedAt != nil && s.EndedAt.Before(month)) {
				continue
			}
			at := month.AddDate(0, 0, 24)
			sent = append(sent, commission.Sent{ID: fmt.Sprintf("bill:%s:%s", s.Number, name), Kind: commission.Recurring, ServiceNumber: s.Number, At: at, AmountFen: s.MonthlyFen, Units: 1, Month: n})
		}
		settled := month.AddDate(0, 1, 2).UTC()
		if back == 1 {
			// Early in a month the last one has only just ended.
			settled = l.ago(1.5)
			if over := first.Add(-11 * time.Hour); settled.Before(over) {
				settled = over.UTC()
			}
		}
		closing := l.at(ctx, settled)
		if len(sent) > 0 {
			if _, _, err := l.Commissions.SendEvents(closing, officer, sent, false); err != nil {
				return err
			}
		}
		if _, err := l.Commissions.Calculate(closing, officer, name); err != nil {
			if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
				continue
			}
			return fmt.Errorf("calculate %s: %w", name, err)
		}
		if err := l.jobs.Calculate(closing, l.province.ID, name); err != nil {
			return err
		}
		if _, err := l.Commissions.Issue(closing, officer, name); err != nil {
			return fmt.Errorf("issue %s: %w", name, err)
		}
		if err := l.confirm(ctx, name, settled.Add(20*time.Hour), back == 1); err != nil {
			return err
		}
		if back > 1 {
			if err := l.pay(ctx, name, settled.Add(72*time.Hour), back); err != nil {
				return fmt.Errorf("pay %s: %w", name, err)
			}
		}
	}
	return nil
}

// confirm lets agents confirm their statements; of the newest month the tour's
// agent leaves one for the visitor, and another disputes a line.
func (l *Loader) confirm(ctx context.Context, month string, at time.Time, newest bool) error {
	then := l.at(ctx, at)
	for i, f := range l.agents {
		found, _, err := l.Commissions.Statements(ctx, f.finance, commission.StatementQuery{Month: month, State: "issued", Limit: 5})
		if err != nil {
			return err
		}
		for _, st := range found {
			if newest && i == 0 {
				continue
			}
			if newest && i == 1 {
				d, err := l.Commissions.Statement(ctx, f.finance, st.ID)
				if err != nil {
					return err
				}
				if len(d.Items) > 1 {
					if _, err := l.Commissions.Dispute(then, f.finance, d.Items[0].ID, "开通日期与验收单不一致，应计入上月阶梯。"); err != nil {
						return err
					}
				}
			}
			if _, err := l.Commissions.Confirm(then, f.finance, st.ID); err != nil && !errors.Is(err, fault.ErrMissing) {
				return err
			}
		}
	}
	return nil
}

// pay lets agents say where they are paid and send invoices, and the officers
// pay what is ready; of the month before last all waits for the visitor. Once
// a bank returns the money of a firm, which mends its account.
func (l *Loader) pay(ctx context.Context, month string, at time.Time, back int) error {
	then := l.at(ctx, at)
	maker, checker := l.one("GD", "settlement_officer"), l.staff["GD/settlement_officer"][1]
	banks := []string{"中国工商银行", "中国建设银行", "招商银行", "中国银行"}
	for i, f := range l.agents {
		if back == 2 && i == 1 {
			continue // its invoice is missing
		}
		found, _, err := l.Commissions.Statements(ctx, f.finance, commission.StatementQuery{Month: month, State: "confirmed", Limit: 5})
		if err != nil {
			return err
		}
		for _, st := range found {
			if st.PayableFen == 0 {
				continue
			}
			p, err := l.Commissions.Payee(then, f.finance)
			if err != nil {
				return err
			}
			if p.Version == 0 {
				p.Bank, p.Branch, p.AccountNumber, p.Taxpayer = banks[i%len(banks)], "广州天河支行", fmt.Sprintf("36020001%011d", 7919*(i+3)), "general"
				if _, err := l.Commissions.SavePayee(then, f.finance, p); err != nil {
					return err
				}
			}
			tax, err := money.MulDiv(st.PayableFen, 60_000, 1_060_000)
			if err != nil {
				return err
			}
			number := fmt.Sprintf("2644%04d%s%s%06d", i, st.Month[:4], st.Month[5:], 104_729*(i+1)%1_000_000)
			if _, err := l.Commissions.AddInvoice(then, f.finance, st.ID, commission.Invoice{Number: number, Kind: "special", IssuedOn: calendar.Date(at), AmountFen: st.PayableFen, TaxFen: tax, RatePPM: 60_000}); err != nil {
				return err
			}
		}
	}
	if back == 2 {
		return nil
	}
	if _, _, err := l.Commissions.ApproveReady(then, maker); err != nil {
		return err
	}
	b, err := l.Commissions.MakeBatch(then, maker, "icbc")
	if errors.Is(err, commission.ErrNoPayouts) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := l.Commissions.CheckBatch(l.at(ctx, at.Add(3*time.Hour)), checker, b.ID); err != nil {
		return err
	}
	if b, err = l.Commissions.SendBatch(l.at(ctx, at.Add(4*time.Hour)), maker, b.ID); err != nil {
		return err
	}
	var answers []commission.Answered
	for i, p := range b.Items {
		x := commission.Answered{Number: p.Number, Paid: true, AmountFen: p.AmountFen, Reference: fmt.Sprintf("ICBC%s%05d", calendar.Date(at)[:4], 31*(i+1)), At: at.Add(24 * time.Hour)}
		if back == 5 && i == 1 {
			x.Paid, x.Reason = false, "账号与户名不符，退票"
		}
		answers = append(answers, x)
	}
	_, _, err = l.Commissions.AnswerPayouts(l.at(ctx, at.Add(25*time.Hour)), maker, answers, false)
	return err
}

// gamed is one agent who splits a customer's order into parts: flagged, held,
// and left to the visitor.
func (l *Loader) gamed(ctx context.Context) error {
	system := tenants.System(l.province.ID, "demo")
	var like struct{ Facts pg.JSON[commission.Event] }
	if err := l.DB.Read(ctx, system, func(tx *pg.Tx) error {
		return pg.One(tx.Raw(`SELECT facts FROM commission_events WHERE province_id = ? AND kind = 'activation' AND partner_id = ? AND amount_fen > 0 ORDER BY at DESC LIMIT 1`, l.province.ID, l.agents[1].finance.Tenant.ID), &like)
	}); err != nil {
		if f, ok := fault.As(err); ok && f.Kind == fault.Missing {
			return nil
		}
		return err
	}
	for i := range 3 {
		e := like.Facts.V
		e.ExternalID, e.At = fmt.Sprintf("part:%d:%s", i+1, e.ServiceNumber), l.ago(float64(6-i))
		e.ServiceID, e.ServiceNumber = pg.NewID(), fmt.Sprintf("%s-%d", e.ServiceNumber, i+1)
		if _, _, err := l.Commissions.Record(l.at(ctx, e.At), system, []commission.Event{e}); err != nil {
			return err
		}
	}
	return l.Commissions.FlagJob(l.at(ctx, l.ago(0.2)), nil)
}
