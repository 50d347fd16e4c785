package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/sheet"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// exported is a list that goes out as a workbook made by a job.
type exported struct {
	permission tenants.Permission
	name       fault.Words
	build      func(s *Server, ctx context.Context, a tenants.Actor, query string) (b book, total int64, err error)
}

// exportable are the lists by name.
var exportable = map[string]exported{
	"accounts": {account.Read, fault.Words{Zh: "客户.xlsx", En: "accounts.xlsx"}, accountBook},
}

func exportOf(x tenants.Export) Export {
	out := Export{
		ID: x.ID.String(), List: x.List, FileName: x.FileName, State: x.State, Rows: x.Rows, Total: x.Total, Size: x.Size, Reason: x.Reason, CreatedAt: x.CreatedAt,
		FinishedAt: x.FinishedAt, ExpiresAt: x.ExpiresAt, Actions: []string{},
	}
	switch x.State {
	case "queued", "running":
		out.Actions = append(out.Actions, "cancel")
	case "done":
		out.Actions = append(out.Actions, "download")
	}
	return out
}

func startExport(s *Server, ctx context.Context, a tenants.Actor, in *exportInput) (Export, error) {
	list, ok := exportable[in.Body.List]
	if !ok {
		var c fault.Checker
		c.OneOf("list", in.Body.List)
		return Export{}, c.Err()
	}
	if err := a.Need(list.permission); err != nil {
		return Export{}, err
	}
	if _, err := queryOf(in.Body.Query); err != nil {
		return Export{}, err
	}
	a.Locale = localeOf(ctx)
	x, err := s.Tenants.StartExport(ctx, a, in.Body.List, in.Body.Query, list.name.In(a.Locale))
	return exportOf(x), err
}

func exports(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Export], error) {
	found, err := s.Tenants.Exports(ctx, a)
	return itemsOf(found, exportOf), err
}

func oneExport(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Export, error) {
	x, err := s.Tenants.ExportOf(ctx, a, uuid.MustParse(in.ID))
	return exportOf(x), err
}

func cancelExport(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Export, error) {
	x, err := s.Tenants.CancelExport(ctx, a, uuid.MustParse(in.ID))
	return exportOf(x), err
}

func exportLink(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Link, error) {
	x, err := s.Tenants.ExportOf(ctx, a, uuid.MustParse(in.ID))
	if err != nil {
		return Link{}, err
	}
	if err := a.Need(exportable[x.List].permission); err != nil { // the role may be gone since
		return Link{}, err
	}
	if err := x.Fetched(ctx, a); err != nil {
		return Link{}, err
	}
	held, err := s.Tenants.ExportHolds(ctx, a, x.ID)
	if err != nil {
		return Link{}, err
	}
	lost, err := s.Accounts.LostSight(ctx, a, x.CreatedAt, held)
	if err != nil {
		return Link{}, err
	}
	if lost {
		return Link{}, tenants.ErrExportSight
	}
	address, err := s.Blob.PresignGet(ctx, x.Key, x.FileName, false, 5*time.Minute)
	return Link{URL: address}, err
}

// progressEvery is after how many rows the screen is told, and a cancel heard.
const progressEvery = 5000

// RunExport makes the workbook as the person who asked: what they may see now,
// not what they might have seen then.
func (s *Server) RunExport(ctx context.Context, raw json.RawMessage) error {
	var job tenants.ExportJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return err
	}
	a, x, ok, err := s.Tenants.BeginExport(ctx, job)
	if err != nil || !ok {
		return err
	}
	ctx = context.WithValue(ctx, localeKey{}, x.Locale)
	rows, key, size, held, err := s.writeExport(ctx, a, x)
	switch {
	case errors.Is(err, tenants.ErrExportStop):
		return nil
	case err != nil:
		f, known := fault.As(err)
		if !known {
			return err // the queue tries again
		}
		err = s.Tenants.EndExport(ctx, a, x.ID, rows, "", 0, nil, f.Words.In(x.Locale))
	default:
		err = s.Tenants.EndExport(ctx, a, x.ID, rows, key, size, held, "")
	}
	if errors.Is(err, tenants.ErrExportStop) {
		if key != "" {
			return s.Blob.Delete(ctx, key)
		}
		return nil
	}
	return err
}

