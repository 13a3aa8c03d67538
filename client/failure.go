package client

import (
	"errors"
	"mime"
	"net/http"

	"riveter/client/internal/bare"
)

// failure is an error on the wire, as the engine and the runtime of actors send it.
type failure struct {
	group, code, message string
	metadata             any
	actor                *specifier // which actor says it
}

// specifier is how an actor's runtime says which actor it is.
type specifier struct {
	id         string
	generation uint64
	key        *string
}

// decodeError reads the answer to a request that failed. What is not Rivet's becomes
// an error without a code.
func decodeError(a answer, r request) *Error {
	var f failure
	var err error
	switch media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); {
	case len(a.body) == 0: // of no version of any protocol
	case media == "application/json", media == "text/plain": // RivetKit 2.2 names the latter, or nothing
		f, err = unmarshalFailure(JSON, a.body)
	case r.to.isActor() && (media == "application/octet-stream" || media == "") && r.encoding != JSON:
		f, err = unmarshalFailure(r.encoding, a.body)
	}
	e := f.asError()
	if err != nil || f.code == "" {
		e = &Error{Message: http.StatusText(a.status)}
	}
	if errors.Is(err, errVersion) {
		e.Err = err
	}
	e.Status = a.status
	switch {
	case e.speaker == byActor:
	case !r.to.isActor() && e.Code != "":
		e.speaker = byEngine // the management API needs no mark
	default:
		e.speaker = a.speaker()
	}
	e.delivery = deliveryOfAnswer(e)
	return e
}

func (f failure) asError() *Error {
	e := &Error{Group: f.group, Code: f.code, Message: f.message, Metadata: f.metadata}
	if f.actor != nil {
		e.speaker, e.ActorID, e.Generation = byActor, f.actor.id, f.actor.generation
		if f.actor.key != nil {
			e.Key = ParseKey(*f.actor.key)
		}
	}
	return e
}

func unmarshalFailure(encoding Encoding, data []byte) (failure, error) {
	if encoding == Bare {
		r, version, err := openBare(data)
		if err != nil {
			return failure{}, err
		}
		f := failure{group: r.Str(), code: r.Str(), message: r.Str()}
		metadata := bare.Optional(r, r.Data)
		if version >= bareVersionActor {
			f.actor = bare.Optional(r, func() specifier { return readSpecifier(r) })
		}
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
	f.actor = specifierFrom(body["actor"])
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

func readSpecifier(r *bare.Reader) specifier {
	return specifier{id: r.Str(), generation: r.Uint(), key: bare.Optional(r, r.Str)}
}

func specifierFrom(v any) *specifier {
	members, err := asObject(v)
	if err != nil {
		return nil
	}
	var s specifier
	s.id, _ = members["actorId"].(string)
	if generation, err := readCallID(members["generation"]); err == nil && generation != nil {
		s.generation = *generation
	}
	if key, ok := members["key"].(string); ok {
		s.key = &key
	}
	return &s
}
