// Command portal is the whole portal: it serves, works, migrates, loads the
// demo province and checks the books.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"ecoport/app"
	"ecoport/app/config"
	"ecoport/app/demo"
	"ecoport/app/web"
)

const usage = `portal COMMAND

  serve [--demo]   serve the portal; with --demo load the demo province first
  migrate          bring the database schema up to date
  openapi          print the description of the API
  check [PART]     verify the audit chain and the ledger of every province, or one of them: audit, ledger
  bench            measure, one line a figure: ours, reference, ratio, budget
  dev              run with an own database and store (see portal dev --help)
`

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo})))
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	var err error
	switch args[0] {
	case "dev":
		return runDev(ctx, args[1:])
	case "serve":
		err = serve(ctx, args[1:])
	case "migrate":
		err = migrate(ctx)
	case "check":
		err = check(ctx, strings.Join(args[1:], " "))
	case "bench":
		err = runBench(ctx, args[1:])
	case "openapi":
		err = openapi()
	default:
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "portal: "+err.Error())
		return 1
	}
	return 0
}

func migrate(ctx context.Context) error {
	c, err := config.Load()
	if err != nil {
		return err
	}
	_, err = app.Migrate(ctx, c)
	return err
}

func check(ctx context.Context, part string) error {
	c, err := config.Load()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	defer a.Services.DB.Close()
	return a.Check(ctx, part, os.Stdout)
}

func openapi() error {
	b, err := web.OpenAPI()
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, b, "", " "); err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(pretty.Bytes(), '\n'))
	return err
}

func serve(ctx context.Context, args []string) error {
	c, err := config.Load()
	if err != nil {
		return err
	}
	if len(args) > 0 && os.Getenv("SECOND_FACTOR") == "" {
		c.SecondFactor = "optional" // so that the ready-made logins of the demo work
	}
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	demoSize, wanted := map[string]demo.Size{"--demo": demo.Full, "--demo=small": demo.Small}[strings.Join(args, " ")]
	if wanted {
		if err := a.LoadDemo(ctx, demoSize); err != nil {
			return err
		}
		app.PrintLogins()
	}
	fmt.Fprintln(os.Stderr, "portal: ready at "+c.BaseURL)
	return a.Run(ctx)
}
