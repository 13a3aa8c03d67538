package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

// stepBlocks are the nested blocks of an actor that are steps.
var stepBlocks = []nestedSchema{
	{name: string(plan.StepAction), labels: []string{"label"}, schema: actionSchema},
}

var actionSchema = &blockSchema{
	doc: "A seeding call: an action that is called with these arguments.",
	attributes: []attributeSchema{
		{name: "call", typ: "string", doc: "Name of the action, nested ones with dots. Default: the label."},
		{name: "args", typ: "list(any)", doc: "The arguments. Default: none."},
		{name: "for_each", typ: "map(any) or set(string)", doc: "One call for each element."},
		{name: "run", typ: "string", doc: "When it is due: once (default), on_change, always or manual."},
		{name: "on_unknown", typ: "string", doc: "What to do when nobody knows whether it was done: fail (default), run or skip."},
		{name: "on_failure", typ: "string", doc: "What to do when it fails: halt (default) or continue."},
		{name: "idempotent", typ: "bool", doc: "Whether it may be sent again when it is not certain that it did not run."},
		{name: "sensitive", typ: "bool", doc: "Whether the result is hidden."},
		{name: "timeout", typ: "duration", doc: "For one call. Default: the actor's timeouts.call."},
	},
}

// step is a decoded step of an actor.
type step struct {
	kind       plan.StepKind
	label      string
	repetition *repetition
	call       *expression
	args       *expression
	settings   map[string]*expression
	keepOutput bool // some expression refers to its result
	rng        hcl2.Range

	expansion *group // says how often it is done
	body      *group // everything else
}

func decodeStep(block *hcl2.Block) (*step, hcl2.Diagnostics) {
	c, diags := actionSchema.decode(block.Body)
	s := &step{kind: plan.StepKind(block.Type), label: block.Labels[0], rng: block.DefRange, settings: map[string]*expression{}}
	s.call, s.args = c.expr("call"), c.expr("args")
	s.repetition = &repetition{forEach: c.expr("for_each")}
	for _, name := range []string{"run", "on_unknown", "on_failure", "idempotent", "sensitive", "timeout"} {
		if e := c.expr(name); e != nil {
			s.settings[name] = e
		}
	}
	return s, diags
}
