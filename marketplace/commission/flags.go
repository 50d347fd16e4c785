package commission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// JobFlag looks for commission that was gamed; it takes a Province or nothing.
const JobFlag = "commission.flag"

// Flag is a suspicion about events of one seller, with the events. Commission
// on them is held until it is decided.
type Flag struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	PartnerID    uuid.UUID
	OrgPath      string
	Number       string
	PartnerName  string
	Kind         string // ring, splitting or buy_and_cancel
	Key          string // the same suspicion is raised once
	State        string
	Count        int    // events it is about
	OfCount      int    // of how many of the seller in the same time
	Proposal     string // uphold or clear
	Reason       string
	Proposers    tenants.Persons
	ProposerName string
	Deciders     tenants.Persons
	DeciderName  string
	RaisedAt     time.Time
	DecidedAt    *time.Time
	Version      int64
}

// TableName of flags.
func (Flag) TableName() string { return "commission_flags" }

// RowVersion is the optimistic lock.
func (f *Flag) RowVersion() *int64 { return &f.Version }

// Suspicion is what a kind of flag looks for, and from how many events and
// what share of the seller's business on it is raised at all.
type Suspicion struct {
	Kind     string
	Count    int
	SharePPM int64
	fault.Words
	sql string
}

// Suspicions are the kinds of flags with their thresholds. Self-dealing needs
// none: it earns nothing from the first event.
var Suspicions = []Suspicion{
	{
		"splitting", 3, 100_000,
		fault.Words{Zh: "同一客户、同一产品在 7 天内拆成多笔开通", En: "One customer's one product, activated in several parts within 7 days"},
		`WITH a AS (SELECT e.*, count(*) OVER w AS near FROM base e
			WINDOW w AS (PARTITION BY partner_id, facts->>'AccountID', facts->>'Product' ORDER BY at RANGE BETWEEN interval '7 days' PRECEDING AND interval '7 days' FOLLOWING))
		SELECT id AS event_id, partner_id, (facts->>'AccountID') || ' ' || (facts->>'Product') || ' ' || month AS key FROM a WHERE near >= 3`,
	},
	{
		"buy_and_cancel", 5, 300_000,
		fault.Words{Zh: "开通后 90 天内终止", En: "Ended within 90 days of their activation"},
		`SELECT e.id AS event_id, e.partner_id, to_char(CAST(@now AS timestamptz) AT TIME ZONE 'Asia/Shanghai', 'YYYY-"Q"Q') AS key FROM base e
		WHERE EXISTS (SELECT FROM commission_events x WHERE x.province_id = e.province_id AND x.service_id = e.service_id AND x.kind = 'ended' AND x.at < e.at + interval '90 days')`,
	},
	{
		"ring", 2, 200_000,
		fault.Words{Zh: "两家伙伴互为客户，互相下单", En: "Two partners that are each other's customers"},
		`WITH firm AS (SELECT a.id AS account_id, p.id AS firm_id FROM accounts a JOIN partners p ON p.province_id = a.province_id AND p.credit_code = a.credit_code WHERE a.province_id = @p),
		sold AS (SELECT e.id, e.partner_id, f.firm_id FROM base e JOIN firm f ON f.account_id::text = e.facts->>'AccountID' WHERE f.firm_id <> e.partner_id)
		SELECT s.id AS event_id, s.partner_id, s.firm_id::text AS key FROM sold s WHERE EXISTS (SELECT FROM sold o WHERE o.partner_id = s.firm_id AND o.firm_id = s.partner_id)`,
	},
}

// flagSpan is how far back flags look.
const flagSpan = 180 * 24 * time.Hour

// FlagJob raises flags. The same suspicion is raised once, however often it runs.
func (s *Service) FlagJob(ctx context.Context, args json.RawMessage) error {
	provinces, err := s.provinces(ctx, args)
	if err != nil {
		return err
	}
	var failed error
	for _, province := range provinces {
		failed = errors.Join(failed, s.db.As(ctx, tenants.System(province, "commission engine"), func(tx *pg.Tx) error {
			w, err := loadWorld(ctx, tx, true)
			if err != nil {
				return err
			}
			for _, x := range Suspicions {
				if err := w.suspect(ctx, x); err != nil {
					return fmt.Errorf("%s: %w", x.Kind, err)
				}
			}
			return w.freeze()
		}))
	}
	return failed
}

