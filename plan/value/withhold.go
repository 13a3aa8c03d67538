package value

import (
	"encoding/json"

	"github.com/zclconf/go-cty/cty"
)

// Kept is what there is to remember of a value.
type Kept struct {
	Rest    json.RawMessage // what is no secret, with a marker for each part that is; nil where the value is one as a whole
	Secrets json.RawMessage // what is to be sealed; nil where nothing of the value is a secret
	Digest  string          // of the value as a whole; empty where nothing of it is a secret
}

// Keep takes the parts of a value that are marked [Sensitive] apart from the rest. What is not known is as if nobody had kept it.
func Keep(key []byte, v cty.Value) (*Kept, error) {
	if !IsKnown(v) {
		v = replace(v, func(part cty.Value) (cty.Value, bool) { return withheld.WithSameMarks(part), !part.IsKnown() })
	}
	rest, secrets := takeApart(v)
	if len(secrets) == 0 {
		encoded, err := Encode(v)
		return &Kept{Rest: encoded}, err
	}
	encodings, err := encodeAll([]cty.Value{v, rest, cty.TupleVal(secrets)})
	if err != nil {
		return nil, err
	}
	kept := &Kept{Rest: encodings[1], Secrets: encodings[2], Digest: DigestEncoded(key, encodings[0])}
	if v.HasMark(Sensitive) {
		kept.Rest, kept.Secrets = nil, encodings[0]
	}
	return kept, nil
}

// takeApart returns a value with a marker in the place of each part that is marked [Sensitive], and these parts in their order.
func takeApart(v cty.Value) (rest cty.Value, secrets []cty.Value) {
	if !HasSensitive(v) {
		return v, nil
	}
	rest = replace(v, func(part cty.Value) (cty.Value, bool) {
		if !part.HasMark(Sensitive) {
			return part, false
		}
		secrets = append(secrets, part)
		return withheld, true
	})
	return rest, secrets
}

// Reveal returns the value of which [Keep] gave rest and secrets, with its secrets marked [Sensitive]. Those that are not given are unknown.
func Reveal(rest, secrets json.RawMessage) (cty.Value, error) {
	opened := cty.EmptyTupleVal
	if secrets != nil {
		var err error
		if opened, err = Decode(secrets); err != nil {
			return cty.NilVal, err
		}
		opened = fill(opened, nil)
	}
	if rest == nil {
		return opened.Mark(Sensitive), nil
	}
	v, err := Decode(rest)
	if err != nil {
		return cty.NilVal, err
	}
	return fill(v, opened.AsValueSlice()), nil
}

// fill puts secrets in the places in which they were.
func fill(v cty.Value, secrets []cty.Value) cty.Value {
	return replace(v, func(part cty.Value) (cty.Value, bool) {
		if !part.Type().Equals(withheld.Type()) {
			return part, false
		}
		secret := cty.DynamicVal
		if len(secrets) > 0 {
			secret, secrets = secrets[0], secrets[1:]
		}
		return secret.Mark(Sensitive), true
	})
}

// Conceal marks as [Sensitive], and [Found], the smallest parts of a value in whose encodings something is found: all of an object where that is
// in the name of a member.
func Conceal(v cty.Value, holds func(encoding string) bool) cty.Value {
	if !isHeld(v, holds) {
		return v
	}
	if inside := eachElement(v, func(element cty.Value) cty.Value { return Conceal(element, holds) }); !isHeld(inside, holds) {
		return inside
	}
	return v.Mark(Sensitive).Mark(Found)
}

// isHeld reports whether something is found in what is no secret yet of a value.
func isHeld(v cty.Value, holds func(encoding string) bool) bool {
	rest, _ := takeApart(v)
	encoded, err := Encode(rest)
	return err == nil && holds(string(encoded))
}

// replace returns v with other values in the place of those of its parts for which by gives one. It is asked for the whole first, and for
// elements in their order.
func replace(v cty.Value, by func(part cty.Value) (cty.Value, bool)) cty.Value {
	if part, ok := by(v); ok {
		return part
	}
	return eachElement(v, func(element cty.Value) cty.Value { return replace(element, by) })
}

// eachElement returns an object or tuple of what becomes of each element of v, and v where it has none.
func eachElement(v cty.Value, becomes func(cty.Value) cty.Value) cty.Value {
	v, marks := v.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return v.WithMarks(marks)
	}
	members, elements := map[string]cty.Value{}, []cty.Value(nil)
	for it := v.ElementIterator(); it.Next(); {
		name, element := it.Element()
		if IsObject(v.Type()) {
			members[name.AsString()] = becomes(element)
		} else {
			elements = append(elements, becomes(element))
		}
	}
	if IsObject(v.Type()) {
		return cty.ObjectVal(members).WithMarks(marks)
	}
	return cty.TupleVal(elements).WithMarks(marks)
}
