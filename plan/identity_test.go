package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestIdentityHasTheKeyAsItIsSent has the vectors of the wire reference, 3.3.
func TestIdentityHasTheKeyAsItIsSent(t *testing.T) {
	for wire, key := range map[string][]string{
		``: nil, `/`: {}, `\0`: {""}, `a`: {"a"}, `a/b`: {"a", "b"}, `a\/b`: {"a/b"}, `a\\b`: {`a\b`}, `\/`: {"/"}, `\\`: {`\`},
		`\\0`: {`\0`}, `0`: {"0"}, `a/\0`: {"a", ""}, `\0/a`: {"", "a"}, `\0/\0`: {"", ""}, `a/\0/b`: {"a", "", "b"}, `a\\\/b`: {`a\/b`},
		`a\\/b`: {`a\`, "b"}, `\/\/`: {"//"}, `a/\//b`: {"a", "/", "b"}, `a,b`: {"a,b"}, `ünï/日本/😀`: {"ünï", "日本", "😀"},
	} {
		if got := IdentityOf("n", key); got != (Identity{"n", wire}) {
			t.Errorf("%q: %+v", key, got)
		}
		if got := (Identity{"n", wire}).Parts(); !slices.Equal(got, key) || (got == nil) != (key == nil) {
			t.Errorf("%s: parts %q", wire, got)
		}
	}
}

func TestIdentityTellsKeysApart(t *testing.T) {
	keys := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]string{"", "/", `\`, "0", `\0`, "a"}), rapid.String()), 1, 4)
	rapid.Check(t, func(t *rapid.T) {
		key, other := keys.Draw(t, "key"), keys.Draw(t, "other")
		id := IdentityOf("n", key)
		if !slices.Equal(id.Parts(), key) {
			t.Fatalf("%q came back as %q", key, id.Parts())
		}
		if (id == IdentityOf("n", other)) != slices.Equal(key, other) {
			t.Fatalf("%q and %q are %+v and %+v", key, other, id, IdentityOf("n", other))
		}
		if id.Compare(IdentityOf("n", other)) == 0 != slices.Equal(key, other) {
			t.Fatalf("%q and %q compare otherwise", key, other)
		}
	})
}