func (w *world) suspect(ctx context.Context, x Suspicion) error {
	var found []struct {
		PartnerID   uuid.UUID
		PartnerName string
		Key         string
		Events      pg.Texts
		OfCount     int
	}
	err := w.tx.Raw(`WITH base AS (SELECT * FROM commission_events WHERE province_id = @p AND kind = 'activation' AND at > @since AND partner_id <> '00000000-0000-0000-0000-000000000000'),
			hit AS (`+x.sql+`),
			fresh AS (SELECT * FROM hit h WHERE NOT EXISTS (SELECT FROM commission_flag_events e WHERE e.province_id = @p AND e.event_id = h.event_id)),
			counted AS (SELECT partner_id, partner_id::text || ' ' || key AS key, array_agg(event_id::text ORDER BY event_id) AS events, (SELECT count(*) FROM base b WHERE b.partner_id = f.partner_id) AS of_count FROM fresh f GROUP BY partner_id, key)
		SELECT c.*, t.name AS partner_name FROM counted c JOIN tenants t ON t.province_id = @p AND t.id = c.partner_id ORDER BY c.key`,
		map[string]any{"p": w.province, "now": w.now, "since": w.now.Add(-flagSpan)}).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return err
	}
	var n int
	month := calendar.Month(w.now)
	prefix := "FL" + month[:4] + month[5:]
	if err := w.tx.Raw(`SELECT count(*) FROM commission_flags WHERE province_id = ? AND number LIKE ?`, w.province, prefix+"-%").Scan(&n).Error; err != nil {
		return err
	}
	for _, f := range found {
		// More of what is being looked into joins it; what was decided, or waits
		// for a decision, needs as many again.
		joined, err := w.join(x, f.Key, f.PartnerID, f.Events)
		if err != nil {
			return err
		}
		if joined || len(f.Events) < x.Count || int64(len(f.Events))*1_000_000 < int64(f.OfCount)*x.SharePPM {
			continue
		}
		n++
		flag := Flag{
			ProvinceID: w.province, ID: pg.NewID(), PartnerID: f.PartnerID, OrgPath: w.root, Number: fmt.Sprintf("%s-%03d", prefix, n), PartnerName: f.PartnerName, Kind: x.Kind, Key: f.Key + " " + f.Events[0], State: FlagMachine.Initial,
			Count: len(f.Events), OfCount: f.OfCount, Proposers: tenants.Persons{}, Deciders: tenants.Persons{}, RaisedAt: w.now, Version: 1,
		}
		if err := w.tx.Create(&flag).Error; err != nil {
			return err
		}
		if err := w.flagged(flag.ID, f.PartnerID, f.Events); err != nil {
			return err
		}
		tenants.Record(ctx, w.tx, tenants.System(w.province, "commission engine"), flag.entry("raise_flag", "", flag.State, ""))
	}
	return nil
}

// join adds events to the open flag of the same suspicion, if there is one.
func (w *world) join(x Suspicion, key string, seller uuid.UUID, events pg.Texts) (bool, error) {
	var open []Flag
	if err := w.tx.Raw(`UPDATE commission_flags SET count = count + ?, version = version + 1 WHERE province_id = ? AND kind = ? AND state = 'open' AND starts_with(key, ?) RETURNING *`, len(events), w.province, x.Kind, key+" ").Scan(&open).Error; err != nil || len(open) == 0 {
		return false, err
	}
	return true, w.flagged(open[0].ID, seller, events)
}

func (w *world) flagged(flag, seller uuid.UUID, events pg.Texts) error {
	return w.tx.Exec(`INSERT INTO commission_flag_events (province_id, flag_id, event_id, partner_id, org_path) SELECT ?, ?, unnest(?::text[])::uuid, ?, ?`, w.province, flag, events, seller, w.root).Error
}

func (f *Flag) entry(action, from, to, reason string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "commission_flag", ID: f.ID, Label: f.Number + " " + f.PartnerName, OrgPath: f.OrgPath, From: from, To: to, Reason: reason}
}

const openFlags = `(SELECT fe.event_id FROM commission_flag_events fe JOIN commission_flags f ON f.province_id = fe.province_id AND f.id = fe.flag_id WHERE fe.province_id = @p AND f.state IN ('open', 'proposed'))`

