package tenants

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
)

// JobExport makes a workbook; the argument is an ExportJob. JobTidy forgets
// workbooks, and other things kept for a time only.
const (
	JobExport = "export"
	JobTidy   = "tidy"
)

// ExportJob names the export and the membership it runs as.
type ExportJob struct {
	Province   uuid.UUID `json:"province"`
	Export     uuid.UUID `json:"export"`
	Membership uuid.UUID `json:"membership"`
}

// Export is a workbook made by a job for one person: what that person may see
// when it is made, and nobody else's to fetch.
type Export struct {
	ProvinceID   uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	TenantID     uuid.UUID
	MembershipID uuid.UUID
	UserID       uuid.UUID
	List         string
	Query        string
	Locale       string
	FileName     string
	State        string // queued, running, done, cancelled, failed, expired
	Rows         int
	Total        int
	Size         int64
	Key          string
	Reason       string
	CreatedAt    time.Time
	FinishedAt   *time.Time
	ExpiresAt    *time.Time
	Sight        string // with which it was made
	Version      int64
}

// RowVersion is the optimistic lock.
func (x *Export) RowVersion() *int64 { return &x.Version }

// exportHours is how long a workbook is kept; openExports bounds how many one
// person may have under way.
const (
	exportHours = 24
	openExports = 3
)

// Refusals about exports.
var (
	ErrExports     = fault.New(fault.TooMany, "too-many-exports", "您有 %d 个导出正在进行，请等完成后再试。", "You have %d exports under way. Wait for one to end.")
	ErrExportGone  = fault.New(fault.Conflict, "export-not-ready", "文件还没有生成，或者已经过期。", "The file is not made yet, or no longer kept.")
	ErrExportSight = fault.New(fault.Conflict, "export-other-sight", "您的权限或负责区域在导出之后有变化，请重新导出。", "What you may see has changed since this was made. Export it again.")
	ErrExportStop  = errors.New("the export was cancelled")
)

// StartExport asks for a workbook of a list, filtered as query says.
func (s *Service) StartExport(ctx context.Context, a Actor, list, query, name string) (Export, error) {
	x := Export{
		ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, MembershipID: a.Membership, UserID: a.User, List: list, Query: query, Locale: a.Locale,
		FileName: name, State: "queued", CreatedAt: calendar.Now(ctx), Version: 1,
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		var n int64
		if err := tx.Model(&Export{}).Where("province_id = ? AND tenant_id = ? AND user_id = ? AND state IN ('queued', 'running')", x.ProvinceID, x.TenantID, x.UserID).Count(&n).Error; err != nil {
			return err
		}
		if n >= openExports {
			e := ErrExports.Fill(n)
			e.RetryAfter = 10
			return e
		}
		if err := tx.Create(&x).Error; err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, JobExport, ExportJob{x.ProvinceID, x.ID, x.MembershipID})
	})
	return x, err
}

// own narrows to the exports of the actor in this tenant.
func (x *Export) own(tx *pg.Tx, a Actor, id uuid.UUID) *pg.Handle {
	return tx.Where("province_id = ? AND tenant_id = ? AND user_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, a.User, id)
}

// Exports of the actor, newest first.
func (s *Service) Exports(ctx context.Context, a Actor) (out []Export, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND user_id = ?", a.Tenant.ProvinceID, a.Tenant.ID, a.User).Order("created_at DESC, id DESC").Limit(50).Find(&out).Error
	})
	return out, err
}

// ExportOf returns one export of the actor.
func (s *Service) ExportOf(ctx context.Context, a Actor, id uuid.UUID) (x Export, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error { return pg.One(x.own(tx, a, id), &x) })
	return x, err
}

// CancelExport stops one that is not done.
func (s *Service) CancelExport(ctx context.Context, a Actor, id uuid.UUID) (x Export, err error) {
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(x.own(tx, a, id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.State != "queued" && x.State != "running" {
			return ErrExportGone
		}
		now := calendar.Now(ctx)
		x.State, x.FinishedAt = "cancelled", &now
		return pg.Save(tx, &x)
	})
	return x, err
}

// BeginExport finds the export of a job and who it runs as: that person as
// they are now. ok is false when there is nothing to do any more.
func (s *Service) BeginExport(ctx context.Context, job ExportJob) (a Actor, x Export, ok bool, err error) {
	a, err = s.ActorByMembership(ctx, job.Province, job.Membership)
	if errors.Is(err, fault.ErrMissing) {
		// The membership was removed meanwhile: nothing is made. The person
		// cannot be acted for any more, so the system closes the job.
		return a, x, false, s.db.As(ctx, System(job.Province, "导出"), func(tx *pg.Tx) error {
			return tx.Exec(`UPDATE exports SET state = 'failed', reason = '成员资格已取消', finished_at = ?, version = version + 1 WHERE province_id = ? AND id = ? AND state IN ('queued', 'running')`,
				calendar.Now(ctx), job.Province, job.Export).Error
		})
	}
	if err != nil {
		return a, x, false, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(x.own(tx, a, job.Export).Where("membership_id = ?", job.Membership).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if ok = x.State == "queued" || x.State == "running"; !ok {
			return nil
		}
		x.State, x.Rows = "running", 0
		return pg.Save(tx, &x)
	})
	a.Locale = x.Locale
	return a, x, ok, err
}

