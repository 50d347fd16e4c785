// Package policy is the only door to casbin. It answers one question: which
// permissions do these roles give in a tenant of this kind? Rows are never its
// business.
package policy

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// Rule gives a role of a tenant kind its permissions.
type Rule struct {
	Kind        string
	Role        string
	Permissions []string
}

// Roles are prefixed with their tenant kind, so a name can never be mistaken
// for another kind's; there are no wildcards and no inheritance.
const definition = `
[request_definition]
r = sub, act
[policy_definition]
p = sub, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.act == p.act`

// Policy is an immutable snapshot of rules with a memo of answers.
type Policy struct {
	enforcer *casbin.Enforcer
	roles    map[string][]string // kind -> roles in the order given
	ceiling  map[string]map[string]bool
	apart    [][2]string
	memo     sync.Map // kind|roles -> map[string]bool
}

// New builds a snapshot; an unknown character in a name is refused because
// casbin would read it as syntax. apart are duties that no single role of a
// tenant's own making may join.
func New(rules []Rule, apart ...[2]string) (*Policy, error) {
	m, err := model.NewModelFromString(definition)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	p := &Policy{enforcer: e, roles: map[string][]string{}, ceiling: map[string]map[string]bool{}, apart: apart}
	for _, r := range rules {
		p.roles[r.Kind] = append(p.roles[r.Kind], r.Role)
		if p.ceiling[r.Kind] == nil {
			p.ceiling[r.Kind] = map[string]bool{}
		}
		for _, permission := range r.Permissions {
			if !plain(r.Kind, "_") || !plain(r.Role, "_") || !plain(permission, "_:") {
				return nil, fmt.Errorf("policy: %q %q %q: names are lower-case letters and _", r.Kind, r.Role, permission)
			}
			if _, err := e.AddPolicy(subject(r.Kind, r.Role), permission); err != nil {
				return nil, err
			}
			p.ceiling[r.Kind][permission] = true
		}
	}
	return p, nil
}

func subject(kind, role string) string { return kind + "/" + role }

func plain(s, extra string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz"+extra) == ""
}

// Roles of a tenant kind, in the order they were given.
func (p *Policy) Roles(kind string) []string { return p.roles[kind] }

// Ceiling is everything a tenant of the kind may hold at most: what its
// built-in roles hold together. The map is shared: do not write to it.
func (p *Policy) Ceiling(kind string) map[string]bool { return p.ceiling[kind] }

// Apart names two of the permissions that one role may not join; ok is false
// when there are none.
func (p *Policy) Apart(permissions []string) (pair [2]string, ok bool) {
	for _, pair := range p.apart {
		if slices.Contains(permissions, pair[0]) && slices.Contains(permissions, pair[1]) {
			return pair, true
		}
	}
	return pair, false
}

// Granted is the set of permissions these roles give in a tenant of the kind.
// The map is shared: do not write to it.
func (p *Policy) Granted(kind string, roles []string) map[string]bool {
	sorted := append([]string(nil), roles...)
	sort.Strings(sorted)
	key := kind + "|" + strings.Join(sorted, ",")
	if known, ok := p.memo.Load(key); ok {
		return known.(map[string]bool)
	}
	granted := map[string]bool{}
	for _, role := range sorted {
		rules, err := p.enforcer.GetFilteredPolicy(0, subject(kind, role))
		if err != nil {
			continue
		}
		for _, rule := range rules {
			granted[rule[1]] = true
		}
	}
	p.memo.Store(key, granted)
	return granted
}
