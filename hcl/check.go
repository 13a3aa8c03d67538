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
	case "actor", "data":
		return u.checkActor(g, r)
	case "module":
		return u.checkModule(r)
	case "each", "count":
		return checkRepetition(g, r)
	case "self", "read", "step", "event":
		return checkLive(g, r)
	case "path":
		return checkMember(r, "module", "root", "cwd")
	default:
		return u.unknownRoot(r)
	}
}

// kindName is what people call the declarations that a name stands for.
func kindName(root string) string {
	switch root {
	case "var":
		return "variable"
	case "local":
		return "local value"
	case "data":
		return "data block"
	default:
		return root
	}
}

// shape shows how a reference of a kind is written.
func shape(root string) string {
	if nameCount(root) == 2 {
		return root + ".NAME.LABEL, with the two labels of its block"
	}
	return root + ".NAME"
}

// checkDeclared checks that a reference is complete and what it names is declared.
func (u *unit) checkDeclared(r *reference) *hcl2.Diagnostic {
	kind := kindName(r.root)
	if !r.isComplete() {
		return problem("Invalid reference", fmt.Sprintf("A reference to %s is written %s.", article(kind), shape(r.root)), r.subject)
	}
	if u.declarations[r.address()] != nil || u.config.unread[strings.Join(r.names, ".")] {
		return nil
	}
	detail := fmt.Sprintf("No %s %s is declared%s.", kind, quoteAll(r.names), u.here())
	if suggestion := u.suggest(r); suggestion != "" {
		detail += suggestion
	} else if r.root == "var" {
		detail += fmt.Sprintf(" Declare it with: variable %q {}", r.names[0])
	}
	return problem("Reference to undeclared "+kind, detail, r.subject)
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
	var same []string
	for address := range u.declarations {
		if strings.HasPrefix(address, r.root+".") {
			same = append(same, address)
		}
	}
	if suggestion := didYouMean(r.address(), same); suggestion != "" {
		return suggestion
	}
	if other := u.sameName(r.names[len(r.names)-1]); other != "" {
		return fmt.Sprintf(" Did you mean %q?", other)
	}
	return ""
}

// sameName returns the address of a variable, local value or actor of that name, or nothing.
func (u *unit) sameName(name string) string {
	for _, root := range []string{"var", "local", "module"} {
		if address := root + "." + name; u.declarations[address] != nil {
			return address
		}
	}
	for _, a := range u.config.actors {
		if a.name == name || a.label == name {
			return a.address()
		}
	}
	return ""
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
			"%q tells the instances of a repeated block apart. This is not inside of a block that is repeated by the argument %q.", r.root, argument,
		), r.subject)
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

var roots = []string{"var", "local", "actor", "data", "module", "each", "count", "self", "read", "step", "event", "path"}

// rootWords are what people write where the language has a shorter word.
var rootWords = map[string]string{"variable": "var", "variables": "var", "locals": "local", "resource": "actor"}

func (u *unit) unknownRoot(r *reference) *hcl2.Diagnostic {
	detail := fmt.Sprintf("There is nothing called %q to refer to.", r.root)
	if r.root == "output" {
		return problem("Invalid reference", "An output is only seen from outside its module. Refer to what its value is made of.", r.subject)
	}
	if word := rootWords[r.root]; word != "" {
		return problem("Invalid reference", fmt.Sprintf("A reference to %s is written %s.", article(kindName(word)), shape(word)), r.subject)
	}
	if suggestion := nearest(r.root, roots); suggestion != "" && len(r.rest) > 0 {
		return problem("Invalid reference", detail+fmt.Sprintf(" Did you mean %q?", suggestion), r.subject)
	}
	if other := u.sameName(r.root); other != "" {
		return problem("Invalid reference", detail+fmt.Sprintf(" Did you mean %q?", other), r.subject)
	}
	if len(r.rest) == 0 {
		detail += fmt.Sprintf(" If a string is meant, write it in quotes: \"%s\".", r.root)
	}
	return problem("Invalid reference", detail, r.subject)
}
