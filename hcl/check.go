package hcl

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// checkReferences reports what a group of expressions refers to and is not there, or not there to be referred to. It
// needs no values.
func (u *unit) checkReferences(g *group) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, e := range g.expressions {
		for _, r := range e.references {
			if d := u.checkReference(g, r); d != nil {
				d.Expression = e
				diags = append(diags, d)
			}
		}
	}
	return diags
}

func (u *unit) checkReference(g *group, r *reference) *hcl2.Diagnostic {
	switch r.root {
	case "var", "local":
		return u.checkDeclared(r)
	case "actor":
		return u.checkActor(g, r)
	case "each", "count":
		return checkRepetition(g, r)
	case "self", "step":
		return checkLive(g, r)
	case "path":
		return checkMember(r, "module", "root", "cwd")
	default:
		return u.unknownRoot(r)
	}
}

// shapes shows how a reference of a kind is written.
var shapes = map[string]string{
	"var":   "var.NAME",
	"local": "local.NAME",
	"actor": "actor.NAME.LABEL, the labels of the actor's block",
}

var kindNames = map[string]string{"var": "variable", "local": "local value", "actor": "actor"}

func (u *unit) checkDeclared(r *reference) *hcl2.Diagnostic {
	if !r.isComplete() {
		return problem("Invalid reference", fmt.Sprintf("A reference to %s is written %s.", article(kindNames[r.root]), shapes[r.root]), r.subject)
	}
	if u.declarations[r.address()] != nil {
		return nil
	}
	detail := fmt.Sprintf("No %s %q is declared%s.", kindNames[r.root], r.names[0], u.here())
	if suggestion := u.suggest(r); suggestion != "" {
		detail += suggestion
	} else if r.root == "var" {
		detail += fmt.Sprintf(" Declare it with: variable %q {}", r.names[0])
	}
	return problem("Reference to undeclared "+kindNames[r.root], detail, r.subject)
}

// here names the module of a unit in a sentence, or nothing for the root.
func (u *unit) here() string {
	if u.path == "" {
		return ""
	}
	return " in " + u.path
}

// suggest proposes the declaration of the same kind whose address is nearest, or one of another kind with that very name.
func (u *unit) suggest(r *reference) string {
	wanted := r.address()
	var same []string
	for address := range u.declarations {
		if strings.HasPrefix(address, r.root+".") {
			same = append(same, address)
		}
	}
	if suggestion := didYouMean(wanted, same); suggestion != "" {
		return suggestion
	}
	for _, root := range []string{"var", "local"} {
		if other := root + "." + r.names[len(r.names)-1]; u.declarations[other] != nil {
			return fmt.Sprintf(" Did you mean %q?", other)
		}
	}
	return ""
}

// actorAttributes are what an expression elsewhere may ask of an actor.
var actorAttributes = []string{"id", "name", "key", "input", "exists", "created", "create_ts"}

func (u *unit) checkActor(g *group, r *reference) *hcl2.Diagnostic {
	if !r.isComplete() {
		return problem("Invalid reference", fmt.Sprintf("A reference to an actor is written %s.", shapes["actor"]), r.subject)
	}
	d := u.declarations[r.address()]
	if d == nil {
		return problem("Reference to undeclared actor",
			fmt.Sprintf("No actor %q %q is declared%s.%s", r.names[0], r.names[1], u.here(), u.suggest(r)), r.subject)
	}
	a := d.what.(*actor)
	if a == g.actor {
		return problem("Reference to itself", fmt.Sprintf(
			"A block cannot refer to itself: %s would have to be known before it is made. Inside its steps, \"self\" is the actor.", r.address(),
		), r.subject)
	}
	return checkInstance(a, r)
}

// checkInstance checks that an index is there exactly if the block is repeated, and that the attribute exists.
func checkInstance(a *actor, r *reference) *hcl2.Diagnostic {
	name := r.attribute()
	switch {
	case r.index != nil && !a.repetition.repeats():
		return problem("Unexpected instance key", fmt.Sprintf(
			"%s has neither for_each nor count, so it is one actor. Remove the index.", r.address()), r.subject)
	case r.index == nil && a.repetition.repeats() && slices.Contains(actorAttributes, name):
		return problem("Missing instance key", fmt.Sprintf(
			"%s is repeated, so an attribute belongs to one of its instances. Write %s[%s].%s, or %s for all of them.",
			r.address(), r.address(), exampleKey(a), name, exampleFor(r.address(), name)), r.subject)
	case name != "" && (r.index != nil || !a.repetition.repeats()) && !slices.Contains(actorAttributes, name):
		return problem("Unsupported attribute", fmt.Sprintf(
			"An actor has no attribute %q. It has %s.%s", name, strings.Join(actorAttributes, ", "), didYouMean(name, actorAttributes)), r.subject)
	}
	return nil
}

