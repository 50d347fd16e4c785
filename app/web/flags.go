package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/marketplace/commission"
	"ecoport/tenants"
)

func flagRowOf(f commission.Flag) FlagRow {
	return FlagRow{ID: f.ID.String(), Number: f.Number, Kind: f.Kind, State: f.State, PartnerName: f.PartnerName, Count: f.Count, OfCount: f.OfCount, RaisedAt: f.RaisedAt}
}

func flagOf(ctx context.Context, d commission.FlagDetail) Flag {
	out := Flag{
		FlagRow: flagRowOf(d.Flag), HeldFen: d.HeldFen, Proposal: d.Proposal, Reason: d.Reason, ProposerName: d.ProposerName, DeciderName: d.DeciderName,
		Evidence: []FlagEvent{}, Events: eventsOf(ctx, d.History), Actions: listOf(d.Actions),
	}
	for _, x := range commission.Suspicions {
		if x.Kind == d.Kind {
			out.What, out.MinCount, out.MinPPM = x.In(localeOf(ctx)), x.Count, x.SharePPM
		}
	}
	for _, e := range d.Events {
		out.Evidence = append(out.Evidence, FlagEvent{
			ID: e.ExternalID, BusinessDate: e.BusinessDate, EndedOn: e.EndedOn, AccountName: e.AccountName, Product: e.Product, OrderNumber: e.OrderNumber, AmountFen: e.AmountFen, CommissionFen: e.CommissionFen,
		})
	}
	return out
}

func flags(s *Server, ctx context.Context, a tenants.Actor, in *flagsInput) (Page[FlagRow], error) {
	var after *commission.FlagKey
	if in.Cursor != "" {
		after = &commission.FlagKey{}
		if err := s.openCursor(a, "flags", in.Cursor, after); err != nil {
			return Page[FlagRow]{}, err
		}
	}
	found, total, err := s.Commissions.Flags(ctx, a, in.State, after, in.Limit+1)
	return pageOf(s, a, "flags", in.Limit, total, found, flagRowOf, func(f commission.Flag) any { return commission.FlagKey{Number: f.Number, ID: f.ID} }), err
}

func oneFlag(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Flag, error) {
	d, err := s.Commissions.Flag(ctx, a, uuid.MustParse(in.ID))
	return flagOf(ctx, d), err
}

func actFlag(action string) call[actionInput, Flag] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Flag, error) {
		d, err := s.Commissions.ActFlag(ctx, a, uuid.MustParse(in.ID), action, in.Body.Reason)
		return flagOf(ctx, d), err
	}
}
