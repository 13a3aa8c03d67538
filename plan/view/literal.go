package view

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

const (
	knownAfterApply = "(known after apply)"
	sensitiveValue  = "(sensitive value)"
	ephemeralValue  = "(ephemeral value)"
	notKnown        = "<not known>"
)

// literal writes a value as HCL on one line, up to a number of columns.
type literal struct {
	b    strings.Builder
	room int // columns that are left, negative when the value does not fit
}

// oneLine returns v as HCL on one line. It reports false where that takes more columns than there is room, or more lines.
func oneLine(v cty.Value, room int) (string, bool) {
	l := literal{room: room}
	l.value(v)
	return l.b.String(), l.room >= 0
}

func (l *literal) text(s string) {
	if l.room >= 0 {
		l.room -= Width(s)
		l.b.WriteString(s)
	}
}

func (l *literal) value(v cty.Value) {
	if text, ok := placeholder(v); ok {
		l.text(text)
		return
	}
	switch t := v.Type(); {
	case t == cty.String:
		l.str(v.AsString())
	case t.IsMapType() || t.IsObjectType():
		l.members(v)
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		l.text("[")
		l.list(v.AsValueSlice())
		l.text("]")
	default:
		l.text(scalar(v))
	}
}

func (l *literal) str(s string) {
	if len(s)/utf8.UTFMax > l.room || isMultiLine(s) {
		l.room = -1
		return
	}
	l.text(quote(s))
}

func (l *literal) members(v cty.Value) {
	if v.LengthInt() == 0 {
		l.text("{}")
		return
	}
	separator := "{ "
	for name, member := range v.Elements() {
		l.text(separator + memberName(name.AsString()) + " = ")
		if l.value(member); l.room < 0 {
			return
		}
		separator = ", "
	}
	l.text(" }")
}

// list writes values without brackets, as the arguments of a call are written.
func (l *literal) list(values []cty.Value) {
	separator := ""
	for _, element := range values {
		l.text(separator)
		if l.value(element); l.room < 0 {
			return
		}
		separator = ", "
	}
}

// arrow writes what was and what is, or just the one where they look the same.
func (l *literal) arrow(before, after cty.Value) {
	l.value(before)
	if !same(before, after) {
		l.text(" -> ")
		l.value(after)
	}
}

// placeholder returns what stands for a value that is hidden or null.
func placeholder(v cty.Value) (string, bool) {
	switch {
	case v.HasMark(value.Sensitive):
		return sensitiveValue, true
	case v.HasMark(value.Ephemeral):
		return ephemeralValue, true
	case v.HasMark(unsettled{}):
		return notKnown, true
	case !v.IsKnown():
		return knownAfterApply, true
	case v.IsNull():
		return "null", true
	default:
		return "", false
	}
}

// scalar returns a boolean, a number or a JavaScript value as it is written in a configuration.
func scalar(v cty.Value) string {
	switch {
	case v.Type() == cty.Bool && v.True():
		return "true"
	case v.Type() == cty.Bool:
		return "false"
	case v.Type() == cty.Number:
		return value.NumberText(v.AsBigFloat())
	default:
		return value.CapsuleText(v)
	}
}

// quote returns s as an HCL string on one line.
func quote(s string) string {
	return `"` + Clean(escapes.Replace(s)) + `"`
}

var escapes = strings.NewReplacer(
	`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{",
)

func memberName(name string) string {
	if hclsyntax.ValidIdentifier(name) {
		return name
	}
	return quote(name)
}

// isMultiLine reports whether a string is easier to read with its lines below one another.
func isMultiLine(s string) bool {
	return strings.Contains(strings.TrimSuffix(s, "\n"), "\n")
}

// isContainer reports whether a value is shown with its parts on lines of their own if it has to be.
func isContainer(v cty.Value) bool {
	if _, ok := placeholder(v); ok {
		return false
	}
	return v.CanIterateElements() && v.LengthInt() > 0
}

func isText(v cty.Value) bool {
	_, ok := placeholder(v)
	return !ok && v.Type() == cty.String
}

func isObject(v cty.Value) bool { return isContainer(v) && v.Type().IsObjectType() }

func isTuple(v cty.Value) bool { return isContainer(v) && v.Type().IsTupleType() }

// same reports whether two values look the same to a reader.
func same(a, b cty.Value) bool {
	if a == cty.NilVal || b == cty.NilVal {
		return a == b
	}
	return a.RawEquals(b)
}

// memberNames returns the names of the members of either object, sorted.
func memberNames(a, b cty.Value) []string {
	var names []string
	for _, v := range []cty.Value{a, b} {
		for name := range v.Type().AttributeTypes() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Inline returns a value as HCL on one line, with placeholders for what is sensitive or not known, for use in an error. A
// long one is described.
func Inline(v cty.Value) string {
	const room = 300
	if text, ok := oneLine(v, room); ok {
		return text
	}
	return compact(v)
}
