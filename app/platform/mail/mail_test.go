package mail

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// post is a real SMTP server that keeps what it is given.
type post struct {
	mu   sync.Mutex
	got  []string
	rcpt []string
}

type session struct{ *post }

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return session{p}, nil }
func (s session) Mail(string, *smtp.MailOptions) error      { return nil }
func (s session) Reset()                                    {}
func (s session) Logout() error                             { return nil }

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rcpt = append(s.rcpt, to)
	return nil
}

func (s session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, string(b))
	return err
}

func serve(t *testing.T) (*post, string) {
	t.Helper()
	p := &post{}
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p, "smtp://" + l.Addr().String()
}

func TestMailArrives(t *testing.T) {
	t.Parallel()
	p, at := serve(t)
	s, err := New(at, "Ecoport <no-reply@portal.example>")
	require.NoError(t, err)
	require.NoError(t, s.Send(t.Context(), Message{"somebody@firm.example", "邀请加入", "您好\nhttps://portal.example/x\n"}))
	require.Equal(t, []string{"somebody@firm.example"}, p.rcpt)
	require.Len(t, p.got, 1)
	require.Contains(t, p.got[0], "To: <somebody@firm.example>")
	require.Contains(t, p.got[0], "https://portal.example/x")
}

// TestA41MailHeaders: nothing a person typed begins a header or adds a reader.
func TestA41MailHeaders(t *testing.T) {
	t.Parallel()
	p, at := serve(t)
	s, err := New(at, "no-reply@portal.example")
	require.NoError(t, err)
	for _, m := range []Message{
		{"a@b.example\r\nBcc: c@d.example", "x", "x"},
		{"a@b.example\nBcc: c@d.example", "x", "x"},
		{"a@b.example", "x\r\nBcc: c@d.example", "x"},
		{"a@b.example", "x\nBcc: c@d.example", "x"},
		{"a@b.example,c@d.example", "x", "x"},
		{"a@b.example>, <c@d.example", "x", "x"},
		{"", "x", "x"},
		{"name <a@b.example>", "x", "x"},
		{"a@b.example\x00", "x", "x"},
	} {
		require.ErrorIs(t, s.Send(t.Context(), m), ErrRefused, "%q", m)
	}
	require.Empty(t, p.rcpt)
	require.NoError(t, s.Send(t.Context(), Message{"a@b.example", "x", "x\r\n.\r\nMAIL FROM:<c@d.example>\r\nBcc: c@d.example\r\n"}))
	require.Equal(t, []string{"a@b.example"}, p.rcpt)
	head, _, _ := strings.Cut(p.got[0], "\r\n\r\n")
	require.NotContains(t, head, "c@d.example")
}

func TestSettingsAreExplained(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]string{{"", "a@b.example"}, {"http://x", "a@b.example"}, {"smtp://", "a@b.example"}, {"smtp://x", "nobody"}} {
		_, err := New(bad[0], bad[1])
		require.Error(t, err, bad)
	}
	_, err := New("smtps://user:pass@mail.example:465", "a@b.example")
	require.NoError(t, err)
}
