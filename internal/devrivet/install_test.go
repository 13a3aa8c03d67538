package devrivet

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// fakeNPM installs packages that are nothing but their names, and keeps count. It does what
// FAKE_NPM says when it is halfway through.
const fakeNPM = `#!/bin/sh
echo "$@" >>"$FAKE_NPM_RUNS"
package() { mkdir -p "node_modules/$1" && echo "{\"version\": \"2.3.19\"}" >"node_modules/$1/package.json"; }
package rivetkit
case "$FAKE_NPM" in
fails) echo "the network is down" >&2; exit 1 ;;
hangs) echo $$ >>"$FAKE_NPM_RUNS"; exec sleep 60 ;;
esac
package @rivetkit/engine-cli
package "$FAKE_NPM_ENGINE"
`

// A folder with no packages, and a PATH whose npm is the fake one.
type uninstalled struct{ dir, runs string }

func newUninstalled(t *testing.T) uninstalled {
	t.Helper()
	engine, err := enginePackage()
	if err != nil {
		t.Fatal(err)
	}
	u := uninstalled{dir: t.TempDir(), runs: filepath.Join(t.TempDir(), "runs")}
	t.Setenv("FAKE_NPM_RUNS", u.runs)
	t.Setenv("FAKE_NPM_ENGINE", engine)
	t.Setenv("PATH", programs(t, map[string]string{"npm": fakeNPM})+":"+os.Getenv("PATH"))
	return u
}

// install installs, and says how often npm has been run so far.
func (u uninstalled) install(t *testing.T) (runs int, err error) {
	t.Helper()
	engine, err := install(t.Context(), u.dir, "2.3.19", nil)
	if err == nil && !strings.HasPrefix(engine, filepath.Join(u.dir, "node_modules")) {
		t.Errorf("found the engine %s outside of %s", engine, u.dir)
	}
	printed, _ := os.ReadFile(u.runs)
	return bytes.Count(printed, []byte("\n")), err
}

func TestInstallRunsOnceForAllWhoAsk(t *testing.T) {
	u := newUninstalled(t)
	var progress bytes.Buffer
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, err := install(t.Context(), u.dir, "2.3.19", &progress); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs, err := u.install(t); runs != 1 || err != nil {
		t.Errorf("npm ran %d times, want 1; %v", runs, err)
	}
	if want := "Installing the registry's packages"; !strings.Contains(progress.String(), want) {
		t.Errorf("progress %q lacks %q", &progress, want)
	}
}

func TestInstallRunsNoScriptsAndWritesNoLockFile(t *testing.T) {
	u := newUninstalled(t)
	if _, err := u.install(t); err != nil {
		t.Fatal(err)
	}
	arguments, err := os.ReadFile(u.runs)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--ignore-scripts", "--no-save"} {
		if !strings.Contains(string(arguments), want) {
			t.Errorf("npm %s lacks %s", arguments, want)
		}
	}
}

func TestInstallReplacesAnotherVersion(t *testing.T) {
	u := newUninstalled(t)
	if _, err := u.install(t); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(u.dir, "node_modules", "rivetkit", "package.json")
	if err := os.WriteFile(old, []byte(`{"version": "2.3.18"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if runs, err := u.install(t); runs != 2 || err != nil {
		t.Errorf("npm ran %d times, want 2; %v", runs, err)
	}
}

func TestInstallThatFailedStartsAnew(t *testing.T) {
	u := newUninstalled(t)
	t.Setenv("FAKE_NPM", "fails")
	if _, err := u.install(t); err == nil || !strings.Contains(err.Error(), "the network is down") {
		t.Fatalf("install: %v, want npm's own words", err)
	}
	half := filepath.Join(u.dir, "node_modules", "half")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAKE_NPM", "")
	if runs, err := u.install(t); runs != 2 || err != nil {
		t.Errorf("npm ran %d times, want 2; %v", runs, err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", half, err)
	}
}

func TestInstallThatIsAbandonedStopsNPM(t *testing.T) {
	u := newUninstalled(t)
	t.Setenv("FAKE_NPM", "hangs")
	ctx, cancel := context.WithCancelCause(t.Context())
	abandoned := make(chan int)
	changedMind := errors.New("changed my mind")
	go func() {
		npm := u.hangingNPM(ctx)
		cancel(changedMind)
		abandoned <- npm
	}()
	if _, err := install(ctx, u.dir, "2.3.19", nil); !errors.Is(err, changedMind) {
		t.Errorf("install: %v, want %v", err, changedMind)
	}
	npm, err := os.FindProcess(<-abandoned)
	if err != nil {
		t.Fatal(err)
	}
	if err := npm.Signal(syscall.Signal(0)); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("npm is still there: %v", err)
	}
	if _, err := findFinished(u.dir, "2.3.19"); err == nil {
		t.Error("half an installation looks whole")
	}
}

// hangingNPM waits until npm hangs, and is its process id.
func (u uninstalled) hangingNPM(ctx context.Context) int {
	ticks := time.NewTicker(time.Millisecond)
	defer ticks.Stop()
	for ctx.Err() == nil {
		<-ticks.C
		printed, _ := os.ReadFile(u.runs)
		if _, after, _ := strings.Cut(string(printed), "\n"); strings.HasSuffix(after, "\n") {
			id, _ := strconv.Atoi(strings.TrimSpace(after))
			return id
		}
	}
	return 0
}

func TestMissingNodeSaysWhatToInstall(t *testing.T) {
	tests := map[string]struct {
		programs map[string]string
		want     string
	}{
		"no node":  {nil, "a Rivet needs Node.js with npm: install Node.js 20 or newer"},
		"old node": {map[string]string{"node": "#!/bin/sh\necho v18.20.1\n"}, `install Node.js 20 or newer (this is "v18.20.1")`},
		"no npm":   {map[string]string{"node": "#!/bin/sh\necho v22.0.0\n"}, "a Rivet needs Node.js with npm"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			registry := t.TempDir()
			if err := os.WriteFile(filepath.Join(registry, "package.json"), []byte(`{"scripts":{"dev":"node x.mjs"}}`), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", programs(t, test.programs))
			_, err := Start(t.Context(), Options{Registry: registry})
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Start: %v, want one line with %q", err, test.want)
			}
		})
	}
}

func TestFolderThatIsNoRegistrySaysSo(t *testing.T) {
	_, err := Start(t.Context(), Options{Registry: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "has no package.json") {
		t.Errorf("Start: %v", err)
	}
}

// programs makes a folder of programs, to be the PATH.
func programs(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
