package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// DecodeJSON reads exactly one value and keeps numbers as they are written.
func DecodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("trailing text after a JSON value")
	}
	return v, nil
}
