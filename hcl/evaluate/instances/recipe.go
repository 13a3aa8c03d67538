package instances

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// noteSources has a value that is not plain, and may be made of results which are not kept, say how it is made of them: what the
// expression is, whatever the blocks that it names are called, and what else it refers to. Where something else is not known,
// nobody can say that the value is the one that it was, only what is missing for it.
func (f *Frame) noteSources(ex *expr.Expression, ctx *hcl2.EvalContext, v cty.Value) cty.Value {
	marked := len(value.Sources(v)) > 0
	if !marked && !namesLost(ex, ctx) { // not even lost on the way, as try does it
		return v
	}
	r := &recipe{Hash: sha256.New(), steps: map[string]string{}, lost: map[string]bool{}}
	r.addExpression(ex, ctx, f.Config.Text)
	return value.WithSources(v, r.marks(), !marked)
}

// namesLost reports whether an expression names a result that is not kept by itself, and not within something greater.
func namesLost(ex *expr.Expression, ctx *hcl2.EvalContext) bool {
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
func (r *recipe) addExpression(ex *expr.Expression, ctx *hcl2.EvalContext, text func(hcl2.Range) []byte) {
	references := ex.Variables()
	for _, t := range references {
		r.addReference(t, ctx)
	}
	for _, word := range words(ex, rangesOf(references), text) {
		fmt.Fprintln(r, word)
	}
}

// addReference adds what a name stands for. What is made of results that are not kept stands for how it is made, and for what
// is selected of it.
func (r *recipe) addReference(t hcl2.Traversal, ctx *hcl2.EvalContext) {
	v, found := referent(t, ctx)
	if !found { // the name of something that the expression itself goes through
		fmt.Fprintf(r, "%q\n", t.RootName())
		return
	}
	sources := value.Sources(v)
	if len(sources) == 0 {
		r.pending = r.pending || !v.IsKnown()
		v, _ = Lasting(v).UnmarkDeep()
		fmt.Fprintf(r, "%#v\n", v)
		return
	}
	for _, w := range sources {
		r.steps[w.Step] = w.Origin
		r.pending, r.another, r.certain = r.pending || w.Mixed, r.another || w.Another, r.certain || !w.Doubted
		if value.IsLost(v) {
			r.lost[w.Step] = true
		}
		fmt.Fprintf(r, "%q\n", w.Recipe)
	}
	fmt.Fprintf(r, "%q\n", selected(t))
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

// selected returns what a reference selects of a result; of anything else, which is made in its own way, all that follows its
// name.
func selected(t hcl2.Traversal) []string {
	var names []string
	for _, step := range t[1:] {
		name, ok := expr.TraversalName(step)
		if !ok {
			name = spelled(hcl2.Traversal{step})
		}
		names = append(names, name)
	}
	if i := slices.Index(names, "output"); i >= 0 {
		return names[i+1:]
	}
	if root := t.RootName(); (root == "var" || root == "local") && len(names) > 0 {
		return names[1:]
	}
	return nil
}
