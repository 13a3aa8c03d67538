package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// actorSettings evaluates the settings of an actor. Instances share them unless they depend on each or count.
func (f *frame) actorSettings(a *actor, ctx *hcl2.EvalContext) (*plan.Settings, hcl2.Diagnostics) {
	if f.settings != nil && !anyVaries(a.settings) {
		return f.settings, nil
	}
	r := &reader{frame: f, ctx: ctx, attributes: a.settings}
	f.settings = &plan.Settings{
		Range:          a.rng,
		Create:         choose(r, "create", plan.GetOrCreate, plan.CreateNew, plan.CreateNever),
		Pool:           r.text("pool"),
		Region:         r.text("region"),
		CrashPolicy:    choose(r, "crash_policy", "", "sleep", "restart", "destroy"),
		OnInputChange:  choose(r, "lifecycle.on_input_change", plan.InputWarn, plan.InputFail, plan.InputIgnore, plan.InputReplace),
		PreventDestroy: r.flag("lifecycle.prevent_destroy"),
		CreateTimeout:  r.duration("timeouts.create"),
		ReadyTimeout:   r.duration("timeouts.ready"),
		CallTimeout:    r.duration("timeouts.call"),
		DestroyTimeout: r.duration("timeouts.destroy"),
	}
	if a.kind == address.KindData {
		f.settings.Create = plan.CreateNever
	}
	return f.settings, r.diags
}

// stepSettings evaluates the settings of a step. Its rounds share them in the same way.
func (r *reader) stepSettings(s *step, keepOutput bool) *plan.StepSettings {
	f := r.frame
	if f.stepSettings != nil && !anyVaries(s.attributes, stepSettingNames...) {
		return f.stepSettings
	}
	f.stepSettings = &plan.StepSettings{
		Range:        s.rng,
		Policy:       choose(r, "run", plan.RunOnce, plan.RunOnChange, plan.RunAlways, plan.RunManual),
		OnUnknown:    choose(r, "on_unknown", plan.UnknownFail, plan.UnknownRun, plan.UnknownSkip),
		OnFailure:    choose(r, "on_failure", plan.FailureHalt, plan.FailureContinue),
		Idempotent:   r.flag("idempotent"),
		Sensitive:    r.flag("sensitive"),
		Timeout:      r.duration("timeout"),
		Interval:     r.duration("interval"),
		Wait:         r.flag("wait"),
		ExpectStatus: r.statuses("expect_status"),
		KeepOutput:   keepOutput,
	}
	return f.stepSettings
}

// stepSettingNames are the attributes of a step that say how it is done.
var stepSettingNames = []string{
	"run", "on_unknown", "on_failure", "idempotent", "sensitive", "timeout", "interval", "wait", "expect_status",
}

// anyVaries reports whether one of the named attributes, or without names any, may differ between instances.
func anyVaries(attributes map[string]*expression, only ...string) bool {
	if len(only) == 0 {
		only = sortedKeys(attributes)
	}
	for _, name := range only {
		if ex := attributes[name]; ex != nil && ex.varies {
			return true
		}
	}
	return false
}
