package web

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

func accountRowOf(x account.Account) AccountRow {
	out := AccountRow{
		ID: x.ID.String(), Name: x.Name, CreditCode: x.CreditCode, Kind: x.Kind, Tier: x.Tier, Industry: x.Industry, CityCode: x.CityCode, DistrictCode: x.DistrictCode,
		OwnerName: x.OwnerName, Existing: x.Existing, Quality: x.Quality, UpdatedAt: x.UpdatedAt,
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
	out := Account{
		AccountRow: accountRowOf(d.Account), Informatisation: d.Informatisation, StaffSize: d.StaffSize, Employees: d.Employees, Machines: d.Machines,
		Customers: d.Customers, Suppliers: d.Suppliers, Address: d.Address, ContactName: d.ContactName, ContactPhone: d.ContactPhone, ContactEmail: d.ContactEmail, Demand: d.Demand,
		Issues: []Issue{}, Targets: []TargetMark{}, Merges: []MergeMark{}, MergedFrom: d.MergedFrom,
		Masked: listOf(d.Masked), Access: accessOf(ctx, d.Access), AccessUntil: d.Access.Until, Events: eventsOf(ctx, d.History), Version: d.Version, Actions: listOf(d.Actions),
	}
	if d.MergedInto != nil {
		out.MergedInto = d.MergedInto.String()
	}
	for _, i := range d.Issues {
		out.Issues = append(out.Issues, Issue{i.Code, i.Field, i.Points, i.Words.In(localeOf(ctx))})
	}
	for _, t := range d.Targets {
		out.Targets = append(out.Targets, TargetMark{t.Year, t.Segment, t.SetBy, t.SetAt})
	}
	for _, m := range d.Merges {
		out.Merges = append(out.Merges, MergeMark{m.ID.String(), m.LoserName, m.MadeBy, m.MadeAt})
	}
	return out
}

type accountKey struct {
	Name string
	N    int
	At   time.Time
	ID   uuid.UUID
}

func accountQuery(in *accountsInput) account.Query {
	return account.Query{
		Text: in.Q, City: in.City, District: in.District, Kind: in.Kind, Tier: in.Tier, Industry: in.Industry, Owner: in.Owner, Existing: in.Existing, QualityBelow: in.Quality, TargetYear: in.Target, Segment: in.Segment,
		ByUpdated: in.Sort == "-updated", ByQuality: in.Sort == "quality", Limit: in.Limit + 1,
	}
}

func accounts(s *Server, ctx context.Context, a tenants.Actor, in *accountsInput) (Page[AccountRow], error) {
	q := accountQuery(in)
	list := "accounts/" + in.Sort
	var key accountKey
	if err := s.openCursor(a, list, in.Cursor, &key); err != nil {
		return Page[AccountRow]{}, err
	}
	q.AfterName, q.AfterAt, q.AfterID, q.AfterQuality = key.Name, key.At, key.ID, key.N
	found, err := s.Accounts.List(ctx, a, q)
	if err != nil {
		return Page[AccountRow]{}, err
	}
	n, err := s.accountCount(ctx, a, q, len(found))
	out := Page[AccountRow]{Items: []AccountRow{}, Total: n.total, Estimated: n.estimated}
	for i, x := range found {
		if i == in.Limit {
			last := found[i-1]
			out.NextCursor = s.cursor(a, list, accountKey{last.Name, last.Quality, last.UpdatedAt, last.ID})
			break
		}
		out.Items = append(out.Items, accountRowOf(x))
	}
	return out, err
}

type accountCount struct {
	total     int64
	estimated bool
}

// accountCount is kept for all who see the same and ask for the same; what fits
// on the first page needs no count.
func (s *Server) accountCount(ctx context.Context, a tenants.Actor, q account.Query, found int) (accountCount, error) {
	if q.AfterID == uuid.Nil && found < q.Limit {
		return accountCount{total: int64(found)}, nil
	}
	all := q
	all.AfterName, all.AfterAt, all.AfterID, all.AfterQuality, all.ByUpdated, all.ByQuality, all.Limit = "", time.Time{}, uuid.Nil, 0, false, false, 0
	mine := uuid.Nil
	if q.Owner == "me" {
		mine = a.Membership
	}
	return keep(ctx, s.kept, fmt.Sprintf("accounts %#v %s %s", all, mine, sightOf(a)), heardBy(a), func() (n accountCount, err error) {
		n.total, n.estimated, err = s.Accounts.Matching(ctx, a, all)
		return n, err
	})
}

func oneAccount(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Account, error) {
	d, err := s.Accounts.Get(ctx, a, uuid.MustParse(in.ID))
	return accountOf(ctx, d), err
}

func accountEdit(e AccountEdit) account.Edit {
	out := account.Edit{
		Name: e.Name, CreditCode: e.CreditCode, Kind: e.Kind, Tier: e.Tier, Industry: e.Industry, DistrictCode: e.DistrictCode, Existing: e.Existing,
		Informatisation: e.Informatisation, StaffSize: e.StaffSize, Employees: e.Employees, Machines: e.Machines, Customers: e.Customers, Suppliers: e.Suppliers,
		Address: e.Address, ContactName: e.ContactName, ContactPhone: e.ContactPhone, ContactEmail: e.ContactEmail, Demand: e.Demand,
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

// queryOf reads the list's own query string out of a body.
func queryOf(raw string) (account.Query, error) {
	v, err := url.ParseQuery(strings.TrimPrefix(raw, "?"))
	if err != nil {
		return account.Query{}, errQuery
	}
	in := &accountsInput{
		Q: v.Get("q"), City: v.Get("city"), District: v.Get("district"), Kind: v.Get("kind"), Tier: v.Get("tier"), Industry: v.Get("industry"), Owner: v.Get("owner"), Existing: v.Get("existing"),
		Segment: v.Get("segment"), Sort: v.Get("sort"),
	}
	for name, to := range map[string]*int{"quality": &in.Quality, "target": &in.Target} {
		if text := v.Get(name); text != "" {
			if *to, err = strconv.Atoi(text); err != nil {
				return account.Query{}, errQuery
			}
		}
	}
	return accountQuery(in), nil
}

var errQuery = fault.New(fault.Invalid, "query", "筛选条件无法识别，请刷新页面后再试。", "The filter cannot be read. Reload the page and try again.")

func choiceOf(c AccountChoice) (account.Selection, error) {
	if c.All {
		q, err := queryOf(c.Query)
		return account.Selection{Query: &q}, err
	}
	ids, err := idsOf(c.IDs)
	return account.Selection{IDs: ids}, err
}

func countAccounts(s *Server, ctx context.Context, a tenants.Actor, in *choiceInput) (Counted, error) {
	sel, err := choiceOf(in.Body)
	if err != nil {
		return Counted{}, err
	}
	n, err := s.Accounts.Count(ctx, a, sel)
	return Counted{n}, err
}

func assignmentOf(x account.Assignment) Assignment {
	return Assignment{ID: x.ID.String(), Via: x.Via, OwnerName: x.OwnerName, Accounts: x.Accounts, MadeBy: x.MadeBy, MadeAt: x.MadeAt, UndoneAt: x.UndoneAt, UndoneBy: x.UndoneBy, Kept: x.Kept}
}

func assignAccounts(s *Server, ctx context.Context, a tenants.Actor, in *assignInput) (Assignment, error) {
	sel, err := choiceOf(in.Body.AccountChoice)
	if err != nil {
		return Assignment{}, err
	}
	var owner *uuid.UUID
	if in.Body.OwnerID != "" {
		id, err := uuid.Parse(in.Body.OwnerID)
		if err != nil {
			return Assignment{}, errID
		}
		owner = &id
	}
	x, err := s.Accounts.Assign(ctx, a, sel, owner)
	return assignmentOf(x), err
}

func assignments(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Assignment], error) {
	found, err := s.Accounts.Assignments(ctx, a)
	return itemsOf(found, assignmentOf), err
}

func undoAssignment(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Assignment, error) {
	x, err := s.Accounts.Unassign(ctx, a, uuid.MustParse(in.ID))
	return assignmentOf(x), err
}

// itemsOf is a short list.
func itemsOf[D, W any](found []D, wire func(D) W) List[W] {
	out := List[W]{Items: []W{}}
	for _, x := range found {
		out.Items = append(out.Items, wire(x))
	}
	return out
}

func targetAccounts(s *Server, ctx context.Context, a tenants.Actor, in *targetInput) (Counted, error) {
	sel, err := choiceOf(in.Body.AccountChoice)
	if err != nil {
		return Counted{}, err
	}
	n, err := s.Accounts.SetTargets(ctx, a, sel, in.Body.Year, in.Body.Segment)
	return Counted{n}, err
}

func contactOf(c account.Contact) Contact {
	return Contact{ID: c.ID.String(), Layer: c.Layer, Name: c.Name, Post: c.Post, Phone: c.Phone, Email: c.Email, Note: c.Note, Version: c.Version}
}

func contacts(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[Contact], error) {
	found, err := s.Accounts.Contacts(ctx, a, uuid.MustParse(in.ID))
	return itemsOf(found, contactOf), err
}

func contactEdit(e ContactEdit) account.Contact {
	return account.Contact{Layer: e.Layer, Name: e.Name, Post: e.Post, Phone: e.Phone, Email: e.Email, Note: e.Note}
}

func addContact(s *Server, ctx context.Context, a tenants.Actor, in *newContactInput) (List[Contact], error) {
	found, err := s.Accounts.SaveContact(ctx, a, uuid.MustParse(in.ID), uuid.Nil, contactEdit(in.Body), 0)
	return itemsOf(found, contactOf), err
}

func editContact(s *Server, ctx context.Context, a tenants.Actor, in *contactInput) (List[Contact], error) {
	found, err := s.Accounts.SaveContact(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub), contactEdit(in.Body), in.Body.Version)
	return itemsOf(found, contactOf), err
}

func dropContact(s *Server, ctx context.Context, a tenants.Actor, in *SubInput) (List[Contact], error) {
	found, err := s.Accounts.DropContact(ctx, a, uuid.MustParse(in.ID), uuid.MustParse(in.Sub))
	return itemsOf(found, contactOf), err
}
