package devrivet_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"riveter/internal/devrivet"
)

func TestMain(m *testing.M) {
	if end := os.Getenv(endVariable); end != "" {
		beParent(end)
	}
	if err := devrivet.Install(exampleRegistry); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

var exampleRegistry = filepath.Join("..", "..", "examples", "registry")

// start starts a Rivet for the test, of the example registry if options name no other.
func start(t *testing.T, options devrivet.Options) *devrivet.Rivet {
	t.Helper()
	options.Registry = cmp.Or(options.Registry, exampleRegistry)
	rivet, err := devrivet.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rivet.Stop(); err != nil {
			t.Error(err)
		}
	})
	return rivet
}

func TestStopLeavesNothing(t *testing.T) {
	data := dataFolder(t)
	rivet := start(t, devrivet.Options{})
	countTo(t, newActor(t, rivet, "counter", "one", nil), 1)
	if leftIn(t, data) == nil {
		t.Fatalf("%s is empty while the engine runs: this test looks in the wrong place", data)
	}
	for range 2 {
		if err := rivet.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if left := leftIn(t, data); left != nil {
		t.Errorf("left behind: %v", left)
	}
	if answers(rivet.Endpoint()) {
		t.Error("the engine still answers")
	}
}

func TestRivetsStartedTogetherKnowNothingOfEachOther(t *testing.T) {
	var rivets [2]*devrivet.Rivet
	var wait sync.WaitGroup
	for i := range rivets {
		wait.Go(func() { rivets[i] = start(t, devrivet.Options{}) })
	}
	wait.Wait()
	for _, rivet := range rivets {
		countTo(t, newActor(t, rivet, "counter", "shared", nil), 1)
	}
}

func TestAdminTokenIsRequired(t *testing.T) {
	rivet := start(t, devrivet.Options{AdminToken: "let-me-in"})
	for token, want := range map[string]int{"": 403, "wrong": 403, "let-me-in": 200} {
		request := newRequest(t, http.MethodGet, rivet.Endpoint()+"/actors?namespace=default&name=counter", nil)
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		if got, _ := exchange(t, request); got != want {
			t.Errorf("list with token %q: %d, want %d", token, got, want)
		}
	}
}

func TestEngineIsToldWhenARegistryIsLost(t *testing.T) {
	var log strings.Builder
	rivet := start(t, devrivet.Options{LostAfter: time.Hour, EngineLog: &log})
	if err := rivet.Stop(); err != nil { // nothing is logged any more
		t.Fatal(err)
	}
	if want := "envoy_lost_threshold: Some(3600000)"; !strings.Contains(log.String(), want) {
		t.Errorf("the engine does not say that its configuration has %s:\n%s", want, log.String())
	}
}

func TestRestartsKeepActors(t *testing.T) {
	rivet := start(t, devrivet.Options{})
	counter := newActor(t, rivet, "counter", "kept", nil)
	endpoint := rivet.Endpoint()
	for i, restart := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"rolling restart of the registry", rivet.StartRegistry},
		{"restart of the engine", rivet.RestartEngine},
		{"stop and start of the registry", func(ctx context.Context) error {
			rivet.StopRegistry()
			return rivet.StartRegistry(ctx)
		}},
	} {
		countTo(t, counter, float64(i+1))
		if err := restart.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", restart.name, err)
		}
	}
	countTo(t, counter, 4)
	if rivet.Endpoint() != endpoint {
		t.Errorf("the endpoint moved from %s to %s", endpoint, rivet.Endpoint())
	}
}

func TestKilledRegistryCanBeStartedAgain(t *testing.T) {
	rivet := start(t, devrivet.Options{})
	rivet.KillRegistry()
	if err := rivet.StartRegistry(t.Context()); err != nil {
		t.Fatal(err)
	}
	countTo(t, newActor(t, rivet, "counter", "new", nil), 1)
}

