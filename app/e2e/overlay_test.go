package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/calendar"
)

// wideOffer is an offer of the province no city has adjusted, and its first element.
func (p *portal) wideOffer() (id, name, billing string, listFen int64) {
	p.Helper()
	id = one[string](p, `SELECT id::text FROM offers WHERE scope = 'province' AND jsonb_array_length(content->'Elements') > 1 AND NOT EXISTS (SELECT 1 FROM overlays x WHERE x.listing_id = offers.id) ORDER BY accounts DESC, id LIMIT 1`)
	name = one[string](p, `SELECT content->'Elements'->0->>'Name' FROM offers WHERE id = $1`, id)
	billing = one[string](p, `SELECT content->'Elements'->0->>'Billing' FROM offers WHERE id = $1`, id)
	listFen = one[int64](p, `SELECT (content->'Elements'->0->>'PriceFen')::bigint FROM offers WHERE id = $1`, id)
	return id, name, billing, listFen
}

// TestCityOverlay: a city sells what the province offers on its own terms,
// inside the band; its customers meet them, nobody else does; what the province
// changes waits for the city, and the province hears of who does not decide.
func TestCityOverlay(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	province, gz, sz := p.tour("product@gd.example"), p.tour("product.4401@gd.example"), p.tour("product.4403@gd.example")
	id, name, billing, list := p.wideOffer()
	band := func(u *person, floor, ceiling int64) answer {
		return u.post("/api/listings/"+id+"/band", map[string]any{"floor_ppm": floor, "ceiling_ppm": ceiling, "reason": "各市行情不同"})
	}
	terms := func(fen, version int64, more ...any) map[string]any {
		body := map[string]any{"prices": []map[string]any{{"name": name, "billing": billing, "price_fen": fen}}, "files": []string{}, "note": "本地竞争", "version": version}
		for i := 0; i+1 < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		return body
	}
	path := "/api/marketplace/" + id + "/overlay"

	// Without a band no price differs; the band is the province's.
	blank := gz.get(path).is(http.StatusOK)
	require.Empty(t, blank.text("id"))
	require.EqualValues(t, list, blank.number("sides.0.floor_fen"))
	gz.put(path, terms(list-100, 0)).is(http.StatusUnprocessableEntity)
	band(gz, 900_000, 1_100_000).is(http.StatusNotFound)
	band(p.tour("channel@gd.example"), 900_000, 1_100_000).is(http.StatusForbidden, "denied")
	band(province, 1_000_001, 1_100_000).is(http.StatusUnprocessableEntity)
	band(province, 900_000, 999_999).is(http.StatusUnprocessableEntity)
	require.EqualValues(t, 900_000, band(province, 900_000, 1_100_000).is(http.StatusOK).number("floor_ppm"))
	province.get(path).is(http.StatusForbidden, "overlay-scope")
	p.tour("author@p01.example").put(path, terms(list, 0)).is(http.StatusForbidden, "denied")

	// Inside it, once, whoever clicks how often; the fault names floor and ceiling.
	floor := (list*900_000 + 999_999) / 1_000_000
	low := gz.put(path, terms(floor-1, 0)).is(http.StatusUnprocessableEntity)
	require.Equal(t, "prices[0].price_fen", low.text("errors.0.field"))
	file := gz.upload("offer_file", "广州资费.pdf", "application/pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"))
	si := one[string](p, `SELECT id::text FROM partners WHERE state = 'active' AND capabilities && '{si}' AND id <> (SELECT supplier_id FROM offers WHERE id = $1) ORDER BY id LIMIT 1`, id)
	gz.put(path, terms(floor, 0, "deliverer_id", uuid.NewString())).is(http.StatusUnprocessableEntity)
	counts, _ := atOnce(50, func(int) answer {
		return gz.put(path, terms(floor, 0, "files", []string{file}, "deliverer_id", si))
	})
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	mine := gz.get(path).is(http.StatusOK)
	overlay := mine.text("id")
	require.Equal(t, "settled", mine.text("state"))
	require.EqualValues(t, floor, mine.number("sides.0.sold_fen"))

	// Whose it is: the city's, the province's and the solution's firm's to read.
	supplier := one[string](p, `SELECT m.email FROM memberships m JOIN offers o ON o.supplier_id = m.tenant_id WHERE o.id = $1 AND 'partner_admin' = ANY (m.roles) LIMIT 1`, id)
	stranger := one[string](p, `SELECT m.email FROM memberships m JOIN partners x ON x.id = m.tenant_id JOIN offers o ON o.id = $1 WHERE x.id <> o.supplier_id AND 'partner_admin' = ANY (m.roles) ORDER BY m.email LIMIT 1`, id)
	for email, status := range map[string]int{"product@gd.example": 200, supplier: 200, stranger: 404, "product.4403@gd.example": 404} {
		u := p.tour(email)
		u.get("/api/overlays/" + overlay).is(status)
		require.Equal(t, status == 200, strings.Contains(string(u.get("/api/overlays?listing="+id).is(http.StatusOK).Body), overlay), email)
	}
	sz.do(http.MethodDelete, "/api/overlays/"+overlay, nil).is(http.StatusNotFound)
	require.Contains(t, gz.get("/api/overlays/export.xlsx").unpacked(), "广州")

	// Who meets it: people of the city, and of others only for its customers.
	first := func(a answer) int64 { return int64(a.number("elements.0.price_fen")) }
	offer := gz.get("/api/marketplace/" + id)
	require.Equal(t, floor, first(offer))
	require.EqualValues(t, list, offer.number("elements.0.province_fen"))
	require.Contains(t, string(offer.Body), "广州资费.pdf")
	gz.get("/api/marketplace/" + id + "/files/" + file + "/link").is(http.StatusOK)
	for _, u := range []*person{sz, province, p.tour("agent@p03.example")} {
		other := u.get("/api/marketplace/" + id)
		require.Equal(t, list, first(other), u.name)
		require.NotContains(t, string(other.Body), "广州资费.pdf", u.name)
		u.get("/api/marketplace/" + id + "/files/" + file + "/link").is(http.StatusNotFound)
		if u != province { // which reads the overlay
			u.get("/api/files/" + file + "/link").is(http.StatusNotFound)
		}
	}
	inMarket := func(u *person, query string) string {
		for _, x := range u.get("/api/marketplace?scope=province&limit=50" + query).is(http.StatusOK).at("items").([]any) {
			if m := x.(map[string]any); m["id"] == id {
				return fmt.Sprint("on sale, terms of ", m["local_to"])
			}
		}
		return ""
	}
	require.Contains(t, inMarket(gz, ""), "广州")
	require.Contains(t, inMarket(p.tour("agent@p03.example"), "&city=4401"), "广州")
	for _, u := range []*person{sz, province, p.tour("agent@p03.example")} {
		require.Equal(t, "on sale, terms of <nil>", inMarket(u, ""), u.name)
	}

	// A quote and an order for a customer of the city: its price, its firm.
	quote := func(city string) (answer, *person) {
		u := p.tour("manager." + city + "@gd.example")
		account := one[string](p, `SELECT a.id::text FROM accounts a JOIN memberships m ON m.id = a.owner_id WHERE m.email = $1 AND a.merged_into IS NULL ORDER BY a.id LIMIT 1`, "manager."+city+"@gd.example")
		lines := []map[string]any{}
		for _, e := range u.get("/api/marketplace/"+id).all("elements", "id") {
			lines = append(lines, map[string]any{"element_id": e, "quantity": 1})
		}
		return u.post("/api/quotes", map[string]any{"account_id": account, "listing_id": id, "lines": lines}).is(http.StatusOK), u
	}
	here, manager := quote("4401")
	require.EqualValues(t, floor, here.number("price.lines.0.list_fen"))
	require.EqualValues(t, list, here.number("price.lines.0.province_fen"))
	there, _ := quote("4403")
	require.EqualValues(t, list, there.number("price.lines.0.list_fen"))
	order := manager.post("/api/quotes/"+here.text("id")+"/order", nil).is(http.StatusOK).text("id")
	manager.post("/api/orders/"+order+"/accept", map[string]any{}).is(http.StatusOK)
	require.Equal(t, si, one[string](p, `SELECT partner_id::text FROM deliveries WHERE order_id = $1`, order))

	// A narrower band refuses the price: the province's counts until the city
	// decides, and the city is asked.
	band(province, 980_000, 1_000_000).is(http.StatusOK)
	require.Equal(t, list, first(gz.get("/api/marketplace/"+id)))
	drifting := gz.get("/api/overlays/" + overlay)
	require.Equal(t, "drifting", drifting.text("state"))
	require.NotEmpty(t, drifting.text("due_at"))
	require.Contains(t, string(gz.get("/api/home").Body), overlay)
	require.NotContains(t, string(sz.get("/api/home").Body), overlay)
	p.eventually("the city is asked", func() bool {
		return strings.Contains(string(gz.get("/api/notices?kind=needs&unread=true").Body), overlay)
	})
	// Ten working days later the province hears of it, once.
	late := calendar.At(t.Context(), calendar.AddWorkingDays(time.Now(), 11))
	for range 2 {
		require.NoError(t, p.Services.Listings.Tend(late, p.gd()))
	}
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource = 'overlay' AND action = 'drift_late' AND resource_id = $1`, overlay))
	require.Contains(t, string(province.get("/api/home").Body), overlay)
	// Decided once; who comes later is told that somebody did.
	version := int64(gz.get("/api/overlays/" + overlay).number("version"))
	gz.put(path, terms(list*99/100, version-1)).is(http.StatusConflict, "stale")
	counts, _ = atOnce(50, func(int) answer { return gz.put(path, terms(list*99/100, version, "files", []string{file})) })
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 49}, counts)
	require.Equal(t, list*99/100, first(gz.get("/api/marketplace/"+id)))
	require.NotContains(t, string(gz.get("/api/home").Body), overlay)

	// The province changes price and elements: the city's price goes on where it
	// still may, and three sides stand beside each other.
	p.exec(`UPDATE function_elements SET price_fen = price_fen * 2 WHERE version_id = (SELECT version_id FROM offers WHERE id = $1) AND name = $2`, id, name)
	p.exec(`UPDATE function_elements SET name = name || '新' WHERE version_id = (SELECT version_id FROM offers WHERE id = $1) AND position = 1`, id)
	province.post("/api/listings/"+id+"/suspend", map[string]any{"reason": "换价"}).is(http.StatusOK)
	require.Empty(t, inMarket(gz, ""))
	province.post("/api/listings/"+id+"/resume", map[string]any{}).is(http.StatusOK)
	three := gz.get("/api/overlays/" + overlay)
	require.Equal(t, "drifting", three.text("state"))
	require.EqualValues(t, []int64{list, 2 * list, list * 99 / 100}, []int64{int64(three.number("sides.0.base_fen")), int64(three.number("sides.0.province_fen")), int64(three.number("sides.0.local_fen"))})
	require.EqualValues(t, 2*list, three.number("sides.0.sold_fen"))
	gone := one[string](p, `SELECT base->1->>'Name' FROM overlays WHERE id = $1`, overlay)
	require.Contains(t, fmt.Sprint(three.at("sides")), "name:"+gone+"新")
	gz.put(path, terms(2*list, int64(three.number("version")))).is(http.StatusOK)
	require.Equal(t, "settled", gz.get("/api/overlays/"+overlay).text("state"))

	// Back to the province's terms; and an overlay goes with its listing.
	gz.do(http.MethodDelete, "/api/overlays/"+overlay, nil).is(http.StatusOK)
	require.Equal(t, 2*list, first(gz.get("/api/marketplace/"+id)))
	gz.put(path, terms(2*list*99/100, 0)).is(http.StatusOK)
	province.post("/api/listings/"+id+"/retire", map[string]any{"reason": "换代", "support_until": time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}).is(http.StatusOK)
	require.Zero(t, one[int64](p, `SELECT (SELECT count(*) FROM overlays WHERE listing_id = $1) + (SELECT count(*) FROM local_offers WHERE offer_id = $1)`, id))
}
