package funcs

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"github.com/zclconf/go-cty/cty/gocty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// collections are the functions of lists, sets and maps that go-cty lacks, or gives another meaning than Terraform.
var collections = map[string]function.Function{
	"alltrue":    fold(true, func(a, b bool) bool { return a && b }),
	"anytrue":    fold(false, func(a, b bool) bool { return a || b }),
	"coalesce":   coalesce,
	"distinct":   distinct,
	"index":      index,
	"contains":   contains,
	"element":    element,
	"length":     length,
	"lookup":     lookup,
	"matchkeys":  matchKeys,
	"one":        one,
	"setproduct": setProduct,
	"transpose":  transpose,
}

// length also counts the characters of a string.
var length = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true, AllowMarked: true}},
	RefineResult: notNull,
	Type: func(args []cty.Value) (cty.Type, error) {
		t := expr.Unbox(args[0]).Type()
		if t == cty.String || t.IsTupleType() || t.IsObjectType() || t.IsCollectionType() || t == cty.DynamicPseudoType {
			return cty.Number, nil
		}
		return cty.Number, function.NewArgErrorf(0, "only strings, lists, sets, maps and objects have a length")
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := expr.Unbox(args[0]).Unmark()
		switch t := v.Type(); {
		case t == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number).WithMarks(marks), nil
		case t.IsTupleType():
			return cty.NumberIntVal(int64(len(t.TupleElementTypes()))).WithMarks(marks), nil
		case t.IsObjectType():
			return cty.NumberIntVal(int64(len(t.AttributeTypes()))).WithMarks(marks), nil
		case t == cty.String:
			n, err := stdlib.Strlen(v)
			return n.WithMarks(marks), err
		default:
			return v.Length().WithMarks(marks), nil
		}
	},
})

// fold joins a list of booleans. An unknown element leaves the result open unless another one decides it.
func fold(start bool, join func(a, b bool) bool) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result, open := start, false
			for _, element := range args[0].AsValueSlice() {
				if !element.IsKnown() {
					open = true
					continue
				}
				result = join(result, !element.IsNull() && element.True())
			}
			if open && result == start {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(result), nil
		},
	})
}

// coalesce returns the first value that is neither null nor an empty string.
var coalesce = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, arg := range args {
			types[i] = arg.Type()
		}
		common := value.Unify(types)
		if common == cty.NilType {
			return cty.NilType, errors.New("all arguments must have the same type")
		}
		return common, nil
	},
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		for _, arg := range args {
			arg, err := value.Convert(arg, want)
			switch {
			case err != nil:
				return cty.NilVal, err
			case !arg.IsKnown():
				return cty.UnknownVal(want), nil
			case !arg.IsNull() && !arg.RawEquals(cty.StringVal("")):
				return arg, nil
			}
		}
		return cty.NilVal, errors.New("every argument is null or an empty string")
	},
})

// index finds the position of an element.
var index = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if t := args[0].Type(); !t.IsListType() && !t.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list or tuple")
		}
		for it := args[0].ElementIterator(); it.Next(); {
			position, element := it.Element()
			equal, err := stdlib.Equal(element, args[1])
			switch {
			case err != nil:
				return cty.NilVal, err
			case !equal.IsKnown():
				return cty.UnknownVal(cty.Number), nil
			case equal.True():
				return position, nil
			}
		}
		return cty.NilVal, errors.New("item not found")
	},
})

// element returns an element of a list, which begins again at its end.
var element = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType, AllowMarked: true}, {Name: "index", Type: cty.Number}},
	Type: func(args []cty.Value) (cty.Type, error) {
		list, _ := expr.Unbox(args[0]).Unmark()
		switch t := list.Type(); {
		case t.IsListType():
			return t.ElementType(), nil
		case !t.IsTupleType():
			return cty.NilType, fmt.Errorf("cannot read elements from %s", t.FriendlyName())
		case !args[1].IsKnown():
			return cty.DynamicPseudoType, nil
		default:
			i, err := position(args[1], t.Length())
			if err != nil {
				return cty.NilType, err
			}
			return t.TupleElementType(i), nil
		}
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		list, marks := expr.Unbox(args[0]).Unmark()
		i, err := position(args[1], list.LengthInt())
		if err != nil {
			return cty.NilVal, err
		}
		return list.Index(cty.NumberIntVal(int64(i))).WithMarks(marks), nil
	},
})