// exportSight is what decides which rows and fields of a list a seat sees.
func exportSight(a Actor) string {
	return fmt.Sprintf("%s all=%t contact=%t %q", a.Tenant.Path, a.Can("account:read_all"), a.Can("account:read_contact"), a.Districts)
}

// Fetched tells whether the actor may still fetch a workbook that is done: not
// when they see less than when it was made.
func (x Export) Fetched(ctx context.Context, a Actor) error {
	if x.State != "done" || x.ExpiresAt.Before(calendar.Now(ctx)) {
		return ErrExportGone
	}
	if x.Sight != exportSight(a) {
		return ErrExportSight
	}
	return nil
}

// ExportProgress tells the screen how far it is; ErrExportStop when the person
// has cancelled it.
func (s *Service) ExportProgress(ctx context.Context, a Actor, id uuid.UUID, rows, total int) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`UPDATE exports SET rows = ?, total = ? WHERE province_id = ? AND tenant_id = ? AND id = ? AND state = 'running'`, rows, total, a.Tenant.ProvinceID, a.Tenant.ID, id)
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrExportStop
		}
		return res.Error
	})
}

// EndExport closes one: done with its file and the ids it holds, or failed with
// the reason. What was taken out is recorded with filter and number of rows.
func (s *Service) EndExport(ctx context.Context, a Actor, id uuid.UUID, rows int, key string, size int64, held []uuid.UUID, reason string) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var x Export
		if err := pg.One(x.own(tx, a, id).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.State != "running" {
			return ErrExportStop
		}
		now := calendar.Now(ctx)
		until := now.Add(exportHours * time.Hour)
		x.Sight = exportSight(a)
		x.State, x.Rows, x.Total, x.Key, x.Size, x.Reason, x.FinishedAt, x.ExpiresAt = "done", rows, rows, key, size, reason, &now, &until
		if key == "" {
			x.State, x.ExpiresAt = "failed", nil
		} else {
			e := Entry{Action: "export", Resource: x.List, ID: x.ID, Label: x.FileName, OrgPath: a.Tenant.Path, To: fmt.Sprintf("rows=%d", rows), Reason: x.Query}
			if a.Partner() {
				e.OrgPath, e.Partner = a.Tenant.Root(), a.Tenant.ID
			}
			Record(ctx, tx, a, e)
			if err := tx.Exec(`UPDATE exports SET held = ?::uuid[] WHERE province_id = ? AND id = ?`, pg.UUIDs(held), x.ProvinceID, x.ID).Error; err != nil {
				return err
			}
		}
		return pg.Save(tx, &x)
	})
}

// ExportHolds finds the ids that a workbook of the actor holds.
func (s *Service) ExportHolds(ctx context.Context, a Actor, id uuid.UUID) (held []uuid.UUID, err error) {
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Raw(`SELECT unnest(held) FROM exports WHERE province_id = ? AND tenant_id = ? AND user_id = ? AND id = ?`, a.Tenant.ProvinceID, a.Tenant.ID, a.User, id).Scan(&held).Error
	})
	return held, err
}

// How long things are kept that nobody looks at any more.
const (
	sessionsKept = 90 * 24 * time.Hour // after their end
	answersKept  = 7 * 24 * time.Hour  // of repeated requests
)

// TidySessions forgets sessions that ended long ago. The last of each seat
// stays: it tells the quarterly review when the seat was used.
func (s *Service) TidySessions(ctx context.Context) error {
	before := calendar.Now(ctx).Add(-sessionsKept)
	return s.db.Prune(ctx, nil, "sessions", `least(revoked_at, expires_at) < ? AND EXISTS (SELECT 1 FROM sessions x WHERE x.membership_id = sessions.membership_id AND x.seen_at > sessions.seen_at)`, before)
}

// Tidy forgets the answers that were kept for repeated requests.
func (s *Service) Tidy(ctx context.Context, province uuid.UUID) error {
	return s.db.Prune(ctx, System(province, "清理"), "idempotency_keys", `province_id = ? AND created_at < ?`, province, calendar.Now(ctx).Add(-answersKept))
}

// ExpireExports forgets the workbooks of a province whose day is over: the file
// first, so that none is left behind by a store that does not answer.
func (s *Service) ExpireExports(ctx context.Context, store *blob.Store, province uuid.UUID) error {
	machine := System(province, "清理")
	for {
		var rows []Export
		if err := s.db.Read(ctx, machine, func(tx *pg.Tx) error {
			return tx.Where("province_id = ? AND state = 'done' AND expires_at <= ?", province, calendar.Now(ctx)).Order("expires_at").Limit(500).Find(&rows).Error
		}); err != nil || len(rows) == 0 {
			return err
		}
		for _, x := range rows {
			if err := store.Delete(ctx, x.Key); err != nil {
				return err
			}
			if err := s.db.As(ctx, machine, func(tx *pg.Tx) error {
				return tx.Exec(`UPDATE exports SET state = 'expired', version = version + 1 WHERE province_id = ? AND id = ? AND state = 'done'`, province, x.ID).Error
			}); err != nil {
				return err
			}
		}
	}
}
