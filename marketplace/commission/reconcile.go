package commission

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/pg"
)

// cell is the unit of computation: one seller in one commission month, with
// whatever later took back from it.
type cell struct {
	seller uuid.UUID
	month  string
}

// reconcile brings what is posted for the cells to what a fresh computation
// gives: lines of open months are restated, lines of calculated months stay
// and the difference is posted as an adjustment in the open month.
func (w *world) reconcile(cells []cell) error {
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.seller.String(), b.seller.String()), cmp.Compare(a.month, b.month))
	})
	cells = slices.Compact(cells)
	for i, c := range cells {
		if i == 0 || cells[i-1].seller != c.seller {
			if err := w.tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "commission of "+w.province.String()+" "+c.seller.String()).Error; err != nil {
				return err
			}
		}
	}
	for _, c := range cells {
		if err := w.settle(c); err != nil {
			return err
		}
	}
	return nil
}

type lineKey struct {
	event, of uuid.UUID
	basis     string
}

// target is a computed line with the ids of its events.
type target struct {
	Computed
	key lineKey
	own string // commission month of what caused it
}

// fresh computes a cell from its events, and from others that are only asked
// about.
func (w *world) fresh(c cell, what ...Event) ([]target, error) {
	base, back, err := w.load(c)
	if err != nil {
		return nil, err
	}
	ids := map[string]uuid.UUID{}
	in := Input{Versions: w.versions, Party: w.party}
	upheld, err := w.upheld(c)
	if err != nil {
		return nil, err
	}
	for _, r := range base {
		ids[r.ExternalID] = r.ID
		e := r.event()
		e.Upheld = slices.Contains(upheld, r.ID)
		in.Events = append(in.Events, e)
	}
	for _, r := range back {
		ids[r.ExternalID] = r.ID
		in.Reversals = append(in.Reversals, r.event())
	}
	in.Reversals = append(in.Reversals, what...)
	lines, err := Compute(in)
	var out []target
	for _, l := range lines {
		out = append(out, target{l, lineKey{ids[l.Event.ExternalID], ids[l.Of.ExternalID], l.Basis}, l.Event.CommissionMonth()})
	}
	return out, err
}

// standing is what is posted for one key.
type standing struct {
	base        lineRow
	adjustments []lineRow
}

func (s *standing) sum() int64 {
	sum := s.base.LineFen
	for _, a := range s.adjustments {
		sum += a.LineFen
	}
	return sum
}

// settle posts the differences of one cell.
func (w *world) settle(c cell) error {
	targets, err := w.fresh(c)
	if err != nil {
		return err
	}
	rows, shares, err := w.posted(c)
	if err != nil {
		return err
	}
	standings := map[lineKey]*standing{}
	byID := map[uuid.UUID]*standing{}
	var order []*standing
	for _, r := range rows {
		if r.Kind != LineAdjustment {
			s := &standing{base: r}
			standings[lineKey{r.EventID, r.OfID, r.Basis}], byID[r.ID] = s, s
			order = append(order, s)
		}
	}
	for _, r := range rows {
		if r.Kind == LineAdjustment {
			byID[*r.Corrects].adjustments = append(byID[*r.Corrects].adjustments, r)
		}
	}
	for _, t := range targets {
		s, found := standings[t.key]
		delete(standings, t.key)
		switch {
		case !found:
			w.insert(c, t)
		case w.open(s.base.Month):
			err = w.restate(s.base, shares[s.base.ID], t)
		default:
			err = w.adjust(s, shares, t)
		}
		if err != nil {
			return err
		}
	}
	// What no computation gives any more is brought to zero.
	for _, s := range order {
		key := lineKey{s.base.EventID, s.base.OfID, s.base.Basis}
		if standings[key] == nil || s.sum() == 0 {
			continue
		}
		gone := target{key: key, Computed: Computed{Kind: s.base.Kind, Basis: key.basis, Version: s.base.PlanID, Rule: s.base.RuleID, DueOn: s.base.DueOn, Explain: s.base.Explain.V}}
		gone.Explain.Steps, gone.Explain.LineFen, gone.Explain.Split = []Step{{Code: "dropped", Fen: new(int64)}}, 0, nil
		for _, h := range shares[s.base.ID] {
			gone.Event.AccountName, gone.Event.Product, gone.Event.OrderNumber = h.AccountName, h.Product, h.OrderNumber
		}
		if w.open(s.base.Month) {
			err = w.restate(s.base, shares[s.base.ID], gone)
		} else {
			err = w.adjust(s, shares, gone)
		}
		if err != nil {
			return err
		}
	}
	return w.flush()
}

