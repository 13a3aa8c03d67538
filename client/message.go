package client

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"github.com/coder/websocket"
	"github.com/fxamacker/cbor/v2"

	"riveter/client/internal/bare"
)

// The messages that an actor sends over a connection.
type (
	initMessage struct{ actorID, connectionID string }

	eventMessage struct {
		event Event
		size  int // as it came, in bytes
	}

	responseMessage struct {
		id     uint64
		output any
	}

	// errorMessage answers one call, or concerns the whole connection.
	errorMessage struct {
		failure failure
		id      *uint64
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

// frame returns the type of WebSocket message that the encoding uses.
func (e Encoding) frame() websocket.MessageType {
	if e == JSON {
		return websocket.MessageText
	}
	return websocket.MessageBinary
}

// marshalAction writes the request to run an action; the answer will carry id.
func (e Encoding) marshalAction(id uint64, name string, args []any) ([]byte, error) {
	if args == nil {
		args = []any{}
	}
	if e == Bare {
		data, err := marshalCBOR(args)
		b := bare.AppendUint(append(appendVersion(), actionRequest), id)
		return bare.AppendData(bare.AppendStr(b, name), data), err
	}
	prepared, err := jsonForm.outgoing(args)
	if err != nil {
		return nil, err
	}
	return e.marshalTagged("ActionRequest", map[string]any{"id": e.callID(id), "name": name, "args": prepared})
}

// callID writes the id of a call such that it arrives as the BigInt that RivetKit 2.2 insists on.
func (e Encoding) callID(id uint64) any {
	if e == CBOR {
		return cbor.RawMessage(binary.BigEndian.AppendUint64([]byte{27}, id))
	}
	return marker("$BigInt", strconv.FormatUint(id, 10))
}

// marshalSubscription writes the request to receive an event, or no longer to.
func (e Encoding) marshalSubscription(event string, subscribe bool) ([]byte, error) {
	if e == Bare {
		b := bare.AppendStr(append(appendVersion(), subscriptionRequest), event)
		return bare.AppendBool(b, subscribe), nil
	}
	return e.marshalTagged("SubscriptionRequest", map[string]any{"eventName": event, "subscribe": subscribe})
}

func (e Encoding) marshalTagged(tag string, val map[string]any) ([]byte, error) {
	return e.marshalModel(map[string]any{"body": map[string]any{"tag": tag, "val": val}})
}

// unmarshalMessage reads one message: a pointer to none of the types above is an error.
func (e Encoding) unmarshalMessage(data []byte) (any, error) {
	if e == Bare {
		return unmarshalBareMessage(data)
	}
	body, err := e.unmarshalModel(data)
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
		return initMessage{actorID, connectionID}, nil
	case "Event":
		name, _ := val["name"].(string)
		args, err := eventArgs(val["args"])
		return eventMessage{event: Event{name, args}}, err
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
	output, err := incoming(val["output"])
	return responseMessage{*id, output}, err
}

func modelError(val map[string]any) (any, error) {
	id, err := readCallID(val["actionId"])
	if err != nil {
		return nil, err
	}
	f, err := failureFrom(val)
	return errorMessage{f, id}, err
}

// readCallID reads the id of a call, in any form that a number can have.
func readCallID(v any) (*uint64, error) {
	number, err := incoming(v)
	if err != nil {
		return nil, err
	}
	switch n := number.(type) {
	case nil, Undefined:
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
	read, err := incoming(v)
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
		m := initMessage{r.Str(), r.Str()}
		return m, r.Close()
	case errorTag:
		return bareError(r, version)
	case responseTag:
		m := responseMessage{id: r.Uint()}
		m.output, err = closeCBOR(r, r.Data())
		return m, err
	case eventTag:
		name := r.Str()
		args, err := closeCBOR(r, r.Data())
		if list, ok := args.([]any); ok {
			return eventMessage{event: Event{name, list}}, err
		}
		return eventMessage{event: Event{name, []any{args}}}, err
	default:
		return nil, fmt.Errorf("message with the unknown tag %d", tag)
	}
}

func bareError(r *bare.Reader, version uint16) (any, error) {
	f := failure{group: r.Str(), code: r.Str(), message: r.Str()}
	metadata := bare.Optional(r, r.Data)
	id := bare.Optional(r, r.Uint)
	if version >= bareVersionActor {
		f.actor = bare.Optional(r, func() specifier { return readSpecifier(r) })
	}
	f, err := f.withMetadata(metadata, r.Close())
	return errorMessage{f, id}, err
}

// closeCBOR ends a message with the value that its last field holds.
func closeCBOR(r *bare.Reader, data []byte) (any, error) {
	if err := r.Close(); err != nil {
		return nil, err
	}
	return unmarshalCBOR(data)
}
