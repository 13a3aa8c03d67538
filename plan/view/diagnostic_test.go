package view

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

const roomsSource = `actor "chatRoom" "room" {
  for_each = var.rooms
  key      = ["org-acme", each.key]
	input    = { topic = each.value.topic, token = "${var.token}-${local.id}" }

  action "welcome" {
    args = [var.rooms["general"].members + 1, local.list[0]]
  }
}
`

func TestDrawDiagnostic(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		source  string
		diag    func(*testing.T, *hcl2.File) *hcl2.Diagnostic
		address string
	}{
		{name: "snippet", source: roomsSource, diag: snippetDiagnostic},
		{name: "snippet_colour", options: Options{Color: true}, source: roomsSource, diag: snippetDiagnostic},
		{name: "values", source: roomsSource, diag: valuesDiagnostic},
		{name: "values_colour", options: Options{Color: true}, source: roomsSource, diag: valuesDiagnostic},
		{name: "address", source: roomsSource, address: `actor.chatRoom.room["general"].action.welcome`, diag: snippetDiagnostic},
		{name: "lines", source: roomsSource, diag: func(_ *testing.T, file *hcl2.File) *hcl2.Diagnostic {
			return &hcl2.Diagnostic{
				Severity: hcl2.DiagError, Summary: "Call failed", Detail: "user.full: the room is full",
				Subject: spanOf(file, `"welcome" {`, "]\n  }"),
			}
		}},
		{name: "end_of_file", source: "actor \"a\" \"b\" {\n  key = \"x\"\n", diag: func(_ *testing.T, file *hcl2.File) *hcl2.Diagnostic {
			_, diags := hclsyntax.ParseConfig(file.Bytes, "rooms.rivet.hcl", hcl2.InitialPos)
			return diags[0]
		}},
		{name: "no_place", diag: func(*testing.T, *hcl2.File) *hcl2.Diagnostic {
			return &hcl2.Diagnostic{
				Severity: hcl2.DiagWarning, Summary: "Rivet is slow",
				Detail: "The server at http://localhost:6420 took more than ten seconds to answer, which is longer than it should take.\n\n" +
					"It said:\n    indented lines are never wrapped, however long they may be, since they are often code or output\nand no more.",
			}
		}},
		{name: "no_place_address", address: "actor.counter.a", diag: func(*testing.T, *hcl2.File) *hcl2.Diagnostic {
			return &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: "Call failed"}
		}},
		{name: "no_source", diag: func(*testing.T, *hcl2.File) *hcl2.Diagnostic {
			return &hcl2.Diagnostic{
				Severity: hcl2.DiagError, Summary: "Duplicate actor", Detail: "There are two.",
				Subject: &hcl2.Range{Filename: "elsewhere.rivet.hcl", Start: hcl2.Pos{Line: 4, Column: 1, Byte: 99}, End: hcl2.Pos{Line: 4, Column: 2, Byte: 100}},
			}
		}},
		{name: "hostile", source: "key = \"\x1b[2J\u202e\xff\" # x\r\n", diag: func(_ *testing.T, file *hcl2.File) *hcl2.Diagnostic {
			return &hcl2.Diagnostic{
				Severity: hcl2.DiagError, Summary: "Bad \x1b]0;title\x07", Detail: "It said \x9b31m \u009b31m\r and\x00.",
				Subject: spanOf(file, "\"\x1b", "\xff\""),
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]*hcl2.File{}
			var file *hcl2.File
			if tt.source != "" {
				file, _ = hclsyntax.ParseConfig([]byte(tt.source), "rooms.rivet.hcl", hcl2.InitialPos)
				files["rooms.rivet.hcl"] = file
			}
			d := DescribeDiagnostic(tt.diag(t, file), files)
			d.Address = tt.address
			var got bytes.Buffer
			if err := DrawDiagnostic(&got, d, tt.options); err != nil {
				t.Fatal(err)
			}
			golden(t, "diagnostic_"+tt.name+".txt", got.Bytes())
		})
	}
}

