package client_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"riveter/client"
	"riveter/internal/devrivet"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	code := m.Run()
	if stop := shared.stop; stop != nil {
		if err := stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// shared is the engine of all tests but those that stop it. It starts when the first
// test needs it, so that the others, and fuzzing, do without.
var shared struct {
	once     sync.Once
	endpoint string
	stop     func() error
	err      error
}

func endpoint(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() {
		rivet, err := start(devrivet.Options{})
		if err != nil {
			shared.err = err
			return
		}
		shared.endpoint, shared.stop = rivet.Endpoint(), rivet.Stop
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.endpoint
}

func start(options devrivet.Options) (*devrivet.Rivet, error) {
	options.Registry = filepath.Join("..", "examples", "registry")
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

func newClient(t testing.TB, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// connected returns a client of the shared engine.
func connected(t testing.TB, opts ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, append([]client.Option{client.WithEndpoint(endpoint(t))}, opts...)...)
}

// key returns a key that no other test uses.
func key(t testing.TB, parts ...string) client.Key {
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
