// Package openid is the only door to OpenID Connect: it sends somebody to a
// provider and reads, with all checks, who the provider says came back.
package openid

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider as a tenant describes it.
type Provider struct {
	Issuer, ClientID, ClientSecret string
	Redirect                       string // where the provider sends people back to
	Client                         *http.Client
}

// Trip is what must be remembered between going and coming back.
type Trip struct{ State, Nonce, Verifier string }

// Person is who the provider says came back.
type Person struct {
	Subject  string
	Email    string
	Verified bool
}

// ErrAnswer says that the provider's answer does not hold.
var ErrAnswer = errors.New("the provider's answer is not valid")

func (p Provider) open(ctx context.Context) (context.Context, *oidc.Provider, *oauth2.Config, error) {
	ctx = oidc.ClientContext(ctx, p.Client)
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("the provider does not answer as one: %w", err)
	}
	return ctx, found, &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.Redirect, Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

// Check asks the provider to describe itself.
func (p Provider) Check(ctx context.Context) error {
	_, _, _, err := p.open(ctx)
	return err
}

// Go makes the address to send somebody to.
func (p Provider) Go(ctx context.Context) (string, Trip, error) {
	_, _, config, err := p.open(ctx)
	if err != nil {
		return "", Trip{}, err
	}
	t := Trip{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
	return config.AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)), t, nil
}

// Return exchanges the code and verifies signature, issuer, audience, expiry
// and nonce of what the provider says.
func (p Provider) Return(ctx context.Context, t Trip, code string) (Person, error) {
	ctx, found, config, err := p.open(ctx)
	if err != nil {
		return Person{}, err
	}
	answer, err := config.Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	raw, _ := answer.Extra("id_token").(string)
	token, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(t.Nonce)) != 1 {
		return Person{}, fmt.Errorf("%w: another nonce", ErrAnswer)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := token.Claims(&claims); err != nil || token.Subject == "" {
		return Person{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if claims.Email == "" {
		// Strict providers say the mailbox at their user info endpoint only.
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(answer))
		if err == nil && info.Subject != token.Subject {
			return Person{}, fmt.Errorf("%w: user info of another subject", ErrAnswer)
		}
		if err == nil {
			claims.Email, claims.Verified = info.Email, info.EmailVerified
		}
	}
	return Person{token.Subject, claims.Email, claims.Verified}, nil
}
