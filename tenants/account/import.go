package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/sheet"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// JobImport checks or applies an import; the argument is an ImportJob.
const JobImport = "account.import"

// ImportJob names the import and the membership it runs as: a job of one
// person never runs as another.
type ImportJob struct {
	Province   uuid.UUID `json:"province"`
	Import     uuid.UUID `json:"import"`
	Membership uuid.UUID `json:"membership"`
	Apply      bool      `json:"apply"`
}

// ImportMachine is the life of an import: always a dry run first.
var ImportMachine = state.Machine{Name: "import", Initial: "checking", Table: []state.Transition{
	{Action: "checked", From: []string{"checking"}, To: "checked"},
	{Action: "apply", From: []string{"checked"}, To: "applying", Permission: string(Import)},
	{Action: "applied", From: []string{"applying"}, To: "applied"},
	{Action: "cancel", From: []string{"checking", "checked"}, To: "cancelled", Permission: string(Import)},
	{Action: "fail", From: []string{"checking", "applying"}, To: "failed"},
}}

// BadRow is one cell an import cannot take.
type BadRow struct {
	Row    int
	Column string
	Cell   string
	Value  string
	Reason fault.Words
}

// ImportRun is one uploaded sheet.
type ImportRun struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	TenantID      uuid.UUID
	PartnerID     uuid.UUID
	OrgPath       string
	FileID        uuid.UUID
	FileName      string
	State         string
	Progress      int // percent
	Rows          int
	NewRows       int
	ChangedRows   int
	UnchangedRows int
	BadRows       int
	Bad           pg.JSON[[]BadRow]
	Reason        string
	StartedBy     string
	StartedByID   uuid.UUID
	StartedAt     time.Time
	FinishedAt    *time.Time
	Version       int64
}

// TableName of imports.
func (ImportRun) TableName() string { return "imports" }

// keptBadRows is how many bad rows are kept to show.
const keptBadRows = 500

// column of the sheet: its header in both languages and how it is read.
type column struct {
	zh, en   string
	field    string // as fault fields name it
	required bool
	set      func(*Edit, string) error
}

var errNumber = errors.New("number")

func number(to func(*Edit) *int) func(*Edit, string) error {
	return func(e *Edit, s string) error {
		if s == "" {
			return nil
		}
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil {
			return errNumber
		}
		*to(e) = n
		return nil
	}
}

func text(to func(*Edit) *string) func(*Edit, string) error {
	return func(e *Edit, s string) error { *to(e) = s; return nil }
}

var errChoice = errors.New("choice")

// choice reads the Chinese or English word, or the code itself.
func choice(to func(*Edit) *string, words map[string]string) func(*Edit, string) error {
	return func(e *Edit, s string) error {
		if code, ok := words[strings.ToLower(s)]; ok {
			*to(e) = code
			return nil
		}
		return errChoice
	}
}

var kindWords = map[string]string{
	"政府": "government", "政府机构": "government", "企业": "enterprise", "个体户": "individual", "集群": "cluster", "集群客户": "cluster",
	"government": "government", "enterprise": "enterprise", "individual": "individual", "cluster": "cluster",
}

func industryWords() map[string]string {
	out := map[string]string{}
	for _, t := range Industries {
		out[t.Code], out[t.Words.Zh], out[strings.ToLower(t.Words.En)] = t.Code, t.Code, t.Code
	}
	return out
}

