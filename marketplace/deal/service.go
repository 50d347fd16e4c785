package deal

import (
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
	"ecoport/marketplace/listing"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/partner"
)

// JobExpire ends protections whose time is over; it comes by itself.
const JobExpire = "deal.expire"

// Refusals of this package.
var (
	ErrProtected  = fault.New(fault.Conflict, "protected-elsewhere", "该客户的同类产品已有商机在保护期内（至 %s）。", "The customer is under protection for these products until %s.")
	ErrSame       = fault.New(fault.Conflict, "registered-already", "贵司已为该客户报备了同样的产品（%s）。", "Your firm has registered this customer for the same products already (%s).")
	ErrExtended   = fault.New(fault.Conflict, "extended-already", "保护期只能延长一次。", "A protection is extended only once.")
	ErrOwnFirm    = fault.New(fault.Conflict, "own-firm", "不能为本公司自己报备商机：自购不计酬金。", "A firm cannot register itself: buying for oneself earns nothing.")
	ErrNotPartner = fault.New(fault.Denied, "not-active", "贵司还不是正常合作伙伴，暂不能报备。", "Your firm is not an active partner yet.")
	ErrChecks     = fault.New(fault.TooMany, "too-many-checks", "查询过于频繁，请 %d 秒后再试。", "Too many checks. Try again in %d seconds.")
	ErrFishing    = fault.New(fault.TooMany, "fishing", "贵司一天内已查询 %d 个不同客户，%s 之后可继续；已报备的商机不受影响。", "Your firm has asked about %d different customers within a day. Ask again after %s; registered deals are not affected.")
)

// Service is the use cases of this package.
type Service struct {
	db     *pg.DB
	people *tenants.Service
}

// NewService wires the package.
func NewService(db *pg.DB, people *tenants.Service) *Service { return &Service{db: db, people: people} }

// How much may be asked blindly: answers a minute to a person, different
// customers a day to a firm. Who uses the day up, or asks of many in a month and
// registers fewer than one of fishingShare, fishes: the province and the firm are
// told, and it counts as an alert against the firm's limits.
const (
	checksPerMinute = 20
	checksPerDay    = 200
	checksPerMonth  = 300
	fishingShare    = 20
	checksKept      = 90 * 24 * time.Hour
)

// check is one blind question.
type check struct {
	ProvinceID, ID, PartnerID uuid.UUID
	OrgPath                   string
	UserID                    uuid.UUID
	CreditCode, Answer        string
	CheckedAt                 time.Time
	Noticed                   bool
}

func (check) TableName() string { return "deal_checks" }

// allow refuses a question past the limits, and says whether the firm fishes. It
// holds the firm's other questions until the transaction ends.
func (x *check) allow(tx *pg.Tx) (fishes bool, err error) {
	if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "deal checks "+x.PartnerID.String()).Error; err != nil {
		return false, err
	}
	var past struct {
		Minute, Day, Month, Registered int64
		Known, Today, Lately           bool
		FirstInMinute, FirstInDay      *time.Time
	}
	err = tx.Raw(`SELECT m.minute, m.first_in_minute, d.day, d.first_in_day, d.known, d.today, f.month, f.lately,
		(SELECT count(*) FROM deals WHERE province_id = @province AND partner_id = @partner AND registered_at > @month) AS registered
		FROM (SELECT count(*) AS minute, min(checked_at) AS first_in_minute FROM deal_checks WHERE province_id = @province AND partner_id = @partner AND user_id = @person AND checked_at > @minute) m,
		(SELECT count(DISTINCT credit_code) AS day, min(checked_at) AS first_in_day, coalesce(bool_or(credit_code = @code), false) AS known, coalesce(bool_or(noticed), false) AS today FROM deal_checks WHERE province_id = @province AND partner_id = @partner AND checked_at > @day) d,
		(SELECT count(DISTINCT credit_code) AS month, coalesce(bool_or(noticed), false) AS lately FROM deal_checks WHERE province_id = @province AND partner_id = @partner AND checked_at > @month) f`,
		map[string]any{
			"province": x.ProvinceID, "partner": x.PartnerID, "person": x.UserID, "code": x.CreditCode,
			"minute": x.CheckedAt.Add(-time.Minute), "day": x.CheckedAt.AddDate(0, 0, -1), "month": x.CheckedAt.AddDate(0, 0, -30),
		}).Scan(&past).Error
	if err != nil {
		return false, err
	}
	if past.Minute >= checksPerMinute {
		e := ErrChecks.Fill(seconds(past.FirstInMinute.Add(time.Minute).Sub(x.CheckedAt)))
		e.RetryAfter = seconds(past.FirstInMinute.Add(time.Minute).Sub(x.CheckedAt))
		return false, e
	}
	if past.Known {
		return false, nil
	}
	if past.Day >= checksPerDay {
		again := past.FirstInDay.AddDate(0, 0, 1)
		e := ErrFishing.Fill(checksPerDay, again.In(calendar.Shanghai).Format("01-02 15:04"))
		e.RetryAfter = seconds(again.Sub(x.CheckedAt))
		return false, e
	}
	usedUp := past.Day+1 == checksPerDay && !past.Today
	idle := past.Month+1 >= checksPerMonth && past.Registered*fishingShare < past.Month && !past.Lately
	return usedUp || idle, nil
}

