package hcl

import (
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
)

// TestTextIsWhatTheTypeMakesOfIt holds values that are given as text, by a flag or the environment, to Terraform's reading.
func TestTextIsWhatTheTypeMakesOfIt(t *testing.T) {
	t.Parallel()
	object := cty.ObjectVal(map[string]cty.Value{"x": cty.NumberIntVal(1)})
	for _, test := range []struct {
		typ, text string
		want      cty.Value
	}{
		{"", "{x=1}", cty.StringVal("{x=1}")},
		{"", "5", cty.StringVal("5")},
		{"type = string", "{x=1}", cty.StringVal("{x=1}")},
		{"type = any", "{x=1}", object},
		{"type = any", "5", cty.NumberIntVal(5)},
		{"type = any", `"5"`, cty.StringVal("5")},
		{"type = number", "5", cty.NumberIntVal(5)},
		{"type = number", `"5"`, cty.NumberIntVal(5)},
		{"type = number", "1 + 1", cty.NumberIntVal(2)},
		{"type = bool", "true", cty.True},
		{"type = object({ x = number })", `{ x = "1" }`, object},
		{"type = list(string)", `[1]`, cty.ListVal([]cty.Value{cty.StringVal("1")})},
		{"type = any", "many", cty.NilVal},
		{"type = number", "many", cty.NilVal},
		{"type = bool", "yes", cty.NilVal},
		{"type = list(string)", "a", cty.NilVal},
	} {
		t.Run(test.typ+" "+test.text, func(t *testing.T) {
			t.Parallel()
			cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": fmt.Appendf(nil, `
				variable "v" {
					%s
				}
				output "o" { value = var.v }`, test.typ)})
			failOn(t, diags)
			for name, from := range map[string]VariableSources{
				"flag":        {Given: []Given{{Assignment: "v=" + test.text}}},
				"environment": {Env: func(name string) (string, bool) { return test.text, name == "RIVETER_VAR_v" }},
			} {
				values, diags := cfg.Variables(from)
				if test.want == cty.NilVal {
					if len(diags) != 1 || diags[0].Summary != "Invalid value for variable" {
						t.Errorf("%s: %v", name, diags)
					}
					continue
				}
				failOn(t, diags)
				e, diags := cfg.Evaluate(values, Options{})
				failOn(t, diags)
				outputs, diags := e.Outputs()
				failOn(t, diags)
				if !outputs[0].Value.RawEquals(test.want) {
					t.Errorf("%s: %#v", name, outputs[0].Value)
				}
			}
		})
	}
}

func TestNoValueIsMissedThatAFileMayHave(t *testing.T) {
	t.Parallel()
	cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`variable "v" {}`), "torn": []byte("v = {"), "torn.json": []byte(`{"v": `)})
	failOn(t, diags)
	for _, file := range []string{"nowhere", "torn", "torn.json"} {
		if _, diags := cfg.Variables(VariableSources{Given: []Given{{File: file}}}); len(diags) != 1 || diags[0].Summary == "No value for variable" {
			t.Errorf("%s: %v", file, diags)
		}
	}
}

func TestANumberOfAVariableHasAnEnd(t *testing.T) {
	t.Parallel()
	v := &declare.Variable{Type: cty.List(cty.Number)}
	for text, good := range map[string]bool{"1e99999": true, "-1e-99999": true, "1e100001": false, "-1e-100001": false, "1e99999999": false} {
		if _, err := v.Convert(cty.TupleVal([]cty.Value{cty.StringVal(text)})); (err == nil) != good {
			t.Errorf("%s: error %v", text, err)
		}
	}
}
