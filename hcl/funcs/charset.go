package funcs

import (
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// charsets are the functions of text that is not UTF-8.
var charsets = map[string]function.Function{
	"textdecodebase64": ofEncoded("source", func(s string, charset encoding.Encoding) (string, error) {
		content, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "", errors.New("this is not standard base64")
		}
		text, err := charset.NewDecoder().Bytes(content)
		if charset == unicode.UTF8 && !utf8.Valid(content) {
			return "", errors.New("the content is not UTF-8")
		}
		return string(text), err
	}),
	"textencodebase64": ofEncoded("string", func(s string, charset encoding.Encoding) (string, error) {
		content, err := charset.NewEncoder().Bytes([]byte(s))
		if err != nil {
			return "", errors.New("it has characters that this encoding lacks")
		}
		return base64.StdEncoding.EncodeToString(content), nil
	}),
}

// ofEncoded makes a function of a text and the name of its encoding, as IANA lists it.
func ofEncoded(parameter string, convert func(string, encoding.Encoding) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: parameter, Type: cty.String}, {Name: "encoding", Type: cty.String}},
		Type:         function.StaticReturnType(cty.String),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			charset, err := ianaindex.IANA.Encoding(args[1].AsString())
			if err != nil || charset == nil {
				return cty.NilVal, function.NewArgErrorf(1, "%q is no encoding that is known here. Use a name that IANA lists, such as UTF-16LE", args[1].AsString())
			}
			s, err := convert(args[0].AsString(), charset)
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(s), nil
		},
	})
}

// encoded is a function that writes a value in another format, which cannot carry what only JavaScript has.
func encoded(f function.Function, format string) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		Type:        f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			plain, _ := args[0].UnmarkDeep()
			err := cty.Walk(plain, func(_ cty.Path, v cty.Value) (bool, error) {
				if t := v.Type(); t.IsCapsuleType() {
					return false, fmt.Errorf("%s cannot carry what JavaScript calls %s. Use a text or a number", format, t.FriendlyName())
				}
				return true, nil
			})
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return f.Call(args)
		},
	})
}
