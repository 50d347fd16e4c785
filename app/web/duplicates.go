package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/tenants"
	"ecoport/tenants/account"
)

func moreOf(x account.Account) AccountMore {
	return AccountMore{
		Address: x.Address, ContactName: x.ContactName, ContactPhone: x.ContactPhone, ContactEmail: x.ContactEmail, Demand: x.Demand, StaffSize: x.StaffSize,
		Informatisation: x.Informatisation, Employees: x.Employees, Machines: x.Machines, Customers: x.Customers, Suppliers: x.Suppliers,
	}
}

type scoreKey struct {
	Score int
	ID    uuid.UUID
}

func duplicates(s *Server, ctx context.Context, a tenants.Actor, in *suspectsInput) (Page[DuplicatePair], error) {
	var key scoreKey
	if err := s.openCursor(a, "duplicates/"+in.State, in.Cursor, &key); err != nil {
		return Page[DuplicatePair]{}, err
	}
	q := account.SuspectQuery{State: in.State, City: in.City, AfterScore: key.Score, AfterID: key.ID, Limit: in.Limit + 1}
	if in.Account != "" {
		id, err := uuid.Parse(in.Account)
		if err != nil {
			return Page[DuplicatePair]{}, errID
		}
		q.Account = id
	}
	found, total, err := s.Accounts.Suspects(ctx, a, q)
	return pageOf(s, a, "duplicates/"+in.State, in.Limit, total, found, func(p account.Pair) DuplicatePair {
		w := DuplicatePair{
			ID: p.ID.String(), Reason: p.Reason, Score: p.Score, State: p.State, FoundAt: p.FoundAt, DecidedBy: p.DecidedBy, Note: p.Note,
			One: accountRowOf(p.One), Other: accountRowOf(p.Other), OneMore: moreOf(p.One), OtherMore: moreOf(p.Other), Actions: []string{},
		}
		if p.State == "open" {
			w.Actions = append(w.Actions, "dismiss")
			if a.Can(account.Merge) && p.One.CityCode == p.Other.CityCode {
				w.Actions = append(w.Actions, "merge")
			}
		}
		return w
	}, func(p account.Pair) any { return scoreKey{p.Score, p.ID} }), err
}

func dismissDuplicate(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (none, error) {
	return none{}, s.Accounts.Dismiss(ctx, a, uuid.MustParse(in.ID), in.Body.Reason)
}

func mergeMarkOf(m account.Merged) MergeMark {
	return MergeMark{m.ID.String(), m.LoserName, m.MadeBy, m.MadeAt}
}

func mergeAccounts(s *Server, ctx context.Context, a tenants.Actor, in *mergeInput) (MergeMark, error) {
	m, err := s.Accounts.Merge(ctx, a, uuid.MustParse(in.Body.Keeper), uuid.MustParse(in.Body.Loser), in.Body.Take)
	return mergeMarkOf(m), err
}

func undoMerge(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (MergeMark, error) {
	m, err := s.Accounts.Unmerge(ctx, a, uuid.MustParse(in.ID))
	return mergeMarkOf(m), err
}
