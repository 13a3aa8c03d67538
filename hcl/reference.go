package hcl

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// reference is a mention of something declared elsewhere, such as actor.chatRoom.room["general"].id.
type reference struct {
	root    string          // var, local, actor and so on
	names   []string        // what follows it and tells the declaration: the name and label of an actor
	index   hcl2.Expression // the key of one instance; nil where the whole block is meant
	rest    hcl2.Traversal  // what follows the declaration, or its instance
	subject hcl2.Range
}

// nameCount says how many names tell a declaration of a kind.
func nameCount(root string) int {
	switch root {
	case "actor", "data":
		return 2
	case "var", "local", "module":
		return 1
	default:
		return 0
	}
}

// isInstanced reports whether declarations of a kind may be repeated, so that an index may follow their names.
func isInstanced(root string) bool { return root == "actor" || root == "data" || root == "module" }

func newReference(t hcl2.Traversal) *reference {
	r := &reference{root: t.RootName(), rest: t[1:], subject: t.SourceRange()}
	for len(r.names) < nameCount(r.root) && len(r.rest) > 0 {
		name, ok := stepName(r.rest[0])
		if !ok {
			break
		}
		r.names = append(r.names, name)
		r.rest = r.rest[1:]
	}
	if r.isComplete() && isInstanced(r.root) && len(r.rest) > 0 {
		if step, ok := r.rest[0].(hcl2.TraverseIndex); ok {
			r.index, r.rest = hcl2.StaticExpr(step.Key, step.SrcRange), r.rest[1:]
		}
	}
	return r
}

// stepName returns the name that a step of a traversal selects by, written with a dot or in brackets.
func stepName(step hcl2.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl2.TraverseAttr:
		return step.Name, true
	case hcl2.TraverseIndex:
		if step.Key.Type() == cty.String {
			return step.Key.AsString(), true
		}
	}
	return "", false
}

// isComplete reports whether the names are all there.
func (r *reference) isComplete() bool { return len(r.names) == nameCount(r.root) }

// isWholeBlock reports whether a block that may be repeated is meant in whole.
func (r *reference) isWholeBlock() bool {
	return isInstanced(r.root) && r.isComplete() && r.index == nil && len(r.rest) == 0
}

// address returns the address of the declaration within its module.
func (r *reference) address() string { return r.root + "." + strings.Join(r.names, ".") }

// attribute returns the first name after the declaration, or nothing where all of it is meant.
func (r *reference) attribute() string { return r.restName(0) }

// restName returns a name after the declaration, or nothing where there is none.
func (r *reference) restName(i int) string {
	if i >= len(r.rest) {
		return ""
	}
	name, _ := stepName(r.rest[i])
	return name
}

// varies reports whether what is referred to may differ between the instances of the block that refers to it.
func (r *reference) varies() bool {
	switch r.root {
	case "each", "count", "self", "read", "step", "event":
		return true
	}
	return r.index != nil && slices.ContainsFunc(r.index.Variables(), func(t hcl2.Traversal) bool {
		return t.RootName() == "each" || t.RootName() == "count"
	})
}

// isLive reports whether what is referred to is read from an actor.
func (r *reference) isLive() bool {
	name := r.attribute()
	switch r.root {
	case "read":
		return true
	case "self", "actor", "data":
		return name == "read" || name == "state"
	default:
		return false
	}
}

// decodeDependsOn reads a list of references to actors or to single instances of them.
func decodeDependsOn(c *content) ([]*reference, hcl2.Diagnostics) {
	attr, ok := c.attributes["depends_on"]
	if !ok {
		return nil, nil
	}
	items, diags := hcl2.ExprList(attr.Expr)
	if diags.HasErrors() {
		return nil, hcl2.Diagnostics{problem("Invalid dependency", "depends_on is a list of references, in brackets: [actor.chatRoom.room].", attr.Expr.Range())}
	}
	var references []*reference
	for _, item := range items {
		traversal, more := hcl2.AbsTraversalForExpr(item)
		if more.HasErrors() {
			diags = append(diags, problem("Invalid dependency",
				"depends_on is a list of references such as actor.chatRoom.room or actor.chatRoom.room[\"general\"], without quotes.", item.Range()))
			continue
		}
		references = append(references, newReference(traversal))
	}
	return references, diags
}

// checkDependency checks an element of depends_on.
func (u *unit) checkDependency(of *declaration, r *reference) *hcl2.Diagnostic {
	if r.root != "actor" && r.root != "module" {
		return problem("Invalid dependency", fmt.Sprintf("Only actors and modules can be depended on, not %q.", r.root), r.subject)
	}
	own, _ := of.what.(*actor)
	if d := u.checkReference(&group{actor: own}, r); d != nil {
		return d
	}
	if len(r.rest) > 0 {
		return problem("Invalid dependency", fmt.Sprintf("depends_on names whole blocks: write %s without what follows.", r.address()), r.subject)
	}
	return nil
}
