package order

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/marketplace/menu"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// deliveryDays is how many working days an SI has when nothing else is agreed.
const deliveryDays = 15

// mostTasks is how long the plan of one delivery may be.
const mostTasks = 60

// Refusals of deliveries.
var (
	ErrPlanClosed = fault.New(fault.Conflict, "delivery-closed", "交付已移交验收或已取消，交付计划不能再改。", "The delivery is handed over or cancelled; its plan cannot be changed.")
	ErrAllMissing = fault.New(fault.Conflict, "nothing-delivered", "没有任何一项已交付，请先完成至少一项。", "Nothing would be handed over. Finish at least one element first.")
)

// Task is one step of a delivery plan.
type Task struct {
	ID      uuid.UUID   `json:"id"`
	Name    string      `json:"name"`
	Element string      `json:"element,omitempty"` // of the menu, that is delivered when the task is done
	DueOn   string      `json:"due_on"`            // YYYY-MM-DD, Shanghai
	DoneAt  *time.Time  `json:"done_at,omitempty"`
	DoneBy  string      `json:"done_by,omitempty"`
	Note    string      `json:"note,omitempty"` // what was handed over
	Files   []uuid.UUID `json:"files,omitempty"`
	Said    string      `json:"said,omitempty"` // by the provisioning system last: its status and message
}

// accept opens the SI's delivery and lets the SI see the customer for it.
func (s *Service) accept(ctx context.Context, tx *pg.Tx, a tenants.Actor, o *Order) error {
	customer, err := account.Find(tx, o.AccountID)
	if err != nil {
		return err
	}
	var earlier int64
	if err := tx.Raw(`SELECT count(*) FROM services WHERE province_id = ? AND account_id = ? AND active_at < ?`, o.ProvinceID, o.AccountID, o.SubmittedAt).Scan(&earlier).Error; err != nil {
		return err
	}
	o.NewAccount, o.AccountKind = earlier == 0, customer.Kind
	due := calendar.AddWorkingDays(calendar.Now(ctx), deliveryDays)
	o.DueOn = &due
	if err := o.deliverer(tx); err != nil {
		return err
	}
	d := Delivery{
		ProvinceID: o.ProvinceID, ID: pg.NewID(), OrderID: o.ID, OrderNumber: o.Number, PartnerID: o.DelivererID, OrgPath: o.OrgPath, AccountID: o.AccountID, AccountName: o.AccountName,
		SolutionName: o.SolutionName, Elements: pg.Texts{}, State: "waiting", DueOn: due, Version: 1, UpdatedAt: o.UpdatedAt,
	}
	for _, l := range o.Price.V.Lines {
		d.Elements = append(d.Elements, l.Name)
		d.Plan.V = append(d.Plan.V, Task{ID: pg.NewID(), Name: l.Name, Element: l.Name, DueOn: calendar.Date(due)})
	}
	if err := d.open(ctx, tx, a, customer); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, JobAccepted, Changed{o.ProvinceID, o.ID})
}

func lineOf(name string) func(menu.Line) bool {
	return func(l menu.Line) bool { return l.Name == name }
}

// open saves a new delivery and shows the customer to who delivers.
func (d *Delivery) open(ctx context.Context, tx *pg.Tx, a tenants.Actor, customer account.Account) error {
	d.ContactName, d.ContactPhone, d.Address = customer.ContactName, customer.ContactPhone, customer.Address
	if err := tx.Create(d).Error; err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, d.entry("assign", "", ""))
	return account.Give(ctx, tx, a, account.GrantSpec{
		Account: d.AccountID, Partner: d.PartnerID, Source: d.OrderID, Via: "delivery", Number: d.OrderNumber,
		Fields: []string{"address", "contact_name", "contact_phone"},
	})
}

// Done is what the SI says of a finished step.
type Done struct {
	Note    string
	Files   []uuid.UUID // of a task
	Missing []uuid.UUID // of the delivery: tasks whose elements follow later
}

