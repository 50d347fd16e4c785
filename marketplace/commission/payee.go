package commission

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// Payee is where a firm is paid, and how it is taxed.
type Payee struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	PartnerID     uuid.UUID `gorm:"primaryKey"`
	OrgPath       string
	Holder        string // the firm's own legal name
	Bank          string
	Branch        string
	AccountNumber string // 8 to 30 digits
	Taxpayer      string // general or small
	ChangedBy     uuid.UUID
	ChangedName   string
	ChangedAt     time.Time
	Version       int64
}

// TableName of payees.
func (Payee) TableName() string { return "payees" }

// RowVersion is the optimistic lock.
func (p *Payee) RowVersion() *int64 { return &p.Version }

var accountNumber = regexp.MustCompile(`^\d{8,30}$`)

// Payee returns the actor's own firm's; its holder is the firm's legal name
// even before anything is kept, with version 0.
func (s *Service) Payee(ctx context.Context, a tenants.Actor) (Payee, error) {
	if err := a.Need(StatementRead); err != nil {
		return Payee{}, err
	}
	var p Payee
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		p, err = ownPayee(tx, a)
		return err
	})
	return p, err
}

func ownPayee(tx *pg.Tx, a tenants.Actor) (Payee, error) {
	var found []Payee
	if !a.Partner() {
		return Payee{}, fault.ErrMissing
	}
	if err := tx.Where("province_id = ? AND partner_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Find(&found).Error; err != nil {
		return Payee{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	p := Payee{ProvinceID: a.Tenant.ProvinceID, PartnerID: a.Tenant.ID, Taxpayer: "general"}
	var firm struct{ LegalName, OrgPath string }
	if err := pg.One(tx.Raw(`SELECT legal_name, org_path FROM partners WHERE province_id = ? AND id = ?`, p.ProvinceID, p.PartnerID), &firm); err != nil {
		return p, err
	}
	p.Holder, p.OrgPath = firm.LegalName, firm.OrgPath
	return p, nil
}

// SavePayee keeps the account that the actor's firm is paid to. Money goes to
// the firm itself only. Payouts that are made already keep the account they
// were made with.
func (s *Service) SavePayee(ctx context.Context, a tenants.Actor, in Payee) (Payee, error) {
	if err := a.Need(PayeeWrite); err != nil {
		return Payee{}, err
	}
	var p Payee
	err := s.db.As(ctx, a, func(tx *pg.Tx) (err error) {
		if p, err = ownPayee(tx, a); err != nil {
			return err
		}
		var c fault.Checker
		in.AccountNumber = strings.Join(strings.Fields(strings.ReplaceAll(in.AccountNumber, "-", "")), "")
		in.Bank, in.Branch = strings.TrimSpace(in.Bank), strings.TrimSpace(in.Branch)
		c.Require("bank", in.Bank != "")
		c.Require("branch", in.Branch != "")
		c.OneOf("taxpayer", in.Taxpayer, "general", "small")
		if !accountNumber.MatchString(in.AccountNumber) {
			c.Add("account_number", "digits", "账号应为 8 到 30 位数字。", "An account number is 8 to 30 digits.")
		}
		if err := c.Err(); err != nil {
			return err
		}
		if p.Version != in.Version {
			return fault.ErrStale
		}
		if p.Version > 0 && p.Bank == in.Bank && p.Branch == in.Branch && p.AccountNumber == in.AccountNumber && p.Taxpayer == in.Taxpayer {
			return nil
		}
		p.Bank, p.Branch, p.AccountNumber, p.Taxpayer = in.Bank, in.Branch, in.AccountNumber, in.Taxpayer
		p.ChangedBy, p.ChangedName, p.ChangedAt = a.User, a.Name, calendar.Now(ctx)
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "save_payee", Resource: "payee", ID: p.PartnerID, Label: p.Holder, OrgPath: p.OrgPath, Partner: p.PartnerID})
		if p.Version == 0 {
			p.Version = 1
			if err := tx.Create(&p).Error; pg.Violated(err, "payees_pkey") {
				return fault.ErrStale // a colleague was faster
			} else if err != nil {
				return err
			}
			return nil
		}
		return pg.Save(tx, &p)
	})
	return p, err
}