// freeze holds what open flags are about and no statement has taken in yet,
// and lets go of the rest.
func (w *world) freeze() error {
	return w.tx.Exec(`UPDATE commission_shares s SET frozen = NOT frozen, updated_at = @now FROM commission_lines l WHERE s.province_id = @p AND l.province_id = s.province_id AND l.id = s.line_id
		AND frozen <> (s.statement_id IS NULL AND s.share_fen > 0 AND l.of_id IN `+openFlags+`) AND (frozen OR s.statement_id IS NULL)`, map[string]any{"p": w.province, "now": w.now}).Error
}

// upheld are the events of a cell that earn nothing any more.
func (w *world) upheld(c cell) (out []uuid.UUID, err error) {
	var rows []struct{ EventID uuid.UUID }
	err = w.tx.Raw(`SELECT fe.event_id FROM commission_flag_events fe JOIN commission_flags f ON f.province_id = fe.province_id AND f.id = fe.flag_id AND f.state = 'upheld'
		WHERE fe.province_id = ? AND fe.partner_id = ?`, w.province, c.seller).Scan(&rows).Error
	for _, r := range rows {
		out = append(out, r.EventID)
	}
	return out, err
}

// FlagDetail is a flag with its evidence.
type FlagDetail struct {
	Flag
	Events  []FlagEvent
	HeldFen int64
	History []tenants.AuditEvent
	Actions []string
}

// FlagEvent is one event a flag is about.
type FlagEvent struct {
	ExternalID, BusinessDate, AccountName, Product, OrderNumber, ServiceNumber, EndedOn string
	AmountFen, CommissionFen                                                            int64
}

// FlagKey is where a page of flags ends.
type FlagKey struct {
	Number string
	ID     uuid.UUID
}

// Flags lists the newest first.
func (s *Service) Flags(ctx context.Context, a tenants.Actor, state string, after *FlagKey, limit int) (rows []Flag, total int64, err error) {
	if err := a.Need(FlagRead); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := tenants.Rows(tx).Model(&Flag{})
		if state != "" {
			d = d.Where("state = ?", state)
		}
		if after == nil {
			after = &FlagKey{}
		}
		return pg.Newest(d, "number", after.Number, after.ID, limit, &rows, &total)
	})
	return rows, total, err
}

// Flag returns one with its evidence.
func (s *Service) Flag(ctx context.Context, a tenants.Actor, id uuid.UUID) (FlagDetail, error) {
	var d FlagDetail
	if err := a.Need(FlagRead); err != nil {
		return d, err
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = flagDetail(tx, a, id)
		return err
	})
	return d, err
}

