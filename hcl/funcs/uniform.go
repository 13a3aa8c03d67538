package funcs

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"riveter/plan/value"
)

// uniformly returns a function that does what f does, and converts arguments to collections itself, as [value.Convert] does.
func uniformly(f function.Function, params []function.Parameter, rest *function.Parameter) function.Function {
	spec := &function.Spec{Description: f.Description(), Params: make([]function.Parameter, len(params))}
	for i, p := range params {
		spec.Params[i] = asAny(p)
	}
	if rest != nil {
		loose := asAny(*rest)
		spec.VarParam = &loose
	}
	spec.Type = func(args []cty.Value) (cty.Type, error) {
		args, err := convertAll(args, params, rest)
		if err != nil {
			return cty.NilType, err
		}
		return f.ReturnTypeForValues(args)
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		args, err := convertAll(args, params, rest)
		if err != nil {
			return cty.NilVal, err
		}
		return f.Call(args)
	}
	return function.New(spec)
}

// convertAll converts arguments to what the parameters say.
func convertAll(args []cty.Value, params []function.Parameter, rest *function.Parameter) ([]cty.Value, error) {
	converted := make([]cty.Value, len(args))
	for i, arg := range args {
		p := rest
		if i < len(params) {
			p = &params[i]
		}
		var err error
		if converted[i], err = value.Convert(arg, p.Type); err != nil {
			return nil, function.NewArgError(i, err)
		}
	}
	return converted, nil
}

// toCollection makes a function that converts to a collection of any type. Where all elements are of one type, it makes the
// collection once: a set is as expensive to look at as to make. Each element keeps its own marks, but for those of a set.
func toCollection(want cty.Type) function.Function {
	f := stdlib.MakeToFunc(want)
	params := f.Params()
	params[0].Type, params[0].AllowMarked = want, true
	general := uniformly(f, params, nil)
	return function.New(&function.Spec{
		Params: general.Params(),
		Type: func(args []cty.Value) (cty.Type, error) {
			switch {
			case isUniformly(args[0], want):
				return want, nil
			case args[0].ContainsMarked():
				v, err := value.Convert(args[0], want)
				return v.Type(), err
			}
			return general.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if isUniformly(args[0], want) || args[0].ContainsMarked() {
				return value.Convert(args[0], want)
			}
			return general.Call(args)
		},
	})
}

// takesCollection reports whether one of the parameters is a collection.
func takesCollection(params []function.Parameter, rest *function.Parameter) bool {
	return slices.ContainsFunc(params, func(p function.Parameter) bool { return p.Type.IsCollectionType() }) || rest != nil && rest.Type.IsCollectionType()
}

// isOfAny reports whether a type is a collection of elements of any type.
func isOfAny(t cty.Type) bool {
	return t.IsCollectionType() && t.ElementType() == cty.DynamicPseudoType
}

// asAny returns a parameter that takes a collection before it is converted to one.
func asAny(p function.Parameter) function.Parameter {
	if p.Type.IsCollectionType() {
		p.Type, p.AllowDynamicType = cty.DynamicPseudoType, true
	}
	return p
}

// isUniformly reports whether a value is a tuple or object that is a collection of any type but for its own type, since all its
// elements are of one.
func isUniformly(v cty.Value, want cty.Type) bool {
	t := v.Type()
	switch {
	case !isOfAny(want) || !v.IsKnown() || v.IsNull() || v.IsMarked():
		return false
	case want.IsMapType():
		return t.IsObjectType() && isUniform(attributeTypes(t))
	default:
		return t.IsTupleType() && isUniform(t.TupleElementTypes())
	}
}

// isUniform reports whether there are types and all are the same one.
func isUniform(types []cty.Type) bool {
	for _, t := range types {
		if t == cty.DynamicPseudoType || !t.Equals(types[0]) {
			return false
		}
	}
	return len(types) > 0
}

func attributeTypes(object cty.Type) []cty.Type {
	types := make([]cty.Type, 0, len(object.AttributeTypes()))
	for _, t := range object.AttributeTypes() {
		types = append(types, t)
	}
	return types
}
