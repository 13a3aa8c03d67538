package operate

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/internal/export"
	"riveter/plan"
)

// Server is one namespace of a Rivet. Its methods may be called concurrently. What they return of errors is for Explain.
type Server interface {
	plan.Observer
	apply.Executor

	// Environment asks which namespace this is. One that does not exist has no id. Its endpoint is told without asking, also
	// beside an error.
	Environment(ctx context.Context) (plan.Target, error)
	// Pool returns the name of the pool that actors go to which name none.
	Pool() string
	// Namespaces returns the display names of those of the named namespaces that exist.
	Namespaces(ctx context.Context, names []string) (map[string]string, error)
	// Pools returns the settings of all pools of the namespace, as [plan.DesiredRunnerConfig] has them.
	Pools(ctx context.Context) (map[string]cty.Value, error)

	// ReadInputs returns an observer that also reads back with which input declared actors were created, where the ledger does not
	// know whether riveter made them, and with all wherever it is
	// not recalled. That wakes them.
	ReadInputs(all bool) plan.Observer
	// CheckInput says why no actor can be created with an input, which is known.
	CheckInput(input cty.Value) error
	// Prepare gets what calls need besides their arguments, so that what is missing fails before anything is sent.
	Prepare(ctx context.Context) error

	// Names returns the names of the actors that registries have announced.
	Names(ctx context.Context) ([]string, error)
	// Actions returns the names of the actions of an actor, which wakes it.
	Actions(ctx context.Context, actorID string) ([]string, error)
	// List returns the actors of the names, of all names where none is given, whose keys begin with the parts of prefix. It
	// wakes none of them.
	List(ctx context.Context, names, prefix []string) ([]export.Actor, error)
	// Inspect completes what is known of actors with their live state, or with what they were created with where that is
	// not known, which wakes them. What cannot be read of one is said of it; the error is that of ctx.
	Inspect(ctx context.Context, actors []export.Actor, state, input bool) error

	// Stats counts what was asked so far.
	Stats() plan.Stats
	// Explain says what an error means that one of the other methods has returned, or that wraps such an error.
	Explain(err error) Explanation
}

// Explanation says what an error of a [Server] means.
type Explanation struct {
	Kind ErrorKind
	Text string // the server's own words first, what helps to find the request last
}

// ErrorKind is the kind of an error, as far as there is something to be done about it.
type ErrorKind int

// The kinds of errors.
const (
	ErrorOther       ErrorKind = iota
	ErrorDenied                // the server demands a token, or another one
	ErrorUnreachable           // there was no answer at all: of what was only asked, nothing was done
	ErrorStranger              // the answer is nothing that Rivet says
	ErrorUntrusted             // what gives access would go where it is not trusted to, and nothing was sent
)

// Watcher is told what happens while it happens.
type Watcher interface {
	// Observe is called when somebody begins to look at the server. It returns what is to be called when that is over.
	Observe(stats func() plan.Stats) (done func())
	// Begin is called when p begins to be carried out, and Event with what happens then, one at a time.
	Begin(p *plan.Plan)
	Event(e apply.Event)
}

// unwatched is the watcher where there is none.
type unwatched struct{}

func (unwatched) Observe(func() plan.Stats) func() { return func() {} }
func (unwatched) Begin(*plan.Plan)                 {}
func (unwatched) Event(apply.Event)                {}
