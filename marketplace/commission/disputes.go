package commission

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// answerDays is how many working days the operator has to settle a dispute.
const answerDays = 5

// disputableFor is how long lines of a deemed statement may still be disputed.
const disputableFor = 90 * 24 * time.Hour

// DisputeMessage is something said about a disputed line.
type DisputeMessage struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	PartnerID  uuid.UUID
	OrgPath    string
	ShareID    uuid.UUID
	Side       string // operator or partner
	AuthorID   uuid.UUID
	AuthorName string
	Body       string
	Files      tenants.Persons // ids of files; a uuid[] column like any other
	At         time.Time
	FileList   []tenants.File `gorm:"-"`
}

// TableName of messages.
func (DisputeMessage) TableName() string { return "dispute_messages" }

// disputable tells whether a line may be disputed: while its statement waits
// to be confirmed, and where that was deemed, for 90 days after.
func (l Line) disputable(now time.Time) bool {
	if l.State == "in_statement" {
		return l.DisputedIn == nil
	}
	return (l.State == "confirmed" || l.State == "paid") && l.DisputeState == "" && l.DisputableUntil != nil && now.Before(*l.DisputableUntil)
}

// Dispute holds one line of an issued statement back; the rest is paid. A line
// below zero can be disputed too, but goes on counting until it is settled. A
// line of a statement that was deemed confirmed is disputed without holding it:
// what was wrong comes as an adjustment.
func (s *Service) Dispute(ctx context.Context, a tenants.Actor, id uuid.UUID, reason string) (Line, error) {
	if err := a.Need(StatementConfirm); err != nil {
		return Line{}, err
	}
	var l Line
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		// No statements are issued meanwhile: the next would carry another figure.
		if err := lockProvince(tx, false); err != nil {
			return err
		}
		seen, err := getLine(tx, id)
		if err != nil {
			return err
		}
		now := calendar.Now(ctx)
		late := seen.State != "in_statement" && seen.disputable(now)
		to := seen.State
		if !late {
			t, err := ShareMachine.Take(seen.State, "dispute", reason)
			if err != nil {
				return err
			}
			to = t.To
		} else if err := needReason(reason); err != nil {
			return err
		}
		// The statement first: confirming takes the locks in this order too.
		st, err := lockStatement(tx, *seen.StatementID)
		if err != nil {
			return err
		}
		if l, err = lockLine(tx, id); err != nil {
			return err
		}
		last, err := st.last(tx)
		if err != nil {
			return err
		}
		if l.State != seen.State || l.DisputeState == "open" || !late && (st.State != "issued" || !last || l.DisputedIn != nil) {
			return ErrNotConfirming
		}
		by := calendar.AddWorkingDays(now, answerDays)
		l.State, l.Dispute, l.DisputedAt, l.DisputeState, l.AnswerBy, l.Outcome = to, reason, &now, "open", &by, ""
		if err := tx.Exec(`UPDATE commission_shares SET state = ?, dispute = ?, disputed_at = ?, dispute_state = 'open', answer_by = ?, outcome = '', updated_at = ? WHERE province_id = ? AND id = ?`, to, reason, now, by, now, l.ProvinceID, l.ID).Error; err != nil {
			return err
		}
		if err := l.say(ctx, tx, a, reason, nil); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, l.entry("dispute", seen.State, l.State, reason))
		tenants.Record(ctx, tx, a, st.entry("dispute", st.State, st.State, reason))
		if late {
			return nil
		}
		return st.again(tx, st.HeldFen+max(0, l.ShareFen))
	})
	return l, err
}

func needReason(reason string) error {
	var c fault.Checker
	c.Require("reason", strings.TrimSpace(reason) != "")
	return c.Err()
}

