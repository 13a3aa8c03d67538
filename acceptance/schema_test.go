package acceptance

import (
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// followsSchema checks that every line of a file, or of the standard output of the last command, is as the schema of -json says.
func followsSchema(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: follows-schema [FILE]")
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(ts.Getenv("EXAMPLES"), "..", "internal", "cli", "screen", "stream.schema.json"))
	ts.Check(err)
	lines, output := 0, ts.ReadFile(strings.Join(append(args, "stdout")[:1], ""))
	written.add(output)
	for line := range strings.Lines(output) {
		lines++
		message, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		ts.Check(err)
		if err := schema.Validate(message); err != nil {
			ts.Fatalf("%s%#v", line, err)
		}
	}
	if lines == 0 {
		ts.Fatalf("there is no output")
	}
}
