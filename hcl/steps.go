package hcl

import (
	"encoding/json"
	"fmt"
	"maps"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/funcs"
	"riveter/plan"
)

// evaluateStep evaluates a step on an actor, once for each of its rounds, or only the one with the given key.
func (e *Evaluation) evaluateStep(inst *instance, s *step, only *plan.InstanceKey) ([]*plan.DesiredStep, hcl2.Diagnostics) {
	f := e.frame(inst.block.scope, s.expansion)
	ctx, deps := f.instance(inst.names(s.expansion))
	inst.refersTo.add(deps)
	rounds, known, diags := s.repetition.expand(f, ctx)
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

func (e *Evaluation) evaluateRound(inst *instance, s *step, round iteration) (*plan.DesiredStep, hcl2.Diagnostics) {
	f := e.frame(inst.block.scope, s.body)
	d := &plan.DesiredStep{Address: inst.desired.Address.Step(s.kind, s.label, round.key)}
	names := inst.names(s.body)
	if round.variables != nil {
		names = maps.Clone(names)
		if names == nil {
			names = map[string]cty.Value{}
		}
		maps.Copy(names, round.variables)
	}
	ctx, deps := f.instance(names)
	inst.refersTo.add(deps)
	var diags hcl2.Diagnostics
	d.Settings, diags = f.stepSettings(s, ctx)
	call, more := f.callName(s, ctx)
	d.Call = call
	diags = append(diags, more...)
	if s.body.mentions("step") {
		ctx = e.withStepID(inst, s, d, f, ctx)
	}
	d.Args, more = f.args(s, ctx)
	return d, append(diags, more...)
}

// names returns what stands for the instance itself in a group of expressions.
func (i *instance) names(g *group) map[string]cty.Value {
	if !g.mentions("self") {
		return i.round.variables
	}
	names := maps.Clone(i.round.variables)
	if names == nil {
		names = map[string]cty.Value{}
	}
	names["self"] = i.object()
	return names
}

// callName returns the name of the action that a step calls.
func (f *frame) callName(s *step, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	if s.call == nil {
		return s.label, nil
	}
	v, diags := f.value(s.call, ctx, nil)
	if diags.HasErrors() {
		return "", diags
	}
	v, marks := v.Unmark()
	name, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || name.IsNull() || len(marks) > 0:
		return "", append(diags, problemIn("Invalid name of an action", "\"call\" is the name of an action: a string that is not sensitive.", s.call, ctx))
	case !name.IsKnown():
		return "", append(diags, problemIn("Invalid name of an action", "\"call\" depends on what is only known after apply. A plan must say what it calls.", s.call, ctx))
	case name.AsString() == "":
		return "", append(diags, problemIn("Invalid name of an action", "\"call\" is empty. Leave it out to call the action that the step is named after.", s.call, ctx))
	}
	return name.AsString(), diags
}

// args returns a step's arguments as a tuple.
func (f *frame) args(s *step, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := f.payload("args", s.args, ctx)
	if v == cty.NilVal {
		return cty.EmptyTupleVal, diags
	}
	args, ok := tuple(v)
	if !ok {
		diags = append(diags, problemIn("Invalid arguments", fmt.Sprintf(
			"\"args\" is the list of all arguments, not %s. For a single argument, put it into brackets: args = [ ... ].", withArticle(v.Type()),
		), s.args, ctx))
		return cty.DynamicVal, diags
	}
	return args, diags
}

// tuple makes a tuple of a list, set or tuple, with its marks, and reports whether v is one. Null is the empty one.
func tuple(v cty.Value) (cty.Value, bool) {
	v, marks := v.Unmark()
	t := v.Type()
	switch {
	case !v.IsKnown():
		return cty.DynamicVal.WithMarks(marks), t == cty.DynamicPseudoType || t.IsTupleType() || t.IsListType() || t.IsSetType()
	case v.IsNull():
		return cty.EmptyTupleVal, true
	case t.IsTupleType():
		return v.WithMarks(marks), true
	case t.IsListType() || t.IsSetType():
		return cty.TupleVal(v.AsValueSlice()).WithMarks(marks), true
	default:
		return cty.DynamicVal, false
	}
}

// withStepID adds the name "step" to a context. Where the id depends on the arguments, they are evaluated with an empty
// id first, as they may contain it.
func (e *Evaluation) withStepID(inst *instance, s *step, d *plan.DesiredStep, f *frame, ctx *hcl2.EvalContext) *hcl2.EvalContext {
	within := func(id cty.Value) *hcl2.EvalContext {
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{"step": cty.ObjectVal(map[string]cty.Value{"id": id})}
		return child
	}
	unknown := cty.UnknownVal(cty.String).RefineNotNull()
	if !inst.isThere() || !inst.keyKnown {
		return within(unknown)
	}
	parts := []string{e.namespace, inst.desired.Address.Name, wireKey(inst.desired.Key), inst.observed.ActorID, d.Address.Relative()}
	if d.Settings.Policy == plan.RunOnChange {
		args, _ := f.args(s, within(cty.StringVal("")))
		encoded, err := plan.EncodeValue(args)
		if err != nil {
			return within(unknown)
		}
		parts = append(parts, string(encoded))
	}
	name, err := json.Marshal(parts)
	if err != nil {
		panic(err)
	}
	return within(cty.StringVal(funcs.UUIDv5(stepNamespace, string(name))))
}

// stepNamespace is the UUID that the ids of all steps are derived from.
const stepNamespace = "5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d11"
