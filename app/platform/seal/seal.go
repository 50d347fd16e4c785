// Package seal keeps secrets that must be read again, such as the seed of a
// second factor, unreadable in the database: AES-256-GCM under a key that is
// not stored there.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// Box seals and opens.
type Box struct{ aead cipher.AEAD }

// New takes a 32-byte key.
func New(key []byte) (*Box, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("a sealing key must be 32 bytes, not %d", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &Box{aead}, err
}

// Seal hides plain. It opens only with the same about, which names whose
// secret it is, so that a sealed value cannot be moved to another row.
func (b *Box) Seal(plain []byte, about string) []byte {
	return b.aead.Seal(nil, nil, plain, []byte(about))
}

// Open reveals what was sealed about the same.
func (b *Box) Open(sealed []byte, about string) ([]byte, error) {
	plain, err := b.aead.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, errors.New("a sealed secret does not open: it was sealed with another key, or for somebody else")
	}
	return plain, nil
}

// Random makes n random bytes.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, by its documentation
	return b
}
