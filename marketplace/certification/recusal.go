package certification

import (
	"context"

	"github.com/google/uuid"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// ErrRecused refuses whoever has a stake in the firm whose case it is.
var ErrRecused = fault.New(fault.Denied, "recused", "须回避：%s", "You have to stand aside: %s")

// Why somebody stands aside.
var recusals = map[string]fault.Words{
	"own":      {Zh: "您或您代理的同事在申请伙伴 %s 任职或曾经任职。", En: "you, or whom you act for, work or worked for %s, whose case it is."},
	"related":  {Zh: "您或您代理的同事在与申请伙伴关联的 %s 任职（联系人相同）。", En: "you, or whom you act for, work for %s, which has the same contact as the firm whose case it is."},
	"competes": {Zh: "您或您代理的同事在 %s 任职，它有同系列的产品，与申请伙伴竞争。", En: "you, or whom you act for, work for %s, which competes with a product of the same family."},
}

// The same, said of a colleague.
var recusalsOf = map[string]fault.Words{
	"own":      {Zh: "在申请伙伴 %s 任职或曾经任职。", En: "works or worked for %s, whose case it is."},
	"related":  {Zh: "在与申请伙伴关联的 %s 任职（联系人相同）。", En: "works for %s, which has the same contact as the firm whose case it is."},
	"competes": {Zh: "在 %s 任职，它有同系列的产品，与申请伙伴竞争。", En: "works for %s, which competes with a product of the same family."},
}

// stake is what somebody has to do with a firm that is concerned.
type stake struct{ kind, firm string }

// stakes of people in one case.
type stakes map[uuid.UUID]stake

type recusalKey struct{}

// apart looks up, before a step on a case, whether the actor has to stand
// aside. It is asked of memberships in other tenants, which the actor cannot
// see: only the reason comes back, with the name of a firm the actor knows.
func (s *Service) apart(ctx context.Context, a tenants.Actor, id uuid.UUID) (context.Context, error) {
	if a.Partner() || a.IsSystem() {
		return ctx, nil
	}
	aside, err := s.aside(ctx, a.Tenant.ProvinceID, []uuid.UUID{id}, a.Persons())
	if err != nil {
		return ctx, err
	}
	for _, person := range a.Persons() {
		if x, ok := aside[id][person]; ok {
			return context.WithValue(ctx, recusalKey{}, recusals[x.kind].Fill(x.firm)), nil
		}
	}
	return ctx, nil
}

// aside finds who of some people has to stand aside from which of some cases,
// and why.
func (s *Service) aside(ctx context.Context, province uuid.UUID, cases, people []uuid.UUID) (map[uuid.UUID]stakes, error) {
	var found []struct {
		ID, UserID uuid.UUID
		Kind, Firm string
	}
	err := s.db.Read(ctx, tenants.System(province, "recusal"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT DISTINCT ON (id, user_id) id, user_id, kind, firm FROM (SELECT c.id, m.user_id, q.legal_name AS firm, CASE
				WHEN q.id = c.partner_id THEN 'own'
				WHEN m.state <> 'active' OR q.state IN ('rejected', 'terminated') THEN ''
				WHEN q.contact_phone = p.contact_phone OR lower(q.contact_email) = lower(p.contact_email) THEN 'related'
				WHEN EXISTS (SELECT 1 FROM solutions x WHERE x.province_id = q.province_id AND x.partner_id = q.id AND x.family = s.family AND x.latest_state <> 'draft') THEN 'competes'
				ELSE '' END AS kind
			FROM certifications c JOIN solutions s ON s.province_id = c.province_id AND s.id = c.solution_id JOIN partners p ON p.province_id = c.province_id AND p.id = c.partner_id
				JOIN memberships m ON m.province_id = c.province_id AND m.user_id = ANY (?::uuid[]) JOIN partners q ON q.province_id = m.province_id AND q.id = m.tenant_id
			WHERE c.province_id = ? AND c.id = ANY (?::uuid[])) x WHERE kind <> '' ORDER BY id, user_id, array_position(ARRAY['own', 'related', 'competes'], kind), firm`,
			pg.UUIDs(people), province, pg.UUIDs(cases)).Scan(&found).Error
	})
	out := map[uuid.UUID]stakes{}
	for _, f := range found {
		if out[f.ID] == nil {
			out[f.ID] = stakes{}
		}
		out[f.ID][f.UserID] = stake{f.Kind, f.Firm}
	}
	return out, err
}

// recused is why the actor has to stand aside, as apart found it; empty if not.
func recused(ctx context.Context) fault.Words {
	why, _ := ctx.Value(recusalKey{}).(fault.Words)
	return why
}

// standsAside refuses whoever has to stand aside.
func standsAside(ctx context.Context) error {
	why := recused(ctx)
	if why.Zh == "" {
		return nil
	}
	refusal := ErrRecused.Fill("")
	refusal.Words = fault.Words{Zh: fault.Words{Zh: ErrRecused.Words.Zh}.Fill(why.Zh).Zh, En: fault.Words{En: ErrRecused.Words.En}.Fill(why.En).En}
	return refusal
}
