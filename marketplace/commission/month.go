package commission

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Move is one step from last month's commission to this month's, in fen: what
// lines of a kind brought then and bring now.
type Move struct {
	Kind     string // activation, recurring, adjustment, refund or clawback
	WasFen   int64
	NowFen   int64
	WasLines int
	NowLines int
}

// Standing is a group of what a month holds, and what keeps it from being paid.
type Standing struct {
	Code   string // held, due, in_statement, disputed, confirmed, paid; no_rule, self_dealing, capped or zero
	Events int
	Fen    int64
	Until  string // of held: the first day something falls due
	fault.Words
	Some []StandingLine // the first of them
}

// StandingLine is one example.
type StandingLine struct {
	LineID       *uuid.UUID // the actor's share, none where there is no line
	BusinessDate string
	AccountName  string
	Product      string
	AmountFen    int64
	ShareFen     int64
}

// Month is a month of one firm: how it came to differ from the one before, and
// what stands where.
type Month struct {
	Month, Before string
	WasFen        int64
	NowFen        int64
	Moves         []Move
	Standings     []Standing
}

// the order they are shown in
var (
	moveKinds = []string{"activation", "recurring", "adjustment", "refund", "clawback"}
	standings = []struct {
		code   string
		zh, en string
	}{
		{"paid", "已付款", "Paid"},
		{"confirmed", "已确认，等待付款", "Confirmed, waits to be paid"},
		{"in_statement", "在对账单里，等待确认", "In a statement, waits to be confirmed"},
		{"due", "已到期，进入下一张对账单", "Due, goes into the next statement"},
		{"held", "观察期未满", "Still held"},
		{"disputed", "有异议，暂扣", "Disputed, held back"},
		{"frozen", "已冻结，等待核查", "Frozen, being looked into"},
		{"capped", "已达当月封顶，不再计酬", "The cap of the month is reached: nothing more is earned"},
		{"self_dealing", "客户是本单位或其员工，不计酬", "The account is the own firm or its staff: nothing is earned"},
		{"upheld", "核查认定违规，不计酬", "Found to break the rules: nothing is earned"},
		{"zero", "计酬基数为 0", "There is nothing to earn on: the basis is 0"},
		{"no_rule", "没有酬金规则适用", "No rule of a plan applies"},
	}
)

// MonthOf explains a month of the actor's firm; of the named one for an operator.
func (s *Service) MonthOf(ctx context.Context, a tenants.Actor, firm uuid.UUID, month string) (Month, error) {
	out := Month{Month: month}
	if err := a.Need(Read); err != nil {
		return out, err
	}
	if err := checkMonth(month); err != nil {
		return out, err
	}
	out.Before = calendar.AddMonths(month+"-01", -1)[:7]
	if a.Partner() {
		firm = a.Tenant.ID
	}
	args := map[string]any{"p": a.Tenant.ProvinceID, "me": firm, "m": month, "before": out.Before}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var sums []struct {
			Kind, Month string
			Fen         int64
			Lines       int
		}
		if err := tx.Raw(`SELECT CASE kind WHEN 'accrual' THEN event_kind ELSE kind END AS kind, month, sum(share_fen)::bigint AS fen, count(*) AS lines
			FROM commission_shares WHERE province_id = @p AND partner_id = @me AND month IN (@m, @before) GROUP BY 1, 2`, args).Scan(&sums).Error; err != nil {
			return err
		}
		for _, kind := range moveKinds {
			m := Move{Kind: kind}
			for _, x := range sums {
				switch {
				case x.Kind != kind:
				case x.Month == month:
					m.NowFen, m.NowLines = x.Fen, x.Lines
				default:
					m.WasFen, m.WasLines = x.Fen, x.Lines
				}
			}
			out.WasFen, out.NowFen = out.WasFen+m.WasFen, out.NowFen+m.NowFen
			if m.WasLines+m.NowLines > 0 {
				out.Moves = append(out.Moves, m)
			}
		}
		// What stands where: the firm's lines of the month, and the events it
		// sold in it that brought no line or nothing.
		var rows []struct {
			Code   string
			Events int
			Fen    int64
			Until  string
			StandingLine
		}
		if err := tx.Raw(`WITH standing AS (
				SELECT CASE WHEN frozen THEN 'frozen' WHEN share_fen <> 0 OR kind <> 'accrual' THEN state
						WHEN jsonb_contains(explain->'steps', '[{"code": "self_dealing"}]') THEN 'self_dealing'
						WHEN jsonb_contains(explain->'steps', '[{"code": "upheld"}]') THEN 'upheld' WHEN jsonb_contains(explain->'steps', '[{"code": "month_cap"}]') THEN 'capped' ELSE 'zero' END AS code,
					CASE state WHEN 'held' THEN due_on ELSE '' END AS until, id AS line_id, business_date, account_name, product, basis_fen AS amount_fen, share_fen, at
				FROM commission_shares WHERE province_id = @p AND partner_id = @me AND month = @m
				UNION ALL
				SELECT 'no_rule', '', NULL, business_date, facts->>'AccountName', facts->>'Product', amount_fen, 0, at FROM commission_events e
				WHERE province_id = @p AND partner_id = @me AND month = @m AND kind IN ('activation', 'recurring')
					AND NOT EXISTS (SELECT FROM commission_lines l WHERE l.province_id = e.province_id AND l.event_id = e.id)),
			ranked AS (SELECT *, row_number() OVER (PARTITION BY code ORDER BY at, line_id) AS n, count(*) OVER (PARTITION BY code) AS events, sum(share_fen) OVER (PARTITION BY code) AS fen, min(until) OVER (PARTITION BY code) AS first FROM standing)
			SELECT code, events, fen::bigint AS fen, first AS until, line_id, business_date, coalesce(account_name, '') AS account_name, coalesce(product, '') AS product, amount_fen, share_fen FROM ranked WHERE n <= 5 ORDER BY code, n`, args).Scan(&rows).Error; err != nil {
			return err
		}
		for _, k := range standings {
			g := Standing{Code: k.code, Words: fault.Words{Zh: k.zh, En: k.en}}
			for _, r := range rows {
				if r.Code != k.code {
					continue
				}
				g.Events, g.Fen, g.Until = r.Events, r.Fen, r.Until
				g.Some = append(g.Some, r.StandingLine)
			}
			if g.Events > 0 {
				out.Standings = append(out.Standings, g)
			}
		}
		return nil
	})
	return out, err
}
