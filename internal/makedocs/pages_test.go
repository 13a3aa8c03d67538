package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/hcl"
	"riveter/internal/cli"
)

func TestThePagesAreCurrent(t *testing.T) {
	t.Parallel()
	pages, err := fill("../..")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range pages {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is out of date; \"go run ./internal/makedocs\" rewrites it: %s", path, diff)
		}
	}
}

// TestEverythingOfTheLanguageIsFound has each block, argument and function in a table and, but for the functions, in an example.
func TestEverythingOfTheLanguageIsFound(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	examples := strings.Join(regexp.MustCompile("(?s)```hcl\n.*?```").FindAllString(page, -1), "\n")
	look := func(name, typ string, b *hcl.BlockSchema) {
		pattern := `\b` + name + ` += `
		if b != nil {
			pattern = `\b` + name + `( "[^"]+")* \{`
		} else if !strings.Contains(page, "| `"+name+"` | "+typ) {
			t.Errorf("%s is in no table", name)
		}
		if !regexp.MustCompile(pattern).MatchString(examples) {
			t.Errorf("%s is in no example", name)
		}
	}
	language := cli.Manual().Language
	each(language.Module, look)
	for name := range language.Functions {
		if !strings.Contains(page, "| `"+name+"(") {
			t.Errorf("the function %s is not there", name)
		}
	}
}

// each goes through what a block may hold, at any depth: arguments, and blocks.
func each(b *hcl.BlockSchema, look func(name, typ string, b *hcl.BlockSchema)) {
	for name, a := range b.Attributes {
		look(name, a.Type, nil)
	}
	for name, nested := range b.Blocks {
		look(name, "", nested.Block)
		each(nested.Block, look)
		for _, labelled := range nested.ByLabel {
			each(labelled, look)
		}
	}
}

// TestEveryCommandIsFound has each command and flag in the page of the commands.
func TestEveryCommandIsFound(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cli.Manual().Program.Commands {
		if !strings.Contains(string(page), "<!-- generated: command "+c.Name+" -->") {
			t.Errorf("%s is not there", c.Name)
		}
	}
}

// TestErrorsAreCalledWhatThePageSays looks for the titles of errors among the sources.
func TestErrorsAreCalledWhatThePageSays(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/trouble.md")
	if err != nil {
		t.Fatal(err)
	}
	said, _, _ := strings.Cut(string(page), "| You see |")
	sources := sources(t)
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z][a-z ]+)`).FindAllStringSubmatch(said, -1) {
		if title := strings.TrimSpace(row[1]); title != "Riveter says" && !strings.Contains(sources, `"`+title+`"`) {
			t.Errorf("there is no error %q", title)
		}
	}
}

// sources are those of riveter, tests left out, in one.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range []string{"../../internal", "../../apply", "../../hcl", "../../plan"} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			all.Write(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestThePictureIsOfTheReadmesConfiguration compares the first sample with what the plan was made of.
func TestThePictureIsOfTheReadmesConfiguration(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile("../../docs/picture/main.rivet.hcl")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```hcl\n"+string(drawn)+"```\n") {
		t.Error("README.md does not show docs/picture/main.rivet.hcl")
	}
}

// TestEveryLinkLeadsSomewhere looks for the files and headings that pages link to.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	pages, err := fill("../..")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	link := regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`)
	for path, page := range pages {
		for _, to := range link.FindAllStringSubmatch(code.ReplaceAllString(string(page), ""), -1) {
			target := path
			if to[1] != "" {
				target = filepath.Join(filepath.Dir(path), to[1])
			}
			content, err := os.ReadFile(target)
			if err != nil && !isDirectory(target) {
				t.Errorf("%s links to %s, which is not there", path, to[1])
			}
			if to[2] != "" && err == nil && !slices.Contains(anchors(string(content)), to[2]) {
				t.Errorf("%s links to %s in %s, which has no such heading", path, to[2], target)
			}
		}
	}
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// anchors are what headings are called in links.
func anchors(page string) []string {
	var all []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}
