package view

import "riveter/plan"

// The symbols of changes, steps and differences.
var (
	symNone    = symbol{"", plain, ""}
	symCreate  = symbol{"+", green, "create"}
	symAdopt   = symbol{"=", cyan, "adopt"}
	symUpdate  = symbol{"~", yellow, "change"}
	symReplace = symbol{"-/+", yellow, "replace"}
	symDestroy = symbol{"-", red, "destroy"}
	symForget  = symbol{".", red, "forget"}
	symCall    = symbol{">", cyan, "call"}
	symUnknown = symbol{"?", yellow, "unknown"}
	symMark    = symbol{"*", green, "mark as done"}
	symFailed  = symbol{"!", red, "failed"}
)

func actionSymbol(a plan.Action) symbol {
	switch a {
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
	default:
		return symNone
	}
}
