package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// expression is an expression together with what it refers to.
type expression struct {
	hcl2.Expression
	references []*reference
	varies     bool // its value may differ between the instances of a block
}

func newExpression(expr hcl2.Expression) *expression {
	e := &expression{Expression: expr, references: referencesIn(expr)}
	e.varies = slices.ContainsFunc(e.references, (*reference).varies)
	return e
}

// mentions reports whether the expression uses a name that stands for itself, such as each or self.
func (e *expression) mentions(root string) bool {
	return e != nil && slices.ContainsFunc(e.references, func(r *reference) bool { return r.root == root })
}

// isNative reports whether an expression is written in the native syntax, not in JSON.
func isNative(expr hcl2.Expression) bool {
	_, ok := expr.(hclsyntax.Expression)
	return ok
}

// present returns those of the expressions that are there.
func present(expressions ...*expression) []*expression {
	return slices.DeleteFunc(slices.Clone(expressions), func(e *expression) bool { return e == nil })
}

// referencesIn lists what expr refers to, in source order. In the native syntax it sees which instance of a repeated
// block is meant by an index that is an expression, as in actor.a.b[each.key].id.
func referencesIn(expr hcl2.Expression) []*reference {
	native, ok := expr.(hclsyntax.Expression)
	if !ok {
		var references []*reference
		for _, traversal := range expr.Variables() {
			references = append(references, newReference(traversal))
		}
		return references
	}
	w := &referenceWalker{taken: map[hclsyntax.Node]bool{}}
	_ = hclsyntax.Walk(native, w) // the walker itself reports nothing
	return w.found
}

// referenceWalker collects references on a walk through the syntax tree.
type referenceWalker struct {
	found  []*reference
	taken  map[hclsyntax.Node]bool // parts of a reference that was collected as a whole
	locals []map[string]struct{}   // names bound by for expressions around the place
}

// Enter implements hclsyntax.Walker.
func (w *referenceWalker) Enter(node hclsyntax.Node) hcl2.Diagnostics {
	switch node := node.(type) {
	case hclsyntax.ChildScope:
		w.locals = append(w.locals, node.LocalNames)
	case *hclsyntax.RelativeTraversalExpr:
		if index, ok := node.Source.(*hclsyntax.IndexExpr); ok {
			w.addIndexed(index, node.Traversal)
		}
	case *hclsyntax.IndexExpr:
		w.addIndexed(node, nil)
	case *hclsyntax.ScopeTraversalExpr:
		if !w.taken[node] && !w.isLocal(node.Traversal.RootName()) {
			w.found = append(w.found, newReference(node.Traversal))
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *referenceWalker) Exit(node hclsyntax.Node) hcl2.Diagnostics {
	if _, ok := node.(hclsyntax.ChildScope); ok {
		w.locals = w.locals[:len(w.locals)-1]
	}
	return nil
}

// addIndexed collects collection[key] and what follows it, if that is an instance of a declared block and the key can
// be evaluated by itself.
func (w *referenceWalker) addIndexed(index *hclsyntax.IndexExpr, rest hcl2.Traversal) {
	collection, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr)
	if !ok || w.taken[index] || w.isLocal(collection.Traversal.RootName()) || !w.evaluable(index.Key) {
		return
	}
	r := newReference(collection.Traversal)
	if !r.isWholeBlock() {
		return
	}
	r.index, r.rest = index.Key, rest
	r.subject = hcl2.RangeBetween(collection.SrcRange, index.SrcRange)
	w.taken[index], w.taken[collection] = true, true
	w.found = append(w.found, r)
}

// evaluable reports whether an index depends only on what is known before any actor is looked at.
func (w *referenceWalker) evaluable(key hclsyntax.Expression) bool {
	return !slices.ContainsFunc(key.Variables(), func(t hcl2.Traversal) bool {
		switch root := t.RootName(); root {
		case "var", "local", "path", "module", "each", "count":
			return w.isLocal(root)
		default:
			return true
		}
	})
}

func (w *referenceWalker) isLocal(name string) bool {
	return slices.ContainsFunc(w.locals, func(names map[string]struct{}) bool {
		_, ok := names[name]
		return ok
	})
}
