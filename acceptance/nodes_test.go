package acceptance

import (
	"context"
	"flag"
	"os"
	"testing"

	"riveter/internal/devrivet"
)

var nodeCount = flag.Int("nodes", 1, "engines of the Rivet of suites and scripts; 2 need PostgreSQL and NATS")

// nodes are a Rivet: the engine that riveter talks to, and the one that its registry is connected to, which may be the same.
type nodes struct {
	talked, registered *devrivet.Rivet
	// Stop ends all of it.
	Stop func() error
}

// startNodes starts a Rivet of as many nodes as the flag says.
func startNodes(ctx context.Context, options devrivet.Options) (*nodes, error) {
	options.Progress = os.Stderr
	if *nodeCount == 1 {
		rivet, err := devrivet.Start(ctx, options)
		if err != nil {
			return nil, err
		}
		return &nodes{rivet, rivet, rivet.Stop}, nil
	}
	pair, err := devrivet.StartPair(ctx, options)
	if err != nil {
		return nil, err
	}
	return &nodes{pair.Second, pair.First, pair.Stop}, nil
}

// Endpoint is that of the engine that riveter talks to.
func (n *nodes) Endpoint() string { return n.talked.Endpoint() }

// startRivet starts a Rivet with a registry for one test.
func startRivet(tb testing.TB, registry string) *nodes {
	tb.Helper()
	n, err := startNodes(tb.Context(), devrivet.Options{Registry: registry})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := n.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return n
}