// seconds is a wait in whole seconds, at least one.
func seconds(d time.Duration) int { return int(d/time.Second) + 1 }

// Check asks blindly whether a customer is free. It looks at the whole
// province, which the asker cannot, and answers with one word.
func (s *Service) Check(ctx context.Context, a tenants.Actor, code string) (Answer, error) {
	if err := a.Need(Register); err != nil {
		return Answer{}, err
	}
	code = tenants.NormalCreditCode(code)
	if !tenants.CreditCodeOK(code) {
		var c fault.Checker
		c.Add("credit_code", "credit_code", "统一社会信用代码不正确：应为 18 位，且校验位要对得上。", "Not a valid unified social credit code: 18 characters, and the check character must match.")
		return Answer{}, c.Err()
	}
	now := calendar.Now(ctx)
	x := check{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), PartnerID: a.Tenant.ID, OrgPath: a.Tenant.Root(), UserID: a.User, CreditCode: code, CheckedAt: now}
	var out Answer
	err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		fishes, err := x.allow(tx)
		if err != nil {
			return err
		}
		if out, err = ask(tx, a, code, now); err != nil {
			return err
		}
		x.Answer = out.Answer
		if fishes {
			x.Noticed = true
			tenants.Record(ctx, tx, a, tenants.Entry{Action: "fish", Resource: "deal_check", ID: a.Tenant.ID, Label: a.Tenant.Name, OrgPath: a.Tenant.Root(), Partner: a.Tenant.ID})
		}
		return tx.Create(&x).Error
	})
	return out, err
}

// ask answers by what the whole province holds of a customer.
func ask(tx *pg.Tx, a tenants.Actor, code string, now time.Time) (Answer, error) {
	var held struct{ Until *time.Time }
	if err := tx.Raw(`SELECT max(protected_until) AS until FROM deals WHERE province_id = ? AND credit_code = ? AND partner_id <> ? AND state = 'protected' AND protected_until > ?`,
		a.Tenant.ProvinceID, code, a.Tenant.ID, now).Scan(&held).Error; err != nil {
		return Answer{}, err
	}
	if held.Until != nil {
		return Answer{"protected", held.Until}, nil
	}
	var n int64
	err := tx.Raw(`SELECT (SELECT count(*) FROM deals WHERE province_id = ? AND credit_code = ? AND partner_id <> ? AND state IN ('registered', 'under_review'))
		+ (SELECT count(*) FROM accounts a JOIN services s ON s.province_id = a.province_id AND s.account_id = a.id AND s.state = 'active' WHERE a.province_id = ? AND a.credit_code = ?)`,
		a.Tenant.ProvinceID, code, a.Tenant.ID, a.Tenant.ProvinceID, code).Scan(&n).Error
	if n > 0 {
		return Answer{Answer: "ask"}, err
	}
	return Answer{Answer: "free"}, err
}

