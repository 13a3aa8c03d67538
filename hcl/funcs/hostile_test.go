package funcs

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"pgregory.net/rapid"

	"riveter/plan/value"
)

// hostile are arguments that somebody gives by mistake, or that come of something else that went wrong.
var hostile = []cty.Value{
	cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.String), cty.NullVal(cty.Number), cty.NullVal(cty.List(cty.String)), cty.DynamicVal,
	cty.UnknownVal(cty.String), cty.UnknownVal(cty.Number), cty.UnknownVal(cty.List(cty.Number)), cty.UnknownVal(cty.Map(cty.String)), cty.UnknownVal(cty.Set(cty.String)),
	cty.Zero, cty.NumberIntVal(-1), cty.NumberIntVal(1), cty.NumberIntVal(3), cty.NumberFloatVal(0.3), cty.NumberFloatVal(-8), cty.NumberFloatVal(-0.5), cty.NumberIntVal(1 << 40), cty.NumberIntVal(-1 << 63),
	cty.NumberVal(new(big.Float).SetMantExp(big.NewFloat(1), 4000)), cty.NumberVal(new(big.Float).SetMantExp(big.NewFloat(-1), 4000)),
	cty.PositiveInfinity, cty.NegativeInfinity, cty.True, cty.False,
	cty.StringVal(""), cty.StringVal("a"), cty.StringVal("a\nb"), cty.StringVal("-1"), cty.StringVal("%d"), cty.StringVal("%999999999999d"), cty.StringVal("%*d"), cty.StringVal("%[9]s"), cty.StringVal("%1000000000s"), cty.StringVal("%.1000000000f"),
	cty.StringVal("1e999999999"), cty.StringVal("${"), cty.StringVal("${x}"), cty.StringVal("("), cty.StringVal("(?P<a>.)(b)?"), cty.StringVal("10.0.0.0/8"), cty.StringVal("::/0"), cty.StringVal("{\"a\":[1,null]}"), cty.StringVal("a: [.inf, .nan, *x]"),
	cty.StringVal("a,b\n1"), cty.StringVal("2026-01-02T03:04:05Z"), cty.StringVal("9999999h"), cty.StringVal("DD MMM"), cty.StringVal("UTF-16"), cty.StringVal("\u0000\u202e"), cty.StringVal("AA=="), cty.StringVal("../../x"), cty.StringVal("**/*"), cty.StringVal("[a"), cty.StringVal("~nobody/x"),
	cty.EmptyTupleVal, cty.EmptyObjectVal, cty.ListValEmpty(cty.String), cty.SetValEmpty(cty.Number), cty.MapValEmpty(cty.Bool), cty.ListValEmpty(cty.DynamicPseudoType),
	cty.TupleVal([]cty.Value{cty.Zero, cty.StringVal("a"), cty.NullVal(cty.Bool)}), cty.TupleVal([]cty.Value{cty.PositiveInfinity, cty.NegativeInfinity}), cty.TupleVal([]cty.Value{cty.DynamicVal}),
	cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), cty.ListVal([]cty.Value{cty.StringVal("a"), cty.UnknownVal(cty.String)}), cty.ListVal([]cty.Value{cty.NullVal(cty.String)}), cty.ListVal([]cty.Value{cty.Zero, cty.NumberIntVal(7)}),
	cty.SetVal([]cty.Value{cty.StringVal("a"), cty.UnknownVal(cty.String)}), cty.SetVal([]cty.Value{cty.NumberIntVal(-3)}), cty.MapVal(map[string]cty.Value{"a": cty.NullVal(cty.String)}),
	cty.TupleVal([]cty.Value{cty.TupleVal([]cty.Value{cty.Zero}), cty.ListVal([]cty.Value{cty.True})}), cty.ObjectVal(map[string]cty.Value{"a": cty.DynamicVal, "x": cty.StringVal("${y}")}), cty.ObjectVal(map[string]cty.Value{"": cty.EmptyTupleVal}),
	value.BigInt(big.NewInt(5)), value.Bytes([]byte{0xff}), value.Date(time.UnixMilli(0)), value.Undefined, cty.TupleVal([]cty.Value{value.Undefined, value.BigInt(big.NewInt(5))}), cty.SetVal([]cty.Value{value.Undefined}),
}

// argument draws a hostile argument, which may have a mark on it or in it.
func argument() *rapid.Generator[cty.Value] {
	return rapid.Custom(func(t *rapid.T) cty.Value {
		v := rapid.SampledFrom(hostile).Draw(t, "value")
		switch rapid.IntRange(0, 9).Draw(t, "mark") {
		case 0:
			return v.Mark(value.Sensitive)
		case 1:
			return cty.TupleVal([]cty.Value{v.Mark(value.Sensitive)})
		case 2:
			return cty.ObjectVal(map[string]cty.Value{"a": v.Mark(value.Ephemeral)})
		case 3:
			return cty.TupleVal([]cty.Value{v, v})
		default:
			return v
		}
	})
}

// Whatever a function is given, it gives a value or says what is wrong, in words for people: it neither panics nor fills the memory.
func TestNoArgumentBreaksAFunction(t *testing.T) {
	t.Parallel()
	for name, f := range Table(outside) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				least, most := len(f.Params()), len(f.Params())
				if f.VarParam() != nil {
					most += 3
				}
				args := rapid.SliceOfN(argument(), least, most).Draw(t, "arguments")
				_, err := f.Call(args)
				if broken, ok := errors.AsType[function.PanicError](err); ok {
					t.Fatalf("%s: %v\n%#v", name, broken.Value, args)
				}
			})
		})
	}
}
