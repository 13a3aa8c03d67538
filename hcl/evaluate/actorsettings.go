package evaluate

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// actorSettings evaluates the settings of an actor. Instances share them unless they depend on each or count.
func (f *frame) actorSettings(a *declare.Actor, ctx *hcl2.EvalContext) (*plan.Settings, hcl2.Diagnostics) {
	if f.settings != nil && !anyVaries(a.Settings) {
		return f.settings, nil
	}
	r := &evaluator{frame: f, ctx: ctx, attributes: a.Settings}
	f.settings = &plan.Settings{
		Range:          a.Range,
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
	if a.Kind == address.KindData {
		f.settings.Create = plan.CreateNever
	}
	return f.settings, r.diags
}

// stepTerms is how a step is done, as far as its instances share that in most configurations.
type stepTerms struct {
	settings *plan.StepSettings
	call     plan.Call // its settings
	wait     bool
	status   []int
	interval time.Duration
}

// stepTerms reads how a step is done: once for all instances, where nothing of it varies.
func (r *evaluator) stepTerms(s *declare.Step, keepOutput bool) *stepTerms {
	f := r.frame
	if f.stepTerms != nil && !anyVaries(s.Attributes, stepTermNames...) {
		return f.stepTerms
	}
	f.stepTerms = &stepTerms{
		settings: &plan.StepSettings{
			Range:      s.Range,
			OnFailure:  choose(r, "on_failure", plan.FailureHalt, plan.FailureContinue),
			Sensitive:  r.flag("sensitive"),
			Timeout:    r.duration("timeout"),
			KeepOutput: keepOutput,
		},
		call: plan.Call{
			Policy:     choose(r, "run", plan.RunOnce, plan.RunOnChange, plan.RunAlways, plan.RunManual),
			OnUnknown:  choose(r, "on_unknown", plan.UnknownFail, plan.UnknownRun, plan.UnknownSkip, plan.UnknownGuard),
			Idempotent: r.flag("idempotent"),
		},
		interval: r.duration("interval"),
		wait:     r.flag("wait"),
		status:   r.statuses("expect_status"),
	}
	return f.stepTerms
}

// stepTermNames are the attributes of a step that say how it is done.
var stepTermNames = []string{
	"run", "on_unknown", "on_failure", "idempotent", "sensitive", "timeout", "interval", "wait", "expect_status",
}

// anyVaries reports whether one of the named attributes, or without names any, may differ between instances.
func anyVaries(attributes map[string]*declare.Expression, only ...string) bool {
	if len(only) == 0 {
		only = syntax.SortedKeys(attributes)
	}
	for _, name := range only {
		if ex := attributes[name]; ex != nil && ex.Varies {
			return true
		}
	}
	return false
}
