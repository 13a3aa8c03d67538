package view

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/view/diff"
)

// slot is the place of a value: what stands before it on its line, such as a name, and what stands after it.
type slot struct {
	depth          int
	prefix, suffix string
}

// room is how many columns a value has on the slot's line.
func (c *canvas) room(s slot) int {
	return max(c.width-column(s.depth)-Width(s.prefix)-len(s.suffix), 0)
}

// value draws a value in whole: its first line with one symbol, the lines of its parts with another.
func (c *canvas) value(s slot, sym, parts symbol, v cty.Value) {
	text, fits := oneLine(v, c.room(s))
	switch {
	case fits:
		c.line(s.depth, sym, s.prefix, text, s.suffix)
	case isObject(v):
		c.line(s.depth, sym, s.prefix, "{")
		c.object(s.depth+1, parts, v)
		c.line(s.depth, symNone, "}", s.suffix)
	case isTuple(v):
		c.line(s.depth, sym, s.prefix, "[")
		c.elements(s.depth+1, parts, v.AsValueSlice())
		c.line(s.depth, symNone, "]", s.suffix)
	case isText(v) && isMultiLine(v.AsString()):
		c.heredoc(s, sym, v.AsString())
	default:
		c.line(s.depth, sym, s.prefix, unbounded(v), s.suffix)
	}
}

func (c *canvas) object(depth int, sym symbol, v cty.Value) {
	names := memberNames(v, v)
	width := nameWidth(names)
	for _, name := range names {
		c.value(member(depth, name, width), sym, sym, v.GetAttr(name))
	}
}

func (c *canvas) elements(depth int, sym symbol, values []cty.Value) {
	for _, v := range values {
		c.value(slot{depth, "", ","}, sym, sym, v)
	}
}

// unbounded returns a value that has no parts and no line breaks on one line, however long.
func unbounded(v cty.Value) string {
	if isText(v) {
		return quote(v.AsString())
	}
	text, _ := oneLine(v, 1<<30)
	return text
}

// difference draws what has become of a value. Either may be absent, cty.NilVal. The symbol is that of a value that is
// there before and after.
func (c *canvas) difference(s slot, sym symbol, before, after cty.Value) {
	switch {
	case before == cty.NilVal:
		c.value(s, symCreate, symCreate, after)
	case after == cty.NilVal:
		c.value(s, symDestroy, symDestroy, before)
	case alike(before, after) && isObject(after):
		c.line(s.depth, sym, s.prefix, "{")
		c.members(s.depth+1, before, after)
		c.line(s.depth, symNone, "}", s.suffix)
	case alike(before, after):
		c.line(s.depth, sym, s.prefix, "[")
		c.sequence(s.depth+1, before, after)
		c.line(s.depth, symNone, "]", s.suffix)
	default:
		c.replaced(s, sym, before, after)
	}
}

func (c *canvas) replaced(s slot, sym symbol, before, after cty.Value) {
	l := literal{room: c.room(s)}
	if l.arrow(before, after); l.room >= 0 {
		c.line(s.depth, sym, s.prefix, l.b.String(), s.suffix)
		return
	}
	if c.texts(s, sym, before, after) {
		return
	}
	c.value(s, symDestroy, symDestroy, before)
	c.value(s, symCreate, symCreate, after)
}

// members draws the members of two objects that differ and those that name the object, and counts the others.
func (c *canvas) members(depth int, before, after cty.Value) {
	all := memberNames(before, after)
	names := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		return name != "id" && name != "name" && same(attribute(before, name), attribute(after, name))
	})
	width := nameWidth(names)
	for _, name := range names {
		c.compared(member(depth, name, width), attribute(before, name), attribute(after, name))
	}
	c.hidden(depth, len(all)-len(names), "unchanged attribute")
}

// compared draws a value that is shown also where it is the same before and after.
func (c *canvas) compared(s slot, before, after cty.Value) {
	if same(before, after) {
		c.value(s, symNone, symNone, after)
		return
	}
	c.difference(s, symUpdate, before, after)
}

// sequence draws the elements of two tuples that differ, and counts the others.
func (c *canvas) sequence(depth int, before, after cty.Value) {
	b, a := before.AsValueSlice(), after.AsValueSlice()
	for edits := diff.Align(identities(b), identities(a)); len(edits) > 0; edits = edits[1:] {
		n := edits[0].Count
		switch {
		case edits[0].Op == diff.Shared:
			c.unchanged(depth, a[:n])
			b, a = b[n:], a[n:]
		case edits[0].Op == diff.Added:
			c.elements(depth, symCreate, a[:n])
			a = a[n:]
		case pairs(edits, b, a):
			for i := range n {
				c.difference(slot{depth, "", ","}, symUpdate, b[i], a[i])
			}
			b, a, edits = b[n:], a[n:], edits[1:]
		default:
			c.elements(depth, symDestroy, b[:n])
			b = b[n:]
		}
	}
}

// unchanged draws a single element that fits on a line, and counts others.
func (c *canvas) unchanged(depth int, values []cty.Value) {
	s := slot{depth, "", ","}
	if text, fits := oneLine(values[0], c.room(s)); fits && len(values) == 1 {
		c.line(depth, symNone, text, s.suffix)
		return
	}
	c.hidden(depth, len(values), "unchanged element")
}

// pairs reports whether the elements removed next are as many as those added in their place, and of the same shape.
func pairs(edits []diff.Edit, b, a []cty.Value) bool {
	n := edits[0].Count
	if len(edits) < 2 || edits[1].Op != diff.Added || edits[1].Count != n {
		return false
	}
	for i := range n {
		if !alike(b[i], a[i]) {
			return false
		}
	}
	return true
}

// alike reports whether two values are compared part by part.
func alike(a, b cty.Value) bool {
	return isObject(a) && isObject(b) || isTuple(a) && isTuple(b)
}

// identities returns texts that are equal for elements that look the same.
func identities(elements []cty.Value) []string {
	texts := make([]string, len(elements))
	for i, element := range elements {
		m := mask(element)
		texts[i] = string(m.value) + "\n" + string(m.unknown) + "\n" + string(m.sensitive)
	}
	return texts
}

// hidden says how many things are not drawn.
func (c *canvas) hidden(depth, n int, thing string) {
	if n > 0 {
		c.comment(depth, Count(n, thing)+" hidden")
	}
}

func attribute(object cty.Value, name string) cty.Value {
	if !object.Type().HasAttribute(name) {
		return cty.NilVal
	}
	return object.GetAttr(name)
}

// member is the slot of an object's member, with the equals signs of all members below one another.
func member(depth int, name string, width int) slot {
	name = memberName(name)
	padding := max(width-Width(name), 0)
	return slot{depth, name + strings.Repeat(" ", padding) + " = ", ""}
}

func nameWidth(names []string) int {
	const most = 30
	width := 0
	for _, name := range names {
		width = max(width, Width(memberName(name)))
	}
	return min(width, most)
}
