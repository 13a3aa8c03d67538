package instances

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// noteSources has a value that is not plain, and may be made of results which are not kept, say how it is made of them: what the
// expression is, whatever the blocks that it names are called, and what else it refers to. What only passes a result on, by name or as a part of
// an object or list, makes nothing of it. Where something else is not known, nobody can say that the value is the one that it was, only what is
// missing for it.
func (f *Frame) noteSources(ex hcl2.Expression, ctx *hcl2.EvalContext, v cty.Value) cty.Value {
	marked := len(value.Sources(v)) > 0
	if !marked && !namesLost(ex, ctx) { // not even lost on the way, as try does it
		return v
	}
	if t, diags := hcl2.AbsTraversalForExpr(ex); !diags.HasErrors() {
		if passed, found := named(t, ctx); found {
			return passed
		}
	}
	switch node := ex.(type) {
	case *expr.Expression:
		return f.noteSources(node.Expression, ctx, v)
	case *hclsyntax.ParenthesesExpr:
		return f.noteSources(node.Expression, ctx, v)
	case *hclsyntax.TemplateWrapExpr:
		return f.noteSources(node.Wrapped, ctx, v)
	case *hclsyntax.ObjectConsExpr:
		if isApart(v) {
			return f.noteMembers(node, ctx, v)
		}
	case *hclsyntax.TupleConsExpr:
		if isApart(v) {
			return f.noteElements(node, ctx, v)
		}
	}
	r := &recipe{Hash: sha256.New(), steps: map[string]string{}, lost: map[string]bool{}}
	r.addExpression(ex, ctx, f.Config.Text)
	return value.Placed(value.WithSources(v, r.marks(), !marked))
}

// isApart reports whether the parts of an object or tuple are to be looked at one by one.
func isApart(v cty.Value) bool { return v.IsKnown() && !v.IsMarked() }

func (f *Frame) noteMembers(object *hclsyntax.ObjectConsExpr, ctx *hcl2.EvalContext, v cty.Value) cty.Value {
	members := v.AsValueMap()
	for _, item := range object.Items {
		if name, ok := nameOf(item.KeyExpr, ctx); ok {
			members[name] = f.noteSources(item.ValueExpr, ctx, members[name])
		}
	}
	return cty.ObjectVal(members)
}

func (f *Frame) noteElements(tuple *hclsyntax.TupleConsExpr, ctx *hcl2.EvalContext, v cty.Value) cty.Value {
	elements := v.AsValueSlice()
	for i, element := range tuple.Exprs {
		elements[i] = f.noteSources(element, ctx, elements[i])
	}
	return cty.TupleVal(elements)
}

// namesLost reports whether an expression names a result that is not kept by itself, and not within something greater.
func namesLost(ex hcl2.Expression, ctx *hcl2.EvalContext) bool {
	return slices.ContainsFunc(ex.Variables(), func(t hcl2.Traversal) bool {
		v, found := referent(t, ctx)
		return found && !v.IsKnown() && len(value.Sources(v)) > 0
	})
}

// recipe digests how a value is made.
type recipe struct {
	hash.Hash
	steps   map[string]string // whose results nobody keeps, and which these are
	lost    map[string]bool   // those of them that are not known
	pending bool              // something is not known for another reason
	another bool              // something is not what it was
	certain bool              // what it was would be remembered
}

func (r *recipe) marks() []value.Source {
	var marks []value.Source
	if r.pending {
		for step := range r.lost {
			marks = append(marks, value.Source{Step: step, Origin: r.steps[step], Mixed: true, Another: r.another, Doubted: !r.certain})
		}
		return marks
	}
	digest := hex.EncodeToString(r.Sum(nil))
	for step, origin := range r.steps {
		marks = append(marks, value.Source{Step: step, Origin: origin, Recipe: digest, Another: r.another, Doubted: !r.certain})
	}
	return marks
}

// addExpression adds the tokens of an expression, however it is laid out, with values in the place of what it refers to.
func (r *recipe) addExpression(ex hcl2.Expression, ctx *hcl2.EvalContext, text func(hcl2.Range) []byte) {
	references := ex.Variables()
	for _, t := range references {
		r.addReference(t, ctx)
	}
	for _, word := range words(ex, rangesOf(references), text) {
		fmt.Fprintln(r, word)
	}
}

// addReference adds what a name stands for. What is made of results that are not kept stands for how it is made.
func (r *recipe) addReference(t hcl2.Traversal, ctx *hcl2.EvalContext) {
	v, found := named(t, ctx)
	if !found { // the name of something that the expression itself goes through
		fmt.Fprintf(r, "%q\n", t.RootName())
		return
	}
	for _, w := range value.Sources(v) {
		r.steps[w.Step] = w.Origin
		r.pending, r.another, r.certain = r.pending || w.Mixed, r.another || w.Another, r.certain || !w.Doubted
		if value.IsLost(v) {
			r.lost[w.Step] = true
		}
		fmt.Fprintf(r, "%q\n", w.Recipe)
	}
	v = Lasting(v)
	r.pending = r.pending || !value.IsLasting(v)
	v, _ = value.Made(v).UnmarkDeep()
	fmt.Fprintf(r, "%#v\n", v)
}

// referent returns what a name stands for, in the innermost context that knows it.
func referent(t hcl2.Traversal, ctx *hcl2.EvalContext) (cty.Value, bool) {
	for ; ctx != nil; ctx = ctx.Parent() {
		if _, ok := ctx.Variables[t.RootName()]; ok {
			v, diags := t.TraverseAbs(ctx)
			return v, !diags.HasErrors()
		}
	}
	return cty.NilVal, false
}

// named returns what a name stands for, in which what is selected of a result says so.
func named(t hcl2.Traversal, ctx *hcl2.EvalContext) (cty.Value, bool) {
	v, found := referent(t, ctx)
	if !found || !value.IsSource(v) {
		return v, found
	}
	for n := range t {
		if of, _ := referent(t[:n+1], ctx); of != cty.NilVal && value.IsSource(of) {
			return value.At(v, selected(t[n+1:])), true
		}
	}
	return v, true
}

// selected returns what is selected by the rest of a reference.
func selected(rest hcl2.Traversal) []string {
	var names []string
	for _, step := range rest {
		name, ok := expr.TraversalName(step)
		if !ok {
			name = spelled(hcl2.Traversal{step})
		}
		names = append(names, name)
	}
	return names
}
