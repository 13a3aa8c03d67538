package view

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// shown maps types of the model to where the schema lists their values.
var shown = map[string][]string{
	"Mode":         {"properties", "mode"},
	"ChangeAction": {"$defs", "change", "properties", "action"},
	"Outcome":      {"$defs", "result"},
	"StepKind":     {"$defs", "step", "properties", "kind"},
	"Decision":     {"$defs", "step", "properties", "decision"},
	"Policy":       {"$defs", "step", "properties", "policy"},
}

// TestTheSchemaListsEveryValue compares the schema to the constants in the source of the model.
func TestTheSchemaListsEveryValue(t *testing.T) {
	_, schema := readSchema(t)
	for name, path := range shown {
		values := constants(t, name)
		if len(values) < 2 {
			t.Errorf("%s has the values %q", name, values)
		}
		var node any = schema
		for _, member := range path {
			node = node.(map[string]any)[member]
		}
		listed := node.(map[string]any)["enum"].([]any)
		for _, v := range values {
			if !slices.Contains(listed, any(v)) {
				t.Errorf("%s may be %q, which the schema does not list: %v", name, v, listed)
			}
		}
	}
}

// constants returns the texts of the constants of a type.
func constants(t *testing.T, name string) (values []string) {
	t.Helper()
	for _, pattern := range []string{"../*.go", "../address/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok || len(spec.Values) == 0 {
					return true
				}
				if id, ok := spec.Type.(*ast.Ident); ok && id.Name == name {
					text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, text)
				}
				return true
			})
		}
	}
	return values
}