// Invoice is the firm's bill for a statement. The invoices of a statement sum
// to what it pays.
type Invoice struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	PartnerID   uuid.UUID
	OrgPath     string
	StatementID uuid.UUID
	Number      string // 8 digits on paper, 20 electronic
	Kind        string // special or ordinary
	IssuedOn    string // YYYY-MM-DD
	AmountFen   int64  // with tax
	TaxFen      int64
	RatePPM     int64 `gorm:"column:rate_ppm"`
	FileID      *uuid.UUID
	State       string // sent, accepted, returned or withdrawn
	Reason      string // why it was returned
	CreatedAt   time.Time
	UpdatedAt   time.Time
	File        *tenants.File `gorm:"-"`
}

// TableName of invoices.
func (Invoice) TableName() string { return "invoices" }

// Refusals about what is paid.
var (
	errInvoiceKnown   = fault.New(fault.Conflict, "invoice-known", "发票 %s 已经登记过。", "Invoice %s is registered already.")
	errInvoiceTooMuch = fault.New(fault.Conflict, "invoice-too-much", "发票合计 %s 元，超过对账单应付 %s 元。", "The invoices sum to %s yuan, more than the %s yuan the statement pays.")
	errNotInvoicing   = fault.New(fault.Conflict, "not-invoicing", "对账单确认之后、复核之前才能登记或撤回发票。", "Invoices are registered and withdrawn after the statement is confirmed and before it is approved.")
	errNotReady       = fault.New(fault.Conflict, "statement-not-ready", "还不能复核：%s", "It cannot be approved yet: %s")
)

var invoiceNumber = regexp.MustCompile(`^(\d{8}|\d{20})$`)

// rates of value-added tax, ppm.
var rates = []int64{0, 10_000, 30_000, 60_000, 90_000, 130_000}

// taxTolerance in fen: an invoice rounds line by line.
const taxTolerance = 10

func (v *Invoice) validate(now time.Time) error {
	var c fault.Checker
	v.Number = strings.TrimSpace(v.Number)
	if !invoiceNumber.MatchString(v.Number) {
		c.Add("number", "digits", "发票号码为 8 位（纸质）或 20 位（数电）数字。", "An invoice number has 8 digits (paper) or 20 (electronic).")
	}
	c.OneOf("kind", v.Kind, "special", "ordinary")
	if _, err := time.Parse(time.DateOnly, v.IssuedOn); err != nil || v.IssuedOn > calendar.Date(now) {
		c.Add("issued_on", "date", "开票日期不能晚于今天。", "The date of an invoice is not after today.")
	}
	known := false
	for _, r := range rates {
		known = known || r == v.RatePPM
	}
	if !known {
		c.Add("rate_ppm", "unknown", "税率应为 0、1%、3%、6%、9% 或 13%。", "The rate is 0, 1, 3, 6, 9 or 13 %.")
	}
	if v.AmountFen <= 0 || v.AmountFen > maxFen {
		c.Add("amount_fen", "range", "价税合计应大于 0。", "The amount with tax is above 0.")
	} else if known {
		tax, err := money.MulDiv(v.AmountFen, v.RatePPM, 1_000_000+v.RatePPM)
		if err != nil || v.TaxFen < tax-taxTolerance || v.TaxFen > tax+taxTolerance {
			c.Add("tax_fen", "tax", "税额与价税合计、税率不符，应约为 "+money.Yuan(tax)+" 元。", "The tax does not follow from amount and rate; it should be about "+money.Yuan(tax)+" yuan.")
		}
	}
	return c.Err()
}

// AddInvoice registers an invoice of a confirmed statement.
func (s *Service) AddInvoice(ctx context.Context, a tenants.Actor, statement uuid.UUID, v Invoice) (StatementDetail, error) {
	return s.invoicing(ctx, a, statement, func(tx *pg.Tx, st *Statement) error {
		now := calendar.Now(ctx)
		if err := v.validate(now); err != nil {
			return err
		}
		if v.FileID != nil {
			if _, err := tenants.OwnFile(tx, a, *v.FileID, "invoice"); err != nil {
				return err
			}
		}
		v.ProvinceID, v.ID, v.PartnerID, v.OrgPath, v.StatementID, v.State, v.Reason, v.CreatedAt, v.UpdatedAt = st.ProvinceID, pg.NewID(), st.PartnerID, st.OrgPath, st.ID, "sent", "", now, now
		if err := tx.Create(&v).Error; pg.Violated(err, "invoices_number_once") {
			return errInvoiceKnown.Fill(v.Number)
		} else if err != nil {
			return err
		}
		sum, err := st.invoiced(tx)
		if err != nil {
			return err
		}
		if sum > st.PayableFen {
			return errInvoiceTooMuch.Fill(money.Yuan(sum), money.Yuan(st.PayableFen))
		}
		tenants.Record(ctx, tx, a, st.entry("invoice", st.State, st.State, v.Number))
		return nil
	})
}

