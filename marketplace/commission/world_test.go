package commission

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"ecoport/app/migrations"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/pg/pgtest"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// world of a test: one province, two cities, two agents and a solution owner,
// and a person for each duty.
type testWorld struct {
	*testing.T
	s                    *Service
	db                   *pg.DB
	super                *pgx.Conn
	province             uuid.UUID
	maker, checker, city tenants.Actor
	second               tenants.Actor // another settlement officer
	a, b, owner          tenants.Actor
	system               tenants.Actor
	now                  time.Time
	events               int
}

func (w *testWorld) ctx() context.Context { return calendar.At(w.Context(), w.now) }

func (w *testWorld) on(day string) { w.now = at(day) }

func newWorld(t *testing.T) *testWorld {
	ctx := t.Context()
	url := pgtest.Database(t, "portal", migrations.Version(), migrations.Up)
	super, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { super.Close(context.Background()) })
	login, err := pg.LoginURL(ctx, url)
	require.NoError(t, err)
	db, err := pg.Open(ctx, login, 20)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	w := &testWorld{T: t, db: db, super: super, province: pg.NewID(), now: at("2026-01-05")}
	w.s = NewService(db, tenants.NewService(db, nil, nil, tenants.Options{}))
	tenant := func(kind tenants.Kind, code, path string) tenants.Tenant {
		x := tenants.Tenant{ID: pg.NewID(), ProvinceID: w.province, Kind: kind, Code: code, Name: "N" + code, Short: "N", Path: path, State: "active"}
		if kind == tenants.KindProvince {
			x.ID = w.province
		}
		_, err := super.Exec(ctx, `INSERT INTO tenants (id, province_id, kind, code, name, short, path) VALUES ($1, $2, $3, $4, $5, $6, $7)`, x.ID, x.ProvinceID, string(x.Kind), x.Code, x.Name, x.Short, x.Path)
		require.NoError(t, err)
		return x
	}
	actor := func(x tenants.Tenant, permissions ...tenants.Permission) tenants.Actor {
		a := tenants.Actor{User: pg.NewID(), Name: "U" + x.Code, Locale: "zh", Tenant: x, Granted: map[tenants.Permission]bool{}}
		for _, p := range permissions {
			a.Granted[p] = true
		}
		return a
	}
	province := tenant(tenants.KindProvince, "GD", "GD/")
	w.maker = actor(province, PlanRead, PlanMake, Read, StatementRead, PeriodRead)
	w.checker = actor(province, PlanRead, PlanMake, PlanCheck, Read, Send, StatementRead, StatementIssue, PeriodRead, PeriodCalculate)
	for _, p := range []tenants.Permission{PayoutRead, PayoutMake, PayoutCheck, PayoutAnswer, FlagRead, FlagPropose, FlagDecide} {
		w.checker.Granted[p] = true
	}
	w.second = w.checker
	w.second.User = pg.NewID()
	w.city = actor(tenant(tenants.KindCity, "4401", "GD/4401/"), PlanRead, PlanMake, Read, StatementRead)
	tenant(tenants.KindCity, "4403", "GD/4403/")
	for i, x := range []*tenants.Actor{&w.a, &w.b, &w.owner} {
		code := fmt.Sprintf("P%04d", i+1)
		*x = actor(tenant(tenants.KindPartner, code, "GD/-/"), Read, StatementRead, StatementConfirm, PayeeWrite)
		_, err := super.Exec(ctx, `INSERT INTO partners (province_id, id, partner_id, org_path, code, legal_name, credit_code, capabilities, contact_name, contact_phone, contact_email)
			VALUES ($1, $2, $2, 'GD/', $3, $3, $4, '{agent}', 'n', 'p', 'e')`, w.province, x.Tenant.ID, code, "CREDIT"+code)
		require.NoError(t, err)
	}
	w.system = tenants.System(w.province, "test")
	return w
}

func (w *testWorld) publish(rules ...Rule) PlanDetail {
	return w.publishFrom("2026-01-01", rules...)
}

func (w *testWorld) publishFrom(from string, rules ...Rule) PlanDetail {
	w.Helper()
	d, err := w.s.CreatePlan(w.ctx(), w.maker, Document{Plan: "gd-channel", ValidFrom: from, Currency: "CNY", Rules: rules})
	require.NoError(w, err)
	_, err = w.s.SubmitPlan(w.ctx(), w.maker, d.ID)
	require.NoError(w, err)
	d, err = w.s.PublishPlan(w.ctx(), w.checker, d.ID)
	require.NoError(w, err)
	w.reprice(from[:7])
	return d
}

func (w *testWorld) reprice(month string) {
	raw, _ := json.Marshal(monthJob{w.province, month})
	require.NoError(w, w.s.RepriceJob(w.ctx(), raw))
}

