package web

import (
	"context"

	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

func (s *Server) commissionRate(ctx context.Context, a tenants.Actor, o listing.Offer) *int64 {
	return nil
}
