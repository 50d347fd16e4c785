package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/sheet"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/money"
	"ecoport/marketplace/order"
	"ecoport/tenants"
)

// What systems outside send: usage, billing months and what became of
// provisioning; by the API, or as a file that is tried first.

func sendUsage(s *Server, ctx context.Context, a tenants.Actor, in *usageInput) (FeedResult, error) {
	facts := make([]order.Fact, 0, len(in.Body.Facts))
	for _, f := range in.Body.Facts {
		facts = append(facts, order.Fact{ID: f.ID, ServiceNumber: f.ServiceNo, Element: f.Element, Day: f.Day, Quantity: f.Quantity})
	}
	accepted, repeated, err := s.Orders.RecordUsage(ctx, a, facts, false)
	return FeedResult{accepted, repeated}, err
}

func sendProvisioning(s *Server, ctx context.Context, a tenants.Actor, in *provisioningInput) (FeedResult, error) {
	answers := make([]order.Answer, 0, len(in.Body.Answers))
	for _, x := range in.Body.Answers {
		answers = append(answers, order.Answer{ID: x.ID, OrderNumber: x.OrderNo, Element: x.Element, Status: x.Status, At: x.At, Message: x.Message})
	}
	accepted, repeated, err := s.Orders.Answered(ctx, a, answers)
	return FeedResult{accepted, repeated}, err
}

func orderUsage(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (List[ServiceUsage], error) {
	out := List[ServiceUsage]{Items: []ServiceUsage{}}
	found, err := s.Orders.Usage(ctx, a, uuid.MustParse(in.ID))
	for _, u := range found {
		w := ServiceUsage{Element: u.Element, Unit: u.Unit, Billing: u.Billing, Month: u.Month, FeeFen: u.FeeFen, Days: []UsageDay{}}
		for _, d := range u.Days {
			w.Days = append(w.Days, UsageDay{d.Day.Format(time.DateOnly), d.Quantity})
		}
		out.Items = append(out.Items, w)
	}
	return out, err
}

// feed is a kind of file: its columns, and how a row is read.
type feed struct {
	header []fault.Words
	fields []string // of the record, beside the columns
	list   string   // what the service calls the records
}

var usageFeed = feed{
	header: []fault.Words{{Zh: "编号", En: "ID"}, {Zh: "服务编号", En: "Service number"}, {Zh: "日期", En: "Day"}, {Zh: "功能元素", En: "Element"}, {Zh: "用量", En: "Quantity"}},
	fields: []string{"id", "service_number", "day", "element", "quantity"}, list: "facts",
}

var billingFeed = feed{
	header: []fault.Words{{Zh: "编号", En: "ID"}, {Zh: "服务编号", En: "Service number"}, {Zh: "账期", En: "Billing month"}, {Zh: "第几个计费月", En: "Month of the service"}, {Zh: "收入（元）", En: "Revenue (yuan)"}, {Zh: "在用数量", En: "Active units"}},
	fields: []string{"id", "service_number", "at", "month", "amount_fen", "units"}, list: "events",
}

// mostFeedRows is how long a file may be; more is sent by the API or in parts.
const mostFeedRows = 20_000

// mostFeedFaults is how many faults are shown of one file.
const mostFeedFaults = 200

var (
	errFeedFile  = fault.New(fault.Invalid, "feed-file", "文件读不出来，请用模板（XLSX 或 CSV）。什么都没有导入。", "The file cannot be read; use the template (XLSX or CSV). Nothing was imported.")
	errFeedLong  = fault.New(fault.Invalid, "feed-long", "文件太长，一次最多 20 000 行，请分开导入。什么都没有导入。", "The file is too long: 20 000 rows at once. Split it. Nothing was imported.")
	errFeedEmpty = fault.New(fault.Invalid, "feed-empty", "文件里没有数据行。", "There are no rows in the file.")
)

// rows reads a file; the number of each row is kept beside it.
func (d feed) rows(content []byte) (rows [][]string, numbers []int, err error) {
	add := func(n int, cells []string) error {
		row := make([]string, len(d.header))
		empty := true
		for i := range row {
			if i < len(cells) {
				row[i] = strings.TrimSpace(strings.TrimPrefix(cells[i], "'"))
				empty = empty && row[i] == ""
			}
		}
		if empty || len(rows) == 0 && (row[0] == d.header[0].Zh || strings.EqualFold(row[0], d.header[0].En)) {
			return nil
		}
		if len(rows) == mostFeedRows {
			return errFeedLong
		}
		rows, numbers = append(rows, row), append(numbers, n)
		return nil
	}
	read := sheet.ReadText
	if bytes.HasPrefix(content, []byte("PK")) {
		read = func(_ io.Reader, add func(int, []string) error) error {
			return sheet.Read(bytes.NewReader(content), add)
		}
	}
	if err := read(bytes.NewReader(content), add); err != nil {
		if _, ours := fault.As(err); ours {
			return nil, nil, err
		}
		return nil, nil, errFeedFile
	}
	if len(rows) == 0 {
		return nil, nil, errFeedEmpty
	}
	return rows, numbers, nil
}

// writtenDay reads a day as people and spreadsheets write it.
func writtenDay(text string) string {
	text = strings.NewReplacer("/", "-", ".", "-").Replace(text)
	if n, err := strconv.Atoi(text); err == nil && n > 20_000 && n < 80_000 { // days of a spreadsheet
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
	}
	if t, err := time.Parse("2006-1-2", text); err == nil {
		return t.Format(time.DateOnly)
	}
	return text
}

// reader collects what is wrong with cells.
type reader struct {
	feed
	ctx    context.Context
	faults []FeedFault
}

func (r *reader) bad(number, column int, message string) {
	f := FeedFault{Row: number, Message: message}
	if column >= 0 {
		f.Cell = sheet.Cell(column, number)
	}
	r.faults = append(r.faults, f)
}

func (r *reader) whole(number, column int, text string) int64 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
	if err != nil || n < 0 {
		r.bad(number, column, say(r.ctx, "应为不小于 0 的整数。", "A whole number from 0 on."))
	}
	return n
}

