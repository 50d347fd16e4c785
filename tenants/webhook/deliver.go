package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
)

// JobDeliver sends one delivery.
const JobDeliver = "webhook.deliver"

// DeliverJob names it.
type DeliverJob struct{ Province, ID uuid.UUID }

// payload is what is sent: where to look, never content.
type payload struct {
	Type      string    `json:"type"` // deal.approve
	Timestamp time.Time `json:"timestamp"`
	Data      *data     `json:"data,omitempty"`
}

type data struct {
	Resource string    `json:"resource"`
	ID       uuid.UUID `json:"id"`
	Action   string    `json:"action"`
	From     string    `json:"from,omitempty"`
	To       string    `json:"to,omitempty"`
	Seq      int64     `json:"seq"` // of the audit trail: order, and what is missing
	Link     string    `json:"link,omitempty"`
}

func newDelivery(h Hook, topic string, seq *int64, p payload) (Delivery, error) {
	body, err := json.Marshal(p)
	return Delivery{ProvinceID: h.ProvinceID, ID: pg.NewID(), TenantID: h.TenantID, WebhookID: h.ID, Seq: seq, Topic: topic, Body: string(body), State: "waiting"}, err
}

// Fan makes deliveries of one act for the hooks of every tenant that may know
// of it. It may run again: a hook and an act make one delivery.
func (s *Service) Fan(ctx context.Context, e tenants.AuditEvent) error {
	system := tenants.System(e.ProvinceID, "Webhook")
	var hooks []Hook
	err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND state <> 'disabled' AND ? = ANY (topics)", e.ProvinceID, e.Resource).Find(&hooks).Error
	})
	if err != nil || len(hooks) == 0 {
		return err
	}
	what := tenants.Happening{Province: e.ProvinceID, OrgPath: e.OrgPath, Partner: e.PartnerID}
	var hear []Hook
	for _, h := range hooks {
		t, err := s.people.Tenant(ctx, h.ProvinceID, h.TenantID)
		if err != nil {
			return err
		}
		if !t.Suspended() && (tenants.Actor{Tenant: t}).Hears(what) {
			hear = append(hear, h)
		}
	}
	if len(hear) == 0 {
		return nil
	}
	return s.db.As(ctx, system, func(tx *pg.Tx) error {
		for _, h := range hear {
			p := payload{Type: e.Resource + "." + e.Action, Timestamp: e.At, Data: &data{
				Resource: e.Resource, ID: e.ResourceID, Action: e.Action, From: e.FromState, To: e.ToState, Seq: e.Seq,
			}}
			if link := s.links(e.Resource, e.ResourceID); link != "" {
				p.Data.Link = s.baseURL + link
			}
			d, err := newDelivery(h, p.Type, &e.Seq, p)
			if err != nil {
				return err
			}
			res := tx.Exec(`INSERT INTO webhook_deliveries (province_id, id, tenant_id, webhook_id, seq, topic, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				d.ProvinceID, d.ID, d.TenantID, d.WebhookID, d.Seq, d.Topic, d.Body, calendar.Now(ctx))
			if res.Error != nil || res.RowsAffected == 0 {
				if res.Error != nil {
					return res.Error
				}
				continue
			}
			if err := queue.Enqueue(ctx, tx, JobDeliver, DeliverJob{d.ProvinceID, d.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Deliver tries once. It asks to come again until the tries are used up.
func (s *Service) Deliver(ctx context.Context, job DeliverJob) error {
	system := tenants.System(job.Province, "Webhook")
	var d Delivery
	var h Hook
	err := s.db.Read(ctx, system, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ?", job.Province, job.ID), &d); err != nil {
			return err
		}
		return pg.One(tx.Where("province_id = ? AND id = ?", job.Province, d.WebhookID), &h)
	})
	if err != nil || d.State != "waiting" {
		return nil //nolint:nilerr // deleted or done meanwhile
	}
	if h.State == Disabled {
		return s.db.As(ctx, system, func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE webhook_deliveries SET state = 'failed', excerpt = 'the webhook is off' WHERE province_id = ? AND id = ?`, d.ProvinceID, d.ID).Error
		})
	}
	secrets, err := s.secrets(ctx, h)
	if err != nil {
		return err
	}
	result := s.client.send(ctx, h.Address, d, secrets, calendar.Now(ctx))
	t, err := s.people.Tenant(ctx, h.ProvinceID, h.TenantID)
	if err != nil {
		return err
	}
	var later error
	err = s.db.As(ctx, system, func(tx *pg.Tx) error {
		later = nil
		if err := pg.One(tx.Where("province_id = ? AND id = ?", job.Province, d.ID).Clauses(pg.ForUpdate), &d); err != nil {
			return err
		}
		d.Attempts++
		switch {
		case result.ok:
			d.State = "delivered"
		case d.Attempts > len(pauses):
			d.State = "failed"
		default:
			later = queue.Later{After: pauses[d.Attempts-1]}
		}
		err := tx.Exec(`UPDATE webhook_deliveries SET state = ?, attempts = ?, status = ?, duration_ms = ?, excerpt = ?, tried_at = ? WHERE province_id = ? AND id = ?`,
			d.State, d.Attempts, result.status, result.took.Milliseconds(), result.excerpt, calendar.Now(ctx), d.ProvinceID, d.ID).Error
		if err != nil {
			return err
		}
		if err := tenants.Announce(tx, happening(t, h)); err != nil || d.State == "waiting" {
			return err
		}
		return s.count(ctx, tx, system, t, d)
	})
	if err != nil {
		return err
	}
	return later
}

