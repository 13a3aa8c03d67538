package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// packed builds npm's packages for this machine beside the binary that the tests run, once.
var packed = sync.OnceValues(func() (packages []string, err error) {
	riveter, err := exec.LookPath("riveter")
	if err != nil {
		return nil, err
	}
	dist := filepath.Join(filepath.Dir(riveter), "dist")
	build := exec.Command("go", "run", "riveter/internal/release", "-out", dist, "-only", runtime.GOOS+"/"+runtime.GOARCH)
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("release: %w\n%s", err, out)
	}
	return filepath.Glob(filepath.Join(dist, "*.tgz"))
})

// npmPackages FOLDER installs npm's packages, as they are released, into the node_modules of a new folder.
func npmPackages(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: npm-packages FOLDER")
	}
	ts.Check(installPackages(ts.MkAbs(args[0])))
}

// installPackages installs them. No script of theirs runs, and nothing is asked of a registry.
func installPackages(folder string) error {
	packages, err := packed()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	install := exec.Command("npm", append([]string{"install", "--prefix", folder, "--offline", "--ignore-scripts", "--no-audit", "--no-fund"}, packages...)...)
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w\n%s", err, out)
	}
	return nil
}
