package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"ecoport/app/platform/devstack"
)

const (
	interrupted   = 130              // the exit code of a command that was told to stop
	childPatience = 40 * time.Second // longer than the portal needs to finish what it is doing
)

const devUsage = `portal dev starts a PostgreSQL and an S3 store of its own and serves the demo province.
portal dev --test -- COMMAND runs a command against throwaway servers instead.

  --dir DIR            where data is kept (PORTAL_DIR, default .portal)
  --store FILE         the S3 store's program (default: store beside this program)
  --node-modules DIR   where npm put PostgreSQL (default deploy/dev/node_modules)

DATABASE_URL, or S3_ENDPOINT with the other S3_ settings, use servers that run already.
PORT chooses the portal's port (default 8080).
`

// runDev owns every process it starts: they end with it, however it ends.
func runDev(ctx context.Context, args []string) int {
	self, err := os.Executable()
	if err != nil {
		return devFailed(err)
	}
	fs := flag.NewFlagSet("dev", flag.ContinueOnError)
	fs.Usage = func() { fmt.Fprint(os.Stderr, devUsage) }
	test := fs.Bool("test", false, "")
	dir := fs.String("dir", envOr("PORTAL_DIR", ".portal"), "")
	store := fs.String("store", filepath.Join(filepath.Dir(self), "store"), "")
	nodeModules := fs.String("node-modules", "deploy/dev/node_modules", "")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	cfg := devstack.Config{Dir: *dir, Test: *test, StoreBinary: *store, NodeModules: *nodeModules, Log: os.Stderr}
	if *test {
		if fs.NArg() == 0 {
			fmt.Fprint(os.Stderr, devUsage)
			return 2
		}
		return devTest(ctx, cfg, self, fs.Args())
	}
	return devServe(ctx, cfg, self)
}

func devServe(ctx context.Context, cfg devstack.Config, self string) int {
	port := envOr("PORT", "8080")
	if err := portFree(port); err != nil {
		if devstack.InUse(cfg.Dir) {
			err = fmt.Errorf("%w; another run is using %s, so it may be that the portal is already up", err, cfg.Dir)
		}
		return devFailed(err)
	}
	cfg.SkipPostgres = os.Getenv("DATABASE_URL") != ""
	if os.Getenv("S3_ENDPOINT") != "" {
		cfg.StoreBinary = ""
	}
	env := append(os.Environ(), "PORT="+port)
	var down <-chan struct{}
	if !cfg.SkipPostgres || cfg.StoreBinary != "" {
		stack, err := devstack.Start(ctx, cfg)
		if err != nil {
			return devFailed(err)
		}
		defer stack.Stop()
		down = stack.Down()
		if !cfg.SkipPostgres {
			env = append(env, "DATABASE_URL="+stack.DatabaseURL)
		}
		if cfg.StoreBinary != "" {
			env = append(env, "S3_ENDPOINT="+stack.S3Endpoint, "S3_REGION="+stack.S3Region,
				"S3_ACCESS_KEY="+stack.S3AccessKey, "S3_SECRET_KEY="+stack.S3SecretKey)
		}
	}
	code := runChild(ctx, env, down, self, "serve", "--demo")
	if code == interrupted {
		return 0 // stopping is what was asked for
	}
	return code
}

func devTest(ctx context.Context, cfg devstack.Config, self string, command []string) int {
	parent := cfg.Dir
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return devFailed(fmt.Errorf("the directory %s cannot be made: %w", parent, err))
	}
	sweep(parent)
	dir, err := os.MkdirTemp(parent, "test-")
	if err != nil {
		return devFailed(fmt.Errorf("the directory %s is not writable by this user; it was probably made by another: "+
			"remove it as that user, or choose another with PORTAL_DIR", parent))
	}
	defer os.RemoveAll(dir)
	cfg.Dir = dir
	stack, err := devstack.Start(ctx, cfg)
	if err != nil {
		return devFailed(err)
	}
	defer stack.Stop()
	return runChild(ctx, append(os.Environ(),
		"PORTAL_BIN="+self,
		"TEST_DATABASE_URL="+stack.DatabaseURL,
		"TEST_S3_ENDPOINT="+stack.S3Endpoint, "TEST_S3_REGION="+stack.S3Region,
		"TEST_S3_ACCESS_KEY="+stack.S3AccessKey, "TEST_S3_SECRET_KEY="+stack.S3SecretKey,
	), stack.Down(), command[0], command[1:]...)
}

// sweep removes what killed test runs left: a directory whose lock nobody holds.
func sweep(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, "test-*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Minute && !devstack.InUse(dir) {
			_ = os.RemoveAll(dir)
		}
	}
}

// runChild passes on the signals it gets and returns the child's exit code. The child has its own process
// group, so that a signal reaches what it started too, and exactly once.
func runChild(ctx context.Context, env []string, down <-chan struct{}, name string, args ...string) int {
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)

	ended := make(chan error, 1)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the death signal belongs to the thread that starts the child
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return devFailed(fmt.Errorf("%s does not start: %w", name, err))
	}
	group := -cmd.Process.Pid
	defer func() { _ = syscall.Kill(group, syscall.SIGKILL) }() // what the child forgot
	// main may have tied ctx to the same signals; the child must hear of it only once.
	cancelled := ctx.Done()
	stopping := false
	var impatient <-chan time.Time // nil never fires
	tell := func(s syscall.Signal) {
		cancelled, impatient = nil, time.After(childPatience)
		_ = syscall.Kill(group, s)
	}
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			switch {
			case stopping:
				return interrupted
			case errors.As(err, &exit) && exit.ExitCode() >= 0:
				return exit.ExitCode()
			case err != nil:
				return devFailed(err)
			}
			return 0
		case s := <-signals:
			stopping = true
			tell(s.(syscall.Signal))
		case <-cancelled:
			stopping = true
			tell(syscall.SIGTERM)
		case <-down:
			down = nil
			fmt.Fprintln(os.Stderr, "portal dev: the database or the object store stopped by itself; its log is beside its data. Stopping.")
			tell(syscall.SIGTERM)
		case <-impatient:
			_ = syscall.Kill(group, syscall.SIGKILL)
		}
	}
}

func portFree(port string) error {
	l, err := net.Listen("tcp", net.JoinHostPort(envOr("HOST", ""), port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %s is taken by another program: stop it, or choose another with `PORT=8090 make run`", port)
	}
	if err != nil {
		return fmt.Errorf("port %s cannot be used (%w): choose another with `PORT=8090 make run`", port, err)
	}
	return l.Close()
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

func devFailed(err error) int {
	fmt.Fprintln(os.Stderr, "portal dev:", err)
	return 1
}
