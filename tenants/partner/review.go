package partner

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/tenants"
)

// Question is what the reviewer asked and what the applicant answered.
type Question struct {
	ProvinceID     uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	PartnerID      uuid.UUID
	OrgPath        string
	Body           string
	AskedBy        uuid.UUID
	AskedByName    string
	AskedAt        time.Time
	Answer         string
	AnsweredBy     *uuid.UUID
	AnsweredByName string
	AnsweredAt     *time.Time
}

// TableName of questions.
func (Question) TableName() string { return "partner_questions" }

// Contest asks another reviewer to look at a rejection again.
type Contest struct {
	ProvinceID      uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PartnerID       uuid.UUID
	OrgPath         string
	RejectCode      string
	Decision        string // the words of the rejection
	DecidedBy       uuid.UUID
	Deciders        tenants.Persons
	DecidedAt       time.Time
	Body            string
	ContestedBy     uuid.UUID
	ContestedByName string
	ContestedAt     time.Time
	Outcome         string // upheld, overturned; empty while it is open
	Reviewer        *uuid.UUID
	ReviewerName    string
	Reviewers       tenants.Persons
	Answer          string
	ClosedAt        *time.Time
}

// TableName of contests.
func (Contest) TableName() string { return "partner_contests" }

// RejectReason is one entry of the list that a rejection names, and after how
// many days the firm may try again unless the reviewer says otherwise.
type RejectReason struct {
	Code  string
	Words fault.Words
	Days  int
}

// RejectReasons of an application.
var RejectReasons = []RejectReason{
	{"documents_incomplete", fault.Words{Zh: "材料不齐或不清晰", En: "Documents incomplete or unreadable"}, 7},
	{"documents_mismatch", fault.Words{Zh: "材料与登记信息不符", En: "Documents do not match the registration"}, 30},
	{"out_of_scope", fault.Words{Zh: "经营范围不符", En: "Outside the registered scope of business"}, 90},
	{"not_capable", fault.Words{Zh: "能力或案例不足", En: "Not enough ability or references"}, 90},
	{"integrity", fault.Words{Zh: "有失信或违规记录", En: "Record of breaches or untrustworthiness"}, 365},
	{"other", fault.Words{Zh: "其他", En: "Other"}, 30},
}

const (
	contestDays    = 15 // working days to contest a rejection
	contestDueDays = 5  // working days to answer it
	maxWaitDays    = 730
)

// Refusals of the review.
var (
	ErrTooEarly     = fault.New(fault.Conflict, "reapply-later", "%s 起才可以重新申请。", "You may apply again from %s.")
	ErrUnanswered   = fault.New(fault.Conflict, "questions-open", "还有 %d 个问题没有回答，请逐个回答后再提交。", "%d questions are not answered yet; answer each, then submit.")
	ErrAnswered     = fault.New(fault.Conflict, "question-answered", "这个问题已经回答过，答复不能再改。", "This question is answered already; an answer is not changed.")
	ErrContestLate  = fault.New(fault.Conflict, "contest-late", "申诉期（15 个工作日）已过。", "The time to contest, 15 working days, is over.")
	ErrContested    = fault.New(fault.Conflict, "contested-already", "这次决定已经申诉过。", "This decision was contested already.")
	ErrOwnFirm      = fault.New(fault.Denied, "own-firm", "您或您代岗的人在这家企业任职，不能办理它的入驻和状态。", "You, or whom you stand in for, work for this firm: somebody else decides about it.")
	ErrSameReviewer = fault.New(fault.Denied, "same-reviewer", "申诉须由另一位审核人处理，您是原决定人。", "Another reviewer must answer the contest: you made the decision.")
)

// Step is one step of the state machine. Code and ReapplyOn belong to a
// rejection; without a date the reason's own wait counts.
type Step struct {
	Action, Reason, Code, ReapplyOn string
}

// rejected fills in why a firm was rejected and from when it may try again.
func (p *Partner) rejected(s Step, now time.Time) error {
	var c fault.Checker
	i := slices.IndexFunc(RejectReasons, func(r RejectReason) bool { return r.Code == s.Code })
	if i < 0 {
		c.Add("code", "required", "请选择拒绝原因。", "Choose the reason.")
		return c.Err()
	}
	on, _ := time.Parse(time.DateOnly, calendar.Date(now.AddDate(0, 0, RejectReasons[i].Days)))
	if s.ReapplyOn != "" {
		t, err := time.Parse(time.DateOnly, s.ReapplyOn)
		if n := daysUntil(t, now); err != nil || n < 0 || n > maxWaitDays {
			c.Add("reapply_on", "range", "请选择今天起两年内的日期。", "A day from today to two years ahead.")
			return c.Err()
		}
		on = t
	}
	p.RejectCode, p.ReapplyOn = s.Code, &on
	return nil
}

// ContestUntil is when a rejection can no longer be contested.
func (p *Partner) ContestUntil() *time.Time {
	if p.State != "rejected" || p.DecidedAt == nil {
		return nil
	}
	t := calendar.AddWorkingDays(*p.DecidedAt, contestDays)
	return &t
}

// mayReapply refuses a rejected firm that is too early.
func (p *Partner) mayReapply(now time.Time) error {
	if p.State == "rejected" && p.ReapplyOn != nil && daysUntil(*p.ReapplyOn, now) > 0 {
		return ErrTooEarly.Fill(p.ReapplyOn.Format(time.DateOnly))
	}
	return nil
}

// open lists the questions without an answer.
func open(questions []Question) (n int) {
	for _, q := range questions {
		if q.AnsweredAt == nil {
			n++
		}
	}
	return n
}

// Clock says whose working time the present application took, and who holds it.
type Clock struct {
	Operator, Partner time.Duration
	Holder            string // operator, partner, none
	Since             time.Time
}

func holderOf(state string) string {
	switch state {
	case "applied", "under_review", "contested":
		return "operator"
	case "more_info":
		return "partner"
	}
	return "none"
}

// clockOf adds up the history since the firm last applied from the beginning.
func clockOf(history []tenants.AuditEvent, state string, now time.Time) Clock {
	c := Clock{Holder: "none"}
	charge := func(until time.Time) {
		switch c.Holder {
		case "operator":
			c.Operator += calendar.WorkingTime(c.Since, until)
		case "partner":
			c.Partner += calendar.WorkingTime(c.Since, until)
		}
	}
	for _, e := range history {
		if e.FromState == e.ToState || e.ToState == "" {
			continue
		}
		if e.ToState == "applied" {
			c = Clock{}
		} else {
			charge(e.At)
		}
		c.Holder, c.Since = holderOf(e.ToState), e.At
	}
	charge(now)
	// A step is in the trail only once it is committed.
	if h := holderOf(state); h != c.Holder {
		if state == "applied" {
			c = Clock{}
		}
		c.Holder, c.Since = h, now
	}
	return c
}
