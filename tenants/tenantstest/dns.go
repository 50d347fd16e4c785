package tenantstest

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// DNS is a name server that knows TXT records, and nothing else.
type DNS struct {
	Address string
	mu      sync.Mutex
	texts   map[string][]string
	failing bool
}

// NewDNS starts one on a free port.
func NewDNS(t testing.TB) *DNS {
	t.Helper()
	c, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	d := &DNS{Address: c.LocalAddr().String(), texts: map[string][]string{}}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer, err := d.answer(buf[:n]); err == nil {
				_, _ = c.WriteTo(answer, from)
			}
		}
	}()
	return d
}

// Publish makes these the TXT records of a name; none removes it.
func (d *DNS) Publish(name string, texts ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts[name] = texts
}

// Fail makes it answer every question with a failure of its own, until told otherwise.
func (d *DNS) Fail(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failing = on
}

func (d *DNS) answer(raw []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil || len(m.Questions) != 1 {
		return nil, err
	}
	q := m.Questions[0]
	d.mu.Lock()
	texts, failing := d.texts[strings.TrimSuffix(q.Name.String(), ".")], d.failing
	d.mu.Unlock()
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	if len(texts) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	if failing {
		m.RCode, texts = dnsmessage.RCodeServerFailure, nil
	}
	for _, text := range texts {
		if q.Type == dnsmessage.TypeTXT {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.TXTResource{TXT: []string{text}}})
		}
	}
	return m.Pack()
}
