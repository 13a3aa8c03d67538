package instances

import (
	"maps"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/plan"
	"riveter/plan/value"
)

// Frame is what a scope sees in one module instance, with what all instances of its block share.
type Frame struct {
	*Common
	Module    *Module
	Ctx       *hcl2.EvalContext
	DependsOn Dependencies // of what is shared
	Mixed     bool         // not all that the variables and local values hold is plain

	scope    *declare.Scope
	targets  table             // referred to without each or count
	varying  []*expr.Reference // to an instance that depends on each or count
	shared   map[*expr.Expression]Outcome
	declared map[*expr.Expression]cty.Value     // see Origin.AsDeclared
	makings  map[*expr.Expression]*value.Making // of what is shared and not known
	wordings map[*expr.Expression]string
	answers  map[*expr.Expression]answers // to what was asked for a value, when it was evaluated last

	settings     *plan.Settings // of an actor, where its instances share them
	stepSettings *plan.StepSettings
}

// Common is what all frames of an evaluation have in common.
type Common struct {
	Config       *declare.Config
	Functions    map[string]function.Function
	Workdir      string          // what path.cwd means
	Lenient      bool            // variables may have no value
	OnlyCheck    bool            // nobody asks how something is made
	OnlyExisting bool            // nobody makes or seeds something
	Secret       func(cty.Value) // is told of every value that is sensitive; may be nil
	Outside      *Outside
}

// Outcome is what comes of the evaluation of an expression.
type Outcome struct {
	Value cty.Value
	Plain bool // see [value.IsPlain]
	Diags hcl2.Diagnostics
}

