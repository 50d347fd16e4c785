package devstack

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Config says what to start and where.
type Config struct {
	Dir          string    // belongs to this stack alone; made when missing
	Test         bool      // fast and careless: a crash of the machine may lose the data
	StoreBinary  string    // the S3 store's program; empty starts none
	SkipPostgres bool      // the caller has a database already
	NodeModules  string    // where npm put the embedded PostgreSQL; may be empty
	Log          io.Writer // progress, one sentence a line; nil is silent
}

// Stack is what runs. The fields of a server that was not started are empty.
type Stack struct {
	DatabaseURL string // superuser, database "postgres"
	S3Endpoint  string
	S3AccessKey string
	S3SecretKey string
	S3Region    string

	lock     *os.File
	postgres *process
	store    *process
}

// Region is the name the development store answers to.
const Region = "cn-local"

// Start brings the servers up, or explains in one sentence why it cannot. On error nothing is left running.
func Start(ctx context.Context, cfg Config) (_ *Stack, err error) {
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	cfg.Dir = dir
	if cfg.NodeModules != "" {
		if cfg.NodeModules, err = filepath.Abs(cfg.NodeModules); err != nil {
			return nil, err
		}
	}
	if err := prepareDir(dir); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Stack{lock: lock}
	defer func() {
		if err != nil {
			s.Stop()
		}
	}()

	mem, err := remember(dir)
	if err != nil {
		return nil, err
	}
	if cfg.StoreBinary != "" {
		if err := s.startStore(ctx, cfg, mem); err != nil {
			return nil, err
		}
	}
	if !cfg.SkipPostgres {
		if err := s.startPostgres(ctx, cfg, mem); err != nil {
			return nil, err
		}
	}
	return s, mem.save()
}

// Stop ends everything Start brought up, the database last and cleanly. Stopping twice is fine.
func (s *Stack) Stop() {
	s.store.stop(5 * time.Second)
	s.postgres.stop(30 * time.Second)
	s.store, s.postgres = nil, nil
	if s.lock != nil {
		_ = s.lock.Close()
		s.lock = nil
	}
}

// Down is closed when a server ends by itself, which no caller can repair.
func (s *Stack) Down() <-chan struct{} {
	down := make(chan struct{})
	var pg, store <-chan struct{} // nil never fires
	if s.postgres != nil {
		pg = s.postgres.done
	}
	if s.store != nil {
		store = s.store.done
	}
	go func() {
		select {
		case <-pg:
		case <-store:
		}
		close(down)
	}()
	return down
}

func prepareDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the directory %s cannot be made (%w): make its parent writable or choose another directory", dir, err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("the directory %s is not writable by this user: it was probably made by another user; "+
			"remove it as that user (`make reset`) or give it to this one with chown", dir)
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}
