// Package scan asks a clamd daemon whether content is infected.
package scan

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Scanner talks to one daemon.
type Scanner struct{ address string }

// New takes host:port, or the path of a unix socket.
func New(address string) *Scanner { return &Scanner{address} }

// Scan streams r through the daemon and returns the name of what was found,
// empty when the content is clean. An error means that nothing is known.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (string, error) {
	network := "tcp"
	if strings.HasPrefix(s.address, "/") {
		network = "unix"
	}
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, s.address)
	if err != nil {
		return "", fmt.Errorf("the virus scanner does not answer: %w", err)
	}
	defer conn.Close()
	deadline := time.Now().Add(5 * time.Minute)
	if d, ok := ctx.Deadline(); ok {
		deadline = d
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return "", err
	}
	if err := send(conn, r); err != nil {
		return "", fmt.Errorf("the virus scanner stopped listening: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 4096))
	if err != nil {
		return "", fmt.Errorf("the virus scanner gave no answer: %w", err)
	}
	said := strings.TrimSpace(strings.TrimPrefix(strings.TrimRight(string(answer), "\x00\n"), "stream:"))
	if name, found := strings.CutSuffix(said, " FOUND"); found {
		return name, nil
	}
	if said != "OK" {
		return "", errors.New("the virus scanner says: " + said)
	}
	return "", nil
}

// send is INSTREAM: chunks behind their length, a zero length at the end.
func send(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.Read(buffer[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buffer, uint32(n))
			if _, err := w.Write(buffer[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			_, err := w.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}
