package hcl

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestAFolderThatIsGoneChangesOnce(t *testing.T) {
	t.Parallel()
	config, diags := Load(filepath.Join(t.TempDir(), "gone"))
	if !diags.HasErrors() || config.Changed() != "" || len(config.Folders()) > 0 {
		t.Errorf("changed: %q, of %v", config.Changed(), config.Folders())
	}
}

func TestChangesOfWhatWasReadAreFound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		change  string // file to write, or to remove if there is no content
		content string
		want    string
	}{
		{name: "nothing"},
		{name: "a file of no interest", change: "notes.txt", content: "x"},
		{name: "the same bytes", change: "text.txt", content: "hello"},
		{name: "the configuration", change: "main.rivet.hcl", content: "locals {}", want: "main.rivet.hcl"},
		{name: "another file of it", change: "more.rivet.hcl", content: "locals {}", want: "."},
		{name: "a module", change: "m/main.rivet.hcl", content: "locals {}", want: "m/main.rivet.hcl"},
		{name: "values", change: "a.auto.rivetvars.hcl", content: "v = 1", want: "."},
		{name: "values in JSON", change: "riveter.rivetvars.json", content: "{}", want: "."},
		{name: "a file that a function has read", change: "text.txt", content: "bye", want: "text.txt"},
		{name: "one that it has not found", change: "missing.txt", content: "found", want: "missing.txt"},
		{name: "one that it has listed", change: "list/sub/new.txt", content: "x", want: "list/sub"},
		{name: "one that is gone", change: "text.txt", want: "text.txt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(name, content string) {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			write("main.rivet.hcl", `
				module "m" { source = "./m" }
				locals {
					text    = file("${path.root}/text.txt")
					folder  = try(file("${path.root}/list"), "")
					missing = try(file("${path.root}/missing.txt"), "")
					list    = fileset("${path.root}/list", "**")
				}
			`)
			write("m/main.rivet.hcl", "")
			write("text.txt", "hello")
			write("list/sub/old.txt", "")
			config, diags := evaluateOffline(t, dir)
			failOn(t, diags)
			if folders := config.Folders(); !slices.Contains(folders, filepath.Join(dir, "list", "sub")) || !slices.Contains(folders, filepath.Join(dir, "m")) {
				t.Errorf("folders: %v", folders)
			}
			if test.change != "" && test.content == "" {
				if err := os.Remove(filepath.Join(dir, test.change)); err != nil {
					t.Fatal(err)
				}
			} else if test.change != "" {
				write(test.change, test.content)
			}
			want := ""
			if test.want != "" {
				want = filepath.Join(dir, test.want)
			}
			if got := config.Changed(); got != want {
				t.Errorf("changed: %q", got)
			}
		})
	}
}