func TestDiagnosticHasTheNamesOfTerraform(t *testing.T) {
	file, _ := hclsyntax.ParseConfig([]byte(roomsSource), "rooms.rivet.hcl", hcl2.InitialPos)
	d := DescribeDiagnostic(valuesDiagnostic(t, file), map[string]*hcl2.File{"rooms.rivet.hcl": file})
	got, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "diagnostic.json", append(got, '\n'))
}

func TestHighlightIsTheSubject(t *testing.T) {
	file, _ := hclsyntax.ParseConfig([]byte(roomsSource), "rooms.rivet.hcl", hcl2.InitialPos)
	for _, text := range []string{"actor", "each.key", "\tinput", "args = [var", "}\n}", "2, local"} {
		subject := spanOf(file, text, text)
		if subject == nil {
			continue
		}
		d := DescribeDiagnostic(&hcl2.Diagnostic{Subject: subject}, map[string]*hcl2.File{"rooms.rivet.hcl": file})
		s := d.Snippet
		if got := s.Code[s.HighlightStartOffset:s.HighlightEndOffset]; got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		if first, _, _ := strings.Cut(s.Code, "\n"); !strings.Contains(roomsSource, first+"\n") {
			t.Errorf("%q is no whole line", first)
		}
	}
}

func TestEveryRangeHasASnippetThatHoldsIt(t *testing.T) {
	source := []byte("a = 1\r\n\r\nb = \"ü\"")
	file, _ := hclsyntax.ParseConfig(source, "f", hcl2.InitialPos)
	for start := 0; start <= len(source); start++ {
		for end := start; end <= len(source); end++ {
			d := DescribeDiagnostic(&hcl2.Diagnostic{Subject: &hcl2.Range{
				Filename: "f", Start: hcl2.Pos{Line: 1, Column: 1, Byte: start}, End: hcl2.Pos{Line: 1, Column: 2, Byte: end},
			}}, map[string]*hcl2.File{"f": file})
			if err := DrawDiagnostic(&bytes.Buffer{}, d, Options{}); err != nil {
				t.Fatal(err)
			}
			if s := d.Snippet; s != nil && (s.HighlightStartOffset > s.HighlightEndOffset || s.HighlightEndOffset > len(s.Code)) {
				t.Fatalf("%d to %d: got %+v", start, end, s)
			}
		}
	}
}

func snippetDiagnostic(_ *testing.T, file *hcl2.File) *hcl2.Diagnostic {
	return &hcl2.Diagnostic{
		Severity: hcl2.DiagError, Summary: "Unsupported argument",
		Detail:  `An argument named "input" is not expected here, because this is only an example of what a long explanation looks like. Did you mean "inputs"?`,
		Subject: spanOf(file, "input", "input"),
	}
}

func valuesDiagnostic(t *testing.T, file *hcl2.File) *hcl2.Diagnostic {
	t.Helper()
	block := file.Body.(*hclsyntax.Body).Blocks[0].Body
	return &hcl2.Diagnostic{
		Severity: hcl2.DiagError, Summary: "Invalid template interpolation", Detail: "Something is null.",
		Subject:    spanOf(file, "each.value.topic", "each.value.topic"),
		Expression: joined{block.Attributes["input"].Expr, block.Blocks[0].Body.Attributes["args"].Expr},
		EvalContext: &hcl2.EvalContext{Variables: map[string]cty.Value{
			"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal("general"), "value": cty.ObjectVal(map[string]cty.Value{
				"topic": cty.StringVal("A topic with a \x1b[2J control sequence, " + strings.Repeat("and very long ", 20)),
			})}),
			"var": cty.ObjectVal(map[string]cty.Value{
				"token": cty.StringVal("hunter2").Mark(value.Sensitive),
				"rooms": cty.MapVal(map[string]cty.Value{"general": cty.ObjectVal(map[string]cty.Value{"members": cty.UnknownVal(cty.Number)})}),
			}),
			"local": cty.ObjectVal(map[string]cty.Value{
				"id": cty.DynamicVal, "list": val(t, `[{ a = 1, b = secret }, 2]`),
			}),
		}},
	}
}

