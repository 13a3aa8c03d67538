package funcs

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

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
		v, err := ctyjson.Unmarshal([]byte(text), t)
		if err != nil {
			return cty.NilVal, err
		}
		return v, finite(v)
	},
})

// jsonReader reads values of JSON that is valid. Objects of the same type in a list share it, and all objects share names.
type jsonReader struct {
	text  string
	at    int
	names map[string]string
	spare []map[string]cty.Value // which nobody looks at any more
}

// readJSON reports false for what is no JSON, or unusual.
func readJSON(text string) (cty.Value, bool) {
	if !json.Valid([]byte(text)) {
		return cty.NilVal, false
	}
	r := &jsonReader{text: text, names: map[string]string{}}
	return r.value()
}

// next returns what is next, after spaces, commas and colons.
func (r *jsonReader) next() byte {
	for strings.IndexByte(" \t\r\n,:", r.text[r.at]) >= 0 {
		r.at++
	}
	return r.text[r.at]
}

func (r *jsonReader) value() (cty.Value, bool) {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.list()
	case '"':
		return cty.StringVal(r.string()), true
	}
	switch word := r.word(); word {
	case "true", "false":
		return cty.BoolVal(word == "true"), true
	case "null":
		return cty.NullVal(cty.DynamicPseudoType), true
	default:
		return readNumber(word)
	}
}

// word reads what stands without quotation marks.
func (r *jsonReader) word() string {
	rest := r.text[r.at:]
	if end := strings.IndexAny(rest, " \t\r\n,]}"); end >= 0 {
		rest = rest[:end]
	}
	r.at += len(rest)
	return rest
}

func (r *jsonReader) string() string {
	start, isSimple := r.at, true
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			isSimple = false
			r.at++
		}
	}
	r.at++
	quoted := r.text[start:r.at]
	if inner := quoted[1 : len(quoted)-1]; isSimple && utf8.ValidString(inner) {
		return inner
	}
	var unquoted string
	_ = json.Unmarshal([]byte(quoted), &unquoted) // which is valid
	return unquoted
}

func readNumber(text string) (cty.Value, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return cty.NumberVal(new(big.Float).SetPrec(512).SetInt64(n)), true // as the library parses it
	}
	v, err := cty.ParseNumberVal(text)
	return v, err == nil && finite(v) == nil
}

func (r *jsonReader) object() (cty.Value, bool) {
	attributes := r.takeSpare()
	for r.at++; r.next() != '}'; {
		name, ok := r.shared(r.string())
		if _, isTaken := attributes[name]; isTaken || !ok {
			return cty.NilVal, false
		}
		if attributes[name], ok = r.value(); !ok {
			return cty.NilVal, false
		}
	}
	r.at++
	v := cty.ObjectVal(attributes)
	r.spare = append(r.spare, attributes)
	return v, true
}

// takeSpare returns an empty map.
func (r *jsonReader) takeSpare() map[string]cty.Value {
	if len(r.spare) == 0 {
		return map[string]cty.Value{}
	}
	last := len(r.spare) - 1
	empty := r.spare[last]
	r.spare = r.spare[:last]
	clear(empty)
	return empty
}

// shared returns a name as it was read first. It is not ok if the library would write it in another way.
func (r *jsonReader) shared(name string) (_ string, ok bool) {
	if known, ok := r.names[name]; ok {
		return known, true
	}
	r.names[name] = name
	return name, name == cty.NormalizeString(name)
}

func (r *jsonReader) list() (cty.Value, bool) {
	const enough = 500 // elements to share a type
	var elements []cty.Value
	shared := 0
	for r.at++; r.next() != ']'; {
		v, ok := r.value()
		if !ok {
			return cty.NilVal, false
		}
		if elements = append(elements, v); len(elements)-shared > enough {
			value.ShareTypes(elements[shared:])
			shared = len(elements) - 1 // whose type the next ones share
		}
	}
	r.at++
	value.ShareTypes(elements[shared:])
	return cty.TupleVal(elements), true
}
