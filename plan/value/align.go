package value

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Align gives two values the type that convert.UnifyUnsafe finds for theirs, where that would take it a time that grows with the square
// of what they have. Values that it cannot align are returned as they are.
func Align(a, b cty.Value) (alignedA, alignedB cty.Value) {
	t, u := a.Type(), b.Type()
	if !hasManyTypes(t) && !hasManyTypes(u) || t.IsSetType() || u.IsSetType() {
		return a, b
	}
	shared := common(t, u)
	if shared == cty.NilType || shared.HasDynamicTypes() {
		return a, b
	}
	x, err := Convert(a, shared)
	y, wrong := Convert(b, shared)
	if err != nil || wrong != nil {
		return a, b
	}
	return x, y
}

// hasManyTypes reports whether a type has many others in it.
func hasManyTypes(t cty.Type) bool {
	if t.IsPrimitiveType() || t.IsCapsuleType() || t == cty.DynamicPseudoType {
		return false
	}
	members := memberTypes(t)
	return len(members) > wide || slices.ContainsFunc(members, hasManyTypes)
}

// common returns the type that two have in common, or [cty.NilType]: member by member if they have the same ones, else a collection.
func common(t, u cty.Type) cty.Type {
	switch {
	case t == cty.NilType || t.Equals(u):
		return t
	case t.IsTupleType() && u.IsTupleType() && t.Length() == u.Length():
		elements := slices.Clone(t.TupleElementTypes())
		for i, element := range u.TupleElementTypes() {
			if elements[i] = common(elements[i], element); elements[i] == cty.NilType {
				return cty.NilType
			}
		}
		return cty.Tuple(elements)
	case t.IsObjectType() && u.IsObjectType() && haveSameAttributes(t, u):
		attributes := map[string]cty.Type{}
		for name, attribute := range t.AttributeTypes() {
			if attributes[name] = common(attribute, u.AttributeType(name)); attributes[name] == cty.NilType {
				return cty.NilType
			}
		}
		return cty.Object(attributes)
	case t.IsTupleType() && u.IsTupleType(), t.IsObjectType() && u.IsObjectType():
		return collection(t, Unify(slices.Concat(memberTypes(t), memberTypes(u))))
	case t.IsTupleType() && u.IsListType(), t.IsObjectType() && u.IsMapType():
		return common(collection(t, Unify(memberTypes(t))), u)
	case t.IsListType() && u.IsTupleType(), t.IsMapType() && u.IsObjectType():
		return common(u, t)
	default:
		return Unify([]cty.Type{t, u})
	}
}

func haveSameAttributes(t, u cty.Type) bool {
	for name := range t.AttributeTypes() {
		if !u.HasAttribute(name) {
			return false
		}
	}
	return len(t.AttributeTypes()) == len(u.AttributeTypes())
}

// collection returns the type of a list where t is a tuple, and of a map else, or [cty.NilType] where its members have none.
func collection(t, member cty.Type) cty.Type {
	switch {
	case member == cty.NilType:
		return cty.NilType
	case t.IsTupleType():
		return cty.List(member)
	default:
		return cty.Map(member)
	}
}

func memberTypes(t cty.Type) (types []cty.Type) {
	switch {
	case t.IsTupleType():
		return t.TupleElementTypes()
	case t.IsObjectType():
		for _, attribute := range t.AttributeTypes() {
			types = append(types, attribute)
		}
		return types
	default:
		return []cty.Type{t.ElementType()}
	}
}
