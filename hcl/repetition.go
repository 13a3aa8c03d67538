package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/plan/address"
)

var repetitionAttributes = []attributeSchema{
	{name: "for_each", typ: "map(any) or set(string)", doc: "One instance for each element."},
	{name: "count", typ: "number", doc: "How many instances."},
	{name: "enabled", typ: "bool", doc: "Whether there are any instances at all. Default: true."},
}

// repetition says how many instances a block has.
type repetition struct {
	forEach *expression
	count   *expression
	enabled *expression
}

func decodeRepetition(c *content) (*repetition, hcl2.Diagnostics) {
	r := &repetition{forEach: attributeOf(c, "for_each"), count: attributeOf(c, "count"), enabled: attributeOf(c, "enabled")}
	if r.forEach != nil && r.count != nil {
		return r, hcl2.Diagnostics{problem("Conflicting arguments",
			"A block is repeated either by \"for_each\" or by \"count\". Remove one of the two.", r.count.Range())}
	}
	return r, nil
}

// repeats reports whether instances have keys.
func (r *repetition) repeats() bool { return r.forEach != nil || r.count != nil }

func (r *repetition) expressions() []*expression { return present(r.forEach, r.count, r.enabled) }

// keyOf converts an index to the key of an instance. The zero key means that no instance can have such an index.
func (r *repetition) keyOf(index cty.Value) address.InstanceKey {
	if index.IsNull() {
		return address.InstanceKey{}
	}
	if r.count == nil {
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
