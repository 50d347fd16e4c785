package listing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/money"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Refusals around overlays.
var (
	ErrOverlayScope = fault.New(fault.Denied, "overlay-scope", "只有市公司可以对全省上架做本地调整。", "Only a city adjusts what the province sells.")
	ErrNotProvince  = fault.New(fault.Conflict, "not-province-wide", "只有在售的全省上架才有价格区间和本地调整。", "Only a listing of the province that is on sale has a price band and overlays.")
	ErrOverlayOnce  = fault.New(fault.Conflict, "overlay-exists", "本市已对它做了本地调整，请在原有的调整上修改。", "Your city has adjusted it already; change that overlay.")
	ErrWholeCity    = fault.New(fault.Denied, "wider-seat", "这件事代表全市，请由负责全市的产品经理办理。", "This is for the whole city: ask a product manager of all of it.")
)

// decideDays is how many working days a city has to decide on a drift before
// the province is told; maxLocalFiles bounds what it may add.
const (
	decideDays    = 10
	maxLocalFiles = 10
	ppm           = 1_000_000
)

// Band is between what prices a city may sell, in parts per million of the list
// price; the zero band lets no price differ.
type Band struct{ FloorPPM, CeilingPPM int64 }

// Of is the least and the most that an element of a list price may cost, in fen,
// rounded inwards.
func (b Band) Of(fen int64) (floor, ceiling int64, err error) {
	if b == (Band{}) {
		return fen, fen, nil
	}
	if floor, err = money.MulDiv(fen, b.FloorPPM, ppm); err != nil {
		return 0, 0, err
	}
	if ceiling, err = money.MulDiv(fen, b.CeilingPPM, ppm); err != nil {
		return 0, 0, err
	}
	// MulDiv rounds to the nearest fen; a band does not give half a fen away.
	if floor*ppm < fen*b.FloorPPM {
		floor++
	}
	if ceiling*ppm > fen*b.CeilingPPM {
		ceiling--
	}
	return floor, ceiling, nil
}

func (b Band) valid() error {
	var c fault.Checker
	if b != (Band{}) {
		if b.FloorPPM < 1 || b.FloorPPM > ppm {
			c.Add("floor_ppm", "range", "下限应在目录价的 0% 与 100% 之间。", "The floor lies between 0 and 100 % of the list price.")
		}
		if b.CeilingPPM < ppm || b.CeilingPPM > 10*ppm {
			c.Add("ceiling_ppm", "range", "上限应在目录价的 100% 与 1000% 之间。", "The ceiling lies between 100 and 1000 % of the list price.")
		}
	}
	return c.Err()
}

// LocalFile is the kind of a file that a city adds to an offer.
const LocalFile = "local"

// LocalPrice is what a city asks for an element, in fen. Elements are known by
// name and billing: a new version gives them new ids.
type LocalPrice struct {
	Name, Billing string
	PriceFen      int64
}

// Overlay is what a city sells otherwise than the province.
type Overlay struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	ListingID     uuid.UUID
	PartnerID     uuid.UUID // of the solution
	OrgPath       string    // of the city
	CityName      string
	SolutionName  string
	Prices        pg.JSON[[]LocalPrice]
	Base          pg.JSON[[]menu.Element] // what the province offered when the city last decided
	BaseSemver    string
	Files         pg.JSON[[]OfferFile]
	DelivererID   *uuid.UUID // who delivers in the city instead of the solution's firm
	DelivererName string
	Note          string
	DriftedAt     *time.Time // since when the province's change waits for the city
	DueAt         *time.Time
	Late          bool // the province was told
	ByID          uuid.UUID
	ByName        string
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// RowVersion is the optimistic lock.
func (x *Overlay) RowVersion() *int64 { return &x.Version }

// State is settled or drifting.
func (x *Overlay) State() string {
	if x.DriftedAt != nil {
		return "drifting"
	}
	return "settled"
}

