package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"ecoport/app/demo"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/order"
)

// LoadDemo fills an empty database with the demo province and tells how far it
// is; one that has a province already is left alone.
func (a *App) LoadDemo(ctx context.Context, size demo.Size) error {
	a.Server.Demo(demo.Logins)
	loaded, err := demo.Loaded(ctx, a.Services)
	if err != nil || loaded {
		return err
	}
	if err := a.Services.Blob.EnsureBucket(ctx, []string{a.config.BaseURL}); err != nil {
		return fmt.Errorf("the object store does not answer: %w", err)
	}
	started := time.Now()
	fmt.Fprintln(os.Stderr, "loading the demo province:")
	if err := demo.Load(ctx, a.Services, story{a}, size, func(s string) { fmt.Fprintln(os.Stderr, "  "+s) }); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "  the province is ready after %.0f s\n", time.Since(started).Seconds())
	return nil
}

// PrintLogins shows who can sign in to the demo.
func PrintLogins() {
	fmt.Fprintf(os.Stderr, "\ndemo logins, password %s:\n", demo.Password)
	for _, x := range demo.Logins() {
		fmt.Fprintf(os.Stderr, "  %-22s %-28s %s\n", x.Role, x.Email, x.TenantName)
	}
	fmt.Fprintln(os.Stderr)
}

// story does what the queue would, while the demo tells the past.
type story struct{ *App }

func (s story) Activated(ctx context.Context, province, id uuid.UUID) error {
	return s.recordEvent(commission.Activation)(ctx, order.Changed{Province: province, Order: id})
}

func (s story) Ended(ctx context.Context, province, id uuid.UUID) error {
	return s.recordEvent(commission.Ended)(ctx, order.Changed{Province: province, Order: id})
}

func (s story) Calculate(ctx context.Context, province uuid.UUID, month string) error {
	args, err := json.Marshal(map[string]any{"province": province, "month": month})
	if err != nil {
		return err
	}
	return s.Services.Commissions.CalculateJob(ctx, args)
}
