package hcl

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
)

// said is all that is said of a configuration and made of it, in a form that can be compared.
type said struct {
	Diagnostics, Desired, Outputs []string
}

// FuzzLoad evaluates any text as a configuration: nothing crashes, every diagnostic lies in its file, and a second time
// gives the same.
func FuzzLoad(f *testing.F) { fuzzFiles(f, "main"+nativeSuffix, "*"+nativeSuffix) }

// FuzzLoadJSON is FuzzLoad of the JSON syntax.
func FuzzLoadJSON(f *testing.F) { fuzzFiles(f, "main"+jsonSuffix, "*"+jsonSuffix) }

func fuzzFiles(f *testing.F, name, seeds string) {
	f.Helper()
	for _, directory := range []string{"testdata/valid", "testdata/invalid"} {
		paths, err := filepath.Glob(filepath.Join(directory, seeds))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 10_000 {
			t.Skip("larger inputs only take longer")
		}
		files := map[string][]byte{name: source}
		first := evaluateAny(t, files)
		if diff := cmp.Diff(first, evaluateAny(t, files)); diff != "" {
			t.Error(diff)
		}
	})
}

func evaluateAny(t *testing.T, files map[string][]byte) said {
	t.Helper()
	var s said
	cfg, diags := LoadSources(".", files)
	if !diags.HasErrors() {
		values, more := cfg.Variables(VariableSources{AllowMissing: true})
		diags = append(diags, more...)
		e, more := cfg.Evaluate(values, Options{})
		diags = append(diags, more...)
		more, err := e.Observe(t.Context(), Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a"}}, Reader: &fakeActors{}})
		if err != nil {
			t.Fatal(err)
		}
		diags = append(diags, more...)
		for _, d := range e.Desired() {
			s.Desired = append(s.Desired, fmt.Sprintf("%s %q %#v %v", d.Address, d.Key, d.Input, d.DependsOn))
		}
		outputs, more := e.Outputs()
		diags = append(diags, more...)
		for _, o := range outputs {
			s.Outputs = append(s.Outputs, fmt.Sprintf("%s %#v", o.Name, o.Value))
		}
	}
	for _, d := range diags {
		checkRange(t, cfg, d)
		s.Diagnostics = append(s.Diagnostics, fmt.Sprintf("%s %s", d.Error(), d.Detail))
	}
	return s
}

// checkRange checks that a diagnostic is about a place that there is.
func checkRange(t *testing.T, cfg *Config, d *hcl2.Diagnostic) {
	t.Helper()
	if d.Summary == "" || d.Detail == "" {
		t.Errorf("nothing is said: %+v", d)
	}
	for _, r := range []*hcl2.Range{d.Subject, d.Context} {
		if r == nil {
			continue
		}
		file := cfg.Files()[r.Filename]
		if file == nil {
			t.Fatalf("%v is about the file %q", d, r.Filename)
		}
		if r.Start.Byte < 0 || r.End.Byte < r.Start.Byte || r.End.Byte > len(file.Bytes) || r.Start.Line < 1 || r.Start.Column < 1 {
			t.Errorf("%v is about %v of a file with %d bytes", d, r, len(file.Bytes))
		}
	}
}
