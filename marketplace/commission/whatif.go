package commission

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// PlanTry is the permission to run a plan over past months.
const PlanTry tenants.Permission = "plan:try"

// tryMonths and tryEvents bound one run.
const (
	tryMonths = 12
	tryEvents = 200_000
)

var errTryMuch = fault.New(fault.Invalid, "what-if-large", "所选月份有 %d 个事件，一次最多试算 20 万个，请缩短区间。", "The months hold %d events; a run takes 200 000 at most. Choose fewer months.")

// WhatIf is what a plan version would have paid over past months, beside what
// stands; nothing is recorded. Fen.
type WhatIf struct {
	From, To string // YYYY-MM, both included
	Events   int64
	Was      int64
	Would    int64
	Parties  []WhatIfParty // by how much it would change for them, the most first
}

// WhatIfParty is one party of it.
type WhatIfParty struct {
	Party
	Was, Would int64
}

// Try computes the months of the given range again as if the version had been in
// force in its scope all the time, in place of what was; refunds and clawbacks of
// those months' events count as they came.
func (s *Service) Try(ctx context.Context, a tenants.Actor, plan uuid.UUID, from, to string) (WhatIf, error) {
	out := WhatIf{From: from, To: to}
	if err := a.Need(PlanTry); err != nil {
		return out, err
	}
	var p Plan
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		p, err = loadPlan(tx, a, plan, "")
		return err
	}); err != nil {
		return out, err
	}
	var c fault.Checker
	if len(from) != 7 || from > to || to > calendar.Month(calendar.Now(ctx)) {
		c.Add("to", "order", "请选择到本月为止的一段月份。", "Choose months up to the present one.")
	} else if calendar.AddMonths(from+"-01", tryMonths)[:7] <= to {
		c.Add("from", "range", "一次最多试算 12 个月。", "A run takes twelve months at most.")
	}
	if err := c.Err(); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, engine{a}, func(tx *pg.Tx) error {
		if err := tx.Raw(`SELECT count(*) FROM commission_events WHERE province_id = ? AND month BETWEEN ? AND ?`, tx.Identity.Province, from, to).Scan(&out.Events).Error; err != nil {
			return err
		}
		if out.Events > tryEvents {
			return errTryMuch.Fill(out.Events)
		}
		doc := p.Document.V
		doc.ValidFrom, doc.ValidTo = "2000-01-01", nil
		w, err := viewWorld(ctx, tx, func(all []Version) []Version {
			rest := slices.DeleteFunc(all, func(v Version) bool { return v.Scope() == doc.Scope() })
			return append(rest, Version{ID: p.ID, Number: p.Number, Order: 1 << 30, Document: doc})
		})
		if err != nil {
			return err
		}
		by := map[uuid.UUID]*WhatIfParty{}
		of := func(party Party) *WhatIfParty {
			if by[party.ID] == nil {
				by[party.ID] = &WhatIfParty{Party: party}
			}
			return by[party.ID]
		}
		for month := from; month <= to; month = nextMonth(month) {
			sellers, err := sellersOf(tx, month)
			if err != nil {
				return err
			}
			for _, seller := range sellers {
				lines, err := w.fresh(cell{seller, month})
				if err != nil {
					return err
				}
				for _, l := range lines {
					for _, share := range l.Shares {
						of(share.Party).Would += share.Fen
						out.Would += share.Fen
					}
				}
				_, shares, err := w.posted(cell{seller, month})
				if err != nil {
					return err
				}
				for _, all := range shares {
					for _, x := range all {
						of(Party{x.PartnerID, x.PartyName}).Was += x.ShareFen
						out.Was += x.ShareFen
					}
				}
			}
		}
		for _, x := range by {
			out.Parties = append(out.Parties, *x)
		}
		slices.SortFunc(out.Parties, func(x, y WhatIfParty) int {
			return cmp.Or(cmp.Compare(magnitude(y.Would-y.Was), magnitude(x.Would-x.Was)), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID.String(), y.ID.String()))
		})
		return nil
	})
	return out, err
}

func magnitude(fen int64) int64 { return max(fen, -fen) }
