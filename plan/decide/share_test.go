package decide

import (
	"reflect"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// However many cores there are, the plan is the same, the same is said in the same order, and what is asked of all of them is asked once.
func TestEveryNumberOfCoresComesToTheSame(t *testing.T) {
	in := manyActors(t, 4_000, true)
	in.Orders = plan.Orders{Rerun: patternsOf(t, "actor.chatRoom.room[3500].action.welcome")}
	for i, d := range in.Desired {
		switch i % 700 {
		case 1:
			d.Input = cty.StringVal("another one")
		case 2:
			in.Observed[i] = plan.Observed{}
		case 3:
			entry := in.Recalled.Actors[d.Identity()]
			entry.Steps["action.before"] = entry.Steps["action.welcome"]
			delete(entry.Steps, "action.welcome")
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want, wantDiags := Plan(in)
	runtime.GOMAXPROCS(4)
	got, diags := Plan(in)
	if len(diags) != len(wantDiags) {
		t.Fatalf("on one core %v, on four %v", summaries(wantDiags), summaries(diags))
	}
	for i, d := range diags {
		if diff := cmp.Diff(wantDiags[i].Error()+wantDiags[i].Detail, d.Error()+d.Detail); diff != "" {
			t.Error(diff)
		}
	}
	if !reflect.DeepEqual(want, got) {
		t.Error("the plans differ")
	}
	if n := len(diags); n < 7 {
		t.Errorf("only %d things are said", n)
	}
}
