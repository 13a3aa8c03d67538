package expr

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/plan/value"
)

// bounded are the operators that make numbers, with what takes their places: such that refuse a number that nobody could write.
var bounded = boundAll(hclsyntax.OpAdd, hclsyntax.OpSubtract, hclsyntax.OpMultiply, hclsyntax.OpDivide, hclsyntax.OpModulo, hclsyntax.OpNegate)

func boundAll(all ...*hclsyntax.Operation) map[*hclsyntax.Operation]*hclsyntax.Operation {
	bounded := map[*hclsyntax.Operation]*hclsyntax.Operation{}
	for _, op := range all {
		bounded[op] = &hclsyntax.Operation{Impl: bound(op.Impl), Type: op.Type}
	}
	return bounded
}

// IsSum reports whether an operator adds.
func IsSum(op *hclsyntax.Operation) bool {
	return op == hclsyntax.OpAdd || op == bounded[hclsyntax.OpAdd]
}

func bound(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params:       f.Params(),
		Type:         function.StaticReturnType(cty.Number),
		RefineResult: func(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, arg := range args {
				if err := value.CheckNumbers(arg); err != nil { // which was a text before
					return cty.NilVal, err
				}
			}
			v, err := f.Call(args)
			if err == nil {
				err = value.CheckNumbers(v)
			}
			return v, err
		},
	})
}
