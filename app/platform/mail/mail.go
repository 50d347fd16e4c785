// Package mail is the only door to SMTP.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Sender sends plain text.
type Sender struct {
	client *gomail.Client
	from   string
}

// Message is one mail to one person.
type Message struct{ To, Subject, Text string }

// New reads smtp://user:password@host:587 or smtps://host:465. Plain smtp
// must offer STARTTLS, because mails hold links that let people in; only a
// server on this machine need not.
func New(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465")
	}
	if _, err := mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("MAIL_FROM is not a mail address: %w", err)
	}
	options := []gomail.Option{gomail.WithTimeout(15 * time.Second)}
	ip, _ := netip.ParseAddr(u.Hostname())
	switch {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSLPort(false))
	case ip.IsLoopback() || u.Hostname() == "localhost":
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, err
		}
		options = append(options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	return &Sender{client, from}, err
}

// ErrRefused says that a message may not be sent as it is.
var ErrRefused = errors.New("mail: an address or subject is not one line")

// Send delivers to the next server or fails; the caller repeats.
func (s *Sender) Send(ctx context.Context, m Message) error {
	// A line break would begin a header of the writer's choosing.
	if strings.ContainsAny(m.To+m.Subject, "\r\n\x00") {
		return ErrRefused
	}
	x := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := x.From(s.from); err != nil {
		return err
	}
	// One address, not a list: To would split at commas.
	to, err := mail.ParseAddress(m.To)
	if err != nil || to.Name != "" {
		return ErrRefused
	}
	if err := x.To(to.Address); err != nil {
		return ErrRefused
	}
	x.Subject(m.Subject)
	x.SetDate()
	x.SetMessageID()
	x.SetGenHeader("Auto-Submitted", "auto-generated")
	x.SetBodyString(gomail.TypeTextPlain, m.Text)
	err = s.client.DialAndSendWithContext(ctx, x)
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("the mail server is not found: %w", err)
	}
	return err
}
