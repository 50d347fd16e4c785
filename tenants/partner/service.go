package partner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Jobs that packages above listen for; the argument is a Changed.
const (
	JobSuspended = "partner.suspended"
	JobResumed   = "partner.resumed"
)

// Changed names the partner a job is about.
type Changed struct {
	Province uuid.UUID `json:"province"`
	Partner  uuid.UUID `json:"partner"`
}

// reviewDays is how many working days vetting may take, and reading a renewal.
const reviewDays = 3

// maxYears is how far ahead a paper may be good.
const maxYears = 10

// What the trail says of a firm's renewals.
const (
	renewalWaiting = "renewal_waiting"
	renewalRead    = "renewal_read"
)

// Refusals of this package.
var (
	ErrCreditCodeTaken = fault.New(fault.Conflict, "credit-code-taken", "该统一社会信用代码已注册。请联系贵司管理员邀请您加入。", "This credit code is registered already. Ask your firm's admin to invite you.")
	ErrNotReady        = fault.New(fault.Conflict, "checks-failed", "机器检查还有 %d 项未通过，请先补齐。", "%d machine checks have not passed yet; complete them first.")
	ErrSameFile        = fault.New(fault.Conflict, "same-file", "这份文件已经交过，请上传新的文件。", "This file was handed in already; upload the new one.")
	ErrTier            = fault.New(fault.Conflict, "tier-moved", "伙伴的等级已经变化，请重新提出。", "The firm's tier has changed meanwhile; propose it anew.")
	ErrRead            = fault.New(fault.Conflict, "document-read", "这份材料已经有人看过了。", "Somebody has looked at this document already.")
	ErrLocked          = fault.New(fault.Conflict, "application-locked", "申请正在审核中，暂不能修改。", "The application is under review and cannot be edited now.")
)

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db, people} }

// Registration opens a partner with its first admin.
type Registration struct {
	Profile
	AdminName, AdminEmail, AdminPassword string
}

// firstRoles are those of whoever registers: admin, and what the firm came for.
func firstRoles(capabilities []string) pg.Texts {
	roles := pg.Texts{"partner_admin"}
	if slices.Contains(capabilities, "si") {
		roles = append(roles, "solution_author", "support_engineer")
	}
	if slices.ContainsFunc(capabilities, func(c string) bool { return c == "agent" || c == "sales_si" || c == "sa" }) {
		roles = append(roles, "agent", "partner_finance")
	}
	return roles
}

// Register opens a tenant, its partner record in draft and its first admin.
func (s *Service) Register(ctx context.Context, province tenants.Tenant, r Registration, from tenants.Device) (tenants.Actor, tenants.Tokens, error) {
	var c fault.Checker
	r.Validate(&c)
	c.Require("admin_name", strings.TrimSpace(r.AdminName) != "")
	tenants.CheckEmail(&c, "admin_email", r.AdminEmail)
	tenants.CheckPassword(&c, "admin_password", r.AdminPassword)
	if err := c.Err(); err != nil {
		return tenants.Actor{}, tenants.Tokens{}, err
	}
	hash, err := s.people.HashPassword(r.AdminPassword)
	if err != nil {
		return tenants.Actor{}, tenants.Tokens{}, err
	}
	m, err := s.Open(ctx, province, r, hash)
	if err != nil {
		return tenants.Actor{}, tenants.Tokens{}, err
	}
	return s.people.OpenFor(ctx, m, from)
}

