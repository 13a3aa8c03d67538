package value

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// JavaScript values that HCL has no type for travel through expressions as capsules of these types. They can be handed
// on and compared, and are sent as what they stand for.
var (
	BigIntType    = capsule("bigint", func(n *big.Int) string { return n.String() })
	BytesType     = capsule("bytes", func(data *[]byte) string { return string(*data) })
	DateType      = capsule("date", func(at *time.Time) string { return at.UTC().Format(time.RFC3339Nano) })
	UndefinedType = capsule("undefined", func(*struct{}) string { return "" })
)

// withheld stands for a secret in what is remembered of the value that it is in.
var withheld = cty.CapsuleVal(capsule("withheld", func(*withheldSecret) string { return "" }), &withheldSecret{})

type withheldSecret struct{}

// capsule returns a type whose values are equal when what they hold is, which identity tells.
func capsule[T any](name string, identity func(*T) string) cty.Type {
	return cty.CapsuleWithOps(name, reflect.TypeFor[T](), &cty.CapsuleOps{
		RawEquals: func(a, b any) bool { return identity(a.(*T)) == identity(b.(*T)) },
		HashKey:   func(v any) string { return identity(v.(*T)) },
	})
}

// Encode writes a wholly known value, marked or not, as canonical JSON: members sorted, numbers in their shortest
// exact form, no white space. Lists, sets and tuples are alike, as are maps and objects. What JSON lacks is written with
// RivetKit's markers, ["$BigInt","5"], ["$Uint8Array","…"] and ["$Undefined",0], and with ["$Date","…"], ["$Number","Infinity"] and, for a secret that [Keep] has taken out, ["$Withheld",0];
// an array that would read as one gets another $, so that different values have different encodings.
func Encode(v cty.Value) ([]byte, error) {
	var b bytes.Buffer
	if err := encode(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// IsKnown reports whether no part of v is unknown; an absent value, cty.NilVal, is known.
func IsKnown(v cty.Value) bool {
	return v == cty.NilVal || !AnyPart(v, func(part cty.Value) bool { return !part.IsKnown() })
}

func encode(b *bytes.Buffer, v cty.Value) error {
	v = unmarked(v)
	t := v.Type()
	switch {
	case !v.IsKnown():
		return fmt.Errorf("encode value: it is not known yet")
	case v.IsNull():
		b.WriteString("null")
	case t == cty.Bool:
		b.WriteString(strconv.FormatBool(v.True()))
	case t == cty.String:
		return encodeText(b, v.AsString())
	case t == cty.Number && v.AsBigFloat().IsInf():
		fmt.Fprintf(b, `["$Number","%s"]`, NumberText(v.AsBigFloat()))
	case t == cty.Number:
		b.WriteString(NumberText(v.AsBigFloat()))
	case t.IsCapsuleType():
		return encodeCapsule(b, v)
	case t.IsMapType() || t.IsObjectType():
		return encodeMembers(b, v)
	default:
		return encodeElements(b, v)
	}
	return nil
}

// encodeText writes a text as encodeJSON does, without an encoder where nothing is to be escaped, as in most texts.
func encodeText(b *bytes.Buffer, text string) error {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return encodeJSON(b, text)
		}
	}
	b.WriteByte('"')
	b.WriteString(text)
	return b.WriteByte('"')
}

func encodeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder's newline
	return nil
}

// NumberText writes a number in its shortest decimal form, without an exponent where it is an integer: an integer exactly, any
// other as the JavaScript number that it is where it arrives. An infinite one, of which 1/0 is one, has JavaScript's name.
func NumberText(f *big.Float) string {
	whole, accuracy := f.Int64()
	switch {
	case accuracy == big.Exact:
		return strconv.FormatInt(whole, 10) // 0 for negative zero too, which equals it
	case f.IsInf() && f.Signbit():
		return "-Infinity"
	case f.IsInf():
		return "Infinity"
	case f.IsInt():
		return f.Text('f', 0)
	default:
		return strconv.FormatFloat(JavaScriptNumber(f), 'g', -1, 64)
	}
}

// WithDigits returns a whole number as the text that it converts to, and any other value as it is.
func WithDigits(v cty.Value) cty.Value {
	if v.IsMarked() || v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return v
	}
	f := v.AsBigFloat()
	whole, accuracy := f.Int64()
	if accuracy != big.Exact || whole == 0 && f.Signbit() {
		return v
	}
	return cty.StringVal(strconv.FormatInt(whole, 10))
}

// CapsuleText writes a JavaScript value that HCL has no type for as the call that makes it, such as bigint("5").
func CapsuleText(v cty.Value) string {
	switch x := v.EncapsulatedValue().(type) {
	case *big.Int:
		return `bigint("` + x.String() + `")`
	case *[]byte:
		return `bytes("` + base64.StdEncoding.EncodeToString(*x) + `")`
	case *time.Time:
		return `date("` + x.UTC().Format(time.RFC3339Nano) + `")`
	default:
		return "undefined()"
	}
}

func encodeCapsule(b *bytes.Buffer, v cty.Value) error {
	switch x := v.EncapsulatedValue().(type) {
	case *big.Int:
		fmt.Fprintf(b, `["$BigInt","%s"]`, x)
	case *[]byte:
		fmt.Fprintf(b, `["$Uint8Array","%s"]`, base64.StdEncoding.EncodeToString(*x))
	case *time.Time:
		fmt.Fprintf(b, `["$Date","%s"]`, x.UTC().Format(time.RFC3339Nano))
	case *struct{}:
		b.WriteString(`["$Undefined",0]`)
	case *withheldSecret:
		b.WriteString(`["$Withheld",0]`)
	default:
		return fmt.Errorf("encode value: a %s cannot be sent to an actor", v.Type().FriendlyName())
	}
	return nil
}

// encodeMembers relies on cty giving the members of maps and objects sorted by name.
func encodeMembers(b *bytes.Buffer, v cty.Value) error {
	b.WriteByte('{')
	sep := ""
	for it := v.ElementIterator(); it.Next(); sep = "," {
		name, member := it.Element()
		b.WriteString(sep)
		if err := encodeText(b, name.AsString()); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := encode(b, member); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func encodeElements(b *bytes.Buffer, v cty.Value) error {
	b.WriteByte('[')
	pair := v.LengthInt() == 2
	sep := ""
	for element := range elements(v) {
		b.WriteString(sep)
		if pair && sep == "" {
			element = escapeMarker(element)
		}
		sep = ","
		if err := encode(b, element); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

func escapeMarker(v cty.Value) cty.Value {
	v = unmarked(v)
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() && strings.HasPrefix(v.AsString(), "$") {
		return cty.StringVal("$" + v.AsString())
	}
	return v
}
