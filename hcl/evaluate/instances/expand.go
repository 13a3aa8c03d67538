package instances

import (
	"fmt"
	"slices"
	"strings"

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

// Round is one round of a repetition.
type Round struct {
	Key    address.InstanceKey
	root   string        // each or count; empty for a block that is not repeated
	value  cty.Value     // of each.value
	Plain  bool          // see [value.IsPlain]
	making *value.Making // of what is repeated, where that is not known in whole
	// Lost is what is repeated where nobody knows that, as it is made of results that nobody kept. The round then stands for all.
	Lost cty.Value
}

// LostRound returns the round that stands for all of what is repeated for v, when nobody knows v any more.
func LostRound(v cty.Value) Round { return Round{root: "each", value: cty.DynamicVal, Lost: v} }

// once are the rounds of what is not repeated. Nobody changes them.
var once = []Round{{}}

// IsOpen reports whether something is not known of what is repeated.
func (i Round) IsOpen() bool { return i.making != nil }

// isNamedIn reports whether a scope mentions each or count.
func (i Round) isNamedIn(g *declare.Scope) bool { return i.root != "" && g.Mentions(i.root) }

// NamesIn returns what a scope needs of each or count.
func (i Round) NamesIn(g *declare.Scope) map[string]cty.Value {
	if !i.isNamedIn(g) {
		return nil
	}
	names := map[string]cty.Value{}
	i.name(names, g.MentionsWhole())
	return names
}

// Over returns variables with what a scope needs of each or count, which hides what these were.
func (i Round) Over(variables map[string]cty.Value, g *declare.Scope) map[string]cty.Value {
	for name, v := range i.NamesIn(g) {
		variables = With(variables, name, v)
	}
	return variables
}

// name adds the members of each or count as expressions look them up, and each or count itself, if it is needed.
func (i Round) name(names map[string]cty.Value, whole bool) {
	if i.root == "count" {
		names["count.index"] = cty.UnknownVal(cty.Number)
		if n, ok := i.Key.Number(); ok {
			names["count.index"] = cty.NumberIntVal(int64(n))
		}
	} else {
		names["each.key"], names["each.value"] = cty.UnknownVal(cty.String), i.value
		if text, ok := i.Key.Text(); ok {
			names["each.key"] = cty.StringVal(text)
		}
		if i.Lost != cty.NilVal {
			sources := value.Sources(i.Lost)
			names["each.key"] = value.WithSources(names["each.key"], sources, true)
			names["each.value"] = value.WithSources(names["each.value"], sources, true)
		}
	}
	if whole {
		members := map[string]cty.Value{}
		for name, member := range names {
			members[strings.TrimPrefix(name, i.root+".")] = member
		}
		names[i.root] = cty.ObjectVal(members)
	}
}

// maxInstances bounds what one block may be repeated, so that a typing error does not fill the memory.
const maxInstances = 500_000

// Expand returns the rounds of a repetition in the order of their keys. If nobody can know them yet, known is false: while only
// validating there is one round whose key is unknown, and else an error and, where only enabled is not known, the rounds that there may be.
func (f *Frame) Expand(r *declare.Repetition, ctx *hcl2.EvalContext) (rounds []Round, known bool, diags hcl2.Diagnostics) {
	switch {
	case r.ForEach != nil:
		rounds, known, diags = f.expandForEach(r.ForEach, ctx)
	case r.Count != nil:
		rounds, known, diags = f.expandCount(r.Count, ctx)
	default:
		rounds, known = once, true
	}
	if r.Enabled == nil {
		return rounds, known, diags
	}
	if v, _ := f.Value(r.Enabled, ctx, nil); value.WithoutSources(v).IsMarked() {
		return nil, true, append(diags, syntax.ProblemIn("Invalid enabled argument",
			syntax.Hidden(v, "which instances there are is shown"), r.Enabled, ctx))
	}
	enabled := &Reader{Frame: f, Ctx: ctx, Attributes: map[string]*expr.Expression{"enabled": r.Enabled}}
	on, isKnown := enabled.known("enabled", cty.Bool)
	diags = append(diags, enabled.Diags...)
	switch {
	case !isKnown:
		return rounds, false, diags
	case on.False():
		return nil, known, diags
	default:
		return rounds, known, diags
	}
}

// Remembered returns the rounds with those of some keys, in their order, that a repetition may have: of which no more is known, or which
// are among those that there may be.
func Remembered(r *declare.Repetition, mayBe []Round, keys []address.InstanceKey) []Round {
	var rounds []Round
	for _, key := range keys {
		_, isText := key.Text()
		_, isNumber := key.Number()
		i := slices.IndexFunc(mayBe, func(round Round) bool { return round.Key == key })
		switch {
		case isText != (r.ForEach != nil) || isNumber != (r.Count != nil):
		case i >= 0:
			rounds = append(rounds, mayBe[i])
		case mayBe == nil:
			round := AnyRound(r)
			round.Key = key
			rounds = append(rounds, *round)
		}
	}
	return rounds
}

func (f *Frame) expandForEach(forEach *expr.Expression, ctx *hcl2.EvalContext) ([]Round, bool, hcl2.Diagnostics) {
	if names, ok := f.listedNames(forEach, ctx); ok {
		return roundsOf(names), true, nil
	}
	repeated := f.repeated(forEach, ctx)
	v, diags := value.WithoutSources(repeated.Value), repeated.Diags
	if diags.HasErrors() {
		return nil, true, diags
	}
	making := f.MakingOf(repeated, forEach, ctx)
	isUnknown := !v.IsKnown() || !v.IsMarked() && v.Type().IsSetType() && !v.IsWhollyKnown()
	if (f.Lenient || f.scope.IsStep() && !v.IsMarked()) && isUnknown {
		return []Round{{root: "each", value: cty.DynamicVal, making: making}}, false, diags
	}
	if f.scope.IsStep() && isLost(v) {
		round := LostRound(v)
		round.making = making
		return []Round{round}, false, diags
	}
	if detail := forEachFault(v); detail != "" {
		return nil, v.IsMarked() || !isUnknown, append(diags, syntax.ProblemIn(syntax.InvalidForEach, detail, forEach, ctx))
	}
	rounds := make([]Round, 0, v.LengthInt())
	isSet := v.Type().IsSetType()
	for it := v.ElementIterator(); it.Next(); {
		key, element := it.Element()
		if isSet {
			key = element
		}
		rounds = append(rounds, Round{Key: address.StringKey(key.AsString()), root: "each", value: element, Plain: repeated.Plain, making: making})
	}
	slices.SortFunc(rounds, func(a, b Round) int { return a.Key.Compare(b.Key) })
	return rounds, true, diags
}

// isLost reports whether nobody knows which instances there are for v, which is no secret, as nobody kept what it is made of.
func isLost(v cty.Value) bool {
	bare := value.WithSources(v, nil, false)
	return value.IsLost(v) && !bare.IsMarked() && (!bare.IsKnown() || bare.Type().IsSetType())
}

// repeated evaluates for_each. That of a block is evaluated once, and what there is of it is in its instances, so that the frame does
// not keep it.
func (f *Frame) repeated(forEach *expr.Expression, ctx *hcl2.EvalContext) Outcome {
	if f.scope.IsStep() {
		return f.Outcome(forEach, ctx, nil)
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

func (f *Frame) expandCount(count *expr.Expression, ctx *hcl2.EvalContext) ([]Round, bool, hcl2.Diagnostics) {
	v, diags := f.Value(count, ctx, nil)
	if diags.HasErrors() {
		return nil, true, diags
	}
	if f.Lenient && !v.IsKnown() {
		return []Round{{root: "count"}}, false, diags
	}
	n, detail := countNumber(value.WithoutSources(v))
	if detail != "" {
		return nil, v.IsKnown(), append(diags, syntax.ProblemIn("Invalid count argument", detail, count, ctx))
	}
	rounds := make([]Round, n)
	for i := range rounds {
		rounds[i] = Round{Key: address.NumberKey(i), root: "count", Plain: true}
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