// Open is Register without the session, for a password that is hashed already.
func (s *Service) Open(ctx context.Context, province tenants.Tenant, r Registration, passwordHash string) (tenants.Membership, error) {
	id := pg.NewID()
	now := calendar.Now(ctx)
	system := tenants.System(province.ID, "registration")
	// The code is checked before the login is made, so that a refused
	// registration leaves nothing behind; the database decides in a race.
	err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		var n int64
		if err := tx.Model(&Partner{}).Where("province_id = ? AND credit_code = ?", province.ID, r.CreditCode).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return ErrCreditCodeTaken
		}
		return nil
	})
	if err != nil {
		return tenants.Membership{}, err
	}
	var m tenants.Membership
	err = s.db.As(ctx, system, func(tx *pg.Tx) error {
		user, err := tenants.AddUserIn(ctx, tx.DB, r.AdminEmail, r.AdminName, passwordHash, "zh")
		if err != nil {
			return err
		}
		m = tenants.Membership{ProvinceID: province.ID, ID: pg.NewID(), TenantID: id, UserID: user.ID, Name: user.Name, Email: user.Email, Roles: firstRoles(r.Capabilities), CreatedAt: now}
		number, err := tenants.Next(ctx, tx, "P")
		if err != nil {
			return err
		}
		first, _ := utf8.DecodeRuneInString(r.LegalName)
		t := tenants.Tenant{ID: id, ProvinceID: province.ID, Kind: tenants.KindPartner, Code: number, Name: r.LegalName, Short: string(first), Path: province.Path + "-/"}
		if err := tenants.AddTenant(tx, t); err != nil {
			return err
		}
		p := Partner{
			ProvinceID: province.ID, ID: id, PartnerID: id, OrgPath: province.Path, Code: number, Tier: "registered", State: "draft", Lapsed: pg.Texts{}, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		p.take(r.Profile)
		if err := tx.Create(&p).Error; err != nil {
			if pg.Violated(err, "partners_credit_code_once") {
				return ErrCreditCodeTaken
			}
			return err
		}
		if err := tenants.AddMembership(tx.DB, m); err != nil {
			return err
		}
		actor := tenants.Actor{User: user.ID, Name: user.Name, Tenant: t}
		tenants.Record(ctx, tx, actor, p.entry("register", "", "draft", ""))
		return nil
	})
	return m, err
}

func (p *Partner) take(x Profile) {
	p.LegalName, p.CreditCode, p.Capabilities = x.LegalName, x.CreditCode, x.Capabilities
	p.ContactName, p.ContactPhone, p.ContactEmail, p.Address, p.Profile = x.ContactName, x.ContactPhone, tenants.NormalEmail(x.ContactEmail), x.Address, x.About
}

func (p *Partner) entry(action, from, to, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "partner", ID: p.ID, Label: p.LegalName, OrgPath: p.OrgPath, Partner: p.ID, From: from, To: to, Reason: reason}
}

// Detail is a partner with all that is shown beside it.
type Detail struct {
	Partner
	Documents []Document
	Checklist []Item
	Checks    []Check
	Questions []Question
	Contest   *Contest // of the last decision that was contested
	Clock     Clock
	History   []tenants.AuditEvent
	Actions   []string
}

// Get returns one partner: the own firm, or any for who may read all.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(ReadOwn); err != nil {
		return Detail{}, err
	}
	if !a.Can(Read) && id != a.Tenant.ID {
		return Detail{}, fault.ErrMissing
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	if err == nil && a.Can(Vet) {
		if err = s.Foreign(ctx, a, id); errors.Is(err, ErrOwnFirm) {
			d.Actions, err = slices.DeleteFunc(d.Actions, vetting), nil
		}
	}
	return d, err
}

// vetting tells the steps that the operator takes.
func vetting(action string) bool {
	return action == "review_documents" || slices.ContainsFunc(Machine.Table, func(t state.Transition) bool { return t.Action == action && t.Permission == string(Vet) })
}

// Foreign refuses who works for the firm, or acts for somebody who does. Their
// seats are not the operator's to see, so the portal looks.
func (s *Service) Foreign(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	if a.IsSystem() {
		return nil
	}
	return s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var seats int64
		err := tx.Table("memberships").Where("province_id = ? AND tenant_id = ? AND user_id IN ? AND state = 'active'", a.Tenant.ProvinceID, id, a.Persons()).Count(&seats).Error
		if err == nil && seats > 0 {
			return ErrOwnFirm
		}
		return err
	})
}

// Standing is the actor's own firm without what hangs on it.
func (s *Service) Standing(ctx context.Context, a tenants.Actor) (p Partner, err error) {
	if err := a.Need(ReadOwn); err != nil {
		return p, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error { return pg.One(tenants.Firms(tx).Where("id = ?", a.Tenant.ID), &p) })
	return p, err
}

