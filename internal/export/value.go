package export

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// maxWidth is how long an object or a list on one line may be.
const maxWidth = 80

// expression writes a wholly known value as HCL, on one line if it is short. It is not indented.
func expression(v cty.Value) string {
	var b strings.Builder
	write(&b, v)
	return b.String()
}

// write writes v, what it contains on lines of their own where it is not short.
func write(b *strings.Builder, v cty.Value) {
	if text, ok := oneLine(v, maxWidth); ok {
		b.WriteString(text)
		return
	}
	begin, end, after := brackets(v, "\n", ",\n")
	b.WriteString(begin + "\n")
	for it := v.ElementIterator(); it.Next(); {
		name, element := it.Element()
		b.WriteString(memberName(v, name))
		write(b, element)
		b.WriteString(after)
	}
	b.WriteString(end)
}

// oneLine returns an expression of at most so many bytes, or any if v has no parts.
func oneLine(v cty.Value, width int) (text string, ok bool) {
	if !hasParts(v) {
		return scalar(v), true
	}
	begin, end, between := brackets(v, ", ", ", ")
	var parts []string
	for it := v.ElementIterator(); it.Next(); {
		name, element := it.Element()
		text, ok := oneLine(element, width)
		if !ok {
			return "", false
		}
		parts = append(parts, memberName(v, name)+text)
		if width -= len(text); width < 0 {
			return "", false
		}
	}
	text = strings.Join(parts, between)
	if begin == "{" && text != "" {
		text = " " + text + " "
	}
	return begin + text + end, len(text) <= maxWidth
}

func hasParts(v cty.Value) bool { return !v.IsNull() && v.CanIterateElements() }

// brackets returns what is written around the parts of v, and between the members of an object or the elements of a list.
func brackets(v cty.Value, members, elements string) (begin, end, between string) {
	if isObject(v) {
		return "{", "}", members
	}
	return "[", "]", elements
}

func isObject(v cty.Value) bool { return v.Type().IsObjectType() || v.Type().IsMapType() }

// memberName returns what goes before a member of an object. "for" would begin another kind of expression.
func memberName(v, name cty.Value) string {
	switch {
	case !isObject(v):
		return ""
	case hclsyntax.ValidIdentifier(name.AsString()) && name.AsString() != "for":
		return name.AsString() + " = "
	default:
		return quote(name.AsString()) + " = "
	}
}

func scalar(v cty.Value) string {
	switch {
	case v.IsNull():
		return "null"
	case v.Type() == cty.Number:
		return value.NumberText(v.AsBigFloat())
	case v.Type().IsCapsuleType():
		return value.CapsuleText(v)
	default:
		return string(hclwrite.TokensForValue(v).Bytes())
	}
}

func quote(s string) string { return scalar(cty.StringVal(s)) }
