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
// [Management.AwaitStart].
func (m Management) GetOrCreateActor(ctx context.Context, name string, key Key, opts ...CreateOption) (actor Actor, created bool, err error) {
	return m.getOrCreate(ctx, name, key, with(m.defaults(), opts))
}

func (m Management) getOrCreate(ctx context.Context, name string, key Key, how manner) (actor Actor, created bool, err error) {
	if key == nil {
		key = Key{}
	}
	body, err := how.newActor(name, key)
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
	actor, err = out.Actor.checked(got)
	return actor, err == nil && (out.Created || got.mayHaveMade(actor)), err
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
func (m Management) CreateActor(ctx context.Context, name string, key Key, opts ...CreateOption) (Actor, error) {
	return m.create(ctx, name, key, with(m.defaults(), opts))
}

func (m Management) create(ctx context.Context, name string, key Key, how manner) (Actor, error) {
	body, err := how.newActor(name, key)
	if err != nil {
		return Actor{}, err
	}
	var out struct{ Actor actorRecord }
	got, err := m.consult(ctx, request{method: http.MethodPost, path: "/actors"}, body, &out)
	if err != nil {
		return Actor{}, err
	}
	return out.Actor.checked(got)
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

func (m manner) newActor(name string, key Key) (newActor, error) {
	if err := cmp.Or(m.err, checkName(name)); err != nil {
		return newActor{}, notSent(err)
	}
	body := newActor{Name: name, Pool: m.pool, Datacenter: m.region, CrashPolicy: m.creationPolicy()}
	if key != nil {
		if err := checkKey(key); err != nil {
			return newActor{}, err
		}
		body.Key = new(key.String())
	}
	input, err := m.encodeInput()
	body.Input = base64.StdEncoding.EncodeToString(input)
	return body, err
}

func (m manner) creationPolicy() CrashPolicy { return cmp.Or(m.crashPolicy, CrashSleep) }

// CheckInput says why no actor can be created with an input: some of it has no form that could be sent, or it is longer than the
// server takes.
func CheckInput(input any) error {
	_, err := manner{input: &input}.encodeInput()
	return err
}

// encodeInput returns the input as it is sent, nil where there is none.
func (m manner) encodeInput() ([]byte, error) {
	if m.input == nil {
		return nil, nil
	}
	input, err := marshalCBOR(*m.input)
	if err == nil && len(input) > maxInput {
		err = fmt.Errorf("it takes %d bytes when encoded, the limit is %d", len(input), maxInput)
	}
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("encode the input: %w", err), delivery: NotDelivered}
	}
	return input, nil
}
