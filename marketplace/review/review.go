// Package review owns what somebody who has to decide asks of others first: a
// question to the firm, the opinion of a colleague, or that a colleague
// decides instead. The records that are decided on stay with their packages,
// which call it inside their transactions.
//
// Words: question (提问: to the firm), opinion (征求意见: of a colleague),
// hand_over (转交: a colleague decides), lapse (失效: the decision came first).
package review

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

// The kinds of request.
const (
	Question = "question"
	Opinion  = "opinion"
	HandOver = "hand_over"
)

// The states the trail gives a record whose decision waits for an answer, and
// one that waits for none any more. Other acts on it keep the record's own.
const (
	Asked    = "asked"
	Answered = "answered"
)

// answerDays are the working days somebody has to answer in.
var answerDays = map[string]int{Question: 3, Opinion: 2, HandOver: 3}

// Refusals of this package.
var (
	ErrColleague = fault.New(fault.Invalid, "review-colleague", "请选择本单位有相应权限的同事；作者和测试人员不能代为决定。", "Choose a colleague of your organisation who holds the permission; author and tester cannot decide.")
	ErrOver      = fault.New(fault.Conflict, "review-request-over", "这项请求已经结束，页面已更新。", "This request has ended already. Reload to see how.")
	ErrNotAsked  = fault.New(fault.Denied, "review-not-asked", "这项请求是提给%s的。", "This is asked of %s.")
)

// Subject is the record that waits for a decision.
type Subject struct {
	Resource    string // certification, listing
	ID          uuid.UUID
	Label       string
	OrgPath     string
	Partner     uuid.UUID
	PartnerName string
	Answer      tenants.Permission // what the firm's people must hold to answer
	Apart       []uuid.UUID        // who may not decide
}

// Request is one thing asked of one side.
type Request struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	Resource   string
	ResourceID uuid.UUID
	Label      string
	OrgPath    string
	PartnerID  *uuid.UUID // of a question only
	Kind       string
	Body       string
	ToUser     *uuid.UUID
	ToName     string
	ByUser     uuid.UUID
	ByName     string
	AskedAt    time.Time
	DueAt      time.Time
	State      string // open, answered, taken_back, lapsed
	Answer     string
	AnsweredBy string
	EndedAt    *time.Time
	Version    int64
}

// TableName of requests.
func (Request) TableName() string { return "review_requests" }

// RowVersion is the optimistic lock.
func (r *Request) RowVersion() *int64 { return &r.Version }

// to tells whether the request is asked of the actor.
func (r Request) to(a tenants.Actor) bool {
	if r.Kind == Question {
		return a.Partner() && r.PartnerID != nil && *r.PartnerID == a.Tenant.ID
	}
	return r.ToUser != nil && a.Is(*r.ToUser)
}

// Actions are what the actor may do with a request now. Somebody to whom a
// decision was handed over may hand it back.
func (r Request) Actions(a tenants.Actor, answer tenants.Permission) []string {
	out := []string{}
	if r.State != "open" {
		return out
	}
	if r.to(a) && r.Kind != HandOver && (r.Kind == Opinion || a.Can(answer)) {
		out = append(out, "answer")
	}
	if a.Operator() && (a.Is(r.ByUser) || r.Kind == HandOver && r.to(a)) {
		out = append(out, "take_back")
	}
	return out
}

// New is a request as it is asked.
type New struct {
	Kind string
	Body string
	To   uuid.UUID // of a colleague; not of the firm
}

// Colleague is somebody of the actor's tenant who may be asked.
type Colleague struct {
	User      uuid.UUID
	Name      string
	Roles     []string
	MayDecide bool
}

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db, people} }

