package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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
	if utf8.Valid(encoded) && !bytes.ContainsFunc(encoded, isUnprintable) {
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
