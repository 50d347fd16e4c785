package account

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// JobImport checks, applies or takes back an import; the argument is an ImportJob.
const JobImport = "account.import"

// ImportJob names the import and the membership it runs as: a job of one
// person never runs as another.
type ImportJob struct {
	Province   uuid.UUID `json:"province"`
	Import     uuid.UUID `json:"import"`
	Membership uuid.UUID `json:"membership"`
	Do         string    `json:"do"` // the state the import must be in: checking, applying, undoing
}

// ImportMachine is the life of an import: always a dry run first. One that is
// stopped keeps what is written and can go on; one that is applied can be
// taken back as long as its rows are kept.
var ImportMachine = state.Machine{Name: "import", Initial: "checking", Table: []state.Transition{
	{Action: "checked", From: []string{"checking"}, To: "checked"},
	{Action: "apply", From: []string{"checked", "stopped"}, To: "applying", Permission: string(Import)},
	{Action: "applied", From: []string{"applying"}, To: "applied"},
	{Action: "cancel", From: []string{"checking", "checked"}, To: "cancelled", Permission: string(Import)},
	{Action: "stop", From: []string{"applying"}, To: "stopped", Permission: string(Import)},
	{Action: "undo", From: []string{"applied", "stopped"}, To: "undoing", Permission: string(Import)},
	{Action: "undone", From: []string{"undoing"}, To: "undone"},
	{Action: "fail", From: []string{"checking", "applying", "undoing"}, To: "failed"},
}}

// undoDays is how long an import can be taken back.
const undoDays = 30

// ErrTooOld says that the rows of an import are no longer kept.
var ErrTooOld = fault.New(fault.Conflict, "too-old", "导入已超过 30 天，不能撤回。", "The import is more than 30 days old and cannot be taken back.")

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
	Progress      int      // percent
	Present       pg.Texts // fields the sheet says something about
	Header        pg.Texts // of the sheet, for the workbook of bad rows
	DoneTo        int      // last row that is written
	Added         int
	Updated       int
	Refused       int // found to be somebody else's only when writing
	Removed       int // by taking back
	Restored      int
	Touched       int // changed since, so left alone when taking back
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

// keptBadRows is how many bad rows are kept to show on the page; all of them
// are in the workbook.
const keptBadRows = 500

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
			Present: pg.Texts{}, Header: pg.Texts{}, Bad: pg.JSON[[]BadRow]{V: []BadRow{}}, StartedBy: a.Name, StartedByID: a.User, StartedAt: calendar.Now(ctx), Version: 1,
		}
		if err := tx.Create(&run).Error; err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, run.entry("check", "", "checking"))
		return queue.Enqueue(ctx, tx, JobImport, ImportJob{run.ProvinceID, run.ID, a.Membership, run.State})
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

// ActOnImport applies a checked import, stops it, takes it back or cancels it.
func (s *Service) ActOnImport(ctx context.Context, a tenants.Actor, id uuid.UUID, action string) (ImportRun, error) {
	if err := a.Need(Import); err != nil {
		return ImportRun{}, err
	}
	return s.moveImport(ctx, a, id, action, "", func(tx *pg.Tx, run *ImportRun) error {
		switch action {
		case "undo":
			if calendar.Now(ctx).Sub(run.StartedAt) > undoDays*24*time.Hour {
				return ErrTooOld
			}
			fallthrough
		case "apply":
			run.Progress, run.FinishedAt = 0, nil
			return queue.Enqueue(ctx, tx, JobImport, ImportJob{run.ProvinceID, run.ID, a.Membership, run.State})
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
		if slices.Contains([]string{"checked", "applied", "stopped", "cancelled", "failed", "undone"}, t.To) {
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

// RunImport does the job. It can run again after a crash: the dry run starts
// over, writing and taking back go on where the last transaction ended.
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
	if run.State != job.Do {
		return nil // cancelled, or done by the run before a crash
	}
	action, also := "checked", func(*pg.Tx, *ImportRun) error { return nil }
	switch job.Do {
	case "checking":
		var t tally
		t, err = s.check(ctx, a, store, run)
		also = func(_ *pg.Tx, r *ImportRun) error { t.put(r); return nil }
	case "applying":
		action, err = "applied", s.apply(ctx, a, run)
		also = func(tx *pg.Tx, _ *ImportRun) error { return enqueueSuspect(ctx, tx, a.Tenant.Code, uuid.Nil) }
	case "undoing":
		action, err = "undone", s.undo(ctx, a, run)
	}
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
	_, err = s.moveImport(ctx, a, run.ID, action, "", also)
	return err
}

// tally is what a dry run finds.
type tally struct {
	rows, fresh, changed, unchanged, bad int
	kept                                 []BadRow
	present, header                      []string
}

func (t *tally) put(r *ImportRun) {
	r.Rows, r.NewRows, r.ChangedRows, r.UnchangedRows, r.BadRows = t.rows, t.fresh, t.changed, t.unchanged, t.bad
	r.Bad, r.Present, r.Header = pg.JSON[[]BadRow]{V: t.kept}, t.present, t.header
}

func (t *tally) refuse(b ...BadRow) {
	t.kept = append(t.kept, b[:min(len(b), keptBadRows-len(t.kept))]...)
}

// BadSheetRow is a row that could not be taken, as it was uploaded.
type BadSheetRow struct {
	Number  int
	Cells   pg.Texts
	Reasons fault.Words
}

// BadRows returns the bad rows of an import after a row, a page at a time.
func (s *Service) BadRows(ctx context.Context, a tenants.Actor, id uuid.UUID, after, limit int) ([]BadSheetRow, error) {
	if err := a.Need(Import); err != nil {
		return nil, err
	}
	var rows []struct {
		Number               int
		Cells                pg.Texts
		ReasonsZh, ReasonsEn string
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT number, cells, reasons_zh, reasons_en FROM import_bad_rows WHERE province_id = ? AND tenant_id = ? AND import_id = ? AND number > ? ORDER BY number LIMIT ?`,
			a.Tenant.ProvinceID, a.Tenant.ID, id, after, limit).Scan(&rows).Error
	})
	out := make([]BadSheetRow, len(rows))
	for i, r := range rows {
		out[i] = BadSheetRow{r.Number, r.Cells, fault.Words{Zh: r.ReasonsZh, En: r.ReasonsEn}}
	}
	return out, err
}

// Tidy forgets the staged rows of a province's imports that can no longer be
// taken back, or never will be written.
func (s *Service) Tidy(ctx context.Context, province uuid.UUID) error {
	return s.db.As(ctx, tenants.System(province, "清理"), func(tx *pg.Tx) error {
		for _, table := range []string{"import_rows", "import_bad_rows"} {
			if err := tx.Exec(`DELETE FROM `+table+` WHERE province_id = ? AND import_id IN (SELECT id FROM imports WHERE province_id = ? AND (started_at < ? OR (state IN ('cancelled', 'undone') AND finished_at < ?)))`,
				province, province, calendar.Now(ctx).AddDate(0, 0, -undoDays), calendar.Now(ctx).AddDate(0, 0, -1)).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
