package funcs

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fixtures are functions for data that looks like chance and is the same each time: what they give depends on their key alone.
var fixtures = map[string]function.Function{
	"seeded_int":  seededInt,
	"seeded_name": ofNamed("key", seededName),
	"seeded_pick": seededPick,
}

// seeded returns a number from 0 to one less than a limit.
func seeded(key string, limit *big.Int) *big.Int {
	digest := sha256.Sum256([]byte(key))
	return new(big.Int).Mod(new(big.Int).SetBytes(digest[:]), limit)
}

var seededInt = function.New(&function.Spec{
	Description:  "Returns a whole number from min to max, both included, that depends on the key alone.",
	Params:       []function.Parameter{{Name: "key", Type: cty.String}, {Name: "min", Type: cty.Number}, {Name: "max", Type: cty.Number}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		var bounds [2]*big.Int
		for i, arg := range args[1:] {
			bound := arg.AsBigFloat()
			if !bound.IsInt() {
				return cty.NilVal, function.NewArgErrorf(i+1, "must be a whole number")
			}
			bounds[i], _ = bound.Int(nil)
		}
		count := new(big.Int).Sub(bounds[1], bounds[0])
		if count.Sign() < 0 {
			return cty.NilVal, function.NewArgErrorf(2, "must not be less than the second argument")
		}
		n := seeded(args[0].AsString(), count.Add(count, big.NewInt(1)))
		return cty.NumberVal(new(big.Float).SetInt(n.Add(n, bounds[0]))), nil
	},
})

var seededPick = function.New(&function.Spec{
	Description: "Returns one of the elements of a list, by the key alone.",
	Params:      []function.Parameter{{Name: "key", Type: cty.String}, {Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		t := args[1].Type()
		switch {
		case t.IsListType() || t.IsSetType():
			return t.ElementType(), nil
		case !t.IsTupleType():
			return cty.NilType, function.NewArgErrorf(1, "must be a list, set or tuple")
		case !args[0].IsKnown() || t.Length() == 0:
			return cty.DynamicPseudoType, nil
		}
		return t.TupleElementType(pick(args[0].AsString(), t.Length())), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		elements := args[1].AsValueSlice()
		if len(elements) == 0 {
			return cty.NilVal, function.NewArgErrorf(1, "has no elements to pick from")
		}
		return elements[pick(args[0].AsString(), len(elements))], nil
	},
})

func pick(key string, count int) int { return int(seeded(key, big.NewInt(int64(count))).Int64()) }

// seededName joins two words of the lists below.
func seededName(key string) (string, error) {
	digest := sha256.Sum256([]byte(key))
	first, second := binary.BigEndian.Uint64(digest[:8]), binary.BigEndian.Uint64(digest[8:16])
	return qualities[first%uint64(len(qualities))] + "-" + animals[second%uint64(len(animals))], nil
}

var qualities = []string{
	"amber", "bold", "brave", "bright", "calm", "clever", "cosy", "crisp", "eager", "early", "fair", "fancy", "gentle", "glad", "golden", "happy",
	"jolly", "keen", "kind", "lively", "lucky", "mellow", "merry", "neat", "noble", "proud", "quick", "quiet", "rapid", "silver", "sunny", "warm",
}

var animals = []string{
	"badger", "beaver", "bison", "crane", "deer", "dolphin", "eagle", "falcon", "ferret", "finch", "fox", "gecko", "hare", "heron", "ibex", "jay",
	"koala", "lark", "lemur", "lynx", "marten", "newt", "otter", "owl", "panda", "puffin", "raven", "robin", "seal", "swan", "tapir", "wren",
}
