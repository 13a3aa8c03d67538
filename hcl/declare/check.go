package declare

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// checkReferences reports what the expressions of a scope refer to and is not there, or not there to be referred to. It
// needs no values.
func (u *Tree) checkReferences(g *Scope) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if d := u.checkReference(g, r); d != nil {
				d.Expression = e
				diags = append(diags, d)
			}
		}
	}
	return diags
}

func (u *Tree) checkReference(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	switch r.Root {
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
	case expr.FirstApplied:
		return checkFirstApplied(g, r)
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
	if expr.NameCount(root) == 2 {
		return root + ".NAME.LABEL, with the two labels of its block"
	}
	return root + ".NAME"
}

// checkDeclared checks that a reference is complete and what it names is declared.
func (u *Tree) checkDeclared(r *expr.Reference) *hcl2.Diagnostic {
	kind := kindName(r.Root)
	if !r.IsComplete() {
		return syntax.Problem("Invalid reference", fmt.Sprintf("A reference to %s is written %s.", syntax.Article(kind), shape(r.Root)), r.Range)
	}
	if u.Declarations[r.Address()] != nil || u.Module.unread[strings.Join(r.Names, ".")] {
		return nil
	}
	detail := fmt.Sprintf("No %s %s is declared%s.", kind, syntax.QuoteAll(r.Names), u.here())
	if suggestion := u.suggest(r); suggestion != "" {
		detail += suggestion
	} else if r.Root == "var" {
		detail += fmt.Sprintf(" Declare it with: variable %q {}", r.Names[0])
	}
	return syntax.Problem("Reference to undeclared "+kind, detail, r.Range)
}

// here names the module of a unit in a sentence, or nothing for the root.
func (u *Tree) here() string {
	if u.path == "" {
		return ""
	}
	return " in " + u.path
}

// suggest proposes the declaration of the same kind whose address is nearest, or one of another kind with that very name.
func (u *Tree) suggest(r *expr.Reference) string {
	if !u.suggestions.More() {
		return ""
	}
	var same []string
	for address := range u.Declarations {
		if strings.HasPrefix(address, r.Root+".") {
			same = append(same, address)
		}
	}
	if suggestion := syntax.DidYouMean(r.Address(), same); suggestion != "" {
		return suggestion
	}
	if other := u.sameName(r.Names[len(r.Names)-1]); other != "" {
		return fmt.Sprintf(" Did you mean %q?", other)
	}
	return ""
}

// sameName returns the address of a variable, local value or actor of that name, or nothing.
func (u *Tree) sameName(name string) string {
	for _, root := range []string{"var", "local", "module"} {
		if address := root + "." + name; u.Declarations[address] != nil {
			return address
		}
	}
	for _, a := range u.Module.actors {
		if a.Name == name || a.Label == name {
			return a.Address()
		}
	}
	return ""
}

func checkRepetition(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	switch {
	case r.Root == "each" && g.hasEach():
		return checkMember(r, "key", "value")
	case r.Root == "count" && g.hasCount():
		return checkMember(r, "index")
	case r.Root == "each" && g.hasCount():
		return syntax.Problem("Reference to each outside for_each", "This block is repeated by count, so an instance is known by count.index.", r.Range)
	case r.Root == "count" && g.hasEach():
		return syntax.Problem("Reference to count outside count", "This block is repeated by for_each, so an instance is known by each.key.", r.Range)
	default:
		argument := map[string]string{"each": "for_each", "count": "count"}[r.Root]
		return syntax.Problem(fmt.Sprintf("Reference to %s outside %s", r.Root, argument), fmt.Sprintf(
			"%q tells the instances of a repeated block apart. This is not inside of a block that is repeated by the argument %q.", r.Root, argument,
		), r.Range)
	}
}

// checkMember checks a reference to a name that has a few fixed members.
func checkMember(r *expr.Reference, members ...string) *hcl2.Diagnostic {
	name := r.Attribute()
	if slices.Contains(members, name) {
		return nil
	}
	spelt := make([]string, len(members))
	for i, m := range members {
		spelt[i] = r.Root + "." + m
	}
	if name == "" {
		return syntax.Problem("Invalid reference", fmt.Sprintf("%q is no value by itself. Use %s.", r.Root, strings.Join(spelt, ", ")), r.Range)
	}
	return syntax.Problem("Unsupported attribute", fmt.Sprintf("There is no %s.%s, only %s.%s",
		r.Root, name, strings.Join(spelt, ", "), syntax.DidYouMean(name, members)), r.Range)
}

var roots = []string{"var", "local", "actor", "data", "module", "each", "count", "self", "read", "step", "event", "path"}

// rootWords are what people write where the language has a shorter word.
var rootWords = map[string]string{"variable": "var", "variables": "var", "locals": "local", "resource": "actor"}

func (u *Tree) unknownRoot(r *expr.Reference) *hcl2.Diagnostic {
	detail := "There is nothing of this name to refer to." // which is not said, as it may be a secret whose quotes are missing
	if r.Root == "output" {
		return syntax.Problem("Invalid reference", "An output is only seen from outside its module. Refer to what its value is made of.", r.Range)
	}
	if word := rootWords[r.Root]; word != "" {
		return syntax.Problem("Invalid reference", fmt.Sprintf("A reference to %s is written %s.", syntax.Article(kindName(word)), shape(word)), r.Range)
	}
	if suggestion := syntax.Nearest(r.Root, roots); suggestion != "" && len(r.Rest) > 0 {
		return syntax.Problem("Invalid reference", detail+fmt.Sprintf(" Did you mean %q?", suggestion), r.Range)
	}
	if u.suggestions.More() {
		if other := u.sameName(r.Root); other != "" {
			return syntax.Problem("Invalid reference", detail+fmt.Sprintf(" Did you mean %q?", other), r.Range)
		}
	}
	if len(r.Rest) == 0 {
		detail += " If a string is meant, write it in quotes."
	}
	return syntax.Problem("Invalid reference", detail, r.Range)
}

// checkDependency checks an element of depends_on.
func (u *Tree) checkDependency(of *Declaration, r *expr.Reference) *hcl2.Diagnostic {
	if r.Root != "actor" && r.Root != "data" && r.Root != "module" {
		return syntax.Problem("Invalid dependency", fmt.Sprintf("Only actors, data and modules can be depended on, not %q.", r.Root), r.Range)
	}
	own, _ := of.What.(*Actor)
	if d := u.checkReference(&Scope{actor: own}, r); d != nil {
		return d
	}
	if len(r.Rest) > 0 {
		return syntax.Problem("Invalid dependency", fmt.Sprintf("depends_on names whole blocks: write %s without what follows.", r.Address()), r.Range)
	}
	return nil
}
