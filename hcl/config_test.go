package hcl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExpressionsAreEvaluatedWithWhatTheyNeed evaluates expressions as the console does.
func TestExpressionsAreEvaluatedWithWhatTheyNeed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"main.rivet.hcl": `
		locals {
			a      = 1
			broken = yamldecode("[")
		}
		actor "x" "a" { key = "a" }
		actor "x" "b" { key = local.broken }
	`})
	for expression, want := range map[string]cty.Value{
		"local.a + 1":       cty.NumberIntVal(2),
		"actor.x.a.id":      cty.StringVal("id-a"),
		"actor.x.a.key[0]":  cty.StringVal("a"),
		"1 +":               cty.NilVal,
		"local.b":           cty.NilVal,
		"local.broken.list": cty.NilVal,
	} {
		cfg, diags := LoadExpression(dir, expression)
		if cfg.Files()["<console>"] == nil {
			t.Errorf("%s: its text is not among the files", expression)
		}
		if diags.HasErrors() {
			if want != cty.NilVal {
				t.Errorf("%s: %v", expression, diags)
			}
			continue
		}
		values, diags := cfg.Variables(VariableSources{})
		failOn(t, diags)
		e, diags := cfg.Evaluate(values, Options{})
		more, err := e.Observe(t.Context(), Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a"}}})
		if err != nil {
			t.Fatal(err)
		}
		diags = append(diags, more...)
		got, known := e.ExpressionValue()
		if diags.HasErrors() != (want == cty.NilVal) || want != cty.NilVal && (!known || !got.RawEquals(want)) {
			t.Errorf("%s is %#v %t, %v", expression, got, known, diags)
		}
	}
}

