package certification

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// JobTend tells of budgets that are overrun, and sees to the ends of
// certificates and conditions.
const JobTend = "certification.tend"

// Tend does so in one province; several at once share the work.
func (s *Service) Tend(ctx context.Context, province uuid.UUID) error {
	if err := s.tendCertificates(ctx, province); err != nil {
		return err
	}
	a := tenants.System(province, "认证时限")
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		now := calendar.Now(ctx)
		var found []Case
		lock := pg.ForUpdate
		lock.Options = "SKIP LOCKED"
		if err := tx.Where("province_id = ? AND escalate_at < ?", province, now).Order("escalate_at, id").Clauses(lock).Limit(500).Find(&found).Error; err != nil {
			return err
		}
		for i := range found {
			c := &found[i]
			all, err := stages(tx, c.ID, now)
			if err != nil {
				return err
			}
			turns, err := turnsOf(tx, c.ID)
			if err != nil {
				return err
			}
			charge(c, all, turns, now)
			for _, o := range c.overruns(all, now) {
				if o.at.After(now) {
					continue
				}
				c.Escalated = append(c.Escalated, o.key)
				e := c.entry("late_case", c.State, "")
				if o.kind != "" {
					e = c.entry("late_stage", c.State, Both(stageWords[o.kind]))
				}
				tenants.Record(ctx, tx, a, e)
			}
			c.plan(all, turns, now)
			if err := pg.Save(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

var stageWords = map[string]fault.Words{
	"intake": {Zh: "受理", En: "Intake"}, "functional": {Zh: "功能测试", En: "Functional"}, "security": {Zh: "安全测试", En: "Security"}, "stability": {Zh: "稳定性测试", En: "Stability"},
	"documentation": {Zh: "文档", En: "Documentation"}, "interface": {Zh: "接口规范", En: "Interface"}, "price_review": {Zh: "价格评审", En: "Price review"},
}

// Place is where a case stands in its queue.
type Place struct{ Ahead, Of int }

// Places tells where cases stand among those that wait for a tester, or for a
// decision. It is asked of the whole province, which a partner cannot see: only
// numbers come back.
func (s *Service) Places(ctx context.Context, a tenants.Actor, cases ...Case) (map[uuid.UUID]Place, error) {
	var ids []uuid.UUID
	for _, c := range cases {
		if c.Holder == Operator && (c.State == "in_review" || (c.State == "testing" && c.TesterID == nil)) {
			ids = append(ids, c.ID)
		}
	}
	out := map[uuid.UUID]Place{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID uuid.UUID
		Place
	}
	err := s.db.Read(ctx, tenants.System(a.Tenant.ProvinceID, "queue"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT id, ahead, "of" FROM (SELECT id, row_number() OVER (PARTITION BY state ORDER BY submitted_at, id) - 1 AS ahead, count(*) OVER (PARTITION BY state) AS "of" FROM certifications
			WHERE province_id = ? AND holder = ? AND (state = 'in_review' OR (state = 'testing' AND tester_id IS NULL))) q WHERE id IN ?`, a.Tenant.ProvinceID, Operator, ids).Scan(&rows).Error
	})
	for _, r := range rows {
		out[r.ID] = r.Place
	}
	return out, err
}
