package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan/address"
)

func stepAt(t *testing.T, name string) address.StepAddress {
	t.Helper()
	s, err := address.ParseStep("actor.counter.a." + name)
	if err != nil {
		t.Fatal(err)
	}
	s.Actor = address.Address{}
	return s
}

func TestStepsAreRenamed(t *testing.T) {
	move := func(from, to string) StepMove { return StepMove{From: stepAt(t, from), To: stepAt(t, to)} }
	tests := []struct {
		name     string
		recorded []string
		moves    []StepMove
		want     map[string]string
	}{
		{"nothing moves", []string{"action.a"}, nil, nil},
		{"a step", []string{"action.a", "action.ab"}, []StepMove{move("action.a", "action.b")}, map[string]string{"action.a": "action.b"}},
		{
			"all instances",
			[]string{`action.a["x"]`, "action.a[1]"},
			[]StepMove{move("action.a", "action.b")},
			map[string]string{`action.a["x"]`: `action.b["x"]`, "action.a[1]": "action.b[1]"},
		},
		{
			"one instance",
			[]string{`action.a["x"]`, `action.a["y"]`},
			[]StepMove{move(`action.a["x"]`, "action.b")},
			map[string]string{`action.a["x"]`: "action.b"},
		},
		{"a chain", []string{"action.a"}, []StepMove{move("action.b", "action.c"), move("action.a", "action.b")}, map[string]string{"action.a": "action.c"}},
		{"a circle", []string{"action.a"}, []StepMove{move("action.b", "action.a"), move("action.a", "action.b")}, map[string]string{}},
		{"a place that is taken", []string{"action.a", "action.b"}, []StepMove{move("action.a", "action.b")}, map[string]string{}},
		{"nothing of that name", []string{"action.c"}, []StepMove{move("action.a", "action.b")}, map[string]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entry := &Entry{Steps: map[string]*StepMemo{}}
			for _, name := range tt.recorded {
				entry.Steps[name] = &StepMemo{}
			}
			if diff := cmp.Diff(tt.want, entry.renames(tt.moves)); diff != "" {
				t.Error(diff)
			}
			renamed := entry.renamed(tt.moves)
			if len(renamed.Steps) != len(tt.recorded) || len(entry.Steps) != len(tt.recorded) {
				t.Errorf("%d of %d are remembered", len(renamed.Steps), len(tt.recorded))
			}
			for from, to := range tt.want {
				if renamed.Steps[to] != entry.Steps[from] {
					t.Errorf("%s is not what was %s", to, from)
				}
			}
		})
	}
}

// One test for each thing that can have become of a step which was made.
func TestBuildTellsWhatBecameOfSteps(t *testing.T) {
	tests := []struct {
		name      string
		moves     []StepMove
		args      string // of the step that is declared; it was called old, and made with [1]
		status    StepStatus
		actorID   string // that it was made on
		decision  Decision
		former    []string
		renamed   map[string]string
		questions int
	}{
		{name: "moved", moves: []StepMove{{From: stepAt(t, "action.old"), To: stepAt(t, "action.seed")}}, args: "[1]", decision: DecisionDone, renamed: map[string]string{"action.old": "action.seed"}},
		{name: "not declared any more", args: "[2]", decision: DecisionRun, former: []string{"action.old"}},
		{name: "called otherwise, perhaps", args: "[1]", decision: DecisionRun, former: []string{"action.old"}, questions: 1},
		{name: "in doubt", args: "[1]", status: StepStarted, decision: DecisionRun, former: []string{"action.old"}},
		{name: "failed", args: "[1]", status: StepFailed, decision: DecisionRun},
		{name: "made on another actor", args: "[1]", actorID: "id0", decision: DecisionRun},
		{name: "not known yet", args: "[unknown]", decision: DecisionRun, former: []string{"action.old"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, tt.args, RunOnce)
			d := declare(t, `module.m["x"].actor.counter.a["k"]`, step)
			d.StepMoves = tt.moves
			entry := remembered(t, d)
			memo := made(t, step, "[1]", StepDone)
			if tt.status != "" {
				memo.Status = tt.status
			}
			if tt.actorID != "" {
				memo.ActorID = tt.actorID
			}
			entry.Steps["action.old"] = memo
			p, diags := Build(inputs(d, present("id1"), entry))
			c := changed(p)
			if got := c.Steps[0]; got.Decision != tt.decision || (got.Previously == "action.old") != (tt.renamed != nil) {
				t.Errorf("%s, was %q", got.Decision, got.Previously)
			}
			if diff := cmp.Diff(tt.former, c.FormerSteps) + cmp.Diff(tt.renamed, c.RenamedSteps); diff != "" {
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

func TestARenamedStepIsAskedAboutOncePerBlock(t *testing.T) {
	var in Inputs
	for i := range 3 {
		step := action(t, "[1]", RunOnce)
		step.Address.Key = address.StringKey("ada")
		d := declare(t, "actor.counter.a", step)
		d.Address.Key, d.Key = address.NumberKey(i), []string{string(rune('a' + i))}
		entry := remembered(t, d)
		entry.Steps[`action.old["ada"]`] = made(t, step, "[1]", StepDone)
		one := inputs(d, present("id1"), entry)
		if i == 0 {
			in = one
			continue
		}
		in.Desired, in.Observed = append(in.Desired, d), append(in.Observed, present("id1"))
		in.Recalled.Actors[entry.Identity()] = entry
	}
	_, diags := Build(in)
	if diff := cmp.Diff([]string{"Was this step renamed?"}, summaries(diags)); diff != "" {
		t.Fatal(diff)
	}
	if !strings.Contains(diags[0].Detail, "from = actor.counter.a.action.old\n") {
		t.Errorf("to paste: %s", diags[0].Detail)
	}
}
