package devrivet

import (
	"errors"
	"net"
	"path/filepath"
	"strconv"
	"testing"
)

// Start tries other ports when it gets errPortTaken; that it does get it, whichever port it
// is and whatever answers there, is the part that can go wrong.
func TestPortTakenInBetweenIsRecognised(t *testing.T) {
	options := Options{Registry: filepath.Join("..", "..", "examples", "registry")}
	packages, err := findPackages(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	neighbour, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	stopLater(t, neighbour)

	takePublic := func(p *ports) { p.public = takenPort(t) }
	takePeer := func(p *ports) { p.peer = takenPort(t) }
	takeMetrics := func(p *ports) { p.metrics = takenPort(t) }
	takeNeighbours := func(p *ports) { p.public = neighbour.ports.public }
	for name, take := range map[string]func(*ports){
		"public": takePublic, "peer": takePeer, "metrics": takeMetrics, "public, by another engine": takeNeighbours,
	} {
		t.Run(name, func(t *testing.T) {
			r := &Rivet{options: options, packages: packages}
			stopLater(t, r)
			if r.folder, err = NewFolder(t.Context()); err != nil {
				t.Fatal(err)
			}
			if r.ports, err = freePorts(t.Context()); err != nil {
				t.Fatal(err)
			}
			take(&r.ports)
			err := r.startEngine(t.Context())
			if err == nil {
				err = r.startRegistry(t.Context())
			}
			if !errors.Is(err, errPortTaken) {
				t.Errorf("start: %v, want %v", err, errPortTaken)
			}
		})
	}
}

func stopLater(t *testing.T, r *Rivet) {
	t.Helper()
	t.Cleanup(func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// takenPort is a port that the test listens on.
func takenPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return number
}
