package webhook_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
	"ecoport/tenants/tenantstest"
	"ecoport/tenants/webhook"
)

// receiver is a system of a tenant.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []*http.Request
	bodies []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, q), append(r.bodies, string(b))
		w.WriteHeader(r.status)
		_, _ = w.Write([]byte("thanks"))
	}))
	t.Cleanup(r.Close)
	return r
}

type world struct {
	*tenantstest.World
	s *webhook.Service
	r *receiver
}

var local = outbound.Rules{HTTP: true, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: tenantstest.New(t), r: newReceiver(t)}
	w.s = w.service(local)
	return w
}

func (w *world) service(rules outbound.Rules) *webhook.Service {
	return webhook.NewService(w.DB, w.People, w.Box, rules, "https://portal.example", func(resource string, id uuid.UUID) string { return "/" + resource + "s/" + id.String() })
}

func admin(a tenants.Actor) tenants.Actor { return tenantstest.May(a, webhook.Read, webhook.Write) }

func (w *world) add(a tenants.Actor, topics ...string) (webhook.Hook, string) {
	w.Helper()
	h, secret, err := w.s.Add(w.Context(), a, webhook.Input{Address: w.r.URL + "/in", Topics: topics, Active: true})
	require.NoError(w, err)
	return h, secret
}

func event(t tenants.Tenant, path string, partner uuid.UUID, seq int64) tenants.AuditEvent {
	return tenants.AuditEvent{
		ProvinceID: t.ProvinceID, Seq: seq, At: time.Now().UTC(), Action: "approve", Resource: "deal", ResourceID: uuid.New(), Label: "D1 某公司 13800000000", OrgPath: path, PartnerID: partner,
		FromState: "registered", ToState: "protected", Reason: "联系人张三", ActorName: "李四",
	}
}

func (w *world) deliveries(a tenants.Actor, h webhook.Hook) []webhook.Delivery {
	w.Helper()
	out, err := w.s.Deliveries(w.Context(), a, h.ID, "", uuid.Nil, 100)
	require.NoError(w, err)
	return out
}

// exhaust tries a delivery until it gives up.
func (w *world) exhaust(d webhook.Delivery) (tries int, waited time.Duration) {
	w.Helper()
	for {
		err := w.s.Deliver(w.Context(), webhook.DeliverJob{Province: d.ProvinceID, ID: d.ID})
		tries++
		var later queue.Later
		if !errors.As(err, &later) {
			require.NoError(w, err)
			return tries, waited
		}
		waited += later.After
	}
}

