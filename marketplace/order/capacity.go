package order

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

// ErrNoCapacity is said to a seller while who delivers has its hands full.
var ErrNoCapacity = fault.New(fault.Conflict, "no-capacity", "交付方同时只接 %d 单，现在已满，请稍后下单；报价不受影响。", "Who delivers takes %d orders at once and has its hands full. Order later; the quote stays.")

// Capacity is how many orders a firm delivers at once.
type Capacity struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	PartnerID  uuid.UUID `gorm:"primaryKey"`
	Most       *int      // nil means no limit
	SetByName  string
	SetAt      time.Time
	Version    int64

	Open int `gorm:"-"` // orders it has to deliver now
}

// TableName of capacities.
func (Capacity) TableName() string { return "delivery_capacities" }

// RowVersion is the optimistic lock.
func (c *Capacity) RowVersion() *int64 { return &c.Version }

// Left is how many orders more it takes; nil without a limit.
func (c *Capacity) Left() *int {
	if c.Most == nil {
		return nil
	}
	left := max(0, *c.Most-c.Open)
	return &left
}

// capacityOf reads the capacity of a firm and how much of it is taken; alone, it
// is held until the transaction ends. The transaction has the system's sight.
func capacityOf(tx *pg.Tx, firm uuid.UUID, alone bool) (Capacity, error) {
	c := Capacity{ProvinceID: tx.Identity.Province, PartnerID: firm, Version: 1}
	q := tx.Where("province_id = ? AND partner_id = ?", tx.Identity.Province, firm)
	if alone {
		q = q.Clauses(pg.ForUpdate)
	}
	var found []Capacity
	if err := q.Find(&found).Error; err != nil {
		return c, err
	}
	if len(found) == 1 {
		c = found[0]
	}
	return c, tx.Raw(`SELECT count(*) FROM orders WHERE province_id = ? AND deliverer_id = ? AND state IN ('submitted', 'accepted', 'provisioning')`, tx.Identity.Province, firm).Scan(&c.Open).Error
}

// holdCapacities holds those of all who deliver some quotes, in one order for
// everybody: one after the other they could be held crosswise.
func holdCapacities(tx *pg.Tx, all []Quote) error {
	var firms []uuid.UUID
	for _, q := range all {
		o := Order{ListingID: q.ListingID, OrgPath: q.OrgPath}
		if err := tx.Raw(`SELECT supplier_id FROM offers WHERE province_id = ? AND id = ?`, q.ProvinceID, q.ListingID).Scan(&o).Error; err != nil {
			return err
		}
		if err := o.deliverer(tx); err != nil {
			return err
		}
		firms = append(firms, o.DelivererID)
	}
	return tx.Exec(`SELECT 1 FROM delivery_capacities WHERE province_id = ? AND partner_id = ANY (?::uuid[]) ORDER BY partner_id FOR UPDATE`, tx.Identity.Province, pg.UUIDs(firms)).Error
}

// assign says who delivers the order, and refuses it while that firm has its
// hands full: orders of one firm are counted one after the other.
func (o *Order) assign(tx *pg.Tx) error {
	if err := o.deliverer(tx); err != nil {
		return err
	}
	c, err := capacityOf(tx, o.DelivererID, true)
	if err != nil {
		return err
	}
	if left := c.Left(); left != nil && *left == 0 {
		return ErrNoCapacity.Fill(*c.Most)
	}
	return nil
}

// deliverer is the supplier, or who the customer's city has named instead.
func (o *Order) deliverer(tx *pg.Tx) error {
	o.DelivererID = o.SupplierID
	p, err := listing.DelivererOf(tx, o.ListingID, o.OrgPath)
	if err == nil && p != nil {
		o.DelivererID = p.ID
	}
	return err
}

// Capacity of the actor's own firm.
func (s *Service) Capacity(ctx context.Context, a tenants.Actor) (c Capacity, err error) {
	if err := a.Need(DeliveryRead); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		c, err = capacityOf(tx, a.Tenant.ID, false)
		return err
	})
	return c, err
}

// SetCapacity says how many orders the actor's firm delivers at once; nil for no
// limit. Orders that were made stay.
func (s *Service) SetCapacity(ctx context.Context, a tenants.Actor, most *int) (c Capacity, err error) {
	if err := a.Need(Deliver); err != nil {
		return c, err
	}
	if most != nil && (*most < 0 || *most > 10_000) {
		var x fault.Checker
		x.Add("most", "range", "应在 0 到 10 000 之间。", "From 0 to 10 000.")
		return c, x.Err()
	}
	err = s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		if err := tx.Exec(`INSERT INTO delivery_capacities AS c (province_id, partner_id, most, set_by_name, set_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (province_id, partner_id) DO UPDATE SET most = excluded.most, set_by_name = excluded.set_by_name, set_at = excluded.set_at, version = c.version + 1`,
			a.Tenant.ProvinceID, a.Tenant.ID, most, a.Name, now).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "set_capacity", Resource: "partner", ID: a.Tenant.ID, Label: a.Tenant.Name, OrgPath: a.Tenant.Root(), Partner: a.Tenant.ID})
		c, err = capacityOf(tx, a.Tenant.ID, false)
		return err
	})
	return c, err
}
