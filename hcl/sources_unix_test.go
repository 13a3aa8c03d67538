//go:build !windows

package hcl

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"riveter/hcl/syntax"
)

func TestWhatHasNoEndIsNotReadToIt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	for name, want := range map[string]string{"main.rivet.hcl": "it is a pipe or a device", "a.auto.rivetvars.hcl": "it is a pipe or a device"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "other.rivet.hcl"), []byte(`variable "a" { default = 1 }`), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
		config, diags := Load(dir)
		if !diags.HasErrors() {
			_, diags = config.Variables(VariableSources{})
		}
		if len(diags) == 0 || !strings.Contains(diags.Error(), want) {
			t.Errorf("%s: %v", name, diags)
		}
	}
	if _, err := syntax.Disk().ReadFile("/dev/zero"); err == nil || !strings.Contains(err.Error(), "or no end") {
		t.Errorf("error %v", err)
	}
}