func (x *Overlay) entry(action, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "overlay", ID: x.ID, Label: x.SolutionName + " · " + x.CityName, OrgPath: x.OrgPath, Partner: x.PartnerID, To: x.State(), Reason: reason}
}

// local is what of an overlay holds now.
type local struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	OfferID       uuid.UUID `gorm:"primaryKey"`
	OrgPath       string    `gorm:"primaryKey"`
	CityName      string
	Prices        pg.JSON[[]LocalPrice]
	Files         pg.JSON[[]OfferFile]
	DelivererID   *uuid.UUID
	DelivererName string
}

func (local) TableName() string { return "local_offers" }

// Side is one element as three see it: the province when the city decided, the
// province now, the city. Prices in fen; nil where there is none.
type Side struct {
	Name, Unit, Billing   string
	Base, Province, Local *int64
	FloorFen, CeilingFen  int64 // of the province's price now
	Changed               bool  // by the province since, or its band refuses the city's price
	Sold                  int64 // what a customer of the city pays now; 0 when it is gone
}

type elementKey struct{ name, billing string }

// Compare lays what the province offered, offers now and the city asks side by
// side, in the province's order; what is gone comes last.
func Compare(base, now []menu.Element, prices []LocalPrice, band Band) (out []Side, err error) {
	at := map[elementKey]int{}
	find := func(name, unit, billing string) *Side {
		k := elementKey{name, billing}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Side{Name: name, Unit: unit, Billing: billing})
		}
		return &out[i]
	}
	for _, e := range now {
		s := find(e.Name, e.Unit, e.Billing)
		s.Province = &e.PriceFen
		if s.FloorFen, s.CeilingFen, err = band.Of(e.PriceFen); err != nil {
			return nil, err
		}
	}
	for _, e := range base {
		find(e.Name, e.Unit, e.Billing).Base = &e.PriceFen
	}
	for _, p := range prices {
		find(p.Name, "", p.Billing).Local = &p.PriceFen
	}
	for i := range out {
		s := &out[i]
		out[i].Changed = (s.Base == nil) != (s.Province == nil) || s.Base != nil && *s.Base != *s.Province
		if s.Province == nil {
			continue
		}
		s.Sold = *s.Province
		if s.Local != nil {
			if *s.Local >= s.FloorFen && *s.Local <= s.CeilingFen {
				s.Sold = *s.Local
			} else {
				s.Changed = true
			}
		}
	}
	return out, nil
}

// drifts tells whether the province's change asks something of the city.
func drifts(sides []Side) bool {
	return slices.ContainsFunc(sides, func(s Side) bool { return s.Changed })
}

// band of an offer.
func (o *Offer) band() Band { return Band{o.FloorPPM, o.CeilingPPM} }

// hold writes what of an overlay a customer of the city meets now: the city's
// price where the element is still offered and the band still allows it, the
// province's elsewhere.
func (x *Overlay) hold(tx *pg.Tx, o Offer) error {
	sides, err := Compare(x.Base.V, o.Content.V.Elements, x.Prices.V, o.band())
	if err != nil {
		return err
	}
	l := local{
		ProvinceID: x.ProvinceID, OfferID: x.ListingID, OrgPath: x.OrgPath, CityName: x.CityName, Prices: pg.JSON[[]LocalPrice]{V: []LocalPrice{}}, Files: x.Files,
		DelivererID: x.DelivererID, DelivererName: x.DelivererName,
	}
	for _, s := range sides {
		if s.Province != nil && s.Sold != *s.Province {
			l.Prices.V = append(l.Prices.V, LocalPrice{s.Name, s.Billing, s.Sold})
		}
	}
	if err := tx.Exec(`DELETE FROM local_offers WHERE province_id = ? AND offer_id = ? AND org_path = ?`, l.ProvinceID, l.OfferID, l.OrgPath).Error; err != nil {
		return err
	}
	return tx.Create(&l).Error
}

