package funcs

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// numbers are the functions of numbers that go-cty lacks.
var numbers = map[string]function.Function{
	"sum": sum,
}

var sum = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if t := args[0].Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() || args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "cannot sum what is not a list, set or tuple with at least one element")
		}
		total := cty.Zero
		for _, element := range args[0].AsValueSlice() {
			number, err := convert.Convert(element, cty.Number)
			if err != nil || number.IsNull() {
				return cty.NilVal, function.NewArgError(0, errors.New("every element must be a number"))
			}
			total = total.Add(number)
		}
		return total, nil
	},
})
