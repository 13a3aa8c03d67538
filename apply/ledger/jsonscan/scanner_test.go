package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawValue draws what encoding/json unmarshals a value to.
func drawValue(t *rapid.T, depth int) any {
	kinds := []string{"null", "bool", "number", "text", "array", "object"}
	if depth == 0 {
		kinds = kinds[:4]
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "bool":
		return rapid.Bool().Draw(t, "bool")
	case "number":
		return rapid.Float64().Draw(t, "number")
	case "text":
		return drawText(t)
	case "array":
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return drawValue(t, depth-1) }), 0, 3).Draw(t, "array")
	case "object":
		value := rapid.Custom(func(t *rapid.T) any { return drawValue(t, depth-1) })
		return rapid.MapOfN(rapid.Custom(drawText), value, 0, 3).Draw(t, "object")
	default:
		return nil
	}
}

func drawText(t *rapid.T) string {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `"\"`, "<&>\u2028\n\x00", "ü", "a text"})).Draw(t, "text")
}

// readAs reads the value that comes next, which is of the type of want.
func readAs(s *Scanner, want any) any {
	switch want := want.(type) {
	case bool:
		return s.Bool()
	case string:
		return s.Text()
	case []any:
		got := []any{}
		for i := range s.Elements() {
			got = append(got, readAs(s, want[i]))
		}
		return got
	case map[string]any:
		got := map[string]any{}
		for name := range s.Members() {
			name := string(name)
			got[name] = readAs(s, want[name])
		}
		return got
	default:
		var got any
		if json.Unmarshal(s.Raw(), &got) != nil {
			s.Lose()
		}
		return got
	}
}

func TestScannerReadsWhatEncodingJSONWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawValue(t, 3)
		var data bytes.Buffer
		enc := json.NewEncoder(&data)
		enc.SetEscapeHTML(rapid.Bool().Draw(t, "HTML"))
		enc.SetIndent("", rapid.SampledFrom([]string{"", "  "}).Draw(t, "indent"))
		if err := enc.Encode(want); err != nil {
			t.Fatal(err)
		}
		s := New(data.Bytes())
		got := readAs(s, want)
		if err := s.End(); err != nil {
			t.Fatalf("%v in %s", err, data.Bytes())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", diff, data.Bytes())
		}
	})
}

// FuzzScanner holds whatever a scanner reads against encoding/json.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, true, null, "\u00fc\\"], "b": {}}`, "[\n  1,\n  2\n]\n", `["a","\""]`, "\"\xff\"", `"\ud800"`, "-0.0e1", "[1,]", "[,1]", `{"a"}`, "1 2", "\t1", "[]]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := New(data)
		raw := s.Raw()
		if s.End() != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%q is read", data)
		}
		if !bytes.Equal(bytes.TrimSpace(raw), bytes.TrimSpace(data)) {
			t.Fatalf("%q becomes %q", data, raw)
		}
		var want any
		if json.Unmarshal(data, &want) != nil {
			return // a number that is too large
		}
		again := New(data)
		got := readAs(again, want)
		if again.End() == nil && !cmp.Equal(want, got) {
			t.Errorf("%q becomes %v", data, got)
		}
	})
}

func TestScannerIsLost(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	raw := func(s *Scanner) { s.Raw() }
	tests := []struct {
		name, data string
		read       func(s *Scanner)
	}{
		{"where nothing is", "", raw},
		{"in a value that does not end", `{"a": [1`, raw},
		{"in a text that does not end", `"a`, raw},
		{"after a name without a value", `{"a"}`, raw},
		{"after a comma without an element", "[1,]", raw},
		{"before a comma without an element", "[,1]", raw},
		{"between elements without a comma", "[1 2]", raw},
		{"in a word that is no value", "[maybe]", raw},
		{"in an escape that is none", `"\x"`, raw},
		{"before more than a value", "1 2", raw},
		{"before a comma", "1,", raw},
		{"in a tab, which nothing is indented by", "[\t[]]", raw},
		{"deep down", nested(maxDepth + 1), raw},
		{"where a text was expected", "1", func(s *Scanner) { s.Text() }},
		{"where texts were expected", `["a",1]`, func(s *Scanner) { s.Texts() }},
		{"where a truth value was expected", "null", func(s *Scanner) { s.Bool() }},
		{"where an object was expected", "[]", func(s *Scanner) {
			for range s.Members() {
				s.Raw()
			}
		}},
		{"where its caller says so", "[1, 2]", func(s *Scanner) {
			for i := range s.Elements() {
				if i > 0 {
					panic("an element comes after it was lost")
				}
				s.Lose()
			}
		}},
		{"after what its caller did not read to the end", "[1, 2]", func(s *Scanner) {
			for range s.Elements() {
				s.Raw()
				break
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := New([]byte(test.data))
			test.read(s)
			if s.End() == nil {
				t.Fatal("it is not")
			}
			if text, list, flag, value := s.Text(), s.Texts(), s.Bool(), s.Raw(); text != "" || len(list) > 0 || flag || value != nil {
				t.Errorf("a lost scanner reads %q, %q, %v, %q", text, list, flag, value)
			}
		})
	}
	if s := New([]byte(nested(maxDepth))); s.Raw() == nil || s.End() != nil {
		t.Error("it is lost before it is deep down")
	}
}
