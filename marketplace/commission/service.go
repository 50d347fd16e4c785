package commission

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Jobs of this package. Calculate and Reprice take a monthJob; Deem and Mature
// take a Province or nothing, which means all provinces: run them periodically.
const (
	JobCalculate = "commission.calculate"
	JobReprice   = "commission.reprice"
	JobDeem      = "commission.deem"
	JobMature    = "commission.mature"
)

// Refusals of this package.
var (
	ErrEventDiffers  = fault.New(fault.Conflict, "event-differs", "事件 %s 已经收到过，但内容不同。同一编号必须是同一内容。", "Event %s is known already with other content. The same id must be the same event.")
	ErrOwnPlan       = fault.New(fault.Denied, "own-plan", "方案的编制人不能复核自己编制的方案。", "Whoever wrote a plan cannot check it.")
	ErrPlanConflict  = fault.New(fault.Conflict, "plan-conflict", "规则 %s 与 %s 会同时命中，例如：%s。请修改其中一条。", "Rules %s and %s could tie, for example: %s. Change one of them.")
	ErrBackDated     = fault.New(fault.Conflict, "back-dated", "生效日期 %s 落在已核算的账期（%s 及以前），不能追溯。", "The beginning %s lies in a month that is calculated already (up to %s).")
	ErrPlanOverlap   = fault.New(fault.Conflict, "plan-overlap", "同一范围已有另一个方案 %s 在这段时间有效，请在该方案上新建版本。", "Another plan, %s, is valid in the same scope and time. Make a new version of it instead.")
	ErrPlanScope     = fault.New(fault.Denied, "plan-scope", "市公司只能编制本市的补充方案。", "A city makes plans for itself only.")
	ErrCodeTaken     = fault.New(fault.Conflict, "plan-code", "方案代码 %s 已用于另一个范围。", "The plan code %s is used for another scope.")
	ErrMonthNotOver  = fault.New(fault.Conflict, "month-not-over", "%s 还没有结束，不能核算。", "%s is not over yet and cannot be calculated.")
	ErrEarlierOpen   = fault.New(fault.Conflict, "earlier-month-open", "请先核算 %s。", "Calculate %s first.")
	ErrNotConfirming = fault.New(fault.Conflict, "not-confirming", "结算单已确认或已有后续结算单，不能再提出异议。", "The statement is confirmed, or a later one exists; it can no longer be disputed.")
)

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db, people} }

// engine is the identity computations run under: they must see the whole
// province, whoever asked. User and tenant stay those of who asked, so that an
// idempotency key is theirs.
type engine struct{ tenants.Actor }

func (e engine) Identity() pg.Identity {
	id := tenants.System(e.Tenant.ProvinceID, "commission engine").Identity()
	id.Tenant, id.User = e.Tenant.ID, e.User
	return id
}

// world is what a computation needs to know of its province, loaded once per
// transaction.
type world struct {
	tx       *pg.Tx
	province uuid.UUID
	root     string // org path of the province
	frontier string // last month that is calculated; months after it are open
	versions []Version
	parties  map[string]Party // city:<code>, partner:<code>
	now      time.Time
	moves    []move

	newLines  []*lineRow // of the cell at hand, written together
	newShares []*Line
}

// loadWorld takes the province's commission lock: shared for recording, alone
// for whatever moves the frontier.
func loadWorld(ctx context.Context, tx *pg.Tx, alone bool) (*world, error) {
	if err := lockProvince(tx, alone); err != nil {
		return nil, err
	}
	return viewWorld(ctx, tx, nil)
}

// viewWorld is loadWorld for who only looks, perhaps at other plans.
func viewWorld(ctx context.Context, tx *pg.Tx, plans func([]Version) []Version) (*world, error) {
	w := &world{tx: tx, province: tx.Identity.Province, parties: map[string]Party{}, now: calendar.Now(ctx).UTC().Truncate(time.Microsecond)}
	if err := tx.Raw(`SELECT coalesce(max(month), '') FROM commission_periods WHERE province_id = ? AND state <> 'open'`, w.province).Scan(&w.frontier).Error; err != nil {
		return nil, err
	}
	var err error
	if w.versions, err = published(tx); err != nil {
		return nil, err
	}
	if plans != nil {
		w.versions = plans(w.versions)
	}
	var names []string
	for _, v := range w.versions {
		for _, r := range v.Rules {
			for _, p := range r.Split {
				if code, named := strings.CutPrefix(p.To, "partner:"); named && !slices.Contains(names, code) {
					names = append(names, code)
				}
			}
		}
	}
	var found []tenants.Tenant
	if err := tx.Raw(`SELECT id, kind, code, name, path FROM tenants WHERE province_id = ? AND (kind IN ('province', 'city') OR kind = 'partner' AND code = ANY (?))`, w.province, pg.Texts(names)).Scan(&found).Error; err != nil {
		return nil, err
	}
	for _, t := range found {
		if t.Kind == tenants.KindProvince {
			w.root = t.Path
		}
		w.parties[string(t.Kind)+":"+t.Code] = Party{t.ID, t.Name}
	}
	return w, nil
}