// Colleagues of the actor who may read the record, and whether they may decide
// on it. Seats narrowed to districts are left out: they do not see it whole.
func (s *Service) Colleagues(ctx context.Context, a tenants.Actor, read, decide tenants.Permission) (out []Colleague, err error) {
	q := tenants.HolderQuery{Province: a.Tenant.Kind == tenants.KindProvince}
	if a.Tenant.Kind == tenants.KindCity {
		q.City = a.Tenant.Code
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		holders, err := s.people.Holders(ctx, tx, q)
		for _, h := range holders {
			if h.Tenant.ID == a.Tenant.ID && h.OnBehalf == "" && len(h.Districts) == 0 && !a.Is(h.UserID) && h.Granted[read] {
				out = append(out, Colleague{h.UserID, h.Name, h.Roles, h.Granted[decide]})
			}
		}
		return err
	})
	return out, err
}

// Whom finds the colleague a request goes to, before the transaction in which
// it is asked.
func (s *Service) Whom(ctx context.Context, a tenants.Actor, n New, read, decide tenants.Permission) (Colleague, error) {
	if n.Kind == Question {
		return Colleague{}, nil
	}
	all, err := s.Colleagues(ctx, a, read, decide)
	if err != nil {
		return Colleague{}, err
	}
	for _, c := range all {
		if c.User == n.To && (n.Kind == Opinion || c.MayDecide) {
			return c, nil
		}
	}
	return Colleague{}, ErrColleague
}

// Ask writes a request down. A decision is with one person: handing it over
// again ends the hand-over before.
func (s *Service) Ask(ctx context.Context, tx *pg.Tx, a tenants.Actor, on Subject, n New, whom Colleague) error {
	now := calendar.Now(ctx)
	r := Request{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), Resource: on.Resource, ResourceID: on.ID, Label: on.Label, OrgPath: on.OrgPath, Kind: n.Kind, Body: n.Body,
		ByUser: a.User, ByName: a.Name, AskedAt: now, DueAt: calendar.AddWorkingDays(now, answerDays[n.Kind]), State: "open", Version: 1,
	}
	if n.Kind == Question {
		r.PartnerID, r.ToName = &on.Partner, on.PartnerName
	} else {
		r.ToUser, r.ToName = &whom.User, whom.Name
	}
	if n.Kind == HandOver {
		for _, apart := range on.Apart {
			if whom.User == apart {
				return ErrColleague
			}
		}
		if err := tx.Exec(`UPDATE review_requests SET state = 'taken_back', ended_at = ?, version = version + 1 WHERE province_id = ? AND resource_id = ? AND kind = 'hand_over' AND state = 'open'`,
			now, r.ProvinceID, on.ID).Error; err != nil {
			return err
		}
	}
	return tx.Create(&r).Error
}

// Answer is the word of whoever was asked.
func (s *Service) Answer(ctx context.Context, tx *pg.Tx, a tenants.Actor, on Subject, id uuid.UUID, text string) (Request, error) {
	r, err := lock(tx, on, id)
	if err != nil {
		return r, err
	}
	if !r.to(a) || r.Kind == HandOver {
		return r, ErrNotAsked.Fill(r.ToName)
	}
	if r.Kind == Question {
		if err := a.Need(on.Answer); err != nil {
			return r, err
		}
	}
	return r, r.end(ctx, tx, "answered", text, a.Name)
}

// TakeBack ends a request without an answer.
func (s *Service) TakeBack(ctx context.Context, tx *pg.Tx, a tenants.Actor, on Subject, id uuid.UUID) (Request, error) {
	r, err := lock(tx, on, id)
	if err != nil {
		return r, err
	}
	if !a.Is(r.ByUser) && (r.Kind != HandOver || !r.to(a)) {
		return r, ErrNotAsked.Fill(r.ToName)
	}
	return r, r.end(ctx, tx, "taken_back", "", "")
}

func lock(tx *pg.Tx, on Subject, id uuid.UUID) (Request, error) {
	var r Request
	err := pg.One(rows(tx).Where("resource = ? AND resource_id = ? AND id = ?", on.Resource, on.ID, id).Clauses(pg.ForUpdate), &r)
	if err == nil && r.State != "open" {
		err = ErrOver
	}
	return r, err
}

