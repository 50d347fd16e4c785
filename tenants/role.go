package tenants

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
)

// RoleWrite lets an admin compose roles of the tenant's own.
const RoleWrite Permission = "role:write"

// OwnRole is a role a tenant composed itself. A membership names it by its id.
type OwnRole struct {
	ProvinceID  uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	TenantID    uuid.UUID
	Name        string
	Permissions pg.Texts
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// RowVersion is the optimistic lock.
func (r *OwnRole) RowVersion() *int64 { return &r.Version }

// Refusals about roles.
var (
	ErrRoleName     = fault.New(fault.Conflict, "role-name", "本单位已有同名角色。", "The tenant has a role of this name already.")
	ErrRoleHeld     = fault.New(fault.Conflict, "role-held", "还有 %d 位成员持有这个角色，请先调整他们的角色。", "%d members hold this role. Change their roles first.")
	ErrOwnSeat      = fault.New(fault.Denied, "own-seat", "不能给自己增加权限，请由另一位管理员操作。", "Nobody adds to their own rights: ask another admin.")
	ErrGrantLacking = fault.New(fault.Denied, "grant-lacking", "您没有 %s 权限，不能授予他人。", "You lack %s and cannot give it.")
	ErrHoldsMore    = fault.New(fault.Denied, "holds-more", "%s持有您没有的权限（%s），请由本单位管理员操作。", "%s holds what you lack (%s): ask an admin of your organisation.")
	ErrRoleMore     = fault.New(fault.Denied, "holds-more", "这里有您没有的权限（%s），请由本单位管理员操作。", "This includes what you lack (%s): ask an admin of your organisation.")
	ErrAdminsOnly   = fault.New(fault.Denied, "admins-only", "%s是本单位管理员，只有管理员可以调整、移除、委托或重置登录。", "%s is an admin of the organisation: only admins change, remove, lend or reset that.")
	ErrRoleWide     = fault.New(fault.Denied, "wider-seat", "角色在全市通用，请由管理全市的管理员修改。", "Roles are for the whole city: ask an admin of all of it.")
	ErrWiderSeat    = fault.New(fault.Denied, "wider-seat", "%s负责的范围超出您的区县，请由管理全市的管理员操作。", "%s works beyond your districts: ask an admin of the whole city.")
)

// ownPermissions is the sub-query for what a membership m holds through roles
// of the tenant's own.
const ownPermissions = `coalesce((SELECT array_agg(DISTINCT p) FROM own_roles r, unnest(r.permissions) p
	WHERE r.province_id = m.province_id AND r.tenant_id = m.tenant_id AND r.id::text = ANY (m.roles)), '{}')`

// Role is a role with what it may do. Own roles carry their row.
type Role struct {
	Code        string
	Permissions []string
	Own         *OwnRole
	Holders     int
}

// Roles a member of the actor's tenant may hold: the built-in ones in their
// order, then the tenant's own by name.
func (s *Service) Roles(ctx context.Context, a Actor) ([]Role, error) {
	if err := a.Need(MemberRead); err != nil {
		return nil, err
	}
	var out []Role
	for _, code := range s.policy.Roles(string(a.Tenant.Kind)) {
		permissions := slices.Sorted(maps.Keys(s.policy.Granted(string(a.Tenant.Kind), []string{code})))
		out = append(out, Role{Code: code, Permissions: permissions})
	}
	holders := map[string]int{}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		var own []OwnRole
		if err := tx.Where("province_id = ? AND tenant_id = ?", a.Tenant.ProvinceID, a.Tenant.ID).Order("name").Find(&own).Error; err != nil {
			return err
		}
		for i := range own {
			out = append(out, Role{Code: own[i].ID.String(), Permissions: own[i].Permissions, Own: &own[i]})
		}
		var counts []struct {
			Role string
			N    int
		}
		err := tx.Raw(`SELECT r AS role, count(*) AS n FROM memberships m, unnest(m.roles) r WHERE m.province_id = ? AND m.tenant_id = ? AND m.state = 'active' GROUP BY r`,
			a.Tenant.ProvinceID, a.Tenant.ID).Scan(&counts).Error
		for _, c := range counts {
			holders[c.Role] = c.N
		}
		return err
	})
	for i := range out {
		out[i].Holders = holders[out[i].Code]
	}
	return out, err
}

// Ceiling is everything the actor's kind of tenant may hold, sorted.
func (s *Service) Ceiling(a Actor) []string {
	return slices.Sorted(maps.Keys(s.policy.Ceiling(string(a.Tenant.Kind))))
}

// RoleNames maps the ids of a tenant's own roles to their names, for screens.
func (s *Service) RoleNames(ctx context.Context, t Tenant) (map[string]string, error) {
	var own []OwnRole
	err := s.db.Login(ctx).Where("province_id = ? AND tenant_id = ?", t.ProvinceID, t.ID).Find(&own).Error
	out := map[string]string{}
	for _, r := range own {
		out[r.ID.String()] = r.Name
	}
	return out, err
}

