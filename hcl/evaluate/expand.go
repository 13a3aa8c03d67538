package evaluate

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/gocty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
	"riveter/plan/value"
)

// iteration is one round of a repetition.
type iteration struct {
	key    address.InstanceKey
	root   string        // each or count; empty for a block that is not repeated
	value  cty.Value     // of each.value
	making *value.Making // of what is repeated, where that is not known in whole
}

// isNamedIn reports whether a scope mentions each or count.
func (i iteration) isNamedIn(g *declare.Scope) bool { return i.root != "" && g.Mentions(i.root) }

// namesIn returns each or count, if the scope mentions it.
func (i iteration) namesIn(g *declare.Scope) map[string]cty.Value {
	if !i.isNamedIn(g) {
		return nil
	}
	return i.names()
}

// names returns each or count.
func (i iteration) names() map[string]cty.Value {
	members := map[string]cty.Value{}
	if i.root == "count" {
		members["index"] = cty.UnknownVal(cty.Number)
		if n, ok := i.key.Number(); ok {
			members["index"] = cty.NumberIntVal(int64(n))
		}
	} else {
		members["key"], members["value"] = cty.UnknownVal(cty.String), i.value
		if text, ok := i.key.Text(); ok {
			members["key"] = cty.StringVal(text)
		}
	}
	return map[string]cty.Value{i.root: cty.ObjectVal(members)}
}

// maxInstances bounds what one block may be repeated, so that a typing error does not fill the memory.
const maxInstances = 500_000

// expand returns the rounds of a repetition in the order of their keys. If nobody can know them while only validating,
// known is false, and there is one round whose key is unknown.
func (f *frame) expand(r *declare.Repetition, ctx *hcl2.EvalContext) (rounds []iteration, known bool, diags hcl2.Diagnostics) {
	switch {
	case r.ForEach != nil:
		rounds, known, diags = f.expandForEach(r.ForEach, ctx)
	case r.Count != nil:
		rounds, known, diags = f.expandCount(r.Count, ctx)
	default:
		rounds, known = []iteration{{}}, true
	}
	if r.Enabled == nil {
		return rounds, known, diags
	}
	if value, _ := f.value(r.Enabled, ctx, nil); value.IsMarked() {
		return nil, true, append(diags, syntax.ProblemIn("Invalid enabled argument",
			syntax.Hidden(value, "which instances there are is shown"), r.Enabled, ctx))
	}
	enabled := &evaluator{frame: f, ctx: ctx, attributes: map[string]*expr.Expression{"enabled": r.Enabled}}
	on, isKnown := enabled.known("enabled", cty.Bool)
	diags = append(diags, enabled.diags...)
	switch {
	case !isKnown:
		return rounds, known && !f.lenient, diags
	case on.False():
		return nil, known, diags
	default:
		return rounds, known, diags
	}
}

func (f *frame) expandForEach(forEach *expr.Expression, ctx *hcl2.EvalContext) ([]iteration, bool, hcl2.Diagnostics) {
	if names, ok := f.listedNames(forEach, ctx); ok {
		return roundsOf(names), true, nil
	}
	v, diags := f.repeated(forEach, ctx)
	if diags.HasErrors() {
		return nil, true, diags
	}
	making := f.making(forEach, ctx, v)
	isUnknown := !v.IsKnown() || f.scope.IsStep() && !v.IsMarked() && v.Type().IsSetType() && !v.IsWhollyKnown()
	if (f.lenient || f.scope.IsStep() && !v.IsMarked()) && isUnknown {
		return []iteration{{root: "each", value: cty.DynamicVal, making: making}}, false, diags
	}
	if detail := forEachFault(v); detail != "" {
		return nil, true, append(diags, syntax.ProblemIn(syntax.InvalidForEach, detail, forEach, ctx))
	}
	rounds := make([]iteration, 0, v.LengthInt())
	isSet := v.Type().IsSetType()
	for it := v.ElementIterator(); it.Next(); {
		key, element := it.Element()
		if isSet {
			key = element
		}
		rounds = append(rounds, iteration{address.StringKey(key.AsString()), "each", element, making})
	}
	slices.SortFunc(rounds, func(a, b iteration) int { return a.key.Compare(b.key) })
	return rounds, true, diags
}

// repeated evaluates for_each. That of a block is evaluated once, and what there is of it is in its instances, so that the frame does
// not keep it.
func (f *frame) repeated(forEach *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if f.scope.IsStep() {
		return f.value(forEach, ctx, nil)
	}
	return f.evaluate(forEach, ctx, nil)
}

