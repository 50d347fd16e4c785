package tenants

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
)

// Entry is one act on one record, for the audit trail. OrgPath and Partner are
// those of the record: they decide who may read the entry.
type Entry struct {
	Action   string // approve
	Resource string // partner
	ID       uuid.UUID
	Label    string // name or number of the record now
	OrgPath  string
	Partner  uuid.UUID
	From, To string
	Reason   string
}

// AuditEvent is an entry as stored, a link of the hash chain of its province.
type AuditEvent struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	Seq        int64     `gorm:"primaryKey;autoIncrement:false"`
	At         time.Time
	UserID     uuid.UUID
	ActorName  string
	TenantID   uuid.UUID
	TenantName string
	Side       string
	Action     string
	Resource   string
	ResourceID uuid.UUID
	Label      string
	OrgPath    string
	PartnerID  uuid.UUID
	FromState  string
	ToState    string
	Reason     string
	RequestID  string
	OnBehalf   string // the absent colleague's name, or empty
	Address    string // network address the request came from, or empty
	PrevHash   []byte
	Hash       []byte
}

// link computes the hash of the event over the hash before it. Lengths go in
// front of texts, so no two different events have the same input.
func (e AuditEvent) link() []byte {
	h := sha256.New()
	var n [8]byte
	num := func(v int64) { binary.BigEndian.PutUint64(n[:], uint64(v)); h.Write(n[:]) }
	h.Write(e.PrevHash)
	num(e.Seq)
	num(e.At.UnixMicro())
	for _, id := range []uuid.UUID{e.ProvinceID, e.UserID, e.TenantID, e.ResourceID, e.PartnerID} {
		h.Write(id[:])
	}
	for _, s := range []string{e.ActorName, e.TenantName, e.Side, e.Action, e.Resource, e.Label, e.OrgPath, e.FromState, e.ToState, e.Reason, e.RequestID} {
		num(int64(len(s)))
		h.Write([]byte(s))
	}
	// Entries from before these were kept have neither.
	if e.OnBehalf != "" || e.Address != "" {
		for _, s := range []string{e.OnBehalf, e.Address} {
			num(int64(len(s)))
			h.Write([]byte(s))
		}
	}
	return h.Sum(nil)
}

type originKey struct{}

type origin struct{ request, address string }

// WithOrigin names the request and where it came from in audit rows written
// below ctx.
func WithOrigin(ctx context.Context, request, address string) context.Context {
	return context.WithValue(ctx, originKey{}, origin{request, address})
}

type trailKey struct{}

type heedKey struct{}

// Heeder is told what is about to be committed, in the same transaction.
type Heeder func(ctx context.Context, tx *pg.Tx, events []AuditEvent) error

// Heed has every act in the database told to f: news travels upward without
// this package knowing who listens.
func Heed(db *pg.DB, f Heeder) { db.Keep(heedKey{}, f) }

func heed(ctx context.Context, tx *pg.Tx, events []AuditEvent) error {
	if f, ok := tx.Value(heedKey{}).(Heeder); ok {
		return f(ctx, tx, events)
	}
	return nil
}

// Record notes an act. Rows are written and chained as the last thing before
// the transaction commits, so the lock on the province's chain is held only
// for the commit itself.
func Record(ctx context.Context, tx *pg.Tx, a Actor, e Entry) {
	trail, _ := tx.Value(trailKey{}).(*[]AuditEvent)
	if trail == nil {
		trail = &[]AuditEvent{}
		tx.SetValue(trailKey{}, trail)
		tx.BeforeCommit(func() error {
			if err := chain(tx, *trail); err != nil {
				return err
			}
			return heed(ctx, tx, *trail)
		})
	}
	from, _ := ctx.Value(originKey{}).(origin)
	behalf := ""
	if a.OnBehalf != nil {
		behalf = a.OnBehalf.Name
	}
	*trail = append(*trail, AuditEvent{
		ProvinceID: a.Tenant.ProvinceID, At: calendar.Now(ctx).Truncate(time.Microsecond), UserID: a.User, ActorName: a.Name, TenantID: a.Tenant.ID, TenantName: a.Tenant.Name,
		Side: a.Side(), Action: e.Action, Resource: e.Resource, ResourceID: e.ID, Label: e.Label, OrgPath: e.OrgPath, PartnerID: e.Partner,
		FromState: e.From, ToState: e.To, Reason: e.Reason, RequestID: from.request, OnBehalf: behalf, Address: from.address,
	})
}

