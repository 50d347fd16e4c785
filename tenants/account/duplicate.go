package account

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/tenants"
)

// JobSuspect looks for duplicates; the argument is a SuspectJob.
const JobSuspect = "account.suspect"

// SuspectJob names where to look: one account, one city, or with neither all
// of a province.
type SuspectJob struct {
	Province uuid.UUID `json:"province"`
	City     string    `json:"city,omitempty"`
	Account  uuid.UUID `json:"account"`
}

// Suspect is a pair of accounts that may be one. A pair across cities carries
// the province's path, so only the province sees it.
type Suspect struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	OneID      uuid.UUID
	OtherID    uuid.UUID
	OrgPath    string
	Reason     string // same_code, same_name, similar_name
	Score      int
	State      string // open, dismissed, merged
	FoundAt    time.Time
	DecidedBy  string
	DecidedAt  *time.Time
	Note       string
	Version    int64
}

// TableName of suspected duplicates.
func (Suspect) TableName() string { return "account_duplicates" }

// RowVersion is the optimistic lock.
func (x *Suspect) RowVersion() *int64 { return &x.Version }

// ErrDecided says that somebody decided on the pair before.
var ErrDecided = fault.New(fault.Conflict, "decided-already", "这一对已经处理过了。", "This pair was decided on already.")

// SuspectJob looks for duplicates as the system.
func (s *Service) SuspectJob(ctx context.Context, raw json.RawMessage) error {
	var job SuspectJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return err
	}
	provinces := []uuid.UUID{job.Province}
	if job.Province == uuid.Nil { // the nightly round
		all, err := s.people.Provinces(ctx)
		if err != nil {
			return err
		}
		provinces = provinces[:0]
		for _, p := range all {
			provinces = append(provinces, p.ID)
		}
	}
	for _, p := range provinces {
		if err := s.suspect(ctx, p, job.City, job.Account); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) suspect(ctx context.Context, province uuid.UUID, city string, only uuid.UUID) error {
	a := tenants.System(province, "查重")
	var places []struct{ CityCode, DistrictCode, OrgPath string }
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		q := `SELECT DISTINCT d.city_code, d.code AS district_code, t.path || d.code || '/' AS org_path FROM districts d JOIN tenants t ON t.province_id = d.province_id AND t.kind = 'city' AND t.code = d.city_code WHERE d.province_id = ?`
		args := []any{province}
		if only != uuid.Nil {
			q += ` AND d.code = (SELECT district_code FROM accounts WHERE province_id = ? AND id = ?)`
			args = append(args, province, only)
		}
		if city != "" {
			q += ` AND d.city_code = ?`
			args = append(args, city)
		}
		return tx.Raw(q, args...).Scan(&places).Error
	})
	if err != nil {
		return err
	}
	for _, p := range places {
		// One transaction a district: what a crash cuts off is found next time.
		err := s.db.As(ctx, a, func(tx *pg.Tx) error {
			var names []name
			if err := tx.Raw(`SELECT id, name FROM accounts WHERE province_id = ? AND org_path = ? AND merged_into IS NULL ORDER BY id`, province, p.OrgPath).Scan(&names).Error; err != nil {
				return err
			}
			return keepSuspects(tx, alikes(names, only), p.OrgPath, "", calendar.Now(ctx))
		})
		if err != nil {
			return err
		}
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		q := `SELECT a.id AS one, b.id AS other, split_part(a.org_path, '/', 1) || '/' AS path FROM accounts a JOIN accounts b ON b.province_id = a.province_id AND b.credit_code = a.credit_code AND b.city_code > a.city_code
			WHERE a.province_id = ? AND a.merged_into IS NULL AND b.merged_into IS NULL`
		args := []any{province}
		if only != uuid.Nil {
			q += ` AND a.credit_code = (SELECT credit_code FROM accounts WHERE province_id = ? AND id = ?)`
			args = append(args, province, only)
		}
		var rows []struct {
			One, Other uuid.UUID
			Path       string
		}
		if err := tx.Raw(q+` LIMIT 20000`, args...).Scan(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		pairs := make([]alike, len(rows))
		for i, r := range rows {
			pairs[i] = alike{r.One, r.Other, 100}
		}
		return keepSuspects(tx, pairs, rows[0].Path, "same_code", calendar.Now(ctx))
	})
}

