package client

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"unicode/utf8"
)

// Handle addresses one actor. To make one costs no request; the actor is looked up, or
// created, when the handle is used, every time anew: a handle of a key outlives its actor. A
// handle may be used by many goroutines at once.
type Handle struct {
	c      *Client
	source source
	name   string
	key    Key
	how    manner
	id     *atomic.Pointer[string] // shared by the handles that With derived
}

// source is how a handle comes to its actor.
type source int

const (
	byID source = iota
	byKey
	byCreation
)

// Get returns a handle of the actor with a name and key. Using it fails with
// [ErrNotFound] where there is no such actor.
func (c *Client) Get(name string, key Key, opts ...CallOption) *Handle {
	return newHandle(c, byKey, name, key, opts)
}

// GetOrCreate returns a handle of the actor with a name and key, which is created if
// it is not there when the handle is used.
func (c *Client) GetOrCreate(name string, key Key, opts ...HandleOption) *Handle {
	return newHandle(c, byCreation, name, key, opts)
}

// ForID returns a handle of the actor with an id.
func (c *Client) ForID(id string, opts ...CallOption) *Handle {
	h := newHandle(c, byID, "", nil, opts)
	h.id.Store(&id)
	return h
}

// Create makes an actor and returns a handle of it. It fails with [ErrExists] if the
// name and key are taken; a nil key is the one without parts. See
// [Management.CreateActor].
func (c *Client) Create(ctx context.Context, name string, key Key, opts ...HandleOption) (*Handle, error) {
	if key == nil {
		key = Key{}
	}
	h := newHandle(c, byID, name, key, opts)
	actor, err := c.Management().create(ctx, name, key, h.how)
	if err != nil {
		return nil, err
	}
	h.id.Store(&actor.ID)
	return h, nil
}

func newHandle[O HandleOption](c *Client, from source, name string, key Key, opts []O) *Handle {
	if key == nil {
		key = Key{}
	}
	h := &Handle{c: c, source: from, name: name, key: key, id: new(atomic.Pointer[string])}
	if c != nil {
		h.how = c.defaults
	}
	h.how = with(h.how, opts)
	if err := checkName(name); err != nil {
		h.how.err = err
	}
	return h
}

// checkName reports the name of an actor, an action, a queue or an event that would arrive as
// another one.
func checkName(name string) error {
	if !utf8.ValidString(name) {
		return notSent(fmt.Errorf("the name %q is not valid UTF-8", name[:min(len(name), 100)]))
	}
	return nil
}

// With returns a handle of the same actor that is used with further options.
func (h *Handle) With(opts ...CallOption) *Handle {
	if h == nil {
		return nil // an error wherever it is used
	}
	other := *h
	other.how = with(h.how, opts)
	return &other
}

// Resolve returns the actor's id, looking it up or creating the actor by the management
// API. Nothing else than this needs the right to use that, unless the gateway cannot be
// told the key: one with a comma, or of a single empty part, or the actor's name or input.
func (h *Handle) Resolve(ctx context.Context) (string, error) {
	if err := h.check(); err != nil {
		return "", err
	}
	if h.source == byID {
		id := *h.id.Load()
		return id, checkID(id)
	}
	management := h.c.Management()
	if h.source == byCreation {
		actor, _, err := management.getOrCreate(ctx, h.name, h.key, h.how)
		return actor.ID, err
	}
	actor, found, err := management.ActorByKey(ctx, h.name, h.key)
	if err == nil && !found {
		err = &Error{
			Group: "actor", Code: "not_found", speaker: byEngine, delivery: NotDelivered,
			Message: "there is no actor " + h.name + " with the key " + h.key.String(),
		}
	}
	return actor.ID, err
}

// check reports a handle that cannot be used.
func (h *Handle) check() error {
	switch {
	case h == nil || h.c == nil || h.id == nil || h.source == byID && h.id.Load() == nil:
		return notSent(errors.New("the handle was not made by a client"))
	case h.how.err != nil:
		return notSent(h.how.err)
	default:
		return h.c.check()
	}
}

// remembered returns the id as it was resolved last, or now.
func (h *Handle) remembered(ctx context.Context) (string, error) {
	if known := h.id.Load(); known != nil {
		return *known, checkID(*known)
	}
	id, err := h.Resolve(ctx)
	if err == nil {
		h.id.Store(&id)
	}
	return id, err
}

// refresh forgets the id before a WebSocket is opened, which would show too late that the actor is
// gone.
func (h *Handle) refresh() {
	if h.check() == nil && h.source != byID {
		h.id.Store(nil)
	}
}

// forget drops an id that turned out to be stale, and reports whether the actor may be found
// under another, or made.
func (h *Handle) forget(id string) bool {
	if known := h.id.Load(); h.source != byID && known != nil && *known == id {
		h.id.CompareAndSwap(known, nil)
	}
	return h.source == byCreation || h.source == byKey && id != ""
}

// Wake starts an actor that does not run, and returns when it has started. It asks the actor's
// runtime whether it is well; of the actor's own code nothing runs but what does at its start.
func (h *Handle) Wake(ctx context.Context) error {
	_, err := h.ask(ctx, get("/health", nil))
	return err
}