func (w *world) insert(c cell, t target) {
	of := t.Of
	l := lineRow{
		ProvinceID: w.province, ID: pg.NewID(), PartnerID: c.seller, OrgPath: orRoot(of.OrgPath, w.root), EventID: t.key.event, OfID: t.key.of, Basis: t.Basis, Kind: t.Kind,
		PlanID: t.Version, RuleID: t.Rule, CellMonth: c.month, Month: w.posting(t.own), BusinessDate: t.Event.BusinessDate(), DueOn: t.DueOn,
		LineFen: t.LineFen, CreatedAt: w.now, UpdatedAt: w.now,
	}
	l.Explain.V = t.Explain
	w.newLines = append(w.newLines, &l)
	var shares []*Line
	for _, s := range t.Shares {
		if s.Fen == 0 && t.Kind != LineAccrual {
			continue
		}
		shares = append(shares, w.share(l, t, s, s.Fen))
	}
	w.addShares(l, t, shares)
}

func orRoot(path, root string) string {
	if path == "" {
		return root
	}
	return path
}

// share is the row of a party's part; what the party may not know is left out.
func (w *world) share(l lineRow, t target, s Share, fen int64) *Line {
	e := t.Event
	of := t.Of
	r := &Line{
		ProvinceID: w.province, ID: pg.NewID(), PartnerID: s.Party.ID, OrgPath: l.OrgPath, LineID: l.ID, SellerID: l.PartnerID, CellMonth: l.CellMonth, Month: l.Month,
		Party: s.To, PartyName: s.Party.Name, PPM: s.PPM, ShareFen: fen, LineFen: l.LineFen, State: "due", DueOn: l.DueOn, Kind: l.Kind, EventKind: e.Kind, At: e.At,
		BusinessDate: l.BusinessDate, AccountName: of.AccountName, Product: of.Product, OrderNumber: of.OrderNumber, BasisFen: e.AmountFen, Units: e.Units, UpdatedAt: w.now,
	}
	if l.Kind == LineAccrual {
		r.State = "held"
	}
	r.Explain.V = seenBy(l.Explain.V, s.To)
	if !knowsAccount(s.To) {
		r.AccountName, r.OrderNumber = "", ""
	}
	return r
}

// knowsAccount: the seller sold to it, the solution's owner serves it and the
// city looks after it; any other party earns without knowing whom by.
func knowsAccount(to string) bool { return to == "seller" || to == "solution_owner" || to == "city" }

func seenBy(x Explain, to string) Explain {
	x = x.hideOthers(to)
	if !knowsAccount(to) {
		x = x.hideAccount()
	}
	return x
}

func (w *world) addShares(l lineRow, t target, shares []*Line) {
	w.newShares = append(w.newShares, shares...)
	for _, s := range shares {
		kind := l.Kind
		if kind == LineAdjustment && t.Kind != LineAccrual {
			kind = t.Kind
		}
		w.move(kind, s, t.Of.CityCode, s.ShareFen)
	}
}

// flush writes the new lines and shares of a cell.
func (w *world) flush() error {
	if len(w.newLines) > 0 {
		if err := w.tx.CreateInBatches(&w.newLines, 200).Error; err != nil {
			return err
		}
	}
	if len(w.newShares) > 0 {
		if err := w.tx.CreateInBatches(&w.newShares, 200).Error; err != nil {
			return err
		}
	}
	w.newLines, w.newShares = nil, nil
	return nil
}

// restate brings a line of an open month to its target in place; the ledger
// reverses the old figure and states the new.
func (w *world) restate(l lineRow, have []*Line, t target) error {
	same := l.LineFen == t.LineFen && l.PlanID == t.Version && l.RuleID == t.Rule && equal(l.Explain.V, t.Explain)
	for _, s := range t.Shares {
		i := slices.IndexFunc(have, func(h *Line) bool { return h.Party == s.To })
		same = same && (i >= 0 && have[i].ShareFen == s.Fen || i < 0 && s.Fen == 0 && l.Kind != LineAccrual)
	}
	if same {
		return nil
	}
	l.LineFen, l.PlanID, l.RuleID, l.DueOn, l.UpdatedAt = t.LineFen, t.Version, t.Rule, t.DueOn, w.now
	l.Explain.V = t.Explain
	if err := w.tx.Exec(`UPDATE commission_lines SET line_fen = ?, plan_id = ?, rule_id = ?, due_on = ?, explain = ?, updated_at = ? WHERE province_id = ? AND id = ?`,
		l.LineFen, l.PlanID, l.RuleID, l.DueOn, l.Explain, w.now, w.province, l.ID).Error; err != nil {
		return err
	}
	var added []*Line
	for _, s := range t.Shares {
		i := slices.IndexFunc(have, func(h *Line) bool { return h.Party == s.To })
		if i < 0 {
			if s.Fen != 0 || l.Kind == LineAccrual {
				added = append(added, w.share(l, t, s, s.Fen))
			}
			continue
		}
		h := have[i]
		have = slices.Delete(slices.Clone(have), i, i+1)
		if err := w.restateShare(h, l, t, s.PPM, s.Fen); err != nil {
			return err
		}
	}
	for _, h := range have {
		if err := w.restateShare(h, l, t, h.PPM, 0); err != nil {
			return err
		}
	}
	w.addShares(l, t, added)
	return nil
}

