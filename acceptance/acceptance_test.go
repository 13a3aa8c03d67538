package acceptance

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"riveter/internal/cli"
	"riveter/internal/cli/process"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the binary once and puts it first in the PATH, with the race detector where the tests have it.
func run(m *testing.M) int {
	if len(os.Args) == 0 { // never: but what is called is linked, so that no cached result is of an earlier product
		return cli.Run(process.Env{})
	}
	dir, err := os.MkdirTemp("", "riveter-acceptance-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "riveter"), "-race="+strconv.FormatBool(race), "riveter")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build riveter:", err)
		return 1
	}
	// Few random cases each time, more with the flag itself. A failure prints its seed, and leaves no file.
	if err := errors.Join(flag.Set("rapid.checks", "8"), flag.Set("rapid.shrinktime", "20s"), flag.Set("rapid.nofailfile", "true")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_ = flag.Set("test.parallel", "4") // tests wait for the engine, and for locks to run out, more than they compute
	os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	code := m.Run()
	if err := written.validate(filepath.Join(dir, "written.json")); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		return 1
	}
	return code
}

func TestScripts(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join("testdata", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no folders of scripts: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Dir:                 dir,
				Cmds:                commands,
				Setup:               setup,
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
			})
		})
	}
}

// TestEveryExampleIsRun fails for a folder of examples that no script runs.
func TestEveryExampleIsRun(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob(filepath.Join("..", "examples", "*"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, script := range scripts {
		content, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	for _, example := range examples {
		name := filepath.Base(example)
		if !strings.Contains(all.String(), "\nexample "+name+"\n") && !strings.Contains(all.String(), "$EXAMPLES/"+name+"\n") {
			t.Errorf("no script runs examples/%s", name)
		}
	}
}

// setup gives every script the examples, and no Rivet: the endpoint is one that nobody listens on until the script
// says "rivet".
func setup(env *testscript.Env) error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	env.Setenv("EXAMPLES", filepath.Join(root, "examples"))
	env.Setenv("RIVET_ENDPOINT", "http://127.0.0.1:9")
	env.Setenv("HOME", env.WorkDir)
	env.Values[startedKey{}] = &started{}
	return nil
}
