package declare

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// Reference is a mention of something declared elsewhere, such as actor.chatRoom.room["general"].id.
type Reference struct {
	Root  string          // var, local, actor and so on
	Names []string        // what follows it and tells the declaration: the name and label of an actor
	Index hcl2.Expression // the key of one instance; nil where the whole block is meant
	rest  hcl2.Traversal  // what follows the declaration, or its instance
	Range hcl2.Range
	// Kind is the kind of step that a reference says, which is written action.LABEL rather than step.LABEL.
	Kind address.StepKind
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

// IsRepeatable reports whether declarations of a kind may be repeated, so that an index may follow their names.
func IsRepeatable(root string) bool { return root == "actor" || root == "data" || root == "module" }

func newReference(t hcl2.Traversal) *Reference {
	r := &Reference{Root: t.RootName(), rest: t[1:], Range: t.SourceRange()}
	if isStepKind(r.Root) {
		r.Root, r.Kind = "step", address.StepKind(r.Root)
	}
	for len(r.Names) < nameCount(r.Root) && len(r.rest) > 0 {
		name, ok := TraversalName(r.rest[0])
		if !ok {
			break
		}
		r.Names = append(r.Names, name)
		r.rest = r.rest[1:]
	}
	if r.isComplete() && IsRepeatable(r.Root) && len(r.rest) > 0 {
		if step, ok := r.rest[0].(hcl2.TraverseIndex); ok {
			r.Index, r.rest = hcl2.StaticExpr(step.Key, step.SrcRange), r.rest[1:]
		}
	}
	return r
}

// TraversalName returns the name that a step of a traversal selects by, written with a dot or in brackets.
func TraversalName(step hcl2.Traverser) (string, bool) {
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
func (r *Reference) isComplete() bool { return len(r.Names) == nameCount(r.Root) }

// isWholeBlock reports whether a block that may be repeated is meant in whole.
func (r *Reference) isWholeBlock() bool {
	return IsRepeatable(r.Root) && r.isComplete() && r.Index == nil && len(r.rest) == 0
}

// Address returns the address of the declaration within its module.
func (r *Reference) Address() string { return r.Root + "." + strings.Join(r.Names, ".") }

// Attribute returns the first name after the declaration, or nothing where all of it is meant.
func (r *Reference) Attribute() string { return r.restName(0) }

// restName returns a name after the declaration, or nothing where there is none.
func (r *Reference) restName(i int) string {
	if i >= len(r.rest) {
		return ""
	}
	name, _ := TraversalName(r.rest[i])
	return name
}

// Varies reports whether what is referred to may differ between the instances of the block that refers to it.
func (r *Reference) Varies() bool {
	switch r.Root {
	case "each", "count", "self", "read", "step", "event":
		return true
	}
	return r.Index != nil && slices.ContainsFunc(r.Index.Variables(), func(t hcl2.Traversal) bool {
		return t.RootName() == "each" || t.RootName() == "count"
	})
}

// isLive reports whether what is referred to is read from an actor.
func (r *Reference) isLive() bool {
	name := r.Attribute()
	switch r.Root {
	case "read":
		return true
	case "self", "actor", "data":
		return name == "read" || name == "state"
	default:
		return false
	}
}

// decodeDependsOn reads a list of references to actors or to single instances of them.
func decodeDependsOn(c *syntax.Content) ([]*Reference, hcl2.Diagnostics) {
	attr, ok := c.Attributes["depends_on"]
	if !ok {
		return nil, nil
	}
	items, diags := hcl2.ExprList(attr.Expr)
	if diags.HasErrors() {
		return nil, hcl2.Diagnostics{syntax.Problem("Invalid dependency", "depends_on is a list of references, in brackets: [actor.chatRoom.room].", attr.Expr.Range())}
	}
	var references []*Reference
	for _, item := range items {
		traversal, more := hcl2.AbsTraversalForExpr(item)
		if more.HasErrors() {
			diags = append(diags, syntax.Problem("Invalid dependency",
				"depends_on is a list of references such as actor.chatRoom.room or actor.chatRoom.room[\"general\"], without quotes.", item.Range()))
			continue
		}
		references = append(references, newReference(traversal))
	}
	return references, diags
}

// checkDependency checks an element of depends_on.
func (u *Tree) checkDependency(of *Declaration, r *Reference) *hcl2.Diagnostic {
	if r.Root != "actor" && r.Root != "module" {
		return syntax.Problem("Invalid dependency", fmt.Sprintf("Only actors and modules can be depended on, not %q.", r.Root), r.Range)
	}
	own, _ := of.What.(*Actor)
	if d := u.checkReference(&Scope{actor: own}, r); d != nil {
		return d
	}
	if len(r.rest) > 0 {
		return syntax.Problem("Invalid dependency", fmt.Sprintf("depends_on names whole blocks: write %s without what follows.", r.Address()), r.Range)
	}
	return nil
}