func TestStartOfBrokenRegistrySaysWhyAndLeavesNothing(t *testing.T) {
	tests := []struct {
		name, server, command string
		patience              time.Duration
		want                  []string
	}{
		{
			"throws at import", `throw new Error("the menu is missing");`, "", time.Minute,
			[]string{"the registry ended (exit status 1), its last words:\n", "Error: the menu is missing"},
		},
		{
			"ends at once", ``, "", time.Minute,
			[]string{"the registry ended (exit status 0) without a word"},
		},
		{
			"never connects", `setInterval(() => {}, 1000);`, "", 3 * time.Second,
			[]string{"start a Rivet: out of patience", "does it call registry.start()?) without a word"},
		},
		{
			"throws under a watcher", `throw new Error("the menu is missing");`, "node --watch server.mjs", 8 * time.Second,
			[]string{"start a Rivet: out of patience", "does it call registry.start()?), its last words:\n", "Error: the menu is missing"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			registry, data := brokenRegistry(t, test.server), dataFolder(t)
			ctx, cancel := context.WithTimeoutCause(t.Context(), test.patience, errors.New("out of patience"))
			defer cancel()
			var told strings.Builder
			_, err := devrivet.Start(ctx, devrivet.Options{Registry: registry, Command: test.command, Progress: &told})
			if err == nil {
				t.Fatal("started")
			}
			if early := strings.Count(told.String(), "Still waiting: the registry has not connected"); early > 1 || (early == 1) != (test.command != "") {
				t.Errorf("a person is told meanwhile:\n%s", &told)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
			if left := leftIn(t, data); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestRollingRestartThatFailsKeepsTheOldRegistry(t *testing.T) {
	server := filepath.Join(brokenRegistry(t, ``), "server.mjs")
	write := func(script string) {
		t.Helper()
		if err := os.WriteFile(server, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`
		import { actor, setup } from "rivetkit";
		setup({ use: { counter: actor({ state: 0, actions: { increment: (c) => ++c.state } }) } }).start();`)
	rivet := start(t, devrivet.Options{Registry: filepath.Dir(server)})
	counter := newActor(t, rivet, "counter", "one", nil)
	countTo(t, counter, 1)

	write(`throw new Error("a typo");`)
	if err := rivet.StartRegistry(t.Context()); err == nil || !strings.Contains(err.Error(), "a typo") {
		t.Errorf("restart: %v, want the registry's own words", err)
	}
	countTo(t, counter, 2)
}

func countTo(t *testing.T, counter actor, want float64) {
	t.Helper()
	if got := counter.call(t, "increment")["output"]; got != want {
		t.Fatalf("increment: %v, want %v", got, want)
	}
}

// brokenRegistry is a registry with the example's packages and the given server.mjs.
func brokenRegistry(t *testing.T, server string) string {
	t.Helper()
	dir := t.TempDir()
	modules, err := filepath.Abs(filepath.Join(exampleRegistry, "node_modules"))
	err = errors.Join(err,
		os.Symlink(modules, filepath.Join(dir, "node_modules")),
		os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600),
		os.WriteFile(filepath.Join(dir, "server.mjs"), []byte(server), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// dataFolder makes a folder where Rivets started from now on keep their data.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

func leftIn(t *testing.T, dir string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func answers(endpoint string) bool {
	connection, err := net.Dial("tcp", strings.TrimPrefix(endpoint, "http://"))
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

// Whatever the shell has set: the engine captures a backtrace for each error inside of it then, and is ten times slower.
func TestProgramsGetNoBacktraces(t *testing.T) {
	t.Setenv("RUST_BACKTRACE", "1")
	t.Setenv("RUST_LIB_BACKTRACE", "full")
	t.Setenv("RUST_LOG", "warn")
	got := devrivet.EngineEnvironment()
	for _, variable := range []string{"RUST_BACKTRACE=1", "RUST_LIB_BACKTRACE=full"} {
		if slices.Contains(got, variable) {
			t.Errorf("the environment has %s", variable)
		}
	}
	if !slices.Contains(got, "RUST_LOG=warn") {
		t.Error("the environment lacks RUST_LOG, which is nobody else's business")
	}
}
