package syntax

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestLinksAreWhatTheyLeadTo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.MkdirAll(at("d/e"), 0o700), os.WriteFile(at("a.json"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"file": "a.json", "folder": "d", "nowhere": "none", "d/up": "..", "d/self": ".", "d/e/aside": "../../d"} {
		if err := os.Symlink(to, at(name)); err != nil {
			t.Skip(err)
		}
	}
	for folder, want := range map[string][]string{
		".": {"a.json", "d/", "file", "folder/"}, "d": {"e/"}, "folder": {"e/"}, "d/e": nil, "folder/e": nil,
	} {
		if got, err := Disk().ListFolder(at(folder)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has %q, not %q: %v", folder, got, want, err)
		}
	}
}
