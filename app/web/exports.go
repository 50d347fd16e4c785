package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/sheet"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/order"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// book is a workbook on its way out; next returns nil after the last row. A job
// asks held, after it, which rows must stay in sight.
type book struct {
	name   string
	header []string
	next   func() ([]any, error)
	held   func() []uuid.UUID
	text   string // gb or utf8: a table of plain text instead of a workbook
}

// exportLimit bounds a download that is made while somebody waits; a job takes
// what a workbook holds.
const (
	exportLimit = 100_000
	jobLimit    = 1_000_000
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// download is a row whose answer is a workbook: the same table, the same
// permission, but a file instead of JSON.
func download(path string, permission tenants.Permission, summary string, build func(*Server, context.Context, tenants.Actor, *fiber.Ctx) (book, error)) Row {
	r := Row{Method: http.MethodGet, Path: path, Permission: permission, Summary: summary}
	r.register = func(s *Server, api huma.API, op huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: "Workbook", Content: map[string]*huma.MediaType{xlsxType: {}}}}
		api.OpenAPI().AddOperation(&op)
		if s == nil {
			return
		}
		s.fiber.Get(strings.NewReplacer("{", ":", "}", "").Replace(path), func(f *fiber.Ctx) error {
			ctx := tenants.WithOrigin(context.WithValue(f.UserContext(), localeKey{}, localeFrom(f)), requestID(f), f.IP())
			if err := s.sendBook(ctx, f, permission, build); err != nil {
				writeProblem(f, problemOf(ctx, err, requestID(f)))
			}
			return nil
		})
	}
	return r
}

func (s *Server) sendBook(ctx context.Context, f *fiber.Ctx, permission tenants.Permission, build func(*Server, context.Context, tenants.Actor, *fiber.Ctx) (book, error)) error {
	a, err := s.Tenants.Authenticate(ctx, accessToken(f))
	if err != nil {
		return err
	}
	a.Locale = localeOf(ctx)
	if err := a.Need(permission); err != nil {
		return err
	}
	b, err := build(s, ctx, a, f)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	plain, media := "export.xlsx", xlsxType
	if b.text != "" {
		plain, media = "export.csv", "text/csv"
		err = sheet.WriteText(&out, b.text == "gb", b.header, b.next)
	} else {
		err = sheet.Write(&out, "Sheet", b.header, b.next)
	}
	if err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, media)
	f.Set(fiber.HeaderContentDisposition, "attachment; filename=\""+plain+"\"; filename*=UTF-8''"+url.PathEscape(b.name))
	return f.Send(out.Bytes())
}

// rowsOf walks pages and hands out one row at a time. more returns the next
// page, empty at the end.
func rowsOf[T any](more func(last *T) ([]T, error), cells func(T) []any) func() ([]any, error) {
	return rowsUpTo(exportLimit, more, cells)
}

// rowsUpTo is rowsOf up to another number of rows. The next page is fetched
// while the one before is written.
func rowsUpTo[T any](most int, more func(last *T) ([]T, error), cells func(T) []any) func() ([]any, error) {
	type fetched struct {
		page []T
		err  error
	}
	coming := make(chan fetched, 1) // who stops early leaves one page behind
	fetch := func(last *T) {
		page, err := more(last)
		coming <- fetched{page, err}
	}
	var page []T
	begun, done, total := false, false, 0
	return func() ([]any, error) {
		if !begun {
			begun = true
			go fetch(nil)
		}
		if len(page) == 0 && !done {
			next := <-coming
			if next.err != nil {
				done = true
				return nil, next.err
			}
			page = next.page
			if done = len(page) == 0; !done {
				last := page[len(page)-1]
				go fetch(&last)
			}
		}
		if len(page) == 0 || total >= most {
			return nil, nil
		}
		x := page[0]
		page = page[1:]
		total++
		return cells(x), nil
	}
}

const exportPage = 1000

func day(t time.Time) string { return calendar.Date(t) }

func accountTemplate(_ *Server, ctx context.Context, _ tenants.Actor, _ *fiber.Ctx) (book, error) {
	return book{name: say(ctx, "客户导入模板.xlsx", "accounts-template.xlsx"), header: account.ImportHeader(), next: func() ([]any, error) { return nil, nil }}, nil
}