// NewFrame returns the frame of a scope in a module instance, with what there is now.
func NewFrame(s *Module, g *declare.Scope, c *Common) *Frame {
	f := &Frame{Module: s, scope: g, Common: c, Ctx: &hcl2.EvalContext{Functions: c.Functions}}
	var indexed []*expr.Reference
	shown := map[string]map[string]cty.Value{}
	for _, ex := range g.Expressions {
		for _, r := range ex.References {
			switch {
			case r.Root == "path":
				shown["path"] = c.paths(s)
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
		f.Ctx.Variables = make(map[string]cty.Value, len(shown))
	}
	for root, members := range shown {
		f.Ctx.Variables[root] = cty.ObjectVal(members)
	}
	f.pickShared(indexed)
	return f
}

func (f *Frame) showBinding(shown map[string]map[string]cty.Value, r *expr.Reference) {
	if shown[r.Root] == nil {
		shown[r.Root] = map[string]cty.Value{}
	}
	if _, ok := shown[r.Root][r.Names[0]]; ok {
		return
	}
	b := f.Module.Binding(r.Address())
	shown[r.Root][r.Names[0]] = b.Value
	f.Mixed = f.Mixed || !b.Plain
	f.DependsOn.Add(b.DependsOn)
}

// pickShared evaluates the indexes that are the same for all instances, and keeps the others for later.
func (f *Frame) pickShared(indexed []*expr.Reference) {
	for _, r := range indexed {
		if r.Varies() {
			f.varying = append(f.varying, r)
			continue
		}
		f.pick(&f.targets, r, f.Ctx)
	}
	if len(f.targets) == 0 {
		return
	}
	for _, p := range f.targets {
		p.addTo(&f.DependsOn)
	}
	variables := f.targets.variables()
	maps.Copy(variables, f.Ctx.Variables)
	f.Ctx.Variables = variables
}

// pick adds the instance that a reference with an index means: none if there is no such instance, and all of them where
// nobody can know which. What is wrong with the index comes up again when the expression is evaluated.
func (f *Frame) pick(into *table, r *expr.Reference, ctx *hcl2.EvalContext) {
	to := f.Module.target(r)
	index, diags := r.Index.Value(ctx)
	index, _ = index.Unmark()
	if diags.HasErrors() || !index.IsKnown() || to.isOpen() {
		into.add(r.Address(), to, r.Attribute())
		return
	}
	into.addMember(r.Address(), to, to.find(index), r.Attribute())
}

// addTo adds the actors that are picked.
func (p picked) addTo(deps *Dependencies) {
	if p.whole {
		p.target.addTo(deps, p.only)
		return
	}
	for _, m := range p.members {
		m.addTo(deps, p.only)
	}
}

// Instance returns the context of one round: the shared one, with each, count, self and the like, and the instances
// picked by them.
func (f *Frame) Instance(variables map[string]cty.Value) (*hcl2.EvalContext, Dependencies) {
	var deps Dependencies
	if len(variables) == 0 {
		return f.Ctx, deps
	}
	ctx := f.Ctx.NewChild()
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

// Value evaluates an expression of the scope and checks it. What is the same for all instances is evaluated once, and
// gives the same diagnostics each time. After an error the value is unknown.
func (f *Frame) Value(ex *expr.Expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
	o := f.Outcome(ex, ctx, check)
	return o.Value, o.Diags
}

// Outcome is Value with more of what came of it.
func (f *Frame) Outcome(ex *expr.Expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) Outcome {
	if ex.Varies {
		return f.evaluate(ex, ctx, check)
	}
	known, ok := f.shared[ex]
	if !ok {
		known = f.evaluate(ex, f.Ctx, check)
		if f.shared == nil {
			f.shared = map[*expr.Expression]Outcome{}
		}
		f.shared[ex] = known
	}
	return known
}

func (f *Frame) evaluate(ex *expr.Expression, ctx *hcl2.EvalContext, check func(cty.Value) hcl2.Diagnostics) Outcome {
	v, diags := f.Noting(ex, ctx)
	isPlain := !diags.HasErrors() && (f.isPlainly(ex) || value.IsPlain(v))
	if !isPlain {
		f.tellSecrets(ex, ctx, v, diags.HasErrors())
	}
	diags = f.explain(ex, ctx, diags)
	if !diags.HasErrors() && check != nil {
		diags = append(diags, check(v)...)
	}
	if diags.HasErrors() {
		if ex.Secret {
			WithoutValues(diags)
		}
		return Outcome{Value: cty.DynamicVal, Diags: diags}
	}
	if isPlain {
		return Outcome{v, true, diags}
	}
	if !value.IsKnown(v) {
		if d := f.consequence(ex); d != nil {
			return Outcome{Value: v, Diags: append(diags, d)}
		}
	}
	return Outcome{Value: f.noteSources(ex, ctx, v), Diags: diags}
}

// isPlainly reports whether a value is plain, however large it is, since it is made of nothing but plain values.
func (f *Frame) isPlainly(ex *expr.Expression) bool {
	return !f.Mixed && !ex.Calls && ex.RefersOnly("var", "local", "path")
}

// TellSecret tells of a value, if it is sensitive.
func TellSecret(tell func(cty.Value), v cty.Value) {
	if tell != nil && value.HasSensitive(v) {
		tell(v)
	}
}

// paths returns what the name "path" holds.
func (c *Common) paths(s *Module) map[string]cty.Value {
	return map[string]cty.Value{
		"module": cty.StringVal(filepath.ToSlash(s.Tree.Module.Dir)),
		"root":   cty.StringVal(filepath.ToSlash(c.Config.Dir())),
		"cwd":    cty.StringVal(filepath.ToSlash(c.Workdir)),
	}
}

// Copied returns a frame that is used at the same time.
func (f *Frame) Copied() *Frame {
	c := *f
	c.Ctx = &hcl2.EvalContext{Variables: f.Ctx.Variables, Functions: f.Ctx.Functions}
	c.shared, c.makings, c.wordings, c.answers = maps.Clone(f.shared), maps.Clone(f.makings), maps.Clone(f.wordings), maps.Clone(f.answers)
	return &c
}

// Payload evaluates something that is sent to an actor. An absent expression is cty.NilVal.
func (f *Frame) Payload(what string, ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if ex == nil {
		return cty.NilVal, nil
	}
	return f.Value(ex, ctx, func(v cty.Value) hcl2.Diagnostics {
		if what == "params" {
			f.tellParams(ex, ctx)
		}
		return payload.Check(what, v, ex, ctx)
	})
}