// sale is an activation of a new service.
func (w *testWorld) sale(who tenants.Actor, day string, fen int64) Event {
	w.events++
	e := activation(fmt.Sprintf("act-%03d", w.events), day, fen)
	e.ServiceID, e.OrderID, e.AccountID = pg.NewID(), pg.NewID(), pg.NewID()
	e.ServiceNumber, e.OrderNumber, e.AccountName, e.OrgPath = fmt.Sprintf("S%03d", w.events), fmt.Sprintf("O%03d", w.events), "某客户", "GD/4401/440106/"
	e.Seller, e.SellerName, e.SolutionOwner, e.SolutionOwnerName, e.Units = who.Tenant.ID, who.Tenant.Name, w.owner.Tenant.ID, w.owner.Tenant.Name, 10
	return e
}

func (w *testWorld) record(events ...Event) {
	w.Helper()
	_, _, err := w.s.Record(w.ctx(), w.system, events)
	require.NoError(w, err)
}

func (w *testWorld) calculate(month string) {
	w.Helper()
	_, err := w.s.Calculate(w.ctx(), w.checker, month)
	require.NoError(w, err)
	raw, _ := json.Marshal(monthJob{w.province, month})
	require.NoError(w, w.s.CalculateJob(w.ctx(), raw))
}

func (w *testWorld) close(month string) {
	w.Helper()
	w.calculate(month)
	_, err := w.s.Issue(w.ctx(), w.checker, month)
	require.NoError(w, err)
}

func (w *testWorld) sound() Checked {
	w.Helper()
	n, err := w.s.CheckLedger(w.ctx(), w.province)
	require.NoError(w, err)
	return n
}

func (w *testWorld) lines(who tenants.Actor) []Line {
	w.Helper()
	rows, total, err := w.s.Lines(w.ctx(), who, LineQuery{Limit: 5000})
	require.NoError(w, err)
	require.EqualValues(w, len(rows), total)
	return rows
}

func (w *testWorld) statement(who tenants.Actor, month string) StatementDetail {
	w.Helper()
	rows, _, err := w.s.Statements(w.ctx(), who, StatementQuery{Month: month, Limit: 10})
	require.NoError(w, err)
	require.Len(w, rows, 1)
	d, err := w.s.Statement(w.ctx(), who, rows[0].ID)
	require.NoError(w, err)
	return d
}

func (w *testWorld) balance(who tenants.Actor) (held, due, receivable int64) {
	require.NoError(w, w.super.QueryRow(w.ctx(), `SELECT held_fen, due_fen, receivable_fen FROM commission_balances WHERE partner_id = $1`, who.Tenant.ID).Scan(&held, &due, &receivable))
	return held, due, receivable
}

func shareSum(lines []Line) (sum int64) {
	for _, l := range lines {
		sum += l.ShareFen
	}
	return sum
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

func (w *testWorld) statements(month string) []Statement {
	w.Helper()
	rows, _, err := w.s.Statements(w.ctx(), w.checker, StatementQuery{Month: month, Limit: 100})
	require.NoError(w, err)
	return rows
}

// ready confirms a statement and gives it all it needs to be paid.
func (w *testWorld) ready(who tenants.Actor, month string) StatementDetail {
	w.Helper()
	d := w.statement(who, month)
	if d.State == "issued" {
		var err error
		d, err = w.s.Confirm(w.ctx(), who, d.ID)
		require.NoError(w, err)
	}
	p, err := w.s.Payee(w.ctx(), who)
	require.NoError(w, err)
	if p.Version == 0 {
		p.Bank, p.Branch, p.AccountNumber = "工商银行", "广州天河支行", "3602000109876543210"
		_, err = w.s.SavePayee(w.ctx(), who, p)
		require.NoError(w, err)
	}
	if d.PayableFen > 0 && len(d.Invoices) == 0 && d.State == "confirmed" {
		w.events++
		d, err = w.s.AddInvoice(w.ctx(), who, d.ID, invoice(w.events, d.PayableFen, calendar.Date(w.now)))
		require.NoError(w, err)
	}
	return d
}

func invoice(n int, fen int64, day string) Invoice {
	tax, _ := money.MulDiv(fen, 60_000, 1_060_000)
	return Invoice{Number: fmt.Sprintf("%020d", n), Kind: "special", IssuedOn: day, AmountFen: fen, TaxFen: tax, RatePPM: 60_000}
}

// sent is a batch of all that is approved, checked and sent.
func (w *testWorld) sent(layout string) BatchDetail {
	w.Helper()
	_, _, err := w.s.ApproveReady(w.ctx(), w.checker)
	require.NoError(w, err)
	b, err := w.s.MakeBatch(w.ctx(), w.checker, layout)
	require.NoError(w, err)
	_, err = w.s.CheckBatch(w.ctx(), w.second, b.ID)
	require.NoError(w, err)
	b, err = w.s.SendBatch(w.ctx(), w.checker, b.ID)
	require.NoError(w, err)
	return b
}
