package funcs

import (
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"riveter/plan/value"
)

// jsonDecode is that of the library, but that a text is read once: the library reads it for its type, and then each part of it
// again. What this reader does not take, the library takes or says what is wrong with.
var jsonDecode = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "str", Type: cty.String}},
	Type: func(args []cty.Value) (cty.Type, error) {
		if args[0].IsKnown() {
			return cty.DynamicPseudoType, nil // it is found out together with the value
		}
		return stdlib.JSONDecodeFunc.ReturnTypeForValues(args)
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		text := args[0].AsString()
		if v, ok := readJSON(text); ok {
			return v, nil
		}
		// Nothing must overflow the stack: the scanner of the standard library has a limit.
		if err := json.Unmarshal([]byte(text), new(json.RawMessage)); err != nil && strings.Contains(err.Error(), "max depth") {
			return cty.NilVal, function.NewArgErrorf(0, "the JSON is nested too deeply")
		}
		t, err := stdlib.JSONDecodeFunc.ReturnTypeForValues(args)
		if err != nil {
			return cty.NilVal, err
		}
		return ctyjson.Unmarshal([]byte(text), t)
	},
})

// jsonReader reads values of JSON. Objects of the same type in a list share it, and all objects share names.
type jsonReader struct {
	*json.Decoder
	names map[string]string
	depth int
}

// maxJSONDepth is that of the standard library, which has none for single tokens.
const maxJSONDepth = 10_000

// readJSON reports false for what is no JSON, or unusual.
func readJSON(text string) (cty.Value, bool) {
	r := &jsonReader{Decoder: json.NewDecoder(strings.NewReader(text)), names: map[string]string{}}
	r.UseNumber()
	v, ok := r.value()
	if !ok {
		return cty.NilVal, false
	}
	_, err := r.Token()
	return v, errors.Is(err, io.EOF)
}

func (r *jsonReader) value() (cty.Value, bool) {
	token, err := r.Token()
	if err != nil {
		return cty.NilVal, false
	}
	switch token := token.(type) {
	case json.Delim:
		if r.depth++; r.depth > maxJSONDepth {
			return cty.NilVal, false
		}
		defer func() { r.depth-- }()
		if token == '{' {
			return r.object()
		}
		return r.list()
	case json.Number:
		return readNumber(token.String())
	case string:
		return cty.StringVal(token), true
	case bool:
		return cty.BoolVal(token), true
	default:
		return cty.NullVal(cty.DynamicPseudoType), true
	}
}

func readNumber(text string) (cty.Value, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return cty.NumberVal(new(big.Float).SetPrec(512).SetInt64(n)), true // as the library parses it
	}
	v, err := cty.ParseNumberVal(text)
	return v, err == nil
}

func (r *jsonReader) object() (cty.Value, bool) {
	attributes := map[string]cty.Value{}
	for r.More() {
		token, err := r.Token()
		name, isName := token.(string)
		_, isTaken := attributes[name]
		if err != nil || !isName || isTaken || name != cty.NormalizeString(name) {
			return cty.NilVal, false
		}
		v, ok := r.value()
		if !ok {
			return cty.NilVal, false
		}
		attributes[r.shared(name)] = v
	}
	_, err := r.Token()
	return cty.ObjectVal(attributes), err == nil
}

func (r *jsonReader) shared(name string) string {
	if known, ok := r.names[name]; ok {
		return known
	}
	r.names[name] = name
	return name
}

func (r *jsonReader) list() (cty.Value, bool) {
	const enough = 500 // elements to share a type
	var elements []cty.Value
	shared := 0
	for r.More() {
		v, ok := r.value()
		if !ok {
			return cty.NilVal, false
		}
		if elements = append(elements, v); len(elements)-shared > enough {
			value.ShareTypes(elements[shared:])
			shared = len(elements) - 1 // whose type the next ones share
		}
	}
	value.ShareTypes(elements[shared:])
	_, err := r.Token()
	return cty.TupleVal(elements), err == nil
}
