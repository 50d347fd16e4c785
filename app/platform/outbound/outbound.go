// Package outbound calls addresses that people typed: sign-in providers and
// webhooks of tenants. Such an address must not lead into our own network, so
// what counts is not the name but the IP address the connection is made to,
// checked at the moment it is dialled: a name that answers differently the
// second time gains nothing.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Limits of every call.
const (
	Timeout  = 10 * time.Second
	MaxBytes = 1 << 20
)

// ErrForbidden says that an address leads where it must not.
var ErrForbidden = errors.New("the address is not a public https address")

// Rules say which addresses are allowed besides public ones over https.
type Rules struct {
	Allow    []netip.Prefix // networks of our own that may be called all the same
	HTTP     bool           // without TLS: development and tests
	Resolver *net.Resolver  // nil is the machine's
}

// The parts of the address space that are not the public internet and that
// netip has no word for.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("::/96"),           // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64 leads to IPv4
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),      // discard
	netip.MustParsePrefix("2001::/23"),     // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"), // documentation
	netip.MustParsePrefix("2002::/16"),     // 6to4 leads to IPv4
	netip.MustParsePrefix("fec0::/10"),     // site-local, of old
}

// permitted tells whether an IP address may be dialled.
func (r Rules) permitted(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, p := range r.Allow {
		if p.Contains(ip) {
			return true
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false // loopback, link-local with the metadata services, multicast, private, ULA
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// control is asked by the dialler with the address it is about to connect to.
func (r Rules) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !r.permitted(to.Addr()) {
		return ErrForbidden
	}
	return nil
}

func (r Rules) shape(u *url.URL) error {
	if u.Scheme != "https" && (u.Scheme != "http" || !r.HTTP) {
		return ErrForbidden
	}
	if u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return ErrForbidden
	}
	return nil
}

// Resolver asks one name server, host:port, instead of the machine's.
func Resolver(server string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, server)
	}}
}

// Check refuses an address at the time it is saved, so that the person learns
// of it while they can mend it. It is checked again at each call.
func (r Rules) Check(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return ErrForbidden
	}
	if err := r.shape(u); err != nil {
		return err
	}
	resolver := r.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	found, err := resolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return fmt.Errorf("the name %s is not known: %w", u.Hostname(), err)
	}
	for _, ip := range found {
		if !r.permitted(ip) {
			return ErrForbidden
		}
	}
	return nil
}

// Client calls such addresses. It follows no redirect, uses no proxy of the
// environment, and cuts off answers that take too long or are too large.
func (r Rules) Client() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: r.control, Resolver: r.Resolver}
	return &http.Client{
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: guarded{r, &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second,
			ResponseHeaderTimeout: Timeout, MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
		}},
	}
}

type guarded struct {
	rules Rules
	next  http.RoundTripper
}

// RoundTrip looks at the address once more and bounds the answer.
func (g guarded) RoundTrip(q *http.Request) (*http.Response, error) {
	if err := g.rules.shape(q.URL); err != nil {
		return nil, err
	}
	res, err := g.next.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	res.Body = limited{io.LimitReader(res.Body, MaxBytes), res.Body}
	return res, nil
}

type limited struct {
	io.Reader
	io.Closer
}
