package instances

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan"
	"riveter/plan/address"
)

// ActorSettings evaluates the settings of an actor. Instances share them unless they depend on each or count.
func (f *Frame) ActorSettings(a *declare.Actor, ctx *hcl2.EvalContext) (*plan.Settings, hcl2.Diagnostics) {
	if f.settings != nil && !anyVaries(a.Settings) {
		return f.settings, nil
	}
	v := &Reader{Frame: f, Ctx: ctx, Attributes: a.Settings}
	f.settings = &plan.Settings{Range: a.Range}
	a.Fill(f.settings, v)
	if a.Kind == address.KindData {
		f.settings.Create = plan.CreateNever
	}
	return f.settings, v.Diags
}

// StepSettings evaluates the settings of a step. Its instances share them in the same way.
func (e *Reader) StepSettings(s *declare.Step, keepOutput bool) *plan.StepSettings {
	f := e.Frame
	if f.stepSettings != nil && !s.SettingsVary() {
		return f.stepSettings
	}
	f.stepSettings = &plan.StepSettings{Range: s.Range, KeepOutput: keepOutput, NamesInput: s.MentionsInput()}
	s.Fill(f.stepSettings, e)
	return f.stepSettings
}

func anyVaries(attributes map[string]*expr.Expression) bool {
	for _, e := range attributes {
		if e.Varies {
			return true
		}
	}
	return false
}
