package devstack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const superuser = "postgres"

func initialised(data string) bool {
	_, err := os.Stat(filepath.Join(data, "PG_VERSION"))
	return err == nil
}

func (s *Stack) startPostgres(ctx context.Context, cfg Config, mem *memory) error {
	data := filepath.Join(cfg.Dir, "postgres")
	if err := endOrphan(cfg, data); err != nil {
		return err
	}
	want := 0
	if b, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		want, _ = strconv.Atoi(strings.TrimSpace(string(b)))
	}
	bin, err := findBinaries(cfg.NodeModules, want)
	if err != nil {
		return err
	}
	who, err := chooseIdentity(cfg.Dir)
	if err != nil {
		return err
	}
	if !initialised(data) {
		fmt.Fprintf(cfg.Log, "making a PostgreSQL %d cluster\n", bin.major)
		if err := initCluster(ctx, cfg, bin, who, data, mem.PostgresPassword); err != nil {
			return err
		}
	}
	if err := who.own(data); err != nil {
		return fmt.Errorf("the database's files cannot be given to the user that runs it: %w", err)
	}
	if mem.PostgresPort, err = usePort(mem.PostgresPort); err != nil {
		return err
	}
	s.DatabaseURL = (&url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, mem.PostgresPassword),
		Host: fmt.Sprintf("127.0.0.1:%d", mem.PostgresPort), Path: "/postgres", RawQuery: "sslmode=disable",
	}).String()

	logPath := filepath.Join(cfg.Dir, "postgres.log")
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(bin.dir, "postgres"), serverArgs(data, mem.PostgresPort, cfg.Test)...)
	cmd.Stdout, cmd.Stderr, cmd.Env = log, log, serverEnv()
	who.apply(cmd)
	// SIGINT is PostgreSQL's fast shutdown: sessions end, data is safe.
	if s.postgres, err = spawn(cmd, syscall.SIGINT); err != nil {
		return fmt.Errorf("PostgreSQL did not start: %w", err)
	}
	if err := s.awaitPostgres(ctx, data, logPath); err != nil {
		return err
	}
	fmt.Fprintf(cfg.Log, "PostgreSQL %d ready at 127.0.0.1:%d\n", bin.major, mem.PostgresPort)
	return nil
}

func serverArgs(data string, port int, test bool) []string {
	set := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"timezone=UTC", "log_timezone=UTC", "max_connections=200", "shared_buffers=256MB",
		"log_checkpoints=off", // one line for every database a test makes
	}
	if test {
		set = append(set,
			"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
			"max_connections=300", "shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=1h")
	}
	args := []string{"-D", data}
	for _, s := range set {
		args = append(args, "-c", s)
	}
	return args
}

// serverEnv drops the settings of the caller's own database clients, which the server would read too.
func serverEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PG") && !strings.HasPrefix(kv, "LC_") && !strings.HasPrefix(kv, "LANG") {
			env = append(env, kv)
		}
	}
	return env
}

// initCluster builds beside the final place and renames, so that a killed first start leaves no half cluster.
func initCluster(ctx context.Context, cfg Config, bin binaries, who identity, data, password string) error {
	building := data + ".new"
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("a half-made cluster in %s cannot be removed: %w", building, err)
	}
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	if err := os.Mkdir(building, 0o700); err != nil {
		return err
	}
	pwfile := filepath.Join(cfg.Dir, "password.new")
	if err := os.WriteFile(pwfile, []byte(password+"\n"), 0o600); err != nil {
		return err
	}
	defer os.Remove(pwfile)
	if err := errors.Join(who.own(building), who.own(pwfile)); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin.dir, "initdb"), "-D", building, "-U", superuser, "-E", "UTF8",
		"--locale=C.UTF-8", "--auth=scram-sha-256", "--pwfile="+pwfile, "--no-instructions", "--no-sync")
	cmd.Env = serverEnv()
	who.apply(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the database cluster could not be made (%w); initdb said: %s", err, lastLines(string(out), 4))
	}
	return os.Rename(building, data)
}

// awaitPostgres reads the status the server keeps in its own pid file, as pg_ctl does.
func (s *Stack) awaitPostgres(ctx context.Context, data, logPath string) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	for {
		if pm, err := readPidFile(data); err == nil && pm.status == "ready" {
			return nil
		}
		select {
		case <-s.postgres.done:
			return fmt.Errorf("PostgreSQL stopped at once; its log %s ends with:\n%s", logPath, tail(logPath, 4))
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL was not ready in time (%w); its log is %s", ctx.Err(), logPath)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

type pidFile struct {
	pid    int
	status string
}

func readPidFile(data string) (pidFile, error) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return pidFile{}, fmt.Errorf("unreadable pid file: %w", err)
	}
	pf := pidFile{pid: pid}
	if len(lines) > 7 {
		pf.status = strings.TrimSpace(lines[7])
	}
	return pf, nil
}

// endOrphan deals with what a killed run left: a server that still runs, or only its pid file. We hold the
// directory's lock, so nobody else can be using it. Restarting the server, rather than talking to it as it
// is, makes it our child again: it ends with us and has today's settings.
func endOrphan(cfg Config, data string) error {
	pf, err := readPidFile(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && isServerOf(pf.pid, data) {
		fmt.Fprintf(cfg.Log, "a killed run left its database running (process %d): taking it over\n", pf.pid)
		if err := endStranger(pf.pid, syscall.SIGINT, 30*time.Second); err != nil {
			return fmt.Errorf("the database a killed run left does not stop: end it with `kill -QUIT %d` and start again", pf.pid)
		}
		return nil
	}
	// The number now belongs to nobody or to a stranger, and would make the server refuse to start.
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the pid file a killed run left cannot be removed: %w", err)
	}
	return nil
}

// isServerOf tells our server from a stranger that got its number: a postmaster works in its data directory.
func isServerOf(pid int, data string) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	cwd, err := os.Readlink(filepath.Join(proc, "cwd"))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(data)
	if err != nil || cwd != real {
		return false
	}
	name, err := os.ReadFile(filepath.Join(proc, "comm"))
	return err == nil && strings.HasPrefix(string(name), "postgres")
}

func lastLines(s string, n int) string {
	all := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(all[max(0, len(all)-n):], "\n")
}
