package commission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
)

// confirmDays is how many working days a partner has to confirm a statement.
const confirmDays = 5

// jobPatience: a job that says it runs and has not moved for so long is dead.
const jobPatience = 35 * time.Minute

type monthJob struct {
	Province uuid.UUID `json:"province"`
	Month    string    `json:"month"`
}

// PeriodDetail is a period with its figures.
type PeriodDetail struct {
	Period
	Events, Lines                   int
	Statements, Confirmed, Disputed int
	TotalFen, PayableFen            int64
	Actions                         []string `gorm:"-"` // calculate, issue
}

func checkMonth(month string) error {
	if _, err := time.Parse("2006-01", month); err != nil {
		return fault.ErrMissing
	}
	return nil
}

// Periods lists the months of the province that have anything in them, newest
// first.
func (s *Service) Periods(ctx context.Context, a tenants.Actor) ([]PeriodDetail, error) {
	if err := a.Need(PeriodRead); err != nil {
		return nil, err
	}
	var out []PeriodDetail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		out, err = periods(ctx, tx, a, "")
		return err
	})
	return out, err
}

func periods(ctx context.Context, tx *pg.Tx, a tenants.Actor, only string) ([]PeriodDetail, error) {
	now := calendar.Now(ctx)
	var rows []PeriodDetail
	err := tx.Raw(`WITH months AS (SELECT month FROM commission_periods WHERE province_id = @p UNION SELECT month FROM commission_events WHERE province_id = @p
			UNION SELECT month FROM commission_lines WHERE province_id = @p UNION SELECT @now)
		SELECT m.month, coalesce(p.state, 'open') AS state, p.job_id, coalesce(p.job_state, '') AS job_state, coalesce(p.job_progress, 0) AS job_progress, coalesce(p.job_reason, '') AS job_reason,
			p.job_at, p.calculated_at, p.issued_at, coalesce(p.version, 0) AS version,
			(SELECT count(*) FROM commission_events e WHERE e.province_id = @p AND e.month = m.month) AS events,
			(SELECT count(*) FROM commission_lines l WHERE l.province_id = @p AND l.month = m.month) AS lines,
			(SELECT coalesce(sum(share_fen), 0)::bigint FROM commission_shares l WHERE l.province_id = @p AND l.month = m.month) AS total_fen,
			coalesce(s.n, 0) AS statements, coalesce(s.confirmed, 0) AS confirmed, coalesce(s.payable, 0) AS payable_fen,
			(SELECT count(*) FROM commission_shares l JOIN statements t ON t.province_id = l.province_id AND t.id = l.statement_id WHERE l.province_id = @p AND l.state = 'disputed' AND t.month = m.month) AS disputed
		FROM months m LEFT JOIN commission_periods p ON p.province_id = @p AND p.month = m.month
		LEFT JOIN (SELECT month, count(*) AS n, count(*) FILTER (WHERE state <> 'issued') AS confirmed, sum(payable_fen)::bigint AS payable FROM statements WHERE province_id = @p GROUP BY month) s ON s.month = m.month
		WHERE @only = '' OR m.month = @only ORDER BY m.month DESC LIMIT 120`,
		map[string]any{"p": a.Tenant.ProvinceID, "now": calendar.Month(now), "only": only}).Scan(&rows).Error
	for i := range rows {
		p := &rows[i]
		p.ProvinceID = a.Tenant.ProvinceID
		p.Actions = []string{}
		for _, action := range PeriodMachine.Actions(p.State, func(need string) bool { return a.Can(tenants.Permission(need)) }) {
			if action != "calculate" || over(p.Month, now) {
				p.Actions = append(p.Actions, action)
			}
		}
	}
	return rows, err
}

func over(month string, now time.Time) bool { return calendar.Month(now) > month }

func period(ctx context.Context, tx *pg.Tx, a tenants.Actor, month string) (PeriodDetail, error) {
	rows, err := periods(ctx, tx, a, month)
	if err != nil || len(rows) == 0 {
		return PeriodDetail{}, errors.Join(err, fault.ErrMissing)
	}
	return rows[0], nil
}

// lockPeriod makes the row of a month if there is none and locks it.
func lockPeriod(tx *pg.Tx, month string) (Period, error) {
	province := tx.Identity.Province
	if err := tx.Exec(`INSERT INTO commission_periods (province_id, month) VALUES (?, ?) ON CONFLICT DO NOTHING`, province, month).Error; err != nil {
		return Period{}, err
	}
	var p Period
	err := pg.One(tx.Raw(`SELECT * FROM commission_periods WHERE province_id = ? AND month = ? FOR UPDATE`, province, month), &p)
	return p, err
}

