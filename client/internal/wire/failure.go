package wire

import (
	"riveter/client/internal/bare"
	"riveter/client/internal/value"
)

// Failure is an error on the wire, as the engine and the runtime of actors send it.
type Failure struct {
	Group, Code, Message string
	Metadata             any
	Actor                *Specifier // which actor says it
}

// Specifier is how an actor's runtime says which actor it is.
type Specifier struct {
	ID         string
	Generation uint64
	Key        *string
}

// UnmarshalFailure reads an error that is an answer of its own.
func UnmarshalFailure(encoding Encoding, data []byte) (Failure, error) {
	if encoding == Bare {
		r, version, err := openBare(data)
		if err != nil {
			return Failure{}, err
		}
		f := Failure{Group: r.Str(), Code: r.Str(), Message: r.Str()}
		metadata := bare.Optional(r, r.Data)
		if version >= bareVersionActor {
			f.Actor = bare.Optional(r, func() Specifier { return readSpecifier(r) })
		}
		return f.withMetadata(metadata, r.Close())
	}
	body, err := unmarshalModel(encoding, data)
	if err != nil {
		return Failure{}, err
	}
	return failureFrom(body)
}

// failureFrom picks the members of an error object; those of another type count as
// absent.
func failureFrom(body map[string]any) (Failure, error) {
	var f Failure
	f.Group, _ = body["group"].(string)
	f.Code, _ = body["code"].(string)
	f.Message, _ = body["message"].(string)
	f.Actor = specifierFrom(body["actor"])
	var err error
	f.Metadata, err = value.ReadPlain(body["metadata"])
	return f, err
}

func (f Failure) withMetadata(data *[]byte, err error) (Failure, error) {
	if err != nil || data == nil {
		return f, err
	}
	v, err := value.DecodeCBOR(*data)
	if err != nil {
		return f, err
	}
	f.Metadata, err = value.ReadPlain(v)
	return f, err
}

func readSpecifier(r *bare.Reader) Specifier {
	return Specifier{ID: r.Str(), Generation: r.Uint(), Key: bare.Optional(r, r.Str)}
}

func specifierFrom(v any) *Specifier {
	members, err := asObject(v)
	if err != nil {
		return nil
	}
	var s Specifier
	s.ID, _ = members["actorId"].(string)
	if generation, err := readCallID(members["generation"]); err == nil && generation != nil {
		s.Generation = *generation
	}
	if key, ok := members["key"].(string); ok {
		s.Key = &key
	}
	return &s
}
