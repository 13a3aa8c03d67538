package evaluate

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

func (e *Evaluation) evaluateInstanceSteps(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	inst.desired.Steps = make([]*plan.Step, 0, len(a.Steps))
	var diags hcl2.Diagnostics
	for _, s := range a.Steps {
		rounds, more := e.evaluateStep(inst, s, nil)
		diags = append(diags, more...)
		inst.desired.Steps = append(inst.desired.Steps, rounds...) // later steps look for them there
		for _, d := range rounds {
			if a.KeepsResult(s) && !d.Deferred {
				e.keepResult(inst, d)
			}
		}
	}
	diags = append(diags, e.evaluatePostconditions(inst)...)
	e.discard(inst)
	return diags
}

// keepResult takes the result of a step that an earlier run made, unless it will be made again, or what stands for that of one
// that is not made at all.
func (e *Evaluation) keepResult(inst *instance, s *plan.Step) {
	if e.server.Result == nil || !inst.seen && !inst.isThere() {
		return
	}
	var observed plan.Observed // of an actor that is yet to be made
	if inst.isThere() {
		observed = *inst.observed
	}
	if result := e.server.Result(inst.desired, s, observed); result != cty.NilVal {
		inst.keep(s.Address, result)
	}
}

func (e *Evaluation) evaluatePostconditions(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	if len(a.Postconditions) == 0 {
		return nil
	}
	variables := inst.names(a.PostconditionsScope)
	variables = inst.withResults(variables, a.PostconditionsScope, a.Steps)
	f, ctx := e.enter(inst, a.PostconditionsScope, variables)
	var diags hcl2.Diagnostics
	inst.desired.Postconditions, diags = f.assertions(a.Postconditions, ctx)
	return diags
}

// evaluateStep evaluates a step on an actor, once for each of its rounds, or only the one with the given key.
func (e *Evaluation) evaluateStep(inst *instance, s *declare.Step, only *address.InstanceKey) ([]*plan.Step, hcl2.Diagnostics) {
	rounds, known, diags := e.rounds(inst, s)
	var steps []*plan.Step
	for _, round := range rounds {
		if only != nil && round.key != *only {
			continue
		}
		evaluated, more := e.evaluateRound(inst, s, round)
		diags = append(diags, more...)
		evaluated.Deferred = !known
		if known || !e.values.Lenient {
			steps = append(steps, evaluated)
		}
	}
	return steps, diags
}

// rounds expands the repetition of a step.
func (e *Evaluation) rounds(inst *instance, s *declare.Step) (rounds []iteration, known bool, diags hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.ExpansionScope, inst.stepNames(s, s.ExpansionScope, iteration{}))
	return f.expand(s.Repetition, ctx)
}

// stepNames returns what stands for an instance, and for a round of a step, in a scope.
func (i *instance) stepNames(s *declare.Step, g *declare.Scope, round iteration) map[string]cty.Value {
	variables := i.names(g)
	for name, value := range round.namesIn(g) {
		variables = with(variables, name, value)
	}
	return i.withResults(variables, g, s.Earlier)
}

// withResults returns variables with the results of steps, if a scope names any: by label, and by kind and label.
func (i *instance) withResults(variables map[string]cty.Value, g *declare.Scope, steps []*declare.Step) map[string]cty.Value {
	if !g.Mentions("step") {
		return variables
	}
	variables = with(variables, "step", i.stepResults(steps))
	for _, kind := range g.StepKinds() {
		of := slices.DeleteFunc(slices.Clone(steps), func(s *declare.Step) bool { return s.Kind != kind })
		variables[string(kind)] = i.stepResults(of)
	}
	return variables
}

