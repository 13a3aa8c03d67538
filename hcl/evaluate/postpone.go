package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Postpone leaves the data blocks until their turn comes that depend on what the run changes, and forgets what was seen of them. What those
// actors say that it changes itself is not known before that, neither to others nor to those of their own steps that come after. Everything
// that refers to it is evaluated again. Where only steps that are made always change it, what was known of which actors there are and how they are
// made stays: no plan would ever be empty. Postpone reports whether there was anything that was not left before; if not, it returns the errors
// that have waited for that, and warnings of what is decided all the same.
func (e *Evaluation) Postpone(p *plan.Plan) (bool, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	touches := p.Touches()
	isPostponed := e.postpone(p.DueBefore(), func(inst *instances.Instance) bool { return e.hush(inst, touches) })
	if !isPostponed {
		e.steady = true
		defer func() { e.steady = false }()
		isPostponed = e.postpone(p.ChangesBefore(), func(inst *instances.Instance) bool { return e.hushRepeated(inst, touches) })
	}
	if !isPostponed {
		return false, e.prematureErrors()
	}
	e.evaluateStale()
	return true, nil
}

// postpone leaves data blocks that come after what is changed, has actors be hushed, and reports whether there were any that were not before.
func (e *Evaluation) postpone(changesBefore func(address.Address) bool, hush func(*instances.Instance) bool) bool {
	postponed := false
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			if b.Actor.Kind == address.KindActor {
				postponed = hush(inst) || postponed
			} else {
				postponed = e.putOff(inst, changesBefore) || postponed
			}
		}
	}
	return postponed
}

// putOff leaves an instance of a data block until its turn comes if it comes after what is changed, and reports whether it was not left before,
// or only for what is made always.
func (e *Evaluation) putOff(inst *instances.Instance, changesBefore func(address.Address) bool) bool {
	isNew := inst.Seen && !slices.Contains(e.late, inst)
	if !isNew && (e.steady || !inst.Repeats) || !slices.ContainsFunc(inst.ComesAfter(), changesBefore) {
		return false
	}
	if isNew {
		inst.Unsee()
		inst.Postponed = true
		e.late = append(e.late, inst)
	}
	inst.Repeats = e.steady
	e.changed(inst)
	return true
}

// hushRepeated has nobody know what an actor says of which a step is made always, and reports whether somebody knew.
func (e *Evaluation) hushRepeated(inst *instances.Instance, touches func(address.Address) (bool, string)) bool {
	if !inst.IsHeard() || inst.Changes || inst.Repeats {
		return false
	}
	_, first := touches(inst.Desired.Address)
	if first == "" {
		return false
	}
	inst.Repeats = true
	inst.Forget()
	e.changed(inst)
	return true
}

// hush has nobody know what an actor says as it may say something else when their turn comes, and reports whether somebody knew. Its own steps
// come first: which of them are due tells whether others hear something else.
func (e *Evaluation) hush(inst *instances.Instance, touches func(address.Address) (bool, string)) bool {
	if !inst.WasAsked() {
		return false
	}
	changes, first := touches(inst.Desired.Address)
	switch isHeard := inst.IsHeard() && !inst.Changes; {
	case inst.SpeaksAgainAfter(first):
		inst.Due = first
		e.stale[stageIn{inst.Block.Module.Stage(inst.Block.Actor, declare.StepsStage), inst.Block.Module}] = true
		return true
	case isHeard && changes:
		inst.Changes = true
		inst.Forget()
	case isHeard && !inst.Unread && inst.AsksUnknown():
		inst.Unhear()
		e.leaveUnread([]*instances.Instance{inst})
	default:
		return false
	}
	e.changed(inst)
	return true
}

// mature returns what is wrong in a stage in any case. Errors in what is made of that which may be looked at later wait for Postpone.
func (e *Evaluation) mature(at stageIn, diags hcl2.Diagnostics) hcl2.Diagnostics {
	if !e.server.Postpones || !diags.HasErrors() || !e.mayChange(at.stage.Declaration) {
		return diags
	}
	e.premature[at] = waiting(diags)
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool { return d.Severity == hcl2.DiagError })
}