func lockProvince(tx *pg.Tx, alone bool) error {
	lock := "pg_advisory_xact_lock_shared"
	if alone {
		lock = "pg_advisory_xact_lock"
	}
	return tx.Exec(`SELECT `+lock+`(hashtextextended(?, 0))`, "commission "+tx.Identity.Province.String()).Error
}

func (w *world) party(to string, e Event) (Party, bool) {
	switch to {
	case "seller":
		return Party{e.Seller, e.SellerName}, e.Seller != uuid.Nil
	case "solution_owner":
		return Party{e.SolutionOwner, e.SolutionOwnerName}, e.SolutionOwner != uuid.Nil
	case "city":
		p, ok := w.parties["city:"+e.CityCode]
		return p, ok
	}
	p, ok := w.parties[to]
	return p, ok
}

// open tells whether lines posted in a month may still be restated.
func (w *world) open(month string) bool { return month > w.frontier }

// posting is the month that something of a month is posted in.
func (w *world) posting(month string) string {
	if w.open(month) {
		return month
	}
	return nextMonth(w.frontier)
}

func nextMonth(month string) string { return calendar.AddMonths(month+"-01", 1)[:7] }

func lastDay(month string) string { return addDays(nextMonth(month)+"-01", -1) }

// TakenBack is what would be taken back from all parties, in fen, if a service
// ended now; nothing is recorded.
func (s *Service) TakenBack(ctx context.Context, a tenants.Actor, service uuid.UUID) (fen int64, err error) {
	err = s.db.Read(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := viewWorld(ctx, tx, nil)
		if err != nil {
			return err
		}
		end := Event{ExternalID: "asked", Kind: Ended, At: w.now, ServiceID: service}
		cells, err := w.cellsOf(eventRow{Kind: Ended, ServiceID: service})
		if err != nil {
			return err
		}
		for _, c := range cells {
			lines, err := w.fresh(c, end)
			if err != nil {
				return err
			}
			for _, l := range lines {
				if l.Kind != LineClawback || l.Event.ExternalID != end.ExternalID {
					continue
				}
				for _, share := range l.Shares {
					fen -= share.Fen
				}
			}
		}
		return nil
	})
	return fen, err
}

// Record takes events from inside, with all their facts, and accrues in the
// same transaction. The same event again is counted as repeated.
func (s *Service) Record(ctx context.Context, a tenants.Actor, events []Event) (accepted, repeated int, err error) {
	if !a.IsSystem() {
		if err := a.Need(Send); err != nil {
			return 0, 0, err
		}
	}
	return s.recorded(ctx, a, events, false)
}

// errDry takes back what was only tried.
var errDry = errors.New("a dry run")

func (s *Service) recorded(ctx context.Context, a tenants.Actor, events []Event, dry bool) (accepted, repeated int, err error) {
	err = s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		w, err := loadWorld(ctx, tx, false)
		if err != nil {
			return err
		}
		accepted, repeated, err = w.record(events)
		if err == nil && dry {
			err = errDry
		}
		return err
	})
	if dry && errors.Is(err, errDry) {
		err = nil
	}
	return accepted, repeated, err
}

// RecordEvent is Record for one.
func (s *Service) RecordEvent(ctx context.Context, a tenants.Actor, e Event) error {
	_, _, err := s.Record(ctx, a, []Event{e})
	return err
}

