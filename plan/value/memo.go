package value

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// Digest returns a keyed digest of parts, each a wholly known value: the same key and equal values give the same digest,
// and without the key nobody can guess a value from its digest.
func Digest(key []byte, parts ...cty.Value) (string, error) {
	encodings, err := encodeAll(parts)
	if err != nil {
		return "", err
	}
	return DigestEncoded(key, encodings...), nil
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

// DigestEncoded returns what [Digest] does for values that [Encode] has written.
func DigestEncoded(key []byte, encodings ...[]byte) string {
	m, _ := macs.Get().(*mac)
	if m == nil || m.key != string(key) {
		m = &mac{hmac.New(sha256.New, key), string(key)}
	}
	for _, data := range encodings {
		m.Write(data)
		m.Write(newline) // encodings have none, so parts cannot run into each other
	}
	var sum [sha256.Size]byte
	digest := hex.EncodeToString(m.Sum(sum[:0]))
	m.Reset()
	macs.Put(m)
	return digest
}

// macs are those that were used, as a new one takes longer than most values: digests are many, and keys are few.
var macs sync.Pool

type mac struct {
	hash.Hash
	key string
}

var newline = []byte{'\n'}

// Memo remembers a value by its digest, and in full unless it is sensitive.
type Memo struct {
	Absent bool            // there was no value at all, which is not the same as null
	Digest string          // empty when nobody knows the value
	Value  json.RawMessage // as EncodeValue writes it; nil when it is sensitive
	// Recipe is a digest of how the value is made, where it is made of results that are not kept; empty otherwise.
	Recipe string
}

// Remember returns the memo of a wholly known value: its digest, and the value itself unless a part of it is sensitive.
// An absent value, cty.NilVal, is remembered as absent. Of what is not known as nobody kept it, there is only how it is made.
func Remember(key []byte, v cty.Value) (memo Memo, err error) {
	if v == cty.NilVal {
		return Memo{Absent: true}, nil
	}
	if !IsUnkept(v) {
		if memo, err = RememberPart(key, 0, v); err != nil {
			return memo, err
		}
	}
	memo.Recipe, err = RecipeOf(key, v)
	return memo, err
}

// RememberPart returns the memo of one of several values, whose digest is that of all of them.
func RememberPart(key []byte, which int, parts ...cty.Value) (Memo, error) {
	encodings, err := encodeAll(parts)
	if err != nil {
		return Memo{}, err
	}
	memo := Memo{Digest: DigestEncoded(key, encodings...)}
	if !HasSensitive(parts[which]) {
		memo.Value = encodings[which]
	}
	return memo, nil
}

// Is reports whether [Remember] gave the memo for v. Where results that nobody kept are a part of v, it is taken to have done so if v
// is made in the same way, or see [Memo.MayBe].
func (m Memo) Is(key []byte, v cty.Value) (bool, error) {
	if v == cty.NilVal || m.Absent {
		return v == cty.NilVal && m.Absent, nil
	}
	if IsUnkept(v) || m.Digest == "" && IsKnown(v) {
		recipe, err := RecipeOf(key, v)
		return recipe == m.Recipe || m.MayBe(v), err
	}
	digest, err := Digest(key, v)
	return digest == m.Digest, err
}

// MayBe reports whether the memo, which does not say how the value was made, may be of v: of results that were no secret and are in
// doubt since, and with what is known beside them.
func (m Memo) MayBe(v cty.Value) bool {
	if m.Recipe != "" || !IsDoubted(v) {
		return false
	}
	before, remembered := m.Decoded()
	return !remembered || FillsIn(v, before)
}

// Equal reports whether two memos remember the same value.
func (m Memo) Equal(o Memo) bool { return m.Absent == o.Absent && m.Digest == o.Digest }

// Known reports whether the memo tells what the value is.
func (m Memo) Known() bool { return m.Absent || m.Digest != "" }

// Tells reports whether the memo tells anything about the value.
func (m Memo) Tells() bool { return m.Known() || m.Recipe != "" }

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
	if m.IsPlainly(now) {
		return now
	}
	v, _ := m.Decoded()
	if v != cty.NilVal && HasSensitive(now) {
		v = v.Mark(Sensitive)
	}
	return v
}

// IsPlainly reports whether the memo has a value in full that is v, with nothing sensitive or unknown in it. That takes less than [Memo.Is],
// and what does not hold may hold there.
func (m Memo) IsPlainly(v cty.Value) bool {
	if m.Value == nil || v == cty.NilVal || !IsPlain(v) {
		return false
	}
	data, err := Encode(v)
	return err == nil && bytes.Equal(data, m.Value)
}