func (s *Service) detail(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	if err := pg.One(tenants.Firms(tx).Where("id = ?", id), &d.Partner); err != nil {
		return d, err
	}
	var err error
	if d.Documents, err = documents(tx, id); err != nil {
		return d, err
	}
	now := calendar.Now(ctx)
	d.Checklist, d.Checks = Checklist(d.Capabilities, d.Documents, now), Checks(d.Partner, d.Documents, now)
	if d.Questions, err = questions(tx, id); err != nil {
		return d, err
	}
	if d.Contest, err = lastContest(tx, id); err != nil {
		return d, err
	}
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	d.Clock = clockOf(d.History, d.State, now)
	for _, action := range Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) }) {
		switch action {
		case "apply":
			if d.mayReapply(now) != nil {
				continue
			}
		case "contest":
			if until := d.ContestUntil(); until == nil || now.After(*until) || d.contested(d.Contest) {
				continue
			}
		case "uphold", "overturn":
			if d.Deciders.Has(a) {
				continue
			}
		}
		d.Actions = append(d.Actions, action)
	}
	if a.Can(Apply) && d.State == "more_info" {
		d.Actions = append(d.Actions, "answer")
	}
	if a.Can(Vet) && slices.ContainsFunc(d.Documents, Document.Unread) {
		d.Actions = append(d.Actions, "review_documents")
	}
	if a.Can(Write) && d.State != "terminated" {
		d.Actions = append(d.Actions, "upload")
	}
	if a.Can(Write) && d.Editable() {
		d.Actions = append(d.Actions, "edit")
	}
	return d, nil
}

// contested tells whether the contest is of the decision that stands.
func (p *Partner) contested(c *Contest) bool {
	return c != nil && p.DecidedAt != nil && c.DecidedAt.Equal(*p.DecidedAt)
}

func questions(tx *pg.Tx, partner uuid.UUID) (out []Question, err error) {
	err = tenants.Rows(tx).Where("partner_id = ?", partner).Order("asked_at, id").Find(&out).Error
	return out, err
}

func lastContest(tx *pg.Tx, partner uuid.UUID) (*Contest, error) {
	var out []Contest
	err := tenants.Rows(tx).Where("partner_id = ?", partner).Order("contested_at DESC").Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}

func documents(tx *pg.Tx, partner uuid.UUID) ([]Document, error) {
	var docs []Document
	if err := tx.Where("province_id = ? AND partner_id = ?", tx.Identity.Province, partner).Order("created_at, id").Find(&docs).Error; err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, d := range docs {
		ids = append(ids, d.FileID)
	}
	files, err := tenants.Files(tx, ids)
	for i := range docs {
		for _, f := range files {
			if f.ID == docs[i].FileID {
				docs[i].File = f
			}
		}
	}
	return docs, err
}

// Query filters the list of partners.
type Query struct {
	State string
	Queue bool // only what waits for the operator, oldest first
	Text  string
	After *Key
	Limit int
}

// Key is where a page ends.
type Key struct {
	At time.Time
	ID uuid.UUID
}

// Row is a partner with the number of its failed checks, and of the renewals
// that nobody has looked at with the first day on which one is due.
type Row struct {
	Partner
	Failed, Unread int
	UnreadDue      *time.Time
}