// Tidy forgets old questions.
func (s *Service) Tidy(ctx context.Context, province uuid.UUID) error {
	return s.db.Prune(ctx, tenants.System(province, "清理"), "deal_checks", `province_id = ? AND checked_at < ?`, province, calendar.Now(ctx).Add(-checksKept))
}

// Registration is what an agent hands in.
type Registration struct {
	CreditCode, AccountName, DistrictCode string
	Listings                              []uuid.UUID
	AmountFen                             int64
	CloseOn                               string
	ContactName, ContactPhone, Need       string
	Files                                 []uuid.UUID
}

// Register registers a deal. Times are the server's: the first registration
// wins a tie.
func (s *Service) Register(ctx context.Context, a tenants.Actor, r Registration) (Detail, error) {
	if err := a.Need(Register); err != nil {
		return Detail{}, err
	}
	var c fault.Checker
	r.CreditCode, r.AccountName = tenants.NormalCreditCode(r.CreditCode), strings.TrimSpace(r.AccountName)
	if !tenants.CreditCodeOK(r.CreditCode) {
		c.Add("credit_code", "credit_code", "统一社会信用代码不正确：应为 18 位，且校验位要对得上。", "Not a valid unified social credit code: 18 characters, and the check character must match.")
	}
	c.Require("account_name", len([]rune(r.AccountName)) >= 2)
	c.Require("contact_name", strings.TrimSpace(r.ContactName) != "")
	if !partner.PhoneOK(r.ContactPhone) {
		c.Add("contact_phone", "phone", "请填写 11 位手机号或带区号的座机。", "An 11-digit mobile number, or a land line with its area code.")
	}
	if r.AmountFen <= 0 {
		c.Add("amount_fen", "range", "请填写预计金额。", "Give the expected amount.")
	}
	var closeOn *time.Time
	if r.CloseOn != "" {
		t, err := time.Parse(time.DateOnly, r.CloseOn)
		if err != nil {
			c.Add("close_on", "date", "日期格式不正确。", "Not a valid date.")
		}
		closeOn = &t
	}
	districts, err := s.people.Districts(ctx, a.Tenant.ProvinceID)
	if err != nil {
		return Detail{}, err
	}
	at := slices.IndexFunc(districts, func(d tenants.District) bool { return d.Code == r.DistrictCode })
	if at < 0 {
		c.OneOf("district_code", r.DistrictCode)
	}
	c.Require("listing_ids", len(r.Listings) > 0)
	if err := c.Err(); err != nil {
		return Detail{}, err
	}
	var d Detail
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		p, err := partner.Find(tx, a.Tenant.ID)
		if err != nil {
			return err
		}
		if p.State != "active" {
			return ErrNotPartner
		}
		if p.CreditCode == r.CreditCode {
			return ErrOwnFirm
		}
		now := calendar.Now(ctx)
		due := calendar.AddWorkingDays(now, reviewDays)
		x := Deal{
			ProvinceID: p.ProvinceID, ID: pg.NewID(), PartnerID: p.ID, PartnerName: p.LegalName, CityCode: districts[at].CityCode, DistrictCode: r.DistrictCode,
			OrgPath: a.Tenant.Root() + districts[at].CityCode + "/" + r.DistrictCode + "/", AccountName: r.AccountName, CreditCode: r.CreditCode, State: "registered", Stage: "analysis",
			AmountFen: r.AmountFen, CloseOn: closeOn, ContactName: r.ContactName, ContactPhone: r.ContactPhone, Need: r.Need, Files: pg.Texts{}, AgentID: a.User, AgentName: a.Name,
			RegisteredAt: now, DueAt: &due, Version: 1, UpdatedAt: now,
		}
		for _, id := range r.Listings {
			o, err := listing.OfferIn(tx, a, id)
			if err != nil {
				return err
			}
			if o.Scope != listing.ScopeProvince && o.Scope != x.CityCode {
				var c fault.Checker
				c.Add("listing_ids", "not_here", "「"+o.Name+"」没有在客户所在城市上架。", "“"+o.Name+"” is not on sale in the customer's city.")
				return c.Err()
			}
			x.Offers.V = append(x.Offers.V, Offered{o.ID, o.SolutionID, o.Name, o.Family, o.SupplierName})
			x.Products, x.Families = append(x.Products, o.Name), append(x.Families, o.Family)
		}
		for _, id := range r.Files {
			if _, err := tenants.OwnFile(tx, a, id, "deal_evidence"); err != nil {
				return err
			}
			// The city that reviews must be able to read the evidence.
			if err := tenants.ShareFile(tx, id, x.OrgPath, x.PartnerID); err != nil {
				return err
			}
			x.Files = append(x.Files, id.String())
		}
		var same string
		if err := tx.Raw(`SELECT number FROM deals WHERE province_id = ? AND partner_id = ? AND credit_code = ? AND state IN ('registered', 'under_review', 'protected') AND families && ?::text[] LIMIT 1`,
			x.ProvinceID, x.PartnerID, x.CreditCode, x.Families).Scan(&same).Error; err != nil {
			return err
		}
		if same != "" {
			return ErrSame.Fill(same)
		}
		if err := standing.Room(tx, p, standing.Deals, 1); err != nil {
			return err
		}
		if x.Number, err = tenants.Next(ctx, tx, "D"); err != nil {
			return err
		}
		if err := tx.Create(&x).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, x.entry("register", "", ""))
		d, err = s.detail(ctx, tx, a, x.ID)
		return err
	})
	return d, err
}

