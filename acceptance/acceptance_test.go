package acceptance

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the binary once and puts it first in the PATH.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "riveter-acceptance-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "riveter"), "riveter")
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
	os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return m.Run()
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
