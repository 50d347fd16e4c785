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
	switch g.Via {
	case "deal":
		r.Link = "/deals/" + g.SourceID.String()
	case "explicit":
		r.Words = viaWords[g.Via].Fill(g.Reason)
	}
	return r
}

// Step is one link of the path from a person to an account: it holds, or it
// is what is missing.
type Step struct {
	Code       string // seat, permission, place, district, owner, grant; deal, delivery, service, explicit for a missing grant
	Holds      bool
	Words      fault.Words
	Permission tenants.Permission // named in the words by its code
	Link       string
	Until      *time.Time
}

// Path is what one seat of a person says about one account.
type Path struct {
	Who, Email, Tenant string
	Roles              []string
	OnBehalf           string // the seat belongs to this absent colleague
	Via                string // province, city, district, owner, unowned, deal, delivery, service, explicit; empty without sight
	Sees               bool
	Contact            string // clear, masked, or withheld by the grant
	Fields             []string
	Until              *time.Time
	Link               string
	Steps              []Step
}

// seat is what judge needs to know of a membership.
type seat struct {
	tenants.Holder
	grants []Grant // of the seat's tenant about the account, newest first
}

// judge walks the wall for one seat, in the order the wall itself asks. It is
// the same rule as visible and live, said in words.
func judge(h seat, x Account, now time.Time) Path {
	p := Path{Who: h.Name, Email: h.Email, Tenant: h.Tenant.Name, Roles: h.Roles, OnBehalf: h.OnBehalf}
	add := func(code string, holds bool, zh, en string, args ...any) bool {
		step := Step{Code: code, Holds: holds, Words: fault.Words{Zh: zh, En: en}.Fill(args...)}
		for _, arg := range args {
			if named, ok := arg.(tenants.Permission); ok {
				step.Permission = named
			}
		}
		p.Steps = append(p.Steps, step)
		return holds
	}
	switch {
	case h.State != "active":
		add("seat", false, "已不是%s的成员。", "No longer a member of %s.", h.Tenant.Name)
		return p
	case h.Tenant.Suspended():
		add("seat", false, "%s的合作已暂停。", "The cooperation of %s is suspended.", h.Tenant.Name)
		return p
	case h.OnBehalf != "":
		add("seat", true, "代理%s在%s的工作。", "Acts for %s in %s.", h.OnBehalf, h.Tenant.Name)
		p.Until = h.Until
	default:
		add("seat", true, "是%s的成员。", "Is a member of %s.", h.Tenant.Name)
	}
	if !h.Granted[Read] {
		add("permission", false, "角色里没有 %s 权限；%s的管理员可以调整角色。", "The roles lack %s; an admin of %s can change them.", Read, h.Tenant.Name)
		return p
	}
	add("permission", true, "角色有 %s 权限。", "The roles hold %s.", Read)
	if h.Tenant.Kind == tenants.KindPartner {
		return p.byGrant(h, now)
	}
	if !p.byPlace(h, x, add) {
		return p
	}
	p.Sees, p.Contact = true, "masked"
	if h.Granted[ReadContact] {
		p.Contact = "clear"
	}
	return p
}

func (p *Path) byPlace(h seat, x Account, add func(code string, holds bool, zh, en string, args ...any) bool) bool {
	p.Via = "province"
	if h.Tenant.Kind == tenants.KindCity {
		if h.Tenant.Code != x.CityCode {
			p.Via = ""
			return add("place", false, "客户不属于%s。", "The account is not in %s.", h.Tenant.Name)
		}
		add("place", true, "客户属于%s。", "The account is in %s.", h.Tenant.Name)
		p.Via = "city"
		if len(h.Districts) > 0 {
			p.Via = "district"
			if !slices.Contains(h.Districts, x.DistrictCode) {
				p.Via = ""
				return add("district", false, "客户不在其负责的区县内。", "The account is outside the districts of this seat.")
			}
			add("district", true, "客户在其负责的区县内。", "The account is in a district of this seat.")
		}
	} else {
		add("place", true, "省公司可查看全省客户。", "The province company sees the whole province.")
	}
	if x.OwnerID != nil && *x.OwnerID == h.ID {
		p.Via = "owner"
		return add("owner", true, "是该客户的客户经理。", "Is the account manager of this customer.")
	}
	if h.Granted[ReadAll] {
		return add("owner", true, "角色有 %s 权限，不限于本人名下。", "The roles hold %s: not only own accounts.", ReadAll)
	}
	if x.OwnerID == nil {
		p.Via = "unowned"
		return add("owner", true, "该客户尚无客户经理。", "The account has no account manager yet.")
	}
	p.Via = ""
	return add("owner", false, "客户经理是%s；没有 %s 权限只能看本人名下和无主的客户。", "The account manager is %s; without %s only own and un-owned accounts are seen.", x.OwnerName, ReadAll)
}

