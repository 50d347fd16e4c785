package webhook

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/seal"
	"ecoport/tenants"
)

// Service owns webhooks.
type Service struct {
	db      *pg.DB
	people  *tenants.Service
	box     *seal.Box
	rules   outbound.Rules
	client  client
	baseURL string
	links   func(resource string, id uuid.UUID) string
}

// NewService wires the package; links knows the page of a record.
func NewService(db *pg.DB, people *tenants.Service, box *seal.Box, rules outbound.Rules, baseURL string, links func(string, uuid.UUID) string) *Service {
	return &Service{db: db, people: people, box: box, rules: rules, client: client{rules.Client()}, baseURL: baseURL, links: links}
}

// Input is what an admin types.
type Input struct {
	Address string
	Topics  []string
	Active  bool
	Version int64
}

func (s *Service) check(ctx context.Context, in *Input) error {
	var c fault.Checker
	in.Address = strings.TrimSpace(in.Address)
	if err := s.rules.Check(ctx, in.Address); err != nil {
		if errors.Is(err, outbound.ErrForbidden) {
			c.Add("address", "address", "需要一个公网可访问的 https 地址。", "It must be a public https address.")
		} else {
			c.Add("address", "unknown_host", "找不到这个地址，请核对。", "This address is not found. Check it.")
		}
	}
	c.Require("topics", len(in.Topics) > 0)
	for _, t := range in.Topics {
		c.OneOf("topics", t, Topics...)
	}
	return c.Err()
}

// List the hooks of the actor's tenant.
func (s *Service) List(ctx context.Context, a tenants.Actor) (out []Hook, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error { return own(tx, a).Order("created_at, id").Find(&out).Error })
	return out, err
}

// Get one hook.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (h Hook, err error) {
	if err := a.Need(Read); err != nil {
		return h, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error { return pg.One(own(tx, a).Where("id = ?", id), &h) })
	return h, err
}

func own(tx *pg.Tx, a tenants.Actor) *pg.Handle {
	return tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID)
}

// Add makes a hook and returns its secret, the only time it can be read.
func (s *Service) Add(ctx context.Context, a tenants.Actor, in Input) (Hook, string, error) {
	if err := a.Need(Write); err != nil {
		return Hook{}, "", err
	}
	if err := s.check(ctx, &in); err != nil {
		return Hook{}, "", err
	}
	secret := newSecret()
	h := Hook{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, Address: in.Address, Topics: in.Topics, State: Active,
		CreatedBy: a.Name, Version: 1, CreatedAt: calendar.Now(ctx),
	}
	h.Secret = s.box.Seal([]byte(secret), h.about())
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var n int64
		if err := own(tx, a).Model(&Hook{}).Count(&n).Error; err != nil {
			return err
		}
		if n >= 20 {
			return ErrTooMany
		}
		tenants.Record(ctx, tx, a, h.entry(a, "add", "", ""))
		return tx.Create(&h).Error
	})
	return h, secret, err
}

// change loads a hook of the actor's tenant, lets do edit it, and saves.
func (s *Service) change(ctx context.Context, a tenants.Actor, id uuid.UUID, version int64, action string, do func(*Hook)) (h Hook, err error) {
	if err := a.Need(Write); err != nil {
		return h, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(own(tx, a).Where("id = ?", id).Clauses(pg.ForUpdate), &h); err != nil {
			return err
		}
		if version != 0 && h.Version != version {
			return fault.ErrStale
		}
		from := h.State
		do(&h)
		tenants.Record(ctx, tx, a, h.entry(a, action, from, ""))
		return pg.Save(tx, &h)
	})
	return h, err
}

// Edit changes address, topics and whether it is on.
func (s *Service) Edit(ctx context.Context, a tenants.Actor, id uuid.UUID, in Input) (Hook, error) {
	if err := a.Need(Write); err != nil {
		return Hook{}, err
	}
	// Names are looked up outside the transaction, but only for a hook that is there.
	if _, err := s.Get(ctx, a, id); err != nil {
		return Hook{}, err
	}
	if err := s.check(ctx, &in); err != nil {
		return Hook{}, err
	}
	return s.change(ctx, a, id, in.Version, "edit", func(h *Hook) {
		h.Address, h.Topics = in.Address, in.Topics
		switch {
		case !in.Active:
			h.State = Disabled
		case h.State == Disabled:
			h.State, h.Failures = Active, 0
		}
	})
}

