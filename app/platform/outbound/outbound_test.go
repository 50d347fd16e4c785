package outbound

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestA37ForbiddenAddresses: whatever way an inner address is written.
func TestA37ForbiddenAddresses(t *testing.T) {
	t.Parallel()
	r := Rules{}
	for _, ip := range strings.Fields(`127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200
		192.0.0.192 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 198.18.0.1 ::1 :: fe80::1 fc00::1 fd00:ec2::254 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
		::127.0.0.1 64:ff9b::a00:1 2002:7f00:1:: 2001:0:7f00:1:: fec0::1 fe80::1%eth0`) {
		require.False(t, r.permitted(netip.MustParseAddr(ip)), ip)
		require.ErrorIs(t, r.control("tcp", netip.AddrPortFrom(netip.MustParseAddr(ip), 443).String(), nil), ErrForbidden, ip)
	}
	for _, ip := range strings.Fields("1.1.1.1 8.8.8.8 223.5.5.5 2400:3200::1 172.32.0.1 100.128.0.1") {
		require.True(t, r.permitted(netip.MustParseAddr(ip)), ip)
	}
	for _, address := range []string{
		"http://example.com", "ftp://example.com", "file:///etc/passwd", "https://", "https://user:pass@example.com/", "gopher://x", "https:example.com", "//example.com", "https://example.com/#x",
		"https://127.0.0.1/", "https://[::1]/", "https://[::ffff:169.254.169.254]/latest/meta-data", "https://localhost/", "https://0/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "\x00",
	} {
		require.Error(t, r.Check(t.Context(), address), address)
		res, err := r.Client().Get(address)
		if err == nil {
			res.Body.Close()
		}
		require.Error(t, err, address)
	}
	own := Rules{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	require.True(t, own.permitted(netip.MustParseAddr("10.1.2.3")))
	require.False(t, own.permitted(netip.MustParseAddr("10.2.2.3")))
}

// names is a DNS server that gives another answer each time.
func names(t *testing.T, answers ...string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	var n atomic.Int32
	go func() {
		b := make([]byte, 512)
		for {
			size, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			q := b[:size]
			end := 12 + bytes.IndexByte(q[12:], 0) + 5
			a := append([]byte{}, q[:end]...)
			binary.BigEndian.PutUint16(a[2:], 0x8180)
			binary.BigEndian.PutUint16(a[8:], 0)
			binary.BigEndian.PutUint16(a[10:], 0)
			if binary.BigEndian.Uint16(q[end-4:]) == 1 {
				ip := netip.MustParseAddr(answers[min(int(n.Add(1))-1, len(answers)-1)]).As4()
				binary.BigEndian.PutUint16(a[6:], 1)
				a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				a = append(a, ip[:]...)
			}
			_, _ = conn.WriteTo(a, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// TestA37Rebinding: a name that is public when it is checked and private when
// it is dialled.
func TestA37Rebinding(t *testing.T) {
	t.Parallel()
	reached := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(inner.Close)
	_, port, _ := net.SplitHostPort(inner.Listener.Addr().String())
	r := Rules{HTTP: true, Resolver: names(t, "93.184.215.14", "127.0.0.1")}
	require.NoError(t, r.Check(t.Context(), "http://rebind.example:"+port+"/"))
	_, err := r.Client().Get("http://rebind.example:" + port + "/")
	require.ErrorIs(t, err, ErrForbidden)
	require.False(t, reached)
	require.ErrorIs(t, Rules{HTTP: true, Resolver: names(t, "10.0.0.1")}.Check(t.Context(), "http://inner.example/"), ErrForbidden)
}

// TestA37Redirects are not followed, and answers are bounded.
func TestA37Redirects(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/large" {
			_, _ = io.Copy(w, io.LimitReader(strings.NewReader(strings.Repeat("x", 3*MaxBytes)), 3*MaxBytes))
			return
		}
		http.Redirect(w, q, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	r := Rules{HTTP: true, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	res, err := r.Client().Get(s.URL)
	require.NoError(t, err)
	res.Body.Close()
	require.Equal(t, http.StatusFound, res.StatusCode)
	res, err = r.Client().Get(s.URL + "/large")
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	require.NoError(t, err)
	require.Len(t, b, MaxBytes)
}
