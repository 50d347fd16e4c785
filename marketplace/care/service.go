package care

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/order"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// filePurpose is what attachments are uploaded for.
const filePurpose = "ticket_file"

// Refusals of this package.
var (
	ErrAbout   = fault.New(fault.Invalid, "ticket-about", "请选择一项业务，或一个在售方案，二者选一。", "Choose a service or an offer, one of them.")
	ErrStopped = fault.New(fault.Conflict, "service-ended", "这项业务已结束，不能再提工单。", "This service has ended; no ticket can be raised on it.")
	ErrEnded   = fault.New(fault.Conflict, "ticket-ended", "工单已结束，不能再留言。请另提一张工单。", "The ticket has ended and takes no more messages. Raise another one.")
)

// Service is the use cases of this package.
type Service struct{ db *pg.DB }

// NewService wires the package.
func NewService(db *pg.DB) *Service { return &Service{db} }

// narrow repeats row security in the query. Whoever sees the own customers only
// sees their tickets, and those about offers, which concern no customer.
func narrow(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("province_id = ?", id.Province)
	switch {
	case a.IsSystem():
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	default:
		q = a.InDistricts(q.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo))
		if a.Can(account.Read) && !a.Can(account.ReadAll) {
			fresh := func() *pg.Handle { return q.Session(&pg.Session{NewDB: true}) }
			q = q.Where(account.OfSeen(fresh(), a, "account_id").Or("account_id IS NULL"))
		}
	}
	return q
}

// SeesFile tells whether a file hangs on a ticket that the actor reads.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	said := tx.Session(&pg.Session{NewDB: true}).Table("ticket_messages").Select("ticket_id").Where("province_id = ? AND ? = ANY (files)", a.Tenant.ProvinceID, file.String())
	err := narrow(tx.Model(&Ticket{}), a).Where("(? = ANY (files) OR id IN (?))", file.String(), said).Limit(1).Count(&n).Error
	return n > 0, err
}

// Raised is what somebody asks for.
type Raised struct {
	Service, Listing                         uuid.UUID // one of them
	Category, Severity, Subject, Description string
	Files                                    []uuid.UUID
}

// Validate reports all faults.
func (r *Raised) Validate() error {
	r.Subject, r.Description = strings.TrimSpace(r.Subject), strings.TrimSpace(r.Description)
	var c fault.Checker
	c.OneOf("category", r.Category, Categories...)
	c.OneOf("severity", r.Severity, Severities...)
	c.Require("subject", r.Subject != "")
	c.Require("description", r.Description != "")
	return c.Err()
}

// Services are those a ticket can be raised on.
func (s *Service) Services(ctx context.Context, a tenants.Actor, text string, accounts []uuid.UUID, limit int) (page []order.Running, err error) {
	if err := a.Need(Open); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		page, err = order.ServicesIn(tx, a, text, accounts, limit)
		return err
	})
	return page, err
}

// Raise opens a ticket with the supplier of a service or an offer.
func (s *Service) Raise(ctx context.Context, a tenants.Actor, r Raised) (Detail, error) {
	if err := a.Need(Open); err != nil {
		return Detail{}, err
	}
	if (r.Service == uuid.Nil) == (r.Listing == uuid.Nil) {
		return Detail{}, ErrAbout
	}
	if err := r.Validate(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		t := Ticket{
			ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), Category: r.Category, Severity: r.Severity, Subject: r.Subject, Description: r.Description,
			Files: pg.Texts{}, Escalated: pg.Texts{}, OpenedBy: a.User, OpenedByName: a.Name, Version: 1,
		}
		if err := about(tx, a, r, &t); err != nil {
			return err
		}
		supplier, err := partner.Find(tx, t.PartnerID)
		if err != nil {
			return err
		}
		t.PartnerName, t.Tier = supplier.LegalName, supplier.Tier
		t.begin(moment(calendar.Now(ctx)))
		if t.Files, err = attach(tx, a, &t, r.Files); err != nil {
			return err
		}
		if t.Number, err = tenants.Next(ctx, tx, "K"); err != nil {
			return err
		}
		if err := tx.Create(&t).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, t.entry("raise", "", t.State, ""))
		d, err = s.detail(ctx, tx, a, t.ID)
		return err
	})
	return d, err
}

