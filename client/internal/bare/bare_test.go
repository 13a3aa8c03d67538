package bare_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"testing"

	"pgregory.net/rapid"

	"riveter/client/internal/bare"
)

func TestEverythingComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, flag := rapid.Uint64().Draw(t, "n"), rapid.Bool().Draw(t, "flag")
		data, text := rapid.SliceOf(rapid.Byte()).Draw(t, "data"), rapid.String().Draw(t, "text")
		b := bare.AppendUint(bare.AppendU64(bare.AppendU16(nil, uint16(n)), n), n)
		b = bare.AppendStr(bare.AppendData(bare.AppendBool(b, flag), data), text)
		b = bare.AppendStr(bare.AppendBool(bare.AppendBool(b, false), true), text)
		r := bare.NewReader(b)
		if got := r.U16(); got != uint16(n) {
			t.Errorf("U16 = %d", got)
		}
		if got := r.U64(); got != n {
			t.Errorf("U64 = %d", got)
		}
		if got := r.Uint(); got != n {
			t.Errorf("Uint = %d", got)
		}
		if got := r.Bool(); got != flag {
			t.Errorf("Bool = %v", got)
		}
		if got := r.Data(); !bytes.Equal(got, data) {
			t.Errorf("Data = %x", got)
		}
		if got := r.Str(); got != text {
			t.Errorf("Str = %q", got)
		}
		if got := bare.Optional(r, r.Str); got != nil {
			t.Errorf("absent = %q", *got)
		}
		if got := bare.Optional(r, r.Str); got == nil || *got != text {
			t.Errorf("present = %v", got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestMalformedMessagesAreErrors(t *testing.T) {
	for _, c := range []struct {
		name, data string
		read       func(*bare.Reader)
	}{
		{"nothing", "", func(r *bare.Reader) { r.Uint() }},
		{"unfinished integer", "80", func(r *bare.Reader) { r.Uint() }},
		{"integer of 70 bits", "ffffffffffffffffff7f", func(r *bare.Reader) { r.Uint() }},
		{"integer with a needless byte", "8000", func(r *bare.Reader) { r.Uint() }},
		{"boolean of 2", "02", func(r *bare.Reader) { r.Bool() }},
		{"optional of 2", "0201", func(r *bare.Reader) { bare.Optional(r, r.Uint) }},
		{"short data", "0301", func(r *bare.Reader) { r.Data() }},
		{"data of 2^64-1 bytes", "ffffffffffffffffff0100", func(r *bare.Reader) { r.Data() }},
		{"text that is not UTF-8", "01ff", func(r *bare.Reader) { r.Str() }},
		{"short U64", "01020304050607", func(r *bare.Reader) { r.U64() }},
		{"bytes left", "0102", func(r *bare.Reader) { r.Uint() }},
	} {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		r := bare.NewReader(data)
		c.read(r)
		if err := r.Close(); err == nil {
			t.Errorf("%s is read", c.name)
		}
		if n := r.Uint(); n != 0 || r.Str() != "" || r.Data() != nil {
			t.Errorf("%s: the reader goes on", c.name)
		}
	}
	if got := bare.AppendUint(nil, math.MaxUint64); len(got) != 10 {
		t.Errorf("the largest integer takes %d bytes", len(got))
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("\x04\x00\x01a\x01\x02\x03"), "uusdbo")
	f.Fuzz(func(t *testing.T, data []byte, fields string) {
		r, read := bare.NewReader(data), 0
		for _, field := range fields {
			switch field {
			case 'u':
				r.Uint()
			case 's':
				read += len(r.Str())
			case 'd':
				read += len(r.Data())
			case 'b':
				r.Bool()
			case 'o':
				bare.Optional(r, r.U64)
			}
		}
		if read > len(data) {
			t.Fatalf("%d bytes came out of %d", read, len(data))
		}
	})
}