func TestSettingsAreWhatTheBlocksSay(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		riveter {
			ledger "http" {
				address      = "https://ledger.example"
				lock_address = "https://ledger.example/lock"
				username     = "ada"
			}
		}
		rivet {
			endpoint            = "http://localhost:6420"
			namespace           = "staging"
			token               = "t"
			pool                = "gpu"
			headers             = { a = "1", gone = null }
			params_command      = ["echo", "{}"]
			retries             = 3
			allow_insecure_http = true
			trusted_hosts       = ["engine.example"]
			tls { ca_file = "ca.pem" }
			timeouts {
				connect = "1s"
				request = "2m"
			}
		}
	`)
	rivet := e.Settings().Rivet
	if rivet.Ranges["tls.ca_file"].Empty() || rivet.Ranges[""].Empty() {
		t.Errorf("the places are %v", rivet.Ranges)
	}
	rivet.Ranges = nil
	retries := 3
	want := Rivet{
		Endpoint: "http://localhost:6420", Namespace: "staging", Token: "t", Pool: "gpu", Headers: map[string]string{"a": "1"},
		ParamsCommand: []string{"echo", "{}"}, Retries: &retries, AllowInsecureHTTP: true, TrustedHosts: []string{"engine.example"},
		ConnectTimeout: time.Second, RequestTimeout: 2 * time.Minute,
	}
	want.CAFile = "ca.pem"
	if diff := cmp.Diff(want, rivet, cmp.Comparer(func(a, b cty.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	ledger := e.Settings().Ledger
	if ledger.Kind != "http" || ledger.Address != "https://ledger.example" || ledger.LockAddress != "https://ledger.example/lock" || ledger.Username != "ada" {
		t.Errorf("the ledger is %+v", ledger)
	}
}

// An empty key is a key, and none is the default one.
func TestTheLedgersActorHasTheKeyThatIsWritten(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][]string{"": nil, "key = []": {}, `key = ["a"]`: {"a"}} {
		got := observed(t, Server{Observer: &fakeServer{}}, `riveter {
			ledger "actor" {
				token = "t"
				`+key+`
			}
		}`).Settings().Ledger.Key
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func TestAVersionIsRequired(t *testing.T) {
	t.Parallel()
	for constraint, want := range map[string]string{
		">= 0.1": "", "~> 0.1.0": "", ">= 2": "Unsupported riveter version", "soon": "Invalid version constraint",
	} {
		cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`riveter { required_version = "` + constraint + `" }`)})
		if diags = append(diags, cfg.CheckVersion("0.1.5-dev")...); len(diags) > 0 && diags[0].Summary != want || len(diags) == 0 && want != "" {
			t.Errorf("%s: %v", constraint, diags)
		}
	}
}

func TestDeclaredThingsSayWhatTheyReferTo(t *testing.T) {
	t.Parallel()
	cfg, diags := LoadSources(".", map[string][]byte{
		"main.rivet.hcl": []byte(`
			variable "v" { default = "v" }
			locals { l = var.v }
			actor "x" "a" { key = local.l }
			module "m" {
				source = "./m"
				id     = actor.x.a.id
			}
		`),
		"m/main.rivet.hcl": []byte(`
			variable "id" {}
			output "o" { value = var.id }
		`),
	})
	failOn(t, diags)
	got := map[string][]string{}
	for _, d := range cfg.Declared() {
		got[d.Address] = d.RefersTo
	}
	want := map[string][]string{
		"var.v": nil, "local.l": {"var.v"}, "actor.x.a": {"local.l"}, "module.m": nil, "module.m.var.id": {"actor.x.a"}, "module.m.output.o": {"module.m.var.id"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTheLastValueOfAVariableWins has every source of values.
func TestTheLastValueOfAVariableWins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"main.rivet.hcl":           `output "all" { value = [var.default, var.environment, var.automatic, var.json, var.later, var.file, var.flag] }` + "\n" + `variable "default" { default = "default" }` + "\n" + `variable "environment" {}` + "\n" + `variable "automatic" {}` + "\n" + `variable "later" {}` + "\n" + `variable "json" {}` + "\n" + `variable "file" {}` + "\n" + `variable "flag" {}`,
		"riveter.rivetvars.hcl":    `automatic = "wrong"` + "\n" + `later = "wrong"` + "\n" + `file = "wrong"`,
		"riveter.rivetvars.json":   `{"automatic": "automatic", "later": "wrong", "json": "wrong"}`,
		"m.auto.rivetvars.json":    `{"later": "wrong", "json": "json"}`,
		"z.auto.rivetvars.hcl":     `later = "later"`,
		"unasked.rivetvars.json":   `{"flag": "wrong"}`,
		"unasked.rivetvars.hcl":    `flag = "wrong"`,
		"production.rivetvars.hcl": `file = "file"` + "\n" + `flag = "wrong"` + "\n" + `unknown = 1`,
	})
	cfg, diags := Load(dir)
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{
		Env:   func(name string) (string, bool) { return "environment", name != "RIVETER_VAR_default" },
		Given: []Given{{Assignment: "flag=wrong"}, {File: filepath.Join(dir, "production.rivetvars.hcl")}, {Assignment: "flag=flag"}},
	})
	if len(diags) != 1 || diags[0].Severity != hcl2.DiagWarning || !strings.Contains(diags[0].Detail, `"unknown"`) {
		t.Errorf("said: %v", diags)
	}
	e, diags := cfg.Evaluate(values, Options{})
	failOn(t, diags)
	outputs, diags := e.Outputs()
	failOn(t, diags)
	for i, want := range []string{"default", "environment", "automatic", "json", "later", "file", "flag"} {
		if got := outputs[0].Value.Index(cty.NumberIntVal(int64(i))); !got.RawEquals(cty.StringVal(want)) {
			t.Errorf("%s is %#v", want, got)
		}
	}
}

// Values of JSON are what they are: no text is an expression.
func TestValuesOfVariablesAsJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"main.rivet.hcl": `
variable "text" { type = string }
variable "list" { type = list(string) }
variable "any" { type = any }
variable "untyped" {}
variable "token" {
  type      = list(string)
  default   = []
  sensitive = true
}
output "all" { value = [var.text, var.list, var.any, var.untyped] }`})
	for object, want := range map[string]string{
		`{"text": "${path.module}", "list": ["%{ if }", 5], "any": "[1]", "untyped": {"a": [null, 1e2]}}`: `["${path.module}",["%{ if }","5"],"[1]",{"a":[null,100]}]`,
		`{"text": 5, "list": [], "any": [1], "untyped": 12345678901234567890}`:                            `["5",[],[1],12345678901234567890]`,
		`{"text": ["a"], "list": [], "any": 1, "untyped": 1}`:                                             "The value of var.text from standard input is not of its type",
		`{"text": "a", "list": "[]", "any": 1, "untyped": 1}`:                                             "The value of var.list from standard input is not of its type",
		`{"text": "a", "list": [], "any": 1, "untyped": 1, "token": "planted"}`:                           "The value of var.token from standard input is not of its type",
		`{"txt": "a", "text": "a", "list": [], "any": 1, "untyped": 1}`:                                   `A value for "txt" was given, but no such variable is declared. Did you mean "text"?`,
		`["planted"]`: "is no JSON object",
		`{"planted`:   "is no JSON object",
		`{} planted`:  "is no JSON object",
		``:            "is no JSON object",
		`null`:        "is no JSON object",

		"{\"text\": \"planted\xff\", \"list\": [], \"any\": 1, \"untyped\": 1}":                           "is no JSON object",
		`{"text": "planted", "text": "a", "list": [], "any": 1, "untyped": 1}`:                            `has "text" twice`,
		`{"text": "a", "list": [], "any": [{"a": 1, "a": 2}], "untyped": 1}`:                              `The value of var.any from standard input has an object in which a name is twice. An attribute named "a"`,
		`{"text": "a", "list": [], "any": 1, "untyped": 1, "token": [{"planted": 1, "\u0070lanted": 2}]}`: "The value of var.token from standard input has an object in which a name is twice.",
	} {
		cfg, diags := Load(dir)
		failOn(t, diags)
		values, diags := cfg.Variables(VariableSources{Given: []Given{{Assignment: "text=wrong"}, {JSON: []byte(object)}}})
		if diags.HasErrors() {
			if said := diags.Error(); !strings.Contains(said, want) || strings.Contains(said, "planted") {
				t.Errorf("%s: %s", object, said)
			}
			continue
		}
		e, diags := cfg.Evaluate(values, Options{})
		failOn(t, diags)
		outputs, diags := e.Outputs()
		failOn(t, diags)
		if got, err := value.Encode(outputs[0].Value); string(got) != want {
			t.Errorf("%s: got %s, %v", object, got, err)
		}
	}
}

