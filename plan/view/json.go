package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// WriteJSON writes v as JSON on one line. Characters that could command a terminal are escaped, which does not change
// the value.
func WriteJSON(w io.Writer, v any) error {
	line, err := JSONLine(v)
	if err != nil {
		return err
	}
	_, err = w.Write(line)
	return err
}

// JSONLine is the line that WriteJSON writes.
func JSONLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return EscapeUnprintable(b.Bytes()), nil
}

// EscapeUnprintable relies on unprintable characters of JSON being within strings, but for line breaks.
func EscapeUnprintable(encoded []byte) []byte {
	isPlain := !slices.ContainsFunc(encoded, func(c byte) bool { return c < ' ' && c != '\n' || c > '~' })
	if isPlain || utf8.Valid(encoded) && !bytes.ContainsFunc(encoded, isUnprintable) {
		return encoded
	}
	var b bytes.Buffer
	for _, r := range string(encoded) {
		switch {
		case !isUnprintable(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) && r != '\n' }

// Widget counts changes as the widget of a merge request in GitLab has them. What is replaced is deleted and created.
type Widget struct {
	Create int `json:"create"`
	Update int `json:"update"`
	Delete int `json:"delete"`
}

// Widget counts the changes of the document.
func (d *Document) Widget() Widget {
	return Widget{d.Summary.Create + d.Summary.Replace, d.Summary.Update, d.Summary.Destroy + d.Summary.Replace}
}

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
