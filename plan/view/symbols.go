package view

import (
	"riveter/plan"
	"riveter/plan/address"
)

// symbol says what happens to the thing that follows.
type symbol struct {
	text  string
	style style
	word  string
}

// The symbols of changes, steps and differences.
var (
	symNone    = symbol{}
	symComment = symbol{text: "#"}
	symCreate  = symbol{"+", green, "create"}
	symAdopt   = symbol{"=", cyan, "adopt"}
	symUpdate  = symbol{"~", yellow, "change"}
	symReplace = symbol{"-/+", yellow, "replace"}
	symDestroy = symbol{"-", red, "destroy"}
	symForget  = symbol{".", red, "forget"}
	symRead    = symbol{"<=", cyan, "read"}
	symCall    = symbol{">", cyan, "call"}
	symUnknown = symbol{"?", yellow, "unknown"}
	symMark    = symbol{"*", green, "mark as done"}
	symFailed  = symbol{"!", red, "failed"}
)

// symbols lists those of changes and steps, in the order of the legend.
var symbols = [...]symbol{
	symCreate, symAdopt, symUpdate, symReplace, symDestroy, symForget, symRead, symCall, symUnknown, symMark,
}

// symbol returns what is to become of the actor.
func (change *Change) symbol() symbol {
	switch change.Action {
	case plan.ActionCreate:
		return symCreate
	case plan.ActionAdopt:
		return symAdopt
	case plan.ActionUpdate:
		return symUpdate
	case plan.ActionReplace:
		return symReplace
	case plan.ActionDestroy:
		return symDestroy
	case plan.ActionForget:
		return symForget
	case plan.ActionRead:
		return symRead
	default:
		return symNone
	}
}

// symbol returns what is to become of the step, and symNone where there is nothing to do.
func (s *Step) symbol() symbol {
	switch {
	case s.MarkDone:
		return symMark
	case s.Decision == plan.DecisionRun && s.Kind == address.StepExpect:
		return symRead
	case s.Decision == plan.DecisionRun:
		return symCall
	case s.Decision == plan.DecisionUnknown:
		return symUnknown
	default:
		return symNone
	}
}

// ending returns how the change or step ended, and symNone where it was done or never began.
func (r *Result) ending() symbol {
	switch r.Outcome {
	case plan.OutcomeFailed:
		return symFailed
	case plan.OutcomeInDoubt:
		return symUnknown
	default:
		return symNone
	}
}
