package hcl

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
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
	acme, err := plan.ParseAddress(`module.tenant["acme"].module.room[0].actor.chatRoom.room`)
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