func (r *Request) end(ctx context.Context, tx *pg.Tx, state, answer, by string) error {
	now := calendar.Now(ctx)
	r.State, r.Answer, r.AnsweredBy, r.EndedAt = state, answer, by, &now
	return pg.Save(tx, r)
}

// rows are the requests the transaction's identity may see.
func rows(tx *pg.Tx) *pg.Handle { return tenants.Rows(tx).Model(&Request{}) }

// JobLapse ends what is still open on a record that was decided on or given
// back: as a job, for a firm that withdraws does not see what colleagues asked
// each other. The argument is a Lapsed.
const JobLapse = "review.lapse"

// Lapsed names the record a job is about.
type Lapsed struct {
	Province uuid.UUID `json:"province"`
	Record   uuid.UUID `json:"record"`
	At       time.Time `json:"at"`
}

// clocksApart is how far the clocks of two machines may lie apart.
const clocksApart = time.Minute

// Lapse ends what was open on a record then; it may come late, when the record
// is looked at again.
func (s *Service) Lapse(ctx context.Context, n Lapsed) error {
	return s.db.As(ctx, tenants.System(n.Province, "失效"), func(tx *pg.Tx) error {
		return tx.Exec(`UPDATE review_requests SET state = 'lapsed', ended_at = ?, version = version + 1 WHERE province_id = ? AND resource_id = ? AND state = 'open' AND asked_at <= ?`,
			calendar.Now(ctx), n.Province, n.Record, n.At.Add(clocksApart)).Error
	})
}

// Of lists what was asked about a record, as far as the actor may know.
func Of(tx *pg.Tx, resource string, id uuid.UUID) (out []Request, err error) {
	err = rows(tx).Where("resource = ? AND resource_id = ?", resource, id).Order("asked_at, id").Find(&out).Error
	return out, err
}

// Entry is the trail's word of an act of asking on a record with so many open
// requests. What colleagues say to each other is not the firm's to read.
func Entry(e tenants.Entry, open int) tenants.Entry {
	e.To = Answered
	if open > 0 {
		e.To = Asked
	}
	if !strings.HasSuffix(e.Action, "_"+Question) {
		e.Partner = uuid.Nil
	}
	return e
}

// Open lists what waits for an answer on any of the records.
func (s *Service) Open(ctx context.Context, a tenants.Actor, records []uuid.UUID) (out []Request, err error) {
	if len(records) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return rows(tx).Where("state = 'open' AND resource_id IN ?", records).Order("asked_at, id").Find(&out).Error
	})
	return out, err
}

// Mine lists the first questions to the actor's firm, or opinions wanted of the
// actor, that are open; the earliest due first.
func (s *Service) Mine(ctx context.Context, a tenants.Actor, limit int) (out []Request, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		q := rows(tx).Where("state = 'open'")
		if a.Partner() {
			q = q.Where("kind = ?", Question)
		} else {
			q = q.Where("kind = ? AND to_user IN ?", Opinion, a.Persons())
		}
		return q.Order("due_at, id").Limit(limit).Find(&out).Error
	})
	return out, err
}

// Addressees is the colleague whom an act of asking was for.
func (s *Service) Addressees(ctx context.Context, e tenants.AuditEvent) (out []uuid.UUID, err error) {
	err = s.db.Read(ctx, tenants.System(e.ProvinceID, "通知"), func(tx *pg.Tx) error {
		return tx.Model(&Request{}).Where("province_id = ? AND resource_id = ? AND kind = ? AND by_user = ? AND body = ? AND asked_at <= ? AND state = 'open'", e.ProvinceID, e.ResourceID, strings.TrimPrefix(e.Action, "ask_"), e.UserID, e.Reason, e.At.Add(time.Second)).
			Order("asked_at DESC").Limit(1).Pluck("to_user", &out).Error
	})
	return out, err
}