func position(index cty.Value, length int) (int, error) {
	var i int
	if err := gocty.FromCtyValue(index, &i); err != nil {
		return 0, fmt.Errorf("invalid index: %w", err)
	}
	if length == 0 {
		return 0, errors.New("cannot use element function with an empty list")
	}
	return (i%length + length) % length, nil
}

// lookup returns an element of a map or an attribute of an object, or a default where there is none.
var lookup = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true},
		{Name: "key", Type: cty.String, AllowMarked: true},
	},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true, AllowMarked: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) > 3 {
			return cty.NilType, fmt.Errorf("lookup takes two or three arguments, not %d", len(args))
		}
		switch t := expr.Unbox(args[0]).Type(); {
		case t.IsMapType():
			return t.ElementType(), checkDefault(args[2:], t.ElementType())
		case t.IsObjectType():
			return lookupType(t, args)
		default:
			return cty.NilType, function.NewArgErrorf(0, "lookup needs a map or an object as its first argument")
		}
	},
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		from, marks := expr.Unbox(args[0]).Unmark()
		key, keyMarks := args[1].Unmark()
		var found cty.Value
		switch {
		case from.Type().IsObjectType() && from.Type().HasAttribute(key.AsString()):
			found = from.GetAttr(key.AsString())
		case from.Type().IsMapType() && from.HasIndex(key).True():
			found = from.Index(key)
		case len(args) < 3:
			return cty.NilVal, function.NewArgErrorf(1, "there is no element %q", key.AsString())
		default:
			var err error
			if found, err = convert.Convert(args[2], want); err != nil {
				return cty.NilVal, function.NewArgError(2, err)
			}
		}
		return found.WithMarks(marks, keyMarks), nil
	},
})

// checkDefault checks that a default, if there is one, is of the type of the elements.
func checkDefault(defaults []cty.Value, want cty.Type) error {
	if len(defaults) == 0 {
		return nil
	}
	if _, err := convert.Convert(defaults[0], want); err != nil {
		return function.NewArgError(2, err)
	}
	return nil
}

func lookupType(object cty.Type, args []cty.Value) (cty.Type, error) {
	key, _ := args[1].Unmark()
	switch {
	case !key.IsKnown():
		return cty.DynamicPseudoType, nil
	case object.HasAttribute(key.AsString()):
		return object.AttributeType(key.AsString()), nil
	case len(args) == 3:
		return args[2].Type(), nil
	}
	return cty.NilType, function.NewArgErrorf(1, "there is no attribute %q", key.AsString())
}

// contains is go-cty's. That it is to look for null is an error also where go-cty does not know the type of the null.
var contains = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if args[1].IsNull() {
			return cty.NilType, function.NewArgErrorf(1, "is null, which is not looked for. Use anytrue([for element in list : element == null])")
		}
		return cty.Bool, nil
	},
	RefineResult: notNull,
	Impl:         func(args []cty.Value, _ cty.Type) (cty.Value, error) { return stdlib.Contains(args[0], args[1]) },
})

// matchKeys keeps the values whose key, at the same position of a second list, is in a third.
var matchKeys = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if common, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); common == cty.NilType {
			return cty.NilType, errors.New("keys and searchset must be of the same type")
		}
		return args[0].Type(), nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(want), nil
		}
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.NilVal, errors.New("values and keys must have the same length")
		}
		common, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()})
		keys, err := convert.Convert(args[1], common)
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		search, err := convert.Convert(args[2], common)
		if err != nil {
			return cty.NilVal, function.NewArgError(2, err)
		}
		matching := withKeys(args[0].AsValueSlice(), keys.AsValueSlice(), search.AsValueSlice())
		if matching == nil {
			return cty.ListValEmpty(want.ElementType()), nil
		}
		return cty.ListVal(matching), nil
	},
})

