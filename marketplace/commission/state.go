package commission

import (
	"ecoport/app/platform/state"
	"ecoport/tenants"
)

// Permissions of this package.
const (
	Read             tenants.Permission = "commission:read"
	Send             tenants.Permission = "commission:send"
	StatementRead    tenants.Permission = "statement:read"
	StatementConfirm tenants.Permission = "statement:confirm"
	StatementIssue   tenants.Permission = "statement:issue"
	PeriodRead       tenants.Permission = "period:read"
	PeriodCalculate  tenants.Permission = "period:calculate"
	PlanRead         tenants.Permission = "plan:read"
	PlanMake         tenants.Permission = "plan:make"
	PlanCheck        tenants.Permission = "plan:check"
	PayeeWrite       tenants.Permission = "payee:write"
	PayoutRead       tenants.Permission = "payout:read"
	PayoutMake       tenants.Permission = "payout:make"
	PayoutCheck      tenants.Permission = "payout:check"
	PayoutAnswer     tenants.Permission = "payout:answer"
	FlagRead         tenants.Permission = "flag:read"
	FlagPropose      tenants.Permission = "flag:propose"
	FlagDecide       tenants.Permission = "flag:decide"
)

// PlanMachine is the life of a plan version. Published is the end: a change is
// a new version.
var PlanMachine = state.Machine{Name: "plan", Initial: "draft", Table: []state.Transition{
	{Action: "edit", From: []string{"draft", "rejected"}, To: "draft", Permission: string(PlanMake)},
	{Action: "submit", From: []string{"draft"}, To: "submitted", Permission: string(PlanMake)},
	{Action: "publish", From: []string{"submitted"}, To: "published", Permission: string(PlanCheck)},
	{Action: "reject", From: []string{"submitted"}, To: "rejected", Permission: string(PlanCheck), Reason: true},
}}

// PeriodMachine is the life of a commission month: it is as far as the last of
// its statements, and goes back when a payout comes back.
var PeriodMachine = state.Machine{Name: "period", Initial: "open", Table: []state.Transition{
	{Action: "calculate", From: []string{"open", "calculated"}, To: "calculated", Permission: string(PeriodCalculate)},
	{Action: "issue", From: []string{"calculated"}, To: "issued", Permission: string(StatementIssue)},
	{Action: "all_confirmed", From: []string{"issued"}, To: "confirmed"},
	{Action: "approve", From: []string{"confirmed"}, To: "approved"},
	{Action: "pay", From: []string{"approved"}, To: "paid"},
	{Action: "bounce", From: []string{"paid", "closed"}, To: "approved"},
	{Action: "close", From: []string{"paid"}, To: "closed", Permission: string(PeriodCalculate)},
}}

// StatementMachine is the life of a statement.
var StatementMachine = state.Machine{Name: "statement", Initial: "issued", Table: []state.Transition{
	{Action: "confirm", From: []string{"issued"}, To: "confirmed", Permission: string(StatementConfirm)},
	{Action: "deem", From: []string{"issued"}, To: "confirmed"},
	{Action: "nothing_to_pay", From: []string{"confirmed"}, To: "paid"},
	{Action: "approve", From: []string{"confirmed"}, To: "approved", Permission: string(StatementIssue)},
	{Action: "pay", From: []string{"approved"}, To: "paid"},
	{Action: "bounce", From: []string{"approved", "paid", "closed"}, To: "approved"},
	{Action: "close", From: []string{"paid"}, To: "closed"},
}}

// BatchMachine is the life of a payout batch: made by one person, checked by
// another, sent, and reconciled when the bank has answered for all of it.
var BatchMachine = state.Machine{Name: "payout_batch", Initial: "made", Table: []state.Transition{
	{Action: "check", From: []string{"made"}, To: "checked", Permission: string(PayoutCheck)},
	{Action: "reject", From: []string{"made"}, To: "rejected", Permission: string(PayoutCheck), Reason: true},
	{Action: "cancel", From: []string{"made", "checked"}, To: "cancelled", Permission: string(PayoutMake), Reason: true},
	{Action: "send", From: []string{"checked"}, To: "sent", Permission: string(PayoutMake)},
	{Action: "reconcile", From: []string{"sent"}, To: "reconciled"},
}}

// FlagMachine is the life of a flag: one officer proposes what becomes of it,
// another decides.
var FlagMachine = state.Machine{Name: "flag", Initial: "open", Table: []state.Transition{
	{Action: "propose_uphold", From: []string{"open"}, To: "proposed", Permission: string(FlagPropose), Reason: true},
	{Action: "propose_clear", From: []string{"open"}, To: "proposed", Permission: string(FlagPropose), Reason: true},
	{Action: "return", From: []string{"proposed"}, To: "open", Permission: string(FlagDecide), Reason: true},
	{Action: "uphold", From: []string{"proposed"}, To: "upheld", Permission: string(FlagDecide)},
	{Action: "clear", From: []string{"proposed"}, To: "cleared", Permission: string(FlagDecide)},
}}

// ShareMachine is the life of a share of a line.
var ShareMachine = state.Machine{Name: "share", Initial: "held", Table: []state.Transition{
	{Action: "mature", From: []string{"held"}, To: "due"},
	{Action: "take_in", From: []string{"due"}, To: "in_statement"},
	{Action: "dispute", From: []string{"in_statement"}, To: "disputed", Permission: string(StatementConfirm), Reason: true},
	{Action: "settle_dispute", From: []string{"disputed"}, To: "due", Permission: string(StatementIssue), Reason: true},
	{Action: "confirm", From: []string{"in_statement"}, To: "confirmed"},
	{Action: "pay", From: []string{"confirmed"}, To: "paid"},
	{Action: "bounce", From: []string{"paid"}, To: "confirmed"},
}}

// payable of a statement in fen: never below zero; what is missing is carried.
// held is the part that is disputed.
func payable(total, held, carryIn int64) (pays, carryOut int64) {
	sum := total - held + carryIn
	return max(0, sum), min(0, sum)
}