// columns of the sheet, in the order of the template. districts maps names
// and codes of the districts the actor may write in.
func columns(districts map[string]string) []column {
	same := map[string]string{}
	for _, t := range Tiers {
		same[strings.ToLower(t)] = t
	}
	return []column{
		{"客户名称", "Name", "name", true, text(func(e *Edit) *string { return &e.Name })},
		{"统一社会信用代码", "Credit code", "credit_code", true, text(func(e *Edit) *string { return &e.CreditCode })},
		{"客户类型", "Kind", "kind", true, choice(func(e *Edit) *string { return &e.Kind }, kindWords)},
		{"价值等级", "Tier", "tier", true, choice(func(e *Edit) *string { return &e.Tier }, same)},
		{"行业", "Industry", "industry", true, choice(func(e *Edit) *string { return &e.Industry }, industryWords())},
		{"区县", "District", "district_code", true, choice(func(e *Edit) *string { return &e.DistrictCode }, districts)},
		{"存量客户", "Existing", "existing", false, func(e *Edit, s string) error {
			switch strings.ToLower(s) {
			case "是", "y", "yes", "true", "1", "存量":
				e.Existing = true
			case "", "否", "n", "no", "false", "0", "潜在":
			default:
				return errChoice
			}
			return nil
		}},
		{"信息化水平", "Informatisation", "informatisation", false, number(func(e *Edit) *int { return &e.Informatisation })},
		{"员工规模", "Staff", "staff_size", false, number(func(e *Edit) *int { return &e.StaffSize })},
		{"员工数E", "Employees E", "employees", false, number(func(e *Edit) *int { return &e.Employees })},
		{"终端数M", "Machines M", "machines", false, number(func(e *Edit) *int { return &e.Machines })},
		{"客户数C", "Customers C", "customers", false, number(func(e *Edit) *int { return &e.Customers })},
		{"供应商数P", "Suppliers P", "suppliers", false, number(func(e *Edit) *int { return &e.Suppliers })},
		{"地址", "Address", "address", false, text(func(e *Edit) *string { return &e.Address })},
		{"联系人", "Contact", "contact_name", false, text(func(e *Edit) *string { return &e.ContactName })},
		{"联系电话", "Phone", "contact_phone", false, text(func(e *Edit) *string { return &e.ContactPhone })},
		{"邮箱", "E-mail", "contact_email", false, text(func(e *Edit) *string { return &e.ContactEmail })},
	}
}

// ImportHeader is the first row of the template.
func ImportHeader() []string {
	var out []string
	for _, c := range columns(nil) {
		out = append(out, c.zh)
	}
	return out
}

// StartImport begins the dry run of an uploaded sheet.
func (s *Service) StartImport(ctx context.Context, a tenants.Actor, file uuid.UUID) (ImportRun, error) {
	if err := a.Need(Import); err != nil {
		return ImportRun{}, err
	}
	if _, err := s.writable(ctx, a); err != nil {
		return ImportRun{}, err
	}
	var run ImportRun
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		f, err := tenants.OwnFile(tx, a, file, "account_import")
		if err != nil {
			return err
		}
		run = ImportRun{
			ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, OrgPath: a.Tenant.Path, FileID: f.ID, FileName: f.Name, State: "checking",
			Bad: pg.JSON[[]BadRow]{V: []BadRow{}}, StartedBy: a.Name, StartedByID: a.User, StartedAt: calendar.Now(ctx), Version: 1,
		}
		if err := tx.Create(&run).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, run.entry("check", "", "checking"))
		return queue.Enqueue(ctx, tx, JobImport, ImportJob{run.ProvinceID, run.ID, a.Membership, false})
	})
	return run, err
}

func (r *ImportRun) entry(action, from, to string) tenants.Entry {
	return tenants.Entry{Action: action, Resource: "import", ID: r.ID, Label: r.FileName, OrgPath: r.OrgPath, From: from, To: to}
}

// Imports of the tenant, newest first.
func (s *Service) Imports(ctx context.Context, a tenants.Actor) ([]ImportRun, error) {
	if err := a.Need(Import); err != nil {
		return nil, err
	}
	var out []ImportRun
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Order("started_at DESC").Limit(50).Find(&out).Error
	})
	return out, err
}

// ImportOf returns one import of the tenant.
func (s *Service) ImportOf(ctx context.Context, a tenants.Actor, id uuid.UUID) (ImportRun, error) {
	if err := a.Need(Import); err != nil {
		return ImportRun{}, err
	}
	var run ImportRun
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id), &run)
	})
	return run, err
}

// ActOnImport applies a checked import or cancels one.
func (s *Service) ActOnImport(ctx context.Context, a tenants.Actor, id uuid.UUID, action string) (ImportRun, error) {
	if err := a.Need(Import); err != nil {
		return ImportRun{}, err
	}
	return s.moveImport(ctx, a, id, action, "", func(tx *pg.Tx, run *ImportRun) error {
		if action == "apply" {
			run.Progress = 0
			return queue.Enqueue(ctx, tx, JobImport, ImportJob{run.ProvinceID, run.ID, a.Membership, true})
		}
		return nil
	})
}

