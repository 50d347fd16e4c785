package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// applyChunk is how many rows are written in one transaction: what a stop
// waits for.
const applyChunk = 10_000

// apply writes the staged rows in chunks. Each chunk moves the mark of what is
// done in its own transaction, so neither a crash nor a second worker writes
// anything twice, and a stop keeps what is written.
func (s *Service) apply(ctx context.Context, a tenants.Actor, run ImportRun) error {
	for {
		more := false
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			r, err := lockImport(tx, a, run.ID, "applying")
			if err != nil {
				return err
			}
			to, err := chunkEnd(tx, r, r.DoneTo)
			if err != nil || to == 0 {
				return err
			}
			more = true
			done, err := s.write(ctx, tx, a, r.ID, r.Present, r.DoneTo, to)
			if err != nil {
				return err
			}
			left := 0
			if err := tx.Raw(`SELECT count(*) FROM import_rows WHERE province_id = ? AND import_id = ? AND number > ?`, r.ProvinceID, r.ID, to).Scan(&left).Error; err != nil {
				return err
			}
			all := max(1, r.NewRows+r.ChangedRows+r.UnchangedRows)
			tenants.Record(ctx, tx, a, r.entry("apply_rows", "", fmt.Sprintf("%d-%d", r.DoneTo+1, to)))
			return tx.Exec(`UPDATE imports SET done_to = ?, added = added + ?, updated = updated + ?, refused = refused + ?, progress = ? WHERE province_id = ? AND id = ?`,
				to, done.added, done.updated, done.refused, min(99, 100-100*left/all), r.ProvinceID, r.ID).Error
		})
		if err != nil || !more {
			return err
		}
	}
}

// lockImport takes the import for one chunk; errCancelled when it is no longer
// in the state the work needs.
func lockImport(tx *pg.Tx, a tenants.Actor, id uuid.UUID, state string) (ImportRun, error) {
	var r ImportRun
	if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &r); err != nil {
		return r, err
	}
	if r.State != state {
		return r, errCancelled
	}
	return r, nil
}

// chunkEnd is the number of the last row of the next chunk; 0 when none is left.
func chunkEnd(tx *pg.Tx, r ImportRun, from int) (int, error) {
	var to int
	err := tx.Raw(`SELECT coalesce(max(number), 0) FROM (SELECT number FROM import_rows WHERE province_id = ? AND import_id = ? AND number > ? ORDER BY number LIMIT ?) x`,
		r.ProvinceID, r.ID, from, applyChunk).Scan(&to).Error
	return to, err
}

type written struct{ added, updated, refused int }

