// Package payload says of values whether an actor can be sent them, and makes keys of them.
package payload

import (
	"fmt"
	"math/big"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// Check checks that what is known of a value can be sent to an actor as what the author sees.
func Check(what string, v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	return checkParts(what, v, ex, ctx, payloadFault)
}

// CheckJSON checks that what is known of a value can be written as JSON.
func CheckJSON(what string, v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	return checkParts(what, v, ex, ctx, func(v cty.Value, _ bool) string {
		t := v.Type()
		if t.Equals(value.BigIntType) || t.Equals(value.BytesType) || t.Equals(value.UndefinedType) {
			return fmt.Sprintf("is a %s, which JSON cannot carry. Send a text or a number.", t.FriendlyName())
		}
		return ""
	})
}

// checkParts says what is wrong with the first part of a value that has a fault, and where it is.
func checkParts(what string, v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext, faultOf func(part cty.Value, secret bool) string) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	if !value.AnyPart(v, func(part cty.Value) bool { return part.IsMarked() || faultOf(part, true) != "" }) {
		return nil
	}
	secret := value.AnyPart(v, cty.Value.IsMarked)
	if secret {
		v, _ = v.UnmarkDeep()
	}
	_ = cty.Walk(v, func(path cty.Path, v cty.Value) (bool, error) {
		if fault := faultOf(v, secret); fault != "" {
			diags = append(diags, syntax.ProblemIn("Value cannot be sent", fmt.Sprintf("%s%s %s", what, syntax.SpellPath(path), fault), ex, ctx))
		}
		return len(diags) == 0, nil
	})
	return diags
}

// payloadFault says why a value, apart from its elements, cannot be sent, or nothing. It does not quote secrets.
func payloadFault(v cty.Value, secret bool) string {
	t := v.Type()
	switch {
	case !v.IsKnown() || v.IsNull():
		return ""
	case t == cty.Number:
		return numberFault(v.AsBigFloat(), secret)
	case t.IsCapsuleType():
		return capsuleFault(t)
	default:
		return ""
	}
}

// maxSafeInteger is JavaScript's Number.MAX_SAFE_INTEGER.
const maxSafeInteger = 1<<53 - 1

func numberFault(n *big.Float, secret bool) string {
	i, accuracy := n.Int64()
	f, _ := n.Float64()
	switch isSafe := accuracy == big.Exact && i <= maxSafeInteger && i >= -maxSafeInteger; {
	case isSafe:
		return ""
	case n.IsInf():
		return "is infinite, as what is divided by zero is. Use a string, or null, for what has no limit."
	case f > maxFloat || f < -maxFloat:
		return "is larger than any JavaScript number. Use a string."
	case !n.IsInt():
		return ""
	case secret:
		return "is a number outside the range in which JavaScript holds every integer exactly. Use bigint(\"...\") if the actor takes a BigInt, or a string."
	default:
		return fmt.Sprintf("is %s, which is outside the range in which a JavaScript number holds every integer exactly. Use bigint(%q) if the actor takes a BigInt, or a string.",
			shortNumber(n), shortNumber(n))
	}
}

// shortNumber writes a number with its first digits, if it has more than anybody would read.
func shortNumber(n *big.Float) string {
	const enough = 40
	if text := value.NumberText(n); len(text) <= enough {
		return text
	}
	return value.NumberText(n)[:enough] + "…"
}

const maxFloat = 1.7976931348623157e308

func capsuleFault(t cty.Type) string {
	if slices.ContainsFunc([]cty.Type{value.BigIntType, value.BytesType, value.DateType, value.UndefinedType}, t.Equals) {
		return ""
	}
	return fmt.Sprintf("is a %s, which has no counterpart in JavaScript.", t.FriendlyName())
}