func (s *Service) moveImport(ctx context.Context, a tenants.Actor, id uuid.UUID, action, reason string, also func(*pg.Tx, *ImportRun) error) (ImportRun, error) {
	var run ImportRun
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &run); err != nil {
			return err
		}
		t, err := ImportMachine.Take(run.State, action, reason)
		if err != nil {
			return err
		}
		from := run.State
		run.State, run.Reason = t.To, reason
		if slices.Contains([]string{"checked", "applied", "cancelled", "failed"}, t.To) {
			now := calendar.Now(ctx)
			run.FinishedAt, run.Progress = &now, 100
		}
		if err := also(tx, &run); err != nil {
			return err
		}
		if err := pg.Save(tx, &run); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, run.entry(action, from, run.State))
		return nil
	})
	return run, err
}

// RowVersion is the optimistic lock.
func (r *ImportRun) RowVersion() *int64 { return &r.Version }

var errCancelled = errors.New("import cancelled")

// RunImport does the job: reads the sheet, judges each row, and when applying
// writes in batches. It can run again after a crash: a row that is already
// there with the same content is unchanged.
func (s *Service) RunImport(ctx context.Context, store *blob.Store, raw json.RawMessage) error {
	var job ImportJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return err
	}
	a, err := s.people.ActorByMembership(ctx, job.Province, job.Membership)
	if err != nil {
		return err
	}
	run, err := s.ImportOf(ctx, a, job.Import)
	if err != nil {
		return err
	}
	if (job.Apply && run.State != "applying") || (!job.Apply && run.State != "checking") {
		return nil // cancelled, or done by the run before a crash
	}
	tally, err := s.readSheet(ctx, a, store, run, job.Apply)
	switch {
	case errors.Is(err, errCancelled):
		return nil
	case err != nil:
		f, known := fault.As(err)
		if !known {
			return err // the queue tries again
		}
		_, err = s.moveImport(ctx, a, run.ID, "fail", f.Words.Zh, func(*pg.Tx, *ImportRun) error { return nil })
		return err
	}
	action := "checked"
	if job.Apply {
		action = "applied"
	}
	_, err = s.moveImport(ctx, a, run.ID, action, "", func(_ *pg.Tx, r *ImportRun) error {
		r.Rows, r.NewRows, r.ChangedRows, r.UnchangedRows, r.BadRows = tally.rows, tally.fresh, tally.changed, tally.unchanged, tally.bad
		r.Bad = pg.JSON[[]BadRow]{V: tally.kept}
		return nil
	})
	return err
}

type tally struct {
	rows, fresh, changed, unchanged, bad int
	kept                                 []BadRow
}

func (t *tally) refuse(b BadRow) {
	if len(t.kept) < keptBadRows {
		t.kept = append(t.kept, b)
	}
}

// Refusals of a whole sheet.
var (
	ErrSheet   = fault.New(fault.Invalid, "sheet", "文件无法读取：请使用模板，以 XLSX 格式保存。", "The file cannot be read: use the template and save as XLSX.")
	ErrColumns = fault.New(fault.Invalid, "sheet-columns", "缺少列：%s。请使用模板。", "Columns are missing: %s. Use the template.")
)

const importBatch = 500

type sheetRow struct {
	number int
	edit   Edit
}

func (s *Service) readSheet(ctx context.Context, a tenants.Actor, store *blob.Store, run ImportRun, apply bool) (tally, error) {
	t := tally{kept: []BadRow{}}
	districts, err := s.writable(ctx, a)
	if err != nil {
		return t, err
	}
	names := map[string]string{}
	for _, d := range districts {
		names[strings.ToLower(d.Name)], names[d.Code] = d.Code, d.Code
	}
	file, err := s.people.File(ctx, a, run.FileID)
	if err != nil {
		return t, err
	}
	reader, _, err := store.Get(ctx, file.Key)
	if err != nil {
		return t, err
	}
	defer reader.Close()

	all := columns(names)
	var at []int // column index of each known column, -1 when absent
	seen := map[string]int{}
	var batch []sheetRow
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := s.importBatch(ctx, a, run, batch, absent(a, all, at), apply, &t)
		batch = batch[:0]
		return err
	}
	err = sheet.Read(reader, func(n int, cells []string) error {
		if n == 1 {
			at, err = locate(all, cells)
			return err
		}
		if len(strings.Join(cells, "")) == 0 {
			return nil
		}
		t.rows++
		edit, bad := readRow(all, at, n, cells, districts)
		if first, twice := seen[edit.CreditCode]; twice && len(bad) == 0 {
			bad = append(bad, BadRow{n, all[1].zh, sheet.Cell(at[1], n), edit.CreditCode, fault.Words{Zh: "与第 %d 行重复。", En: "The same as row %d."}.Fill(first)})
		}
		if len(bad) > 0 {
			t.bad++
			for _, b := range bad {
				t.refuse(b)
			}
			return nil
		}
		seen[edit.CreditCode] = n
		batch = append(batch, sheetRow{n, edit})
		if len(batch) == importBatch {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil && !errors.Is(err, errCancelled) {
		if _, known := fault.As(err); !known && strings.HasPrefix(err.Error(), "sheet:") {
			return t, ErrSheet
		}
	}
	return t, err
}

func locate(all []column, header []string) ([]int, error) {
	at := make([]int, len(all))
	var missing []string
	for i, c := range all {
		at[i] = slices.IndexFunc(header, func(h string) bool {
			h = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(h), "*"))
			return h == c.zh || strings.EqualFold(h, c.en)
		})
		if at[i] < 0 && c.required {
			missing = append(missing, c.zh)
		}
	}
	if len(missing) > 0 {
		return nil, ErrColumns.Fill(strings.Join(missing, "、"))
	}
	return at, nil
}

