package listing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/solution"
	"ecoport/tenants"
)

// JobTend puts on sale whose day has come, and reminds of the end of support.
// JobRetired tells packages above that a solution was taken off sale for good
// or that its support is about to end; the argument is a Retired.
const (
	JobTend    = "listing.tend"
	JobRetired = "listing.retired"
)

// Retired names a solution that is sold nowhere any more, and what is said of
// it: retired, support_60, support_30, support_7 or support_ended, and relisted
// when it is on sale again.
type Retired struct {
	Province uuid.UUID `json:"province"`
	Listing  uuid.UUID `json:"listing"`
	Solution uuid.UUID `json:"solution"`
	Says     string    `json:"says"`
}

// Refusals of this file.
var (
	ErrSupport   = fault.New(fault.Conflict, "support-needed", "还有 %d 个客户在用，请写明支撑到哪一天。", "%d customers use it still: say until which day it is supported.")
	ErrSuccessor = fault.New(fault.Invalid, "successor", "替代方案须是另一个在售的方案。", "What comes instead must be another solution that is on sale.")
	ErrOnSale    = fault.New(fault.Conflict, "on-sale-already", "已经上架，不需要预览。", "It is on sale already; no preview is needed.")
)

// onDay checks that a day lies so many days to so many years ahead.
func onDay(field string, day time.Time, today string, days, years int) error {
	from, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	var c fault.Checker
	if day.Before(from.AddDate(0, 0, days)) {
		c.Add(field, "past", "日期不能早于今天。", "The day must not lie in the past.")
	}
	if day.After(from.AddDate(years, 0, 0)) {
		c.Add(field, "too_far", "日期太远。", "The day lies too far ahead.")
	}
	return c.Err()
}

