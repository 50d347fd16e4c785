// Package commission computes what partners earn, by design/commissions.md:
// plans with versions and rules, events, lines with stored arithmetic, shares
// per party, statements with their disputes, flags on what looks gamed, payouts
// with invoices and the bank's answers, commission months, and the double-entry
// ledger. It does not own orders, services or deals (their facts arrive as
// Event); the money itself is moved by a bank, to which a batch is taken.
//
// Two walls: everything that turns events into fen is pure (plan.go, rules.go,
// choose.go, compute.go: no context, no database) and everything that stores
// it posts differences, so lines plus adjustments always equal a fresh
// computation from all events.
//
// Words: plan (酬金方案), rule (规则), event (计酬事件), line (酬金明细), share
// (分成), statement (结算单), period (账期), payee (收款账户), payout (付款), batch
// (付款批次), flag (酬金核查), cell: all events of one seller in
// one month, the unit that is computed at once.
package commission
