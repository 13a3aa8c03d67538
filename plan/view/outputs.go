package view

import (
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// DrawValue draws a value as HCL, with placeholders for what is sensitive or not known.
func DrawValue(w io.Writer, v cty.Value, o Options) error {
	c := newCanvas(w, o)
	c.assignment("", v)
	return c.flush()
}

// EncodeValue returns a value as documents have it: what is sensitive or not known in it is null.
func EncodeValue(v cty.Value) json.RawMessage { return mask(v).value }

// DrawOutputs draws the values of outputs, a name on each line.
func DrawOutputs(w io.Writer, outputs map[string]Output, o Options) error {
	c := newCanvas(w, o)
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		c.output(name, outputs[name])
	}
	return c.flush()
}

// outputs draws the values of the outputs, as the outputs of Terraform are drawn.
func (c *canvas) outputs(outputs map[string]Output) {
	if len(outputs) == 0 {
		return
	}
	c.println()
	c.println(c.paint(bold, "Outputs:"))
	c.println()
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		c.shortened(-1, func() { c.output(name, outputs[name]) })
	}
}

func (c *canvas) output(name string, o Output) {
	switch {
	case string(o.Sensitive) == "true":
		c.println(memberName(name), " = <sensitive>")
		return
	case string(o.Unknown) == "true":
		c.println(memberName(name), " = ", notKnown)
		return
	}
	v, err := unmask(o.Value, o.Unknown, o.Sensitive)
	if err != nil {
		c.fail(err)
		return
	}
	c.assignment(memberName(name)+" = ", settled(v))
}

// unsettled marks what did not come to be known.
type unsettled struct{}

// settled returns a value as it is after an apply: what is unknown then stays so.
func settled(v cty.Value) cty.Value {
	v, _ = cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if !part.IsKnown() {
			return cty.NullVal(cty.DynamicPseudoType).Mark(unsettled{}), nil
		}
		return part, nil
	}) // what never fails gives no error
	return v
}

// assignment draws a value after a prefix, on the same line if it fits there.
func (c *canvas) assignment(prefix string, v cty.Value) {
	if text, fits := oneLine(v, c.width-Width(prefix)); fits {
		c.println(prefix, text)
		return
	}
	c.value(slot{-1, prefix, ""}, symNone, symNone, v)
}
