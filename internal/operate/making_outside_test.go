package operate_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// reading has values that nobody knows before it is applied, made of files and of the environment in every way there is.
const reading = `
actor "probe" "there" { key = "there" }
actor "probe" "a" { key = "a" }
locals {
  greeting = "${file("${path.module}/local")}-${actor.probe.a.id}"
  named    = { x = "each" }
}
actor "probe" "b" {
  for_each = local.named
  key      = "b"
  input    = { note = "${filebase64("${path.module}/input")}-${actor.probe.a.id}" }
  action "text"     {
    call = "call"
    args = [local.greeting, "${file("${path.module}/text")}-${self.id}"]
  }
  action "hash"     {
    call = "call"
    args = ["${filesha256("${path.module}/hash")}-${self.id}", "${file("${path.module}/${each.value}")}-${self.id}"]
  }
  action "env"      {
    call = "call"
    args = ["${env("FIRST", "")}-${env("SECOND", "")}-${self.id}"]
  }
  action "secret"   {
    call = "call"
    args = [sensitive("${file("${path.module}/secret")}-${self.id}")]
  }
  action "template" {
    call = "call"
    args = [templatefile("${path.module}/template", { id = self.id, inner = "${path.module}/inner" })]
  }
  action "rendered" {
    call = "call"
    args = [templatefile("${path.module}/whole", self.state)]
  }
  action "list"     {
    call = "call"
    args = [fileset(path.module, "*.list"), self.id]
  }
  action "listed"   {
    call = "call"
    args = [[for name in fileset(path.module, "*.list") : "${name}-${fileexists("${path.module}/exists")}-${self.id}"]]
  }
  action "each"     {
    call = "call"
    args = [[for name in ["one", "two"] : "${file("${path.module}/${name}")}-${self.id}"]]
  }
  action "later"    {
    call = "call"
    args = [[for name in self.state : file("${path.module}/later")], try(self.state.x, file("${path.module}/tried"))]
  }
  action "waits"    {
    call = "call"
    args = []
    await "done" { condition = event.args[0] == file("${path.module}/awaited") }
    await "then" { condition = file("${path.module}/then") == "then" }
  }
}
`

// readFiles are the files that it reads.
func readFiles() map[string]string {
	files := map[string]string{"template": "${file(inner)} for ${id}", "whole": "for ${id}", "a.list": ""}
	for _, name := range []string{"local", "input", "text", "hash", "secret", "each", "one", "two", "later", "tried", "awaited", "then", "inner"} {
		files[name] = name
	}
	return files
}

// reads returns the transition in a world where all that is read is this.
func (w *world) reads(source string, files, env map[string]string) string {
	w.Helper()
	w.env = env
	if err := os.RemoveAll(w.dir); err != nil {
		w.Fatal(err)
	}
	if err := os.Mkdir(w.dir, 0o700); err != nil {
		w.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600); err != nil {
			w.Fatal(err)
		}
	}
	w.write(source)
	return w.transition()
}

// What is approved is also what is read of files and of the environment for a value that is not known yet.
func TestAnApprovalHoldsWhatIsReadForAValueThatIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "there" { key = "there" }`)
	w.applied()
	env := map[string]string{"FIRST": "one"}
	approved := w.reads(reading, readFiles(), env)
	for name := range readFiles() {
		t.Run("content of "+name, func(t *testing.T) {
			w := *w
			w.T = t
			changed := readFiles()
			changed[name] += " and ${id}"
			got := w.reads(reading, changed, env)
			if (got == approved) != (name == "a.list") {
				t.Errorf("the same transition: %t", got == approved)
			}
		})
	}
	for name, tt := range map[string]struct {
		before, after string
		files, env    map[string]string
		same          bool
	}{
		"nothing":                      {same: true},
		"what nothing reads":           {files: map[string]string{"other": "x"}, env: map[string]string{"OTHER": "x"}, same: true},
		"a variable":                   {env: map[string]string{"FIRST": "two"}},
		"a variable of the same value": {env: map[string]string{"FIRST": "", "SECOND": "one"}},
		"a variable more":              {env: map[string]string{"SECOND": "two"}},
		"a file more in a list":        {files: map[string]string{"b.list": ""}},
		"whether a file exists":        {files: map[string]string{"exists": ""}},
		"another path":                 {before: "/text\"", after: "/moved\"", files: map[string]string{"moved": "text"}, same: true},
		"another content elsewhere":    {before: "/text\"", after: "/moved\"", files: map[string]string{"moved": "other"}},
		"another function":             {before: "filesha256(", after: "filesha512("},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			files, env := readFiles(), maps.Clone(env)
			maps.Copy(files, tt.files)
			maps.Copy(env, tt.env)
			got := w.reads(strings.Replace(reading, tt.before, tt.after, 1), files, env)
			if (got == approved) != tt.same {
				t.Errorf("the same transition: %t, want %t", got == approved, tt.same)
			}
		})
	}
}

func TestInWhichFolderFilesAreReadMakesNoDifference(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	source, files := strings.Replace(reading, `"${path.module}/inner"`, `"inner"`, 1), readFiles()
	files["template"] = "for ${id} ${inner}"
	here := w.reads(source, files, nil)
	w.dir = t.TempDir()
	if there := w.reads(source, files, nil); there != here {
		t.Errorf("the transitions are %s and %s", here, there)
	}
}

func TestABinaryFileEntersWithItsBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	source := `actor "probe" "a" {
  key = "a"
  action "first" {
    call = "call"
    args = [[for name in ["x"] : "${filebase64("${path.module}/${name}")}-${self.id}"]]
  }
}`
	if w.reads(source, map[string]string{"x": "\xff"}, nil) == w.reads(source, map[string]string{"x": "\xfe"}, nil) {
		t.Error("the transition is the same")
	}
}
