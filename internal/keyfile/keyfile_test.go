package keyfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAKeyInPlaceOfAPathIsNotQuoted(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"AGE-SECRET-KEY-1HUSHHUSH", "AGE-SECRET-KEY-PQ-1HUSHHUSH\n", "-----BEGIN PRIVATE KEY-----\nHUSH/HUSH\n-----END PRIVATE KEY-----\n",
		"-----BEGIN EC PRIVATE KEY-----\nHUSH//HUSH\n", "certificate\n-----BEGIN OPENSSH PRIVATE KEY-----\nHUSH\n", strings.Repeat("AGE-SECRET-KEY-1HUSH", 1000),
	} {
		for _, path := range []string{key, filepath.Join("folder", key)} {
			if _, err := Read(path); err == nil || strings.Contains(err.Error(), "HUSH") || !strings.Contains(err.Error(), "path of a file") {
				t.Errorf("%.30q: %v", path, err)
			}
		}
	}
}

func TestAFileIsReadWhateverItsName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "AGE-SECRET-KEY-1")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(path); err != nil || string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
	missing := filepath.Join(dir, "age-secret-key.txt")
	if _, err := Read(missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("%v", err)
	}
}
