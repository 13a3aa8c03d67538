package declare

import (
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

var awaitBlock = syntax.Nested{Name: "await", Labels: []string{"event"}, Schema: &syntax.Schema{
	Doc:        "An event that the step causes: it is subscribed to before the call, and waited for after it.",
	Attributes: append(attributes(awaitRows), attributes(awaitParts)...),
}}

var awaitRows = []row[plan.Await]{
	duration("timeout", "Default: the step's.", func(w *plan.Await) *time.Duration { return &w.Timeout }),
}

var awaitParts = []part[Await]{
	expression("condition", "bool", "Which event is meant, where event.args is the list of its arguments. Default: the first.",
		func(w *Await) **expr.Expression { return &w.Condition }),
}

// Await is a decoded await block.
type Await struct {
	Event      string
	Attributes map[string]*expr.Expression
	Condition  *expr.Expression // nil for the first event
	Range      hcl2.Range

	Scope *Scope // of the condition
}

func decodeAwait(block *hcl2.Block) (*Await, hcl2.Diagnostics) {
	c, diags := awaitBlock.Schema.Decode(block.Body)
	w := &Await{Event: block.Labels[0], Attributes: map[string]*expr.Expression{}, Range: block.DefRange}
	settings(w.Attributes, c, "", awaitRows)
	return w, append(diags, keep(w, c, awaitParts)...)
}

// Fill evaluates how the event is waited for.
func (w *Await) Fill(into *plan.Await, v Values) { fill(into, v, "", awaitRows) }

// Step is a decoded step of an actor.
type Step struct {
	Kind       address.StepKind
	kind       stepKind
	Label      string
	Attributes map[string]*expr.Expression // all but for_each and params
	Params     *expr.Expression
	Repetition *Repetition
	Awaits     []*Await
	Earlier    []*Step
	Reads      []string // that the step refers to, sorted
	ReadState  bool     // whether it refers to the live state
	Range      hcl2.Range

	ExpansionScope *Scope // says how often it is done
	BodyScope      *Scope // everything else
}

func decodeStep(block *hcl2.Block) (*Step, hcl2.Diagnostics) {
	kind := kindOf(block)
	c, diags := kind.schema.Decode(block.Body)
	s := &Step{Kind: kind.kind, kind: kind, Label: block.Labels[0], Range: block.DefRange, Repetition: &Repetition{}}
	diags = append(diags, keep(s, c, stepParts)...)
	s.Attributes = expr.In(c, "for_each", "params")
	if s.IsFact() && s.mayBeSensitive() {
		for _, name := range []string{"value", "want", "args", "condition", "error_message"} {
			if ex := s.Attributes[name]; ex != nil {
				ex.Secret = true
			}
		}
	}
	if s.Label == "id" {
		diags = append(diags, syntax.Problem("Invalid name", "A step cannot be called \"id\", since step.id is the key that a step hands to its action.", block.LabelRanges[0]))
	}
	for _, nested := range c.ByType["await"] {
		w, more := decodeAwait(nested)
		diags = append(diags, more...)
		s.Awaits = append(s.Awaits, w)
	}
	if kind.check != nil {
		diags = append(diags, kind.check(c)...)
	}
	return s, diags
}

// IsFact reports whether the step is about a fact.
func (s *Step) IsFact() bool { return s.Kind == address.StepEnsure || s.Kind == address.StepExpect }

// mayBeSensitive reports whether the step may say that it is, as far as that is known without values.
func (s *Step) mayBeSensitive() bool {
	said := s.Attributes["sensitive"]
	if said == nil {
		return false
	}
	is, _ := said.Value(nil)
	return !is.RawEquals(cty.False)
}

// Hears returns the reads that the step refers to, in how often it is made too, and whether it refers to the live state.
func (s *Step) Hears() (reads []string, state bool) {
	return slices.Concat(s.Reads, s.ExpansionScope.Reads()), s.ReadState || s.ExpansionScope.readsState()
}

// ComesAfter reports whether a step with this label comes before it.
func (s *Step) ComesAfter(label string) bool {
	other := s.BodyScope.actor.Step(label)
	return other != nil && other.isAmong(s.Earlier)
}

// MentionsInput reports whether the step is made of what its actor is created with.
func (s *Step) MentionsInput() bool {
	isInput := func(r *expr.Reference) bool { return r.Root == "self" && r.Attribute() == "input" }
	return slices.ContainsFunc(slices.Concat(s.BodyScope.Expressions, s.ExpansionScope.Expressions), func(e *expr.Expression) bool {
		return slices.ContainsFunc(e.References, isInput)
	})
}

// MayBeFarewell reports whether the step may be one that comes before its actor is destroyed, as far as that is known without values.
func (s *Step) MayBeFarewell() bool {
	run := s.Attributes["run"]
	if run == nil {
		return false
	}
	policy, diags := run.Value(nil)
	others := []plan.Policy{plan.RunOnce, plan.RunOnChange, plan.RunAlways, plan.RunManual}
	return diags.HasErrors() || !slices.ContainsFunc(others, func(p plan.Policy) bool { return policy.RawEquals(cty.StringVal(string(p))) })
}

// Spec evaluates what only steps of its kind have.
func (s *Step) Spec(v Values) plan.Spec {
	spec := s.kind.spec(s, v)
	if call := (&plan.Step{Spec: spec}).Call(); call != nil {
		call.GuardIsLive = s.guardIsLive()
	}
	return spec
}

// Fill evaluates the settings that every step has.
func (s *Step) Fill(into *plan.StepSettings, v Values) { fill(into, v, "", stepSettings) }

// SettingsVary reports whether the settings may differ between the instances of the step.
func (s *Step) SettingsVary() bool {
	return slices.ContainsFunc(stepSettings, func(r row[plan.StepSettings]) bool {
		e := s.Attributes[r.Name]
		return e != nil && e.Varies
	})
}

// arrange sorts the expressions of the step into scopes.
func (s *Step) arrange(a *Actor) {
	s.ExpansionScope = &Scope{Expressions: s.Repetition.expressions(), repetition: a.Repetition, actor: a, live: liveSteps, step: s}
	s.BodyScope = &Scope{repetition: s.Repetition, outer: a.Repetition, actor: a, live: liveSteps, step: s}
	s.BodyScope.add(s.Attributes)
	s.BodyScope.Expressions = append(s.BodyScope.Expressions, expr.Present(s.Params)...)
	s.Reads, s.ReadState = s.BodyScope.Reads(), s.BodyScope.readsState()
	for _, w := range s.Awaits {
		s.BodyScope.add(w.Attributes)
		w.Scope = &Scope{Expressions: expr.Present(w.Condition), repetition: s.Repetition, outer: a.Repetition, actor: a, live: liveEvent, step: s}
	}
}

func (s *Step) scopes() []*Scope {
	scopes := []*Scope{s.ExpansionScope, s.BodyScope}
	for _, w := range s.Awaits {
		scopes = append(scopes, w.Scope)
	}
	return scopes
}

// guardIsLive reports whether a guard names what this actor or another one says of itself.
func (s *Step) guardIsLive() bool {
	for _, name := range []string{"only_if", "unless"} {
		if e := s.Attributes[name]; e != nil && slices.ContainsFunc(e.References, (*expr.Reference).IsLive) {
			return true
		}
	}
	return false
}

// isAmong reports whether the step is one of the first of its actor.
func (s *Step) isAmong(first []*Step) bool { return len(s.Earlier) < len(first) }

// isOf reports whether the step is of a kind, which is empty for all of them.
func (s *Step) isOf(kind address.StepKind) bool { return kind == "" || s.Kind == kind }

// HasResult reports whether a step gives something that later steps can refer to.
func (s *Step) HasResult() bool { return s.Kind != address.StepExpect }
