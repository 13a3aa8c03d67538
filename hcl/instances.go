package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// identityStage expands an actor block to its instances and evaluates their keys, so that the server can be asked.
func identityStage(a *actor) *stage {
	return &stage{groups: []*group{a.expansion, a.identity}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		b := &block{actor: a, scope: s}
		s.blocks[a.address()] = b
		e.blocks = append(e.blocks, b)
		f := e.frame(s, a.expansion)
		rounds, known, diags := a.repetition.expand(f, f.ctx)
		b.open = !known || diags.HasErrors()
		b.byKey = make(map[plan.InstanceKey]*instance, len(rounds))
		for _, round := range rounds {
			diags = append(diags, e.addInstance(b, round)...)
		}
		return diags
	}}
}

func (e *Evaluation) addInstance(b *block, round iteration) hcl2.Diagnostics {
	address := b.address()
	address.Key = round.key
	inst := &instance{block: b, round: round, desired: &plan.Desired{Address: address}}
	diags := e.evaluateKey(inst)
	if b.open {
		b.example = inst
		return diags
	}
	b.instances = append(b.instances, inst)
	b.byKey[round.key] = inst
	e.byAddress[address] = inst
	if inst.keyKnown {
		diags = append(diags, e.claim(inst)...)
	}
	return diags
}

// claim reports an instance that has the name and key of another one.
func (e *Evaluation) claim(inst *instance) hcl2.Diagnostics {
	id := inst.desired.Address.Name + "\x00" + wireKey(inst.desired.Key)
	first, ok := e.byKey[id]
	if !ok {
		e.byKey[id] = inst
		return nil
	}
	a := inst.block.actor
	return hcl2.Diagnostics{problem("Duplicate actor", fmt.Sprintf(
		"%s and %s (%s) both declare the actor %q with the key %s. Name and key tell actors apart, so one of the two needs another key.",
		inst.desired.Address, first.desired.Address, place(first.block.actor.key.Range()), a.name, spellKey(inst.desired.Key),
	), a.key.Range())}
}

func (e *Evaluation) evaluateKey(inst *instance) hcl2.Diagnostics {
	a := inst.block.actor
	if a.key == nil {
		return nil
	}
	f := e.frame(inst.block.scope, a.identity)
	ctx, deps := f.instance(inst.round.variables)
	inst.refersTo.add(deps)
	v, diags := f.value(a.key, ctx, nil)
	if diags.HasErrors() {
		return diags
	}
	key, known, more := keyFrom(v, a.key, ctx)
	inst.desired.Key, inst.keyKnown = key, known
	return append(diags, more...)
}

// contentStage evaluates what the instances of an actor block are to be made of, and their steps.
func contentStage(a *actor) *stage {
	s := &stage{groups: []*group{a.content}}
	for _, st := range a.steps {
		s.groups = append(s.groups, st.expansion, st.body)
	}
	s.evaluate = func(e *Evaluation, s *scope) hcl2.Diagnostics {
		var diags hcl2.Diagnostics
		b := s.blocks[a.address()]
		for _, inst := range b.instances {
			diags = append(diags, e.evaluateContent(inst)...)
		}
		diags = append(diags, e.addDependencies(b)...)
		if b.example != nil {
			diags = append(diags, e.evaluateContent(b.example)...)
		}
		return diags
	}
	return s
}

func (e *Evaluation) evaluateContent(inst *instance) hcl2.Diagnostics {
	a, d := inst.block.actor, inst.desired
	f := e.frame(inst.block.scope, a.content)
	ctx, deps := f.instance(inst.round.variables)
	inst.refersTo.add(deps)
	var diags hcl2.Diagnostics
	d.Input, diags = f.payload("input", a.input, ctx)
	var more hcl2.Diagnostics
	d.Params, more = f.payload("params", a.params, ctx)
	diags = append(diags, more...)
	d.Settings, more = f.actorSettings(a, ctx)
	diags = append(diags, more...)
	d.Steps = make([]*plan.DesiredStep, 0, len(a.steps))
	for _, st := range a.steps {
		steps, more := e.evaluateStep(inst, st, nil)
		d.Steps = append(d.Steps, steps...)
		diags = append(diags, more...)
	}
	inst.forget()
	return diags
}

// payload evaluates something that is sent to an actor. An absent expression is cty.NilVal.
func (f *frame) payload(what string, ex *expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if ex == nil {
		return cty.NilVal, nil
	}
	return f.value(ex, ctx, func(v cty.Value) hcl2.Diagnostics { return checkPayload(what, v, ex, ctx) })
}
