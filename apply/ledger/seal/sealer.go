package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Options say for whom values are sealed and by what they are opened. The zero value seals nothing.
type Options struct {
	Recipients   []string // age1…; default: those of the identities, else who has the passphrase
	IdentityFile string   // with AGE-SECRET-KEY-1… on its lines
	Passphrase   string
}

// Sealer seals values and opens them. It may be used concurrently.
type Sealer struct {
	recipients []age.Recipient
	identities []age.Identity
}

// New returns what seals with these options. The salt is of the ledger, so that a passphrase is stretched once for all of its
// values; it is no secret.
func New(o Options, salt []byte) (*Sealer, error) {
	s := &Sealer{}
	if len(o.Recipients) > 0 {
		var err error
		if s.recipients, err = age.ParseRecipients(strings.NewReader(strings.Join(o.Recipients, "\n"))); err != nil {
			return nil, fmt.Errorf("recipients of sealed values: %w", err)
		}
	}
	if err := s.addIdentities(o.IdentityFile); err != nil {
		return nil, err
	}
	if o.Passphrase != "" {
		p := newPassphrase(o.Passphrase, salt)
		s.identities = append(s.identities, p)
		if len(s.recipients) == 0 {
			s.recipients = []age.Recipient{p}
		}
	}
	return s, nil
}

// addIdentities reads the identities, which are recipients too where none is named.
func (s *Sealer) addIdentities(path string) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("identity for sealed values: %w", err)
	}
	if s.identities, err = age.ParseIdentities(bytes.NewReader(data)); err != nil {
		return fmt.Errorf("identity for sealed values in %s: %w", path, withoutSecrets(err))
	}
	if len(s.recipients) > 0 {
		return nil
	}
	for _, identity := range s.identities {
		switch i := identity.(type) {
		case *age.X25519Identity:
			s.recipients = append(s.recipients, i.Recipient())
		case *age.HybridIdentity:
			s.recipients = append(s.recipients, i.Recipient())
		}
	}
	return nil
}

// withoutSecrets leaves out of an error what it found on a line, which may be most of a key.
func withoutSecrets(err error) error {
	text, _, _ := strings.Cut(err.Error(), ":")
	return errors.New(text + ": it is not an age identity, which begins with AGE-SECRET-KEY-1")
}

// CanSeal reports whether anybody is named for whom values are sealed.
func (s *Sealer) CanSeal() bool { return len(s.recipients) > 0 }

// Seal returns a text that only who is named can open.
func (s *Sealer) Seal(plain []byte) (string, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, s.recipients...)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(plain); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sealed.Bytes()), nil
}

// Open returns what was sealed. The error says whether an identity is missing, or is another one than it was sealed for.
func (s *Sealer) Open(sealed string) ([]byte, error) {
	if len(s.identities) == 0 {
		return nil, errors.New("it is sealed, and nothing is given to open it: name identity_file in the seal block, or set RIVETER_LEDGER_PASSPHRASE")
	}
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("what was sealed is damaged: %w", err)
	}
	plain, err := age.Decrypt(bytes.NewReader(data), s.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, errors.New("it was sealed for somebody else than this identity or passphrase: give the one that it was sealed for, or make the call again with -rerun")
	}
	if err != nil {
		return nil, fmt.Errorf("what was sealed is damaged: %w", err)
	}
	return io.ReadAll(plain)
}
