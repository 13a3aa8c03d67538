package expr

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// scope has what can be right and wrong about names.
func scope() *hcl2.EvalContext {
	object := cty.ObjectVal(map[string]cty.Value{
		"n": cty.NumberIntVal(7), "s": cty.StringVal("x"), "none": cty.NullVal(cty.String), "later": cty.UnknownVal(cty.Number),
		"list": cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.NumberFloatVal(2.5), cty.NumberFloatVal(1e30)}),
	})
	outer := &hcl2.EvalContext{Variables: map[string]cty.Value{
		"a": object, "b": object.Mark("secret"), "c": cty.DynamicVal, "d": cty.NullVal(object.Type()),
		"e": cty.MapVal(map[string]cty.Value{"n": cty.NumberIntVal(-3), "s": cty.NumberIntVal(0)}),
		"w": wide(cty.NumberIntVal(1)), "v": wide(object),
	}}
	inner := outer.NewChild().NewChild()
	inner.Variables = map[string]cty.Value{"e": cty.ListVal([]cty.Value{object, object})}
	return inner
}

// wide has too many members for the library to compare each with each.
func wide(member cty.Value) cty.Value {
	members := map[string]cty.Value{}
	for i := range 70 {
		members[fmt.Sprint("m", i)] = member
	}
	return cty.ObjectVal(members)
}

// genExpression draws what shortcuts are put into.
func genExpression() *rapid.Generator[string] {
	name := rapid.StringMatching(`[a-g](\.(n|s|none|later|list|what|0)|\[(0|1|2|9|"n"|"0")\]){0,2}`)
	return rapid.Custom(func(t *rapid.T) string {
		x, y := name.Draw(t, "name"), name.Draw(t, "other")
		either := fmt.Sprintf("%s > 1 ? %s : %s", x, rapid.SampledFrom(collections).Draw(t, "yes"), rapid.SampledFrom(collections).Draw(t, "no"))
		return rapid.SampledFrom([]string{
			"[" + x + ", " + y + "]", "{ x = " + x + ", y = " + y + " }", `"${` + x + `}-${` + y + `}"`, `"${` + x + `}"`, `"-${` + x + ` + 1}"`,
			"[for a in [" + x + "] : a.n]", "[for g in [" + x + "] : g]", "{ for k, v in " + x + " : k => v }", `{ for v in [` + x + `] : "${v}" => ` + y + ` }`,
			x + " > " + y + " ? " + x + " : null", x + "[*].n", "[for v in [" + x + ", " + y + "] : v if v != 7]",
			either, "(" + either + ")", "(" + either + ").m3", "(" + either + `)["m3"]`, "(" + either + ")[*]", "[" + either + "]", "{ x = " + either + " }",
			"{ for k, v in " + either + " : k => v }", "[for i in [1, 2] : i == 1 ? w : {}]", y + " > 1 ? (" + either + ") : {}",
			`"a%{ if true }${` + x + `}%{ else }${` + y + `}%{ endif }"`,
		}).Draw(t, "shape")
	})
}

// collections are wide and narrow, and may have a type in common.
var collections = []string{"w", "v", "{}", "[]", "null", "{ m3 = 2 }", "{ m3 = a }", `{ x = "s" }`, "e", "d", "c", "[for m in w : m]", "[for m in v : m]", "[7]", "{ x = w }", "{ x = {} }"}

func TestShortcutsLeadToTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := genExpression().Draw(t, "source")
		parse := func() hclsyntax.Expression {
			e, diags := hclsyntax.ParseExpression([]byte(source), "x", hcl2.InitialPos)
			if diags.HasErrors() {
				t.Skip(diags)
			}
			return e
		}
		ctx := scope()
		want, wrong := parse().Value(ctx)
		got, diags := New(New(parse()).Expression).Value(ctx)
		if !unrefined(got).RawEquals(unrefined(want)) {
			t.Errorf("%#v, and not %#v", got, want)
		}
		if diff := cmp.Diff(told(wrong), told(diags)); diff != "" {
			t.Errorf("what is wrong (-want +got):\n%s", diff)
		}
	})
}

// unrefined leaves out what is known of what is not: of a conditional whose results have one type that is more.
func unrefined(v cty.Value) cty.Value {
	v, _ = cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if bare, marks := part.Unmark(); !bare.IsKnown() {
			return cty.UnknownVal(bare.Type()).WithMarks(marks), nil
		}
		return part, nil
	})
	return v
}

// What nobody has to look through is plain: it is made of plain values, and calls no function.
func TestWhatIsMadeOfPlainValuesIsPlain(t *testing.T) {
	ctx := scope()
	for ctx.Variables["a"] == cty.NilVal {
		ctx = ctx.Parent()
	}
	for name, v := range ctx.Variables {
		plain, _ := v.UnmarkDeep()
		ctx.Variables[name], _ = cty.Transform(plain, func(_ cty.Path, part cty.Value) (cty.Value, error) {
			if part.IsKnown() {
				return part, nil
			}
			return cty.StringVal("known"), nil
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		source := genExpression().Draw(t, "source")
		parsed, diags := hclsyntax.ParseExpression([]byte(source), "x", hcl2.InitialPos)
		if diags.HasErrors() {
			t.Skip(diags)
		}
		e := New(parsed)
		v, diags := e.Value(ctx)
		if !diags.HasErrors() && !e.Calls && e.RefersOnly("a", "b", "c", "d", "e", "f", "g") && !value.IsPlain(v) {
			t.Errorf("%#v", v)
		}
	})
}

// told is what people see of diagnostics.
func told(diags hcl2.Diagnostics) []any {
	var all []any
	for _, d := range diags {
		all = append(all, d.Summary, d.Detail, d.Subject, d.Context, d.Expression.Range(), len(d.Expression.Variables()), syntax.SortedKeys(d.EvalContext.Variables))
	}
	return all
}
