package value

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
)

// maxDepth bounds how deep values nest, both ways.
const maxDepth = 1000

// maxSafe is the largest integer that a JavaScript number holds exactly, as are all
// below it; beyond maxPlain an integer on the wire would arrive as a BigInt.
const (
	maxSafe  = 1<<53 - 1
	maxPlain = 1<<32 - 1
)

// earliest and latest are the first and the last time that a JavaScript Date holds.
var earliest, latest = time.UnixMilli(-864e13), time.UnixMilli(864e13)

// form is what values are prepared for.
type form int

const (
	jsonForm form = iota // the JSON model, whether in JSON or in CBOR
	cborForm             // CBOR that nothing passes through JSON
)

// Model returns a value as JSON has it, whether it is written in JSON or by [EncodeCBOR].
func Model(v any) (any, error) { return jsonForm.outgoing(v) }

// outgoing turns a Go value into one that the form's codec writes as RivetKit expects:
// with markers for what the codec lacks, and whole numbers such that they do not
// arrive as BigInt.
func (f form) outgoing(v any) (any, error) { return f.convert(v, 0) }

func (f form) convert(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("value nests more than %d deep", maxDepth)
	}
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case string:
		return checkText(v)
	case float64:
		return f.float(v)
	case int:
		return f.integer(int64(v))
	case int64:
		return f.integer(v)
	case uint64:
		if v > maxSafe {
			return nil, unsafeInteger(strconv.FormatUint(v, 10))
		}
		return f.integer(int64(v))
	case json.Number:
		return f.number(v)
	case *big.Int:
		if v == nil {
			return nil, nil
		}
		return marker("$BigInt", v.String()), nil
	case big.Int:
		return marker("$BigInt", v.String()), nil
	case []byte:
		return f.bytes(v), nil
	case time.Time:
		return f.date(v)
	case InvalidDate:
		return f.invalidDate()
	case Undefined:
		return marker("$Undefined", 0), nil
	case Set:
		return f.set(v, depth)
	case Tag:
		return f.tag(v, depth)
	case []any:
		return f.array(v, depth)
	case map[string]any:
		return f.object(v, depth)
	case map[any]any:
		return f.keyed(v, depth)
	case cbor.Tag:
		return f.tag(Tag(v), depth)
	case error:
		return checkText(v.Error())
	default:
		return f.structure(v, depth)
	}
}

func marker(name string, content any) []any { return []any{name, content} }

func checkText(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("a string is not valid UTF-8: send bytes as []byte")
	}
	return text, nil
}

func unsafeInteger(text string) error {
	return fmt.Errorf("%s is outside the integers that a JavaScript number holds exactly: send it as *big.Int", text)
}

func (f form) integer(n int64) (any, error) {
	if n > maxSafe || n < -maxSafe {
		return nil, unsafeInteger(strconv.FormatInt(n, 10))
	}
	return f.float(float64(n))
}

// float picks the wire form that arrives as a number: small whole numbers as integers,
// all others as floats.
func (f form) float(n float64) (any, error) {
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		if f == jsonForm {
			return nil, fmt.Errorf("the json and cbor encodings cannot carry %v: use bare", n)
		}
		return n, nil
	case n == math.Trunc(n) && math.Abs(n) <= maxPlain && !(n == 0 && math.Signbit(n)):
		return int64(n), nil
	case f == jsonForm && n == math.Trunc(n):
		return floatLiteral(n), nil
	default:
		return n, nil
	}
}

// floatLiteral writes a whole number such that JSON readers see a float. In CBOR it is
// an ordinary float64.
type floatLiteral float64

// MarshalJSON writes an exponent always.
func (n floatLiteral) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(n), 'e', -1, 64), nil
}

func (f form) number(n json.Number) (any, error) {
	if !strings.ContainsAny(n.String(), ".eE") {
		whole, err := strconv.ParseInt(n.String(), 10, 64)
		if err != nil {
			return nil, unsafeInteger(n.String())
		}
		return f.integer(whole)
	}
	float, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("%q is not a number that JavaScript holds", n.String())
	}
	return f.float(float)
}