func (s *Server) writeExport(ctx context.Context, a tenants.Actor, x tenants.Export) (rows int, key string, size int64, held []uuid.UUID, err error) {
	list := exportable[x.List]
	if err := a.Need(list.permission); err != nil {
		return 0, "", 0, nil, err
	}
	b, total, err := list.build(s, ctx, a, x.Query)
	if err != nil {
		return 0, "", 0, nil, err
	}
	file, err := os.CreateTemp("", "export-*.xlsx")
	if err != nil {
		return 0, "", 0, nil, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	next := func() ([]any, error) {
		if rows%progressEvery == 0 {
			if err := s.Tenants.ExportProgress(ctx, a, x.ID, rows, int(total)); err != nil {
				return nil, err
			}
		}
		row, err := b.next()
		if row != nil {
			rows++
		}
		return row, err
	}
	if err := sheet.Write(file, "Sheet", b.header, next); err != nil {
		return rows, "", 0, nil, err
	}
	if size, err = file.Seek(0, 1); err != nil {
		return rows, "", 0, nil, err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return rows, "", 0, nil, err
	}
	key = fmt.Sprintf("%s/%s", a.Tenant.ID, uuid.NewString())
	return rows, key, size, b.held(), s.Blob.Put(ctx, key, file, size, xlsxType)
}

func accountBook(s *Server, ctx context.Context, a tenants.Actor, raw string) (book, int64, error) {
	q, err := queryOf(raw)
	if err != nil {
		return book{}, 0, err
	}
	total, _, err := s.Accounts.Matching(ctx, a, q) // for the progress only
	if err != nil {
		return book{}, 0, err
	}
	q.Limit = 2 * exportPage
	q.Only = []string{"id", "name", "credit_code", "kind", "tier", "industry", "city_code", "district_code", "owner_name", "contact_name", "contact_phone", "quality", "updated_at"}
	b := book{header: []string{
		say(ctx, "客户名称", "Name"), say(ctx, "统一社会信用代码", "Credit code"), say(ctx, "客户类型", "Kind"), say(ctx, "价值等级", "Tier"),
		say(ctx, "行业", "Industry"), say(ctx, "地市", "City"), say(ctx, "区县", "District"), say(ctx, "客户经理", "Owner"), say(ctx, "联系人", "Contact"), say(ctx, "联系电话", "Phone"),
		say(ctx, "资料质量", "Quality"), say(ctx, "更新于", "Updated"),
	}}
	var held []uuid.UUID
	narrow := account.Narrow(a)
	b.held = func() []uuid.UUID { return held }
	b.next = rowsUpTo(jobLimit, func(last *account.Account) ([]account.Account, error) {
		if last != nil {
			q.AfterName, q.AfterAt, q.AfterID, q.AfterQuality = last.Name, last.UpdatedAt, last.ID, last.Quality
		}
		return s.Accounts.List(ctx, a, q)
	}, func(x account.Account) []any {
		if narrow {
			held = append(held, x.ID)
		}
		return []any{x.Name, x.CreditCode, x.Kind, x.Tier, x.Industry, x.CityCode, x.DistrictCode, x.OwnerName, x.ContactName, x.ContactPhone, x.Quality, day(x.UpdatedAt)}
	})
	return b, total, nil
}

// Tidy forgets what was kept for a time only: workbooks after a day, the rows
// of imports after a month, and what each package says for itself.
func (s *Server) Tidy(ctx context.Context, _ json.RawMessage) error {
	if err := s.Tenants.TidySessions(ctx); err != nil {
		return err
	}
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if err := s.Tenants.ExpireExports(ctx, s.Blob, p.ID); err != nil {
			return err
		}
		if err := s.Tenants.TidyUploads(ctx, s.Blob, p.ID); err != nil {
			return err
		}
		for _, tidy := range []func(context.Context, uuid.UUID) error{s.Accounts.Tidy, s.Tenants.Tidy, s.Notices.Tidy, s.Webhooks.Tidy, s.Deals.Tidy} {
			if err := tidy(ctx, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
