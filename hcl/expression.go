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
	members    []string // what it selects from some object, of the names that matter: see isMember
	opaque     bool     // it cannot be looked into, so that members may be missing
	varies     bool     // its value may differ between the instances of a block
}

func newExpression(expr hcl2.Expression) *expression {
	e := &expression{Expression: expr}
	if native, ok := expr.(hclsyntax.Expression); ok {
		w := &referenceWalker{into: e, taken: map[hclsyntax.Node]bool{}}
		_ = hclsyntax.Walk(native, w) // the walker itself reports nothing
	} else {
		e.opaque = true
		e.refer(expr.Variables())
	}
	e.varies = slices.ContainsFunc(e.references, (*reference).varies)
	return e
}

// attributeOf returns the expression of an attribute, or nil where there is none.
func attributeOf(c *content, name string) *expression {
	if attr, ok := c.attributes[name]; ok {
		return newExpression(attr.Expr)
	}
	return nil
}

// attributesIn returns the expressions of all attributes but a few.
func attributesIn(c *content, except ...string) map[string]*expression {
	all := map[string]*expression{}
	for name, attr := range c.attributes {
		if !slices.Contains(except, name) {
			all[name] = newExpression(attr.Expr)
		}
	}
	return all
}

// refer notes that the expression refers to all of this.
func (e *expression) refer(variables []hcl2.Traversal) {
	for _, traversal := range variables {
		e.references = append(e.references, newReference(traversal))
		e.addMembers(traversal)
	}
}

// mentions reports whether the expression uses a name that stands for itself, such as each or self.
func (e *expression) mentions(root string) bool {
	return e != nil && slices.ContainsFunc(e.references, func(r *reference) bool { return r.root == root })
}

// addMembers notes which reads, step results and live states a traversal selects, of whatever object it starts from.
func (e *expression) addMembers(t hcl2.Traversal) {
	for i, step := range t {
		name, _ := stepName(step)
		if root, ok := step.(hcl2.TraverseRoot); ok {
			name = root.Name
		}
		switch name {
		case "state":
			e.members = append(e.members, name)
		case "read", "step":
			if i+1 < len(t) {
				label, _ := stepName(t[i+1])
				e.members = append(e.members, name+"."+label)
			}
		}
	}
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

// referenceWalker finds what an expression refers to on a walk through its syntax tree. It sees which instance of a
// repeated block is meant by an index that is an expression, as in actor.a.b[each.key].id.
type referenceWalker struct {
	into   *expression
	taken  map[hclsyntax.Node]bool // parts of a reference that was found as a whole
	locals []map[string]struct{}   // names bound by for expressions around the place
}

// Enter implements hclsyntax.Walker.
func (w *referenceWalker) Enter(node hclsyntax.Node) hcl2.Diagnostics {
	switch node := node.(type) {
	case hclsyntax.ChildScope:
		w.locals = append(w.locals, node.LocalNames)
	case *hclsyntax.RelativeTraversalExpr:
		w.into.addMembers(node.Traversal)
		if index, ok := node.Source.(*hclsyntax.IndexExpr); ok {
			w.addIndexed(index, node.Traversal)
		}
	case *hclsyntax.IndexExpr:
		w.addIndexed(node, nil)
	case *hclsyntax.ScopeTraversalExpr:
		w.into.addMembers(node.Traversal)
		if !w.taken[node] && !w.isLocal(node.Traversal.RootName()) {
			w.into.references = append(w.into.references, newReference(node.Traversal))
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

// addIndexed adds collection[key] and what follows it, if that is an instance of a declared block and the key can be
// evaluated by itself.
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
	w.into.references = append(w.into.references, r)
}

// evaluable reports whether an index depends only on what is known before any instance is looked at.
func (w *referenceWalker) evaluable(key hclsyntax.Expression) bool {
	return !slices.ContainsFunc(key.Variables(), func(t hcl2.Traversal) bool {
		switch root := t.RootName(); root {
		case "var", "local", "path", "each", "count":
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
