package expr

import (
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
	Rest  hcl2.Traversal  // what follows the declaration, or its instance
	Range hcl2.Range
	// Kind is the kind of step that a reference says, which is written action.LABEL rather than step.LABEL.
	Kind address.StepKind
}

// NameCount says how many names tell a declaration of a kind.
func NameCount(root string) int {
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
	t = Unfolded(t)
	r := &Reference{Root: t.RootName(), Rest: t[1:], Range: t.SourceRange()}
	if address.IsStepKind(r.Root) {
		r.Root, r.Kind = "step", address.StepKind(r.Root)
	}
	for len(r.Names) < NameCount(r.Root) && len(r.Rest) > 0 {
		name, ok := TraversalName(r.Rest[0])
		if !ok {
			break
		}
		r.Names = append(r.Names, name)
		r.Rest = r.Rest[1:]
	}
	if r.IsComplete() && IsRepeatable(r.Root) && len(r.Rest) > 0 {
		if step, ok := r.Rest[0].(hcl2.TraverseIndex); ok {
			r.Index, r.Rest = hcl2.StaticExpr(step.Key, step.SrcRange), r.Rest[1:]
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

// IsComplete reports whether the names are all there.
func (r *Reference) IsComplete() bool { return len(r.Names) == NameCount(r.Root) }

// isWholeBlock reports whether a block that may be repeated is meant in whole.
func (r *Reference) isWholeBlock() bool {
	return IsRepeatable(r.Root) && r.IsComplete() && r.Index == nil && len(r.Rest) == 0
}

// Address returns the address of the declaration within its module.
func (r *Reference) Address() string { return r.Root + "." + strings.Join(r.Names, ".") }

// Attribute returns the first name after the declaration, or nothing where all of it is meant.
func (r *Reference) Attribute() string { return r.RestName(0) }

// RestName returns a name after the declaration, or nothing where there is none.
func (r *Reference) RestName(i int) string {
	if i >= len(r.Rest) {
		return ""
	}
	name, _ := TraversalName(r.Rest[i])
	return name
}

// Varies reports whether what is referred to may differ between the instances of the block that refers to it.
func (r *Reference) Varies() bool {
	switch r.Root {
	case "each", "count", "self", "read", "step", "event", FirstApplied:
		return true
	}
	return r.Index != nil && slices.ContainsFunc(r.Index.Variables(), func(t hcl2.Traversal) bool {
		return isWhole(Unfolded(t))
	})
}

// IsLive reports whether what is referred to is read from an actor.
func (r *Reference) IsLive() bool {
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

// DependsOn reads a list of references to actors and the like, or to single instances of them.
func DependsOn(c *syntax.Content) ([]*Reference, hcl2.Diagnostics) {
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