var faulted = regexp.MustCompile(`^[a-z]+\[(\d+)\]\.(.*)$`)

// read turns a refusal of the service into faults of rows; false when it is
// about something else.
func (r *reader) read(err error, numbers []int) bool {
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 {
		return false
	}
	for _, x := range f.Fields {
		m := faulted.FindStringSubmatch(x.Name)
		if m == nil {
			return false
		}
		i, err := strconv.Atoi(m[1])
		if err != nil || i >= len(numbers) {
			return false
		}
		r.bad(numbers[i], slices.Index(r.fields, m[2]), x.Words.In(localeOf(r.ctx)))
	}
	return true
}

// answer says what a file holds: tried, or imported.
func (r *reader) answer(rows int, apply bool, send func(dry bool) (accepted, repeated int, err error), numbers []int) (FeedRead, error) {
	out := FeedRead{Rows: rows, Faults: []FeedFault{}}
	if len(r.faults) == 0 {
		accepted, repeated, err := send(!apply)
		if err != nil && !r.read(err, numbers) {
			return out, err
		}
		if err == nil {
			out.Accepted, out.Repeated, out.Applied = accepted, repeated, apply
			return out, nil
		}
	}
	slices.SortStableFunc(r.faults, func(x, y FeedFault) int { return cmp.Compare(x.Row, y.Row) })
	out.BadRows = len(slices.CompactFunc(slices.Clone(r.faults), func(x, y FeedFault) bool { return x.Row == y.Row }))
	out.Faults = r.faults[:min(len(r.faults), mostFeedFaults)]
	return out, nil
}

func importUsage(s *Server, ctx context.Context, a tenants.Actor, in *feedInput) (FeedRead, error) {
	rows, numbers, err := usageFeed.rows(in.Body.Content)
	if err != nil {
		return FeedRead{}, err
	}
	r := &reader{feed: usageFeed, ctx: ctx}
	var facts []order.Fact
	for i, row := range rows {
		facts = append(facts, order.Fact{ID: row[0], ServiceNumber: row[1], Day: writtenDay(row[2]), Element: row[3], Quantity: r.whole(numbers[i], 4, row[4])})
	}
	return r.answer(len(rows), in.Body.Apply, func(dry bool) (int, int, error) { return s.Orders.RecordUsage(ctx, a, facts, dry) }, numbers)
}

func importBilling(s *Server, ctx context.Context, a tenants.Actor, in *feedInput) (FeedRead, error) {
	rows, numbers, err := billingFeed.rows(in.Body.Content)
	if err != nil {
		return FeedRead{}, err
	}
	r := &reader{feed: billingFeed, ctx: ctx}
	var sent []commission.Sent
	var sum int64
	for i, row := range rows {
		n := numbers[i]
		month, err := time.ParseInLocation("2006-01", writtenDay(row[2])[:min(7, len(writtenDay(row[2])))], calendar.Shanghai)
		if err != nil || month.After(calendar.Now(ctx)) {
			r.bad(n, 2, say(ctx, "账期应为 YYYY-MM，且不晚于本月。", "A billing month is YYYY-MM, and not after this one."))
		}
		fen, err := money.ParseYuan(row[4])
		if err != nil {
			r.bad(n, 4, say(ctx, "应为金额，最多两位小数。", "An amount with two decimals at most."))
		}
		sum += fen
		sent = append(sent, commission.Sent{ID: row[0], Kind: commission.Recurring, ServiceNumber: row[1], At: month, Month: int(r.whole(n, 3, row[3])), AmountFen: fen, Units: r.whole(n, 5, row[5])})
	}
	out, err := r.answer(len(rows), in.Body.Apply, func(dry bool) (int, int, error) { return s.Commissions.SendEvents(ctx, a, sent, dry) }, numbers)
	out.TotalFen = &sum
	return out, err
}

func feedTemplate(d feed, zh, en string) func(*Server, context.Context, tenants.Actor, *fiber.Ctx) (book, error) {
	return func(_ *Server, ctx context.Context, _ tenants.Actor, _ *fiber.Ctx) (book, error) {
		var header []string
		for _, h := range d.header {
			header = append(header, h.In(localeOf(ctx)))
		}
		return book{name: fmt.Sprint(say(ctx, zh, en), ".xlsx"), header: header, next: func() ([]any, error) { return nil, nil }}, nil
	}
}