func (f form) bytes(b []byte) any {
	switch {
	case b == nil:
		return nil
	case f == cborForm:
		return b
	default:
		return marker("$Uint8Array", base64.StdEncoding.EncodeToString(b))
	}
}

// date writes a time as RivetKit reads it: tag 1 with seconds as a float, to the
// millisecond.
func (f form) date(t time.Time) (any, error) {
	if f == jsonForm {
		return nil, errors.New("the json and cbor encodings cannot carry a time: use bare, or send text")
	}
	if t.Before(earliest) || t.After(latest) {
		return nil, fmt.Errorf("a time in the year %d is outside those that a JavaScript Date holds", t.Year())
	}
	return cbor.Tag{Number: 1, Content: float64(t.UnixMilli()) / 1000}, nil
}

func (f form) invalidDate() (any, error) {
	if f == jsonForm {
		return nil, errors.New("the json and cbor encodings cannot carry a time: use bare, or send text")
	}
	return cbor.Tag{Number: 1, Content: math.NaN()}, nil
}

func (f form) set(s Set, depth int) (any, error) {
	items, err := f.items(s, depth)
	if err != nil {
		return nil, err
	}
	return marker("$Set", items), nil
}

func (f form) tag(t Tag, depth int) (any, error) {
	if t.Number == tagInvalidDate {
		return f.invalidDate()
	}
	if f == jsonForm {
		return nil, fmt.Errorf("the json and cbor encodings cannot carry a value with CBOR tag %d: use bare", t.Number)
	}
	content, err := f.convert(t.Content, depth+1)
	return cbor.Tag{Number: t.Number, Content: content}, err
}

// array escapes what would read as a marker.
func (f form) array(a []any, depth int) (any, error) {
	if a == nil {
		return nil, nil
	}
	items, err := f.items(a, depth)
	if err != nil {
		return nil, err
	}
	if len(a) == 2 {
		if name, ok := a[0].(string); ok && strings.HasPrefix(name, "$") {
			items[0] = "$" + name
		}
	}
	return items, nil
}

func (f form) items(a []any, depth int) ([]any, error) {
	items := make([]any, len(a))
	for i, item := range a {
		converted, err := f.convert(item, depth+1)
		if err != nil {
			return nil, err
		}
		items[i] = converted
	}
	return items, nil
}

func (f form) object(o map[string]any, depth int) (any, error) {
	if o == nil {
		return nil, nil
	}
	members := make(map[string]any, len(o))
	for name, member := range o {
		if _, err := checkText(name); err != nil {
			return nil, err
		}
		converted, err := f.convert(member, depth+1)
		if err != nil {
			return nil, err
		}
		members[name] = converted
	}
	return members, nil
}

// keyed writes a Go map with keys of another type than string, as JavaScript names them.
func (f form) keyed(o map[any]any, depth int) (any, error) {
	members := make(map[string]any, len(o))
	for key, member := range o {
		switch key.(type) {
		case string, int64, uint64, bool:
			members[fmt.Sprint(key)] = member
		default:
			return nil, fmt.Errorf("a map has a key of type %T: only text, whole numbers and booleans can name a member", key)
		}
	}
	return f.object(members, depth)
}

// structure takes every other Go value apart, by way of CBOR, which reads struct tags
// and keeps bytes, times and big integers what they are.
func (f form) structure(v any, depth int) (any, error) {
	err := checkCycle(v)
	if err != nil {
		return nil, err
	}
	data, err := goCBOR.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("a %T is not a value that can be sent: %w", v, err)
	}
	plain, err := DecodeCBOR(data)
	if err != nil {
		return nil, fmt.Errorf("a %T is not a value that can be sent: %w", v, err)
	}
	return f.convert(plain, depth+1)
}

// checkCycle reports a Go value that contains itself. encoding/json notices that, where the codec
// of CBOR would go on until the stack overflows and the whole program ends.
func checkCycle(v any) error {
	_, err := json.Marshal(v)
	if e, ok := errors.AsType[*json.UnsupportedValueError](err); ok && strings.Contains(e.Str, "cycle") {
		return fmt.Errorf("a %T is not a value that can be sent: %w", v, e)
	}
	return nil
}