// List returns partners of the province, newest first, and how many match.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) ([]Row, int64, error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	var rows []Row
	var total int64
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var found []Partner
		d := tx.Model(&Partner{}).Where("province_id = ?", a.Tenant.ProvinceID)
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Queue {
			d = d.Where("(state IN ('applied', 'under_review', 'contested') OR id IN (SELECT partner_id FROM partner_documents WHERE province_id = ? AND review IN ('provisional', 'waiting')))", a.Tenant.ProvinceID)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(legal_name LIKE ? OR credit_code LIKE ? OR code LIKE ?)", like, like, like)
		}
		var after Key
		if q.After != nil {
			after = *q.After
		}
		if err := pg.Newest(d, "updated_at", after.At, after.ID, q.Limit, &found, &total); err != nil {
			return err
		}
		for _, p := range found {
			docs, err := documents(tx, p.ID)
			if err != nil {
				return err
			}
			row := Row{Partner: p, Failed: Failed(Checks(p, docs, calendar.Now(ctx)))}
			for _, d := range docs {
				if !d.Unread() {
					continue
				}
				row.Unread++
				if due := d.ReviewDue(); row.UnreadDue == nil || due.Before(*row.UnreadDue) {
					row.UnreadDue = &due
				}
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, total, err
}

// lock loads the own partner for a change.
func lock(tx *pg.Tx, id uuid.UUID) (Partner, error) {
	var p Partner
	err := pg.One(tenants.Firms(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &p)
	return p, err
}

// Edit changes the application.
func (s *Service) Edit(ctx context.Context, a tenants.Actor, id uuid.UUID, x Profile, version int64) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	var c fault.Checker
	x.Validate(&c)
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := lock(tx, id)
		if err != nil {
			return err
		}
		if p.Version != version {
			return fault.ErrStale
		}
		if !p.Editable() {
			return ErrLocked
		}
		p.take(x)
		p.UpdatedAt = calendar.Now(ctx)
		if err := pg.Save(tx, &p); err != nil {
			if pg.Violated(err, "partners_credit_code_once") {
				return ErrCreditCodeTaken
			}
			return err
		}
		tenants.Record(ctx, tx, a, p.entry("edit", p.State, p.State, ""))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// AddDocument attaches an uploaded file.
func (s *Service) AddDocument(ctx context.Context, a tenants.Actor, id uuid.UUID, kind string, file uuid.UUID, expiresOn string) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	i := slices.IndexFunc(DocumentKinds, func(k DocumentKind) bool { return k.Code == kind })
	var c fault.Checker
	var expires *time.Time
	if i < 0 {
		c.OneOf("kind", kind)
	} else if expiresOn != "" {
		t, err := time.Parse(time.DateOnly, expiresOn)
		switch {
		case err != nil:
			c.Add("expires_on", "date", "日期格式不正确。", "Not a valid date.")
		case t.After(calendar.Now(ctx).AddDate(maxYears, 0, 0)):
			c.Add("expires_on", "far", "有效期最长十年；长期有效的证照请填十年后的今天。", "Ten years ahead at most; give today in ten years where it never ends.")
		case daysUntil(t, calendar.Now(ctx)) < 0:
			c.Add("expires_on", "expired", "该材料已过期，请上传有效期内的版本。", "This document has expired. Upload one that is still valid.")
		case daysUntil(t, calendar.Now(ctx)) < DocumentKinds[i].MinDays:
			n := DocumentKinds[i].MinDays
			c.Add("expires_on", "short", fmt.Sprintf("该材料至少还要有 %d 天有效期。", n), fmt.Sprintf("It must be valid for %d more days at least.", n))
		default:
			expires = &t
		}
	} else if DocumentKinds[i].Expires {
		c.Require("expires_on", false)
	}
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	return s.change(ctx, a, id, "", func(tx *pg.Tx, p *Partner) error {
		f, err := tenants.OwnFile(tx, a, file, "partner_document")
		if err != nil {
			return err
		}
		docs, err := documents(tx, p.ID)
		if err != nil {
			return err
		}
		// The same content again renews nothing.
		if slices.ContainsFunc(docs, func(d Document) bool {
			return d.FileID == f.ID || d.Kind == kind && f.SHA256 != "" && d.File.SHA256 == f.SHA256
		}) {
			return ErrSameFile
		}
		d := Document{
			ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, OrgPath: p.OrgPath, Kind: kind, FileID: f.ID, ExpiresOn: expires, Review: handedIn(*p, kind, docs, calendar.Now(ctx)), CreatedAt: calendar.Now(ctx),
		}
		if err := tx.Create(&d).Error; err != nil {
			return err
		}
		if d.Unread() {
			tenants.Record(ctx, tx, a, p.entry("renew", p.State, renewalWaiting, ""))
		} else {
			tenants.Record(ctx, tx, a, p.entry("add_document", p.State, p.State, ""))
		}
		return s.renewed(ctx, tx, a, p, kind)
	})
}

// RemoveDocument takes a document out of an application that is not under review.
func (s *Service) RemoveDocument(ctx context.Context, a tenants.Actor, id, document uuid.UUID) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	return s.change(ctx, a, id, "remove_document", func(tx *pg.Tx, p *Partner) error {
		if !p.Editable() {
			return ErrLocked
		}
		res := tx.Exec(`DELETE FROM partner_documents WHERE province_id = ? AND partner_id = ? AND id = ?`, p.ProvinceID, p.ID, document)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		return res.Error
	})
}

