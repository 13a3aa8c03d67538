package acceptance

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/fxamacker/cbor/v2"
)

// What riveter sends to actors is a version in two bytes, and then fields of BARE, of which these tests need few: numbers of
// variable length, and bytes with their length before them. Arguments and bodies are CBOR within.

var errShort = errors.New("the message is cut off")

// decodeArguments reads the first field of a call or message: the arguments, or the body.
func decodeArguments(message []byte) (any, error) {
	if len(message) < 2 {
		return nil, errShort
	}
	data, _, err := cutBytes(message[2:])
	if err != nil {
		return nil, err
	}
	return decodeCBOR(data)
}

// decodeCall reads a message over a connection, and reports whether it is a call.
func decodeCall(message []byte) (sent, bool) {
	const actionRequest = 0
	if len(message) < 3 || message[2] != actionRequest {
		return sent{}, false
	}
	rest := message[3:]
	_, n := binary.Uvarint(rest) // the number of the call
	if n <= 0 {
		return sent{}, false
	}
	name, rest, err := cutBytes(rest[n:])
	if err != nil {
		return sent{}, false
	}
	data, _, err := cutBytes(rest)
	if err != nil {
		return sent{}, false
	}
	args, err := decodeCBOR(data)
	return sent{Verb: "action", What: string(name), With: args}, err == nil
}

func cutBytes(from []byte) (data, rest []byte, err error) {
	length, n := binary.Uvarint(from)
	if n <= 0 || length > uint64(len(from)-n) {
		return nil, nil, errShort
	}
	from = from[n:]
	return from[:length], from[length:], nil
}

// decodeCBOR reads a value as JSON would have it. Nothing is read as nil.
func decodeCBOR(data []byte) (any, error) {
	if len(data) == 0 {
		return nil, nil
	}
	mode, err := cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any]()}.DecMode()
	if err != nil {
		return nil, err
	}
	var v any
	if err := mode.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return decodeBody(text), nil
}

// decodeBody reads JSON, or else text.
func decodeBody(body []byte) any {
	var v any
	switch {
	case len(body) == 0:
		return nil
	case json.Unmarshal(body, &v) != nil:
		return string(body)
	default:
		return v
	}
}