// write brings staged rows into the accounts: new ones, then changed ones with
// what they replaced kept beside, then the copies that search and partners read.
func (s *Service) write(ctx context.Context, tx *pg.Tx, a tenants.Actor, id uuid.UUID, present []string, from, to int) (written, error) {
	var out written
	now := calendar.Now(ctx).Truncate(time.Microsecond)
	province, city := a.Tenant.ProvinceID, a.Tenant.Code
	// A code that row security hides is refused by the constraint and counted below.
	if err := hashWhenSmall(tx); err != nil {
		return out, err
	}
	const stretch = ` FROM import_rows r WHERE r.province_id = $1 AND r.import_id = $2 AND r.number > $3 AND r.number <= $4`
	added, err := tx.Bulk(`INSERT INTO accounts (province_id, id, org_path, credit_code, city_code, quality, quality_at, created_at, updated_at, `+strings.Join(stored, ", ")+`)
		SELECT r.province_id, r.account_id, $6 || r.district_code || '/', r.credit_code, $5, r.quality, $7, $7, $7, r.`+strings.Join(stored, ", r.")+stretch+`
		AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.province_id = r.province_id AND a.city_code = $5 AND a.credit_code = r.credit_code)
		ON CONFLICT ON CONSTRAINT accounts_credit_code_once DO NOTHING`, province, id, from, to, city, a.Tenant.Path, now)
	if err != nil {
		return out, err
	}
	if _, err := tx.Bulk(`INSERT INTO account_words (province_id, account_id, org_path, words)
		SELECT a.province_id, a.id, a.org_path, r.words FROM import_rows r JOIN accounts a ON a.province_id = r.province_id AND a.id = r.account_id
		WHERE r.province_id = $1 AND r.import_id = $2 AND r.number > $3 AND r.number <= $4`, province, id, from, to); err != nil {
		return out, err
	}
	out.added = int(added)
	rules, err := territories(tx, a.Tenant)
	if err != nil {
		return out, err
	}
	if len(rules) > 0 {
		var made []uuid.UUID
		if err := tx.Raw(`SELECT a.id FROM import_rows r JOIN accounts a ON a.province_id = r.province_id AND a.id = r.account_id WHERE r.province_id = ? AND r.import_id = ? AND r.number > ? AND r.number <= ?`,
			province, id, from, to).Scan(&made).Error; err != nil {
			return out, err
		}
		if err := own(tx, a.Tenant, made); err != nil {
			return out, err
		}
	}
	if slices.Contains(present, "target_year") {
		if err := markTargets(tx, a, id, from, to, now); err != nil {
			return out, err
		}
	}
	var all int
	if err := tx.Raw(`SELECT count(*) FROM import_rows WHERE province_id = ? AND import_id = ? AND number > ? AND number <= ?`, province, id, from, to).Scan(&all).Error; err != nil || all == out.added {
		return out, err // all of them were new
	}
	set := []string{}
	for _, f := range said(present) {
		set = append(set, f+" = r."+f)
	}
	var changed []uuid.UUID
	if len(set) > 0 {
		if err := tx.Raw(`WITH r AS MATERIALIZED (SELECT r.*, a.id AS known, to_jsonb(a) AS old, a.version AS was FROM import_rows r JOIN accounts a ON a.province_id = r.province_id AND a.city_code = ? AND a.credit_code = r.credit_code
				WHERE r.province_id = ? AND r.import_id = ? AND r.number > ? AND r.number <= ? AND a.merged_into IS NULL AND `+differs(present)+`),
			kept AS (UPDATE import_rows x SET before = r.old, after_version = r.was + 1 FROM r WHERE x.province_id = r.province_id AND x.import_id = r.import_id AND x.number = r.number)
			UPDATE accounts a SET `+strings.Join(set, ", ")+`, org_path = ? || r.district_code || '/', version = a.version + 1, updated_at = ?
			FROM r WHERE a.province_id = r.province_id AND a.id = r.known RETURNING a.id`,
			city, province, id, from, to, a.Tenant.Path, now).Scan(&changed).Error; err != nil {
			return out, err
		}
	}
	out.updated = len(changed)
	if err := refresh(tx, changed, now); err != nil {
		return out, err
	}
	var hidden int
	err = tx.Raw(`SELECT count(*) FROM import_rows r WHERE r.province_id = ? AND r.import_id = ? AND r.number > ? AND r.number <= ?
		AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.province_id = r.province_id AND a.city_code = ? AND a.credit_code = r.credit_code AND a.merged_into IS NULL)`, province, id, from, to, city).Scan(&hidden).Error
	out.refused = hidden
	return out, err
}

// markTargets marks the accounts whose rows name a year.
func markTargets(tx *pg.Tx, a tenants.Actor, id uuid.UUID, from, to int, now time.Time) error {
	return tx.Exec(`INSERT INTO account_targets (province_id, account_id, year, segment, org_path, city_code, district_code, set_by, set_at)
		SELECT a.province_id, a.id, r.target_year, r.target_segment, a.org_path, a.city_code, a.district_code, ?, ?
		FROM import_rows r JOIN accounts a ON a.province_id = r.province_id AND a.city_code = ? AND a.credit_code = r.credit_code AND a.merged_into IS NULL
		WHERE r.province_id = ? AND r.import_id = ? AND r.number > ? AND r.number <= ? AND r.target_year > 0
		ON CONFLICT (province_id, account_id, year) DO UPDATE SET segment = excluded.segment, set_by = excluded.set_by, set_at = excluded.set_at`,
		a.Name, now, a.Tenant.Code, a.Tenant.ProvinceID, id, from, to).Error
}

// hashWhenSmall keeps the planner from walking the whole table once a row: of
// a table it has not looked at yet it believes that any index finds one row.
// A table it knows to be large is looked up by the right one.
func hashWhenSmall(tx *pg.Tx) error {
	var known float64
	if err := tx.Raw(`SELECT reltuples FROM pg_class WHERE oid = 'accounts'::regclass`).Scan(&known).Error; err != nil || known > 100_000 {
		return err
	}
	return tx.Exec(`SET LOCAL enable_nestloop = off`).Error
}

