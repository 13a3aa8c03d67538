package evaluate

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

func (e *Evaluation) evaluateInstanceSteps(inst *instances.Instance) hcl2.Diagnostics {
	a := inst.Actor()
	inst.Desired.Steps = make([]*plan.Step, 0, len(a.Steps))
	former := inst.Predecessor()
	results, formerly := e.resultsOf(inst), e.resultsOf(former)
	var diags hcl2.Diagnostics
	for _, s := range a.Steps {
		rounds, more := e.evaluateStep(inst, s, nil)
		if s.ComesAfter(inst.Due) && e.isPlanning() {
			rounds, more = e.foresee(inst.Unheard(), s, rounds)
		}
		if former != nil {
			rounds, more = e.evaluateFormer(former, s, rounds, more, formerly)
		}
		if !s.MayBeFarewell() {
			more = e.ofSeeding(more)
		}
		more = e.ofFarewell(more)
		diags = append(diags, more...)
		if len(rounds) == 0 && !more.HasErrors() {
			diags = append(diags, e.rehearsed(s.Range, func(e *Evaluation) hcl2.Diagnostics { return e.rehearseStep(inst, s) })...)
		}
		inst.Desired.Steps = append(inst.Desired.Steps, rounds...) // later steps look for them there
		keepResults(inst, s, rounds, results)
	}
	inst.Former = former
	diags = append(diags, e.ofSeeding(e.evaluatePostconditions(inst))...)
	e.discard(inst)
	return diags
}

// foresee evaluates a step whose actor may say something else when its turn comes, given the rounds that there are as long as it does not.
func (e *Evaluation) foresee(inst *instances.Instance, s *declare.Step, now []*plan.Step) ([]*plan.Step, hcl2.Diagnostics) {
	rounds, diags := e.evaluateStep(inst, s, nil)
	for i, d := range rounds {
		if !d.Deferred && i < len(now) {
			rounds[i] = d.Foresee(now[i])
		}
	}
	return rounds, diags
}

// evaluateFormer evaluates a step on the actor that goes, where another one takes its place. It returns the rounds of the step on either: those
// that come before the one goes are made on that.
func (e *Evaluation) evaluateFormer(
	former *instances.Instance, s *declare.Step, rounds []*plan.Step, diags hcl2.Diagnostics, results func(*plan.Step) cty.Value,
) ([]*plan.Step, hcl2.Diagnostics) {
	before, wrong := e.evaluateStep(former, s, nil)
	former.Desired.Steps = append(former.Desired.Steps, before...)
	keepResults(former, s, before, results)
	if !s.MayBeFarewell() {
		return rounds, diags
	}
	rounds = slices.DeleteFunc(rounds, isFarewell)
	for _, d := range before {
		if isFarewell(d) {
			rounds = append(rounds, d)
		}
	}
	return rounds, wrong
}

func isFarewell(s *plan.Step) bool { return s.Policy() == plan.RunOnDestroy }

// resultsOf returns what tells the results of the steps of an instance that an earlier run made, unless it will be made again, or what stands
// for that of one that is not made at all. It is nil where there is nobody to ask.
func (e *Evaluation) resultsOf(inst *instances.Instance) func(*plan.Step) cty.Value {
	if inst == nil || e.server.Results == nil || !inst.Seen && !inst.IsThere() {
		return nil
	}
	var observed plan.Observed // of an actor that is yet to be made
	if inst.IsThere() {
		observed = *inst.Observed
	}
	return e.server.Results(inst.Desired, observed, inst.Goes)
}

// keepResults takes the results of the rounds of a step.
func keepResults(inst *instances.Instance, s *declare.Step, rounds []*plan.Step, results func(*plan.Step) cty.Value) {
	if results == nil || !inst.Actor().KeepsResult(s) {
		return
	}
	for _, d := range rounds {
		if d.Deferred {
			continue
		}
		if result := results(d); result != cty.NilVal {
			inst.Keep(d.Address, result)
		}
	}
}

func (e *Evaluation) evaluatePostconditions(inst *instances.Instance) hcl2.Diagnostics {
	a := inst.Actor()
	if len(a.Postconditions) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.PostconditionsScope, inst.Names(a.PostconditionsScope))
	var diags hcl2.Diagnostics
	inst.Desired.Postconditions, diags = f.Assertions(a.Postconditions, ctx)
	return diags
}

// evaluateStep evaluates a step on an actor, once for each of its rounds, or only the one with the given key.
func (e *Evaluation) evaluateStep(inst *instances.Instance, s *declare.Step, only *address.InstanceKey) ([]*plan.Step, hcl2.Diagnostics) {
	rounds, known, diags := e.rounds(inst, s)
	names := inst.Names(s.BodyScope) // which all rounds share
	var steps []*plan.Step
	for _, round := range rounds {
		if only != nil && round.Key != *only {
			continue
		}
		evaluated, more := e.evaluateRound(inst, s, names, round)
		diags = append(diags, more...)
		evaluated.Deferred, evaluated.Lost = !known, round.Lost
		if !known {
			evaluated.Reads, evaluated.ReadState = s.Hears()
		}
		if known || !e.common.Lenient {
			steps = append(steps, evaluated)
		}
	}
	return steps, diags
}

