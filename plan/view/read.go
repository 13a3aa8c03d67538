package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Read reads a document back: the document itself, what holds one as its plan, or the output of a run with -json, of which it
// is the last one.
func Read(r io.Reader) (*Document, error) {
	var found json.RawMessage
	for values := json.NewDecoder(r); ; {
		var next json.RawMessage
		if err := values.Decode(&next); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("it is no JSON: %w", err)
		}
		if document := within(next); document != nil {
			found = document
		}
	}
	if found == nil {
		return nil, errors.New("there is no plan in it, and no report")
	}
	return decodeDocument(found)
}

// within returns the document that a JSON value is or holds, or nil.
func within(value json.RawMessage) json.RawMessage {
	var outer struct {
		Changes, Plan, Report json.RawMessage
	}
	switch {
	case json.Unmarshal(value, &outer) != nil:
		return nil
	case outer.Report != nil:
		return outer.Report
	case outer.Plan != nil:
		return outer.Plan
	case outer.Changes != nil:
		return value
	default:
		return nil
	}
}

func decodeDocument(data json.RawMessage) (*Document, error) {
	var version struct {
		Format string `json:"format_version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, err
	}
	major, _, _ := strings.Cut(FormatVersion, ".")
	if !strings.HasPrefix(version.Format, major+".") {
		return nil, fmt.Errorf("it has the format version %q, and this riveter reads %s", version.Format, FormatVersion)
	}
	d := &Document{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, err
	}
	return d, nil
}
