// Command store is a small real S3 server over a directory, for development and tests.
//
// It is a module and a process of its own: the gateway library pulls in much that the product never
// needs, and it changes the working directory of the process that embeds it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	fiveGiB    = 5 << 30
	healthPath = "/_health" // no bucket can have this name
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "store:", err)
		os.Exit(1)
	}
}

func run() error {
	var missing []string
	env := func(name string) string {
		v := os.Getenv(name)
		if v == "" {
			missing = append(missing, name)
		}
		return v
	}
	dir, addr := env("STORE_DIR"), env("STORE_ADDR")
	access, secret, region := env("STORE_ACCESS_KEY"), env("STORE_SECRET_KEY"), env("STORE_REGION")
	if len(missing) > 0 {
		return fmt.Errorf("these settings are missing: %v", missing)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	backend, err := openBackend(dir)
	if err != nil {
		return fmt.Errorf("the directory %s cannot be used: %w", dir, err)
	}
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: access, RootUserSecret: secret, Region: region,
		Ports: []string{addr}, HealthPath: healthPath,
		MaxConnections: 4096, MaxRequests: 1024, MultipartMaxParts: 10000,
		KeepAlive: true, Quiet: true, DisableACLs: true,
	})
}

// openBackend keeps object metadata in extended attributes, and in a sidecar folder where the file
// system has none (some tmpfs and network mounts).
func openBackend(dir string) (*posix.Posix, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	objects := filepath.Join(dir, "objects")
	if err := os.MkdirAll(objects, 0o700); err != nil {
		return nil, err
	}
	opts := posix.PosixOpts{CopyObjectThreshold: fiveGiB, Concurrency: 256}
	if xattr := (meta.XattrMeta{}); xattr.Test(objects) == nil {
		return posix.New(objects, xattr, opts)
	}
	opts.SideCarDir = filepath.Join(dir, "meta")
	if err := os.MkdirAll(opts.SideCarDir, 0o700); err != nil {
		return nil, err
	}
	sidecar, err := meta.NewSideCar(opts.SideCarDir)
	if err != nil {
		return nil, err
	}
	return posix.New(objects, sidecar, opts)
}