// keepSuspects stores pairs that are not known yet; one that was dismissed stays so.
func keepSuspects(tx *pg.Tx, pairs []alike, path, reason string, now time.Time) error {
	if len(pairs) == 0 {
		return nil
	}
	n := len(pairs)
	ids, one, other, why, score := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n), make([]string, n), make([]int32, n)
	touched := make([]uuid.UUID, 0, 2*n)
	for i, p := range pairs {
		if bytes.Compare(p.one[:], p.other[:]) > 0 {
			p.one, p.other = p.other, p.one
		}
		ids[i], one[i], other[i], score[i], why[i] = pg.NewID(), p.one, p.other, int32(p.score), reason //nolint:gosec // a percentage
		if reason == "" {
			why[i] = map[bool]string{true: "same_name", false: "similar_name"}[p.score == 100]
		}
		touched = append(touched, p.one, p.other)
	}
	added, err := tx.Bulk(`INSERT INTO account_duplicates (province_id, id, one_id, other_id, org_path, reason, score, found_at)
		SELECT $1, u.id, u.one, u.other, $2, u.why, u.score, $3 FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::int[]) u(id, one, other, why, score) ON CONFLICT DO NOTHING`,
		tx.Identity.Province, path, now, ids, one, other, why, score)
	if err != nil || added == 0 || reason == "same_code" {
		return err
	}
	return rescore(tx, touched, now)
}

// enqueueSuspect has the pair finder look at an account, or a city, soon.
func enqueueSuspect(ctx context.Context, tx *pg.Tx, city string, account uuid.UUID) error {
	return queue.Enqueue(ctx, tx, JobSuspect, SuspectJob{tx.Identity.Province, city, account})
}

// Pair is a suspicion with both accounts beside each other.
type Pair struct {
	Suspect
	One, Other Account
}

// SuspectQuery filters the list of suspected duplicates.
type SuspectQuery struct {
	State, City string
	Account     uuid.UUID
	AfterScore  int
	AfterID     uuid.UUID
	Limit       int
}

// Suspects lists pairs whose both sides the actor may see, the surest first.
func (s *Service) Suspects(ctx context.Context, a tenants.Actor, q SuspectQuery) (out []Pair, total int64, err error) {
	if err := a.Need(Suspects); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, a, func(tx *pg.Tx) error {
		id := a.Identity()
		d := tx.Model(&Suspect{}).Where("province_id = ? AND state = ? AND org_path >= ? AND org_path < ?", id.Province, q.State, id.PathFrom, id.PathTo)
		d = a.InDistricts(d)
		if q.City != "" {
			d = d.Where("org_path LIKE ?", a.Tenant.Root()+pg.Like(q.City)+"/%")
		}
		if q.Account != uuid.Nil {
			d = d.Where("(one_id = ? OR other_id = ?)", q.Account, q.Account)
		}
		if err := d.Session(pg.Fork).Count(&total).Error; err != nil {
			return err
		}
		if q.AfterID != uuid.Nil {
			d = d.Where("(-score, id) > (?, ?)", -q.AfterScore, q.AfterID)
		}
		var found []Suspect
		if err := d.Order("-score, id").Limit(q.Limit).Find(&found).Error; err != nil {
			return err
		}
		var ids []uuid.UUID
		for _, x := range found {
			ids = append(ids, x.OneID, x.OtherID)
		}
		var accounts []Account
		if err := inSight(tx.Model(&Account{}), a).Where("accounts.id = ANY (?::uuid[])", pg.UUIDs(ids)).Find(&accounts).Error; err != nil {
			return err
		}
		byID := map[uuid.UUID]Account{}
		for _, x := range accounts {
			if !a.Can(ReadContact) {
				x.mask()
			}
			byID[x.ID] = x
		}
		for _, x := range found {
			out = append(out, Pair{x, byID[x.OneID], byID[x.OtherID]})
		}
		return nil
	})
	return out, total, err
}

// Dismiss says that a pair is two customers.
func (s *Service) Dismiss(ctx context.Context, a tenants.Actor, id uuid.UUID, note string) error {
	if err := a.Need(Suspects); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var x Suspect
		path := a.Identity()
		if err := pg.One(a.InDistricts(tx.Where("province_id = ? AND id = ? AND org_path >= ? AND org_path < ?", path.Province, id, path.PathFrom, path.PathTo)).Clauses(pg.ForUpdate), &x); err != nil {
			return err
		}
		if x.State != "open" {
			return ErrDecided
		}
		now := calendar.Now(ctx)
		x.State, x.DecidedBy, x.DecidedAt, x.Note = "dismissed", a.Name, &now, note
		if err := pg.Save(tx, &x); err != nil {
			return err
		}
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "dismiss", Resource: "duplicate", ID: x.ID, OrgPath: x.OrgPath, From: "open", To: x.State, Reason: note})
		return rescore(tx, []uuid.UUID{x.OneID, x.OtherID}, now)
	})
}
