package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// files

func fileOf(f tenants.File) File {
	return File{ID: f.ID.String(), Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, State: f.State, Scan: f.Scan, At: f.CreatedAt}
}

func filesOf(files []tenants.File) []File {
	out := []File{}
	for _, f := range files {
		out = append(out, fileOf(f))
	}
	return out
}

func announceFile(s *Server, ctx context.Context, a tenants.Actor, in *newFileInput) (Upload, error) {
	n := in.Body
	f, url, headers, err := s.Tenants.AnnounceFile(ctx, a, s.Blob, tenants.NewFile{Purpose: n.Purpose, Name: n.Name, MediaType: n.MediaType, SHA256: n.SHA256, Size: n.Size})
	return Upload{File: fileOf(f), URL: url, Method: fiber.MethodPut, Headers: headers}, err
}

func completeFile(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (File, error) {
	f, err := s.Tenants.CompleteFile(ctx, a, s.Blob, uuid.MustParse(in.ID))
	return fileOf(f), err
}

func fileLink(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Link, error) {
	f, err := s.Tenants.File(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Link{}, err
	}
	return s.linkTo(ctx, f)
}

func (s *Server) linkTo(ctx context.Context, f tenants.File) (Link, error) {
	if f.State != "stored" {
		return Link{}, tenants.ErrFileMissing
	}
	url, err := s.Blob.PresignGet(ctx, f.Key, f.Name, false, 5*time.Minute)
	return Link{URL: url}, err
}

// partners

func registerPartner(s *Server, ctx context.Context, f *fiber.Ctx, in *registerInput) (Me, error) {
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return Me{}, err
	}
	if len(provinces) == 0 {
		return Me{}, fault.New(fault.Unavailable, "no-province", "平台尚未开通，请稍后再来。", "The portal is not open yet. Come back later.")
	}
	r := partner.Registration{Profile: profileOf(in.Body.PartnerProfile), AdminName: in.Body.AdminName, AdminEmail: in.Body.AdminEmail, AdminPassword: in.Body.AdminPassword}
	actor, tokens, err := s.Partners.Register(ctx, provinces[0], r, deviceOf(f))
	if err != nil {
		return Me{}, err
	}
	s.setCookies(f, tokens)
	return s.me(ctx, actor)
}

func profileOf(p PartnerProfile) partner.Profile {
	return partner.Profile{
		LegalName: p.LegalName, CreditCode: p.CreditCode, Capabilities: p.Capabilities, ContactName: p.ContactName, ContactPhone: p.ContactPhone,
		ContactEmail: p.ContactEmail, Address: p.Address, About: p.Profile,
	}
}

func partnerRowOf(p partner.Partner, failed int) PartnerRow {
	return PartnerRow{
		ID: p.ID.String(), Code: p.Code, LegalName: p.LegalName, CreditCode: p.CreditCode, Capabilities: listOf(p.Capabilities), Tier: p.Tier, State: p.State,
		AppliedAt: p.AppliedAt, DueAt: p.DueAt, ChecksFailed: failed,
	}
}

func (s *Server) partnerOf(ctx context.Context, d partner.Detail) Partner {
	out := Partner{
		PartnerRow: partnerRowOf(d.Partner, partner.Failed(d.Checks)), ContactName: d.ContactName, ContactPhone: d.ContactPhone, ContactEmail: d.ContactEmail,
		Address: d.Address, Profile: d.Profile, Documents: []PartnerDocument{}, Checks: []Check{}, Events: eventsOf(d.History), Reason: d.Reason, Version: d.Version, Actions: listOf(d.Actions),
	}
	for _, doc := range d.Documents {
		x := PartnerDocument{ID: doc.ID.String(), Kind: doc.Kind, File: fileOf(doc.File)}
		if doc.ExpiresOn != nil {
			on, left := doc.ExpiresOn.Format(time.DateOnly), int(time.Until(*doc.ExpiresOn).Hours()/24)
			x.ExpiresOn, x.DaysLeft = &on, &left
		}
		out.Documents = append(out.Documents, x)
	}
	for _, c := range d.Checks {
		out.Checks = append(out.Checks, Check{c.Code, c.State, c.Detail.In(localeOf(ctx))})
	}
	return out
}