func lock(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Deal, error) {
	var d Deal
	err := pg.One(narrow(tx.Model(&Deal{}), a).Where("id = ?", id).Clauses(pg.ForUpdate), &d)
	return d, err
}

// narrow repeats row security in the query.
func narrow(q *pg.Handle, a tenants.Actor) *pg.Handle {
	id := a.Identity()
	q = q.Where("province_id = ?", id.Province)
	switch {
	case a.IsSystem():
	case a.Partner():
		q = q.Where("partner_id = ?", a.Tenant.ID)
	default:
		q = q.Where("org_path >= ? AND org_path < ?", id.PathFrom, id.PathTo)
		if len(a.Districts) > 0 {
			q = q.Where("district_code IN ?", a.Districts)
		}
		q = account.OfSeen(q, a, "account_id")
	}
	return q
}

// Act takes one step of the state machine.
func (s *Service) Act(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string) (Detail, error) {
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		x, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		t, err := Machine.Take(x.State, action, reason)
		if err != nil {
			return err
		}
		if t.Permission == "" {
			return fault.ErrMissing
		}
		if err := a.Need(tenants.Permission(t.Permission)); err != nil {
			return err
		}
		from, now := x.State, calendar.Now(ctx)
		x.State, x.Reason, x.UpdatedAt = t.To, reason, now
		switch action {
		case "start_review":
			x.ReviewerID = &a.User
		case "approve":
			err = s.protect(ctx, tx, a, &x)
		case "reject":
			x.ReviewerID, x.DueAt = &a.User, nil
		case "withdraw", "lose":
			x.DueAt, x.ProtectedUntil = nil, nil
			err = account.End(ctx, tx, "deal", x.ID)
		case "extend":
			err = s.extend(ctx, tx, a, &x)
		}
		if err != nil {
			return err
		}
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, x.entry(action, from, reason))
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// grantFields is what a protected deal lets the partner see of the account.
var grantFields = []string{"address", "contact_name", "contact_phone", "staff_size"}

