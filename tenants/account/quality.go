package account

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/partner"
)

// Issue is one thing that lowers the quality of a record, and what to do.
type Issue struct {
	Code   string
	Field  string // the field to mend; empty when it is not one
	Points int
	Words  fault.Words
}

// Facts is what the quality of a record depends on beside the record itself.
type Facts struct {
	Leaders    int // contacts of the leading layer
	Duplicates int // open suspicions inside the city
}

// Quality scores a record from 0 to 100 by completeness, validity, freshness,
// suspected duplicates and what the last audit found, with the reasons.
func Quality(x Account, f Facts, now time.Time) (int, []Issue) {
	score, issues := 100, []Issue{}
	less := func(when bool, points int, code, field, zh, en string) {
		if when {
			score -= points
			issues = append(issues, Issue{code, field, points, fault.Words{Zh: zh, En: en}})
		}
	}
	less(x.ContactName == "", 8, "missing", "contact_name", "缺少联系人，请补充。", "No contact. Add one.")
	less(x.ContactPhone == "", 12, "missing", "contact_phone", "缺少联系电话，请补充。", "No phone number. Add one.")
	less(x.ContactPhone != "" && !partner.PhoneOK(x.ContactPhone), 12, "invalid", "contact_phone", "联系电话格式不对，应为 11 位手机号或带区号的座机。", "Not a valid phone number: 11 digits, or a land line with its area code.")
	less(x.ContactEmail == "", 4, "missing", "contact_email", "缺少邮箱。", "No e-mail address.")
	less(x.ContactEmail != "" && !strings.Contains(x.ContactEmail, "@"), 4, "invalid", "contact_email", "邮箱格式不对。", "Not a valid e-mail address.")
	less(!tenants.CreditCodeOK(x.CreditCode), 15, "invalid", "credit_code", "统一社会信用代码校验不通过。", "The credit code does not check.")
	less(x.Address == "", 6, "missing", "address", "缺少地址。", "No address.")
	less(x.StaffSize == 0, 4, "missing", "staff_size", "缺少人员规模。", "The staff size is missing.")
	less(x.Employees+x.Machines+x.Customers+x.Suppliers == 0, 5, "missing", "employees", "EMCP 四圈都没有填写。", "None of the four circles is counted.")
	less(x.Demand == "", 3, "missing", "demand", "没有标明需求细分。", "The demand segment is not set.")
	less(x.OwnerID == nil, 3, "missing", "owner_id", "尚未分配客户经理。", "Nobody owns the account yet.")
	less(strings.HasPrefix(x.Tier, "A") && f.Leaders == 0, 5, "missing", "contacts", "A 级客户应登记至少一位领导层联系人。", "An A-tier customer should have a contact of the leading layer.")
	age := now.Sub(x.UpdatedAt)
	const day = 24 * time.Hour
	less(age > 365*day, 12, "stale", "", "超过一年没有核实过，请回访后保存。", "Not looked at for more than a year. Check it and save.")
	less(age > 180*day && age <= 365*day, 6, "stale", "", "半年没有核实过。", "Not looked at for half a year.")
	less(f.Duplicates > 0, 10, "duplicate", "", "疑似与其他客户重复，请合并或确认不是同一家。", "May be the same as another account. Merge them or say that it is not.")
	less(x.WrongFields > 0, min(15, 5*x.WrongFields), "audit", "", "资料核查发现错误，尚未更正。", "The audit found mistakes that are not corrected yet.")
	return max(0, score), issues
}

// facts of several accounts, as far as the transaction sees them.
func facts(tx *pg.Tx, ids []uuid.UUID) (map[uuid.UUID]Facts, error) {
	out := map[uuid.UUID]Facts{}
	all := pg.UUIDs(ids)
	var rows []struct {
		ID                  uuid.UUID
		Leaders, Duplicates int
	}
	// Pairs across cities are the province's business and never count.
	err := tx.Raw(`SELECT id, sum(leaders) AS leaders, sum(duplicates) AS duplicates FROM (
			SELECT account_id AS id, count(*) AS leaders, 0 AS duplicates FROM account_contacts WHERE province_id = ? AND account_id = ANY (?::uuid[]) AND layer = 'leader' GROUP BY 1
			UNION ALL SELECT one_id, 0, count(*) FROM account_duplicates WHERE province_id = ? AND one_id = ANY (?::uuid[]) AND state = 'open' AND org_path LIKE '%/%/' GROUP BY 1
			UNION ALL SELECT other_id, 0, count(*) FROM account_duplicates WHERE province_id = ? AND other_id = ANY (?::uuid[]) AND state = 'open' AND org_path LIKE '%/%/' GROUP BY 1) x GROUP BY id`,
		tx.Identity.Province, all, tx.Identity.Province, all, tx.Identity.Province, all).Scan(&rows).Error
	for _, r := range rows {
		out[r.ID] = Facts{r.Leaders, r.Duplicates}
	}
	return out, err
}

// rescore works the quality of several accounts out again.
func rescore(tx *pg.Tx, ids []uuid.UUID, now time.Time) error {
	for len(ids) > 0 {
		n := min(5000, len(ids))
		var found []Account
		if err := tx.Where("province_id = ? AND id = ANY (?::uuid[])", tx.Identity.Province, pg.UUIDs(ids[:n])).Find(&found).Error; err != nil {
			return err
		}
		known, err := facts(tx, ids[:n])
		if err != nil {
			return err
		}
		scored, scores := make([]uuid.UUID, 0, n), make([]int32, 0, n)
		for _, x := range found {
			if score, _ := Quality(x, known[x.ID], now); score != x.Quality || x.QualityAt == nil || now.Sub(*x.QualityAt) > 24*time.Hour {
				scored, scores = append(scored, x.ID), append(scores, int32(score)) //nolint:gosec // 0 to 100
			}
		}
		if _, err := tx.Bulk(`UPDATE accounts a SET quality = u.score, quality_at = $2 FROM unnest($3::uuid[], $4::int[]) u(id, score) WHERE a.province_id = $1 AND a.id = u.id`,
			tx.Identity.Province, now, scored, scores); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// JobRescore lets records grow old: what nobody touches gets stale all the same.
const JobRescore = "account.rescore"

// RescoreJob works out again what was not looked at for a month, a stretch a
// transaction.
func (s *Service) RescoreJob(ctx context.Context, _ json.RawMessage) error {
	provinces, err := s.people.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		for range 100 { // half a million a night
			n := 0
			err := s.db.As(ctx, tenants.System(p.ID, "资料质量"), func(tx *pg.Tx) error {
				var ids []uuid.UUID
				now := calendar.Now(ctx)
				if err := tx.Raw(`SELECT id FROM accounts WHERE province_id = ? AND (quality_at IS NULL OR quality_at < ?) LIMIT 5000`, p.ID, now.AddDate(0, 0, -30)).Scan(&ids).Error; err != nil {
					return err
				}
				n = len(ids)
				return rescore(tx, ids, now)
			})
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}
