package target

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/client"
	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Inspect completes what is known of actors with their live state, or with what they were created with where that is not
// known, which wakes them. What cannot be read of an actor is said of it. Those that cannot be declared are left alone.
// The error is that of ctx.
func (t *Target) Inspect(ctx context.Context, actors []export.Actor, state, input bool) error {
	if err := t.Prepare(ctx); err != nil { // see state
		return err
	}
	inspections, ctx := errgroup.WithContext(ctx)
	inspections.SetLimit(t.lookups)
	for i := range actors {
		a := &actors[i]
		if a.Unfit != "" || !state && a.InputKnown {
			continue
		}
		inspections.Go(func() error {
			t.meter.woken.Add(1)
			t.inspect(ctx, a, state, input && !a.InputKnown)
			return ctx.Err()
		})
	}
	return inspections.Wait()
}

func (t *Target) inspect(ctx context.Context, a *export.Actor, state, input bool) {
	ctx, cancel := within(ctx, noAnswer, callLimit)
	defer cancel()
	inspector := t.client.Inspector(a.ID)
	if state {
		t.meter.reads.Add(1)
		value, err := inspector.State(ctx)
		if err != nil {
			a.StateFault = err.Error()
		} else {
			a.State = fromGo(value)
		}
	}
	if input {
		t.meter.reads.Add(1)
		value, err := createdWith(ctx, inspector)
		if err != nil {
			a.InputFault = err.Error()
			return
		}
		a.InputKnown, a.Input = true, value
	}
}

// createdWith reads back the input of an actor, which is cty.NilVal where there was none. One that configuration cannot say
// is an error.
func createdWith(ctx context.Context, inspector *client.Inspector) (cty.Value, error) {
	value, err := inspector.Input(ctx)
	if err != nil {
		return cty.NilVal, err
	}
	if _, nothing := value.(client.Undefined); nothing {
		return cty.NilVal, nil
	}
	if !expressible(value) {
		return cty.NilVal, errors.New("it holds a value that the language has no word for")
	}
	return fromGo(value), nil
}

// Input implements apply.Executor.
func (t *Target) Input(ctx context.Context, actorID string) (cty.Value, error) {
	ctx, cancel := within(ctx, noAnswer, doubtLimit)
	defer cancel()
	t.meter.reads.Add(1)
	return createdWith(ctx, t.client.Inspector(actorID))
}

// ReadInputs makes t an observer that also reads back with which input declared actors were created. That wakes them.
func (t *Target) ReadInputs(all bool) plan.Observer { return inputReader{t, all} }

// inputReader reads all inputs that are not recalled, or only those that tell whether riveter made the actor.
type inputReader struct {
	*Target
	all bool
}

// Observe implements plan.Observer.
func (r inputReader) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	observed, err := r.Target.Observe(ctx, declared, recalled)
	if err != nil {
		return nil, err
	}
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(r.lookups)
	for i, d := range declared {
		o := &observed[i]
		if !o.Exists || o.Failing != "" || d.Address.Kind != address.KindActor || !r.asks(d, o, recalled) {
			continue
		}
		reads.Go(func() error {
			r.readInput(ctx, o, recalled.DigestKey)
			return ctx.Err()
		})
	}
	return observed, reads.Wait()
}

func (r inputReader) asks(d *plan.Desired, o *plan.Observed, recalled *plan.Recalled) bool {
	return r.all && !recalled.Of(d, o).KnowsInput(o.ActorID) || recalled.Doubts(d, o)
}

func (r inputReader) readInput(ctx context.Context, o *plan.Observed, digestKey []byte) {
	if o.Asleep {
		r.meter.woken.Add(1)
		o.Asleep = false
	}
	input, err := r.Input(ctx, o.ActorID)
	if err == nil {
		o.Input, err = value.Remember(digestKey, input)
	}
	if err != nil {
		o.InputFault = fault(err)
	}
}

// maxSafeInteger is the greatest whole number that configuration may write without bigint().
const maxSafeInteger = 1<<53 - 1

// expressible reports whether configuration can say what a value is.
func expressible(value any) bool {
	switch v := value.(type) {
	case float64:
		return v != math.Trunc(v) && !math.IsNaN(v) || math.Abs(v) <= maxSafeInteger
	case time.Time:
		return v.Year() >= 0 && v.Year() <= 9999
	case string:
		return cty.NormalizeString(v) == v
	case client.Set, client.Tag:
		return false
	case []any:
		for _, element := range v {
			if !expressible(element) {
				return false
			}
		}
	case map[string]any:
		for name, member := range v {
			if !expressible(name) || !expressible(member) {
				return false
			}
		}
	}
	return true
}