func withKeys(values, keys, search []cty.Value) []cty.Value {
	wanted := bag{}
	for _, v := range search {
		wanted.add(v)
	}
	var matching []cty.Value
	for i, v := range values {
		if wanted.has(keys[i]) {
			matching = append(matching, v)
		}
	}
	return matching
}

// distinct leaves out what was in a list before. go-cty compares each element with each other.
var distinct = function.New(&function.Spec{
	Params:       stdlib.DistinctFunc.Params(),
	Type:         stdlib.DistinctFunc.ReturnTypeForValues,
	RefineResult: notNull,
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(want), nil
		}
		seen, list := bag{}, []cty.Value(nil)
		for _, v := range args[0].Elements() {
			if !seen.has(v) {
				seen.add(v)
				list = append(list, v)
			}
		}
		if list == nil {
			return cty.ListValEmpty(want.ElementType()), nil
		}
		return cty.ListVal(list), nil
	},
})

// bag has values that are wholly known, by their hash.
type bag map[int][]cty.Value

func (b bag) add(v cty.Value) { b[v.Hash()] = append(b[v.Hash()], v) }

func (b bag) has(v cty.Value) bool { return slices.ContainsFunc(b[v.Hash()], v.RawEquals) }

// setProduct is go-cty's, with a limit: the number of combinations grows faster than anybody expects.
var setProduct = function.New(&function.Spec{
	Description: stdlib.SetProductFunc.Description(),
	VarParam:    stdlib.SetProductFunc.VarParam(),
	Type: func(args []cty.Value) (cty.Type, error) {
		return stdlib.SetProductFunc.ReturnTypeForValues(asLists(args))
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		const most = 1_000_000
		total := 1
		for _, arg := range args {
			arg, _ = arg.Unmark()
			if n := arg.Length(); n.IsKnown() {
				count, _ := n.AsBigFloat().Int64()
				total *= max(1, int(count))
			}
			if total > most {
				return cty.NilVal, fmt.Errorf("there would be more than %d combinations", most)
			}
		}
		return stdlib.SetProductFunc.Call(asLists(args))
	},
})

// asLists returns arguments with a list in place of each tuple that can be one.
func asLists(args []cty.Value) []cty.Value {
	lists := slices.Clone(args)
	for i, arg := range args {
		if t := arg.Type(); t.IsTupleType() && t.Length() > 0 {
			if list, err := value.Convert(arg, cty.List(cty.DynamicPseudoType)); err == nil {
				lists[i] = list
			}
		}
	}
	return lists
}

// one returns the only element of a list, or null if there is none.
var one = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		t := args[0].Type()
		switch {
		case t.IsListType() || t.IsSetType():
			return t.ElementType(), nil
		case !t.IsTupleType():
			return cty.NilType, function.NewArgErrorf(0, "must be a list, set or tuple with no or one element")
		case t.Length() > 1:
			return cty.NilType, function.NewArgErrorf(0, "has %d elements, but must have no or one", t.Length())
		case t.Length() == 1:
			return t.TupleElementType(0), nil
		}
		return cty.DynamicPseudoType, nil
	},
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		elements := args[0].AsValueSlice()
		switch len(elements) {
		case 0:
			return cty.NullVal(want), nil
		case 1:
			return elements[0], nil
		default:
			return cty.NilVal, function.NewArgErrorf(0, "has %d elements, but must have no or one", len(elements))
		}
	},
})

// transpose turns a map of lists of strings inside out.
var transpose = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:         function.StaticReturnType(cty.Map(cty.List(cty.String))),
	RefineResult: notNull,
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(want), nil
		}
		turned := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			key, list := it.Element()
			for _, element := range list.AsValueSlice() {
				element, err := convert.Convert(element, cty.String)
				if err != nil || element.IsNull() {
					return cty.NilVal, errors.New("every element must be a string")
				}
				turned[element.AsString()] = append(turned[element.AsString()], key)
			}
		}
		if len(turned) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		lists := map[string]cty.Value{}
		for key, list := range turned {
			lists[key] = cty.ListVal(list)
		}
		return cty.MapVal(lists), nil
	},
})
