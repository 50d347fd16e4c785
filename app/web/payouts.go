package web

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// what a statement needs to be paid

func invoiceOf(v commission.Invoice) InvoiceRow {
	out := InvoiceRow{
		Invoice: Invoice{Number: v.Number, Kind: v.Kind, IssuedOn: v.IssuedOn, AmountFen: v.AmountFen, TaxFen: v.TaxFen, RatePPM: v.RatePPM},
		State:   v.State, Reason: v.Reason, CreatedAt: v.CreatedAt,
	}
	if v.File != nil {
		f := fileOf(*v.File)
		out.FileID, out.File = f.ID, &f
	}
	return out
}

func addInvoice(s *Server, ctx context.Context, a tenants.Actor, in *invoiceInput) (Statement, error) {
	b := in.Body
	v := commission.Invoice{Number: b.Number, Kind: b.Kind, IssuedOn: b.IssuedOn, AmountFen: b.AmountFen, TaxFen: b.TaxFen, RatePPM: b.RatePPM}
	if b.FileID != "" {
		ids, err := idsOf([]string{b.FileID})
		if err != nil {
			return Statement{}, err
		}
		v.FileID = &ids[0]
	}
	d, err := s.Commissions.AddInvoice(ctx, a, uuid.MustParse(in.ID), v)
	return statementOf(ctx, a, d), err
}

func withdrawInvoice(s *Server, ctx context.Context, a tenants.Actor, in *invoiceNumberInput) (Statement, error) {
	d, err := s.Commissions.WithdrawInvoice(ctx, a, uuid.MustParse(in.ID), in.Number)
	return statementOf(ctx, a, d), err
}

func returnInvoice(s *Server, ctx context.Context, a tenants.Actor, in *invoiceNumberInput) (Statement, error) {
	d, err := s.Commissions.ReturnInvoice(ctx, a, uuid.MustParse(in.ID), in.Number, in.Body.Reason)
	return statementOf(ctx, a, d), err
}