func exportDeals(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	q := deal.Query{State: f.Query("state"), Stage: f.Query("stage"), Text: f.Query("q"), Limit: exportPage}
	b := book{name: say(ctx, "商机.xlsx", "deals.xlsx"), header: []string{
		say(ctx, "单号", "Number"), say(ctx, "客户", "Account"), say(ctx, "方案", "Products"), say(ctx, "伙伴", "Partner"), say(ctx, "地市", "City"),
		say(ctx, "状态", "State"), say(ctx, "阶段", "Stage"), say(ctx, "金额（元）", "Amount (yuan)"), say(ctx, "保护期至", "Protected until"), say(ctx, "更新于", "Updated"),
	}}
	b.next = rowsOf(func(last *deal.Deal) ([]deal.Deal, error) {
		if last != nil {
			q.AfterAt, q.AfterID = last.UpdatedAt, last.ID
		}
		page, _, err := s.Deals.List(ctx, a, q)
		return page, err
	}, func(x deal.Deal) []any {
		until := ""
		if x.ProtectedUntil != nil {
			until = day(*x.ProtectedUntil)
		}
		return []any{x.Number, x.AccountName, strings.Join(x.Products, "、"), x.PartnerName, x.CityCode, x.State, x.Stage, float64(x.AmountFen) / 100, until, day(x.UpdatedAt)}
	})
	return b, nil
}

func exportOrders(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	q := order.Query{State: f.Query("state"), Text: f.Query("q"), Limit: exportPage}
	b := book{name: say(ctx, "订单.xlsx", "orders.xlsx"), header: []string{
		say(ctx, "单号", "Number"), say(ctx, "客户", "Account"), say(ctx, "方案", "Solution"), say(ctx, "销售方", "Seller"), say(ctx, "交付方", "Supplier"),
		say(ctx, "地市", "City"), say(ctx, "状态", "State"), say(ctx, "总额（元）", "Total (yuan)"), say(ctx, "一次性（元）", "One-off (yuan)"), say(ctx, "每月（元）", "Monthly (yuan)"), say(ctx, "更新于", "Updated"),
	}}
	b.next = rowsOf(func(last *order.Order) ([]order.Order, error) {
		if last != nil {
			q.AfterAt, q.AfterID = last.UpdatedAt, last.ID
		}
		page, _, err := s.Orders.Orders(ctx, a, q)
		return page, err
	}, func(x order.Order) []any {
		return []any{x.Number, x.AccountName, x.SolutionName, x.SellerName, x.SupplierName, x.CityCode, x.State, float64(x.TotalFen) / 100, float64(x.OneOffFen) / 100, float64(x.MonthlyFen) / 100, day(x.UpdatedAt)}
	})
	return b, nil
}

// exportMenu is the elements and rules of a version, in the form that is read.
func exportMenu(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	id, err := uuid.Parse(f.Params("id"))
	if err != nil {
		return book{}, fault.ErrMissing
	}
	d, err := s.Solutions.GetVersion(ctx, a, id)
	if err != nil {
		return book{}, err
	}
	sold := make([]menu.Element, 0, len(d.Elements))
	for _, e := range d.Elements {
		sold = append(sold, e.Sold())
	}
	rows := menu.Sheet(sold, d.Menu.V, localeOf(ctx))
	return book{name: d.Solution.Name + " " + d.Semver + ".xlsx", header: menu.Header(localeOf(ctx)), next: func() ([]any, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}}, nil
}

// exportStatement is a statement as a workbook, lines and sums.
func exportStatement(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	id, err := uuid.Parse(f.Params("id"))
	if err != nil {
		return book{}, fault.ErrMissing
	}
	d, err := s.Commissions.Statement(ctx, a, id)
	if err != nil {
		return book{}, err
	}
	b := book{name: d.Number + ".xlsx", header: []string{
		say(ctx, "业务日期", "Business date"), say(ctx, "类型", "Kind"), say(ctx, "事件", "Event"), say(ctx, "客户", "Account"), say(ctx, "产品", "Product"), say(ctx, "订单", "Order"),
		say(ctx, "计酬金额（元）", "Basis (yuan)"), say(ctx, "数量", "Units"), say(ctx, "酬金（元）", "Line (yuan)"), say(ctx, "本方分成（元）", "Share (yuan)"), say(ctx, "状态", "State"), say(ctx, "异议", "Dispute"),
	}}
	yuan := func(fen int64) float64 { return float64(fen) / 100 }
	rows := make([][]any, 0, len(d.Items)+5)
	for _, l := range d.Items {
		rows = append(rows, []any{l.BusinessDate, l.Kind, l.EventKind, l.AccountName, l.Product, l.OrderNumber, yuan(l.BasisFen), l.Units, yuan(l.LineFen), yuan(l.ShareFen), l.State, l.Dispute})
	}
	for _, sum := range []struct {
		label string
		fen   int64
	}{
		{say(ctx, "合计", "Total"), d.TotalFen},
		{say(ctx, "异议暂缓", "Held back"), -d.HeldFen},
		{say(ctx, "上期结转", "Carried in"), d.CarryInFen},
		{say(ctx, "应付", "Payable"), d.PayableFen},
		{say(ctx, "结转下期", "Carried out"), d.CarryOutFen},
	} {
		rows = append(rows, []any{sum.label, "", "", "", "", "", "", "", "", yuan(sum.fen), "", ""})
	}
	b.next = func() ([]any, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}
	return b, nil
}
