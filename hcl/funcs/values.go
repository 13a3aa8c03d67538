package funcs

import (
	"encoding/base64"
	"math/big"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/plan/value"
)

// values are the functions that make JavaScript values, and that mark and unmark what is sensitive.
var values = map[string]function.Function{
	"bigint":          javaScript(value.BigIntType, bigInt),
	"bytes":           javaScript(value.BytesType, bytesOf),
	"date":            javaScript(value.DateType, dateOf),
	"undefined":       undefined,
	"sensitive":       sensitive(nil),
	"nonsensitive":    nonsensitive(nil),
	"issensitive":     isSensitive,
	"ephemeralasnull": marking(ephemeralAsNull),
}

// javaScript makes a function that reads a value of a type that HCL lacks from a text.
func javaScript(t cty.Type, read func(string) (any, error)) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "text", Type: cty.String}},
		Type:         function.StaticReturnType(t),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := read(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			return cty.CapsuleVal(t, v), nil
		},
	})
}

func bigInt(s string) (any, error) {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, function.NewArgErrorf(0, "a BigInt is written with decimal digits, such as bigint(\"12345678901234567890\")")
	}
	return n, nil
}

func bytesOf(s string) (any, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, function.NewArgErrorf(0, "bytes are written in standard base64, such as bytes(\"AAH+/w==\")")
	}
	return &b, nil
}

func dateOf(s string) (any, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return nil, function.NewArgErrorf(0, "a date is written as in RFC 3339, such as date(\"2024-02-29T12:34:56Z\")")
	}
	t = t.UTC().Truncate(time.Millisecond) // which is as exact as JavaScript is
	return &t, nil
}

var undefined = function.New(&function.Spec{
	Type: function.StaticReturnType(value.UndefinedType),
	Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
		return cty.CapsuleVal(value.UndefinedType, &struct{}{}), nil
	},
})

// anyValue is a parameter that takes every value as it is.
var anyValue = function.Parameter{
	Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
}

func marking(mark func(cty.Value) cty.Value) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anyValue},
		Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return mark(args[0]), nil },
	})
}

func sensitive(tell func(cty.Value)) function.Function {
	return marking(func(v cty.Value) cty.Value {
		v = v.Mark(value.Sensitive)
		if tell != nil {
			tell(v)
		}
		return v
	})
}

// nonsensitive tells also of what has no mark, as a secret may be found in what is shown of it.
func nonsensitive(tell func(cty.Value)) function.Function {
	return marking(func(v cty.Value) cty.Value {
		if tell != nil {
			tell(v)
		}
		return value.Open(v)
	})
}

// ephemeralAsNull replaces what is ephemeral by null.
func ephemeralAsNull(v cty.Value) cty.Value {
	if !value.HasEphemeral(v) {
		return v
	}
	replaced, err := cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if !part.HasMark(value.Ephemeral) {
			return part, nil
		}
		_, marks := part.Unmark()
		delete(marks, value.Ephemeral)
		return cty.NullVal(part.Type()).WithMarks(marks), nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return replaced
}

var isSensitive = function.New(&function.Spec{
	Params: []function.Parameter{anyValue},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.BoolVal(args[0].HasMark(value.Sensitive)), nil
	},
})

// env looks up an environment variable, with a default for one that is not set.
func env(lookup func(string) (string, bool)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "name", Type: cty.String}, {Name: "default", Type: cty.String, AllowNull: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if lookup != nil {
				if value, ok := lookup(args[0].AsString()); ok {
					return cty.StringVal(value), nil
				}
			}
			return args[1], nil
		},
	})
}
