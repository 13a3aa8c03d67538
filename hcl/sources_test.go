package hcl

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSavedConfigurationSeesTheSameFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("rooms/a.json", `"first"`)
	write("rooms/deep/b.json", `"second"`)
	write("main.rivet.hcl", `
		output "rooms" { value = [for f in fileset("${path.module}/rooms", "**") : jsondecode(file("${path.module}/rooms/${f}"))] }
		output "missing" { value = [fileexists("${path.module}/c.json"), fileset("${path.module}/nothing", "*")] }
	`)
	first := outputsOf(t, dir, nil)
	write("rooms/c.json", `"third"`)
	write("c.json", "")
	again := outputsOf(t, dir, first.config.Sources())
	for i, o := range first.outputs {
		if !again.outputs[i].Value.RawEquals(o.Value) {
			t.Errorf("output %s is %#v, and was %#v", o.Name, again.outputs[i].Value, o.Value)
		}
	}
	if n := first.outputs[0].Value.LengthInt(); n != 2 {
		t.Errorf("there are %d rooms", n)
	}
}

type evaluated struct {
	config  *Config
	outputs []Output
}

// outputsOf evaluates what is in a directory, or a saved copy of it.
func outputsOf(t *testing.T, dir string, saved map[string][]byte) evaluated {
	t.Helper()
	cfg, diags := Load(dir)
	if saved != nil {
		cfg, diags = LoadSources(dir, saved)
	}
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(t, diags)
	e, diags := cfg.Evaluate(values, Options{})
	failOn(t, diags)
	outputs, diags := e.Outputs()
	failOn(t, diags)
	return evaluated{cfg, outputs}
}
