package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"riveter/client/internal/bare"
	"riveter/client/internal/value"
)

// settleTime is how long an actor's runtime gets to report a change that it has not
// serialized yet; it does so 50 milliseconds after an inspector attached.
const settleTime = 250 * time.Millisecond

// State returns the actor's live state, exactly; [Undefined] for an actor without one.
//
// Two views are joined. The runtime serializes the state without loss, but some time
// after a change, for all who are attached by WebSocket; its JSON view is current, but
// lossy. Where the second confirms the first, that is the answer. Otherwise, or where
// JSON cannot show a part (a BigInt, a Set), the runtime is given a moment to report a
// change.
func (i *Inspector) State(ctx context.Context) (any, error) {
	live, enabled, err := i.liveState(ctx)
	if err != nil {
		return nil, err
	}
	if !enabled {
		return Undefined{}, nil
	}
	ctx, cancelWatch := context.WithTimeout(ctx, i.c.defaults.limit())
	defer cancelWatch()
	w, err := i.watch(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.ws.CloseNow() }()
	state, err := w.next(ctx)
	if err != nil || confirms(live, state) {
		return state, err
	}
	settle, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	switch update, err := w.next(settle); {
	case err == nil:
		return update, nil
	case ctx.Err() == nil && settle.Err() != nil:
		return state, nil
	default:
		return nil, err
	}
}

// unshown stands for a state that JSON cannot show at all.
type unshown struct{}

// liveState returns the state as JSON shows it.
func (i *Inspector) liveState(ctx context.Context) (state any, enabled bool, err error) {
	var out liveView
	err = i.ask(ctx, get("/inspector/state", nil), &out)
	if e, ok := errors.AsType[*Error](err); ok && e.is("actor", "internal_error") {
		return unshown{}, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	state, shown := out["state"]
	if !shown {
		state = unshown{}
	}
	return state, out[stateEnabled] == true, nil
}

// liveView is the JSON view of a state. It leaves out a state that is undefined, and never whether there is one.
type liveView map[string]any

const stateEnabled = "isStateEnabled"

func (v *liveView) isThere() bool {
	_, said := (*v)[stateEnabled].(bool)
	return said
}

// stateWatch is a WebSocket over which an actor's runtime reports its state.
type stateWatch struct {
	ws  *websocket.Conn
	req request
}

// The messages of the inspector's protocol, in the version that is asked for, that
// carry the state. Others are passed over.
const (
	inspectorProtocol     = "4"
	inspectorStateUpdated = 5
	inspectorInit         = 13
)

func (i *Inspector) watch(ctx context.Context) (*stateWatch, error) {
	token, err := i.readToken(ctx)
	if err != nil {
		return nil, err
	}
	r, err := i.c.route(ctx)
	if err != nil {
		return nil, err
	}
	req := get("/inspector/connect", url.Values{"protocol_version": {inspectorProtocol}})
	req.to = target{id: i.id}
	ws, err := i.c.dial(ctx, r, req, []string{"rivet_inspector_token." + token})
	if err != nil {
		return nil, err
	}
	return &stateWatch{ws, req}, nil
}

// next returns the state that the next message about it has.
func (w *stateWatch) next(ctx context.Context) (any, error) {
	for {
		_, data, err := w.ws.Read(ctx)
		if err != nil {
			return nil, closedError(w.req, cause(ctx, err))
		}
		state, ok, err := readInspectorState(data)
		if err != nil {
			return nil, &Error{Err: fmt.Errorf("decode the state: %w", err), ActorID: w.req.to.id, delivery: Delivered}
		}
		if ok {
			return state, nil
		}
	}
}

// readInspectorState reads the state out of a message, if it carries one.
func readInspectorState(message []byte) (state any, ok bool, err error) {
	r := bare.NewReader(message)
	var data []byte
	switch r.Tag() {
	case inspectorStateUpdated:
		data = r.Data()
	case inspectorInit:
		for range r.Uint() { // the connections
			r.Str()
			r.Data()
			if r.Err() != nil {
				break
			}
		}
		if present := bare.Optional(r, r.Data); present != nil {
			data = *present
		}
	default:
		return nil, false, nil
	}
	if err := r.Err(); err != nil {
		return nil, false, err
	}
	if data == nil {
		return Undefined{}, true, nil
	}
	state, err = value.Unmarshal(data)
	return state, true, err
}