// Rotate makes another secret; the old one signs beside it for a day.
func (s *Service) Rotate(ctx context.Context, a tenants.Actor, id uuid.UUID) (Hook, string, error) {
	secret := newSecret()
	h, err := s.change(ctx, a, id, 0, "rotate", func(h *Hook) {
		until := calendar.Now(ctx).Add(OldSecretLife)
		h.OldSecret, h.OldUntil = h.Secret, &until
		h.Secret = s.box.Seal([]byte(secret), h.about())
	})
	return h, secret, err
}

// Delete forgets a hook and its deliveries.
func (s *Service) Delete(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	if err := a.Need(Write); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var h Hook
		if err := pg.One(own(tx, a).Where("id = ?", id).Clauses(pg.ForUpdate), &h); err != nil {
			return err
		}
		e := h.entry(a, "delete", h.State, "")
		e.To = ""
		tenants.Record(ctx, tx, a, e)
		return tx.Exec(`DELETE FROM webhooks WHERE province_id = ? AND tenant_id = ? AND id = ?`, a.Tenant.ProvinceID, a.Tenant.ID, id).Error
	})
}

// Deliveries of a hook, newest first; before is an id, exclusive.
func (s *Service) Deliveries(ctx context.Context, a tenants.Actor, hook uuid.UUID, state string, before uuid.UUID, limit int) (out []Delivery, err error) {
	if err := a.Need(Read); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var h Hook
		if err := pg.One(own(tx, a).Where("id = ?", hook), &h); err != nil {
			return err
		}
		q := own(tx, a).Where("webhook_id = ?", hook)
		if state != "" {
			q = q.Where("state = ?", state)
		}
		if before != uuid.Nil {
			q = q.Where("id < ?", before)
		}
		return q.Order("id DESC").Limit(limit).Find(&out).Error
	})
	return out, err
}

// Replay sends deliveries once more: one, or with uuid.Nil all that failed.
func (s *Service) Replay(ctx context.Context, a tenants.Actor, hook, delivery uuid.UUID) (count int, err error) {
	if err := a.Need(Write); err != nil {
		return 0, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		var h Hook
		if err := pg.One(own(tx, a).Where("id = ?", hook), &h); err != nil {
			return err
		}
		if h.State == Disabled {
			return ErrDisabled
		}
		q, args := `UPDATE webhook_deliveries SET state = 'waiting', attempts = 0 WHERE province_id = ? AND tenant_id = ? AND webhook_id = ? AND state <> 'waiting'`, []any{a.Tenant.ProvinceID, a.Tenant.ID, hook}
		if delivery != uuid.Nil {
			q, args = q+` AND id = ?`, append(args, delivery)
		} else {
			q += ` AND state = 'failed'`
		}
		var again []struct{ ID uuid.UUID }
		if err := tx.Raw(q+` RETURNING id`, args...).Scan(&again).Error; err != nil {
			return err
		}
		if count = len(again); count == 0 && delivery != uuid.Nil {
			return fault.ErrMissing
		}
		for _, d := range again {
			if err := queue.Enqueue(ctx, tx, JobDeliver, DeliverJob{a.Tenant.ProvinceID, d.ID}); err != nil {
				return err
			}
		}
		tenants.Record(ctx, tx, a, h.entry(a, "replay", "", ""))
		return nil
	})
	return count, err
}

// Try sends a trial, so that the receiver can be looked at.
func (s *Service) Try(ctx context.Context, a tenants.Actor, hook uuid.UUID) (d Delivery, err error) {
	if err := a.Need(Write); err != nil {
		return d, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		var h Hook
		if err := pg.One(own(tx, a).Where("id = ?", hook), &h); err != nil {
			return err
		}
		if h.State == Disabled {
			return ErrDisabled
		}
		if d, err = newDelivery(h, "test", nil, payload{Type: "test", Timestamp: calendar.Now(ctx)}); err != nil {
			return err
		}
		d.CreatedAt = calendar.Now(ctx)
		if err := tx.Create(&d).Error; err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobDeliver, DeliverJob{d.ProvinceID, d.ID})
	})
	return d, err
}

// How long deliveries stay that came through, and that failed.
const (
	deliveredKept = 30 * 24 * time.Hour
	failedKept    = 90 * 24 * time.Hour
)

// Tidy forgets old deliveries.
func (s *Service) Tidy(ctx context.Context, province uuid.UUID) error {
	now := calendar.Now(ctx)
	return s.db.Prune(ctx, tenants.System(province, "清理"), "webhook_deliveries", `province_id = ? AND state <> 'waiting' AND created_at < ? AND (state = 'delivered' OR created_at < ?)`,
		province, now.Add(-deliveredKept), now.Add(-failedKept))
}
