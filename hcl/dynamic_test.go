package hcl

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

func TestDynamicBlocksStandForBlocks(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/valid/dynamic.rivet.hcl")
	if err != nil {
		t.Fatal(err)
	}
	e := observed(t, Server{Observer: &fakeServer{actors: map[string]string{"general": "id-general"}}}, string(source))
	general := find(t, e, `actor.chatRoom.room["general"]`)
	var steps []string
	for _, s := range general.Steps {
		steps = append(steps, s.Address.Relative())
	}
	if diff := cmp.Diff([]string{"action.add_alice", "action.add_bob", "action.last"}, steps); diff != "" {
		t.Error(diff)
	}
	first := general.Steps[0]
	want := cty.TupleVal([]cty.Value{cty.StringVal("alice"), cty.Zero, cty.StringVal("id-general"), cty.StringVal("general"), cty.UnknownVal(cty.String).RefineNotNull()})
	if !sent(first).RawEquals(want) {
		t.Errorf("the arguments are %#v", sent(first))
	}
	if first.Awaits[0].Event != "joined" || !first.Settings.KeepOutput || general.Steps[1].Settings.KeepOutput {
		t.Errorf("the step is %+v %+v", first, first.Settings)
	}
	if general.Reads[0].Action != "get_info" || len(general.DependsOn) != 1 {
		t.Errorf("it is %+v", general)
	}
	if e.Settings().Rivet.RequestTimeout == 0 {
		t.Error("the dynamic timeouts block is not there")
	}
	checks, diags := e.Checks()
	failOn(t, diags)
	if len(checks) != 1 || len(checks[0].Assertions) != 2 {
		t.Errorf("the checks are %+v", checks)
	}
}

func TestDynamicBlocksMayWaitForAVariable(t *testing.T) {
	t.Parallel()
	for name, forEach := range map[string]string{"how many there are": `var.names`, "what one is called": `["a", var.name]`} {
		got := evaluateAny(t, map[string][]byte{"main.rivet.hcl": []byte(`
			variable "names" { type = set(string) }
			variable "name" {}
			actor "x" "a" {
				key = "a"
				dynamic "read" {
					for_each = ` + forEach + `
					labels   = ["of_${read.value}"]
					content {}
				}
				dynamic "action" {
					for_each = ` + forEach + `
					labels   = ["add_${action.value}"]
					content { args = [action.value] }
				}
				action "after" { args = [step.add_b.output, read.of_b] }
			}
			output "result" { value = actor.x.a.step.add_b.output }
		`)})
		if len(got.Diagnostics) > 0 {
			t.Errorf("%s: %v", name, got.Diagnostics)
		}
	}
}
