package value

import (
	"errors"
	"io"
	"reflect"

	"github.com/fxamacker/cbor/v2"
)

// maxItems bounds one array or object: no answer has more bytes.
const maxItems = 32 << 20

// The CBOR modes. They are immutable once made.
var (
	// wireCBOR writes what outgoing prepared.
	wireCBOR = must(cbor.EncOptions{ShortestFloat: cbor.ShortestFloat16, Sort: cbor.SortBytewiseLexical}.EncMode())

	// goCBOR writes any Go value such that anyCBOR reads it back without loss.
	goCBOR = must(cbor.EncOptions{
		BigIntConvert: cbor.BigIntConvertNone, Time: cbor.TimeRFC3339Nano, TimeTag: cbor.EncTagRequired,
		TextMarshaler: cbor.TextMarshalerTextString, JSONMarshalerTranscoder: jsonTranscoder{},
	}.EncModeWithTags(goTags()))

	anyCBOR = must(cbor.DecOptions{
		MaxNestedLevels: maxDepth, MaxArrayElements: maxItems, MaxMapPairs: maxItems,
		BigIntDec: cbor.BigIntDecodePointer, TimeTagToAny: cbor.TimeTagToTime,
	}.DecModeWithTags(goTags()))
)

// These tags are private to the way of a value through the codec: a Go value by way of goCBOR,
// and a date that is none, which the codec would read as the zero time.
const (
	tagUndefined   = 0x52697665
	tagInvalidDate = 0x52697666
)

// jsonTranscoder lets what a Go value says of itself in JSON stand for it, with its numbers as
// they are written.
type jsonTranscoder struct{}

func (jsonTranscoder) Transcode(to io.Writer, from io.Reader) error {
	data, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	v, err := DecodeJSON(data)
	if err != nil {
		return err
	}
	prepared, err := reading{exact: true}.value(v)
	if err != nil {
		return err
	}
	return goCBOR.NewEncoder(to).Encode(prepared)
}

func goTags() cbor.TagSet {
	tags := cbor.NewTagSet()
	opts := cbor.TagOptions{EncTag: cbor.EncTagRequired, DecTag: cbor.DecTagRequired}
	err := errors.Join(
		tags.Add(opts, reflect.TypeFor[Undefined](), tagUndefined),
		tags.Add(opts, reflect.TypeFor[Set](), tagSet),
	)
	return must(tags, err)
}

// must is for settings that are fixed in this file.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Marshal writes a value as an actor's bare encoding and its input take it.
func Marshal(v any) ([]byte, error) {
	prepared, err := cborForm.outgoing(v)
	if err != nil {
		return nil, err
	}
	return wireCBOR.Marshal(prepared)
}

// Unmarshal reads exactly one value.
func Unmarshal(data []byte) (any, error) {
	v, err := DecodeCBOR(data)
	if err != nil {
		return nil, err
	}
	return Read(v)
}

// EncodeCBOR writes what [Model] returned.
func EncodeCBOR(model any) ([]byte, error) { return wireCBOR.Marshal(model) }

// DecodeCBOR reads exactly one value, which [Read] and [ReadPlain] take, as what [DecodeJSON] returns.
func DecodeCBOR(data []byte) (any, error) {
	var v any
	err := anyCBOR.Unmarshal(markJavaScript(data), &v)
	return v, err
}