type timeKey struct {
	At time.Time
	ID uuid.UUID
}

func partners(s *Server, ctx context.Context, a tenants.Actor, in *partnersInput) (Page[PartnerRow], error) {
	q := partner.Query{State: in.State, Queue: in.Queue, Text: in.Q, Limit: in.Limit + 1}
	if in.Cursor != "" {
		q.After = &partner.Key{}
		if err := s.openCursor(a, "partners", in.Cursor, q.After); err != nil {
			return Page[PartnerRow]{}, err
		}
	}
	found, total, err := s.Partners.List(ctx, a, q)
	out := Page[PartnerRow]{Items: []PartnerRow{}, Total: total}
	for i, p := range found {
		if i == in.Limit {
			last := found[i-1]
			out.NextCursor = s.cursor(a, "partners", partner.Key{At: last.UpdatedAt, ID: last.ID})
			break
		}
		out.Items = append(out.Items, partnerRowOf(p.Partner, p.Failed))
	}
	return out, err
}

func ownPartner(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Partner, error) {
	d, err := s.Partners.Get(ctx, a, a.Tenant.ID)
	return s.partnerOf(ctx, d), err
}

func onePartner(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Partner, error) {
	d, err := s.Partners.Get(ctx, a, uuid.MustParse(in.ID))
	return s.partnerOf(ctx, d), err
}

func editPartner(s *Server, ctx context.Context, a tenants.Actor, in *partnerInput) (Partner, error) {
	d, err := s.Partners.Edit(ctx, a, uuid.MustParse(in.ID), profileOf(in.Body.PartnerProfile), in.Body.Version)
	return s.partnerOf(ctx, d), err
}

func addDocument(s *Server, ctx context.Context, a tenants.Actor, in *documentInput) (Partner, error) {
	d, err := s.Partners.AddDocument(ctx, a, uuid.MustParse(in.ID), in.Body.Kind, uuid.MustParse(in.Body.FileID), in.Body.ExpiresOn)
	return s.partnerOf(ctx, d), err
}

