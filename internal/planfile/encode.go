package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"riveter/internal/keyfile"
)

// digestHead and digestTail are around the digest, with which the line ends. It is of every byte before it.
const (
	digestHead = `,"digest":"sha256:`
	digestTail = `"}`
)

// Encode writes the file, sealed for recipients such as age1… if there are any.
func Encode(w io.Writer, f *File, recipients []string) error {
	f.FormatVersion, f.Kind = FormatVersion, Kind
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	data = bytes.TrimSuffix(data, []byte("}"))
	data = append(data, digestHead+digest(data)+digestTail+"\n"...)
	if len(recipients) == 0 {
		_, err = w.Write(data)
		return err
	}
	sealedFor, err := age.ParseRecipients(strings.NewReader(strings.Join(recipients, "\n")))
	if err != nil {
		return fmt.Errorf("recipients: %w", err)
	}
	sealed, err := age.Encrypt(w, sealedFor...)
	if err != nil {
		return err
	}
	if _, err := sealed.Write(data); err != nil {
		return err
	}
	return sealed.Close()
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sealedHead is how a file begins that age has sealed.
const sealedHead = "age-encryption.org/v1\n"

// Open returns the JSON of a file, which is unsealed with the identities in a file, if it is sealed. What is no sealed file stays as
// it is.
func Open(data []byte, identityFile string) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte(sealedHead)) {
		return data, nil
	}
	if identityFile == "" {
		return nil, errors.New("it is sealed: give the file with your identity in RIVETER_AGE_IDENTITY_FILE")
	}
	text, err := keyfile.Read(identityFile)
	if err != nil {
		return nil, fmt.Errorf("RIVETER_AGE_IDENTITY_FILE: %w", err)
	}
	identities, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("there is no identity in %s", identityFile) // the error may quote one
	}
	opened, err := age.Decrypt(bytes.NewReader(data), identities...)
	if stranger := (*age.NoIdentityMatchError)(nil); errors.As(err, &stranger) {
		return nil, fmt.Errorf("it is sealed for others than whoever has %s", identityFile)
	}
	if err != nil {
		return nil, fmt.Errorf("it cannot be unsealed: %w", err)
	}
	return io.ReadAll(opened)
}

// IsPlan reports whether the JSON of a file, as [Open] returns it, is that of a plan, whole or not.
func IsPlan(data []byte) bool {
	var head struct{ Kind string }
	return json.Unmarshal(data, &head) == nil && head.Kind == Kind || bytes.Contains(data[:min(len(data), 200)], []byte(`"kind":"`+Kind+`"`))
}

// Decode reads the JSON of a file. It refuses one that is no plan file or is damaged anywhere, and one of a newer format.
func Decode(data []byte) (*File, error) {
	if !IsPlan(data) {
		return nil, errors.New(`it was not saved by "riveter plan -out=FILE"; what -json prints can be shown and approved, but not applied`)
	}
	body, err := undamaged(data)
	if err != nil {
		return nil, err
	}
	f := &File{}
	if err := json.Unmarshal(append(body, '}'), f); err != nil {
		return nil, err
	}
	if major, _, _ := strings.Cut(FormatVersion, "."); !strings.HasPrefix(f.FormatVersion, major+".") {
		return nil, fmt.Errorf("it has the format version %q of a newer riveter, and this one reads %s", f.FormatVersion, FormatVersion)
	}
	return f, nil
}

// undamaged returns what is before the digest, if that is of it. The line may end as Windows has it, and git makes it.
func undamaged(data []byte) ([]byte, error) {
	data, ended := bytes.CutSuffix(data, []byte("\n"))
	data = bytes.TrimSuffix(data, []byte("\r"))
	end := len(data) - len(digestHead) - 2*sha256.Size - len(digestTail)
	if !ended || end < 0 || string(data[end:]) != digestHead+digest(data[:end])+digestTail {
		return nil, errors.New("it is damaged: its digest is another one")
	}
	return bytes.Clone(data[:end]), nil
}