// mayGive refuses to hand out what the actor could not have. The admin of a
// tenant gives anything its kind may hold; whoever manages people through
// another role gives only what they hold.
func mayGive(a Actor, permissions map[string]bool) error {
	if p := lacking(a, permissions); p != "" {
		e := ErrGrantLacking.Fill(p)
		e.Permission = p
		return e
	}
	return nil
}

// lacking is the first permission that the actor could not give, or "".
func lacking(a Actor, permissions map[string]bool) string {
	if a.IsSystem() || a.OnBehalf == nil && slices.Contains(a.Roles, adminRole(a.Tenant.Kind)) {
		return ""
	}
	for _, p := range slices.Sorted(maps.Keys(permissions)) {
		if !a.Can(Permission(p)) {
			return p
		}
	}
	return ""
}

// mayHandle refuses to act on the login or the seat of somebody who holds more
// than the actor could give: who could not give it does not take it away. One's
// own seat is one's own to leave.
func (s *Service) mayHandle(tx *pg.Tx, a Actor, m Membership) error {
	if m.UserID == a.User && a.OnBehalf == nil {
		return nil
	}
	if wider(a, m.Districts) {
		return ErrWiderSeat.Fill(m.Name)
	}
	return s.mayTake(tx, a, m.Roles, m.Name)
}

// mayTake refuses to take roles away that hold more than the actor could give.
func (s *Service) mayTake(tx *pg.Tx, a Actor, roles []string, who string) error {
	holds, _, err := s.giving(tx, a, roles)
	if err != nil {
		return err
	}
	p := lacking(a, holds)
	switch {
	case p == "":
		return nil
	case holds[adminRole(a.Tenant.Kind)]:
		return ErrAdminsOnly.Fill(who)
	}
	e := ErrHoldsMore.Fill(who, p)
	e.Permission = p
	return e
}

// wider tells whether districts reach beyond the actor's own.
func wider(a Actor, districts []string) bool {
	return len(a.Districts) > 0 && (len(districts) == 0 || slices.ContainsFunc(districts, func(d string) bool { return !slices.Contains(a.Districts, d) }))
}

// Handled tells which of these members of the actor's tenant the actor may
// change, remove or help to sign in.
func (s *Service) Handled(ctx context.Context, a Actor, members []Membership) (map[uuid.UUID]bool, error) {
	out := map[uuid.UUID]bool{}
	if !a.Can(MemberWrite) {
		return out, nil
	}
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		for _, m := range members {
			err := s.mayHandle(tx, a, m)
			if _, refused := fault.As(err); err != nil && !refused {
				return err
			}
			out[m.ID] = err == nil
		}
		return nil
	})
	return out, err
}

// giving is what roles give in the actor's tenant; unknown ones are named.
func (s *Service) giving(tx *pg.Tx, a Actor, roles []string) (permissions map[string]bool, unknown []string, err error) {
	known := s.policy.Roles(string(a.Tenant.Kind))
	permissions = maps.Clone(s.policy.Granted(string(a.Tenant.Kind), roles))
	// The admin role lets its holder give anything: more than its permissions
	// say, so it counts as one of its own that only admins have.
	if admin := adminRole(a.Tenant.Kind); slices.Contains(roles, admin) {
		permissions[admin] = true
	}
	for _, r := range roles {
		if slices.Contains(known, r) {
			continue
		}
		id, err := uuid.Parse(r)
		if err != nil || id.String() != r {
			unknown = append(unknown, r)
			continue
		}
		var own OwnRole
		err = pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id), &own)
		if errors.Is(err, fault.ErrMissing) {
			unknown = append(unknown, r)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		for _, p := range own.Permissions {
			permissions[p] = true
		}
	}
	return permissions, unknown, nil
}

// RoleEdit is what an admin composes.
type RoleEdit struct {
	Name        string
	Permissions []string
}

func (s *Service) checkRole(a Actor, e *RoleEdit) error {
	var c fault.Checker
	e.Name = strings.TrimSpace(e.Name)
	c.Require("name", e.Name != "")
	if len([]rune(e.Name)) > 40 {
		c.Add("name", "too_long", "名称不超过 40 个字。", "At most 40 characters.")
	}
	slices.Sort(e.Permissions)
	e.Permissions = slices.Compact(e.Permissions)
	c.Require("permissions", len(e.Permissions) > 0)
	ceiling := s.policy.Ceiling(string(a.Tenant.Kind))
	for _, p := range e.Permissions {
		if !ceiling[p] {
			w := fault.Words{Zh: "本类单位不能持有 %s。", En: "A tenant of this kind cannot hold %s."}.Fill(p)
			c.Add("permissions", "ceiling", w.Zh, w.En)
		}
	}
	if pair, together := s.policy.Apart(e.Permissions); together {
		w := fault.Words{Zh: "%s 与 %s 须由两个人分别担任，不能放在同一个角色里。", En: "%s and %s are duties of two people and cannot be in one role."}.Fill(pair[0], pair[1])
		c.Add("permissions", "duties", w.Zh, w.En)
	}
	if err := c.Err(); err != nil {
		return err
	}
	set := map[string]bool{}
	for _, p := range e.Permissions {
		set[p] = true
	}
	return mayGive(a, set)
}