// WithdrawInvoice takes one back that was not accepted yet.
func (s *Service) WithdrawInvoice(ctx context.Context, a tenants.Actor, statement uuid.UUID, number string) (StatementDetail, error) {
	return s.invoicing(ctx, a, statement, func(tx *pg.Tx, st *Statement) error {
		tenants.Record(ctx, tx, a, st.entry("withdraw_invoice", st.State, st.State, number))
		return st.answerInvoice(ctx, tx, number, "withdrawn", "")
	})
}

func (s *Service) invoicing(ctx context.Context, a tenants.Actor, id uuid.UUID, change func(*pg.Tx, *Statement) error) (StatementDetail, error) {
	var d StatementDetail
	if err := a.Need(StatementConfirm); err != nil {
		return d, err
	}
	if !a.Partner() {
		return d, fault.DeniedFor(string(StatementConfirm))
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		st, err := lockStatement(tx, id)
		if err != nil {
			return err
		}
		if st.State != "confirmed" || st.PayableFen == 0 {
			return errNotInvoicing
		}
		if err := change(tx, &st); err != nil {
			return err
		}
		d, err = statementDetail(tx, a, id)
		return err
	})
	return d, err
}

// answerInvoice moves a registered one on; it is missing when there is none.
func (st *Statement) answerInvoice(ctx context.Context, tx *pg.Tx, number, state, reason string) error {
	done := tx.Exec(`UPDATE invoices SET state = ?, reason = ?, updated_at = ? WHERE province_id = ? AND statement_id = ? AND number = ? AND state = 'sent'`, state, reason, calendar.Now(ctx), st.ProvinceID, st.ID, number)
	if done.Error == nil && done.RowsAffected == 0 {
		return fault.ErrMissing
	}
	return done.Error
}

// invoiced so far, in fen.
func (st *Statement) invoiced(tx *pg.Tx) (sum int64, err error) {
	err = tx.Raw(`SELECT coalesce(sum(amount_fen), 0)::bigint FROM invoices WHERE province_id = ? AND statement_id = ? AND state IN ('sent', 'accepted')`, st.ProvinceID, st.ID).Scan(&sum).Error
	return sum, err
}

// ReturnInvoice says no to one, with the reason; the firm sends another.
func (s *Service) ReturnInvoice(ctx context.Context, a tenants.Actor, statement uuid.UUID, number, reason string) (StatementDetail, error) {
	return s.statementStep(ctx, a, statement, func(tx *pg.Tx, st *Statement) error {
		var c fault.Checker
		c.Require("reason", strings.TrimSpace(reason) != "")
		if err := c.Err(); err != nil {
			return err
		}
		if st.State != "confirmed" {
			return errNotInvoicing
		}
		tenants.Record(ctx, tx, a, st.entry("return_invoice", st.State, st.State, number+": "+reason))
		return st.answerInvoice(ctx, tx, number, "returned", reason)
	})
}

// statementStep is what an officer of the province does with a statement.
func (s *Service) statementStep(ctx context.Context, a tenants.Actor, id uuid.UUID, step func(*pg.Tx, *Statement) error) (StatementDetail, error) {
	var d StatementDetail
	if err := a.Need(StatementIssue); err != nil {
		return d, err
	}
	// Visible to the one who asks, by the rules of the one who asks.
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var seen Statement
		return pg.One(tenants.Rows(tx).Where("id = ?", id), &seen)
	}); err != nil {
		return d, err
	}
	err := s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		if err := lockProvince(tx, true); err != nil {
			return err
		}
		st, err := lockStatement(tx, id)
		if err != nil {
			return err
		}
		if err := step(tx, &st); err != nil {
			return err
		}
		d, err = statementDetail(tx, a, id)
		return err
	})
	return d, err
}

// Need is one thing a statement needs before it is paid.
type Need struct {
	Code string // confirmed, account or invoices
	Done bool
	fault.Words
}

