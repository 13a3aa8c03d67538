package cli

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"riveter/hcl"
	"riveter/internal/cli/outfile"
	"riveter/internal/cli/process"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/internal/redact"
)

// world is a Rivet and a folder, in which the program is run.
type world struct {
	*testing.T
	rivet *operatetest.Rivet
	dir   string
	env   process.Env // of every run
}

func newWorld(t *testing.T, files map[string]string) *world {
	t.Helper()
	w := &world{T: t, rivet: operatetest.New(), dir: t.TempDir(), env: process.Env{Width: 200}}
	for name, text := range files {
		w.write(name, text)
	}
	return w
}

func (w *world) write(name, text string) {
	w.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// fake is a server in memory that nobody has to give back.
type fake struct{ operate.Server }

func (fake) Close() {}

// ran is the end of a run.
type ran struct {
	*testing.T
	args           []string
	code           int
	stdout, stderr string
}

// run runs the program. In its arguments, DIR is the folder.
func (w *world) run(args ...string) ran {
	w.Helper()
	env := w.env
	for _, arg := range args {
		env.Args = append(env.Args, strings.ReplaceAll(arg, "DIR", w.dir))
	}
	var stdout, stderr bytes.Buffer
	env.Stdout, env.Stderr = &stdout, &stderr
	code := w.app(env).run()
	return ran{w.T, args, code, stdout.String(), stderr.String()}
}

// app returns the program in a process, with the Rivet of this world.
func (w *world) app(env process.Env) *app {
	if env.Stdin == nil {
		env.Stdin = strings.NewReader("")
	}
	if env.Chdir == nil {
		env.Chdir = func(string) error { return nil }
	}
	a := &app{env: env, process: env, secrets: &redact.Set{}, guard: &outfile.Guard{}}
	a.dial = func(r *hcl.Rivet) (server, error) {
		if _, err := a.connector().Options(r); err != nil {
			return nil, err
		}
		return fake{w.rivet.Server(cmp.Or(a.global.namespace, r.Namespace, "default"))}, nil
	}
	return a
}

// holds checks that a file has these texts.
func (w *world) holds(name string, want ...string) {
	w.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.Fatal(err)
	}
	for _, text := range want {
		if !strings.Contains(string(data), text) {
			w.Errorf("%q is not in %s:\n%s", text, name, data)
		}
	}
}

// ends checks the exit code.
func (r ran) ends(code int) ran {
	r.Helper()
	if r.code != code {
		r.Fatalf("%v ends with %d, not %d\n%s\n%s", r.args, r.code, code, r.stdout, r.stderr)
	}
	return r
}

// prints checks that standard output has what each of these expressions matches.
func (r ran) prints(expressions ...string) ran {
	r.Helper()
	r.match("standard output", r.stdout, expressions)
	return r
}

// says checks the same of standard error.
func (r ran) says(expressions ...string) ran {
	r.Helper()
	r.match("standard error", r.stderr, expressions)
	return r
}

// without checks that nothing was written anywhere that an expression matches.
func (r ran) without(expressions ...string) {
	r.Helper()
	for _, e := range expressions {
		if regexp.MustCompile("(?m)" + e).MatchString(r.stdout + r.stderr) {
			r.Errorf("%v: %q is there\n%s\n%s", r.args, e, r.stdout, r.stderr)
		}
	}
}

func (r ran) match(stream, text string, expressions []string) {
	r.Helper()
	for _, e := range expressions {
		if !regexp.MustCompile("(?m)" + e).MatchString(text) {
			r.Errorf("%v: nothing on %s matches %q:\n%s\n%s", r.args, stream, e, r.stdout, r.stderr)
		}
	}
}
