package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/expr"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// evaluateBody evaluates how an actor is made and talked to, and what it is asked.
func (e *Evaluation) evaluateBody(inst *instances.Instance) hcl2.Diagnostics {
	diags := e.ofFarewell(e.expandInstance(inst))
	a, d := inst.Actor(), inst.Desired
	f, ctx := e.enter(inst, a.BodyScope, inst.Names(a.BodyScope))
	v := &instances.Reader{Frame: f, Ctx: ctx, Unknown: instances.IngredientsOf("key", inst.KeyMaking)}
	var more hcl2.Diagnostics
	if !e.stays(d.Input) {
		diags = append(diags, e.evaluateInput(d, a, f, ctx)...)
	}
	d.Params, more = f.Payload("params", a.Params, ctx)
	diags = append(diags, e.ofSeeding(more)...)
	if a.Triggers != nil && !e.stays(d.Triggers) {
		d.Triggers, more = f.Value(a.Triggers, ctx, nil)
		diags = append(append(diags, e.ofSeeding(more)...), f.CheckEphemeral("replace_triggered_by", d.Triggers, a.Triggers, ctx)...)
		d.Triggers = instances.Lasting(d.Triggers)
	}
	v.Note("input", a.Input, d.Input)
	v.Note("params", a.Params, d.Params)
	v.Note("replace_triggered_by", a.Triggers, d.Triggers)
	d.Making = instances.Assembled(v.Unknown, *inst.Round)
	d.Settings, more = f.ActorSettings(a, ctx)
	diags = append(diags, more...)
	inst.Described = !diags.HasErrors()
	e.decideReplacement(inst)
	diags = append(diags, e.ofSeeding(e.evaluateReads(inst))...)
	diags = append(diags, e.ofSeeding(e.checkPreconditions(inst))...)
	inst.Forget()
	e.discard(inst)
	return diags
}

// stays reports whether something is known of how an actor is made that is not evaluated again.
func (e *Evaluation) stays(v cty.Value) bool { return e.steady && v != cty.NilVal && value.IsKnown(v) }

func (e *Evaluation) evaluateInput(d *plan.Desired, a *declare.Actor, f *instances.Frame, ctx *hcl2.EvalContext) (diags hcl2.Diagnostics) {
	d.Input, diags = f.Payload("input", a.Input, ctx)
	diags = e.ofSeeding(diags)
	if value.IsUndefined(d.Input) {
		d.Input = cty.NilVal // no actor can tell the two apart
		return diags
	}
	return append(diags, f.CheckEphemeral("input", d.Input, a.Input, ctx)...)
}

// discard drops what is kept of an actor for a plan alone.
func (e *Evaluation) discard(inst *instances.Instance) {
	a, d := inst.Actor(), inst.Desired
	if !e.common.OnlyCheck || a.Kind != address.KindActor {
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
func (e *Evaluation) decideReplacement(inst *instances.Instance) {
	if inst.Decided || !inst.Described || !inst.Observed.Exists || inst.Block.Actor.Kind != address.KindActor {
		return
	}
	inst.Decided = true
	inst.Replaced = e.server.Replaces != nil && e.server.Replaces(inst.Desired, *inst.Observed)
	if e.server.Original != nil && inst.Actor().Used.Input {
		inst.Original = e.server.Original(inst.Desired, *inst.Observed, inst.Replaced)
		inst.Desired.InputLost = inst.Original != nil && !value.IsKnown(*inst.Original)
	}
	inst.Forget()
	if inst.Replaced && inst.Actor().BodyScope.Mentions(expr.FirstApplied) {
		_ = e.evaluateBody(inst) // as it was about the actor that goes; what is wrong was said
	}
}

func (e *Evaluation) checkPreconditions(inst *instances.Instance) hcl2.Diagnostics {
	a := inst.Actor()
	if len(a.Preconditions) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.PreconditionsScope, inst.Names(a.PreconditionsScope))
	decided, diags := f.Require(a.Preconditions, ctx, "Precondition not met", func(*declare.Condition) string {
		return fmt.Sprintf("This is a precondition of %s.", inst.Desired.Address)
	})
	inst.Desired.Undecided = !decided
	return diags
}

// evaluateReads evaluates what an actor is to be asked: all of its reads, to find what is wrong, but only those that some
// expression names are desired.
func (e *Evaluation) evaluateReads(inst *instances.Instance) hcl2.Diagnostics {
	a, d := inst.Actor(), inst.Desired
	d.ReadState, d.ReadAfter, d.Reads = a.Used.State, a.Used.Shared, nil
	if len(a.Reads) == 0 {
		return nil
	}
	f, ctx := e.enter(inst, a.ReadsScope, inst.Names(a.ReadsScope))
	var diags hcl2.Diagnostics
	for _, r := range a.Reads {
		evaluated, more := read(f, r, ctx)
		diags = append(diags, more...)
		if a.Used.Read(r.Label) {
			d.Reads = append(d.Reads, evaluated)
		}
	}
	return diags
}

func read(f *instances.Frame, r *declare.Read, ctx *hcl2.EvalContext) (*plan.DesiredRead, hcl2.Diagnostics) {
	v := &instances.Reader{Frame: f, Ctx: ctx, Attributes: r.Attributes}
	d := &plan.DesiredRead{Label: r.Label, Range: r.Range}
	r.Fill(d, v)
	d.Making = instances.Assembled(v.Unknown)
	return d, v.Diags
}
