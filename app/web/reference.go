package web

import (
	"context"

	"ecoport/app/platform/fault"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

func termOf(code string, w fault.Words) Term { return Term{Code: code, Zh: w.Zh, En: w.En} }

func reference(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Reference, error) {
	out := Reference{Cities: []City{}, Industries: []Term{}, Categories: []Term{}, Families: []Term{}, DocumentKinds: []DocumentKind{}, RejectReasons: []RejectReason{}, FileRules: []FileRule{}}
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return out, err
	}
	for _, p := range provinces {
		if p.ID == a.Tenant.ProvinceID {
			out.Province = Term{Code: p.Code, Zh: p.Name, En: p.Name}
		}
	}
	cities, err := s.Tenants.Tenants(ctx, a.Tenant.ProvinceID, tenants.KindCity)
	if err != nil {
		return out, err
	}
	districts, err := s.Tenants.Districts(ctx, a.Tenant.ProvinceID)
	if err != nil {
		return out, err
	}
	for _, c := range cities {
		city := City{Code: c.Code, Name: c.Name, Districts: []District{}}
		for _, d := range districts {
			if d.CityCode == c.Code {
				city.Districts = append(city.Districts, District{d.Code, d.Name})
			}
		}
		out.Cities = append(out.Cities, city)
	}
	for _, t := range account.Industries {
		out.Industries = append(out.Industries, termOf(t.Code, t.Words))
	}
	for _, t := range solution.Categories {
		out.Categories = append(out.Categories, termOf(t.Code, t.Words))
	}
	for _, t := range solution.Families {
		out.Families = append(out.Families, termOf(t.Code, t.Words))
	}
	for _, k := range partner.DocumentKinds {
		out.DocumentKinds = append(out.DocumentKinds, DocumentKind{k.Code, k.Words.Zh, k.Words.En, k.Expires, k.MinDays, Sample(k.Good), Sample(k.Bad)})
	}
	for _, r := range partner.RejectReasons {
		out.RejectReasons = append(out.RejectReasons, RejectReason{termOf(r.Code, r.Words), r.Days})
	}
	for _, r := range tenants.FileRules {
		out.FileRules = append(out.FileRules, FileRule{r.Purpose, r.MediaTypes, r.MaxBytes})
	}
	return out, nil
}