// retiring checks the support tail of a retirement. Whoever uses the solution
// is promised support until a day.
func (s *Service) retiring(tx *pg.Tx, l *Listing, step Step, today string) error {
	if step.SupportUntil != nil {
		if err := onDay("support_until", *step.SupportUntil, today, 0, 5); err != nil {
			return err
		}
		l.SupportUntil = step.SupportUntil
	} else {
		var used int64
		if err := tx.Raw(`SELECT count(DISTINCT account_id) FROM services WHERE province_id = ? AND solution_id = ? AND state <> 'ended' AND starts_with(org_path, ?)`, l.ProvinceID, l.SolutionID, l.OrgPath).Scan(&used).Error; err != nil {
			return err
		}
		if used > 0 {
			return ErrSupport.Fill(used)
		}
	}
	if step.Successor == nil {
		return nil
	}
	var live bool
	err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM solutions WHERE province_id = ? AND id = ? AND id <> ? AND live_listings > 0)`, l.ProvinceID, *step.Successor, l.SolutionID).Scan(&live).Error
	if err == nil && !live {
		return ErrSuccessor
	}
	l.SuccessorID = step.Successor
	return err
}

// reminders are the days before the end of support on which customers' people
// are told, the nearest first.
var reminders = []struct {
	days int
	says string
}{{-1, "support_ended"}, {7, "support_7"}, {30, "support_30"}, {60, "support_60"}}

// Tend puts on sale what was approved for a day that has come, or holds it back
// where it may not be sold any more, and has people told of support that ends
// and of drifts no city decided on, each once.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	today := calendar.Date(calendar.Now(ctx))
	a := tenants.System(province, "定时上架")
	var due, ending []Listing
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := tx.Where("province_id = ? AND state = 'scheduled' AND publish_on <= ?", province, today).Order("publish_on, id").Limit(200).Find(&due).Error; err != nil {
			return err
		}
		// The nearest reminder that is due was not given; of several listings of a
		// solution in a place the last one counts.
		return tx.Where(`province_id = ? AND support_until IS NOT NULL AND support_until <= ?::date + 60
			AND NOT (CASE WHEN support_until < ? THEN 'support_ended' WHEN support_until <= ?::date + 7 THEN 'support_7' WHEN support_until <= ?::date + 30 THEN 'support_30' ELSE 'support_60' END) = ANY (told)
			AND NOT EXISTS (SELECT 1 FROM listings n WHERE n.province_id = listings.province_id AND n.solution_id = listings.solution_id AND n.scope = listings.scope AND n.created_at > listings.created_at AND n.state NOT IN ('draft', 'pending_approval'))`,
			province, today, today, today, today).Order("support_until, id").Limit(200).Find(&ending).Error
	})
	for _, l := range due {
		err = errors.Join(err, s.db.As(ctx, a, func(tx *pg.Tx) error { return s.publishDue(ctx, tx, a, l.ID, today) }))
	}
	for _, l := range ending {
		err = errors.Join(err, s.db.As(ctx, a, func(tx *pg.Tx) error { return s.remind(ctx, tx, l.ID, today) }))
	}
	return errors.Join(err, s.remindDrift(ctx, a))
}

func (s *Service) publishDue(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID, today string) error {
	var l Listing
	err := pg.One(tx.Where("province_id = ? AND id = ? AND state = 'scheduled' AND publish_on <= ?", tx.Identity.Province, id, today).Clauses(pg.ForUpdate), &l)
	if errors.Is(err, fault.ErrMissing) {
		return nil // somebody was faster
	}
	if err != nil {
		return err
	}
	v, err := solution.Full(tx, l.VersionID)
	if err != nil {
		return err
	}
	why := sellable(ctx, tx, v)
	if why == nil {
		why = room(tx, l)
	}
	if why != nil {
		refused, ok := fault.As(why)
		if !ok {
			return why
		}
		return s.move(ctx, tx, a, &l, "hold_back", certification.Both(refused.Words))
	}
	return s.move(ctx, tx, a, &l, "publish", "")
}

func (s *Service) remind(ctx context.Context, tx *pg.Tx, id uuid.UUID, today string) error {
	var l Listing
	if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id).Clauses(pg.ForUpdate), &l); err != nil {
		return err
	}
	from, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	left := int(l.SupportUntil.Sub(from).Hours() / 24)
	for i, r := range reminders {
		if left > r.days {
			continue
		}
		if slices.Contains(l.Told, r.says) {
			return nil
		}
		// Farther reminders have been passed over or given.
		for _, passed := range reminders[i:] {
			if !slices.Contains(l.Told, passed.says) {
				l.Told = append(l.Told, passed.says)
			}
		}
		if err := queue.Enqueue(ctx, tx, JobRetired, Retired{l.ProvinceID, l.ID, l.SolutionID, r.says}); err != nil {
			return err
		}
		return pg.Save(tx, &l)
	}
	return nil
}

// Preview lets the people of a city look at an offer before it is on sale.
type Preview struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ListingID  uuid.UUID `gorm:"primaryKey"`
	OrgPath    string    `gorm:"primaryKey"`
	CityName   string
	Until      time.Time // the last day
	ByName     string
	At         time.Time
}

// TableName of previews.
func (Preview) TableName() string { return "listing_previews" }

func previews(tx *pg.Tx, id uuid.UUID) (out []Preview, err error) {
	if tx.Identity.Role == pg.RolePartner { // whom the operator shows it first is the operator's
		return nil, nil
	}
	d := tx.Where("province_id = ? AND listing_id = ?", tx.Identity.Province, id)
	if tx.Identity.Role != pg.RoleSystem {
		d = d.Where("org_path >= ? AND org_path < ?", tx.Identity.PathFrom, tx.Identity.PathTo)
	}
	return out, d.Order("org_path").Find(&out).Error
}

// ShowBefore shows a listing that is not on sale yet to cities until a day; none
// of them takes it back.
func (s *Service) ShowBefore(ctx context.Context, a tenants.Actor, id uuid.UUID, cities []string, until time.Time) (Detail, error) {
	if err := a.Need(Write); err != nil {
		return Detail{}, err
	}
	today := calendar.Date(calendar.Now(ctx))
	all, err := s.people.Tenants(ctx, a.Tenant.ProvinceID, tenants.KindCity)
	if err != nil {
		return Detail{}, err
	}
	var d Detail
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		var l Listing
		if err := pg.One(narrow(tx.Model(&Listing{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &l); err != nil {
			return err
		}
		if !slices.Contains([]string{"draft", "pending_approval", "scheduled"}, l.State) {
			return ErrOnSale
		}
		if err := onDay("until", until, today, 0, 1); err != nil {
			return err
		}
		had, err := previews(tx, id)
		if err != nil {
			return err
		}
		for _, c := range all {
			wanted, before := slices.Contains(cities, c.Code), slices.IndexFunc(had, func(p Preview) bool { return p.OrgPath == c.Path })
			if !wanted && before < 0 {
				continue
			}
			if a.Tenant.Kind == tenants.KindCity && c.ID != a.Tenant.ID || l.Scope != ScopeProvince && c.Code != l.Scope {
				return ErrScope
			}
			ended := before >= 0 && had[before].Until.Format(time.DateOnly) < today
			if !wanted && ended || wanted && before >= 0 && had[before].Until.Equal(until) {
				continue
			}
			day := until
			if !wanted { // ended yesterday
				day, _ = time.Parse(time.DateOnly, today)
				day = day.AddDate(0, 0, -1)
			}
			if err := tx.Exec(`INSERT INTO listing_previews (province_id, listing_id, org_path, city_name, until, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (province_id, listing_id, org_path) DO UPDATE SET until = excluded.until, by_name = excluded.by_name, at = excluded.at`,
				l.ProvinceID, l.ID, c.Path, c.Name, day, a.Name, calendar.Now(ctx)).Error; err != nil {
				return err
			}
			action := "show_before"
			if !wanted {
				action = "show_no_more"
			}
			e := l.entry(action, l.State, c.Name+" "+day.Format(time.DateOnly))
			e.OrgPath, e.Partner = c.Path, uuid.Nil
			tenants.Record(ctx, tx, a, e)
		}
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// preview is an offer that is not on sale yet, for whoever reads its listing or
// belongs to a city it is shown to.
func (s *Service) preview(ctx context.Context, a tenants.Actor, id uuid.UUID) (o Offer, cert certification.Certificate, err error) {
	var may, invited bool
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if a.Can(Read) {
			var n int64
			if err := narrow(tx.Model(&Listing{}), a).Where("id = ?", id).Count(&n).Error; err != nil {
				return err
			}
			may = n > 0
		}
		if may || a.Tenant.Kind != tenants.KindCity {
			return nil
		}
		return tx.Raw(`SELECT EXISTS (SELECT 1 FROM listing_previews WHERE province_id = ? AND listing_id = ? AND org_path = ? AND until >= ?)`,
			a.Tenant.ProvinceID, id, a.Tenant.Path, calendar.Date(calendar.Now(ctx))).Scan(&invited).Error
	})
	if err != nil {
		return o, cert, err
	}
	if !may && !invited {
		return o, cert, fault.ErrMissing
	}
	// The listing may be the province's: that it is shown to this city was just seen.
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var l Listing
		if err := pg.One(tx.Where("province_id = ? AND id = ? AND state IN ?", a.Tenant.ProvinceID, id, []string{"draft", "pending_approval", "scheduled"}), &l); err != nil {
			return err
		}
		v, err := solution.Full(tx, l.VersionID)
		if err != nil {
			return err
		}
		// Whom it is shown to sees what could be sold today.
		if why := sellable(ctx, tx, v); why != nil && !may {
			if _, refused := fault.As(why); refused {
				return fault.ErrMissing
			}
			return why
		}
		if cert, err = certification.CertificateOf(tx, v.ID); err != nil {
			return err
		}
		o, err = offerOf(tx, l, v)
		return err
	})
	return o, cert, err
}
