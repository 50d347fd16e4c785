package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Reason says in words why somebody sees an account.
type Reason struct {
	Who    string
	Via    string
	Words  fault.Words
	Link   string
	Until  *time.Time
	Fields []string
}

// why says by which membership the operator's person sees an account.
func (s *Service) why(a tenants.Actor, x Account) Reason {
	r := Reason{Who: a.Name}
	switch {
	case a.Tenant.Kind == tenants.KindProvince:
		r.Via, r.Words = "province", fault.Words{Zh: "您在省公司的角色可以查看全省客户。", En: "Your role in the province company sees all accounts of the province."}
	case x.OwnerID != nil && *x.OwnerID == a.Membership:
		r.Via, r.Words = "owner", fault.Words{Zh: "您是该客户的客户经理。", En: "You are the account manager of this customer."}
	case !a.Can(ReadAll):
		r.Via, r.Words = "unowned", fault.Words{Zh: "该客户尚无客户经理，且在您的区域内。", En: "This customer has no account manager yet and lies in your area."}
	case len(a.Districts) > 0:
		r.Via, r.Words = "district", fault.Words{Zh: "该客户在您负责的区县内。", En: "This customer lies in a district of yours."}
	default:
		r.Via, r.Words = "city", fault.Words{Zh: "您在%s的角色可以查看本市客户。", En: "Your role in %s sees the accounts of the city."}.Fill(a.Tenant.Name)
	}
	return r
}

var viaWords = map[string]fault.Words{
	"deal":     {Zh: "商机报备 %s 处于保护期内。", En: "Deal %s is inside its protection."},
	"delivery": {Zh: "订单 %s 正在交付。", En: "Order %s is being delivered."},
	"service":  {Zh: "业务 %s 正在使用。", En: "Service %s is active."},
	"explicit": {Zh: "市公司授权（%s）。", En: "Granted by the city (%s)."},
}

func grantReason(g Grant, who string) Reason {
	r := Reason{Who: who, Via: g.Via, Words: viaWords[g.Via].Fill(g.SourceNumber), Until: g.EndsAt, Fields: g.Fields}
	if g.Via == "deal" {
		r.Link = "/deals/" + g.SourceID.String()
	}
	return r
}

// WhoSees lists everybody who can see the account now, and why.
func (s *Service) WhoSees(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Reason, error) {
	if err := a.Need(Explain); err != nil {
		return nil, err
	}
	var out []Reason
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var x Account
		if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x); err != nil {
			return err
		}
		var place struct{ Province, City, District string }
		if err := tx.Raw(`SELECT (SELECT name FROM tenants WHERE province_id = ? AND kind = 'province') AS province, (SELECT name FROM tenants WHERE province_id = ? AND kind = 'city' AND code = ?) AS city,
			(SELECT name FROM districts WHERE province_id = ? AND code = ?) AS district`, x.ProvinceID, x.ProvinceID, x.CityCode, x.ProvinceID, x.DistrictCode).Scan(&place).Error; err != nil {
			return err
		}
		out = append(out,
			Reason{Who: place.Province, Via: "province", Words: fault.Words{Zh: "省公司有客户查看权限的角色；联系方式对没有查看权限的人遮蔽。", En: "Roles of the province company that may read accounts; contact details are masked for those without the permission."}},
			Reason{Who: place.City, Via: "city", Words: fault.Words{Zh: "本市可查看全部客户的角色。", En: "Roles of the city that see all its accounts."}})
		if x.OwnerID != nil {
			out = append(out, Reason{Who: x.OwnerName, Via: "owner", Words: fault.Words{Zh: "客户经理。", En: "The account manager."}})
		} else {
			out = append(out, Reason{Who: place.District, Via: "unowned", Words: fault.Words{Zh: "尚无客户经理：本区县的客户经理都可查看。", En: "No account manager yet: account managers of the district see it."}})
		}
		now := calendar.Now(ctx)
		var grants []struct {
			Grant
			PartnerName string
		}
		err := tx.Raw(`SELECT g.*, t.name AS partner_name FROM account_grants g JOIN tenants t ON t.province_id = g.province_id AND t.id = g.partner_id
			WHERE g.province_id = ? AND g.account_id = ? AND g.ended_at IS NULL AND g.starts_at <= ? AND (g.ends_at IS NULL OR g.ends_at > ?) ORDER BY g.starts_at`,
			x.ProvinceID, id, now, now).Scan(&grants).Error
		for _, g := range grants {
			out = append(out, grantReason(g.Grant, g.PartnerName))
		}
		return err
	})
	return out, err
}
