package declare

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// stepBlocks are the nested blocks of an actor that are steps.
var stepBlocks = []syntax.Nested{
	{Name: string(address.StepAction), Labels: []string{"label"}, Schema: actionSchema},
	{Name: string(address.StepEnsure), Labels: []string{"label"}, Schema: ensureSchema},
	{Name: string(address.StepMessage), Labels: []string{"label"}, Schema: messageSchema},
	{Name: string(address.StepRequest), Labels: []string{"label"}, Schema: requestSchema},
	{Name: string(address.StepExpect), Labels: []string{"label"}, Schema: expectSchema},
}

// stepAttributes are those of every step.
var stepAttributes = []syntax.Attribute{
	{Name: "timeout", Type: "duration", Doc: "For the step. Default: the actor's timeouts.call."},
	{Name: "on_failure", Type: "string", Doc: "What to do when it fails: halt (default) or continue."},
	{Name: "sensitive", Type: "bool", Doc: "Whether the result is hidden."},
}

// callAttributes are those of the steps that are done once and remembered.
var callAttributes = append([]syntax.Attribute{
	{Name: "run", Type: "string", Doc: "When it is due: once (default), on_change, always or manual."},
	{Name: "for_each", Type: "map(any) or set(string)", Doc: "One call for each element."},
	{Name: "only_if", Type: "bool", Doc: "It is only done if this is true."},
	{Name: "unless", Type: "bool", Doc: "It is not done if this is true."},
	{Name: "on_unknown", Type: "string", Doc: "What to do when nobody knows whether it was done: fail (default), run, skip, or guard, by only_if and unless."},
	{Name: "idempotent", Type: "bool", Doc: "Whether it may be sent again when it is not certain that it did not run."},
	{Name: "triggers", Type: "any", Doc: "With run = \"on_change\", a change of this makes it due as well."},
	{Name: "expect", Type: "any", Doc: "What the result must contain."},
}, stepAttributes...)

var awaitBlock = syntax.Nested{Name: "await", Labels: []string{"event"}, Schema: awaitSchema}

// Step is a decoded step of an actor.
type Step struct {
	Kind       address.StepKind
	Label      string
	Attributes map[string]*Expression // all but for_each
	Repetition *Repetition
	Awaits     []*await
	Earlier    []*Step
	Reads      []string // that the step refers to, sorted
	ReadState  bool     // whether it refers to the live state
	Range      hcl2.Range

	ExpansionScope *Scope // says how often it is done
	BodyScope      *Scope // everything else
}

func decodeStep(block *hcl2.Block) (*Step, hcl2.Diagnostics) {
	c, diags := actorSchema.Block(block.Type).Schema.Decode(block.Body)
	s := &Step{Kind: address.StepKind(block.Type), Label: block.Labels[0], Range: block.DefRange, Attributes: attributesIn(c, "for_each")}
	s.Repetition = &Repetition{ForEach: attributeOf(c, "for_each")}
	if s.Label == "id" {
		diags = append(diags, syntax.Problem("Invalid name", "A step cannot be called \"id\", since step.id is the key that a step hands to its action.", block.LabelRanges[0]))
	}
	for _, nested := range c.ByType["await"] {
		w, more := decodeAwait(nested)
		diags = append(diags, more...)
		s.Awaits = append(s.Awaits, w)
	}
	return s, append(diags, s.checkCombination(c)...)
}

// checkCombination reports attributes that say the same thing in two ways, or only half of it.
func (s *Step) checkCombination(c *syntax.Content) hcl2.Diagnostics {
	switch s.Kind {
	case address.StepRequest:
		return c.Conflict("json", "body")
	case address.StepExpect:
		return checkExpect(c)
	default:
		return nil
	}
}

// arrange sorts the expressions of the step into groups.
func (s *Step) arrange(a *Actor) {
	s.Earlier = a.Steps[:slices.Index(a.Steps, s)]
	s.ExpansionScope = &Scope{Expressions: s.Repetition.expressions(), repetition: a.Repetition, actor: a, live: liveSteps, step: s}
	s.BodyScope = &Scope{repetition: s.Repetition, outer: a.Repetition, actor: a, live: liveSteps, step: s}
	s.BodyScope.add(s.Attributes)
	s.Reads, s.ReadState = s.BodyScope.reads(), s.BodyScope.readsState()
	for _, w := range s.Awaits {
		s.BodyScope.Expressions = append(s.BodyScope.Expressions, present(w.Timeout)...)
		w.Scope = &Scope{Expressions: present(w.Condition), repetition: s.Repetition, outer: a.Repetition, actor: a, live: liveEvent, step: s}
	}
}

func (s *Step) scopes() []*Scope {
	groups := []*Scope{s.ExpansionScope, s.BodyScope}
	for _, w := range s.Awaits {
		groups = append(groups, w.Scope)
	}
	return groups
}

// guardIsLive reports whether a guard names what this actor or another one says of itself.
func (s *Step) GuardIsLive() bool {
	for _, name := range []string{"only_if", "unless"} {
		if e := s.Attributes[name]; e != nil && slices.ContainsFunc(e.References, (*Reference).isLive) {
			return true
		}
	}
	return false
}

// hasResult reports whether a step gives something that later steps can refer to.
func (s *Step) HasResult() bool { return s.Kind != address.StepExpect }
