package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

func (e *Evaluation) evaluateInstanceSteps(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	inst.desired.Steps = make([]*plan.DesiredStep, 0, len(a.steps))
	var diags hcl2.Diagnostics
	for _, s := range a.steps {
		rounds, more := e.evaluateStep(inst, s, nil)
		diags = append(diags, more...)
		inst.desired.Steps = append(inst.desired.Steps, rounds...) // later steps look for them there
		for _, d := range rounds {
			if a.keeps(s) {
				e.recall(inst, d)
			}
		}
	}
	return append(diags, e.evaluatePostconditions(inst)...)
}

func (e *Evaluation) evaluatePostconditions(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	if len(a.postconds) == 0 {
		return nil
	}
	variables := inst.names(a.postconditions)
	if a.postconditions.mentions("step") {
		variables = with(variables, "step", inst.stepResults(a.steps))
	}
	f, ctx := e.enter(inst, a.postconditions, variables)
	var diags hcl2.Diagnostics
	inst.desired.Postconditions, diags = f.assertions(a.postconds, ctx)
	return diags
}

// evaluateStep evaluates a step on an actor, once for each of its rounds, or only the one with the given key.
func (e *Evaluation) evaluateStep(inst *instance, s *step, only *address.InstanceKey) ([]*plan.DesiredStep, hcl2.Diagnostics) {
	rounds, known, diags := e.rounds(inst, s)
	var steps []*plan.DesiredStep
	for _, round := range rounds {
		if only != nil && round.key != *only {
			continue
		}
		evaluated, more := e.evaluateRound(inst, s, round)
		diags = append(diags, more...)
		if known {
			steps = append(steps, evaluated)
		}
	}
	return steps, diags
}

// rounds expands the repetition of a step.
func (e *Evaluation) rounds(inst *instance, s *step) (rounds []iteration, known bool, diags hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.expansion, inst.stepNames(s, s.expansion, iteration{}))
	return f.expand(s.repetition, ctx)
}

// stepNames returns what stands for an instance, and for a round of a step, in a group of the step's expressions.
func (i *instance) stepNames(s *step, g *group, round iteration) map[string]cty.Value {
	variables := i.names(g)
	for name, value := range round.names(g) {
		variables = with(variables, name, value)
	}
	if g.mentions("step") {
		variables = with(variables, "step", i.stepResults(s.earlier))
	}
	return variables
}

func (e *Evaluation) evaluateRound(inst *instance, s *step, round iteration) (*plan.DesiredStep, hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.body, inst.stepNames(s, s.body, round))
	d := &plan.DesiredStep{
		Address:   inst.desired.Address.Step(s.kind, s.label, round.key),
		Reads:     s.reads,
		ReadState: s.readState,
	}
	r := &reader{frame: f, ctx: ctx, attributes: s.attributes}
	d.Settings = r.stepSettings(s, inst.actor().keeps(s))
	if s.body.mentions("step") {
		r.ctx = e.withStepID(inst, s, d, r)
	}
	r.fill(s, d)
	d.OnlyIf, d.Unless, d.GuardIsLive = r.guard("only_if"), r.guard("unless"), s.guardIsLive()
	d.Triggers, d.Expect = lasting(r.payload("triggers")), r.payload("expect")
	for _, w := range s.awaits {
		timeouts := &reader{frame: f, ctx: r.ctx, attributes: map[string]*expression{"timeout": w.timeout}}
		d.Awaits = append(d.Awaits, &plan.Await{Event: w.event, Range: w.rng, Timeout: timeouts.duration("timeout")})
		r.diags = append(r.diags, timeouts.diags...)
	}
	return d, r.diags
}

// fill evaluates what is special to a kind of step.
func (r *reader) fill(s *step, d *plan.DesiredStep) {
	switch s.kind {
	case address.StepAction:
		d.Call = r.name("call", s.label)
		d.Args = r.args("args", cty.EmptyTupleVal)
	case address.StepEnsure:
		d.Fact = &plan.Fact{Value: r.payload("value"), Want: r.payload("want"), Exact: choose(r, "match", "subset", "exact") == "exact"}
		d.Call = r.name("call", s.label)
		d.Args = r.args("args", argsOf(d.Fact))
	case address.StepMessage:
		d.Call = r.name("queue", s.label)
		d.Args = cty.TupleVal([]cty.Value{orNull(r.payload("body"))})
	case address.StepRequest:
		r.fillRequest(d)
	case address.StepExpect:
		d.Args = cty.EmptyTupleVal
		d.Fact = &plan.Fact{Value: r.payload("value"), Want: r.payload("want"), Condition: r.guard("condition")}
		if ex := s.attributes["error_message"]; ex != nil {
			text, diags := r.frame.message(ex, r.ctx)
			d.Fact.Message, r.diags = text, append(r.diags, diags...)
		}
	}
}

// argsOf is what an ensure calls its action with, unless it says otherwise.
func argsOf(f *plan.Fact) cty.Value {
	if f.Want == cty.NilVal {
		return cty.DynamicVal
	}
	return cty.TupleVal([]cty.Value{f.Want})
}

func orNull(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

// methods are those that reach an actor: OPTIONS is answered before it.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func (r *reader) fillRequest(d *plan.DesiredStep) {
	d.Call = choose(r, "method", methods...)
	request := map[string]cty.Value{"path": orNull(r.path("path"))}
	if headers := r.convert("headers", cty.Map(cty.String), cty.DynamicVal); headers != cty.NilVal {
		request["headers"] = headers
	}
	if body := r.payload("json"); body != cty.NilVal {
		r.diags = append(r.diags, checkJSON("json", body, r.attributes["json"], r.ctx)...)
		request["json"] = body
	}
	if body := r.convert("body", cty.String, cty.UnknownVal(cty.String)); body != cty.NilVal {
		request["body"] = body
	}
	d.Args = cty.TupleVal([]cty.Value{cty.ObjectVal(request)})
}

// stepResults returns the results of steps by label, as far as they are known. Those of a repeated step are in an object
// by key.
func (i *instance) stepResults(steps []*step) cty.Value {
	results := map[string]cty.Value{}
	for _, s := range steps {
		if s.hasResult() {
			results[s.label] = i.stepResult(s)
		}
	}
	return cty.ObjectVal(results)
}

func (i *instance) stepResult(s *step) cty.Value {
	if s.repetition.repeats() {
		return i.roundResults(s)
	}
	return outputObject(i.results[i.desired.Address.Step(s.kind, s.label, address.InstanceKey{}).Relative()])
}

// roundResults returns the results of all rounds of a step.
func (i *instance) roundResults(s *step) cty.Value {
	results := map[string]cty.Value{}
	for _, d := range i.desired.Steps {
		if d.Address.Label == s.label {
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