// about fills in the service or the offer, and where the ticket belongs.
func about(tx *pg.Tx, a tenants.Actor, r Raised, t *Ticket) error {
	if r.Listing != uuid.Nil {
		o, err := listing.OfferIn(tx, a, r.Listing)
		if err != nil {
			return err
		}
		t.ListingID, t.SolutionName, t.PartnerID, t.OrgPath = &o.ID, o.Name, o.SupplierID, a.Tenant.Path
		if a.Tenant.Kind == tenants.KindCity {
			t.CityCode = a.Tenant.Code
		}
		if len(a.Districts) > 0 {
			t.OrgPath += a.Districts[0] + "/" // or who raised it would not see it
		}
		return nil
	}
	x, o, err := order.ServiceIn(tx, a, r.Service)
	if err != nil {
		return err
	}
	if x.State == "ended" {
		return ErrStopped
	}
	t.ServiceID, t.ServiceNumber, t.AccountID, t.AccountName = &x.ID, x.Number, &x.AccountID, x.AccountName
	t.SolutionName, t.PartnerID, t.OrgPath, t.CityCode = x.SolutionName, o.SupplierID, x.OrgPath, o.CityCode
	return nil
}

// attach checks own uploads and lets both sides of the ticket read them.
func attach(tx *pg.Tx, a tenants.Actor, t *Ticket, ids []uuid.UUID) (pg.Texts, error) {
	for _, id := range ids {
		if _, err := tenants.OwnFile(tx, a, id, filePurpose); err != nil {
			return nil, err
		}
		if err := tenants.ShareFile(tx, id, t.OrgPath, t.PartnerID); err != nil {
			return nil, err
		}
	}
	return pg.UUIDs(ids), nil
}