func flagDetail(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (FlagDetail, error) {
	d := FlagDetail{Actions: []string{}}
	if err := pg.One(tenants.Rows(tx).Where("id = ?", id), &d.Flag); err != nil {
		return d, err
	}
	if err := tx.Raw(`SELECT e.external_id, e.business_date, e.facts->>'AccountName' AS account_name, e.facts->>'Product' AS product, e.facts->>'OrderNumber' AS order_number, e.service_number, e.amount_fen,
			coalesce((SELECT min(x.business_date) FROM commission_events x WHERE x.province_id = e.province_id AND x.service_id = e.service_id AND x.kind = 'ended'), '') AS ended_on,
			coalesce((SELECT sum(l.line_fen) FROM commission_lines l WHERE l.province_id = e.province_id AND l.of_id = e.id), 0)::bigint AS commission_fen
		FROM commission_flag_events fe JOIN commission_events e ON e.province_id = fe.province_id AND e.id = fe.event_id WHERE fe.province_id = ? AND fe.flag_id = ? ORDER BY e.at, e.id LIMIT 500`, d.ProvinceID, id).Scan(&d.Events).Error; err != nil {
		return d, err
	}
	if err := tx.Raw(`SELECT coalesce(sum(s.share_fen), 0)::bigint FROM commission_shares s JOIN commission_lines l ON l.province_id = s.province_id AND l.id = s.line_id
		WHERE s.province_id = ? AND s.frozen AND l.of_id IN (SELECT event_id FROM commission_flag_events WHERE province_id = ? AND flag_id = ?)`, d.ProvinceID, d.ProvinceID, id).Scan(&d.HeldFen).Error; err != nil {
		return d, err
	}
	for _, action := range FlagMachine.Actions(d.State, func(need string) bool { return a.Can(tenants.Permission(need)) }) {
		decides := action == "uphold" || action == "clear"
		if decides && (d.Proposers.Has(a) || d.Proposal != action) || action == "return" && d.Proposers.Has(a) {
			continue
		}
		d.Actions = append(d.Actions, action)
	}
	var err error
	d.History, err = tenants.History(tx, id)
	return d, err
}

// ErrOwnProposal says that two persons decide a flag.
var ErrOwnProposal = fault.New(fault.Denied, "own-proposal", "提出处理意见的人不能自己决定。", "Whoever proposed it cannot decide it.")

// ActFlag takes a step of a flag: propose_uphold, propose_clear, return, uphold
// or clear. Upheld, its events earn nothing: what was earned is posted back.
// Cleared, its lines go into the next statement.
func (s *Service) ActFlag(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (FlagDetail, error) {
	var d FlagDetail
	for _, t := range FlagMachine.Table {
		if t.Action == action {
			if err := a.Need(tenants.Permission(t.Permission)); err != nil {
				return d, err
			}
		}
	}
	if _, err := s.Flag(ctx, a, id); err != nil { // visible to the one who asks
		return d, err
	}
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, true)
		if err != nil {
			return err
		}
		var f Flag
		if err := pg.One(tenants.Rows(tx).Where("id = ?", id).Clauses(pg.ForUpdate), &f); err != nil {
			return err
		}
		t, err := FlagMachine.Take(f.State, action, reason)
		if err != nil {
			return err
		}
		from := f.State
		switch action {
		case "propose_uphold", "propose_clear":
			f.Proposal, f.Reason = strings.TrimPrefix(action, "propose_"), strings.TrimSpace(reason)
			f.Proposers, f.ProposerName = tenants.Persons{}.With(a), a.Name
		default:
			if f.Proposers.Has(a) {
				return ErrOwnProposal
			}
			if action == "return" {
				f.Proposal, f.Proposers, f.ProposerName = "", tenants.Persons{}, ""
				break
			}
			if f.Proposal != action {
				return fault.ErrStale
			}
			f.Deciders, f.DeciderName, f.DecidedAt = tenants.Persons{}.With(a), a.Name, &w.now
		}
		f.State = t.To
		if err := pg.Save(tx, &f); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, f.entry(action+"_flag", from, f.State, reason))
		if f.State == "upheld" || f.State == "cleared" {
			if err := w.decided(ctx, a, &f); err != nil {
				return err
			}
		}
		if err := w.freeze(); err != nil {
			return err
		}
		d, err = flagDetail(tx, a, id)
		return err
	})
	return d, err
}

// decided takes back what upheld events earned, and tells the firm about each
// of its lines why.
func (w *world) decided(ctx context.Context, a tenants.Actor, f *Flag) error {
	if f.State == "upheld" {
		var found []struct{ Month string }
		if err := w.tx.Raw(`SELECT DISTINCT e.month FROM commission_flag_events fe JOIN commission_events e ON e.province_id = fe.province_id AND e.id = fe.event_id WHERE fe.province_id = ? AND fe.flag_id = ? ORDER BY e.month`, w.province, f.ID).Scan(&found).Error; err != nil {
			return err
		}
		var cells []cell
		for _, x := range found {
			cells = append(cells, cell{f.PartnerID, x.Month})
		}
		if err := w.reconcile(cells); err != nil {
			return err
		}
		if err := w.post(); err != nil {
			return err
		}
	}
	var lines []Line
	if err := w.tx.Raw(`SELECT s.* FROM commission_shares s JOIN commission_lines l ON l.province_id = s.province_id AND l.id = s.line_id WHERE s.province_id = ? AND s.party = 'seller' AND l.kind = 'accrual'
		AND l.of_id IN (SELECT event_id FROM commission_flag_events WHERE province_id = ? AND flag_id = ?) ORDER BY s.at, s.id LIMIT 100`, w.province, w.province, f.ID).Scan(&lines).Error; err != nil {
		return err
	}
	action := map[string]string{"upheld": "found_against", "cleared": "found_for"}[f.State]
	for i := range lines {
		tenants.Record(ctx, w.tx, a, lines[i].entry(action, lines[i].State, lines[i].State, f.Reason))
	}
	return nil
}
