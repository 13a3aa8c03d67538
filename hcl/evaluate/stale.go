package evaluate

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// stageIn is a stage in one instance of its module.
type stageIn struct {
	stage  *declare.Stage
	module *instances.Module
}

// changed marks everything that refers to an instance as evaluated with values that are no longer the latest. What the
// instances of its own block share is not among it.
func (e *Evaluation) changed(inst *instances.Instance) {
	d := e.declarationOf(inst)
	for _, s := range d.Stages {
		for _, dependent := range s.Dependents {
			if dependent.Declaration != d {
				e.outdate(dependent, inst.Block.Module)
			}
		}
	}
}

// outdate marks a stage, and what depends on it, wherever it may refer to a module instance.
func (e *Evaluation) outdate(s *declare.Stage, to *instances.Module) {
	for _, module := range e.related(to, s.Declaration.Tree) {
		at := stageIn{s, module}
		if e.stale[at] {
			continue
		}
		e.stale[at] = true
		for _, dependent := range s.Dependents {
			e.outdate(dependent, module)
		}
	}
}

// related returns the instances of a module that may refer to a module instance, or be referred to by it: that instance
// itself, the one that calls it, those that it calls; or all, where a reference goes further.
func (e *Evaluation) related(to *instances.Module, u *declare.Tree) []*instances.Module {
	switch {
	case u == to.Tree:
		return []*instances.Module{to}
	case to.Within != nil && u == to.Within.Module.Tree:
		return []*instances.Module{to.Within.Module}
	case u.Call != nil && u.Call.Tree == to.Tree:
		if call := to.Calls[u.Call.Address]; call != nil {
			return call.Instances
		}
		return nil // it is left out
	default:
		return e.modules[u]
	}
}

// refreshAll brings what an instance refers to up to date.
func (e *Evaluation) refreshAll(inst *instances.Instance) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.declarationOf(inst).Stages {
		diags = append(diags, e.refresh(s, inst.Block.Module)...)
	}
	return append(diags, e.expandAgain(inst)...)
}

// refresh evaluates a stage again if it is stale. Of blocks that have instances it only drops what these share, and fills in what each
// is: how many there are does not change, and each is evaluated again by itself, when its turn comes.
func (e *Evaluation) refresh(s *declare.Stage, module *instances.Module) hcl2.Diagnostics {
	at := stageIn{s, module}
	if !e.stale[at] || e.narrowed.leavesOut(s.Declaration) {
		return nil
	}
	delete(e.stale, at)
	var diags hcl2.Diagnostics
	for _, n := range s.Needs {
		for _, other := range e.related(module, n.Stage.Declaration.Tree) {
			diags = append(diags, e.refresh(n.Stage, other)...)
		}
	}
	e.drop(module, s.Scopes)
	if module.Within != nil {
		e.drop(module.Within.Module, s.Outer)
	}
	switch d := s.Declaration.What.(type) {
	case *declare.Actor:
		if s.Part == declare.IdentityStage {
			diags = append(diags, e.repeatBlock(s, module.Blocks[d.Address()])...)
		}
		return diags
	case *declare.ModuleCall:
		return append(diags, e.repeatCall(s, module.Calls[d.Address()])...)
	case *declare.Variable:
		wrong := e.evaluate(s, module)
		if wrong.HasErrors() {
			module.Refuse(d, wrong) // as others may use it in this run, who do not hear of that
		}
		return append(diags, wrong...)
	default:
		return append(diags, e.evaluate(s, module)...)
	}
}

// isPlanning reports whether what was known may not be known any more.
func (e *Evaluation) isPlanning() bool { return e.began.IsZero() }

// repeatBlock evaluates again what the instances of a block are repeated for.
func (e *Evaluation) repeatBlock(s *declare.Stage, b *instances.Block) hcl2.Diagnostics {
	if !e.isPlanning() && !slices.ContainsFunc(b.Instances, func(i *instances.Instance) bool { return i.Round.IsOpen() }) {
		return nil
	}
	origin, rounds, diags := e.repeat(s, b.Module, b.Actor.ExpansionScope, b.Actor.Repetition)
	b.Repeats = origin
	for _, inst := range b.Instances {
		if round, ok := rounds[inst.Round.Key]; ok {
			inst.Repeat(round)
		}
	}
	return diags
}