// TestDeliveriesGoToWhoMayKnow: by the rule of the live screens, once, signed,
// and without content.
func TestDeliveriesGoToWhoMayKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	city, agent := admin(w.GD.One(w.GD.Guangzhou, "city_admin")), admin(w.GD.One(w.GD.Agent, "partner_admin"))
	ours, secret := w.add(city, "deal")
	theirs, _ := w.add(agent, "deal")
	deaf := map[string]tenants.Actor{"another city": w.GD.One(w.GD.Shenzhen, "city_admin"), "another partner": w.GD.One(w.GD.SI, "partner_admin"), "another province": w.HN.One(w.HN.Tenant, "province_admin")}
	hooks := map[string]webhook.Hook{}
	for what, a := range deaf {
		hooks[what], _ = w.add(admin(a), "deal")
	}
	other, _ := w.add(city, "order")

	e := event(w.GD.Tenant, w.GD.Guangzhou.Path+"440106/", w.GD.Agent.ID, 7)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := w.s.Fan(ctx, e); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Len(t, w.deliveries(city, ours), 1)
	require.Len(t, w.deliveries(agent, theirs), 1)
	require.Empty(t, w.deliveries(city, other))
	for what, a := range deaf {
		require.Empty(t, w.deliveries(admin(a), hooks[what]), what)
	}
	d := w.deliveries(city, ours)[0]
	require.NoError(t, w.s.Deliver(ctx, webhook.DeliverJob{Province: d.ProvinceID, ID: d.ID}))
	require.NoError(t, w.s.Deliver(ctx, webhook.DeliverJob{Province: d.ProvinceID, ID: d.ID}), "a second run sends nothing")
	require.Len(t, w.r.got, 1)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(w.r.bodies[0]), &body))
	require.Equal(t, "deal.approve", body["type"])
	require.Equal(t, map[string]any{
		"resource": "deal", "id": e.ResourceID.String(), "action": "approve", "from": "registered", "to": "protected", "seq": 7.0, "link": "https://portal.example/deals/" + e.ResourceID.String(),
	}, body["data"])
	for _, s := range []string{"某公司", "138", "张三", "李四"} {
		require.NotContains(t, w.r.bodies[0], s)
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	require.NoError(t, hook.Verify([]byte(w.r.bodies[0]), w.r.got[0].Header))
	sent := w.deliveries(city, ours)[0]
	require.Equal(t, []any{"delivered", 1, 200, "thanks"}, []any{sent.State, sent.Attempts, sent.Status, sent.Excerpt})

	// Rows of another tenant do not exist.
	stranger := admin(w.GD.One(w.GD.Shenzhen, "city_admin"))
	for _, err := range []error{
		func() error { _, err := w.s.Get(ctx, stranger, ours.ID); return err }(),
		func() error { _, err := w.s.Deliveries(ctx, stranger, ours.ID, "", uuid.Nil, 1); return err }(),
		func() error { _, err := w.s.Replay(ctx, stranger, ours.ID, d.ID); return err }(),
		func() error { _, _, err := w.s.Rotate(ctx, stranger, ours.ID); return err }(),
		func() error { _, err := w.s.Try(ctx, stranger, ours.ID); return err }(),
		w.s.Delete(ctx, stranger, ours.ID),
	} {
		require.ErrorIs(t, err, fault.ErrMissing)
	}
	_, err = w.s.List(ctx, w.GD.One(w.GD.Guangzhou, "account_manager"))
	require.Error(t, err)
}

// TestA58ForgedReplayedOld: what the documented verification refuses.
func TestA58ForgedReplayedOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	city := admin(w.GD.One(w.GD.Guangzhou, "city_admin"))
	h, secret := w.add(city, "deal")
	send := func(at time.Time) (string, http.Header) {
		t.Helper()
		d, err := w.s.Try(calendar.At(ctx, at), city, h.ID)
		require.NoError(t, err)
		require.NoError(t, w.s.Deliver(calendar.At(ctx, at), webhook.DeliverJob{Province: d.ProvinceID, ID: d.ID}))
		return w.r.bodies[len(w.r.bodies)-1], w.r.got[len(w.r.got)-1].Header
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	body, header := send(time.Now())
	require.NoError(t, hook.Verify([]byte(body), header))
	require.Error(t, hook.Verify([]byte(body+" "), header), "forged body")
	forged := header.Clone()
	forged.Set(standardwebhooks.HeaderWebhookID, uuid.NewString())
	require.Error(t, hook.Verify([]byte(body), forged), "another id: a replay cannot pass for news")
	forged = header.Clone()
	forged.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(time.Now().Unix()+1, 10))
	require.Error(t, hook.Verify([]byte(body), forged))
	body, header = send(time.Now().Add(-6 * time.Minute))
	require.ErrorIs(t, hook.Verify([]byte(body), header), standardwebhooks.ErrMessageTooOld)

	// A rotated secret: both sign for a day, then only the new one.
	_, fresh, err := w.s.Rotate(ctx, city, h.ID)
	require.NoError(t, err)
	second, err := standardwebhooks.NewWebhook(fresh)
	require.NoError(t, err)
	body, header = send(time.Now())
	require.NoError(t, hook.Verify([]byte(body), header))
	require.NoError(t, second.Verify([]byte(body), header))
	body, header = send(time.Now().Add(25 * time.Hour))
	require.Error(t, hook.VerifyIgnoringTimestamp([]byte(body), header))
	require.NoError(t, second.VerifyIgnoringTimestamp([]byte(body), header))
}

