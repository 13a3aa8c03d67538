package plan

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/zclconf/go-cty/cty"
)

// digestOf returns a keyed digest of parts, each a wholly known value: the same key and equal values give the same digest,
// and without the key nobody can guess a value from its digest.
func digestOf(key []byte, parts ...cty.Value) (string, error) {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		data, err := EncodeValue(part)
		if err != nil {
			return "", err
		}
		mac.Write(append(data, '\n')) // encodings have no newline, so parts cannot run into each other
	}
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// Remember returns the memo of a wholly known value: its digest, and the value itself unless a part of it is sensitive.
// An absent value, cty.NilVal, is remembered as absent.
func Remember(key []byte, v cty.Value) (Memo, error) {
	if v == cty.NilVal {
		return Memo{Absent: true}, nil
	}
	digest, err := digestOf(key, v)
	if err != nil {
		return Memo{}, err
	}
	memo := Memo{Digest: digest}
	if !HasSensitive(v) {
		memo.Value, err = EncodeValue(v)
	}
	return memo, err
}

// RememberCall is [Remember] for the arguments of a step, all known: its digest covers the name of the action and the
// triggers too.
func RememberCall(key []byte, s *DesiredStep) (Memo, error) {
	memo, err := Remember(key, s.Args)
	if err != nil {
		return memo, err
	}
	parts := []cty.Value{cty.StringVal(s.Call), s.Args}
	if s.Triggers != cty.NilVal {
		parts = append(parts, s.Triggers)
	}
	memo.Digest, err = digestOf(key, parts...)
	return memo, err
}

// Equal reports whether two memos remember the same value.
func (m Memo) Equal(o Memo) bool { return m.Absent == o.Absent && m.Digest == o.Digest }

// known reports whether the memo tells anything about the value.
func (m Memo) known() bool { return m.Absent || m.Digest != "" }