// Work takes a step of the SI on its delivery; the seller's order follows.
// Handing over marks every task done but those that are missing; what they
// deliver follows after the acceptance as an order of its own, and the note says
// why.
func (s *Service) Work(ctx context.Context, a tenants.Actor, id uuid.UUID, action string, x Done) (DeliveryDetail, error) {
	if err := a.Need(Deliver); err != nil {
		return DeliveryDetail{}, err
	}
	var out DeliveryDetail
	// Elevated: the order belongs to the seller, whose rows the SI does not
	// see; the delivery itself is looked up as the SI's own.
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		var seen Delivery
		if err := pg.One(narrow(tx.Model(&Delivery{}), a).Where("id = ?", id), &seen); err != nil {
			return err
		}
		// The order first, as whoever takes a step of it does.
		var o Order
		if err := pg.One(tx.Where("province_id = ? AND id = ?", seen.ProvinceID, seen.OrderID).Clauses(pg.ForUpdate), &o); err != nil {
			return err
		}
		d, err := lockDelivery(tx, a, id)
		if err != nil {
			return err
		}
		t, err := DeliveryMachine.Take(d.State, action, x.Note)
		if err != nil {
			return err
		}
		if t.Permission == "" {
			return fault.ErrMissing
		}
		now := calendar.Now(ctx)
		from := d.State
		d.State, d.UpdatedAt = t.To, now
		if x.Note != "" {
			d.Note = x.Note
		}
		follow := "provision"
		if action == "finish" {
			follow, d.DoneAt = "deliver", &now
			if o.Missing, err = d.handOver(a, x, now); err != nil {
				return err
			}
		}
		if err := pg.Save(tx, &d); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, d.entry(action, from, x.Note))
		// A part that goes on by itself is provisioned from the first.
		if o.State != "provisioning" || follow != "provision" {
			ot, err := Machine.Take(o.State, follow, "")
			if err != nil {
				return err
			}
			was := o.State
			o.State, o.UpdatedAt = ot.To, now
			if err := pg.Save(tx, &o); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, o.entry(follow, was, strings.Join(o.Missing, "、")))
		}
		out, err = deliveryDetail(tx, a, d)
		return err
	})
	return out, err
}

// handOver marks the tasks done and says which elements are not delivered.
func (d *Delivery) handOver(a tenants.Actor, x Done, now time.Time) (pg.Texts, error) {
	missing := pg.Texts{}
	for i := range d.Plan.V {
		t := &d.Plan.V[i]
		switch {
		case slices.Contains(x.Missing, t.ID):
			t.DoneAt, t.DoneBy = nil, ""
			if t.Element != "" && !slices.Contains(missing, t.Element) {
				missing = append(missing, t.Element)
			}
		case t.DoneAt == nil:
			t.DoneAt, t.DoneBy = &now, a.Name
		}
	}
	if len(missing) == 0 {
		return missing, nil
	}
	if len(missing) == len(d.Elements) {
		return nil, ErrAllMissing
	}
	var c fault.Checker
	if strings.TrimSpace(x.Note) == "" {
		c.Add("note", "required", "请说明其余内容为什么后交付。", "Say why the rest follows later.")
	}
	return missing, c.Err()
}