func (e *Evaluation) evaluateRound(inst *instance, s *declare.Step, round iteration) (*plan.Step, hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.BodyScope, inst.stepNames(s, s.BodyScope, round))
	v := &evaluator{frame: f, ctx: ctx, attributes: s.Attributes}
	d := &plan.Step{
		Address:   inst.desired.Address.Step(s.Kind, s.Label, round.key),
		Reads:     s.Reads,
		ReadState: s.ReadState,
		Settings:  v.stepSettings(s, inst.actor().KeepsResult(s)),
	}
	if s.BodyScope.Mentions("step") {
		v.ctx = e.withStepID(inst, s, d, v)
	}
	d.Spec = s.Spec(v)
	var diags hcl2.Diagnostics
	d.Params, diags = f.payload("params", s.Params, v.ctx)
	v.diags = append(v.diags, diags...)
	v.note("params", s.Params, d.Params)
	d.Making = inst.stepMaking(s, v.unknown, round)
	for _, w := range s.Awaits {
		await := &plan.Await{Event: w.Event, Range: w.Range, Making: e.awaited(inst, s, w, round)}
		of := &evaluator{frame: f, ctx: v.ctx, attributes: w.Attributes}
		w.Fill(await, of)
		d.Awaits, v.diags = append(d.Awaits, await), append(v.diags, of.diags...)
	}
	return d, v.diags
}

// awaited says for which event a step waits; nil where it is any of that name.
func (e *Evaluation) awaited(inst *instance, s *declare.Step, w *declare.Await, round iteration) *value.Making {
	if w.Condition == nil || e.values.Lenient {
		return nil
	}
	f, ctx := e.enter(inst, w.Scope, inst.stepNames(s, w.Scope, round))
	_, _ = f.noting(w.Condition, ctx) // the event is not known yet
	return f.described(w.Condition, ctx)
}

// stepResults returns the results of steps by label, as far as they are known. Those of a repeated step are in an object
// by key.
func (i *instance) stepResults(steps []*declare.Step) cty.Value {
	results := map[string]cty.Value{}
	for _, s := range steps {
		if s.HasResult() {
			results[s.Label] = i.stepResult(s)
		}
	}
	return cty.ObjectVal(results)
}

func (i *instance) stepResult(s *declare.Step) cty.Value {
	if s.Repetition.Repeats() {
		return i.roundResults(s)
	}
	return outputObject(i.results[i.desired.Address.Step(s.Kind, s.Label, address.InstanceKey{}).Relative()])
}

// roundResults returns the results of all rounds of a step.
func (i *instance) roundResults(s *declare.Step) cty.Value {
	results := map[string]cty.Value{}
	for _, d := range i.desired.Steps {
		if d.Address.Label == s.Label && d.Deferred {
			return cty.DynamicVal
		}
		if d.Address.Label == s.Label {
			results[indexText(d.Address.Key)] = outputObject(i.results[d.Address.Relative()])
		}
	}
	return cty.ObjectVal(results)
}

func outputObject(output cty.Value) cty.Value {
	if output == cty.NilVal {
		output = cty.DynamicVal
	}
	return cty.ObjectVal(map[string]cty.Value{"output": output})
}

// stepNamespace is the UUID that the ids of all steps are derived from.
var stepNamespace = uuid.MustParse("5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d11")

// withStepID adds step.id to a context, and to the step. Where the id depends on the arguments, they are evaluated with an empty id first,
// as they may contain it.
func (e *Evaluation) withStepID(inst *instance, s *declare.Step, d *plan.Step, v *evaluator) *hcl2.EvalContext {
	ctx := v.ctx
	results := ctx.Variables["step"].AsValueMap()
	within := func(id cty.Value) *hcl2.EvalContext {
		child := ctx.NewChild()
		members := map[string]cty.Value{"id": id}
		maps.Copy(members, results)
		child.Variables = map[string]cty.Value{"step": cty.ObjectVal(members)}
		return child
	}
	unknown := within(cty.UnknownVal(cty.String).RefineNotNull())
	if !inst.isThere() || !inst.keyKnown {
		return unknown
	}
	parts := []string{e.server.Namespace, inst.desired.Address.Name, plan.WireKey(inst.desired.Key), inst.observed.ActorID, d.Address.Relative()}
	var sources []value.Source
	again := &evaluator{frame: v.frame, ctx: within(cty.StringVal("")), attributes: v.attributes}
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
