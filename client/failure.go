package client

import (
	"mime"
	"net/http"

	"riveter/client/internal/bare"
)

// failure is an error on the wire, as the engine and the runtime of actors send it.
type failure struct {
	group, code, message string
	metadata             any
	fromActor            bool // its writer says which actor it is
}

// decodeError reads the answer to a request that failed. What is not Rivet's becomes
// an error without a code.
func decodeError(a answer, encoding Encoding) *Error {
	var f failure
	var err error
	switch media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); {
	case media == "application/json":
		f, err = unmarshalFailure(JSON, a.body)
	case media == "application/octet-stream" && encoding != JSON:
		f, err = unmarshalFailure(encoding, a.body)
	}
	e := &Error{Group: f.group, Code: f.code, Message: f.message, Metadata: f.metadata, Status: a.status}
	if err != nil || f.code == "" {
		e = &Error{Message: http.StatusText(a.status), Status: a.status}
	}
	if e.speaker = a.speaker(); f.fromActor {
		e.speaker = byActor
	}
	e.delivery = deliveryOfAnswer(e)
	return e
}

func unmarshalFailure(encoding Encoding, data []byte) (failure, error) {
	if encoding == Bare {
		r, err := openBare(data)
		if err != nil {
			return failure{}, err
		}
		f := failure{group: r.Str(), code: r.Str(), message: r.Str()}
		metadata := bare.Optional(r, r.Data)
		f.fromActor = readActorSpecifier(r)
		return f.withMetadata(metadata, r.Close())
	}
	body, err := encoding.unmarshalModel(data)
	if err != nil {
		return failure{}, err
	}
	return failureFrom(body)
}

// failureFrom picks the members of an error object; those of another type count as
// absent.
func failureFrom(body map[string]any) (failure, error) {
	var f failure
	f.group, _ = body["group"].(string)
	f.code, _ = body["code"].(string)
	f.message, _ = body["message"].(string)
	f.fromActor = body["actor"] != nil
	var err error
	f.metadata, err = plainValue(body["metadata"])
	return f, err
}

func (f failure) withMetadata(data *[]byte, err error) (failure, error) {
	if err != nil || data == nil {
		return f, err
	}
	v, err := decodeCBOR(*data)
	if err != nil {
		return f, err
	}
	f.metadata, err = plainValue(v)
	return f, err
}

// readActorSpecifier passes over the optional description of the actor.
func readActorSpecifier(r *bare.Reader) bool {
	if !r.Bool() {
		return false
	}
	r.Str()
	r.Uint()
	bare.Optional(r, r.Str)
	return true
}
