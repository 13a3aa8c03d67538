package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Part says whose a member of JSON is.
type Part int

// The parts of JSON.
const (
	Value     Part = iota // somebody else's, with the names and values of all that it holds
	Structure             // riveter's own, with values in it that are somebody else's
	Own                   // riveter's own, with all that it holds
)

// JSON returns JSON with the secrets taken out of what is not riveter's own, in which it stays JSON: a number that is a secret
// becomes a string, and names that would be alike afterwards are numbered. part says whose a member is, by the names that lead to
// it; nil says that everything is somebody else's.
func (s *Set) JSON(encoded []byte, part func(path []string) Part) ([]byte, error) {
	if text, ok := unescaped(encoded); ok && !s.Hides(text) {
		var same bytes.Buffer
		err := json.Compact(&same, encoded)
		return same.Bytes(), err
	}
	return s.rewrite(encoded, part)
}

// unescaped returns JSON with quotation marks and backslashes that stand for themselves, in which every text stands as it is. It
// reports false where anything else is escaped.
func unescaped(encoded []byte) (string, bool) {
	var text strings.Builder
	text.Grow(len(encoded))
	for {
		i := bytes.IndexByte(encoded, '\\')
		switch {
		case i < 0:
			text.Write(encoded)
			return text.String(), true
		case i+1 == len(encoded) || encoded[i+1] != '"' && encoded[i+1] != '\\':
			return "", false
		}
		text.Write(encoded[:i])
		text.WriteByte(encoded[i+1])
		encoded = encoded[i+2:]
	}
}

func (s *Set) rewrite(encoded []byte, part func(path []string) Part) ([]byte, error) {
	r := &rewriter{set: s, part: part, in: json.NewDecoder(bytes.NewReader(encoded))}
	r.in.UseNumber()
	whole := Structure
	if part == nil {
		whole = Value
	}
	if err := r.value(whole); err != nil {
		return nil, err
	}
	return r.out.Bytes(), nil
}

// rewriter copies JSON from in to out.
type rewriter struct {
	set  *Set
	part func(path []string) Part
	path []string
	in   *json.Decoder
	out  bytes.Buffer
}

// value copies the next value, as it is where it is riveter's own.
func (r *rewriter) value(of Part) error {
	token, err := r.in.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		return r.members(token, of)
	case string:
		if of != Own {
			token = r.set.Redact(token)
		}
		return r.write(token)
	case json.Number:
		if text := token.String(); of != Own && r.set.Hides(text) {
			return r.write(r.set.Redact(text))
		}
		return r.write(token)
	default:
		return r.write(token)
	}
}

// members copies what is in an object or list, and its end.
func (r *rewriter) members(begin json.Delim, of Part) error {
	r.out.WriteString(begin.String())
	hidden := map[string]int{} // how many names were hidden, by what is left of them
	for first := true; r.in.More(); first = false {
		if !first {
			r.out.WriteByte(',')
		}
		if err := r.member(begin, of, hidden); err != nil {
			return err
		}
	}
	end, err := r.in.Token()
	if err == nil {
		r.out.WriteString(end.(json.Delim).String())
	}
	return err
}

func (r *rewriter) member(in json.Delim, of Part, hidden map[string]int) error {
	if in == '[' {
		return r.value(of)
	}
	token, err := r.in.Token()
	if err != nil {
		return err
	}
	name := token.(string)
	shown := name
	if of == Value {
		shown = r.name(name, hidden)
	}
	if err := r.write(shown); err != nil {
		return err
	}
	r.out.WriteByte(':')
	r.path = append(r.path, name)
	defer func() { r.path = r.path[:len(r.path)-1] }()
	if of == Structure {
		of = r.part(slices.Clone(r.path))
	}
	return r.value(of)
}

// name returns the name of a member without secrets.
func (r *rewriter) name(name string, hidden map[string]int) string {
	shown := r.set.Redact(name)
	if shown == name {
		return name
	}
	hidden[shown]++
	if n := hidden[shown]; n > 1 {
		return fmt.Sprintf("%s %d", shown, n)
	}
	return shown
}

func (r *rewriter) write(v any) error {
	enc := json.NewEncoder(&r.out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	r.out.Truncate(max(0, r.out.Len()-1)) // the line break that an Encoder adds
	return err
}
