package operatetest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
)

// Call implements apply.Executor. A call that may be sent again is, once, where it is not certain that it arrived.
func (s *server) Call(ctx context.Context, actorID string, d *plan.Desired, step *plan.Step, matches apply.EventMatcher) (cty.Value, error) {
	to, payload := step.Sends()
	args, err := toJSON(payload)
	if err != nil {
		return cty.NilVal, fmt.Errorf("arguments: %w", err)
	}
	var output any
	var events []event
	send := func() error {
		return s.request(ctx, "call", actorID, to, func() error {
			output, events, err = s.call(actorID, step.ParamsFor(d), step.Spec, to, args.([]any))
			return err
		})
	}
	err = send()
	if call := step.Call(); err != nil && call != nil && call.Idempotent {
		err = send()
	}
	if said, ok := errors.AsType[*actorError](err); ok {
		return cty.NilVal, &apply.ActorError{Group: "user", Code: said.code, Err: err}
	}
	if err != nil {
		return cty.NilVal, err
	}
	return fromJSON(output), awaited(step.Awaits, events, matches)
}

// call is what the actor does. The caller holds the Rivet.
func (s *server) call(id string, params cty.Value, spec plan.Spec, to string, args []any) (any, []event, error) {
	a, err := s.enter(id, params)
	if err != nil {
		return nil, nil, err
	}
	a.events = nil
	output, err := a.receive(spec, to, args)
	return output, a.events, err
}

func (a *actor) receive(spec plan.Spec, to string, args []any) (any, error) {
	switch spec := spec.(type) {
	case *plan.Action, *plan.Ensure:
		return a.act(to, args)
	case *plan.Message:
		work := a.definition.queues[to]
		if work == nil { // it stays there
			return nil, neverCompleted(spec.Wait)
		}
		if reply := work(a, args[0]); spec.Wait {
			return reply, nil
		}
		return nil, nil
	case *plan.Request:
		return a.answer(spec, to, args[0].(map[string]any))
	case *plan.Expect:
	}
	panic("operatetest: an expect cannot be sent")
}

func neverCompleted(awaited bool) error {
	if !awaited {
		return nil
	}
	return fmt.Errorf("%w: the message is in the queue, but it was not completed", apply.ErrUnexpected)
}

func (a *actor) act(name string, args []any) (any, error) {
	action := a.definition.actions[name]
	if action == nil {
		return nil, fmt.Errorf("action.not_found: action '%s' was not found", name)
	}
	return action(a, args)
}

func (a *actor) answer(spec *plan.Request, method string, parts map[string]any) (any, error) {
	if a.definition.request == nil {
		return nil, fmt.Errorf("handler.request_not_defined: actor %q takes no requests", a.name)
	}
	body := parts["json"]
	if body == nil {
		body = parts["body"]
	}
	status, answer := a.definition.request(a, method, parts["path"].(string), body)
	good := status >= 200 && status < 300
	if len(spec.Status) > 0 {
		good = slices.Contains(spec.Status, status)
	}
	if !good {
		return nil, fmt.Errorf("%s %s was answered with status %d", method, parts["path"], status)
	}
	return answer, nil
}

// enter wakes the actor with this id, and connects to it. The caller holds the Rivet.
func (s *server) enter(id string, params cty.Value) (*actor, error) {
	a, err := s.existing(id)
	if err != nil {
		return nil, err
	}
	switch {
	case a.waiting:
		return nil, fmt.Errorf("%w: guard.actor_ready_timeout: no_envoys", apply.ErrNotStarted)
	case a.failing != "":
		return nil, fmt.Errorf("%w: guard.actor_wake_retries_exceeded: %s", apply.ErrNotStarted, a.failing)
	}
	a.wake()
	with, err := toJSON(params)
	if err != nil {
		return nil, err
	}
	if a.definition.connect != nil {
		return a, a.definition.connect(a.state, with)
	}
	return a, nil
}

// awaited checks that every event came that is awaited.
func awaited(awaits []*plan.Await, events []event, matches apply.EventMatcher) error {
	for i, await := range awaits {
		came, unclear := false, error(nil)
		for _, e := range events {
			if e.name != await.Event || came {
				continue
			}
			args := make([]cty.Value, len(e.args))
			for i, arg := range e.args {
				args[i] = fromJSON(arg)
			}
			came, unclear = matches(i, args)
		}
		if !came {
			return apply.Missed(await.Event, await.Timeout, unclear)
		}
	}
	return nil
}

// Read implements plan.Reader.
func (s *server) Read(ctx context.Context, wanted []plan.Read) ([]plan.Live, error) {
	live := make([]plan.Live, len(wanted))
	for i, w := range wanted {
		if w.Asleep {
			s.woken.Add(1)
		}
		live[i] = s.readOne(ctx, w)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return live, nil
}

func (s *server) readOne(ctx context.Context, w plan.Read) plan.Live {
	live := plan.Live{Reads: map[string]cty.Value{}, Faults: map[string]string{}}
	for _, r := range w.Desired.Reads {
		if !r.IsKnown() {
			continue
		}
		if output, err := s.read(ctx, w, r); err != nil {
			live.Faults[r.Label] = err.Error()
		} else {
			live.Reads[r.Label] = output
		}
	}
	if w.Desired.ReadState {
		if state, err := s.state(ctx, w.ActorID); err != nil {
			live.StateFault = err.Error()
		} else {
			live.State = state
		}
	}
	return live
}

func (s *server) read(ctx context.Context, w plan.Read, r *plan.DesiredRead) (output cty.Value, err error) {
	s.reads.Add(1)
	err = s.request(ctx, "read", w.ActorID, r.Action, func() error {
		a, err := s.enter(w.ActorID, w.Desired.Params)
		if err != nil {
			return err
		}
		answer, err := a.reply(r)
		if err == nil {
			output = fromJSON(answer)
		}
		return err
	})
	return output, err
}

// reply answers a read.
func (a *actor) reply(r *plan.DesiredRead) (any, error) {
	if r.Path != cty.NilVal {
		path, _ := r.Path.Unmark()
		return a.answer(&plan.Request{}, "GET", map[string]any{"path": path.AsString()})
	}
	args, err := toJSON(r.Args)
	if err != nil {
		return nil, err
	}
	return a.act(r.Action, args.([]any))
}

// state reads the live state of an actor, for which nobody connects to it.
func (s *server) state(ctx context.Context, id string) (state cty.Value, err error) {
	s.reads.Add(1)
	err = s.request(ctx, "read", id, "its state", func() error {
		a, err := s.existing(id)
		if err == nil {
			a.wake()
			state = fromJSON(a.state)
		}
		return err
	})
	return state, err
}
