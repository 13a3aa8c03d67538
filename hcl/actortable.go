package hcl

import (
	"fmt"
	"maps"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/plan"
)

// actorTable holds the actors that expressions refer to, by name and label, so that a context can be made from these
// alone, however many others are declared.
type actorTable map[string]map[string]picked

// picked is a block, or those of its instances that are referred to.
type picked struct {
	block     *block
	whole     bool
	instances []*instance
}

// value returns what the name "actor" stands for.
func (t actorTable) value() cty.Value {
	names := make(map[string]cty.Value, len(t))
	for name, labels := range t {
		values := make(map[string]cty.Value, len(labels))
		for label, p := range labels {
			values[label] = p.value()
		}
		names[name] = cty.ObjectVal(values)
	}
	return cty.ObjectVal(names)
}

func (p picked) value() cty.Value {
	if p.whole {
		return p.block.object()
	}
	return objectOf(p.instances)
}

// add puts a whole block into the table.
func (t actorTable) add(b *block) { t.put(picked{block: b, whole: true}) }

// addInstance puts one instance of a block into the table, or with nil the block with no instance at all.
func (t actorTable) addInstance(b *block, inst *instance) {
	p := t[b.actor.name][b.actor.label]
	if p.whole {
		return
	}
	p.block = b
	if inst != nil {
		p.instances = append(p.instances[:len(p.instances):len(p.instances)], inst)
	}
	t.put(p)
}

// put copies the inner map, since a table made with maps.Clone shares it with the original.
func (t actorTable) put(p picked) {
	labels := maps.Clone(t[p.block.actor.name])
	if labels == nil {
		labels = map[string]picked{}
	}
	labels[p.block.actor.label] = p
	t[p.block.actor.name] = labels
}

// find returns the instance that an index means, or nil.
func (b *block) find(index cty.Value) *instance {
	if index.IsNull() {
		return nil
	}
	if b.actor.repetition.count == nil {
		text, err := convert.Convert(index, cty.String)
		if err != nil {
			return nil
		}
		return b.byKey[plan.StringKey(text.AsString())]
	}
	number, err := convert.Convert(index, cty.Number)
	if err != nil || !number.AsBigFloat().IsInt() {
		return nil
	}
	n, _ := number.AsBigFloat().Int64()
	return b.byKey[plan.NumberKey(int(n))]
}

// explainMissing words the error about an index that is not there in terms of the block's instances.
func (f *frame) explainMissing(ex *expression, ctx *hcl2.EvalContext, diags hcl2.Diagnostics) {
	for _, d := range diags {
		if d.Summary != "Invalid index" || d.Subject == nil {
			continue
		}
		for _, r := range ex.references {
			if r.root == "actor" && r.index != nil && r.subject.Overlaps(*d.Subject) {
				d.Summary, d.Detail = "Reference to missing instance", f.scope.blocks[r.address()].missing(r, ctx)
				d.Subject = &r.subject
			}
		}
	}
}

func (b *block) missing(r *reference, ctx *hcl2.EvalContext) string {
	if len(b.instances) == 0 {
		return fmt.Sprintf("%s has no instances at all.", r.address())
	}
	detail := fmt.Sprintf("%s has no such instance. Its instances are %s.", r.address(),
		listSome(b.instances, func(i *instance) string { return i.desired.Address.Key.String() }))
	key, diags := r.index.Value(ctx)
	if diags.HasErrors() || key.IsMarked() || !key.IsKnown() || key.Type() != cty.String {
		return detail
	}
	const compared = 1000 // a suggestion is not worth more
	var names []string
	for _, inst := range b.instances[:min(compared, len(b.instances))] {
		names = append(names, inst.indexText())
	}
	return detail + didYouMean(key.AsString(), names)
}
