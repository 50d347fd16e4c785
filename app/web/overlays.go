package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

// OverlayRow is what a city sells otherwise than the province, in a list.
type OverlayRow struct {
	ID            string     `json:"id,omitempty" doc:"None before the first adjustment"`
	ListingID     string     `json:"listing_id"`
	SolutionName  string     `json:"solution_name"`
	CityName      string     `json:"city_name"`
	State         string     `json:"state" enum:"settled,drifting"`
	Prices        int        `json:"prices" doc:"Elements with a price of the city"`
	Files         int        `json:"files"`
	DelivererName string     `json:"deliverer_name,omitempty" doc:"Who delivers in the city instead of the solution's firm"`
	DriftedAt     *time.Time `json:"drifted_at,omitempty" doc:"Since when a change of the province waits for the city"`
	DueAt         *time.Time `json:"due_at,omitempty"`
	Late          bool       `json:"late" doc:"The province was told"`
	ByName        string     `json:"by_name"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// OverlaySide is one element as three see it, in fen.
type OverlaySide struct {
	Name        string `json:"name"`
	Unit        string `json:"unit"`
	Billing     string `json:"billing" enum:"one_off,monthly,per_use"`
	BaseFen     *int64 `json:"base_fen,omitempty" doc:"The province's price when the city decided; none for a new element"`
	ProvinceFen *int64 `json:"province_fen,omitempty" doc:"The province's price now; none for one that is gone"`
	LocalFen    *int64 `json:"local_fen,omitempty" doc:"The city's"`
	FloorFen    int64  `json:"floor_fen"`
	CeilingFen  int64  `json:"ceiling_fen"`
	SoldFen     int64  `json:"sold_fen" doc:"What a customer of the city pays now"`
	Changed     bool   `json:"changed" doc:"By the province since the city decided, or out of its band"`
}

// Overlay is one, beside what the province offers.
type Overlay struct {
	OverlayRow
	Semver      string           `json:"semver,omitempty" doc:"The version on sale now"`
	BaseSemver  string           `json:"base_semver" doc:"The version when the city decided"`
	Note        string           `json:"note"`
	FloorPPM    int64            `json:"floor_ppm" doc:"0 lets no price differ"`
	CeilingPPM  int64            `json:"ceiling_ppm"`
	Sides       []OverlaySide    `json:"sides" nullable:"false"`
	LocalFiles  []File           `json:"local_files" nullable:"false"`
	DelivererID string           `json:"deliverer_id,omitempty"`
	Deliverers  []OverlayPartner `json:"deliverers" nullable:"false" doc:"Firms the city may choose"`
	Events      []Event          `json:"events" nullable:"false"`
	Version     int64            `json:"version"`
	Actions     []string         `json:"actions" nullable:"false" doc:"adjust, drop"`
}

// OverlayPartner is a firm that may deliver in a city.
type OverlayPartner struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// OverlayPrice is what a city asks for an element.
type OverlayPrice struct {
	Name     string `json:"name" maxLength:"60"`
	Billing  string `json:"billing" enum:"one_off,monthly,per_use"`
	PriceFen int64  `json:"price_fen" minimum:"0" maximum:"100000000000"`
}

// OverlayTerms are what a city asks for.
type OverlayTerms struct {
	Prices      []OverlayPrice `json:"prices" nullable:"false" maxItems:"200" doc:"Only what differs from the province's"`
	Files       []string       `json:"files" nullable:"false" maxItems:"10" doc:"File ids"`
	DelivererID string         `json:"deliverer_id,omitempty" doc:"None for the solution's firm"`
	Note        string         `json:"note" maxLength:"500"`
	Version     int64          `json:"version" doc:"Of the overlay; 0 for a new one"`
}

type overlayInput struct {
	ByID
	Body OverlayTerms
}

type overlaysInput struct {
	Paging
	Listing string `query:"listing" format:"uuid" doc:"Only of this listing"`
	State   string `query:"state" enum:"drifting"`
	Q       string `query:"q" maxLength:"80"`
}

type bandInput struct {
	ByID
	Body struct {
		FloorPPM   int64  `json:"floor_ppm" doc:"Parts per million of the list price; 0 and 0 let no price differ"`
		CeilingPPM int64  `json:"ceiling_ppm"`
		Reason     string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func overlayRowOf(x listing.Overlay) OverlayRow {
	out := OverlayRow{
		ListingID: x.ListingID.String(), SolutionName: x.SolutionName, CityName: x.CityName, State: x.State(), Prices: len(x.Prices.V), Files: len(x.Files.V), DelivererName: x.DelivererName,
		DriftedAt: x.DriftedAt, DueAt: x.DueAt, Late: x.Late, ByName: x.ByName, UpdatedAt: x.UpdatedAt,
	}
	if x.ID != uuid.Nil {
		out.ID = x.ID.String()
	}
	return out
}

func overlayOf(ctx context.Context, x listing.OverlayPage, err error) (Overlay, error) {
	if err != nil {
		return Overlay{}, err
	}
	out := Overlay{
		OverlayRow: overlayRowOf(x.Overlay), Semver: x.Offer.Semver, BaseSemver: x.BaseSemver, Note: x.Note, FloorPPM: x.Band.FloorPPM, CeilingPPM: x.Band.CeilingPPM, Sides: []OverlaySide{},
		LocalFiles: []File{}, Deliverers: []OverlayPartner{}, Events: eventsOf(ctx, x.History), Version: x.Overlay.Version, Actions: listOf(x.Actions),
	}
	for _, s := range x.Sides {
		out.Sides = append(out.Sides, OverlaySide{s.Name, s.Unit, s.Billing, s.Base, s.Province, s.Local, s.FloorFen, s.CeilingFen, s.Sold, s.Changed})
	}
	for _, f := range x.Files.V {
		out.LocalFiles = append(out.LocalFiles, File{ID: f.ID.String(), Name: f.Name, MediaType: f.MediaType, Size: f.Size, State: "stored", Scan: "unscanned", At: x.UpdatedAt})
	}
	if x.DelivererID != nil {
		out.DelivererID = x.DelivererID.String()
	}
	for _, d := range x.Deliverers {
		out.Deliverers = append(out.Deliverers, OverlayPartner{d.ID.String(), d.LegalName})
	}
	return out, nil
}

func overlayQuery(in *overlaysInput) (q listing.OverlayQuery, err error) {
	q = listing.OverlayQuery{Drifting: in.State == "drifting", Text: in.Q, Limit: in.Limit + 1}
	if in.Listing != "" {
		if q.Listing, err = uuid.Parse(in.Listing); err != nil {
			return q, errID
		}
	}
	return q, nil
}

func overlays(s *Server, ctx context.Context, a tenants.Actor, in *overlaysInput) (Page[OverlayRow], error) {
	q, err := overlayQuery(in)
	if err != nil {
		return Page[OverlayRow]{}, err
	}
	var key timeKey
	if err := s.openCursor(a, "overlays", in.Cursor, &key); err != nil {
		return Page[OverlayRow]{}, err
	}
	q.AfterAt, q.AfterID = key.At, key.ID
	found, total, err := s.Listings.Overlays(ctx, a, q)
	return pageOf(s, a, "overlays", in.Limit, total, found, overlayRowOf, func(x listing.Overlay) any { return timeKey{x.UpdatedAt, x.ID} }), err
}

func exportOverlays(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	q, err := overlayQuery(&overlaysInput{Listing: f.Query("listing"), State: f.Query("state"), Q: f.Query("q")})
	if err != nil {
		return book{}, err
	}
	q.Limit = exportPage
	return book{name: say(ctx, "本地调整.xlsx", "overlays.xlsx"), header: []string{
		say(ctx, "方案", "Solution"), say(ctx, "地市", "City"), say(ctx, "状态", "State"), say(ctx, "本地价元素", "Elements with a local price"), say(ctx, "本地文件", "Local files"), say(ctx, "本地交付方", "Delivered by"),
		say(ctx, "待决定自", "Waits since"), say(ctx, "应决定于", "Due"), say(ctx, "更新人", "By"), say(ctx, "更新于", "Updated"),
	}, next: rowsOf(func(last *listing.Overlay) ([]listing.Overlay, error) {
		if last != nil {
			q.AfterAt, q.AfterID = last.UpdatedAt, last.ID
		}
		page, _, err := s.Listings.Overlays(ctx, a, q)
		return page, err
	}, func(x listing.Overlay) []any {
		return []any{x.SolutionName, x.CityName, x.State(), len(x.Prices.V), len(x.Files.V), x.DelivererName, dateOf(x.DriftedAt), dateOf(x.DueAt), x.ByName, calendar.Date(x.UpdatedAt)}
	})}, nil
}

func oneOverlay(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Overlay, error) {
	x, err := s.Listings.OverlayOf(ctx, a, uuid.MustParse(in.ID))
	return overlayOf(ctx, x, err)
}

func overlayAt(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Overlay, error) {
	x, err := s.Listings.OverlayAt(ctx, a, uuid.MustParse(in.ID))
	return overlayOf(ctx, x, err)
}

// adjust saves the terms of the actor's city on an offer.
func adjust(s *Server, ctx context.Context, a tenants.Actor, in *overlayInput) (Overlay, error) {
	t := listing.Terms{Note: in.Body.Note, Version: in.Body.Version}
	for _, p := range in.Body.Prices {
		t.Prices = append(t.Prices, listing.LocalPrice{Name: p.Name, Billing: p.Billing, PriceFen: p.PriceFen})
	}
	var err error
	if t.Files, err = idsOf(in.Body.Files); err != nil {
		return Overlay{}, err
	}
	if in.Body.DelivererID != "" {
		if t.Deliverer, err = uuid.Parse(in.Body.DelivererID); err != nil {
			return Overlay{}, errID
		}
	}
	x, err := s.Listings.Adjust(ctx, a, uuid.MustParse(in.ID), t)
	return overlayOf(ctx, x, err)
}

func dropOverlay(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Listings.Drop(ctx, a, uuid.MustParse(in.ID))
}

func setBand(s *Server, ctx context.Context, a tenants.Actor, in *bandInput) (Listing, error) {
	d, err := s.Listings.SetBand(ctx, a, uuid.MustParse(in.ID), listing.Band{FloorPPM: in.Body.FloorPPM, CeilingPPM: in.Body.CeilingPPM}, in.Body.Reason)
	return s.listingOf(ctx, a, d, err)
}

// homeDrifts are changes of the province that wait for the city; to the province,
// cities that are late.
func (s *Server) homeDrifts(ctx context.Context, a tenants.Actor, t *todo) error {
	found, total, err := s.Listings.Overlays(ctx, a, listing.OverlayQuery{Drifting: true, Limit: shown})
	if err != nil || len(a.Districts) > 0 {
		return err
	}
	for _, x := range found {
		if a.Tenant.Kind == tenants.KindCity || x.Late {
			t.add(HomeItem{Kind: "overlay_drift", Title: x.SolutionName, Href: "/overlays/" + x.ID.String(), DueAt: x.DueAt, Overdue: past(ctx, x.DueAt), Params: map[string]string{"city": x.CityName}})
		}
	}
	if a.Tenant.Kind == tenants.KindCity {
		t.more("overlay_drift", "/overlays?state=drifting", total, len(found))
	}
	return nil
}
