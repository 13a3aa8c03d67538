package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// stepBlocks are the nested blocks of an actor that are steps.
var stepBlocks = []nestedSchema{
	{name: string(address.StepAction), labels: []string{"label"}, schema: actionSchema},
	{name: string(address.StepEnsure), labels: []string{"label"}, schema: ensureSchema},
	{name: string(address.StepMessage), labels: []string{"label"}, schema: messageSchema},
	{name: string(address.StepRequest), labels: []string{"label"}, schema: requestSchema},
	{name: string(address.StepExpect), labels: []string{"label"}, schema: expectSchema},
}

// stepAttributes are those of every step.
var stepAttributes = []attributeSchema{
	{name: "timeout", typ: "duration", doc: "For the step. Default: the actor's timeouts.call."},
	{name: "on_failure", typ: "string", doc: "What to do when it fails: halt (default) or continue."},
	{name: "sensitive", typ: "bool", doc: "Whether the result is hidden."},
}

// callAttributes are those of the steps that are done once and remembered.
var callAttributes = append([]attributeSchema{
	{name: "run", typ: "string", doc: "When it is due: once (default), on_change, always or manual."},
	{name: "for_each", typ: "map(any) or set(string)", doc: "One call for each element."},
	{name: "only_if", typ: "bool", doc: "It is only done if this is true."},
	{name: "unless", typ: "bool", doc: "It is not done if this is true."},
	{name: "on_unknown", typ: "string", doc: "What to do when nobody knows whether it was done: fail (default), run or skip."},
	{name: "idempotent", typ: "bool", doc: "Whether it may be sent again when it is not certain that it did not run."},
	{name: "triggers", typ: "any", doc: "With run = \"on_change\", a change of this makes it due as well."},
	{name: "expect", typ: "any", doc: "What the result must contain."},
}, stepAttributes...)

var awaitBlock = nestedSchema{name: "await", labels: []string{"event"}, schema: awaitSchema}

// step is a decoded step of an actor.
type step struct {
	kind       address.StepKind
	label      string
	attributes map[string]*expression // all but for_each
	repetition *repetition
	awaits     []*await
	earlier    []*step
	reads      []string // that the step refers to, sorted
	readState  bool     // whether it refers to the live state
	rng        hcl2.Range

	expansion *group // says how often it is done
	body      *group // everything else
}

func decodeStep(block *hcl2.Block) (*step, hcl2.Diagnostics) {
	c, diags := actorSchema.nested(block.Type).schema.decode(block.Body)
	s := &step{kind: address.StepKind(block.Type), label: block.Labels[0], rng: block.DefRange, attributes: attributesIn(c, "for_each")}
	s.repetition = &repetition{forEach: attributeOf(c, "for_each")}
	if s.label == "id" {
		diags = append(diags, problem("Invalid name", "A step cannot be called \"id\", since step.id is the key that a step hands to its action.", block.LabelRanges[0]))
	}
	for _, nested := range c.blocks["await"] {
		w, more := decodeAwait(nested)
		diags = append(diags, more...)
		s.awaits = append(s.awaits, w)
	}
	return s, append(diags, s.checkCombination(c)...)
}

// checkCombination reports attributes that say the same thing in two ways, or only half of it.
func (s *step) checkCombination(c *content) hcl2.Diagnostics {
	switch s.kind {
	case address.StepRequest:
		return c.conflict("json", "body")
	case address.StepExpect:
		return checkExpect(c)
	default:
		return nil
	}
}

// arrange sorts the expressions of the step into groups.
func (s *step) arrange(a *actor) {
	s.earlier = a.steps[:slices.Index(a.steps, s)]
	s.expansion = &group{expressions: s.repetition.expressions(), repetition: a.repetition, actor: a, live: liveSteps, step: s}
	s.body = &group{repetition: s.repetition, outer: a.repetition, actor: a, live: liveSteps, step: s}
	s.body.add(s.attributes)
	s.reads, s.readState = s.body.reads(), s.body.readsState()
	for _, w := range s.awaits {
		s.body.expressions = append(s.body.expressions, present(w.timeout)...)
		w.condition = &group{expressions: present(w.holds), repetition: s.repetition, outer: a.repetition, actor: a, live: liveEvent, step: s}
	}
}

func (s *step) groups() []*group {
	groups := []*group{s.expansion, s.body}
	for _, w := range s.awaits {
		groups = append(groups, w.condition)
	}
	return groups
}

// guardIsLive reports whether a guard names what this actor or another one says of itself.
func (s *step) guardIsLive() bool {
	for _, name := range []string{"only_if", "unless"} {
		if e := s.attributes[name]; e != nil && slices.ContainsFunc(e.references, (*reference).isLive) {
			return true
		}
	}
	return false
}

// hasResult reports whether a step gives something that later steps can refer to.
func (s *step) hasResult() bool { return s.kind != address.StepExpect }
