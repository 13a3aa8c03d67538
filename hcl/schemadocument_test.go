package hcl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestTheSchemaDocumentFollowsItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(Describe())
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%#v", err)
	}
}

// What the document describes is written out as a configuration, which must have everything that is known, and nothing else.
func TestTheSchemaDocumentSaysWhatIsDecoded(t *testing.T) {
	unknown := func(b *BlockSchema, extra string) []string {
		var source strings.Builder
		write(&source, b, extra)
		_, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(source.String())})
		var problems []string
		for _, d := range diags {
			if strings.HasPrefix(d.Summary, "Unsupported") || strings.HasPrefix(d.Summary, "Missing required") || strings.HasPrefix(d.Summary, "Missing name") {
				problems = append(problems, d.Error())
			}
		}
		return problems
	}
	for _, problem := range unknown(Describe().Module, "") {
		t.Error(problem)
	}
	if len(unknown(Describe().Module, "made_up = 1")) < 20 {
		t.Error("an argument that is in no block of the document is decoded")
	}
}

// write writes a body with everything that its schema has, and a further argument in each nested block.
func write(source *strings.Builder, b *BlockSchema, extra string) {
	for name := range b.Attributes {
		fmt.Fprintf(source, "%s = null\n", name)
	}
	for name, n := range b.Blocks {
		labels := make([]string, len(n.Labels))
		for i := range labels {
			labels[i] = fmt.Sprintf(" %q", "some")
		}
		if len(n.ByLabel) == 0 {
			writeBlock(source, name+strings.Join(labels, ""), n.Block, extra)
		}
		for label, inner := range n.ByLabel { // the second one is a duplicate, but decoded all the same
			writeBlock(source, name+fmt.Sprintf(" %q", label), inner, extra)
		}
	}
}

func writeBlock(source *strings.Builder, header string, b *BlockSchema, extra string) {
	fmt.Fprintf(source, "%s {\n", header)
	write(source, b, extra)
	if !b.Open && len(b.Attributes) > 0 {
		fmt.Fprintln(source, extra)
	}
	fmt.Fprintln(source, "}")
}

func TestTheSchemaDocumentDescribesEverything(t *testing.T) {
	var check func(path string, b *BlockSchema)
	check = func(path string, b *BlockSchema) {
		if b.Description == "" {
			t.Errorf("%s is not described", path)
		}
		for name, a := range b.Attributes {
			if a.Description == "" || a.Type == "" {
				t.Errorf("%s.%s is not described", path, name)
			}
		}
		for name, n := range b.Blocks {
			check(path+"."+name, n.Block)
			for label, inner := range n.ByLabel {
				check(path+"."+name+"."+label, inner)
			}
		}
	}
	schema := Describe()
	check("", schema.Module)
	for name, f := range schema.Functions {
		if f.Description == "" {
			t.Errorf("the function %s is not described", name)
		}
	}
}
