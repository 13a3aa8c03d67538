package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Read reads a document back: the document itself, what holds one as its plan, or the output of a run with -json, of which it
// is the last one, with the problems that were told after it. Of a run that told nothing but problems, those are the document.
func Read(r io.Reader) (*Document, error) {
	var found source
	for values := json.NewDecoder(r); ; {
		var next json.RawMessage
		if err := values.Decode(&next); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("it is no JSON: %w", err)
		}
		found.take(next)
	}
	return found.decode()
}

// source is a document that was found, with the problems that were told after it.
type source struct {
	document json.RawMessage
	problems []json.RawMessage
}

// take looks for a document or problem in a JSON value.
func (s *source) take(value json.RawMessage) {
	var outer struct {
		Changes, Plan, Report, Diagnostic json.RawMessage
	}
	switch {
	case json.Unmarshal(value, &outer) != nil:
	case outer.Report != nil:
		*s = source{document: outer.Report}
	case outer.Plan != nil:
		*s = source{document: outer.Plan}
	case outer.Changes != nil:
		*s = source{document: value}
	case outer.Diagnostic != nil:
		s.problems = append(s.problems, outer.Diagnostic)
	}
}

func (s *source) decode() (d *Document, err error) {
	switch {
	case s.document != nil:
		if d, err = decodeDocument(s.document); err != nil {
			return nil, err
		}
	case s.problems != nil:
		d = &Document{FormatVersion: FormatVersion}
	default:
		return nil, errors.New("there is no plan in it, and no report")
	}
	for _, problem := range s.problems {
		var diag Diagnostic
		if err := json.Unmarshal(problem, &diag); err != nil {
			return nil, err
		}
		if !d.tells(&diag) {
			d.Diagnostics = append(d.Diagnostics, &diag)
		}
	}
	return d, nil
}

// tells reports whether a problem is in the document.
func (d *Document) tells(diag *Diagnostic) bool {
	return slices.ContainsFunc(d.Diagnostics, func(told *Diagnostic) bool {
		return told.Summary == diag.Summary && told.Detail == diag.Detail && told.Address == diag.Address && told.place() == diag.place()
	})
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