// forEachFault says what is wrong with a value of for_each, or nothing.
func forEachFault(value cty.Value) string {
	t := value.Type()
	switch {
	case value.IsMarked():
		return syntax.Hidden(value, "its keys would be part of addresses, which are shown in plans and kept in ledgers")
	case !value.IsKnown():
		return "The value is only known after apply, so nobody can say how many instances there will be. Let it depend on configuration only: variables, local values and files."
	case value.IsNull():
		return "The value is null. For no instances at all, use an empty map or set."
	case t.IsTupleType() || t.IsListType():
		return "The value is a list, whose elements have no names that instances could be told apart by. Use toset() around a list of strings, or a map."
	case t.IsSetType():
		return forEachSetFault(value)
	case !t.IsMapType() && !t.IsObjectType():
		return fmt.Sprintf("The value must be a map, an object or a set of strings, not %s.", syntax.WithArticle(t))
	}
	return ""
}

func forEachSetFault(value cty.Value) string {
	if value.LengthInt() > 0 && value.Type().ElementType() != cty.String {
		return fmt.Sprintf("A set must be one of strings, whose elements are the names of the instances. This is %s.", syntax.WithArticle(value.Type()))
	}
	for it := value.ElementIterator(); it.Next(); {
		switch _, element := it.Element(); {
		case !element.IsKnown():
			return "The set has elements that are only known after apply, so nobody can say how the instances will be called. Use a map with known keys, and put what is not known into its values."
		case element.IsNull():
			return "The set has an element that is null, which cannot be the name of an instance."
		}
	}
	return ""
}

func (f *frame) expandCount(count *expr.Expression, ctx *hcl2.EvalContext) ([]iteration, bool, hcl2.Diagnostics) {
	value, diags := f.value(count, ctx, nil)
	if diags.HasErrors() {
		return nil, true, diags
	}
	if f.lenient && !value.IsKnown() {
		return []iteration{{root: "count"}}, false, diags
	}
	n, detail := countNumber(value)
	if detail != "" {
		return nil, true, append(diags, syntax.ProblemIn("Invalid count argument", detail, count, ctx))
	}
	rounds := make([]iteration, n)
	for i := range rounds {
		rounds[i] = iteration{key: address.NumberKey(i), root: "count"}
	}
	return rounds, true, diags
}

// countNumber returns the number that value stands for, or says what is wrong with it.
func countNumber(value cty.Value) (n int, fault string) {
	switch {
	case value.IsMarked():
		return 0, syntax.Hidden(value, "how many instances there are is shown")
	case !value.IsKnown():
		return 0, "The value is only known after apply, so nobody can say how many instances there will be. Let it depend on configuration only: variables, local values and files."
	case value.IsNull():
		return 0, "The value is null. For no instances at all, use 0."
	}
	number, err := convert.Convert(value, cty.Number)
	if err != nil {
		return 0, fmt.Sprintf("The value must be a whole number, not %s.", syntax.WithArticle(value.Type()))
	}
	if err := gocty.FromCtyValue(number, &n); err != nil || n < 0 || n > maxInstances {
		return 0, fmt.Sprintf("The value must be a whole number from 0 to %d.", maxInstances)
	}
	return n, ""
}

// expanded returns a declaration as it is with its dynamic blocks expanded: itself, if it has none.
func expanded[T declare.Named](e *Evaluation, s *moduleInstance, static T) (T, hcl2.Diagnostics) {
	d := s.tree.Module.Dynamic[static.Address()]
	if d == nil {
		return static, nil
	}
	f := e.frame(s, d.Shape)
	expanded, diags := d.Expand(f.ctx, f.lenient)
	if diags.HasErrors() {
		return static, diags
	}
	return expanded.(T), diags
}

// expandInstance decodes the block of an instance for it alone, if the block has dynamic blocks.
func (e *Evaluation) expandInstance(inst *instance) hcl2.Diagnostics {
	u := inst.block.module.tree
	d := u.Module.Dynamic[inst.block.actor.Address()]
	if d == nil || inst.expanded != nil {
		return nil
	}
	f, ctx := e.enter(inst, d.Shape, inst.names(d.Shape))
	expanded, diags := u.ExpandActor(d, ctx, f.lenient, inst.block.actor)
	if !diags.HasErrors() {
		inst.expanded = expanded
	}
	return diags
}
