package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"riveter/internal/keyfile"
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
	// hasIdentity and hasPassphrase say what these are.
	hasIdentity, hasPassphrase bool
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
		s.identities, s.hasPassphrase = append(s.identities, p), true
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
	data, err := keyfile.Read(path)
	if err != nil {
		return fmt.Errorf("identity for sealed values: %w", err)
	}
	if s.identities, err = age.ParseIdentities(bytes.NewReader(data)); err != nil {
		return fmt.Errorf("identity for sealed values in %s: %w", path, withoutSecrets(err))
	}
	s.hasIdentity = true
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

// Open returns what was sealed. The error says what it was sealed with, and what to do.
func (s *Sealer) Open(sealed string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("what was sealed is damaged: %w", err)
	}
	if len(s.identities) == 0 {
		return nil, s.refusal(data)
	}
	plain, err := age.Decrypt(bytes.NewReader(data), s.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, s.refusal(data)
	}
	if err != nil {
		return nil, fmt.Errorf("what was sealed is damaged: %w", err)
	}
	return io.ReadAll(plain)
}

// refusal says why something cannot be opened. For whom it was sealed, nobody can tell.
func (s *Sealer) refusal(data []byte) error {
	withPassphrase := bytes.Contains(data, []byte("\n-> "+passphraseType+" "))
	why := "it is sealed for who has an identity, and none is given: name identity_file in the seal block"
	switch {
	case withPassphrase && s.hasPassphrase:
		why = "it is sealed with another passphrase than that of RIVETER_LEDGER_PASSPHRASE: give that one"
	case withPassphrase:
		why = "it is sealed with a passphrase, and none is given: set RIVETER_LEDGER_PASSPHRASE"
	case s.hasIdentity:
		why = "it is sealed for others than the identities in identity_file: where the recipients have changed since, add the old identity to that file"
	}
	return errors.New(why + ", or make the call again with -rerun")
}