// Happening is what live screens hear of an act: where to look, never content.
type Happening struct {
	Province uuid.UUID `json:"p"`
	OrgPath  string    `json:"o"`
	Partner  uuid.UUID `json:"a"`
	Topic    string    `json:"t"`
	ID       uuid.UUID `json:"i"`
	Member   uuid.UUID `json:"m,omitzero"` // only this membership hears it
}

// mostTold bounds the happenings of one transaction; TopicMany stands for the
// rest of them.
const (
	mostTold  = 20
	TopicMany = "many"
)

// Channel is the Postgres channel happenings travel on.
const Channel = "portal_happenings"

func chain(tx *pg.Tx, trail []AuditEvent) error {
	var head struct {
		Seq  int64
		Hash []byte
	}
	province := tx.Identity.Province
	if err := tx.Exec(`INSERT INTO audit_heads (province_id, seq, hash) VALUES (?, 0, '\x') ON CONFLICT DO NOTHING`, province).Error; err != nil {
		return err
	}
	if err := tx.Raw(`SELECT seq, hash FROM audit_heads WHERE province_id = ? FOR UPDATE`, province).Scan(&head).Error; err != nil {
		return err
	}
	for i := range trail {
		trail[i].Seq = head.Seq + 1
		trail[i].PrevHash = head.Hash
		trail[i].Hash = trail[i].link()
		head.Seq, head.Hash = trail[i].Seq, trail[i].Hash
	}
	if err := tx.Table("audit_events").CreateInBatches(&trail, 500).Error; err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE audit_heads SET seq = ?, hash = ? WHERE province_id = ?`, head.Seq, head.Hash, province).Error; err != nil {
		return err
	}
	told := map[Happening]bool{}
	for _, e := range trail {
		if e.Resource == "file" { // no list shows them; a number would be a hint
			continue
		}
		h := Happening{e.ProvinceID, e.OrgPath, e.PartnerID, e.Resource, e.ResourceID, uuid.Nil}
		if told[h] {
			continue
		}
		if len(told) == mostTold {
			// Open screens need not hear of each; what is kept of the province goes.
			if err := Announce(tx, Happening{Province: e.ProvinceID, Topic: TopicMany}); err != nil {
				return err
			}
			break
		}
		told[h] = true
		if err := Announce(tx, h); err != nil {
			return err
		}
	}
	return nil
}

// Announce tells live screens, once the transaction commits.
func Announce(tx *pg.Tx, h Happening) error {
	payload, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return tx.Exec(`SELECT pg_notify(?, ?)`, Channel, string(payload)).Error
}

// History of a record, oldest first, as far as the reader may know it.
func History(tx *pg.Tx, id uuid.UUID) ([]AuditEvent, error) {
	var events []AuditEvent
	err := Rows(tx).Table("audit_events").Where("resource_id = ?", id).Order("seq").Limit(500).Scan(&events).Error
	return events, err
}

// VerifyAudit walks the chain of a province and names the first break.
func (s *Service) VerifyAudit(ctx context.Context, province uuid.UUID) (rows int64, err error) {
	var prev []byte
	var seq int64
	for {
		var page []AuditEvent
		err := s.db.Read(ctx, System(province, "audit check"), func(tx *pg.Tx) error {
			return tx.Raw(`SELECT * FROM audit_events WHERE province_id = ? AND seq > ? ORDER BY seq LIMIT 5000`, province, seq).Scan(&page).Error
		})
		if err != nil {
			return rows, err
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			e.At = e.At.UTC()
			if e.Seq != seq+1 {
				return rows, fmt.Errorf("the audit chain breaks at entry %d: it is missing, the next is %d", seq+1, e.Seq)
			}
			if string(e.PrevHash) != string(prev) || string(e.link()) != string(e.Hash) {
				return rows, fmt.Errorf("the audit chain breaks at entry %d (%s %s by %s)", e.Seq, e.Resource, e.Action, e.ActorName)
			}
			prev, seq = e.Hash, e.Seq
			rows++
		}
	}
	var head struct{ Hash []byte }
	err = s.db.Read(ctx, System(province, "audit check"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT hash FROM audit_heads WHERE province_id = ?`, province).Scan(&head).Error
	})
	if err == nil && string(head.Hash) != string(prev) {
		return rows, fmt.Errorf("the audit chain ends at entry %d, but its head says %s: entries are missing at the end", seq, hex.EncodeToString(head.Hash))
	}
	return rows, err
}

