package evaluate

import (
	"encoding/json"
	"maps"

	"github.com/google/uuid"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/value"
)

// stepNamespace is the UUID that the ids of all steps are derived from.
var stepNamespace = uuid.MustParse("5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d11")

// withStepID adds step.id to a context. Where the id depends on the arguments, they are evaluated with an empty id first,
// as they may contain it.
func (e *Evaluation) withStepID(inst *instance, s *declare.Step, d *plan.Step, v *evaluator) *hcl2.EvalContext {
	ctx := v.ctx
	results := ctx.Variables["step"].AsValueMap()
	within := func(id cty.Value) *hcl2.EvalContext {
		child := ctx.NewChild()
		members := map[string]cty.Value{"id": id}
		maps.Copy(members, results)
		child.Variables = map[string]cty.Value{"step": cty.ObjectVal(members)}
		return child
	}
	unknown := within(cty.UnknownVal(cty.String).RefineNotNull())
	if !inst.isThere() || !inst.keyKnown {
		return unknown
	}
	parts := []string{e.server.Namespace, inst.desired.Address.Name, plan.WireKey(inst.desired.Key), inst.observed.ActorID, d.Address.Relative()}
	var sources []value.Source
	again := &evaluator{frame: v.frame, ctx: within(cty.StringVal("")), attributes: v.attributes}
	if draft := (&plan.Step{Spec: s.Spec(again)}); draft.Policy() == plan.RunOnChange {
		_, payload := draft.Sends()
		sources = value.Sources(payload)
		encoded, err := value.Encode(payload)
		if err != nil {
			return within(value.WithSources(cty.UnknownVal(cty.String), sources, value.IsUnkept(payload)))
		}
		parts = append(parts, string(encoded))
	}
	name, err := json.Marshal(parts)
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	id := cty.StringVal(uuid.NewSHA1(stepNamespace, name).String())
	for _, w := range sources {
		id = id.Mark(w)
	}
	return within(id)
}