// NewRole composes a role of the actor's tenant.
func (s *Service) NewRole(ctx context.Context, a Actor, e RoleEdit) (OwnRole, error) {
	if err := a.Need(RoleWrite); err != nil {
		return OwnRole{}, err
	}
	if err := s.checkRole(a, &e); err != nil {
		return OwnRole{}, err
	}
	now := calendar.Now(ctx)
	r := OwnRole{ProvinceID: a.Tenant.ProvinceID, ID: pg.NewID(), TenantID: a.Tenant.ID, Name: e.Name, Permissions: e.Permissions, Version: 1, CreatedAt: now, UpdatedAt: now}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		Record(ctx, tx, a, r.entry(a, "create", "", strings.Join(r.Permissions, ",")))
		return tx.Create(&r).Error
	})
	if pg.Violated(err, "own_roles_name_once") {
		return r, ErrRoleName
	}
	return r, err
}

func (r OwnRole) entry(a Actor, action, from, to string) Entry {
	return Entry{Action: action, Resource: "role", ID: r.ID, Label: r.Name, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: to}
}

// mayTake refuses to narrow or drop a role that holds what the actor lacks.
func (r OwnRole) mayTake(a Actor) error {
	if len(a.Districts) > 0 {
		return ErrRoleWide
	}
	if p := r.Beyond(a); p != "" {
		e := ErrRoleMore.Fill(p)
		e.Permission = p
		return e
	}
	return nil
}

// Beyond is a permission of the role that the actor could not give, or "".
func (r OwnRole) Beyond(a Actor) string {
	set := map[string]bool{}
	for _, p := range r.Permissions {
		set[p] = true
	}
	return lacking(a, set)
}

// ChangeRole edits a role; its holders have the new permissions on their next
// request. Nobody widens a role they hold themselves.
func (s *Service) ChangeRole(ctx context.Context, a Actor, id uuid.UUID, e RoleEdit, version int64) (OwnRole, error) {
	if err := a.Need(RoleWrite); err != nil {
		return OwnRole{}, err
	}
	var r OwnRole
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &r); err != nil {
			return err
		}
		if err := s.checkRole(a, &e); err != nil {
			return err
		}
		if r.Version != version {
			return fault.ErrStale
		}
		if err := r.mayTake(a); err != nil {
			return err
		}
		if slices.Contains(a.Roles, r.ID.String()) && slices.ContainsFunc(e.Permissions, func(p string) bool { return !a.Can(Permission(p)) }) {
			return ErrOwnSeat
		}
		from := strings.Join(r.Permissions, ",")
		r.Name, r.Permissions, r.UpdatedAt = e.Name, e.Permissions, calendar.Now(ctx)
		Record(ctx, tx, a, r.entry(a, "edit", from, strings.Join(r.Permissions, ",")))
		return pg.Save(tx, &r)
	})
	if pg.Violated(err, "own_roles_name_once") {
		return r, ErrRoleName
	}
	return r, err
}

// DropRole removes a role nobody holds.
func (s *Service) DropRole(ctx context.Context, a Actor, id uuid.UUID) error {
	if err := a.Need(RoleWrite); err != nil {
		return err
	}
	return s.db.As(ctx, a, func(tx *pg.Tx) error {
		var r OwnRole
		if err := pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id).Clauses(pg.ForUpdate), &r); err != nil {
			return err
		}
		if err := r.mayTake(a); err != nil {
			return err
		}
		var held int
		if err := tx.Raw(`SELECT (SELECT count(*) FROM memberships WHERE province_id = ? AND tenant_id = ? AND state = 'active' AND ? = ANY (roles))
			+ (SELECT count(*) FROM invitations WHERE province_id = ? AND tenant_id = ? AND accepted_at IS NULL AND expires_at > ? AND ? = ANY (roles))`,
			r.ProvinceID, r.TenantID, r.ID.String(), r.ProvinceID, r.TenantID, calendar.Now(ctx), r.ID.String()).Scan(&held).Error; err != nil {
			return err
		}
		if held > 0 {
			return ErrRoleHeld.Fill(held)
		}
		Record(ctx, tx, a, r.entry(a, "remove", strings.Join(r.Permissions, ","), ""))
		return tx.Delete(&r).Error
	})
}
