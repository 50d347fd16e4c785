// Package config reads the portal's settings from the environment and says
// what is wrong with them in sentences.
package config

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Config of one process.
type Config struct {
	Port    string `env:"PORT" envDefault:"8080"`
	Host    string `env:"HOST" envDefault:"127.0.0.1"`
	BaseURL string `env:"BASE_URL"` // how people reach the portal; default http://HOST:PORT

	// OwnerURL owns the schema: it migrates, and the server's own login is
	// derived from it. With AppURL set the server never uses it.
	OwnerURL string `env:"DATABASE_URL"`
	AppURL   string `env:"APP_DATABASE_URL"`
	PoolSize int32  `env:"DATABASE_POOL" envDefault:"20"`

	S3Endpoint       string `env:"S3_ENDPOINT"`
	S3PublicEndpoint string `env:"S3_PUBLIC_ENDPOINT"` // as browsers reach it; default S3_ENDPOINT
	S3AccessKey      string `env:"S3_ACCESS_KEY"`
	S3SecretKey      string `env:"S3_SECRET_KEY"`
	S3Region         string `env:"S3_REGION" envDefault:"us-east-1"`
	S3Bucket         string `env:"S3_BUCKET" envDefault:"portal"`

	// ClamdAddress is host:port or the socket of a clamd daemon; without one
	// uploads are marked unscanned.
	ClamdAddress string `env:"CLAMD_ADDRESS"`

	// SessionKey is 32 bytes in base64. It may be left out where OwnerURL is
	// known: then it follows from that.
	SessionKey string `env:"SESSION_KEY"`

	// SecondFactor says whether permissions that move money or give access
	// wait for one.
	SecondFactor string `env:"SECOND_FACTOR" envDefault:"required"`

	SMTPURL  string `env:"SMTP_URL"`
	MailFrom string `env:"MAIL_FROM"`

	// OutboundAllow are networks of our own that tenants may have us call all
	// the same, and OutboundHTTP lets them without TLS.
	OutboundAllow []netip.Prefix `env:"OUTBOUND_ALLOW"`
	OutboundHTTP  bool           `env:"OUTBOUND_HTTP"`

	// DNSServer is host:port of the name server to ask; default the machine's.
	DNSServer string `env:"DNS_SERVER"`

	// Proxies are the addresses of reverse proxies whose X-Real-IP is believed.
	Proxies []string `env:"TRUSTED_PROXIES"`
}

// Load reads and checks the environment.
func Load() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return c, fmt.Errorf("the settings cannot be read: %w", err)
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Host + ":" + c.Port
	}
	return c, c.Validate()
}

// Validate names everything that is missing.
func (c Config) Validate() error {
	var errs []error
	if c.OwnerURL == "" && c.AppURL == "" {
		errs = append(errs, errors.New("DATABASE_URL is not set: give the address of a PostgreSQL database, or start with `make run`"))
	}
	if c.S3Endpoint == "" {
		errs = append(errs, errors.New("S3_ENDPOINT is not set: give the address of an S3 store, or start with `make run`"))
	}
	if c.AppURL != "" && c.OwnerURL == "" && c.SessionKey == "" {
		errs = append(errs, errors.New("SESSION_KEY is not set: give 32 random bytes in base64"))
	}
	if c.SecondFactor != "required" && c.SecondFactor != "optional" {
		errs = append(errs, errors.New("SECOND_FACTOR must be required or optional"))
	}
	if (c.SMTPURL == "") != (c.MailFrom == "") {
		errs = append(errs, errors.New("SMTP_URL and MAIL_FROM must be set together"))
	}
	if _, _, err := net.SplitHostPort(c.DNSServer); c.DNSServer != "" && err != nil {
		errs = append(errs, errors.New("DNS_SERVER must be host:port"))
	}
	if _, err := url.Parse(c.BaseURL); err != nil {
		errs = append(errs, fmt.Errorf("BASE_URL is not an address: %w", err))
	}
	return errors.Join(errs...)
}

// Secret derives a 32-byte key for one use.
func (c Config) Secret(use string) ([]byte, error) {
	key := []byte(c.OwnerURL)
	if c.SessionKey != "" {
		b, err := base64.StdEncoding.DecodeString(c.SessionKey)
		if err != nil || len(b) != 32 {
			return nil, errors.New("SESSION_KEY must be 32 bytes in base64")
		}
		key = b
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("portal " + use))
	return mac.Sum(nil), nil
}

// PublicStore is the store's address as browsers reach it.
func (c Config) PublicStore() string {
	endpoint := c.S3PublicEndpoint
	if endpoint == "" {
		endpoint = c.S3Endpoint
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "http://" + endpoint
	}
	return endpoint
}

// Secure tells whether people come over TLS.
func (c Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }
