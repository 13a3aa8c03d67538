package decide

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/address"
)

// One test for each row of the table of actors: what the server has against what the ledger has.
func TestBuildDecidesActors(t *testing.T) {
	declared := func(*plan.Desired) {}
	tests := []struct {
		name     string
		declared func(*plan.Desired)
		seen     plan.Observed
		recalled func(*plan.Entry) // nil: the ledger does not know the actor
		action   plan.ChangeAction
		reason   string
		steps    plan.Decision
		problems []string
	}{
		{
			name: "absent, unknown to the ledger", declared: declared,
			action: plan.ActionCreate, reason: "it does not exist", steps: plan.DecisionRun,
		},
		{
			name: "absent, unknown to the ledger, must exist", declared: func(d *plan.Desired) { d.Settings.Create = plan.CreateNever },
			action: plan.ActionRead, reason: "it is looked for when what it depends on is done", steps: plan.DecisionRun, problems: []string{"Actor does not exist"},
		},
		{
			name: "absent because its key is not known", declared: func(d *plan.Desired) { d.Key = nil },
			action: plan.ActionRead, reason: "its key is known after apply", steps: plan.DecisionRun,
		},
		{
			name: "absent, in the ledger", declared: declared, recalled: func(*plan.Entry) {},
			action: plan.ActionCreate, reason: "the actor id1, which the ledger remembers, has disappeared", steps: plan.DecisionRun,
		},
		{
			name: "absent, and its creation was cut off", declared: declared, recalled: func(e *plan.Entry) { e.ActorID = "" },
			action: plan.ActionCreate, reason: "it does not exist", steps: plan.DecisionRun,
		},
		{
			name: "present, unknown to the ledger", declared: declared, seen: present("id1"),
			action: plan.ActionAdopt, reason: "it exists, and the ledger does not know it", steps: plan.DecisionUnknown,
		},
		{
			name: "present, unknown to the ledger, must be new", declared: func(d *plan.Desired) { d.Settings.Create = plan.CreateNew },
			seen: present("id1"), action: plan.ActionAdopt, reason: "it exists, and the ledger does not know it", steps: plan.DecisionUnknown,
			problems: []string{"Actor exists already"},
		},
		{
			name: "present, and its creation was cut off", declared: func(d *plan.Desired) { d.Settings.Create = plan.CreateNew },
			seen: present("id1"), recalled: func(e *plan.Entry) { e.ActorID = "" },
			action: plan.ActionAdopt, reason: "riveter was to create it, and was stopped or never heard how that ended", steps: plan.DecisionRun,
		},
		{
			name: "present, its creation was cut off, and was answered late", declared: declared,
			seen: presentSince(someTime.Add(time.Minute)), recalled: cutOff,
			action: plan.ActionAdopt, reason: "riveter was to create it, and was stopped or never heard how that ended", steps: plan.DecisionRun,
		},
		{
			name: "present, its creation was cut off, and somebody made it later", declared: declared,
			seen: presentSince(someTime.Add(61 * time.Second)), recalled: cutOff,
			action: plan.ActionAdopt, reason: "somebody made it on 2026-01-02 03:05:06 UTC, and not riveter, which had tried to", steps: plan.DecisionUnknown,
		},
		{
			name: "present, its creation was cut off, and somebody made it before", declared: declared,
			seen: presentSince(someTime.Add(-time.Second)), recalled: cutOff,
			action: plan.ActionAdopt, reason: "somebody made it on 2026-01-02 03:04:04 UTC, and not riveter, which had tried to", steps: plan.DecisionUnknown,
		},
		{
			name: "present, its creation was cut off, and it has the same input", declared: declared,
			seen: withInput(t, cty.NilVal), recalled: cutOff,
			action: plan.ActionAdopt, reason: "riveter was to create it, and was stopped or never heard how that ended", steps: plan.DecisionRun,
		},
		{
			name: "present, its creation was cut off, and it has another input", declared: func(d *plan.Desired) { d.Input = cty.False },
			seen: withInput(t, cty.True), recalled: cutOff,
			action: plan.ActionAdopt, reason: "somebody made it on 2026-01-02 03:04:05 UTC, and not riveter, which had tried to", steps: plan.DecisionUnknown,
			problems: []string{"Input changed"},
		},
		{
			name: "present, its creation was cut off, and it has another input, which would replace it", declared: func(d *plan.Desired) {
				d.Input, d.Settings.OnInputChange = cty.False, plan.InputReplace
			},
			seen: withInput(t, cty.True), recalled: cutOff,
			action: plan.ActionAdopt, reason: "somebody made it on 2026-01-02 03:04:05 UTC, and not riveter, which had tried to", steps: plan.DecisionUnknown,
			problems: []string{"Input changed"},
		},
		{
			name: "present, its creation was cut off, and somebody made it later and dropped the input", declared: func(d *plan.Desired) { d.Input = cty.False },
			seen: presentSince(someTime.Add(time.Hour)), recalled: cutOff,
			action: plan.ActionAdopt, reason: "somebody made it on 2026-01-02 04:04:05 UTC, and not riveter, which had tried to", steps: plan.DecisionUnknown,
			problems: []string{"Input was dropped"},
		},
		{
			name: "present, in the ledger, a step is due", declared: declared, seen: present("id1"), recalled: func(*plan.Entry) {},
			action: plan.ActionUpdate, reason: "calls are due", steps: plan.DecisionRun,
		},
		{
			name: "present, in the ledger, nothing is due", declared: declared, seen: present("id1"),
			recalled: func(e *plan.Entry) { e.Steps["action.seed"].Status = plan.StepDone },
			action:   plan.ActionNoOp, steps: plan.DecisionDone,
		},
		{
			name: "present with another id", declared: declared, seen: present("id2"),
			recalled: func(e *plan.Entry) { e.Steps["action.seed"].Status = plan.StepDone },
			action:   plan.ActionAdopt, reason: "it was made anew by somebody else: the ledger remembers id1", steps: plan.DecisionRun,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, "[1]", plan.RunOnce)
			d := declare(t, "actor.counter.a", step)
			var entry *plan.Entry
			if tt.recalled != nil {
				entry = remembered(t, d)
				entry.Steps["action.seed"] = made(t, step, "[1]", plan.StepFailed)
				tt.recalled(entry)
			}
			tt.declared(d)
			in := inputs(d, tt.seen, entry)
			p, diags := Plan(in)
			c := changed(p)
			if c.Action != tt.action || c.Reason != tt.reason {
				t.Errorf("got %s (%s), want %s (%s)", c.Action, c.Reason, tt.action, tt.reason)
			}
			if got := c.Steps[0].Decision; got != tt.steps {
				t.Errorf("its step: got %s (%s), want %s", got, c.Steps[0].Reason, tt.steps)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Another key is another actor: the new one is created, and the old one is not declared any more, by the ordinary rules.
func TestAChangedKeyIsAnotherActor(t *testing.T) {
	tests := []struct {
		name      string
		seen      plan.Observed // of the new one
		prune     bool
		recalled  func(*plan.Entry)
		old, made plan.ChangeAction
	}{
		{name: "absent", old: plan.ActionForget, made: plan.ActionCreate},
		{name: "there already", seen: present("id2"), old: plan.ActionForget, made: plan.ActionAdopt},
		{name: "pruned", prune: true, old: plan.ActionDestroy, made: plan.ActionCreate},
		{name: "pruned, and somebody else's", prune: true, recalled: func(e *plan.Entry) { e.Created = false }, old: plan.ActionForget, made: plan.ActionCreate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			entry := remembered(t, d)
			entry.Key = []string{"old"}
			if tt.recalled != nil {
				tt.recalled(entry)
			}
			in := inputs(d, tt.seen, entry)
			in.Orders.Prune = tt.prune
			in.Undeclared = map[plan.Identity]plan.Observed{}
			for _, doomed := range in.Doomed() {
				in.Undeclared[doomed.Identity()] = present("id1")
			}
			p, diags := Plan(in)
			if len(p.Changes) != 2 || p.Changes[0].Head().Action != tt.old || p.Changes[1].Head().Action != tt.made || len(diags) > 0 {
				t.Errorf("got %+v, %v", p.Changes, diags)
			}
		})
	}
}

func TestBuildComparesInputs(t *testing.T) {
	tests := []struct {
		name     string
		before   string // an expression; empty: created without input
		after    string
		onChange plan.OnInputChange
		action   plan.ChangeAction
		differs  bool
		problems []string
	}{
		{name: "the same", before: `{ a = 1 }`, after: `{ a = 1.0 }`, action: plan.ActionNoOp},
		{name: "none before and after", action: plan.ActionNoOp},
		{name: "none before, null after", after: `null`, onChange: plan.InputWarn, action: plan.ActionNoOp, differs: true, problems: []string{"Input changed"}},
		{name: "warn", before: `1`, after: `2`, onChange: plan.InputWarn, action: plan.ActionNoOp, differs: true, problems: []string{"Input changed"}},
		{name: "fail", before: `1`, after: `2`, onChange: plan.InputFail, action: plan.ActionNoOp, differs: true, problems: []string{"Input changed"}},
		{name: "ignore", before: `1`, after: `2`, onChange: plan.InputIgnore, action: plan.ActionNoOp},
		{name: "replace", before: `1`, after: `2`, onChange: plan.InputReplace, action: plan.ActionReplace, differs: true},
		{name: "not known before apply", before: `1`, after: `unknown`, onChange: plan.InputFail, action: plan.ActionNoOp},
		{name: "the same secret", before: `secret`, after: `secret`, onChange: plan.InputFail, action: plan.ActionNoOp},
		{name: "another secret", before: `[secret, 1]`, after: `[secret, 2]`, onChange: plan.InputReplace, action: plan.ActionReplace, differs: true},
	}
	input := func(expression string) cty.Value {
		if expression == "" {
			return cty.NilVal
		}
		return parse(t, expression)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			d.Settings.OnInputChange = tt.onChange
			d.Input = input(tt.before)
			entry := remembered(t, d)
			d.Input = input(tt.after)
			p, diags := Plan(inputs(d, present("id1"), entry))
			c := changed(p)
			if c.Action != tt.action || c.Input.Differs != tt.differs {
				t.Errorf("got %s (%s), differs %t; want %s, %t", c.Action, c.Reason, c.Input.Differs, tt.action, tt.differs)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diags.HasErrors() != (tt.onChange == plan.InputFail && tt.differs) {
				t.Errorf("got %v", diags)
			}
		})
	}
}

func TestBuildKeepsTheReasonOfAChangedInputBesideCalls(t *testing.T) {
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce))
	entry := remembered(t, d)
	d.Input = parse(t, "2")
	p, _ := Plan(inputs(d, present("id1"), entry))
	if c := changed(p); c.Action != plan.ActionUpdate || c.Reason != "its input changed, which has no effect on an actor that exists" {
		t.Errorf("got %s (%s)", c.Action, c.Reason)
	}
}

func TestBuildMakesAllStepsAgainOnAReplacedActor(t *testing.T) {
	once, manual := action(t, "[1]", plan.RunOnce), action(t, "[1]", plan.RunManual)
	manual.Address.Label = "manual"
	d := declare(t, "actor.counter.a", once, manual)
	d.Settings.OnInputChange = plan.InputReplace
	entry := remembered(t, d)
	entry.Steps["action.seed"] = made(t, once, "[1]", plan.StepDone)
	d.Input = parse(t, "2")
	p, _ := Plan(inputs(d, present("id1"), entry))
	c := changed(p)
	if c.Action != plan.ActionReplace || c.Steps[0].Decision != plan.DecisionRun || c.Steps[1].Decision != plan.DecisionSkip {
		t.Errorf("got %s, %s, %s", c.Action, c.Steps[0].Decision, c.Steps[1].Decision)
	}
}

func TestBuildRefusesToReplaceAProtectedActor(t *testing.T) {
	d := declare(t, "actor.counter.a")
	d.Settings.OnInputChange, d.Settings.PreventDestroy = plan.InputReplace, true
	entry := remembered(t, d)
	d.Input = parse(t, "2")
	_, diags := Plan(inputs(d, present("id1"), entry))
	if diff := cmp.Diff([]string{"Actor is protected"}, summaries(diags)); diff != "" {
		t.Error(diff)
	}
}

func TestBuildForgetsWhatIsNotDeclaredAnyMore(t *testing.T) {
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce))
	in := inputs(d, present("id1"), remembered(t, d))
	in.Desired, in.Observed = nil, nil
	p, diags := Plan(in)
	want := []plan.Change{&plan.ActorChange{
		ChangeHead: plan.ChangeHead{Address: d.Address, Action: plan.ActionForget, Reason: "it is not declared any more; the actor itself stays"},
		Name:       "counter", Key: []string{"a"}, ActorID: "id1",
	}}
	if diff := cmp.Diff(want, p.Changes, sameValues); diff != "" || diags != nil {
		t.Errorf("%v (-want +got):\n%s", diags, diff)
	}
}

// The order in which maps are gone through must not be seen in a plan.
func TestBuildIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		first, second := buildRandom(seed), buildRandom(seed)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
	})
}

// buildRandom builds a plan from a ledger whose map is filled anew, and returns what it decides.
func buildRandom(seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0))
	in := Inputs{Mode: plan.ModeApply, Recalled: &plan.Recalled{DigestKey: digestKey, Actors: map[plan.Identity]*plan.Entry{}}}
	for i := range 20 {
		d := &plan.Desired{
			Address: address.Address{Kind: address.KindActor, Name: "counter", Label: "a", Key: address.NumberKey(i)}, Key: []string{strconv.Itoa(i)},
			Settings: &plan.Settings{Create: plan.GetOrCreate},
		}
		entry := &plan.Entry{Name: "counter", Key: d.Key, Address: d.Address, ActorID: "id1"}
		if rng.IntN(2) == 0 {
			in.Desired = append(in.Desired, d)
			in.Observed = append(in.Observed, plan.Observed{Exists: rng.IntN(2) == 0, ActorID: "id1"})
		}
		if rng.IntN(2) == 0 {
			in.Recalled.Actors[d.Identity()] = entry
		}
	}
	p, diags := Plan(in)
	var decided []string
	for _, c := range p.Changes {
		head := c.Head()
		decided = append(decided, head.Address.String()+" "+string(head.Action)+" "+head.Reason)
	}
	return append(decided, summaries(diags)...)
}

