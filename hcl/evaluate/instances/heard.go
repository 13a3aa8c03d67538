package instances

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
)

// about has the attributes of actors that tell which there are, and not what they say.
var about = []string{"id", "name", "key", "exists", "created", "create_ts"}

// HearsPrefix reports whether a prefix that the value of a key has is what actors say, or were given, be it through other values: it is
// another one where that is something else.
func (o Origin) HearsPrefix(v cty.Value, prefix []string) bool {
	isEach := func(r *expr.Reference) bool { return r.Root == "each" } // of which there are none but these
	switch {
	case !o.hearsActors(map[*expr.Expression]bool{}):
		return false
	case slices.ContainsFunc(o.Expression.References, isEach):
		return true
	}
	other := o.supposing(v, supposition{of: func(i *Instance, v cty.Value) cty.Value { return saysAnother(i.asDeclared(v, prefix)) }})
	now, before := partsOf(other), partsOf(v)
	for n := range prefix {
		if n < len(now) && now[n].RawEquals(before[n]) {
			return false
		}
	}
	return true
}

// saysAnother returns what is known of an actor, with other texts in what it says.
func saysAnother(v cty.Value) cty.Value {
	members, ok := objectOf(v)
	if !ok {
		return v
	}
	for name, member := range members {
		if slices.Contains(about, name) {
			continue
		}
		members[name], _ = cty.Transform(member, func(_ cty.Path, part cty.Value) (cty.Value, error) { // which does not fail
			if part.Type() != cty.String || part.IsMarked() || part.IsNull() || !part.IsKnown() {
				return part, nil
			}
			return cty.StringVal(part.AsString() + "\x00"), nil
		})
	}
	return cty.ObjectVal(members)
}

// partsOf returns the parts of a key.
func partsOf(v cty.Value) []cty.Value {
	if !v.CanIterateElements() {
		return []cty.Value{v}
	}
	return v.AsValueSlice()
}

func (o Origin) hearsActors(seen map[*expr.Expression]bool) bool {
	if o.Expression == nil || seen[o.Expression] {
		return false
	}
	seen[o.Expression] = true
	return slices.ContainsFunc(o.Expression.References, func(r *expr.Reference) bool {
		switch r.Root {
		case "actor", "data":
			return !slices.Contains(about, r.Attribute())
		case "var", "local":
			return o.Frame.Module.Binding(r.Address()).From.hearsActors(seen)
		case "each":
			return o.Repeats != nil && o.Repeats.hearsActors(seen)
		case "module":
			return o.Frame.Module.Calls[r.Address()].hearsActors(r.Attribute(), seen)
		default:
			return false
		}
	})
}

// hearsActors reports it of an output of any instance of the module, or with an empty name of all outputs. Of a module that is left out, it is nil.
func (c *Call) hearsActors(output string, seen map[*expr.Expression]bool) bool {
	if c == nil {
		return false
	}
	for _, s := range c.Instances {
		for _, o := range s.Tree.Module.Outputs {
			if (output == "" || output == o.Name) && s.Binding(o.Address()).From.hearsActors(seen) {
				return true
			}
		}
	}
	return false
}