// byGrant looks for the grant that the partner sees the account through.
func (p Path) byGrant(h seat, now time.Time) Path {
	for _, g := range h.grants {
		r := grantReason(g, h.Tenant.Name)
		step := Step{Code: "grant", Holds: g.live(now), Words: r.Words, Link: r.Link, Until: g.EndsAt}
		if !step.Holds {
			ended := g.EndedAt
			if ended == nil || g.EndsAt != nil && g.EndsAt.Before(*ended) {
				ended = g.EndsAt
			}
			if ended != nil {
				step.Words = fault.Words{Zh: fmt.Sprintf("曾经的授权已于 %s 结束（%s）。", calendar.Date(*ended), g.SourceNumber), En: fmt.Sprintf("A grant ended on %s (%s).", calendar.Date(*ended), g.SourceNumber)}
			}
		}
		p.Steps = append(p.Steps, step)
		if step.Holds && !p.Sees {
			p.Sees, p.Via, p.Fields, p.Link = true, g.Via, g.Fields, r.Link
			if p.Until == nil || g.EndsAt != nil && g.EndsAt.Before(*p.Until) {
				p.Until = g.EndsAt
			}
			p.Contact = "withheld"
			if slices.Contains(g.Fields, "contact_phone") || slices.Contains(g.Fields, "contact_name") {
				p.Contact = "clear"
			}
		}
	}
	return p
}

// lack says which of the four ways to an account a firm has none of now, and
// who could open the last one.
func lack(givers []string) []Step {
	steps := []Step{
		{Code: "deal", Words: fault.Words{Zh: "没有处于保护期内的商机：伙伴报备后由市渠道经理审核，通过即可查看。", En: "No deal inside its protection: the partner registers one, the city's channel manager approves it."}},
		{Code: "delivery", Words: fault.Words{Zh: "没有进行中的交付：订单受理后，承担交付的伙伴即可查看。", En: "No delivery in progress: it begins when an order is accepted."}},
		{Code: "service", Words: fault.Words{Zh: "没有使用中的业务：客户验收后，提供业务的伙伴即可查看。", En: "No active service: it begins with the customer's acceptance."}},
	}
	explicit := fault.Words{Zh: "没有市公司的专项授权；该市目前没有人可以授权，请市管理员调整角色。", En: "No explicit grant of the city; nobody there can give one now, an admin of the city can change roles."}
	if n := len(givers); n > 0 {
		names := strings.Join(givers[:min(n, 3)], "、")
		explicit = fault.Words{Zh: "没有市公司的专项授权：可请" + names + "授权。", En: "No explicit grant of the city: " + strings.ReplaceAll(names, "、", ", ") + " can give one."}
		if n > 3 {
			explicit = fault.Words{
				Zh: fmt.Sprintf("没有市公司的专项授权：可请%s等 %d 人授权。", names, n),
				En: fmt.Sprintf("No explicit grant of the city: %s and %d more can give one.", strings.ReplaceAll(names, "、", ", "), n-3),
			}
		}
	}
	return append(steps, Step{Code: "explicit", Words: explicit})
}

// givers are the people of the owning city who could let a partner see the
// account: those who see it and may grant.
func (s *Service) givers(ctx context.Context, tx *pg.Tx, x Account) ([]string, error) {
	var out []string
	holders, err := s.people.Holders(ctx, tx, tenants.HolderQuery{City: x.CityCode})
	for _, h := range holders {
		if h.OnBehalf == "" && h.Granted[MayGrant] && judge(seat{h, nil}, x, calendar.Now(ctx)).Sees {
			out = append(out, h.Name)
		}
	}
	return out, err
}

