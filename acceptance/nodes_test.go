package acceptance

import (
	"flag"
	"os"
	"testing"

	"riveter/internal/devrivet"
)

var nodeCount = flag.Int("nodes", 1, "engines of the Rivet of suites; 2 need PostgreSQL and NATS")

// nodes are the Rivet of a suite: the engine that riveter talks to, and the one that its registry is connected to, which may be
// the same.
type nodes struct{ talked, registered *devrivet.Rivet }

// Endpoint is that of the engine that riveter talks to.
func (n *nodes) Endpoint() string { return n.talked.Endpoint() }

// startRivet starts a Rivet with a registry for one test.
func startRivet(t *testing.T, registry string) *nodes {
	t.Helper()
	options := devrivet.Options{Registry: registry, Progress: os.Stderr}
	if *nodeCount == 1 {
		rivet, err := devrivet.Start(t.Context(), options)
		return stoppedAfter(t, rivet, &nodes{rivet, rivet}, err)
	}
	pair, err := devrivet.StartPair(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return stoppedAfter(t, pair, &nodes{pair.Second, pair.First}, err)
}

func stoppedAfter(t *testing.T, stopped interface{ Stop() error }, n *nodes, err error) *nodes {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stopped.Stop(); err != nil {
			t.Error(err)
		}
	})
	return n
}
