package client

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
)

// maxInput is the server's limit on the encoded input of a new actor, in bytes.
const maxInput = 1 << 20

// GetOrCreateActor returns the actor of a name and key, made if there was none, which
// created tells, also where the answer to the attempt that made it was lost. It does not
// wait until a new actor has started: see
// [Management.AwaitStart]. Of the options, those about creation count; an actor that
// exists keeps what it was created with.
func (m Management) GetOrCreateActor(ctx context.Context, name string, key Key, opts ...HandleOption) (actor Actor, created bool, err error) {
	if key == nil {
		key = Key{}
	}
	body, err := m.newActor(name, key, opts)
	if err != nil {
		return Actor{}, false, err
	}
	var out struct {
		Actor   actorRecord
		Created bool
	}
	req := request{method: http.MethodPut, path: "/actors", safe: true}
	got, err := m.consult(ctx, req, body, &out)
	if err != nil {
		return Actor{}, false, err
	}
	actor = out.Actor.actor()
	return actor, out.Created || got.mayHaveMade(actor), nil
}

// mayHaveMade reports whether the actor came into being, by the server's clock, since
// the first attempt that may have made it.
func (a answer) mayHaveMade(actor Actor) bool {
	now, err := http.ParseTime(a.header.Get("Date"))
	return err == nil && a.inDoubt > 0 && !actor.CreatedAt.Before(now.Add(-a.inDoubt))
}

// CreateActor makes an actor and fails with [ErrExists] if its name and key are taken;
// a nil key makes an actor without one. It is not repeated: after an error that
// leaves it in doubt, look whether the actor is there.
func (m Management) CreateActor(ctx context.Context, name string, key Key, opts ...HandleOption) (Actor, error) {
	body, err := m.newActor(name, key, opts)
	if err != nil {
		return Actor{}, err
	}
	var out struct{ Actor actorRecord }
	if err := m.ask(ctx, request{method: http.MethodPost, path: "/actors"}, body, &out); err != nil {
		return Actor{}, err
	}
	return out.Actor.actor(), nil
}

// newActor is the body of both requests.
type newActor struct {
	Name        string      `json:"name"`
	Key         *string     `json:"key,omitempty"`
	Pool        string      `json:"runner_name_selector"`
	CrashPolicy CrashPolicy `json:"crash_policy"`
	Input       string      `json:"input,omitempty"` // base64, padded; empty: none
	Datacenter  string      `json:"datacenter,omitempty"`
}

func (m Management) newActor(name string, key Key, opts []HandleOption) (newActor, error) {
	how := m.c.defaults.with(opts)
	body := newActor{
		Name: name, Pool: how.pool, Datacenter: how.region,
		CrashPolicy: cmp.Or(how.crashPolicy, CrashSleep),
	}
	if key != nil {
		if err := checkKey(key); err != nil {
			return newActor{}, err
		}
		body.Key = new(key.String())
	}
	if how.input != nil {
		input, err := marshalCBOR(*how.input)
		if err == nil && len(input) > maxInput {
			err = fmt.Errorf("it takes %d bytes when encoded, the limit is %d", len(input), maxInput)
		}
		if err != nil {
			return newActor{}, &Error{Err: fmt.Errorf("encode the input: %w", err), delivery: NotDelivered}
		}
		body.Input = base64.StdEncoding.EncodeToString(input)
	}
	return body, nil
}
