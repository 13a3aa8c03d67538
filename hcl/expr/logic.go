package expr

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// and and or are && and || to which null is an error, as Terraform has it, where the library takes it for false.
var (
	and = withoutNull(hclsyntax.OpLogicalAnd, false)
	or  = withoutNull(hclsyntax.OpLogicalOr, true)
)

// withoutNull leaves null to the operation itself, which refuses it, unless the side before it has decided.
func withoutNull(op *hclsyntax.Operation, decides bool) *hclsyntax.Operation {
	strict := *op
	strict.ShortCircuit = func(lhs, rhs cty.Value, lhsDiags, rhsDiags hcl2.Diagnostics) (cty.Value, hcl2.Diagnostics) {
		isDecided := lhs.IsKnown() && !lhs.IsNull() && lhs.True() == decides
		if !isDecided && (lhs.IsNull() || rhs.IsNull()) {
			return cty.NilVal, nil
		}
		return op.ShortCircuit(lhs, rhs, lhsDiags, rhsDiags)
	}
	return &strict
}