func approveStatement(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (Statement, error) {
	d, err := s.Commissions.Approve(ctx, a, uuid.MustParse(in.ID))
	return statementOf(ctx, a, d), err
}

func approveReady(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Approved, error) {
	approved, waiting, err := s.Commissions.ApproveReady(ctx, a)
	return Approved{approved, waiting}, err
}

func payeeOf(p commission.Payee) Payee {
	out := Payee{Holder: p.Holder, Bank: p.Bank, Branch: p.Branch, AccountNumber: p.AccountNumber, Taxpayer: p.Taxpayer, ChangedName: p.ChangedName, Version: p.Version}
	if !p.ChangedAt.IsZero() {
		out.ChangedAt = &p.ChangedAt
	}
	return out
}

func ownPayee(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (Payee, error) {
	p, err := s.Commissions.Payee(ctx, a)
	return payeeOf(p), err
}

func savePayee(s *Server, ctx context.Context, a tenants.Actor, in *payeeInput) (Payee, error) {
	b := in.Body
	p, err := s.Commissions.SavePayee(ctx, a, commission.Payee{Bank: b.Bank, Branch: b.Branch, AccountNumber: b.AccountNumber, Taxpayer: b.Taxpayer, Version: b.Version})
	return payeeOf(p), err
}

// batches

func payoutsOf(a tenants.Actor, found []commission.Payout) []Payout {
	out := []Payout{}
	for _, p := range found {
		w := Payout{
			ID: p.ID.String(), Number: p.Number, StatementID: p.StatementID.String(), StatementNumber: p.StatementNumber, Month: p.Month, PartnerName: p.PartnerName, AmountFen: p.AmountFen, TaxFen: p.TaxFen,
			InvoiceNumbers: p.InvoiceNumbers, Holder: p.Holder, Bank: p.Bank, Branch: p.Branch, AccountNumber: p.AccountNumber, AccountChanged: p.AccountChanged, State: p.State, Reference: p.Reference, Reason: p.Reason, SentAt: p.SentAt, AnsweredAt: p.AnsweredAt,
		}
		if a.Can(commission.PayoutRead) {
			w.BatchID = p.BatchID.String()
		} else if !a.Partner() {
			w.AccountNumber = "" // of no use to who reads statements only
		}
		out = append(out, w)
	}
	return out
}

func batchRowOf(b commission.Batch) PayoutBatchRow {
	return PayoutBatchRow{
		ID: b.ID.String(), Number: b.Number, Layout: b.Layout, State: b.State, Payouts: b.Payouts, TotalFen: b.TotalFen, MakerName: b.MakerName, CheckerName: b.CheckerName, Reason: b.Reason, CreatedAt: b.CreatedAt, SentAt: b.SentAt,
	}
}

func batchOf(ctx context.Context, a tenants.Actor, d commission.BatchDetail) PayoutBatch {
	return PayoutBatch{PayoutBatchRow: batchRowOf(d.Batch), Items: payoutsOf(a, d.Items), Paid: d.Paid, Failed: d.Failed, Events: eventsOf(ctx, d.History), Actions: listOf(d.Actions)}
}

func batches(s *Server, ctx context.Context, a tenants.Actor, in *batchesInput) (PayoutDesk, error) {
	var after *commission.BatchKey
	if in.Cursor != "" {
		after = &commission.BatchKey{}
		if err := s.openCursor(a, "payout_batches", in.Cursor, after); err != nil {
			return PayoutDesk{}, err
		}
	}
	found, total, w, err := s.Commissions.Batches(ctx, a, in.State, after, in.Limit+1)
	return PayoutDesk{
		Page:  pageOf(s, a, "payout_batches", in.Limit, total, found, batchRowOf, func(b commission.Batch) any { return commission.BatchKey{Number: b.Number, ID: b.ID} }),
		Ready: w.Statements, ReadyFen: w.Fen, ReadyInternal: w.InternalStatements, InternalFen: w.InternalFen, Confirmed: w.Confirmed,
	}, err
}

func makeBatch(s *Server, ctx context.Context, a tenants.Actor, in *batchInput) (PayoutBatch, error) {
	d, err := s.Commissions.MakeBatch(ctx, a, in.Body.Layout)
	return batchOf(ctx, a, d), err
}

func oneBatch(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (PayoutBatch, error) {
	d, err := s.Commissions.Batch(ctx, a, uuid.MustParse(in.ID))
	return batchOf(ctx, a, d), err
}

func actBatch(action string) call[actionInput, PayoutBatch] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *actionInput) (PayoutBatch, error) {
		id, reason := uuid.MustParse(in.ID), in.Body.Reason
		var d commission.BatchDetail
		var err error
		switch action {
		case "check":
			d, err = s.Commissions.CheckBatch(ctx, a, id)
		case "reject":
			d, err = s.Commissions.RejectBatch(ctx, a, id, reason)
		case "cancel":
			d, err = s.Commissions.CancelBatch(ctx, a, id, reason)
		case "send":
			d, err = s.Commissions.SendBatch(ctx, a, id)
		}
		return batchOf(ctx, a, d), err
	}
}

// layouts of the files that banks take: the columns in their order. Amounts are
// yuan with two decimals.
type column struct {
	head string
	cell func(commission.Payout) any
}

var (
	numberCell  = func(p commission.Payout) any { return p.Number }
	holderCell  = func(p commission.Payout) any { return p.Holder }
	accountCell = func(p commission.Payout) any { return p.AccountNumber }
	bankCell    = func(p commission.Payout) any { return p.Bank }
	branchCell  = func(p commission.Payout) any { return p.Branch }
	amountCell  = func(p commission.Payout) any { return money.Yuan(p.AmountFen) }
	purposeCell = func(p commission.Payout) any { return p.Month + " 酬金 " + p.StatementNumber }
)

var layouts = map[string]struct {
	gb      bool // the program of the bank reads GB18030
	columns []column
}{
	"standard": {false, []column{
		{"付款编号", numberCell},
		{"收款人", holderCell},
		{"收款账号", accountCell},
		{"开户行", bankCell},
		{"支行", branchCell},
		{"金额（元）", amountCell},
		{"用途", purposeCell},
		{"税额（元）", func(p commission.Payout) any { return money.Yuan(p.TaxFen) }},
		{"发票号码", func(p commission.Payout) any { return p.InvoiceNumbers }},
	}},
	"icbc": {true, []column{
		{"币种", func(commission.Payout) any { return "RMB" }}, {"收款账号", accountCell}, {"收款账号名称", holderCell}, {"收款账号开户行", branchCell}, {"金额", amountCell}, {"用途", purposeCell}, {"企业参考号", numberCell},
	}},
	"ccb": {true, []column{
		{"客户方流水号", numberCell}, {"收款账户名称", holderCell}, {"收款账号", accountCell}, {"收款行名称", bankCell}, {"收款行机构名称", branchCell}, {"转账金额", amountCell}, {"币种", func(commission.Payout) any { return "01" }}, {"摘要", purposeCell},
	}},
}

var errNotSent = fault.New(fault.Conflict, "batch-not-sent", "批次送出后才有文件。", "There is a file once the batch is sent.")

func batchFile(kind string) func(*Server, context.Context, tenants.Actor, *fiber.Ctx) (book, error) {
	return func(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
		id, err := uuid.Parse(f.Params("id"))
		if err != nil {
			return book{}, fault.ErrMissing
		}
		d, err := s.Commissions.Batch(ctx, a, id)
		if err != nil {
			return book{}, err
		}
		if d.SentAt == nil {
			return book{}, errNotSent
		}
		layout, known := layouts[d.Layout]
		if !known {
			layout = layouts["standard"]
		}
		b := book{name: d.Number + ".xlsx"}
		if kind == "csv" {
			b.name, b.text = d.Number+".csv", "utf8"
			if layout.gb {
				b.text = "gb"
			}
		}
		for _, c := range layout.columns {
			b.header = append(b.header, c.head)
		}
		rows := d.Items
		b.next = func() ([]any, error) {
			if len(rows) == 0 {
				return nil, nil
			}
			var cells []any
			for _, c := range layout.columns {
				cells = append(cells, c.cell(rows[0]))
			}
			rows = rows[1:]
			return cells, nil
		}
		return b, nil
	}
}

// answers of the bank

func answerPayouts(s *Server, ctx context.Context, a tenants.Actor, in *payoutAnswersInput) (FeedResult, error) {
	answers := make([]commission.Answered, 0, len(in.Body.Answers))
	for _, x := range in.Body.Answers {
		answers = append(answers, commission.Answered{Number: x.Number, Paid: x.Result == "paid", AmountFen: x.AmountFen, Reference: x.Reference, Reason: x.Reason, At: x.At})
	}
	accepted, repeated, err := s.Commissions.AnswerPayouts(ctx, a, answers, false)
	return FeedResult{accepted, repeated}, err
}

var answersFeed = feed{
	header: []fault.Words{{Zh: "付款编号", En: "Payout"}, {Zh: "金额（元）", En: "Amount (yuan)"}, {Zh: "结果", En: "Result"}, {Zh: "银行流水号", En: "Bank reference"}, {Zh: "失败原因", En: "Why it failed"}, {Zh: "日期", En: "Day"}},
	fields: []string{"number", "amount_fen", "paid", "reference", "reason", "at"}, list: "answers",
}

// results as banks write them.
var results = map[string]bool{"成功": true, "已付": true, "付款成功": true, "处理成功": true, "paid": true, "success": true, "失败": false, "退回": false, "退票": false, "付款失败": false, "处理失败": false, "failed": false, "returned": false}

func importAnswers(s *Server, ctx context.Context, a tenants.Actor, in *feedInput) (FeedRead, error) {
	rows, numbers, err := answersFeed.rows(in.Body.Content)
	if err != nil {
		return FeedRead{}, err
	}
	r := &reader{feed: answersFeed, ctx: ctx}
	var answers []commission.Answered
	var sum int64
	for i, row := range rows {
		n := numbers[i]
		x := commission.Answered{Number: row[0], Reference: row[3], Reason: row[4]}
		if x.AmountFen, err = money.ParseYuan(row[1]); err != nil {
			r.bad(n, 1, say(ctx, "应为金额，最多两位小数。", "An amount with two decimals at most."))
		}
		paid, known := results[strings.ToLower(row[2])]
		if !known {
			r.bad(n, 2, say(ctx, "结果应为“成功”或“失败”。", "The result is paid or failed."))
		}
		x.Paid = paid
		if row[5] != "" {
			day, err := time.ParseInLocation(time.DateOnly, writtenDay(row[5]), calendar.Shanghai)
			if err != nil || day.After(calendar.Now(ctx)) {
				r.bad(n, 5, say(ctx, "日期应为 YYYY-MM-DD，且不晚于今天。", "A day is YYYY-MM-DD, and not after today."))
			}
			x.At = day
		}
		if paid {
			sum += x.AmountFen
		}
		answers = append(answers, x)
	}
	out, err := r.answer(len(rows), in.Body.Apply, func(dry bool) (int, int, error) { return s.Commissions.AnswerPayouts(ctx, a, answers, dry) }, numbers)
	out.TotalFen = &sum
	return out, err
}
