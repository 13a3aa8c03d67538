package evaluate

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/evaluate/instances"
	"riveter/hcl/funcs"
	"riveter/hcl/syntax"
)

// Begin says when what is evaluated from now on is applied. That is what first_applied gives for actors that the ledger does not
// know, which is unknown before. What others were shown of what actors say holds for them until [Evaluation.End].
func (e *Evaluation) Begin(at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.began, e.steady = at, true
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			inst.Hold()
		}
	}
}

// End says that the run has ended: what is evaluated from now on is made of what actors say now, and not of what the plan has shown.
func (e *Evaluation) End() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			if inst.Release() {
				e.changed(inst)
			}
		}
	}
}

// withFirstApplied returns a context in which first_applied is about an instance.
func (e *Evaluation) withFirstApplied(inst *instances.Instance, ctx *hcl2.EvalContext) *hcl2.EvalContext {
	child := ctx.NewChild()
	child.Variables = ctx.Variables
	f := funcs.FirstApplied(e.firstApplied(inst))
	child.Functions = map[string]function.Function{"first_applied": f, syntax.CoreNamespace + "first_applied": f}
	return child
}

// firstApplied returns when an actor was first applied.
func (e *Evaluation) firstApplied(inst *instances.Instance) cty.Value {
	if entry := e.server.Recalled.Of(inst.Desired, inst.Observed); entry != nil {
		resumed := entry.ActorID == "" && entry.Created && !entry.FirstApplied.IsZero()
		switch same := inst.IsThere() && entry.ActorID == inst.Observed.ActorID; {
		case resumed || same && !entry.FirstApplied.IsZero():
			return timestamp(entry.FirstApplied)
		case same: // and remembered since before the ledger kept times
			return timestamp(inst.Observed.CreatedAt)
		}
	}
	if e.began.IsZero() {
		return cty.UnknownVal(cty.String).RefineNotNull()
	}
	return timestamp(e.began)
}

// timestamp writes a time as JavaScript's toISOString does.
func timestamp(t time.Time) cty.Value {
	return cty.StringVal(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}
