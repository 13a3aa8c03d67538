package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// evaluate evaluates a stage in one instance of its module.
func (e *Evaluation) evaluate(s *stage, in *scope) hcl2.Diagnostics {
	switch d := s.declaration.what.(type) {
	case *actor:
		return e.evaluateActor(d, s.part, in)
	case *variable:
		return e.evaluateVariable(d, s.part, in)
	case *local:
		return e.evaluateLocal(d, in)
	case *output:
		return e.evaluateOutput(d, in)
	case *moduleCall:
		return e.expandCall(d, in)
	case *checkBlock:
		return e.evaluateCheck(d, in)
	case *rivet:
		return e.evaluateRivet(d, in)
	case *ledger:
		return e.evaluateLedger(d, in)
	case *namespace:
		return e.evaluateNamespace(d, in)
	case *runnerConfig:
		return e.evaluateRunnerConfig(d, in)
	default:
		panic(fmt.Sprintf("hcl: nothing evaluates a %T", d))
	}
}

func (e *Evaluation) evaluateActor(a *actor, part int, in *scope) hcl2.Diagnostics {
	switch part {
	case identityStage:
		return e.identify(a, in)
	case bodyStage:
		return e.evaluateBodies(a, in)
	default:
		return e.evaluateSteps(a, in)
	}
}

// evaluateBodies evaluates the bodies of all instances of a block. A data block then notes what it depends on in full.
func (e *Evaluation) evaluateBodies(a *actor, in *scope) hcl2.Diagnostics {
	b := in.blocks[a.address()]
	diags := eachInstance(b, e.evaluateBody)
	if a.kind == address.KindData {
		b.dependsOn, _ = e.sharedDependencies(b, a.groups()) // what is wrong has been reported
	}
	return diags
}

// evaluateSteps evaluates what is done with the instances of a block, and what they depend on.
func (e *Evaluation) evaluateSteps(a *actor, in *scope) hcl2.Diagnostics {
	b := in.blocks[a.address()]
	return append(eachInstance(b, e.evaluateInstanceSteps), e.addDependencies(b)...)
}

func eachInstance(b *block, work func(*instance) hcl2.Diagnostics) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, inst := range b.all() {
		diags = append(diags, work(inst)...)
	}
	return diags
}

func (e *Evaluation) evaluateLocal(l *local, in *scope) hcl2.Diagnostics {
	f := e.frame(in, l.group)
	v, diags := f.value(l.value, f.ctx, nil)
	in.bindings[l.address()] = binding{value: v, dependsOn: f.dependsOn}
	return diags
}
