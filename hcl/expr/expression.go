// Package expr is an expression of a configuration together with what it refers to: which declarations, and which of their
// attributes, before anything has a value.
package expr

import (
	"cmp"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// Expression is an expression together with what it refers to.
type Expression struct {
	hcl2.Expression
	References []*Reference
	Asks       []Ask    // calls of functions that ask for more than their arguments
	Members    []string // the reads, step results and states that it selects of whatever object: read.LABEL, step.LABEL, read. and step. for all, state
	Opaque     bool     // it cannot be looked into, so that members may be missing
	Varies     bool     // its value may differ between the instances of a block
	Whole      bool     // it looks up each or count other than by its members
	Calls      bool     // it calls a function
	Marks      bool     // it calls the function sensitive
	Secret     bool     // its value is to be a secret in whole, whatever it is made of
}

// New finds what an expression refers to. It makes its == and != compare as JavaScript does, and puts
// shortcuts into it.
func New(expr hcl2.Expression) *Expression {
	e := &Expression{Expression: expr}
	if native, ok := expr.(hclsyntax.Expression); ok {
		easeConditional(&native)
		e.Expression = native
		w := &referenceWalker{into: e, taken: map[hclsyntax.Node]bool{}}
		_ = hclsyntax.Walk(native, w) // the walker itself reports nothing
	} else {
		e.Opaque = true
		e.Refer(expr.Variables())
		e.referCalls(hcl2.UnwrapExpression(expr))
	}
	e.Varies = slices.ContainsFunc(e.References, (*Reference).Varies)
	return e
}

// UnwrapExpression returns the expression alone: it is what [hcl2.UnwrapExpression] asks for.
func (e *Expression) UnwrapExpression() hcl2.Expression { return e.Expression }

// Of returns the expression of an attribute, or nil where there is none.
func Of(c *syntax.Content, name string) *Expression {
	if attr, ok := c.Attributes[name]; ok {
		return New(attr.Expr)
	}
	return nil
}

// In returns the expressions of all attributes but a few.
func In(c *syntax.Content, except ...string) map[string]*Expression {
	all := map[string]*Expression{}
	for name, attr := range c.Attributes {
		if !slices.Contains(except, name) {
			all[name] = New(attr.Expr)
		}
	}
	return all
}

// Within returns the expressions of all attributes, and those of nested blocks, such as tls.ca_file.
func Within(schema *syntax.Schema, c *syntax.Content) (map[string]*Expression, hcl2.Diagnostics) {
	all := In(c)
	var diags hcl2.Diagnostics
	for _, nested := range c.Blocks {
		inner, more := schema.Block(nested.Type).Schema.Decode(nested.Body)
		diags = append(diags, more...)
		for name, attr := range inner.Attributes {
			all[nested.Type+"."+name] = New(attr.Expr)
		}
	}
	return all, diags
}

// Ranges says where attributes were given, by their names.
func Ranges(attributes map[string]*Expression) map[string]hcl2.Range {
	ranges := make(map[string]hcl2.Range, len(attributes))
	for name, e := range attributes {
		ranges[name] = e.Range()
	}
	return ranges
}

// Refer notes that the expression refers to all of this.
func (e *Expression) Refer(variables []hcl2.Traversal) {
	e.Whole = e.Whole || slices.ContainsFunc(variables, isWhole)
	for _, traversal := range variables {
		e.References = append(e.References, newReference(traversal))
		e.addMembers(traversal)
	}
}

// IsGiven reports whether the value is the same whatever a server says: it is made of what is written and handed in.
func (e *Expression) IsGiven() bool {
	given := []string{"var", "path", "each", "count"}
	return !slices.ContainsFunc(e.References, func(r *Reference) bool { return !slices.Contains(given, r.Root) })
}

// RefersOnly reports whether the expression refers to nothing but what these roots name.
func (e *Expression) RefersOnly(to ...string) bool {
	return !e.Opaque && !slices.ContainsFunc(e.References, func(r *Reference) bool { return !slices.Contains(to, r.Root) })
}

// Mentions reports whether the expression uses a name that stands for itself, such as each or self.
func (e *Expression) Mentions(root string) bool {
	return e != nil && slices.ContainsFunc(e.References, func(r *Reference) bool { return r.Root == root })
}

// Argument returns the only argument of a call, if the expression is one of this function, and nil otherwise.
func (e *Expression) Argument(function string) hcl2.Expression {
	call, ok := e.Expression.(*hclsyntax.FunctionCallExpr)
	if !ok || call.Name != function || len(call.Args) != 1 || call.ExpandFinal {
		return nil
	}
	return call.Args[0]
}

// addMembers notes which reads, step results and live states a traversal selects, of whatever object it starts from.
func (e *Expression) addMembers(t hcl2.Traversal) {
	for i, step := range t {
		name, _ := TraversalName(step)
		if root, ok := step.(hcl2.TraverseRoot); ok {
			name = root.Name
		}
		switch name {
		case "state":
			e.Members = append(e.Members, name)
		case "read", "step":
			label := "" // of all of them
			if i+1 < len(t) {
				label, _ = TraversalName(t[i+1])
			}
			e.Members = append(e.Members, name+"."+label)
		}
	}
}

// IsNative reports whether an expression is written in the native syntax, not in JSON.
func IsNative(expr hcl2.Expression) bool {
	_, ok := expr.(hclsyntax.Expression)
	return ok
}

// Present returns those of the expressions that are there.
func Present(expressions ...*Expression) []*Expression {
	return slices.DeleteFunc(slices.Clone(expressions), func(e *Expression) bool { return e == nil })
}

// referenceWalker finds what an expression refers to on a walk through its syntax tree. It sees which instance of a
// repeated block is meant by an index that is an expression, as in actor.a.b[each.key].id.
type referenceWalker struct {
	into   *Expression
	taken  map[hclsyntax.Node]bool // parts of a reference that was found as a whole
	locals []map[string]struct{}   // names bound by for expressions around the place
	within int                     // so many nodes whose parts are evaluated only perhaps
}

// equal and notEqual take the places of the library's operators.
var (
	equal    = &hclsyntax.Operation{Impl: value.Equality(true), Type: cty.Bool}
	notEqual = &hclsyntax.Operation{Impl: value.Equality(false), Type: cty.Bool}
)

// Enter implements hclsyntax.Walker.
func (w *referenceWalker) Enter(node hclsyntax.Node) hcl2.Diagnostics {
	if makesPerhaps(node) {
		w.within++
	}
	shorten(node)
	switch node := node.(type) {
	case *hclsyntax.FunctionCallExpr:
		w.into.Calls = true
		w.into.Marks = w.into.Marks || IsMarking(node)
		w.into.referCall(node, w.within > 0)
		boxArgument(node)
	case *hclsyntax.BinaryOpExpr:
		switch node.Op {
		case hclsyntax.OpEqual:
			node.Op = equal
		case hclsyntax.OpNotEqual:
			node.Op = notEqual
		case hclsyntax.OpLogicalAnd:
			node.Op = and
		case hclsyntax.OpLogicalOr:
			node.Op = or
		default:
			node.Op = cmp.Or(bounded[node.Op], node.Op)
		}
	case *hclsyntax.UnaryOpExpr:
		node.Op = cmp.Or(bounded[node.Op], node.Op)
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
			w.into.References = append(w.into.References, newReference(node.Traversal))
			fold(node)
			w.into.Whole = w.into.Whole || isWhole(node.Traversal)
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *referenceWalker) Exit(node hclsyntax.Node) hcl2.Diagnostics {
	if makesPerhaps(node) {
		w.within--
	}
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
	r.Index, r.Rest = index.Key, rest
	r.Range = hcl2.RangeBetween(collection.SrcRange, index.SrcRange)
	w.taken[index], w.taken[collection] = true, true
	w.into.References = append(w.into.References, r)
}

// evaluable reports whether an index depends only on what is known before any instance is looked at.
func (w *referenceWalker) evaluable(key hclsyntax.Expression) bool {
	return !slices.ContainsFunc(key.Variables(), func(t hcl2.Traversal) bool {
		switch root := Unfolded(t).RootName(); root {
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
