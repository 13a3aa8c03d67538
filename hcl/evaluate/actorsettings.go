package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
)

// actorSettings evaluates the settings of an actor. Instances share them unless they depend on each or count.
func (f *frame) actorSettings(a *declare.Actor, ctx *hcl2.EvalContext) (*plan.Settings, hcl2.Diagnostics) {
	if f.settings != nil && !anyVaries(a.Settings) {
		return f.settings, nil
	}
	v := &evaluator{frame: f, ctx: ctx, attributes: a.Settings}
	f.settings = &plan.Settings{Range: a.Range}
	a.Fill(f.settings, v)
	if a.Kind == address.KindData {
		f.settings.Create = plan.CreateNever
	}
	return f.settings, v.diags
}

// stepSettings evaluates the settings of a step. Its instances share them in the same way.
func (e *evaluator) stepSettings(s *declare.Step, keepOutput bool) *plan.StepSettings {
	f := e.frame
	if f.stepSettings != nil && !s.SettingsVary() {
		return f.stepSettings
	}
	f.stepSettings = &plan.StepSettings{Range: s.Range, KeepOutput: keepOutput}
	s.Fill(f.stepSettings, e)
	return f.stepSettings
}

func anyVaries(attributes map[string]*declare.Expression) bool {
	for _, e := range attributes {
		if e.Varies {
			return true
		}
	}
	return false
}