// repeatCall does so for the instances of a module.
func (e *Evaluation) repeatCall(s *declare.Stage, c *instances.Call) hcl2.Diagnostics {
	if !e.isPlanning() && !slices.ContainsFunc(c.Instances, func(s *instances.Module) bool { return s.Round.IsOpen() }) {
		return nil
	}
	origin, rounds, diags := e.repeat(s, c.Module, c.Declared.Scope, c.Declared.Repetition)
	c.Repeats = origin
	for _, s := range c.Instances {
		if round, ok := rounds[s.Round.Key]; ok {
			s.Round = *round
		}
	}
	return diags
}

// repeat evaluates a repetition again. While planning, what is not known any more stays as it was, and is an error where actors say it.
func (e *Evaluation) repeat(
	s *declare.Stage, in *instances.Module, g *declare.Scope, r *declare.Repetition,
) (instances.Origin, map[address.InstanceKey]*instances.Round, hcl2.Diagnostics) {
	f := e.frame(in, g)
	all, known, diags := f.Expand(r, f.Ctx)
	switch {
	case e.isPlanning() && known:
		diags = nil
	case e.isPlanning():
		diags = e.undecided(s, f, diags)
	}
	rounds := make(map[address.InstanceKey]*instances.Round, len(all))
	for i := range all {
		rounds[all[i].Key] = &all[i]
	}
	return instances.Origin{Frame: f, Expression: r.ForEach, Ctx: f.Ctx}, rounds, diags
}

// undecidable is noted with what is wrong with what is repeated for something that is not known any more while planning.
type undecidable struct{}

func isUndecidable(d *hcl2.Diagnostic) bool { return d.Extra == undecidable{} }

// undecided returns what is wrong with what is repeated for something that is not known any more while planning: errors where actors say it, and
// may say something else when it is carried out, and warnings where it depends on which actors there are. What only steps change that are made
// always stays as it was.
func (e *Evaluation) undecided(s *declare.Stage, f *instances.Frame, faults hcl2.Diagnostics) hcl2.Diagnostics {
	if e.steady {
		before := e.premature[stageIn{s, f.Module}]
		return slices.DeleteFunc(slices.Clone(before), func(d *hcl2.Diagnostic) bool { return !isUndecidable(d) })
	}
	for _, d := range faults {
		d.Extra = undecidable{}
		if s.IsRead() {
			d.Detail = fmt.Sprintf("It is made of what an actor says, which this run may change, so that nobody can say how many there will be. "+
				"Apply with %s first, or let it depend on configuration only: variables, local values and files.", targets(f.DependsOn.Addresses()))
			continue
		}
		d.Severity, d.Summary = hcl2.DiagWarning, "Second apply may be due"
		d.Detail = fmt.Sprintf("How often %s is repeated depends on which actors there are, and this run may change that. It is as it is before it: a second apply does the rest.",
			s.Declaration.FullAddress())
	}
	return faults
}

// targets are the flags with which a plan is about some actors only, as they are typed in a shell.
func targets(actors []address.Address) string {
	var flags []string
	for _, a := range actors {
		if flag := "-target=" + address.ShellQuote(a.Block().String()); !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	return strings.Join(flags, " ")
}

// expandAgain decodes the block of an instance that has dynamic blocks once more, where what these are repeated for has become known, or may
// not be known any more. Its steps stay the same, and so do blocks of which nobody knows how many there are.
func (e *Evaluation) expandAgain(inst *instances.Instance) hcl2.Diagnostics {
	before := inst.Expanded
	if before == nil {
		return nil
	}
	e.drop(inst.Block.Module, before.Scopes())
	if !before.Waits && !e.isPlanning() {
		return nil
	}
	inst.Expanded = nil
	diags := e.expandInstance(inst)
	isSame := func(a, b *declare.Step) bool { return a.Kind == b.Kind && a.Label == b.Label }
	if inst.Expanded == nil || !slices.EqualFunc(before.Steps, inst.Expanded.Steps, isSame) {
		inst.Expanded = before
	}
	if e.isPlanning() {
		module, a := inst.Block.Module, inst.Block.Actor
		diags = slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool { return d.Summary != syntax.InvalidForEach })
		return e.undecided(module.Stage(a, declare.BodyStage), e.frame(module, module.Tree.Module.Dynamic[a.Address()].Shape), diags)
	}
	return diags
}
