package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// canonical takes out the white space that made a value readable.
func canonical(v json.RawMessage) json.RawMessage {
	if v == nil {
		return nil
	}
	b := bytes.NewBuffer(make([]byte, 0, len(v)))
	_ = json.Compact(b, v) // whoever decoded the value has seen that it is JSON
	return b.Bytes()
}

// decodeStrictly reads one value of JSON, and no member that v has no place for.
func decodeStrictly(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// text is a string that null cannot stand for.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("null is in the place of a text")
	}
	return json.Unmarshal(data, (*string)(t))
}

// encodeLine writes v as JSON on one line, without the end of the line.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
