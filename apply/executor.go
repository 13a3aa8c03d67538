package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Executor does on the server what a plan says. Its methods are called from many goroutines at once, but never twice at
// once for the same actor.
type Executor interface {
	// Create gets or creates the actor and does not wait for it to start. Every part of d is known.
	Create(ctx context.Context, d *plan.Desired) (Created, error)
	// Ready waits until the actor has started, and tells waits why the engine has not started it yet, as often as that is
	// something else. The error of an actor that cannot start says why, and matches [ErrStartFailed]; that of one which the
	// engine has not started in time matches [ErrNotStarted].
	Ready(ctx context.Context, actorID string, timeout time.Duration, waits func(reason string)) error
	// Call makes the call of a step, waits for the events that it is to cause, and returns what the actor answered. matches
	// tells the awaited events from others. An error after which the call may have happened matches [ErrInDoubt], one
	// after a call that did happen matches [ErrUnexpected], and one that surely did not as the actor has never started
	// matches [ErrNotStarted]. What the actor itself answered is an [ActorError].
	Call(ctx context.Context, actorID string, d *plan.Desired, step *plan.Step, matches EventMatcher) (cty.Value, error)
	// Read asks actors what they say of themselves, and Observe whether they are there.
	plan.Reader
	plan.Observer
	Surroundings
	// Destroy destroys the actor and waits until it is gone. One that is gone already is no error.
	Destroy(ctx context.Context, actorID string, timeout time.Duration) error
	// Input returns what the actor was created with; cty.NilVal for nothing. That wakes it.
	Input(ctx context.Context, actorID string) (cty.Value, error)
	// ServerTime returns the earliest time that the server's clock may show now, within a few seconds, as far as it has ever said.
	ServerTime() (earliest time.Time, known bool)
	// Pressure returns how often the server has asked for less load so far.
	Pressure() int64
}

// EventMatcher reports whether an event with these arguments is the one that a step awaits, by the position of the await
// among those of the step. An error says why nobody can tell: such an event, which may be of another shape as it is about
// something else, is none that the step awaits.
type EventMatcher func(position int, args []cty.Value) (bool, error)

// Created is the answer of [Executor.Create].
type Created struct {
	ActorID   string
	CreatedAt time.Time // by the server's clock
	New       bool      // it did not exist before
}

// Errors that an [Executor] returns, to be matched with errors.Is.
var (
	ErrInDoubt     = errors.New("it may have happened or not")
	ErrStartFailed = errors.New("the actor does not start")
	ErrNotStarted  = errors.New("the actor has not started")
	ErrUnexpected  = errors.New("the call was made, but not all came as expected")
)

// Missed returns the error of an event that did not come in time. unclear is why nobody could tell of the last one that came
// whether it was the one; nil where there was none.
func Missed(event string, within time.Duration, unclear error) error {
	if unclear != nil {
		return fmt.Errorf("%w: no event %q that matches came within %s; of one that came nobody can tell: %w", ErrUnexpected, event, within, unclear)
	}
	return fmt.Errorf("%w: no event %q that matches came within %s", ErrUnexpected, event, within)
}

// ActorError is an error that an actor has answered a call with.
type ActorError struct {
	Group, Code string // the group is "user" for what an action has thrown on purpose
	Err         error
}

// Error says what the server said.
func (e *ActorError) Error() string { return e.Err.Error() }

// Unwrap returns the error as it was.
func (e *ActorError) Unwrap() error { return e.Err }

// Resolver evaluates what was unknown while planning. Its methods are safe for concurrent use.
type Resolver interface {
	// Settle says that the actor of a declaration is there now, made by this run or not, so that others can refer to it.
	Settle(address address.Address, actorID string, created bool, at time.Time)
	// Look asks the server about what a declaration refers to and could not be asked about before.
	Look(ctx context.Context, address address.Address) (hcl2.Diagnostics, error)
	// Resolve evaluates a declaration again, and ResolveStep one of its steps, with what is known by now.
	Resolve(address address.Address) (*plan.Desired, hcl2.Diagnostics)
	ResolveStep(address address.StepAddress) (*plan.Step, hcl2.Diagnostics)
	// ExpandStep evaluates all instances of a step that was deferred, and the step itself as it is when nobody knows how many there are
	// because of a result that nobody keeps; nil where it is of none.
	ExpandStep(address address.StepAddress) (instances []*plan.Step, whole *plan.Step, diags hcl2.Diagnostics)
	// SettleStep says what a step gave, and Renew what an actor now says of itself, so that expressions can refer to it.
	SettleStep(address address.StepAddress, output cty.Value)
	Renew(address address.Address, live plan.Live) hcl2.Diagnostics
	// MatchEvent reports whether an event is the one that a step awaits.
	MatchEvent(address address.StepAddress, position int, args []cty.Value) (bool, hcl2.Diagnostics)
}

// Ledger remembers what was done, also of a run that is being cancelled. A record is durable when the method returns, unless it
// says otherwise. The methods are safe for concurrent use.
type Ledger interface {
	// Announce says before anything is sent what the run is about to do, and thus may have done if nobody hears from it again.
	Announce(ctx context.Context, intents []plan.Intent) error
	// Bind remembers an actor, and keeps the steps that are remembered of the same actor id. An entry without one says that
	// the actor is about to be created.
	Bind(entry plan.Entry) error
	// Foretell says with whatever is recorded next that an actor is to be created, so that Bind need not wait when its turn comes. In
	// the end, nothing is remembered of one that was not bound.
	Foretell(entry plan.Entry) error
	// Made remembers as Bind does that an actor was created which was about to be, without waiting for it: that is durable with
	// whatever is recorded next.
	Made(entry plan.Entry) error
	// Forget and Finished remember what is over: at once in case that the process ends, and a moment later in case that the machine does.
	Forget(id plan.Identity) error
	BindPool(pool plan.PoolEntry) error
	ForgetPool(name string) error
	// MoveSteps remembers what steps of an actor are called from now on, by what they were called within the actor.
	MoveSteps(id plan.Identity, to map[string]string) error
	// Withheld remembers how the guards were made that did not let a step be made, of which results a fact
	// is made that held, or how that is made for each of which a step was made.
	Withheld(id plan.Identity, step address.StepAddress, recipe string) error
	// Remade remembers how the arguments of a step that was done are made now, which turned out to be the same.
	Remade(id plan.Identity, step address.StepAddress, args value.Memo) error
	Started(id plan.Identity, step address.StepAddress, actorID string, args value.Memo) error
	// Farewell remembers the same of a step that comes before the actor is destroyed.
	Farewell(id plan.Identity, step address.StepAddress, actorID string, args value.Memo) error
	Finished(id plan.Identity, step address.StepAddress, status plan.StepStatus, output *value.Kept) error
}