func removeDocument(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (Partner, error) {
	d, err := s.Partners.RemoveDocument(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return s.partnerOf(ctx, d), err
}

// actPartner is the handler of one action of the state machine.
func actPartner(action string) call[actionInput, Partner] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Partner, error) {
		d, err := s.Partners.Act(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return s.partnerOf(ctx, d), err
	}
}

// accounts

func accountRowOf(x account.Account) AccountRow {
	out := AccountRow{
		ID: x.ID.String(), Name: x.Name, CreditCode: x.CreditCode, Kind: x.Kind, Tier: x.Tier, Industry: x.Industry, CityCode: x.CityCode, DistrictCode: x.DistrictCode,
		OwnerName: x.OwnerName, Existing: x.Existing, UpdatedAt: x.UpdatedAt,
	}
	if x.OwnerID != nil {
		out.OwnerID = x.OwnerID.String()
	}
	return out
}

func accessOf(ctx context.Context, r account.Reason) Access {
	return Access{Who: r.Who, Via: r.Via, Detail: r.Words.In(localeOf(ctx)), Link: r.Link, Until: r.Until, Fields: r.Fields}
}

func accountOf(ctx context.Context, d account.Detail) Account {
	return Account{
		AccountRow: accountRowOf(d.Account), Informatisation: d.Informatisation, StaffSize: d.StaffSize, Employees: d.Employees, Machines: d.Machines,
		Customers: d.Customers, Suppliers: d.Suppliers, Address: d.Address, ContactName: d.ContactName, ContactPhone: d.ContactPhone, ContactEmail: d.ContactEmail,
		Masked: listOf(d.Masked), Access: accessOf(ctx, d.Access), AccessUntil: d.Access.Until, Events: eventsOf(d.History), Version: d.Version, Actions: listOf(d.Actions),
	}
}

type accountKey struct {
	Name string
	At   time.Time
	ID   uuid.UUID
}

func accountQuery(in *accountsInput) account.Query {
	return account.Query{Text: in.Q, City: in.City, District: in.District, Kind: in.Kind, Tier: in.Tier, Industry: in.Industry, Owner: in.Owner, ByUpdated: in.Sort == "-updated", Limit: in.Limit + 1}
}

func accounts(s *Server, ctx context.Context, a tenants.Actor, in *accountsInput) (Page[AccountRow], error) {
	q := accountQuery(in)
	list := "accounts/" + in.Sort
	var key accountKey
	if err := s.openCursor(a, list, in.Cursor, &key); err != nil {
		return Page[AccountRow]{}, err
	}
	q.AfterName, q.AfterAt, q.AfterID = key.Name, key.At, key.ID
	found, total, estimated, err := s.Accounts.List(ctx, a, q)
	out := Page[AccountRow]{Items: []AccountRow{}, Total: total, Estimated: estimated}
	for i, x := range found {
		if i == in.Limit {
			last := found[i-1]
			out.NextCursor = s.cursor(a, list, accountKey{last.Name, last.UpdatedAt, last.ID})
			break
		}
		out.Items = append(out.Items, accountRowOf(x))
	}
	return out, err
}

func oneAccount(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Account, error) {
	d, err := s.Accounts.Get(ctx, a, uuid.MustParse(in.ID))
	return accountOf(ctx, d), err
}

func accountEdit(e AccountEdit) account.Edit {
	out := account.Edit{
		Name: e.Name, CreditCode: e.CreditCode, Kind: e.Kind, Tier: e.Tier, Industry: e.Industry, DistrictCode: e.DistrictCode, Existing: e.Existing,
		Informatisation: e.Informatisation, StaffSize: e.StaffSize, Employees: e.Employees, Machines: e.Machines, Customers: e.Customers, Suppliers: e.Suppliers,
		Address: e.Address, ContactName: e.ContactName, ContactPhone: e.ContactPhone, ContactEmail: e.ContactEmail,
	}
	if id, err := uuid.Parse(e.OwnerID); err == nil {
		out.OwnerID = &id
	}
	return out
}

func newAccount(s *Server, ctx context.Context, a tenants.Actor, in *newAccountInput) (Account, error) {
	d, err := s.Accounts.Create(ctx, a, accountEdit(in.Body))
	return accountOf(ctx, d), err
}

func editAccount(s *Server, ctx context.Context, a tenants.Actor, in *accountInput) (Account, error) {
	d, err := s.Accounts.Change(ctx, a, uuid.MustParse(in.ID), accountEdit(in.Body), in.Body.Version)
	return accountOf(ctx, d), err
}

// imports

func importOf(ctx context.Context, a tenants.Actor, r account.ImportRun) Import {
	out := Import{
		ID: r.ID.String(), FileName: r.FileName, State: r.State, Progress: r.Progress, Rows: r.Rows, New: r.NewRows, Changed: r.ChangedRows, Unchanged: r.UnchangedRows,
		Bad: r.BadRows, BadRows: []BadRow{}, StartedBy: r.StartedBy, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Reason: r.Reason,
		Actions: account.ImportMachine.Actions(r.State, func(p string) bool { return a.Can(tenants.Permission(p)) }),
	}
	for _, b := range r.Bad.V {
		out.BadRows = append(out.BadRows, BadRow{b.Row, b.Column, b.Cell, b.Value, b.Reason.In(localeOf(ctx))})
	}
	return out
}

func imports(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Import], error) {
	found, err := s.Accounts.Imports(ctx, a)
	out := List[Import]{Items: []Import{}}
	for _, r := range found {
		r.Bad.V = nil
		out.Items = append(out.Items, importOf(ctx, a, r))
	}
	return out, err
}

func startImport(s *Server, ctx context.Context, a tenants.Actor, in *importInput) (Import, error) {
	r, err := s.Accounts.StartImport(ctx, a, uuid.MustParse(in.Body.FileID))
	return importOf(ctx, a, r), err
}

func oneImport(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Import, error) {
	r, err := s.Accounts.ImportOf(ctx, a, uuid.MustParse(in.ID))
	return importOf(ctx, a, r), err
}

func actImport(action string) call[ByID, Import] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Import, error) {
		r, err := s.Accounts.ActOnImport(ctx, a, uuid.MustParse(in.ID), action)
		return importOf(ctx, a, r), err
	}
}
