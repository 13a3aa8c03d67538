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
func FuzzLoad(f *testing.F) { fuzzFiles(f, "main.rivet.hcl", "*.rivet.hcl") }

// FuzzLoadJSON is FuzzLoad of the JSON syntax.
func FuzzLoadJSON(f *testing.F) { fuzzFiles(f, "main.rivet.json", "*.rivet.json") }

// FuzzExpressions puts expressions where the language takes them, so that more of what is tried gets to be evaluated.
func FuzzExpressions(f *testing.F) {
	for _, seed := range []struct{ each, key, input, args, condition string }{
		{`toset(["p", "q"])`, `["k", each.key]`, `{ of = actor.x.other.id }`, `[self.id, step.id]`, `self.exists`},
		{`{ a = [1], b = [2] }`, `each.key`, `actor.x.other.input.n + each.value[0]`, `each.value`, `length(self.state) > 0`},
		{`{ for n in range(3) : "n${n}" => n }`, `[each.value]`, `try(each.value.x, null)`, `[for a in [1, 2] : a...]`, `read.info == null`},
		{`sensitive(toset(["a"]))`, `actor.x.other.id`, `nonsensitive(sensitive(1))`, `step.first.output`, `!can(read.info.x)`},
		{`var.missing`, `[var.missing.x]`, `var.missing[*].y`, `[var.missing == 1 ? "a" : ["b"]]`, `var.missing && true`},
		{`toset([data.x.there.id])`, `data.x.there.key`, `{ (data.x.there.id) = [bigint("1"), undefined()] }`, `[data.x.there.state]`, `data.x.there.exists`},
		{`zipmap(["a"], [date("2024-02-29T12:34:56Z")])`, `split("/", "a/b")`, `bytes(base64encode("x"))`, `tolist([1, "a"])`, `alltrue([true, self.created])`},
	} {
		f.Add(seed.each, seed.key, seed.input, seed.args, seed.condition)
	}
	f.Fuzz(func(t *testing.T, each, key, input, args, condition string) {
		if len(each)+len(key)+len(input)+len(args)+len(condition) > 1_000 {
			t.Skip("larger inputs only take longer")
		}
		files := map[string][]byte{"main.rivet.hcl": fmt.Appendf(nil, `
			variable "missing" {}
			data "x" "there" { key = "a" }
			actor "x" "other" {
				key   = "other"
				input = { n = 1 }
			}
			actor "x" "tried" {
				for_each = %s
				key      = %s
				input    = %s
				read "info" {}
				action "first" {}
				action "second" {
					args    = %s
					only_if = %s
				}
			}
			output "all" { value = [for t in actor.x.tried : t.id] }
			`, each, key, input, args, condition)}
		if diff := cmp.Diff(evaluateAny(t, files), evaluateAny(t, files)); diff != "" {
			t.Error(diff)
		}
	})
}

func fuzzFiles(f *testing.F, name, seeds string) {
	f.Helper()
	addFiles(f, seeds)
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

// addFiles makes seeds of the test files with such names.
func addFiles(f *testing.F, pattern string) {
	f.Helper()
	for _, path := range testFiles(f, filepath.Join("testdata", "*valid", pattern)) {
		source, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
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
