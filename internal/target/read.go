package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/client"
	"riveter/plan"
)

// Read implements plan.Reader: actors side by side, the questions to one of them one after the other. What is not known
// yet of a question leaves it unasked.
func (t *Target) Read(ctx context.Context, wanted []plan.Read) ([]plan.Live, error) {
	if t.params != nil && slices.ContainsFunc(wanted, needsParams) {
		if _, _, err := t.params.Params(ctx); err != nil { // one error, and not one for each read
			return nil, err
		}
	}
	live := make([]plan.Live, len(wanted))
	actors, ctx := errgroup.WithContext(ctx)
	actors.SetLimit(t.lookups)
	for i, w := range wanted {
		actors.Go(func() error {
			if w.Asleep {
				t.meter.woken.Add(1)
			}
			live[i] = t.readOne(ctx, w)
			return ctx.Err()
		})
	}
	return live, actors.Wait()
}

func needsParams(w plan.Read) bool { return w.Desired.Params == cty.NilVal && len(w.Desired.Reads) > 0 }

// readOne asks an actor. One that does not wake is waited for once.
func (t *Target) readOne(ctx context.Context, w plan.Read) plan.Live {
	live := plan.Live{Reads: map[string]cty.Value{}, Faults: map[string]string{}}
	var silent error
	question := func(ask func() (cty.Value, error)) (cty.Value, string) {
		if silent != nil {
			return cty.NilVal, "it is not asked, as it does not wake: " + fault(silent)
		}
		t.meter.reads.Add(1)
		value, err := ask()
		if err == nil {
			return value, ""
		}
		if isUnready(err) {
			silent = err
		}
		return cty.NilVal, fault(err)
	}
	for _, r := range w.Desired.Reads {
		if !r.IsKnown() {
			continue
		}
		value, fault := question(func() (cty.Value, error) { return t.ask(ctx, w, r) })
		if fault != "" {
			live.Faults[r.Label] = fault
			continue
		}
		live.Reads[r.Label] = value
	}
	if w.Desired.ReadState {
		live.State, live.StateFault = question(func() (cty.Value, error) { return t.state(ctx, w) })
	}
	return live
}

// fault says why a read failed, in the actor's own words where it has some.
func fault(err error) string {
	if errors.Is(err, client.ErrNotFound) {
		return "it was destroyed since it was looked up; try again"
	}
	answer, ok := errors.AsType[*client.Error](err)
	if !ok || answer.Code == "" {
		return err.Error()
	}
	return said(answer) + ray(answer)
}

// ask makes one read. Reads change nothing, so they may be repeated.
func (t *Target) ask(ctx context.Context, w plan.Read, r *plan.DesiredRead) (cty.Value, error) {
	ctx, cancel := within(ctx, noAnswer, r.Timeout, w.Desired.Settings.CallTimeout, callLimit)
	defer cancel()
	var value cty.Value
	err := t.with(ctx, w.ActorID, w.Desired.Params, func(h *client.Handle) (err error) {
		if r.Path != cty.NilVal {
			value, err = fetch(ctx, h, r)
		} else {
			value, err = callRead(ctx, h, r)
		}
		return err
	}, client.Idempotent())
	return value, err
}

func callRead(ctx context.Context, h *client.Handle, r *plan.DesiredRead) (cty.Value, error) {
	args, err := toGo(r.Args)
	if err != nil {
		return cty.NilVal, fmt.Errorf("arguments: %w", err)
	}
	output, err := h.Call(ctx, r.Action, args.([]any)...)
	if err != nil {
		return cty.NilVal, err
	}
	return fromGo(output), nil
}

func fetch(ctx context.Context, h *client.Handle, r *plan.DesiredRead) (cty.Value, error) {
	text, _ := r.Path.Unmark()
	request, err := newRequest(ctx, http.MethodGet, map[string]any{"path": text.AsString()})
	if err != nil {
		return cty.NilVal, err
	}
	a, err := ask(h, request)
	if err == nil && (a.refusal != nil || !isSuccess(a.status)) {
		err = fmt.Errorf("GET %s was answered with status %d%s", text.AsString(), a.status, a.excerpt(r.Sensitive))
	}
	return a.body, err
}

// state reads the live state. No parameters are sent for it; but what an actor was sent before may be in it, and is secret.
func (t *Target) state(ctx context.Context, w plan.Read) (cty.Value, error) {
	ctx, cancel := within(ctx, noAnswer, w.Desired.Settings.CallTimeout, callLimit)
	defer cancel()
	if err := t.Prepare(ctx); err != nil {
		return cty.NilVal, err
	}
	state, err := t.client.Inspector(w.ActorID).State(ctx)
	if err != nil {
		return cty.NilVal, err
	}
	return fromGo(state), nil
}
