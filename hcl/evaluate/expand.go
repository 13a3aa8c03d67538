package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/plan"
	"riveter/plan/address"
)

// expand returns the rounds of what is declared at an address without an instance key. Where nobody makes anything any more, those that only
// an apply makes known are those that the ledger remembers: what they were made of may be gone. Data blocks have none.
func (e *Evaluation) expand(f *instances.Frame, r *declare.Repetition, at string, isData bool) ([]instances.Round, bool, hcl2.Diagnostics) {
	rounds, known, diags := f.Expand(r, f.Ctx)
	switch {
	case known || f.Lenient || !f.OnlyExisting || e.server.Recalled == nil:
		return rounds, known, diags
	case isData:
		return nil, false, nil
	}
	if e.remembered == nil {
		e.remembered = rememberedAt(e.server.Recalled)
	}
	return instances.Remembered(r, rounds, e.remembered[at]), true, nil
}

// rememberedAt returns the instance keys that the ledger knows of blocks and modules, sorted, by their addresses without them.
func rememberedAt(recalled *plan.Recalled) map[string][]address.InstanceKey {
	at := map[string][]address.InstanceKey{}
	for _, entry := range recalled.Actors {
		for whole, key := range entry.Address.Parts() {
			at[whole] = append(at[whole], key)
		}
	}
	for whole, keys := range at {
		slices.SortFunc(keys, address.InstanceKey.Compare)
		at[whole] = slices.Compact(keys)
	}
	return at
}

// expandCall expands a module block to its instances, with nothing in them evaluated yet.
func (e *Evaluation) expandCall(m *declare.ModuleCall, s *instances.Module) hcl2.Diagnostics {
	f := e.frame(s, m.Scope)
	rounds, known, diags := e.expand(f, m.Repetition, s.AddressOf(m.Address()), false)
	c := &instances.Call{Declared: m, Module: s, DependsOn: f.DependsOn}
	c.Repeats = instances.Origin{Frame: f, Expression: m.Repetition.ForEach, Ctx: f.Ctx}
	c.Failure = instances.FailureOf(diags)
	c.Open = !known || c.Failed || s.IsOpen()
	s.Calls[m.Address()] = c
	child := s.Tree.Children[m.Address()]
	if child == nil {
		return diags
	}
	if len(rounds) == 0 && !c.Failed {
		diags = append(diags, e.rehearsed(m.Range(), func(e *Evaluation) hcl2.Diagnostics { return e.rehearseCall(c, child) })...)
	}
	for _, round := range rounds {
		e.modules[child] = append(e.modules[child], c.Add(child, round))
	}
	return append(diags, c.DependsOn.AddExplicit(s, m.DependsOn)...)
}

// expanded returns a declaration as it is with its dynamic blocks expanded: itself, if it has none.
func expanded[T declare.Named](e *Evaluation, s *instances.Module, static T) (T, hcl2.Diagnostics) {
	d := s.Tree.Module.Dynamic[static.Address()]
	if d == nil {
		return static, nil
	}
	f := e.frame(s, d.Shape)
	expanded, _, _, diags := d.Expand(f.Ctx, f.Lenient)
	if diags.HasErrors() {
		return static, diags
	}
	return expanded.(T), diags
}

// hear evaluates scopes of blocks that are left out of an instance, for the secrets in them.
func (e *Evaluation) hear(inst *instances.Instance, scopes []*declare.Scope) {
	for _, g := range scopes {
		f, ctx := e.enter(inst, g, inst.Names(g))
		for _, ex := range g.Expressions {
			_, _ = f.Value(ex, ctx, nil)
		}
	}
}

// expandInstance decodes the block of an instance for it alone, if the block has dynamic blocks.
func (e *Evaluation) expandInstance(inst *instances.Instance) hcl2.Diagnostics {
	u := inst.Block.Module.Tree
	d := u.Module.Dynamic[inst.Block.Actor.Address()]
	if d == nil || inst.Expanded != nil {
		return nil
	}
	f, ctx := e.enter(inst, d.Shape, inst.Names(d.Shape))
	expanded, diags := u.ExpandActor(d, ctx, f.Lenient, inst.Block.Actor)
	if !diags.HasErrors() {
		inst.Expanded = expanded
	}
	if expanded.Open {
		e.hear(inst, d.Sample)
	}
	return diags
}
