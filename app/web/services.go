package web

import (
	"ecoport/app/platform/blob"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/care"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/insight"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/order"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/marketplace/trial"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/notice"
	"ecoport/tenants/partner"
	"ecoport/tenants/webhook"
)

// Services is everything the routes call.
type Services struct {
	Options        Options
	DB             *pg.DB
	Blob           *blob.Store
	Tenants        *tenants.Service
	Notices        *notice.Service
	Webhooks       *webhook.Service
	Partners       *partner.Service
	Standings      *standing.Service
	Accounts       *account.Service
	Solutions      *solution.Service
	Certifications *certification.Service
	Reviews        *review.Service
	Listings       *listing.Service
	Graduations    *graduation.Service
	Deals          *deal.Service
	Orders         *order.Service
	Care           *care.Service
	Trials         *trial.Service
	Insight        *insight.Service
	Commissions    *commission.Service

	// DemoLogins lists the ready-made logins; nil without a demo.
	DemoLogins func() []DemoLogin
}