// joined is an expression with the references of several.
type joined []hcl2.Expression

// UnwrapExpression returns the one of them that the diagnostic is of.
func (j joined) UnwrapExpression() hcl2.Expression { return j[0] }

func (j joined) Variables() []hcl2.Traversal {
	var all []hcl2.Traversal
	for _, e := range j {
		all = append(all, e.Variables()...)
	}
	return all
}

func (j joined) Value(*hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) { return cty.DynamicVal, nil }
func (j joined) Range() hcl2.Range                                     { return j[0].Range() }
func (j joined) StartRange() hcl2.Range                                { return j[0].Range() }

// spanOf returns the range from the first place of one text to the end of the next place of another.
func spanOf(file *hcl2.File, from, to string) *hcl2.Range {
	source := string(file.Bytes)
	start := strings.Index(source, from)
	if start < 0 {
		return nil
	}
	end := start + strings.Index(source[start:], to) + len(to)
	at := func(i int) hcl2.Pos {
		line := strings.LastIndex(source[:i], "\n") + 1
		return hcl2.Pos{Line: 1 + strings.Count(source[:i], "\n"), Column: 1 + i - line, Byte: i}
	}
	return &hcl2.Range{Filename: "rooms.rivet.hcl", Start: at(start), End: at(end)}
}

func TestStatementsAboutValues(t *testing.T) {
	tests := []struct {
		value cty.Value
		want  string
	}{
		{cty.NullVal(cty.String), "is null"},
		{cty.True, "is true"},
		{cty.NumberFloatVal(1.5), "is 1.5"},
		{cty.StringVal("a\"b"), `is "a\"b"`},
		{cty.ListValEmpty(cty.String), "is list of string with 0 elements"},
		{cty.TupleVal([]cty.Value{cty.True}), "is tuple with 1 element"},
		{cty.EmptyObjectVal, "is object with 0 attributes"},
		{cty.DynamicVal, "is known only after apply"},
		{cty.UnknownVal(cty.List(cty.String)), "is a list of string, known only after apply"},
		{cty.UnknownVal(cty.String).Mark(value.Sensitive), "is a sensitive value"},
		{cty.StringVal("e").Mark(value.Ephemeral), "is an ephemeral value"},
		{cty.SetVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("a")}), "is set of string with 2 elements"},
		{value.Bytes([]byte("a")), `is bytes("YQ==")`},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, statement(tt.value)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWhatIsWrittenBesideASecretIsNotShown(t *testing.T) {
	t.Parallel()
	for condition, hidden := range map[string]bool{
		`var.pin == "letmein"`: true, `contains(["letmein"], var.pin)`: true, `var.pin == 12345`: true, "[var.pin, <<E\nletmein\nE\n]": true,
		`var.other == "letmein"`: false, `length(var.pin) > 16`: false, `var.pin != ""`: false, `"Bearer ${var.pin}" + 1`: false,
	} {
		file, diags := hclsyntax.ParseConfig([]byte("condition = "+condition+"\n"), "a.rivet.hcl", hcl2.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		expr := file.Body.(*hclsyntax.Body).Attributes["condition"].Expr
		d := DescribeDiagnostic(&hcl2.Diagnostic{Summary: "No", Subject: expr.Range().Ptr(), Expression: expr, EvalContext: &hcl2.EvalContext{Variables: map[string]cty.Value{
			"var": cty.ObjectVal(map[string]cty.Value{"pin": cty.StringVal("hush").Mark(value.Sensitive), "other": cty.StringVal("x")}),
		}}}, map[string]*hcl2.File{"a.rivet.hcl": file})
		if (d.Snippet.Code == "") != hidden {
			t.Errorf("of %s there is %q", condition, d.Snippet.Code)
		}
	}
}