// onto puts the city's terms on an offer, in elements of its own: offers are
// kept for many readers.
func (l local) onto(o *Offer) {
	o.LocalTo, o.DelivererID, o.DelivererName = l.CityName, l.DelivererID, l.DelivererName
	elements := slices.Clone(o.Content.V.Elements)
	for i, e := range elements {
		for _, p := range l.Prices.V {
			if p.Name == e.Name && p.Billing == e.Billing {
				list := e.PriceFen
				elements[i].PriceFen, elements[i].ProvinceFen = p.PriceFen, &list
			}
		}
	}
	o.Content.V.Elements, o.Content.V.Files = elements, slices.Concat(o.Content.V.Files, l.Files.V)
	o.FromFen = fromFen(elements)
}

// localise puts the terms of a city on offers of the province; an empty city
// leaves the province's.
func localise(tx *pg.Tx, province uuid.UUID, city string, offers []Offer) error {
	if city == "" || len(offers) == 0 {
		return nil
	}
	at := map[uuid.UUID]*Offer{}
	ids := make([]uuid.UUID, 0, len(offers))
	for i := range offers {
		at[offers[i].ID] = &offers[i]
		ids = append(ids, offers[i].ID)
	}
	var found []local
	err := tx.Where("province_id = ? AND org_path = ? AND offer_id IN ?", province, city, ids).Find(&found).Error
	for _, l := range found {
		l.onto(at[l.OfferID])
	}
	return err
}

// cityPath is the path of the city in which a record lies.
func cityPath(orgPath string) string {
	parts := strings.SplitN(orgPath, "/", 3)
	if len(parts) < 3 || parts[1] == "" {
		return ""
	}
	return parts[0] + "/" + parts[1] + "/"
}

// OfferFor finds an offer in the actor's scopes as a customer meets it whose
// record lies at a path: on the terms of the customer's city.
func OfferFor(tx *pg.Tx, a tenants.Actor, id uuid.UUID, orgPath string) (Offer, error) {
	o, err := OfferIn(tx, a, id)
	if err != nil {
		return o, err
	}
	one := []Offer{o}
	err = localise(tx, o.ProvinceID, cityPath(orgPath), one)
	if city := strings.Split(orgPath, "/"); len(city) > 1 && city[1] != "" {
		elements := one[0].Content.V.Elements
		for i, e := range elements {
			elements[i].Away = len(e.Cities) > 0 && !slices.Contains(e.Cities, city[1])
		}
	}
	return one[0], err
}

// DelivererOf is who delivers an offer in the city of a path instead of the
// solution's firm; nil for nobody, or who may not at present.
func DelivererOf(tx *pg.Tx, offer uuid.UUID, orgPath string) (*partner.Partner, error) {
	var l local
	err := pg.One(tx.Where("province_id = ? AND offer_id = ? AND org_path = ? AND deliverer_id IS NOT NULL", tx.Identity.Province, offer, cityPath(orgPath)), &l)
	if errors.Is(err, fault.ErrMissing) {
		return nil, nil //nolint:nilnil // nobody is a fine answer
	}
	if err != nil {
		return nil, err
	}
	p, err := partner.Find(tx, *l.DelivererID)
	if err != nil || p.State != "active" {
		return nil, err
	}
	return &p, nil
}

