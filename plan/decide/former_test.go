package decide

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
	"riveter/plan/address"
)

// One test for each thing that can have become of a step which was made.
func TestBuildTellsWhatBecameOfSteps(t *testing.T) {
	tests := []struct {
		name      string
		moves     []plan.StepMove
		args      string // of the step that is declared; it was called old, and made with [1]
		status    plan.StepStatus
		actorID   string // that it was made on
		decision  plan.Decision
		former    []string
		doubts    []string
		renamed   map[string]string
		questions int
	}{
		{name: "moved", moves: []plan.StepMove{{From: address.StepAddress{Kind: address.StepAction, Label: "old"}, To: address.StepAddress{Kind: address.StepAction, Label: "seed"}}}, args: "[1]", decision: plan.DecisionDone, renamed: map[string]string{"action.old": "action.seed"}},
		{name: "not declared any more", args: "[2]", decision: plan.DecisionRun, former: []string{"action.old"}},
		{name: "called otherwise, perhaps", args: "[1]", decision: plan.DecisionRun, former: []string{"action.old"}, questions: 1},
		{name: "in doubt", args: "[2]", status: plan.StepStarted, decision: plan.DecisionRun, doubts: []string{"action.old"}},
		{name: "in doubt, and called otherwise, perhaps", args: "[1]", status: plan.StepStarted, decision: plan.DecisionUnknown, doubts: []string{"action.old"}},
		{name: "failed", args: "[1]", status: plan.StepFailed, decision: plan.DecisionRun},
		{name: "made on another actor", args: "[1]", actorID: "id0", decision: plan.DecisionRun},
		{name: "not known yet", args: "[unknown]", decision: plan.DecisionRun, former: []string{"action.old"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, tt.args, plan.RunOnce)
			d := declare(t, `module.m["x"].actor.counter.a["k"]`, step)
			d.StepMoves = tt.moves
			entry := remembered(t, d)
			memo := made(t, step, "[1]", plan.StepDone)
			if tt.status != "" {
				memo.Status = tt.status
			}
			if tt.actorID != "" {
				memo.ActorID = tt.actorID
			}
			entry.Steps["action.old"] = memo
			p, diags := Plan(inputs(d, present("id1"), entry))
			c := changed(p)
			if got := c.Steps[0]; got.Decision != tt.decision || (got.Previously == "action.old") != (tt.renamed != nil) {
				t.Errorf("%s, was %q", got.Decision, got.Previously)
			}
			if diff := cmp.Diff(tt.former, c.FormerSteps) + cmp.Diff(tt.doubts, c.FormerDoubts) + cmp.Diff(tt.renamed, c.RenamedSteps); diff != "" {
				t.Error(diff)
			}
			if len(diags) != tt.questions || tt.moves != nil && p.Summary().HasWork() {
				t.Errorf("asked: %v", diags)
			}
			for _, d := range diags {
				if want := "  moved {\n    from = actor.counter.a.action.old\n    to   = actor.counter.a.action.seed\n  }"; !strings.HasSuffix(d.Detail, want) {
					t.Errorf("to paste: %s", d.Detail)
				}
			}
		})
	}
}

func TestAStepWhoseInstancesAreUnknownMayHaveThoseThatWereMade(t *testing.T) {
	step := action(t, "[1]", plan.RunOnce)
	step.Deferred = true
	d := declare(t, "actor.counter.a", step)
	entry := remembered(t, d)
	for name, status := range map[string]plan.StepStatus{
		`action.seed["done"]`: plan.StepDone, `action.seed["tried"]`: plan.StepStarted, `action.seeds["done"]`: plan.StepDone, "action.old": plan.StepStarted,
	} {
		entry.Steps[name] = made(t, step, "[2]", status)
	}
	p, _ := Plan(inputs(d, present("id1"), entry))
	c := changed(p)
	if diff := cmp.Diff([]string{`action.seeds["done"]`}, c.FormerSteps) + cmp.Diff([]string{"action.old"}, c.FormerDoubts); diff != "" {
		t.Error(diff)
	}
}

