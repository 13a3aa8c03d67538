package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan"
	"riveter/plan/address"
)

// Settings are the riveter and rivet blocks. They are known before anything is asked of a server.
type Settings struct {
	Rivet  declare.RivetSettings
	Ledger declare.LedgerSettings
}

// Settings returns the settings of the configuration. They are as far as they could be evaluated if Evaluate found errors.
func (e *Evaluation) Settings() *Settings { return e.settings }

func (e *Evaluation) evaluateRivet(rivet *declare.Rivet, s *moduleInstance) hcl2.Diagnostics {
	now, diags := expanded(e, s, rivet)
	v := e.frame(s, now.Scope).evaluator(now.Attributes)
	v.keepsNone = true
	now.Fill(&e.settings.Rivet, v)
	v.tellCredentials()
	return append(diags, v.diags...)
}

func (e *Evaluation) evaluateLedger(l *declare.Ledger, s *moduleInstance) hcl2.Diagnostics {
	v := e.frame(s, l.Scope).evaluator(l.Attributes)
	v.keepsNone = true
	l.Fill(&e.settings.Ledger, v)
	v.tellCredentials()
	return v.diags
}

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

func anyVaries(attributes map[string]*expr.Expression) bool {
	for _, e := range attributes {
		if e.Varies {
			return true
		}
	}
	return false
}