func (w *world) periodEntry(action, month, from, to string) tenants.Entry {
	id := uuid.NewSHA1(w.province, []byte("period "+month))
	return tenants.Entry{Action: action, Resource: "period", ID: id, Label: month, OrgPath: w.root, From: from, To: to}
}

// Calculate starts the calculation of a month that is over, as a job. Asking
// again while it runs changes nothing; asking again afterwards computes the
// month once more, which gives identical lines.
func (s *Service) Calculate(ctx context.Context, a tenants.Actor, month string) (PeriodDetail, error) {
	if err := errors.Join(a.Need(PeriodCalculate), checkMonth(month)); err != nil {
		return PeriodDetail{}, firstFault(err)
	}
	var d PeriodDetail
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		if !over(month, w.now) {
			return ErrMonthNotOver.Fill(month)
		}
		var earlier string
		if err := tx.Raw(`SELECT coalesce(min(month), '') FROM commission_lines WHERE province_id = ? AND month > ? AND month < ?`, w.province, w.frontier, month).Scan(&earlier).Error; err != nil {
			return err
		}
		if earlier != "" {
			return ErrEarlierOpen.Fill(earlier)
		}
		p, err := lockPeriod(tx, month)
		if err != nil {
			return err
		}
		if _, err := PeriodMachine.Take(p.State, "calculate", ""); err != nil {
			return err
		}
		busy := (p.JobState == "waiting" || p.JobState == "running") && p.JobAt != nil && w.now.Sub(*p.JobAt) < jobPatience
		if !busy {
			if err := tx.Exec(`UPDATE commission_periods SET job_id = ?, job_state = 'waiting', job_progress = 0, job_reason = '', job_at = ?, version = version + 1 WHERE province_id = ? AND month = ?`,
				pg.NewID(), w.now, w.province, month).Error; err != nil {
				return err
			}
			if err := queue.Enqueue(ctx, tx, JobCalculate, monthJob{w.province, month}); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, w.periodEntry("calculate", month, p.State, p.State))
		}
		d, err = period(ctx, tx, a, month)
		return err
	})
	return d, err
}

// firstFault of joined errors, so that a refusal stays one.
func firstFault(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	return err
}

// CalculateJob computes every cell of the month, one transaction each, so a
// run that was cut goes on where it stopped; then it closes the month to
// restating. All of it posts differences only: running it twice is the same.
func (s *Service) CalculateJob(ctx context.Context, args json.RawMessage) error {
	var job monthJob
	if err := json.Unmarshal(args, &job); err != nil {
		return err
	}
	if err := checkMonth(job.Month); err != nil {
		return err
	}
	system := tenants.System(job.Province, "commission engine")
	if err := s.calculate(ctx, system, job); err != nil {
		note := s.db.As(context.WithoutCancel(ctx), system, func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE commission_periods SET job_state = 'failed', job_reason = ?, job_at = ? WHERE province_id = ? AND month = ?`, reasonOf(err), calendar.Now(ctx), job.Province, job.Month).Error
		})
		return errors.Join(err, note)
	}
	return nil
}

// reasonOf an error for people: what is not a refusal says nothing of its inside.
func reasonOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Words.Zh
	}
	return "核算中断，系统会自动重试。"
}

func (s *Service) calculate(ctx context.Context, system tenants.Actor, job monthJob) error {
	var sellers []uuid.UUID
	progress := func(percent int) error {
		return s.db.As(ctx, system, func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE commission_periods SET job_state = 'running', job_progress = ?, job_reason = '', job_at = ? WHERE province_id = ? AND month = ?`,
				percent, calendar.Now(ctx), job.Province, job.Month).Error
		})
	}
	over := false
	if err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		var state string
		err := tx.Raw(`SELECT state FROM commission_periods WHERE province_id = ? AND month = ?`, job.Province, job.Month).Scan(&state).Error
		_, refused := PeriodMachine.Take(state, "calculate", "")
		over = refused != nil
		return err
	}); err != nil {
		return err
	}
	if over {
		return nil // a run before this one finished, and the month has moved on
	}
	if err := progress(0); err != nil {
		return err
	}
	if err := s.db.Read(ctx, system, func(tx *pg.Tx) (err error) {
		sellers, err = sellersOf(tx, job.Month)
		return err
	}); err != nil {
		return err
	}
	last := 0
	for i, seller := range sellers {
		if err := s.recompute(ctx, system, cell{seller, job.Month}); err != nil {
			return err
		}
		if percent := (i + 1) * 95 / len(sellers); percent >= last+5 {
			last = percent
			if err := progress(percent); err != nil {
				return err
			}
		}
	}
	return s.db.As(ctx, system, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		p, err := lockPeriod(tx, job.Month)
		if err != nil {
			return err
		}
		t, err := PeriodMachine.Take(p.State, "calculate", "")
		if err != nil {
			return err
		}
		if p.State != t.To {
			tenants.Record(ctx, tx, system, w.periodEntry("calculated", job.Month, p.State, t.To))
		}
		return tx.Exec(`UPDATE commission_periods SET state = ?, calculated_at = coalesce(calculated_at, ?), job_state = 'done', job_progress = 100, job_at = ?, version = version + 1 WHERE province_id = ? AND month = ?`,
			t.To, w.now, w.now, w.province, job.Month).Error
	})
}

func (s *Service) recompute(ctx context.Context, system tenants.Actor, cells ...cell) error {
	return s.db.As(ctx, system, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, false)
		if err != nil {
			return err
		}
		if err := w.reconcile(cells); err != nil {
			return err
		}
		return w.post()
	})
}

// RepriceJob computes open months again after a plan was published for them.
func (s *Service) RepriceJob(ctx context.Context, args json.RawMessage) error {
	var job monthJob
	if err := json.Unmarshal(args, &job); err != nil {
		return err
	}
	system := tenants.System(job.Province, "commission engine")
	var cells []cell
	err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, false)
		if err != nil {
			return err
		}
		var found []struct {
			PartnerID uuid.UUID
			Month     string
		}
		err = tx.Raw(`SELECT DISTINCT partner_id, month FROM commission_events WHERE province_id = ? AND month >= ? AND month > ? AND kind IN ('activation', 'recurring') ORDER BY month, partner_id`,
			job.Province, job.Month, w.frontier).Scan(&found).Error
		for _, f := range found {
			cells = append(cells, cell{f.PartnerID, f.Month})
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range cells {
		if err := s.recompute(ctx, system, c); err != nil {
			return err
		}
	}
	return nil
}

// Issue makes the statements of a calculated month: one for each partner with
// anything due, posted or carried, numbered in order of partner codes.
func (s *Service) Issue(ctx context.Context, a tenants.Actor, month string) (PeriodDetail, error) {
	if err := errors.Join(a.Need(StatementIssue), checkMonth(month)); err != nil {
		return PeriodDetail{}, firstFault(err)
	}
	var d PeriodDetail
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		p, err := lockPeriod(tx, month)
		if err != nil {
			return err
		}
		t, err := PeriodMachine.Take(p.State, "issue", "")
		if err != nil {
			return err
		}
		var earlier string
		if err := tx.Raw(`SELECT coalesce(min(month), '') FROM commission_periods WHERE province_id = ? AND month < ? AND state = 'calculated'`, w.province, month).Scan(&earlier).Error; err != nil {
			return err
		}
		if earlier != "" {
			return errEarlierUnissued.Fill(earlier)
		}
		if err := w.mature(lastDay(month)); err != nil {
			return err
		}
		if err := w.freeze(); err != nil {
			return err
		}
		if err := w.issue(ctx, a, month); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE commission_periods SET state = ?, issued_at = ?, version = version + 1 WHERE province_id = ? AND month = ?`, t.To, w.now, w.province, month).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, w.periodEntry("issue", month, p.State, t.To))
		d, err = period(ctx, tx, a, month)
		return err
	})
	return d, err
}

var errEarlierUnissued = fault.New(fault.Conflict, "earlier-month-not-issued", "请先出具 %s 的结算单。", "Issue the statements of %s first.")

// payee is one partner that gets a statement.
type payee struct {
	PartnerID  uuid.UUID
	Code, Name string
	Lines      int
	TotalFen   int64
	CarryFen   int64
	HeldLines  int
	HeldFen    int64
	NextDue    string
}

const takenIn = `state = 'due' AND statement_id IS NULL AND month <= @m AND (kind <> 'accrual' OR due_on <= @end) AND NOT frozen`

func (w *world) issue(ctx context.Context, a tenants.Actor, month string) error {
	end := lastDay(month)
	var payees []payee
	err := w.tx.Raw(`WITH open AS (SELECT partner_id, count(*) FILTER (WHERE `+takenIn+`) AS lines, coalesce(sum(share_fen) FILTER (WHERE `+takenIn+`), 0)::bigint AS total_fen,
				count(*) FILTER (WHERE state = 'held') AS held_lines, coalesce(sum(share_fen) FILTER (WHERE state = 'held'), 0)::bigint AS held_fen, coalesce(min(due_on) FILTER (WHERE state = 'held'), '') AS next_due
			FROM commission_shares WHERE province_id = @p AND statement_id IS NULL AND month <= @m GROUP BY partner_id),
		carried AS (SELECT DISTINCT ON (partner_id) partner_id, carry_out_fen AS carry_fen FROM statements WHERE province_id = @p ORDER BY partner_id, month DESC)
		SELECT partner_id, t.code, t.name, coalesce(lines, 0) AS lines, coalesce(total_fen, 0) AS total_fen, coalesce(carry_fen, 0) AS carry_fen,
			coalesce(held_lines, 0) AS held_lines, coalesce(held_fen, 0) AS held_fen, coalesce(next_due, '') AS next_due
		FROM (SELECT partner_id FROM open UNION SELECT partner_id FROM carried WHERE carry_fen < 0) u LEFT JOIN open USING (partner_id) LEFT JOIN carried USING (partner_id)
		JOIN tenants t ON t.province_id = @p AND t.id = partner_id ORDER BY t.code, partner_id`,
		map[string]any{"p": w.province, "m": month, "end": end}).Scan(&payees).Error
	if err != nil || len(payees) == 0 {
		return err
	}
	var ids []uuid.UUID
	for _, p := range payees {
		ids = append(ids, p.PartnerID)
	}
	balances, err := w.lockBalances(ids)
	if err != nil {
		return err
	}
	b := &book{w: w}
	for i, p := range payees {
		st := Statement{
			ProvinceID: w.province, ID: pg.NewID(), PartnerID: p.PartnerID, OrgPath: w.root, PartnerName: p.Name, Month: month, Number: fmt.Sprintf("ST%s%s-%04d", month[:4], month[5:], i+1),
			Lines: p.Lines, TotalFen: p.TotalFen, CarryInFen: p.CarryFen, State: StatementMachine.Initial, IssuedAt: w.now, ConfirmBy: calendar.AddWorkingDays(w.now, confirmDays), Version: 1,
		}
		st.PayableFen, st.CarryOutFen = payable(st.TotalFen, 0, st.CarryInFen)
		st.WhyZh, st.WhyEn = p.why(st)
		if err := w.tx.Create(&st).Error; err != nil {
			return err
		}
		if err := w.tx.Exec(`UPDATE commission_shares SET statement_id = @s, state = 'in_statement', updated_at = @now WHERE province_id = @p AND partner_id = @partner AND `+takenIn,
			map[string]any{"s": st.ID, "now": w.now, "p": w.province, "partner": p.PartnerID, "m": month, "end": end}).Error; err != nil {
			return err
		}
		balance := balances[p.PartnerID]
		balance.CommittedFen += st.PayableFen
		b.net(balance, st.ID, month)
		tenants.Record(ctx, w.tx, a, st.entry("issue", "", st.State, ""))
	}
	if err := b.keep(); err != nil {
		return err
	}
	return w.saveBalances(balances)
}

// why there is nothing to settle.
func (p payee) why(st Statement) (zh, en string) {
	var w fault.Words
	switch {
	case st.PayableFen > 0:
		return "", ""
	case st.Lines > 0 && st.CarryOutFen < 0:
		w = fault.Words{Zh: "本月酬金不足以抵扣追回和结转，差额 %s 元结转下月。", En: "What fell due does not cover what is taken back and carried; %s yuan are carried to the next month."}.Fill(yuan(-st.CarryOutFen))
	case st.Lines > 0:
		w = fault.Words{Zh: "本月酬金正好抵消。", En: "The lines of the month cancel out."}
	case p.HeldLines > 0:
		w = fault.Words{Zh: "%d 笔酬金（%s 元）仍在保留期，最早 %s 可结算。", En: "%d lines (%s yuan) are still held; the first falls due on %s."}.Fill(p.HeldLines, yuan(p.HeldFen), p.NextDue)
	case st.CarryOutFen < 0:
		w = fault.Words{Zh: "本月没有到期酬金，负余额 %s 元继续结转。", En: "Nothing fell due; a balance of %s yuan below zero is carried on."}.Fill(yuan(-st.CarryOutFen))
	default:
		w = fault.Words{Zh: "本月没有到期酬金。", En: "Nothing fell due in the month."}
	}
	return w.Zh, w.En
}