func lock(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Ticket, error) {
	var t Ticket
	err := pg.One(narrow(tx.Model(&Ticket{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &t)
	return t, err
}

// Act takes a step of the table.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Detail, error) {
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		t, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		x, err := Machine.Take(t.State, action, strings.TrimSpace(reason))
		if err != nil {
			return err
		}
		if x.Permission == "" {
			return fault.ErrMissing
		}
		if err := a.Need(tenants.Permission(x.Permission)); err != nil {
			return err
		}
		now := moment(calendar.Now(ctx))
		if x.Permission == string(Work) {
			t.respond(now)
		}
		if action == "take" {
			t.TakenBy, t.TakenByName = &a.User, a.Name
		}
		from := t.State
		t.move(x.To, now)
		if err := pg.Save(tx, &t); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, t.entry(action, from, t.State, reason))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// Say adds a message to the thread; a supplier's is an answer.
func (s *Service) Say(ctx context.Context, a tenants.Actor, id uuid.UUID, body string, files []uuid.UUID) (Detail, error) {
	need, action := Open, "message"
	if a.Partner() {
		need, action = Work, "reply"
	}
	if err := a.Need(need); err != nil {
		return Detail{}, err
	}
	return s.add(ctx, a, id, body, func(tx *pg.Tx, t *Ticket, now time.Time) (tenants.Entry, error) {
		kept, err := attach(tx, a, t, files)
		if err != nil {
			return tenants.Entry{}, err
		}
		if a.Partner() && t.RespondedAt == nil {
			t.respond(now)
			if err := pg.Save(tx, t); err != nil {
				return tenants.Entry{}, err
			}
		}
		m := Message{ProvinceID: t.ProvinceID, ID: pg.NewID(), TicketID: t.ID, PartnerID: t.PartnerID, OrgPath: t.OrgPath, AuthorID: a.User, AuthorName: a.Name, Side: a.Side(), Body: body, Files: kept, At: now}
		return t.entry(action, "", "", ""), tx.Create(&m).Error
	})
}

// Note adds a note among the operator's people.
func (s *Service) Note(ctx context.Context, a tenants.Actor, id uuid.UUID, body string) (Detail, error) {
	if err := a.Need(Open); err != nil {
		return Detail{}, err
	}
	return s.add(ctx, a, id, body, func(tx *pg.Tx, t *Ticket, now time.Time) (tenants.Entry, error) {
		n := Note{ProvinceID: t.ProvinceID, ID: pg.NewID(), TicketID: t.ID, OrgPath: t.OrgPath, AuthorID: a.User, AuthorName: a.Name, Body: body, At: now}
		e := t.entry("note", "", "", "")
		e.Partner = uuid.Nil // no partner hears of it
		return e, tx.Create(&n).Error
	})
}

func (s *Service) add(ctx context.Context, a tenants.Actor, id uuid.UUID, body string, put func(*pg.Tx, *Ticket, time.Time) (tenants.Entry, error)) (Detail, error) {
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		t, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		var c fault.Checker
		c.Require("body", strings.TrimSpace(body) != "")
		if err := c.Err(); err != nil {
			return err
		}
		if t.Holder() == Nobody {
			return ErrEnded
		}
		e, err := put(tx, &t, moment(calendar.Now(ctx)))
		if err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, e)
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// Detail is a ticket with what was said and done.
type Detail struct {
	Ticket
	FileList []tenants.File
	Messages []Message
	Notes    []Note
	History  []tenants.AuditEvent
	Actions  []string
}

// Get returns one ticket.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	d := Detail{Messages: []Message{}, Notes: []Note{}}
	if err := pg.One(narrow(tx.Model(&Ticket{}), a).Where("id = ?", id), &d.Ticket); err != nil {
		return d, err
	}
	if err := tenants.Rows(tx).Where("ticket_id = ?", id).Order("at, id").Limit(500).Find(&d.Messages).Error; err != nil {
		return d, err
	}
	if a.Operator() {
		if err := tenants.Rows(tx).Where("ticket_id = ?", id).Order("at, id").Limit(500).Find(&d.Notes).Error; err != nil {
			return d, err
		}
	}
	var err error
	if d.FileList, err = filesOf(tx, d.Files); err != nil {
		return d, err
	}
	for i := range d.Messages {
		if d.Messages[i].FileList, err = filesOf(tx, d.Messages[i].Files); err != nil {
			return d, err
		}
	}
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	one := []Ticket{d.Ticket}
	if err := veil(ctx, tx, a, one); err != nil {
		return d, err
	}
	d.Ticket = one[0]
	d.Actions = Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) })
	if d.Holder() != Nobody {
		if a.Partner() && a.Can(Work) {
			d.Actions = append(d.Actions, "reply")
		}
		if a.Operator() && a.Can(Open) {
			d.Actions = append(d.Actions, "message", "note")
		}
	}
	return d, nil
}

func filesOf(tx *pg.Tx, texts pg.Texts) ([]tenants.File, error) {
	var ids []uuid.UUID
	for _, f := range texts {
		if id, err := uuid.Parse(f); err == nil {
			ids = append(ids, id)
		}
	}
	return tenants.Files(tx, ids)
}

// veil leaves a supplier no more of the customer than the grant of the service
// gives while it lasts: the name, as it is now.
func veil(ctx context.Context, tx *pg.Tx, a tenants.Actor, page []Ticket) error {
	if !a.Partner() {
		return nil
	}
	var services []uuid.UUID
	for _, t := range page {
		if t.ServiceID != nil {
			services = append(services, *t.ServiceID)
		}
	}
	grants, err := account.GivenBy(ctx, tx, a, services)
	if err != nil {
		return err
	}
	for i := range page {
		t := &page[i]
		if t.ServiceID == nil {
			continue
		}
		if g, ok := grants[*t.ServiceID]; ok {
			t.AccountID, t.AccountName = &g.AccountID, g.Name
		} else {
			t.AccountID, t.AccountName = nil, ""
		}
	}
	return nil
}

