package certification

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
)

// Who can hold a case. While it is stopped neither side is charged.
const (
	Operator = "operator"
	Supplier = "partner"
	Stopped  = "stopped"
	Nobody   = "none"
)

// WorkingDay is what one day of a budget holds: the mainland's offices are
// open for eight hours on working days.
const WorkingDay = 8 * time.Hour

// Days of working time.
func Days(d time.Duration) float64 { return float64(d) / float64(WorkingDay) }

func ofDays(days float64) time.Duration { return time.Duration(days * float64(WorkingDay)) }

// Turn is a stretch of time in which one side had the ball; it is written when
// it ends and never changed. Their working time is what the case is charged.
type Turn struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	CertificationID uuid.UUID
	PartnerID       uuid.UUID
	OrgPath         string
	Holder          string
	Reason          string // queue, testing, review, changes, stopped
	Note            string
	ByName          string // who handed it over
	FromAt          time.Time
	ToAt            time.Time
	MS              int64 `gorm:"column:ms"`
}

// TableName of turns.
func (Turn) TableName() string { return "certification_turns" }

// moment cuts a time to what the clock counts in, so that charges lose nothing.
func moment(t time.Time) time.Time { return t.Truncate(time.Millisecond) }

// hand gives the ball to a side and returns the turn that ends. Its working
// time is charged to who had it, so operator + partner + stopped = the working
// time since submission, to the millisecond.
func (c *Case) hand(to, reason, note, by string, now time.Time) Turn {
	now = moment(now)
	if now.Before(c.HolderSince) { // two machines' clocks
		now = c.HolderSince
	}
	t := Turn{
		ProvinceID: c.ProvinceID, ID: pg.NewID(), CertificationID: c.ID, PartnerID: c.PartnerID, OrgPath: c.OrgPath, Holder: c.Holder, Reason: c.HolderReason, Note: c.HolderNote, ByName: c.HandedBy,
		FromAt: c.HolderSince, ToAt: now, MS: calendar.WorkingTime(c.HolderSince, now).Milliseconds(),
	}
	switch c.Holder {
	case Operator:
		c.OperatorMS += t.MS
	case Supplier:
		c.PartnerMS += t.MS
	case Stopped:
		c.StoppedMS += t.MS
	}
	c.Holder, c.HolderSince, c.HolderReason, c.HolderNote, c.HandedBy = to, now, reason, note, by
	return t
}

// Clock is the two-sided clock at a moment, in working time.
type Clock struct {
	Operator, Partner, Stopped time.Duration
	PromisedAt                 *time.Time
	Overdue                    bool
}

// Clock reads the clock; a decided case stands still.
func (c *Case) Clock(now time.Time) Clock {
	ms := time.Millisecond
	k := Clock{Operator: time.Duration(c.OperatorMS) * ms, Partner: time.Duration(c.PartnerMS) * ms, Stopped: time.Duration(c.StoppedMS) * ms}
	left, running := ofDays(BudgetDays)-k.Operator, calendar.WorkingTime(c.HolderSince, moment(now))
	var at time.Time
	switch c.Holder {
	case Operator:
		k.Operator += running
		k.Overdue = k.Operator > ofDays(BudgetDays)
		at = calendar.AddWorkingTime(c.HolderSince, left)
	case Supplier:
		k.Partner += running
		at = calendar.AddWorkingTime(now, left)
	case Stopped:
		k.Stopped += running
		at = calendar.AddWorkingTime(now, left)
	default:
		return k
	}
	k.PromisedAt = &at
	return k
}

// charge works out how long the operator has held the case in each stage.
func charge(c *Case, all []Stage, turns []Turn, now time.Time) {
	turns = append(slices.Clone(turns), Turn{Holder: c.Holder, FromAt: c.HolderSince, ToAt: moment(now)})
	for i := range all {
		st := &all[i]
		st.Spent = 0
		if st.StartedAt == nil {
			continue
		}
		for _, t := range turns {
			from, to := t.FromAt, t.ToAt
			if st.StartedAt.After(from) {
				from = *st.StartedAt
			}
			if st.FinishedAt != nil && st.FinishedAt.Before(to) {
				to = *st.FinishedAt
			}
			if t.Holder == Operator && from.Before(to) {
				st.Spent += calendar.WorkingTime(from, to)
			}
		}
	}
}

// overrun is a budget that has an end: the case's, or the open stage's.
type overrun struct {
	key  string
	kind string    // of the stage
	at   time.Time // the first moment past it
}

// overruns lists the budgets that run now and were not told of yet.
func (c *Case) overruns(all []Stage, now time.Time) []overrun {
	var out []overrun
	if c.Holder != Operator {
		return nil
	}
	// A budget that is used up by the evening is over in the morning, and only if
	// nobody decided until then.
	add := func(key, kind string, from time.Time, left time.Duration) {
		if !slices.Contains(c.Escalated, key) {
			out = append(out, overrun{key, kind, calendar.AddWorkingTime(from, left+time.Millisecond)})
		}
	}
	add("case", "", c.HolderSince, ofDays(BudgetDays)-time.Duration(c.OperatorMS)*time.Millisecond)
	for _, st := range all {
		if st.State == "open" {
			add("stage "+st.Kind, st.Kind, now, ofDays(st.BudgetDays)-st.Spent)
		}
	}
	return out
}

// plan says when the case is due, and when the next overrun is to be told of.
func (c *Case) plan(all []Stage, turns []Turn, now time.Time) {
	charge(c, all, turns, now)
	c.DueAt, c.EscalateAt = nil, nil
	if c.Holder == Operator {
		c.DueAt = c.Clock(now).PromisedAt
	}
	for _, o := range c.overruns(all, now) {
		if c.EscalateAt == nil || o.at.Before(*c.EscalateAt) {
			c.EscalateAt = &o.at
		}
	}
}