func TestWhatApplyIsToldIsKnown(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("a", 30)
	e := observed(t, Server{
		Observer: &fakeServer{actors: map[string]string{"a": "id-a"}},
		Replaces: func(d *plan.Desired, _ plan.Observed) bool { return d.Address.Label == "a" },
	}, `
		actor "x" "a" {
			count = 1
			key   = "a"
		}
		data "x" "b" {
			id       = "`+id+`"
			optional = true
		}
		runner_config "p" {
			datacenter "default" {
				normal {}
			}
		}
		output "o" { value = [actor.x.a[0].id, data.x.b.exists] }
	`)
	if seen := e.Observed(); len(seen) != 1 || !seen[0].Exists || len(e.Live()) != 1 {
		t.Errorf("seen: %+v", seen)
	}
	if pools := e.RunnerConfigs(); len(pools) != 1 || pools[0].Address.Label != "p" {
		t.Errorf("the pools are %v", pools)
	}
	outputs, diags := e.Outputs()
	failOn(t, diags)
	if v := outputs[0].Value; v.Index(cty.Zero).IsKnown() || !v.Index(cty.NumberIntVal(1)).RawEquals(cty.False) {
		t.Errorf("while it is to be replaced: %#v", v)
	}
	e.SettleNamespace("namespace")
	e.Settle(e.Desired()[0].Address, "id-new", true, time.UnixMilli(1))
	outputs, diags = e.Outputs()
	failOn(t, diags)
	if v := outputs[0].Value.Index(cty.Zero); !v.RawEquals(cty.StringVal("id-new")) {
		t.Errorf("when it was replaced: %#v", v)
	}
}

func TestFilesAreToldByTheirNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]bool{
		"main.rivet.hcl": {true, true}, "main.rivet.json": {true, false}, "a.rivetvars.hcl": {false, true}, ".main.rivet.hcl": {false, true}, "main.hcl": {false, false},
	} {
		if got := [2]bool{IsConfiguration(name), IsFormattable(name)}; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, diags := Load(filepath.Join(t.TempDir(), "main.hcl")); len(diags) != 1 {
		t.Errorf("a file that is not there: %v", diags)
	}
}