func TestBuildChangesNothingThatItIsGiven(t *testing.T) {
	step := action(t, "[1]", plan.RunOnChange)
	d := declare(t, "actor.counter.a", step)
	entry := remembered(t, d)
	entry.Steps["action.seed"] = made(t, step, "[2]", plan.StepDone)
	in := inputs(d, present("id2"), entry)
	before := marshal(t, in.Recalled.Actors[d.Identity()])
	if _, diags := Plan(in); diags != nil {
		t.Fatal(diags)
	}
	if after := marshal(t, in.Recalled.Actors[d.Identity()]); after != before {
		t.Errorf("the ledger's entry became %s", after)
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestProblemsNameTheDeclaration(t *testing.T) {
	d := declare(t, "actor.counter.a")
	d.Settings.Create = plan.CreateNever
	d.Settings.Range = hcl2.Range{Filename: "a.rivet.hcl", Start: hcl2.Pos{Line: 3}}
	_, diags := Plan(inputs(d, plan.Observed{}, nil))
	if len(diags) != 1 || diags[0].Subject == nil || *diags[0].Subject != d.Settings.Range {
		t.Errorf("got %v", diags)
	}
}

// What riveter was about to create when it was stopped is riveter's.
func TestAnActorWhoseCreationWasCutOffIsRiveters(t *testing.T) {
	d := declare(t, "actor.counter.a")
	entry := remembered(t, d)
	entry.ActorID, entry.Input = "", memo(t, cty.StringVal("input"))
	p, _ := Plan(inputs(d, present("id1"), entry))
	got := changed(p).Adopt
	if got == nil || got.ActorID != "id1" || !got.Created || !got.Fresh || !got.Input.Equal(entry.Input) {
		t.Errorf("to be remembered: %+v", got)
	}
}

func TestReplacementsCountAsDestruction(t *testing.T) {
	d := declare(t, "actor.counter.a")
	in := inputs(d, present("id1"), remembered(t, d))
	in.Orders.Replace, in.Orders.MaxDestroy = patternsOf(t, "actor.counter.a"), new(int)
	if _, diags := Plan(in); cmp.Diff([]string{"Too much to destroy"}, summaries(diags)) != "" {
		t.Errorf("got %v", diags)
	}
}

// What is only recorded changes nothing, so that a fact which holds goes on to do so.
func TestAMarkedStepIsNoCall(t *testing.T) {
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce), about(address.StepExpect, cty.True), about(address.StepEnsure, cty.True))
	in := inputs(d, present("id1"), nil)
	in.Orders.MarkDone = patternsOf(t, "*")
	p, _ := Plan(in)
	for i, s := range changed(p).Steps {
		if s.Decision != plan.DecisionDone {
			t.Errorf("step %d: %s (%s)", i, s.Decision, s.Reason)
		}
	}
}

func TestUnknownTriggersMayHaveChanged(t *testing.T) {
	for policy, want := range map[plan.Policy]plan.Decision{plan.RunOnChange: plan.DecisionRun, plan.RunOnce: plan.DecisionDone} {
		step := action(t, "[1]", policy)
		d := declare(t, "actor.counter.a", step)
		entry := remembered(t, d)
		entry.Steps["action.seed"] = made(t, step, "[1]", plan.StepDone)
		step.Call().Triggers = cty.DynamicVal
		p, _ := Plan(inputs(d, present("id1"), entry))
		if got := changed(p).Steps[0]; got.Decision != want || got.Conditional != (want == plan.DecisionRun) {
			t.Errorf("%s: %s (%s)", policy, got.Decision, got.Reason)
		}
	}
}
