package commission

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

var (
	errMonthKnown   = fault.New(fault.Conflict, "billing-month-known", "该服务的这个计费月已用另一个编号上报过。", "This billing month of the service is known already under another id.")
	errActivated    = fault.New(fault.Conflict, "activation-known", "该服务的开通已用另一个编号上报过。", "The activation of this service is known already under another id.")
	errRefundTooBig = fault.New(fault.Conflict, "refund-too-large", "累计退款超过原金额（%s）。", "More is refunded than the event's amount (%s).")
)

func published(tx *pg.Tx) ([]Version, error) {
	var plans []Plan
	err := tx.Where("province_id = ? AND state = 'published'", tx.Identity.Province).Order("published_order, id").Find(&plans).Error
	var out []Version
	for _, p := range plans {
		out = append(out, Version{ID: p.ID, Number: p.Number, Order: p.PublishedOrder, Document: p.Document.V})
	}
	return out, err
}

func knownEvents(tx *pg.Tx, ids []string) (map[string]eventRow, error) {
	known := map[string]eventRow{}
	for part := range slices.Chunk(ids, 1000) {
		var rows []eventRow
		if err := tx.Where("province_id = ? AND external_id IN ?", tx.Identity.Province, part).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			known[r.ExternalID] = r
		}
	}
	return known, nil
}

func findEvent(tx *pg.Tx, known map[string]eventRow, id string) (*eventRow, error) {
	if r, ok := known[id]; ok {
		return &r, nil
	}
	found, err := knownEvents(tx, []string{id})
	if r, ok := found[id]; ok {
		return &r, err
	}
	return nil, err
}

// activationOf finds the event that opened the service of e, also among those
// of the same batch.
func (w *world) activationOf(e Event, batch map[string]eventRow) (*eventRow, error) {
	for _, r := range batch {
		if r.Kind == Activation && (r.ServiceNumber == e.ServiceNumber && e.ServiceNumber != "" || r.ServiceID == e.ServiceID && e.ServiceID != uuid.Nil) {
			return &r, nil
		}
	}
	var rows []eventRow
	q := w.tx.Where("province_id = ? AND kind = 'activation'", w.province)
	if e.ServiceID != uuid.Nil {
		q = q.Where("service_id = ?", e.ServiceID)
	} else {
		q = q.Where("service_number = ?", e.ServiceNumber)
	}
	if err := q.Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// selfDealing tells whether the account is the seller's own firm.
func selfDealing(tx *pg.Tx, account, seller uuid.UUID) (own bool, err error) {
	if account == uuid.Nil || seller == uuid.Nil {
		return false, nil
	}
	err = tx.Raw(`SELECT EXISTS (SELECT FROM accounts a JOIN partners p ON p.province_id = a.province_id AND p.credit_code = a.credit_code
		WHERE a.province_id = ? AND a.id = ? AND p.id = ?)`, tx.Identity.Province, account, seller).Scan(&own).Error
	return own, err
}

// insertEvents leaves those alone that a racing sender was first with; a
// fixed order keeps two batches from waiting for each other.
func (w *world) insertEvents(rows []eventRow) error {
	if len(rows) == 0 {
		return nil
	}
	// Refunds may name an event of the same batch, so it goes first.
	slices.SortFunc(rows, func(a, b eventRow) int {
		refund := func(r eventRow) int {
			if r.Kind == Refund {
				return 1
			}
			return 0
		}
		return cmp.Or(refund(a)-refund(b), cmp.Compare(a.ExternalID, b.ExternalID))
	})
	err := w.tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "province_id"}, {Name: "external_id"}}, DoNothing: true}).CreateInBatches(&rows, 500).Error
	switch {
	case pg.Violated(err, "commission_events_billing_month_once"):
		return errMonthKnown
	case pg.Violated(err, "commission_events_activation_once"):
		return errActivated
	}
	return err
}

// refundsFit refuses refunds that together are more than their event.
func (w *world) refundsFit(rows []eventRow) error {
	for _, r := range rows {
		if r.OfID == nil {
			continue
		}
		var over []string
		err := w.tx.Raw(`SELECT e.external_id FROM commission_events e WHERE e.province_id = ? AND e.id = ? AND e.amount_fen +
			(SELECT sum(r.amount_fen) FROM commission_events r WHERE r.province_id = e.province_id AND r.of_id = e.id) < 0`, w.province, *r.OfID).Scan(&over).Error
		if err != nil {
			return err
		}
		if len(over) > 0 {
			return errRefundTooBig.Fill(over[0])
		}
	}
	return nil
}

