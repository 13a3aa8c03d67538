package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

// redecoded returns a declaration as it is with its dynamic blocks expanded: itself, if it has none.
func redecoded[T named](e *Evaluation, s *scope, static T) (T, hcl2.Diagnostics) {
	d := s.unit.config.dynamic[static.address()]
	if d == nil {
		return static, nil
	}
	expanded, diags := d.expand(e.frame(s, d.shape).ctx)
	if diags.HasErrors() {
		return static, diags
	}
	return expanded.(T), diags
}

// expandInstance decodes the block of an instance for it alone, if the block has dynamic blocks.
func (e *Evaluation) expandInstance(inst *instance) hcl2.Diagnostics {
	u := inst.block.scope.unit
	d := u.config.dynamic[inst.block.actor.address()]
	if d == nil || inst.expanded != nil {
		return nil
	}
	_, ctx := e.enter(inst, d.shape, inst.names(d.shape))
	expanded, diags := u.expandActor(d, ctx, inst.block.actor)
	if !diags.HasErrors() {
		inst.expanded = expanded
	}
	return diags
}
