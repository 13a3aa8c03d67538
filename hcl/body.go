package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// enter returns where a group of an instance's expressions is evaluated, with these variables. The instance refers to what
// the group names from then on.
func (e *Evaluation) enter(inst *instance, g *group, variables map[string]cty.Value) (*frame, *hcl2.EvalContext) {
	f := e.frame(inst.block.scope, g)
	ctx, deps := f.instance(variables)
	inst.refersTo.add(deps)
	return f, ctx
}

// evaluateBody evaluates how an actor is made and talked to, and what it is asked.
func (e *Evaluation) evaluateBody(inst *instance) hcl2.Diagnostics {
	diags := e.expandInstance(inst)
	a, d := inst.actor(), inst.desired
	f, ctx := e.enter(inst, a.body, inst.names(a.body))
	var more hcl2.Diagnostics
	d.Input, more = f.payload("input", a.input, ctx)
	diags = append(diags, more...)
	if a.input != nil {
		diags = append(diags, checkEphemeral("input", d.Input, a.input, ctx)...)
	}
	d.Params, more = f.payload("params", a.params, ctx)
	diags = append(diags, more...)
	d.Triggers, more = f.payload("replace_triggered_by", a.triggers, ctx)
	d.Triggers = lasting(d.Triggers)
	diags = append(diags, more...)
	d.Settings, more = f.actorSettings(a, ctx)
	diags = append(diags, more...)
	inst.described = !diags.HasErrors()
	e.decideReplacement(inst)
	diags = append(diags, e.evaluateReads(inst)...)
	diags = append(diags, e.checkPreconditions(inst)...)
	inst.forget()
	return diags
}

// decideReplacement asks once whether another actor takes the place of one, as soon as both it and its declaration are known.
func (e *Evaluation) decideReplacement(inst *instance) {
	if e.server.Replaces == nil || inst.decided || !inst.described || !inst.observed.Exists || inst.block.actor.kind != address.KindActor {
		return
	}
	inst.decided = true
	inst.replaced = e.server.Replaces(inst.desired, inst.observed)
	inst.forget()
}

// payload evaluates something that is sent to an actor. An absent expression is cty.NilVal.
func (f *frame) payload(what string, ex *expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if ex == nil {
		return cty.NilVal, nil
	}
	return f.value(ex, ctx, func(v cty.Value) hcl2.Diagnostics { return checkPayload(what, v, ex, ctx) })
}

func (e *Evaluation) checkPreconditions(inst *instance) hcl2.Diagnostics {
	a := inst.actor()
	if len(a.preconds) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.preconditions, inst.names(a.preconditions))
	return f.require(a.preconds, ctx, "Precondition not met", func(*condition) string {
		return fmt.Sprintf("This is a precondition of %s.", inst.desired.Address)
	})
}

// evaluateReads evaluates what an actor is to be asked: all of its reads, to find what is wrong, but only those that some
// expression names are desired.
func (e *Evaluation) evaluateReads(inst *instance) hcl2.Diagnostics {
	a, d := inst.actor(), inst.desired
	d.ReadState, d.ReadAfter, d.Reads = a.wanted.state, a.wanted.shared, nil
	if len(a.reads) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.asking, inst.names(a.asking))
	var diags hcl2.Diagnostics
	for _, r := range a.reads {
		evaluated, more := f.read(r, ctx)
		diags = append(diags, more...)
		if a.wanted.read(r.label) {
			d.Reads = append(d.Reads, evaluated)
		}
	}
	return diags
}

func (f *frame) read(r *read, ctx *hcl2.EvalContext) (*plan.DesiredRead, hcl2.Diagnostics) {
	rd := &reader{frame: f, ctx: ctx, attributes: r.attributes}
	d := &plan.DesiredRead{Label: r.label, Range: r.rng, Timeout: rd.duration("timeout")}
	if path := r.attributes["path"]; path != nil {
		d.Path = rd.path("path")
		return d, rd.diags
	}
	d.Action = rd.name("action", r.label)
	d.Args = rd.args("args", cty.EmptyTupleVal)
	return d, rd.diags
}