// refresh brings everything that copies accounts up to date after a change of
// many: search words, places of targets, what partners see, and the quality.
func refresh(tx *pg.Tx, ids []uuid.UUID, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	province := tx.Identity.Province
	var named []struct {
		ID      uuid.UUID
		OrgPath string
		Name    string
	}
	if err := tx.Raw(`SELECT id, org_path, name FROM accounts WHERE province_id = ? AND id = ANY (?::uuid[])`, province, pg.UUIDs(ids)).Scan(&named).Error; err != nil {
		return err
	}
	found, paths, words := make([]uuid.UUID, len(named)), make([]string, len(named)), make([]string, len(named))
	for i, x := range named {
		found[i], paths[i], words[i] = x.ID, x.OrgPath, strings.Join(pg.Words(x.Name), " ")
	}
	if _, err := tx.Bulk(`INSERT INTO account_words (province_id, account_id, org_path, words) SELECT $1, u.id, u.path, string_to_array(u.words, ' ') FROM unnest($2::uuid[], $3::text[], $4::text[]) u(id, path, words)
		ON CONFLICT (province_id, account_id) DO UPDATE SET org_path = excluded.org_path, words = excluded.words WHERE account_words.org_path <> excluded.org_path OR account_words.words <> excluded.words`,
		province, found, paths, words); err != nil {
		return err
	}
	for _, table := range []string{"account_contacts", "account_targets"} {
		if _, err := tx.Bulk(`UPDATE `+table+` c SET org_path = a.org_path FROM accounts a WHERE c.province_id = $1 AND c.account_id = ANY ($2) AND a.province_id = $1 AND a.id = c.account_id AND c.org_path <> a.org_path`, province, ids); err != nil {
			return err
		}
	}
	if err := refreshGrants(tx, ids, now); err != nil {
		return err
	}
	return rescore(tx, ids, now)
}

// refreshGrants is Grant.copy for many accounts at once.
func refreshGrants(tx *pg.Tx, ids []uuid.UUID, now time.Time) error {
	give := []string{}
	for _, f := range Fields {
		empty := "''"
		if f == "staff_size" || f == "informatisation" {
			empty = "0"
		}
		give = append(give, fmt.Sprintf("%s = CASE WHEN '%s' = ANY (g.fields) THEN a.%s ELSE %s END", f, f, f, empty))
	}
	_, err := tx.Bulk(`UPDATE account_grants g SET name = a.name, credit_code = a.credit_code, kind = a.kind, tier = a.tier, industry = a.industry, city_code = a.city_code, district_code = a.district_code,
		org_path = a.org_path, updated_at = $2, `+strings.Join(give, ", ")+` FROM accounts a WHERE g.province_id = $1 AND g.account_id = ANY ($3) AND g.ended_at IS NULL AND a.province_id = $1 AND a.id = g.account_id`,
		tx.Identity.Province, now, ids)
	return err
}

// undo takes an applied import back, the last rows first. What somebody has
// touched since stays as it is and is counted.
func (s *Service) undo(ctx context.Context, a tenants.Actor, run ImportRun) error {
	for {
		more := false
		// Elevated: only the system deletes accounts; the permission to import
		// was checked, and the rows are those this import wrote.
		err := s.db.As(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
			r, err := lockImport(tx, a, run.ID, "undoing")
			if err != nil {
				return err
			}
			var from int
			if err := tx.Raw(`SELECT coalesce(min(number), 0) FROM (SELECT number FROM import_rows WHERE province_id = ? AND import_id = ? AND number <= ? ORDER BY number DESC LIMIT ?) x`,
				r.ProvinceID, r.ID, r.DoneTo, applyChunk).Scan(&from).Error; err != nil || from == 0 {
				return err
			}
			more = true
			removed, restored, touched, err := s.takeBack(ctx, tx, r, from, r.DoneTo)
			if err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, r.entry("undo_rows", "", fmt.Sprintf("%d-%d", from, r.DoneTo)))
			return tx.Exec(`UPDATE imports SET done_to = ?, removed = removed + ?, restored = restored + ?, touched = touched + ?, progress = least(99, 100 - 100 * ? / greatest(1, rows)) WHERE province_id = ? AND id = ?`,
				from-1, removed, restored, touched, from, r.ProvinceID, r.ID).Error
		})
		if err != nil || !more {
			return err
		}
	}
}

