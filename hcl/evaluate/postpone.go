package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// Postpone leaves the data blocks until their turn comes that depend on what the run changes, and forgets what was seen of them.
// Everything that refers to them is evaluated again. It reports whether there were any that were not left before.
func (e *Evaluation) Postpone(changes func(address.Address) bool) (bool, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var postponed []*instances.Instance
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			if b.Actor.Kind == address.KindData && inst.Seen && !slices.Contains(e.late, inst) && slices.ContainsFunc(inst.ComesAfter(), changes) {
				postponed = append(postponed, inst)
			}
		}
	}
	for _, inst := range postponed {
		inst.Unsee()
		inst.Postponed = true
		e.changed(inst)
	}
	e.late = append(e.late, postponed...)
	return len(postponed) > 0, e.evaluateStale()
}

// evaluateStale evaluates everything again that is stale, and says what is wrong with it. How often a block is repeated stays.
func (e *Evaluation) evaluateStale() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.common.Config.Order {
		for _, module := range e.modules[s.Declaration.Tree] {
			if !e.stale[stageIn{s, module}] || e.narrowed.leavesOut(s.Declaration) {
				continue
			}
			diags = append(diags, e.refresh(s, module)...)
			if a, ok := s.Declaration.What.(*declare.Actor); ok {
				diags = append(diags, syntax.Collapse(e.evaluateActorAgain(a, s.Part, module))...)
			}
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool { return d.Severity != hcl2.DiagError }) // the rest was said
}

func (e *Evaluation) evaluateActorAgain(a *declare.Actor, part int, in *instances.Module) hcl2.Diagnostics {
	b := in.Blocks[a.Address()]
	switch part {
	case declare.IdentityStage:
		return slices.Concat(e.eachInstance(in.Stage(a, part), b, b.All(), (*Evaluation).identifyAgain)...)
	case declare.BodyStage:
		return e.evaluateBodies(a, in)
	default:
		return e.evaluateStepsAgain(a, in)
	}
}

// evaluateStepsAgain evaluates what is done with the instances of a block. They come after what they came after, too.
func (e *Evaluation) evaluateStepsAgain(a *declare.Actor, in *instances.Module) hcl2.Diagnostics {
	instances := in.Blocks[a.Address()].All()
	before := make([][]address.Address, len(instances))
	for i, inst := range instances {
		before[i], inst.Results = inst.Desired.DependsOn, nil
	}
	diags := e.evaluateSteps(a, in)
	for i, inst := range instances {
		all := slices.SortedFunc(slices.Values(slices.Concat(before[i], inst.Desired.DependsOn)), address.Address.Compare)
		inst.Desired.DependsOn = slices.Compact(all)
	}
	return diags
}

// identifyAgain evaluates which actor an instance is. As long as that is not known, neither is what was seen of it.
func (e *Evaluation) identifyAgain(inst *instances.Instance) hcl2.Diagnostics {
	diags := e.evaluateIdentity(inst)
	if !inst.KeyKnown && inst.Block.Actor.Kind == address.KindActor {
		inst.Unsee()
	}
	return diags
}