// around loads the account, if the actor may see it, and the grants about it.
func (s *Service) around(tx *pg.Tx, a tenants.Actor, id uuid.UUID) (Account, map[uuid.UUID][]Grant, error) {
	var x Account
	if err := pg.One(visible(tx.Model(&Account{}), a).Where("accounts.id = ?", id), &x); err != nil {
		return x, nil, err
	}
	var grants []Grant
	err := tx.Where("province_id = ? AND account_id = ?", x.ProvinceID, x.ID).Order("(ended_at IS NULL) DESC, starts_at DESC, id").Limit(500).Find(&grants).Error
	byPartner := map[uuid.UUID][]Grant{}
	for _, g := range grants {
		byPartner[g.PartnerID] = append(byPartner[g.PartnerID], g)
	}
	return x, byPartner, err
}

// WhoSees lists every person who can see the account now, and by which path:
// people of the province and of the owning city, and of partners with a live
// grant. Names of colleagues in other tenants are read with the system's
// sight, for accounts the actor sees.
func (s *Service) WhoSees(ctx context.Context, a tenants.Actor, id uuid.UUID) ([]Path, error) {
	if err := a.Need(Explain); err != nil {
		return nil, err
	}
	var x Account
	var grants map[uuid.UUID][]Grant
	err := s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		x, grants, err = s.around(tx, a, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := calendar.Now(ctx)
	partners := []uuid.UUID{}
	for partner, all := range grants {
		if slices.ContainsFunc(all, func(g Grant) bool { return g.live(now) }) {
			partners = append(partners, partner)
		}
	}
	var out []Path
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		holders, err := s.people.Holders(ctx, tx, tenants.HolderQuery{Province: true, City: x.CityCode, Partners: partners})
		for _, h := range holders {
			if p := judge(seat{h, grants[h.TenantID]}, x, now); p.Sees {
				out = append(out, p)
			}
		}
		return err
	})
	return out, err
}

// ExplainPerson says for each seat of the person with this e-mail whether it
// leads to the account, and if not, what is missing. A city is told of its own
// people, of the province's and of partners it has to do with over this
// account; a stranger and nobody look the same, and for both it says what no
// seat has.
func (s *Service) ExplainPerson(ctx context.Context, a tenants.Actor, id uuid.UUID, email string) (paths []Path, missing []Step, err error) {
	if err := a.Need(Explain); err != nil {
		return nil, nil, err
	}
	var x Account
	var grants map[uuid.UUID][]Grant
	err = s.db.Read(ctx, a, func(tx *pg.Tx) (err error) {
		x, grants, err = s.around(tx, a, id)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var c fault.Checker
	tenants.CheckEmail(&c, "email", tenants.NormalEmail(email))
	if err := c.Err(); err != nil {
		return nil, nil, err
	}
	q := tenants.HolderQuery{Email: tenants.NormalEmail(email), Removed: true, Everywhere: a.Tenant.Kind == tenants.KindProvince, Province: true, City: x.CityCode}
	for partner := range grants {
		q.Partners = append(q.Partners, partner)
	}
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		holders, err := s.people.Holders(ctx, tx, q)
		if err != nil {
			return err
		}
		var without []int // seats of firms that lack a grant and nothing else
		for _, h := range holders {
			p := judge(seat{h, grants[h.TenantID]}, x, calendar.Now(ctx))
			if h.Tenant.Kind == tenants.KindPartner && h.State == "active" && h.Granted[Read] && !p.Sees {
				without = append(without, len(paths))
			}
			paths = append(paths, p)
		}
		if len(paths) > 0 && len(without) == 0 {
			return nil
		}
		givers, err := s.givers(ctx, tx, x)
		if len(paths) == 0 {
			missing = lack(givers)
		}
		for _, i := range without {
			paths[i].Steps = append(paths[i].Steps, lack(givers)...)
		}
		return err
	})
	return paths, missing, err
}