// protect approves: one protection at a time for a customer and a family of
// products; the customer becomes an account if it was not one; the partner
// sees it until the protection ends.
func (s *Service) protect(ctx context.Context, tx *pg.Tx, a tenants.Actor, x *Deal) error {
	// Reviewers of two cities may decide on the same customer at once.
	if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, "deal "+x.CreditCode).Error; err != nil {
		return err
	}
	now := calendar.Now(ctx)
	var rival struct{ ProtectedUntil *time.Time }
	if err := tx.Raw(`SELECT protected_until FROM deals WHERE province_id = ? AND credit_code = ? AND id <> ? AND state = 'protected' AND protected_until > ? AND families && ?::text[]
		ORDER BY protected_until DESC LIMIT 1`, x.ProvinceID, x.CreditCode, x.ID, now, x.Families).Scan(&rival).Error; err != nil {
		return err
	}
	if rival.ProtectedUntil != nil {
		return ErrProtected.Fill(calendar.Date(*rival.ProtectedUntil))
	}
	customer, err := account.ByCode(tx, x.CityCode, x.CreditCode)
	if errors.Is(err, fault.ErrMissing) {
		// Asked in this transaction: one that waits for a second connection
		// while it holds a lock can starve the pool.
		var city tenants.Tenant
		if city, err = tenants.CityIn(tx, x.CityCode); err != nil {
			return err
		}
		industry := "sme"
		customer, err = account.Add(ctx, tx, a, city, account.Edit{
			Name: x.AccountName, CreditCode: x.CreditCode, Kind: "enterprise", Tier: "C", Industry: industry, DistrictCode: x.DistrictCode,
			ContactName: x.ContactName, ContactPhone: x.ContactPhone,
		})
	}
	if err != nil {
		return err
	}
	until := now.AddDate(0, 0, ProtectionDays)
	x.AccountID, x.AccountName, x.ProtectedUntil, x.DueAt, x.ReviewerID = &customer.ID, customer.Name, &until, nil, &a.User
	x.ProgressedAt = &now
	return account.Give(ctx, tx, a, account.GrantSpec{Account: customer.ID, Partner: x.PartnerID, Source: x.ID, Via: "deal", Number: x.Number, Fields: grantFields, Until: &until})
}

func (s *Service) extend(ctx context.Context, tx *pg.Tx, _ tenants.Actor, x *Deal) error {
	if x.Extended {
		return ErrExtended
	}
	x.progress(calendar.Now(ctx))
	x.Extended = true
	return x.until(ctx, tx, x.ProtectedUntil.AddDate(0, 0, ExtensionDays))
}

// progress gives back what idling took.
func (d *Deal) progress(now time.Time) {
	d.ProgressedAt = &now
	if d.FullUntil != nil {
		d.ProtectedUntil, d.FullUntil, d.Reminded = d.FullUntil, nil, 0
	}
}

// until moves the end of a protection, and with it what the partner sees.
func (d *Deal) until(ctx context.Context, tx *pg.Tx, until time.Time) error {
	d.ProtectedUntil, d.Reminded = &until, 0
	return tx.Exec(`UPDATE account_grants SET ends_at = ?, updated_at = ? WHERE province_id = ? AND via = 'deal' AND source_id = ? AND ended_at IS NULL`,
		until, calendar.Now(ctx), d.ProvinceID, d.ID).Error
}

// SetStage is the agent's word on how far the sale is.
func (s *Service) SetStage(ctx context.Context, a tenants.Actor, id uuid.UUID, stage string) (Detail, error) {
	if err := a.Need(Register); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		x, err := lock(tx, a, id)
		if err != nil {
			return err
		}
		if x.State != "protected" {
			_, err := Machine.Take(x.State, "set_stage", "-")
			return err
		}
		e := x.entry("set_stage", x.Stage, "")
		e.To = stage
		x.Stage, x.UpdatedAt = stage, calendar.Now(ctx)
		if x.progress(x.UpdatedAt); x.ProtectedUntil != nil {
			if err := x.until(ctx, tx, *x.ProtectedUntil); err != nil {
				return err
			}
		}
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, e)
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