func readRow(all []column, at []int, n int, cells []string, districts []tenants.District) (Edit, []BadRow) {
	var e Edit
	var bad []BadRow
	value := func(i int) string {
		if at[i] < 0 || at[i] >= len(cells) {
			return ""
		}
		return strings.TrimSpace(cells[at[i]])
	}
	refused := map[string]bool{}
	refuse := func(i int, w fault.Words) {
		refused[all[i].field] = true
		bad = append(bad, BadRow{n, all[i].zh, sheet.Cell(max(at[i], 0), n), value(i), w})
	}
	for i, c := range all {
		v := value(i)
		if v == "" && c.required {
			refuse(i, fault.Words{Zh: "必填。", En: "Required."})
			continue
		}
		switch err := c.set(&e, v); {
		case errors.Is(err, errNumber):
			refuse(i, fault.Words{Zh: "应为整数。", En: "Must be a whole number."})
		case errors.Is(err, errChoice):
			refuse(i, fault.Words{Zh: "不是可选的值。", En: "Not one of the choices."})
		}
	}
	var c fault.Checker
	e.Validate(&c, districts)
	if f, ok := fault.As(c.Err()); ok {
		for _, field := range f.Fields {
			i := slices.IndexFunc(all, func(c column) bool { return c.field == field.Name })
			if i >= 0 && !refused[field.Name] {
				refuse(i, field.Words)
			}
		}
	}
	return e, bad
}

