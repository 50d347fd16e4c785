package commission

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Summary is somebody's money at a glance, in fen.
type Summary struct {
	ExpectedFen, ToConfirmFen, ConfirmedFen, PaidFen, CarryFen int64
	Next                                                       *Statement `gorm:"-"` // waits for confirmation, the most urgent
	Months                                                     []MonthSum `gorm:"-"` // last twelve, oldest first
}

// MonthSum is one bar.
type MonthSum struct {
	Month                  string
	SettledFen, PendingFen int64
}

// Summary of the actor's firm; of all visible partners for an operator.
func (s *Service) Summary(ctx context.Context, a tenants.Actor) (Summary, error) {
	if err := a.Need(Read); err != nil {
		return Summary{}, err
	}
	var out Summary
	now := calendar.Now(ctx)
	first := calendar.AddMonths(calendar.Month(now)+"-01", -11)[:7]
	// Row security decides; the owner's filter beside it lets the index be used.
	owner := `province_id = @p`
	if a.Partner() {
		owner += ` AND partner_id = @me`
	}
	args := map[string]any{"p": a.Tenant.ProvinceID, "me": a.Tenant.ID, "first": first, "year": now.Add(-365 * 24 * time.Hour)}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Raw(`SELECT (SELECT coalesce(sum(share_fen), 0)::bigint FROM commission_shares WHERE `+owner+` AND statement_id IS NULL) AS expected_fen,
			coalesce(sum(payable_fen) FILTER (WHERE state = 'issued'), 0)::bigint AS to_confirm_fen,
			coalesce(sum(payable_fen) FILTER (WHERE state IN ('confirmed', 'approved')), 0)::bigint AS confirmed_fen,
			coalesce(sum(payable_fen) FILTER (WHERE state IN ('paid', 'closed') AND paid_at > @year), 0)::bigint AS paid_fen,
			(SELECT coalesce(sum(carry), 0)::bigint FROM (SELECT DISTINCT ON (partner_id) carry_out_fen AS carry FROM statements WHERE `+owner+` ORDER BY partner_id, month DESC) c) AS carry_fen
			FROM statements WHERE `+owner, args).Scan(&out).Error; err != nil {
			return err
		}
		var next []Statement
		if err := tx.Raw(`SELECT * FROM statements WHERE `+owner+` AND state = 'issued' ORDER BY confirm_by, id LIMIT 1`, args).Scan(&next).Error; err != nil {
			return err
		}
		if len(next) > 0 {
			out.Next = &next[0]
		}
		var sums []MonthSum
		err := tx.Raw(`SELECT month, sum(settled)::bigint AS settled_fen, sum(pending)::bigint AS pending_fen FROM (
				SELECT month, total_fen - held_fen AS settled, 0 AS pending FROM statements WHERE `+owner+` AND month >= @first
				UNION ALL SELECT month, 0, share_fen FROM commission_shares WHERE `+owner+` AND month >= @first AND statement_id IS NULL) x GROUP BY month`, args).Scan(&sums).Error
		for m := first; m <= calendar.Month(now); m = nextMonth(m) {
			sum := MonthSum{Month: m}
			for _, x := range sums {
				if x.Month == m {
					sum = x
				}
			}
			out.Months = append(out.Months, sum)
		}
		return err
	})
	return out, err
}

// LineQuery filters lines.
type LineQuery struct {
	Kind               string // activation, recurring, adjustment, refund or clawback
	Month, State, Text string
	After              *LineKey
	Limit              int
}

// LineKey is where a page ends.
type LineKey struct {
	At time.Time
	ID uuid.UUID
}

// Lines lists shares the actor may see, newest first, and how many match.
func (s *Service) Lines(ctx context.Context, a tenants.Actor, q LineQuery) ([]Line, int64, error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	var rows []Line
	var total int64
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Line{})
		if q.Month != "" {
			d = d.Where("month = ?", q.Month)
		}
		switch q.Kind {
		case "":
		case Activation, Recurring:
			d = d.Where("kind = 'accrual' AND event_kind = ?", q.Kind)
		default:
			d = d.Where("kind = ?", q.Kind)
		}
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(account_name LIKE ? OR product LIKE ? OR order_number LIKE ?)", like, like, like)
		}
		var after LineKey
		if q.After != nil {
			after = *q.After
		}
		return pg.Newest(d, "at", after.At, after.ID, q.Limit, &rows, &total)
	})
	return rows, total, err
}

// Actions are what the actor may do with a line now.
func (l Line) Actions(a tenants.Actor, now time.Time) []string {
	out := []string{"explain"}
	open := l.DisputeState == "open"
	if a.Partner() && a.Can(StatementConfirm) && l.disputable(now) {
		out = append(out, "dispute")
	}
	if a.Partner() && a.Can(StatementConfirm) && open || !a.Partner() && a.Can(StatementIssue) && open {
		out = append(out, "say")
	}
	if !a.Partner() && a.Can(StatementIssue) && open {
		out = append(out, "settle_dispute")
	}
	return out
}

// Receipt explains a line from what is stored, never computed again.
type Receipt struct {
	Line
	Number  string // of the statement it is in
	Steps   []Said
	WhyNot  []fault.Words
	Talk    []DisputeMessage // newest first
	History []tenants.AuditEvent
}

// Receipt of one line.
func (s *Service) Receipt(ctx context.Context, a tenants.Actor, id uuid.UUID) (Receipt, error) {
	if err := a.Need(Read); err != nil {
		return Receipt{}, err
	}
	var r Receipt
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		if r.Line, err = getLine(tx, id); err != nil {
			return err
		}
		r.Steps, r.WhyNot = r.Explain.V.Words(), r.Explain.V.WhyNot()
		if r.History, err = tenants.History(tx, id); err != nil {
			return err
		}
		if r.Talk, err = talk(tx, id); err != nil {
			return err
		}
		in := r.StatementID
		if in == nil {
			r.Steps = append(r.Steps, say("statement", "尚未进入结算单：%[1]s", "Not in a statement yet: %[2]s", nil, r.waits().Zh, r.waits().En))
			return nil
		}
		var found []Statement
		if err := tx.Where("province_id = ? AND id = ?", r.ProvinceID, *in).Find(&found).Error; err != nil || len(found) == 0 {
			return err
		}
		st := found[0]
		r.Number = st.Number
		r.Steps = append(r.Steps, say("statement", "在结算单 %s（%s），确认截止 %s", "In statement %s (%s), to be confirmed by %s", nil, st.Number, st.Month, calendar.Date(st.ConfirmBy)))
		if r.State == "disputed" {
			r.Steps = append(r.Steps, say("statement", "已提出异议：%s", "Disputed: %s", nil, r.Dispute))
		}
		if st.PaidAt != nil {
			r.Steps = append(r.Steps, say("statement", "%s 已付款", "Paid on %s", nil, calendar.Date(*st.PaidAt)))
		}
		return nil
	})
	return r, err
}

func (l Line) waits() fault.Words {
	if l.Frozen {
		return fault.Words{Zh: "正在核查，暂不结算", En: "being looked into, not settled meanwhile"}
	}
	if l.State == "held" {
		return fault.Words{Zh: "保留到 " + l.DueOn, En: "held until " + l.DueOn}
	}
	return fault.Words{Zh: "已到期，进入下一张结算单", En: "due, it goes into the next statement"}
}
