package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/plan/address"
)

// evaluate evaluates a stage in one instance of its module.
func (e *Evaluation) evaluate(s *declare.Stage, in *moduleInstance) hcl2.Diagnostics {
	switch d := s.Declaration.What.(type) {
	case *declare.Actor:
		return e.evaluateActor(d, s.Part, in)
	case *declare.Variable:
		return e.evaluateVariable(d, s.Part, in)
	case *declare.Local:
		return e.evaluateLocal(d, in)
	case *declare.Output:
		return e.evaluateOutput(d, in)
	case *declare.ModuleCall:
		return e.expandCall(d, in)
	case *declare.Check:
		return e.evaluateCheck(d, in)
	case *declare.Rivet:
		return e.evaluateRivet(d, in)
	case *declare.Ledger:
		return e.evaluateLedger(d, in)
	case *declare.Namespace:
		return e.evaluateNamespace(d, in)
	case *declare.RunnerConfig:
		return e.evaluateRunnerConfig(d, in)
	default:
		panic(fmt.Sprintf("hcl: nothing evaluates a %T", d))
	}
}

func (e *Evaluation) evaluateActor(a *declare.Actor, part int, in *moduleInstance) hcl2.Diagnostics {
	switch part {
	case declare.IdentityStage:
		return e.identify(a, in)
	case declare.BodyStage:
		return e.evaluateBodies(a, in)
	default:
		return e.evaluateSteps(a, in)
	}
}

// evaluateBodies evaluates the bodies of all instances of a block. A data block then notes what it depends on in full.
func (e *Evaluation) evaluateBodies(a *declare.Actor, in *moduleInstance) hcl2.Diagnostics {
	b := in.blocks[a.Address()]
	diags := eachInstance(b, e.evaluateBody)
	if a.Kind == address.KindData {
		b.dependsOn, _ = e.sharedDependencies(b, a.Scopes()) // what is wrong has been reported
	}
	return diags
}

// evaluateSteps evaluates what is done with the instances of a block, and what they depend on.
func (e *Evaluation) evaluateSteps(a *declare.Actor, in *moduleInstance) hcl2.Diagnostics {
	b := in.blocks[a.Address()]
	return append(eachInstance(b, e.evaluateInstanceSteps), e.addDependencies(b)...)
}

func eachInstance(b *actorBlock, work func(*instance) hcl2.Diagnostics) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, inst := range b.all() {
		diags = append(diags, work(inst)...)
	}
	return diags
}

func (e *Evaluation) evaluateLocal(l *declare.Local, in *moduleInstance) hcl2.Diagnostics {
	f := e.frame(in, l.Scope)
	v, diags := f.value(l.Value, f.ctx, nil)
	in.bindings[l.Address()] = binding{value: v, dependsOn: f.dependsOn, failed: diags.HasErrors()}
	return diags
}
