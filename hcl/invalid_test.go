package hcl

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/view"
)

var update = flag.Bool("update", false, "rewrite testdata/messages.txt")

// TestMistakesAreExplained evaluates each wrong configuration of testdata/invalid and compares what is said of it with
// the comments in it. A comment
//
//	# ERROR: summary | part of the detail
//
// stands at the end of the line that the error is about, or on a line of its own where there is no such line. In JSON it
// is the value of the property "//". The configuration is evaluated without these comments, with the variables that
// comments "# -var NAME=VALUE" give. All messages, as a user sees them, are in testdata/messages.txt.
func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	var messages bytes.Buffer
	for _, path := range testFiles(t, "testdata/invalid/*") {
		m := readMistakes(t, path)
		cfg, diags := m.evaluate(t)
		m.compare(t, diags)
		for _, d := range diags {
			if err := view.DrawDiagnostic(&messages, view.DescribeDiagnostic(d, cfg.Files()), view.Options{Width: 100, Wrap: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	compareGolden(t, "testdata/messages.txt", messages.Bytes())
}

// TestSuggestionsAreMadeForTheFirstHundredNames: to seek one among all names for each of as many wrong ones is quadratic.
func TestSuggestionsAreMadeForTheFirstHundredNames(t *testing.T) {
	t.Parallel()
	const steps = `actor "x" "a" {
		key = "a"
		action "greet" {}`
	for name, c := range map[string]struct{ head, each, tail, values string }{
		"variable":              {`variable "name" { default = 1 }`, "\noutput \"oI\" { value = var.naem }", "", ""},
		"local value":           {"locals { name = 1 }", "\noutput \"oI\" { value = local.naem }", "", ""},
		"name of another kind":  {"locals { name = 1 }", "\noutput \"oI\" { value = var.name }", "", ""},
		"name without its kind": {"locals { name = 1 }", "\noutput \"oI\" { value = name.x }", "", ""},
		"step":                  {steps, "\naction \"nI\" { args = [step.gret.output] }", "\n}", ""},
		"value":                 {`variable "quite_a_long_name" { default = 1 }`, "", "", "\nquite_a_long_nameI = 1"},
	} {
		files := configurationOf(c.head, c.each, c.tail, 150)
		files["a.auto.rivetvars.hcl"] = configurationOf("", c.values, "", 150)["main.rivet.hcl"]
		cfg, diags := LoadSources(".", files)
		_, more := cfg.Variables(VariableSources{})
		suggested := 0
		for _, d := range append(diags, more...) {
			suggested += strings.Count(d.Detail, "Did you mean")
		}
		if suggested != 100 {
			t.Errorf("%s: %d suggestions", name, suggested)
		}
	}
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; -update rewrites it: %s", path, diff)
	}
}

// mistakes are a configuration with what is wrong with it.
type mistakes struct {
	path     string
	files    map[string][]byte
	given    []Given
	expected []expectation
}

// expectation is a diagnostic as a comment spells it.
type expectation struct {
	severity string
	file     string
	line     int // 0 for one that has no place
	summary  string
	detail   string
}

func readMistakes(t *testing.T, path string) *mistakes {
	t.Helper()
	m := &mistakes{path: path, files: map[string][]byte{}}
	err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil {
			m.add(path, content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var givenComment = regexp.MustCompile(`^# -var (.*)`)

func (m *mistakes) add(path string, content []byte) {
	lines := strings.Split(string(content), "\n")
	for i, line := range lines {
		if given := givenComment.FindStringSubmatch(line); given != nil {
			m.given = append(m.given, Given{Assignment: given[1]})
		}
		at := strings.Index(line, "# ERROR: ")
		if at < 0 {
			at = strings.Index(line, "# WARNING: ")
		}
		if at < 0 {
			continue
		}
		comment := line[at:]
		if strings.HasSuffix(path, ".json") {
			comment, _, _ = strings.Cut(comment, `"`)
		} else {
			lines[i] = strings.TrimRight(line[:at], " ")
		}
		for _, one := range strings.Split(comment, "# ")[1:] {
			m.expect(path, i+1, one, lines[i] == "")
		}
	}
	m.files[path] = []byte(strings.Join(lines, "\n"))
}

func (m *mistakes) expect(path string, line int, comment string, anywhere bool) {
	if anywhere {
		path, line = "", 0
	}
	severity, rest, _ := strings.Cut(comment, ": ")
	summary, detail, _ := strings.Cut(rest, " | ")
	m.expected = append(m.expected, expectation{severity, path, line, strings.TrimSpace(summary), strings.TrimSpace(detail)})
}

// evaluate takes the configuration as far as it goes with a server that has no actors.
func (m *mistakes) evaluate(t *testing.T) (*Config, hcl2.Diagnostics) {
	t.Helper()
	cfg, diags := LoadSources(m.path, m.files)
	if diags.HasErrors() {
		return cfg, diags
	}
	values, more := cfg.Variables(VariableSources{Given: m.given})
	diags = append(diags, more...)
	e, more := cfg.Evaluate(values, Options{Workdir: "/somewhere"})
	diags = append(diags, more...)
	server := Server{Observer: &fakeServer{}}
	if diags.HasErrors() {
		server.Observer = nil
	}
	more, err := e.Observe(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	diags = append(diags, more...)
	SortDiagnostics(diags)
	return cfg, diags
}

func (m *mistakes) compare(t *testing.T, diags hcl2.Diagnostics) {
	t.Helper()
	for _, d := range diags {
		i := slices.IndexFunc(m.expected, func(e expectation) bool { return e.matches(d) })
		if i < 0 {
			t.Errorf("%s: unexpected: %s | %s", m.path, d.Error(), d.Detail)
			continue
		}
		m.expected = slices.Delete(m.expected, i, i+1)
	}
	for _, e := range m.expected {
		t.Errorf("%s:%d: not said: %s | %s", m.path, e.line, e.summary, e.detail)
	}
}

func (e expectation) matches(d *hcl2.Diagnostic) bool {
	severity, place := "ERROR", fmt.Sprint("", 0)
	if d.Severity == hcl2.DiagWarning {
		severity = "WARNING"
	}
	if d.Subject != nil {
		place = fmt.Sprint(d.Subject.Filename, d.Subject.Start.Line)
	}
	return severity == e.severity && place == fmt.Sprint(e.file, e.line) && d.Summary == e.summary && strings.Contains(d.Detail, e.detail)
}
