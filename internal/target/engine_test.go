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
	"riveter/plan/value"
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

// connect returns a target for a Rivet of this test's own, and its client.
func connect(t *testing.T) (*target.Target, *client.Client) {
	t.Helper()
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
	c, err := client.New(client.WithEndpoint(rivet.Endpoint()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return to, c
}

// create makes an actor, waits until it has started, and returns its id.
func create(t *testing.T, to *target.Target, d *plan.Desired) string {
	t.Helper()
	created, err := to.Create(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.Ready(t.Context(), created.ActorID, time.Minute, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return created.ActorID
}

func TestActorSeesTheJavaScriptValuesOfTheLanguage(t *testing.T) {
	t.Parallel()
	to, _ := connect(t)
	d := desired(t, to, valuesConfiguration)
	id := create(t, to, d)
	for i, want := range []string{seen, seen, echoed, `["$BigInt","18446744073709551616"]`} {
		step := d.Steps[i]
		output, err := to.Call(t.Context(), id, d, step, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			output = output.GetAttr("items") // the input as a whole is an array
		}
		if got := encode(t, output); got != want {
			t.Errorf("%s gives\n%s, not\n%s", step.Address, got, want)
		}
	}
}

func encode(t *testing.T, v cty.Value) string {
	t.Helper()
	data, err := value.Encode(v)
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

func TestOnlyActorsThatSleepAreCountedAsWoken(t *testing.T) {
	t.Parallel()
	to, c := connect(t)
	d := desired(t, to, `actor "counter" "c" { key = "c" }`)
	d.ReadState = true
	id := create(t, to, d)
	read := func(wantAsleep bool) int {
		for {
			observed, err := to.Observe(t.Context(), []*plan.Desired{d}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if observed[0].Asleep != wantAsleep {
				time.Sleep(20 * time.Millisecond)
				continue
			}
			if _, err := to.Read(t.Context(), []plan.Read{{Desired: d, ActorID: id, Asleep: wantAsleep}}); err != nil {
				t.Fatal(err)
			}
			return to.Stats().Woken
		}
	}
	if woken := read(false); woken != 0 {
		t.Errorf("%d woken while it is awake", woken)
	}
	if err := c.Management().SleepActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if woken := read(true); woken != 1 {
		t.Errorf("%d woken while it slept", woken)
	}
}