// Query filters the list.
type Query struct {
	States         []string
	OrLate         []string // also those of these states that are late
	Severity, Text string
	Overdue, Mine  bool
	Accounts       []uuid.UUID // an account and what was merged into it; nil for all
	Supplier       uuid.UUID
	Month          string // raised in this business month, YYYY-MM
	Missed         string // response or resolution: later than promised
	ByDue          bool   // what is due first instead of the newest
	AfterAt        time.Time
	AfterID        uuid.UUID
	Limit          int
}

// never stands for no due date where rows are ordered by it.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Key is what the row is ordered by.
func (q Query) Key(t Ticket) time.Time {
	switch {
	case !q.ByDue:
		return t.OpenedAt
	case t.DueAt == nil:
		return never
	}
	return *t.DueAt
}

func (q Query) apply(ctx context.Context, tx *pg.Tx, d *pg.Handle, a tenants.Actor) *pg.Handle {
	switch {
	case len(q.OrLate) > 0:
		d = d.Where("(state IN ? OR (state IN ? AND due_at < ?))", q.States, q.OrLate, calendar.Now(ctx))
	case len(q.States) > 0:
		d = d.Where("state IN ?", q.States)
	}
	if q.Severity != "" {
		d = d.Where("severity = ?", q.Severity)
	}
	if q.Overdue {
		d = d.Where("due_at < ?", calendar.Now(ctx))
	}
	if q.Mine {
		d = d.Where("(opened_by IN ? OR taken_by IN ?)", a.Persons(), a.Persons())
	}
	if q.Accounts != nil {
		d = d.Where("account_id = ANY (?::uuid[])", pg.UUIDs(q.Accounts))
	}
	if q.Supplier != uuid.Nil {
		d = d.Where("partner_id IN ?", []uuid.UUID{q.Supplier})
	}
	if from, err := time.ParseInLocation("2006-01", q.Month, calendar.Shanghai); err == nil {
		d = d.Where("opened_at >= ? AND opened_at < ?", from, from.AddDate(0, 1, 0))
	}
	switch q.Missed {
	case "response":
		d = d.Where("response_missed")
	case "resolution":
		d = d.Where("resolution_missed")
	}
	if q.Text == "" {
		return d
	}
	like := "%" + pg.Like(q.Text) + "%"
	if !a.Partner() {
		return d.Where("(number LIKE ? OR subject LIKE ? OR solution_name LIKE ? OR account_name LIKE ? OR partner_name LIKE ?)", like, like, like, like, like)
	}
	// A supplier finds a customer by name as long as it sees the name.
	return d.Where("(number LIKE ? OR subject LIKE ? OR solution_name LIKE ? OR service_id IN (?))", like, like, like, account.Named(ctx, tx, a, like))
}

// List returns tickets, the newest first or what is due first.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Ticket, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := q.apply(ctx, tx, narrow(tx.Model(&Ticket{}), a), a)
		list := d.Session(pg.Fork)
		if q.ByDue {
			if q.AfterID != uuid.Nil {
				list = list.Where("(coalesce(due_at, ?), id) > (?, ?)", never, q.AfterAt, q.AfterID)
			}
			list = list.Order("coalesce(due_at, '9999-01-01 00:00:00+00'), id")
		} else {
			if q.AfterID != uuid.Nil {
				list = list.Where("(opened_at, id) < (?, ?)", q.AfterAt, q.AfterID)
			}
			list = list.Order("opened_at DESC, id DESC")
		}
		if err := list.Limit(q.Limit).Find(&page).Error; err != nil {
			return err
		}
		if total = int64(len(page)); q.AfterID != uuid.Nil || len(page) == q.Limit {
			if err := d.Session(pg.Fork).Count(&total).Error; err != nil {
				return err
			}
		}
		return veil(ctx, tx, a, page)
	})
	return page, total, err
}
