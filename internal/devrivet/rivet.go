package devrivet

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Options say what to start. Only Registry is required.
type Options struct {
	// Registry is the folder of a registry: a package.json that depends on
	// rivetkit, and says by a script, by "main" or by server.mjs how it is started.
	Registry string

	// Command starts the registry instead, in the shell.
	Command string

	// AdminToken switches authentication on: management calls then need it as a
	// bearer token.
	AdminToken string

	// LostAfter is how long a registry may be silent until its actors count as lost; zero is the engine's own time. As often, the
	// engine looks after each actor that is awake: who has thousands of them, and kills no registry, sets an hour.
	LostAfter time.Duration

	// Progress receives a line for a person when something takes long, such as
	// installing packages. EngineLog and RegistryLog receive what the two programs
	// print, one write at a time each; a writer given as both must be safe for
	// concurrent use. Nil discards.
	Progress, EngineLog, RegistryLog io.Writer
}

// A Rivet is a running engine with a connected registry. Its methods may be called
// concurrently; they run one after the other.
type Rivet struct {
	options  Options
	packages packages
	ports    ports
	leader   ports  // of the node that the topology names; zero where there is one node
	storage  object // in place of a folder; nil for that

	mu       sync.Mutex
	folder   *Folder
	engine   *process // nil when it is not running
	registry *process // nil when it is not running
	stopped  bool
}

const (
	startTimeout = 30 * time.Second
	portAttempts = 5
)

// Start starts an engine and the registry, and returns when actors can be created.
// It gives up when ctx ends, or 30 s after the packages are installed; ctx does not
// matter afterwards. On error nothing is left running, and the error has the last
// words of the program that failed.
func Start(ctx context.Context, options Options) (*Rivet, error) {
	packages, err := findPackages(ctx, options)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		r := &Rivet{options: options, packages: packages}
		err := r.start(ctx)
		if err == nil {
			return r, nil
		}
		err = errors.Join(err, r.Stop())
		if !errors.Is(err, errPortTaken) || attempt == portAttempts {
			return nil, err
		}
	}
}

func (r *Rivet) start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx); err != nil {
		return err
	}
	return r.startRegistry(ctx)
}

// begin starts an engine in a folder and on ports of its own.
func (r *Rivet) begin(ctx context.Context) (err error) {
	if r.folder, err = NewFolder(ctx); err != nil {
		return err
	}
	if r.ports, err = freePorts(ctx); err != nil {
		return err
	}
	return r.startEngine(ctx)
}

// Endpoint is the URL of the engine's API and gateway. It stays the same over restarts.
func (r *Rivet) Endpoint() string { return r.ports.endpoint() }

// Folder is a folder of the user's alone, which is gone with the Rivet, also when the process that started it is killed.
func (r *Rivet) Folder() string { return r.folder.path }

// Stop ends the registry and the engine, each with up to 10 s for a clean end, and
// removes their data. Calling it again does nothing.
func (r *Rivet) Stop() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return nil
	}
	r.stopped = true
	r.stopRegistry()
	r.stopEngine()
	if r.folder == nil {
		return nil
	}
	return r.folder.Remove()
}
