package hcl

import (
	"path/filepath"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// evaluateOffline takes a configuration as far as it goes without a server, and returns everything that was said of it.
func evaluateOffline(t *testing.T, path string, given ...Given) (*Config, hcl2.Diagnostics) {
	t.Helper()
	cfg, diags := Load(path)
	if diags.HasErrors() {
		return cfg, diags
	}
	values, more := cfg.Variables(VariableSources{Given: given})
	diags = append(diags, more...)
	e, more := cfg.Evaluate(values, Options{Workdir: "/somewhere"})
	diags = append(diags, more...)
	more, err := e.Observe(t.Context(), Server{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, append(diags, more...)
}

func TestValidConfigurationsEvaluateWithoutDiagnostics(t *testing.T) {
	t.Parallel()
	for _, path := range testFiles(t, "testdata/valid/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			_, diags := evaluateOffline(t, path)
			for _, d := range diags {
				t.Error(d)
			}
		})
	}
}

func testFiles(tb testing.TB, pattern string) []string {
	tb.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no files match %s: %v", pattern, err)
	}
	return paths
}