func exampleKey(a *actor) string {
	if a.repetition.count != nil {
		return "0"
	}
	return "each.key"
}

func exampleFor(address, attribute string) string {
	return fmt.Sprintf("{ for key, actor in %s : key => actor.%s }", address, attribute)
}

func checkRepetition(g *group, r *reference) *hcl2.Diagnostic {
	switch {
	case r.root == "each" && g.hasEach():
		return checkMember(r, "key", "value")
	case r.root == "count" && g.hasCount():
		return checkMember(r, "index")
	case r.root == "each" && g.hasCount():
		return problem("Reference to each outside for_each", "This block is repeated by count, so an instance is known by count.index.", r.subject)
	case r.root == "count" && g.hasEach():
		return problem("Reference to count outside count", "This block is repeated by for_each, so an instance is known by each.key.", r.subject)
	default:
		argument := map[string]string{"each": "for_each", "count": "count"}[r.root]
		return problem(fmt.Sprintf("Reference to %s outside %s", r.root, argument), fmt.Sprintf(
			"%q stands for one of several instances, so it can only be used in a block that has %q, and not in %q itself.", r.root, argument, argument,
		), r.subject)
	}
}

var selfAttributes = []string{"id", "name", "key", "input", "exists", "created", "create_ts"}

func checkLive(g *group, r *reference) *hcl2.Diagnostic {
	switch {
	case !g.live && g.actor != nil:
		return problem("Reference to "+r.root+" outside a step", fmt.Sprintf(
			"%q can only be used inside the steps of an actor: before them, there may be no actor yet.", r.root), r.subject)
	case !g.live:
		return problem("Reference to "+r.root+" outside a step", fmt.Sprintf("%q can only be used inside the steps of an actor.", r.root), r.subject)
	case r.root == "self":
		return checkMember(r, selfAttributes...)
	default:
		return checkMember(r, "id")
	}
}

// checkMember checks a reference to a name that has a few fixed members.
func checkMember(r *reference, members ...string) *hcl2.Diagnostic {
	name := r.attribute()
	if slices.Contains(members, name) {
		return nil
	}
	spelt := make([]string, len(members))
	for i, m := range members {
		spelt[i] = r.root + "." + m
	}
	if name == "" {
		return problem("Invalid reference", fmt.Sprintf("%q is no value by itself. Use %s.", r.root, strings.Join(spelt, ", ")), r.subject)
	}
	return problem("Unsupported attribute", fmt.Sprintf("There is no %s.%s, only %s.%s",
		r.root, name, strings.Join(spelt, ", "), didYouMean(name, members)), r.subject)
}

var roots = []string{"var", "local", "actor", "each", "count", "self", "step", "path"}

func (u *unit) unknownRoot(r *reference) *hcl2.Diagnostic {
	detail := fmt.Sprintf("There is nothing called %q to refer to.", r.root)
	name := r.root
	if len(r.rest) > 0 {
		if suggestion := nearest(name, roots); suggestion != "" {
			return problem("Invalid reference", detail+fmt.Sprintf(" Did you mean %q?", suggestion), r.subject)
		}
	}
	for _, root := range []string{"var", "local"} {
		if u.declarations[root+"."+name] != nil {
			return problem("Invalid reference", detail+fmt.Sprintf(" Did you mean \"%s.%s\"?", root, name), r.subject)
		}
	}
	for _, a := range u.config.actors {
		if a.name == name {
			return problem("Invalid reference", detail+fmt.Sprintf(" Did you mean \"actor.%s.%s\"?", a.name, a.label), r.subject)
		}
	}
	if len(r.rest) == 0 {
		detail += fmt.Sprintf(" If a string is meant, write it in quotes: \"%s\".", name)
	}
	return problem("Invalid reference", detail, r.subject)
}
