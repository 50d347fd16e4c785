// Package token is the only door to JWT: short access tokens signed with
// Ed25519, and the random secrets that refresh them or invite somebody.
package token

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
)

// Claims is what an access token says: who, in which session and membership.
type Claims struct {
	jwt.RegisteredClaims
	Session    string `json:"sid"`
	Membership string `json:"mid"`
}

const (
	issuer   = "portal"
	audience = "portal-api"
)

// Signer issues and verifies access tokens. A signature that was right once is
// not worked out again: that would be a tenth of a request.
type Signer struct {
	private  ed25519.PrivateKey
	public   ed25519.PublicKey
	verified *lru.Cache[string, Claims]
}

const (
	remembered = 20_000 // tokens
	leeway     = 15 * time.Second
)

// NewSigner takes a 32-byte seed.
func NewSigner(seed []byte) (*Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the session key must be %d bytes", ed25519.SeedSize)
	}
	private := ed25519.NewKeyFromSeed(seed)
	verified, err := lru.New[string, Claims](remembered)
	return &Signer{private, private.Public().(ed25519.PublicKey), verified}, err
}

// Issue makes an access token that ends at expires.
func (s *Signer) Issue(user, session, membership string, now, expires time.Time) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodEdDSA, Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: user,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
		},
		Session: session, Membership: membership,
	}).SignedString(s.private)
}

// Verify accepts only our algorithm, issuer and audience, and insists on an
// expiry: the library by itself would not.
func (s *Signer) Verify(raw string, now time.Time) (Claims, error) {
	if c, ok := s.verified.Get(raw); ok && now.After(c.IssuedAt.Add(-leeway)) && now.Before(c.ExpiresAt.Add(leeway)) {
		return c, nil
	}
	var c Claims
	t, err := jwt.ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) { return s.public, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuer(issuer),
		jwt.WithAudience(audience), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return Claims{}, err
	}
	if !t.Valid || c.Session == "" || c.Membership == "" {
		return Claims{}, errors.New("token: claims missing")
	}
	if c.IssuedAt != nil {
		s.verified.Add(raw, c)
	}
	return c, nil
}

// Secret makes 256 random bits for a refresh token or an invitation; only the
// hash is stored.
func Secret() (secret string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, by its documentation
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, Hash(secret)
}

// Hash of a secret as stored.
func Hash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}