// SettleDispute answers a dispute. The line goes back into its statement while
// that waits for confirmation, else into the next one. What was wrong with it
// comes as an adjustment, from a corrected event.
func (s *Service) SettleDispute(ctx context.Context, a tenants.Actor, id uuid.UUID, answer string) (Line, error) {
	if err := a.Need(StatementIssue); err != nil {
		return Line{}, err
	}
	// Visible to the one who asks, by the rules of the one who asks.
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error { _, err := getLine(tx, id); return err }); err != nil {
		return Line{}, err
	}
	var l Line
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		if err := lockProvince(tx, false); err != nil {
			return err
		}
		seen, err := getLine(tx, id)
		if err != nil {
			return err
		}
		claim := seen.DisputeState == "open" && seen.State != "disputed" // nothing is held
		if claim {
			err = needReason(answer)
		} else {
			_, err = ShareMachine.Take(seen.State, "settle_dispute", answer)
		}
		if err != nil {
			return err
		}
		st, err := lockStatement(tx, *seen.StatementID)
		if err != nil {
			return err
		}
		if l, err = lockLine(tx, id); err != nil {
			return err
		}
		if l.DisputeState != "open" {
			return ErrNotConfirming
		}
		last, err := st.last(tx)
		if err != nil {
			return err
		}
		switch {
		case claim:
		case st.State == "issued" && last:
			l.State = "in_statement"
			if err := st.again(tx, st.HeldFen-max(0, l.ShareFen)); err != nil {
				return err
			}
		case l.ShareFen > 0:
			l.State, l.DisputedIn, l.StatementID = "due", l.StatementID, nil
		case st.State == "paid" || st.State == "closed":
			l.State = "paid" // it was counted all along
		default:
			l.State = "confirmed"
		}
		l.Outcome, l.DisputeState, l.AnswerBy = answer, "settled", nil
		if err := l.say(ctx, tx, a, answer, nil); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, l.entry("settle_dispute", seen.State, l.State, answer))
		return tx.Exec(`UPDATE commission_shares SET state = ?, outcome = ?, statement_id = ?, disputed_in = ?, dispute_state = 'settled', answer_by = NULL, updated_at = ? WHERE province_id = ? AND id = ?`,
			l.State, answer, l.StatementID, l.DisputedIn, calendar.Now(ctx), l.ProvinceID, l.ID).Error
	})
	return l, err
}

// SayDispute adds to the talk about an open dispute.
func (s *Service) SayDispute(ctx context.Context, a tenants.Actor, id uuid.UUID, text string, files []uuid.UUID) error {
	need := StatementConfirm
	if !a.Partner() {
		need = StatementIssue
	}
	if err := a.Need(need); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		l, err := getLine(tx, id)
		if err != nil {
			return err
		}
		if l.DisputeState != "open" {
			return ErrNotConfirming
		}
		action := "answer_dispute"
		if a.Partner() {
			action = "add_to_dispute"
		}
		tenants.Record(ctx, tx, a, l.entry(action, l.State, l.State, ""))
		return l.say(ctx, tx, a, text, files)
	})
}

func (l *Line) say(ctx context.Context, tx *pg.Tx, a tenants.Actor, text string, files []uuid.UUID) error {
	var c fault.Checker
	c.Require("text", strings.TrimSpace(text) != "")
	if err := c.Err(); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := tenants.OwnFile(tx, a, f, "dispute_file"); err != nil {
			return err
		}
	}
	return tx.Create(&DisputeMessage{
		ProvinceID: l.ProvinceID, ID: pg.NewID(), PartnerID: l.PartnerID, OrgPath: l.OrgPath, ShareID: l.ID, Side: a.Side(), AuthorID: a.User, AuthorName: a.Name,
		Body: strings.TrimSpace(text), Files: append(tenants.Persons{}, files...), At: calendar.Now(ctx),
	}).Error
}

func talk(tx *pg.Tx, share uuid.UUID) ([]DisputeMessage, error) {
	var out []DisputeMessage
	if err := tenants.Rows(tx).Where("share_id = ?", share).Order("at DESC, id DESC").Limit(200).Find(&out).Error; err != nil {
		return nil, err
	}
	for i := range out {
		var err error
		if out[i].FileList, err = tenants.Files(tx, out[i].Files); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// lateDisputes tells once of each dispute that is not settled in time.
func lateDisputes(ctx context.Context, tx *pg.Tx, system tenants.Actor) error {
	var late []Line
	if err := tx.Raw(`UPDATE commission_shares SET dispute_late = true WHERE province_id = ? AND dispute_state = 'open' AND NOT dispute_late AND answer_by < ? RETURNING *`, system.Tenant.ProvinceID, calendar.Now(ctx)).Scan(&late).Error; err != nil {
		return err
	}
	for _, l := range late {
		tenants.Record(ctx, tx, system, l.entry("dispute_late", l.State, l.State, ""))
	}
	return nil
}

// SeesDisputeFile tells whether a file hangs on a dispute that the actor sees.
func SeesDisputeFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := tenants.Rows(tx).Model(&DisputeMessage{}).Where("? = ANY (files)", file).Limit(1).Count(&n).Error
	return n > 0, err
}