func lockDelivery(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Delivery, error) {
	var d Delivery
	err := pg.One(narrow(tx.Model(&Delivery{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &d)
	return d, err
}

// PlanEdit is one task as the SI writes it.
type PlanEdit struct {
	ID      uuid.UUID // zero for a new one
	Name    string
	Element string
	DueOn   string
}

// PlanDelivery replaces the plan: tasks that are done stay as they are. Each
// element of the delivery keeps a task.
func (s *Service) PlanDelivery(ctx context.Context, a tenants.Actor, id uuid.UUID, edits []PlanEdit, version int64) (DeliveryDetail, error) {
	return s.plan(ctx, a, id, "plan", func(_ *pg.Tx, d *Delivery) error {
		if d.Version != version {
			return fault.ErrStale
		}
		var c fault.Checker
		if len(edits) > mostTasks {
			c.Add("tasks", "too_many", "一次交付最多 60 项任务。", "A delivery has at most 60 tasks.")
		}
		var plan []Task
		used := map[uuid.UUID]bool{}
		for i, x := range edits {
			at := fmt.Sprintf("tasks[%d].", i)
			t := Task{ID: pg.NewID()}
			if k := slices.IndexFunc(d.Plan.V, func(t Task) bool { return t.ID == x.ID }); k >= 0 && !used[x.ID] {
				t = d.Plan.V[k]
				used[x.ID] = true
			}
			if t.DoneAt == nil {
				t.Name, t.Element, t.DueOn = strings.TrimSpace(x.Name), x.Element, x.DueOn
				c.Require(at+"name", t.Name != "")
				if x.Element != "" && !slices.Contains(d.Elements, x.Element) {
					c.Add(at+"element", "unknown", "这次交付没有「"+x.Element+"」。", "The delivery has no “"+x.Element+"”.")
				}
				if _, err := time.Parse(time.DateOnly, x.DueOn); err != nil {
					c.Add(at+"due_on", "format", "请填写日期。", "Please give a date.")
				} else if x.DueOn > calendar.Date(d.DueOn) {
					c.Add(at+"due_on", "late", "不能晚于交付截止日 "+calendar.Date(d.DueOn)+"。", "Not after the due date "+calendar.Date(d.DueOn)+".")
				}
			}
			plan = append(plan, t)
		}
		for _, t := range d.Plan.V {
			if t.DoneAt != nil && !used[t.ID] {
				c.Add("tasks", "done", "已完成的任务「"+t.Name+"」不能删除。", "The task “"+t.Name+"” is done and cannot be removed.")
			}
		}
		for _, e := range d.Elements {
			if !slices.ContainsFunc(plan, func(t Task) bool { return t.Element == e }) {
				c.Add("tasks", "element", "缺少「"+e+"」的任务。", "No task delivers “"+e+"”.")
			}
		}
		d.Plan.V = plan
		return c.Err()
	})
}

// FinishTask marks a task done, with what was handed over; again with another
// word it is amended.
func (s *Service) FinishTask(ctx context.Context, a tenants.Actor, id, task uuid.UUID, x Done) (DeliveryDetail, error) {
	return s.plan(ctx, a, id, "finish_task", func(tx *pg.Tx, d *Delivery) error {
		t, err := d.task(task)
		if err != nil {
			return err
		}
		for _, file := range x.Files {
			f, err := tenants.OwnFile(tx, a, file, "delivery_file")
			if err != nil {
				return err
			}
			if err := tenants.ShareFile(tx, f.ID, d.OrgPath, d.PartnerID); err != nil {
				return err
			}
		}
		now := d.UpdatedAt
		t.DoneAt, t.DoneBy, t.Note, t.Files = &now, a.Name, strings.TrimSpace(x.Note), x.Files
		return nil
	})
}

// ReopenTask takes a task's end back.
func (s *Service) ReopenTask(ctx context.Context, a tenants.Actor, id, task uuid.UUID) (DeliveryDetail, error) {
	return s.plan(ctx, a, id, "reopen_task", func(_ *pg.Tx, d *Delivery) error {
		t, err := d.task(task)
		if err == nil {
			t.DoneAt, t.DoneBy = nil, ""
		}
		return err
	})
}

func (d *Delivery) task(id uuid.UUID) (*Task, error) {
	k := slices.IndexFunc(d.Plan.V, func(t Task) bool { return t.ID == id })
	if k < 0 {
		return nil, fault.ErrMissing
	}
	return &d.Plan.V[k], nil
}

// plan changes the plan of a delivery that is not handed over.
func (s *Service) plan(ctx context.Context, a tenants.Actor, id uuid.UUID, action string, change func(*pg.Tx, *Delivery) error) (DeliveryDetail, error) {
	var out DeliveryDetail
	if err := a.Need(Deliver); err != nil {
		return out, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		d, err := lockDelivery(tx, a, id)
		if err != nil {
			return err
		}
		if d.State != "waiting" && d.State != "in_progress" {
			return ErrPlanClosed
		}
		d.UpdatedAt = calendar.Now(ctx)
		if err := change(tx, &d); err != nil {
			return err
		}
		if err := pg.Save(tx, &d); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, d.entry(action, d.State, ""))
		out, err = deliveryDetail(tx, a, d)
		return err
	})
	return out, err
}

// takeBack sends a delivery that the customer did not accept back to the SI.
func (o *Order) takeBack(ctx context.Context, tx *pg.Tx, a tenants.Actor, reason string) error {
	d, err := deliveryOf(tx, o)
	if err != nil {
		return err
	}
	t, err := DeliveryMachine.Take(d.State, "return", reason)
	if err != nil {
		return err
	}
	from := d.State
	d.State, d.DoneAt, d.UpdatedAt, o.Missing = t.To, nil, o.UpdatedAt, pg.Texts{}
	if err := pg.Save(tx, &d); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, d.entry("return", from, reason))
	return nil
}

// deliveryOf locks the delivery of an order.
func deliveryOf(tx *pg.Tx, o *Order) (Delivery, error) {
	var d Delivery
	err := pg.One(tx.Where("province_id = ? AND order_id = ?", o.ProvinceID, o.ID).Clauses(pg.ForUpdate), &d)
	return d, err
}