// importBatch judges a batch against what is there and, when applying, writes
// it in one transaction.
func (s *Service) importBatch(ctx context.Context, a tenants.Actor, run ImportRun, batch []sheetRow, absent map[string]bool, apply bool, t *tally) error {
	do := s.db.Read
	if apply {
		do = s.db.As
	}
	err := do(ctx, a, func(tx *pg.Tx) error {
		edits := make([]Edit, len(batch))
		for i, r := range batch {
			edits[i] = r.edit
		}
		if err := upsert(ctx, tx, a, edits, absent, apply, t); err != nil {
			return err
		}
		if apply {
			tenants.Record(ctx, tx, a, run.entry("apply_rows", "", fmt.Sprintf("%d-%d", batch[0].number, batch[len(batch)-1].number)))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.progress(ctx, a, run.ID, t, apply)
}

// upsert compares rows of one city with what is there by credit code and,
// when applying, writes new ones in one statement and changed ones each.
func upsert(ctx context.Context, tx *pg.Tx, a tenants.Actor, edits []Edit, absent map[string]bool, apply bool, t *tally) error {
	codes := make([]string, 0, len(edits))
	for _, e := range edits {
		codes = append(codes, e.CreditCode)
	}
	var found []Account
	if err := tx.Where("province_id = ? AND city_code = ? AND credit_code IN ?", a.Tenant.ProvinceID, a.Tenant.Code, codes).Find(&found).Error; err != nil {
		return err
	}
	known := map[string]Account{}
	for _, x := range found {
		known[x.CreditCode] = x
	}
	now := calendar.Now(ctx)
	var fresh []Account
	for _, e := range edits {
		x, there := known[e.CreditCode]
		before := x
		if there {
			e.keep(x, absent)
		} else {
			x = Account{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), Version: 1, CreatedAt: now, UpdatedAt: now}
		}
		x.put(e, a.Tenant)
		switch {
		case !there:
			t.fresh++
			fresh = append(fresh, x)
			continue
		case x == before:
			t.unchanged++
			continue
		}
		t.changed++
		if apply {
			x.UpdatedAt = now
			if err := save(tx, &x, false); err != nil {
				return err
			}
		}
	}
	if !apply || len(fresh) == 0 {
		return nil
	}
	if err := tx.Create(&fresh).Error; err != nil {
		return err
	}
	words := make([]searchWords, len(fresh))
	for i, x := range fresh {
		words[i] = searchWords{x.ProvinceID, x.ID, x.OrgPath, pg.Words(x.Name)}
	}
	return tx.Create(&words).Error
}

type searchWords struct {
	ProvinceID uuid.UUID
	AccountID  uuid.UUID
	OrgPath    string
	Words      pg.Texts
}

// TableName of the search side table.
func (searchWords) TableName() string { return "account_words" }

// Load writes many customers of the actor's city at once, the import's way,
// and then hands them to their owners, in turn.
func (s *Service) Load(ctx context.Context, a tenants.Actor, edits []Edit, owners []tenants.Membership) error {
	if err := a.Need(Import); err != nil {
		return err
	}
	districts, err := s.writable(ctx, a)
	if err != nil {
		return err
	}
	for i := range edits {
		var c fault.Checker
		edits[i].Validate(&c, districts)
		if err := c.Err(); err != nil {
			return err
		}
	}
	for len(edits) > 0 {
		n := min(importBatch, len(edits))
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			var t tally
			if err := upsert(ctx, tx, a, edits[:n], nil, true, &t); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, tenants.Entry{Action: "load", Resource: "account", ID: a.Tenant.ID, Label: fmt.Sprintf("%d", n), OrgPath: a.Tenant.Path})
			return nil
		})
		if err != nil {
			return err
		}
		edits = edits[n:]
	}
	if len(owners) == 0 {
		return nil
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		for i, o := range owners {
			if err := tx.Exec(`UPDATE accounts SET owner_id = ?, owner_name = ? WHERE province_id = ? AND city_code = ? AND owner_id IS NULL AND hashtext(credit_code) & 15 = ?`,
				o.ID, o.Name, a.Tenant.ProvinceID, a.Tenant.Code, i).Error; err != nil {
				return err
			}
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "assign", Resource: "account", ID: a.Tenant.ID, Label: a.Tenant.Name, OrgPath: a.Tenant.Path})
		return nil
	})
}

// absent names the fields a sheet says nothing about: columns it does not
// have, and contact details when the person sees them masked, so that neither
// a shorter sheet nor an export brought back wipes what is there.
func absent(a tenants.Actor, all []column, at []int) map[string]bool {
	out := map[string]bool{}
	for i, c := range all {
		masked := !a.Can(ReadContact) && strings.HasPrefix(c.field, "contact_")
		if at[i] < 0 || masked {
			out[c.field] = true
		}
	}
	return out
}

// keep takes absent fields from the account as it is.
func (e *Edit) keep(x Account, absent map[string]bool) {
	for field, take := range map[string]func(){
		"existing": func() { e.Existing = x.Existing }, "informatisation": func() { e.Informatisation = x.Informatisation },
		"staff_size": func() { e.StaffSize = x.StaffSize }, "employees": func() { e.Employees = x.Employees }, "machines": func() { e.Machines = x.Machines },
		"customers": func() { e.Customers = x.Customers }, "suppliers": func() { e.Suppliers = x.Suppliers }, "address": func() { e.Address = x.Address },
		"contact_name": func() { e.ContactName = x.ContactName }, "contact_phone": func() { e.ContactPhone = x.ContactPhone }, "contact_email": func() { e.ContactEmail = x.ContactEmail },
	} {
		if absent[field] {
			take()
		}
	}
}

// progress tells the screen how far the job is and learns of a cancel.
func (s *Service) progress(ctx context.Context, a tenants.Actor, id uuid.UUID, t *tally, apply bool) error {
	state := "checking"
	if apply {
		state = "applying"
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`UPDATE imports SET rows = ?, new_rows = ?, changed_rows = ?, unchanged_rows = ?, bad_rows = ?,
			progress = least(99, greatest(progress, ?)) WHERE province_id = ? AND id = ? AND state = ?`,
			t.rows, t.fresh, t.changed, t.unchanged, t.bad, min(99, t.rows/200), a.Tenant.ProvinceID, id, state)
		if res.Error == nil && res.RowsAffected == 0 {
			return errCancelled
		}
		return res.Error
	})
}
