package expr

import (
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// folded are names of two parts that expressions look up as one, so that nobody has to make an object of the two parts for each of
// many instances.
var folded = []string{"each.key", "each.value", "count.index"}

// fold has an expression look up such a name as one.
func fold(node *hclsyntax.ScopeTraversalExpr) {
	t := node.Traversal
	if len(t) < 2 {
		return
	}
	root := t.RootName()
	member, ok := t[1].(hcl2.TraverseAttr)
	if name := root + "." + member.Name; ok && slices.Contains(folded, name) {
		node.Traversal = append(hcl2.Traversal{hcl2.TraverseRoot{Name: name, SrcRange: t[:2].SourceRange()}}, t[2:]...)
	}
}

// Unfolded returns a traversal as it is written.
func Unfolded(t hcl2.Traversal) hcl2.Traversal {
	name := t.RootName()
	root, member, isFolded := strings.Cut(name, ".")
	if !isFolded {
		return t
	}
	at := t[0].SourceRange()
	return append(hcl2.Traversal{hcl2.TraverseRoot{Name: root, SrcRange: at}, hcl2.TraverseAttr{Name: member, SrcRange: at}}, t[1:]...)
}

// isWhole reports whether a traversal looks up something by itself of which members are folded.
func isWhole(t hcl2.Traversal) bool { return t.RootName() == "each" || t.RootName() == "count" }
