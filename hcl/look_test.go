package hcl

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

const lateData = `
	actor "x" "made" {
		for_each = toset(["p", "q"])
		key      = ["made", each.key]
	}
	data "x" "late" {
		for_each = toset(["p", "q"])
		key      = ["late", actor.x.made[each.key].id]
		read "info" {}
	}
	actor "x" "user" {
		for_each = toset(["p", "q"])
		key      = ["user", each.key]
		input    = [data.x.late[each.key].id, data.x.late[each.key].read.info]
	}
	data "x" "single" { key = actor.x.made["p"].id }
	actor "x" "other" {
		key   = "other"
		input = data.x.single.id
	}
`

func TestDataBehindNewActorIsLookedForDuringApply(t *testing.T) {
	t.Parallel()
	server := &fakeServer{actors: map[string]string{"late/id-p": "id-late-p", "id-p": "id-single"}}
	actors := &fakeActors{live: plan.Live{Reads: map[string]cty.Value{"info": cty.StringVal("told")}}}
	e := observed(t, Server{Observer: server, Reader: actors, Later: actors}, lateData)
	made := find(t, e, `actor.x.made["p"]`).Address
	user := find(t, e, `actor.x.user["p"]`)
	for _, addr := range []string{`actor.x.user["p"]`, `actor.x.other`} {
		if got := find(t, e, addr).DependsOn; !slices.Equal(got, []address.Address{made}) {
			t.Errorf("%s depends on %v", addr, got)
		}
	}
	asked := len(server.batches)
	e.Settle(made, "id-p", true, time.UnixMilli(1))
	for range 2 {
		diags, err := e.Look(t.Context(), user.Address)
		if err != nil {
			t.Fatal(err)
		}
		failOn(t, diags)
	}
	if diff := cmp.Diff([][]string{{`data.x.late["p"]`}}, server.batches[asked:]); diff != "" {
		t.Error(diff)
	}
	resolved, diags := e.Resolve(user.Address)
	failOn(t, diags)
	if want := cty.TupleVal([]cty.Value{cty.StringVal("id-late-p"), cty.StringVal("told")}); !resolved.Input.RawEquals(want) {
		t.Errorf("the input is %#v", resolved.Input)
	}
}

func TestDataThatTurnsOutToBeMissingIsReported(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, lateData)
	e.Settle(find(t, e, `actor.x.made["p"]`).Address, "id-p", true, time.UnixMilli(1))
	diags, err := e.Look(t.Context(), find(t, e, `actor.x.other`).Address)
	if err != nil {
		t.Fatal(err)
	}
	if len(diags) != 1 || diags[0].Summary != "Actor does not exist" {
		t.Errorf("got %v", diags)
	}
}
