package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// enter returns where a scope is evaluated, with these variables. The instance refers to what
// the scope names from then on.
func (e *Evaluation) enter(inst *instance, g *declare.Scope, variables map[string]cty.Value) (*frame, *hcl2.EvalContext) {
	f := e.frame(inst.block.module, g)
	ctx, deps := f.instance(variables)
	inst.refersTo.add(deps)
	if g.Mentions(expr.FirstApplied) {
		ctx = e.withFirstApplied(inst, ctx)
	}
	return f, ctx
}

// evaluateBody evaluates how an actor is made and talked to, and what it is asked.
func (e *Evaluation) evaluateBody(inst *instance) hcl2.Diagnostics {
	diags := e.expandInstance(inst)
	a, d := inst.actor(), inst.desired
	f, ctx := e.enter(inst, a.BodyScope, inst.names(a.BodyScope))
	v := &evaluator{frame: f, ctx: ctx, unknown: ingredientsOf("key", inst.keyMaking)}
	var more hcl2.Diagnostics
	d.Input, more = f.payload("input", a.Input, ctx)
	if value.IsUndefined(d.Input) {
		d.Input = cty.NilVal // no actor can tell the two apart
	}
	diags = append(diags, more...)
	if d.Input != cty.NilVal {
		diags = append(diags, checkEphemeral("input", d.Input, a.Input, ctx)...)
	}
	d.Params, more = f.payload("params", a.Params, ctx)
	diags = append(diags, more...)
	if a.Triggers != nil {
		d.Triggers, more = f.value(a.Triggers, ctx, nil)
		diags = append(append(diags, more...), checkEphemeral("replace_triggered_by", d.Triggers, a.Triggers, ctx)...)
		d.Triggers = lasting(d.Triggers)
	}
	v.note("input", a.Input, d.Input)
	v.note("params", a.Params, d.Params)
	v.note("replace_triggered_by", a.Triggers, d.Triggers)
	d.Making = assembled(v.unknown, inst.round)
	d.Settings, more = f.actorSettings(a, ctx)
	diags = append(diags, more...)
	inst.described = !diags.HasErrors()
	e.decideReplacement(inst)
	diags = append(diags, e.evaluateReads(inst)...)
	diags = append(diags, e.checkPreconditions(inst)...)
	inst.forget()
	e.discard(inst)
	return diags
}

// discard drops what is kept of an actor for a plan alone.
func (e *Evaluation) discard(inst *instance) {
	a, d := inst.actor(), inst.desired
	if !e.onlyCheck || a.Kind != address.KindActor {
		return
	}
	d.Params, d.Triggers, d.Postconditions = cty.NilVal, cty.NilVal, nil
	if !a.Used.Input {
		d.Input = cty.NilVal
	}
	if !a.KeepsResults() {
		d.Steps = nil
	}
}

// decideReplacement asks once whether another actor takes the place of one, as soon as both it and its declaration are known.
func (e *Evaluation) decideReplacement(inst *instance) {
	if e.server.Replaces == nil || inst.decided || !inst.described || !inst.observed.Exists || inst.block.actor.Kind != address.KindActor {
		return
	}
	inst.decided = true
	inst.replaced = e.server.Replaces(inst.desired, *inst.observed)
	inst.forget()
	if inst.replaced && inst.actor().BodyScope.Mentions(expr.FirstApplied) {
		_ = e.evaluateBody(inst) // as it was about the actor that goes; what is wrong was said
	}
}

// payload evaluates something that is sent to an actor. An absent expression is cty.NilVal.
func (f *frame) payload(what string, ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if ex == nil {
		return cty.NilVal, nil
	}
	return f.value(ex, ctx, func(v cty.Value) hcl2.Diagnostics {
		if what == "params" {
			f.tellParams(ex, ctx)
		}
		return payload.Check(what, v, ex, ctx)
	})
}

func (e *Evaluation) checkPreconditions(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	if len(a.Preconditions) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.PreconditionsScope, inst.names(a.PreconditionsScope))
	return f.require(a.Preconditions, ctx, "Precondition not met", func(*declare.Condition) string {
		return fmt.Sprintf("This is a precondition of %s.", inst.desired.Address)
	})
}

// evaluateReads evaluates what an actor is to be asked: all of its reads, to find what is wrong, but only those that some
// expression names are desired.
func (e *Evaluation) evaluateReads(inst *instance) hcl2.Diagnostics {
	a, d := inst.actor(), inst.desired
	d.ReadState, d.ReadAfter, d.Reads = a.Used.State, a.Used.Shared, nil
	if len(a.Reads) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.ReadsScope, inst.names(a.ReadsScope))
	var diags hcl2.Diagnostics
	for _, r := range a.Reads {
		evaluated, more := f.read(r, ctx)
		diags = append(diags, more...)
		if a.Used.Read(r.Label) {
			d.Reads = append(d.Reads, evaluated)
		}
	}
	return diags
}

func (f *frame) read(r *declare.Read, ctx *hcl2.EvalContext) (*plan.DesiredRead, hcl2.Diagnostics) {
	v := &evaluator{frame: f, ctx: ctx, attributes: r.Attributes}
	d := &plan.DesiredRead{Label: r.Label, Range: r.Range}
	r.Fill(d, v)
	d.Making = assembled(v.unknown)
	return d, v.diags
}
