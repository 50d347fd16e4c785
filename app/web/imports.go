package web

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

func importOf(ctx context.Context, a tenants.Actor, r account.ImportRun) Import {
	out := Import{
		ID: r.ID.String(), FileName: r.FileName, State: r.State, Progress: r.Progress, Rows: r.Rows, New: r.NewRows, Changed: r.ChangedRows, Unchanged: r.UnchangedRows,
		Bad: r.BadRows, Added: r.Added, Updated: r.Updated, Refused: r.Refused, Removed: r.Removed, Restored: r.Restored, Touched: r.Touched, BadRows: []BadRow{}, StartedBy: r.StartedBy, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Reason: r.Reason,
		Actions: account.ImportMachine.Actions(r.State, func(p string) bool { return a.Can(tenants.Permission(p)) }),
	}
	for _, b := range r.Bad.V {
		out.BadRows = append(out.BadRows, BadRow{b.Row, b.Column, b.Cell, b.Value, b.Reason.In(localeOf(ctx))})
	}
	return out
}

func imports(s *Server, ctx context.Context, a tenants.Actor, _ *empty) (List[Import], error) {
	found, err := s.Accounts.Imports(ctx, a)
	out := List[Import]{Items: []Import{}}
	for _, r := range found {
		r.Bad.V = nil
		out.Items = append(out.Items, importOf(ctx, a, r))
	}
	return out, err
}

func startImport(s *Server, ctx context.Context, a tenants.Actor, in *importInput) (Import, error) {
	r, err := s.Accounts.StartImport(ctx, a, uuid.MustParse(in.Body.FileID))
	return importOf(ctx, a, r), err
}

func oneImport(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Import, error) {
	r, err := s.Accounts.ImportOf(ctx, a, uuid.MustParse(in.ID))
	return importOf(ctx, a, r), err
}

func actImport(action string) call[ByID, Import] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (Import, error) {
		r, err := s.Accounts.ActOnImport(ctx, a, uuid.MustParse(in.ID), action)
		return importOf(ctx, a, r), err
	}
}

// badRows is the workbook of all rows an import could not take: as they were
// uploaded, with the reasons in a column of their own.
func badRows(s *Server, ctx context.Context, a tenants.Actor, f *fiber.Ctx) (book, error) {
	id, err := uuid.Parse(f.Params("id"))
	if err != nil {
		return book{}, fault.ErrMissing
	}
	run, err := s.Accounts.ImportOf(ctx, a, id)
	if err != nil {
		return book{}, err
	}
	b := book{name: say(ctx, "有误的行.xlsx", "bad-rows.xlsx"), header: append(append([]string{}, run.Header...), say(ctx, "原因", "Reason"))}
	last := 0
	b.next = rowsUpTo(jobLimit, func(*account.BadSheetRow) ([]account.BadSheetRow, error) {
		page, err := s.Accounts.BadRows(ctx, a, id, last, exportPage)
		if len(page) > 0 {
			last = page[len(page)-1].Number
		}
		return page, err
	}, func(r account.BadSheetRow) []any {
		out := make([]any, len(b.header))
		for i, c := range r.Cells[:min(len(r.Cells), len(run.Header))] {
			out[i] = c
		}
		out[len(run.Header)] = r.Reasons.In(localeOf(ctx))
		return out
	})
	return b, nil
}