// ReviewDocument says whether a paper that an admitted firm handed in is good.
func (s *Service) ReviewDocument(ctx context.Context, a tenants.Actor, id, document uuid.UUID, accept bool, reason string) (Detail, error) {
	if err := a.Need(Vet); err != nil {
		return Detail{}, err
	}
	action, outcome := "refuse_document", "refused"
	reason = strings.TrimSpace(reason)
	if accept {
		action, outcome, reason = "accept_document", "accepted", ""
	} else {
		var c fault.Checker
		c.Require("reason", reason != "")
		if err := c.Err(); err != nil {
			return Detail{}, err
		}
	}
	if err := s.Foreign(ctx, a, id); err != nil {
		return Detail{}, err
	}
	return s.change(ctx, a, id, "", func(tx *pg.Tx, p *Partner) error {
		docs, err := documents(tx, p.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(docs, func(d Document) bool { return d.ID == document })
		if i < 0 {
			return fault.ErrMissing
		}
		d := &docs[i]
		if !d.Unread() {
			return ErrRead
		}
		now, from := calendar.Now(ctx), d.Review
		d.Review, d.ReviewedBy, d.ReviewedByName, d.ReviewedAt, d.ReviewReason = outcome, &a.User, a.Name, &now, reason
		err = tx.Exec(`UPDATE partner_documents SET review = ?, reviewed_by = ?, reviewed_by_name = ?, reviewed_at = ?, review_reason = ? WHERE province_id = ? AND id = ?`, outcome, a.User, a.Name, now, reason, d.ProvinceID, d.ID).Error
		if err != nil {
			return err
		}
		e := d.entry(strings.TrimSuffix(action, "_document"), from, outcome)
		e.Reason = reason
		tenants.Record(ctx, tx, a, e)
		to := renewalRead
		if slices.ContainsFunc(docs, Document.Unread) {
			to = renewalWaiting
		}
		tenants.Record(ctx, tx, a, p.entry(action, renewalWaiting, to, reason))
		_, err = s.lapse(ctx, tx, a, p, docs)
		return err
	})
}

// change runs one step on the locked partner and answers with its new detail; a
// step without an action says itself what it did.
func (s *Service) change(ctx context.Context, a tenants.Actor, id uuid.UUID, action string, step func(*pg.Tx, *Partner) error) (Detail, error) {
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := lock(tx, id)
		if err != nil {
			return err
		}
		if err := step(tx, &p); err != nil {
			return err
		}
		p.UpdatedAt = calendar.Now(ctx)
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		if action != "" {
			tenants.Record(ctx, tx, a, p.entry(action, p.State, p.State, ""))
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// Act takes one step of the state machine.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, step Step) (Detail, error) {
	var d Detail
	if a.Can(Vet) && vetting(step.Action) {
		if err := s.Foreign(ctx, a, id); err != nil {
			return Detail{}, err
		}
	}
	var who pg.Identified = a
	if slices.Contains([]string{"suspend", "resume", "terminate"}, step.Action) && a.Can(Vet) {
		who = tenants.Elevated{Actor: a} // the firm's tenant stops or goes on with it
	}
	err := s.db.As(ctx, who, func(tx *pg.Tx) error {
		p, err := lock(tx, id)
		if err != nil {
			return err
		}
		t, err := Machine.Take(p.State, step.Action, step.Reason)
		if err != nil {
			return err
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		now := calendar.Now(ctx)
		if slices.Contains([]string{"apply", "approve", "overturn"}, step.Action) {
			docs, err := documents(tx, id)
			if err != nil {
				return err
			}
			if n := Failed(Checks(p, docs, now)); n > 0 {
				return ErrNotReady.Fill(n)
			}
		}
		if err := s.consequence(ctx, tx, a, &p, step); err != nil {
			return err
		}
		from := p.State
		p.State, p.Reason, p.UpdatedAt = t.To, step.Reason, now
		if err := pg.Save(tx, &p); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, p.entry(step.Action, from, p.State, step.Reason))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// consequence does what a step brings besides the new state.
func (s *Service) consequence(ctx context.Context, tx *pg.Tx, a tenants.Actor, p *Partner, step Step) error {
	now := calendar.Now(ctx)
	due := func(days int) *time.Time { t := calendar.AddWorkingDays(now, days); return &t }
	switch step.Action {
	case "apply":
		if err := p.mayReapply(now); err != nil {
			return err
		}
		asked, err := questions(tx, p.ID)
		if err != nil {
			return err
		}
		if n := open(asked); n > 0 {
			return ErrUnanswered.Fill(n)
		}
		p.AppliedAt, p.DueAt = &now, due(reviewDays)
		p.RejectCode, p.ReapplyOn, p.DecidedBy, p.Deciders, p.DecidedAt = "", nil, nil, nil, nil
	case "request_info":
		p.DueAt = nil
		return tx.Create(&Question{ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, OrgPath: p.OrgPath, Body: step.Reason, AskedBy: a.User, AskedByName: a.Name, AskedAt: now}).Error
	case "approve":
		p.DueAt, p.DecidedBy, p.Deciders, p.DecidedAt = nil, &a.User, tenants.Persons{}.With(a), &now
	case "reject":
		p.DueAt, p.DecidedBy, p.Deciders, p.DecidedAt = nil, &a.User, tenants.Persons{}.With(a), &now
		return p.rejected(step, now)
	case "contest":
		until := p.ContestUntil()
		if until == nil || p.DecidedBy == nil || now.After(*until) {
			return ErrContestLate
		}
		p.DueAt = due(contestDueDays)
		err := tx.Create(&Contest{
			ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, OrgPath: p.OrgPath, RejectCode: p.RejectCode, Decision: p.Reason, DecidedBy: *p.DecidedBy, Deciders: p.Deciders, DecidedAt: *p.DecidedAt,
			Body: step.Reason, ContestedBy: a.User, ContestedByName: a.Name, ContestedAt: now,
		}).Error
		if pg.Violated(err, "partner_contests_once") {
			return ErrContested
		}
		return err
	case "uphold", "overturn":
		return p.settle(tx, a, step, now)
	case "suspend", "terminate":
		if err := tenants.Suspend(tx, p.ID, true); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobSuspended, Changed{p.ProvinceID, p.ID})
	case "resume":
		if err := tenants.Suspend(tx, p.ID, false); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobResumed, Changed{p.ProvinceID, p.ID})
	}
	return nil
}

// settle answers a contest: somebody else than who decided does.
func (p *Partner) settle(tx *pg.Tx, a tenants.Actor, step Step, now time.Time) error {
	if p.Deciders.Has(a) {
		return ErrSameReviewer
	}
	outcome := "upheld"
	if step.Action == "overturn" {
		outcome = "overturned"
		p.RejectCode, p.ReapplyOn, p.DecidedBy, p.Deciders, p.DecidedAt = "", nil, &a.User, tenants.Persons{}.With(a), &now
	}
	p.DueAt = nil
	return tenants.Rows(tx).Model(&Contest{}).Where("partner_id = ? AND outcome = ''", p.ID).
		Updates(map[string]any{"outcome": outcome, "reviewer": a.User, "reviewers": tenants.Persons{}.With(a), "reviewer_name": a.Name, "answer": step.Reason, "closed_at": now}).Error
}

// Answer puts the applicant's answer to a question on the record.
func (s *Service) Answer(ctx context.Context, a tenants.Actor, id, question uuid.UUID, text string) (Detail, error) {
	if err := a.Need(Apply); err != nil {
		return Detail{}, err
	}
	var c fault.Checker
	text = strings.TrimSpace(text)
	c.Require("text", text != "")
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	return s.change(ctx, a, id, "answer", func(tx *pg.Tx, p *Partner) error {
		var q Question
		if err := pg.One(tenants.Rows(tx).Where("partner_id = ? AND id = ?", id, question), &q); err != nil {
			return err
		}
		if p.State != "more_info" {
			return ErrLocked
		}
		if q.AnsweredAt != nil {
			return ErrAnswered
		}
		return tenants.Rows(tx).Model(&Question{}).Where("id = ?", question).
			Updates(map[string]any{"answer": text, "answered_by": a.User, "answered_by_name": a.Name, "answered_at": calendar.Now(ctx)}).Error
	})
}

// SetTier gives the firm another tier, in a transaction of who decided it.
func (s *Service) SetTier(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID, from, to string) error {
	p, err := lock(tx, id)
	if err != nil {
		return err
	}
	if p.Tier != from {
		return ErrTier
	}
	p.Tier, p.UpdatedAt = to, calendar.Now(ctx)
	if err := pg.Save(tx, &p); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, p.entry("set_tier", p.State, p.State, to))
	return nil
}

// Find returns the bare record, inside a transaction of another package.
func Find(tx *pg.Tx, id uuid.UUID) (Partner, error) {
	var p Partner
	err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id), &p)
	return p, err
}