// SetBand says between what prices cities may sell a listing of the province.
// What a narrower band refuses, the city is asked about.
func (s *Service) SetBand(ctx context.Context, a tenants.Actor, id uuid.UUID, band Band, reason string) (Detail, error) {
	if err := a.Need(Approve); err != nil {
		return Detail{}, err
	}
	var d Detail
	if err := band.valid(); err != nil {
		return d, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var l Listing
		if err := pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &l); err != nil {
			return err
		}
		if l.Scope != ScopeProvince || l.State != "live" {
			return ErrNotProvince
		}
		if a.Tenant.Kind != tenants.KindProvince {
			return fault.ErrMissing
		}
		from := fmt.Sprintf("%d-%d", l.FloorPPM, l.CeilingPPM)
		l.FloorPPM, l.CeilingPPM, l.UpdatedAt = band.FloorPPM, band.CeilingPPM, calendar.Now(ctx)
		if err := pg.Save(tx, &l); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE offers SET floor_ppm = ?, ceiling_ppm = ? WHERE province_id = ? AND id = ?`, l.FloorPPM, l.CeilingPPM, l.ProvinceID, l.ID).Error; err != nil {
			return err
		}
		e := l.entry("set_band", from, reason)
		e.To = fmt.Sprintf("%d-%d", l.FloorPPM, l.CeilingPPM)
		tenants.Record(ctx, tx, a, e)
		if err := s.follow(ctx, tx, a, l); err != nil {
			return err
		}
		var err error
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// follow holds the overlays of a listing to what the province offers now, and
// asks the cities it changes something for.
func (s *Service) follow(ctx context.Context, tx *pg.Tx, by tenants.Actor, l Listing) error {
	if l.Scope != ScopeProvince {
		return nil
	}
	var all []Overlay
	if err := tx.Where("province_id = ? AND listing_id = ?", l.ProvinceID, l.ID).Order("org_path").Clauses(pg.ForUpdate).Find(&all).Error; err != nil || len(all) == 0 {
		return err
	}
	var o Offer
	if err := pg.One(tx.Where("province_id = ? AND id = ?", l.ProvinceID, l.ID), &o); err != nil {
		return err
	}
	now := calendar.Now(ctx)
	for i := range all {
		x := &all[i]
		sides, err := Compare(x.Base.V, o.Content.V.Elements, x.Prices.V, o.band())
		if err != nil {
			return err
		}
		if err := x.hold(tx, o); err != nil {
			return err
		}
		was := x.DriftedAt != nil
		if !drifts(sides) {
			x.BaseSemver, x.DriftedAt, x.DueAt, x.Late = o.Semver, nil, nil, false
		} else if !was {
			due := calendar.AddWorkingDays(now, decideDays)
			x.DriftedAt, x.DueAt = &now, &due
		}
		x.UpdatedAt = now
		if err := pg.Save(tx, x); err != nil {
			return err
		}
		switch {
		case !was && x.DriftedAt != nil:
			tenants.Record(ctx, tx, by, x.entry("drift", ""))
		case was && x.DriftedAt == nil:
			tenants.Record(ctx, tx, by, x.entry("drift_no_more", ""))
		}
	}
	return nil
}

// dropAll lets overlays go with their listing.
func dropAll(ctx context.Context, tx *pg.Tx, by tenants.Actor, l Listing) error {
	var all []Overlay
	if err := tx.Where("province_id = ? AND listing_id = ?", l.ProvinceID, l.ID).Order("org_path").Clauses(pg.ForUpdate).Find(&all).Error; err != nil {
		return err
	}
	for i := range all {
		if err := all[i].drop(ctx, tx, by); err != nil {
			return err
		}
	}
	return nil
}

func (x *Overlay) drop(ctx context.Context, tx *pg.Tx, by tenants.Actor) error {
	if err := tx.Exec(`DELETE FROM local_offers WHERE province_id = ? AND offer_id = ? AND org_path = ?`, x.ProvinceID, x.ListingID, x.OrgPath).Error; err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM overlays WHERE province_id = ? AND id = ?`, x.ProvinceID, x.ID).Error; err != nil {
		return err
	}
	e := x.entry("drop", "")
	e.From, e.To = e.To, "dropped"
	tenants.Record(ctx, tx, by, e)
	return nil
}

// Terms are what a city asks for.
type Terms struct {
	Prices    []LocalPrice // only what differs from the province's
	Files     []uuid.UUID
	Deliverer uuid.UUID // zero for the solution's firm
	Note      string
	Version   int64 // of the overlay; 0 for a new one
}

