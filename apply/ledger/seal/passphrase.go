package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/scrypt"
)

// passphraseType names our stanzas. age's own for passphrases stretches the passphrase for every single value, which takes a
// second each.
const passphraseType = "riveter-passphrase"

// passphrase is a recipient and an identity: who knows it.
type passphrase struct {
	key func() ([]byte, error) // stretched when it is needed first
}

func newPassphrase(text string, salt []byte) *passphrase {
	return &passphrase{sync.OnceValues(func() ([]byte, error) {
		return scrypt.Key([]byte(text), append([]byte(passphraseType), salt...), 1<<17, 8, 1, chacha20poly1305.KeySize)
	})}
}

// Wrap implements [age.Recipient].
func (p *passphrase) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	key, err := p.key()
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	body := aead.Seal(nil, nonce, fileKey, nil)
	return []*age.Stanza{{Type: passphraseType, Args: []string{base64.RawStdEncoding.EncodeToString(nonce)}, Body: body}}, nil
}

// Unwrap implements [age.Identity].
func (p *passphrase) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, stanza := range stanzas {
		if stanza.Type == passphraseType && len(stanza.Args) == 1 {
			return p.open(stanza)
		}
	}
	return nil, age.ErrIncorrectIdentity
}

func (p *passphrase) open(stanza *age.Stanza) ([]byte, error) {
	key, err := p.key()
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	nonce, err := base64.RawStdEncoding.DecodeString(stanza.Args[0])
	if err != nil || len(nonce) != aead.NonceSize() {
		return nil, errors.New("its nonce is none")
	}
	fileKey, err := aead.Open(nil, nonce, stanza.Body, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: another passphrase", age.ErrIncorrectIdentity)
	}
	return fileKey, nil
}
