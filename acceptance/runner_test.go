package acceptance

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// runners are the programs of others that riveter works with: those that run pipelines on a person's machine, age, and two
// packages of Node.js: a validator of JSON Schema, and one that drives a browser. Go's module proxy and npm have them.
var runners = map[string][]string{
	"ajv":             {"npm", "install", "--global", "--no-audit", "--no-fund", "ajv@8.20.0"},
	"age":             {"go", "install", "filippo.io/age/cmd/...@v1.3.2"},
	"act":             {"go", "install", "github.com/nektos/act@v0.2.89"},
	"actionlint":      {"go", "install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"},
	"puppeteer-core":  {"npm", "install", "--global", "--no-audit", "--no-fund", "puppeteer-core@24.31.0"}, // newer ones need Node.js 22
	"gitlab-ci-local": {"npm", "install", "--global", "--no-audit", "--no-fund", "gitlab-ci-local@4.67.2"}, // newer ones need Node.js 22
}

var installing sync.Mutex

// runner NAME installs a runner, once for all runs of the tests, and puts it in the PATH.
func runner(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || runners[args[0]] == nil {
		ts.Fatalf("usage: runner %s", strings.Join(slices.Sorted(maps.Keys(runners)), "|"))
	}
	dir, err := installed(args[0])
	ts.Check(err)
	ts.Setenv("NODE_PATH", filepath.Join(dir, "lib", "node_modules"))
	ts.Setenv("PATH", filepath.Join(dir, "bin")+string(os.PathListSeparator)+ts.Getenv("PATH"))
}

// installed returns the folder of a runner, in the user's cache.
func installed(name string) (dir string, err error) {
	installing.Lock()
	defer installing.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	command := runners[name]
	version := command[len(command)-1]
	dir = filepath.Join(cache, "riveter-tests", strings.NewReplacer("/", "_", "@", "_", "...", "all").Replace(version))
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	install := exec.Command(command[0], command[1:]...)
	install.Env = append(os.Environ(), "GOBIN="+filepath.Join(dir, "bin"), "GOFLAGS=", "npm_config_prefix="+dir)
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("install %s: %w\n%s", name, err, out)
	}
	return dir, os.WriteFile(done, nil, 0o600)
}