func (s *Service) takeBack(ctx context.Context, tx *pg.Tx, r ImportRun, from, to int) (removed, restored, touched int, err error) {
	now := calendar.Now(ctx).Truncate(time.Microsecond)
	if err := hashWhenSmall(tx); err != nil {
		return 0, 0, 0, err
	}
	rows := `FROM import_rows r WHERE r.province_id = ? AND r.import_id = ? AND r.number >= ? AND r.number <= ?`
	args := []any{r.ProvinceID, r.ID, from, to}
	set := []string{}
	for _, f := range append([]string{"org_path"}, stored...) {
		set = append(set, f+" = b."+f)
	}
	var back []uuid.UUID
	if err := tx.Raw(`UPDATE accounts a SET `+strings.Join(set, ", ")+`, version = a.version + 1, updated_at = ?
		FROM (SELECT r.after_version, (jsonb_populate_record(NULL::accounts, r.before)).* `+rows+` AND r.before IS NOT NULL) b
		WHERE a.province_id = b.province_id AND a.id = b.id AND a.version = b.after_version RETURNING a.id`, append([]any{now}, args...)...).Scan(&back).Error; err != nil {
		return 0, 0, 0, err
	}
	if err := refresh(tx, back, now); err != nil {
		return 0, 0, 0, err
	}
	var changed, made int
	if err := tx.Raw(`SELECT count(*) `+rows+` AND r.before IS NOT NULL`, args...).Scan(&changed).Error; err != nil {
		return 0, 0, 0, err
	}
	if err := tx.Raw(`SELECT count(*) FROM accounts a WHERE a.province_id = ? AND a.id IN (SELECT r.account_id `+rows+`)`, append([]any{r.ProvinceID}, args...)...).Scan(&made).Error; err != nil {
		return 0, 0, 0, err
	}
	var gone []uuid.UUID
	unused := []string{"account_grants", "account_contacts", "accuracy_records"}
	alone := ""
	for _, table := range unused {
		alone += ` AND NOT EXISTS (SELECT 1 FROM ` + table + ` u WHERE u.province_id = a.province_id AND u.account_id = a.id)`
	}
	if err := tx.Raw(`SELECT a.id FROM accounts a WHERE a.province_id = ? AND a.id IN (SELECT r.account_id `+rows+`) AND a.version = 1 AND a.merged_into IS NULL`+alone+`
		AND NOT EXISTS (SELECT 1 FROM accounts m WHERE m.province_id = a.province_id AND m.merged_into = a.id)
		AND NOT EXISTS (SELECT 1 FROM account_targets t WHERE t.province_id = a.province_id AND t.account_id = a.id AND t.set_at <> a.created_at) FOR UPDATE`,
		append([]any{r.ProvinceID}, args...)...).Scan(&gone).Error; err != nil {
		return 0, 0, 0, err
	}
	for _, used := range s.Guards {
		kept, err := used(tx, gone)
		if err != nil {
			return 0, 0, 0, err
		}
		gone = without(gone, kept)
	}
	for _, sql := range []string{
		`DELETE FROM account_targets WHERE province_id = $1 AND account_id = ANY ($2)`,
		`DELETE FROM account_duplicates WHERE province_id = $1 AND (one_id = ANY ($2) OR other_id = ANY ($2))`,
		`DELETE FROM account_looks WHERE province_id = $1 AND account_id = ANY ($2)`,
		`DELETE FROM account_words WHERE province_id = $1 AND account_id = ANY ($2)`,
		`DELETE FROM accounts WHERE province_id = $1 AND id = ANY ($2)`,
	} {
		if _, err := tx.Bulk(sql, r.ProvinceID, gone); err != nil {
			return 0, 0, 0, err
		}
	}
	return len(gone), len(back), made - len(gone) + changed - len(back), nil
}

func without(ids, drop []uuid.UUID) []uuid.UUID {
	gone := map[uuid.UUID]bool{}
	for _, id := range drop {
		gone[id] = true
	}
	out := ids[:0:0]
	for _, id := range ids {
		if !gone[id] {
			out = append(out, id)
		}
	}
	return out
}

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
		n, id := min(applyChunk, len(edits)), pg.NewID()
		rows := make([]imported, n)
		for i := range rows {
			rows[i] = imported{Edit: edits[i], number: i + 1}
		}
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			if err := stageRows(tx, a, id, rows, calendar.Now(ctx)); err != nil {
				return err
			}
			if _, err := s.write(ctx, tx, a, id, stored, 0, n); err != nil {
				return err
			}
			tenants.Record(ctx, tx, a, tenants.Entry{Action: "load", Resource: "account", ID: a.Tenant.ID, Label: fmt.Sprintf("%d", n), OrgPath: a.Tenant.Path})
			return tx.Exec(`DELETE FROM import_rows WHERE province_id = ? AND import_id = ?`, a.Tenant.ProvinceID, id).Error
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
