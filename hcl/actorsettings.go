package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

// settingNames are the attributes of an actor that say how it is made and kept.
var settingNames = []string{
	"create", "pool", "region", "crash_policy", "lifecycle.prevent_destroy", "lifecycle.on_input_change",
	"timeouts.create", "timeouts.ready", "timeouts.call", "timeouts.destroy",
}

// stepSettingNames are those of a step.
var stepSettingNames = []string{"run", "on_unknown", "on_failure", "idempotent", "sensitive", "timeout"}

type crashPolicy string

// actorSettings evaluates the settings of an actor. Instances share them unless they depend on each or count.
func (f *frame) actorSettings(a *actor, ctx *hcl2.EvalContext) (*plan.Settings, hcl2.Diagnostics) {
	if f.settings != nil && !anyVaries(a.settings) {
		return f.settings, nil
	}
	r := &reader{frame: f, ctx: ctx, attributes: a.settings, lenient: f.lenient}
	f.settings = &plan.Settings{
		Range:          a.rng,
		Create:         choose(r, "create", plan.GetOrCreate, plan.CreateNew, plan.CreateNever),
		Pool:           r.text("pool"),
		Region:         r.text("region"),
		CrashPolicy:    string(choose[crashPolicy](r, "crash_policy", "", "sleep", "restart", "destroy")),
		OnInputChange:  choose(r, "lifecycle.on_input_change", plan.InputWarn, plan.InputFail, plan.InputIgnore, plan.InputReplace),
		PreventDestroy: r.flag("lifecycle.prevent_destroy"),
		CreateTimeout:  r.duration("timeouts.create"),
		ReadyTimeout:   r.duration("timeouts.ready"),
		CallTimeout:    r.duration("timeouts.call"),
		DestroyTimeout: r.duration("timeouts.destroy"),
	}
	return f.settings, r.diags
}

// stepSettings evaluates the settings of a step. Its rounds share them in the same way.
func (f *frame) stepSettings(s *step, ctx *hcl2.EvalContext) (*plan.StepSettings, hcl2.Diagnostics) {
	if f.stepSettingsOf != nil && !anyVaries(s.settings) {
		return f.stepSettingsOf, nil
	}
	r := &reader{frame: f, ctx: ctx, attributes: s.settings, lenient: f.lenient}
	f.stepSettingsOf = &plan.StepSettings{
		Range:      s.rng,
		Policy:     choose(r, "run", plan.RunOnce, plan.RunOnChange, plan.RunAlways, plan.RunManual),
		OnUnknown:  choose(r, "on_unknown", plan.UnknownFail, plan.UnknownRun, plan.UnknownSkip),
		OnFailure:  choose(r, "on_failure", plan.FailureHalt, plan.FailureContinue),
		Idempotent: r.flag("idempotent"),
		Sensitive:  r.flag("sensitive"),
		Timeout:    r.duration("timeout"),
		KeepOutput: s.keepOutput,
	}
	return f.stepSettingsOf, r.diags
}

func anyVaries(attributes map[string]*expression) bool {
	for _, ex := range attributes {
		if ex.varies {
			return true
		}
	}
	return false
}