// TestFailuresWarnThenSwitchOff: eight tries over a day, ten failures warn,
// twenty switch off, a success forgives; replay sends again.
func TestFailuresWarnThenSwitchOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	city := admin(w.GD.One(w.GD.Guangzhou, "city_admin"))
	h, _ := w.add(city, "deal")
	w.r.status = http.StatusInternalServerError
	fail := func(n int) {
		t.Helper()
		for range n {
			d, err := w.s.Try(ctx, city, h.ID)
			require.NoError(t, err)
			tries, waited := w.exhaust(d)
			require.Equal(t, 8, tries)
			require.InDelta(t, 24, waited.Hours(), 1)
		}
	}
	state := func() string {
		t.Helper()
		x, err := w.s.Get(ctx, city, h.ID)
		require.NoError(t, err)
		return x.State
	}
	trail := func(action string) (n int64) {
		t.Helper()
		require.NoError(t, w.DB.Read(ctx, city, func(tx *pg.Tx) error {
			return tx.Raw(`SELECT count(*) FROM audit_events WHERE province_id = ? AND resource_id = ? AND action = ?`, city.Tenant.ProvinceID, h.ID, action).Scan(&n).Error
		}))
		return n
	}
	fail(9)
	require.Equal(t, webhook.Active, state())
	fail(1)
	require.Equal(t, webhook.Warned, state())
	require.EqualValues(t, 1, trail("warn"))

	w.r.status = http.StatusNoContent
	list := w.deliveries(city, h)
	n, err := w.s.Replay(ctx, city, h.ID, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, w.s.Deliver(ctx, webhook.DeliverJob{Province: h.ProvinceID, ID: list[0].ID}))
	require.Equal(t, webhook.Active, state(), "a success forgives")
	require.Equal(t, list[0].ID.String(), w.r.got[len(w.r.got)-1].Header.Get(standardwebhooks.HeaderWebhookID), "a replay keeps its id")
	_, err = w.s.Replay(ctx, city, h.ID, uuid.New())
	require.ErrorIs(t, err, fault.ErrMissing)
	n, err = w.s.Replay(ctx, city, h.ID, uuid.Nil)
	require.NoError(t, err)
	require.Equal(t, 9, n, "all that failed")

	w.r.status = http.StatusFound // a redirect is no success, and is not followed
	fail(20)
	require.Equal(t, webhook.Disabled, state())
	require.EqualValues(t, 1, trail("disable"))
	_, err = w.s.Try(ctx, city, h.ID)
	require.ErrorIs(t, err, webhook.ErrDisabled)
	_, err = w.s.Replay(ctx, city, h.ID, uuid.Nil)
	require.ErrorIs(t, err, webhook.ErrDisabled)
	before := len(w.r.got)
	require.NoError(t, w.s.Fan(ctx, event(w.GD.Tenant, w.GD.Guangzhou.Path, w.GD.Agent.ID, 9)))
	require.Len(t, w.r.got, before)
	x, err := w.s.Get(ctx, city, h.ID)
	require.NoError(t, err)
	_, err = w.s.Edit(ctx, city, h.ID, webhook.Input{Address: w.r.URL, Topics: []string{"deal"}, Active: true, Version: x.Version})
	require.NoError(t, err)
	require.Equal(t, webhook.Active, state())
}

// TestA37WebhookAddresses: checked when saved and again when dialled.
func TestA37WebhookAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	city := admin(w.GD.One(w.GD.Guangzhou, "city_admin"))
	strict := w.service(outbound.Rules{})
	for _, address := range []string{"http://127.0.0.1/", "https://127.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://10.0.0.1/", "file:///etc/passwd", "https://localhost/", "https://user@example.com/"} {
		_, _, err := strict.Add(ctx, city, webhook.Input{Address: address, Topics: []string{"deal"}, Active: true})
		require.Error(t, err, address)
	}
	h, _ := w.add(city, "deal") // saved when it was allowed
	d, err := w.s.Try(ctx, city, h.ID)
	require.NoError(t, err)
	var later queue.Later
	require.ErrorAs(t, strict.Deliver(ctx, webhook.DeliverJob{Province: d.ProvinceID, ID: d.ID}), &later)
	require.Empty(t, w.r.got)
	require.NotContains(t, w.deliveries(city, h)[0].Excerpt, "127.0.0.1")
}
