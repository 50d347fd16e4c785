package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/insight"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

func territoryOf(x account.Territory) Territory {
	return Territory{
		ID: x.ID.String(), Position: x.Position, Name: x.Name, Districts: listOf(x.Districts), Industries: listOf(x.Industries), Tiers: listOf(x.Tiers), Kinds: listOf(x.Kinds),
		Owners: listOf(x.Owners), Active: x.Active, Version: x.Version,
	}
}

func territories(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Territory], error) {
	found, err := s.Accounts.Territories(ctx, a)
	if err != nil {
		return List[Territory]{}, err
	}
	counts, err := s.Accounts.PreviewTerritories(ctx, a)
	out := itemsOf(found, territoryOf)
	for i := range out.Items {
		for _, c := range counts {
			if c.Territory.String() == out.Items[i].ID {
				out.Items[i].Accounts, out.Items[i].Unowned = c.Accounts, c.Unowned
			}
		}
	}
	return out, err
}

func ruleOf(e TerritoryEdit) account.Rule {
	return account.Rule{Name: e.Name, Position: e.Position, Districts: e.Districts, Industries: e.Industries, Tiers: e.Tiers, Kinds: e.Kinds, Owners: e.Owners, Active: e.Active}
}

func newTerritory(s *Server, ctx context.Context, a tenants.Actor, in *newTerritoryInput) (Territory, error) {
	x, err := s.Accounts.SaveTerritory(ctx, a, uuid.Nil, ruleOf(in.Body), 0)
	return territoryOf(x), err
}

func editTerritory(s *Server, ctx context.Context, a tenants.Actor, in *territoryInput) (Territory, error) {
	x, err := s.Accounts.SaveTerritory(ctx, a, uuid.MustParse(in.ID), ruleOf(in.Body), in.Body.Version)
	return territoryOf(x), err
}

func dropTerritory(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Accounts.DropTerritory(ctx, a, uuid.MustParse(in.ID))
}

func applyTerritories(s *Server, ctx context.Context, a tenants.Actor, in *applyTerritoriesInput) (Assignment, error) {
	x, err := s.Accounts.ApplyTerritories(ctx, a, in.Body.All)
	return assignmentOf(x), err
}

// coverage of the targets of a year

func coverage(s *Server, ctx context.Context, a tenants.Actor, in *coverageInput) (List[CoverageRow], error) {
	year := in.Year
	if year == 0 {
		year = calendar.Now(ctx).In(calendar.Shanghai).Year()
	}
	found, err := s.Insight.CoverageOf(ctx, a, year, in.Segment)
	return itemsOf(found, func(c insight.Coverage) CoverageRow { return CoverageRow(c) }), err
}
