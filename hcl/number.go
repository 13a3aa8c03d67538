package hcl

import (
	"regexp"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxExponent is what a number may be shifted by, in bits: a little more than JavaScript's can be. Without a limit, a
// number of ten characters can take minutes to be written as text.
const maxExponent = 1100

var bigExponent = regexp.MustCompile(`[0-9.][eE][+-]?[0-9]{3,}`)

// extremeNumbers reports numbers that are much larger, or smaller, than any that an actor can be sent.
func extremeNumbers(body *hclsyntax.Body, source []byte) hcl2.Diagnostics {
	if !bigExponent.Match(source) {
		return nil
	}
	return hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl2.Diagnostics {
		literal, ok := node.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.Type() != cty.Number || literal.Val.IsNull() {
			return nil
		}
		if exponent := literal.Val.AsBigFloat().MantExp(nil); exponent < maxExponent && exponent > -maxExponent {
			return nil
		}
		return hcl2.Diagnostics{problem("Extreme number",
			"No JavaScript number is as large, or as near to zero, as this. Write it as a string if the actor takes one.", literal.SrcRange)}
	})
}
