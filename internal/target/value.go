package target

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/plan/value"
)

// toGo turns a wholly known value, marked or not, into what package client sends. An HCL number becomes a float64, so
// that it arrives as a JavaScript number whatever its size.
func toGo(v cty.Value) (any, error) {
	v, _ = v.UnmarkDeep()
	return toGoValue(v)
}

func toGoValue(v cty.Value) (any, error) {
	t := v.Type()
	switch {
	case !v.IsKnown():
		return nil, fmt.Errorf("a value is not known yet; this is a bug in riveter")
	case v.IsNull():
		return nil, nil
	case t == cty.String:
		return v.AsString(), nil
	case t == cty.Bool:
		return v.True(), nil
	case t == cty.Number:
		return value.JavaScriptNumber(v.AsBigFloat()), nil
	case t.IsCapsuleType():
		return toGoCapsule(v)
	case t.IsMapType() || t.IsObjectType():
		return toGoMembers(v)
	default:
		return toGoElements(v)
	}
}

func toGoCapsule(v cty.Value) (any, error) {
	switch x := v.EncapsulatedValue().(type) {
	case *big.Int:
		return x, nil
	case *[]byte:
		return *x, nil
	case *time.Time:
		return *x, nil
	case *struct{}:
		return client.Undefined{}, nil
	default:
		return nil, fmt.Errorf("a %s cannot be sent to an actor", v.Type().FriendlyName())
	}
}

func toGoMembers(v cty.Value) (any, error) {
	members := make(map[string]any, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		name, value := it.Element()
		member, err := toGoValue(value)
		if err != nil {
			return nil, err
		}
		members[name.AsString()] = member
	}
	return members, nil
}

func toGoElements(v cty.Value) ([]any, error) {
	elements := make([]any, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, value := it.Element()
		element, err := toGoValue(value)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	return elements, nil
}

// fromGo turns what package client received into a value for expressions. What HCL has no word for becomes null, a set a
// tuple in the actor's order, and the content stands for a tagged value.
func fromGo(v any) cty.Value {
	switch v := v.(type) {
	case bool:
		return cty.BoolVal(v)
	case string:
		return cty.StringVal(v)
	case float64:
		return fromFloat(v)
	case *big.Int:
		return value.BigInt(v)
	case []byte:
		return value.Bytes(v)
	case time.Time:
		return value.Date(v)
	case client.Undefined:
		return value.Undefined
	case client.Set:
		return fromElements(v)
	case client.Tag:
		return fromGo(v.Content)
	case []any:
		return fromElements(v)
	case map[string]any:
		return fromMembers(v)
	default:
		return cty.NullVal(cty.DynamicPseudoType)
	}
}

// fromFloat returns the number that an author would write for f, so that 0.1 is what the configuration calls 0.1. It gives null
// for NaN, which no expression can hold.
func fromFloat(f float64) cty.Value {
	switch {
	case f != f:
		return cty.NullVal(cty.Number)
	case math.IsInf(f, 0) || f == math.Trunc(f) && math.Abs(f) <= maxSafeInteger:
		return cty.NumberFloatVal(f)
	default:
		return cty.MustParseNumberVal(strconv.FormatFloat(f, 'g', -1, 64))
	}
}

func fromElements(elements []any) cty.Value {
	values := make([]cty.Value, len(elements))
	for i, element := range elements {
		values[i] = fromGo(element)
	}
	return cty.TupleVal(values)
}

func fromMembers(members map[string]any) cty.Value {
	values := make(map[string]cty.Value, len(members))
	for name, member := range members {
		values[name] = fromGo(member)
	}
	return cty.ObjectVal(values)
}

// Params turns connection parameters into what package client sends.
func Params(v cty.Value) (any, error) { return toGo(v) }
