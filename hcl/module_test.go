package hcl

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// dependencies of every declared actor by address, in the order of Desired.
func dependenciesOf(e *Evaluation) map[string][]string {
	all := map[string][]string{}
	for _, d := range e.Desired() {
		names := []string{}
		for _, a := range d.DependsOn {
			names = append(names, a.String())
		}
		all[d.Address.String()] = names
	}
	return all
}

func loadModules(t *testing.T) *Evaluation {
	t.Helper()
	cfg, diags := Load("testdata/valid/modules")
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(t, diags)
	e, diags := cfg.Evaluate(values, Options{})
	failOn(t, diags)
	diags, err := e.Observe(t.Context(), Server{Observer: &fakeServer{}})
	if err != nil {
		t.Fatal(err)
	}
	failOn(t, diags)
	return e
}

func TestModulesDependPreciselyThroughTheirOutputs(t *testing.T) {
	t.Parallel()
	const (
		acme0  = `module.tenant["acme"].module.room[0].actor.chatRoom.room`
		acme1  = `module.tenant["acme"].module.room[1].actor.chatRoom.room`
		other0 = `module.tenant["other"].module.room[0].actor.chatRoom.room`
	)
	want := map[string][]string{
		"actor.index.acme":                  {},
		"actor.index.all":                   {acme0, acme1, other0},
		"module.single.actor.chatRoom.room": {acme0, acme1, other0},
		acme0:                               {},
		acme1:                               {},
		other0:                              {},
	}
	if diff := cmp.Diff(want, dependenciesOf(loadModules(t))); diff != "" {
		t.Error(diff)
	}
}

func TestModuleValuesAreFilledInDuringApply(t *testing.T) {
	t.Parallel()
	e := loadModules(t)
	single := find(t, e, "module.single.actor.chatRoom.room")
	if single.Key != nil {
		t.Errorf("the key is known too early: %q", single.Key)
	}
	acme, err := address.Parse(`module.tenant["acme"].module.room[0].actor.chatRoom.room`)
	if err != nil {
		t.Fatal(err)
	}
	e.Settle(acme, "id-acme", true, time.UnixMilli(1))
	resolved, diags := e.Resolve(single.Address)
	failOn(t, diags)
	if diff := cmp.Diff([]string{"single", "id-acme"}, resolved.Key); diff != "" {
		t.Error(diff)
	}
}

func TestModulesKnowWhereTheyAre(t *testing.T) {
	t.Parallel()
	e := loadModules(t)
	if got, want := find(t, e, "actor.index.acme").Input.AsString(), "ACME"; got != want {
		t.Errorf("the owner is %q, not %q", got, want)
	}
}

// A result that only a module's argument names is kept, and its live state read, as if an actor named it.
func TestWhatAModuleIsGivenIsUsed(t *testing.T) {
	t.Parallel()
	e := observedFiles(t, Server{Observer: &fakeServer{}}, map[string][]byte{
		"main.rivet.hcl": []byte(`
			actor "x" "source" {
				key = "s"
				action "given" {}
				action "unused" {}
				read "seen" {}
			}
			module "m" {
				source = "./m"
				result = actor.x.source.step.given.output
				seen   = [actor.x.source.read.seen]
			}
		`),
		"m/main.rivet.hcl": []byte(`
			variable "result" {}
			variable "seen" {}
			actor "x" "user" {
				key   = "u"
				input = [var.result, var.seen]
			}
		`),
	})
	d := find(t, e, "actor.x.source")
	if !d.Steps[0].Settings.KeepOutput || d.Steps[1].Settings.KeepOutput {
		t.Errorf("kept are %t and %t", d.Steps[0].Settings.KeepOutput, d.Steps[1].Settings.KeepOutput)
	}
	if len(d.Reads) != 1 {
		t.Errorf("read is %v", d.Reads)
	}
}

func TestWhatBecomesKnownReachesEveryModuleBelow(t *testing.T) {
	t.Parallel()
	e := observedFiles(t, Server{Observer: &fakeServer{}}, map[string][]byte{
		"main.rivet.hcl": []byte(`
			actor "x" "owner" {
				for_each = toset(["p", "q"])
				key      = ["owner", each.key]
			}
			module "team" {
				source   = "./team"
				for_each = toset(["p", "q"])
				owner    = actor.x.owner[each.key].id
			}
			output "ids" { value = { for name, team in module.team : name => team.room } }
		`),
		"team/main.rivet.hcl": []byte(`
			variable "owner" {}
			locals { of = { owner = var.owner } }
			module "room" {
				source = "../room"
				of     = local.of
			}
			output "room" { value = module.room.id }
		`),
		"room/main.rivet.hcl": []byte(`
			variable "of" {}
			actor "x" "room" { key = [var.of.owner] }
			output "id" { value = actor.x.room.id }
		`),
	})
	for _, name := range []string{"p", "q"} {
		e.Settle(find(t, e, fmt.Sprintf("actor.x.owner[%q]", name)).Address, "id-"+name, true, time.UnixMilli(1))
		room, diags := e.Resolve(find(t, e, fmt.Sprintf("module.team[%q].module.room.actor.x.room", name)).Address)
		failOn(t, diags)
		if diff := cmp.Diff([]string{"id-" + name}, room.Key); diff != "" {
			t.Error(diff)
		}
		e.Settle(room.Address, "room-"+name, true, time.UnixMilli(2))
	}
	outputs, diags := e.Outputs()
	failOn(t, diags)
	want := cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal("room-p"), "q": cty.StringVal("room-q")})
	if !outputs[0].Value.RawEquals(want) {
		t.Errorf("the output is %#v", outputs[0].Value)
	}
}

func TestChecksOfModulesAreThoseOfTheirInstances(t *testing.T) {
	t.Parallel()
	const module = `
		variable "name" {}
		check "named" {
			assert {
				condition     = var.name == "a"
				error_message = "m"
			}
		}
	`
	for names, want := range map[string]int{`[]`: 0, `["a", "b"]`: 2} {
		e := observedFiles(t, Server{}, map[string][]byte{
			"main.rivet.hcl": []byte(`module "m" {
				source   = "./m"
				for_each = toset(` + names + `)
				name     = each.key
			}`),
			"m/main.rivet.hcl": []byte(module),
		})
		checks, diags := e.Checks()
		failOn(t, diags)
		if len(checks) != want {
			t.Errorf("with %s there are %d checks", names, len(checks))
		}
	}
}