// part makes what is missing an order of its own, which goes on being
// delivered; the two together are what was ordered, to the fen.
func (s *Service) part(ctx context.Context, tx *pg.Tx, a tenants.Actor, o *Order, d *Delivery) error {
	missing := func(l menu.Line) bool { return slices.Contains(o.Missing, l.Name) }
	rest := *o
	rest.ID, rest.Version, rest.Missing, rest.Files, rest.Acceptance, rest.State = pg.NewID(), 1, pg.Texts{}, pg.Texts{}, "", "provisioning"
	later, err := o.Price.V.Part(missing)
	if err != nil {
		return err
	}
	now, err := o.Price.V.Part(func(l menu.Line) bool { return !missing(l) })
	if err != nil {
		return err
	}
	rest.setPrice(later)
	o.setPrice(now)
	if rest.Number, err = tenants.Next(ctx, tx, "O"); err != nil {
		return err
	}
	if err := tx.Raw(`SELECT max(part) + 1 FROM orders WHERE province_id = ? AND quote_id = ?`, o.ProvinceID, o.QuoteID).Scan(&rest.Part).Error; err != nil {
		return err
	}
	customer, err := account.Find(tx, o.AccountID)
	if err != nil {
		return err
	}
	at := o.UpdatedAt
	follow := Delivery{
		ProvinceID: o.ProvinceID, ID: pg.NewID(), OrderID: rest.ID, OrderNumber: rest.Number, PartnerID: d.PartnerID, OrgPath: d.OrgPath, AccountID: d.AccountID, AccountName: d.AccountName,
		SolutionName: d.SolutionName, Elements: o.Missing, State: "in_progress", DueOn: d.DueOn, Note: d.Note, Version: 1, UpdatedAt: at,
	}
	if calendar.Date(at) > calendar.Date(d.DueOn) {
		follow.DueOn = calendar.AddWorkingDays(at, deliveryDays)
	}
	var kept []Task
	for _, t := range d.Plan.V {
		if t.DoneAt == nil {
			t.DueOn = max(t.DueOn, calendar.Date(at))
			follow.Plan.V = append(follow.Plan.V, t)
		} else {
			kept = append(kept, t)
		}
	}
	d.Plan.V, d.Elements = kept, slices.DeleteFunc(slices.Clone(d.Elements), func(e string) bool { return slices.Contains(o.Missing, e) })
	o.Missing = pg.Texts{}
	rest.DueOn = &follow.DueOn
	if err := tx.Create(&rest).Error; err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, rest.entry("part", "", o.Number))
	return follow.open(ctx, tx, a, customer)
}

// setPrice gives the order a price with its sums.
func (o *Order) setPrice(p menu.Price) {
	o.Price, o.TotalFen, o.OneOffFen, o.MonthlyFen, o.Units = pg.JSON[menu.Price]{V: p}, p.TotalFen, p.OneOffFen, p.MonthlyFen, p.Units
}

// DeliveryDetail is a delivery with what the actor may do.
type DeliveryDetail struct {
	Delivery
	FileList []tenants.File // of its tasks
	Actions  []string
}

func deliveryDetail(tx *pg.Tx, a tenants.Actor, d Delivery) (DeliveryDetail, error) {
	out := DeliveryDetail{Delivery: d, Actions: deliveryActions(a, d)}
	var ids []uuid.UUID
	for _, t := range d.Plan.V {
		ids = append(ids, t.Files...)
	}
	var err error
	out.FileList, err = tenants.Files(tx, ids)
	return out, err
}

func deliveryActions(a tenants.Actor, d Delivery) []string {
	out := DeliveryMachine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) && a.Tenant.ID == d.PartnerID })
	if len(out) > 0 {
		out = append(out, "plan")
	}
	return out
}

// Deliveries returns the inbox of an SI, what is due first first.
func (s *Service) Deliveries(ctx context.Context, a tenants.Actor, q Query) (page []DeliveryDetail, total int64, err error) {
	if err := a.Need(DeliveryRead); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Delivery{}), a)
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.States != nil {
			d = d.Where("state IN ?", q.States)
		}
		var found []Delivery
		err := pg.Soonest(d, "due_on", q.AfterAt, q.AfterID, q.Limit, &found, &total)
		for _, x := range found {
			page = append(page, DeliveryDetail{Delivery: x, Actions: deliveryActions(a, x)})
		}
		return err
	})
	return page, total, err
}

// GetDelivery returns one delivery.
func (s *Service) GetDelivery(ctx context.Context, a tenants.Actor, id uuid.UUID) (out DeliveryDetail, err error) {
	if err := a.Need(DeliveryRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var d Delivery
		if err := pg.One(narrow(tx.Model(&Delivery{}), a).Where("id = ?", id), &d); err != nil {
			return err
		}
		out, err = deliveryDetail(tx, a, d)
		return err
	})
	return out, err
}

// SeesDeliveryFile tells whether a file hangs on a delivery that the actor
// reads.
func SeesDeliveryFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(DeliveryRead) && !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := narrow(tx.Model(&Delivery{}), a).Where("plan @> jsonb_build_array(jsonb_build_object('files', jsonb_build_array(?::text)))", file.String()).Limit(1).Count(&n).Error
	return n > 0, err
}
