package app

import (
	"context"
	"fmt"
	"io"
)

// Check verifies the audit chain and the ledger of every province, or only the
// part that is named (audit, ledger), and says what it saw; the first thing
// that does not hold is an error.
func (a *App) Check(ctx context.Context, part string, out io.Writer) error {
	if part != "" && part != "audit" && part != "ledger" {
		return fmt.Errorf("nothing called %q can be checked: audit or ledger", part)
	}
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		if part != "ledger" {
			rows, err := a.Services.Tenants.VerifyAudit(ctx, p.ID)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			fmt.Fprintf(out, "%s: audit chain of %d entries holds\n", p.Name, rows)
		}
		if part == "audit" {
			continue
		}
		seen, err := a.Services.Commissions.CheckLedger(ctx, p.ID)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprintf(out, "%s: ledger holds: %+v\n", p.Name, seen)
	}
	return nil
}
