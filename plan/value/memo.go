package value

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/zclconf/go-cty/cty"
)

// Digest returns a keyed digest of parts, each a wholly known value: the same key and equal values give the same digest,
// and without the key nobody can guess a value from its digest.
func Digest(key []byte, parts ...cty.Value) (string, error) {
	encodings, err := encodeAll(parts)
	if err != nil {
		return "", err
	}
	return digestOf(key, encodings...), nil
}

func encodeAll(parts []cty.Value) (encodings [][]byte, err error) {
	encodings = make([][]byte, len(parts))
	for i, part := range parts {
		if encodings[i], err = Encode(part); err != nil {
			return nil, err
		}
	}
	return encodings, nil
}

func digestOf(key []byte, encodings ...[]byte) string {
	mac := hmac.New(sha256.New, key)
	for _, data := range encodings {
		mac.Write(data)
		mac.Write([]byte{'\n'}) // encodings have no newline, so parts cannot run into each other
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// Memo remembers a value by its digest, and in full unless it is sensitive.
type Memo struct {
	Absent bool            // there was no value at all, which is not the same as null
	Digest string          // empty when nobody knows the value
	Value  json.RawMessage // as EncodeValue writes it; nil when it is sensitive
	// Recipe is a digest of how the value is made, where it is made of results that are not kept; empty otherwise.
	Recipe string
}

// Remember returns the memo of a wholly known value: its digest, and the value itself unless a part of it is sensitive.
// An absent value, cty.NilVal, is remembered as absent.
func Remember(key []byte, v cty.Value) (Memo, error) {
	if v == cty.NilVal {
		return Memo{Absent: true}, nil
	}
	return RememberPart(key, 0, v)
}

// RememberPart returns the memo of one of several values, whose digest is that of all of them.
func RememberPart(key []byte, which int, parts ...cty.Value) (Memo, error) {
	encodings, err := encodeAll(parts)
	if err != nil {
		return Memo{}, err
	}
	memo := Memo{Digest: digestOf(key, encodings...)}
	if !HasSensitive(parts[which]) {
		memo.Value = encodings[which]
	}
	return memo, nil
}

// Is reports whether [Remember] gave the memo for v.
func (m Memo) Is(key []byte, v cty.Value) (bool, error) {
	if v == cty.NilVal {
		return m.Absent, nil
	}
	digest, err := Digest(key, v)
	return !m.Absent && digest == m.Digest, err
}

// Equal reports whether two memos remember the same value.
func (m Memo) Equal(o Memo) bool { return m.Absent == o.Absent && m.Digest == o.Digest }

// Known reports whether the memo tells anything about the value.
func (m Memo) Known() bool { return m.Absent || m.Digest != "" }

// Decoded returns the remembered value, NilVal where it is absent or not remembered in full. It reports false for the last.
func (m Memo) Decoded() (cty.Value, bool) {
	if m.Value == nil {
		return cty.NilVal, m.Absent
	}
	v, err := Decode(m.Value)
	return v, err == nil
}

// Before returns the remembered value for people to see beside the one that is now, NilVal where it is not remembered in full. It is
// sensitive where that one is: it was remembered before anybody said so.
func (m Memo) Before(now cty.Value) cty.Value {
	if m.isPlainly(now) {
		return now
	}
	v, _ := m.Decoded()
	if v != cty.NilVal && HasSensitive(now) {
		v = v.Mark(Sensitive)
	}
	return v
}

// isPlainly reports whether the memo has a value in full that is v, with nothing sensitive or unknown in it.
func (m Memo) isPlainly(v cty.Value) bool {
	if m.Value == nil || v == cty.NilVal || !IsPlain(v) {
		return false
	}
	data, err := Encode(v)
	return err == nil && bytes.Equal(data, m.Value)
}
