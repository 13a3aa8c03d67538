package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

var repetitionAttributes = []syntax.Attribute{
	{Name: "for_each", Type: "map(any) or set(string)", Doc: "One instance for each element."},
	{Name: "count", Type: "number", Doc: "How many instances."},
	{Name: "enabled", Type: "bool", Doc: "Whether there are any instances at all. Default: true."},
}

// Repetition says how many instances a block has.
type Repetition struct {
	ForEach *Expression
	Count   *Expression
	Enabled *Expression
}

func decodeRepetition(c *syntax.Content) (*Repetition, hcl2.Diagnostics) {
	r := &Repetition{ForEach: attributeOf(c, "for_each"), Count: attributeOf(c, "count"), Enabled: attributeOf(c, "enabled")}
	if r.ForEach != nil && r.Count != nil {
		return r, hcl2.Diagnostics{syntax.Problem("Conflicting arguments",
			"A block is repeated either by \"for_each\" or by \"count\". Remove one of the two.", r.Count.Range())}
	}
	return r, nil
}

// repeats reports whether instances have keys.
func (r *Repetition) Repeats() bool { return r.ForEach != nil || r.Count != nil }

func (r *Repetition) expressions() []*Expression { return present(r.ForEach, r.Count, r.Enabled) }

// keyOf converts an index to the key of an instance. The zero key means that no instance can have such an index.
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
