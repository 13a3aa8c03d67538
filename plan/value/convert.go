package value

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Convert gives a value another type, as go-cty's convert.Convert does. That compares the type of each element with that of every
// other one, which takes minutes for some ten thousand of them; this one's time grows with the value alone.
func Convert(v cty.Value, want cty.Type) (cty.Value, error) {
	switch {
	case !isWide(v):
		return convert.Convert(v, want)
	case v.Type().Equals(want.WithoutOptionalAttributesDeep()):
		return v, nil
	}
	plain, marks := v.Unmark()
	converted, err := convertWide(plain, want)
	if err != nil {
		return cty.NilVal, err
	}
	return converted.WithMarks(marks), nil
}

// Unify returns the type that all of these can be converted to, or [cty.NilType] where there is none, as convert.UnifyUnsafe does.
func Unify(types []cty.Type) cty.Type {
	common, _ := convert.UnifyUnsafe(eachOnce(types))
	return common
}

// wide is from how many elements on a value is converted one by one.
const wide = 64

// isWide reports whether a value has many elements, or has one in it that has.
func isWide(v cty.Value) bool {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() || v.Type().IsSetType() && !v.Length().IsKnown() {
		return false
	}
	if v.LengthInt() > wide {
		return true
	}
	for element := range elements(v) {
		if isWide(element) {
			return true
		}
	}
	return false
}

func convertWide(v cty.Value, want cty.Type) (cty.Value, error) {
	t := v.Type()
	isSequence := t.IsTupleType() || t.IsListType() || t.IsSetType()
	switch {
	case t.IsObjectType() && want.IsObjectType():
		return convertAttributes(v, want)
	case isSequence && (want.IsListType() || want.IsSetType()) || (t.IsObjectType() || t.IsMapType()) && want.IsMapType():
		return convertElements(v, want)
	default:
		return convert.Convert(v, want)
	}
}

// convertAttributes leaves it to go-cty to fill in and to miss attributes.
func convertAttributes(v cty.Value, want cty.Type) (cty.Value, error) {
	attributes, types := v.AsValueMap(), map[string]cty.Type{}
	wanted := want.AttributeTypes()
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		t := wanted[name]
		types[name] = t
		given, ok := attributes[name]
		if !ok {
			continue
		}
		converted, err := Convert(given, t)
		if err != nil {
			return cty.NilVal, within(cty.GetAttrStep{Name: name}, fmt.Sprintf("attribute %q", name), err)
		}
		attributes[name], types[name] = converted, converted.Type()
	}
	optional := make([]string, 0, len(want.OptionalAttributes()))
	for name := range want.OptionalAttributes() {
		optional = append(optional, name)
	}
	return convert.Convert(cty.ObjectVal(attributes), cty.ObjectWithOptionalAttrs(types, optional))
}

// convertElements makes a list, set or map of the elements of whatever has them.
func convertElements(v cty.Value, want cty.Type) (cty.Value, error) {
	m := members{kind: want, keys: make([]cty.Value, 0, v.LengthInt()), values: make([]cty.Value, 0, v.LengthInt())}
	for key, element := range v.Elements() {
		m.keys, m.values = append(m.keys, key), append(m.values, element)
	}
	if err := m.unite(); err != nil {
		return cty.NilVal, err
	}
	switch {
	case want.IsListType():
		return cty.ListVal(m.values), nil
	case want.IsSetType():
		return cty.SetVal(m.values), nil
	}
	named := make(map[string]cty.Value, len(m.keys))
	for i, key := range m.keys {
		named[key.AsString()] = m.values[i]
	}
	return cty.MapVal(named), nil
}

// members are those of a collection that is to be.
type members struct {
	kind         cty.Type
	keys, values []cty.Value
}

// unite gives all members one type, which is what their kind of collection leaves open. What they have in common may leave something
// open, too, and go-cty makes an unknown list of a set that is not wholly known without looking at what it is to be a list of.
func (m members) unite() error {
	want := m.kind.ElementType()
	for range 3 {
		if want != cty.DynamicPseudoType {
			if err := m.convert(want); err != nil {
				return err
			}
		}
		types := m.types()
		switch {
		case len(types) == 1:
			return nil
		case m.kind.IsSetType() && want != cty.DynamicPseudoType: // of which go-cty does not look for more in common
			return cty.Path(nil).NewErrorf("element types must all match for conversion to set")
		}
		if want, _ = convert.UnifyUnsafe(types); want == cty.NilType || want == cty.DynamicPseudoType {
			break
		}
	}
	kind, _, _ := strings.Cut(m.kind.FriendlyName(), " ")
	return fmt.Errorf("all %s elements must have the same type", kind)
}

func (m members) convert(want cty.Type) error {
	for i, v := range m.values {
		converted, err := Convert(v, want)
		switch {
		case err == nil:
			m.values[i] = converted
		case m.kind.IsMapType():
			return within(cty.IndexStep{Key: m.keys[i]}, fmt.Sprintf("element %q", m.keys[i].AsString()), err)
		default:
			return within(cty.IndexStep{Key: cty.NumberIntVal(int64(i))}, fmt.Sprintf("element %d", i), err)
		}
	}
	return nil
}

// within says of what part of a value an error is: go-cty has a path for what is wrong with a value, and words for a type.
func within(step cty.PathStep, place string, err error) error {
	if at, ok := errors.AsType[cty.PathError](err); ok {
		return append(cty.Path{step}, at.Path...).NewErrorf("%s", at.Error())
	}
	return fmt.Errorf("%s: %w", place, err)
}

func (m members) types() []cty.Type {
	types := make([]cty.Type, len(m.values))
	for i, v := range m.values {
		types[i] = v.Type()
	}
	return eachOnce(types)
}

func eachOnce(types []cty.Type) []cty.Type {
	var once []cty.Type
	for i, t := range types {
		if (i == 0 || !t.Equals(types[i-1])) && !slices.ContainsFunc(once, t.Equals) {
			once = append(once, t)
		}
	}
	return once
}
