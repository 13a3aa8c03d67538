package devrivet

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// errPortTaken says that somebody else got one of our ports between our finding it
// free and the engine's asking for it.
var errPortTaken = errors.New("another program took the port")

// ports are what an engine listens on, on the loopback address.
type ports struct{ public, peer, metrics int }

func freePorts(ctx context.Context) (ports, error) {
	var found [3]int
	for i := range found {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			return ports{}, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close() // only when all are found, so that they differ
		found[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports{public: found[0], peer: found[1], metrics: found[2]}, nil
}

func (p ports) endpoint() string { return loopback(p.public) }

func loopback(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
