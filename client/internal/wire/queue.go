package wire

import (
	"errors"
	"time"

	"riveter/client/internal/bare"
	"riveter/client/internal/value"
)

// Queued is the answer to a message.
type Queued struct {
	Status   string
	Response any
}

// MarshalQueued writes a message to a queue. A limit makes the server wait for as long until it is completed.
func MarshalQueued(e Encoding, queue string, body any, limit *time.Duration) ([]byte, error) {
	if e == Bare {
		data, err := value.Marshal(body)
		b := bare.AppendData(appendVersion(), data)
		b = bare.AppendStr(bare.AppendBool(b, true), queue)
		if limit == nil {
			return bare.AppendBool(bare.AppendBool(b, false), false), err
		}
		b = bare.AppendBool(bare.AppendBool(b, true), true)
		return bare.AppendU64(bare.AppendBool(b, true), uint64(limit.Milliseconds())), err
	}
	prepared, err := value.Model(body)
	if err != nil {
		return nil, err
	}
	message := map[string]any{"body": prepared}
	if limit != nil {
		message["wait"], message["timeout"] = true, limit.Milliseconds()
	}
	return marshalModel(e, message)
}

// UnmarshalQueued reads the answer to such a message.
func UnmarshalQueued(e Encoding, data []byte) (Queued, error) {
	if e == Bare {
		r, _, err := openBare(data)
		if err != nil {
			return Queued{}, err
		}
		answer := Queued{Status: r.Str(), Response: value.Undefined{}}
		response := bare.Optional(r, r.Data)
		if err := r.Close(); err != nil || response == nil {
			return answer, err
		}
		answer.Response, err = value.Unmarshal(*response)
		return answer, err
	}
	body, err := unmarshalModel(e, data)
	if err != nil {
		return Queued{}, err
	}
	status, ok := body["status"].(string)
	if !ok {
		return Queued{}, errors.New("body has no status")
	}
	response, ok := body["response"]
	if !ok {
		return Queued{status, value.Undefined{}}, nil
	}
	read, err := value.Read(response)
	return Queued{status, read}, err
}
