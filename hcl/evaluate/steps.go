package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
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
			if a.KeepsResult(s) {
				e.recall(inst, d)
			}
		}
	}
	return append(diags, e.evaluatePostconditions(inst)...)
}

func (e *Evaluation) evaluatePostconditions(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	if len(a.Postconditions) == 0 {
		return nil
	}
	variables := inst.names(a.PostconditionsScope)
	if a.PostconditionsScope.Mentions("step") {
		variables = with(variables, "step", inst.stepResults(a.Steps))
	}
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
		if known {
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

// stepNames returns what stands for an instance, and for a round of a step, in a group of the step's expressions.
func (i *instance) stepNames(s *declare.Step, g *declare.Scope, round iteration) map[string]cty.Value {
	variables := i.names(g)
	for name, value := range round.names(g) {
		variables = with(variables, name, value)
	}
	if g.Mentions("step") {
		variables = with(variables, "step", i.stepResults(s.Earlier))
	}
	return variables
}

func (e *Evaluation) evaluateRound(inst *instance, s *declare.Step, round iteration) (*plan.Step, hcl2.Diagnostics) {
	f, ctx := e.enter(inst, s.BodyScope, inst.stepNames(s, s.BodyScope, round))
	r := &evaluator{frame: f, ctx: ctx, attributes: s.Attributes}
	terms := r.stepTerms(s, inst.actor().KeepsResult(s))
	d := &plan.Step{
		Address:   inst.desired.Address.Step(s.Kind, s.Label, round.key),
		Reads:     s.Reads,
		ReadState: s.ReadState,
		Settings:  terms.settings,
	}
	if s.BodyScope.Mentions("step") {
		r.ctx = e.withStepID(inst, s, d, r, terms)
	}
	d.Spec = r.spec(s, terms)
	for _, w := range s.Awaits {
		timeouts := &evaluator{frame: f, ctx: r.ctx, attributes: map[string]*declare.Expression{"timeout": w.Timeout}}
		d.Awaits = append(d.Awaits, &plan.Await{Event: w.Event, Range: w.Range, Timeout: timeouts.duration("timeout")})
		r.diags = append(r.diags, timeouts.diags...)
	}
	return d, r.diags
}

// spec evaluates what is special to a kind of step.
func (r *evaluator) spec(s *declare.Step, terms *stepTerms) plan.Spec {
	switch s.Kind {
	case address.StepAction:
		return &plan.Action{Call: r.call(s, terms), Name: r.name("call", s.Label), Args: r.args("args", cty.EmptyTupleVal)}
	case address.StepEnsure:
		want := r.payload("want")
		return &plan.Ensure{
			Value: r.payload("value"), Want: want, Exact: choose(r, "match", "subset", "exact") == "exact",
			Action: r.name("call", s.Label), Args: r.args("args", argsOf(want)),
		}
	case address.StepMessage:
		return &plan.Message{Call: r.call(s, terms), Queue: r.name("queue", s.Label), Body: orNull(r.payload("body")), Wait: terms.wait}
	case address.StepRequest:
		return r.request(s, terms)
	case address.StepExpect:
		return &plan.Expect{
			Value: r.payload("value"), Want: r.payload("want"), Condition: r.guard("condition"),
			Message: r.message("error_message"), Interval: terms.interval,
		}
	}
	panic(fmt.Sprintf("hcl: nobody knows steps of kind %s", s.Kind))
}

// moduleBlock reads what actions, messages and requests have alike.
func (r *evaluator) call(s *declare.Step, terms *stepTerms) plan.Call {
	call := terms.call
	call.OnlyIf, call.Unless, call.GuardIsLive = r.guard("only_if"), r.guard("unless"), s.GuardIsLive()
	call.Triggers, call.Expect = lasting(r.payload("triggers")), r.payload("expect")
	return call
}

// argsOf is what an ensure calls its action with, unless it says otherwise.
func argsOf(want cty.Value) cty.Value {
	if want == cty.NilVal {
		return cty.DynamicVal
	}
	return cty.TupleVal([]cty.Value{want})
}

func orNull(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

// methods are those that reach an actor: OPTIONS is answered before it.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func (r *evaluator) request(s *declare.Step, terms *stepTerms) *plan.Request {
	request := &plan.Request{
		Call: r.call(s, terms), Method: choose(r, "method", methods...), Status: terms.status,
		Path: orNull(r.path("path")), Headers: r.convert("headers", cty.Map(cty.String), cty.DynamicVal),
		JSON: r.payload("json"), Body: r.convert("body", cty.String, cty.UnknownVal(cty.String)),
	}
	if request.JSON != cty.NilVal {
		r.diags = append(r.diags, checkJSON("json", request.JSON, r.attributes["json"], r.ctx)...)
	}
	return request
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
