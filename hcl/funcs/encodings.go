package funcs

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"net/url"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// encodings are the functions that write text in another way, and back.
var encodings = map[string]function.Function{
	"base64decode": ofText(decodeBase64),
	"base64encode": ofText(func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
	"base64gzip":   ofText(gzipBase64),
	"urldecode":    ofText(url.QueryUnescape),
	"urlencode":    ofText(func(s string) (string, error) { return url.QueryEscape(s), nil }),
}

// ofText makes a function of one string that gives a string.
func ofText(convert func(string) (string, error)) function.Function {
	return ofNamed("str", convert)
}

func ofNamed(parameter string, convert func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: parameter, Type: cty.String}},
		Type:         function.StaticReturnType(cty.String),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := convert(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(s), nil
		},
	})
}

func decodeBase64(s string) (string, error) {
	decoded, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("this is not standard base64")
	}
	if !utf8.Valid(decoded) {
		return "", errors.New("this is not the base64 of UTF-8 text; for bytes that an actor is to receive, use bytes()")
	}
	return string(decoded), nil
}

func gzipBase64(s string) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := errors.Join(w.Flush(), w.Close()); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
