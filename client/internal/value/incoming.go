package value

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// reading turns what a codec read into the Go values that this package promises: nil,
// bool, float64, string, *big.Int, []byte, time.Time, InvalidDate, Undefined, Set, Tag, []any
// and map[string]any.
type reading struct {
	markers bool // RivetKit's markers are undone
	exact   bool // a number that JavaScript cannot hold is an error
}

// Read reads results, events, state and input.
func Read(v any) (any, error) { return reading{markers: true}.value(v) }

// ReadPlain reads the metadata of errors, in which nothing is marked.
func ReadPlain(v any) (any, error) { return reading{}.value(v) }

func (r reading) value(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, float64, []byte, *big.Int, Undefined, InvalidDate:
		return v, nil
	case int64:
		return wholeNumber(big.NewInt(v)), nil
	case uint64:
		return wholeNumber(new(big.Int).SetUint64(v)), nil
	case big.Int:
		return &v, nil
	case json.Number:
		return r.number(v)
	case time.Time:
		return v.Round(time.Millisecond).UTC(), nil
	case cbor.Tag:
		return r.tag(v)
	case Set:
		return r.set(v)
	case []any:
		return r.array(v)
	case map[string]any:
		return r.object(v)
	case map[any]any:
		return r.keyed(v)
	default:
		return nil, fmt.Errorf("unexpected %T in an answer", v)
	}
}

// wholeNumber is a float64 where JavaScript would hold the number exactly.
func wholeNumber(n *big.Int) any {
	if n.IsInt64() && n.Int64() <= maxSafe && n.Int64() >= -maxSafe {
		return float64(n.Int64())
	}
	return n
}

func (r reading) number(n json.Number) (any, error) {
	if !strings.ContainsAny(n.String(), ".eE") && n != "-0" {
		if whole, ok := new(big.Int).SetString(n.String(), 10); ok {
			number := wholeNumber(whole)
			if _, isBig := number.(*big.Int); isBig && r.exact {
				return nil, unsafeInteger(n.String())
			}
			return number, nil
		}
	}
	float, err := n.Float64()
	if err != nil || math.IsInf(float, 0) {
		return nil, errors.New("number is out of range")
	}
	return float, nil
}

// array reads a marker, or an array of items.
func (r reading) array(a []any) (any, error) {
	if r.markers && len(a) == 2 {
		if name, ok := a[0].(string); ok && strings.HasPrefix(name, "$") {
			return r.marker(name, a[1])
		}
	}
	return r.items(a)
}

func (r reading) items(a []any) ([]any, error) {
	items := make([]any, len(a))
	for i, item := range a {
		converted, err := r.value(item)
		if err != nil {
			return nil, err
		}
		items[i] = converted
	}
	return items, nil
}

func (r reading) marker(name string, content any) (any, error) {
	text, isText := content.(string)
	switch {
	case strings.HasPrefix(name, "$$"):
		second, err := r.value(content)
		return []any{name[1:], second}, err
	case name == "$Undefined":
		return Undefined{}, nil
	case name == "$BigInt" && isText:
		if n, ok := new(big.Int).SetString(text, 10); ok {
			return n, nil
		}
	case (name == "$Uint8Array" || name == "$ArrayBuffer") && isText:
		if data, err := base64.StdEncoding.DecodeString(text); err == nil {
			return data, nil
		}
	case name == "$Set":
		if items, ok := content.([]any); ok {
			return r.set(items)
		}
	}
	return nil, fmt.Errorf("array with the unknown or malformed marker %.40q", name)
}

func (r reading) set(items []any) (any, error) {
	converted, err := r.items(items)
	return Set(converted), err
}

// These tags mark sets and bytes in plain CBOR; RivetKit sends markers instead, but bytes so
// in its version 2.2.
const (
	tagSet        = 258
	tagUint8Array = 64
)

func (r reading) tag(t cbor.Tag) (any, error) {
	if items, ok := t.Content.([]any); ok && t.Number == tagSet {
		return r.set(items)
	}
	if t.Number == tagInvalidDate {
		return InvalidDate{}, nil
	}
	if data, ok := t.Content.([]byte); ok && t.Number == tagUint8Array {
		return data, nil
	}
	content, err := r.value(t.Content)
	return Tag{Number: t.Number, Content: content}, err
}

func (r reading) object(o map[string]any) (any, error) {
	members := make(map[string]any, len(o))
	for name, member := range o {
		converted, err := r.value(member)
		if err != nil {
			return nil, err
		}
		members[name] = converted
	}
	return members, nil
}

// keyed reads a CBOR map. Keys that are no strings are written as JavaScript
// would write them.
func (r reading) keyed(o map[any]any) (any, error) {
	members := make(map[string]any, len(o))
	for key, member := range o {
		converted, err := r.value(member)
		if err != nil {
			return nil, err
		}
		members[fmt.Sprint(key)] = converted
	}
	return members, nil
}