// Win closes a deal whose customer bought, in the transaction of the order.
func Win(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) error {
	var x Deal
	if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, id).Clauses(pg.ForUpdate), &x); err != nil {
		return err
	}
	if x.State == "won" {
		return nil
	}
	t, err := Machine.Take(x.State, "win", "")
	if err != nil {
		return err
	}
	from := x.State
	x.State, x.Stage, x.UpdatedAt = t.To, "collection", calendar.Now(ctx)
	if err := pg.Save(tx, &x); err != nil {
		return err
	}
	tenants.Record(ctx, tx, a, x.entry("win", from, ""))
	return account.End(ctx, tx, "deal", x.ID)
}

// Expire ends every protection of a province whose time is over.
func (s *Service) Expire(ctx context.Context, province uuid.UUID) (int, error) {
	a := tenants.System(province, "保护期到期")
	n := 0
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var over []Deal
		if err := tx.Where("province_id = ? AND state = 'protected' AND protected_until <= ?", province, calendar.Now(ctx)).Clauses(pg.ForUpdate).Limit(500).Find(&over).Error; err != nil {
			return err
		}
		for i := range over {
			x := &over[i]
			x.State, x.UpdatedAt = "expired", calendar.Now(ctx)
			if err := pg.Save(tx, x); err != nil {
				return err
			}
			if err := account.End(ctx, tx, "deal", x.ID); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, x.entry("expire", "protected", ""))
			n++
		}
		if err := decay(ctx, tx, a); err != nil {
			return err
		}
		return remind(ctx, tx, a)
	})
	return n, err
}

// decay shortens protections that nobody moved for a month.
func decay(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	now := calendar.Now(ctx)
	short := now.AddDate(0, 0, DecayedDays)
	var idle []Deal
	if err := tx.Where("province_id = ? AND state = 'protected' AND full_until IS NULL AND progressed_at <= ? AND protected_until > ?", a.Tenant.ProvinceID, now.AddDate(0, 0, -IdleDays), short).Clauses(pg.ForUpdate).Limit(500).Find(&idle).Error; err != nil {
		return err
	}
	for i := range idle {
		x := &idle[i]
		x.FullUntil = x.ProtectedUntil
		if err := x.until(ctx, tx, short); err != nil {
			return err
		}
		if err := pg.Save(tx, x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, x.entry("decay", x.State, ""))
	}
	return nil
}

// remind tells 7, 3 and 1 days before a protection ends, each once.
func remind(ctx context.Context, tx *pg.Tx, a tenants.Actor) error {
	now := calendar.Now(ctx)
	for _, days := range []int{1, 3, 7} {
		var soon []Deal
		if err := tx.Where("province_id = ? AND state = 'protected' AND protected_until > ? AND protected_until <= ? AND (reminded = 0 OR reminded > ?)", a.Tenant.ProvinceID, now, now.AddDate(0, 0, days), days).Clauses(pg.ForUpdate).Limit(500).Find(&soon).Error; err != nil {
			return err
		}
		for i := range soon {
			x := &soon[i]
			x.Reminded = days
			if err := pg.Save(tx, x); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, x.entry(fmt.Sprintf("remind_%d", days), x.State, ""))
		}
	}
	return nil
}

// Query filters the list of deals.
type Query struct {
	State, Text string
	Stage       string
	States      []string    // any of these; nil for all
	Accounts    []uuid.UUID // an account and what was merged into it; nil for all
	AfterAt     time.Time
	AfterID     uuid.UUID
	Limit       int
}

// List returns deals, the last touched first.
func (s *Service) List(ctx context.Context, a tenants.Actor, q Query) (page []Deal, total int64, err error) {
	if err := a.Need(Read); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		d := narrow(tx.Model(&Deal{}), a)
		if q.State != "" {
			d = d.Where("state = ?", q.State)
		}
		if q.Stage != "" { // as the funnel counts: open ones that stand there
			d = d.Where("stage = ? AND state IN ('registered', 'under_review', 'protected')", q.Stage)
		}
		if q.States != nil {
			d = d.Where("state IN ?", q.States)
		}
		if q.Accounts != nil {
			d = d.Where("account_id = ANY (?::uuid[])", pg.UUIDs(q.Accounts))
		}
		if q.Text != "" {
			like := "%" + pg.Like(q.Text) + "%"
			d = d.Where("(account_name LIKE ? OR number LIKE ? OR partner_name LIKE ?)", like, like, like)
		}
		return pg.Newest(d, "updated_at", q.AfterAt, q.AfterID, q.Limit, &page, &total)
	})
	return page, total, err
}

