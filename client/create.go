package client

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"riveter/client/internal/value"
)

// maxInput is the server's limit on the encoded input of a new actor, in bytes.
const maxInput = 1 << 20

// GetOrCreateActor returns the actor of a name and key, made if there was none, which
// created tells. It does not wait until a new actor has started: see
// [Management.AwaitStart].
//
// Where an answer was lost that may have been to the attempt which made the actor, that is
// asked what it was created with. Where it does not tell, the error says so beside the
// actor, and is in doubt.
func (m Management) GetOrCreateActor(ctx context.Context, name string, key Key, opts ...CreateOption) (actor Actor, created bool, err error) {
	actor, made, err := m.getOrCreate(ctx, name, key, with(m.defaults(), opts))
	if err != nil {
		return actor, false, err
	}
	if *made.Created || made.doubted.IsZero() {
		return actor, *made.Created, nil
	}
	created, err = m.recognize(ctx, actor, made)
	return actor, created, err
}

func (m Management) getOrCreate(ctx context.Context, name string, key Key, how manner) (Actor, gotActor, error) {
	if key == nil {
		key = Key{}
	}
	body, err := how.newActor(name, key)
	if err != nil {
		return Actor{}, gotActor{}, err
	}
	out := gotActor{madeActor: madeActor{asked: body}}
	req := request{method: http.MethodPut, path: "/actors", safe: true}
	got, err := m.consult(ctx, req, body, &out)
	if err != nil {
		return Actor{}, gotActor{}, err
	}
	out.doubted = got.doubted
	actor, err := out.Actor.checked(got)
	return actor, out, err
}

// recognize reports whether an actor that was there at the last attempt was made by an
// earlier one: it came into being since, by the server's clock, and was created with the
// same.
func (m Management) recognize(ctx context.Context, actor Actor, made gotActor) (bool, error) {
	since, known := m.c.clock.at(made.doubted)
	if known && actor.CreatedAt.Before(since) {
		return false, nil
	}
	input, err := m.c.Inspector(actor.ID).storedInput(ctx)
	switch {
	case err == nil && base64.StdEncoding.EncodeToString(input) != made.asked.Input:
		return false, nil
	case err == nil && !known:
		err = errors.New("the server does not say what time it is")
	case err == nil:
		return true, nil
	}
	return false, &Error{
		Method: http.MethodPut, Path: "/actors", ActorID: actor.ID, delivery: InDoubt,
		Err: fmt.Errorf("an answer was lost, the actor is there now, and nobody knows who made it: %w", err),
	}
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
	out := madeActor{asked: body}
	got, err := m.consult(ctx, request{method: http.MethodPost, path: "/actors"}, body, &out)
	if err != nil {
		return Actor{}, err
	}
	return out.Actor.checked(got)
}

// madeActor is the answer to a creation.
type madeActor struct {
	asked newActor
	Actor actorRecord
}

func (m *madeActor) isThere() bool {
	asked, key := m.asked, m.Actor.Key
	return m.Actor.Name == asked.Name && (key == nil) == (asked.Key == nil) && (key == nil || *key == *asked.Key)
}

// gotActor is the answer where the actor may have been there before.
type gotActor struct {
	madeActor
	Created *bool
	doubted time.Time
}

func (g *gotActor) isThere() bool { return g.Created != nil && g.madeActor.isThere() }

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
	input, err := value.Marshal(*m.input)
	if err == nil && len(input) > maxInput {
		err = fmt.Errorf("it takes %d bytes when encoded, the limit is %d", len(input), maxInput)
	}
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("encode the input: %w", err), delivery: NotDelivered}
	}
	return input, nil
}
