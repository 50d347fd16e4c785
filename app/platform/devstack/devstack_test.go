package devstack

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const root = "../../.."

func testConfig(dir string) Config {
	store, _ := filepath.Abs(root + "/bin/store")
	return Config{Dir: dir, Test: true, StoreBinary: store, NodeModules: root + "/deploy/dev/node_modules", Log: os.Stderr}
}

// TestMain lets this binary play the run that gets killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("DEVSTACK_RUN_IN"); dir != "" {
		s, err := Start(context.Background(), testConfig(dir))
		if err != nil {
			_, _ = os.Stdout.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		_ = json.NewEncoder(os.Stdout).Encode([]int{s.postgres.pid, s.store.pid})
		select {}
	}
	os.Exit(m.Run())
}

func reachable(t *testing.T, s *Stack) {
	t.Helper()
	u, err := url.Parse(s.DatabaseURL)
	require.NoError(t, err)
	c, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	res, err := http.Get(s.S3Endpoint + "/")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusForbidden, res.StatusCode, "the store asks for a signature")
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestStackKeepsDataPortsAndSecretsOverARestart(t *testing.T) {
	dir := t.TempDir()
	first, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	reachable(t, first)
	url, store, pids := first.DatabaseURL, first.S3Endpoint, []int{first.postgres.pid, first.store.pid}

	_, err = Start(t.Context(), testConfig(dir))
	require.ErrorContains(t, err, "another run")

	first.Stop()
	for _, pid := range pids {
		require.False(t, alive(pid))
	}
	info, err := os.Stat(filepath.Join(dir, "stack.json"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	began := time.Now()
	second, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	defer second.Stop()
	t.Logf("second start took %v", time.Since(began))
	reachable(t, second)
	require.Equal(t, url, second.DatabaseURL)
	require.Equal(t, store, second.S3Endpoint)
}

func TestNothingOutlivesAKilledRun(t *testing.T) {
	dir := t.TempDir()
	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), "DEVSTACK_RUN_IN="+dir)
	run.Stderr = os.Stderr
	out, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var pids []int
	require.NoError(t, json.Unmarshal([]byte(line), &pids), line)

	require.NoError(t, run.Process.Kill())
	_ = run.Wait()
	for _, pid := range pids {
		require.Eventually(t, func() bool { return !alive(pid) }, 10*time.Second, 10*time.Millisecond)
	}
	again, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	defer again.Stop()
	reachable(t, again)
}

func TestAnOrphanedDatabaseIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	// What a run would leave behind if its children did outlive it: the lock free, the server running.
	orphan := s.postgres
	s.postgres = nil
	s.Stop()
	require.True(t, alive(orphan.pid))

	var said strings.Builder
	cfg := testConfig(dir)
	cfg.Log = io.MultiWriter(&said, os.Stderr)
	again, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	defer again.Stop()
	require.Contains(t, said.String(), "killed run")
	require.False(t, alive(orphan.pid))
	reachable(t, again)
}

func TestAPidFileThatNamesAStrangerIsNoObstacle(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	s.Stop()
	stranger := exec.Command("sleep", "60")
	require.NoError(t, stranger.Start())
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	stale := strings.Join([]string{itoa(stranger.Process.Pid), filepath.Join(dir, "postgres"), "1", "1", "", "", "", "ready", ""}, "\n")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "postmaster.pid"), []byte(stale), 0o600))

	again, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	defer again.Stop()
	require.True(t, alive(stranger.Process.Pid), "a stranger is never stopped")
	reachable(t, again)
}

func TestATakenPortIsReplaced(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	taken := s.DatabaseURL
	s.Stop()
	u, err := url.Parse(taken)
	require.NoError(t, err)
	l, err := net.Listen("tcp", u.Host)
	require.NoError(t, err)
	defer l.Close()

	again, err := Start(t.Context(), testConfig(dir))
	require.NoError(t, err)
	defer again.Stop()
	require.NotEqual(t, taken, again.DatabaseURL)
}

func TestFaultsAreSentencesWithAWayOn(t *testing.T) {
	t.Run("the data is another version's", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "postgres"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "PG_VERSION"), []byte("9\n"), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "stack.json"), []byte("{}"), 0o600))
		_, err := Start(t.Context(), testConfig(dir))
		require.ErrorContains(t, err, "made by PostgreSQL 9")
		require.ErrorContains(t, err, "make reset")
	})
	t.Run("the password is gone", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "postgres"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "PG_VERSION"), []byte("18\n"), 0o600))
		_, err := Start(t.Context(), testConfig(dir))
		require.ErrorContains(t, err, "make reset")
	})
	t.Run("PG_BIN names nothing", func(t *testing.T) {
		t.Setenv("PG_BIN", t.TempDir())
		_, err := Start(t.Context(), testConfig(t.TempDir()))
		require.ErrorContains(t, err, "PG_BIN")
	})
	t.Run("the store was not built", func(t *testing.T) {
		cfg := testConfig(t.TempDir())
		cfg.StoreBinary = "/nowhere/store"
		_, err := Start(t.Context(), cfg)
		require.ErrorContains(t, err, "make build")
	})
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
