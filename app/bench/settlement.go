package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"ecoport/app/platform/calendar"
)

// settlement measures the calculation of a month: a fifth of the events, then
// all of them, each in a month of its own. The floor writes as many rows of
// the same tables, with their indexes, by four statements.
func (r *runner) settlement(ctx context.Context) error {
	month := calendar.Month(time.Now())
	part, err := r.month(ctx, month, r.Events/5)
	if err != nil {
		return err
	}
	if err := r.receipt(ctx, month); err != nil {
		return err
	}
	whole, err := r.month(ctx, calendar.AddMonths(month+"-01", 1)[:7], r.Events)
	if err != nil {
		return err
	}
	each := func(t timing) float64 { return t.took.Seconds() * 1e6 / float64(t.events) }
	r.add(Figure{Name: fmt.Sprintf("settlement of %d events", r.Events), Ours: whole.took.Seconds(), Reference: whole.floor.Seconds(), Budget: 5, Unit: "s vs the same rows by INSERT ... SELECT"})
	r.add(Figure{Name: "settlement, an event at five times as many", Ours: each(whole), Reference: each(part), Budget: 1.3, Unit: "us"})
	r.add(Figure{Name: "settlement, memory at five times as many", Ours: whole.heap, Reference: part.heap, Budget: 1.5, Unit: "MB at the peak"})
	return nil
}

type timing struct {
	events      int
	took, floor time.Duration
	heap        float64
}

// month fills one with activations of five hundred sellers and calculates it
// as the job does.
func (r *runner) month(ctx context.Context, month string, events int) (timing, error) {
	t := timing{events: events}
	if _, err := r.pool.Exec(ctx, `WITH like_this AS (SELECT * FROM commission_events WHERE province_id = $1 AND kind = 'activation' AND amount_fen > 0 ORDER BY at DESC LIMIT 1),
			made AS (SELECT n, gen_random_uuid() AS id, md5('seller ' || n % 500)::uuid AS seller, gen_random_uuid() AS service, ($2 || '-01')::timestamptz + interval '9 hours' + (n % 600000) * interval '4 seconds' AS at FROM generate_series(1, $3) n)
		INSERT INTO commission_events (province_id, id, partner_id, org_path, external_id, kind, at, business_date, month, amount_fen, units, service_id, service_number, facts, hash)
		SELECT l.province_id, m.id, m.seller, l.org_path, 'bench ' || $2 || ' ' || m.n, 'activation', m.at, to_char(m.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), $2, 1000 + m.n % 90000, 1, m.service, 'B' || $2 || m.n,
			l.facts || jsonb_build_object('ExternalID', 'bench ' || $2 || ' ' || m.n, 'Seller', m.seller, 'ServiceID', m.service, 'ServiceNumber', 'B' || $2 || m.n, 'At', to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'AmountFen', 1000 + m.n % 90000, 'SelfDealing', false), 'h'
		FROM made m, like_this l`, r.province, month, events); err != nil {
		return t, err
	}
	if _, err := r.pool.Exec(ctx, `INSERT INTO commission_periods (province_id, month) VALUES ($1, $2) ON CONFLICT DO NOTHING`, r.province, month); err != nil {
		return t, err
	}
	if _, err := r.pool.Exec(ctx, `ANALYZE commission_events`); err != nil {
		return t, err
	}
	stop := peak(&t.heap)
	args, err := json.Marshal(map[string]string{"province": r.province, "month": month})
	if err != nil {
		return t, err
	}
	began := time.Now()
	after, err := time.ParseInLocation(time.DateOnly, calendar.AddMonths(month+"-01", 1), calendar.Shanghai)
	if err != nil {
		return t, err
	}
	if err := r.app.Services.Commissions.CalculateJob(calendar.At(ctx, after.AddDate(0, 0, 3)), args); err != nil {
		return t, err
	}
	t.took = time.Since(began)
	stop()
	began = time.Now()
	for _, table := range []string{"commission_lines", "commission_shares", "ledger_entries", "ledger_postings"} {
		which := `province_id = $1 AND month = $2`
		if table == "ledger_postings" {
			which = `province_id = $1 AND entry_id IN (SELECT id FROM ledger_entries WHERE province_id = $1 AND month = $2)`
		}
		if _, err := r.pool.Exec(ctx, `DROP TABLE IF EXISTS floor_rows`); err != nil {
			return t, err
		}
		if _, err := r.pool.Exec(ctx, `CREATE TABLE floor_rows (LIKE `+table+` INCLUDING ALL)`); err != nil {
			return t, err
		}
		if _, err := r.pool.Exec(ctx, `INSERT INTO floor_rows SELECT * FROM `+table+` WHERE `+which, r.province, month); err != nil {
			return t, err
		}
	}
	t.floor = time.Since(began)
	_, err = r.pool.Exec(ctx, `DROP TABLE floor_rows`)
	return t, err
}

// peak samples the heap until it is stopped, and keeps the most in MB.
func peak(most *float64) (stop func()) {
	runtime.GC()
	var top atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top.Store(max(top.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		*most = float64(top.Load()) / (1 << 20)
	}
}

// receipt measures the explanation of a line, over HTTP.
func (r *runner) receipt(ctx context.Context, month string) error {
	var id string
	if err := r.pool.QueryRow(ctx, `SELECT id::text FROM commission_shares WHERE province_id = $1 AND month = $2 ORDER BY id LIMIT 1`, r.province, month).Scan(&id); err != nil {
		return err
	}
	ours, err := r.timed(ctx, r.clients["settlement@gd.example"], r.base+"/api/commission/lines/"+id)
	if err != nil {
		return err
	}
	r.add(Figure{Name: "receipt of a line", Ours: median(ours), Budget: 60, Unit: "ms p50"})
	return nil
}
