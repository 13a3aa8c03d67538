package declare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// ActorAttributes lists what an expression elsewhere may ask of an actor or data block.
func ActorAttributes(kind address.Kind) []string {
	if kind == address.KindData {
		return []string{"id", "name", "key", "exists", "create_ts", "read", "state"}
	}
	return []string{"id", "name", "key", "input", "exists", "created", "create_ts", "step", "read"}
}

func (u *Tree) checkActor(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	if d := u.checkDeclared(r); d != nil {
		return d
	}
	a := u.actorOf(r)
	if a == nil {
		return nil
	}
	if g.actor != nil && a.Address() == g.actor.Address() {
		return syntax.Problem("Reference to itself", fmt.Sprintf(
			"A block cannot refer to itself: %s would have to be known before it is made. Inside its steps, \"self\" is the actor.", r.Address(),
		), r.Range)
	}
	if d := checkIndex(a.Repetition, r, ActorAttributes(a.Kind)); d != nil {
		return d
	}
	if r.Index == nil && a.Repetition.Repeats() {
		return nil // something is done with all instances, which only evaluation can check
	}
	return checkAttribute(a, r)
}

// checkIndex checks that an index is there exactly if the block is repeated.
func checkIndex(repeated *Repetition, r *expr.Reference, attributes []string) *hcl2.Diagnostic {
	name := r.Attribute()
	switch {
	case r.Index != nil && !repeated.Repeats():
		return syntax.Problem("Unexpected instance key", fmt.Sprintf(
			"%s has neither for_each nor count, so there is only one. Remove the index.", r.Address()), r.Range)
	case r.Index == nil && repeated.Repeats() && slices.Contains(attributes, name):
		return syntax.Problem("Missing instance key", fmt.Sprintf(
			"%s is repeated, so an attribute belongs to one of its instances. Write %s[%s].%s, or { for key, one in %s : key => one.%s } for all of them.",
			r.Address(), r.Address(), repeated.exampleKey(), name, r.Address(), name), r.Range)
	}
	return nil
}

func (r *Repetition) exampleKey() string {
	if r.Count != nil {
		return "0"
	}
	return "each.key"
}

// checkAttribute checks what a reference asks of a single actor.
func checkAttribute(a *Actor, r *expr.Reference) *hcl2.Diagnostic {
	name, known := r.Attribute(), ActorAttributes(a.Kind)
	switch {
	case name == "":
		return nil
	case name == "read":
		return checkRead(a, r, 1)
	case name == "step" && a.hasDynamic:
		return nil // the step may be one of those that are not known yet
	case name == "step" && a.Kind == address.KindActor:
		return checkResult(a, a.Steps, r, 1)
	case name == "state" && a.Kind == address.KindActor:
		return syntax.Problem("Unsupported attribute", fmt.Sprintf(
			"The live state of %s can only be referred to inside its own block, as self.state. Elsewhere, declare a read for what is meant, or a data block.", r.Address()), r.Range)
	case !slices.Contains(known, name):
		return syntax.Problem("Unsupported attribute", fmt.Sprintf(
			"%s has no attribute %q. It has %s.%s", r.Address(), name, strings.Join(known, ", "), syntax.DidYouMean(name, known)), r.Range)
	}
	return nil
}

// checkRead checks the label that follows the name "read" in a reference.
func checkRead(a *Actor, r *expr.Reference, at int) *hcl2.Diagnostic {
	label := r.RestName(at)
	if label == "" {
		return syntax.Problem("Invalid reference", "A reference to a read is written read.LABEL.", r.Range)
	}
	if a.readCalled(label) != nil || a.hasDynamic {
		return nil
	}
	var labels []string
	for _, known := range a.Reads {
		labels = append(labels, known.Label)
	}
	detail := fmt.Sprintf("%s has no read %q.%s", a.Address(), label, syntax.SuggestMember(label, labels))
	if len(labels) == 0 {
		detail += fmt.Sprintf(" Declare it inside the block with: read %q { action = ... }", label)
	}
	return syntax.Problem("Reference to undeclared read", detail, r.Range)
}

// checkResult checks the label of a step and the attribute that follow the name "step" in a reference.
func checkResult(a *Actor, known []*Step, r *expr.Reference, at int) *hcl2.Diagnostic {
	label := r.RestName(at)
	if label == "" {
		return syntax.Problem("Invalid reference", "A reference to the result of a step is written step.LABEL.output.", r.Range)
	}
	gives := func(s *Step) bool { return s.HasResult() && s.isOf(r.Kind) }
	if s := a.Step(label); s != nil && s.isAmong(known) && gives(s) {
		return checkOutput(s, r, at+1)
	}
	var labels []string
	if a.suggestions.More() {
		for _, s := range slices.DeleteFunc(slices.Clone(known), func(s *Step) bool { return !gives(s) }) {
			labels = append(labels, s.Label)
		}
	}
	what := cmp.Or(string(r.Kind), "step")
	return syntax.Problem("Reference to undeclared step", fmt.Sprintf("There is no %s %q with a result that can be referred to here.%s",
		what, label, suggestStep(label, labels)), r.Range)
}

func suggestStep(label string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return strings.Replace(syntax.SuggestMember(label, known), " It has ", " There is ", 1)
}

func checkOutput(s *Step, r *expr.Reference, at int) *hcl2.Diagnostic {
	name := r.RestName(at)
	if s.Repetition.Repeats() {
		if at < len(r.Rest) && name == "output" {
			return syntax.Problem("Missing instance key", fmt.Sprintf(
				"The step %q is repeated, so a result belongs to one of its rounds: step.%s[...].output.", s.Label, s.Label), r.Range)
		}
		return nil
	}
	if name != "output" {
		return syntax.Problem("Unsupported attribute", fmt.Sprintf("A step has only one attribute: step.%s.output.", s.Label), r.Range)
	}
	return nil
}

// checkModule checks a reference to an output of a called module.
func (u *Tree) checkModule(r *expr.Reference) *hcl2.Diagnostic {
	if d := u.checkDeclared(r); d != nil {
		return d
	}
	d := u.Declarations[r.Address()]
	if d == nil {
		return nil
	}
	c := d.What.(*ModuleCall)
	if c.config == nil {
		return nil // which loading has reported
	}
	var outputs []string
	for _, o := range c.config.Outputs {
		outputs = append(outputs, o.Name)
	}
	if d := checkIndex(c.Repetition, r, outputs); d != nil {
		return d
	}
	name := r.Attribute()
	if name == "" || r.Index == nil && c.Repetition.Repeats() {
		return nil
	}
	if slices.Contains(outputs, name) {
		return nil
	}
	return syntax.Problem("Reference to undeclared output", fmt.Sprintf(
		"The module in %q has no output %q.%s", c.source, name, syntax.DidYouMean(name, outputs)), r.Range)
}
