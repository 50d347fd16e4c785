package devstack

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// memory is what one start tells the next: ports stay the same, and secrets must.
type memory struct {
	PostgresPort     int    `json:"postgres_port"`
	PostgresPassword string `json:"postgres_password"`
	StorePort        int    `json:"store_port"`
	StoreAccessKey   string `json:"store_access_key"`
	StoreSecretKey   string `json:"store_secret_key"`

	path string
}

func remember(dir string) (*memory, error) {
	m := &memory{
		PostgresPassword: rand.Text(),
		StoreAccessKey:   rand.Text()[:16],
		StoreSecretKey:   rand.Text(),
		path:             filepath.Join(dir, "stack.json"),
	}
	b, err := os.ReadFile(m.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if initialised(filepath.Join(dir, "postgres")) {
			return nil, fmt.Errorf("the file %s with the database's password is gone: `make reset` gives a clean start", m.path)
		}
	case err != nil:
		return nil, fmt.Errorf("the file %s cannot be read: %w", m.path, err)
	default:
		if err := json.Unmarshal(b, m); err != nil {
			return nil, fmt.Errorf("the file %s is damaged: `make reset` gives a clean start", m.path)
		}
	}
	// Saved before anything is made with these secrets, so that a killed first start can be resumed.
	return m, m.save()
}

// save replaces the file in one step: a kill in between leaves the old one.
func (m *memory) save() error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	tmp := m.path + ".new"
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, m.path)
}

// usePort returns the remembered port when it is free, else any free one.
func usePort(remembered int) (int, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", remembered)) // 0 is any
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return 0, fmt.Errorf("no free port on the loopback address: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// lockDir holds the directory for this process; the kernel lets go when it dies, however it dies.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock of %s cannot be opened: %w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		who, _ := os.ReadFile(f.Name())
		_ = f.Close()
		return nil, fmt.Errorf("another run (process %s) is using %s: stop it first, or choose another directory with PORTAL_DIR",
			strings.TrimSpace(string(who)), dir)
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	return f, nil
}

// InUse says that a running stack holds the directory.
func InUse(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
