package view

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// Each case is drawn into one golden file, which reads as a description of how differences look.
func TestDifferences(t *testing.T) {
	long := strings.Repeat("long ", 20)
	tests := []struct{ name, before, after string }{
		{"number", `1`, `2`},
		{"to null", `"a"`, `null`},
		{"type", `"5"`, `5`},
		{"to unknown", `"a"`, `unknown`},
		{"JavaScript values", `[big, date]`, `[bytes, undefined]`},
		{"the same JavaScript value", `{ a = big, b = 1 }`, `{ a = big, b = 2 }`},
		{"added, removed and changed members", `{ a = 1, b = 2, same = 3, also = 4 }`, `{ b = 20, c = { d = [] }, same = 3, also = 4 }`},
		{"members that name the object", `{ id = 7, name = "general", topic = "Old" }`, `{ id = 7, name = "general", topic = "New" }`},
		{"empty object filled", `{}`, `{ a = 1 }`},
		{"object to list", `{ a = 1 }`, `["a", 1]`},
		{"hidden members", `{ a = secret, b = 1 }`, `{ a = secret, b = secret }`},
		{"elements", `["a", "b", "c", "d"]`, `["a", "x", "c", "d", "e"]`},
		{"elements in another order", `["a", "b", "c"]`, `["c", "a", "b"]`},
		{
			"elements that are objects",
			`[{ name = "ada", role = "guest", age = 36 }, { name = "bob", role = "guest" }, { name = "eve" }]`,
			`[{ name = "ada", role = "owner", age = 36 }, { name = "bob", role = "guest" }]`,
		},
		{"lists in a list", `[[1, 2], [3]]`, `[[1, 2, 4], [3]]`},
		{"short text", `"one"`, `"two"`},
		{"long text with a word changed", `"` + long + `old end"`, `"` + long + `new end"`},
		{"long text with an escape in it", `"` + long + `\u001b[31m a"`, `"` + long + `\u001b[32m a"`},
		{"long text with nothing in common", `"` + long + `"`, `"` + strings.Repeat("other-", 16) + `"`},
		{"long text to a list", `"` + long + `"`, `["` + long + `", "` + long + `"]`},
		{"lines", `"a\nb\nc\n"`, `"a\nB\nc\n"`},
		{"lines without the last line break", `"a\nb\n"`, `"a\nb"`},
		{"one line to several", `"a"`, `"a\nb\n"`},
		{
			"many lines", `"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n"`,
			`"1\n2\n3\n4\n5\nx\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\ny\n"`,
		},
		{"text with what HCL would take for a template", `"a $${b} %%{c}"`, `"a $${b} %%{d}"`},
		{"new", ``, `{ short = 1, "long name" = "` + long + `", list = ["` + long + `", { a = "x\ny\n" }] }`},
		{"new with and without the last line break", ``, `["x\ny\n", "x\ny"]`},
		{"gone", `[{ a = 1 }, "` + long + `"]`, ``},
	}
	var all bytes.Buffer
	for _, tt := range tests {
		fmt.Fprintf(&all, "%s:\n", tt.name)
		c := newCanvas(&all, Options{})
		c.difference(slot{0, "value = ", ""}, symUpdate, optional(t, tt.before), optional(t, tt.after))
		if err := c.flush(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all)
	}
	golden(t, "differences.txt", all.Bytes())
}

func TestArguments(t *testing.T) {
	long := strings.Repeat("long ", 20)
	tests := []struct{ name, before, after string }{
		{"none", ``, `[]`},
		{"some", ``, `[1, "a", { b = [] }]`},
		{"one that is long", ``, `["` + long + `"]`},
		{"one with lines", ``, `["a\nb\n"]`},
		{"some that are long", ``, `["` + long + `", { a = 1 }, "a\nb\n"]`},
		{"one changed", `[1]`, `[2]`},
		{"one of some changed", `[1, "a", true]`, `[2, "a", true]`},
		{"one more", `[1]`, `[1, "a"]`},
		{"one less", `[1, "a"]`, `[1]`},
		{"one object changed", `[{ a = 1, b = 1 }]`, `[{ a = 2, b = 1 }]`},
		{"an object among some changed", `["x", { a = 1, b = 1 }]`, `["x", { a = 2, b = 1 }]`},
		{"the same, on another occasion", `[1, 2]`, `[1, 2]`},
		{"not known at all", `[1]`, `unknown`},
		{"sensitive as a whole", ``, `sensitive_list`},
	}
	var all bytes.Buffer
	for _, tt := range tests {
		before, after := mask(optional(t, tt.before)), mask(optional(t, tt.after))
		change := &Change{Address: "actor.a.b", Steps: []Step{{
			Address: "actor.a.b.action.call", Kind: "action", Call: "call", Decision: "run",
			Before: before.value, After: after.value, AfterUnknown: after.unknown, Sensitive: after.sensitive,
		}}}
		fmt.Fprintf(&all, "%s:\n", tt.name)
		c := newCanvas(&all, Options{})
		c.step(0, change, &change.Steps[0])
		if err := c.flush(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all)
	}
	golden(t, "arguments.txt", all.Bytes())
}

// optional is value, with nothing for an absent one.
func optional(t *testing.T, expression string) cty.Value {
	t.Helper()
	if expression == "" {
		return cty.NilVal
	}
	return val(t, expression)
}

func TestWordsJoinToTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if got := strings.Join(words(text), ""); got != text {
			t.Fatalf("got %q, want %q", got, text)
		}
	})
	want := []string{"don", "'", "t", " ", "do_it", ",", " ", "ünïcode", " ", " ", "5"}
	if difference := cmp.Diff(want, words("don't do_it, ünïcode  5")); difference != "" {
		t.Error(difference)
	}
}