// speaks checks that the actor decides for the whole of a city.
func speaks(a tenants.Actor) error {
	if a.Tenant.Kind != tenants.KindCity {
		return ErrOverlayScope
	}
	if len(a.Districts) > 0 {
		return ErrWholeCity
	}
	return nil
}

// Adjust sells an offer of the province in the actor's city on its own terms:
// anew, or as a decision on what the province changed since. From then on the
// province's present offer is what the overlay rests on.
func (s *Service) Adjust(ctx context.Context, a tenants.Actor, offer uuid.UUID, t Terms) (OverlayPage, error) {
	if err := a.Need(Write); err != nil {
		return OverlayPage{}, err
	}
	var out OverlayPage
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		// Shared, so that the province's next change finds what is saved here.
		var o Offer
		if err := pg.One(tx.Where("province_id = ? AND id = ? AND org_path IN ?", a.Tenant.ProvinceID, offer, a.Tenant.Scopes()).Clauses(pg.ForShare), &o); err != nil {
			return err
		}
		if err := speaks(a); err != nil {
			return err
		}
		if o.Scope != ScopeProvince {
			return ErrNotProvince
		}
		now := calendar.Now(ctx)
		var x Overlay
		err := pg.One(tx.Where("province_id = ? AND listing_id = ? AND org_path = ?", o.ProvinceID, o.ID, a.Tenant.Path).Clauses(pg.ForUpdate), &x)
		known := err == nil
		switch {
		case err != nil && !errors.Is(err, fault.ErrMissing):
			return err
		case known && t.Version == 0:
			return ErrOverlayOnce
		case !known && t.Version != 0 || known && x.Version != t.Version:
			return fault.ErrStale
		}
		if !known {
			x = Overlay{ProvinceID: o.ProvinceID, ID: pg.NewID(), ListingID: o.ID, PartnerID: o.SupplierID, OrgPath: a.Tenant.Path, CityName: a.Tenant.Name, Version: 1, CreatedAt: now}
		}
		action := map[bool]string{false: "adjust", true: "readjust"}[known]
		if x.DriftedAt != nil {
			action = "decide_drift"
		}
		if err := x.take(tx, a, o, t); err != nil {
			return err
		}
		x.ByID, x.ByName, x.UpdatedAt = a.User, a.Name, now
		if known {
			err = pg.Save(tx, &x)
		} else {
			err = tx.Create(&x).Error
		}
		if pg.Violated(err, "overlays_once") {
			return ErrOverlayOnce
		}
		if err != nil {
			return err
		}
		if err := x.hold(tx, o); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, x.entry(action, t.Note))
		out, err = s.overlay(tx, a, x.ID)
		return err
	})
	return out, err
}

