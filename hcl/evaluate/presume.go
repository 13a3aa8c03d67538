package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/plan"
)

// Presume takes actors whose keys nobody can tell for those with the keys that are declared now, of which this was seen, and evaluates again what
// is made of that, such as their steps. It returns what is wrong with it.
func (e *Evaluation) Presume(declared []*plan.Desired, observed []plan.Observed) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, d := range declared {
		inst := e.instance(d.Address)
		inst.Presume(d.Key)
		_ = inst.SetObserved(observed[i]) // in which nothing can be wrong with an actor
		for _, part := range []int{declare.BodyStage, declare.StepsStage} {
			e.stale[stageIn{inst.Block.Module.Stage(inst.Block.Actor, part), inst.Block.Module}] = true
		}
		e.changed(inst)
	}
	e.evaluateStale()
	return e.prematureErrors()
}