// waiting returns what is said when nothing more is postponed: errors, and warnings that nobody has said before.
func waiting(diags hcl2.Diagnostics) hcl2.Diagnostics {
	isSaid := func(d *hcl2.Diagnostic) bool { return d.Severity != hcl2.DiagError && !isUndecidable(d) }
	return instances.WithoutConsequences(slices.DeleteFunc(slices.Clone(diags), isSaid))
}

// mayChange reports whether a declaration refers to data blocks that were looked at and come after others, or to what other actors say.
func (e *Evaluation) mayChange(d *declare.Declaration) bool {
	behind := declare.Reach([]*declare.Declaration{d}, (*declare.Declaration).Neighbours)
	return slices.ContainsFunc(e.blocks, func(b *instances.Block) bool {
		isLookedAt := func(inst *instances.Instance) bool { return inst.Seen && len(inst.ComesAfter()) > 0 }
		if b.Actor.Kind == address.KindActor {
			isLookedAt = (*instances.Instance).IsHeard
		}
		of := b.Module.Tree.Declarations[b.Actor.Address()]
		return of != d && behind[of] && slices.ContainsFunc(b.Instances, isLookedAt)
	})
}

// isAnyFailed reports whether nobody can say how many instances there are of something. That is evaluated once.
func (e *Evaluation) isAnyFailed() bool {
	if slices.ContainsFunc(e.blocks, func(b *instances.Block) bool { return b.Failed }) {
		return true
	}
	for _, all := range e.modules {
		for _, module := range all {
			for _, call := range module.Calls {
				if call.Failed {
					return true
				}
			}
		}
	}
	return false
}

func (e *Evaluation) prematureErrors() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.common.Config.Order {
		var found hcl2.Diagnostics
		for _, module := range e.modules[s.Declaration.Tree] {
			found = append(found, e.premature[stageIn{s, module}]...)
		}
		diags = append(diags, syntax.Collapse(found)...)
	}
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			diags = append(diags, inst.Faults...)
		}
	}
	syntax.SortDiagnostics(diags)
	return diags
}

// evaluateStale evaluates everything again that is stale, and keeps what is wrong with it: warnings were said. How often a block is
// repeated stays.
func (e *Evaluation) evaluateStale() {
	for _, s := range e.common.Config.Order {
		for _, module := range e.modules[s.Declaration.Tree] {
			at := stageIn{s, module}
			if !e.stale[at] || e.narrowed.leavesOut(s.Declaration) {
				continue
			}
			e.unsaid.of(s)
			diags := e.refresh(s, module)
			if a, ok := s.Declaration.What.(*declare.Actor); ok {
				diags = append(diags, e.evaluateActorAgain(a, s.Part, module)...)
			}
			e.premature[at] = waiting(diags)
		}
	}
}

func (e *Evaluation) evaluateActorAgain(a *declare.Actor, part int, in *instances.Module) hcl2.Diagnostics {
	b := in.Blocks[a.Address()]
	switch part {
	case declare.IdentityStage:
		diags := slices.Concat(e.eachInstance(in.Stage(a, part), b, b.All(), (*Evaluation).identifyAgain)...)
		for _, inst := range b.Instances {
			diags = append(diags, e.claim(inst)...)
		}
		return diags
	case declare.BodyStage:
		diags := append(e.expandAllAgain(b), e.evaluateBodies(a, in)...)
		for _, inst := range b.Instances {
			if now := inst.Desired.Triggers; now != cty.NilVal && !value.IsLasting(now) {
				inst.Decided = inst.Replaced
				e.decideReplacement(inst)
			}
		}
		return diags
	default:
		_ = e.expandAllAgain(b) // of which is said with the body what is wrong
		return e.evaluateStepsAgain(a, in)
	}
}

func (e *Evaluation) expandAllAgain(b *instances.Block) (diags hcl2.Diagnostics) {
	for _, inst := range b.All() {
		diags = append(diags, e.expandAgain(inst)...)
	}
	return diags
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
