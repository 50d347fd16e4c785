package app

import (
	"context"
	"fmt"
	"io"
)

// Check verifies the audit chain and the ledger of every province and says
// what it saw; the first thing that does not hold is an error.
func (a *App) Check(ctx context.Context, out io.Writer) error {
	provinces, err := a.Services.Tenants.Provinces(ctx)
	if err != nil {
		return err
	}
	for _, p := range provinces {
		rows, err := a.Services.Tenants.VerifyAudit(ctx, p.ID)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprintf(out, "%s: audit chain of %d entries holds\n", p.Name, rows)
		seen, err := a.Services.Commissions.CheckLedger(ctx, p.ID)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprintf(out, "%s: ledger holds: %+v\n", p.Name, seen)
	}
	return nil
}
