package redact

import (
	"bytes"
	"encoding/json"
	"slices"
)

// JSON returns JSON with the secrets taken out of its values, in which it stays JSON: names of members are left as they are, and a
// number that is a secret becomes a string. own says which members, by the names that lead to them, are not looked at, with
// all that they hold; nil looks at everything.
func (s *Set) JSON(encoded []byte, own func(path []string) bool) ([]byte, error) {
	r := &rewriter{set: s, own: own, in: json.NewDecoder(bytes.NewReader(encoded))}
	r.in.UseNumber()
	if err := r.value(false); err != nil {
		return nil, err
	}
	return r.out.Bytes(), nil
}

// rewriter copies JSON from in to out.
type rewriter struct {
	set  *Set
	own  func(path []string) bool
	path []string
	in   *json.Decoder
	out  bytes.Buffer
}

// value copies the next value, as it is where it is riveter's own.
func (r *rewriter) value(own bool) error {
	token, err := r.in.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		return r.members(token, own)
	case string:
		if !own {
			token = r.set.Redact(token)
		}
		return r.write(token)
	case json.Number:
		if text := token.String(); !own && r.set.Holds(text) {
			return r.write(r.set.Redact(text))
		}
		return r.write(token)
	default:
		return r.write(token)
	}
}

// members copies what is in an object or list, and its end.
func (r *rewriter) members(begin json.Delim, own bool) error {
	r.out.WriteString(begin.String())
	for first := true; r.in.More(); first = false {
		if !first {
			r.out.WriteByte(',')
		}
		if err := r.member(begin, own); err != nil {
			return err
		}
	}
	end, err := r.in.Token()
	if err == nil {
		r.out.WriteString(end.(json.Delim).String())
	}
	return err
}

func (r *rewriter) member(of json.Delim, own bool) error {
	if of == '[' {
		return r.value(own)
	}
	name, err := r.in.Token()
	if err != nil {
		return err
	}
	if err := r.write(name); err != nil {
		return err
	}
	r.out.WriteByte(':')
	r.path = append(r.path, name.(string))
	defer func() { r.path = r.path[:len(r.path)-1] }()
	return r.value(own || r.own != nil && r.own(slices.Clone(r.path)))
}

func (r *rewriter) write(v any) error {
	enc := json.NewEncoder(&r.out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	r.out.Truncate(max(0, r.out.Len()-1)) // the line break that an Encoder adds
	return err
}
