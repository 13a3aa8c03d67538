package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"github.com/fxamacker/cbor/v2"

	"riveter/client/internal/bare"
	"riveter/client/internal/value"
)

// The messages that an actor sends over a connection.
type (
	// Init is the first one.
	Init struct{ ActorID, ConnectionID string }

	// Event is what the actor broadcast, or sent to the connection.
	Event struct {
		Name string
		Args []any
	}

	// Response is the result of the call with this id.
	Response struct {
		ID     uint64
		Output any
	}

	// Error answers one call, or concerns the whole connection.
	Error struct {
		Failure Failure
		ID      *uint64
	}
)

// The members of the two unions, with their numbers in BARE.
const (
	actionRequest       = 0
	subscriptionRequest = 1

	initTag     = 0
	errorTag    = 1
	responseTag = 2
	eventTag    = 3
)

// MarshalAction writes the request to run an action; the answer will carry id.
func MarshalAction(e Encoding, id uint64, name string, args []any) ([]byte, error) {
	if args == nil {
		args = []any{}
	}
	if e == Bare {
		data, err := value.Marshal(args)
		b := bare.AppendUint(append(appendVersion(), actionRequest), id)
		return bare.AppendData(bare.AppendStr(b, name), data), err
	}
	prepared, err := value.Model(args)
	if err != nil {
		return nil, err
	}
	return marshalTagged(e, "ActionRequest", map[string]any{"id": callID(e, id), "name": name, "args": prepared})
}

// callID writes the id of a call such that it arrives as the BigInt that RivetKit 2.2 insists on.
func callID(e Encoding, id uint64) any {
	if e == CBOR {
		return cbor.RawMessage(binary.BigEndian.AppendUint64([]byte{27}, id))
	}
	return []any{"$BigInt", strconv.FormatUint(id, 10)}
}

// MarshalSubscription writes the request to receive an event, or no longer to.
func MarshalSubscription(e Encoding, event string, subscribe bool) ([]byte, error) {
	if e == Bare {
		b := bare.AppendStr(append(appendVersion(), subscriptionRequest), event)
		return bare.AppendBool(b, subscribe), nil
	}
	return marshalTagged(e, "SubscriptionRequest", map[string]any{"eventName": event, "subscribe": subscribe})
}

func marshalTagged(e Encoding, tag string, val map[string]any) ([]byte, error) {
	return marshalModel(e, map[string]any{"body": map[string]any{"tag": tag, "val": val}})
}

// UnmarshalMessage reads one message: an [Init], an [Event], a [Response] or an [Error].
func UnmarshalMessage(e Encoding, data []byte) (any, error) {
	if e == Bare {
		return unmarshalBareMessage(data)
	}
	body, err := unmarshalModel(e, data)
	if err != nil {
		return nil, err
	}
	tagged, err := asObject(body["body"])
	if err != nil {
		return nil, err
	}
	val, err := asObject(tagged["val"])
	if err != nil {
		return nil, err
	}
	switch tagged["tag"] {
	case "Init":
		actorID, _ := val["actorId"].(string)
		connectionID, _ := val["connectionId"].(string)
		return Init{actorID, connectionID}, nil
	case "Event":
		name, _ := val["name"].(string)
		args, err := eventArgs(val["args"])
		return Event{name, args}, err
	case "ActionResponse":
		return modelResponse(val)
	case "Error":
		return modelError(val)
	default:
		return nil, errors.New("message with an unknown tag")
	}
}

func modelResponse(val map[string]any) (any, error) {
	id, err := readCallID(val["id"])
	if err != nil || id == nil {
		return nil, errors.New("answer without the id of a call")
	}
	output, err := value.Read(val["output"])
	return Response{*id, output}, err
}

func modelError(val map[string]any) (any, error) {
	id, err := readCallID(val["actionId"])
	if err != nil {
		return nil, err
	}
	f, err := failureFrom(val)
	return Error{f, id}, err
}

// readCallID reads the id of a call, in any form that a number can have.
func readCallID(v any) (*uint64, error) {
	number, err := value.Read(v)
	if err != nil {
		return nil, err
	}
	switch n := number.(type) {
	case nil, value.Undefined:
		return nil, nil
	case float64:
		if id := uint64(max(n, 0)); float64(id) == n {
			return &id, nil
		}
	case *big.Int:
		if n.IsUint64() {
			return new(n.Uint64()), nil
		}
	}
	return nil, errors.New("id of a call is no whole number of 64 bits")
}

// eventArgs reads the arguments of an event, which themselves are subject to markers.
func eventArgs(v any) ([]any, error) {
	read, err := value.Read(v)
	if err != nil {
		return nil, err
	}
	if args, ok := read.([]any); ok {
		return args, nil
	}
	return []any{read}, nil
}

func unmarshalBareMessage(data []byte) (any, error) {
	r, version, err := openBare(data)
	if err != nil {
		return nil, err
	}
	switch tag := r.Tag(); tag {
	case initTag:
		m := Init{r.Str(), r.Str()}
		return m, r.Close()
	case errorTag:
		return bareError(r, version)
	case responseTag:
		m := Response{ID: r.Uint()}
		m.Output, err = closeCBOR(r, r.Data())
		return m, err
	case eventTag:
		name := r.Str()
		args, err := closeCBOR(r, r.Data())
		if list, ok := args.([]any); ok {
			return Event{name, list}, err
		}
		return Event{name, []any{args}}, err
	default:
		return nil, fmt.Errorf("message with the unknown tag %d", tag)
	}
}

func bareError(r *bare.Reader, version uint16) (any, error) {
	f := Failure{Group: r.Str(), Code: r.Str(), Message: r.Str()}
	metadata := bare.Optional(r, r.Data)
	id := bare.Optional(r, r.Uint)
	if version >= bareVersionActor {
		f.Actor = bare.Optional(r, func() Specifier { return readSpecifier(r) })
	}
	f, err := f.withMetadata(metadata, r.Close())
	return Error{f, id}, err
}

// closeCBOR ends a message with the value that its last field holds.
func closeCBOR(r *bare.Reader, data []byte) (any, error) {
	if err := r.Close(); err != nil {
		return nil, err
	}
	return value.Unmarshal(data)
}
