// Package webhook tells systems of a tenant what happened to records the
// tenant may know of. It owns addresses, secrets and deliveries; what may be
// known follows the rule of the live screens, and what is sent names records
// without their content.
//
// Deliveries are signed after standardwebhooks.com: webhook-id stays the same
// over retries and replays, webhook-timestamp is when this try was sent, and
// webhook-signature is "v1," and the base64 of HMAC-SHA256 over
// "id.timestamp.body" under the secret; two of them while an old secret is
// still valid. A receiver checks the signature, refuses timestamps more than
// five minutes off, and remembers the ids it has done:
//
//	hook, err := standardwebhooks.NewWebhook(secret) // "whsec_..."
//	err = hook.Verify(body, request.Header)          // forged, old: refused
//	if seen[request.Header.Get("webhook-id")] { return }
package webhook

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/seal"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read  tenants.Permission = "webhook:read"
	Write tenants.Permission = "webhook:write"
)

// Topics that can be heard: kinds of record.
var Topics = []string{"partner", "solution", "version", "certification", "listing", "graduation", "deal", "quote", "order", "delivery", "ticket", "statement", "plan", "period", "account", "member"}

// States of a hook.
const (
	Active   = "active"
	Warned   = "warned"   // failing; still tried
	Disabled = "disabled" // not tried until somebody switches it on
)

// How long an old secret still signs, and how failures are counted: a delivery
// has failed when all its tries did.
const (
	OldSecretLife = 24 * time.Hour
	WarnAfter     = 10
	DisableAfter  = 20
)

// pauses between the tries of one delivery: eight over about a day.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour, 3 * time.Hour, 7 * time.Hour, 12 * time.Hour}

// Refusals of this package.
var (
	ErrDisabled = fault.New(fault.Conflict, "webhook-disabled", "这个 Webhook 已停用，请先启用再发送。", "This webhook is off. Switch it on first.")
	ErrTooMany  = fault.New(fault.Conflict, "webhook-limit", "每个单位最多 20 个 Webhook，请先删除不用的。", "A tenant has at most 20 webhooks. Delete one first.")
)

// Hook is one address of a tenant.
type Hook struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	Address    string
	Topics     pg.Texts
	Secret     []byte
	OldSecret  []byte
	OldUntil   *time.Time
	State      string
	Failures   int
	CreatedBy  string
	Version    int64
	CreatedAt  time.Time
}

// TableName in the schema.
func (Hook) TableName() string { return "webhooks" }

// RowVersion is the optimistic lock.
func (h *Hook) RowVersion() *int64 { return &h.Version }

// Delivery is one message to one hook.
type Delivery struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	WebhookID  uuid.UUID
	Seq        *int64
	Topic      string
	Body       string
	State      string
	Attempts   int
	Status     int
	DurationMs int
	Excerpt    string
	CreatedAt  time.Time
	TriedAt    *time.Time
}

// TableName in the schema.
func (Delivery) TableName() string { return "webhook_deliveries" }

// newSecret in the form receivers' libraries take.
func newSecret() string {
	return "whsec_" + base64.StdEncoding.EncodeToString(seal.Random(32))
}

func (h *Hook) about() string { return "webhook " + h.ID.String() }

// entry for the audit trail, and by it for the notices to the admins.
func (h *Hook) entry(a tenants.Actor, action, from, reason string) tenants.Entry {
	e := tenants.Entry{Action: action, Resource: "webhook", ID: h.ID, Label: host(h.Address), OrgPath: a.Tenant.Path, From: from, To: h.State, Reason: reason}
	if a.Tenant.Kind == tenants.KindPartner {
		e.Partner = a.Tenant.ID
	}
	return e
}

func host(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	name, _, _ := strings.Cut(rest, "/")
	return name
}
