package devstack

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func (s *Stack) startStore(ctx context.Context, cfg Config, mem *memory) error {
	if _, err := os.Stat(cfg.StoreBinary); err != nil {
		return fmt.Errorf("the object store's program %s is missing: `make build` builds it", cfg.StoreBinary)
	}
	port, err := usePort(mem.StorePort)
	if err != nil {
		return err
	}
	mem.StorePort = port
	addr := fmt.Sprintf("127.0.0.1:%d", port)

	logPath := filepath.Join(cfg.Dir, "store.log")
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()

	cmd := exec.Command(cfg.StoreBinary)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(),
		"STORE_DIR="+filepath.Join(cfg.Dir, "store"),
		"STORE_ADDR="+addr,
		"STORE_ACCESS_KEY="+mem.StoreAccessKey,
		"STORE_SECRET_KEY="+mem.StoreSecretKey,
		"STORE_REGION="+Region,
	)
	if s.store, err = spawn(cmd, syscall.SIGTERM); err != nil {
		return fmt.Errorf("the object store did not start: %w", err)
	}
	s.S3Endpoint, s.S3Region = "http://"+addr, Region
	s.S3AccessKey, s.S3SecretKey = mem.StoreAccessKey, mem.StoreSecretKey
	if err := s.awaitStore(ctx, logPath); err != nil {
		return err
	}
	fmt.Fprintf(cfg.Log, "object store ready at %s\n", s.S3Endpoint)
	return nil
}

func (s *Stack) awaitStore(ctx context.Context, logPath string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.S3Endpoint+"/_health", http.NoBody)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK && !s.store.ended() {
				return nil
			}
		}
		select {
		case <-s.store.done:
			return fmt.Errorf("the object store stopped at once; it said: %s", tail(logPath, 3))
		case <-ctx.Done():
			return fmt.Errorf("the object store did not answer (%w); its log is %s", ctx.Err(), logPath)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