// take checks terms against an offer and makes them the overlay's.
func (x *Overlay) take(tx *pg.Tx, a tenants.Actor, o Offer, t Terms) error {
	var c fault.Checker
	x.Prices.V = []LocalPrice{}
	for i, p := range t.Prices {
		at := slices.IndexFunc(o.Content.V.Elements, func(e menu.Element) bool { return e.Name == p.Name && e.Billing == p.Billing })
		field := fmt.Sprintf("prices[%d].price_fen", i)
		if at < 0 {
			c.Add(fmt.Sprintf("prices[%d].name", i), "unknown", "全省上架里没有这个功能元素。", "The province offers no such element.")
			continue
		}
		list := o.Content.V.Elements[at].PriceFen
		floor, ceiling, err := o.band().Of(list)
		if err != nil {
			return err
		}
		switch {
		case p.PriceFen == list:
			continue
		case p.PriceFen < floor || p.PriceFen > ceiling:
			w := fault.Words{Zh: "「%s」的本地价须在 %s 元至 %s 元之间。", En: "The local price of %s lies between %s and %s yuan."}.Fill(p.Name, money.Yuan(floor), money.Yuan(ceiling))
			c.Add(field, "band", w.Zh, w.En)
		case slices.ContainsFunc(x.Prices.V, func(q LocalPrice) bool { return q.Name == p.Name && q.Billing == p.Billing }):
			c.Add(field, "twice", "同一元素只能填一个价格。", "An element has one price.")
		default:
			x.Prices.V = append(x.Prices.V, p)
		}
	}
	if len(t.Files) > maxLocalFiles {
		c.Add("files", "too_many", "最多 10 个本地文件。", "At most 10 local files.")
	}
	if err := c.Err(); err != nil {
		return err
	}
	had := x.Files.V
	x.Files.V = []OfferFile{}
	for _, id := range t.Files {
		if i := slices.IndexFunc(had, func(f OfferFile) bool { return f.ID == id }); i >= 0 {
			x.Files.V = append(x.Files.V, had[i])
			continue
		}
		f, err := tenants.OwnFile(tx, a, id, "offer_file")
		if err != nil {
			return err
		}
		x.Files.V = append(x.Files.V, OfferFile{f.ID, f.Name, f.MediaType, f.Size, LocalFile})
	}
	x.DelivererID, x.DelivererName = nil, ""
	if t.Deliverer != uuid.Nil && t.Deliverer != o.SupplierID {
		p, err := partner.Find(tx, t.Deliverer)
		builds := err == nil && p.MayList() && slices.ContainsFunc(p.Capabilities, func(k string) bool { return k == "si" || k == "sales_si" })
		if err != nil && !errors.Is(err, fault.ErrMissing) {
			return err
		}
		if !builds {
			c.Add("deliverer_id", "deliverer", "本地交付方须是本省正常合作的集成商。", "Who delivers must be an active SI of the province.")
			return c.Err()
		}
		x.DelivererID, x.DelivererName = &p.ID, p.LegalName
	}
	x.SolutionName, x.Note, x.Base.V, x.BaseSemver = o.Name, t.Note, o.Content.V.Elements, o.Semver
	x.DriftedAt, x.DueAt, x.Late = nil, nil, false
	return nil
}

// Drop returns the actor's city to the province's terms.
func (s *Service) Drop(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	if err := a.Need(Write); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var x Overlay
		if err := pg.One(narrow(tx.Model(&Overlay{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if err := speaks(a); err != nil {
			return err
		}
		return x.drop(ctx, tx, a)
	})
}

// OverlayPage is an overlay beside what the province offers.
type OverlayPage struct {
	Overlay
	Offer   Offer // the province's, now; zero while it is not on sale
	Sides   []Side
	Band    Band
	History []tenants.AuditEvent
	Actions []string

	Deliverers []Deliverer // whom the city may choose
}

// Deliverer is a firm that may deliver in a city.
type Deliverer struct {
	ID        uuid.UUID
	LegalName string
}

// OverlayAt returns the overlay of the actor's city on an offer, or the blank one
// that its first adjustment starts from.
func (s *Service) OverlayAt(ctx context.Context, a tenants.Actor, offer uuid.UUID) (out OverlayPage, err error) {
	if err := a.Need(Write); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		o, err := OfferIn(tx, a, offer)
		if err != nil {
			return err
		}
		if err := speaks(a); err != nil {
			return err
		}
		if o.Scope != ScopeProvince {
			return ErrNotProvince
		}
		var mine Overlay
		err = pg.One(narrow(tx.Model(&Overlay{}), a).Where("listing_id = ?", o.ID), &mine)
		if err == nil {
			out, err = s.overlay(tx, a, mine.ID)
			return err
		}
		if !errors.Is(err, fault.ErrMissing) {
			return err
		}
		out.Overlay = Overlay{ListingID: o.ID, PartnerID: o.SupplierID, OrgPath: a.Tenant.Path, CityName: a.Tenant.Name, SolutionName: o.Name, BaseSemver: o.Semver}
		out.Offer, out.Band, out.Actions = o, o.band(), []string{"adjust"}
		if out.Sides, err = Compare(o.Content.V.Elements, o.Content.V.Elements, nil, out.Band); err != nil {
			return err
		}
		out.Deliverers, err = deliverers(tx)
		return err
	})
	return out, err
}

