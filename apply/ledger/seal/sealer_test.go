package seal

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// identity makes an identity, with the file that has it.
func identity(t *testing.T) (recipient, file string) {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	check(t, err)
	file = filepath.Join(t.TempDir(), "key.txt")
	check(t, os.WriteFile(file, []byte("# mine\n"+i.String()+"\n"), 0o600))
	return i.Recipient().String(), file
}

func newSealer(t *testing.T, o Options) *Sealer {
	t.Helper()
	s, err := New(o, []byte("salt"))
	check(t, err)
	return s
}

func TestWhoIsNamedCanOpen(t *testing.T) {
	ann, annFile := identity(t)
	bob, bobFile := identity(t)
	const (
		others   = "for others than the identities in identity_file: where the recipients have changed since"
		noneHere = "for who has an identity, and none is given: name identity_file"
	)
	for name, test := range map[string]struct {
		sealed, opened Options
		want           string // of the error; empty for none
	}{
		"an identity":                     {Options{Recipients: []string{ann}}, Options{IdentityFile: annFile}, ""},
		"an identity that seals too":      {Options{IdentityFile: annFile}, Options{IdentityFile: annFile}, ""},
		"one of two":                      {Options{Recipients: []string{ann, bob}}, Options{IdentityFile: bobFile}, ""},
		"a passphrase":                    {Options{Passphrase: "sesame"}, Options{Passphrase: "sesame"}, ""},
		"an identity beside a passphrase": {Options{Recipients: []string{ann}, Passphrase: "p"}, Options{IdentityFile: annFile, Passphrase: "other"}, ""},
		"another identity":                {Options{Recipients: []string{ann}}, Options{IdentityFile: bobFile}, others},
		"recipients were rotated":         {Options{Recipients: []string{ann}}, Options{Recipients: []string{bob}, IdentityFile: bobFile}, others},
		"another passphrase":              {Options{Passphrase: "sesame"}, Options{Passphrase: "Sesame"}, "another passphrase than that of RIVETER_LEDGER_PASSPHRASE"},
		"a passphrase for an identity":    {Options{Recipients: []string{ann}}, Options{Passphrase: "sesame"}, noneHere},
		"an identity for a passphrase":    {Options{Passphrase: "sesame"}, Options{IdentityFile: annFile}, "with a passphrase, and none is given: set RIVETER_LEDGER_PASSPHRASE"},
		"nothing":                         {Options{Recipients: []string{ann}}, Options{Recipients: []string{ann}}, noneHere},
	} {
		t.Run(name, func(t *testing.T) {
			sealer := newSealer(t, test.sealed)
			sealed, err := sealer.Seal([]byte(`{"apiKey":"hush"}`))
			check(t, err)
			if data, _ := base64.StdEncoding.DecodeString(sealed); !sealer.CanSeal() || strings.Contains(string(data), "hush") {
				t.Errorf("it is there in clear: %s", data)
			}
			plain, err := newSealer(t, test.opened).Open(sealed)
			switch {
			case test.want == "" && (err != nil || string(plain) != `{"apiKey":"hush"}`):
				t.Errorf("opened: %s, %v", plain, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "-rerun")):
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWhatIsDamagedIsNotOpened(t *testing.T) {
	_, file := identity(t)
	for _, o := range []Options{{IdentityFile: file}, {Passphrase: "sesame"}} {
		s := newSealer(t, o)
		sealed, err := s.Seal([]byte("hush"))
		check(t, err)
		data, err := base64.StdEncoding.DecodeString(sealed)
		check(t, err)
		for i := range data {
			damaged := append([]byte{}, data...)
			damaged[i] ^= 1
			if plain, err := s.Open(base64.StdEncoding.EncodeToString(damaged)); err == nil {
				t.Errorf("byte %d is another, and %q is opened", i, plain)
			}
			if _, err := s.Open(base64.StdEncoding.EncodeToString(data[:i])); err == nil {
				t.Errorf("it ends at byte %d, and is opened", i)
			}
		}
		if _, err := s.Open("no base64"); err == nil {
			t.Error("what is no base64 is opened")
		}
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "key.txt")
	check(t, os.WriteFile(secret, []byte("AGE-SECRET-KEY-1HUSHHUSH\n"), 0o600))
	for want, o := range map[string]Options{
		"recipients of sealed values": {Recipients: []string{"age1none"}},
		"no such file":                {IdentityFile: filepath.Join(t.TempDir(), "none")},
		"path of a file":              {IdentityFile: "folder/AGE-SECRET-KEY-1HUSHHUSH"},
		"it is not an age identity, which begins with AGE-SECRET-KEY": {IdentityFile: secret},
	} {
		_, err := New(o, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "HUSH") {
			t.Errorf("error %v", err)
		}
	}
	if newSealer(t, Options{}).CanSeal() {
		t.Error("nobody is named, and values are sealed")
	}
}
