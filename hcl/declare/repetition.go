package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

var repetitionParts = []part[Repetition]{
	expression("for_each", "map(any) or set(string)", "One instance for each element.", func(r *Repetition) **expr.Expression { return &r.ForEach }),
	expression("count", "number", "How many instances.", func(r *Repetition) **expr.Expression { return &r.Count }),
	expression("enabled", "bool", "Whether there are any instances at all. Default: true.", func(r *Repetition) **expr.Expression { return &r.Enabled }),
}

// dependencyAttributes are those of blocks that may be repeated and have to wait for others.
var dependencyAttributes = append([]syntax.Attribute{
	{Name: "depends_on", Type: "list(reference)", Doc: "What must be done first, beyond what is referred to."},
}, attributes(repetitionParts)...)

// Repetition says how many instances a block has.
type Repetition struct {
	ForEach *expr.Expression
	Count   *expr.Expression
	Enabled *expr.Expression
}

func decodeRepetition(c *syntax.Content) (*Repetition, hcl2.Diagnostics) {
	r := &Repetition{}
	diags := keep(r, c, repetitionParts)
	if r.ForEach != nil && r.Count != nil {
		diags = append(diags, syntax.Problem("Conflicting arguments",
			"A block is repeated either by \"for_each\" or by \"count\". Remove one of the two.", r.Count.Range()))
	}
	return r, diags
}

// Repeats reports whether instances have keys.
func (r *Repetition) Repeats() bool { return r.ForEach != nil || r.Count != nil }

func (r *Repetition) expressions() []*expr.Expression {
	return expr.Present(r.ForEach, r.Count, r.Enabled)
}

// KeyOf converts an index to the key of an instance. The zero key means that no instance can have such an index.
func (r *Repetition) KeyOf(index cty.Value) address.InstanceKey {
	if index.IsNull() {
		return address.InstanceKey{}
	}
	if r.Count == nil {
		if text, err := convert.Convert(index, cty.String); err == nil {
			return address.StringKey(text.AsString())
		}
		return address.InstanceKey{}
	}
	number, err := convert.Convert(index, cty.Number)
	if err != nil || !number.AsBigFloat().IsInt() {
		return address.InstanceKey{}
	}
	n, _ := number.AsBigFloat().Int64()
	return address.NumberKey(int(n))
}