func (w *world) restateShare(h *Line, l lineRow, t target, ppm, fen int64) error {
	old := h.ShareFen
	h.ShareFen, h.PPM, h.LineFen, h.DueOn = fen, ppm, l.LineFen, l.DueOn
	h.Explain.V = seenBy(l.Explain.V, h.Party)
	if err := w.tx.Exec(`UPDATE commission_shares SET share_fen = ?, ppm = ?, line_fen = ?, due_on = ?, explain = ?, updated_at = ? WHERE province_id = ? AND id = ?`,
		fen, ppm, h.LineFen, h.DueOn, h.Explain, w.now, w.province, h.ID).Error; err != nil {
		return err
	}
	if old != fen {
		w.move("reverse", h, t.Of.CityCode, -old)
		w.move(l.Kind, h, t.Of.CityCode, fen)
	}
	return nil
}

// adjust posts the difference to a line that is calculated already, as an
// adjustment in the open month that names it. A second difference in the same
// open month restates the adjustment.
func (w *world) adjust(s *standing, shares map[uuid.UUID][]*Line, t target) error {
	month := w.posting(s.base.Month)
	if m := w.posting(t.own); t.own != "" && m > month {
		month = m
	}
	frozen := s.base.LineFen
	held := map[string]int64{} // by party, in what cannot be restated
	var open *lineRow
	count := func(id uuid.UUID) {
		for _, h := range shares[id] {
			held[h.Party] += h.ShareFen
		}
	}
	count(s.base.ID)
	for i := range s.adjustments {
		if a := &s.adjustments[i]; a.Month == month && w.open(a.Month) {
			open = a
		} else {
			frozen += a.LineFen
			count(a.ID)
		}
	}
	diff := t
	diff.LineFen = t.LineFen - frozen
	diff.Shares = nil
	changed := diff.LineFen != 0
	for _, x := range t.Shares {
		x.Fen -= held[x.To]
		delete(held, x.To)
		changed = changed || x.Fen != 0
		diff.Shares = append(diff.Shares, x)
	}
	for _, h := range slices.Sorted(maps.Keys(held)) {
		if held[h] == 0 {
			continue
		}
		changed = true
		for _, row := range shares[s.base.ID] {
			if row.Party == h {
				diff.Shares = append(diff.Shares, Share{h, row.PPM, Party{row.PartnerID, row.PartyName}, -held[h]})
			}
		}
	}
	if !changed && open == nil {
		return nil
	}
	x := t.Explain
	x.Steps = append(slices.Clone(x.Steps), Step{Code: "adjusted", N: []int64{t.LineFen, frozen}, Fen: &diff.LineFen})
	x.LineFen, x.Split = diff.LineFen, nil
	for _, part := range diff.Shares {
		x.Split = append(x.Split, Slice{To: part.To, PPM: part.PPM, Name: part.Party.Name, Fen: part.Fen})
	}
	diff.Explain = x
	if open != nil {
		return w.restate(*open, shares[open.ID], diff)
	}
	l := s.base
	l.ID, l.Kind, l.Corrects, l.Month, l.LineFen, l.PlanID, l.RuleID, l.CreatedAt, l.UpdatedAt = pg.NewID(), LineAdjustment, &s.base.ID, month, diff.LineFen, t.Version, t.Rule, w.now, w.now
	l.Explain.V = x
	w.newLines = append(w.newLines, &l)
	var added []*Line
	for _, part := range diff.Shares {
		if part.Fen != 0 {
			added = append(added, w.share(l, diff, part, part.Fen))
		}
	}
	w.addShares(l, diff, added)
	return nil
}

func equal(a, b Explain) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
