package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/expr"
	"riveter/plan/cores"
)

// eachInstance has work that belongs to a stage done about instances of a block, one after the other, or on all cores where none has to
// do with another. It returns what is wrong with each.
func (e *Evaluation) eachInstance(s *declare.Stage, b *instances.Block, all []*instances.Instance, work func(*Evaluation, *instances.Instance) hcl2.Diagnostics) []hcl2.Diagnostics {
	found := make([]hcl2.Diagnostics, len(all))
	do := func(e *Evaluation, from, to int) {
		for i := from; i < to; i++ {
			found[i] = work(e, all[i])
			all[i].Leave(found[i])
		}
	}
	if len(all) == 0 || !e.isPlain(s, b, all[0].Round) {
		do(e, 0, len(all))
		return found
	}
	b.Forget()
	do(e, 0, 1) // after which there is what they share
	cores.Split(len(all)-1, func(from, to int) { do(e.aside(s, b.Module), from+1, to+1) })
	return found
}

// isPlain reports whether instances of a block, as far as a stage goes, are made of plain values alone: then nobody is told or asked
// anything.
func (e *Evaluation) isPlain(s *declare.Stage, b *instances.Block, round *instances.Round) bool {
	asks := s.Part == declare.BodyStage && e.server.Replaces != nil || s.Part == declare.StepsStage && e.server.Results != nil && b.Actor.KeepsResults()
	prefixed := s.Part == declare.IdentityStage && len(e.keyPrefix) > 0
	if asks || prefixed || !round.Plain || b.Actor.GivesParams() || b.Module.Tree.Module.Dynamic[b.Actor.Address()] != nil {
		return false
	}
	return !slices.ContainsFunc(s.Scopes, func(g *declare.Scope) bool {
		return g != b.Actor.ExpansionScope && (slices.ContainsFunc(g.Expressions, mayTell) || e.frame(b.Module, g).Mixed)
	})
}

// mayTell reports whether the value of an expression may be a secret, or be made of more than plain values and of which actor it is about.
func mayTell(ex *expr.Expression) bool {
	isSaid := func(r *expr.Reference) bool {
		return r.Root == "self" && slices.Contains([]string{"input", "state", "read", "step", ""}, r.Attribute())
	}
	return len(ex.Asks) > 0 || ex.Marks || ex.Secret || !ex.RefersOnly("var", "local", "path", "each", "count", "self") || slices.ContainsFunc(ex.References, isSaid)
}

// aside returns an evaluation for some instances of one block in one stage, which goes on beside others.
func (e *Evaluation) aside(s *declare.Stage, in *instances.Module) *Evaluation {
	aside := &Evaluation{common: e.common, values: e.values, keyPrefix: e.keyPrefix, narrowed: e.narrowed, unsaid: e.unsaid, frames: make(map[frameID]*instances.Frame, len(s.Scopes))}
	for _, g := range s.Scopes {
		aside.frames[frameID{in, g}] = e.frame(in, g).Copied()
	}
	return aside
}
