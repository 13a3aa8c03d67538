package target_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/hcl"
	"riveter/internal/devrivet"
	"riveter/internal/target"
	"riveter/plan"
)

const valuesConfiguration = `
locals {
  sent = [
    bigint("-123456789012345678901234567890"), bytes("AAH+/w=="), date("2024-02-29T12:34:56.789Z"), undefined(), null,
    9007199254740991, 0.1, "Grüße 😀", { nested = [bigint("7"), undefined()] },
  ]
}

actor "values" "v" {
  key   = ["written in HCL"]
  input = local.sent

  action "describe" { args = local.sent }
  action "describeInput" {}
  action "echo" { args = local.sent }
  action "sample" { args = ["bigint"] }
}
`

// seen is what the actor must see of local.sent.
const seen = `[{"type":"bigint","value":"-123456789012345678901234567890"},{"type":"Uint8Array","value":"0001feff"},` +
	`{"type":"Date","value":"2024-02-29T12:34:56.789Z"},{"type":"undefined"},{"type":"null"},` +
	`{"type":"number","value":"9007199254740991"},{"type":"number","value":"0.1"},{"type":"string","value":"Grüße 😀"},` +
	`{"fields":{"nested":{"items":[{"type":"bigint","value":"7"},{"type":"undefined"}],"type":"array"}},"type":"object"}]`

// echoed is local.sent as it comes back.
const echoed = `[["$BigInt","-123456789012345678901234567890"],["$Uint8Array","AAH+/w=="],["$Date","2024-02-29T12:34:56.789Z"],["$Undefined",0],null,` +
	`9007199254740991,0.1,"Grüße 😀",{"nested":[["$BigInt","7"],["$Undefined",0]]}]`

func TestActorSeesTheJavaScriptValuesOfTheLanguage(t *testing.T) {
	t.Parallel()
	rivet, err := devrivet.Start(t.Context(), devrivet.Options{Registry: filepath.Join("..", "..", "examples", "registry"), Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rivet.Stop(); err != nil {
			t.Error(err)
		}
	})
	to, err := target.New(client.WithEndpoint(rivet.Endpoint()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(to.Close)
	d := desired(t, to, valuesConfiguration)
	created, err := to.Create(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.Ready(t.Context(), created.ActorID, time.Minute); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{seen, seen, echoed, `["$BigInt","18446744073709551616"]`} {
		step := d.Steps[i]
		output, err := to.Call(t.Context(), created.ActorID, d, step, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			output = output.GetAttr("items") // the input as a whole is an array
		}
		if got := encode(t, output); got != want {
			t.Errorf("%s gives\n%s, not\n%s", step.Call, got, want)
		}
	}
}

func encode(t *testing.T, v cty.Value) string {
	t.Helper()
	data, err := plan.EncodeValue(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// desired evaluates a configuration with one actor.
func desired(t *testing.T, to *target.Target, source string) *plan.Desired {
	t.Helper()
	cfg, diags := hcl.LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(source)})
	failOn(t, diags)
	values, diags := cfg.Variables(hcl.VariableSources{})
	failOn(t, diags)
	e, diags := cfg.Evaluate(values, hcl.Options{})
	failOn(t, diags)
	diags, err := e.Observe(t.Context(), hcl.Server{Observer: to})
	if err != nil {
		t.Fatal(err)
	}
	failOn(t, diags)
	return e.Desired()[0]
}

func failOn(t *testing.T, diags hcl2.Diagnostics) {
	t.Helper()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
}
