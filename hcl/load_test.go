package hcl

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
)

// evaluateOffline takes a configuration as far as it goes without a server, and returns everything that was said of it.
func evaluateOffline(t *testing.T, path string, given ...Given) (*Config, *Evaluation, hcl2.Diagnostics) {
	t.Helper()
	cfg, diags := Load(path)
	if diags.HasErrors() {
		return cfg, nil, diags
	}
	values, more := cfg.Variables(VariableSources{Given: given})
	diags = append(diags, more...)
	e, more := cfg.Evaluate(values, Options{Workdir: "/somewhere"})
	diags = append(diags, more...)
	more, err := e.Observe(t.Context(), Server{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, e, append(diags, more...)
}

func TestValidConfigurationsEvaluateWithoutDiagnostics(t *testing.T) {
	t.Parallel()
	for _, path := range testFiles(t, "testdata/valid/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			_, _, diags := evaluateOffline(t, path)
			for _, d := range diags {
				t.Error(d)
			}
		})
	}
}

// TestInvalidConfigurationsAreExplained compares what is said of each file with the comments in it: a comment
// "# ERROR: summary | part of the detail" stands at the end of the line where the error is.
func TestInvalidConfigurationsAreExplained(t *testing.T) {
	t.Parallel()
	for _, path := range testFiles(t, "testdata/invalid/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			_, _, diags := evaluateOffline(t, path)
			expected := expectations(t, path)
			var missed []string
			for _, d := range diags {
				if i := matching(expected, d); i >= 0 {
					expected = append(expected[:i], expected[i+1:]...)
					continue
				}
				missed = append(missed, fmt.Sprintf("%s | %s", d.Error(), d.Detail))
			}
			for _, e := range expected {
				missed = append(missed, "not said: "+e.String())
			}
			if diff := cmp.Diff([]string(nil), missed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

type expectation struct {
	severity hcl2.DiagnosticSeverity
	file     string
	line     int
	summary  string
	detail   string
}

func (e expectation) String() string {
	return fmt.Sprintf("%s:%d %s | %s", e.file, e.line, e.summary, e.detail)
}

var expectationComment = regexp.MustCompile(`(?:#|//|/\*) (ERROR|WARNING): ([^|*]*)(?:\| ([^*]*))?`)

func expectations(t *testing.T, path string) []expectation {
	t.Helper()
	paths := []string{path}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		paths = testFiles(t, path+"/*")
	}
	var found []expectation
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(content))
		for line := 1; lines.Scan(); line++ {
			for _, m := range expectationComment.FindAllStringSubmatch(lines.Text(), -1) {
				e := expectation{severity: hcl2.DiagError, file: path, line: line, summary: strings.TrimSpace(m[2]), detail: strings.TrimSpace(m[3])}
				if m[1] == "WARNING" {
					e.severity = hcl2.DiagWarning
				}
				found = append(found, e)
			}
		}
	}
	return found
}

func matching(expected []expectation, d *hcl2.Diagnostic) int {
	for i, e := range expected {
		if e.severity == d.Severity && e.summary == d.Summary && strings.Contains(d.Detail, e.detail) &&
			d.Subject != nil && d.Subject.Filename == e.file && d.Subject.Start.Line == e.line {
			return i
		}
	}
	return -1
}

func testFiles(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	return paths
}
