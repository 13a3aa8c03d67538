package evaluate

import (
	"maps"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan"
	"riveter/plan/value"
)

// frame is what a scope sees in one module instance, with what all instances of its block share.
type frame struct {
	module    *moduleInstance
	scope     *declare.Scope
	ctx       *hcl2.EvalContext
	targets   table             // referred to without each or count
	varying   []*expr.Reference // to an instance that depends on each or count
	dependsOn dependencies      // of what is shared
	shared    map[*expr.Expression]outcome
	makings   map[*expr.Expression]*value.Making // of what is shared and not known
	wordings  map[*expr.Expression]string
	answers   map[*expr.Expression]answers // to what was asked for a value, when it was evaluated last
	lenient   bool                         // see Values
	onlyCheck bool                         // see Options
	text      func(hcl2.Range) []byte      // of the configuration
	secret    func(cty.Value)              // see Options
	outside   *outside

	settings     *plan.Settings // of an actor, where its instances share them
	stepSettings *plan.StepSettings
}

// outcome is that of an expression which is the same for all instances.
type outcome struct {
	value cty.Value
	diags hcl2.Diagnostics
}

type frameID struct {
	module *moduleInstance
	scope  *declare.Scope
}

// frame returns the frame of a scope, which is made once and kept until something that it shows becomes known.
func (e *Evaluation) frame(s *moduleInstance, g *declare.Scope) *frame {
	id := frameID{s, g}
	if f, ok := e.frames[id]; ok {
		return f
	}
	f := &frame{module: s, scope: g, lenient: e.values.Lenient, onlyCheck: e.onlyCheck, text: e.config.Text, secret: e.secret, outside: e.outside, ctx: &hcl2.EvalContext{Functions: e.functions}}
	var indexed []*expr.Reference
	shown := map[string]map[string]cty.Value{}
	for _, ex := range g.Expressions {
		for _, r := range ex.References {
			switch {
			case r.Root == "path":
				shown["path"] = e.paths(s)
			case r.Root == "var" || r.Root == "local":
				f.showBinding(shown, r)
			case expr.IsRepeatable(r.Root) && r.Index != nil:
				indexed = append(indexed, r)
			case expr.IsRepeatable(r.Root):
				f.targets.add(r.Address(), s.target(r), r.Attribute())
			}
		}
	}
	if len(shown) > 0 {
		f.ctx.Variables = make(map[string]cty.Value, len(shown))
	}
	for root, members := range shown {
		f.ctx.Variables[root] = cty.ObjectVal(members)
	}
	f.pickShared(indexed)
	e.frames[id] = f
	return f
}

func (f *frame) showBinding(shown map[string]map[string]cty.Value, r *expr.Reference) {
	if shown[r.Root] == nil {
		shown[r.Root] = map[string]cty.Value{}
	}
	if _, ok := shown[r.Root][r.Names[0]]; ok {
		return
	}
	b := f.module.binding(r.Address())
	shown[r.Root][r.Names[0]] = b.value
	f.dependsOn.add(b.dependsOn)
}

// pickShared evaluates the indexes that are the same for all instances, and keeps the others for later.
func (f *frame) pickShared(indexed []*expr.Reference) {
	for _, r := range indexed {
		if r.Varies() {
			f.varying = append(f.varying, r)
			continue
		}
		f.pick(&f.targets, r, f.ctx)
	}
	if len(f.targets) == 0 {
		return
	}
	for _, p := range f.targets {
		p.addTo(&f.dependsOn)
	}
	variables := f.targets.variables()
	maps.Copy(variables, f.ctx.Variables)
	f.ctx.Variables = variables
}

// pick adds the instance that a reference with an index means: none if there is no such instance, and all of them where
// nobody can know which. What is wrong with the index comes up again when the expression is evaluated.
func (f *frame) pick(into *table, r *expr.Reference, ctx *hcl2.EvalContext) {
	to := f.module.target(r)
	index, diags := r.Index.Value(ctx)
	index, _ = index.Unmark()
	if diags.HasErrors() || !index.IsKnown() || to.isOpen() {
		into.add(r.Address(), to, r.Attribute())
		return
	}
	into.addMember(r.Address(), to, to.find(index), r.Attribute())
}

// addTo adds the actors that are picked.
func (p picked) addTo(deps *dependencies) {
	if p.whole {
		p.target.addTo(deps, p.only)
		return
	}
	for _, m := range p.members {
		m.addTo(deps, p.only)
	}
}

// instance returns the context of one round: the shared one, with each, count, self and the like, and the instances
// picked by them.
func (f *frame) instance(variables map[string]cty.Value) (*hcl2.EvalContext, dependencies) {
	var deps dependencies
	if len(variables) == 0 {
		return f.ctx, deps
	}
	ctx := f.ctx.NewChild()
	ctx.Variables = variables
	if len(f.varying) == 0 {
		return ctx, deps
	}
	targets := maps.Clone(f.targets)
	for _, r := range f.varying {
		f.pick(&targets, r, ctx)
		targets[r.Address()].addTo(&deps)
	}
	ctx.Variables = targets.variables()
	maps.Copy(ctx.Variables, variables)
	return ctx, deps
}

// value evaluates an expression of the scope and checks it. What is the same for all instances is evaluated once, and
// gives the same diagnostics each time. After an error the value is unknown.
func (f *frame) value(ex *expr.Expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
	if ex.Varies {
		return f.evaluate(ex, ctx, check)
	}
	known, ok := f.shared[ex]
	if !ok {
		known.value, known.diags = f.evaluate(ex, f.ctx, check)
		if f.shared == nil {
			f.shared = map[*expr.Expression]outcome{}
		}
		f.shared[ex] = known
	}
	return known.value, known.diags
}

func (f *frame) evaluate(ex *expr.Expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
	v, diags := f.noting(ex, ctx)
	diags = f.explain(ex, ctx, diags)
	if !diags.HasErrors() && check != nil {
		diags = append(diags, check(v)...)
	}
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if value.IsPlain(v) {
		return v, diags
	}
	if !value.IsKnown(v) {
		if d := f.consequence(ex); d != nil {
			return cty.DynamicVal, append(diags, d)
		}
	}
	if value.HasSensitive(v) {
		tellSecret(f.secret, v)
		f.tellOrigins(ex, ctx, v)
	}
	return f.noteSources(ex, ctx, v), diags
}

// tellSecret tells of a value, if it is sensitive.
func tellSecret(tell func(cty.Value), v cty.Value) {
	if tell != nil && value.HasSensitive(v) {
		tell(v)
	}
}

// paths returns what the name "path" holds.
func (e *Evaluation) paths(s *moduleInstance) map[string]cty.Value {
	return map[string]cty.Value{
		"module": cty.StringVal(filepath.ToSlash(s.tree.Module.Dir)),
		"root":   cty.StringVal(filepath.ToSlash(e.config.Dir())),
		"cwd":    cty.StringVal(filepath.ToSlash(e.workdir)),
	}
}