// Detail is a deal with what is shown beside it.
type Detail struct {
	Deal
	FileList   []tenants.File
	Duplicates []Duplicate
	History    []tenants.AuditEvent
	Actions    []string
}

// Get returns one deal.
func (s *Service) Get(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	if err := a.Need(Read); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		d, err = s.detail(ctx, tx, a, id)
		return err
	})
	return d, err
}

func (s *Service) detail(_ context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var d Detail
	err := pg.One(narrow(tx.Model(&Deal{}), a).Where("id = ?", id), &d.Deal)
	if err != nil {
		return d, err
	}
	var ids []uuid.UUID
	for _, f := range d.Files {
		if id, err := uuid.Parse(f); err == nil {
			ids = append(ids, id)
		}
	}
	if d.FileList, err = tenants.Files(tx, ids); err != nil {
		return d, err
	}
	if d.History, err = tenants.History(tx, id); err != nil {
		return d, err
	}
	if a.Can(Review) && !a.Partner() {
		if d.Duplicates, err = duplicates(tx, d.Deal); err != nil {
			return d, err
		}
	}
	d.Actions = slices.DeleteFunc(Machine.Actions(d.State, func(p string) bool { return a.Can(tenants.Permission(p)) }), func(action string) bool { return action == "extend" && d.Extended })
	if d.State == "protected" && a.Partner() && a.Can(Register) {
		d.Actions = append(d.Actions, "set_stage", "quote")
	}
	return d, nil
}

// duplicates shows the reviewer what else there is about the customer in what
// the reviewer may see, and why it may be the same.
func duplicates(tx *pg.Tx, x Deal) ([]Duplicate, error) {
	var others []Deal
	if err := tx.Where("province_id = ? AND credit_code = ? AND id <> ? AND state NOT IN ('rejected', 'withdrawn')", x.ProvinceID, x.CreditCode, x.ID).Order("registered_at").Limit(20).Find(&others).Error; err != nil {
		return nil, err
	}
	out := []Duplicate{}
	for _, o := range others {
		why := "same_account"
		if slices.ContainsFunc(o.Families, func(f string) bool { return slices.Contains(x.Families, f) }) {
			why = "same_products"
		}
		out = append(out, Duplicate{o.ID, o.Number, o.PartnerName, why, o.State, o.RegisteredAt})
	}
	var served []struct {
		Number   string
		State    string
		ActiveAt time.Time
	}
	err := tx.Raw(`SELECT s.number, s.state, s.active_at FROM accounts a JOIN services s ON s.province_id = a.province_id AND s.account_id = a.id
		WHERE a.province_id = ? AND a.credit_code = ? AND s.state = 'active' ORDER BY s.active_at LIMIT 10`, x.ProvinceID, x.CreditCode).Scan(&served).Error
	for _, sv := range served {
		out = append(out, Duplicate{Number: sv.Number, Why: "active_service", State: sv.State, At: sv.ActiveAt})
	}
	return out, err
}

// Find returns a deal of the actor's firm inside a transaction of the order.
func Find(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Deal, error) {
	var d Deal
	err := pg.One(narrow(tx.Model(&Deal{}), a).Where("id = ?", id), &d)
	return d, err
}

// SeesFile tells whether a file hangs on a deal that the actor reads.
func SeesFile(tx *pg.Tx, a tenants.Actor, file uuid.UUID) (bool, error) {
	if !a.Can(Read) {
		return false, nil
	}
	var n int64
	err := narrow(tx.Model(&Deal{}), a).Where("? = ANY (files)", file.String()).Limit(1).Count(&n).Error
	return n > 0, err
}
