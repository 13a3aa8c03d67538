package value

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Decode reads what [Encode] writes, into tuples and objects. It refuses markers that nobody knows, numbers
// that are none, and anything behind the value.
func Decode(data []byte) (cty.Value, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return cty.NilVal, fmt.Errorf("decode value: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return cty.NilVal, errors.New("decode value: there is more behind it")
	}
	return decode(v)
}

func decode(v any) (cty.Value, error) {
	switch v := v.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case bool:
		return cty.BoolVal(v), nil
	case string:
		return cty.StringVal(v), nil
	case json.Number:
		return decodeNumber(v)
	case []any:
		return decodeArray(v)
	default:
		return decodeObject(v.(map[string]any))
	}
}

// decodeNumber refuses what is far beyond every JavaScript number: its digits could fill the memory.
func decodeNumber(n json.Number) (cty.Value, error) {
	const bits = 1100
	v, err := cty.ParseNumberVal(n.String())
	if err != nil {
		return cty.NilVal, fmt.Errorf("decode value: %w", err)
	}
	if f := v.AsBigFloat(); f.IsInf() || f.MantExp(nil) > bits || f.MantExp(nil) < -bits {
		return cty.NilVal, errors.New("decode value: a number is too large or too small")
	}
	return v, nil
}

func decodeObject(members map[string]any) (cty.Value, error) {
	values := make(map[string]cty.Value, len(members))
	for name, member := range members {
		value, err := decode(member)
		if err != nil {
			return cty.NilVal, err
		}
		values[name] = value
	}
	return cty.ObjectVal(values), nil
}

func decodeArray(elements []any) (cty.Value, error) {
	if marker, payload, ok := asMarker(elements); ok {
		if !strings.HasPrefix(marker, "$$") {
			return decodeMarker(marker, payload)
		}
		elements = []any{marker[1:], payload}
	}
	values := make([]cty.Value, len(elements))
	for i, element := range elements {
		value, err := decode(element)
		if err != nil {
			return cty.NilVal, err
		}
		values[i] = value
	}
	return cty.TupleVal(values), nil
}

func asMarker(elements []any) (marker string, payload any, ok bool) {
	if len(elements) != 2 {
		return "", nil, false
	}
	marker, ok = elements[0].(string)
	return marker, elements[1], ok && strings.HasPrefix(marker, "$")
}

func decodeMarker(marker string, payload any) (cty.Value, error) {
	text, _ := payload.(string)
	switch marker {
	case "$BigInt":
		if n, ok := new(big.Int).SetString(text, 10); ok {
			return BigInt(n), nil
		}
	case "$Uint8Array":
		if data, err := base64.StdEncoding.DecodeString(text); err == nil {
			return Bytes(data), nil
		}
	case "$Date":
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return Date(at), nil
		}
	case "$Number":
		if text == "Infinity" {
			return cty.PositiveInfinity, nil
		}
		if text == "-Infinity" {
			return cty.NegativeInfinity, nil
		}
	case "$Undefined":
		return Undefined, nil
	case "$Withheld":
		return withheld, nil
	}
	return cty.NilVal, fmt.Errorf("decode value: %q is not followed by what it announces", marker)
}

// BigInt returns a JavaScript BigInt.
func BigInt(n *big.Int) cty.Value { return cty.CapsuleVal(BigIntType, n) }

// Bytes returns a JavaScript Uint8Array.
func Bytes(data []byte) cty.Value { return cty.CapsuleVal(BytesType, &data) }

// Date returns a JavaScript Date.
func Date(at time.Time) cty.Value { return cty.CapsuleVal(DateType, &at) }

// Undefined is JavaScript's undefined.
var Undefined = cty.CapsuleVal(UndefinedType, &struct{}{})

// IsUndefined reports whether a value is known to be undefined.
func IsUndefined(v cty.Value) bool {
	return v != cty.NilVal && v.Type().Equals(UndefinedType) && v.IsKnown() && !v.IsNull()
}
