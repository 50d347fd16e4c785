package bench

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// sales measures a price of fifty elements and an order, over HTTP.
func (r *runner) sales(ctx context.Context) error {
	const who = "manager.4401@gd.example"
	// An offer grows to fifty elements, as copies of its first.
	var offer string
	if err := r.pool.QueryRow(ctx, `UPDATE offers SET content = jsonb_set(content, '{Elements}', (SELECT jsonb_agg(content #> '{Elements,0}' || jsonb_build_object('ID', gen_random_uuid(), 'Name', '元素' || n, 'Required', false, 'MaxUnits', 0)) FROM generate_series(1, 50) n))
		WHERE id = (SELECT id FROM offers o WHERE o.org_path = (SELECT path FROM tenants WHERE kind = 'province') AND EXISTS (SELECT 1 FROM listings l WHERE l.id = o.id AND l.state = 'live') ORDER BY id LIMIT 1) RETURNING id::text`).Scan(&offer); err != nil {
		return err
	}
	var detail struct {
		Elements []struct {
			ID string `json:"id"`
		} `json:"elements"`
	}
	if err := r.call(ctx, who, http.MethodGet, "/api/marketplace/"+offer, nil, &detail); err != nil {
		return err
	}
	var accounts struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := r.call(ctx, who, http.MethodGet, "/api/accounts?limit=1", nil, &accounts); err != nil {
		return err
	}
	if len(detail.Elements) != 50 || len(accounts.Items) == 0 {
		return fmt.Errorf("bench: %d elements, %d accounts", len(detail.Elements), len(accounts.Items))
	}
	var lines []any
	for i, e := range detail.Elements {
		lines = append(lines, map[string]any{"element_id": e.ID, "quantity": i + 1})
	}
	quote := map[string]any{"account_id": accounts.Items[0].ID, "listing_id": offer, "term_months": 12, "lines": lines, "discount_ppm": 70_000}
	var priced []float64
	for range r.Requests {
		began := time.Now()
		if err := r.call(ctx, who, http.MethodPost, "/api/quotes/price", quote, nil); err != nil {
			return err
		}
		priced = append(priced, ms(began))
	}
	slices.Sort(priced)
	reference, err := r.timed(ctx, plainClient, r.floor+"/accounts/one?id="+accounts.Items[0].ID)
	if err != nil {
		return err
	}
	r.add(Figure{Name: "price of a quote of 50 elements", Ours: median(priced), Reference: median(reference), Budget: 50, Absolute: true, Unit: "ms p50 vs one indexed query"})

	quote["lines"] = lines[:3]
	var ids []string
	for range r.Requests {
		var saved struct {
			ID string `json:"id"`
		}
		if err := r.call(ctx, who, http.MethodPost, "/api/quotes", quote, &saved); err != nil {
			return err
		}
		ids = append(ids, saved.ID)
	}
	if _, err := r.pool.Exec(ctx, `DROP TABLE IF EXISTS bench_orders; CREATE TABLE bench_orders (LIKE orders INCLUDING ALL)`); err != nil {
		return err
	}
	var ordered, inserted []float64
	for _, id := range ids {
		began := time.Now()
		if err := r.call(ctx, who, http.MethodPost, "/api/quotes/"+id+"/order", nil, nil); err != nil {
			return err
		}
		ordered = append(ordered, ms(began))
		began = time.Now()
		if _, err := r.pool.Exec(ctx, `INSERT INTO bench_orders SELECT * FROM orders WHERE quote_id = $1`, id); err != nil {
			return err
		}
		inserted = append(inserted, ms(began))
	}
	slices.Sort(ordered)
	slices.Sort(inserted)
	r.add(Figure{Name: "order submit", Ours: median(ordered), Reference: median(inserted), Budget: 6, Unit: "ms p50 over HTTP vs one INSERT commit"})
	return nil
}

func ms(began time.Time) float64 { return float64(time.Since(began).Microseconds()) / 1000 }

// usage measures how fast metered facts are taken, over HTTP, by two senders in
// batches of 5000; then the same again, which counts nothing twice.
func (r *runner) usage(ctx context.Context) error {
	const who, batch, batches = "settlement@gd.example", 5000, 40
	rows, err := r.pool.Query(ctx, `SELECT s.number, (s.active_at AT TIME ZONE 'Asia/Shanghai')::date::text, o.price #>> '{Lines,0,Name}' FROM services s JOIN orders o ON o.province_id = s.province_id AND o.id = s.order_id WHERE s.state = 'active' ORDER BY s.number`)
	if err != nil {
		return err
	}
	var services [][3]string
	for rows.Next() {
		var x [3]string
		if err := rows.Scan(&x[0], &x[1], &x[2]); err != nil {
			return err
		}
		services = append(services, x)
	}
	if len(services) == 0 {
		return fmt.Errorf("bench: no services: %w", rows.Err())
	}
	run := uuid.NewString()[:8]
	send := func() (time.Duration, error) {
		began := time.Now()
		var wait sync.WaitGroup
		failed := make([]error, 2)
		for w := range 2 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for b := w; b < batches && failed[w] == nil; b += 2 {
					facts := make([]map[string]any, batch)
					for i := range facts {
						s := services[(b*batch+i)%len(services)]
						facts[i] = map[string]any{"id": fmt.Sprintf("%s-%d-%d", run, b, i), "service_number": s[0], "element": s[2], "day": s[1], "quantity": i}
					}
					failed[w] = r.call(ctx, who, http.MethodPost, "/api/usage", map[string]any{"facts": facts}, nil)
				}
			}()
		}
		wait.Wait()
		for _, err := range failed {
			if err != nil {
				return 0, err
			}
		}
		return time.Since(began), nil
	}
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / (batch * batches / 1000) }
	first, err := send()
	if err != nil {
		return err
	}
	if _, err := r.pool.Exec(ctx, `DROP TABLE IF EXISTS bench_usage; CREATE TABLE bench_usage (LIKE usage_facts INCLUDING ALL)`); err != nil {
		return err
	}
	began := time.Now()
	if _, err := r.pool.Exec(ctx, `INSERT INTO bench_usage SELECT * FROM usage_facts WHERE id LIKE $1`, run+"-%"); err != nil {
		return err
	}
	floor := per(time.Since(began))
	r.add(Figure{Name: "usage facts in, 1000", Ours: per(first), Reference: floor, Budget: 50, Absolute: true, Unit: fmt.Sprintf("ms; %.0f facts/s of at least 20 000, vs INSERT SELECT", 1000/per(first)*1000)})
	again, err := send()
	if err != nil {
		return err
	}
	var n int
	if err := r.pool.QueryRow(ctx, `SELECT count(*) FROM usage_facts WHERE id LIKE $1`, run+"-%").Scan(&n); err != nil {
		return err
	}
	if n != batch*batches {
		return fmt.Errorf("bench: %d facts stand, %d were sent", n, batch*batches)
	}
	r.add(Figure{Name: "the same usage again, 1000", Ours: per(again), Reference: floor, Budget: 50, Absolute: true, Unit: "ms; nothing is counted twice"})
	return nil
}
