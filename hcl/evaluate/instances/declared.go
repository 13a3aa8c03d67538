package instances

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
)

// AsDeclared returns the value as it is where the keys of actors that it is made of, be it through other values, are as their blocks declare
// them, without the prefix. What actors say stays as it is, and so does v where there is no such value.
func (o Origin) AsDeclared(v cty.Value, prefix []string) cty.Value {
	return o.supposing(v, supposition{kept: true, of: func(i *Instance, v cty.Value) cty.Value { return i.asDeclared(v, prefix) }})
}

// supposition is what expressions see of actors instead of what they are.
type supposition struct {
	of   func(*Instance, cty.Value) cty.Value
	kept bool // what is evaluated with it is kept
}

// supposing returns the value as it is with a supposition, and v where there is none.
func (o Origin) supposing(v cty.Value, s supposition) cty.Value {
	if o.Expression == nil {
		return v
	}
	if declared, ok := o.Frame.declared[o.Expression]; ok && s.kept {
		return declared
	}
	supposed, diags := o.Expression.Value(o.context(s))
	if o.Variable != nil && !diags.HasErrors() {
		supposed, _ = o.Variable.Convert(supposed)
	}
	if diags.HasErrors() || supposed == cty.NilVal {
		supposed = v
	}
	if s.kept && !o.Expression.Varies {
		if o.Frame.declared == nil {
			o.Frame.declared = map[*expr.Expression]cty.Value{}
		}
		o.Frame.declared[o.Expression] = supposed
	}
	return supposed
}

// context returns the context of the value, with what it refers to as it is with a supposition.
func (o Origin) context(s supposition) *hcl2.EvalContext {
	ctx := o.Ctx.NewChild()
	ctx.Variables = map[string]cty.Value{}
	for _, r := range o.Expression.References {
		if r.Root == "each" {
			o.eachSupposing(ctx, s)
		} else if root, ok := lookup(r.Root, ctx); ok {
			ctx.Variables[r.Root] = within(root, r.Names, func(v cty.Value) cty.Value { return o.Frame.Module.supposingOf(r, v, s) })
		}
	}
	return ctx
}

// eachSupposing adds what the instance is repeated for to a context.
func (o Origin) eachSupposing(ctx *hcl2.EvalContext, s supposition) {
	key, ok := lookup("each.key", ctx)
	if !ok || !key.IsKnown() || o.Repeats == nil {
		return
	}
	all := o.Repeats.supposing(cty.DynamicVal, s)
	if !all.CanIterateElements() || all.Type().IsSetType() {
		return
	}
	each, ok := all.AsValueMap()[key.AsString()]
	if !ok {
		return
	}
	ctx.Variables["each.value"] = each
	if whole, ok := lookup("each", ctx); ok {
		ctx.Variables["each"] = within(whole, []string{"value"}, func(cty.Value) cty.Value { return each })
	}
}

func lookup(name string, ctx *hcl2.EvalContext) (v cty.Value, found bool) {
	for ; ctx != nil && !found; ctx = ctx.Parent() {
		v, found = ctx.Variables[name]
	}
	return v, found
}

// within returns an object in which what is at the end of a path is another value.
func within(v cty.Value, path []string, change func(cty.Value) cty.Value) cty.Value {
	if len(path) == 0 {
		return change(v)
	}
	members, ok := objectOf(v)
	if member, isThere := members[path[0]]; ok && isThere {
		members[path[0]] = within(member, path[1:], change)
		return cty.ObjectVal(members)
	}
	return v
}

func objectOf(v cty.Value) (map[string]cty.Value, bool) {
	if v.IsMarked() || !v.Type().IsObjectType() || !v.CanIterateElements() {
		return nil, false
	}
	return v.AsValueMap(), true
}

// supposingOf returns what a reference means.
func (s *Module) supposingOf(r *expr.Reference, v cty.Value, what supposition) cty.Value {
	switch r.Root {
	case "var", "local":
		return s.Binding(r.Address()).From.supposing(v, what)
	case "actor", "data":
		if b := s.Blocks[r.Address()]; b != nil {
			return allSupposing(b.Actor.Repetition, b.Instances, v, what)
		}
	case "module":
		if c := s.Calls[r.Address()]; c != nil {
			return allSupposing(c.Declared.Repetition, c.Instances, v, what)
		}
	}
	return v
}

// allSupposing does so in the value of a block, or in that of some of its instances.
func allSupposing[M member](r *declare.Repetition, instances []M, v cty.Value, s supposition) cty.Value {
	of := func(index, v cty.Value) cty.Value {
		if m, ok := WithKey(instances, r.KeyOf(index)); ok {
			return m.supposing(v, s)
		}
		return v
	}
	if !r.Repeats() && len(instances) == 1 {
		return instances[0].supposing(v, s)
	}
	if v.Type().IsTupleType() && v.CanIterateElements() {
		elements := v.AsValueSlice()
		for i, element := range elements {
			elements[i] = of(cty.NumberIntVal(int64(i)), element)
		}
		return cty.TupleVal(elements)
	}
	members, ok := objectOf(v)
	if !ok {
		return v
	}
	for name, member := range members {
		members[name] = of(cty.StringVal(name), member)
	}
	return cty.ObjectVal(members)
}

func (i *Instance) supposing(v cty.Value, s supposition) cty.Value { return s.of(i, v) }

func (i *Instance) asDeclared(v cty.Value, prefix []string) cty.Value {
	n := len(prefix)
	if len(i.Desired.Key) < n || !slices.Equal(i.Desired.Key[:n], prefix) {
		return v // of somebody else's
	}
	return within(v, []string{"key"}, func(cty.Value) cty.Value { return StringList(i.Desired.Key[n:]) })
}

func (s *Module) supposing(v cty.Value, what supposition) cty.Value {
	for _, o := range s.Tree.Module.Outputs {
		v = within(v, []string{o.Name}, func(v cty.Value) cty.Value { return s.Binding(o.Address()).From.supposing(v, what) })
	}
	return v
}
