package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// values says what the references of the expression that a diagnostic is about stood for, sorted, each once.
func values(diag *hcl2.Diagnostic) []ExpressionValue {
	list := []ExpressionValue{}
	if diag.Expression == nil || diag.EvalContext == nil {
		return list
	}
	for _, traversal := range withElements(diag.Expression.Variables()) {
		for len(traversal) > 1 {
			value, diags := traversal.TraverseAbs(diag.EvalContext)
			if !diags.HasErrors() {
				list = append(list, ExpressionValue{traversalText(traversal), statement(value)})
				break
			}
			traversal = traversal[:len(traversal)-1]
		}
	}
	slices.SortFunc(list, func(a, b ExpressionValue) int {
		return cmp.Or(cmp.Compare(a.Traversal, b.Traversal), cmp.Compare(a.Statement, b.Statement))
	})
	return slices.Compact(list)
}

// withElements adds which element it is where an expression refers to the value of one.
func withElements(all []hcl2.Traversal) []hcl2.Traversal {
	isEach := func(t hcl2.Traversal) bool { return !t.IsRelative() && t.RootName() == "each" }
	if !slices.ContainsFunc(all, isEach) {
		return all
	}
	return append(slices.Clone(all), hcl2.Traversal{hcl2.TraverseRoot{Name: "each"}, hcl2.TraverseAttr{Name: "key"}})
}

func traversalText(traversal hcl2.Traversal) string {
	var b strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl2.TraverseRoot:
			b.WriteString(step.Name)
		case hcl2.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl2.TraverseIndex:
			b.WriteString("[" + compact(step.Key) + "]")
		}
	}
	return b.String()
}

// statement says what a reference is, but for what is sensitive.
func statement(v cty.Value) string {
	switch {
	case v.HasMark(value.Sensitive):
		return "is a sensitive value"
	case v.HasMark(value.Ephemeral):
		return "is an ephemeral value"
	case v.IsKnown():
		return "is " + compact(v)
	case v.Type() == cty.DynamicPseudoType:
		return "is known only after apply"
	default:
		return "is a " + v.Type().FriendlyName() + ", known only after apply"
	}
}

// compact describes a value in a few words: what has parts is only counted.
func compact(v cty.Value) string {
	const room = 80
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case t.IsObjectType() || t.IsMapType():
		return parts(v, "attribute")
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		return parts(v, "element")
	case t == cty.String:
		return shortQuote(v.AsString(), room)
	default:
		return scalar(v)
	}
}

func parts(v cty.Value, thing string) string {
	name := v.Type().FriendlyName()
	if !v.CanIterateElements() {
		return name
	}
	n := 0
	for range v.Elements() {
		n++
	}
	return fmt.Sprintf("%s with %s", name, Count(n, thing))
}

// shortQuote quotes the beginning of a text.
func shortQuote(s string, room int) string {
	if runes := []rune(s); len(runes) > room {
		return quote(string(runes[:room-1])) + "…"
	}
	return quote(s)
}