// needs of a statement until it can be approved. Cities settle inside the
// house: they send no invoice and have no account.
func (st *Statement) needs(tx *pg.Tx) ([]Need, error) {
	var firm struct {
		Kind     string
		Account  bool
		Invoiced int64
		Legal    bool
	}
	if err := pg.One(tx.Raw(`SELECT t.kind, EXISTS (SELECT FROM payees y WHERE y.province_id = t.province_id AND y.partner_id = t.id) AS account,
		(SELECT coalesce(sum(amount_fen), 0)::bigint FROM invoices v WHERE v.province_id = t.province_id AND v.statement_id = ? AND v.state IN ('sent', 'accepted')) AS invoiced
		FROM tenants t WHERE t.province_id = ? AND t.id = ?`, st.ID, st.ProvinceID, st.PartnerID), &firm); err != nil {
		return nil, err
	}
	out := []Need{{"confirmed", st.State != "issued", fault.Words{Zh: "伙伴确认对账单", En: "the partner confirms the statement"}}}
	if firm.Kind != string(tenants.KindPartner) || st.PayableFen == 0 {
		return out, nil
	}
	account := fault.Words{Zh: "伙伴登记收款账户", En: "the partner says where it is paid"}
	invoices := fault.Words{Zh: "发票合计等于应付（已登记 %s / %s 元）", En: "invoices sum to what is paid (%s of %s yuan so far)"}.Fill(money.Yuan(firm.Invoiced), money.Yuan(st.PayableFen))
	return append(out, Need{"account", firm.Account, account}, Need{"invoices", firm.Invoiced == st.PayableFen, invoices}), nil
}

// Approve says that a confirmed statement may be paid, and accepts its invoices.
func (s *Service) Approve(ctx context.Context, a tenants.Actor, id uuid.UUID) (StatementDetail, error) {
	return s.statementStep(ctx, a, id, func(tx *pg.Tx, st *Statement) error {
		if err := st.approve(ctx, tx, a); err != nil {
			return err
		}
		return progress(ctx, tx, a)
	})
}

func (st *Statement) approve(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	t, err := StatementMachine.Take(st.State, "approve", "")
	if err != nil {
		return err
	}
	needs, err := st.needs(tx)
	if err != nil {
		return err
	}
	for _, n := range needs {
		if !n.Done {
			e := *errNotReady
			e.Words = fault.Words{Zh: e.Words.Zh, En: e.Words.En}
			e.Words = fault.Words{Zh: fault.Words{Zh: e.Words.Zh}.Fill(n.Zh).Zh, En: fault.Words{En: e.Words.En}.Fill(n.En).En}
			return &e
		}
	}
	if err := tx.Exec(`UPDATE invoices SET state = 'accepted', updated_at = ? WHERE province_id = ? AND statement_id = ? AND state = 'sent'`, calendar.Now(ctx), st.ProvinceID, st.ID).Error; err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, st.entry("approve", st.State, t.To, ""))
	st.State = t.To
	return tx.Exec(`UPDATE statements SET state = ?, version = version + 1 WHERE province_id = ? AND id = ?`, t.To, st.ProvinceID, st.ID).Error
}

// ApproveReady approves every confirmed statement that has all it needs, and
// tells how many still wait.
func (s *Service) ApproveReady(ctx context.Context, a tenants.Actor) (approved, waiting int, err error) {
	if err := a.Need(StatementIssue); err != nil {
		return 0, 0, err
	}
	err = s.db.As(ctx, engine{a}, func(tx *pg.Tx) error {
		if err := lockProvince(tx, true); err != nil {
			return err
		}
		approved, waiting = 0, 0
		var rows []Statement
		if err := tx.Raw(`SELECT * FROM statements WHERE province_id = ? AND state = 'confirmed' AND payable_fen > 0 ORDER BY number FOR UPDATE`, a.Tenant.ProvinceID).Scan(&rows).Error; err != nil {
			return err
		}
		for i := range rows {
			err := rows[i].approve(ctx, tx, a)
			if f, ok := fault.As(err); ok && f.Is(errNotReady) {
				waiting++
				continue
			}
			if err != nil {
				return err
			}
			approved++
		}
		return progress(ctx, tx, a)
	})
	return approved, waiting, err
}

// SeesInvoice tells whether a file hangs on an invoice the actor sees.
func SeesInvoice(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(StatementRead) {
		return false, nil
	}
	var n int64
	err := tenants.Rows(tx).Model(&Invoice{}).Where("file_id = ?", file).Limit(1).Count(&n).Error
	return n > 0, err
}
