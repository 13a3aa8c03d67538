package view

import (
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// Mask is JSON that tells which parts of a value something is true of: true for the whole value, false for no part of
// it, or an array or object of masks for its elements or members. Members of which it is not true may be left out. A
// missing mask is false.
type Mask = json.RawMessage

// masked is a value as it may be shown, with null for what is hidden.
type masked struct {
	value              json.RawMessage
	unknown, sensitive Mask
}

// mask hides the parts of v that are sensitive or not known. An absent value, cty.NilVal, stays absent.
func mask(v cty.Value) masked {
	if v == cty.NilVal {
		return masked{unknown: Mask("false"), sensitive: Mask("false")}
	}
	shown, unknown, sensitive := hide(v)
	value, err := value.Encode(shown)
	if err != nil {
		value = json.RawMessage("null") // a capsule that no actor takes, which is an error elsewhere
	}
	return masked{value, encodeMask(unknown), encodeMask(sensitive)}
}

// hide replaces the hidden parts of v by null. Of each mask it returns a bool, or a slice or map where v has parts that
// differ.
func hide(v cty.Value) (shown cty.Value, unknown, sensitive any) {
	v, marks := v.Unmark()
	_, secret := marks[value.Sensitive]
	switch {
	case secret || !v.IsKnown():
		return cty.NullVal(cty.DynamicPseudoType), !v.IsKnown(), secret
	case v.IsNull() || !v.CanIterateElements() || v.IsWhollyKnown() && !v.ContainsMarked():
		return v, false, false
	case v.Type().IsMapType() || v.Type().IsObjectType():
		return hideMembers(v)
	default:
		return hideElements(v)
	}
}

func hideMembers(v cty.Value) (shown cty.Value, unknown, sensitive any) {
	members := map[string]cty.Value{}
	unknowns, secrets := map[string]any{}, map[string]any{}
	for name, member := range v.Elements() {
		m, u, s := hide(member)
		members[name.AsString()] = m
		if u != false {
			unknowns[name.AsString()] = u
		}
		if s != false {
			secrets[name.AsString()] = s
		}
	}
	return cty.ObjectVal(members), orFalse(unknowns, len(unknowns) > 0), orFalse(secrets, len(secrets) > 0)
}

func hideElements(v cty.Value) (shown cty.Value, unknown, sensitive any) {
	var elements []cty.Value
	var unknowns, secrets []any
	var someUnknown, someSecret bool
	for _, element := range v.Elements() {
		e, u, s := hide(element)
		elements, unknowns, secrets = append(elements, e), append(unknowns, u), append(secrets, s)
		someUnknown, someSecret = someUnknown || u != false, someSecret || s != false
	}
	return cty.TupleVal(elements), orFalse(unknowns, someUnknown), orFalse(secrets, someSecret)
}

func orFalse[T any](mask T, some bool) any {
	if some {
		return mask
	}
	return false
}

func encodeMask(m any) Mask {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // booleans, slices and maps always have an encoding
	}
	return data
}

// omitFalse is the mask for a field that is left out where it says nothing.
func omitFalse(m Mask) Mask {
	if string(m) == "false" {
		return nil
	}
	return m
}

// unmask reads a value back: what is hidden is unknown or marked sensitive again. A missing value is cty.NilVal.
func unmask(val json.RawMessage, unknown, sensitive Mask) (cty.Value, error) {
	if val == nil {
		return cty.NilVal, nil
	}
	v, err := value.Decode(val)
	if err != nil {
		return cty.NilVal, err
	}
	u, err := decodeMask(unknown)
	if err != nil {
		return cty.NilVal, err
	}
	s, err := decodeMask(sensitive)
	if err != nil {
		return cty.NilVal, err
	}
	return overlay(v, u, s), nil
}

func decodeMask(m Mask) (any, error) {
	if m == nil {
		return false, nil
	}
	var decoded any
	if err := json.Unmarshal(m, &decoded); err != nil {
		return nil, fmt.Errorf("decode mask: %w", err)
	}
	return decoded, nil
}

func overlay(v cty.Value, unknown, sensitive any) cty.Value {
	switch {
	case sensitive == true:
		return cty.NullVal(cty.DynamicPseudoType).Mark(value.Sensitive)
	case unknown == true:
		return cty.DynamicVal
	case unknown == false && sensitive == false || v.IsNull():
		return v
	case v.Type().IsObjectType():
		members := v.AsValueMap()
		for name, member := range members {
			members[name] = overlay(member, maskMember(unknown, name), maskMember(sensitive, name))
		}
		return cty.ObjectVal(members)
	case v.Type().IsTupleType():
		elements := v.AsValueSlice()
		for i, element := range elements {
			elements[i] = overlay(element, maskElement(unknown, i), maskElement(sensitive, i))
		}
		return cty.TupleVal(elements)
	default:
		return v
	}
}

func maskMember(mask any, name string) any {
	if members, ok := mask.(map[string]any); ok && members[name] != nil {
		return members[name]
	}
	return false
}

func maskElement(mask any, i int) any {
	if elements, ok := mask.([]any); ok && i < len(elements) {
		return elements[i]
	}
	return false
}
