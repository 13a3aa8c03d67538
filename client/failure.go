package client

import (
	"errors"
	"mime"

	"riveter/client/internal/wire"
)

// decodeError reads the answer to a request that failed. What is not Rivet's becomes
// an error without a code.
func decodeError(a answer, r request) *Error {
	var f wire.Failure
	var err error
	switch media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); {
	case len(a.body) == 0: // of no version of any protocol
	case media == "application/json", media == "text/plain": // RivetKit 2.2 names the latter, or nothing
		f, err = wire.UnmarshalFailure(JSON, a.body)
	case r.to.isActor() && (media == "application/octet-stream" || media == "") && r.encoding != JSON:
		f, err = wire.UnmarshalFailure(r.encoding, a.body)
	}
	e := errorOf(f)
	if err != nil || f.Code == "" || f.Group == "" {
		e = &Error{Message: a.inWords()}
	}
	if errors.Is(err, wire.ErrVersion) {
		e.Err = err
	}
	e.Status = a.status
	switch {
	case e.speaker == byActor:
	case !r.to.isActor() && e.Code != "" && a.header.Get("X-Rivet-Ray-Id") != "":
		e.speaker = byEngine // the management API has no other mark, and this one always
	default:
		e.speaker = a.speaker()
	}
	e.delivery = deliveryOfAnswer(e)
	return e
}

func errorOf(f wire.Failure) *Error {
	e := &Error{Group: f.Group, Code: f.Code, Message: f.Message, Metadata: f.Metadata}
	if f.Actor != nil {
		e.speaker, e.ActorID, e.Generation = byActor, f.Actor.ID, f.Actor.Generation
		if f.Actor.Key != nil {
			e.Key = ParseKey(*f.Actor.Key)
		}
	}
	return e
}
