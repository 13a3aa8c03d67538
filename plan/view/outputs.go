package view

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// outputs draws the values of the outputs, as the outputs of Terraform are drawn.
func (c *canvas) outputs(outputs map[string]Output) {
	if len(outputs) == 0 {
		return
	}
	c.println()
	c.println(c.paint(bold, "Outputs:"))
	c.println()
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		c.output(name, outputs[name])
	}
}

func (c *canvas) output(name string, o Output) {
	if string(o.Sensitive) == "true" {
		c.println(memberName(name), " = <sensitive>")
		return
	}
	v, err := unmask(o.Value, o.Unknown, o.Sensitive)
	if err != nil {
		c.fail(err)
		return
	}
	prefix := memberName(name) + " = "
	if text, fits := oneLine(v, c.width-utf8.RuneCountInString(prefix)); fits {
		c.println(prefix, text)
		return
	}
	c.value(slot{-1, prefix, ""}, symNone, symNone, v)
}