// AuditRead lets an admin read the trail of what the tenant may know.
const AuditRead Permission = "audit:read"

// AuditQuery filters the audit trail.
type AuditQuery struct {
	Resource   string
	ResourceID string
	Action     string
	Person     string // name of who acted or on whose behalf
	Text       string // in the record's label or the reason
	From, To   string // business dates, inclusive; empty means open
	Before     int64  // seq, exclusive; 0 means from the newest
	Limit      int
}

// Audit reads the trail of what the actor's tenant may know, newest first.
func (s *Service) Audit(ctx context.Context, a Actor, q AuditQuery) ([]AuditEvent, error) {
	if err := a.Need(AuditRead); err != nil {
		return nil, err
	}
	var out []AuditEvent
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := Rows(tx).Table("audit_events")
		if q.Before > 0 {
			d = d.Where("seq < ?", q.Before)
		}
		for column, value := range map[string]string{"resource": q.Resource, "action": q.Action} {
			if value != "" {
				d = d.Where(column+" = ?", value)
			}
		}
		if id, err := uuid.Parse(q.ResourceID); err == nil {
			d = d.Where("resource_id = ?", id)
		}
		if from, err := time.ParseInLocation(time.DateOnly, q.From, calendar.Shanghai); err == nil {
			d = d.Where("at >= ?", from)
		}
		if to, err := time.ParseInLocation(time.DateOnly, q.To, calendar.Shanghai); err == nil {
			d = d.Where("at < ?", to.AddDate(0, 0, 1))
		}
		if q.Person != "" {
			like := "%" + pg.Like(q.Person) + "%"
			d = d.Where("(actor_name LIKE ? OR on_behalf LIKE ?)", like, like)
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(label LIKE ? OR reason LIKE ? OR actor_name LIKE ?)", like, like, like)
		}
		if a.ownAccounts() { // of customers only what the seat did itself
			d = d.Where("(resource NOT IN ? OR user_id IN ?)", []string{"account", "assignment", "duplicate", "import", "territory", "accuracy", "deal", "quote", "order", "delivery", "ticket", "commission_line", "file", "accounts"}, a.Persons())
		}
		return d.Order("seq DESC").Limit(q.Limit).Scan(&out).Error
	})
	return out, err
}

// Recent is what happened lately in what the actor may know, newest first;
// of the hidden resources only the actor's own acts.
func (s *Service) Recent(ctx context.Context, a Actor, limit int, hidden ...string) ([]AuditEvent, error) {
	var out []AuditEvent
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := Rows(tx).Table("audit_events").Where("resource IN ('partner', 'certification', 'listing', 'graduation', 'rollout', 'deal', 'order', 'delivery', 'ticket', 'statement', 'plan', 'period')")
		if len(hidden) > 0 {
			d = d.Where("(resource NOT IN ? OR user_id IN ?)", hidden, a.Persons())
		}
		return d.Order("seq DESC").Limit(limit).Scan(&out).Error
	})
	return out, err
}