// deliverers are the firms that may deliver in a city.
func deliverers(tx *pg.Tx) (out []Deliverer, err error) {
	err = tx.Raw(`SELECT id, legal_name FROM partners WHERE province_id = ? AND state = 'active' AND lapsed_at IS NULL AND capabilities && '{si,sales_si}' ORDER BY legal_name LIMIT 500`, tx.Identity.Province).Scan(&out).Error
	return out, err
}

// OverlayOf returns one overlay.
func (s *Service) OverlayOf(ctx context.Context, a tenants.Actor, id uuid.UUID) (out OverlayPage, err error) {
	if err := a.Need(Read); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		out, err = s.overlay(tx, a, id)
		return err
	})
	return out, err
}

func (s *Service) overlay(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (out OverlayPage, err error) {
	if err := pg.One(narrow(tx.Model(&Overlay{}), a).Where("id = ?", id), &out.Overlay); err != nil {
		return out, err
	}
	now := out.Base.V
	err = pg.One(tx.Where("province_id = ? AND id = ?", out.ProvinceID, out.ListingID), &out.Offer)
	switch {
	case err == nil:
		out.Band, now = out.Offer.band(), out.Offer.Content.V.Elements
	case !errors.Is(err, fault.ErrMissing):
		return out, err
	}
	if out.Sides, err = Compare(out.Base.V, now, out.Prices.V, out.Band); err != nil {
		return out, err
	}
	out.Actions = []string{}
	if a.Can(Write) && speaks(a) == nil {
		if out.Offer.ID != uuid.Nil {
			out.Actions = append(out.Actions, "adjust")
		}
		if out.Deliverers, err = deliverers(tx); err != nil {
			return out, err
		}
		out.Actions = append(out.Actions, "drop")
	}
	out.History, err = tenants.History(tx, id)
	return out, err
}

// OverlayQuery filters the list of overlays.
type OverlayQuery struct {
	Listing  uuid.UUID // zero for all
	Drifting bool
	Text     string
	AfterAt  time.Time
	AfterID  uuid.UUID
	Limit    int
}

// Overlays returns what cities sell otherwise, the last touched first.
func (s *Service) Overlays(ctx context.Context, a tenants.Actor, q OverlayQuery) (page []Overlay, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Overlay{}), a)
		if q.Listing != uuid.Nil {
			d = d.Where("listing_id = ?", q.Listing)
		}
		if q.Drifting {
			d = d.Where("drifted_at IS NOT NULL")
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(solution_name LIKE ? OR city_name LIKE ?)", like, like)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// SeesFile tells whether the actor reads an overlay that has the file.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := narrow(tx.Model(&Overlay{}), a).Where("files @> ?::jsonb", fmt.Sprintf(`[{"ID": %q}]`, file)).Limit(1).Count(&n).Error
	return n > 0, err
}

// remindDrift tells the province of cities that have not decided in time, once.
func (s *Service) remindDrift(ctx context.Context, a tenants.Actor) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var late []Overlay
		err := tx.Where("province_id = ? AND drifted_at IS NOT NULL AND NOT late AND due_at <= ?", a.Tenant.ProvinceID, calendar.Now(ctx)).Order("due_at, id").Limit(200).Clauses(pg.ForUpdate).Find(&late).Error
		if err != nil {
			return err
		}
		for i := range late {
			late[i].Late = true
			if err := pg.Save(tx, &late[i]); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, late[i].entry("drift_late", ""))
		}
		return nil
	})
}
