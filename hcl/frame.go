package hcl

import (
	"maps"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// frame is what a group of expressions sees in one module instance, with what all instances of its block share.
type frame struct {
	scope     *scope
	group     *group
	ctx       *hcl2.EvalContext
	actors    actorTable   // referred to without each or count
	varying   []*reference // to an instance that depends on each or count
	dependsOn dependencies // of what is shared
	shared    map[*expression]evaluated
	lenient   bool // see Values

	settings       *plan.Settings // of an actor, where its instances share them
	stepSettingsOf *plan.StepSettings
}

// frame returns the frame of a group, which is made once and kept until something that it shows becomes known.
func (e *Evaluation) frame(s *scope, g *group) *frame {
	id := frameID{s, g}
	if f, ok := e.frames[id]; ok {
		return f
	}
	f := &frame{scope: s, group: g, actors: actorTable{}, shared: map[*expression]evaluated{}, lenient: e.values.lenient}
	f.ctx = &hcl2.EvalContext{Functions: e.functions, Variables: map[string]cty.Value{}}
	members := map[string]map[string]cty.Value{}
	var indexed []*reference
	for _, ex := range g.expressions {
		for _, r := range ex.references {
			if f.show(members, r) {
				indexed = append(indexed, r)
			}
		}
	}
	for root, values := range members {
		f.ctx.Variables[root] = cty.ObjectVal(values)
	}
	f.ctx.Variables["path"] = e.paths(s)
	f.pickShared(indexed)
	e.frames[id] = f
	return f
}

type frameID struct {
	scope *scope
	group *group
}

// show makes what r refers to visible. It reports whether r names an instance by an index, which is still to be evaluated.
func (f *frame) show(members map[string]map[string]cty.Value, r *reference) (indexed bool) {
	switch r.root {
	case "var", "local":
		b := f.scope.binding(r.address())
		if members[r.root] == nil {
			members[r.root] = map[string]cty.Value{}
		}
		members[r.root][r.names[0]] = b.value
		f.dependsOn.add(b.dependsOn)
	case "actor":
		if r.index != nil {
			return true
		}
		f.addWhole(f.scope.blocks[r.address()])
	}
	return false
}

func (f *frame) addWhole(b *block) {
	f.actors.add(b)
	f.dependsOn.addBlock(b)
}

// pickShared evaluates the indexes that are the same for all instances, and keeps the others for later.
func (f *frame) pickShared(indexed []*reference) {
	for _, r := range indexed {
		if r.varies() {
			f.varying = append(f.varying, r)
			continue
		}
		f.pick(f.actors, &f.dependsOn, r, f.ctx)
	}
	if len(f.actors) > 0 {
		f.ctx.Variables["actor"] = f.actors.value()
	}
}

// pick adds the instance that a reference with an index means: none if there is no such instance, and all of them where
// nobody can know which. What is wrong with the index comes up again when the expression is evaluated.
func (f *frame) pick(into actorTable, deps *dependencies, r *reference, ctx *hcl2.EvalContext) {
	b := f.scope.blocks[r.address()]
	index, diags := r.index.Value(ctx)
	index, _ = index.Unmark()
	if diags.HasErrors() || !index.IsKnown() || b.open {
		into.add(b)
		deps.addBlock(b)
		return
	}
	inst := b.find(index)
	into.addInstance(b, inst)
	if inst != nil {
		deps.addInstance(inst)
	}
}

// instance returns the context of one round: the shared one, with each or count, and the instances picked by them.
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
	actors := maps.Clone(f.actors)
	for _, r := range f.varying {
		f.pick(actors, &deps, r, ctx)
	}
	ctx.Variables = maps.Clone(variables)
	ctx.Variables["actor"] = actors.value()
	return ctx, deps
}

// evaluated is the outcome of an expression that is the same for all instances.
type evaluated struct {
	value cty.Value
	diags hcl2.Diagnostics
}

// value evaluates an expression of the group and checks it. What is the same for all instances is evaluated once, and
// gives the same diagnostics each time. After an error the value is unknown.
func (f *frame) value(ex *expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
	if ex.varies {
		return f.evaluate(ex, ctx, check)
	}
	known, ok := f.shared[ex]
	if !ok {
		known.value, known.diags = f.evaluate(ex, f.ctx, check)
		f.shared[ex] = known
	}
	return known.value, known.diags
}

func (f *frame) evaluate(ex *expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
	v, diags := ex.Value(ctx)
	f.explainMissing(ex, ctx, diags)
	if !diags.HasErrors() && check != nil {
		diags = append(diags, check(v)...)
	}
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return v, diags
}

// paths returns the value of the name "path".
func (e *Evaluation) paths(s *scope) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"module": cty.StringVal(filepath.ToSlash(s.unit.config.dir)),
		"root":   cty.StringVal(filepath.ToSlash(e.config.dir)),
		"cwd":    cty.StringVal(filepath.ToSlash(e.workdir)),
	})
}
