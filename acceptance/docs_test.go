package acceptance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"riveter/internal/devrivet"
)

// Every sample of the README and of docs is run. Each page has a directory of its own, at first empty, and all have one Rivet. Comments
// before a fence, which a reader does not see, say more of it:
//
//	<!-- file: NAME -->           it is written to that file of the directory, and is not a configuration by itself
//	<!-- inside: HEADER -->       it is a part of a block with that header, such as actor "chatRoom" "room"
//	<!-- directory: examples/X -->  from here on the directory is a copy of that one
//
// A fence of hcl is a whole configuration that validate accepts. In one of console, lines that begin with "$ " are commands, and what
// follows is what they print, where … is any number of lines, and times and ids are whatever they are. One of go is a program or tests, and one
// of text after it what that prints; one of js is a program. Commands of riveter in a fence of sh are not run, but must exist with their flags.
func TestEverySampleOfTheDocumentation(t *testing.T) {
	t.Parallel()
	registry, err := filepath.Abs(filepath.Join("..", "examples", "registry"))
	if err != nil {
		t.Fatal(err)
	}
	rivet, err := devrivet.Start(context.Background(), devrivet.Options{Registry: registry, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rivet.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, path := range pages(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r := &reader{t: t, dir: t.TempDir(), endpoint: rivet.Endpoint(), registry: registry}
			r.clear()
			for _, s := range samples(t, path) {
				r.try(s)
			}
		})
	}
}

// pages are all that a user is told to read.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	return append(docs, filepath.Join("..", "README.md"), filepath.Join("..", "internal", "cli", "manual", "skill.md"))
}

// sample is a fence of a page.
type sample struct {
	place      string
	language   string
	text       string
	directives map[string]string
}

var (
	directive = regexp.MustCompile(`^<!-- (file|inside|directory): (.*) -->$`)
	fence     = regexp.MustCompile("^```(.*)$")
)

func samples(t *testing.T, path string) []sample {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	next, isOpen := sample{directives: map[string]string{}}, false
	for number, line := range strings.Split(string(page), "\n") {
		said, edge := directive.FindStringSubmatch(line), fence.FindStringSubmatch(line)
		switch {
		case edge != nil && isOpen:
			all, next, isOpen = append(all, next), sample{directives: map[string]string{}}, false
		case edge != nil:
			next.place, next.language, isOpen = fmt.Sprintf("%s:%d", path, number+1), edge[1], true
		case isOpen:
			next.text += line + "\n"
		case said != nil:
			next.directives[said[1]] = said[2]
		}
	}
	return all
}
