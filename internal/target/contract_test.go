package target_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"riveter/client"
	"riveter/internal/devrivet"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/internal/target"
)

func TestARealEngineKeepsTheContract(t *testing.T) {
	t.Parallel()
	rivet, err := devrivet.Start(t.Context(), devrivet.Options{Registry: filepath.Join("..", "..", "examples", "registry"), Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rivet.Stop(); err != nil {
			t.Error(err)
		}
	})
	subject := operatetest.Subject{Server: func(namespace string) operate.Server {
		to, err := target.New(client.WithEndpoint(rivet.Endpoint()), client.WithNamespace(namespace))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(to.Close)
		return to
	}}
	subject.Sleep = func(id string) { sleep(t, rivet.Endpoint(), id) }
	operatetest.TestServer(t, subject)
}

// sleep puts an actor to sleep, and waits until it does.
func sleep(t *testing.T, endpoint, id string) {
	t.Helper()
	c, err := client.New(client.WithEndpoint(endpoint))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Management().SleepActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for {
		actors, err := c.Management().ActorsByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if actor := actors[id]; actor.Status() == client.Sleeping {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
