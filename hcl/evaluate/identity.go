package evaluate

import (
	"fmt"
	"regexp"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// identify expands an actor or data block to its instances and evaluates which actors they are, so that the server can
// be asked.
func (e *Evaluation) identify(a *declare.Actor, s *moduleInstance) hcl2.Diagnostics {
	b := &actorBlock{actor: a, module: s}
	s.blocks[a.Address()] = b
	e.blocks = append(e.blocks, b)
	e.byAddress[b.address()] = b
	f := e.frame(s, a.ExpansionScope)
	b.repeats = from{frame: f, expression: a.Repetition.ForEach, ctx: f.ctx}
	rounds, known, diags := f.expand(a.Repetition, f.ctx)
	b.failed = diags.HasErrors()
	b.open = !known || b.failed || s.isOpen()
	b.instances = make([]*instance, 0, len(rounds))
	for _, round := range rounds {
		diags = append(diags, e.addInstance(b, round)...)
	}
	if a.Kind == address.KindData {
		deps, more := e.sharedDependencies(b, []*declare.Scope{a.ExpansionScope, a.IdentityScope})
		b.dependsOn = deps
		diags = append(diags, more...)
	}
	return diags
}

func (e *Evaluation) addInstance(b *actorBlock, round iteration) hcl2.Diagnostics {
	inst := newInstance(b, round)
	diags := e.evaluateIdentity(inst)
	inst.each = nil
	if b.open {
		b.example = inst
		return diags
	}
	b.instances = append(b.instances, inst)
	return append(diags, e.claim(inst)...)
}

// claim reports a declared instance that has the name and key of another one, as soon as its key is known.
func (e *Evaluation) claim(inst *instance) hcl2.Diagnostics {
	if !inst.keyKnown || inst.block.actor.Kind != address.KindActor {
		return nil
	}
	id := inst.desired.Address.Name + "\x00" + plan.WireKey(inst.desired.Key)
	first, taken := e.byKey[id]
	if !taken || first == inst {
		e.byKey[id] = inst
		return nil
	}
	a := inst.block.actor
	return hcl2.Diagnostics{syntax.Problem("Duplicate actor", fmt.Sprintf(
		"%s and %s (%s) both declare the actor %q with the key %s. Name and key tell actors apart, so one of the two needs another key.",
		inst.desired.Address, first.desired.Address, syntax.Place(first.block.actor.Key.Range()), a.Name, payload.SpellKey(inst.desired.Key),
	), a.Key.Range())}
}

// evaluateIdentity evaluates the key of an instance, or the id by which a data block names its actor.
func (e *Evaluation) evaluateIdentity(inst *instance) hcl2.Diagnostics {
	a := inst.block.actor
	f, ctx := e.enter(inst, a.IdentityScope, inst.names(a.IdentityScope))
	var diags hcl2.Diagnostics
	prefix := e.keyPrefix
	if a.Kind == address.KindData {
		r := &evaluator{frame: f, ctx: ctx, attributes: map[string]*expr.Expression{"optional": a.Optional, "external": a.External}}
		inst.optional = r.Flag("optional")
		if r.Flag("external") {
			prefix = nil
		}
		diags = r.diags
	}
	switch {
	case a.Key != nil:
		v, more := f.value(a.Key, ctx, nil)
		inst.keyMaking = f.making(a.Key, ctx, v)
		diags = append(diags, more...)
		if !more.HasErrors() {
			inst.desired.Key, inst.keyKnown, more = payload.Key(v, prefix, a.Key, ctx)
			diags = append(diags, more...)
		}
	case a.ID != nil:
		v, more := f.value(a.ID, ctx, nil)
		inst.keyMaking = f.making(a.ID, ctx, v)
		diags = append(diags, more...)
		if !more.HasErrors() {
			inst.desired.ID, more = idFrom(v, a.ID, ctx)
			inst.keyKnown = inst.desired.ID != ""
			diags = append(diags, more...)
		}
	}
	return diags
}

// actorID is what the ids of the engine look like.
var actorID = regexp.MustCompile(`^[0-9a-z]{30}$`)

// idFrom reads the value of an actor id, which is empty while it is not known.
func idFrom(v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	v, _ = v.Unmark()
	v, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || v.IsNull():
		return "", hcl2.Diagnostics{syntax.ProblemIn("Invalid actor id", "\"id\" is the id of an actor: a string of 30 characters.", ex, ctx)}
	case !v.IsKnown():
		return "", nil
	case !actorID.MatchString(v.AsString()):
		return "", hcl2.Diagnostics{syntax.ProblemIn("Invalid actor id",
			"An actor's id has 30 characters, digits and lower-case letters. To look for an actor by its key, use \"key\".", ex, ctx)}
	}
	return v.AsString(), nil
}
