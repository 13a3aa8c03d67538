package wire

import (
	"encoding/json"
	"errors"
	"fmt"

	"riveter/client/internal/bare"
	"riveter/client/internal/value"
)

// Encoding is how values travel between a client and an actor.
type Encoding int

const (
	// Bare is lossless, small and the same over HTTP and connections: the default.
	Bare Encoding = iota
	// CBOR carries no more than JSON does, but for results and events over a connection.
	CBOR
	// JSON cannot carry times, NaN and infinities: as arguments they are errors, and an
	// action that returns one gives nil instead, or breaks the connection.
	JSON
)

// String returns the encoding's name on the wire.
func (e Encoding) String() string {
	switch e {
	case Bare:
		return "bare"
	case CBOR:
		return "cbor"
	case JSON:
		return "json"
	default:
		return fmt.Sprintf("encoding %d", int(e))
	}
}

// A number begins every BARE message: the version of RivetKit's client protocol. We write 3,
// which RivetKit 2.2 and 2.3 both read, and read what they answer. From 4 on an error has the
// actor that says it.
const (
	bareVersion      = 3
	bareVersionActor = 4
)

// ErrVersion is the error of an answer in a version that nobody knows here.
var ErrVersion = errors.New("the answer is of the client protocol's version")

func appendVersion() []byte { return bare.AppendU16(nil, bareVersion) }

// maxVersion is beyond every version that there will be. No text begins like a message: its second byte is not zero.
const maxVersion = 255

// openBare returns a reader behind the version.
func openBare(data []byte) (r *bare.Reader, version uint16, err error) {
	r = bare.NewReader(data)
	version = r.U16()
	if len(data) == 0 {
		return r, version, errors.New("the answer is empty")
	}
	if version > maxVersion {
		return r, version, errors.New("the answer is not of the client protocol")
	}
	if version != bareVersion && version != bareVersionActor {
		err = fmt.Errorf("%w %d: this client speaks 3 (RivetKit 2.2) and 4 (RivetKit 2.3)", ErrVersion, version)
	}
	return r, version, err
}

// marshalModel writes an HTTP body in one of the encodings that pass through JSON.
func marshalModel(e Encoding, body map[string]any) ([]byte, error) {
	if e == CBOR {
		return value.EncodeCBOR(body)
	}
	return json.Marshal(body)
}

// unmarshalModel reads such a body, whose members are not yet converted.
func unmarshalModel(e Encoding, data []byte) (map[string]any, error) {
	v, err := value.DecodeJSON(data)
	if e == CBOR {
		v, err = value.DecodeCBOR(data)
	}
	if err != nil {
		return nil, err
	}
	return asObject(v)
}

// asObject accepts both forms in which the codecs hand out objects.
func asObject(v any) (map[string]any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case map[any]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[fmt.Sprint(name)] = member
		}
		return members, nil
	default:
		return nil, errors.New("body is not an object")
	}
}

// MarshalArgs writes the body of an action request.
func MarshalArgs(e Encoding, args []any) ([]byte, error) {
	if args == nil {
		args = []any{}
	}
	if e == Bare {
		data, err := value.Marshal(args)
		return bare.AppendData(appendVersion(), data), err
	}
	prepared, err := value.Model(args)
	if err != nil {
		return nil, err
	}
	return marshalModel(e, map[string]any{"args": prepared})
}

// UnmarshalOutput reads the body of an action's answer.
func UnmarshalOutput(e Encoding, data []byte) (any, error) {
	if e == Bare {
		r, _, err := openBare(data)
		if err != nil {
			return nil, err
		}
		output := r.Data()
		if err := r.Close(); err != nil {
			return nil, err
		}
		return value.Unmarshal(output)
	}
	body, err := unmarshalModel(e, data)
	if err != nil {
		return nil, err
	}
	output, ok := body["output"]
	switch {
	case ok:
		return value.Read(output)
	case len(body) == 0:
		return value.Undefined{}, nil // as RivetKit 2.2 writes it
	default:
		return nil, errors.New("body has no output")
	}
}
