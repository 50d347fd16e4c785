package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/sheet"
	"ecoport/tenants"
)

// stageBatch is how many rows travel to the database at once.
const stageBatch = 5000

// batch is a stretch of a sheet: rows to take and rows to refuse.
type batch struct {
	rows []imported
	bad  []badRow
}

type badRow struct {
	number int
	cells  []string
	why    []BadRow
}

// check is the dry run: the sheet is read once, its rows stand in a table of
// their own afterwards, and are judged there all at once.
func (s *Service) check(ctx context.Context, a tenants.Actor, store *blob.Store, run ImportRun) (tally, error) {
	t := tally{kept: []BadRow{}}
	districts, err := s.writable(ctx, a)
	if err != nil {
		return t, err
	}
	file, err := s.people.File(ctx, a, run.FileID)
	if err != nil {
		return t, err
	}
	content, _, err := store.Get(ctx, file.Key)
	if err != nil {
		return t, err
	}
	defer content.Close()
	if err := s.unstage(ctx, a, run.ID); err != nil { // what a run before a crash left
		return t, err
	}
	r := newReader(districts)
	// One reads while the other writes.
	g, reading := errgroup.WithContext(ctx)
	batches := make(chan batch, 1)
	g.Go(func() error {
		defer close(batches)
		return r.read(reading, content, file.MediaType == "text/csv", batches)
	})
	g.Go(func() error {
		for b := range batches {
			t.rows += len(b.rows) + len(b.bad)
			t.bad += len(b.bad)
			for _, x := range b.bad {
				t.refuse(x.why...)
			}
			if err := s.stage(reading, a, run.ID, b, &t); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		if errors.Is(err, sheet.ErrRows) {
			return t, ErrRows.Fill(sheet.MaxRows)
		}
		if _, known := fault.As(err); !known && strings.HasPrefix(err.Error(), "sheet:") {
			return t, ErrSheet
		}
		return t, err
	}
	t.present, t.header = r.present(a), r.header
	return t, s.judge(ctx, a, run.ID, &t)
}

func (r *reader) read(ctx context.Context, content io.Reader, plain bool, out chan<- batch) error {
	var b batch
	send := func() error {
		select {
		case out <- b:
			b = batch{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	read := sheet.Read
	if plain {
		read = sheet.ReadText
	}
	err := read(content, func(n int, cells []string) error {
		if r.at == nil {
			return r.locate(cells)
		}
		if len(strings.Join(cells, "")) == 0 {
			return nil
		}
		if e, why := r.row(n, cells); len(why) == 0 {
			b.rows = append(b.rows, e)
		} else {
			kept := make([]string, len(cells))
			for i, c := range cells {
				kept[i] = strings.Clone(clean(c))
			}
			b.bad = append(b.bad, badRow{n, kept, why})
		}
		if len(b.rows)+len(b.bad) >= stageBatch {
			return send()
		}
		return nil
	})
	if err == nil && r.at == nil {
		err = r.locate(nil)
	}
	if err != nil {
		return err
	}
	return send()
}

// unstage forgets the rows of an import.
func (s *Service) unstage(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		for _, table := range []string{"import_rows", "import_bad_rows"} {
			if err := tx.Exec(`DELETE FROM `+table+` WHERE province_id = ? AND import_id = ?`, a.Tenant.ProvinceID, id).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// stage stores a batch and tells the screen how far the reading is; it learns
// of a cancel on the way.
func (s *Service) stage(ctx context.Context, a tenants.Actor, id uuid.UUID, b batch, t *tally) error {
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`UPDATE imports SET rows = ?, bad_rows = ?, progress = ? WHERE province_id = ? AND id = ? AND state = 'checking'`,
			t.rows, t.bad, min(95, 95*t.rows/(t.rows+20_000)), a.Tenant.ProvinceID, id)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return errCancelled
		}
		if err := stageRows(tx, a, id, b.rows, calendar.Now(ctx)); err != nil {
			return err
		}
		return stageBad(tx, a, id, b.bad)
	})
}

// texts collects one column of many rows.
func texts[T any](rows []T, get func(*T) string) []string {
	out := make([]string, len(rows))
	for i := range rows {
		out[i] = get(&rows[i])
	}
	return out
}

func counts[T any](rows []T, get func(*T) int) []int32 {
	out := make([]int32, len(rows))
	for i := range rows {
		out[i] = int32(get(&rows[i])) //nolint:gosec // bounded by Validate
	}
	return out
}

func stageRows(tx *pg.Tx, a tenants.Actor, id uuid.UUID, rows []imported, now time.Time) error {
	ids, held := make([]uuid.UUID, len(rows)), make([]bool, len(rows))
	quality := make([]int32, len(rows))
	for i := range rows {
		e := &rows[i]
		ids[i], held[i] = pg.NewID(), e.Existing
		x := Account{UpdatedAt: now}
		x.put(e.Edit, a.Tenant)
		score, _ := Quality(x, Facts{}, now)
		quality[i] = int32(score) //nolint:gosec // 0 to 100
		e.ContactEmail = x.ContactEmail
	}
	type row = imported
	_, err := tx.Bulk(`INSERT INTO import_rows (province_id, import_id, tenant_id, number, account_id, name, credit_code, kind, tier, industry, district_code, existing, informatisation, staff_size,
			employees, machines, customers, suppliers, demand, address, contact_name, contact_phone, contact_email, target_year, target_segment, quality, words)
		SELECT $1, $2, $3, u.number, u.account_id, u.name, u.credit_code, u.kind, u.tier, u.industry, u.district_code, u.existing, u.informatisation, u.staff_size,
			u.employees, u.machines, u.customers, u.suppliers, u.demand, u.address, u.contact_name, u.contact_phone, u.contact_email, u.year, u.segment, u.quality, string_to_array(u.words, ' ')
		FROM unnest($4::int[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::boolean[], $13::int[], $14::int[], $15::int[], $16::int[], $17::int[], $18::int[],
			$19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::int[], $25::text[], $26::int[], $27::text[])
			u(number, account_id, name, credit_code, kind, tier, industry, district_code, existing, informatisation, staff_size, employees, machines, customers, suppliers,
			demand, address, contact_name, contact_phone, contact_email, year, segment, quality, words)`,
		a.Tenant.ProvinceID, id, a.Tenant.ID, counts(rows, func(r *row) int { return r.number }), ids,
		texts(rows, func(r *row) string { return r.Name }), texts(rows, func(r *row) string { return r.CreditCode }), texts(rows, func(r *row) string { return r.Kind }),
		texts(rows, func(r *row) string { return r.Tier }), texts(rows, func(r *row) string { return r.Industry }), texts(rows, func(r *row) string { return r.DistrictCode }), held,
		counts(rows, func(r *row) int { return r.Informatisation }), counts(rows, func(r *row) int { return r.StaffSize }), counts(rows, func(r *row) int { return r.Employees }),
		counts(rows, func(r *row) int { return r.Machines }), counts(rows, func(r *row) int { return r.Customers }), counts(rows, func(r *row) int { return r.Suppliers }),
		texts(rows, func(r *row) string { return r.Demand }), texts(rows, func(r *row) string { return r.Address }), texts(rows, func(r *row) string { return r.ContactName }),
		texts(rows, func(r *row) string { return r.ContactPhone }), texts(rows, func(r *row) string { return r.ContactEmail }),
		counts(rows, func(r *row) int { return r.year }), texts(rows, func(r *row) string { return r.group }), quality,
		texts(rows, func(r *row) string { return strings.Join(pg.Words(r.Name), " ") }))
	return err
}

func stageBad(tx *pg.Tx, a tenants.Actor, id uuid.UUID, rows []badRow) error {
	if len(rows) == 0 {
		return nil
	}
	said := func(pick func(fault.Words) string) func(*badRow) string {
		return func(r *badRow) string {
			var out []string
			for _, w := range r.why {
				out = append(out, fmt.Sprintf("%s %s: %s", w.Cell, w.Column, pick(w.Reason)))
			}
			return strings.Join(out, "\n")
		}
	}
	// Cells of a row travel as one text, because rows have different lengths.
	_, err := tx.Bulk(`INSERT INTO import_bad_rows (province_id, import_id, tenant_id, number, cells, reasons_zh, reasons_en)
		SELECT $1, $2, $3, u.number, string_to_array(u.cells, E'\x1f'), u.zh, u.en FROM unnest($4::int[], $5::text[], $6::text[], $7::text[]) u(number, cells, zh, en)
		ON CONFLICT DO NOTHING`,
		a.Tenant.ProvinceID, id, a.Tenant.ID, counts(rows, func(r *badRow) int { return r.number }), texts(rows, func(r *badRow) string { return strings.Join(r.cells, "\x1f") }),
		texts(rows, said(func(w fault.Words) string { return w.Zh })), texts(rows, said(func(w fault.Words) string { return w.En })))
	return err
}

var errElsewhere = fault.Words{Zh: "本市已有该信用代码的客户，但不在您的区县内，或已并入其他客户。", En: "The city has this credit code already, in a district that is not yours, or merged into another account."}

// judge compares the staged rows with what the city has, set-based.
func (s *Service) judge(ctx context.Context, a tenants.Actor, id uuid.UUID, t *tally) error {
	// Elevated: somebody narrowed to districts must learn before writing that
	// a code is taken elsewhere in the own city; that it is taken is all they learn.
	return s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if err := hashWhenSmall(tx); err != nil {
			return err
		}
		const join = ` FROM import_rows r JOIN accounts a ON a.province_id = r.province_id AND a.city_code = ? AND a.credit_code = r.credit_code WHERE r.province_id = ? AND r.import_id = ?`
		args := []any{a.Tenant.Code, a.Tenant.ProvinceID, id}
		var lost []struct {
			Number     int
			Name       string
			CreditCode string
		}
		if err := tx.Raw(`SELECT r.number, r.name, r.credit_code`+join+` AND (a.merged_into IS NOT NULL OR NOT (cardinality(?::text[]) = 0 OR a.district_code = ANY (?::text[])))`,
			append(slices.Clone(args), pg.Texts(a.Districts), pg.Texts(a.Districts))...).Scan(&lost).Error; err != nil {
			return err
		}
		var bad []badRow
		for _, l := range lost {
			why := BadRow{l.Number, "统一社会信用代码", "", l.CreditCode, errElsewhere}
			bad = append(bad, badRow{l.Number, []string{l.Name, l.CreditCode}, []BadRow{why}})
			t.refuse(why)
		}
		if err := stageBad(tx, a, id, bad); err != nil {
			return err
		}
		t.bad += len(bad)
		if _, err := tx.Bulk(`DELETE FROM import_rows WHERE province_id = $1 AND import_id = $2 AND number = ANY ($3)`, a.Tenant.ProvinceID, id, counts(bad, func(b *badRow) int { return b.number })); err != nil {
			return err
		}
		var n struct{ Known, Changed, All int }
		if err := tx.Raw(`SELECT count(*) AS known, count(*) FILTER (WHERE `+differs(t.present)+`) AS changed`+join, args...).Scan(&n).Error; err != nil {
			return err
		}
		if err := tx.Raw(`SELECT count(*) FROM import_rows WHERE province_id = ? AND import_id = ?`, a.Tenant.ProvinceID, id).Scan(&n.All).Error; err != nil {
			return err
		}
		t.fresh, t.changed, t.unchanged = n.All-n.Known, n.Changed, n.Known-n.Changed
		return nil
	})
}

// stored are the fields of a sheet that are columns of an account.
var stored = []string{
	"name", "kind", "tier", "industry", "district_code", "existing", "informatisation", "staff_size", "employees", "machines", "customers", "suppliers", "demand",
	"address", "contact_name", "contact_phone", "contact_email",
}

// said are the columns the sheet says something about.
func said(present []string) []string {
	return slices.DeleteFunc(slices.Clone(stored), func(f string) bool { return !slices.Contains(present, f) })
}

// differs is the SQL that tells a row r from the account a it is about.
func differs(present []string) string {
	fields := said(present)
	if len(fields) == 0 {
		return "false"
	}
	return "(a." + strings.Join(fields, ", a.") + ") IS DISTINCT FROM (r." + strings.Join(fields, ", r.") + ")"
}