// happening wakes the screens of the hook's own tenant.
func happening(t tenants.Tenant, h Hook) tenants.Happening {
	x := tenants.Happening{Province: h.ProvinceID, OrgPath: t.Path, Topic: "webhook", ID: h.ID}
	if t.Kind == tenants.KindPartner {
		x.Partner = t.ID
	}
	return x
}

// count keeps score of failures in a row: ten warn the tenant's admins, twenty
// switch the hook off.
func (s *Service) count(ctx context.Context, tx *pg.Tx, system tenants.Actor, t tenants.Tenant, d Delivery) error {
	var h Hook
	if err := pg.One(tx.Where("province_id = ? AND id = ?", d.ProvinceID, d.WebhookID).Clauses(pg.ForUpdate), &h); err != nil {
		return err
	}
	if h.State == Disabled {
		return nil
	}
	from := h.State
	if d.State == "delivered" {
		h.Failures, h.State = 0, Active
	} else {
		h.Failures++
	}
	action := ""
	switch {
	case h.Failures >= DisableAfter:
		h.State, action = Disabled, "disable"
	case h.Failures >= WarnAfter && h.State == Active:
		h.State, action = Warned, "warn"
	case from == Warned && h.State == Active:
		action = "recover"
	}
	if action != "" {
		e := h.entry(tenants.Actor{Tenant: t}, action, from, d.Excerpt)
		e.Reason = "" // what a stranger's server said is no reason of ours
		tenants.Record(ctx, tx, system, e)
	}
	return tx.Exec(`UPDATE webhooks SET failures = ?, state = ? WHERE province_id = ? AND id = ?`, h.Failures, h.State, h.ProvinceID, h.ID).Error
}

// secrets that sign now: the current one, and the old one for its last day.
func (s *Service) secrets(ctx context.Context, h Hook) ([]string, error) {
	sealed := [][]byte{h.Secret}
	if h.OldUntil != nil && calendar.Now(ctx).Before(*h.OldUntil) {
		sealed = append(sealed, h.OldSecret)
	}
	out := make([]string, 0, len(sealed))
	for _, b := range sealed {
		plain, err := s.box.Open(b, h.about())
		if err != nil {
			return nil, err
		}
		out = append(out, string(plain))
	}
	return out, nil
}

// client posts.
type client struct{ *http.Client }

type result struct {
	ok      bool
	status  int
	took    time.Duration
	excerpt string
}

func (c client) send(ctx context.Context, address string, d Delivery, secrets []string, now time.Time) result {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader([]byte(d.Body)))
	if err != nil {
		return result{excerpt: "the address is not valid"}
	}
	signatures := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return result{excerpt: "the secret is not valid"}
		}
		signature, err := hook.Sign(d.ID.String(), now, []byte(d.Body))
		if err != nil {
			return result{excerpt: "signing failed"}
		}
		signatures = append(signatures, signature)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("User-Agent", "Ecoport-Webhook/1")
	q.Header.Set(standardwebhooks.HeaderWebhookID, d.ID.String())
	q.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	q.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	started := time.Now()
	res, err := c.Do(q)
	r := result{took: time.Since(started)}
	if err != nil {
		r.excerpt = plainly(err)
		return r
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(res.Body, 500))
	r.status, r.excerpt = res.StatusCode, text(body)
	r.ok = res.StatusCode >= 200 && res.StatusCode < 300
	return r
}

// plainly says why there was no answer, without what is inside our network.
func plainly(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		return outbound.ErrForbidden.Error()
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	return "no connection"
}

// text keeps what can be shown of an answer.
func text(b []byte) string {
	for len(b) > 0 && !utf8.Valid(b) {
		b = b[:len(b)-1]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, string(b))
}
