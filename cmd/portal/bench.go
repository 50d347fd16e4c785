package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"ecoport/app/bench"
	"ecoport/app/config"
)

// bench measures on throwaway servers, as `make bench` starts them.
func runBench(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	o := bench.Options{Offers: 100_000, Events: 1_000_000, Requests: 200}
	fs.IntVar(&o.Accounts, "accounts", 20_000, "accounts in the province (400000 is full size)")
	fs.IntVar(&o.Import, "import", 50_000, "rows of the sheets that are imported (400000 is full size)")
	fs.IntVar(&o.Export, "export", 100_000, "rows of the workbook that is exported, at most all accounts")
	fs.IntVar(&o.Events, "events", o.Events, "commission events of the month that is settled")
	fs.IntVar(&o.Offers, "offers", o.Offers, "offers in the marketplace")
	fs.IntVar(&o.Requests, "requests", o.Requests, "requests of each figure")
	fs.IntVar(&o.Streams, "streams", 10_000, "event streams held open; 0 to leave the crowd out")
	fs.IntVar(&o.Rate, "rate", 1_000, "requests a second beside the streams")
	fs.DurationVar(&o.For, "for", 20*time.Second, "how long the crowd keeps asking")
	fs.StringVar(&o.Only, "only", "", "steps to take: decisions, explanations, dossier, sales, usage, catalogue, search, accounts, grow, exports, imports, crowd; grow needs accounts")
	fs.StringVar(&o.JSON, "json", "", "also write the figures to this file")
	if err := fs.Parse(args); err != nil {
		return err
	}
	for from, to := range map[string]string{"TEST_DATABASE_URL": "DATABASE_URL", "TEST_S3_ENDPOINT": "S3_ENDPOINT", "TEST_S3_ACCESS_KEY": "S3_ACCESS_KEY", "TEST_S3_SECRET_KEY": "S3_SECRET_KEY", "TEST_S3_REGION": "S3_REGION"} {
		if os.Getenv(from) == "" {
			return errors.New(from + " is not set: run `make bench`, which starts throwaway servers")
		}
		if err := os.Setenv(to, os.Getenv(from)); err != nil {
			return err
		}
	}
	c, err := config.Load()
	if err != nil {
		return err
	}
	fmt.Printf("%-46s %9s %9s %7s %8s\n", "figure", "ours", "reference", "ratio", "budget")
	return bench.Run(ctx, c, o, os.Stdout)
}
