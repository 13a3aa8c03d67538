package hcl

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

func TestStepsSayHowTheyAreDone(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		variable "token" {
			default   = "secret"
			ephemeral = true
		}
		actor "x" "a" {
			key    = "a"
			params = { role = "owner" }
			action "last" {
				run    = "on_destroy"
				accept = ["already_gone", "closed"]
			}
			ensure "fact" {
				for_each = { a = 1, b = 2 }
				value    = self.state
				want     = each.value
				params   = { role = each.key, token = var.token }
			}
			message "m" { on_unknown = "guard" }
		}
	`)
	d := find(t, e, "actor.x.a")
	call := d.Steps[0].Call()
	if call.Policy != plan.RunOnDestroy || !cmp.Equal(call.Accept, []string{"already_gone", "closed"}) || d.Steps[0].Params != cty.NilVal {
		t.Errorf("the action is %+v", d.Steps[0])
	}
	if d.Steps[1].Address.Relative() != `ensure.fact["a"]` || !d.Steps[2].Params.GetAttr("role").RawEquals(cty.StringVal("b")) {
		t.Errorf("the ensure is %v and %+v", d.Steps[1].Address, d.Steps[2])
	}
	if d.Steps[3].Call().OnUnknown != plan.UnknownGuard {
		t.Errorf("the message is %+v", d.Steps[3].Call())
	}
}

func TestResultsAreNamedByTheKindOfStepToo(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{
		Observer: &fakeServer{actors: map[string]string{"a": "id-a"}},
		Results: func(*plan.Desired, plan.Observed, bool) func(*plan.Step) cty.Value {
			return func(s *plan.Step) cty.Value { return cty.StringVal(s.Address.Relative()) }
		},
	}, `
		actor "x" "a" {
			key = "a"
			action "make" {}
			message "each" { for_each = toset(["k"]) }
			action "use" {
				args = [action.make.output, step.make.output, message.each["k"].output, [for action in ["local"] : action]]
				unless = step.id == ""
			}
			lifecycle {
				postcondition {
					condition     = action.use.output == "action.use"
					error_message = "No."
				}
			}
		}
	`)
	d := find(t, e, "actor.x.a")
	_, sent := d.Steps[2].Sends()
	texts := func(all ...string) cty.Value {
		var values []cty.Value
		for _, text := range all {
			values = append(values, cty.StringVal(text))
		}
		return cty.TupleVal(values)
	}
	want := cty.TupleVal(append(texts("action.make", "action.make", `message.each["k"]`).AsValueSlice(), texts("local")))
	if !sent.RawEquals(want) || !d.Postconditions[0].Holds.True() {
		t.Errorf("sent %#v; the postcondition is %#v", sent, d.Postconditions[0].Holds)
	}
}

func TestNamespacesAreRepeatedAndNamed(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		variable "stages" { default = ["test", "staging"] }
		namespace "plain" {}
		namespace "stage" {
			for_each     = toset(var.stages)
			name         = "shop-${each.key}"
			display_name = each.key == "test" ? "Tests" : null
		}
		namespace "off" { enabled = false }
	`)
	type namespace struct{ Address, Name, DisplayName string }
	var got []namespace
	for _, n := range e.Namespaces() {
		got = append(got, namespace{n.Address.String(), n.Name, n.DisplayName})
	}
	want := []namespace{
		{"namespace.plain", "plain", ""},
		{`namespace.stage["staging"]`, "shop-staging", ""},
		{`namespace.stage["test"]`, "shop-test", "Tests"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMovesOfStepsGoWithTheirActors(t *testing.T) {
	t.Parallel()
	e := observedFiles(t, Server{Observer: &fakeServer{}}, map[string][]byte{
		"main.rivet.hcl": []byte(`
			module "m" { source = "./m" }
			actor "x" "a" {
				for_each = toset(["p", "q"])
				key      = [each.key]
				action "greet" { for_each = toset(["k"]) }
			}
			moved {
				from = actor.x.a.action.hello
				to   = actor.x.a.action.greet
			}
			moved {
				from = actor.x.a["p"].action.greet["old"]
				to   = actor.x.a["p"].action.greet["k"]
			}
			moved {
				from = actor.x.b
				to   = actor.x.a
			}
			module "n" {
				for_each = toset(["1", "2"])
				source   = "./n"
				k        = each.key
			}
			moved {
				from = module.n.module.m.actor.x.a.action.older
				to   = module.n.module.m.actor.x.a.action.new
			}
			moved {
				from = module.n["2"].module.m.actor.x.a.action.oldest
				to   = module.n["2"].module.m.actor.x.a.action.new
			}
			removed {
				from    = "x"
				key     = "gone"
				destroy = true
			}
		`),
		"n/main.rivet.hcl": []byte(`
			variable "k" {}
			module "m" {
				source = "../m"
				k      = var.k
			}
		`),
		"m/main.rivet.hcl": []byte(`
			variable "k" { default = "m" }
			actor "x" "a" {
				key = var.k
				action "new" {}
			}
			moved {
				from = actor.x.a.action.old
				to   = actor.x.a.action.new
			}
		`),
	})
	for name, want := range map[string][]string{
		`actor.x.a["p"]`:                   {"action.hello action.greet", `action.greet["old"] action.greet["k"]`},
		`actor.x.a["q"]`:                   {"action.hello action.greet"},
		"module.m.actor.x.a":               {"action.old action.new"},
		`module.n["1"].module.m.actor.x.a`: {"action.old action.new", "action.older action.new"},
		`module.n["2"].module.m.actor.x.a`: {"action.old action.new", "action.older action.new", "action.oldest action.new"},
	} {
		var got []string
		for _, m := range find(t, e, name).StepMoves {
			got = append(got, m.From.Relative()+" "+m.To.Relative())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRemovalsAreOfAddressesOrIdentities(t *testing.T) {
	t.Parallel()
	cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`
		riveter { project = "shop" }
		removed { from = actor.x.a }
		removed { from = module.m["k"] }
		removed {
			from    = "x"
			key     = ["a", "b"]
			destroy = true
		}
		removed {
			from = actor.x.b["k"]
			lifecycle { destroy = true }
		}
	`)})
	failOn(t, diags)
	if cfg.Project() != "shop" {
		t.Errorf("the project is %q", cfg.Project())
	}
	got := cfg.Removals()
	for i := range got {
		got[i].Range.Filename = ""
	}
	want := []plan.Removal{
		{From: address.Address{Kind: address.KindActor, Name: "x", Label: "a"}},
		{From: address.Address{Module: `module.m["k"]`}},
		{Name: "x", Key: []string{"a", "b"}, Destroy: true},
		{From: address.Address{Kind: address.KindActor, Name: "x", Label: "b", Key: address.StringKey("k")}, Destroy: true},
	}
	for i, w := range want {
		g := got[i]
		if g.From != w.From || g.Name != w.Name || !cmp.Equal(g.Key, w.Key) || g.Destroy != w.Destroy {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
}

func TestAFileThatIsNotReadIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.rivet.hcl": "module \"a\" { source = \"./m\" }\nmodule \"b\" { source = \"./m\" }", "more.rivet.hcl.json": "", ".kept.rivet.hcl.json": "",
		"m/main.rivet.hcl": "", "m/more.rivet.hcl.json": "",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	_, diags := Load(dir)
	if len(diags) != 2 {
		t.Fatalf("%v", diags)
	}
	for _, d := range diags {
		if d.Severity != hcl2.DiagWarning || !strings.Contains(d.Detail, "Call it more.rivet.json.") {
			t.Errorf("%v", d)
		}
	}
}

func TestADirectoryWithoutConfigurationSaysWhatItHolds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files []string
		want  string
	}{
		"empty":     {nil, "or .rivet.json. Write a file such as main.rivet.hcl."},
		"hidden":    {[]string{".main.rivet.hcl"}, "or .rivet.json. Write a file"},
		"terraform": {[]string{"main.tf", "variables.tf"}, "It has main.tf, which is for Terraform."},
		"hcl":       {[]string{"a.txt", "main.hcl"}, "It has main.hcl: if that is the configuration, call it main.rivet.hcl."},
		"json":      {[]string{"main.rivet.hcl.json"}, "It has main.rivet.hcl.json: if that is the configuration, call it main.rivet.json."},
		"values":    {[]string{"riveter.rivetvars.hcl"}, "It has riveter.rivetvars.hcl."},
		"others":    {[]string{"a.txt", "b.txt"}, "It has a.txt, b.txt."},
		"folder":    {[]string{"seed/main.rivet.hcl", "empty/a.txt", ".git/main.rivet.hcl"}, "There are some in SEED: name the folder that is meant."},
		"folders":   {[]string{"a.txt", "seed/main.rivet.hcl"}, "There are some in SEED: name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, file := range test.files {
				path := filepath.Join(dir, file)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			_, diags := Load(dir)
			test.want = strings.ReplaceAll(test.want, "SEED", filepath.Join(dir, "seed"))
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, test.want) {
				t.Errorf("%v", diags)
			}
		})
	}
}