// whole evaluates a step as it is when nobody knows any more what it is repeated for. It is nil where that does not happen.
func (e *Evaluation) whole(inst *instances.Instance, s *declare.Step) *plan.Step {
	if s.Repetition.ForEach == nil {
		return nil
	}
	f, ctx := e.enter(inst, s.ExpansionScope, inst.Names(s.ExpansionScope))
	repeats, _ := f.Value(s.Repetition.ForEach, ctx, nil)
	if len(value.Sources(repeats)) == 0 {
		return nil
	}
	whole, diags := e.evaluateRound(inst, s, inst.Names(s.BodyScope), instances.LostRound(repeats))
	if diags.HasErrors() {
		return nil
	}
	whole.Deferred, whole.Lost = true, repeats
	return whole
}

// rounds expands the repetition of a step.
func (e *Evaluation) rounds(inst *instances.Instance, s *declare.Step) (rounds []instances.Round, known bool, diags hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.ExpansionScope, inst.Names(s.ExpansionScope))
	rounds, known, diags = f.Expand(s.Repetition, ctx)
	if e.blank && len(rounds) == 0 {
		rounds = []instances.Round{*instances.AnyRound(s.Repetition)}
	}
	return rounds, known, diags
}

func (e *Evaluation) evaluateRound(inst *instances.Instance, s *declare.Step, names map[string]cty.Value, round instances.Round) (*plan.Step, hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.BodyScope, round.Over(names, s.BodyScope))
	v := &instances.Reader{Frame: f, Ctx: ctx, Attributes: s.Attributes}
	d := &plan.Step{
		Address:   inst.Desired.Address.Step(s.Kind, s.Label, round.Key),
		Reads:     s.Reads,
		ReadState: s.ReadState,
		Settings:  v.StepSettings(s, inst.Actor().KeepsResult(s)),
	}
	v.SecretFact = s.IsFact() && d.Settings.Sensitive
	if s.BodyScope.Mentions("step") && !inst.Actor().Open {
		v.Ctx = e.withStepID(inst, s, d, v)
	}
	d.Spec = s.Spec(v)
	var diags hcl2.Diagnostics
	d.Params, diags = f.Payload("params", s.Params, v.Ctx)
	v.Diags = append(v.Diags, diags...)
	v.Note("params", s.Params, d.Params)
	d.Making = inst.StepMaking(s, v.Unknown, round)
	for _, w := range s.Awaits {
		await := &plan.Await{Event: w.Event, Range: w.Range, Making: e.awaited(inst, w, round)}
		of := &instances.Reader{Frame: f, Ctx: v.Ctx, Attributes: w.Attributes}
		w.Fill(await, of)
		d.Awaits, v.Diags = append(d.Awaits, await), append(v.Diags, of.Diags...)
	}
	if v.SecretFact {
		instances.WithoutValues(v.Diags)
	}
	return d, v.Diags
}

// awaited says for which event a step waits; nil where it is any of that name.
func (e *Evaluation) awaited(inst *instances.Instance, w *declare.Await, round instances.Round) *value.Making {
	if w.Condition == nil {
		return nil
	}
	f, ctx := e.enter(inst, w.Scope, round.Over(inst.Names(w.Scope), w.Scope))
	f.TellParts(w.Condition, ctx) // as the event is not known yet
	if e.common.Lenient {
		return nil
	}
	_, _ = f.Noting(w.Condition, ctx)
	return f.Described(w.Condition, ctx)
}

// stepNamespace is the UUID that the ids of all steps are derived from.
var stepNamespace = uuid.MustParse("5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d11")

// withStepID adds step.id to a context, and to the step. Where the id depends on the arguments, they are evaluated with an empty id first,
// as they may contain it.
func (e *Evaluation) withStepID(inst *instances.Instance, s *declare.Step, d *plan.Step, v *instances.Reader) *hcl2.EvalContext {
	ctx := v.Ctx
	results := ctx.Variables["step"].AsValueMap()
	within := func(id cty.Value) *hcl2.EvalContext {
		child := ctx.NewChild()
		members := map[string]cty.Value{"id": id}
		maps.Copy(members, results)
		child.Variables = map[string]cty.Value{"step": cty.ObjectVal(members)}
		return child
	}
	unknown := within(cty.UnknownVal(cty.String).RefineNotNull())
	if !inst.IsThere() || !inst.KeyKnown {
		return unknown
	}
	parts := []string{e.server.Namespace, inst.Desired.Address.Name, plan.WireKey(inst.Desired.Key), inst.Observed.ActorID, d.Address.Relative()}
	var sources []value.Source
	again := &instances.Reader{Frame: v.Frame, Ctx: within(cty.StringVal("")), Attributes: v.Attributes}
	if draft := (&plan.Step{Spec: s.Spec(again)}); draft.Policy() == plan.RunOnChange {
		_, payload := draft.Sends()
		sources = value.Sources(payload)
		encoded, err := value.Encode(payload)
		if err != nil {
			return within(value.WithSources(cty.UnknownVal(cty.String), sources, value.IsUnkept(payload)))
		}
		parts = append(parts, string(encoded))
	}
	name, err := json.Marshal(parts)
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	d.ID = uuid.NewSHA1(stepNamespace, name).String()
	id := cty.StringVal(d.ID)
	for _, w := range sources {
		id = id.Mark(w)
	}
	return within(id)
}
