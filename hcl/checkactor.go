package hcl

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// attributesOf lists what an expression elsewhere may ask of an actor or data block.
func attributesOf(kind address.Kind) []string {
	if kind == address.KindData {
		return []string{"id", "name", "key", "exists", "create_ts", "read", "state"}
	}
	return []string{"id", "name", "key", "input", "exists", "created", "create_ts", "step", "read"}
}

func (u *unit) checkActor(g *group, r *reference) *hcl2.Diagnostic {
	if d := u.checkDeclared(r); d != nil {
		return d
	}
	a := u.actorOf(r)
	if a == nil {
		return nil
	}
	if g.actor != nil && a.address() == g.actor.address() {
		return problem("Reference to itself", fmt.Sprintf(
			"A block cannot refer to itself: %s would have to be known before it is made. Inside its steps, \"self\" is the actor.", r.address(),
		), r.subject)
	}
	if d := checkIndex(a.repetition, r, attributesOf(a.kind)); d != nil {
		return d
	}
	if r.index == nil && a.repetition.repeats() {
		return nil // something is done with all instances, which only evaluation can check
	}
	return checkAttribute(a, r)
}

// checkIndex checks that an index is there exactly if the block is repeated.
func checkIndex(repeated *repetition, r *reference, attributes []string) *hcl2.Diagnostic {
	name := r.attribute()
	switch {
	case r.index != nil && !repeated.repeats():
		return problem("Unexpected instance key", fmt.Sprintf(
			"%s has neither for_each nor count, so there is only one. Remove the index.", r.address()), r.subject)
	case r.index == nil && repeated.repeats() && slices.Contains(attributes, name):
		return problem("Missing instance key", fmt.Sprintf(
			"%s is repeated, so an attribute belongs to one of its instances. Write %s[%s].%s, or { for key, one in %s : key => one.%s } for all of them.",
			r.address(), r.address(), repeated.exampleKey(), name, r.address(), name), r.subject)
	}
	return nil
}

func (r *repetition) exampleKey() string {
	if r.count != nil {
		return "0"
	}
	return "each.key"
}

// checkAttribute checks what a reference asks of a single actor.
func checkAttribute(a *actor, r *reference) *hcl2.Diagnostic {
	name, known := r.attribute(), attributesOf(a.kind)
	switch {
	case name == "":
		return nil
	case name == "read":
		return checkRead(a, r, 1)
	case name == "step" && a.hasDynamic:
		return nil // the step may be one of those that are not known yet
	case name == "step" && a.kind == address.KindActor:
		return checkResult(a.steps, r, 1)
	case name == "state" && a.kind == address.KindActor:
		return problem("Unsupported attribute", fmt.Sprintf(
			"The live state of %s can only be referred to inside its own block, as self.state. Elsewhere, declare a read for what is meant, or a data block.", r.address()), r.subject)
	case !slices.Contains(known, name):
		return problem("Unsupported attribute", fmt.Sprintf(
			"%s has no attribute %q. It has %s.%s", r.address(), name, strings.Join(known, ", "), didYouMean(name, known)), r.subject)
	}
	return nil
}

// checkRead checks the label that follows the name "read" in a reference.
func checkRead(a *actor, r *reference, at int) *hcl2.Diagnostic {
	label := r.restName(at)
	if label == "" {
		return problem("Invalid reference", "A reference to a read is written read.LABEL.", r.subject)
	}
	if a.readCalled(label) != nil || a.hasDynamic {
		return nil
	}
	var labels []string
	for _, known := range a.reads {
		labels = append(labels, known.label)
	}
	detail := fmt.Sprintf("%s has no read %q.%s", a.address(), label, suggestMember(label, labels))
	if len(labels) == 0 {
		detail += fmt.Sprintf(" Declare it inside the block with: read %q { action = ... }", label)
	}
	return problem("Reference to undeclared read", detail, r.subject)
}

// checkResult checks the label and the attribute that follow the name "step" in a reference.
func checkResult(steps []*step, r *reference, at int) *hcl2.Diagnostic {
	label := r.restName(at)
	if label == "" {
		return problem("Invalid reference", "A reference to the result of a step is written step.LABEL.output.", r.subject)
	}
	var labels []string
	for _, s := range steps {
		if s.label == label && s.hasResult() {
			return checkOutput(s, r, at+1)
		}
		if s.hasResult() {
			labels = append(labels, s.label)
		}
	}
	return problem("Reference to undeclared step", fmt.Sprintf("There is no step %q with a result that can be referred to here.%s",
		label, suggestStep(label, labels)), r.subject)
}

func suggestStep(label string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return strings.Replace(suggestMember(label, known), " It has ", " There is ", 1)
}

func checkOutput(s *step, r *reference, at int) *hcl2.Diagnostic {
	name := r.restName(at)
	if s.repetition.repeats() {
		if at < len(r.rest) && name == "output" {
			return problem("Missing instance key", fmt.Sprintf(
				"The step %q is repeated, so a result belongs to one of its rounds: step.%s[...].output.", s.label, s.label), r.subject)
		}
		return nil
	}
	if name != "output" {
		return problem("Unsupported attribute", fmt.Sprintf("A step has only one attribute: step.%s.output.", s.label), r.subject)
	}
	return nil
}
