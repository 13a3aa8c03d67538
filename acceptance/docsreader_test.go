package acceptance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// reader does what a page says.
type reader struct {
	t        *testing.T
	dir      string
	endpoint string
	registry string // the folder
	printed  string // by the program that was run last
}

func (r *reader) try(s sample) {
	r.t.Helper()
	if from, ok := s.directives["directory"]; ok {
		r.enter(from)
	}
	if name, ok := s.directives["file"]; ok {
		r.write(name, s.text)
		return
	}
	switch s.language {
	case "hcl":
		r.validate(s)
	case "console":
		r.run(s)
	case "sh":
		r.lookUp(s)
	case "go":
		r.runProgram(s)
	case "js":
		r.runScript(s)
	case "text":
		r.compareOutput(s)
	}
}

// runProgram runs a program in Go, or tests.
func (r *reader) runProgram(s sample) {
	r.t.Helper()
	command, name := "run", "sample.go"
	if strings.Contains(s.text, "*testing.T") {
		command, name = "test", "sample_test.go"
	}
	r.write(name, s.text)
	cmd := exec.Command("go", command, filepath.Join(r.dir, name))
	cmd.Env = append(os.Environ(), "RIVET_ENDPOINT="+r.endpoint)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Errorf("%s: %v: %s", s.place, err, out)
	}
	r.printed = string(out)
}

// runScript runs a program in JavaScript, with the packages of the registry and ours.
func (r *reader) runScript(s sample) {
	r.t.Helper()
	if _, err := os.Stat(filepath.Join(r.dir, "node_modules")); err != nil {
		if err := errors.Join(installPackages(r.dir), os.Symlink(filepath.Join(r.registry, "node_modules", "rivetkit"), filepath.Join(r.dir, "node_modules", "rivetkit"))); err != nil {
			r.t.Fatal(err)
		}
	}
	r.write("sample.mjs", s.text)
	if out, err := r.sh("node sample.mjs"); err != nil {
		r.t.Errorf("%s: %v: %s", s.place, err, out)
	}
}

// compareOutput compares what a page says that the program before prints.
func (r *reader) compareOutput(s sample) {
	r.t.Helper()
	if r.printed != "" && r.printed != s.text {
		r.t.Errorf("%s: the program prints\n%s\nand not\n%s", s.place, r.printed, s.text)
	}
	r.printed = ""
}

// enter goes to a copy of a directory of the repository.
func (r *reader) enter(from string) {
	r.t.Helper()
	r.clear()
	r.dir = r.t.TempDir()
	if err := os.CopyFS(r.dir, os.DirFS(filepath.Join("..", from))); err != nil {
		r.t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(r.dir, "riveter.ledger.json")) // of whoever has tried it there
}

// clear destroys what another page, or another part of this one, has made.
func (r *reader) clear() {
	r.t.Helper()
	rivet := engine{endpoint: r.endpoint}
	var announced struct{ Names map[string]any }
	data, err := rivet.request(http.MethodGet, "/actors/names", url.Values{"limit": {"100"}}, nil)
	if err := errors.Join(err, json.Unmarshal(data, &announced)); err != nil {
		r.t.Fatal(err)
	}
	for name := range announced.Names {
		found, err := rivet.list(url.Values{"name": {name}})
		if err != nil {
			r.t.Fatal(err)
		}
		for _, a := range found {
			if _, err := rivet.request(http.MethodDelete, "/actors/"+a.ID, nil, nil); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

func (r *reader) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// validate has riveter look at a configuration.
func (r *reader) validate(s sample) {
	r.t.Helper()
	text := s.text
	if header, ok := s.directives["inside"]; ok {
		if strings.HasPrefix(header, "actor ") {
			text = "key = \"sample\"\n" + text
		}
		text = header + " {\n" + text + "}\n"
	}
	const name = "sample.rivet.hcl"
	r.write(name, text)
	defer os.Remove(filepath.Join(r.dir, name))
	if out, err := r.sh("riveter validate -no-color " + name); err != nil {
		r.t.Errorf("%s: %s", s.place, out)
	}
}

// sh runs a command line, and returns all that a terminal would show.
func (r *reader) sh(line string) (string, error) {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "RIVET_ENDPOINT="+r.endpoint, "HOME="+r.dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// run runs the commands of a sample and compares what they print.
func (r *reader) run(s sample) {
	r.t.Helper()
	code := 0
	for _, part := range strings.Split("\n"+s.text, "\n$ ")[1:] {
		command, want, _ := strings.Cut(part, "\n")
		got, err := r.sh(fmt.Sprintf("(exit %d); %s", code, command))
		code = 0
		if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // it is no other one
			code = exit.ExitCode()
		}
		if !matches(masked(want), masked(got)) {
			r.t.Errorf("%s: %s prints\n%s\nand not\n%s", s.place, command, got, want)
		}
	}
}

// volatile is what is another one each time, in the words of a page.
var volatile = []struct {
	pattern *regexp.Regexp
	mask    string
}{
	{regexp.MustCompile(`\b[0-9a-z]{30}\b`), "ID"},
	{regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)`), "TIME"},
	{regexp.MustCompile(`\d+(\.\d+)?s\b`), "SECONDS"},
	{regexp.MustCompile(`http://(localhost|127\.0\.0\.1):\d+`), "ENDPOINT"},
	{regexp.MustCompile(` +\n`), "\n"},
}

func masked(text string) string {
	text += "\n"
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.mask)
	}
	return strings.Trim(text, "\n")
}

// matches reports whether a text is what is wanted, where a line of … is any number of lines.
func matches(want, got string) bool {
	pattern := regexp.QuoteMeta(want + "\n")
	pattern = strings.ReplaceAll(pattern, "…\n", `(.*\n)*`)
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(got + "\n")
}

var use = regexp.MustCompile(`^(?:[A-Z_]+=\S+ )*(?:riveter|go run \.) (.*)$`)

// lookUp looks whether commands of riveter that are not run have the flags that they are given.
func (r *reader) lookUp(s sample) {
	r.t.Helper()
	for line := range strings.Lines(s.text) {
		called := use.FindStringSubmatch(strings.TrimSpace(line))
		if called == nil {
			continue
		}
		words, _, _ := strings.Cut(called[1], " -- ")
		words, _, _ = strings.Cut(words, " #")
		r.hasFlags(s, strings.Fields(words))
	}
}

var longFlag = regexp.MustCompile(`^--?([a-z][a-z-]*)`)

func (r *reader) hasFlags(s sample, words []string) {
	r.t.Helper()
	name := words[0]
	if name == "ledger" && len(words) > 1 {
		name += " " + words[1]
	}
	help, err := r.sh("riveter " + name + " -help")
	if err != nil {
		r.t.Errorf("%s: riveter %s: %s", s.place, name, help)
	}
	for _, word := range words {
		if flag := longFlag.FindStringSubmatch(word); flag != nil && !strings.Contains(help, "--"+flag[1]) {
			r.t.Errorf("%s: riveter %s has no flag -%s", s.place, name, flag[1])
		}
	}
}