// cellsOf are the cells an event changes: its own, the one of the event it
// refunds, or all of the service that ended.
func (w *world) cellsOf(r eventRow) ([]cell, error) {
	switch r.Kind {
	case Activation, Recurring:
		return []cell{{r.PartnerID, r.Month}}, nil
	}
	q := w.tx.Table("commission_events").Distinct("partner_id AS seller", "month").Where("province_id = ? AND kind IN ('activation', 'recurring')", w.province)
	if r.Kind == Refund {
		q = q.Where("id = ?", *r.OfID)
	} else {
		q = q.Where("service_id = ?", r.ServiceID)
	}
	var found []struct {
		Seller uuid.UUID
		Month  string
	}
	err := q.Scan(&found).Error
	var out []cell
	for _, f := range found {
		out = append(out, cell{f.Seller, f.Month})
	}
	return out, err
}

// sellersOf a month.
func sellersOf(tx *pg.Tx, month string) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := tx.Raw(`SELECT DISTINCT partner_id FROM commission_events WHERE province_id = ? AND month = ? AND kind IN ('activation', 'recurring') ORDER BY partner_id`, tx.Identity.Province, month).Scan(&out).Error
	return out, err
}

// load everything a cell is computed from.
func (w *world) load(c cell) (base, back []eventRow, err error) {
	err = w.tx.Where("province_id = ? AND partner_id = ? AND month = ? AND kind IN ('activation', 'recurring')", w.province, c.seller, c.month).Find(&base).Error
	if err != nil || len(base) == 0 {
		return base, nil, err
	}
	err = w.tx.Raw(`SELECT * FROM commission_events r WHERE r.province_id = @p AND r.kind = 'refund' AND r.of_id IN
			(SELECT b.id FROM commission_events b WHERE b.province_id = @p AND b.partner_id = @s AND b.month = @m AND b.kind IN ('activation', 'recurring'))
		UNION ALL SELECT * FROM commission_events r WHERE r.province_id = @p AND r.kind = 'ended' AND r.service_id IN
			(SELECT b.service_id FROM commission_events b WHERE b.province_id = @p AND b.partner_id = @s AND b.month = @m AND b.kind IN ('activation', 'recurring'))`,
		map[string]any{"p": w.province, "s": c.seller, "m": c.month}).Scan(&back).Error
	return base, back, err
}

// posted loads the lines and shares of a cell.
func (w *world) posted(c cell) (lines []lineRow, shares map[uuid.UUID][]*Line, err error) {
	if err = w.tx.Where("province_id = ? AND partner_id = ? AND cell_month = ?", w.province, c.seller, c.month).Order("created_at, id").Find(&lines).Error; err != nil {
		return nil, nil, err
	}
	var rows []*Line
	err = w.tx.Where("province_id = ? AND seller_id = ? AND cell_month = ?", w.province, c.seller, c.month).Find(&rows).Error
	shares = map[uuid.UUID][]*Line{}
	for _, r := range rows {
		shares[r.LineID] = append(shares[r.LineID], r)
	}
	return lines, shares, err
}

// lockBalances creates missing balances and locks all, in a fixed order.
func (w *world) lockBalances(partners []uuid.UUID) (map[uuid.UUID]*balanceRow, error) {
	slices.SortFunc(partners, func(a, b uuid.UUID) int { return cmp.Compare(a.String(), b.String()) })
	partners = slices.Compact(partners)
	var rows []balanceRow
	for _, p := range partners {
		rows = append(rows, balanceRow{ProvinceID: w.province, PartnerID: p, OrgPath: w.root})
	}
	if err := w.tx.Table("commission_balances").Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 500).Error; err != nil {
		return nil, err
	}
	var locked []*balanceRow
	if err := w.tx.Raw(`SELECT * FROM commission_balances WHERE province_id = ? AND partner_id IN ? ORDER BY partner_id FOR UPDATE`, w.province, partners).Scan(&locked).Error; err != nil {
		return nil, err
	}
	out := map[uuid.UUID]*balanceRow{}
	for _, b := range locked {
		out[b.PartnerID] = b
	}
	return out, nil
}
