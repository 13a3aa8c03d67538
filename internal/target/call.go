package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/client"
	"riveter/plan"
)

// Call implements apply.Executor. A step that awaits events is carried out over a connection that has subscribed to them.
func (t *Target) Call(ctx context.Context, actorID string, d *plan.Desired, step *plan.Step, matches apply.EventMatcher) (cty.Value, error) {
	to, payload := step.Sends()
	args, err := toGo(payload)
	if err != nil {
		return cty.NilVal, fmt.Errorf("arguments: %w", err)
	}
	var options []client.CallOption
	if call := step.Call(); call != nil && call.Idempotent {
		options = append(options, client.Idempotent())
	}
	limit := cmp.Or(step.Settings.Timeout, d.Settings.CallTimeout, callLimit)
	var output cty.Value
	err = t.with(ctx, actorID, step.ParamsFor(d), func(h *client.Handle) error {
		c := call{handle: h, step: step, to: to, args: args.([]any), caller: h, limit: limit}
		if len(step.Awaits) == 0 {
			output, err = c.send(ctx)
		} else {
			output, err = c.await(ctx, matches)
		}
		return err
	}, options...)
	return output, answered(unready(err))
}

// answered marks the errors that the actor itself has answered with.
func answered(err error) error {
	answer, ok := errors.AsType[*client.Error](err)
	if ok && answer.Code != "" && client.DeliveryOf(err) == client.Delivered {
		return &apply.ActorError{Group: answer.Group, Code: answer.Code, Err: err}
	}
	return err
}

// unready marks the errors of a gateway that has waited for the start of an actor which has never started, so that surely
// nothing was delivered (wire reference, section 8).
func unready(err error) error {
	if isUnready(err) && client.DeliveryOf(err) == client.NotDelivered {
		return fmt.Errorf("%w: %w", apply.ErrNotStarted, err)
	}
	return err
}

// isUnready reports whether a gateway has waited for an actor in vain, as it said at last.
func isUnready(err error) bool {
	answer, ok := errors.AsType[*client.Error](err)
	if ok && answer.Code == "" {
		answer, ok = errors.AsType[*client.Error](answer.Err)
	}
	waited := []string{"actor_ready_timeout", "actor_wake_retries_exceeded", "route_dispatch_timeout"}
	return ok && answer.Group == "guard" && slices.Contains(waited, answer.Code)
}

// call is a step that is about to be sent.
type call struct {
	handle *client.Handle
	caller client.Caller // the handle, or a connection to the same actor
	step   *plan.Step
	to     string // an action, a queue or a method
	args   []any
	limit  time.Duration
}

// send sends the step within its time and returns what the actor answered.
func (c *call) send(ctx context.Context) (cty.Value, error) {
	ctx, cancel := within(ctx, noAnswer, c.limit)
	defer cancel()
	switch spec := c.step.Spec.(type) {
	case *plan.Action, *plan.Ensure:
		output, err := c.caller.Call(ctx, c.to, c.args...)
		if err != nil {
			return cty.NilVal, inDoubt(err)
		}
		return fromGo(output), nil
	case *plan.Message:
		return c.message(ctx, spec.Wait)
	case *plan.Request:
		return c.request(ctx, spec)
	case *plan.Expect: // which sends nothing
	}
	panic(fmt.Sprintf("target: %s cannot be sent", c.step.Address))
}

// message puts a message into a queue, and waits until it has been worked on where that is asked for.
func (c *call) message(ctx context.Context, wait bool) (cty.Value, error) {
	if !wait {
		return cty.NilVal, inDoubt(c.handle.Send(ctx, c.to, c.args[0]))
	}
	reply, completed, err := c.handle.SendWait(ctx, c.to, c.args[0], c.limit)
	switch {
	case err != nil:
		return cty.NilVal, inDoubt(err)
	case !completed:
		return cty.NilVal, fmt.Errorf("%w: the message is in the queue, but it was not completed within %s", apply.ErrUnexpected, c.limit)
	}
	return fromGo(reply), nil
}

// await subscribes to the events that the step is to cause, sends it, and waits for them.
func (c *call) await(ctx context.Context, matches apply.EventMatcher) (cty.Value, error) {
	conn, err := c.subscribed(ctx)
	if err != nil {
		return cty.NilVal, fmt.Errorf("connect to await events: %w", err)
	}
	defer conn.Close()
	c.caller = conn
	subscriptions := make([]*client.Subscription, len(c.step.Awaits))
	for i, w := range c.step.Awaits {
		subscriptions[i] = conn.Subscribe(w.Event) //nolint:contextcheck // it lasts as long as its connection
	}
	if err := c.confirm(ctx, conn); err != nil {
		return cty.NilVal, fmt.Errorf("subscribe to awaited events: %w", err)
	}
	output, err := c.send(ctx)
	if err != nil {
		return output, err
	}
	sent := time.Now()
	for i, w := range c.step.Awaits {
		limit := cmp.Or(w.Timeout, c.limit)
		var unclear error
		err := c.awaitOne(ctx, subscriptions[i], sent.Add(limit), func(args []cty.Value) (matched bool) {
			matched, unclear = matches(i, args)
			return matched
		})
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return output, apply.Missed(w.Event, limit, unclear)
		case err != nil:
			return output, fmt.Errorf("%w: wait for event %q: %w", apply.ErrUnexpected, w.Event, err)
		}
	}
	return output, nil
}

// subscribed opens the connection.
func (c *call) subscribed(ctx context.Context) (*client.Conn, error) {
	ctx, cancel := within(ctx, noAnswer, c.limit)
	defer cancel()
	return c.handle.Connect(ctx)
}

// confirm waits until the subscriptions are in force.
func (c *call) confirm(ctx context.Context, conn *client.Conn) error {
	ctx, cancel := within(ctx, noAnswer, c.limit)
	defer cancel()
	return conn.Flush(ctx)
}

func (c *call) awaitOne(ctx context.Context, s *client.Subscription, until time.Time, matches func([]cty.Value) bool) error {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	for event, err := range s.Events(ctx) {
		if err != nil {
			return err
		}
		args := make([]cty.Value, len(event.Args))
		for i, arg := range event.Args {
			args[i] = fromGo(arg)
		}
		if matches(args) {
			return nil
		}
	}
	return ctx.Err()
}