func TestARenamedStepIsAskedAboutOncePerBlock(t *testing.T) {
	var in Inputs
	for i := range 3 {
		step := action(t, "[1]", plan.RunOnce)
		step.Address.Key = address.StringKey("ada")
		d := declare(t, "actor.counter.a", step)
		d.Address.Key, d.Key = address.NumberKey(i), []string{string(rune('a' + i))}
		entry := remembered(t, d)
		entry.Steps[`action.old["ada"]`] = made(t, step, "[1]", plan.StepDone)
		one := inputs(d, present("id1"), entry)
		if i == 0 {
			in = one
			continue
		}
		in.Desired, in.Observed = append(in.Desired, d), append(in.Observed, present("id1"))
		in.Recalled.Actors[entry.Identity()] = entry
	}
	_, diags := Plan(in)
	if diff := cmp.Diff([]string{"Was this step renamed?"}, summaries(diags)); diff != "" {
		t.Fatal(diff)
	}
	if !strings.Contains(diags[0].Detail, "from = actor.counter.a.action.old\n") {
		t.Errorf("to paste: %s", diags[0].Detail)
	}
}

// TestWhatIsToBePastedIsAccepted has what was recorded of a block that is declared still.
func TestWhatIsToBePastedIsAccepted(t *testing.T) {
	key := address.StringKey("ada")
	for name, c := range map[string]struct {
		recorded string
		now      address.InstanceKey // of the step that would be made
		want     string
	}{
		"an instance of another block": {`action.other["ada"]`, key, "from = actor.counter.a.action.other[\"ada\"]\n    to   = actor.counter.a.action.seed[\"ada\"]\n"},
		"another block":                {"action.other", key, "-mark-done='actor.counter.a.action.seed[\"ada\"]' records that it was made"},
		"the block":                    {"action.seed", key, "from = actor.counter.a.action.seed\n    to   = actor.counter.a.action.seed[\"ada\"]\n"},
		"its instance":                 {`action.seed["ada"]`, address.InstanceKey{}, "from = actor.counter.a.action.seed[\"ada\"]\n    to   = actor.counter.a.action.seed\n"},
	} {
		step, other := action(t, "[1]", plan.RunOnce), action(t, "[2]", plan.RunOnce)
		step.Address.Key, other.Address.Label, other.Address.Key = c.now, "other", address.StringKey("bob")
		d := declare(t, "actor.counter.a", step, other)
		entry := remembered(t, d)
		entry.Steps[c.recorded] = made(t, step, "[1]", plan.StepDone)
		_, diags := Plan(inputs(d, present("id1"), entry))
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// A run that announced a call, and did not say more, may have made it with any arguments.
func TestWhatNobodyKnowsMayHaveBeenTheSame(t *testing.T) {
	for name, test := range map[string]struct {
		remembered string
		deferred   bool
		want       plan.Decision
	}{
		"of the same kind":     {"action.old", false, plan.DecisionUnknown},
		"of another kind":      {"message.old", false, plan.DecisionRun},
		"that is declared":     {"action.other", false, plan.DecisionRun},
		"that may be declared": {`action.other["x"]`, true, plan.DecisionRun},
	} {
		step, other := action(t, "[1]", plan.RunOnce), action(t, "[2]", plan.RunOnce)
		other.Address.Label, other.Deferred = "other", test.deferred
		d := declare(t, "actor.counter.a", step, other)
		entry := remembered(t, d)
		entry.Steps[test.remembered] = &plan.StepMemo{ActorID: "id1", Status: plan.StepStarted}
		p, _ := Plan(inputs(d, present("id1"), entry))
		if got := changed(p).Steps[0]; got.Decision != test.want {
			t.Errorf("%s: %s (%s)", name, got.Decision, got.Reason)
		}
	}
}
