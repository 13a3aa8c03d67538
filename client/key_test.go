package client

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The vectors of RivetKit: what it writes, and reads back.
var keyVectors = []struct {
	key  Key
	wire string
}{
	{Key{}, "/"},
	{Key{""}, `\0`},
	{Key{"a"}, "a"},
	{Key{"a", "b"}, "a/b"},
	{Key{"a/b"}, `a\/b`},
	{Key{`a\b`}, `a\\b`},
	{Key{"/"}, `\/`},
	{Key{`\`}, `\\`},
	{Key{`\0`}, `\\0`},
	{Key{"0"}, "0"},
	{Key{"a", ""}, `a/\0`},
	{Key{"", "a"}, `\0/a`},
	{Key{"", ""}, `\0/\0`},
	{Key{"a", "", "b"}, `a/\0/b`},
	{Key{`a\/b`}, `a\\\/b`},
	{Key{`a\`, "b"}, `a\\/b`},
	{Key{"//"}, `\/\/`},
	{Key{"a", "/", "b"}, `a/\//b`},
	{Key{"a,b"}, "a,b"},
	{Key{","}, ","},
	{Key{"a b"}, "a b"},
	{Key{"a+b"}, "a+b"},
	{Key{"a%2Fb"}, "a%2Fb"},
	{Key{"ünï", "日本", "😀"}, "ünï/日本/😀"},
	{Key{"a\nb"}, "a\nb"},
}

func TestKeyWritesRivetKitsVectors(t *testing.T) {
	for _, v := range keyVectors {
		if got := v.key.String(); got != v.wire {
			t.Errorf("%q.String() = %q, want %q", []string(v.key), got, v.wire)
		}
		if got := ParseKey(v.wire); !got.Equal(v.key) {
			t.Errorf("ParseKey(%q) = %q, want %q", v.wire, []string(got), []string(v.key))
		}
	}
}

func TestParseKeyReadsWhatNobodyWritesAsRivetKitDoes(t *testing.T) {
	for wire, want := range map[string]Key{
		"a//b":  {"a", "", "b"},
		"a/":    {"a", ""},
		"/a":    {"", "a"},
		"//":    {"", "", ""},
		`\1`:    {"1"},
		`a\`:    {`a\`},
		`\0x`:   {""},
		`x\0`:   {""},
		`x\0\`:  {`x\`},
		`\0/\0`: {"", ""},
	} {
		if got := ParseKey(wire); !got.Equal(want) {
			t.Errorf("ParseKey(%q) = %q, want %q", wire, []string(got), []string(want))
		}
	}
}

// tricky draws parts that are made of what escaping is about.
var tricky = rapid.StringOfN(rapid.RuneFrom([]rune(`/\0,a é`)), 0, 6, -1)

func TestKeyComesBackFromItsWireForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := Key(rapid.SliceOfN(tricky, 0, 5).Draw(t, "key"))
		if got := ParseKey(key.String()); !got.Equal(key) {
			t.Fatalf("%q became %q by way of %q", []string(key), []string(got), key.String())
		}
	})
}

func TestDifferentKeysHaveDifferentWireForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Key(rapid.SliceOfN(tricky, 0, 3).Draw(t, "a"))
		b := Key(rapid.SliceOfN(tricky, 0, 3).Draw(t, "b"))
		if (a.String() == b.String()) != a.Equal(b) {
			t.Fatalf("%q and %q both become %q", []string(a), []string(b), a.String())
		}
	})
}

func FuzzParseKey(f *testing.F) {
	for _, v := range keyVectors {
		f.Add(v.wire)
	}
	f.Fuzz(func(t *testing.T, wire string) {
		key := ParseKey(wire)
		if again := ParseKey(key.String()); !again.Equal(key) {
			t.Fatalf("%q reads as %q, which comes back as %q", wire, []string(key), []string(again))
		}
	})
}

func TestValidateKnowsTheEnginesLimits(t *testing.T) {
	for _, c := range []struct {
		name string
		key  Key
		want string // part of the error, empty for none
	}{
		{"empty", Key{}, ""},
		{"at the limit", Key{strings.Repeat("z", 1024)}, ""},
		{"one byte over", Key{strings.Repeat("z", 1025)}, "1025 bytes"},
		{"over when escaped", Key{strings.Repeat("/", 513)}, "1026 bytes"},
		{"over in bytes, not in letters", Key{strings.Repeat("é", 513)}, "1026 bytes"},
		{"NUL", Key{"a", "b\x00"}, "part 1 contains a NUL byte"},
		{"not UTF-8", Key{"\xff"}, "part 0 is not valid UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.key.Validate()
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("Validate() = %v, want %q", err, c.want)
			}
		})
	}
}
