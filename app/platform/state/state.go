// Package state holds a state machine as data: one table says which action
// leads from where to where and which permission it needs. Services ask the
// table, tests draw it, screens get their buttons from it.
package state

import (
	"fmt"
	"slices"
	"strings"

	"ecoport/app/platform/fault"
)

// Transition is one row. Permission may be empty for steps only the system takes.
type Transition struct {
	Action     string
	From       []string
	To         string
	Permission string
	Reason     bool // the action says no to somebody, so it says why
}

// Machine is the table of one noun.
type Machine struct {
	Name    string
	Initial string
	Table   []Transition
}

// Refusals of the table.
var (
	ErrIllegal = fault.New(fault.Conflict, "wrong-state", "当前状态（%s）不能进行这项操作（%s），页面已更新，请查看最新状态。", "This cannot be done in the present state (%s: %s). Reload to see where it stands.")
	errReason  = func() error {
		var c fault.Checker
		c.Add("reason", "required", "请写明原因，对方会看到。", "Say why; the other side will read it.")
		return c.Err()
	}
)

// Take finds the transition of an action from a state. It refuses what the
// table does not have, and a missing reason.
func (m Machine) Take(from, action, reason string) (Transition, error) {
	for _, t := range m.Table {
		if t.Action == action && slices.Contains(t.From, from) {
			if t.Reason && strings.TrimSpace(reason) == "" {
				return t, errReason()
			}
			return t, nil
		}
	}
	return Transition{}, ErrIllegal.Fill(from, action)
}

// Actions that are possible from a state for somebody who can.
func (m Machine) Actions(from string, can func(permission string) bool) []string {
	out := []string{}
	for _, t := range m.Table {
		if t.Permission != "" && slices.Contains(t.From, from) && can(t.Permission) && !slices.Contains(out, t.Action) {
			out = append(out, t.Action)
		}
	}
	return out
}

// States in the order the table names them.
func (m Machine) States() []string {
	out := []string{m.Initial}
	add := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, t := range m.Table {
		for _, f := range t.From {
			add(f)
		}
		add(t.To)
	}
	return out
}

// Diagram draws the table as a Mermaid state diagram; kept as a golden file.
func (m Machine) Diagram() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n  [*] --> %s\n", m.Initial)
	for _, t := range m.Table {
		for _, f := range t.From {
			who := t.Permission
			if who == "" {
				who = "system"
			}
			fmt.Fprintf(&b, "  %s --> %s: %s (%s)\n", f, t.To, t.Action, who)
		}
	}
	return b.String()
}
