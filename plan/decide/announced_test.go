package decide

import (
	"fmt"
	"strings"
	"testing"

	"riveter/plan"
	"riveter/plan/address"
)

func TestNamesThatNobodyHasAnnounced(t *testing.T) {
	d := declare(t, "actor.counter.a")
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("actor%02d", i)
	}
	for name, tt := range map[string]struct {
		announced []string
		seen      plan.Observed
		want      string // of the warning
	}{
		"announced":    {[]string{"account", "counter"}, plan.Observed{}, ""},
		"misspelt":     {[]string{"count", "account"}, plan.Observed{}, `No registry has announced an actor named "counter". Announced are "account", "count".`},
		"none at all":  {[]string{}, plan.Observed{}, "apply waits for a registry"},
		"of many":      {many, plan.Observed{}, `"actor18", "actor19".`},
		"nobody asked": {nil, plan.Observed{}, ""},
		"it is there":  {[]string{"account"}, present("id1"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(d, tt.seen, nil)
			in.Announced = tt.announced
			if _, diags := Plan(in); len(diags) > 1 || (len(diags) == 0) != (tt.want == "") || !strings.Contains(diags.Error(), tt.want) {
				t.Errorf("%v", diags)
			}
		})
	}
}

func TestAnActorThatDoesNotStartIsSaid(t *testing.T) {
	d := declare(t, "actor.counter.a")
	seen := present("id1")
	seen.Failing = "crashed: bang."
	p, diags := Plan(inputs(d, seen, remembered(t, d)))
	if changed(p).Action != plan.ActionNoOp || len(diags) != 1 || !strings.Contains(diags.Error(), "does not start: crashed: bang. It stays as it is; -replace='actor.counter.a'") {
		t.Errorf("%s: %v", changed(p).Action, diags)
	}
}

func TestFlagsThatContradictEachOther(t *testing.T) {
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce))
	in := inputs(d, present("id1"), remembered(t, d))
	all, err := address.ParsePattern("*")
	if err != nil {
		t.Fatal(err)
	}
	in.Orders.Rerun, in.Orders.MarkDone = []address.Pattern{all}, []address.Pattern{all}
	if _, diags := Plan(in); !strings.Contains(diags.Error(), "-rerun and -mark-done both select") {
		t.Errorf("%v", diags)
	}
}