func (w *world) record(events []Event) (accepted, repeated int, err error) {
	var c fault.Checker
	var ids []string
	for i := range events {
		events[i].At = events[i].At.UTC().Truncate(time.Microsecond)
		events[i].validate(&c, fmt.Sprintf("events[%d].", i))
		ids = append(ids, events[i].ExternalID)
	}
	known, err := knownEvents(w.tx, ids)
	if err != nil {
		return 0, 0, err
	}
	var rows []eventRow
	var sent []string // hashes, beside ids
	var differs string
	for i, e := range events {
		at := fmt.Sprintf("events[%d].", i)
		r, err := w.complete(&c, at, e, known)
		if err != nil {
			return 0, 0, err
		}
		sent = append(sent, r.Hash)
		if _, again := known[e.ExternalID]; !again {
			rows = append(rows, r)
			known[e.ExternalID] = r
		} else if known[e.ExternalID].Hash != r.Hash {
			c.Add(at+"id", "differs", "已收到过相同编号但内容不同的事件。", "The id is known already with other content.")
			differs = cmp.Or(differs, e.ExternalID)
		}
	}
	if err := c.Err(); err != nil && differs != "" {
		return 0, 0, c.Of(ErrEventDiffers.Fill(differs))
	} else if err != nil {
		return 0, 0, err
	}
	if err := w.insertEvents(rows); err != nil {
		return 0, 0, err
	}
	// A racing sender may have been first with some: what stands decides.
	if known, err = knownEvents(w.tx, ids); err != nil {
		return 0, 0, err
	}
	for i, id := range ids {
		if known[id].Hash != sent[i] {
			return 0, 0, ErrEventDiffers.Fill(id)
		}
	}
	var cells []cell
	for _, r := range rows {
		if known[r.ExternalID].ID != r.ID {
			continue
		}
		accepted++
		touched, err := w.cellsOf(r)
		if err != nil {
			return 0, 0, err
		}
		cells = append(cells, touched...)
	}
	if err := w.reconcile(cells); err != nil {
		return 0, 0, err
	}
	if err := w.refundsFit(rows); err != nil {
		return 0, 0, err
	}
	return accepted, len(events) - accepted, w.post()
}

// complete turns an event into its row, with facts copied from the service's
// activation where the sender gave only its number.
func (w *world) complete(c *fault.Checker, at string, e Event, known map[string]eventRow) (eventRow, error) {
	r := eventRow{ProvinceID: w.province, ID: pg.NewID(), CreatedAt: w.now}
	var of eventRow
	if e.Kind == Refund {
		found, err := findEvent(w.tx, known, e.Of)
		if err != nil {
			return r, err
		}
		if found == nil || found.Kind == Refund || found.Kind == Ended || e.ServiceNumber != "" && found.ServiceNumber != e.ServiceNumber {
			c.Add(at+"of", "unknown", "没有找到被退款的事件。", "There is no such event to refund.")
			return r, nil
		}
		of, r.OfID = *found, &found.ID
	}
	if e.Kind != Activation && (e.ServiceID == uuid.Nil || e.AccountID == uuid.Nil) {
		open, err := w.activationOf(e, known)
		if err != nil {
			return r, err
		}
		if open == nil && e.Kind == Refund {
			open = &of
		}
		if open == nil {
			c.Add(at+"service_number", "unknown", "没有这个服务的开通记录。", "There is no activation of this service.")
			return r, nil
		}
		e.adopt(open.event())
	}
	if e.Kind == Activation && !e.SelfDealing {
		var err error
		if e.SelfDealing, err = selfDealing(w.tx, e.AccountID, e.Seller); err != nil {
			return r, err
		}
	}
	if e.OrgPath == "" {
		e.OrgPath = w.root
	}
	r.PartnerID, r.OrgPath, r.ExternalID, r.Kind, r.At, r.BusinessDate, r.Month = e.Seller, e.OrgPath, e.ExternalID, e.Kind, e.At, e.BusinessDate(), e.CommissionMonth()
	r.AmountFen, r.Units, r.N, r.ServiceID, r.ServiceNumber, r.Hash, r.Facts.V = e.AmountFen, e.Units, e.Month, e.ServiceID, e.ServiceNumber, e.hash(), e
	return r, nil
}

// Sent is an event as a billing system sends it: facts come from the service.
type Sent struct {
	ID, Kind, ServiceNumber, Of string
	At                          time.Time
	AmountFen, Units            int64
	Month                       int
}

// SendEvents takes billing months, refunds and ends from outside; all or none.
// With dry nothing is kept. It reports every bad one as events[i].
func (s *Service) SendEvents(ctx context.Context, a tenants.Actor, sent []Sent, dry bool) (accepted, repeated int, err error) {
	if err := a.Need(Send); err != nil {
		return 0, 0, err
	}
	var c fault.Checker
	events := make([]Event, len(sent))
	for i, e := range sent {
		c.OneOf(fmt.Sprintf("events[%d].kind", i), e.Kind, Recurring, Refund, Ended)
		events[i] = Event{ExternalID: e.ID, Kind: e.Kind, At: e.At, AmountFen: e.AmountFen, Units: e.Units, Month: e.Month, Of: e.Of, ServiceNumber: e.ServiceNumber}
	}
	if err := c.Err(); err != nil {
		return 0, 0, err
	}
	return s.recorded(ctx, a, events, dry)
}
