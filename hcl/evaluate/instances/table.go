package instances

import (
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
	"riveter/plan/value"
)

// target is a block that may be repeated, in one module instance: an actor, data or module block.
type target interface {
	// object returns the value of the whole block. Of a module it has only the named outputs, or all of them.
	object(only names) cty.Value
	// find returns the instance that an index means, or nil.
	find(index cty.Value) member
	// some returns a few instances, for a message, and how many there are.
	some() (keys []address.InstanceKey, total int)
	// isOpen reports whether nobody knows which instances there are.
	isOpen() bool
	// addTo adds the actors that the value is made from.
	addTo(deps *Dependencies, only names)
	// makings says how what is not known of the value is made.
	makings(only names) []*value.Making
}

// member is one instance of a target.
type member interface {
	object(only names) cty.Value
	instanceKey() address.InstanceKey
	// supposing returns the value as it is with a supposition.
	supposing(v cty.Value, s supposition) cty.Value
	addTo(deps *Dependencies, only names)
	makings(only names) []*value.Making
}

// names are the attributes that an expression asks for. Nil means all of them.
type names map[string]bool

// with returns the names with another one, where the empty name means all.
func (n names) with(name string) names {
	if n == nil || name == "" {
		return nil
	}
	more := maps.Clone(n)
	more[name] = true
	return more
}

// table holds the instances that expressions refer to, by the address of their block, so that a context can be made
// from these alone, however many others are declared.
type table map[string]picked

// picked is a target, or those of its members that are referred to.
type picked struct {
	target  target
	whole   bool
	members []member
	only    names
}

// at returns what is picked of an address so far.
func (t *table) at(address string) picked {
	if *t == nil {
		*t = table{}
	}
	if p, ok := (*t)[address]; ok {
		return p
	}
	return picked{only: names{}}
}

// add puts a whole target into the table, which it makes if there is none.
func (t *table) add(address string, to target, attribute string) {
	p := t.at(address)
	(*t)[address] = picked{target: to, whole: true, only: p.only.with(attribute)}
}

// addMember puts one member of a target into the table, or with nil the target with no member at all.
func (t *table) addMember(address string, to target, m member, attribute string) {
	p := t.at(address)
	p.target, p.only = to, p.only.with(attribute)
	if m != nil {
		p.members = append(slices.Clip(p.members), m)
	}
	(*t)[address] = p
}

// variables returns the values of the names actor, data and module, as far as they are in the table.
func (t table) variables() map[string]cty.Value {
	tree := map[string]any{}
	for address, p := range t {
		path := strings.Split(address, ".")
		at := tree
		for _, name := range path[:len(path)-1] {
			next, ok := at[name].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[name] = next
			}
			at = next
		}
		at[path[len(path)-1]] = p.value()
	}
	variables := make(map[string]cty.Value, len(tree))
	for root, members := range tree {
		variables[root] = nestedObject(members)
	}
	return variables
}

func nestedObject(v any) cty.Value {
	if value, ok := v.(cty.Value); ok {
		return value
	}
	tree := v.(map[string]any)
	attributes := make(map[string]cty.Value, len(tree))
	for name, member := range tree {
		attributes[name] = nestedObject(member)
	}
	return cty.ObjectVal(attributes)
}

func (p picked) value() cty.Value {
	if p.whole {
		return p.target.object(p.only)
	}
	values := make(map[string]cty.Value, len(p.members))
	for _, m := range p.members {
		values[indexText(m.instanceKey())] = m.object(p.only)
	}
	return cty.ObjectVal(values)
}

// indexText returns an instance key as the name of an object's attribute, which numbers can select by, too.
func indexText(k address.InstanceKey) string {
	if text, ok := k.Text(); ok {
		return text
	}
	n, _ := k.Number()
	return value.NumberText(cty.NumberIntVal(int64(n)).AsBigFloat())
}

// explainMissing words the error about an index that is not there in terms of the block's instances, if it is one of a
// actorBlock.
func (f *Frame) explainMissing(ex *expr.Expression, ctx *hcl2.EvalContext, d *hcl2.Diagnostic) bool {
	for _, r := range ex.References {
		if d.Summary == "Invalid index" && expr.IsRepeatable(r.Root) && r.Index != nil && r.Range.Overlaps(*d.Subject) {
			d.Summary, d.Detail, d.Subject = "Reference to missing instance", missing(f.Module.target(r), r, ctx), &r.Range
			d.Expression = r.Index // as the context shows no other instances
			return true
		}
	}
	return false
}

func missing(t target, r *expr.Reference, ctx *hcl2.EvalContext) string {
	keys, total := t.some()
	if total == 0 {
		return r.Address() + " has no instances at all."
	}
	detail := r.Address() + " has no such instance. Its instances are " + syntax.ListSome(keys, total, address.InstanceKey.String) + "."
	index, diags := r.Index.Value(ctx)
	if diags.HasErrors() || index.IsMarked() || !index.IsKnown() || index.IsNull() || index.Type() != cty.String {
		return detail
	}
	var texts []string
	for _, key := range keys {
		texts = append(texts, indexText(key))
	}
	return detail + syntax.DidYouMean(index.AsString(), texts)
}
