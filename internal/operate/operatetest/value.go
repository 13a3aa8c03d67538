package operatetest

import (
	"encoding/json"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// toJSON turns a value into what JavaScript would see of it, if that is nothing but JSON.
func toJSON(v cty.Value) (any, error) {
	if v == cty.NilVal {
		return nil, nil
	}
	data, err := value.Encode(v)
	if err != nil {
		return nil, err
	}
	var plain any
	err = json.Unmarshal(data, &plain)
	return plain, err
}

// fromJSON turns what an actor answers into a value. Nothing at all is undefined.
func fromJSON(v any) cty.Value {
	if v == nil {
		return value.Undefined
	}
	decoded, err := value.Decode(encoded(v))
	if err != nil {
		panic(err)
	}
	return decoded
}

func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
