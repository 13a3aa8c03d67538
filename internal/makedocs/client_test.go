package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhatThePageOfTheClientNamesIsThere looks for its functions and methods among the client's.
func TestWhatThePageOfTheClientNamesIsThere(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/client.md")
	if err != nil {
		t.Fatal(err)
	}
	names := declared(t, "../../client")
	for _, use := range regexp.MustCompile(`\b(?:c|handle|conn|client)\.([A-Z]\w+)`).FindAllStringSubmatch(string(page), -1) {
		if !names[use[1]] {
			t.Errorf("the client has no %s", use[0])
		}
	}
}

// declared returns the names of what a package declares, methods among them.
func declared(t *testing.T, dir string) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				names[n.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range n.Names {
					names[name.Name] = true
				}
			case *ast.TypeSpec:
				names[n.Name.Name] = true
			}
			return true
		})
	}
	return names
}
