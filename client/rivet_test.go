package client_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"riveter/client"
	"riveter/internal/devrivet"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run starts an engine for all tests but those that stop it. Its address is in the
// environment, where the example finds it.
func run(m *testing.M) int {
	flag.Parse()
	if fuzzesOnly() {
		return m.Run()
	}
	if err := dependOnActors(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	rivet, err := start(devrivet.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	os.Setenv("RIVET_ENDPOINT", rivet.Endpoint())
	_ = flag.Set("test.parallel", "10") // tests wait for the engine more than they compute
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if err := errors.Join(rivet.Stop(), goleak.Find()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// fuzzesOnly: a fuzz target needs no engine, and neither does each of the processes that it starts.
func fuzzesOnly() bool {
	given := func(name string) string { return flag.Lookup(name).Value.String() }
	return given("test.fuzzworker") == "true" || given("test.fuzz") != "" && given("test.run") == "^$"
}

// dependOnActors reads what only Node does otherwise, lest Go take the results of tests with
// other actors for those of these.
func dependOnActors() error {
	for _, pattern := range []string{"testdata/driver/*.mjs", "testdata/driver/actors/*.mjs", "../examples/registry/actors/*.mjs"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, file := range files {
			if _, err := os.ReadFile(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func endpoint() string { return os.Getenv("RIVET_ENDPOINT") }

func start(options devrivet.Options) (*devrivet.Rivet, error) {
	options.Registry = filepath.Join("testdata", "driver")
	options.Progress = os.Stderr
	return devrivet.Start(context.Background(), options)
}

// ownRivet starts an engine for one test.
func ownRivet(t *testing.T, options devrivet.Options) *devrivet.Rivet {
	t.Helper()
	rivet, err := start(options)
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

func newClient(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// connected returns a client of the shared engine.
func connected(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, append([]client.Option{client.WithEndpoint(endpoint())}, opts...)...)
}

// key returns a key that no other test uses.
func key(t *testing.T, parts ...string) client.Key {
	t.Helper()
	return append(client.Key{t.Name(), fmt.Sprint(time.Now().UnixNano())}, parts...)
}

// call runs an action that must succeed.
func call(t *testing.T, on client.Caller, action string, args ...any) any {
	t.Helper()
	result, err := on.Call(t.Context(), action, args...)
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
	return result
}
