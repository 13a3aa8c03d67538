package hcl

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func TestFormat(t *testing.T) {
	const (
		before = "\xef\xbb\xbfactor \"x\"  \"a\" {\n key=\"a\" # the key\ninput = {\na=1,\nlonger=[ 1,2 ]\n}\naction \"b\" {}\n}\n"
		after  = "actor \"x\" \"a\" {\n  key = \"a\" # the key\n  input = {\n    a      = 1,\n    longer = [1, 2]\n  }\n  action \"b\" {}\n}\n"
	)
	got, diags := Format([]byte(before), "main.rivet.hcl")
	failOn(t, diags)
	if diff := cmp.Diff(after, string(got)); diff != "" {
		t.Error(diff)
	}
	if _, diags := Format([]byte("actor {"), "main.rivet.hcl"); !diags.HasErrors() {
		t.Error("a syntax error is formatted")
	}
}

// FuzzFormat formats any text: what is formatted has the same tokens, and formatting it again changes nothing.
func FuzzFormat(f *testing.F) {
	addFiles(f, "*.hcl")
	f.Fuzz(func(t *testing.T, source []byte) {
		once, diags := Format(source, "main.rivet.hcl")
		if diags.HasErrors() {
			return
		}
		if diff := cmp.Diff(tokens(t, bytes.TrimPrefix(source, []byte("\xef\xbb\xbf"))), tokens(t, once)); diff != "" {
			t.Errorf("formatting changes what is said:\n%s", diff)
		}
		twice, diags := Format(once, "main.rivet.hcl")
		failOn(t, diags)
		if !bytes.Equal(once, twice) {
			t.Errorf("formatting again changes\n%q\nto\n%q", once, twice)
		}
	})
}

// tokens lists what a text consists of but for white space.
func tokens(t *testing.T, source []byte) []string {
	t.Helper()
	lexed, diags := hclsyntax.LexConfig(source, "main.rivet.hcl", hcl2.InitialPos)
	failOn(t, diags)
	list := make([]string, len(lexed))
	for i, token := range lexed {
		list[i] = fmt.Sprintf("%s %s", token.Type, bytes.TrimSpace(token.Bytes))
	}
	return list
}
